/* Shapes about the time of day: hours, consented_hours. */
#include "domain/question.h"

#include <string.h>

enum { DAYS_AHEAD = 200, STEPS_MOST = 20000 };

static bool day_is_shut(const struct hours_rule *rule, struct day day)
{
    for (size_t i = 0; i < rule->holiday_count; i++) {
        if (holiday_falls_on(&rule->holidays[i], day))
            return true;
    }
    return false;
}

static bool window_is_open(const struct hours_rule *rule, struct wall wall)
{
    unsigned today = 1u << weekday_of(wall.day);

    if (rule->window_count == 0)
        return true;
    for (size_t i = 0; i < rule->window_count; i++) {
        const struct day_window *window = &rule->windows[i];
        if ((window->weekdays & today) != 0 && wall.second >= window->open &&
            wall.second < window->close)
            return !day_is_shut(rule, wall.day);
    }
    return false;
}

struct instant hours_next_open(const struct hours_rule *rule, struct wall wall,
                               const struct zone *zone)
{
    for (int ahead = 0; ahead < DAYS_AHEAD; ahead++) {
        struct day day = day_plus(wall.day, ahead);
        int32_t opens = INT32_MAX;
        for (size_t i = 0; i < rule->window_count; i++) {
            const struct day_window *window = &rule->windows[i];
            bool later = ahead > 0 || window->open > wall.second;
            if (later && (window->weekdays >> weekday_of(day) & 1u) != 0 &&
                window->open < opens)
                opens = window->open;
        }
        if (opens != INT32_MAX && !day_is_shut(rule, day))
            return instant_of_wall((struct wall){ day, opens }, zone);
    }
    return INSTANT_NEVER;
}

struct instant hours_last_open(const struct hours_rule *rule, const struct zone *zone,
                               struct instant at)
{
    struct wall now = wall_at(at, zone);

    if (window_is_open(rule, now))
        return at;
    for (int back = 0; back < 14; back++) {
        struct wall last = { day_plus(now.day, -back), -1 };
        for (size_t i = 0; i < rule->window_count; i++) {
            const struct day_window *window = &rule->windows[i];
            bool today = window->weekdays >> weekday_of(last.day) & 1u;
            bool over = back > 0 || window->close <= now.second;
            if (today && over && window->close - 1 > last.second)
                last.second = window->close - 1;
        }
        if (last.second >= 0 && !day_is_shut(rule, last.day))
            return instant_of_wall(last, zone);
    }
    return at;
}

/* What this person called bad last of all that holds now; NULL when nothing does. */
static const struct gate_fact *bad_hours_at(const struct gate_question *q, struct instant at,
                                            struct wall wall)
{
    for (size_t i = q->fact_count; i-- > 0;) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type == FACT_INCONVENIENT_TIME && fact_is_in_force(fact, at) &&
            fact_concerns(fact, q) && hours_hold(fact->hours, wall))
            return fact;
    }
    return NULL;
}

static struct instant bad_hours_end(struct bad_hours hours, struct wall wall,
                                    const struct zone *zone)
{
    bool whole_day = hours.from == 0 && hours.to == 0;
    bool tonight = hours.from >= hours.to && wall.second >= hours.from;
    struct wall end = { wall.day, hours.to };

    if (whole_day || tonight || hours.to >= SECONDS_A_DAY)
        end.day = day_plus(wall.day, 1);
    if (end.second >= SECONDS_A_DAY)
        end.second = 0;
    return instant_of_wall(end, zone);
}

/* "22:30" → seconds of the day; what was not written as an hour leaves *out alone. */
static void hour_read(const char *text, int32_t *out)
{
    if (text != NULL && strlen(text) == 5)
        *out = ((text[0] - '0') * 10 + text[1] - '0') * 3600 +
               ((text[3] - '0') * 10 + text[4] - '0') * 60;
}

/* Consent counts only if the talk in which it was given was not itself at a shut hour, in any
 * place where the person may have been. */
static bool consent_is_clean(const struct gate_fact *fact, const struct rule *rule,
                             const struct gate_question *q)
{
    struct wall wall = wall_at(fact->at, q->zones[0]);
    const char *hour = gate_field_find(fact->detail, "during_hour");

    if (hour != NULL) {
        hour_read(hour, &wall.second);
        return window_is_open(&rule->hours, wall);
    }
    if (wall.second == 0) /* only the day is known */
        return true;
    for (size_t z = 0; z < q->zone_count; z++) {
        if (!window_is_open(&rule->hours, wall_at(fact->at, q->zones[z])))
            return false;
    }
    return true;
}

static bool consent_names_moment(const struct gate_fact *fact, const struct zone *zone,
                                 struct instant at)
{
    if (!consent_is_for_hours(fact))
        return consent_covers_appointment(fact, at, APPOINTMENT_MINUTES);
    return zone != NULL && hours_hold(fact->hours, wall_at(at, zone));
}

/* The newest consent that makes this moment good in the zone; NULL when there is none. */
static const struct gate_fact *consent_to_moment(const struct rule *rule,
                                                 const struct gate_question *q,
                                                 const struct zone *zone, struct instant at)
{
    for (size_t i = q->fact_count; i-- > 0;) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type == FACT_CONSENT && consent_is_direct(fact, q, at) &&
            consent_names_moment(fact, zone, at) && consent_is_clean(fact, rule, q))
            return fact;
    }
    return NULL;
}

/* `at` when that moment is good in every zone, else a later one that may be. What they called
 * bad before they agreed to it is good; what they called bad afterwards is bad. */
static struct instant next_good(const struct rule *rule, const struct gate_question *q,
                                struct instant at)
{
    const struct hours_rule *hours = &rule->hours;

    for (size_t i = 0; i < q->zone_count; i++) {
        struct wall wall = wall_at(at, q->zones[i]);
        const struct gate_fact *consent =
            hours->consented ? consent_to_moment(rule, q, q->zones[i], at) : NULL;
        if (consent == NULL && !window_is_open(hours, wall))
            return hours_next_open(hours, wall, q->zones[i]);
        const struct gate_fact *bad = hours->stated ? bad_hours_at(q, at, wall) : NULL;
        if (bad != NULL && (consent == NULL || consent->at.us <= bad->at.us))
            return bad_hours_end(bad->hours, wall, q->zones[i]);
    }
    return at;
}

static void soonest(struct instant *best, struct instant after, struct instant moment)
{
    if (moment.us > after.us && moment.us < best->us)
        *best = moment;
}

/* Agreed hours that begin later today or tomorrow, or an appointed call, let in before the
 * doors open; what was said for some time only ends. */
static struct instant next_word(const struct rule *rule, const struct gate_question *q,
                                struct instant at)
{
    struct instant best = INSTANT_NEVER, agreed;

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type == FACT_INCONVENIENT_TIME && rule->hours.stated)
            soonest(&best, at, fact->until);
        if (fact->type != FACT_CONSENT || !rule->hours.consented)
            continue;
        soonest(&best, at, fact->at);
        const char *call_back = gate_field_find(fact->detail, "call_back");
        if (call_back != NULL && instant_parse(call_back, &agreed)) {
            agreed.us -= APPOINTMENT_MINUTES * INT64_C(60000000);
            soonest(&best, at, agreed);
        }
        for (size_t z = 0; consent_is_for_hours(fact) && z < 2 * q->zone_count; z++) {
            const struct zone *zone = q->zones[z / 2];
            struct wall begins = { day_plus(wall_at(at, zone).day, (int)(z % 2)),
                                   fact->hours.from };
            soonest(&best, at, instant_of_wall(begins, zone));
        }
    }
    return best;
}

/* The first moment from `at` that is good in all zones at once; INSTANT_NEVER when there is none
 * for more than half a year, in which clocks are turned both ways: then waiting is no cure. */
static struct instant first_good(const struct rule *rule, const struct gate_question *q,
                                 struct instant at)
{
    const int64_t last = at.us + DAYS_AHEAD * INT64_C(86400000000);

    for (int step = 0; step < STEPS_MOST; step++) {
        struct instant next = next_good(rule, q, at);
        if (next.us == at.us)
            return at;
        struct instant word = next_word(rule, q, at);
        next = word.us < next.us ? word : next;
        if (next.us > last)
            return INSTANT_NEVER;
        at.us = next.us > at.us ? next.us : at.us + INT64_C(60000000);
    }
    return INSTANT_NEVER;
}

/* They wrote or rang at a shut hour, and no good hour has come since: one answer is welcome, by
 * the medium that they used. */
static bool answers_night_message(const struct rule *rule, const struct gate_question *q)
{
    if (!names_have(rule->replies, question_purpose(q)))
        return false;
    const struct contact *said =
        question_unanswered(q, channel_medium(q->channel), (struct instant){ INT64_MIN });
    return said != NULL && first_good(rule, q, said->at).us > q->at.us;
}

struct answer judge_hours(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;

    if (q->zone_count == 0)
        return answer_unknown("zones");
    struct instant good = first_good(rule, q, q->at);
    if (good.us == q->at.us || answers_night_message(rule, q))
        return answer_allow();
    return answer_defer(good);
}

/* Some consent to a contact by this channel, lawfully given or not, names this moment. */
static bool moment_is_named(const struct gate_question *q, const struct zone *zone)
{
    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type == FACT_CONSENT && fact_is_in_force(fact, q->at) &&
            fact_concerns(fact, q) && consent_names_channel(fact, q->channel) &&
            consent_names_moment(fact, zone, q->at))
            return true;
    }
    return false;
}

/* Speaks only of moments outside the usual hours that some consent names: it lets them pass
 * when that consent was given directly, at a good hour; else it says why it does not help. */
struct answer judge_consented_hours(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;
    bool named = q->zone_count == 0 && moment_is_named(q, NULL), agreed = true;

    for (size_t i = 0; i < q->zone_count; i++) {
        if (window_is_open(&rule->hours, wall_at(q->at, q->zones[i])))
            continue;
        named = named || moment_is_named(q, q->zones[i]);
        agreed = agreed && consent_to_moment(rule, q, q->zones[i], q->at) != NULL;
    }
    if (!named)
        return (struct answer){ .silent = true };
    return agreed ? answer_allow() : answer_deny();
}
