#include "flow/webhook.h"

#include "channels/webhook_post.h"
#include "flow/book_parts.h"
#include "flow/house_key.h"

#include <stdio.h>
#include <string.h>

static const struct casefile_key house = { 0, 0 };

/* Kinds of records that programs may want to hear of, by area as docs/api.md has them. Names are
 * API. */
static const struct webhook_event events[] = {
    { "debt", "Accounts", "A debt was placed, changed or taken back" },
    { "debtor", "Accounts", "Somebody is on file, or what is known of them changed" },
    { "note", "Accounts", "A note was written" },
    { "task", "Work", "Work was given, put off or ended" },
    { "contact", "Contact", "A call, a visit or a letter was logged" },
    { "talk", "Contact", "Somebody was spoken with" },
    { "message", "Contact", "A message left, came back or was stopped" },
    { "fact", "What they told us", "A wish, a stop, a hold, or another fact" },
    { "fact_ended", "What they told us", "A fact holds no longer" },
    { "address", "What they told us", "An address is new, good or bad" },
    { "language", "What they told us", "The language they read" },
    { "promise", "Agreements", "A promise was made or withdrawn" },
    { "promise_settled", "Agreements", "A promise was kept or missed" },
    { "plan", "Agreements", "A plan was agreed, changed or ended" },
    { "offer", "Agreements", "An offer was made or answered" },
    { "dispute", "Disputes, pauses", "A dispute came in or was answered" },
    { "reopened", "Disputes, pauses", "A dispute is open again" },
    { "evidence", "Disputes, pauses", "A paper was put on file" },
    { "hold_lifted", "Disputes, pauses", "A hold ended" },
    { "payment", "Money", "A payment came in, bounced or moved" },
    { "debit_requested", "Money", "A debit was asked of their bank" },
    { "debit_refused", "Money", "A debit may not be asked for" },
    { "movement", "Money", "A charge, a credit, a waiver, a refund" },
    { "statement", "Money", "A statement was made" },
    { "decision", "What was decided", "To write, to call, or to wait, and why" },
    { "refusal", "What was decided", "What the rules stopped" },
    { "ladder_end", "What was decided", "A strategy came to its end" },
    { "audit", "What was decided", "A check of the record" },
    { "approval", "The house", "Something waits for a second person, or was decided" },
    { "intake", "The house", "A file was loaded" },
    { "setting", "The house", "A setting changed" },
    { "user", "The house", "A user was added, changed or switched off" },
    { "token", "The house", "A token was made or ended" },
    { "webhook", "The house", "A webhook was added, switched or removed" },
};

const struct webhook_event *webhook_event(size_t place)
{
    return place < COUNT(events) ? &events[place] : NULL;
}

/* ---- What is asked for ---------------------------------------------------------------------
 */

static bool event_known(const char *name, size_t length)
{
    for (size_t i = 0; i < COUNT(events); i++) {
        if (strlen(events[i].name) == length && strncmp(events[i].name, name, length) == 0)
            return true;
    }
    return false;
}

/* Names with blanks or commas between, as they are kept; NULL with why. */
static const char *events_read(struct arena *a, const char *text, struct fault *why)
{
    const char *kept = "", *at = text;

    if (text == NULL || strlen(text) > WEBHOOK_EVENTS_MOST)
        fail(why, BAD_VALUE, "Say which events are told: kinds of records, or * for all.");
    else if (strcmp(text, "*") == 0)
        return "*";
    else
        for (at += strspn(at, " ,\r\n"); *at != '\0'; at += strspn(at, " ,\r\n")) {
            size_t length = strcspn(at, " ,\r\n");
            if (!event_known(at, length)) {
                fail(why, BAD_VALUE, "There is no event \"%.*s\".", (int)length, at);
                fault_hint(why, "payment, promise, plan, dispute, …, or * for all of accounts");
                return NULL;
            }
            kept = arena_print(a, "%s%s%.*s", kept, kept[0] == '\0' ? "" : " ", (int)length, at);
            at += length;
        }
    if (why->code == 0 && kept[0] == '\0')
        fail(why, BAD_VALUE, "Say which events are told: kinds of records, or * for all.");
    return why->code == 0 ? kept : NULL;
}

bool webhook_wants(const struct webhook *w, const char *kind, bool account)
{
    size_t length = strlen(kind);

    if (strcmp(w->events, "*") == 0)
        return account;
    for (const char *at = w->events; (at = strstr(at, kind)) != NULL; at += length) {
        if ((at == w->events || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

bool webhook_private(struct store *s, struct arena *a, bool *allowed, struct fault *why)
{
    const char *value;

    if (!book_setting(s, a, "webhook_private", &value, why))
        return false;
    *allowed = value != NULL && strcmp(value, "yes") == 0;
    return true;
}

/* ---- Secrets ------------------------------------------------------------------------------- */

enum { SEALED = WEBHOOK_KEY + sizeof(int64_t) };

static bool secret_kept(struct store *s, struct arena *a, int64_t number,
                        const unsigned char key[WEBHOOK_KEY],
                        unsigned char sealed[SEALED + SEAL_EXTRA], struct fault *why)
{
    unsigned char by[SEAL_KEY], plain[SEALED];

    if (!house_key(s, a, "webhook", by, why))
        return false;
    memcpy(plain, key, WEBHOOK_KEY);
    memcpy(plain + WEBHOOK_KEY, &number, sizeof number);
    secret_seal(by, plain, sizeof plain, sealed);
    secret_wipe(plain, sizeof plain);
    secret_wipe(by, sizeof by);
    return true;
}

static bool secret_opened(struct store *s, struct arena *a, const unsigned char *sealed,
                          size_t length, struct webhook *w, struct fault *why)
{
    unsigned char by[SEAL_KEY], plain[SEALED];
    int64_t number = 0;

    if (!house_key(s, a, "webhook", by, why))
        return false;
    if (length == SEALED + SEAL_EXTRA && secret_open(by, sealed, length, plain)) {
        memcpy(w->key, plain, WEBHOOK_KEY);
        memcpy(&number, plain + WEBHOOK_KEY, sizeof number);
    }
    secret_wipe(plain, sizeof plain);
    secret_wipe(by, sizeof by);
    if (number == w->number)
        return true;
    fail(why, DB_ROW, "The secret of webhook %lld does not open with the key of the house.",
         (long long)w->number);
    return fault_hint(why, "the key file (setting key_file) must be the one by which it was "
                           "sealed; else remove the webhook and add it again");
}

/* ---- Reading ------------------------------------------------------------------------------- */

struct sealed {
    const unsigned char *bytes;
    size_t length;
};

static void row_take(struct query *q, struct arena *a, struct webhook *out, struct sealed *secret)
{
    const void *bytes = row_blob(q, 9, &secret->length);

    *out = (struct webhook){ .number = row_int(q, 0),
                             .url = row_copy(q, 1, a),
                             .events = row_copy(q, 2, a),
                             .records = row_int(q, 3) != 0,
                             .state = row_copy(q, 4, a),
                             .fault = row_copy(q, 5, a),
                             .staff = row_int(q, 6),
                             .made_at = { row_int(q, 7) },
                             .state_at = { row_int(q, 8) } };
    secret->bytes = (const unsigned char *)arena_copy_n(a, bytes, secret->length);
}

bool webhook_load(struct store *s, struct arena *a, int64_t number, struct webhook *out,
                  struct fault *why)
{
    struct query q = query_begin(s, Q_WEBHOOK_GET);
    struct sealed secret = { 0 };

    *out = (struct webhook){ 0 };
    bind_int(&q, number);
    if (query_next(&q))
        row_take(&q, a, out, &secret);
    if (!query_end(&q, why))
        return false;
    if (out->number == 0)
        return fail(why, NOT_FOUND, "There is no webhook %lld.", (long long)number);
    return secret_opened(s, a, secret.bytes, secret.length, out, why);
}

bool webhook_list(struct store *s, struct arena *a, struct webhook **out, size_t *count,
                  struct fault *why)
{
    struct query q = query_begin(s, Q_WEBHOOK_LIST);
    size_t room = 0;
    struct sealed unused;

    *out = NULL;
    *count = 0;
    while (query_next(&q))
        row_take(&q, a, arena_push(a, *out, *count, room), &unused);
    return query_end(&q, why);
}

bool webhook_deliveries(struct store *s, struct arena *a, size_t most,
                        struct webhook_delivery **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_WEBHOOK_DELIVERIES);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, (int64_t)most);
    while (query_next(&q)) {
        struct webhook_delivery *d = arena_push(a, *out, *count, room);
        *d = (struct webhook_delivery){ .bucket = row_int(&q, 0),
                                        .webhook = row_int(&q, 1),
                                        .seq = row_int(&q, 2),
                                        .made_at = { row_int(&q, 3) },
                                        .state = row_copy(&q, 4, a),
                                        .attempt = row_int(&q, 5),
                                        .next_at = { row_int(&q, 6) },
                                        .tried_at = { row_int(&q, 7) },
                                        .status = row_int(&q, 8),
                                        .took_ms = row_int(&q, 9),
                                        .answer = row_copy(&q, 10, a),
                                        .kind = row_copy(&q, 11, a) };
        d->id = arena_print(a, "%lld.%lld.%lld", (long long)d->bucket, (long long)d->webhook,
                            (long long)d->seq);
        d->event = arena_print(a, "evt_%lld.%lld", (long long)d->bucket, (long long)d->seq);
    }
    return query_end(&q, why);
}

/* ---- Writing ------------------------------------------------------------------------------- */

static bool record(struct book *b, int64_t number, const char *change, const char *url,
                   const char *text, struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_int_at(&w, "webhook", number);
    json_text_at(&w, "change", change);
    if (url != NULL)
        json_text_at(&w, "url", url);
    if (text != NULL)
        json_text_at(&w, "what", text);
    return book_record_end(b, &w, house, "webhook", why);
}

/* Numbers are not given again: the journal names them. */
static bool number_next(struct book *b, int64_t *number, struct fault *why)
{
    const char *last;

    *number = 0;
    if (!book_setting(b->store, &b->arena, "webhook_last", &last, why))
        return false;
    if (last != NULL && !text_to_int(last, number))
        return fail(why, DB_ROW, "The number of the last webhook is \"%.20s\".", last);
    ++*number;
    return book_set(b->store, "webhook_last",
                    arena_print(&b->arena, "%lld", (long long)*number), why);
}

static bool room_for_one(struct book *b, struct fault *why)
{
    struct webhook *all;
    size_t count;

    return webhook_list(b->store, &b->arena, &all, &count, why) &&
           (count < WEBHOOKS_MOST ||
            fail(why, CONFLICT, "There are %d webhooks already.", WEBHOOKS_MOST));
}

static bool row_add(struct book *b, const struct webhook_input *in, const char *kinds,
                    int64_t number, const unsigned char key[WEBHOOK_KEY], struct fault *why)
{
    unsigned char sealed[SEALED + SEAL_EXTRA];

    if (!secret_kept(b->store, &b->arena, number, key, sealed, why))
        return false;
    struct query q = query_begin(b->store, Q_WEBHOOK_ADD);
    bind_int(&q, number);
    bind_text(&q, in->url);
    bind_blob(&q, sealed, sizeof sealed);
    bind_text(&q, kinds);
    bind_int(&q, in->records);
    bind_int(&q, in->staff);
    bind_int(&q, b->now.us);
    bind_int(&q, b->now.us);
    if (!query_run(&q, why))
        return false;
    q = query_begin(b->store, Q_WEBHOOK_START);
    bind_int(&q, number);
    return query_run(&q, why);
}

bool webhook_add(struct book *b, const struct webhook_input *in, int64_t *number,
                 char secret[WEBHOOK_SECRET_TEXT], struct fault *why)
{
    unsigned char key[WEBHOOK_KEY];
    const char *kinds = events_read(&b->arena, in->events, why);
    bool private_allowed;

    if (kinds == NULL || !webhook_private(b->store, &b->arena, &private_allowed, why) ||
        !webhook_url_check(in->url, private_allowed, why) ||
        !head_open(b->heads, house.bucket, why) || !room_for_one(b, why) ||
        !number_next(b, number, why))
        return false;
    secret_random(key, sizeof key);
    bool added = row_add(b, in, kinds, *number, key, why) &&
                 record(b, *number, "added", in->url, kinds, why);
    memcpy(secret, "whsec_", 6);
    base64_print(key, sizeof key, secret + 6);
    secret_wipe(key, sizeof key);
    return added;
}

static bool with_number(struct book *b, enum query_name name, int64_t number, struct fault *why)
{
    struct query q = query_begin(b->store, name);

    bind_int(&q, number);
    return query_run(&q, why);
}

bool webhook_drop(struct book *b, int64_t number, struct fault *why)
{
    struct webhook w;

    return head_open(b->heads, house.bucket, why) &&
           webhook_load(b->store, &b->arena, number, &w, why) &&
           with_number(b, Q_WEBHOOK_DROP, number, why) &&
           with_number(b, Q_WEBHOOK_PLACE_DROP, number, why) &&
           with_number(b, Q_WEBHOOK_DELIVERY_DROP, number, why) &&
           record(b, number, "removed", w.url, NULL, why);
}

static bool state_set(struct book *b, int64_t number, const char *state, const char *fault,
                      struct fault *why)
{
    struct query q = query_begin(b->store, Q_WEBHOOK_STATE_SET);

    bind_text(&q, state);
    bind_text(&q, fault);
    bind_int(&q, b->now.us);
    bind_int(&q, number);
    return query_run(&q, why);
}

bool webhook_switch(struct book *b, int64_t number, bool on, struct fault *why)
{
    const char *state = on ? "active" : "off";
    struct webhook w;

    if (!head_open(b->heads, house.bucket, why) ||
        !webhook_load(b->store, &b->arena, number, &w, why))
        return false;
    if (strcmp(w.state, state) == 0)
        return fail(why, CONFLICT, "Webhook %lld is %s already.", (long long)number,
                    on ? "on" : "off");
    if (!state_set(b, number, state, NULL, why))
        return false;
    if (!on)
        return with_number(b, Q_WEBHOOK_HOLD, number, why) &&
               record(b, number, "switched_off", w.url, NULL, why);
    struct query q = query_begin(b->store, Q_WEBHOOK_RESUME);
    bind_int(&q, b->now.us);
    bind_int(&q, number);
    return query_run(&q, why) && record(b, number, "switched_on", w.url, NULL, why);
}

bool webhook_fail(struct book *b, int64_t number, const char *fault, struct fault *why)
{
    return head_open(b->heads, house.bucket, why) && state_set(b, number, "failing", fault, why) &&
           with_number(b, Q_WEBHOOK_HOLD, number, why) &&
           record(b, number, "failing", NULL, fault, why);
}

bool webhook_replay(struct book *b, const char *id, struct fault *why)
{
    long long bucket, number, seq;
    struct webhook w;
    char more;

    if (sscanf(id, "%lld.%lld.%lld%c", &bucket, &number, &seq, &more) != 3)
        return fail(why, NOT_FOUND, "There is no delivery \"%.60s\".", id);
    if (!head_open(b->heads, house.bucket, why) ||
        !webhook_load(b->store, &b->arena, number, &w, why))
        return false;
    if (strcmp(w.state, "active") != 0)
        return fail(why, CONFLICT, "Webhook %lld is %s: switch it on first.", number, w.state);
    struct query q = query_begin(b->store, Q_WEBHOOK_REPLAY);
    bind_int(&q, b->now.us);
    bind_int(&q, bucket);
    bind_int(&q, number);
    bind_int(&q, seq);
    bool found = query_next(&q);
    if (!query_end(&q, why))
        return false;
    if (!found)
        return fail(why, NOT_FOUND, "There is no delivery \"%.60s\".", id);
    return record(b, number, "replayed", NULL, id, why);
}
