/*
 * Any text, and any edit of it: it is refused and stays, or what is made is YAML and has the
 * value that was meant. The first bytes say which edit, up to a newline its value; the rest is
 * the text.
 */
#include "formats/strategy_edit.h"

#include "base/text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

static const char *const keys[] = { "id",    "before_due", "after_due", "when", "channels",
                                    "title", "template",   "end.after", "gap",  "ladder" };

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct strategy_outline outline;
    const char *out;
    size_t bad;

    if (length < 7 || !text_is_utf8((const char *)bytes + 6, length - 6, &bad))
        return 0;
    const char *rest = arena_copy_n(&a, (const char *)bytes + 6, length - 6);
    size_t end = strcspn(rest, "\n");
    const char *value = arena_copy_n(&a, rest, end), *text = rest + end + (rest[end] == '\n');
    struct strategy_edit edit = { .verb = bytes[0] % 4,
                                  .part = bytes[1] % 4,
                                  .ladder = bytes[2] % 4,
                                  .item = bytes[3] % 8,
                                  .to = bytes[4] % 8,
                                  .key = keys[bytes[5] % COUNT(keys)],
                                  .value = value,
                                  .step = { value, value, "t", "email", "7", true } };
    if (strategy_edit(&a, text, &edit, &out, &why))
        must(strategy_outline(&a, "fuzz", out, &outline, &why));
    else
        must(out == text && (why.code == BAD_VALUE || why.code == BAD_PACK));
    arena_free(&a);
    return 0;
}
