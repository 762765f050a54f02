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

const char *task_order_words(enum task_kind kind)
{
    switch (kind) {
    case TASK_REPLY:
        return "They wrote to us and wait. Replies come before new outreach.";
    case TASK_CALLBACK:
        return "We said that we would call. Callbacks come first, by the time that they asked for.";
    case TASK_COMPLAINT:
        return "They are unhappy with us. Complaints come right after replies.";
    case TASK_PAYMENT:
    case TASK_MISSED:
        return "Money that was expected is not here. The sooner we ask what changed, the easier "
               "it is to mend.";
    case TASK_PROMISE:
        return "A promise is due. It comes after money that went missing.";
    case TASK_DISPUTE:
    case TASK_HARDSHIP:
        return "Somebody waits for a decision, and there is a day by which we owe it.";
    case TASK_OFFER:
        return "An offer waits for yes or no.";
    case TASK_ADDRESS:
        return "We cannot reach them as things are. Nobody waits for us here.";
    case TASK_CALL:
        return "The strategy planned this call. Outreach comes after everyone who waits for us.";
    case TASK_REVIEW:
        return "A hold is to be looked at again. Nobody waits for us here.";
    case TASK_KIND_COUNT:
        break;
    }
    return "";
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
