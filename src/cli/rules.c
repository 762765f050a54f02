/* rules: what the law and the house allow, listed, tested, and asked without a book. */
#include "base/files.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "flow/judge.h"
#include "flow/rules_mutate.h"
#include "flow/rules_page.h"

#include <stdlib.h>
#include <string.h>

static void list_rules(const struct call *call, const struct rulebook *book)
{
    static const struct table_column columns[] = {
        { "rule", "Rule", CELL_TEXT },  { "strength", "Kind", CELL_TEXT },
        { "title", "Says", CELL_TEXT }, { "citation", "Source", CELL_TEXT },
        { "pack", "Pack", CELL_TEXT },
    };
    struct sheet sheet = { .heading =
                               "Law rules win over house rules; of two, the strictest wins." };
    struct table *t = sheet_table(&sheet, "rules", "No rules.", COUNT(columns), columns);
    int64_t left = call->limit == 0 ? INT64_MAX : call->limit;

    for (size_t i = 0; i < book->pack_count; i++) {
        const struct rule_pack *pack = book->packs[i];
        for (size_t k = 0; k < rulepack_rule_count(pack) && left > 0; k++, left--) {
            const struct rule *rule = rulepack_rule(pack, k);
            table_text(t, rule_id(rule));
            table_text(t, rule_strength(rule));
            table_text(t, rule_title(rule));
            table_text(t,
                       call->format == FORMAT_PEOPLE ? rule_cite_first(rule) : rule_cite(rule));
            table_text(t, rulepack_name(pack));
        }
    }
    call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    if (left == 0)
        call_tell(call, "More rules are not shown: --limit 0 shows all.\n");
}

enum { LIST_MARKDOWN };

static const struct option list_options[] = {
    [LIST_MARKDOWN] = { OPTION_FLAG, "markdown", NULL,
                        "the page of all rules, docs/rules/table.md", "What is said", false, 0,
                        NULL },
    { .kind = OPTION_END },
};

static bool run_rules_list(struct call *call, struct fault *why)
{
    struct rulebook book;

    if (!rulepack_load_all(call->arena, &book, why))
        return false;
    if (call->given[LIST_MARKDOWN].is)
        rules_page(&book, call->out);
    else
        list_rules(call, &book);
    return true;
}

const struct command command_rules_list = {
    .name = "rules list",
    .section = "Strategy and rules",
    .summary = "List every rule with its source.",
    .examples = { "recoup rules list", "recoup rules list --csv -o rules.csv" },
    .options = list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "Law rules win over house rules; of two law rules the strictest wins.",
    .run = run_rules_list,
};

/* ---- rules test ------------------------------------------------------------------------- */

enum { TEST_ALL };

static const struct option test_options[] = {
    [TEST_ALL] = { OPTION_FLAG, "all", NULL, "also a line for each case that passes",
                   "What is said", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool run_rules_test(struct call *call, struct fault *why)
{
    struct rulebook book;
    bool json = call->format == FORMAT_JSON;
    char *lines = NULL;
    size_t length = 0;

    if (!rulepack_load_all(call->arena, &book, why))
        return false;
    FILE *out = json ? open_memstream(&lines, &length) : call->out;
    must(out != NULL);
    struct rules_count count = rules_test(&book, out, call->given[TEST_ALL].is && !json);
    if (json) {
        fclose(out);
        fputs(lines, stderr);
        free(lines);
        fprintf(call->out, "{\"passed\":%zu,\"failed\":%zu,\"packs\":%zu}\n", count.passed,
                count.failed, book.pack_count);
    } else {
        fprintf(call->out, "%zu passed, %zu failed, in %zu packs\n", count.passed, count.failed,
                book.pack_count);
    }
    if (count.failed > 0)
        call->exit = EXIT_FINDINGS;
    return true;
}

const struct command command_rules_test = {
    .name = "rules test",
    .section = "Strategy and rules",
    .summary = "Run the cases that stand beside the rules.",
    .examples = { "recoup rules test", "recoup rules test --all --files my-rules" },
    .options = test_options,
    .traits = ANSWERS_JSON,
    .notes = "Exit code 8 when a case fails.",
    .run = run_rules_test,
};

/* ---- rules mutate ----------------------------------------------------------------------- */

/* In whole per cent, rounded down: 100 means all of them. */
static size_t share_of(struct mutation_count count)
{
    return count.changed == 0 ? 100 : count.noticed * 100 / count.changed;
}

static bool mutate_pack(struct call *call, const struct rule_pack *pack, FILE *out,
                        struct mutation_count *all, struct fault *why)
{
    struct mutation_count count = { 0, 0 };
    struct file file;

    if (!files_load(call->arena, rulepack_path(pack), &file, why) ||
        !rules_mutate(file.path, (const char *)file.bytes, file.length, out, &count, why))
        return false;
    fprintf(out, "%s: %zu of %zu changes noticed (%zu %%)\n", rulepack_name(pack),
            count.noticed, count.changed, share_of(count));
    all->changed += count.changed;
    all->noticed += count.noticed;
    return true;
}

static bool run_rules_mutate(struct call *call, struct fault *why)
{
    const char *name = call->target_count > 0 ? call->targets[0] : NULL;
    bool json = call->format == FORMAT_JSON;
    struct mutation_count all = { 0, 0 };
    struct rulebook book;

    if (!rulepack_load_all(call->arena, &book, why))
        return false;
    if (name != NULL && rulepack_find(&book, name) == NULL)
        return fail(why, NOT_FOUND, "There is no pack \"%s\"; recoup rules list names them.",
                    name);
    for (size_t i = 0; i < book.pack_count; i++) {
        if (name != NULL && strcmp(rulepack_name(book.packs[i]), name) != 0)
            continue;
        if (!mutate_pack(call, book.packs[i], json ? stderr : call->out, &all, why))
            return false;
    }
    if (json)
        fprintf(call->out, "{\"changed\":%zu,\"noticed\":%zu}\n", all.changed, all.noticed);
    else if (name == NULL)
        fprintf(call->out, "%zu of %zu changes noticed (%zu %%)\n", all.noticed, all.changed,
                share_of(all));
    if (all.noticed < all.changed)
        call->exit = EXIT_FINDINGS;
    return true;
}

const struct command command_rules_mutate = {
    .name = "rules mutate",
    .section = "Strategy and rules",
    .summary = "Change each number of the rules by one; list those that no case notices.",
    .examples = { "recoup rules mutate us.fl", "recoup rules mutate --files my-rules" },
    .target = "PACK",
    .targets_most = 1,
    .traits = ANSWERS_JSON,
    .notes = "Without PACK: every pack. Exit code 8 when some number is held by no case.",
    .run = run_rules_mutate,
};

/* ---- rules judge ------------------------------------------------------------------------ */

enum { JUDGE_WHY };

static const struct option judge_options[] = {
    [JUDGE_WHY] = { OPTION_FLAG, "why", NULL,
                    "also when it would be allowed first, and by which smallest change",
                    "What is said", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool run_rules_judge(struct call *call, struct fault *why)
{
    struct rulebook book;

    if (!rulepack_load_rules(call->arena, &book, why))
        return false;
    if (judge_file(call->targets[0], &book, call->given[JUDGE_WHY].is, call->out, why))
        return true;
    if (why->code != BAD_FILE)
        return false;
    /* The lines that could be read were judged, and stand in the answer. */
    fprintf(stderr, "Error: %s\n", why->text);
    call->exit = EXIT_BAD_DATA;
    return true;
}

const struct command command_rules_judge = {
    .name = "rules judge",
    .section = "Strategy and rules",
    .summary = "Judge situations from a file of JSON lines; one verdict per line.",
    .examples = { "recoup rules judge situations.jsonl > verdicts.jsonl",
                  "generate | recoup rules judge - --why" },
    .target = "FILE",
    .targets_least = 1,
    .targets_most = 1,
    .options = judge_options,
    .traits = ANSWERS_JSON,
    .notes =
        "Needs no book. The form of a situation is that of the cases in docs/rule-packs.md.",
    .run = run_rules_judge,
};
