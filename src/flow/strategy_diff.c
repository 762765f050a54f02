#include "flow/strategy_diff.h"

#include "base/text.h"
#include "flow/book.h"
#include "flow/policy_variant.h"
#include "flow/publication.h"
#include "store/casefiles.h"

#include <stdlib.h>
#include <string.h>

struct diffing {
    const struct strategy_diff_request *r;
    struct store *store;
    struct arena *a;     /* of the answer */
    struct arena bucket; /* of the bucket in hand */
    const struct zone *zone;
    struct loaded_policy *loaded;
    struct policy_variant olds, news;
    struct strategy_moves *out;
    size_t room;
    struct fault *why;
};

/* ---- One case file ----------------------------------------------------------------------- */

static const char *next_step(struct arena *a, const struct decision *d)
{
    if (d->chosen != NULL)
        return d->step->id;
    if (d->step != NULL)
        return arena_print(a, "%s (%s)", d->step->id, standing_name(d->standing));
    return standing_name(d->standing);
}

static struct strategy_move *move_find(struct diffing *d, const char *from, const char *to)
{
    for (size_t i = 0; i < d->out->count; i++) {
        struct strategy_move *move = &d->out->all[i];
        if (strcmp(move->from, from) == 0 && strcmp(move->to, to) == 0)
            return move;
    }
    struct strategy_move *made = arena_push(d->a, d->out->all, d->out->count, d->room);
    *made =
        (struct strategy_move){ .from = arena_copy(d->a, from),
                                .to = arena_copy(d->a, to),
                                .samples = arena_array(d->a, const char *, d->r->samples + 1) };
    return made;
}

static bool same_way(const struct decision *x, const struct decision *y)
{
    const char *x_segment = x->segment != NULL ? x->segment->name : NULL;
    const char *y_segment = y->segment != NULL ? y->segment->name : NULL;

    return text_equal(x_segment, y_segment) && (x->chosen == NULL) == (y->chosen == NULL) &&
           (x->chosen == NULL || x->chosen->channel == y->chosen->channel);
}

static void diff_one(struct diffing *d, const struct casefile *c)
{
    struct decision x, y;

    d->out->casefiles++;
    casefile_decide(&d->olds.policy, c, d->r->now, &d->bucket, &x);
    casefile_decide(&d->news.policy, c, d->r->now, &d->bucket, &y);
    if (x.strategy != d->r->old_one && y.strategy != d->r->new_one)
        return;
    d->out->touched++;
    const char *from = next_step(&d->bucket, &x), *to = next_step(&d->bucket, &y);
    if (strcmp(from, to) == 0) {
        bool same = same_way(&x, &y);
        d->out->different += !same;
        d->out->resegmented += !same;
        return;
    }
    d->out->different++;
    struct strategy_move *move = move_find(d, from, to);
    move->count++;
    if (move->sample_count < d->r->samples)
        move->samples[move->sample_count++] = arena_copy(d->a, c->reference);
}

/* ---- All of them ------------------------------------------------------------------------- */

static bool diff_buckets(struct diffing *d)
{
    struct day today = wall_at(d->r->now, d->zone).day;

    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        struct casefiles files;
        arena_reset(&d->bucket);
        if (!casefiles_load_due(d->store, &d->bucket, bucket, INSTANT_NEVER, today, &files,
                                d->why))
            return false;
        for (size_t i = 0; i < files.count; i++)
            diff_one(d, &files.all[i]);
    }
    return true;
}

static int by_count(const void *a, const void *b)
{
    const struct strategy_move *x = a, *y = b;

    if (x->count != y->count)
        return (x->count < y->count) - (x->count > y->count);
    int from = strcmp(x->from, y->from);
    return from != 0 ? from : strcmp(x->to, y->to);
}

static bool diff_book(struct diffing *d)
{
    const char *zone;

    if (!publication_take(d->store, d->why) ||
        !book_setting(d->store, d->a, "zone", &zone, d->why))
        return false;
    d->zone = zone_find(zone != NULL ? zone : "UTC");
    if (d->zone == NULL)
        return fail(d->why, DB_ROW, "The organisation's time zone is not known here.");
    d->loaded = policy_load(d->zone, d->r->now, d->why);
    if (d->loaded == NULL)
        return false;
    const struct policy *base = policy_of(d->loaded);
    d->olds = policy_variant_of(d->a, base, d->r->old_one->name, d->r->old_one);
    d->news = policy_variant_of(d->a, base, d->r->old_one->name, d->r->new_one);
    if (!diff_buckets(d))
        return false;
    if (d->out->count > 0)
        qsort(d->out->all, d->out->count, sizeof *d->out->all, by_count);
    return true;
}

bool strategy_diff(const struct strategy_diff_request *request, struct arena *a,
                   struct strategy_moves *out, struct fault *why)
{
    struct diffing d = { .r = request, .a = a, .out = out, .why = why };
    bool done = false;

    *out = (struct strategy_moves){ 0 };
    d.store = store_open(request->url, STORE_READ, why);
    if (d.store == NULL)
        return false;
    if (store_read_begin(d.store, why)) {
        done = diff_book(&d);
        store_read_end(d.store);
    }
    policy_free(d.loaded);
    store_close(d.store);
    arena_free(&d.bucket);
    return done;
}
