/*
 * Strategy files: strategies/<name>.yaml to struct strategy (docs/strategies.md is the manual).
 *
 * A file with an unknown key, an unknown fact in a condition, a step that could never be
 * reached, a ladder without a declared end, or two steps of one name is refused as a whole,
 * with file, line and column (BAD_PACK).
 */
#ifndef FORMATS_STRATEGY_FILE_H
#define FORMATS_STRATEGY_FILE_H

#include "domain/decide.h"
#include "formats/yaml.h"

struct strategy *strategy_parse(struct arena *a, const char *file, const char *bytes,
                                size_t length, struct fault *why);

/* Every file under strategies/, of the program and of the override folder. */
bool strategies_load(struct arena *a, struct strategies *out, struct fault *why);

/*
 * Runs the cases that stand in the strategy's file. Each gives facts and expects a segment, a
 * ladder or a step. Calls `report` for each that fails; counts both.
 */
void strategy_test(const struct strategy *strategy, struct arena *a, size_t *passed,
                   size_t *failed, void (*report)(void *context, const char *line),
                   void *context);

#endif
