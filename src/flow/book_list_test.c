/* Lists over all accounts: every row once and in order, whatever is asked for and however wide
 * a page is; accounts picked; views that are saved. */
#include "flow/account_pick.h"
#include "flow/book_list.h"
#include "flow/user_view.h"

#include "base/sort.h"
#include "flow/user_fixture.h"

static struct fault why;

enum { ACCOUNTS = 40, PROMISES = 900 };

static const char *const clients[] = { "Acme", "Beta", "Gamma" };
static const char *const promise_names[] = { "open", "kept", "broken" };

struct known {
    int64_t due, casefile, number;
    int state, client;
    bool plan;
};

/* The book of the tests, and what is in it. */
struct listing {
    struct people p;
    struct casefile_key keys[ACCOUNTS];
    struct known all[PROMISES];
    size_t count;
};

static uint32_t seed = 7;

static int any(int below)
{
    seed = seed * 1664525u + 1013904223u;
    return (int)((seed >> 16) % (uint32_t)below);
}

static void promise_put(struct listing *l, struct text *sql, int account, int number)
{
    struct known *k = &l->all[l->count++];

    *k = (struct known){ .due = 20000 + any(30),
                         .casefile = l->keys[account].id,
                         .number = number,
                         .state = any(3),
                         .client = account % 3,
                         .plan = any(4) == 0 };
    text_add_print(
        sql, "%s(%lld, %lld, %d, %d, 0, 840, 100, 19990, %lld, '%s', 19990, 0, 0, 'x')",
        l->count == 1 ? "" : ", ", (long long)l->keys[account].bucket, (long long)k->casefile,
        number, k->plan ? 1 : 0, (long long)k->due, promise_names[k->state]);
}

static void listing_make(struct listing *l)
{
    enum change change;
    char name[16];

    l->count = 0;
    people_begin(&l->p);
    for (int i = 0; i < ACCOUNTS; i++) {
        snprintf(name, sizeof name, "L-%d", 100 + i);
        struct debtor_input in = { .reference = name,
                                   .name = i % 5 == 0 ? "Zoe Ärger" : "Max",
                                   .creditor = clients[i % 3],
                                   .source = "test" };
        assert_fine(book_debtor_put(&l->p.b, &in, &l->keys[i], &change, &why), why);
    }
    people_keep(&l->p);
}

#define PROMISE_COLUMNS                                                                        \
    "INSERT INTO promise (bucket, casefile_id, promise_no, plan_no, item_no, currency, "       \
    "minor, "                                                                                  \
    "made_day, due_day, state, state_day, notice_no, debit_no, author) "

static void promises_make(struct listing *l, int count)
{
    struct text sql = { 0 };

    text_add(&sql, PROMISE_COLUMNS "VALUES ");
    for (int i = 0; i < count; i++)
        promise_put(l, &sql, any(ACCOUNTS), 1000 + i);
    fixture_execute(&l->p.f, text_of(&sql));
    text_free(&sql);
}

static int compare_known(const void *left, const void *right)
{
    const struct known *a = left, *b = right;

    return a->due != b->due ? (a->due > b->due) - (a->due < b->due)
           : a->casefile != b->casefile
               ? (a->casefile > b->casefile) - (a->casefile < b->casefile)
               : (a->number > b->number) - (a->number < b->number);
}

static bool is_wanted(const struct known *k, const struct list_ask *ask)
{
    static const int bits[] = { 0, 1, 3 }; /* of promise_names among list_states */

    return (ask->states == 0 || (ask->states & (1u << bits[k->state])) != 0) &&
           k->due >= ask->from && k->due <= ask->to &&
           (ask->client == NULL || strcmp(ask->client, clients[k->client]) == 0) &&
           (ask->clients == NULL || strstr(ask->clients, clients[k->client]) != NULL) &&
           (ask->what == NULL || (strcmp(ask->what, "plan") == 0) == k->plan);
}

/* Walks all pages, and finds the rows that it should find, in their order, each once. */
static void walk(struct listing *l, struct list_ask ask)
{
    struct list_page page = { .more = true };
    size_t next = 0, found = 0, wanted = 0;

    for (size_t i = 0; i < l->count; i++)
        wanted += is_wanted(&l->all[i], &ask);
    while (page.more) {
        assert_fine(book_list(l->p.b.store, &l->p.a, &ask, &page, &why), why);
        assert_true(page.count <= ask.most);
        assert_true(page.count == ask.most || page.short_of || !page.more);
        for (size_t i = 0; i < page.count; i++, found++, next++) {
            while (next < l->count && !is_wanted(&l->all[next], &ask))
                next++;
            assert_true(next < l->count);
            assert_int_equal(page.rows[i].sorted, l->all[next].due);
            assert_int_equal(page.rows[i].key.id, l->all[next].casefile);
            assert_int_equal(page.rows[i].number, l->all[next].number);
            assert_string_equal(page.rows[i].state, promise_names[l->all[next].state]);
        }
        ask.goes_on = true;
        ask.after = page.after;
    }
    assert_int_equal(found, wanted);
}

static struct list_ask everything(void)
{
    return (struct list_ask){
        .list = LIST_PROMISES, .from = INT32_MIN, .to = DAY_NEVER.number, .most = 17
    };
}

static void every_row_is_on_one_page(void **state)
{
    struct listing l;

    (void)state;
    EACH_DATABASE(l.p, "lists")
    {
        listing_make(&l);
        promises_make(&l, 260);
        sort_array(l.all, l.count, sizeof l.all[0], compare_known);
        for (uint32_t states = 0; states < 16; states++) {
            if ((states & 4) != 0)
                continue; /* none is kept in part here */
            for (int narrow = 0; narrow < 6; narrow++) {
                struct list_ask ask = everything();
                ask.states = states;
                ask.most = narrow == 5 ? 1000 : 1 + (size_t)any(40);
                ask.client = narrow == 1 ? "Beta" : NULL;
                ask.clients = narrow == 2 ? "Acme\nGamma" : NULL;
                ask.what = narrow == 3 ? "plan" : NULL;
                ask.from = narrow == 4 ? 20005 : ask.from;
                ask.to = narrow == 4 ? 20011 : ask.to;
                walk(&l, ask);
            }
        }
    }
}

static void counts_and_sums_are_those_of_the_rows(void **state)
{
    struct listing l;

    (void)state;
    EACH_DATABASE(l.p, "lists")
    {
        int64_t counts[LIST_STATES], open = 0;
        struct promised_day *days, *seen;
        size_t day_count, seen_count;
        bool known;
        listing_make(&l);
        promises_make(&l, 120);
        struct list_ask ask = everything();
        assert_fine(list_count(l.p.b.store, &ask, counts, &why), why);
        for (size_t i = 0; i < l.count; i++)
            open += l.all[i].state == 0;
        assert_int_equal(counts[0], open);
        assert_int_equal(counts[2], 0);
        assert_fine(list_promised(l.p.b.store, &l.p.a, &ask, &days, &day_count, &known, &why),
                    why);
        assert_true(known && list_is_whole(&ask));
        for (size_t i = 0; i < day_count; i++) {
            open -= days[i].count;
            assert_int_equal(days[i].minor, days[i].count * 100);
        }
        assert_int_equal(open, 0);
        ask.clients = "Acme\nBeta\nGamma";
        assert_false(list_is_whole(&ask));
        assert_fine(list_promised(l.p.b.store, &l.p.a, &ask, &seen, &seen_count, &known, &why),
                    why);
        assert_int_equal(seen_count, day_count);
        for (size_t i = 0; i < day_count; i++)
            assert_int_equal(seen[i].minor, days[i].minor);
    }
}

static void names_are_found_in_any_letters(void **state)
{
    struct listing l;

    (void)state;
    EACH_DATABASE(l.p, "lists")
    {
        struct list_ask ask = everything();
        struct list_page page;
        size_t zoes = 0;
        listing_make(&l);
        promises_make(&l, 60);
        for (size_t i = 0; i < l.count; i++)
            for (int k = 0; k < ACCOUNTS; k += 5)
                zoes += l.all[i].casefile == l.keys[k].id;
        ask.most = 100;
        ask.text = "ZOE äR";
        assert_fine(book_list(l.p.b.store, &l.p.a, &ask, &page, &why), why);
        assert_int_equal(page.count, zoes);
        ask.text = "nobody";
        assert_fine(book_list(l.p.b.store, &l.p.a, &ask, &page, &why), why);
        assert_int_equal(page.count, 0);
        assert_false(page.more);
    }
}

/* Of many rows that are not to be seen no page looks at all; the next goes on behind them. */
static void a_page_ends_before_it_looks_at_too_much(void **state)
{
    struct listing l;

    (void)state;
    EACH_DATABASE(l.p, "lists")
    {
        char sql[900];
        struct list_ask ask = everything();
        struct list_page page;
        int pages = 0;
        listing_make(&l);
        snprintf(
            sql, sizeof sql,
            PROMISE_COLUMNS
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000) "
            "SELECT %lld, %lld, 5000 + i, 0, 0, 840, 100, 19990, 20000 + i, 'open', 19990, "
            "0, 0, 'x' FROM n",
            (long long)l.keys[0].bucket, (long long)l.keys[0].id);
        fixture_execute(&l.p.f, sql);
        snprintf(sql, sizeof sql,
                 PROMISE_COLUMNS "VALUES (%lld, %lld, 1, 0, 0, 840, 100, 19990, 26500, 'open', "
                                 "19990, 0, 0, 'x')",
                 (long long)l.keys[1].bucket, (long long)l.keys[1].id);
        fixture_execute(&l.p.f, sql);
        ask.clients = "Beta";
        do {
            assert_fine(book_list(l.p.b.store, &l.p.a, &ask, &page, &why), why);
            assert_int_equal(page.count, page.more ? 0 : 1);
            assert_true(page.short_of == page.more);
            ask.goes_on = true;
            ask.after = page.after;
        } while (page.more && ++pages < 9);
        assert_int_equal(pages, 7000 / LIST_LOOK);
    }
}

/* All statements of all lists are right on both databases. */
static void an_empty_book_has_empty_lists(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "lists")
    {
        for (int list = 0; list < LIST_COUNT; list++) {
            struct list_ask ask = { .list = (enum list_of)list,
                                    .from = 0,
                                    .to = INT64_MAX,
                                    .now = p.b.now,
                                    .most = 50 };
            int64_t counts[LIST_STATES];
            struct list_page page;
            struct sheet sheet = { 0 };
            bool more;
            assert_fine(book_list(p.b.store, &p.a, &ask, &page, &why), why);
            assert_int_equal(page.count, 0);
            assert_fine(list_count(p.b.store, &ask, counts, &why), why);
            assert_fine(list_sheet(p.b.store, &ask, p.b.zone, 100, &sheet, &more, &why), why);
            assert_false(more);
            sheet_free(&sheet);
        }
    }
}

/* ---- Accounts --------------------------------------------------------------------------- */

/* Numbers of the accounts that are picked, in their order, over all pages. */
static const char *picked(struct listing *l, struct account_ask ask)
{
    const char *text = "";
    struct picked page = { .more = true };

    while (page.more) {
        assert_fine(account_pick(l->p.b.store, &l->p.a, &ask, &page, &why), why);
        for (size_t i = 0; i < page.count; i++)
            for (int k = 0; k < ACCOUNTS; k++)
                if (l->keys[k].id == page.keys[i].id)
                    text = arena_print(&l->p.a, "%s %d", text, k);
        ask.goes_on = true;
        ask.after = page.after;
    }
    return text;
}

static void accounts_are_picked_in_both_orders(void **state)
{
    struct listing l;

    (void)state;
    EACH_DATABASE(l.p, "lists")
    {
        struct account_ask ask = { .under = INT64_MAX,
                                   .since_from = INT32_MIN,
                                   .since_to = DAY_NEVER.number,
                                   .business = -1,
                                   .most = 2 };
        char sql[300];
        listing_make(&l);
        for (int i = 0; i < 9; i++) {
            snprintf(
                sql, sizeof sql,
                "UPDATE casefile SET open_currency = %d, open_minor = %d, open_since = %d, "
                "standing = '%s' WHERE bucket = %lld AND casefile_id = %lld",
                i == 8 ? 978 : 840, 1000 * (i + 1), 20100 - i, i % 2 ? "waiting" : "held",
                (long long)l.keys[i].bucket, (long long)l.keys[i].id);
            fixture_execute(&l.p.f, sql);
        }
        assert_string_equal(picked(&l, ask), " 8 7 6 5 4 3 2 1 0");
        ask.standing = "held";
        assert_string_equal(picked(&l, ask), " 8 6 4 2 0");
        ask.client = "Acme";
        assert_string_equal(picked(&l, ask), " 6 0");
        ask.standing = ask.client = NULL;
        ask.clients = "Beta";
        assert_string_equal(picked(&l, ask), " 7 4 1");
        ask.clients = NULL;
        ask.since_from = 20095;
        ask.since_to = 20097;
        assert_string_equal(picked(&l, ask), " 5 4 3");
        ask.order = PICK_AMOUNT;
        ask.currency = CURRENCY_USD;
        assert_string_equal(picked(&l, ask), " 5 4 3");
        ask.since_from = INT32_MIN;
        ask.since_to = DAY_NEVER.number;
        ask.over = 2000;
        ask.under = 7000;
        assert_string_equal(picked(&l, ask), " 6 5 4 3 2 1");
        ask.order = PICK_SINCE;
        ask.currency = CURRENCY_EUR;
        ask.under = INT64_MAX;
        assert_string_equal(picked(&l, ask), " 8");
        struct standing_count *counts;
        enum currency *currencies;
        size_t count;
        bool known;
        ask.currency = CURRENCY_NONE;
        ask.over = 0;
        assert_fine(account_counts(l.p.b.store, &l.p.a, &ask, &counts, &count, &known, &why),
                    why);
        assert_true(known && count == 2 && counts[0].count == 5 && counts[1].count == 4);
        assert_fine(account_currencies(l.p.b.store, &l.p.a, &currencies, &count, &why), why);
        assert_true(count == 2 && currencies[0] == CURRENCY_USD &&
                    currencies[1] == CURRENCY_EUR);
        ask.order = PICK_CLEAR;
        ask.most = 5;
        const char *clear = picked(&l, ask);
        size_t blanks = 0;
        for (const char *at = clear; *at != '\0'; at++)
            blanks += *at == ' ';
        assert_int_equal(blanks, ACCOUNTS - 9);
    }
}

/* ---- Views ------------------------------------------------------------------------------ */

static size_t views_of(struct people *p, int64_t staff, const char *desks)
{
    struct saved_view *all;
    size_t count;

    assert_fine(saved_views(p->b.store, &p->a, "/promises", staff, desks, &all, &count, &why),
                why);
    return count;
}

static void views_are_seen_by_whom_they_are_shared_with(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "lists")
    {
        struct saved_view v = {
            .staff = p.ann, .list = "/promises", .name = "Mine", .query = "state=kept"
        };
        int64_t number, second;
        people_begin(&p);
        assert_fine(saved_view_add(&p.b, &v, &number, &why), why);
        v.name = "Of North";
        v.desk = "North";
        assert_fine(saved_view_add(&p.b, &v, &second, &why), why);
        people_keep(&p);
        assert_int_equal(views_of(&p, p.ann, NULL), 2);
        assert_int_equal(views_of(&p, p.bea, NULL), 1);
        assert_int_equal(views_of(&p, p.cid, "South\nNorth"), 1);
        assert_int_equal(views_of(&p, p.cid, "South\nNorthwest"), 0);
        people_begin(&p);
        assert_fine(saved_view_change(&p.b, p.ann, number, "All", "", &why), why);
        assert_false(saved_view_change(&p.b, p.bea, number, "Hers", NULL, &why));
        assert_int_equal(why.code, NOT_FOUND);
        v.name = "   ";
        assert_false(saved_view_add(&p.b, &v, &number, &why));
        assert_int_equal(why.code, BAD_VALUE);
        assert_fine(saved_view_remove(&p.b, p.ann, second, &why), why);
        people_keep(&p);
        assert_int_equal(views_of(&p, p.cid, "South"), 1);
        assert_int_equal(people_records(&p, "user", "view_"), 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_on_one_page),
        cmocka_unit_test(counts_and_sums_are_those_of_the_rows),
        cmocka_unit_test(names_are_found_in_any_letters),
        cmocka_unit_test(a_page_ends_before_it_looks_at_too_much),
        cmocka_unit_test(an_empty_book_has_empty_lists),
        cmocka_unit_test(accounts_are_picked_in_both_orders),
        cmocka_unit_test(views_are_seen_by_whom_they_are_shared_with),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
