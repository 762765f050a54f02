#include "domain/task_of.h"

#include "base/sort.h"

#include <string.h>

static const char *const states[] = { "open", "settled", "done", "dropped" };

const char *task_state_name(enum task_state state)
{
    return states[state];
}

bool task_state_parse(const char *name, enum task_state *out)
{
    for (size_t i = 0; i < COUNT(states); i++) {
        if (text_equal(states[i], name)) {
            *out = (enum task_state)i;
            return true;
        }
    }
    return false;
}

/* ---- Time ------------------------------------------------------------------------------- */

static struct instant closing(struct day day, const struct zone *zone)
{
    if (day.number >= DAY_NEVER.number)
        return INSTANT_NEVER;
    return instant_of_wall((struct wall){ day, TASK_CLOSE }, zone);
}

struct instant task_due(struct instant at, int working_days, const struct zone *zone)
{
    struct day day = wall_at(at, zone).day;

    while (working_days > 0) {
        day = day_plus(day, 1);
        working_days -= weekday_of(day) < 5;
    }
    return closing(day, zone);
}

static struct instant earlier(struct instant a, struct instant b)
{
    return a.us < b.us ? a : b;
}

/* A contact or message, in the order in which they came: of one moment, by their numbers. */
struct moment {
    struct instant at;
    int32_t number;
};

static bool is_after(struct moment a, struct moment b)
{
    return a.at.us > b.at.us || (a.at.us == b.at.us && a.number > b.number);
}

static void note_later(struct moment *latest, struct instant at, int32_t number)
{
    struct moment m = { at, number };

    if (is_after(m, *latest))
        *latest = m;
}

/* ---- What becomes of a task ------------------------------------------------------------- */

struct making {
    struct task_facts *f;
    struct arena *a;
    struct task_wanted *all;
    size_t count, room;
    struct moment answered; /* the last time that we answered, or spoke with them */
    struct moment called;   /* the last time that we called, or spoke with them   */
};

/* The last task of this origin, or NULL. */
static const struct task_row *row_of(const struct making *m, const char *what, int32_t number)
{
    const char *origin = arena_print(m->a, "%s %d", what, (int)number);

    for (size_t i = m->f->task_count; i-- > 0;) {
        if (text_equal(m->f->tasks[i].origin, origin))
            return &m->f->tasks[i];
    }
    return NULL;
}

/* Whether a person said that nothing is left to do, and nothing happened since. */
static bool is_dealt_with(const struct task_row *row, struct instant at)
{
    return row != NULL && (row->state == TASK_DONE || row->state == TASK_DROPPED) &&
           row->state_at.us >= at.us;
}

/* Old news for whoever hears it now for the first time. */
static bool is_old_news(const struct making *m, const struct task_row *row, struct instant at)
{
    int64_t days = (m->f->now.us - at.us) / 1000000 / SECONDS_A_DAY;
    bool known = row != NULL && row->state != TASK_DONE && row->state != TASK_DROPPED;

    return !known && days > TASK_OLD_DAYS;
}

static bool is_out(const struct making *m, const char *what, int32_t number, struct instant at,
                   bool news)
{
    const struct task_row *row = row_of(m, what, number);

    return is_dealt_with(row, at) || (news && is_old_news(m, row, at));
}

static struct task_wanted *want(struct making *m, enum task_kind kind, const char *what,
                                int32_t number, struct instant at, struct instant due)
{
    struct task_wanted *w = arena_push(m->a, m->all, m->count, m->room);

    *w = (struct task_wanted){ .kind = kind,
                               .what = what,
                               .number = number,
                               .at = at,
                               .due = due };
    return w;
}

/* ---- Talk ------------------------------------------------------------------------------- */

static bool is_answer(const struct task_contact *c)
{
    switch (c->outcome) {
    case OUTCOME_CONVERSATION:
        return true;
    case OUTCOME_SENT:
    case OUTCOME_DELIVERED:
    case OUTCOME_MESSAGE:
    case OUTCOME_OTHER:
        return !c->incoming;
    case OUTCOME_NONE:
    case OUTCOME_PLANNED:
    case OUTCOME_BOUNCED:
    case OUTCOME_NO_ANSWER:
    case OUTCOME_VOICEMAIL:
    case OUTCOME_LIMITED_CONTENT:
    case OUTCOME_BUSY:
    case OUTCOME_NOT_IN_SERVICE:
    case OUTCOME_WRONG_NUMBER:
    case OUTCOME_VOICEMAIL_BY_CONSUMER:
    case OUTCOME_COUNT:
        return false;
    }
    return false;
}

static bool waits_for_answer(const struct task_contact *c)
{
    return c->incoming && c->callback_at.us == 0 &&
           (c->outcome == OUTCOME_MESSAGE || c->outcome == OUTCOME_VOICEMAIL_BY_CONSUMER ||
            c->outcome == OUTCOME_OTHER || c->outcome == OUTCOME_NONE);
}

/* A message that goes out in answer, or went. What the strategy says by itself is none. */
static bool answers(const struct task_message *m)
{
    return (text_equal(m->purpose, "reply") || text_equal(m->purpose, "requested")) &&
           !text_equal(m->state, "expired") && !text_equal(m->state, "refused") &&
           !text_equal(m->state, "failed") && !text_equal(m->state, "bounced");
}

static void look_at_talk(struct making *m)
{
    const struct task_facts *f = m->f;

    m->answered = m->called = (struct moment){ { INT64_MIN }, 0 };
    for (size_t i = 0; i < f->contact_count; i++) {
        const struct task_contact *c = &f->contacts[i];
        bool call = c->channel == CHANNEL_CALL || c->channel == CHANNEL_VOICEMAIL;
        if (is_answer(c))
            note_later(&m->answered, c->at, c->number);
        if (c->outcome == OUTCOME_CONVERSATION || (call && !c->incoming))
            note_later(&m->called, c->at, c->number);
    }
    for (size_t i = 0; i < f->message_count; i++) {
        if (answers(&f->messages[i]))
            note_later(&m->answered, f->messages[i].decided_at, f->messages[i].number);
    }
}

/* When somebody last said that no reply is needed to what had come by then. */
static struct instant waved_off(const struct task_facts *f)
{
    struct instant last = { INT64_MIN };

    for (size_t i = 0; i < f->task_count; i++) {
        const struct task_row *t = &f->tasks[i];
        bool by_hand = t->state == TASK_DONE || t->state == TASK_DROPPED;
        if (t->kind == TASK_REPLY && by_hand && t->state_at.us > last.us)
            last = t->state_at;
    }
    return last;
}

/* One task for all that waits: it is that of the first of them. */
static void want_reply(struct making *m)
{
    struct instant off = waved_off(m->f);
    struct task_wanted *w = NULL;

    for (size_t i = 0; i < m->f->contact_count; i++) {
        const struct task_contact *c = &m->f->contacts[i];
        if (!waits_for_answer(c) || c->at.us <= off.us ||
            !is_after((struct moment){ c->at, c->number }, m->answered))
            continue;
        if (w == NULL && is_out(m, "contact", c->number, c->at, true))
            continue;
        if (w == NULL)
            w = want(m, TASK_REPLY, "contact", c->number, c->at,
                     task_due(c->at, 1, m->f->zone));
        w->channel = c->channel;
        w->said = c->note != NULL ? c->note : w->said;
        w->count++;
    }
}

/* The last wish counts. */
static void want_callback(struct making *m)
{
    const struct task_contact *last = NULL;

    for (size_t i = 0; i < m->f->contact_count; i++) {
        if (m->f->contacts[i].callback_at.us != 0)
            last = &m->f->contacts[i];
    }
    if (last == NULL || is_after(m->called, (struct moment){ last->at, last->number }) ||
        is_out(m, "contact", last->number, last->at, last->callback_at.us < m->f->now.us))
        return;
    struct task_wanted *w =
        want(m, TASK_CALLBACK, "contact", last->number, last->at, last->callback_at);
    w->hidden_until = day_begins(wall_at(last->callback_at, m->f->zone).day, m->f->zone);
    w->said = last->note;
    w->channel = last->channel;
}

/* ---- Money ------------------------------------------------------------------------------ */

/* Money that came on this day or later, another promise, or talk after the task was made. */
static bool is_taken_up(const struct making *m, const char *what, int32_t number,
                        struct day since)
{
    const struct task_facts *f = m->f;
    const struct task_row *row = row_of(m, what, number);
    struct instant talk = row != NULL && row->state != TASK_DONE && row->state != TASK_DROPPED
                              ? row->made_at
                              : day_begins(day_plus(since, 1), f->zone);

    for (size_t i = 0; i < f->payment_count; i++) {
        const struct task_payment *p = &f->payments[i];
        if (p->stands && p->received_day.number >= since.number)
            return true;
    }
    for (size_t i = 0; i < f->promise_count; i++) {
        const struct task_promise *p = &f->promises[i];
        if (p->state == PROMISE_OPEN && p->plan == 0 && p->made_day.number >= since.number)
            return true;
    }
    return m->answered.at.us > talk.us;
}

static void want_payments(struct making *m)
{
    for (size_t i = 0; i < m->f->payment_count; i++) {
        const struct task_payment *p = &m->f->payments[i];
        struct instant at = day_begins(p->state_day, m->f->zone);
        if (p->stands || text_equal(p->state, "moved") || text_equal(p->state, "duplicate") ||
            is_out(m, "payment", p->number, at, true) ||
            is_taken_up(m, "payment", p->number, p->state_day))
            continue;
        struct task_wanted *w = want(m, TASK_PAYMENT, "payment", p->number, at,
                                     task_due(at, 1, m->f->zone));
        w->money = p->money;
        w->state = p->state;
        w->said = p->reason;
        w->day = p->state_day;
    }
}

static const struct task_plan *plan_of(const struct task_facts *f, int32_t number)
{
    for (size_t i = 0; i < f->plan_count; i++) {
        if (f->plans[i].number == number)
            return &f->plans[i];
    }
    return NULL;
}

/* Of a plan the instalment that was broken last stands for all. */
static bool is_last_broken(const struct task_facts *f, const struct task_promise *p)
{
    for (size_t i = 0; i < f->promise_count; i++) {
        const struct task_promise *q = &f->promises[i];
        if (q->plan == p->plan && q->state == PROMISE_BROKEN &&
            (q->state_day.number > p->state_day.number ||
             (q->state_day.number == p->state_day.number && q->number > p->number)))
            return false;
    }
    return true;
}

static void want_missed(struct making *m, const struct task_promise *p)
{
    const struct task_plan *plan = plan_of(m->f, p->plan);
    const char *what = p->plan != 0 ? "plan" : "promise";
    int32_t number = p->plan != 0 ? p->plan : p->number;
    struct instant at = day_begins(p->state_day, m->f->zone);

    if (p->plan != 0 &&
        (plan == NULL || (plan->state != PLAN_ACTIVE && plan->state != PLAN_DEFAULTED) ||
         !is_last_broken(m->f, p)))
        return;
    if (is_out(m, what, number, at, true) || is_taken_up(m, what, number, p->state_day))
        return;
    struct task_wanted *w =
        want(m, TASK_MISSED, what, number, at, task_due(at, 1, m->f->zone));
    w->plan = p->plan != 0;
    w->state = plan != NULL ? plan_state_name(plan->state) : NULL;
    w->money = p->money;
    w->day = p->due_day;
}

static void want_promise(struct making *m, const struct task_promise *p)
{
    struct instant at = day_begins(p->made_day, m->f->zone);

    if (is_out(m, "promise", p->number, at, false))
        return;
    struct task_wanted *w = want(m, TASK_PROMISE, "promise", p->number, at,
                                 closing(p->due_day, m->f->zone));
    w->hidden_until = day_begins(day_plus(p->due_day, -1), m->f->zone);
    w->money = p->money;
    w->day = p->due_day;
}

static void want_promises(struct making *m)
{
    for (size_t i = 0; i < m->f->promise_count; i++) {
        const struct task_promise *p = &m->f->promises[i];
        if (p->state == PROMISE_BROKEN && (p->plan == 0 || p->item > 0))
            want_missed(m, p);
        else if (p->state == PROMISE_OPEN && p->plan == 0)
            want_promise(m, p);
    }
}

static void want_offers(struct making *m)
{
    for (size_t i = 0; i < m->f->offer_count; i++) {
        const struct task_offer *o = &m->f->offers[i];
        bool waits = o->state == OFFER_WAITING_APPROVAL;
        if ((!waits && !(o->theirs && o->state == OFFER_OPEN)) ||
            is_out(m, "offer", o->number, o->made_at, false))
            continue;
        struct task_wanted *w =
            want(m, TASK_OFFER, "offer", o->number, o->made_at,
                 earlier(task_due(o->made_at, 2, m->f->zone),
                         o->expires_day.number >= DAY_NEVER.number
                             ? INSTANT_NEVER
                             : closing(o->expires_day, m->f->zone)));
        w->theirs = o->theirs;
        w->state = offer_state_name(o->state);
        w->money = o->money;
        w->whole = o->balance;
    }
}

/* ---- Disputes and holds ----------------------------------------------------------------- */

static void want_disputes(struct making *m)
{
    for (size_t i = 0; i < m->f->dispute_count; i++) {
        const struct task_dispute *d = &m->f->disputes[i];
        struct instant at = day_begins(d->received_day, m->f->zone);
        if (is_out(m, "dispute", d->number, at, false))
            continue;
        struct task_wanted *w = want(m, TASK_DISPUTE, "dispute", d->number, at,
                                     closing(d->answer_day, m->f->zone));
        w->money = d->money;
        w->state = d->reason;
        w->said = d->note;
    }
}

static void want_complaints(struct making *m)
{
    for (size_t i = 0; i < m->f->complaint_count; i++) {
        const struct task_complaint *c = &m->f->complaints[i];
        struct instant at = day_begins(c->received_day, m->f->zone);
        if (!c->open || is_out(m, "complaint", c->number, at, false))
            continue;
        struct task_wanted *w = want(m, TASK_COMPLAINT, "complaint", c->number, at,
                                     closing(c->answer_day, m->f->zone));
        w->said = c->words;
    }
}

/* It is the complaint then that is work, not the hold that came with it. */
static bool is_of_complaint(const struct task_facts *f, const struct task_hold *h)
{
    for (size_t i = 0; i < f->complaint_count; i++) {
        if (f->complaints[i].hold == h->number)
            return true;
    }
    return false;
}

static void want_review(struct making *m, const struct task_hold *h)
{
    if (h->review.number == DAY_NONE.number)
        return;
    struct task_wanted *w = want(m, TASK_REVIEW, "hold", h->number, h->at,
                                 closing(h->review, m->f->zone));
    w->hidden_until = day_begins(h->review, m->f->zone);
}

/* Somebody looked after it was over. */
static bool was_closed(const struct making *m, const struct task_hold *h)
{
    const struct task_row *row = row_of(m, "hold", h->number);

    return row != NULL && row->state == TASK_SETTLED && row->state_at.us >= h->until.us;
}

static void want_holds(struct making *m, bool owed)
{
    for (size_t i = 0; i < m->f->hold_count; i++) {
        const struct task_hold *h = &m->f->holds[i];
        bool complaint = text_equal(h->kind, "complaint");
        size_t before = m->count;
        if ((!owed && !complaint) || is_out(m, "hold", h->number, h->at, false) ||
            (complaint && is_of_complaint(m->f, h)))
            continue;
        if (complaint)
            want(m, TASK_COMPLAINT, "hold", h->number, h->at, task_due(h->at, 5, m->f->zone));
        else if (text_equal(h->kind, "hardship") && !h->decided)
            want(m, TASK_HARDSHIP, "hold", h->number, h->at, task_due(h->at, 2, m->f->zone));
        else
            want_review(m, h);
        if (m->count == before)
            continue;
        m->all[before].state = h->kind;
        m->all[before].said = h->reason;
        m->all[before].may_lapse = h->until.us <= m->f->now.us || was_closed(m, h);
    }
}

/* ---- Addresses and calls ---------------------------------------------------------------- */

static bool same_means(enum channel a, enum channel b)
{
    bool phone_a = a == CHANNEL_CALL || a == CHANNEL_VOICEMAIL || a == CHANNEL_SMS,
         phone_b = b == CHANNEL_CALL || b == CHANNEL_VOICEMAIL || b == CHANNEL_SMS;

    return a == b || (phone_a && phone_b);
}

/* What is known of an address: how it last fared, and when; NULL: nothing against it. */
static const char *trouble_with(const struct task_facts *f, const struct task_point *p,
                                struct instant *at)
{
    const char *trouble = NULL;

    *at = (struct instant){ INT64_MIN };
    for (size_t i = 0; i < f->contact_count; i++) {
        const struct task_contact *c = &f->contacts[i];
        if ((c->address != NULL && !text_equal(c->address, p->address)) ||
            !same_means(c->channel, p->channel) || c->at.us < at->us)
            continue;
        bool bad = c->outcome == OUTCOME_BOUNCED || c->outcome == OUTCOME_WRONG_NUMBER ||
                   c->outcome == OUTCOME_NOT_IN_SERVICE;
        if (!bad && c->outcome != OUTCOME_CONVERSATION && c->outcome != OUTCOME_DELIVERED &&
            !c->incoming)
            continue;
        *at = c->at;
        trouble = bad ? outcome_name(c->outcome) : NULL;
    }
    for (size_t i = 0; i < f->message_count; i++) {
        const struct task_message *m = &f->messages[i];
        if (!text_equal(m->state, "bounced") || !text_equal(m->address, p->address) ||
            m->state_at.us < at->us)
            continue;
        *at = m->state_at;
        trouble = "bounced";
    }
    return trouble == NULL && p->bad ? "bad" : trouble;
}

static void want_addresses(struct making *m)
{
    for (size_t i = 0; i < m->f->point_count; i++) {
        const struct task_point *p = &m->f->points[i];
        struct instant at;
        const char *trouble = trouble_with(m->f, p, &at);
        bool dated = at.us != INT64_MIN;
        if (trouble == NULL || is_out(m, "point", p->number, at, dated))
            continue;
        const struct task_row *row = row_of(m, "point", p->number);
        bool lies_open = row != NULL && row->state == TASK_OPEN;
        struct instant since = dated ? at : lies_open ? row->made_at : m->f->now;
        struct task_wanted *w = want(m, TASK_ADDRESS, "point", p->number, since,
                                     task_due(since, 5, m->f->zone));
        w->channel = p->channel;
        w->state = trouble;
    }
}

static void want_calls(struct making *m)
{
    for (size_t i = 0; i < m->f->message_count; i++) {
        const struct task_message *c = &m->f->messages[i];
        if (c->channel != CHANNEL_CALL || !text_equal(c->state, "ready") ||
            is_out(m, "outbox", c->number, c->decided_at, false))
            continue;
        struct task_wanted *w =
            want(m, TASK_CALL, "outbox", c->number, c->decided_at, c->expires_at);
        w->hidden_until = c->not_before;
        w->step = c->step;
    }
}

/* ---- All -------------------------------------------------------------------------------- */

static int by_moment(const void *a, const void *b)
{
    const struct task_contact *x = a, *y = b;

    if (x->at.us != y->at.us)
        return x->at.us < y->at.us ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

void tasks_of(struct task_facts *facts, struct arena *a, struct task_wanted **out,
              size_t *count)
{
    struct making m = { .f = facts, .a = a };
    bool owed = facts->open.currency != CURRENCY_NONE;

    sort_array(facts->contacts, facts->contact_count, sizeof *facts->contacts, by_moment);
    look_at_talk(&m);
    want_reply(&m);
    want_callback(&m);
    want_disputes(&m);
    want_complaints(&m);
    want_holds(&m, owed);
    if (owed) {
        want_payments(&m);
        want_promises(&m);
        want_offers(&m);
        want_addresses(&m);
        want_calls(&m);
    }
    *out = m.all;
    *count = m.count;
}
