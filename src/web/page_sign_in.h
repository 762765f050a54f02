/*
 * Sign-in pages: what those of strangers, of fresh sessions and of /me/security share.
 * Private to src/web.
 */
#ifndef WEB_PAGE_SIGN_IN_H
#define WEB_PAGE_SIGN_IN_H

#include "flow/user_sign_in.h"
#include "web/page.h"

struct visitor visitor_of(const struct page *p);

/* The browser keeps this token from now on; "" takes it away. */
void session_keep(struct page *p, const char *token);

/* Where to afterwards: a path of ours, nothing else. */
const char *next_of(const struct page *p);
void next_go(struct page *p, const char *path); /* with what comes next in its query */

/* Too many tries: the same page says how long to wait (429). */
bool page_wait(struct page *p, int wait_s, page_fill *fill, struct fault *why);

/* "secret", in groups of four, and what the picture says. */
bool authenticator_put(struct page *p, struct fault *why);
/* The page of recovery codes, which is shown once; `next` is where it leads. */
void recovery_show(struct page *p, const struct recovery_codes *codes, const char *next);

extern page_fill page_security, page_security_authenticator, page_authenticator_picture;

#endif
