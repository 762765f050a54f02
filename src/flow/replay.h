/*
 * Replay: a stored verdict given again, from its stored question by the stored rules of its day.
 *
 * Everything comes from the book: the question beside the record, the packs by the digest of
 * their list. Of the machine only the zones are used, whose version the list names. Rules are
 * read once for each list; memory else is that of one verdict.
 */
#ifndef FLOW_REPLAY_H
#define FLOW_REPLAY_H

#include "flow/verdict_record.h"
#include "store/store.h"

struct grounds; /* a rulebook and packs of it, read from the book */

struct replay {
    struct store *store;
    /* Rules that are in memory anyway; NULL: none. Those of their digest are not read again. */
    const struct rulebook *current;
    struct arena kept;    /* of the rules */
    struct grounds *grounds;
    struct arena arena;   /* of the verdict in hand */
    struct text verdict;
};

/* One verdict, asked again. Good until the next one. */
struct replayed {
    struct judged_words words; /* point into the record */
    const struct rulebook *rulebook;
    struct gate_question question;
    struct gate_packs packs;
    struct verdict verdict;
    const char *text; /* as a record would hold it */
    /* What is wrong; NULL when the same bytes came out. */
    const char *problem, *expected, *found;
};

/*
 * Takes the question and the rules and judges. False only when the book could not be read:
 * whatever else is wrong is told in problem. Up to there the fields before it are filled.
 */
bool replay_judge(struct replay *r, const char *record, const char *question,
                  struct replayed *out, struct fault *why);

/* Only the question and the rules, read and checked. */
bool replay_prepare(struct replay *r, const char *record, const char *question,
                    struct replayed *out, struct fault *why);

/* The packs that this question is judged by, out of those of a rulebook. */
struct gate_packs replay_choose(struct arena *a, const struct rulebook *book,
                                const struct gate_question *question);

/* Rules that are at hand already need not be read again; `book` outlives the replay. */
void replay_know(struct replay *r, const struct rulebook *book);

void replay_free(struct replay *r);

#endif
