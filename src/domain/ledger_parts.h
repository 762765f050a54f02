/* Ledger parts: what the files of the ledger share. Private to src/domain/ledger*.c. */
#ifndef DOMAIN_LEDGER_PARTS_H
#define DOMAIN_LEDGER_PARTS_H

#include "domain/ledger.h"

#include <string.h>

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

int64_t slice_open(const struct ledger_slice *slice, enum component component);
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
/* Interest runs until the day begins: its terms are about to change. */
bool slice_run_before(struct ledger_books *books, struct ledger_slice *slice, struct day day,
                      struct fault *why);
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

/* ---- Movements (ledger_move.c) ---- */

bool movement_apply(struct ledger_books *books, const struct movement *m, struct fault *why);

#endif
