#include "flow/plan.h"

#include "domain/agreement.h"
#include "flow/book_parts.h"
#include "flow/file_check.h"

#include <string.h>

/* ---- Reading ---- */

static bool items_read(struct store *s, struct arena *a, struct casefile_key key,
                       struct held_plan *out, struct fault *why)
{
    struct query q = query_begin(s, Q_PLAN_ITEMS);
    size_t room = 0;

    bind_key(&q, key);
    bind_int(&q, out->is.number);
    while (query_next(&q)) {
        struct held_item *item = arena_push(a, out->items, out->item_count, room);
        *item = (struct held_item){ .promise = (int32_t)row_int(&q, 0),
                                    .number = (int32_t)row_int(&q, 1),
                                    .minor = row_int(&q, 2),
                                    .due_day = { (int32_t)row_int(&q, 3) },
                                    .state_day = { (int32_t)row_int(&q, 5) } };
        for (int i = 0; i < PROMISE_STATES; i++) {
            if (text_equal(row_text(&q, 4), promise_state_name((enum promise_state)i)))
                item->state = (enum promise_state)i;
        }
    }
    return query_end(&q, why);
}

bool plan_get(struct store *s, struct arena *a, struct casefile_key key, int32_t number,
              struct held_plan *out, struct fault *why)
{
    struct query q = query_begin(s, Q_PLAN_GET);

    *out = (struct held_plan){ 0 };
    bind_key(&q, key);
    bind_int(&q, number);
    if (query_next(&q)) {
        out->is = (struct payment_plan){ .number = (int32_t)row_int(&q, 0),
                                         .offer = (int32_t)row_int(&q, 1),
                                         .state_day = { (int32_t)row_int(&q, 4) },
                                         .currency = (enum currency)row_int(&q, 6),
                                         .total_minor = row_int(&q, 7),
                                         .debts = debt_set_parse(a, row_text(&q, 8)),
                                         .made_day = { (int32_t)row_int(&q, 10) },
                                         .interest_frozen = row_int(&q, 11) != 0,
                                         .cure_days = (int)row_int(&q, 12),
                                         .resumes_day = { (int32_t)row_int(&q, 13) },
                                         .notice_days = (int)row_int(&q, 14),
                                         .autopay = row_copy(&q, 15, a) };
        plan_state_parse(row_text(&q, 3), &out->is.state);
        out->replaces = (int32_t)row_int(&q, 2);
        out->version = row_int(&q, 5);
        out->schedule = row_copy(&q, 9, a);
        out->agreed_by = row_copy(&q, 16, a);
        out->evidence = row_copy(&q, 17, a);
        out->author = row_copy(&q, 18, a);
        out->reason = row_copy(&q, 19, a);
    }
    if (!query_end(&q, why))
        return false;
    if (out->is.number == 0)
        return fail(why, NOT_FOUND, "There is no plan %d of this account.", (int)number);
    return items_read(s, a, key, out, why);
}

bool plan_standing(struct store *s, struct casefile_key key, int32_t *number, struct fault *why)
{
    struct query q = query_begin(s, Q_PLAN_STANDING);

    bind_key(&q, key);
    *number = query_next(&q) ? (int32_t)row_int(&q, 0) : 0;
    if (!query_end(&q, why))
        return false;
    return *number != 0 || fail(why, NOT_FOUND, "No plan of this account stands.");
}

int64_t held_plan_open(const struct held_plan *plan)
{
    int64_t open = 0;

    for (size_t i = 0; i < plan->item_count; i++)
        open += plan->items[i].state == PROMISE_OPEN ? plan->items[i].minor : 0;
    return open;
}

/* ---- Writing one plan ---- */

static bool plan_record(struct book *b, struct casefile_key key, int32_t plan,
                        const char *change, int32_t item, struct day day,
                        const struct plan_act *act, struct fault *why)
{
    struct json_writer w = book_record_begin(b);
    char text[DAY_TEXT];

    json_int_at(&w, "plan", plan);
    json_text_at(&w, "change", change);
    if (item != 0)
        json_int_at(&w, "item", item);
    if (day.number > 0 && day.number < DAY_NEVER.number)
        json_text_at(&w, "day", day_print(day, text));
    if (act != NULL && act->author != NULL)
        json_text_at(&w, "author", act->author);
    if (act != NULL && act->reason != NULL)
        json_text_at(&w, "reason", act->reason);
    return book_record_end(b, &w, key, "plan", why);
}

bool book_plan_freeze(struct book *b, struct casefile_key key, const struct payment_plan *plan,
                      struct day until, struct fault *why)
{
    const char *origin = arena_print(&b->arena, "plan %d", (int)plan->number);
    size_t count, named = plan->debts.count > 0 ? plan->debts.count : 1;
    struct move_input *moves;
    struct open_file f;

    if (!plan->interest_frozen)
        return true;
    if (!book_file_load(b, key, &f, why) ||
        !book_moves_from(b, key, origin, &moves, &count, why))
        return false;
    if (count > 0 && moves[0].is.due.number == until.number)
        return true;
    for (size_t i = 0; i < count; i++) {
        if (!book_move_end(b, &f, moves[i].is.number, why))
            return false;
    }
    for (size_t i = 0; i < named && until.number > plan->made_day.number; i++) {
        struct move_input m = {
            .is = { .kind = MOVEMENT_FREEZE,
                    .day = plan->made_day,
                    .due = until,
                    .debt = plan->debts.count > 0 ? plan->debts.numbers[i] : 0,
                    .component = COMPONENT_COUNT,
                    .currency = plan->currency,
                    .reference = origin },
            .origin = origin,
        };
        if (!book_move_add(b, key, &m, why) || !book_file_load(b, key, &f, why))
            return false;
    }
    return true;
}

/* Open instalments are not waited for any more. */
static bool withdraw_open(struct book *b, struct casefile_key key, const struct held_plan *plan,
                          bool take_out, struct fault *why)
{
    for (size_t i = 0; i < plan->item_count; i++) {
        if (plan->items[i].state != PROMISE_OPEN)
            continue;
        struct query q = query_begin(b->store, take_out ? Q_PLAN_ITEM_OUT : Q_PROMISE_END);
        if (!take_out)
            bind_text(&q, promise_state_name(PROMISE_WITHDRAWN));
        bind_int(&q, book_today(b).number);
        bind_key(&q, key);
        bind_int(&q, plan->items[i].promise);
        if (!query_run(&q, why))
            return false;
    }
    return true;
}

static bool plan_write(struct book *b, struct casefile_key key, const struct held_plan *plan,
                       struct fault *why)
{
    struct query q = query_begin(b->store, Q_PLAN_CHANGE);

    bind_text(&q, plan_state_name(plan->is.state));
    bind_int(&q, plan->is.state_day.number);
    bind_int(&q, plan->version + 1);
    bind_text(&q, plan->schedule);
    bind_int(&q, plan->is.resumes_day.number);
    bind_text(&q, plan->reason);
    bind_key(&q, key);
    bind_int(&q, plan->is.number);
    return query_run(&q, why);
}

/* ---- A new plan ---- */

static bool overlap(struct debt_set a, struct debt_set b)
{
    for (size_t i = 0; i < a.count; i++) {
        if (debts_cover(b, a.numbers[i]))
            return true;
    }
    return a.count == 0 || b.count == 0;
}

static bool is_free(struct book *b, struct casefile_key key, const struct plan_input *in,
                    struct fault *why)
{
    struct query q = query_begin(b->store, Q_LOAD_PLANS_ONE);
    int32_t other = 0;

    bind_key(&q, key);
    while (query_next(&q)) {
        struct payment_plan plan = { .number = (int32_t)row_int(&q, 1) };
        plan_state_parse(row_text(&q, 3), &plan.state);
        if (plan_stands(&plan) && plan.number != in->replaces &&
            row_int(&q, 5) == (int64_t)in->currency &&
            overlap(in->debts, debt_set_parse(&b->arena, row_text(&q, 7))))
            other = plan.number;
    }
    if (!query_end(&q, why))
        return false;
    if (other == 0)
        return true;
    fail(why, CONFLICT, "Plan %d stands already.", (int)other);
    return fault_hint(why, "change it, cancel it, or let the new one replace it: --replaces %d",
                      (int)other);
}

static int64_t total_of(const struct plan_input *in)
{
    int64_t total = 0;

    for (size_t i = 0; i < in->item_count; i++) {
        must(in->items[i].minor > 0);
        total += in->items[i].minor;
    }
    return total;
}

/* As it is kept: what depends on the first day is said, so that it holds when that one moves. */
static const char *schedule_kept(struct book *b, const struct plan_input *in)
{
    struct schedule schedule;
    struct fault why = { 0 };
    char text[SCHEDULE_TEXT];

    if (!schedule_parse(in->schedule, &schedule, &why))
        return in->schedule;
    if (schedule.kind == SCHEDULE_MONTHS && schedule.month_days[0] == DATE_OF_FIRST)
        schedule.month_days[0] = date_of_day(in->items[0].day).day;
    return arena_copy(&b->arena, schedule_print(&schedule, text));
}

static bool plan_add(struct book *b, struct open_file *f, const struct plan_input *in,
                     int32_t number, struct fault *why)
{
    struct query q = query_begin(b->store, Q_PLAN_ADD);

    bind_key(&q, f->key);
    bind_int(&q, number);
    bind_int(&q, in->offer);
    bind_int(&q, in->replaces);
    bind_int(&q, book_today(b).number);
    bind_int(&q, in->currency);
    bind_int(&q, total_of(in));
    bind_text(&q, in->debts.count > 0 ? debt_set_print(&b->arena, in->debts) : NULL);
    bind_text(&q, schedule_kept(b, in));
    bind_int(&q, in->interest_frozen);
    bind_int(&q, in->cure_days);
    bind_int(&q, in->notice_days);
    bind_text(&q, in->autopay);
    bind_text(&q, in->agreed_by);
    bind_text(&q, in->evidence);
    bind_text(&q, in->author);
    bind_text(&q, in->reason);
    return query_run(&q, why);
}

static bool add_items(struct book *b, struct casefile_key key, int32_t plan, int32_t first,
                      enum currency currency, const char *channel, size_t count,
                      const struct plan_item *items, struct fault *why)
{
    for (size_t i = 0; i < count; i++) {
        struct promise_input p = { .minor = items[i].minor,
                                   .currency = currency,
                                   .due = items[i].day,
                                   .plan = plan,
                                   .item = first + (int32_t)i,
                                   .channel = channel };
        int32_t number;
        if (!book_promise_add(b, key, &p, &number, why))
            return false;
    }
    return true;
}

static bool end_plan(struct book *b, struct casefile_key key, int32_t number,
                     enum plan_state state, const struct plan_act *act, struct fault *why)
{
    struct held_plan plan;

    if (!plan_get(b->store, &b->arena, key, number, &plan, why))
        return false;
    if (act->if_version != 0 && act->if_version != plan.version)
        return fail(why, CONFLICT, "Plan %d was changed: it is at version %lld now.",
                    (int)number, (long long)plan.version);
    if (!plan_stands(&plan.is) && plan.is.state != PLAN_DEFAULTED)
        return fail(why, CONFLICT, "Plan %d is %s already.", (int)number,
                    plan_state_name(plan.is.state));
    plan.is.state = state;
    plan.is.state_day = book_today(b);
    plan.reason = act->reason != NULL ? act->reason : plan.reason;
    return withdraw_open(b, key, &plan, false, why) && plan_write(b, key, &plan, why) &&
           book_plan_freeze(b, key, &plan.is, book_today(b), why) &&
           plan_record(b, key, number, plan_state_name(state), 0, DAY_NONE, act, why);
}

static bool same_plan(struct book *b, struct casefile_key key, int32_t number,
                      const struct plan_input *in, bool *same, struct fault *why)
{
    struct held_plan plan;

    if (!plan_get(b->store, &b->arena, key, number, &plan, why))
        return false;
    *same = plan.is.currency == in->currency && plan.is.total_minor == total_of(in) &&
            text_equal(plan.schedule, schedule_kept(b, in));
    return true;
}

bool book_plan_add(struct book *b, struct casefile_key key, const char *once,
                   const struct plan_input *in, int32_t *number, enum change *change,
                   struct fault *why)
{
    const struct plan_act act = { .author = in->author, .reason = in->reason };
    struct open_file f;
    bool same = false;

    *change = CHANGE_NONE;
    must(in->item_count > 0);
    if (!book_key_find(b, key, once, number, why))
        return false;
    if (*number != 0)
        return same_plan(b, key, *number, in, &same, why) && (same || book_key_taken(once, why));
    if (!file_check_stands(b, key, why) || !is_free(b, key, in, why) ||
        (in->replaces != 0 && !end_plan(b, key, in->replaces, PLAN_REPLACED, &act, why)) ||
        !book_file_load(b, key, &f, why))
        return false;
    *number = ++f.last_no;
    *change = CHANGE_ADDED;
    struct payment_plan plan = { .number = *number,
                                 .currency = in->currency,
                                 .debts = in->debts,
                                 .made_day = book_today(b),
                                 .interest_frozen = in->interest_frozen };
    return plan_add(b, &f, in, *number, why) && book_file_wake(b, &f) &&
           plan_record(b, key, *number, "made", 0, DAY_NONE, &act, why) &&
           add_items(b, key, *number, 1, in->currency, in->agreed_by, in->item_count, in->items,
                     why) &&
           book_plan_freeze(b, key, &plan, DAY_NEVER, why) &&
           book_key_put(b, key, once, *number, why);
}

/* ---- Changes ---- */

struct changing {
    struct book *b;
    struct casefile_key key;
    struct held_plan plan;
    struct open_file f;
    const struct plan_act *act;
    struct fault *why;
};

static bool change_begin(struct changing *c, int32_t plan)
{
    if (!book_file_load(c->b, c->key, &c->f, c->why) ||
        !plan_get(c->b->store, &c->b->arena, c->key, plan, &c->plan, c->why))
        return false;
    if (c->act->if_version != 0 && c->act->if_version != c->plan.version)
        return fail(c->why, CONFLICT, "Plan %d was changed: it is at version %lld now.",
                    (int)plan, (long long)c->plan.version);
    if (plan_stands(&c->plan.is))
        return true;
    return fail(c->why, CONFLICT, "Plan %d is %s: it cannot be changed any more.", (int)plan,
                plan_state_name(c->plan.is.state));
}

static bool change_end(struct changing *c, const char *change, int32_t item, struct day day)
{
    return plan_write(c->b, c->key, &c->plan, c->why) &&
           plan_record(c->b, c->key, c->plan.is.number, change, item, day, c->act, c->why) &&
           book_file_wake(c->b, &c->f);
}

static struct held_item *open_item(struct changing *c, int32_t item)
{
    for (size_t i = 0; i < c->plan.item_count; i++) {
        struct held_item *held = &c->plan.items[i];
        if (held->number != item)
            continue;
        if (held->state == PROMISE_OPEN)
            return held;
        fail(c->why, CONFLICT, "Instalment %d of plan %d is %s already.", (int)item,
             (int)c->plan.is.number, promise_state_name(held->state));
        return NULL;
    }
    fail(c->why, NOT_FOUND, "Plan %d has no instalment %d.", (int)c->plan.is.number, (int)item);
    return NULL;
}

static bool put_day(struct changing *c, struct held_item *item, struct day day)
{
    struct query q = query_begin(c->b->store, Q_PLAN_ITEM_MOVE);

    item->due_day = day;
    bind_int(&q, day.number);
    bind_key(&q, c->key);
    bind_int(&q, item->promise);
    return query_run(&q, c->why);
}

bool book_plan_move(struct book *b, struct casefile_key key, int32_t plan, int32_t item,
                    struct day day, const struct plan_act *act, struct fault *why)
{
    struct changing c = { .b = b, .key = key, .act = act, .why = why };

    if (!change_begin(&c, plan))
        return false;
    if (day.number < book_today(b).number)
        return fail(why, BAD_VALUE, "An instalment cannot move to a day that is past.");
    struct held_item *held = open_item(&c, item);
    return held != NULL && put_day(&c, held, day) && change_end(&c, "moved", item, day);
}

/* The first day of its schedule after `last`, counted from `from`; DAY_NEVER when there is none. */
static struct day day_after(const struct held_plan *plan, struct day from, struct day last)
{
    struct closed_days open = { NULL, NULL };
    struct schedule schedule;
    struct fault why = { 0 };
    struct day day = DAY_NONE;

    if (!schedule_parse(plan->schedule, &schedule, &why))
        return DAY_NEVER;
    for (int n = 0; day.number <= last.number; n++)
        day = schedule_date(&schedule, from, n, open);
    return day;
}

bool book_plan_skip(struct book *b, struct casefile_key key, int32_t plan, int32_t item,
                    const struct plan_act *act, struct fault *why)
{
    struct changing c = { .b = b, .key = key, .act = act, .why = why };

    if (!change_begin(&c, plan))
        return false;
    struct held_item *held = open_item(&c, item);
    if (held == NULL)
        return false;
    struct day last = c.plan.items[c.plan.item_count - 1].due_day;
    struct day day = day_after(&c.plan, last, last);
    if (day.number >= DAY_NEVER.number) {
        fail(why, BAD_VALUE, "The days of plan %d are a list that has no further one.", (int)plan);
        return fault_hint(why, "say to which day it moves: recoup plan move");
    }
    return put_day(&c, held, day) && change_end(&c, "skipped", item, day);
}

static int32_t last_item(const struct held_plan *plan)
{
    int32_t last = 0;

    for (size_t i = 0; i < plan->item_count; i++)
        last = plan->items[i].number > last ? plan->items[i].number : last;
    return last;
}

bool book_plan_change(struct book *b, struct casefile_key key, int32_t plan, size_t count,
                      const struct plan_item *items, const char *schedule,
                      const struct plan_act *act, struct fault *why)
{
    struct changing c = { .b = b, .key = key, .act = act, .why = why };
    int64_t sum = 0;

    if (!change_begin(&c, plan))
        return false;
    for (size_t i = 0; i < count; i++)
        sum += items[i].minor;
    if (sum != held_plan_open(&c.plan) || count == 0)
        return fail(why, BAD_VALUE, "The new instalments are not as much as the open ones.");
    if (schedule != NULL)
        c.plan.schedule = schedule;
    return withdraw_open(b, key, &c.plan, true, why) &&
           change_end(&c, "changed", 0, DAY_NONE) &&
           add_items(b, key, plan, last_item(&c.plan) + 1, c.plan.is.currency,
                     c.plan.agreed_by, count, items, why);
}

/* ---- Pause ---- */

/* Open instalments in their order, from `until` on by the schedule; a list moves as a whole. */
static bool move_on(struct changing *c, struct day until)
{
    struct day last = day_plus(until, -1), first = DAY_NONE, from = DAY_NONE;

    for (size_t i = 0; i < c->plan.item_count; i++) {
        struct held_item *item = &c->plan.items[i];
        if (item->state != PROMISE_OPEN)
            continue;
        if (first.number == DAY_NONE.number)
            first = from = item->due_day;
        if (first.number >= until.number)
            return true; /* nothing falls into the pause */
        struct day next = day_after(&c->plan, from, last);
        if (next.number >= DAY_NEVER.number)
            next = day_plus(item->due_day, until.number - first.number);
        if (!put_day(c, item, next))
            return false;
        from = last = next;
    }
    return true;
}

bool book_plan_pause(struct book *b, struct casefile_key key, int32_t plan, struct day until,
                     const struct plan_act *act, struct fault *why)
{
    struct changing c = { .b = b, .key = key, .act = act, .why = why };
    struct day today = book_today(b);

    if (!change_begin(&c, plan))
        return false;
    if (until.number <= today.number)
        return fail(why, BAD_VALUE, "A pause cannot end before it begins.");
    if (!move_on(&c, until))
        return false;
    c.plan.is.state = PLAN_PAUSED;
    c.plan.is.state_day = today;
    c.plan.is.resumes_day = until;
    c.plan.reason = act->reason != NULL ? act->reason : c.plan.reason;
    return change_end(&c, "paused", 0, until);
}

bool book_plan_resume(struct book *b, struct casefile_key key, int32_t plan,
                      const struct plan_act *act, struct fault *why)
{
    struct changing c = { .b = b, .key = key, .act = act, .why = why };

    if (!change_begin(&c, plan))
        return false;
    if (c.plan.is.state != PLAN_PAUSED)
        return true;
    c.plan.is.state = PLAN_ACTIVE;
    c.plan.is.state_day = book_today(b);
    c.plan.is.resumes_day = DAY_NEVER;
    return change_end(&c, "resumed", 0, DAY_NONE);
}

bool book_plan_cancel(struct book *b, struct casefile_key key, int32_t plan,
                      const struct plan_act *act, struct fault *why)
{
    struct open_file f;

    return book_file_load(b, key, &f, why) &&
           end_plan(b, key, plan, PLAN_CANCELLED, act, why) && book_file_load(b, key, &f, why) &&
           book_file_wake(b, &f);
}
