/* Strategy reach: who comes to each step of a live strategy today. */
#include "flow/strategy_whatif.h"

#include "base/text.h"
#include "flow/book.h"
#include "flow/policy_variant.h"
#include "flow/strategy_tally.h"
#include "flow/user.h"
#include "store/casefiles.h"

#include <string.h>

struct reaching {
    const struct whatif_request *r;
    struct arena *a;     /* of the answer */
    struct arena bucket; /* of the bucket in hand */
    struct policy_variant side;
    struct strategy_reach *out;
    const struct strategy *of;
    bool counts_stopped; /* those that are decided, not those of the last cycle */
    struct fault *why;
};

static struct step_reach *reach_find(struct strategy_reach *out, const char *ladder,
                                     const char *step)
{
    for (size_t i = 0; i < out->count; i++) {
        if (text_equal(out->all[i].ladder, ladder) && text_equal(out->all[i].step, step))
            return &out->all[i];
    }
    return NULL; /* of another version of the strategy */
}

static void steps_list(struct reaching *w)
{
    const struct strategy *s = w->of;
    size_t room = 0;

    for (size_t i = 0; i < s->ladder_count; i++) {
        for (size_t k = 0; k < s->ladders[i].step_count; k++)
            *arena_push(w->a, w->out->all, w->out->count, room) =
                (struct step_reach){ .ladder = s->ladders[i].name,
                                     .step = s->ladders[i].steps[k].id };
    }
}

static void show(struct reaching *w, struct step_reach *reach, const char *reference,
                 const char *name, const char *what)
{
    if (reach->shown < WHATIF_EXAMPLES)
        reach->examples[reach->shown++] =
            (struct whatif_example){ .reference = arena_copy(w->a, reference),
                                     .name = arena_copy(w->a, name),
                                     .live = what };
}

/* ---- What the cycle did today ------------------------------------------------------------ */

static bool read_taken(struct reaching *w)
{
    const struct zone *zone = w->r->policy->zone;
    struct query q = query_begin(w->r->store, Q_STRATEGY_TAKEN);

    bind_int(&q, day_begins(wall_at(w->r->now, zone).day, zone).us);
    bind_text(&q, w->of->name);
    while (query_next(&q)) {
        struct step_reach *reach = reach_find(w->out, row_text(&q, 0), row_text(&q, 1));
        if (reach == NULL ||
            !user_sees(w->r->clients, w->r->desks, row_text(&q, 3), row_text(&q, 4)))
            continue;
        reach->taken++;
        const char *name = row_text(&q, 6) != NULL ? row_text(&q, 6) : row_text(&q, 2);
        show(w, reach, row_text(&q, 2), name, "taken");
    }
    return query_end(&q, w->why);
}

/* ---- What is still to come --------------------------------------------------------------- */

static const char *name_of(const struct casefile *c)
{
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);

    return debtor != NULL ? debtor->name : c->reference;
}

static bool reach_one(struct reaching *w, const struct casefile *c)
{
    struct step_reach *reach = NULL;
    struct decision d;
    bool seen;

    casefile_decide(&w->side.policy, c, w->r->now, &w->bucket, &d);
    if (d.strategy == w->of && d.segment != NULL && d.step != NULL)
        reach = reach_find(w->out, d.segment->ladder->name, d.step->id);
    bool stopped = d.chosen == NULL && w->counts_stopped && whatif_stopped(&d);
    if (reach == NULL || (d.chosen == NULL && !stopped))
        return true;
    if (!whatif_sees(w->r, c, &seen, w->why))
        return false;
    if (seen && stopped) {
        reach->stopped++;
    } else if (seen) {
        reach->coming++;
        show(w, reach, c->reference, name_of(c), "coming");
    }
    return true;
}

static bool reach_bucket(struct reaching *w, int64_t bucket, struct instant until,
                         struct day today)
{
    struct casefiles files;

    arena_reset(&w->bucket);
    if (!casefiles_load_due(w->r->store, &w->bucket, bucket, until, today, &files, w->why))
        return false;
    for (size_t i = 0; i < files.count; i++) {
        if (w->out->looked >= (w->r->most > 0 ? w->r->most : WHATIF_MOST)) {
            w->out->sampled = true;
            return true;
        }
        w->out->looked++;
        if (!reach_one(w, &files.all[i]))
            return false;
    }
    return true;
}

/* ---- What is due and not allowed --------------------------------------------------------- */

static const struct ladder *ladder_of(const struct strategy *s, const char *segment)
{
    for (size_t i = 0; i < s->segment_count; i++) {
        if (text_equal(s->segments[i].name, segment))
            return s->segments[i].ladder;
    }
    return NULL;
}

static bool read_stopped(struct reaching *w)
{
    const struct strategy *live = w->r->live;
    struct segment_tally *all;

    if (!segment_tallies(w->r->store, w->a, live->name, w->r->clients, w->r->desks,
                         &w->out->tallies, &w->out->tally_count, w->why))
        return false;
    all = w->out->tallies;
    for (size_t i = 0; i < w->out->tally_count; i++) {
        const struct ladder *ladder = ladder_of(live, all[i].segment);
        struct step_reach *reach = ladder == NULL || all[i].stopped_step == NULL
                                       ? NULL
                                       : reach_find(w->out, ladder->name, all[i].stopped_step);
        w->out->casefiles += all[i].count;
        if (reach != NULL)
            reach->stopped += all[i].count;
    }
    return true;
}

bool strategy_reach(const struct whatif_request *request, struct arena *a,
                    struct strategy_reach *out, struct fault *why)
{
    struct reaching w = { .r = request, .a = a, .out = out, .of = request->live, .why = why };
    const struct zone *zone = request->policy->zone;
    struct day today = wall_at(request->now, zone).day;
    struct instant until = day_begins(day_plus(today, 1), zone);
    bool due[BUCKETS], old = false;

    *out = (struct strategy_reach){ 0 };
    steps_list(&w);
    bool done = book_feed_is_old(request->store, a, request->now, &old, why) &&
                read_taken(&w) && read_stopped(&w) &&
                buckets_due(request->store, until, due, why);
    w.side = policy_variant_of(a, request->policy, request->live->name, request->live);
    w.side.policy.feed_is_old = old;
    for (int64_t bucket = 0; done && bucket < BUCKETS && !out->sampled; bucket++)
        done = !due[bucket] || reach_bucket(&w, bucket, until, today);
    arena_free(&w.bucket);
    return done;
}

/* ---- Of a draft -------------------------------------------------------------------------- */

static bool draft_bucket(struct reaching *w, int64_t bucket, struct day today)
{
    struct casefiles files;
    bool done = true;

    arena_reset(&w->bucket);
    if (!casefiles_load_due(w->r->store, &w->bucket, bucket, INSTANT_NEVER, today, &files,
                            w->why))
        return false;
    w->out->looked += (int64_t)files.count;
    for (size_t i = 0; done && i < files.count; i++)
        done = reach_one(w, &files.all[i]);
    return done;
}

bool strategy_draft_reach(const struct whatif_request *request, struct arena *a,
                          struct strategy_reach *out, struct fault *why)
{
    struct reaching w = { .r = request,
                          .a = a,
                          .out = out,
                          .of = request->draft,
                          .counts_stopped = true,
                          .why = why };
    struct day today = wall_at(request->now, request->policy->zone).day;
    bool old = false;
    int64_t stride = 1;

    *out = (struct strategy_reach){ 0 };
    steps_list(&w);
    bool done = book_feed_is_old(request->store, a, request->now, &old, why) &&
                read_taken(&w) && whatif_stride(request, &out->casefiles, &stride, why);
    out->sampled = stride > 1;
    w.side = policy_variant_of(a, request->policy,
                               request->live != NULL ? request->live->name : w.of->name, w.of);
    w.side.policy.feed_is_old = old;
    for (int64_t bucket = 0; done && bucket < BUCKETS; bucket += stride)
        done = draft_bucket(&w, bucket, today);
    arena_free(&w.bucket);
    return done;
}
