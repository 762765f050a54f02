/* Contacts, and how people are treated: attempts, answers, disputes, hardship, stops. */
#include "domain/contribute_parts.h"

static void put_day(const struct contribute_work *w, enum figure figure, struct day day,
                    int32_t first, int32_t second, int64_t counted)
{
    contribute_put(w, (struct contribution){ .figure = figure,
                                             .period = day.number,
                                             .first = first,
                                             .second = second,
                                             .counted = counted });
}

static int32_t at_most(int64_t value, int32_t most)
{
    return value > most ? most : (int32_t)value;
}

static void put_agent(const struct contribute_work *w, enum figure figure, struct day day,
                      const char *author, int32_t second)
{
    contribute_put(w, (struct contribution){ .figure = figure,
                                             .period = day.number,
                                             .word = contribute_who(author),
                                             .second = second,
                                             .counted = 1 });
}

static void put_contact(const struct contribute_work *w, const struct track_contact *k)
{
    bool incoming = k->direction == DIRECTION_IN;

    put_day(w, FIGURE_CONTACT, k->day, k->channel, contact_key(incoming, k->outcome), 1);
    if (incoming || k->channel != CHANNEL_CALL)
        return;
    put_day(w, FIGURE_HOUR, k->day, k->week_hour, 0, 1);
    put_agent(w, FIGURE_AGENT_CALL, k->day, k->author, 0);
    if (k->outcome != OUTCOME_CONVERSATION)
        return;
    put_day(w, FIGURE_HOUR, k->day, k->week_hour, 1, 1);
    put_agent(w, FIGURE_AGENT_CALL, k->day, k->author, 1);
}

/* Contacts come in the order of time: those of a week stand together. A week counts on its last
 * day: before it is over, nobody knows how often. */
static void put_weeks(const struct contribute_work *w)
{
    const struct track *t = w->c->track;
    struct day week = DAY_NONE;
    int64_t attempts = 0;

    for (size_t i = 0; i <= t->contact_count; i++) {
        bool over = i == t->contact_count;
        struct day monday = over ? DAY_NEVER : monday_of(t->contacts[i].day);
        if (monday.number != week.number && attempts > 0)
            put_day(w, FIGURE_WEEK, day_plus(week, 6), at_most(attempts, WEEK_MOST), 0, 1);
        if (over)
            return;
        if (monday.number != week.number)
            attempts = 0;
        week = monday;
        attempts += t->contacts[i].direction == DIRECTION_OUT;
    }
}

/* Something that asks for an answer: not what was said to somebody who was there. */
static bool asks(const struct track_contact *k)
{
    return k->direction == DIRECTION_IN && k->outcome != OUTCOME_CONVERSATION;
}

/* A message that the house would have sent anyway answers nobody. */
static bool answers(const struct track_contact *k)
{
    if (k->asks_for_money)
        return false;
    return k->outcome == OUTCOME_SENT || k->outcome == OUTCOME_DELIVERED ||
           k->outcome == OUTCOME_CONVERSATION;
}

/* The first thing that came to them after what they wrote. */
static void put_answers(const struct contribute_work *w)
{
    const struct track *t = w->c->track;
    const struct track_contact *answer = NULL;

    for (size_t i = t->contact_count; i-- > 0;) {
        const struct track_contact *k = &t->contacts[i];
        if (!asks(k))
            answer = answers(k) ? k : answer;
        else if (answer != NULL) {
            int32_t tenths = at_most((answer->minute - k->minute) / 6, ANSWER_MOST);
            put_day(w, FIGURE_ANSWER, answer->day, k->channel, tenths, 1);
            put_agent(w, FIGURE_AGENT_ANSWER, answer->day, answer->author, tenths);
        }
    }
}

/* ---- Steps of ladders -------------------------------------------------------------------- */

static void put_step(const struct contribute_work *w, const struct track_contact *k,
                     int32_t key, enum currency currency, int64_t counted, int64_t minor)
{
    contribute_put(w, (struct contribution){ .figure = FIGURE_STEP,
                                             .period = k->day.number,
                                             .currency = currency,
                                             .word = k->step,
                                             .second = key,
                                             .counted = counted,
                                             .minor = minor });
}

static bool is_step(const struct track_contact *k)
{
    return k->step != NULL && (k->outcome == OUTCOME_SENT || k->outcome == OUTCOME_DELIVERED);
}

/* Money counts for the last message before it, when that is not too long ago. */
static void put_step_money(const struct contribute_work *w, const struct track_contact *k,
                           struct day until)
{
    const struct track *t = w->c->track;
    struct day paid = DAY_NEVER;

    for (size_t i = 0; i < t->cash_count; i++) {
        const struct track_money *cash = &t->cash[i];
        if (cash->day.number < k->day.number || cash->day.number >= until.number ||
            cash->day.number > k->day.number + PAID_DAYS)
            continue;
        if (cash->minor > 0 && cash->day.number < paid.number)
            paid = cash->day;
        put_step(w, k, step_key(STEP_MONEY, cash->day.number - k->day.number), cash->currency,
                 0, cash->minor);
    }
    if (paid.number < DAY_NEVER.number)
        put_step(w, k, step_key(STEP_PAID, paid.number - k->day.number), CURRENCY_NONE, 1, 0);
}

static void put_steps(const struct contribute_work *w)
{
    const struct track *t = w->c->track;
    struct day until = DAY_NEVER;

    for (size_t i = t->contact_count; i-- > 0;) {
        const struct track_contact *k = &t->contacts[i];
        if (!is_step(k))
            continue;
        put_step(w, k, step_key(STEP_SENT, 0), CURRENCY_NONE, 1, 0);
        put_step_money(w, k, until);
        until = k->day;
    }
}

/* ---- Treatment --------------------------------------------------------------------------- */

static void put_dispute(const struct contribute_work *w, const struct track_dispute *d)
{
    struct contribution c = { .figure = FIGURE_DISPUTE,
                              .period = d->received_day.number,
                              .word = d->reason,
                              .second = FIGURE_ASKED,
                              .counted = 1 };
    int32_t days = d->state_day.number - d->received_day.number;

    contribute_put(w, c);
    if (d->open)
        return;
    c.period = d->state_day.number;
    c.second = d->withdrawn ? FIGURE_ENDED : at_most(days > 0 ? days : 0, DAYS_MOST);
    contribute_put(w, c);
    if (!d->withdrawn)
        put_agent(w, FIGURE_AGENT_DISPUTE, d->state_day, d->author, c.second);
}

static void put_hardship(const struct contribute_work *w, const struct track_hardship *h)
{
    bool decided = h->decided_day.number <= h->ended_day.number;

    put_day(w, FIGURE_HARDSHIP, h->asked_day, FIGURE_ASKED, 0, 1);
    contribute_span(
        w,
        (struct contribution){
            .figure = FIGURE_HARDSHIP, .first = FIGURE_WAITING, .counted = 1 },
        (struct track_span){ h->asked_day, decided ? h->decided_day : h->ended_day });
    if (h->decided_day.number == DAY_NEVER.number)
        return;
    int32_t days = at_most(business_days(h->asked_day, h->decided_day), DAYS_MOST);
    put_day(w, FIGURE_HARDSHIP, h->decided_day, days, 0, 1);
    put_agent(w, FIGURE_AGENT_HARDSHIP, h->decided_day, h->author, days);
}

static void put_plan(const struct contribute_work *w, const struct track_plan *p)
{
    const char *const words[PLAN_GROUPS] = { w->c->track->language, w->c->track->place };

    for (int by = 0; by < PLAN_GROUPS; by++)
        contribute_put(
            w, (struct contribution){ .figure = FIGURE_PLAN,
                                      .period = p->day.number,
                                      .word = contribute_who(words[by]),
                                      .second = plan_key((enum plan_group)by, p->declined),
                                      .counted = 1 });
}

void contribute_contacts(struct contribute_work *w)
{
    const struct track *t = w->c->track;

    for (size_t i = 0; i < t->contact_count; i++)
        put_contact(w, &t->contacts[i]);
    put_weeks(w);
    put_answers(w);
    if (contribute_wants(w, FIGURE_BIT(FIGURE_STEP)))
        put_steps(w);
    for (size_t i = 0; i < t->dispute_count; i++)
        put_dispute(w, &t->disputes[i]);
    for (size_t i = 0; i < t->hardship_count; i++)
        put_hardship(w, &t->hardships[i]);
    for (size_t i = 0; i < t->stop_count; i++)
        put_day(w, FIGURE_STOP, t->stops[i].day, t->stops[i].all, 0, 1);
    for (size_t i = 0; i < t->complaint_count; i++)
        put_day(w, FIGURE_COMPLAINT, t->complaints[i], 0, 0, 1);
    for (size_t i = 0; i < t->plan_count; i++)
        put_plan(w, &t->plans[i]);
}
