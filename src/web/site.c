#include "web/site.h"

#include "base/digest.h"
#include "base/text.h"

#include <string.h>

static const char *type_of(const char *path)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        { ".css", "text/css; charset=utf-8" },
        { ".js", "text/javascript; charset=utf-8" },
        { ".woff2", "font/woff2" },
        { ".svg", "image/svg+xml" },
        { ".txt", "text/plain; charset=utf-8" },
    };

    for (size_t i = 0; i < COUNT(types); i++) {
        if (text_ends(path, types[i].ending))
            return types[i].type;
    }
    return "application/octet-stream";
}

static bool pages_load(struct site *site, struct fault *why)
{
#define X(code, name) "templates/web/" name ".html",
    static const char *const paths[] = { PAGES(X) };
#undef X
    static const struct template_options options = { .escape = TEMPLATE_HTML,
                                                     .partial_folder = "templates/web",
                                                     .partial_suffix = ".html" };

    for (size_t i = 0; i < PAGE_COUNT; i++) {
        site->pages[i] = template_load(&site->arena, paths[i], &options, why);
        if (site->pages[i] == NULL)
            return false;
    }
    return true;
}

static bool asset_load(struct site *site, const char *path, struct asset *out,
                       struct fault *why)
{
    struct file file;

    if (!files_load(&site->arena, path, &file, why))
        return false;
    *out = (struct asset){
        .path = arena_print(&site->arena, "/%s", path),
        .type = type_of(path),
        .bytes = file.bytes,
        .length = file.length,
        .etag = arena_print(&site->arena, "\"%s\"",
                            digest_short(&site->arena, digest_of(file.bytes, file.length), 20)),
    };
    site->has_fonts = site->has_fonts || text_ends(path, ".woff2");
    return true;
}

static bool assets_load(struct site *site, struct fault *why)
{
    const char **paths;
    size_t count;
    struct digest_maker m;

    if (!files_list(&site->arena, "static/", "", &paths, &count, why))
        return false;
    site->assets = arena_array(&site->arena, struct asset, count + 1);
    digest_begin(&m);
    for (size_t i = 0; i < count; i++) {
        struct asset *asset = &site->assets[site->asset_count++];
        if (!asset_load(site, paths[i], asset, why))
            return false;
        digest_add(&m, asset->etag, strlen(asset->etag));
    }
    site->version = digest_short(&site->arena, digest_end(&m), 10);
    return true;
}

bool site_load(struct site *site, struct fault *why)
{
    *site = (struct site){ 0 };
    if (pages_load(site, why) && assets_load(site, why))
        return true;
    site_free(site);
    return false;
}

void site_free(struct site *site)
{
    arena_free(&site->arena);
}

const struct asset *site_asset(const struct site *site, const char *path)
{
    for (size_t i = 0; i < site->asset_count; i++) {
        if (strcmp(site->assets[i].path, path) == 0)
            return &site->assets[i];
    }
    return NULL;
}
