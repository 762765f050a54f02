#include "flow/publication.h"

#include "base/digest.h"
#include "base/files.h"
#include "flow/book_parts.h"
#include "flow/publication_parts.h"
#include "formats/strategy_file.h"

#include <pthread.h>
#include <string.h>

static const struct casefile_key house = { 0, 0 };
static const char followed[] = "publication_followed";

const char *publication_kind_name(enum publication_kind kind)
{
    return kind == PUBLISHED_STRATEGY ? "strategy" : "text";
}

const char *publication_digest(struct arena *a, const char *text)
{
    char hex[DIGEST_HEX];

    return arena_copy(a, digest_print(digest_of(text, strlen(text)), hex));
}

/* ---- Versions ---------------------------------------------------------------------------- */

static void version_read(struct query *q, struct arena *a, struct publication *out)
{
    *out = (struct publication){ .version = (int32_t)row_int(q, 1),
                                 .path = row_copy(q, 2, a),
                                 .digest = row_copy(q, 3, a),
                                 .published_by = row_int(q, 4),
                                 .agreed_by = row_int(q, 5),
                                 .reason = row_copy(q, 6, a),
                                 .at = { row_int(q, 7) } };
}

static bool versions_read(struct store *s, struct arena *a, enum publication_kind kind,
                          const char *name, int64_t most, struct publication **out,
                          size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_PUBLICATION_VERSIONS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_text(&q, publication_kind_name(kind));
    bind_text(&q, name);
    bind_int(&q, most);
    while (query_next(&q))
        version_read(&q, a, arena_push(a, *out, *count, room));
    return query_end(&q, why);
}

/* ---- Before the files of the program ----------------------------------------------------- */

/* What this process took last: a digest of it, so that one book is not taken for another. */
static struct {
    pthread_mutex_t lock;
    struct digest digest;
    bool any;
    struct arena arena; /* of what was passed over */
    struct publication_passed_over *passed;
    size_t passed_count;
} taken = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct live_text {
    const char *name; /* of a strategy; NULL: a text */
    int32_t version;
};

static bool live_read(struct store *s, struct arena *a, struct file **out,
                      struct live_text **names, size_t *count, struct digest *digest,
                      struct fault *why)
{
    struct query q = query_begin(s, Q_PUBLICATION_LIVE_ALL);
    struct digest_maker m;
    size_t room = 0, name_room = 0, name_count = 0;

    *out = NULL;
    *names = NULL;
    *count = 0;
    digest_begin(&m);
    while (query_next(&q)) {
        const char *path = row_copy(&q, 0, a), *hex = row_text(&q, 1);
        digest_add(&m, path, strlen(path));
        digest_add(&m, hex, strlen(hex));
        const char *text = row_copy(&q, 2, a);
        *arena_push(a, *out, *count, room) =
            (struct file){ path, (const unsigned char *)text, strlen(text) };
        bool is_strategy =
            text_equal(row_text(&q, 3), publication_kind_name(PUBLISHED_STRATEGY));
        *arena_push(a, *names, name_count, name_room) =
            (struct live_text){ is_strategy ? row_copy(&q, 4, a) : NULL,
                                (int32_t)row_int(&q, 5) };
    }
    *digest = digest_end(&m);
    return query_end(&q, why);
}

/* The text of a strategy that stands no more: the newest older one that does, into *file. Its
 * text NULL: none does, and the file of the program stands. */
static bool fall_back(struct store *s, struct arena *a, const struct live_text *live,
                      struct file *file, int32_t *runs, struct fault *why)
{
    struct publication *all;
    size_t count;

    *runs = 0;
    file->bytes = NULL;
    if (!versions_read(s, a, PUBLISHED_STRATEGY, live->name, VERSIONS_MOST, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct fault no = { 0 };
        const char *text;
        if (all[i].version >= live->version ||
            !publication_kept_text(s, a, all[i].digest, &text, &no) ||
            !publication_stands(a, file->path, text, &no))
            continue;
        *file = (struct file){ file->path, (const unsigned char *)text, strlen(text) };
        *runs = all[i].version;
        return true;
    }
    return true;
}

/* A version that was good when it was published may not be for a program of later: then the
 * last good one runs, and pages say so. */
static bool pass_over(struct store *s, struct arena *a, struct file *all,
                      const struct live_text *names, size_t *count, struct fault *why)
{
    size_t kept = 0, room = 0;

    arena_free(&taken.arena);
    taken.passed = NULL;
    taken.passed_count = 0;
    for (size_t i = 0; i < *count; i++) {
        struct fault no = { 0 };
        int32_t runs = 0;
        bool stands = names[i].name == NULL ||
                      publication_stands(a, all[i].path, (const char *)all[i].bytes, &no);
        if (!stands && !fall_back(s, a, &names[i], &all[i], &runs, why))
            return false;
        if (!stands)
            *arena_push(&taken.arena, taken.passed, taken.passed_count, room) =
                (struct publication_passed_over){ arena_copy(&taken.arena, names[i].name),
                                                  names[i].version, runs,
                                                  arena_copy(&taken.arena, no.text) };
        if (all[i].bytes != NULL)
            all[kept++] = all[i];
    }
    *count = kept;
    return true;
}

void publication_passed_over(struct arena *a, struct publication_passed_over **out,
                             size_t *count)
{
    pthread_mutex_lock(&taken.lock);
    *count = taken.passed_count;
    *out = arena_array(a, struct publication_passed_over, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        (*out)[i] = taken.passed[i];
        (*out)[i].name = arena_copy(a, taken.passed[i].name);
        (*out)[i].because = arena_copy(a, taken.passed[i].because);
    }
    pthread_mutex_unlock(&taken.lock);
}

bool publication_take(struct store *s, struct fault *why)
{
    struct arena a = { 0 };
    struct digest digest;
    struct live_text *names;
    struct file *all;
    size_t count;
    bool read = live_read(s, &a, &all, &names, &count, &digest, why);

    if (read) {
        pthread_mutex_lock(&taken.lock);
        if (taken.any ? memcmp(&digest, &taken.digest, sizeof digest) != 0 : count > 0) {
            read = pass_over(s, &a, all, names, &count, why);
            if (read) {
                files_put_in_force(count, all);
                taken.digest = digest;
                taken.any = true;
            }
        }
        pthread_mutex_unlock(&taken.lock);
    }
    arena_free(&a);
    return read;
}

bool publication_last(struct store *s, int64_t *out, struct fault *why)
{
    struct query q = query_begin(s, Q_PUBLICATION_LAST);

    *out = query_next(&q) ? row_int(&q, 0) : 0;
    return query_end(&q, why);
}

/* ---- Versions, as they are asked for ------------------------------------------------------
 */

bool publication_versions(struct store *s, struct arena *a, enum publication_kind kind,
                          const char *name, struct publication **out, size_t *count,
                          struct fault *why)
{
    return versions_read(s, a, kind, name, VERSIONS_MOST, out, count, why);
}

bool publication_kept_text(struct store *s, struct arena *a, const char *digest,
                           const char **text, struct fault *why)
{
    struct query q = query_begin(s, Q_RULE_TEXT_GET);

    bind_text(&q, digest);
    *text = query_next(&q) ? row_copy(&q, 0, a) : NULL;
    if (!query_end(&q, why))
        return false;
    if (*text == NULL)
        return fail(why, NOT_FOUND, "The book keeps no text with the digest %s.", digest);
    return text_equal(publication_digest(a, *text), digest) ||
           fail(why, DB_ROW, "The text kept as %s is not that one.", digest);
}

bool publication_keep_text(struct store *s, const char *digest, const char *text,
                           struct fault *why)
{
    struct query q = query_begin(s, Q_RULE_TEXT_ADD);

    bind_text(&q, digest);
    bind_text(&q, text);
    return query_run(&q, why);
}

bool publication_text(struct store *s, struct arena *a, enum publication_kind kind,
                      const char *name, int32_t version, struct publication *out,
                      const char **text, struct fault *why)
{
    struct query q = query_begin(s, Q_PUBLICATION_GET);

    *out = (struct publication){ 0 };
    bind_text(&q, publication_kind_name(kind));
    bind_text(&q, name);
    bind_int(&q, version);
    if (query_next(&q))
        version_read(&q, a, out);
    if (!query_end(&q, why))
        return false;
    if (out->version == 0)
        return fail(why, NOT_FOUND, "There is no version %d of %s.", version, name);
    return publication_kept_text(s, a, out->digest, text, why);
}

/* ---- In force ---------------------------------------------------------------------------- */

/* The file that holds the strategy of this name; NULL: none does. */
static bool strategy_path(struct arena *a, const char *name, const char **path,
                          struct fault *why)
{
    struct strategies all;

    *path = NULL;
    if (!strategies_load(a, &all, why))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        if (strcmp(all.all[i]->name, name) == 0)
            *path = all.all[i]->file;
    }
    return true;
}

static bool file_of(struct arena *a, enum publication_kind kind, const char *name,
                    struct publication *out, const char **text, struct fault *why)
{
    const char *path = NULL, *slash = strchr(name, '/');
    struct file file;

    if (kind == PUBLISHED_STRATEGY && !strategy_path(a, name, &path, why))
        return false;
    if (kind == PUBLISHED_TEXT && slash != NULL && strchr(slash + 1, '/') == NULL &&
        strstr(name, "..") == NULL)
        path = arena_print(a, "letters/%s.md", name);
    if (path == NULL || !files_load(a, path, &file, why))
        return fail(why, NOT_FOUND, "There is no %s \"%s\".", publication_kind_name(kind),
                    name);
    *text = arena_copy_n(a, (const char *)file.bytes, file.length);
    *out = (struct publication){ .version = 1,
                                 .path = arena_copy(a, path),
                                 .digest = publication_digest(a, *text) };
    return true;
}

bool publication_live(struct store *s, struct arena *a, enum publication_kind kind,
                      const char *name, struct publication *out, const char **text,
                      struct fault *why)
{
    struct publication *last;
    size_t count;

    if (!versions_read(s, a, kind, name, 1, &last, &count, why))
        return false;
    if (count == 0)
        return file_of(a, kind, name, out, text, why);
    *out = last[0];
    return publication_kept_text(s, a, out->digest, text, why);
}

/* ---- Putting into force ------------------------------------------------------------------ */

static bool version_add(struct book *b, const struct publishing *in,
                        const struct publication *is, struct fault *why)
{
    int64_t last;

    if (!publication_last(b->store, &last, why))
        return false;
    struct query q = query_begin(b->store, Q_PUBLICATION_ADD);
    bind_int(&q, last + 1);
    bind_text(&q, publication_kind_name(in->kind));
    bind_text(&q, in->name);
    bind_int(&q, is->version);
    bind_text(&q, is->path);
    bind_text(&q, is->digest);
    bind_int(&q, is->published_by);
    bind_int(&q, is->agreed_by);
    bind_text(&q, is->reason);
    bind_int(&q, b->now.us);
    return query_run(&q, why);
}

/* What the file said, so that there is always a version to go back to. */
static bool keep_first(struct book *b, const struct publishing *in,
                       const struct publication *live, const char *text, struct fault *why)
{
    struct publication first = *live;

    first.reason = arena_print(&b->arena, "as it stood in %s", live->path);
    return publication_keep_text(b->store, live->digest, text, why) &&
           version_add(b, in, &first, why);
}

static bool publication_record(struct book *b, const struct publishing *in,
                               const struct publication *is, const char *before,
                               struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_text_at(&w, "kind", publication_kind_name(in->kind));
    json_text_at(&w, "name", in->name);
    json_int_at(&w, "version", is->version);
    json_text_at(&w, "path", is->path);
    json_text_at(&w, "before", before);
    json_text_at(&w, "digest", is->digest);
    json_int_at(&w, "published_by", is->published_by);
    json_int_at(&w, "agreed_by", is->agreed_by);
    if (is->reason != NULL)
        json_text_at(&w, "reason", is->reason);
    return book_record_end(b, &w, house, "publication", why);
}

static bool draft_done(struct book *b, const struct publishing *in, struct fault *why)
{
    struct query q = query_begin(b->store, Q_DRAFT_GET);

    bind_text(&q, publication_kind_name(in->kind));
    bind_text(&q, in->name);
    bool same = query_next(&q) && text_equal(row_text(&q, 1), in->text);
    if (!query_end(&q, why))
        return false;
    if (!same)
        return true;
    q = query_begin(b->store, Q_DRAFT_DELETE);
    bind_text(&q, publication_kind_name(in->kind));
    bind_text(&q, in->name);
    query_next(&q);
    return query_end(&q, why);
}

bool publication_put(struct book *b, const struct publishing *in, int32_t *version,
                     struct fault *why)
{
    struct publication live, is = {
        .reason = in->reason, .published_by = in->by, .agreed_by = in->agreed_by, .at = b->now
    };
    const char *text;

    *why = (struct fault){ 0 };
    if (!head_open(b->heads, house.bucket, why) ||
        !publication_compare(b->store, &b->arena, in, &live, &text, why) ||
        !publication_reads(&b->arena, in, live.path, b->now, why))
        return false;
    if (live.version == 1 && live.at.us == 0 && text != NULL &&
        !keep_first(b, in, &live, text, why))
        return false;
    is.version = live.version + 1;
    is.path = live.path;
    is.digest = publication_digest(&b->arena, in->text);
    *version = is.version;
    return publication_keep_text(b->store, is.digest, in->text, why) &&
           version_add(b, in, &is, why) && publication_record(b, in, &is, live.digest, why) &&
           draft_done(b, in, why);
}

/* ---- The cycle --------------------------------------------------------------------------- */

bool publication_pending(struct store *s, struct arena *a, int64_t *out, struct fault *why)
{
    const char *text;
    int64_t done = 0;

    if (!publication_last(s, out, why) || !book_setting(s, a, followed, &text, why))
        return false;
    if (text != NULL && text_to_int(text, &done) && done == *out)
        *out = 0;
    return true;
}

bool publication_followed(struct book *b, int64_t number, struct fault *why)
{
    return book_set(b->store, followed, arena_print(&b->arena, "%lld", (long long)number), why);
}
