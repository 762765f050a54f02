/* From a stranger to a session: passwords, codes, links, and what guessing comes to. */
#include "flow/user_fixture.h"
#include "flow/user_sign_in.h"
#include "flow/user_try.h"

static const char good[] = "correct-horse-battery";

static struct visitor from(const char *client, const char *known)
{
    return (struct visitor){ .client = client, .agent = "a browser", .known = known };
}

static struct sign_in password(struct people *p, struct visitor v, const char *email,
                               const char *typed)
{
    struct fault why = { 0 };
    struct sign_in out;

    assert_fine(sign_in_password(&p->b, &p->a, p->roles, &v, email, typed, &out, &why), why);
    return out;
}

static struct session find(struct people *p, const char *token)
{
    struct fault why = { 0 };
    struct session out;

    assert_fine(session_find(p->b.store, &p->a, token, p->b.now, &out, &why), why);
    return out;
}

static void test_a_password(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        struct sign_in in = password(&p, from("10.0.0.1", NULL), "Cid@firm.example", good);
        assert_true(in.fits);
        assert_int_equal(in.step, STEP_DONE);
        assert_int_equal(find(&p, in.token).user.number, p.cid);
        assert_false(find(&p, in.token).fresh);
        assert_non_null(in.known);
        assert_int_equal(people_records(&p, "sign_in", "cid@firm.example"), 1);
        assert_int_equal(people_get(&p, p.cid).seen_at.us, p.b.now.us);

        struct visitor v = from("10.0.0.1", NULL);
        v.session = find(&p, in.token).digest;
        struct sign_in again = password(&p, v, "cid@firm.example", good);
        assert_string_not_equal(again.token, in.token);
        assert_int_equal(find(&p, in.token).user.number, 0); /* the one before is worth nothing */

        assert_false(password(&p, from("10.0.0.1", NULL), "cid@firm.example", "Correct").fits);
        assert_false(password(&p, from("10.0.0.1", NULL), "cid@firm.example", "").fits);
        assert_false(password(&p, from("10.0.0.1", NULL), "zoe@firm.example", good).fits);
    }
}

static void test_who_cannot(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        struct fault why = { 0 };
        struct sign_in out;
        int64_t freed;
        people_begin(&p);
        people_add(&p, "dan@firm.example", "collector", NULL);
        assert_fine(user_disable(&p.b, p.roles, p.cid, 1, &freed, &why), why);
        people_keep(&p);
        assert_false(password(&p, from("10.0.0.1", NULL), "cid@firm.example", good).fits);
        assert_false(password(&p, from("10.0.0.1", NULL), "dan@firm.example", good).fits);
        fixture_execute(&p.f, "UPDATE staff SET role = 'gone' WHERE role = 'manager'");
        struct visitor v = from("10.0.0.1", NULL);
        assert_false(sign_in_password(&p.b, &p.a, p.roles, &v, "bea@firm.example", good, &out,
                                      &why));
        assert_int_equal(why.code, NOT_ALLOWED); /* says so, to who has the password */
    }
}

/* ---- Tries ----------------------------------------------------------------------------- */

static void test_waits_grow(void **state)
{
    static const int waits[] = { 0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900 };
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        struct visitor v = from("10.0.0.1", NULL);
        for (size_t i = 0; i < COUNT(waits); i++) {
            assert_int_equal(password(&p, v, "cid@firm.example", "wrong").wait_s, 0);
            if (waits[i] == 0)
                continue;
            struct sign_in held = password(&p, v, "cid@firm.example", good);
            assert_int_equal(held.wait_s, waits[i]); /* even the right one is not judged */
            assert_false(held.fits);
            people_later(&p, waits[i] - 1);
            assert_int_equal(password(&p, v, "cid@firm.example", good).wait_s, 1);
            people_later(&p, 1);
        }
        assert_true(password(&p, v, "cid@firm.example", good).fits);
        for (int i = 0; i < 5; i++) /* and a good one forgets them all */
            assert_int_equal(password(&p, v, "cid@firm.example", "wrong").wait_s, 0);
        assert_true(password(&p, v, "cid@firm.example", good).fits);
        for (int i = 0; i < 6; i++)
            password(&p, v, "cid@firm.example", "wrong");
        people_later(&p, 24 * 3600); /* as does a day */
        for (int i = 0; i < 5; i++)
            assert_int_equal(password(&p, v, "cid@firm.example", "wrong").wait_s, 0);
    }
}

/* Guessing from elsewhere costs the owner nothing: not at home, not in a known browser. */
static void test_nobody_locks_the_owner_out(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        const char *known = password(&p, from("10.0.0.1", NULL), "cid@firm.example", good).known;
        for (int address = 2; address < 7; address++) {
            struct visitor v = from(arena_print(&p.a, "203.0.113.%d", address), NULL);
            int tries = 0;
            while (password(&p, v, "cid@firm.example", "guess").wait_s == 0)
                assert_true(++tries < 10);
        }
        assert_true(password(&p, from("10.0.0.7", NULL), "cid@firm.example", good).fits);
        /* an attacker at the same address, who has used up all of it */
        for (int i = 0; i < 32; i++)
            password(&p, from("203.0.113.9", NULL), arena_print(&p.a, "x%d@firm.example", i), "x");
        assert_true(password(&p, from("203.0.113.9", NULL), "cid@firm.example", good).wait_s > 0);
        assert_true(password(&p, from("203.0.113.9", known), "cid@firm.example", good).fits);
        /* the known browser has a budget, too */
        int tries = 0;
        while (password(&p, from("10.0.0.1", known), "cid@firm.example", "guess").wait_s == 0)
            assert_true(++tries < 10);
        assert_int_equal(tries, 6);
        /* and is known for its own account only */
        assert_true(password(&p, from("203.0.113.9", known), "bea@firm.example", good).wait_s > 0);
    }
}

static void test_known_browsers_cannot_be_made_up(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        const char *known = password(&p, from("10.0.0.1", NULL), "cid@firm.example", good).known;
        const char *const forged[] = {
            arena_print(&p.a, "%lld%s", (long long)p.bea, strchr(known, '.')),
            arena_print(&p.a, "%.*s0", (int)strlen(known) - 1, known),
            arena_print(&p.a, "%s.", known),
            arena_print(&p.a, "~~%lld.a.b.c~.....~", (long long)p.cid),
            "x",
            "",
            "....",
        };
        while (password(&p, from("10.9.9.9", NULL), "cid@firm.example", "guess").wait_s == 0)
            continue;
        while (password(&p, from("10.9.9.9", NULL), "bea@firm.example", "guess").wait_s == 0)
            continue;
        for (size_t i = 0; i < COUNT(forged); i++) {
            const char *email = i == 0 ? "bea@firm.example" : "cid@firm.example";
            assert_true(password(&p, from("10.9.9.9", forged[i]), email, good).wait_s > 0);
        }
        assert_true(password(&p, from("10.9.9.9", known), "cid@firm.example", good).fits);
    }
}

/* Several people at one desk: the browser is known for each of them. */
static void test_a_browser_knows_several(void **state)
{
    static const char *const emails[] = { "ann@firm.example", "bea@firm.example",
                                          "cid@firm.example" };
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        const char *known = NULL;
        for (size_t i = 0; i < COUNT(emails); i++)
            known = password(&p, from("10.0.0.1", known), emails[i], good).known;
        for (int i = 0; i < 32; i++)
            password(&p, from("10.0.0.1", NULL), arena_print(&p.a, "x%d@firm.example", i), "x");
        for (size_t i = 0; i < COUNT(emails); i++) {
            assert_true(password(&p, from("10.0.0.1", NULL), emails[i], good).wait_s > 0);
            assert_true(password(&p, from("10.0.0.1", known), emails[i], good).fits);
        }
        people_later(&p, (int64_t)401 * 86400); /* and not for ever */
        while (password(&p, from("10.0.0.1", NULL), "cid@firm.example", "guess").wait_s == 0)
            continue;
        assert_true(password(&p, from("10.0.0.1", known), "cid@firm.example", good).wait_s > 0);
    }
}

static void test_an_address_is_a_network(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        assert_string_equal(try_address(&p.a, "2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_string_equal(try_address(&p.a, "::ffff:192.0.2.7"), "192.0.2.7");
        assert_string_equal(try_address(&p.a, "192.0.2.7"), "192.0.2.7");
        assert_string_equal(try_address(&p.a, NULL), "");
        int tries = 0;
        while (tries < 10 &&
               password(&p, from(arena_print(&p.a, "2001:db8::%d", tries), NULL),
                        "cid@firm.example", "x").wait_s == 0)
            tries++;
        assert_int_equal(tries, 6); /* another address of the same network is no other guesser */
    }
}

/* What nobody has is counted like what somebody has. */
static void test_names_that_nobody_has_wait_too(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        for (int i = 0; i < 9; i++) {
            struct sign_in one = password(&p, from("10.1.0.1", NULL), "cid@firm.example", "x");
            struct sign_in two = password(&p, from("10.2.0.1", NULL), "zoe@firm.example", "x");
            assert_int_equal(one.wait_s, two.wait_s);
            assert_int_equal(one.fits, two.fits);
            assert_int_equal(one.user.number, two.user.number);
        }
    }
}

/* ---- Second factors -------------------------------------------------------------------- */

static const char *code_at(struct people *p, const unsigned char secret[TOTP_SECRET])
{
    char *code = arena_alloc(&p->a, 9);

    totp_code(secret, p->b.now.us / 1000000 / TOTP_STEP_S, TOTP_DIGITS, code);
    return code;
}

/* Cid has an authenticator; *secret is its secret. */
static void set_up(struct people *p, unsigned char secret[TOTP_SECRET],
                   struct recovery_codes *codes)
{
    struct sign_in in = password(p, from("10.0.0.1", NULL), "cid@firm.example", good);
    struct session session = find(p, in.token);
    struct fault why = { 0 };
    bool fits;

    assert_fine(second_offer(p->b.store, &p->a, &session, secret, &why), why);
    people_begin(p);
    assert_fine(second_set(&p->b, &session, "000000", &fits, codes, &why), why);
    assert_false(fits);
    assert_fine(second_set(&p->b, &session, code_at(p, secret), &fits, codes, &why), why);
    assert_true(fits);
    assert_false(second_set(&p->b, &session, code_at(p, secret), &fits, codes, &why));
    assert_int_equal(why.code, CONFLICT);
    book_undo(&p->b);
    people_begin(p);
    assert_fine(second_set(&p->b, &session, code_at(p, secret), &fits, codes, &why), why);
    people_keep(p);
}

static struct session fresh(struct people *p)
{
    struct sign_in in = password(p, from("10.0.0.1", NULL), "cid@firm.example", good);
    struct session session = find(p, in.token);

    assert_true(in.fits);
    assert_int_equal(in.step, STEP_CODE);
    assert_null(in.known); /* not before the second */
    assert_true(session.fresh);
    return session;
}

static struct sign_in code(struct people *p, const struct session *session, const char *typed)
{
    struct visitor v = from("10.0.0.1", NULL);
    struct fault why = { 0 };
    struct sign_in out;

    v.session = session->digest;
    assert_fine(sign_in_code(&p->b, &p->a, p->roles, &v, session, typed, &out, &why), why);
    return out;
}

static void test_a_code_after_the_password(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        unsigned char secret[TOTP_SECRET];
        struct recovery_codes codes;
        set_up(&p, secret, &codes);
        assert_true(people_get(&p, p.cid).has_totp);
        assert_int_equal(people_get(&p, p.cid).recovery_left, RECOVERY_CODES);
        struct session session = fresh(&p);
        assert_false(code(&p, &session, "000000").fits);
        const char *used = code_at(&p, secret);
        assert_false(code(&p, &session, used).fits); /* it was used to set it up */
        people_later(&p, TOTP_STEP_S);
        used = code_at(&p, secret);
        struct sign_in in = code(&p, &session, used);
        assert_true(in.fits);
        assert_int_equal(in.step, STEP_DONE);
        assert_non_null(in.known);
        assert_false(find(&p, in.token).fresh);
        char gone[DIGEST_HEX];
        memcpy(gone, session.digest, sizeof gone);
        struct query q = query_begin(p.b.store, Q_SESSION_FIND); /* the fresh one has ended */
        bind_text(&q, gone);
        bind_int(&q, p.b.now.us);
        assert_false(query_next(&q));
        query_end(&q, NULL);
        session = fresh(&p);
        assert_false(code(&p, &session, used).fits); /* nor is any good twice */
    }
}

static void test_recovery_codes_once_each(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        unsigned char secret[TOTP_SECRET];
        struct recovery_codes codes, more;
        struct fault why = { 0 };
        set_up(&p, secret, &codes);
        for (int i = 0; i < RECOVERY_CODES; i++) {
            struct session session = fresh(&p);
            char typed[RECOVERY_TEXT];
            for (int c = 0; c <= (int)strlen(codes.text[i]); c++) /* as people type */
                typed[c] = codes.text[i][c] == '-'   ? ' '
                           : codes.text[i][c] == '0' ? 'O'
                           : codes.text[i][c] == '1' ? 'l'
                                                     : codes.text[i][c];
            assert_true(code(&p, &session, typed).fits);
            session = fresh(&p);
            assert_false(code(&p, &session, codes.text[i]).fits);
            assert_int_equal(people_get(&p, p.cid).recovery_left, RECOVERY_CODES - 1 - i);
            people_later(&p, 60);
        }
        assert_int_equal(people_records(&p, "sign_in", "recovery code"), RECOVERY_CODES);
        people_begin(&p);
        assert_fine(second_recovery(&p.b, p.cid, &more, &why), why);
        people_keep(&p);
        struct session session = fresh(&p);
        assert_false(code(&p, &session, codes.text[0]).fits);
        assert_true(code(&p, &session, more.text[0]).fits);
        people_begin(&p);
        assert_false(second_recovery(&p.b, p.bea, &more, &why)); /* has no authenticator */
        assert_int_equal(why.code, CONFLICT);
        assert_fine(second_remove(&p.b, p.cid, &why), why);
        people_keep(&p);
        assert_int_equal(people_get(&p, p.cid).recovery_left, 0);
        assert_int_equal(
            password(&p, from("10.0.0.1", NULL), "cid@firm.example", good).step, STEP_DONE);
    }
}

static void test_codes_cannot_be_guessed_for_long(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        unsigned char secret[TOTP_SECRET];
        struct recovery_codes codes;
        struct fault why = { 0 };
        set_up(&p, secret, &codes);
        int tries = 0;
        for (;; tries++) { /* from a new address each time, since the password is known */
            struct visitor v = from(arena_print(&p.a, "198.51.100.%d", tries), NULL);
            struct sign_in in = password(&p, v, "cid@firm.example", good), out;
            struct session session = find(&p, in.token);
            assert_int_equal(in.step, STEP_CODE);
            assert_fine(sign_in_code(&p.b, &p.a, p.roles, &v, &session, "000000", &out, &why),
                        why);
            if (out.wait_s > 0)
                break;
        }
        assert_int_equal(tries, 6);
    }
}

static void test_the_secret_is_sealed(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        unsigned char secret[TOTP_SECRET];
        struct recovery_codes codes;
        struct fault why = { 0 };
        enum second_kind what;
        set_up(&p, secret, &codes);
        struct query q = query_begin(p.b.store, Q_USER_SECOND);
        bind_int(&q, p.cid);
        assert_true(query_next(&q));
        size_t length;
        const void *sealed = row_blob(&q, 0, &length);
        assert_null(memmem(sealed, length, secret, TOTP_SECRET));
        assert_null(strstr(row_text(&q, 2), codes.text[0]));
        query_end(&q, NULL);
        /* copied to somebody else it opens nothing */
        fixture_execute(&p.f, "UPDATE staff SET totp = (SELECT totp FROM staff WHERE email = "
                              "'cid@firm.example') WHERE email = 'bea@firm.example'");
        people_begin(&p);
        assert_false(second_check(&p.b, p.bea, code_at(&p, secret), &what, &why));
        assert_int_equal(why.code, DB_ROW);
        book_undo(&p.b);
        /* nor does it open with another key of the house */
        fixture_execute(&p.f, "UPDATE meta SET value = 'another' WHERE key = 'secret'");
        people_begin(&p);
        assert_false(second_check(&p.b, p.cid, code_at(&p, secret), &what, &why));
        assert_int_equal(why.code, DB_ROW);
        book_undo(&p.b);
    }
}

/* ---- Links, and what the house asks for ------------------------------------------------ */

static struct session take_link(struct people *p, int64_t user)
{
    struct visitor v = from("10.0.0.1", NULL);
    struct fault why = { 0 };
    char link[DIGEST_HEX];
    struct sign_in out;

    people_begin(p);
    assert_fine(link_make(&p->b, user, link, &why), why);
    people_keep(p);
    assert_fine(sign_in_link(&p->b, &p->a, p->roles, &v, link, &out, &why), why);
    assert_true(out.fits);
    assert_int_equal(out.step, STEP_PASSWORD);
    struct session session = find(p, out.token);
    assert_true(session.fresh);
    assert_fine(sign_in_link(&p->b, &p->a, p->roles, &v, link, &out, &why), why);
    assert_false(out.fits); /* once */
    return session;
}

static void test_a_link_leads_to_a_password(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        struct visitor v = from("10.0.0.1", NULL);
        struct fault why = { 0 };
        struct sign_in out;
        people_begin(&p);
        int64_t dan = people_add(&p, "dan@firm.example", "collector", NULL);
        people_keep(&p);
        struct session session = take_link(&p, dan);
        assert_false(sign_in_choose(&p.b, &p.a, p.roles, &v, &session, "short", &out, &why));
        assert_int_equal(why.code, BAD_VALUE);
        assert_fine(sign_in_choose(&p.b, &p.a, p.roles, &v, &session, "long-enough-now", &out,
                                   &why), why);
        assert_int_equal(out.step, STEP_DONE);
        assert_int_equal(find(&p, out.token).user.number, dan);
        assert_int_equal(people_get(&p, dan).state, USER_ACTIVE);
        assert_true(password(&p, v, "dan@firm.example", "long-enough-now").fits);
        session = find(&p, out.token);
        assert_false(sign_in_choose(&p.b, &p.a, p.roles, &v, &session, "changed-by-trick", &out,
                                    &why));
        assert_int_equal(why.code, CONFLICT);
    }
}

static void test_the_house_may_ask_for_more(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        struct visitor v = from("10.0.0.1", NULL);
        struct recovery_codes codes;
        struct fault why = { 0 };
        unsigned char secret[TOTP_SECRET];
        struct sign_in out;
        people_begin(&p);
        assert_fine(book_set(p.b.store, "require_totp", "administrator, team_lead", &why), why);
        people_keep(&p);
        assert_int_equal(password(&p, v, "cid@firm.example", good).step, STEP_DONE);
        struct sign_in in = password(&p, v, "ann@firm.example", good);
        assert_int_equal(in.step, STEP_AUTHENTICATOR);
        struct session session = find(&p, in.token);
        assert_true(session.fresh);
        assert_fine(second_offer(p.b.store, &p.a, &session, secret, &why), why);
        assert_fine(sign_in_authenticator(&p.b, &p.a, p.roles, &v, &session, "000000", &codes,
                                          &out, &why), why);
        assert_false(out.fits);
        assert_fine(sign_in_authenticator(&p.b, &p.a, p.roles, &v, &session, code_at(&p, secret),
                                          &codes, &out, &why), why);
        assert_true(out.fits);
        assert_int_equal(out.step, STEP_DONE);
        assert_false(find(&p, out.token).fresh);
        people_begin(&p);
        assert_fine(book_set(p.b.store, "require_totp", "all", &why), why);
        people_keep(&p);
        assert_int_equal(password(&p, v, "cid@firm.example", good).step, STEP_AUTHENTICATOR);
    }
}

static void test_the_password_again(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sign_in") {
        struct fault why = { 0 };
        struct sign_in in = password(&p, from("10.0.0.1", NULL), "cid@firm.example", good), out;
        struct session session = find(&p, in.token);
        char token[DIGEST_HEX];
        int tries = 0;
        assert_fine(sign_in_again(&p.b, &p.a, &session, good, &out, &why), why);
        assert_true(out.fits);
        do {
            assert_fine(sign_in_again(&p.b, &p.a, &session, "x", &out, &why), why);
            assert_false(out.fits);
        } while (out.wait_s == 0 && ++tries < 20);
        assert_int_equal(tries, 6);
        struct visitor v = from("10.0.0.1", NULL);
        people_begin(&p);
        assert_fine(sign_in_renew(&p.b, &v, &session, token, &why), why);
        people_keep(&p);
        assert_int_equal(find(&p, in.token).user.number, 0);
        assert_int_equal(find(&p, token).user.number, p.cid);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_password),
        cmocka_unit_test(test_who_cannot),
        cmocka_unit_test(test_waits_grow),
        cmocka_unit_test(test_nobody_locks_the_owner_out),
        cmocka_unit_test(test_known_browsers_cannot_be_made_up),
        cmocka_unit_test(test_a_browser_knows_several),
        cmocka_unit_test(test_an_address_is_a_network),
        cmocka_unit_test(test_names_that_nobody_has_wait_too),
        cmocka_unit_test(test_a_code_after_the_password),
        cmocka_unit_test(test_recovery_codes_once_each),
        cmocka_unit_test(test_codes_cannot_be_guessed_for_long),
        cmocka_unit_test(test_the_secret_is_sealed),
        cmocka_unit_test(test_a_link_leads_to_a_password),
        cmocka_unit_test(test_the_house_may_ask_for_more),
        cmocka_unit_test(test_the_password_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
