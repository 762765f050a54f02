/* Ledger parts: what the files of the ledger share. Private to src/domain/ledger*.c. */
#ifndef DOMAIN_LEDGER_PARTS_H
#define DOMAIN_LEDGER_PARTS_H

#include "domain/ledger.h"

#include <string.h>

/* The most that one component of an instalment can be, so that they can be added together. */
#define OWED_MOST (INT64_MAX / 8)

/* An entry under way. It is kept when it has lines. */
struct entry_work {
    struct ledger_books *books;
    struct ledger_entry entry;
    size_t room;
    struct fault *why;
};

struct entry_work entry_open(struct ledger_books *books, const char *cause, int32_t movement,
                             struct day day, enum currency currency, struct fault *why);
bool entry_put(struct entry_work *e, const char *account, int32_t debt, int32_t instalment,
               int64_t minor);
bool entry_close(struct entry_work *e);

/* *sum += minor; false with a fault when it does not fit. */
bool sum_add(int64_t *sum, int64_t minor, struct fault *why);

/* A part of an instalment grows; false when it is more than OWED_MOST then. */
bool owed_add(struct ledger_slice *slice, enum component component, int64_t minor,
              struct fault *why);
/* The place of the first instalment that is this one or comes after it. */
size_t ledger_slice_at(const struct ledger_state *state, int32_t debt, int32_t instalment);
int64_t slice_total(const struct ledger_slice *slice); /* all that is open of it */
/* "interest 2.1 2026-11-30" */
const char *slice_cause(struct ledger_books *books, const char *what,
                        const struct ledger_slice *slice, struct day day);

/* ---- Time (ledger_time.c) ---- */

/* Late fees of this day, at its beginning. */
bool slice_late_fees(struct ledger_books *books, struct ledger_slice *slice, struct day day,
                     struct fault *why);
/* Interest runs to the end of the day and is posted. */
bool slice_post_interest(struct ledger_books *books, struct ledger_slice *slice, struct day day,
                         struct fault *why);
/* Interest runs to the end of the day, and is not posted. */
bool slice_run(struct ledger_books *books, struct ledger_slice *slice, struct day day,
               struct fault *why);
/* Other terms hold from this day on. */
bool slice_bind(struct ledger_books *books, struct ledger_slice *slice,
                const struct terms *terms, struct day day, struct fault *why);
/* What was posted begins to bear interest itself, when this is such a day. */
void slice_compound(struct ledger_slice *slice, struct day day);

/* The next day with a late fee at its beginning, and the next one with interest to post at its
 * end; DAY_NEVER when there is none. */
struct day slice_fee_day(const struct ledger_slice *slice);
struct day slice_post_day(const struct ledger_slice *slice);

/* Something happens to the instalment on this day: interest is posted to its end, and what time
 * does up to then is done. */
bool slice_touch(struct ledger_books *books, struct ledger_slice *slice, struct day day,
                 struct fault *why);

/* ---- Instalments with something open (ledger_live.c) ---- */

bool slice_is_live(const struct ledger_slice *slice);
/* By due day, debt, instalment. */
int slice_compare_due(const struct ledger_slice *a, const struct ledger_slice *b);

/* Finds them in a state that was read back, unless they are known. */
void live_find(struct ledger_books *books);
/* A slice was put at this place among all, and those after it moved. */
void live_moved(struct ledger_books *books, size_t at);
/* Something of this one is open now, or its days of interest and fees are other ones. */
void live_add(struct ledger_books *books, const struct ledger_slice *slice);
/* Forgets those that are settled. */
void live_sweep(struct ledger_books *books);

/* ---- Movements (ledger_move.c) ---- */

bool movement_apply(struct ledger_books *books, const struct movement *m, struct fault *why);

#endif
