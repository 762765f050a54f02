#include "store/journal.h"

#include "domain/gist.h"

#include <stdlib.h>
#include <string.h>

struct heads *heads_new(struct store *s)
{
    struct heads *heads = calloc(1, sizeof *heads);

    must(heads != NULL);
    heads->store = s;
    return heads;
}

void heads_free(struct heads *heads)
{
    free(heads);
}

void heads_reset(struct heads *heads)
{
    memset(heads->buckets, 0, sizeof heads->buckets);
}

bool head_open(struct heads *heads, int64_t bucket, struct fault *why)
{
    struct head *head = &heads->buckets[bucket];
    size_t length = 0;

    if (head->open)
        return true;
    struct query q = query_begin(heads->store, Q_BUCKET_HEAD_LOCK);
    bind_int(&q, bucket);
    if (query_next(&q)) {
        head->seq = row_int(&q, 0);
        const void *hash = row_blob(&q, 1, &length);
        if (length == sizeof head->hash.bytes)
            memcpy(head->hash.bytes, hash, length);
    }
    if (!query_end(&q, why))
        return false;
    if (length != sizeof head->hash.bytes)
        return fail(why, DB_ROW, "Bucket %lld of the book has no sound head row.",
                    (long long)bucket);
    head->open = true;
    return true;
}

struct digest journal_body(int64_t bucket, int64_t seq, int64_t casefile, int64_t at,
                           const char *kind, const char *record)
{
    struct digest_maker m;

    digest_begin(&m);
    digest_add_int(&m, bucket);
    digest_add_int(&m, seq);
    digest_add_int(&m, casefile);
    digest_add_int(&m, at);
    digest_add(&m, kind, strlen(kind));
    digest_add(&m, record, strlen(record));
    return digest_end(&m);
}

struct digest journal_hash(struct digest before, struct digest body)
{
    struct digest_maker m;

    digest_begin(&m);
    digest_add(&m, before.bytes, sizeof before.bytes);
    digest_add(&m, body.bytes, sizeof body.bytes);
    return digest_end(&m);
}

bool journal_add(struct heads *heads, struct casefile_key key, struct instant at,
                 const char *kind, const char *record, int64_t *seq, struct fault *why)
{
    return journal_add_verdict(heads, key, at, kind, record, NULL, seq, why);
}

static const char *known(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

bool journal_add_verdict(struct heads *heads, struct casefile_key key, struct instant at,
                         const char *kind, const char *record, const char *question,
                         int64_t *seq, struct fault *why)
{
    struct head *head = &heads->buckets[key.bucket];
    struct gist gist;

    if (!head_open(heads, key.bucket, why))
        return false;
    head->seq++;
    head->changed = true;
    head->hash = journal_hash(
        head->hash, journal_body(key.bucket, head->seq, key.id, at.us, kind, record));
    if (seq != NULL)
        *seq = head->seq;

    gist_read(kind, at, record, &gist);
    struct query q = query_begin(heads->store, Q_JOURNAL_ADD);
    bind_int(&q, key.bucket);
    bind_int(&q, head->seq);
    bind_int(&q, key.id);
    bind_int(&q, at.us);
    bind_text(&q, kind);
    bind_text(&q, gist.outcome);
    bind_text(&q, known(gist.channel));
    bind_text(&q, known(gist.rule));
    bind_text(&q, known(gist.actor));
    bind_text(&q, record);
    bind_blob(&q, head->hash.bytes, sizeof head->hash.bytes);
    bind_text(&q, question);
    return query_run(&q, why);
}

bool heads_close(struct heads *heads, struct fault *why)
{
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        struct head *head = &heads->buckets[bucket];
        if (!head->changed)
            continue;
        struct query q = query_begin(heads->store, Q_BUCKET_HEAD_SET);
        bind_int(&q, head->seq);
        bind_blob(&q, head->hash.bytes, sizeof head->hash.bytes);
        bind_int(&q, bucket);
        if (!query_run(&q, why))
            return false;
        head->changed = false;
    }
    return true;
}
