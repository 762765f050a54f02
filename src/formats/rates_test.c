/* The folder rates: what is in it agrees with what others publish, and with itself. */
#include "formats/rates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena a;
static struct rate_book book;

static int load(void **state)
{
    struct fault why;

    (void)state;
    if (!rate_book_load(&a, &book, &why))
        fail_msg("%s", why.text);
    return 0;
}

static int give_back(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

static struct day day_of(const char *text)
{
    struct day day = DAY_NONE;

    assert_true(day_parse(text, &day));
    return day;
}

static int32_t series_on(const char *name, struct day day)
{
    const struct rate_series *series = rate_series_find(&book, name);

    assert_non_null(series);
    return rate_on(series->rates, day);
}

static const struct interest_terms *law_of(const char *country, bool consumer)
{
    const struct statutory_rate *rate = statutory_rate_find(&book, country, consumer);

    if (rate == NULL)
        fail_msg("no rate of %s", country);
    return &rate->interest;
}

static void percentages(void **state)
{
    static const struct {
        const char *text;
        int32_t ppm;
    } good[] = { { "8", 80000 },        { "0", 0 },
                 { "-0.88", -8800 },    { "12.75", 127500 },
                 { "33.3333", 333333 }, { "1000", 10000000 } };
    static const char *const bad[] = { "",        "-",   ".",    "8.",     ".5",
                                       "1.23456", "8 %", "1001", "1000.1", "99999999999",
                                       "1.2.3",   "+8",  "8,5" };
    int32_t ppm;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(percent_parse(good[i].text, &ppm));
        assert_int_equal(ppm, good[i].ppm);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (percent_parse(bad[i], &ppm))
            fail_msg("%s was taken", bad[i]);
    }
}

/* § 247 BGB: the base rate moves with the ECB's; 0.88 points lie between them since July 2009.
 */
static void germany_follows_the_ecb(void **state)
{
    (void)state;
    for (int year = 2009; year <= 2026; year++) {
        for (int month = year == 2009 ? 7 : 1; month <= (year == 2026 ? 1 : 7); month += 6) {
            struct day day = day_of_date((struct date){ year, month, 1 });
            if (series_on("de-basiszinssatz", day) !=
                series_on("ecb-main-refinancing", day_plus(day, -1)) - 8800)
                fail_msg("%d-%02d", year, month);
        }
    }
}

/* The Austrian one moves when the ECB's has moved by half a point or more, by as much. */
static void austria_follows_in_larger_steps(void **state)
{
    const struct rate_series *ecb = rate_series_find(&book, "ecb-main-refinancing"),
                             *own = rate_series_find(&book, "at-basiszinssatz");
    int32_t taken = 10000; /* 1.00 % in December 2011 */
    size_t next = 1;

    (void)state;
    for (size_t i = 0; i < ecb->rates.count; i++) {
        struct rate_step step = ecb->rates.steps[i];
        int32_t moved = step.ppm - taken;
        if (step.from.number <= own->rates.steps[0].from.number ||
            (moved > -5000 && moved < 5000))
            continue;
        taken = step.ppm;
        assert_true(next < own->rates.count);
        assert_int_equal(own->rates.steps[next].from.number, step.from.number);
        assert_int_equal(own->rates.steps[next].ppm, taken - 6200);
        next++;
    }
    assert_int_equal(next, own->rates.count);
}

/* Rates of half-years that ministries, chambers and courts have published. */
static void what_others_publish(void **state)
{
    static const struct {
        const char *country;
        bool consumer;
        const char *day;
        int32_t ppm;
    } published[] = {
        /* Department of Enterprise, Dublin: late payment interest rate since 16 March 2013 */
        { "IE", false, "2013-03-16", 87500 },
        { "IE", false, "2013-07-01", 85000 },
        { "IE", false, "2014-01-01", 82500 },
        { "IE", false, "2014-07-01", 81500 },
        { "IE", false, "2015-01-01", 80500 },
        { "IE", false, "2016-06-30", 80500 },
        { "IE", false, "2016-07-01", 80000 },
        { "IE", false, "2022-12-31", 80000 },
        { "IE", false, "2023-01-01", 105000 },
        { "IE", false, "2023-07-01", 120000 },
        { "IE", false, "2024-01-01", 125000 },
        { "IE", false, "2024-07-01", 122500 },
        /* payontime.co.uk: reference rate plus eight, by half-year */
        { "GB", false, "2011-01-01", 85000 },
        { "GB", false, "2016-12-31", 85000 },
        { "GB", false, "2017-01-01", 82500 },
        { "GB", false, "2017-12-31", 82500 },
        { "GB", false, "2018-01-01", 85000 },
        { "GB", false, "2019-01-01", 87500 },
        { "GB", false, "2020-06-30", 87500 },
        { "GB", false, "2020-07-01", 81000 },
        { "GB", false, "2021-12-31", 81000 },
        { "GB", false, "2022-01-01", 82500 },
        { "GB", false, "2022-07-01", 92500 },
        { "GB", false, "2023-01-01", 115000 },
        { "GB", false, "2023-07-01", 130000 },
        { "GB", false, "2024-01-01", 132500 },
        /* Kerckhoffs advocaten, Metaalunie: wettelijke handelsrente */
        { "NL", false, "2023-07-01", 120000 },
        { "NL", false, "2024-07-01", 122500 },
        /* Moniteur belge, and latecalc.com for 2025 */
        { "BE", false, "2018-07-01", 80000 },
        { "BE", false, "2024-01-01", 125000 },
        { "BE", false, "2024-07-01", 125000 },
        { "BE", false, "2025-01-01", 115000 },
        { "BE", false, "2025-07-01", 105000 },
        /* ARD 6556/2017, solidbau.at, latecalc.com: § 456 UGB */
        { "AT", false, "2017-07-01", 85800 },
        { "AT", false, "2023-01-01", 110800 },
        { "AT", false, "2025-01-01", 117300 },
        { "AT", false, "2025-07-01", 107300 },
        /* lawblog.de for 2004; § 288 BGB with the half-years of the Bundesbank */
        { "DE", true, "2004-06-14", 61400 },
        { "DE", true, "2009-01-01", 66200 },
        { "DE", true, "2022-12-31", 41200 },
        { "DE", false, "2023-01-01", 106200 },
        { "DE", false, "2026-01-01", 102700 },
        /* the directive and its table at getinvoicepdf.com */
        { "EU", false, "2026-01-01", 101500 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(published); i++) {
        int32_t ppm = rate_on(law_of(published[i].country, published[i].consumer)->rates,
                              day_of(published[i].day));
        if (ppm != published[i].ppm)
            fail_msg("%s on %s: %d, published %d", published[i].country, published[i].day, ppm,
                     published[i].ppm);
    }
}

static void what_the_law_adds(void **state)
{
    (void)state;
    assert_true(law_of("GB", false)->fixed_at_start);
    assert_false(law_of("DE", false)->fixed_at_start);
    assert_int_equal(law_of("NL", false)->compounding, COMPOUND_YEARLY);
    assert_int_equal(law_of("IE", false)->compounding, COMPOUND_NEVER);
    assert_int_equal(law_of("DE", true)->day_count, DAY_COUNT_ACT_ACT);
    assert_int_equal(law_of("IE", false)->day_count, DAY_COUNT_ACT_365F);
    assert_null(statutory_rate_find(&book, "GB", true));
    assert_null(statutory_rate_find(&book, "XX", false));
    /* nothing runs before the law */
    assert_int_equal(rate_on(law_of("IE", false)->rates, day_of("2013-03-15")), 0);
    assert_int_equal(rate_on(law_of("DE", false)->rates, day_of("2014-07-28")), 0);
    assert_int_equal(rate_on(law_of("DE", false)->rates, day_of("2014-07-29")), 82700);
    /* how long the figures are known */
    assert_int_equal(law_of("EU", false)->known_to.number, day_of("2026-06-30").number);
    assert_int_equal(law_of("GB", false)->known_to.number, day_of("2026-12-31").number);
    assert_int_equal(law_of("AT", true)->known_to.number, DAY_NEVER.number);
    for (size_t i = 0; i < book.statutory_count; i++) {
        assert_true(book.statutory[i].interest.runs);
        assert_non_null(book.statutory[i].interest.ground.law);
    }
}

static void orders_of_places(void **state)
{
    const struct allocation_order *de = allocation_of_place(&book, "DE"),
                                  *loan = allocation_of_place(&book, "DE-consumer-credit"),
                                  *es = allocation_of_place(&book, "ES");

    (void)state;
    assert_int_equal(de->order[0], COMPONENT_COSTS);
    assert_int_equal(de->order[2], COMPONENT_INTEREST);
    assert_int_equal(de->order[3], COMPONENT_PRINCIPAL);
    assert_false(de->by_component);
    assert_string_equal(de->ground.law, "BGB §§ 366(2), 367(1)");
    assert_int_equal(loan->order[3], COMPONENT_INTEREST);
    assert_int_equal(es->order[0], COMPONENT_INTEREST);
    assert_null(allocation_of_place(&book, "XX"));
}

static const char series[] = "series: s\n"
                             "title: T\n"
                             "source: S\n"
                             "known_to: 2024-12-31\n"
                             "rates:\n"
                             "  2024-01-01: 1\n"
                             "  2024-07-01: 2.5\n";
static const char statutory[] =
    "statutory:\n"
    "  - country: DE\n"
    "    business: {series: de-basiszinssatz, margin: 9, reference: every_day,\n"
    "               from: 2014-07-29, cite: BGB}\n"
    "    confidence: high\n"
    "  - country: AT\n"
    "    consumer: {fixed: 4, cite: ABGB}\n"
    "    confidence: high\n";
static const char orders[] = "orders:\n"
                             "  - place: DE\n"
                             "    order: [costs, fees, interest, principal]\n"
                             "    by: instalment\n"
                             "    cite: BGB\n"
                             "    confidence: high\n";

/* One of the files with a piece of it replaced is refused, there. */
static void refused(const char *good, const char *piece, const char *instead,
                    const char *refusal)
{
    const char *at = strstr(good, piece);
    struct rate_series out;
    struct rate_book other = book;
    struct fault why = { 0 };

    assert_non_null(at);
    const char *text =
        arena_print(&a, "%.*s%s%s", (int)(at - good), good, instead, at + strlen(piece));
    bool taken = good == series      ? rate_series_read(&a, "f", text, strlen(text), &out, &why)
                 : good == statutory ? statutory_read(&a, "f", text, strlen(text), &other, &why)
                                     : orders_read(&a, "f", text, strlen(text), &other, &why);
    if (taken || strstr(why.text, refusal) == NULL)
        fail_msg("%s → %s: \"%s\", not \"%s\"", piece, instead, why.text, refusal);
}

static void bad_files_are_refused(void **state)
{
    (void)state;
    refused(series, "title", "titel", "f:2:1: \"titel\" is not known here; did you mean");
    refused(series, "2024-07-01", "2023-07-01", "f:7:3: days must follow each other");
    refused(series, "2024-07-01", "2024-02-30", "f:7:3: \"2024-02-30\" is no date");
    refused(series, "2.5", "2,5", "f:7:15: a percentage like 8");
    refused(series, "2024-12-31", "2024-06-30", "known_to lies before the last rate");
    refused(series, "source: S\n", "", "\"source\" is missing here");
    refused(statutory, "de-b", "xe-b", "f:3:24: there is no series \"xe-basiszinssatz\"");
    refused(statutory, ", cite: BGB", "", "f:3:15: \"cite\" is missing here");
    refused(statutory, "every_day", "sometimes", "f:3:64: \"sometimes\" is no reference");
    refused(statutory, "margin: 9", "margin: -9", "f:3:50: this percentage must lie between");
    refused(statutory, "confidence: high", "confidence: sure", "f:5:17: confidence: high");
    refused(statutory, "AT\n    consumer: {fixed: 4", "DE\n    business: {fixed: 4",
            "f:6:5: DE stands here twice");
    refused(statutory, "fixed: 4", "fixed: 4, series: x", "either a fixed rate or a series");
    refused(orders, "principal]", "capital]", "f:3:12: \"capital\" is no part of a debt");
    refused(orders, ", principal]", "]", "\"order\" must name principal, interest, fees");
    refused(orders, "fees, interest", "costs, interest", "\"order\" must name principal");
    refused(orders, "by: instalment", "by: debt", "f:4:9: \"debt\" is no by");
    refused(orders, "    cite: BGB\n", "", "\"cite\" is missing here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentages),
        cmocka_unit_test(germany_follows_the_ecb),
        cmocka_unit_test(austria_follows_in_larger_steps),
        cmocka_unit_test(what_others_publish),
        cmocka_unit_test(what_the_law_adds),
        cmocka_unit_test(orders_of_places),
        cmocka_unit_test(bad_files_are_refused),
    };

    return cmocka_run_group_tests(tests, load, give_back);
}
