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

enum { CONNECTIONS = 256, SECONDS_IDLE = 15, HEADER_BYTES = 32 * 1024 };

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

static enum MHD_Result field_take(void *self, enum MHD_ValueKind kind, const char *key,
                                  const char *value)
{
    struct ask *ask = self;

    (void)kind;
    if (ask->field_count < ASK_FIELDS) {
        ask->fields[ask->field_count].name = key;
        ask->fields[ask->field_count++].value = value == NULL ? "" : value;
    }
    return MHD_YES;
}

/* Text that is not UTF-8 goes no further: pages and the database only know text. */
static bool ask_is_text(const struct ask *ask)
{
    size_t bad;

    if (!text_is_utf8(ask->path, strlen(ask->path), &bad))
        return false;
    for (size_t i = 0; i < ask->field_count; i++) {
        if (!text_is_utf8(ask->fields[i].value, strlen(ask->fields[i].value), &bad))
            return false;
    }
    return true;
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
        MHD_add_response_header(r, "Cache-Control", "public, max-age=86400");
    } else {
        MHD_add_response_header(r, "Cache-Control", "no-store");
    }
    if (reply->allow != NULL)
        MHD_add_response_header(r, "Allow", reply->allow);
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

static enum MHD_Result handle(void *self, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **seen)
{
    static int headers_only;
    struct listener *l = self;
    struct reply reply = { 0 };
    struct ask ask = { .method = method, .path = url };

    (void)version;
    (void)upload;
    if (*seen == NULL) { /* the first call has the headers only */
        *seen = &headers_only;
        return MHD_YES;
    }
    if (*upload_size > 0) { /* a body is read and thrown away */
        *upload_size = 0;
        return MHD_YES;
    }
    if (strlen(url) > PATH_MOST)
        return plain_send(connection, 414, "The address is too long.\n");
    ask.known_etag = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, field_take, &ask);
    if (!ask_is_text(&ask))
        return plain_send(connection, 400, "The address is not text.\n");
    l->answer(l->self, &ask, &reply);
    return reply_send(connection, &reply);
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
        flags, 0, NULL, NULL, handle, l, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
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
