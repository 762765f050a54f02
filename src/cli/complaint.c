/* complaint: what somebody says we did wrong, and what became of it. */
#include "flow/complaint.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/writing.h"

#include <stdio.h>
#include <string.h>

/* "12" after the account; without it, the one that is open. */
static bool number_typed(struct writing *w, int32_t *number, struct fault *why)
{
    struct complaint *all;
    size_t count, open = 0;
    int typed, end = 0;

    if (w->call->target_count > 1) {
        const char *text = w->call->targets[1];
        if (sscanf(text, "%9d%n", &typed, &end) != 1 || text[end] != '\0' || typed < 1)
            return fail(why, BAD_USAGE, "\"%s\" is no number of a complaint.", text);
        *number = typed;
        return true;
    }
    if (!complaints_of(w->book.store, w->call->arena, w->account.key, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].state == COMPLAINT_OPEN) {
            *number = all[i].number;
            open++;
        }
    }
    if (open == 1)
        return true;
    fail(why, BAD_USAGE,
         open == 0 ? "%s has no open complaint."
                   : "%s has several open complaints: say which by its number.",
         w->account.reference);
    return fault_hint(why, "recoup complaint list");
}

/* How it stands now, with one sentence and the command that undoes it. */
static bool print(struct writing *w, const char *command, int32_t number, enum change change,
                  const char *line, const char *undo, struct fault *why)
{
    struct arena *a = w->call->arena;
    struct complaint c;
    struct receipt r;

    if (!complaint_load(w->book.store, a, w->account.key, number, &c, why))
        return false;
    receipt_begin(&r, w->call, command);
    receipt_account(&r, w);
    receipt_count(&r, "complaint", number);
    receipt_field(&r, "state", complaint_state_name(c.state));
    if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(a, "complaint %d", (int)number));
    else
        receipt_line(&r, "%s complaint %d of %s (%s).", line, (int)number, w->account.reference,
                     w->account.name);
    if (change != CHANGE_NONE && c.state == COMPLAINT_OPEN)
        receipt_line(&r, "  To be answered by %s.", show_day(a, c.answer_by));
    receipt_day(&r, "received", c.received);
    receipt_day(&r, "acknowledge_by", c.acknowledge_by);
    receipt_day(&r, "answer_by", c.answer_by);
    receipt_undo(&r, arena_print(a, "recoup complaint %s %s %d", undo, w->account.reference,
                                 (int)number));
    receipt_end(&r);
    return true;
}

/* ---- open ------------------------------------------------------------------------------- */

enum { OPEN_WORDS, OPEN_VIA, OPEN_RECEIVED, OPEN_HOLD, OPEN_BY };

static const struct option open_options[] = {
    [OPEN_WORDS] = { OPTION_TEXT, "words", "TEXT", "what they say, in their words",
                     "What they say", true, 0, NULL },
    [OPEN_VIA] = { OPTION_TEXT, "via", "NAME", "phone, letter, email, portal or regulator",
                   NULL, false, 0, NULL },
    [OPEN_RECEIVED] = { OPTION_DAY, "received", "DAY", "when it reached us (today)", NULL,
                        false, 0, NULL },
    [OPEN_HOLD] = { OPTION_FLAG, "hold", NULL, "ask for no money until it is answered",
                    "What we do", false, 0, NULL },
    [OPEN_BY] = { OPTION_TEXT, "by", "NAME", "who takes it down", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static bool via_check(const char *via, struct fault *why)
{
    if (via == NULL || complaint_way_known(via))
        return true;
    fail(why, BAD_USAGE, "A complaint does not come by \"%s\".", via);
    return fault_hint(why, "phone, letter, email, portal or regulator");
}

static bool open_complaint(struct writing *w, struct fault *why)
{
    const struct call *call = w->call;
    struct complaint_input in = { .words = call_text(call, OPEN_WORDS),
                                  .channel = call_text(call, OPEN_VIA),
                                  .author = call_text(call, OPEN_BY),
                                  .hold = call->given[OPEN_HOLD].is };
    enum change change;
    int32_t number;

    return via_check(in.channel, why) && writing_key(w, &in.once, why) &&
           call_day(call, OPEN_RECEIVED, w->today, &in.received, why) &&
           complaint_open(&w->book, w->account.key, &in, &number, &change, why) &&
           print(w, "complaint open", number, change,
                 writing_verb(w, "Taken down:", "Would take down:"), "close", why);
}

static bool run_open(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, open_complaint(&w, why), why);
}

const struct command command_complaint_open = {
    .name = "complaint open",
    .section = "Acting on accounts",
    .summary = "Take down what somebody says we did wrong.",
    .examples = { "recoup complaint open FH-19903 --words \"You called at night\" --via phone",
                  "recoup complaint open FH-19903 --words \"Wrong person\" --hold" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = open_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup complaint close. With --key safe to say again.\n"
             "By itself it stops nothing; days: complaint_acknowledge_days and\n"
             "complaint_answer_days (recoup setting).",
    .run = run_open,
};

/* ---- answer ----------------------------------------------------------------------------- */

enum { ANSWER_RESULT, ANSWER_TEXT, ANSWER_CAUSE, ANSWER_CHANGED, ANSWER_BY };

static const struct option answer_options[] = {
    [ANSWER_RESULT] = { OPTION_TEXT, "result", "NAME", "upheld, partly or not-upheld",
                        "The answer", true, 0, NULL },
    [ANSWER_TEXT] = { OPTION_TEXT, "text", "TEXT", "what they are told", NULL, true, 0, NULL },
    [ANSWER_CAUSE] = { OPTION_TEXT, "cause", "TEXT", "why it came to that", "What was learned",
                       false, 0, NULL },
    [ANSWER_CHANGED] = { OPTION_TEXT, "changed", "TEXT", "what is done differently", NULL,
                         false, 0, NULL },
    [ANSWER_BY] = { OPTION_TEXT, "by", "NAME", "who answers", "Who", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool result_typed(const char *typed, const char **out, struct fault *why)
{
    static const struct {
        const char *typed, *name;
    } results[] = { { "upheld", "upheld" },
                    { "partly", "partly_upheld" },
                    { "not-upheld", "not_upheld" } };

    for (size_t i = 0; i < COUNT(results); i++) {
        if (text_equal(results[i].typed, typed)) {
            *out = results[i].name;
            return true;
        }
    }
    fail(why, BAD_USAGE, "There is no result \"%s\".", typed);
    return fault_hint(why, "upheld, partly or not-upheld");
}

static bool answer_complaint(struct writing *w, struct fault *why)
{
    const struct call *call = w->call;
    struct complaint_answer answer = { .text = call_text(call, ANSWER_TEXT),
                                       .cause = call_text(call, ANSWER_CAUSE),
                                       .changed = call_text(call, ANSWER_CHANGED),
                                       .author = call_text(call, ANSWER_BY) };
    enum change change;
    int32_t number;

    return result_typed(call_text(call, ANSWER_RESULT), &answer.result, why) &&
           number_typed(w, &number, why) &&
           complaint_answer(&w->book, w->account.key, number, &answer, &change, why) &&
           print(w, "complaint answer", number, change,
                 writing_verb(w, "Answered:", "Would answer:"), "reopen", why);
}

static bool run_answer(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, answer_complaint(&w, why), why);
}

const struct command command_complaint_answer = {
    .name = "complaint answer",
    .section = "Acting on accounts",
    .summary = "Answer a complaint; a hold that came with it ends.",
    .examples = { "recoup complaint answer FH-19903 12 --result upheld --text \"We are sorry\"",
                  "recoup complaint answer FH-19903 --result not-upheld --text \"…\" --cause "
                  "\"…\"" },
    .target = "ACCOUNT [NUMBER]",
    .targets_least = 1,
    .targets_most = 2,
    .options = answer_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup complaint reopen. Without a number: the one that is open.",
    .run = run_answer,
};

/* ---- close, reopen ---------------------------------------------------------------------- */

enum { END_BY };

static const struct option end_options[] = {
    [END_BY] = { OPTION_TEXT, "by", "NAME", "who does it", "Who", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool close_complaint(struct writing *w, struct fault *why)
{
    enum change change;
    int32_t number;

    return number_typed(w, &number, why) &&
           complaint_close(&w->book, w->account.key, number, call_text(w->call, END_BY),
                           &change, why) &&
           print(w, "complaint close", number, change,
                 writing_verb(w, "Closed:", "Would close:"), "reopen", why);
}

static bool run_close(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, close_complaint(&w, why), why);
}

const struct command command_complaint_close = {
    .name = "complaint close",
    .section = "Acting on accounts",
    .summary = "Close a complaint without an answer: taken back, or taken down by mistake.",
    .examples = { "recoup complaint close FH-19903",
                  "recoup complaint close FH-19903 12 --by \"Ann Bell\"" },
    .target = "ACCOUNT [NUMBER]",
    .targets_least = 1,
    .targets_most = 2,
    .options = end_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup complaint reopen. Without a number: the one that is open.",
    .run = run_close,
};

static bool reopen_complaint(struct writing *w, struct fault *why)
{
    enum change change;
    int32_t number;

    return number_typed(w, &number, why) &&
           complaint_reopen(&w->book, w->account.key, number, call_text(w->call, END_BY),
                            &change, why) &&
           print(w, "complaint reopen", number, change,
                 writing_verb(w, "Opened again:", "Would open again:"), "close", why);
}

static bool run_reopen(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, reopen_complaint(&w, why), why);
}

const struct command command_complaint_reopen = {
    .name = "complaint reopen",
    .section = "Acting on accounts",
    .summary = "Open a complaint again; its days count from when it first reached us.",
    .examples = { "recoup complaint reopen FH-19903 12",
                  "recoup complaint reopen FH-19903 12 --by \"Ann Bell\"" },
    .target = "ACCOUNT NUMBER",
    .targets_least = 2,
    .targets_most = 2,
    .options = end_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup complaint close. A hold is to be asked for anew.",
    .run = run_reopen,
};

/* ---- list ------------------------------------------------------------------------------- */

enum { LIST_STATE };

static const struct option list_options[] = {
    [LIST_STATE] = { OPTION_TEXT, "state", "NAME", "open, answered or closed (open)",
                     "Which complaints", false, 0, NULL },
    { .kind = OPTION_END },
};

struct list_filter {
    enum complaint_state state;
    int64_t limit; /* 0: no limit */
};

static bool rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                 struct fault *why)
{
    const struct list_filter *f = filter;

    return complaint_list(s, f->state, f->limit == 0 ? SIZE_MAX : (size_t)f->limit, out, more,
                          why);
}

static bool run_list(struct call *call, struct fault *why)
{
    struct list_filter filter = { .limit = call->limit };
    const char *typed = call_text(call, LIST_STATE);

    if (typed != NULL && !complaint_state_parse(typed, &filter.state))
        return fail(why, BAD_USAGE, "A complaint is open, answered or closed.");
    return listing_print(call, "complaints", rows, &filter, why);
}

const struct command command_complaint_list = {
    .name = "complaint list",
    .section = "Acting on accounts",
    .summary = "List complaints, the first to be answered first.",
    .examples = { "recoup complaint list", "recoup complaint list --state answered --json" },
    .options = list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "\"recoup complaint\" alone is the same.",
    .run = run_list,
};
