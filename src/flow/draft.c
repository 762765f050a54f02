#include "flow/draft.h"

#include "flow/book_parts.h"
#include "flow/publication_parts.h"
#include "flow/user.h"

#include <jansson.h>
#include <string.h>

static const struct casefile_key house = { 0, 0 };

bool draft_load(struct store *s, struct arena *a, enum publication_kind kind, const char *name,
                struct draft *out, struct fault *why)
{
    struct query q = query_begin(s, Q_DRAFT_GET);

    *out = (struct draft){ 0 };
    bind_text(&q, publication_kind_name(kind));
    bind_text(&q, name);
    if (query_next(&q))
        *out = (struct draft){ .base = row_copy(&q, 0, a),
                               .text = row_copy(&q, 1, a),
                               .revision = row_int(&q, 2),
                               .by = row_int(&q, 3),
                               .at = { row_int(&q, 4) } };
    return query_end(&q, why);
}

bool draft_list(struct store *s, struct arena *a, enum publication_kind kind,
                struct draft_name **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_DRAFT_LIST);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_text(&q, publication_kind_name(kind));
    while (query_next(&q))
        *arena_push(a, *out, *count, room) = (struct draft_name){
            row_copy(&q, 0, a), row_int(&q, 1), row_int(&q, 2), { row_int(&q, 3) }
        };
    return query_end(&q, why);
}

/* ---- What was saved ---------------------------------------------------------------------- */

static const char *record_text(struct arena *a, const json_t *record, const char *key)
{
    const char *text = json_string_value(json_object_get(record, key));

    return arena_copy(a, text != NULL ? text : "");
}

static bool is_of(const json_t *record, enum publication_kind kind, const char *name)
{
    return text_equal(json_string_value(json_object_get(record, "kind")),
                      publication_kind_name(kind)) &&
           text_equal(json_string_value(json_object_get(record, "name")), name);
}

bool draft_history(struct store *s, struct arena *a, enum publication_kind kind,
                   const char *name, struct draft_event **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_DRAFT_RECORDS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, DRAFTS_WINDOW);
    while (query_next(&q)) {
        json_t *record = json_loads(row_text(&q, 1), 0, NULL);
        if (*count < DRAFTS_MOST && is_of(record, kind, name))
            *arena_push(a, *out, *count, room) =
                (struct draft_event){ .at = { row_int(&q, 0) },
                                      .change = record_text(a, record, "change"),
                                      .digest = record_text(a, record, "digest"),
                                      .by = record_text(a, record, "by") };
        json_decref(record);
    }
    return query_end(&q, why);
}

bool draft_text(struct store *s, struct arena *a, enum publication_kind kind, const char *name,
                const char *digest, const char **text, struct fault *why)
{
    struct draft_event *all;
    size_t count;

    if (!draft_history(s, a, kind, name, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].digest, digest) == 0)
            return publication_kept_text(s, a, digest, text, why);
    }
    return fail(why, NOT_FOUND, "There was no such draft of %s.", name);
}

/* ---- Writing ----------------------------------------------------------------------------- */

static bool draft_record(struct book *b, enum publication_kind kind, const char *name,
                         const char *change, const char *text, struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_text_at(&w, "kind", publication_kind_name(kind));
    json_text_at(&w, "name", name);
    json_text_at(&w, "change", change);
    json_text_at(&w, "digest", publication_digest(&b->arena, text));
    return book_record_end(b, &w, house, "draft", why);
}

static bool overtaken(struct book *b, const struct draft *there, struct fault *why)
{
    struct user user = { 0 };

    if (there->revision == 0) {
        fail(why, CONFLICT, "The draft was published or dropped after you opened this page.");
        return fault_hint(why, "your text stands below: save it again to begin a new draft");
    }
    if (there->by != 0 && !user_by_number(b->store, &b->arena, there->by, &user, why))
        return false;
    fail(why, CONFLICT, "%s saved this draft after you opened this page.",
         user.number != 0 ? user.name : "Somebody");
    return fault_hint(why, "your text stands below, theirs under it: save again to keep yours");
}

static bool base_of(struct book *b, const struct drafting *in, const struct draft *there,
                    const char **base, struct fault *why)
{
    struct publication live;
    const char *text;

    *base = in->base != NULL ? in->base : there->base;
    if (*base != NULL)
        return true;
    if (publication_live(b->store, &b->arena, in->kind, in->name, &live, &text, why)) {
        *base = live.digest;
        return true;
    }
    return false;
}

static bool row_put(struct book *b, const struct drafting *in, const char *base,
                    int64_t revision, struct fault *why)
{
    struct query q = query_begin(b->store, Q_DRAFT_PUT);

    bind_text(&q, publication_kind_name(in->kind));
    bind_text(&q, in->name);
    bind_text(&q, base);
    bind_text(&q, in->text);
    bind_int(&q, revision);
    bind_int(&q, in->by);
    bind_int(&q, b->now.us);
    return query_run(&q, why);
}

bool draft_save(struct book *b, const struct drafting *in, struct fault *why)
{
    struct draft there;
    const char *base;

    if (strlen(in->text) > DRAFT_BYTES)
        return fail(why, BAD_VALUE, "The text is longer than 256 KB.");
    if (text_is_empty(in->text))
        return fail(why, BAD_VALUE, "The text is empty.");
    if (!head_open(b->heads, house.bucket, why) ||
        !draft_load(b->store, &b->arena, in->kind, in->name, &there, why))
        return false;
    if (there.revision != in->revision)
        return overtaken(b, &there, why);
    return base_of(b, in, &there, &base, why) &&
           row_put(b, in, base, there.revision + 1, why) &&
           publication_keep_text(b->store, publication_digest(&b->arena, in->text), in->text,
                                 why) &&
           draft_record(b, in->kind, in->name, "saved", in->text, why);
}

bool draft_drop(struct book *b, enum publication_kind kind, const char *name,
                const char **digest, struct fault *why)
{
    struct draft there;

    if (!head_open(b->heads, house.bucket, why) ||
        !draft_load(b->store, &b->arena, kind, name, &there, why))
        return false;
    if (there.revision == 0)
        return fail(why, NOT_FOUND, "There is no draft of %s.", name);
    *digest = publication_digest(&b->arena, there.text);
    struct query q = query_begin(b->store, Q_DRAFT_DELETE);
    bind_text(&q, publication_kind_name(kind));
    bind_text(&q, name);
    query_next(&q);
    return query_end(&q, why) && publication_keep_text(b->store, *digest, there.text, why) &&
           draft_record(b, kind, name, "dropped", there.text, why);
}

bool draft_restore(struct book *b, enum publication_kind kind, const char *name,
                   const char *digest, int64_t by, struct fault *why)
{
    struct drafting in = { .kind = kind, .name = name, .by = by };

    return publication_kept_text(b->store, &b->arena, digest, &in.text, why) &&
           draft_save(b, &in, why);
}
