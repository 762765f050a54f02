/*
 * Every number of every pack is held by a case: changed by one, it makes a case fail or the
 * pack be refused. `recoup rules mutate` says the same to the author of a pack.
 */
#include "flow/rules_mutate.h"

#include "base/files.h"
#include "base/text.h"
#include "flow/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SHARE_LEAST = 95 }; /* per cent of all changes */

#define PACK(count, cases)                                                                     \
    "pack: t\ntitle: T\nplaces: US\nbinds: anyone\nrules:\n  - id: t.cap\n    title: T\n"      \
    "    shape: cap\n    strength: policy\n    confidence: high\n    from: not recorded\n"     \
    "    cite: C\n    reason: R\n    debtor_reason: D\n"                                       \
    "    count: {unit: attempt, per: [person], window: " count "}\n    cases:\n" cases
#define CASE(name, at, history, expect)                                                        \
    "      - {name: " name ", at: " at ", given: {channel: call, zones: [America/New_York],\n" \
    "         history: [" history "]}, expect: {ruling: " expect "}}\n"
#define CALL "{at: 2026-06-05T10:00:00-04:00, channel: call}"

static const struct {
    const char *name, *pack, *says;
    size_t changed, noticed;
} packs[] = {
    { "the boundary is held from both sides",
      PACK("7 local days, max: 1",
           CASE("free", "2026-06-12T00:00:00-04:00", CALL, "allow")
               CASE("full", "2026-06-11T23:59:59-04:00", CALL, "defer")),
      "", 4, 4 },
    { "a wide case holds nothing but itself",
      PACK("7 local days, max: 1",
           CASE("free", "2026-06-30T00:00:00-04:00", CALL, "allow")
               CASE("full", "2026-06-06T23:59:59-04:00", CALL, "defer")),
      "t.yaml:15: t.cap: no case notices window 6 instead of 7\n"
      "t.yaml:15: t.cap: no case notices window 8 instead of 7\n",
      4, 2 },
};

static void what_no_case_holds_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(packs); i++) {
        struct mutation_count count = { 0, 0 };
        struct fault why = { 0 };
        char *said = NULL;
        size_t length;
        FILE *out = open_memstream(&said, &length);
        if (!rules_mutate("t.yaml", packs[i].pack, strlen(packs[i].pack), out, &count, &why))
            fail_msg("%s: %s", packs[i].name, why.text);
        fclose(out);
        assert_string_equal(said, packs[i].says);
        assert_int_equal(count.changed, packs[i].changed);
        assert_int_equal(count.noticed, packs[i].noticed);
        free(said);
    }
}

static void a_pack_that_fails_its_own_cases_is_refused(void **state)
{
    static const char pack[] = PACK(
        "7 local days, max: 1", CASE("free", "2026-06-12T00:00:00-04:00", CALL, "allow")
                                    CASE("wrong", "2026-06-12T00:00:00-04:00", CALL, "deny"));
    struct mutation_count count = { 0, 0 };
    struct fault why = { 0 };

    (void)state;
    assert_false(rules_mutate("t.yaml", pack, strlen(pack), stdout, &count, &why));
    assert_int_equal(why.code, BAD_PACK);
    assert_non_null(strstr(why.text, "t.yaml:19:1: the pack fails its own case \"wrong\""));
    assert_int_equal(count.changed, 0);
}

static void the_numbers_of_the_packs_are_held(void **state)
{
    struct arena a = { 0 };
    struct mutation_count all = { 0, 0 };
    struct rulebook book;
    struct fault why = { 0 };
    struct file file;

    (void)state;
    if (!rulepack_load_all(&a, &book, &why))
        fail_msg("%s", why.text);
    for (size_t i = 0; i < book.pack_count; i++) {
        if (!files_load(&a, rulepack_path(book.packs[i]), &file, &why) ||
            !rules_mutate(file.path, (const char *)file.bytes, file.length, stdout, &all, &why))
            fail_msg("%s", why.text);
    }
    print_message("rules: %zu of %zu changed numbers and dates were noticed (%.1f %%)\n",
                  all.noticed, all.changed, 100.0 * (double)all.noticed / (double)all.changed);
    assert_true(all.changed > 300);
    assert_true(all.noticed * 100 >= all.changed * SHARE_LEAST);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_case_holds_is_named),
        cmocka_unit_test(a_pack_that_fails_its_own_cases_is_refused),
        cmocka_unit_test(the_numbers_of_the_packs_are_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
