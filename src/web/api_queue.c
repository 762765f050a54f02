/* API: the work queue: what waits for a person, and what is done with it. */
#include "web/api.h"

#include "base/text.h"
#include "flow/task_list.h"
#include "web/page.h"

#include <stdio.h>

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field task_rows[] = {
    { "account", API_TEXT, API_MUST, "whose", NULL },
    { "name", API_TEXT, API_MUST, "of the person or firm", NULL },
    { "task", API_INT, API_MUST, "its number in the account", NULL },
    { "kind", API_TEXT, API_MUST, "reply, callback, missed, dispute, call, …", NULL },
    { "state", API_TEXT, API_MUST, "open, done, dropped, over", NULL },
    { "reason", API_TEXT, API_OR_NULL, "what there is to do", NULL },
    { "since", API_MOMENT, API_OR_NULL, "since when it is work", NULL },
    { "due", API_MOMENT, API_OR_NULL, "by when", NULL },
    { "hidden_until", API_MOMENT, API_OR_NULL, "put off until then", NULL },
    { "currency", API_CODE, API_OR_NULL, "of the amount", NULL },
    { "amount", API_AMOUNT, API_OR_NULL, "what is open of the account", NULL },
    { "assigned", API_TEXT, API_OR_NULL, "the email address of who has it", NULL },
    API_END,
};
static const struct api_field queue_reply[] = {
    { "tasks", API_ROWS, API_MUST, "in the order in which they are done", task_rows },
    API_NEXT,
    API_END,
};
static const struct api_field queue_query[] = {
    { "kind", API_TEXT, API_MAY, "only of this kind", NULL },
    { "who", API_TEXT, API_MAY, "mine, nobody, or an email address", NULL },
    { "client", API_TEXT, API_MAY, "only of this client", NULL },
    { "desk", API_TEXT, API_MAY, "only of this desk", NULL },
    { "order", API_TEXT, API_MAY, "best (without), oldest, amount", NULL },
    API_AFTER,
    API_LIMIT,
    API_END,
};
static const struct api_field assign_body[] = {
    { "to", API_TEXT, API_MUST, "the email address of who shall have it", NULL },
    API_END,
};
static const struct api_field snooze_body[] = {
    { "until", API_MOMENT, API_MUST, "later than now, within a year", NULL },
    API_END,
};

/* ---- Reading ------------------------------------------------------------------------------- */

static bool person_of(struct api *call, int64_t number, const char **email, struct fault *why)
{
    struct user user = { 0 };

    *email = NULL;
    if (number != 0 &&
        !user_by_number(call->view->store, call->arena, number, &user, why))
        return false;
    *email = user.email;
    return true;
}

static bool task_put(struct api *call, json_t *row, const struct task_item *item,
                     struct fault *why)
{
    const struct task_row *t = &item->is;
    const char *email;

    if (!person_of(call, t->assigned, &email, why))
        return false;
    put(row, "account", item->reference);
    put(row, "name", item->name);
    put_int(row, "task", t->number);
    put(row, "kind", task_name(t->kind));
    put(row, "state", task_state_name(t->state));
    api_put_or_null(row, "reason", t->reason);
    api_put_moment(call, row, "since", t->since);
    api_put_moment(call, row, "due", t->due);
    api_put_moment(call, row, "hidden_until", t->hidden_until);
    api_put_currency(row, "currency", t->open.currency);
    api_put_amount(row, "amount", t->open.minor, t->open.currency);
    api_put_or_null(row, "assigned", email);
    return true;
}

static bool who_read(struct api *call, const char *who, struct task_filter *f, struct fault *why)
{
    struct user user = { 0 };

    if (who == NULL)
        return true;
    f->unassigned = text_equal(who, "nobody");
    if (text_equal(who, "mine"))
        f->assigned = call->user.number;
    if (f->unassigned || f->assigned != 0)
        return true;
    if (!user_by_email(call->view->store, call->arena, who, &user, why))
        return false;
    f->assigned = user.number;
    return (user.number != 0 && (call->can & PERMISSION_BIT(MAY_ASSIGN)) != 0) ||
           fail(why, BAD_VALUE, "\"%.60s\" is nobody whose work is listed here.", who);
}

static bool after_read(const char *text, struct task_mark *out, struct fault *why)
{
    int64_t place[4];

    if (text == NULL)
        return true;
    if (!page_place(text, 4, place) || place[0] < 0 || place[0] > 1000 || place[2] < 1 ||
        place[3] < 1 || place[3] > INT32_MAX)
        return fail(why, BAD_VALUE, "after is no place in the queue.");
    *out = (struct task_mark){ place[0], place[1], { place[2] >> 53, place[2] },
                               (int32_t)place[3] };
    return true;
}

static bool filter_read(struct api *call, struct task_filter *f, struct fault *why)
{
    const char *kind = api_query(call, "kind"), *order = api_query(call, "order");
    enum task_kind one;
    int64_t limit;

    *f = (struct task_filter){ .now = call->view->now,
                               .zone = call->view->zone,
                               .clients = call->view->clients,
                               .desks = call->view->desks,
                               .client = api_query(call, "client"),
                               .desk = api_query(call, "desk") };
    if (!api_limit(call, &limit, why))
        return false;
    f->most = (size_t)limit;
    if (kind != NULL && !task_parse(kind, &one))
        return fail(why, BAD_VALUE, "There is no kind of work \"%.60s\".", kind);
    if (kind != NULL)
        f->kinds = TASK_KIND_BIT(one);
    if (order != NULL && (!task_order_parse(order, &f->order) || f->order == TASK_CLOSING))
        return fail(why, BAD_VALUE, "There is no order \"%.60s\": best, oldest, amount.", order);
    return who_read(call, api_query(call, "who"), f, why) &&
           after_read(api_query(call, "after"), &f->after, why);
}

static bool tasks_give(struct api *call, const struct task_item *items, size_t count, bool more,
                       struct fault *why)
{
    json_t *out = json_object(), *rows = put_list(out, "tasks");
    const struct task_item *last = count > 0 ? &items[count - 1] : NULL;
    bool fine = true;

    for (size_t i = 0; fine && i < count; i++)
        fine = task_put(call, list_add(rows), &items[i], why);
    if (last != NULL) {
        const int64_t place[] = { last->mark.rank, last->mark.value, last->key.id,
                                  last->is.number };
        api_put_next_place(call, out, more, 4, place);
    } else {
        api_put_next(call, out, false, 0);
    }
    if (fine)
        api_give(call, 200, out);
    else
        json_decref(out);
    return fine;
}

static bool get_queue(struct api *call, struct fault *why)
{
    struct task_filter filter;
    struct task_item *items;
    size_t count;
    bool more;

    return filter_read(call, &filter, why) &&
           task_list(call->view->store, call->arena, &filter, &items, &count, &more, why) &&
           task_owed(call->view->store, &filter, items, count, why) &&
           tasks_give(call, items, count, more, why);
}

static bool get_tasks(struct api *call, struct fault *why)
{
    const struct task_filter filter = { .now = call->view->now,
                                        .zone = call->view->zone,
                                        .clients = call->view->clients,
                                        .desks = call->view->desks };
    struct casefile_key key;
    struct task_item *items;
    size_t count;

    return api_key(call, &key, why) &&
           task_of_casefile(call->view->store, call->arena, &filter, key, &items, &count,
                            why) &&
           task_owed(call->view->store, &filter, items, count, why) &&
           tasks_give(call, items, count, false, why);
}

/* ---- Writing ------------------------------------------------------------------------------- */

/* What somebody else has is theirs, but for who gives work to others. */
static bool is_ours(struct api *call, const struct task_row *was, struct fault *why)
{
    return was->assigned == 0 || was->assigned == call->user.number ||
           (call->can & PERMISSION_BIT(MAY_ASSIGN)) != 0 ||
           fail(why, NOT_ALLOWED, "Somebody else has this one. Nothing was changed.");
}

static bool done(struct api *call, const struct task_row *was, struct fault *why)
{
    if (!is_ours(call, was, why))
        return false;
    api_give_made(call, CHANGE_UPDATED, was->number);
    return true;
}

static bool give_to(struct api *call, int64_t user, struct fault *why)
{
    struct task_row was;
    int32_t number;

    return api_number(call, 1, &number, why) &&
           task_assign(call->book, call->account.key, number, NULL, user, &was, why) &&
           done(call, &was, why);
}

static bool post_take(struct api *call, struct fault *why)
{
    return give_to(call, call->user.number, why);
}

static bool post_free(struct api *call, struct fault *why)
{
    return give_to(call, 0, why);
}

static bool post_assign(struct api *call, struct fault *why)
{
    struct user user = { 0 };

    if (!user_by_email(call->view->store, call->arena, api_text(call, "to"), &user, why))
        return false;
    if (user.number == 0)
        return fail(why, BAD_VALUE, "Nobody with the address \"%.60s\" works here.",
                    api_text(call, "to"));
    return give_to(call, user.number, why);
}

static bool post_snooze(struct api *call, struct fault *why)
{
    struct instant until;
    struct task_row was;
    int32_t number;

    if (!api_number(call, 1, &number, why) || !api_at(call, "until", &until, why))
        return false;
    if (until.us <= call->view->now.us || until.us > call->view->now.us + 366 * 86400000000LL)
        return fail(why, BAD_VALUE, "The field \"until\" has to be later, and within a year.");
    return task_snooze(call->book, call->account.key, number, NULL, until, &was, why) &&
           done(call, &was, why);
}

static bool end(struct api *call, enum task_state state, struct fault *why)
{
    struct task_row was;
    int32_t number;

    return api_number(call, 1, &number, why) &&
           task_end(call->book, call->account.key, number, NULL, state, api_text(call, "reason"),
                    &was, why) &&
           done(call, &was, why);
}

static bool post_done(struct api *call, struct fault *why)
{
    return end(call, TASK_DONE, why);
}

static bool post_drop(struct api *call, struct fault *why)
{
    return end(call, TASK_DROPPED, why);
}

static bool post_reopen(struct api *call, struct fault *why)
{
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !task_reopen(call->book, call->account.key, number, why))
        return false;
    api_give_made(call, CHANGE_UPDATED, number);
    return true;
}

#define OF_TASK OF_ACCOUNT "/tasks/{}"

const struct route routes_api_queue[] = {
    API_GIVES("/api/v1/queue", MAY_WORK, "listQueue", "What waits for a person", queue_query,
              queue_reply, get_queue, NULL),
    API_GIVES(OF_ACCOUNT "/tasks", MAY_SEE, "listTasks", "Open tasks of one account", NULL,
              queue_reply, get_tasks, "account"),
    API_TAKES(OF_TASK "/take", MAY_WORK, "takeTask", "It is mine now", api_nothing,
              api_made_reply, post_take, "account", "task"),
    API_TAKES(OF_TASK "/free", MAY_WORK, "freeTask", "It is nobody's in particular", api_nothing,
              api_made_reply, post_free, "account", "task"),
    API_TAKES(OF_TASK "/assign", MAY_ASSIGN, "assignTask", "Gives it to somebody", assign_body,
              api_made_reply, post_assign, "account", "task"),
    API_TAKES(OF_TASK "/snooze", MAY_WORK, "snoozeTask", "Puts it off", snooze_body,
              api_made_reply, post_snooze, "account", "task"),
    API_TAKES(OF_TASK "/done", MAY_WORK, "endTask", "It was seen to", api_reason,
              api_made_reply, post_done, "account", "task"),
    API_TAKES(OF_TASK "/drop", MAY_WORK, "dropTask", "Nothing is to be done", api_reason,
              api_made_reply, post_drop, "account", "task"),
    API_TAKES(OF_TASK "/reopen", MAY_WORK, "reopenTask", "Undoes done and drop", api_nothing,
              api_made_reply, post_reopen, "account", "task"),
    { 0 },
};
