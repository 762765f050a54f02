/* Lists over all accounts as files: the same rows, in columns for programs and for
 * spreadsheets. */
#include "flow/book_list.h"

#include "base/text.h"
#include "flow/account_cells.h"
#include "flow/dispute.h"

const char *list_hardship_field(struct arena *a, const struct list_row *row, const char *name)
{
    return row->texts[1] == NULL ? NULL
                                 : gate_field_find(gate_fields_parse(a, row->texts[1]), name);
}

const char *list_dispute_words(struct arena *a, const struct list_row *row)
{
    struct dispute d = { .instalment = (int32_t)row->second_number,
                         .component = COMPONENT_COUNT,
                         .line = row->texts[5],
                         .currency = row->currency,
                         .minor = row->minor };

    if (row->texts[4] != NULL)
        component_parse(row->texts[4], &d.component);
    return dispute_words(a, &d);
}

static void whose(struct table *t, const struct list_row *row)
{
    table_text(t, row->reference);
    table_text(t, row->name);
    table_text(t, row->client);
    table_text(t, row->desk);
    table_count(t, row->number);
    table_text(t, row->state);
}

static void days(struct table *t, int64_t first, int64_t second)
{
    const int64_t all[] = { first, second };

    for (int i = 0; i < 2; i++)
        table_text(t, all[i] <= DAY_NONE.number ? NULL : day_text(t->arena, all[i]));
}

static void amounts(struct table *t, const struct list_row *row)
{
    if (row->currency == CURRENCY_NONE) { /* of a hardship */
        table_none(t);
        table_none(t);
        return;
    }
    table_text(t, currency_code(row->currency));
    table_money(t, money_of(row->minor, row->currency));
}

/* Each list has three texts of its own behind what all have. */
static void own_texts(struct table *t, const struct list_row *row, enum list_of list,
                      const struct zone *zone)
{
    struct arena *a = t->arena;

    switch (list) {
    case LIST_PROMISES:
        table_text(t, row->first_number != 0
                          ? arena_print(a, "%lld", (long long)row->first_number)
                          : NULL);
        table_text(t, row->texts[0]);
        table_text(t, row->author);
        return;
    case LIST_DISPUTES:
        table_text(t, row->texts[0]);
        table_text(t, row->texts[2]);
        table_text(t, list_dispute_words(a, row));
        return;
    case LIST_HARDSHIP:
        table_text(t, row->texts[0]);
        table_text(t, list_hardship_field(a, row, "result"));
        table_text(t, list_hardship_field(a, row, "by"));
        return;
    case LIST_PLANS:
        table_text(t, row->texts[0]);
        table_text(t, row->texts[1]);
        table_text(t, row->author);
        return;
    case LIST_OFFERS:
        table_text(t, row->texts[0]);
        table_text(t, row->texts[1]);
        table_text(t, row->texts[2]);
        return;
    case LIST_PAYMENTS:
        table_text(t, row->texts[0]);
        table_text(t, row->texts[1]);
        table_text(t, row->texts[2]);
        return;
    case LIST_MESSAGES:
        table_text(t, row->texts[0]);
        table_text(t, row->texts[1]);
        table_text(t, instant_text(a, row->sorted, zone));
        return;
    case LIST_COUNT:
        return;
    }
}

/* Moments as days here. */
static int64_t day_at(int64_t us, const struct zone *zone)
{
    return us >= INSTANT_NEVER.us ? DAY_NEVER.number
                                  : wall_at((struct instant){ us }, zone).day.number;
}

static void own_days(struct table *t, const struct list_row *row, enum list_of list,
                     const struct zone *zone)
{
    switch (list) {
    case LIST_HARDSHIP:
        days(t, day_at(row->sorted, zone), day_at(row->other_minor, zone));
        table_text(t, list_hardship_field(t->arena, row, "review"));
        return;
    case LIST_MESSAGES:
        days(t, day_at(row->first_day, zone), day_at(row->second_day, zone));
        table_text(t, day_text(t->arena, day_at(row->sorted, zone)));
        return;
    case LIST_PAYMENTS:
        days(t, row->first_day, row->sorted);
        table_money(t, money_of(row->other_minor, row->currency));
        return;
    case LIST_PROMISES:
    case LIST_DISPUTES:
    case LIST_PLANS:
    case LIST_OFFERS:
    case LIST_COUNT:
        days(t, row->first_day, row->sorted);
        table_text(t, day_text(t->arena, row->second_day));
    }
}

enum { SHEET_COLUMNS = 14 };

#define WHOSE(number)                                                                          \
    { "account", "Account", CELL_TEXT }, { "name", "Name", CELL_TEXT },                        \
        { "client", "Client", CELL_TEXT }, { "desk", "Desk", CELL_TEXT },                      \
        { number, "No", CELL_COUNT },                                                          \
    {                                                                                          \
        "state", "State", CELL_TEXT                                                            \
    }
#define TEXT(key)                                                                              \
    {                                                                                          \
        key, key, CELL_TEXT                                                                    \
    }
#define MONEY(key)                                                                             \
    TEXT("currency"),                                                                          \
    {                                                                                          \
        key, key, CELL_MONEY                                                                   \
    }

static const struct table_column columns[LIST_COUNT][SHEET_COLUMNS] = {
    [LIST_PROMISES] = { WHOSE("promise"), TEXT("made"), TEXT("due"), TEXT("state_since"),
                        MONEY("amount"), TEXT("plan"), TEXT("channel"), TEXT("author") },
    [LIST_DISPUTES] = { WHOSE("dispute"), TEXT("received"), TEXT("answer_by"),
                        TEXT("state_since"), MONEY("amount"), TEXT("reason"), TEXT("debt"),
                        TEXT("part") },
    [LIST_HARDSHIP] = { WHOSE("hardship"), TEXT("since"), TEXT("until"), TEXT("review"),
                        MONEY("amount"), TEXT("reason"), TEXT("result"), TEXT("author") },
    [LIST_PLANS] = { WHOSE("plan"), TEXT("next"), TEXT("made"), TEXT("state_since"),
                     MONEY("total"), TEXT("schedule"), TEXT("autopay"), TEXT("author") },
    [LIST_OFFERS] = { WHOSE("offer"), TEXT("first"), TEXT("expires"), TEXT("state_since"),
                      MONEY("amount"), TEXT("made_by"), TEXT("residual"), TEXT("approver") },
    [LIST_PAYMENTS] = { WHOSE("payment"),
                        TEXT("received"),
                        TEXT("state_since"),
                        { "refunded", "refunded", CELL_MONEY },
                        MONEY("amount"),
                        TEXT("method"),
                        TEXT("reason"),
                        TEXT("reference") },
    [LIST_MESSAGES] = { WHOSE("message"), TEXT("decided"), TEXT("not_before"),
                        TEXT("state_day"), MONEY("open"), TEXT("channel"), TEXT("template"),
                        TEXT("state_since") },
};
static const char *const names[LIST_COUNT] = { "promises", "disputes", "hardship", "plans",
                                               "offers",   "payments", "messages" };

bool list_sheet(struct store *s, const struct list_ask *ask, const struct zone *zone,
                size_t most, struct sheet *out, bool *more, struct fault *why)
{
    struct list_ask part = *ask;
    struct list_page page = { .more = true };
    struct table *t =
        sheet_table(out, names[ask->list], "Nothing.", SHEET_COLUMNS, columns[ask->list]);
    size_t count = 0;

    part.goes_on = false;
    for (*more = true; *more && count < most; count += page.count) {
        part.most = most - count < 500 ? most - count : 500;
        if (!book_list(s, &out->arena, &part, &page, why))
            return false;
        for (size_t i = 0; i < page.count; i++) {
            whose(t, &page.rows[i]);
            own_days(t, &page.rows[i], ask->list, zone);
            amounts(t, &page.rows[i]);
            own_texts(t, &page.rows[i], ask->list, zone);
        }
        *more = page.more;
        part.goes_on = true;
        part.after = page.after;
    }
    return true;
}
