/* Accounts: by how long something is due, by how much is open, or with nothing open. */
#include "web/page_lists.h"

#include "base/text.h"
#include "flow/account_pick.h"
#include "flow/search.h"
#include "flow/user.h"

#include <string.h>

static const char *const keys[] = { "q",        "order", "standing", "client",    "desk",
                                    "segment",  "place", "kind",     "late_from", "late_to",
                                    "currency", "over",  "under",    "language",  "reach" };

static const struct filter_option orders[] = { { "since", "Longest due first" },
                                               { "amount", "Most open first" },
                                               { "clear", "Nothing open" } };
static const struct filter_option kinds[] = { { "people", "People" },
                                              { "firms", "Businesses" } };

static const struct filter_option ways[] = { { "call", "Phone" },
                                             { "no-call", "No phone" },
                                             { "email", "Email" },
                                             { "no-email", "No email" },
                                             { "letter", "Postal address" },
                                             { "no-letter", "No postal address" } };

/* As pages say them; "clear" is an order of its own, since its accounts owe nothing. */
static const char *const standings[] = {
    "waiting",  "queued", "later",  "blocked", "unreachable", "promised", "payment_pending",
    "disputed", "held",   "spaced", "ended",   "unplanned",   "clear",    "new"
};

/* ---- What is asked for ------------------------------------------------------------------ */

static bool order_read(const struct filters *f, struct account_ask *ask, struct fault *why)
{
    const char *typed = filters_get(f, "order");

    ask->order = text_equal(ask->standing, "clear") ? PICK_CLEAR : PICK_SINCE;
    for (size_t i = 0; typed != NULL && i < COUNT(orders); i++) {
        if (text_equal(orders[i].value, typed)) {
            ask->order = (enum pick_order)i;
            return true;
        }
    }
    return typed == NULL || fail(why, BAD_VALUE, "There is no order \"%s\".", typed);
}

/* Amounts are of one currency: the one asked for, else dollars, else the first there is. */
static bool currency_read(struct filters *f, struct account_ask *ask, struct fault *why)
{
    const char *typed = filters_get(f, "currency");
    const char **names;
    enum currency *all;
    size_t count;
    bool needed = ask->order == PICK_AMOUNT || filters_get(f, "over") != NULL ||
                  filters_get(f, "under") != NULL;

    if (!account_currencies(f->p->view->store, f->p->arena, &all, &count, why))
        return false;
    names = arena_array(f->p->arena, const char *, count + 1);
    ask->currency = needed && count > 0 ? all[0] : CURRENCY_NONE;
    for (size_t i = 0; i < count; i++) {
        names[i] = currency_code(all[i]);
        if (needed && all[i] == CURRENCY_USD)
            ask->currency = all[i];
    }
    if (typed != NULL && (ask->currency = currency_parse(typed)) == CURRENCY_NONE)
        return fail(why, BAD_VALUE, "\"%s\" is no currency.", typed);
    filter_select_names(f, "currency", "Currency", "All currencies", names, count);
    return true;
}

static bool amount_read(const struct filters *f, const char *name, enum currency currency,
                        int64_t *out, struct fault *why)
{
    const char *typed = filters_get(f, name);
    struct money money;

    if (typed == NULL)
        return true;
    if (currency == CURRENCY_NONE)
        return true; /* nothing is open in any */
    if (!money_parse(typed, '.', ',', currency, &money, why) || money.minor < 0)
        return fail(why, BAD_VALUE, "\"%s\" is no amount in %s.", typed,
                    currency_code(currency));
    *out = money.minor;
    return true;
}

static bool days_read(const struct filters *f, const char *name, struct day today, int64_t *out,
                      struct fault *why)
{
    const char *typed = filters_get(f, name);
    int64_t days;

    if (typed == NULL)
        return true;
    if (!text_to_int(typed, &days) || days < -40000 || days > 40000)
        return fail(why, BAD_VALUE, "\"%s\" is no number of days.", typed);
    *out = today.number - days;
    return true;
}

static bool ask_read(struct filters *f, struct account_ask *ask, struct fault *why)
{
    struct view *v = f->p->view;
    const char *kind = filters_get(f, "kind"), *reach = filters_get(f, "reach");
    bool lacks = reach != NULL && text_starts(reach, "no-");

    *ask = (struct account_ask){ .standing = filters_get(f, "standing"),
                                 .client = filters_get(f, "client"),
                                 .desk = filters_get(f, "desk"),
                                 .segment = filters_get(f, "segment"),
                                 .place = filters_get(f, "place"),
                                 .clients = v->clients,
                                 .desks = v->desks,
                                 .over = 0,
                                 .under = INT64_MAX,
                                 .since_from = INT32_MIN,
                                 .since_to = DAY_NEVER.number,
                                 .language = filters_get(f, "language"),
                                 .way = lacks ? reach + strlen("no-") : reach,
                                 .not_reached = lacks,
                                 .business = kind == NULL ? -1 : text_equal(kind, "firms"),
                                 .most = LIST_ROWS };
    enum channel channel;
    if (ask->way != NULL && !channel_parse(ask->way, &channel))
        return fail(why, BAD_VALUE, "There is no way \"%s\" to reach somebody.", reach);
    return order_read(f, ask, why) && currency_read(f, ask, why) &&
           amount_read(f, "over", ask->currency, &ask->over, why) &&
           amount_read(f, "under", ask->currency, &ask->under, why) &&
           days_read(f, "late_to", v->today, &ask->since_from, why) &&
           days_read(f, "late_from", v->today, &ask->since_to, why) &&
           filter_after(f, &ask->goes_on, &ask->after, why);
}

/* ---- Rows ------------------------------------------------------------------------------- */

static void account_row_put(struct page *p, json_t *row, const struct account_row *a)
{
    struct arena *x = p->arena;

    put(row, "reference", a->reference);
    put(row, "link", arena_print(x, "/accounts/%s", url_encode(x, a->reference)));
    put(row, "name", a->name);
    put(row, "place", words_place(x, a->place));
    put(row, "creditor", a->creditor);
    put_true(row, "business", a->business);
    put_true(row, "placed", a->role != ACTOR_FIRST_PARTY_CREDITOR);
    put_standing(p, row, "standing", words_standing(x, a->standing));
    put(row, "reason", a->reason);
    put_rule(p, row, a->rule);
    if (a->until.us != INSTANT_NEVER.us && text_equal(a->standing, "later"))
        put(row, "opens", words_moment(x, a->until, p->view->zone, p->view->today));
    if (a->currency == CURRENCY_NONE)
        return;
    int days = days_past_due(a->oldest_due, p->view->today);
    put(row, "open", words_money(x, a->open_minor, a->currency));
    put(row, "past_due",
        a->past_due_minor > 0 ? words_money(x, a->past_due_minor, a->currency) : NULL);
    put(row, "late", words_past_due(x, days));
    put_true(row, "is_late", days > 0);
    put_true(row, "more", a->more_currencies > 0);
}

/* What is found by words is held against amounts and days here; what is picked was already. */
static bool amounts_fit(const struct account_ask *ask, const struct account_row *row)
{
    bool owes = row->currency != CURRENCY_NONE;

    if ((ask->over > 0 || ask->under < INT64_MAX) &&
        (!owes || row->open_minor < ask->over || row->open_minor > ask->under))
        return false;
    if ((ask->since_from != INT32_MIN || ask->since_to != DAY_NEVER.number) &&
        (!owes || row->oldest_due.number < ask->since_from ||
         row->oldest_due.number > ask->since_to))
        return false;
    return ask->currency == CURRENCY_NONE || ask->order == PICK_AMOUNT ||
           row->currency == ask->currency;
}

/* By the words of the book: names, references, addresses, numbers, amounts. */
static bool found(struct page *p, const struct account_ask *ask, const char *typed,
                  struct account_row **rows, size_t *count, bool *more, struct fault *why)
{
    struct search search;
    size_t room = 0;

    if (!search_find(p->view, typed, SEARCH_FOUND_MOST, &search, why))
        return false;
    *more = search.more;
    for (size_t i = 0; i < search.count; i++) {
        const struct search_hit *hit = &search.hits[i];
        bool seen = hit->group == FOUND_DECISION || hit->group == FOUND_MESSAGE;
        for (size_t k = 0; k < *count && !seen; k++)
            seen = text_equal((*rows)[k].reference, hit->account.reference);
        if (seen || !account_fits(ask, &hit->account))
            continue;
        bool fits;
        if (!account_reached(p->view->store, p->arena, ask, hit->key, &fits, why))
            return false;
        if (!fits)
            continue;
        struct account_row row = hit->account;
        row.currency = CURRENCY_NONE;
        if (!view_account_money(p->view, hit->key, &row, why))
            return false;
        if (amounts_fit(ask, &row))
            *arena_push(p->arena, *rows, *count, room) = row;
    }
    return true;
}

static bool picked(struct page *p, const struct account_ask *ask, struct picked *page,
                   struct account_row **rows, size_t *count, struct fault *why)
{
    size_t room = 0;

    if (!account_pick(p->view->store, p->arena, ask, page, why))
        return false;
    for (size_t i = 0; i < page->count; i++) {
        struct account_row row;
        bool found;
        if (!view_account_row(p->view, page->keys[i], &row, &found, why) ||
            (found && !view_account_money(p->view, page->keys[i], &row, why)))
            return false;
        if (found)
            *arena_push(p->arena, *rows, *count, room) = row;
    }
    return true;
}

/* ---- The page --------------------------------------------------------------------------- */

static bool standings_put(struct filters *f, const struct account_ask *ask, struct fault *why)
{
    struct standing_count *all;
    size_t count;
    int64_t sum = 0;
    bool known, counted;

    if (!account_counts(f->p->view->store, f->p->arena, ask, &all, &count, &known, why))
        return false;
    counted = known && ask->order != PICK_CLEAR && filters_get(f, "q") == NULL;
    for (size_t i = 0; i < count; i++)
        sum += all[i].count;
    filter_chip(f, "All", NULL, counted ? words_count(f->p->arena, sum) : NULL,
                filters_link(f, "standing", NULL), ask->standing == NULL);
    for (size_t i = 0; i < COUNT(standings); i++) {
        struct standing_words w = words_standing(f->p->arena, standings[i]);
        bool chosen = text_equal(ask->standing, standings[i]),
             clear = text_equal(standings[i], "clear");
        int64_t here = 0;
        for (size_t k = 0; k < count; k++)
            here = text_equal(all[k].standing, standings[i]) ? all[k].count : here;
        if (counted && here == 0 && !chosen && !clear)
            continue;
        filter_chip(f, w.title, w.meaning,
                    counted && !clear ? words_count(f->p->arena, here) : NULL,
                    filters_link(f, "standing", standings[i]), chosen);
    }
    return true;
}

static void languages_put(struct filters *f)
{
    struct filter_option *all = NULL;
    size_t count = 0, room = 0;

    for (const char *tag; (tag = words_language_known(count)) != NULL;)
        *arena_push(f->p->arena, all, count, room) =
            (struct filter_option){ tag, words_language(tag) };
    filter_choice(f, "language", "Reads", "Any language", all, count);
}

static bool selects_put(struct filters *f, struct fault *why)
{
    const struct list_ask seen = { .clients = f->p->view->clients, .desks = f->p->view->desks };
    struct list_places places;
    const char **segments;
    size_t count;

    if (!list_places(f->p->view->store, f->p->arena, &seen, &places, why) ||
        !account_segments(f->p->view->store, f->p->arena, &segments, &count, why))
        return false;
    filter_kept(f, "standing");
    filter_kept(f, "place");
    filter_field(f, "q", "Name, reference, phone", "search");
    filter_choice(f, "order", "Order", NULL, orders, COUNT(orders));
    filter_select_names(f, "client", "Client", "All clients", places.clients,
                        places.client_count);
    filter_select_names(f, "desk", "Desk", "All desks", places.desks, places.desk_count);
    filter_select_names(f, "segment", "Segment", "All segments", segments, count);
    filter_choice(f, "kind", "Who", "People and firms", kinds, COUNT(kinds));
    languages_put(f);
    filter_choice(f, "reach", "On file", "Any address", ways, COUNT(ways));
    filter_field(f, "late_from", "Days late from", "number");
    filter_field(f, "late_to", "to", "number");
    filter_field(f, "over", "Open from", "text");
    filter_field(f, "under", "to", "text");
    return true;
}

bool page_accounts(struct page *p, struct fault *why)
{
    struct filters f = filters_of(p, "/accounts", keys, COUNT(keys));
    const char *typed = filters_get(&f, "q");
    struct account_row *rows = NULL;
    struct picked page = { 0 };
    struct account_ask ask;
    bool more = false;
    size_t count = 0;

    if (typed != NULL && strlen(typed) >= SEARCH_TYPED_MOST)
        return fail(why, BAD_VALUE, "Please search for something shorter.");
    if (!ask_read(&f, &ask, why) ||
        !(typed != NULL ? found(p, &ask, typed, &rows, &count, &more, why)
                        : picked(p, &ask, &page, &rows, &count, why)) ||
        !standings_put(&f, &ask, why) || !selects_put(&f, why))
        return false;
    json_t *list = put_list(p->context, "rows");
    for (size_t i = 0; i < count; i++)
        account_row_put(p, list_add(list), &rows[i]);
    put(p->context, "title", "Accounts");
    put(p->context, "search", typed);
    put_true(p->context, "any", count > 0);
    put_true(p->context, "found_more", more);
    bool asked = filters_any(&f, NULL);
    put(p->context, "empty", asked ? "No account matches. Try part of a name or of a reference."
                                   : "No account is here yet. They come with files of invoices, or "
                                     "of accounts that were placed.");
    if (page_may(p, MAY_IMPORT))
        filter_empty_link(&f, "/admin/imports", "Load the first file");
    filter_pager(&f, page.more, page.short_of, page.after);
    return filters_end(&f, why);
}

/* ---- The file --------------------------------------------------------------------------- */

static void file_row(struct page *p, struct table *t, const struct account_row *r)
{
    char day[DAY_TEXT];
    bool owes = r->currency != CURRENCY_NONE;

    table_text(t, r->reference);
    table_text(t, r->name);
    table_text(t, r->creditor);
    table_text(t, r->desk);
    table_text(t, r->segment);
    table_text(t, r->standing);
    table_text(t, r->reason);
    table_text(t, owes ? currency_code(r->currency) : NULL);
    if (owes) {
        table_money(t, money_of(r->open_minor, r->currency));
        table_money(t, money_of(r->past_due_minor, r->currency));
        table_text(t, day_print(r->oldest_due, day));
        table_count(t, days_past_due(r->oldest_due, p->view->today));
        return;
    }
    for (int i = 0; i < 4; i++)
        table_none(t);
}

static struct table *file_table(struct sheet *sheet)
{
    static const struct table_column columns[] = {
        { "account", "Account", CELL_TEXT },  { "name", "Name", CELL_TEXT },
        { "client", "Client", CELL_TEXT },    { "desk", "Desk", CELL_TEXT },
        { "segment", "Segment", CELL_TEXT },  { "standing", "Standing", CELL_TEXT },
        { "reason", "Reason", CELL_TEXT },    { "currency", "Currency", CELL_TEXT },
        { "open", "Open", CELL_MONEY },       { "past_due", "Past due", CELL_MONEY },
        { "oldest_due", "Since", CELL_TEXT }, { "days_late", "Days late", CELL_COUNT },
    };

    return sheet_table(sheet, "accounts", "No accounts.", COUNT(columns), columns);
}

static bool file_fill(struct page *p, struct filters *f, struct table *t, struct fault *why)
{
    const char *typed = filters_get(f, "q");
    struct picked page = { .more = true };
    struct account_ask ask;
    bool more;

    if (!ask_read(f, &ask, why))
        return false;
    ask.goes_on = false;
    for (size_t all = 0; page.more && all < LIST_FILE_ROWS; all += page.count) {
        struct account_row *rows = NULL;
        size_t count = 0;
        ask.most = 500;
        if (!(typed != NULL ? found(p, &ask, typed, &rows, &count, &more, why)
                            : picked(p, &ask, &page, &rows, &count, why)))
            return false;
        for (size_t i = 0; i < count; i++)
            file_row(p, t, &rows[i]);
        page.more = typed == NULL && page.more;
        ask.goes_on = true;
        ask.after = page.after;
    }
    return true;
}

bool page_accounts_file(struct page *p, struct fault *why)
{
    struct filters f = filters_of(p, "/accounts", keys, COUNT(keys));
    struct sheet sheet = { 0 };
    bool made = file_fill(p, &f, file_table(&sheet), why);

    if (made)
        page_sheet(p, &sheet, "accounts.csv");
    sheet_free(&sheet);
    return made;
}
