/*
 * File check: whether what the client's files say agrees with our books, and where it does not.
 *
 * Two things are compared. What a file said is open, when that was more than ours by more than
 * what came in during the last days, which may be on its way there: the import changes nothing
 * then, and notes it here until a file agrees, or until somebody who may has looked at it. And the itemization that came with a debt: its lines must lead to what is owed now,
 * or no validation notice could be sent (flow/compose_notice.c asks the same).
 *
 * While they disagree no balance is to be quoted, and nothing that rests on one is agreed.
 *
 * A note is a fact debt_detail of the debt with the source `file_check_source` and the fields
 * client_balance, our_balance (plain amounts) and client_balance_day.
 */
#ifndef FLOW_FILE_CHECK_H
#define FLOW_FILE_CHECK_H

#include "flow/book.h"

extern const char file_check_source[];

enum mismatch_kind { MISMATCH_BALANCE, MISMATCH_ITEMIZATION };
struct file_mismatch {
    enum mismatch_kind kind;
    int32_t debt;
    const char *reference; /* of the debt */
    enum currency currency;
    int64_t theirs, ours;
    struct day day; /* of the file, or of the itemization */
};

enum { MISMATCHES_MOST = 8 };
struct file_check {
    size_t told; /* debts that came with an itemization */
    size_t count;
    struct file_mismatch all[MISMATCHES_MOST];
};

bool file_check_read(struct store *s, struct arena *a, const struct casefile *c,
                     struct instant now, struct day today, struct file_check *out,
                     struct fault *why);

/* For whatever rests on a balance: a plan, an offer, a promise, what is let go. CONFLICT while there
 * is a mismatch. */
bool file_check_stands(struct book *b, struct casefile_key key, struct fault *why);

/* For imports: a file says that more is open of this debt than we do; and that it agrees. */
bool file_check_differs(struct book *b, struct casefile_key key, int32_t debt,
                        struct money theirs, struct money ours, struct fault *why);
bool file_check_agrees(struct book *b, struct casefile_key key, int32_t debt, struct fault *why);

/* Somebody looked at it: our figure stands. The reason becomes a note. CHANGE_NONE when nothing
 * of this debt is in question. */
bool file_check_settle(struct book *b, struct casefile_key key, int32_t debt, const char *reason,
                       const char *author, enum change *change, struct fault *why);

#endif
