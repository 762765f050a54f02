/* import: files of invoices, payments, accounts and contacts. */
#include "flow/import.h"

#include "base/text.h"
#include "cli/call.h"
#include "cli/commands.h"

#include <string.h>
#include <unistd.h>

enum { IMPORT_MAP, IMPORT_CREDITOR, IMPORT_CHECK, IMPORT_REJECTS, IMPORT_MAX_REJECTS };

enum { ASK_FROM_ROWS = 1000 };

static const struct option import_options[] = {
    [IMPORT_MAP] = { OPTION_TEXT, "map", "MAP",
                     "which column means what: a name from maps/, or a file", "How it is read",
                     true, 0, NULL },
    [IMPORT_CREDITOR] = { OPTION_TEXT, "creditor", "NAME",
                          "whose debts these are (as the map says)", NULL, false, 0, "client" },
    [IMPORT_CHECK] = { OPTION_FLAG, "check", NULL,
                       "read and report, keep nothing; also --dry-run", "What is kept", false,
                       0, NULL },
    [IMPORT_REJECTS] = { OPTION_TEXT, "rejects", "FILE",
                         "rows not taken, with reasons (FILE.rejects.csv)", NULL, false, 0,
                         NULL },
    [IMPORT_MAX_REJECTS] = { OPTION_TEXT, "max-rejects", "N|PCT",
                             "with more than this, 20 or 5%, nothing is kept (1%)", NULL,
                             false, 0, NULL },
    { .kind = OPTION_END },
};

struct import_bar {
    const struct call *call;
    int last;
};

static void draw_bar(void *self, const struct import_progress *progress)
{
    struct import_bar *bar = self;

    if (!bar->call->quiet && (progress->seconds > 0.5 || bar->last > 0))
        import_progress_print(stderr, progress, isatty(STDERR_FILENO), &bar->last);
}

/* A check tells of every row; what is kept is asked as the console asks it. */
static bool take_limit(const struct call *call, struct import_request *request,
                       struct fault *why)
{
    const char *text = call_text(call, IMPORT_MAX_REJECTS);

    request->max_rejects = request->check ? -1 : IMPORT_MAX_PERCENT;
    request->max_is_percent = true;
    if (text == NULL)
        return true;
    request->max_is_percent = text_ends(text, "%");
    const char *digits =
        arena_copy_n(call->arena, text, strlen(text) - (request->max_is_percent ? 1 : 0));
    if (text_to_int(digits, &request->max_rejects) && request->max_rejects >= 0)
        return true;
    fail(why, BAD_USAGE, "--max-rejects takes a number or a percentage, and \"%s\" is none.",
         text);
    return fault_hint(why, "--max-rejects 20, or --max-rejects 1%%");
}

/* The report is printed also when the file was refused: it says which rows were to blame. */
static bool import_once(struct call *call, const struct import_request *request, bool print,
                        int64_t *taken, struct fault *why)
{
    struct import_report *report = arena_make(call->arena, struct import_report);
    bool done = import_file(request, report, why);

    if (done && print) {
        if (!call->quiet || call->format == FORMAT_JSON)
            import_report_print(call->out, report, call->format == FORMAT_JSON);
        call->exit = (enum exit_code)import_exit_code(report);
    } else if (!done && print && report->rejected > 0 && call->format != FORMAT_JSON) {
        import_report_print(stderr, report, false);
    }
    *taken = report->added + report->updated;
    import_report_free(report);
    return done;
}

/* Somebody who types is shown the size of it first; a script knows what it does. */
static bool is_agreed(struct call *call, struct import_request request, bool *yes,
                      struct fault *why)
{
    int64_t taken;

    *yes = true;
    if (request.check || call->global[GLOBAL_YES].is || call->global[GLOBAL_NO_INPUT].is ||
        !isatty(STDIN_FILENO))
        return true;
    request.check = true;
    if (!import_once(call, &request, false, &taken, why))
        return why->code == TOO_MANY_REJECTS; /* the run that follows says so, and writes them */
    if (taken <= ASK_FROM_ROWS)
        return true;
    return call_agree(call,
                      arena_print(call->arena, "%s will be added or changed. Go ahead?",
                                  show_many(call->arena, taken, "row", "rows")),
                      yes, why);
}

static bool import_into(struct call *call, struct import_request *request, struct fault *why)
{
    int64_t taken;
    bool yes;

    if (!is_agreed(call, *request, &yes, why))
        return false;
    if (!yes) {
        call_tell(call, "Nothing was changed.\n");
        call->exit = EXIT_DECLINED;
        return true;
    }
    return import_once(call, request, true, &taken, why);
}

static bool run_import(struct call *call, struct fault *why)
{
    struct import_bar bar = { .call = call };
    struct book book;
    struct import_request request = {
        .book = &book,
        .path = call->targets[0],
        .map = call_text(call, IMPORT_MAP),
        .kind = strchr(call->command->name, ' ') + 1,
        .creditor = call_text(call, IMPORT_CREDITOR),
        .rejects = call_text(call, IMPORT_REJECTS),
        .check = call->given[IMPORT_CHECK].is || call->global[GLOBAL_DRY_RUN].is,
        .progress = draw_bar,
        .self = &bar,
    };
    struct instant now;

    if (!take_limit(call, &request, why) || !call_now(call, &now, why) ||
        !book_open(&book, call->settings.db.value, now, why))
        return false;
    request.stop = call_stop_signal();
    bool done = import_into(call, &request, why);
    book_close(&book);
    return done;
}

static const char notes[] =
    "One file is one transaction. The same file again changes nothing; a later version of it\n"
    "brings the book to the new state. With more than one row in a hundred that cannot be taken\n"
    "nothing is kept, exit code 5: the columns are rather wrong than a row. Exit code 9 when some\n"
    "rows were not taken, 8 when --check found something. Rows that were not taken are written\n"
    "down in each case. How to write a map: docs/maps.md";

#define IMPORT(kind, what, first, second)                                                      \
    const struct command command_import_##kind = {                                             \
        .name = "import " #kind,                                                               \
        .section = "Getting going",                                                            \
        .summary = what,                                                                       \
        .examples = { first, second },                                                         \
        .target = "FILE",                                                                      \
        .targets_least = 1,                                                                    \
        .targets_most = 1,                                                                     \
        .options = import_options,                                                             \
        .traits = ANSWERS_JSON | ACTS | DRY_RUNS,                                              \
        .notes = notes,                                                                        \
        .run = run_import,                                                                     \
    }

IMPORT(invoices, "Take in a file of invoices, with the debtors they name.",
       "recoup import invoices invoices.csv --map sales-ledger --check",
       "recoup import invoices invoices.csv --map sales-ledger --rejects fix-me.csv -y");
IMPORT(payments, "Take in a file of payments, and what they pay.",
       "recoup import payments bank.csv --map bank",
       "recoup import payments bank.csv --map bank --max-rejects 5% --json");
IMPORT(accounts, "Take in a file of accounts placed for collection.",
       "recoup import accounts placed.csv --map placements --creditor bluebird --check",
       "recoup import accounts placed.csv --map placements --creditor bluebird -y");
IMPORT(contacts, "Take in a file of names and addresses.",
       "recoup import contacts addresses.csv --map addresses --check",
       "recoup import contacts addresses.csv --map addresses -y");
