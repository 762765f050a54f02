/* Prove: every version of a strategy or text that stands in the book was put into force by a
 * record of the journal, and its words are those of that record. Version 1 of what was a file
 * is told by the record of the version that replaced it. All are of bucket 0. */
#include "flow/prove_parts.h"

#include "base/digest.h"
#include "base/text.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

struct published { /* by one record */
    const char *kind, *name, *path, *digest, *before;
    int64_t version, by, agreed;
    bool found;
};

struct publishings {
    size_t count, room;
    struct published *all;
};

static const char *text_at(struct proof *p, const json_t *record, const char *key)
{
    const char *text = json_string_value(json_object_get(record, key));

    return text != NULL ? arena_copy(&p->arena, text) : "";
}

static int64_t number_at(const json_t *record, const char *key)
{
    return json_integer_value(json_object_get(record, key));
}

static void record_take(struct proof *p, struct publishings *t, const char *text)
{
    json_t *record = json_loads(text, 0, NULL);

    *arena_push(&p->arena, t->all, t->count, t->room) =
        (struct published){ .kind = text_at(p, record, "kind"),
                            .name = text_at(p, record, "name"),
                            .path = text_at(p, record, "path"),
                            .digest = text_at(p, record, "digest"),
                            .before = text_at(p, record, "before"),
                            .version = number_at(record, "version"),
                            .by = number_at(record, "published_by"),
                            .agreed = number_at(record, "agreed_by") };
    json_decref(record);
}

static struct published *told(const struct publishings *t, const char *kind, const char *name,
                              int64_t version)
{
    for (size_t i = 0; i < t->count; i++) {
        struct published *is = &t->all[i];
        if (is->version == version && text_equal(is->kind, kind) && text_equal(is->name, name))
            return is;
    }
    return NULL;
}

static void compare(struct proof *p, const char *where, const char *what, const char *said,
                    const char *found)
{
    if (!text_equal(said, found))
        prove_find(p, CHECK_PUBLICATIONS, said, found != NULL ? found : "none", "%s, %s", where,
                   what);
}

static void compare_number(struct proof *p, const char *where, const char *what, int64_t said,
                           int64_t found)
{
    if (said != found)
        prove_find(p, CHECK_PUBLICATIONS, prove_text(p, "%" PRId64, said),
                   prove_text(p, "%" PRId64, found), "%s, %s", where, what);
}

/* The words that are kept for a digest are those that have it. */
static void words_check(struct proof *p, const char *where, const char *digest,
                        const char *words)
{
    char hex[DIGEST_HEX];

    compare(p, where, "text", digest,
            words == NULL ? NULL : digest_print(digest_of(words, strlen(words)), hex));
}

static void row_check(struct proof *p, const struct publishings *t, struct query *q)
{
    const char *kind = row_copy(q, 0, &p->arena), *name = row_copy(q, 1, &p->arena);
    int64_t version = row_int(q, 2);
    const char *where = prove_text(p, "%s %s, version %" PRId64, kind, name, version);
    struct published *is = told(t, kind, name, version);
    const struct published *next = told(t, kind, name, version + 1);

    p->counts[CHECK_PUBLICATIONS]++;
    words_check(p, where, row_text(q, 4), row_text(q, 7));
    if (is == NULL && version == 1 && next != NULL) {
        compare(p, where, "digest", next->before, row_text(q, 4));
        return;
    }
    if (is == NULL) {
        prove_find(p, CHECK_PUBLICATIONS, "a record", "none", "%s", where);
        return;
    }
    is->found = true;
    compare(p, where, "path", is->path, row_text(q, 3));
    compare(p, where, "digest", is->digest, row_text(q, 4));
    compare_number(p, where, "published by", is->by, row_int(q, 5));
    compare_number(p, where, "agreed by", is->agreed, row_int(q, 6));
}

bool prove_publications(struct proof *p)
{
    struct publishings t = { 0 };

    if (p->bucket != 0)
        return true;
    struct query q = prove_begin(p, Q_PROVE_PUBLICATION_RECORDS);
    while (query_next(&q))
        record_take(p, &t, row_text(&q, 0));
    if (!query_end(&q, p->why))
        return false;
    q = query_begin(p->store, Q_PROVE_PUBLICATIONS);
    while (query_next(&q))
        row_check(p, &t, &q);
    for (size_t i = 0; i < t.count; i++) {
        const struct published *is = &t.all[i];
        if (!is->found)
            prove_find(p, CHECK_PUBLICATIONS, "a version", "none", "%s %s, version %" PRId64,
                       is->kind, is->name, is->version);
    }
    return query_end(&q, p->why);
}
