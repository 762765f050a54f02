/*
 * Arguments: from words typed to one call of one command, by the table of cli/command.h.
 *
 * Abbreviations are not guessed; what is not known is refused with the nearest name
 * (BAD_USAGE). Flags may stand before and after the command, as --name VALUE or --name=VALUE;
 * "--" ends them.
 */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include "cli/command.h"

/*
 * Fills the command, its values and targets. call->command stays NULL when no command was
 * typed; *noun is then the noun that was, or NULL. With --help nothing that is missing is
 * complained of.
 */
bool arguments_read(int count, char *const words[], struct call *call, const char **noun,
                    struct fault *why);

/* The nearest of `count` names, or NULL when none is near. */
const char *nearest_name(const char *typed, size_t count, const char *const names[]);

#endif
