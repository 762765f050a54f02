/* API: lists over all accounts: what was agreed, what was decided, what goes out. Search. */
#include "web/api.h"

#include "base/secret.h"
#include "base/text.h"
#include "flow/api_list.h"
#include "flow/audit_log.h"
#include "flow/book_list.h"
#include "flow/evidence_pack.h"
#include "flow/outbox.h"
#include "flow/search.h"
#include "web/page_search.h"

#include <stdlib.h>

enum { PACK_RECORDS = 5000, LOG_DAYS = 31 };

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field listed_query[] = {
    { "state", API_TEXT, API_MAY, "only of this state", NULL },
    API_AFTER,
    API_LIMIT,
    API_END,
};
#define LISTED_FIELDS(what, states)                                                            \
    { "account", API_TEXT, API_MUST, "whose", NULL },                                          \
    { "name", API_TEXT, API_MUST, "of the person or firm", NULL },                             \
    { what, API_INT, API_MUST, "its number in the account", NULL },                            \
    { "state", API_TEXT, API_MUST, states, NULL },                                             \
    { "currency", API_CODE, API_OR_NULL, "of the amount", NULL },                              \
    {                                                                                          \
        "amount", API_AMOUNT, API_OR_NULL, "how much", NULL                                    \
    }
static const struct api_field promise_rows[] = {
    LISTED_FIELDS("promise", "open, kept, partly_kept, broken, withdrawn"),
    { "made", API_DAY, API_MUST, "when", NULL },
    { "due", API_DAY, API_MUST, "for when", NULL },
    API_END,
};
static const struct api_field plan_rows[] = {
    LISTED_FIELDS("plan", "active, paused, completed, defaulted, cancelled, replaced"),
    { "made", API_DAY, API_MUST, "when", NULL },
    { "since", API_DAY, API_MUST, "in this state", NULL },
    { "schedule", API_TEXT, API_OR_NULL, "how its days were found", NULL },
    API_END,
};
static const struct api_field offer_rows[] = {
    LISTED_FIELDS("offer", "waiting_approval, open, countered, accepted, declined, …"),
    { "first", API_DAY, API_MUST, "day of the first payment", NULL },
    { "expires", API_DAY, API_MUST, "the last day on which it stands", NULL },
    { "made_by", API_TEXT, API_MUST, "debtor or collector", NULL },
    API_END,
};
static const struct api_field dispute_rows[] = {
    LISTED_FIELDS("dispute", "open, upheld, partly_upheld, not_upheld, withdrawn"),
    { "received", API_DAY, API_MUST, "when", NULL },
    { "answer_by", API_DAY, API_OR_NULL, "until when it is to be answered", NULL },
    { "reason", API_TEXT, API_MUST, "not-mine, amount, paid, …", NULL },
    { "debt", API_TEXT, API_OR_NULL, "null: all", NULL },
    API_END,
};
static const struct api_field payment_rows[] = {
    LISTED_FIELDS("number", "settled, pending, failed, returned, charged_back, …"),
    { "received", API_DAY, API_MUST, "value day", NULL },
    { "since", API_DAY, API_OR_NULL, "in this state", NULL },
    { "method", API_TEXT, API_MUST, "transfer, card, …", NULL },
    { "payment", API_TEXT, API_MUST, "its reference", NULL },
    API_END,
};
#define LISTED(name, rows)                                                                     \
    static const struct api_field name##_reply[] = {                                           \
        { #name, API_ROWS, API_MUST, "by account and number", rows },                          \
        API_NEXT,                                                                              \
        API_END,                                                                               \
    }
LISTED(promises, promise_rows);
LISTED(plans, plan_rows);
LISTED(offers, offer_rows);
LISTED(disputes, dispute_rows);
LISTED(payments, payment_rows);

static const struct api_field log_query[] = {
    { "from", API_DAY, API_MAY, "the first day (31 days ago)", NULL },
    { "to", API_DAY, API_MAY, "the last day (today)", NULL },
    { "view", API_TEXT, API_MAY, "decisions (without), people, records", NULL },
    { "outcome", API_TEXT, API_MAY, "allowed, moved, blocked, held", NULL },
    { "channel", API_TEXT, API_MAY, "only of this channel", NULL },
    { "rule", API_TEXT, API_MAY, "only decided by this rule", NULL },
    { "kind", API_TEXT, API_MAY, "only of this kind", NULL },
    { "account", API_TEXT, API_MAY, "only of this account", NULL },
    API_AFTER,
    API_LIMIT,
    API_END,
};
static const struct api_field log_rows[] = {
    { "record", API_TEXT, API_MUST, "for getDecision", NULL },
    { "at", API_MOMENT, API_MUST, "when", NULL },
    { "kind", API_TEXT, API_MUST, "of the record", NULL },
    { "outcome", API_TEXT, API_OR_NULL, "allowed, moved, blocked, held", NULL },
    { "channel", API_TEXT, API_OR_NULL, "by which", NULL },
    { "rule", API_TEXT, API_OR_NULL, "that decided", NULL },
    { "by", API_TEXT, API_OR_NULL, "who was signed in", NULL },
    { "account", API_TEXT, API_OR_NULL, "that it is about", NULL },
    API_END,
};
static const struct api_field log_reply[] = {
    { "decisions", API_ROWS, API_MUST, "the latest first", log_rows },
    API_NEXT,
    API_END,
};
#define MESSAGE_FIELDS                                                                         \
    { "message", API_TEXT, API_MUST, "bucket.record, for getMessage", NULL },                  \
    { "account", API_TEXT, API_MUST, "to whom", NULL },                                        \
    { "number", API_INT, API_MUST, "its number in the account, for stopMessage", NULL },       \
    { "channel", API_TEXT, API_MUST, "email, letter, sms, call", NULL },                       \
    { "template", API_TEXT, API_OR_NULL, "its text", NULL },                                   \
    { "step", API_TEXT, API_OR_NULL, "of the ladder", NULL },                                  \
    { "state", API_TEXT, API_MUST, "ready, sent, delivered, stopped, …", NULL },               \
    { "reason", API_TEXT, API_OR_NULL, "of the state", NULL },                                 \
    { "decided_at", API_MOMENT, API_OR_NULL, "when", NULL },                                   \
    { "not_before", API_MOMENT, API_OR_NULL, "it leaves then at the earliest", NULL },         \
    { "state_at", API_MOMENT, API_OR_NULL, "in this state since", NULL },                      \
    {                                                                                          \
        "record", API_TEXT, API_MUST, "of its decision", NULL                                  \
    }
static const struct api_field message_rows[] = { MESSAGE_FIELDS, API_END };
static const struct api_field messages_reply[] = {
    { "messages", API_ROWS, API_MUST, "the latest changed first", message_rows },
    API_NEXT,
    API_END,
};
static const struct api_field messages_query[] = {
    { "state", API_TEXT, API_MAY, "only of this state", NULL },
    { "channel", API_TEXT, API_MAY, "only of this channel", NULL },
    API_AFTER,
    API_LIMIT,
    API_END,
};
static const struct api_field message_reply[] = {
    MESSAGE_FIELDS,
    { "attempts", API_INT, API_MUST, "to send it", NULL },
    { "subject", API_TEXT, API_OR_NULL, "of an email", NULL },
    { "text", API_TEXT, API_OR_NULL, "its words; null: a letter, or not made yet", NULL },
    API_END,
};
static const struct api_field search_query[] = {
    { "q", API_TEXT, API_MAY, "a reference, a name, an address, a number, an amount", NULL },
    API_LIMIT,
    API_END,
};
static const struct api_field hit_rows[] = {
    { "group", API_TEXT, API_MUST, "account, debt, payment, decision, message", NULL },
    { "exact", API_BOOL, API_MUST, "it is what was asked for", NULL },
    { "account", API_TEXT, API_OR_NULL, "its reference", NULL },
    { "name", API_TEXT, API_OR_NULL, "of the person or firm", NULL },
    { "what", API_TEXT, API_OR_NULL, "reference of the debt or payment, kind of the record", NULL },
    { "record", API_TEXT, API_OR_NULL, "of a decision or message", NULL },
    API_END,
};
static const struct api_field search_reply[] = {
    { "found", API_ROWS, API_MUST, "by group, what is exact first", hit_rows },
    { "more", API_BOOL, API_MUST, "there is more than this: say more", NULL },
    API_END,
};
static const struct api_field pack_body[] = {
    { "account", API_TEXT, API_MAY, "of this account", NULL },
    { "records", API_TEXT, API_MAY, "instead: of these records, D-17.42 D-3.4", NULL },
    { "redact", API_BOOL, API_MAY, "without names, addresses and free text", NULL },
    API_END,
};
static const struct api_field pack_reply[] = {
    { "file", API_TEXT, API_MUST, "its name", NULL },
    { "records", API_INT, API_MUST, "in it", NULL },
    { "digest", API_TEXT, API_MUST, "BLAKE2b-256 of its manifest", NULL },
    { "content", API_TEXT, API_MUST, "a zip, base64", NULL },
    API_END,
};

/* ---- What was agreed ----------------------------------------------------------------------- */

static const struct {
    const char *list, *number, *first, *last, *what, *of;
} listed[] = {
    [API_LIST_PROMISES] = { "promises", "promise", "made", "due", NULL, NULL },
    [API_LIST_PLANS] = { "plans", "plan", "made", "since", "schedule", NULL },
    [API_LIST_OFFERS] = { "offers", "offer", "first", "expires", "made_by", NULL },
    [API_LIST_DISPUTES] = { "disputes", "dispute", "received", "answer_by", "reason", "debt" },
    [API_LIST_PAYMENTS] = { "payments", "number", "received", "since", "method", "payment" },
};

static void listed_put(json_t *row, enum api_list_kind kind, const struct api_list_row *r)
{
    bool all = r->minor == 0 && kind == API_LIST_DISPUTES; /* no amount: all of it */

    put(row, "account", r->account);
    put(row, "name", r->name);
    put_int(row, listed[kind].number, r->number);
    put(row, "state", r->state);
    api_put_currency(row, "currency", r->currency);
    api_put_amount(row, "amount", r->minor, all ? CURRENCY_NONE : r->currency);
    api_put_day(row, listed[kind].first, r->first);
    api_put_day(row, listed[kind].last, r->last);
    if (listed[kind].what != NULL)
        api_put_or_null(row, listed[kind].what, r->what);
    if (listed[kind].of != NULL)
        api_put_or_null(row, listed[kind].of, r->of);
}

static bool listed_after(const struct api *call, struct api_list_request *r, struct fault *why)
{
    int64_t place[] = { 0, 0 };

    if (!api_after_place(call, 2, place, why))
        return false;
    r->after = (struct casefile_key){ place[0] >> 53, place[0] };
    r->after_number = (int32_t)place[1];
    return true;
}

static bool get_listed(struct api *call, enum api_list_kind kind, struct fault *why)
{
    struct api_list_request r = { .kind = kind, .state = api_query(call, "state") };
    struct api_list_row *rows, last = { 0 };
    int64_t limit;
    size_t count;
    bool more;

    if (!api_limit(call, &limit, why) || !listed_after(call, &r, why))
        return false;
    r.most = (size_t)limit;
    if (!api_list(call->view, &r, &rows, &count, &last, &more, why))
        return false;
    json_t *out = json_object(), *list = put_list(out, listed[kind].list);
    for (size_t i = 0; i < count; i++)
        listed_put(list_add(list), kind, &rows[i]);
    const int64_t place[] = { last.key.id, last.number };
    api_put_next_place(call, out, more, 2, place);
    api_give(call, 200, out);
    return true;
}

static bool get_promises(struct api *call, struct fault *why)
{
    return get_listed(call, API_LIST_PROMISES, why);
}

static bool get_plans(struct api *call, struct fault *why)
{
    return get_listed(call, API_LIST_PLANS, why);
}

static bool get_offers(struct api *call, struct fault *why)
{
    return get_listed(call, API_LIST_OFFERS, why);
}

static bool get_disputes(struct api *call, struct fault *why)
{
    return get_listed(call, API_LIST_DISPUTES, why);
}

static bool get_payments(struct api *call, struct fault *why)
{
    return get_listed(call, API_LIST_PAYMENTS, why);
}

/* ---- The decision log ---------------------------------------------------------------------- */

static bool days_read(struct api *call, struct log_request *r, struct fault *why)
{
    const char *from = api_query(call, "from"), *to = api_query(call, "to");
    struct day first = day_plus(call->view->today, -LOG_DAYS), last = call->view->today;

    if ((from != NULL && !day_parse(from, &first)) || (to != NULL && !day_parse(to, &last)) ||
        last.number < first.number)
        return fail(why, BAD_VALUE, "from and to are days such as 2026-11-20, in their order.");
    r->from = day_begins(first, call->view->zone);
    r->to = day_begins(day_plus(last, 1), call->view->zone);
    return true;
}

static bool log_view_read(const char *text, enum log_view *out, struct fault *why)
{
    static const char *const names[] = { [LOG_DECISIONS] = "decisions",
                                         [LOG_PEOPLE] = "people",
                                         [LOG_RECORDS] = "records" };

    for (size_t i = 0; i < COUNT(names); i++) {
        *out = (enum log_view)i;
        if (text == NULL || text_equal(names[i], text))
            return true;
    }
    return fail(why, BAD_VALUE, "view is decisions, people or records.");
}

static bool log_after(struct api *call, struct log_request *r, struct fault *why)
{
    int64_t place[] = { r->before.at.us, r->before.bucket, r->before.seq };

    if (!api_after_place(call, 3, place, why))
        return false;
    r->before = (struct log_place){ { place[0] }, place[1], place[2] };
    return true;
}

static bool log_read(struct api *call, struct log_request *r, struct fault *why)
{
    int64_t limit;

    *r = (struct log_request){ .outcome = api_query(call, "outcome"),
                               .channel = api_query(call, "channel"),
                               .rule = api_query(call, "rule"),
                               .kind = api_query(call, "kind"),
                               .account = api_query(call, "account") };
    if (!api_limit(call, &limit, why))
        return false;
    r->most = (size_t)limit;
    return days_read(call, r, why) && log_view_read(api_query(call, "view"), &r->view, why) &&
           log_after(call, r, why);
}

static bool get_log(struct api *call, struct fault *why)
{
    struct log_request r;
    struct log_page page;

    if (!log_read(call, &r, why) || !log_list(call->view, &r, &page, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "decisions");
    for (size_t i = 0; i < page.count; i++) {
        const struct log_row *d = &page.rows[i];
        json_t *row = list_add(rows);
        put(row, "record", api_record(call, d->bucket, d->seq));
        api_put_moment(call, row, "at", d->at);
        put(row, "kind", d->kind);
        api_put_or_null(row, "outcome", d->outcome);
        api_put_or_null(row, "channel", d->channel);
        api_put_or_null(row, "rule", d->rule);
        api_put_or_null(row, "by", d->actor);
        api_put_or_null(row, "account", d->reference);
    }
    const int64_t place[] = { page.last.at.us, page.last.bucket, page.last.seq };
    api_put_next_place(call, out, page.more || page.stopped, 3, place);
    api_give(call, 200, out);
    return true;
}

/* ---- What goes out ------------------------------------------------------------------------- */

static void message_put(struct api *call, json_t *row, const struct message_row *m)
{
    put(row, "message",
        arena_print(call->arena, "%lld.%lld", (long long)m->bucket, (long long)m->decision));
    put(row, "account", m->reference);
    put_int(row, "number", m->outbox);
    put(row, "channel", m->channel);
    api_put_or_null(row, "template", m->template);
    api_put_or_null(row, "step", m->step);
    put(row, "state", m->state);
    api_put_or_null(row, "reason", m->state_reason);
    api_put_moment(call, row, "decided_at", m->decided_at);
    api_put_moment(call, row, "not_before", m->not_before);
    api_put_moment(call, row, "state_at", m->state_at);
    put(row, "record", api_record(call, m->bucket, m->decision));
}

/* Where a page of messages ended. */
static bool mark_read(const struct api *call, struct list_ask *ask, struct fault *why)
{
    int64_t place[] = { 0, 0, 0 };

    ask->goes_on = api_query(call, "after") != NULL;
    if (!api_after_place(call, 3, place, why))
        return false;
    ask->after = (struct list_mark){ place[0], place[1], place[2] };
    return true;
}

static bool state_read(const char *state, uint32_t *out, struct fault *why)
{
    const char *const *names = list_states(LIST_MESSAGES);

    for (size_t i = 0; state != NULL && names[i] != NULL; i++) {
        if (text_equal(names[i], state))
            *out = (uint32_t)1 << i;
    }
    return state == NULL || *out != 0 ||
           fail(why, BAD_VALUE, "No message is ever %.40s.", state);
}

static bool get_messages(struct api *call, struct fault *why)
{
    const struct view *v = call->view;
    struct list_ask ask = { .list = LIST_MESSAGES,
                            .from = INT64_MIN,
                            .to = INT64_MAX,
                            .now = v->now,
                            .what = api_query(call, "channel"),
                            .clients = v->clients,
                            .desks = v->desks };
    struct list_page page;
    int64_t limit;

    if (!api_limit(call, &limit, why) || !mark_read(call, &ask, why) ||
        !state_read(api_query(call, "state"), &ask.states, why))
        return false;
    ask.most = (size_t)limit;
    if (!book_list(v->store, call->arena, &ask, &page, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "messages");
    for (size_t i = 0; i < page.count; i++) {
        struct message_row m = list_message(&page.rows[i]);
        message_put(call, list_add(rows), &m);
    }
    const int64_t place[] = { page.after.key, page.after.casefile, page.after.number };
    api_put_next_place(call, out, page.more, 3, place);
    api_give(call, 200, out);
    return true;
}

bool api_message(struct api *call, struct message_view *m, struct fault *why)
{
    int64_t bucket, decision;

    if (!page_pair(call->holes[0], &bucket, &decision))
        return fail(why, NOT_FOUND, "There is no message \"%.40s\".", call->holes[0]);
    return view_message(call->view, bucket, decision, m, why);
}

static bool get_message(struct api *call, struct fault *why)
{
    struct message_view m;

    if (!api_message(call, &m, why))
        return false;
    json_t *out = json_object();
    message_put(call, out, &m.row);
    put_int(out, "attempts", m.attempts);
    api_put_or_null(out, "subject", m.row.subject);
    api_put_or_null(out, "text", m.text);
    api_give(call, 200, out);
    return true;
}

static bool post_stop(struct api *call, struct fault *why)
{
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !outbox_stop(call->book, call->account.key, number, api_text(call, "reason"), why))
        return false;
    api_give_made(call, CHANGE_UPDATED, number);
    return true;
}

/* ---- Search -------------------------------------------------------------------------------- */

static bool get_search(struct api *call, struct fault *why)
{
    static const char *const groups[] = { [FOUND_ACCOUNT] = "account",
                                          [FOUND_DEBT] = "debt",
                                          [FOUND_PAYMENT] = "payment",
                                          [FOUND_DECISION] = "decision",
                                          [FOUND_MESSAGE] = "message" };
    const char *typed = api_query(call, "q");
    struct search found;
    int64_t limit;

    if (!api_limit(call, &limit, why))
        return false;
    size_t most = limit < SEARCH_FOUND_MOST ? (size_t)limit : SEARCH_FOUND_MOST;
    if (!search_find(call->view, typed == NULL ? "" : typed, most, &found, why))
        return false;
    if (typed != NULL && !search_noted(call->hand, call->user.email, typed, &found, false, why))
        return false;
    call->reply->noted = true;
    json_t *out = json_object(), *rows = put_list(out, "found");
    for (size_t i = 0; i < found.count; i++) {
        const struct search_hit *h = &found.hits[i];
        json_t *row = list_add(rows);
        put(row, "group", groups[h->group]);
        put_true(row, "exact", h->exact);
        api_put_or_null(row, "account", h->account.reference);
        api_put_or_null(row, "name", h->account.name);
        api_put_or_null(row, "what", h->what);
        api_put_or_null(row, "record", h->group == FOUND_DECISION || h->group == FOUND_MESSAGE
                                           ? api_record(call, h->bucket, h->seq)
                                           : NULL);
    }
    put_true(out, "more", found.more);
    api_give(call, 200, out);
    return true;
}

/* ---- Evidence ------------------------------------------------------------------------------ */

static bool text_write(void *self, const void *bytes, size_t length)
{
    text_add_n(self, bytes, length);
    return true;
}

static void pack_give(struct api *call, const struct pack_made *made, const struct text *bytes)
{
    size_t length = bytes->length;
    char *content = malloc(BASE64_TEXT(length));
    json_t *out = json_object();

    must(content != NULL);
    put(out, "file", made->file);
    put_int(out, "records", made->records);
    put(out, "digest", made->digest);
    put(out, "content", base64_print(text_of(bytes), length, content));
    free(content);
    api_give(call, 201, out);
}

static bool post_pack(struct api *call, struct fault *why)
{
    struct pack_request r = { .account = api_text(call, "account"),
                              .most = PACK_RECORDS,
                              .redact = api_flag(call, "redact"),
                              .by = call->user.email };
    struct text bytes = { 0 };
    struct pack_made made;

    if ((r.account != NULL) == (api_text(call, "records") != NULL))
        return fail(why, BAD_VALUE, "Say what the pack is of: \"account\" or \"records\".");
    if (r.account == NULL && !pack_numbers_read(call->arena, api_text(call, "records"), &r, why))
        return false;
    bool done = evidence_pack_write(call->view, &r, (struct pack_sink){ text_write, &bytes },
                                    &made, why) &&
                evidence_pack_note(call->book, &r, &made, false, why);
    if (done)
        pack_give(call, &made, &bytes);
    text_free(&bytes);
    return done;
}

const struct route routes_api_log[] = {
    API_GIVES("/api/v1/promises", MAY_SEE, "listPromises", "Promises over all accounts",
              listed_query, promises_reply, get_promises, NULL),
    API_GIVES("/api/v1/plans", MAY_SEE, "listPlans", "Plans over all accounts", listed_query,
              plans_reply, get_plans, NULL),
    API_GIVES("/api/v1/offers", MAY_SEE, "listOffers", "Offers over all accounts", listed_query,
              offers_reply, get_offers, NULL),
    API_GIVES("/api/v1/disputes", MAY_SEE, "listDisputes", "Disputes over all accounts",
              listed_query, disputes_reply, get_disputes, NULL),
    API_GIVES("/api/v1/payments", MAY_SEE, "listPayments", "Payments over all accounts",
              listed_query, payments_reply, get_payments, NULL),
    API_GIVES("/api/v1/decisions", MAY_AUDIT, "listDecisions", "The decision log", log_query,
              log_reply, get_log, NULL),
    API_GIVES("/api/v1/messages", MAY_SEE, "listMessages", "The outbox", messages_query,
              messages_reply, get_messages, NULL),
    API_GIVES("/api/v1/messages/{}", MAY_SEE, "getMessage", "One message, as it leaves", NULL,
              message_reply, get_message, "message"),
    API_TAKES(OF_ACCOUNT "/messages/{}/stop", MAY_WORK, "stopMessage",
              "It does not leave; 409 when it has", api_reason, api_made_reply, post_stop,
              "account", "message"),
    API_GIVES("/api/v1/search", MAY_SEE, "search", "From what somebody typed to what it is",
              search_query, search_reply, get_search, NULL),
    API_TAKES("/api/v1/evidence-packs", MAY_AUDIT, "makeEvidencePack",
              "What the book holds of an account or of some records, to be checked without us",
              pack_body, pack_reply, post_pack, NULL),
    { 0 },
};
