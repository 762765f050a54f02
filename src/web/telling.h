/*
 * Telling: a thread of the server that sends webhooks (flow/webhook_send.h): what happened is
 * drawn from the journal every few seconds. Private to src/web.
 */
#ifndef WEB_TELLING_H
#define WEB_TELLING_H

#include "base/fault.h"
#include "domain/calendar.h"

struct telling;

struct telling *telling_open(const char *url, const char *ca_file, bool clock_stands,
                             struct instant now, struct fault *why);
/* NULL is fine. An attempt under way is broken off; it is made again. */
void telling_close(struct telling *t);

#endif
