/* Serving: what serve and demo share. */
#ifndef CLI_SERVING_H
#define CLI_SERVING_H

#include "cli/call.h"

/* Serves the book of this call. `listen` NULL: 127.0.0.1:8080. `ready` is told the address. */
bool serve_until_stopped(struct call *call, const char *listen,
                         void (*ready)(void *self, const char *address), void *self,
                         struct fault *why);

#endif
