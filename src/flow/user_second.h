/*
 * Second: what somebody has besides their password: an authenticator (base/totp.h), and ten
 * recovery codes for the day on which it is lost. Each code is good once.
 *
 * The secret is sealed with the key of the house (flow/house_key.h) together with the number of
 * the user, so that a row copied to another user opens nothing. Of recovery codes only what the
 * key makes of them is kept; they are shown once. Optional, but for the roles that the setting
 * require_totp names ("administrator, manager", or "all").
 */
#ifndef FLOW_USER_SECOND_H
#define FLOW_USER_SECOND_H

#include "base/totp.h"
#include "flow/user.h"

enum { RECOVERY_CODES = 10, RECOVERY_TEXT = 20 };

struct recovery_codes {
    char text[RECOVERY_CODES][RECOVERY_TEXT]; /* "7k2m-90qd-xw4r-c1tz" */
};

bool second_is_required(struct store *s, struct arena *a, const char *role, bool *required,
                        struct fault *why);

/* A secret to set an authenticator up with: nothing is written, and the same session is offered
 * the same again until something of the user changes. */
bool second_offer(struct store *s, struct arena *a, const struct session *session,
                  unsigned char secret[TOTP_SECRET], struct fault *why);
/* Takes what was offered once a code proves that the authenticator has it; *fits says whether.
 * CONFLICT when they have one already. */
bool second_set(struct book *b, const struct session *session, const char *code, bool *fits,
                struct recovery_codes *codes, struct fault *why);
bool second_remove(struct book *b, int64_t user, struct fault *why);
/* New codes; those before are good no longer. */
bool second_recovery(struct book *b, int64_t user, struct recovery_codes *codes,
                     struct fault *why);

enum second_kind { SECOND_NONE, SECOND_CODE, SECOND_RECOVERY };
/* A code of the authenticator, or a recovery code: used up when it is good. */
bool second_check(struct book *b, int64_t user, const char *typed, enum second_kind *what,
                  struct fault *why);

#endif
