/* rules diff: which stored verdicts changed rules would change. */
#include "flow/rules_diff.h"

#include "base/text.h"
#include "cli/call.h"
#include "cli/commands.h"

#include <inttypes.h>

enum { DIFF_EXIT_CODE };

static const struct option diff_options[] = {
    [DIFF_EXIT_CODE] = { OPTION_FLAG, "exit-code", NULL,
                         "exit code 8 when a verdict would be another", "What is said", false,
                         0, NULL },
    { .kind = OPTION_END },
};

static const char *ruling_until(struct arena *a, enum ruling ruling, struct instant until)
{
    char text[INSTANT_TEXT];

    if (ruling != RULING_DEFER)
        return ruling_name(ruling);
    if (until.us == INSTANT_NEVER.us)
        return "defer";
    return arena_print(a, "defer until %s", instant_print(until, text));
}

static void add_row(const struct call *call, struct table *t, const struct verdict_change *c)
{
    struct arena *a = call->arena;
    char at[INSTANT_TEXT];

    table_text(t, arena_print(a, "D-%" PRId64 ".%" PRId64, c->bucket, c->seq));
    table_text(t, c->account);
    table_text(t, instant_print(c->at, at));
    table_text(t, c->kind);
    table_text(t, channel_name(c->channel));
    table_text(t, ruling_until(a, c->before, c->before_until));
    table_text(t, ruling_until(a, c->after, c->after_until));
    table_text(t, c->before_rules);
    table_text(t, c->after_rules);
}

static void print_changes(const struct call *call, const struct verdict_changes *changes)
{
    static const struct table_column columns[] = {
        { "decision", "Decision", CELL_TEXT }, { "account", "Account", CELL_TEXT },
        { "at", "Contact at", CELL_TEXT },     { "kind", NULL, CELL_TEXT },
        { "channel", "Channel", CELL_TEXT },   { "before", "Before", CELL_TEXT },
        { "after", "After", CELL_TEXT },       { "before_rules", "Only before", CELL_TEXT },
        { "after_rules", "Only after", CELL_TEXT },
    };
    struct arena *a = call->arena;
    struct sheet sheet = { 0 };
    size_t shown = changes->count;

    if (call->limit > 0 && (size_t)call->limit < shown)
        shown = (size_t)call->limit;
    sheet.heading = arena_print(
        a, "%s of %s would be another; %s of them with another ruling or moment.",
        show_count(a, (int64_t)changes->count),
        show_many(a, changes->verdicts, "stored verdict", "stored verdicts"),
        show_count(a, changes->moved));
    sheet_field(&sheet, "verdicts", arena_print(a, "%" PRId64, changes->verdicts));
    sheet_field(&sheet, "asked", arena_print(a, "%" PRId64, changes->asked));
    sheet_field(&sheet, "different", arena_print(a, "%zu", changes->count));
    sheet_field(&sheet, "moved", arena_print(a, "%" PRId64, changes->moved));
    sheet_field(&sheet, "unreadable", arena_print(a, "%" PRId64, changes->unreadable));
    struct table *t = sheet_table(&sheet, "changes", "Every verdict would be the same.",
                                  COUNT(columns), columns);
    for (size_t i = 0; i < shown; i++)
        add_row(call, t, &changes->all[i]);
    call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    if (shown < changes->count)
        call_tell(call, "More verdicts are not shown: --limit 0 shows all.\n");
    if (changes->unreadable > 0)
        call_tell(call, "%s could not be given again: recoup prove says why.\n",
                  show_many(a, changes->unreadable, "verdict", "verdicts"));
}

static bool run_rules_diff(struct call *call, struct fault *why)
{
    bool both = call->target_count == 2;
    bool stored = !both || text_equal(call->targets[0], "-");
    struct rules_diff_request request = { .url = call->settings.db.value };
    struct verdict_changes changes;
    struct rulebook olds, news;

    if (!stored && !rules_diff_load(call->arena, call->targets[0], &olds, why))
        return false;
    if (!rules_diff_load(call->arena, call->targets[both ? 1 : 0], &news, why))
        return false;
    request.olds = stored ? NULL : &olds;
    request.news = &news;
    if (!rules_diff(&request, call->arena, &changes, why))
        return false;
    print_changes(call, &changes);
    if (call->given[DIFF_EXIT_CODE].is && changes.count > 0)
        call->exit = EXIT_FINDINGS;
    return true;
}

const struct command command_rules_diff = {
    .name = "rules diff",
    .section = "Strategy and rules",
    .summary = "List every stored verdict that changed rules would change.",
    .examples = { "recoup rules diff rules/us/fl.yaml draft/fl.yaml",
                  "recoup rules diff - my-files --csv -o changed.csv" },
    .target = "OLD NEW",
    .targets_least = 1,
    .targets_most = 2,
    .options = diff_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .notes = "OLD and NEW are packs, or folders of packs; they take the place of their namesakes\n"
             "in the rules of each verdict's day. OLD left out, or -: the rules as stored. Each\n"
             "verdict is given again from its stored facts. Reads only.",
    .run = run_rules_diff,
};
