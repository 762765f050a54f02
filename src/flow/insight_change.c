/* What changed: the few things of a period that moved, each with what most of it is. */
#include "flow/insight_parts.h"
#include "flow/insight_words.h"

#include "base/text.h"
#include "flow/view.h"

#include <string.h>

enum { SENTENCES_MOST = 6 };

struct telling {
    const struct insight_frame *f;
    struct insight_change *all;
    size_t count, room;
    struct fault *why;
};

static void tell(struct telling *t, struct insight_change sentence)
{
    if (t->count < SENTENCES_MOST)
        *arena_push(t->f->arena, t->all, t->count, t->room) = sentence;
}

#define SAY(t, ...) arena_print((t)->f->arena, __VA_ARGS__)

static const char *tenths(const struct telling *t, int64_t value)
{
    return insight_tenths(t->f->arena, value);
}

/* ---- Cohorts ----------------------------------------------------------------------------- */

static int64_t recovered_tenths(const struct cohort *c, size_t age)
{
    return rounded_ratio((measure_sum)c->recovered_minor[age] * 1000, c->placed_minor);
}

/* The newest month that has had time to pay beside one five months older, at the same age. */
static bool tell_cohorts(struct telling *t)
{
    enum { OLDER = 5, AGE = 1, LEAST_TENTHS = 10 };
    struct cohorts c;

    if (!insight_cohorts(t->f, t->f->money, &c, t->why))
        return false;
    size_t at = c.count - 1 - AGE;
    const struct cohort *is = &c.all[at], *was = &c.all[at - OLDER];
    if (is->placed_debts < TOO_FEW || was->placed_debts < TOO_FEW || is->placed_minor <= 0 ||
        was->placed_minor <= 0)
        return true;
    int64_t now = recovered_tenths(is, AGE), before = recovered_tenths(was, AGE);
    if (now - before < LEAST_TENTHS && before - now < LEAST_TENTHS)
        return true;
    tell(t, (struct insight_change){
                .insight = INSIGHT_LIQUIDATION,
                .lead = now > before ? "Newer placements pay faster."
                                     : "Newer placements pay more slowly.",
                .rest = SAY(t, "Those of %s had paid %s%% a month after; those of %s %s%%.",
                            insight_month(t->f->arena, is->month), tenths(t, now),
                            insight_month(t->f->arena, was->month), tenths(t, before)),
                .link_words = "See the curves" });
    return true;
}

/* ---- A figure, and what most of its change is ----------------------------------------------
 */

static const struct insight_row *largest(const struct insight_breakdown *all, size_t count,
                                         const char **dimension)
{
    const struct insight_row *best = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct insight_row *row = all[i].count > 0 ? &all[i].rows[0] : NULL;
        if (row == NULL || !row->shared || row->share_tenths < 300 || row->share_tenths > 1000)
            continue;
        if (best == NULL || row->share_tenths > best->share_tenths) {
            best = row;
            *dimension = all[i].dimension;
        }
    }
    return best;
}

/* `least`: the smallest change that is worth a sentence, in tenths of the unit; of amounts, of
 * a percent. */
static bool tell_figure(struct telling *t, enum insight insight, int64_t least,
                        const char *more, const char *less)
{
    struct insight_part now = insight_part(t->f), before = insight_part_before(t->f);
    struct insight_breakdown *all;
    struct measured is, was;
    const char *dimension = "";
    size_t count;
    bool up;

    if (!insight_value(t->f, &now, insight, &is, t->why) ||
        !insight_value(t->f, &before, insight, &was, t->why))
        return false;
    const char *moved = insight_moved(t->f, &is, &was, &up);
    int64_t size = measured_tenths(&is) - measured_tenths(&was);
    if (is.unit == UNIT_MONEY && measured_tenths(&was) > 0)
        size = rounded_ratio((measure_sum)size * 1000, measured_tenths(&was));
    if (moved == NULL || (size < least && -size < least))
        return true;
    if (!insight_breakdowns(t->f, insight, &all, &count, t->why))
        return false;
    const struct insight_row *most = largest(all, count, &dimension);
    bool client = most != NULL && text_equal(dimension, "client");
    bool segment = most != NULL && text_equal(dimension, "segment");
    bool strategy = most != NULL && text_equal(dimension, "strategy");
    const char *part = most == NULL          ? NULL
                       : segment || strategy ? SAY(t, "%s “%s”", dimension, most->title)
                                             : most->title;
    const char *because =
        part == NULL ? ""
                     : SAY(t, " %lld%% of that is %s.",
                           (long long)rounded_ratio(most->share_tenths, 10), part);
    tell(t, (struct insight_change){
                .insight = insight,
                .client = client ? most->key : NULL,
                .segment = segment ? most->key : NULL,
                .strategy = strategy ? most->key : NULL,
                .lead = up ? more : less,
                .rest = SAY(t, "%s by %s, to %s.%s", up ? "Up" : "Down", moved,
                            insight_said(t->f, &is), because),
                .link_words = part == NULL ? "See more" : SAY(t, "See %s", part) });
    return true;
}

/* ---- Disputes: one client's, of one reason -------------------------------------------------
 */

struct dispute_jump {
    const char *client;
    int32_t reason;
    int64_t now, before;
};

static void jump_look(const struct tally *is, const struct tally *was, const char *client,
                      struct dispute_jump *most)
{
    for (size_t i = 0; i < is->dispute_count; i++) {
        int64_t now = is->disputes[i].opened, before = 0;
        for (size_t k = 0; k < was->dispute_count; k++) {
            if (was->disputes[k].reason == is->disputes[i].reason)
                before = was->disputes[k].opened;
        }
        if (now - before > most->now - most->before)
            *most = (struct dispute_jump){ client, is->disputes[i].reason, now, before };
    }
}

static const char *jump_words(struct telling *t, const struct dispute_jump *j)
{
    if (j->before == 0)
        return SAY(t, "came to %s; there were none before.",
                   insight_count(t->f->arena, j->now));
    if (j->now >= 2 * j->before)
        return SAY(t, "more than doubled to %s, from %s.", insight_count(t->f->arena, j->now),
                   insight_count(t->f->arena, j->before));
    return SAY(t, "rose to %s, from %s.", insight_count(t->f->arena, j->now),
               insight_count(t->f->arena, j->before));
}

static bool tell_disputes(struct telling *t)
{
    enum { LEAST = 8 };
    const struct insight_frame *f = t->f;
    struct tally *is = arena_make(f->arena, struct tally);
    struct tally *was = arena_make(f->arena, struct tally);
    struct dispute_jump most = { 0 };

    for (size_t i = 0; i < f->client_count; i++) {
        struct insight_part now = insight_part_of(
                                f, (struct insight_where){ .client = f->client_names[i] }),
                            before = now;
        struct insight_part days = insight_part_before(f);
        before.from = days.from;
        before.to = days.to;
        if (!insight_tally(f, &now, FIGURE_BIT(FIGURE_DISPUTE), is, t->why) ||
            !insight_tally(f, &before, FIGURE_BIT(FIGURE_DISPUTE), was, t->why))
            return false;
        jump_look(is, was, f->client_names[i], &most);
    }
    if (most.client == NULL || most.now < LEAST || most.now * 2 < most.before * 3)
        return true;
    tell(t, (struct insight_change){
                .insight = INSIGHT_DISPUTES,
                .lead = SAY(t, "%s: “%s” disputes", most.client,
                            insight_reason(f->arena, insight_word(f, most.reason))),
                .rest = jump_words(t, &most),
                .accounts = true,
                .client = most.client,
                .first = most.reason,
                .link_words = SAY(t, "Open %s accounts", insight_count(f->arena, most.now)) });
    return true;
}

/* ---- Medians, and what rules hold back -----------------------------------------------------
 */

static bool tell_median(struct telling *t, enum insight insight, const char *slower,
                        const char *quicker)
{
    enum { LEAST_THINGS = 10, LEAST_TENTHS = 3 };
    struct insight_part now = insight_part(t->f), before = insight_part_before(t->f);
    struct measured is, was;

    if (!insight_value(t->f, &now, insight, &is, t->why) ||
        !insight_value(t->f, &before, insight, &was, t->why))
        return false;
    int64_t size = measured_tenths(&is) - measured_tenths(&was);
    if (!is.known || !was.known || is.out_of < LEAST_THINGS || was.out_of < LEAST_THINGS ||
        (size < LEAST_TENTHS && -size < LEAST_TENTHS))
        return true;
    tell(t,
         (struct insight_change){ .insight = insight,
                                  .lead = size > 0 ? slower : quicker,
                                  .rest = SAY(t, "Median %s, was %s.", insight_said(t->f, &is),
                                              insight_said(t->f, &was)),
                                  .link_words = "See more" });
    return true;
}

static const char *rule_words(const struct insight_frame *f, const char *id)
{
    const struct rule *rule = f->view != NULL ? view_rule(f->view, id) : NULL;

    return rule != NULL ? rule_title(rule) : id;
}

/* Only of today: how things stand has no history. */
static bool tell_stopped(struct telling *t)
{
    const struct insight_frame *f = t->f;
    struct stopped_row *rows;
    const struct stopped_row *top[2] = { NULL, NULL };
    size_t count;
    int64_t all = 0;

    if (f->as_of.number != f->today.number)
        return true;
    if (!insight_standings(f, &rows, &count, t->why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].rule[0] == '\0')
            continue;
        all += rows[i].files;
        if (top[0] == NULL)
            top[0] = &rows[i];
        else if (top[1] == NULL)
            top[1] = &rows[i];
    }
    if (all == 0)
        return true;
    const char *second = top[1] == NULL ? ""
                                        : SAY(t, ", %s (%s)", rule_words(f, top[1]->rule),
                                              insight_count(f->arena, top[1]->files));
    tell(t, (struct insight_change){
                .insight = INSIGHT_STOPPED,
                .lead =
                    SAY(t, "%s accounts are held back by rules.", insight_count(f->arena, all)),
                .rest = SAY(t, "Most: %s (%s)%s.", rule_words(f, top[0]->rule),
                            insight_count(f->arena, top[0]->files), second),
                .link_words = "See why" });
    return true;
}

bool insight_changes(const struct insight_frame *f, struct insight_change **out, size_t *count,
                     struct fault *why)
{
    struct telling t = { .f = f, .why = why };

    if (!tell_cohorts(&t) ||
        !tell_figure(&t, INSIGHT_COLLECTED, 50, "More came in.", "Less came in.") ||
        !tell_figure(&t, INSIGHT_RIGHT_PERSON, 4, "More calls reach the person.",
                     "Fewer calls reach the person.") ||
        !tell_disputes(&t) ||
        !tell_figure(&t, INSIGHT_PROMISES, 10, "Promises hold better.",
                     "Promises hold less well.") ||
        !tell_median(&t, INSIGHT_HARDSHIP, "Hardship answers take longer.",
                     "Hardship answers are quicker.") ||
        !tell_median(&t, INSIGHT_TIME_TO_ANSWER, "People wait longer for an answer.",
                     "People are answered sooner.") ||
        !tell_stopped(&t))
        return false;
    *out = t.all;
    *count = t.count;
    return true;
}
