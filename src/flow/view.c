#include "flow/view.h"

#include "base/text.h"
#include "flow/publication.h"
#include "flow/view_parts.h"
#include "formats/rulepack.h"
#include "store/figures.h"

#include <stdlib.h>

bool view_zone(const char *url, const struct zone **zone, struct fault *why)
{
    struct store *s = store_open(url, STORE_READ, why);

    if (s == NULL)
        return false;
    bool known = figures_zone(s, zone, why) && publication_take(s, why);
    store_close(s);
    return known;
}

struct view *view_open(const char *url, const struct policy *policy, const struct zone *zone,
                       struct fault *why)
{
    struct view *v = calloc(1, sizeof *v);

    must(v != NULL);
    v->policy = policy;
    v->zone = zone;
    v->store = store_open(url, STORE_READ, why);
    if (v->store != NULL)
        return v;
    free(v);
    return NULL;
}

void view_close(struct view *v)
{
    if (v == NULL)
        return;
    store_close(v->store);
    arena_free(&v->arena);
    free(v);
}

bool view_patience(struct view *v, struct patience patience, struct fault *why)
{
    return store_patience(v->store, patience, why);
}

bool view_version(struct view *v, int64_t *out)
{
    return store_version(v->store, out);
}

/* What every page knows of the book. */
static bool settings_read(struct view *v, struct fault *why)
{
    struct query q = query_begin(v->store, Q_VIEW_BOOK);
    const char *name = NULL;

    if (query_next(&q)) {
        name = !text_is_empty(row_text(&q, 1)) ? row_text(&q, 1) : row_text(&q, 0);
        v->organisation = arena_copy(&v->arena, text_is_empty(name) ? "This book" : name);
        v->demo = text_equal(row_text(&q, 2), "1");
        v->publication = row_int(&q, 3);
    }
    return query_end(&q, why);
}

bool view_begin(struct view *v, struct instant now, struct fault *why)
{
    arena_reset(&v->arena);
    v->now = now;
    v->today = wall_at(now, v->zone).day;
    if (!store_read_begin(v->store, why))
        return false;
    if (settings_read(v, why))
        return true;
    view_end(v);
    return false;
}

void view_end(struct view *v)
{
    store_read_end(v->store);
}

const struct rule *view_rule(const struct view *v, const char *id)
{
    const struct rulebook *book = v->policy->rulebook;

    for (size_t p = 0; book != NULL && p < book->pack_count; p++) {
        for (size_t i = 0; i < rulepack_rule_count(book->packs[p]); i++) {
            const struct rule *rule = rulepack_rule(book->packs[p], i);
            if (text_equal(rule_id(rule), id))
                return rule;
        }
    }
    return NULL;
}

const char *view_text(struct view *v, struct query *q, int column)
{
    const char *text = row_text(q, column);

    return text == NULL ? "" : arena_copy(&v->arena, text);
}

struct instant view_instant(struct query *q, int column)
{
    return (struct instant){ row_int(q, column) };
}

struct day view_day(struct query *q, int column)
{
    return (struct day){ (int32_t)row_int(q, column) };
}
