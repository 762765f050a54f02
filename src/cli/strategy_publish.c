/* strategy publish, back, versions: what is in force, and what was before. */
#include "flow/strategy_publish.h"

#include "cli/commands.h"
#include "cli/people.h"
#include "flow/fold.h"
#include "flow/strategy.h"

enum { LARGEST_FILE = 256 * 1024 };
enum { PUBLISH_REASON, PUBLISH_OVERRIDE, PUBLISH_BY };

static const struct option publish_options[] = {
    [PUBLISH_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, for who is to agree",
                         "Who agrees", false, 0, NULL },
    [PUBLISH_OVERRIDE] = { OPTION_TEXT, "override-reason", "TEXT",
                           "do it without a second person, because …; journalled", NULL, false,
                           0, NULL },
    [PUBLISH_BY] = { OPTION_TEXT, "by", "EMAIL", "who does it", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static void tell_outcome(struct people *w, const char *name, const struct publish_outcome *done)
{
    struct receipt r;

    receipt_begin(&r, w->call, w->call->command->name);
    receipt_field(&r, "strategy", name);
    receipt_count(&r, "version", done->version);
    if (done->approval != 0) {
        receipt_line(&r, "Asked: another person who reviews strategies must agree.%s",
                     w->call->global[GLOBAL_DRY_RUN].is ? " (Nothing was asked: --dry-run.)"
                                                        : "");
        receipt_count(&r, "approval", done->approval);
        receipt_next(&r, arena_print(w->call->arena, "recoup approval approve %lld --by EMAIL",
                                     (long long)done->approval));
    } else {
        receipt_line(&r, "%s version %d of %s. The next run looks at every account with it.",
                     people_verb(w, "Published", "Would publish"), done->version, name);
        if (done->version > 1)
            receipt_undo(&r, arena_print(w->call->arena, "recoup strategy back %s %d", name,
                                         done->version - 1));
    }
    receipt_end(&r);
}

static bool publish(struct people *w, struct fault *why)
{
    struct call *call = w->call;
    const struct strategy *strategy;
    struct publish_outcome done;
    size_t length;
    char *text;

    if (!text_read_file(call->targets[0], LARGEST_FILE, call->arena, &text, &length, why) ||
        !strategy_read(call->arena, call->targets[0], text, &strategy, why))
        return false;
    struct publishing in = { .kind = PUBLISHED_STRATEGY,
                             .name = strategy->name,
                             .text = text,
                             .reason = call_text(call, PUBLISH_REASON),
                             .by = w->by.number };
    if (!publish_ask(&w->book, w->roles, &in, call_text(call, PUBLISH_OVERRIDE), &done, why))
        return false;
    tell_outcome(w, strategy->name, &done);
    return true;
}

/* How people are treated is judged by figures: what waits to be counted is counted first. */
static bool run_strategy_publish(struct call *call, struct fault *why)
{
    struct instant now;
    struct people w;

    return call_now(call, &now, why) && fold_now(call->settings.db.value, now, why) &&
           people_begin(&w, call, call_text(call, PUBLISH_BY), why) &&
           people_end(&w, publish(&w, why), why);
}

const struct command command_strategy_publish = {
    .name = "strategy publish",
    .section = "Strategy and rules",
    .summary = "Put a strategy into force in this book, once another person agreed.",
    .examples = { "recoup strategy publish draft.yaml --by rosa@fairhaven.example",
                  "recoup strategy publish draft.yaml --override-reason \"first day\"" },
    .target = "FILE",
    .targets_least = 1,
    .targets_most = 1,
    .options = publish_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes =
        "It stands over the file of its name, whatever that says from then on. Refused while\n"
        "strategy check finds a problem or a case does not come true. Where nobody else may\n"
        "review strategies, it is in force at once. While a limit on how people are treated\n"
        "(insights/house.yaml) is passed, it needs a reason.",
    .run = run_strategy_publish,
};

/* ---- back ----------------------------------------------------------------------------------
 */

enum { BACK_BY };

static const struct option back_options[] = {
    [BACK_BY] = { OPTION_TEXT, "by", "EMAIL", "who does it", "Who", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool go_back(struct people *w, struct fault *why)
{
    struct publish_outcome done = { 0 };
    int64_t version;

    if (!text_to_int(w->call->targets[1], &version) || version < 1 || version > INT32_MAX)
        return fail(why, BAD_USAGE, "\"%s\" is no number of a version.", w->call->targets[1]);
    if (!publish_back(&w->book, PUBLISHED_STRATEGY, w->call->targets[0], (int32_t)version,
                      w->by.number, &done.version, why))
        return false;
    tell_outcome(w, w->call->targets[0], &done);
    return true;
}

static bool run_strategy_back(struct call *call, struct fault *why)
{
    struct people w;

    return people_begin(&w, call, call_text(call, BACK_BY), why) &&
           people_end(&w, go_back(&w, why), why);
}

const struct command command_strategy_back = {
    .name = "strategy back",
    .section = "Strategy and rules",
    .summary = "Go back to a version of a strategy that was in force before.",
    .examples = { "recoup strategy back b2b-invoices 1",
                  "recoup strategy back b2b-invoices 2 --by rosa@fairhaven.example" },
    .target = "NAME VERSION",
    .targets_least = 2,
    .targets_most = 2,
    .options = back_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Nobody else is asked: it was agreed to before. It becomes a version of its own.",
    .run = run_strategy_back,
};

/* ---- versions ------------------------------------------------------------------------------
 */

static bool versions_of(struct call *call, struct store *s, struct publication **all,
                        size_t *count, struct fault *why)
{
    struct publication live;
    const char *text;

    if (!publication_take(s, why) || !publication_versions(s, call->arena, PUBLISHED_STRATEGY,
                                                           call->targets[0], all, count, why))
        return false;
    return *count > 0 || publication_live(s, call->arena, PUBLISHED_STRATEGY, call->targets[0],
                                          &live, &text, why);
}

static void print_versions(struct call *call, const struct publication *all, size_t count)
{
    static const struct table_column columns[] = {
        { "version", "Version", CELL_COUNT }, { "at", "Since", CELL_TEXT },
        { "reason", "Why", CELL_TEXT },       { "path", "File", CELL_TEXT },
        { "digest", NULL, CELL_TEXT },
    };
    struct sheet sheet = { .heading = "The first is in force" };
    struct table *t =
        sheet_table(&sheet, "versions", "Nothing was published: it is as its file says.",
                    COUNT(columns), columns);

    for (size_t i = 0; i < count; i++) {
        char at[INSTANT_TEXT];
        table_count(t, all[i].version);
        table_text(t, arena_copy(call->arena, instant_print(all[i].at, at)));
        table_text(t, all[i].reason);
        table_text(t, all[i].path);
        table_text(t, all[i].digest);
    }
    call_print_sheet(call, &sheet);
    sheet_free(&sheet);
}

static bool run_strategy_versions(struct call *call, struct fault *why)
{
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    struct publication *all;
    size_t count;
    bool done = s != NULL && versions_of(call, s, &all, &count, why);

    if (done)
        print_versions(call, all, count);
    if (s != NULL)
        store_close(s);
    return done;
}

const struct command command_strategy_versions = {
    .name = "strategy versions",
    .section = "Strategy and rules",
    .summary = "List the versions of a strategy that were in force here, the newest first.",
    .examples = { "recoup strategy versions b2b-invoices",
                  "recoup strategy versions b2b-invoices --json" },
    .target = "NAME",
    .targets_least = 1,
    .targets_most = 1,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .run = run_strategy_versions,
};
