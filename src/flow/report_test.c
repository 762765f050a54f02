/* Reports against books whose figures are known, and against a naive count of the same events. */
#include "flow/report.h"

#include "flow/book_fixture.h"

#include <jansson.h>

static char *report_text(const struct fixture *f, const char *name,
                         struct report_request request)
{
    struct fault why = { 0 };
    struct store *s = store_open(f->url, STORE_READ, &why);
    char *bytes = NULL;
    size_t length;
    FILE *out = open_memstream(&bytes, &length);

    assert_fine(s != NULL, why);
    assert_fine(report_run(s, name, request, out, &why), why);
    store_close(s);
    fclose(out);
    return bytes;
}

static json_t *report_json(const struct fixture *f, const char *name,
                           struct report_request request)
{
    request.format = FORMAT_JSON;
    char *bytes = report_text(f, name, request);
    json_t *found = json_loads(bytes, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(found);
    free(bytes);
    return found;
}

static void with_each_database(void (*test)(struct fixture *f, struct book *b))
{
    for (size_t kind = 0; kind < FIXTURES; kind++) {
        struct fixture f;
        struct book b;
        struct fault why = { 0 };
        if (!fixture_begin(&f, kind, "report_test"))
            continue;
        assert_fine(book_open(&b, f.url, fixture_at("2012-06-01T12:00:00Z"), &why), why);
        assert_fine(book_begin(&b, &why), why);
        test(&f, &b);
        book_close(&b);
        fixture_end(&f);
    }
}

static void done_writing(struct book *b)
{
    struct fault why = { 0 };

    assert_fine(book_commit(b, &why), why);
}

/* ---- Ageing by hand ---- */

static void assert_text(const json_t *row, const char *key, const char *expected)
{
    const char *found = json_string_value(json_object_get(row, key));

    if (found == NULL || strcmp(found, expected) != 0)
        fail_msg("%s: expected %s, found %s", key, expected, found != NULL ? found : "null");
}

static void assert_count(const json_t *row, const char *key, json_int_t expected)
{
    assert_true(json_is_integer(json_object_get(row, key)));
    assert_int_equal(json_integer_value(json_object_get(row, key)), expected);
}

static void expect_total(const struct fixture *f, const char *day, const char *open,
                         const char *past_due, int invoices)
{
    struct report_request request = { .now = day_begins(fixture_day(day), zone_find("UTC")) };
    json_t *report = report_json(f, "ageing", request);
    const json_t *total = json_array_get(json_object_get(report, "totals"), 0);

    assert_text(report, "as_of", day);
    assert_text(total, "currency", "USD");
    assert_text(total, "open", open);
    assert_text(total, "past_due", past_due);
    assert_count(total, "invoices", invoices);
    json_decref(report);
}

static void ageing_days(struct fixture *f, struct book *b)
{
    const struct instalment_input slices[] = { { fixture_day("2012-02-01"), 10000 },
                                               { fixture_day("2012-03-01"), 5000 } };
    struct casefile_key key = fixture_debtor(b, "A");
    int32_t debt = fixture_debt(b, key, "A1", CURRENCY_USD, fixture_day("2012-01-10"), 2, slices);

    fixture_payment(b, key, "P1", debt, CURRENCY_USD, fixture_day("2012-02-10"), 4000, false);
    fixture_payment(b, key, "P2", debt, CURRENCY_USD, fixture_day("2012-02-20"), 7000, false);
    fixture_payment(b, key, "P3", debt, CURRENCY_USD, fixture_day("2012-03-15"), 9000, true);
    fixture_payment(b, key, "P4", debt, CURRENCY_USD, fixture_day("2012-04-01"), 4000, false);
    done_writing(b);

    struct report_request early = { .now = fixture_at("2012-01-09T23:00:00Z") };
    json_t *report = report_json(f, "ageing", early);
    assert_int_equal(json_array_size(json_object_get(report, "totals")), 0);
    json_decref(report);
    expect_total(f, "2012-01-10", "150.00", "0.00", 1);
    expect_total(f, "2012-02-01", "150.00", "0.00", 1);
    expect_total(f, "2012-02-02", "150.00", "100.00", 1);
    expect_total(f, "2012-02-09", "150.00", "100.00", 1);
    expect_total(f, "2012-02-10", "110.00", "60.00", 1);
    expect_total(f, "2012-02-20", "40.00", "0.00", 1);
    expect_total(f, "2012-03-01", "40.00", "0.00", 1);
    expect_total(f, "2012-03-02", "40.00", "40.00", 1);
    expect_total(f, "2012-03-31", "40.00", "40.00", 1);
    expect_total(f, "2012-04-01", "0.00", "0.00", 0);
}

static void ageing_is_dated(void **state)
{
    (void)state;
    with_each_database(ageing_days);
}

/* The contract, to the byte. */
static void ageing_bytes(struct fixture *f, struct book *b)
{
    static const char json[] =
        "{\"as_of\":\"2012-12-31\",\"totals\":[{\"currency\":\"JPY\",\"open\":\"5\","
        "\"past_due\":\"5\",\"invoices\":1}],\"buckets\":["
        "{\"currency\":\"JPY\",\"bucket\":\"not_due\",\"from\":null,\"to\":0,\"open\":\"0\","
        "\"invoices\":0},"
        "{\"currency\":\"JPY\",\"bucket\":\"1-30\",\"from\":1,\"to\":30,\"open\":\"0\","
        "\"invoices\":0},"
        "{\"currency\":\"JPY\",\"bucket\":\"31-60\",\"from\":31,\"to\":60,\"open\":\"0\","
        "\"invoices\":0},"
        "{\"currency\":\"JPY\",\"bucket\":\"61-90\",\"from\":61,\"to\":90,\"open\":\"0\","
        "\"invoices\":0},"
        "{\"currency\":\"JPY\",\"bucket\":\"91-120\",\"from\":91,\"to\":120,\"open\":\"0\","
        "\"invoices\":0},"
        "{\"currency\":\"JPY\",\"bucket\":\"over_120\",\"from\":121,\"to\":null,\"open\":\"5\","
        "\"invoices\":1}]}\n";
    static const char csv[] = "currency,bucket,from,to,open,invoices\r\nJPY,not_due,,0,0,0\r\n"
                              "JPY,1-30,1,30,0,0\r\nJPY,31-60,31,60,0,0\r\nJPY,61-90,61,90,0,0\r\n"
                              "JPY,91-120,91,120,0,0\r\nJPY,over_120,121,,5,1\r\n";
    static const char people[] = "Open on 2012-12-31\n\n"
                                 "CURRENCY  OPEN  PAST DUE  INVOICES\n"
                                 "JPY         ¥5        ¥5         1\n\n"
                                 "CURRENCY  DAYS PAST DUE  OPEN  INVOICES\n"
                                 "JPY       Not due          ¥0         0\n"
                                 "JPY       1 to 30          ¥0         0\n"
                                 "JPY       31 to 60         ¥0         0\n"
                                 "JPY       61 to 90         ¥0         0\n"
                                 "JPY       91 to 120        ¥0         0\n"
                                 "JPY       Over 120         ¥5         1\n";
    const char *expected[] = { [FORMAT_PEOPLE] = people, [FORMAT_JSON] = json,
                               [FORMAT_CSV] = csv };
    struct report_request request = { .now = fixture_at("2012-12-31T00:00:00Z") };

    fixture_debt(b, fixture_debtor(b, "A"), "A1", CURRENCY_JPY, fixture_day("2012-01-01"), 1,
                 &(struct instalment_input){ fixture_day("2012-02-01"), 5 });
    done_writing(b);
    for (size_t format = 0; format < COUNT(expected); format++) {
        request.format = (enum table_format)format;
        char *found = report_text(f, "ageing", request);
        assert_string_equal(found, expected[format]);
        free(found);
    }
}

static void ageing_keeps_its_contract(void **state)
{
    (void)state;
    with_each_database(ageing_bytes);
}

/* Today is a date in the zone of the organisation. */
static void zones(struct fixture *f, struct book *b)
{
    struct report_request request = { .now = fixture_at("2012-06-30T23:30:00Z") };
    struct fault why = { 0 };

    assert_fine(book_set(b->store, "zone", "Pacific/Auckland", &why), why);
    done_writing(b);
    json_t *report = report_json(f, "ageing", request);
    assert_text(report, "as_of", "2012-07-01");
    json_decref(report);
}

static void today_is_local(void **state)
{
    (void)state;
    with_each_database(zones);
}

/* ---- Ageing against a naive count ---- */

enum { DEBTS = 60, SLICES = 4, PAYMENTS = 160, FILES = 9, DAYS_OF_STORY = 300, LOOKS = 40 };

struct told_debt {
    struct casefile_key key;
    int32_t number;
    enum currency currency;
    struct day invoice_day;
    size_t count;
    struct instalment_input slices[SLICES];
};

/* Money that a payment gave to one slice. */
struct told_part {
    int payment, debt;
    size_t slice;
    struct day day;
    int64_t minor;
};

struct story {
    uint64_t dice;
    struct told_debt debts[DEBTS];
    size_t part_count;
    struct told_part parts[PAYMENTS * SLICES * 2];
};

static uint64_t roll(struct story *s, uint64_t sides)
{
    s->dice ^= s->dice << 13;
    s->dice ^= s->dice >> 7;
    s->dice ^= s->dice << 17;
    return s->dice % sides;
}

static struct day some_day(struct story *s)
{
    return day_plus(fixture_day("2012-01-01"), (int)roll(s, DAYS_OF_STORY));
}

static void tell_debts(struct story *s, struct book *b)
{
    static const enum currency currencies[] = { CURRENCY_USD, CURRENCY_JPY, CURRENCY_KWD };
    char name[32];

    for (int i = 0; i < DEBTS; i++) {
        struct told_debt *d = &s->debts[i];
        snprintf(name, sizeof name, "C%d", (int)roll(s, FILES));
        d->key = fixture_debtor(b, name);
        d->currency = currencies[roll(s, 3)];
        d->invoice_day = some_day(s);
        d->count = 1 + roll(s, SLICES);
        struct day due = day_plus(d->invoice_day, (int)roll(s, 40));
        for (size_t k = 0; k < d->count; k++) {
            d->slices[k] = (struct instalment_input){ due, 1 + (int64_t)roll(s, 3000) };
            due = day_plus(due, 1 + (int)roll(s, 60));
        }
        snprintf(name, sizeof name, "D%d", i);
        d->number = fixture_debt(b, d->key, name, d->currency, d->invoice_day, d->count,
                                 d->slices);
    }
}

static int64_t paid_by(const struct story *s, int debt, size_t slice, struct day day)
{
    int64_t paid = 0;

    for (size_t i = 0; i < s->part_count; i++) {
        const struct told_part *p = &s->parts[i];
        if (p->debt == debt && p->slice == slice && p->day.number <= day.number)
            paid += p->minor;
    }
    return paid;
}

static void take_back(struct story *s, int payment)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->part_count; i++) {
        if (s->parts[i].payment != payment)
            s->parts[kept++] = s->parts[i];
    }
    s->part_count = kept;
}

static void tell_payment(struct story *s, struct book *b, int payment, int debt)
{
    struct told_debt *d = &s->debts[debt];
    struct day day = some_day(s);
    int64_t minor = 1 + (int64_t)roll(s, 4000), left = minor;
    bool pending = roll(s, 8) == 0;
    char name[32];

    snprintf(name, sizeof name, "P%d", payment);
    fixture_payment(b, d->key, name, d->number, d->currency, day, minor, pending);
    take_back(s, payment);
    for (size_t k = 0; k < d->count && left > 0 && !pending; k++) {
        int64_t open = d->slices[k].minor - paid_by(s, debt, k, DAY_NEVER);
        int64_t part = open < left ? open : left;
        if (part > 0)
            s->parts[s->part_count++] = (struct told_part){ payment, debt, k, day, part };
        left -= part;
    }
}

/* Payments, a third of which come again with another day and amount. */
static void tell_payments(struct story *s, struct book *b)
{
    int debts[PAYMENTS];

    for (int i = 0; i < PAYMENTS; i++) {
        debts[i] = (int)roll(s, DEBTS);
        tell_payment(s, b, i, debts[i]);
        int again = (int)roll(s, (uint64_t)i + 1);
        if (roll(s, 3) == 0)
            tell_payment(s, b, again, debts[again]);
    }
}

/* Amounts that turn out larger. */
static void tell_corrections(struct story *s, struct book *b)
{
    char name[32];

    for (int i = 0; i < DEBTS; i += 5) {
        struct told_debt *d = &s->debts[i];
        d->slices[d->count - 1].minor += 1 + (int64_t)roll(s, 500);
        snprintf(name, sizeof name, "D%d", i);
        fixture_debt(b, d->key, name, d->currency, d->invoice_day, d->count, d->slices);
    }
}

static void count_naively(const struct story *s, struct day day, enum currency currency,
                          const json_t *bucket, int64_t *open, int64_t *invoices)
{
    const json_t *from = json_object_get(bucket, "from"), *to = json_object_get(bucket, "to");

    *open = *invoices = 0;
    for (int i = 0; i < DEBTS; i++) {
        const struct told_debt *d = &s->debts[i];
        bool counted = false;
        if (d->currency != currency || d->invoice_day.number > day.number)
            continue;
        for (size_t k = 0; k < d->count; k++) {
            int64_t left = d->slices[k].minor - paid_by(s, i, k, day);
            int64_t late = (int64_t)day.number - d->slices[k].due_day.number;
            if (left <= 0 || (json_is_integer(from) && late < json_integer_value(from)) ||
                (json_is_integer(to) && late > json_integer_value(to)))
                continue;
            *open += left;
            *invoices += !counted;
            counted = true;
        }
    }
}

static void compare_day(const struct story *s, const struct fixture *f, struct day day)
{
    struct report_request request = { .now = day_begins(day, zone_find("UTC")) };
    json_t *report = report_json(f, "ageing", request), *row;
    const char *tables[] = { "totals", "buckets" };
    int64_t open, invoices;
    char text[MONEY_TEXT];
    size_t i;

    for (size_t table = 0; table < COUNT(tables); table++) {
        json_array_foreach(json_object_get(report, tables[table]), i, row) {
            enum currency currency =
                currency_parse(json_string_value(json_object_get(row, "currency")));
            count_naively(s, day, currency, row, &open, &invoices);
            assert_text(row, "open", money_print(money_of(open, currency), text));
            assert_count(row, "invoices", invoices);
            if (table > 0)
                continue;
            json_t *late = json_pack("{s:i}", "from", 1);
            count_naively(s, day, currency, late, &open, &invoices);
            assert_text(row, "past_due", money_print(money_of(open, currency), text));
            json_decref(late);
        }
    }
    json_decref(report);
}

static uint64_t seed_of_story = 1;

static void random_story(struct fixture *f, struct book *b)
{
    struct story *s = calloc(1, sizeof *s);

    s->dice = 0x9e3779b97f4a7c15u * seed_of_story;
    tell_debts(s, b);
    tell_payments(s, b);
    tell_corrections(s, b);
    done_writing(b);
    for (int look = 0; look < LOOKS; look++)
        compare_day(s, f, day_plus(some_day(s), (int)roll(s, 200)));
    free(s);
}

static void ageing_equals_a_naive_count(void **state)
{
    (void)state;
    for (seed_of_story = 1; seed_of_story <= 3; seed_of_story++)
        with_each_database(random_story);
}

/* ---- Measures ---- */

static const json_t *measure_row(const json_t *report, const char *measure,
                                 const char *currency)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(report, "measures"), i, row) {
        const char *in = json_string_value(json_object_get(row, "currency"));
        if (strcmp(json_string_value(json_object_get(row, "measure")), measure) == 0 &&
            (in == NULL ? currency == NULL : currency != NULL && strcmp(in, currency) == 0))
            return row;
    }
    fail_msg("no measure %s", measure);
    return NULL;
}

static void expect_measure(const json_t *report, const char *measure, const char *currency,
                           const char *value, const char *numerator, const char *denominator)
{
    const json_t *row = measure_row(report, measure, currency);
    const struct {
        const char *key, *expected;
    } cells[] = { { "value", value }, { "numerator", numerator }, { "denominator", denominator } };

    for (size_t i = 0; i < COUNT(cells); i++) {
        const json_t *cell = json_object_get(row, cells[i].key);
        char *found = json_is_string(cell) ? strdup(json_string_value(cell))
                                           : json_dumps(cell, JSON_ENCODE_ANY);
        if (strcmp(found, cells[i].expected) != 0)
            fail_msg("%s %s: expected %s, found %s", measure, cells[i].key, cells[i].expected,
                     found);
        free(found);
    }
}

static void promise_told(struct book *b, struct casefile_key key, int64_t minor, const char *due,
                         const char *promise_state, const char *day)
{
    struct fault why = { 0 };
    struct query q;
    int64_t number = 0;

    assert_fine(book_promise_add(b, key, minor, CURRENCY_USD, fixture_day(due), &why), why);
    q = query_begin(b->store, Q_CASEFILE_FIND);
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    if (query_next(&q))
        number = row_int(&q, 4);
    assert_fine(query_end(&q, &why), why);
    q = query_begin(b->store, Q_PROMISE_SETTLE);
    bind_text(&q, promise_state);
    bind_int(&q, fixture_day(day).number);
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    bind_int(&q, number);
    assert_fine(query_run(&q, &why), why);
}

static void call_told(struct book *b, struct casefile_key key, const char *at,
                      enum direction direction, enum outcome outcome)
{
    struct contact contact = { .at = fixture_at(at),
                               .channel = CHANNEL_CALL,
                               .direction = direction,
                               .outcome = outcome,
                               .party = PARTY_DEBTOR };
    struct fault why = { 0 };

    assert_fine(book_contact_add(b, key, &contact, NULL, &why), why);
}

static void dispute_told(struct book *b, struct casefile_key key, const char *at,
                         const char *until)
{
    struct gate_fact fact = { .type = FACT_DISPUTE,
                              .at = fixture_at(at),
                              .until = until != NULL ? fixture_at(until) : INSTANT_NEVER };
    struct fault why = { 0 };

    assert_fine(book_fact_add(b, key, &fact, "test", NULL, &why), why);
}

/* Three case files: late, not due, paid. Today is 2012-03-31, the period is March. */
static void tell_march(struct book *b)
{
    struct casefile_key late = fixture_debtor(b, "late"), fresh = fixture_debtor(b, "fresh"),
                        paid = fixture_debtor(b, "paid");
    int32_t debt = fixture_debt(b, late, "L1", CURRENCY_USD, fixture_day("2012-02-01"), 1,
                                &(struct instalment_input){ fixture_day("2012-03-11"), 30000 });

    fixture_debt(b, fresh, "F1", CURRENCY_USD, fixture_day("2012-03-05"), 1,
                 &(struct instalment_input){ fixture_day("2012-04-05"), 20000 });
    fixture_payment(b, late, "P1", debt, CURRENCY_USD, fixture_day("2012-02-29"), 5000, false);
    fixture_payment(b, late, "P2", debt, CURRENCY_USD, fixture_day("2012-03-31"), 5000, false);
    fixture_payment(b, late, "P3", debt, CURRENCY_USD, fixture_day("2012-04-01"), 700, false);
    debt = fixture_debt(b, paid, "Q1", CURRENCY_USD, fixture_day("2012-02-10"), 1,
                        &(struct instalment_input){ fixture_day("2012-03-10"), 10000 });
    fixture_payment(b, paid, "P4", debt, CURRENCY_USD, fixture_day("2012-03-01"), 10000, false);

    promise_told(b, late, 3000, "2012-03-01", "kept", "2012-03-01");
    promise_told(b, late, 1000, "2012-03-31", "broken", "2012-03-31");
    promise_told(b, late, 500, "2012-03-20", "partly_kept", "2012-03-21");
    promise_told(b, late, 9000, "2012-03-20", "kept", "2012-04-02");
    promise_told(b, late, 9000, "2012-03-20", "withdrawn", "2012-03-19");
    promise_told(b, late, 9000, "2012-02-29", "broken", "2012-03-01");
    promise_told(b, late, 9000, "2012-04-01", "kept", "2012-03-30");

    call_told(b, late, "2012-03-01T00:00:00Z", DIRECTION_OUT, OUTCOME_CONVERSATION);
    call_told(b, late, "2012-03-02T10:00:00Z", DIRECTION_OUT, OUTCOME_NO_ANSWER);
    call_told(b, late, "2012-03-03T10:00:00Z", DIRECTION_OUT, OUTCOME_BUSY);
    call_told(b, late, "2012-03-03T10:00:00Z", DIRECTION_OUT, OUTCOME_PLANNED);
    call_told(b, late, "2012-02-29T23:59:59Z", DIRECTION_OUT, OUTCOME_CONVERSATION);
    call_told(b, fresh, "2012-03-03T10:00:00Z", DIRECTION_IN, OUTCOME_CONVERSATION);
    call_told(b, fresh, "2012-04-03T10:00:00Z", DIRECTION_OUT, OUTCOME_CONVERSATION);
    dispute_told(b, fresh, "2012-03-01T00:00:00Z", NULL);
    dispute_told(b, late, "2012-03-01T00:00:00Z", "2012-03-30T00:00:00Z");
    dispute_told(b, paid, "2012-03-01T00:00:00Z", NULL);
}

static struct report_request march(void)
{
    return (struct report_request){ .now = fixture_at("2012-03-31T18:00:00Z"),
                                    .period_given = true,
                                    .from = fixture_day("2012-03-01"),
                                    .to = fixture_day("2012-12-31") };
}

static void known_measures(struct fixture *f, struct book *b)
{
    tell_march(b);
    done_writing(b);
    json_t *r = report_json(f, "kpi", march());

    assert_text(r, "from", "2012-03-01");
    assert_text(r, "to", "2012-03-31");
    expect_measure(r, "open", "USD", "400.00", "400.00", "null");
    expect_measure(r, "past_due", "USD", "200.00", "200.00", "null");
    expect_measure(r, "collected", "USD", "150.00", "150.00", "null");
    expect_measure(r, "recovery_rate", "USD", "33.3", "200.00", "600.00");
    /* March holds 200: 31 days; of the 400 of February 200 are left: half of 29 days. */
    expect_measure(r, "dso", "USD", "45.5", "400.00", "600.00");
    expect_measure(r, "best_possible_dso", "USD", "31.0", "200.00", "200.00");
    expect_measure(r, "average_days_delinquent", "USD", "20.0", "4000.00", "200.00");
    expect_measure(r, "promise_kept_rate_by_value", "USD", "66.7", "30.00", "45.00");
    expect_measure(r, "promise_kept_rate_by_count", NULL, "33.3", "1", "3");
    expect_measure(r, "right_party_contact_rate", NULL, "33.3", "1", "3");
    expect_measure(r, "contact_rate", NULL, "100.0", "1", "1");
    expect_measure(r, "dispute_rate", NULL, "50.0", "1", "2");
    assert_int_equal(json_array_size(json_object_get(r, "measures")), MEASURE_COUNT);
    json_decref(r);
}

static void measures_are_counted(void **state)
{
    (void)state;
    with_each_database(known_measures);
}

static void no_measures(struct fixture *f, struct book *b)
{
    done_writing(b);
    json_t *r = report_json(f, "kpi", march());
    expect_measure(r, "promise_kept_rate_by_count", NULL, "null", "0", "0");
    expect_measure(r, "contact_rate", NULL, "null", "0", "0");
    json_decref(r);

    struct report_request request = march();
    char *text = report_text(f, "kpi", request);
    assert_non_null(strstr(text, "Contact rate                          n/a        0       0\n"));
    free(text);
}

static void nothing_is_not_nought(void **state)
{
    (void)state;
    with_each_database(no_measures);
}

/* ---- Activity ---- */

static void known_activity(struct fixture *f, struct book *b)
{
    struct report_request request = march();

    tell_march(b);
    done_writing(b);
    request.format = FORMAT_PLAIN;
    char *text = report_text(f, "activity", request);
    assert_string_equal(text, "day\twhat\tchannel\tstate\treason\tcount\tcurrency\tamount\n"
                              "\tcontact_made\tcall\tbusy\t\t1\t\t\n"
                              "\tcontact_made\tcall\tconversation\t\t1\t\t\n"
                              "\tcontact_made\tcall\tno_answer\t\t1\t\t\n"
                              "\tcontact_made\tcall\tplanned\t\t1\t\t\n"
                              "\tcontact_received\tcall\tconversation\t\t1\t\t\n"
                              "\tpayment\ttransfer\tsettled\t\t2\tUSD\t150.00\n"
                              "\tstanding\t\tnew\t\t3\t\t\n");
    free(text);

    request.by_day = true;
    request.now = fixture_at("2012-06-01T18:00:00Z");
    request.from = fixture_day("2012-06-01");
    text = report_text(f, "activity", request);
    assert_non_null(strstr(text, "2012-06-01\trecord\t\tpayment\t\t4\t\t\n"));
    assert_non_null(strstr(text, "2012-06-01\trecord\t\tdebtor\t\t3\t\t\n"));
    free(text);
}

static void activity_is_counted(void **state)
{
    (void)state;
    with_each_database(known_activity);
}

/* ---- Refusals and tables ---- */

static void refusals(struct fixture *f, struct book *b)
{
    struct report_request request = march();
    struct fault why = { 0 };

    done_writing(b);
    struct store *s = store_open(f->url, STORE_READ, &why);
    assert_fine(s != NULL, why);
    assert_false(report_run(s, "aging", request, stderr, &why));
    assert_int_equal(why.code, NOT_FOUND);
    request.from = fixture_day("2012-04-01");
    assert_false(report_run(s, "kpi", request, stderr, &why));
    assert_int_equal(why.code, BAD_VALUE);
    assert_fine(store_prepare_all(s, &why), why);
    store_close(s);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    with_each_database(refusals);
}

static void odd_texts_survive(void **state)
{
    static const struct table_column columns[] = { { "a", "A", CELL_TEXT },
                                                   { "b", "B", CELL_DECIMAL } };
    static const char *const expected[] = {
        [FORMAT_PEOPLE] = "head\n\n\033[2mA         B\n\033[22mä,\"  b  n/a\n",
        [FORMAT_JSON] = "{\"t\":[{\"a\":\"ä,\\\"\\u0009\\nb\",\"b\":null}]}\n",
        [FORMAT_CSV] = "a,b\r\n\"ä,\"\"\t\nb\",\r\n",
        [FORMAT_PLAIN] = "a\tb\nä,\"  b\t\n",
    };
    struct sheet sheet = { .heading = "head" };
    struct table *t = sheet_table(&sheet, "t", "", COUNT(columns), columns);

    (void)state;
    table_text(t, "ä,\"\t\nb");
    table_none(t);
    for (size_t format = 0; format < COUNT(expected); format++) {
        char *bytes = NULL;
        size_t length;
        FILE *out = open_memstream(&bytes, &length);
        sheet_print(&sheet, (enum table_format)format, true, out);
        fclose(out);
        assert_string_equal(bytes, expected[format]);
        free(bytes);
    }
    sheet_free(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ageing_is_dated),
        cmocka_unit_test(ageing_keeps_its_contract),
        cmocka_unit_test(today_is_local),
        cmocka_unit_test(ageing_equals_a_naive_count),
        cmocka_unit_test(measures_are_counted),
        cmocka_unit_test(nothing_is_not_nought),
        cmocka_unit_test(activity_is_counted),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(odd_texts_survive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
