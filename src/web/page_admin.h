/* Pages of the people who work here. Private to src/web/page_admin*.c. */
#ifndef WEB_PAGE_ADMIN_H
#define WEB_PAGE_ADMIN_H

#include "flow/user_role.h"
#include "web/page.h"

/* One person: page_user.c */
page_fill page_user, user_details, user_role, user_disable_post, user_enable_post, user_link,
    user_reset_post, user_sessions_end;
/* Roles: page_roles.c; tokens: page_tokens.c */
page_fill page_roles, page_role, page_tokens, token_new, token_end;

/* "roles" for a select, with the one that is chosen. */
void role_choices_put(struct page *p, const char *chosen);

/* The state of a user: "state", "tone" and is_… of a tag. */
void user_state_put(struct page *p, json_t *row, const struct user *user);
/* "Password and authenticator" */
const char *user_signs_in(const struct user *user);
/* Names, one to a line, as one line; "All" for NULL. */
const char *limits_words(struct arena *a, const char *lines);
const char *user_path(struct page *p, int64_t number);

/* The page that shows a link or a token once, and where its button leads. */
void shown_once(struct page *p, const char *title, const char *words, const char *secret,
                const char *next);
/* A new link for somebody who is invited, in the session of the book; shown once by the page. */
bool user_link_show(struct page *p, struct book *b, const struct user *user, struct fault *why);

#endif
