/*
 * Answer: where the answer of a command goes: standard output, or a file that is there whole or
 * not at all.
 */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include "base/arena.h"

#include <stdio.h>

struct answer {
    FILE *out;
    const char *path, *part; /* NULL: standard output; part: the name until it is whole */
};

/* `path` NULL or "-": standard output. */
bool answer_open(struct answer *answer, struct arena *a, const char *path, struct fault *why);

/* Writes what is left, and gives the file its name. True when the reader of a pipe went away.
 */
bool answer_close(struct answer *answer, struct fault *why);

/* After a fault: the file is not kept. */
void answer_drop(struct answer *answer);

#endif
