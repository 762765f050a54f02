#include "web/web.h"

#include "base/text.h"
#include "flow/insight_sheet.h"
#include "flow/policy.h"
#include "flow/publication.h"
#include "web/again.h"
#include "web/clock.h"
#include "web/counting.h"
#include "web/crew.h"
#include "web/loader.h"
#include "web/search_log.h"
#include "web/server.h"
#include "web/telling.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    WORKERS_USUAL = 4,
    WRITE_WAIT_MS = 3000, /* for somebody else who writes; then it is 503 */
    WORK_MS = 60000,
    TICK_MS = 100,
    SWEEP_TICKS = 10,
    COUNT_WAIT_MS = 120, /* of a page of figures, for what was just written */
};

/* A policy, and who uses it: what is in force, and hands. Under the lock of the desk. */
struct kept_policy {
    struct loaded_policy *loaded;
    int64_t publication; /* the last that it holds */
    int users;
};

/* The server, and what it needs to make pages: a hand for each thread of the crew. */
struct desk {
    struct server server;
    struct arena arena;
    struct roles *roles;
    const struct insight_book *insights;
    pthread_mutex_t policy_lock;
    struct kept_policy *policy; /* what is in force; hands may still hold one before */
    struct loader *loader;
    struct search_log *searches;
    struct again *again;       /* NULL: the database does not tell when it changes */
    struct counting *counting; /* NULL: nothing is written */
    struct telling *telling;   /* likewise */
    const struct zone *zone;
    struct proxies proxies;
    bool clock_stands, ending; /* ending: what still works on the book is ended */
    struct instant now;
    size_t count;
    struct hand hands[CREW_MOST];
    struct kept_policy *held[CREW_MOST]; /* by each of them */
    struct gzipper *gzippers[CREW_MOST];
    struct patience patience;
};

/* The one clock of the server, read once for each request. */
static struct instant moment(const struct desk *d)
{
    struct timespec now;

    if (d->clock_stands)
        return d->now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){ (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 };
}

/* ---- What is in force ------------------------------------------------------------------ */

static struct kept_policy *policy_keep(const struct desk *d, int64_t publication,
                                       struct fault *why)
{
    struct loaded_policy *loaded = policy_load(d->zone, moment(d), why);
    struct kept_policy *kept = loaded == NULL ? NULL : calloc(1, sizeof *kept);

    if (loaded == NULL)
        return NULL;
    must(kept != NULL);
    *kept = (struct kept_policy){ loaded, publication, 1 };
    return kept;
}

static void policy_let_go(struct kept_policy *kept)
{
    if (kept == NULL || --kept->users > 0)
        return;
    policy_free(kept->loaded);
    free(kept);
}

/* What was published since is taken, by whoever looks first; when it cannot be loaded what there
 * was stays, and the log says why. */
static void policy_renew(struct desk *d, struct store *s, int64_t publication)
{
    struct fault why = { 0 };

    if (d->policy->publication < 0 && publication == 0)
        d->policy->publication = 0;
    if (d->policy->publication == publication)
        return;
    struct kept_policy *made =
        publication_take(s, &why) ? policy_keep(d, publication, &why) : NULL;
    if (made == NULL) {
        access_log_say(d->server.log, moment(d), why.text);
        d->policy->publication = publication;
        return;
    }
    policy_let_go(d->policy);
    d->policy = made;
}

/* The view of this hand sees by what is in force now. */
static void policy_follow(struct desk *d, struct hand *hand)
{
    struct kept_policy **held = &d->held[hand - d->hands];

    pthread_mutex_lock(&d->policy_lock);
    policy_renew(d, hand->view->store, hand->view->publication);
    if (*held != d->policy) {
        policy_let_go(*held);
        *held = d->policy;
        (*held)->users++;
    }
    hand->view->policy = policy_of((*held)->loaded);
    pthread_mutex_unlock(&d->policy_lock);
}

/* ---- Hands ----------------------------------------------------------------------------- */

static bool hand_open(struct desk *d, struct hand *hand, struct fault *why)
{
    hand->server = &d->server;
    hand->roles = d->roles;
    hand->insights = d->insights;
    hand->loader = d->loader;
    hand->searches = d->searches;
    hand->patience = &d->patience;
    hand->view = view_open(d->server.site.book, NULL, d->zone, why);
    return hand->view != NULL && view_patience(hand->view, d->patience, why);
}

static void hand_close(struct hand *hand)
{
    if (hand->writes)
        book_close(&hand->book);
    view_close(hand->view);
    hand->writes = false;
    hand->view = NULL;
}

/* The database may have been started again meanwhile: what it said last was that it is gone. */
static bool hand_ready(struct desk *d, struct hand *hand, struct fault *why)
{
    if (hand->view != NULL && !hand->broken)
        return true;
    hand_close(hand);
    hand->broken = false;
    if (hand_open(d, hand, why))
        return true;
    hand_close(hand);
    return false;
}

/* ---- What the listener asks ------------------------------------------------------------ */

static enum takes takes(void *self, const struct ask *ask, struct reply *reply)
{
    struct arena arena = { 0 };
    enum takes takes;

    (void)self;
    reply->route = route_of(&arena, ask, &takes);
    arena_free(&arena);
    return takes;
}

static bool answer_now(void *self, const struct ask *ask, struct reply *reply)
{
    struct desk *d = self;
    struct server *s = &d->server;

    if (route_asset(&s->site, ask, reply)) {
        if (reply->asset != NULL)
            asset_choose(&s->site, s->packed, ask, reply);
        return true;
    }
    if (again_give(d->again, ask, reply)) {
        route_known(ask, reply);
        return true;
    }
    if (strcmp(ask->path, "/healthz") != 0 || !listener_is_draining(s->listener))
        return false;
    reply->status = 503;
    reply->type = "text/plain; charset=utf-8";
    reply->policy = "default-src 'none'";
    text_add(&reply->body, "draining\n");
    return true;
}

static void refuse(void *self, const struct ask *ask, int status, const char *what,
                   struct reply *reply)
{
    struct desk *d = self;

    route_refuse(&d->server.site, ask, status, what, reply);
}

/* One snapshot for the whole page; with a new connection when the old one is gone. */
static bool view_look(struct desk *d, struct hand *hand, struct fault *why)
{
    if (view_begin(hand->view, moment(d), why))
        return true;
    hand->broken = true;
    struct fault again = { 0 };
    if (!hand_ready(d, hand, &again)) /* what is wrong was said already */
        return false;
    hand->broken = !view_begin(hand->view, moment(d), why);
    return !hand->broken;
}

static bool is_of_figures(const char *path)
{
    static const char *const parts[] = { "/insights", "/clients", "/api/v1/reports",
                                         "/api/v1/clients" };

    for (size_t i = 0; i < COUNT(parts); i++) {
        if (text_starts(path, parts[i]))
            return true;
    }
    return false;
}

static void answer(void *self, int thread, const struct ask *ask, struct reply *reply)
{
    struct desk *d = self;
    struct hand *hand = &d->hands[thread];
    struct fault why = { 0 };

    if (!hand_ready(d, hand, &why)) {
        reply->fault = why.code;
        reply->fault_where = why.where;
        refuse(d, ask, 503, "The database does not answer. Try again in a moment.", reply);
        return;
    }
    if (is_of_figures(ask->path))
        counting_wait(d->counting, COUNT_WAIT_MS);
    if (!view_look(d, hand, &why)) {
        route_refuse_by(&d->server.site, ask, &why, reply);
    } else {
        policy_follow(d, hand);
        route_answer(&d->server.site, hand, ask, reply);
        view_end(hand->view);
    }
    route_tag(ask, reply);
    page_pack(d->gzippers[thread], ask, reply);
    again_keep(d->again, ask, reply);
}

static void finish(void *self, const struct finished *done)
{
    struct desk *d = self;

    metrics_count(d->server.metrics, done);
    access_log_add(d->server.log, moment(d), done);
}

/* ---- Opening --------------------------------------------------------------------------- */

static bool log_parse(const char *text, enum log_kind *out, struct fault *why)
{
    static const char *const names[] = {
        [LOG_TEXT] = "text", [LOG_JSON] = "json", [LOG_OFF] = "off"
    };

    *out = LOG_TEXT;
    for (size_t i = 0; i < COUNT(names); i++) {
        if (text == NULL || strcmp(text, names[i]) == 0) {
            *out = (enum log_kind)i;
            return true;
        }
    }
    return fail(why, BAD_VALUE, "\"%s\" is no kind of log: text, json, off.", text);
}

/* Sessions and passwords are not for everybody who hears the line. */
static bool line_is_safe(const struct web_request *r, const struct proxies *proxies,
                         struct fault *why)
{
    union socket_address at;
    char host[ADDRESS_TEXT];

    if (r->listen == NULL || r->plain || r->tls_cert != NULL || proxies->count > 0)
        return true;
    if (!address_parse(r->listen, &at, why))
        return false;
    if (address_is_loopback(address_print(&at.any, host)))
        return true;
    fail(why, BAD_VALUE,
         "On %s passwords and pages would travel in the clear: others could read them.",
         r->listen);
    return fault_hint(why, "give --tls-cert and --tls-key, or --trusted-proxy with what speaks "
                           "TLS in front; or insist with --plain-http");
}

static int workers_of(const struct web_request *r)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int usual = processors > WORKERS_USUAL / 2 ? (int)processors * 2 : WORKERS_USUAL;
    int workers = r->workers > 0 ? r->workers : usual;

    return workers < CREW_MOST ? workers : CREW_MOST;
}

static bool desk_open(struct desk *d, const struct web_request *r, struct fault *why)
{
    struct server *s = &d->server;
    enum log_kind log;

    pthread_mutex_init(&d->policy_lock, NULL);
    d->clock_stands = r->clock_stands;
    d->now = r->now;
    d->patience = (struct patience){ WRITE_WAIT_MS, WORK_MS, &d->ending };
    s->version = r->version != NULL ? r->version : "";
    s->metrics_token = r->metrics_token;
    s->read_only = r->read_only;
    if (!log_parse(r->log, &log, why) || !proxies_parse(r->trusted_proxies, &d->proxies, why) ||
        !line_is_safe(r, &d->proxies, why) || !site_load(&s->site, why) ||
        !view_zone(r->url, &d->zone, why))
        return false;
    s->site.book = r->url;
    s->site.settings = r->settings;
    d->roles = roles_load(&d->arena, why);
    d->insights = insights_load(&d->arena, why);
    if (d->roles == NULL || d->insights == NULL)
        return false;
    d->policy = policy_keep(d, -1, why); /* the first page looks at what was published */
    if (d->policy != NULL)
        d->loader = loader_open(r->url, r->clock_stands, r->now, why);
    if (d->loader == NULL)
        return false;
    if (!s->read_only) {
        d->searches = search_log_open(r->url, why);
        if (d->searches == NULL)
            return false;
        d->counting = counting_open(r->url, r->clock_stands, r->now, why);
        if (d->counting == NULL)
            return false;
        d->telling = telling_open(r->url,
                                  r->settings != NULL ? r->settings->webhook_ca_file.value : NULL,
                                  r->clock_stands, r->now, why);
        if (d->telling == NULL)
            return false;
    }
    d->again = again_open(r->url, d->zone);
    s->packed = assets_pack(&s->site);
    s->metrics = metrics_new();
    s->log = access_log_open(log, STDERR_FILENO);
    d->count = (size_t)workers_of(r);
    for (size_t i = 0; i < d->count; i++) {
        d->gzippers[i] = gzipper_new(PACK_PAGE_LEVEL);
        if (!hand_open(d, &d->hands[i], why))
            return false;
    }
    return true;
}

static void desk_close(struct desk *d)
{
    struct server *s = &d->server;

    again_close(d->again);
    telling_close(d->telling);
    counting_close(d->counting);
    if (d->loader != NULL)
        loader_close(d->loader);
    if (d->searches != NULL)
        search_log_close(d->searches);
    for (size_t i = 0; i < d->count; i++) {
        hand_close(&d->hands[i]);
        gzipper_free(d->gzippers[i]);
    }
    if (s->log != NULL)
        access_log_close(s->log);
    metrics_free(s->metrics);
    assets_free(&s->site, s->packed);
    for (size_t i = 0; i < d->count; i++)
        policy_let_go(d->held[i]);
    policy_let_go(d->policy);
    pthread_mutex_destroy(&d->policy_lock);
    site_free(&s->site);
    arena_free(&d->arena);
    free(d);
}

/* ---- Running --------------------------------------------------------------------------- */

static void pause_ms(int ms)
{
    struct timespec pause = { ms / 1000, (long)(ms % 1000) * 1000000 };

    nanosleep(&pause, NULL);
}

/* Until somebody says stop. */
static void watch(struct desk *d, const struct web_request *r)
{
    sig_atomic_t heard = r->hangups != NULL ? *r->hangups : 0;

    for (int tick = 0; !__atomic_load_n(r->stop, __ATOMIC_RELAXED); tick++) {
        struct fault why = { 0 };
        bool reload = r->hangups != NULL && *r->hangups != heard;
        heard = r->hangups != NULL ? *r->hangups : 0;
        if ((tick % SWEEP_TICKS == 0 || reload) &&
            !listener_tick(d->server.listener, reload, &why))
            access_log_say(d->server.log, moment(d), why.text);
        pause_ms(TICK_MS);
    }
}

static size_t in_flight(struct desk *d)
{
    struct listening state;

    listener_state(d->server.listener, &state);
    return state.in_flight;
}

/* What was asked before the end is answered, as far as there is time. */
static void drain(struct desk *d, int seconds)
{
    int64_t until = clock_ms() + (int64_t)seconds * 1000;
    struct fault why;

    listener_drain(d->server.listener);
    for (int tick = 0; in_flight(d) > 0 && clock_ms() < until; tick++) {
        if (tick % (1000 / 20) == 0)
            listener_tick(d->server.listener, false, &why);
        pause_ms(20);
    }
    __atomic_store_n(&d->ending, true, __ATOMIC_RELAXED);
    listener_close(d->server.listener);
}

bool web_serve(const struct web_request *request, struct fault *why)
{
    struct desk *d = calloc(1, sizeof *d);

    must(d != NULL);
    struct listen_request listen = {
        .address = request->listen,
        .tls_cert = request->tls_cert,
        .tls_key = request->tls_key,
        .proxies = &d->proxies,
        .calls = { d, takes, answer_now, answer, refuse, finish },
    };
    bool open = desk_open(d, request, why);
    if (open) {
        listen.threads = (int)d->count;
        open = listener_open(&listen, &d->server.listener, why);
    }
    if (open) {
        if (request->ready != NULL)
            request->ready(request->self, listener_address(d->server.listener));
        watch(d, request);
        drain(d, request->drain_seconds);
    }
    desk_close(d);
    return open;
}
