/* One's own sign-in: password, authenticator, recovery codes, sessions. */
#include "formats/template.h"
#include "web/browser.h"
#include "web/page_sign_in.h"
#include "web/qr.h"

#include <string.h>

enum { QUIET_ZONE = 4 }; /* squares of nothing that must lie around the picture */

/* ---- The authenticator -------------------------------------------------------------------- */

/* In groups, since people type it. */
static const char *grouped(struct arena *a, const char *text)
{
    char *out = arena_alloc(a, strlen(text) * 2), *at = out;

    for (size_t i = 0; text[i] != '\0'; i++) {
        if (i > 0 && i % 4 == 0)
            *at++ = ' ';
        *at++ = text[i];
    }
    return out;
}

static bool offered(struct page *p, char text[TOTP_TEXT], struct fault *why)
{
    unsigned char secret[TOTP_SECRET];

    if (!second_offer(p->view->store, p->arena, p->session, secret, why))
        return false;
    totp_text(secret, text);
    secret_wipe(secret, sizeof secret);
    return true;
}

bool authenticator_put(struct page *p, struct fault *why)
{
    char text[TOTP_TEXT];

    if (!offered(p, text, why))
        return false;
    put(p->context, "secret", grouped(p->arena, text));
    put_true(p->context, "asks_password", p->role != NULL);
    return true;
}

/* otpauth://totp/Fairhaven:ann@firm.example?secret=…: what authenticators read. */
static const char *authenticator_link(struct page *p, const char *secret)
{
    struct arena *a = p->arena;
    const char *issuer = url_encode(a, p->view->organisation);

    return arena_print(a, "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d",
                       issuer, url_encode(a, p->session->user.email), secret, issuer, TOTP_DIGITS,
                       TOTP_STEP_S);
}

/* Only while one is being set up: the secret of an authenticator that is in use is never shown. */
bool page_authenticator_picture(struct page *p, struct fault *why)
{
    struct text path = { 0 };
    char secret[TOTP_TEXT];
    int size = 0;

    if (p->session->user.has_totp)
        return fail(why, NOT_FOUND, "You have an authenticator already.");
    if (!offered(p, secret, why) ||
        !qr_path(authenticator_link(p, secret), &path, &size, why))
        return false;
    put(p->context, "path", text_of(&path));
    put_int(p->context, "side", size + 2 * QUIET_ZONE);
    put_int(p->context, "margin", QUIET_ZONE);
    text_free(&path);
    p->reply->status = 200;
    p->reply->type = "image/svg+xml";
    return template_render(site_page(p->site, "qr"), p->context, &p->reply->body, why);
}

void recovery_show(struct page *p, const struct recovery_codes *codes, const char *next)
{
    json_t *list = put_list(p->context, "codes");

    for (int i = 0; i < RECOVERY_CODES; i++)
        put(list_add(list), "code", codes->text[i]);
    put(p->context, "next", next);
    p->template = "recovery_codes";
    p->reply->status = 0;
    p->reply->location = NULL;
}

/* ---- The page ----------------------------------------------------------------------------- */

static void session_put(struct page *p, json_t *list, const struct session_row *s)
{
    json_t *row = list_add(list);

    put(row, "digest", s->digest);
    put(row, "client", s->client);
    put(row, "browser", words_browser(p->arena, s->agent));
    put(row, "made", words_moment(p->arena, s->made_at, p->view->zone, p->view->today));
    put(row, "seen", words_moment(p->arena, s->seen_at, p->view->zone, p->view->today));
    put_true(row, "is_this", strcmp(s->digest, p->session->digest) == 0);
}

bool page_security(struct page *p, struct fault *why)
{
    const struct user *me = &p->session->user;
    struct session_row *rows;
    bool required;
    size_t count;

    put(p->context, "title", "Sign-in and security");
    if (!session_list(p->view->store, p->arena, me->number, p->view->now, &rows, &count, why) ||
        !second_is_required(p->view->store, p->arena, me->role, &required, why))
        return false;
    json_t *list = put_list(p->context, "sessions");
    for (size_t i = 0; i < count; i++)
        session_put(p, list, &rows[i]);
    put_true(p->context, "others", count > 1);
    put_true(p->context, "has_totp", me->has_totp);
    put_true(p->context, "required", required);
    put_int(p->context, "recovery_left", me->recovery_left);
    put_true(p->context, "few_left", me->recovery_left < 3);
    put_int(p->context, "least", PASSWORD_LEAST);
    put_int(p->context, "idle", SESSION_IDLE_MINUTES);
    put_int(p->context, "hours", SESSION_HOURS);
    return true;
}

/* The password, once more, from who is signed in. *waits: the page says how long to wait. */
static bool password_again(struct page *p, struct book **b, bool *waits, struct fault *why)
{
    const char *password;
    struct sign_in in;

    *waits = false;
    if (!page_need(p, "password", "your password", &password, why))
        return false;
    *b = page_writer(p, why);
    if (*b == NULL || !sign_in_again(*b, p->arena, p->session, password, &in, why))
        return false;
    *waits = in.wait_s > 0;
    if (*waits)
        return page_wait(p, in.wait_s, p->route->again, why);
    return in.fits || fail(why, NOT_ALLOWED, "That is not your password.");
}

static bool renewed(struct page *p, struct book *b, struct fault *why)
{
    struct visitor v = visitor_of(p);
    char token[DIGEST_HEX];

    if (!sign_in_renew(b, &v, p->session, token, why) || !page_commit(p, why))
        return false;
    session_keep(p, arena_copy(p->arena, token));
    return true;
}

static bool password_change(struct page *p, struct fault *why)
{
    const char *password;
    struct book *b;
    bool waits;

    if (!page_need(p, "new_password", "the new password", &password, why) ||
        !password_again(p, &b, &waits, why))
        return false;
    if (waits)
        return true;
    b = page_book(p, why);
    if (b == NULL || !user_password_change(b, p->session->user.number, password, NULL, why) ||
        !renewed(p, b, why))
        return false;
    page_say(p, "Your password is changed. You are signed out everywhere else.");
    page_go(p, "/me/security");
    return true;
}

bool page_security_authenticator(struct page *p, struct fault *why)
{
    put(p->context, "title", "Set up an authenticator");
    if (!p->session->user.has_totp)
        return authenticator_put(p, why);
    page_go(p, "/me/security");
    return true;
}

static bool authenticator_set(struct page *p, struct fault *why)
{
    struct recovery_codes codes;
    const char *code;
    struct book *b;
    bool waits, fits;

    if (!page_need(p, "code", "the code that the app shows", &code, why) ||
        !password_again(p, &b, &waits, why))
        return false;
    if (waits)
        return true;
    b = page_book(p, why);
    if (b == NULL || !second_set(b, p->session, code, &fits, &codes, why))
        return false;
    if (!fits)
        return fail(why, BAD_VALUE, "That code did not match. Use the one that the app shows now.");
    if (!renewed(p, b, why))
        return false;
    recovery_show(p, &codes, "/me/security");
    return true;
}

static bool authenticator_remove(struct page *p, struct fault *why)
{
    bool waits, required;
    struct book *b;

    if (!second_is_required(p->view->store, p->arena, p->session->user.role, &required, why))
        return false;
    if (required)
        return fail(why, NOT_ALLOWED, "Your role needs an authenticator. Ask an administrator to "
                                      "reset your sign-in when yours is lost.");
    if (!password_again(p, &b, &waits, why))
        return false;
    if (waits)
        return true;
    b = page_book(p, why);
    if (b == NULL || !second_remove(b, p->session->user.number, why) || !renewed(p, b, why))
        return false;
    page_say(p, "The authenticator is removed. You sign in with your password alone.");
    page_go(p, "/me/security");
    return true;
}

static bool recovery_renew(struct page *p, struct fault *why)
{
    struct recovery_codes codes;
    struct book *b;
    bool waits;

    if (!password_again(p, &b, &waits, why))
        return false;
    if (waits)
        return true;
    b = page_book(p, why);
    if (b == NULL || !second_recovery(b, p->session->user.number, &codes, why) ||
        !page_commit(p, why))
        return false;
    recovery_show(p, &codes, "/me/security");
    return true;
}

static bool end_one(struct page *p, struct fault *why)
{
    const char *digest;

    if (!page_need(p, "digest", "which session", &digest, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !session_end_of(b, p->session->user.number, digest, why) ||
        !page_commit(p, why))
        return false;
    page_say(p, "That session has ended.");
    page_go(p, "/me/security");
    return true;
}

static bool end_others(struct page *p, struct fault *why)
{
    struct book *b = page_book(p, why);
    int64_t ended;

    if (b == NULL ||
        !session_end_all(b, p->session->user.number, p->session->digest, &ended, why) ||
        !page_commit(p, why))
        return false;
    page_say(p, ended == 1 ? "One other session has ended."
                           : arena_print(p->arena, "%d other sessions have ended.", (int)ended));
    page_go(p, "/me/security");
    return true;
}

const struct route routes_security[] = {
    { "GET", "/me/security", MAY_SIGNED_IN, "me", "me_security", page_security, NULL },
    { "POST", "/me/security/password", MAY_SIGNED_IN, "me", "me_security", password_change,
      page_security },
    { "GET", "/me/security/authenticator", MAY_SIGNED_IN, "me", "me_security_authenticator",
      page_security_authenticator, NULL },
    { "POST", "/me/security/authenticator", MAY_SIGNED_IN, "me", "me_security_authenticator",
      authenticator_set, page_security_authenticator },
    { "POST", "/me/security/authenticator/remove", MAY_SIGNED_IN, "me", "me_security",
      authenticator_remove, page_security },
    { "POST", "/me/security/recovery", MAY_SIGNED_IN, "me", "me_security", recovery_renew,
      page_security },
    { "POST", "/me/security/end", MAY_SIGNED_IN, "me", "me_security", end_one, page_security },
    { "POST", "/me/security/end-others", MAY_SIGNED_IN, "me", "me_security", end_others,
      page_security },
    { 0 },
};
