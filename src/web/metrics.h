/*
 * Metrics: what was served since the start, as counters that many threads add to, and printed
 * as the text format 0.0.4 of Prometheus. Private to src/web.
 *
 * Labels are the method and the route as it stands in the table, the status, the state of a
 * message: a handful of values each, none of them personal.
 */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H

#include "flow/pulse.h"
#include "web/access_log.h"
#include "web/listen.h"

struct metrics;

struct metrics *metrics_new(void);
void metrics_free(struct metrics *m);
void metrics_count(struct metrics *m, const struct finished *done);

/* What is so at this moment. */
struct metrics_now {
    const char *version; /* of the program */
    struct listening listening;
    const struct pulse *pulse;
    int64_t log_dropped;
    struct instant now;
};
void metrics_print(struct metrics *m, const struct metrics_now *now, struct text *out);

/* The figures of the book; read again when those that are kept are a minute old. */
bool metrics_pulse(struct metrics *m, struct view *v, struct pulse *out, struct fault *why);

#endif
