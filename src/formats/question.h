/*
 * Question: what the gate was asked, as JSON and back. The journal keeps it beside a verdict,
 * so that the verdict can be given again (docs/rule-packs.md describes the form).
 *
 *   {"at","channel","role","party","relation","address","purpose","number_kind",
 *    "places":[…],"zones":[…],"content":{…},"extra":{…},
 *    "debts":[{"number","kind","business","detail":{…}}…],"casefile_debts":[…],
 *    "facts":[{"type","at","until","party","debt","other","scope","value","channel",
 *              "hours":{"weekdays","from","to"},"detail":{…}}…],
 *    "history":[{"at","channel","outcome","in","party","debts","address","purpose",
 *                "number_kind"}…],"history_known":false,"composes":true}
 *
 * Moments are RFC 3339 in UTC, to the microsecond. What is left out is unknown or usual: no
 * end, no such number, all of the case file. A contact whose party, debts or address are left
 * out had those of the question; casefile_debts left out are the debts. Numbers are those of
 * the case file. Of fields with one name only the first is kept, which is the one that rules
 * find. The same question gives the same bytes, and reading gives an equal question:
 * numbers of outbox rows, which no rule reads, are not kept.
 */
#ifndef FORMATS_QUESTION_H
#define FORMATS_QUESTION_H

#include "base/text.h"
#include "domain/gate.h"

struct json_t;

/* Adds the question to the text. */
void question_print(const struct gate_question *question, struct text *out);

/* Into the arena; BAD_VALUE with a sentence that names the field. */
bool question_parse(struct arena *a, const char *text, struct gate_question *out,
                    struct fault *why);
bool question_read(struct arena *a, const struct json_t *root, struct gate_question *out,
                   struct fault *why);

#endif
