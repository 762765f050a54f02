/* Plans and settlements in the book, and what the cycle makes of them, on both databases. */
#include "flow/book_fixture.h"
#include "flow/book_parts.h"
#include "flow/cycle.h"
#include "flow/movements.h"
#include "flow/offer.h"
#include "store/casefiles.h"

static const char *const monday = "2026-11-16T12:00:00Z";

struct stage {
    struct fixture f;
    struct book b;
    struct casefile_key key;
    int32_t debt;
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

/*
 * A debtor in Chicago (or in these zones) who owes 900.00 since October. Their strategy gives
 * three days of grace, and takes nine tenths for a promise.
 */
static void set_up(struct stage *s, const char *zones)
{
    const struct instalment_input slice = { fixture_day("2026-10-15"), 90000 };
    struct debtor_input in = { .reference = "A", .name = "A", .zones = zones, .source = "test" };
    struct fault why = { 0 };
    enum change change;

    begin(s, monday);
    assert_fine(book_set(s->b.store, "zone", "America/Chicago", &why), why);
    keep(s);
    begin(s, monday);
    assert_fine(book_debtor_put(&s->b, &in, &s->key, &change, &why), why);
    s->debt = fixture_debt(&s->b, s->key, "D", CURRENCY_USD, fixture_day("2026-09-15"), 1, &slice);
    keep(s);
}

static struct cycle_result cycle(struct stage *s, const char *at)
{
    struct cycle_request request = { .url = s->f.url, .now = fixture_at(at) };
    struct cycle_result result;
    struct fault why = { 0 };

    assert_fine(cycle_run(&request, &result, &why), why);
    return result;
}

static void pay(struct stage *s, const char *reference, const char *day, int64_t minor)
{
    begin(s, "2026-11-16T18:00:00Z");
    fixture_payment(&s->b, s->key, reference, 0, CURRENCY_USD, fixture_day(day), minor, false);
    keep(s);
}

static void give_back(struct stage *s, const char *reference, const char *at)
{
    enum change change;
    struct fault why = { 0 };

    begin(s, at);
    assert_fine(book_payment_back(&s->b, s->key, reference, PAYMENT_RETURNED, NULL, &change,
                                  &why),
                why);
    keep(s);
}

/* Three weekly payments of 300.00 from Friday on. */
static int32_t make_plan(struct stage *s, const char *once, enum change wanted)
{
    const struct plan_item items[] = { { fixture_day("2026-11-20"), 30000 },
                                       { fixture_day("2026-11-27"), 30000 },
                                       { fixture_day("2026-12-04"), 30000 } };
    const struct plan_input in = { .currency = CURRENCY_USD,
                                   .item_count = 3,
                                   .items = items,
                                   .schedule = "weekly",
                                   .interest_frozen = true,
                                   .cure_days = 5,
                                   .author = "luis" };
    struct fault why = { 0 };
    enum change change;
    int32_t number;

    begin(s, monday);
    assert_fine(book_plan_add(&s->b, s->key, once, &in, &number, &change, &why), why);
    assert_int_equal(change, wanted);
    keep(s);
    return number;
}

/* "active: 2026-11-20 300.00 kept, …" */
static const char *told(struct stage *s, int32_t number)
{
    static char text[1000];
    char day[DAY_TEXT], money[MONEY_TEXT];
    struct held_plan plan;
    struct fault why = { 0 };

    begin(s, monday);
    assert_fine(plan_get(s->b.store, &s->b.arena, s->key, number, &plan, &why), why);
    size_t at = (size_t)snprintf(text, sizeof text, "%s", plan_state_name(plan.is.state));
    for (size_t i = 0; i < plan.item_count; i++)
        at += (size_t)snprintf(
            text + at, sizeof text - at, "%s %s %s %s", i == 0 ? ":" : ",",
            day_print(plan.items[i].due_day, day) + 5,
            money_print(money_of(plan.items[i].minor, plan.is.currency), money),
            promise_state_name(plan.items[i].state));
    keep(s);
    return text;
}

static int64_t count_of(struct stage *s, const char *origin, struct day *due)
{
    struct move_input *moves;
    size_t count;
    struct fault why = { 0 };

    begin(s, monday);
    assert_fine(book_moves_from(&s->b, s->key, origin, &moves, &count, &why), why);
    if (count > 0)
        *due = moves[0].is.due;
    int64_t minor = count > 0 && moves[0].is.kind != MOVEMENT_FREEZE ? moves[0].is.minor : 0;
    keep(s);
    return minor;
}

#define ON_BOTH(s, zones)                                                                      \
    for (size_t which = 0; which < FIXTURES; which++)                                          \
        if (fixture_begin(&(s)->f, which, "plan") && (set_up((s), zones), true))

/* ---- Plans ---- */

static void a_plan_is_kept_to_its_end(void **state)
{
    struct stage s;

    (void)state;
    ON_BOTH(&s, NULL)
    {
        int32_t plan = make_plan(&s, "k", CHANGE_ADDED);
        assert_int_equal(make_plan(&s, "k", CHANGE_NONE), plan);
        cycle(&s, "2026-11-17T12:00:00Z");
        assert_string_equal(told(&s, plan), "active: 11-20 300.00 open, 11-27 300.00 open, "
                                            "12-04 300.00 open");
        pay(&s, "p1", "2026-11-20", 45000);
        cycle(&s, "2026-12-01T12:00:00Z");
        assert_string_equal(told(&s, plan), "active: 11-20 300.00 kept, 11-27 300.00 partly_kept, "
                                            "12-04 300.00 open");
        pay(&s, "p2", "2026-12-01", 45000);
        cycle(&s, "2026-12-01T13:00:00Z");
        assert_string_equal(told(&s, plan), "completed: 11-20 300.00 kept, 11-27 300.00 "
                                            "partly_kept, 12-04 300.00 kept");
        fixture_end(&s.f);
    }
}

static const char *origin_of(const char *what, int32_t number)
{
    static char text[40];

    snprintf(text, sizeof text, "%s %d", what, (int)number);
    return text;
}

static void a_plan_that_is_missed_defaults_after_its_cure(void **state)
{
    struct stage s;

    (void)state;
    ON_BOTH(&s, NULL)
    {
        struct day due = DAY_NONE;
        int32_t plan = make_plan(&s, NULL, CHANGE_ADDED);
        count_of(&s, origin_of("plan", plan), &due);
        assert_int_equal(due.number, DAY_NEVER.number);
        cycle(&s, "2026-11-24T12:00:00Z");
        assert_string_equal(told(&s, plan), "active: 11-20 300.00 broken, 11-27 300.00 open, "
                                            "12-04 300.00 open");
        cycle(&s, "2026-11-29T12:00:00Z");
        assert_string_equal(told(&s, plan),
                            "defaulted: 11-20 300.00 broken, 11-27 300.00 withdrawn, "
                            "12-04 300.00 withdrawn");
        count_of(&s, origin_of("plan", plan), &due);
        assert_int_equal(due.number, fixture_day("2026-11-29").number);
        /* a payment of the last day of the cure, known three days later */
        pay(&s, "p1", "2026-11-28", 30000);
        cycle(&s, "2026-11-30T05:00:00Z");
        assert_string_equal(told(&s, plan), "active: 11-20 300.00 broken, 11-27 300.00 open, "
                                            "12-04 300.00 open");
        count_of(&s, origin_of("plan", plan), &due);
        assert_int_equal(due.number, DAY_NEVER.number);
        give_back(&s, "p1", "2026-11-30T12:00:00Z");
        cycle(&s, "2026-11-30T13:00:00Z");
        assert_string_equal(told(&s, plan),
                            "defaulted: 11-20 300.00 broken, 11-27 300.00 withdrawn, "
                            "12-04 300.00 withdrawn");
        fixture_end(&s.f);
    }
}

/* X48: a day ends in Honolulu when it is morning in Chicago. */
static void a_day_ends_where_the_debtor_is(void **state)
{
    struct stage s;

    (void)state;
    ON_BOTH(&s, "Pacific/Honolulu")
    {
        int32_t plan = make_plan(&s, NULL, CHANGE_ADDED);
        cycle(&s, "2026-11-17T12:00:00Z");
        cycle(&s, "2026-11-24T09:59:00Z");
        assert_memory_equal(told(&s, plan), "active: 11-20 300.00 open", 25);
        assert_int_equal(cycle(&s, "2026-11-24T10:00:00Z").promises_settled, 1);
        assert_memory_equal(told(&s, plan), "active: 11-20 300.00 broken", 27);
        fixture_end(&s.f);
    }
}

static int64_t row_count(struct stage *s)
{
    struct fault why = { 0 };
    int64_t seq = 0;

    begin(s, monday);
    struct query q = query_begin(s->b.store, Q_PROVE_HEAD);
    bind_int(&q, s->key.bucket);
    if (query_next(&q))
        seq = row_int(&q, 0);
    assert_fine(query_end(&q, &why), why);
    keep(s);
    return seq;
}

static void a_cycle_that_is_repeated_writes_nothing(void **state)
{
    struct stage s;

    (void)state;
    ON_BOTH(&s, NULL)
    {
        make_plan(&s, NULL, CHANGE_ADDED);
        for (int day = 17; day < 30; day++) {
            char at[40];
            snprintf(at, sizeof at, "2026-11-%02dT12:00:00Z", day);
            cycle(&s, at);
            int64_t rows = row_count(&s);
            struct cycle_request again = { .url = s.f.url, .now = fixture_at(at), .full = true };
            struct cycle_result result;
            struct fault why = { 0 };
            assert_fine(cycle_run(&again, &result, &why), why);
            assert_int_equal(result.promises_settled, 0);
            assert_int_equal(row_count(&s), rows);
        }
        fixture_end(&s.f);
    }
}

/* ---- What people do to a plan ---- */

static void skipped_moved_and_paused(void **state)
{
    const struct plan_act act = { .author = "luis" }, old = { .if_version = 1 };
    struct stage s;

    (void)state;
    ON_BOTH(&s, NULL)
    {
        struct fault why = { 0 };
        int32_t plan = make_plan(&s, NULL, CHANGE_ADDED);
        begin(&s, monday);
        assert_fine(book_plan_skip(&s.b, s.key, plan, 1, &act, &why), why);
        assert_false(book_plan_skip(&s.b, s.key, plan, 1, &old, &why));
        assert_int_equal(why.code, CONFLICT);
        keep(&s);
        assert_string_equal(told(&s, plan), "active: 11-27 300.00 open, 12-04 300.00 open, "
                                            "12-11 300.00 open");
        begin(&s, monday);
        assert_fine(book_plan_move(&s.b, s.key, plan, 2, fixture_day("2026-11-30"), &act, &why),
                    why);
        assert_fine(book_plan_pause(&s.b, s.key, plan, fixture_day("2027-01-01"), &act, &why),
                    why);
        keep(&s);
        assert_string_equal(told(&s, plan), "paused: 01-04 300.00 open, 01-11 300.00 open, "
                                            "01-18 300.00 open");
        cycle(&s, "2026-12-20T12:00:00Z");
        assert_memory_equal(told(&s, plan), "paused", 6);
        cycle(&s, "2027-01-01T12:00:00Z");
        assert_memory_equal(told(&s, plan), "active", 6);
        begin(&s, "2027-01-02T12:00:00Z");
        assert_fine(book_plan_cancel(&s.b, s.key, plan, &act, &why), why);
        keep(&s);
        assert_string_equal(told(&s, plan),
                            "cancelled: 01-04 300.00 withdrawn, 01-11 300.00 withdrawn, "
                            "01-18 300.00 withdrawn");
        fixture_end(&s.f);
    }
}

static uint64_t seed = 3321;

static int dice(int least, int most)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return least + (int)(seed % (uint64_t)(most - least + 1));
}

static void change_all(struct stage *s, int32_t number, const struct plan_act *act)
{
    struct held_plan plan;
    struct plan_item items[4];
    struct fault why = { 0 };
    int count = dice(1, 4);

    assert_fine(plan_get(s->b.store, &s->b.arena, s->key, number, &plan, &why), why);
    int64_t left = held_plan_open(&plan);
    for (int i = 0; i < count; i++) {
        int64_t part = i == count - 1 ? left : left / (count - i) - dice(0, 1);
        items[i] = (struct plan_item){ fixture_day("2026-12-01"), part };
        items[i].day.number += 7 * i + dice(0, 5);
        left -= part;
    }
    assert_fine(book_plan_change(&s->b, s->key, number, (size_t)count, items, "weekly", act, &why),
                why);
    items[0].minor++;
    assert_false(
        book_plan_change(&s->b, s->key, number, (size_t)count, items, "weekly", act, &why));
}

/* The instalments are the total, to the last cent, whatever was done to them. */
static void the_sum_stays_exact(void **state)
{
    const struct plan_act act = { .author = "luis" };
    struct stage s;

    (void)state;
    ON_BOTH(&s, NULL)
    {
        int32_t number = make_plan(&s, NULL, CHANGE_ADDED);
        begin(&s, monday);
        for (int i = 0; i < 200; i++) {
            struct held_plan plan;
            struct fault why = { 0 };
            int64_t sum = 0;
            assert_fine(plan_get(s.b.store, &s.b.arena, s.key, number, &plan, &why), why);
            for (size_t k = 0; k < plan.item_count; k++)
                sum += plan.items[k].minor;
            assert_int_equal(sum, 90000);
            assert_int_equal(plan.version, 1 + i);
            int32_t item = plan.items[dice(0, (int)plan.item_count - 1)].number;
            if (dice(0, 3) == 0)
                change_all(&s, number, &act);
            else if (dice(0, 1) == 0)
                assert_fine(book_plan_skip(&s.b, s.key, number, item, &act, &why), why);
            else
                assert_fine(book_plan_move(&s.b, s.key, number, item,
                                           day_plus(fixture_day("2026-11-20"), dice(0, 90)), &act,
                                           &why),
                            why);
        }
        keep(&s);
        fixture_end(&s.f);
    }
}

/* ---- Settlements ---- */

static int32_t make_offer(struct stage *s, int64_t minor, enum residual residual,
                          const char *role, struct offer_ruling *ruling)
{
    const struct offer_input in = { .currency = CURRENCY_USD,
                                    .minor = minor,
                                    .instalments = 1,
                                    .first_day = fixture_day("2026-11-20"),
                                    .expires_day = fixture_day("2026-11-18"),
                                    .residual = residual,
                                    .void_on_default = true,
                                    .author = "luis",
                                    .role = role };
    struct fault why = { 0 };
    enum change change;
    int32_t number;

    begin(s, monday);
    assert_fine(book_offer_add(&s->b, s->key, NULL, &in, &number, &change, ruling, &why), why);
    keep(s);
    return number;
}

static const char *offer_told(struct stage *s, int32_t number)
{
    struct held_offer offer;
    struct fault why = { 0 };

    begin(s, monday);
    assert_fine(offer_get(s->b.store, &s->b.arena, s->key, number, s->b.zone, &offer, &why), why);
    keep(s);
    return offer_state_name(offer.state);
}

static int32_t accept(struct stage *s, int32_t number)
{
    const struct offer_act act = { .author = "luis", .role = "collector" };
    struct offer_ruling ruling;
    struct fault why = { 0 };

    begin(s, monday);
    assert_fine(book_offer_accept(&s->b, s->key, number, &act, &ruling, &why), why);
    keep(s);
    return ruling.plan;
}

static int64_t open_of(struct stage *s)
{
    struct fault why = { 0 };
    int64_t minor;

    begin(s, monday);
    assert_fine(book_debt_open(&s->b, s->key, s->debt, &minor, &why), why);
    keep(s);
    return minor;
}

static void a_settlement_forgives_when_it_is_paid(void **state)
{
    struct stage s;

    (void)state;
    ON_BOTH(&s, NULL)
    {
        struct offer_ruling ruling;
        struct day day;
        int32_t offer = make_offer(&s, 81000, RESIDUAL_FORGIVEN, "collector", &ruling);
        assert_int_equal(ruling.state, OFFER_OPEN); /* ten percent is the collector's own */
        int32_t plan = accept(&s, offer);
        assert_int_equal(accept(&s, offer), plan);
        cycle(&s, "2026-11-17T12:00:00Z");
        pay(&s, "p1", "2026-11-18", 81000);
        assert_int_equal(count_of(&s, origin_of("offer", offer), &day), 0);
        cycle(&s, "2026-11-19T12:00:00Z");
        assert_string_equal(offer_told(&s, offer), "fulfilled");
        assert_memory_equal(told(&s, plan), "completed", 9);
        assert_int_equal(count_of(&s, origin_of("offer", offer), &day), 9000);
        assert_int_equal(open_of(&s), 0);
        /* the money goes back: so does what was forgiven for it */
        give_back(&s, "p1", "2026-11-24T12:00:00Z");
        cycle(&s, "2026-11-24T13:00:00Z");
        assert_string_equal(offer_told(&s, offer), "void");
        assert_int_equal(count_of(&s, origin_of("offer", offer), &day), 0);
        assert_int_equal(open_of(&s), 90000);
        fixture_end(&s.f);
    }
}

static void a_settlement_that_is_not_paid_is_void(void **state)
{
    struct stage s;

    (void)state;
    ON_BOTH(&s, NULL)
    {
        struct offer_ruling ruling;
        int32_t offer = make_offer(&s, 81000, RESIDUAL_FORGIVEN, "collector", &ruling);
        int32_t late = make_offer(&s, 82000, RESIDUAL_FORGIVEN, "collector", &ruling);
        accept(&s, offer);
        pay(&s, "p1", "2026-11-18", 80999); /* a cent too little */
        cycle(&s, "2026-11-18T12:00:00Z");
        assert_string_equal(offer_told(&s, late), "open");
        cycle(&s, "2026-11-24T12:00:00Z");
        assert_string_equal(offer_told(&s, offer), "void");
        assert_string_equal(offer_told(&s, late), "expired");
        assert_int_equal(open_of(&s), 9001);
        fixture_end(&s.f);
    }
}

static void more_than_one_may_grant_takes_two(void **state)
{
    const struct offer_act own = { .author = "luis", .role = "manager" };
    const struct offer_act low = { .author = "dana", .role = "collector" };
    const struct offer_act lead = { .author = "dana", .role = "team_lead" };
    struct stage s;

    (void)state;
    ON_BOTH(&s, NULL)
    {
        struct offer_ruling ruling;
        struct fault why = { 0 };
        int32_t offer = make_offer(&s, 80999, RESIDUAL_FORGIVEN, "collector", &ruling);
        assert_int_equal(ruling.state, OFFER_WAITING_APPROVAL);
        assert_non_null(ruling.words);
        begin(&s, monday);
        assert_false(book_offer_accept(&s.b, s.key, offer, &own, &ruling, &why));
        assert_int_equal(why.code, CONFLICT);
        assert_false(book_offer_approve(&s.b, s.key, offer, &own, &ruling, &why));
        assert_int_equal(why.code, NOT_ALLOWED);
        assert_false(book_offer_approve(&s.b, s.key, offer, &low, &ruling, &why));
        assert_int_equal(why.code, NOT_ALLOWED);
        why = (struct fault){ 0 };
        assert_fine(book_offer_approve(&s.b, s.key, offer, &lead, &ruling, &why), why);
        assert_int_equal(ruling.state, OFFER_OPEN);
        keep(&s);
        accept(&s, offer);
        assert_string_equal(offer_told(&s, offer), "accepted");
        fixture_end(&s.f);
    }
}

/* Pay by Friday, and the fee is waived. */
static void fees_are_waived_when_it_is_paid(void **state)
{
    struct stage s;

    (void)state;
    ON_BOTH(&s, NULL)
    {
        struct move_input fee = { .is = { .kind = MOVEMENT_CHARGE,
                                          .day = fixture_day("2026-11-01"),
                                          .due = DAY_NONE,
                                          .debt = s.debt,
                                          .instalment = 1,
                                          .component = COMPONENT_FEES,
                                          .currency = CURRENCY_USD,
                                          .minor = 2500,
                                          .reference = "fee" },
                                  .ground = "contract 4" };
        struct offer_ruling ruling;
        struct fault why = { 0 };
        struct day day;
        begin(&s, monday);
        assert_fine(book_move_add(&s.b, s.key, &fee, &why), why);
        keep(&s);
        int32_t offer = make_offer(&s, 90000, RESIDUAL_FEES_WAIVED, "collector", &ruling);
        assert_int_equal(ruling.state, OFFER_OPEN);
        accept(&s, offer);
        pay(&s, "p1", "2026-11-20", 90000);
        cycle(&s, "2026-11-20T13:00:00Z");
        assert_string_equal(offer_told(&s, offer), "fulfilled");
        assert_int_equal(count_of(&s, origin_of("offer", offer), &day), 2500);
        fixture_end(&s.f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_kept_to_its_end),
        cmocka_unit_test(a_plan_that_is_missed_defaults_after_its_cure),
        cmocka_unit_test(a_day_ends_where_the_debtor_is),
        cmocka_unit_test(a_cycle_that_is_repeated_writes_nothing),
        cmocka_unit_test(skipped_moved_and_paused),
        cmocka_unit_test(the_sum_stays_exact),
        cmocka_unit_test(a_settlement_forgives_when_it_is_paid),
        cmocka_unit_test(a_settlement_that_is_not_paid_is_void),
        cmocka_unit_test(more_than_one_may_grant_takes_two),
        cmocka_unit_test(fees_are_waived_when_it_is_paid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
