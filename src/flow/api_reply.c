#include "flow/api_reply.h"

#include "flow/book_parts.h"

static int64_t since(const struct book *b)
{
    return b->now.us - (int64_t)API_REPLY_DAYS * 86400 * 1000000;
}

bool api_reply_find(struct book *b, struct casefile_key key, const char *once, int64_t user,
                    const char *digest, struct api_reply_kept *out, struct fault *why)
{
    *out = (struct api_reply_kept){ 0 };
    if (!head_open(b->heads, key.bucket, why)) /* two of one key wait for each other */
        return false;
    struct query q = query_begin(b->store, Q_API_REPLY_FIND);
    bind_key(&q, key);
    bind_text(&q, once);
    bind_int(&q, since(b));
    if (query_next(&q))
        *out = (struct api_reply_kept){ .user = row_int(&q, 0),
                                        .digest = row_copy(&q, 1, &b->arena),
                                        .status = (int)row_int(&q, 2),
                                        .body = row_copy(&q, 3, &b->arena) };
    if (!query_end(&q, why))
        return false;
    if (out->status != 0 && (out->user != user || !text_equal(out->digest, digest)))
        return fail(why, CONFLICT, "The Idempotency-Key \"%s\" was used for something else.",
                    once);
    return true;
}

bool api_reply_put(struct book *b, struct casefile_key key, const char *once,
                   const struct api_reply_kept *reply, struct fault *why)
{
    struct query q = query_begin(b->store, Q_API_REPLY_DROP);

    bind_key(&q, key);
    bind_int(&q, since(b));
    if (!query_run(&q, why))
        return false;
    q = query_begin(b->store, Q_API_REPLY_PUT);
    bind_key(&q, key);
    bind_text(&q, once);
    bind_int(&q, reply->user);
    bind_text(&q, reply->digest);
    bind_int(&q, reply->status);
    bind_text(&q, reply->body);
    bind_int(&q, b->now.us);
    return query_run(&q, why);
}
