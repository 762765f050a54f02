/*
 * Strategy check: what a strategy file says that its author probably did not mean.
 *
 * Beyond what strategy_parse refuses: templates that do not exist, steps that can never be
 * taken, ladders nobody climbs (problems); messages closer than the gap or than the house
 * allows, channels that cannot be delivered by yet, steps that mean another day in another
 * ladder, a file without cases (warnings).
 *
 * Whether a condition can ever hold cannot be told in general. Found is what the days alone
 * decide: a step on day 10 with `days_past_due < 5`.
 */
#ifndef FORMATS_STRATEGY_CHECK_H
#define FORMATS_STRATEGY_CHECK_H

#include "formats/strategy_file.h"

/*
 * The template of a step that is a call and nothing else may be this name: a call has no
 * letter, the person who rings finds what to say on the page of the case file. A letter of
 * this name may exist; then it is shown there.
 */
#define CALL_TEMPLATE "call-script"

/* As many contacts as house.yaml allows one person in seven days. */
enum { HOUSE_CONTACTS_IN_7_DAYS = 3 };

struct strategy_remark {
    bool problem; /* else a warning */
    struct place place;
    const char *text;
};

struct strategy_remarks {
    size_t problems, warnings;
};

/*
 * Calls `remark` for each, in the order of the file's lines. A file that is refused has one
 * problem, the refusal. Remarks live in the arena. `remark` may be NULL.
 */
struct strategy_remarks
strategy_check(struct arena *a, const char *file, const char *bytes, size_t length,
               void (*remark)(void *context, const struct strategy_remark *remark),
               void *context);

#endif
