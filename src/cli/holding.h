/* Holding: kinds of holds as people type them. */
#ifndef CLI_HOLDING_H
#define CLI_HOLDING_H

#include "base/arena.h"

/* BAD_USAGE names the kinds. */
bool hold_kind_typed(struct arena *a, const char *typed, const char **kind, struct fault *why);

#endif
