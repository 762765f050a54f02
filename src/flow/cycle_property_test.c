/*
 * The cycle keeps its promises on books that live: fifty of them, each with thirty to sixty
 * debtors to whom things happen for sixty days.
 *
 * Whoever runs every day over what is due comes to the same rows, to the byte, as whoever looks
 * at every case file every day; so does any other size of batch, and PostgreSQL. The same
 * moment again writes nothing.
 *
 * One book again, in detail: build/check/src/flow/cycle_property_test SEED
 */
#include "flow/task.h"
#include "flow/cycle.h"
#include "flow/deliver.h"
#include "flow/prove.h"

#include "flow/book_dump.h"

enum { BOOKS = 50, BOOKS_POSTGRES = 3, DAYS = 30, FILES_MOST = 24, LIST_MOST = 8 };

static uint64_t only_seed;

/* ---- Chance (SplitMix64) ----------------------------------------------------------------- */

static uint64_t chance_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static int pick(uint64_t *state, int least, int most)
{
    return least + (int)(chance_next(state) % (uint64_t)(most - least + 1));
}

static bool one_in(uint64_t *state, int n)
{
    return pick(state, 1, n) == 1;
}

/* ---- A life: one book, and what is remembered of it to let things happen ------------------
 */

static const char *const zones[] = { "UTC", "America/New_York", "Europe/London",
                                     "Australia/Sydney" };
static struct loaded_policy *policies[COUNT(zones)];

struct known_debt {
    int32_t number;
    char reference[24];
    int64_t minor;
    struct day invoice, due;
    int parts;
};

struct known_payment {
    char reference[24];
    int64_t minor;
    struct day day;
    bool pending;
};

struct debtor {
    struct casefile_key key;
    char reference[16];
    enum currency currency;
    size_t debt_count, fact_count, payment_count;
    struct known_debt debts[LIST_MOST];
    int32_t facts[LIST_MOST];
    struct known_payment payments[LIST_MOST];
};

struct life {
    uint64_t seed, dice;
    struct fixture fixture;
    struct book book;
    size_t zone, count;
    struct day first;
    int hour; /* hour of the daily run, UTC */
    struct debtor debtors[FILES_MOST];
};

static struct instant run_moment(const struct life *l, int day)
{
    return (struct instant){ ((int64_t)(l->first.number + day) * 24 + l->hour) * 3600 *
                             1000000 };
}

static struct day today_of(const struct life *l)
{
    return wall_at(l->book.now, l->book.zone).day;
}

/* ---- What happens ---------------------------------------------------------------------------
 */

static void debt_put(struct life *l, struct debtor *d, struct known_debt *k)
{
    struct instalment_input slices[3];
    struct debt_input in = { .reference = k->reference,
                             .kind = d->currency == CURRENCY_USD ? "credit_card" : "invoice",
                             .currency = d->currency,
                             .invoice_day = k->invoice,
                             .instalment_count = (size_t)k->parts,
                             .instalments = slices };
    enum change change;
    struct fault why = { 0 };

    for (int i = 0; i < k->parts; i++)
        slices[i] = (struct instalment_input){
            day_plus(k->due, 15 * i), k->minor / k->parts + (i == 0 ? k->minor % k->parts : 0)
        };
    assert_fine(book_debt_put(&l->book, d->key, &in, &k->number, &change, &why), why);
}

static int64_t some_amount(struct life *l)
{
    static const int64_t scales[] = { 1000, 20000, 100000, 2000000 };

    return 1 + (int64_t)(chance_next(&l->dice) % (uint64_t)scales[pick(&l->dice, 0, 3)]);
}

static void new_debt(struct life *l, struct debtor *d)
{
    if (d->debt_count == LIST_MOST)
        return;
    struct known_debt *k = &d->debts[d->debt_count];
    struct day today = today_of(l);
    *k = (struct known_debt){ .minor = some_amount(l), .parts = pick(&l->dice, 1, 3) };
    k->invoice = day_plus(today, pick(&l->dice, -40, 5));
    k->due = day_plus(k->invoice, pick(&l->dice, 0, 45));
    snprintf(k->reference, sizeof k->reference, "%s-%zu", d->reference, ++d->debt_count);
    debt_put(l, d, k);
}

static void change_debt(struct life *l, struct debtor *d)
{
    struct known_debt *k = &d->debts[pick(&l->dice, 0, (int)d->debt_count - 1)];

    if (one_in(&l->dice, 2))
        k->minor = some_amount(l);
    if (one_in(&l->dice, 3))
        k->due = day_plus(k->due, pick(&l->dice, -10, 20));
    if (one_in(&l->dice, 4))
        k->parts = pick(&l->dice, 1, 3);
    debt_put(l, d, k);
}

static void payment_put(struct life *l, struct debtor *d, struct known_payment *p, int32_t debt)
{
    fixture_payment(&l->book, d->key, p->reference, debt, d->currency, p->day, p->minor,
                    p->pending);
}

static void pay(struct life *l, struct debtor *d)
{
    const struct known_debt *k = &d->debts[pick(&l->dice, 0, (int)d->debt_count - 1)];

    if (d->payment_count == LIST_MOST)
        return;
    struct known_payment *p = &d->payments[d->payment_count++];
    snprintf(p->reference, sizeof p->reference, "P%zu", d->payment_count);
    p->minor = one_in(&l->dice, 3) ? k->minor : 1 + some_amount(l) % (k->minor * 2);
    p->day = day_plus(today_of(l), pick(&l->dice, -5, 6)); /* also known ahead of its day */
    p->pending = one_in(&l->dice, 5);
    payment_put(l, d, p, one_in(&l->dice, 2) ? k->number : 0);
}

/* A payment arrives after all, or another day or amount becomes known. */
static void change_payment(struct life *l, struct debtor *d)
{
    if (d->payment_count == 0)
        return;
    struct known_payment *p = &d->payments[pick(&l->dice, 0, (int)d->payment_count - 1)];
    p->pending = false;
    if (one_in(&l->dice, 2))
        p->day = day_plus(p->day, pick(&l->dice, -3, 9));
    if (one_in(&l->dice, 3))
        p->minor = 1 + p->minor / 2;
    payment_put(l, d, p, 0);
}

static void promise(struct life *l, struct debtor *d)
{
    struct fault why = { 0 };

    const struct promise_input in = { .minor = some_amount(l),
                                      .currency = d->currency,
                                      .due = day_plus(today_of(l), pick(&l->dice, 0, 12)) };
    int32_t number;

    assert_fine(book_promise_add(&l->book, d->key, &in, &number, &why), why);
}

static void tell_fact(struct life *l, struct debtor *d, struct gate_fact fact)
{
    int32_t number;
    struct fault why = { 0 };

    assert_fine(book_fact_add(&l->book, d->key, &fact, "test", &number, &why), why);
    if (d->fact_count < LIST_MOST)
        d->facts[d->fact_count++] = number;
}

static struct instant hours_on(struct instant at, int hours)
{
    return (struct instant){ at.us + (int64_t)hours * 3600 * 1000000 };
}

static void learn(struct life *l, struct debtor *d)
{
    static const enum fact_type types[] = {
        FACT_DISPUTE,    FACT_DISPUTE,  FACT_HOLD,       FACT_HOLD,
        FACT_OPT_OUT,    FACT_CONSENT,  FACT_CEASE,      FACT_INCONVENIENT_TIME,
        FACT_PREFERENCE, FACT_ATTORNEY, FACT_VALIDATION, FACT_EMAIL_BASIS,
    };
    struct gate_fact fact = { .type = types[pick(&l->dice, 0, COUNT(types) - 1)],
                              .party = PARTY_DEBTOR,
                              .at = l->book.now,
                              .until = INSTANT_NEVER };
    bool about = fact.type == FACT_DISPUTE || fact.type == FACT_HOLD;

    if (about && one_in(&l->dice, 2))
        fact.debt = d->debts[pick(&l->dice, 0, (int)d->debt_count - 1)].number;
    if (one_in(&l->dice, 3))
        fact.at = hours_on(fact.at, pick(&l->dice, -100, 100));
    if (one_in(&l->dice, 2) && fact.type != FACT_CEASE)
        fact.until = hours_on(l->book.now, pick(&l->dice, 1, 400));
    fact.channel_known = fact.type == FACT_OPT_OUT || fact.type == FACT_PREFERENCE ||
                         (fact.type == FACT_CONSENT && one_in(&l->dice, 2));
    fact.channel = one_in(&l->dice, 2) ? CHANNEL_EMAIL : CHANNEL_LETTER;
    if (fact.type == FACT_OPT_OUT)
        fact.scope = "medium";
    if (fact.type == FACT_HOLD)
        fact.scope = "manual";
    if (fact.type == FACT_INCONVENIENT_TIME)
        fact.hours =
            (struct bad_hours){ (uint8_t)pick(&l->dice, 0, 127), pick(&l->dice, 0, 12) * 3600,
                                pick(&l->dice, 12, 23) * 3600 };
    tell_fact(l, d, fact);
}

static void forget(struct life *l, struct debtor *d)
{
    struct fault why = { 0 };

    if (d->fact_count == 0)
        return;
    size_t i = (size_t)pick(&l->dice, 0, (int)d->fact_count - 1);
    assert_fine(book_fact_end(&l->book, d->key, d->facts[i],
                              hours_on(l->book.now, one_in(&l->dice, 2) ? 0 : 30), &why),
                why);
    d->facts[i] = d->facts[--d->fact_count];
}

static void talk(struct life *l, struct debtor *d)
{
    bool in = one_in(&l->dice, 3);
    struct contact contact = {
        .at = hours_on(l->book.now, -pick(&l->dice, 0, 48)),
        .channel = in ? CHANNEL_EMAIL : CHANNEL_CALL,
        .direction = in ? DIRECTION_IN : DIRECTION_OUT,
        .outcome = in                    ? OUTCOME_MESSAGE
                   : one_in(&l->dice, 2) ? OUTCOME_CONVERSATION
                                         : OUTCOME_NO_ANSWER,
        .party = PARTY_DEBTOR,
        .debts = { 1, &d->debts[0].number },
    };
    struct fault why = { 0 };

    assert_fine(book_contact_add(&l->book, d->key, &contact, NULL, &why), why);
}

/* An address bounced, or is good again. */
static void turn_address(struct life *l, struct debtor *d)
{
    bool email = one_in(&l->dice, 2);
    struct fault why = { 0 };

    assert_fine(head_open(l->book.heads, d->key.bucket, &why), why);
    struct query q = query_begin(l->book.store, Q_POINT_PUT);
    bind_int(&q, d->key.bucket);
    bind_int(&q, d->key.id);
    bind_int(&q, email ? 1 : 2);
    bind_int(&q, PARTY_DEBTOR);
    bind_text(&q, channel_name(email ? CHANNEL_EMAIL : CHANNEL_LETTER));
    bind_text(&q, email ? "a@example.com" : "1 Long Lane\nTown");
    bind_text(&q, one_in(&l->dice, 3) ? "good" : "bad");
    bind_text(&q, "test");
    assert_fine(query_run(&q, &why), why);
    q = query_begin(l->book.store, Q_CASEFILE_STIR);
    bind_int(&q, d->key.bucket);
    bind_int(&q, d->key.id);
    assert_fine(query_run(&q, &why), why);
    assert_fine(task_follow(&l->book, d->key, &why), why); /* as every event does */
}

static void happen(struct life *l, struct debtor *d)
{
    static void (*const events[])(struct life *, struct debtor *) = {
        pay,  pay,  pay,      change_payment, promise, learn,        learn,    forget,
        talk, talk, new_debt, change_debt,    promise, turn_address, new_debt,
    };

    events[pick(&l->dice, 0, COUNT(events) - 1)](l, d);
}

/* ---- Beginning, and a day
 * --------------------------------------------------------------------- */

static void meet(struct life *l, size_t index)
{
    static const struct {
        const char *places, *zones;
    } homes[] = {
        { "US-NY", "America/New_York" }, { "US-CA", "America/Los_Angeles" },
        { "US-MA", "America/New_York" }, { "US-FL", "America/New_York,America/Chicago" },
        { "GB-LND", "Europe/London" },   { "CA-ON", "America/Toronto" },
        { "CA-QC", "America/Toronto" },  { "AU-NSW", "Australia/Sydney" },
        { "IT-25", "Europe/Rome" },      { "US-NY", "" },
    };
    struct debtor *d = &l->debtors[index];
    size_t home = (size_t)pick(&l->dice, 0, COUNT(homes) - 1);
    bool business = one_in(&l->dice, 2);
    struct debtor_input in = {
        .reference = d->reference,
        .role = !business && one_in(&l->dice, 2) ? ACTOR_THIRD_PARTY_COLLECTOR
                                                 : ACTOR_FIRST_PARTY_CREDITOR,
        .business = business,
        .name = d->reference,
        .places = homes[home].places,
        .zones = homes[home].zones,
        .email = one_in(&l->dice, 6) ? NULL : "a@example.com",
        .phone = one_in(&l->dice, 2) ? "+12025550123" : NULL,
        .address = one_in(&l->dice, 6) ? NULL : "1 Long Lane\nTown",
        .source = "test",
    };
    enum change change;
    struct fault why = { 0 };

    snprintf(d->reference, sizeof d->reference, "D%llu-%zu", (unsigned long long)l->seed,
             index);
    d->currency = one_in(&l->dice, 2) ? CURRENCY_USD : CURRENCY_EUR;
    assert_fine(book_debtor_put(&l->book, &in, &d->key, &change, &why), why);
    for (int i = pick(&l->dice, 1, 3); i > 0; i--)
        new_debt(l, d);
}

static void settings_write(const char *url, const char *zone)
{
    struct fault why = { 0 };
    struct store *s = store_open(url, STORE_WRITE, &why);

    assert_fine(s != NULL, why);
    assert_fine(store_begin(s, &why), why);
    assert_fine(book_set(s, "zone", zone, &why) && book_set(s, "name", "test", &why) &&
                    book_set(s, "org", "Test & Sons", &why) && book_set(s, "secret", "s", &why),
                why);
    assert_fine(store_commit(s, &why), why);
    store_close(s);
}

static bool life_begin(struct life *l, uint64_t seed, size_t kind, const char *name)
{
    struct fault why = { 0 };

    *l = (struct life){ .seed = seed, .dice = seed };
    if (!fixture_begin(&l->fixture, kind, name))
        return false;
    l->zone = (size_t)pick(&l->dice, 0, COUNT(zones) - 1);
    l->count = (size_t)pick(&l->dice, FILES_MOST / 2, FILES_MOST);
    l->first = day_plus(fixture_day("2026-02-16"), pick(&l->dice, 0, 250));
    l->hour = pick(&l->dice, 0, 23);
    settings_write(l->fixture.url, zones[l->zone]);
    assert_fine(book_open(&l->book, l->fixture.url, run_moment(l, -1), &why), why);
    assert_fine(book_begin(&l->book, &why), why);
    for (size_t i = 0; i < l->count; i++)
        meet(l, i);
    assert_fine(book_commit(&l->book, &why), why);
    return true;
}

/* Every verdict of this life comes out again. */
static void assert_proven(struct life *l)
{
    struct fault why = { 0 };
    struct store *s = store_open(l->fixture.url, STORE_READ, &why);
    char *bytes = NULL;
    size_t length, findings;
    FILE *out = open_memstream(&bytes, &length);

    assert_fine(s != NULL, why);
    assert_fine(prove_book(s, out, true, &findings, &why), why);
    store_close(s);
    fclose(out);
    if (findings > 0)
        fail_msg("seed %llu: %.2000s", (unsigned long long)l->seed, bytes);
    assert_null(strstr(bytes, "\"verdicts\":0,"));
    free(bytes);
}

static void life_end(struct life *l)
{
    assert_proven(l);
    book_close(&l->book);
    fixture_end(&l->fixture);
}

/* The dice are those of the seed and the day: every book of this seed sees the same. */
static void live(struct life *l, int day)
{
    struct fault why = { 0 };

    l->dice = l->seed * 1000 + (uint64_t)day;
    l->book.now =
        (struct instant){ run_moment(l, day).us - pick(&l->dice, 1, 1430) * INT64_C(60000000) };
    assert_fine(book_begin(&l->book, &why), why);
    for (size_t i = 0; i < l->count; i++) {
        if (one_in(&l->dice, 10))
            happen(l, &l->debtors[i]);
    }
    assert_fine(book_commit(&l->book, &why), why);
}

static struct cycle_result run(struct life *l, int day, bool full, int batch)
{
    struct cycle_request request = { .url = l->fixture.url,
                                     .now = run_moment(l, day),
                                     .full = full,
                                     .buckets_at_once = batch,
                                     .policy = policies[l->zone] };
    struct cycle_result result;
    struct fault why = { 0 };

    assert_fine(cycle_run(&request, &result, &why), why);
    return result;
}

static void deliver(struct life *l, int day, const char *folder)
{
    struct deliver_request request = { .url = l->fixture.url,
                                       .channels = { .folder = folder },
                                       .now = run_moment(l, day),
                                       .clock_stands = true,
                                       .until_idle = true };
    struct deliver_result result;
    struct fault why = { 0 };

    assert_fine(deliver_run(&request, &result, &why), why);
}

static void assert_same(uint64_t seed, const char *what, int day, struct life *one,
                        struct life *other)
{
    struct text a = book_dump(&one->fixture), b = book_dump(&other->fixture);
    char words[120];

    snprintf(words, sizeof words, "seed %llu, %s, day %d", (unsigned long long)seed, what, day);
    assert_same_dump(words, &a, &b);
    text_free(&a);
    text_free(&b);
}

static void assert_idle(struct life *l, int day, bool full)
{
    struct text before = book_dump(&l->fixture);
    char words[80];

    struct cycle_result again = run(l, day, full, 0);
    struct text after = book_dump(&l->fixture);
    snprintf(words, sizeof words, "seed %llu, the same moment again, day %d",
             (unsigned long long)l->seed, day);
    assert_same_dump(words, &before, &after);
    assert_int_equal(again.allowed, 0);
    text_free(&before);
    text_free(&after);
}

/* ---- The properties
 * --------------------------------------------------------------------------- */

static struct life due_only, otherwise; /* large: not on the stack */

/* Both live through the same days; the second one runs differently, or is another database. */
static void live_both(uint64_t seed, const char *what, size_t kind, bool full, int batch,
                      const char *folders[2])
{
    if (!life_begin(&due_only, seed, 0, "due"))
        return;
    if (!life_begin(&otherwise, seed, kind, "otherwise")) {
        life_end(&due_only);
        return;
    }
    int64_t queued = 0;
    for (int day = 0; day < DAYS; day++) {
        live(&due_only, day);
        live(&otherwise, day);
        queued += run(&due_only, day, false, 0).allowed;
        run(&otherwise, day, full, batch);
        if (folders != NULL && day % 6 == 2) {
            deliver(&due_only, day, folders[0]);
            deliver(&otherwise, day, folders[1]);
        }
        if (day % 20 == 7) {
            assert_idle(&due_only, day, day % 40 == 7);
            assert_same(seed, what, day, &due_only, &otherwise);
        }
    }
    assert_same(seed, what, DAYS, &due_only, &otherwise);
    assert_true(queued > 10);
    life_end(&due_only);
    life_end(&otherwise);
}

static void each_seed(void (*check)(uint64_t seed), int count)
{
    if (only_seed != 0)
        check(only_seed);
    for (int i = 1; i <= count && only_seed == 0; i++)
        check((uint64_t)i);
}

static const int sizes[] = { 1, 7, 64, 1024 };

static void full_equals_due(uint64_t seed)
{
    live_both(seed, "every case file every day", 0, true, sizes[seed % COUNT(sizes)], NULL);
}

static void batches_are_equal(uint64_t seed)
{
    live_both(seed, "another batch", 0, false, sizes[seed % COUNT(sizes)], NULL);
}

static void databases_are_equal(uint64_t seed)
{
    live_both(seed, "PostgreSQL", 1, false, seed % 2 == 0 ? 7 : 0, NULL);
}

static void full_on_postgres(uint64_t seed)
{
    live_both(seed, "PostgreSQL, every case file every day", 1, true, 64, NULL);
}

static void remove_folder(const char *path)
{
    char command[600];

    snprintf(command, sizeof command, "rm -rf '%s'", path);
    assert_int_equal(system(command), 0);
}

/* With messages that go out, expire, are put off or refused in between. */
static void delivery_changes_nothing(uint64_t seed)
{
    char one[] = "/tmp/recoup-one-XXXXXX", other[] = "/tmp/recoup-other-XXXXXX";
    const char *folders[] = { mkdtemp(one), mkdtemp(other) };

    live_both(seed, "with delivery", 0, true, 0, folders);
    remove_folder(one);
    remove_folder(other);
}

static void test_full(void **state)
{
    (void)state;
    each_seed(full_equals_due, BOOKS);
}

static void test_batches(void **state)
{
    (void)state;
    each_seed(batches_are_equal, COUNT(sizes));
}

static void test_delivery(void **state)
{
    (void)state;
    each_seed(delivery_changes_nothing, 2);
}

static void test_databases(void **state)
{
    (void)state;
    if (getenv("RECOUP_TEST_PG") == NULL)
        skip();
    each_seed(databases_are_equal, BOOKS_POSTGRES - 1);
    full_on_postgres(BOOKS_POSTGRES);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_delivery),
        cmocka_unit_test(test_databases),
    };
    struct fault why = { 0 };

    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1); /* six thousand runs, each waiting for a disk */
    only_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    for (size_t i = 0; i < COUNT(zones); i++) {
        policies[i] =
            policy_load(zone_find(zones[i]), fixture_at("2026-02-01T00:00:00Z"), &why);
        assert_fine(policies[i] != NULL, why);
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; i < COUNT(zones); i++)
        policy_free(policies[i]);
    return failed;
}
