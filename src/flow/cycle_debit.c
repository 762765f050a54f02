/*
 * Cycle, debit: instalments of plans with autopay are announced, and asked for on their day.
 *
 * Both go by the gate. What was done stands in the instalment (promise.notice_no, debit_no) and
 * is written with the message or the payment in one transaction, so that nothing is done twice
 * however often, or late, a run comes. Nobody collects anything yet: a debit that is asked for
 * is a payment on its way, until somebody says what became of it.
 */
#include "flow/cycle_parts.h"

#include "base/json.h"
#include "base/text.h"
#include "domain/agreement.h"
#include "flow/book_parts.h"
#include "flow/debit.h"
#include "flow/outbox.h"
#include "flow/plan.h"
#include "store/casefiles.h"

struct debiting {
    struct run *r;
    const struct casefile *c;
    const struct party *party;
    const struct payment_plan *plan;
    const struct promise *item;
    int64_t minor; /* what is lacking of it */
};

/* ---- Why nothing happens ---- */

static void stand_until(struct run *r, struct instant until)
{
    if (until.us > r->request->now.us && until.us < r->debit.until.us)
        r->debit.until = until;
}

static void stand_for(const struct debiting *d, struct day day)
{
    stand_until(d->r, day_begins(day, d->r->policy->zone));
}

static void stand_by(const struct debiting *d, const char *what, const char *why,
                     const char *rule)
{
    struct run *r = d->r;

    if (r->debit.reason != NULL)
        return;
    r->debit.reason = arena_print(r->arena, "Payment %d of plan %d %s%s", (int)d->item->item,
                                  (int)d->plan->number, what, why);
    r->debit.rule = rule;
}

/* ---- The gate ---- */

/* The debts of the plan that are open. */
static const struct gate_debt *debts_of(const struct debiting *d, size_t *count)
{
    const struct casefile *c = d->c;
    struct gate_debt *debts = arena_array(d->r->arena, struct gate_debt, c->debt_count + 1);

    *count = 0;
    for (size_t i = 0; i < c->debt_count; i++) {
        if (debts_cover(d->plan->debts, c->debts[i].number))
            debts[(*count)++] = ask_debt(c, c->debts[i].number, d->r->request->now, d->r->arena);
    }
    return debts;
}

static struct gate_question *ask(const struct debiting *d, enum channel channel,
                                 const char *address)
{
    struct gate_question *question = arena_make(d->r->arena, struct gate_question);
    size_t count;
    const struct gate_debt *debts = debts_of(d, &count);

    question_build(d->c, d->party, channel, address, d->r->request->now, count, debts, question);
    return question;
}

/* A notice that has to wait for less than a day is judged for the moment at which it may go. */
static struct judged judge(const struct debiting *d, struct gate_question *question,
                           const char *template)
{
    enum { ASKS_MOST = 50 };
    struct run *r = d->r;
    struct verdict *verdict = arena_make(r->arena, struct verdict);
    struct gate_packs packs = r->policy->packs_for(r->policy, r->arena, d->c, d->party);
    int64_t latest = r->request->now.us + (int64_t)SECONDS_A_DAY * 1000000;

    policy_hold(r->policy, template, d->party, question, r->arena);
    gate_judge(packs, question, verdict);
    for (int i = 0; i < ASKS_MOST && template != NULL && verdict->ruling == RULING_DEFER &&
                    verdict->until.us > question->at.us && verdict->until.us <= latest;
         i++) {
        question->at = verdict->until;
        policy_hold(r->policy, template, d->party, question, r->arena);
        gate_judge(packs, question, verdict);
    }
    return (struct judged){ question, packs, r->policy->rulebook, verdict };
}

/* ---- Records ---- */

static struct json_writer record_begin(const struct debiting *d)
{
    struct text *record = &d->r->book.record;
    struct json_writer w = { record, false };
    char amount[MONEY_TEXT], day[DAY_TEXT];

    text_clear(record);
    json_open(&w, '{');
    json_int_at(&w, "plan", d->plan->number);
    json_int_at(&w, "item", d->item->item);
    json_text_at(&w, "due", day_print(d->item->due_day, day));
    json_text_at(&w, "mandate", d->plan->autopay);
    json_text_at(&w, "amount", money_print(money_of(d->minor, d->plan->currency), amount));
    json_text_at(&w, "currency", currency_code(d->plan->currency));
    return w;
}

static bool record_end(const struct debiting *d, struct json_writer *w, const char *kind,
                       const struct judged *judged, int64_t *seq)
{
    struct run *r = d->r;

    judged_write(w, judged, &r->question);
    json_close(w, '}');
    return journal_add_verdict(r->book.heads, d->c->key, r->request->now, kind,
                               text_of(&r->book.record), text_of(&r->question), seq, r->why);
}

static bool write_item(const struct debiting *d, int32_t notice, int32_t debit)
{
    struct query q = query_begin(d->r->book.store, Q_PROMISE_DEBIT);

    bind_int(&q, notice);
    bind_int(&q, debit);
    bind_key(&q, d->c->key);
    bind_int(&q, d->item->number);
    return query_run(&q, d->r->why);
}

/* The gate said no; said once, as long as it says the same. */
static bool refused(const struct debiting *d, const struct judged *judged, const char *what)
{
    const struct finding *f = judged->verdict->decisive;
    struct run *r = d->r;
    struct json_writer w;

    stand_for(d, day_plus(r->today, 1));
    if (judged->verdict->ruling == RULING_DEFER)
        stand_until(r, judged->verdict->until);
    stand_by(d, what, f != NULL ? f->reason : "The gate refused.",
             f != NULL ? rule_id(f->rule) : NULL);
    if (text_equal(r->debit.before, r->debit.reason))
        return true;
    w = record_begin(d);
    return record_end(d, &w, "debit_refused", judged, NULL);
}

/* ---- The notice ---- */

struct noticed {
    bool known, waits, given; /* given: it went out */
    const char *told;
    int64_t minor;
    struct day day; /* since when it stands so */
};

static bool notice_load(const struct debiting *d, struct noticed *out)
{
    struct query q = query_begin(d->r->book.store, Q_OUTBOX_TOLD);

    *out = (struct noticed){ .day = DAY_NONE };
    bind_key(&q, d->c->key);
    bind_int(&q, d->item->notice);
    if (d->item->notice != 0 && query_next(&q)) {
        const char *state = row_text(&q, 2);
        out->known = true;
        out->told = row_copy(&q, 0, d->r->arena);
        out->minor = row_int(&q, 1);
        out->given = text_equal(state, "sent") || text_equal(state, "delivered");
        out->waits = text_equal(state, "ready") || text_equal(state, "sending") ||
                     text_equal(state, "unsure");
        out->day = wall_at((struct instant){ row_int(&q, 3) }, d->r->policy->zone).day;
    }
    return query_end(&q, d->r->why);
}

static bool queue_notice(const struct debiting *d, const struct contact_point *point,
                         const struct judged *judged)
{
    struct run *r = d->r;
    struct instant at = judged->question->at;
    struct day sent = wall_at(at, r->policy->zone).day;
    struct outbox_message message = {
        .key = d->c->key,
        .channel = judged->question->channel,
        .party = point->party,
        .address = point->address,
        .template = debit_template(d->c),
        .step = debit_told(r->arena, d->item),
        .purpose = judged->question->purpose,
        .debts = debt_set_print(r->arena, d->plan->debts),
        .open = money_of(d->minor, d->plan->currency),
        .decided_at = r->request->now,
        .not_before = at,
        .expires_at = day_begins(day_plus(d->item->due_day, 1), r->policy->zone),
    };
    struct json_writer w = record_begin(d);
    struct open_file f;
    char day[DAY_TEXT], moment[INSTANT_TEXT];

    json_text_at(&w, "template", message.template);
    json_text_at(&w, "step", message.step);
    json_text_at(&w, "channel", channel_name(message.channel));
    json_int_at(&w, "party", point->party);
    json_text_at(&w, "send_at", instant_print(at, moment));
    json_text_at(&w, "debit_day", day_print(debit_day(d->plan, d->item, sent), day));
    json_key(&w, "items");
    json_open(&w, '[');
    json_close(&w, ']');
    if (!record_end(d, &w, "decision", judged, &message.decision) ||
        !book_file_load(&r->book, d->c->key, &f, r->why))
        return false;
    message.number = ++f.last_no;
    return outbox_add(r->book.store, &message, judged, r->why) &&
           write_item(d, message.number, 0) && book_file_wake(&r->book, &f);
}

/* By email, else on paper; *done: it was queued. */
static bool announce(const struct debiting *d, bool *done)
{
    static const enum channel ways[] = { CHANNEL_EMAIL, CHANNEL_LETTER };
    struct instant end = day_begins(day_plus(d->item->due_day, 1), d->r->policy->zone);
    struct judged *last = NULL;

    for (size_t i = 0; i < COUNT(ways); i++) {
        const struct contact_point *point =
            casefile_point(d->c, d->party->number, ways[i], true);
        if (point == NULL)
            continue;
        struct judged judged =
            judge(d, ask(d, ways[i], point->address), debit_template(d->c));
        if (judged.verdict->ruling == RULING_ALLOW && judged.question->at.us < end.us) {
            *done = true;
            return queue_notice(d, point, &judged);
        }
        if (judged.verdict->ruling == RULING_ALLOW)
            continue; /* too late to arrive before its day is over */
        last = arena_make(d->r->arena, struct judged);
        *last = judged;
    }
    if (last != NULL)
        return refused(d, last, "cannot be announced, so it is not debited: ");
    stand_by(d, "cannot be announced, so it is not debited: ", "no good address is known.", NULL);
    return true;
}

/* ---- The debit ---- */

/* An authorization in writing, going by how the plan was agreed; NULL: nobody knows. */
static const char *in_writing(const struct held_plan *plan)
{
    static const char *const written[] = { "letter", "email", "portal" };

    for (size_t i = 0; i < COUNT(written); i++) {
        if (text_equal(plan->agreed_by, written[i]))
            return text_is_empty(plan->evidence) ? NULL : "true";
    }
    return plan->agreed_by == NULL ? NULL : "false";
}

/* Any payment of the plan of another amount makes them vary, its last one as well. */
static bool varies(const struct debiting *d)
{
    for (size_t i = 0; i < d->c->promise_count; i++) {
        const struct promise *p = &d->c->promises[i];
        if (p->plan == d->plan->number && p->item > 0 && p->minor != d->minor)
            return true;
    }
    return false;
}

static bool fill_content(const struct debiting *d, struct day given,
                         struct gate_question *question)
{
    struct gate_field *fields = arena_array(d->r->arena, struct gate_field, 4);
    struct arena *a = d->r->arena;
    struct held_plan plan;
    size_t count = 0;

    if (!plan_get(d->r->book.store, a, d->c->key, d->plan->number, &plan, d->r->why))
        return false;
    const char *written = in_writing(&plan);
    if (written != NULL)
        fields[count++] = (struct gate_field){ "written_authorization", written };
    fields[count++] = (struct gate_field){ "amount_varies", varies(d) ? "true" : "false" };
    fields[count++] = (struct gate_field){ "range_elected", "false" };
    fields[count++] =
        (struct gate_field){ "notice_sent", day_print(given, arena_alloc(a, DAY_TEXT)) };
    question->content = (struct gate_fields){ count, fields };
    question->purpose = NULL;
    return true;
}

static bool pay_by_debit(const struct debiting *d, const struct judged *judged)
{
    struct run *r = d->r;
    struct json_writer w = record_begin(d);
    struct payment_input in = {
        .reference = arena_print(r->arena, "plan %d item %d", (int)d->plan->number,
                                 (int)d->item->item),
        .debt = d->plan->debts.count == 1 ? d->plan->debts.numbers[0] : 0,
        .day = r->today,
        .currency = d->plan->currency,
        .minor = d->minor,
        .method = "direct_debit",
        .pending = true,
    };
    struct payment_row row;
    enum change change;

    json_int_at(&w, "notice", d->item->notice);
    json_text_at(&w, "payment", in.reference);
    if (!record_end(d, &w, "debit_requested", judged, NULL) ||
        !payment_read(&r->book, d->c->key, in.reference, &row, r->why))
        return false;
    if (row.number == 0 && /* else somebody collected it already, and said so */
        (!book_payment_put(&r->book, d->c->key, &in, &change, r->why) ||
         !payment_read(&r->book, d->c->key, in.reference, &row, r->why)))
        return false;
    return write_item(d, d->item->notice, row.number);
}

static bool request(const struct debiting *d, struct day given, bool *done)
{
    struct gate_question *question = ask(d, CHANNEL_PAYMENT_DEBIT, d->plan->autopay);

    if (!fill_content(d, given, question))
        return false;
    struct judged judged = judge(d, question, NULL);
    if (judged.verdict->ruling != RULING_ALLOW)
        return refused(d, &judged, "is not debited: ");
    *done = true;
    return pay_by_debit(d, &judged);
}

/* ---- One instalment ---- */

/* What is lacking of it: money that came for the plan covers what is due first. */
static int64_t lacking(const struct run *r, const struct casefile *c, const struct promise *item)
{
    int64_t due = 0, paid = 0;

    for (size_t i = 0; i < r->paid_count; i++)
        paid += r->paid[i].plan == item->plan ? r->paid[i].minor : 0;
    for (size_t i = 0; i < c->promise_count; i++) {
        const struct promise *p = &c->promises[i];
        bool before = p->due_day.number < item->due_day.number ||
                      (p->due_day.number == item->due_day.number && p->number <= item->number);
        if (p->plan == item->plan && p->item > 0 && p->state != PROMISE_WITHDRAWN && before)
            due += p->minor;
    }
    return due - paid < item->minor ? due - paid : item->minor;
}

static bool step(const struct debiting *d, bool *done)
{
    struct run *r = d->r;
    struct noticed notice;

    if (r->today.number < d->item->due_day.number - d->plan->notice_days)
        return true; /* the case file wakes by itself then (domain/agreement.h) */
    if (!notice_load(d, &notice))
        return false;
    bool holds = notice.known && notice.minor == d->minor &&
                 text_equal(notice.told, debit_told(r->arena, d->item));
    if (holds && notice.given) {
        struct day day = debit_day(d->plan, d->item, notice.day);
        if (r->today.number >= day.number)
            return request(d, notice.day, done);
        stand_for(d, day);
        return true;
    }
    stand_for(d, day_plus(r->today, 1));
    if (holds && notice.waits)
        return true;
    if (r->today.number > d->item->due_day.number) {
        stand_by(d, "was not announced before its day, so it is not debited.", "", NULL);
        return true;
    }
    if (holds && notice.day.number >= r->today.number)
        return true; /* it failed today: not again on the same day */
    return announce(d, done);
}

static bool has_any(const struct casefile *c)
{
    for (size_t i = 0; i < c->promise_count; i++) {
        if (debit_is_planned(c, &c->promises[i]))
            return true;
    }
    return false;
}

static const struct promise *promise_of(const struct casefile *c, int32_t number)
{
    for (size_t i = 0; i < c->promise_count; i++) {
        if (c->promises[i].number == number)
            return &c->promises[i];
    }
    return NULL;
}

static bool one(struct run *r, struct casefile **c, int32_t number)
{
    const struct promise *item = promise_of(*c, number);
    bool done = false;

    if (item == NULL || !debit_is_planned(*c, item))
        return true;
    struct debiting d = { r,    *c,
                          casefile_party(*c, PARTY_DEBTOR), debit_plan(*c, item),
                          item, lacking(r, *c, item) };
    if (d.party == NULL || d.minor <= 0)
        return true;
    if (!step(&d, &done))
        return false;
    if (!done)
        return true;
    (*c)->face_serves = false;
    struct casefile_key key = (*c)->key;
    if (!book_release(&r->book, r->why) ||
        !casefile_load(r->book.store, r->arena, key, r->today, c, r->why))
        return false;
    (*c)->face_serves = false;
    return true;
}

bool run_debits(struct run *r, struct casefile **c)
{
    r->debit = (struct debit_standing){ .until = INSTANT_NEVER, .before = (*c)->standing_reason };
    if (r->request->dry_run || !has_any(*c))
        return true;
    size_t count = (*c)->promise_count;
    int32_t *numbers = arena_array(r->arena, int32_t, count);
    for (size_t i = 0; i < count; i++)
        numbers[i] = (*c)->promises[i].number;
    for (size_t i = 0; i < count; i++) {
        if (!one(r, c, numbers[i]))
            return false;
    }
    return true;
}
