/*
 * Site: what all pages share: templates, compiled once, and static files with their tags. The
 * pieces of static/css and static/js are served as one file each, in the order of their names:
 * /static/recoup.css and /static/recoup.js.
 * Made before the first request, never changed after; any number of threads may read.
 */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include "base/files.h"
#include "flow/settings.h"
#include "formats/template.h"

struct asset {
    const char *path; /* "/static/recoup.css" */
    const char *type, *etag;
    const unsigned char *bytes;
    size_t length;
};

struct site_page {
    const char *name; /* "accounts" is templates/web/accounts.html */
    struct template *template;
};

struct site {
    const char *book; /* its URL */
    const struct settings *settings;
    struct arena arena;
    size_t page_count, asset_count;
    struct site_page *pages; /* in the order of their names */
    struct asset *assets;
    const char *version; /* of all static files: pages name them with it, so caches never lie */
    bool has_fonts, has_htmx; /* what `make assets` fetched is embedded */
};

bool site_load(struct site *site, struct fault *why);
void site_free(struct site *site);
/* The template of this name; there must be one. */
const struct template *site_page(const struct site *site, const char *name);
const struct asset *site_asset(const struct site *site, const char *path); /* or NULL */

#endif
