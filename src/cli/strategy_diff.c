/* strategy diff: what differs between two strategies, and for whom. */
#include "flow/strategy_diff.h"

#include "base/json.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/strategy.h"
#include "flow/strategy.h"

enum { DIFF_EXIT_CODE, DIFF_ACCOUNTS };

enum { SAMPLES_USUAL = 3, SAMPLES_MOST = 1000 };

static const struct option diff_options[] = {
    [DIFF_EXIT_CODE] = { OPTION_FLAG, "exit-code", NULL, "exit code 8 when they differ",
                         "What is said", false, 0, NULL },
    [DIFF_ACCOUNTS] = { OPTION_INT, "accounts", "N",
                        "so many accounts are named for each other next step (3)", NULL, false,
                        0, NULL },
    { .kind = OPTION_END },
};

/* Two strategies, and what was found out about them. */
struct difference {
    const struct strategy *old_one, *new_one;
    bool same_file;
    struct strategy_lines lines;
    bool counted; /* a book was there */
    struct strategy_moves moves;
};

static bool book_is_asked_for(const struct call *call)
{
    return !text_equal(call->settings.db.source, "built in");
}

/* Without a book there is nothing to count; one that was named must be there. */
static bool count_moves(struct call *call, struct difference *d, struct fault *why)
{
    int64_t samples = call_int(call, DIFF_ACCOUNTS, SAMPLES_USUAL);
    struct strategy_diff_request request = { .url = call->settings.db.value,
                                             .old_one = d->old_one,
                                             .new_one = d->new_one };

    if (samples > SAMPLES_MOST)
        return fail(why, BAD_USAGE, "--accounts is at most %d.", SAMPLES_MOST);
    request.samples = (size_t)samples;
    if (!call_now(call, &request.now, why))
        return false;
    d->counted = strategy_diff(&request, call->arena, &d->moves, why);
    if (d->counted || why->code != NOT_FOUND || book_is_asked_for(call))
        return d->counted;
    call_tell(call, "There is no book here: nobody's next step is compared.\n");
    return true;
}

/* ---- For people ------------------------------------------------------------------------- */

static void print_move(const struct call *call, const struct strategy_move *move)
{
    fprintf(call->out, "  %6s  %s -> %s", show_count(call->arena, move->count), move->from,
            move->to);
    for (size_t i = 0; i < move->sample_count; i++)
        fprintf(call->out, "%s%s", i == 0 ? ": " : ", ", move->samples[i]);
    fprintf(call->out, "%s\n",
            move->sample_count > 0 && (int64_t)move->sample_count < move->count ? ", …" : "");
}

static void print_moves(const struct call *call, const struct strategy_moves *moves)
{
    struct arena *a = call->arena;

    fprintf(call->out, "\n%s of %s would get another next step.\n",
            show_count(a, moves->different - moves->resegmented),
            show_many(a, moves->casefiles, "account", "accounts"));
    for (size_t i = 0; i < moves->count; i++)
        print_move(call, &moves->all[i]);
    if (moves->resegmented > 0)
        fprintf(call->out, "%s the same step in another segment or by another channel.\n",
                show_many(a, moves->resegmented, "account would get", "accounts would get"));
}

static void print_difference(const struct call *call, const struct difference *d)
{
    if (d->same_file) {
        fputs("They are the same.\n", call->out);
        return;
    }
    for (size_t i = 0; i < d->lines.count; i++) {
        const struct strategy_line *line = &d->lines.all[i];
        if (line->mark == ' ')
            fprintf(call->out, "%s%s\n", i > 0 ? "\n" : "", line->text);
        else
            fprintf(call->out, "%c %s\n", line->mark, line->text);
    }
    if (d->lines.count == 0)
        fputs("They do the same; the files differ elsewhere.\n", call->out);
    if (d->counted)
        print_moves(call, &d->moves);
}

/* ---- For programs ----------------------------------------------------------------------- */

static void write_lines(struct json_writer *w, const struct strategy_lines *lines)
{
    const char *place = NULL;

    json_key(w, "lines");
    json_open(w, '[');
    for (size_t i = 0; i < lines->count; i++) {
        const struct strategy_line *line = &lines->all[i];
        if (line->mark == ' ') {
            place = line->text;
            continue;
        }
        json_open(w, '{');
        json_text_at(w, "of", line->mark == '-' ? "old" : "new");
        json_text_at(w, "place", place);
        json_text_at(w, "text", line->text);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_move(struct json_writer *w, const struct strategy_move *move)
{
    json_open(w, '{');
    json_text_at(w, "from", move->from);
    json_text_at(w, "to", move->to);
    json_int_at(w, "count", move->count);
    json_key(w, "accounts");
    json_open(w, '[');
    for (size_t i = 0; i < move->sample_count; i++)
        json_text(w, move->samples[i]);
    json_close(w, ']');
    json_close(w, '}');
}

static void write_moves(struct json_writer *w, const struct strategy_moves *moves)
{
    json_int_at(w, "accounts", moves->casefiles);
    json_int_at(w, "touched", moves->touched);
    json_int_at(w, "another_step", moves->different - moves->resegmented);
    json_int_at(w, "another_way", moves->resegmented);
    json_key(w, "moves");
    json_open(w, '[');
    for (size_t i = 0; i < moves->count; i++)
        write_move(w, &moves->all[i]);
    json_close(w, ']');
}

static void print_difference_json(const struct call *call, const struct difference *d)
{
    struct text out = { 0 };
    struct json_writer w = { &out, false };

    json_open(&w, '{');
    json_text_at(&w, "old", d->old_one->name);
    json_text_at(&w, "new", d->new_one->name);
    json_key(&w, "same");
    json_bool(&w, d->same_file);
    write_lines(&w, &d->lines);
    if (d->counted)
        write_moves(&w, &d->moves);
    json_close(&w, '}');
    fprintf(call->out, "%s\n", text_of(&out));
    text_free(&out);
}

static bool run_strategy_diff(struct call *call, struct fault *why)
{
    struct difference d = { 0 };

    call_take_published(call);
    if (!strategy_load(call->arena, call->targets[0], &d.old_one, why) ||
        !strategy_load(call->arena, call->targets[1], &d.new_one, why))
        return false;
    d.same_file = text_equal(d.old_one->digest, d.new_one->digest);
    d.lines = strategy_differences(call->arena, d.old_one, d.new_one);
    if (d.lines.count > 0 && !count_moves(call, &d, why))
        return false;
    if (call->format == FORMAT_JSON)
        print_difference_json(call, &d);
    else
        print_difference(call, &d);
    if (call->given[DIFF_EXIT_CODE].is && !d.same_file)
        call->exit = EXIT_FINDINGS;
    return true;
}

const struct command command_strategy_diff = {
    .name = "strategy diff",
    .section = "Strategy and rules",
    .summary = "Show what differs between two strategies, and who would get another next step.",
    .examples = { "recoup strategy diff strategies/early.yaml draft.yaml",
                  "recoup strategy diff b2b-invoices draft.yaml --exit-code" },
    .target = "A B",
    .targets_least = 2,
    .targets_most = 2,
    .options = diff_options,
    .traits = ANSWERS_JSON,
    .notes = "A and B are files, or names of strategies that are loaded.\n"
             "Accounts are looked at when there is a book. Reads only.",
    .run = run_strategy_diff,
};
