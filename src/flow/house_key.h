/*
 * House key: what seals and signs things of this house: secrets of authenticators, the cookies of
 * known browsers, recovery codes.
 *
 * It is made of the setting `secret` of the book, which is random and as old as the book. Whoever
 * has a copy of the whole book has that, too; so a file of one's own, outside the book and its
 * backups, may be mixed in (setting key_file, or RECOUP_KEY_FILE). Without that very file nothing
 * that was sealed by it opens again.
 */
#ifndef FLOW_HOUSE_KEY_H
#define FLOW_HOUSE_KEY_H

#include "base/secret.h"
#include "store/store.h"

/* The path of the file; NULL: none. Said once, before anything is sealed. */
void house_key_file(const char *path);

/* A key for one purpose: keys of different purposes say nothing of each other. */
bool house_key(struct store *s, struct arena *a, const char *purpose,
               unsigned char key[SEAL_KEY], struct fault *why);
/* The same as text, for secret_sign. */
bool house_key_text(struct store *s, struct arena *a, const char *purpose, char key[DIGEST_HEX],
                    struct fault *why);

#endif
