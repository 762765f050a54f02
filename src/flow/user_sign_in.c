#include "flow/user_sign_in.h"

#include "flow/house_key.h"
#include "flow/user_parts.h"
#include "flow/user_try.h"

#include <string.h>

/* ---- Known browsers -----------------------------------------------------------------------
 *
 * A cookie of a few entries, the newest first, with "~" between: "12.NONCE.DAY.SIGNATURE", one
 * for each account that signed in there. It lets nobody in; it only gives tries of their own.
 */

enum { KNOWN_MOST = 4, KNOWN_DAYS = 400, NONCE_HEX = 33 };

struct known {
    int64_t user, day;
    const char *nonce;
    const char *entry; /* the whole of it */
};

static const char *known_sign(struct arena *a, const char *key, int64_t user, const char *nonce,
                              int64_t day)
{
    char *signature = arena_alloc(a, DIGEST_HEX);

    return secret_sign(key, "known browser",
                       arena_print(a, "%lld.%s.%lld", (long long)user, nonce, (long long)day),
                       signature);
}

/* Cuts the next piece off; NULL at the end. */
static char *piece(char **at, char end)
{
    char *begin = *at;

    if (begin == NULL)
        return NULL;
    *at = strchr(begin, end);
    if (*at != NULL)
        *(*at)++ = '\0';
    return begin;
}

static bool known_read(struct arena *a, const char *key, int64_t today, const char *entry,
                       struct known *out)
{
    char *at = arena_copy(a, entry);
    const char *user = piece(&at, '.'), *nonce = piece(&at, '.'), *day = piece(&at, '.'),
               *signature = piece(&at, '.');

    *out = (struct known){ .nonce = nonce, .entry = entry };
    return signature != NULL && at == NULL && text_to_int(user, &out->user) &&
           text_to_int(day, &out->day) && out->day <= today && out->day > today - KNOWN_DAYS &&
           text_same(signature, known_sign(a, key, out->user, nonce, out->day));
}

static int64_t day_of(struct instant now)
{
    return now.us / ((int64_t)24 * 3600 * 1000000);
}

/* The entries of the cookie that hold; the one of this user comes back by itself. */
static size_t known_list(struct arena *a, const char *key, int64_t today, const char *cookie,
                         struct known out[KNOWN_MOST])
{
    char *at = cookie == NULL ? NULL : arena_copy(a, cookie);
    size_t count = 0;

    while (at != NULL && count < KNOWN_MOST) {
        const char *entry = piece(&at, '~');
        count += known_read(a, key, today, entry, &out[count]);
    }
    return count;
}

/* NULL when this browser is not known for the user. */
static bool known_find(struct store *s, struct arena *a, struct instant now, const char *cookie,
                       int64_t user, const char **nonce, struct fault *why)
{
    struct known all[KNOWN_MOST];
    char key[DIGEST_HEX];

    *nonce = NULL;
    if (!house_key_text(s, a, "known browsers", key, why))
        return false;
    size_t count = known_list(a, key, day_of(now), cookie, all);
    for (size_t i = 0; i < count; i++) {
        if (all[i].user == user && user != 0)
            *nonce = all[i].nonce;
    }
    return true;
}

/* The cookie with this user in front. */
static bool known_add(struct store *s, struct arena *a, struct instant now, const char *cookie,
                      int64_t user, const char **out, struct fault *why)
{
    struct known all[KNOWN_MOST];
    char key[DIGEST_HEX], random[DIGEST_HEX];
    const char *nonce = NULL;

    if (!house_key_text(s, a, "known browsers", key, why))
        return false;
    size_t count = known_list(a, key, day_of(now), cookie, all), kept = 1;
    for (size_t i = 0; i < count; i++) {
        if (all[i].user == user)
            nonce = all[i].nonce;
    }
    if (nonce == NULL)
        nonce = arena_copy_n(a, secret_make(random), NONCE_HEX - 1);
    *out = arena_print(a, "%lld.%s.%lld.%s", (long long)user, nonce, (long long)day_of(now),
                       known_sign(a, key, user, nonce, day_of(now)));
    for (size_t i = 0; i < count && kept < KNOWN_MOST; i++) {
        if (all[i].user == user)
            continue;
        *out = arena_print(a, "%s~%s", *out, all[i].entry);
        kept++;
    }
    return true;
}

/* ---- Tries -------------------------------------------------------------------------------- */

struct tries {
    struct try_key keys[2];
    size_t count;
};

/* Counted and kept before anything is judged. */
static bool count_now(struct book *b, const struct tries *tries, struct sign_in *out,
                      struct fault *why)
{
    return book_begin(b, why) &&
           (try_count(b, tries->keys, tries->count, &out->wait_s, why) ? book_commit(b, why)
                                                                       : book_undo(b));
}

static bool tries_of_password(struct book *b, struct arena *a, const struct visitor *v,
                              const char *email, struct tries *out, struct fault *why)
{
    const char *folded = text_fold(a, email), *address = try_address(a, v->client), *nonce;
    struct user user;

    if (!user_by_email(b->store, a, email, &user, why) ||
        !known_find(b->store, a, b->now, v->known, user.number, &nonce, why))
        return false;
    if (nonce != NULL)
        *out = (struct tries){ { { TRY_BROWSER, nonce } }, 1 };
    else
        *out = (struct tries){ { { TRY_ACCOUNT, arena_print(a, "%s\n%s", folded, address) },
                                 { TRY_ADDRESS, address } },
                               2 };
    return true;
}

/* Whoever gets here had the password; a stranger cannot use these up. */
static bool tries_of_user(struct book *b, struct arena *a, const struct visitor *v,
                          enum try_kind kind, int64_t user, struct tries *out,
                          struct fault *why)
{
    const char *nonce;

    if (!known_find(b->store, a, b->now, v->known, user, &nonce, why))
        return false;
    *out = (struct tries){
        { { kind, nonce != NULL ? nonce : arena_print(a, "user %lld", (long long)user) } }, 1
    };
    return true;
}

/* ---- Steps -------------------------------------------------------------------------------- */

bool sign_in_owes(struct store *s, struct arena *a, const struct user *user, bool had_code,
                  enum sign_in_step *step, struct fault *why)
{
    bool required;

    if (!second_is_required(s, a, user->role, &required, why))
        return false;
    *step = !user->has_password                ? STEP_PASSWORD
            : user->has_totp && !had_code      ? STEP_CODE
            : !user->has_totp && required      ? STEP_AUTHENTICATOR
                                               : STEP_DONE;
    return true;
}

static bool signed_in(struct book *b, struct arena *a, const struct visitor *v, const char *with,
                      struct sign_in *out, struct fault *why)
{
    struct query q = query_begin(b->store, Q_USER_SEEN);

    bind_int(&q, b->now.us);
    bind_int(&q, out->user.number);
    if (!query_run(&q, why) ||
        !known_add(b->store, a, b->now, v->known, out->user.number, &out->known, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "user", out->user.number);
    json_text_at(&w, "email", out->user.email);
    json_text_at(&w, "with", with);
    json_text_at(&w, "client", v->client);
    return book_record_end(b, &w, user_house, "sign_in", why);
}

/* One step further, in the transaction of what was proved. */
static bool enter(struct book *b, struct arena *a, const struct roles *roles,
                  const struct visitor *v, int64_t user, bool had_code, const char *with,
                  struct sign_in *out, struct fault *why)
{
    if (!user_load(b->store, a, user, &out->user, why))
        return false;
    if (out->user.state == USER_DISABLED)
        return fail(why, NOT_ALLOWED, "This account is disabled.");
    if (role_find(roles, out->user.role) == NULL)
        return fail(why, NOT_ALLOWED, "Your role, %s, is not in the list of roles any more: ask "
                                      "an administrator.", out->user.role);
    if (!sign_in_owes(b->store, a, &out->user, had_code, &out->step, why) ||
        (v->session != NULL && !session_end(b, v->session, why)) ||
        !session_begin(b, user, out->step != STEP_DONE, v->client, v->agent, out->token, why))
        return false;
    out->fits = true;
    return out->step != STEP_DONE || signed_in(b, a, v, with, out, why);
}

static bool end(struct book *b, bool done, struct fault *why)
{
    return done ? book_commit(b, why) : book_undo(b);
}

bool sign_in_password(struct book *b, struct arena *a, const struct roles *roles,
                      const struct visitor *v, const char *email, const char *password,
                      struct sign_in *out, struct fault *why)
{
    struct tries tries;
    bool fits;

    *out = (struct sign_in){ 0 };
    if (!tries_of_password(b, a, v, email, &tries, why) || !count_now(b, &tries, out, why))
        return false;
    if (out->wait_s > 0)
        return true;
    if (!user_password_fits(b->store, email, password, &out->user, a, &fits, why))
        return false;
    if (!fits) {
        out->user = (struct user){ 0 };
        return true;
    }
    return book_begin(b, why) &&
           end(b,
               try_good(b, tries.keys, tries.count, why) &&
                   enter(b, a, roles, v, out->user.number, false, "password", out, why),
               why);
}

static bool code_judge(struct book *b, struct arena *a, const struct roles *roles,
                       const struct visitor *v, const struct session *fresh, const char *code,
                       const struct tries *tries, struct sign_in *out, struct fault *why)
{
    enum second_kind what;

    if (!second_check(b, fresh->user.number, code, &what, why))
        return false;
    if (what == SECOND_NONE)
        return true;
    return try_good(b, tries->keys, tries->count, why) &&
           enter(b, a, roles, v, fresh->user.number, true,
                 what == SECOND_CODE ? "authenticator" : "recovery code", out, why);
}

bool sign_in_code(struct book *b, struct arena *a, const struct roles *roles,
                  const struct visitor *v, const struct session *fresh, const char *code,
                  struct sign_in *out, struct fault *why)
{
    struct tries tries;

    *out = (struct sign_in){ 0 };
    if (!tries_of_user(b, a, v, TRY_SECOND, fresh->user.number, &tries, why) ||
        !count_now(b, &tries, out, why))
        return false;
    return out->wait_s > 0 ||
           (book_begin(b, why) &&
            end(b, code_judge(b, a, roles, v, fresh, code, &tries, out, why), why));
}

static bool link_enter(struct book *b, struct arena *a, const struct roles *roles,
                       const struct visitor *v, const char *token, struct sign_in *out,
                       struct fault *why)
{
    struct user user;

    return link_take(b, token, &user, why) &&
           (user.number == 0 || enter(b, a, roles, v, user.number, false, "link", out, why));
}

bool sign_in_link(struct book *b, struct arena *a, const struct roles *roles,
                  const struct visitor *v, const char *token, struct sign_in *out,
                  struct fault *why)
{
    *out = (struct sign_in){ 0 };
    return book_begin(b, why) && end(b, link_enter(b, a, roles, v, token, out, why), why);
}

bool sign_in_choose(struct book *b, struct arena *a, const struct roles *roles,
                    const struct visitor *v, const struct session *fresh, const char *password,
                    struct sign_in *out, struct fault *why)
{
    int64_t user = fresh->user.number;

    *out = (struct sign_in){ 0 };
    if (!fresh->fresh || fresh->user.has_password)
        return fail(why, CONFLICT, "You have a password already.");
    return book_begin(b, why) &&
           end(b,
               user_password_change(b, user, password, NULL, why) &&
                   enter(b, a, roles, v, user, false, "link", out, why),
               why);
}

static bool authenticator_enter(struct book *b, struct arena *a, const struct roles *roles,
                                const struct visitor *v, const struct session *fresh,
                                const char *code, struct recovery_codes *codes,
                                struct sign_in *out, struct fault *why)
{
    bool fits;

    return second_set(b, fresh, code, &fits, codes, why) &&
           (!fits ||
            enter(b, a, roles, v, fresh->user.number, true, "authenticator", out, why));
}

bool sign_in_authenticator(struct book *b, struct arena *a, const struct roles *roles,
                           const struct visitor *v, const struct session *fresh,
                           const char *code, struct recovery_codes *codes, struct sign_in *out,
                           struct fault *why)
{
    *out = (struct sign_in){ 0 };
    return book_begin(b, why) &&
           end(b, authenticator_enter(b, a, roles, v, fresh, code, codes, out, why), why);
}

/* ---- While signed in ---------------------------------------------------------------------- */

bool sign_in_again(struct book *b, struct arena *a, const struct session *session,
                   const char *password, struct sign_in *out, struct fault *why)
{
    const char *who = arena_print(a, "user %lld", (long long)session->user.number);
    struct tries tries = { { { TRY_AGAIN, who } }, 1 };

    *out = (struct sign_in){ 0 };
    if (!count_now(b, &tries, out, why))
        return false;
    if (out->wait_s > 0)
        return true;
    if (!user_password_fits(b->store, session->user.email, password, &out->user, a, &out->fits,
                            why))
        return false;
    return !out->fits || (book_begin(b, why) &&
                          end(b, try_good(b, tries.keys, tries.count, why), why));
}

bool sign_in_renew(struct book *b, const struct visitor *v, const struct session *session,
                   char token[DIGEST_HEX], struct fault *why)
{
    return session_end(b, session->digest, why) &&
           session_begin(b, session->user.number, false, v->client, v->agent, token, why);
}
