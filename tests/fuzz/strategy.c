/*
 * Any bytes as a strategy file: it is read, or refused with its place. What is read is
 * remarked on, and its cases are run through real decisions.
 */
#include "formats/strategy_case.h"
#include "formats/strategy_check.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

static void check_ladder(const struct ladder *ladder)
{
    must(ladder->step_count > 0 && ladder->gap_days > 0 && ladder->end_after_days > 0);
    for (size_t i = 0; i < ladder->step_count; i++) {
        must(ladder->steps[i].channel_count > 0);
        must(i == 0 || ladder->steps[i].day > ladder->steps[i - 1].day);
        must(ladder_find(ladder, ladder->steps[i].id) == i);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    const char *text = (const char *)bytes;
    struct strategy *s = strategy_parse(&a, "fuzz", text, length, &why);
    struct strategy_remarks remarks = strategy_check(&a, "fuzz", text, length, NULL, NULL);

    if (s == NULL) {
        must(why.code == BAD_PACK && strncmp(why.text, "fuzz:", 5) == 0);
        must(remarks.problems == 1 && remarks.warnings == 0);
    } else {
        size_t passed, failed;
        for (size_t i = 0; i < s->ladder_count; i++)
            check_ladder(&s->ladders[i]);
        strategy_test(s, &a, &passed, &failed, NULL, NULL);
        must(passed + failed == (s->cases != NULL ? s->cases->count : 0));
    }
    arena_free(&a);
    return 0;
}
