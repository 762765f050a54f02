/* plan: payment plans, proposed, agreed, changed. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/writing.h"
#include "flow/agreement_letter.h"
#include "flow/plan_ask.h"

enum { CURE_DAYS = 10, NOTICE_DAYS = 10, FIRST_DAYS = 14 };

/* ---- Words --------------------------------------------------------------------------------- */

static const char *once_of(const struct writing *w)
{
    const struct given *key = &w->call->global[GLOBAL_KEY];

    return key->is ? key->text : NULL;
}

static bool plan_typed(struct writing *w, size_t place, int32_t *number, struct fault *why)
{
    if (!w->call->given[place].is)
        return plan_standing(w->book.store, w->account.key, number, why);
    *number = (int32_t)call_int(w->call, place, 0);
    return true;
}

static const char *items_told(struct arena *a, const struct held_plan *plan)
{
    const struct held_item *last = &plan->items[plan->item_count - 1];
    struct money first = money_of(plan->items[0].minor, plan->is.currency);

    if (plan->item_count == 1)
        return arena_print(a, "%s on %s", show_money(a, first), show_day(a, last->due_day));
    return arena_print(a, "%s in %s, the first %s on %s, the last %s on %s",
                       show_money(a, money_of(plan->is.total_minor, plan->is.currency)),
                       show_many(a, (int64_t)plan->item_count, "payment", "payments"),
                       show_money(a, first), show_day(a, plan->items[0].due_day),
                       show_money(a, money_of(last->minor, plan->is.currency)),
                       show_day(a, last->due_day));
}

static void receipt_plan(struct receipt *r, const struct held_plan *plan)
{
    receipt_count(r, "plan", plan->is.number);
    receipt_field(r, "state", plan_state_name(plan->is.state));
    receipt_count(r, "version", plan->version);
    receipt_money(r, "total", money_of(plan->is.total_minor, plan->is.currency));
    receipt_count(r, "payments", (int64_t)plan->item_count);
    receipt_day(r, "first", plan->items[0].due_day);
    receipt_day(r, "last", plan->items[plan->item_count - 1].due_day);
}

static bool print_plan(struct writing *w, const char *done, int32_t number, const char *verb,
                       enum change change, const char *undo, const char *rest,
                       struct fault *why)
{
    struct arena *a = w->call->arena;
    struct held_plan plan;
    struct receipt r;

    if (!plan_get(w->book.store, a, w->account.key, number, &plan, why))
        return false;
    const char *what = arena_print(a, "plan %d: %s", (int)number, items_told(a, &plan));
    receipt_begin(&r, w->call, done);
    receipt_account(&r, w);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, what);
    else
        receipt_line(&r, "%s %s, with %s (%s).", verb, what, w->account.reference,
                     w->account.name);
    receipt_plan(&r, &plan);
    if (undo != NULL)
        receipt_undo(&r, arena_print(a, "recoup plan %s %s --plan %d%s", undo,
                                     w->account.reference, (int)number, rest));
    receipt_end(&r);
    return true;
}

/* ---- plan propose, plan create -------------------------------------------------------------- */

#define WISHES                                                                                 \
    [WISH_AMOUNT] = { OPTION_MONEY, "amount", "MONEY", "each payment", "What to pay", false, 0, \
                      NULL },                                                                  \
    [WISH_MONTHS] = { OPTION_INT, "months", "N", "or: spread over N months", NULL, false, 0,   \
                      NULL },                                                                  \
    [WISH_EVERY] = { OPTION_TEXT, "every", "WHEN",                                             \
                     "weekly, 2weeks, month, \"month on last friday\", dates, … (month)", NULL, \
                     false, 0, NULL },                                                         \
    [WISH_FIRST] = { OPTION_DAY, "first-date", "DAY", "first payment (in two weeks)", NULL,    \
                     false, 0, NULL },                                                         \
    [WISH_DOWN] = { OPTION_MONEY, "down", "MONEY", "paid today, before the others", NULL, false, \
                    0, NULL },                                                                 \
    [WISH_DEBT] = { OPTION_TEXT, "debt", "REF", "for this debt alone (all debts)", NULL, false, \
                    0, NULL },                                                                 \
    [WISH_ROLE] = { OPTION_TEXT, "role", "ROLE", "who grants it (collector)", "Who says so",   \
                    false, 0, NULL },                                                          \
    [WISH_PAYDAY] = { OPTION_TEXT, "payday", "WHEN",                                           \
                      "friday, 25, \"1,15\" or a schedule: they pay just after it",            \
                      "What they have", false, 0, NULL },                                      \
    [WISH_NEXT] = { OPTION_DAY, "next-payday", "DAY", "where paydays are weeks apart", NULL,   \
                    false, 0, NULL },                                                          \
    [WISH_SPARE] = { OPTION_MONEY, "spare", "MONEY", "what they can spare", NULL, false, 0,    \
                     NULL },                                                                   \
    [WISH_INCOME] = { OPTION_MONEY, "income", "MONEY", "or: what comes in …", NULL, false, 0,  \
                      NULL },                                                                  \
    [WISH_EXPENSES] = { OPTION_MONEY, "expenses", "MONEY", "… and goes out", NULL, false, 0,   \
                        NULL },                                                                \
    [WISH_PERIOD] = { OPTION_TEXT, "spare-every", "PERIOD",                                    \
                      "week, 2weeks, 4weeks or month: of the above (month)", NULL, false, 0,   \
                      NULL }

enum {
    WISH_AMOUNT,
    WISH_MONTHS,
    WISH_EVERY,
    WISH_FIRST,
    WISH_DOWN,
    WISH_DEBT,
    WISH_ROLE,
    WISH_PAYDAY,
    WISH_NEXT,
    WISH_SPARE,
    WISH_INCOME,
    WISH_EXPENSES,
    WISH_PERIOD,
    CREATE_PLAN,
    CREATE_BY,
    CREATE_RUNS,
    CREATE_CURE,
    CREATE_AUTOPAY,
    CREATE_NOTICE,
    CREATE_AGREED,
    CREATE_EVIDENCE,
    CREATE_REASON,
    CREATE_REPLACES
};

static const struct option propose_options[] = { WISHES, { .kind = OPTION_END } };

static const struct option create_options[] = {
    WISHES,
    [CREATE_PLAN] = { OPTION_INT, "plan", "N",
                      "the Nth that plan propose lists for the same words", NULL, false, 0, NULL },
    [CREATE_BY] = { OPTION_TEXT, "by", "NAME",
                    "who agreed it with them; an address: that user, who grants it", NULL, false,
                    0, NULL },
    [CREATE_RUNS] = { OPTION_FLAG, "interest-runs", NULL,
                      "interest goes on (it is frozen while the plan stands)", "Terms", false, 0,
                      NULL },
    [CREATE_CURE] = { OPTION_INT, "cure-days", "N", "to catch up a missed payment (10)", NULL,
                      false, 0, NULL },
    [CREATE_AUTOPAY] = { OPTION_TEXT, "autopay", "MANDATE", "debited, such as \"sepa …4411\"",
                         NULL, false, 0, NULL },
    [CREATE_NOTICE] = { OPTION_INT, "notice-days", "N", "a debit is announced before (10)", NULL,
                        false, 0, NULL },
    [CREATE_AGREED] = { OPTION_TEXT, "agreed-by", "CHANNEL", "portal, phone, letter, …",
                        "How it was agreed", false, 0, NULL },
    [CREATE_EVIDENCE] = { OPTION_TEXT, "evidence", "ID", "recording or scan that shows it", NULL,
                          false, 0, NULL },
    [CREATE_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", NULL, false, 0,
                        NULL },
    [CREATE_REPLACES] = { OPTION_INT, "replaces", "PLAN", "a plan that ends by this one", NULL,
                          false, 0, NULL },
    { .kind = OPTION_END },
};

static bool amount_typed(struct writing *w, size_t place, enum currency currency, int64_t *minor,
                        struct fault *why)
{
    struct money money;

    *minor = 0;
    if (!w->call->given[place].is)
        return true;
    if (!call_money(w->call, place, currency, &money, why))
        return false;
    *minor = money.minor;
    return true;
}

static bool debts_typed(struct writing *w, size_t place, struct debt_set *out,
                        enum currency *currency, struct fault *why)
{
    int32_t *debt = arena_make(&w->book.arena, int32_t);

    if (!account_debt(&w->book, &w->account, call_text(w->call, place), debt, why) ||
        !account_currency(&w->book, &w->account, *debt, currency, why))
        return false;
    *out = (struct debt_set){ *debt != 0, debt };
    return *currency != CURRENCY_NONE ||
           fail(why, BAD_USAGE, "They owe in several currencies: say which debt, by --debt.");
}

static const char *role_typed(const struct call *call, size_t place)
{
    return call->given[place].is ? call_text(call, place) : "collector";
}

/* What they have: paydays, and what they can spare. */
static bool means_typed(struct writing *w, struct plan_wish *out, struct fault *why)
{
    const struct call *call = w->call;
    const char *period = call_text(call, WISH_PERIOD);
    int64_t income, expenses;

    out->payday = call_text(call, WISH_PAYDAY);
    out->spare_period = PERIOD_MONTH;
    if (period != NULL && !plan_period_parse(period, &out->spare_period))
        return fail(why, BAD_USAGE, "--spare-every is week, 2weeks, 4weeks or month.");
    if (!amount_typed(w, WISH_SPARE, out->currency, &out->spare_minor, why) ||
        !amount_typed(w, WISH_INCOME, out->currency, &income, why) ||
        !amount_typed(w, WISH_EXPENSES, out->currency, &expenses, why) ||
        !call_day(call, WISH_NEXT, DAY_NONE, &out->payday_known, why))
        return false;
    if (!call->given[WISH_INCOME].is)
        return !call->given[WISH_EXPENSES].is ||
               fail(why, BAD_USAGE, "--expenses needs --income.");
    if (call->given[WISH_SPARE].is)
        return fail(why, BAD_USAGE, "Say --spare, or --income and --expenses.");
    out->spare_minor = plan_spare(income, expenses);
    return out->spare_minor > 0 ||
           fail(why, BAD_VALUE, "Nothing is left of their income to pay with.");
}

static bool wish_typed(struct writing *w, struct plan_wish *out, struct fault *why)
{
    const struct call *call = w->call;

    *out = (struct plan_wish){ .role = role_typed(call, WISH_ROLE),
                               .asked_months = (int)call_int(call, WISH_MONTHS, 0),
                               .asked_every = call_text(call, WISH_EVERY) };
    return debts_typed(w, WISH_DEBT, &out->debts, &out->currency, why) &&
           amount_typed(w, WISH_AMOUNT, out->currency, &out->asked_minor, why) &&
           amount_typed(w, WISH_DOWN, out->currency, &out->down_minor, why) &&
           means_typed(w, out, why) &&
           call_day(call, WISH_FIRST, day_plus(w->today, FIRST_DAYS), &out->first_day, why) &&
           (out->first_day.number >= w->today.number ||
            fail(why, BAD_USAGE, "--first-date %s is past already.",
                 show_day(call->arena, out->first_day)));
}

static bool propose(struct writing *w, struct fault *why)
{
    struct sheet sheet = { 0 };
    struct plan_wish wish;
    struct proposed made;

    if (!wish_typed(w, &wish, why) ||
        !plan_propose(&w->book, w->account.key, &wish, &made, why))
        return false;
    proposed_sheet(&made, &sheet);
    call_print_sheet(w->call, &sheet);
    sheet_free(&sheet);
    return true;
}

static bool run_plan_propose(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, propose(&w, why), why);
}

const struct command command_plan_propose = {
    .name = "plan propose",
    .section = "Acting on accounts",
    .summary = "Say which payment plans would do, and why others won't.",
    .examples = { "recoup plan propose FH-20418 --amount 185 --first-date 2026-12-04",
                  "recoup plan propose FH-20418 --spare 60 --spare-every week --payday friday" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = propose_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .notes = "Nothing is saved. Who may grant what: authority/house.yaml",
    .run = run_plan_propose,
};

static struct plan_input terms_typed(struct writing *w, const struct plan_wish *wish,
                                     const char *author)
{
    const struct call *call = w->call;

    return (struct plan_input){ .currency = wish->currency,
                                .debts = wish->debts,
                                .interest_frozen = !call->given[CREATE_RUNS].is,
                                .cure_days = (int)call_int(call, CREATE_CURE, CURE_DAYS),
                                .autopay = call_text(call, CREATE_AUTOPAY),
                                .notice_days = (int)call_int(call, CREATE_NOTICE, NOTICE_DAYS),
                                .agreed_by = call_text(call, CREATE_AGREED),
                                .evidence = call_text(call, CREATE_EVIDENCE),
                                .author = author,
                                .reason = call_text(call, CREATE_REASON),
                                .replaces = (int32_t)call_int(call, CREATE_REPLACES, 0) };
}

/* Beyond what the role may grant: *beyond, with the items that somebody else has to agree to. */
static bool terms_chosen(struct writing *w, const struct plan_wish *wish, const char *author,
                         int64_t place, struct plan_input *in, bool *beyond,
                         struct fault *why)
{
    struct proposed made;
    struct fault refused = { 0 };

    *in = terms_typed(w, wish, author);
    if (!plan_propose(&w->book, w->account.key, wish, &made, why))
        return false;
    if (plan_chosen_at(&w->book, &made, place, in, &refused))
        return true;
    if (refused.code == NOT_ALLOWED && place == 0 &&
        !plan_beyond(&w->book, w->account.key, wish, &made, beyond, why))
        return false;
    if (*beyond)
        return plan_chosen(&w->book, &made, in, why);
    *why = refused;
    return false;
}

static bool create_asked(struct writing *w, const struct plan_wish *wish,
                         const struct asker *asker, const struct plan_input *in,
                         struct fault *why)
{
    struct asking asking;
    struct receipt r;

    if (!plan_ask(&w->book, &w->account, in, wish->down_minor > 0, once_of(w), asker, &asking,
                  why))
        return false;
    receipt_begin(&r, w->call, "plan create");
    receipt_account(&r, w);
    receipt_waits(&r, w,
                  arena_print(w->call->arena, "a plan of %zu payments with %s (%s)",
                              in->item_count, w->account.reference, w->account.name),
                  "Nothing is agreed yet.", &asking);
    receipt_end(&r);
    return true;
}

static bool create(struct writing *w, struct fault *why)
{
    bool beyond = false;
    enum change change = CHANGE_NONE;
    struct plan_wish wish;
    struct doer doer;
    int32_t number;

    if (once_of(w) != NULL && text_is_empty(once_of(w)))
        return fail(why, BAD_USAGE, "--key cannot be empty.");
    if (!wish_typed(w, &wish, why) ||
        !writing_doer(w, call_text(w->call, CREATE_BY), call_text(w->call, WISH_ROLE), &doer,
                      why) ||
        !doer_role(&doer, &wish.role, why) ||
        !book_key_find(&w->book, w->account.key, once_of(w), &number, why))
        return false;
    int64_t place = call_int(w->call, CREATE_PLAN, 0);
    if (place == 0 && wish.asked_minor == 0 && wish.asked_months == 0 &&
        wish.asked_every == NULL) {
        fail(why, BAD_USAGE, "A plan needs --amount, --months, --every or --plan.");
        return fault_hint(why, "recoup plan propose %s", w->account.reference);
    }
    if (number == 0) {
        struct plan_input in;
        if (!terms_chosen(w, &wish, doer.author, place, &in, &beyond, why))
            return false;
        if (beyond)
            return create_asked(w, &wish, &doer.asker, &in, why);
        if (!book_plan_add(&w->book, w->account.key, once_of(w), &in, &number, &change, why))
            return false;
    }
    return print_plan(w, "plan create", number, writing_verb(w, "Agreed", "Would agree"), change,
                      "cancel", " --reason \"…\"", why);
}

static bool run_plan_create(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, create(&w, why), why);
}

const struct command command_plan_create = {
    .name = "plan create",
    .section = "Acting on accounts",
    .summary = "Agree a payment plan with a person.",
    .examples = { "recoup plan create FH-20418 --amount 185 --first-date 2026-12-04",
                  "recoup plan create FH-20418 --spare 240 --payday friday --plan 2 --by luis" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = create_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "What the role may not grant waits for who may (authority/house.yaml): recoup\n"
             "approval list.\n"
             "Safe to say again with the same --key. Undo: recoup plan cancel",
    .run = run_plan_create,
};

/* ---- plan list, plan show -------------------------------------------------------------------- */

enum { LIST_STATE };

static const struct option list_options[] = {
    [LIST_STATE] = { OPTION_TEXT, "state", "NAME",
                     "active, paused, completed, defaulted, cancelled, replaced", "Which plans",
                     false, 0, NULL },
    { .kind = OPTION_END },
};

static bool plans_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                      struct fault *why)
{
    return plan_list(s, filter, out, more, why);
}

static bool run_plan_list(struct call *call, struct fault *why)
{
    struct plan_filter filter = { .limit = call->limit };
    enum plan_state state;

    filter.state = call_text(call, LIST_STATE);
    filter.reference = call->target_count > 0 ? call->targets[0] : NULL;
    if (filter.state != NULL && !plan_state_parse(filter.state, &state))
        return fail(why, BAD_USAGE, "No plan can be \"%s\".", filter.state);
    return listing_print(call, "plans", plans_rows, &filter, why);
}

const struct command command_plan_list = {
    .name = "plan list",
    .section = "Acting on accounts",
    .summary = "List payment plans: who, how much, what is to come.",
    .examples = { "recoup plan list --state active", "recoup plan list FH-20418 --json" },
    .target = "ACCOUNT",
    .targets_least = 0,
    .targets_most = 1,
    .options = list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "\"recoup plan\" alone is the same.",
    .run = run_plan_list,
};

enum { SHOW_PLAN };

static const struct option show_options[] = {
    [SHOW_PLAN] = { OPTION_INT, "plan", "PLAN", "its number (the one that stands)", "Which plan",
                    false, 0, NULL },
    { .kind = OPTION_END },
};

static bool show(struct writing *w, struct fault *why)
{
    struct sheet sheet = { 0 };
    int32_t number;

    bool done = plan_typed(w, SHOW_PLAN, &number, why) &&
                plan_show(w->book.store, w->account.key, number, &sheet, why);
    if (done)
        call_print_sheet(w->call, &sheet);
    sheet_free(&sheet);
    return done;
}

static bool run_plan_show(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, show(&w, why), why);
}

const struct command command_plan_show = {
    .name = "plan show",
    .section = "Acting on accounts",
    .summary = "Show a payment plan, payment by payment.",
    .examples = { "recoup plan show FH-20418", "recoup plan show FH-20418 --plan 17 --json" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = show_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .run = run_plan_show,
};

static bool letter(struct writing *w, struct fault *why)
{
    int32_t number;

    return plan_typed(w, SHOW_PLAN, &number, why) &&
           agreement_letter(&w->book, w->account.key, number, 0, w->call->out, why);
}

static bool run_plan_letter(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, letter(&w, why), why);
}

const struct command command_plan_letter = {
    .name = "plan letter",
    .section = "Acting on accounts",
    .summary = "Make the letter that confirms a payment plan, as PDF.",
    .examples = { "recoup plan letter FH-20418 -o plan.pdf",
                  "recoup plan letter FH-20418 --plan 17 -o plan.pdf" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = show_options,
    .notes = "It is made, not sent. Its words: letters/en/payment-agreement.md",
    .run = run_plan_letter,
};

/* ---- What is done to a plan ------------------------------------------------------------------ */

enum { ACT_PLAN, ACT_BY, ACT_REASON, ACT_VERSION, ACT_ITEM, ACT_TO };
enum { CHANGE_AMOUNT = ACT_ITEM, CHANGE_MONTHS, CHANGE_EVERY, CHANGE_FIRST };
enum { PAUSE_UNTIL = ACT_ITEM };

#define ACT_OPTIONS                                                                            \
    [ACT_PLAN] = { OPTION_INT, "plan", "PLAN", "its number (the one that stands)", "Which plan", \
                   false, 0, NULL },                                                           \
    [ACT_BY] = { OPTION_TEXT, "by", "NAME", "who agreed it with them", "Who and why", false, 0, \
                 NULL },                                                                       \
    [ACT_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", NULL, false, 0,     \
                     NULL },                                                                   \
    [ACT_VERSION] = { OPTION_INT, "if-version", "N", "only if nobody changed it since", NULL,  \
                      false, 0, NULL }

static const struct option skip_options[] = {
    ACT_OPTIONS,
    [ACT_ITEM] = { OPTION_INT, "item", "N", "the payment, by its number", "What", true, 0, NULL },
    { .kind = OPTION_END },
};

static const struct option move_options[] = {
    ACT_OPTIONS,
    [ACT_ITEM] = { OPTION_INT, "item", "N", "the payment, by its number", "What", true, 0, NULL },
    [ACT_TO] = { OPTION_DAY, "to", "DAY", "its new day", NULL, true, 0, NULL },
    { .kind = OPTION_END },
};

static const struct option change_options[] = {
    ACT_OPTIONS,
    [CHANGE_AMOUNT] = { OPTION_MONEY, "amount", "MONEY", "each payment from now on",
                        "What to pay", false, 0, NULL },
    [CHANGE_MONTHS] = { OPTION_INT, "payments", "N", "or: so many payments", NULL, false, 0,
                        NULL },
    [CHANGE_EVERY] = { OPTION_TEXT, "every", "WHEN", "weekly, month, … (as before)", NULL, false,
                       0, NULL },
    [CHANGE_FIRST] = { OPTION_DAY, "first-date", "DAY", "the next payment (as before)", NULL,
                       false, 0, NULL },
    { .kind = OPTION_END },
};

static const struct option pause_options[] = {
    ACT_OPTIONS,
    [PAUSE_UNTIL] = { OPTION_DAY, "until", "DAY", "nothing is due before this day", "How long",
                      true, 0, NULL },
    { .kind = OPTION_END },
};

static const struct option act_options[] = { ACT_OPTIONS, { .kind = OPTION_END } };

static struct plan_act act_typed(const struct call *call)
{
    return (struct plan_act){ .if_version = call_int(call, ACT_VERSION, 0),
                              .author = call_text(call, ACT_BY),
                              .reason = call_text(call, ACT_REASON) };
}

/* The rest in other payments. */
static bool change_plan(struct writing *w, int32_t number, const struct plan_act *act,
                        struct fault *why)
{
    const struct call *call = w->call;
    struct plan_rest rest = { .count = call_int(call, CHANGE_MONTHS, 0),
                              .every = call_text(call, CHANGE_EVERY) };
    struct plan_input made;
    struct held_plan plan;

    return plan_get(w->book.store, &w->book.arena, w->account.key, number, &plan, why) &&
           amount_typed(w, CHANGE_AMOUNT, plan.is.currency, &rest.minor, why) &&
           call_day(call, CHANGE_FIRST, DAY_NONE, &rest.first, why) &&
           plan_rest_items(&w->book, &plan, &rest, &made, why) &&
           book_plan_change(&w->book, w->account.key, number, made.item_count, made.items,
                            made.schedule, act, why);
}

enum act { ACT_SKIP, ACT_MOVE, ACT_CHANGE, ACT_PAUSE, ACT_RESUME, ACT_CANCEL };

static const struct {
    const char *done, *verb, *would, *undo, *rest;
} acts[] = {
    [ACT_SKIP] = { "plan skip", "Skipped a payment of", "Would skip a payment of",
                   "move", " --item N --to DAY" },
    [ACT_MOVE] = { "plan move", "Moved a payment of", "Would move a payment of",
                   "move", " --item N --to DAY" },
    [ACT_CHANGE] = { "plan change", "Changed", "Would change",
                     "change", " --amount MONEY" },
    [ACT_PAUSE] = { "plan pause", "Paused", "Would pause", "resume", "" },
    [ACT_RESUME] = { "plan resume", "Resumed", "Would resume",
                     "pause", " --until DAY" },
    [ACT_CANCEL] = { "plan cancel", "Cancelled", "Would cancel", NULL, NULL },
};

static bool do_act(struct writing *w, enum act what, int32_t number, struct fault *why)
{
    struct plan_act act = act_typed(w->call);
    int32_t item = what == ACT_SKIP || what == ACT_MOVE ? (int32_t)call_int(w->call, ACT_ITEM, 0)
                                                        : 0;
    struct casefile_key key = w->account.key;
    struct day day = DAY_NONE;

    if ((what == ACT_MOVE && !call_day(w->call, ACT_TO, DAY_NONE, &day, why)) ||
        (what == ACT_PAUSE && !call_day(w->call, PAUSE_UNTIL, DAY_NONE, &day, why)))
        return false;
    switch (what) {
    case ACT_SKIP:
        return book_plan_skip(&w->book, key, number, item, &act, why);
    case ACT_MOVE:
        return book_plan_move(&w->book, key, number, item, day, &act, why);
    case ACT_CHANGE:
        return change_plan(w, number, &act, why);
    case ACT_PAUSE:
        return book_plan_pause(&w->book, key, number, day, &act, why);
    case ACT_RESUME:
        return book_plan_resume(&w->book, key, number, &act, why);
    case ACT_CANCEL:
        return book_plan_cancel(&w->book, key, number, &act, why);
    }
    return false;
}

static bool run_act(struct call *call, enum act what, struct fault *why)
{
    struct writing w;
    int32_t number;

    if (!writing_begin(&w, call, why))
        return false;
    bool done = plan_typed(&w, ACT_PLAN, &number, why) && do_act(&w, what, number, why) &&
                print_plan(&w, acts[what].done, number,
                           writing_verb(&w, acts[what].verb, acts[what].would), CHANGE_UPDATED,
                           acts[what].undo, acts[what].rest, why);
    return writing_end(&w, done, why);
}

#define ACT_COMMAND(word, what, choices, says, ...)                                            \
    static bool run_plan_##word(struct call *call, struct fault *why)                          \
    {                                                                                          \
        return run_act(call, what, why);                                                       \
    }                                                                                          \
    const struct command command_plan_##word = {                                               \
        .name = "plan " #word,                                                                 \
        .section = "Acting on accounts",                                                       \
        .summary = says,                                                                       \
        .examples = { __VA_ARGS__ },                                                           \
        .target = "ACCOUNT",                                                                   \
        .targets_least = 1,                                                                    \
        .targets_most = 1,                                                                     \
        .options = choices,                                                                    \
        .traits = ANSWERS_JSON | ACTS | DRY_RUNS,                                              \
        .run = run_plan_##word,                                                                \
    }

ACT_COMMAND(skip, ACT_SKIP, skip_options, "Let a payment of a plan come after the last one.",
            "recoup plan skip FH-20418 --item 2 --by luis",
            "recoup plan skip FH-20418 --item 2 --if-version 3");
ACT_COMMAND(move, ACT_MOVE, move_options, "Move a payment of a plan to another day.",
            "recoup plan move FH-20418 --item 2 --to +7d",
            "recoup plan move FH-20418 --item 2 --to 2027-01-08 --reason \"paid on the 7th\"");
ACT_COMMAND(change, ACT_CHANGE, change_options, "Pay what is left of a plan in other payments.",
            "recoup plan change FH-20418 --amount 120",
            "recoup plan change FH-20418 --payments 4 --every 2weeks --first-date fri");
ACT_COMMAND(pause, ACT_PAUSE, pause_options, "Let nothing of a plan be due until a day.",
            "recoup plan pause FH-20418 --until 2027-02-01 --reason \"in hospital\"",
            "recoup plan pause FH-20418 --until +30d");
ACT_COMMAND(resume, ACT_RESUME, act_options, "End the pause of a plan.",
            "recoup plan resume FH-20418", "recoup plan resume FH-20418 --plan 17");
ACT_COMMAND(cancel, ACT_CANCEL, act_options, "End a plan; what was paid is paid.",
            "recoup plan cancel FH-20418 --reason \"paid otherwise\"",
            "recoup plan cancel FH-20418 --plan 17");
