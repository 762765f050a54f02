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
        { ".ico", "image/svg+xml" }, /* browsers look at the bytes, and at this */
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
    static const char folder[] = "templates/web/", ending[] = ".html";
    static const struct template_options options = { .escape = TEMPLATE_HTML,
                                                     .partial_folder = "templates/web",
                                                     .partial_suffix = ".html" };
    const char **paths;

    if (!files_list(&site->arena, folder, ending, &paths, &site->page_count, why))
        return false;
    site->pages = arena_array(&site->arena, struct site_page, site->page_count + 1);
    for (size_t i = 0; i < site->page_count; i++) {
        const char *name = paths[i] + strlen(folder);
        site->pages[i].name = arena_copy_n(&site->arena, name, strlen(name) - strlen(ending));
        site->pages[i].template = template_load(&site->arena, paths[i], &options, why);
        if (site->pages[i].template == NULL)
            return false;
    }
    return true;
}

const struct template *site_page(const struct site *site, const char *name)
{
    for (size_t i = 0; i < site->page_count; i++) {
        if (strcmp(site->pages[i].name, name) == 0)
            return site->pages[i].template;
    }
    must(false);
    return NULL;
}

static void asset_add(struct site *site, struct digest_maker *m, const char *path,
                      const void *bytes, size_t length)
{
    struct asset *asset = &site->assets[site->asset_count++];

    *asset = (struct asset){
        .path = path,
        .type = type_of(path),
        .bytes = bytes,
        .length = length,
        .etag = arena_print(&site->arena, "\"%s\"",
                            digest_short(&site->arena, digest_of(bytes, length), 20)),
    };
    site->has_fonts = site->has_fonts || text_ends(path, ".woff2");
    site->has_htmx = site->has_htmx || text_equal(path, "/static/htmx.js");
    digest_add(m, asset->etag, strlen(asset->etag));
}

/* All of a folder, one after the other, under one name. */
static bool joined_load(struct site *site, struct digest_maker *m, const char *folder,
                        const char *path, struct fault *why)
{
    const char **paths;
    size_t count;
    struct text all = { 0 };

    if (!files_list(&site->arena, folder, "", &paths, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct file file;
        if (!files_load(&site->arena, paths[i], &file, why)) {
            text_free(&all);
            return false;
        }
        text_add_n(&all, (const char *)file.bytes, file.length);
        text_add_char(&all, '\n');
    }
    asset_add(site, m, path, arena_copy_n(&site->arena, text_of(&all), all.length), all.length);
    text_free(&all);
    return true;
}

static bool assets_load(struct site *site, struct fault *why)
{
    static const char css[] = "static/css/", js[] = "static/js/";
    const char **paths;
    size_t count;
    struct digest_maker m;

    if (!files_list(&site->arena, "static/", "", &paths, &count, why))
        return false;
    site->assets = arena_array(&site->arena, struct asset, count + 3);
    digest_begin(&m);
    for (size_t i = 0; i < count; i++) {
        struct file file;
        if (text_starts(paths[i], css) || text_starts(paths[i], js))
            continue;
        if (!files_load(&site->arena, paths[i], &file, why))
            return false;
        asset_add(site, &m, arena_print(&site->arena, "/%s", paths[i]), file.bytes, file.length);
        /* what browsers ask for by themselves beside what is no page, a file say */
        if (text_equal(paths[i], "static/mark.svg"))
            asset_add(site, &m, "/favicon.ico", file.bytes, file.length);
    }
    if (!joined_load(site, &m, css, "/static/recoup.css", why) ||
        !joined_load(site, &m, js, "/static/recoup.js", why))
        return false;
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
