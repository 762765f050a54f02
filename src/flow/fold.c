#include "flow/fold.h"

#include "base/text.h"
#include "flow/book.h"
#include "store/figure_slices.h"
#include "store/figures.h"
#include "store/tracks.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Of what a case file contributes, and to which groups: whoever changes that adds 1, and all
 * figures are made anew. */
enum { FIGURES_VERSION = 4 };
enum { BATCH_MS = 250, LONG_LIST = 16, WHOLE_FROM = 3, CHUNK_ROWS = 100000 };
/* Just fewer than a table of a million slots takes, 42 MB. */
enum { SLICE_SUMS = 650000 };

struct fold {
    struct store *store;
    struct heads *heads;
    const struct zone *zone;
    struct arena arena, work; /* of a bucket; of one case file */
    struct figure_names names;
    struct figure_sums sums, whole;
    struct figure_slices slices;
    size_t slice_sums;
    struct text packed;
    bool kept; /* the sums are there, and differences go into them */
    int64_t version;
    struct fold_result *result;
    struct fault *why;
};

/* What waits in a bucket; seq below 0: it was never folded. */
struct waiting {
    int64_t bucket, seq;
};

struct fold *fold_open(const char *url, struct fault *why)
{
    struct fold *f = calloc(1, sizeof *f);

    must(f != NULL);
    f->store = store_open(url, STORE_WRITE, why);
    if (f->store == NULL) {
        free(f);
        return NULL;
    }
    f->heads = heads_new(f->store);
    f->slice_sums = SLICE_SUMS;
    return f;
}

void fold_close(struct fold *f)
{
    if (f == NULL)
        return;
    heads_free(f->heads);
    store_close(f->store);
    figure_names_free(&f->names);
    figure_sums_free(&f->sums);
    figure_sums_free(&f->whole);
    text_free(&f->packed);
    arena_free(&f->arena);
    arena_free(&f->work);
    free(f);
}

void fold_hold(struct fold *f, size_t sums)
{
    f->slice_sums = sums;
}

static int64_t ms_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- On what figures rest ---------------------------------------------------------------- */

static const char *basis_of(struct arena *a, const struct zone *zone)
{
    return arena_print(a, "%d %s", FIGURES_VERSION, zone_name(zone));
}

static bool run_plain(struct fold *f, enum query_name name)
{
    struct query q = query_begin(f->store, name);

    return query_run(&q, f->why);
}

static bool lock(struct fold *f)
{
    if (!run_plain(f, Q_FOLD_LOCK_MAKE))
        return false;
    struct query q = query_begin(f->store, Q_FOLD_LOCK);
    f->version = 0;
    if (query_next(&q))
        text_to_int(row_text(&q, 0), &f->version);
    return query_end(&q, f->why);
}

static bool version_write(struct fold *f)
{
    return book_set(f->store, "figures",
                    arena_print(&f->arena, "%lld", (long long)++f->version), f->why);
}

/* Figures of another basis are of no use: every case file is to be looked at again. */
static bool look_at_basis(struct fold *f)
{
    const char *basis = basis_of(&f->arena, f->zone), *kept, *begun;

    if (!book_setting(f->store, &f->arena, "figures_kept", &kept, f->why) ||
        !book_setting(f->store, &f->arena, "figures_begun", &begun, f->why))
        return false;
    f->kept = text_equal(kept, basis);
    if (f->kept || text_equal(begun, basis))
        return true;
    return run_plain(f, Q_FOLD_HEADS_FORGET) &&
           book_set(f->store, "figures_kept", "", f->why) &&
           book_set(f->store, "figures_begun", basis, f->why);
}

/* ---- One case file ----------------------------------------------------------------------- */

static bool track_write(struct fold *f, int64_t bucket, int64_t id, bool there)
{
    struct query q = query_begin(f->store, there ? Q_TRACK_PUT : Q_TRACK_DROP);

    bind_int(&q, bucket);
    bind_int(&q, id);
    if (there)
        bind_blob(&q, text_of(&f->packed), f->packed.length);
    return query_run(&q, f->why);
}

struct bytes {
    const void *bytes; /* NULL: none */
    size_t length;
};

static void count_again(struct fold *f, const struct track *track, int sign)
{
    figure_sums_track(&f->sums, &f->names, track, &f->work, sign);
}

/* Bytes that cannot be read were written by another version: figures_kept names this one. */
static bool unreadable(struct fold *f, int64_t bucket, int64_t id)
{
    return fail(f->why, DB_ROW,
                "What figures counted of case file %lld in bucket %lld cannot be read.",
                (long long)id, (long long)bucket);
}

/* `track` NULL: the case file is gone. */
static bool fold_casefile(struct fold *f, int64_t bucket, int64_t id, const struct track *track,
                          struct bytes before)
{
    struct track old;

    text_clear(&f->packed);
    if (track != NULL)
        track_pack(track, &f->packed);
    f->result->casefiles++;
    if (f->packed.length == before.length &&
        (before.length == 0 || memcmp(text_of(&f->packed), before.bytes, before.length) == 0))
        return true;
    f->result->changed++;
    if (f->kept && before.bytes != NULL) {
        if (!track_unpack(before.bytes, before.length, &f->arena, &old))
            return unreadable(f, bucket, id);
        count_again(f, &old, -1);
    }
    if (f->kept && track != NULL)
        count_again(f, track, 1);
    return track_write(f, bucket, id, track != NULL);
}

/* ---- One bucket -------------------------------------------------------------------------- */

struct kept_track {
    int64_t id;
    struct bytes bytes;
};

static bool tracks_kept(struct fold *f, int64_t bucket, struct kept_track **out, size_t *count)
{
    struct query q = query_begin(f->store, Q_TRACK_LIST);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, bucket);
    while (query_next(&q)) {
        size_t length;
        const void *bytes = row_blob(&q, 1, &length);
        struct kept_track *t = arena_push(&f->arena, *out, *count, room);
        *t = (struct kept_track){ row_int(&q, 0),
                                  { arena_copy_n(&f->arena, bytes, length), length } };
    }
    return query_end(&q, f->why);
}

/* All case files of the bucket, beside all tracks of it: both come in the order of their keys.
 */
static bool fold_all(struct fold *f, int64_t bucket)
{
    struct kept_track *old;
    struct tracks now;
    size_t old_count, i = 0, k = 0;

    if (!tracks_kept(f, bucket, &old, &old_count) ||
        !tracks_load(f->store, &f->arena, bucket, 0, f->zone, &now, f->why))
        return false;
    while (i < now.count || k < old_count) {
        bool is = i < now.count && (k == old_count || now.all[i].casefile_id <= old[k].id);
        bool was = k < old_count && (i == now.count || old[k].id <= now.all[i].casefile_id);
        if (!fold_casefile(f, bucket, is ? now.all[i].casefile_id : old[k].id,
                           is ? &now.all[i].is : NULL,
                           was ? old[k].bytes : (struct bytes){ NULL, 0 }))
            return false;
        i += is;
        k += was;
    }
    return true;
}

static bool track_kept(struct fold *f, int64_t bucket, int64_t id, struct bytes *out)
{
    struct query q = query_begin(f->store, Q_TRACK_GET);

    *out = (struct bytes){ NULL, 0 };
    bind_int(&q, bucket);
    bind_int(&q, id);
    if (query_next(&q)) {
        const void *bytes = row_blob(&q, 0, &out->length);
        out->bytes = arena_copy_n(&f->arena, bytes, out->length);
    }
    return query_end(&q, f->why);
}

static bool fold_one(struct fold *f, int64_t bucket, int64_t id)
{
    struct tracks now;
    struct bytes before;

    return track_kept(f, bucket, id, &before) &&
           tracks_load(f->store, &f->arena, bucket, id, f->zone, &now, f->why) &&
           fold_casefile(f, bucket, id, now.count > 0 ? &now.all[0].is : NULL, before);
}

static bool changed_of(struct fold *f, const struct waiting *w, int64_t **out, size_t *count)
{
    struct query q = query_begin(f->store, Q_FOLD_CHANGED);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, w->bucket);
    bind_int(&q, w->seq);
    while (query_next(&q))
        *arena_push(&f->arena, *out, *count, room) = row_int(&q, 0);
    return query_end(&q, f->why);
}

/* A bucket of which a good part changed is read as a whole: each table once. */
static bool whole_is_cheaper(struct fold *f, int64_t bucket, size_t changed, bool *out)
{
    struct query q = query_begin(f->store, Q_CASEFILE_COUNT_IN);

    bind_int(&q, bucket);
    *out = query_next(&q) && (int64_t)changed * WHOLE_FROM > row_int(&q, 0);
    return query_end(&q, f->why);
}

static bool fold_changed(struct fold *f, const struct waiting *w)
{
    bool whole = false;
    int64_t *ids;
    size_t count;

    if (!changed_of(f, w, &ids, &count) ||
        (count >= LONG_LIST && !whole_is_cheaper(f, w->bucket, count, &whole)))
        return false;
    if (whole)
        return fold_all(f, w->bucket);
    for (size_t i = 0; i < count; i++) {
        if (!fold_one(f, w->bucket, ids[i]))
            return false;
    }
    return true;
}

static bool head_write(struct fold *f, int64_t bucket)
{
    struct query q = query_begin(f->store, Q_FOLD_HEAD_SET);

    bind_int(&q, bucket);
    bind_int(&q, f->heads->buckets[bucket].seq);
    if (!query_run(&q, f->why))
        return false;
    q = query_begin(f->store, Q_FOLD_DUE_CLEAR);
    bind_int(&q, bucket);
    return query_run(&q, f->why);
}

/* Nobody writes to the bucket meanwhile: its head is ours until the batch is committed. */
static bool fold_bucket(struct fold *f, const struct waiting *w)
{
    arena_reset(&f->arena);
    if (!head_open(f->heads, w->bucket, f->why))
        return false;
    return (w->seq < 0 ? fold_all(f, w->bucket) : fold_changed(f, w)) &&
           head_write(f, w->bucket);
}

/* ---- A batch ----------------------------------------------------------------------------- */

static bool list_waiting(struct fold *f, struct waiting out[BUCKETS], size_t *count)
{
    struct query q = query_begin(f->store, Q_FOLD_BUCKETS);

    *count = 0;
    while (query_next(&q)) {
        int64_t bucket = row_int(&q, 0);
        if (bucket >= 0 && bucket < BUCKETS && *count < BUCKETS)
            out[(*count)++] = (struct waiting){ bucket, row_int(&q, 1) };
    }
    return query_end(&q, f->why);
}

static bool finish(struct fold *f, struct instant now)
{
    char at[INSTANT_TEXT];

    arena_reset(&f->arena);
    figure_sums_free(&f->whole);
    if (f->kept)
        figure_sums_roll_up(&f->sums, &f->names, LEVELS_ROLLED, &f->whole);
    if (!figure_names_save(f->store, &f->names, f->why) ||
        !figure_sums_apply(f->store, &f->sums, f->why) ||
        !figure_sums_apply(f->store, &f->whole, f->why))
        return false;
    if (f->result->done && !book_set(f->store, "figures_at", instant_print(now, at), f->why))
        return false;
    return version_write(f);
}

/* As many buckets as fit into `ms`, at least one. */
static bool fold_batch(struct fold *f, struct instant now, int64_t ms)
{
    struct waiting waiting[BUCKETS];
    size_t count, done = 0;
    int64_t end = ms_now() + ms;

    heads_reset(f->heads);
    figure_sums_free(&f->sums);
    arena_reset(&f->arena);
    if (!lock(f) || !look_at_basis(f) || !figure_names_load(f->store, &f->names, f->why) ||
        !list_waiting(f, waiting, &count))
        return false;
    while (done < count && (done == 0 || ms_now() < end)) {
        if (!fold_bucket(f, &waiting[done]))
            return false;
        done++;
    }
    f->result->done = done == count;
    return finish(f, now);
}

static bool in_transaction(struct fold *f, bool done)
{
    return done ? store_commit(f->store, f->why) : store_undo(f->store);
}

/* ---- From tracks to sums, the first time ------------------------------------------------- */

static bool add_tracks(struct fold *f, int64_t bucket)
{
    struct kept_track *all;
    struct track track;
    size_t count;

    arena_reset(&f->arena);
    if (!tracks_kept(f, bucket, &all, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!track_unpack_part(all[i].bytes.bytes, all[i].bytes.length, &f->arena, &track))
            return unreadable(f, bucket, all[i].id);
        if (!figure_slice_has(&f->slices, &track))
            continue;
        if (!track_unpack(all[i].bytes.bytes, all[i].bytes.length, &f->arena, &track))
            return unreadable(f, bucket, all[i].id);
        figure_slice_add(&f->slices, &track, &f->work);
    }
    return true;
}

static bool version_read(struct fold *f)
{
    struct query q = query_begin(f->store, Q_META_GET);

    bind_text(&q, "figures");
    if (query_next(&q))
        text_to_int(row_text(&q, 0), &f->version);
    return query_end(&q, f->why);
}

/* What the tracks of a slice come to, read without being in the way. The first says which
 * version of them that is; *ours is false when it is another one by now. */
static bool add_slice(struct fold *f, bool first, bool *ours)
{
    int64_t version = f->version;
    bool fine = true;

    if (!store_read_begin(f->store, f->why))
        return false;
    fine = version_read(f);
    *ours = first || f->version == version;
    for (int64_t bucket = 0; fine && *ours && bucket < BUCKETS; bucket++)
        fine = add_tracks(f, bucket);
    store_read_end(f->store);
    figure_slice_end(&f->slices);
    return fine;
}

/* Where writing is: the first rows take the place of all there were, the last make them count.
 */
struct writing {
    bool first, last;
    bool fresh; /* no row of these is there */
    size_t from;
};

static bool write_chunk(struct fold *f, const struct figure_sums *sums, struct writing *w,
                        bool *ours)
{
    int64_t version = f->version;

    arena_reset(&f->arena);
    if (!lock(f))
        return false;
    *ours = f->version == version;
    if (!*ours)
        return true;
    if (w->first && (!run_plain(f, Q_FIGURES_FORGET) || !run_plain(f, Q_FIGURE_GROUPS_FORGET) ||
                     !run_plain(f, Q_FIGURE_WORDS_FORGET)))
        return false;
    w->first = false;
    if (!figure_names_save(f->store, &f->names, f->why) ||
        !figure_sums_write(f->store, sums, w->fresh, &w->from, CHUNK_ROWS, f->why))
        return false;
    if (w->last && w->from == sums->count &&
        !book_set(f->store, "figures_kept", basis_of(&f->arena, f->zone), f->why))
        return false;
    return version_write(f);
}

/* In chunks, so that nobody who writes waits for long; nothing when they are not ours. */
static bool write_sums(struct fold *f, struct figure_sums *sums, struct writing *w, bool *ours)
{
    bool done = false;

    if (*ours)
        figure_sums_sort(sums);
    for (w->from = 0; *ours && !done; done = w->from == sums->count) {
        if (!store_begin(f->store, f->why) || !in_transaction(f, write_chunk(f, sums, w, ours)))
            return false;
    }
    figure_sums_free(sums);
    return true;
}

/* A slice after the other, what is of all of them at the end. Somebody else who folds meanwhile
 * makes these sums old: *ours is false then, and they are not used. */
static bool make_slices(struct fold *f, bool *ours)
{
    struct figure_slices *s = &f->slices;
    struct writing w = { .first = true };

    *ours = true;
    while (*ours && figure_slice_next(s)) {
        w.fresh = true;
        if (!add_slice(f, w.first, ours) || !write_sums(f, &s->sums, &w, ours))
            return false;
        w.fresh = false;
        if (figure_slice_flush(s) && !write_sums(f, &s->clients, &w, ours))
            return false;
    }
    w.fresh = w.last = true;
    return write_sums(f, &f->slices.whole, &w, ours);
}

static bool make_sums(struct fold *f, bool *ours)
{
    figure_names_free(&f->names);
    figure_sums_free(&f->sums);
    figure_slices_begin(&f->slices, &f->names, f->slice_sums);
    bool fine = make_slices(f, ours);
    figure_slices_free(&f->slices);
    f->kept = fine && *ours;
    return fine;
}

bool fold_run(struct fold *f, struct instant now, int64_t most_ms, struct fold_result *out,
              struct fault *why)
{
    int64_t end = ms_now() + most_ms;
    struct fold_state state;
    bool ours = true;

    *out = (struct fold_result){ 0 };
    *why = (struct fault){ 0 };
    f->result = out;
    f->why = why;
    if (!figures_zone(f->store, &f->zone, why) || !fold_state(f->store, &state, why))
        return false;
    out->done = state.kept && !state.behind; /* nobody's write waits for nothing */
    while (!out->done) {
        int64_t left = end - ms_now();
        int64_t ms = most_ms < 0 || left > BATCH_MS ? BATCH_MS : left;
        if (!store_begin(f->store, why) || !in_transaction(f, fold_batch(f, now, ms)))
            return false;
        if (out->done && !f->kept && !make_sums(f, &ours))
            return false;
        out->done = out->done && f->kept;
        if (most_ms >= 0 && ms_now() >= end)
            break;
    }
    figure_sums_free(&f->sums);
    return true;
}

bool fold_now(const char *url, struct instant now, struct fault *why)
{
    struct fold_result result;
    struct fold *f = fold_open(url, why);
    bool done = f != NULL && fold_run(f, now, -1, &result, why);

    fold_close(f);
    return done;
}

bool fold_due(struct store *s, struct casefile_key key, struct fault *why)
{
    struct query q = query_begin(s, Q_FOLD_DUE_ADD);

    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    return query_run(&q, why);
}

bool fold_state(struct store *s, struct fold_state *out, struct fault *why)
{
    struct arena a = { 0 };
    const char *kept, *at;
    const struct zone *zone;

    *out = (struct fold_state){ 0 };
    bool read = figures_zone(s, &zone, why) &&
                book_setting(s, &a, "figures_kept", &kept, why) &&
                book_setting(s, &a, "figures_at", &at, why);
    if (read) {
        out->kept = text_equal(kept, basis_of(&a, zone));
        instant_parse(at, &out->at);
    }
    arena_free(&a);
    if (!read)
        return false;
    struct query q = query_begin(s, Q_FOLD_BUCKETS);
    out->behind = query_next(&q);
    return query_end(&q, why);
}
