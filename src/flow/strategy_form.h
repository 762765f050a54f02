/*
 * Strategy form: the text of a strategy as fields that a form shows, and what came back of
 * them, written into the text. The text stays the truth; only what differs is changed in it
 * (formats/strategy_edit.h says how).
 *
 * A form shows the head of the strategy, its segments, and one ladder. Fields are called
 * "title", "for", "order", "segment.0.when", "ladder.1.end.after", "step.1.0.template"; a
 * step's day is one field of two words, "after_due 7".
 */
#ifndef FLOW_STRATEGY_FORM_H
#define FLOW_STRATEGY_FORM_H

#include "formats/strategy_edit.h"

struct form_field {
    const char *name, *value;
    struct strategy_edit edit; /* what changes it; without its value */
};

struct form_fields {
    size_t count;
    struct form_field *all;
};

/* BAD_PACK with its place when the text is not YAML: then there is no form. */
bool strategy_form_read(struct arena *a, const char *text, struct strategy_outline *out,
                        struct fault *why);

/* What the form of this ladder shows; one that is not there has no steps. */
struct form_fields strategy_form_fields(struct arena *a, const struct strategy_outline *outline,
                                        size_t ladder);

/* "after_due 7": a step's day as its field has it. */
const char *strategy_form_day(struct arena *a, const struct outline_step *step);

/* What came back of a field; NULL: it was not sent. */
struct form_answers {
    const char *(*value)(void *context, const char *name);
    void *context;
};

/* Whether anything came back other than `text` says. */
bool strategy_form_differs(struct arena *a, const char *text, size_t ladder,
                           const struct form_answers *answers);

/* What else was asked of a step. */
enum form_wish { WISH_NONE, WISH_ADD, WISH_REMOVE, WISH_EARLIER, WISH_LATER };

struct form_order {
    enum form_wish wish;
    size_t step; /* of the ladder shown */
};

/*
 * The text with what came back (NULL: nothing) written into it, then with what was asked. Steps
 * whose days changed stand in the order of their days again; a step that goes earlier or later
 * changes its day with its neighbour.
 */
bool strategy_form_write(struct arena *a, const char *text, size_t ladder,
                         const struct form_answers *answers, struct form_order order,
                         const char **out, struct fault *why);

#endif
