/* Statement: as tables, and the list of what was given out. */
#include "flow/statement_parts.h"

#include "base/text.h"
#include "flow/account_cells.h"
#include "store/casefiles.h"

#include <stdlib.h>

/* ---- Tables from the core --------------------------------------------------------------- */

static const char *text_at(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static bool put_cell(struct table *t, const json_t *row, const struct table_column *column,
                     struct fault *why)
{
    const char *text = text_at(row, column->key);
    const char *currency = text_at(row, "currency");
    struct money money;

    if (column->kind != CELL_MONEY || text == NULL) {
        table_text(t, text);
        return true;
    }
    if (!money_parse(text, '.', '\0', currency_parse(currency == NULL ? "" : currency), &money,
                     why))
        return false;
    table_money(t, money);
    return true;
}

static bool put_rows(struct table *t, const json_t *rows, struct fault *why)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        for (size_t k = 0; k < t->column_count; k++) {
            if (!put_cell(t, json_array_get(rows, i), &t->columns[k], why))
                return false;
        }
    }
    return true;
}

static bool put_statement(const json_t *core, struct sheet *out, struct fault *why)
{
    static const struct table_column balances[] = {
        { "currency", "Currency", CELL_TEXT },    { "opening", "Opening", CELL_MONEY },
        { "closing", "Closing", CELL_MONEY },     { "principal", "Principal", CELL_MONEY },
        { "interest", "Interest", CELL_MONEY },   { "fees", "Fees", CELL_MONEY },
        { "costs", "Costs", CELL_MONEY },         { "waiting", "Waits", CELL_MONEY },
    };
    static const struct table_column debts[] = {
        { "debt", "Debt", CELL_TEXT },          { "currency", NULL, CELL_TEXT },
        { "opening", "Opening", CELL_MONEY },   { "closing", "Closing", CELL_MONEY },
        { "principal", NULL, CELL_MONEY },      { "interest", NULL, CELL_MONEY },
        { "fees", NULL, CELL_MONEY },           { "costs", NULL, CELL_MONEY },
    };
    static const struct table_column lines[] = {
        { "day", "Date", CELL_TEXT },        { "kind", NULL, CELL_TEXT },
        { "what", "What", CELL_TEXT },       { "debt", NULL, CELL_TEXT },
        { "currency", NULL, CELL_TEXT },     { "amount", "Amount", CELL_MONEY },
        { "principal", NULL, CELL_MONEY },   { "interest", NULL, CELL_MONEY },
        { "fees", NULL, CELL_MONEY },        { "costs", NULL, CELL_MONEY },
        { "waiting", NULL, CELL_MONEY },     { "balance", "Balance", CELL_MONEY },
        { "source", "Source", CELL_TEXT },
    };

    return put_rows(sheet_table(out, "balances", "Nothing was owed.", COUNT(balances), balances),
                    json_object_get(core, "balances"), why) &&
           put_rows(sheet_table(out, "debts", "No debts.", COUNT(debts), debts),
                    json_object_get(core, "debts"), why) &&
           put_rows(sheet_table(out, "lines", "No lines.", COUNT(lines), lines),
                    json_object_get(core, "lines"), why);
}

static bool put_receipt(const json_t *core, struct sheet *out, struct fault *why)
{
    static const struct table_column lines[] = {
        { "debt", "Debt", CELL_TEXT },          { "currency", NULL, CELL_TEXT },
        { "principal", "Principal", CELL_MONEY }, { "interest", "Interest", CELL_MONEY },
        { "fees", "Fees", CELL_MONEY },         { "costs", "Costs", CELL_MONEY },
        { "waiting", "Waits", CELL_MONEY },     { "amount", "Paid", CELL_MONEY },
    };
    static const char *const fields[] = { "payment", "day",       "amount", "currency", "method",
                                          "state",   "state_day", "reason", "balance" };

    for (size_t i = 0; i < COUNT(fields); i++) {
        if (text_at(core, fields[i]) != NULL)
            sheet_field(out, fields[i], text_at(core, fields[i]));
    }
    return put_rows(sheet_table(out, "lines", "It paid nothing.", COUNT(lines), lines),
                    json_object_get(core, "lines"), why);
}

bool statement_sheet(const struct statement *statement, struct sheet *out, struct fault *why)
{
    const json_t *core = json_object_get(statement->content, "core");
    struct arena *a = &out->arena;
    bool receipt = text_equal(statement->kind, "receipt");
    const char *name = receipt ? "Receipt" : "Statement";

    if (statement->number != 0)
        name = arena_print(a, "%s %d", name, (int)statement->number);
    if (receipt)
        out->heading = arena_print(a, "%s of %s for payment %s", name, text_at(core, "account"),
                                   text_at(core, "payment"));
    else
        out->heading = arena_print(a, "%s of %s from %s to %s", name, text_at(core, "account"),
                                   text_at(core, "from"), text_at(core, "to"));
    if (statement->replaces != 0)
        out->heading = arena_print(a, "%s, replaces %d", out->heading, (int)statement->replaces);
    sheet_field(out, "account", text_at(core, "account"));
    return receipt ? put_receipt(core, out, why) : put_statement(core, out, why);
}

/* ---- The list --------------------------------------------------------------------------- */

struct kept {
    int32_t number, object, replaces, replaced;
    const char *kind, *digest;
    struct day from, to;
    struct instant at;
};

static bool load_kept(struct store *s, struct arena *a, struct casefile_key key,
                      struct kept **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_STATEMENT_LIST);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    while (query_next(&q)) {
        *arena_push(a, *out, *count, room) = (struct kept){
            .number = (int32_t)row_int(&q, 0),
            .kind = row_copy(&q, 1, a),
            .from = { (int32_t)row_int(&q, 2) },
            .to = { (int32_t)row_int(&q, 3) },
            .object = (int32_t)row_int(&q, 4),
            .at = { row_int(&q, 5) },
            .replaces = (int32_t)row_int(&q, 6),
            .replaced = (int32_t)row_int(&q, 7),
            .digest = row_copy(&q, 8, a),
        };
    }
    return query_end(&q, why);
}

/* Somebody may have typed the reference of a debt. */
static bool account_of(struct store *s, struct arena *a, struct casefile_key key,
                       const char **out, struct fault *why)
{
    struct query q = query_begin(s, Q_STATEMENT_ADDRESSEE);

    *out = "";
    bind_key(&q, key);
    if (query_next(&q))
        *out = row_copy(&q, 0, a);
    return query_end(&q, why);
}

/* The reference of what it is about: a debt, or a payment; NULL: the account. */
static bool object_of(struct store *s, struct arena *a, struct casefile_key key,
                      const struct kept *k, const char **out, struct fault *why)
{
    bool receipt = text_equal(k->kind, "receipt");
    struct query q = query_begin(s, receipt ? Q_BALANCE_PAYMENTS : Q_BALANCE_DEBTS);

    *out = NULL;
    bind_key(&q, key);
    while (query_next(&q)) {
        if (k->object != 0 && row_int(&q, 0) == k->object)
            *out = row_copy(&q, 1, a);
    }
    return query_end(&q, why);
}

/* Does it still say what the books say? */
static bool is_true(struct store *s, struct arena *a, const char *account, const char *object,
                    const struct kept *k, struct instant now, const struct zone *zone, bool *is,
                    struct fault *why)
{
    bool receipt = text_equal(k->kind, "receipt");
    struct statement_request request = { .reference = !receipt && object != NULL ? object
                                                                                 : account,
                                         .payment = receipt ? object : NULL,
                                         .from = k->from,
                                         .to = k->to,
                                         .now = now,
                                         .zone = zone };
    struct statement drawn;

    if (!statement_digest(s, a, &request, &drawn, why))
        return false;
    *is = text_equal(drawn.digest, k->digest);
    return true;
}

static const char *state_of(struct arena *a, const struct kept *k, bool holds)
{
    if (k->replaced != 0)
        return arena_print(a, "superseded by %d", (int)k->replaced);
    return holds ? "stands" : "not true any more";
}

static bool put_kept(struct store *s, struct table *t, const char *account,
                     struct casefile_key key, const struct kept *k, struct instant now,
                     const struct zone *zone, struct fault *why)
{
    const char *object;
    bool holds = false;

    if (!object_of(s, t->arena, key, k, &object, why) ||
        (k->replaced == 0 &&
         !is_true(s, t->arena, account, object, k, now, zone, &holds, why)))
        return false;
    table_count(t, k->number);
    table_text(t, k->kind);
    table_text(t, object);
    table_text(t, day_text(t->arena, k->from.number));
    table_text(t, day_text(t->arena, k->to.number));
    table_text(t, instant_text(t->arena, k->at.us, zone));
    table_text(t, state_of(t->arena, k, holds));
    if (k->replaces != 0)
        table_count(t, k->replaces);
    else
        table_none(t);
    table_text(t, k->digest);
    return true;
}

bool statement_rows(struct store *s, const char *reference, struct instant now,
                    const struct zone *zone, struct sheet *out, struct fault *why)
{
    static const struct table_column columns[] = {
        { "statement", "No.", CELL_COUNT }, { "kind", "Kind", CELL_TEXT },
        { "object", "About", CELL_TEXT },   { "from", "From", CELL_TEXT },
        { "to", "To", CELL_TEXT },          { "at", "Made", CELL_TEXT },
        { "state", "State", CELL_TEXT },    { "replaces", "Replaces", CELL_COUNT },
        { "digest", NULL, CELL_TEXT },
    };
    struct arena *a = &out->arena;
    const char *account;
    struct casefile_key key;
    struct kept *kept;
    size_t count;

    if (!casefile_find(s, reference, &key, why) || !account_of(s, a, key, &account, why) ||
        !load_kept(s, a, key, &kept, &count, why))
        return false;
    struct table *t =
        sheet_table(out, "statements", "No statement was made.", COUNT(columns), columns);
    for (size_t i = 0; i < count; i++) {
        if (!put_kept(s, t, account, key, &kept[i], now, zone, why))
            return false;
    }
    return true;
}

bool statement_list(struct store *s, const char *reference, struct instant now,
                    const struct zone *zone, struct sheet *out, struct fault *why)
{
    if (!store_read_begin(s, why))
        return false;
    bool done = statement_rows(s, reference, now, zone, out, why);
    store_read_end(s);
    return done;
}
