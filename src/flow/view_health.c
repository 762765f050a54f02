/* The state of the book: the same arithmetic as the reports (domain/measures.h), on one page. */
#include "base/text.h"
#include "flow/view_parts.h"
#include "store/figures.h"

#include <string.h>

/* Sums over all buckets. */
struct sums {
    struct receivables receivables;
    struct figures_money money[CURRENCIES_MOST], before[CURRENCIES_MOST];
    size_t money_count, before_count;
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

static void money_add_to(struct figures_money *all, size_t *count,
                         const struct figures_money *more)
{
    struct figures_money *m = NULL;

    for (size_t i = 0; i < *count; i++) {
        if (all[i].currency == more->currency)
            m = &all[i];
    }
    if (m == NULL) {
        must(*count < CURRENCIES_MOST);
        m = &all[(*count)++];
        *m = (struct figures_money){ .currency = more->currency };
    }
    m->collected_minor += more->collected_minor;
    m->collected_ever_minor += more->collected_ever_minor;
    m->promises += more->promises;
    m->promised_minor += more->promised_minor;
    m->kept += more->kept;
    m->kept_minor += more->kept_minor;
}

static void take_money(void *into, const struct figures_money *more)
{
    struct sums *s = into;

    money_add_to(s->money, &s->money_count, more);
}

static void take_before(void *into, const struct figures_money *more)
{
    struct sums *s = into;

    money_add_to(s->before, &s->before_count, more);
}

static struct figures_period period_of(struct view *v, struct day from, struct day to)
{
    return (struct figures_period){ .now = v->now,
                                    .from_at = day_begins(from, v->zone),
                                    .to_at = day_begins(day_plus(to, 1), v->zone),
                                    .today = v->today,
                                    .from = from,
                                    .to = to };
}

static bool sums_read(struct view *v, struct sums *s, struct fault *why)
{
    struct day from = day_plus(v->today, 1 - HEALTH_DAYS);
    struct figures_period now = period_of(v, from, v->today);
    struct figures_period before = period_of(v, day_plus(from, -HEALTH_DAYS), day_plus(from, -1));

    s->receivables.today = v->today;
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        s->last_casefile = 0;
        if (!figures_items(v->store, bucket, v->today, take_item, s, why) ||
            !figures_money(v->store, bucket, &now, take_money, s, why) ||
            !figures_money(v->store, bucket, &before, take_before, s, why))
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

static const struct figures_money *money_find(const struct figures_money *all, size_t count,
                                              enum currency currency)
{
    static const struct figures_money none;

    for (size_t i = 0; i < count; i++) {
        if (all[i].currency == currency)
            return &all[i];
    }
    return &none;
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
    const struct figures_money *m = money_find(s->money, s->money_count, out->currency);
    out->collected_minor = m->collected_minor;
    out->collected_ever_minor = m->collected_ever_minor;
    out->kept = m->kept;
    out->kept_minor = m->kept_minor;
    out->promises = m->promises;
    out->promised_minor = m->promised_minor;
    out->collected_before_minor =
        money_find(s->before, s->before_count, out->currency)->collected_minor;
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

static bool months_read(struct view *v, struct health *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_CASH_BY_DAY);
    int first;

    months_begin(v, out);
    first = out->months[0].year * 12 + out->months[0].month;
    bind_int(&q, out->currency);
    bind_int(&q, day_of_date((struct date){ out->months[0].year, out->months[0].month, 1 }).number);
    bind_int(&q, v->today.number);
    while (query_next(&q)) {
        struct date date = date_of_day(view_day(&q, 0));
        int at = date.year * 12 + date.month - first;
        if (at >= 0 && at < HEALTH_MONTHS)
            out->months[at].minor += row_int(&q, 1);
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
        *row = (struct health_queued){ view_text(v, &q, 0), view_text(v, &q, 1), row_int(&q, 2) };
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
    return months_read(v, out, why) && standings_read(v, out, why) && queued_read(v, out, why) &&
           worked_read(v, out, why) && wakes_read(v, out, why);
}
