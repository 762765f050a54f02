/*
 * Judge: gate decisions for situations written in files, without a database.
 *
 * judge_file reads JSON Lines, one situation to a line, in the schema of gate cases: `packs`
 * names exactly the packs that are active, `proposed` is the contact judged. It answers with
 * one JSON line each. A line may hold a stored `question` instead (formats/question.h).
 * rules_test runs the situations that stand in the packs beside their
 * rules.
 *
 * Both are pure towards the world: they read the file and write to `out`.
 */
#ifndef FLOW_JUDGE_H
#define FLOW_JUDGE_H

#include "formats/rulepack.h"

#include <stdio.h>

struct json_t;

/*
 * A situation as JSON to a question, in the arena. Identifiers of people and debts become
 * numbers by order of appearance. Fails (BAD_VALUE) with a sentence that names the field.
 * The names `packs` are left to the caller.
 */
bool judge_question_read(struct arena *a, const struct json_t *situation,
                         struct gate_question *out, struct fault *why);

/* One verdict as JSON; the caller owns the result (json_decref). */
struct json_t *judge_verdict_print(const struct verdict *verdict,
                                   const struct gate_question *question);

/*
 * Judges every line of `path` ("-" = standard input). A line that cannot be read gives
 *   {"line":7,"error":"…"}
 * and the others are still judged; then the result is false with BAD_FILE, which counts them.
 *
 * `why_not` adds the first moment (`first_allowed`) and the smallest change (`would_allow`)
 * that would allow the contact; not where a pack is missing.
 */
bool judge_file(const char *path, const struct rulebook *book, bool why_not, FILE *out,
                struct fault *why);

/* Asks one case its rule, alone: NULL when it came out as it should, else what came out. */
const char *rules_case_differs(struct arena *a, const struct rule_case *c);

struct rules_count {
    size_t passed, failed;
};

/* Runs the packs' own cases; prints one line for each that fails, and for each when `all`. */
struct rules_count rules_test(const struct rulebook *book, FILE *out, bool all);

#endif
