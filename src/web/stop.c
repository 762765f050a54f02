/* The page behind the opt-out link of an email: for whoever got it, not for staff. */
#include "flow/opt_out.h"
#include "web/page.h"

#include <string.h>

static void stop_page(const struct site *site, const struct view *v, int status,
                      const char *title, const char *what, const char *form,
                      struct reply *reply)
{
    json_t *context = json_object();
    struct fault why = { 0 };

    put(context, "version", site->version);
    put_true(context, "fonts", site->has_fonts);
    put(context, "organisation", v->organisation);
    put(context, "title", title);
    put(context, "what", what);
    if (form != NULL)
        put_true(context, form, true);
    reply->status = status;
    reply->type = "text/html; charset=utf-8";
    reply->policy = "default-src 'none'; style-src 'self'; font-src 'self'; form-action 'self'; "
                    "base-uri 'none'; frame-ancestors 'none'";
    if (!template_render(site->pages[PAGE_STOP], context, &reply->body, &why)) {
        text_clear(&reply->body);
        text_add(&reply->body, why.text);
        reply->type = "text/plain; charset=utf-8";
        reply->status = 500;
    }
    json_decref(context);
}

/*
 * A link that is only looked at changes nothing, since mail programs follow links by
 * themselves; pressing the button does, and so does the one-click request of RFC 8058.
 */
void stop_answer(const struct site *site, const struct view *v, struct instant now,
                 const struct ask *ask, struct reply *reply)
{
    const char *token = ask->path + strlen("/u/");
    bool acts = strcmp(ask->method, "POST") == 0;
    struct fault why = { 0 };

    if (!opt_out_check(site->book, token, &why)) {
        stop_page(site, v, why.code == NOT_FOUND ? 404 : 503, "This link does not work", why.text,
                  NULL, reply);
        return;
    }
    if (!acts) {
        stop_page(site, v, 200, "Stop emails?",
                  "We will send no more emails to the address that this link came to.", "asks",
                  reply);
        return;
    }
    if (opt_out_apply(site->book, token, now, &why))
        stop_page(site, v, 200, "Emails are stopped",
                  "We will send no more emails to that address.", "done", reply);
    else
        stop_page(site, v, 503, "That did not work", why.text, "asks", reply);
}
