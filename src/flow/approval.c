#include "flow/approval.h"

#include "flow/book_parts.h"
#include "flow/fold.h"
#include "flow/movements.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 1000 };

static const struct {
    const char *name;
    enum permission may;
    const char *words;
} kinds[] = {
#define X(code, name, may, words) { name, may, words },
    APPROVALS(X)
#undef X
};

static const char *const states[] = { "waiting", "approved", "declined", "withdrawn", "lapsed" };

const char *approval_name(enum approval_kind kind)
{
    return kinds[kind].name;
}

const char *approval_words(enum approval_kind kind)
{
    return kinds[kind].words;
}

const char *approval_state_name(enum approval_state state)
{
    return states[state];
}

enum permission approval_permission(enum approval_kind kind)
{
    return kinds[kind].may;
}

/* ---- Reading ---- */

static size_t place_of(const char *name, size_t count, const char *const all[])
{
    size_t place = 0;

    while (place < count && !text_equal(all[place], name))
        place++;
    return place;
}

static bool kind_read(const char *name, enum approval_kind *out, struct fault *why)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (text_equal(kinds[i].name, name)) {
            *out = (enum approval_kind)i;
            return true;
        }
    }
    return fail(why, DB_ROW, "There is no approval of kind \"%s\".", name);
}

static bool approval_read(struct query *q, struct arena *a, struct approval *out,
                          struct fault *why)
{
    *out = (struct approval){ .number = row_int(q, 0),
                              .subject = row_copy(q, 2, a),
                              .wish = row_copy(q, 3, a),
                              .facts = row_copy(q, 4, a),
                              .reason = row_copy(q, 5, a),
                              .asked_by = row_int(q, 6),
                              .asked_at = { row_int(q, 7) },
                              .decided_by = row_int(q, 9),
                              .decided_at = { row_int(q, 10) },
                              .answer = row_copy(q, 11, a) };
    out->state = (enum approval_state)place_of(row_text(q, 8), COUNT(states), states);
    return kind_read(row_text(q, 1), &out->kind, why);
}

bool approval_load(struct store *s, struct arena *a, int64_t number, struct approval *out,
                   struct fault *why)
{
    struct query q = query_begin(s, Q_APPROVAL_GET);
    bool read = true;

    *out = (struct approval){ 0 };
    bind_int(&q, number);
    if (query_next(&q))
        read = approval_read(&q, a, out, why);
    if (!query_end(&q, read ? why : NULL) || !read)
        return false;
    return out->number != 0 ||
           fail(why, NOT_FOUND, "There is no approval %lld.", (long long)number);
}

static bool list_read(struct query *q, struct arena *a, struct approval **out, size_t *count,
                      struct fault *why)
{
    size_t room = 0;
    bool read = true;

    *out = NULL;
    *count = 0;
    while (read && query_next(q))
        read = approval_read(q, a, arena_push(a, *out, *count, room), why);
    return query_end(q, read ? why : NULL) && read;
}

bool approval_waiting(struct store *s, struct arena *a, struct approval **out, size_t *count,
                      struct fault *why)
{
    struct query q = query_begin(s, Q_APPROVAL_WAITING);

    return list_read(&q, a, out, count, why);
}

bool approval_marks(struct store *s, struct arena *a, size_t most, struct approval **out,
                    size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_APPROVAL_MARKS);
    size_t room = 0;
    bool read = true;

    *out = NULL;
    *count = 0;
    bind_int(&q, (int64_t)most);
    while (read && query_next(&q)) {
        struct approval *of = arena_push(a, *out, *count, room);
        *of = (struct approval){ .number = row_int(&q, 0),
                                 .subject = row_copy(&q, 2, a),
                                 .asked_by = row_int(&q, 3) };
        read = kind_read(row_text(&q, 1), &of->kind, why);
    }
    return query_end(&q, read ? why : NULL) && read;
}

/* Those of one kind that wait for one subject. */
static bool waiting_of(struct store *s, struct arena *a, enum approval_kind kind,
                       const char *subject, struct approval **out, size_t *count,
                       struct fault *why)
{
    struct query q = query_begin(s, Q_APPROVAL_WAITING_OF);

    bind_text(&q, subject);
    bind_text(&q, approval_name(kind));
    return list_read(&q, a, out, count, why);
}

bool approval_settled(struct store *s, struct arena *a, size_t most, struct approval **out,
                      size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_APPROVAL_SETTLED);

    bind_int(&q, (int64_t)most);
    return list_read(&q, a, out, count, why);
}

/* ---- What is wanted ---- */

const char *approval_wish(struct arena *a, json_t *wish)
{
    char *text = wish == NULL ? NULL : json_dumps(wish, JSON_COMPACT | JSON_SORT_KEYS);

    must(text != NULL);
    const char *kept = arena_copy(a, text);
    free(text);
    json_decref(wish);
    return kept;
}

const char *approval_text(const json_t *wish, const char *key)
{
    return json_string_value(json_object_get(wish, key));
}

bool approval_unclear(const struct approval *asked, struct fault *why)
{
    return fail(why, DB_ROW, "Approval %lld does not say what is wanted.",
                (long long)asked->number);
}

bool approval_movements(struct store *s, struct arena *a, const struct approval *asked,
                        const char **out, struct fault *why)
{
    struct casefile_key key;

    return casefile_find(s, asked->subject, &key, why) && movements_digest(s, a, key, out, why);
}

/* ---- Writing ---- */

/* In the case file that it is about, or in bucket 0. */
static bool approval_record(struct book *b, const struct approval *of, const char *change,
                            int64_t user, const char *text_key, const char *text,
                            struct fault *why)
{
    struct casefile_key key = { 0, 0 };
    int32_t object;

    if (!book_reference_find(b, "casefile", of->subject, &key, &object, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "approval", of->number);
    json_text_at(&w, "kind", approval_name(of->kind));
    json_text_at(&w, "change", change);
    json_text_at(&w, "subject", of->subject);
    json_text_at(&w, "wish", of->wish);
    json_int_at(&w, "user", user);
    if (text != NULL)
        json_text_at(&w, text_key, text);
    return book_record_end(b, &w, key, "approval", why);
}

static bool text_fits(const char *text, const char *what, struct fault *why)
{
    return text == NULL || strlen(text) <= TEXT_MOST ||
           fail(why, BAD_VALUE, "%s has at most %d characters.", what, TEXT_MOST);
}

static bool asked_already(struct book *b, const struct approval *in, struct fault *why)
{
    struct approval *all;
    size_t count;

    if (!waiting_of(b->store, &b->arena, in->kind, in->subject, &all, &count, why))
        return true;
    if (count == 0)
        return false;
    fail(why, CONFLICT, "That waits for somebody's agreement already (approval %lld).",
         (long long)all[0].number);
    fault_hint(why, "decide it, or withdraw it, first");
    return true;
}

static bool wish_has_key(struct arena *a, const struct approval *asked, const char *once,
                         struct asking *out, struct fault *why)
{
    json_t *wish = json_loads(asked->wish, 0, NULL);
    const char *words = approval_text(wish, "why"), *source = approval_text(wish, "source");
    bool has = text_equal(approval_text(wish, "once"), once);
    bool clear = !has || (words != NULL && source != NULL);

    if (has && clear)
        *out = (struct asking){ asked->number, arena_copy(a, words), arena_copy(a, source) };
    json_decref(wish);
    return clear || approval_unclear(asked, why);
}

bool approval_asked_before(struct book *b, enum approval_kind kind, const char *subject,
                           const char *once, struct asking *out, struct fault *why)
{
    struct approval *all;
    size_t count;

    *out = (struct asking){ 0 };
    if (once == NULL)
        return true;
    if (!waiting_of(b->store, &b->arena, kind, subject, &all, &count, why))
        return false;
    for (size_t i = 0; i < count && out->approval == 0; i++) {
        if (!wish_has_key(&b->arena, &all[i], once, out, why))
            return false;
    }
    return true;
}

bool approval_ask(struct book *b, const struct approval *in, int64_t *number, struct fault *why)
{
    struct approval asked = *in;

    must(approval_act(in->kind) != NULL);
    if (!text_fits(in->reason, "A reason", why) || !head_open(b->heads, 0, why) ||
        asked_already(b, in, why) || !book_next_number(b, Q_APPROVAL_LAST_NUMBER, number, why) ||
        !approval_act(in->kind)->facts(b->store, &b->arena, in, &asked.facts, why))
        return false;
    asked.number = *number;
    struct query q = query_begin(b->store, Q_APPROVAL_ADD);
    bind_int(&q, *number);
    bind_text(&q, approval_name(in->kind));
    bind_text(&q, in->subject);
    bind_text(&q, in->wish);
    bind_text(&q, asked.facts);
    bind_text(&q, in->reason);
    bind_int(&q, in->asked_by);
    bind_int(&q, b->now.us);
    return query_run(&q, why) &&
           approval_record(b, &asked, "asked", in->asked_by, "reason", in->reason, why);
}

/* How many plans are declined is among the figures of an account, whose journal does not say it. */
static bool count_again(struct book *b, const struct approval *of, struct fault *why)
{
    struct casefile_key key;

    if (of->kind != APPROVE_PLAN)
        return true;
    return casefile_find(b->store, of->subject, &key, why) &&
           head_open(b->heads, key.bucket, why) && fold_due(b->store, key, why);
}

static bool settle(struct book *b, const struct approval *of, enum approval_state state,
                   int64_t user, const char *answer, struct fault *why)
{
    struct query q = query_begin(b->store, Q_APPROVAL_SETTLE);

    bind_text(&q, states[state]);
    bind_int(&q, user);
    bind_int(&q, b->now.us);
    bind_text(&q, answer);
    bind_int(&q, of->number);
    bool settled = query_next(&q);
    if (!query_end(&q, why))
        return false;
    if (!settled)
        return fail(why, CONFLICT, "Approval %lld does not wait any more.", (long long)of->number);
    return count_again(b, of, why) &&
           approval_record(b, of, states[state], user, "answer", answer, why);
}

static bool waits(const struct approval *of, struct fault *why)
{
    return of->state == APPROVAL_WAITING ||
           fail(why, CONFLICT, "Approval %lld does not wait any more: it is %s.",
                (long long)of->number, states[of->state]);
}

bool approval_decide(struct book *b, int64_t number, int64_t user, permissions can, bool agrees,
                     const char *facts_now, const char *answer, struct approval *out,
                     struct fault *why)
{
    if (!text_fits(answer, "An answer", why) || !head_open(b->heads, 0, why) ||
        !approval_load(b->store, &b->arena, number, out, why) || !waits(out, why))
        return false;
    if ((can & PERMISSION_BIT(approval_permission(out->kind))) == 0)
        return fail(why, NOT_ALLOWED, "Who agrees to %s must be allowed to %s.",
                    approval_words(out->kind), permission_words(approval_permission(out->kind)));
    if (out->asked_by == user && user != 0)
        return fail(why, NOT_ALLOWED, "You asked for this yourself: another person decides it.");
    if (agrees && out->facts != NULL && !text_equal(out->facts, facts_now)) {
        fail(why, CONFLICT, "What this is about has changed since it was asked.");
        return fault_hint(why, "decline it, and have it asked for again");
    }
    return settle(b, out, agrees ? APPROVED : APPROVAL_DECLINED, user, answer, why);
}

bool approval_withdraw(struct book *b, int64_t number, int64_t user, struct fault *why)
{
    struct approval of;

    if (!head_open(b->heads, 0, why) ||
        !approval_load(b->store, &b->arena, number, &of, why) || !waits(&of, why))
        return false;
    if (of.asked_by != user)
        return fail(why, NOT_ALLOWED, "Only who asked for it withdraws it; you can decline it.");
    return settle(b, &of, APPROVAL_WITHDRAWN, user, NULL, why);
}
