/*
 * Loader: files that are read behind the pages, one after the other, each in its own
 * transaction. Private to src/web. Ends with the server: what was under way is undone and says
 * so.
 */
#ifndef WEB_LOADER_H
#define WEB_LOADER_H

#include "flow/intake.h"

struct loader;

enum { LOADER_WAITING = 16 };

/* `clock_stands`: `now` is the moment of everything; else the clock of this machine. */
struct loader *loader_open(const char *url, bool clock_stands, struct instant now,
                           struct fault *why);
void loader_close(struct loader *l);

/* The file was marked by intake_begin. BUSY when too many wait. */
bool loader_add(struct loader *l, int64_t file, enum intake_way way, const char *by,
                struct fault *why);
/* How far the file is that is being read; false when it is another one, or none. */
bool loader_progress(struct loader *l, int64_t file, struct import_progress *out);

#endif
