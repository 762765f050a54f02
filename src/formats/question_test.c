/*
 * A question that was printed and read again is the same question, and the gate says the same to
 * it: thousands of random ones, by all packs of the program.
 */
#include "formats/question.h"

#include "formats/rulepack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { QUESTIONS = 4000, MOST = 6 };

static struct arena kept;
static struct rulebook book;

/* ---- Chance (SplitMix64) ---------------------------------------------------------------- */

static uint64_t dice;

static uint64_t next(void)
{
    uint64_t z = dice += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static int pick(int least, int most)
{
    return least + (int)(next() % (uint64_t)(most - least + 1));
}

static bool one_in(int n)
{
    return pick(1, n) == 1;
}

static const char *word(size_t count, const char *const words[])
{
    return words[pick(0, (int)count - 1)];
}
#define WORD(...)                                                                              \
    word(COUNT(((const char *const[]){ __VA_ARGS__ })), (const char *const[]){ __VA_ARGS__ })

/* ---- Random questions ------------------------------------------------------------------- */

static struct instant some_moment(void)
{
    int64_t us = INT64_C(1780000000000000) + (int64_t)(next() % UINT64_C(30000000000000));

    return (struct instant){ one_in(2) ? us : us / 1000000 * 1000000 };
}

static struct gate_fields some_fields(struct arena *a, size_t count,
                                      const char *const names[])
{
    struct gate_field *fields = arena_array(a, struct gate_field, count);
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        if (one_in(3))
            fields[n++] = (struct gate_field){
                names[i], WORD("true", "false", "collector", "creditor", "2026-06-03", "12",
                               "a \"quoted\"\nline\t\\ ü", "", "call,sms",
                               "in conversation", "2026-06-20T14:00:00Z")
            };
    }
    return (struct gate_fields){ n, fields };
}
#define FIELDS(a, ...)                                                                         \
    some_fields(a, COUNT(((const char *const[]){ __VA_ARGS__ })),                              \
                (const char *const[]){ __VA_ARGS__ })

static const char *some_address(void)
{
    return WORD(NULL, "a@example.com", "b@example.com", "+12025550123", "1 Long Lane\nTown");
}

static const char *some_number_kind(void)
{
    return WORD(NULL, "cell", "home_landline", "work_landline");
}

static struct gate_debt some_debt(struct arena *a, int32_t number)
{
    return (struct gate_debt){
        .number = number,
        .kind = WORD(NULL, "credit_card", "medical", "invoice", "student_loan"),
        .business = one_in(4),
        .detail = FIELDS(a, "id", "creditor", "servicer_account", "cfpb_product", "sol_expired",
                         "original_creditor", "due", "last_payment"),
    };
}

static struct gate_fact some_fact(struct arena *a)
{
    struct gate_fact fact = {
        .type = (enum fact_type)pick(0, FACT_TYPE_COUNT - 1),
        .party = pick(0, 2),
        .debt = pick(0, 3),
        .other = one_in(3) ? pick(1, 3) : 0,
        .at = one_in(20) ? (struct instant){ INT64_MIN } : some_moment(), /* since ever */
        .until = one_in(2) ? INSTANT_NEVER : some_moment(),
        .scope = WORD(NULL, "address", "medium", "moratorium", "direct_consent"),
        .value = some_address(),
        .channel_known = one_in(2),
        .detail = FIELDS(a, "given_to", "channels", "call_back", "during", "basis",
                         "end_date", "written", "lifted"),
    };

    if (fact.channel_known)
        fact.channel = (enum channel)pick(0, CHANNEL_COUNT - 1);
    if (one_in(3))
        fact.hours = (struct bad_hours){ (uint8_t)pick(0, 127), pick(0, 23) * 3600,
                                         pick(0, 24) * 3600 };
    return fact;
}

static struct contact some_contact(struct arena *a)
{
    int32_t *numbers = arena_array(a, int32_t, 3);
    size_t count = 0;

    for (int32_t number = 1; number <= 3; number++) {
        if (one_in(2))
            numbers[count++] = number;
    }
    return (struct contact){
        .at = some_moment(),
        .channel = (enum channel)pick(0, CHANNEL_COUNT - 1),
        .direction = one_in(4) ? DIRECTION_IN : DIRECTION_OUT,
        .outcome = (enum outcome)pick(0, OUTCOME_COUNT - 1),
        .party = pick(1, 2),
        .debts = { count, numbers },
        .address = some_address(),
        .purpose = WORD(NULL, "collection", "reply", "statutory_notice"),
        .number_kind = some_number_kind(),
    };
}

static int facts_by_moment(const void *a, const void *b)
{
    int64_t x = ((const struct gate_fact *)a)->at.us, y = ((const struct gate_fact *)b)->at.us;

    return (x > y) - (x < y);
}

static int contacts_by_moment(const void *a, const void *b)
{
    int64_t x = ((const struct contact *)a)->at.us, y = ((const struct contact *)b)->at.us;

    return (x > y) - (x < y);
}

static void some_past(struct arena *a, struct gate_question *q)
{
    struct gate_fact *facts = arena_array(a, struct gate_fact, MOST);
    struct contact *history = arena_array(a, struct contact, MOST);

    q->fact_count = (size_t)pick(0, MOST);
    q->history_count = (size_t)pick(0, MOST);
    for (size_t i = 0; i < q->fact_count; i++)
        facts[i] = some_fact(a);
    for (size_t i = 0; i < q->history_count; i++)
        history[i] = some_contact(a);
    qsort(facts, q->fact_count, sizeof *facts, facts_by_moment);
    qsort(history, q->history_count, sizeof *history, contacts_by_moment);
    q->facts = facts;
    q->history = history;
    q->history_known = !one_in(10);
}

static void some_where(struct arena *a, struct gate_question *q)
{
    const char **places = arena_array(a, const char *, 2);
    const struct zone **zones = arena_array(a, const struct zone *, 2);

    q->place_count = (size_t)pick(0, 2);
    q->zone_count = (size_t)pick(0, 2);
    for (size_t i = 0; i < 2; i++) {
        places[i] = WORD("US-NY-NYC", "US-NY", "US-MA", "US-FL", "GB-EAW", "CA-ON", "DE");
        zones[i] = zone_find(WORD("America/New_York", "America/Phoenix", "Europe/London"));
    }
    q->places = places;
    q->zones = zones;
}

static struct gate_question some_question(struct arena *a)
{
    struct gate_question q = {
        .at = some_moment(),
        .channel = (enum channel)pick(0, CHANNEL_COUNT - 1),
        .party = pick(1, 2),
        .relation = WORD("consumer", "co_debtor", "attorney", "employer", NULL),
        .address = some_address(),
        .purpose = WORD(NULL, "collection", "reply", "statutory_notice"),
        .number_kind = some_number_kind(),
        .content = FIELDS(a, "opt_out_notice", "debt_collector_statement", "message_type",
                          "threatens_suit"),
        .role = (enum actor_role)pick(0, 2),
        .composes = one_in(2),
        .business = one_in(2),
        .extra = FIELDS(a, "visibility", "voice", "actor.name_used"),
    };
    struct gate_debt *debts = arena_array(a, struct gate_debt, 3);

    for (int32_t i = 0; i < 3; i++)
        debts[i] = some_debt(a, i + 1);
    q.casefile_debts = debts;
    q.casefile_debt_count = (size_t)pick(0, 3);
    q.debts = debts;
    q.debt_count = one_in(2) ? q.casefile_debt_count : (size_t)pick(0, 3);
    some_where(a, &q);
    some_past(a, &q);
    return q;
}

/* ---- The same ----------------------------------------------------------------------------- */

static const char *printed(struct arena *a, const struct gate_question *q)
{
    struct text text = { 0 };

    question_print(q, &text);
    const char *copy = arena_copy(a, text_of(&text));
    text_free(&text);
    return copy;
}

static void same_texts(const char *a, const char *b)
{
    if (!text_equal(a, b))
        fail_msg("\"%s\" became \"%s\"", a == NULL ? "" : a, b == NULL ? "" : b);
}

static void same_fields(struct gate_fields a, struct gate_fields b)
{
    assert_int_equal(a.count, b.count);
    for (size_t i = 0; i < a.count; i++) {
        same_texts(a.fields[i].name, b.fields[i].name);
        same_texts(a.fields[i].value, b.fields[i].value);
    }
}

static void same_debts(size_t count, const struct gate_debt *a, size_t other_count,
                       const struct gate_debt *b)
{
    assert_int_equal(count, other_count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(a[i].number, b[i].number);
        assert_int_equal(a[i].business, b[i].business);
        same_texts(a[i].kind, b[i].kind);
        same_fields(a[i].detail, b[i].detail);
    }
}

static void same_fact(const struct gate_fact *a, const struct gate_fact *b)
{
    assert_true(a->type == b->type && a->party == b->party && a->debt == b->debt &&
                a->other == b->other && a->at.us == b->at.us && a->until.us == b->until.us);
    assert_true(a->channel_known == b->channel_known && a->channel == b->channel);
    assert_true(a->hours.weekdays == b->hours.weekdays && a->hours.from == b->hours.from &&
                a->hours.to == b->hours.to);
    same_texts(a->scope, b->scope);
    same_texts(a->value, b->value);
    same_fields(a->detail, b->detail);
}

static void same_contact(const struct contact *a, const struct contact *b)
{
    assert_true(a->at.us == b->at.us && a->channel == b->channel &&
                a->direction == b->direction && a->outcome == b->outcome &&
                a->party == b->party && a->debts.count == b->debts.count);
    for (size_t i = 0; i < a->debts.count; i++)
        assert_int_equal(a->debts.numbers[i], b->debts.numbers[i]);
    same_texts(a->address, b->address);
    same_texts(a->purpose, b->purpose);
    same_texts(a->number_kind, b->number_kind);
}

static void same_where(const struct gate_question *a, const struct gate_question *b)
{
    assert_int_equal(a->place_count, b->place_count);
    assert_int_equal(a->zone_count, b->zone_count);
    for (size_t i = 0; i < a->place_count; i++)
        same_texts(a->places[i], b->places[i]);
    for (size_t i = 0; i < a->zone_count; i++)
        assert_ptr_equal(a->zones[i], b->zones[i]);
}

static void same_question(const struct gate_question *a, const struct gate_question *b)
{
    assert_true(a->at.us == b->at.us && a->channel == b->channel && a->party == b->party &&
                a->role == b->role && a->history_known == b->history_known &&
                a->composes == b->composes &&
                question_is_of_business(a) == question_is_of_business(b));
    same_texts(a->relation, b->relation);
    same_texts(a->address, b->address);
    same_texts(a->purpose, b->purpose);
    same_texts(a->number_kind, b->number_kind);
    same_fields(a->content, b->content);
    same_fields(a->extra, b->extra);
    same_where(a, b);
    same_debts(a->debt_count, a->debts, b->debt_count, b->debts);
    same_debts(a->casefile_debt_count, a->casefile_debts, b->casefile_debt_count,
               b->casefile_debts);
    assert_int_equal(a->fact_count, b->fact_count);
    for (size_t i = 0; i < a->fact_count; i++)
        same_fact(&a->facts[i], &b->facts[i]);
    assert_int_equal(a->history_count, b->history_count);
    for (size_t i = 0; i < a->history_count; i++)
        same_contact(&a->history[i], &b->history[i]);
}

/* Texts of both questions are their own, so pointers are left out. */
static void same_verdict(const struct verdict *a, const struct verdict *b)
{
    assert_true(a->ruling == b->ruling && a->until.us == b->until.us &&
                a->finding_count == b->finding_count && a->duty_count == b->duty_count);
    for (size_t i = 0; i < a->finding_count; i++) {
        const struct finding *x = &a->findings[i], *y = &b->findings[i];
        assert_true(x->rule == y->rule && x->ruling == y->ruling && x->until.us == y->until.us);
        same_texts(x->unknown, y->unknown);
    }
    for (size_t i = 0; i < a->duty_count; i++) {
        const struct duty *x = &a->duties[i], *y = &b->duties[i];
        assert_true(x->rule == y->rule && x->due.number == y->due.number);
        same_texts(x->what, y->what);
        same_texts(x->text, y->text);
    }
}

static void reading_gives_back_what_was_printed(void **state)
{
    size_t rulings[3] = { 0 };
    struct arena a = { 0 };

    (void)state;
    for (uint64_t seed = 1; seed <= QUESTIONS; seed++) {
        dice = seed;
        struct gate_question q = some_question(&a), again;
        struct gate_packs packs = rulepack_choose(&book, &a, q.places, q.place_count, q.role,
                                                  one_in(2));
        const char *text = printed(&a, &q);
        struct fault why = { 0 };
        if (!question_parse(&a, text, &again, &why))
            fail_msg("%s\n%s", why.text, text);
        same_question(&q, &again);
        same_texts(text, printed(&a, &again));
        static struct verdict one, other;
        gate_judge(packs, &q, &one);
        gate_judge(packs, &again, &other);
        same_verdict(&one, &other);
        rulings[one.ruling]++;
        arena_reset(&a);
    }
    arena_free(&a);
    for (size_t i = 0; i < COUNT(rulings); i++)
        assert_true(rulings[i] > 20); /* of each kind there were some */
}

static void of_two_fields_the_first_is_kept(void **state)
{
    static const struct gate_field fields[] = { { "due", "1" }, { "id", "x" }, { "due", "1" } };
    struct gate_question q = { .content = { COUNT(fields), fields } };
    struct arena a = { 0 };
    const char *text = printed(&a, &q);

    (void)state;
    if (strstr(text, "\"content\":{\"due\":\"1\",\"id\":\"x\"}") == NULL)
        fail_msg("%s", text);
    arena_free(&a);
}

/* ---- What is refused ---------------------------------------------------------------------- */

#define WHOLE "\"at\":\"2026-06-01T12:00:00Z\",\"channel\":\"email\",\"role\":\"debt_buyer\""
static const struct {
    const char *text, *says;
} refused[] = {
    { "{", "not JSON" },
    { "[]", "fields by name" },
    { "{\"channel\":\"email\",\"role\":\"debt_buyer\"}", "at: a moment" },
    { "{" WHOLE ",\"at\":1}", "not JSON" },
    { "{" WHOLE ",\"zones\":[\"Europe/Nowhere\"]}", "Europe/Nowhere" },
    { "{" WHOLE ",\"places\":[7]}", "places" },
    { "{" WHOLE ",\"debts\":{}}", "debts: a list" },
    { "{" WHOLE ",\"party\":\"P1\"}", "party: a whole number" },
    { "{" WHOLE ",\"party\":3000000000}", "party: a whole number" },
    { "{" WHOLE ",\"facts\":[{\"type\":\"whim\",\"at\":1}]}", "whim" },
    { "{" WHOLE ",\"facts\":[{\"type\":\"hold\",\"at\":2},{\"type\":\"hold\",\"at\":1}]}",
      "facts: the order" },
    { "{" WHOLE ",\"history\":[{\"at\":1,\"channel\":\"email\",\"outcome\":\"lost\"}]}",
      "lost" },
    { "{" WHOLE ",\"content\":{\"opt_out_notice\":true}}", "content.opt_out_notice" },
    { "{" WHOLE ",\"history_known\":\"no\"}", "history_known" },
};

static void what_is_no_question_is_refused(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct gate_question q;
        struct fault why = { 0 };
        assert_false(question_parse(&a, refused[i].text, &q, &why));
        if (why.code != BAD_VALUE || strstr(why.text, refused[i].says) == NULL)
            fail_msg("%s: \"%s\"", refused[i].text, why.text);
    }
    arena_free(&a);
}

static int load(void **state)
{
    struct fault why;

    (void)state;
    return rulepack_load_all(&kept, &book, &why) ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    arena_free(&kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_gives_back_what_was_printed),
        cmocka_unit_test(of_two_fields_the_first_is_kept),
        cmocka_unit_test(what_is_no_question_is_refused),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
