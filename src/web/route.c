#include "web/route.h"

#include "base/text.h"
#include "web/page.h"

#include <stdlib.h>
#include <string.h>

static const char page_policy[] =
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
    "form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/* One row, one page. A path has one hole at most. */
static const struct route {
    const char *path, *section;
    enum page_name page;
    page_fill *fill;
} routes[] = {
    { "/", "health", PAGE_HEALTH, page_health },
    { "/accounts", "accounts", PAGE_ACCOUNTS, page_accounts },
    { "/accounts/{}", "accounts", PAGE_ACCOUNT, page_account },
    { "/accounts/{}/statement", "accounts", PAGE_STATEMENT, page_statement },
    { "/outbox", "outbox", PAGE_OUTBOX, page_outbox },
    { "/outbox/{}", "outbox", PAGE_MESSAGE, page_message },
    { "/outbox/{}/body", "outbox", PAGE_MESSAGE, page_message_body },
    { "/d/{}", "accounts", PAGE_RECORD, page_record },
    { "/healthz", "", PAGE_FAULT, page_healthy },
};

/* True when the path fits; *hole is what stands in the hole. */
static bool path_fits(struct arena *a, const char *pattern, const char *path, const char **hole)
{
    const char *open = strstr(pattern, "{}");

    *hole = NULL;
    if (open == NULL)
        return strcmp(pattern, path) == 0;
    size_t before = (size_t)(open - pattern), after = strlen(open + 2), length = strlen(path);
    if (length <= before + after || strncmp(pattern, path, before) != 0 ||
        strcmp(open + 2, path + length - after) != 0)
        return false;
    *hole = arena_copy_n(a, path + before, length - before - after);
    return strchr(*hole, '/') == NULL;
}

static int status_of(enum fault_code code)
{
    switch (fault_kind_of(code)) {
    case FAULT_INPUT:
        return 400;
    case FAULT_ABSENT:
        return 404;
    case FAULT_DENIED:
        return 403;
    case FAULT_CONFLICT:
        return 409;
    case FAULT_BUSY:
        return 503;
    case FAULT_UNSURE:
    case FAULT_CORRUPT:
    case FAULT_SYSTEM:
        return 500;
    }
    return 500;
}

static void frame_fill(const struct site *site, struct view *v, const char *section,
                       json_t *context)
{
    put(context, "version", site->version);
    put_true(context, "fonts", site->has_fonts);
    put_true(context, arena_print(&v->arena, "in_%s", section), true);
    put(context, "organisation", v->organisation);
    put_true(context, "demo", v->demo);
    put(context, "as_of",
        arena_print(&v->arena, "%s, %s", words_day(&v->arena, v->today),
                    words_clock(&v->arena, v->now, v->zone)));
    put(context, "zone", words_zone(&v->arena, v->zone));
}

static void render(const struct site *site, enum page_name page, json_t *context,
                   struct reply *reply)
{
    struct fault why = { 0 };

    reply->type = "text/html; charset=utf-8";
    reply->policy = page_policy;
    if (template_render(site->pages[page], context, &reply->body, &why))
        return;
    text_clear(&reply->body);
    text_add(&reply->body, why.text);
    reply->status = 500;
    reply->type = "text/plain; charset=utf-8";
}

void route_refuse(const struct site *site, int status, const char *what, struct reply *reply)
{
    json_t *context = json_object();

    put(context, "version", site->version);
    put_true(context, "fonts", site->has_fonts);
    put_int(context, "status", status);
    put(context, "title", status == 404 ? "Not found" : "That did not work");
    put(context, "what", what);
    text_free(&reply->body);
    *reply = (struct reply){ .status = status };
    render(site, PAGE_FAULT, context, reply);
    json_decref(context);
}

static void asset_answer(const struct asset *asset, const struct ask *ask, struct reply *reply)
{
    bool known = ask->known_etag != NULL && strstr(ask->known_etag, asset->etag) != NULL;

    *reply = (struct reply){ .status = known ? 304 : 200,
                             .type = asset->type,
                             .etag = asset->etag,
                             .policy = page_policy,
                             .asset = known ? NULL : asset };
}

static void page_answer(const struct site *site, struct view *v, const struct route *route,
                        const char *hole, const struct ask *ask, struct reply *reply)
{
    struct page page = { .site = site,
                         .view = v,
                         .arena = &v->arena,
                         .ask = ask,
                         .hole = hole,
                         .context = json_object(),
                         .name = route->page,
                         .reply = reply };
    struct fault why = { 0 };

    frame_fill(site, v, route->section, page.context);
    if (!route->fill(&page, &why)) {
        route_refuse(site, status_of(why.code), why.text, reply);
    } else if (reply->status == 0) {
        reply->status = 200;
        render(site, page.name, page.context, reply);
    }
    json_decref(page.context);
}

static const struct route *route_find(struct arena *a, const char *path, const char **hole)
{
    for (size_t i = 0; i < COUNT(routes); i++) {
        if (path_fits(a, routes[i].path, path, hole))
            return &routes[i];
    }
    return NULL;
}

void route_answer(const struct site *site, struct view *v, struct instant now,
                  const struct ask *ask, struct reply *reply)
{
    const struct asset *asset = site_asset(site, ask->path);
    const char *hole;
    struct fault why = { 0 };

    *reply = (struct reply){ 0 };
    bool stops = text_starts(ask->path, "/u/");
    if (strcmp(ask->method, "GET") != 0 && strcmp(ask->method, "HEAD") != 0 &&
        !(stops && strcmp(ask->method, "POST") == 0)) {
        route_refuse(site, 405, "These pages can only be read.", reply);
        reply->allow = stops ? "GET, HEAD, POST" : "GET, HEAD";
        return;
    }
    if (asset != NULL) {
        asset_answer(asset, ask, reply);
        return;
    }
    if (!view_begin(v, now, &why)) {
        route_refuse(site, status_of(why.code), why.text, reply);
        return;
    }
    const struct route *route = route_find(&v->arena, ask->path, &hole);
    if (stops)
        stop_answer(site, v, now, ask, reply);
    else if (route == NULL)
        route_refuse(site, 404, "There is no page at this address.", reply);
    else
        page_answer(site, v, route, hole, ask, reply);
    view_end(v);
}
