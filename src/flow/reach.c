#include "flow/reach.h"

#include "base/text.h"
#include "flow/book_parts.h"
#include "flow/point.h"

#include <string.h>

bool reach_mark(struct book *b, struct casefile_key key, enum channel channel,
                const char *address, bool good, const char *reason, enum change *change,
                struct fault *why)
{
    struct point_mark mark = { .good = good, .reason = reason };

    *change = CHANGE_NONE;
    if (!point_find(b, key, channel, address, &mark.number, why))
        return false;
    return mark.number != 0 ? point_mark(b, key, &mark, change, why)
                            : fail(why, NOT_FOUND, "They have no such address on file.");
}

/* Letters, digits and "-", of two or three letters at the beginning. */
static bool is_language(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    size_t first = strspn(text, letters);

    return (first == 2 || first == 3) && strlen(text) <= 16 &&
           (text[first] == '\0' || text[first] == '-') &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
               strlen(text) &&
           text[strlen(text) - 1] != '-';
}

bool reach_language(struct book *b, struct casefile_key key, const char *language,
                    enum change *change, struct fault *why)
{
    struct open_file f;
    struct party_row row;
    bool changed = false;

    *change = CHANGE_NONE;
    if (!is_language(language))
        return fail(why, BAD_VALUE, "\"%s\" is no language, like en, es or de.", language);
    if (!book_file_load(b, key, &f, why) || !party_read(b, key, &row, why))
        return false;
    const char *before = row.language;
    row.language = language;
    if (!party_write(b, key, &row, &changed, why))
        return false;
    if (!changed)
        return true;
    *change = CHANGE_UPDATED;
    struct json_writer w = book_record_begin(b);
    json_text_at(&w, "language", language);
    json_text_at(&w, "before", before);
    return book_record_end(b, &w, key, "language", why) && book_file_wake(b, &f);
}
