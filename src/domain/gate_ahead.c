/*
 * The first moment at which a contact would be allowed.
 *
 * A verdict can only turn into yes at certain moments: where something that blocks says that it
 * ends, where a fact begins or ends, where an agreed hour comes, at a contact that is planned,
 * or with a new day. The question is asked again at the next of them, and so on.
 */
#include "domain/question.h"

#include "base/text.h"

static const int64_t DAY_US = (int64_t)SECONDS_A_DAY * 1000000;
static const int64_t MINUTE_US = (int64_t)60 * 1000000;

/* Takes the moment when it lies ahead and is the nearest so far. */
static void note_turn(const struct gate_question *q, int64_t us, struct instant *next)
{
    if (us > q->at.us && us < next->us)
        next->us = us;
}

/* Today or tomorrow at this time of the person's day, wherever they may be. */
static void note_wall(const struct gate_question *q, int32_t second, struct instant *next)
{
    for (size_t i = 0; i < q->zone_count; i++) {
        struct day today = wall_at(q->at, q->zones[i]).day;
        for (int ahead = 0; ahead < 2; ahead++)
            note_turn(
                q,
                instant_of_wall((struct wall){ day_plus(today, ahead), second }, q->zones[i])
                    .us,
                next);
    }
}

/* With no zone known, dates change with the date of UTC. */
static void note_midnight(const struct gate_question *q, struct instant *next)
{
    int64_t today = q->at.us / DAY_US - (q->at.us % DAY_US < 0);

    note_wall(q, 0, next);
    if (q->zone_count == 0)
        note_turn(q, (today + 1) * DAY_US, next);
}

/* Where the clocks are about to change, an hour may come twice, or not at all. */
static void note_clock_change(const struct gate_question *q, struct instant *next)
{
    const int64_t quarter = 15 * MINUTE_US;
    struct instant tomorrow = { q->at.us + DAY_US };

    for (size_t i = 0; i < q->zone_count; i++) {
        if (zone_offset_at(q->zones[i], q->at) != zone_offset_at(q->zones[i], tomorrow))
            note_turn(q, (q->at.us / quarter + 1) * quarter, next);
    }
}

static int32_t minutes_of(const struct rule *rule)
{
    if (rule->shape == SHAPE_CAP)
        return rule->cap.consent.call_back_minutes;
    if (rule->shape == SHAPE_WAIT)
        return rule->wait.consent.call_back_minutes;
    return APPOINTMENT_MINUTES;
}

/* Hours and appointments that the person agreed to, or was said to. */
static void note_consent(const struct rule *rule, const struct gate_question *q,
                         const struct gate_fact *fact, struct instant *next)
{
    const char *call_back = gate_field_find(fact->detail, "call_back");
    int64_t minutes = minutes_of(rule) * MINUTE_US;
    struct instant agreed;

    if (consent_is_for_hours(fact)) {
        note_wall(q, 0, next);
        note_wall(q, fact->hours.from % SECONDS_A_DAY, next);
        note_wall(q, fact->hours.to % SECONDS_A_DAY, next);
    }
    if (call_back != NULL && instant_parse(call_back, &agreed)) {
        note_turn(q, agreed.us - minutes, next);
        note_turn(q, agreed.us + minutes + 1, next);
    }
}

/* What may happen to any rule: facts, agreed hours, contacts that come. */
static struct instant any_turn(const struct rule *rule, const struct gate_question *q)
{
    struct instant next = question_fact_turn(q);

    for (size_t i = 0; i < q->fact_count; i++) {
        if (q->facts[i].type == FACT_CONSENT && q->facts[i].until.us > q->at.us)
            note_consent(rule, q, &q->facts[i], &next);
    }
    for (size_t i = q->history_count; i-- > 0 && q->history[i].at.us > q->at.us;)
        note_turn(q, q->history[i].at.us, &next);
    note_clock_change(q, &next);
    return next;
}

/* An attorney's silence is counted from a moment, not from a day, when no zone is known. */
static void note_silence(const struct rule *rule, const struct gate_question *q,
                         struct instant *next)
{
    for (size_t i = 0; i < q->history_count; i++)
        note_turn(q, day_later_everywhere(q, q->history[i].at, rule->attorney.silent_days).us,
                  next);
}

/* What was said or done stands, whatever day it is, until something else is. */
static bool days_matter(const struct rule *rule)
{
    static const uint32_t standing = 1u << SHAPE_OPT_OUT | 1u << SHAPE_CEASE |
                                     1u << SHAPE_PLACE | 1u << SHAPE_HOLD | 1u << SHAPE_CONTENT;

    return (standing >> rule->shape & 1u) == 0 || rule->applies != NULL ||
           rule->to.number != DAY_NEVER.number;
}

/* The earliest moment at which this finding may be another one. */
static struct instant finding_turn(const struct finding *finding, const struct gate_question *q)
{
    const struct rule *rule = finding->rule;
    struct instant next = any_turn(rule, q);

    if (finding->ruling == RULING_DEFER) {
        note_turn(q, finding->until.us, &next);
        return next;
    }
    if (days_matter(rule))
        note_midnight(q, &next);
    if (rule->shape == SHAPE_ATTORNEY)
        note_silence(rule, q, &next);
    for (size_t i = 0; rule->shape == SHAPE_CONSENTED_HOURS && i < q->zone_count; i++)
        note_turn(q, hours_next_open(&rule->hours, wall_at(q->at, q->zones[i]), q->zones[i]).us,
                  &next);
    return next;
}

/* All of what blocks must turn: the last of their moments. */
static struct instant verdict_turn(const struct verdict *verdict, const struct gate_question *q)
{
    struct instant last = q->at;

    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (finding->ruling == RULING_ALLOW)
            continue;
        struct instant turn = finding_turn(finding, q);
        if (turn.us > last.us)
            last = turn;
    }
    return last;
}

struct instant gate_first_allowed(struct gate_packs packs, const struct gate_question *question,
                                  int horizon_days)
{
    enum { TRIES_MOST = 5000 };
    struct gate_question q = *question;
    int64_t horizon = question->at.us + horizon_days * DAY_US;
    struct verdict verdict;

    for (int i = 0; i < TRIES_MOST && q.at.us <= horizon; i++) {
        gate_judge(packs, &q, &verdict);
        if (verdict.ruling == RULING_ALLOW)
            return q.at;
        struct instant next = verdict_turn(&verdict, &q);
        if (next.us <= q.at.us || next.us == INT64_MAX)
            break;
        q.at = next;
    }
    return INSTANT_NEVER;
}
