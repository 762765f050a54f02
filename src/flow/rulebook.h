/*
 * Rulebook: the packs by which verdicts were given, kept in the book for as long as it lasts.
 *
 * Every pack is kept once, by the digest of its text, and so is the list of them all
 * (formats/rulepack.h says what it looks like). A record of a verdict names the list. So an old
 * verdict can be given again by the packs of its day, whatever the program brings by then.
 */
#ifndef FLOW_RULEBOOK_H
#define FLOW_RULEBOOK_H

#include "formats/rulepack.h"
#include "store/store.h"

/*
 * Keeps what is not there yet, in a transaction of its own; to be done before the first verdict
 * is written. One look-up when all of it is there.
 */
bool rulebook_keep(struct store *s, const struct rulebook *book, struct fault *why);

/* The same inside a transaction of the caller's. */
bool rulebook_keep_here(struct store *s, const struct rulebook *book, struct fault *why);

/*
 * The packs of the list with this digest. Faults: NOT_FOUND, or DB_ROW when a text that is kept
 * is not the one that its digest names, or cannot be read any more.
 */
bool rulebook_kept(struct store *s, struct arena *a, const char *digest, struct rulebook *out,
                   struct fault *why);

/* The names, with commas, of the packs whose files are not as `loaded` has them, were changed,
 * came or went; "" when all are. False: the files cannot be loaded (BAD_PACK with its place).
 */
bool rulebook_changed(struct arena *a, const struct rulebook *loaded, const char **names,
                      struct fault *why);

/* Those of the book with these names, in their order; NOT_FOUND names one that is missing. */
bool rulebook_packs(const struct rulebook *book, struct arena *a, size_t count,
                    const char *const names[], struct gate_packs *out, struct fault *why);

#endif
