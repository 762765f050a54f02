/* Commands: the rows of the table, one file per group. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_init, command_run, command_worker, command_help,
    command_completion;
extern const struct command command_report, command_prove;
extern const struct command command_rules_list, command_rules_test, command_rules_judge;

#endif
