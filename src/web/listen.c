/* The only file that includes libmicrohttpd. */
#include "web/listen.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS = 256,
    SECONDS_IDLE = 15,
    HEADER_BYTES = 32 * 1024,
    FORM_STEP = 64 * 1024,
    BODY_BYTES = 32 << 20,
};

struct listener {
    struct MHD_Daemon *daemon;
    void (*answer)(void *self, const struct ask *ask, struct reply *reply);
    void *self;
    char address[96];
};

/* ---- Addresses -------------------------------------------------------------------------- */

union socket_address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static bool address_parse(const char *text, union socket_address *out, struct fault *why)
{
    char host[64];
    const char *colon = strrchr(text, ':');
    size_t length = colon == NULL ? 0 : (size_t)(colon - text);
    int64_t port = -1;

    *out = (union socket_address){ 0 };
    if (colon != NULL)
        text_to_int(colon + 1, &port);
    if (length > 0 && length < sizeof host && port >= 0 && port <= 65535) {
        bool six = text[0] == '[' && text[length - 1] == ']';
        memcpy(host, text + six, length - (six ? 2 : 0));
        host[length - (six ? 2 : 0)] = '\0';
        if (inet_pton(AF_INET, host, &out->four.sin_addr) == 1) {
            out->four.sin_family = AF_INET;
            out->four.sin_port = htons((uint16_t)port);
            return true;
        }
        if (inet_pton(AF_INET6, host, &out->six.sin6_addr) == 1) {
            out->six.sin6_family = AF_INET6;
            out->six.sin6_port = htons((uint16_t)port);
            return true;
        }
    }
    fail(why, BAD_VALUE, "\"%s\" is no address to listen on.", text);
    return fault_hint(why, "write it as 127.0.0.1:8080 or [::1]:8080");
}

static void address_print(struct listener *l, const union socket_address *at)
{
    char host[INET6_ADDRSTRLEN];
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_BIND_PORT);
    unsigned port = info != NULL ? info->port : 0;

    if (at->any.sa_family == AF_INET) {
        inet_ntop(AF_INET, &at->four.sin_addr, host, sizeof host);
        snprintf(l->address, sizeof l->address, "http://%s:%u", host, port);
    } else {
        inet_ntop(AF_INET6, &at->six.sin6_addr, host, sizeof host);
        snprintf(l->address, sizeof l->address, "http://[%s]:%u", host, port);
    }
}

/* ---- Requests and replies --------------------------------------------------------------- */

/* What is kept of a request from its first line to its answer. */
struct request {
    struct arena arena;
    struct ask ask;
    struct MHD_PostProcessor *form; /* NULL: the body is no form, or there is none */
    struct text body, value;        /* of the field being read */
    const char *field, *file, *file_type;
    size_t read;
    bool too_large, too_many;
};

static void field_add(struct request *r, struct field **list, size_t *count, const char *name,
                      const char *value)
{
    if (*count == ASK_FIELDS) {
        r->too_many = true;
        return;
    }
    if (*list == NULL)
        *list = arena_array(&r->arena, struct field, ASK_FIELDS);
    (*list)[*count].name = arena_copy(&r->arena, name);
    (*list)[(*count)++].value = arena_copy(&r->arena, value == NULL ? "" : value);
}

static enum MHD_Result query_take(void *self, enum MHD_ValueKind kind, const char *key,
                                  const char *value)
{
    struct request *r = self;

    (void)kind;
    field_add(r, &r->ask.query, &r->ask.query_count, key, value);
    return MHD_YES;
}

/* The field that was being read is complete. */
static void field_end(struct request *r)
{
    if (r->field == NULL)
        return;
    if (r->file == NULL) {
        field_add(r, &r->ask.form, &r->ask.form_count, r->field, text_of(&r->value));
    } else if (r->ask.upload_count == ASK_UPLOADS) {
        r->too_many = true;
    } else {
        if (r->ask.uploads == NULL)
            r->ask.uploads = arena_array(&r->arena, struct upload, ASK_UPLOADS);
        struct upload *u = &r->ask.uploads[r->ask.upload_count++];
        *u = (struct upload){ .name = r->field,
                              .file = r->file,
                              .type = r->file_type,
                              .bytes = arena_copy_n(&r->arena, text_of(&r->value),
                                                    r->value.length),
                              .length = r->value.length };
    }
    r->field = NULL;
    text_clear(&r->value);
}

static enum MHD_Result form_take(void *self, enum MHD_ValueKind kind, const char *key,
                                 const char *file, const char *type, const char *encoding,
                                 const char *bytes, uint64_t offset, size_t length)
{
    struct request *r = self;

    (void)kind;
    (void)encoding;
    if (key == NULL)
        return MHD_YES;
    if (offset == 0) {
        field_end(r);
        r->field = arena_copy(&r->arena, key);
        r->file = file == NULL ? NULL : arena_copy(&r->arena, file);
        r->file_type = type == NULL ? NULL : arena_copy(&r->arena, type);
    }
    text_add_n(&r->value, bytes, length);
    return MHD_YES;
}

static bool is_text(const char *text)
{
    size_t bad;

    return text == NULL || text_is_utf8(text, strlen(text), &bad);
}

/* Text that is not UTF-8 goes no further: pages and the database only know text. */
static bool ask_is_text(const struct ask *ask)
{
    bool all = is_text(ask->path) && is_text(ask->agent) && is_text(ask->notice);

    for (size_t i = 0; i < ask->query_count; i++)
        all = all && is_text(ask->query[i].name) && is_text(ask->query[i].value);
    for (size_t i = 0; i < ask->form_count; i++)
        all = all && is_text(ask->form[i].name) && is_text(ask->form[i].value);
    for (size_t i = 0; i < ask->upload_count; i++)
        all = all && is_text(ask->uploads[i].name) && is_text(ask->uploads[i].file);
    return all;
}

static struct MHD_Response *response_make(struct reply *reply)
{
    struct MHD_Response *r;

    if (reply->asset != NULL)
        return MHD_create_response_from_buffer(reply->asset->length,
                                               (void *)(uintptr_t)reply->asset->bytes,
                                               MHD_RESPMEM_PERSISTENT);
    r = MHD_create_response_from_buffer(reply->body.length, reply->body.bytes,
                                        MHD_RESPMEM_MUST_FREE);
    reply->body = (struct text){ 0 }; /* it belongs to the response now */
    return r;
}

/* The name of a file to take away: what could end the header or the quotes becomes "_". */
static void file_header_add(struct MHD_Response *r, const char *name)
{
    char line[200];

    snprintf(line, sizeof line, "attachment; filename=\"%.150s\"", name);
    for (char *c = line + strlen("attachment; filename=\""); c[0] != '\0' && c[1] != '\0'; c++) {
        if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
            *c = '_';
    }
    MHD_add_response_header(r, "Content-Disposition", line);
}

static void headers_add(struct MHD_Response *r, const struct reply *reply)
{
    MHD_add_response_header(r, "Content-Type", reply->type);
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(r, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(r, "Cross-Origin-Opener-Policy", "same-origin");
    MHD_add_response_header(r, "Cross-Origin-Resource-Policy", "same-origin");
    MHD_add_response_header(r, "Content-Security-Policy", reply->policy);
    if (reply->etag != NULL) {
        MHD_add_response_header(r, "ETag", reply->etag);
        MHD_add_response_header(r, "Cache-Control",
                                reply->for_ever ? "public, max-age=31536000, immutable"
                                                : "public, max-age=86400");
    } else {
        MHD_add_response_header(r, "Cache-Control", "no-store");
    }
    if (reply->allow != NULL)
        MHD_add_response_header(r, "Allow", reply->allow);
    if (reply->location != NULL)
        MHD_add_response_header(r, "Location", reply->location);
    if (reply->file != NULL)
        file_header_add(r, reply->file);
    if (reply->retry_after > 0) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%d", reply->retry_after);
        MHD_add_response_header(r, "Retry-After", seconds);
    }
    for (int i = 0; i < REPLY_COOKIES; i++) {
        if (reply->cookies[i] != NULL)
            MHD_add_response_header(r, "Set-Cookie", reply->cookies[i]);
    }
}

static enum MHD_Result reply_send(struct MHD_Connection *connection, struct reply *reply)
{
    struct MHD_Response *r = response_make(reply);

    if (r == NULL)
        return MHD_NO;
    headers_add(r, reply);
    enum MHD_Result sent = MHD_queue_response(connection, (unsigned)reply->status, r);
    MHD_destroy_response(r);
    return sent;
}

static enum MHD_Result plain_send(struct MHD_Connection *connection, int status,
                                  const char *what)
{
    struct reply reply = { .status = status,
                           .type = "text/plain; charset=utf-8",
                           .policy = "default-src 'none'; frame-ancestors 'none'" };

    text_add(&reply.body, what);
    return reply_send(connection, &reply);
}

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void peer_put(struct request *r, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char host[INET6_ADDRSTRLEN] = "";

    if (info != NULL && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr,
                  host, sizeof host);
    else if (info != NULL && info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6,
                  &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr, host,
                  sizeof host);
    r->ask.client = arena_copy(&r->arena, host);
}

/* Everything but the body is known. */
static struct request *request_begin(struct MHD_Connection *connection, const char *url,
                                     const char *method)
{
    struct request *r = calloc(1, sizeof *r);
    struct ask *ask = &r->ask;

    must(r != NULL);
    ask->method = method;
    ask->path = url;
    ask->agent = header_of(connection, "User-Agent");
    ask->known_etag = header_of(connection, "If-None-Match");
    ask->origin = header_of(connection, "Origin");
    ask->host = header_of(connection, "Host");
    ask->fetch_site = header_of(connection, "Sec-Fetch-Site");
    ask->authorization = header_of(connection, "Authorization");
    ask->once = header_of(connection, "Idempotency-Key");
    ask->csrf = header_of(connection, "X-CSRF-Token");
    ask->type = header_of(connection, "Content-Type");
    ask->partial = header_of(connection, "HX-Request") != NULL;
    ask->session = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND,
                                               ask->secure ? "__Host-" COOKIE_SESSION : COOKIE_SESSION);
    ask->known = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND,
                                             ask->secure ? "__Host-" COOKIE_KNOWN : COOKIE_KNOWN);
    const char *notice = MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, "notice");
    if (notice != NULL) {
        char *text = arena_copy(&r->arena, notice);
        MHD_http_unescape(text);
        ask->notice = text;
    }
    peer_put(r, connection);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, query_take, r);
    if (strcmp(method, "POST") == 0)
        r->form = MHD_create_post_processor(connection, FORM_STEP, form_take, r);
    return r;
}

static void request_free(struct request *r)
{
    if (r->form != NULL)
        MHD_destroy_post_processor(r->form);
    text_free(&r->body);
    text_free(&r->value);
    arena_free(&r->arena);
    free(r);
}

static void body_take(struct request *r, const char *bytes, size_t length)
{
    r->read += length;
    if (r->read > BODY_BYTES)
        r->too_large = true;
    if (r->too_large)
        return;
    if (r->form != NULL)
        MHD_post_process(r->form, bytes, length);
    else
        text_add_n(&r->body, bytes, length);
}

static enum MHD_Result handle(void *self, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **seen)
{
    struct listener *l = self;
    struct reply reply = { 0 };
    struct request *r = *seen;

    (void)version;
    if (r == NULL) { /* the first call has the headers only */
        *seen = request_begin(connection, url, method);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        body_take(r, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (r->form != NULL) {
        MHD_destroy_post_processor(r->form);
        r->form = NULL;
        field_end(r);
    }
    if (r->body.length > 0) {
        r->ask.body = text_of(&r->body);
        r->ask.body_length = r->body.length;
    }
    if (strlen(url) > PATH_MOST)
        return plain_send(connection, 414, "The address is too long.\n");
    if (r->too_large)
        return plain_send(connection, 413, "That is too much at once.\n");
    if (r->too_many || !ask_is_text(&r->ask))
        return plain_send(connection, 400, "What was sent is not text, or has too many fields.\n");
    l->answer(l->self, &r->ask, &reply);
    return reply_send(connection, &reply);
}

static void request_end(void *self, struct MHD_Connection *connection, void **seen,
                        enum MHD_RequestTerminationCode how)
{
    (void)self;
    (void)connection;
    (void)how;
    if (*seen != NULL)
        request_free(*seen);
    *seen = NULL;
}

/* Kept from the standard error: what strangers send is not news. */
static void say_nothing(void *self, const char *format, va_list args)
{
    (void)self;
    (void)format;
    (void)args;
}

struct listener *listener_open(const char *address, int threads,
                               void (*answer)(void *self, const struct ask *ask,
                                              struct reply *reply),
                               void *self, struct fault *why)
{
    union socket_address at;
    const char *text = address != NULL ? address : "127.0.0.1:8080";

    if (!address_parse(text, &at, why))
        return NULL;
    struct listener *l = calloc(1, sizeof *l);
    must(l != NULL);
    l->answer = answer;
    l->self = self;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG |
                     (at.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0);
    l->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, l, MHD_OPTION_NOTIFY_COMPLETED, request_end, NULL,
        MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_SOCK_ADDR, &at.any, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)threads,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)SECONDS_IDLE, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES,
        MHD_OPTION_END);
    if (l->daemon == NULL) {
        int error = errno;
        free(l);
        fail(why, SYSTEM, "Nobody can listen on %s: %s.", text, strerror(error));
        fault_hint(why, "another program may be using it; choose another with --listen");
        return NULL;
    }
    address_print(l, &at);
    return l;
}

const char *listener_address(const struct listener *l)
{
    return l->address;
}

void listener_close(struct listener *l)
{
    MHD_stop_daemon(l->daemon);
    free(l);
}
