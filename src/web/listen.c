#include "web/listen.h"

#include "base/secret.h"
#include "web/body.h"
#include "web/clock.h"
#include "web/crew.h"
#include "web/head.h"
#include "web/listen_reply.h"
#include "web/listen_tls.h"
#include "web/peers.h"

#include <errno.h>
#include <malloc.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
    IO_THREADS = 2,
    HEADER_BYTES = 20 * 1024, /* of one connection: the head of its request and of the reply */
    BODY_STEP = 16 * 1024,
    CROWD = 500,
};

struct listener {
    struct MHD_Daemon *daemon;
    struct listener_calls calls;
    const struct proxies *proxies;
    struct tls *tls; /* NULL: plain HTTP */
    struct crew *crew;
    struct peers peers;
    size_t in_flight;
    size_t crowd; /* the most connections since memory was given back */
    int64_t body_bytes;
    bool draining;
    char address[96];
};

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_WAITS, STAGE_MADE, STAGE_SENT };

/* What is kept of a request from its first line to its end. */
struct request {
    struct job job; /* at the beginning: crew.h */
    struct listener *listener;
    struct MHD_Connection *connection;
    struct peer *peer;
    struct arena arena;
    struct request_head head;
    struct ask ask;
    struct reply reply;
    struct MHD_Response *response; /* made, not sent yet */
    enum stage stage;
    enum body_kind kind;
    const char *boundary;
    size_t body_most, read;
    struct text body;
    int status; /* refused with this; 0: so far not */
    const char *what;
    bool closes;
    bool drops; /* nobody takes the body: it is read, and thrown away */
    int64_t complete_us, us, bytes;
};

/* ---- The end of a request -------------------------------------------------------------- */

/*
 * Also after a chunked body: libmicrohttpd 0.9 takes a bare LF for the end of a chunk's line, so a
 * proxy before us may have seen its end elsewhere; what follows is not taken for a request.
 */
static bool should_close(const struct request *r)
{
    return r->closes || r->head.chunked || listener_is_draining(r->listener);
}

static void budget_return(struct request *r)
{
    __atomic_fetch_sub(&r->listener->body_bytes, (int64_t)r->body.room, __ATOMIC_RELAXED);
    text_free(&r->body);
}

/* From a reply to what is sent; in whichever thread made it. What was asked is done with. */
static void request_make(struct request *r)
{
    r->response = response_make(&r->arena, &r->ask, &r->reply, should_close(r), &r->bytes);
    r->us = clock_us() - r->complete_us;
    r->stage = STAGE_MADE;
    budget_return(r);
}

static void request_refuse(struct request *r, int status, const char *what)
{
    const struct route *route = r->reply.route;

    r->listener->calls.refuse(r->listener->calls.self, &r->ask, status, what, &r->reply);
    r->reply.route = route;
    request_make(r);
}

static enum MHD_Result request_send(struct request *r)
{
    bool headless = strcmp(r->ask.method, "HEAD") == 0 || r->reply.status == 304;
    struct MHD_Response *response = r->response;

    if (headless)
        r->bytes = 0;
    r->stage = STAGE_SENT;
    r->response = NULL;
    peer_enter(r->peer, PEER_TAKES, clock_ms(), r->bytes);
    enum MHD_Result sent =
        MHD_queue_response(r->connection, (unsigned)r->reply.status, response);
    MHD_destroy_response(response);
    return sent;
}

/* `otherwise`: the status of what never came to a reply of ours. */
static void request_free(struct request *r, int otherwise)
{
    struct listener *l = r->listener;

    if (r->stage != STAGE_SENT)
        r->reply.status = otherwise;
    struct finished done = { .id = r->ask.id,
                             .method = r->ask.method,
                             .reply = &r->reply,
                             .us = r->us,
                             .bytes = r->bytes };
    l->calls.finish(l->calls.self, &done);
    if (r->peer != NULL)
        r->peer->request = NULL;
    peer_enter(r->peer, PEER_WAITS, clock_ms(), 0);
    if (r->response != NULL)
        MHD_destroy_response(r->response);
    text_free(&r->reply.body);
    budget_return(r);
    arena_free(&r->arena);
    free(r);
    __atomic_fetch_sub(&l->in_flight, 1, __ATOMIC_RELEASE);
}

static void request_end(void *self, struct MHD_Connection *connection, void **seen,
                        enum MHD_RequestTerminationCode how)
{
    (void)self;
    (void)connection;
    if (*seen != NULL)
        request_free(*seen, how == MHD_REQUEST_TERMINATED_WITH_ERROR ? 400 : 499);
    *seen = NULL;
}

/* ---- The head of a request ------------------------------------------------------------- */

static struct peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info != NULL ? info->socket_context : NULL;
}

/* The first line is there. The target is as it came: nothing was decoded or cut yet. */
static void *request_begin(void *self, const char *target, struct MHD_Connection *connection)
{
    struct listener *l = self;
    struct request *r = calloc(1, sizeof *r);
    unsigned char id[8];

    must(r != NULL);
    r->listener = l;
    r->connection = connection;
    r->peer = peer_of(connection);
    r->complete_us = clock_us();
    r->head.target = arena_copy(&r->arena, target != NULL ? target : "");
    r->head.target_end = target != NULL ? target + strlen(target) : NULL;
    secret_random(id, sizeof id);
    uint64_t number;
    memcpy(&number, id, sizeof number);
    r->ask.id = arena_print(&r->arena, "%016llx", (unsigned long long)number);
    r->ask.method = "-";
    __atomic_fetch_add(&l->in_flight, 1, __ATOMIC_RELAXED);
    if (r->peer != NULL) {
        must(r->peer->request == NULL);
        r->peer->request = r;
    }
    return r;
}

static enum MHD_Result header_take(void *self, enum MHD_ValueKind kind, const char *name,
                                   size_t name_length, const char *value, size_t value_length)
{
    struct request_head *h = self;

    (void)kind;
    h->too_many = h->count == HEADERS_MOST;
    if (h->too_many)
        return MHD_NO;
    h->headers[h->count++] = (struct header){ .name = name,
                                              .value = value != NULL ? value : "",
                                              .name_length = name_length,
                                              .value_length = value_length };
    return MHD_YES;
}

static bool is_text_or_none(const char *text)
{
    const char *what;

    return text == NULL || text_read(text, strlen(text), &what) == 0;
}

static void cookies_take(struct request *r)
{
    struct MHD_Connection *c = r->connection;
    const char *notice = MHD_lookup_connection_value(c, MHD_COOKIE_KIND, "notice");

    bool secure = r->ask.secure;
    r->ask.session = MHD_lookup_connection_value(
        c, MHD_COOKIE_KIND, secure ? "__Host-" COOKIE_SESSION : COOKIE_SESSION);
    r->ask.known = MHD_lookup_connection_value(
        c, MHD_COOKIE_KIND, secure ? "__Host-" COOKIE_KNOWN : COOKIE_KNOWN);
    if (notice == NULL)
        return;
    char *text = arena_copy(&r->arena, notice);
    MHD_http_unescape(text);
    if (is_text_or_none(text))
        r->ask.notice = text;
}

/* Who asks, and whether by way of TLS: from the connection, or from a proxy that is trusted. */
static void client_take(struct request *r)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct proxies *proxies = r->listener->proxies;
    const char *forwarded = head_value(&r->head, "X-Forwarded-For");
    const char *protocol = head_value(&r->head, "X-Forwarded-Proto");
    char peer[ADDRESS_TEXT] = "";

    if (info != NULL)
        address_print(info->client_addr, peer);
    bool trusted = proxies_have(proxies, peer);
    r->ask.client = proxies_client(proxies, &r->arena, arena_copy(&r->arena, peer), forwarded);
    r->ask.secure = r->listener->tls != NULL ||
                    (trusted && protocol != NULL && strcasecmp(protocol, "https") == 0);
    bool for_another = forwarded != NULL || head_value(&r->head, "Forwarded") != NULL;
    r->ask.local = address_is_loopback(r->ask.client) && (trusted || !for_another);
}

static void ask_take(struct request *r)
{
    const struct request_head *h = &r->head;
    struct ask *ask = &r->ask;

    ask->method = h->method;
    ask->agent = head_value(h, "User-Agent");
    if (!is_text_or_none(ask->agent))
        ask->agent = NULL;
    ask->known_etag = head_value(h, "If-None-Match");
    ask->origin = head_value(h, "Origin");
    ask->host = head_value(h, "Host");
    ask->fetch_site = head_value(h, "Sec-Fetch-Site");
    ask->authorization = head_value(h, "Authorization");
    ask->once = head_value(h, "Idempotency-Key");
    ask->csrf = head_value(h, "X-CSRF-Token");
    ask->type = head_value(h, "Content-Type");
    ask->encodings = head_value(h, "Accept-Encoding");
    ask->partial = head_value(h, "HX-Request") != NULL;
    client_take(r);
    cookies_take(r);
}

/* What the route takes, against what is announced; 0, or the status. */
static int body_refuses(struct request *r, enum takes takes)
{
    const struct request_head *h = &r->head;
    bool fits = false;

    r->kind = body_kind_of(&r->arena, r->ask.type, &r->boundary);
    bool large = takes == TAKES_UPLOAD || (takes == TAKES_FILE && r->kind == BODY_PARTS);
    r->body_most = large ? UPLOAD_BYTES : FORM_BYTES;
    r->drops = r->reply.route == NULL;
    if (!head_has_body(h) || r->drops)
        return 0;
    switch (takes) {
    case TAKES_USUAL:
    case TAKES_NOTHING:
        r->closes = true; /* some do not read it: what follows could be taken for a request */
        r->what = "Nothing may be sent with this request.";
        return 400;
    case TAKES_FORM:
    case TAKES_UPLOAD:
        fits = r->kind == BODY_FORM || r->kind == BODY_PARTS;
        break;
    case TAKES_JSON:
    case TAKES_FILE:
        fits = r->kind == BODY_JSON || (takes == TAKES_FILE && r->kind == BODY_PARTS);
        break;
    }
    if (!fits) {
        r->what = takes == TAKES_JSON   ? "This address takes JSON (application/json)."
                  : takes == TAKES_FILE ? "This address takes JSON, or a form with a file."
                                        : "This address takes a form.";
        return 415;
    }
    if (h->length > (int64_t)r->body_most) {
        r->what = "That is too much at once.";
        return 413;
    }
    return 0;
}

/* All but the body is known. */
static enum MHD_Result head_end(struct request *r, const char *method, const char *version)
{
    struct request_head *h = &r->head;
    const char *expects;

    h->method = method;
    h->version = version;
    MHD_get_connection_values_n(r->connection, MHD_HEADER_KIND, header_take, h);
    ask_take(r);
    r->complete_us = clock_us();
    r->status = head_refuses(h, &r->what);
#if MHD_VERSION < 0x01000000
    if (r->status == 0)
        r->status = head_lines_refuse(h, &r->what);
#endif
    r->closes = r->status != 0;
    if (r->status == 0)
        r->status = target_read(&r->arena, h->target, &r->ask, &r->what);
    if (r->status == 0) {
        enum takes takes =
            r->listener->calls.takes(r->listener->calls.self, &r->ask, &r->reply);
        r->status = body_refuses(r, takes);
    }
    r->stage = STAGE_BODY;
    peer_enter(r->peer, PEER_SENDS, clock_ms(), 0);
    expects = head_value(h, "Expect");
    if (expects != NULL || h->length > UPLOAD_BYTES)
        r->closes = r->closes || r->status != 0;
    if (r->closes) {
        request_refuse(r, r->status, r->what);
        return request_send(r);
    }
    return MHD_YES;
}

/* ---- The body of a request ------------------------------------------------------------- */

/* Room for so much more; false when all bodies together would take too much. */
static bool body_grow(struct request *r, size_t more)
{
    struct text *b = &r->body;
    size_t needed = b->length + more + 1, room = b->room + b->room / 2;

    if (needed <= b->room)
        return true;
    if (room < BODY_STEP)
        room = BODY_STEP;
    if (r->head.length >= 0 && room > (size_t)r->head.length + 1)
        room = (size_t)r->head.length + 1;
    if (room < needed)
        room = needed;
    int64_t added = (int64_t)(room - b->room);
    if (__atomic_add_fetch(&r->listener->body_bytes, added, __ATOMIC_RELAXED) > BODIES_MOST) {
        __atomic_fetch_sub(&r->listener->body_bytes, added, __ATOMIC_RELAXED);
        return false;
    }
    b->bytes = realloc(b->bytes, room);
    must(b->bytes != NULL);
    b->room = room;
    return true;
}

static void body_refuse(struct request *r, int status, const char *what)
{
    r->status = status;
    r->what = what;
    budget_return(r);
}

/*
 * What is refused is read to its end and thrown away, so that the reply arrives: many browsers
 * show a broken connection else. False: it has no end.
 */
static bool body_take(struct request *r, const char *bytes, size_t length)
{
    r->read += length;
    peer_moved(r->peer, (int64_t)length);
    if (r->drops)
        return r->read <= UPLOAD_BYTES;
    if (r->status == 0 && r->read > r->body_most)
        body_refuse(r, 413, "That is too much at once.");
    if (r->status == 0 && !body_grow(r, length))
        body_refuse(r, 503, "Too much is being sent at the same time. Try again in a moment.");
    if (r->status == 0)
        text_add_n(&r->body, bytes, length);
    return r->read <= UPLOAD_BYTES;
}

static int body_read(struct request *r)
{
    struct ask *ask = &r->ask;
    char *bytes = r->body.bytes;
    size_t length = r->body.length;
    int status = 0;

    if (length == 0)
        return 0;
    switch (r->kind) {
    case BODY_FORM:
        return form_read(&r->arena, bytes, length, ask, &r->what);
    case BODY_PARTS:
        status = parts_read(&r->arena, bytes, length, r->boundary, ask, &r->what);
        if (status == 0 && ask->upload_count > 0 && r->body_most == FORM_BYTES) {
            r->what = "This address takes no files.";
            return 415;
        }
        return status;
    case BODY_JSON:
        ask->body = bytes;
        ask->body_length = length;
        return text_read(bytes, length, &r->what);
    case BODY_NONE:
    case BODY_OTHER:
        break;
    }
    must(false); /* refused with its head */
    return 500;
}

/* ---- Replies --------------------------------------------------------------------------- */

/* In a thread of the crew. */
static void work(void *self, int thread, struct job *job, bool late)
{
    struct listener *l = self;
    struct request *r = (struct request *)(void *)job;
    struct MHD_Connection *connection = r->connection;

    int status = late ? 503 : body_read(r);
    if (late)
        r->what = "Too many ask at the same time. Try again in a moment.";
    if (status != 0) {
        request_refuse(r, status, r->what);
    } else {
        l->calls.answer(l->calls.self, thread, &r->ask, &r->reply);
        request_make(r);
    }
    MHD_resume_connection(connection); /* r may be gone after this */
}

/* The request is here as a whole. */
static enum MHD_Result request_answer(struct request *r)
{
    struct listener *l = r->listener;

    r->complete_us = clock_us();
    peer_enter(r->peer, PEER_SERVED, clock_ms(), 0);
    if (r->status != 0) {
        request_refuse(r, r->status, r->what);
        return request_send(r);
    }
    if (l->calls.answer_now(l->calls.self, &r->ask, &r->reply)) {
        request_make(r);
        return request_send(r);
    }
    r->stage = STAGE_WAITS;
    r->job.writes = strcmp(r->ask.method, "GET") != 0 && strcmp(r->ask.method, "HEAD") != 0;
    MHD_suspend_connection(r->connection); /* before anybody can resume it */
    if (!crew_add(l->crew, &r->job, r->complete_us / 1000)) {
        request_refuse(r, 503, "Too many ask at the same time. Try again in a moment.");
        MHD_resume_connection(r->connection);
    }
    return MHD_YES;
}

static enum MHD_Result handle(void *self, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **seen)
{
    struct request *r = *seen;

    (void)self;
    (void)url;
    (void)connection;
    switch (r->stage) {
    case STAGE_HEAD: /* the first call has the headers only */
        return head_end(r, method, version);
    case STAGE_BODY:
        if (*upload_size == 0)
            return request_answer(r);
        if (!body_take(r, upload, *upload_size))
            return MHD_NO;
        *upload_size = 0;
        return MHD_YES;
    case STAGE_WAITS:
        return MHD_YES;
    case STAGE_MADE:
        return request_send(r);
    case STAGE_SENT:
        *upload_size = 0;
        return MHD_YES;
    }
    return MHD_NO;
}

/* ---- Connections ----------------------------------------------------------------------- */

static void connection_note(void *self, struct MHD_Connection *connection, void **context,
                            enum MHD_ConnectionNotificationCode what)
{
    struct listener *l = self;
    const union MHD_ConnectionInfo *info;
    struct peer *peer;

    switch (what) {
    case MHD_CONNECTION_NOTIFY_STARTED:
        info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *context = info != NULL ? peers_add(&l->peers, info->connect_fd, clock_ms()) : NULL;
        return;
    case MHD_CONNECTION_NOTIFY_CLOSED: /* its socket is closed after this */
        peer = *context;
        *context = NULL;
        if (peer == NULL)
            return;
        /* libmicrohttpd 0.9 forgets requests whose query has more pieces than it has room for */
        if (peer->request != NULL)
            request_free(peer->request, 400);
        peers_remove(&l->peers, peer);
        return;
    }
}

static void address_keep(struct listener *l, const union socket_address *at)
{
    char host[ADDRESS_TEXT];
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_BIND_PORT);
    bool six = at->any.sa_family == AF_INET6;

    snprintf(l->address, sizeof l->address, "%s://%s%s%s:%u", l->tls != NULL ? "https" : "http",
             six ? "[" : "", address_print(&at->any, host), six ? "]" : "",
             info != NULL ? (unsigned)info->port : 0);
}

/* Kept from the standard error: what strangers send is not news. */
static void say_nothing(void *self, const char *format, va_list args)
{
    (void)self;
    (void)format;
    (void)args;
}

static struct MHD_Daemon *daemon_start(struct listener *l, const union socket_address *at)
{
    struct MHD_OptionItem secure[] = {
        { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls_priorities },
        { MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, (void *)(uintptr_t)tls_retriever() },
        { MHD_OPTION_END, 0, NULL },
    };
    struct MHD_OptionItem plain[] = { { MHD_OPTION_END, 0, NULL } };
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG |
                     MHD_ALLOW_SUSPEND_RESUME | (l->tls != NULL ? MHD_USE_TLS : 0) |
                     (at->any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0);

    return MHD_start_daemon(
        flags, 0, NULL, NULL, handle, l, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_SOCK_ADDR, &at->any, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)IO_THREADS,
        MHD_OPTION_URI_LOG_CALLBACK, request_begin, l, MHD_OPTION_NOTIFY_COMPLETED, request_end,
        l, MHD_OPTION_NOTIFY_CONNECTION, connection_note, l, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)l->peers.most, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)PEER_IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES, MHD_OPTION_ARRAY,
        l->tls != NULL ? secure : plain, MHD_OPTION_END);
}

static void listener_free(struct listener *l)
{
    peers_done(&l->peers);
    tls_free(l->tls);
    free(l);
}

bool listener_open(const struct listen_request *request, struct listener **out,
                   struct fault *why)
{
    union socket_address at;
    const char *text = request->address != NULL ? request->address : "127.0.0.1:8080";
    struct listener *l = calloc(1, sizeof *l);

    must(l != NULL);
    l->calls = request->calls;
    l->proxies = request->proxies;
    peers_init(&l->peers, LISTEN_CONNECTIONS);
    if (!address_parse(text, &at, why) ||
        !tls_open(request->tls_cert, request->tls_key, &l->tls, why)) {
        listener_free(l);
        return false;
    }
    *out = l;
    l->crew = crew_open(request->threads, work, l);
    errno = 0;
    l->daemon = daemon_start(l, &at);
    if (l->daemon == NULL) {
        int error = errno != 0 ? errno : ENOTSUP;
        crew_close(l->crew);
        listener_free(l);
        *out = NULL;
        fail(why, SYSTEM, "Nobody can listen on %s: %s.", text, strerror(error));
        return fault_hint(why, "another program may be using it; choose another with --listen");
    }
    address_keep(l, &at);
    return true;
}

const char *listener_address(const struct listener *l)
{
    return l->address;
}

/* What a crowd took and left behind goes back to the system. */
static void memory_return(struct listener *l)
{
    size_t count = peers_count(&l->peers);

    if (count > l->crowd)
        l->crowd = count;
    if (l->crowd - count < CROWD || count > l->crowd / 2)
        return;
    l->crowd = count;
    malloc_trim(0);
}

bool listener_tick(struct listener *l, bool reload, struct fault *why)
{
    peers_sweep(&l->peers, clock_ms());
    memory_return(l);
    return tls_renew(l->tls, reload, why);
}

void listener_state(struct listener *l, struct listening *out)
{
    *out = (struct listening){
        .connections = peers_count(&l->peers),
        .connections_most = l->peers.most,
        .in_flight = __atomic_load_n(&l->in_flight, __ATOMIC_RELAXED),
        .waiting = crew_waiting(l->crew),
        .body_bytes = __atomic_load_n(&l->body_bytes, __ATOMIC_RELAXED),
        .ended = __atomic_load_n(&l->peers.ended, __ATOMIC_RELAXED),
        .certificate_expires = tls_expires(l->tls),
    };
}

/* ---- The end --------------------------------------------------------------------------- */

bool listener_is_draining(const struct listener *l)
{
    return __atomic_load_n(&l->draining, __ATOMIC_ACQUIRE);
}

void listener_drain(struct listener *l)
{
    __atomic_store_n(&l->draining, true, __ATOMIC_RELEASE);
    MHD_socket listening = MHD_quiesce_daemon(l->daemon);
    if (listening != MHD_INVALID_SOCKET)
        close(listening);
}

void listener_close(struct listener *l)
{
    const struct timespec pause = { .tv_nsec = 10000000 };

    __atomic_store_n(&l->draining, true, __ATOMIC_RELEASE);
    crew_close(l->crew); /* so that nobody is suspended any more */
    for (int i = 0; i < 100 && __atomic_load_n(&l->in_flight, __ATOMIC_ACQUIRE) > 0; i++)
        nanosleep(&pause, NULL); /* the last replies are on their way */
    MHD_stop_daemon(l->daemon);
    listener_free(l);
}
