/* Money given back beyond one's own limit: asked for, agreed to by another person, or refused
 * when its payment is not what it was. On both databases; every book proves sound at its end.
 */
#include "flow/user_fixture.h"

#include "flow/account.h"
#include "flow/refund_ask.h"

struct refunds {
    struct people p;
    struct account account, other;
    struct refund_input in;
    struct asking asking;
    struct fault why;
    int32_t number;
    enum change change;
};

/* USD 1000 came, of which 100 were owed: 900 wait. */
static bool refunds_begin(struct refunds *t, size_t kind)
{
    const struct instalment_input part = { fixture_day("2026-10-31"), 10000 };
    const struct day came = fixture_day("2026-11-10");

    *t = (struct refunds){ 0 };
    if (!people_open(&t->p, kind, "refund"))
        return false;
    people_begin(&t->p);
    t->account = (struct account){ fixture_debtor(&t->p.b, "A"), "A", "A" };
    t->other = (struct account){ fixture_debtor(&t->p.b, "B"), "B", "B" };
    fixture_debt(&t->p.b, t->account.key, "INV-1", CURRENCY_USD, fixture_day("2026-10-01"), 1,
                 &part);
    fixture_debt(&t->p.b, t->other.key, "INV-2", CURRENCY_USD, fixture_day("2026-10-01"), 1,
                 &part);
    fixture_payment(&t->p.b, t->account.key, "P1", 0, CURRENCY_USD, came, 100000, false);
    people_keep(&t->p);
    t->in = (struct refund_input){ "P1", fixture_day("2026-11-16"), 30000, "overpaid", "Cid" };
    return true;
}

#define EACH_BOOK(t)                                                                           \
    (void)state;                                                                               \
    for (size_t kind_ = 0; kind_ < FIXTURES; kind_++)                                          \
        for (bool once_ = refunds_begin(&(t), kind_); once_; once_ = false, people_end(&(t).p))

/* FAULT_NONE: kept. */
static enum fault_code ask(struct refunds *t, int64_t user, const char *role, const char *once)
{
    const struct asker asker = { user, role };

    t->why = (struct fault){ 0 };
    people_begin(&t->p);
    if (!refund_put_as(&t->p.b, &t->account, &t->in, once, &asker, &t->number, &t->change,
                       &t->asking, &t->why)) {
        book_undo(&t->p.b);
        return t->why.code;
    }
    people_keep(&t->p);
    return FAULT_NONE;
}

static enum fault_code answer(struct refunds *t, const char *id, int64_t by, bool agrees)
{
    return people_answer(&t->p, id, by, agrees, "seen", &t->why);
}

static int64_t waits(struct refunds *t)
{
    struct fault why = { 0 };
    int64_t minor;

    people_begin(&t->p);
    assert_fine(
        book_waiting(&t->p.b, t->account.key, CURRENCY_USD, book_today(&t->p.b), &minor, &why),
        why);
    people_keep(&t->p);
    return minor;
}

static enum approval_state state_of(struct refunds *t, int64_t number)
{
    struct approval of;
    struct fault why = { 0 };

    assert_fine(approval_load(t->p.b.store, &t->p.a, number, &of, &why), why);
    return of.state;
}

static void test_a_small_one_is_done_alone(void **state)
{
    struct refunds t;

    EACH_BOOK(t)
    {
        t.in.minor = 5000;
        assert_int_equal(ask(&t, t.p.cid, "collector", "k"), FAULT_NONE);
        assert_int_equal(t.asking.approval, 0);
        assert_int_equal(t.change, CHANGE_ADDED);
        assert_int_equal(waits(&t), 85000);
        int32_t first = t.number;
        assert_int_equal(ask(&t, t.p.cid, "collector", "k"), FAULT_NONE); /* once */
        assert_int_equal(t.change, CHANGE_NONE);
        assert_int_equal(t.number, first);
        assert_int_equal(waits(&t), 85000);
        assert_int_equal(ask(&t, t.p.ann, NULL, NULL), NOT_ALLOWED); /* grants nothing */
        t.in.minor = 90000;
        assert_int_equal(ask(&t, t.p.bea, "manager", NULL), CONFLICT); /* more than waits */
    }
}

static void test_another_person_agrees(void **state)
{
    struct refunds t;

    EACH_BOOK(t)
    {
        struct approver bea = people_as(&t.p, t.p.bea);
        struct approval_item *items;
        size_t count;
        assert_int_equal(ask(&t, t.p.cid, "collector", "k"), FAULT_NONE);
        assert_int_equal(t.asking.approval, 1);
        assert_int_equal(t.number, 0);
        assert_int_equal(t.change, CHANGE_ADDED);
        assert_non_null(strstr(t.asking.words, "a refund of $300.00 is more than the $50.00"));
        assert_int_equal(waits(&t), 90000);
        /* said again it waits still; another one waits its turn */
        assert_int_equal(ask(&t, t.p.cid, "collector", "k"), FAULT_NONE);
        assert_int_equal(t.asking.approval, 1);
        assert_int_equal(t.change, CHANGE_NONE);
        assert_int_equal(ask(&t, t.p.cid, "collector", "other"), CONFLICT);

        assert_fine(approval_items(t.p.b.store, &t.p.a, t.p.roles, t.p.b.zone, t.p.b.now, &bea,
                                   &items, &count, &t.why),
                    t.why);
        assert_int_equal(count, 1);
        assert_string_equal(items[0].tale.what, "Give back $300.00 of payment P1 to A");
        assert_string_equal(items[0].tale.account, "A");
        assert_non_null(strstr(items[0].tale.told, "$1,000.00 of Nov 10, 2026"));
        assert_non_null(strstr(items[0].tale.told, "No money is sent by this."));

        assert_int_equal(answer(&t, "1", t.p.cid, true), NOT_ALLOWED); /* the asker */
        assert_int_equal(answer(&t, "1", t.p.ann, true), NOT_ALLOWED); /* grants nothing */
        assert_int_equal(waits(&t), 90000);
        people_later(&t.p, 2 * 86400);
        assert_int_equal(answer(&t, "1", t.p.bea, true), FAULT_NONE);
        assert_int_equal(waits(&t), 60000);
        assert_int_equal(state_of(&t, 1), APPROVED);
        assert_int_equal(answer(&t, "1", t.p.bea, true), CONFLICT); /* once */
        /* its key is known: said again it is done */
        assert_int_equal(ask(&t, t.p.cid, "collector", "k"), FAULT_NONE);
        assert_int_equal(t.asking.approval, 0);
        assert_true(t.number > 0);
        assert_int_equal(waits(&t), 60000);
    }
}

static void test_no_leaves_everything(void **state)
{
    struct refunds t;

    EACH_BOOK(t)
    {
        assert_int_equal(ask(&t, t.p.cid, "collector", NULL), FAULT_NONE);
        assert_int_equal(answer(&t, "1", t.p.bea, false), FAULT_NONE);
        assert_int_equal(state_of(&t, 1), APPROVAL_DECLINED);
        assert_int_equal(waits(&t), 90000);
        assert_int_equal(ask(&t, t.p.cid, "collector", NULL), FAULT_NONE); /* asked anew */
        assert_int_equal(t.asking.approval, 2);
        people_begin(&t.p);
        assert_fine(approval_withdraw(&t.p.b, 2, t.p.cid, &t.why), t.why);
        people_keep(&t.p);
        assert_int_equal(waits(&t), 90000);
    }
}

/* ---- What changed meanwhile ---- */

static void refund_of_somebody(struct refunds *t)
{
    int32_t number;

    assert_fine(book_payment_refund(&t->p.b, t->account.key, &t->in, &number, &t->why), t->why);
}

static void reversed(struct refunds *t)
{
    enum change change;

    assert_fine(book_payment_back(&t->p.b, t->account.key, "P1", PAYMENT_RETURNED, "R01",
                                  &change, &t->why),
                t->why);
}

static void moved(struct refunds *t)
{
    enum change change;

    assert_fine(book_payment_move(&t->p.b, t->account.key, "P1", t->other.key, "theirs",
                                  &change, &t->why),
                t->why);
}

/* A new debt takes what waits. */
static void applied(struct refunds *t)
{
    const struct instalment_input part = { fixture_day("2026-11-15"), 80000 };
    struct move_input m = { .is = { .kind = MOVEMENT_APPLY,
                                    .day = fixture_day("2026-11-16"),
                                    .due = DAY_NONE,
                                    .component = COMPONENT_COUNT,
                                    .currency = CURRENCY_USD,
                                    .minor = 80000 } };
    enum change change;

    m.is.debt = fixture_debt(&t->p.b, t->account.key, "INV-3", CURRENCY_USD,
                             fixture_day("2026-11-01"), 1, &part);
    assert_fine(book_move_once(&t->p.b, t->account.key, "apply", &m, &change, &t->why), t->why);
}

static void test_what_changed_is_not_given_back(void **state)
{
    static void (*const changes[])(struct refunds *) = { refund_of_somebody, reversed, moved,
                                                         applied };

    for (size_t i = 0; i < COUNT(changes); i++) {
        struct refunds t;
        EACH_BOOK(t)
        {
            assert_int_equal(ask(&t, t.p.cid, "collector", NULL), FAULT_NONE);
            people_begin(&t.p);
            changes[i](&t);
            people_keep(&t.p);
            int64_t before = waits(&t);
            assert_int_equal(answer(&t, "1", t.p.bea, true), CONFLICT);
            assert_int_equal(waits(&t), before);
            assert_int_equal(state_of(&t, 1), APPROVAL_WAITING); /* nothing is lost */
            assert_int_equal(answer(&t, "1", t.p.bea, false), FAULT_NONE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_small_one_is_done_alone),
        cmocka_unit_test(test_another_person_agrees),
        cmocka_unit_test(test_no_leaves_everything),
        cmocka_unit_test(test_what_changed_is_not_given_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
