#include "flow/outbox.h"

#include "base/json.h"
#include "domain/casefile.h"
#include "flow/book_parts.h"
#include "flow/notice.h"
#include "store/casefiles.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* One row of outbox_all, read in the order of its columns. */
struct row {
    int64_t bucket, casefile, number, currency, open, decided_at, not_before, expires_at,
        state_at, attempts, decision;
    const char *account, *channel, *to, *template, *step, *state, *reason, *record;
};

static struct row row_of(struct query *q, struct arena *a)
{
    return (struct row){
        .bucket = row_int(q, 0),
        .casefile = row_int(q, 1),
        .number = row_int(q, 2),
        .account = row_copy(q, 3, a),
        .channel = row_copy(q, 4, a),
        .to = row_copy(q, 5, a),
        .template = row_copy(q, 6, a),
        .step = row_copy(q, 7, a),
        .currency = row_int(q, 9),
        .open = row_int(q, 10),
        .decided_at = row_int(q, 11),
        .not_before = row_int(q, 12),
        .expires_at = row_int(q, 13),
        .state = row_copy(q, 14, a),
        .state_at = row_int(q, 15),
        .reason = row_copy(q, 16, a),
        .attempts = row_int(q, 17),
        .decision = row_int(q, 18),
        .record = row_copy(q, 19, a),
    };
}

static bool wanted(const struct outbox_request *r, const struct row *row)
{
    return (r->state == NULL || text_equal(r->state, row->state)) &&
           (r->channel == NULL || text_equal(r->channel, row->channel));
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static bool debt_reference(struct store *s, const struct row *row, int64_t debt,
                           struct json_writer *w, enum currency *currency, struct fault *why)
{
    struct query q = query_begin(s, Q_DEBT_GET);

    bind_int(&q, row->bucket);
    bind_int(&q, row->casefile);
    bind_int(&q, debt);
    if (query_next(&q)) {
        json_text_at(w, "debt", row_text(&q, 0));
        *currency = (enum currency)row_int(&q, 3);
    }
    return query_end(&q, why);
}

static bool write_items(struct store *s, const struct row *row, const json_t *record,
                        struct json_writer *w, struct fault *why)
{
    const json_t *items = json_object_get(record, "items"), *item;
    size_t i;
    char amount[MONEY_TEXT];

    json_key(w, "items");
    json_open(w, '[');
    json_array_foreach(items, i, item) {
        enum currency currency = (enum currency)row->currency;
        const char *step = json_string_value(json_object_get(item, "step"));
        json_open(w, '{');
        if (!debt_reference(s, row, json_integer_value(json_object_get(item, "debt")), w,
                            &currency, why))
            return false;
        json_int_at(w, "instalment", json_integer_value(json_object_get(item, "instalment")));
        json_text_at(w, "step", step);
        json_text_at(w, "open",
                     money_print(money_of(json_integer_value(json_object_get(item, "open")),
                                          currency),
                                 amount));
        json_close(w, '}');
    }
    json_close(w, ']');
    return true;
}

static bool write_row(struct store *s, const struct row *row, struct json_writer *w,
                      struct fault *why)
{
    json_t *record = json_loads(row->record, 0, NULL);
    const json_t *verdict = json_object_get(record, "verdict");
    char id[64], at[INSTANT_TEXT], amount[MONEY_TEXT];

    json_open(w, '{');
    snprintf(id, sizeof id, "%" PRId64 ".%" PRId64 ".%" PRId64, row->bucket, row->casefile,
             row->number);
    json_text_at(w, "id", id);
    json_text_at(w, "account", row->account);
    json_text_at(w, "channel", row->channel);
    json_text_at(w, "to", row->to);
    json_text_at(w, "template", row->template);
    json_text_at(w, "strategy", json_string_value(json_object_get(record, "strategy")));
    json_text_at(w, "ladder", json_string_value(json_object_get(record, "ladder")));
    json_text_at(w, "step", row->step);
    json_text_at(w, "state", row->state);
    json_text_at(w, "reason", row->reason);
    json_text_at(w, "decided_at", instant_print((struct instant){ row->decided_at }, at));
    json_text_at(w, "not_before", instant_print((struct instant){ row->not_before }, at));
    json_text_at(w, "expires_at", instant_print((struct instant){ row->expires_at }, at));
    json_text_at(w, "state_at", instant_print((struct instant){ row->state_at }, at));
    json_int_at(w, "attempts", row->attempts);
    json_text_at(w, "currency", currency_code((enum currency)row->currency));
    json_text_at(w, "open", money_print(money_of(row->open, (enum currency)row->currency), amount));
    snprintf(id, sizeof id, "D-%" PRId64 ".%" PRId64, row->bucket, row->decision);
    json_text_at(w, "decision", id);
    json_text_at(w, "verdict", json_string_value(json_object_get(verdict, "ruling")));
    bool done = write_items(s, row, record, w, why);
    json_close(w, '}');
    json_decref(record);
    return done;
}

/* The buffer is emptied row by row: a long list is a stream. */
static bool print_json(struct store *s, const struct outbox_request *r, FILE *out,
                       struct fault *why)
{
    struct query q = query_begin(s, Q_OUTBOX_ALL);
    struct text text = { 0 };
    struct json_writer w = { &text, false };
    struct arena a = { 0 };
    int64_t left = r->limit > 0 ? r->limit : INT64_MAX;
    bool done = true;

    json_open(&w, '{');
    json_key(&w, "messages");
    json_open(&w, '[');
    while (done && left > 0 && query_next(&q)) {
        arena_reset(&a);
        struct row row = row_of(&q, &a);
        if (!wanted(r, &row))
            continue;
        done = write_row(s, &row, &w, why);
        fputs(text_of(&text), out);
        text_clear(&text);
        left--;
    }
    json_close(&w, ']');
    json_close(&w, '}');
    fprintf(out, "%s\n", text_of(&text));
    text_free(&text);
    arena_free(&a);
    return query_end(&q, done ? why : NULL) && done;
}

/* ---- For people ------------------------------------------------------------------------------ */

static const struct table_column columns[] = {
    { "id", NULL, CELL_TEXT },          { "account", "ACCOUNT", CELL_TEXT },
    { "channel", "CHANNEL", CELL_TEXT }, { "step", "STEP", CELL_TEXT },
    { "open", "OPEN", CELL_MONEY },     { "state", "STATE", CELL_TEXT },
    { "not_before", "NOT BEFORE", CELL_TEXT }, { "reason", "REASON", CELL_TEXT },
};

static void add_row(struct table *t, const struct row *row)
{
    char id[64], at[INSTANT_TEXT];

    snprintf(id, sizeof id, "%" PRId64 ".%" PRId64 ".%" PRId64, row->bucket, row->casefile,
             row->number);
    table_text(t, id);
    table_text(t, row->account);
    table_text(t, row->channel);
    table_text(t, row->step);
    table_money(t, money_of(row->open, (enum currency)row->currency));
    table_text(t, row->state);
    table_text(t, instant_print((struct instant){ row->not_before }, at));
    table_text(t, row->reason);
}

static bool print_table(struct store *s, const struct outbox_request *r, FILE *out,
                        struct fault *why)
{
    struct query q = query_begin(s, Q_OUTBOX_ALL);
    struct sheet sheet = { 0 };
    struct arena a = { 0 };
    int64_t left = r->limit > 0 ? r->limit : INT64_MAX;
    struct table *t = sheet_table(&sheet, "messages", "Nothing was put into the outbox yet.",
                                  COUNT(columns), columns);

    while (left > 0 && query_next(&q)) {
        arena_reset(&a);
        struct row row = row_of(&q, &a);
        if (!wanted(r, &row))
            continue;
        add_row(t, &row);
        left--;
    }
    bool done = query_end(&q, why);
    if (done)
        sheet_print(&sheet, r->format, r->terminal, out);
    sheet_free(&sheet);
    arena_free(&a);
    return done;
}

bool outbox_print(const struct outbox_request *request, FILE *out, struct fault *why)
{
    struct store *s = store_open(request->url, STORE_READ, why);

    if (s == NULL)
        return false;
    bool done = store_read_begin(s, why);
    if (done) {
        done = request->format == FORMAT_JSON ? print_json(s, request, out, why)
                                              : print_table(s, request, out, why);
        store_read_end(s);
    }
    store_close(s);
    return done;
}

/* ---- The way in
 * ------------------------------------------------------------------------------ */

static bool is_about(const struct gate_question *q, const struct outbox_message *m)
{
    return q->channel == m->channel && q->party == m->party &&
           text_equal(q->address, m->address) && text_equal(q->purpose, m->purpose) &&
           q->at.us == m->not_before.us;
}

bool outbox_add(struct store *s, const struct outbox_message *m, const struct judged *judged,
                struct fault *why)
{
    must(judged->verdict->ruling == RULING_ALLOW);
    must(is_about(judged->question, m));
    struct query q = query_begin(s, Q_OUTBOX_ADD);
    bind_key(&q, m->key);
    bind_int(&q, m->number);
    bind_int(&q, m->decision);
    bind_text(&q, channel_name(m->channel));
    bind_int(&q, m->party);
    bind_text(&q, m->address);
    bind_text(&q, m->template);
    bind_text(&q, m->step);
    bind_text(&q, m->purpose);
    bind_text(&q, m->debts);
    bind_int(&q, m->open.currency);
    bind_int(&q, m->open.minor);
    bind_int(&q, m->decided_at.us);
    bind_int(&q, m->not_before.us);
    bind_int(&q, m->expires_at.us);
    bind_text(&q, m->subject);
    bind_text(&q, m->words);
    return query_run(&q, why);
}

/* ---- Settling by hand ------------------------------------------------------------------------ */

struct named {
    struct casefile_key key;
    int64_t number;
    char state[16];
    struct notice_given given; /* if it was a notice; in the arena of the book */
};

bool outbox_named(const char *name, struct casefile_key *key, int64_t *number,
                  struct fault *why)
{
    return (sscanf(name, "%" SCNd64 ".%" SCNd64 ".%" SCNd64, &key->bucket, &key->id, number) ==
                3 &&
            key->bucket >= 0 && key->bucket < BUCKETS) ||
           fail(why, BAD_VALUE, "\"%s\" does not name a message.", name);
}

static bool message_find(struct book *b, const char *name, struct named *m, struct fault *why)
{
    if (!outbox_named(name, &m->key, &m->number, why))
        return fault_hint(why, "recoup outbox list --state unsure --json");
    struct query q = query_begin(b->store, Q_OUTBOX_GET);
    bind_int(&q, m->key.bucket);
    bind_int(&q, m->key.id);
    bind_int(&q, m->number);
    bool found = query_next(&q);
    if (found) {
        snprintf(m->state, sizeof m->state, "%s", row_text(&q, 9));
        m->given = (struct notice_given){ .key = m->key,
                                          .purpose = row_copy(&q, 13, &b->arena),
                                          .party = (int32_t)row_int(&q, 2),
                                          .debts = debt_set_parse(&b->arena, row_text(&q, 6)),
                                          .composed_at = { row_int(&q, 14) } };
        found = channel_parse(row_text(&q, 1), &m->given.channel);
    }
    if (!query_end(&q, why))
        return false;
    return found || fail(why, NOT_FOUND, "There is no message \"%s\".", name);
}

static bool settle(struct book *b, const struct named *m, bool was_sent, struct fault *why)
{
    const char *state = was_sent ? "sent" : "ready", *reason = "settled by a person";
    struct json_writer w = { &b->record, false };
    struct query q = query_begin(b->store, Q_OUTBOX_CLOSE);

    bind_text(&q, state);
    bind_int(&q, b->now.us);
    bind_text(&q, reason);
    bind_int(&q, b->now.us);
    bind_int(&q, m->key.bucket);
    bind_int(&q, m->key.id);
    bind_int(&q, m->number);
    if (!query_run(&q, why))
        return false;
    q = query_begin(b->store, Q_CASEFILE_STIR); /* its moment is another now */
    bind_int(&q, m->key.bucket);
    bind_int(&q, m->key.id);
    if (!query_run(&q, why))
        return false;
    text_clear(&b->record);
    json_open(&w, '{');
    json_int_at(&w, "outbox", m->number);
    json_text_at(&w, "state", state);
    json_text_at(&w, "reason", reason);
    json_close(&w, '}');
    return journal_add(b->heads, m->key, b->now, "message", text_of(&b->record), NULL, why) &&
           (!was_sent || notice_record(b, &m->given, why));
}

bool outbox_settle_in(struct book *b, const char *message, bool was_sent, struct fault *why)
{
    struct named m;

    if (!message_find(b, message, &m, why) || !head_open(b->heads, m.key.bucket, why))
        return false;
    if (strcmp(m.state, "unsure") != 0)
        return fail(why, CONFLICT, "Message \"%s\" is %s: only a message that is unsure is "
                    "settled by hand.", message, m.state);
    return settle(b, &m, was_sent, why);
}

bool outbox_settle(const char *url, struct instant now, const char *message, bool was_sent,
                   struct fault *why)
{
    struct book b;
    bool done = false;

    if (!book_open(&b, url, now, why))
        return false;
    if (book_begin(&b, why)) {
        done = outbox_settle_in(&b, message, was_sent, why);
        done = done ? book_commit(&b, why) : book_undo(&b);
    }
    book_close(&b);
    return done;
}

/* ---- Not to be sent any more ------------------------------------------------------------------ */

static bool withdraw(struct book *b, struct casefile_key key, int32_t number, const char *reason,
                     const char **channel, struct fault *why)
{
    struct query q = query_begin(b->store, Q_OUTBOX_WITHDRAW);

    *channel = NULL;
    bind_int(&q, b->now.us);
    bind_text(&q, reason);
    bind_key(&q, key);
    bind_int(&q, number);
    if (query_next(&q))
        *channel = row_copy(&q, 0, &b->arena);
    return query_end(&q, why);
}

bool outbox_stop(struct book *b, struct casefile_key key, int32_t number, const char *reason,
                 struct fault *why)
{
    const char *channel;
    struct open_file f;

    if (!book_file_load(b, key, &f, why) || !withdraw(b, key, number, reason, &channel, why))
        return false;
    if (channel == NULL)
        return fail(why, CONFLICT, "It cannot be stopped any more: it has left.");
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "outbox", number);
    json_text_at(&w, "channel", channel);
    json_text_at(&w, "state", "expired");
    json_text_at(&w, "reason", reason);
    return book_record_end(b, &w, key, "message", why) && book_file_wake(b, &f);
}
