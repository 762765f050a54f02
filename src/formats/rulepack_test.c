#include "formats/rulepack.h"

#include "base/text.h"
#include "domain/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A pack that is right; each case below breaks it in one place. */
#define HEAD "pack: test\ntitle: T\nplaces: US\nbinds: anyone\nrules:\n"
#define RULE CAP("test.cap", "from: 2020-01-01")
#define CAP(id, from)                                                                          \
    "  - id: " id "\n    title: T\n    shape: cap\n    strength: policy\n"                     \
    "    confidence: high\n    " from "\n    cite: House\n    reason: R\n"                     \
    "    debtor_reason: D\n"                                                                   \
    "    count: {unit: attempt, per: [person], window: 7 local days, max: 3}\n"
#define LIMITATION                                                                             \
    "  - id: test.limitation\n    title: T\n    shape: limitation\n    strength: policy\n"     \
    "    confidence: high\n    from: 2020-01-01\n    cite: House\n    reason: R\n"             \
    "    debtor_reason: D\n"
#define CASES                                                                                  \
    "    cases:\n"                                                                             \
    "      - {name: a, at: 2026-01-01T00:00:00Z, given: {channel: call}, expect: {ruling: "    \
    "allow}}\n"                                                                                \
    "      - {name: b, at: 2026-01-01T00:00:00Z, given: {channel: call}, expect: {ruling: "    \
    "deny}}\n"

static bool parses(struct arena *a, const char *text, struct rulebook *book, struct fault *why)
{
    return rulepack_parse(a, "test.yaml", text, strlen(text), book, why);
}

static void a_good_pack_is_read(void **state)
{
    struct arena a = { 0 };
    struct fault why;
    struct rulebook book;

    (void)state;
    assert_true(parses(&a, HEAD RULE CASES, &book, &why));
    assert_int_equal(book.pack_count, 1);
    assert_int_equal(book.case_count, 2);
    assert_string_equal(rulepack_name(book.packs[0]), "test");
    assert_int_equal(strlen(rulepack_digest(book.packs[0])), 64);
    assert_string_equal(rule_id(rulepack_rule(book.packs[0], 0)), "test.cap");
    assert_string_equal(rule_strength(rulepack_rule(book.packs[0], 0)), "policy");
    assert_string_equal(rule_confidence(rulepack_rule(book.packs[0], 0)), "high");
    assert_string_equal(rule_debtor_reason(rulepack_rule(book.packs[0], 0)), "D");
    arena_free(&a);
}

static const struct {
    const char *name, *text, *says; /* what the sentence must hold; it begins with the place */
} refused[] = {
    { "unknown key of a pack",
      "pack: t\ntitle: T\nplaces: US\nbinds: anyone\nrule: []\nrules: []\n", "test.yaml:5:1:" },
    { "no place", "pack: t\ntitle: T\nbinds: anyone\nrules: []\n", "places" },
    { "binds nobody", "pack: t\ntitle: T\nplaces: US\nrules: []\n", "binds" },
    { "a role that is none", "pack: t\ntitle: T\nplaces: US\nbinds: [collector]\nrules: []\n",
      "test.yaml:4:9: \"collector\"" },
    { "unknown key of a rule", HEAD RULE "    colour: red\n" CASES, "test.yaml:16:5:" },
    { "key of another shape", HEAD RULE "    silent_days: 3\n" CASES, "silent_days" },
    { "unknown shape",
      HEAD "  - {id: x, title: T, shape: circle, strength: policy, reason: R}\n",
      "test.yaml:6:30: there is no shape \"circle\"" },
    { "unknown strength",
      HEAD "  - {id: x, title: T, shape: note, strength: grim, reason: R}\n",
      "there is no strength \"grim\"" },
    { "no confidence", HEAD "  - {id: x, title: T, shape: note, strength: policy, reason: R}\n",
      "\"confidence\" is missing" },
    { "unknown confidence",
      HEAD
      "  - {id: x, title: T, shape: note, strength: policy, confidence: some, reason: R}\n",
      "confidence: high, medium or low" },
    { "a limitation without years", HEAD LIMITATION "    blocks: suit\n" CASES,
      "\"years\" is missing" },
    { "no such kind of contract",
      HEAD LIMITATION "    blocks: suit\n    years: {spoken: 6}\n" CASES,
      "\"spoken\" is no kind of contract" },
    { "a limitation that blocks nothing",
      HEAD LIMITATION "    years: 6\n    blocks: letters\n" CASES, "blocks: suit, or demand" },
    { "half known is not known",
      HEAD LIMITATION "    years: 6\n    blocks: suit\n    unknown: maybe\n" CASES,
      "unknown: closes, or passes" },
    { "nothing to tell the debtor",
      HEAD
      "  - {id: x, title: T, shape: opt_out, strength: policy, confidence: low, reason: R}\n",
      "\"debtor_reason\" is missing" },
    { "no citation",
      HEAD "  - {id: x, title: T, shape: note, strength: policy, confidence: high, reason: R, "
           "from: 2020-01-01, cases: []}\n",
      "\"cite\" is missing" },
    { "an empty citation",
      HEAD "  - {id: x, title: T, shape: note, strength: policy, confidence: high, reason: R, "
           "from: 2020-01-01, cite: [\" \"], cases: []}\n",
      "citation" },
    { "no case", HEAD RULE, "\"cases\" is missing" },
    { "no case that passes",
      HEAD RULE "    cases:\n      - {name: b, at: 2026-01-01T00:00:00Z, "
                "given: {channel: call}, expect: {ruling: deny}}\n",
      "lets pass" },
    { "silence is no denial",
      HEAD RULE "    cases:\n      - {name: a, at: 2026-01-01T00:00:00Z, given: {}, expect: "
                "{ruling: allow}}\n      - {name: b, at: 2026-01-01T00:00:00Z, given: {}, "
                "expect: {ruling: silent}}\n",
      "lets pass" },
    { "silence is no passing, even of a note",
      HEAD "  - {id: x, title: T, shape: note, strength: policy, confidence: high, reason: R, "
           "from: 2020-01-01, cite: C, cases: [{name: a, at: 2026-01-01T00:00:00Z, given: {}, "
           "expect: {ruling: silent}}]}\n",
      "lets pass" },
    { "silence that says more",
      HEAD RULE "    cases:\n      - {name: a, at: 2026-01-01T00:00:00Z, given: {}, expect: "
                "{ruling: silent, unknown: zones}}\n",
      "nothing more" },
    { "no date",
      HEAD "  - {id: x, title: T, shape: note, strength: policy, confidence: high, reason: R, "
           "cite: C, "
           "cases: []}\n",
      "\"from\" is missing" },
    { "a day that is none",
      HEAD "  - {id: x, title: T, shape: note, strength: policy, confidence: high, reason: R, "
           "cite: C, from: 2020-02-30, cases: []}\n",
      "from" },
    { "ends before it begins", HEAD RULE "    to: 2019-12-31\n" CASES, "test.yaml:16:9:" },
    { "two versions at once", HEAD RULE CASES RULE CASES, "test.yaml:19:5: another version" },
    { "an unknown channel", HEAD RULE "    channels: [call, fax]\n" CASES,
      "test.yaml:16:22: \"fax\"" },
    { "an unknown outcome", HEAD RULE "    excludes: [engaged]\n" CASES, "\"engaged\"" },
    { "an unknown fact in a condition", HEAD RULE "    applies: chanel == \"call\"\n" CASES,
      "test.yaml:16:14:" },
    { "a condition of the wrong type", HEAD RULE "    applies: channel\n" CASES,
      "test.yaml:16:14:" },
    { "an unknown fact",
      HEAD "  - {id: x, title: T, shape: wait, strength: policy, confidence: high, reason: R, "
           "debtor_reason: D, "
           "cite: C, from: 2020-01-01, after: {fact: moon}, days: 3, cases: []}\n",
      "there is no fact \"moon\"" },
    { "a consent beyond its wait",
      HEAD "  - {id: x, title: T, shape: wait, strength: policy, confidence: high, reason: R, "
           "debtor_reason: D, cite: C, from: 2020-01-01, after: conversation, days: 7, "
           "consent: {days: 8}, cases: []}\n",
      "outlast the 7 days" },
    { "a window that is none",
      HEAD "  - {id: x, title: T, shape: hours, strength: policy, confidence: high, reason: "
           "R, debtor_reason: D, cite: C, from: 2020-01-01, hours: [{days: mon, open: "
           "\"21:00\", close: \"08:00\"}], cases: []}\n",
      "window" },
    { "a holiday that is none",
      HEAD "  - {id: x, title: T, shape: hours, strength: policy, confidence: high, "
           "reason: R, debtor_reason: D, cite: C, from: 2020-01-01, hours: [{days: mon, "
           "open: \"08:00\", close: \"21:00\"}], closed: [lent], "
           "cases: []}\n",
      "not a closed day" },
    { "a case without a zone in its time",
      HEAD RULE "    cases:\n      - {name: b, at: 2026-01-01, "
                "given: {}, expect: {ruling: deny}}\n",
      "moment" },
    { "a ruling that is none",
      HEAD RULE "    cases:\n      - {name: b, at: 2026-01-01T00:00:00Z, "
                "given: {}, expect: {ruling: maybe}}\n",
      "ruling" },
    { "no list of rules", "pack: t\ntitle: T\nplaces: US\nbinds: anyone\nrules: none\n",
      "rules" },
    { "not YAML", "pack: [\n", "test.yaml:" },
    { "a rule that is a word", HEAD "  - cap\n", "test.yaml:6:5:" },
};

static void bad_packs_are_refused_with_their_place(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct fault why = { 0 };
        struct rulebook book;
        if (parses(&a, refused[i].text, &book, &why))
            fail_msg("%s: read", refused[i].name);
        assert_int_equal(why.code, BAD_PACK);
        if (strstr(why.text, refused[i].says) == NULL || !text_starts(why.text, "test.yaml:"))
            fail_msg("%s: %s", refused[i].name, why.text);
        arena_reset(&a);
    }
    arena_free(&a);
}

#define HOURS                                                                                  \
    "  - id: test.hours\n    title: T\n    shape: hours\n    strength: policy\n"               \
    "    confidence: high\n    from: 2020-01-01\n    cite: House\n    reason: R\n"             \
    "    debtor_reason: D\n    hours: [{days: mon, open: \"08:00\", close: \"21:00\"}]\n"
#define OTHER CAP("test.other", "from: 2020-01-01")

/* Two rules of one pack, and what is said when nobody knows which of them prevails. */
static const struct {
    const char *name, *text, *says; /* NULL: the pack is read */
} overlaps[] = {
    { "twice the same contacts", HEAD RULE CASES OTHER CASES,
      "test.yaml:19:5: \"test.other\" limits contacts that \"test.cap\" limits as well" },
    { "the second says so", HEAD RULE CASES OTHER "    beside: [test.cap]\n" CASES, NULL },
    { "the first says so", HEAD RULE "    beside: [test.other]\n" CASES OTHER CASES, NULL },
    { "another shape", HEAD RULE CASES HOURS CASES, NULL },
    { "other channels",
      HEAD RULE "    channels: [call]\n" CASES OTHER "    channels: [sms, email]\n" CASES,
      NULL },
    { "a channel in common",
      HEAD RULE "    channels: [call, sms]\n" CASES OTHER "    channels: [sms]\n" CASES,
      "as well" },
    { "other people asked",
      HEAD RULE "    relations: [spouse]\n" CASES OTHER "    relations: [neighbour]\n" CASES,
      NULL },
    { "everybody and some", HEAD RULE "    relations: [spouse]\n" CASES OTHER CASES,
      "as well" },
    { "other people bound",
      HEAD RULE "    binds: [first_party_creditor]\n" CASES OTHER
                "    binds: [debt_buyer]\n" CASES,
      NULL },
    { "bound by the pack", HEAD RULE "    binds: [first_party_creditor]\n" CASES OTHER CASES,
      "as well" },
    { "other debts",
      HEAD RULE "    debts: consumer\n" CASES OTHER "    debts: business\n" CASES, NULL },
    { "any debts", HEAD RULE "    debts: consumer\n" CASES OTHER CASES, "as well" },
    { "one after the other",
      HEAD RULE "    to: 2024-12-31\n" CASES CAP("test.other", "from: 2025-01-01") CASES,
      NULL },
    { "one day together",
      HEAD RULE "    to: 2025-01-01\n" CASES CAP("test.other", "from: 2025-01-01") CASES,
      "as well" },
    { "no day is recorded",
      HEAD CAP("test.cap", "from: not recorded") CASES CAP("test.other", "from: not recorded")
          CASES,
      "as well" },
    { "work and not work",
      HEAD RULE "    numbers: not work\n" CASES OTHER "    numbers: known work\n" CASES, NULL },
    { "work and a mobile",
      HEAD RULE "    numbers: work\n" CASES OTHER "    numbers: cell\n" CASES, NULL },
    { "a mobile is not work",
      HEAD RULE "    numbers: not work\n" CASES OTHER "    numbers: cell\n" CASES, "as well" },
    { "any number", HEAD RULE "    numbers: work\n" CASES OTHER CASES, "as well" },
    { "parts of one rule", HEAD RULE "    part: one\n" CASES RULE "    part: two\n" CASES,
      NULL },
    { "beside what is not there", HEAD RULE "    beside: [test.moon]\n" CASES,
      "test.yaml:16:13: \"beside\" names \"test.moon\"" },
    { "beside itself", HEAD RULE "    beside: [test.cap]\n" CASES, "no other rule" },
};

static void overlaps_say_that_both_hold(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(overlaps); i++) {
        struct fault why = { 0 };
        struct rulebook book;
        bool read = parses(&a, overlaps[i].text, &book, &why);
        if (read != (overlaps[i].says == NULL) ||
            (!read && strstr(why.text, overlaps[i].says) == NULL))
            fail_msg("%s: %s", overlaps[i].name, read ? "read" : why.text);
        arena_reset(&a);
    }
    arena_free(&a);
}

static void versions_that_follow_each_other(void **state)
{
    struct arena a = { 0 };
    struct fault why;
    struct rulebook book;

    (void)state;
    assert_true(
        parses(&a,
               HEAD RULE
               "    to: 2025-12-31\n" CASES
               "  - id: test.cap\n    title: T\n    shape: note\n    strength: policy\n"
               "    confidence: low\n    from: 2026-01-01\n    cite: C\n    reason: R\n" CASES,
               &book, &why));
    assert_int_equal(rulebook_next_change(&book, (struct day){ 0 }).number,
                     day_of_date((struct date){ 2020, 1, 1 }).number);
    assert_int_equal(
        rulebook_next_change(&book, day_of_date((struct date){ 2025, 6, 1 })).number,
        day_of_date((struct date){ 2026, 1, 1 }).number);
    assert_int_equal(
        rulebook_next_change(&book, day_of_date((struct date){ 2026, 6, 1 })).number,
        DAY_NEVER.number);
    arena_free(&a);
}

/* Some law gives no day of commencement: then it is in force at any date. */
static void a_day_that_is_not_recorded(void **state)
{
    struct arena a = { 0 };
    struct fault why;
    struct rulebook book;

    (void)state;
    assert_true(
        parses(&a,
               HEAD "  - id: test.note\n    title: T\n    shape: note\n    strength: policy\n"
                    "    confidence: low\n    from: not recorded\n    to: 2025-12-31\n"
                    "    cite: C\n    reason: R\n" CASES,
               &book, &why));
    assert_int_equal(rulepack_rule(book.packs[0], 0)->from.number, DAY_NONE.number);
    assert_null(rule_debtor_reason(rulepack_rule(book.packs[0], 0)));
    assert_int_equal(rulebook_next_change(&book, (struct day){ 0 }).number,
                     day_of_date((struct date){ 2026, 1, 1 }).number);
    arena_free(&a);
}

static const struct {
    const char *places[2];
    enum actor_role role;
    bool business;
    const char *chosen, *left_out; /* names, blanks between */
} choices[] = {
    { { "US-OH" },
      ACTOR_THIRD_PARTY_COLLECTOR,
      false,
      "house us.federal us.bankruptcy",
      "us.fl us.ny us.ny.nyc gb.fca ca.on" },
    { { "US-FL" }, ACTOR_DEBT_BUYER, false, "house us.federal us.fl", "us.wa us.ny gb.ew" },
    { { "US-NY-NYC" },
      ACTOR_THIRD_PARTY_COLLECTOR,
      false,
      "house us.federal us.ny us.ny.nyc",
      "us.fl ca.on" },
    { { "US-NY" },
      ACTOR_THIRD_PARTY_COLLECTOR,
      false,
      "house us.federal us.ny",
      "us.ny.nyc us.fl" },
    { { "US-FL", "US-WA" },
      ACTOR_THIRD_PARTY_COLLECTOR,
      false,
      "house us.federal us.fl us.wa",
      "us.ny us.wv" },
    { { "GB-ENG" },
      ACTOR_FIRST_PARTY_CREDITOR,
      false,
      "gb.ew gb.fca house",
      "us.federal ca.qc" },
    { { "GB-SCT" }, ACTOR_FIRST_PARTY_CREDITOR, false, "gb.fca house", "gb.ew us.federal" },
    { { "CA-QC" }, ACTOR_THIRD_PARTY_COLLECTOR, false, "ca.qc house", "ca.on us.federal" },
    { { "DE-BY" }, ACTOR_FIRST_PARTY_CREDITOR, false, "house", "gb.ew us.federal au.rg96" },
    { { "US-FL" }, ACTOR_FIRST_PARTY_CREDITOR, true, "house us.fl", "us.federal us.ny.nyc" },
};

static void check_names(struct arena *a, const struct gate_packs *packs, const char *names,
                        bool chosen)
{
    char *rest = arena_copy(a, names), *name;

    while ((name = strsep(&rest, " ")) != NULL) {
        bool found = false;
        for (size_t i = 0; i < packs->count; i++)
            found = found || strcmp(rulepack_name(packs->packs[i]), name) == 0;
        if (found != chosen)
            fail_msg("%s is %s chosen", name, found ? "" : "not");
    }
}

static void packs_are_chosen_by_place_role_and_debts(void **state)
{
    struct arena a = { 0 };
    struct fault why;
    struct rulebook book;

    (void)state;
    if (!rulepack_load_all(&a, &book, &why))
        fail_msg("%s", why.text);
    for (size_t i = 0; i < COUNT(choices); i++) {
        size_t count = choices[i].places[1] == NULL ? 1 : 2;
        struct gate_packs packs = rulepack_choose(&book, &a, choices[i].places, count,
                                                  choices[i].role, choices[i].business);
        check_names(&a, &packs, choices[i].chosen, true);
        check_names(&a, &packs, choices[i].left_out, false);
        for (size_t k = 0; k < packs.count; k++)
            assert_true(k == 0 || strcmp(rulepack_path(packs.packs[k - 1]),
                                         rulepack_path(packs.packs[k])) < 0);
    }
    struct gate_packs all =
        rulepack_choose(&book, &a, NULL, 0, ACTOR_THIRD_PARTY_COLLECTOR, false);
    assert_int_equal(all.count, book.pack_count); /* nobody knows where: any law may hold */
    assert_null(rulepack_find(&book, "us.nowhere"));
    arena_free(&a);
}

static void rules_without_their_cases_are_the_same(void **state)
{
    struct arena a = { 0 };
    struct rulebook all, rules;
    struct fault why = { 0 };

    (void)state;
    assert_true(rulepack_load_all(&a, &all, &why));
    assert_true(rulepack_load_rules(&a, &rules, &why));
    assert_string_equal(all.digest, rules.digest);
    assert_true(all.case_count > 1000 && rules.case_count == 0);
    assert_int_equal(all.pack_count, rules.pack_count);
    for (size_t i = 0; i < all.pack_count; i++) {
        assert_int_equal(all.packs[i]->rule_count, rules.packs[i]->rule_count);
        for (size_t k = 0; k < all.packs[i]->rule_count; k++) {
            const struct rule *x = &all.packs[i]->rules[k], *y = &rules.packs[i]->rules[k];
            assert_string_equal(x->id, y->id);
            assert_string_equal(x->reason, y->reason);
            assert_true(x->from.number == y->from.number && x->channels == y->channels);
        }
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_without_their_cases_are_the_same),
        cmocka_unit_test(a_good_pack_is_read),
        cmocka_unit_test(bad_packs_are_refused_with_their_place),
        cmocka_unit_test(overlaps_say_that_both_hold),
        cmocka_unit_test(versions_that_follow_each_other),
        cmocka_unit_test(a_day_that_is_not_recorded),
        cmocka_unit_test(packs_are_chosen_by_place_role_and_debts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
