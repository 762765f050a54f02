/*
 * Random case files: the ledger against a naive recomputation (ledger_naive_fixture.h), against
 * other orders of arrival, and against itself piece by piece.
 *
 *   ledger_property_test          a million movements, counted each time the ledger takes one
 *   ledger_property_test SEED     one case file alone, as a failure names it
 */
#include "domain/ledger_history_fixture.h"
#include "domain/ledger_naive_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { ENOUGH = 1000000 };

static struct fault why;
static size_t taken; /* movements that the ledger has taken, all in all */
static uint64_t only;

/* The seed says which case file it is. */
static void wrong(const char *format, ...) PRINTF(1, 2);
static void wrong(const char *format, ...)
{
    char text[400];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fail_msg("seed %llu: %s", (unsigned long long)h.seed, text);
}

/* ---- Running it ---- */

static struct movement *copied(const struct movement *moves, size_t count)
{
    struct movement *copy = arena_array(&arena, struct movement, count + 1);

    if (count > 0)
        memcpy(copy, moves, sizeof *copy * count);
    return copy;
}

static void run_on(struct ledger_books *books, const struct movement *moves, size_t count,
                   int32_t today)
{
    taken += count;
    if (!ledger_run(books, copied(moves, count), count, (struct day){ today }, &why))
        wrong("%s", why.text);
}

static void run(struct ledger_books *books, const struct movement *moves, size_t count,
                int32_t today)
{
    ledger_empty(books, &arena);
    run_on(books, moves, count, today);
}

static int by_cause(const void *left, const void *right)
{
    const struct ledger_entry *a = left, *b = right;

    return strcmp(a->cause, b->cause);
}

/* A copy by cause; each is there once. */
static struct ledger_entry *sorted(const struct ledger_books *books)
{
    struct ledger_entry *copy =
        arena_array(&arena, struct ledger_entry, books->entry_count + 1);

    if (books->entry_count > 0)
        memcpy(copy, books->entries, sizeof *copy * books->entry_count);
    qsort(copy, books->entry_count, sizeof *copy, by_cause);
    for (size_t i = 1; i < books->entry_count; i++) {
        if (strcmp(copy[i - 1].cause, copy[i].cause) == 0)
            wrong("%s is there twice", copy[i].cause);
    }
    return copy;
}

static bool same_line(const struct ledger_line *a, const struct ledger_line *b)
{
    return strcmp(a->account, b->account) == 0 && a->debt == b->debt &&
           a->instalment == b->instalment && a->minor == b->minor;
}

static void same_entries(const struct ledger_books *one, const struct ledger_books *other)
{
    struct ledger_entry *a = sorted(one), *b = sorted(other);

    for (size_t i = 0; i < one->entry_count && i < other->entry_count; i++) {
        bool same = strcmp(a[i].cause, b[i].cause) == 0 && a[i].day.number == b[i].day.number &&
                    a[i].movement == b[i].movement && a[i].currency == b[i].currency &&
                    a[i].line_count == b[i].line_count;
        for (size_t k = 0; same && k < a[i].line_count; k++)
            same = same_line(&a[i].lines[k], &b[i].lines[k]);
        if (!same)
            wrong("%s is not %s", a[i].cause, b[i].cause);
    }
    if (one->entry_count != other->entry_count)
        wrong("%zu entries are not %zu", one->entry_count, other->entry_count);
}

static void same_slice(const struct ledger_slice *a, const struct ledger_slice *b)
{
    bool same = a->debt == b->debt && a->instalment == b->instalment &&
                a->currency == b->currency && a->placed_day.number == b->placed_day.number &&
                a->due_day.number == b->due_day.number &&
                memcmp(a->owed, b->owed, sizeof a->owed) == 0 &&
                memcmp(a->paid, b->paid, sizeof a->paid) == 0 &&
                a->first_change.number == b->first_change.number &&
                a->last_change.number == b->last_change.number &&
                a->last_paid.number == b->last_paid.number && a->run.minor == b->run.minor &&
                a->run.rest == b->run.rest && a->run_start.number == b->run_start.number &&
                a->run_to.number == b->run_to.number && a->run_posted == b->run_posted &&
                a->compounded == b->compounded &&
                a->compound_to.number == b->compound_to.number &&
                a->late_fees == b->late_fees && a->fees_to.number == b->fees_to.number &&
                a->terms == b->terms && a->terms_from.number == b->terms_from.number;
    if (!same)
        wrong("instalment %d.%d stands otherwise", (int)a->debt, (int)a->instalment);
}

static void same_state(const struct ledger_state *a, const struct ledger_state *b)
{
    if (a->slice_count != b->slice_count || a->wait_count != b->wait_count ||
        a->freeze_count != b->freeze_count || a->terms_count != b->terms_count ||
        a->frontier.number != b->frontier.number)
        wrong("the states differ");
    for (size_t i = 0; i < a->slice_count; i++)
        same_slice(&a->slices[i], &b->slices[i]);
    for (size_t i = 0; i < a->wait_count; i++) {
        if (a->waits[i].currency != b->waits[i].currency ||
            a->waits[i].minor != b->waits[i].minor)
            wrong("something else waits");
    }
    for (size_t i = 0; i < a->freeze_count; i++) {
        if (a->freezes[i].debt != b->freezes[i].debt ||
            a->freezes[i].from.number != b->freezes[i].from.number ||
            a->freezes[i].until.number != b->freezes[i].until.number)
            wrong("something else is frozen");
    }
    for (size_t i = 0; i < a->terms_count; i++) {
        if (a->terms[i].debt != b->terms[i].debt || a->terms[i].terms != b->terms[i].terms ||
            strcmp(a->terms[i].digest, b->terms[i].digest) != 0)
            wrong("other terms hold");
    }
}

/* ---- Entries by themselves ---- */

static void check_entry(const struct ledger_books *books, const struct ledger_entry *e)
{
    int64_t sum = 0;

    for (size_t i = 0; i < e->line_count; i++) {
        const struct ledger_line *line = &e->lines[i];
        const struct ledger_slice *slice =
            ledger_slice_find(&books->state, line->debt, line->instalment);
        sum += line->minor;
        if (line->debt != 0 && h.debts[line->debt].currency != e->currency)
            wrong("%s mixes currencies", e->cause);
        if (slice != NULL && slice->currency != e->currency)
            wrong("%s mixes currencies", e->cause);
    }
    if (sum != 0 || e->line_count == 0)
        wrong("%s adds up to %lld", e->cause, (long long)sum);
}

/* Of one instalment, or of all (debt 0) in a currency. */
static int64_t account(const struct ledger_books *books, const char *name, int32_t debt,
                       int32_t instalment, enum currency currency)
{
    int64_t sum = 0;

    for (size_t i = 0; i < books->entry_count; i++) {
        const struct ledger_entry *e = &books->entries[i];
        for (size_t k = 0; e->currency == currency && k < e->line_count; k++) {
            const struct ledger_line *line = &e->lines[k];
            if (strcmp(line->account, name) == 0 &&
                (debt == 0 || (line->debt == debt && line->instalment == instalment)))
                sum += line->minor;
        }
    }
    return sum;
}

static void check_currency(const struct ledger_books *books, enum currency currency)
{
    int64_t cash = 0;

    for (size_t i = 0; i < h.count; i++) {
        const struct movement *m = &h.moves[i];
        if (m->currency != currency)
            continue;
        if (m->kind == MOVEMENT_PAYMENT)
            cash += m->minor;
        if (m->kind == MOVEMENT_REFUND)
            cash -= m->minor;
    }
    if (account(books, "cash", 0, 0, currency) != cash)
        wrong("the cash is not what was paid less what was given back");
    if (account(books, "unapplied", 0, 0, currency) != -ledger_waiting(&books->state, currency))
        wrong("what is not applied is not what waits");
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        int64_t all = 0;
        for (size_t i = 0; i < books->state.slice_count; i++) {
            const struct ledger_slice *s = &books->state.slices[i];
            all += s->currency == currency ? s->owed[c] - s->paid[c] : 0;
        }
        if (account(books, component_name((enum component)c), 0, 0, currency) != all)
            wrong("the account %s is not what is open", component_name((enum component)c));
    }
}

static void check_books(const struct ledger_books *books)
{
    const struct ledger_state *state = &books->state;

    for (size_t i = 0; i < books->entry_count; i++)
        check_entry(books, &books->entries[i]);
    for (size_t i = 0; i < COUNT(currencies); i++)
        check_currency(books, currencies[i]);
    for (size_t i = 0; i < state->slice_count; i++) {
        const struct ledger_slice *s = &state->slices[i];
        for (int c = 0; c < COMPONENT_COUNT; c++) {
            if (s->paid[c] < 0 || s->owed[c] < s->paid[c])
                wrong("%s of %d.%d: %lld is owed, %lld paid", component_name((enum component)c),
                      (int)s->debt, (int)s->instalment, (long long)s->owed[c],
                      (long long)s->paid[c]);
            if (h.count < 1000 &&
                account(books, component_name((enum component)c), s->debt, s->instalment,
                        s->currency) != s->owed[c] - s->paid[c])
                wrong("the lines of %d.%d are not what is open", (int)s->debt,
                      (int)s->instalment);
        }
    }
}

/* When a month is over all of its interest is posted. */
static void check_month_end(void)
{
    struct ledger_books books;
    int32_t today = some_day();

    while (date_of_day((struct day){ today }).day != 1)
        today++;
    ledger_empty(&books, &arena);
    taken += h.count;
    if (!ledger_as_of(&books, copied(h.moves, h.count), h.count, (struct day){ today - 1 },
                      &why))
        wrong("%s", why.text);
    run_on(&books, NULL, 0, today);
    for (size_t i = 0; i < books.state.slice_count; i++) {
        struct ledger_slice *s = &books.state.slices[i];
        struct ledger_balance balance;
        if (!ledger_slice_balance(&books.state, s, (struct day){ today - 1 }, &balance, &why))
            wrong("%s", why.text);
        if (balance.open[COMPONENT_INTEREST] !=
            s->owed[COMPONENT_INTEREST] - s->paid[COMPONENT_INTEREST])
            wrong("interest of %d.%d is not posted", (int)s->debt, (int)s->instalment);
    }
}

/* ---- Against the naive books ---- */

static struct movement by_day[COUNT(h.moves)];

static int in_order(const void *left, const void *right)
{
    const struct movement *a = left, *b = right;

    if (a->day.number != b->day.number)
        return a->day.number < b->day.number ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    int order = strcmp(a->reference, b->reference);
    if (order == 0)
        order = a->debt - b->debt;
    return order != 0 ? order : a->instalment - b->instalment;
}

/* A charge or correction that is dated before its debt counts from the day of the debt. */
static void count_from_debt(struct movement *m)
{
    int32_t first = INT32_MAX;

    if (m->kind != MOVEMENT_CHARGE && m->kind != MOVEMENT_ADJUST)
        return;
    for (size_t i = 0; i < h.count; i++) {
        const struct movement *p = &h.moves[i];
        if (p->kind == MOVEMENT_PLACED && p->debt == m->debt &&
            (m->instalment == 0 || p->instalment == m->instalment) && p->day.number < first)
            first = p->day.number;
    }
    m->day.number = m->day.number < first ? first : m->day.number;
}

static void sort_by_day(void)
{
    memcpy(by_day, h.moves, sizeof by_day[0] * h.count);
    for (size_t i = 0; i < h.count; i++)
        count_from_debt(&by_day[i]);
    qsort(by_day, h.count, sizeof by_day[0], in_order);
}

static void compare_slice(const struct ledger_books *books, const struct naive_slice *s,
                          int32_t day)
{
    const struct ledger_slice *slice = ledger_slice_find(&books->state, s->debt, s->instalment);
    struct ledger_balance balance;
    char text[DAY_TEXT];

    if (slice == NULL)
        wrong("%d.%d is missing", (int)s->debt, (int)s->instalment);
    if (!ledger_slice_balance(&books->state, slice, (struct day){ day }, &balance, &why))
        wrong("%s", why.text);
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        if (balance.open[c] != naive_open(s, c))
            wrong("%s of %d.%d on %s: %lld, naively %lld", component_name((enum component)c),
                  (int)s->debt, (int)s->instalment, day_print((struct day){ day }, text),
                  (long long)balance.open[c], (long long)naive_open(s, c));
    }
}

static void compare(const struct naive *n, int32_t day)
{
    struct ledger_books books;

    ledger_empty(&books, &arena);
    taken += h.count;
    if (!ledger_as_of(&books, copied(h.moves, h.count), h.count, (struct day){ day }, &why))
        wrong("%s", why.text);
    if (books.state.slice_count != n->count)
        wrong("%zu instalments, naively %zu", books.state.slice_count, n->count);
    for (size_t i = 0; i < n->count; i++)
        compare_slice(&books, &n->slices[i], day);
    for (size_t i = 0; i < COUNT(currencies); i++) {
        if (ledger_waiting(&books.state, currencies[i]) != n->waits[currencies[i]])
            wrong("%lld waits, naively %lld",
                  (long long)ledger_waiting(&books.state, currencies[i]),
                  (long long)n->waits[currencies[i]]);
    }
}

static void check_naive(void)
{
    static struct naive n;
    int32_t length = h.last - h.first + 80;
    uint32_t every = h.count > 1000 ? 600 : (uint32_t)length / 6;
    size_t at = 0;

    n = (struct naive){ 0 };
    for (int32_t day = h.first - 1; day < h.first + length; day++) {
        size_t begin = at;
        while (at < h.count && by_day[at].day.number == day)
            at++;
        naive_day(&n, day, &by_day[begin], at - begin);
        if (once_in(every))
            compare(&n, day);
    }
    compare(&n, h.first + length - 1);
    must(at == h.count);
}

/* ---- Against itself ---- */

static void check_shuffled(const struct ledger_books *whole, int32_t today)
{
    struct movement *moves = copied(h.moves, h.count);
    struct ledger_books books;

    for (size_t i = h.count; i > 1; i--) {
        size_t k = any((uint32_t)i);
        struct movement swap = moves[k];
        moves[k] = moves[i - 1];
        moves[i - 1] = swap;
    }
    run(&books, moves, h.count, today);
    same_entries(&books, whole);
    same_state(&books.state, &whole->state);
}

/* As it would be read back from where it is kept. */
static void read_back(const struct ledger_books *from, struct ledger_books *to)
{
    const struct ledger_state *s = &from->state;

    ledger_empty(to, &arena);
    to->state = *s;
    to->state.slices = arena_array(&arena, struct ledger_slice, s->slice_count + 1);
    to->state.freezes = arena_array(&arena, struct ledger_freeze, s->freeze_count + 1);
    to->state.terms = arena_array(&arena, struct ledger_terms, s->terms_count + 1);
    to->state.slice_room = s->slice_count;
    to->state.freeze_room = s->freeze_count;
    to->state.terms_room = s->terms_count;
    for (size_t i = 0; i < s->slice_count; i++) {
        to->state.slices[i] = s->slices[i];
        to->state.slices[i].terms = NULL;
    }
    for (size_t i = 0; i < s->freeze_count; i++)
        to->state.freezes[i] = s->freezes[i];
    for (size_t i = 0; i < s->terms_count; i++)
        to->state.terms[i] = s->terms[i];
    ledger_bind(&to->state);
}

static void append(struct ledger_books *all, const struct ledger_books *more)
{
    for (size_t i = 0; i < more->entry_count; i++)
        *arena_push(&arena, all->entries, all->entry_count, all->entry_room) = more->entries[i];
}

/*
 * Some days of movements at a time. Time may have run beyond the next ones, as long as they
 * are later than the frontier: that is all a caller looks at.
 */
static void check_pieces(const struct ledger_books *whole, int32_t today)
{
    uint32_t most = h.count > 1000 ? 400 : 1 + any(12);
    struct ledger_books all, next, before;

    ledger_empty(&all, &arena);
    ledger_empty(&before, &arena);
    for (size_t at = 0; at < h.count;) {
        size_t end = at + 1 + any(most);
        while (end < h.count && by_day[end].day.number == by_day[end - 1].day.number)
            end++;
        end = end < h.count ? end : h.count;
        int32_t limit = end < h.count ? by_day[end].day.number : today;
        int32_t to = end < h.count ? limit + between(-5, 20) : today;
        read_back(&before, &next);
        run_on(&next, &by_day[at], end - at, to);
        if (end < h.count && next.state.frontier.number >= limit) {
            read_back(&before, &next);
            run_on(&next, &by_day[at], end - at, limit - 1);
            if (next.state.frontier.number >= limit)
                wrong("the frontier is later than today");
        }
        append(&all, &next);
        before = next;
        at = end;
    }
    all.state = before.state;
    same_entries(&all, whole);
    same_state(&all.state, &whole->state);
}

/* One at a time on the same books, which keep what they know of open instalments. */
static void check_one_by_one(const struct ledger_books *whole, int32_t today)
{
    struct ledger_books books;

    ledger_empty(&books, &arena);
    for (size_t at = 0, end; at < h.count; at = end) {
        for (end = at + 1; end < h.count && by_day[end].day.number == by_day[at].day.number;)
            end++;
        run_on(&books, &by_day[at], end - at, by_day[at].day.number);
    }
    run_on(&books, NULL, 0, today);
    same_entries(&books, whole);
    same_state(&books.state, &whole->state);
}

static int64_t total_of(const struct movement *moves, size_t count, int32_t day)
{
    struct ledger_books books;
    int64_t total = 0;

    ledger_empty(&books, &arena);
    taken += count;
    if (!ledger_as_of(&books, copied(moves, count), count, (struct day){ day }, &why))
        wrong("%s", why.text);
    for (size_t i = 0; i < books.state.slice_count; i++) {
        struct ledger_balance balance;
        if (!ledger_slice_balance(&books.state, &books.state.slices[i], (struct day){ day },
                                  &balance, &why))
            wrong("%s", why.text);
        total += balance_total(&balance);
    }
    return total;
}

/*
 * One more payment never means that more is owed, on its day or later, but for a minor unit of
 * each instalment: interest below one is carried on when all of it is paid, and then 0.4 that
 * were rounded away come back, or 0.6 that were rounded up do not.
 */
static void check_payment_helps(void)
{
    struct movement *moves = copied(h.moves, h.count);

    for (int i = 0; i < 3; i++) {
        struct movement *m = add(MOVEMENT_PAYMENT, some_day());
        aim(m);
        m->minor = some_minor();
        int32_t day = m->day.number + between(0, 200);
        size_t with = h.count--;
        if (total_of(h.moves, with, day) >
            total_of(moves, with - 1, day) + DEBTS_MOST * PARTS_MOST)
            wrong("more is owed after a payment");
    }
}

/* ---- All of it ---- */

static void check_history(uint64_t seed, size_t count)
{
    struct ledger_books whole;

    make_history(seed, count);
    int32_t today = h.last + between(0, 70);
    sort_by_day();
    run(&whole, h.moves, h.count, today);
    check_books(&whole);
    check_naive();
    check_month_end();
    check_shuffled(&whole, today);
    check_pieces(&whole, today);
    if (count < 1000)
        check_one_by_one(&whole, today);
    if (h.plain && count < 1000)
        check_payment_helps();
}

/* One seed makes one size, so that it can be run alone. */
static size_t size_of(uint64_t seed)
{
    if (seed % 300 == 1)
        return MOST;
    return seed % 50 == 2 ? 400 : 5 + (size_t)(seed % 60);
}

static void random_histories(void **state)
{
    size_t files = 0, large = 0;

    (void)state;
    if (only != 0) {
        check_history(only, size_of(only));
        return;
    }
    for (uint64_t seed = 1; taken < ENOUGH; seed++) {
        check_history(seed, size_of(seed));
        files++;
        large += size_of(seed) == MOST;
    }
    print_message("%zu case files, %zu of them with %d movements; %zu movements taken\n", files,
                  large, MOST, taken);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(random_histories) };

    only = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
