/* Ask: a proposed contact of the invented world as a question to the gate. */
#ifndef ORACLE_ASK_H
#define ORACLE_ASK_H

#include "base/arena.h"
#include "world.h"

#include <stdio.h>

/* Everything is in the arena. Places are those of the person. */
void ask_question(const struct asked *asked, struct arena *a, struct gate_question *out);

/* The same as one line of JSON that `recoup rules judge` takes, as far as its words reach. */
void ask_print(const struct asked *asked, struct gate_packs packs, FILE *out);

#endif
