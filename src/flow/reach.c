#include "flow/reach.h"

#include "base/text.h"
#include "flow/book_parts.h"

#include <string.h>

/* A number is one address, whether it is rung or written to. */
static bool same_kind(enum channel wanted, const char *stored)
{
    enum channel channel;
    bool number = wanted == CHANNEL_CALL || wanted == CHANNEL_SMS;

    return channel_parse(stored, &channel) &&
           (channel == wanted ||
            (number && (channel == CHANNEL_CALL || channel == CHANNEL_SMS)));
}

struct point {
    int32_t number;
    bool good;
    const char *channel;
};

static bool point_find(struct book *b, struct casefile_key key, enum channel channel,
                       const char *address, struct point *out, struct fault *why)
{
    struct query q = query_begin(b->store, Q_REACH_POINTS);

    *out = (struct point){ 0 };
    bind_key(&q, key);
    while (query_next(&q)) {
        if (out->number == 0 && same_kind(channel, row_text(&q, 1)) &&
            text_equal(row_text(&q, 2), address))
            *out = (struct point){ (int32_t)row_int(&q, 0), text_equal(row_text(&q, 3), "good"),
                                   row_copy(&q, 1, &b->arena) };
    }
    return query_end(&q, why) &&
           (out->number != 0 || fail(why, NOT_FOUND, "They have no such address on file."));
}

bool reach_mark(struct book *b, struct casefile_key key, enum channel channel,
                const char *address, bool good, const char *reason, enum change *change,
                struct fault *why)
{
    struct open_file f;
    struct point point;

    *change = CHANGE_NONE;
    if (!book_file_load(b, key, &f, why) ||
        !point_find(b, key, channel, address, &point, why))
        return false;
    if (point.good == good)
        return true;
    *change = CHANGE_UPDATED;
    struct query q = query_begin(b->store, Q_REACH_MARK);
    bind_text(&q, good ? "good" : "bad");
    bind_key(&q, key);
    bind_int(&q, point.number);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "point", point.number);
    json_text_at(&w, "channel", point.channel);
    json_text_at(&w, "state", good ? "good" : "bad");
    if (reason != NULL)
        json_text_at(&w, "reason", reason);
    return book_record_end(b, &w, key, "address", why) && book_file_wake(b, &f);
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
