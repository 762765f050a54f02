#include "web/address.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

bool address_parse(const char *text, union socket_address *out, struct fault *why)
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
        if (!six && inet_pton(AF_INET, host, &out->four.sin_addr) == 1) {
            out->four.sin_family = AF_INET;
            out->four.sin_port = htons((uint16_t)port);
            return true;
        }
        if (six && inet_pton(AF_INET6, host, &out->six.sin6_addr) == 1) {
            out->six.sin6_family = AF_INET6;
            out->six.sin6_port = htons((uint16_t)port);
            return true;
        }
    }
    fail(why, BAD_VALUE, "\"%s\" is no address to listen on.", text);
    return fault_hint(why, "write it as 127.0.0.1:8080 or [::1]:8080");
}

char *address_print(const struct sockaddr *at, char out[ADDRESS_TEXT])
{
    const struct sockaddr_in *four = (const void *)at;
    const struct sockaddr_in6 *six = (const void *)at;

    out[0] = '\0';
    if (at->sa_family == AF_INET)
        inet_ntop(AF_INET, &four->sin_addr, out, ADDRESS_TEXT);
    else if (at->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
        inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, out, ADDRESS_TEXT);
    else if (at->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &six->sin6_addr, out, ADDRESS_TEXT);
    return out;
}

/* As sixteen bytes, IPv4 inside IPv6, so that there is one kind to compare. */
static bool bytes_parse(const char *text, unsigned char out[16], bool *four)
{
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

    memcpy(out, mapped, sizeof mapped);
    *four = inet_pton(AF_INET, text, out + 12) == 1;
    if (*four)
        return true;
    if (inet_pton(AF_INET6, text, out) != 1)
        return false;
    *four = memcmp(out, mapped, sizeof mapped) == 0;
    return true;
}

bool address_is_loopback(const char *printed)
{
    static const unsigned char one[16] = { [15] = 1 };
    unsigned char bytes[16];
    bool four;

    if (!bytes_parse(printed, bytes, &four))
        return false;
    return four ? bytes[12] == 127 : memcmp(bytes, one, sizeof one) == 0;
}

/* ---- Proxies --------------------------------------------------------------------------- */

static bool network_parse(const char *text, struct network *out)
{
    char host[ADDRESS_TEXT];
    size_t length = strcspn(text, "/");
    int64_t bits;
    bool four;

    if (length >= sizeof host)
        return false;
    memcpy(host, text, length);
    host[length] = '\0';
    if (!bytes_parse(host, out->bytes, &four))
        return false;
    bits = four ? 32 : 128;
    if (text[length] == '/' &&
        (!text_to_int(text + length + 1, &bits) || bits < 0 || bits > (four ? 32 : 128)))
        return false;
    out->bits = (int)bits + (four ? 96 : 0);
    return true;
}

bool proxies_parse(const char *text, struct proxies *out, struct fault *why)
{
    *out = (struct proxies){ 0 };
    while (text != NULL && *text != '\0') {
        char piece[64];
        size_t length = strcspn(text, ", ");
        bool fits = length < sizeof piece && out->count < PROXIES_MOST;
        if (length > 0 && fits) {
            memcpy(piece, text, length);
            piece[length] = '\0';
            fits = network_parse(piece, &out->networks[out->count++]);
        }
        if (!fits) {
            fail(why, BAD_VALUE, "\"%.*s\" is no address of a proxy.", (int)length, text);
            return fault_hint(why, "write 127.0.0.1, or 10.0.0.0/8, several with commas");
        }
        text += length + strspn(text + length, ", ");
    }
    return true;
}

static bool network_has(const struct network *n, const unsigned char bytes[16])
{
    int whole = n->bits / 8, rest = n->bits % 8;

    return memcmp(n->bytes, bytes, (size_t)whole) == 0 &&
           (rest == 0 || ((n->bytes[whole] ^ bytes[whole]) >> (8 - rest)) == 0);
}

bool proxies_have(const struct proxies *p, const char *printed)
{
    unsigned char bytes[16];
    bool four;

    if (p->count == 0 || !bytes_parse(printed, bytes, &four))
        return false;
    for (size_t i = 0; i < p->count; i++) {
        if (network_has(&p->networks[i], bytes))
            return true;
    }
    return false;
}

/* The piece of the list that ends at `end`, without blanks. */
static const char *last_piece(struct arena *a, const char *list, size_t *end)
{
    size_t from = *end;

    while (from > 0 && list[from - 1] != ',')
        from--;
    const char *piece = text_trim(a, arena_copy_n(a, list + from, *end - from));
    *end = from > 0 ? from - 1 : 0;
    return piece;
}

const char *proxies_client(const struct proxies *p, struct arena *a, const char *peer,
                           const char *forwarded)
{
    const char *client = peer;
    size_t end = forwarded == NULL ? 0 : strlen(forwarded);
    unsigned char bytes[16];
    bool four;

    while (end > 0 && proxies_have(p, client)) {
        const char *before = last_piece(a, forwarded, &end);
        if (!bytes_parse(before, bytes, &four))
            return client;
        client = before;
    }
    return client;
}
