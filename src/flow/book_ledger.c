/*
 * Book: from movements to entries and instalments.
 *
 * What comes after all that is in the books is added to them as they are packed. Anything else
 * (dated back, ended) makes them again from every movement; what was posted otherwise before is
 * taken back by new entries, and nothing is ever changed.
 */
#include "flow/book_parts.h"

#include "base/sort.h"
#include "flow/fold.h"
#include "flow/movements.h"
#include "flow/terms_kept.h"
#include "store/books.h"

#include <string.h>

/* What lists say of it: of the currency of which most is open, and the first due day of any. */
struct open_now {
    enum currency currency;
    int64_t minor;
    struct day since;
};

struct settling {
    struct book *b;
    struct open_file *f;
    struct arena *a;
    struct day today;
    struct ledger_books books;
    struct open_now before; /* what the row of the case file says */
    struct fault *why;
};

/* ---- Posting ---- */

static bool line_write(struct settling *s, int32_t entry, int32_t line,
                       const struct ledger_entry *e, const struct ledger_line *l,
                       int32_t takes_back)
{
    struct query q = query_begin(s->b->store, Q_POSTING_ADD);

    bind_key(&q, s->f->key);
    bind_int(&q, entry);
    bind_int(&q, line);
    bind_int(&q, e->day.number);
    bind_int(&q, s->b->now.us);
    bind_text(&q, e->cause);
    bind_int(&q, takes_back);
    bind_text(&q, l->account);
    bind_int(&q, l->debt);
    bind_int(&q, l->instalment);
    bind_int(&q, e->currency);
    bind_int(&q, takes_back != 0 ? -l->minor : l->minor);
    return query_run(&q, s->why);
}

/* takes_back: the number of the entry whose lines these are; 0: they are its own. */
static bool entry_write(struct settling *s, const struct ledger_entry *e, int32_t takes_back)
{
    int32_t number = ++s->f->last_no;

    for (size_t i = 0; i < e->line_count; i++) {
        if (!line_write(s, number, (int32_t)i + 1, e, &e->lines[i], takes_back))
            return false;
    }
    return true;
}

/* ---- Entries that stand, and those that ought to ---- */

struct standing_entry {
    int32_t number;
    struct ledger_entry entry;
};

static bool load_standing(struct settling *s, struct standing_entry **out, size_t *count)
{
    struct query q = query_begin(s->b->store, Q_ENTRIES_STANDING);
    size_t room = 0, line_room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, s->f->key);
    while (query_next(&q)) {
        int32_t number = (int32_t)row_int(&q, 0);
        if (*count == 0 || (*out)[*count - 1].number != number) {
            struct standing_entry *e = arena_push(s->a, *out, *count, room);
            *e = (struct standing_entry){ number,
                                          { .cause = row_copy(&q, 1, s->a),
                                            .day = { (int32_t)row_int(&q, 2) },
                                            .currency = (enum currency)row_int(&q, 3) } };
            line_room = 0;
        }
        struct ledger_entry *e = &(*out)[*count - 1].entry;
        *arena_push(s->a, e->lines, e->line_count, line_room) =
            (struct ledger_line){ row_copy(&q, 4, s->a), (int32_t)row_int(&q, 5),
                                  (int32_t)row_int(&q, 6), row_int(&q, 7) };
    }
    return query_end(&q, s->why);
}

static int compare_standing(const void *left, const void *right)
{
    const struct standing_entry *a = left, *b = right;

    return strcmp(a->entry.cause, b->entry.cause);
}

static int compare_cause(const void *left, const void *right)
{
    const struct ledger_entry *a = *(const struct ledger_entry *const *)left;
    const struct ledger_entry *b = *(const struct ledger_entry *const *)right;

    return strcmp(a->cause, b->cause);
}

static bool same_entry(const struct ledger_entry *a, const struct ledger_entry *b)
{
    if (a->day.number != b->day.number || a->currency != b->currency ||
        a->line_count != b->line_count)
        return false;
    for (size_t i = 0; i < a->line_count; i++) {
        const struct ledger_line *x = &a->lines[i], *y = &b->lines[i];
        if (!text_equal(x->account, y->account) || x->debt != y->debt ||
            x->instalment != y->instalment || x->minor != y->minor)
            return false;
    }
    return true;
}

/* Takes back what must not stand; marks what stands as it ought to by clearing its lines. */
static bool take_back(struct settling *s, struct standing_entry *standing, size_t count,
                      struct ledger_entry **wanted, size_t wanted_count)
{
    size_t w = 0;

    for (size_t i = 0; i < count; i++) {
        int order = 1;
        while (w < wanted_count &&
               (order = strcmp(wanted[w]->cause, standing[i].entry.cause)) < 0)
            w++;
        if (w < wanted_count && order == 0 && same_entry(wanted[w], &standing[i].entry)) {
            wanted[w]->line_count = 0;
            continue;
        }
        if (!entry_write(s, &standing[i].entry, standing[i].number))
            return false;
    }
    return true;
}

static bool post_difference(struct settling *s)
{
    struct ledger_books *books = &s->books;
    struct standing_entry *standing;
    size_t count;

    if (!load_standing(s, &standing, &count))
        return false;
    struct ledger_entry **wanted = arena_array(s->a, struct ledger_entry *, books->entry_count);
    for (size_t i = 0; i < books->entry_count; i++)
        wanted[i] = &books->entries[i];
    sort_array(standing, count, sizeof *standing, compare_standing);
    sort_array(wanted, books->entry_count, sizeof(struct ledger_entry *), compare_cause);
    return take_back(s, standing, count, wanted, books->entry_count);
}

static bool post_entries(struct settling *s)
{
    for (size_t i = 0; i < s->books.entry_count; i++) {
        if (s->books.entries[i].line_count > 0 && !entry_write(s, &s->books.entries[i], 0))
            return false;
    }
    return true;
}

/* ---- Instalments and the packed state ---- */

static bool slice_write(struct settling *s, const struct ledger_slice *slice, int64_t disputed)
{
    struct query q = query_begin(s->b->store, Q_INSTALMENT_PUT);

    bind_key(&q, s->f->key);
    bind_int(&q, slice->debt);
    bind_int(&q, slice->instalment);
    bind_int(&q, slice->due_day.number);
    bind_int(&q, slice->owed[COMPONENT_PRINCIPAL]);
    bind_int(&q, slice->paid[COMPONENT_PRINCIPAL]);
    bind_int(&q, slice->first_change.number);
    bind_int(&q, slice->last_change.number);
    bind_int(&q, slice->last_paid.number);
    bind_int(&q, slice_charges(slice));
    bind_int(&q, slice->terms->grace_days);
    bind_int(&q, disputed);
    return query_run(&q, s->why);
}

/* What is contested of one may follow from what was paid on another. */
static bool write_slices(struct settling *s)
{
    const struct contested *c = ledger_contested(&s->books.state, s->a, s->today, true);

    for (size_t i = 0; i < s->books.state.slice_count; i++) {
        struct ledger_slice *slice = &s->books.state.slices[i];
        if ((slice->changed || c != NULL) &&
            !slice_write(s, slice, c == NULL ? 0 : contested_total(&c[i])))
            return false;
        slice->changed = false;
    }
    return true;
}

static int64_t slice_all_open(const struct ledger_slice *slice)
{
    return slice_open(slice, COMPONENT_PRINCIPAL) + slice_charges(slice);
}

static void open_add(struct open_now sums[LEDGER_CURRENCIES], size_t *count,
                     enum currency currency, int64_t minor)
{
    size_t i = 0;

    while (i < *count && sums[i].currency != currency)
        i++;
    if (i == LEDGER_CURRENCIES)
        return;
    if (i == *count)
        sums[(*count)++] = (struct open_now){ .currency = currency };
    sums[i].minor += minor;
}

static struct open_now open_now_of(const struct ledger_state *state)
{
    struct open_now sums[LEDGER_CURRENCIES], open = { CURRENCY_NONE, 0, DAY_NEVER };
    size_t count = 0;

    for (size_t i = 0; i < state->slice_count; i++) {
        const struct ledger_slice *slice = &state->slices[i];
        int64_t minor = slice_all_open(slice);
        if (minor == 0)
            continue;
        open_add(sums, &count, slice->currency, minor);
        if (slice->due_day.number < open.since.number)
            open.since = slice->due_day;
    }
    for (size_t i = 0; i < count; i++) {
        if (sums[i].minor > open.minor ||
            (sums[i].minor == open.minor && sums[i].currency < open.currency)) {
            open.currency = sums[i].currency;
            open.minor = sums[i].minor;
        }
    }
    return open;
}

static bool write_books(struct settling *s)
{
    const struct open_now now = open_now_of(&s->books.state), *before = &s->before;
    bool same = now.currency == before->currency && now.minor == before->minor &&
                now.since.number == before->since.number;
    struct text packed = { 0 };

    books_pack(&s->books.state, s->today, &packed);
    struct query q = query_begin(s->b->store, same ? Q_BOOKS_ONLY_PUT : Q_BOOKS_PUT);
    bind_blob(&q, text_of(&packed), packed.length);
    bind_int(&q, ledger_next_day(&s->books.state, s->today).number);
    bind_int(&q, s->f->last_no);
    if (!same) {
        bind_int(&q, now.currency);
        bind_int(&q, now.minor);
        bind_int(&q, now.since.number);
    }
    bind_key(&q, s->f->key);
    bool done = query_run(&q, s->why);
    text_free(&packed);
    return done;
}

/* ---- Settling ---- */

static bool bind_terms(struct settling *s)
{
    struct ledger_state *state = &s->books.state;

    for (size_t i = 0; i < state->terms_count; i++) {
        if (!terms_kept(s->b->store, state->terms[i].digest, &state->terms[i].terms, s->why))
            return false;
    }
    ledger_bind(state);
    return true;
}

/* *found: there are packed books. Time never runs backwards in them. */
static bool read_books(struct settling *s, bool *found)
{
    struct query q = query_begin(s->b->store, Q_BOOKS_GET);
    struct day settled;
    size_t length;

    *found = false;
    bind_key(&q, s->f->key);
    if (query_next(&q)) {
        const void *bytes = row_blob(&q, 0, &length);
        *found = books_unpack(bytes, length, s->a, &s->books.state, &settled);
        s->before = (struct open_now){ (enum currency)row_int(&q, 1),
                                       row_int(&q, 2),
                                       { (int32_t)row_int(&q, 3) } };
    }
    if (!query_end(&q, s->why))
        return false;
    if (*found && settled.number > s->today.number)
        s->today = settled;
    return !*found || bind_terms(s);
}

static bool all_fit(const struct book_file *file, const struct ledger_state *state)
{
    for (size_t i = 0; i < file->move_count; i++) {
        if (!ledger_fits(state, &file->moves[i]))
            return false;
    }
    return true;
}

static bool add_moves(struct settling *s)
{
    struct book_file *file = s->b->file;

    for (size_t i = 0; i < file->move_count; i++) {
        struct movement *m = &file->moves[i];
        if (m->kind == MOVEMENT_TERMS &&
            !terms_kept(s->b->store, m->reference, &m->terms, s->why))
            return false;
    }
    return ledger_run(&s->books, file->moves, file->move_count, s->today, s->why);
}

static bool make_again(struct settling *s)
{
    struct movement *moves;
    size_t count;

    ledger_empty(&s->books, s->a);
    return movements_known(s->b->store, s->a, s->f->key, INSTANT_NEVER, &moves, &count,
                           s->why) &&
           ledger_run(&s->books, moves, count, s->today, s->why) && post_difference(s);
}

static bool settle(struct settling *s)
{
    struct book_file *file = s->b->file;
    bool found = false;

    ledger_empty(&s->books, s->a);
    if (!file->created && !read_books(s, &found))
        return false;
    s->books.entries = NULL;
    bool adds = !file->again && (found || file->created) && all_fit(file, &s->books.state);
    return (adds ? add_moves(s) : make_again(s)) && post_entries(s) && write_slices(s) &&
           write_books(s);
}

bool book_settle(struct book *b, struct fault *why)
{
    struct book_file *file = b->file;
    struct settling s = { .b = b,
                          .f = &file->is,
                          .a = &file->ledger,
                          .today = book_today(b),
                          .before = { CURRENCY_NONE, 0, DAY_NEVER },
                          .why = why };

    if (!file->known || (file->move_count == 0 && !file->again && !file->time))
        return true;
    if (!settle(&s))
        return false;
    file->created = file->again = file->time = false;
    file->moves = NULL;
    file->move_count = file->move_room = 0;
    arena_reset(&file->ledger);
    return true;
}

bool book_settle_to_now(struct book *b, struct casefile_key key, struct fault *why)
{
    struct open_file f;

    if (!book_file_load(b, key, &f, why))
        return false;
    b->file->time = true;
    return fold_due(b->store, key, why) && book_file_wake_for(b, &f, FOLLOW_NOTHING) &&
           book_settle(b, why);
}

bool book_debt_open(struct book *b, struct casefile_key key, int32_t debt, int64_t *minor,
                    struct fault *why)
{
    if (!book_settle(b, why))
        return false;
    struct query q = query_begin(b->store, Q_DEBT_OPEN);
    bind_key(&q, key);
    bind_int(&q, debt);
    *minor = query_next(&q) ? row_int(&q, 0) : 0;
    return query_end(&q, why);
}
