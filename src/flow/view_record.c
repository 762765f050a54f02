/* One record of the journal, and whether its place in the chain holds. */
#include "base/text.h"
#include "flow/view_parts.h"
#include "store/journal.h"

#include <string.h>

static bool hash_read(struct view *v, int64_t bucket, int64_t seq, struct digest *out,
                      struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_RECORD_HASH);
    size_t length = 0;

    *out = (struct digest){ { 0 } }; /* before the first there are zeros */
    bind_int(&q, bucket);
    bind_int(&q, seq);
    if (query_next(&q)) {
        const void *bytes = row_blob(&q, 0, &length);
        if (length == sizeof out->bytes)
            memcpy(out->bytes, bytes, length);
    }
    return query_end(&q, why);
}

static bool message_find(struct view *v, struct record_view *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_RECORD_MESSAGE);

    bind_int(&q, out->bucket);
    bind_int(&q, out->seq);
    out->has_message = query_next(&q);
    if (out->has_message) {
        out->message_channel = view_text(v, &q, 0);
        out->message_state = view_text(v, &q, 1);
    }
    return query_end(&q, why);
}

bool view_record(struct view *v, int64_t bucket, int64_t seq, struct record_view *out,
                 struct fault *why)
{
    struct digest before, hash = { { 0 } };
    int64_t casefile = 0;

    *out = (struct record_view){ .bucket = bucket, .seq = seq };
    struct query q = query_begin(v->store, Q_WEB_RECORD);
    bind_int(&q, bucket);
    bind_int(&q, seq);
    bool found = query_next(&q);
    if (found) {
        size_t length;
        casefile = row_int(&q, 0);
        out->at = view_instant(&q, 1);
        out->kind = view_text(v, &q, 2);
        out->record = view_text(v, &q, 3);
        const void *bytes = row_blob(&q, 4, &length);
        if (length == sizeof hash.bytes)
            memcpy(hash.bytes, bytes, length);
        out->reference = view_text(v, &q, 5);
        out->name = view_text(v, &q, 6);
    }
    if (!query_end(&q, why))
        return false;
    if (!found)
        return fail(why, NOT_FOUND, "There is no record D-%lld.%lld.", (long long)bucket,
                    (long long)seq);
    if (!hash_read(v, bucket, seq - 1, &before, why) || !message_find(v, out, why))
        return false;
    struct digest made = journal_hash(
        before, journal_body(bucket, seq, casefile, out->at.us, out->kind, out->record));
    out->chain_holds = memcmp(&made, &hash, sizeof hash) == 0;
    digest_print(hash, out->hash.hex);
    digest_print(before, out->before.hex);
    return true;
}
