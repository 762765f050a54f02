/* One record of the journal, whether its place in the chain holds, and its verdict given again.
 */
#include "base/text.h"
#include "domain/gate_cure.h"
#include "flow/replay.h"
#include "flow/user.h"
#include "flow/view_parts.h"
#include "formats/record.h"
#include "store/journal.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_AHEAD_DAYS = 45 };

static bool hash_read(struct view *v, int64_t bucket, int64_t seq, struct digest *out,
                      struct fault *why)
{
    struct query q = query_begin(v->store, Q_FILE_RECORD_HASH);
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

/* The message that it decided on, or that it speaks of. */
static bool message_find(struct view *v, struct record_view *out, struct fault *why)
{
    struct query q = view_of_file(v, Q_FILE_RECORD_MESSAGE, out->key);
    int64_t number =
        text_equal(out->kind, "message") ? record_number(out->record, "outbox") : 0;

    bind_int(&q, out->seq);
    bind_int(&q, number);
    out->has_message = query_next(&q);
    if (out->has_message) {
        out->message_channel = view_text(v, &q, 0);
        out->message_state = view_text(v, &q, 1);
        out->decision = row_int(&q, 2);
    }
    return query_end(&q, why);
}

static bool author_find(struct view *v, struct record_view *out, struct fault *why)
{
    const char *email = record_text(&v->arena, out->record, NULL, "by");
    struct user user = { 0 };

    if (email != NULL && !user_by_email(v->store, &v->arena, email, &user, why))
        return false;
    out->by = user.number != 0 ? user.name : email;
    return true;
}

/* ---- The verdict, given again --------------------------------------------------------------
 */

static struct replay *replay_of(struct view *v)
{
    if (v->replay == NULL) {
        v->replay = calloc(1, sizeof *v->replay);
        must(v->replay != NULL);
        v->replay->store = v->store;
    }
    v->replay->current = v->policy->rulebook;
    return v->replay;
}

static const struct cures *cures_of(struct view *v, const struct replayed *r)
{
    struct cures *cures = arena_make(&v->arena, struct cures);

    if (r->verdict.ruling == RULING_ALLOW)
        return NULL;
    gate_cure(r->packs, &r->question, &r->verdict, LOOK_AHEAD_DAYS, &v->arena, cures);
    return cures;
}

static const struct verdict *today_of(struct view *v, const struct gate_question *question)
{
    struct verdict *verdict = arena_make(&v->arena, struct verdict);

    gate_judge(replay_choose(&v->arena, v->policy->rulebook, question), question, verdict);
    return verdict;
}

/* What was replayed lies in memory of the view's replay, until the next page. */
static bool judge_again(struct view *v, struct record_view *out, struct fault *why)
{
    struct again_view *again = &out->again;
    struct replayed *r = arena_make(&v->arena, struct replayed);

    again->is_there = record_has_verdict(out->record);
    if (!again->is_there)
        return true;
    if (!replay_judge(replay_of(v), out->record, out->question, r, why))
        return false;
    again->problem = r->problem;
    again->expected = r->expected;
    again->found = r->found;
    if (r->text == NULL)
        return true; /* nothing was judged */
    again->question = &r->question;
    again->then = &r->verdict;
    again->packs = r->packs;
    again->rules = r->rulebook->list;
    again->cures = cures_of(v, r);
    again->today = today_of(v, &r->question);
    return true;
}

/* ---- The row
 * --------------------------------------------------------------------------------- */

static bool row_read(struct view *v, struct record_view *out, struct digest *hash,
                     struct fault *why)
{
    struct query q = query_begin(v->store, Q_FILE_RECORD);

    bind_int(&q, out->bucket);
    bind_int(&q, out->seq);
    bool found = query_next(&q);
    if (found) {
        size_t length;
        out->key = (struct casefile_key){ out->bucket, row_int(&q, 0) };
        out->at = view_instant(&q, 1);
        out->kind = view_text(v, &q, 2);
        out->record = view_text(v, &q, 3);
        const void *bytes = row_blob(&q, 4, &length);
        if (length == sizeof hash->bytes)
            memcpy(hash->bytes, bytes, length);
        out->reference = view_text(v, &q, 5);
        out->name = view_text(v, &q, 6);
        out->question = row_text(&q, 7) != NULL ? view_text(v, &q, 7) : NULL;
    }
    if (!query_end(&q, why))
        return false;
    const char *name = arena_print(&v->arena, "record D-%lld.%lld", (long long)out->bucket,
                                   (long long)out->seq);
    if (!found)
        return fail(why, NOT_FOUND, "There is no %s.", name);
    return view_allows(v, out->key, name, why);
}

bool view_record(struct view *v, int64_t bucket, int64_t seq, struct record_view *out,
                 struct fault *why)
{
    struct digest before, hash = { { 0 } };

    *out = (struct record_view){ .bucket = bucket, .seq = seq };
    if (!row_read(v, out, &hash, why) || !hash_read(v, bucket, seq - 1, &before, why) ||
        !message_find(v, out, why) || !author_find(v, out, why))
        return false;
    struct digest made = journal_hash(
        before, journal_body(bucket, seq, out->key.id, out->at.us, out->kind, out->record));
    out->chain_holds = memcmp(&made, &hash, sizeof hash) == 0;
    digest_print(hash, out->hash.hex);
    digest_print(before, out->before.hex);
    return judge_again(v, out, why);
}
