/*
 * Charge: what is added to a debt, or taken off it, without money: charges, credit notes,
 * waivers, write-offs, charge-offs; and money that waits, put to a debt.
 *
 * Nothing is charged without its ground, the clause of the contract or the law that allows it
 * (BAD_USAGE). Nothing is taken off beyond what is open on its day. A write-off of more than the
 * setting write_off_below must say that it means the whole.
 *
 * Each is a movement (domain/ledger.h) and is taken back by its number; the books are then
 * those without it.
 */
#ifndef FLOW_CHARGE_H
#define FLOW_CHARGE_H

#include "flow/account.h"

struct charge_input {
    enum movement_kind kind; /* charge, credit, waive, write_off, charge_off, apply */
    int32_t debt, instalment;
    enum component component; /* charge, waive: which; else COMPONENT_COUNT */
    enum currency currency;
    struct day day;           /* not later than today */
    int64_t minor;            /* 0: all that is open (not of charge and credit); comes back */
    bool whole;               /* write_off: however much it is */
    const char *clause, *law; /* of a charge: one of them at least */
    const char *reason, *author, *origin; /* may be NULL */
    const char *once;         /* the same key is one movement; NULL: none */
};

/* Of a write-off: that it is small, or means the whole; BAD_USAGE. */
bool charge_is_small(struct book *b, const struct charge_input *in, struct fault *why);
/* *number is that of the movement. CHANGE_NONE: done before, for this key. */
bool charge_put(struct book *b, const struct account *account, struct charge_input *in,
                int32_t *number, enum change *change, struct fault *why);

/*
 * Takes it back: it never counted. CONFLICT for what follows from something else (a payment, a
 * plan, …), which is to be taken back itself, and when money that waits by it was used since.
 */
bool charge_undo(struct book *b, const struct account *account, int32_t number,
                 struct movement *was, enum change *change, struct fault *why);

/* The latest first, taken back ones too; texts in the arena. */
struct charge_row {
    int32_t number;
    struct day day;
    enum movement_kind kind;
    enum currency currency;
    int64_t minor;
    const char *debt, *component, *ground, *reason, *origin, *author; /* may be NULL */
    bool stands;
};
bool charge_history(struct store *s, struct arena *a, struct casefile_key key,
                 struct charge_row **out, size_t *count, struct fault *why);

/* All of them, taken back ones too, by day. */
bool charge_list(struct store *s, const char *reference, struct sheet *out, struct fault *why);

/* The clause and the law as one text; NULL when there is neither. */
const char *ground_text(struct arena *a, const char *clause, const char *law);

#endif
