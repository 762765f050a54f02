/* Task: kept in step with what is known of a case file. */
#include "flow/task.h"

#include "flow/user.h"
#include "store/casefiles.h"

struct following {
    struct book *b;
    struct casefile_key key;
    struct arena arena;
    struct task_facts facts;
    const char *creditor, *desk;
    int64_t by; /* number of who is signed in; 0: nobody; -1: not asked yet */
    int32_t last_no;
    struct fault *why;
};

static const struct task_row *open_row(const struct following *f, const char *origin)
{
    for (size_t i = f->facts.task_count; i-- > 0;) {
        const struct task_row *t = &f->facts.tasks[i];
        if (t->state == TASK_OPEN && text_equal(t->origin, origin))
            return t;
    }
    return NULL;
}

/* Who had the task of this origin before has it again. */
static int64_t had_by(const struct following *f, const char *origin)
{
    for (size_t i = f->facts.task_count; i-- > 0;) {
        if (text_equal(f->facts.tasks[i].origin, origin))
            return f->facts.tasks[i].assigned;
    }
    return 0;
}

/* What is due later is no work before. */
static struct instant since_of(const struct task_wanted *w)
{
    return w->hidden_until.us > w->at.us ? w->hidden_until : w->at;
}

static bool add(struct following *f, const struct task_wanted *w, const char *origin,
                const char *reason)
{
    struct query q = query_begin(f->b->store, Q_TASK_ADD);

    bind_key(&q, f->key);
    bind_int(&q, ++f->last_no);
    bind_text(&q, task_name(w->kind));
    bind_text(&q, origin);
    bind_int(&q, task_rank(w->kind));
    bind_text(&q, reason);
    bind_int(&q, f->facts.open.currency);
    bind_int(&q, f->facts.open.minor);
    bind_text(&q, f->creditor);
    bind_text(&q, f->desk);
    bind_int(&q, f->b->now.us);
    bind_int(&q, since_of(w).us);
    bind_int(&q, w->due.us);
    bind_int(&q, w->hidden_until.us);
    bind_int(&q, had_by(f, origin));
    return query_run(&q, f->why);
}

static bool is_the_same(const struct following *f, const struct task_row *t,
                        const struct task_wanted *w, const char *reason)
{
    return t->kind == w->kind && t->due.us == w->due.us && t->since.us == since_of(w).us &&
           text_equal(t->reason, reason) &&
           t->open.minor == f->facts.open.minor &&
           t->open.currency == f->facts.open.currency &&
           text_equal(t->creditor, f->creditor) && text_equal(t->desk, f->desk);
}

static bool change(struct following *f, const struct task_row *t, const struct task_wanted *w,
                   const char *reason)
{
    if (is_the_same(f, t, w, reason))
        return true;
    struct query q = query_begin(f->b->store, Q_TASK_CHANGE);
    bind_text(&q, task_name(w->kind));
    bind_int(&q, task_rank(w->kind));
    bind_text(&q, reason);
    bind_int(&q, f->facts.open.currency);
    bind_int(&q, f->facts.open.minor);
    bind_text(&q, f->creditor);
    bind_text(&q, f->desk);
    bind_int(&q, since_of(w).us);
    bind_int(&q, w->due.us);
    bind_key(&q, f->key);
    bind_int(&q, t->number);
    return query_run(&q, f->why);
}

/* Who is signed in settled it: that is what "my day" counts. */
static bool find_by(struct following *f)
{
    struct user user = { 0 };

    if (f->by >= 0)
        return true;
    f->by = 0;
    if (f->b->by == NULL)
        return true;
    if (!user_by_email(f->b->store, &f->arena, f->b->by, &user, f->why))
        return false;
    f->by = user.number;
    return true;
}

static bool settle(struct following *f, const struct task_row *t)
{
    if (!find_by(f))
        return false;
    struct query q = query_begin(f->b->store, Q_TASK_CLOSE);
    bind_text(&q, task_state_name(TASK_SETTLED));
    bind_int(&q, f->b->now.us);
    bind_int(&q, f->by);
    bind_key(&q, f->key);
    bind_int(&q, t->number);
    return query_run(&q, f->why);
}

static bool is_wanted(struct following *f, const struct task_row *t,
                      const struct task_wanted *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!wanted[i].may_lapse &&
            text_equal(task_origin(&f->arena, &wanted[i]), t->origin))
            return true;
    }
    return false;
}

static bool bring_up(struct following *f, const struct task_wanted *wanted, size_t count)
{
    for (size_t i = 0; i < f->facts.task_count; i++) {
        const struct task_row *t = &f->facts.tasks[i];
        f->last_no = t->number;
        if (t->state == TASK_OPEN && !is_wanted(f, t, wanted, count) && !settle(f, t))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *origin = task_origin(&f->arena, &wanted[i]);
        const char *reason = task_reason(&f->arena, &wanted[i]);
        const struct task_row *t = open_row(f, origin);
        if (wanted[i].may_lapse)
            continue;
        if (t != NULL ? !change(f, t, &wanted[i], reason)
                      : !add(f, &wanted[i], origin, reason))
            return false;
    }
    return true;
}

bool task_follow(struct book *b, struct casefile_key key, struct fault *why)
{
    struct following f = { .b = b, .key = key, .by = -1, .why = why };
    struct task_wanted *wanted;
    size_t count;
    bool done = task_facts_load(b->store, &f.arena, key, b->now, b->zone, &f.facts, &f.creditor,
                                &f.desk, why);

    if (done) {
        tasks_of(&f.facts, &f.arena, &wanted, &count);
        done = bring_up(&f, wanted, count);
    }
    arena_free(&f.arena);
    return done;
}

bool task_follow_any(struct book *b, struct casefile_key key, struct fault *why)
{
    struct query q = query_begin(b->store, Q_TASK_OPEN_ANY);

    bind_key(&q, key);
    bool any = query_next(&q);
    return query_end(&q, why) && (!any || task_follow(b, key, why));
}
