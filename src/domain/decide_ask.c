/* Decide: what a contact by one channel would be asked about, and with which text. */
#include "domain/decide_parts.h"

static bool goes_by(const struct ladder_step *step, enum channel channel)
{
    for (size_t i = 0; i < step->channel_count; i++) {
        if (step->channels[i] == channel)
            return true;
    }
    return false;
}

/* ---- Which text ---------------------------------------------------------------------- */

/* So many steps of the ladder lie behind the open instalment that has gone furthest. */
static size_t steps_behind(const struct casefile *c, const struct ladder *ladder)
{
    size_t most = 0;

    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        size_t done = item->open_minor > 0 ? steps_done(ladder, item) : 0;
        if (done > most)
            most = done;
    }
    return most;
}

static const char *ladder_text(const struct casefile *c, const struct ladder *ladder,
                               enum channel channel)
{
    size_t behind = steps_behind(c, ladder);

    for (size_t i = behind; i < ladder->step_count; i++) {
        if (goes_by(&ladder->steps[i], channel))
            return ladder->steps[i].template;
    }
    for (size_t i = behind; i-- > 0;) {
        if (goes_by(&ladder->steps[i], channel))
            return ladder->steps[i].template;
    }
    return NULL;
}

const char *decision_text(const struct casefile *c, const struct decision *d,
                          enum channel channel)
{
    if (channel == CHANNEL_CALL)
        return NULL;
    if (d->step != NULL && goes_by(d->step, channel))
        return d->step->template;
    return d->segment != NULL ? ladder_text(c, d->segment->ladder, channel) : NULL;
}

void policy_hold(const struct policy *policy, const char *template, const struct party *party,
                 struct gate_question *question, struct arena *a)
{
    if (template == NULL || policy->content_of == NULL)
        return;
    question_hold(question,
                  policy->content_of(policy, template, party->language, question->channel),
                  party, wall_at(question->at, policy->zone).day, a);
}

/* ---- Which debts --------------------------------------------------------------------- */

/* The debts of the chosen items, each once; items come in the order of debts. */
static const struct gate_debt *debts_of_items(const struct casefile *c,
                                              const struct decision *d, struct arena *a,
                                              size_t *count)
{
    struct gate_debt *debts = arena_array(a, struct gate_debt, d->item_count);
    size_t n = 0;

    for (size_t i = 0; i < d->item_count; i++) {
        int32_t number = d->items[i].instalment->debt;
        if (n > 0 && debts[n - 1].number == number)
            continue;
        debts[n++] = ask_debt(c, number, d->now, a);
    }
    *count = n;
    return debts;
}

static bool is_open(const struct casefile *c, int32_t debt)
{
    for (size_t i = 0; i < c->instalment_count; i++) {
        if (c->instalments[i].debt == debt && c->instalments[i].open_minor > 0)
            return true;
    }
    return false;
}

static const struct gate_debt *debts_at_hand(const struct casefile *c, const struct decision *d,
                                             struct arena *a, size_t *count)
{
    struct gate_debt *debts = arena_array(a, struct gate_debt, c->debt_count + 1);
    bool any_open = false;

    for (size_t i = 0; i < c->debt_count; i++)
        any_open = any_open || is_open(c, c->debts[i].number);
    *count = 0;
    for (size_t i = 0; i < c->debt_count; i++) {
        if (!any_open || is_open(c, c->debts[i].number))
            debts[(*count)++] = ask_debt(c, c->debts[i].number, d->now, a);
    }
    return debts;
}

void decision_ask(const struct policy *policy, const struct casefile *c,
                  const struct decision *d, enum channel channel, const char *address,
                  struct instant at, struct arena *a, struct gate_question *out)
{
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    bool is_step = d->step != NULL && goes_by(d->step, channel);
    size_t count;
    const struct gate_debt *debts =
        is_step ? debts_of_items(c, d, a, &count) : debts_at_hand(c, d, a, &count);

    must(debtor != NULL);
    question_build(c, debtor, channel, address, at, count, debts, out);
    policy_hold(policy, decision_text(c, d, channel), debtor, out, a);
}

void contact_ask(const struct casefile *c, const struct decision *d, enum channel channel,
                 const char *address, struct instant at, struct arena *a,
                 struct gate_question *out)
{
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    size_t count;
    const struct gate_debt *debts = debts_at_hand(c, d, a, &count);

    must(debtor != NULL);
    question_build(c, debtor, channel, address, at, count, debts, out);
}
