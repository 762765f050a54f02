/* strategy: which steps are taken with whom, listed and checked. */
#include "cli/strategy.h"

#include "base/json.h"
#include "cli/commands.h"
#include "flow/publication.h"
#include "flow/strategy.h"

void call_take_published(const struct call *call)
{
    struct fault none = { 0 };
    struct store *s = store_open(call->settings.db.value, STORE_READ, &none);

    if (s == NULL)
        return;
    publication_take(s, &none);
    store_close(s);
}

static bool run_strategy_list(struct call *call, struct fault *why)
{
    static const struct table_column columns[] = {
        { "strategy", "Strategy", CELL_TEXT }, { "title", "What it is for", CELL_TEXT },
        { "order", "Order", CELL_COUNT },      { "segments", "Segments", CELL_COUNT },
        { "ladders", "Ladders", CELL_COUNT },  { "digest", NULL, CELL_TEXT },
    };
    struct strategies all;
    struct sheet sheet = { .heading = "The first strategy that fits an account is the one" };

    call_take_published(call);
    if (!strategy_list(call->arena, &all, why))
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

/* ---- check ------------------------------------------------------------------------------ */

static void print_findings(const struct call *call, const char *target,
                           const struct strategy_findings *f)
{
    fprintf(call->out, "%s\n", target);
    if (f->accepted)
        fprintf(call->out, "  %s format and names\n", sign_of(call, SIGN_DONE));
    for (size_t i = 0; i < f->count; i++) {
        const struct strategy_finding *one = &f->all[i];
        fprintf(call->out, "  %s ", sign_of(call, one->problem ? SIGN_WRONG : SIGN_LOOK));
        if (one->line > 0)
            fprintf(call->out, "line %-4d", one->line);
        fprintf(call->out, "%s\n", one->text);
    }
    fputc('\n', call->out);
}

static void write_findings(struct json_writer *w, const char *target,
                           const struct strategy_findings *f)
{
    json_open(w, '{');
    json_text_at(w, "file", target);
    json_key(w, "ok");
    json_bool(w, f->problems == 0);
    json_key(w, "findings");
    json_open(w, '[');
    for (size_t i = 0; i < f->count; i++) {
        json_open(w, '{');
        json_text_at(w, "weight", f->all[i].problem ? "problem" : "warning");
        if (f->all[i].line > 0)
            json_int_at(w, "line", f->all[i].line);
        json_text_at(w, "text", f->all[i].text);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

static bool check_all(struct call *call, struct json_writer *w, int64_t *problems,
                      int64_t *warnings, struct fault *why)
{
    struct strategy_findings findings;

    call_take_published(call);
    for (size_t i = 0; i < call->target_count; i++) {
        const char *target = call->targets[i];
        if (!strategy_examine(call->arena, target, &findings, why))
            return false;
        *problems += (int64_t)findings.problems;
        *warnings += (int64_t)findings.warnings;
        if (call->format == FORMAT_JSON)
            write_findings(w, target, &findings);
        else
            print_findings(call, target, &findings);
    }
    return true;
}

static bool run_strategy_check(struct call *call, struct fault *why)
{
    struct text out = { 0 };
    struct json_writer w = { &out, false };
    int64_t problems = 0, warnings = 0;

    json_open(&w, '{');
    json_key(&w, "files");
    json_open(&w, '[');
    bool done = check_all(call, &w, &problems, &warnings, why);
    json_close(&w, ']');
    json_int_at(&w, "problems", problems);
    json_int_at(&w, "warnings", warnings);
    json_close(&w, '}');
    if (done && call->format == FORMAT_JSON)
        fprintf(call->out, "%s\n", text_of(&out));
    else if (done)
        fprintf(call->out, "%s, %s\n", show_many(call->arena, problems, "problem", "problems"),
                show_many(call->arena, warnings, "warning", "warnings"));
    text_free(&out);
    if (problems > 0)
        call->exit = EXIT_FINDINGS;
    return done;
}

const struct command command_strategy_check = {
    .name = "strategy check",
    .section = "Strategy and rules",
    .summary = "Read strategy files: format, names, letters, steps that are never taken.",
    .examples = { "recoup strategy check strategies/early.yaml",
                  "recoup strategy check strategies/*.yaml && recoup strategy test" },
    .target = "FILE...",
    .targets_least = 1,
    .targets_most = 1000,
    .traits = ANSWERS_JSON,
    .notes = "FILE is a file, or the name of a strategy that is loaded.\n"
             "Exit code 8 when there is a problem; a warning is none.",
    .run = run_strategy_check,
};
