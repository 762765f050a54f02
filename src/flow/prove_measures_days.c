/*
 * What stands, found by walking: on every day from the first thing that happened to more than a
 * year after the last, everything is looked at as it is that day, and what differs from the day
 * before is a difference. Slow, and without any thought of when something might change.
 */
#include "flow/prove_measures_parts.h"

#include "base/text.h"

#include <string.h>

enum { BEYOND_DAYS = 430, STANDINGS_OF_DEBT = 12, STANDINGS_OF_FILE = 16 };

/* One thing that stands: no padding, so that lists of them compare by bytes. */
struct standing {
    int32_t figure, currency, first, second;
    int64_t counted, minor;
};

struct standings {
    size_t count, most;
    struct standing *all;
};

struct walk {
    const struct expecting *e;
    struct raw_debt *debts;
    size_t debt_count, line_at;
    struct standings now, before, month_now, month_before;
};

static void stand(struct standings *s, int figure, int32_t currency, int32_t first,
                  int32_t second, int64_t counted, int64_t minor)
{
    if (counted == 0 && minor == 0)
        return;
    must(s->count < s->most);
    s->all[s->count++] = (struct standing){ figure, currency, first, second, counted, minor };
}

/* ---- Debts ------------------------------------------------------------------------------- */

static int32_t placed_day(const struct expecting *e, int32_t debt, int32_t invoice)
{
    int64_t first = INT64_MAX;

    if (text_equal(e->file->role, "first_party_creditor"))
        return invoice;
    for (size_t i = 0; i < e->file->line_count; i++) {
        const struct raw_line *line = &e->file->lines[i];
        if (line->debt == debt && line->account == 'p' && !line->money &&
            line->posted_at < first)
            first = line->posted_at;
    }
    if (first == INT64_MAX)
        return invoice;
    int32_t day = wall_at((struct instant){ first }, e->house).day.number;
    return day > invoice ? day : invoice;
}

static void debts_make(struct walk *w)
{
    const struct raw_file *f = w->e->file;

    w->debts = arena_array(w->e->arena, struct raw_debt, f->item_count + 1);
    for (size_t i = 0; i < f->item_count; i++) {
        const struct raw_item *item = &f->items[i];
        struct raw_debt *d = w->debt_count > 0 ? &w->debts[w->debt_count - 1] : NULL;
        if (d == NULL || d->number != item->debt) {
            d = &w->debts[w->debt_count++];
            *d = (struct raw_debt){ .number = item->debt,
                                    .currency = item->currency,
                                    .invoice = item->invoice,
                                    .placed = placed_day(w->e, item->debt, item->invoice),
                                    .items = item,
                                    .settled = INT32_MIN };
        }
        d->item_count++;
    }
    for (size_t i = 0; i < w->debt_count; i++)
        w->debts[i].open = arena_array(w->e->arena, int64_t, w->debts[i].item_count);
}

static int range_of_days(int32_t late)
{
    return late <= 0     ? 0
           : late <= 30  ? 1
           : late <= 60  ? 2
           : late <= 90  ? 3
           : late <= 120 ? 4
                         : 5;
}

static void line_take(struct walk *w, const struct raw_line *line)
{
    for (size_t i = 0; i < w->debt_count; i++) {
        struct raw_debt *d = &w->debts[i];
        if (d->number != line->debt)
            continue;
        for (size_t k = 0; k < d->item_count; k++) {
            if (d->items[k].number == line->item)
                d->open[k] += line->minor;
        }
    }
}

static bool paid_on(const struct walk *w, const struct raw_debt *d, int32_t day)
{
    int64_t sums[64] = { 0 };

    for (size_t i = 0; i < w->e->file->line_count; i++) {
        const struct raw_line *line = &w->e->file->lines[i];
        bool counts = line->day == day || (line->day < day && day == d->invoice);
        if (counts && line->debt == d->number && line->account == 'p' && line->money)
            sums[line->item % 64] += line->minor;
    }
    for (size_t i = 0; i < COUNT(sums); i++) {
        if (sums[i] != 0)
            return true;
    }
    return false;
}

static void settled_look(struct walk *w, struct raw_debt *d, int32_t day)
{
    bool closes = d->was_open && !d->is_open;

    if (!d->was_open && d->is_open) {
        if (d->once_paid)
            expect_day(w->e, FIGURE_SETTLED, d->currency, day, !d->settled_by_money, 0, -1, 0);
        d->settled = INT32_MAX;
    }
    if (!closes)
        return;
    d->settled = day;
    d->settled_by_money = paid_on(w, d, day);
    d->once_paid = true;
    expect_day(w->e, FIGURE_SETTLED, d->currency, day, !d->settled_by_money, 0, 1, 0);
}

/* What is open of one debt on the day, and how late. */
static bool debt_look(struct walk *w, struct raw_debt *d, int32_t day)
{
    int64_t minor[6] = { 0 }, late = 0;
    bool in[6] = { false }, is_late = false;

    d->was_open = d->is_open;
    d->is_open = false;
    for (size_t i = 0; i < d->item_count && day >= d->invoice; i++) {
        int range = range_of_days(day - d->items[i].due);
        if (d->open[i] <= 0)
            continue;
        d->is_open = true;
        in[range] = true;
        minor[range] += d->open[i];
        is_late = is_late || range > 0;
        if (range > 0)
            late += d->open[i] * (d->items[i].due - 10957);
    }
    for (int range = 0; range < 6; range++)
        stand(&w->now, FIGURE_OPEN, d->currency, range, 0, in[range], minor[range]);
    stand(&w->now, FIGURE_OPEN, d->currency, 6, 0, d->is_open, 0);
    stand(&w->now, FIGURE_OPEN, d->currency, 7, 0, is_late, 0);
    stand(&w->now, FIGURE_LATE, d->currency, 0, 0, 0, late);
    settled_look(w, d, day);
    return is_late;
}

/* ---- Case files -------------------------------------------------------------------------- */

static bool reached_since(const struct raw_file *f, int32_t since, int32_t day)
{
    for (size_t i = 0; i < f->contact_count; i++) {
        const struct raw_contact *k = &f->contacts[i];
        if (k->day >= since && k->day <= day && raw_reaches(k))
            return true;
    }
    return false;
}

static bool disputed_since(const struct raw_file *f, int32_t since, int32_t day)
{
    for (size_t i = 0; i < f->dispute_count; i++) {
        if (f->disputes[i].received >= since && f->disputes[i].received <= day)
            return true;
    }
    return false;
}

static bool in_dispute(const struct raw_file *f, int32_t day)
{
    for (size_t i = 0; i < f->fact_count; i++) {
        const struct raw_fact *fact = &f->facts[i];
        if (text_equal(fact->type, "dispute") && fact->from <= day && day < fact->until)
            return true;
    }
    return false;
}

static void file_look(struct walk *w, bool open, bool late, int32_t day)
{
    static const int32_t windows[4] = { 7, 30, 90, 365 };
    const struct raw_file *f = w->e->file;

    stand(&w->now, FIGURE_FILES, 0, 0, 0, open, 0);
    stand(&w->now, FIGURE_FILES, 0, 1, 0, late, 0);
    stand(&w->now, FIGURE_FILES, 0, 2, 0, open && in_dispute(f, day), 0);
    for (int32_t i = 0; i < 4; i++) {
        bool reached = reached_since(f, day - windows[i] + 1, day);
        stand(&w->now, FIGURE_FILES, 0, 3 + i, 0, reached, 0);
        stand(&w->now, FIGURE_FILES, 0, 7 + i, 0, reached && late, 0);
        stand(&w->now, FIGURE_FILES, 0, 11 + i, 0, disputed_since(f, day - windows[i] + 1, day),
              0);
    }
}

/* ---- Ends of months ---------------------------------------------------------------------- */

static int64_t money_in(const struct walk *w, const struct raw_debt *d, int32_t first,
                        int32_t last)
{
    int64_t minor = 0;

    for (size_t i = 0; i < w->e->file->line_count; i++) {
        const struct raw_line *line = &w->e->file->lines[i];
        int32_t day = line->day < d->invoice ? d->invoice : line->day;
        if (line->debt == d->number && line->account == 'p' && line->money && day >= first &&
            day <= last)
            minor -= line->minor;
    }
    return minor;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void roll_look(struct walk *w, const struct raw_debt *d, int64_t open, int range,
                      int64_t money)
{
    int64_t gone = d->month_open > open ? d->month_open - open : 0;
    int64_t paid = money > 0 ? least(money, gone) : 0;

    if (d->month_open == 0)
        return;
    stand(&w->month_now, FIGURE_ROLL, d->currency, d->month_range, range, open > 0,
          least(open, d->month_open));
    stand(&w->month_now, FIGURE_ROLL, d->currency, d->month_range, 6, open == 0 && paid > 0,
          paid);
    stand(&w->month_now, FIGURE_ROLL, d->currency, d->month_range, 7, open == 0 && paid == 0,
          gone - paid);
}

static void month_look(struct walk *w, struct raw_debt *d, int32_t day)
{
    struct date date = date_of_day((struct day){ day });
    struct date placed = date_of_day((struct day){ d->placed });
    int32_t month = date.year * 12 + date.month, placed_month = placed.year * 12 + placed.month;
    int64_t open = 0;
    int range = 0;

    for (size_t i = 0; i < d->item_count && day >= d->invoice; i++) {
        int here = range_of_days(day - d->items[i].due);
        if (d->open[i] <= 0)
            continue;
        open += d->open[i];
        range = here > range ? here : range;
    }
    roll_look(w, d, open, range, money_in(w, d, day - date.day + 1, day));
    if (month >= placed_month)
        stand(&w->month_now, FIGURE_UNPAID, d->currency, placed_month - 1, 0, open > 0, open);
    d->month_open = open;
    d->month_range = range;
}

/* ---- Walking ----------------------------------------------------------------------------- */

static bool same(const struct standings *a, const struct standings *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->all, b->all, a->count * sizeof *a->all) == 0);
}

static void differ(const struct walk *w, const struct standings *s, int32_t day, int sign,
                   bool monthly)
{
    struct date date = date_of_day((struct day){ day });

    for (size_t i = 0; i < s->count; i++) {
        const struct standing *x = &s->all[i];
        if (monthly)
            expect_month(w->e, (enum figure)x->figure, x->currency,
                         date.year * 12 + date.month - 1, x->first, x->second,
                         x->counted * sign, x->minor * sign);
        else
            expect_day(w->e, (enum figure)x->figure, x->currency, day, x->first, x->second,
                       x->counted * sign, x->minor * sign);
    }
}

static void turn(const struct walk *w, struct standings *now, struct standings *before,
                 int32_t day, bool monthly)
{
    struct standings last = *before;

    if (!same(now, before)) {
        differ(w, before, day, -1, monthly);
        differ(w, now, day, 1, monthly);
    }
    *before = *now;
    *now = last;
    now->count = 0;
}

static void day_look(struct walk *w, int32_t day)
{
    const struct raw_file *f = w->e->file;
    bool open = false, late = false;

    for (; w->line_at < f->line_count && f->lines[w->line_at].day <= day; w->line_at++) {
        if (f->lines[w->line_at].account == 'p')
            line_take(w, &f->lines[w->line_at]);
    }
    for (size_t i = 0; i < w->debt_count; i++) {
        late = debt_look(w, &w->debts[i], day) || late;
        open = open || w->debts[i].is_open;
    }
    file_look(w, open, late, day);
    turn(w, &w->now, &w->before, day, false);
    if (date_of_day((struct day){ day + 1 }).day != 1)
        return;
    for (size_t i = 0; i < w->debt_count; i++)
        month_look(w, &w->debts[i], day);
    turn(w, &w->month_now, &w->month_before, day, true);
}

static void widen(int32_t *first, int32_t *last, int32_t day)
{
    if (day == INT32_MAX)
        return;
    *first = day < *first ? day : *first;
    *last = day > *last ? day : *last;
}

static bool days_of(const struct raw_file *f, const struct walk *w, int32_t *first,
                    int32_t *last)
{
    *first = INT32_MAX;
    *last = INT32_MIN;
    for (size_t i = 0; i < f->item_count; i++) {
        widen(first, last, f->items[i].due);
        widen(first, last, f->items[i].invoice);
    }
    for (size_t i = 0; i < w->debt_count; i++)
        widen(first, last, w->debts[i].placed);
    for (size_t i = 0; i < f->line_count; i++)
        widen(first, last, f->lines[i].day);
    for (size_t i = 0; i < f->contact_count; i++)
        widen(first, last, f->contacts[i].day);
    for (size_t i = 0; i < f->dispute_count; i++)
        widen(first, last, f->disputes[i].received);
    for (size_t i = 0; i < f->fact_count; i++) {
        widen(first, last, f->facts[i].from);
        widen(first, last, f->facts[i].until);
    }
    return *first <= *last;
}

struct raw_debt *expect_standing(const struct expecting *e, size_t *count)
{
    struct walk w = { .e = e };
    struct standings *lists[] = { &w.now, &w.before, &w.month_now, &w.month_before };
    int32_t first, last;

    debts_make(&w);
    for (size_t i = 0; i < COUNT(lists); i++) {
        lists[i]->most = w.debt_count * STANDINGS_OF_DEBT + STANDINGS_OF_FILE;
        lists[i]->all = arena_array(e->arena, struct standing, lists[i]->most);
    }
    if (days_of(e->file, &w, &first, &last)) {
        for (int32_t day = first; day <= last + BEYOND_DAYS; day++)
            day_look(&w, day);
    }
    *count = w.debt_count;
    return w.debts;
}
