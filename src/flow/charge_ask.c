#include "flow/charge_ask.h"

#include "base/text.h"
#include "flow/file_check.h"
#include "flow/granting.h"
#include "flow/movements.h"
#include "flow/spoken.h"
#include "store/casefiles.h"

#include <jansson.h>
#include <string.h>

bool charge_lets_go(enum movement_kind kind)
{
    return kind == MOVEMENT_WAIVE || kind == MOVEMENT_WRITE_OFF;
}

/* ---- What somebody may let go ---- */

static struct proposal proposal_of(const struct granting *g, const struct charge_input *in)
{
    struct proposal proposal = { .open = g->open };

    if (in->kind == MOVEMENT_WRITE_OFF)
        proposal.write_off = in->minor;
    else if (in->component == COMPONENT_INTEREST)
        proposal.waive_interest = in->minor;
    else
        proposal.waive_fees = in->minor;
    return proposal;
}

static bool answer_of(struct book *b, const struct account *account,
                      const struct charge_input *in, const char *role_name,
                      struct authority_answer *answer, struct fault *why)
{
    struct debt_set none = { 0, NULL };
    struct proposal proposal;
    struct granting g;
    size_t role;

    if (role_name == NULL)
        return granting_none("lets nothing go in an account", why);
    if (!granting_load(b, account->key, in->currency, none, &g, why) ||
        !granting_role(&g, role_name, &role, why))
        return false;
    proposal = proposal_of(&g, in);
    return granting_check(&g, role, &proposal, answer, why);
}

/* How much it is when all that is open was asked for. */
static bool amount_fill(struct book *b, const struct account *account, struct charge_input *in,
                        struct fault *why)
{
    struct account_balance balance;

    if (in->minor != 0)
        return true;
    if (!account_balance(b, account, in->debt, in->currency, in->day, &balance, why))
        return false;
    in->minor = in->component < COMPONENT_COUNT ? balance.open.open[in->component]
                                                : balance_total(&balance.open);
    return in->minor > 0 || fail(why, CONFLICT, "There is nothing to do: nothing is open.");
}

/* ---- Asked for ---- */

static const char *wish_print(struct book *b, const struct charge_input *in,
                              const struct authority_answer *answer)
{
    char day[DAY_TEXT];
    json_t *wish = json_pack(
        "{s:s, s:i, s:i, s:s?, s:s, s:I, s:s, s:s?, s:s?, s:s?, s:s, s:s}", "kind",
        movement_name(in->kind), "debt", (int)in->debt, "instalment", (int)in->instalment,
        "component", in->component < COMPONENT_COUNT ? component_name(in->component) : NULL,
        "currency", currency_code(in->currency), "minor", (json_int_t)in->minor, "day",
        day_print(in->day, day), "reason", in->reason, "author", in->author, "once", in->once,
        "why", answer->why, "source", answer->source);
    return approval_wish(&b->arena, wish);
}

static bool ask(struct book *b, const struct account *account, const struct charge_input *in,
                const struct asker *asker, const struct authority_answer *answer,
                struct asking *asking, struct fault *why)
{
    struct approval asked = { .kind = APPROVE_WAIVER,
                              .subject = account->reference,
                              .wish = wish_print(b, in, answer),
                              .reason = in->reason,
                              .asked_by = asker->user };

    asking->words = answer->why;
    asking->source = answer->source;
    return approval_ask(b, &asked, &asking->approval, why);
}

bool charge_put_as(struct book *b, const struct account *account, struct charge_input *in,
                   const struct asker *asker, int32_t *number, enum change *change,
                   struct asking *asking, struct fault *why)
{
    struct authority_answer answer;
    int32_t before;

    *asking = (struct asking){ 0 };
    *number = 0;
    *change = CHANGE_NONE;
    if (!book_key_find(b, account->key, in->once, &before, why))
        return false;
    if (before != 0 || !charge_lets_go(in->kind))
        return charge_put(b, account, in, number, change, why);
    if (!approval_asked_before(b, APPROVE_WAIVER, account->reference, in->once, asking, why))
        return false;
    if (asking->approval != 0)
        return true;
    if (!file_check_stands(b, account->key, why) || !amount_fill(b, account, in, why) ||
        (in->kind == MOVEMENT_WRITE_OFF && !charge_is_small(b, in, why)) ||
        !answer_of(b, account, in, asker->role, &answer, why))
        return false;
    if (answer.ruling == AUTHORITY_APPROVAL) {
        *change = CHANGE_ADDED;
        return ask(b, account, in, asker, &answer, asking, why);
    }
    return charge_put(b, account, in, number, change, why);
}

/* ---- What happens when somebody agrees ---- */

struct wish {
    json_t *json; /* owned; texts live as long */
    struct charge_input in;
    const char *why, *source;
};

static bool wish_read(const struct approval *asked, struct wish *out, struct fault *why)
{
    json_t *json = json_loads(asked->wish, 0, NULL);
    const char *kind = approval_text(json, "kind"), *component = approval_text(json, "component"),
               *currency = approval_text(json, "currency"), *day = approval_text(json, "day");
    struct charge_input in = {
        .debt = (int32_t)json_integer_value(json_object_get(json, "debt")),
        .instalment = (int32_t)json_integer_value(json_object_get(json, "instalment")),
        .minor = json_integer_value(json_object_get(json, "minor")),
        .component = COMPONENT_COUNT,
        .whole = true,
        .reason = approval_text(json, "reason"),
        .author = approval_text(json, "author"),
        .once = approval_text(json, "once"),
    };

    *out = (struct wish){ json, in, approval_text(json, "why"), approval_text(json, "source") };
    if (kind != NULL && movement_parse(kind, &out->in.kind) && currency != NULL && day != NULL &&
        day_parse(day, &out->in.day) && in.minor > 0 && out->why != NULL &&
        out->source != NULL &&
        (component == NULL || component_parse(component, &out->in.component))) {
        out->in.currency = currency_parse(currency);
        return true;
    }
    json_decref(json);
    return approval_unclear(asked, why);
}

static const char *what_of(struct arena *a, const struct wish *w)
{
    const char *money = spoken_money(a, "en", money_of(w->in.minor, w->in.currency));

    if (w->in.kind == MOVEMENT_WRITE_OFF)
        return arena_print(a, "Write off %s", money);
    return arena_print(a, "Waive %s of %s", money, component_name(w->in.component));
}

static bool waiver_tell(struct store *s, struct arena *a, const struct roles *roles,
                        const struct approval *asked, struct approval_tale *out,
                        struct fault *why)
{
    struct wish wish;

    (void)s;
    (void)roles;
    if (!wish_read(asked, &wish, why))
        return false;
    *out = (struct approval_tale){
        .what = what_of(a, &wish),
        .rule = arena_print(a, "%s (%s)", wish.why, wish.source),
        .told = "It is taken off at once. They are asked for that much less, and see it on their "
                "next statement.",
        .account = asked->subject,
    };
    json_decref(wish.json);
    return true;
}

static bool covers(struct book *b, const struct account *account, const struct wish *wish,
                   const struct approver *by, struct fault *why)
{
    struct authority_answer answer;

    return answer_of(b, account, &wish->in, by->authority, &answer, why) &&
           granting_covers(&answer, why);
}

static bool wish_do(struct book *b, const struct approval *asked, struct wish *wish,
                    const struct approver *by, const char **done, struct fault *why)
{
    struct account account;
    enum change change;
    int32_t number;

    if (!account_find(b, asked->subject, &account, why) ||
        !file_check_stands(b, account.key, why) || !covers(b, &account, wish, by, why) ||
        !charge_put(b, &account, &wish->in, &number, &change, why))
        return false;
    *done = arena_print(&b->arena, "Approved: %s is taken off.",
                        spoken_money(&b->arena, "en",
                                     money_of(wish->in.minor, wish->in.currency)));
    return true;
}

static bool waiver_agree(struct book *b, const struct roles *roles, const struct approval *asked,
                         const struct approver *by, const char **done, struct fault *why)
{
    struct wish wish;

    (void)roles;
    if (!wish_read(asked, &wish, why))
        return false;
    bool did = wish_do(b, asked, &wish, by, done, why);
    json_decref(wish.json);
    return did;
}

const struct approval_act approval_act_waiver = { .kind = APPROVE_WAIVER,
                                                  .facts = approval_movements,
                                                  .tell = waiver_tell,
                                                  .agree = waiver_agree };
