/* offer: settlements and incentives, from the first word to the end. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/writing.h"
#include "flow/agreement_letter.h"
#include "flow/offer.h"

enum { OFFER_DAYS = 14, FIRST_DAYS = 14 };

static const char *once_of(const struct writing *w)
{
    const struct given *key = &w->call->global[GLOBAL_KEY];

    return key->is ? key->text : NULL;
}

/* ---- Words --------------------------------------------------------------------------------- */

static const char *rest_told(struct arena *a, const struct held_offer *o)
{
    switch (o->residual) {
    case RESIDUAL_FORGIVEN:
        return arena_print(a, "%s is forgiven when it is paid",
                           show_money(a, money_of(offer_forgiven(o), o->currency)));
    case RESIDUAL_FEES_WAIVED:
        return "the fees that are open then are waived when it is paid";
    case RESIDUAL_STILL_OWED:
        break;
    }
    return "what is left is still owed";
}

static void print_terms(struct receipt *r, struct arena *a, const struct held_offer *o)
{
    receipt_line(r, "  Pays       %s of %s, %s", show_money(a, money_of(o->minor, o->currency)),
                 show_money(a, money_of(o->balance_minor, o->currency)),
                 o->instalments == 1 && o->down_minor == 0
                     ? arena_print(a, "by %s", show_day(a, o->first_day))
                     : arena_print(a, "in %d payments, the first on %s",
                                   o->instalments + (o->down_minor > 0),
                                   show_day(a, o->first_day)));
    receipt_line(r, "  The rest   %s%s", rest_told(a, o),
                 o->void_on_default ? "; void if it is not kept" : "");
    receipt_line(r, "  Stands     until %s ends", show_day(a, o->expires_day));
    if (offer_is_taxed(o))
        receipt_line(r, "  Tax        $600.00 or more is forgiven: some creditors must report it "
                        "(Form 1099-C, 26 CFR 1.6050P-1)");
    if (o->approver != NULL)
        receipt_line(r, "  Approved   by %s", o->approver);
}

static void receipt_offer(struct receipt *r, const struct held_offer *o)
{
    receipt_count(r, "offer", o->number);
    receipt_field(r, "state", offer_state_name(o->state));
    receipt_field(r, "made_by", o->by_debtor ? "debtor" : "collector");
    receipt_money(r, "amount", money_of(o->minor, o->currency));
    receipt_money(r, "balance", money_of(o->balance_minor, o->currency));
    receipt_money(r, "forgiven", money_of(offer_forgiven(o), o->currency));
    receipt_field(r, "residual", residual_name(o->residual));
    receipt_count(r, "payments", o->instalments + (o->down_minor > 0));
    receipt_day(r, "first", o->first_day);
    receipt_day(r, "expires", o->expires_day);
    receipt_field(r, "void_on_default", o->void_on_default ? "yes" : "no");
    receipt_field(r, "tax", offer_is_taxed(o) ? "26 CFR 1.6050P-1" : NULL);
    receipt_field(r, "approver", o->approver);
    if (o->answers != 0)
        receipt_count(r, "answers", o->answers);
    if (o->plan != 0)
        receipt_count(r, "plan", o->plan);
}

static const char *next_of(struct arena *a, const struct writing *w, const struct held_offer *o)
{
    const char *verb = o->state == OFFER_WAITING_APPROVAL ? "approve" : "accept";

    if (o->state == OFFER_ACCEPTED && o->plan != 0)
        return arena_print(a, "recoup plan show %s --plan %d", w->account.reference,
                           (int)o->plan);
    if (o->state != OFFER_WAITING_APPROVAL && o->state != OFFER_OPEN)
        return NULL;
    return arena_print(a, "recoup offer %s %s --offer %d --by NAME --role ROLE", verb,
                       w->account.reference, (int)o->number);
}

static bool print_offer(struct writing *w, const char *done, int32_t number, enum change change,
                        const struct offer_ruling *ruling, struct fault *why)
{
    struct arena *a = w->call->arena;
    struct held_offer o;
    struct receipt r;

    if (!offer_get(w->book.store, a, w->account.key, number, w->book.zone, &o, why))
        return false;
    receipt_begin(&r, w->call, done);
    receipt_account(&r, w);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(a, "offer %d, %s", (int)number,
                                           offer_state_name(o.state)));
    else
        receipt_line(&r, "%s %d of %s (%s): %s.", writing_verb(w, "Offer", "Would be: offer"),
                     (int)number, w->account.reference, w->account.name,
                     o.state == OFFER_WAITING_APPROVAL ? "waits for approval"
                                                       : offer_state_name(o.state));
    if (ruling != NULL && ruling->words != NULL)
        receipt_line(&r, "  %s (%s)", ruling->words, ruling->source);
    print_terms(&r, a, &o);
    receipt_offer(&r, &o);
    if (ruling != NULL && ruling->words != NULL)
        receipt_field(&r, "approval", ruling->words);
    const char *next = next_of(a, w, &o);
    if (next != NULL)
        receipt_next(&r, next);
    if (o.state == OFFER_OPEN || o.state == OFFER_WAITING_APPROVAL)
        receipt_undo(&r, arena_print(a, "recoup offer withdraw %s --offer %d",
                                     w->account.reference, (int)number));
    else if (o.state == OFFER_ACCEPTED)
        receipt_undo(&r, arena_print(a, "recoup plan cancel %s --plan %d", w->account.reference,
                                     (int)o.plan));
    receipt_end(&r);
    return true;
}

/* ---- offer make, offer counter ---------------------------------------------------------------- */

enum {
    MAKE_AMOUNT,
    MAKE_PERCENT,
    MAKE_WAIVE,
    MAKE_DAY,
    MAKE_DOWN,
    MAKE_PAYMENTS,
    MAKE_EVERY,
    MAKE_EXPIRES,
    MAKE_DEBT,
    MAKE_OWED,
    MAKE_STANDS,
    MAKE_DEBTOR,
    MAKE_BY,
    MAKE_ROLE,
    MAKE_REASON,
    MAKE_OFFER
};

#define TERMS                                                                                  \
    [MAKE_AMOUNT] = { OPTION_MONEY, "amount", "MONEY", "to be paid in all", "What is paid",    \
                      false, 0, NULL },                                                        \
    [MAKE_PERCENT] = { OPTION_INT, "discount", "PERCENT", "or: so much of what is open is let off", \
                       NULL, false, 0, NULL },                                                 \
    [MAKE_WAIVE] = { OPTION_FLAG, "waive-fees", NULL,                                          \
                     "the fees are waived when it is paid (all but the fees, or --amount)", NULL, \
                     false, 0, NULL },                                                         \
    [MAKE_DAY] = { OPTION_DAY, "pay-by", "DAY", "the payment, or the first (in two weeks)",    \
                   NULL, false, 0, NULL },                                                     \
    [MAKE_DOWN] = { OPTION_MONEY, "down", "MONEY", "of it, paid first", NULL, false, 0, NULL }, \
    [MAKE_PAYMENTS] = { OPTION_INT, "payments", "N", "payments of the rest (1)", NULL, false, 0, \
                        NULL },                                                                \
    [MAKE_EVERY] = { OPTION_TEXT, "every", "WHEN", "weekly, 2weeks, month, … (month)", NULL,   \
                     false, 0, NULL },                                                         \
    [MAKE_EXPIRES] = { OPTION_DAY, "until", "DAY", "the last day on which it stands (+14d)",   \
                       "Terms", false, 0, NULL },                                              \
    [MAKE_DEBT] = { OPTION_TEXT, "debt", "REF", "for this debt alone (all debts)", NULL, false, \
                    0, NULL },                                                                 \
    [MAKE_OWED] = { OPTION_FLAG, "still-owed", NULL, "what is left is still owed (forgiven)",  \
                    NULL, false, 0, NULL },                                                    \
    [MAKE_STANDS] = { OPTION_FLAG, "not-void", NULL,                                           \
                      "it stands even if a payment is missed (void on default)", NULL, false, 0, \
                      NULL },                                                                  \
    [MAKE_DEBTOR] = { OPTION_FLAG, "from-debtor", NULL, "the debtor offers it", "Who says so", \
                      false, 0, NULL },                                                        \
    [MAKE_BY] = { OPTION_TEXT, "by", "NAME", "who puts it on file; an address: that user",     \
                  NULL, true, 0, NULL },                                                       \
    [MAKE_ROLE] = { OPTION_TEXT, "role", "ROLE",                                               \
                    "with whose authority (the user's, or collector)", NULL, false, 0, NULL }, \
    [MAKE_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", NULL, false, 0,    \
                      NULL }

static const struct option make_options[] = { TERMS, { .kind = OPTION_END } };

static const struct option counter_options[] = {
    TERMS,
    [MAKE_OFFER] = { OPTION_INT, "offer", "N", "the offer that is answered (the open one)", NULL,
                     false, 0, NULL },
    { .kind = OPTION_END },
};

/* What it comes to: said, a discount of what is open, or all but the fees. */
static bool amount_typed(struct writing *w, struct offer_input *in, struct fault *why)
{
    const struct call *call = w->call;
    int64_t percent = call_int(call, MAKE_PERCENT, 0);
    struct money money;

    if (call->given[MAKE_AMOUNT].is && call->given[MAKE_PERCENT].is)
        return fail(why, BAD_USAGE, "Say --amount or --discount, not both.");
    if (call->given[MAKE_AMOUNT].is) {
        if (!call_money(call, MAKE_AMOUNT, in->currency, &money, why))
            return false;
        in->minor = money.minor;
        return true;
    }
    if (in->residual != RESIDUAL_FEES_WAIVED && (percent < 1 || percent > 99))
        return fail(why, BAD_USAGE, "An offer needs --amount, --waive-fees or --discount 1 to 99.");
    return offer_amount(&w->book, w->account.key, in, percent, why);
}

static bool terms_typed(struct writing *w, struct offer_input *in, struct fault *why)
{
    const struct call *call = w->call;
    int32_t *debt = arena_make(&w->book.arena, int32_t);
    struct money down;
    struct doer doer;

    if (!writing_doer(w, call_text(call, MAKE_BY), call_text(call, MAKE_ROLE), &doer, why))
        return false;
    *in = (struct offer_input){ .by_debtor = call->given[MAKE_DEBTOR].is,
                                .instalments = (int)call_int(call, MAKE_PAYMENTS, 1),
                                .schedule = call_text(call, MAKE_EVERY),
                                .residual = call->given[MAKE_WAIVE].is  ? RESIDUAL_FEES_WAIVED
                                            : call->given[MAKE_OWED].is ? RESIDUAL_STILL_OWED
                                                                        : RESIDUAL_FORGIVEN,
                                .void_on_default = !call->given[MAKE_STANDS].is,
                                .author = doer.author,
                                .reason = call_text(call, MAKE_REASON) };
    if (!doer_role(&doer, &in->role, why) ||
        !account_debt(&w->book, &w->account, call_text(call, MAKE_DEBT), debt, why) ||
        !account_currency(&w->book, &w->account, *debt, &in->currency, why))
        return false;
    if (in->currency == CURRENCY_NONE)
        return fail(why, BAD_USAGE, "They owe in several currencies: say which debt, by --debt.");
    in->debts = (struct debt_set){ *debt != 0, debt };
    if (call->given[MAKE_DOWN].is) {
        if (!call_money(call, MAKE_DOWN, in->currency, &down, why))
            return false;
        in->down_minor = down.minor;
    }
    if (in->schedule == NULL && (in->instalments > 1 || in->down_minor > 0))
        in->schedule = "month";
    return amount_typed(w, in, why) &&
           call_day(call, MAKE_DAY, day_plus(w->today, FIRST_DAYS), &in->first_day, why) &&
           call_day(call, MAKE_EXPIRES, day_plus(w->today, OFFER_DAYS), &in->expires_day, why);
}

static bool put_offer(struct writing *w, const char *done, struct offer_input *in,
                      struct fault *why)
{
    struct offer_ruling ruling;
    enum change change;
    int32_t number;

    return book_offer_add(&w->book, w->account.key, once_of(w), in, &number, &change, &ruling,
                          why) &&
           print_offer(w, done, number, change, &ruling, why);
}

static bool run_offer_make(struct call *call, struct fault *why)
{
    struct offer_input in;
    struct writing w;

    return writing_begin(&w, call, why) &&
           writing_end(&w, terms_typed(&w, &in, why) && put_offer(&w, "offer make", &in, why),
                       why);
}

static bool offer_typed(struct writing *w, size_t place, int32_t *number, struct fault *why)
{
    if (!w->call->given[place].is)
        return offer_standing(w->book.store, w->account.key, number, why);
    *number = (int32_t)call_int(w->call, place, 0);
    return true;
}

/* The other side answers: who that is follows from the offer. */
static bool counter(struct writing *w, struct fault *why)
{
    struct offer_input in;
    struct held_offer old;

    if (!terms_typed(w, &in, why))
        return false;
    int32_t known = 0;
    if (!book_key_find(&w->book, w->account.key, once_of(w), &known, why))
        return false;
    if (known != 0) { /* said before: it answers what it answered then */
        if (!offer_get(w->book.store, &w->book.arena, w->account.key, known, w->book.zone, &old,
                       why))
            return false;
        in.answers = old.answers;
        in.by_debtor = old.by_debtor;
        return put_offer(w, "offer counter", &in, why);
    }
    if (!offer_typed(w, MAKE_OFFER, &in.answers, why) ||
        !offer_get(w->book.store, &w->book.arena, w->account.key, in.answers, w->book.zone, &old,
                   why))
        return false;
    in.by_debtor = !old.by_debtor;
    return put_offer(w, "offer counter", &in, why);
}

static bool run_offer_counter(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, counter(&w, why), why);
}

#define OFFER_COMMAND(word, choices, says, traits_, notes_, ...)                               \
    const struct command command_offer_##word = {                                              \
        .name = "offer " #word,                                                                \
        .section = "Acting on accounts",                                                       \
        .summary = says,                                                                       \
        .examples = { __VA_ARGS__ },                                                           \
        .target = "ACCOUNT",                                                                   \
        .targets_least = 1,                                                                    \
        .targets_most = 1,                                                                     \
        .options = choices,                                                                    \
        .traits = traits_,                                                                     \
        .notes = notes_,                                                                       \
        .run = run_offer_##word,                                                               \
    }

OFFER_COMMAND(make, make_options, "Offer a settlement, an early-payment discount or a fee waiver.",
              ANSWERS_JSON | ACTS | DRY_RUNS,
              "What is above the role's authority waits for approval (authority/house.yaml).\n"
              "Nothing is forgiven before all of it is paid. Safe to say again with the same "
              "--key.",
              "recoup offer make FH-20418 --discount 10 --pay-by +14d --by luis",
              "recoup offer make FH-20418 --amount 900 --payments 3 --from-debtor --by luis");
OFFER_COMMAND(counter, counter_options, "Answer an offer with another one.",
              ANSWERS_JSON | ACTS | DRY_RUNS,
              "The other side makes it: who that is follows from the offer that it answers.",
              "recoup offer counter FH-20418 --amount 1000 --pay-by fri --by luis",
              "recoup offer counter FH-20418 --offer 12 --discount 5 --by luis");

/* ---- Yes and no ------------------------------------------------------------------------------ */

enum { ACT_OFFER, ACT_BY, ACT_ROLE, ACT_REASON, ACT_VIA, ACT_EVIDENCE };

static const struct option answer_options[] = {
    [ACT_OFFER] = { OPTION_INT, "offer", "N", "its number (the open one)", "Which offer", false,
                    0, NULL },
    [ACT_BY] = { OPTION_TEXT, "by", "NAME", "who says so; an address: that user", "Who and why",
                 true, 0, NULL },
    [ACT_ROLE] = { OPTION_TEXT, "role", "ROLE",
                   "with whose authority (the user's, or collector)", NULL, false, 0, NULL },
    [ACT_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", NULL, false, 0, NULL },
    [ACT_VIA] = { OPTION_TEXT, "via", "CHANNEL", "phone, email, portal, letter, …", NULL, false,
                  0, NULL },
    [ACT_EVIDENCE] = { OPTION_TEXT, "evidence", "ID", "recording or scan that shows it", NULL,
                       false, 0, NULL },
    { .kind = OPTION_END },
};

enum answer { ANSWER_ACCEPT, ANSWER_APPROVE, ANSWER_DECLINE, ANSWER_WITHDRAW };

static bool give_answer(struct writing *w, enum answer what, struct fault *why)
{
    static const char *const done[] = { "offer accept", "offer approve", "offer decline",
                                        "offer withdraw" };
    const struct call *call = w->call;
    struct offer_act act = { .reason = call_text(call, ACT_REASON),
                             .channel = call_text(call, ACT_VIA),
                             .evidence = call_text(call, ACT_EVIDENCE) };
    struct casefile_key key = w->account.key;
    struct offer_ruling ruling = { 0 };
    struct doer doer;
    int32_t number;
    bool fine =
        writing_doer(w, call_text(call, ACT_BY), call_text(call, ACT_ROLE), &doer, why) &&
        doer_role(&doer, &act.role, why) && offer_typed(w, ACT_OFFER, &number, why);

    act.author = doer.author;

    if (fine && what == ANSWER_ACCEPT)
        fine = book_offer_accept(&w->book, key, number, &act, &ruling, why);
    else if (fine && what == ANSWER_APPROVE)
        fine = book_offer_approve(&w->book, key, number, &act, &ruling, why);
    else if (fine)
        fine = book_offer_end(&w->book, key, number,
                              what == ANSWER_DECLINE ? OFFER_DECLINED : OFFER_WITHDRAWN, &act,
                              why);
    return fine && print_offer(w, done[what], number, CHANGE_UPDATED, &ruling, why);
}

static bool run_answer(struct call *call, enum answer what, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, give_answer(&w, what, why), why);
}

static bool run_offer_accept(struct call *call, struct fault *why)
{
    return run_answer(call, ANSWER_ACCEPT, why);
}

static bool run_offer_approve(struct call *call, struct fault *why)
{
    return run_answer(call, ANSWER_APPROVE, why);
}

static bool run_offer_decline(struct call *call, struct fault *why)
{
    return run_answer(call, ANSWER_DECLINE, why);
}

static bool run_offer_withdraw(struct call *call, struct fault *why)
{
    return run_answer(call, ANSWER_WITHDRAW, why);
}

OFFER_COMMAND(accept, answer_options, "Note that the other side says yes: a plan is made of it.",
              ANSWERS_JSON | ACTS | DRY_RUNS,
              "A debtor's offer is accepted within authority, or waits for approval.\n"
              "Interest is frozen while its plan stands. Undo: recoup plan cancel",
              "recoup offer accept FH-20418 --by luis --via phone",
              "recoup offer accept FH-20418 --offer 12 --by luis --role team_lead");
OFFER_COMMAND(approve, answer_options, "Approve what somebody else may not grant alone.",
              ANSWERS_JSON | ACTS | DRY_RUNS,
              "Another person than the author, whose role covers it (authority/house.yaml).",
              "recoup offer approve FH-20418 --by dana --role team_lead",
              "recoup offer approve FH-20418 --offer 12 --by dana --role manager");
OFFER_COMMAND(decline, answer_options, "Note that the other side says no.",
              ANSWERS_JSON | ACTS | DRY_RUNS, NULL,
              "recoup offer decline FH-20418 --by luis --via phone",
              "recoup offer decline FH-20418 --offer 12 --by luis");
OFFER_COMMAND(withdraw, answer_options, "Take an offer back that nobody accepted.",
              ANSWERS_JSON | ACTS | DRY_RUNS, NULL,
              "recoup offer withdraw FH-20418 --by luis",
              "recoup offer withdraw FH-20418 --offer 12 --by luis --reason \"typed wrongly\"");

/* ---- offer show, offer list ------------------------------------------------------------------ */

enum { SHOW_OFFER };

static const struct option show_options[] = {
    [SHOW_OFFER] = { OPTION_INT, "offer", "N", "its number (the open one)", "Which offer", false,
                     0, NULL },
    { .kind = OPTION_END },
};

static bool show(struct writing *w, struct fault *why)
{
    int32_t number;

    return offer_typed(w, SHOW_OFFER, &number, why) &&
           print_offer(w, "offer show", number, CHANGE_UPDATED, NULL, why);
}

static bool run_offer_show(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, show(&w, why), why);
}

OFFER_COMMAND(show, show_options, "Show one offer: terms, state, who approved it.", ANSWERS_JSON,
              NULL, "recoup offer show FH-20418", "recoup offer show FH-20418 --offer 12 --json");

static bool letter(struct writing *w, struct fault *why)
{
    int32_t number;

    return offer_typed(w, SHOW_OFFER, &number, why) &&
           agreement_letter(&w->book, w->account.key, 0, number, w->call->out, why);
}

static bool run_offer_letter(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, letter(&w, why), why);
}

OFFER_COMMAND(letter, show_options, "Make the letter that states an offer or settlement, as PDF.",
              0, "It is made, not sent. Its words: letters/en/payment-agreement.md",
              "recoup offer letter FH-20418 -o settlement.pdf",
              "recoup offer letter FH-20418 --offer 12 -o settlement.pdf");

enum { LIST_STATE };

static const struct option list_options[] = {
    [LIST_STATE] = { OPTION_TEXT, "state", "NAME",
                     "open, waiting-approval, accepted, fulfilled, void, expired, …",
                     "Which offers", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool state_typed(struct call *call, struct offer_filter *filter, struct fault *why)
{
    char *name;
    enum offer_state state;

    if (!call->given[LIST_STATE].is)
        return true;
    name = arena_copy(call->arena, call_text(call, LIST_STATE));
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '-' ? '_' : *at;
    filter->state = name;
    return offer_state_parse(name, &state) ||
           fail(why, BAD_USAGE, "No offer can be \"%s\".", call_text(call, LIST_STATE));
}

static bool offers_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                      struct fault *why)
{
    return offer_list(s, filter, out, more, why);
}

static bool run_offer_list(struct call *call, struct fault *why)
{
    struct offer_filter filter = { .limit = call->limit };

    filter.reference = call->target_count > 0 ? call->targets[0] : NULL;
    if (!state_typed(call, &filter, why))
        return false;
    return listing_print(call, "offers", offers_rows, &filter, why);
}

const struct command command_offer_list = {
    .name = "offer list",
    .section = "Acting on accounts",
    .summary = "List offers: who, how much, until when, who approved them.",
    .examples = { "recoup offer list --state waiting-approval", "recoup offer list FH-20418" },
    .target = "ACCOUNT",
    .targets_least = 0,
    .targets_most = 1,
    .options = list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "\"recoup offer\" alone is the same.",
    .run = run_offer_list,
};
