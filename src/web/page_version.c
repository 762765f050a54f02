#include "web/page_version.h"

#include "base/text.h"
#include "flow/file_version.h"

static void version_put(struct page *p, int64_t version)
{
    put(p->context, "file_version", arena_print(p->arena, "%lld", (long long)version));
}

bool page_version_put(struct page *p, struct casefile_key key, struct fault *why)
{
    int64_t version;

    if (!casefile_version(p->view->store, key, &version, why))
        return false;
    version_put(p, version);
    return true;
}

/* "changed": what others did, and the form once more, as it was sent. */
static bool changed_put(struct page *p, struct book *b, struct casefile_key key, int64_t seen,
                        struct fault *why)
{
    struct version_change *changes;
    size_t count;
    int64_t newest;

    if (!version_changes(b->store, p->arena, key, seen, b->by, &changes, &count, &newest, why))
        return false;
    json_t *changed = put_object(p->context, "changed"), *list = put_list(changed, "list"),
           *fields = put_list(changed, "fields");
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put(row, "words", changes[i].words);
        put(row, "at", words_moment(p->arena, changes[i].at, p->view->zone, p->view->today));
        put(row, "link",
            arena_print(p->arena, "/d/%lld.%lld", (long long)key.bucket,
                        (long long)changes[i].seq));
    }
    for (size_t i = 0; i < p->ask->form_count; i++) {
        const struct field *f = &p->ask->form[i];
        if (text_equal(f->name, "csrf") || text_equal(f->name, "version"))
            continue;
        json_t *field = list_add(fields);
        put(field, "name", f->name);
        put(field, "value", f->value);
    }
    put(changed, "action", p->ask->path);
    put(changed, "version", arena_print(p->arena, "%lld", (long long)newest));
    return true;
}

bool page_version_check(struct page *p, struct book *b, struct casefile_key key,
                        struct fault *why)
{
    const char *text = page_form(p, "version");
    struct fault second = { 0 };
    int64_t seen;

    if (text == NULL || !text_to_int(text, &seen))
        return fail(why, BAD_VALUE, "This form has no version. Open the page again.");
    if (version_check(b, key, seen, why))
        return true;
    if (why->code == CONFLICT)
        changed_put(p, b, key, seen, &second);
    return false;
}
