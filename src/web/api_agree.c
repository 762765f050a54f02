/* API: promises and plans: what was agreed, and what becomes of it. */
#include "web/api.h"

#include "base/text.h"
#include "flow/plan_ask.h"
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>

enum { FIRST_DAYS = 14, CURE_DAYS = 10, NOTICE_DAYS = 10 };

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field item_rows[] = {
    { "item", API_INT, API_MUST, "counted from 1", NULL },
    { "due", API_DAY, API_MUST, "when", NULL },
    { "amount", API_AMOUNT, API_MUST, "how much", NULL },
    { "state", API_TEXT, API_MUST, "open, kept, partly_kept, broken, withdrawn", NULL },
    API_END,
};
#define PLAN_FIELDS                                                                            \
    { "plan", API_INT, API_MUST, "its number in the account", NULL },                          \
    { "state", API_TEXT, API_MUST, "active, paused, completed, defaulted, cancelled, replaced", \
      NULL },                                                                                  \
    { "version", API_INT, API_MUST, "for if_version", NULL },                                  \
    { "currency", API_CODE, API_MUST, "of the amounts", NULL },                                \
    { "total", API_AMOUNT, API_MUST, "of all payments", NULL },                                \
    { "to_come", API_AMOUNT, API_MUST, "of those that are open", NULL },                       \
    { "made", API_DAY, API_MUST, "when", NULL },                                               \
    { "resumes", API_DAY, API_OR_NULL, "paused until then", NULL },                            \
    { "interest_frozen", API_BOOL, API_MUST, "no interest meanwhile", NULL },                  \
    { "offer", API_INT, API_OR_NULL, "the offer that it pays", NULL },                         \
    { "schedule", API_TEXT, API_OR_NULL, "how its days were found", NULL },                    \
    { "agreed_by", API_TEXT, API_OR_NULL, "phone, letter, email, portal", NULL },              \
    { "evidence", API_TEXT, API_OR_NULL, "what shows it", NULL },                              \
    {                                                                                          \
        "items", API_ROWS, API_MUST, "its payments, by day", item_rows                         \
    }
static const struct api_field plan_rows[] = { PLAN_FIELDS, API_END };
static const struct api_field plans_reply[] = {
    { "plans", API_ROWS, API_MUST, "the latest first", plan_rows },
    API_END,
};
static const struct api_field wish_query[] = {
    { "amount", API_AMOUNT, API_MAY, "each payment", NULL },
    { "months", API_INT, API_MAY, "over how many", NULL },
    { "every", API_TEXT, API_MAY, "weekly, 2weeks, 4weeks, month, …", NULL },
    { "first", API_DAY, API_MAY, "the first payment (in 14 days)", NULL },
    { "debt", API_TEXT, API_MAY, "only this debt", NULL },
    API_END,
};
static const struct api_field options_reply[] = {
    { "options", API_ANY, API_MUST, "as recoup plan propose --json says them", NULL },
    API_END,
};
static const struct api_field plan_body[] = {
    API_AGREED,
    { "amount", API_AMOUNT, API_MAY, "each payment", NULL },
    { "months", API_INT, API_MAY, "over how many", NULL },
    { "every", API_TEXT, API_MAY, "weekly, 2weeks, 4weeks, month, …", NULL },
    { "first", API_DAY, API_MAY, "the first payment (in 14 days)", NULL },
    { "debt", API_TEXT, API_MAY, "only this debt", NULL },
    { "choice", API_INT, API_MAY, "one of the options instead, counted from 1", NULL },
    { "frozen", API_BOOL, API_MAY, "no interest meanwhile", NULL },
    { "cure_days", API_INT, API_MAY, "to catch up a missed payment (10)", NULL },
    { "autopay", API_TEXT, API_MAY, "what is debited", NULL },
    { "replaces", API_INT, API_MAY, "the plan that ends by this one", NULL },
    API_REASON,
    API_END,
};
#define VERSION_FIELD                                                                          \
    {                                                                                          \
        "if_version", API_INT, API_MAY, "only while it is this version (409)", NULL            \
    }
static const struct api_field act_body[] = { VERSION_FIELD, API_REASON, API_END };
static const struct api_field pause_body[] = {
    { "until", API_DAY, API_MUST, "nothing is due before", NULL },
    VERSION_FIELD,
    API_REASON,
    API_END,
};
static const struct api_field move_body[] = {
    { "item", API_INT, API_MUST, "which payment", NULL },
    { "to", API_DAY, API_MUST, "its new day", NULL },
    VERSION_FIELD,
    API_REASON,
    API_END,
};
static const struct api_field skip_body[] = {
    { "item", API_INT, API_MUST, "which payment", NULL },
    VERSION_FIELD,
    API_REASON,
    API_END,
};
static const struct api_field change_body[] = {
    { "amount", API_AMOUNT, API_MAY, "each payment", NULL },
    { "payments", API_INT, API_MAY, "how many", NULL },
    { "every", API_TEXT, API_MAY, "weekly, 2weeks, 4weeks, month, …", NULL },
    { "first", API_DAY, API_MAY, "the next payment", NULL },
    VERSION_FIELD,
    API_REASON,
    API_END,
};
/* ---- Reading ------------------------------------------------------------------------------- */

static void plan_put(json_t *row, const struct held_plan *p)
{
    enum currency currency = p->is.currency;

    put_int(row, "plan", p->is.number);
    put(row, "state", plan_state_name(p->is.state));
    put_int(row, "version", p->version);
    put(row, "currency", currency_code(currency));
    api_put_amount(row, "total", p->is.total_minor, currency);
    api_put_amount(row, "to_come", held_plan_open(p), currency);
    api_put_day(row, "made", p->is.made_day);
    api_put_day(row, "resumes", p->is.state == PLAN_PAUSED ? p->is.resumes_day : DAY_NONE);
    put_true(row, "interest_frozen", p->is.interest_frozen);
    api_put_number(row, "offer", p->is.offer);
    api_put_or_null(row, "schedule", p->schedule);
    api_put_or_null(row, "agreed_by", p->agreed_by);
    api_put_or_null(row, "evidence", p->evidence);
    json_t *items = put_list(row, "items");
    for (size_t i = 0; i < p->item_count; i++) {
        json_t *item = list_add(items);
        put_int(item, "item", p->items[i].number);
        api_put_day(item, "due", p->items[i].due_day);
        api_put_amount(item, "amount", p->items[i].minor, currency);
        put(item, "state", promise_state_name(p->items[i].state));
    }
}

static bool get_plans(struct api *call, struct fault *why)
{
    struct casefile_view f;

    if (!view_casefile(call->view, call->holes[0], &f, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "plans");
    for (size_t i = 0; i < f.plan_count; i++)
        plan_put(list_add(rows), &f.plans[i]);
    api_give(call, 200, out);
    return true;
}

static bool get_plan(struct api *call, struct fault *why)
{
    struct held_plan plan;
    struct casefile_key key;
    int32_t number;

    if (!api_key(call, &key, why) || !api_number(call, 1, &number, why) ||
        !plan_get(call->view->store, call->arena, key, number, &plan, why))
        return false;
    json_t *out = json_object();
    plan_put(out, &plan);
    api_give(call, 200, out);
    return true;
}

/* ---- Plans --------------------------------------------------------------------------------- */

static bool first_is_fine(const struct api *call, struct day first, struct fault *why)
{
    return first.number >= call->view->today.number ||
           fail(why, BAD_VALUE, "The field \"first\" is past already.");
}

static bool wish_read(struct api *call, struct plan_wish *wish, struct fault *why)
{
    int64_t months = api_int(call, "months", 0);

    *wish = (struct plan_wish){ .asked_every = api_text(call, "every"),
                                .policy = call->view->policy };
    if (months < 0 || months > 600)
        return fail(why, BAD_VALUE, "The field \"months\" has to be from 1 to 600.");
    wish->asked_months = (int)months;
    return api_role(call, &wish->role, why) &&
           api_debt(call, call->book, &call->account, api_text(call, "debt"), &wish->debts,
                   &wish->currency, why) &&
           api_amount(call, "amount", wish->currency, &wish->asked_minor, why) &&
           api_day(call, "first", day_plus(call->view->today, FIRST_DAYS), &wish->first_day,
                   why) &&
           first_is_fine(call, wish->first_day, why);
}

static bool options_read(struct api *call, struct book *b, struct proposed *made,
                         struct fault *why)
{
    struct plan_wish wish = { .asked_every = api_query(call, "every"),
                              .policy = call->view->policy,
                              .first_day = day_plus(call->view->today, FIRST_DAYS) };
    const char *amount = api_query(call, "amount"), *months = api_query(call, "months"),
               *first = api_query(call, "first");
    struct account account;
    struct money money;
    int64_t number = 0;

    if (!account_find(b, call->holes[0], &account, why) || !api_role(call, &wish.role, why) ||
        !api_debt(call, b, &account, api_query(call, "debt"), &wish.debts, &wish.currency, why))
        return false;
    if (first != NULL && !day_parse(first, &wish.first_day))
        return fail(why, BAD_VALUE, "first has to be a day such as 2026-11-20.");
    if (months != NULL && (!text_to_int(months, &number) || number < 1 || number > 600))
        return fail(why, BAD_VALUE, "months is a number from 1 to 600.");
    if (amount != NULL && (!money_parse(amount, '.', '\0', wish.currency, &money, why) ||
                           money.minor <= 0))
        return fail(why, BAD_VALUE, "amount has to be an amount such as 185.00.");
    wish.asked_months = (int)number;
    wish.asked_minor = amount != NULL ? money.minor : 0;
    return first_is_fine(call, wish.first_day, why) &&
           plan_propose(b, account.key, &wish, made, why);
}

static bool get_options(struct api *call, struct fault *why)
{
    struct sheet sheet = { 0 };
    struct proposed made;
    struct casefile_key key;
    struct book b;
    char *text = NULL;
    size_t length = 0;

    if (!api_key(call, &key, why))
        return false;
    book_reading(&b, call->view->store, call->view->zone, call->view->now);
    bool fine = options_read(call, &b, &made, why);
    if (fine) {
        FILE *out = open_memstream(&text, &length);
        must(out != NULL);
        proposed_sheet(&made, &sheet);
        sheet_print(&sheet, FORMAT_JSON, false, out);
        fclose(out);
        fine = api_give_text(call, "options", text, length, why);
    }
    free(text);
    sheet_free(&sheet);
    book_reading_done(&b);
    return fine;
}

/* *beyond: it is for somebody else to grant. */
static bool plan_read(struct api *call, struct plan_input *in, bool *beyond, bool *down,
                      struct fault *why)
{
    int64_t place = api_int(call, "choice", 0), cure = api_int(call, "cure_days", CURE_DAYS);
    struct plan_wish wish;
    struct proposed made;

    if (!wish_read(call, &wish, why) ||
        !plan_propose(call->book, call->account.key, &wish, &made, why))
        return false;
    if (cure < 0 || cure > 90 || place < 0 || place > PLANS_MOST)
        return fail(why, BAD_VALUE, "The field \"%s\" is out of its range.",
                    place < 0 || place > PLANS_MOST ? "choice" : "cure_days");
    *in = (struct plan_input){ .currency = wish.currency,
                               .debts = wish.debts,
                               .interest_frozen = api_flag(call, "frozen"),
                               .autopay = api_text(call, "autopay"),
                               .cure_days = (int)cure,
                               .notice_days = NOTICE_DAYS,
                               .agreed_by = api_text(call, "agreed_by"),
                               .evidence = api_text(call, "evidence"),
                               .author = call->user.name,
                               .reason = api_text(call, "reason"),
                               .replaces = (int32_t)api_int(call, "replaces", 0) };
    if (place > 0)
        return plan_chosen_at(call->book, &made, place, in, why);
    struct fault refused = { 0 };
    if (plan_chosen(call->book, &made, in, &refused))
        return true;
    if (refused.code == NOT_ALLOWED &&
        !plan_beyond(call->book, call->account.key, &wish, &made, beyond, why))
        return false;
    *down = wish.down_minor > 0;
    if (*beyond)
        return plan_chosen(call->book, &made, in, why);
    *why = refused;
    return false;
}

static bool post_plan(struct api *call, struct fault *why)
{
    const struct asker asker = { call->user.number, call->role->authority };
    enum change change = CHANGE_ADDED;
    struct asking asking = { 0 };
    bool beyond = false, down = false;
    struct plan_input in;
    int32_t number = 0;

    if (api_text(call, "agreed_by") == NULL || api_text(call, "evidence") == NULL)
        return fail(why, BAD_VALUE, "Say how it was agreed, and what shows it.");
    if (api_text(call, "amount") == NULL && api_int(call, "months", 0) == 0 &&
        api_int(call, "choice", 0) == 0)
        return fail(why, BAD_VALUE, "Say \"amount\", \"months\" or \"choice\".");
    if (!plan_read(call, &in, &beyond, &down, why))
        return false;
    if (beyond ? !plan_ask(call->book, &call->account, &in, down, NULL, &asker, &asking, why)
               : !book_plan_add(call->book, call->account.key, NULL, &in, &number, &change, why))
        return false;
    api_give_asked(call, change, number, &asking);
    return true;
}

struct acting {
    int32_t plan;
    struct plan_act act;
};

static bool act_read(struct api *call, struct acting *x, struct fault *why)
{
    x->act = (struct plan_act){ .if_version = api_int(call, "if_version", 0),
                                .author = call->user.name,
                                .reason = api_text(call, "reason") };
    return api_number(call, 1, &x->plan, why);
}

static bool acted(struct api *call, const struct acting *x, bool done)
{
    if (done)
        api_give_made(call, CHANGE_UPDATED, x->plan);
    return done;
}

static bool post_pause(struct api *call, struct fault *why)
{
    struct acting x;
    struct day until;

    return act_read(call, &x, why) && api_day(call, "until", DAY_NONE, &until, why) &&
           acted(call, &x,
                 book_plan_pause(call->book, call->account.key, x.plan, until, &x.act, why));
}

static bool post_resume(struct api *call, struct fault *why)
{
    struct acting x;

    return act_read(call, &x, why) &&
           acted(call, &x, book_plan_resume(call->book, call->account.key, x.plan, &x.act, why));
}

static bool post_cancel(struct api *call, struct fault *why)
{
    struct acting x;

    return act_read(call, &x, why) &&
           acted(call, &x, book_plan_cancel(call->book, call->account.key, x.plan, &x.act, why));
}

static bool post_move(struct api *call, struct fault *why)
{
    struct acting x;
    struct day to;

    return act_read(call, &x, why) && api_day(call, "to", DAY_NONE, &to, why) &&
           acted(call, &x,
                 book_plan_move(call->book, call->account.key, x.plan,
                                (int32_t)api_int(call, "item", 0), to, &x.act, why));
}

static bool post_skip(struct api *call, struct fault *why)
{
    struct acting x;

    return act_read(call, &x, why) &&
           acted(call, &x,
                 book_plan_skip(call->book, call->account.key, x.plan,
                                (int32_t)api_int(call, "item", 0), &x.act, why));
}

static bool post_change(struct api *call, struct fault *why)
{
    struct plan_rest rest = { .count = api_int(call, "payments", 0),
                              .every = api_text(call, "every") };
    struct plan_input made;
    struct held_plan plan;
    struct acting x;

    if (!act_read(call, &x, why) || !api_day(call, "first", DAY_NONE, &rest.first, why) ||
        !plan_get(call->book->store, &call->book->arena, call->account.key, x.plan, &plan, why) ||
        !api_amount(call, "amount", plan.is.currency, &rest.minor, why))
        return false;
    if (rest.count < 0 || rest.count > PLAN_PAYMENTS_MOST)
        return fail(why, BAD_VALUE, "The field \"payments\" has to be from 1 to %d.",
                    PLAN_PAYMENTS_MOST);
    if (rest.minor == 0 && rest.count == 0 && rest.every == NULL &&
        rest.first.number == DAY_NONE.number)
        return fail(why, BAD_VALUE, "Say what changes: amount, payments, every or first.");
    return plan_rest_items(call->book, &plan, &rest, &made, why) &&
           acted(call, &x,
                 book_plan_change(call->book, call->account.key, x.plan, made.item_count,
                                  made.items, made.schedule, &x.act, why));
}

static bool post_promise_end(struct api *call, struct fault *why)
{
    enum change change;
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !book_promise_end(call->book, call->account.key, number, PROMISE_WITHDRAWN,
                          api_text(call, "reason"), &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static const struct api_field plan_reply[] = { PLAN_FIELDS, API_END };

static bool get_letter(struct api *call, struct fault *why)
{
    return api_letter(call, true, why);
}

#define OF_PLAN OF_ACCOUNT "/plans/{}"

const struct route routes_api_agree[] = {
    API_TAKES(OF_ACCOUNT "/promises/{}/withdraw", MAY_AGREE, "withdrawPromise",
              "It was taken down by mistake, or taken back", api_reason, api_made_reply,
              post_promise_end, "account", "promise"),
    API_GIVES(OF_ACCOUNT "/plans", MAY_SEE, "listPlansOfAccount", "Its plans, with payments", NULL,
              plans_reply, get_plans, "account"),
    API_GIVES(OF_PLAN, MAY_SEE, "getPlan", "One plan, with its payments", NULL, plan_reply,
              get_plan, "account", "plan"),
    API_GIVES(OF_PLAN "/letter", MAY_SEE, "getPlanLetter",
              "The agreement on paper, a PDF; nothing is sent", NULL, api_content_reply, get_letter,
              "account", "plan"),
    API_GIVES(OF_ACCOUNT "/plan-options", MAY_AGREE, "listPlanOptions",
              "Plans that would do, and why others would not", wish_query, options_reply,
              get_options, "account"),
    API_TAKES(OF_ACCOUNT "/plans", MAY_AGREE, "agreePlan",
              "A plan is agreed; beyond one's authority it waits", plan_body, api_asked_reply,
              post_plan, "account"),
    API_TAKES(OF_PLAN "/pause", MAY_AGREE, "pausePlan", "Nothing is due before a day",
              pause_body, api_made_reply, post_pause, "account", "plan"),
    API_TAKES(OF_PLAN "/resume", MAY_AGREE, "resumePlan", "The pause ends", act_body,
              api_made_reply, post_resume, "account", "plan"),
    API_TAKES(OF_PLAN "/change", MAY_AGREE, "changePlan", "Other payments for what is left",
              change_body, api_made_reply, post_change, "account", "plan"),
    API_TAKES(OF_PLAN "/move", MAY_AGREE, "movePlanPayment", "One payment gets another day",
              move_body, api_made_reply, post_move, "account", "plan"),
    API_TAKES(OF_PLAN "/skip", MAY_AGREE, "skipPlanPayment", "One payment comes after the last",
              skip_body, api_made_reply, post_skip, "account", "plan"),
    API_TAKES(OF_PLAN "/cancel", MAY_AGREE, "cancelPlan", "The plan ends; what was paid is paid",
              act_body, api_made_reply, post_cancel, "account", "plan"),
    { 0 },
};
