/* A business: all its invoices, when they pay, how they are reached, and what one message would
 * speak of. It is the account of a firm, on one page; that of a person has no other. */
#include "base/text.h"
#include "web/page_parts.h"
#include "web/presence.h"
#include "web/recent.h"

#include <stdlib.h>

/* ---- When they pay ---------------------------------------------------------------------- */

enum { DATES_SHOWN = 12 };

static int by_day(const void *left, const void *right)
{
    const struct promise *a = *(const struct promise *const *)left,
                         *b = *(const struct promise *const *)right;

    if (a->due_day.number != b->due_day.number)
        return a->due_day.number < b->due_day.number ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static void date_put(struct page *p, json_t *row, const struct casefile *c,
                     const struct promise *promise)
{
    struct arena *x = p->arena;

    put(row, "amount", words_money(x, promise->minor, promise->currency));
    put(row, "due", words_day_near(x, promise->due_day, p->view->today));
    put(row, "made", words_day(x, promise->made_day));
    put_true(row, "is_late", promise->due_day.number < p->view->today.number);
    put_true(row, "is_plan", promise->plan != 0);
    put_int(row, "plan", promise->plan);
    put(row, "plan_link", arena_print(x, "%s/plan/%d", account_link(p, c->reference),
                                      (int)promise->plan));
}

/* Promises that are open, and what is open of plans, the first due first. */
static void dates_put(struct page *p, const struct casefile *c)
{
    const struct promise **open =
        arena_array(p->arena, const struct promise *, c->promise_count + 1);
    json_t *list = put_list(p->context, "dates");
    size_t count = 0;

    for (size_t i = 0; i < c->promise_count; i++) {
        if (c->promises[i].state == PROMISE_OPEN)
            open[count++] = &c->promises[i];
    }
    qsort(open, count, sizeof *open, by_day);
    for (size_t i = 0; i < count && i < DATES_SHOWN; i++)
        date_put(p, list_add(list), c, open[i]);
    put_true(p->context, "any_dates", count > 0);
    put_true(p->context, "more_dates", count > DATES_SHOWN);
    put_int(p->context, "more_dates_count", (int64_t)count - DATES_SHOWN);
}

/* ---- What one message speaks of --------------------------------------------------------- */

enum { NAMES_SHOWN = 8 };

struct mentions {
    size_t count[MENTION_COUNT];
    const char *names[MENTION_COUNT]; /* the first of them, with commas between */
};

static void mention_add(struct page *p, struct mentions *out, enum mention mention,
                        const struct casefile *c, const struct instalment *item)
{
    const char *name = casefile_debt(c, item->debt)->reference, *before = out->names[mention];

    if (out->count[mention]++ >= NAMES_SHOWN)
        return;
    if (item->number > 1)
        name = arena_print(p->arena, "%s part %d", name, (int)item->number);
    out->names[mention] =
        before == NULL ? name : arena_print(p->arena, "%s, %s", before, name);
}

static void mention_put(struct page *p, json_t *row, const struct mentions *of,
                        enum mention mention)
{
    size_t count = of->count[mention];

    put_int(row, "count", (int64_t)count);
    put_true(row, "one", count == 1);
    put(row, "names",
        count > NAMES_SHOWN ? arena_print(p->arena, "%s and %zu more", of->names[mention],
                                          count - NAMES_SHOWN)
                            : of->names[mention]);
}

static void message_put(struct page *p, const struct casefile_view *f)
{
    static const struct {
        enum mention mention;
        const char *why;
    } others[] = { { MENTION_DISPUTED, "in dispute" },
                   { MENTION_PLANNED, "paid by a plan" },
                   { MENTION_HELD, "on hold" },
                   { MENTION_EARLY, "not late" } };
    const struct casefile *c = f->casefile;
    json_t *message = put_object(p->context, "message"), *left = put_list(message, "left_out");
    struct mentions of = { 0 };
    const char *headline, *more;

    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        mention_add(p, &of, decision_mentions(c, f->decision, item, p->view->today), c, item);
    }
    next_words(p, f, &headline, &more);
    put(message, "headline", headline);
    put(message, "more", more);
    put_true(message, "is_due",
             f->decision->step_due && f->decision->standing != STANDING_PROMISED);
    if (of.count[MENTION_TOLD] > 0)
        mention_put(p, put_object(message, "speaks_of"), &of, MENTION_TOLD);
    for (size_t i = 0; i < COUNT(others); i++) {
        if (of.count[others[i].mention] == 0)
            continue;
        json_t *row = list_add(left);
        mention_put(p, row, &of, others[i].mention);
        put(row, "why", others[i].why);
    }
    put_true(message, "any_left_out", json_array_size(left) > 0);
}

/* ---- The page ---------------------------------------------------------------------------- */

bool page_customer(struct page *p, struct fault *why)
{
    struct casefile_view f;

    if (!view_casefile(p->view, p->hole, &f, why))
        return false;
    const struct casefile *c = f.casefile;
    if (!c->business) {
        page_go(p, account_link(p, c->reference));
        return true;
    }
    p->bucket = c->key.bucket;
    put(p->context, "presence_link",
        arena_print(p->arena, "%s/presence", account_link(p, c->reference)));
    presence_put(p, c->key);
    recent_note(p, c->key);
    if (!account_begin(p, &f, why))
        return false;
    put(p->context, "title",
        arena_print(p->arena, "%s, %s: customer", f.party->name, c->reference));
    invoices_put(p, &f);
    dates_put(p, c);
    message_put(p, &f);
    return true;
}
