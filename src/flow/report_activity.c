#include "flow/report_parts.h"

#include <string.h>

/* Deeds of one kind on one day, or over the period. */
struct tally {
    struct day day;
    const char *what, *channel, *state, *reason;
    enum currency currency;
    int64_t count, minor;
};

/* In the order of the rows; there are few kinds, however many deeds. */
struct activity {
    struct arena *arena;
    const struct report_frame *frame;
    size_t count, room;
    struct tally *tallies;
};

static int place_of(const char *what)
{
    static const char *const order[] = { "message", "contact_made", "contact_received",
                                         "record",  "payment",      "standing" };

    for (size_t i = 0; i < COUNT(order); i++) {
        if (strcmp(order[i], what) == 0)
            return (int)i;
    }
    bug(what, HERE);
}

static int tally_compare(const struct tally *a, const struct tally *b)
{
    int order = place_of(a->what) - place_of(b->what);

    if (order == 0)
        order = (a->day.number > b->day.number) - (a->day.number < b->day.number);
    if (order == 0)
        order = strcmp(a->channel, b->channel);
    if (order == 0)
        order = strcmp(a->state, b->state);
    if (order == 0)
        order = strcmp(a->reason, b->reason);
    if (order != 0 || a->currency == b->currency)
        return order;
    return strcmp(currency_code(a->currency), currency_code(b->currency));
}

/* The place of the first tally that does not come before `t`. */
static size_t tally_place(const struct activity *a, const struct tally *t)
{
    size_t low = 0, high = a->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tally_compare(&a->tallies[middle], t) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct tally *tally_add(struct activity *a, const struct tally *t)
{
    size_t place = tally_place(a, t);

    if (place < a->count && tally_compare(&a->tallies[place], t) == 0)
        return &a->tallies[place];
    (void)arena_push(a->arena, a->tallies, a->count, a->room);
    struct tally *here = &a->tallies[place];
    memmove(here + 1, here, (a->count - 1 - place) * sizeof *here);
    *here = (struct tally){ .day = t->day,
                            .what = t->what,
                            .channel = arena_copy(a->arena, t->channel),
                            .state = arena_copy(a->arena, t->state),
                            .reason = arena_copy(a->arena, t->reason),
                            .currency = t->currency };
    return here;
}

static void take(void *into, const struct figures_deed *deed)
{
    struct activity *a = into;
    bool standing = strcmp(deed->what, "standing") == 0;
    struct tally key = { .day = a->frame->by_day && !standing ? deed->day : DAY_NONE,
                         .what = deed->what,
                         .channel = deed->channel,
                         .state = deed->state,
                         .reason = deed->reason,
                         .currency = deed->currency };
    struct tally *tally = tally_add(a, &key);

    tally->count += deed->count;
    bool fits = !__builtin_add_overflow(tally->minor, deed->minor, &tally->minor);
    must(fits);
}

static const struct table_column columns[] = {
    { "day", "DAY", CELL_TEXT },           { "what", "WHAT", CELL_TEXT },
    { "channel", "BY", CELL_TEXT },        { "state", "STATE", CELL_TEXT },
    { "reason", "WHY", CELL_TEXT },        { "count", "COUNT", CELL_COUNT },
    { "currency", "CURRENCY", CELL_TEXT }, { "amount", "AMOUNT", CELL_MONEY },
};

static void row_add(struct table *t, const struct tally *tally)
{
    char day[DAY_TEXT];
    bool dated = tally->day.number != DAY_NONE.number;

    table_text(t, dated ? day_print(tally->day, day) : NULL);
    table_text(t, tally->what);
    table_text(t, tally->channel[0] != '\0' ? tally->channel : NULL);
    table_text(t, tally->state);
    table_text(t, tally->reason[0] != '\0' ? tally->reason : NULL);
    table_count(t, tally->count);
    if (tally->currency == CURRENCY_NONE) {
        table_none(t);
        table_none(t);
        return;
    }
    table_text(t, currency_code(tally->currency));
    table_money(t, money_of(tally->minor, tally->currency));
}

bool activity_fill(struct store *s, const struct report_frame *f, struct sheet *sheet,
                   struct fault *why)
{
    struct activity a = { .arena = &sheet->arena, .frame = f };
    char from[DAY_TEXT], to[DAY_TEXT];

    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        if (f->buckets.used[bucket] &&
            !figures_deeds(s, bucket, &f->period, f->zone, take, &a, why))
            return false;
    }
    sheet->heading = arena_print(&sheet->arena, "Done from %s to %s",
                                 day_print(f->period.from, from), day_print(f->period.to, to));
    period_fields(sheet, &f->period);
    struct table *t =
        sheet_table(sheet, "activity", "Nothing happened.", COUNT(columns), columns);
    for (size_t i = 0; i < a.count; i++)
        row_add(t, &a.tallies[i]);
    return true;
}
