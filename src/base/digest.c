#include "base/digest.h"

#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct digest_maker),
               "the state of libsodium fits");

struct digest digest_of(const void *bytes, size_t length)
{
    struct digest digest;

    crypto_generichash(digest.bytes, sizeof digest.bytes, bytes, length, NULL, 0);
    return digest;
}

void digest_tag(const void *bytes, size_t length, char out[DIGEST_TAG])
{
    static const unsigned char key[crypto_shorthash_siphashx24_KEYBYTES] = "recoup etag";
    unsigned char hash[crypto_shorthash_siphashx24_BYTES];

    crypto_shorthash_siphashx24(hash, bytes, length, key);
    sodium_bin2hex(out + 1, DIGEST_TAG - 2, hash, (DIGEST_TAG - 3) / 2);
    out[0] = out[DIGEST_TAG - 2] = '"';
    out[DIGEST_TAG - 1] = '\0';
}

void digest_begin(struct digest_maker *m)
{
    crypto_generichash_init((crypto_generichash_state *)(void *)m->state, NULL, 0, DIGEST_BYTES);
}

static void add(struct digest_maker *m, const void *bytes, size_t length)
{
    crypto_generichash_update((crypto_generichash_state *)(void *)m->state, bytes, length);
}

void digest_add_int(struct digest_maker *m, int64_t value)
{
    unsigned char bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (8 * i));
    add(m, bytes, sizeof bytes);
}

void digest_add(struct digest_maker *m, const void *bytes, size_t length)
{
    digest_add_int(m, (int64_t)length);
    add(m, bytes, length);
}

struct digest digest_end(struct digest_maker *m)
{
    struct digest digest;

    crypto_generichash_final((crypto_generichash_state *)(void *)m->state, digest.bytes,
                             DIGEST_BYTES);
    return digest;
}

char *digest_print(struct digest digest, char out[DIGEST_HEX])
{
    return sodium_bin2hex(out, DIGEST_HEX, digest.bytes, DIGEST_BYTES);
}

struct digest digest_read(const char *hex)
{
    struct digest out = { { 0 } };
    size_t length = strnlen(hex, 2 * (size_t)DIGEST_BYTES);

    (void)sodium_hex2bin(out.bytes, sizeof out.bytes, hex, length, NULL, NULL, NULL);
    return out;
}

const char *digest_short(struct arena *a, struct digest digest, int digits)
{
    char hex[DIGEST_HEX];

    return arena_copy_n(a, digest_print(digest, hex), (size_t)digits);
}

char *sha256_print(const void *bytes, size_t length, char out[DIGEST_HEX])
{
    unsigned char digest[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(digest, bytes, length);
    return sodium_bin2hex(out, DIGEST_HEX, digest, sizeof digest);
}

char *secret_make(char out[DIGEST_HEX])
{
    struct digest random;

    randombytes_buf(random.bytes, sizeof random.bytes);
    return digest_print(random, out);
}
