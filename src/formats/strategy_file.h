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

#endif
