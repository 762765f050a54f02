/* Signing in and out. */
#include "web/page.h"

#include "flow/user.h"

#include <string.h>

/* Where to afterwards: a path of ours, nothing else. */
static const char *next_of(const struct page *p, const char *next)
{
    (void)p;
    return next != NULL && next[0] == '/' && next[1] != '/' && strpbrk(next, "\\\r\n") == NULL
               ? next
               : "/";
}

static bool page_sign_in(struct page *p, struct fault *why)
{
    (void)why;
    if (p->role != NULL && p->ask->form_count == 0) {
        page_go(p, "/");
        return true;
    }
    const char *next = page_field(p, "next");
    put(p->context, "next", next_of(p, next != NULL ? next : page_form(p, "next")));
    return true;
}

static const char *session_cookie(struct page *p, const char *token, int seconds)
{
    return arena_print(p->arena, "recoup=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s", token,
                       seconds, p->ask->secure ? "; Secure" : "");
}

static bool sign_in(struct page *p, struct fault *why)
{
    const char *email, *password;
    struct user user;
    bool fits;
    char token[DIGEST_HEX];

    if (!page_need(p, "email", "your email address", &email, why) ||
        !page_need(p, "password", "your password", &password, why) ||
        !user_password_fits(p->view->store, email, password, &user, p->arena, &fits, why))
        return false;
    if (!fits)
        return fail(why, NOT_ALLOWED, "That did not match. Check your email address and password.");
    struct book *b = page_book(p, why);
    if (b == NULL ||
        !session_begin(b, user.number, false, p->ask->client, p->ask->agent, token, why) ||
        !page_commit(p, why))
        return false;
    p->reply->cookies[1] = session_cookie(p, arena_copy(p->arena, token), SESSION_HOURS * 3600);
    page_go(p, next_of(p, page_form(p, "next")));
    return true;
}

static bool sign_out(struct page *p, struct fault *why)
{
    struct book *b = page_book(p, why);

    if (b == NULL || !session_end(b, p->session->digest, why) || !page_commit(p, why))
        return false;
    p->reply->cookies[1] = session_cookie(p, "", 0);
    page_go(p, "/sign-in");
    return true;
}

/* The first page of whoever signed in. */
static bool page_first(struct page *p, struct fault *why)
{
    (void)why;
    page_go(p, page_may(p, MAY_WORK) ? "/queue" : page_may(p, MAY_INSIGHT) ? "/insights"
                                                                          : "/accounts");
    return true;
}

const struct route routes_sign_in[] = {
    { "GET", "/", MAY_SIGNED_IN, "", "fault", page_first, NULL },
    { "GET", "/sign-in", MAY_ANYBODY, "", "sign_in", page_sign_in, NULL },
    { "POST", "/sign-in", MAY_ANYBODY, "", "sign_in", sign_in, page_sign_in },
    { "POST", "/sign-out", MAY_SIGNED_IN, "", "fault", sign_out, NULL },
    { "GET", "/u/{}", MAY_ANYBODY, "", "stop", page_stop, NULL },
    { "POST", "/u/{}", MAY_ANYBODY, "", "stop", page_stop, NULL },
    { 0 },
};
