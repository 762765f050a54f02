/* The plan builder: what they can spare, what would do, one page to check it on, and the plan. */
#include "web/planning.h"

#include "base/text.h"
#include "domain/agreement.h"
#include "flow/agreement_letter.h"
#include "flow/plan_ask.h"

#include <stdio.h>
#include <stdlib.h>

enum { CURE_DAYS = 10, NOTICE_DAYS = 10 };

static const struct choice agreed_ways[] = { { "phone", "On the telephone", "the recording" },
                                             { "letter", "By letter", "the letter" },
                                             { "email", "By email", "the message" },
                                             { "portal", "In the portal", "the click" } };

/* Input that makes no plan is told on the page itself: it is read, not posted. */
static bool tell(struct page *p, const struct fault *why)
{
    json_t *fault = put_object(p->context, "fault");

    put(fault, "text", why->text);
    put(fault, "hint", "");
    p->stays = 422;
    return true;
}

/* A plan that stands is changed, or ends by the new one. */
static void standing_put(struct page *p, const struct casefile_view *f)
{
    for (size_t i = 0; i < f->plan_count; i++) {
        const struct held_plan *plan = &f->plans[i];
        if (!plan_stands(&plan->is))
            continue;
        json_t *row = put_object(p->context, "standing_plan");
        put_int(row, "number", plan->is.number);
        put(row, "total", words_money(p->arena, plan->is.total_minor, plan->is.currency));
        put(row, "link", arena_print(p->arena, "/accounts/%s/plan/%d",
                                     url_encode(p->arena, p->hole), (int)plan->is.number));
        char number[16];
        snprintf(number, sizeof number, "%d", (int)plan->is.number);
        put_true(row, "replaced", text_equal(work_typed(p, "replaces", NULL), number));
        return;
    }
}

bool page_plan(struct page *p, struct fault *why)
{
    struct casefile_view f;
    struct account account;
    struct planning plans;
    struct fault inner = { 0 };
    struct book b;

    if (!work_page(p, "A plan that lasts", &f, why))
        return false;
    standing_put(p, &f);
    planning_fields(p, &f);
    work_reader(p, &b);
    bool fine = account_find(&b, p->hole, &account, &inner) &&
                planning_read(p, &b, &account, &plans, &inner);
    if (fine)
        planning_put(&plans);
    work_reader_done(&b);
    return fine || tell(p, &inner);
}

/* ---- The check page ---- */

static void terms_put(struct page *p)
{
    work_choices(p, "agreed_by", agreed_ways, COUNT(agreed_ways), "phone");
    work_value(p, "evidence", NULL);
    work_value(p, "why_more", NULL);
    work_value(p, "reason", NULL);
    work_value(p, "autopay", NULL);
    work_value(p, "cure_days", "10");
    work_box(p, "frozen", true);
    planning_hidden(p);
}

static bool check_put(struct page *p, struct planning *plans)
{
    const struct plan_option *chosen = planning_chosen(plans);

    planning_put(plans);
    if (chosen == NULL)
        return false;
    put(p->context, "plan_id", chosen->id);
    put(p->context, "total_minor",
        arena_print(p->arena, "%lld", (long long)chosen->plan->total_minor));
    put(p->context, "preview", arena_print(p->arena, "/accounts/%s/plan/preview%s",
                                           url_encode(p->arena, p->hole),
                                           planning_query(plans, chosen->id)));
    put(p->context, "change", arena_print(p->arena, "/accounts/%s/plan%s",
                                          url_encode(p->arena, p->hole),
                                          planning_query(plans, chosen->id)));
    return true;
}

bool page_plan_check(struct page *p, struct fault *why)
{
    struct casefile_view f;
    struct account account;
    struct planning plans;
    struct fault inner = { 0 };
    struct book b;

    if (!work_page(p, "Check the plan", &f, why))
        return false;
    standing_put(p, &f);
    terms_put(p);
    work_reader(p, &b);
    bool fine = account_find(&b, p->hole, &account, &inner) &&
                planning_read(p, &b, &account, &plans, &inner) &&
                (check_put(p, &plans) ||
                 fail(&inner, BAD_VALUE, "No plan passes. Change what is asked for."));
    work_reader_done(&b);
    if (fine || p->ask->form_count > 0)
        return true;
    return tell(p, &inner);
}

/* ---- Agreed ---- */

static bool terms_read(struct work *w, const struct planning *plans,
                       const struct plan_option *chosen, struct plan_input *in,
                       struct fault *why)
{
    struct page *p = w->p;
    const char *more = page_form(p, "why_more");
    int64_t cure, replaces;

    *in = (struct plan_input){ .currency = plans->wish.currency,
                               .debts = plans->wish.debts,
                               .interest_frozen = page_form(p, "frozen") != NULL,
                               .autopay = page_form(p, "autopay"),
                               .notice_days = NOTICE_DAYS,
                               .agreed_by = page_form(p, "agreed_by"),
                               .evidence = page_form(p, "evidence"),
                               .author = work_author(p),
                               .reason = page_form(p, "reason") };
    if (!work_count(p, "cure_days", "the days to catch up a missed payment", 0, 90, CURE_DAYS,
                    &cure, why) ||
        !work_count(p, "replaces", "the plan that ends by this one", 0, INT32_MAX, 0, &replaces,
                    why))
        return false;
    in->cure_days = (int)cure;
    in->replaces = (int32_t)replaces;
    if (in->agreed_by == NULL || in->evidence == NULL)
        return fail(why, BAD_VALUE,
                    "Say how it was agreed, and what shows it: a recording, a letter, a message.");
    if (chosen->over && more == NULL)
        return fail(why, BAD_VALUE, "They said they can spare %s. Why more?",
                    words_money(p->arena, plans->wish.spare_minor, plans->wish.currency));
    if (chosen->over)
        in->reason = arena_print(p->arena, "%s%sMore than the %s they can spare: %s",
                                 in->reason == NULL ? "" : in->reason,
                                 in->reason == NULL ? "" : ". ",
                                 words_money(p->arena, plans->wish.spare_minor,
                                             plans->wish.currency),
                                 more);
    return true;
}

/* What was checked is what is agreed: interest that has run since, or money that came, makes
 * another plan. */
static bool same_total(const struct page *p, const struct plan_option *chosen,
                       struct fault *why)
{
    int64_t total;

    return (page_form(p, "total") != NULL && text_to_int(page_form(p, "total"), &total) &&
            total == chosen->plan->total_minor) ||
           fail(why, CONFLICT, "What is owed has changed since you checked this plan. Look at "
                               "it again: nothing was agreed yet.");
}

static bool plan_take(struct work *w, struct planning *plans, struct plan_input *in,
                      const struct plan_option **chosen, struct fault *why)
{
    if (!planning_read(w->p, w->book, &w->account, plans, why))
        return false;
    *chosen = planning_chosen(plans);
    if (*chosen == NULL || !text_equal((*chosen)->id, page_form(w->p, "plan")))
        return fail(why, CONFLICT, "This plan is not among those that would do any more.");
    return same_total(w->p, *chosen, why) && terms_read(w, plans, *chosen, in, why) &&
           plan_chosen_at(w->book, (*chosen)->of, (*chosen)->place, in, why);
}

static const char *agreed_words(const struct work *w, const struct plan *plan)
{
    struct arena *x = w->p->arena;

    return arena_print(x, "Plan agreed: %s. First payment %s.", planning_words(x, plan),
                       words_day_near(x, plan->first_day, w->today));
}

/* Beyond one's own limit: somebody else has to agree. */
static bool plan_asked(struct work *w, const struct plan_input *in,
                       const struct plan_option *chosen, struct fault *why)
{
    const struct asker asker = { w->p->session->user.number, w->p->role->authority };
    struct asking asking;

    if (!plan_ask(w->book, &w->account, in, chosen->plan->split.down > 0, w->once, &asker,
                  &asking, why))
        return false;
    return work_end_at(w,
                       arena_print(w->p->arena, "It waits for approval. %s",
                                   work_sentence(w->p, asking.words)),
                       arena_print(w->p->arena, "/approvals/%lld/withdraw",
                                   (long long)asking.approval),
                       w->here, why);
}

bool plan_agree(struct page *p, struct fault *why)
{
    const struct plan_option *chosen;
    struct planning plans;
    struct plan_input in;
    enum change change;
    struct work w;
    int32_t number;

    if (!work_begin(p, &w, why))
        return false;
    if (w.before != 0)
        return work_end_at(&w, "This plan was agreed already.", NULL,
                           arena_print(p->arena, "%s/plan/%d", w.here, (int)w.before), why);
    if (!plan_take(&w, &plans, &in, &chosen, why))
        return false;
    if (chosen->approver != NULL)
        return plan_asked(&w, &in, chosen, why);
    if (!book_plan_add(w.book, w.account.key, w.once, &in, &number, &change, why))
        return false;
    return work_end_at(&w, agreed_words(&w, chosen->plan),
                       work_path(&w, "plan", number, "cancel"),
                       arena_print(p->arena, "%s/plan/%d", w.here, (int)number), why);
}

/* ---- On paper ---- */

static bool paper(struct page *p, struct book *b, struct casefile_key key, int32_t plan,
                  int32_t offer, struct fault *why)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&bytes, &length);
    struct text body = { 0 };

    must(out != NULL);
    bool made = agreement_letter(b, key, plan, offer, out, why);
    fclose(out);
    if (made)
        text_add_n(&body, bytes, length);
    free(bytes);
    if (made)
        page_file(p, "application/pdf", NULL, &body);
    return made;
}

bool work_paper(struct page *p, int32_t plan, int32_t offer, struct fault *why)
{
    struct casefile_key key;
    struct book b;

    if (!view_find(p->view, p->hole, &key, why))
        return false;
    work_reader(p, &b);
    bool made = paper(p, &b, key, plan, offer, why);
    work_reader_done(&b);
    return made;
}

/* Made as it would be, read, and undone: nothing was agreed. */
bool plan_preview(struct page *p, struct fault *why)
{
    const struct plan_option *chosen;
    struct planning plans;
    struct plan_input in;
    enum change change;
    struct work w;
    int64_t replaces;
    int32_t number;

    if (!work_again(p, &w, why) || !planning_read(p, w.book, &w.account, &plans, why) ||
        !work_count(p, "replaces", "the plan", 0, INT32_MAX, 0, &replaces, why))
        return false;
    chosen = planning_chosen(&plans);
    if (chosen == NULL)
        return fail(why, NOT_FOUND, "There is no such plan.");
    in = (struct plan_input){ .currency = plans.wish.currency,
                              .debts = plans.wish.debts,
                              .interest_frozen = true,
                              .cure_days = CURE_DAYS,
                              .author = work_author(p),
                              .replaces = (int32_t)replaces };
    return plan_chosen_at(w.book, chosen->of, chosen->place, &in, why) &&
           book_plan_add(w.book, w.account.key, NULL, &in, &number, &change, why) &&
           paper(p, w.book, w.account.key, number, 0, why);
}
