/* Strategy commands: what they share. */
#ifndef CLI_STRATEGY_H
#define CLI_STRATEGY_H

#include "cli/call.h"

/* Where there is a book, what it has in force is what a name means. */
void call_take_published(const struct call *call);

#endif
