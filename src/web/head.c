#include "web/head.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static bool is_token(const char *text, size_t length)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                    (c >= 'A' && c <= 'Z') || (c != '\0' && strchr(marks, c) != NULL);
        if (!fine)
            return false;
    }
    return length > 0;
}

/* No control characters but the tab; bytes above ASCII are somebody's text. */
static bool is_field_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static size_t count_of(const struct request_head *h, const char *name, const char **value)
{
    size_t count = 0;

    *value = NULL;
    for (size_t i = 0; i < h->count; i++) {
        if (strcasecmp(h->headers[i].name, name) != 0)
            continue;
        count++;
        *value = h->headers[i].value;
    }
    return count;
}

const char *head_value(const struct request_head *h, const char *name)
{
    for (size_t i = 0; i < h->count; i++) {
        if (strcasecmp(h->headers[i].name, name) == 0)
            return h->headers[i].value;
    }
    return NULL;
}

static int refuse(int status, const char *sentence, const char **what)
{
    *what = sentence;
    return status;
}

static int fields_refuse(const struct request_head *h, const char **what)
{
    if (h->too_many)
        return refuse(431, "The request has too many headers.", what);
    for (size_t i = 0; i < h->count; i++) {
        const struct header *f = &h->headers[i];
        if (!is_token(f->name, f->name_length) || strlen(f->name) != f->name_length)
            return refuse(400, "The request has a header that cannot be read.", what);
        if (!is_field_text(f->value, f->value_length))
            return refuse(400, "The request has a header with control characters.", what);
    }
    return 0;
}

/* 19 digits, so that it cannot overflow; nothing but digits. */
static bool length_parse(const char *text, int64_t *out)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= 18 && text[digits] == '\0' && text_to_int(text, out);
}

/* How long the body is, in one way only. */
static int framing_refuses(struct request_head *h, const char **what)
{
    const char *length, *coding;
    size_t lengths = count_of(h, "Content-Length", &length);
    size_t codings = count_of(h, "Transfer-Encoding", &coding);

    h->length = -1;
    if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0))
        return refuse(400, "The request says in two ways how long it is.", what);
    if (lengths > 0 && !length_parse(length, &h->length))
        return refuse(400, "The length of the request is no number.", what);
    if (codings > 0 && strcasecmp(coding, "chunked") != 0)
        return refuse(501, "The request is encoded in a way that is not known here.", what);
    if (codings > 0 && !text_equal(h->version, "HTTP/1.1"))
        return refuse(400, "The request is chunked, but too old for it.", what);
    h->chunked = codings > 0;
    return 0;
}

/* A folded line ends up in the name (libmicrohttpd 0.9): "Transfer-Encoding,". */
static int near_names_refuse(const struct request_head *h, const char **what)
{
    static const char *const names[] = { "transfer-encoding", "content-length" };

    for (size_t i = 0; i < h->count; i++) {
        for (size_t n = 0; n < COUNT(names); n++) {
            size_t length = strlen(names[n]);
            if (h->headers[i].name_length > length &&
                strncasecmp(h->headers[i].name, names[n], length) == 0)
                return refuse(400, "The request has a header that cannot be read.", what);
        }
    }
    return 0;
}

static int line_refuses(const struct request_head *h, const char **what)
{
    static const char *const methods[] = { "GET",   "HEAD",   "POST",   "PUT",
                                           "PATCH", "DELETE", "OPTIONS" };
    const char *host;
    bool known = false;

    for (size_t i = 0; i < COUNT(methods); i++)
        known = known || strcmp(h->method, methods[i]) == 0;
    if (!known)
        return refuse(501, "This method is not known here.", what);
    if (strlen(h->target) > TARGET_MOST)
        return refuse(414, "The address is too long.", what);
    if (h->target[0] != '/')
        return refuse(400, "The address must begin with a slash.", what);
    const char *expects = head_value(h, "Expect");
    if (expects != NULL && strcasecmp(expects, "100-continue") != 0)
        return refuse(417, "What the request expects is not known here.", what);
    if (!is_field_text(h->target, strlen(h->target)) || strpbrk(h->target, " #\t") != NULL)
        return refuse(400, "The address has characters that do not belong there.", what);
    size_t hosts = count_of(h, "Host", &host);
    if (hosts > 1 || (hosts == 0 && text_equal(h->version, "HTTP/1.1")))
        return refuse(400, "The request must name one host.", what);
    return 0;
}

int head_refuses(struct request_head *h, const char **what)
{
    int status = fields_refuse(h, what);

    if (status == 0)
        status = framing_refuses(h, what);
    if (status == 0)
        status = near_names_refuse(h, what);
    if (status == 0)
        status = line_refuses(h, what);
    return status;
}

int head_lines_refuse(const struct request_head *h, const char **what)
{
    static const char blank_line[4];
    static const char sentence[] = "The lines of the request do not end as they must.";
    const char *end = h->version + strlen(h->version);

    if (h->version != h->target_end + 1)
        return refuse(400, sentence, what);
    for (size_t i = 0; i < h->count; i++) {
        if (h->headers[i].name != end + 2)
            return refuse(400, sentence, what);
        end = h->headers[i].value + h->headers[i].value_length;
    }
    if (h->count > 0 && memcmp(end, blank_line, sizeof blank_line) != 0)
        return refuse(400, sentence, what);
    return 0;
}

bool head_has_body(const struct request_head *h)
{
    return h->chunked || h->length > 0;
}
