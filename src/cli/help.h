/*
 * Help: the table of commands as people read it. Order of a command's page: one sentence, two
 * examples, usage, flags by meaning, how to undo.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

void help_version(FILE *out);
void help_command(struct arena *a, const struct command *command, FILE *out);
/* The verbs of a noun; NULL: every command, with the flags of all. */
void help_noun(struct arena *a, const char *noun, FILE *out);
/* docs/commands.md, whole. */
void help_markdown(struct arena *a, FILE *out);

struct topic {
    const char *name, *summary, *text;
};
extern const struct topic help_topics[]; /* the last has no name */

#endif
