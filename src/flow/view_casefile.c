/* One case file: whose it is, what is owed, what may be done about it now. */
#include "base/text.h"
#include "domain/ask.h"
#include "domain/gate_cure.h"
#include "flow/view_parts.h"
#include "store/casefiles.h"

enum { LOOK_AHEAD_DAYS = 45 };

struct query view_of_file(struct view *v, enum query_name name, struct casefile_key key)
{
    struct query q = query_begin(v->store, name);

    bind_key(&q, key);
    return q;
}

/* ---- What is owed ----------------------------------------------------------------------- */

static bool debts_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                       struct fault *why)
{
    struct query q = view_of_file(v, Q_WEB_DEBTS, key);
    size_t room = 0;

    while (query_next(&q)) {
        struct debt_row *d = arena_push(&v->arena, out->debts, out->debt_count, room);
        *d = (struct debt_row){ .debt = (int32_t)row_int(&q, 0),
                                .reference = view_text(v, &q, 1),
                                .kind = view_text(v, &q, 2),
                                .description = view_text(v, &q, 3),
                                .currency = (enum currency)row_int(&q, 4),
                                .invoice_day = view_day(&q, 5),
                                .terms = view_text(v, &q, 6),
                                .instalment = (int32_t)row_int(&q, 7),
                                .due_day = view_day(&q, 8),
                                .amount_minor = row_int(&q, 9),
                                .open_minor = row_int(&q, 9) - row_int(&q, 10),
                                .paid_day = view_day(&q, 11),
                                .last_step = view_text(v, &q, 12) };
    }
    return query_end(&q, why);
}

/* The first day after which one of the debts could not be sued for. */
static struct day limitation_day(struct view *v, struct gate_packs packs,
                                 const struct casefile *c)
{
    struct day first = DAY_NEVER;

    for (size_t i = 0; i < c->debt_count; i++) {
        struct gate_debt debt = ask_debt(c, c->debts[i].number, v->now, &v->arena);
        struct day last = gate_limitation_day(packs, &debt, v->today);
        if (last.number < first.number)
            first = last;
    }
    return first;
}

/* ---- May we? ---------------------------------------------------------------------------- */

struct judging_view {
    struct view *v;
    struct casefile_view *out;
    struct gate_packs packs;
};

static bool is_preferred(const struct casefile *c, enum channel channel, struct instant now)
{
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct gate_fact *f = &c->facts[i];
        if (f->type == FACT_PREFERENCE && f->channel_known && f->channel == channel &&
            f->at.us <= now.us && now.us < f->until.us)
            return true;
    }
    return false;
}

/* With the debtor, by this channel. A voicemail is a call. */
static const struct contact *last_contact(const struct casefile *c, enum channel channel,
                                          struct instant now)
{
    for (size_t i = c->contact_count; i-- > 0;) {
        const struct contact *k = &c->contacts[i];
        bool same = k->channel == channel ||
                    (channel == CHANNEL_CALL && k->channel == CHANNEL_VOICEMAIL);
        if (same && k->party == PARTY_DEBTOR && k->at.us <= now.us &&
            k->outcome != OUTCOME_PLANNED)
            return k;
    }
    return NULL;
}

static bool same_limit(const struct limit_view *l, const struct gate_use *use)
{
    return text_equal(l->rule, rule_id(use->rule)) && l->most == use->most;
}

/* Limits of a week; what a rule says of several channels is said once, of the one used most. */
static void limits_add(struct casefile_view *out, const struct gate_question *question,
                       const struct verdict *verdict)
{
    struct gate_use uses[USES_MOST];
    size_t count = gate_uses(question, verdict, uses), k;

    for (size_t i = 0; i < count; i++) {
        if (uses[i].days != 7)
            continue;
        for (k = 0; k < out->limit_count && !same_limit(&out->limits[k], &uses[i]); k++)
            ;
        if (k < out->limit_count && out->limits[k].used >= uses[i].used)
            continue;
        if (k == LIMITS_SHOWN)
            return;
        if (k == out->limit_count)
            out->limit_count++;
        out->limits[k] = (struct limit_view){ rule_id(uses[i].rule),
                                              rule_cite_first(uses[i].rule),
                                              rule_title(uses[i].rule),
                                              question->channel,
                                              uses[i].used,
                                              uses[i].most };
    }
}

/* The next moment after this one at which something that is known ends. */
static struct instant next_end(const struct casefile *c, struct instant after)
{
    struct instant next = INSTANT_NEVER;

    for (size_t i = 0; i < c->fact_count; i++) {
        if (c->facts[i].until.us > after.us && c->facts[i].until.us < next.us)
            next = c->facts[i].until;
    }
    return next;
}

/*
 * The first moment at which it is allowed, if nothing else happens. What a message holds
 * follows from its day: one that would be stale by the time a hold ends is asked about anew for
 * that day.
 */
static struct instant first_allowed(struct judging_view *j, const struct channel_view *ch,
                                    const struct gate_question *question)
{
    enum { ENDS_MOST = 4 };
    struct view *v = j->v;
    struct instant opens = gate_first_allowed(j->packs, question, LOOK_AHEAD_DAYS),
                   end = v->now;
    int64_t horizon = v->now.us + (int64_t)LOOK_AHEAD_DAYS * SECONDS_A_DAY * 1000000;
    struct gate_question *then = arena_make(&v->arena, struct gate_question);

    for (int i = 0; i < ENDS_MOST && opens.us == INSTANT_NEVER.us; i++) {
        end = next_end(j->out->casefile, end);
        if (end.us > horizon)
            break;
        decision_ask(v->policy, j->out->casefile, j->out->decision, ch->channel, ch->address,
                     end, &v->arena, then);
        opens = gate_first_allowed(j->packs, then, LOOK_AHEAD_DAYS);
    }
    return opens;
}

static void channel_judge(struct judging_view *j, struct channel_view *ch)
{
    struct view *v = j->v;
    struct verdict *verdict = arena_make(&v->arena, struct verdict);
    struct cures *cures = arena_make(&v->arena, struct cures);
    struct gate_question *question = arena_make(&v->arena, struct gate_question);

    decision_ask(v->policy, j->out->casefile, j->out->decision, ch->channel, ch->address,
                 v->now, &v->arena, question);
    gate_judge(j->packs, question, verdict);
    limits_add(j->out, question, verdict);
    ch->verdict = verdict;
    ch->ruling = verdict->ruling;
    if (verdict->ruling == RULING_ALLOW)
        return;
    if (verdict->decisive != NULL) {
        ch->reason = verdict->decisive->reason;
        ch->rule = rule_id(verdict->decisive->rule);
        ch->cite = rule_cite_first(verdict->decisive->rule);
        ch->unknown = verdict->decisive->unknown;
    }
    ch->until = first_allowed(j, ch, question);
    gate_cure(j->packs, question, verdict, LOOK_AHEAD_DAYS, &v->arena, cures);
    ch->cures = cures;
    ch->would_allow = cures_words(&v->arena, cures);
}

static void channel_add(struct judging_view *j, enum channel channel,
                        const struct contact_point *point)
{
    const struct casefile *c = j->out->casefile;

    if (j->out->channel_count == CHANNELS_SHOWN)
        return;
    struct channel_view *ch = &j->out->channels[j->out->channel_count++];
    *ch = (struct channel_view){ .channel = channel,
                                 .until = INSTANT_NEVER,
                                 .preferred = is_preferred(c, channel, j->v->now),
                                 .last = last_contact(c, channel, j->v->now) };
    if (point == NULL) {
        ch->address_is_bad = casefile_point(c, PARTY_DEBTOR, channel, false) != NULL;
        return;
    }
    ch->point = point->number;
    ch->address = point->address;
    channel_judge(j, ch);
}

static bool serves(const struct contact_point *point, enum channel channel)
{
    return point->good && point->party == PARTY_DEBTOR &&
           (point->channel == channel ||
            (channel == CHANNEL_CALL && point->channel == CHANNEL_SMS));
}

/* Every good address of each way of contact; a way without one has a row all the same. */
static void channels_judge(struct judging_view *j)
{
    static const enum channel shown[] = { CHANNEL_EMAIL, CHANNEL_LETTER, CHANNEL_CALL,
                                          CHANNEL_SMS };
    const struct casefile *c = j->out->casefile;

    for (size_t i = 0; i < COUNT(shown); i++) {
        bool any = false;
        for (size_t k = 0; k < c->point_count; k++) {
            if (!serves(&c->points[k], shown[i]))
                continue;
            any = true;
            channel_add(j, shown[i], &c->points[k]);
        }
        if (!any)
            channel_add(j, shown[i], NULL);
    }
}

/* ---- What is known, and what waits ------------------------------------------------------ */

static bool facts_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                       struct fault *why)
{
    struct query q = view_of_file(v, Q_FILE_FACTS, key);
    size_t room = 0;

    while (query_next(&q)) {
        struct fact_row *f = arena_push(&v->arena, out->facts, out->fact_count, room);
        *f = (struct fact_row){ .number = (int32_t)row_int(&q, 0),
                                .type = view_text(v, &q, 1),
                                .debt = (int32_t)row_int(&q, 2),
                                .at = view_instant(&q, 3),
                                .until = view_instant(&q, 4),
                                .scope = view_text(v, &q, 5),
                                .value = view_text(v, &q, 6),
                                .channel = view_text(v, &q, 7),
                                .weekdays = (int32_t)row_int(&q, 8),
                                .from = (int32_t)row_int(&q, 9),
                                .to = (int32_t)row_int(&q, 10),
                                .detail = view_text(v, &q, 11),
                                .source = view_text(v, &q, 12) };
    }
    return query_end(&q, why);
}

static bool tasks_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                       struct fault *why)
{
    struct query q = view_of_file(v, Q_FILE_TASKS, key);
    size_t room = 0;

    while (query_next(&q)) {
        struct task_row t = { .number = (int32_t)row_int(&q, 0),
                              .origin = view_text(v, &q, 2),
                              .reason = view_text(v, &q, 3),
                              .open = { row_int(&q, 5), (enum currency)row_int(&q, 4) },
                              .made_at = view_instant(&q, 6),
                              .due = view_instant(&q, 7),
                              .hidden_until = view_instant(&q, 8),
                              .assigned = row_int(&q, 9) };
        if (task_parse(row_text(&q, 1), &t.kind))
            *arena_push(&v->arena, out->tasks, out->task_count, room) = t;
    }
    return query_end(&q, why);
}

static bool desk_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                      struct fault *why)
{
    struct query q = view_of_file(v, Q_FILE_OWNER, key);

    out->desk = query_next(&q) ? view_text(v, &q, 1) : "";
    return query_end(&q, why);
}

/* The numbers that the query gives. */
static bool numbers_read(struct view *v, enum query_name name, struct casefile_key key,
                         int32_t **out, size_t *count, struct fault *why)
{
    struct query q = view_of_file(v, name, key);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    while (query_next(&q))
        *arena_push(&v->arena, *out, *count, room) = (int32_t)row_int(&q, 0);
    return query_end(&q, why);
}

static bool agreements_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                            struct fault *why)
{
    int32_t *plans, *offers;

    if (!numbers_read(v, Q_WEB_PLANS, key, &plans, &out->plan_count, why) ||
        !numbers_read(v, Q_WEB_OFFERS, key, &offers, &out->offer_count, why))
        return false;
    out->plans = arena_array(&v->arena, struct held_plan, out->plan_count + 1);
    out->offers = arena_array(&v->arena, struct held_offer, out->offer_count + 1);
    for (size_t i = 0; i < out->plan_count; i++) {
        if (!plan_get(v->store, &v->arena, key, plans[i], &out->plans[i], why))
            return false;
    }
    for (size_t i = 0; i < out->offer_count; i++) {
        if (!offer_get(v->store, &v->arena, key, offers[i], v->zone, &out->offers[i], why))
            return false;
    }
    return true;
}

static void judge(struct view *v, struct casefile *c, struct casefile_view *out)
{
    struct judging_view j = { v, out, { 0 } };

    out->decision = arena_make(&v->arena, struct decision);
    casefile_decide(v->policy, c, v->now, &v->arena, out->decision);
    j.packs = v->policy->packs_for(v->policy, &v->arena, c, out->party);
    out->limitation_day = limitation_day(v, j.packs, c);
    channels_judge(&j);
}

bool view_casefile(struct view *v, const char *reference, struct casefile_view *out,
                   struct fault *why)
{
    struct casefile_key key;
    struct casefile *c;

    *out = (struct casefile_view){ 0 };
    if (!view_find(v, reference, &key, why) ||
        !casefile_load(v->store, &v->arena, key, v->today, &c, why))
        return false;
    out->casefile = c;
    out->party = casefile_party(c, PARTY_DEBTOR);
    if (out->party == NULL)
        return fail(why, DB_ROW, "Case file \"%s\" has no debtor.", reference);
    judge(v, c, out);
    return desk_read(v, key, out, why) && debts_read(v, key, out, why) &&
           owed_read(v->store, &v->arena, key, v->today, &out->owed, why) &&
           file_check_read(v->store, &v->arena, c, v->now, v->today, &out->check, why) &&
           disputes_of(v->store, &v->arena, key, &out->disputes, &out->dispute_count, why) &&
           facts_read(v, key, out, why) && tasks_read(v, key, out, why) &&
           agreements_read(v, key, out, why);
}
