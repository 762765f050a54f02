#include "formats/strategy_compare.h"

#include "base/text.h"

#include <string.h>

struct comparing {
    struct arena *a;
    size_t marked;
    const char *heading; /* told before the first line that has a mark; NULL: told already */
    void (*change)(void *context, const struct strategy_change *change);
    void *context;
};

static void tell(struct comparing *c, char mark, const char *text)
{
    if (c->heading != NULL && c->change != NULL)
        c->change(c->context, &(struct strategy_change){ ' ', c->heading });
    c->heading = NULL;
    c->marked++;
    if (c->change != NULL)
        c->change(c->context, &(struct strategy_change){ mark, text });
}

/* Either may be NULL: there is no such line. */
static void pair(struct comparing *c, const char *old_text, const char *new_text)
{
    if (text_equal(old_text, new_text))
        return;
    if (old_text != NULL)
        tell(c, '-', old_text);
    if (new_text != NULL)
        tell(c, '+', new_text);
}

/* ---- Lines ------------------------------------------------------------------------------- */

static const char *head_text(struct arena *a, const struct strategy *s)
{
    return arena_print(a, "for %s, order %d", s->applies_text != NULL ? s->applies_text : "all",
                       s->order);
}

static const char *promises_text(struct arena *a, const struct strategy *s)
{
    return arena_print(a, "promises are kept from %d%% on, up to %d days late",
                       100 - s->promise_tolerance_bp / 100, s->promise_grace_days);
}

static const char *segment_text(struct arena *a, const struct segment *segment)
{
    return arena_print(a, "%-12s %-40s -> %s", segment->name,
                       segment->when_text != NULL ? segment->when_text : "everybody else",
                       segment->ladder->name);
}

static const char *rules_text(struct arena *a, const struct ladder *ladder)
{
    return arena_print(a, "%s, gap %d days, stale after %d",
                       ladder->entry == ENTRY_HIGHEST ? "highest step first"
                                                      : "one step at a time",
                       ladder->gap_days, ladder->stale_after_days);
}

static const char *end_text(struct arena *a, const struct ladder *ladder)
{
    return arena_print(a, "end after %d days: %s", ladder->end_after_days, ladder->end_then);
}

static const char *step_text(struct arena *a, const struct ladder_step *step)
{
    const char *channels = channel_name(step->channels[0]);

    for (size_t i = 1; i < step->channel_count; i++)
        channels = arena_print(a, "%s, %s", channels, channel_name(step->channels[i]));
    return arena_print(a, "day %3d  %-20s %-16s %s%s%s", step->day, step->id, channels,
                       step->template, step->when_text != NULL ? "  when " : "",
                       step->when_text != NULL ? step->when_text : "");
}

/* ---- Ladders ----------------------------------------------------------------------------- */

static const struct ladder *ladder_named(const struct strategy *s, const char *name)
{
    for (size_t i = 0; i < s->ladder_count; i++) {
        if (strcmp(s->ladders[i].name, name) == 0)
            return &s->ladders[i];
    }
    return NULL;
}

/* Both rows ascend by day: merged, the lines do, too. */
static void compare_steps(struct comparing *c, const struct ladder *old_one,
                          const struct ladder *new_one)
{
    size_t o = 0, n = 0, olds = old_one != NULL ? old_one->step_count : 0;
    size_t news = new_one != NULL ? new_one->step_count : 0;

    while (o < olds || n < news) {
        const struct ladder_step *old_step = o < olds ? &old_one->steps[o] : NULL;
        const struct ladder_step *new_step = n < news ? &new_one->steps[n] : NULL;
        if (old_step != NULL && new_step != NULL && old_step->day != new_step->day) {
            if (old_step->day < new_step->day)
                new_step = NULL;
            else
                old_step = NULL;
        }
        pair(c, old_step != NULL ? step_text(c->a, old_step) : NULL,
             new_step != NULL ? step_text(c->a, new_step) : NULL);
        o += old_step != NULL;
        n += new_step != NULL;
    }
}

/* Of one name; either may be NULL: there is no such ladder. */
static void compare_ladders(struct comparing *c, const char *name, const struct ladder *old_one,
                            const struct ladder *new_one)
{
    c->heading = arena_print(c->a, "ladder %s", name);
    pair(c, old_one != NULL ? rules_text(c->a, old_one) : NULL,
         new_one != NULL ? rules_text(c->a, new_one) : NULL);
    compare_steps(c, old_one, new_one);
    pair(c, old_one != NULL ? end_text(c->a, old_one) : NULL,
         new_one != NULL ? end_text(c->a, new_one) : NULL);
}

static void compare_heads(struct comparing *c, const struct strategy *old_one,
                          const struct strategy *new_one)
{
    c->heading = "strategy";
    pair(c, old_one->name, new_one->name);
    pair(c, head_text(c->a, old_one), head_text(c->a, new_one));
    pair(c, promises_text(c->a, old_one), promises_text(c->a, new_one));
    c->heading = "segments";
    for (size_t i = 0; i < old_one->segment_count || i < new_one->segment_count; i++)
        pair(c, i < old_one->segment_count ? segment_text(c->a, &old_one->segments[i]) : NULL,
             i < new_one->segment_count ? segment_text(c->a, &new_one->segments[i]) : NULL);
}

size_t strategy_compare(struct arena *a, const struct strategy *old_one,
                        const struct strategy *new_one,
                        void (*change)(void *context, const struct strategy_change *change),
                        void *context)
{
    struct comparing c = { .a = a, .change = change, .context = context };

    compare_heads(&c, old_one, new_one);
    for (size_t i = 0; i < old_one->ladder_count; i++) {
        const struct ladder *ladder = &old_one->ladders[i];
        compare_ladders(&c, ladder->name, ladder, ladder_named(new_one, ladder->name));
    }
    for (size_t i = 0; i < new_one->ladder_count; i++) {
        const struct ladder *ladder = &new_one->ladders[i];
        if (ladder_named(old_one, ladder->name) == NULL)
            compare_ladders(&c, ladder->name, NULL, ladder);
    }
    return c.marked;
}
