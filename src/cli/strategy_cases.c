/* strategy test: the cases that stand in strategy files. */
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/strategy.h"
#include "flow/strategy.h"

static void print_failed_case(void *self, const char *line)
{
    struct call *call = self;

    fprintf(call->format == FORMAT_JSON ? stderr : call->out, "%s %s\n",
            sign_of(call, SIGN_WRONG), line);
}

static bool test_all(struct call *call, size_t *passed, size_t *failed, struct fault *why)
{
    struct strategies all;

    call_take_published(call);
    if (!strategy_list(call->arena, &all, why))
        return false;
    for (size_t i = 0; i < all.count; i++)
        strategy_try(call->arena, all.all[i], passed, failed, print_failed_case, call);
    return true;
}

static bool test_named(struct call *call, size_t *passed, size_t *failed, struct fault *why)
{
    for (size_t i = 0; i < call->target_count; i++) {
        const struct strategy *s;
        if (!strategy_load(call->arena, call->targets[i], &s, why))
            return false;
        strategy_try(call->arena, s, passed, failed, print_failed_case, call);
    }
    return true;
}

static bool run_strategy_test(struct call *call, struct fault *why)
{
    size_t passed = 0, failed = 0;
    bool done = call->target_count == 0 ? test_all(call, &passed, &failed, why)
                                        : test_named(call, &passed, &failed, why);

    if (!done)
        return false;
    fprintf(call->out,
            call->format == FORMAT_JSON ? "{\"passed\":%zu,\"failed\":%zu}\n"
                                        : "%zu passed, %zu failed\n",
            passed, failed);
    if (failed > 0)
        call->exit = EXIT_FINDINGS;
    return true;
}

const struct command command_strategy_test = {
    .name = "strategy test",
    .section = "Strategy and rules",
    .summary = "Run the cases that stand in strategy files; without a file, all of them.",
    .examples = { "recoup strategy test", "recoup strategy test strategies/early.yaml" },
    .target = "FILE...",
    .targets_most = 1000,
    .traits = ANSWERS_JSON,
    .notes = "Exit code 8 when a case fails.",
    .run = run_strategy_test,
};
