/* All that waits for a second person, whatever it is, and what follows from yes and no. */
#include "flow/approval.h"

#include "flow/account.h"
#include "flow/approval_offer.h"
#include "flow/strategy_publish.h"
#include "store/casefiles.h"

#include <string.h>

enum { MARKS_MOST = 500 };

/* What happens when somebody agrees, by kind: areas add theirs here. */
static const struct approval_act *const acts[] = { &approval_act_role, &approval_act_waiver,
                                                    &approval_act_refund, &approval_act_strategy,
                                                    &approval_act_text, &approval_act_plan };

const struct approval_act *approval_act(enum approval_kind kind)
{
    for (size_t i = 0; i < COUNT(acts); i++) {
        if (acts[i]->kind == kind)
            return acts[i];
    }
    return NULL;
}

struct approver approver_of(const struct user *user, const struct role *role)
{
    return (struct approver){ .number = user->number,
                              .name = user->name,
                              .email = user->email,
                              .authority = role != NULL ? role->authority : NULL,
                              .can = role != NULL ? role->can : 0,
                              .clients = user->clients,
                              .desks = user->desks };
}

/* The name of a user, for reading; of number 0 who asked at the command line. */
static bool name_of(struct store *s, struct arena *a, int64_t number, const char **out,
                    struct fault *why)
{
    struct user user;

    *out = "The command line";
    if (number == 0)
        return true;
    if (!user_by_number(s, a, number, &user, why))
        return false;
    *out = user.number != 0 ? user.name : "Somebody";
    return true;
}

/* What is about an account is for those who see it. */
static bool is_seen(struct store *s, const struct approver *by, const struct approval *asked,
                    bool *seen, struct fault *why)
{
    struct casefile_key key;
    struct fault none = { 0 };

    *seen = true;
    if (by->clients == NULL && by->desks == NULL)
        return true;
    if (casefile_find(s, asked->subject, &key, &none))
        return account_is_seen(s, key, by->clients, by->desks, seen, why);
    if (none.code == NOT_FOUND)
        return true;
    *why = none;
    return false;
}

static bool item_of(struct store *s, struct arena *a, const struct roles *roles,
                    const struct approval *asked, const struct approver *by,
                    struct approval_item *out, struct fault *why)
{
    const struct approval_act *act = approval_act(asked->kind);

    *out = (struct approval_item){
        .id = arena_print(a, "%lld", (long long)asked->number),
        .kind = asked->kind,
        .subject = asked->subject,
        .reason = asked->reason,
        .asked_at = asked->asked_at,
        .mine = asked->asked_by != 0 && asked->asked_by == by->number,
        .may = (by->can & PERMISSION_BIT(approval_permission(asked->kind))) != 0,
        .tale = { .what = approval_words(asked->kind), .rule = "", .told = "" },
    };
    return name_of(s, a, asked->asked_by, &out->asked_name, why) &&
           (act == NULL || act->tell(s, a, roles, asked, &out->tale, why));
}

bool approval_items(struct store *s, struct arena *a, const struct roles *roles,
                    const struct zone *zone, struct instant now, const struct approver *by,
                    struct approval_item **out, size_t *count, struct fault *why)
{
    struct approval *asked;
    size_t asked_count, room = 0;

    *out = NULL;
    *count = 0;
    if (!approval_waiting(s, a, &asked, &asked_count, why))
        return false;
    for (size_t i = 0; i < asked_count; i++) {
        struct approval_item item;
        bool seen;
        if (!is_seen(s, by, &asked[i], &seen, why))
            return false;
        if (!seen)
            continue;
        if (!item_of(s, a, roles, &asked[i], by, &item, why))
            return false;
        if (item.may || item.mine)
            *arena_push(a, *out, *count, room) = item;
    }
    return (by->can & PERMISSION_BIT(MAY_APPROVE)) == 0 ||
           approval_offer_items(s, a, zone, now, by, out, count, &room, why);
}

bool approval_count(struct store *s, struct arena *a, const struct approver *by, int64_t most,
                    int64_t *out, struct fault *why)
{
    struct approval *asked;
    size_t count;

    *out = 0;
    if (!approval_marks(s, a, MARKS_MOST, &asked, &count, why))
        return false;
    for (size_t i = 0; i < count && *out < most; i++) {
        bool seen = (by->can & PERMISSION_BIT(approval_permission(asked[i].kind))) != 0 &&
                    (asked[i].asked_by == 0 || asked[i].asked_by != by->number);
        if (seen && !is_seen(s, by, &asked[i], &seen, why))
            return false;
        *out += seen;
    }
    return *out >= most || (by->can & PERMISSION_BIT(MAY_APPROVE)) == 0 ||
           approval_offer_count(s, by, most - *out, out, why);
}

/* ---- Yes and no ---- */

static bool row_answer(struct book *b, const struct roles *roles, int64_t number,
                       const struct approver *by, bool agrees, const char *answer,
                       const char **done, struct fault *why)
{
    struct approval asked, decided;
    const char *facts;
    bool seen;

    if (!head_open(b->heads, 0, why) ||
        !approval_load(b->store, &b->arena, number, &asked, why) ||
        !is_seen(b->store, by, &asked, &seen, why))
        return false;
    if (!seen)
        return fail(why, NOT_FOUND, "There is no approval %lld.", (long long)number);
    const struct approval_act *act = approval_act(asked.kind);
    if (act == NULL)
        return fail(why, DB_ROW, "Nothing is known that could be done for approval %lld.",
                    (long long)number);
    if (!act->facts(b->store, &b->arena, &asked, &facts, why) ||
        !approval_decide(b, number, by->number, by->can, agrees, facts, answer, &decided, why))
        return false;
    *done = "Declined.";
    if (agrees)
        return act->agree(b, roles, &decided, by, done, why);
    return act->decline == NULL || act->decline(b, &decided, by, why);
}

bool approval_answer(struct book *b, const struct roles *roles, const char *id,
                     const struct approver *by, bool agrees, const char *answer,
                     const char **done, struct fault *why)
{
    int64_t number;

    if (!agrees && text_is_empty(answer))
        return fail(why, BAD_VALUE, "Say why not, in a sentence: who asked will read it.");
    if (text_to_int(id, &number))
        return row_answer(b, roles, number, by, agrees, answer, done, why);
    return approval_offer_answer(b, id, by, agrees, answer, done, why);
}

bool approval_take_back(struct book *b, const char *id, const struct approver *by,
                        struct fault *why)
{
    int64_t number;

    if (text_to_int(id, &number))
        return approval_withdraw(b, number, by->number, why);
    return approval_offer_withdraw(b, id, by, why);
}
