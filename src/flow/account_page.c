/* One account: its page and its timeline. */
#include "flow/account_cells.h"

#include "domain/location.h"
#include "flow/balance_show.h"
#include "flow/movements.h"
#include "formats/record.h"
#include "store/casefiles.h"

#include <string.h>

/* ---- One account ------------------------------------------------------------------------ */

struct page {
    struct store *store;
    struct casefile_key key;
    const struct zone *zone;
    struct day today;
    struct sheet *sheet;
    struct fault *why;
};

static struct query begin_of(const struct page *page, enum query_name name)
{
    struct query q = query_begin(page->store, name);

    bind_int(&q, page->key.bucket);
    bind_int(&q, page->key.id);
    return q;
}

/* For statements in which :today stands first. */
static struct query begin_of_day(const struct page *page, enum query_name name)
{
    struct query q = query_begin(page->store, name);

    bind_int(&q, page->today.number);
    bind_int(&q, page->key.bucket);
    bind_int(&q, page->key.id);
    return q;
}

static bool face(const struct page *page)
{
    struct arena *a = &page->sheet->arena;
    struct query q = begin_of(page, Q_ACCOUNT_FACE);

    if (query_next(&q)) {
        const char *reason = row_text(&q, 6), *rule = row_text(&q, 7);
        const char *zones = location_words(a, row_text(&q, 12), row_text(&q, 11));
        page->sheet->heading = arena_print(
            a, "%s  %s\n%s%s%s%s%s\nMay be in %s", row_text(&q, 0), row_text(&q, 1),
            row_text(&q, 5), reason == NULL ? "" : ": ", reason == NULL ? "" : reason,
            rule == NULL ? "" : "  ", rule == NULL ? "" : rule,
            zones[0] == '\0' ? "a time zone that nobody knows" : zones);
        sheet_field(page->sheet, "account", row_text(&q, 0));
        sheet_field(page->sheet, "name", row_text(&q, 1));
        sheet_field(page->sheet, "creditor", row_text(&q, 2));
        sheet_field(page->sheet, "role", row_text(&q, 3));
        sheet_field(page->sheet, "standing", row_text(&q, 5));
        sheet_field(page->sheet, "reason", reason == NULL ? "" : reason);
        sheet_field(page->sheet, "segment", row_text(&q, 9) == NULL ? "" : row_text(&q, 9));
        sheet_field(page->sheet, "language", row_text(&q, 10));
        sheet_field(page->sheet, "zones", zones);
    }
    return query_end(&q, page->why);
}

/* Money that waits, in each currency. */
static void waiting(const struct page *page, const struct ledger_state *state)
{
    struct arena *a = &page->sheet->arena;
    const char *words = "";
    char text[MONEY_TEXT];

    for (size_t i = 0; i < state->wait_count; i++) {
        const struct ledger_wait *wait = &state->waits[i];
        if (wait->minor != 0)
            words = arena_print(a, "%s%s%s", words, words[0] == '\0' ? "" : ", ",
                                money_show(money_of(wait->minor, wait->currency), text));
    }
    sheet_field(page->sheet, "waiting", words);
    if (words[0] != '\0')
        page->sheet->heading = arena_print(a, "%s\nWaiting, to be applied or refunded: %s",
                                           page->sheet->heading, words);
}

/* The latest step of each instalment. */
struct taken_step {
    int64_t debt, instalment, day, decision;
    const char *step;
};

static bool steps_read(const struct page *page, struct taken_step **out, size_t *count)
{
    struct arena *a = &page->sheet->arena;
    struct query q = begin_of(page, Q_ACCOUNT_STEPS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    while (query_next(&q)) {
        struct taken_step s = { row_int(&q, 0), row_int(&q, 1), row_int(&q, 3), row_int(&q, 4),
                                NULL };
        struct taken_step *last = *count > 0 ? &(*out)[*count - 1] : NULL;
        if (last == NULL || last->debt != s.debt || last->instalment != s.instalment)
            last = arena_push(a, *out, *count, room);
        else if (s.day < last->day || (s.day == last->day && s.decision < last->decision))
            continue;
        *last = s;
        last->step = row_copy(&q, 2, a);
    }
    return query_end(&q, page->why);
}

static const char *step_of(const struct taken_step *steps, size_t count, int64_t debt,
                           int64_t instalment)
{
    for (size_t i = 0; i < count; i++) {
        if (steps[i].debt == debt && steps[i].instalment == instalment)
            return steps[i].step;
    }
    return NULL;
}

static bool items(const struct page *page)
{
    static const struct table_column columns[] = {
        { "debt", "Debt", CELL_TEXT },      { "kind", "Kind", CELL_TEXT },
        { "instalment", NULL, CELL_COUNT }, { "due", "Due", CELL_TEXT },
        { "currency", NULL, CELL_TEXT },    { "amount", "Amount", CELL_MONEY },
        { "open", "Open", CELL_MONEY },     { "disputed", NULL, CELL_MONEY },
        { "last_step", "Last step", CELL_TEXT },
    };
    struct table *t = sheet_table(page->sheet, "debts", "No debts.", COUNT(columns), columns);
    struct taken_step *steps;
    size_t step_count;

    if (!steps_read(page, &steps, &step_count))
        return false;
    struct query q = begin_of_day(page, Q_ACCOUNT_ITEMS);
    while (query_next(&q)) {
        enum currency currency = (enum currency)row_int(&q, 2);
        table_text(t, row_text(&q, 0));
        table_text(t, row_text(&q, 1));
        table_count(t, row_int(&q, 3));
        table_text(t, day_text(t->arena, row_int(&q, 4)));
        table_text(t, currency_code(currency));
        table_money(t, money_of(row_int(&q, 5), currency));
        table_money(t, money_of(row_int(&q, 6), currency));
        table_money(t, money_of(row_int(&q, 8), currency));
        table_text(t, step_of(steps, step_count, row_int(&q, 7), row_int(&q, 3)));
    }
    table_sort(t, 3);
    return query_end(&q, page->why);
}

/* What is owed today, part by part, with interest to the day and money that waits. */
static bool balances(const struct page *page, const struct ledger_state *state)
{
    struct balance balance;

    if (!balance_of_books(state, &page->sheet->arena, page->today, &balance, page->why))
        return false;
    balance_currencies(page->sheet, &balance);
    return true;
}

static bool payments(const struct page *page)
{
    static const struct table_column columns[] = {
        { "payment", "Payment", CELL_TEXT }, { "received", "Received", CELL_TEXT },
        { "currency", NULL, CELL_TEXT },     { "amount", "Amount", CELL_MONEY },
        { "method", "Method", CELL_TEXT },   { "state", "State", CELL_TEXT },
    };
    struct table *t =
        sheet_table(page->sheet, "payments", "No payments.", COUNT(columns), columns);
    struct query q = begin_of(page, Q_ACCOUNT_PAYMENTS);

    while (query_next(&q)) {
        enum currency currency = (enum currency)row_int(&q, 2);
        table_text(t, row_text(&q, 0));
        table_text(t, day_text(t->arena, row_int(&q, 1)));
        table_text(t, currency_code(currency));
        table_money(t, money_of(row_int(&q, 3), currency));
        table_text(t, row_text(&q, 4));
        table_text(t, row_text(&q, 5));
    }
    table_sort(t, 1);
    return query_end(&q, page->why);
}

static bool promises(const struct page *page)
{
    static const struct table_column columns[] = {
        { "promise", NULL, CELL_COUNT },    { "made", "Promised on", CELL_TEXT },
        { "due", "For", CELL_TEXT },        { "currency", NULL, CELL_TEXT },
        { "amount", "Amount", CELL_MONEY }, { "state", "State", CELL_TEXT },
    };
    struct table *t =
        sheet_table(page->sheet, "promises", "No promises.", COUNT(columns), columns);
    struct query q = begin_of(page, Q_ACCOUNT_PROMISES);

    while (query_next(&q)) {
        enum currency currency = (enum currency)row_int(&q, 1);
        table_count(t, row_int(&q, 0));
        table_text(t, day_text(t->arena, row_int(&q, 3)));
        table_text(t, day_text(t->arena, row_int(&q, 4)));
        table_text(t, currency_code(currency));
        table_money(t, money_of(row_int(&q, 2), currency));
        table_text(t, row_text(&q, 5));
    }
    return query_end(&q, page->why);
}

static bool facts(const struct page *page)
{
    static const struct table_column columns[] = {
        { "fact", NULL, CELL_COUNT },    { "type", "Fact", CELL_TEXT },
        { "kind", "Kind", CELL_TEXT },   { "channel", "Channel", CELL_TEXT },
        { "debt", "Debt", CELL_TEXT },   { "since", "Since", CELL_TEXT },
        { "until", "Until", CELL_TEXT }, { "value", "Value", CELL_TEXT },
    };
    struct table *t = sheet_table(page->sheet, "facts", "No holds, disputes or wishes.",
                                  COUNT(columns), columns);
    struct query q = begin_of(page, Q_ACCOUNT_FACTS);

    while (query_next(&q)) {
        table_count(t, row_int(&q, 0));
        table_text(t, row_text(&q, 1));
        table_text(t, row_text(&q, 5));
        table_text(t, row_text(&q, 7));
        table_text(t, row_text(&q, 8));
        table_text(t, instant_text(t->arena, row_int(&q, 3), page->zone));
        table_text(t, instant_text(t->arena, row_int(&q, 4), page->zone));
        table_text(t, row_text(&q, 6));
    }
    return query_end(&q, page->why);
}

static bool points(const struct page *page)
{
    static const struct table_column columns[] = {
        { "channel", "Channel", CELL_TEXT },
        { "address", "Address", CELL_TEXT },
        { "state", "State", CELL_TEXT },
        { "source", "Source", CELL_TEXT },
    };
    struct table *t = sheet_table(page->sheet, "addresses", "No way to reach them is known.",
                                  COUNT(columns), columns);
    struct query q = begin_of(page, Q_ACCOUNT_POINTS);

    while (query_next(&q)) {
        char *lines = arena_copy(t->arena, row_text(&q, 1));
        for (char *at = lines; (at = strchr(at, '\n')) != NULL;)
            *at = ',';
        table_text(t, row_text(&q, 0));
        table_text(t, lines);
        table_text(t, row_text(&q, 2));
        table_text(t, row_text(&q, 3));
    }
    return query_end(&q, page->why);
}

bool account_show_key(struct store *s, struct casefile_key key, const struct zone *zone,
                      struct day today, struct sheet *out, struct fault *why)
{
    struct page page = {
        .store = s, .key = key, .zone = zone, .today = today, .sheet = out, .why = why
    };
    struct ledger_books books;

    if (!store_read_begin(s, why))
        return false;
    bool done = face(&page) && books_on(s, &out->arena, key, today, &books, why);
    if (done)
        waiting(&page, &books.state);
    done = done && items(&page) && balances(&page, &books.state) && payments(&page) &&
           promises(&page) && facts(&page) && points(&page);
    store_read_end(s);
    return done;
}

bool account_show(struct store *s, const char *reference, const struct zone *zone,
                  struct day today, struct sheet *out, struct fault *why)
{
    struct casefile_key key;

    return casefile_find(s, reference, &key, why) &&
           account_show_key(s, key, zone, today, out, why);
}

/* ---- The timeline ----------------------------------------------------------------------- */

/* Texts of notes: the journal has their digests only. */
struct noted {
    int64_t number;
    const char *text;
};

static bool notes_read(const struct page *page, int64_t limit, struct arena *a,
                       struct noted **out, size_t *count)
{
    struct query q = begin_of(page, Q_FILE_NOTES);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, INT64_MAX);
    bind_int(&q, limit);
    while (query_next(&q))
        *arena_push(a, *out, *count, room) = (struct noted){ row_int(&q, 0), row_copy(&q, 2, a) };
    return query_end(&q, page->why);
}

static const char *note_words(struct arena *a, const char *record, const struct noted *notes,
                              size_t count)
{
    int64_t number = record_number(record, "note");
    const char *change = record_text(a, record, NULL, "change");

    for (size_t i = 0; i < count; i++) {
        if (notes[i].number == number)
            return arena_print(a, "%s%s", text_equal(change, "withdrawn") ? "taken back: " : "",
                               notes[i].text);
    }
    return record_words(a, record);
}

bool account_timeline(struct store *s, const char *reference, const struct zone *zone,
                      int64_t limit, struct sheet *out, struct fault *why)
{
    static const struct table_column columns[] = {
        { "at", "When", CELL_TEXT },
        { "kind", "What", CELL_TEXT },
        { "details", "Details", CELL_TEXT },
        { "record", "Record", CELL_TEXT },
    };
    struct page page = { .store = s, .zone = zone, .sheet = out, .why = why };

    if (!casefile_find(s, reference, &page.key, why))
        return false;
    out->heading = arena_print(&out->arena, "%s, the latest first", reference);
    struct table *t =
        sheet_table(out, "timeline", "Nothing happened yet.", COUNT(columns), columns);
    struct noted *notes;
    size_t note_count;
    if (!notes_read(&page, limit == 0 ? no_limit : limit, t->arena, &notes, &note_count))
        return false;
    struct query q = begin_of(&page, Q_ACCOUNT_JOURNAL);
    bind_int(&q, limit == 0 ? no_limit : limit);
    while (query_next(&q)) {
        table_text(t, instant_text(t->arena, row_int(&q, 1), zone));
        table_text(t, row_text(&q, 2));
        table_text(t, text_equal(row_text(&q, 2), "note")
                          ? note_words(t->arena, row_text(&q, 3), notes, note_count)
                          : record_words(t->arena, row_text(&q, 3)));
        table_text(t, arena_print(t->arena, "D-%lld.%lld", (long long)page.key.bucket,
                                  (long long)row_int(&q, 0)));
    }
    return query_end(&q, why);
}
