/* queue: what waits for a person, in the order in which it should be done. */
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "flow/task_sheet.h"

enum { LIST_MINE, LIST_KIND, LIST_CLIENT, LIST_DESK, LIST_ORDER };

static const struct option list_options[] = {
    [LIST_MINE] = { OPTION_TEXT, "mine", "EMAIL", "only what this person has", "Which work",
                    false, 0, NULL },
    [LIST_KIND] = { OPTION_TEXT, "kind", "NAME",
                    "only this kind: reply, callback, complaint, payment, missed, promise, "
                    "dispute, hardship, offer, address, call, review",
                    NULL, false, 0, NULL },
    [LIST_CLIENT] = { OPTION_TEXT, "client", "NAME", "only this client", NULL, false, 0, NULL },
    [LIST_DESK] = { OPTION_TEXT, "desk", "NAME", "only this desk", NULL, false, 0, NULL },
    [LIST_ORDER] = { OPTION_TEXT, "order", "NAME", "best, oldest or amount (best)",
                     "In which order", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool kind_typed(const char *typed, task_kinds *out, struct fault *why)
{
    const char *names[TASK_KIND_COUNT], *near;
    enum task_kind kind;

    if (task_parse(typed, &kind)) {
        *out = TASK_KIND_BIT(kind);
        return true;
    }
    for (int i = 0; i < TASK_KIND_COUNT; i++)
        names[i] = task_name((enum task_kind)i);
    near = nearest_name(typed, COUNT(names), names);
    fail(why, BAD_USAGE, "There is no kind of work \"%s\".", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  --kind %s", near);
    return fault_hint(why, "recoup queue --help lists them");
}

static bool order_typed(const char *typed, enum task_order *out, struct fault *why)
{
    if (task_order_parse(typed, out) && *out != TASK_CLOSING)
        return true;
    return fail(why, BAD_USAGE, "--order is best, oldest or amount, not \"%s\".", typed);
}

static bool queue_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                       struct fault *why)
{
    return task_sheet(s, filter, out, more, why);
}

static bool run_queue(struct call *call, struct fault *why)
{
    struct task_sheet_request r = { .mine = call_text(call, LIST_MINE),
                                    .filter = { .client = call_text(call, LIST_CLIENT),
                                                .desk = call_text(call, LIST_DESK),
                                                .most = (size_t)call->limit } };

    if (!call_now(call, &r.filter.now, why) || !call_zone(call, &r.filter.zone, why) ||
        (call->given[LIST_KIND].is &&
         !kind_typed(call_text(call, LIST_KIND), &r.filter.kinds, why)) ||
        (call->given[LIST_ORDER].is &&
         !order_typed(call_text(call, LIST_ORDER), &r.filter.order, why)))
        return false;
    return listing_print(call, "tasks", queue_rows, &r, why);
}

const struct command command_queue_list = {
    .name = "queue list",
    .section = "Looking",
    .summary = "List what waits for a person: who, what for, by when, and who has it.",
    .examples = { "recoup queue list --kind reply --json",
                  "recoup queue list --mine priya@fairhaven.example --plain" },
    .options = list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "\"recoup queue\" alone is the same. The order is that of the console: replies and "
             "callbacks first, then money, disputes and hardship, then outreach.",
    .run = run_queue,
};
