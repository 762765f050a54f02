#include "flow/audit_decision.h"

#include "base/text.h"
#include "flow/user.h"
#include "flow/view_parts.h"
#include "store/journal.h"

#include <string.h>

enum { LOOK_AHEAD_DAYS = 400 };

/* ---- Loading ---------------------------------------------------------------------------- */

static struct digest digest_at(struct query *q, int column)
{
    struct digest digest = { { 0 } }; /* before the first there are zeros */
    size_t length;
    const void *bytes = row_blob(q, column, &length);

    if (length == sizeof digest.bytes)
        memcpy(digest.bytes, bytes, length);
    return digest;
}

static void chain_check(struct audited *out, struct digest before, struct digest hash)
{
    struct digest made =
        journal_hash(before, journal_body(out->bucket, out->seq, out->casefile, out->at.us,
                                          out->kind, out->record));

    out->chain_holds = memcmp(&made, &hash, sizeof hash) == 0;
    digest_print(hash, out->hash);
    digest_print(before, out->before);
}

static bool record_load(struct view *v, struct audited *out, bool *found, struct fault *why)
{
    struct query q = query_begin(v->store, Q_AUDIT_RECORD);

    bind_int(&q, out->bucket);
    bind_int(&q, out->seq);
    *found = query_next(&q);
    if (*found) {
        out->casefile = row_int(&q, 0);
        out->at = view_instant(&q, 1);
        out->kind = view_text(v, &q, 2);
        out->outcome = view_text(v, &q, 3);
        out->channel = view_text(v, &q, 4);
        out->rule = view_text(v, &q, 5);
        out->actor = view_text(v, &q, 6);
        out->record = view_text(v, &q, 7);
        out->question = row_text(&q, 8) != NULL ? view_text(v, &q, 8) : NULL;
        out->following = row_int(&q, 11) - out->seq;
        chain_check(out, digest_at(&q, 10), digest_at(&q, 9));
        out->judged = record_has_verdict(out->record);
    }
    return query_end(&q, why);
}

/* Whose it is, and whether they may see it. */
static bool owner_load(struct view *v, struct audited *out, bool *seen, struct fault *why)
{
    bool unlimited = v->clients == NULL && v->desks == NULL;

    out->reference = out->name = "";
    *seen = unlimited;
    if (out->casefile == 0)
        return true;
    struct query q = query_begin(v->store, Q_LOG_CASEFILE);
    bind_int(&q, out->bucket);
    bind_int(&q, out->casefile);
    if (query_next(&q)) {
        out->reference = view_text(v, &q, 0);
        out->name = view_text(v, &q, 3);
        *seen = user_sees(v->clients, v->desks, row_text(&q, 1), row_text(&q, 2));
    }
    return query_end(&q, why);
}

static bool message_load(struct view *v, struct audited *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_RECORD_MESSAGE);

    bind_int(&q, out->bucket);
    bind_int(&q, out->seq);
    if (query_next(&q)) {
        out->message_channel = view_text(v, &q, 0);
        out->message_state = view_text(v, &q, 1);
    }
    return query_end(&q, why);
}

bool audit_load(struct view *v, int64_t bucket, int64_t seq, struct audited *out,
                struct fault *why)
{
    bool found, seen = false;

    *out = (struct audited){ .bucket = bucket, .seq = seq };
    if (!record_load(v, out, &found, why) || (found && !owner_load(v, out, &seen, why)))
        return false;
    if (!seen)
        return fail(why, NOT_FOUND, "There is no record D-%lld.%lld.", (long long)bucket,
                    (long long)seq);
    return message_load(v, out, why);
}

/* ---- Asking again ----------------------------------------------------------------------- */

static const struct finding *finding_of(const struct verdict *verdict, const struct rule *rule)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *f = &verdict->findings[i];
        if (strcmp(rule_id(f->rule), rule_id(rule)) == 0)
            return f;
    }
    return NULL;
}

static bool same_finding(const struct finding *a, const struct finding *b)
{
    return a != NULL && b != NULL && a->ruling == b->ruling &&
           (a->ruling != RULING_DEFER || a->until.us == b->until.us) &&
           text_equal(a->unknown, b->unknown);
}

static void change_add(struct view *v, struct audit_again *out, size_t *room,
                       const struct rule *rule, const struct finding *then,
                       const struct finding *now)
{
    for (size_t i = 0; i < out->change_count; i++) {
        if (strcmp(rule_id(out->changes[i].rule), rule_id(rule)) == 0)
            return;
    }
    if (!same_finding(then, now))
        *arena_push(&v->arena, out->changes, out->change_count, *room) =
            (struct audit_change){ rule, then, now };
}

static void compare(struct view *v, struct audit_again *out)
{
    const struct verdict *then = &out->then.verdict, *now = &out->now;
    size_t room = 0;

    for (size_t i = 0; i < then->finding_count; i++) {
        const struct finding *f = &then->findings[i];
        change_add(v, out, &room, f->rule, f, finding_of(now, f->rule));
    }
    for (size_t i = 0; i < now->finding_count; i++) {
        const struct finding *f = &now->findings[i];
        change_add(v, out, &room, f->rule, finding_of(then, f->rule), f);
    }
    out->differs = out->change_count > 0 || then->ruling != now->ruling;
}

bool audit_ask_again(struct view *v, const struct audited *audited, struct audit_again *out,
                     struct fault *why)
{
    const struct rulebook *today = v->policy->rulebook;

    *out = (struct audit_again){ .replay = { .store = v->store } };
    replay_know(&out->replay, today);
    if (!replay_judge(&out->replay, audited->record, audited->question, &out->then, why))
        return false;
    if (out->then.text == NULL) /* question or rules are not there: nothing to compare */
        return true;
    out->rules_are_todays = strcmp(out->then.words.rulebook, today->digest) == 0;
    out->packs = replay_choose(&v->arena, today, &out->then.question);
    gate_judge(out->packs, &out->then.question, &out->now);
    compare(v, out);
    gate_cure(out->then.packs, &out->then.question, &out->then.verdict, LOOK_AHEAD_DAYS,
              &v->arena, &out->cures);
    return true;
}

void audit_again_free(struct audit_again *again)
{
    replay_free(&again->replay);
}
