/*
 * By what: an insight for each value of a dimension, and how much of the change of the whole
 * each of them is.
 *
 * Of amounts the parts simply add up. Of a ratio R = N ÷ D, with N and D the sums over parts,
 * the change is exactly the sum over parts of (n1 - R0 d1) ÷ D1 - (n0 - R0 d0) ÷ D0: what a
 * part does better than the whole did before, now and then, weighed by its size. So both count,
 * that a part changed and that it became larger or smaller. Medians have no parts.
 */
#include "flow/insight_parts.h"

#include "base/sort.h"

#include <string.h>

struct dividing {
    const struct insight_frame *f;
    enum insight insight;
    struct insight_part now, before;
    struct measured whole, whole_before;
    struct tally *tally, *tally_before;
    size_t count, room;
    struct insight_breakdown *all;
    struct fault *why;
};

/* ---- Shares of a change -------------------------------------------------------------------
 */

static bool adds_up(const struct measured *m)
{
    return m->unit == UNIT_MONEY || m->unit == UNIT_COUNT ||
           ((m->unit == UNIT_PERCENT || m->unit == UNIT_PER_10000 || m->unit == UNIT_TIMES) &&
            m->known);
}

static bool is_amount(const struct measured *m)
{
    return m->unit == UNIT_MONEY || m->unit == UNIT_COUNT;
}

/* Millionths of the unit ratio: (n - R0 d) ÷ D. */
static measure_sum excess(const struct measured *part, const struct measured *whole,
                          const struct measured *base)
{
    const measure_sum million = 1000000;

    if (whole->denominator == 0)
        return 0;
    measure_sum share = part->numerator * million / whole->denominator;
    measure_sum usual = part->denominator * million / whole->denominator * base->numerator;
    return share - usual / base->denominator;
}

static measure_sum part_of_change(const struct dividing *d, const struct insight_row *row)
{
    if (is_amount(&d->whole))
        return row->now.numerator - row->before.numerator;
    return excess(&row->now, &d->whole, &d->whole_before) -
           excess(&row->before, &d->whole_before, &d->whole_before);
}

static int compare_rows(const void *left, const void *right)
{
    const struct insight_row *a = left, *b = right;
    int64_t x = a->share_tenths < 0 ? -a->share_tenths : a->share_tenths;
    int64_t y = b->share_tenths < 0 ? -b->share_tenths : b->share_tenths;

    if (x != y)
        return x > y ? -1 : 1;
    if (a->now.out_of != b->now.out_of)
        return a->now.out_of > b->now.out_of ? -1 : 1;
    return strcmp(a->key, b->key);
}

static void share_out(const struct dividing *d, struct insight_breakdown *b)
{
    measure_sum sum = 0;

    if (adds_up(&d->whole) && adds_up(&d->whole_before) &&
        (is_amount(&d->whole) || d->whole_before.numerator != 0)) {
        for (size_t i = 0; i < b->count; i++)
            sum += part_of_change(d, &b->rows[i]);
        for (size_t i = 0; i < b->count && sum != 0; i++) {
            struct insight_row *row = &b->rows[i];
            measure_sum part = part_of_change(d, row);
            row->shared = true;
            row->share_tenths = rounded_ratio(part * 1000, sum);
            row->change_tenths =
                is_amount(&d->whole)
                    ? (int64_t)part
                    : rounded_ratio(part * (d->whole.unit == UNIT_PERCENT     ? 1000
                                            : d->whole.unit == UNIT_PER_10000 ? 100000
                                                                              : 10),
                                    1000000);
        }
    }
    sort_array(b->rows, b->count, sizeof *b->rows, compare_rows);
}

static struct insight_breakdown *dimension(struct dividing *d, const char *name, size_t most)
{
    struct insight_breakdown *b = arena_push(d->f->arena, d->all, d->count, d->room);

    *b = (struct insight_breakdown){ .dimension = name };
    b->rows = arena_array(d->f->arena, struct insight_row, most + 1);
    return b;
}

static bool is_nothing(const struct measured *m)
{
    return m->numerator == 0 && (m->denominator == 0 || !m->known);
}

static void row_add(struct insight_breakdown *b, const char *key, const char *title,
                    struct measured now, struct measured before)
{
    if (!is_nothing(&now) || !is_nothing(&before))
        b->rows[b->count++] =
            (struct insight_row){ .key = key, .title = title, .now = now, .before = before };
}

/* A dimension of one value says nothing. */
static void finish(struct dividing *d, struct insight_breakdown *b)
{
    if (b->count < 2)
        d->count--;
    else
        share_out(d, b);
}

/* ---- By client, segment and strategy --------------------------------------------------------
 */

static bool divide_one(struct dividing *d, struct insight_breakdown *b,
                       struct insight_where where, const char *key, const char *title)
{
    struct insight_part part = insight_part_of(d->f, where);
    struct measured now, before;

    part.from = d->now.from;
    part.to = d->now.to;
    if (!insight_value(d->f, &part, d->insight, &now, d->why))
        return false;
    part.from = d->before.from;
    part.to = d->before.to;
    if (!insight_value(d->f, &part, d->insight, &before, d->why))
        return false;
    row_add(b, key, title, now, before);
    return true;
}

static struct insight_where where_of(enum group_name by, const char *name)
{
    return (struct insight_where){ .client = by == NAME_CLIENT ? name : NULL,
                                   .segment = by == NAME_SEGMENT ? name : NULL,
                                   .strategy = by == NAME_STRATEGY ? name : NULL };
}

/* Of segments and strategies those of none are there, too: so that the parts are the whole. */
static bool by_names(struct dividing *d, const char *title, enum group_name by, size_t count,
                     const char *const *names)
{
    struct insight_breakdown *b = dimension(d, title, count + 1);

    for (size_t i = 0; i < count; i++) {
        if (!divide_one(d, b, where_of(by, names[i]), names[i], names[i]))
            return false;
    }
    if (by != NAME_CLIENT && !divide_one(d, b, where_of(by, NO_NAME), NO_NAME, "None"))
        return false;
    finish(d, b);
    return true;
}

static bool by_group(struct dividing *d)
{
    const struct insight_frame *f = d->f;

    return (f->client != NULL ||
            by_names(d, "client", NAME_CLIENT, f->client_count, f->client_names)) &&
           (f->segment != NULL ||
            by_names(d, "segment", NAME_SEGMENT, f->segment_count, f->segment_names)) &&
           (f->strategy != NULL ||
            by_names(d, "strategy", NAME_STRATEGY, f->strategy_count, f->strategy_names));
}

static bool by_agent(struct dividing *d)
{
    struct insight_agent *all = NULL;
    size_t count;

    if (!insight_agents(d->f, d->insight, &all, &count, d->why))
        return false;
    struct insight_breakdown *b = dimension(d, "agent", count);
    for (size_t i = 0; i < count; i++)
        row_add(b, all[i].who[0] != '\0' ? all[i].who : NO_NAME,
                all[i].who[0] != '\0' ? all[i].who : "None", all[i].now, all[i].before);
    finish(d, b);
    return true;
}

/* ---- By what a tally has --------------------------------------------------------------------
 */

static struct measured share(int64_t part, int64_t whole)
{
    return (struct measured){ UNIT_PERCENT, whole != 0, part, whole, whole };
}

static void by_channel(struct dividing *d)
{
    struct insight_breakdown *b = dimension(d, "channel", CHANNEL_COUNT);

    for (int i = 0; i < CHANNEL_COUNT; i++)
        row_add(b, channel_name((enum channel)i), channel_name((enum channel)i),
                share(d->tally->reached[i] + (i == CHANNEL_CALL ? 0 : d->tally->incoming[i]),
                      d->tally->tried[i]),
                share(d->tally_before->reached[i] +
                          (i == CHANNEL_CALL ? 0 : d->tally_before->incoming[i]),
                      d->tally_before->tried[i]));
    for (size_t i = 0; i < b->count; i++)
        b->rows[i].shared = false;
    if (b->count < 2)
        d->count--;
}

enum { DAYPARTS = 3 };

static void daypart_add(const struct tally *t, int weekday, int daypart, struct measured *out)
{
    static const int from[DAYPARTS + 1] = { 0, 12, 17, 24 };

    for (int hour = from[daypart]; hour < from[daypart + 1]; hour++) {
        out->numerator += t->hour_reached[weekday * 24 + hour];
        out->denominator += t->hour_tried[weekday * 24 + hour];
        out->out_of += t->hour_tried[weekday * 24 + hour];
    }
    out->unit = UNIT_PERCENT;
    out->known = out->denominator != 0;
}

static void by_hours(struct dividing *d)
{
    static const char *const days[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday" };
    static const char *const dayparts[] = { "mornings", "afternoons", "evenings" };
    struct insight_breakdown *b = dimension(d, "hours", COUNT(days) * DAYPARTS);

    for (int day = 0; day < (int)COUNT(days); day++) {
        for (int k = 0; k < DAYPARTS; k++) {
            struct measured now = { 0 }, before = { 0 };
            daypart_add(d->tally, day, k, &now);
            daypart_add(d->tally_before, day, k, &before);
            row_add(b, arena_print(d->f->arena, "%d.%d", day, k),
                    arena_print(d->f->arena, "%s %s", days[day], dayparts[k]), now, before);
        }
    }
    finish(d, b);
}

static int64_t opened_of(const struct tally *t, int32_t reason)
{
    for (size_t i = 0; i < t->dispute_count; i++) {
        if (t->disputes[i].reason == reason)
            return t->disputes[i].opened;
    }
    return 0;
}

static void by_reason(struct dividing *d)
{
    const struct insight_frame *f = d->f;
    struct insight_breakdown *b = dimension(d, "reason", f->word_count);

    for (size_t i = 0; i < f->word_count; i++) {
        struct measured now = { UNIT_COUNT, true, opened_of(d->tally, (int32_t)i + 1), 0, 0 };
        struct measured before = now;
        before.numerator = opened_of(d->tally_before, (int32_t)i + 1);
        row_add(b, arena_print(f->arena, "%zu", i + 1), f->words[i], now, before);
    }
    finish(d, b);
}

static struct measured kept_of_kind(const struct tally *t, int of_plan)
{
    struct measured m = { .unit = UNIT_PERCENT };

    for (int state = PROMISE_KEPT; state <= PROMISE_BROKEN; state++) {
        int key = promise_key(state, of_plan);
        m.denominator += t->promises[key].minor;
        m.out_of += t->promises[key].things;
        m.numerator += state == PROMISE_KEPT ? t->promises[key].minor : 0;
    }
    m.known = m.denominator != 0;
    return m;
}

static struct measured taken_of_kind(const struct tally *t, int of_plan)
{
    return (struct measured){ UNIT_MONEY, true, t->taken_minor[of_plan], 0, 0 };
}

static void by_kind(struct dividing *d,
                    struct measured (*of_kind)(const struct tally *t, int of_plan))
{
    static const char *const titles[] = { "Promises by themselves", "Payments of plans" };
    static const char *const keys[] = { "promise", "plan" };
    struct insight_breakdown *b = dimension(d, "kind", COUNT(titles));

    for (int of_plan = 0; of_plan < 2; of_plan++)
        row_add(b, keys[of_plan], titles[of_plan], of_kind(d->tally, of_plan),
                of_kind(d->tally_before, of_plan));
    finish(d, b);
}

static struct measured granted_to(const struct tally *t, int32_t word, enum plan_group by)
{
    for (size_t i = 0; i < t->plan_count; i++) {
        if (t->plans[i].word == word && t->plans[i].by == by)
            return tally_plans_granted(&t->plans[i]);
    }
    return (struct measured){ .unit = UNIT_PERCENT };
}

/* Shares granted are no parts of a gap: nothing of its change is theirs. One group is there to
 * be seen, too. */
static void by_plan_group(struct dividing *d, const char *title, enum plan_group by)
{
    const struct insight_frame *f = d->f;
    struct insight_breakdown *b = dimension(d, title, f->word_count);

    for (size_t i = 0; i < f->word_count; i++) {
        int32_t word = (int32_t)i + 1;
        row_add(b, arena_print(f->arena, "%zu", i + 1),
                f->words[i][0] != '\0' ? f->words[i] : "Not known",
                granted_to(d->tally, word, by), granted_to(d->tally_before, word, by));
    }
    sort_array(b->rows, b->count, sizeof *b->rows, compare_rows);
    if (b->count == 0)
        d->count--;
}

/* ---- All of them ----------------------------------------------------------------------------
 */

static bool divide_tallies(struct dividing *d)
{
    bool calls = d->insight == INSIGHT_RIGHT_PERSON || d->insight == INSIGHT_CONTACT_HOURS;
    uint32_t figures = insight_figures(d->insight) | (calls ? FIGURE_BIT(FIGURE_HOUR) : 0);

    d->tally = arena_make(d->f->arena, struct tally);
    d->tally_before = arena_make(d->f->arena, struct tally);
    if (!insight_tally(d->f, &d->now, figures, d->tally, d->why) ||
        !insight_tally(d->f, &d->before, figures, d->tally_before, d->why))
        return false;
    if (calls)
        by_hours(d);
    if (d->insight == INSIGHT_RIGHT_PERSON)
        by_channel(d);
    if (d->insight == INSIGHT_DISPUTES)
        by_reason(d);
    if (d->insight == INSIGHT_PROMISES)
        by_kind(d, kept_of_kind);
    if (d->insight == INSIGHT_PROMISES_TAKEN)
        by_kind(d, taken_of_kind);
    if (d->insight == INSIGHT_APPROVAL_GAP) {
        by_plan_group(d, "language", PLAN_BY_LANGUAGE);
        by_plan_group(d, "state", PLAN_BY_PLACE);
    }
    return true;
}

static bool divide(struct dividing *d)
{
    const struct insight_frame *f = d->f;

    if (!insight_value(f, &d->now, d->insight, &d->whole, d->why) ||
        !insight_value(f, &d->before, d->insight, &d->whole_before, d->why))
        return false;
    if (d->whole.unit == UNIT_NONE || d->insight == INSIGHT_STOPPED)
        return true;
    /* a gap lies between groups of people: it has no parts of its own */
    if (d->insight == INSIGHT_APPROVAL_GAP)
        return divide_tallies(d);
    return by_group(d) && by_agent(d) && divide_tallies(d);
}

bool insight_breakdowns(const struct insight_frame *f, enum insight insight,
                        struct insight_breakdown **out, size_t *count, struct fault *why)
{
    struct insight_frame kept = *f;
    struct dividing d = { .f = &kept,
                          .insight = insight,
                          .now = insight_part(f),
                          .before = insight_part_before(f),
                          .why = why };

    kept.read = read_rows_begin();
    bool fine = divide(&d);
    read_rows_free(kept.read);
    *out = d.all;
    *count = d.count;
    return fine;
}
