/* Strategies: what the commands about strategy files share. */
#ifndef CLI_STRATEGIES_H
#define CLI_STRATEGIES_H

#include "base/files.h"
#include "base/text.h"
#include "cli/call.h"
#include "formats/strategy_file.h"

/* The strategy in a file, or the loaded one of this name; NULL with a fault. */
struct strategy *strategy_of_call(const struct call *call, const char *target,
                                  struct fault *why);

#endif
