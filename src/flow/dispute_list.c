/* Disputes to be looked at: a list over all accounts, and one with all about it. */
#include "flow/account_cells.h"
#include "flow/book_dispute.h"
#include "flow/movements.h"
#include "store/casefiles.h"

static const char *words_of_row(struct query *q, struct arena *a)
{
    struct dispute d = { .instalment = (int32_t)row_int(q, 4),
                         .component = COMPONENT_COUNT,
                         .line = row_copy(q, 6, a),
                         .currency = (enum currency)row_int(q, 7),
                         .minor = row_int(q, 8) };
    const char *component = row_text(q, 5);

    if (component != NULL)
        component_parse(component, &d.component);
    return dispute_words(a, &d);
}

static void list_row(struct query *q, struct table *t)
{
    table_text(t, row_text(q, 0));
    table_text(t, row_text(q, 1));
    table_count(t, row_int(q, 2));
    table_text(t, row_text(q, 3));
    table_text(t, words_of_row(q, t->arena));
    table_text(t, row_text(q, 9));
    table_text(t, day_text(t->arena, row_int(q, 10)));
    table_text(t, day_text(t->arena, row_int(q, 11)));
    table_text(t, row_text(q, 12));
}

bool dispute_list(struct store *s, const struct dispute_filter *filter, struct sheet *out,
                  bool *more, struct fault *why)
{
    static const struct table_column columns[] = {
        { "account", "Account", CELL_TEXT },   { "name", "Name", CELL_TEXT },
        { "dispute", "No", CELL_COUNT },       { "debt", "Debt", CELL_TEXT },
        { "part", "What", CELL_TEXT },         { "reason", "Reason", CELL_TEXT },
        { "received", "Received", CELL_TEXT }, { "answer_by", "Answer by", CELL_TEXT },
        { "state", "State", CELL_TEXT },
    };
    int64_t asked = filter->limit == 0 ? no_limit : filter->limit + 1, count = 0;

    out->heading = "Disputes, the first to be answered first";
    struct table *t = sheet_table(out, "disputes", "No disputes.", COUNT(columns), columns);
    struct query q = query_begin(s, Q_DISPUTE_LIST);
    bind_text(&q, filter->state == NULL ? "" : filter->state);
    bind_int(&q, filter->due.number);
    bind_int(&q, asked);
    while (query_next(&q)) {
        if (++count < asked)
            list_row(&q, t);
    }
    *more = count == asked;
    return query_end(&q, why);
}

static void put_fields(struct sheet *out, const struct dispute *d, const char *account)
{
    struct arena *a = &out->arena;
    char amount[MONEY_TEXT];

    sheet_field(out, "account", account);
    sheet_field(out, "dispute", arena_print(a, "%d", (int)d->number));
    sheet_field(out, "what", dispute_words(a, d));
    sheet_field(out, "reason", d->reason);
    sheet_field(out, "note", d->note);
    sheet_field(out, "came_by", d->channel);
    sheet_field(out, "received", day_text(a, d->received.number));
    sheet_field(out, "answer_by", day_text(a, d->answer_by.number));
    sheet_field(out, "state",
                arena_print(a, "%s since %s", dispute_state_name(d->state),
                            day_text(a, d->state_day.number)));
    sheet_field(out, "corrected",
                arena_copy(a, money_show(money_of(d->corrected, d->currency), amount)));
    sheet_field(out, "answer", d->answer);
    sheet_field(out, "author", d->author);
}

static bool put_papers(struct store *s, struct sheet *out, struct casefile_key key,
                       const char *origin, const struct zone *zone, struct fault *why)
{
    static const struct table_column columns[] = {
        { "evidence", "No", CELL_COUNT },  { "name", "Name", CELL_TEXT },
        { "digest", "Digest", CELL_TEXT }, { "author", "By", CELL_TEXT },
        { "at", "Since", CELL_TEXT },
    };
    struct table *t = sheet_table(out, "evidence", "No papers.", COUNT(columns), columns);
    struct query q = query_begin(s, Q_EVIDENCE_OF);

    bind_key(&q, key);
    bind_text(&q, origin);
    while (query_next(&q)) {
        table_count(t, row_int(&q, 0));
        for (int column = 1; column < 4; column++)
            table_text(t, row_text(&q, column));
        table_text(t, instant_text(t->arena, row_int(&q, 4), zone));
    }
    return query_end(&q, why);
}

/* What it did to the books, as it holds now. */
static bool put_movements(struct store *s, struct sheet *out, struct casefile_key key,
                          const char *origin, struct fault *why)
{
    static const struct table_column columns[] = {
        { "kind", "Movement", CELL_TEXT },
        { "from", "Counts from", CELL_TEXT },
        { "until", "Until", CELL_TEXT },
        { "amount", "Amount", CELL_MONEY },
    };
    struct table *t = sheet_table(out, "movements", "", COUNT(columns), columns);
    struct query q = query_begin(s, Q_MOVEMENTS_FROM);
    struct movement m;

    bind_key(&q, key);
    bind_text(&q, origin);
    while (query_next(&q)) {
        if (!movement_read(&q, t->arena, &m, why))
            return false;
        table_text(t, movement_name(m.kind));
        table_text(t, day_text(t->arena, m.day.number));
        table_text(t,
                   m.due.number == DAY_NONE.number ? NULL : day_text(t->arena, m.due.number));
        table_money(t, money_of(m.minor, m.currency));
    }
    return query_end(&q, why);
}

bool dispute_show(struct store *s, const char *reference, int32_t number,
                  const struct zone *zone, struct sheet *out, struct fault *why)
{
    struct casefile_key key;
    struct dispute d;

    if (!casefile_find(s, reference, &key, why) ||
        !dispute_load(s, &out->arena, key, number, &d, why))
        return false;
    const char *origin = arena_print(&out->arena, "dispute %d", (int)number);
    out->heading = "Dispute";
    put_fields(out, &d, reference);
    return put_papers(s, out, key, origin, zone, why) &&
           put_movements(s, out, key, origin, why);
}
