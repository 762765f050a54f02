/* What programs may read. */
#include "web/api.h"

#include "base/text.h"
#include "flow/api_list.h"
#include "flow/audit_decision.h"
#include "web/page.h"

#include <string.h>

/* ---- Shapes
 * ---------------------------------------------------------------------------------- */

static const struct api_field debt_rows[] = {
    { "debt", API_TEXT, API_MUST, "its reference", NULL },
    { "kind", API_TEXT, API_MUST, "invoice, credit_card, …", NULL },
    { "instalment", API_INT, API_MUST, "counted from 1", NULL },
    { "due", API_DAY, API_MUST, "when it is due", NULL },
    { "currency", API_CODE, API_MUST, "of the amounts", NULL },
    { "amount", API_AMOUNT, API_MUST, "as it was", NULL },
    { "open", API_AMOUNT, API_MUST, "what is open of it today", NULL },
    { "disputed", API_AMOUNT, API_MUST, "of it, while the rest goes on", NULL },
    { "last_step", API_TEXT, API_OR_NULL, "the last step that was taken", NULL },
    API_END,
};
static const struct api_field balance_rows[] = {
    { "currency", API_CODE, API_MUST, "of the amounts", NULL },
    { "principal", API_AMOUNT, API_MUST, "open of it", NULL },
    { "interest", API_AMOUNT, API_MUST, "up to today", NULL },
    { "fees", API_AMOUNT, API_MUST, "open of them", NULL },
    { "costs", API_AMOUNT, API_MUST, "open of them", NULL },
    { "waiting", API_AMOUNT, API_MUST, "paid, and not used yet", NULL },
    { "balance", API_AMOUNT, API_MUST, "what is owed today", NULL },
    API_END,
};
static const struct api_field payment_rows[] = {
    { "payment", API_TEXT, API_MUST, "its reference", NULL },
    { "received", API_DAY, API_MUST, "value day", NULL },
    { "currency", API_CODE, API_MUST, "of the amount", NULL },
    { "amount", API_AMOUNT, API_MUST, "what came in", NULL },
    { "method", API_TEXT, API_MUST, "transfer, card, …", NULL },
    { "state", API_TEXT, API_MUST, "settled, pending, returned, …", NULL },
    API_END,
};
static const struct api_field promise_of_rows[] = {
    { "promise", API_INT, API_MUST, "its number in the account", NULL },
    { "made", API_DAY, API_MUST, "when", NULL },
    { "due", API_DAY, API_MUST, "for when", NULL },
    { "currency", API_CODE, API_MUST, "of the amount", NULL },
    { "amount", API_AMOUNT, API_MUST, "what was promised", NULL },
    { "state", API_TEXT, API_MUST, "open, kept, partly_kept, broken, withdrawn", NULL },
    API_END,
};
static const struct api_field fact_of_rows[] = {
    { "fact", API_INT, API_MUST, "its number in the account", NULL },
    { "type", API_TEXT, API_MUST, "consent, opt_out, hold, …", NULL },
    { "kind", API_TEXT, API_OR_NULL, "of a hold", NULL },
    { "channel", API_TEXT, API_OR_NULL, "that it is about", NULL },
    { "debt", API_TEXT, API_OR_NULL, "that it is about; null: all", NULL },
    { "since", API_MOMENT, API_MUST, "from then on", NULL },
    { "until", API_MOMENT, API_OR_NULL, "up to then; null: for good", NULL },
    { "value", API_TEXT, API_OR_NULL, "what it says", NULL },
    API_END,
};
static const struct api_field address_rows[] = {
    { "channel", API_TEXT, API_MUST, "email, sms, letter", NULL },
    { "address", API_TEXT, API_MUST, "mailbox, number in E.164, lines", NULL },
    { "state", API_TEXT, API_MUST, "good or bad", NULL },
    { "source", API_TEXT, API_MUST, "where it comes from", NULL },
    API_END,
};
static const struct api_field account_reply[] = {
    { "account", API_TEXT, API_MUST, "its reference", NULL },
    { "name", API_TEXT, API_MUST, "of the person or firm", NULL },
    { "creditor", API_TEXT, API_MUST, "whose debts these are", NULL },
    { "role", API_TEXT, API_MUST, "first_party_creditor, third_party_collector, debt_buyer",
      NULL },
    { "standing", API_TEXT, API_MUST, "what the last cycle concluded", NULL },
    { "reason", API_TEXT, API_OR_NULL, "why", NULL },
    { "segment", API_TEXT, API_OR_NULL, "of the strategy", NULL },
    { "language", API_TEXT, API_OR_NULL, "BCP 47", NULL },
    { "zones", API_TEXT, API_MAY, "time zones, and what they follow from", NULL },
    { "waiting", API_TEXT, API_MAY, "money that waits, in words", NULL },
    { "debts", API_ROWS, API_MUST, "instalments of its debts", debt_rows },
    { "balances", API_ROWS, API_MUST, "one for each currency", balance_rows },
    { "payments", API_ROWS, API_MUST, "what came in", payment_rows },
    { "promises", API_ROWS, API_MUST, "what was promised", promise_of_rows },
    { "facts", API_ROWS, API_MUST, "what the gate knows", fact_of_rows },
    { "addresses", API_ROWS, API_MUST, "ways to reach them", address_rows },
    API_END,
};
static const struct api_field account_rows[] = {
    { "account", API_TEXT, API_MUST, "its reference", NULL },
    { "name", API_TEXT, API_MUST, "of the person or firm", NULL },
    { "creditor", API_TEXT, API_MUST, "whose debts these are", NULL },
    { "place", API_TEXT, API_OR_NULL, "where they are", NULL },
    { "business", API_BOOL, API_MUST, "a firm", NULL },
    { "standing", API_TEXT, API_MUST, "what the last cycle concluded", NULL },
    { "reason", API_TEXT, API_OR_NULL, "why", NULL },
    { "currency", API_CODE, API_OR_NULL, "of the amounts; null: nothing is open", NULL },
    { "open", API_AMOUNT, API_OR_NULL, "in that currency", NULL },
    { "past_due", API_AMOUNT, API_OR_NULL, "of it", NULL },
    API_END,
};
static const struct api_field accounts_reply[] = {
    { "accounts", API_ROWS, API_MUST, "in the order of the book", account_rows },
    API_NEXT,
    API_END,
};
static const struct api_field accounts_query[] = {
    API_AFTER,
    { "q", API_TEXT, API_MAY, "name or reference has this", NULL },
    { "standing", API_TEXT, API_MAY, "only of this standing", NULL },
    API_LIMIT,
    API_END,
};
static const struct api_field paid_rows[] = {
    { "payment", API_TEXT, API_MUST, "its reference", NULL },
    { "received", API_DAY, API_MUST, "value day", NULL },
    { "currency", API_CODE, API_MUST, "of the amounts", NULL },
    { "amount", API_AMOUNT, API_MUST, "what came in", NULL },
    { "method", API_TEXT, API_MUST, "transfer, card, …", NULL },
    { "state", API_TEXT, API_MUST, "settled, pending, returned, …", NULL },
    { "since", API_DAY, API_MUST, "in this state", NULL },
    { "refunded", API_AMOUNT, API_MUST, "given back of it", NULL },
    { "paid", API_TEXT, API_OR_NULL, "what it paid, as the books stand", NULL },
    { "reason", API_TEXT, API_OR_NULL, "why it did not stay", NULL },
    API_END,
};
static const struct api_field payments_reply[] = {
    { "payments", API_ROWS, API_MUST, "by day", paid_rows },
    API_END,
};
static const struct api_field fact_rows[] = {
    { "fact", API_INT, API_MUST, "its number in the account", NULL },
    { "type", API_TEXT, API_MUST, "consent, opt_out, hold, …", NULL },
    { "debt", API_TEXT, API_OR_NULL, "that it is about; null: all", NULL },
    { "since", API_MOMENT, API_MUST, "from then on", NULL },
    { "until", API_MOMENT, API_OR_NULL, "up to then; null: for good", NULL },
    { "channel", API_TEXT, API_OR_NULL, "that it is about", NULL },
    { "scope", API_TEXT, API_OR_NULL, "how far it goes", NULL },
    { "value", API_TEXT, API_OR_NULL, "what it says", NULL },
    { "hours", API_TEXT, API_OR_NULL, "of the day", NULL },
    { "detail", API_TEXT, API_OR_NULL, "further fields", NULL },
    { "source", API_TEXT, API_MUST, "where it comes from", NULL },
    API_END,
};
static const struct api_field facts_reply[] = {
    { "facts", API_ROWS, API_MUST, "the latest first", fact_rows },
    API_END,
};
static const struct api_field channel_rows[] = {
    { "channel", API_TEXT, API_MUST, "email, letter, call, sms", NULL },
    { "ruling", API_TEXT, API_MUST, "allow, later, deny", NULL },
    { "reason", API_TEXT, API_OR_NULL, "why not, or not yet", NULL },
    { "opens", API_MOMENT, API_OR_NULL, "the first lawful moment; null: only something new",
      NULL },
    { "rule", API_TEXT, API_OR_NULL, "that decides", NULL },
    { "citation", API_TEXT, API_OR_NULL, "of the rule", NULL },
    { "would_allow", API_TEXT, API_OR_NULL, "the smallest change that would", NULL },
    API_END,
};
static const struct api_field channels_reply[] = {
    { "account", API_TEXT, API_MUST, "its reference", NULL },
    { "channels", API_ROWS, API_MUST, "each way, at this moment", channel_rows },
    API_END,
};
static const struct api_field record_reply[] = {
    { "record", API_TEXT, API_MUST, "D-bucket.number", NULL },
    { "at", API_MOMENT, API_MUST, "when", NULL },
    { "kind", API_TEXT, API_MUST, "what kind of thing", NULL },
    { "account", API_TEXT, API_OR_NULL, "that it is about", NULL },
    { "content", API_ANY, API_MUST, "as it was recorded", NULL },
    { "hash", API_TEXT, API_MUST, "BLAKE2b-256, over the hash before it and this record",
      NULL },
    { "before", API_TEXT, API_MUST, "the hash before it", NULL },
    { "holds", API_BOOL, API_MUST, "the hash is what the record says", NULL },
    API_END,
};
static const struct api_field me_reply[] = {
    { "email", API_TEXT, API_MUST, "of the user", NULL },
    { "name", API_TEXT, API_MUST, "of the user", NULL },
    { "role", API_TEXT, API_MUST, "of the user", NULL },
    { "may", API_ANY, API_MUST, "permissions: true where it may", NULL },
    API_END,
};
static const struct api_field description_reply[] = { API_END };

/* ---- Calls
 * ----------------------------------------------------------------------------------- */

static bool get_me(struct api *call, struct fault *why)
{
    json_t *out = json_object();

    (void)why;
    put(out, "email", call->user.email);
    put(out, "name", call->user.name);
    put(out, "role", call->user.role);
    json_t *may = put_object(out, "may");
    for (int i = 0; i < PERMISSION_COUNT; i++)
        put_true(may, permission_name((enum permission)i),
                 (call->can & PERMISSION_BIT(i)) != 0);
    api_give(call, 200, out);
    return true;
}

static void account_put(json_t *row, const struct account_row *a)
{
    put(row, "account", a->reference);
    put(row, "name", a->name);
    put(row, "creditor", a->creditor);
    api_put_or_null(row, "place", a->place);
    put_true(row, "business", a->business);
    put(row, "standing", a->standing);
    api_put_or_null(row, "reason", a->reason);
    api_put_currency(row, "currency", a->currency);
    api_put_amount(row, "open", a->open_minor, a->currency);
    api_put_amount(row, "past_due", a->past_due_minor, a->currency);
}

static bool get_accounts(struct api *call, struct fault *why)
{
    struct api_accounts_request r = { .text = api_query(call, "q"),
                                      .standing = api_query(call, "standing") };
    struct api_accounts found;
    int64_t limit, after = 0;

    if (!api_limit(call, &limit, why) || !api_after(call, 0, &after, why))
        return false;
    r.most = (size_t)limit;
    r.after = (struct casefile_key){ after >> 53, after };
    if (!api_accounts(call->view, &r, &found, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "accounts");
    for (size_t i = 0; i < found.count; i++)
        account_put(list_add(rows), &found.rows[i]);
    api_put_next(call, out, found.more, found.last.id);
    api_give(call, 200, out);
    return true;
}

static bool get_account(struct api *call, struct fault *why)
{
    struct casefile_key key;
    struct sheet sheet = { 0 };

    if (!api_key(call, &key, why))
        return false;
    if (!account_show_key(call->view->store, key, call->view->zone, call->view->today, &sheet,
                          why)) {
        sheet_free(&sheet);
        return false;
    }
    api_give_sheet(call, &sheet);
    return true;
}

static bool get_payments(struct api *call, struct fault *why)
{
    struct casefile_key key;
    struct sheet sheet = { 0 };

    return api_key(call, &key, why) && api_give_if(call,
                                               payment_list(call->view->store, call->holes[0],
                                                            call->view->today, &sheet, why),
                                               &sheet);
}

static bool get_facts(struct api *call, struct fault *why)
{
    struct casefile_key key;
    struct sheet sheet = { 0 };

    return api_key(call, &key, why) &&
           api_give_if(call,
                   fact_list(call->view->store, call->holes[0], call->view->zone, &sheet, why),
                   &sheet);
}

static bool get_channels(struct api *call, struct fault *why)
{
    static const char *const rulings[] = {
        [RULING_ALLOW] = "allow", [RULING_DEFER] = "later", [RULING_DENY] = "deny"
    };
    struct casefile_view f;

    if (!view_casefile(call->view, call->holes[0], &f, why))
        return false;
    json_t *out = json_object(), *rows;
    put(out, "account", f.casefile->reference);
    rows = put_list(out, "channels");
    for (size_t i = 0; i < f.channel_count; i++) {
        const struct channel_view *c = &f.channels[i];
        json_t *row = list_add(rows);
        put(row, "channel", channel_name(c->channel));
        put(row, "ruling", c->address == NULL ? "deny" : rulings[c->ruling]);
        api_put_or_null(row, "reason",
                    c->address == NULL ? "No good address is known." : c->reason);
        api_put_moment(call, row, "opens", c->until);
        api_put_or_null(row, "rule", c->rule);
        api_put_or_null(row, "citation", c->cite);
        api_put_or_null(row, "would_allow", c->would_allow);
    }
    api_give(call, 200, out);
    return true;
}

static bool get_record(struct api *call, struct fault *why)
{
    struct audited r;
    int64_t bucket, seq;
    const char *hole = call->holes[0];

    if (text_starts(hole, "D-"))
        hole += 2;
    if (!page_pair(hole, &bucket, &seq))
        return fail(why, NOT_FOUND, "There is no record \"%s\"; they look like D-12.345.",
                    hole);
    if (!audit_load(call->view, bucket, seq, &r, why))
        return false;
    json_t *out = json_object(), *content = json_loads(r.record, 0, NULL);
    put(out, "record",
        arena_print(call->arena, "D-%lld.%lld", (long long)bucket, (long long)seq));
    api_put_moment(call, out, "at", r.at);
    put(out, "kind", r.kind);
    api_put_or_null(out, "account", r.reference[0] != '\0' ? r.reference : NULL);
    json_object_set_new(out, "content", content != NULL ? content : json_object());
    put(out, "hash", r.hash);
    put(out, "before", r.before);
    put_true(out, "holds", r.chain_holds);
    api_give(call, 200, out);
    return true;
}

static bool get_description(struct api *call, struct fault *why)
{
    (void)why;
    api_give(call, 200, api_description());
    return true;
}

static const struct api_call call_get_description = {
    "getDescription",  "This description", { NULL }, NULL, NULL,
    description_reply, get_description
};
static const struct api_call call_get_me = {
    "getMe", "Who asks, and what they may do", { NULL }, NULL, NULL, me_reply, get_me
};
static const struct api_call call_get_accounts = { "listAccounts", "Accounts, a page at a time; a filter may leave a page short",
                                                   { NULL },       accounts_query,
                                                   NULL,           accounts_reply,
                                                   get_accounts };
static const struct api_call call_get_account = {
    "getAccount",  "All about one account, by its reference or that of one of its debts",
    { "account" }, NULL,
    NULL,          account_reply,
    get_account
};
static const struct api_call call_get_payments = { "listPaymentsOfAccount",
                                                   "Its payments, and what each paid",
                                                   { "account" },
                                                   NULL,
                                                   NULL,
                                                   payments_reply,
                                                   get_payments };
static const struct api_call call_get_facts = {
    "listFacts", "What the gate knows; ended facts too", { "account" }, NULL, NULL, facts_reply,
    get_facts
};
static const struct api_call call_get_channels = {
    "getChannels", "Whether they may be contacted now, and if not, why and from when",
    { "account" }, NULL,
    NULL,          channels_reply,
    get_channels
};
static const struct api_call call_get_record = {
    "getDecision", "One record of the journal, with its place in the chain",
    { "record" },  NULL,
    NULL,          record_reply,
    get_record
};

/* ---- The table: what there is ---------------------------------------------------------------
 */

#define READ(path, may, call)                                                                  \
    {                                                                                          \
        "GET", path, may, "api", "fault", NULL, NULL, TAKES_USUAL, &call                       \
    }
const struct route routes_api[] = {
    READ("/api/v1/openapi.json", MAY_ANYBODY, call_get_description),
    READ("/api/v1/me", MAY_SIGNED_IN, call_get_me),
    READ("/api/v1/accounts", MAY_SEE, call_get_accounts),
    READ("/api/v1/accounts/{}", MAY_SEE, call_get_account),
    READ("/api/v1/accounts/{}/payments", MAY_SEE, call_get_payments),
    READ("/api/v1/accounts/{}/facts", MAY_SEE, call_get_facts),
    READ("/api/v1/accounts/{}/channels", MAY_SEE, call_get_channels),
    READ("/api/v1/decisions/{}", MAY_SEE, call_get_record),
    { 0 },
};
