/* strategy diff: the steps that one strategy takes and the other does not. */
#include "cli/commands.h"
#include "cli/strategies.h"

enum { DIFF_EXIT_CODE };

static const struct option diff_options[] = {
    [DIFF_EXIT_CODE] = { OPTION_FLAG, "exit-code", NULL, "exit code 8 when they differ",
                         "What is said", false, 0, NULL },
    { .kind = OPTION_END },
};

static const char *channels_of(struct arena *a, const struct ladder_step *step)
{
    const char *all = "";

    for (size_t i = 0; i < step->channel_count; i++)
        all =
            arena_print(a, "%s%s%s", all, i == 0 ? "" : ", ", channel_name(step->channels[i]));
    return all;
}

static const char *step_line(struct arena *a, const struct ladder_step *step)
{
    return arena_print(a, "day %4d  %-20s %-28s %s", step->day, step->id, step->template,
                       channels_of(a, step));
}

static const struct ladder *ladder_named(const struct strategy *s, const char *name)
{
    for (size_t i = 0; i < s->ladder_count; i++) {
        if (text_equal(s->ladders[i].name, name))
            return &s->ladders[i];
    }
    return NULL;
}

struct difference {
    struct call *call;
    size_t lines;
    const char *ladder; /* whose heading was printed last */
};

static void print_step(struct difference *d, const struct ladder *ladder, char sign,
                       const struct ladder_step *step)
{
    if (!text_equal(d->ladder, ladder->name))
        fprintf(d->call->out, "ladder %s\n", ladder->name);
    d->ladder = ladder->name;
    d->lines += sign != ' ';
    fprintf(d->call->out, "%c %s\n", sign, step_line(d->call->arena, step));
}

/* The step of the same name, when it says the same in every respect that a debtor notices. */
static bool has_same_step(struct arena *a, const struct ladder *ladder,
                          const struct ladder_step *step)
{
    size_t place = ladder == NULL ? 0 : ladder_find(ladder, step->id);

    return ladder != NULL && place < ladder->step_count &&
           text_equal(step_line(a, &ladder->steps[place]), step_line(a, step));
}

/* Both lists ascend by day: what is gone and what is new come in the order of their days. */
static void diff_ladder(struct difference *d, const struct ladder *old,
                        const struct ladder *new)
{
    struct arena *a = d->call->arena;
    size_t i = 0, k = 0, old_count = old == NULL ? 0 : old->step_count,
           new_count = new == NULL ? 0 : new->step_count;

    while (i < old_count || k < new_count) {
        bool take_old =
            k == new_count || (i < old_count && old->steps[i].day <= new->steps[k].day);
        const struct ladder_step *step = take_old ? &old->steps[i++] : &new->steps[k++];
        if (take_old && has_same_step(a, new, step))
            print_step(d, old, ' ', step);
        else if (take_old)
            print_step(d, old, '-', step);
        else if (!has_same_step(a, old, step))
            print_step(d, new, '+', step);
    }
}

static bool run_strategy_diff(struct call *call, struct fault *why)
{
    const struct strategy *old = strategy_of_call(call, call->targets[0], why);
    const struct strategy *new =
        old == NULL ? NULL : strategy_of_call(call, call->targets[1], why);
    struct difference d = { .call = call };

    if (new == NULL)
        return false;
    if (text_equal(old->digest, new->digest)) {
        fputs("They are the same.\n", call->out);
        return true;
    }
    for (size_t i = 0; i < old->ladder_count; i++)
        diff_ladder(&d, &old->ladders[i], ladder_named(new, old->ladders[i].name));
    for (size_t i = 0; i < new->ladder_count; i++) {
        if (ladder_named(old, new->ladders[i].name) == NULL)
            diff_ladder(&d, NULL, &new->ladders[i]);
    }
    fprintf(call->out, "%s\n",
            d.lines > 0 ? "The steps differ."
                        : "The steps are the same; the files differ elsewhere.");
    if (call->given[DIFF_EXIT_CODE].is)
        call->exit = EXIT_FINDINGS;
    return true;
}

const struct command command_strategy_diff = {
    .name = "strategy diff",
    .section = "Strategy and rules",
    .summary = "Show the steps that one strategy takes and another does not.",
    .examples = { "recoup strategy diff strategies/early.yaml draft.yaml",
                  "recoup strategy diff b2b-invoices draft.yaml --exit-code" },
    .target = "A B",
    .targets_least = 2,
    .targets_most = 2,
    .options = diff_options,
    .notes = "A and B are files, or names of strategies that are loaded.",
    .run = run_strategy_diff,
};
