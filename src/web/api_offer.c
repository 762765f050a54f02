/* API: offers: settlements and incentives, from the first word to the end. */
#include "web/api.h"

#include "base/text.h"
#include "flow/offer.h"
#include "web/page.h"

enum { FIRST_DAYS = 14, OFFER_DAYS = 14 };

/* ---- Shapes -------------------------------------------------------------------------------- */

#define OFFER_FIELDS                                                                           \
    { "offer", API_INT, API_MUST, "its number in the account", NULL },                         \
    { "state", API_TEXT, API_MUST,                                                             \
      "waiting_approval, open, countered, accepted, declined, expired, withdrawn, fulfilled, " \
      "void",                                                                                  \
      NULL },                                                                                  \
    { "by", API_TEXT, API_MUST, "us or them", NULL },                                          \
    { "currency", API_CODE, API_MUST, "of the amounts", NULL },                                \
    { "amount", API_AMOUNT, API_MUST, "to be paid in all", NULL },                             \
    { "balance", API_AMOUNT, API_MUST, "when it was made", NULL },                             \
    { "forgiven", API_AMOUNT, API_MUST, "when all of it is paid", NULL },                      \
    { "payments", API_INT, API_MUST, "in how many", NULL },                                    \
    { "first", API_DAY, API_MUST, "day of the first of them", NULL },                          \
    { "expires", API_DAY, API_MUST, "the last day on which it stands", NULL },                 \
    { "made", API_DAY, API_MUST, "when", NULL },                                               \
    { "author", API_TEXT, API_OR_NULL, "who made it", NULL },                                  \
    { "approver", API_TEXT, API_OR_NULL, "who agreed to it", NULL },                           \
    {                                                                                          \
        "plan", API_INT, API_OR_NULL, "that pays it", NULL                                     \
    }
static const struct api_field offer_rows[] = { OFFER_FIELDS, API_END };
static const struct api_field offers_reply[] = {
    { "offers", API_ROWS, API_MUST, "the latest first", offer_rows },
    API_END,
};
static const struct api_field offer_body[] = {
    { "amount", API_AMOUNT, API_MAY, "what is paid in all", NULL },
    { "percent", API_INT, API_MAY, "instead: how much is let off, 1 to 99", NULL },
    { "currency", API_CODE, API_MAY, "of the amounts", NULL },
    { "rest", API_TEXT, API_MAY, "forgiven (without), fees_waived, still_owed", NULL },
    { "down", API_AMOUNT, API_MAY, "of it, paid first", NULL },
    { "payments", API_INT, API_MAY, "in how many (1)", NULL },
    { "every", API_TEXT, API_MAY, "weekly, 2weeks, month", NULL },
    { "pay_by", API_DAY, API_MAY, "the first payment (in 14 days)", NULL },
    { "until", API_DAY, API_MAY, "the last day of the offer (in 14 days)", NULL },
    { "debt", API_TEXT, API_MAY, "only this debt", NULL },
    { "by", API_TEXT, API_MAY, "us (without) or them", NULL },
    { "answers", API_INT, API_MAY, "the offer that it counters", NULL },
    { "stands", API_BOOL, API_MAY, "true: not void when a payment is missed", NULL },
    API_REASON,
    API_END,
};
static const struct api_field offer_reply[] = {
    { "account", API_TEXT, API_MUST, "its reference", NULL },
    { "change", API_TEXT, API_MUST, "added, updated, or none: it was so already", NULL },
    { "number", API_INT, API_MUST, "of the offer", NULL },
    { "state", API_TEXT, API_MUST, "of the offer now", NULL },
    { "needs", API_TEXT, API_OR_NULL, "why it has to be approved, and by whom", NULL },
    { "source", API_TEXT, API_OR_NULL, "of that rule", NULL },
    { "plan", API_INT, API_OR_NULL, "that pays it", NULL },
    API_END,
};
static const struct api_field accept_body[] = { API_AGREED, API_REASON, API_END };
static const struct api_field decline_body[] = {
    { "reason", API_TEXT, API_MUST, "they are told", NULL },
    API_END,
};

/* ---- Reading ------------------------------------------------------------------------------- */

static void offer_put(json_t *row, const struct held_offer *o)
{
    put_int(row, "offer", o->number);
    put(row, "state", offer_state_name(o->state));
    put(row, "by", o->by_debtor ? "them" : "us");
    put(row, "currency", currency_code(o->currency));
    api_put_amount(row, "amount", o->minor, o->currency);
    api_put_amount(row, "balance", o->balance_minor, o->currency);
    api_put_amount(row, "forgiven", offer_forgiven(o), o->currency);
    put_int(row, "payments", o->instalments + (o->down_minor > 0));
    api_put_day(row, "first", o->first_day);
    api_put_day(row, "expires", o->expires_day);
    api_put_day(row, "made", o->made_day);
    api_put_or_null(row, "author", o->author);
    api_put_or_null(row, "approver", o->approver);
    api_put_number(row, "plan", o->plan);
}

static bool get_offers(struct api *call, struct fault *why)
{
    struct casefile_view f;

    if (!view_casefile(call->view, call->holes[0], &f, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "offers");
    for (size_t i = 0; i < f.offer_count; i++)
        offer_put(list_add(rows), &f.offers[i]);
    api_give(call, 200, out);
    return true;
}

static bool get_offer(struct api *call, struct fault *why)
{
    struct held_offer offer;
    struct casefile_key key;
    int32_t number;

    if (!api_key(call, &key, why) || !api_number(call, 1, &number, why) ||
        !offer_get(call->view->store, call->arena, key, number, call->view->zone, &offer, why))
        return false;
    json_t *out = json_object();
    offer_put(out, &offer);
    api_give(call, 200, out);
    return true;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static void offer_give(struct api *call, enum change change, int32_t number,
                       const struct offer_ruling *ruling)
{
    json_t *out = json_object();

    put(out, "account", call->account.reference);
    put(out, "change", change == CHANGE_ADDED ? "added" : "updated");
    put_int(out, "number", number);
    put(out, "state", offer_state_name(ruling->state));
    api_put_or_null(out, "needs", ruling->words);
    api_put_or_null(out, "source", ruling->source);
    api_put_number(out, "plan", ruling->plan);
    api_give(call, 201, out);
}

static bool side_read(struct api *call, struct offer_input *in, struct fault *why)
{
    struct held_offer old;

    in->by_debtor = text_equal(api_text(call, "by"), "them");
    in->answers = (int32_t)api_int(call, "answers", 0);
    if (in->answers == 0)
        return true;
    if (!offer_get(call->book->store, &call->book->arena, call->account.key, in->answers,
                   call->book->zone, &old, why))
        return false;
    in->by_debtor = !old.by_debtor;
    return true;
}

static bool amounts_read(struct api *call, struct offer_input *in, struct fault *why)
{
    int64_t percent = api_int(call, "percent", 0), payments = api_int(call, "payments", 1);

    if (!api_amount(call, "amount", in->currency, &in->minor, why) ||
        !api_amount(call, "down", in->currency, &in->down_minor, why))
        return false;
    if (payments < 1 || payments > 120 || percent < 0 || percent > 99)
        return fail(why, BAD_VALUE, "The field \"%s\" is out of its range.",
                    percent < 0 || percent > 99 ? "percent" : "payments");
    if (in->minor > 0 && percent > 0)
        return fail(why, BAD_VALUE, "Send \"amount\" or \"percent\", not both.");
    in->instalments = (int)payments;
    if (payments > 1 || in->down_minor > 0)
        in->schedule = api_text(call, "every") != NULL ? api_text(call, "every") : "month";
    return in->minor > 0 || offer_amount(call->book, call->account.key, in, percent, why);
}

static bool rest_read(const char *text, enum residual *out, struct fault *why)
{
    static const enum residual all[] = { RESIDUAL_FORGIVEN, RESIDUAL_FEES_WAIVED,
                                         RESIDUAL_STILL_OWED };

    for (size_t i = 0; i < COUNT(all); i++) {
        *out = all[i];
        if (text == NULL || text_equal(residual_name(all[i]), text))
            return true;
    }
    return fail(why, BAD_VALUE, "The field \"rest\" has to be forgiven, fees_waived or "
                                "still_owed.");
}

static bool post_offer(struct api *call, struct fault *why)
{
    struct offer_input in = { .void_on_default = !api_flag(call, "stands"),
                              .author = call->user.name,
                              .reason = api_text(call, "reason") };
    struct offer_ruling ruling = { 0 };
    enum change change;
    int32_t number;

    if (!api_role(call, &in.role, why) || !rest_read(api_text(call, "rest"), &in.residual, why) ||
        !api_debt(call, call->book, &call->account, api_text(call, "debt"), &in.debts,
                 &in.currency, why) ||
        !side_read(call, &in, why) || !amounts_read(call, &in, why) ||
        !api_day(call, "pay_by", day_plus(call->view->today, FIRST_DAYS), &in.first_day, why) ||
        !api_day(call, "until", day_plus(call->view->today, OFFER_DAYS), &in.expires_day, why) ||
        !book_offer_add(call->book, call->account.key, NULL, &in, &number, &change, &ruling, why))
        return false;
    offer_give(call, CHANGE_ADDED, number, &ruling);
    return true;
}

static bool offer_act_read(struct api *call, int32_t *number, struct offer_act *act,
                           struct fault *why)
{
    *act = (struct offer_act){ .author = call->user.name,
                               .reason = api_text(call, "reason"),
                               .channel = api_text(call, "agreed_by"),
                               .evidence = api_text(call, "evidence") };
    return api_number(call, 1, number, why) && api_role(call, &act->role, why);
}

static bool post_accept(struct api *call, struct fault *why)
{
    struct offer_ruling ruling = { 0 };
    struct offer_act act;
    int32_t number;

    if (!offer_act_read(call, &number, &act, why) ||
        !book_offer_accept(call->book, call->account.key, number, &act, &ruling, why))
        return false;
    offer_give(call, CHANGE_UPDATED, number, &ruling);
    return true;
}

static bool post_approve(struct api *call, struct fault *why)
{
    struct offer_ruling ruling = { 0 };
    struct offer_act act;
    int32_t number;

    if (!offer_act_read(call, &number, &act, why) ||
        !book_offer_approve(call->book, call->account.key, number, &act, &ruling, why))
        return false;
    offer_give(call, CHANGE_UPDATED, number, &ruling);
    return true;
}

static bool offer_end(struct api *call, enum offer_state state, struct fault *why)
{
    struct offer_act act;
    int32_t number;

    if (!offer_act_read(call, &number, &act, why) ||
        !book_offer_end(call->book, call->account.key, number, state, &act, why))
        return false;
    api_give_made(call, CHANGE_UPDATED, number);
    return true;
}

static bool post_decline(struct api *call, struct fault *why)
{
    return offer_end(call, OFFER_DECLINED, why);
}

static bool post_withdraw(struct api *call, struct fault *why)
{
    return offer_end(call, OFFER_WITHDRAWN, why);
}

static const struct api_field one_offer_reply[] = { OFFER_FIELDS, API_END };

static bool get_letter(struct api *call, struct fault *why)
{
    return api_letter(call, false, why);
}

#define OF_OFFER OF_ACCOUNT "/offers/{}"

const struct route routes_api_offer[] = {
    API_GIVES(OF_ACCOUNT "/offers", MAY_SEE, "listOffersOfAccount", "Its offers", NULL,
              offers_reply, get_offers, "account"),
    API_GIVES(OF_OFFER, MAY_SEE, "getOffer", "One offer", NULL, one_offer_reply, get_offer,
              "account", "offer"),
    API_GIVES(OF_OFFER "/letter", MAY_SEE, "getOfferLetter",
              "The agreement on paper, a PDF; nothing is sent", NULL, api_content_reply, get_letter,
              "account", "offer"),
    API_TAKES(OF_ACCOUNT "/offers", MAY_AGREE, "makeOffer",
              "An offer, by us or by them; beyond one's authority it waits", offer_body,
              offer_reply, post_offer, "account"),
    API_TAKES(OF_OFFER "/accept", MAY_AGREE, "acceptOffer", "The other side says yes", accept_body,
              offer_reply, post_accept, "account", "offer"),
    API_TAKES(OF_OFFER "/approve", MAY_APPROVE, "approveOffer",
              "A second person agrees; no token may", api_reason, offer_reply, post_approve,
              "account", "offer"),
    API_TAKES(OF_OFFER "/decline", MAY_AGREE, "declineOffer", "The answer is no", decline_body,
              api_made_reply, post_decline, "account", "offer"),
    API_TAKES(OF_OFFER "/withdraw", MAY_AGREE, "withdrawOffer", "It is taken back", api_reason,
              api_made_reply, post_withdraw, "account", "offer"),
    { 0 },
};
