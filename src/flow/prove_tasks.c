/* Prove: the tasks that are open are those that follow from what is known. */
#include "flow/prove_parts.h"

#include "flow/task.h"

#include "base/text.h"

#include <inttypes.h>

static bool is_open(const struct task_row *t, const char *origin)
{
    return t->state == TASK_OPEN && text_equal(t->origin, origin);
}

static const char *told(struct proof *p, enum task_kind kind, const char *reason)
{
    return prove_text(p, "%s: %s", task_name(kind), reason != NULL ? reason : "");
}

/* Each that follows is open, and says what it should. */
static void wanted_check(struct proof *p, const char *reference, const struct task_facts *f,
                         const struct task_wanted *w)
{
    const char *origin = task_origin(&p->arena, w), *reason = task_reason(&p->arena, w);
    const struct task_row *found = NULL;

    for (size_t i = 0; i < f->task_count; i++) {
        if (is_open(&f->tasks[i], origin))
            found = &f->tasks[i];
    }
    if (found == NULL && !w->may_lapse)
        prove_find(p, CHECK_TASKS, told(p, w->kind, reason), "no open task", "\"%s\", %s",
                   reference, origin);
    else if (found != NULL && (found->kind != w->kind || found->due.us != w->due.us ||
                               !text_equal(found->reason, reason)))
        prove_find(p, CHECK_TASKS, told(p, w->kind, reason),
                   told(p, found->kind, found->reason), "\"%s\", %s", reference, origin);
}

/* Each that is open follows, once, and is where its case file is. */
static void open_check(struct proof *p, const char *reference, const struct task_facts *f,
                       size_t place, const struct task_wanted *wanted, size_t count,
                       const char *creditor, const char *desk)
{
    const struct task_row *t = &f->tasks[place];
    bool follows = false, again = false;

    p->counts[CHECK_TASKS]++;
    for (size_t i = 0; i < count; i++)
        follows = follows || text_equal(task_origin(&p->arena, &wanted[i]), t->origin);
    for (size_t i = 0; i < place; i++)
        again = again || is_open(&f->tasks[i], t->origin);
    if (!follows || again)
        prove_find(p, CHECK_TASKS, again ? "one open task" : "no open task",
                   told(p, t->kind, t->reason), "\"%s\", %s", reference, t->origin);
    if (!text_equal(t->creditor, creditor) || !text_equal(t->desk, desk))
        prove_find(p, CHECK_TASKS, prove_text(p, "%s, %s", creditor, desk),
                   prove_text(p, "%s, %s", t->creditor, t->desk), "\"%s\", %s", reference,
                   t->origin);
}

static bool casefile_check(struct proof *p, int64_t id, const char *reference)
{
    struct casefile_key key = { p->bucket, id };
    struct task_facts f;
    struct task_wanted *wanted;
    size_t count;
    const char *creditor, *desk;

    if (!task_facts_load(p->store, &p->arena, key, p->last_at, p->zone, &f, &creditor, &desk,
                         p->why)) {
        if (fault_kind_of(p->why->code) != FAULT_CORRUPT)
            return false;
        prove_find(p, CHECK_TASKS, "rows that can be read", p->why->text, "\"%s\"", reference);
        *p->why = (struct fault){ 0 };
        return true;
    }
    tasks_of(&f, &p->arena, &wanted, &count);
    for (size_t i = 0; i < count; i++)
        wanted_check(p, reference, &f, &wanted[i]);
    for (size_t i = 0; i < f.task_count; i++) {
        if (f.tasks[i].state == TASK_OPEN)
            open_check(p, reference, &f, i, wanted, count, creditor, desk);
    }
    return true;
}

bool prove_tasks(struct proof *p)
{
    struct query q = prove_begin(p, Q_PROVE_CASEFILES);
    struct named {
        int64_t id;
        const char *reference;
    } *all = NULL;
    size_t count = 0, room = 0;
    bool done = true;

    while (query_next(&q)) {
        struct named *n = arena_push(&p->arena, all, count, room);
        n->id = row_int(&q, 0);
        n->reference = row_copy(&q, 1, &p->arena);
    }
    if (!query_end(&q, p->why))
        return false;
    for (size_t i = 0; done && i < count; i++)
        done = casefile_check(p, all[i].id, all[i].reference);
    return done;
}
