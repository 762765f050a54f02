/* The payments of one account, and what each of them paid. */
#include "flow/account_cells.h"

#include "base/text.h"
#include "flow/movements.h"
#include "store/casefiles.h"

#include <stdlib.h>
#include <string.h>

/* A movement of a payment, and what it did. */
struct paid {
    int32_t movement, payment;
    const char *words;
};

struct paying {
    struct store *store;
    struct arena *a;
    struct casefile_key key;
    size_t paid_count, debt_count;
    struct paid *paid; /* by movement */
    struct paid_debt {
        int32_t number;
        const char *reference;
    } *debts;
    struct fault *why;
};

static bool load_debts(struct paying *p)
{
    struct query q = query_begin(p->store, Q_DEBT_LIST);
    size_t room = 0;

    bind_key(&q, p->key);
    while (query_next(&q))
        *arena_push(p->a, p->debts, p->debt_count, room) =
            (struct paid_debt){ (int32_t)row_int(&q, 0), row_copy(&q, 1, p->a) };
    return query_end(&q, p->why);
}

static bool load_moves(struct paying *p)
{
    struct query q = query_begin(p->store, Q_PAYMENT_MOVES);
    size_t room = 0;

    bind_key(&q, p->key);
    while (query_next(&q)) {
        const char *origin = row_text(&q, 1);
        if (text_starts(origin, "payment "))
            *arena_push(p->a, p->paid, p->paid_count, room) = (struct paid){
                (int32_t)row_int(&q, 0), (int32_t)strtol(origin + strlen("payment "), NULL, 10),
                NULL
            };
    }
    return query_end(&q, p->why);
}

static const char *debt_name(const struct paying *p, int32_t number)
{
    for (size_t i = 0; i < p->debt_count; i++) {
        if (p->debts[i].number == number)
            return p->debts[i].reference;
    }
    return "";
}

/* "INV-1 50.00, INV-2 30.00, waits 20.00": lines of one debt stand together. */
static const char *words_of(const struct paying *p, const struct ledger_entry *e)
{
    const char *words = "";
    char text[MONEY_TEXT];

    for (size_t i = 0, next; i < e->line_count; i = next) {
        const struct ledger_line *line = &e->lines[i];
        int64_t sum = 0;
        bool waits = strcmp(line->account, "unapplied") == 0;
        for (next = i; next < e->line_count && e->lines[next].debt == line->debt &&
                       (next == i || line->debt != 0);
             next++)
            sum -= e->lines[next].minor;
        if (line->debt != 0 || waits)
            words = arena_print(p->a, "%s%s%s %s", words, words[0] == '\0' ? "" : ", ",
                                waits ? "waits" : debt_name(p, line->debt),
                                money_print(money_of(sum, e->currency), text));
    }
    return words;
}

static int compare_paid(const void *left, const void *right)
{
    const struct paid *a = left, *b = right;

    return (a->movement > b->movement) - (a->movement < b->movement);
}

static bool find_words(struct paying *p, struct day today)
{
    struct ledger_books books;

    if (!books_as_of(p->store, p->a, p->key, today, INSTANT_NEVER, &books, p->why))
        return false;
    for (size_t i = 0; i < books.entry_count && p->paid_count > 0; i++) {
        struct paid key = { .movement = books.entries[i].movement };
        struct paid *paid =
            bsearch(&key, p->paid, p->paid_count, sizeof *p->paid, compare_paid);
        if (paid != NULL)
            paid->words = words_of(p, &books.entries[i]);
    }
    return true;
}

static const char *words_of_payment(const struct paying *p, int64_t payment)
{
    const char *words = "";

    for (size_t i = 0; i < p->paid_count; i++) {
        const struct paid *paid = &p->paid[i];
        if (paid->payment == payment && paid->words != NULL && paid->words[0] != '\0')
            words = arena_print(p->a, "%s%s%s", words, words[0] == '\0' ? "" : ", ",
                                paid->words);
    }
    return words;
}

static bool rows(const struct paying *p, struct sheet *out)
{
    static const struct table_column columns[] = {
        { "payment", "Payment", CELL_TEXT },  { "received", "Received", CELL_TEXT },
        { "currency", NULL, CELL_TEXT },      { "amount", "Amount", CELL_MONEY },
        { "method", "Method", CELL_TEXT },    { "state", "State", CELL_TEXT },
        { "since", "Since", CELL_TEXT },      { "refunded", "Refunded", CELL_MONEY },
        { "paid", "Paid", CELL_TEXT },        { "reason", "Reason", CELL_TEXT },
    };
    struct table *t = sheet_table(out, "payments", "No payments.", COUNT(columns), columns);
    struct query q = query_begin(p->store, Q_PAYMENT_LIST);

    bind_key(&q, p->key);
    while (query_next(&q)) {
        enum currency currency = (enum currency)row_int(&q, 3);
        table_text(t, row_text(&q, 1));
        table_text(t, day_text(t->arena, row_int(&q, 2)));
        table_text(t, currency_code(currency));
        table_money(t, money_of(row_int(&q, 4), currency));
        table_text(t, row_text(&q, 5));
        table_text(t, row_text(&q, 6));
        table_text(t, day_text(t->arena, row_int(&q, 7)));
        table_money(t, money_of(row_int(&q, 8), currency));
        table_text(t, words_of_payment(p, row_int(&q, 0)));
        table_text(t, row_text(&q, 9));
    }
    return query_end(&q, p->why);
}

bool payment_list(struct store *s, const char *reference, struct day today, struct sheet *out,
                  struct fault *why)
{
    struct paying p = { .store = s, .a = &out->arena, .why = why };

    if (!casefile_find(s, reference, &p.key, why) || !store_read_begin(s, why))
        return false;
    out->heading = arena_print(&out->arena, "Payments of %s", reference);
    bool done = load_debts(&p) && load_moves(&p) && find_words(&p, today) && rows(&p, out);
    store_read_end(s);
    return done;
}
