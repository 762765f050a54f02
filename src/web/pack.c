#include "web/pack.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Accept-Encoding ------------------------------------------------------------------- */

/* "q=0.5" in thousandths; 1000 without one; nonsense counts as a no. */
static int quality_of(const char *parameters, size_t length)
{
    const char *q = memmem(parameters, length, "q=", 2);
    int value = 0, place = 100;

    if (q == NULL)
        return 1000;
    q += 2;
    if (*q == '1')
        return 1000;
    if (*q != '0' || q[1] != '.')
        return 0;
    for (q += 2; *q >= '0' && *q <= '9' && place > 0; q++, place /= 10)
        value += (*q - '0') * place;
    return value;
}

struct likes {
    int gzip, brotli, plain, rest; /* -1: not named */
};

static void like(struct likes *l, const char *name, size_t length, int quality)
{
    static const char *const gzips[] = { "gzip", "x-gzip" };

    for (size_t i = 0; i < COUNT(gzips); i++) {
        if (strlen(gzips[i]) == length && strncasecmp(name, gzips[i], length) == 0)
            l->gzip = quality;
    }
    if (length == 2 && strncasecmp(name, "br", 2) == 0)
        l->brotli = quality;
    if (length == 8 && strncasecmp(name, "identity", 8) == 0)
        l->plain = quality;
    if (length == 1 && *name == '*')
        l->rest = quality;
}

enum packing packing_of(const char *accepts, bool brotli_too)
{
    struct likes l = { -1, -1, -1, -1 };

    while (accepts != NULL && *accepts != '\0') {
        size_t whole = strcspn(accepts, ","), name = strcspn(accepts, ",; \t");
        like(&l, accepts, name, quality_of(accepts + name, whole - name));
        accepts += whole;
        accepts += strspn(accepts, ", \t");
    }
    int rest = l.rest > 0 ? l.rest : 0;
    int gzip = l.gzip >= 0 ? l.gzip : rest, br = l.brotli >= 0 ? l.brotli : rest;
    if (!brotli_too)
        br = 0;
    if ((gzip <= 0 && br <= 0) || l.plain > (gzip > br ? gzip : br))
        return PACK_NONE;
    return br >= gzip ? PACK_BROTLI : PACK_GZIP;
}

/* ---- Static files ---------------------------------------------------------------------- */

/* Fonts are packed already. */
static bool is_packable(const char *type)
{
    return text_starts(type, "text/") || text_starts(type, "application/json") ||
           text_starts(type, "image/svg");
}

static void keep_if_smaller(struct text *packed, size_t length)
{
    if (packed->length >= length)
        text_free(packed);
}

struct packed *assets_pack(const struct site *site)
{
    struct packed *all = calloc(site->asset_count + 1, sizeof *all);
    struct gzipper *g = gzipper_new(PACK_BEST_LEVEL);

    must(all != NULL);
    for (size_t i = 0; i < site->asset_count; i++) {
        const struct asset *asset = &site->assets[i];
        if (!is_packable(asset->type) || asset->length < PACK_LEAST)
            continue;
        gzip(g, asset->bytes, asset->length, &all[i].gzip);
        brotli(asset->bytes, asset->length, &all[i].brotli);
        keep_if_smaller(&all[i].gzip, asset->length);
        keep_if_smaller(&all[i].brotli, asset->length);
    }
    gzipper_free(g);
    return all;
}

void assets_free(const struct site *site, struct packed *packed)
{
    for (size_t i = 0; packed != NULL && i < site->asset_count; i++) {
        text_free(&packed[i].gzip);
        text_free(&packed[i].brotli);
    }
    free(packed);
}

void asset_choose(const struct site *site, const struct packed *packed, const struct ask *ask,
                  struct reply *reply)
{
    const struct packed *p = &packed[reply->asset - site->assets];
    const struct text *chosen = NULL;

    if (p->gzip.length == 0 && p->brotli.length == 0)
        return;
    reply->varies = true;
    switch (packing_of(ask->encodings, p->brotli.length > 0)) {
    case PACK_NONE:
        return;
    case PACK_GZIP:
        chosen = &p->gzip;
        reply->encoding = "gzip";
        break;
    case PACK_BROTLI:
        chosen = &p->brotli;
        reply->encoding = "br";
        break;
    }
    if (chosen->length == 0) {
        reply->encoding = NULL;
        return;
    }
    reply->packed = chosen->bytes;
    reply->packed_length = chosen->length;
}

/* ---- Pages ----------------------------------------------------------------------------- */

static bool may_pack(const struct ask *ask)
{
    const char *site = ask->fetch_site;

    if (ask->authorization != NULL && ask->session == NULL)
        return true;
    return site != NULL && (strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0);
}

void page_pack(struct gzipper *g, const struct ask *ask, struct reply *reply)
{
    struct text packed = { 0 };

    if (reply->asset != NULL || reply->body.length < PACK_LEAST || reply->type == NULL ||
        !is_packable(reply->type))
        return;
    reply->varies = true;
    if (!may_pack(ask) || packing_of(ask->encodings, false) != PACK_GZIP)
        return;
    gzip(g, reply->body.bytes, reply->body.length, &packed);
    text_free(&reply->body);
    reply->body = packed;
    reply->encoding = "gzip";
}
