#include "flow/user_second.h"

#include "flow/house_key.h"
#include "flow/user_parts.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { SEALED = TOTP_SECRET + (int)sizeof(int64_t), RECOVERY_LETTERS = 16 };

/* Without i, l, o and u, which are misread. */
static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

bool second_is_required(struct store *s, struct arena *a, const char *role, bool *required,
                        struct fault *why)
{
    const char *roles;

    *required = false;
    if (!book_setting(s, a, "require_totp", &roles, why))
        return false;
    for (const char *at = roles; at != NULL && *at != '\0' && !*required;) {
        at += strspn(at, ", ");
        size_t run = strcspn(at, ", ");
        const char *name = arena_copy_n(a, at, run);
        *required = run > 0 && (text_equal(name, "all") || text_equal(name, role));
        at += run;
    }
    return true;
}

bool second_offer(struct store *s, struct arena *a, const struct session *session,
                  unsigned char secret[TOTP_SECRET], struct fault *why)
{
    unsigned char key[SEAL_KEY];
    struct digest_maker m;

    if (!house_key(s, a, "authenticator on offer", key, why))
        return false;
    digest_begin(&m);
    digest_add(&m, key, sizeof key);
    digest_add(&m, session->digest, strlen(session->digest));
    digest_add_int(&m, session->user.number);
    digest_add_int(&m, session->user.version);
    struct digest digest = digest_end(&m);
    memcpy(secret, digest.bytes, TOTP_SECRET);
    secret_wipe(&digest, sizeof digest);
    secret_wipe(key, sizeof key);
    return true;
}

/* ---- Recovery codes ---------------------------------------------------------------------- */

/* What was typed, as the letters of a code; false when it cannot be one. */
static bool recovery_read(const char *typed, char out[RECOVERY_LETTERS + 1])
{
    size_t length = 0;

    for (; *typed != '\0'; typed++) {
        char c = (char)tolower((unsigned char)*typed);
        if (c == '-' || c == ' ')
            continue;
        c = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
        if (strchr(letters, c) == NULL || length == RECOVERY_LETTERS)
            return false;
        out[length++] = c;
    }
    out[length] = '\0';
    return length == RECOVERY_LETTERS;
}

static void recovery_make(char out[RECOVERY_TEXT])
{
    unsigned char random[RECOVERY_LETTERS];
    size_t at = 0;

    secret_random(random, sizeof random);
    for (int i = 0; i < RECOVERY_LETTERS; i++) {
        if (i > 0 && i % 4 == 0)
            out[at++] = '-';
        out[at++] = letters[random[i] % 32];
    }
    out[at] = '\0';
    secret_wipe(random, sizeof random);
}

static bool recovery_key(struct book *b, int64_t user, const char **key, const char **what,
                         struct fault *why)
{
    char *text = arena_alloc(&b->arena, DIGEST_HEX);

    *key = text;
    *what = arena_print(&b->arena, "recovery of %lld", (long long)user);
    return house_key_text(b->store, &b->arena, "recovery codes", text, why);
}

/* New codes, and what is kept of them: one to a line. */
static bool recovery_new(struct book *b, int64_t user, struct recovery_codes *codes,
                         const char **kept, struct fault *why)
{
    const char *key, *what;

    *kept = "";
    if (!recovery_key(b, user, &key, &what, why))
        return false;
    for (int i = 0; i < RECOVERY_CODES; i++) {
        char plain[RECOVERY_LETTERS + 1], hash[DIGEST_HEX];
        recovery_make(codes->text[i]);
        must(recovery_read(codes->text[i], plain));
        *kept = arena_print(&b->arena, "%s%s\n", *kept, secret_sign(key, what, plain, hash));
        secret_wipe(plain, sizeof plain);
    }
    return true;
}

/* The lines without the one that this code is; NULL when none is. */
static const char *recovery_without(struct arena *a, const char *kept, const char *hash)
{
    const char *rest = "";
    bool found = false;

    while (kept != NULL && *kept != '\0') {
        size_t run = strcspn(kept, "\n");
        bool same = run == strlen(hash) && secret_same(kept, hash, run);
        if (!same && run > 0)
            rest = arena_print(a, "%s%.*s\n", rest, (int)run, kept);
        found = found || same;
        kept += run + (kept[run] == '\n');
    }
    return found ? rest : NULL;
}

/* ---- The row ----------------------------------------------------------------------------- */

struct second {
    bool has; /* an authenticator */
    unsigned char secret[TOTP_SECRET];
    int64_t step;
    const char *recovery;
};

static bool seal_open(struct book *b, int64_t user, const unsigned char *sealed, size_t length,
                      struct second *out, struct fault *why)
{
    unsigned char key[SEAL_KEY], plain[SEALED];
    int64_t whose = 0;

    if (!house_key(b->store, &b->arena, "authenticator", key, why))
        return false;
    bool opens = length == SEALED + SEAL_EXTRA && secret_open(key, sealed, length, plain);
    if (opens) {
        memcpy(out->secret, plain, TOTP_SECRET);
        memcpy(&whose, plain + TOTP_SECRET, sizeof whose);
    }
    secret_wipe(plain, sizeof plain);
    secret_wipe(key, sizeof key);
    if (opens && whose == user)
        return true;
    fail(why, DB_ROW, "The secret of this authenticator does not open with the key of the house.");
    return fault_hint(why, "the key file (setting key_file) must be the one by which it was "
                           "sealed; else: recoup user reset-sign-in EMAIL");
}

static bool second_read(struct book *b, int64_t user, struct second *out, struct fault *why)
{
    struct query q = query_begin(b->store, Q_USER_SECOND);
    const unsigned char *sealed = NULL;
    size_t length = 0;

    *out = (struct second){ .recovery = "" };
    bind_int(&q, user);
    if (query_next(&q)) {
        const void *bytes = row_blob(&q, 0, &length);
        if (bytes != NULL && length > 0)
            sealed = (const unsigned char *)arena_copy_n(&b->arena, bytes, length);
        out->step = row_int(&q, 1);
        out->recovery = row_copy(&q, 2, &b->arena);
    }
    if (!query_end(&q, why))
        return false;
    out->has = sealed != NULL;
    return !out->has || seal_open(b, user, sealed, length, out, why);
}

static bool second_write(struct book *b, int64_t user, const unsigned char secret[TOTP_SECRET],
                         int64_t step, const char *recovery, struct fault *why)
{
    unsigned char key[SEAL_KEY], plain[SEALED], sealed[SEALED + SEAL_EXTRA];

    if (!house_key(b->store, &b->arena, "authenticator", key, why))
        return false;
    memcpy(plain, secret, TOTP_SECRET);
    memcpy(plain + TOTP_SECRET, &user, sizeof user);
    secret_seal(key, plain, sizeof plain, sealed);
    secret_wipe(plain, sizeof plain);
    secret_wipe(key, sizeof key);
    struct query q = query_begin(b->store, Q_USER_TOTP_SET);
    bind_blob(&q, sealed, sizeof sealed);
    bind_int(&q, step);
    bind_text(&q, recovery);
    bind_int(&q, user);
    return query_run(&q, why);
}

static bool recovery_write(struct book *b, int64_t user, const char *recovery, struct fault *why)
{
    struct query q = query_begin(b->store, Q_USER_RECOVERY_SET);

    bind_text(&q, recovery);
    bind_int(&q, user);
    return query_run(&q, why);
}

/* ---- What people do ---------------------------------------------------------------------- */

bool second_set(struct book *b, const struct session *session, const char *code, bool *fits,
                struct recovery_codes *codes, struct fault *why)
{
    int64_t user = session->user.number;
    unsigned char secret[TOTP_SECRET];
    const char *kept;
    struct second now;

    *fits = false;
    if (!user_lock(b, why) || !second_read(b, user, &now, why) ||
        !second_offer(b->store, &b->arena, session, secret, why))
        return false;
    if (now.has)
        return fail(why, CONFLICT, "You have an authenticator already.");
    int64_t step = totp_fits(secret, b->now.us / 1000000, 0, code);
    *fits = step > 0;
    bool done = !*fits || (recovery_new(b, user, codes, &kept, why) &&
                           second_write(b, user, secret, step, kept, why) &&
                           user_record(b, &session->user, "authenticator", NULL, NULL, why));
    secret_wipe(secret, sizeof secret);
    return done;
}

bool second_remove(struct book *b, int64_t user, struct fault *why)
{
    struct user whose;

    if (!user_lock(b, why) || !user_load(b->store, &b->arena, user, &whose, why))
        return false;
    struct query q = query_begin(b->store, Q_USER_TOTP_REMOVE);
    bind_int(&q, user);
    return query_run(&q, why) &&
           user_record(b, &whose, "authenticator_removed", NULL, NULL, why);
}

bool second_recovery(struct book *b, int64_t user, struct recovery_codes *codes,
                     struct fault *why)
{
    struct user whose;
    const char *kept;

    if (!user_lock(b, why) || !user_load(b->store, &b->arena, user, &whose, why))
        return false;
    if (!whose.has_totp)
        return fail(why, CONFLICT, "Recovery codes stand in for an authenticator: set one up "
                                   "first.");
    return recovery_new(b, user, codes, &kept, why) && recovery_write(b, user, kept, why) &&
           user_record(b, &whose, "recovery_codes", NULL, NULL, why);
}

static bool code_use(struct book *b, int64_t user, int64_t step, struct fault *why)
{
    struct query q = query_begin(b->store, Q_USER_TOTP_STEP);

    bind_int(&q, step);
    bind_int(&q, user);
    return query_run(&q, why);
}

bool second_check(struct book *b, int64_t user, const char *typed, enum second_kind *what,
                  struct fault *why)
{
    char plain[RECOVERY_LETTERS + 1], hash[DIGEST_HEX];
    const char *key, *name, *rest;
    struct second now;

    *what = SECOND_NONE;
    if (!user_lock(b, why) || !second_read(b, user, &now, why))
        return false;
    if (!now.has)
        return true;
    int64_t step = totp_fits(now.secret, b->now.us / 1000000, now.step, typed);
    secret_wipe(now.secret, sizeof now.secret);
    if (step > 0) {
        *what = SECOND_CODE;
        return code_use(b, user, step, why);
    }
    if (!recovery_read(typed, plain))
        return true;
    if (!recovery_key(b, user, &key, &name, why))
        return false;
    rest = recovery_without(&b->arena, now.recovery, secret_sign(key, name, plain, hash));
    if (rest == NULL)
        return true;
    *what = SECOND_RECOVERY;
    return recovery_write(b, user, rest, why);
}
