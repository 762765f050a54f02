/*
 * Lists over all accounts: promises, disputes, hardship, plans, offers, payments and messages,
 * a page at a time, whatever the size of the book.
 *
 * Rows are found by state in one index each (sql/query/lists.sql); several states are merged.
 * What the reader may not see is passed over, as is what does not fit the filter: of each page
 * no more than LIST_LOOK rows are looked at. A page that is cut short by that says so
 * (`short_of`), and goes on where it ended.
 *
 * What comes due first is first: promises by the day due, disputes by the day of the answer,
 * hardship by the day it was asked for, offers by their last day. Of plans, payments and
 * messages the latest are first.
 */
#ifndef FLOW_BOOK_LIST_H
#define FLOW_BOOK_LIST_H

#include "domain/money.h"
#include "flow/table.h"
#include "flow/view.h"
#include "store/casefiles.h"

enum list_of {
    LIST_PROMISES,
    LIST_DISPUTES,
    LIST_HARDSHIP,
    LIST_PLANS,
    LIST_OFFERS,
    LIST_PAYMENTS,
    LIST_MESSAGES,
    LIST_COUNT
};

enum { LIST_STATES = 10, LIST_LOOK = 3000, LIST_MANY = 1000 };

/* Names of the states that things of a list can have, in the order in which they come about;
 * ends with NULL. */
const char *const *list_states(enum list_of list);

/* Where a page ended. */
struct list_mark {
    int64_t key, casefile, number;
};

/* Everything of a list is in the range of its key, from and to included: days, or moments of
 * hardship and messages. Texts NULL: all. */
struct list_ask {
    enum list_of list;
    uint32_t states; /* by bit, in the order of list_states; 0: all */
    int64_t from, to;
    struct instant now;
    const char *client, *desk;
    const char
        *what; /* reason of a dispute, method, channel, who made an offer; "plan", "single" */
    const char *text;                 /* a piece of a name or reference, in any letters */
    const char *author, *author_name; /* who put it on file: by address, or by name */
    const char *clients, *desks;      /* what the reader may see (flow/user.h) */
    bool goes_on;                     /* after `after`; else from the start */
    struct list_mark after;
    size_t most;
};

/* One row; which members count depends on the list, as sql/query/lists.sql says. */
struct list_row {
    struct casefile_key key;
    int32_t number;
    int64_t sorted;
    const char *state;
    enum currency currency;
    int64_t minor, other_minor, first_day, second_day, first_number, second_number;
    const char *texts[6]; /* NULL: none */
    const char *author;
    int64_t decision;
    const char *reference, *client, *desk, *name;
};

struct list_page {
    size_t count;
    struct list_row *rows;
    bool more;              /* there are, or may be, rows after these */
    bool short_of;          /* LIST_LOOK were looked at before the page was full */
    struct list_mark after; /* where it goes on */
};

bool book_list(struct store *s, struct arena *a, const struct list_ask *ask,
               struct list_page *out, struct fault *why);

/* Clients and desks by which it may be narrowed, by name: those with figures, or with work. */
struct list_places {
    size_t client_count, desk_count;
    const char **clients, **desks;
};
bool list_places(struct store *s, struct arena *a, const struct list_ask *ask,
                 struct list_places *out, struct fault *why);

/* Nothing narrows the list but its state and range: then it can be counted. */
bool list_is_whole(const struct list_ask *ask);
/* How many there are of each state, at most LIST_MANY, which then means "or more". */
bool list_count(struct store *s, const struct list_ask *ask, int64_t counts[LIST_STATES],
                struct fault *why);

/* The list as columns for a file: no more than `most` rows, from the start. */
bool list_sheet(struct store *s, const struct list_ask *ask, const struct zone *zone,
                size_t most, struct sheet *out, bool *more, struct fault *why);

/* What is promised for a day, of one currency; by day. */
struct promised_day {
    struct day day;
    enum currency currency;
    int64_t count, minor;
};
/* *known is false when there are too many to add up for who sees only some. */
bool list_promised(struct store *s, struct arena *a, const struct list_ask *ask,
                   struct promised_day **out, size_t *count, bool *known, struct fault *why);

/* A row of LIST_MESSAGES. */
struct message_row list_message(const struct list_row *row);
/* What of a hardship stands in its detail: "result", "review", "note", "by", "freeze"; NULL:
 * not said. */
const char *list_hardship_field(struct arena *a, const struct list_row *row, const char *name);
/* What of a debt is disputed, in words. */
const char *list_dispute_words(struct arena *a, const struct list_row *row);

#endif
