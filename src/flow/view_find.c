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
