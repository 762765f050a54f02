/* Prove: entries, instalments and payments. */
#include "flow/prove_parts.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CURRENCIES_IN_ENTRY = 16 };

/* A line of what is owed of an instalment. */
struct owed_line {
    int64_t casefile_id, debt, instalment, minor;
    bool principal;
};

/* The entry being read. */
struct entry {
    int64_t casefile_id, number;
    size_t currency_count;
    int64_t currencies[CURRENCIES_IN_ENTRY], sums[CURRENCIES_IN_ENTRY];
};

struct money_proof {
    struct proof *proof;
    struct entry entry;
    struct owed_line *lines;
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

static bool is_owed(const char *account)
{
    return text_equal(account, "principal") || text_equal(account, "interest") ||
           text_equal(account, "fees") || text_equal(account, "costs");
}

static void posting_take(struct money_proof *m, struct query *q)
{
    int64_t casefile_id = row_int(q, 0), number = row_int(q, 1), minor = row_int(q, 7);
    const char *account = row_text(q, 2);

    if (casefile_id != m->entry.casefile_id || number != m->entry.number) {
        entry_end(m);
        m->entry = (struct entry){ .casefile_id = casefile_id, .number = number };
    }
    if (is_owed(account)) {
        *arena_push(&m->proof->arena, m->lines, m->count, m->room) =
            (struct owed_line){ .casefile_id = casefile_id,
                                .debt = row_int(q, 3),
                                .instalment = row_int(q, 4),
                                .minor = minor,
                                .principal = text_equal(account, "principal") };
    }
    entry_sum(m, row_int(q, 6), minor);
}

static int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_lines(const void *left, const void *right)
{
    const struct owed_line *a = left, *b = right;
    int order = compare_int(a->casefile_id, b->casefile_id);

    if (order == 0)
        order = compare_int(a->debt, b->debt);
    return order != 0 ? order : compare_int(a->instalment, b->instalment);
}

/* The row of an instalment, and what its lines say is open. */
static void instalment_check(struct money_proof *m, struct query *q,
                             const struct owed_line lines[], size_t count)
{
    int64_t principal = 0, charges = 0;
    int64_t found = row_int(q, 3) - row_int(q, 4), found_charges = row_int(q, 5);

    for (size_t i = 0; i < count; i++)
        *(lines[i].principal ? &principal : &charges) += lines[i].minor;
    m->proof->counts[CHECK_INSTALMENTS]++;
    if (principal == found && charges == found_charges)
        return;
    prove_find(m->proof, CHECK_INSTALMENTS,
               prove_text(m->proof, "open %" PRId64 ", charges %" PRId64, principal, charges),
               prove_text(m->proof, "open %" PRId64 ", charges %" PRId64, found, found_charges),
               "case file %" PRId64 ", debt %" PRId64 ", instalment %" PRId64, row_int(q, 0),
               row_int(q, 1), row_int(q, 2));
}

static void orphan_find(struct money_proof *m, const struct owed_line *line)
{
    prove_find(m->proof, CHECK_INSTALMENTS, "an instalment", "a posting to none",
               "case file %" PRId64 ", debt %" PRId64 ", instalment %" PRId64,
               line->casefile_id, line->debt, line->instalment);
}

/* Both the lines and the rows are in the order of the keys. */
static bool instalments_check(struct money_proof *m)
{
    struct query q = prove_begin(m->proof, Q_PROVE_OPEN);
    size_t at = 0;

    while (query_next(&q)) {
        struct owed_line key = { .casefile_id = row_int(&q, 0),
                                 .debt = row_int(&q, 1),
                                 .instalment = row_int(&q, 2) };
        size_t end;
        for (; at < m->count && compare_lines(&m->lines[at], &key) < 0; at++)
            orphan_find(m, &m->lines[at]);
        for (end = at; end < m->count && compare_lines(&m->lines[end], &key) == 0; end++)
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
    bool settled = text_equal(row_text(q, 2), "settled");
    int64_t minor = settled ? row_int(q, 3) : 0;

    if (row_int(q, 4) != minor)
        prove_find(p, CHECK_PAYMENTS, prove_text(p, "%" PRId64 " moved", minor),
                   prove_text(p, "%" PRId64, row_int(q, 4)),
                   "case file %" PRId64 ", payment %" PRId64, row_int(q, 0), row_int(q, 1));
    if (row_int(q, 5) != row_int(q, 6))
        prove_find(p, CHECK_PAYMENTS, prove_text(p, "%" PRId64 " refunded", row_int(q, 6)),
                   prove_text(p, "%" PRId64, row_int(q, 5)),
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
