/* hold and dispute: what keeps a debt from being chased. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/writing.h"

/* A hold or dispute as typed. */
struct stopping {
    enum fact_type type;
    const char *kind;   /* of a hold; NULL for a dispute, and for all kinds */
    const char *reason; /* may be NULL */
    const char *debt_reference;
    int32_t debt;
    struct day first_day; /* DAY_NONE: from now on */
    struct day last_day;
};

static const char *word_of(const struct stopping *s)
{
    return s->type == FACT_DISPUTE ? "dispute" : "hold";
}

/* Kinds are written with "_" in the rules; people may type "-". */
static const char *kind_typed(struct arena *a, const char *typed)
{
    char *kind = typed == NULL ? NULL : arena_copy(a, typed);

    for (char *at = kind; at != NULL && *at != '\0'; at++) {
        if (*at == '-' || *at == ' ')
            *at = '_';
    }
    return kind;
}

static bool is_same(const struct account_fact *fact, const struct stopping *s)
{
    return (s->kind == NULL || text_equal(fact->scope, s->kind)) && fact->debt == s->debt;
}

/* "FH-1, debt INV-7 (Maya Thompson), hardship: lost work" */
static const char *what_is_held(struct writing *w, const struct stopping *s)
{
    struct arena *a = w->call->arena;
    const char *whole = w->account.reference;

    if (s->debt_reference != NULL)
        whole = arena_print(a, "%s, debt %s", whole, s->debt_reference);
    whole = arena_print(a, "%s (%s), %s", whole, w->account.name,
                        s->kind == NULL ? "disputed" : s->kind);
    return s->reason == NULL ? whole : arena_print(a, "%s: %s", whole, s->reason);
}

static const char *end_of(struct writing *w, const struct stopping *s)
{
    if (s->type == FACT_DISPUTE)
        return "it is closed";
    if (s->last_day.number >= DAY_NEVER.number)
        return "it is lifted";
    return arena_print(w->call->arena, "%s is over", show_day(w->call->arena, s->last_day));
}

static void print_stop(struct writing *w, const struct stopping *s, bool already)
{
    struct arena *a = w->call->arena;
    const char *ref = w->account.reference;
    struct receipt r;

    receipt_begin(&r, w->call, s->type == FACT_DISPUTE ? "dispute open" : "hold place");
    receipt_account(&r, w);
    if (already)
        receipt_already(&r, w,
                        arena_print(a, "%s%s%s", s->kind == NULL ? "" : s->kind,
                                    s->kind == NULL ? "" : " ", word_of(s)));
    else
        receipt_line(&r, "%s %s %s. Nothing asks for money until %s.",
                     sign_of(w->call, SIGN_HELD), writing_verb(w, "Held:", "Would hold:"),
                     what_is_held(w, s), end_of(w, s));
    receipt_field(&r, "kind", s->kind);
    receipt_field(&r, "reason", s->reason);
    receipt_day(&r, "last_day", s->last_day);
    receipt_undo(&r, s->type == FACT_DISPUTE
                         ? arena_print(a, "recoup dispute close %s", ref)
                         : arena_print(a, "recoup hold lift %s --kind %s", ref, s->kind));
    receipt_end(&r);
}

/* Adds the fact; one that is there already gets the new last day. */
static bool place_stop(struct writing *w, const struct stopping *s, struct fault *why)
{
    struct account_fact *facts;
    struct instant until = end_of_day(w, s->last_day);
    size_t count;

    if (!account_facts(&w->book, &w->account, s->type, w->book.now, &facts, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!is_same(&facts[i], s))
            continue;
        bool already = facts[i].until.us == until.us;
        if (!already && !book_fact_end(&w->book, w->account.key, facts[i].number, until, why))
            return false;
        print_stop(w, s, already);
        return true;
    }
    struct gate_fact fact = { .type = s->type,
                              .debt = s->debt,
                              .at = s->first_day.number == DAY_NONE.number ||
                                            s->first_day.number == w->today.number
                                        ? w->book.now
                                        : day_begins(s->first_day, w->book.zone),
                              .until = until,
                              .scope = s->kind,
                              .value = s->reason };
    if (!book_fact_add(&w->book, w->account.key, &fact, "command line", NULL, why))
        return false;
    print_stop(w, s, false);
    return true;
}

static void print_lift(struct writing *w, const struct stopping *s, int64_t ended)
{
    struct arena *a = w->call->arena;
    struct receipt r;

    receipt_begin(&r, w->call, s->type == FACT_DISPUTE ? "dispute close" : "hold lift");
    receipt_account(&r, w);
    if (ended == 0)
        receipt_line(&r, "Nothing to do: no such %s of %s is open.", word_of(s),
                     w->account.reference);
    else
        receipt_line(
            &r, "%s %s of %s (%s). The next cycle looks at it again.",
            writing_verb(w, "Ended", "Would end"),
            show_many(a, ended, word_of(s), s->type == FACT_DISPUTE ? "disputes" : "holds"),
            w->account.reference, w->account.name);
    receipt_count(&r, "ended", ended);
    receipt_end(&r);
}

static bool lift_stop(struct writing *w, const struct stopping *s, struct fault *why)
{
    struct account_fact *facts;
    size_t count;
    int64_t ended = 0;

    if (!account_facts(&w->book, &w->account, s->type, w->book.now, &facts, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool of_debt = s->debt == 0 || facts[i].debt == s->debt;
        if (!of_debt || (s->kind != NULL && !text_equal(facts[i].scope, s->kind)))
            continue;
        if (!book_fact_end(&w->book, w->account.key, facts[i].number, w->book.now, why))
            return false;
        ended++;
    }
    print_lift(w, s, ended);
    return true;
}

/* ---- hold ------------------------------------------------------------------------------- */

enum { HOLD_KIND, HOLD_DEBT, HOLD_REASON, HOLD_UNTIL };

static const struct option hold_place_options[] = {
    [HOLD_KIND] = { OPTION_TEXT, "kind", "NAME",
                    "hardship, legal, breathing-space, deceased, identity-theft, review, …",
                    "What is held", true, 0, NULL },
    [HOLD_DEBT] = { OPTION_TEXT, "debt", "REF", "this debt alone (all debts)", NULL, false, 0,
                    NULL },
    [HOLD_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", "Why and how long",
                      false, 0, NULL },
    [HOLD_UNTIL] = { OPTION_DAY, "until", "DAY", "the last day (until it is lifted)", NULL,
                     false, 0, NULL },
    { .kind = OPTION_END },
};

static const struct option hold_lift_options[] = {
    [HOLD_KIND] = { OPTION_TEXT, "kind", "NAME", "only holds of this kind", "Which holds",
                    false, 0, NULL },
    [HOLD_DEBT] = { OPTION_TEXT, "debt", "REF", "only holds on this debt", NULL, false, 0,
                    NULL },
    { .kind = OPTION_END },
};

static bool read_hold(struct writing *w, struct stopping *s, struct fault *why)
{
    const struct call *call = w->call;

    *s = (struct stopping){ .type = FACT_HOLD,
                            .kind = kind_typed(call->arena, call_text(call, HOLD_KIND)),
                            .debt_reference = call_text(call, HOLD_DEBT),
                            .first_day = DAY_NONE,
                            .last_day = DAY_NEVER };
    return account_debt(&w->book, &w->account, s->debt_reference, &s->debt, why);
}

static bool run_hold_place(struct call *call, struct fault *why)
{
    struct writing w;
    struct stopping s;

    if (!writing_begin(&w, call, why))
        return false;
    bool done =
        read_hold(&w, &s, why) && call_day(call, HOLD_UNTIL, DAY_NEVER, &s.last_day, why);
    s.reason = call_text(call, HOLD_REASON);
    if (done && s.last_day.number < w.today.number)
        done = fail(why, BAD_USAGE, "--until %s is past already.",
                    show_day(call->arena, s.last_day));
    return writing_end(&w, done && place_stop(&w, &s, why), why);
}

static bool run_hold_lift(struct call *call, struct fault *why)
{
    struct writing w;
    struct stopping s;

    return writing_begin(&w, call, why) &&
           writing_end(&w, read_hold(&w, &s, why) && lift_stop(&w, &s, why), why);
}

const struct command command_hold_place = {
    .name = "hold place",
    .section = "Acting on accounts",
    .summary = "Pause everything that asks for money.",
    .examples = { "recoup hold place FH-20418 --kind hardship --until +30d --reason \"lost "
                  "work\"",
                  "recoup hold place FH-20418 --kind legal --debt INV-1001" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = hold_place_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup hold lift",
    .run = run_hold_place,
};

const struct command command_hold_lift = {
    .name = "hold lift",
    .section = "Acting on accounts",
    .summary = "End a pause.",
    .examples = { "recoup hold lift FH-20418 --kind hardship", "recoup hold lift FH-20418" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = hold_lift_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup hold place",
    .run = run_hold_lift,
};

/* ---- dispute ---------------------------------------------------------------------------- */

enum { DISPUTE_DEBT, DISPUTE_REASON, DISPUTE_RECEIVED };

static const struct option dispute_open_options[] = {
    [DISPUTE_DEBT] = { OPTION_TEXT, "debt", "REF", "this debt alone (all debts)",
                       "What is disputed", false, 0, NULL },
    [DISPUTE_REASON] = { OPTION_TEXT, "reason", "TEXT",
                         "not-mine, amount, paid, service, identity-theft, or their words",
                         NULL, true, 0, NULL },
    [DISPUTE_RECEIVED] = { OPTION_DAY, "received", "DAY", "when it reached us (today)", NULL,
                           false, 0, NULL },
    { .kind = OPTION_END },
};

static const struct option dispute_close_options[] = {
    [DISPUTE_DEBT] = { OPTION_TEXT, "debt", "REF", "only disputes of this debt",
                       "Which dispute", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool read_dispute(struct writing *w, struct stopping *s, struct fault *why)
{
    const struct call *call = w->call;

    *s = (struct stopping){ .type = FACT_DISPUTE,
                            .debt_reference = call_text(call, DISPUTE_DEBT),
                            .first_day = DAY_NONE,
                            .last_day = DAY_NEVER };
    return account_debt(&w->book, &w->account, s->debt_reference, &s->debt, why);
}

static bool run_dispute_open(struct call *call, struct fault *why)
{
    struct writing w;
    struct stopping s;

    if (!writing_begin(&w, call, why))
        return false;
    bool done = read_dispute(&w, &s, why) &&
                call_day(call, DISPUTE_RECEIVED, w.today, &s.first_day, why);
    s.reason = call_text(call, DISPUTE_REASON);
    if (done && s.first_day.number > w.today.number)
        done = fail(why, BAD_USAGE, "--received %s is not here yet.",
                    show_day(call->arena, s.first_day));
    return writing_end(&w, done && place_stop(&w, &s, why), why);
}

static bool run_dispute_close(struct call *call, struct fault *why)
{
    struct writing w;
    struct stopping s;

    return writing_begin(&w, call, why) &&
           writing_end(&w, read_dispute(&w, &s, why) && lift_stop(&w, &s, why), why);
}

const struct command command_dispute_open = {
    .name = "dispute open",
    .section = "Acting on accounts",
    .summary = "Note that a debt is disputed; collection of it stops.",
    .examples = { "recoup dispute open FH-19903 --reason paid",
                  "recoup dispute open FH-19903 --reason \"goods came broken\" --debt INV-7" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = dispute_open_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup dispute close",
    .run = run_dispute_open,
};

const struct command command_dispute_close = {
    .name = "dispute close",
    .section = "Acting on accounts",
    .summary = "Note that a dispute was settled.",
    .examples = { "recoup dispute close FH-19903",
                  "recoup dispute close FH-19903 --debt INV-7" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = dispute_close_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup dispute open",
    .run = run_dispute_close,
};
