/* Lists over all accounts: accounts, promises, holds. */
#include "flow/account_cells.h"
#include "store/casefiles.h"

/* One more than is shown, to know whether there are more. */
static int64_t rows_asked(int64_t limit)
{
    return limit == 0 || limit == no_limit ? no_limit : limit + 1;
}

/* ---- Accounts --------------------------------------------------------------------------- */

static const struct table_column list_columns[] = {
    { "account", "Account", CELL_TEXT },
    { "name", "Name", CELL_TEXT },
    { "creditor", NULL, CELL_TEXT },
    { "standing", "Standing", CELL_TEXT },
    { "reason", NULL, CELL_TEXT },
    { "segment", NULL, CELL_TEXT },
    { "currency", NULL, CELL_TEXT },
    { "open", "Open", CELL_MONEY },
    { "oldest_due", "Oldest due", CELL_TEXT },
};

static void list_row(struct query *q, struct table *t)
{
    bool owes = row_text(q, 6) != NULL;
    enum currency currency = owes ? (enum currency)row_int(q, 6) : CURRENCY_NONE;

    for (int column = 0; column < 6; column++)
        table_text(t, row_text(q, column));
    table_text(t, owes ? currency_code(currency) : NULL);
    if (owes)
        table_money(t, money_of(row_int(q, 7), currency));
    else
        table_none(t);
    table_text(t, day_text(t->arena, row_int(q, 8)));
}

bool account_list(struct store *s, const struct account_filter *filter, struct sheet *out,
                  bool *more, struct fault *why)
{
    int64_t limit = rows_asked(filter->limit), count = 0;

    out->heading = "Accounts";
    struct table *t =
        sheet_table(out, "accounts", "No accounts.", COUNT(list_columns), list_columns);
    struct query q = query_begin(s, Q_ACCOUNT_LIST);
    bind_int(&q, filter->today.number);
    bind_text(&q, filter->standing == NULL ? "" : filter->standing);
    bind_int(&q, limit);
    while (query_next(&q)) {
        if (++count < limit)
            list_row(&q, t);
    }
    *more = count == limit;
    return query_end(&q, why);
}

/* ---- Promises --------------------------------------------------------------------------- */

static void promise_row(struct query *q, struct table *t)
{
    enum currency currency = (enum currency)row_int(q, 3);

    table_text(t, row_text(q, 0));
    table_text(t, row_text(q, 1));
    table_count(t, row_int(q, 2));
    table_text(t, day_text(t->arena, row_int(q, 5)));
    table_text(t, day_text(t->arena, row_int(q, 6)));
    table_text(t, currency_code(currency));
    table_money(t, money_of(row_int(q, 4), currency));
    table_text(t, row_text(q, 7));
}

bool promise_list(struct store *s, const struct promise_filter *filter, struct sheet *out,
                  bool *more, struct fault *why)
{
    static const struct table_column columns[] = {
        { "account", "Account", CELL_TEXT }, { "name", "Name", CELL_TEXT },
        { "promise", NULL, CELL_COUNT },     { "made", "Promised on", CELL_TEXT },
        { "due", "For", CELL_TEXT },         { "currency", NULL, CELL_TEXT },
        { "amount", "Amount", CELL_MONEY },  { "state", "State", CELL_TEXT },
    };
    int64_t asked = rows_asked(filter->limit), count = 0;
    bool any_day = filter->from.number == 0 && filter->to.number == 0;

    out->heading = "Promises, the first due first";
    struct table *t = sheet_table(out, "promises", "No promises.", COUNT(columns), columns);
    struct query q = query_begin(s, Q_PROMISE_LIST);
    bind_text(&q, filter->state == NULL ? "" : filter->state);
    bind_int(&q, any_day ? INT32_MIN : filter->from.number);
    bind_int(&q, any_day ? DAY_NEVER.number : filter->to.number);
    bind_int(&q, asked);
    while (query_next(&q)) {
        if (++count < asked)
            promise_row(&q, t);
    }
    *more = count == asked;
    return query_end(&q, why);
}

/* ---- Holds ------------------------------------------------------------------------------ */

static void hold_row(struct query *q, const struct zone *zone, struct table *t)
{
    struct gate_fields detail = gate_fields_parse(t->arena, row_text(q, 7));

    for (int column = 0; column < 5; column++)
        table_text(t, row_text(q, column));
    table_text(t, instant_text(t->arena, row_int(q, 5), zone));
    table_text(t, instant_text(t->arena, row_int(q, 6), zone));
    table_text(t, gate_field_find(detail, "by"));
}

bool hold_list(struct store *s, const struct hold_filter *filter, struct sheet *out, bool *more,
               struct fault *why)
{
    static const struct table_column columns[] = {
        { "account", "Account", CELL_TEXT }, { "name", "Name", CELL_TEXT },
        { "debt", "Debt", CELL_TEXT },       { "kind", "Kind", CELL_TEXT },
        { "reason", "Reason", CELL_TEXT },   { "since", "Since", CELL_TEXT },
        { "until", "Until", CELL_TEXT },     { "by", "By", CELL_TEXT },
    };
    int64_t asked = rows_asked(filter->limit), count = 0;

    out->heading = "Holds, the first to end first";
    struct table *t = sheet_table(out, "holds", "No holds.", COUNT(columns), columns);
    struct query q = query_begin(s, Q_HOLD_LIST);
    bind_int(&q, filter->now.us);
    bind_int(&q, filter->ends_by.us);
    bind_text(&q, filter->kind == NULL ? "" : filter->kind);
    bind_int(&q, asked);
    while (query_next(&q)) {
        if (++count < asked)
            hold_row(&q, filter->zone, t);
    }
    *more = count == asked;
    return query_end(&q, why);
}
