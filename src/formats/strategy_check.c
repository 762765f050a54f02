#include "formats/strategy_check.h"

#include "base/files.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct check {
    struct arena *a;
    const struct strategy *strategy;
    size_t count, room;
    struct strategy_remark *remarks;
};

static void add(struct check *c, bool problem, struct place place, const char *format, ...)
    PRINTF(4, 5);

static void add(struct check *c, bool problem, struct place place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *text = arena_vprint(c->a, format, args);
    va_end(args);
    *arena_push(c->a, c->remarks, c->count, c->room) =
        (struct strategy_remark){ problem, place, text };
}

/* ---- Templates and channels -------------------------------------------------------------- */

static bool is_spoken(enum channel channel)
{
    return channel == CHANNEL_CALL || channel == CHANNEL_VOICEMAIL;
}

static size_t spoken_count(const struct ladder_step *step)
{
    size_t count = 0;

    for (size_t i = 0; i < step->channel_count; i++)
        count += is_spoken(step->channels[i]);
    return count;
}

static void check_template(struct check *c, const struct ladder_step *step)
{
    const char **paths;
    size_t count, spoken = spoken_count(step);
    struct fault why;
    struct file file;

    if (spoken > 0 && spoken < step->channel_count)
        add(c, true, step->place,
            "step \"%s\" is a call or something written, but has one template; make two steps",
            step->id);
    if (spoken == step->channel_count && strcmp(step->template, CALL_TEMPLATE) == 0)
        return;
    if (!files_list(c->a, "letters/en/", "", &paths, &count, &why) || count == 0)
        return; /* this program was made without letters */
    const char *path = arena_print(c->a, "letters/en/%s.md", step->template);
    if (!files_load(c->a, path, &file, &why))
        add(c, true, step->place, "step \"%s\" wants the letter %s, which does not exist",
            step->id, path);
}

static bool is_delivered(enum channel channel)
{
    return channel == CHANNEL_EMAIL || channel == CHANNEL_LETTER || channel == CHANNEL_CALL;
}

static void check_channels(struct check *c, const struct ladder_step *step)
{
    for (size_t i = 0; i < step->channel_count; i++) {
        if (!is_delivered(step->channels[i]))
            add(c, false, step->place, "step \"%s\": nothing is delivered by %s yet", step->id,
                channel_name(step->channels[i]));
    }
}

/* ---- Steps that are never taken ---------------------------------------------------------- */

static bool can_hold_on(const struct condition *when, enum strategy_fact fact, int64_t days)
{
    struct value values[STRATEGY_FACT_COUNT] = { 0 };

    values[fact] = (struct value){ .known = true, .number = days };
    return condition_test(when, values) != TRUTH_FALSE;
}

/* With everything else unknown: is the condition not false on some day of [first, last]? */
static bool can_hold(const struct condition *when, const struct turns *turns,
                     enum strategy_fact fact, int first, int last)
{
    if (turns->daily || can_hold_on(when, fact, first))
        return true;
    for (size_t i = 0; i < turns->count; i++) {
        if (turns->days[i] > first && turns->days[i] <= last &&
            can_hold_on(when, fact, turns->days[i]))
            return true;
    }
    return false;
}

static void check_reach(struct check *c, const struct ladder *ladder,
                        const struct ladder_step *step)
{
    const struct turns *turns = &ladder->turns;

    if (step->when == NULL)
        return;
    /* The oldest due date is never later than that of the instalment in hand. */
    if (!can_hold(step->when, turns, ITEM_DAYS_PAST_DUE, step->day, INT32_MAX) ||
        !can_hold(step->when, turns, FILE_OLDEST_DAYS, step->day, INT32_MAX))
        add(c, true, step->place,
            "step \"%s\" is never taken: its condition is false from day %d on", step->id,
            step->day);
    else if (!can_hold(step->when, turns, ITEM_DAYS_PAST_DUE, step->day,
                       step->day + ladder->stale_after_days))
        add(c, false, step->place,
            "step \"%s\" is stale before its condition can hold; it can only be a first word",
            step->id);
}

static void check_segments(struct check *c)
{
    const struct strategy *s = c->strategy;

    for (size_t i = 0; i < s->segment_count; i++) {
        const struct segment *segment = &s->segments[i];
        if (segment->when != NULL &&
            !can_hold(segment->when, &s->segment_turns, FILE_OLDEST_DAYS, -100000, INT32_MAX))
            add(c, true, segment->place, "segment \"%s\" is always empty", segment->name);
    }
    for (size_t i = 0; i < s->ladder_count; i++) {
        bool used = false;
        for (size_t k = 0; k < s->segment_count; k++)
            used = used || s->segments[k].ladder == &s->ladders[i];
        if (!used)
            add(c, true, s->ladders[i].place, "no segment leads to ladder \"%s\"",
                s->ladders[i].name);
    }
}

/* ---- Distances --------------------------------------------------------------------------- */

static void check_gap(struct check *c, const struct ladder *ladder, size_t at)
{
    const struct ladder_step *step = &ladder->steps[at];

    if (at == 0 || step->day - step[-1].day >= ladder->gap_days)
        return;
    add(c, false, step->place,
        "step \"%s\" lies %d days after \"%s\", but the gap is %d: it comes %d days late%s",
        step->id, step->day - step[-1].day, step[-1].id, ladder->gap_days,
        ladder->gap_days - (step->day - step[-1].day),
        ladder->entry == ENTRY_HIGHEST ? ", or is overtaken by the next" : "");
}

/* The first step with which more messages lie in seven days than the house allows. */
static void check_crowding(struct check *c, const struct ladder *ladder)
{
    for (size_t last = HOUSE_CONTACTS_IN_7_DAYS; last < ladder->step_count; last++) {
        const struct ladder_step *step = &ladder->steps[last];
        if (step->day - ladder->steps[last - HOUSE_CONTACTS_IN_7_DAYS].day >= 7)
            continue;
        if (ladder->gap_days * HOUSE_CONTACTS_IN_7_DAYS >= 7)
            continue; /* the gap keeps them apart, and check_gap says so */
        add(c, false, step->place,
            "with \"%s\" there are %d contacts in 7 days; the house allows %d, so it waits",
            step->id, HOUSE_CONTACTS_IN_7_DAYS + 1, HOUSE_CONTACTS_IN_7_DAYS);
        return;
    }
}

/* An instalment that changes its ladder goes on by the name and the day of its last step. */
static void check_names(struct check *c, size_t ladder_at, const struct ladder_step *step)
{
    for (size_t i = 0; i < ladder_at; i++) {
        const struct ladder *other = &c->strategy->ladders[i];
        size_t place = ladder_find(other, step->id);
        if (place == other->step_count || other->steps[place].day == step->day)
            continue;
        add(c, false, step->place,
            "step \"%s\" has another day here (%d) than in ladder \"%s\" (%d): whoever changes "
            "the segment may hear it twice",
            step->id, step->day, other->name, other->steps[place].day);
        return;
    }
}

/* ---- All --------------------------------------------------------------------------------- */

static void check_ladder(struct check *c, size_t at)
{
    const struct ladder *ladder = &c->strategy->ladders[at];

    for (size_t i = 0; i < ladder->step_count; i++) {
        check_template(c, &ladder->steps[i]);
        check_channels(c, &ladder->steps[i]);
        check_reach(c, ladder, &ladder->steps[i]);
        check_gap(c, ladder, i);
        check_names(c, at, &ladder->steps[i]);
    }
    check_crowding(c, ladder);
}

static int by_line(const void *a, const void *b)
{
    const struct strategy_remark *x = a, *y = b;

    if (x->place.line != y->place.line)
        return (x->place.line > y->place.line) - (x->place.line < y->place.line);
    return strcmp(x->text, y->text);
}

struct strategy_remarks
strategy_check(struct arena *a, const char *file, const char *bytes, size_t length,
               void (*remark)(void *context, const struct strategy_remark *remark),
               void *context)
{
    struct check c = { .a = a };
    struct strategy_remarks total = { 0 };
    struct fault why = { 0 };

    c.strategy = strategy_parse(a, file, bytes, length, &why);
    if (c.strategy == NULL) {
        add(&c, true, (struct place){ file, 0, 0 }, "%s", why.text);
    } else {
        for (size_t i = 0; i < c.strategy->ladder_count; i++)
            check_ladder(&c, i);
        check_segments(&c);
        if (c.strategy->cases == NULL || c.strategy->cases->count == 0)
            add(&c, false, (struct place){ file, 1, 1 }, "there are no cases to test it by");
        if (c.count > 0)
            qsort(c.remarks, c.count, sizeof *c.remarks, by_line);
    }
    for (size_t i = 0; i < c.count; i++) {
        total.problems += c.remarks[i].problem;
        total.warnings += !c.remarks[i].problem;
        if (remark != NULL)
            remark(context, &c.remarks[i]);
    }
    return total;
}
