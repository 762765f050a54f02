#include "flow/pulse.h"

#include "base/text.h"
#include "flow/user.h"

static bool outbox_read(struct view *v, struct pulse *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_PULSE_OUTBOX);

    while (out->state_count < PULSE_STATES && query_next(&q)) {
        out->outbox[out->state_count++] =
            (struct pulse_state){ row_copy(&q, 0, &v->arena), row_int(&q, 1) };
        if (row_int(&q, 2) > out->cycle_at.us)
            out->cycle_at.us = row_int(&q, 2);
    }
    return query_end(&q, why);
}

static bool tasks_read(struct view *v, struct pulse *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_PULSE_TASKS);

    bind_int(&q, v->now.us);
    if (query_next(&q))
        out->tasks = row_int(&q, 0);
    return query_end(&q, why);
}

static bool sessions_read(struct view *v, struct pulse *out, struct fault *why)
{
    struct query q = query_begin(v->store, Q_PULSE_SESSIONS);

    bind_int(&q, v->now.us);
    bind_int(&q, v->now.us - (int64_t)SESSION_IDLE_MINUTES * 60 * 1000000);
    if (query_next(&q))
        out->sessions = row_int(&q, 0);
    return query_end(&q, why);
}

bool pulse_read(struct view *v, struct pulse *out, struct fault *why)
{
    *out = (struct pulse){ 0 };
    return outbox_read(v, out, why) && tasks_read(v, out, why) && sessions_read(v, out, why);
}

bool pulse_beats(struct view *v, struct fault *why)
{
    const char *version;
    int64_t number = 0;

    if (!book_setting(v->store, &v->arena, "schema_version", &version, why))
        return false;
    if (version != NULL && text_to_int(version, &number) && number == SCHEMA_VERSION)
        return true;
    fail(why, DB_VERSION, "The book has another schema (%lld) than this program (%d).",
         (long long)number, SCHEMA_VERSION);
    return fault_hint(why, "start the recoup that belongs to it");
}
