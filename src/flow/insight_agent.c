/* By agent: what each person here did, where a person acts. Money that comes in, and what the
 * program sends by itself, are nobody's. */
#include "flow/insight_parts.h"

#include <string.h>

struct agents {
    const struct insight_frame *f;
    enum insight insight;
    struct day to;
    bool before; /* which of the two periods is read */
    size_t count, room;
    struct insight_agent *all;
    size_t answers_room;
    struct histogram (*answers)[2]; /* of each: tenths of hours, now and before */
};

bool insight_has_agents(enum insight insight)
{
    return insight == INSIGHT_PROMISES || insight == INSIGHT_RIGHT_PERSON ||
           insight == INSIGHT_CONTACT_HOURS || insight == INSIGHT_TIME_TO_ANSWER;
}

static enum figure figure_of(enum insight insight)
{
    return insight == INSIGHT_PROMISES         ? FIGURE_AGENT_PROMISE
           : insight == INSIGHT_TIME_TO_ANSWER ? FIGURE_AGENT_ANSWER
                                               : FIGURE_AGENT_CALL;
}

static size_t place_of(struct agents *a, const char *who)
{
    enum measure_unit unit = a->insight == INSIGHT_TIME_TO_ANSWER ? UNIT_HOURS : UNIT_PERCENT;
    size_t i = 0, answers = a->count;

    while (i < a->count && strcmp(a->all[i].who, who) != 0)
        i++;
    if (i < a->count)
        return i;
    memset(arena_push(a->f->arena, a->answers, answers, a->answers_room), 0,
           sizeof *a->answers);
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

    if (a->insight == INSIGHT_PROMISES)
        take_promise(m, row, a->to);
    else if (a->insight == INSIGHT_TIME_TO_ANSWER)
        histogram_add(a->f->arena, &a->answers[place][a->before], row->key.second,
                      row->counted);
    else
        take_call(m, row);
}

static bool read_part(struct agents *a, const struct insight_part *part, bool before,
                      struct fault *why)
{
    enum figure figure = figure_of(a->insight);

    a->before = before;
    a->to = part->to;
    /* promises need each day: months do not say when they were judged */
    if (a->insight == INSIGHT_PROMISES)
        return insight_each_day(a->f, &part->money, figure, part->from, part->to, take, a, why);
    return insight_between(a->f, &part->people, figure, part->from, part->to, take, a, why);
}

static void settle(struct measured *m, const struct histogram *answers)
{
    int64_t value = 0;

    if (m->unit == UNIT_HOURS) {
        m->known = histogram_percentile(answers, 50, &value);
        m->numerator = value;
        m->denominator = 10;
        m->out_of = answers->things;
    } else {
        m->known = m->denominator != 0;
    }
}

bool insight_agents(const struct insight_frame *f, enum insight insight,
                    struct insight_agent **out, size_t *count, struct fault *why)
{
    struct agents a = { .f = f, .insight = insight };
    struct insight_part now = insight_part(f), before = insight_part_before(f);

    *count = 0;
    if (!insight_has_agents(insight))
        return true;
    if (!read_part(&a, &now, false, why) || !read_part(&a, &before, true, why))
        return false;
    for (size_t i = 0; i < a.count; i++) {
        settle(&a.all[i].now, &a.answers[i][false]);
        settle(&a.all[i].before, &a.answers[i][true]);
    }
    *out = a.all;
    *count = a.count;
    return true;
}
