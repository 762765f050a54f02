/*
 * The book keeps its accounts: debts, payments and their corrections in tables of cases; and
 * for random histories, what is open on any day is what a naive list of allocations says.
 * On both databases.
 */
#include "flow/book.h"
#include "store/casefiles.h"
#include "store/figures.h"

#include "flow/book_dump.h"

enum { HISTORIES = 60, EVENTS = 25, DEBTS = 3, PARTS = 3, PAYMENTS = 8, MOVES = 200 };

struct books {
    struct fixture fixture;
    struct book book;
    struct casefile_key key;
};

static struct day on(int number)
{
    return day_plus(fixture_day("2026-01-01"), number);
}

static void go_to(struct book *b, int number)
{
    b->now = (struct instant){ ((int64_t)on(number).number * 24 + 12) * 3600 * 1000000 };
}

static bool books_begin(struct books *t, size_t kind)
{
    struct fault why = { 0 };

    if (!fixture_begin(&t->fixture, kind, "book"))
        return false;
    assert_fine(book_open(&t->book, t->fixture.url, fixture_at("2026-01-01T12:00:00Z"), &why),
                why);
    assert_fine(book_begin(&t->book, &why), why);
    t->key = fixture_debtor(&t->book, "A");
    return true;
}

static void books_end(struct books *t)
{
    book_close(&t->book);
    fixture_end(&t->fixture);
}

#define EACH_BOOK(t)                                                                           \
    for (size_t kind_ = 0; kind_ < FIXTURES; kind_++)                                          \
        for (bool once_ = books_begin(&(t), kind_); once_; once_ = false, books_end(&(t)))

static void keep(struct books *t)
{
    struct fault why = { 0 };

    assert_fine(book_commit(&t->book, &why), why);
    assert_fine(book_begin(&t->book, &why), why);
}

static enum change put_debt(struct books *t, const char *reference, struct day invoice,
                            size_t count, const struct instalment_input parts[],
                            int32_t *number)
{
    struct debt_input in = { .reference = reference,
                             .kind = "invoice",
                             .currency = CURRENCY_EUR,
                             .invoice_day = invoice,
                             .instalment_count = count,
                             .instalments = parts };
    enum change change;
    struct fault why = { 0 };

    assert_fine(book_debt_put(&t->book, t->key, &in, number, &change, &why), why);
    return change;
}

static enum change put_payment(struct books *t, const char *reference, int32_t debt,
                               struct day day, int64_t minor, bool pending)
{
    struct payment_input in = {
        reference, debt, day, CURRENCY_EUR, minor, "transfer", pending
    };
    enum change change;
    struct fault why = { 0 };

    assert_fine(book_payment_put(&t->book, t->key, &in, &change, &why), why);
    return change;
}

/* Open on a day, as the cycle sees it; an instalment that is not there any more is settled. */
static int64_t open_as_of(struct books *t, int32_t debt, int32_t part, struct day day)
{
    struct arena a = { 0 };
    struct casefile *c;
    struct fault why = { 0 };
    int64_t open = 0;

    assert_fine(book_settle(&t->book, &why), why);
    assert_fine(casefile_load(t->book.store, &a, t->key, day, &c, &why), why);
    for (size_t i = 0; i < c->instalment_count; i++) {
        if (c->instalments[i].debt == debt && c->instalments[i].number == part)
            open = c->instalments[i].open_minor;
    }
    arena_free(&a);
    return open;
}

static void assert_open(struct books *t, int32_t debt, int day, int64_t first, int64_t second)
{
    assert_int_equal(open_as_of(t, debt, 1, on(day)), first);
    assert_int_equal(open_as_of(t, debt, 2, on(day)), second);
}

static int64_t number_of(struct books *t, const char *sql)
{
    int64_t found = 0;

    keep(t);
    if (t->fixture.schema[0] == '\0') {
        sqlite3 *db;
        sqlite3_stmt *statement;
        assert_int_equal(sqlite3_open(t->fixture.url, &db), SQLITE_OK);
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        found = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        sqlite3_close(db);
        return found;
    }
    PGconn *pg = PQconnectdb(t->fixture.url);
    PGresult *rows = PQexec(pg, sql);
    assert_int_equal(PQntuples(rows), 1);
    found = strtoll(PQgetvalue(rows, 0, 0), NULL, 10);
    PQclear(rows);
    PQfinish(pg);
    return found;
}

static int64_t unapplied(struct books *t)
{
    struct fault why = { 0 };

    assert_fine(book_settle(&t->book, &why), why);
    return -number_of(t, "SELECT COALESCE(SUM(minor), 0) FROM posting "
                         "WHERE account = 'unapplied'");
}

/* Every entry adds up to nothing in each currency. */
static void assert_balanced(struct books *t)
{
    assert_int_equal(number_of(t, "SELECT COUNT(*) FROM (SELECT entry_no FROM posting GROUP BY "
                                  "bucket, casefile_id, entry_no, currency "
                                  "HAVING SUM(minor) <> 0) AS unbalanced"),
                     0);
}

static const struct instalment_input *two_parts(int64_t first, int64_t second)
{
    static struct instalment_input parts[2];

    parts[0] = (struct instalment_input){ on(10), first };
    parts[1] = (struct instalment_input){ on(40), second };
    return parts;
}

/* ---- Cases
 * ------------------------------------------------------------------------------------ */

static void test_part_and_over(void **state)
{
    struct books t;
    int32_t debt;

    (void)state;
    EACH_BOOK(t)
    {
        assert_int_equal(put_debt(&t, "R", on(0), 2, two_parts(6000, 4000), &debt),
                         CHANGE_ADDED);
        assert_int_equal(put_payment(&t, "P1", debt, on(5), 7000, false), CHANGE_ADDED);
        assert_open(&t, debt, -1, 0, 0); /* before the invoice nothing is owed */
        assert_open(&t, debt, 0, 6000, 4000);
        assert_open(&t, debt, 4, 6000, 4000);
        assert_open(&t, debt, 5, 0, 3000); /* the earlier due one first */
        put_payment(&t, "P2", 0, on(20), 5000, false);
        assert_open(&t, debt, 19, 0, 3000);
        assert_open(&t, debt, 20, 0, 0);
        assert_int_equal(unapplied(&t), 2000);
        assert_balanced(&t);
    }
}

static void test_moved_payment(void **state)
{
    struct books t;
    int32_t debt;

    (void)state;
    EACH_BOOK(t)
    {
        put_debt(&t, "R", on(0), 2, two_parts(10000, 4000), &debt);
        put_payment(&t, "P1", debt, on(10), 3000, false);
        put_payment(&t, "P2", debt, on(20), 2000, false);
        assert_int_equal(put_payment(&t, "P1", debt, on(12), 2500, false), CHANGE_UPDATED);
        assert_open(&t, debt, 11, 10000, 4000); /* it came on the twelfth, and always did */
        assert_open(&t, debt, 12, 7500, 4000);
        assert_open(&t, debt, 15, 7500, 4000);
        assert_open(&t, debt, 20, 5500, 4000);
        assert_balanced(&t);
    }
}

static void test_pending_payment(void **state)
{
    struct books t;
    int32_t debt;

    (void)state;
    EACH_BOOK(t)
    {
        put_debt(&t, "R", on(0), 2, two_parts(6000, 4000), &debt);
        put_payment(&t, "P1", debt, on(5), 6000, true);
        assert_open(&t, debt, 6, 6000, 4000);
        assert_int_equal(put_payment(&t, "P1", debt, on(7), 6000, false), CHANGE_UPDATED);
        assert_open(&t, debt, 6, 6000, 4000);
        assert_open(&t, debt, 7, 0, 4000);
        assert_int_equal(put_payment(&t, "P1", debt, on(7), 6000, true), CHANGE_UPDATED);
        assert_open(&t, debt, 7, 6000, 4000); /* it bounced back to pending */
        assert_balanced(&t);
    }
}

static void test_changed_amount(void **state)
{
    struct books t;
    int32_t debt;

    (void)state;
    EACH_BOOK(t)
    {
        put_debt(&t, "R", on(0), 2, two_parts(10000, 4000), &debt);
        put_payment(&t, "P1", debt, on(5), 3000, false);
        put_payment(&t, "P2", debt, on(30), 1000, false);
        go_to(&t.book, 8);
        assert_int_equal(put_debt(&t, "R", on(0), 2, two_parts(9000, 4500), &debt),
                         CHANGE_UPDATED);
        /* A correction says what it should have been from the invoice on; it is no payment. */
        assert_open(&t, debt, 4, 9000, 4500);
        assert_open(&t, debt, 5, 6000, 4500);
        assert_open(&t, debt, 9, 6000, 4500);
        assert_open(&t, debt, 29, 6000, 4500);
        assert_open(&t, debt, 30, 5000, 4500);
        put_debt(&t, "R", on(0), 2, two_parts(2500, 4500), &debt);
        assert_open(&t, debt, 31, 0, 3000); /* what the first does not take pays the second */
        assert_int_equal(unapplied(&t), 0);
        put_debt(&t, "R", on(0), 1, two_parts(2500, 0), &debt);
        assert_open(&t, debt, 31, 0, 0); /* the second part is given up */
        assert_int_equal(unapplied(&t), 1500); /* more was paid than is owed now */
        assert_balanced(&t);
    }
}

static void test_twice_is_once(void **state)
{
    struct books t;
    int32_t debt, again;

    (void)state;
    EACH_BOOK(t)
    {
        put_debt(&t, "R", on(0), 2, two_parts(6000, 4000), &debt);
        put_payment(&t, "P1", debt, on(5), 7000, false);
        put_payment(&t, "P2", 0, on(9), 500, true);
        keep(&t);
        struct text before = book_dump(&t.fixture);
        go_to(&t.book, 50);
        assert_int_equal(put_debt(&t, "R", on(0), 2, two_parts(6000, 4000), &again),
                         CHANGE_NONE);
        assert_int_equal(again, debt);
        assert_int_equal(put_payment(&t, "P1", debt, on(5), 7000, false), CHANGE_NONE);
        assert_int_equal(put_payment(&t, "P2", 0, on(9), 500, true), CHANGE_NONE);
        fixture_debtor(&t.book, "A");
        keep(&t);
        struct text after = book_dump(&t.fixture);
        assert_same_dump("the same again", &before, &after);
        text_free(&before);
        text_free(&after);
    }
}

static void test_conflicts(void **state)
{
    struct books t;
    int32_t debt;

    (void)state;
    EACH_BOOK(t)
    {
        struct fault why = { 0 };
        enum change change;
        put_debt(&t, "R", on(0), 2, two_parts(6000, 4000), &debt);
        put_payment(&t, "P1", debt, on(5), 7000, false);
        struct debt_input in = { .reference = "R",
                                 .kind = "invoice",
                                 .currency = CURRENCY_USD,
                                 .invoice_day = on(0),
                                 .instalment_count = 2,
                                 .instalments = two_parts(6000, 4000) };
        assert_false(book_debt_put(&t.book, t.key, &in, &debt, &change, &why));
        assert_int_equal(why.code, CONFLICT);
        struct casefile_key other = fixture_debtor(&t.book, "B");
        in.currency = CURRENCY_EUR;
        assert_false(book_debt_put(&t.book, other, &in, &debt, &change, &why));
        assert_int_equal(why.code, CONFLICT);
        struct payment_input paid = { "P1", 0, on(5), CURRENCY_USD, 7000, "card", false };
        assert_false(book_payment_put(&t.book, t.key, &paid, &change, &why));
        assert_int_equal(why.code, CONFLICT);
        struct casefile_key nobody = casefile_key_of("nobody");
        paid.currency = CURRENCY_EUR;
        assert_false(book_payment_put(&t.book, nobody, &paid, &change, &why));
        assert_int_equal(why.code, NOT_FOUND);
        assert_balanced(&t);
    }
}

/* ---- Random histories, against a list of allocations
 * ----------------------------------------- */

static uint64_t chance_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static int pick(uint64_t *state, int least, int most)
{
    return least + (int)(chance_next(state) % (uint64_t)(most - least + 1));
}

/* Money that came to an instalment on a day. */
struct move {
    int debt, part, day;
    int64_t minor;
};

struct naive {
    uint64_t dice;
    int today, debt_count, payment_count, move_count;
    struct {
        int32_t number;
        int invoice, parts;
        int due[PARTS];
        int64_t amount[PARTS];
    } debts[DEBTS];
    struct {
        int64_t minor;
        int day, debt;
        bool pending;
    } payments[PAYMENTS];
    struct move moves[MOVES];
};

static int64_t came_to(const struct naive *n, int debt, int part, int day)
{
    int64_t sum = 0;

    for (int i = 0; i < n->move_count; i++) {
        const struct move *m = &n->moves[i];
        if (m->debt == debt && m->part == part && m->day <= day)
            sum += m->minor;
    }
    return sum;
}

static int64_t open_now(const struct naive *n, int debt, int part)
{
    return n->debts[debt].amount[part] - came_to(n, debt, part, 10000);
}

static void move_add(struct naive *n, struct move m)
{
    assert_true(n->move_count < MOVES);
    n->moves[n->move_count++] = m;
}

/* The earliest due of what is open and placed by its day, of one debt or (-1) of all; ties by
 * number. What is left of the money comes back. */
static int64_t naive_allocate(struct naive *n, int debt, int day, int64_t left)
{
    while (left > 0) {
        int best_debt = -1, best_part = -1;
        for (int d = 0; d < n->debt_count; d++) {
            for (int p = 0; p < n->debts[d].parts; p++) {
                if ((debt < 0 || debt == d) && n->debts[d].invoice <= day &&
                    open_now(n, d, p) > 0 &&
                    (best_debt < 0 ||
                     n->debts[d].due[p] < n->debts[best_debt].due[best_part])) {
                    best_debt = d;
                    best_part = p;
                }
            }
        }
        if (best_debt < 0)
            return left;
        int64_t part = open_now(n, best_debt, best_part);
        part = part < left ? part : left;
        left -= part;
        move_add(n, (struct move){ best_debt, best_part, day, part });
    }
    return left;
}

static bool comes_before(const struct naive *n, int a, int b)
{
    char left[8], right[8];

    if (n->payments[a].day != n->payments[b].day)
        return n->payments[a].day < n->payments[b].day;
    snprintf(left, sizeof left, "P%d", a);
    snprintf(right, sizeof right, "P%d", b);
    return strcmp(left, right) < 0;
}

static int next_payment(const struct naive *n, int day, const bool done[])
{
    int next = -1;

    for (int i = 0; i < n->payment_count; i++) {
        if (!done[i] && !n->payments[i].pending && n->payments[i].day == day &&
            (next < 0 || comes_before(n, i, next)))
            next = i;
    }
    return next;
}

/* Day by day, whenever each was told of; money waits while nothing is open. */
static void naive_settle(struct naive *n)
{
    bool done[PAYMENTS] = { false };
    int64_t waits = 0;

    n->move_count = 0;
    for (int day = -200; day < 400; day++) {
        waits = naive_allocate(n, -1, day, waits);
        for (int i; (i = next_payment(n, day, done)) >= 0; done[i] = true) {
            int64_t left = naive_allocate(n, n->payments[i].debt, day, n->payments[i].minor);
            waits = naive_allocate(n, -1, day, waits + left);
        }
    }
}

static void tell_debt(struct books *t, struct naive *n, int d)
{
    struct instalment_input parts[PARTS];
    char reference[8];

    for (int p = 0; p < n->debts[d].parts; p++)
        parts[p] = (struct instalment_input){ on(n->debts[d].due[p]), n->debts[d].amount[p] };
    snprintf(reference, sizeof reference, "R%d", d);
    put_debt(t, reference, on(n->debts[d].invoice), (size_t)n->debts[d].parts, parts,
             &n->debts[d].number);
}

static void random_debt(struct books *t, struct naive *n)
{
    if (n->debt_count == DEBTS)
        return;
    int d = n->debt_count++;
    n->debts[d].invoice = n->today + pick(&n->dice, -10, 3);
    n->debts[d].parts = pick(&n->dice, 1, PARTS);
    for (int p = 0; p < n->debts[d].parts; p++) {
        n->debts[d].due[p] = n->debts[d].invoice + pick(&n->dice, 0, 20) + 20 * p;
        n->debts[d].amount[p] = pick(&n->dice, 1, 9000);
    }
    tell_debt(t, n, d);
}

static void random_change(struct books *t, struct naive *n)
{
    if (n->debt_count == 0)
        return;
    int d = pick(&n->dice, 0, n->debt_count - 1), p = pick(&n->dice, 0, n->debts[d].parts - 1);
    n->debts[d].amount[p] = pick(&n->dice, 1, 9000);
    tell_debt(t, n, d);
}

static void tell_payment(struct books *t, struct naive *n, int i)
{
    char reference[8];

    snprintf(reference, sizeof reference, "P%d", i);
    put_payment(t, reference,
                n->payments[i].debt < 0 ? 0 : n->debts[n->payments[i].debt].number,
                on(n->payments[i].day), n->payments[i].minor, n->payments[i].pending);
}

static void random_payment(struct books *t, struct naive *n)
{
    if (n->payment_count == PAYMENTS || n->debt_count == 0)
        return;
    int i = n->payment_count++;
    n->payments[i].minor = pick(&n->dice, 1, 9000);
    n->payments[i].day = n->today + pick(&n->dice, -6, 6);
    n->payments[i].debt = pick(&n->dice, -1, n->debt_count - 1);
    n->payments[i].pending = pick(&n->dice, 1, 5) == 1;
    tell_payment(t, n, i);
}

static void random_payment_change(struct books *t, struct naive *n)
{
    if (n->payment_count == 0)
        return;
    int i = pick(&n->dice, 0, n->payment_count - 1);
    n->payments[i].day += pick(&n->dice, -4, 4);
    n->payments[i].minor =
        pick(&n->dice, 0, 1) == 0 ? n->payments[i].minor : pick(&n->dice, 1, 9000);
    n->payments[i].pending = false;
    tell_payment(t, n, i);
}

struct sum {
    int64_t open;
};

static void add_open(void *into, const struct dated_item *item)
{
    ((struct sum *)into)->open += item->open_minor;
}

/* What the list of accounts says is open; what was overpaid is not taken off. */
static int64_t listed_open(struct books *t, struct day today)
{
    struct query q = query_begin(t->book.store, Q_ACCOUNT_LIST);
    struct fault why = { 0 };
    int64_t open = 0;

    bind_int(&q, today.number);
    bind_text(&q, "");
    bind_int(&q, 100);
    while (query_next(&q))
        open += row_int(&q, 7);
    assert_fine(query_end(&q, &why), why);
    return open;
}

static void assert_as_naive(struct books *t, struct naive *n, uint64_t seed)
{
    struct fault why = { 0 };

    keep(t);
    naive_settle(n);
    for (int day = -20; day < 90; day += 1) {
        struct sum expected = { 0 }, found = { 0 }, owed = { 0 };
        for (int d = 0; d < n->debt_count; d++) {
            for (int p = 0; p < n->debts[d].parts; p++) {
                int64_t open = day < n->debts[d].invoice
                                   ? 0
                                   : n->debts[d].amount[p] - came_to(n, d, p, day);
                int64_t seen = open_as_of(t, n->debts[d].number, p + 1, on(day));
                if (seen != open)
                    fail_msg("seed %llu, debt %d part %d on day %d: %lld, expected %lld",
                             (unsigned long long)seed, d, p, day, (long long)seen,
                             (long long)open);
                expected.open += open;
                owed.open += open > 0 ? open : 0;
            }
        }
        if (listed_open(t, on(day)) != owed.open)
            fail_msg("seed %llu, accounts on day %d: %lld, expected %lld",
                     (unsigned long long)seed, day, (long long)listed_open(t, on(day)),
                     (long long)owed.open);
        assert_fine(
            figures_items(t->book.store, t->key.bucket, on(day), add_open, &found, &why), why);
        if (found.open != expected.open)
            fail_msg("seed %llu, reports on day %d: %lld, expected %lld",
                     (unsigned long long)seed, day, (long long)found.open,
                     (long long)expected.open);
    }
}

static void live(struct books *t, uint64_t seed)
{
    static void (*const events[])(struct books *, struct naive *) = {
        random_debt, random_change, random_payment, random_payment, random_payment_change,
    };
    static struct naive n;

    n = (struct naive){ .dice = seed };
    for (int i = 0; i < EVENTS; i++) {
        n.today += pick(&n.dice, 0, 4);
        go_to(&t->book, n.today);
        events[pick(&n.dice, 0, COUNT(events) - 1)](t, &n);
    }
    assert_as_naive(t, &n, seed);
    assert_balanced(t);
}

static void test_random_histories(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct books t;
        if (!books_begin(&t, seed % 10 == 0 ? 1 : 0))
            continue;
        live(&t, seed);
        books_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_part_and_over),    cmocka_unit_test(test_moved_payment),
        cmocka_unit_test(test_pending_payment),  cmocka_unit_test(test_changed_amount),
        cmocka_unit_test(test_twice_is_once),    cmocka_unit_test(test_conflicts),
        cmocka_unit_test(test_random_histories),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
