/* account: looking at what is on file. */
#include "flow/account.h"

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "domain/decide.h"

enum { LIST_STANDING };

static const struct option list_options[] = {
    [LIST_STANDING] = { OPTION_TEXT, "standing", "NAME",
                        "only these: queued, waiting, blocked, promised, disputed, held, …",
                        "Which accounts", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool standing_is_known(const char *typed, struct fault *why)
{
    const char *names[STANDING_COUNT], *near;

    for (int i = 0; i < STANDING_COUNT; i++) {
        names[i] = standing_name((enum standing)i);
        if (text_equal(names[i], typed))
            return true;
    }
    near = nearest_name(typed, COUNT(names), names);
    fail(why, BAD_USAGE, "No account can stand at \"%s\".", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  --standing %s", near);
    return fault_hint(why,
                      "new, clear, waiting, queued, later, blocked, promised, disputed, held");
}

static bool accounts_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                      struct fault *why)
{
    return account_list(s, filter, out, more, why);
}

static bool run_account_list(struct call *call, struct fault *why)
{
    struct account_filter filter = { call_text(call, LIST_STANDING), call->limit, DAY_NEVER };

    if (filter.standing != NULL && !standing_is_known(filter.standing, why))
        return false;
    if (!call_today(call, &filter.today, why))
        return false;
    return listing_print(call, "accounts", accounts_rows, &filter, why);
}

const struct command command_account_list = {
    .name = "account list",
    .section = "Looking",
    .summary = "List accounts: who, where they stand, what is open.",
    .examples = { "recoup account list --standing blocked",
                  "recoup account list --csv -o accounts.csv" },
    .options = list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .run = run_account_list,
};

static bool print_page(struct call *call, bool timeline, struct fault *why)
{
    const struct zone *zone;
    struct day today;
    struct sheet sheet = { 0 };

    if (!call_zone(call, &zone, why) || !call_today(call, &today, why))
        return false;
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = timeline ? account_timeline(s, call->targets[0], zone, call->limit, &sheet, why)
                         : account_show(s, call->targets[0], zone, today, &sheet, why);
    store_close(s);
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

static bool run_account_show(struct call *call, struct fault *why)
{
    return print_page(call, false, why);
}

const struct command command_account_show = {
    .name = "account show",
    .section = "Looking",
    .summary = "Show one account: debts, payments, promises, holds and wishes, addresses.",
    .examples = { "recoup account show FH-20418", "recoup account show INV-1001 --json" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .traits = ANSWERS_JSON,
    .notes = "ACCOUNT is the reference of the account, or of one of its debts.",
    .run = run_account_show,
};

static bool run_account_timeline(struct call *call, struct fault *why)
{
    return print_page(call, true, why);
}

const struct command command_account_timeline = {
    .name = "account timeline",
    .section = "Looking",
    .summary = "Show what happened to one account, the latest first.",
    .examples = { "recoup account timeline FH-20418",
                  "recoup account timeline FH-20418 --json" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .notes = "A record such as D-17.42 can be asked: recoup explain D-17.42.",
    .run = run_account_timeline,
};
