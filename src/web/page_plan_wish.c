/* What somebody can and wants to pay, as it is typed, and the plans that follow from it. */
#include "web/planning.h"

#include "base/text.h"

#include <string.h>

enum { FIRST_DAYS = 14 };

static const struct choice rhythms[] = { { "weekly", "every week", NULL },
                                         { "2weeks", "every two weeks", NULL },
                                         { "4weeks", "every four weeks", NULL },
                                         { "month", "every month", NULL },
                                         { "1st and 15th", "on the 1st and the 15th", NULL },
                                         { "month on last friday", "on the last Friday", NULL } };

static const struct choice periods[] = { { "week", "a week", NULL },
                                         { "2weeks", "every two weeks", NULL },
                                         { "4weeks", "every four weeks", NULL },
                                         { "month", "a month", NULL } };

static const char *const wish_fields[] = { "spare", "spare_every", "payday", "next_payday",
                                           "amount", "months", "every", "first", "down",
                                           "debt", "replaces" };

/* ---- What was typed ---- */

static bool amount_read(struct page *p, const char *name, const char *what,
                        enum currency currency, int64_t *minor, struct fault *why)
{
    struct money money;

    if (!work_money(p, name, what, currency, &money, why))
        return false;
    *minor = money.minor;
    return true;
}

static bool means_read(struct page *p, struct plan_wish *wish, struct fault *why)
{
    const char *period = work_typed(p, "spare_every", NULL);

    if (period == NULL)
        period = "month";
    wish->payday = work_typed(p, "payday", NULL);
    if (!plan_period_parse(period, &wish->spare_period))
        return fail(why, BAD_VALUE, "Say how often they have that much to spare.");
    return amount_read(p, "spare", "what they can spare", wish->currency, &wish->spare_minor,
                       why) &&
           work_day(p, "next_payday", "the next payday", DAY_NONE, &wish->payday_known, why);
}

static bool debts_read(struct page *p, struct book *b, const struct account *account,
                       struct plan_wish *wish, struct fault *why)
{
    int32_t *debt = arena_make(&b->arena, int32_t);

    if (!account_debt(b, account, work_typed(p, "debt", NULL), debt, why) ||
        !account_currency(b, account, *debt, &wish->currency, why))
        return false;
    wish->debts = (struct debt_set){ *debt != 0, debt };
    return wish->currency != CURRENCY_NONE ||
           fail(why, BAD_VALUE, "They owe in several currencies: choose which debt it is for.");
}

static bool wish_read(struct page *p, struct book *b, const struct account *account,
                      struct plan_wish *wish, struct fault *why)
{
    int64_t months;

    *wish = (struct plan_wish){ .asked_every = work_typed(p, "every", NULL),
                                .policy = p->view->policy };
    if (!work_role(p, &wish->role, why) || !debts_read(p, b, account, wish, why) ||
        !amount_read(p, "amount", "each payment", wish->currency, &wish->asked_minor, why) ||
        !amount_read(p, "down", "the first payment", wish->currency, &wish->down_minor, why) ||
        !means_read(p, wish, why) ||
        !work_count(p, "months", "the months", 1, 600, 0, &months, why) ||
        !work_day(p, "first", "the first payment", day_plus(p->view->today, FIRST_DAYS),
                  &wish->first_day, why))
        return false;
    wish->asked_months = (int)months;
    return wish->first_day.number >= p->view->today.number ||
           fail(why, BAD_VALUE, "The first payment cannot be on a day that is past.");
}

/* ---- What may be agreed ---- */

static const struct plan *asked_of(const struct proposed *made)
{
    for (size_t i = 0; i < made->answer.plan_count; i++) {
        if (made->answer.plans[i].aim == PLAN_ASKED)
            return &made->answer.plans[i];
    }
    return NULL;
}

static void option_add(struct planning *s, struct plan_option option)
{
    if (s->count < PLAN_OPTIONS_MOST)
        s->options[s->count++] = option;
}

/* Beyond what they can spare it is theirs to say; nobody is kept from it. */
static bool over_add(struct planning *s, struct fault *why)
{
    struct plan_wish wish = s->wish;

    wish.spare_minor = 0;
    if (s->wish.spare_minor == 0)
        return true;
    if (!plan_propose(s->book, s->key, &wish, &s->without_means, why))
        return false;
    const struct plan *plan = asked_of(&s->without_means);
    if (plan != NULL)
        option_add(s, (struct plan_option){ .id = "over",
                                            .plan = plan,
                                            .of = &s->without_means,
                                            .over = true });
    return true;
}

/* The lowest role above one's own that may grant it. */
static bool approval_add(struct planning *s, struct fault *why)
{
    const struct authority_book *rules = s->granting.rules;
    struct plan_wish wish = s->wish;

    wish.spare_minor = 0;
    for (size_t role = s->role + 1; role < rules->role_count; role++) {
        wish.role = rules->roles[role].name;
        if (!plan_propose(s->book, s->key, &wish, &s->with_approval, why))
            return false;
        const struct plan *plan = asked_of(&s->with_approval);
        if (plan == NULL)
            continue;
        option_add(s, (struct plan_option){ .id = "ask",
                                            .plan = plan,
                                            .of = &s->with_approval,
                                            .approver = rules->roles[role].name,
                                            .approver_words = rules->roles[role].words });
        return true;
    }
    return true;
}

static bool options_find(struct planning *s, struct fault *why)
{
    if (!plan_propose(s->book, s->key, &s->wish, &s->made, why))
        return false;
    bool refused = s->asked && asked_of(&s->made) == NULL;
    if (refused && (!over_add(s, why) || (s->count == 0 && !approval_add(s, why))))
        return false;
    for (size_t i = 0; i < s->made.answer.plan_count; i++)
        option_add(s, (struct plan_option){
                          .id = arena_print(s->p->arena, "%zu", i + 1),
                          .plan = &s->made.answer.plans[i],
                          .of = &s->made,
                          .place = (int64_t)i + 1 });
    return true;
}

bool planning_read(struct page *p, struct book *b, const struct account *account,
                   struct planning *out, struct fault *why)
{
    *out = (struct planning){ .p = p, .book = b, .key = account->key };
    if (!wish_read(p, b, account, &out->wish, why))
        return false;
    out->asked = out->wish.asked_minor != 0 || out->wish.asked_months != 0 ||
                 out->wish.asked_every != NULL;
    return granting_load(b, account->key, out->wish.currency, out->wish.debts, &out->granting,
                         why) &&
           granting_role(&out->granting, out->wish.role, &out->role, why) &&
           options_find(out, why);
}

const struct plan_option *planning_chosen(const struct planning *s)
{
    const char *id = work_typed(s->p, "plan", NULL);

    for (size_t i = 0; id != NULL && i < s->count; i++) {
        if (text_equal(s->options[i].id, id))
            return &s->options[i];
    }
    for (size_t i = 0; s->asked && i < s->count; i++) {
        if (s->options[i].plan->aim == PLAN_ASKED)
            return &s->options[i];
    }
    return s->count > 0 ? &s->options[0] : NULL;
}

/* ---- To be looked at ---- */

const char *planning_words(struct arena *a, const struct plan *plan)
{
    char text[SPLIT_TEXT];

    return arena_copy(a, split_show(&plan->split, text));
}

const char *planning_query(const struct planning *s, const char *plan)
{
    struct arena *x = s->p->arena;
    const char *query = "";

    for (size_t i = 0; i < COUNT(wish_fields); i++) {
        const char *value = work_typed(s->p, wish_fields[i], NULL);
        if (value != NULL)
            query = arena_print(x, "%s%s%s=%s", query, query[0] == '\0' ? "?" : "&",
                                wish_fields[i], url_encode(x, value));
    }
    if (plan == NULL)
        return query;
    return arena_print(x, "%s%splan=%s", query, query[0] == '\0' ? "?" : "&", plan);
}

void planning_rows(struct page *p, json_t *object, const struct plan *plan,
                   enum currency currency)
{
    json_t *rows = put_list(object, "rows");

    for (size_t i = 0; i < plan->row_count; i++) {
        json_t *row = list_add(rows);
        put_int(row, "number", (json_int_t)i + 1);
        put(row, "day", words_day_near(p->arena, plan->rows[i].day, p->view->today));
        put(row, "amount", words_money(p->arena, plan->rows[i].minor, currency));
        put(row, "left", words_money(p->arena, plan->rows[i].balance_minor, currency));
    }
}

static const char *aim_words(const struct plan_option *o)
{
    if (o->approver != NULL || o->over)
        return "What they asked for";
    switch (o->plan->aim) {
    case PLAN_ASKED:
        return "What they asked for";
    case PLAN_SOONEST:
        return "Done soonest";
    case PLAN_BETWEEN:
        return "In between";
    case PLAN_LOWEST:
        return "Lowest payments";
    case PLAN_NEUTRAL:
        break;
    }
    return "A starting point";
}

static void option_put(struct planning *s, json_t *row, const struct plan_option *o,
                       const struct plan_option *chosen)
{
    struct arena *x = s->p->arena;
    const struct plan *plan = o->plan;

    put(row, "id", o->id);
    put(row, "aim", aim_words(o));
    put(row, "words", planning_words(x, plan));
    put(row, "rhythm", times_alone(plan->rhythm.times_a_year));
    put(row, "first", words_day_near(x, plan->first_day, s->p->view->today));
    put(row, "last", words_day(x, plan->last_day));
    put(row, "reason",
        o->over || o->approver != NULL ? NULL : work_sentence(s->p, plan->reason));
    put(row, "warning", plan->warning);
    put_true(row, "over", o->over);
    put(row, "approver", o->approver_words);
    put_true(row, "chosen", o == chosen);
    put(row, "link", arena_print(x, "%s#plan", planning_query(s, o->id)));
}

/* What one may grant alone, in one line. */
static void authority_put(struct planning *s)
{
    struct arena *x = s->p->arena;
    struct authority own = authority_for(s->granting.rules, s->role, s->granting.facts);
    json_t *line = put_object(s->p->context, "authority");

    put(line, "source", own.source);
    put(line, "months",
        own.plan_months == AUTHORITY_ANY ? "any term"
                                         : arena_print(x, "up to %lld months",
                                                       (long long)own.plan_months));
    if (own.smallest_payment > 0)
        put(line, "least", words_money(x, own.smallest_payment, s->wish.currency));
    put_true(line, "none", own.plan_months == 0);
}

static void refusals_put(struct planning *s)
{
    json_t *list = put_list(s->p->context, "refusals");
    const struct plan_answer *answer = &s->made.answer;

    for (size_t i = 0; s->asked && i < answer->refusal_count; i++) {
        const struct plan_refusal *r = &answer->refusals[i];
        if (r->aim != PLAN_ASKED)
            continue;
        json_t *row = list_add(list);
        put(row, "sentence", work_sentence(s->p, r->sentence));
        put(row, "source", r->limit->source);
        if (r->nearest_minor > 0) {
            char text[MONEY_TEXT];
            put(row, "nearest", words_money(s->p->arena, r->nearest_minor, s->wish.currency));
            put(row, "nearest_value",
                money_print(money_of(r->nearest_minor, s->wish.currency), text));
        }
    }
    put_true(s->p->context, "any_refusals", json_array_size(list) > 0);
}

void planning_put(struct planning *s)
{
    struct page *p = s->p;
    const struct plan_option *chosen = planning_chosen(s);
    json_t *options = put_list(p->context, "options");

    for (size_t i = 0; i < s->count; i++)
        option_put(s, list_add(options), &s->options[i], chosen);
    put_true(p->context, "any_options", s->count > 0);
    put(p->context, "open", words_money(p->arena, s->made.open.minor, s->made.open.currency));
    authority_put(s);
    refusals_put(s);
    if (chosen == NULL)
        return;
    json_t *plan = put_object(p->context, "chosen");
    option_put(s, plan, chosen, chosen);
    planning_rows(p, plan, chosen->plan, s->wish.currency);
    put(plan, "total", words_money(p->arena, chosen->plan->total_minor, s->wish.currency));
    put_int(plan, "months", chosen->plan->months);
    if (s->wish.spare_minor > 0)
        put(plan, "spare",
            arena_print(p->arena, "%s %s",
                        words_money(p->arena, s->wish.spare_minor, s->wish.currency),
                        periods[s->wish.spare_period].title));
    put_true(plan, "fits", s->wish.spare_minor > 0 && !chosen->over && chosen->approver == NULL);
    put(plan, "check",
        arena_print(p->arena, "/accounts/%s/plan/check%s",
                    url_encode(p->arena, p->hole), planning_query(s, chosen->id)));
}

/* The fields as they stand, whether or not a plan follows from them. */
void planning_fields(struct page *p, const struct casefile_view *f)
{
    static const char *const texts[] = { "spare", "payday", "amount", "months", "down" };

    for (size_t i = 0; i < COUNT(texts); i++)
        work_value(p, texts[i], NULL);
    work_day_value(p, "next_payday", DAY_NONE);
    work_day_value(p, "first", day_plus(p->view->today, FIRST_DAYS));
    work_choices(p, "spare_every", periods, COUNT(periods), "month");
    work_choices(p, "every", rhythms, COUNT(rhythms), "");
    work_debts(p, f, "");
    work_today(p);
}

/* The wish along with a form, unseen. */
void planning_hidden(struct page *p)
{
    json_t *list = put_list(p->context, "wish");

    for (size_t i = 0; i < COUNT(wish_fields); i++) {
        const char *value = work_typed(p, wish_fields[i], NULL);
        if (value == NULL)
            continue;
        json_t *row = list_add(list);
        put(row, "name", wish_fields[i]);
        put(row, "value", value);
    }
}
