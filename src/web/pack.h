/*
 * Pack: replies made smaller for the line. Private to src/web; zlib stays in pack_gzip.c,
 * brotli in pack_brotli.c.
 *
 * Static files are packed once, at the start; pages on the way out.
 *
 * Whoever sees the length of packed pages, and can make a browser ask for them with his guesses
 * inside, may learn what else is on them (BREACH). So a page is packed only when the browser
 * says that the request came from a page of ours or from the person (Sec-Fetch-Site), or when
 * it was asked for by a program with a token, whom nobody else can make ask; and the one secret
 * that stands on every page, the CSRF token, never stands there twice the same (csrf.h).
 */
#ifndef WEB_PACK_H
#define WEB_PACK_H

#include "web/route.h"

enum packing { PACK_NONE, PACK_GZIP, PACK_BROTLI };

/* What an Accept-Encoding (RFC 9110, 12.5.3) likes best; NULL: nothing is packed. */
enum packing packing_of(const char *accepts, bool brotli_too);

/*
 * Measured on pages of 18 to 41 KB: level 3 leaves 22 to 26% for 5 to 12% more time than level 1,
 * from level 4 on each percent less costs a third more time. Brotli at 7 packs the style sheet in
 * 20 ms to 23%; at 11 it takes 200 ms, at every start, for 21%.
 */
enum { PACK_PAGE_LEVEL = 3, PACK_BEST_LEVEL = 9, PACK_LEAST = 1024 };

struct gzipper; /* of one thread */
struct gzipper *gzipper_new(int level);
void gzipper_free(struct gzipper *g);
void gzip(struct gzipper *g, const void *bytes, size_t length, struct text *out);
void brotli(const void *bytes, size_t length, struct text *out);

/* Every static file, packed where that makes it smaller. Made once, read by all. */
struct packed {
    struct text gzip, brotli; /* length 0: it stays as it is */
};
struct packed *assets_pack(const struct site *site);
void assets_free(const struct site *site, struct packed *packed);
void asset_choose(const struct site *site, const struct packed *packed, const struct ask *ask,
                  struct reply *reply);

/* Packs the body of a page where that may be done and helps. */
void page_pack(struct gzipper *g, const struct ask *ask, struct reply *reply);

#endif
