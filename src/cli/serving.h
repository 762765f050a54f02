/* Serving: what serve and demo share. */
#ifndef CLI_SERVING_H
#define CLI_SERVING_H

#include "cli/call.h"

/*
 * Serves the book of this call until Ctrl-C or SIGTERM, as `wishes` say; which book, what time
 * it is and when to stop are filled in here.
 */
bool serve_until_stopped(struct call *call, struct serving wishes, struct fault *why);

#endif
