/* Authority: the house file and its cases, what is refused, unknown facts, and four eyes. */
#include "formats/authority.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void collect(void *context, const char *line)
{
    text_add(context, line);
    text_add_char(context, '\n');
}

static struct authority_book *house(struct arena *a)
{
    struct fault why = { 0 };
    struct authority_book *book = authority_load(a, "authority/house.yaml", &why);

    if (book == NULL)
        fail_msg("%s", why.text);
    return book;
}

static void the_house_holds(void **state)
{
    struct arena a = { 0 };
    struct text lines = { 0 };
    size_t passed, failed;

    (void)state;
    authority_test(house(&a), &a, &passed, &failed, collect, &lines);
    if (failed > 0)
        fail_msg("%s", text_of(&lines));
    assert_true(passed >= 16);
    text_free(&lines);
    arena_free(&a);
}

#define ROLES "authority: t\ntitle: T\nroles: [{name: one}, {name: two, words: the boss}]\n"

static void what_is_refused(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "authority: t\ntitle: T\nroles: []\nlimits: []\n", "one to 16 roles" },
        { "authority: t\ntitle: T\nroles: [{name: a}, {name: a}]\nlimits: []\n",
          "two roles are called \"a\"" },
        { ROLES "limits: [{name: r, role: three}]\n",
          "f.yaml:4:26: there is no role \"three\"" },
        { ROLES "limits: [{name: r, role: one, when: segmen == \"x\"}]\n", "f.yaml:4:37: " },
        { ROLES "limits: [{name: r, role: one, write_off: 5.00}]\n",
          "a row with amounts names its currency" },
        { ROLES "limits: [{name: r, role: one, currency: USD, write_off: 5.001}]\n",
          "more decimals than USD" },
        { ROLES "limits: [{name: r, role: one, currency: USD, write_off: -5}]\n",
          "must not be less than 0" },
        { ROLES "limits: [{name: r, role: one, currency: XXQ}]\n", "no currency \"XXQ\"" },
        { ROLES "limits: [{name: r, role: one, currency: [USD, JPY]}]\n",
          "USD and JPY have not as many decimals" },
        { ROLES "limits: [{name: r, role: one, discount_percent: 101}]\n", "from 0 to 100" },
        { ROLES "limits: [{name: r, role: one, discount_percent: 1.}]\n", "from 0 to 100" },
        { ROLES "limits: [{name: r, role: one, discount_percent: .5}]\n", "from 0 to 100" },
        { ROLES "limits: [{name: r, role: one, discount_percent: 1.00001}]\n",
          "from 0 to 100" },
        { ROLES "limits: [{name: r, role: one, plan_monts: 5}]\n",
          "did you mean \"plan_months\"" },
        { ROLES "limits: [{name: r, role: one, plan_months: -1}]\n", "whole number" },
        { ROLES "limits: [{name: r, role: one}, {name: s, role: one, when: business}]\n",
          "row \"s\" is never asked: \"r\" always holds" },
        { ROLES "limits: [{name: r, role: one}, {name: r, role: two}]\n",
          "two rows are called \"r\"" },
    };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fault why = { 0 };
        if (authority_parse(&a, "f.yaml", cases[i].text, strlen(cases[i].text), &why) != NULL)
            fail_msg("case %zu is read", i);
        assert_int_equal(why.code, BAD_PACK);
        if (strstr(why.text, cases[i].says) == NULL)
            fail_msg("case %zu: %s", i, why.text);
    }
    arena_free(&a);
}

static const char little[] =
    ROLES "limits:\n"
          "  - {name: old, role: one, when: days_past_due > 100, discount_percent: 12.5}\n"
          "  - {name: any, role: one, currency: USD, plan_months: 6, smallest_payment: 20,\n"
          "     first_payment_percent: 10, first_within_days: 30}\n"
          "  - {name: yen, role: one, currency: JPY, write_off: 500}\n"
          "  - {name: all, role: two, currency: [USD, EUR], plan_months: any,\n"
          "     discount_percent: 100}\n";

static struct authority_book *little_book(struct arena *a)
{
    struct fault why = { 0 };
    struct authority_book *book = authority_parse(a, "f.yaml", little, strlen(little), &why);

    if (book == NULL)
        fail_msg("%s", why.text);
    return book;
}

static void set_facts(struct value facts[AUTHORITY_FACT_COUNT], const char *currency, int days)
{
    memset(facts, 0, sizeof(struct value) * AUTHORITY_FACT_COUNT);
    facts[AUTHORITY_CURRENCY] = (struct value){ .known = currency != NULL, .text = currency };
    facts[AUTHORITY_DAYS] = (struct value){ .known = days >= 0, .number = days };
}

static void the_first_row_counts(void **state)
{
    struct arena a = { 0 };
    struct authority_book *book = little_book(&a);
    struct value facts[AUTHORITY_FACT_COUNT];
    struct authority g;

    (void)state;
    set_facts(facts, "USD", 101);
    g = authority_for(book, 0, facts);
    assert_string_equal(g.row, "old");
    assert_int_equal(g.discount_ppm, 125000);
    assert_int_equal(g.plan_months, 0);
    set_facts(facts, "USD", 100);
    g = authority_for(book, 0, facts);
    assert_string_equal(g.source, "f.yaml, any");
    assert_int_equal(g.smallest_payment, 2000);
    set_facts(facts, "JPY", 100);
    assert_int_equal(authority_for(book, 0, facts).write_off, 500);
    set_facts(facts, "SEK", 100);
    assert_null(authority_for(book, 0, facts).row);

    /* Not known: nothing, even where a later row would grant it. */
    set_facts(facts, "USD", -1);
    g = authority_for(book, 0, facts);
    assert_string_equal(g.unknown, "days_past_due");
    assert_int_equal(g.plan_months, 0);
    set_facts(facts, NULL, 5);
    assert_string_equal(authority_for(book, 0, facts).unknown, "currency");
    arena_free(&a);
}

static void limits_of_plans(void **state)
{
    struct arena a = { 0 };
    struct authority_book *book = little_book(&a);
    struct value facts[AUTHORITY_FACT_COUNT];
    struct plan_limit limits[AUTHORITY_LIMITS];
    struct plan_answer answer;
    struct day today = { 20000 };
    struct plan_question q = { .open = money_of(128456, CURRENCY_USD),
                               .today = today,
                               .first_day = day_plus(today, 10),
                               .down_day = today,
                               .payday_known = DAY_NONE,
                               .limitation_day = DAY_NEVER,
                               .asked_minor = 10000,
                               .limits = limits };
    struct proposal p = { .open = q.open };

    (void)state;
    set_facts(facts, "USD", 5);
    q.limit_count = authority_limits(book, 0, facts, q.open, today, &a, limits);
    assert_int_equal(q.limit_count, 4);
    assert_int_equal(limits[2].value, 12846); /* a tenth, rounded up */
    plan_solve(&q, &a, &answer);
    assert_string_equal(
        answer.refusals[0].sentence,
        "6 months is the most that a one may grant (f.yaml, any); ask the boss, "
        "or pay at least $214.10 a month");
    assert_true(answer.plan_count > 0);

    /* What the solver lets pass the check lets pass, too. */
    for (size_t i = 0; i < answer.plan_count; i++) {
        proposal_of_plan(&answer.plans[i], today, &p);
        struct authority_answer said = authority_check(book, 0, facts, &p, &a);
        if (said.ruling != AUTHORITY_ALLOWED)
            fail_msg("%s", said.why);
    }
    p.plan_months = 7;
    struct authority_answer said = authority_check(book, 0, facts, &p, &a);
    assert_int_equal(said.ruling, AUTHORITY_APPROVAL);
    assert_string_equal(said.role, "two");
    assert_string_equal(said.why, "7 months is longer than the 6 months that a one may grant; "
                                  "the boss can approve it");
    assert_string_equal(said.source, "f.yaml, any");
    assert_int_equal(authority_limits(book, 1, facts, q.open, today, &a, limits), 0);
    arena_free(&a);
}

static void four_eyes(void **state)
{
    struct arena a = { 0 };
    struct authority_book *book = little_book(&a);
    struct value facts[AUTHORITY_FACT_COUNT];
    struct proposal p = { .open = money_of(1000, CURRENCY_USD), .discount_minor = 600 };
    struct fault why = { 0 };

    (void)state;
    set_facts(facts, "USD", 5);
    assert_int_equal(authority_check(book, 0, facts, &p, &a).ruling, AUTHORITY_APPROVAL);
    assert_false(authority_may_approve(book, "ann", "ann", 1, facts, &p, &a, &why));
    assert_int_equal(why.code, NOT_ALLOWED);
    assert_string_equal(why.text, "ann asked for it, so somebody else has to approve it");
    assert_false(authority_may_approve(book, "ann", "bob", 0, facts, &p, &a, &why));
    assert_string_equal(why.text, "bob can't approve it: a discount of $6.00 is more than the "
                                  "$0.00 that a one may grant");
    assert_true(authority_may_approve(book, "ann", "bob", 1, facts, &p, &a, &why));
    p.write_off = 1;
    assert_int_equal(authority_check(book, 1, facts, &p, &a).ruling, AUTHORITY_NOBODY);
    arena_free(&a);
}

static void a_case_says_where_it_fails(void **state)
{
    static const struct {
        const char *given, *propose, *expect, *line;
    } cases[] = {
        { "role: one", "plan_months: 6, smallest_payment: 20, first_payment: 100",
          "answer: allowed, by: one", NULL },
        { "role: one", "plan_months: 7", "answer: allowed",
          "f.yaml:15:22: expected answer allowed, got approval (7 months" },
        { "role: one", "plan_months: 7", "answer: approval, by: one",
          "f.yaml:15:36: expected by one, got two" },
        { "role: one", "plan_months: 7", "answer: approval, because: of rain",
          "f.yaml:15:41: it is because \"7 months" },
        { "role: one, days_past_due: unknown", "write_off: 1",
          "answer: nobody, because: days_past_due is not known", NULL },
        { "role: six", "plan_months: 7", "answer: allowed", "f.yaml:13:19: there is no role" },
        { "role: one", "", "answer: allowed", "f.yaml:14:14: nothing is proposed here" },
        { "role: one", "plan_months: 7", "by: one", "f.yaml:15:13: \"answer\" is missing" },
        { "role: one, hardship: maybe", "plan_months: 7", "answer: allowed",
          "f.yaml:13:34: \"hardship\" must be true or false" },
        { "role: one", "discount: 1.001", "answer: allowed", "f.yaml:14:25: \"1.001\" has" },
    };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text lines = { 0 };
        struct fault why = { 0 };
        size_t passed, failed;
        const char *text =
            arena_print(&a,
                        "%scases:\n  - name: n\n    given: {%s}\n    propose: {%s}\n"
                        "    expect: {%s}\n",
                        little, cases[i].given, cases[i].propose, cases[i].expect);
        struct authority_book *book = authority_parse(&a, "f.yaml", text, strlen(text), &why);
        if (book == NULL)
            fail_msg("%s", why.text);
        authority_test(book, &a, &passed, &failed, collect, &lines);
        assert_int_equal(passed + failed, 1);
        if (cases[i].line == NULL ? failed > 0
                                  : failed == 0 || !text_starts(text_of(&lines), cases[i].line))
            fail_msg("case %zu: %s", i, text_of(&lines));
        text_free(&lines);
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_house_holds),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(the_first_row_counts),
        cmocka_unit_test(limits_of_plans),
        cmocka_unit_test(four_eyes),
        cmocka_unit_test(a_case_says_where_it_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
