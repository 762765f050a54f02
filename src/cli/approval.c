/* approval: what waits for the agreement of a second person. */
#include "flow/approval.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/people.h"

#define APPROVAL_SECTION "People and access"

static struct approver approver_named(const struct people *w, const struct user *user)
{
    return approver_of(user, role_find(w->roles, user->role));
}

/* ---- list ---------------------------------------------------------------------------------- */

static bool items_read(struct call *call, struct approval_item **items, size_t *count,
                       const struct zone **zone, struct fault *why)
{
    /* The command line sees all that waits, as somebody who could decide any of it. */
    const struct approver all = { .name = "", .authority = "", .can = PERMISSIONS_ALL };
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    const struct roles *roles = roles_load(call->arena, why);
    struct instant now;
    bool done = s != NULL && roles != NULL && call_now(call, &now, why) &&
                call_zone(call, zone, why) && store_read_begin(s, why);

    if (done) {
        done = approval_items(s, call->arena, roles, *zone, now, &all, items, count, why);
        store_read_end(s);
    }
    store_close(s);
    return done;
}

static bool run_approval_list(struct call *call, struct fault *why)
{
    static const struct table_column columns[] = {
        { "approval", "Approval", CELL_TEXT }, { "kind", "Kind", CELL_TEXT },
        { "what", "What", CELL_TEXT },         { "asked_by", "Asked by", CELL_TEXT },
        { "asked_at", "Since", CELL_TEXT },    { "reason", "Reason", CELL_TEXT },
        { "subject", NULL, CELL_TEXT },        { "rule", NULL, CELL_TEXT },
        { "told", NULL, CELL_TEXT },
    };
    struct sheet sheet = { .heading = "Waiting for a second person" };
    struct table *t = sheet_table(&sheet, "approvals", "Nothing waits.", COUNT(columns), columns);
    struct approval_item *items;
    const struct zone *zone;
    char text[INSTANT_TEXT];
    size_t count = 0;
    bool done = items_read(call, &items, &count, &zone, why);

    for (size_t i = 0; done && i < count; i++) {
        const struct approval_item *item = &items[i];
        table_text(t, item->id);
        table_text(t, approval_name(item->kind));
        table_text(t, item->tale.what);
        table_text(t, item->asked_name);
        table_text(t, call->format == FORMAT_PEOPLE
                          ? show_instant(call->arena, item->asked_at, zone)
                          : instant_print(item->asked_at, text));
        table_text(t, item->reason);
        table_text(t, item->subject);
        table_text(t, item->tale.rule);
        table_text(t, item->tale.told);
    }
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

const struct command command_approval_list = {
    .name = "approval list",
    .section = APPROVAL_SECTION,
    .summary = "List what waits for the agreement of a second person.",
    .examples = { "recoup approval list", "recoup approval list --json" },
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .run = run_approval_list,
};

/* ---- approve, decline ---------------------------------------------------------------------- */

enum { DECIDE_BY, DECIDE_REASON };

static const struct option approve_options[] = {
    [DECIDE_BY] = { OPTION_TEXT, "by", "EMAIL", "who agrees: another person than who asked",
                    "Who, and why", true, 0, NULL },
    [DECIDE_REASON] = { OPTION_TEXT, "reason", "TEXT", "a sentence for who asked", NULL, false, 0,
                        NULL },
    { .kind = OPTION_END },
};

static const struct option decline_options[] = {
    [DECIDE_BY] = { OPTION_TEXT, "by", "EMAIL", "who declines", "Who, and why", true, 0, NULL },
    [DECIDE_REASON] = { OPTION_TEXT, "reason", "TEXT", "a sentence for who asked", NULL, true, 0,
                        NULL },
    { .kind = OPTION_END },
};

static bool decide(struct people *w, bool agrees, struct fault *why)
{
    struct call *call = w->call;
    struct approver by = approver_named(w, &w->by);
    const char *done;
    struct receipt r;

    if (w->by.state != USER_ACTIVE)
        return fail(why, NOT_ALLOWED, "%s is not active here.", w->by.email);
    if (!approval_answer(&w->book, w->roles, call->targets[0], &by, agrees,
                         call_text(call, DECIDE_REASON), &done, why))
        return false;
    receipt_begin(&r, call, call->command->name);
    receipt_line(&r, "%s%s", people_verb(w, "", "Would be: "), done);
    receipt_field(&r, "approval", call->targets[0]);
    receipt_field(&r, "answer", agrees ? "approved" : "declined");
    receipt_field(&r, "words", done);
    receipt_end(&r);
    return true;
}

static bool run_decision(struct call *call, bool agrees, struct fault *why)
{
    struct people w;

    return people_begin(&w, call, call_text(call, DECIDE_BY), why) &&
           people_end(&w, decide(&w, agrees, why), why);
}

static bool run_approval_approve(struct call *call, struct fault *why)
{
    return run_decision(call, true, why);
}

static bool run_approval_decline(struct call *call, struct fault *why)
{
    return run_decision(call, false, why);
}

const struct command command_approval_approve = {
    .name = "approval approve",
    .section = APPROVAL_SECTION,
    .summary = "Agree to what somebody asked for; it is done at once.",
    .examples = { "recoup approval approve 7 --by rosa@fairhaven.example",
                  "recoup approval approve 7 --by rosa@fairhaven.example --reason \"as agreed\"" },
    .target = "APPROVAL",
    .targets_least = 1,
    .targets_most = 1,
    .options = approve_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Nobody agrees to what they asked for themselves. When what it is about has changed\n"
             "since, nothing is done (exit 7).",
    .run = run_approval_approve,
};

const struct command command_approval_decline = {
    .name = "approval decline",
    .section = APPROVAL_SECTION,
    .summary = "Say no to what somebody asked for.",
    .examples = { "recoup approval decline 7 --by rosa@fairhaven.example --reason \"too little\"",
                  "recoup approval decline 7 --by rosa@fairhaven.example --reason \"ask again in May\" "
                  "--json" },
    .target = "APPROVAL",
    .targets_least = 1,
    .targets_most = 1,
    .options = decline_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .run = run_approval_decline,
};
