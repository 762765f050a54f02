/* Debits of plans with autopay: announced, asked for, once, on both databases. */
#include "flow/book_fixture.h"
#include "flow/book_parts.h"
#include "flow/cycle.h"
#include "flow/deliver.h"
#include "flow/plan.h"
#include "store/casefiles.h"

#include <dirent.h>

static const char *const monday = "2026-11-16T18:00:00Z";

struct stage {
    struct fixture f;
    struct book b;
    struct casefile_key key;
    int32_t plan;
    char folder[64];
};

static void begin(struct stage *s, const char *at)
{
    struct fault why = { 0 };

    assert_fine(book_open(&s->b, s->f.url, fixture_at(at), &why), why);
    assert_fine(book_begin(&s->b, &why), why);
}

static void keep(struct stage *s)
{
    struct fault why = { 0 };

    assert_fine(book_commit(&s->b, &why), why);
    book_close(&s->b);
}

static void settings(struct stage *s)
{
    static const char *const all[][2] = { { "zone", "America/Chicago" },
                                          { "org", "Fairhaven" },
                                          { "address", "P.O. Box 117\nColumbus, OH 43000" },
                                          { "country", "US" },
                                          { "email", "help@fairhaven.example" },
                                          { "base_url", "https://fairhaven.example" },
                                          { "secret", "0123456789abcdef" } };
    struct fault why = { 0 };

    begin(s, monday);
    for (size_t i = 0; i < COUNT(all); i++)
        assert_fine(book_set(s->b.store, all[i][0], all[i][1], &why), why);
    keep(s);
}

/*
 * Somebody in Chicago owes 900.00. Three payments of 300.00, weekly from 4 December on, are
 * debited and announced ten days before.
 */
static void set_up(struct stage *s, const char *agreed_by)
{
    const struct instalment_input slice = { fixture_day("2026-10-15"), 90000 };
    const struct plan_item items[] = { { fixture_day("2026-12-04"), 30000 },
                                       { fixture_day("2026-12-11"), 30000 },
                                       { fixture_day("2026-12-18"), 30000 } };
    struct debtor_input in = { .reference = "A",
                               .creditor = "us",
                               .name = "Maya",
                               .zones = "America/Chicago",
                               .places = "US-IL",
                               .email = "maya@example.com",
                               .source = "test" };
    struct plan_input plan = { .currency = CURRENCY_USD,
                               .item_count = COUNT(items),
                               .items = items,
                               .schedule = "weekly",
                               .cure_days = 20,
                               .autopay = "checking …4411",
                               .notice_days = 10,
                               .agreed_by = agreed_by,
                               .evidence = "SCAN-1" };
    struct fault why = { 0 };
    enum change change;

    settings(s);
    snprintf(s->folder, sizeof s->folder, "/tmp/recoup-autopay-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    begin(s, monday);
    assert_fine(book_debtor_put(&s->b, &in, &s->key, &change, &why), why);
    fixture_debt(&s->b, s->key, "D", CURRENCY_USD, fixture_day("2026-09-15"), 1, &slice);
    assert_fine(book_plan_add(&s->b, s->key, NULL, &plan, &s->plan, &change, &why), why);
    keep(s);
}

static void clear_folder(const char *path, bool gone)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    char name[400];

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && unlink(name) != 0 && gone)
            clear_folder(name, true);
    }
    closedir(dir);
    if (gone)
        rmdir(path);
}

static void tear_down(struct stage *s)
{
    clear_folder(s->folder, true);
    fixture_end(&s->f);
}

static void cycle(struct stage *s, const char *at)
{
    struct cycle_request request = { .url = s->f.url, .now = fixture_at(at) };
    struct cycle_result result;
    struct fault why = { 0 };

    assert_fine(cycle_run(&request, &result, &why), why);
}

static void deliver(struct stage *s, const char *at, int64_t sent, int64_t expired)
{
    struct deliver_request request = { .url = s->f.url,
                                       .channels = { .folder = s->folder },
                                       .now = fixture_at(at),
                                       .clock_stands = true,
                                       .until_idle = true };
    struct deliver_result result;
    struct fault why = { 0 };

    assert_fine(deliver_run(&request, &result, &why), why);
    assert_int_equal(result.failed, 0);
    assert_int_equal(result.sent, sent);
    assert_int_equal(result.expired, expired);
}

static struct casefile *load(struct stage *s, const char *day)
{
    struct casefile *c;
    struct fault why = { 0 };

    begin(s, monday);
    assert_fine(casefile_load(s->b.store, &s->b.arena, s->key, fixture_day(day), &c, &why), why);
    return c;
}

/* "12-04 open announced debited, 12-11 open, 12-18 open; 1 pending" */
static const char *told(struct stage *s)
{
    static char text[500];
    struct casefile *c = load(s, "2026-12-31");
    char day[DAY_TEXT];
    size_t at = 0;

    for (size_t i = 0; i < c->promise_count; i++) {
        const struct promise *p = &c->promises[i];
        if (p->item == 0)
            continue;
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s %s%s%s", at == 0 ? "" : ", ",
                               day_print(p->due_day, day) + 5, promise_state_name(p->state),
                               p->notice != 0 ? " announced" : "",
                               p->debit != 0 ? " debited" : "");
    }
    snprintf(text + at, sizeof text - at, "; %zu pending", c->payment_count);
    keep(s);
    return text;
}

static const char *reason(struct stage *s)
{
    static char text[300];
    struct casefile *c = load(s, "2026-12-31");

    snprintf(text, sizeof text, "%s", c->standing_reason);
    keep(s);
    return text;
}

static int64_t count(struct stage *s, const char *kind)
{
    struct query q;
    int64_t n = 0;
    struct fault why = { 0 };

    begin(s, monday);
    q = query_begin(s->b.store, Q_FIGURES_RECORDS);
    bind_int(&q, s->key.bucket);
    bind_int(&q, 0);
    bind_int(&q, INT64_MAX);
    while (query_next(&q))
        n += kind == NULL || strcmp(row_text(&q, 1), kind) == 0;
    assert_fine(query_end(&q, &why), why);
    keep(s);
    return n;
}

#define ON_BOTH(s, agreed)                                                                     \
    for (size_t which = 0; which < FIXTURES; which++)                                          \
        if (fixture_begin(&(s)->f, which, "autopay") && (set_up((s), agreed), true))

static void announced_then_debited_once(void **state)
{
    struct stage s;

    (void)state;
    ON_BOTH(&s, "letter")
    {
        cycle(&s, "2026-11-23T18:00:00Z");
        assert_string_equal(told(&s), "12-04 open, 12-11 open, 12-18 open; 0 pending");
        cycle(&s, "2026-11-24T18:00:00Z");
        assert_string_equal(told(&s), "12-04 open announced, 12-11 open, 12-18 open; 0 pending");
        int64_t records = count(&s, NULL);
        cycle(&s, "2026-11-24T18:00:00Z");
        cycle(&s, "2026-11-24T19:00:00Z");
        assert_int_equal(count(&s, NULL), records);
        deliver(&s, "2026-11-24T19:00:00Z", 1, 0);
        cycle(&s, "2026-12-03T18:00:00Z"); /* the second is announced meanwhile */
        assert_string_equal(told(&s), "12-04 open announced, 12-11 open announced, 12-18 open; "
                                      "0 pending");
        cycle(&s, "2026-12-04T18:00:00Z");
        assert_string_equal(told(&s), "12-04 open announced debited, 12-11 open announced, "
                                      "12-18 open; 1 pending");
        assert_int_equal(count(&s, "debit_requested"), 1);
        records = count(&s, NULL);
        cycle(&s, "2026-12-04T18:00:00Z");
        cycle(&s, "2026-12-05T18:00:00Z");
        assert_int_equal(count(&s, "debit_requested"), 1);
        assert_int_equal(count(&s, "payment"), 1);
        assert_int_equal(count(&s, NULL), records);
        tear_down(&s);
    }
}

/* What is collected keeps the instalment; what goes back does not, and is not asked for again. */
static void collected_or_returned(void **state)
{
    struct stage s;
    enum change change;
    struct fault why = { 0 };
    char reference[40];

    (void)state;
    ON_BOTH(&s, "letter")
    {
        cycle(&s, "2026-11-24T18:00:00Z");
        deliver(&s, "2026-11-24T19:00:00Z", 1, 0);
        cycle(&s, "2026-12-04T18:00:00Z");
        snprintf(reference, sizeof reference, "plan %d item 1", (int)s.plan);
        begin(&s, "2026-12-04T20:00:00Z");
        fixture_payment(&s.b, s.key, reference, 0, CURRENCY_USD, fixture_day("2026-12-04"), 30000,
                        false);
        keep(&s);
        cycle(&s, "2026-12-04T21:00:00Z");
        assert_string_equal(told(&s), "12-04 kept announced debited, 12-11 open announced, "
                                      "12-18 open; 0 pending");
        begin(&s, "2026-12-05T20:00:00Z");
        assert_fine(book_payment_back(&s.b, s.key, reference, PAYMENT_RETURNED, "R01", &change,
                                      &why),
                    why);
        keep(&s);
        cycle(&s, "2026-12-10T21:00:00Z");
        assert_string_equal(told(&s), "12-04 broken announced debited, 12-11 open announced, "
                                      "12-18 open announced; 0 pending");
        assert_int_equal(count(&s, "debit_requested"), 1);
        tear_down(&s);
    }
}

/* Announced late, it waits; not announced before its day, it is not debited. */
static void late_runs(void **state)
{
    struct stage s;

    (void)state;
    ON_BOTH(&s, "letter")
    {
        cycle(&s, "2026-12-01T18:00:00Z"); /* three days before the first, ten before the second */
        assert_string_equal(told(&s), "12-04 open announced, 12-11 open announced, 12-18 open; "
                                      "0 pending");
        deliver(&s, "2026-12-01T19:00:00Z", 2, 0);
        cycle(&s, "2026-12-04T18:00:00Z");
        assert_int_equal(count(&s, "debit_requested"), 0);
        cycle(&s, "2026-12-10T18:00:00Z");
        assert_int_equal(count(&s, "debit_requested"), 0);
        cycle(&s, "2026-12-11T18:00:00Z");
        assert_int_equal(count(&s, "debit_requested"), 2);
        tear_down(&s);
    }
    ON_BOTH(&s, "letter")
    {
        cycle(&s, "2026-12-05T18:00:00Z");
        assert_string_equal(told(&s), "12-04 open, 12-11 open announced, 12-18 open; 0 pending");
        assert_non_null(strstr(reason(&s), "Payment 1 of plan"));
        assert_non_null(strstr(reason(&s), "was not announced before its day"));
        tear_down(&s);
    }
}

static void moved_after_its_notice(void **state)
{
    const struct plan_act act = { 0 };
    struct stage s;
    struct fault why = { 0 };

    (void)state;
    ON_BOTH(&s, "letter")
    {
        cycle(&s, "2026-11-24T18:00:00Z");
        deliver(&s, "2026-11-24T19:00:00Z", 1, 0);
        begin(&s, "2026-11-30T18:00:00Z");
        assert_fine(book_plan_move(&s.b, s.key, s.plan, 1, fixture_day("2026-12-08"), &act, &why),
                    why);
        keep(&s);
        cycle(&s, "2026-11-30T19:00:00Z"); /* eight days before: at once */
        cycle(&s, "2026-11-30T20:00:00Z");
        assert_int_equal(count(&s, "decision"), 2);
        deliver(&s, "2026-11-30T21:00:00Z", 1, 0);
        cycle(&s, "2026-12-08T18:00:00Z");
        assert_int_equal(count(&s, "debit_requested"), 0);
        deliver(&s, "2026-12-08T19:00:00Z", 2, 0); /* those of the others */
        cycle(&s, "2026-12-10T18:00:00Z");
        assert_int_equal(count(&s, "debit_requested"), 1);
        tear_down(&s);
    }
}

/* A notice that waits when the plan is paused, or its payment moved, does not go out. */
static void a_notice_that_is_not_right_any_more_stays(void **state)
{
    const struct plan_act act = { 0 };
    struct stage s;
    struct fault why = { 0 };

    (void)state;
    ON_BOTH(&s, "letter")
    {
        cycle(&s, "2026-11-24T18:00:00Z");
        begin(&s, "2026-11-24T18:30:00Z");
        assert_fine(book_plan_pause(&s.b, s.key, s.plan, fixture_day("2027-02-01"), &act, &why),
                    why);
        keep(&s);
        deliver(&s, "2026-11-24T19:00:00Z", 0, 1);
        cycle(&s, "2026-12-04T18:00:00Z");
        cycle(&s, "2026-12-11T18:00:00Z");
        assert_int_equal(count(&s, "decision"), 1);
        assert_int_equal(count(&s, "debit_requested"), 0);
        tear_down(&s);
    }
}

/* 12 CFR 1005.10(b): an authorization in writing. */
static void the_gate_refuses_what_was_said_on_the_telephone(void **state)
{
    struct stage s;

    (void)state;
    ON_BOTH(&s, "phone")
    {
        cycle(&s, "2026-11-24T18:00:00Z");
        deliver(&s, "2026-11-24T19:00:00Z", 1, 0);
        cycle(&s, "2026-12-04T18:00:00Z");
        assert_int_equal(count(&s, "debit_requested"), 0);
        assert_int_equal(count(&s, "debit_refused"), 1);
        assert_non_null(strstr(reason(&s), "is not debited: No authorization in writing"));
        cycle(&s, "2026-12-05T18:00:00Z");
        cycle(&s, "2026-12-06T18:00:00Z");
        assert_int_equal(count(&s, "debit_refused"), 1);
        assert_int_equal(count(&s, "payment"), 0);
        fixture_execute(&s.f, "UPDATE plan SET agreed_by = 'letter'");
        cycle(&s, "2026-12-07T18:00:00Z"); /* asked again every day */
        assert_int_equal(count(&s, "debit_requested"), 1);
        tear_down(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(announced_then_debited_once),
        cmocka_unit_test(collected_or_returned),
        cmocka_unit_test(late_runs),
        cmocka_unit_test(moved_after_its_notice),
        cmocka_unit_test(a_notice_that_is_not_right_any_more_stays),
        cmocka_unit_test(the_gate_refuses_what_was_said_on_the_telephone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
