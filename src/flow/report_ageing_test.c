/*
 * Ageing against books whose figures are known, and against a naive count of the same events.

 *
 * On SQLite, and on PostgreSQL when RECOUP_TEST_PG holds the URL of an empty database.
 */
#include "flow/report_fixture.h"

/* ---- By hand ---- */

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
    int32_t debt =
        fixture_debt(b, key, "A1", CURRENCY_USD, fixture_day("2012-01-10"), 2, slices);

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
    with_each_database("report_ageing_test", ageing_days);
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
    static const char csv[] =
        "currency,bucket,from,to,open,invoices\r\nJPY,not_due,,0,0,0\r\n"
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
    const char *expected[] = {
        [FORMAT_PEOPLE] = people, [FORMAT_JSON] = json, [FORMAT_CSV] = csv
    };
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
    with_each_database("report_ageing_test", ageing_bytes);
}

/* ---- Against a naive count ---- */

enum { DEBTS = 60, SLICES = 4, PAYMENTS = 160, FILES = 9, DAYS_OF_STORY = 300, LOOKS = 40 };

struct told_debt {
    struct casefile_key key;
    int32_t number;
    enum currency currency;
    struct day invoice_day;
    size_t count;
    struct instalment_input slices[SLICES];
};

struct told_payment {
    char name[32];
    int debt;
    struct day day;
    int64_t minor;
    bool pending;
};

/* Money that a payment gave to one slice. */
struct told_part {
    int debt;
    size_t slice;
    struct day day;
    int64_t minor;
};

struct story {
    uint64_t dice;
    struct told_debt debts[DEBTS];
    struct told_payment payments[PAYMENTS];
    size_t part_count;
    struct told_part parts[PAYMENTS * SLICES * 4];
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
        d->number =
            fixture_debt(b, d->key, name, d->currency, d->invoice_day, d->count, d->slices);
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

static void tell_payment(struct story *s, struct book *b, int payment, int debt)
{
    struct told_debt *d = &s->debts[debt];
    struct told_payment *p = &s->payments[payment];

    *p = (struct told_payment){ .debt = debt,
                                .day = some_day(s),
                                .minor = 1 + (int64_t)roll(s, 4000),
                                .pending = roll(s, 8) == 0 };
    snprintf(p->name, sizeof p->name, "P%d", payment);
    fixture_payment(b, d->key, p->name, d->number, d->currency, p->day, p->minor, p->pending);
}

static int compare_payments(const void *left, const void *right)
{
    const struct told_payment *a = left, *b = right;

    if (a->day.number != b->day.number)
        return a->day.number < b->day.number ? -1 : 1;
    return strcmp(a->name, b->name);
}

struct share_target {
    struct casefile_key key;
    enum currency currency;
    int debt; /* -1: all of the case file */
    struct day day;
};

/* The earliest due first of what is there on its day; what is left comes back. */
static int64_t share_out(struct story *s, const struct share_target *to, int64_t left)
{
    while (left > 0) {
        int best = -1;
        size_t part = 0;
        for (int i = 0; i < DEBTS; i++) {
            const struct told_debt *d = &s->debts[i];
            if (d->key.id != to->key.id || d->currency != to->currency ||
                d->invoice_day.number > to->day.number || (to->debt >= 0 && to->debt != i))
                continue;
            for (size_t k = 0; k < d->count; k++) {
                struct day due = d->slices[k].due_day;
                if (d->slices[k].minor - paid_by(s, i, k, DAY_NEVER) <= 0)
                    continue;
                if (best < 0 || due.number < s->debts[best].slices[part].due_day.number ||
                    (due.number == s->debts[best].slices[part].due_day.number &&
                     d->number < s->debts[best].number)) {
                    best = i;
                    part = k;
                }
            }
        }
        if (best < 0)
            return left;
        int64_t open = s->debts[best].slices[part].minor - paid_by(s, best, part, DAY_NEVER);
        int64_t share = open < left ? open : left;
        must(s->part_count < COUNT(s->parts));
        s->parts[s->part_count++] = (struct told_part){ best, part, to->day, share };
        left -= share;
    }
    return left;
}

/* Day by day, whenever each was told of; money waits while nothing is open. */
static void live_through(struct story *s, int debt)
{
    const struct told_debt *of = &s->debts[debt];
    struct share_target all = { of->key, of->currency, -1, fixture_day("2011-12-01") };
    int64_t waits = 0;

    for (int day = 0; day < 700; day++) {
        all.day = day_plus(fixture_day("2011-12-01"), day);
        waits = share_out(s, &all, waits);
        for (int i = 0; i < PAYMENTS; i++) {
            const struct told_payment *p = &s->payments[i];
            const struct told_debt *d = &s->debts[p->debt];
            if (p->pending || p->day.number != all.day.number || d->key.id != of->key.id ||
                d->currency != of->currency)
                continue;
            struct share_target one = all;
            one.debt = p->debt;
            waits = share_out(s, &all, waits + share_out(s, &one, p->minor));
        }
    }
}

/* Each case file and currency once: by its first debt. */
static void settle_naively(struct story *s)
{
    qsort(s->payments, PAYMENTS, sizeof s->payments[0], compare_payments);
    for (int i = 0; i < DEBTS; i++) {
        bool first = true;
        for (int k = 0; k < i; k++)
            first = first && (s->debts[k].key.id != s->debts[i].key.id ||
                              s->debts[k].currency != s->debts[i].currency);
        if (first)
            live_through(s, i);
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
        json_array_foreach(json_object_get(report, tables[table]), i, row)
        {
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
    settle_naively(s);
    done_writing(b);
    for (int look = 0; look < LOOKS; look++)
        compare_day(s, f, day_plus(some_day(s), (int)roll(s, 200)));
    free(s);
}

static void ageing_equals_a_naive_count(void **state)
{
    (void)state;
    for (seed_of_story = 1; seed_of_story <= 3; seed_of_story++)
        with_each_database("report_ageing_test", random_story);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ageing_is_dated),
        cmocka_unit_test(ageing_keeps_its_contract),
        cmocka_unit_test(ageing_equals_a_naive_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
