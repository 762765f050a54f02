/* Judge fixture: every pack, loaded once for all tests of a program. */
#ifndef FLOW_JUDGE_FIXTURE_H
#define FLOW_JUDGE_FIXTURE_H

#include "formats/rulepack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct rulebook book;

static int load(void **state)
{
    struct fault why;

    (void)state;
    if (rulepack_load_all(&arena, &book, &why))
        return 0;
    print_message("%s\n", why.text);
    return -1;
}

static int unload(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

#endif
