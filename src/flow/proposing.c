#include "flow/proposing.h"

#include "flow/account_cells.h"
#include "base/text.h"
#include "domain/agreement.h"
#include "domain/decide.h"
#include "flow/granting.h"
#include "flow/policy.h"
#include "store/casefiles.h"

#include <stdlib.h>
#include <string.h>

/* ---- Paydays ---- */

bool plan_period_parse(const char *name, enum plan_period *out)
{
    static const char *const names[] = { [PERIOD_WEEK] = "week",
                                         [PERIOD_TWO_WEEKS] = "2weeks",
                                         [PERIOD_FOUR_WEEKS] = "4weeks",
                                         [PERIOD_MONTH] = "month" };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (text_equal(name, names[i])) {
            *out = (enum plan_period)i;
            return true;
        }
    }
    return false;
}

/* The schedule that is meant; NULL when it is none of the short forms. */
static const char *payday_words(const char *text, enum plan_period period, char out[64])
{
    static const char *const weeks[] = { [PERIOD_WEEK] = "weekly",
                                         [PERIOD_TWO_WEEKS] = "2weeks",
                                         [PERIOD_FOUR_WEEKS] = "4weeks",
                                         [PERIOD_MONTH] = "weekly" };
    static const char *const days[] = { "monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday" };
    int first, second, end = 0;

    for (size_t i = 0; i < COUNT(days); i++) {
        if (text_equal(text, days[i]) || (strlen(text) == 3 && text_starts(days[i], text))) {
            snprintf(out, 64, "%s on %s", weeks[period], days[i]);
            return out;
        }
    }
    if (sscanf(text, "%2d%n", &first, &end) == 1 && text[end] == '\0') {
        snprintf(out, 64, "month on %d", first);
        return out;
    }
    if (sscanf(text, "%2d,%2d%n", &first, &second, &end) == 2 && text[end] == '\0') {
        struct schedule twice = { .kind = SCHEDULE_TWICE, .month_days = { first, second } };
        char printed[SCHEDULE_TEXT];
        snprintf(out, 64, "%.63s", schedule_print(&twice, printed));
        return out;
    }
    return NULL;
}

bool payday_read(const char *text, enum plan_period period, struct schedule *out,
                 struct fault *why)
{
    char words[64];
    const char *meant = payday_words(text, period, words);

    if (schedule_parse(meant != NULL ? meant : text, out, why) && out->kind != SCHEDULE_LIST)
        return true;
    fail(why, BAD_USAGE, "\"%s\" is no payday.", text);
    return fault_hint(why, "friday, 25, \"1,15\" or a schedule such as \"month on last friday\"");
}

/* ---- What the law says of time ---- */

static bool limitation_by(struct book *b, const struct policy *policy, struct casefile_key key,
                          struct debt_set debts, struct day today, struct day *out,
                          struct fault *why)
{
    struct casefile *c;

    if (!casefile_load(b->store, &b->arena, key, today, &c, why))
        return false;
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    for (size_t i = 0; debtor != NULL && i < c->debt_count; i++) {
        if (!debts_cover(debts, c->debts[i].number))
            continue;
        struct gate_debt debt = ask_debt(c, c->debts[i].number, b->now, &b->arena);
        struct day day =
            gate_limitation_day(policy->packs_for(policy, &b->arena, c, debtor), &debt, today);
        *out = day.number < out->number ? day : *out;
    }
    return true;
}

static bool limitation_day(struct book *b, struct casefile_key key, const struct plan_wish *wish,
                           struct day today, struct day *out, struct fault *why)
{
    *out = DAY_NEVER;
    if (wish->policy != NULL)
        return limitation_by(b, wish->policy, key, wish->debts, today, out, why);
    struct loaded_policy *loaded = policy_load(b->zone, b->now, why);
    bool done = loaded != NULL &&
                limitation_by(b, policy_of(loaded), key, wish->debts, today, out, why);
    policy_free(loaded);
    return done;
}

/* ---- The question ---- */

bool plan_propose(struct book *b, struct casefile_key key, const struct plan_wish *wish,
                  struct proposed *out, struct fault *why)
{
    struct schedule *every = arena_make(&b->arena, struct schedule);
    struct schedule *payday = arena_make(&b->arena, struct schedule);
    struct day limitation;
    struct plan_limit *limits = arena_array(&b->arena, struct plan_limit, AUTHORITY_LIMITS);
    struct granting g;
    size_t role;

    if (!granting_load(b, key, wish->currency, wish->debts, &g, why) ||
        !granting_role(&g, wish->role, &role, why) ||
        (wish->asked_every != NULL && !schedule_parse(wish->asked_every, every, why)) ||
        (wish->payday != NULL && !payday_read(wish->payday, wish->spare_period, payday, why)) ||
        !limitation_day(b, key, wish, g.today, &limitation, why))
        return false;
    struct plan_question question = { .open = g.open,
                                      .bearing_minor = g.parts.open[COMPONENT_PRINCIPAL],
                                      .today = g.today,
                                      .first_day = wish->first_day,
                                      .spare_minor = wish->spare_minor,
                                      .spare_period = wish->spare_period,
                                      .payday = wish->payday != NULL ? payday : NULL,
                                      .payday_known = wish->payday_known,
                                      .down_minor = wish->down_minor,
                                      .down_day = wish->down_minor > 0 ? g.today : DAY_NONE,
                                      .asked_minor = wish->asked_minor,
                                      .asked_months = wish->asked_months,
                                      .asked_every = wish->asked_every != NULL ? every : NULL,
                                      .limitation_day = limitation,
                                      .limits = limits };

    question.limit_count = granting_limits(&g, role, limits);
    out->open = g.open;
    plan_solve(&question, &b->arena, &out->answer);
    return true;
}

/* ---- What was asked for ---- */

static const char *schedule_of(struct arena *a, const struct plan *plan)
{
    char text[SCHEDULE_TEXT];
    char day[DAY_TEXT];
    const char *list = NULL;

    if (!plan->rhythm.after_payday && plan->rhythm.stride <= 1)
        return arena_copy(a, schedule_print(&plan->rhythm.schedule, text));
    for (size_t i = 0; i < plan->row_count && i < SCHEDULE_DATES_MOST; i++)
        list = arena_print(a, "%s%s%s", list == NULL ? "" : list, list == NULL ? "" : ",",
                           day_print(plan->rows[i].day, day));
    return list;
}

bool plan_chosen(struct book *b, const struct proposed *proposed, struct plan_input *in,
                 struct fault *why)
{
    return plan_chosen_at(b, proposed, 0, in, why);
}

static const struct plan *plan_at(const struct plan_answer *answer, int64_t place)
{
    if (place > 0)
        return place <= (int64_t)answer->plan_count ? &answer->plans[place - 1] : NULL;
    for (size_t i = 0; i < answer->plan_count; i++) {
        if (answer->plans[i].aim == PLAN_ASKED)
            return &answer->plans[i];
    }
    return NULL;
}

bool plan_chosen_at(struct book *b, const struct proposed *proposed, int64_t place,
                    struct plan_input *in, struct fault *why)
{
    const struct plan_answer *answer = &proposed->answer;
    const struct plan *plan = plan_at(answer, place);

    if (plan == NULL && place > 0)
        return fail(why, NOT_FOUND, "%zu plans are proposed; there is no %d.",
                    answer->plan_count, (int)place);
    if (plan == NULL && answer->refusal_count > 0) {
        fail(why, NOT_ALLOWED, "%s.", answer->refusals[0].sentence);
        return fault_hint(why, "recoup plan propose says what would do");
    }
    if (plan == NULL)
        return fail(why, BAD_VALUE, "No such plan can be made of what is open.");
    struct plan_item *items = arena_array(&b->arena, struct plan_item, plan->row_count);
    for (size_t i = 0; i < plan->row_count; i++)
        items[i] = (struct plan_item){ plan->rows[i].day, plan->rows[i].minor };
    in->items = items;
    in->item_count = plan->row_count;
    in->schedule = schedule_of(&b->arena, plan);
    return true;
}

/* ---- The rest of a plan ---- */

/* How many are open, and the day of the first of them. */
static int64_t items_open(const struct held_plan *plan, struct day *first)
{
    int64_t count = 0;

    for (size_t i = plan->item_count; i > 0; i--) {
        if (plan->items[i - 1].state != PROMISE_OPEN)
            continue;
        *first = plan->items[i - 1].due_day;
        count++;
    }
    return count;
}

static bool rest_days(struct book *b, const struct schedule *schedule, struct day first,
                      const struct split *split, struct plan_input *out, struct fault *why)
{
    struct closed_days open = { NULL, NULL };
    struct plan_item *items = arena_array(&b->arena, struct plan_item, (size_t)split->count);

    for (int i = 0; i < split->count; i++) {
        items[i] = (struct plan_item){ schedule_date(schedule, first, i, open),
                                       split_part(split, i) };
        if (items[i].day.number >= DAY_NEVER.number)
            return fail(why, BAD_VALUE, "The schedule has fewer days than payments.");
    }
    out->items = items;
    out->item_count = (size_t)split->count;
    return true;
}

bool plan_rest_items(struct book *b, const struct held_plan *plan, const struct plan_rest *rest,
                     struct plan_input *out, struct fault *why)
{
    struct money left = money_of(held_plan_open(plan), plan->is.currency);
    struct day first, today = book_today(b);
    int64_t count = items_open(plan, &first);
    struct schedule schedule;
    struct split split;

    *out = (struct plan_input){ .currency = plan->is.currency,
                                .schedule = rest->every != NULL ? rest->every : plan->schedule };
    if (count == 0)
        return fail(why, CONFLICT, "Nothing of plan %d is to come any more.",
                    (int)plan->is.number);
    if (rest->first.number != DAY_NONE.number)
        first = rest->first;
    if (!schedule_parse(out->schedule, &schedule, why))
        return false;
    if (rest->minor > 0 ? !split_by_amount(left, 0, rest->minor, 0, SMALL_LAST_SPREAD, &split)
                        : !split_evenly(left, 0, rest->count > 0 ? rest->count : count, &split))
        return fail(why, BAD_VALUE, "The rest cannot be paid like that.");
    if (split.count > PLAN_PAYMENTS_MOST || first.number < today.number)
        return fail(why, BAD_VALUE, "At most %d payments, from today on.", PLAN_PAYMENTS_MOST);
    return rest_days(b, &schedule, first, &split, out, why);
}

/* ---- To be looked at ---- */

static void plan_rows_of(const struct plan *plan, enum currency currency, struct sheet *out)
{
    static const struct table_column columns[] = {
        { "item", "#", CELL_COUNT },
        { "date", "Date", CELL_TEXT },
        { "amount", "Amount", CELL_MONEY },
        { "after", "Left after", CELL_MONEY },
    };
    struct table *t = sheet_table(out, "items", "", COUNT(columns), columns);

    for (size_t i = 0; i < plan->row_count; i++) {
        table_count(t, (int64_t)i + 1);
        table_text(t, day_text(t->arena, plan->rows[i].day.number));
        table_money(t, money_of(plan->rows[i].minor, currency));
        table_money(t, money_of(plan->rows[i].balance_minor, currency));
    }
}

static void plan_choices(const struct proposed *p, struct sheet *out)
{
    static const struct table_column columns[] = {
        { "number", "#", CELL_COUNT },         { "payments", "Plan", CELL_TEXT },
        { "first", "First", CELL_TEXT },
        { "last", "Last", CELL_TEXT },         { "currency", NULL, CELL_TEXT },
        { "total", "Total", CELL_MONEY },      { "months", "Months", CELL_COUNT },
        { "why", "Why", CELL_TEXT },           { "warning", NULL, CELL_TEXT },
    };
    struct table *t = sheet_table(out, "plans", "No plan passes.", COUNT(columns), columns);
    char text[SPLIT_TEXT];

    for (size_t i = 0; i < p->answer.plan_count; i++) {
        const struct plan *plan = &p->answer.plans[i];
        table_count(t, (int64_t)i + 1);
        table_text(t, split_show(&plan->split, text));
        table_text(t, day_text(t->arena, plan->first_day.number));
        table_text(t, day_text(t->arena, plan->last_day.number));
        table_text(t, currency_code(p->open.currency));
        table_money(t, money_of(plan->total_minor, p->open.currency));
        table_count(t, plan->months);
        table_text(t, plan->reason);
        table_text(t, plan->warning);
    }
}

static void plan_refusals(const struct proposed *p, struct sheet *out)
{
    static const struct table_column columns[] = {
        { "plan", "Not this", CELL_TEXT },
        { "why", "Why not", CELL_TEXT },
        { "nearest", NULL, CELL_MONEY },
    };
    char text[SPLIT_TEXT];

    if (p->answer.refusal_count == 0)
        return;
    struct table *t = sheet_table(out, "refused", "", COUNT(columns), columns);
    for (size_t i = 0; i < p->answer.refusal_count; i++) {
        const struct plan_refusal *r = &p->answer.refusals[i];
        table_text(t, split_show(&r->split, text));
        table_text(t, r->sentence);
        if (r->nearest_minor > 0)
            table_money(t, money_of(r->nearest_minor, p->open.currency));
        else
            table_none(t);
    }
}

void proposed_sheet(const struct proposed *p, struct sheet *out)
{
    char text[MONEY_TEXT];

    out->heading = arena_print(&out->arena, "Plans for %s %s. Nothing is saved.",
                               currency_code(p->open.currency), money_print(p->open, text));
    for (size_t i = 0; i < p->answer.plan_count; i++) {
        if (p->answer.plans[i].warning == NULL)
            continue;
        out->heading = arena_print(&out->arena, "%s\n%s: %s.", out->heading,
                                   p->answer.plan_count == 1 ? "Note" : "Note on one or more",
                                   p->answer.plans[i].warning);
        break;
    }
    plan_choices(p, out);
    if (p->answer.plan_count > 0)
        plan_rows_of(&p->answer.plans[0], p->open.currency, out);
    plan_refusals(p, out);
}
