/* The work queue: who needs us next, and why. */
#include "web/page_queue.h"

#include "base/text.h"
#include "flow/user.h"
#include "web/page_lists.h"
#include "web/page_parts.h"
#include "web/presence.h"
#include "web/recent.h"

#include <stdio.h>
#include <string.h>

/* ---- What is asked for ------------------------------------------------------------------ */

/* Filters as the address names them; besides these every kind has its own name. */
static const struct {
    const char *name, *title;
    task_kinds kinds;
} filters[] = {
    { NULL, "All", 0 },
    { "reply", "Replies", TASK_KIND_BIT(TASK_REPLY) },
    { "callback", "Callbacks", TASK_KIND_BIT(TASK_CALLBACK) },
    { "promises", "Promises",
      TASK_KIND_BIT(TASK_PROMISE) | TASK_KIND_BIT(TASK_MISSED) | TASK_KIND_BIT(TASK_PAYMENT) },
    { "disputes", "Disputes", TASK_KIND_BIT(TASK_DISPUTE) | TASK_KIND_BIT(TASK_COMPLAINT) },
};

static bool kind_read(const char *typed, task_kinds *out, struct fault *why)
{
    enum task_kind kind;

    for (size_t i = 1; i < COUNT(filters); i++) {
        if (text_equal(filters[i].name, typed)) {
            *out = filters[i].kinds;
            return true;
        }
    }
    if (!task_parse(typed, &kind))
        return fail(why, BAD_VALUE, "There is no kind of work \"%s\".", typed);
    *out = TASK_KIND_BIT(kind);
    return true;
}

/* "mine", "nobody", or the number of somebody: that only for who gives work to others. */
static bool who_read(struct page *p, const char *typed, struct task_filter *f,
                     struct fault *why)
{
    if (text_equal(typed, "mine")) {
        f->assigned = p->session->user.number;
        return true;
    }
    if (text_equal(typed, "nobody")) {
        f->unassigned = true;
        return true;
    }
    return (page_may(p, MAY_ASSIGN) && text_to_int(typed, &f->assigned) && f->assigned > 0) ||
           fail(why, BAD_VALUE, "\"%s\" is nobody whose work is listed here.", typed);
}

/* "rank.value.casefile.task" of the last row shown. */
static bool after_read(const char *typed, struct task_mark *out, struct fault *why)
{
    int64_t place[4];

    if (!page_place(typed, 4, place) || place[0] < 0 || place[0] > 1000 || place[2] < 1 ||
        place[3] < 1 || place[3] > INT32_MAX)
        return fail(why, BAD_VALUE, "\"%s\" is no place in the queue.", typed);
    *out = (struct task_mark){ place[0], place[1], { place[2] >> 53, place[2] },
                               (int32_t)place[3] };
    return true;
}

struct task_filter queue_filter(const struct page *p)
{
    return (struct task_filter){ .now = p->view->now,
                                 .zone = p->view->zone,
                                 .clients = p->view->clients,
                                 .desks = p->view->desks,
                                 .most = QUEUE_ROWS };
}

bool queue_ask_read(struct page *p, struct queue_ask *out, struct fault *why)
{
    const char *order = page_field(p, "order"), *after = page_field(p, "after"),
               *skip = page_field(p, "skip"), *task = page_field(p, "task");
    int64_t number = 0;

    *out = (struct queue_ask){ .filter = queue_filter(p),
                               .kind = page_field(p, "kind"),
                               .who = page_field(p, "who"),
                               .open = page_field(p, "open"),
                               .look = page_field(p, "look"),
                               .tomorrow = text_equal(page_field(p, "day"), "tomorrow") };
    struct task_filter *f = &out->filter;
    f->client = page_field(p, "client");
    f->desk = page_field(p, "desk");
    if (out->tomorrow)
        f->now = day_begins(day_plus(p->view->today, 2), p->view->zone);
    if (order != NULL && !task_order_parse(order, &f->order))
        return fail(why, BAD_VALUE, "There is no order \"%s\".", order);
    if (skip != NULL && text_to_int(skip, &number) && number > 0 && number < TASK_CLOSING_MOST)
        out->skip = (size_t)number;
    if (task != NULL && text_to_int(task, &number) && number > 0 && number < INT32_MAX)
        out->task = (int32_t)number;
    return (out->kind == NULL || kind_read(out->kind, &f->kinds, why)) &&
           (out->who == NULL || who_read(p, out->who, f, why)) &&
           (after == NULL || after_read(after, &f->after, why));
}

static void link_add(struct text *link, struct arena *a, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    text_add_print(link, "%c%s=%s", link->length > strlen("/queue") ? '&' : '?', name,
                   url_encode(a, value));
}

const char *queue_link(struct page *p, const struct queue_ask *ask, const char *name,
                       const char *value)
{
    const char *said[][2] = {
        { "kind", ask->kind },
        { "who", ask->who },
        { "client", ask->filter.client },
        { "desk", ask->filter.desk },
        { "day", ask->tomorrow ? "tomorrow" : NULL },
        { "order", ask->filter.order != TASK_BEST ? task_order_name(ask->filter.order) : NULL },
    };
    struct text link = { 0 };
    bool named = name == NULL;

    text_add(&link, "/queue");
    for (size_t i = 0; i < COUNT(said); i++) {
        bool this_one = text_equal(said[i][0], name);
        link_add(&link, p->arena, said[i][0], this_one ? value : said[i][1]);
        named = named || this_one;
    }
    if (!named)
        link_add(&link, p->arena, name, value);
    const char *kept = arena_copy(p->arena, text_of(&link));
    text_free(&link);
    return kept;
}

/* ---- Head: filters, order, counts -------------------------------------------------------- */

static const char *count_words(struct arena *a, int64_t count, int64_t most)
{
    return count >= most ? arena_print(a, "%s+", words_count(a, most)) : words_count(a, count);
}

static int64_t sum_of(const struct task_counts *counts, task_kinds kinds)
{
    int64_t sum = 0;

    for (int k = 0; k < TASK_KIND_COUNT; k++)
        sum += kinds == 0 || (kinds & TASK_KIND_BIT(k)) != 0 ? counts->kinds[k] : 0;
    return sum;
}

static void chip_put(struct page *p, json_t *chips, const char *title, const char *link,
                     int64_t count, bool chosen, const char *key)
{
    json_t *chip = list_add(chips);

    put(chip, "title", title);
    put(chip, "link", link);
    put(chip, "count", count_words(p->arena, count, TASK_COUNT_MOST));
    put_true(chip, "is_chosen", chosen);
    put(chip, "key", key != NULL ? key : "");
}

static bool chips_put(struct page *p, const struct queue_ask *ask, struct fault *why)
{
    struct task_filter f = ask->filter;
    struct task_counts counts, mine;
    json_t *chips = put_list(p->context, "chips");

    f.kinds = 0;
    if (!task_count(p->view->store, p->arena, &f, TASK_COUNT_MOST, &counts, why))
        return false;
    for (size_t i = 0; i < COUNT(filters); i++)
        chip_put(p, chips, filters[i].title, queue_link(p, ask, "kind", filters[i].name),
                 sum_of(&counts, filters[i].kinds), text_equal(filters[i].name, ask->kind),
                 i < 4 ? arena_print(p->arena, "%d", (int)i + 1) : NULL);
    f = ask->filter;
    f.assigned = p->session->user.number;
    f.unassigned = false;
    if (!task_count(p->view->store, p->arena, &f, TASK_COUNT_MOST, &mine, why))
        return false;
    bool is_mine = text_equal(ask->who, "mine");
    chip_put(p, chips, "Mine", queue_link(p, ask, "who", is_mine ? NULL : "mine"),
             sum_of(&mine, 0), is_mine, NULL);
    put(p->context, "left", count_words(p->arena, sum_of(&counts, 0), TASK_COUNT_MOST));
    return true;
}

static void option_put(json_t *list, const char *value, const char *title, const char *chosen)
{
    json_t *option = list_add(list);

    put(option, "value", value != NULL ? value : "");
    put(option, "title", title);
    put_true(option, "is_chosen", text_equal(value, chosen));
}

static bool selects_put(struct page *p, const struct queue_ask *ask, struct fault *why)
{
    static const char *const orders[] = { "Best next", "Oldest", "Amount", "By window closing" };
    struct task_places places;
    json_t *list = put_list(p->context, "orders");

    for (size_t i = 0; i < COUNT(orders); i++)
        option_put(list, task_order_name((enum task_order)i), orders[i],
                   task_order_name(ask->filter.order));
    if (!task_places(p->view->store, p->arena, &ask->filter, &places, why))
        return false;
    if (places.client_count > 1 || ask->filter.client != NULL) {
        list = put_list(put_object(p->context, "client_choice"), "options");
        option_put(list, NULL, "All clients", ask->filter.client);
        for (size_t i = 0; i < places.client_count; i++)
            option_put(list, places.clients[i], places.clients[i], ask->filter.client);
    }
    if (places.desk_count > 0 || ask->filter.desk != NULL) {
        list = put_list(put_object(p->context, "desk_choice"), "options");
        option_put(list, NULL, "All desks", ask->filter.desk);
        for (size_t i = 0; i < places.desk_count; i++)
            option_put(list, places.desks[i], places.desks[i], ask->filter.desk);
    }
    json_t *kept = put_list(p->context, "kept");
    const char *const said[][2] = { { "kind", ask->kind },
                                    { "who", ask->who },
                                    { "day", ask->tomorrow ? "tomorrow" : NULL } };
    for (size_t i = 0; i < COUNT(said); i++) {
        if (said[i][1] == NULL)
            continue;
        json_t *field = list_add(kept);
        put(field, "name", said[i][0]);
        put(field, "value", said[i][1]);
    }
    return true;
}

static bool done_put(struct page *p, struct fault *why)
{
    struct task_closed closed;

    if (!task_closed(p->view->store, p->session->user.number,
                     day_begins(p->view->today, p->view->zone), p->view->now, &closed, why))
        return false;
    put(p->context, "done", words_count(p->arena, closed.closed));
    return true;
}

/* ---- The list --------------------------------------------------------------------------- */

static bool is_opened(const struct queue_ask *ask, const struct task_item *item)
{
    return text_equal(ask->shown, item->reference) &&
           (ask->task == 0 || ask->task == item->is.number);
}

/* Who stands beside the list: who is open; else who is looked at, and at first whoever is next. */
static void shown_choose(struct queue_ask *ask, const struct task_item *items, size_t count)
{
    ask->shown = ask->open != NULL ? ask->open : ask->look;
    if (ask->open != NULL || count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        if (is_opened(ask, &items[i]))
            return;
    }
    ask->shown = items[0].reference;
    ask->task = items[0].is.number;
}

static const char *open_link(struct page *p, const struct queue_ask *ask,
                             const struct task_item *item)
{
    const char *link = queue_link(p, ask, "open", item->reference);

    return arena_print(p->arena, "%s&task=%d", link, (int)item->is.number);
}

static bool rows_put(struct page *p, const struct queue_ask *ask, const struct task_item *items,
                     size_t count, const struct queue_people *people, struct fault *why)
{
    json_t *groups = put_list(p->context, "groups"), *group = NULL, *rows = NULL;
    bool grouped = ask->filter.order == TASK_BEST;
    enum task_group last = TASK_WAITING_ON_US;
    bool opened = false;

    for (size_t i = 0; i < count; i++) {
        enum task_group g = task_group_of(items[i].is.kind);
        if (group == NULL || (grouped && g != last)) {
            group = list_add(groups);
            put(group, "title", !grouped                  ? ""
                                : g == TASK_WAITING_ON_US ? "Waiting on us"
                                                          : "Planned for today");
            rows = put_list(group, "rows");
            last = g;
        }
        json_t *row = list_add(rows);
        if (!queue_row_put(p, row, &items[i], people, why))
            return false;
        bool here = !opened && is_opened(ask, &items[i]);
        opened = opened || here;
        put_true(row, "is_open", here);
        put(row, "link", open_link(p, ask, &items[i]));
    }
    put_true(p->context, "any", count > 0);
    return true;
}

static void pager_put(struct page *p, const struct queue_ask *ask,
                      const struct task_item *items, size_t count, bool more)
{
    const struct task_item *last = count > 0 ? &items[count - 1] : NULL;
    const char *after;

    put_true(p->context, "later_page", ask->filter.after.number != 0 || ask->skip > 0);
    put(p->context, "first_link", queue_link(p, ask, NULL, NULL));
    if (!more || last == NULL)
        return;
    if (ask->filter.order == TASK_CLOSING) {
        after = arena_print(p->arena, "%zu", ask->skip + count);
        put(p->context, "next_link", queue_link(p, ask, "skip", after));
        return;
    }
    const int64_t place[] = { last->mark.rank, last->mark.value, last->key.id, last->is.number };
    put(p->context, "next_link",
        queue_link(p, ask, "after", page_place_print(p->arena, 4, place)));
}

static bool list_put(struct page *p, struct queue_ask *ask,
                     const struct queue_people *people, struct fault *why)
{
    struct view *v = p->view;
    struct task_item *items;
    size_t count;
    bool more;

    if (ask->filter.order == TASK_CLOSING
            ? !task_list_closing(v, &ask->filter, ask->skip, &items, &count, &more, why)
            : !task_list(v->store, p->arena, &ask->filter, &items, &count, &more, why))
        return false;
    shown_choose(ask, items, count);
    if (!task_owed(v->store, &ask->filter, items, count, why) ||
        !rows_put(p, ask, items, count, people, why))
        return false;
    pager_put(p, ask, items, count, more);
    put_int(p->context, "shown", (int64_t)count);
    put_true(p->context, "by_closing", ask->filter.order == TASK_CLOSING);
    return count > 0 || queue_empty_put(p, ask, why);
}

/* ---- The account beside the list --------------------------------------------------------- */

static bool beside_tasks_put(struct page *p, const struct queue_ask *ask, json_t *beside,
                             struct casefile_key key, const struct queue_people *people,
                             struct fault *why)
{
    struct task_filter f = queue_filter(p);
    struct task_item *items;
    size_t count, chosen = 0;

    if (!task_of_casefile(p->view->store, p->arena, &f, key, &items, &count, why) ||
        !task_owed(p->view->store, &f, items, count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (items[i].is.number == ask->task)
            chosen = i;
    }
    json_t *others = put_list(beside, "others");
    for (size_t i = 0; i < count; i++) {
        json_t *row = i == chosen ? put_object(beside, "task") : list_add(others);
        if (!queue_row_put(p, row, &items[i], people, why))
            return false;
        put(row, "link", open_link(p, ask, &items[i]));
        put_true(row, "is_hidden", items[i].is.hidden_until.us > p->view->now.us);
        put(row, "hidden_until", words_moment(p->arena, items[i].is.hidden_until, p->view->zone,
                                              p->view->today));
    }
    put_true(beside, "any_others", count > 1);
    return true;
}

/* Whom work may be given to: those who work here, and may see the account. */
static void choices_put(struct page *p, json_t *list, const struct queue_people *people,
                        const char *client, const char *desk)
{
    for (size_t i = 0; i < people->count; i++) {
        const struct user *u = &people->all[i];
        const struct role *role = role_find(p->hand->roles, u->role);
        bool works = role != NULL && (role->can & PERMISSION_BIT(MAY_WORK)) != 0;
        if (u->state != USER_ACTIVE || !works ||
            (client != NULL && !user_sees(u->clients, u->desks, client, desk)))
            continue;
        json_t *person = list_add(list);
        put_int(person, "number", u->number);
        put(person, "name", u->name);
        put_true(person, "is_me", u->number == p->session->user.number);
    }
}

/* As its page begins: who, what is best done next, what may be done. Who merely looks is not there. */
static bool glance_put(struct page *p, const struct queue_ask *ask, json_t *beside,
                       struct casefile_key key, struct fault *why)
{
    json_t *whole = p->context;
    bool is_open = ask->open != NULL;

    if (is_open) {
        put(whole, "presence_link",
            arena_print(p->arena, "%s/presence", account_link(p, ask->shown)));
        presence_put(p, key);
        recent_note(p, key);
    }
    p->context = put_object(beside, "glance");
    if (!is_open)
        presence_row_put(p, p->context, key);
    bool made = account_glance(p, ask->shown, why);
    p->context = whole;
    return made;
}

static bool beside_put(struct page *p, const struct queue_ask *ask,
                       const struct queue_people *people, struct fault *why)
{
    struct casefile_key key;
    struct fault ignored = { 0 };

    if (ask->shown == NULL)
        return true;
    json_t *beside = put_object(p->context, "beside");
    put(beside, "reference", ask->shown);
    put_true(beside, "whole", ask->open != NULL);
    if (!view_find(p->view, ask->shown, &key, &ignored))
        return true; /* the page says that there is none */
    put(beside, "account", account_link(p, ask->shown));
    put_true(beside, "is_known", true);
    choices_put(p, put_list(beside, "people"), people, NULL, NULL);
    return beside_tasks_put(p, ask, beside, key, people, why) &&
           glance_put(p, ask, beside, key, why);
}

/* Views of the queue that somebody saved, as those of lists. */
static bool saved_put(struct page *p, struct fault *why)
{
    static const char *const names[] = { "kind", "who", "client", "desk", "day", "order" };
    struct filters f = filters_of(p, "/queue", names, COUNT(names));

    put(p->context, "list_path", f.path);
    put(p->context, "list_query", filters_query(&f, NULL, NULL));
    return views_put(&f, why);
}

bool page_queue(struct page *p, struct fault *why)
{
    struct queue_ask ask;
    struct queue_people people;
    char day[DAY_TEXT];

    if (!queue_ask_read(p, &ask, why) || !queue_people_read(p, &people, why))
        return false;
    put(p->context, "title", "Work queue");
    put(p->context, "time", words_clock(p->arena, p->view->now, p->view->zone));
    put(p->context, "order_version", TASK_ORDER);
    const char *here = queue_link(p, &ask, NULL, NULL);
    put(p->context, "here", here);
    put(p->context, "act", /* so that a page made again after a fault is the same list */
        arena_print(p->arena, "/queue/act%s", here + strlen("/queue")));
    put_true(p->context, "is_tomorrow", ask.tomorrow);
    put(p->context, "today_link", queue_link(p, &ask, "day", NULL));
    put(p->context, "tomorrow_link", queue_link(p, &ask, "day", "tomorrow"));
    put(p->context, "tomorrow_day", day_print(day_plus(p->view->today, 1), day));
    choices_put(p, put_list(p->context, "people"), &people, NULL, NULL);
    return chips_put(p, &ask, why) && selects_put(p, &ask, why) && done_put(p, why) &&
           list_put(p, &ask, &people, why) && beside_put(p, &ask, &people, why) &&
           saved_put(p, why);
}

const struct route routes_queue[] = {
    { "GET", "/queue", MAY_WORK, "queue", "queue", page_queue, NULL },
    { "POST", "/queue/act", MAY_WORK, "queue", "queue", queue_act, page_queue },
    { "POST", "/queue/undo/{}", MAY_WORK, "queue", "queue", queue_undo, page_queue },
    { "GET", "/accounts/{}/presence", MAY_SEE, "accounts", "presence_page", page_presence, NULL },
    { "GET", "/me", MAY_SIGNED_IN, "me", "me", page_me, NULL },
    { "GET", "/team", MAY_ASSIGN, "queue", "team", page_team, NULL },
    { "POST", "/team/move", MAY_ASSIGN, "queue", "team", team_move, page_team },
    { "GET", "/keys", MAY_SIGNED_IN, "", "keys", page_keys, NULL },
    { 0 },
};
