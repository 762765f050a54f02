/* YAML scalar: a text as it may stand in a YAML file, in a block or between brackets. */
#ifndef FORMATS_YAML_SCALAR_H
#define FORMATS_YAML_SCALAR_H

#include "base/arena.h"

/* As it is where that is safe, else in quotes; always in one line. */
const char *yaml_scalar(struct arena *a, const char *text);

#endif
