/* Disputes and holds in the book, on both databases. */
#include "flow/dispute.h"

#include "flow/book_fixture.h"
#include "flow/hold.h"
#include "flow/movements.h"
#include "flow/prove.h"
#include "store/casefiles.h"

struct desk {
    struct fixture f;
    struct book b;
    struct casefile_key key;
    int32_t first, second; /* debts */
    struct fault why;
};

static void on(struct desk *d, const char *day)
{
    char text[40];

    snprintf(text, sizeof text, "%sT12:00:00Z", day);
    d->b.now = fixture_at(text);
}

/* A debtor who owes 100.00 and 50.00, due on the tenth and on the twentieth of October. */
static bool desk_begin(struct desk *d, size_t kind, const char *name)
{
    *d = (struct desk){ 0 };
    if (!fixture_begin(&d->f, kind, name))
        return false;
    assert_fine(book_open(&d->b, d->f.url, fixture_at("2026-10-01T12:00:00Z"), &d->why),
                d->why);
    assert_fine(book_begin(&d->b, &d->why), d->why);
    d->key = fixture_debtor(&d->b, "A");
    struct instalment_input due = { fixture_day("2026-10-10"), 10000 };
    d->first =
        fixture_debt(&d->b, d->key, "I-1", CURRENCY_EUR, fixture_day("2026-10-01"), 1, &due);
    due = (struct instalment_input){ fixture_day("2026-10-20"), 5000 };
    d->second =
        fixture_debt(&d->b, d->key, "I-2", CURRENCY_EUR, fixture_day("2026-10-01"), 1, &due);
    return true;
}

/* Everything that was written is true of itself. */
static void desk_end(struct desk *d)
{
    size_t findings = 1;
    char *said = NULL;
    size_t length;
    FILE *out = open_memstream(&said, &length);

    assert_fine(book_commit(&d->b, &d->why), d->why);
    assert_fine(prove_book(d->b.store, out, false, &findings, &d->why), d->why);
    fclose(out);
    if (findings != 0)
        fail_msg("%s", said);
    free(said);
    book_close(&d->b);
    fixture_end(&d->f);
}

static struct dispute of(const struct desk *d, int32_t debt, int64_t minor)
{
    return (struct dispute){ .debt = debt,
                             .component = COMPONENT_COUNT,
                             .currency = CURRENCY_EUR,
                             .minor = minor,
                             .reason = "amount",
                             .received = wall_at(d->b.now, d->b.zone).day,
                             .answer_by = DAY_NONE };
}

static int32_t open_one(struct desk *d, struct dispute in)
{
    enum change change;
    int32_t number;

    assert_fine(dispute_open(&d->b, d->key, &in, NULL, &number, &change, &d->why), d->why);
    assert_int_equal(change, CHANGE_ADDED);
    return number;
}

static int64_t answer(struct desk *d, int32_t number, enum dispute_state result, int64_t minor,
                      struct day day)
{
    struct dispute_answer in = {
        .result = result, .minor = minor, .day = day, .proof = DAY_NONE, .author = "Ann"
    };
    enum change change;
    int64_t corrected;

    assert_fine(dispute_close(&d->b, d->key, number, &in, &corrected, &change, &d->why),
                d->why);
    return corrected;
}

static struct instalment item(struct desk *d, int32_t debt)
{
    struct casefile *c;

    assert_fine(book_settle(&d->b, &d->why), d->why);
    assert_fine(casefile_load(d->b.store, &d->b.arena, d->key, wall_at(d->b.now, d->b.zone).day,
                              &c, &d->why),
                d->why);
    for (size_t i = 0; i < c->instalment_count; i++) {
        if (c->instalments[i].debt == debt)
            return c->instalments[i];
    }
    return (struct instalment){ 0 };
}

static int64_t waiting(struct desk *d)
{
    struct ledger_books books;

    assert_fine(book_settle(&d->b, &d->why), d->why);
    assert_fine(books_as_of(d->b.store, &d->b.arena, d->key, wall_at(d->b.now, d->b.zone).day,
                            INSTANT_NEVER, &books, &d->why),
                d->why);
    return ledger_waiting(&books.state, CURRENCY_EUR);
}

static void each(void (*test)(struct desk *d), const char *name)
{
    for (size_t i = 0; i < FIXTURES; i++) {
        struct desk d;
        if (!desk_begin(&d, i, name))
            continue;
        test(&d);
        desk_end(&d);
    }
}

/* ---- A part ---- */

static void part(struct desk *d)
{
    int32_t number = open_one(d, of(d, d->first, 3000));

    assert_int_equal(item(d, d->first).disputed_minor, 3000);
    assert_int_equal(item(d, d->first).open_minor, 7000);
    assert_int_equal(item(d, d->second).open_minor, 5000);
    /* what is not disputed is paid first; what more comes for it, pays it */
    fixture_payment(&d->b, d->key, "p", d->first, CURRENCY_EUR, fixture_day("2026-10-01"), 7500,
                    false);
    assert_int_equal(item(d, d->first).disputed_minor, 2500);
    assert_int_equal(item(d, d->first).open_minor, 0);
    on(d, "2026-10-05");
    /* 75.00 were paid of what was 70.00 from the beginning: 5.00 go to the other debt */
    assert_int_equal(answer(d, number, DISPUTE_UPHELD, 0, fixture_day("2026-10-01")), 3000);
    assert_int_equal(item(d, d->first).disputed_minor, 0);
    assert_int_equal(item(d, d->first).amount_minor - item(d, d->first).paid_minor, 0);
    assert_int_equal(item(d, d->second).open_minor, 4500);
    assert_int_equal(waiting(d), 0);
}

static void test_part(void **state)
{
    (void)state;
    each(part, "part");
}

static void undone(struct desk *d)
{
    enum change change;
    int32_t number = open_one(d, of(d, d->first, 3000));

    on(d, "2026-10-05");
    assert_int_equal(answer(d, number, DISPUTE_PARTLY_UPHELD, 1000, DAY_NONE), 1000);
    assert_int_equal(item(d, d->first).open_minor, 9000);
    assert_fine(dispute_reopen(&d->b, d->key, number, "Ann", &change, &d->why), d->why);
    assert_int_equal(item(d, d->first).open_minor, 7000);
    assert_int_equal(item(d, d->first).disputed_minor, 3000);
    assert_fine(dispute_reopen(&d->b, d->key, number, "Ann", &change, &d->why), d->why);
    assert_int_equal(change, CHANGE_NONE);
    assert_int_equal(answer(d, number, DISPUTE_NOT_UPHELD, 0, DAY_NONE), 0);
    assert_int_equal(item(d, d->first).open_minor, 10000);
}

static void test_undone(void **state)
{
    (void)state;
    each(undone, "undone");
}

static void said_twice(struct desk *d)
{
    struct dispute in = of(d, d->first, 3000);
    struct dispute_answer other = { .result = DISPUTE_UPHELD,
                                    .day = DAY_NONE,
                                    .proof = DAY_NONE };
    int32_t number = open_one(d, in), again;
    enum change change;
    int64_t corrected;

    assert_fine(dispute_open(&d->b, d->key, &in, "k", &again, &change, &d->why), d->why);
    assert_int_equal(change, CHANGE_NONE);
    assert_int_equal(again, number);
    in.minor = 3001; /* the key stands for the first one */
    assert_fine(dispute_open(&d->b, d->key, &in, "k", &again, &change, &d->why), d->why);
    assert_int_equal(again, number);
    answer(d, number, DISPUTE_NOT_UPHELD, 0, DAY_NONE);
    answer(d, number, DISPUTE_NOT_UPHELD, 0, DAY_NONE);
    assert_false(dispute_close(&d->b, d->key, number, &other, &corrected, &change, &d->why));
    assert_int_equal(d->why.code, CONFLICT);
    d->why = (struct fault){ 0 };
}

static void test_said_twice(void **state)
{
    (void)state;
    each(said_twice, "twice");
}

static void refused(struct desk *d)
{
    struct dispute all = of(d, 0, 100), none = of(d, d->first, 0), line = of(d, d->first, 0);
    struct dispute *bad[] = { &all, &none, &line };
    enum change change;
    int32_t number;

    none.instalment = 9;
    line.line = "2 panes";
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(dispute_open(&d->b, d->key, bad[i], NULL, &number, &change, &d->why));
        assert_true(d->why.code == BAD_VALUE || d->why.code == NOT_FOUND);
        d->why = (struct fault){ 0 };
    }
}

static void test_refused(void **state)
{
    (void)state;
    each(refused, "refused");
}

/* ---- A whole debt ---- */

/* X43: what was taken off and is more than is open nets the rest; nobody is asked for it. */
static void credits_are_netted(struct desk *d)
{
    int32_t number;

    fixture_payment(&d->b, d->key, "p", d->first, CURRENCY_EUR, fixture_day("2026-10-01"),
                    10000, false);
    on(d, "2026-10-03");
    number = open_one(d, of(d, d->first, 4000));
    assert_int_equal(answer(d, number, DISPUTE_UPHELD, 0, DAY_NONE), 4000);
    assert_int_equal(item(d, d->second).open_minor, 1000);
    assert_int_equal(waiting(d), 0);
}

static void test_x43_credits_are_netted(void **state)
{
    (void)state;
    each(credits_are_netted, "net");
}

/* 15 USC 1692h, and after it: the money waits while it is disputed, not for ever. */
static void whole(struct desk *d)
{
    int32_t number = open_one(d, of(d, d->first, 0));

    on(d, "2026-10-03");
    fixture_payment(&d->b, d->key, "p", 0, CURRENCY_EUR, fixture_day("2026-10-03"), 8000,
                    false);
    assert_int_equal(item(d, d->first).paid_minor, 0);
    assert_int_equal(item(d, d->first).disputed_minor, 0); /* the fact stops it as a whole */
    assert_int_equal(item(d, d->first).open_minor, 10000);
    assert_int_equal(waiting(d), 3000);
    on(d, "2026-10-04");
    answer(d, number, DISPUTE_NOT_UPHELD, 0, DAY_NONE);
    assert_int_equal(waiting(d), 0);
    assert_int_equal(item(d, d->first).open_minor, 7000);
}

static void test_whole(void **state)
{
    (void)state;
    each(whole, "whole");
}

/* X30: dated back, what was charged since goes, too, and nothing else does. */
static void dated_back(struct desk *d)
{
    struct move_input fee = { .is = { .kind = MOVEMENT_CHARGE,
                                      .day = fixture_day("2026-10-12"),
                                      .debt = d->first,
                                      .component = COMPONENT_FEES,
                                      .currency = CURRENCY_EUR,
                                      .minor = 400,
                                      .reference = "fee" },
                              .ground = "contract" };
    int32_t number;

    on(d, "2026-10-12");
    assert_fine(book_move_add(&d->b, d->key, &fee, &d->why), d->why);
    number = open_one(d, of(d, d->first, 0));
    on(d, "2026-10-15");
    assert_int_equal(answer(d, number, DISPUTE_UPHELD, 0, fixture_day("2026-10-05")), 10400);
    assert_int_equal(item(d, d->first).open_minor, 0);
    assert_int_equal(item(d, d->second).open_minor, 5000);
}

static void test_x30_dated_back(void **state)
{
    (void)state;
    each(dated_back, "back");
}

/* ---- The law ---- */

/* 12 CFR 1006.38(d)(2): a collector sends proof before it goes on, whatever it decided. */
static void proof_first(struct desk *d)
{
    struct debtor_input who = { .reference = "B",
                                .name = "B",
                                .role = ACTOR_THIRD_PARTY_COLLECTOR,
                                .places = "US-WI",
                                .zones = "America/Chicago",
                                .source = "test" };
    struct instalment_input due = { fixture_day("2026-09-10"), 10000 };
    enum change change;
    int32_t number;

    assert_fine(book_debtor_put(&d->b, &who, &d->key, &change, &d->why), d->why);
    int32_t debt =
        fixture_debt(&d->b, d->key, "X-1", CURRENCY_EUR, fixture_day("2026-09-01"), 1, &due);
    struct dispute in = of(d, debt, 0);
    in.channel = "letter";
    number = open_one(d, in);
    assert_fine(book_settle(&d->b, &d->why), d->why);
    assert_false(dispute_may_end(&d->b, d->key, number, DAY_NONE, &d->why));
    assert_int_equal(d->why.code, NOT_ALLOWED);
    assert_non_null(strstr(d->why.text, "12 CFR 1006.38(d)(2)"));
    d->why = (struct fault){ 0 };
    assert_fine(dispute_may_end(&d->b, d->key, number, fixture_day("2026-09-30"), &d->why),
                d->why);
    /* tomorrow's proof is none today */
    assert_false(dispute_may_end(&d->b, d->key, number, fixture_day("2026-10-03"), &d->why));
    d->why = (struct fault){ 0 };
}

static void test_proof_first(void **state)
{
    (void)state;
    each(proof_first, "proof");
}

/* ---- Proof ---- */

/* What is left out of messages follows from the books: prove sees when it does not. */
static void test_a_planted_part_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        struct desk d;
        size_t findings = 0;
        char said[4000] = "";
        if (!desk_begin(&d, i, "planted"))
            continue;
        open_one(&d, of(&d, d.first, 3000));
        assert_fine(book_commit(&d.b, &d.why), d.why);
        fixture_execute(&d.f, "UPDATE instalment SET disputed_minor = 0 WHERE disputed_minor > 0");
        FILE *out = fmemopen(said, sizeof said, "w");
        assert_fine(prove_book(d.b.store, out, true, &findings, &d.why), d.why);
        fclose(out);
        assert_int_equal(findings, 1);
        assert_non_null(strstr(said, "\"where\""));
        book_close(&d.b);
        fixture_end(&d.f);
    }
}

/* ---- Papers ---- */

static void papers(struct desk *d)
{
    int32_t number = open_one(d, of(d, d->first, 0));
    const char *digest, *again;
    enum change change;

    assert_fine(dispute_evidence(&d->b, d->key, number, "a.pdf", "a\0b", 3, "Ann", &digest,
                                 &change, &d->why),
                d->why);
    assert_int_equal(change, CHANGE_ADDED);
    assert_int_equal(strlen(digest), 64);
    assert_fine(dispute_evidence(&d->b, d->key, number, "b.pdf", "a\0b", 3, "Ann", &again,
                                 &change, &d->why),
                d->why);
    assert_int_equal(change, CHANGE_NONE);
    assert_string_equal(again, digest);
    assert_false(
        dispute_evidence(&d->b, d->key, 99, "a.pdf", "x", 1, NULL, &again, &change, &d->why));
    assert_int_equal(d->why.code, NOT_FOUND);
    d->why = (struct fault){ 0 };
}

static void test_papers(void **state)
{
    (void)state;
    each(papers, "papers");
}

/* ---- Holds ---- */

static struct hold hold_of(const char *kind, const char *last)
{
    return (struct hold){ .kind = kind,
                          .first = DAY_NONE,
                          .last = last == NULL ? DAY_NEVER : fixture_day(last),
                          .review = DAY_NONE,
                          .author = "Ann" };
}

static size_t facts(struct desk *d, enum fact_type type)
{
    struct account account = { .key = d->key };
    struct account_fact *all;
    size_t count;

    assert_fine(account_facts(&d->b, &account, type, d->b.now, &all, &count, &d->why), d->why);
    return count;
}

static struct standing_hold only_hold(struct desk *d)
{
    struct standing_hold *all;
    size_t count;

    assert_fine(holds_of(&d->b, d->key, d->b.now, &all, &count, &d->why), d->why);
    assert_int_equal(count, 1);
    return all[0];
}

static int32_t put_hold(struct desk *d, struct hold hold, enum change expected)
{
    enum change change;
    int32_t number;

    assert_fine(hold_place(&d->b, d->key, &hold, &number, &change, &d->why), d->why);
    assert_int_equal(change, expected);
    return number;
}

static void bankrupt(struct desk *d)
{
    struct standing_hold hold;

    put_hold(d, hold_of("bankruptcy", NULL), CHANGE_ADDED);
    put_hold(d, hold_of("bankruptcy", NULL), CHANGE_NONE);
    assert_int_equal(facts(d, FACT_BANKRUPTCY), 1);
    hold = only_hold(d);
    assert_string_equal(hold.is.author, "Ann");
    assert_fine(hold_end(&d->b, d->key, &hold, &d->why), d->why);
    assert_int_equal(facts(d, FACT_BANKRUPTCY), 0);
    assert_int_equal(facts(d, FACT_HOLD), 0);
}

static void test_one_command_tells_of_a_bankruptcy(void **state)
{
    (void)state;
    each(bankrupt, "bankrupt");
}

static struct movement *freezes(struct desk *d, size_t *count)
{
    struct movement *all, *found = NULL;
    size_t total, room = 0;

    *count = 0;
    assert_fine(
        movements_known(d->b.store, &d->b.arena, d->key, INSTANT_NEVER, &all, &total, &d->why),
        d->why);
    for (size_t i = 0; i < total; i++) {
        if (all[i].kind == MOVEMENT_FREEZE)
            *arena_push(&d->b.arena, found, *count, room) = all[i];
    }
    return found;
}

static void breathing(struct desk *d)
{
    struct hold hold = hold_of("breathing_space", NULL);
    struct movement *found;
    size_t count;

    hold.first = fixture_day("2026-10-02");
    put_hold(d, hold, CHANGE_ADDED);
    on(d, "2026-10-02");
    assert_int_equal(only_hold(d).is.last.number, fixture_day("2026-11-30").number);
    found = freezes(d, &count);
    assert_int_equal(count, 1);
    assert_int_equal(found[0].day.number, fixture_day("2026-10-02").number);
    assert_int_equal(found[0].due.number, fixture_day("2026-12-01").number);
    on(d, "2026-10-30"); /* cancelled: the days that it lasted bear no interest all the same */
    struct standing_hold now = only_hold(d);
    assert_fine(hold_end(&d->b, d->key, &now, &d->why), d->why);
    found = freezes(d, &count);
    assert_int_equal(count, 1);
    assert_int_equal(found[0].due.number, fixture_day("2026-10-30").number);
}

static void test_breathing_space_freezes_interest(void **state)
{
    (void)state;
    each(breathing, "breath");
}

/* X23, X62: a hold of one invoice, with reason and end; the others go on, and so does it then.
 */
static void per_item(struct desk *d)
{
    struct hold hold = hold_of("review", "2026-10-15");

    hold.debt = d->first;
    hold.reason = "price list";
    put_hold(d, hold, CHANGE_ADDED);
    assert_int_equal(only_hold(d).debt, d->first);
    assert_string_equal(only_hold(d).is.reason, "price list");
    on(d, "2026-10-15");
    assert_int_equal(facts(d, FACT_HOLD), 1);
    on(d, "2026-10-16");
    assert_int_equal(facts(d, FACT_HOLD), 0);
}

static void test_x23_a_hold_is_per_item_and_ends_by_itself(void **state)
{
    (void)state;
    each(per_item, "item");
}

static void hardship(struct desk *d)
{
    struct hold hold = hold_of("hardship", "2026-12-01");
    struct hardship_decision decision = { .result = "pause",
                                          .last = DAY_NONE,
                                          .review = fixture_day("2026-11-01"),
                                          .author = "Bob" };
    enum change change;
    int32_t number, now;

    hold.freeze = true;
    number = put_hold(d, hold, CHANGE_ADDED);
    on(d, "2026-10-05");
    assert_fine(hardship_decide(&d->b, d->key, number, &decision, &now, &change, &d->why),
                d->why);
    assert_int_equal(change, CHANGE_UPDATED);
    assert_string_equal(only_hold(d).is.result, "pause");
    assert_int_equal(only_hold(d).is.last.number, fixture_day("2026-12-01").number);
    assert_fine(hardship_decide(&d->b, d->key, now, &decision, &now, &change, &d->why), d->why);
    assert_int_equal(change, CHANGE_NONE);
    on(d, "2026-10-06");
    decision.result = "close";
    assert_fine(hardship_decide(&d->b, d->key, now, &decision, &now, &change, &d->why), d->why);
    assert_int_equal(facts(d, FACT_HOLD), 0);
    assert_false(hardship_decide(&d->b, d->key, now, &decision, &now, &change, &d->why));
    assert_int_equal(d->why.code, NOT_FOUND);
    d->why = (struct fault){ 0 };
}

static void test_hardship(void **state)
{
    (void)state;
    each(hardship, "hardship");
}

/* ---- At random ---- */

static uint32_t dice(uint64_t *seed, uint32_t sides)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % sides;
}

static void random_answer(struct desk *d, uint64_t *seed)
{
    struct dispute *all;
    size_t count;
    enum change change;

    assert_fine(disputes_of(d->b.store, &d->b.arena, d->key, &all, &count, &d->why), d->why);
    if (count == 0)
        return;
    const struct dispute *is = &all[dice(seed, (uint32_t)count)];
    if (is->state != DISPUTE_OPEN) {
        assert_fine(dispute_reopen(&d->b, d->key, is->number, NULL, &change, &d->why), d->why);
        return;
    }
    struct day back = { wall_at(d->b.now, d->b.zone).day.number - (int32_t)dice(seed, 10) };
    int32_t results[] = { DISPUTE_UPHELD, DISPUTE_PARTLY_UPHELD, DISPUTE_NOT_UPHELD };
    enum dispute_state result = (enum dispute_state)results[dice(seed, 3)];
    answer(d, is->number, result, result == DISPUTE_PARTLY_UPHELD ? 1 + dice(seed, 2000) : 0,
           back);
}

static void random_event(struct desk *d, uint64_t *seed, int event)
{
    int32_t debts[] = { d->first, d->second };
    struct dispute in = of(d, debts[dice(seed, 2)], dice(seed, 3) * 1500);
    char reference[16];
    enum change change;
    int32_t number;

    snprintf(reference, sizeof reference, "p%d", event);
    if (dice(seed, 3) == 0)
        in.component = (enum component)dice(seed, COMPONENT_COUNT);
    if (in.component != COMPONENT_COUNT && in.component != COMPONENT_PRINCIPAL)
        in.minor = 0; /* nothing else was ever asked for: no amount of it can be disputed */
    switch (dice(seed, 3)) {
    case 0:
        if (!dispute_open(&d->b, d->key, &in, NULL, &number, &change, &d->why)) {
            assert_int_equal(d->why.code, BAD_VALUE); /* of more than the debt ever was */
            assert_true(in.minor > item(d, in.debt).amount_minor);
            d->why = (struct fault){ 0 };
        }
        break;
    case 1:
        fixture_payment(&d->b, d->key, reference, dice(seed, 2) == 0 ? 0 : debts[dice(seed, 2)],
                        CURRENCY_EUR, wall_at(d->b.now, d->b.zone).day, 1 + dice(seed, 4000),
                        false);
        break;
    default:
        random_answer(d, seed);
    }
}

/* What is left to ask for is what is open less what is disputed of it, never below nothing; and
 * the whole can be proved. */
static void test_random(void **state)
{
    (void)state;
    for (uint64_t story = 1; story <= 40; story++) {
        struct desk d;
        uint64_t seed = story;
        if (!desk_begin(&d, story % 8 == 0 ? 1 : 0, "random"))
            continue;
        for (int i = 0; i < 25; i++) {
            d.b.now.us += (int64_t)dice(&seed, 3) * 86400000000;
            random_event(&d, &seed, i);
            for (int k = 0; k < 2; k++) {
                struct instalment it = item(&d, k == 0 ? d.first : d.second);
                int64_t open = it.amount_minor - it.paid_minor + it.charges_minor;
                assert_true(it.disputed_minor >= 0 && it.disputed_minor <= open);
                assert_int_equal(it.open_minor, open - it.disputed_minor);
            }
        }
        desk_end(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_part),
        cmocka_unit_test(test_undone),
        cmocka_unit_test(test_said_twice),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_x43_credits_are_netted),
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_x30_dated_back),
        cmocka_unit_test(test_proof_first),
        cmocka_unit_test(test_a_planted_part_is_found),
        cmocka_unit_test(test_papers),
        cmocka_unit_test(test_one_command_tells_of_a_bankruptcy),
        cmocka_unit_test(test_breathing_space_freezes_interest),
        cmocka_unit_test(test_x23_a_hold_is_per_item_and_ends_by_itself),
        cmocka_unit_test(test_hardship),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
