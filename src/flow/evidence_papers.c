/* Evidence: the bytes that were sent, given out and handed in. */
#include "flow/evidence_parts.h"

#include "base/json.h"
#include "base/text.h"
#include "store/casefiles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct packed_paper {
    int64_t number, decision;
    struct casefile_key key;
    const char *path, *name, *channel, *kind, *digest;
    struct instant at;
};

struct paper_list {
    size_t count, room;
    struct packed_paper *all;
};

/* A name that every file system takes; what it was called stands in the list. */
static const char *plain_name(struct arena *a, const char *name)
{
    char *out = arena_copy(a, name);

    for (char *at = out; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        bool fine = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                    (c >= 'a' && c <= 'z') || c == '-' || (c == '.' && at > out);
        *at = fine ? *at : '_';
    }
    return strlen(out) > 80 ? out + strlen(out) - 80 : out;
}

static const char *ending_of(const void *bytes, size_t length, const char *channel)
{
    if (length > 4 && memcmp(bytes, "%PDF", 4) == 0)
        return "pdf";
    return text_equal(channel, "email") ? "eml" : "txt";
}

/* ---- Reading ---------------------------------------------------------------------------- */

static bool blob_read(struct packing *p, enum query_name query, const struct packed_paper *paper,
                      const void **bytes, size_t *length)
{
    struct query q = query_begin(p->v->store, query);

    *bytes = "";
    *length = 0;
    bind_key(&q, paper->key);
    bind_int(&q, paper->number);
    if (query_next(&q)) {
        const void *found = row_blob(&q, 0, length);
        *bytes = *length > 0 ? arena_copy_n(&p->scrap, found, *length) : "";
    }
    return query_end(&q, p->why);
}

static bool messages_list(struct packing *p, const struct packed_record *r, struct paper_list *out)
{
    struct casefile_key key = { r->bucket, r->casefile };
    struct query q = query_begin(p->v->store, Q_PACK_MESSAGE_OF);

    bind_int(&q, r->bucket);
    bind_int(&q, r->casefile);
    bind_int(&q, r->seq);
    while (query_next(&q))
        *arena_push(p->a, out->all, out->count, out->room) =
            (struct packed_paper){ .number = row_int(&q, 1),
                            .decision = r->seq,
                            .key = key,
                            .channel = row_copy(&q, 2, p->a) };
    return query_end(&q, p->why);
}

static bool papers_list(struct packing *p, struct paper_list *out)
{
    struct query q = query_begin(p->v->store, Q_PACK_PAPERS);

    bind_key(&q, p->key);
    while (query_next(&q))
        *arena_push(p->a, out->all, out->count, out->room) =
            (struct packed_paper){ .number = row_int(&q, 0),
                            .key = p->key,
                            .kind = row_copy(&q, 1, p->a),
                            .name = row_copy(&q, 2, p->a),
                            .digest = row_copy(&q, 3, p->a),
                            .at = { row_int(&q, 5) } };
    return query_end(&q, p->why);
}

static bool statements_list(struct packing *p, struct paper_list *out)
{
    struct query q = query_begin(p->v->store, Q_PACK_STATEMENTS);

    bind_key(&q, p->key);
    while (query_next(&q))
        *arena_push(p->a, out->all, out->count, out->room) =
            (struct packed_paper){ .number = row_int(&q, 0),
                            .key = p->key,
                            .kind = row_copy(&q, 1, p->a),
                            .at = { row_int(&q, 4) },
                            .digest = row_copy(&q, 6, p->a) };
    return query_end(&q, p->why);
}

/* ---- Writing ---------------------------------------------------------------------------- */

static void paper_tell(struct packing *p, json_t *list, const struct packed_paper *paper,
                       const char *digest)
{
    json_t *row = json_object();
    char at[INSTANT_TEXT];

    json_object_set_new(row, "number", json_integer(paper->number));
    if (paper->decision != 0)
        json_object_set_new(
            row, "decision",
            json_string(pack_number(&p->scrap, paper->key.bucket, paper->decision)));
    if (paper->path != NULL && !p->redactor.on)
        json_object_set_new(row, "file", json_string(paper->path));
    if (paper->channel != NULL)
        json_object_set_new(row, "channel", json_string(paper->channel));
    if (paper->kind != NULL)
        json_object_set_new(row, "kind", json_string(paper->kind));
    if (paper->name != NULL)
        json_object_set_new(row, "name",
                            json_string(redact(&p->redactor, &p->scrap, "name", paper->name)));
    if (paper->at.us != 0)
        json_object_set_new(row, "at", json_string(instant_print(paper->at, at)));
    json_object_set_new(row, "blake2b", json_string(digest));
    json_array_append_new(list, row);
}

static const char *path_of(struct packing *p, const struct packed_paper *paper, const char *folder,
                           const void *bytes, size_t length)
{
    struct arena *a = &p->scrap;

    if (paper->decision != 0)
        return arena_print(a, "%s/%s.%s", folder,
                           pack_number(a, paper->key.bucket, paper->decision),
                           ending_of(bytes, length, paper->channel));
    if (paper->name != NULL)
        return arena_print(a, "%s/%" PRId64 "-%s", folder, paper->number,
                           plain_name(a, paper->name));
    return arena_print(a, "%s/%" PRId64 ".%s", folder, paper->number,
                       ending_of(bytes, length, NULL));
}

static bool papers_write(struct packing *p, struct paper_list *papers, enum query_name query,
                         const char *folder)
{
    json_t *list = json_array();
    bool done = true;

    for (size_t i = 0; done && i < papers->count; i++) {
        struct packed_paper *paper = &papers->all[i];
        char digest[DIGEST_HEX];
        const void *bytes;
        size_t length;
        done = blob_read(p, query, paper, &bytes, &length);
        if (!done)
            break;
        digest_print(digest_of(bytes, length), digest);
        paper->path = path_of(p, paper, folder, bytes, length);
        paper_tell(p, list, paper, digest);
        done = p->redactor.on || pack_file(p, paper->path, bytes, length);
        arena_reset(&p->scrap);
    }
    char *bytes = json_dumps(list, JSON_INDENT(1));
    const char *path = arena_print(p->a, "%s.json", folder);
    if (done && papers->count > 0)
        done = pack_file(p, path, bytes, strlen(bytes));
    free(bytes);
    json_decref(list);
    return done;
}

bool pack_papers(struct packing *p)
{
    struct paper_list messages = { 0 }, statements = { 0 }, papers = { 0 };

    for (size_t i = 0; i < p->record_count; i++) {
        if (text_equal(p->records[i].kind, "decision") &&
            !messages_list(p, &p->records[i], &messages))
            return false;
    }
    if (!papers_write(p, &messages, Q_PACK_MESSAGE_BYTES, "messages"))
        return false;
    return p->key.id == 0 ||
           (statements_list(p, &statements) && papers_list(p, &papers) &&
            papers_write(p, &statements, Q_PACK_STATEMENT_BYTES, "statements") &&
            papers_write(p, &papers, Q_EVIDENCE_BYTES, "papers"));
}
