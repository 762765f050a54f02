/* Which case file, and whether who reads may see it. */
#include "base/text.h"
#include "flow/user.h"
#include "flow/view_parts.h"
#include "store/casefiles.h"

bool view_allows(struct view *v, struct casefile_key key, const char *what, struct fault *why)
{
    bool sees = false;

    if (v->clients == NULL && v->desks == NULL)
        return true;
    struct query q = query_begin(v->store, Q_FILE_OWNER);
    bind_key(&q, key);
    if (query_next(&q))
        sees = user_sees(v->clients, v->desks, row_text(&q, 0), row_text(&q, 1));
    if (!query_end(&q, why))
        return false;
    return sees || fail(why, NOT_FOUND, "There is no %s.", what);
}

bool view_find(struct view *v, const char *reference, struct casefile_key *out,
               struct fault *why)
{
    return casefile_find(v->store, reference, out, why) &&
           view_allows(v, *out, arena_print(&v->arena, "account \"%s\"", reference), why);
}

/* ---- The one beside ---------------------------------------------------------------------- */

struct beside {
    struct view *v;
    struct casefile_key from, found;
    bool after, any;
    struct fault *why;
};

/* Rows of work, in the order in which they are reached: the first of another case file. */
static bool work_walk(struct beside *b, int64_t rank, int64_t due, int64_t task)
{
    struct query q =
        query_begin(b->v->store, b->after ? Q_FILE_WORK_AFTER : Q_FILE_WORK_BEFORE);

    bind_int(&q, b->v->now.us);
    bind_int(&q, rank);
    bind_int(&q, due);
    bind_key(&q, b->from);
    bind_int(&q, task);
    while (!b->any && query_next(&q)) {
        struct casefile_key key = { row_int(&q, 0), row_int(&q, 1) };
        b->any = key.id != b->from.id &&
                 user_sees(b->v->clients, b->v->desks, row_text(&q, 2), row_text(&q, 3));
        b->found = key;
    }
    return query_end(&q, b->why);
}

/* Who has no work waiting has neighbours too: those beside it in the book. */
static bool files_walk(struct beside *b)
{
    struct query q = query_begin(b->v->store, b->after ? Q_FILE_AFTER : Q_FILE_BEFORE);
    struct casefile_key keys[200];
    size_t count = 0;

    bind_key(&q, b->from);
    while (query_next(&q) && count < COUNT(keys))
        keys[count++] = (struct casefile_key){ row_int(&q, 0), row_int(&q, 1) };
    if (!query_end(&q, b->why))
        return false;
    for (size_t i = 0; i < count && !b->any; i++) {
        struct fault unseen = { 0 };
        b->any = view_allows(b->v, keys[i], "account", &unseen);
        b->found = keys[i];
    }
    return true;
}

bool view_beside(struct view *v, struct casefile_key key, bool after, const char **reference,
                 struct fault *why)
{
    struct beside b = { .v = v, .from = key, .after = after, .why = why };
    struct query q = view_of_file(v, Q_FILE_PLACE, key);

    bind_int(&q, v->now.us);
    bool works = query_next(&q);
    int64_t rank = works ? row_int(&q, 0) : 0, due = works ? row_int(&q, 1) : 0,
            task = works ? row_int(&q, 2) : 0;
    if (!query_end(&q, why) || !(works ? work_walk(&b, rank, due, task) : files_walk(&b)))
        return false;
    q = view_of_file(v, Q_FILE_REFERENCE, b.any ? b.found : key);
    *reference = query_next(&q) ? view_text(v, &q, 0) : "";
    return query_end(&q, why);
}
