/*
 * Edge: the one place where the program meets the shell. Faults become exit codes and words
 * here and nowhere else.
 *
 * Standard output holds the answer and nothing but the answer; with --json an error is JSON
 * there too, so that one reader is enough. An answer that goes to a file appears there whole
 * or not at all. A reader that went away (a closed pipe) is no error; a full disk is.
 */
#ifndef CLI_EDGE_H
#define CLI_EDGE_H

#include "cli/command.h"

#define RECOUP_VERSION "0.1.0"

int cli_main(int count, char *const words[], const struct neighbours *neighbours);

enum exit_code exit_code_of(enum fault_code code);

#endif
