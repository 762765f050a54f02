/* Period: spans of days as people type them: 30d, 2026-10, 2026-01..2026-06. */
#ifndef CLI_PERIOD_H
#define CLI_PERIOD_H

#include "base/arena.h"
#include "cli/call.h"
#include "domain/calendar.h"

struct zone;

/* False when it is none. "30d" ends today. */
bool period_typed(struct arena *a, const char *text, struct day today, struct day *from,
                  struct day *to);
/* The same from the first moment of its first day to the first after its last. BAD_USAGE. */
bool period_moments(const struct call *call, const char *text, const struct zone *zone,
                    struct instant *from, struct instant *to, struct fault *why);

#endif
