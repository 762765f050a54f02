/* What somebody says we did wrong: its days, its work, its hold, and that the journal tells it.
 */
#include "flow/user_fixture.h"

#include "flow/complaint.h"
#include "flow/hold.h"
#include "flow/prove.h"
#include "flow/task.h"

static struct casefile_key owing(struct people *p, const char *reference)
{
    struct instalment_input whole = { fixture_day("2026-10-01"), 10000 };

    people_begin(p);
    struct casefile_key key = fixture_debtor(&p->b, reference);
    fixture_debt(&p->b, key, reference, CURRENCY_USD, fixture_day("2026-09-01"), 1, &whole);
    people_keep(p);
    return key;
}

static int32_t taken(struct people *p, struct casefile_key key, const char *once, bool hold,
                     enum change *change)
{
    struct complaint_input in = { .words = "  You called at night.  ",
                                  .channel = "phone",
                                  .author = "Cid",
                                  .once = once,
                                  .received = DAY_NONE,
                                  .hold = hold };
    struct fault why = { 0 };
    int32_t number;

    people_begin(p);
    assert_fine(complaint_open(&p->b, key, &in, &number, change, &why), why);
    people_keep(p);
    return number;
}

static struct complaint load(struct people *p, struct casefile_key key, int32_t number)
{
    struct fault why = { 0 };
    struct complaint c;

    assert_fine(complaint_load(p->b.store, &p->a, key, number, &c, &why), why);
    return c;
}

/* Open tasks of complaints; *due: of the first. */
static int tasks(struct people *p, struct casefile_key key, struct instant *due)
{
    const char *creditor, *desk;
    struct fault why = { 0 };
    struct task_facts f;
    int count = 0;

    assert_fine(task_facts_load(p->b.store, &p->a, key, p->b.now, p->b.zone, &f, &creditor,
                                &desk, &why),
                why);
    for (size_t i = 0; i < f.task_count; i++) {
        if (f.tasks[i].kind != TASK_COMPLAINT || f.tasks[i].state != TASK_OPEN)
            continue;
        if (count++ == 0)
            *due = f.tasks[i].due;
    }
    return count;
}

static int holds(struct people *p, struct casefile_key key)
{
    struct standing_hold *all;
    struct fault why = { 0 };
    size_t count;

    assert_fine(holds_of(&p->b, key, p->b.now, &all, &count, &why), why);
    return (int)count;
}

static size_t findings(struct people *p)
{
    struct fault why = { 0 };
    char *bytes = NULL;
    size_t length, count;
    FILE *out = open_memstream(&bytes, &length);

    assert_fine(prove_book(p->b.store, out, true, &count, &why), why);
    fclose(out);
    free(bytes);
    return count;
}

static const struct complaint_answer answer = { .result = "upheld",
                                                .text = "We are sorry.",
                                                .cause = "The zone was wrong",
                                                .changed = "We ask for it",
                                                .author = "Bea" };

#define act(p, call, why)                                                                      \
    do {                                                                                       \
        people_begin(p);                                                                       \
        assert_fine(call, why);                                                                \
        people_keep(p);                                                                        \
    } while (0)

static void test_its_days_and_its_work(void **state)
{
    enum change change;
    struct instant due;
    struct people p;

    (void)state;
    EACH_DATABASE(p, "complaint")
    {
        struct fault why = { 0 };
        struct casefile_key key = owing(&p, "A-1");
        int32_t number = taken(&p, key, "form-1234", false, &change);
        struct complaint c = load(&p, key, number);
        assert_int_equal(change, CHANGE_ADDED);
        assert_string_equal(c.words, "You called at night.");
        assert_int_equal(c.received.number, fixture_day("2026-11-16").number);
        assert_int_equal(c.acknowledge_by.number, fixture_day("2026-11-21").number);
        assert_int_equal(c.answer_by.number, fixture_day("2026-12-01").number);
        assert_int_equal(tasks(&p, key, &due), 1);
        assert_int_equal(wall_at(due, p.b.zone).day.number, c.answer_by.number);
        assert_int_equal(holds(&p, key), 0);
        /* the same form again is the same complaint */
        assert_int_equal(taken(&p, key, "form-1234", false, &change), number);
        assert_int_equal(change, CHANGE_NONE);
        people_later(&p, 86400);
        act(&p, complaint_acknowledge(&p.b, key, number, "Bea", &change, &why), why);
        assert_int_equal(load(&p, key, number).acknowledged.number,
                         fixture_day("2026-11-17").number);
        act(&p, complaint_acknowledge(&p.b, key, number, "Bea", &change, &why), why);
        assert_int_equal(change, CHANGE_NONE);
        act(&p, complaint_answer(&p.b, key, number, &answer, &change, &why), why);
        assert_int_equal(load(&p, key, number).state, COMPLAINT_ANSWERED);
        assert_string_equal(load(&p, key, number).cause, "The zone was wrong");
        assert_int_equal(tasks(&p, key, &due), 0);
        people_begin(&p);
        assert_false(complaint_answer(&p.b, key, number, &answer, &change, &why));
        assert_int_equal(why.code, CONFLICT);
        book_undo(&p.b);
        act(&p, complaint_reopen(&p.b, key, number, "Bea", &change, &why), why);
        c = load(&p, key, number);
        assert_null(c.result);
        assert_int_equal(c.answer_by.number, fixture_day("2026-12-01").number);
        assert_int_equal(tasks(&p, key, &due), 1);
        act(&p, complaint_close(&p.b, key, number, "Bea", &change, &why), why);
        assert_int_equal(tasks(&p, key, &due), 0);
        assert_int_equal(findings(&p), 0);
    }
}

/* Asked for, it is one piece of work, not two, and the hold ends with the complaint; one that
 * stood before does not. */
static void test_a_hold_only_when_it_is_asked_for(void **state)
{
    enum change change;
    struct instant due;
    struct people p;

    (void)state;
    EACH_DATABASE(p, "complaint")
    {
        struct fault why = { 0 };
        struct hold hold = {
            .kind = "complaint", .first = DAY_NONE, .last = DAY_NEVER, .review = DAY_NONE
        };
        struct casefile_key key = owing(&p, "A-1"), other = owing(&p, "A-2");
        int32_t number = taken(&p, key, NULL, true, &change), before;
        assert_int_not_equal(load(&p, key, number).hold, 0);
        assert_int_equal(holds(&p, key), 1);
        assert_int_equal(tasks(&p, key, &due), 1);
        act(&p, complaint_answer(&p.b, key, number, &answer, &change, &why), why);
        assert_int_equal(holds(&p, key), 0);
        assert_int_equal(tasks(&p, key, &due), 0);
        act(&p, complaint_reopen(&p.b, key, number, "Bea", &change, &why), why);
        assert_int_equal(holds(&p, key), 0);

        act(&p, hold_place(&p.b, other, &hold, &before, &change, &why), why);
        number = taken(&p, other, NULL, true, &change);
        assert_int_equal(load(&p, other, number).hold, 0);
        act(&p, complaint_close(&p.b, other, number, "Bea", &change, &why), why);
        assert_int_equal(holds(&p, other), 1);
        assert_int_equal(findings(&p), 0);
    }
}

static void test_what_is_refused(void **state)
{
    static const struct complaint_input bad[] = { { .words = NULL },
                                                  { .words = " \n" },
                                                  { .words = "Late", .received = { 999999 } } };
    struct complaint_answer none = { .text = "No" }, silent = { .result = "upheld" };
    enum change change;
    struct people p;

    (void)state;
    EACH_DATABASE(p, "complaint")
    {
        struct fault why = { 0 };
        struct casefile_key key = owing(&p, "A-1");
        int32_t number = taken(&p, key, NULL, false, &change), made;
        for (size_t i = 0; i < COUNT(bad); i++) {
            struct complaint_input in = bad[i];
            in.received = in.received.number != 0 ? in.received : DAY_NONE;
            people_begin(&p);
            assert_false(complaint_open(&p.b, key, &in, &made, &change, &why));
            assert_int_equal(why.code, BAD_VALUE);
            book_undo(&p.b);
        }
        people_begin(&p);
        assert_false(complaint_answer(&p.b, key, number, &none, &change, &why));
        assert_int_equal(why.code, BAD_VALUE);
        assert_false(complaint_answer(&p.b, key, number, &silent, &change, &why));
        assert_false(complaint_close(&p.b, key, 999, NULL, &change, &why));
        assert_int_equal(why.code, NOT_FOUND);
        book_undo(&p.b);
    }
}

/* Whatever is changed behind the journal is found. */
static void test_the_proof_bites(void **state)
{
    static const char *const faults[] = {
        "UPDATE complaint SET words = 'All is well.'",
        "UPDATE complaint SET answer_day = answer_day + 30",
        "UPDATE complaint SET state = 'closed'",
        "DELETE FROM complaint",
    };
    enum change change;
    struct people p;

    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        EACH_DATABASE(p, "complaint")
        {
            struct casefile_key key = owing(&p, "A-1");
            taken(&p, key, NULL, false, &change);
            assert_int_equal(findings(&p), 0);
            fixture_execute(&p.f, faults[i]);
            assert_true(findings(&p) > 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_its_days_and_its_work),
        cmocka_unit_test(test_a_hold_only_when_it_is_asked_for),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_the_proof_bites),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
