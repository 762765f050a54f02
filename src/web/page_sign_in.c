/* Signing in, step by step, and out. */
#include "web/page_sign_in.h"

#include "flow/user_try.h"

#include <string.h>

enum { KNOWN_SECONDS = 400 * 24 * 3600, COOKIE_OF_SESSION = 1, COOKIE_OF_BROWSER = 2 };

/* ---- What the pages share ----------------------------------------------------------------- */

struct visitor visitor_of(const struct page *p)
{
    return (struct visitor){
        .client = p->ask->client,
        .agent = p->ask->agent,
        .known = p->ask->known,
        .session = p->session->user.number != 0 ? p->session->digest : NULL,
    };
}

static void cookie_keep(struct page *p, int place, const char *name, const char *value,
                        int seconds)
{
    p->reply->cookies[place] = arena_print(
        p->arena, "%s%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
        p->ask->secure ? "__Host-" : "", name, value, seconds, p->ask->secure ? "; Secure" : "");
}

void session_keep(struct page *p, const char *token)
{
    cookie_keep(p, COOKIE_OF_SESSION, COOKIE_SESSION, token,
                *token == '\0' ? 0 : SESSION_HOURS * 3600);
}

const char *next_of(const struct page *p)
{
    const char *next = page_form(p, "next");

    if (next == NULL)
        next = page_field(p, "next");
    return next != NULL && next[0] == '/' && next[1] != '/' && strpbrk(next, "\\\r\n") == NULL
               ? next
               : "/";
}

void next_go(struct page *p, const char *path)
{
    const char *next = next_of(p);

    page_go(p, strcmp(next, "/") == 0
                   ? path
                   : arena_print(p->arena, "%s?next=%s", path, url_encode(p->arena, next)));
}

bool page_wait(struct page *p, int wait_s, page_fill *fill, struct fault *why)
{
    const char *email = page_form(p, "email");
    json_t *fault = put_object(p->context, "fault");

    put(fault, "text", arena_print(p->arena, "Too many tries. Wait %s, then try again.",
                                   try_wait_words(p->arena, wait_s)));
    put(fault, "hint", "");
    put(put_object(p->context, "typed"), "email", email);
    p->stays = 429;
    p->reply->retry_after = wait_s;
    return fill(p, why);
}

/* One step further: the new token, and the page of what is still owed. */
static void step_on(struct page *p, const struct sign_in *in)
{
    static const char *const pages[] = { [STEP_PASSWORD] = "/sign-in/password",
                                         [STEP_CODE] = "/sign-in/code",
                                         [STEP_AUTHENTICATOR] = "/sign-in/authenticator" };

    session_keep(p, in->token);
    if (in->known != NULL)
        cookie_keep(p, COOKIE_OF_BROWSER, COOKIE_KNOWN, in->known, KNOWN_SECONDS);
    if (in->step == STEP_DONE)
        page_go(p, next_of(p));
    else
        next_go(p, pages[in->step]);
}

/* ---- Password ----------------------------------------------------------------------------- */

static bool page_sign_in(struct page *p, struct fault *why)
{
    bool any;

    if (p->role != NULL && p->ask->form_count == 0) {
        page_go(p, "/");
        return true;
    }
    put(p->context, "next", next_of(p));
    if (!user_any(p->view->store, &any, why))
        return false;
    put_true(p->context, "nobody", !any);
    return true;
}

static bool sign_in(struct page *p, struct fault *why)
{
    struct visitor v = visitor_of(p);
    const char *email, *password;
    struct sign_in in;

    if (!page_need(p, "email", "your email address", &email, why) ||
        !page_need(p, "password", "your password", &password, why))
        return false;
    struct book *b = page_writer(p, why);
    if (b == NULL ||
        !sign_in_password(b, p->arena, p->hand->roles, &v, email, password, &in, why))
        return false;
    if (in.wait_s > 0)
        return page_wait(p, in.wait_s, page_sign_in, why);
    if (!in.fits)
        return fail(why, NOT_ALLOWED, "That did not match. Check your email address and password.");
    step_on(p, &in);
    return true;
}

static bool sign_out(struct page *p, struct fault *why)
{
    struct book *b = page_book(p, why);

    if (b == NULL || !session_end(b, p->session->digest, why) || !page_commit(p, why))
        return false;
    session_keep(p, "");
    page_go(p, "/sign-in");
    return true;
}

/* ---- Fresh sessions ----------------------------------------------------------------------- */

/* False when the page was sent elsewhere: this session does not owe the step. */
static bool owes(struct page *p, enum sign_in_step step, bool *here, struct fault *why)
{
    enum sign_in_step owed;

    *here = false;
    put(p->context, "next", next_of(p));
    put(p->context, "email", p->session->user.email);
    if (!sign_in_owes(p->view->store, p->arena, &p->session->user, false, &owed, why))
        return false;
    *here = p->session->fresh && owed == step;
    if (!*here)
        page_go(p, p->session->fresh ? "/sign-in" : "/");
    return true;
}

static bool page_code(struct page *p, struct fault *why)
{
    bool here;

    return owes(p, STEP_CODE, &here, why);
}

static bool code(struct page *p, struct fault *why)
{
    struct visitor v = visitor_of(p);
    const char *typed;
    struct sign_in in;
    bool here;

    if (!owes(p, STEP_CODE, &here, why))
        return false;
    if (!here)
        return true;
    if (!page_need(p, "code", "the code", &typed, why))
        return false;
    struct book *b = page_writer(p, why);
    if (b == NULL ||
        !sign_in_code(b, p->arena, p->hand->roles, &v, p->session, typed, &in, why))
        return false;
    if (in.wait_s > 0)
        return page_wait(p, in.wait_s, page_code, why);
    if (!in.fits)
        return fail(why, NOT_ALLOWED, "That code did not match. Use the one that the app shows "
                                      "now; each works once.");
    step_on(p, &in);
    return true;
}

static bool page_choose(struct page *p, struct fault *why)
{
    bool here;

    put_int(p->context, "least", PASSWORD_LEAST);
    return owes(p, STEP_PASSWORD, &here, why);
}

static bool choose(struct page *p, struct fault *why)
{
    struct visitor v = visitor_of(p);
    const char *password;
    struct sign_in in;
    bool here;

    if (!owes(p, STEP_PASSWORD, &here, why))
        return false;
    if (!here)
        return true;
    if (!page_need(p, "new_password", "a password", &password, why))
        return false;
    struct book *b = page_writer(p, why);
    if (b == NULL ||
        !sign_in_choose(b, p->arena, p->hand->roles, &v, p->session, password, &in, why))
        return false;
    step_on(p, &in);
    return true;
}

static bool page_authenticator(struct page *p, struct fault *why)
{
    bool here;

    if (!owes(p, STEP_AUTHENTICATOR, &here, why))
        return false;
    return !here || authenticator_put(p, why);
}

static bool authenticator(struct page *p, struct fault *why)
{
    struct visitor v = visitor_of(p);
    struct recovery_codes codes;
    const char *typed;
    struct sign_in in;
    bool here;

    if (!owes(p, STEP_AUTHENTICATOR, &here, why))
        return false;
    if (!here)
        return true;
    if (!page_need(p, "code", "the code that the app shows", &typed, why))
        return false;
    struct book *b = page_writer(p, why);
    if (b == NULL || !sign_in_authenticator(b, p->arena, p->hand->roles, &v, p->session, typed,
                                            &codes, &in, why))
        return false;
    if (!in.fits)
        return fail(why, BAD_VALUE, "That code did not match. Use the one that the app shows now.");
    step_on(p, &in);
    recovery_show(p, &codes, p->reply->location);
    return true;
}

/* ---- Links -------------------------------------------------------------------------------- */

/* Looking at a link uses nothing up: mail programs look at all of them. */
static bool page_link(struct page *p, struct fault *why)
{
    struct user user;

    if (!link_find(p->view->store, p->arena, p->hole, p->view->now, &user, why))
        return false;
    put_true(p->context, "works", user.number != 0);
    put(p->context, "name", user.name);
    put(p->context, "email", user.email);
    put(p->context, "here", arena_print(p->arena, "/sign-in/link/%s", url_encode(p->arena, p->hole)));
    if (user.number == 0)
        p->stays = 404;
    return true;
}

static bool take_link(struct page *p, struct fault *why)
{
    struct visitor v = visitor_of(p);
    struct sign_in in;
    struct book *b = page_writer(p, why);

    if (b == NULL || !sign_in_link(b, p->arena, p->hand->roles, &v, p->hole, &in, why))
        return false;
    if (!in.fits)
        return page_link(p, why);
    step_on(p, &in);
    return true;
}

/* The first page of whoever signed in: of what they do all day. */
static bool page_first(struct page *p, struct fault *why)
{
    static const struct {
        enum permission may;
        const char *path;
    } first[] = { { MAY_ADMIN, "/admin" },           { MAY_AUDIT, "/compliance/log" },
                  { MAY_CHANGE_STRATEGY, "/insights" }, { MAY_WORK, "/queue" },
                  { MAY_INSIGHT, "/insights" } };

    (void)why;
    for (size_t i = 0; i < COUNT(first); i++) {
        if (page_may(p, first[i].may)) {
            page_go(p, first[i].path);
            return true;
        }
    }
    page_go(p, "/accounts");
    return true;
}

const struct route routes_sign_in[] = {
    { "GET", "/", MAY_SIGNED_IN, "", "fault", page_first, NULL },
    { "GET", "/sign-in", MAY_ANYBODY, "", "sign_in", page_sign_in, NULL },
    { "POST", "/sign-in", MAY_ANYBODY, "", "sign_in", sign_in, page_sign_in },
    { "GET", "/sign-in/link/{}", MAY_ANYBODY, "", "sign_in_link", page_link, NULL },
    { "POST", "/sign-in/link/{}", MAY_ANYBODY, "", "sign_in_link", take_link, page_link },
    { "GET", "/sign-in/code", MAY_FRESH, "", "sign_in_code", page_code, NULL },
    { "POST", "/sign-in/code", MAY_FRESH, "", "sign_in_code", code, page_code },
    { "GET", "/sign-in/password", MAY_FRESH, "", "sign_in_password", page_choose, NULL },
    { "POST", "/sign-in/password", MAY_FRESH, "", "sign_in_password", choose, page_choose },
    { "GET", "/sign-in/authenticator", MAY_FRESH, "", "sign_in_authenticator",
      page_authenticator, NULL },
    { "POST", "/sign-in/authenticator", MAY_FRESH, "", "sign_in_authenticator", authenticator,
      page_authenticator },
    { "GET", "/sign-in/authenticator.svg", MAY_FRESH, "", "qr", page_authenticator_picture,
      NULL },
    { "POST", "/sign-out", MAY_SIGNED_IN, "", "fault", sign_out, NULL },
    { "GET", "/u/{}", MAY_ANYBODY, "", "stop", page_stop, NULL },
    { "POST", "/u/{}", MAY_ANYBODY, "", "stop", page_stop, NULL },
    { 0 },
};
