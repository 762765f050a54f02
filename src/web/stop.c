/* The page behind the opt-out link of an email: for whoever got it, not for staff. */
#include "flow/opt_out.h"
#include "web/page.h"

#include <string.h>

static bool say(struct page *p, int status, const char *title, const char *what,
                const char *form)
{
    put(p->context, "title", title);
    put(p->context, "what", what);
    if (form != NULL)
        put_true(p->context, form, true);
    p->reply->policy = "default-src 'none'; style-src 'self'; font-src 'self'; "
                       "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    p->stays = status;
    return true;
}

/*
 * A link that is only looked at changes nothing, since mail programs follow links by
 * themselves; pressing the button does, and so does the one-click request of RFC 8058.
 */
bool page_stop(struct page *p, struct fault *why)
{
    bool acts = strcmp(p->ask->method, "POST") == 0;

    if (!opt_out_check(p->site->book, p->hole, why))
        return say(p, why->code == NOT_FOUND ? 404 : 503, "This link does not work", why->text,
                   NULL);
    if (!acts)
        return say(p, 200, "Stop emails?",
                   "We will send no more emails to the address that this link came to.", "asks");
    if (opt_out_apply(p->site->book, p->hole, p->view->now, why))
        return say(p, 200, "Emails are stopped",
                   "We will send no more emails to that address.", "done");
    return say(p, 503, "That did not work", why->text, "asks");
}
