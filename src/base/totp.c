/* The only file that includes liboath. */
#include "base/totp.h"

#include "base/secret.h"

#include <oath.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void begin(void)
{
    must(oath_init() == OATH_OK);
}

void totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, unsigned digits, char *out)
{
    pthread_once(&once, begin);
    must(digits >= 6 && digits <= 8 && step >= 0);
    must(oath_hotp_generate((const char *)secret, TOTP_SECRET, (uint64_t)step, digits, false,
                            OATH_HOTP_DYNAMIC_TRUNCATION, out) == OATH_OK);
}

/* Apps show "123 456", and people type what they see. */
static bool code_read(const char *typed, char out[TOTP_DIGITS + 1])
{
    size_t length = 0;

    for (; *typed != '\0'; typed++) {
        if (*typed == ' ')
            continue;
        if (*typed < '0' || *typed > '9' || length == TOTP_DIGITS)
            return false;
        out[length++] = *typed;
    }
    out[length] = '\0';
    return length == TOTP_DIGITS;
}

int64_t totp_fits(const unsigned char secret[TOTP_SECRET], int64_t now_s, int64_t last_step,
                  const char *typed)
{
    char wanted[TOTP_DIGITS + 1], given[TOTP_DIGITS + 1];
    int64_t now = now_s / TOTP_STEP_S, found = 0;

    if (!code_read(typed, given))
        return 0;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        totp_code(secret, step, TOTP_DIGITS, wanted);
        if (secret_same(wanted, given, TOTP_DIGITS) && step > last_step && found == 0)
            found = step;
    }
    secret_wipe(wanted, sizeof wanted);
    return found;
}

char *totp_text(const unsigned char secret[TOTP_SECRET], char out[TOTP_TEXT])
{
    char *text = NULL;
    size_t length = 0;

    pthread_once(&once, begin);
    must(oath_base32_encode((const char *)secret, TOTP_SECRET, &text, &length) == OATH_OK);
    must(length < TOTP_TEXT);
    memcpy(out, text, length);
    out[length] = '\0';
    secret_wipe(text, length);
    free(text);
    return out;
}
