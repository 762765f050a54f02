#include "flow/file_version.h"

#include "base/text.h"
#include "flow/deed.h"
#include "flow/user.h"

bool casefile_version(struct store *s, struct casefile_key key, int64_t *version,
                      struct fault *why)
{
    struct query q = query_begin(s, Q_FILE_VERSION);

    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    *version = query_next(&q) ? row_int(&q, 0) : 0;
    return query_end(&q, why);
}

/* A change as it was read: who did it is an address still. */
struct change_row {
    struct version_change is;
    struct deed deed;
};

static bool rows_read(struct store *s, struct arena *a, struct casefile_key key, int64_t seen,
                      const char *by, struct change_row **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_FILE_CHANGES);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    bind_int(&q, seen);
    while (query_next(&q) && *count < VERSION_CHANGES_MOST) {
        struct deed deed;
        deed_read(a, row_text(&q, 2), row_text(&q, 3), &deed);
        if (deed.by != NULL && text_equal(deed.by, by))
            continue;
        *arena_push(a, *out, *count, room) =
            (struct change_row){ .is = { .seq = row_int(&q, 0), .at = { row_int(&q, 1) } },
                                 .deed = deed };
    }
    return query_end(&q, why);
}

static bool words_make(struct store *s, struct arena *a, struct change_row *row,
                       struct fault *why)
{
    struct user user = { 0 };

    if (row->deed.by != NULL && !user_by_email(s, a, row->deed.by, &user, why))
        return false;
    if (row->deed.by == NULL)
        row->is.words = row->deed.happened;
    else
        row->is.words = arena_print(a, "%s %s", user.number != 0 ? user.name : row->deed.by,
                                    row->deed.done);
    return true;
}

bool version_changes(struct store *s, struct arena *a, struct casefile_key key, int64_t seen,
                     const char *by, struct version_change **out, size_t *count,
                     int64_t *newest, struct fault *why)
{
    struct change_row *rows;

    if (!casefile_version(s, key, newest, why) ||
        !rows_read(s, a, key, seen, by, &rows, count, why))
        return false;
    *out = arena_array(a, struct version_change, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        if (!words_make(s, a, &rows[i], why))
            return false;
        (*out)[i] = rows[i].is;
    }
    return true;
}

/* "10:41 am", and the day when it is not today's: what was opened yesterday waits over night.
 */
static const char *when_of(struct book *b, struct instant at)
{
    struct wall then = wall_at(at, b->zone), now = wall_at(b->now, b->zone);
    int hour = then.second / 3600, minute = then.second / 60 % 60;
    char day[DAY_TEXT];

    return arena_print(&b->arena, "%s%s%d:%02d %s",
                       then.day.number != now.day.number ? day_print(then.day, day) : "",
                       then.day.number != now.day.number ? ", " : "",
                       hour % 12 == 0 ? 12 : hour % 12, minute, hour < 12 ? "am" : "pm");
}

bool version_check(struct book *b, struct casefile_key key, int64_t seen, struct fault *why)
{
    struct version_change *changes;
    size_t count;
    int64_t newest;

    if (!head_open(b->heads, key.bucket, why) ||
        !version_changes(b->store, &b->arena, key, seen, b->by, &changes, &count, &newest, why))
        return false;
    if (count == 0)
        return true;
    const struct version_change *last = &changes[count - 1];
    fail(why, CONFLICT, "%s at %s, after you opened this page.", last->words,
         when_of(b, last->at));
    return fault_hint(why, count == 1
                               ? "Nothing of yours was saved yet: look at it, then decide."
                               : "Nothing of yours was saved yet: look at all that "
                                 "changed, then decide.");
}
