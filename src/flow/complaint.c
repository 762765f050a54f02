#include "flow/complaint.h"

#include "base/digest.h"
#include "flow/book_dispute.h"
#include "flow/book_parts.h"
#include "flow/hold.h"
#include "store/casefiles.h"

#include <string.h>

enum { ACKNOWLEDGE_DAYS = 5, ANSWER_DAYS = 15 }; /* when the settings do not say */

static const char *const states[] = { "open", "answered", "closed" };

const char *complaint_state_name(enum complaint_state state)
{
    return states[state];
}

bool complaint_state_parse(const char *name, enum complaint_state *out)
{
    for (size_t i = 0; i < COUNT(states); i++) {
        if (text_equal(states[i], name)) {
            *out = (enum complaint_state)i;
            return true;
        }
    }
    return false;
}

/* ---- Rows ---- */

static bool complaint_read(struct query *q, struct arena *a, struct complaint *out)
{
    *out = (struct complaint){ .number = (int32_t)row_int(q, 0),
                               .hold = (int32_t)row_int(q, 1),
                               .channel = row_copy(q, 2, a),
                               .words = row_copy(q, 3, a),
                               .received = { (int32_t)row_int(q, 4) },
                               .acknowledge_by = { (int32_t)row_int(q, 5) },
                               .answer_by = { (int32_t)row_int(q, 6) },
                               .acknowledged = { (int32_t)row_int(q, 7) },
                               .state_day = { (int32_t)row_int(q, 9) },
                               .result = row_copy(q, 10, a),
                               .cause = row_copy(q, 11, a),
                               .changed = row_copy(q, 12, a),
                               .answer = row_copy(q, 13, a),
                               .author = row_copy(q, 14, a) };
    return complaint_state_parse(row_text(q, 8), &out->state);
}

bool complaints_of(struct store *s, struct arena *a, struct casefile_key key,
                   struct complaint **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_COMPLAINTS_OF);
    size_t room = 0;
    bool fine = true;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    while (query_next(&q))
        fine = complaint_read(&q, a, arena_push(a, *out, *count, room)) && fine;
    return query_end(&q, why) &&
           (fine || fail(why, DB_ROW, "A complaint of the book has an unknown state."));
}

bool complaint_load(struct store *s, struct arena *a, struct casefile_key key, int32_t number,
                    struct complaint *out, struct fault *why)
{
    struct complaint *all;
    size_t count;

    if (!complaints_of(s, a, key, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].number == number) {
            *out = all[i];
            return true;
        }
    }
    fail(why, NOT_FOUND, "There is no complaint %d here.", (int)number);
    return fault_hint(why, "recoup complaint list shows those that are open");
}

/* ---- The record ---- */

static void day_at(struct json_writer *w, const char *key, struct day day)
{
    char text[DAY_TEXT];

    if (day.number != DAY_NEVER.number)
        json_text_at(w, key, day_print(day, text));
}

static void digest_at(struct json_writer *w, const char *key, const char *text)
{
    char hex[DIGEST_HEX];

    if (text != NULL)
        json_text_at(w, key, digest_print(digest_of(text, strlen(text)), hex));
}

/* How it stands from now on, whole: recoup prove compares the last one with the row. */
static bool record_add(struct book *b, struct casefile_key key, const struct complaint *c,
                       const char *change, const char *author, struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_int_at(&w, "complaint", c->number);
    json_text_at(&w, "change", change);
    json_text_at(&w, "state", states[c->state]);
    if (c->channel != NULL)
        json_text_at(&w, "via", c->channel);
    day_at(&w, "received", c->received);
    day_at(&w, "acknowledge_by", c->acknowledge_by);
    day_at(&w, "answer_by", c->answer_by);
    day_at(&w, "acknowledged", c->acknowledged);
    if (c->hold != 0)
        json_int_at(&w, "hold", c->hold);
    if (c->result != NULL)
        json_text_at(&w, "result", c->result);
    digest_at(&w, "words", c->words);
    digest_at(&w, "cause", c->cause);
    digest_at(&w, "changed", c->changed);
    digest_at(&w, "answer", c->answer);
    if (author != NULL)
        json_text_at(&w, "author", author);
    return book_record_end(b, &w, key, "complaint", why);
}

static bool text_fits(const char *text, const char *what, struct fault *why)
{
    return text == NULL || strlen(text) <= COMPLAINT_MOST ||
           fail(why, BAD_VALUE, "%s has at most %d characters. This has %zu.", what,
                COMPLAINT_MOST, strlen(text));
}

/* ---- Opening ---- */

static bool day_after(struct book *b, struct day from, const char *setting, int64_t days,
                      struct day *out, struct fault *why)
{
    const char *text;

    if (!book_setting(b->store, &b->arena, setting, &text, why))
        return false;
    text_to_int(text, &days);
    *out = day_plus(from, (int)days);
    return true;
}

static bool clocks(struct book *b, struct complaint *c, struct fault *why)
{
    return day_after(b, c->received, "complaint_acknowledge_days", ACKNOWLEDGE_DAYS,
                     &c->acknowledge_by, why) &&
           day_after(b, c->received, "complaint_answer_days", ANSWER_DAYS, &c->answer_by, why);
}

static bool hold_ask(struct book *b, struct casefile_key key, const char *words,
                     const char *author, int32_t *number, struct fault *why)
{
    struct hold hold = { .kind = "complaint",
                         .reason = words,
                         .author = author,
                         .first = DAY_NONE,
                         .last = DAY_NEVER,
                         .review = DAY_NONE };
    enum change change;

    if (!hold_place(b, key, &hold, number, &change, why))
        return false;
    if (change != CHANGE_ADDED)
        *number =
            0; /* one that stood already is not of this complaint, and does not end with it */
    return true;
}

static bool row_add(struct book *b, struct casefile_key key, const struct complaint *c,
                    struct fault *why)
{
    struct query q = query_begin(b->store, Q_COMPLAINT_ADD);

    bind_key(&q, key);
    bind_int(&q, c->number);
    bind_int(&q, c->hold);
    bind_text(&q, c->channel);
    bind_text(&q, c->words);
    bind_int(&q, c->received.number);
    bind_int(&q, c->acknowledge_by.number);
    bind_int(&q, c->answer_by.number);
    bind_int(&q, c->state_day.number);
    bind_text(&q, c->author);
    return query_run(&q, why);
}

static bool input_check(struct book *b, const struct complaint_input *in, struct fault *why)
{
    if (text_is_empty(in->words))
        return fail(why, BAD_VALUE, "Say what they complain about, in their words.");
    if (in->received.number != DAY_NONE.number && in->received.number > book_today(b).number)
        return fail(why, BAD_VALUE,
                    "A complaint reached us today or before, not on a day to come.");
    return text_fits(in->words, "A complaint", why);
}

bool complaint_way_known(const char *way)
{
    static const char *const ways[] = { "phone", "letter", "email", "portal", "regulator" };

    for (size_t i = 0; i < COUNT(ways); i++) {
        if (text_equal(ways[i], way))
            return true;
    }
    return false;
}

bool complaint_open(struct book *b, struct casefile_key key, const struct complaint_input *in,
                    int32_t *number, enum change *change, struct fault *why)
{
    struct complaint c = { .channel = in->channel,
                           .author = in->author,
                           .received = in->received,
                           .acknowledged = DAY_NEVER,
                           .state_day = book_today(b) };

    *change = CHANGE_NONE;
    if (!input_check(b, in, why) || !book_key_find(b, key, in->once, number, why))
        return false;
    if (*number != 0)
        return true;
    c.words = text_trim(&b->arena, in->words);
    if (c.received.number == DAY_NONE.number)
        c.received = c.state_day;
    if (!clocks(b, &c, why) || !book_number(b, key, &c.number, why) ||
        (in->hold && !hold_ask(b, key, c.words, in->author, &c.hold, why)) ||
        !row_add(b, key, &c, why) || !record_add(b, key, &c, "opened", in->author, why))
        return false;
    *number = c.number;
    *change = CHANGE_ADDED;
    return book_key_put(b, key, in->once, *number, why);
}

/* ---- What becomes of it ---- */

static bool put(struct book *b, struct casefile_key key, const struct complaint *c,
                const char *change, const char *author, struct fault *why)
{
    struct query q = query_begin(b->store, Q_COMPLAINT_CHANGE);
    struct open_file f;

    bind_int(&q, c->acknowledged.number);
    bind_text(&q, states[c->state]);
    bind_int(&q, c->state_day.number);
    bind_text(&q, c->result);
    bind_text(&q, c->cause);
    bind_text(&q, c->changed);
    bind_text(&q, c->answer);
    bind_key(&q, key);
    bind_int(&q, c->number);
    return query_run(&q, why) && record_add(b, key, c, change, author, why) &&
           book_file_load(b, key, &f, why) && book_file_wake(b, &f);
}

/* The hold that was asked for with it, if it stands. */
static bool hold_lift(struct book *b, struct casefile_key key, const struct complaint *c,
                      const char *author, struct fault *why)
{
    struct standing_hold *all;
    size_t count;

    if (c->hold == 0)
        return true;
    if (!holds_of(b, key, b->now, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].number == c->hold)
            return hold_end(b, key, &all[i], why) &&
                   hold_lifted(b, key, &all[i],
                               arena_print(&b->arena, "complaint %d %s", (int)c->number,
                                           states[c->state]),
                               author, why);
    }
    return true;
}

static bool open_load(struct book *b, struct casefile_key key, int32_t number,
                      struct complaint *out, struct fault *why)
{
    if (!complaint_load(b->store, &b->arena, key, number, out, why))
        return false;
    if (out->state == COMPLAINT_OPEN)
        return true;
    fail(why, CONFLICT, "Complaint %d is %s already.", (int)number, states[out->state]);
    return fault_hint(why, "open it again first");
}

bool complaint_acknowledge(struct book *b, struct casefile_key key, int32_t number,
                           const char *author, enum change *change, struct fault *why)
{
    struct complaint c;

    *change = CHANGE_NONE;
    if (!open_load(b, key, number, &c, why))
        return false;
    if (c.acknowledged.number != DAY_NEVER.number)
        return true;
    c.acknowledged = book_today(b);
    *change = CHANGE_UPDATED;
    return put(b, key, &c, "acknowledged", author, why);
}

static bool known_take(struct book *b, struct complaint *c,
                       const struct complaint_answer *known, struct fault *why)
{
    if (!text_fits(known->cause, "A root cause", why) ||
        !text_fits(known->changed, "What changed", why) ||
        !text_fits(known->text, "An answer", why))
        return false;
    if (!text_is_empty(known->cause))
        c->cause = text_trim(&b->arena, known->cause);
    if (!text_is_empty(known->changed))
        c->changed = text_trim(&b->arena, known->changed);
    return true;
}

bool complaint_note(struct book *b, struct casefile_key key, int32_t number,
                    const struct complaint_answer *known, enum change *change,
                    struct fault *why)
{
    struct complaint c, before;

    *change = CHANGE_NONE;
    if (!complaint_load(b->store, &b->arena, key, number, &c, why))
        return false;
    before = c;
    if (!known_take(b, &c, known, why))
        return false;
    if (text_equal(c.cause, before.cause) && text_equal(c.changed, before.changed))
        return true;
    *change = CHANGE_UPDATED;
    return put(b, key, &c, "noted", known->author, why);
}

static bool answer_check(const struct complaint_answer *answer, struct fault *why)
{
    static const char *const results[] = { "upheld", "partly_upheld", "not_upheld" };

    for (size_t i = 0; i < COUNT(results); i++) {
        if (text_equal(results[i], answer->result))
            return !text_is_empty(answer->text) ||
                   fail(why, BAD_VALUE, "Say what they are told: an answer has its reasons.");
    }
    return fail(why, BAD_VALUE, "Choose whether they are right, right in part, or not.");
}

bool complaint_answer(struct book *b, struct casefile_key key, int32_t number,
                      const struct complaint_answer *answer, enum change *change,
                      struct fault *why)
{
    struct complaint c;

    *change = CHANGE_NONE;
    if (!answer_check(answer, why) || !open_load(b, key, number, &c, why) ||
        !known_take(b, &c, answer, why))
        return false;
    c.state = COMPLAINT_ANSWERED;
    c.state_day = book_today(b);
    c.result = answer->result;
    c.answer = text_trim(&b->arena, answer->text);
    if (c.acknowledged.number == DAY_NEVER.number)
        c.acknowledged = c.state_day; /* the answer says it, too */
    *change = CHANGE_UPDATED;
    return hold_lift(b, key, &c, answer->author, why) &&
           put(b, key, &c, "answered", answer->author, why);
}

bool complaint_may_close(const struct complaint *c, permissions can, const char *who,
                         struct fault *why)
{
    return (can & PERMISSION_BIT(MAY_ANSWER)) != 0 || text_equal(c->author, who) ||
           fail(why, NOT_ALLOWED,
                "It is closed by who took it down, or by somebody who answers complaints.");
}

bool complaint_close(struct book *b, struct casefile_key key, int32_t number,
                     const char *author, enum change *change, struct fault *why)
{
    struct complaint c;

    *change = CHANGE_NONE;
    if (!complaint_load(b->store, &b->arena, key, number, &c, why))
        return false;
    if (c.state == COMPLAINT_CLOSED)
        return true;
    c.state = COMPLAINT_CLOSED;
    c.state_day = book_today(b);
    *change = CHANGE_UPDATED;
    return hold_lift(b, key, &c, author, why) && put(b, key, &c, "closed", author, why);
}

bool complaint_reopen(struct book *b, struct casefile_key key, int32_t number,
                      const char *author, enum change *change, struct fault *why)
{
    struct complaint c;

    *change = CHANGE_NONE;
    if (!complaint_load(b->store, &b->arena, key, number, &c, why))
        return false;
    if (c.state == COMPLAINT_OPEN)
        return true;
    c.state = COMPLAINT_OPEN;
    c.state_day = book_today(b);
    c.result = NULL;
    c.answer = NULL;
    *change = CHANGE_UPDATED;
    return put(b, key, &c, "reopened", author, why);
}
