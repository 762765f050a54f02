/* What an invented debtor owes, when they pay, and in which order all of it happened. */
#include "flow/demo_story.h"

#include <stdlib.h>
#include <string.h>

/* How somebody pays: per mille of instalments, by trade. */
enum habit { HABIT_PROMPT, HABIT_LATE, HABIT_PART, HABIT_NEVER, HABIT_STOPPED };

static enum habit habit_roll(struct dice *d, enum trade trade)
{
    static const int shares[][4] = {
        [TRADE_BUSINESS] = { 560, 300, 70, 16 },
        [TRADE_CONSUMER] = { 460, 280, 120, 70 },
        [TRADE_PLACED] = { 40, 170, 210, 520 },
    };
    int at = dice_below(d, 1000);

    for (int i = 0; i < 4; i++) {
        at -= shares[trade][i];
        if (at < 0)
            return (enum habit)i;
    }
    return HABIT_STOPPED;
}

/* Nine in the morning to five, in the clock of the organisation; never later than now. */
struct event *story_event(struct story *s, enum event_kind kind, struct day day)
{
    must(s->event_count < STORY_EVENTS - 1);
    struct event *e = &s->events[s->event_count];
    struct instant at = instant_of_wall(
        (struct wall){ day, 9 * 3600 + dice_below(s->dice, 8 * 3600) }, s->zone);

    if (at.us >= s->now.us)
        at.us = s->now.us - (1 + dice_below(s->dice, 3600)) * 1000000LL;
    *e = (struct event){ .kind = kind, .at = at, .order = s->event_count++, .debt = -1 };
    return e;
}

bool story_is_full(const struct story *s, int more)
{
    return s->event_count + more >= STORY_EVENTS - 1;
}

/* ---- Amounts ---------------------------------------------------------------------------- */

/* Bell-shaped over the logarithm: up to so many doublings above `least`, in 16 steps each. */
static int64_t amount_roll(struct dice *d, int64_t least, int doublings)
{
    static const int steps[16] = { 1000, 1044, 1091, 1139, 1189, 1242, 1297, 1354,
                                   1414, 1477, 1542, 1610, 1682, 1756, 1834, 1915 };
    int at = dice_below(d, doublings * 16 / 2) + dice_below(d, doublings * 16 / 2);

    return (least << at / 16) * dice_pick(d, steps) / 1000 + dice_below(d, 100);
}

static int64_t amount_of(struct dice *d, const struct persona *p)
{
    if (p->trade == TRADE_BUSINESS)
        return amount_roll(d, 9000, 9);
    if (p->trade == TRADE_PLACED)
        return amount_roll(d, strcmp(p->kind, "auto_loan") == 0 ? 24000 : 4000, 6);
    if (strcmp(p->kind, "medical") == 0)
        return amount_roll(d, 6000, 7);
    return amount_roll(d, 2400, 4);
}

/* ---- Payments --------------------------------------------------------------------------- */

static void pay(struct story *s, struct owing *o, struct day day, int64_t minor, bool pending)
{
    static const char *const methods[] = { "transfer", "card", "transfer", "direct_debit" };

    if (minor <= 0 || day.number > s->today.number || story_is_full(s, 12))
        return;
    struct event *e = story_event(s, EVENT_PAYMENT, day);
    e->debt = o->debt;
    e->payment = (struct payment_input){
        .reference = arena_print(s->arena, "P-%s-%d", s->who.debtor.reference + 2, e->order),
        .day = day,
        .currency = s->who.currency,
        .minor = minor,
        .method = dice_pick(s->dice, methods),
        .pending = pending,
    };
    if (!pending)
        o->open -= minor;
}

static void pay_late(struct story *s, struct owing *o)
{
    bool firm = s->who.trade == TRADE_BUSINESS;
    int days = 4 + dice_below(s->dice, firm ? 24 : 30) + dice_below(s->dice, firm ? 24 : 40);

    if (dice_chance(s->dice, 220)) /* much later */
        days += dice_between(s->dice, 20, 80);
    pay(s, o, day_plus(o->due, days), o->open, false);
}

/* Some in two or three parts; the rest of some never comes. */
static void pay_in_parts(struct story *s, struct owing *o, int never)
{
    struct day day = day_plus(o->due, dice_between(s->dice, -2, 25));
    int parts = dice_between(s->dice, 2, 3);
    int64_t part = o->open * dice_between(s->dice, 20, 60) / 100;

    for (int i = 0; i < parts; i++) {
        bool last = i + 1 == parts;
        if (last && dice_chance(s->dice, never))
            return;
        pay(s, o, day, last ? o->open : part, false);
        day = day_plus(day, dice_between(s->dice, 18, 45));
        part = o->open / 2;
    }
}

static void pay_promptly(struct story *s, struct owing *o)
{
    int64_t minor = o->open;
    struct day day = day_plus(o->due, dice_between(s->dice, -9, 3));

    if (dice_chance(s->dice, 4)) /* a slip of the keyboard: too much waits to be sent back */
        minor += 100 * dice_between(s->dice, 1, 90);
    int ago = s->today.number - day.number;
    if (ago >= -1 && ago <= 3 && dice_chance(s->dice, 400)) {
        pay(s, o, s->today, minor, true); /* on its way */
        return;
    }
    pay(s, o, day, minor, false);
}

static void pay_by_habit(struct story *s, struct owing *o, enum habit habit, struct day stopped)
{
    bool placed = s->who.trade == TRADE_PLACED;

    switch (habit) {
    case HABIT_PROMPT:
        pay_promptly(s, o);
        break;
    case HABIT_LATE:
        pay_late(s, o);
        break;
    case HABIT_PART:
        pay_in_parts(s, o, placed ? 700 : 130);
        break;
    case HABIT_NEVER:
        if (!placed && dice_chance(s->dice, 300))
            pay_in_parts(s, o, 900);
        break;
    case HABIT_STOPPED:
        if (o->due.number < stopped.number)
            pay_late(s, o);
        break;
    }
}

/* Between firms and for one's own customers most old amounts are settled in the end. */
static void pay_in_the_end(struct story *s, struct owing *o)
{
    int days = s->today.number - o->due.number;

    if (s->who.trade != TRADE_PLACED && o->open > 0 && days > 90 && dice_chance(s->dice, 880))
        pay(s, o, day_plus(o->due, dice_between(s->dice, 85, 170)), o->open, false);
}

/* ---- Debts ------------------------------------------------------------------------------ */

/* Day of birth of debt `i` of `count`: spread over the history, and some of late. */
static struct day invoice_day_of(struct story *s, int i, int count)
{
    int span = s->months * 30;
    int lately = s->who.trade == TRADE_PLACED ? 60 : 450;

    if (i == 0 && dice_chance(s->dice, lately))
        return day_plus(s->today, -dice_below(s->dice, 95));
    int slot = span / count;
    int back = span - i * slot - dice_below(s->dice, slot > 0 ? slot : 1);
    return day_plus(s->today, back > 0 ? -back : 0);
}

static const char *description_of(struct story *s, struct day day)
{
    static const char *const work[] = { "Goods as ordered",     "Service and parts",
                                        "Monthly supply",       "Installation",
                                        "Maintenance contract", "Consulting" };
    static const char *const words[][2] = {
        { "utility", "Electricity and gas" }, { "telecom", "Mobile plan" },
        { "medical", "Treatment" },           { "gym", "Membership" },
        { "credit_card", "Card balance" },    { "auto_loan", "Car finance" },
        { "personal_loan", "Personal loan" },
    };
    char date[DAY_TEXT];

    day_print(day, date);
    date[7] = '\0';
    for (size_t i = 0; i < COUNT(words); i++) {
        if (strcmp(words[i][0], s->who.kind) == 0)
            return arena_print(s->arena, "%s, %s", words[i][1], date);
    }
    return arena_print(s->arena, "%s, %s", dice_pick(s->dice, work), date);
}

/* How many slices, and how many days to the first: treatments are often paid in monthly ones.
 */
static int slices_of(struct story *s, int *days)
{
    static const int firm_days[] = { 14, 30, 30, 30, 45, 60 };

    *days = s->who.trade == TRADE_BUSINESS   ? dice_pick(s->dice, firm_days)
            : s->who.trade == TRADE_CONSUMER ? 21
                                             : 0;
    if (s->who.trade == TRADE_CONSUMER && strcmp(s->who.kind, "medical") == 0 &&
        dice_chance(s->dice, 350))
        return dice_between(s->dice, 3, 6);
    return 1;
}

static struct event *debt_begin(struct story *s, struct day day, int number)
{
    struct event *e = story_event(s, EVENT_DEBT, day);

    e->debt = number;
    e->input = (struct debt_input){
        .reference =
            arena_print(s->arena, "%s-%s-%02d", s->who.trade == TRADE_BUSINESS ? "INV" : "ACC",
                        s->who.debtor.reference + 2, number + 1),
        .kind = s->who.kind,
        .description = description_of(s, day),
        .currency = s->who.currency,
        .invoice_day = day,
    };
    return e;
}

/* One debt, its slices, and what was paid on each. */
static struct owing debt_tell(struct story *s, struct day day, int number, enum habit habit,
                              struct day stopped)
{
    int days, slices = slices_of(s, &days);
    int64_t whole = amount_of(s->dice, &s->who), open = 0;
    struct instalment_input *parts = arena_array(s->arena, struct instalment_input, slices);
    struct event *e = debt_begin(s, day, number);
    struct owing first = { number, day_plus(day, days), 0 };

    e->input.terms = days == 0
                         ? "Due at once."
                         : arena_print(s->arena, "Due %d days after the invoice date.", days);
    e->input.instalment_count = (size_t)slices;
    e->input.instalments = parts;
    for (int i = 0; i < slices; i++) {
        struct day due = day_plus(day, days + i * 30);
        parts[i] =
            (struct instalment_input){ due, whole / slices + (i == 0 ? whole % slices : 0) };
        struct owing slice = { number, due, parts[i].minor };
        pay_by_habit(s, &slice, habit, stopped);
        pay_in_the_end(s, &slice);
        open += slice.open > 0 ? slice.open : 0;
    }
    first.open = open;
    return first;
}

static int debts_roll(struct dice *d, enum trade trade)
{
    static const int firm[] = { 1, 2, 2, 3, 3, 4, 4, 5, 6, 8 }, person[] = { 1, 1, 2, 2, 3, 4 },
                     placed[] = { 1, 1, 1, 1, 2, 2, 3 };

    return trade == TRADE_BUSINESS   ? dice_pick(d, firm)
           : trade == TRADE_CONSUMER ? dice_pick(d, person)
                                     : dice_pick(d, placed);
}

void story_debts(struct story *s, struct owing owing[STORY_DEBTS])
{
    enum habit usual = habit_roll(s->dice, s->who.trade);
    struct day stopped = day_plus(s->today, -dice_between(s->dice, 5, 120));

    s->debt_count = debts_roll(s->dice, s->who.trade);
    for (int i = 0; i < s->debt_count; i++) {
        enum habit habit =
            dice_chance(s->dice, 150) ? habit_roll(s->dice, s->who.trade) : usual;
        struct day day = invoice_day_of(s, i, s->debt_count);
        owing[i] = debt_tell(s, day, i, habit, stopped);
    }
}

/* ---- The order of time ------------------------------------------------------------------ */

static int by_time(const void *a, const void *b)
{
    const struct event *x = a, *y = b;

    if (x->at.us != y->at.us)
        return x->at.us < y->at.us ? -1 : 1;
    return x->order - y->order;
}

/* True when we would not have written or rung after this. */
static bool silences(const struct event *fact, const struct event *contact)
{
    enum fact_type type = fact->fact.type;

    if (fact->kind != EVENT_FACT || contact->at.us < fact->at.us)
        return false;
    if (type == FACT_OPT_OUT)
        return fact->fact.channel == contact->contact.channel;
    return type == FACT_CEASE || type == FACT_ATTORNEY || type == FACT_BANKRUPTCY ||
           type == FACT_DECEASED || type == FACT_HOLD || type == FACT_DISPUTE;
}

/* Nobody in the demo was ever contacted against their wish or the law. */
static void silence_keep(struct story *s)
{
    int kept = 0;

    for (int i = 0; i < s->event_count; i++) {
        struct event *e = &s->events[i];
        bool silenced = false;
        for (int k = 0; k < s->event_count && e->kind == EVENT_CONTACT; k++)
            silenced = silenced ||
                       (e->contact.direction == DIRECTION_OUT && silences(&s->events[k], e));
        if (!silenced)
            s->events[kept++] = *e;
    }
    s->event_count = kept;
}

/* Money cannot come in for a debt that is not on file yet. */
static void debts_come_first(struct story *s)
{
    struct instant known[STORY_DEBTS];

    for (int i = 0; i < s->event_count; i++) {
        if (s->events[i].kind == EVENT_DEBT)
            known[s->events[i].debt] = s->events[i].at;
    }
    for (int i = 0; i < s->event_count; i++) {
        struct event *e = &s->events[i];
        if (e->debt >= 0 && e->kind != EVENT_DEBT && e->at.us <= known[e->debt].us)
            e->at.us = known[e->debt].us + 1000000 * (1 + i);
    }
}

void story_tell(struct story *s)
{
    struct owing owing[STORY_DEBTS];

    s->event_count = s->debt_count = s->promise_count = 0;
    story_debts(s, owing);
    story_talks(s, owing);
    story_deals(s, owing);
    story_desk(s);
    silence_keep(s);
    debts_come_first(s);
    qsort(s->events, (size_t)s->event_count, sizeof s->events[0], by_time);
}
