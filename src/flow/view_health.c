/* The state of the book: the same arithmetic as the reports (domain/measures.h), on one page.
 */
#include "base/text.h"
#include "flow/view_parts.h"
#include "store/figures.h"

#include <string.h>

/* Sums over all buckets. */
struct sums {
    struct receivables receivables;
    int64_t open_casefiles, last_casefile;
};

static void take_item(void *into, const struct dated_item *item)
{
    struct sums *s = into;

    receivables_add(&s->receivables, item);
    if (item->open_minor > 0 && item->casefile_id != s->last_casefile) {
        s->open_casefiles++;
        s->last_casefile = item->casefile_id;
    }
}

static bool sums_read(struct view *v, struct sums *s, struct fault *why)
{
    s->receivables.today = v->today;
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        s->last_casefile = 0;
        if (!figures_items(v->store, bucket, v->today, take_item, s, why))
            return false;
    }
    return true;
}

/* ---- The money, in one currency --------------------------------------------------------- */

/* All currencies that have anything, the one with most open first; the rest in that order. */
static void currencies_order(const struct receivables *r, struct health *out)
{
    for (size_t i = 0; i < r->count && out->currency_count < COUNT(out->currencies); i++) {
        size_t at = out->currency_count++;
        while (at > 0) {
            const struct ageing *other = NULL;
            for (size_t k = 0; k < r->count; k++) {
                if (r->by_currency[k].currency == out->currencies[at - 1])
                    other = &r->by_currency[k];
            }
            if (other == NULL || other->open_minor >= r->by_currency[i].open_minor)
                break;
            out->currencies[at] = out->currencies[at - 1];
            at--;
        }
        out->currencies[at] = r->by_currency[i].currency;
    }
}

static void money_fill(struct view *v, const struct sums *s, enum currency wanted,
                       struct health *out)
{
    const struct receivables *r = &s->receivables;

    currencies_order(r, out);
    out->currency = out->currency_count > 0 ? out->currencies[0] : CURRENCY_USD;
    for (size_t i = 0; i < r->count; i++) {
        if (r->by_currency[i].currency == wanted)
            out->currency = wanted;
    }
    for (size_t i = 0; i < r->count; i++) {
        if (r->by_currency[i].currency == out->currency)
            out->ageing = &r->by_currency[i];
    }
    out->open_casefiles = s->open_casefiles;
    if (out->ageing != NULL) {
        const struct ageing *a = out->ageing;
        out->dso = countback_of(a->open_minor, a->billed_minor, v->today);
        out->best_dso =
            countback_of(a->open_minor - a->past_due_minor, a->billed_minor, v->today);
    }
}

static void months_begin(struct view *v, struct health *out)
{
    struct date today = date_of_day(v->today);

    for (int i = 0; i < HEALTH_MONTHS; i++) {
        int month = today.year * 12 + today.month - 1 - (HEALTH_MONTHS - 1 - i);
        out->months[i] = (struct health_month){ month / 12, month % 12 + 1, 0 };
    }
}

/* One day of cash counts into its month, and into the last 30 days or the 30 before. */
static void cash_add(struct view *v, struct health *out, struct day day, int64_t minor)
{
    struct date date = date_of_day(day);
    int at = date.year * 12 + date.month - out->months[0].year * 12 - out->months[0].month;
    int ago = v->today.number - day.number;

    out->collected_ever_minor += minor;
    if (at >= 0 && at < HEALTH_MONTHS)
        out->months[at].minor += minor;
    if (ago < HEALTH_DAYS)
        out->collected_minor += minor;
    else if (ago < 2 * HEALTH_DAYS)
        out->collected_before_minor += minor;
}

static bool cash_read(struct view *v, struct health *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_CASH_BY_DAY);

    months_begin(v, out);
    bind_int(&q, v->today.number);
    while (query_next(&q)) {
        if (row_int(&q, 0) == (int64_t)out->currency)
            cash_add(v, out, view_day(&q, 1), row_int(&q, 2));
    }
    return query_end(&q, why);
}

static bool promises_read(struct view *v, struct health *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_PROMISES_JUDGED);

    bind_int(&q, day_plus(v->today, 1 - HEALTH_DAYS).number);
    bind_int(&q, v->today.number);
    bind_int(&q, out->currency);
    if (query_next(&q)) {
        out->promises = row_int(&q, 0);
        out->promised_minor = row_int(&q, 1);
        out->kept = row_int(&q, 2);
        out->kept_minor = row_int(&q, 3);
    }
    return query_end(&q, why);
}

/* ---- The work --------------------------------------------------------------------------- */

static bool standings_read(struct view *v, struct health *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_STANDINGS);
    size_t room = 0;

    while (query_next(&q)) {
        struct health_standing *s =
            arena_push(&v->arena, out->standings, out->standing_count, room);
        *s = (struct health_standing){ view_text(v, &q, 0), view_text(v, &q, 1),
                                       view_text(v, &q, 2), row_int(&q, 3),
                                       view_instant(&q, 4) };
        out->casefiles += s->count;
    }
    return query_end(&q, why);
}

static bool one_number(struct query *q, int64_t *out, struct fault *why)
{
    *out = query_next(q) ? row_int(q, 0) : 0;
    return query_end(q, why);
}

static bool queued_read(struct view *v, struct health *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_LAST_QUEUED);
    size_t room = 0;

    bind_int(&q, v->now.us);
    if (!one_number(&q, &out->cycle_at.us, why))
        return false;
    struct day day = wall_at(out->cycle_at, v->zone).day;
    out->cycle_today = out->cycle_at.us != 0 && day.number == v->today.number;

    q = query_begin(v->store, Q_WEB_QUEUED);
    bind_int(&q, day_begins(day, v->zone).us);
    bind_int(&q, out->cycle_at.us);
    while (query_next(&q)) {
        struct health_queued *row = arena_push(&v->arena, out->queued, out->queued_count, room);
        *row =
            (struct health_queued){ view_text(v, &q, 0), view_text(v, &q, 1), row_int(&q, 2) };
    }
    return query_end(&q, why);
}

static bool worked_read(struct view *v, struct health *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_WORKED);

    bind_int(&q, day_begins(day_plus(v->today, 1 - HEALTH_DAYS), v->zone).us);
    bind_int(&q, v->now.us);
    return one_number(&q, &out->worked, why);
}

static bool wakes_read(struct view *v, struct health *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_WAKES);
    size_t room = 0;

    bind_int(&q, v->now.us);
    while (query_next(&q)) {
        struct day day = wall_at(view_instant(&q, 0), v->zone).day;
        struct health_wake *last =
            out->wake_count > 0 ? &out->wakes[out->wake_count - 1] : NULL;
        if (last == NULL || last->day.number != day.number) {
            last = arena_push(&v->arena, out->wakes, out->wake_count, room);
            last->day = day;
        }
        last->count += row_int(&q, 1);
    }
    return query_end(&q, why);
}

bool view_health(struct view *v, enum currency currency, struct health *out, struct fault *why)
{
    struct sums *s = arena_make(&v->arena, struct sums);

    *out = (struct health){ 0 };
    if (!sums_read(v, s, why))
        return false;
    money_fill(v, s, currency, out);
    return cash_read(v, out, why) && promises_read(v, out, why) &&
           standings_read(v, out, why) && queued_read(v, out, why) &&
           worked_read(v, out, why) && wakes_read(v, out, why);
}
