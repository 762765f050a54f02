/*
 * Totp: the six digits that an authenticator shows (RFC 6238: HMAC-SHA-1, steps of 30 seconds
 * from 1970 on). Made by liboath.
 *
 * A code is good in its own step and in those beside it, since clocks differ. Whoever asks keeps
 * the step of the last good code, so that none is good twice.
 */
#ifndef BASE_TOTP_H
#define BASE_TOTP_H

#include "base/arena.h"

enum { TOTP_SECRET = 20, TOTP_DIGITS = 6, TOTP_STEP_S = 30, TOTP_TEXT = 33 };

/* The code of a step; `out` has digits + 1 bytes, digits are 6 to 8. */
void totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, unsigned digits, char *out);

/*
 * The step, within one of `now_s`, whose code this is, if it lies after `last_step`; else 0.
 * Blanks inside what was typed do not matter.
 */
int64_t totp_fits(const unsigned char secret[TOTP_SECRET], int64_t now_s, int64_t last_step,
                  const char *typed);

/* The secret as people type it, in Base32 (RFC 4648). */
char *totp_text(const unsigned char secret[TOTP_SECRET], char out[TOTP_TEXT]);

#endif
