/* Evidence: what the tables hold of one account, as JSON, column by column. */
#include "flow/evidence_parts.h"

#include "base/text.h"
#include "store/casefiles.h"

#include <stdlib.h>
#include <string.h>

/* How a column is shown, and what of it is replaced in a redacted pack. */
enum column_kind {
    COLUMN_INT,
    COLUMN_FLAG,
    COLUMN_CODE,  /* text that is a name of ours, or a reference */
    COLUMN_NAME,  /* of a person */
    COLUMN_WHERE, /* an address */
    COLUMN_FREE,  /* text that somebody wrote */
    COLUMN_DAY,
    COLUMN_MOMENT,
    COLUMN_CURRENCY,
    COLUMN_MONEY, /* whole minor units, in the currency of its row */
};

struct column {
    const char *name;
    enum column_kind kind;
};

enum { COLUMNS_MOST = 18 };

struct dump {
    const char *name;
    enum query_name query;
    struct column columns[COLUMNS_MOST];
};

static const struct dump account_dumps[] = {
    { "account",
      Q_PACK_CASEFILE,
      { { "reference", COLUMN_CODE },
        { "creditor", COLUMN_CODE },
        { "desk", COLUMN_CODE },
        { "role", COLUMN_CODE },
        { "business", COLUMN_FLAG },
        { "created_at", COLUMN_MOMENT },
        { "standing", COLUMN_CODE },
        { "standing_reason", COLUMN_CODE },
        { "standing_rule", COLUMN_CODE },
        { "segment", COLUMN_CODE } } },
    { "people",
      Q_PACK_PARTIES,
      { { "number", COLUMN_INT },
        { "role", COLUMN_CODE },
        { "name", COLUMN_NAME },
        { "language", COLUMN_CODE },
        { "places", COLUMN_CODE },
        { "zones", COLUMN_CODE } } },
    { "contact_points",
      Q_PACK_POINTS,
      { { "number", COLUMN_INT },
        { "party", COLUMN_INT },
        { "channel", COLUMN_CODE },
        { "address", COLUMN_WHERE },
        { "state", COLUMN_CODE },
        { "source", COLUMN_FREE } } },
    { "debts",
      Q_PACK_DEBTS,
      { { "number", COLUMN_INT },
        { "reference", COLUMN_CODE },
        { "kind", COLUMN_CODE },
        { "description", COLUMN_FREE },
        { "currency", COLUMN_CURRENCY },
        { "invoice_day", COLUMN_DAY },
        { "terms", COLUMN_FREE } } },
    { "instalments",
      Q_PACK_INSTALMENTS,
      { { "debt", COLUMN_INT },
        { "number", COLUMN_INT },
        { "due_day", COLUMN_DAY },
        { "currency", COLUMN_CURRENCY },
        { "amount", COLUMN_MONEY },
        { "paid", COLUMN_MONEY },
        { "charges", COLUMN_MONEY },
        { "disputed", COLUMN_MONEY } } },
    { "facts",
      Q_PACK_FACTS,
      { { "number", COLUMN_INT },
        { "type", COLUMN_CODE },
        { "party", COLUMN_INT },
        { "debt", COLUMN_INT },
        { "since", COLUMN_MOMENT },
        { "until", COLUMN_MOMENT },
        { "scope", COLUMN_CODE },
        { "value", COLUMN_WHERE },
        { "channel", COLUMN_CODE },
        { "detail", COLUMN_FREE },
        { "source", COLUMN_FREE } } },
    { "contacts",
      Q_PACK_CONTACTS,
      { { "number", COLUMN_INT },
        { "at", COLUMN_MOMENT },
        { "channel", COLUMN_CODE },
        { "direction", COLUMN_INT },
        { "outcome", COLUMN_CODE },
        { "party", COLUMN_INT },
        { "debts", COLUMN_CODE },
        { "address", COLUMN_WHERE },
        { "purpose", COLUMN_CODE },
        { "note", COLUMN_FREE },
        { "author", COLUMN_NAME } } },
    { "notes",
      Q_PACK_NOTES,
      { { "number", COLUMN_INT },
        { "at", COLUMN_MOMENT },
        { "ended_at", COLUMN_MOMENT },
        { "text", COLUMN_FREE },
        { "author", COLUMN_NAME } } },
    { "promises",
      Q_PACK_PROMISES,
      { { "number", COLUMN_INT },
        { "plan", COLUMN_INT },
        { "item", COLUMN_INT },
        { "currency", COLUMN_CURRENCY },
        { "amount", COLUMN_MONEY },
        { "made_day", COLUMN_DAY },
        { "due_day", COLUMN_DAY },
        { "channel", COLUMN_CODE },
        { "note", COLUMN_FREE },
        { "state", COLUMN_CODE },
        { "state_day", COLUMN_DAY } } },
    { "plans",
      Q_PACK_PLANS,
      { { "number", COLUMN_INT },
        { "offer", COLUMN_INT },
        { "replaces", COLUMN_INT },
        { "state", COLUMN_CODE },
        { "state_day", COLUMN_DAY },
        { "currency", COLUMN_CURRENCY },
        { "total", COLUMN_MONEY },
        { "debts", COLUMN_CODE },
        { "schedule", COLUMN_CODE },
        { "made_day", COLUMN_DAY },
        { "agreed_by", COLUMN_CODE },
        { "evidence", COLUMN_FREE },
        { "author", COLUMN_NAME },
        { "reason", COLUMN_FREE } } },
    { "offers",
      Q_PACK_OFFERS,
      { { "number", COLUMN_INT },
        { "answers", COLUMN_INT },
        { "made_by", COLUMN_CODE },
        { "state", COLUMN_CODE },
        { "state_day", COLUMN_DAY },
        { "currency", COLUMN_CURRENCY },
        { "balance", COLUMN_MONEY },
        { "amount", COLUMN_MONEY },
        { "first_day", COLUMN_DAY },
        { "expires_day", COLUMN_DAY },
        { "debts", COLUMN_CODE },
        { "residual", COLUMN_CODE },
        { "plan", COLUMN_INT },
        { "author", COLUMN_NAME },
        { "approver", COLUMN_NAME },
        { "reason", COLUMN_FREE } } },
    { "disputes",
      Q_PACK_DISPUTES,
      { { "number", COLUMN_INT },
        { "debt", COLUMN_INT },
        { "instalment", COLUMN_INT },
        { "component", COLUMN_CODE },
        { "line", COLUMN_FREE },
        { "currency", COLUMN_CURRENCY },
        { "amount", COLUMN_MONEY },
        { "reason", COLUMN_CODE },
        { "channel", COLUMN_CODE },
        { "note", COLUMN_FREE },
        { "received_day", COLUMN_DAY },
        { "answer_day", COLUMN_DAY },
        { "state", COLUMN_CODE },
        { "state_day", COLUMN_DAY },
        { "answer", COLUMN_FREE },
        { "corrected", COLUMN_MONEY },
        { "author", COLUMN_NAME } } },
    { "complaints",
      Q_PACK_COMPLAINTS,
      { { "number", COLUMN_INT },
        { "hold", COLUMN_INT },
        { "channel", COLUMN_CODE },
        { "words", COLUMN_FREE },
        { "received_day", COLUMN_DAY },
        { "acknowledge_day", COLUMN_DAY },
        { "answer_day", COLUMN_DAY },
        { "acknowledged_day", COLUMN_DAY },
        { "state", COLUMN_CODE },
        { "state_day", COLUMN_DAY },
        { "result", COLUMN_CODE },
        { "cause", COLUMN_FREE },
        { "changed", COLUMN_FREE },
        { "answer", COLUMN_FREE },
        { "author", COLUMN_NAME } } },
    { "outbox",
      Q_PACK_OUTBOX,
      { { "number", COLUMN_INT },
        { "decision", COLUMN_INT },
        { "channel", COLUMN_CODE },
        { "party", COLUMN_INT },
        { "address", COLUMN_WHERE },
        { "template", COLUMN_CODE },
        { "step", COLUMN_CODE },
        { "purpose", COLUMN_CODE },
        { "debts", COLUMN_CODE },
        { "currency", COLUMN_CURRENCY },
        { "open", COLUMN_MONEY },
        { "decided_at", COLUMN_MOMENT },
        { "not_before", COLUMN_MOMENT },
        { "state", COLUMN_CODE },
        { "state_at", COLUMN_MOMENT },
        { "state_reason", COLUMN_FREE } } },
};

static const struct dump ledger_dumps[] = {
    { "payments",
      Q_PACK_PAYMENTS,
      { { "number", COLUMN_INT },
        { "reference", COLUMN_CODE },
        { "received_day", COLUMN_DAY },
        { "currency", COLUMN_CURRENCY },
        { "amount", COLUMN_MONEY },
        { "refunded", COLUMN_MONEY },
        { "method", COLUMN_CODE },
        { "debt", COLUMN_INT },
        { "state", COLUMN_CODE },
        { "state_day", COLUMN_DAY },
        { "reason", COLUMN_FREE } } },
    { "movements",
      Q_PACK_MOVEMENTS,
      { { "number", COLUMN_INT },
        { "kind", COLUMN_CODE },
        { "value_day", COLUMN_DAY },
        { "due_day", COLUMN_DAY },
        { "debt", COLUMN_INT },
        { "instalment", COLUMN_INT },
        { "component", COLUMN_CODE },
        { "currency", COLUMN_CURRENCY },
        { "amount", COLUMN_MONEY },
        { "reference", COLUMN_CODE },
        { "origin", COLUMN_CODE },
        { "ground", COLUMN_CODE },
        { "reason", COLUMN_FREE },
        { "author", COLUMN_NAME },
        { "at", COLUMN_MOMENT },
        { "ended_at", COLUMN_MOMENT } } },
    { "postings",
      Q_PACK_POSTINGS,
      { { "entry", COLUMN_INT },
        { "line", COLUMN_INT },
        { "value_day", COLUMN_DAY },
        { "posted_at", COLUMN_MOMENT },
        { "cause", COLUMN_CODE },
        { "takes_back", COLUMN_INT },
        { "account", COLUMN_CODE },
        { "debt", COLUMN_INT },
        { "instalment", COLUMN_INT },
        { "currency", COLUMN_CURRENCY },
        { "amount", COLUMN_MONEY } } },
};

static json_t *text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static json_t *day_of(int64_t number)
{
    char text[DAY_TEXT];

    if (number <= DAY_NONE.number || number >= DAY_NEVER.number)
        return json_null();
    return json_string(day_print((struct day){ (int32_t)number }, text));
}

static json_t *moment_of(int64_t us)
{
    char text[INSTANT_TEXT];

    return us == 0 || us >= INSTANT_NEVER.us
               ? json_null()
               : json_string(instant_print((struct instant){ us }, text));
}

static json_t *cell(struct packing *p, struct query *q, int place, enum column_kind kind,
                    enum currency currency)
{
    struct arena *a = &p->scrap;
    const char *text = row_text(q, place);
    char amount[MONEY_TEXT];

    switch (kind) {
    case COLUMN_INT:
        return json_integer(row_int(q, place));
    case COLUMN_FLAG:
        return json_boolean(row_int(q, place) != 0);
    case COLUMN_CODE:
        return text_or_null(text);
    case COLUMN_NAME:
        return text_or_null(redact(&p->redactor, a, "name", text));
    case COLUMN_WHERE:
        return text_or_null(redact(&p->redactor, a, "address", text));
    case COLUMN_FREE:
        return text_or_null(redact(&p->redactor, a, "text", text));
    case COLUMN_DAY:
        return day_of(row_int(q, place));
    case COLUMN_MOMENT:
        return moment_of(row_int(q, place));
    case COLUMN_CURRENCY:
        return text_or_null(currency != CURRENCY_NONE ? currency_code(currency) : NULL);
    case COLUMN_MONEY:
        return currency == CURRENCY_NONE
                   ? json_integer(row_int(q, place))
                   : json_string(money_print(money_of(row_int(q, place), currency), amount));
    }
    return json_null();
}

static json_t *row_dump(struct packing *p, struct query *q, const struct dump *d)
{
    enum currency currency = CURRENCY_NONE;
    json_t *row = json_object();

    for (int i = 0; i < COLUMNS_MOST && d->columns[i].name != NULL; i++) {
        if (d->columns[i].kind == COLUMN_CURRENCY)
            currency = (enum currency)row_int(q, i);
    }
    for (int i = 0; i < COLUMNS_MOST && d->columns[i].name != NULL; i++)
        json_object_set_new(row, d->columns[i].name,
                            cell(p, q, i, d->columns[i].kind, currency));
    return row;
}

static bool table_dump(struct packing *p, const struct dump *d, json_t *out)
{
    struct query q = query_begin(p->v->store, d->query);
    json_t *rows = json_array();

    bind_key(&q, p->key);
    while (query_next(&q))
        json_array_append_new(rows, row_dump(p, &q, d));
    json_object_set_new(out, d->name, rows);
    arena_reset(&p->scrap);
    return query_end(&q, p->why);
}

static bool dump_file(struct packing *p, const char *path, const struct dump dumps[],
                      size_t count)
{
    json_t *out = json_object();
    bool done = true;

    for (size_t i = 0; done && i < count; i++)
        done = table_dump(p, &dumps[i], out);
    char *bytes = done ? json_dumps(out, JSON_INDENT(1)) : NULL;
    done = done && pack_file(p, path, bytes, strlen(bytes));
    free(bytes);
    json_decref(out);
    return done;
}

bool pack_account(struct packing *p)
{
    return p->key.id == 0 ||
           (dump_file(p, "account.json", account_dumps, COUNT(account_dumps)) &&
            dump_file(p, "ledger.json", ledger_dumps, COUNT(ledger_dumps)));
}
