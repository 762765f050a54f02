#include "web/listen_reply.h"

#include "base/text.h"

#include <microhttpd.h>
#include <string.h>

enum { HEADER_MOST = 6000 };

static const char hex[] = "0123456789ABCDEF";

bool is_header_text(const char *text)
{
    size_t length = 0;

    for (; text[length] != '\0'; length++) {
        if (text[length] < ' ' || text[length] > '~')
            return false;
    }
    return length <= HEADER_MOST;
}

/* What of a text stays as it is; all else becomes %XX. */
static const char *encode_but(struct arena *a, const char *text, const char *kept)
{
    char *out = arena_alloc(a, strlen(text) * 3 + 1), *at = out;

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || strchr(kept, c) != NULL;
        if (plain) {
            *at++ = (char)c;
            continue;
        }
        *at++ = '%';
        *at++ = hex[c >> 4];
        *at++ = hex[c & 15];
    }
    return out;
}

/* A second slash, also as \, would be the beginning of another host. */
const char *location_of(struct arena *a, const char *path)
{
    if (path[0] != '/' || path[1] == '/' || path[1] == '\\')
        return "/";
    return encode_but(a, path, "-._~!$&'()*+,;=:@/?#%[]");
}

const char *disposition_of(struct arena *a, const char *name)
{
    char plain[121];
    size_t length = 0;

    for (const char *at = name; *at != '\0' && length < sizeof plain - 1; at++) {
        if (((unsigned char)*at & 0xc0) == 0x80) /* the rest of a letter */
            continue;
        bool fine = *at >= ' ' && *at <= '~' && strchr("\"\\%/", *at) == NULL;
        plain[length++] = fine ? *at : '_';
    }
    plain[length] = '\0';
    return arena_print(a, "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain,
                       encode_but(a, name, "-._~"));
}

/* ---- Headers --------------------------------------------------------------------------- */

struct headers {
    struct MHD_Response *response;
    bool bad;
};

static void add(struct headers *h, const char *name, const char *value)
{
    if (value == NULL)
        return;
    if (!is_header_text(value) || MHD_add_response_header(h->response, name, value) != MHD_YES)
        h->bad = true;
}

/* Assets are the same for everybody; what else has a tag may be kept, but is asked for again.
 */
static const char *caching_of(const struct reply *reply)
{
    if (reply->etag == NULL)
        return "no-store";
    if (reply->for_ever)
        return "public, max-age=31536000, immutable";
    return reply->shared ? "public, max-age=86400" : "private, no-cache";
}

/* Each encoding is a thing of its own, and has its own tag (RFC 9110, 8.8.3). */
static const char *tag_of(struct arena *a, const struct reply *reply)
{
    if (reply->etag == NULL || reply->encoding == NULL)
        return reply->etag;
    return arena_print(a, "%.*s-%s\"", (int)strlen(reply->etag) - 1, reply->etag,
                       reply->encoding);
}

static bool headers_add(struct arena *a, struct MHD_Response *r, const struct ask *ask,
                        const struct reply *reply)
{
    struct headers h = { .response = r };

    add(&h, "Content-Type", reply->type);
    add(&h, "X-Content-Type-Options", "nosniff");
    add(&h, "Referrer-Policy", "no-referrer");
    add(&h, "Cross-Origin-Opener-Policy", "same-origin");
    add(&h, "Cross-Origin-Resource-Policy", "same-origin");
    add(&h, "Content-Security-Policy", reply->policy);
    add(&h, "Strict-Transport-Security", ask->secure ? "max-age=31536000" : NULL);
    add(&h, "X-Request-Id", ask->id);
    add(&h, "ETag", tag_of(a, reply));
    add(&h, "Cache-Control", caching_of(reply));
    add(&h, "Vary", reply->varies ? "Accept-Encoding" : NULL);
    add(&h, "Content-Encoding", reply->encoding);
    add(&h, "Allow", reply->allow);
    if (reply->location != NULL)
        add(&h, "Location", location_of(a, reply->location));
    if (reply->file != NULL)
        add(&h, "Content-Disposition", disposition_of(a, reply->file));
    if (reply->retry_after > 0)
        add(&h, "Retry-After", arena_print(a, "%d", reply->retry_after));
    for (int i = 0; i < REPLY_COOKIES; i++)
        add(&h, "Set-Cookie", reply->cookies[i]);
    return !h.bad;
}

/* ---- The whole ------------------------------------------------------------------------- */

static struct MHD_Response *bytes_send(struct reply *reply, int64_t *bytes)
{
    struct MHD_Response *r;
    const void *lasting = reply->packed;
    size_t length = reply->packed_length;

    if (lasting == NULL && reply->asset != NULL) {
        lasting = reply->asset->bytes;
        length = reply->asset->length;
    }
    if (lasting != NULL) {
        *bytes = (int64_t)length;
        return MHD_create_response_from_buffer(length, (void *)(uintptr_t)lasting,
                                               MHD_RESPMEM_PERSISTENT);
    }
    *bytes = (int64_t)reply->body.length;
    r = MHD_create_response_from_buffer(reply->body.length, reply->body.bytes,
                                        MHD_RESPMEM_MUST_FREE);
    reply->body = (struct text){ 0 }; /* it belongs to the response now */
    return r;
}

static void broken(struct reply *reply)
{
    text_free(&reply->body);
    *reply = (struct reply){ .status = 500,
                             .type = "text/plain; charset=utf-8",
                             .policy = "default-src 'none'; frame-ancestors 'none'",
                             .route = reply->route,
                             .user = reply->user,
                             .fault = SYSTEM,
                             .fault_where = HERE };
    text_add(&reply->body, "The reply had a header that cannot be sent.\n");
}

struct MHD_Response *response_make(struct arena *a, const struct ask *ask, struct reply *reply,
                                   bool closes, int64_t *bytes)
{
    struct MHD_Response *r = bytes_send(reply, bytes);

    must(r != NULL);
    if (!headers_add(a, r, ask, reply)) {
        MHD_destroy_response(r);
        broken(reply);
        r = bytes_send(reply, bytes);
        must(r != NULL && headers_add(a, r, ask, reply));
    }
    if (closes)
        MHD_add_response_header(r, "Connection", "close");
    return r;
}
