/*
 * Kept figures: the sums of domain/figure.h, in memory while they are added up, and as rows.
 *
 * Contributions go into struct figure_sums, with the sign of what happens to them (taken away:
 * -1), and from there as differences into the rows. Writing is done by flow/fold.c, by one at a
 * time.
 */
#ifndef STORE_KEPT_FIGURES_H
#define STORE_KEPT_FIGURES_H

#include "domain/contribute.h"
#include "store/store.h"

enum figure_grain { GRAIN_DAY, GRAIN_MONTH };

struct figure_key {
    int32_t figure, grain, group, period, first, second;
};

int figure_key_compare(const struct figure_key *a, const struct figure_key *b);

struct figure_sum {
    struct figure_key key;
    int64_t counted, minor;
};

/* ---- Names: groups and words have numbers ------------------------------------------------ */

/* Numbers are stored. What is asked by client, by strategy or segment, or by desk alone is read
 * from few groups instead of from those of every client, strategy and segment that met. */
enum figure_level {
    LEVEL_BOOK,     /* everything */
    LEVEL_SEGMENT,  /* client, desk, strategy, segment: the others are sums of these */
    LEVEL_CLIENT,   /* client */
    LEVEL_STRATEGY, /* strategy, segment */
    LEVEL_DESK,     /* desk */
    LEVEL_COUNT
};
#define LEVEL_BIT(level) (1u << (level))
#define LEVELS_ROLLED ((LEVEL_BIT(LEVEL_COUNT) - 1) & ~LEVEL_BIT(LEVEL_SEGMENT))

struct figure_group {
    int32_t number;
    enum figure_level level;
    const char *client, *desk, *strategy, *segment; /* "" where the level has none */
    enum currency currency;
};

/* group_count and word_count never shrink; the first numbers are 1. */
struct figure_names {
    struct arena arena;
    size_t group_count, group_room, word_count, word_room;
    struct figure_group *groups;
    const char **words;
    size_t known_groups, known_words; /* that the book has */
    size_t slot_count, slots_used;
    int32_t *slots; /* of both, by hash: groups above 0, words below */
};

/* `names` may be a used one. */
bool figure_names_load(struct store *s, struct figure_names *names, struct fault *why);
void figure_names_free(struct figure_names *names);
/* Their numbers; new ones are kept in memory until figure_names_save. A group of level SEGMENT.
 */
int32_t figure_group_of(struct figure_names *names, const struct track *t,
                        enum currency currency);
int32_t figure_group_number(struct figure_names *names, const struct figure_group *g);
/* The group of this level that one of level SEGMENT belongs to. */
struct figure_group figure_group_at(const struct figure_group *g, enum figure_level level);
int32_t figure_word_of(struct figure_names *names, const char *word);
bool figure_names_save(struct store *s, struct figure_names *names, struct fault *why);

/* ---- Sums ----------------------------------------------------------------------------------
 */

struct figure_sums {
    size_t count, room;
    struct figure_sum *slots; /* by hash; figure below 0: free */
};

/* Adds to the sum of this key. */
void figure_sums_add(struct figure_sums *sums, const struct figure_key *key, int64_t counted,
                     int64_t minor);
/* What the track contributes, `sign` times; `arena` is emptied. */
void figure_sums_track(struct figure_sums *sums, struct figure_names *names,
                       const struct track *t, struct arena *arena, int sign);
/* All of them, to these. */
void figure_sums_add_all(struct figure_sums *sums, const struct figure_sums *more);
/* The sums of other levels (`levels`: LEVEL_BITs) that these of level SEGMENT come to. */
void figure_sums_roll_up(const struct figure_sums *sums, struct figure_names *names,
                         unsigned levels, struct figure_sums *into);
/* Lets go of all others. */
typedef bool figure_sum_test(const void *with, const struct figure_key *key);
void figure_sums_keep(struct figure_sums *sums, figure_sum_test *keeps, const void *with);
void figure_sums_free(struct figure_sums *sums); /* they are empty then, and may be used */
/* In the order of their keys; those that are 0 are left out, and the table is of no use then.
 */
size_t figure_sums_sort(struct figure_sums *sums);

/* Writes the differences; a row that comes to nothing goes. */
bool figure_sums_apply(struct store *s, struct figure_sums *sums, struct fault *why);
/* Sums that were sorted, from place *from on: at most so many; *from moves on. `fresh`: into a
 * table that has none of them; otherwise they are differences. */
bool figure_sums_write(struct store *s, const struct figure_sums *sums, bool fresh, size_t *from,
                       size_t most, struct fault *why);

/* ---- Reading -------------------------------------------------------------------------------
 */

/* The sums of a group in these periods, both included, in the order of their keys. */
bool figure_rows(struct store *s, enum figure figure, enum figure_grain grain, int32_t group,
                 int32_t from, int32_t to,
                 void (*take)(void *into, const struct figure_sum *row), void *into,
                 struct fault *why);

#endif
