/* The team: who has how much, what is close to late, and moving it. No keystrokes, no idle time. */
#include "web/page_queue.h"

#include "base/text.h"
#include "flow/task_people.h"

enum { CLOSE_HOURS = 4, CLOSE_ROWS = 10, MOVE_MOST = 50 };

/* ---- Load ------------------------------------------------------------------------------- */

static const enum task_kind columns[] = { TASK_REPLY,   TASK_CALLBACK, TASK_MISSED,
                                          TASK_PROMISE, TASK_DISPUTE,  TASK_HARDSHIP,
                                          TASK_CALL };

static int64_t rest_of(const int64_t kinds[TASK_KIND_COUNT])
{
    int64_t rest = 0;

    for (int k = 0; k < TASK_KIND_COUNT; k++)
        rest += kinds[k];
    for (size_t i = 0; i < COUNT(columns); i++)
        rest -= kinds[columns[i]];
    return rest;
}

static void cells_put(struct page *p, json_t *row, const char *who,
                      const int64_t kinds[TASK_KIND_COUNT])
{
    json_t *cells = put_list(row, "cells");

    for (size_t i = 0; i < COUNT(columns); i++) {
        json_t *cell = list_add(cells);
        put_true(cell, "any", kinds[columns[i]] > 0);
        put(cell, "count", words_count(p->arena, kinds[columns[i]]));
        put(cell, "link", arena_print(p->arena, "/queue?kind=%s&who=%s",
                                      task_name(columns[i]), who));
    }
    put_true(row, "any_rest", rest_of(kinds) > 0);
    put(row, "rest", words_count(p->arena, rest_of(kinds)));
}

static void load_put(struct page *p, json_t *list, const struct user *user,
                     const struct task_load *load)
{
    static const int64_t nothing[TASK_KIND_COUNT];
    json_t *row = list_add(list);
    const char *who = arena_print(p->arena, "%lld", (long long)user->number);

    put(row, "who_name", user->name);
    put(row, "initials", queue_initials(p->arena, user->name));
    put(row, "link", arena_print(p->arena, "/queue?who=%s", who));
    put(row, "all", words_count(p->arena, load != NULL ? load->all : 0));
    put_true(row, "any_late", load != NULL && load->late > 0);
    put(row, "late", words_count(p->arena, load != NULL ? load->late : 0));
    cells_put(p, row, who, load != NULL ? load->kinds : nothing);
}

static bool unassigned_put(struct page *p, struct fault *why)
{
    struct task_filter f = queue_filter(p);
    struct task_counts counts;

    f.unassigned = true;
    if (!task_count(p->view->store, p->arena, &f, TASK_COUNT_MOST, &counts, why))
        return false;
    json_t *row = put_object(p->context, "nobody");
    put(row, "all", arena_print(p->arena, "%s%s",
                                words_count(p->arena, counts.waiting + counts.planned),
                                counts.many ? "+" : ""));
    cells_put(p, row, "nobody", counts.kinds);
    return true;
}

static bool works(const struct page *p, const struct user *u)
{
    const struct role *role = role_find(p->hand->roles, u->role);

    return u->state == USER_ACTIVE && role != NULL &&
           (role->can & PERMISSION_BIT(MAY_WORK)) != 0;
}

static bool loads_put(struct page *p, const struct queue_people *people, struct fault *why)
{
    struct task_filter f = queue_filter(p);
    struct task_load *loads;
    size_t count;
    json_t *rows = put_list(p->context, "rows"), *titles = put_list(p->context, "columns");

    if (!task_loads(p->view->store, p->arena, &f, &loads, &count, why))
        return false;
    for (size_t i = 0; i < COUNT(columns); i++)
        put(list_add(titles), "title", task_title(columns[i]));
    json_t *persons = put_list(p->context, "people");
    for (size_t i = 0; i < people->count; i++) {
        const struct user *u = &people->all[i];
        const struct task_load *load = NULL;
        for (size_t k = 0; k < count; k++)
            load = loads[k].user == u->number ? &loads[k] : load;
        if (!works(p, u) && load == NULL)
            continue;
        load_put(p, rows, u, load);
        json_t *person = list_add(persons);
        put_int(person, "number", u->number);
        put(person, "name", u->name);
        put_true(person, "works", works(p, u));
    }
    json_t *kinds = put_list(p->context, "kinds");
    for (int k = 0; k < TASK_KIND_COUNT; k++) {
        json_t *kind = list_add(kinds);
        put(kind, "value", task_name((enum task_kind)k));
        put(kind, "title", task_title((enum task_kind)k));
    }
    return unassigned_put(p, why);
}

/* ---- Close to late ---------------------------------------------------------------------- */

static bool close_put(struct page *p, const struct queue_people *people, struct fault *why)
{
    struct task_filter f = queue_filter(p);
    struct task_item *items;
    size_t count;
    bool more, any = false;
    json_t *list = put_list(p->context, "close");

    f.kinds = TASK_KIND_BIT(TASK_REPLY) | TASK_KIND_BIT(TASK_CALLBACK);
    f.most = CLOSE_ROWS;
    if (!task_list(p->view->store, p->arena, &f, &items, &count, &more, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (items[i].is.due.us > p->view->now.us + (int64_t)CLOSE_HOURS * 3600 * 1000000)
            continue;
        json_t *row = list_add(list);
        if (!queue_row_put(p, row, &items[i], people, why))
            return false;
        put(row, "link", arena_print(p->arena, "/queue?open=%s&task=%d",
                                     url_encode(p->arena, items[i].reference),
                                     (int)items[i].is.number));
        any = true;
    }
    put_true(p->context, "any_close", any);
    return true;
}

bool page_team(struct page *p, struct fault *why)
{
    struct queue_people people;

    put(p->context, "title", "Team");
    put_int(p->context, "move_most", MOVE_MOST);
    return queue_people_read(p, &people, why) && loads_put(p, &people, why) &&
           close_put(p, &people, why);
}

/* ---- Moving ----------------------------------------------------------------------------- */

struct moving {
    int64_t from, to; /* from 0: what nobody has */
    const struct user *who;
    struct task_filter filter;
};

static bool moving_read(struct page *p, struct moving *m, struct user *who, struct fault *why)
{
    const char *from, *to, *kind = page_form(p, "kind");
    enum task_kind one;

    m->filter = queue_filter(p);
    m->filter.most = MOVE_MOST;
    if (!page_need(p, "from", "whose work it is", &from, why) ||
        !page_need(p, "to", "who shall have it", &to, why))
        return false;
    if (!text_to_int(from, &m->from) || m->from < 0 || !text_to_int(to, &m->to) || m->to < 1)
        return fail(why, BAD_VALUE, "Choose people of the list.");
    if (m->from == m->to)
        return fail(why, BAD_VALUE, "They have it already: choose somebody else.");
    if (kind != NULL && !task_parse(kind, &one))
        return fail(why, BAD_VALUE, "There is no kind of work \"%s\".", kind);
    m->filter.kinds = kind != NULL ? TASK_KIND_BIT(one) : 0;
    m->filter.assigned = m->from;
    m->filter.unassigned = m->from == 0;
    m->who = who;
    return user_by_number(p->view->store, p->arena, m->to, who, why);
}

bool team_move(struct page *p, struct fault *why)
{
    struct moving m;
    struct user who = { 0 };
    struct task_item *items;
    struct task_row was;
    size_t count;
    bool more;

    if (!moving_read(p, &m, &who, why) ||
        !task_list(p->view->store, p->arena, &m.filter, &items, &count, &more, why))
        return false;
    if (count == 0)
        return fail(why, BAD_VALUE, "There is nothing of that to move.");
    struct book *b = page_book(p, why);
    struct queue_undo undo;

    queue_undo_begin(&undo, p->arena, 'a', m.to);
    bool done = b != NULL;
    for (size_t i = 0; done && i < count; i++) {
        const struct task_seen seen = { items[i].is.assigned, items[i].is.hidden_until };
        done = task_assign(b, items[i].key, items[i].is.number, &seen, m.to, &was, why);
        queue_undo_add(&undo, items[i].key, items[i].is.number, was.assigned);
    }
    const char *path = queue_undo_end(&undo);
    if (!done || !page_commit(p, why))
        return false;
    page_say(p, arena_print(p->arena, "%zu moved to %s.%s", count, who.name,
                            more ? " There are more." : ""));
    page_undo(p, path);
    page_go(p, "/team");
    return true;
}
