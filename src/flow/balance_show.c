#include "flow/balance_show.h"

#include "base/text.h"
#include "flow/account_cells.h"
#include "flow/book.h"
#include "flow/line_words.h"
#include "flow/spoken.h"
#include "store/casefiles.h"

bool balance_find(struct store *s, const char *reference, struct casefile_key *key,
                  int32_t *debt, struct fault *why)
{
    *debt = 0;
    if (!casefile_find(s, reference, key, why))
        return false;
    struct query q = query_begin(s, Q_BALANCE_DEBTS);
    bind_key(&q, *key);
    int32_t found = 0;
    while (query_next(&q)) {
        if (text_equal(row_text(&q, 1), reference))
            found = (int32_t)row_int(&q, 0);
    }
    if (!query_end(&q, why))
        return false;
    q = query_begin(s, Q_ACCOUNT_FACE); /* an account may be called as one of its debts */
    bind_key(&q, *key);
    bool whole = query_next(&q) && text_equal(row_text(&q, 0), reference);
    *debt = whole ? 0 : found;
    return query_end(&q, why);
}

/* ---- Cells ------------------------------------------------------------------------------ */

static void put_sum(struct table *t, const struct balance_sum *sum, enum currency currency)
{
    for (int i = 0; i < COMPONENT_COUNT; i++)
        table_money(t, money_of(sum->open[i], currency));
}

void balance_currencies(struct sheet *out, const struct balance *b)
{
    static const struct table_column columns[] = {
        { "currency", "Currency", CELL_TEXT }, { "principal", "Principal", CELL_MONEY },
        { "interest", "Interest", CELL_MONEY }, { "fees", "Fees", CELL_MONEY },
        { "costs", "Costs", CELL_MONEY },       { "waiting", "Waits", CELL_MONEY },
        { "balance", "Balance", CELL_MONEY },
    };
    struct table *t =
        sheet_table(out, "balances", "Nothing was ever owed.", COUNT(columns), columns);

    for (size_t i = 0; i < b->currency_count; i++) {
        const struct balance_currency *c = &b->currencies[i];
        table_text(t, currency_code(c->currency));
        put_sum(t, &c->closing, c->currency);
        table_money(t, money_of(c->closing.waiting, c->currency));
        table_money(t, money_of(balance_sum_total(&c->closing), c->currency));
    }
}

static void put_parts(struct sheet *out, const struct balance *b)
{
    static const struct table_column columns[] = {
        { "debt", "Debt", CELL_TEXT },          { "instalment", "Part", CELL_COUNT },
        { "due", "Due", CELL_TEXT },            { "currency", NULL, CELL_TEXT },
        { "principal", "Principal", CELL_MONEY }, { "interest", "Interest", CELL_MONEY },
        { "fees", "Fees", CELL_MONEY },         { "costs", "Costs", CELL_MONEY },
        { "open", "Open", CELL_MONEY },         { "running", NULL, CELL_MONEY },
    };
    struct table *t = sheet_table(out, "parts", "No debts.", COUNT(columns), columns);

    for (size_t i = 0; i < b->part_count; i++) {
        const struct balance_part *p = &b->parts[i];
        const struct balance_debt *debt = balance_debt_of(b, p->debt);
        table_text(t, debt != NULL ? debt->reference : NULL);
        table_count(t, p->instalment);
        table_text(t, day_text(t->arena, p->due.number));
        table_text(t, currency_code(p->currency));
        put_sum(t, &p->open, p->currency);
        table_money(t, money_of(balance_sum_total(&p->open), p->currency));
        table_money(t, money_of(p->running, p->currency));
    }
}

/* ---- Lines ------------------------------------------------------------------------------ */

static void put_end(struct table *t, struct day day, const char *kind, const char *what,
                    const struct balance_sum *sum, enum currency currency)
{
    table_text(t, day_text(t->arena, day.number));
    table_text(t, kind);
    table_text(t, what);
    table_none(t);
    table_text(t, currency_code(currency));
    table_none(t);
    put_sum(t, sum, currency);
    table_money(t, money_of(sum->waiting, currency));
    table_money(t, money_of(balance_sum_total(sum), currency));
    table_none(t);
}

static bool put_line(struct table *t, const struct balance *b, const struct balance_line *l,
                     enum currency currency, const struct line_words *words, struct fault *why)
{
    const struct balance_debt *debt = balance_debt_of(b, l->debt);
    const char *what;

    if (!line_words_say(words, t->arena, b, l, &what, why))
        return false;
    table_text(t, day_text(t->arena, l->day.number));
    table_text(t, line_name(l->kind));
    table_text(t, what);
    table_text(t, debt != NULL ? debt->reference : NULL);
    table_text(t, currency_code(currency));
    table_money(t, money_of(balance_sum_total(&l->change), currency));
    put_sum(t, &l->change, currency);
    table_money(t, money_of(l->change.waiting, currency));
    table_money(t, money_of(l->after, currency));
    table_text(t, line_ground(t->arena, l));
    return true;
}

static bool put_lines(struct sheet *out, const struct balance *b, const struct line_words *words,
                      struct fault *why)
{
    static const struct table_column columns[] = {
        { "day", "Date", CELL_TEXT },       { "kind", NULL, CELL_TEXT },
        { "what", "What", CELL_TEXT },      { "debt", NULL, CELL_TEXT },
        { "currency", NULL, CELL_TEXT },    { "amount", "Amount", CELL_MONEY },
        { "principal", NULL, CELL_MONEY },  { "interest", NULL, CELL_MONEY },
        { "fees", NULL, CELL_MONEY },       { "costs", NULL, CELL_MONEY },
        { "waiting", NULL, CELL_MONEY },    { "balance", "Balance", CELL_MONEY },
        { "source", "Source", CELL_TEXT },
    };
    struct table *t = sheet_table(out, "lines", "No lines.", COUNT(columns), columns);
    bool opens = b->since.number != DAY_NONE.number;

    for (size_t i = 0; i < b->currency_count; i++) {
        const struct balance_currency *c = &b->currencies[i];
        if (opens)
            put_end(t, day_plus(b->since, -1), "opening", "Opening balance", &c->opening,
                    c->currency);
        for (size_t k = 0; k < c->line_count; k++) {
            if (!put_line(t, b, &c->lines[k], c->currency, words, why))
                return false;
        }
        if (opens)
            put_end(t, b->day, "closing", "Closing balance", &c->closing, c->currency);
    }
    return true;
}

bool balance_tables(struct arena *a, const struct balance *b, const char *country,
                    struct sheet *out, struct fault *why)
{
    const struct line_words *words = line_words_load(a, "en", country, why);

    if (words == NULL)
        return false;
    balance_currencies(out, b);
    put_parts(out, b);
    return put_lines(out, b, words, why);
}

const char *balance_words(struct arena *a, const struct balance *b)
{
    const char *words = "";

    for (size_t i = 0; i < b->currency_count; i++) {
        struct money money =
            money_of(balance_sum_total(&b->currencies[i].closing), b->currencies[i].currency);
        words = arena_print(a, "%s%s%s", words, i > 0 ? " and " : "",
                            spoken_money(a, "en", money));
    }
    return words[0] != '\0' ? words : "Nothing";
}

static bool show(struct store *s, const struct balance_show_request *request,
                 struct sheet *out, struct fault *why)
{
    struct balance_request r = { .since = request->since,
                                 .day = request->day,
                                 .known = request->known };
    struct arena *a = &out->arena;
    const char *country;
    struct balance b;

    if (!balance_find(s, request->reference, &r.key, &r.debt, why) ||
        !book_setting(s, a, "country", &country, why) || !balance_read(s, a, &r, &b, why))
        return false;
    out->heading = arena_print(a, "%s owed on %s, %s", balance_words(a, &b),
                               spoken_day(a, "en", country, request->day), request->reference);
    sheet_field(out, "account", request->reference);
    sheet_field(out, "day", day_text(a, request->day.number));
    return balance_tables(a, &b, country, out, why);
}

bool balance_show(struct store *s, const struct balance_show_request *request,
                  struct sheet *out, struct fault *why)
{
    if (!store_read_begin(s, why))
        return false;
    bool done = show(s, request, out, why);
    store_read_end(s);
    return done;
}
