/*
 * Figure slices: all sums of a book, a slice of it at a time, so that what is held in memory
 * does not grow with the book.
 *
 * A slice has some parts of the book: the case files of the same client, desk, strategy and
 * segment. No sum of a part stands in two slices, so each is written as it is. All tracks are
 * gone through for each slice, and those of other parts passed over, which costs little. How
 * many parts fit turns out on the way: a slice that becomes too large lets go of its last
 * ones, and a later one has them. What a client's parts come to is held until it is much, and
 * written as differences; the sums of the whole book, of its strategies and segments, and of its
 * desks are held all along: days and keys make them many, not case files or clients.
 *
 *     figure_slices_begin(&s, names, most);
 *     while (figure_slice_next(&s)) {
 *         of each track: if (figure_slice_has(&s, &track)) figure_slice_add(&s, &track, arena);
 *         figure_slice_end(&s);
 *         … s.sums; s.clients, if figure_slice_flush(&s)
 *     }
 *     … s.whole
 */
#ifndef STORE_FIGURE_SLICES_H
#define STORE_FIGURE_SLICES_H

#include "store/kept_figures.h"

struct figure_slices {
    struct figure_names *names;
    size_t most; /* sums that a slice adds up, unless a single part has more */
    struct figure_sums sums, clients, whole;
    size_t held_most; /* of all, that were in memory at one moment */
    bool begun;
    int32_t first, end; /* the parts of this one; a part is the group of its people */
    int32_t last;       /* of all parts that were seen */
};

void figure_slices_begin(struct figure_slices *s, struct figure_names *names, size_t most);
void figure_slices_free(struct figure_slices *s);

/* An empty slice; false: all parts were in one. */
bool figure_slice_next(struct figure_slices *s);
/* Client, desk, strategy and segment of the track are enough. */
bool figure_slice_has(struct figure_slices *s, const struct track *t);
void figure_slice_add(struct figure_slices *s, const struct track *t, struct arena *arena);
/* All tracks were added: the sums of other levels are made of them. */
void figure_slice_end(struct figure_slices *s);
/* The sums of clients are to be written, as differences, and freed: there are too many, or this
 * was the last slice. */
bool figure_slice_flush(const struct figure_slices *s);

#endif
