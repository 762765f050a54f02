#include "flow/webhook_send.h"

#include "channels/webhook_post.h"
#include "flow/book_parts.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWN_MOST = 500, DUE_MOST = 100, LEASE_SECONDS = 60, HEADER_ROOM = 256, GONE = 410 };

struct webhook_sender {
    struct book book;
    const char *ca_file;
    const bool *stop;
    bool private_allowed;
    struct webhook *all; /* of this round, in the arena of the round */
    size_t count;
    struct arena arena;
    struct webhook_round *result;
};

int64_t webhook_wait(int64_t attempt)
{
    static const int64_t waits[] = { 5,     30,    120,   600,   1800,  3600,
                                     7200,  14400, 28800, 43200, 64800, 86400 };

    _Static_assert(COUNT(waits) == WEBHOOK_ATTEMPTS - 1, "a wait between any two attempts");
    return attempt >= 1 && attempt <= (int64_t)COUNT(waits) ? waits[attempt - 1] : 0;
}

struct webhook_sender *webhook_sender_open(const char *url, const char *ca_file, const bool *stop,
                                           struct fault *why)
{
    struct webhook_sender *s = calloc(1, sizeof *s);

    must(s != NULL);
    s->ca_file = ca_file;
    s->stop = stop;
    if (book_open(&s->book, url, (struct instant){ 0 }, why))
        return s;
    free(s);
    return NULL;
}

void webhook_sender_close(struct webhook_sender *s)
{
    if (s == NULL)
        return;
    book_close(&s->book);
    arena_free(&s->arena);
    free(s);
}

static bool is_over(const struct webhook_sender *s)
{
    return s->stop != NULL && __atomic_load_n(s->stop, __ATOMIC_RELAXED);
}

/* ---- Drawing ------------------------------------------------------------------------------- */

struct behind {
    int64_t bucket, after;
};

static bool behind_read(struct webhook_sender *s, const struct webhook *w, struct behind **out,
                        size_t *count, struct fault *why)
{
    struct query q = query_begin(s->book.store, Q_WEBHOOK_BEHIND);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, w->number);
    while (query_next(&q)) {
        struct behind *one = arena_push(&s->arena, *out, *count, room);
        *one = (struct behind){ row_int(&q, 0), row_int(&q, 1) };
    }
    return query_end(&q, why);
}

struct drawn {
    int64_t seq;
    bool wanted;
};

static bool records_read(struct webhook_sender *s, const struct webhook *w, struct behind at,
                         struct drawn **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s->book.store, Q_WEBHOOK_RECORDS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, at.bucket);
    bind_int(&q, at.after);
    bind_int(&q, DRAWN_MOST);
    while (query_next(&q)) {
        struct drawn *one = arena_push(&s->arena, *out, *count, room);
        *one = (struct drawn){ row_int(&q, 0),
                               webhook_wants(w, row_text(&q, 2), row_int(&q, 1) != 0) };
    }
    return query_end(&q, why);
}

static bool queue(struct webhook_sender *s, const struct webhook *w, int64_t bucket, int64_t seq,
                  struct fault *why)
{
    struct query q = query_begin(s->book.store, Q_WEBHOOK_QUEUE);

    bind_int(&q, bucket);
    bind_int(&q, w->number);
    bind_int(&q, seq);
    bind_int(&q, s->book.now.us);
    bind_int(&q, s->book.now.us);
    s->result->drawn++;
    return query_run(&q, why);
}

/* Some records of one bucket, inside a transaction; *last is where it goes on. */
static bool draw_some(struct webhook_sender *s, const struct webhook *w, struct behind *at,
                      bool *more, struct fault *why)
{
    struct drawn *records;
    size_t count;

    if (!records_read(s, w, *at, &records, &count, why))
        return false;
    *more = count == DRAWN_MOST;
    for (size_t i = 0; i < count; i++) {
        if (records[i].wanted && !queue(s, w, at->bucket, records[i].seq, why))
            return false;
        at->after = records[i].seq;
    }
    if (count == 0)
        return true;
    struct query q = query_begin(s->book.store, Q_WEBHOOK_MOVE);
    bind_int(&q, at->bucket);
    bind_int(&q, w->number);
    bind_int(&q, at->after);
    return query_run(&q, why);
}

/* A transaction for about DRAWN_MOST records, whatever buckets they are of. */
static bool draw(struct webhook_sender *s, const struct webhook *w, struct fault *why)
{
    struct behind *behind;
    size_t count, done = 0;
    bool more = false, fine = true;

    if (!behind_read(s, w, &behind, &count, why))
        return false;
    while (fine && done < count && !is_over(s)) {
        int64_t before = s->result->drawn;
        fine = book_begin(&s->book, why);
        if (!fine)
            return false;
        while (fine && done < count && s->result->drawn - before < DRAWN_MOST) {
            fine = draw_some(s, w, &behind[done], &more, why);
            done += !more;
        }
        fine = fine ? book_commit(&s->book, why) : book_undo(&s->book);
    }
    return fine;
}

/* ---- What is sent -------------------------------------------------------------------------- */

struct event {
    const char *id, *body;
};

static void text_put(json_t *object, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0')
        json_object_set_new(object, key, json_string(text));
}

/* "change" or "state" of a record are words of ours, never of a person. */
static void change_put(json_t *data, const json_t *record)
{
    static const char *const keys[] = { "change", "state" };

    for (size_t i = 0; i < COUNT(keys); i++) {
        const char *text = json_string_value(json_object_get(record, keys[i]));
        if (text != NULL && strspn(text, "abcdefghijklmnopqrstuvwxyz_") == strlen(text))
            text_put(data, keys[i], text);
    }
}

static const char *body_of(struct webhook_sender *s, const struct webhook *w, struct query *q,
                           const struct webhook_delivery *d)
{
    json_t *record = json_loads(row_text(q, 3), 0, NULL), *body = json_object();
    char at[INSTANT_TEXT], number[48];

    snprintf(number, sizeof number, "D-%lld.%lld", (long long)d->bucket, (long long)d->seq);
    text_put(body, "type", row_text(q, 0));
    text_put(body, "timestamp", instant_print((struct instant){ row_int(q, 1) }, at));
    json_t *data = json_object();
    json_object_set_new(body, "data", data);
    text_put(data, "decision", number);
    text_put(data, "account", row_text(q, 4));
    text_put(data, "outcome", row_text(q, 2));
    change_put(data, record);
    if (w->records && record != NULL)
        json_object_set(data, "record", record);
    char *bytes = json_dumps(body, JSON_COMPACT);
    must(bytes != NULL);
    const char *kept = arena_copy(&s->arena, bytes);
    free(bytes);
    json_decref(body);
    json_decref(record);
    return kept;
}

static bool event_read(struct webhook_sender *s, const struct webhook *w,
                       const struct webhook_delivery *d, struct event *out, struct fault *why)
{
    struct query q = query_begin(s->book.store, Q_WEBHOOK_EVENT);

    *out = (struct event){ .id = arena_print(&s->arena, "evt_%lld.%lld", (long long)d->bucket,
                                             (long long)d->seq) };
    bind_int(&q, d->bucket);
    bind_int(&q, d->seq);
    if (query_next(&q))
        out->body = body_of(s, w, &q, d);
    return query_end(&q, why) &&
           (out->body != NULL || fail(why, DB_ROW, "The record of delivery %s is not there.",
                                      out->id));
}

static bool post(struct webhook_sender *s, const struct webhook *w, const struct event *event,
                 struct webhook_answer *answer)
{
    unsigned char mac[MAC_BYTES];
    char signature[BASE64_TEXT(MAC_BYTES)];
    long long seconds = (long long)(s->book.now.us / 1000000);
    const char *signed_first =
        arena_print(&s->arena, "%s.%lld.", event->id, seconds);

    secret_mac(w->key, sizeof w->key, signed_first, event->body, strlen(event->body), mac);
    base64_print(mac, sizeof mac, signature);
    const char *const headers[] = {
        "content-type: application/json",
        "user-agent: recoup",
        arena_print(&s->arena, "webhook-id: %s", event->id),
        arena_print(&s->arena, "webhook-timestamp: %lld", seconds),
        arena_print(&s->arena, "webhook-signature: v1,%s", signature),
        NULL,
    };
    return webhook_post(&(struct webhook_posting){ .url = w->url,
                                                   .private_allowed = s->private_allowed,
                                                   .ca_file = s->ca_file,
                                                   .headers = headers,
                                                   .body = event->body,
                                                   .length = strlen(event->body),
                                                   .stop = s->stop },
                        answer);
}

/* ---- One delivery -------------------------------------------------------------------------- */

/* *attempt is 0 when somebody else has it. */
static bool claim(struct webhook_sender *s, const struct webhook_delivery *d, int64_t *attempt,
                  struct fault *why)
{
    *attempt = 0;
    if (!book_begin(&s->book, why))
        return false;
    struct query q = query_begin(s->book.store, Q_WEBHOOK_CLAIM);
    bind_int(&q, s->book.now.us + (int64_t)LEASE_SECONDS * 1000000);
    bind_int(&q, s->book.now.us);
    bind_int(&q, d->bucket);
    bind_int(&q, d->webhook);
    bind_int(&q, d->seq);
    bind_int(&q, d->next_at.us);
    if (query_next(&q))
        *attempt = row_int(&q, 0);
    return query_end(&q, why) ? book_commit(&s->book, why) : book_undo(&s->book);
}

static bool settle_in(struct webhook_sender *s, const struct webhook_delivery *d, int64_t attempt,
                      bool taken, const struct webhook_answer *answer, struct fault *why)
{
    int64_t wait = webhook_wait(attempt);
    bool last = !taken && (wait == 0 || answer->status == GONE);
    struct query q = query_begin(s->book.store, Q_WEBHOOK_SETTLE);

    bind_text(&q, taken ? "sent" : last ? "failed" : "waiting");
    bind_int(&q, s->book.now.us + wait * 1000000);
    bind_int(&q, answer->status);
    bind_int(&q, answer->took_ms);
    bind_text(&q, answer->text[0] == '\0' ? NULL : answer->text);
    bind_int(&q, d->bucket);
    bind_int(&q, d->webhook);
    bind_int(&q, d->seq);
    if (!query_run(&q, why))
        return false;
    s->result->sent += taken;
    s->result->refused += !taken;
    s->result->given_up += last;
    return !last || webhook_fail(&s->book, d->webhook, answer->text, why);
}

static bool settle(struct webhook_sender *s, const struct webhook_delivery *d, int64_t attempt,
                   bool taken, const struct webhook_answer *answer, struct fault *why)
{
    if (!book_begin(&s->book, why))
        return false;
    return settle_in(s, d, attempt, taken, answer, why) ? book_commit(&s->book, why)
                                                        : book_undo(&s->book);
}

static bool send_one(struct webhook_sender *s, const struct webhook *w,
                     const struct webhook_delivery *d, bool *taken, struct fault *why)
{
    struct webhook_answer answer;
    struct event event;
    int64_t attempt;

    if (!claim(s, d, &attempt, why) || (attempt != 0 && !event_read(s, w, d, &event, why)))
        return false;
    if (attempt == 0)
        return true;
    *taken = post(s, w, &event, &answer);
    if (!*taken && is_over(s))
        return true; /* broken off by us: tried again when its minute is over */
    return settle(s, d, attempt, *taken, &answer, why);
}

static bool due_read(struct webhook_sender *s, const struct webhook *w,
                     struct webhook_delivery **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s->book.store, Q_WEBHOOK_DUE);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, w->number);
    bind_int(&q, s->book.now.us);
    bind_int(&q, DUE_MOST);
    while (query_next(&q)) {
        struct webhook_delivery *d = arena_push(&s->arena, *out, *count, room);
        *d = (struct webhook_delivery){ .bucket = row_int(&q, 0),
                                        .webhook = row_int(&q, 1),
                                        .seq = row_int(&q, 2),
                                        .next_at = { row_int(&q, 4) } };
    }
    return query_end(&q, why);
}

/* Until one is not taken: then this webhook has its next turn in the next round. */
static bool send_due(struct webhook_sender *s, const struct webhook *w, struct fault *why)
{
    struct webhook_delivery *due;
    size_t count;
    bool taken = true;

    if (!due_read(s, w, &due, &count, why))
        return false;
    for (size_t i = 0; taken && i < count && !is_over(s); i++) {
        if (!send_one(s, w, &due[i], &taken, why))
            return false;
    }
    s->result->more = s->result->more || (taken && count == DUE_MOST);
    return true;
}

/* ---- A round ------------------------------------------------------------------------------- */

static bool webhooks_read(struct webhook_sender *s, struct fault *why)
{
    struct store *store = s->book.store;

    if (!webhook_list(store, &s->arena, &s->all, &s->count, why) ||
        !webhook_private(store, &s->arena, &s->private_allowed, why))
        return false;
    for (size_t i = 0; i < s->count; i++) {
        if (!webhook_load(store, &s->arena, s->all[i].number, &s->all[i], why))
            return false;
    }
    return true;
}

static bool forget(struct webhook_sender *s, struct fault *why)
{
    if (!book_begin(&s->book, why))
        return false;
    struct query q = query_begin(s->book.store, Q_WEBHOOK_FORGET);
    bind_int(&q, s->book.now.us - (int64_t)WEBHOOK_KEPT_DAYS * 86400 * 1000000);
    return query_run(&q, why) ? book_commit(&s->book, why) : book_undo(&s->book);
}

bool webhook_sender_round(struct webhook_sender *s, struct instant now, struct webhook_round *out,
                          struct fault *why)
{
    *out = (struct webhook_round){ 0 };
    arena_free(&s->arena);
    s->arena = (struct arena){ 0 };
    s->book.now = now;
    s->result = out;
    if (!webhooks_read(s, why))
        return false;
    if (s->count == 0)
        return true;
    for (size_t i = 0; i < s->count; i++) {
        const struct webhook *w = &s->all[i];
        if (strcmp(w->state, "active") == 0 && (!draw(s, w, why) || !send_due(s, w, why)))
            return false;
    }
    return out->sent == 0 || forget(s, why);
}

/* ---- A trial ------------------------------------------------------------------------------- */

bool webhook_try(struct store *s, struct arena *a, const struct webhook_ping *ping,
                 struct webhook_trial *out, struct fault *why)
{
    struct webhook_sender sender = { .ca_file = ping->ca_file };
    struct webhook_answer answer = { 0 };
    char at[INSTANT_TEXT];
    struct webhook w;

    sender.book.now = ping->now;
    if (!webhook_load(s, a, ping->number, &w, why) ||
        !webhook_private(s, a, &sender.private_allowed, why))
        return false;
    instant_print(ping->now, at);
    const struct event event = {
        .id = arena_print(a, "ping_%lld", (long long)ping->now.us),
        .body = arena_print(a, "{\"type\":\"ping\",\"timestamp\":\"%s\",\"data\":{}}", at),
    };
    *out = (struct webhook_trial){ .taken = post(&sender, &w, &event, &answer) };
    out->status = answer.status;
    out->took_ms = answer.took_ms;
    out->why = out->taken ? NULL : arena_copy(a, answer.text);
    arena_free(&sender.arena);
    return true;
}
