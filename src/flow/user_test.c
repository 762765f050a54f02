/* The people who work here: what others may change of them, and what lets them in. */
#include "flow/user_fixture.h"
#include "flow/user_token.h"

#include <time.h>

static void test_who_can_be_added(void **state)
{
    static const struct {
        struct user_input in;
        enum fault_code code;
    } cases[] = {
        { { "dan@firm.example", "Dan", "collector", NULL, NULL, NULL }, FAULT_NONE },
        { { "ANN@FIRM.example", "Ann", "collector", NULL, NULL, NULL }, CONFLICT },
        { { "dan", "Dan", "collector", NULL, NULL, NULL }, BAD_VALUE },
        { { "@firm.example", "Dan", "collector", NULL, NULL, NULL }, BAD_VALUE },
        { { "e e@firm.example", "Dan", "collector", NULL, NULL, NULL }, BAD_VALUE },
        { { "e@firm.example", " ", "collector", NULL, NULL, NULL }, BAD_VALUE },
        { { "e@firm.example", "Dan\nEve", "collector", NULL, NULL, NULL }, BAD_VALUE },
        { { "e@firm.example", "Dan", "king", NULL, NULL, NULL }, BAD_VALUE },
        { { "e@firm.example", "Dan", NULL, NULL, NULL, NULL }, BAD_VALUE },
        { { "e@firm.example", "Dan", "collector", NULL, NULL, "short" }, BAD_VALUE },
    };
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        for (size_t i = 0; i < COUNT(cases); i++) {
            struct fault why = { 0 };
            int64_t number;
            people_begin(&p);
            bool added = user_add(&p.b, p.roles, &cases[i].in, &number, &why);
            assert_int_equal(added, cases[i].code == FAULT_NONE);
            assert_int_equal(why.code, cases[i].code);
            if (added)
                people_keep(&p);
            else
                book_undo(&p.b);
        }
        struct user *all;
        size_t count;
        struct fault why = { 0 };
        assert_fine(user_list(p.b.store, &p.a, &all, &count, &why), why);
        assert_int_equal(count, 4);
        assert_int_equal(people_get(&p, p.cid + 1).state, USER_INVITED);
        assert_int_equal(people_records(&p, "user", "\"change\":\"added\""), 4);
        assert_int_equal(people_records(&p, "user", fixture_password), 0);
    }
}

static void test_limits_are_names_one_to_a_line(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        struct fault why = { 0 };
        people_begin(&p);
        assert_fine(user_details_set(&p.b, p.cid, 1, " Cid Vance ",
                                     "  Acme, Inc. \r\n\n Beta\nBeta\n", "\n \n", &why),
                    why);
        people_keep(&p);
        struct user cid = people_get(&p, p.cid);
        assert_string_equal(cid.name, "Cid Vance");
        assert_string_equal(cid.clients, "Acme, Inc.\nBeta");
        assert_null(cid.desks);
        assert_true(user_sees(cid.clients, cid.desks, "Beta", ""));
        assert_true(user_sees(cid.clients, cid.desks, "Acme, Inc.", "north"));
        assert_false(user_sees(cid.clients, cid.desks, "Acme", ""));
        assert_false(user_sees(cid.clients, cid.desks, "", ""));
        assert_false(user_sees(NULL, "north", "Beta", ""));
        assert_true(user_sees(NULL, NULL, "", ""));
    }
}

static void test_the_last_administrator_stays(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        struct fault why = { 0 };
        int64_t freed, count;
        people_begin(&p);
        assert_false(user_disable(&p.b, p.roles, p.ann, 1, &freed, &why));
        assert_int_equal(why.code, NOT_ALLOWED);
        assert_false(user_role_set(&p.b, p.roles, p.ann, 1, "collector", &why));
        assert_int_equal(why.code, NOT_ALLOWED);
        /* one who cannot sign in yet does not count */
        int64_t dan = people_add(&p, "dan@firm.example", "administrator", NULL);
        assert_false(user_disable(&p.b, p.roles, p.ann, 1, &freed, &why));
        assert_int_equal(why.code, NOT_ALLOWED);
        assert_fine(user_password_set(&p.b, dan, "another-password", &why), why);
        assert_fine(user_administrators(p.b.store, &p.b.arena, p.roles, 0, &count, &why), why);
        assert_int_equal(count, 2);
        assert_fine(user_role_set(&p.b, p.roles, p.ann, 1, "collector", &why), why);
        assert_false(user_disable(&p.b, p.roles, dan, 2, &freed, &why));
        assert_int_equal(why.code, NOT_ALLOWED);
        people_keep(&p);
    }
}

static void test_the_second_writer_is_told(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        struct fault why = { 0 };
        int64_t freed;
        people_begin(&p);
        assert_fine(user_role_set(&p.b, p.roles, p.cid, 1, "team_lead", &why), why);
        people_keep(&p);
        people_begin(&p);
        assert_false(user_role_set(&p.b, p.roles, p.cid, 1, "manager", &why));
        assert_int_equal(why.code, CONFLICT);
        assert_false(user_details_set(&p.b, p.cid, 1, "Cid", NULL, NULL, &why));
        assert_int_equal(why.code, CONFLICT);
        assert_false(user_disable(&p.b, p.roles, p.cid, 1, &freed, &why));
        assert_int_equal(why.code, CONFLICT);
        assert_false(user_reset(&p.b, p.cid, 1, &why));
        assert_int_equal(why.code, CONFLICT);
        book_undo(&p.b);
        assert_string_equal(people_get(&p, p.cid).role, "team_lead");
        assert_int_equal(people_records(&p, "user", "\"before\":\"collector\""), 1);
    }
}

static struct session find(struct people *p, const char *token)
{
    struct fault why = { 0 };
    struct session out;

    assert_fine(session_find(p->b.store, &p->a, token, p->b.now, &out, &why), why);
    return out;
}

static void begin_session(struct people *p, int64_t user, char token[DIGEST_HEX])
{
    struct fault why = { 0 };

    people_begin(p);
    assert_fine(session_begin(&p->b, user, false, "10.0.0.1", "a browser", token, &why), why);
    people_keep(p);
}

static void test_a_session_ends_by_itself(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        char token[DIGEST_HEX];
        begin_session(&p, p.cid, token);
        assert_int_equal(find(&p, token).user.number, p.cid);
        assert_int_equal(find(&p, "0000").user.number, 0);
        assert_int_equal(find(&p, find(&p, token).digest).user.number, 0); /* no key to the door */
        people_later(&p, SESSION_IDLE_MINUTES * 60 - 1);
        struct session session = find(&p, token);
        assert_int_equal(session.user.number, p.cid);
        session_seen(&p.b, &session);
        people_later(&p, SESSION_IDLE_MINUTES * 60 - 1);
        assert_int_equal(find(&p, token).user.number, p.cid);
        people_later(&p, 1);
        assert_int_equal(find(&p, token).user.number, 0); /* not used for an hour */

        people_at(&p, fixture_monday);
        begin_session(&p, p.cid, token);
        for (int hour = 0; hour < SESSION_HOURS * 2 - 1; hour++) {
            people_later(&p, 1800);
            session = find(&p, token);
            assert_int_equal(session.user.number, p.cid);
            session_seen(&p.b, &session);
        }
        people_later(&p, 1800);
        assert_int_equal(find(&p, token).user.number, 0); /* twelve hours are over */

        begin_session(&p, p.bea, token); /* and the rows are cleaned up */
        struct session_row *rows;
        size_t count;
        struct fault why = { 0 };
        people_at(&p, fixture_monday);
        assert_fine(session_list(p.b.store, &p.a, p.cid, p.b.now, &rows, &count, &why), why);
        assert_int_equal(count, 0);
    }
}

static void test_seen_is_noted_now_and_then(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        char token[DIGEST_HEX];
        begin_session(&p, p.cid, token);
        struct session session = find(&p, token);
        int64_t begun = session.seen_at.us;
        people_later(&p, SEEN_MINUTES * 60 - 1);
        session_seen(&p.b, &session);
        assert_int_equal(find(&p, token).seen_at.us, begun);
        people_later(&p, 1);
        session_seen(&p.b, &session);
        assert_int_equal(find(&p, token).seen_at.us, p.b.now.us);
        assert_int_equal(people_get(&p, p.cid).seen_at.us, p.b.now.us);
    }
}

/* Somebody else writes: seen_at is left out at once, and the session goes on. */
static void test_nobody_waits_to_be_seen(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        char token[DIGEST_HEX];
        struct fault why = { 0 };
        struct book other;
        struct timespec before, after;
        begin_session(&p, p.cid, token);
        struct session session = find(&p, token);
        people_later(&p, 600);
        assert_fine(book_open(&other, p.f.url, p.b.now, &why), why);
        assert_fine(book_begin(&other, &why), why);
        struct query q = query_begin(other.store, Q_SESSION_SEEN);
        bind_int(&q, p.b.now.us - 1);
        bind_text(&q, session.digest);
        assert_fine(query_run(&q, &why), why);
        assert_true(other.store->driver->settle(other.store));
        clock_gettime(CLOCK_MONOTONIC, &before);
        session_seen(&p.b, &session);
        clock_gettime(CLOCK_MONOTONIC, &after);
        assert_true(after.tv_sec - before.tv_sec <= 1);
        book_undo(&other);
        book_close(&other);
        assert_int_equal(find(&p, token).seen_at.us, session.seen_at.us);
        session_seen(&p.b, &session); /* and later it works again */
        assert_int_equal(find(&p, token).seen_at.us, p.b.now.us);
    }
}

static void test_what_ends_sessions(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        char mine[DIGEST_HEX], other[DIGEST_HEX], bea[DIGEST_HEX];
        struct fault why = { 0 };
        int64_t freed;
        begin_session(&p, p.cid, mine);
        begin_session(&p, p.cid, other);
        begin_session(&p, p.bea, bea);

        people_begin(&p);
        assert_false(session_end_of(&p.b, p.cid, find(&p, bea).digest, &why));
        assert_int_equal(why.code, NOT_FOUND); /* not somebody else's */
        assert_fine(session_end_of(&p.b, p.cid, find(&p, other).digest, &why), why);
        people_keep(&p);
        assert_int_equal(find(&p, other).user.number, 0);
        assert_int_equal(find(&p, mine).user.number, p.cid);
        assert_int_equal(find(&p, bea).user.number, p.bea);

        people_begin(&p);
        assert_fine(user_password_change(&p.b, p.cid, "a-new-password", find(&p, mine).digest,
                                         &why), why);
        people_keep(&p);
        assert_int_equal(find(&p, mine).user.number, p.cid);
        people_begin(&p);
        assert_fine(user_role_set(&p.b, p.roles, p.cid, 2, "team_lead", &why), why);
        people_keep(&p);
        assert_int_equal(find(&p, mine).user.number, 0);

        people_begin(&p);
        assert_fine(user_disable(&p.b, p.roles, p.bea, 1, &freed, &why), why);
        people_keep(&p);
        assert_int_equal(find(&p, bea).user.number, 0);
        begin_session(&p, p.bea, bea); /* even one that is planted does not live */
        assert_int_equal(find(&p, bea).user.number, 0);
    }
}

static void test_who_leaves_leaves_no_task(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        struct fault why = { 0 };
        int64_t freed, count;
        for (int i = 1; i <= 3; i++) {
            char sql[400];
            snprintf(sql, sizeof sql,
                     "INSERT INTO task (bucket, casefile_id, task_no, kind, origin, rank, "
                     "currency, minor, creditor, desk, made_at, since_at, due_at, "
                     "hidden_until, assigned_no, state, state_at, closed_by) VALUES (%d, %d, "
                     "1, 'call', 'x', 50, 0, 0, '', '', 0, 0, 0, 0, %lld, '%s', 0, 0)",
                     i, i, (long long)p.cid, i == 3 ? "done" : "open");
            fixture_execute(&p.f, sql);
        }
        assert_fine(user_task_count(p.b.store, p.cid, &count, &why), why);
        assert_int_equal(count, 2);
        people_begin(&p);
        assert_fine(user_disable(&p.b, p.roles, p.cid, 1, &freed, &why), why);
        people_keep(&p);
        assert_int_equal(freed, 2);
        assert_fine(user_task_count(p.b.store, p.cid, &count, &why), why);
        assert_int_equal(count, 0);
        assert_int_equal(people_records(&p, "user", "\"tasks_freed\":\"2\""), 1);
    }
}

static void test_coming_back_takes_a_new_link(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        struct fault why = { 0 };
        char link[DIGEST_HEX], second[DIGEST_HEX];
        struct user user;
        int64_t freed;
        people_begin(&p);
        assert_false(link_make(&p.b, p.cid, link, &why)); /* has a password */
        assert_int_equal(why.code, CONFLICT);
        assert_fine(user_disable(&p.b, p.roles, p.cid, 1, &freed, &why), why);
        assert_false(link_make(&p.b, p.cid, link, &why));
        assert_fine(user_enable(&p.b, p.cid, 2, &why), why);
        assert_false(user_enable(&p.b, p.cid, 3, &why));
        assert_int_equal(why.code, CONFLICT);
        assert_fine(link_make(&p.b, p.cid, link, &why), why);
        people_keep(&p);
        assert_false(people_get(&p, p.cid).has_password);
        assert_fine(link_find(p.b.store, &p.a, link, p.b.now, &user, &why), why);
        assert_int_equal(user.number, p.cid);
        people_begin(&p);
        assert_fine(link_make(&p.b, p.cid, second, &why), why); /* the first is gone */
        people_keep(&p);
        assert_fine(link_find(p.b.store, &p.a, link, p.b.now, &user, &why), why);
        assert_int_equal(user.number, 0);
        struct instant day_later = { p.b.now.us + (int64_t)LINK_HOURS * 3600 * 1000000 };
        assert_fine(link_find(p.b.store, &p.a, second, day_later, &user, &why), why);
        assert_int_equal(user.number, 0);
        people_begin(&p);
        assert_fine(link_take(&p.b, second, &user, &why), why);
        assert_int_equal(user.number, p.cid);
        assert_fine(link_take(&p.b, second, &user, &why), why);
        assert_int_equal(user.number, 0);
        people_keep(&p);
        assert_int_equal(find(&p, second).user.number, 0); /* a link is no session */
    }
}

/* ---- Tokens ---------------------------------------------------------------------------- */

static struct token_bearer bearer(struct people *p, const char *authorization)
{
    struct fault why = { 0 };
    struct token_bearer out;

    assert_fine(token_find(p->b.store, &p->a, p->roles, authorization, p->b.now, &out, &why), why);
    return out;
}

static const char *header(struct people *p, const char *token)
{
    return arena_print(&p->a, "Bearer %s", token);
}

static int64_t make_token(struct people *p, int64_t user, permissions scopes,
                          char text[TOKEN_TEXT])
{
    struct token_input in = { user, "nightly", scopes,
                              { p->b.now.us + (int64_t)TOKEN_DAYS * 86400 * 1000000 } };
    struct fault why = { 0 };
    int64_t number;

    people_begin(p);
    assert_fine(token_create(&p->b, p->roles, &in, &number, text, &why), why);
    people_keep(p);
    return number;
}

static void test_a_token_lets_its_program_in(void **state)
{
    static const permissions scopes = PERMISSION_BIT(MAY_SEE) | PERMISSION_BIT(MAY_IMPORT);
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        char text[TOKEN_TEXT];
        make_token(&p, p.bea, scopes, text);
        assert_true(text_starts(text, "recoup_"));
        struct token_bearer who = bearer(&p, header(&p, text));
        assert_int_equal(who.user.number, p.bea);
        assert_int_equal(who.can, scopes);
        assert_int_equal(bearer(&p, arena_print(&p.a, "bearer   %s", text)).user.number, p.bea);
        const char *const wrong[] = { NULL,
                                      "",
                                      "Bearer",
                                      "Bearer ",
                                      text,
                                      arena_print(&p.a, "Basic %s", text),
                                      arena_print(&p.a, "Bearer %s0", text),
                                      arena_print(&p.a, "Bearer %.*s", TOKEN_TEXT - 2, text),
                                      arena_print(&p.a, "Bearer recoup_%064d", 0) };
        for (size_t i = 0; i < COUNT(wrong); i++)
            assert_int_equal(bearer(&p, wrong[i]).user.number, 0);
        assert_int_equal(people_records(&p, "token", "\"change\":\"created\""), 1);
        assert_int_equal(people_records(&p, "token", text), 0);
    }
}

static void test_a_token_is_never_more_than_its_user(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        char text[TOKEN_TEXT];
        struct fault why = { 0 };
        int64_t number;
        struct token_input in = { p.cid, "x", PERMISSION_BIT(MAY_EXPORT),
                                  { p.b.now.us + 86400 * INT64_C(1000000) } };
        people_begin(&p);
        assert_false(token_create(&p.b, p.roles, &in, &number, text, &why));
        assert_int_equal(why.code, NOT_ALLOWED);
        in.user = p.ann;
        in.scopes = PERMISSION_BIT(MAY_SEE) | PERMISSION_BIT(MAY_ADMIN_USERS);
        assert_false(token_create(&p.b, p.roles, &in, &number, text, &why));
        assert_int_equal(why.code, NOT_ALLOWED); /* though her role may */
        in.user = p.cid;
        in.scopes = 0;
        assert_false(token_create(&p.b, p.roles, &in, &number, text, &why));
        assert_int_equal(why.code, BAD_VALUE);
        in.scopes = PERMISSION_BIT(MAY_SEE);
        in.until.us = p.b.now.us + (int64_t)(TOKEN_DAYS_MOST + 1) * 86400 * 1000000;
        assert_false(token_create(&p.b, p.roles, &in, &number, text, &why));
        assert_int_equal(why.code, BAD_VALUE);
        in.until = p.b.now;
        assert_false(token_create(&p.b, p.roles, &in, &number, text, &why));
        book_undo(&p.b);

        make_token(&p, p.bea, PERMISSION_BIT(MAY_SEE) | PERMISSION_BIT(MAY_IMPORT), text);
        people_begin(&p);
        assert_fine(user_role_set(&p.b, p.roles, p.bea, 1, "read_only", &why), why);
        people_keep(&p);
        assert_int_equal(bearer(&p, header(&p, text)).can, PERMISSION_BIT(MAY_SEE));
        fixture_execute(&p.f, "UPDATE staff SET role = 'none-such' WHERE role = 'read_only'");
        assert_int_equal(bearer(&p, header(&p, text)).user.number, 0);
    }
}

static void test_a_token_ends(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        char day[TOKEN_TEXT], revoked[TOKEN_TEXT], left[TOKEN_TEXT];
        struct fault why = { 0 };
        int64_t freed, number = make_token(&p, p.cid, PERMISSION_BIT(MAY_SEE), revoked);
        make_token(&p, p.cid, PERMISSION_BIT(MAY_SEE), day);
        make_token(&p, p.bea, PERMISSION_BIT(MAY_SEE), left);
        people_begin(&p);
        assert_fine(token_revoke(&p.b, number, &why), why);
        assert_false(token_revoke(&p.b, number, &why));
        assert_int_equal(why.code, CONFLICT);
        assert_false(token_revoke(&p.b, 99, &why));
        assert_int_equal(why.code, NOT_FOUND);
        assert_fine(user_disable(&p.b, p.roles, p.bea, 1, &freed, &why), why);
        people_keep(&p);
        assert_int_equal(bearer(&p, header(&p, revoked)).user.number, 0);
        assert_int_equal(bearer(&p, header(&p, left)).user.number, 0);
        people_begin(&p);
        assert_fine(user_enable(&p.b, p.bea, 2, &why), why); /* that does not bring it back */
        people_keep(&p);
        assert_int_equal(bearer(&p, header(&p, left)).user.number, 0);
        assert_int_equal(bearer(&p, header(&p, day)).user.number, p.cid);
        people_later(&p, (int64_t)TOKEN_DAYS * 86400);
        assert_int_equal(bearer(&p, header(&p, day)).user.number, 0);
    }
}

static void test_use_is_noted_once_a_minute(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "users") {
        char text[TOKEN_TEXT];
        make_token(&p, p.cid, PERMISSION_BIT(MAY_SEE), text);
        struct token_bearer who = bearer(&p, header(&p, text));
        token_used(&p.b, &who.token);
        int64_t first = p.b.now.us;
        assert_int_equal(bearer(&p, header(&p, text)).token.used_at.us, first);
        people_later(&p, 59);
        who = bearer(&p, header(&p, text));
        token_used(&p.b, &who.token);
        assert_int_equal(bearer(&p, header(&p, text)).token.used_at.us, first);
        people_later(&p, 1);
        token_used(&p.b, &who.token);
        assert_int_equal(bearer(&p, header(&p, text)).token.used_at.us, p.b.now.us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_can_be_added),
        cmocka_unit_test(test_limits_are_names_one_to_a_line),
        cmocka_unit_test(test_the_last_administrator_stays),
        cmocka_unit_test(test_the_second_writer_is_told),
        cmocka_unit_test(test_a_session_ends_by_itself),
        cmocka_unit_test(test_seen_is_noted_now_and_then),
        cmocka_unit_test(test_nobody_waits_to_be_seen),
        cmocka_unit_test(test_what_ends_sessions),
        cmocka_unit_test(test_who_leaves_leaves_no_task),
        cmocka_unit_test(test_coming_back_takes_a_new_link),
        cmocka_unit_test(test_a_token_lets_its_program_in),
        cmocka_unit_test(test_a_token_is_never_more_than_its_user),
        cmocka_unit_test(test_a_token_ends),
        cmocka_unit_test(test_use_is_noted_once_a_minute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
