/* Tasks: who has one, until when it is put off, lists in their orders, what one may see. */
#include "flow/task_list.h"
#include "flow/task_people.h"
#include "flow/task_window.h"

#include "flow/user_fixture.h"

#include "domain/task_of.h"
#include "flow/task_sheet.h"

static struct fault why;

static struct casefile_key account(struct people *p, const char *reference, const char *client,
                                   int64_t minor)
{
    const struct instalment_input slice = { fixture_day("2026-10-01"), minor };
    struct debtor_input in = { .reference = reference, .name = reference, .creditor = client,
                               .phone = "+16085550132", .email = "a@example.org",
                               .source = "test" };
    struct casefile_key key;
    enum change change;

    assert_fine(book_debtor_put(&p->b, &in, &key, &change, &why), why);
    fixture_debt(&p->b, key, reference, CURRENCY_USD, fixture_day("2026-09-01"), 1, &slice);
    return key;
}

static void wrote(struct people *p, struct casefile_key key, const char *moment)
{
    const struct contact c = { .at = fixture_at(moment), .channel = CHANNEL_EMAIL,
                               .direction = DIRECTION_IN, .outcome = OUTCOME_MESSAGE,
                               .party = PARTY_DEBTOR };

    assert_fine(book_contact_add(&p->b, key, &c, "Please answer.", &why), why);
}

static struct task_filter filter_of(const struct people *p)
{
    return (struct task_filter){ .now = p->b.now, .zone = p->b.zone, .most = 50 };
}

/* References of the list, with blanks between; "+" at the end when there are more. */
static const char *listed(struct people *p, const struct task_filter *f)
{
    struct task_item *items;
    size_t count;
    bool more;
    const char *text = "";

    assert_fine(task_list(p->b.store, &p->a, f, &items, &count, &more, &why), why);
    for (size_t i = 0; i < count; i++)
        text = arena_print(&p->a, "%s%s%s", text, i > 0 ? " " : "", items[i].reference);
    return more ? arena_print(&p->a, "%s +", text) : text;
}

/* Five accounts of two clients; the later the letter, the older the message and the less owed. */
static void desk_make(struct people *p, struct casefile_key keys[5])
{
    static const char *const moments[] = { "2026-11-16T16:00:00Z", "2026-11-13T16:00:00Z",
                                           "2026-11-12T16:00:00Z", "2026-11-11T16:00:00Z",
                                           "2026-11-10T16:00:00Z" };

    people_begin(p);
    for (int i = 0; i < 5; i++) {
        char reference[] = { (char)('A' + i), '\0' };
        keys[i] = account(p, reference, i % 2 == 0 ? "Acme" : "Beta", 5000 - i * 1000);
        wrote(p, keys[i], moments[i]);
    }
    people_keep(p);
}

static struct task_row task_now(struct people *p, struct casefile_key key, int32_t number)
{
    struct task_row row;

    assert_fine(task_get(p->b.store, &p->a, key, number, &row, &why), why);
    return row;
}

/* ---- Lists ------------------------------------------------------------------------------- */

static void orders_are_what_they_say(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        struct casefile_key keys[5];
        desk_make(&p, keys);
        struct task_filter f = filter_of(&p);
        assert_string_equal(listed(&p, &f), "E D C B A");
        f.order = TASK_OLDEST;
        assert_string_equal(listed(&p, &f), "E D C B A");
        f.order = TASK_AMOUNT;
        assert_string_equal(listed(&p, &f), "A B C D E");
    }
}

static void pages_follow_each_other_in_every_order(void **state)
{
    static const enum task_order orders[] = { TASK_BEST, TASK_OLDEST, TASK_AMOUNT };
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        struct casefile_key keys[5];
        desk_make(&p, keys);
        for (size_t i = 0; i < COUNT(orders); i++) {
            struct task_filter f = filter_of(&p), whole = f;
            const char *pages = "";
            bool more = true;
            f.order = whole.order = orders[i];
            f.most = 2;
            while (more) {
                struct task_item *items;
                size_t count;
                assert_fine(task_list(p.b.store, &p.a, &f, &items, &count, &more, &why), why);
                for (size_t k = 0; k < count; k++)
                    pages = arena_print(&p.a, "%s%s%s", pages, pages[0] ? " " : "",
                                        items[k].reference);
                f.after = items[count - 1].mark;
            }
            assert_string_equal(pages, listed(&p, &whole));
        }
    }
}

static void filters_leave_out_the_rest(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        struct casefile_key keys[5];
        struct task_row was;
        desk_make(&p, keys);
        people_begin(&p);
        assert_fine(task_assign(&p.b, keys[1], 1, NULL, p.cid, &was, &why), why);
        assert_fine(task_snooze(&p.b, keys[2], 1, NULL, fixture_at("2026-11-17T15:00:00Z"), &was,
                                &why),
                    why);
        people_keep(&p);
        struct task_filter f = filter_of(&p);
        assert_string_equal(listed(&p, &f), "E D B A");
        f.client = "Beta";
        assert_string_equal(listed(&p, &f), "D B");
        f.client = NULL;
        f.clients = "Acme\nOther";
        assert_string_equal(listed(&p, &f), "E A");
        f.clients = NULL;
        f.assigned = p.cid;
        assert_string_equal(listed(&p, &f), "B");
        f.assigned = 0;
        f.unassigned = true;
        assert_string_equal(listed(&p, &f), "E D A");
        f.unassigned = false;
        f.kinds = TASK_KIND_BIT(TASK_CALLBACK);
        assert_string_equal(listed(&p, &f), "");
        f.kinds = 0;
        f.now = fixture_at("2026-11-17T15:00:00Z");
        assert_string_equal(listed(&p, &f), "E D C B A"); /* it came back */
        f.order = TASK_AMOUNT;
        f.clients = "Beta";
        assert_string_equal(listed(&p, &f), "B D");
    }
}

static void counts_stop_early(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        struct casefile_key keys[5];
        struct task_counts n;
        desk_make(&p, keys);
        struct task_filter f = filter_of(&p);
        assert_fine(task_count(p.b.store, &p.a, &f, 100, &n, &why), why);
        assert_int_equal(n.kinds[TASK_REPLY], 5);
        assert_int_equal(n.waiting, 5);
        assert_int_equal(n.planned, 0);
        assert_false(n.many);
        assert_fine(task_count(p.b.store, &p.a, &f, 3, &n, &why), why);
        assert_int_equal(n.kinds[TASK_REPLY], 3);
        assert_true(n.many);
        f.clients = "Beta";
        assert_fine(task_count(p.b.store, &p.a, &f, 100, &n, &why), why);
        assert_int_equal(n.waiting, 2);
        struct task_places places;
        assert_fine(task_places(p.b.store, &p.a, &f, &places, &why), why);
        assert_int_equal(places.client_count, 1);
        assert_string_equal(places.clients[0], "Beta");
    }
}

/* A promise of next week is kept now and shown then; until then it costs no list anything. */
static void what_is_due_later_is_not_shown(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        const struct promise_input in = { .minor = 100, .currency = CURRENCY_USD,
                                          .due = fixture_day("2026-11-24") };
        struct task_item next;
        int32_t number;
        bool found;
        people_begin(&p);
        struct casefile_key key = account(&p, "A", "Acme", 5000);
        assert_fine(book_promise_add(&p.b, key, &in, &number, &why), why);
        people_keep(&p);
        struct task_filter f = filter_of(&p);
        assert_string_equal(listed(&p, &f), "");
        assert_fine(task_next(p.b.store, &p.a, &f, &next, &found, &why), why);
        assert_true(found);
        assert_string_equal(next.reference, "A");
        f.clients = "Beta"; /* what they may not see is as if it were not there */
        assert_fine(task_next(p.b.store, &p.a, &f, &next, &found, &why), why);
        assert_false(found);
        f.clients = NULL;
        f.now = fixture_at("2026-11-23T15:00:00Z");
        assert_string_equal(listed(&p, &f), "A");
    }
}

/* All that is open becomes a call that may be made from this moment on, where `which` fits. */
static void make_calls(const struct fixture *f, const char *moment, const char *which)
{
    char sql[256];
    long long at = (long long)fixture_at(moment).us;

    snprintf(sql, sizeof sql,
             "UPDATE task SET kind = 'call', rank = 50, since_at = %lld, hidden_until = %lld "
             "WHERE %s",
             at, at, which);
    fixture_execute(f, sql);
}

/* "2026-11-16T17:00:00Z 2: US-CA 1, US-WI 1", of the window that opens next; "": none. */
static const char *window_next(struct people *p, const struct task_filter *f)
{
    struct task_window w;
    char at[INSTANT_TEXT];
    bool found;

    assert_fine(task_window(p->b.store, &p->a, f, &w, &found, &why), why);
    if (!found)
        return "";
    const char *text = arena_print(&p->a, "%s %d", instant_print(w.opens, at), (int)w.people);
    assert_false(w.more);
    for (size_t i = 0; i < w.place_count; i++)
        text = arena_print(&p->a, "%s%s %s %d", text, i > 0 ? "," : ":", w.places[i].codes,
                           (int)w.places[i].people);
    return text;
}

/* Of five: A, C and E are Acme's, B and D Beta's; A may be called later than the others. */
static void the_next_window_says_how_many_and_where(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        struct casefile_key keys[5];
        desk_make(&p, keys);
        struct task_filter f = filter_of(&p);
        assert_string_equal(window_next(&p, &f), ""); /* replies wait for no window */
        make_calls(&p.f, "2026-11-16T20:00:00Z", "creditor = 'Beta' OR minor < 5000");
        make_calls(&p.f, "2026-11-17T14:00:00Z", "minor = 5000");
        fixture_execute(&p.f, "UPDATE casefile SET places = 'US-CA' WHERE creditor = 'Beta'");
        assert_string_equal(window_next(&p, &f), "2026-11-16T20:00:00Z 4: US-CA 2, US-WI 2");
        f.client = "Beta";
        assert_string_equal(window_next(&p, &f), "2026-11-16T20:00:00Z 2: US-CA 2");
        f.client = NULL;
        f.clients = "Acme"; /* what they may not see is not counted */
        assert_string_equal(window_next(&p, &f), "2026-11-16T20:00:00Z 2: US-WI 2");
        f.now = fixture_at("2026-11-16T20:00:00Z"); /* that one is open by now */
        assert_string_equal(window_next(&p, &f), "2026-11-17T14:00:00Z 1: US-WI 1");
        fixture_execute(&p.f, "UPDATE task SET hidden_until = since_at + 1 WHERE minor = 5000");
        assert_string_equal(window_next(&p, &f), ""); /* put off by somebody */
    }
}

/* ---- Deeds ------------------------------------------------------------------------------- */

static void refused(bool done, enum fault_code code, const char *piece)
{
    assert_false(done);
    assert_int_equal(why.code, code);
    if (strstr(why.text, piece) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", why.text, piece);
    why = (struct fault){ 0 };
}

static void who_was_slower_is_told_who_has_it(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        struct casefile_key keys[5];
        const struct task_seen seen = { 0 };
        struct task_row was;
        desk_make(&p, keys);
        people_begin(&p);
        p.b.by = "cid@firm.example";
        assert_fine(task_assign(&p.b, keys[0], 1, &seen, p.cid, &was, &why), why);
        people_keep(&p);
        people_begin(&p);
        refused(task_assign(&p.b, keys[0], 1, &seen, p.bea, &was, &why), CONFLICT,
                "cid@firm.example has this one now");
        book_undo(&p.b);
        people_begin(&p);
        refused(task_snooze(&p.b, keys[0], 1, &seen, p.b.now, &was, &why), CONFLICT,
                "cid@firm.example");
        book_undo(&p.b);
        people_begin(&p);
        assert_fine(task_end(&p.b, keys[0], 1, &(struct task_seen){ p.cid, { 0 } }, TASK_DONE,
                             "paid at the desk", &was, &why),
                    why);
        people_keep(&p);
        assert_int_equal(task_now(&p, keys[0], 1).closed_by, p.cid);
        people_begin(&p);
        refused(task_end(&p.b, keys[0], 1, NULL, TASK_DONE, NULL, &was, &why), CONFLICT,
                "was marked as done by cid@firm.example at 6:00 pm");
        book_undo(&p.b);
        p.b.by = NULL;
    }
}

static void work_is_given_to_who_may_have_it(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        struct casefile_key keys[5];
        struct task_row was;
        desk_make(&p, keys);
        people_begin(&p);
        assert_fine(user_details_set(&p.b, p.cid, 1, "Cid", "Beta", NULL, &why), why);
        people_keep(&p);
        people_begin(&p);
        refused(task_assign(&p.b, keys[0], 1, NULL, p.cid, &was, &why), BAD_VALUE,
                "does not work for this client");
        book_undo(&p.b);
        people_begin(&p);
        refused(task_assign(&p.b, keys[0], 1, NULL, 99, &was, &why), BAD_VALUE, "Nobody");
        book_undo(&p.b);
        people_begin(&p);
        assert_fine(task_assign(&p.b, keys[1], 1, NULL, p.cid, &was, &why), why);
        people_keep(&p);
    }
}

static void what_was_ended_opens_again_if_it_still_follows(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        const struct contact answer = { .at = fixture_at("2026-11-16T18:00:00Z"),
                                        .channel = CHANNEL_EMAIL, .outcome = OUTCOME_SENT,
                                        .party = PARTY_DEBTOR };
        struct casefile_key keys[5];
        struct task_row was;
        desk_make(&p, keys);
        for (int i = 0; i < 2; i++) {
            people_begin(&p);
            assert_fine(task_end(&p.b, keys[i], 1, NULL, TASK_DROPPED, NULL, &was, &why), why);
            people_keep(&p);
        }
        people_begin(&p);
        assert_fine(book_contact_add(&p.b, keys[1], &answer, NULL, &why), why);
        people_keep(&p);
        for (int i = 0; i < 2; i++) {
            people_begin(&p);
            assert_fine(task_reopen(&p.b, keys[i], 1, &why), why);
            people_keep(&p);
        }
        assert_int_equal(task_now(&p, keys[0], 1).state, TASK_OPEN);
        assert_int_equal(task_now(&p, keys[1], 1).state, TASK_SETTLED); /* answered meanwhile */
        people_begin(&p);
        refused(task_reopen(&p.b, keys[0], 1, &why), CONFLICT, "open already");
        book_undo(&p.b);
    }
}

/* ---- From events ------------------------------------------------------------------------- */

static void who_answers_settles_it(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        const struct contact call = { .at = fixture_at("2026-11-16T17:30:00Z"),
                                      .channel = CHANNEL_CALL,
                                      .outcome = OUTCOME_CONVERSATION, .party = PARTY_DEBTOR };
        struct casefile_key keys[5];
        struct task_day day;
        desk_make(&p, keys);
        people_begin(&p);
        p.b.by = "cid@firm.example";
        assert_fine(book_contact_add(&p.b, keys[0], &call, NULL, &why), why);
        assert_fine(book_contact_add(&p.b, keys[4], &call, NULL, &why), why); /* too late */
        people_keep(&p);
        p.b.by = NULL;
        struct task_row t = task_now(&p, keys[0], 1);
        assert_int_equal(t.state, TASK_SETTLED);
        assert_int_equal(t.closed_by, p.cid);
        struct task_filter f = filter_of(&p);
        assert_fine(task_day(p.b.store, &f, p.cid, "cid@firm.example", 30, &day, &why), why);
        assert_int_equal(day.closed.replies, 2);
        assert_int_equal(day.closed.replies_in_time, 1);
        assert_int_equal(day.calls, 2);
        assert_int_equal(day.talks, 2);
    }
}

static void what_was_taken_back_is_as_if_it_never_was(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        struct casefile_key keys[5];
        desk_make(&p, keys);
        people_begin(&p);
        wrote(&p, keys[0], "2026-11-16T17:59:00Z");
        fixture_payment(&p.b, keys[1], "P", 0, CURRENCY_USD, fixture_day("2026-11-16"), 4000,
                        false);
        book_undo(&p.b);
        assert_string_equal(task_now(&p, keys[0], 1).reason, "Please answer.");
        assert_int_equal(task_now(&p, keys[1], 1).open.minor, 4000);
        people_begin(&p);
        wrote(&p, keys[0], "2026-11-16T17:59:00Z");
        fixture_payment(&p.b, keys[1], "P", 0, CURRENCY_USD, fixture_day("2026-11-16"), 3000,
                        false);
        people_keep(&p);
        assert_string_equal(task_now(&p, keys[0], 1).reason, "2 messages: Please answer.");
        assert_int_equal(task_now(&p, keys[1], 1).open.minor, 1000); /* it knows what is left */
    }
}

static void the_load_of_a_team_is_counted(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        struct casefile_key keys[5];
        struct task_load *loads;
        struct task_row was;
        size_t count;
        desk_make(&p, keys);
        people_begin(&p);
        for (int i = 0; i < 3; i++)
            assert_fine(task_assign(&p.b, keys[i + 2], 1, NULL, i < 2 ? p.cid : p.bea, &was, &why),
                        why);
        people_keep(&p);
        struct task_filter f = filter_of(&p);
        assert_fine(task_loads(p.b.store, &p.a, &f, &loads, &count, &why), why);
        assert_int_equal(count, 2);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(loads[i].all, loads[i].user == p.cid ? 2 : 1);
        f.clients = "Beta";
        assert_fine(task_loads(p.b.store, &p.a, &f, &loads, &count, &why), why);
        assert_int_equal(count, 1);
    }
}

static void the_command_line_has_the_same_order(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "tasks") {
        struct task_sheet_request r = { 0 };
        struct casefile_key keys[5];
        struct sheet sheet = { 0 };
        char text[4096] = "";
        bool more;
        desk_make(&p, keys);
        r.filter = filter_of(&p);
        r.filter.most = 2;
        FILE *out = fmemopen(text, sizeof text, "w");
        assert_fine(task_sheet(p.b.store, &r, &sheet, &more, &why), why);
        sheet_print(&sheet, FORMAT_PLAIN, false, out);
        fclose(out);
        sheet_free(&sheet);
        assert_true(more);
        const char *e = strstr(text, "\tE\tE\treply"), *d = strstr(text, "\tD\tD\treply");
        assert_true(e != NULL && d != NULL && e < d);
        r.mine = "nobody@firm.example";
        refused(task_sheet(p.b.store, &r, &sheet, &more, &why), NOT_FOUND, "nobody@firm.example");
        sheet_free(&sheet);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_are_what_they_say),
        cmocka_unit_test(pages_follow_each_other_in_every_order),
        cmocka_unit_test(filters_leave_out_the_rest),
        cmocka_unit_test(counts_stop_early),
        cmocka_unit_test(what_is_due_later_is_not_shown),
        cmocka_unit_test(the_next_window_says_how_many_and_where),
        cmocka_unit_test(who_was_slower_is_told_who_has_it),
        cmocka_unit_test(work_is_given_to_who_may_have_it),
        cmocka_unit_test(what_was_ended_opens_again_if_it_still_follows),
        cmocka_unit_test(who_answers_settles_it),
        cmocka_unit_test(what_was_taken_back_is_as_if_it_never_was),
        cmocka_unit_test(the_load_of_a_team_is_counted),
        cmocka_unit_test(the_command_line_has_the_same_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
