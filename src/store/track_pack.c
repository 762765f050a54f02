/* Tracks, packed: numbers as differences from those before them, so that most take a byte. */
#include "store/tracks.h"

#include "store/pack.h"

/* Channels and outcomes are added at the end of their lists, and are fewer than these. */
enum { TRACK_VERSION = 3, CHANNELS_MOST = 32 };

/* ---- Packing ------------------------------------------------------------------------------
 */

/* A day, as the distance from the one before. */
static void put_day(struct text *out, struct day day, int32_t *before)
{
    pack_int(out, (int64_t)day.number - *before);
    if (day.number != DAY_NEVER.number)
        *before = day.number;
}

static void pack_item(const struct track_item *item, int32_t *day, struct text *out)
{
    int32_t changed = *day;

    pack_int(out, item->number);
    put_day(out, item->due_day, &changed);
    pack_int(out, item->owed_minor);
    pack_int(out, (int64_t)item->change_count);
    changed = *day;
    for (size_t i = 0; i < item->change_count; i++) {
        put_day(out, item->changes[i].day, &changed);
        pack_int(out, item->changes[i].minor);
        pack_int(out, item->changes[i].by_money);
    }
}

static void pack_debts(const struct track *t, int32_t *day, struct text *out)
{
    pack_int(out, (int64_t)t->debt_count);
    for (size_t i = 0; i < t->debt_count; i++) {
        const struct track_debt *d = &t->debts[i];
        int32_t placed;
        pack_int(out, d->number);
        pack_int(out, d->currency);
        put_day(out, d->invoice_day, day);
        placed = *day;
        put_day(out, d->placed_day, &placed);
        pack_int(out, (int64_t)d->item_count);
        for (size_t k = 0; k < d->item_count; k++)
            pack_item(&d->items[k], day, out);
    }
}

static void pack_money(size_t count, const struct track_money *all, int32_t day,
                       struct text *out)
{
    pack_int(out, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        put_day(out, all[i].day, &day);
        pack_int(out, all[i].currency);
        pack_int(out, all[i].component);
        pack_int(out, all[i].minor);
    }
}

static void pack_promises(const struct track *t, int32_t day, struct text *out)
{
    pack_int(out, (int64_t)t->promise_count);
    for (size_t i = 0; i < t->promise_count; i++) {
        const struct track_promise *p = &t->promises[i];
        put_day(out, p->made_day, &day);
        int32_t made = day;
        put_day(out, p->due_day, &made);
        put_day(out, p->state_day, &made);
        pack_int(out, (p->state * 2 + p->of_plan) * 2 + (p->author != NULL));
        if (p->author != NULL)
            pack_text(out, p->author);
        pack_int(out, p->currency);
        pack_int(out, p->minor);
    }
}

_Static_assert((int)CHANNEL_COUNT <= (int)CHANNELS_MOST, "channels fit");

static void pack_contacts(const struct track *t, struct text *out)
{
    int64_t minute = 0;
    int32_t day = 0;
    /* the same as the one before is not said again */
    const char *step = NULL, *author = NULL;

    pack_int(out, (int64_t)t->contact_count);
    for (size_t i = 0; i < t->contact_count; i++) {
        const struct track_contact *k = &t->contacts[i];
        pack_int(out, k->minute - minute);
        minute = k->minute;
        put_day(out, k->day, &day);
        pack_int(out, k->week_hour);
        pack_int(out, (k->outcome * CHANNELS_MOST + k->channel) * 16 +
                          !text_equal(author, k->author) * 8 + k->asks_for_money * 4 +
                          (k->direction == DIRECTION_IN ? 2 : 0) + !text_equal(step, k->step));
        if (!text_equal(step, k->step))
            pack_text(out, k->step);
        if (!text_equal(author, k->author))
            pack_text(out, k->author);
        step = k->step;
        author = k->author;
    }
}

static void pack_plans(const struct track *t, int32_t day, struct text *out)
{
    pack_int(out, (int64_t)t->plan_count);
    for (size_t i = 0; i < t->plan_count; i++) {
        put_day(out, t->plans[i].day, &day);
        pack_int(out, t->plans[i].declined);
    }
}

/* Who did it, where somebody did. */
static void pack_author(const char *author, struct text *out)
{
    pack_int(out, author != NULL);
    if (author != NULL)
        pack_text(out, author);
}

static void pack_treatment(const struct track *t, int32_t day, struct text *out)
{
    pack_int(out, (int64_t)t->dispute_count);
    for (size_t i = 0; i < t->dispute_count; i++) {
        put_day(out, t->disputes[i].received_day, &day);
        put_day(out, t->disputes[i].state_day, &day);
        pack_int(out, t->disputes[i].open * 2 + t->disputes[i].withdrawn);
        pack_text(out, t->disputes[i].reason);
        pack_author(t->disputes[i].author, out);
    }
    pack_int(out, (int64_t)t->disputed_count);
    for (size_t i = 0; i < t->disputed_count; i++) {
        put_day(out, t->disputed[i].from, &day);
        put_day(out, t->disputed[i].until, &day);
    }
    pack_int(out, (int64_t)t->hardship_count);
    for (size_t i = 0; i < t->hardship_count; i++) {
        put_day(out, t->hardships[i].asked_day, &day);
        put_day(out, t->hardships[i].decided_day, &day);
        put_day(out, t->hardships[i].ended_day, &day);
        pack_author(t->hardships[i].author, out);
    }
    pack_int(out, (int64_t)t->stop_count);
    for (size_t i = 0; i < t->stop_count; i++) {
        put_day(out, t->stops[i].day, &day);
        pack_int(out, t->stops[i].all);
    }
    pack_int(out, (int64_t)t->complaint_count);
    for (size_t i = 0; i < t->complaint_count; i++)
        put_day(out, t->complaints[i], &day);
    pack_plans(t, day, out);
}

void track_pack(const struct track *t, struct text *out)
{
    int32_t day = 0;

    text_clear(out);
    pack_int(out, TRACK_VERSION);
    pack_text(out, t->client);
    pack_text(out, t->desk);
    pack_text(out, t->strategy);
    pack_text(out, t->segment);
    pack_text(out, t->standing);
    pack_text(out, t->language);
    pack_text(out, t->place);
    pack_debts(t, &day, out);
    pack_money(t->cash_count, t->cash, day, out);
    pack_money(t->charge_count, t->charges, day, out);
    pack_promises(t, day, out);
    pack_contacts(t, out);
    pack_treatment(t, day, out);
}

/* ---- Unpacking ----------------------------------------------------------------------------
 */

static struct day get_day(struct unpacker *r, int32_t *before)
{
    struct day day = { (int32_t)(unpack_int(r) + *before) };

    if (day.number != DAY_NEVER.number)
        *before = day.number;
    return day;
}

static void unpack_item(struct unpacker *r, int32_t day, struct track_item *item)
{
    int32_t changed = day;

    item->number = unpack_small(r);
    item->due_day = get_day(r, &changed);
    item->owed_minor = unpack_int(r);
    item->change_count = unpack_count(r);
    item->changes = arena_array(r->a, struct track_change, item->change_count);
    changed = day;
    for (size_t i = 0; i < item->change_count; i++) {
        item->changes[i].day = get_day(r, &changed);
        item->changes[i].minor = unpack_int(r);
        item->changes[i].by_money = unpack_int(r) != 0;
    }
}

static void unpack_debts(struct unpacker *r, int32_t *day, struct track *t)
{
    t->debt_count = unpack_count(r);
    t->debts = arena_array(r->a, struct track_debt, t->debt_count);
    for (size_t i = 0; i < t->debt_count; i++) {
        struct track_debt *d = &t->debts[i];
        d->number = unpack_small(r);
        d->currency = (enum currency)unpack_int(r);
        d->invoice_day = get_day(r, day);
        int32_t placed = *day;
        d->placed_day = get_day(r, &placed);
        d->item_count = unpack_count(r);
        d->items = arena_array(r->a, struct track_item, d->item_count);
        for (size_t k = 0; k < d->item_count; k++)
            unpack_item(r, *day, &d->items[k]);
    }
}

static struct track_money *unpack_money(struct unpacker *r, int32_t day, size_t *count)
{
    *count = unpack_count(r);
    struct track_money *all = arena_array(r->a, struct track_money, *count);

    for (size_t i = 0; i < *count; i++) {
        all[i].day = get_day(r, &day);
        all[i].currency = (enum currency)unpack_int(r);
        all[i].component = unpack_small(r);
        all[i].minor = unpack_int(r);
    }
    return all;
}

static void unpack_promises(struct unpacker *r, int32_t day, struct track *t)
{
    t->promise_count = unpack_count(r);
    t->promises = arena_array(r->a, struct track_promise, t->promise_count);
    for (size_t i = 0; i < t->promise_count; i++) {
        struct track_promise *p = &t->promises[i];
        p->made_day = get_day(r, &day);
        int32_t made = day;
        p->due_day = get_day(r, &made);
        p->state_day = get_day(r, &made);
        int64_t state = unpack_int(r);
        p->author = (state & 1) != 0 ? unpack_text(r) : NULL;
        p->state = (enum promise_state)(state / 4);
        p->of_plan = state / 2 % 2 != 0;
        p->currency = (enum currency)unpack_int(r);
        p->minor = unpack_int(r);
    }
}

static void unpack_contacts(struct unpacker *r, struct track *t)
{
    int64_t minute = 0;
    int32_t day = 0;
    const char *step = NULL, *author = NULL;

    t->contact_count = unpack_count(r);
    t->contacts = arena_array(r->a, struct track_contact, t->contact_count);
    for (size_t i = 0; i < t->contact_count; i++) {
        struct track_contact *k = &t->contacts[i];
        k->minute = minute += unpack_int(r);
        k->day = get_day(r, &day);
        k->week_hour = unpack_small(r);
        int64_t how = unpack_int(r);
        k->direction = (how & 2) != 0 ? DIRECTION_IN : DIRECTION_OUT;
        k->asks_for_money = (how & 4) != 0;
        k->channel = (enum channel)(how / 16 % CHANNELS_MOST);
        k->outcome = (enum outcome)(how / 16 / CHANNELS_MOST);
        if ((how & 1) != 0)
            step = unpack_text(r);
        if ((how & 8) != 0)
            author = unpack_text(r);
        k->step = step;
        k->author = author;
    }
}

static const char *unpack_author(struct unpacker *r)
{
    return unpack_int(r) != 0 ? unpack_text(r) : NULL;
}

static void unpack_disputes(struct unpacker *r, int32_t *day, struct track *t)
{
    t->dispute_count = unpack_count(r);
    t->disputes = arena_array(r->a, struct track_dispute, t->dispute_count);
    for (size_t i = 0; i < t->dispute_count; i++) {
        t->disputes[i].received_day = get_day(r, day);
        t->disputes[i].state_day = get_day(r, day);
        int64_t state = unpack_int(r);
        t->disputes[i].open = (state & 2) != 0;
        t->disputes[i].withdrawn = (state & 1) != 0;
        t->disputes[i].reason = unpack_text(r);
        t->disputes[i].author = unpack_author(r);
    }
    t->disputed_count = unpack_count(r);
    t->disputed = arena_array(r->a, struct track_span, t->disputed_count);
    for (size_t i = 0; i < t->disputed_count; i++) {
        t->disputed[i].from = get_day(r, day);
        t->disputed[i].until = get_day(r, day);
    }
}

static void unpack_treatment(struct unpacker *r, int32_t day, struct track *t)
{
    unpack_disputes(r, &day, t);
    t->hardship_count = unpack_count(r);
    t->hardships = arena_array(r->a, struct track_hardship, t->hardship_count);
    for (size_t i = 0; i < t->hardship_count; i++) {
        t->hardships[i].asked_day = get_day(r, &day);
        t->hardships[i].decided_day = get_day(r, &day);
        t->hardships[i].ended_day = get_day(r, &day);
        t->hardships[i].author = unpack_author(r);
    }
    t->stop_count = unpack_count(r);
    t->stops = arena_array(r->a, struct track_stop, t->stop_count);
    for (size_t i = 0; i < t->stop_count; i++) {
        t->stops[i].day = get_day(r, &day);
        t->stops[i].all = unpack_int(r) != 0;
    }
    t->complaint_count = unpack_count(r);
    t->complaints = arena_array(r->a, struct day, t->complaint_count);
    for (size_t i = 0; i < t->complaint_count; i++)
        t->complaints[i] = get_day(r, &day);
    t->plan_count = unpack_count(r);
    t->plans = arena_array(r->a, struct track_plan, t->plan_count);
    for (size_t i = 0; i < t->plan_count; i++) {
        t->plans[i].day = get_day(r, &day);
        t->plans[i].declined = unpack_int(r) != 0;
    }
}

static bool unpack_part(struct unpacker *r, struct track *out)
{
    *out = (struct track){ 0 };
    if (unpack_int(r) != TRACK_VERSION)
        return false;
    out->client = unpack_text(r);
    out->desk = unpack_text(r);
    out->strategy = unpack_text(r);
    out->segment = unpack_text(r);
    return !r->broken;
}

static struct unpacker unpacker_of(const void *bytes, size_t length, struct arena *a)
{
    const unsigned char *copy = (const unsigned char *)arena_copy_n(a, bytes, length);

    return (struct unpacker){ copy, copy + length, false, a };
}

bool track_unpack_part(const void *bytes, size_t length, struct arena *a, struct track *out)
{
    struct unpacker r = unpacker_of(bytes, length, a);

    return unpack_part(&r, out);
}

bool track_unpack(const void *bytes, size_t length, struct arena *a, struct track *out)
{
    struct unpacker r = unpacker_of(bytes, length, a);
    int32_t day = 0;

    if (!unpack_part(&r, out))
        return false;
    out->standing = unpack_text(&r);
    out->language = unpack_text(&r);
    out->place = unpack_text(&r);
    unpack_debts(&r, &day, out);
    out->cash = unpack_money(&r, day, &out->cash_count);
    out->charges = unpack_money(&r, day, &out->charge_count);
    unpack_promises(&r, day, out);
    unpack_contacts(&r, out);
    unpack_treatment(&r, day, out);
    return !r.broken && r.at == r.end;
}
