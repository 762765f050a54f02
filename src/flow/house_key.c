#include "flow/house_key.h"

#include "flow/book.h"

#include <string.h>

enum { KEY_FILE_MOST = 4096, KEY_FILE_LEAST = 16 };

_Static_assert((int)SEAL_KEY == (int)DIGEST_BYTES, "a digest is a key");

static const char *key_path;

void house_key_file(const char *path)
{
    key_path = path;
}

static bool key_file_add(struct arena *a, struct digest_maker *m, struct fault *why)
{
    char *bytes;
    size_t length;

    if (text_is_empty(key_path))
        return true;
    if (!text_read_file(key_path, KEY_FILE_MOST, a, &bytes, &length, why))
        return false;
    if (length < KEY_FILE_LEAST) {
        fail(why, BAD_FILE, "The key file %s has fewer than %d bytes.", key_path, KEY_FILE_LEAST);
        return fault_hint(why, "head -c 32 /dev/urandom > %s", key_path);
    }
    digest_add(m, bytes, length);
    secret_wipe(bytes, length);
    return true;
}

bool house_key(struct store *s, struct arena *a, const char *purpose,
               unsigned char key[SEAL_KEY], struct fault *why)
{
    struct digest_maker m;
    const char *secret;

    if (!book_setting(s, a, "secret", &secret, why))
        return false;
    if (secret == NULL)
        return fail(why, DB_ROW, "The book has no secret of its own.");
    digest_begin(&m);
    digest_add(&m, purpose, strlen(purpose));
    digest_add(&m, secret, strlen(secret));
    if (!key_file_add(a, &m, why))
        return false;
    struct digest digest = digest_end(&m);
    memcpy(key, digest.bytes, SEAL_KEY);
    secret_wipe(&digest, sizeof digest);
    return true;
}

bool house_key_text(struct store *s, struct arena *a, const char *purpose, char key[DIGEST_HEX],
                    struct fault *why)
{
    struct digest digest = { 0 };

    if (!house_key(s, a, purpose, digest.bytes, why))
        return false;
    digest_print(digest, key);
    secret_wipe(&digest, sizeof digest);
    return true;
}
