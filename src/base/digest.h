/*
 * Digest: BLAKE2b-256 (RFC 7693), for the audit chain and to name versions of packs.
 * The only file that hashes with libsodium is digest.c.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/arena.h"

enum { DIGEST_BYTES = 32, DIGEST_HEX = 65 };

struct digest {
    unsigned char bytes[DIGEST_BYTES];
};

struct digest digest_of(const void *bytes, size_t length);

/* A tag of what is sent, to see whether it is the same: 20 hex digits in quotes. Quick; no secret. */
enum { DIGEST_TAG = 23 };
void digest_tag(const void *bytes, size_t length, char out[DIGEST_TAG]);

/* The digest of several pieces, each preceded by its length, so that no two lists collide. */
struct digest_maker {
    _Alignas(64) unsigned char state[384];
};
void digest_begin(struct digest_maker *m);
void digest_add(struct digest_maker *m, const void *bytes, size_t length);
void digest_add_int(struct digest_maker *m, int64_t value);
struct digest digest_end(struct digest_maker *m);

char *digest_print(struct digest digest, char out[DIGEST_HEX]);
/* What digest_print wrote; of anything else the bytes are 0 from where it is no hex on. */
struct digest digest_read(const char *hex);
/* The first `digits` hex digits, in the arena: enough to name a version. */
const char *digest_short(struct arena *a, struct digest digest, int digits);

/* SHA-256 (FIPS 180-4) in hex, for files that others check with their own tools. */
char *sha256_print(const void *bytes, size_t length, char out[DIGEST_HEX]);

/* 32 random bytes in hex: a secret nobody can guess. */
char *secret_make(char out[DIGEST_HEX]);

#endif
