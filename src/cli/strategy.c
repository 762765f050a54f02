/* strategy: which steps are taken with whom, listed and checked. */
#include "base/json.h"
#include "cli/commands.h"
#include "cli/strategies.h"

#include <string.h>

enum { LARGEST_STRATEGY = 4 * 1024 * 1024 };

static bool run_strategy_list(struct call *call, struct fault *why)
{
    static const struct table_column columns[] = {
        { "strategy", "Strategy", CELL_TEXT }, { "title", "What it is for", CELL_TEXT },
        { "order", "Order", CELL_COUNT },      { "segments", "Segments", CELL_COUNT },
        { "ladders", "Ladders", CELL_COUNT },  { "digest", NULL, CELL_TEXT },
    };
    struct strategies all;
    struct sheet sheet = { .heading = "The first strategy that fits an account is the one" };

    if (!strategies_load(call->arena, &all, why))
        return false;
    struct table *t =
        sheet_table(&sheet, "strategies", "No strategies.", COUNT(columns), columns);
    for (size_t i = 0; i < all.count; i++) {
        table_text(t, all.all[i]->name);
        table_text(t, all.all[i]->title);
        table_count(t, all.all[i]->order);
        table_count(t, (int64_t)all.all[i]->segment_count);
        table_count(t, (int64_t)all.all[i]->ladder_count);
        table_text(t, all.all[i]->digest);
    }
    call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return true;
}

const struct command command_strategy_list = {
    .name = "strategy list",
    .section = "Strategy and rules",
    .summary = "List the strategies, in the order in which they are tried.",
    .examples = { "recoup strategy list", "recoup strategy list --json --files my-strategies" },
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .run = run_strategy_list,
};

/* A path, or the name of one that is loaded. */
struct strategy *strategy_of_call(const struct call *call, const char *target,
                                  struct fault *why)
{
    char *bytes;
    size_t length;

    if (strchr(target, '/') == NULL && strchr(target, '.') == NULL) {
        struct file file;
        const char *path = arena_print(call->arena, "strategies/%s.yaml", target);
        if (!files_load(call->arena, path, &file, why)) {
            fail(why, NOT_FOUND, "There is no strategy \"%s\".", target);
            fault_hint(why, "recoup strategy list, or give the path of a file");
            return NULL;
        }
        return strategy_parse(call->arena, path, (const char *)file.bytes, file.length, why);
    }
    if (!text_read_file(target, LARGEST_STRATEGY, call->arena, &bytes, &length, why))
        return NULL;
    return strategy_parse(call->arena, target, bytes, length, why);
}

/* ---- check ------------------------------------------------------------------------------ */

static bool check_one(struct call *call, const char *path, struct json_writer *w,
                      struct fault *why)
{
    struct strategy *s = strategy_of_call(call, path, why);

    if (s == NULL && why->code != BAD_PACK)
        return false;
    json_open(w, '{');
    json_text_at(w, "file", path);
    json_key(w, "ok");
    json_bool(w, s != NULL);
    json_text_at(w, "problem", s == NULL ? why->text : NULL);
    json_close(w, '}');
    if (call->format != FORMAT_JSON) {
        fprintf(call->out, "%s %s", sign_of(call, s != NULL ? SIGN_DONE : SIGN_WRONG), path);
        if (s == NULL)
            fprintf(call->out, "\n    %s\n", why->text);
        else
            fprintf(call->out, ": %zu segments, %zu ladders\n", s->segment_count,
                    s->ladder_count);
    }
    if (s == NULL)
        call->exit = EXIT_FINDINGS;
    return true;
}

static bool run_strategy_check(struct call *call, struct fault *why)
{
    struct text out = { 0 };
    struct json_writer w = { &out, false };
    bool done = true;

    json_open(&w, '{');
    json_key(&w, "files");
    json_open(&w, '[');
    for (size_t i = 0; i < call->target_count && done; i++)
        done = check_one(call, call->targets[i], &w, why);
    json_close(&w, ']');
    json_close(&w, '}');
    if (done && call->format == FORMAT_JSON)
        fprintf(call->out, "%s\n", text_of(&out));
    text_free(&out);
    return done;
}

const struct command command_strategy_check = {
    .name = "strategy check",
    .section = "Strategy and rules",
    .summary = "Read strategy files: format, names, facts, steps that could never be reached.",
    .examples = { "recoup strategy check strategies/early.yaml",
                  "recoup strategy check strategies/*.yaml && recoup strategy test" },
    .target = "FILE...",
    .targets_least = 1,
    .targets_most = 1000,
    .traits = ANSWERS_JSON,
    .notes = "Exit code 8 when a file is refused.",
    .run = run_strategy_check,
};
