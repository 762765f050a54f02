/*
 * Site: what all pages share: templates, compiled once, and static files with their tags.
 * Made before the first request, never changed after; any number of threads may read.
 */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include "base/files.h"
#include "formats/template.h"

#define PAGES(X)                                                                               \
    X(PAGE_HEALTH, "health")                                                                   \
    X(PAGE_ACCOUNTS, "accounts")                                                               \
    X(PAGE_ACCOUNT, "account")                                                                 \
    X(PAGE_STATEMENT, "statement")                                                             \
    X(PAGE_OUTBOX, "outbox")                                                                   \
    X(PAGE_MESSAGE, "message")                                                                 \
    X(PAGE_RECORD, "record")                                                                   \
    X(PAGE_STOP, "stop")                                                                       \
    X(PAGE_FAULT, "fault")

#define X(code, name) code,
enum page_name { PAGES(X) PAGE_COUNT };
#undef X

struct asset {
    const char *path; /* "/static/recoup.css" */
    const char *type, *etag;
    const unsigned char *bytes;
    size_t length;
};

struct site {
    const char *book; /* its URL: the one page that writes opens it (stop.c) */
    struct arena arena;
    struct template *pages[PAGE_COUNT];
    size_t asset_count;
    struct asset *assets;
    const char *version; /* of all static files: pages name them with it, so caches never lie */
    bool has_fonts;
};

bool site_load(struct site *site, struct fault *why);
void site_free(struct site *site);
const struct asset *site_asset(const struct site *site, const char *path); /* or NULL */

#endif
