/* By agent: what each person here did, where a person acts. Money that comes in, and what the
 * program sends by itself, are nobody's. */
#include "flow/insight_parts.h"

#include <string.h>

struct agents {
    const struct insight_frame *f;
    const struct deed *deed;
    struct day to;
    bool before; /* which of the two periods is read */
    size_t count, room;
    struct insight_agent *all;
    size_t spans_room;
    struct histogram (*spans)[2]; /* of each: how long it took, now and before */
};

/* What is counted of whom, and in which unit. */
static const struct deed {
    enum insight insight;
    enum figure figure;
    enum measure_unit unit;
    bool of_money;
    int parts; /* of medians: so many make one of the unit */
} deeds[] = {
    { INSIGHT_PROMISES, FIGURE_AGENT_PROMISE, UNIT_PERCENT, true, 0 },
    { INSIGHT_PROMISES_TAKEN, FIGURE_AGENT_TAKEN, UNIT_MONEY, true, 0 },
    { INSIGHT_RIGHT_PERSON, FIGURE_AGENT_CALL, UNIT_PERCENT, false, 0 },
    { INSIGHT_CONTACT_HOURS, FIGURE_AGENT_CALL, UNIT_PERCENT, false, 0 },
    { INSIGHT_TIME_TO_ANSWER, FIGURE_AGENT_ANSWER, UNIT_HOURS, false, 10 },
    { INSIGHT_DISPUTES_ANSWERED, FIGURE_AGENT_DISPUTE, UNIT_COUNT, false, 0 },
    { INSIGHT_HARDSHIP, FIGURE_AGENT_HARDSHIP, UNIT_DAYS, false, 1 },
};

static const struct deed *deed_of(enum insight insight)
{
    for (size_t i = 0; i < COUNT(deeds); i++) {
        if (deeds[i].insight == insight)
            return &deeds[i];
    }
    return NULL;
}

bool insight_agent_figure(enum insight insight, enum figure *figure, bool *of_money)
{
    const struct deed *deed = deed_of(insight);

    if (deed == NULL)
        return false;
    *figure = deed->figure;
    *of_money = deed->of_money;
    return true;
}

static size_t place_of(struct agents *a, const char *who)
{
    enum measure_unit unit = a->deed->unit;
    size_t i = 0, spans = a->count;

    while (i < a->count && strcmp(a->all[i].who, who) != 0)
        i++;
    if (i < a->count)
        return i;
    memset(arena_push(a->f->arena, a->spans, spans, a->spans_room), 0, sizeof *a->spans);
    *arena_push(a->f->arena, a->all, a->count, a->room) = (struct insight_agent){
        .who = who, .now = { .unit = unit }, .before = { .unit = unit }
    };
    return i;
}

static void take_promise(struct measured *m, const struct figure_sum *row, struct day to)
{
    int32_t state = agent_key_promise(row->key.second) / 2;

    if (row->key.period + agent_key_days(row->key.second) > to.number || state < PROMISE_KEPT ||
        state > PROMISE_BROKEN)
        return;
    m->denominator += row->minor;
    m->out_of += row->counted;
    m->numerator += state == PROMISE_KEPT ? row->minor : 0;
}

static void take_call(struct measured *m, const struct figure_sum *row)
{
    if (row->key.second == 0) {
        m->denominator += row->counted;
        m->out_of += row->counted;
    } else {
        m->numerator += row->counted;
    }
}

static void take(void *into, const struct figure_sum *row)
{
    struct agents *a = into;
    size_t place = place_of(a, insight_word(a->f, row->key.first));
    struct measured *m = a->before ? &a->all[place].before : &a->all[place].now;

    if (a->deed->figure == FIGURE_AGENT_PROMISE)
        take_promise(m, row, a->to);
    else if (a->deed->parts > 0)
        histogram_add(a->f->arena, &a->spans[place][a->before], row->key.second, row->counted);
    else if (a->deed->figure == FIGURE_AGENT_CALL)
        take_call(m, row);
    else
        m->numerator += a->deed->unit == UNIT_MONEY ? row->minor : row->counted;
}

static bool read_part(struct agents *a, const struct insight_part *part, bool before,
                      struct fault *why)
{
    enum figure figure = a->deed->figure;
    const struct figure_set *set = a->deed->of_money ? &part->money : &part->people;

    a->before = before;
    a->to = part->to;
    /* promises need each day: months do not say when they were judged */
    if (figure == FIGURE_AGENT_PROMISE)
        return insight_each_day(a->f, set, figure, part->from, part->to, take, a, why);
    return insight_between(a->f, set, figure, part->from, part->to, take, a, why);
}

static void settle(const struct agents *a, struct measured *m, const struct histogram *spans)
{
    int64_t value = 0;

    if (a->deed->parts > 0) {
        m->known = histogram_percentile(spans, 50, &value);
        m->numerator = value;
        m->denominator = a->deed->parts;
        m->out_of = spans->things;
    } else {
        m->known = m->unit != UNIT_PERCENT || m->denominator != 0;
    }
}

bool insight_agents(const struct insight_frame *f, enum insight insight,
                    struct insight_agent **out, size_t *count, struct fault *why)
{
    struct agents a = { .f = f, .deed = deed_of(insight) };
    struct insight_part now = insight_part(f), before = insight_part_before(f);

    *count = 0;
    if (a.deed == NULL)
        return true;
    if (!read_part(&a, &now, false, why) || !read_part(&a, &before, true, why))
        return false;
    for (size_t i = 0; i < a.count; i++) {
        settle(&a, &a.all[i].now, &a.spans[i][false]);
        settle(&a, &a.all[i].before, &a.spans[i][true]);
    }
    *out = a.all;
    *count = a.count;
    return true;
}
