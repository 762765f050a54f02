#include "flow/point.h"

#include "base/text.h"
#include "flow/book_parts.h"

#include <string.h>

enum { DIGITS_LEAST = 8, DIGITS_MOST = 15, NORTH_AMERICA_DIGITS = 10, MAILBOX_MOST = 254 };

struct point {
    int32_t number; /* 0: there is none */
    bool good, number_known;
    const char *channel;
};

/* A number is one address, whether it is rung or written to. */
static bool same_kind(enum channel wanted, const char *stored)
{
    enum channel channel;
    bool number = wanted == CHANNEL_CALL || wanted == CHANNEL_SMS;

    return channel_parse(stored, &channel) &&
           (channel == wanted ||
            (number && (channel == CHANNEL_CALL || channel == CHANNEL_SMS)));
}

/* By its number, or when that is 0 by channel and address. number_known: they have a good one of
 * that channel, whichever. */
static bool find(struct book *b, struct casefile_key key, int32_t number, enum channel channel,
                 const char *address, struct point *out, struct fault *why)
{
    struct query q = query_begin(b->store, Q_REACH_POINTS);

    *out = (struct point){ 0 };
    bind_key(&q, key);
    while (query_next(&q)) {
        bool good = text_equal(row_text(&q, 3), "good");
        bool kind = number == 0 && same_kind(channel, row_text(&q, 1));
        out->number_known = out->number_known || (kind && good);
        if (out->number != 0 || (number != 0 ? row_int(&q, 0) != number
                                             : !kind || !text_equal(row_text(&q, 2), address)))
            continue;
        out->number = (int32_t)row_int(&q, 0);
        out->good = good;
        out->channel = row_copy(&q, 1, &b->arena);
    }
    return query_end(&q, why);
}

bool point_find(struct book *b, struct casefile_key key, enum channel channel,
                const char *address, int32_t *number, struct fault *why)
{
    struct point point;

    if (!find(b, key, 0, channel, address, &point, why))
        return false;
    *number = point.number;
    return true;
}

bool point_opened(struct book *b, struct casefile_key key, int32_t number, struct fault *why)
{
    struct query q = query_begin(b->store, Q_FILE_POINT);
    const char *channel = NULL;

    bind_key(&q, key);
    bind_int(&q, number);
    if (query_next(&q))
        channel = row_copy(&q, 0, &b->arena);
    if (!query_end(&q, why))
        return false;
    if (channel == NULL)
        return fail(why, NOT_FOUND, "There is no address %d here.", (int)number);
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "point", number);
    json_text_at(&w, "channel", channel);
    return book_record_end(b, &w, key, "opened", why);
}

/* ---- As they are kept ---------------------------------------------------------------------- */

static bool number_read(struct arena *a, const char *typed, const char *places, const char **out,
                        struct fault *why)
{
    char digits[DIGITS_MOST + 2];
    size_t count = 0;
    bool whole = typed[0] == '+';

    for (const char *at = typed + whole; *at != '\0'; at++) {
        if (strchr(" -()./", *at) != NULL)
            continue;
        if (*at < '0' || *at > '9' || count > DIGITS_MOST)
            return fail(why, BAD_VALUE, "\"%s\" is no number. Enter it like +1 608 555 0132.",
                        typed);
        digits[count++] = *at;
    }
    digits[count] = '\0';
    bool american = text_starts(places, "US") || text_starts(places, "CA");
    if (!whole && american && count == NORTH_AMERICA_DIGITS) {
        *out = arena_print(a, "+1%s", digits);
        return true;
    }
    if (!whole || digits[0] == '0' || count < DIGITS_LEAST || count > DIGITS_MOST)
        return fail(why, BAD_VALUE,
                    "\"%s\" does not say of which country it is. Enter it like +1 608 555 0132.",
                    typed);
    *out = arena_print(a, "+%s", digits);
    return true;
}

static bool mailbox_read(struct arena *a, const char *typed, const char **out, struct fault *why)
{
    const char *at = strchr(typed, '@');
    const char *dot = at == NULL ? NULL : strrchr(at, '.');

    if (at == NULL || at == typed || strchr(at + 1, '@') != NULL || dot == NULL ||
        dot == at + 1 || dot[1] == '\0' || strpbrk(typed, " \t\r\n,;<>\"") != NULL ||
        strlen(typed) > MAILBOX_MOST)
        return fail(why, BAD_VALUE, "\"%s\" is no email address, like maya@example.org.", typed);
    *out = arena_copy(a, typed);
    return true;
}

/* Lines for the window of an envelope. */
static bool lines_read(struct arena *a, const char *typed, const char **out, struct fault *why)
{
    char *kept = arena_alloc(a, strlen(typed) + 1), *to = kept;
    int lines = 1;

    for (const char *at = typed; *at != '\0'; at++) {
        if (*at == '\r' || (*at == '\n' && (to == kept || to[-1] == '\n')))
            continue;
        lines += *at == '\n';
        *to++ = *at;
    }
    *to = '\0';
    if (lines < 3 || lines > 8)
        return fail(why, BAD_VALUE, "Enter the address as it stands on an envelope: the name, the "
                                    "street, and the town with its postcode, a line each.");
    *out = kept;
    return true;
}

bool point_address(struct arena *a, enum channel channel, const char *typed, const char *places,
                   const char **out, struct fault *why)
{
    const char *text = typed == NULL ? "" : text_trim(a, typed);

    if (text[0] == '\0')
        return fail(why, BAD_VALUE, "Enter the address.");
    if (channel == CHANNEL_EMAIL)
        return mailbox_read(a, text, out, why);
    if (channel == CHANNEL_LETTER)
        return lines_read(a, text, out, why);
    if (channel == CHANNEL_CALL || channel == CHANNEL_SMS)
        return number_read(a, text, places, out, why);
    return fail(why, BAD_VALUE, "There is no address of that kind: it is an email, a number, or "
                                "where letters go.");
}

bool point_typed(struct book *b, struct casefile_key key, enum channel channel,
                 const char *typed, const char **out, struct fault *why)
{
    struct party_row row;

    return party_read(b, key, &row, why) &&
           point_address(&b->arena, channel, typed, row.location.places, out, why);
}

/* ---- Marked -------------------------------------------------------------------------------- */

static bool state_put(struct book *b, struct casefile_key key, const struct point *point,
                      const struct point_mark *mark, struct fault *why)
{
    struct query q = query_begin(b->store, Q_REACH_MARK);
    char since[INSTANT_TEXT];

    bind_text(&q, mark->good ? "good" : "bad");
    bind_key(&q, key);
    bind_int(&q, point->number);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "point", point->number);
    json_text_at(&w, "channel", point->channel);
    json_text_at(&w, "state", mark->good ? "good" : "bad");
    if (mark->reason != NULL)
        json_text_at(&w, "reason", mark->reason);
    if (mark->since.us != 0)
        json_text_at(&w, "since", instant_print(mark->since, since));
    return book_record_end(b, &w, key, "address", why);
}

bool point_mark(struct book *b, struct casefile_key key, const struct point_mark *mark,
                enum change *change, struct fault *why)
{
    struct open_file f;
    struct point point;

    *change = CHANGE_NONE;
    if (mark->since.us > b->now.us)
        return fail(why, BAD_VALUE, "That it came back cannot have been seen later than now.");
    if (!book_file_load(b, key, &f, why) ||
        !find(b, key, mark->number, CHANNEL_COUNT, NULL, &point, why))
        return false;
    if (point.number == 0)
        return fail(why, NOT_FOUND, "They have no such address on file.");
    if (point.good == mark->good)
        return true;
    *change = CHANGE_UPDATED;
    return state_put(b, key, &point, mark, why) && book_file_wake(b, &f);
}

/* ---- One more ------------------------------------------------------------------------------ */

static bool add(struct book *b, struct open_file *f, enum channel channel, const char *address,
                const char *source, bool only, int32_t *number, struct fault *why)
{
    enum word_source words = channel == CHANNEL_EMAIL ? WORDS_EMAIL : WORDS_PHONE;

    *number = ++f->last_no;
    struct query q = query_begin(b->store, Q_POINT_PUT);
    bind_key(&q, f->key);
    bind_int(&q, *number);
    bind_int(&q, PARTY_DEBTOR);
    bind_text(&q, channel_name(channel));
    bind_text(&q, address);
    bind_text(&q, "good");
    bind_text(&q, source);
    if (!query_run(&q, why))
        return false;
    if (channel == CHANNEL_SMS && !location_number_add(b, f->key, address, only, why))
        return false;
    return channel == CHANNEL_LETTER ||
           word_add(b->words, words, address, f->key, *number, why);
}

bool point_add(struct book *b, struct casefile_key key, enum channel channel,
               const char *address, const char *source, int32_t *number, enum change *change,
               struct fault *why)
{
    struct open_file f;
    struct point point;

    *change = CHANGE_NONE;
    if (channel == CHANNEL_CALL)
        channel = CHANNEL_SMS; /* as files bring them: it serves both */
    if (!book_file_load(b, key, &f, why) || !find(b, key, 0, channel, address, &point, why))
        return false;
    if (point.number != 0) {
        const struct point_mark good = { .number = point.number,
                                         .good = true,
                                         .reason = "given again" };
        *number = point.number;
        return point_mark(b, key, &good, change, why);
    }
    *change = CHANGE_ADDED;
    if (!add(b, &f, channel, address, source, !point.number_known, number, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "point", *number);
    json_text_at(&w, "channel", channel_name(channel));
    json_text_at(&w, "state", "added");
    json_text_at(&w, "source", source);
    return book_record_end(b, &w, key, "address", why) && book_file_wake(b, &f);
}
