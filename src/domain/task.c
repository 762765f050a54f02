#include "domain/task.h"

#include <string.h>

static const struct {
    const char *name;
    enum task_group group;
    int rank;
    const char *title;
} kinds[] = {
#define X(code, name, group, rank, title) { name, group, rank, title },
    TASK_KINDS(X)
#undef X
};

const char *task_name(enum task_kind kind)
{
    return kinds[kind].name;
}

const char *task_title(enum task_kind kind)
{
    return kinds[kind].title;
}

int task_rank(enum task_kind kind)
{
    return kinds[kind].rank;
}

enum task_group task_group_of(enum task_kind kind)
{
    return kinds[kind].group;
}

bool task_parse(const char *name, enum task_kind *out)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *out = (enum task_kind)i;
            return true;
        }
    }
    return false;
}
