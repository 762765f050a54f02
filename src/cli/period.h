/* Period: spans of days as people type them: 30d, 2026-10, 2026-01..2026-06. */
#ifndef CLI_PERIOD_H
#define CLI_PERIOD_H

#include "base/arena.h"
#include "domain/calendar.h"

/* False when it is none. "30d" ends today. */
bool period_typed(struct arena *a, const char *text, struct day today, struct day *from,
                  struct day *to);

#endif
