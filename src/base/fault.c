#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    enum fault_kind kind;
    const char *name;
} faults[] = {
#define X(code, kind, name) { kind, name },
    FAULTS(X)
#undef X
};

enum fault_kind fault_kind_of(enum fault_code code)
{
    return faults[code].kind;
}

const char *fault_name_of(enum fault_code code)
{
    return faults[code].name;
}

bool fault_set(struct fault *why, enum fault_code code, const char *where, const char *format,
               ...)
{
    va_list args;

    if (why == NULL)
        return false;
    why->code = code;
    why->where = where;
    why->hint[0] = '\0';
    va_start(args, format);
    vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    return false;
}

bool fault_hint(struct fault *why, const char *format, ...)
{
    va_list args;

    if (why == NULL)
        return false;
    va_start(args, format);
    vsnprintf(why->hint, sizeof why->hint, format, args);
    va_end(args);
    return false;
}

_Noreturn void bug(const char *what, const char *where)
{
    fprintf(stderr, "recoup: a promise inside the program was broken: %s (%s)\n", what, where);
    abort();
}
