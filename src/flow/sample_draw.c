/* Sample: which records come out. */
#include "flow/sample.h"

#include "base/sort.h"
#include "base/text.h"
#include "flow/audit_words.h"
#include "flow/user.h"
#include "flow/view_parts.h"
#include "formats/rulepack.h"

#include <jansson.h>
#include <string.h>

enum { PERIOD_DAYS_MOST = 3660 };

struct candidate {
    uint64_t chance;
    int64_t bucket, seq, casefile;
};

struct drawing {
    struct view *v;
    const struct review_sheet *sheet;
    const struct sample_request *r;
    const struct rule_pack *pack;
    struct instant from;
    struct sample_drawn *out;
    size_t count, room;
    struct candidate *all;
    int64_t opened;
    struct fault *why;
};

/* splitmix64: the same draw for the same seed, on every machine. */
static uint64_t mixed(uint64_t z)
{
    z += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t chance_of(uint64_t seed, int64_t bucket, int64_t seq)
{
    return mixed(mixed(mixed(seed) ^ (uint64_t)bucket) ^ (uint64_t)seq);
}

/* ---- What its narrow row says -------------------------------------------------------------
 */

struct narrow {
    int64_t casefile;
    const char *kind, *outcome, *channel, *rule, *actor; /* "" for none */
};

static const char *text_or(struct query *q, int column)
{
    const char *text = row_text(q, column);

    return text != NULL ? text : "";
}

static struct narrow narrow_of(struct query *q)
{
    return (struct narrow){ row_int(q, 2), text_or(q, 3), text_or(q, 4),
                            text_or(q, 5), text_or(q, 6), text_or(q, 7) };
}

static bool is_of_pack(const struct rule_pack *pack, const char *rule)
{
    for (size_t i = 0; pack != NULL && i < rulepack_rule_count(pack); i++) {
        if (text_equal(rule_id(rulepack_rule(pack, i)), rule))
            return true;
    }
    return false;
}

static bool kind_fits(const struct sample_filter *f, const struct narrow *n)
{
    switch (f->of) {
    case SAMPLE_DECISIONS:
        return n->outcome[0] != '\0';
    case SAMPLE_CONTACTS:
        return text_equal(n->kind, "contact");
    case SAMPLE_RISKS:
        return text_equal(n->kind, "contact") || text_equal(n->kind, "dispute") ||
               text_equal(n->kind, "complaint") || text_equal(n->kind, "fact");
    }
    return false;
}

static bool equal_or_any(const char *wanted, const char *is)
{
    return text_is_empty(wanted) || strcmp(wanted, is) == 0;
}

static bool narrow_fits(const struct drawing *d, const struct narrow *n)
{
    const struct sample_filter *f = &d->r->filter;

    return n->casefile != 0 && kind_fits(f, n) && equal_or_any(f->channel, n->channel) &&
           equal_or_any(f->actor, n->actor) &&
           (text_is_empty(f->rule) || !f->decided || text_equal(f->rule, n->rule)) &&
           (text_is_empty(f->pack) || is_of_pack(d->pack, n->rule));
}

/* ---- What the record itself says ----------------------------------------------------------
 */

static const char *said(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static bool list_names(const json_t *list, const char *rule)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
    {
        const char *ruling = said(one, "ruling");
        if (text_equal(said(one, "rule"), rule) && ruling != NULL &&
            strcmp(ruling, "allow") != 0)
            return true;
    }
    return false;
}

/* The rule said no, or not yet, whether or not it was the one that decided: it may have stopped
 * one channel, and another was allowed. */
static bool rule_fired(const json_t *record, const char *rule)
{
    return list_names(json_object_get(json_object_get(record, "verdict"), "findings"), rule) ||
           list_names(json_object_get(record, "tried"), rule);
}

static bool note_is_risk(struct drawing *d, const struct candidate *c, const json_t *record,
                         bool *is)
{
    const char *at = said(record, "at");
    struct instant moment;

    *is = false;
    if (at == NULL || !instant_parse(at, &moment))
        return true;
    struct query q = query_begin(d->v->store, Q_SAMPLE_CONTACT);
    bind_int(&q, c->bucket);
    bind_int(&q, c->casefile);
    bind_int(&q, moment.us);
    if (query_next(&q))
        *is = review_sheet_word(d->sheet, row_text(&q, 0)) != NULL;
    return query_end(&q, d->why);
}

static bool risk_fits(struct drawing *d, const struct candidate *c, const char *kind,
                      const json_t *record, bool *fits)
{
    *fits = true;
    if (text_equal(kind, "contact"))
        return note_is_risk(d, c, record, fits);
    if (text_equal(kind, "fact"))
        *fits = review_sheet_fact(d->sheet, said(record, "type"));
    return true;
}

/* ---- Whose it is --------------------------------------------------------------------------
 */

static bool owner_fits(struct drawing *d, const struct candidate *c, bool *fits)
{
    const struct sample_filter *f = &d->r->filter;

    *fits = true;
    if (text_is_empty(f->client) && text_is_empty(f->desk) && f->seen_clients == NULL &&
        f->seen_desks == NULL)
        return true;
    struct query q = query_begin(d->v->store, Q_LOG_CASEFILE);
    bind_int(&q, c->bucket);
    bind_int(&q, c->casefile);
    *fits = query_next(&q) && equal_or_any(f->client, row_text(&q, 1)) &&
            equal_or_any(f->desk, row_text(&q, 2)) &&
            user_sees(f->seen_clients, f->seen_desks, row_text(&q, 1), row_text(&q, 2));
    return query_end(&q, d->why);
}

static void item_add(struct drawing *d, const struct candidate *c, const char *actor,
                     const char *rule)
{
    struct arena *a = &d->v->arena;

    d->out->items[d->out->count++] =
        (struct sample_item){ c->bucket, c->seq, c->casefile,
                              actor != NULL ? arena_copy(a, actor) : NULL,
                              rule != NULL ? arena_copy(a, rule) : NULL };
}

/* Looks at the record, and takes it when it fits. */
static bool open_and_take(struct drawing *d, const struct candidate *c)
{
    const struct sample_filter *f = &d->r->filter;
    bool fits, fired = !text_is_empty(f->rule) && !f->decided;

    d->opened++;
    if (!owner_fits(d, c, &fits))
        return false;
    if (!fits)
        return true;
    struct query q = query_begin(d->v->store, Q_SAMPLE_AT);
    bind_int(&q, c->bucket);
    bind_int(&q, c->seq);
    if (!query_next(&q))
        return query_end(&q, d->why);
    const char *kind = row_copy(&q, 3, &d->v->arena), *rule = row_copy(&q, 6, &d->v->arena);
    const char *actor = row_copy(&q, 7, &d->v->arena);
    json_t *record =
        fired || f->of == SAMPLE_RISKS ? json_loads(row_text(&q, 9), 0, NULL) : NULL;
    bool done = query_end(&q, d->why);
    if (done && fired)
        fits = rule_fired(record, f->rule);
    if (done && f->of == SAMPLE_RISKS)
        done = risk_fits(d, c, kind, record, &fits);
    json_decref(record);
    if (done && fits)
        item_add(d, c, actor, rule);
    return done;
}

static bool enough(struct drawing *d)
{
    return d->out->count == d->r->wanted;
}

/* ---- All candidates of an index -----------------------------------------------------------
 */

static bool index_read(struct drawing *d, enum query_name name, const char *key)
{
    struct query q = query_begin(d->v->store, name);
    int64_t most = SAMPLE_READ + 1 - d->out->looked;

    bind_text(&q, key);
    bind_int(&q, d->from.us);
    bind_int(&q, d->out->until.us);
    bind_int(&q, most > 0 ? most : 0);
    while (query_next(&q)) {
        struct narrow n = narrow_of(&q);
        int64_t bucket = row_int(&q, 0), seq = row_int(&q, 1);
        d->out->looked++;
        if (narrow_fits(d, &n))
            *arena_push(&d->v->arena, d->all, d->count, d->room) =
                (struct candidate){ chance_of(d->r->seed, bucket, seq), bucket, seq,
                                    n.casefile };
    }
    return query_end(&q, d->why);
}

/* The narrowest index that there is for what is asked. */
static bool candidates_read(struct drawing *d)
{
    static const char *const outcomes[] = { "moved", "blocked", "held", "allowed" };
    const struct sample_filter *f = &d->r->filter;
    bool stopped = !text_is_empty(f->pack); /* what was allowed was stopped by no rule */

    if (!text_is_empty(f->rule) && f->decided)
        return index_read(d, Q_SAMPLE_BY_RULE, f->rule);
    if (!text_is_empty(f->actor))
        return index_read(d, Q_SAMPLE_BY_ACTOR, f->actor);
    if (f->of != SAMPLE_DECISIONS)
        return index_read(d, Q_SAMPLE_BY_OUTCOME, "");
    for (size_t i = 0; i < COUNT(outcomes) - stopped; i++) {
        if (!index_read(d, Q_SAMPLE_BY_OUTCOME, outcomes[i]))
            return false;
    }
    return true;
}

static int by_chance(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;

    if (a->chance != b->chance)
        return a->chance < b->chance ? -1 : 1;
    if (a->bucket != b->bucket)
        return a->bucket < b->bucket ? -1 : 1;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

static bool draw_whole(struct drawing *d)
{
    sort_array(d->all, d->count, sizeof *d->all, by_chance);
    for (size_t i = 0; i < d->count && !enough(d); i++) {
        if (d->opened == SAMPLE_OPENED) {
            d->out->tired = true;
            return true;
        }
        if (!open_and_take(d, &d->all[i]))
            return false;
    }
    return true;
}

/* ---- Places, drawn one by one -------------------------------------------------------------
 */

static bool is_drawn(const struct drawing *d, int64_t bucket, int64_t seq)
{
    for (size_t i = 0; i < d->out->count; i++) {
        if (d->out->items[i].bucket == bucket && d->out->items[i].seq == seq)
            return true;
    }
    return false;
}

static bool place_look(struct drawing *d, int64_t bucket, int64_t seq)
{
    struct candidate c = { 0, bucket, seq, 0 };
    struct query q = query_begin(d->v->store, Q_SAMPLE_AT);
    bool fits = false;

    bind_int(&q, bucket);
    bind_int(&q, seq);
    if (query_next(&q)) {
        struct narrow n = narrow_of(&q);
        int64_t at = row_int(&q, 8);
        c.casefile = n.casefile;
        fits = at >= d->from.us && at < d->out->until.us && narrow_fits(d, &n);
    }
    return query_end(&q, d->why) && (!fits || open_and_take(d, &c));
}

static bool draw_keys(struct drawing *d)
{
    uint64_t state = d->r->seed;

    d->out->looked = 0;
    d->opened = 0;
    while (!enough(d) && d->out->span > 0) {
        if (d->out->looked == SAMPLE_LOOKED || d->opened == SAMPLE_OPENED) {
            d->out->tired = true;
            return true;
        }
        state = mixed(state);
        int64_t bucket = (int64_t)(state % BUCKETS);
        state = mixed(state);
        int64_t seq = 1 + (int64_t)(state % (uint64_t)d->out->span);
        d->out->looked++;
        if (!is_drawn(d, bucket, seq) && !place_look(d, bucket, seq))
            return false;
    }
    return true;
}

/* ---- The draw -----------------------------------------------------------------------------
 */

static bool span_read(struct drawing *d)
{
    struct query q = query_begin(d->v->store, Q_SAMPLE_SPAN);

    d->out->span = query_next(&q) ? row_int(&q, 0) : 0;
    return query_end(&q, d->why);
}

static bool period_begin(struct drawing *d)
{
    const struct sample_filter *f = &d->r->filter;
    struct instant end = day_begins(day_plus(f->to, 1), d->v->zone);

    if (f->to.number < f->from.number || f->to.number - f->from.number > PERIOD_DAYS_MOST)
        return fail(d->why, BAD_VALUE,
                    "The last day lies before the first, or ten years after it.");
    d->from = day_begins(f->from, d->v->zone);
    d->out->until = d->r->until.us != 0 ? d->r->until : end.us < d->v->now.us ? end : d->v->now;
    d->out->span = d->r->span;
    return d->r->span != 0 || span_read(d);
}

bool sample_draw(struct view *v, const struct review_sheet *sheet,
                 const struct sample_request *request, struct sample_drawn *out,
                 struct fault *why)
{
    struct drawing d = { .v = v, .sheet = sheet, .r = request, .out = out, .why = why };

    must(request->wanted <= SAMPLE_MOST);
    *out = (struct sample_drawn){ .items = arena_array(&v->arena, struct sample_item,
                                                       request->wanted + 1) };
    if (!text_is_empty(request->filter.pack)) {
        d.pack = rulepack_find(v->policy->rulebook, request->filter.pack);
        if (d.pack == NULL)
            return fail(why, BAD_VALUE, "There is no rule pack \"%s\".", request->filter.pack);
    }
    if (!period_begin(&d) || (request->way != SAMPLE_KEYS && !candidates_read(&d)))
        return false;
    out->whole = request->way == SAMPLE_WHOLE ||
                 (request->way == SAMPLE_AUTO && out->looked <= SAMPLE_READ);
    return out->whole ? draw_whole(&d) : draw_keys(&d);
}
