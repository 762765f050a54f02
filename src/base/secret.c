#include "base/secret.h"

#include <sodium.h>
#include <string.h>

enum { PASSES = 2, MEMORY = 19 << 20 };

_Static_assert(PASSWORD_HASH >= crypto_pwhash_STRBYTES, "a hash fits");
_Static_assert(SEAL_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key of a seal");
_Static_assert(SEAL_EXTRA == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
                                 crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "what a seal adds");

bool password_hash(const char *password, char out[PASSWORD_HASH])
{
    return crypto_pwhash_str_alg(out, password, strlen(password), PASSES, MEMORY,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool password_fits(const char *hash, const char *password)
{
    char scratch[PASSWORD_HASH];

    if (hash != NULL)
        return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    password_hash(password, scratch);
    return false;
}

bool secret_same(const void *a, const void *b, size_t length)
{
    return sodium_memcmp(a, b, length) == 0;
}

bool text_same(const char *a, const char *b)
{
    size_t length = strlen(a);

    return length == strlen(b) && secret_same(a, b, length);
}

char *secret_sign(const char *key, const char *what, const char *text, char out[DIGEST_HEX])
{
    crypto_auth_hmacsha512256_state state;
    struct digest digest;

    _Static_assert(sizeof digest.bytes == crypto_auth_hmacsha512256_BYTES, "a signature");
    crypto_auth_hmacsha512256_init(&state, (const unsigned char *)key, strlen(key));
    crypto_auth_hmacsha512256_update(&state, (const unsigned char *)what, strlen(what) + 1);
    crypto_auth_hmacsha512256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_auth_hmacsha512256_final(&state, digest.bytes);
    sodium_memzero(&state, sizeof state);
    return digest_print(digest, out);
}

void secret_mac(const void *key, size_t key_length, const char *first, const void *then,
                size_t then_length, unsigned char out[MAC_BYTES])
{
    crypto_auth_hmacsha256_state state;

    _Static_assert(MAC_BYTES == crypto_auth_hmacsha256_BYTES, "a signature");
    crypto_auth_hmacsha256_init(&state, key, key_length);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)first, strlen(first));
    crypto_auth_hmacsha256_update(&state, then, then_length);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

char *base64_print(const void *bytes, size_t length, char *out)
{
    return sodium_bin2base64(out, BASE64_TEXT(length), bytes, length,
                             sodium_base64_VARIANT_ORIGINAL);
}

bool base64_read(const char *text, void *out, size_t most, size_t *length)
{
    return sodium_base642bin(out, most, text, strlen(text), NULL, length, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0;
}

void secret_seal(const unsigned char key[SEAL_KEY], const void *bytes, size_t length,
                 unsigned char *out)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };

    randombytes_buf(out, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, bytes, length, NULL, 0, NULL,
                                               out, key);
}

bool secret_open(const unsigned char key[SEAL_KEY], const unsigned char *sealed, size_t length,
                 unsigned char *out)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };

    return length >= SEAL_EXTRA &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(
               out, NULL, NULL, sealed + NONCE, length - NONCE, NULL, 0, sealed, key) == 0;
}

void secret_random(void *out, size_t length)
{
    randombytes_buf(out, length);
}

void secret_wipe(void *bytes, size_t length)
{
    sodium_memzero(bytes, length);
}
