/*
 * Prove: recomputes from raw rows what the book says of itself, and reports every difference.
 *
 * It shares no code with what writes: an error there cannot hide here. The book is read in one
 * snapshot, bucket by bucket, and memory is bounded by a bucket. It changes nothing.
 *
 * A finding is not a fault: the program worked, and the answer needs a human.
 */
#ifndef FLOW_PROVE_H
#define FLOW_PROVE_H

#include "store/store.h"

#include <stdio.h>

/*
 * Prints what was checked and what was found: lines for people (ASCII when the environment's
 * locale is not UTF-8), or {"checked":{…},"findings":[{check, where, expected, found}…]}.
 * *findings counts all of them; the first thousand are listed, and "unlisted" says how many
 * are not. False only when the book could not be read.
 */
bool prove_book(struct store *s, FILE *out, bool json, size_t *findings, struct fault *why);

/*
 * Gives one verdict again, from its stored question and the stored rules of its day, and prints
 * it; *findings is 1 when another one comes out, or when something it needs is missing or was
 * changed. `name` is that of a record, "D-17.42". NOT_FOUND: no such record, or no verdict in it.
 */
bool prove_decision(struct store *s, const char *name, FILE *out, bool json, size_t *findings,
                    struct fault *why);

/*
 * The same for the kept figures (domain/figure.h): adds them up again from raw rows, by walking
 * through every day. CONFLICT when they are behind the book: fold first.
 */
bool prove_measures(struct store *s, FILE *out, bool json, size_t *findings, struct fault *why);

#endif
