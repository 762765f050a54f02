/*
 * Dispute: a debtor contests a debt, or a part of it. The part is held, the rest goes on.
 *
 * Opening one adds a fact, so that the gate knows it, and a movement, so that the books do: money
 * passes by what is contested (domain/ledger.h), and what of an instalment is contested is not
 * asked for. A dispute of a whole debt stops whatever asks for it; the fact of a part has a field
 * "portion", which a message that leaves the part out may pass (domain/gate.h).
 *
 * What was decided posts its correction as a credit from the day for which it is decided: dated
 * back, interest never ran on it. The time in which something was contested stays what it was.
 *
 * Money that waits when a dispute ends, because it was not to be applied to what was disputed or
 * because it was paid too much, is then applied to what is open: only the net is asked for.
 *
 * Everything is dated and journalled; an answered dispute can be opened again, which takes its
 * correction back.
 */
#ifndef FLOW_DISPUTE_H
#define FLOW_DISPUTE_H

#include "flow/account.h"

#define DISPUTE_STATES(X)                                                                      \
    X(DISPUTE_OPEN, "open")                                                                    \
    X(DISPUTE_UPHELD, "upheld")               /* the debtor is right                         */ \
    X(DISPUTE_PARTLY_UPHELD, "partly_upheld") /* in part                                     */ \
    X(DISPUTE_NOT_UPHELD, "not_upheld")                                                        \
    X(DISPUTE_WITHDRAWN, "withdrawn") /* by the debtor, or settled in another way            */
#define X(code, name) code,
enum dispute_state { DISPUTE_STATES(X) DISPUTE_STATE_COUNT };
#undef X
const char *dispute_state_name(enum dispute_state state);

/* Reasons are not-mine, amount, paid, service, identity-theft and other; words of one's own are
 * taken as other, with those words as the note. */
const char *dispute_reason(const char *typed, const char **note);

struct dispute {
    int32_t number, fact;
    int32_t debt;             /* 0: all debts                                          */
    int32_t instalment;       /* 0: all                                                */
    enum component component; /* COMPONENT_COUNT: all                                  */
    const char *line;         /* of the invoice; may be NULL                           */
    enum currency currency;
    int64_t minor;            /* so much of that; 0: all of it                         */
    const char *reason, *channel, *note; /* channel: by which it came; both may be NULL */
    struct day received, answer_by;      /* answer_by DAY_NONE when opened: by the setting */
    enum dispute_state state;
    struct day state_day;
    const char *answer;
    struct day proof; /* when proof of the debt was sent; DAY_NONE: it was not */
    int64_t corrected;
    const char *author;
};

/* Not a debt, or all of them, as a whole. */
bool dispute_is_part(const struct dispute *d);
/* "$100.00", "fees", "instalment 2", "2 panes, $30.00"; "all" of a whole debt. In the arena. */
const char *dispute_words(struct arena *a, const struct dispute *d);

/*
 * *number comes back. One that is open already, of the same thing, is CHANGE_NONE; so is the same
 * key (book.h). An amount is of one debt, and so is a line, which has an amount. NOT_FOUND: no
 * such instalment.
 */
bool dispute_open(struct book *b, struct casefile_key key, const struct dispute *in,
                  const char *once, int32_t *number, enum change *change, struct fault *why);

struct dispute_answer {
    enum dispute_state result; /* not DISPUTE_OPEN                                            */
    int64_t minor;    /* what is taken off: partly_upheld needs it; upheld, 0: what is contested */
    struct day day;   /* for which the correction counts; DAY_NONE: today                     */
    struct day proof; /* when verification or a copy of the judgment was sent; DAY_NONE: not  */
    const char *text; /* what they were told; may be NULL                                     */
    const char *author;
};

/*
 * *corrected: what was taken off, what was paid before included. A whole debt or instalment that
 * is upheld loses all that is open of it on that day, and what was charged since. The same answer
 * again is CHANGE_NONE, another one CONFLICT.
 */
bool dispute_close(struct book *b, struct casefile_key key, int32_t number,
                   const struct dispute_answer *answer, int64_t *corrected, enum change *change,
                   struct fault *why);

/*
 * To be asked before a dispute ends that is not upheld, or in part: NOT_ALLOWED with the citation
 * while a law of the packs still stops collection because of it, answered today and with proof of
 * the debt sent on that day (DAY_NONE: none was).
 */
bool dispute_may_end(struct book *b, struct casefile_key key, int32_t number, struct day proof,
                     struct fault *why);

/* It is open again, as if it had never been answered; its correction is taken back. */
bool dispute_reopen(struct book *b, struct casefile_key key, int32_t number, const char *author,
                    enum change *change, struct fault *why);

/* Keeps a paper, once for its bytes. `digest` comes back in hex. */
bool dispute_evidence(struct book *b, struct casefile_key key, int32_t number, const char *name,
                      const void *bytes, size_t length, const char *author,
                      const char **digest, enum change *change, struct fault *why);

/* All of a case file, the first first. */
bool disputes_of(struct store *s, struct arena *a, struct casefile_key key,
                 struct dispute **out, size_t *count, struct fault *why);
/* One of them; NOT_FOUND. */
bool dispute_load(struct store *s, struct arena *a, struct casefile_key key, int32_t number,
                  struct dispute *out, struct fault *why);
/* The open one of a debt as a whole (0: of all debts); 0 when there is none. */
bool dispute_of_debt(struct book *b, struct casefile_key key, int32_t debt, int32_t *number,
                     struct fault *why);

/* ---- To be looked at (dispute_list.c) ---- */

struct dispute_filter {
    const char *state; /* NULL: every one                              */
    struct day due;    /* to be answered by this day; DAY_NEVER: all   */
    int64_t limit;
};
/* Over all accounts, those to be answered first first. */
bool dispute_list(struct store *s, const struct dispute_filter *filter, struct sheet *out,
                  bool *more, struct fault *why);
/* One, with its papers and corrections. */
bool dispute_show(struct store *s, const char *reference, int32_t number,
                  const struct zone *zone, struct sheet *out, struct fault *why);

#endif
