#include "channels/webhook_post.h"

#include <curl/curl.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { REPLY_MOST = 65536, CONNECT_MS = 5000, HOST_MOST = 256, PIN_MOST = 512 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool curl_is_usable;

/* Not when the program starts: most runs post nothing, and this costs milliseconds. */
static void start_curl(void)
{
    curl_is_usable = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

/* ---- Addresses ----------------------------------------------------------------------------
 */

struct block {
    uint32_t first;
    int bits;
};

/* What is not for everybody to reach (RFC 6890 and its registry), this machine included. */
static bool is_public_v4(uint32_t address)
{
    static const struct block blocks[] = {
        { 0x00000000, 8 },  { 0x0a000000, 8 },  { 0x64400000, 10 }, { 0x7f000000, 8 },
        { 0xa9fe0000, 16 }, { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0000200, 24 },
        { 0xc0586300, 24 }, { 0xc0a80000, 16 }, { 0xc6120000, 15 }, { 0xc6336400, 24 },
        { 0xcb007100, 24 }, { 0xe0000000, 3 },
    };

    for (size_t i = 0; i < COUNT(blocks); i++) {
        if ((address ^ blocks[i].first) >> (32 - blocks[i].bits) == 0)
            return false;
    }
    return true;
}

/* 2000::/3 without what is for tunnels, protocols and documents. */
static bool is_public_v6(const unsigned char a[16])
{
    bool unicast = (a[0] & 0xe0) == 0x20;
    bool protocol = a[0] == 0x20 && a[1] == 0x01 && a[2] < 0x02;
    bool document = a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8;
    bool tunnel = a[0] == 0x20 && a[1] == 0x02;
    bool document_too = a[0] == 0x3f && a[1] == 0xff && a[2] < 0x10;

    return unicast && !protocol && !document && !tunnel && !document_too;
}

struct judged_address {
    bool is_public, is_this_machine;
};

static struct judged_address judge(const struct sockaddr *at)
{
    const unsigned char *v6;
    uint32_t v4;

    if (at->sa_family == AF_INET) {
        v4 = ntohl(((const struct sockaddr_in *)(const void *)at)->sin_addr.s_addr);
        return (struct judged_address){ is_public_v4(v4), v4 >> 24 == 127 };
    }
    if (at->sa_family != AF_INET6)
        return (struct judged_address){ false, false };
    v6 = ((const struct sockaddr_in6 *)(const void *)at)->sin6_addr.s6_addr;
    return (struct judged_address){ is_public_v6(v6),
                                    IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)v6) };
}

/* ---- The address ---------------------------------------------------------------------------
 */

struct target {
    char host[HOST_MOST]; /* without the brackets of IPv6 */
    char port[8];
    bool plain; /* http */
};

static bool part_of(CURLU *url, CURLUPart part, char *out, size_t room)
{
    char *text = NULL;
    bool fits = curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) == CURLUE_OK &&
                strlen(text) < room;

    if (fits)
        memcpy(out, text, strlen(text) + 1);
    curl_free(text);
    return fits;
}

static void bare_host(char *host)
{
    size_t length = strlen(host);

    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
        memmove(host, host + 1, length - 2);
        host[length - 2] = '\0';
    }
}

static bool target_read(const char *text, struct target *out, struct fault *why)
{
    char scheme[16] = "", user[HOST_MOST];
    CURLU *url = curl_url();
    bool read = url != NULL && strlen(text) <= WEBHOOK_URL_MOST &&
                curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
                part_of(url, CURLUPART_SCHEME, scheme, sizeof scheme) &&
                part_of(url, CURLUPART_HOST, out->host, sizeof out->host) &&
                part_of(url, CURLUPART_PORT, out->port, sizeof out->port);
    bool names_user = read && part_of(url, CURLUPART_USER, user, sizeof user);

    curl_url_cleanup(url);
    out->plain = strcasecmp(scheme, "http") == 0;
    if (!read || (!out->plain && strcasecmp(scheme, "https") != 0))
        return fail(why, BAD_VALUE,
                    "An address such as https://example.com/hook is needed, and \"%.80s\" is "
                    "none.",
                    text);
    if (names_user)
        return fail(why, BAD_VALUE, "The address must not hold a user or a password.");
    bare_host(out->host);
    return true;
}

static bool is_allowed(const struct target *t, struct judged_address at, bool private_allowed,
                       struct fault *why)
{
    if (!at.is_public && !private_allowed) {
        fail(why, BAD_VALUE, "%.100s is an address that is not public: nothing is sent there.",
             t->host);
        return fault_hint(why, "recoup setting put webhook_private yes, if that is meant");
    }
    if (t->plain && !at.is_this_machine)
        return fail(why, BAD_VALUE, "Only https:// keeps what is sent from others' eyes.");
    return true;
}

bool webhook_url_check(const char *url, bool private_allowed, struct fault *why)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    struct target t;

    if (!target_read(url, &t, why))
        return false;
    if (inet_pton(AF_INET, t.host, &v4.sin_addr) == 1)
        return is_allowed(&t, judge((struct sockaddr *)&v4), private_allowed, why);
    if (inet_pton(AF_INET6, t.host, &v6.sin6_addr) == 1)
        return is_allowed(&t, judge((struct sockaddr *)&v6), private_allowed, why);
    bool local = strcasecmp(t.host, "localhost") == 0;
    return is_allowed(&t, (struct judged_address){ !local, local }, private_allowed, why);
}

/* "host:port:address" of the first that it has, when all of them may be reached. */
static bool pin(const struct target *t, bool private_allowed, char out[PIN_MOST],
                struct fault *why)
{
    const struct addrinfo wanted = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    char address[INET6_ADDRSTRLEN] = "";
    bool fine = true;

    int failed = getaddrinfo(t->host, t->port, &wanted, &found);
    if (failed != 0)
        return fail(why, PROVIDER_BUSY, "Nobody knows the host %.100s: %s.", t->host,
                    gai_strerror(failed));
    for (const struct addrinfo *at = found; fine && at != NULL; at = at->ai_next)
        fine = is_allowed(t, judge(at->ai_addr), private_allowed, why);
    fine = fine && (getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof address, NULL,
                                0, NI_NUMERICHOST) == 0 ||
                    fail(why, PROVIDER_BUSY, "The host %.100s has no address.", t->host));
    bool bracket = strchr(address, ':') != NULL;
    if (fine)
        snprintf(out, PIN_MOST, "%s:%s:%s%s%s", t->host, t->port, bracket ? "[" : "", address,
                 bracket ? "]" : "");
    freeaddrinfo(found);
    return fine;
}

/* ---- Posting -------------------------------------------------------------------------------
 */

static size_t take_body(char *bytes, size_t size, size_t count, void *self)
{
    size_t *taken = self;

    (void)bytes;
    *taken += size * count;
    return *taken > REPLY_MOST ? 0 : size * count;
}

static int is_over(void *self, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct webhook_posting *p = self;

    (void)a, (void)b, (void)c, (void)d;
    return p->stop != NULL && __atomic_load_n(p->stop, __ATOMIC_RELAXED);
}

static void options_set(CURL *curl, const struct webhook_posting *p, struct curl_slist *headers,
                        struct curl_slist *pins, size_t *taken)
{
    curl_easy_setopt(curl, CURLOPT_URL, p->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, pins);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)WEBHOOK_TIME_MS);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, p->body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)p->length);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, taken);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_over);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, p);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    if (p->ca_file != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, p->ca_file);
}

static void answer_read(CURL *curl, CURLcode result, struct webhook_answer *out)
{
    curl_off_t took = 0;
    long status = 0;

    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &took);
    out->took_ms = (int64_t)took / 1000;
    /* Too long a body is cut off; what its status said stands. */
    if (result == CURLE_OK || (result == CURLE_WRITE_ERROR && status != 0))
        out->status = (int)status;
    if (out->status == 0)
        snprintf(out->text, sizeof out->text, "No answer: %s.", curl_easy_strerror(result));
    else if (out->status >= 300 && out->status < 400)
        snprintf(out->text, sizeof out->text, "It answered with a redirect (%d), which is not "
                                              "followed.", out->status);
    else if (out->status < 200 || out->status > 299)
        snprintf(out->text, sizeof out->text, "It answered %d.", out->status);
}

static bool post_to(const struct webhook_posting *p, const char *pinned,
                    struct webhook_answer *out)
{
    struct curl_slist *pins = curl_slist_append(NULL, pinned);
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    CURL *curl = curl_easy_init();
    size_t taken = 0;

    must(curl != NULL && pins != NULL && headers != NULL);
    for (size_t i = 0; p->headers[i] != NULL; i++)
        headers = curl_slist_append(headers, p->headers[i]);
    options_set(curl, p, headers, pins, &taken);
    answer_read(curl, curl_easy_perform(curl), out);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    curl_slist_free_all(pins);
    return out->text[0] == '\0';
}

bool webhook_post(const struct webhook_posting *posting, struct webhook_answer *answer)
{
    struct fault why = { 0 };
    char pinned[PIN_MOST];
    struct target t;

    *answer = (struct webhook_answer){ 0 };
    pthread_once(&once, start_curl);
    if (!curl_is_usable)
        fail(&why, SYSTEM, "The library that posts cannot be used.");
    else if (target_read(posting->url, &t, &why) &&
             pin(&t, posting->private_allowed, pinned, &why))
        return post_to(posting, pinned, answer);
    snprintf(answer->text, sizeof answer->text, "%.150s", why.text);
    return false;
}
