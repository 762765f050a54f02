/* Contribute parts: what its files share. Private to src/domain/contribute*.c. */
#ifndef DOMAIN_CONTRIBUTE_PARTS_H
#define DOMAIN_CONTRIBUTE_PARTS_H

#include "domain/contribute.h"

/* When something of a debt began or ceased to be open, or past due. */
struct debt_turn {
    struct day day;
    int32_t open, late; /* -1, 0, 1 */
};

/* A debt was with us from one day on, and was paid on another: DAY_NEVER, it is not; DAY_NONE,
 * nothing was ever open. */
struct debt_life {
    struct day placed, settled;
    bool by_money; /* settled in the end by money, not by giving it up */
};

/* Days on which something holds: ascending, apart from each other. */
struct spans {
    size_t count, room;
    struct track_span *all;
};

struct contribute_work {
    const struct contributing *c;
    size_t turn_count, turn_room;
    struct debt_turn *turns;
    struct debt_life *lives; /* of each debt */
    struct spans open, late; /* of the case file */
};

/* Who did it, as the word of a figure: "" for the program and for files. */
static inline const char *contribute_who(const char *author)
{
    return author != NULL ? author : "";
}

bool contribute_wants(const struct contribute_work *w, uint32_t figures);
void contribute_put(const struct contribute_work *w, struct contribution c);
/* A thing that stands from one day until another (DAY_NEVER: for good). */
void contribute_span(const struct contribute_work *w, struct contribution c,
                     struct track_span span);

void spans_add(struct arena *a, struct spans *s, struct track_span span); /* in order of from */
struct spans spans_both(struct arena *a, const struct spans *x, const struct spans *y);

/* Debts: fills turns and lives. */
void contribute_debts(struct contribute_work *w);
/* Case files, people and promises: after the debts. */
void contribute_files(struct contribute_work *w);
void contribute_contacts(struct contribute_work *w);
void contribute_promises(struct contribute_work *w);

#endif
