#include "formats/strategy_file.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { DAYS_MOST = 3650 };

static const char *const ends[] = { "hand_over", "person", "write_off", "stop" };

struct loader {
    struct arena *a;
    struct fault *why;
    struct strategy *strategy;
};

static struct condition *compile(struct loader *l, const struct yaml *text)
{
    if (text == NULL)
        return NULL;
    struct place place = text->place;
    place.column += text->quoted; /* the text begins behind the quote */
    return condition_compile(l->a, text->text, place, strategy_facts, l->why);
}

/* The condition under `key`; absent means always. Faults stick to the reader. */
static struct condition *condition_of(struct loader *l, struct yaml_reader *r, const char *key)
{
    if (yaml_text_or(r, key, NULL) == NULL)
        return NULL;
    struct condition *condition = r->ok ? compile(l, yaml_find(r->map, key)) : NULL;
    if (condition == NULL)
        r->ok = false;
    return condition;
}

/*
 * The same where no instalment is in hand: with whom, not when. A fact of one instalment is
 * never known there, so that the condition could never hold.
 */
static struct condition *condition_of_file(struct loader *l, struct yaml_reader *r,
                                           const char *key)
{
    static const struct {
        enum strategy_fact fact;
        const char *instead;
    } of_items[] = { { ITEM_DAYS_PAST_DUE, "oldest_days_past_due" },
                     { ITEM_DAYS_DELINQUENT, "oldest_days_past_due" },
                     { ITEM_OPEN_MINOR, "total_open_minor" },
                     { ITEM_KIND, "creditor or business" } };
    struct condition *condition = condition_of(l, r, key);

    for (size_t i = 0; condition != NULL && r->ok && i < COUNT(of_items); i++) {
        if (condition_reads(condition, of_items[i].fact))
            r->ok = yaml_fail(yaml_find(r->map, key), l->why,
                              "\"%s\" is a fact of one instalment; here use %s",
                              strategy_facts.names[of_items[i].fact].name, of_items[i].instead);
    }
    return condition;
}

static void read_channels(struct loader *l, struct yaml_reader *r, struct ladder_step *step)
{
    struct yaml_texts names = yaml_texts(r, l->a, "channels");

    if (r->ok && (names.count == 0 || names.count > COUNT(step->channels)))
        r->ok = yaml_fail(r->map, l->why, "a step needs one to six channels");
    for (size_t i = 0; r->ok && i < names.count; i++) {
        if (!channel_parse(names.texts[i], &step->channels[i]))
            r->ok = yaml_fail(yaml_find(r->map, "channels"), l->why,
                              "there is no channel \"%s\"", names.texts[i]);
        for (size_t k = 0; r->ok && k < i; k++) {
            if (step->channels[k] == step->channels[i])
                r->ok = yaml_fail(yaml_find(r->map, "channels"), l->why,
                                  "channel \"%s\" is named twice", names.texts[i]);
        }
    }
    step->channel_count = names.count;
}

static bool read_step(struct loader *l, const struct yaml *node, struct ladder_step *step)
{
    struct yaml_reader r = yaml_read(node, l->why);
    const struct yaml *before = yaml_find(node, "before_due"),
                      *after = yaml_find(node, "after_due");

    yaml_only(&r, "id", "before_due", "after_due", "when", "channels", "template", NULL);
    step->id = yaml_text(&r, "id");
    step->place = node->place;
    if (r.ok && (before == NULL) == (after == NULL))
        r.ok = yaml_fail(node, l->why, "a step needs either before_due or after_due, in days");
    if (before != NULL)
        step->day = -(int)yaml_int(&r, "before_due", 1, DAYS_MOST);
    else
        step->day = (int)yaml_int(&r, "after_due", 0, DAYS_MOST);
    step->when = condition_of(l, &r, "when");
    step->when_text = yaml_text_or(&r, "when", NULL);
    step->template = yaml_text(&r, "template");
    read_channels(l, &r, step);
    return r.ok;
}

static bool read_steps(struct loader *l, const struct yaml *list, struct ladder *ladder)
{
    if (list->count == 0)
        return yaml_fail(list, l->why, "a ladder needs at least one step");
    ladder->steps = arena_array(l->a, struct ladder_step, list->count);
    ladder->step_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        struct ladder_step *step = &ladder->steps[i];
        if (!read_step(l, list->items[i], step))
            return false;
        if (i > 0 && step->day <= ladder->steps[i - 1].day)
            return yaml_fail(list->items[i], l->why,
                             "step \"%s\" must lie later than \"%s\", the one before it",
                             step->id, step[-1].id);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(ladder->steps[k].id, step->id) == 0)
                return yaml_fail(list->items[i], l->why, "two steps are called \"%s\"",
                                 step->id);
        }
    }
    return true;
}

static bool read_end(struct loader *l, const struct yaml *node, struct ladder *ladder)
{
    struct yaml_reader r = yaml_read(node, l->why);
    bool known = false;

    yaml_only(&r, "after", "then", NULL);
    ladder->end_after_days = (int)yaml_int(&r, "after", 1, DAYS_MOST);
    ladder->end_then = yaml_text(&r, "then");
    for (size_t i = 0; i < COUNT(ends); i++)
        known = known || strcmp(ends[i], ladder->end_then) == 0;
    if (r.ok && !known)
        r.ok = yaml_fail(yaml_find(node, "then"), l->why,
                         "\"%s\" is no end; use hand_over, person, write_off or stop",
                         ladder->end_then);
    return r.ok;
}

static bool read_ladder(struct loader *l, const struct yaml *node, struct ladder *ladder)
{
    struct yaml_reader r = yaml_read(node, l->why);

    yaml_only(&r, "name", "entry", "stale_after", "gap", "steps", "end", NULL);
    ladder->name = yaml_text(&r, "name");
    ladder->place = node->place;
    const char *entry = yaml_text_or(&r, "entry", "highest");
    ladder->entry = strcmp(entry, "highest") == 0 ? ENTRY_HIGHEST : ENTRY_ONE_AT_A_TIME;
    if (r.ok && ladder->entry != ENTRY_HIGHEST && strcmp(entry, "one_at_a_time") != 0)
        r.ok = yaml_fail(yaml_find(node, "entry"), l->why,
                         "entry must be highest or one_at_a_time");
    ladder->stale_after_days = (int)yaml_int_or(&r, "stale_after", 0, DAYS_MOST, 30);
    ladder->gap_days = (int)yaml_int_or(&r, "gap", 1, DAYS_MOST, 1);
    const struct yaml *steps = yaml_list(&r, "steps"), *end = yaml_map(&r, "end");
    return r.ok && read_steps(l, steps, ladder) && read_end(l, end, ladder);
}

static const struct ladder *ladder_named(const struct strategy *s, const char *name)
{
    for (size_t i = 0; i < s->ladder_count; i++) {
        if (strcmp(s->ladders[i].name, name) == 0)
            return &s->ladders[i];
    }
    return NULL;
}

static bool read_segment(struct loader *l, const struct yaml *node, struct segment *segment)
{
    struct yaml_reader r = yaml_read(node, l->why);

    yaml_only(&r, "name", "when", "ladder", NULL);
    segment->name = yaml_text(&r, "name");
    segment->place = node->place;
    segment->when = condition_of_file(l, &r, "when");
    segment->when_text = yaml_text_or(&r, "when", NULL);
    const char *ladder = yaml_text(&r, "ladder");
    segment->ladder = ladder_named(l->strategy, ladder);
    if (r.ok && segment->ladder == NULL)
        r.ok = yaml_fail(yaml_find(node, "ladder"), l->why, "there is no ladder \"%s\" here",
                         ladder);
    return r.ok;
}

static bool read_lists(struct loader *l, const struct yaml *ladders,
                       const struct yaml *segments)
{
    struct strategy *s = l->strategy;
    struct segment *made = arena_array(l->a, struct segment, segments->count + 1);

    s->ladders = arena_array(l->a, struct ladder, ladders->count + 1);
    for (size_t i = 0; i < ladders->count; i++) {
        if (!read_ladder(l, ladders->items[i], &s->ladders[i]))
            return false;
        if (ladder_named(s, s->ladders[i].name) != NULL)
            return yaml_fail(ladders->items[i], l->why, "two ladders are called \"%s\"",
                             s->ladders[i].name);
        s->ladder_count++;
    }
    for (size_t i = 0; i < segments->count; i++) {
        if (!read_segment(l, segments->items[i], &made[i]))
            return false;
        if (i + 1 < segments->count && made[i].when == NULL)
            return yaml_fail(segments->items[i], l->why,
                             "segment \"%s\" takes everybody: what follows is never reached",
                             made[i].name);
    }
    s->segments = made;
    s->segment_count = segments->count;
    if (s->segment_count == 0)
        return yaml_fail(segments, l->why, "a strategy needs at least one segment");
    return true;
}

struct strategy *strategy_parse(struct arena *a, const char *file, const char *bytes,
                                size_t length, struct fault *why)
{
    struct loader l = { a, why, arena_make(a, struct strategy) };
    struct strategy *s = l.strategy;

    *why = (struct fault){ 0 };
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);
    if (root == NULL)
        return NULL;
    struct yaml_reader r = yaml_read(root, why);
    yaml_only(&r, "strategy", "title", "order", "for", "promises", "ladders", "segments",
              "cases", NULL);
    s->name = yaml_text(&r, "strategy");
    s->title = yaml_text(&r, "title");
    s->file = arena_copy(a, file);
    s->digest = digest_short(a, digest_of(bytes, length), 16);
    s->order = (int)yaml_int_or(&r, "order", 0, 1000000, 100);
    s->applies = condition_of_file(&l, &r, "for");
    s->applies_text = yaml_text_or(&r, "for", NULL);
    s->cases = yaml_list_or(&r, "cases");
    const struct yaml *promises = yaml_map_or(&r, "promises");
    if (r.ok && promises != NULL) {
        struct yaml_reader p = yaml_read(promises, why);
        yaml_only(&p, "tolerance_percent", "grace_days", NULL);
        s->promise_tolerance_bp = (int)yaml_int_or(&p, "tolerance_percent", 0, 50, 0) * 100;
        s->promise_grace_days = (int)yaml_int_or(&p, "grace_days", 0, 30, 0);
        r.ok = p.ok;
    }
    const struct yaml *ladders = yaml_list(&r, "ladders"),
                      *segments = yaml_list(&r, "segments");
    if (!r.ok || !read_lists(&l, ladders, segments))
        return NULL;
    strategy_find_turns(s, a);
    return s;
}

static int by_order(const void *a, const void *b)
{
    const struct strategy *x = *(const struct strategy *const *)a;
    const struct strategy *y = *(const struct strategy *const *)b;

    return x->order != y->order ? (x->order > y->order) - (x->order < y->order)
                                : strcmp(x->name, y->name);
}

bool strategies_load(struct arena *a, struct strategies *out, struct fault *why)
{
    const char **paths;
    size_t count;

    if (!files_list(a, "strategies/", ".yaml", &paths, &count, why))
        return false;
    const struct strategy **all = arena_array(a, const struct strategy *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct file file;
        if (!files_load(a, paths[i], &file, why))
            return false;
        all[i] = strategy_parse(a, paths[i], (const char *)file.bytes, file.length, why);
        if (all[i] == NULL)
            return false;
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[k]->name, all[i]->name) == 0)
                return fail(why, BAD_PACK, "%s and %s are both called \"%s\"; rename one.",
                            all[k]->file, all[i]->file, all[i]->name);
        }
    }
    qsort(all, count, sizeof *all, by_order);
    *out = (struct strategies){ count, all };
    return true;
}
