/* Task: who has one, until when it is put off, and that nothing is left to do. */
#include "flow/task.h"

#include "flow/book_parts.h"
#include "flow/user.h"

static const char *name_of(struct book *b, int64_t number)
{
    struct user user = { 0 };
    struct fault ignored = { 0 };

    if (number == 0 || !user_by_number(b->store, &b->arena, number, &user, &ignored) ||
        user.number == 0)
        return NULL;
    return user.name;
}

static bool number_of(struct book *b, int64_t *number, struct fault *why)
{
    struct user user = { 0 };

    *number = 0;
    if (b->by == NULL)
        return true;
    if (!user_by_email(b->store, &b->arena, b->by, &user, why))
        return false;
    *number = user.number;
    return true;
}

/* ---- As it was seen --------------------------------------------------------------------- */

static bool closed_already(struct book *b, const struct task_row *t, struct fault *why)
{
    static const char *const how[] = { [TASK_SETTLED] = "was seen to",
                                       [TASK_DONE] = "was marked as done",
                                       [TASK_DROPPED] = "was dropped" };
    const char *name = name_of(b, t->closed_by);

    int minutes = wall_at(t->state_at, b->zone).second / 60, hour = minutes / 60;
    fail(why, CONFLICT, "This one %s%s%s at %d:%02d %s. Nothing was changed.", how[t->state],
         name != NULL ? " by " : "", name != NULL ? name : "",
         hour % 12 == 0 ? 12 : hour % 12, minutes % 60, hour < 12 ? "am" : "pm");
    return fault_hint(why, "look at the list again");
}

static bool changed_since(struct book *b, const struct task_row *t,
                          const struct task_seen *seen, struct fault *why)
{
    const char *name = name_of(b, t->assigned);

    if (t->assigned != seen->assigned && name != NULL)
        fail(why, CONFLICT, "%s has this one now. Nothing was changed.", name);
    else if (t->assigned != seen->assigned)
        fail(why, CONFLICT, "Nobody has this one any more. Nothing was changed.");
    else
        fail(why, CONFLICT, "This one was put off meanwhile. Nothing was changed.");
    return fault_hint(why, "look at the list again");
}

/* Opens the case file, and gives the task as it is; only when it is as it was seen. */
static bool take(struct book *b, struct casefile_key key, int32_t number,
                 const struct task_seen *seen, struct task_row *t, struct fault *why)
{
    struct open_file f;

    if (!book_file_load(b, key, &f, why) ||
        !task_get(b->store, &b->arena, key, number, t, why))
        return false;
    if (t->state != TASK_OPEN)
        return closed_already(b, t, why);
    return seen == NULL ||
           (t->assigned == seen->assigned && t->hidden_until.us == seen->hidden_until.us) ||
           changed_since(b, t, seen, why);
}

/* ---- Records ---------------------------------------------------------------------------- */

static struct json_writer record_begin(struct book *b, const struct task_row *t,
                                       const char *change)
{
    struct json_writer w = book_record_begin(b);

    json_int_at(&w, "task", t->number);
    json_text_at(&w, "kind", task_name(t->kind));
    json_text_at(&w, "origin", t->origin);
    json_text_at(&w, "change", change);
    return w;
}

bool task_snooze(struct book *b, struct casefile_key key, int32_t number,
                 const struct task_seen *seen, struct instant until, struct task_row *was,
                 struct fault *why)
{
    char at[INSTANT_TEXT];

    if (!take(b, key, number, seen, was, why))
        return false;
    struct query q = query_begin(b->store, Q_TASK_PUT_OFF);
    bind_int(&q, until.us);
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    bind_int(&q, number);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = record_begin(b, was, "put_off");
    json_text_at(&w, "until", instant_print(until, at));
    return book_record_end(b, &w, key, "task", why);
}

static bool may_have(struct book *b, const struct task_row *t, int64_t number,
                     struct fault *why)
{
    struct user user = { 0 };

    if (number == 0)
        return true;
    if (!user_by_number(b->store, &b->arena, number, &user, why))
        return false;
    if (user.number == 0 || user.state != USER_ACTIVE)
        return fail(why, BAD_VALUE, "Nobody of that number works here now.");
    return user_sees(user.clients, user.desks, t->creditor, t->desk) ||
           fail(why, BAD_VALUE, "%s does not work for this client or desk.", user.name);
}

bool task_assign(struct book *b, struct casefile_key key, int32_t number,
                 const struct task_seen *seen, int64_t user, struct task_row *was,
                 struct fault *why)
{
    if (!take(b, key, number, seen, was, why) || !may_have(b, was, user, why))
        return false;
    struct query q = query_begin(b->store, Q_TASK_GIVE);
    bind_int(&q, user);
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    bind_int(&q, number);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = record_begin(b, was, "assigned");
    json_int_at(&w, "to", user);
    return book_record_end(b, &w, key, "task", why);
}

bool task_end(struct book *b, struct casefile_key key, int32_t number,
              const struct task_seen *seen, enum task_state end, const char *reason,
              struct task_row *was, struct fault *why)
{
    int64_t by;

    must(end == TASK_DONE || end == TASK_DROPPED);
    if (!take(b, key, number, seen, was, why) || !number_of(b, &by, why))
        return false;
    struct query q = query_begin(b->store, Q_TASK_CLOSE);
    bind_text(&q, task_state_name(end));
    bind_int(&q, b->now.us);
    bind_int(&q, by);
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    bind_int(&q, number);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = record_begin(b, was, task_state_name(end));
    if (reason != NULL)
        json_text_at(&w, "reason", reason);
    return book_record_end(b, &w, key, "task", why);
}

bool task_reopen(struct book *b, struct casefile_key key, int32_t number, struct fault *why)
{
    struct open_file f;
    struct task_row t;

    if (!book_file_load(b, key, &f, why) ||
        !task_get(b->store, &b->arena, key, number, &t, why))
        return false;
    struct query q = query_begin(b->store, Q_TASK_REOPEN);
    bind_int(&q, b->now.us);
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    bind_int(&q, number);
    bool opened = query_next(&q);
    if (!query_end(&q, why))
        return false;
    if (!opened)
        return fail(why, CONFLICT, t.state == TASK_SETTLED ? "This one was seen to since."
                                                           : "This one is open already.");
    struct json_writer w = record_begin(b, &t, "reopened");
    return book_record_end(b, &w, key, "task", why) && task_follow(b, key, why);
}
