/*
 * Measures and activity of books whose figures are known; tables in every format.
 *
 * On SQLite, and on PostgreSQL when RECOUP_TEST_PG holds the URL of an empty database.
 */
#include "flow/report_fixture.h"

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
    with_each_database("report_test", zones);
}

/* ---- Measures ---- */

static const json_t *measure_row(const json_t *report, const char *measure,
                                 const char *currency)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(report, "measures"), i, row)
    {
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
    } cells[] = { { "value", value },
                  { "numerator", numerator },
                  { "denominator", denominator } };

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

static void promise_told(struct book *b, struct casefile_key key, int64_t minor,
                         const char *due, const char *promise_state, const char *day)
{
    struct fault why = { 0 };
    const struct promise_input in = { .minor = minor,
                                      .currency = CURRENCY_USD,
                                      .due = fixture_day(due) };
    int32_t number;

    assert_fine(book_promise_add(b, key, &in, &number, &why), why);
    struct query q = query_begin(b->store, Q_PROMISE_SETTLE);
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
    call_told(b, fresh, "2012-04-01T00:00:00Z", DIRECTION_OUT, OUTCOME_CONVERSATION);
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

    /* Seen from April, March has ended: its last moment is before the first of April. */
    struct report_request later = march();
    later.now = fixture_at("2012-04-30T18:00:00Z");
    later.to = fixture_day("2012-03-31");
    r = report_json(f, "kpi", later);
    assert_text(r, "as_of", "2012-04-30");
    assert_text(r, "to", "2012-03-31");
    expect_measure(r, "collected", "USD", "150.00", "150.00", "null");
    expect_measure(r, "open", "USD", "393.00", "393.00", "null");
    expect_measure(r, "right_party_contact_rate", NULL, "33.3", "1", "3");
    expect_measure(r, "promise_kept_rate_by_count", NULL, "50.0", "2", "4");
    json_decref(r);
}

static void measures_are_counted(void **state)
{
    (void)state;
    with_each_database("report_test", known_measures);
}

/* ---- Days sales outstanding ---- */

static void known_months(struct fixture *f, struct book *b)
{
    struct report_request request = march();

    tell_march(b);
    done_writing(b);
    request.format = FORMAT_PLAIN;
    request.from = fixture_day("2012-02-15"); /* a month is whole, whatever day was typed */
    char *text = report_text(f, "dso", request);
    /* Over three months: 350 × 91 ÷ 400, and 400 × 91 ÷ 600. */
    assert_string_equal(
        text, "month\tas_of\tcurrency\topen\tpast_due\tinvoiced\tinvoiced_3_months\t"
              "days_3_months\tdso\tbest_possible_dso\tdso_3_months\n"
              "2012-02\t2012-02-29\tUSD\t350.00\t0.00\t400.00\t400.00\t91\t25.4\t25.4\t79.6\n"
              "2012-03\t2012-03-31\tUSD\t400.00\t200.00\t200.00\t600.00\t91\t45.5\t31.0\t"
              "60.7\n");
    free(text);

    request.period_given = false; /* twelve months, and nothing invoiced in three of them */
    request.format = FORMAT_JSON;
    request.now = fixture_at("2012-06-15T18:00:00Z");
    json_t *r = report_json(f, "dso", request), *months = json_object_get(r, "months");
    assert_text(r, "from", "2011-07-01");
    assert_int_equal(json_array_size(months), 5);
    assert_text(json_array_get(months, 4), "as_of", "2012-06-15");
    assert_true(json_is_null(json_object_get(json_array_get(months, 4), "dso_3_months")));
    json_decref(r);
}

static void months_are_counted(void **state)
{
    (void)state;
    with_each_database("report_test", known_months);
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
    assert_non_null(
        strstr(text, "Contact rate                          n/a        0       0\n"));
    free(text);
}

static void nothing_is_not_nought(void **state)
{
    (void)state;
    with_each_database("report_test", no_measures);
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
    with_each_database("report_test", known_activity);
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
    request.from = fixture_day("2002-03-31");
    assert_false(report_run(s, "dso", request, stderr, &why));
    assert_int_equal(why.code, BAD_VALUE);
    request.from = fixture_day("2002-04-01");
    request.format = FORMAT_JSON;
    FILE *out = fopen("/dev/null", "w");
    assert_fine(report_run(s, "dso", request, out, &why), why);
    fclose(out);
    store_close(s);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    with_each_database("report_test", refusals);
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
        cmocka_unit_test(today_is_local),      cmocka_unit_test(measures_are_counted),
        cmocka_unit_test(months_are_counted),  cmocka_unit_test(nothing_is_not_nought),
        cmocka_unit_test(activity_is_counted), cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(odd_texts_survive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
