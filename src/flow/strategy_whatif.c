#include "flow/strategy_whatif.h"

#include "base/text.h"
#include "flow/account.h"
#include "flow/book.h"
#include "flow/decision_apply.h"
#include "flow/policy_variant.h"
#include "store/casefiles.h"

#include <stdlib.h>
#include <string.h>

enum { REASONS_MOST = 8 }; /* of one case file */

static const int64_t day_us = (int64_t)SECONDS_A_DAY * 1000000;

struct looking {
    const struct whatif_request *r;
    struct arena *a;     /* of the answer */
    struct arena bucket; /* of the bucket in hand */
    struct policy_variant sides[2];
    const struct strategy *of[2];
    struct whatif *out;
    size_t room;
    struct fault *why;
};

/* ---- One case file under one strategy ---------------------------------------------------- */

struct way {
    const char *first; /* what it gets today; NULL: nothing */
    bool theirs;       /* the strategy is theirs today */
    bool stopped;      /* today */
    int contacts;
    int64_t by_day[WHATIF_DAYS + 1], by_channel[CHANNEL_COUNT];
    size_t reason_count;
    struct whatif_stop reasons[REASONS_MOST];
};

bool whatif_stopped(const struct decision *d)
{
    return d->standing == STANDING_LATER || d->standing == STANDING_BLOCKED ||
           d->standing == STANDING_UNREACHABLE;
}

static void note_stop(struct way *w, const struct decision *d)
{
    struct whatif_stop stop = { .rule = d->rule != NULL ? rule_id(d->rule) : NULL };

    if (stop.rule == NULL)
        stop.reason = standing_name(d->standing);
    for (size_t i = 0; i < w->reason_count; i++) {
        if (text_equal(w->reasons[i].rule, stop.rule) &&
            text_equal(w->reasons[i].reason, stop.reason))
            return;
    }
    if (w->reason_count < REASONS_MOST)
        w->reasons[w->reason_count++] = stop;
}

/* Instalments as they are on that day, when nobody pays meanwhile. */
static void age(struct casefile *c, struct day today)
{
    for (size_t i = 0, d = 0; i < c->instalment_count; i++) {
        struct instalment then = c->instalments[i];
        while (d < c->debt_count && c->debts[d].number != then.debt)
            d++;
        if (d < c->debt_count && instalment_as_of(&then, &c->debts[d], today))
            c->instalments[i] = then;
    }
}

/* Promises whose day is over by then are broken: nobody paid. Plans go on as they stand. */
static void let_promises_lapse(struct casefile *c, const struct policy *policy,
                               struct instant at)
{
    struct day today = wall_at(at, policy->zone).day;
    const struct strategy *strategy = strategy_for_casefile(policy, c, today);
    struct day ended = party_day_ended(casefile_party(c, PARTY_DEBTOR), at, today);

    for (size_t i = 0; i < c->promise_count; i++) {
        struct promise *promise = &c->promises[i];
        struct day last =
            day_plus(promise->due_day, strategy != NULL ? strategy->promise_grace_days : 0);
        if (promise->state != PROMISE_OPEN || promise->plan != 0 || last.number > ended.number)
            continue;
        promise->state = PROMISE_BROKEN;
        promise->state_day = last;
    }
}

static void note_contact(struct looking *l, struct way *w, const struct decision *d, int day)
{
    enum channel channel = d->chosen->channel;

    if (day == 0)
        w->first = arena_print(&l->bucket, "%s by %s", d->step->id, channel_name(channel));
    w->contacts++;
    w->by_day[day]++;
    w->by_channel[channel]++;
}

/* Copies of what changes on the way. */
static void own_parts(struct looking *l, struct casefile *c)
{
    struct instalment *items =
        arena_array(&l->bucket, struct instalment, c->instalment_count + 1);
    struct promise *promises = arena_array(&l->bucket, struct promise, c->promise_count + 1);

    if (c->instalment_count > 0)
        memcpy(items, c->instalments, c->instalment_count * sizeof *items);
    if (c->promise_count > 0)
        memcpy(promises, c->promises, c->promise_count * sizeof *promises);
    c->instalments = items;
    c->promises = promises;
}

static void go_through(struct looking *l, int side, const struct casefile *c, struct way *w)
{
    const struct policy *policy = &l->sides[side].policy;
    struct casefile own = *c;
    struct instant wake = { INT64_MIN };
    struct decision d;

    *w = (struct way){ 0 };
    own_parts(l, &own);
    for (int day = 0; day <= WHATIF_DAYS; day++) {
        struct instant at = { l->r->now.us + day * day_us };
        struct day today = wall_at(at, policy->zone).day;
        if (at.us < wake.us)
            continue;
        if (day > 0) {
            age(&own, today);
            let_promises_lapse(&own, policy, at);
        }
        casefile_decide(policy, &own, at, &l->bucket, &d);
        if (day == 0) {
            w->theirs = d.strategy != NULL && d.strategy == l->of[side];
            w->stopped = whatif_stopped(&d);
        }
        if (whatif_stopped(&d))
            note_stop(w, &d);
        if (d.chosen != NULL) {
            note_contact(l, w, &d, day);
            own.last_no++;
            decision_apply(&own, &d, today, &l->bucket);
            casefile_decide(policy, &own, at, &l->bucket, &d);
        }
        wake = d.wake_at;
    }
}

/* ---- Adding up --------------------------------------------------------------------------- */

static const char *name_of(const struct casefile *c)
{
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);

    return debtor != NULL ? debtor->name : c->reference;
}

static const char *kept(struct arena *a, const char *text)
{
    return text == NULL ? NULL : arena_copy(a, text);
}

static void add_example(struct looking *l, struct whatif_group *group, const struct casefile *c,
                        const struct way w[2])
{
    group->count++;
    if (group->shown < WHATIF_EXAMPLES)
        group->examples[group->shown++] =
            (struct whatif_example){ arena_copy(l->a, c->reference),
                                     arena_copy(l->a, name_of(c)),
                                     kept(l->a, w[0].first),
                                     kept(l->a, w[1].first),
                                     w[0].contacts,
                                     w[1].contacts };
}

static void add_stops(struct looking *l, int side, const struct way *w)
{
    for (size_t i = 0; i < w->reason_count; i++) {
        const struct whatif_stop *stop = &w->reasons[i];
        struct whatif_stop *found = NULL;
        for (size_t k = 0; k < l->out->stop_count && found == NULL; k++) {
            if (text_equal(l->out->stops[k].rule, stop->rule) &&
                text_equal(l->out->stops[k].reason, stop->reason))
                found = &l->out->stops[k];
        }
        if (found == NULL) {
            found = arena_push(l->a, l->out->stops, l->out->stop_count, l->room);
            *found = (struct whatif_stop){ kept(l->a, stop->rule),
                                           kept(l->a, stop->reason),
                                           { 0, 0 } };
        }
        found->count[side]++;
    }
}

static void add_side(struct whatif_side *side, const struct way *w)
{
    side->today += w->first != NULL;
    side->stopped += w->stopped;
    side->reached += w->contacts > 0;
    for (int day = 0; day <= WHATIF_DAYS; day++)
        side->contacts[day] += w->by_day[day];
    for (int i = 0; i < CHANNEL_COUNT; i++)
        side->by_channel[i] += w->by_channel[i];
}

static void look_at(struct looking *l, const struct casefile *c)
{
    struct whatif *out = l->out;
    struct way w[2];

    out->looked++;
    for (int side = 0; side < 2; side++)
        go_through(l, side, c, &w[side]);
    if (!w[0].theirs && !w[1].theirs)
        return;
    out->touched++;
    for (int side = 0; side < 2; side++) {
        add_side(&out->side[side], &w[side]);
        add_stops(l, side, &w[side]);
    }
    if (w[0].first == NULL && w[1].first != NULL)
        add_example(l, &out->gains, c, w);
    else if (w[0].first != NULL && w[1].first == NULL)
        add_example(l, &out->loses, c, w);
    else if (!text_equal(w[0].first, w[1].first))
        add_example(l, &out->other, c, w);
    if (w[1].contacts != w[0].contacts)
        add_example(l, w[1].contacts > w[0].contacts ? &out->more : &out->fewer, c, w);
    out->same += w[1].contacts == w[0].contacts;
}

/* ---- All of them ------------------------------------------------------------------------- */

static bool count_all(struct store *s, int64_t *out, struct fault *why)
{
    struct query q = query_begin(s, Q_CASEFILE_COUNT);

    *out = query_next(&q) ? row_int(&q, 0) : 0;
    return query_end(&q, why);
}

bool whatif_sees(const struct whatif_request *r, const struct casefile *c, bool *seen,
                 struct fault *why)
{
    *seen = true;
    return (r->clients == NULL && r->desks == NULL) ||
           account_is_seen(r->store, c->key, r->clients, r->desks, seen, why);
}

bool whatif_stride(const struct whatif_request *r, int64_t *casefiles, int64_t *stride,
                   struct fault *why)
{
    int64_t most = r->most > 0 ? r->most : WHATIF_MOST;

    if (!count_all(r->store, casefiles, why))
        return false;
    *stride = (*casefiles + most - 1) / most;
    *stride = *stride < 1 ? 1 : *stride > BUCKETS ? BUCKETS : *stride;
    return true;
}

static bool look_at_bucket(struct looking *l, int64_t bucket, struct day today)
{
    struct casefiles files;

    arena_reset(&l->bucket);
    if (!casefiles_load_due(l->r->store, &l->bucket, bucket, INSTANT_NEVER, today, &files,
                            l->why))
        return false;
    for (size_t i = 0; i < files.count; i++) {
        bool seen;
        if (!whatif_sees(l->r, &files.all[i], &seen, l->why))
            return false;
        if (seen)
            look_at(l, &files.all[i]);
    }
    return true;
}

static int by_count(const void *a, const void *b)
{
    const struct whatif_stop *x = a, *y = b;
    int64_t left = x->count[0] + x->count[1], right = y->count[0] + y->count[1];

    if (left != right)
        return (left < right) - (left > right);
    return strcmp(x->rule != NULL ? x->rule : x->reason, y->rule != NULL ? y->rule : y->reason);
}

/* Both sides know what the cycle knows of the bank feed. */
static bool sides_make(struct looking *l)
{
    const struct whatif_request *r = l->r;
    const char *name = r->live != NULL ? r->live->name : r->draft->name;
    bool old;

    if (!book_feed_is_old(r->store, l->a, r->now, &old, l->why))
        return false;
    l->of[0] = r->live;
    l->of[1] = r->draft;
    for (int side = 0; side < 2; side++) {
        l->sides[side] = policy_variant_of(l->a, r->policy, name, l->of[side]);
        l->sides[side].policy.feed_is_old = old;
    }
    return true;
}

bool whatif_run(const struct whatif_request *request, struct arena *a, struct whatif *out,
                struct fault *why)
{
    struct looking l = { .r = request, .a = a, .out = out, .why = why };
    struct day today = wall_at(request->now, request->policy->zone).day;

    *out = (struct whatif){ 0 };
    int64_t stride = 1;
    bool done = whatif_stride(request, &out->casefiles, &stride, why) && sides_make(&l);
    out->sampled = stride > 1;
    for (int64_t bucket = 0; done && bucket < BUCKETS; bucket += stride)
        done = look_at_bucket(&l, bucket, today);
    arena_free(&l.bucket);
    if (out->stop_count > 0)
        qsort(out->stops, out->stop_count, sizeof *out->stops, by_count);
    return done;
}
