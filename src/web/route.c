#include "web/route.h"

#include "base/secret.h"
#include "base/text.h"
#include "web/api.h"
#include "web/body.h"
#include "web/csrf.h"
#include "web/page.h"
#include "web/page_queue.h"
#include "web/server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char page_policy[] =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

static const struct route *const tables[] = {
    routes_sign_in,  routes_security, routes_queue, routes_account, routes_work,
    routes_lists,    routes_insights, routes_rules, routes_audit,   routes_samples,
    routes_complaints, routes_admin,
    routes_approvals, routes_import,  routes_house, routes_texts,
    routes_integrations, routes_api, routes_api_audit, routes_api_complaint, routes_api_crew,
    routes_api_figures, routes_api_hook, routes_api_publish, routes_api_talk, routes_api_wish,
    routes_api_agree, routes_api_dispute, routes_api_house,
    routes_api_money, routes_api_contact, routes_api_file, routes_api_log, routes_api_queue,
    routes_api_writes, routes_api_offer, routes_api_rules,     routes_server,
    routes_strategies
};

/* ---- Which route ----------------------------------------------------------------------- */

/*
 * True when the path fits; holes are what stands in the holes. The path is still encoded, so that
 * a slash inside a reference is no end of a piece.
 */
static bool path_fits(struct arena *a, const char *pattern, const char *path,
                      const char *holes[PATH_HOLES])
{
    size_t count = 0;

    for (size_t i = 0; i < PATH_HOLES; i++)
        holes[i] = NULL;
    while (*pattern != '\0') {
        if (pattern[0] == '{' && pattern[1] == '}') {
            const char *after = pattern + 2;
            size_t length = strcspn(path, "/");
            if (*after != '/' && *after != '\0') { /* "{}.csv": what follows ends the path */
                size_t ending = strlen(after);
                if (length <= ending || path[length] != '\0')
                    return false;
                length -= ending;
            }
            if (length == 0 || count == PATH_HOLES)
                return false;
            holes[count++] = piece_decode(a, path, length);
            path += length;
            pattern = after;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static bool is_read(const struct ask *ask)
{
    return strcmp(ask->method, "GET") == 0 || strcmp(ask->method, "HEAD") == 0;
}

static bool method_fits(const char *method, const char *asked)
{
    return strcmp(method, asked) == 0 ||
           (strcmp(method, "GET") == 0 && strcmp(asked, "HEAD") == 0);
}

/* What tells most paths from a pattern: its pieces, and what stands before its first hole. */
struct outline {
    const struct route *route;
    size_t slashes, literal;
};

enum { ROUTES_MOST = 1024 };

static struct outline outlines[ROUTES_MOST];
static size_t outline_count;
static pthread_once_t outlined = PTHREAD_ONCE_INIT;

static size_t slashes_in(const char *path)
{
    size_t count = 0;

    for (; *path != '\0'; path++)
        count += *path == '/';
    return count;
}

static void outlines_make(void)
{
    for (size_t t = 0; t < COUNT(tables); t++) {
        for (const struct route *r = tables[t]; r->path != NULL; r++) {
            must(outline_count < ROUTES_MOST);
            outlines[outline_count++] =
                (struct outline){ r, slashes_in(r->path), strcspn(r->path, "{") };
        }
    }
}

/* The route; or NULL, with the methods that there are at this path. */
static const struct route *route_find(struct arena *a, const struct ask *ask,
                                      const char *holes[PATH_HOLES], const char **allow)
{
    const char *path = ask->raw_path;
    size_t slashes = slashes_in(path);

    *allow = NULL;
    pthread_once(&outlined, outlines_make);
    for (size_t i = 0; i < outline_count; i++) {
        const struct route *r = outlines[i].route;
        if (outlines[i].slashes != slashes || strncmp(r->path, path, outlines[i].literal) != 0 ||
            !path_fits(a, r->path, path, holes))
            continue;
        if (method_fits(r->method, ask->method))
            return r;
        const char *method = strcmp(r->method, "GET") == 0 ? "GET, HEAD" : r->method;
        *allow = *allow == NULL ? method : arena_print(a, "%s, %s", *allow, method);
    }
    return NULL;
}

bool page_leads(const struct page *p, const char *path)
{
    const char *holes[PATH_HOLES], *allow;
    const struct ask ask = { .method = "GET", .raw_path = path };
    const struct route *r = route_find(p->arena, &ask, holes, &allow);

    return r != NULL &&
           (r->may < 0 || (p->role != NULL && page_may(p, (enum permission)r->may)));
}

const struct route *route_at(size_t number)
{
    pthread_once(&outlined, outlines_make);
    return number < outline_count ? outlines[number].route : NULL;
}

enum takes route_takes(const struct route *route)
{
    bool writes = strcmp(route->method, "POST") == 0 || strcmp(route->method, "PUT") == 0 ||
                  strcmp(route->method, "PATCH") == 0;

    if (route->takes != TAKES_USUAL || !writes)
        return route->takes != TAKES_USUAL ? route->takes : TAKES_NOTHING;
    return text_starts(route->path, "/api/") ? TAKES_JSON : TAKES_FORM;
}

const struct route *route_of(struct arena *a, const struct ask *ask, enum takes *takes)
{
    const char *holes[PATH_HOLES], *allow;
    const struct route *route = route_find(a, ask, holes, &allow);

    *takes = route != NULL ? route_takes(route) : TAKES_NOTHING;
    return route;
}

/* ---- Pages ----------------------------------------------------------------------------- */

static int status_of(enum fault_code code, bool post)
{
    switch (fault_kind_of(code)) {
    case FAULT_INPUT:
        return post ? 422 : 400;
    case FAULT_ABSENT:
        return 404;
    case FAULT_DENIED:
        return post ? 422 : 403;
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

/* What a busy database says is meant for who runs commands. */
static const char *words_of_fault(const struct fault *why)
{
    return why->code == DB_BUSY
               ? "The book is busy just now. Nothing was changed; try again in a moment."
               : why->text;
}

static void render(const struct site *site, const char *page, json_t *context,
                   struct reply *reply)
{
    struct fault why = { 0 };

    reply->type = "text/html; charset=utf-8";
    if (reply->policy == NULL)
        reply->policy = page_policy;
    if (template_render(site_page(site, page), context, &reply->body, &why))
        return;
    text_clear(&reply->body);
    text_add(&reply->body, why.text);
    reply->status = 500;
    reply->type = "text/plain; charset=utf-8";
}

static const char *title_of(int status)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {
        { 401, "You are signed out" },
        { 403, "You may not do this" },
        { 404, "Not found" },
        { 405, "That is not possible here" },
        { 409, "It has changed meanwhile" },
        { 413, "That is too much at once" },
        { 414, "The address is too long" },
        { 415, "That kind of content is not taken here" },
        { 429, "Too often" },
        { 500, "Something went wrong on our side" },
        { 503, "Not just now" },
    };

    for (size_t i = 0; i < COUNT(titles); i++) {
        if (titles[i].status == status)
            return titles[i].title;
    }
    return "That did not work";
}

enum { RETRY_SECONDS = 2 };

/* Route, user and fault stay: they are for the log. `id` is shown when it is we who failed. */
static void fault_page(const struct site *site, const char *id, int status, const char *what,
                       json_t *context, struct reply *reply)
{
    put_int(context, "status", status);
    put(context, "title", title_of(status));
    put(context, "what", what);
    if (status >= 500)
        put(context, "request", id);
    text_free(&reply->body);
    *reply = (struct reply){ .status = status,
                             .cookies = { reply->cookies[0], reply->cookies[1] },
                             .retry_after = status == 503 ? RETRY_SECONDS : reply->retry_after,
                             .route = reply->route,
                             .user = reply->user,
                             .fault = reply->fault,
                             .fault_where = reply->fault_where };
    render(site, "fault", context, reply);
}

void route_refuse(const struct site *site, const struct ask *ask, int status,
                  const char *what, struct reply *reply)
{
    json_t *context = json_object();

    put(context, "version", site->version);
    put_true(context, "fonts", site->has_fonts);
    if (ask->raw_path != NULL && text_starts(ask->raw_path, "/api/"))
        api_refuse(status, what, reply);
    else
        fault_page(site, ask->id, status, what, context, reply);
    json_decref(context);
}

void route_refuse_by(const struct site *site, const struct ask *ask, const struct fault *why,
                     struct reply *reply)
{
    reply->fault = why->code;
    reply->fault_where = why->where;
    route_refuse(site, ask, status_of(why->code, false), words_of_fault(why), reply);
}

/* The tag, whatever the encoding in which they have it. */
static bool tag_is_known(const struct ask *ask, const char *etag)
{
    size_t length = strlen(etag) - 1; /* without the last quote */

    return ask->known_etag != NULL &&
           memmem(ask->known_etag, strlen(ask->known_etag), etag, length) != NULL;
}

void route_tag(const struct ask *ask, struct reply *reply)
{
    if (!is_read(ask) || reply->status != 200 || reply->etag != NULL || reply->type == NULL ||
        !text_starts(reply->type, "application/json"))
        return;
    digest_tag(reply->body.bytes, reply->body.length, reply->tag);
    reply->etag = reply->tag;
    route_known(ask, reply);
}

void route_known(const struct ask *ask, struct reply *reply)
{
    if (reply->etag == NULL || !tag_is_known(ask, reply->etag))
        return;
    reply->status = 304;
    text_free(&reply->body);
}

bool route_asset(const struct site *site, const struct ask *ask, struct reply *reply)
{
    const struct asset *asset = is_read(ask) ? site_asset(site, ask->path) : NULL;

    if (asset == NULL)
        return false;
    bool known = tag_is_known(ask, asset->etag);
    *reply = (struct reply){ .status = known ? 304 : 200,
                             .type = asset->type,
                             .etag = asset->etag,
                             .shared = true,
                             .for_ever = ask->query_count > 0,
                             .policy = page_policy,
                             .asset = known ? NULL : asset };
    return true;
}

/* What every page knows: who looks, where they may go, what the page before wants said. */
static void frame_fill(struct page *p)
{
    struct view *v = p->view;
    json_t *c = p->context;

    put(c, "version", p->site->version);
    put_true(c, "fonts", p->site->has_fonts);
    put_true(c, "htmx", p->site->has_htmx);
    put_true(c, arena_print(p->arena, "in_%s", p->route->section), true);
    put_true(c, arena_print(p->arena, "at_%s", p->route->page), true);
    put(c, "organisation", v->organisation);
    put_true(c, "demo", v->demo);
    put(c, "as_of",
        arena_print(p->arena, "%s, %s", words_day(p->arena, v->today),
                    words_clock(p->arena, v->now, v->zone)));
    put(c, "zone", words_zone(p->arena, v->zone));
    if (p->session->user.number != 0)
        put(c, "csrf", csrf_mask(p->arena, p->session->csrf));
    if (p->role == NULL)
        return;
    json_t *me = put_object(c, "me");
    put(me, "name", p->session->user.name);
    put(me, "email", p->session->user.email);
    put(me, "role", p->role->title);
    put(me, "initials", queue_initials(p->arena, p->session->user.name));
    put_int(me, "number", p->session->user.number);
    for (int i = 0; i < PERMISSION_COUNT; i++)
        put_true(c, arena_print(p->arena, "may_%s", permission_name((enum permission)i)),
                 page_may(p, (enum permission)i));
    if (page_may(p, MAY_WORK) && p->route->call == NULL)
        queue_rail_put(p);
    if (p->route->call == NULL)
        bell_put(p);
}

/* The notice cookie: "text" or "text|path of undo", percent-encoded; shown once. */
static void notice_show(struct page *p)
{
    if (p->ask->notice == NULL || p->role == NULL)
        return;
    char *text = arena_copy(p->arena, p->ask->notice);
    char *bar = strchr(text, '|');
    json_t *notice = put_object(p->context, "notice");
    put(notice, "text", text);
    if (bar != NULL) {
        *bar = '\0';
        put(notice, "text", text);
        if (bar[1] == '/' && bar[2] != '/')
            put(notice, "undo", bar + 1);
    }
    p->reply->cookies[0] = "notice=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";
}

static void notice_keep(struct page *p)
{
    if (p->said == NULL)
        return;
    const char *text =
        p->undo == NULL ? p->said : arena_print(p->arena, "%s|%s", p->said, p->undo);
    p->reply->cookies[0] =
        arena_print(p->arena, "notice=%s; Path=/; Max-Age=60; HttpOnly; SameSite=Lax%s",
                    url_encode(p->arena, text), p->ask->secure ? "; Secure" : "");
}

static void page_begin(struct page *p, const struct site *site, struct hand *hand,
                       const struct ask *ask, const struct route *route,
                       const struct session *session, struct reply *reply)
{
    p->site = site;
    p->hand = hand;
    p->view = hand->view;
    p->arena = &hand->view->arena;
    p->ask = ask;
    p->route = route;
    p->hole = p->holes[0];
    p->session = session;
    p->role = session->user.number == 0 || session->fresh
                  ? NULL
                  : role_find(hand->roles, session->user.role);
    p->can = p->role != NULL ? p->role->can : 0;
    p->context = json_object();
    p->template = route->page;
    p->reply = reply;
    p->view->clients = session->user.clients;
    p->view->desks = session->user.desks;
}

/* ---- Who may --------------------------------------------------------------------------- */

/* A form of ours has the token of the session; a stranger's page cannot know it. */
static bool is_ours(const struct page *p)
{
    const struct ask *ask = p->ask;
    const char *given = ask->csrf != NULL ? ask->csrf : page_form(p, "csrf");

    if (ask->fetch_site != NULL && strcmp(ask->fetch_site, "same-origin") != 0 &&
        strcmp(ask->fetch_site, "none") != 0)
        return false;
    return given != NULL && csrf_fits(given, p->session->csrf);
}

static void sign_in_first(struct page *p)
{
    if (!is_read(p->ask) || p->ask->partial) {
        fault_page(p->site, p->ask->id, 401, "You are signed out. Sign in again; nothing was changed.",
                   p->context, p->reply);
        return;
    }
    page_go(p, strcmp(p->ask->path, "/") == 0
                   ? "/sign-in"
                   : arena_print(p->arena, "/sign-in?next=%s",
                                 url_encode(p->arena, p->ask->raw_path)));
}

/* Who lacks a permission is told whom to ask. */
static const char *who_may(struct page *p, enum permission permission)
{
    const struct roles *roles = p->hand->roles;
    const char *others = "";

    for (size_t i = 0; i < roles->count; i++) {
        if ((roles->list[i].can & PERMISSION_BIT(permission)) != 0)
            others = arena_print(p->arena, "%s%s%s", others, *others != '\0' ? ", " : "",
                                 words_small(p->arena, roles->list[i].title));
    }
    return arena_print(p->arena, "Your role, %s, may not %s.%s%s%s",
                       words_small(p->arena, p->role->title), permission_words(permission),
                       *others != '\0' ? " Who may: " : "", others, *others != '\0' ? "." : "");
}

static bool not_ours(struct page *p)
{
    fault_page(p->site, p->ask->id, 403,
               "This form did not come from a page of this session. Open the page again; "
               "nothing was changed.",
               p->context, p->reply);
    return false;
}

/*
 * Nobody is signed in, so there is no token: a page of somebody else must not sign people in as
 * him. The link of an email is its own secret, and mail programs press it from wherever they are.
 */
static bool stranger_passes(struct page *p)
{
    bool crosses = p->ask->fetch_site != NULL && strcmp(p->ask->fetch_site, "cross-site") == 0;

    return is_read(p->ask) || !crosses || text_starts(p->route->path, "/u/") || not_ours(p);
}

/* False when the reply is made: they may not. */
static bool may_pass(struct page *p)
{
    if (!is_read(p->ask) && !server_takes_changes(p->hand->server, p->route)) {
        fault_page(p->site, p->ask->id, 403,
                   "This server only shows the book: nothing can be changed here. Nothing was.",
                   p->context, p->reply);
        return false;
    }
    if (p->route->may == MAY_ANYBODY)
        return stranger_passes(p);
    bool fresh = p->route->may == MAY_FRESH && p->session->user.number != 0;
    if (p->role == NULL && !fresh) {
        sign_in_first(p);
        return false;
    }
    if (p->route->may >= 0 && !page_may(p, (enum permission)p->route->may)) {
        fault_page(p->site, p->ask->id, 403, who_may(p, (enum permission)p->route->may),
                   p->context, p->reply);
        return false;
    }
    return is_read(p->ask) || is_ours(p) || not_ours(p);
}

/* ---- Answers --------------------------------------------------------------------------- */

static void typed_put(struct page *p)
{
    json_t *typed = put_object(p->context, "typed");

    for (size_t i = 0; i < p->ask->form_count; i++) {
        if (strcmp(p->ask->form[i].name, "csrf") != 0 &&
            strstr(p->ask->form[i].name, "password") == NULL)
            put(typed, p->ask->form[i].name, p->ask->form[i].value);
    }
}

/* What one types at a terminal helps nobody here; the rest is a sentence of its own. */
static const char *hint_of(struct page *p, const struct fault *why)
{
    bool typed = strstr(why->hint, "recoup ") != NULL || strstr(why->hint, "--") != NULL;
    size_t length = strlen(why->hint);

    if (typed || length == 0)
        return "";
    char *hint = arena_print(p->arena, "%s%s", why->hint,
                             strchr(".?!", why->hint[length - 1]) != NULL ? "" : ".");
    if (hint[0] >= 'a' && hint[0] <= 'z')
        hint[0] = (char)(hint[0] - 'a' + 'A');
    return hint;
}

/* Nothing was done; the form comes back with what was typed, and why. */
static void form_again(struct page *p, struct fault *why)
{
    json_t *fault = put_object(p->context, "fault");
    int status = status_of(why->code, true);
    struct fault second = { 0 };

    put(fault, "text", words_of_fault(why));
    put(fault, "hint", status < 500 ? hint_of(p, why) : "");
    typed_put(p);
    p->reply->status = 0;
    p->reply->location = NULL;
    if (p->route->again != NULL && (status < 500 || status == 503) && status != 404 &&
        p->route->again(p, &second) && p->reply->status == 0) {
        p->reply->status = status;
        p->reply->retry_after = status == 503 ? RETRY_SECONDS : 0;
        render(p->site, p->template, p->context, p->reply);
        return;
    }
    fault_page(p->site, p->ask->id, status, words_of_fault(why), p->context, p->reply);
}

static void page_answer(struct page *p)
{
    struct fault why = { 0 };
    bool done = p->route->fill(p, &why);

    if (p->begun)
        book_undo(&p->hand->book);
    p->begun = false;
    if (!done) {
        p->reply->fault = why.code;
        p->reply->fault_where = why.where;
    }
    if (!done && is_read(p->ask))
        fault_page(p->site, p->ask->id, status_of(why.code, false), words_of_fault(&why),
                   p->context, p->reply);
    else if (!done)
        form_again(p, &why);
    else if (p->reply->status == 0) {
        p->reply->status = p->stays != 0 ? p->stays : 200;
        render(p->site, p->template, p->context, p->reply);
    }
    notice_keep(p);
    if (p->reply->policy == NULL)
        p->reply->policy = page_policy;
    if (p->reply->type == NULL)
        p->reply->type = "text/plain; charset=utf-8";
}

/* Who is signed in stays within the frame of their pages. */
static bool nowhere(struct page *p, struct fault *why)
{
    (void)p;
    return fail(why, NOT_FOUND, "There is no page at this address.");
}

static const struct route no_route = { "GET", "", MAY_SIGNED_IN, "", "fault", nowhere, NULL };

void route_answer(const struct site *site, struct hand *hand, const struct ask *ask,
                  struct reply *reply)
{
    struct view *v = hand->view;
    struct page p = { 0 };
    struct session session = { 0 };
    struct fault why = { 0 };
    const char *allow = NULL;

    const struct route *route = reply->route; /* as its head was read */

    if (route == NULL || !path_fits(&v->arena, route->path, ask->raw_path, p.holes))
        route = route_find(&v->arena, ask, p.holes, &allow);
    reply->route = route;
    bool framed = route == NULL && allow == NULL && ask->session != NULL &&
                  text_equal(ask->method, "GET") && !text_starts(ask->path, "/api/");
    if (route == NULL && !framed) {
        route_refuse(site, ask, allow != NULL ? 405 : 404,
                     allow != NULL ? "This address does not take that."
                                   : "There is no page at this address.",
                     reply);
        reply->allow = allow;
        return;
    }
    if (ask->session != NULL &&
        !session_find(v->store, &v->arena, ask->session, v->now, &session, &why)) {
        route_refuse_by(site, ask, &why, reply);
        return;
    }
    reply->user = session.user.number;
    if (framed && session.user.number == 0) {
        route_refuse(site, ask, 404, "There is no page at this address.", reply);
        return;
    }
    if (framed)
        route = &no_route;
    if (route->call != NULL) {
        api_reply(site, hand, route, p.holes, &session, ask, reply);
        return;
    }
    page_begin(&p, site, hand, ask, route, &session, reply);
    frame_fill(&p);
    notice_show(&p);
    page_seen(&p);
    if (may_pass(&p))
        page_answer(&p);
    else if (reply->policy == NULL)
        reply->policy = page_policy;
    json_decref(p.context);
}
