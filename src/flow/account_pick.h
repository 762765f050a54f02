/*
 * Account pick: accounts by what is open on them, or by how long, a page at a time, whatever
 * the size of the book.
 *
 * Two orders have an index that holds all by which accounts are picked; those on which nothing
 * is open are read in the order of the book. Of each page no more than PICK_LOOK are looked at:
 * one that is cut short says so (`short_of`), and goes on where it ended.
 */
#ifndef FLOW_ACCOUNT_PICK_H
#define FLOW_ACCOUNT_PICK_H

#include "flow/book_list.h"

enum pick_order { PICK_SINCE, PICK_AMOUNT, PICK_CLEAR };

enum { PICK_LOOK = 24000, PICK_LOOK_CLEAR = 4000, PICK_COUNTED = 20000 };

struct account_ask {
    enum pick_order order;
    const char *standing, *client, *desk, *segment, *place; /* NULL: all; place: or within it */
    const char *clients, *desks;                            /* what the reader may see */
    enum currency currency;       /* CURRENCY_NONE: all; PICK_AMOUNT needs one */
    int64_t over, under;          /* minor units that are open, both included */
    int64_t since_from, since_to; /* days: since when something is due, both included */
    int business;                 /* 1 or 0; -1: both */
    const char *language;         /* that they read, "es" with "es-MX"; NULL: any */
    const char *way;              /* a channel by which they can be reached; NULL: any */
    bool not_reached;             /* those who cannot be */
    bool goes_on;
    struct list_mark after;
    size_t most;
};

struct picked {
    size_t count;
    struct casefile_key *keys;
    bool more, short_of;
    struct list_mark after;
};
bool account_pick(struct store *s, struct arena *a, const struct account_ask *ask,
                  struct picked *out, struct fault *why);

/* Of those that owe, by standing; *known is false when there are more than PICK_COUNTED. */
struct standing_count {
    const char *standing;
    int64_t count;
};
bool account_counts(struct store *s, struct arena *a, const struct account_ask *ask,
                    struct standing_count **out, size_t *count, bool *known, struct fault *why);

/* Currencies in which something is open, by their numbers. */
bool account_currencies(struct store *s, struct arena *a, enum currency **out, size_t *count,
                        struct fault *why);

/* Segments of the strategies that accounts are in, by name. */
bool account_segments(struct store *s, struct arena *a, const char ***out, size_t *count,
                      struct fault *why);

/* Whether one found in another way fits by language and way. */
bool account_reached(struct store *s, struct arena *a, const struct account_ask *ask,
                     struct casefile_key key, bool *fits, struct fault *why);
/* True when an account found in another way fits: all but order, amounts, language and way are
 * looked at. */
struct account_row;
bool account_fits(const struct account_ask *ask, const struct account_row *row);

#endif
