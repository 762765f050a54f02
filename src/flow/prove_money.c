/* Prove: entries, instalments and payments. */
#include "flow/prove_parts.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>

enum { NEVER_DAY = 99999999, CURRENCIES_IN_ENTRY = 16 };

/* A line of the account principal. */
struct principal {
    int64_t casefile_id, debt, instalment, day, minor;
    bool payment; /* its entry moves cash or unapplied money */
};

/* The entry being read. */
struct entry {
    int64_t casefile_id, number;
    bool payment;
    size_t first; /* of its lines among the principal ones */
    size_t currency_count;
    int64_t currencies[CURRENCIES_IN_ENTRY], sums[CURRENCIES_IN_ENTRY];
};

struct money_proof {
    struct proof *proof;
    struct entry entry;
    struct principal *lines;
    size_t count, room;
};

static void entry_end(struct money_proof *m)
{
    struct entry *e = &m->entry;

    if (e->number == 0)
        return;
    m->proof->counts[CHECK_ENTRIES]++;
    for (size_t i = 0; i < e->currency_count; i++) {
        if (e->sums[i] != 0)
            prove_find(m->proof, CHECK_ENTRIES, "0",
                       prove_text(m->proof, "%" PRId64, e->sums[i]),
                       "case file %" PRId64 ", entry %" PRId64 ", currency %" PRId64,
                       e->casefile_id, e->number, e->currencies[i]);
    }
    for (size_t i = e->first; i < m->count; i++)
        m->lines[i].payment = e->payment;
}

static void entry_sum(struct money_proof *m, int64_t currency, int64_t minor)
{
    struct entry *e = &m->entry;
    size_t i = 0;

    while (i < e->currency_count && e->currencies[i] != currency)
        i++;
    if (i == e->currency_count) {
        if (i == CURRENCIES_IN_ENTRY) {
            prove_find(m->proof, CHECK_ENTRIES, "few currencies", "more than 16",
                       "case file %" PRId64 ", entry %" PRId64, e->casefile_id, e->number);
            return;
        }
        e->currencies[e->currency_count++] = currency;
    }
    if (__builtin_add_overflow(e->sums[i], minor, &e->sums[i]))
        prove_find(m->proof, CHECK_ENTRIES, "0", "a sum beyond 64 bits",
                   "case file %" PRId64 ", entry %" PRId64, e->casefile_id, e->number);
}

static void posting_take(struct money_proof *m, struct query *q)
{
    int64_t casefile_id = row_int(q, 0), number = row_int(q, 1), minor = row_int(q, 7);
    const char *account = row_text(q, 2);

    if (casefile_id != m->entry.casefile_id || number != m->entry.number) {
        entry_end(m);
        m->entry =
            (struct entry){ .casefile_id = casefile_id, .number = number, .first = m->count };
    }
    if (text_equal(account, "cash") || text_equal(account, "unapplied"))
        m->entry.payment = true;
    if (text_equal(account, "principal")) {
        struct principal *p = arena_push(&m->proof->arena, m->lines, m->count, m->room);
        *p = (struct principal){ .casefile_id = casefile_id,
                                 .debt = row_int(q, 3),
                                 .instalment = row_int(q, 4),
                                 .day = row_int(q, 5),
                                 .minor = minor };
    }
    entry_sum(m, row_int(q, 6), minor);
}

static int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_place(const struct principal *a, const struct principal *b)
{
    int order = compare_int(a->casefile_id, b->casefile_id);

    if (order == 0)
        order = compare_int(a->debt, b->debt);
    return order != 0 ? order : compare_int(a->instalment, b->instalment);
}

static int compare_lines(const void *left, const void *right)
{
    const struct principal *a = left, *b = right;
    int order = compare_place(a, b);

    return order != 0 ? order : compare_int(a->day, b->day);
}

/* What the postings of one instalment say. */
struct truth {
    int64_t amount, paid, first, last;
};

/* Days on which as much was taken back as was paid do not count. */
static struct truth truth_of(const struct principal lines[], size_t count)
{
    struct truth t = { .first = NEVER_DAY, .last = NEVER_DAY };
    int64_t on_day = 0;

    for (size_t i = 0; i < count; i++) {
        if (!lines[i].payment) {
            t.amount += lines[i].minor;
        } else {
            t.paid -= lines[i].minor;
            on_day += lines[i].minor;
        }
        bool day_ends = i + 1 == count || lines[i + 1].day != lines[i].day;
        if (day_ends && on_day != 0) {
            t.first = t.first == NEVER_DAY ? lines[i].day : t.first;
            t.last = lines[i].day;
        }
        on_day = day_ends ? 0 : on_day;
    }
    return t;
}

static const char *truth_text(struct proof *p, const struct truth *t)
{
    return prove_text(p,
                      "amount %" PRId64 ", paid %" PRId64 ", first %" PRId64 ", last %" PRId64,
                      t->amount, t->paid, t->first, t->last);
}

static void instalment_check(struct money_proof *m, struct query *q,
                             const struct principal lines[], size_t count)
{
    struct truth expected = truth_of(lines, count);
    struct truth found = { row_int(q, 3), row_int(q, 4), row_int(q, 5), row_int(q, 6) };

    m->proof->counts[CHECK_INSTALMENTS]++;
    if (expected.amount == found.amount && expected.paid == found.paid &&
        expected.first == found.first && expected.last == found.last)
        return;
    prove_find(m->proof, CHECK_INSTALMENTS, truth_text(m->proof, &expected),
               truth_text(m->proof, &found),
               "case file %" PRId64 ", debt %" PRId64 ", instalment %" PRId64, row_int(q, 0),
               row_int(q, 1), row_int(q, 2));
}

static void orphan_find(struct money_proof *m, const struct principal *line)
{
    prove_find(m->proof, CHECK_INSTALMENTS, "an instalment", "a posting to none",
               "case file %" PRId64 ", debt %" PRId64 ", instalment %" PRId64,
               line->casefile_id, line->debt, line->instalment);
}

/* Both the lines and the rows are in the order of the keys. */
static bool instalments_check(struct money_proof *m)
{
    struct query q = prove_begin(m->proof, Q_PROVE_INSTALMENTS);
    size_t at = 0;

    while (query_next(&q)) {
        struct principal key = { .casefile_id = row_int(&q, 0),
                                 .debt = row_int(&q, 1),
                                 .instalment = row_int(&q, 2) };
        size_t end;
        for (; at < m->count && compare_place(&m->lines[at], &key) < 0; at++)
            orphan_find(m, &m->lines[at]);
        for (end = at; end < m->count && compare_place(&m->lines[end], &key) == 0; end++)
            continue;
        instalment_check(m, &q, m->lines + at, end - at);
        at = end;
    }
    for (; at < m->count; at++)
        orphan_find(m, &m->lines[at]);
    return query_end(&q, m->proof->why);
}

bool prove_money(struct proof *p)
{
    struct money_proof m = { .proof = p };
    struct query q = prove_begin(p, Q_PROVE_POSTINGS);

    while (query_next(&q))
        posting_take(&m, &q);
    entry_end(&m);
    if (!query_end(&q, p->why))
        return false;
    if (m.count > 0)
        qsort(m.lines, m.count, sizeof *m.lines, compare_lines);
    return instalments_check(&m);
}

static void payment_check(struct proof *p, struct query *q)
{
    const char *state = row_text(q, 2), *cash = row_text(q, 5);
    int64_t entry = row_int(q, 4);

    if (text_equal(state, "pending") && entry != 0)
        prove_find(p, CHECK_PAYMENTS, "entry 0 while it is pending",
                   prove_text(p, "entry %" PRId64, entry),
                   "case file %" PRId64 ", payment %" PRId64, row_int(q, 0), row_int(q, 1));
    if (text_equal(state, "settled") &&
        (entry == 0 || cash == NULL || row_int(q, 5) != row_int(q, 3)))
        prove_find(p, CHECK_PAYMENTS,
                   prove_text(p, "an entry with cash of %" PRId64, row_int(q, 3)),
                   cash == NULL ? "none" : prove_text(p, "cash of %s", cash),
                   "case file %" PRId64 ", payment %" PRId64, row_int(q, 0), row_int(q, 1));
}

bool prove_payments(struct proof *p)
{
    struct query q = prove_begin(p, Q_PROVE_PAYMENTS);

    while (query_next(&q)) {
        p->counts[CHECK_PAYMENTS]++;
        payment_check(p, &q);
    }
    return query_end(&q, p->why);
}
