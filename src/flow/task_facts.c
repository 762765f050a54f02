/* Task: the rows that tasks of a case file follow from. */
#include "flow/task_parts.h"

#include "store/casefiles.h"

#include <string.h>

/* The columns of task_facts. */
enum { WHAT, NUMBER, A, B, C, D, E, CURRENCY, MINOR, TEXT_1, TEXT_2, TEXT_3, TEXT_4, TEXT_5 };

struct reading {
    struct task_facts *f;
    struct arena *a;
    struct query *q;
    size_t owed_count, owed_room;
    struct money *owed;
    size_t contacts, payments, promises, plans, offers, disputes, complaints, holds, points,
        messages;
    const char *creditor, *desk;
    bool failed;
};

static const char *text_at(struct reading *r, int column)
{
    return row_copy(r->q, column, r->a);
}

static struct instant instant_at(struct reading *r, int column)
{
    return (struct instant){ row_int(r->q, column) };
}

static struct day day_at(struct reading *r, int column)
{
    return (struct day){ (int32_t)row_int(r->q, column) };
}

static int32_t number_at(struct reading *r, int column)
{
    return (int32_t)row_int(r->q, column);
}

static struct money money_at(struct reading *r)
{
    return (struct money){ row_int(r->q, MINOR), (enum currency)row_int(r->q, CURRENCY) };
}

static void place_read(struct reading *r)
{
    r->creditor = text_at(r, TEXT_1);
    r->desk = text_at(r, TEXT_2);
}

static void owed_read(struct reading *r)
{
    struct money owed = money_at(r);

    for (size_t i = 0; i < r->owed_count; i++) {
        if (r->owed[i].currency == owed.currency) {
            r->owed[i].minor += owed.minor;
            return;
        }
    }
    *arena_push(r->a, r->owed, r->owed_count, r->owed_room) = owed;
}

/* Where most is open; of as much in two currencies the first. */
static struct money most_owed(const struct reading *r)
{
    struct money most = { 0, CURRENCY_NONE };

    for (size_t i = 0; i < r->owed_count; i++) {
        struct money owed = r->owed[i];
        if (owed.minor > most.minor ||
            (owed.minor > 0 && owed.minor == most.minor && owed.currency < most.currency))
            most = owed;
    }
    return most;
}

static void contact_read(struct reading *r)
{
    struct task_facts *f = r->f;
    struct task_contact *c = arena_push(r->a, f->contacts, f->contact_count, r->contacts);

    *c = (struct task_contact){ .number = number_at(r, NUMBER),
                                .at = instant_at(r, A),
                                .callback_at = instant_at(r, B),
                                .incoming = row_int(r->q, C) != 0,
                                .address = text_at(r, TEXT_3),
                                .note = text_at(r, TEXT_4) };
    r->failed = r->failed || !channel_parse(row_text(r->q, TEXT_1), &c->channel) ||
                !outcome_parse(row_text(r->q, TEXT_2), &c->outcome);
}

static void payment_read_row(struct reading *r)
{
    struct task_facts *f = r->f;
    struct task_payment *p = arena_push(r->a, f->payments, f->payment_count, r->payments);

    *p = (struct task_payment){ .number = number_at(r, NUMBER),
                                .received_day = day_at(r, A),
                                .state_day = day_at(r, B),
                                .state = text_at(r, TEXT_1),
                                .method = text_at(r, TEXT_2),
                                .reason = text_at(r, TEXT_3),
                                .money = money_at(r) };
    p->stands = text_equal(p->state, "settled") || text_equal(p->state, "pending");
}

static bool promise_state_parse(const char *name, enum promise_state *out)
{
    for (int i = 0; i < PROMISE_STATES; i++) {
        if (text_equal(promise_state_name((enum promise_state)i), name)) {
            *out = (enum promise_state)i;
            return true;
        }
    }
    return false;
}

static void promise_read(struct reading *r)
{
    struct task_facts *f = r->f;
    struct task_promise *p = arena_push(r->a, f->promises, f->promise_count, r->promises);

    *p = (struct task_promise){ .number = number_at(r, NUMBER),
                                .made_day = day_at(r, A),
                                .due_day = day_at(r, B),
                                .state_day = day_at(r, C),
                                .plan = number_at(r, D),
                                .item = number_at(r, E),
                                .money = money_at(r) };
    r->failed = r->failed || !promise_state_parse(row_text(r->q, TEXT_1), &p->state);
}

static void plan_read(struct reading *r)
{
    struct task_facts *f = r->f;
    struct task_plan *p = arena_push(r->a, f->plans, f->plan_count, r->plans);

    *p = (struct task_plan){ .number = number_at(r, NUMBER), .state_day = day_at(r, A) };
    r->failed = r->failed || !plan_state_parse(row_text(r->q, TEXT_1), &p->state);
}

static void offer_read(struct reading *r)
{
    struct task_facts *f = r->f;
    struct task_offer *o = arena_push(r->a, f->offers, f->offer_count, r->offers);

    *o = (struct task_offer){ .number = number_at(r, NUMBER),
                              .made_at = instant_at(r, A),
                              .expires_day = day_at(r, B),
                              .money = money_at(r),
                              .theirs = text_equal(row_text(r->q, TEXT_1), "debtor") };
    o->balance = (struct money){ row_int(r->q, C), o->money.currency };
    r->failed = r->failed || !offer_state_parse(row_text(r->q, TEXT_2), &o->state);
}

static void dispute_read(struct reading *r)
{
    struct task_facts *f = r->f;
    struct task_dispute *d = arena_push(r->a, f->disputes, f->dispute_count, r->disputes);

    *d = (struct task_dispute){ .number = number_at(r, NUMBER),
                                .received_day = day_at(r, A),
                                .answer_day = day_at(r, B),
                                .money = money_at(r),
                                .reason = text_at(r, TEXT_1),
                                .note = text_at(r, TEXT_2) };
}

static void complaint_read(struct reading *r)
{
    struct task_facts *f = r->f;
    struct task_complaint *c = arena_push(r->a, f->complaints, f->complaint_count, r->complaints);

    *c = (struct task_complaint){ .number = number_at(r, NUMBER),
                                  .received_day = day_at(r, A),
                                  .answer_day = day_at(r, B),
                                  .hold = number_at(r, C),
                                  .open = text_equal(row_text(r->q, TEXT_1), "open"),
                                  .words = text_at(r, TEXT_2) };
}

static void hold_read(struct reading *r)
{
    struct task_facts *f = r->f;
    struct task_hold *h = arena_push(r->a, f->holds, f->hold_count, r->holds);
    struct gate_fields detail = gate_fields_parse(r->a, row_text(r->q, TEXT_3));
    const char *review = gate_field_find(detail, "review");

    *h = (struct task_hold){ .number = number_at(r, NUMBER),
                             .at = instant_at(r, A),
                             .until = instant_at(r, B),
                             .kind = text_at(r, TEXT_1),
                             .reason = text_at(r, TEXT_2),
                             .review = DAY_NONE,
                             .decided = gate_field_find(detail, "result") != NULL };
    if (review != NULL && !day_parse(review, &h->review))
        h->review = DAY_NONE;
}

static void point_read(struct reading *r)
{
    struct task_facts *f = r->f;
    struct task_point *p = arena_push(r->a, f->points, f->point_count, r->points);

    *p = (struct task_point){ .number = number_at(r, NUMBER),
                              .address = text_at(r, TEXT_2),
                              .bad = text_equal(row_text(r->q, TEXT_3), "bad") };
    r->failed = r->failed || !channel_parse(row_text(r->q, TEXT_1), &p->channel);
}

static void message_read(struct reading *r)
{
    struct task_facts *f = r->f;
    struct task_message *m = arena_push(r->a, f->messages, f->message_count, r->messages);

    *m = (struct task_message){ .number = number_at(r, NUMBER),
                                .decided_at = instant_at(r, A),
                                .not_before = instant_at(r, B),
                                .expires_at = instant_at(r, C),
                                .state_at = instant_at(r, D),
                                .state = text_at(r, TEXT_2),
                                .purpose = text_at(r, TEXT_3),
                                .address = text_at(r, TEXT_4),
                                .step = text_at(r, TEXT_5) };
    r->failed = r->failed || !channel_parse(row_text(r->q, TEXT_1), &m->channel);
}

static void row_take(struct reading *r)
{
    static const struct {
        const char *what;
        void (*read)(struct reading *r);
    } kinds[] = {
        { "place", place_read },     { "owed", owed_read },   { "contact", contact_read },
        { "payment", payment_read_row }, { "promise", promise_read }, { "plan", plan_read },
        { "offer", offer_read },     { "dispute", dispute_read }, { "hold", hold_read },
        { "complaint", complaint_read },
        { "point", point_read },     { "message", message_read },
    };
    const char *what = row_text(r->q, WHAT);

    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (text_equal(kinds[i].what, what)) {
            kinds[i].read(r);
            return;
        }
    }
}

bool task_read(struct query *q, struct arena *a, struct task_row *out)
{
    *out = (struct task_row){ .number = (int32_t)row_int(q, 0),
                              .origin = row_copy(q, 2, a),
                              .reason = row_copy(q, 3, a),
                              .made_at = { row_int(q, 5) },
                              .since = { row_int(q, 14) },
                              .due = { row_int(q, 6) },
                              .hidden_until = { row_int(q, 7) },
                              .state_at = { row_int(q, 8) },
                              .open = { row_int(q, 10), (enum currency)row_int(q, 9) },
                              .creditor = row_copy(q, 11, a),
                              .desk = row_copy(q, 12, a),
                              .assigned = row_int(q, 13),
                              .closed_by = row_int(q, 15) };
    return task_parse(row_text(q, 1), &out->kind) &&
           task_state_parse(row_text(q, 4), &out->state);
}

static bool is_known(bool known, struct fault *why)
{
    return known || fail(why, DB_ROW, "The book holds a task of an unknown kind or state.");
}

static bool tasks_read(struct store *s, struct arena *a, struct casefile_key key,
                       struct task_facts *f, struct fault *why)
{
    struct query q = query_begin(s, Q_TASKS_KEPT);
    size_t room = 0;
    bool known = true;

    bind_key(&q, key);
    while (query_next(&q))
        known = task_read(&q, a, arena_push(a, f->tasks, f->task_count, room)) && known;
    return query_end(&q, why) && is_known(known, why);
}

bool task_get(struct store *s, struct arena *a, struct casefile_key key, int32_t number,
              struct task_row *out, struct fault *why)
{
    struct query q = query_begin(s, Q_TASK_GET);

    bind_key(&q, key);
    bind_int(&q, number);
    bool found = query_next(&q), known = !found || task_read(&q, a, out);
    if (!query_end(&q, why) || !is_known(known, why))
        return false;
    return found || fail(why, NOT_FOUND, "There is no such task.");
}

bool task_facts_load(struct store *s, struct arena *a, struct casefile_key key,
                     struct instant now, const struct zone *zone, struct task_facts *out,
                     const char **creditor, const char **desk, struct fault *why)
{
    struct query q = query_begin(s, Q_TASK_FACTS);
    struct reading r = { .f = out, .a = a, .q = &q, .creditor = "", .desk = "" };

    *out = (struct task_facts){ .now = now, .zone = zone };
    bind_key(&q, key);
    while (query_next(&q))
        row_take(&r);
    if (!query_end(&q, why) || !tasks_read(s, a, key, out, why))
        return false;
    out->open = most_owed(&r);
    *creditor = r.creditor;
    *desk = r.desk;
    return !r.failed || fail(why, DB_ROW, "The book holds a word that tasks do not know.");
}
