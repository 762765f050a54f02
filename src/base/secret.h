/*
 * Secret: passwords, keys and codes that must not be guessed. Made by libsodium.
 *
 * Argon2id with 19 MiB and two passes (OWASP's second profile): 20-30 ms. Comparisons take the
 * same time whatever is compared.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/digest.h"

enum { PASSWORD_HASH = 128, SEAL_EXTRA = 40, SEAL_KEY = 32 };

/* "$argon2id$v=19$…"; false when there is no memory for it. */
bool password_hash(const char *password, char out[PASSWORD_HASH]);
/* `hash` NULL: somebody who is not known, for whom the same work is done. */
bool password_fits(const char *hash, const char *password);

bool secret_same(const void *a, const void *b, size_t length);
bool text_same(const char *a, const char *b); /* lengths may show */

/* What a key signs, in hex: HMAC-SHA-512/256. */
char *secret_sign(const char *key, const char *what, const char *text, char out[DIGEST_HEX]);

/* HMAC-SHA-256 (RFC 2104) of two pieces, one after the other. */
enum { MAC_BYTES = 32 };
void secret_mac(const void *key, size_t key_length, const char *first, const void *then,
                size_t then_length, unsigned char out[MAC_BYTES]);

/* Base64 with its marks at the end (RFC 4648, section 4): BASE64_TEXT(length) bytes. */
#define BASE64_TEXT(length) (((length) + 2) / 3 * 4 + 1)
char *base64_print(const void *bytes, size_t length, char *out);
/* At most `most` bytes; false when it is no base64, or more. */
bool base64_read(const char *text, void *out, size_t most, size_t *length);

/* XChaCha20-Poly1305: out has length + SEAL_EXTRA bytes; false when it was not sealed by the key. */
void secret_seal(const unsigned char key[SEAL_KEY], const void *bytes, size_t length,
                 unsigned char *out);
bool secret_open(const unsigned char key[SEAL_KEY], const unsigned char *sealed, size_t length,
                 unsigned char *out);

void secret_random(void *out, size_t length);
void secret_wipe(void *bytes, size_t length);

#endif
