/* A plan that was agreed: its payments, and what may be done to it. */
#include "web/planning.h"

#include "base/text.h"
#include "domain/agreement.h"

static const struct choice rhythms[] = { { "", "as before", NULL },
                                         { "weekly", "every week", NULL },
                                         { "2weeks", "every two weeks", NULL },
                                         { "4weeks", "every four weeks", NULL },
                                         { "month", "every month", NULL } };

/* ---- The page ---- */

static struct state_words item_state(const struct page *p, const struct held_item *item)
{
    if (item->state == PROMISE_OPEN && item->due_day.number < p->view->today.number)
        return (struct state_words){ "late", "warn" };
    return words_agreement(promise_state_name(item->state));
}

static void state_put(struct page *p, json_t *row, struct state_words state)
{
    put(row, "state", words_plain(p->arena, state.title));
    put(row, "tone", state.tone);
}

static void items_put(struct page *p, const struct held_plan *plan, bool stands)
{
    json_t *rows = put_list(p->context, "items");
    char day[DAY_TEXT];

    for (size_t i = 0; i < plan->item_count; i++) {
        const struct held_item *item = &plan->items[i];
        json_t *row = list_add(rows);
        put_int(row, "number", item->number);
        put(row, "day", words_day_near(p->arena, item->due_day, p->view->today));
        put(row, "day_iso", day_print(item->due_day, day));
        put(row, "amount", words_money(p->arena, item->minor, plan->is.currency));
        state_put(p, row, item_state(p, item));
        put_true(row, "may_change",
                 stands && item->state == PROMISE_OPEN && page_may(p, MAY_AGREE));
    }
}

static void terms_put(struct page *p, const struct held_plan *plan)
{
    struct arena *x = p->arena;
    const struct payment_plan *is = &plan->is;

    put_int(p->context, "number", is->number);
    put(p->context, "plan_path",
        arena_print(x, "/accounts/%s/plan/%d", url_encode(x, p->hole), (int)is->number));
    put_int(p->context, "plan_version", plan->version);
    put(p->context, "total", words_money(x, is->total_minor, is->currency));
    put(p->context, "left", words_money(x, held_plan_open(plan), is->currency));
    put(p->context, "made", words_day(x, is->made_day));
    put(p->context, "author", plan->author);
    put(p->context, "agreed_by", plan->agreed_by != NULL ? words_plain(x, plan->agreed_by) : NULL);
    put(p->context, "evidence", plan->evidence);
    put(p->context, "why", plan->reason);
    put(p->context, "autopay", is->autopay);
    put_true(p->context, "frozen", is->interest_frozen);
    put_int(p->context, "cure_days", is->cure_days);
    if (is->offer != 0)
        put_int(p->context, "offer", is->offer);
    state_put(p, p->context, words_agreement(plan_state_name(is->state)));
    if (is->state == PLAN_PAUSED)
        put(p->context, "resumes", words_day_near(x, is->resumes_day, p->view->today));
}

static const struct held_plan *plan_of(const struct casefile_view *f, int32_t number)
{
    for (size_t i = 0; i < f->plan_count; i++) {
        if (f->plans[i].is.number == number)
            return &f->plans[i];
    }
    return NULL;
}

bool page_plan_one(struct page *p, struct fault *why)
{
    struct casefile_view f;
    int32_t number;

    if (!work_number(p, 1, &number, why) ||
        !work_page(p, arena_print(p->arena, "Plan %d", (int)number), &f, why))
        return false;
    const struct held_plan *plan = plan_of(&f, number);
    if (plan == NULL)
        return fail(why, NOT_FOUND, "This account has no plan %d.", (int)number);
    bool stands = plan_stands(&plan->is);
    terms_put(p, plan);
    items_put(p, plan, stands);
    put_true(p->context, "stands", stands && page_may(p, MAY_AGREE));
    put_true(p->context, "paused", plan->is.state == PLAN_PAUSED);
    work_value(p, "amount", NULL);
    work_value(p, "payments", NULL);
    work_value(p, "reason", NULL);
    work_day_value(p, "first", DAY_NONE);
    work_day_value(p, "until", DAY_NONE);
    work_choices(p, "every", rhythms, COUNT(rhythms), "");
    work_today(p);
    return true;
}

/* ---- What is done to it ---- */

struct doing {
    struct work w;
    int32_t plan;
    struct plan_act act;
    const char *once; /* of this deed: a page holds forms for several */
};

/* With the version of the plan that was on the page. False with *why, or when it was done before:
 * then the reply is made, and why holds nothing. */
static bool act_begin(struct page *p, struct doing *d, const char *what, bool *before,
                      struct fault *why)
{
    int64_t version;
    int32_t number;

    *before = false;
    if (!work_number(p, 1, &d->plan, why) || !work_begin(p, &d->w, why) ||
        !work_count(p, "plan_version", "the version", 1, INT32_MAX, 0, &version, why))
        return false;
    d->act = (struct plan_act){ .if_version = version,
                                .author = work_author(p),
                                .reason = page_form(p, "reason") };
    d->once = arena_print(p->arena, "%s-%s", d->w.once, what);
    if (!book_key_find(d->w.book, d->w.account.key, d->once, &number, why))
        return false;
    *before = number != 0;
    return true;
}

static const char *plan_path(const struct doing *d)
{
    return arena_print(d->w.p->arena, "%s/plan/%d", d->w.here, (int)d->plan);
}

static bool act_end(struct doing *d, const char *said, const char *undo, struct fault *why)
{
    return book_key_put(d->w.book, d->w.account.key, d->once, d->plan, why) &&
           work_end_at(&d->w, said, undo, plan_path(d), why);
}

static bool act_was_done(struct doing *d, struct fault *why)
{
    return work_end_at(&d->w, "That was done already.", NULL, plan_path(d), why);
}

bool plan_pause(struct page *p, struct fault *why)
{
    struct doing d;
    struct day until;
    bool before;

    if (!act_begin(p, &d, "pause", &before, why))
        return false;
    if (before)
        return act_was_done(&d, why);
    if (!work_day(p, "until", "the day on which it goes on", DAY_NONE, &until, why))
        return false;
    if (until.number == DAY_NONE.number)
        return fail(why, BAD_VALUE, "Enter the day before which nothing is due.");
    if (!book_plan_pause(d.w.book, d.w.account.key, d.plan, until, &d.act, why))
        return false;
    return act_end(&d,
                   arena_print(p->arena, "Paused: nothing is due before %s.",
                               words_day_near(p->arena, until, d.w.today)),
                   arena_print(p->arena, "%s/resume", plan_path(&d)), why);
}

/* Also the button that undoes a pause: it has no fields. */
bool plan_resume(struct page *p, struct fault *why)
{
    struct doing d = { 0 };

    if (!work_number(p, 1, &d.plan, why) || !work_again(p, &d.w, why))
        return false;
    d.act = (struct plan_act){ .author = work_author(p) };
    if (!book_plan_resume(d.w.book, d.w.account.key, d.plan, &d.act, why))
        return false;
    return work_end_at(&d.w, "The plan goes on. Its days stay as they are.", NULL, plan_path(&d),
                       why);
}

/* Also the button that undoes an agreement. */
bool plan_cancel(struct page *p, struct fault *why)
{
    struct doing d = { 0 };
    int64_t version;

    if (!work_number(p, 1, &d.plan, why) || !work_again(p, &d.w, why) ||
        !work_count(p, "plan_version", "the version", 0, INT32_MAX, 0, &version, why))
        return false;
    d.act = (struct plan_act){ .if_version = version,
                               .author = work_author(p),
                               .reason = page_form(p, "reason") };
    if (!book_plan_cancel(d.w.book, d.w.account.key, d.plan, &d.act, why))
        return false;
    return work_end_at(&d.w, "The plan has ended. What was paid is paid.", NULL, plan_path(&d),
                       why);
}

bool plan_change(struct page *p, struct fault *why)
{
    struct plan_rest rest = { .every = page_form(p, "every") };
    struct plan_input made;
    struct held_plan plan;
    struct money money;
    struct doing d;
    bool before;

    if (!act_begin(p, &d, "change", &before, why))
        return false;
    if (before)
        return act_was_done(&d, why);
    if (!plan_get(d.w.book->store, &d.w.book->arena, d.w.account.key, d.plan, &plan, why) ||
        !work_money(p, "amount", "each payment", plan.is.currency, &money, why) ||
        !work_count(p, "payments", "the payments", 1, PLAN_PAYMENTS_MOST, 0, &rest.count, why) ||
        !work_day(p, "first", "the next payment", DAY_NONE, &rest.first, why))
        return false;
    rest.minor = money.minor;
    if (rest.minor == 0 && rest.count == 0 && rest.every == NULL &&
        rest.first.number == DAY_NONE.number)
        return fail(why, BAD_VALUE,
                    "Enter what changes: each payment, how many, how often, or the next day.");
    if (!plan_rest_items(d.w.book, &plan, &rest, &made, why) ||
        !book_plan_change(d.w.book, d.w.account.key, d.plan, made.item_count, made.items,
                          made.schedule, &d.act, why))
        return false;
    return act_end(&d,
                   arena_print(p->arena, "Changed: %zu payments, the next on %s.",
                               made.item_count,
                               words_day_near(p->arena, made.items[0].day, d.w.today)),
                   NULL, why);
}

bool plan_move(struct page *p, struct fault *why)
{
    struct doing d;
    struct day to;
    int64_t item;
    bool before, skip = page_form(p, "skip") != NULL;

    if (!act_begin(p, &d, skip ? "skip" : "move", &before, why))
        return false;
    if (before)
        return act_was_done(&d, why);
    if (!work_count(p, "item", "the payment", 1, INT32_MAX, 0, &item, why) ||
        !work_day(p, "to", "its new day", DAY_NONE, &to, why))
        return false;
    if (!skip && to.number == DAY_NONE.number)
        return fail(why, BAD_VALUE, "Enter the day to which the payment moves.");
    bool done = skip ? book_plan_skip(d.w.book, d.w.account.key, d.plan, (int32_t)item, &d.act,
                                      why)
                     : book_plan_move(d.w.book, d.w.account.key, d.plan, (int32_t)item, to,
                                      &d.act, why);
    return done && act_end(&d,
                           skip ? "Skipped: it comes after the last payment now."
                                : arena_print(p->arena, "Moved to %s.",
                                              words_day_near(p->arena, to, d.w.today)),
                           NULL, why);
}

bool plan_paper(struct page *p, struct fault *why)
{
    int32_t number;

    return work_number(p, 1, &number, why) && work_paper(p, number, 0, why);
}
