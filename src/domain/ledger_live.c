/*
 * Ledger: the instalments with something open, by due day. A case file can have thousands that
 * are settled; a movement looks at none of them.
 */
#include "domain/ledger_parts.h"

bool slice_is_live(const struct ledger_slice *slice)
{
    for (int i = 0; i < COMPONENT_COUNT; i++) {
        if (slice_open(slice, (enum component)i) != 0)
            return true;
    }
    return slice->run.minor != slice->run_posted;
}

int slice_compare_due(const struct ledger_slice *a, const struct ledger_slice *b)
{
    if (a->due_day.number != b->due_day.number)
        return a->due_day.number < b->due_day.number ? -1 : 1;
    if (a->debt != b->debt)
        return a->debt < b->debt ? -1 : 1;
    return (a->instalment > b->instalment) - (a->instalment < b->instalment);
}

void live_find(struct ledger_books *books)
{
    if (books->live_known)
        return;
    books->live_known = true;
    books->quiet_to = DAY_NONE;
    for (size_t i = 0; i < books->state.slice_count; i++) {
        if (slice_is_live(&books->state.slices[i]))
            live_add(books, &books->state.slices[i]);
    }
}

void live_moved(struct ledger_books *books, size_t at)
{
    if (at + 1 == books->state.slice_count) /* it is the last one */
        return;
    for (size_t i = 0; i < books->live_count; i++)
        books->live[i] += books->live[i] >= at;
}

/* The place of the first one that is not due before this one. */
static size_t live_place(const struct ledger_books *books, const struct ledger_slice *slice)
{
    size_t low = 0, high = books->live_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (slice_compare_due(&books->state.slices[books->live[middle]], slice) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct day sooner(struct day a, struct day b)
{
    return a.number < b.number ? a : b;
}

void live_add(struct ledger_books *books, const struct ledger_slice *slice)
{
    size_t index = (size_t)(slice - books->state.slices), at = live_place(books, slice);

    books->quiet_to =
        sooner(books->quiet_to, sooner(slice_fee_day(slice), slice_post_day(slice)));
    if (at < books->live_count && books->live[at] == index)
        return;
    arena_push(books->arena, books->live, books->live_count, books->live_room);
    memmove(&books->live[at + 1], &books->live[at],
            sizeof books->live[0] * (books->live_count - at - 1));
    books->live[at] = index;
}

void live_sweep(struct ledger_books *books)
{
    size_t kept = 0;

    for (size_t i = 0; i < books->live_count; i++) {
        if (slice_is_live(&books->state.slices[books->live[i]]))
            books->live[kept++] = books->live[i];
    }
    books->live_count = kept;
}
