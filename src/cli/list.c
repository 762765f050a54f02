/* promise list, hold list, dispute list: what stands over all accounts. */
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/holding.h"
#include "cli/listing.h"
#include "flow/account.h"
#include "flow/dispute.h"
#include "flow/typed.h"

/* ---- promise list ----------------------------------------------------------------------- */

enum { LIST_STATE, LIST_DUE };

static const struct option promise_list_options[] = {
    [LIST_STATE] = { OPTION_TEXT, "state", "NAME",
                     "only these: open, kept, partly-kept, broken, withdrawn", "Which promises",
                     false, 0, NULL },
    [LIST_DUE] = { OPTION_TEXT, "due", "WHEN", "due today, in the next week, or on a day", NULL,
                   false, 0, NULL },
    { .kind = OPTION_END },
};

static bool state_typed(struct arena *a, const char *typed, const char **out, struct fault *why)
{
    const char *names[PROMISE_STATES], *near;
    char *name = arena_copy(a, typed);

    for (char *at = name; *at != '\0'; at++)
        *at = *at == '-' ? '_' : *at;
    *out = name;
    for (int i = 0; i < PROMISE_STATES; i++) {
        names[i] = promise_state_name((enum promise_state)i);
        if (text_equal(names[i], name))
            return true;
    }
    near = nearest_name(name, COUNT(names), names);
    fail(why, BAD_USAGE, "No promise can be \"%s\".", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  --state %s", near);
    return fault_hint(why, "open, kept, partly-kept, broken or withdrawn");
}

static bool promise_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                      struct fault *why)
{
    return promise_list(s, filter, out, more, why);
}

/* "today", "week" (the next seven days), or a day. */
static bool due_typed(const struct call *call, struct promise_filter *out, struct fault *why)
{
    const char *typed = call_text(call, LIST_DUE);
    struct day today;

    if (!call_today(call, &today, why))
        return false;
    out->from = out->to = today;
    if (text_equal(typed, "week"))
        out->to = day_plus(today, 6);
    else if (!typed_day(typed, today, &out->from))
        return fail(why, BAD_USAGE, "--due \"%s\" is no day.", typed) ||
               fault_hint(why, "today, week, or a date such as 2026-11-20");
    else
        out->to = out->from;
    return true;
}

static bool run_promise_list(struct call *call, struct fault *why)
{
    struct promise_filter filter = { .limit = call->limit };

    if ((call->given[LIST_STATE].is &&
         !state_typed(call->arena, call_text(call, LIST_STATE), &filter.state, why)) ||
        (call->given[LIST_DUE].is && !due_typed(call, &filter, why)))
        return false;
    return listing_print(call, "promises", promise_rows, &filter, why);
}

const struct command command_promise_list = {
    .name = "promise list",
    .section = "Acting on accounts",
    .summary = "List promises: who, how much, by when, and what became of them.",
    .examples = { "recoup promise list --state open",
                  "recoup promise list --due week --csv -o promises.csv" },
    .options = promise_list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "\"recoup promise\" alone is the same.",
    .run = run_promise_list,
};

/* ---- hold list and dispute list --------------------------------------------------------- */

/* "14d" is "+14d": within that time. */
static bool within_typed(struct call *call, size_t place, struct day *out, struct fault *why)
{
    const char *typed = call_text(call, place);

    if (typed != NULL && typed[0] >= '0' && typed[0] <= '9' &&
        (text_ends(typed, "d") || text_ends(typed, "w")))
        call->given[place].text = arena_print(call->arena, "+%s", typed);
    return call_day(call, place, DAY_NEVER, out, why);
}

static bool hold_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                      struct fault *why)
{
    return hold_list(s, filter, out, more, why);
}

enum { HOLDS_EXPIRING, HOLDS_KIND };

static const struct option hold_list_options[] = {
    [HOLDS_EXPIRING] = { OPTION_DAY, "expiring", "14d", "those that end within that time",
                         "Which holds", false, 0, NULL },
    [HOLDS_KIND] = { OPTION_TEXT, "kind", "NAME", "only holds of this kind", NULL, false, 0,
                     NULL },
    { .kind = OPTION_END },
};

static bool run_hold_list(struct call *call, struct fault *why)
{
    struct hold_filter filter = { .ends_by = INSTANT_NEVER, .limit = call->limit };
    const char *kind = call_text(call, HOLDS_KIND);
    struct day last;

    if (!call_now(call, &filter.now, why) || !call_zone(call, &filter.zone, why) ||
        !within_typed(call, HOLDS_EXPIRING, &last, why) ||
        (kind != NULL && !hold_kind_typed(call->arena, kind, &filter.kind, why)))
        return false;
    if (last.number != DAY_NEVER.number)
        filter.ends_by = day_begins(day_plus(last, 1), filter.zone);
    return listing_print(call, "holds", hold_rows, &filter, why);
}

const struct command command_hold_list = {
    .name = "hold list",
    .section = "Acting on accounts",
    .summary = "List what is held: who, why, until when.",
    .examples = { "recoup hold list --expiring 14d", "recoup hold list --kind hardship --json" },
    .options = hold_list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "\"recoup hold\" alone is the same.",
    .run = run_hold_list,
};

static bool dispute_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                      struct fault *why)
{
    return dispute_list(s, filter, out, more, why);
}

enum { DISPUTES_DUE, DISPUTES_ALL };

static const struct option dispute_list_options[] = {
    [DISPUTES_DUE] = { OPTION_DAY, "due-within", "7d", "those to be answered within that time",
                       "Which disputes", false, 0, NULL },
    [DISPUTES_ALL] = { OPTION_FLAG, "all", NULL, "those that were answered, too", NULL, false, 0,
                       NULL },
    { .kind = OPTION_END },
};

static bool run_dispute_list(struct call *call, struct fault *why)
{
    struct dispute_filter filter = { .state = call->given[DISPUTES_ALL].is ? NULL : "open",
                                     .limit = call->limit };

    return within_typed(call, DISPUTES_DUE, &filter.due, why) &&
           listing_print(call, "disputes", dispute_rows, &filter, why);
}

const struct command command_dispute_list = {
    .name = "dispute list",
    .section = "Acting on accounts",
    .summary = "List open disputes: who, about what, why, and by when to answer.",
    .examples = { "recoup dispute list --due-within 7d", "recoup dispute list --all --csv" },
    .options = dispute_list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "\"recoup dispute\" alone is the same.",
    .run = run_dispute_list,
};

/* ---- fact list and duty list -------------------------------------------------------------- */

static const struct option plain_list_options[] = { { .kind = OPTION_END } };

struct fact_filter {
    const char *account;
    const struct zone *zone;
};

static bool fact_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                      struct fault *why)
{
    const struct fact_filter *facts = filter;

    *more = false;
    return fact_list(s, facts->account, facts->zone, out, why);
}

static bool run_fact_list(struct call *call, struct fault *why)
{
    struct fact_filter filter = { call->targets[0], NULL };

    return call_zone(call, &filter.zone, why) &&
           listing_print(call, "facts", fact_rows, &filter, why);
}

const struct command command_fact_list = {
    .name = "fact list",
    .section = "Acting on accounts",
    .summary = "List what the rules know of one account.",
    .examples = { "recoup fact list FH-20418", "recoup fact list FH-20418 --json" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = plain_list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .run = run_fact_list,
};

enum { DUTY_DUE_BY };

static const struct option duty_list_options[] = {
    [DUTY_DUE_BY] = { OPTION_DAY, "due-by", "DAY", "only what is due up to this day (all)",
                      "Which duties", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool duty_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                      struct fault *why)
{
    return duty_list(s, filter, out, more, why);
}

static bool run_duty_list(struct call *call, struct fault *why)
{
    struct duty_filter filter = { .limit = call->limit };

    return call_now(call, &filter.now, why) &&
           call_day(call, DUTY_DUE_BY, DAY_NEVER, &filter.due_by, why) &&
           listing_print(call, "duties", duty_rows, &filter, why);
}

const struct command command_duty_list = {
    .name = "duty list",
    .section = "Acting on accounts",
    .summary = "List notices that the law wants sent by a day, and those that are overdue.",
    .examples = { "recoup duty list", "recoup duty list --due-by +3d --csv" },
    .options = duty_list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "A message that gives the notice settles the duty; until then an overdue\n"
             "notice stops everything else.",
    .run = run_duty_list,
};
