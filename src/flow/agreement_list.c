/* Lists of agreements: plans, one plan, offers. */
#include "flow/account_cells.h"
#include "flow/offer.h"

static int64_t rows_asked(int64_t limit)
{
    return limit == 0 || limit == no_limit ? no_limit : limit + 1;
}

static const char *or_all(const char *text)
{
    return text == NULL ? "" : text;
}

/* ---- Plans ---- */

static void plan_row(struct query *q, struct table *t)
{
    enum currency currency = (enum currency)row_int(q, 5);

    table_text(t, row_text(q, 0));
    table_text(t, row_text(q, 1));
    table_count(t, row_int(q, 2));
    table_text(t, row_text(q, 3));
    table_text(t, day_text(t->arena, row_int(q, 4)));
    table_text(t, currency_code(currency));
    table_money(t, money_of(row_int(q, 6), currency));
    table_money(t, money_of(row_int(q, 11), currency));
    table_text(t, day_text(t->arena, row_int(q, 12)));
    table_text(t, row_text(q, 7));
    table_text(t, day_text(t->arena, row_int(q, 8)));
    table_text(t, row_text(q, 9));
    table_count(t, row_int(q, 10));
}

bool plan_list(struct store *s, const struct plan_filter *filter, struct sheet *out, bool *more,
               struct fault *why)
{
    static const struct table_column columns[] = {
        { "account", "Account", CELL_TEXT }, { "name", "Name", CELL_TEXT },
        { "plan", "Plan", CELL_COUNT },      { "state", "State", CELL_TEXT },
        { "since", NULL, CELL_TEXT },        { "currency", NULL, CELL_TEXT },
        { "total", "Total", CELL_MONEY },    { "to_come", "To come", CELL_MONEY },
        { "next", "Next", CELL_TEXT },       { "schedule", "Schedule", CELL_TEXT },
        { "made", NULL, CELL_TEXT },         { "autopay", "Autopay", CELL_TEXT },
        { "version", NULL, CELL_COUNT },
    };
    int64_t asked = rows_asked(filter->limit), count = 0;

    out->heading = "Payment plans, the latest first";
    struct table *t = sheet_table(out, "plans", "No plans.", COUNT(columns), columns);
    struct query q = query_begin(s, Q_PLAN_LIST);
    bind_text(&q, or_all(filter->state));
    bind_text(&q, or_all(filter->reference));
    bind_int(&q, asked);
    while (query_next(&q)) {
        if (++count < asked)
            plan_row(&q, t);
    }
    *more = count == asked;
    return query_end(&q, why);
}

static void plan_fields(const struct held_plan *plan, struct sheet *out)
{
    struct arena *a = &out->arena;
    char text[MONEY_TEXT];

    sheet_field(out, "plan", arena_print(a, "%d", (int)plan->is.number));
    sheet_field(out, "state", plan_state_name(plan->is.state));
    sheet_field(out, "version", arena_print(a, "%lld", (long long)plan->version));
    sheet_field(out, "currency", currency_code(plan->is.currency));
    sheet_field(out, "total",
                arena_copy(a, money_print(money_of(plan->is.total_minor, plan->is.currency),
                                          text)));
    sheet_field(out, "schedule", plan->schedule);
    sheet_field(out, "interest", plan->is.interest_frozen ? "frozen" : "runs");
    sheet_field(out, "cure_days", arena_print(a, "%d", plan->is.cure_days));
    sheet_field(out, "offer",
                plan->is.offer == 0 ? "" : arena_print(a, "%d", (int)plan->is.offer));
    sheet_field(out, "autopay", plan->is.autopay == NULL ? "" : plan->is.autopay);
}

static void item_rows(const struct held_plan *plan, struct table *t)
{
    int64_t left = plan->is.total_minor;

    for (size_t i = 0; i < plan->item_count; i++) {
        const struct held_item *item = &plan->items[i];
        left -= item->minor;
        table_count(t, item->number);
        table_text(t, day_text(t->arena, item->due_day.number));
        table_money(t, money_of(item->minor, plan->is.currency));
        table_money(t, money_of(left, plan->is.currency));
        table_text(t, promise_state_name(item->state));
        table_text(t, day_text(t->arena, item->state_day.number));
    }
}

bool plan_show(struct store *s, struct casefile_key key, int32_t number, struct sheet *out,
               struct fault *why)
{
    static const struct table_column columns[] = {
        { "item", "#", CELL_COUNT },       { "due", "Date", CELL_TEXT },
        { "amount", "Amount", CELL_MONEY }, { "after", "Left after", CELL_MONEY },
        { "state", "State", CELL_TEXT },   { "since", NULL, CELL_TEXT },
    };
    struct held_plan plan;

    if (!plan_get(s, &out->arena, key, number, &plan, why))
        return false;
    out->heading = arena_print(&out->arena, "Plan %d, %s, %s, interest %s", (int)number,
                               plan_state_name(plan.is.state), plan.schedule,
                               plan.is.interest_frozen ? "frozen" : "runs on");
    plan_fields(&plan, out);
    item_rows(&plan, sheet_table(out, "items", "No instalments.", COUNT(columns), columns));
    return true;
}

/* ---- Offers ---- */

/* 26 CFR 1.6050P-1, by the same terms as offer_is_taxed. */
static const char *tax_note(struct query *q)
{
    struct held_offer offer = { .currency = (enum currency)row_int(q, 5),
                                .balance_minor = row_int(q, 6),
                                .minor = row_int(q, 7),
                                .residual = text_equal(row_text(q, 11), "forgiven")
                                                ? RESIDUAL_FORGIVEN
                                                : RESIDUAL_STILL_OWED };

    return offer_is_taxed(&offer) ? "1099-C (26 CFR 1.6050P-1)" : NULL;
}

static void offer_row(struct query *q, struct table *t)
{
    enum currency currency = (enum currency)row_int(q, 5);
    bool rest = text_equal(row_text(q, 11), "forgiven");

    table_text(t, row_text(q, 0));
    table_text(t, row_text(q, 1));
    table_count(t, row_int(q, 2));
    table_text(t, row_text(q, 3));
    table_text(t, row_text(q, 4));
    table_text(t, currency_code(currency));
    table_money(t, money_of(row_int(q, 6), currency));
    table_money(t, money_of(row_int(q, 7), currency));
    table_money(t, money_of(rest ? row_int(q, 6) - row_int(q, 7) : 0, currency));
    table_count(t, row_int(q, 8));
    table_text(t, day_text(t->arena, row_int(q, 9)));
    table_text(t, day_text(t->arena, row_int(q, 10)));
    table_text(t, row_text(q, 11));
    table_text(t, row_int(q, 12) != 0 ? "void on default" : "stands");
    table_count(t, row_int(q, 13));
    table_text(t, row_text(q, 14));
    table_text(t, row_text(q, 15));
    table_text(t, tax_note(q));
}

bool offer_list(struct store *s, const struct offer_filter *filter, struct sheet *out,
                bool *more, struct fault *why)
{
    static const struct table_column columns[] = {
        { "account", "Account", CELL_TEXT },      { "name", "Name", CELL_TEXT },
        { "offer", "Offer", CELL_COUNT },         { "made_by", "By", CELL_TEXT },
        { "state", "State", CELL_TEXT },          { "currency", NULL, CELL_TEXT },
        { "balance", "Open then", CELL_MONEY },   { "amount", "Pays", CELL_MONEY },
        { "forgiven", "Forgiven", CELL_MONEY },   { "payments", NULL, CELL_COUNT },
        { "first", NULL, CELL_TEXT },             { "expires", "Until", CELL_TEXT },
        { "residual", "The rest", CELL_TEXT },    { "default", NULL, CELL_TEXT },
        { "plan", NULL, CELL_COUNT },             { "author", NULL, CELL_TEXT },
        { "approver", "Approved by", CELL_TEXT }, { "tax", "Tax", CELL_TEXT },
    };
    int64_t asked = rows_asked(filter->limit), count = 0;

    out->heading = "Offers, the first to expire first";
    struct table *t = sheet_table(out, "offers", "No offers.", COUNT(columns), columns);
    struct query q = query_begin(s, Q_OFFER_LIST);
    bind_text(&q, or_all(filter->state));
    bind_text(&q, or_all(filter->reference));
    bind_int(&q, asked);
    while (query_next(&q)) {
        if (++count < asked)
            offer_row(&q, t);
    }
    *more = count == asked;
    return query_end(&q, why);
}
