#include "web/csrf.h"

#include "base/secret.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_BYTES = 16 }; /* of the 32 that there are */

static bool bytes_of(const char *hex, unsigned char *out, size_t count)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < count; i++) {
        const char *high = hex[2 * i] == '\0' ? NULL : strchr(digits, hex[2 * i]);
        const char *low =
            high == NULL || hex[2 * i + 1] == '\0' ? NULL : strchr(digits, hex[2 * i + 1]);
        if (low == NULL)
            return false;
        out[i] = (unsigned char)((high - digits) * 16 + (low - digits));
    }
    return true;
}

const char *csrf_mask(struct arena *a, const char *token)
{
    unsigned char secret[TOKEN_BYTES], mask[TOKEN_BYTES];
    char *out = arena_alloc(a, 4 * TOKEN_BYTES + 1);

    if (!bytes_of(token, secret, TOKEN_BYTES))
        return "";
    secret_random(mask, sizeof mask);
    for (size_t i = 0; i < TOKEN_BYTES; i++) {
        snprintf(out + 2 * i, 3, "%02x", mask[i]);
        secret[i] ^= mask[i];
    }
    for (size_t i = 0; i < TOKEN_BYTES; i++)
        snprintf(out + 2 * (TOKEN_BYTES + i), 3, "%02x", secret[i]);
    return out;
}

bool csrf_fits(const char *shown, const char *token)
{
    unsigned char secret[TOKEN_BYTES], both[2 * TOKEN_BYTES];

    if (strlen(shown) != 4 * TOKEN_BYTES || !bytes_of(shown, both, sizeof both) ||
        !bytes_of(token, secret, TOKEN_BYTES))
        return false;
    for (size_t i = 0; i < TOKEN_BYTES; i++)
        both[TOKEN_BYTES + i] ^= both[i];
    return secret_same(both + TOKEN_BYTES, secret, TOKEN_BYTES);
}
