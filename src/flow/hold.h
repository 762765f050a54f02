/*
 * Hold: a pause with a scope (all debts or one), a kind, a reason, an author and an end. Nothing
 * asks for money while it lasts (rules/house.yaml, and the packs that read its kind). It ends by
 * itself after its last day.
 *
 * Bankruptcy and death are more than a pause: the rules ask for facts of their own. A hold of
 * these kinds adds the fact, when none is in force, and ends the one it added when it is lifted.
 * A dispute is no hold: flow/dispute.h.
 *
 * While a debt is in breathing space no interest and no fees are added (SI 2020/1311 reg. 7):
 * a hold of that kind, and any other that asks for it, adds a movement `freeze` (domain/ledger.h).
 *
 * Hardship: an arrangement is a hold of that kind, whose fields say where it stands. It is
 * reviewed by a day; what was decided is a new fact, the one before ends. A plan of its own
 * (flow/plan.h) holds what was agreed to be paid.
 */
#ifndef FLOW_HOLD_H
#define FLOW_HOLD_H

#include "flow/account.h"

/* A breathing space lasts sixty days, its first one included. */
enum { BREATHING_DAYS = 60 };

/* Kinds as the rules write them, "breathing_space"; people may type "-". NULL: no such kind. */
const char *hold_kind(struct arena *a, const char *typed);
extern const char hold_kinds_text[]; /* "hardship, breathing-space, …" for a hint */

struct hold {
    const char *kind;
    int32_t debt;             /* 0: all                               */
    const char *reason, *author; /* may be NULL                       */
    struct day first, last;   /* DAY_NONE: from now on; DAY_NEVER: until it is lifted */
    bool freeze;              /* no interest and fees meanwhile       */
    const char *chapter;      /* of a bankruptcy; may be NULL         */
    struct day review;        /* of a hardship; DAY_NONE: none        */
    const char *result, *note; /* what was decided of it; may be NULL */
    /* Of a hardship, as they told it, a line each; may be NULL. */
    const char *situation; /* "lost_work", "illness", … */
    const char *spare;     /* what they can spare, "USD 60.00 a month" */
    const char *needs;     /* what helps them: "large print" */
};

struct standing_hold {
    int32_t number, debt, with; /* with: the fact that it added, 0: none */
    struct instant at, until;
    struct hold is;
};

/* Those in force at `at`. */
bool holds_of(struct book *b, struct casefile_key key, struct instant at,
              struct standing_hold **out, size_t *count, struct fault *why);

/* When the one of this number begins, if that is later than *at. */
bool hold_at(struct book *b, struct casefile_key key, int32_t number, struct instant *at,
             struct fault *why);

/*
 * One of the kind on the same debt that is in force gets the new last day (CHANGE_UPDATED), or
 * stays as it is (CHANGE_NONE).
 */
bool hold_place(struct book *b, struct casefile_key key, const struct hold *in,
                int32_t *number, enum change *change, struct fault *why);
/* The same, done once for a key (NULL: there is none), whatever became of it since: CHANGE_NONE
 * with its number. CONFLICT when the key stands for another thing. */
bool hold_place_once(struct book *b, struct casefile_key key, const char *once,
                     const struct hold *in, int32_t *number, enum change *change,
                     struct fault *why);
/* What is journalled of a hold that was lifted: who, and why; both may be NULL. */
bool hold_lifted(struct book *b, struct casefile_key key, const struct standing_hold *hold,
                 const char *reason, const char *author, struct fault *why);
/* Ends now, with what it added; the days it lasted stay what they were. */
bool hold_end(struct book *b, struct casefile_key key, const struct standing_hold *hold,
              struct fault *why);

/* ---- Hardship ---- */

/* "lost-work" or "lost_work" as it is kept; *out NULL of NULL. BAD_VALUE names those there are. */
bool hardship_situation(struct arena *a, const char *typed, const char **out,
                        struct fault *why);

struct hardship_decision {
    const char *result; /* "pause", "reduce", "close", "decline"                              */
    struct day last;    /* of pause and reduce; DAY_NONE: as before                           */
    struct day review;  /* DAY_NONE: none                                                     */
    const char *note, *author;
};
/* pause and reduce go on as a hold; close and decline end it. NOT_FOUND: none of that number.
 * *now: the number it has from now on. The same again is CHANGE_NONE. */
bool hardship_decide(struct book *b, struct casefile_key key, int32_t number,
                     const struct hardship_decision *decision, int32_t *now,
                     enum change *change, struct fault *why);

/*
 * Takes the decision back: what was in force before is again, from now to its last day, as number
 * *now; the history keeps both. CONFLICT when something was decided since.
 */
bool hardship_undo(struct book *b, struct casefile_key key, int32_t decided, int32_t old,
                   struct day last, int32_t *now, struct fault *why);

struct hardship_filter {
    struct instant now;
    const struct zone *zone;
    struct day due; /* whose review, or end, is due by this day; DAY_NEVER: all */
    int64_t limit;
};
bool hardship_list(struct store *s, const struct hardship_filter *filter, struct sheet *out,
                   bool *more, struct fault *why);

#endif
