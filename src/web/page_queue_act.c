/* The work queue: what is done with tasks, one or many at once, and taken back. */
#include "web/page_queue.h"

#include "base/text.h"
#include "flow/user.h"

#include <stdlib.h>
#include <string.h>

enum { ACT_MOST = 50, SNOOZE_HOUR = 9, SNOOZE_DAYS_MOST = 366, NUMBER_TEXT = 16 };

/* ---- Which tasks ------------------------------------------------------------------------ */

struct chosen {
    size_t count;
    struct queue_token all[ACT_MOST];
};

static bool chosen_read(struct page *p, struct chosen *out, struct fault *why)
{
    out->count = 0;
    for (size_t i = 0; i < p->ask->form_count; i++) {
        const struct field *f = &p->ask->form[i];
        if (!text_equal(f->name, "task"))
            continue;
        if (out->count == ACT_MOST)
            return fail(why, BAD_VALUE, "At most %d can be changed at once.", ACT_MOST);
        struct queue_token *t = &out->all[out->count];
        if (!queue_token_read(f->value, t))
            return fail(why, BAD_VALUE, "\"%s\" names no task.", f->value);
        if (!view_allows(p->view, t->key, "such task", why))
            return false;
        out->count++;
    }
    return out->count > 0 || fail(why, BAD_VALUE, "Choose at least one person from the list.");
}

/* ---- Until when ------------------------------------------------------------------------- */

static struct instant morning(const struct page *p, int days)
{
    return instant_of_wall(
        (struct wall){ day_plus(p->view->today, days), SNOOZE_HOUR * 3600 }, p->view->zone);
}

static bool until_read(struct page *p, const char *choice, struct instant *out,
                       struct fault *why)
{
    const char *typed = page_form(p, "date");
    struct day day;

    if (text_equal(choice, "hour"))
        *out = (struct instant){ p->view->now.us + (int64_t)3600 * 1000000 };
    else if (text_equal(choice, "tomorrow"))
        *out = morning(p, 1);
    else if (text_equal(choice, "3days"))
        *out = morning(p, 3);
    else if (!text_equal(choice, "date"))
        return fail(why, BAD_VALUE, "Say until when: an hour, tomorrow, three days, or a date.");
    else if (typed == NULL || !day_parse(typed, &day))
        return fail(why, BAD_VALUE, "Say the day until which it is put off, like 2026-12-01.");
    else if (day.number <= p->view->today.number ||
             day.number > p->view->today.number + SNOOZE_DAYS_MOST)
        return fail(why, BAD_VALUE, "The day has to be later than today, and within a year.");
    else
        *out = morning(p, day.number - p->view->today.number);
    return true;
}

/* ---- Taking it back --------------------------------------------------------------------- */

/* Numbers to base 36, so that fifty of them fit into an address. */
static const char *short_number(struct arena *a, int64_t number)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    char text[NUMBER_TEXT];
    size_t at = sizeof text - 1;

    text[at] = '\0';
    do {
        text[--at] = digits[number % 36];
        number /= 36;
    } while (number > 0);
    return arena_copy(a, text + at);
}

static bool long_number(const char **at, int64_t *out)
{
    char *end;

    *out = strtoll(*at, &end, 36);
    if (end == *at || **at == '-' || **at == '+' || **at == ' ')
        return false;
    *at = end;
    return true;
}

/* "/queue/undo/s.NEW~ID.NUMBER.OLD~…": what was done, what it is now, what it was. */
void queue_undo_begin(struct queue_undo *u, struct arena *a, char what, int64_t now)
{
    *u = (struct queue_undo){ .a = a };
    text_add_print(&u->path, "/queue/undo/%c.%s", what, short_number(a, now));
}

void queue_undo_add(struct queue_undo *u, struct casefile_key key, int32_t number, int64_t was)
{
    text_add_print(&u->path, "~%s.%s", short_number(u->a, key.id), short_number(u->a, number));
    text_add_print(&u->path, ".%s", short_number(u->a, was));
}

const char *queue_undo_end(struct queue_undo *u)
{
    const char *path = arena_copy(u->a, text_of(&u->path));

    text_free(&u->path);
    return path;
}

/* ---- Deeds ------------------------------------------------------------------------------ */

struct deed {
    struct page *p;
    struct book *b;
    struct chosen chosen;
    struct queue_undo undo;
    const char *said;
};

/* What somebody else has is theirs, but for who gives work to others. */
static bool is_mine_to_change(const struct deed *d, const struct task_row *was,
                              struct fault *why)
{
    struct user user = { 0 };

    if (was->assigned == 0 || was->assigned == d->p->session->user.number ||
        page_may(d->p, MAY_ASSIGN))
        return true;
    if (!user_by_number(d->p->view->store, d->p->arena, was->assigned, &user, why))
        return false;
    fail(why, NOT_ALLOWED, "%s has this one. Nothing was changed.",
         user.number != 0 ? user.name : "Somebody else");
    return fault_hint(why, "ask them, or whoever gives out the work");
}

/* "Put off", or "12 put off". */
static const char *counted(const struct deed *d, const char *one, const char *many)
{
    return d->chosen.count == 1
               ? one
               : arena_print(d->p->arena, "%zu %s", d->chosen.count, many);
}

static bool snooze(struct deed *d, const char *choice, struct fault *why)
{
    struct page *p = d->p;
    struct instant until = p->view->now;
    struct task_row was;

    if (!until_read(p, choice, &until, why))
        return false;
    queue_undo_begin(&d->undo, p->arena, 's', until.us);
    for (size_t i = 0; i < d->chosen.count; i++) {
        const struct queue_token *t = &d->chosen.all[i];
        if (!task_snooze(d->b, t->key, t->number, &t->seen, until, &was, why) ||
            !is_mine_to_change(d, &was, why))
            return false;
        queue_undo_add(&d->undo, t->key, t->number, was.hidden_until.us);
    }
    d->said = arena_print(p->arena, "%s until %s.", counted(d, "Put off", "put off"),
                          words_moment(p->arena, until, p->view->zone, p->view->today));
    return true;
}

static bool assign(struct deed *d, int64_t to, struct fault *why)
{
    struct page *p = d->p;
    bool mine = to == p->session->user.number;
    struct user user = { 0 };
    struct task_row was;

    if (!mine && to != 0 && !page_may(p, MAY_ASSIGN))
        return fail(why, NOT_ALLOWED, "Your role may not give work to others.");
    if (to != 0 && !user_by_number(p->view->store, p->arena, to, &user, why))
        return false;
    queue_undo_begin(&d->undo, p->arena, 'a', to);
    for (size_t i = 0; i < d->chosen.count; i++) {
        const struct queue_token *t = &d->chosen.all[i];
        if (!task_assign(d->b, t->key, t->number, &t->seen, to, &was, why) ||
            !is_mine_to_change(d, &was, why))
            return false;
        queue_undo_add(&d->undo, t->key, t->number, was.assigned);
    }
    if (mine)
        d->said = counted(d, "You have this one now.", "are yours now.");
    else if (to == 0)
        d->said = counted(d, "Nobody has this one now.", "are nobody's now.");
    else
        d->said = arena_print(p->arena, "%s given to %s.", counted(d, "This one was", "were"),
                              user.name);
    return true;
}

static bool end(struct deed *d, enum task_state state, struct fault *why)
{
    const char *reason = page_form(d->p, "reason");
    struct task_row was;

    queue_undo_begin(&d->undo, d->p->arena, 'd', 0);
    for (size_t i = 0; i < d->chosen.count; i++) {
        const struct queue_token *t = &d->chosen.all[i];
        if (!task_end(d->b, t->key, t->number, &t->seen, state, reason, &was, why) ||
            !is_mine_to_change(d, &was, why))
            return false;
        queue_undo_add(&d->undo, t->key, t->number, 0);
    }
    d->said = state == TASK_DONE ? counted(d, "Done.", "done.")
                                 : counted(d, "Taken off the list.", "taken off the list.");
    return true;
}

static bool do_it(struct deed *d, const char *what, struct fault *why)
{
    static const char snoozes[] = "snooze:";
    const char *to = page_form(d->p, "to");
    int64_t number;

    if (text_equal(what, "snooze"))
        return snooze(d, page_form_or(d->p, "until", ""), why);
    if (text_starts(what, snoozes))
        return snooze(d, what + strlen(snoozes), why);
    if (text_equal(what, "take"))
        return assign(d, d->p->session->user.number, why);
    if (text_equal(what, "free"))
        return assign(d, 0, why);
    if (text_equal(what, "assign")) {
        if (to == NULL || !text_to_int(to, &number) || number < 0)
            return fail(why, BAD_VALUE, "Say who shall have it.");
        return assign(d, number, why);
    }
    if (text_equal(what, "done") || text_equal(what, "drop"))
        return end(d, text_equal(what, "done") ? TASK_DONE : TASK_DROPPED, why);
    return fail(why, BAD_VALUE, "There is nothing called \"%s\" to do with a task.", what);
}

/* Back to the list it came from; what is still to be done stays open, when it was. A page of the
 * queue, nothing else. */
static const char *back(const struct page *p, const char *what)
{
    bool stays = text_equal(what, "take") || text_equal(what, "free") ||
                 text_equal(what, "assign");
    const char *path = page_form(p, stays && page_form(p, "stay") != NULL ? "stay" : "back");

    return path != NULL && (text_equal(path, "/queue") || text_starts(path, "/queue?")) &&
                   strpbrk(path, "\\\r\n") == NULL
               ? path
               : "/queue";
}

bool queue_act(struct page *p, struct fault *why)
{
    struct deed d = { .p = p, .undo = { .a = p->arena } };
    const char *what;

    if (!page_need(p, "do", "what is to be done", &what, why) ||
        !chosen_read(p, &d.chosen, why))
        return false;
    d.b = page_book(p, why);
    bool done = d.b != NULL && do_it(&d, what, why) && page_commit(p, why);
    const char *undo = queue_undo_end(&d.undo);
    if (!done)
        return false;
    page_say(p, d.said);
    page_undo(p, undo);
    page_go(p, back(p, what));
    return true;
}

/* ---- Undo ------------------------------------------------------------------------------- */

static bool undo_one(struct page *p, struct book *b, char what, int64_t now,
                     const struct queue_token *t, int64_t was, bool *changed,
                     struct fault *why)
{
    struct task_row row;

    *changed = false;
    if (!view_allows(p->view, t->key, "such task", why) ||
        !task_get(b->store, &b->arena, t->key, t->number, &row, why))
        return false;
    if (what == 'd') {
        if (row.state != TASK_DONE && row.state != TASK_DROPPED)
            return true;
        *changed = true;
        return task_reopen(b, t->key, t->number, why);
    }
    if (row.state != TASK_OPEN ||
        (what == 's' ? row.hidden_until.us : row.assigned) != now)
        return true;
    *changed = true;
    return what == 's' ? task_snooze(b, t->key, t->number, NULL, (struct instant){ was }, &row, why)
                       : task_assign(b, t->key, t->number, NULL, was, &row, why);
}

static bool undo_read(const char **at, struct queue_token *t, int64_t *was)
{
    int64_t id, number;

    if (*(*at)++ != '~' || !long_number(at, &id) || *(*at)++ != '.' ||
        !long_number(at, &number) || *(*at)++ != '.' || !long_number(at, was) || id < 1 ||
        number < 1 || number > INT32_MAX)
        return false;
    *t = (struct queue_token){ { id >> 53, id }, (int32_t)number, { 0 } };
    return true;
}

bool queue_undo(struct page *p, struct fault *why)
{
    const char *at = p->hole;
    char what = *at;
    int64_t now, was;
    size_t changed = 0, count = 0;

    if ((what != 's' && what != 'a' && what != 'd') || *++at != '.' ||
        (at++, !long_number(&at, &now)))
        return fail(why, BAD_VALUE, "There is nothing of this kind to undo.");
    struct book *b = page_book(p, why);
    if (b == NULL)
        return false;
    for (; *at != '\0'; count++) {
        struct queue_token t;
        bool did;
        if (count == ACT_MOST || !undo_read(&at, &t, &was))
            return fail(why, BAD_VALUE, "There is nothing of this kind to undo.");
        if (!undo_one(p, b, what, now, &t, was, &did, why))
            return false;
        changed += did;
    }
    if (changed == 0)
        return fail(why, CONFLICT, "It was changed by somebody else since, and stays so.");
    if (!page_commit(p, why))
        return false;
    page_say(p, changed == count
                    ? "Undone."
                    : arena_print(p->arena, "Undone, but for %zu that somebody changed since.",
                                  count - changed));
    page_go(p, "/queue");
    return true;
}
