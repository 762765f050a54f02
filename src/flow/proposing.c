#include "flow/proposing.h"

#include "flow/account_cells.h"
#include "flow/granting.h"

bool plan_propose(struct book *b, struct casefile_key key, const struct plan_wish *wish,
                  struct proposed *out, struct fault *why)
{
    struct schedule *every = arena_make(&b->arena, struct schedule);
    struct plan_limit *limits = arena_array(&b->arena, struct plan_limit, AUTHORITY_LIMITS);
    struct granting g;
    size_t role;

    if (!granting_load(b, key, wish->currency, wish->debts, &g, why) ||
        !granting_role(&g, wish->role, &role, why) ||
        (wish->asked_every != NULL && !schedule_parse(wish->asked_every, every, why)))
        return false;
    struct plan_question question = { .open = g.open,
                                      .bearing_minor = g.parts.open[COMPONENT_PRINCIPAL],
                                      .today = g.today,
                                      .first_day = wish->first_day,
                                      .spare_minor = wish->spare_minor,
                                      .spare_period = PERIOD_MONTH,
                                      .payday_known = DAY_NONE,
                                      .down_minor = wish->down_minor,
                                      .down_day = wish->down_minor > 0 ? g.today : DAY_NONE,
                                      .asked_minor = wish->asked_minor,
                                      .asked_months = wish->asked_months,
                                      .asked_every = wish->asked_every != NULL ? every : NULL,
                                      .limitation_day = DAY_NEVER,
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
    const struct plan_answer *answer = &proposed->answer;
    const struct plan *plan = NULL;

    for (size_t i = 0; i < answer->plan_count && plan == NULL; i++) {
        if (answer->plans[i].aim == PLAN_ASKED)
            plan = &answer->plans[i];
    }
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
        { "payments", "Plan", CELL_TEXT },     { "first", "First", CELL_TEXT },
        { "last", "Last", CELL_TEXT },         { "currency", NULL, CELL_TEXT },
        { "total", "Total", CELL_MONEY },      { "months", "Months", CELL_COUNT },
        { "why", "Why", CELL_TEXT },           { "warning", NULL, CELL_TEXT },
    };
    struct table *t = sheet_table(out, "plans", "No plan passes.", COUNT(columns), columns);
    char text[SPLIT_TEXT];

    for (size_t i = 0; i < p->answer.plan_count; i++) {
        const struct plan *plan = &p->answer.plans[i];
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
    plan_choices(p, out);
    if (p->answer.plan_count > 0)
        plan_rows_of(&p->answer.plans[0], p->open.currency, out);
    plan_refusals(p, out);
}
