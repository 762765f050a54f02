/* What was said: calls, messages, promises, wishes, disputes and hard times of a debtor. */
#include "flow/demo_story.h"

#include <string.h>

/* The case file as the talking side sees it. */
struct trouble {
    int64_t open;
    int days; /* past due of the oldest open debt; 0: nothing is late */
    int debt; /* which one that is                                    */
    int64_t minor; /* of it, open                                     */
    struct day due;
};

static struct trouble trouble_of(const struct story *s, const struct owing owing[])
{
    struct trouble t = { 0 };

    for (int i = 0; i < s->debt_count; i++) {
        if (owing[i].open <= 0)
            continue;
        int days = s->today.number - owing[i].due.number;
        t.open += owing[i].open;
        if (days > t.days) {
            t.days = days;
            t.debt = owing[i].debt;
            t.due = owing[i].due;
            t.minor = owing[i].open;
        }
    }
    return t;
}

/* ---- Contacts --------------------------------------------------------------------------- */

static struct event *contact_tell(struct story *s, struct day day, enum channel channel,
                                  enum direction direction, enum outcome outcome,
                                  const char *note)
{
    struct event *e = story_event(s, EVENT_CONTACT, day);

    e->contact = (struct contact){
        .at = e->at,
        .channel = channel,
        .direction = direction,
        .outcome = outcome,
        .party = PARTY_DEBTOR,
        .address = channel == CHANNEL_EMAIL ? s->who.debtor.email : s->who.debtor.phone,
    };
    e->note = note;
    return e;
}

static void call_tell(struct story *s, struct day day)
{
    static const char *const talks[] = {
        "Will look into it and come back to us.",
        "Waiting for their own payment to arrive.",
        "Asked for a copy of the invoice; sent while on the line.",
        "Friendly talk. The approver is away until next week.",
        "Says money is tight this month. Offered to talk about a plan.",
        "Had not seen the letter. Confirmed the address.",
    };
    int roll = dice_below(s->dice, 1000);
    enum outcome outcome = roll < 400   ? OUTCOME_NO_ANSWER
                           : roll < 560 ? OUTCOME_LIMITED_CONTENT
                           : roll < 620 ? OUTCOME_BUSY
                           : roll < 640 ? OUTCOME_NOT_IN_SERVICE
                           : roll < 660 ? OUTCOME_WRONG_NUMBER
                                        : OUTCOME_CONVERSATION;

    contact_tell(s, day, CHANNEL_CALL, DIRECTION_OUT, outcome,
                 outcome == OUTCOME_CONVERSATION ? dice_pick(s->dice, talks) : NULL);
}

static void reply_tell(struct story *s, struct day day)
{
    static const char *const words[] = {
        "Hello, could you send me the bank details again please?",
        "I paid this on Monday, it should reach you soon.",
        "I can manage a part of it now and the rest at the end of the month. Is that OK?",
        "Please send invoices to our accounts team from now on.",
        "I lost some hours at work. Can we find a smaller amount for a while?",
        "Could someone explain the second line to me?",
    };

    contact_tell(s, day, s->who.debtor.email != NULL ? CHANNEL_EMAIL : CHANNEL_CALL,
                 DIRECTION_IN,
                 s->who.debtor.email != NULL ? OUTCOME_MESSAGE : OUTCOME_CONVERSATION,
                 dice_pick(s->dice, words));
}

/* Two or three calls in the weeks after the due date; of late in a few files far more. */
static void calls_tell(struct story *s, const struct trouble *t)
{
    bool firm = s->who.trade == TRADE_BUSINESS;

    if (s->who.debtor.phone == NULL || t->days < 12)
        return;
    int calls = dice_chance(s->dice, firm ? 450 : 650) ? dice_between(s->dice, 1, 3) : 0;
    for (int i = 0; i < calls; i++) {
        int days = dice_between(s->dice, 10, t->days < 300 ? t->days : 300);
        call_tell(s, day_plus(t->due, days));
    }
    if (s->promise_count > 0)
        return;                                 /* they said when they pay: nobody rings */
    if (dice_chance(s->dice, firm ? 15 : 45)) { /* the week is used up */
        for (int i = dice_between(s->dice, 5, 7); i > 0; i--)
            contact_tell(s, day_plus(s->today, -dice_below(s->dice, 6)), CHANNEL_CALL,
                         DIRECTION_OUT, OUTCOME_NO_ANSWER, NULL);
    } else if (dice_chance(s->dice, firm ? 30 : 70)) { /* spoken to of late */
        contact_tell(s, day_plus(s->today, -dice_between(s->dice, 1, 6)), CHANNEL_CALL,
                     DIRECTION_OUT, OUTCOME_CONVERSATION,
                     "Spoke about the options; will decide.");
    }
}

static void contacts_tell(struct story *s, const struct trouble *t)
{
    calls_tell(s, t);
    if (t->days > 5 && dice_chance(s->dice, 220))
        reply_tell(s, day_plus(s->today, -dice_below(s->dice, t->days < 60 ? t->days : 60)));
    if (s->who.debtor.email != NULL && dice_chance(s->dice, 15))
        contact_tell(s, day_plus(s->today, -dice_between(s->dice, 3, 200)), CHANNEL_EMAIL,
                     DIRECTION_OUT, OUTCOME_BOUNCED, "The mailbox is full.");
}

/* ---- Promises --------------------------------------------------------------------------- */

/* What came in from the day it was promised to two days after the day it was promised for. */
static int64_t paid_between(const struct story *s, struct day from, struct day to)
{
    int64_t sum = 0;

    for (int i = 0; i < s->event_count; i++) {
        const struct event *e = &s->events[i];
        if (e->kind == EVENT_PAYMENT && !e->payment.pending &&
            e->payment.day.number >= from.number && e->payment.day.number <= to.number)
            sum += e->payment.minor;
    }
    return sum;
}

static void promise_end(struct story *s, int number, int64_t minor, struct day made,
                        struct day due)
{
    struct day last = day_plus(due, 2);

    if (last.number >= s->today.number)
        return;
    int64_t paid = paid_between(s, made, last);
    struct event *e = story_event(s, EVENT_PROMISE_END, day_plus(last, 1));
    e->promise = number;
    e->due = day_plus(last, 1);
    e->state = paid >= minor ? "kept" : paid > 0 ? "partly_kept" : "broken";
}

static void promise_tell(struct story *s, struct day made, int days, int64_t minor)
{
    struct day due = day_plus(made, days);
    int number = s->promise_count++;
    struct event *e = story_event(s, EVENT_PROMISE, made);

    e->minor = minor;
    e->due = due;
    e->promise = number;
    if (s->who.debtor.phone != NULL)
        contact_tell(s, made, CHANNEL_CALL,
                     dice_chance(s->dice, 400) ? DIRECTION_IN : DIRECTION_OUT,
                     OUTCOME_CONVERSATION, "Agreed an amount and a day.");
    promise_end(s, number, minor, made, due);
}

/* People who paid late had often said when they would, and mostly kept to it. */
static void promises_tell(struct story *s, const struct trouble *t)
{
    int payments = s->event_count;

    for (int i = 0; i < payments && s->promise_count < 3; i++) {
        const struct event *e = &s->events[i];
        if (e->kind != EVENT_PAYMENT || e->payment.pending || !dice_chance(s->dice, 70))
            continue;
        struct day paid = e->payment.day;
        int64_t minor = dice_chance(s->dice, 900) ? e->payment.minor : e->payment.minor * 2;
        promise_tell(s, day_plus(paid, -dice_between(s->dice, 2, 9)),
                     dice_between(s->dice, 9, 12), minor);
    }
    if (t->days > 20 && dice_chance(s->dice, 40)) /* nothing came of it */
        promise_tell(
            s, day_plus(s->today, -dice_between(s->dice, 14, t->days < 90 ? t->days : 90)),
            dice_between(s->dice, 4, 9), t->open / 2 + 1);
    if (t->days > 8 && dice_chance(s->dice, 65)) /* still to come */
        promise_tell(s, day_plus(s->today, -dice_below(s->dice, 5)),
                     dice_between(s->dice, 5, 14),
                     dice_chance(s->dice, 600) ? t->open : t->open / 2 + 1);
}

/* ---- Facts ------------------------------------------------------------------------------ */

static struct gate_fact *fact_tell(struct story *s, struct day day, enum fact_type type)
{
    struct event *e = story_event(s, EVENT_FACT, day);

    e->fact = (struct gate_fact){
        .type = type, .party = PARTY_DEBTOR, .at = e->at, .until = INSTANT_NEVER
    };
    return &e->fact;
}

static struct day lately(struct story *s, int most)
{
    return day_plus(s->today, -dice_between(s->dice, 1, most));
}

static void detail_put(struct story *s, struct gate_fact *f, const char *name,
                       const char *value)
{
    struct gate_field *field = arena_make(s->arena, struct gate_field);

    *field = (struct gate_field){ name, value };
    f->detail = (struct gate_fields){ 1, field };
}

/* Fields that a rule reads by name; the book's column `scope` says the same. */
static struct gate_fact *basis_tell(struct story *s, struct day day, enum fact_type type,
                                    const char *address, const char *basis)
{
    struct gate_fact *f = fact_tell(s, day, type);

    f->value = address;
    f->scope = basis;
    detail_put(s, f, "basis", basis);
    return f;
}

static void consents_tell(struct story *s)
{
    const struct debtor_input *who = &s->who.debtor;
    bool placed = s->who.trade == TRADE_PLACED;

    if (s->who.trade == TRADE_BUSINESS)
        return;
    if (who->email != NULL && dice_chance(s->dice, placed ? 620 : 850))
        basis_tell(s, lately(s, 300), FACT_EMAIL_BASIS, who->email,
                   dice_chance(s->dice, 700) ? "consumer_used_address" : "direct_consent");
    if (who->phone != NULL && dice_chance(s->dice, placed ? 260 : 480))
        basis_tell(s, lately(s, 100), FACT_SMS_BASIS, who->phone,
                   dice_chance(s->dice, 500) ? "consumer_texted" : "direct_consent");
    if (who->phone != NULL && dice_chance(s->dice, placed ? 380 : 600)) {
        struct gate_fact *f = fact_tell(s, lately(s, 600), FACT_CONSENT);
        f->channel_known = true;
        f->channel = dice_chance(s->dice, 500) ? CHANNEL_SMS : CHANNEL_CALL;
        f->scope = placed ? "collector" : "creditor";
        detail_put(s, f, "given_to", f->scope);
    }
    if (strcmp(s->who.country, "US") == 0 && dice_chance(s->dice, 300))
        fact_tell(s, lately(s, 500), FACT_TCPA_CONSENT);
}

static void wishes_tell(struct story *s)
{
    bool firm = s->who.trade == TRADE_BUSINESS;
    static const enum channel liked[] = { CHANNEL_EMAIL, CHANNEL_EMAIL, CHANNEL_LETTER,
                                          CHANNEL_SMS, CHANNEL_CALL };

    if (dice_chance(s->dice, 110)) {
        struct gate_fact *f = fact_tell(s, lately(s, 400), FACT_PREFERENCE);
        f->channel_known = true;
        f->channel = dice_pick(s->dice, liked);
    }
    if (dice_chance(s->dice, firm ? 8 : 45)) {
        struct gate_fact *f = fact_tell(s, lately(s, 200), FACT_OPT_OUT);
        f->scope = "medium";
        f->channel_known = true;
        f->channel = dice_chance(s->dice, 550)   ? CHANNEL_SMS
                     : dice_chance(s->dice, 600) ? CHANNEL_EMAIL
                                                 : CHANNEL_CALL;
    }
    if (!firm && dice_chance(s->dice, 30)) { /* works nights; please not before noon */
        struct gate_fact *f = fact_tell(s, lately(s, 150), FACT_INCONVENIENT_TIME);
        f->hours = (struct bad_hours){ 0, 8 * 3600, 12 * 3600 };
    }
    if (s->who.trade == TRADE_PLACED && dice_chance(s->dice, 15))
        fact_tell(s, lately(s, 150), FACT_EMPLOYER_PROHIBITS);
}

/* Placed debts begin with a validation notice. */
static void placement_tell(struct story *s)
{
    if (s->who.trade != TRADE_PLACED || strcmp(s->who.country, "US") != 0)
        return;
    for (int i = 0; i < s->event_count; i++) {
        if (s->events[i].kind != EVENT_DEBT || !dice_chance(s->dice, 880))
            continue;
        struct day day = day_plus(s->events[i].input.invoice_day, 1);
        struct day end = day_plus(day, 38); /* five days of post, weekends, and thirty more */
        char text[DAY_TEXT];
        if (day.number > s->today.number)
            continue;
        int debt = s->events[i].debt;
        struct gate_fact *f = fact_tell(s, day, FACT_VALIDATION);
        s->events[s->event_count - 1].debt = debt;
        f->value = arena_copy(s->arena, day_print(end, text));
        detail_put(s, f, "end_date", f->value);
    }
}

/* What a first letter in Germany needs to know of a debt: it was contracted a year before. */
static void contracts_tell(struct story *s)
{
    int count = s->event_count;

    if (s->who.trade != TRADE_PLACED || strcmp(s->who.country, "DE") != 0)
        return;
    for (int i = 0; i < count; i++) {
        if (s->events[i].kind != EVENT_DEBT)
            continue;
        int debt = s->events[i].debt;
        struct day day = s->events[i].input.invoice_day;
        char text[DAY_TEXT];
        struct gate_fact *f = fact_tell(s, day, FACT_DEBT_DETAIL);
        struct gate_field *fields = arena_array(s->arena, struct gate_field, 2);
        s->events[s->event_count - 1].debt = debt;
        day_print(day_plus(day, -365), text);
        fields[0] = (struct gate_field){ "contract_date", arena_copy(s->arena, text) };
        fields[1] = (struct gate_field){ "creditor_address", s->who.client_address };
        f->detail = (struct gate_fields){ 2, fields };
    }
}

static void dispute_tell(struct story *s, const struct trouble *t)
{
    static const char *const claims[] = { "Says the goods came broken.",
                                          "Says this was paid last month.",
                                          "Says the amount is wrong: one item too many.",
                                          "Says this is somebody else's account." };
    struct day day = lately(s, t->days < 28 ? t->days + 1 : 28);
    struct gate_fact *f = fact_tell(s, day, FACT_DISPUTE);

    s->events[s->event_count - 1].debt = t->debt;
    if (t->minor % 5 < 2) /* not by dice: nothing else is rolled anew */
        s->events[s->event_count - 1].contested = t->minor / 4;
    detail_put(s, f, "written", "true");
    contact_tell(s, day, s->who.debtor.email != NULL ? CHANNEL_EMAIL : CHANNEL_LETTER,
                 DIRECTION_IN, OUTCOME_MESSAGE, dice_pick(s->dice, claims));
}

static void hold_tell(struct story *s, const char *kind, int since, int days)
{
    static const char *const reasons[] = { "lost work", "illness", "less hours at work" };
    struct event *e;

    struct gate_fact *f = fact_tell(s, day_plus(s->today, -since), FACT_HOLD);
    f->scope = kind;
    f->value = strcmp(kind, "hardship") == 0 ? reasons[since % 3] : NULL;
    e = &s->events[s->event_count - 1];
    if (days > 0)
        e->fact.until = day_begins(day_plus(s->today, days - since), s->zone);
}

/* Law's weightier matters: rare each, common enough together that a page has them to show. */
static void hard_times_tell(struct story *s, const struct trouble *t)
{
    bool consumer = s->who.trade != TRADE_BUSINESS;
    bool british = strcmp(s->who.country, "GB") == 0;

    if (t->days > 3 && dice_chance(s->dice, consumer ? 42 : 55))
        dispute_tell(s, t);
    if (consumer && t->days > 0 && british && dice_chance(s->dice, 45))
        hold_tell(s, "breathing_space", dice_between(s->dice, 1, 40), 60);
    else if (consumer && t->days > 0 && dice_chance(s->dice, 35))
        hold_tell(s, "hardship", dice_between(s->dice, 1, 50), 90);
    if (!consumer)
        return;
    if (dice_chance(s->dice, 14))
        fact_tell(s, lately(s, 200), FACT_CEASE)->scope = "letter";
    if (dice_chance(s->dice, 12))
        fact_tell(s, lately(s, 200), FACT_ATTORNEY)->value = "Lowe & Park, attorneys";
    if (dice_chance(s->dice, 9))
        fact_tell(s, lately(s, 300), FACT_BANKRUPTCY)->scope = "chapter 7";
    if (dice_chance(s->dice, 5))
        fact_tell(s, lately(s, 120), FACT_DECEASED);
    if (strcmp(s->who.country, "US") == 0 && dice_chance(s->dice, 5))
        fact_tell(s, lately(s, 200), FACT_MILITARY)->value = "active";
}

void story_talks(struct story *s, const struct owing owing[STORY_DEBTS])
{
    struct trouble t = trouble_of(s, owing);

    promises_tell(s, &t);
    contacts_tell(s, &t);
    consents_tell(s);
    wishes_tell(s);
    placement_tell(s);
    hard_times_tell(s, &t);
    contracts_tell(s);
}
