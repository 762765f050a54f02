/*
 * Folding keeps its promise on books that live: whatever happens, in whatever order and dated
 * whenever, and whenever it is folded, the figures are what the rows come to (flow/prove.h
 * finds that out by walking through every day). Folding again changes nothing; killed at any
 * place, the next fold goes on as if nothing had been.
 *
 * One book again: build/check/src/flow/fold_test SEED
 */
#include "flow/approval.h"
#include "flow/complaint.h"
#include "flow/cycle.h"
#include "flow/deliver.h"
#include "flow/dispute.h"
#include "flow/fold.h"
#include "flow/hold.h"
#include "flow/plan.h"
#include "flow/prove.h"
#include "store/kept_figures.h"

#include "flow/book_fixture.h"

#include <sys/wait.h>

enum { BOOKS = 10, BOOKS_POSTGRES = 2, FILES = 14, EVENTS = 120, KNOWN = 40 };

static uint64_t only_seed;

static int pick(uint64_t *state, int least, int most)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    z ^= z >> 31;
    return least + (int)(z % (uint64_t)(most - least + 1));
}

struct person {
    struct casefile_key key;
    char reference[24];
    enum currency currency;
    int debts, payments;
};

struct life {
    uint64_t dice;
    struct fixture fixture;
    struct book book;
    struct day day; /* at the moment */
    struct person people[FILES];
    struct loaded_policy *policy;
    struct fold *folder;
};

static const char *const zones[] = { "UTC", "America/Chicago", "Australia/Sydney" };
static struct loaded_policy *policies[COUNT(zones)];

#define ROLL(l, least, most) pick(&(l)->dice, least, most)
#define ONE_IN(l, n)         (pick(&(l)->dice, 1, n) == 1)

static struct person *somebody(struct life *l)
{
    return &l->people[ROLL(l, 0, FILES - 1)];
}

static const char *debt_name(struct life *l, const struct person *p, int number)
{
    return arena_print(&l->book.arena, "%s-%d", p->reference, number);
}

/* ---- What happens; false: the book said no, which it may -----------------------------------
 */

static bool debt_put(struct life *l, struct person *p, int number, struct fault *why)
{
    struct instalment_input slices[3];
    struct debt_input in = { .reference = debt_name(l, p, number),
                             .kind = "invoice",
                             .currency = ONE_IN(l, 9) ? CURRENCY_JPY : p->currency,
                             .invoice_day = day_plus(l->day, ROLL(l, -150, 20)),
                             .instalment_count = (size_t)ROLL(l, 1, 3),
                             .instalments = slices };
    int64_t minor = ROLL(l, 300, 400000);
    enum change change;
    int32_t debt;

    for (size_t i = 0; i < in.instalment_count; i++)
        slices[i] =
            (struct instalment_input){ day_plus(in.invoice_day, ROLL(l, 0, 40) + 35 * (int)i),
                                       minor / (int)(i + 1) };
    return book_debt_put(&l->book, p->key, &in, &debt, &change, why);
}

static bool new_debt(struct life *l, struct person *p, struct fault *why)
{
    if (p->debts == KNOWN)
        return true;
    return debt_put(l, p, ++p->debts, why);
}

/* Other instalments, another amount, another invoice day. */
static bool change_debt(struct life *l, struct person *p, struct fault *why)
{
    return debt_put(l, p, ROLL(l, 1, p->debts), why);
}

static bool payment_put(struct life *l, struct person *p, int number, struct fault *why)
{
    struct debt_found found = { 0 };
    struct payment_input in = { .reference = arena_print(&l->book.arena, "P%d", number),
                                .day = day_plus(l->day, ROLL(l, -70, 3)),
                                .currency = p->currency,
                                .minor = ROLL(l, 100, 500000),
                                .method = "transfer",
                                .pending = ONE_IN(l, 6) };
    enum change change;

    if (ONE_IN(l, 2) &&
        !book_debt_find(&l->book, debt_name(l, p, ROLL(l, 1, p->debts)), &found, why))
        return false;
    if (found.number != 0 && found.currency == p->currency)
        in.debt = found.number;
    return book_payment_put(&l->book, p->key, &in, &change, why);
}

static bool pay(struct life *l, struct person *p, struct fault *why)
{
    return payment_put(l, p, ++p->payments, why);
}

static bool pay_otherwise(struct life *l, struct person *p, struct fault *why)
{
    return p->payments == 0 || payment_put(l, p, ROLL(l, 1, p->payments), why);
}

static bool pay_back(struct life *l, struct person *p, struct fault *why)
{
    static const enum payment_end ends[] = { PAYMENT_RETURNED, PAYMENT_CHARGED_BACK,
                                             PAYMENT_DUPLICATE, PAYMENT_FAILED };
    enum change change;

    if (p->payments == 0)
        return true;
    return book_payment_back(&l->book, p->key,
                             arena_print(&l->book.arena, "P%d", ROLL(l, 1, p->payments)),
                             ends[ROLL(l, 0, 3)], "test", &change, why);
}

static bool move_money(struct life *l, struct person *p, struct fault *why)
{
    static const enum movement_kind kinds[] = { MOVEMENT_CREDIT, MOVEMENT_WAIVE,
                                                MOVEMENT_WRITE_OFF, MOVEMENT_CHARGE };
    enum movement_kind kind = kinds[ROLL(l, 0, 3)];
    struct debt_found found;
    enum change change;

    if (!book_debt_find(&l->book, debt_name(l, p, ROLL(l, 1, p->debts)), &found, why) ||
        found.number == 0)
        return found.number == 0;
    struct move_input in = { .is = { .kind = kind,
                                     .day = day_plus(l->day, ROLL(l, -60, 0)),
                                     .due = DAY_NONE,
                                     .debt = found.number,
                                     .component = kind == MOVEMENT_CHARGE ? COMPONENT_FEES
                                                                          : COMPONENT_COUNT,
                                     .currency = found.currency,
                                     .minor = ROLL(l, 100, 90000) },
                             .ground = "contract" };
    return book_move_once(&l->book, p->key, NULL, &in, &change, why);
}

static bool promise(struct life *l, struct person *p, struct fault *why)
{
    struct promise_input in = { .minor = ROLL(l, 500, 200000),
                                .currency = p->currency,
                                .due = day_plus(l->day, ROLL(l, 0, 25)) };
    int32_t number;

    return book_promise_add(&l->book, p->key, &in, &number, why);
}

static bool plan(struct life *l, struct person *p, struct fault *why)
{
    struct plan_item items[4];
    struct plan_input in = { .currency = p->currency,
                             .item_count = (size_t)ROLL(l, 2, 4),
                             .items = items,
                             .schedule = "month",
                             .cure_days = 5 };
    enum change change;
    int32_t number;

    for (size_t i = 0; i < in.item_count; i++)
        items[i] = (struct plan_item){ day_plus(l->day, 3 + 20 * (int)i), ROLL(l, 500, 50000) };
    return book_plan_add(&l->book, p->key, NULL, &in, &number, &change, why);
}

/* Somebody asks for a plan, and somebody else says no, or nothing yet. */
static bool plan_declined(struct life *l, struct person *p, struct fault *why)
{
    struct approval asked = {
        .kind = APPROVE_PLAN, .subject = p->reference, .wish = "{}", .asked_by = 1
    };
    struct approval settled;
    int64_t number;

    return approval_ask(&l->book, &asked, &number, why) &&
           (ONE_IN(l, 3) ||
            approval_decide(&l->book, number, 2, PERMISSION_BIT(MAY_APPROVE), false, NULL, "no",
                            &settled, why));
}

static bool plan_ends(struct life *l, struct person *p, struct fault *why)
{
    struct plan_act act = { .reason = "test" };
    int32_t number;

    return plan_standing(l->book.store, p->key, &number, why) &&
           book_plan_cancel(&l->book, p->key, number, &act, why);
}

static bool talk(struct life *l, struct person *p, struct fault *why)
{
    static const enum outcome out[] = { OUTCOME_CONVERSATION, OUTCOME_NO_ANSWER,
                                        OUTCOME_VOICEMAIL, OUTCOME_BUSY, OUTCOME_WRONG_NUMBER };
    bool in = ONE_IN(l, 3);
    struct contact contact = {
        .at = { l->book.now.us - (int64_t)ROLL(l, 0, 60 * 24 * 45) * 60000000 },
        .channel = in ? (ONE_IN(l, 3) ? CHANNEL_LETTER : CHANNEL_EMAIL) : CHANNEL_CALL,
        .direction = in ? DIRECTION_IN : DIRECTION_OUT,
        .outcome = in ? OUTCOME_MESSAGE : out[ROLL(l, 0, COUNT(out) - 1)],
        .party = PARTY_DEBTOR,
    };

    return book_contact_add(&l->book, p->key, &contact, NULL, why);
}

static bool dispute(struct life *l, struct person *p, struct fault *why)
{
    static const char *const reasons[] = { "paid", "amount", "not_mine", "other" };
    const struct dispute in = { .component = COMPONENT_COUNT,
                                .currency = p->currency,
                                .reason = reasons[ROLL(l, 0, 3)],
                                .received = day_plus(l->day, ROLL(l, -20, 0)),
                                .answer_by = DAY_NONE };
    enum change change;
    int32_t number;

    return dispute_open(&l->book, p->key, &in, NULL, &number, &change, why);
}

static bool dispute_ends(struct life *l, struct person *p, struct fault *why)
{
    static const enum dispute_state results[] = { DISPUTE_UPHELD, DISPUTE_NOT_UPHELD,
                                                  DISPUTE_WITHDRAWN };
    struct dispute_answer answer = {
        .result = results[ROLL(l, 0, 2)], .day = DAY_NONE, .proof = l->day, .text = "test"
    };
    struct dispute *all;
    enum change change;
    int64_t corrected;
    size_t count;

    if (!disputes_of(l->book.store, &l->book.arena, p->key, &all, &count, why) || count == 0)
        return count == 0;
    int32_t number = all[ROLL(l, 0, (int)count - 1)].number;
    if (ONE_IN(l, 4))
        return dispute_reopen(&l->book, p->key, number, NULL, &change, why);
    return dispute_close(&l->book, p->key, number, &answer, &corrected, &change, why);
}

static bool hold(struct life *l, struct person *p, struct fault *why)
{
    static const char *const kinds[] = { "hardship", "hardship", "complaint", "manual" };
    struct hold in = { .kind = kinds[ROLL(l, 0, 3)],
                       .reason = "test",
                       .first = DAY_NONE,
                       .last = ONE_IN(l, 3) ? DAY_NEVER : day_plus(l->day, ROLL(l, 2, 60)),
                       .review = DAY_NONE };
    enum change change;
    int32_t number;

    return hold_place(&l->book, p->key, &in, &number, &change, why);
}

static bool hold_ends(struct life *l, struct person *p, struct fault *why)
{
    static const char *const results[] = { "pause", "reduce", "close", "decline" };
    struct hardship_decision decision = { .result = results[ROLL(l, 0, 3)],
                                          .last = day_plus(l->day, 30),
                                          .review = DAY_NONE };
    struct standing_hold *all;
    enum change change;
    int32_t number;
    size_t count;

    if (!holds_of(&l->book, p->key, l->book.now, &all, &count, why) || count == 0)
        return count == 0;
    const struct standing_hold *h = &all[ROLL(l, 0, (int)count - 1)];
    if (!text_equal(h->is.kind, "hardship") || ONE_IN(l, 4))
        return hold_end(&l->book, p->key, h, why);
    return hardship_decide(&l->book, p->key, h->number, &decision, &number, &change, why);
}

static bool complain(struct life *l, struct person *p, struct fault *why)
{
    struct complaint_input in = { .words = "test",
                                  .author = "ann@house.example",
                                  .received = day_plus(l->day, ROLL(l, -20, 0)),
                                  .hold = ONE_IN(l, 3) };
    enum change change;
    int32_t number;

    return complaint_open(&l->book, p->key, &in, &number, &change, why);
}

static bool stop(struct life *l, struct person *p, struct fault *why)
{
    struct gate_fact fact = { .type = ONE_IN(l, 4) ? FACT_CEASE : FACT_OPT_OUT,
                              .party = PARTY_DEBTOR,
                              .at = l->book.now,
                              .until = INSTANT_NEVER,
                              .scope = "medium",
                              .channel_known = true,
                              .channel = CHANNEL_EMAIL };
    int32_t number;

    return book_fact_add(&l->book, p->key, &fact, "test", &number, why);
}

/* Another client, other hours, another desk. */
static bool who_they_are(struct life *l, struct person *p, struct fault *why)
{
    static const char *const clients[] = { "Bluebird Wireless", "Lakeside Health", NULL };
    static const char *const places[] = { "US-NY", "US-NY-NYC,US-NY", "US-NY,US-CA", "US" };
    struct debtor_input in = {
        .reference = p->reference,
        .creditor = clients[ROLL(l, 0, 2)],
        .role = ONE_IN(l, 2) ? ACTOR_THIRD_PARTY_COLLECTOR : ACTOR_FIRST_PARTY_CREDITOR,
        .business = ONE_IN(l, 2),
        .name = p->reference,
        .language = ONE_IN(l, 3) ? "es" : "en",
        .places = places[ROLL(l, 0, COUNT(places) - 1)],
        .zones = ONE_IN(l, 3) ? "America/New_York,America/Chicago" : "America/New_York",
        .email = "a@example.com",
        .address = "1 Long Lane\nTown",
        .source = "test"
    };
    enum change change;

    return book_debtor_put(&l->book, &in, &p->key, &change, why);
}

typedef bool event(struct life *l, struct person *p, struct fault *why);

static void happen(struct life *l)
{
    static event *const events[] = {
        new_debt,      new_debt, change_debt,  pay,        pay,       pay,
        pay_otherwise, pay_back, promise,      promise,    plan,      talk,
        talk,          complain, talk,         dispute,    hold,      hold_ends,
        dispute_ends,  stop,     who_they_are, move_money, plan_ends,
        plan_declined, hold,     hold_ends,   hold_ends,
    };
    struct fault why = { 0 };

    assert_fine(book_begin(&l->book, &why), why);
    l->book.by = ONE_IN(l, 2) ? "ann@house.example" : NULL;
    for (int i = ROLL(l, 1, 3); i > 0; i--) {
        if (!events[ROLL(l, 0, COUNT(events) - 1)](l, somebody(l), &why)) {
            assert_true(fault_kind_of(why.code) <= FAULT_CONFLICT);
            book_undo(&l->book);
            return;
        }
    }
    assert_fine(book_commit(&l->book, &why), why);
}

static void run_cycle(struct life *l)
{
    struct cycle_request request = {
        .url = l->fixture.url, .now = l->book.now, .full = ONE_IN(l, 3), .policy = l->policy
    };
    struct cycle_result result;
    struct fault why = { 0 };

    assert_fine(cycle_run(&request, &result, &why), why);
}

static void deliver(struct life *l)
{
    char folder[] = "/tmp/recoup-fold-XXXXXX", command[80];
    struct deliver_request request = { .url = l->fixture.url,
                                       .channels = { .folder = mkdtemp(folder) },
                                       .now = l->book.now,
                                       .clock_stands = true,
                                       .until_idle = true };
    struct deliver_result result;
    struct fault why = { 0 };

    assert_fine(deliver_run(&request, &result, &why), why);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

/* ---- Lives ------------------------------------------------------------------------------- */

static void set(struct life *l, const char *key, const char *value)
{
    struct fault why = { 0 };

    assert_fine(store_begin(l->book.store, &why), why);
    assert_fine(book_set(l->book.store, key, value, &why), why);
    assert_fine(store_commit(l->book.store, &why), why);
}

static void meet(struct life *l, size_t place)
{
    struct person *p = &l->people[place];
    struct fault why = { 0 };

    *p = (struct person){ .currency = place % 3 == 0 ? CURRENCY_EUR : CURRENCY_USD };
    snprintf(p->reference, sizeof p->reference, "F%zu", place);
    assert_fine(book_begin(&l->book, &why), why);
    assert_fine(who_they_are(l, p, &why) && new_debt(l, p, &why), why);
    assert_fine(book_commit(&l->book, &why), why);
}

static bool life_begin(struct life *l, uint64_t seed, size_t kind)
{
    struct fault why = { 0 };
    size_t zone;

    *l = (struct life){ .dice = seed * 7919, .day = fixture_day("2026-01-15") };
    if (!fixture_begin(&l->fixture, kind, "fold_test"))
        return false;
    zone = (size_t)ROLL(l, 0, COUNT(zones) - 1);
    l->policy = policies[zone];
    assert_fine(book_open(&l->book, l->fixture.url, fixture_at("2026-01-15T12:00:00Z"), &why),
                why);
    set(l, "zone", zones[zone]);
    set(l, "name", "Test & Sons");
    set(l, "org", "test");
    set(l, "secret", "s");
    l->book.zone = zone_find(zones[zone]);
    l->folder = fold_open(l->fixture.url, &why);
    assert_fine(l->folder != NULL, why);
    fold_hold(l->folder, (size_t)ROLL(l, 1, 400)); /* far fewer sums than the book has */
    for (size_t i = 0; i < FILES; i++)
        meet(l, i);
    return true;
}

static void life_end(struct life *l)
{
    fold_close(l->folder);
    book_close(&l->book);
    fixture_end(&l->fixture);
}

static struct fold_result fold(struct life *l, int64_t most_ms)
{
    struct fold_result result;
    struct fault why = { 0 };

    assert_fine(fold_run(l->folder, l->book.now, most_ms, &result, &why), why);
    return result;
}

static void assert_proven(const struct life *l, uint64_t seed)
{
    struct fault why = { 0 };
    struct store *s = store_open(l->fixture.url, STORE_READ, &why);
    char *bytes = NULL;
    size_t length, findings;
    FILE *out = open_memstream(&bytes, &length);

    assert_fine(s != NULL, why);
    assert_fine(prove_measures(s, out, true, &findings, &why), why);
    store_close(s);
    fclose(out);
    if (findings > 0)
        fail_msg("seed %llu: %.3000s", (unsigned long long)seed, bytes);
    free(bytes);
}

static void live(struct life *l)
{
    for (int i = 0; i < EVENTS; i++) {
        l->day = day_plus(l->day, ROLL(l, 0, 3));
        l->book.now = instant_of_wall((struct wall){ l->day, ROLL(l, 0, 86399) }, l->book.zone);
        happen(l);
        if (ONE_IN(l, 12))
            run_cycle(l);
        if (ONE_IN(l, 40))
            deliver(l);
        if (ONE_IN(l, 6))
            fold(l, ONE_IN(l, 2) ? 0 : -1);
    }
}

/* Which kinds of figures there are: a life in which nothing happens proves nothing. */
static uint32_t kinds_of(const struct life *l)
{
    struct fault why = { 0 };
    struct store *s = store_open(l->fixture.url, STORE_READ, &why);
    uint32_t kinds = 0;

    assert_fine(s != NULL, why);
    struct query q = query_begin(s, Q_MEASURES_KEPT);
    while (query_next(&q))
        kinds |= FIGURE_BIT(row_int(&q, 0));
    assert_fine(query_end(&q, &why), why);
    store_close(s);
    return kinds;
}

static void fold_is_sum(uint64_t seed, size_t kind, uint32_t *kinds)
{
    static struct life l; /* large */

    if (!life_begin(&l, seed, kind))
        return;
    live(&l);
    fold(&l, -1);
    assert_proven(&l, seed);
    struct fold_result again = fold(&l, -1);
    assert_true(again.done);
    assert_int_equal(again.casefiles, 0);
    set(&l, "figures_kept", ""); /* from the beginning */
    set(&l, "figures_begun", "");
    again = fold(&l, -1);
    assert_int_equal(again.casefiles, FILES);
    assert_int_equal(again.changed, 0);
    assert_proven(&l, seed);
    *kinds |= kinds_of(&l);
    life_end(&l);
}

static void test_lives(void **state)
{
    uint32_t kinds = 0;

    (void)state;
    if (only_seed != 0) {
        fold_is_sum(only_seed, 0, &kinds);
        return;
    }
    for (uint64_t seed = 1; seed <= BOOKS; seed++)
        fold_is_sum(seed, 0, &kinds);
    for (uint64_t seed = 1; seed <= BOOKS_POSTGRES; seed++)
        fold_is_sum(seed, 1, &kinds);
    assert_int_equal(kinds, FIGURES_ALL);
}

/* ---- Killed ------------------------------------------------------------------------------ */

/* Another process folds, and is killed at its n-th write or commit. */
static bool folds_until_killed(const struct life *l, int n)
{
    char at[16];
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        struct fault why = { 0 };
        struct fold_result result;
        snprintf(at, sizeof at, "%d", n);
        setenv("RECOUP_KILL_AT", at, 1);
        struct fold *f = fold_open(l->fixture.url, &why);
        if (f != NULL)
            fold_hold(f, 300);
        if (f == NULL || !fold_run(f, l->book.now, -1, &result, &why))
            _exit(2);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        return true;
    assert_int_equal(WEXITSTATUS(status), 0);
    return false;
}

static void killed(size_t kind)
{
    static struct life l;
    int n = 1, kills = 0;

    if (!life_begin(&l, 5, kind))
        return;
    live(&l);
    for (int round = 0; round < 3; round++) {
        /* from the beginning; then with differences; then from the beginning again */
        if (round != 1) {
            set(&l, "figures_kept", "");
            set(&l, "figures_begun", "");
        } else {
            for (int i = 0; i < 40; i++)
                happen(&l);
        }
        for (n = 1; folds_until_killed(&l, n); n += 1 + n / 5)
            kills++;
        fold(&l, -1);
        assert_proven(&l, 5);
    }
#ifdef RECOUP_TORTURE
    assert_true(kills > 20);
#endif
    life_end(&l);
}

static void test_killed(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < FIXTURES && only_seed == 0; kind++)
        killed(kind);
}

/* ---- Gone -------------------------------------------------------------------------------- */

static void test_gone(void **state)
{
    static struct life l;

    (void)state;
    for (size_t kind = 0; kind < FIXTURES && only_seed == 0; kind++) {
        if (!life_begin(&l, 9, kind))
            continue;
        live(&l);
        fold(&l, -1);
        /* as erasing would: its rows go, the journal stays */
        fixture_execute(&l.fixture, "DELETE FROM posting WHERE casefile_id = "
                                    "(SELECT MIN(casefile_id) FROM casefile)");
        fixture_execute(
            &l.fixture,
            "INSERT INTO figure_due (bucket, casefile_id) SELECT bucket, casefile_id "
            "FROM casefile WHERE casefile_id = (SELECT MIN(casefile_id) FROM casefile)");
        fixture_execute(&l.fixture, "DELETE FROM casefile WHERE casefile_id = "
                                    "(SELECT MIN(casefile_id) FROM casefile)");
        assert_int_equal(fold(&l, -1).changed, 1);
        assert_proven(&l, 9);
        life_end(&l);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lives),
        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_gone),
    };
    struct fault why = { 0 };

    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1);
    only_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    for (size_t i = 0; i < COUNT(zones); i++) {
        policies[i] =
            policy_load(zone_find(zones[i]), fixture_at("2026-01-01T00:00:00Z"), &why);
        assert_fine(policies[i] != NULL, why);
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; i < COUNT(zones); i++)
        policy_free(policies[i]);
    return failed;
}
