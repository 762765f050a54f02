/* Commands: the rows of the table, one file per group. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_init, command_help, command_completion;

#endif
