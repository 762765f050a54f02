#include "flow/audit_chain.h"

#include "base/json.h"
#include "base/text.h"
#include "flow/book_parts.h"
#include "flow/verdict_record.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

enum { SAMPLE_RUN = 64, PAGE_ROWS = 256 };

struct verifying {
    struct store *store;
    struct arena *a;
    const struct chain_request *r;
    struct chain_result *out;
    struct bucket_state {
        int64_t seq, checked_seq;
        struct digest hash, checked_hash;
        bool was_checked;
        int64_t broken;
    } buckets[BUCKETS];
    struct fault *why;
};

/* Where a chain stands. */
struct link {
    int64_t bucket, seq;
    struct digest hash;
    struct instant at;
};

static struct digest digest_at(struct query *q, int column)
{
    struct digest d = { { 0 } };
    size_t length;
    const void *bytes = row_blob(q, column, &length);

    if (length == DIGEST_BYTES)
        memcpy(d.bytes, bytes, DIGEST_BYTES);
    return d;
}

static bool same(struct digest a, struct digest b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static const char *hex(struct arena *a, struct digest digest)
{
    return digest_print(digest, arena_alloc(a, DIGEST_HEX));
}

static void find(struct arena *a, struct chain_result *out, struct chain_finding finding)
{
    struct chain_mark *mark = &out->marks[finding.bucket];

    out->problems++;
    if (finding.seq > 0 && (mark->broken == 0 || finding.seq < mark->broken))
        mark->broken = finding.seq;
    if (finding.seq == 0 && mark->broken == 0)
        mark->broken = mark->seq > 0 ? mark->seq : 1;
    if (out->finding_count < CHAIN_FINDINGS_MOST)
        *arena_push(a, out->findings, out->finding_count, out->room) = finding;
}

/* ---- Records ---------------------------------------------------------------------------- */

static void question_check(struct verifying *v, const struct link *place, const char *record,
                           const char *question, struct instant at)
{
    struct judged_words words;
    char made[DIGEST_HEX];

    if (question == NULL || !judged_find(record, &words))
        return;
    v->out->questions++;
    digest_print(digest_of(question, strlen(question)), made);
    if (strcmp(made, words.facts) != 0)
        find(v->a, v->out,
             (struct chain_finding){ place->bucket, place->seq,
                                     "was judged on other facts than those beside it",
                                     arena_copy(v->a, words.facts), arena_copy(v->a, made),
                                     at });
}

/* After a finding the chain goes on from what is stored, so that one fault is found once. */
static void record_check(struct verifying *v, struct link *place, struct query *q)
{
    struct instant at = { row_int(q, 2) };
    int64_t seq = row_int(q, 0);
    struct digest stored = digest_at(q, 5);
    struct digest made =
        journal_hash(place->hash, journal_body(place->bucket, seq, row_int(q, 1), at.us,
                                               row_text(q, 3), row_text(q, 4)));

    v->out->checked++;
    v->out->back += at.us < place->at.us;
    if (seq != place->seq + 1)
        find(v->a, v->out,
             (struct chain_finding){ place->bucket, seq, "does not follow the one before it",
                                     arena_print(v->a, "record %" PRId64, place->seq + 1),
                                     arena_print(v->a, "record %" PRId64, seq), at });
    else if (!same(stored, made))
        find(v->a, v->out,
             (struct chain_finding){ place->bucket, seq, "does not match its hash",
                                     hex(v->a, made), hex(v->a, stored), at });
    *place = (struct link){ place->bucket, seq, stored, at };
    question_check(v, place, row_text(q, 4), row_text(q, 6), at);
}

/* The records after `place`, up to the one numbered `last`. */
static bool walk(struct verifying *v, struct link *place, int64_t last)
{
    int64_t before, rows;

    do {
        struct query q = query_begin(v->store, Q_CHAIN_RECORDS);
        before = place->seq;
        bind_int(&q, place->bucket);
        bind_int(&q, before);
        bind_int(&q, last);
        for (rows = 0; query_next(&q); rows++)
            record_check(v, place, &q);
        if (!query_end(&q, v->why))
            return false;
        if (v->r->progress != NULL)
            v->r->progress(v->r->context, v->out->checked, v->out->records);
    } while (rows == PAGE_ROWS && place->seq > before);
    return true;
}

static bool hash_load(struct store *s, int64_t bucket, int64_t seq, struct digest *out,
                      bool *found, struct fault *why)
{
    struct query q = query_begin(s, Q_CHAIN_HASH);

    bind_int(&q, bucket);
    bind_int(&q, seq);
    *out = (struct digest){ { 0 } };
    *found = query_next(&q);
    if (*found)
        *out = digest_at(&q, 0);
    return query_end(&q, why);
}

/* ---- Buckets ---------------------------------------------------------------------------- */

static bool heads_load(struct verifying *v)
{
    struct query q = query_begin(v->store, Q_CHAIN_HEADS);
    struct digest_maker all;

    digest_begin(&all);
    while (query_next(&q)) {
        struct bucket_state *b = &v->buckets[row_int(&q, 0)];
        b->seq = row_int(&q, 1);
        b->hash = digest_at(&q, 2);
        b->was_checked = row_blob(&q, 4, &(size_t){ 0 }) != NULL;
        b->checked_seq = b->was_checked ? row_int(&q, 3) : 0;
        b->checked_hash = digest_at(&q, 4);
        b->broken = b->was_checked ? row_int(&q, 5) : 0;
        v->out->records += b->seq;
        v->out->buckets += b->seq > 0;
        v->out->heads++;
        digest_add_int(&all, b->seq);
        digest_add(&all, b->hash.bytes, DIGEST_BYTES);
    }
    v->out->head = digest_end(&all);
    if (!query_end(&q, v->why))
        return false;
    return v->out->heads == BUCKETS ||
           fail(v->why, DB_ROW, "%" PRId64 " of %d buckets have no head row.",
                BUCKETS - v->out->heads, BUCKETS);
}

static void head_check(struct verifying *v, const struct link *end)
{
    const struct bucket_state *b = &v->buckets[end->bucket];

    if (end->seq != b->seq || !same(end->hash, b->hash))
        find(v->a, v->out,
             (struct chain_finding){
                 end->bucket, 0, "is not the end of its chain",
                 arena_print(v->a, "%" PRId64 " %s", b->seq, hex(v->a, b->hash)),
                 arena_print(v->a, "%" PRId64 " %s", end->seq, hex(v->a, end->hash)),
                 { 0 } });
}

static void mark_keep(struct verifying *v, const struct link *end, int64_t broken)
{
    struct chain_mark *mark = &v->out->marks[end->bucket];

    mark->known = true;
    mark->seq = end->seq;
    mark->hash = end->hash;
    if (broken != 0 && (mark->broken == 0 || broken < mark->broken))
        mark->broken = broken;
}

static bool bucket_verify(struct verifying *v, int64_t bucket)
{
    struct link place = { .bucket = bucket, .at = { INT64_MIN } };

    if (!walk(v, &place, INT64_MAX))
        return false;
    v->out->marks[bucket].seq = place.seq;
    head_check(v, &place);
    mark_keep(v, &place, 0);
    return true;
}

/* From where it was left, as far as the budget goes; what was found broken stays so. */
static bool bucket_go_on(struct verifying *v, int64_t bucket, int64_t *budget)
{
    struct bucket_state *b = &v->buckets[bucket];
    struct link place = { bucket, b->checked_seq, b->checked_hash, { INT64_MIN } };
    struct digest hash, last;
    bool found, ends;

    if (!hash_load(v->store, bucket, b->checked_seq, &hash, &found, v->why) ||
        !hash_load(v->store, bucket, b->seq, &last, &ends, v->why))
        return false;
    v->out->marks[bucket].seq = place.seq;
    if (b->checked_seq > 0 && (!found || !same(hash, b->checked_hash)))
        find(v->a, v->out,
             (struct chain_finding){ bucket, b->checked_seq,
                                     "is another than when it was checked last",
                                     hex(v->a, b->checked_hash),
                                     found ? hex(v->a, hash) : "none", { 0 } });
    int64_t most = b->seq - b->checked_seq < *budget ? b->seq - b->checked_seq : *budget;
    if (most > 0 && !walk(v, &place, b->checked_seq + most))
        return false;
    *budget -= most;
    v->out->left += b->seq - b->checked_seq - most;
    if (!ends && b->seq > 0)
        last = place.hash;
    head_check(v, &(struct link){ bucket, ends || b->seq == 0 ? b->seq : place.seq, last,
                                   { 0 } });
    mark_keep(v, &place, b->broken);
    return true;
}

/* splitmix64: the same sample for the same seed, on every machine. */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Runs of records, each at a place drawn out of all records that were checked before. */
static bool sample_verify(struct verifying *v)
{
    uint64_t state = v->r->seed;
    int64_t old = 0, before = v->out->checked;

    for (int64_t i = 0; i < BUCKETS; i++)
        old += v->buckets[i].checked_seq;
    while (old > 0 && v->out->checked - before < v->r->sample_most) {
        int64_t at = (int64_t)(draw(&state) % (uint64_t)old), bucket = 0;
        while (at >= v->buckets[bucket].checked_seq)
            at -= v->buckets[bucket++].checked_seq;
        struct link place = { bucket, at, { { 0 } }, { INT64_MIN } };
        bool found;
        int64_t last = at + SAMPLE_RUN, end = v->buckets[bucket].checked_seq;
        if (!hash_load(v->store, bucket, at, &place.hash, &found, v->why) ||
            !walk(v, &place, last < end ? last : end))
            return false;
    }
    v->out->sampled = v->out->checked - before;
    return true;
}

bool chain_verify(struct store *s, struct arena *a, const struct chain_request *request,
                  struct chain_result *out, struct fault *why)
{
    struct verifying *v = arena_make(a, struct verifying);
    int64_t budget = request->new_most;

    *out = (struct chain_result){ 0 };
    *v = (struct verifying){ .store = s, .a = a, .r = request, .out = out, .why = why };
    if (!heads_load(v))
        return false;
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        if (!(request->all ? bucket_verify(v, bucket) : bucket_go_on(v, bucket, &budget)))
            return false;
    }
    return request->all || sample_verify(v);
}

/* ---- Keeping ---------------------------------------------------------------------------- */

bool chain_keep(struct book *b, const struct chain_result *result, bool all, struct fault *why)
{
    const struct casefile_key house = { 0, 0 };

    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        const struct chain_mark *mark = &result->marks[bucket];
        if (!mark->known || (mark->seq == 0 && mark->broken == 0))
            continue;
        struct query q = query_begin(b->store, Q_CHAIN_CHECK_PUT);
        bind_int(&q, bucket);
        bind_int(&q, mark->seq);
        bind_blob(&q, mark->hash.bytes, DIGEST_BYTES);
        bind_int(&q, mark->broken);
        bind_int(&q, b->now.us);
        if (!query_run(&q, why))
            return false;
    }
    struct json_writer w = book_record_begin(b);
    char head[DIGEST_HEX];
    json_text_at(&w, "change", "verified");
    json_text_at(&w, "scope", all ? "all" : "new, heads and a sample");
    json_int_at(&w, "records", result->records);
    json_int_at(&w, "checked", result->checked);
    json_int_at(&w, "problems", result->problems);
    json_text_at(&w, "head", digest_print(result->head, head));
    return book_record_end(b, &w, house, "audit", why);
}

bool chain_stands(struct store *s, struct chain_state *out, struct fault *why)
{
    struct query q = query_begin(s, Q_CHAIN_HEADS);

    *out = (struct chain_state){ 0 };
    while (query_next(&q)) {
        int64_t broken = row_int(&q, 5), at = row_int(&q, 6);
        out->records += row_int(&q, 1);
        if (at == 0)
            continue;
        out->verified += row_int(&q, 3);
        if (out->first_at.us == 0 || at < out->first_at.us)
            out->first_at.us = at;
        if (at > out->last_at.us)
            out->last_at.us = at;
        if (broken == 0)
            continue;
        if (out->broken++ == 0) {
            out->broken_bucket = row_int(&q, 0);
            out->broken_seq = broken;
        }
    }
    return query_end(&q, why);
}

/* ---- Anchors ---------------------------------------------------------------------------- */

bool chain_anchor(struct store *s, struct instant now, struct text *out, struct fault *why)
{
    struct json_writer w = { out, false };
    char at[INSTANT_TEXT], text[DIGEST_HEX];
    struct digest_maker all;
    struct query q = query_begin(s, Q_CHAIN_HEADS);

    digest_begin(&all);
    json_open(&w, '{');
    json_text_at(&w, "at", instant_print(now, at));
    json_key(&w, "heads");
    json_open(&w, '[');
    while (query_next(&q)) {
        struct digest hash = digest_at(&q, 2);
        digest_add_int(&all, row_int(&q, 1));
        digest_add(&all, hash.bytes, DIGEST_BYTES);
        if (row_int(&q, 1) == 0)
            continue;
        json_open(&w, '{');
        json_int_at(&w, "bucket", row_int(&q, 0));
        json_int_at(&w, "seq", row_int(&q, 1));
        json_text_at(&w, "hash", digest_print(hash, text));
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_text_at(&w, "head", digest_print(digest_end(&all), text));
    json_close(&w, '}');
    return query_end(&q, why);
}

static bool anchored(struct store *s, struct arena *a, const json_t *head,
                     struct chain_result *out, struct fault *why)
{
    int64_t bucket = json_integer_value(json_object_get(head, "bucket"));
    int64_t seq = json_integer_value(json_object_get(head, "seq"));
    const char *said = json_string_value(json_object_get(head, "hash"));
    struct digest hash;
    bool found;

    if (said == NULL || bucket < 0 || bucket >= BUCKETS || seq <= 0)
        return fail(why, BAD_FILE, "The anchor holds a head that is none.");
    if (!hash_load(s, bucket, seq, &hash, &found, why))
        return false;
    out->heads++;
    if (!found || strcmp(hex(a, hash), said) != 0)
        find(a, out,
             (struct chain_finding){ bucket, seq, "is not the one that was anchored",
                                     arena_copy(a, said), found ? hex(a, hash) : "none",
                                     { 0 } });
    return true;
}

bool chain_anchor_check(struct store *s, struct arena *a, const char *anchor,
                        struct chain_result *out, struct fault *why)
{
    json_t *root = json_loads(anchor, 0, NULL);
    const json_t *heads = json_object_get(root, "heads"), *head;
    bool done = json_is_array(heads);
    size_t i;

    if (!done)
        fail(why, BAD_FILE, "That is no anchor: it has no list of heads.");
    json_array_foreach(heads, i, head)
    {
        done = done && anchored(s, a, head, out, why);
    }
    json_decref(root);
    return done;
}
