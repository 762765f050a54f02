#include "domain/permission.h"

#include <string.h>

#define X(code, name, words) name,
static const char *const names[] = { PERMISSIONS(X) };
#undef X
#define X(code, name, words) words,
static const char *const meanings[] = { PERMISSIONS(X) };
#undef X

const char *permission_name(enum permission permission)
{
    return names[permission];
}

const char *permission_words(enum permission permission)
{
    return meanings[permission];
}

bool permission_parse(const char *name, enum permission *out)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum permission)i;
            return true;
        }
    }
    return false;
}
