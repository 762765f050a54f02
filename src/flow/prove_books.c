/*
 * Prove: the books of every case file, made again from its movements, are those that stand: the
 * entries that were not taken back, the instalments, and what is packed beside the case file.
 */
#include "flow/prove_parts.h"

#include "base/text.h"
#include "flow/movements.h"
#include "store/books.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct packed_books {
    int64_t casefile_id;
    const char *bytes;
    size_t length;
};

struct line {
    const char *cause, *account;
    int64_t day, debt, instalment, currency, minor;
};

struct lines {
    size_t count, room;
    struct line *all;
};

struct books_proof {
    struct proof *proof;
    struct arena *a;
    int64_t casefile_id;
    struct ledger_books books;
};

static bool load_packed(struct proof *p, struct packed_books **out, size_t *count)
{
    struct query q = prove_begin(p, Q_PROVE_BOOKS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    while (query_next(&q)) {
        struct packed_books *b = arena_push(&p->arena, *out, *count, room);
        const void *bytes = row_blob(&q, 1, &b->length);
        b->casefile_id = row_int(&q, 0);
        b->bytes = arena_copy_n(&p->arena, bytes == NULL ? "" : bytes, b->length);
    }
    return query_end(&q, p->why);
}

static int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_lines(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    int order = strcmp(a->cause, b->cause);

    if (order == 0)
        order = compare_int(a->day, b->day);
    if (order == 0)
        order = strcmp(a->account, b->account);
    if (order == 0)
        order = compare_int(a->debt, b->debt);
    if (order == 0)
        order = compare_int(a->instalment, b->instalment);
    if (order == 0)
        order = compare_int(a->currency, b->currency);
    return order != 0 ? order : compare_int(a->minor, b->minor);
}

static void sort_lines(struct lines *l)
{
    if (l->count > 0)
        qsort(l->all, l->count, sizeof *l->all, compare_lines);
}

static bool standing_lines(struct books_proof *b, struct lines *out)
{
    struct query q = prove_begin(b->proof, Q_ENTRIES_STANDING);

    *out = (struct lines){ 0 };
    bind_int(&q, b->casefile_id);
    while (query_next(&q)) {
        *arena_push(b->a, out->all, out->count, out->room) =
            (struct line){ row_copy(&q, 1, b->a), row_copy(&q, 4, b->a), row_int(&q, 2),
                           row_int(&q, 5),        row_int(&q, 6),        row_int(&q, 3),
                           row_int(&q, 7) };
    }
    sort_lines(out);
    return query_end(&q, b->proof->why);
}

static void wanted_lines(struct books_proof *b, struct lines *out)
{
    *out = (struct lines){ 0 };
    for (size_t i = 0; i < b->books.entry_count; i++) {
        const struct ledger_entry *e = &b->books.entries[i];
        for (size_t k = 0; k < e->line_count; k++) {
            const struct ledger_line *l = &e->lines[k];
            *arena_push(b->a, out->all, out->count, out->room) =
                (struct line){ e->cause,      l->account,  e->day.number, l->debt,
                               l->instalment, e->currency, l->minor };
        }
    }
    sort_lines(out);
}

static const char *line_text(struct books_proof *b, const struct line *l)
{
    return l == NULL ? "nothing"
                     : prove_text(b->proof, "%s: %s %" PRId64, l->cause, l->account, l->minor);
}

/* One finding a case file: the others follow from the same fault as a rule. */
static bool entries_check(struct books_proof *b)
{
    struct lines stand, want;

    if (!standing_lines(b, &stand))
        return false;
    wanted_lines(b, &want);
    for (size_t i = 0; i < stand.count || i < want.count; i++) {
        const struct line *s = i < stand.count ? &stand.all[i] : NULL;
        const struct line *w = i < want.count ? &want.all[i] : NULL;
        if (s != NULL && w != NULL && compare_lines(s, w) == 0)
            continue;
        prove_find(b->proof, CHECK_BOOKS, line_text(b, w), line_text(b, s),
                   "case file %" PRId64 ", entries", b->casefile_id);
        return true;
    }
    return true;
}

static bool slice_agrees(const struct ledger_slice *slice, int64_t disputed, struct query *q)
{
    int64_t charges = 0;

    for (int i = COMPONENT_INTEREST; i < COMPONENT_COUNT; i++)
        charges += slice->owed[i] - slice->paid[i];
    return row_int(q, 2) == slice->due_day.number &&
           row_int(q, 3) == slice->owed[COMPONENT_PRINCIPAL] &&
           row_int(q, 4) == slice->paid[COMPONENT_PRINCIPAL] &&
           row_int(q, 5) == slice->first_change.number &&
           row_int(q, 6) == slice->last_change.number &&
           row_int(q, 7) == slice->last_paid.number && row_int(q, 8) == charges &&
           row_int(q, 9) == disputed && row_int(q, 10) == slice->terms->grace_days;
}

static bool instalments_check(struct books_proof *b, struct day settled)
{
    const struct ledger_state *state = &b->books.state;
    const struct contested *c = ledger_contested(state, b->a, settled, true);
    struct query q = prove_begin(b->proof, Q_PROVE_INSTALMENTS);
    size_t rows = 0;

    bind_int(&q, b->casefile_id);
    while (query_next(&q)) {
        const struct ledger_slice *slice = ledger_slice_find(
            &b->books.state, (int32_t)row_int(&q, 0), (int32_t)row_int(&q, 1));
        rows++;
        int64_t disputed =
            slice == NULL || c == NULL ? 0 : contested_total(&c[slice - state->slices]);
        if (slice == NULL || !slice_agrees(slice, disputed, &q))
            prove_find(b->proof, CHECK_BOOKS, "what its movements say", "another amount or day",
                       "case file %" PRId64 ", debt %" PRId64 ", instalment %" PRId64,
                       b->casefile_id, row_int(&q, 0), row_int(&q, 1));
    }
    if (!query_end(&q, b->proof->why))
        return false;
    if (rows != b->books.state.slice_count)
        prove_find(b->proof, CHECK_BOOKS,
                   prove_text(b->proof, "%zu instalments", b->books.state.slice_count),
                   prove_text(b->proof, "%zu", rows), "case file %" PRId64, b->casefile_id);
    return true;
}

static bool packed_check(struct books_proof *b, const struct packed_books *packed,
                         struct day settled)
{
    struct text again = { 0 };

    books_pack(&b->books.state, settled, &again);
    if (again.length != packed->length ||
        memcmp(text_of(&again), packed->bytes, packed->length) != 0)
        prove_find(b->proof, CHECK_BOOKS,
                   prove_text(b->proof, "%zu bytes packed from the movements", again.length),
                   prove_text(b->proof, "%zu other bytes", packed->length),
                   "case file %" PRId64, b->casefile_id);
    text_free(&again);
    return true;
}

/* What is wrong with one case file is a finding, and the next one is looked at. */
static bool made_again(struct books_proof *b, struct day settled)
{
    struct proof *p = b->proof;
    struct movement *moves;
    size_t count;

    ledger_empty(&b->books, b->a);
    if (movements_known(p->store, b->a, (struct casefile_key){ p->bucket, b->casefile_id },
                        INSTANT_NEVER, &moves, &count, p->why) &&
        ledger_run(&b->books, moves, count, settled, p->why))
        return true;
    if (fault_kind_of(p->why->code) != FAULT_CORRUPT && p->why->code != BAD_VALUE && p->why->code != NOT_FOUND)
        return false;
    prove_find(p, CHECK_BOOKS, "movements that can be read", p->why->text,
               "case file %" PRId64, b->casefile_id);
    *p->why = (struct fault){ 0 };
    return false;
}

static bool books_check(struct proof *p, const struct packed_books *packed, struct arena *a)
{
    struct books_proof b = { .proof = p, .a = a, .casefile_id = packed->casefile_id };
    struct ledger_state state;
    struct day settled;

    p->counts[CHECK_BOOKS]++;
    if (!books_unpack(packed->bytes, packed->length, a, &state, &settled)) {
        prove_find(p, CHECK_BOOKS, "books of this version", "other bytes", "case file %" PRId64,
                   packed->casefile_id);
        return true;
    }
    if (!made_again(&b, settled))
        return p->why->code == FAULT_NONE;
    return entries_check(&b) && instalments_check(&b, settled) && packed_check(&b, packed, settled);
}

bool prove_books(struct proof *p)
{
    struct packed_books *packed;
    struct arena a = { 0 };
    size_t count;
    bool done = load_packed(p, &packed, &count);

    for (size_t i = 0; done && i < count; i++) {
        arena_reset(&a);
        done = books_check(p, &packed[i], &a);
    }
    arena_free(&a);
    return done;
}
