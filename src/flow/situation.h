/* Situation: a case as JSON, on its way to a question. Private to flow/judge.c and its parts.
 */
#ifndef FLOW_SITUATION_H
#define FLOW_SITUATION_H

#include "formats/rulepack.h"

#include <jansson.h>

/* Identifiers of people or of debts; a number is the place of its name, from 1. */
struct ids {
    const char **names;
    size_t count, room;
};

/* What is known while one situation is read. The first fault stays in *why, `ok` is false. */
struct situation {
    struct arena *a;
    struct fault *why;
    bool ok;
    struct ids people, debts;
    const struct zone *zone; /* plain dates are dates here */
};

/* A case of a pack, with what it leaves unsaid filled in; the caller owns the result. */
json_t *situation_of_case(const struct rule_case *c);

int32_t situation_id(struct situation *s, struct ids *ids, const json_t *name); /* 0 = none */
bool situation_fail(struct situation *s, const char *format, ...) PRINTF(2, 3);

/* "2026-06-10T10:00:00-04:00", or a date: then its first moment. */
bool situation_moment(const struct situation *s, const char *text, struct instant *out,
                      bool *whole_day);
struct gate_fields situation_fields(struct situation *s, const json_t *object);
/* The same with further fields at the end; `more` may be NULL. */
struct gate_fields situation_fields_with(struct situation *s, const json_t *object,
                                         const json_t *more);
const char *situation_text(const json_t *object, const char *key); /* or NULL */

/* All of `facts`, ascending by when they begin; one for each debt that a fact names. */
void situation_facts(struct situation *s, const json_t *facts, struct gate_question *out);

#endif
