/* run: the daily cycle. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "flow/book.h"
#include "flow/cycle.h"

#include <string.h>

/* ---- run -------------------------------------------------------------------------------- */

enum { RUN_FULL, RUN_BATCH };

static const struct option run_options[] = {
    [RUN_FULL] = { OPTION_FLAG, "full", NULL,
                   "look at every account, not only at those that have something due",
                   "What is looked at", false, 0, NULL },
    [RUN_BATCH] = { OPTION_INT, "batch", "N",
                    "buckets in one transaction (what suits the book)", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static void print_standings(const struct call *call, const struct cycle_result *result)
{
    const char *comma = "\nThey stand: ";

    for (int i = 0; i < STANDING_COUNT; i++) {
        if (result->standings[i] == 0)
            continue;
        fprintf(call->out, "%s%s %s", comma, standing_name((enum standing)i),
                show_count(call->arena, result->standings[i]));
        comma = ", ";
    }
    if (*comma == ',')
        fputs(".\n", call->out);
}

static void print_cycle(const struct call *call, const struct cycle_result *result,
                        const char *when)
{
    const struct {
        const char *sign, *words;
        int64_t count;
        bool always;
    } lines[] = {
        { NULL, "accounts looked at", result->casefiles, true },
        { NULL, "with a step due", result->due, true },
        { NULL, "contacts proposed", result->actions, true },
        { sign_of(call, SIGN_DONE), "allowed and queued", result->allowed, true },
        { sign_of(call, SIGN_LOOK), "allowed only later", result->deferred, true },
        { sign_of(call, SIGN_WRONG), "stopped: by a rule, or no good address", result->denied,
          true },
        { NULL, "of the queued for a later hour", result->queued_ahead, false },
        { NULL, "promises settled", result->promises_settled, false },
        { NULL, "ladders at their end", result->ladders_ended, false },
    };

    fprintf(call->out, "%s for %s\n\n",
            call->global[GLOBAL_DRY_RUN].is ? "What a cycle would do" : "Daily cycle", when);
    for (size_t i = 0; i < COUNT(lines); i++) {
        if (lines[i].always || lines[i].count > 0)
            fprintf(call->out, "  %12s  %s%s%s\n", show_count(call->arena, lines[i].count),
                    lines[i].sign == NULL ? "" : lines[i].sign,
                    lines[i].sign == NULL ? "" : " ", lines[i].words);
    }
    print_standings(call, result);
}

static bool run_run(struct call *call, struct fault *why)
{
    struct progress progress = progress_begin(call, "Deciding", "buckets");
    struct cycle_request request = {
        .url = call->settings.db.value,
        .full = call->given[RUN_FULL].is,
        .dry_run = call->global[GLOBAL_DRY_RUN].is,
        .buckets_at_once = (int)call_int(call, RUN_BATCH, 0),
        .progress = progress_tell,
        .context = &progress,
    };
    struct cycle_result result;
    const struct zone *zone;

    if (call_int(call, RUN_BATCH, 1) < 1 || call_int(call, RUN_BATCH, 1) > BUCKETS)
        return fail(why, BAD_USAGE, "--batch takes 1 to %d buckets.", BUCKETS);
    if (!call_now(call, &request.now, why))
        return false;
    bool done = cycle_run(&request, &result, why);
    progress_end(&progress);
    if (!done)
        return false;
    if (call->format == FORMAT_JSON) {
        cycle_print_json(&result, call->out);
        return true;
    }
    if (call->quiet)
        return true;
    if (!call_zone(call, &zone, why))
        return false;
    print_cycle(call, &result, show_instant(call->arena, request.now, zone));
    fprintf(call->out, "%s\n",
            request.dry_run      ? "Nothing was changed."
            : result.allowed > 0 ? "Next:  recoup outbox list      recoup worker --until-idle"
                                 : "Nothing was queued.");
    return true;
}

const struct command command_run = {
    .name = "run",
    .section = "Getting going",
    .summary = "Decide the next step of every account that has something due, and queue it.",
    .examples = { "recoup run", "recoup run --dry-run --now 2026-11-16T09:00:00-06:00" },
    .options = run_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes =
        "Safe to say again: a step that was taken is not taken twice. Nothing is sent by it; "
        "see\nrecoup worker.",
    .run = run_run,
};
