/* What a terms file says, what it must not say, and where the refusal points. */
#include "formats/terms.h"

#include "base/text.h"

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

static const struct terms *read_good(const char *text)
{
    struct fault why;
    const struct terms *terms = terms_read(&a, "f", text, strlen(text), &book, &why);

    if (terms == NULL)
        fail_msg("%s", why.text);
    return terms;
}

/* A good file; each bad one replaces one piece of it. */
static const char good[] = "terms: t\n"
                           "title: T\n"
                           "currency: EUR\n"
                           "due:\n"
                           "  - {share: 33.3333, net: 14}\n"
                           "  - {share: 66.6667, end_of_month: 10}\n"
                           "grace_days: 3\n"
                           "interest:\n"
                           "  series: ecb-main-refinancing\n"
                           "  margin: 5\n"
                           "  day_count: 30e/360\n"
                           "  from: invoice\n"
                           "  compounding: quarterly\n"
                           "  clause: C 1\n"
                           "late_fees:\n"
                           "  - name: one\n"
                           "    percent: 5\n"
                           "    least: 5\n"
                           "    most: 25.50\n"
                           "    after_days: 10\n"
                           "    every_days: 30\n"
                           "    most_times: 3\n"
                           "    law: L 1\n"
                           "  - name: two\n"
                           "    tiers: [{from: 0, amount: 40}, {from: 1000, amount: 70}]\n"
                           "    step: final\n"
                           "    clause: C 2\n"
                           "late_fees_most: 100\n"
                           "discount: {percent: 2, within_days: 10, clause: C 3}\n"
                           "allocation: {place: DE}\n"
                           "charges: waive\n";

static const struct {
    const char *piece, *instead, *refusal;
} bad[] = {
    { "terms: t\n", "", "f:1:1: \"terms\" is missing here" },
    { "terms: t", "terms: none", "f:1:8: \"none\" is the name of what was never agreed" },
    { "title: T", "titel: T", "f:2:1: \"titel\" is not known here; did you mean \"title\"?" },
    { "EUR", "EURO", "f:3:11: \"EURO\" is no currency of ISO 4217" },
    { "currency: EUR\n", "", "an amount needs a currency" },
    { "66.6667", "66.6666", "f:5:3: the shares add up to 99.9999 percent, not to 100" },
    { "66.6667", "66.66667", "f:6:13: a percentage like 8" },
    { "net: 14", "net: 14, end_of_month: 1", "f:5:5: a due day is one of" },
    { ", net: 14", "", "f:5:5: a due day is one of" },
    { "net: 14", "net: 14, months: 1", "\"months\" goes with end_of_month or month_day" },
    { "net: 14", "month_day: 32", "\"month_day\" must be a whole number from 1 to 31" },
    { "net: 14", "month_day: 1, months: 0", "\"months\" must be a whole number from 1" },
    { "grace_days: 3", "grace_days: -3", "f:7:13: \"grace_days\" must be a whole number" },
    { "ecb-main", "ecb-mian", "f:9:11: there is no series \"ecb-mian-refinancing\"" },
    { "  margin: 5\n", "", "\"margin\" is missing here" },
    { "  margin: 5\n", "  margin: 5\n  rate: 5\n", "interest is one of: rate" },
    { "series: ecb-main-refinancing\n  margin: 5", "rate: 0",
      "f:9:9: this percentage must lie between" },
    { "series: ecb-main-refinancing\n  margin: 5", "statutory: XX",
      "f:9:14: no statutory rate of \"XX\" for a business is known" },
    { "series: ecb-main-refinancing\n  margin: 5", "statutory: GB\n  debtor: consumer",
      "no statutory rate of \"GB\" for a consumer is known" },
    { "series: ecb-main-refinancing\n  margin: 5", "statutory: DE\n  debtor: shop",
      "debtor: business or consumer" },
    { "series: ecb-main-refinancing\n  margin: 5", "rate: 5\n  margin: 5",
      "\"margin\" goes with series" },
    { "30e/360", "30/365", "f:11:14: \"30/365\" is no day count; use act/365f" },
    { "from: invoice", "from: order", "f:12:9: from: due or invoice" },
    { "quarterly", "daily", "f:13:16: \"daily\" is no compounding" },
    { "  clause: C 1\n", "", "f:9:3: interest has no ground: quote the \"clause\"" },
    { "clause: C 1", "clause: ' '", "interest has no ground" },
    { "    law: L 1\n", "", "f:16:5: this fee has no ground" },
    { "    clause: C 2\n", "", "f:24:5: this fee has no ground" },
    { ", clause: C 3", "", "f:29:11: a discount has no ground" },
    { "percent: 5\n", "amount: 5\n", "least and most go with percent" },
    { "percent: 5\n", "percent: 5\n    amount: 5\n", "a fee is one of" },
    { "percent: 5\n", "percent: 101\n", "this percentage must lie between" },
    { "25.50", "25.505", "f:19:11: \"25.505\" has more decimals than EUR, which has 2" },
    { "25.50", "25,50", "\"25,50\" is not an amount" },
    { "25.50", "4.99", "\"most\" is less than \"least\"" },
    { "least: 5", "least: -5", "f:18:12: \"least\" must not be negative" },
    { "    every_days: 30\n", "", "\"most_times\" goes with every_days" },
    { "step: final", "step: final\n    after_days: 3", "not both" },
    { "name: two", "name: one", "two fees are called \"one\"" },
    { "from: 1000", "from: 0", "f:25:43: a tier must begin above the one before it" },
    { "from: 1000, ", "", "\"from\" is missing here" },
    { "[{from: 0, amount: 40}, {from: 1000, amount: 70}]", "[]", "a fee by tiers needs" },
    { "place: DE", "place: XX", "f:30:21: no order of \"XX\" is known" },
    { "place: DE", "place: DE, by: component", "an order by the law of a place stands alone" },
    { "{place: DE}", "{order: [principal], by: component, clause: x}",
      "\"order\" must name principal, interest, fees and costs, each once" },
    { "{place: DE}", "{order: [principal, interest, fees, costs], by: component}",
      "this order has no ground" },
    { "charges: waive", "charges: maybe", "f:31:10: charges: claim or waive" },
    { "late_fees_most", "late_fee_most", "did you mean \"late_fees_most\"?" },
    { "grace_days", "due", "f:7:1: \"due\" stands here twice" },
};

static void a_good_file_is_read(void **state)
{
    const struct terms *t = read_good(good);
    const struct late_fee *one = &t->fees[0], *two = &t->fees[1];

    (void)state;
    assert_string_equal(t->name, "t");
    assert_int_equal(t->currency, CURRENCY_EUR);
    assert_int_equal(t->due_count, 2);
    assert_int_equal(t->due[0].share, 333333);
    assert_int_equal(t->due[0].rule.days, 14);
    assert_int_equal(t->due[1].rule.kind, DUE_END_OF_MONTH);
    assert_int_equal(t->grace_days, 3);
    assert_true(t->interest.runs);
    assert_int_equal(rate_on(t->interest.rates, day_of("2024-06-12")), 92500);
    assert_int_equal(t->interest.known_to.number, day_of("2026-01-01").number);
    assert_int_equal(t->interest.day_count, DAY_COUNT_30E_360);
    assert_int_equal(t->interest.start, INTEREST_FROM_INVOICE);
    assert_int_equal(t->interest.compounding, COMPOUND_QUARTERLY);
    assert_string_equal(t->interest.ground.clause, "C 1");
    assert_int_equal(t->fee_count, 2);
    assert_int_equal(one->share, 50000);
    assert_int_equal(one->least_minor, 500);
    assert_int_equal(one->most_minor, 2550);
    assert_int_equal(one->after_days, 10);
    assert_int_equal(one->every_days, 30);
    assert_int_equal(one->most_times, 3);
    assert_string_equal(one->ground.law, "L 1");
    assert_null(one->ground.clause);
    assert_int_equal(late_fee_of(two, 99999), 4000);
    assert_int_equal(late_fee_of(two, 100000), 7000);
    assert_string_equal(two->step, "final");
    assert_int_equal(t->fees_most_minor, 10000);
    assert_int_equal(t->discount.share, 20000);
    assert_int_equal(t->allocation.order[0], COMPONENT_COSTS);
    assert_string_equal(t->allocation.ground.law, "BGB §§ 366(2), 367(1)");
    assert_int_equal(t->charges, CHARGES_WAIVE);
}

static void a_bad_file_is_refused_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        const char *at = strstr(good, bad[i].piece);
        struct fault why;
        assert_non_null(at);
        const char *text = arena_print(&a, "%.*s%s%s", (int)(at - good), good, bad[i].instead,
                                       at + strlen(bad[i].piece));
        const struct terms *t = terms_read(&a, "f", text, strlen(text), &book, &why);
        if (t != NULL)
            fail_msg("taken: %s → %s", bad[i].piece, bad[i].instead);
        if (strstr(why.text, bad[i].refusal) == NULL || !text_starts(why.text, "f:"))
            fail_msg("%s → %s: \"%s\", not \"%s\"", bad[i].piece, bad[i].instead, why.text,
                     bad[i].refusal);
    }
}

static void a_cut_file_does_no_harm(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof good; length++) {
        struct fault why;
        char *cut = arena_copy_n(&a, good, length);
        if (terms_read(&a, "f", cut, length, &book, &why) == NULL)
            assert_int_equal(why.code, BAD_PACK);
    }
}

static void what_is_left_out(void **state)
{
    const struct terms *t = read_good("terms: t\ntitle: T\n");

    (void)state;
    assert_int_equal(t->currency, CURRENCY_NONE);
    assert_int_equal(t->due_count, 1);
    assert_int_equal(t->due[0].rule.days, 0);
    assert_false(t->interest.runs);
    assert_int_equal(t->fee_count, 0);
    assert_int_equal(t->discount.share, 0);
    assert_int_equal(t->charges, CHARGES_CLAIM);
    assert_int_equal(t->allocation.order[0], COMPONENT_PRINCIPAL);
    assert_true(t->allocation.by_component);
}

static void equal_parts(void **state)
{
    const struct terms *t =
        read_good("terms: t\ntitle: T\ndue: {instalments: 7, month_day: 31}\n");
    int64_t sum = 0;

    (void)state;
    assert_int_equal(t->due_count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_in_range(t->due[i].share, 142857, 142858);
        sum += t->due[i].share;
    }
    assert_int_equal(sum, SHARE_WHOLE);
    char text[DAY_TEXT];
    assert_string_equal(day_print(due_day_of(&t->due[0].rule, day_of("2026-01-05")), text),
                        "2026-02-28");
    assert_string_equal(day_print(due_day_of(&t->due[6].rule, day_of("2026-01-05")), text),
                        "2026-08-31");
}

/* The terms may say more than the law does, but the law's ground stays. */
static void the_law_and_more(void **state)
{
    const struct terms *t = read_good("terms: t\ntitle: T\ninterest: {statutory: DE, "
                                      "debtor: consumer, day_count: act/365f, clause: C}\n");

    (void)state;
    assert_int_equal(t->interest.day_count, DAY_COUNT_ACT_365F);
    assert_string_equal(t->interest.ground.law, "BGB § 288(1), § 247");
    assert_string_equal(t->interest.ground.clause, "C");
    assert_int_equal(rate_on(t->interest.rates, day_of("2025-03-01")), 72700);
}

static void all_shipped_files_are_read(void **state)
{
    struct terms_files all;
    struct fault why;

    (void)state;
    if (!terms_load(&a, &book, &all, &why))
        fail_msg("%s", why.text);
    assert_true(all.count >= 6);
    for (size_t i = 0; i < all.count; i++) {
        const struct terms_file *file = &all.all[i];
        const char *path = arena_print(&a, "terms/%s.yaml", file->terms->name);
        assert_string_equal(file->path, path);
        assert_ptr_equal(terms_find(&all, file->terms->name), file);
        struct digest digest = digest_of(file->text, file->length);
        assert_memory_equal(&digest, &file->digest, sizeof digest);
    }
    assert_null(terms_find(&all, "none"));
    const struct terms *uk = terms_find(&all, "trade-uk")->terms;
    assert_true(uk->interest.fixed_at_start);
    assert_int_equal(late_fee_of(&uk->fees[0], 99999), 4000);
    assert_int_equal(late_fee_of(&uk->fees[0], 100000), 7000);
    assert_int_equal(late_fee_of(&uk->fees[0], 1000000), 10000);
    assert_int_equal(terms_find(&all, "consumer-de")->terms->fee_count, 0);
    const struct terms *us = terms_find(&all, "net-30-us")->terms;
    assert_int_equal(rate_on(us->interest.rates, day_of("2026-01-01")), 180000);
    assert_null(us->interest.ground.law);
}

/* The terms written out in the guide are read, and every key has its place there. */
static void the_guide_is_true(void **state)
{
    static const char opening[] = "```yaml\nterms:";
    static const char *const keys[] = {
        "currency",       "due",        "grace_days", "interest",   "late_fees",
        "discount",       "allocation", "charges",    "statutory",  "debtor",
        "series",         "margin",     "day_count",  "from",       "compounding",
        "fixed_at_start", "amount",     "percent",    "least",      "most",
        "tiers",          "after_days", "every_days", "most_times", "step",
        "late_fees_most", "within_days"
    };
    struct fault why;
    size_t length, found = 0;
    char *guide;

    (void)state;
    if (!text_read_file("docs/terms.md", 1 << 20, &a, &guide, &length, &why))
        fail_msg("%s", why.text);
    for (char *at = strstr(guide, opening); at != NULL; at = strstr(at, opening), found++) {
        at += strlen("```yaml\n");
        size_t bytes = (size_t)(strstr(at, "\n```") - at) + 1;
        if (terms_read(&a, "guide", at, bytes, &book, &why) == NULL)
            fail_msg("%s", why.text);
    }
    assert_int_equal(found, 4);
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (strstr(guide, arena_print(&a, "`%s`", keys[i])) == NULL)
            fail_msg("docs/terms.md does not tell of %s", keys[i]);
    }
    for (size_t i = 0; i < book.order_count; i++)
        assert_non_null(strstr(guide, book.orders[i].place));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_is_read),
        cmocka_unit_test(a_bad_file_is_refused_at_its_place),
        cmocka_unit_test(a_cut_file_does_no_harm),
        cmocka_unit_test(what_is_left_out),
        cmocka_unit_test(equal_parts),
        cmocka_unit_test(the_law_and_more),
        cmocka_unit_test(all_shipped_files_are_read),
        cmocka_unit_test(the_guide_is_true),
    };

    return cmocka_run_group_tests(tests, load, give_back);
}
