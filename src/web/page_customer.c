/* A business: all its invoices, by when they are promised, whom we reach there, and what one message
 * would speak of. It is the account of one firm, on one page; a person's is their account. */
#include "base/text.h"
#include "domain/agreement.h"
#include "domain/measures.h"
#include "web/page_parts.h"
#include "web/presence.h"

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

/* Whether a message would speak of an instalment, or why not. */
enum part { PART_TOLD, PART_DISPUTED, PART_PLANNED, PART_HELD, PART_EARLY, PARTS };

struct spoken_of {
    size_t count[PARTS];
    const char *names[PARTS]; /* the first of them, with commas between */
};

static bool is_disputed(const struct casefile_view *f, int32_t debt)
{
    for (size_t i = 0; i < f->dispute_count; i++) {
        const struct dispute *d = &f->disputes[i];
        if (d->state == DISPUTE_OPEN && !dispute_is_part(d) && (d->debt == 0 || d->debt == debt))
            return true;
    }
    return false;
}

static bool is_planned(const struct casefile *c, int32_t debt)
{
    for (size_t i = 0; i < c->plan_count; i++) {
        const struct payment_plan *plan = &c->plans[i];
        if (plan_stands(plan) && debts_cover(plan->debts, debt))
            return true;
    }
    return false;
}

static enum part left_out(const struct page *p, const struct casefile_view *f,
                          const struct instalment *item)
{
    if (item->open_minor <= 0 || is_disputed(f, item->debt))
        return PART_DISPUTED;
    if (is_planned(f->casefile, item->debt))
        return PART_PLANNED;
    return debt_is_stopped(f->casefile, item->debt, p->view->now) ? PART_HELD : PART_EARLY;
}

/* A step is due, and nothing that they agreed holds it back: the engine said what it is of. */
static bool is_due(const struct decision *d)
{
    return d->item_count > 0 && d->standing != STANDING_PROMISED;
}

/* Of a message that nobody planned: what is late, and nothing stops. */
static bool is_told(const struct page *p, const struct casefile_view *f,
                    const struct instalment *item, size_t *next)
{
    const struct decision *d = f->decision;

    if (is_due(d))
        return *next < d->item_count && d->items[*next].instalment == item && ++*next > 0;
    return item->open_minor > 0 && days_past_due(item->due_day, p->view->today) > 0 &&
           !is_planned(f->casefile, item->debt) &&
           !debt_is_stopped(f->casefile, item->debt, p->view->now);
}

static void name_add(struct page *p, struct spoken_of *out, enum part part,
                     const struct casefile *c, const struct instalment *item)
{
    const char *name = casefile_debt(c, item->debt)->reference, *before = out->names[part];

    if (out->count[part]++ >= NAMES_SHOWN)
        return;
    if (item->number > 1)
        name = arena_print(p->arena, "%s part %d", name, (int)item->number);
    out->names[part] =
        before == NULL ? name : arena_print(p->arena, "%s, %s", before, name);
}

static struct spoken_of spoken_of(struct page *p, const struct casefile_view *f)
{
    const struct casefile *c = f->casefile;
    struct spoken_of out = { 0 };
    size_t next = 0;

    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        if (is_told(p, f, item, &next))
            name_add(p, &out, PART_TOLD, c, item);
        else if (item->open_minor > 0 || item->disputed_minor > 0)
            name_add(p, &out, left_out(p, f, item), c, item);
    }
    return out;
}

static void part_put(struct page *p, json_t *row, const struct spoken_of *of, enum part part)
{
    size_t count = of->count[part];

    put_int(row, "count", (int64_t)count);
    put_true(row, "one", count == 1);
    put(row, "names",
        count > NAMES_SHOWN ? arena_print(p->arena, "%s and %zu more", of->names[part],
                                          count - NAMES_SHOWN)
                            : of->names[part]);
}

static void message_put(struct page *p, const struct casefile_view *f)
{
    static const char *const why[PARTS] = { [PART_DISPUTED] = "in dispute",
                                            [PART_PLANNED] = "paid by a plan",
                                            [PART_HELD] = "on hold",
                                            [PART_EARLY] = "not due yet" };
    struct spoken_of of = spoken_of(p, f);
    json_t *message = put_object(p->context, "message"), *left = put_list(message, "left_out");
    const char *headline, *more;

    next_words(p, f, &headline, &more);
    put(message, "headline", headline);
    put(message, "more", more);
    put_true(message, "is_due", is_due(f->decision));
    if (of.count[PART_TOLD] > 0)
        part_put(p, put_object(message, "speaks_of"), &of, PART_TOLD);
    for (enum part part = PART_DISPUTED; part < PARTS; part++) {
        if (of.count[part] == 0)
            continue;
        json_t *row = list_add(left);
        part_put(p, row, &of, part);
        put(row, "why", why[part]);
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
    if (!account_begin(p, &f, why))
        return false;
    put(p->context, "title",
        arena_print(p->arena, "%s, %s: customer", f.party->name, c->reference));
    invoices_put(p, &f);
    dates_put(p, c);
    message_put(p, &f);
    return true;
}
