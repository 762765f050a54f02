#include "flow/approval_offer.h"

#include "flow/account.h"
#include "flow/offer.h"
#include "flow/spoken.h"

#include <string.h>

/* ---- Words ---- */

static const char *money(struct arena *a, int64_t minor, enum currency currency)
{
    return spoken_money(a, "en", money_of(minor, currency));
}

static const char *day(struct arena *a, struct day day)
{
    return spoken_day(a, "en", "US", day);
}

static const char *what_of(struct arena *a, const struct held_offer *o, const char *name)
{
    int payments = o->instalments + (o->down_minor > 0);
    const char *parts = payments == 1 ? "at once" : arena_print(a, "in %d payments", payments);

    return arena_print(a, "%s pays %s of %s, %s", name, money(a, o->minor, o->currency),
                       money(a, o->balance_minor, o->currency), parts);
}

static const char *rest_of(struct arena *a, const struct held_offer *o)
{
    switch (o->residual) {
    case RESIDUAL_FORGIVEN:
        return arena_print(a, "the rest, %s, is cancelled",
                           money(a, offer_forgiven(o), o->currency));
    case RESIDUAL_FEES_WAIVED:
        return "the fees are let go";
    case RESIDUAL_STILL_OWED:
        break;
    }
    return "what is left is still owed";
}

/* What the person will read: amounts and days first, and what becomes of the rest. */
static const char *told_of(struct arena *a, const struct held_offer *o)
{
    bool once = o->instalments + (o->down_minor > 0) == 1;

    return arena_print(a, "%s %s%s by %s,%s %s.",
                       o->by_debtor ? "We say yes: you pay" : "If you pay",
                       money(a, o->minor, o->currency), once ? "" : ", the first payment",
                       day(a, o->first_day), o->by_debtor ? " and" : "", rest_of(a, o));
}

static bool rule_of(struct store *s, struct arena *a, struct instant now,
                    const struct zone *zone, struct casefile_key key, const struct held_offer *o,
                    const char **out, struct fault *why)
{
    struct authority_answer answer;
    struct fault no = { 0 };

    if (offer_why(s, a, now, zone, key, o, &answer, &no)) {
        *out = answer.ruling == AUTHORITY_ALLOWED
                   ? arena_print(a, "It is within the limits of its author now (%s).",
                                 answer.source)
                   : arena_print(a, "%s (%s)", answer.why, answer.source);
        return true;
    }
    *out = arena_copy(a, no.text); /* nothing is open any more, the role is gone, … */
    if (fault_kind_of(no.code) == FAULT_INPUT || fault_kind_of(no.code) == FAULT_ABSENT ||
        fault_kind_of(no.code) == FAULT_CONFLICT)
        return true;
    *why = no;
    return false;
}

/* ---- What waits ---- */

struct waiting_offer {
    struct casefile_key key;
    int32_t number;
    const char *reference, *name;
    struct instant made;
};

static bool waiting_read(struct store *s, struct arena *a, const struct approver *by,
                         struct waiting_offer **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_APPROVAL_OFFERS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    while (query_next(&q)) {
        if (!user_sees(by->clients, by->desks, row_text(&q, 4), row_text(&q, 5)))
            continue;
        struct waiting_offer *w = arena_push(a, *out, *count, room);
        *w = (struct waiting_offer){ .key = { row_int(&q, 0), row_int(&q, 1) },
                                     .number = (int32_t)row_int(&q, 2),
                                     .reference = row_copy(&q, 3, a),
                                     .name = row_copy(&q, 6, a),
                                     .made = { row_int(&q, 7) } };
    }
    return query_end(&q, why);
}

static bool item_read(struct store *s, struct arena *a, const struct zone *zone,
                      struct instant now, const struct approver *by,
                      const struct waiting_offer *w, struct approval_item *out,
                      struct fault *why)
{
    struct held_offer o;

    if (!offer_get(s, a, w->key, w->number, zone, &o, why))
        return false;
    *out = (struct approval_item){
        .id = arena_print(a, "offer-%lld-%d", (long long)w->key.id, (int)w->number),
        .kind = APPROVE_OFFER,
        .subject = w->reference,
        .reason = o.reason,
        .asked_name = o.author != NULL ? o.author : "Somebody",
        /* one of theirs waits since somebody said yes to it, which is known by day */
        .asked_at = wall_at(w->made, zone).day.number == o.state_day.number
                        ? w->made
                        : day_begins(o.state_day, zone),
        .mine = o.author != NULL && text_equal(o.author, by->name),
        .may = by->authority != NULL,
        .tale = { .what = what_of(a, &o, w->name),
                  .told = told_of(a, &o),
                  .account = w->reference },
    };
    return rule_of(s, a, now, zone, w->key, &o, &out->tale.rule, why);
}

bool approval_offer_items(struct store *s, struct arena *a, const struct zone *zone,
                          struct instant now, const struct approver *by,
                          struct approval_item **out, size_t *count, size_t *room,
                          struct fault *why)
{
    struct waiting_offer *all;
    size_t waiting;

    if (by->authority == NULL) /* nothing for them to decide, or to have asked for */
        return true;
    if (!waiting_read(s, a, by, &all, &waiting, why))
        return false;
    for (size_t i = 0; i < waiting; i++) {
        struct approval_item *item = arena_push(a, *out, *count, *room);
        if (!item_read(s, a, zone, now, by, &all[i], item, why))
            return false;
    }
    return true;
}

static bool count_all(struct store *s, const struct approver *by, int64_t most, int64_t *out,
                      struct fault *why)
{
    struct query q = query_begin(s, Q_APPROVAL_OFFER_COUNT);

    bind_text(&q, by->name);
    bind_int(&q, most);
    if (query_next(&q))
        *out += row_int(&q, 0);
    return query_end(&q, why);
}

bool approval_offer_count(struct store *s, const struct approver *by, int64_t most, int64_t *out,
                          struct fault *why)
{
    if (by->authority == NULL)
        return true;
    if (by->clients == NULL && by->desks == NULL)
        return count_all(s, by, most, out, why);
    struct query q = query_begin(s, Q_APPROVAL_OFFER_PLACES);
    bind_text(&q, by->name);
    bind_int(&q, most);
    while (query_next(&q))
        *out += user_sees(by->clients, by->desks, row_text(&q, 0), row_text(&q, 1));
    return query_end(&q, why);
}

/* ---- Yes and no ---- */

static bool offer_find(struct book *b, const char *id, const struct approver *by,
                       struct casefile_key *key, int32_t *number, struct held_offer *out,
                       struct fault *why)
{
    char *text = arena_copy(&b->arena, id), *dash = strrchr(text, '-');
    int64_t casefile = 0, place = 0;
    bool seen = false;

    if (dash != NULL && text_starts(text, "offer-") && dash > text + strlen("offer-")) {
        *dash = '\0';
        text_to_int(text + strlen("offer-"), &casefile);
        text_to_int(dash + 1, &place);
    }
    *key = (struct casefile_key){ casefile >> 53, casefile };
    *number = (int32_t)place;
    if (casefile > 0 && place > 0 && place <= INT32_MAX &&
        !account_is_seen(b->store, *key, by->clients, by->desks, &seen, why))
        return false;
    if (!seen)
        return fail(why, NOT_FOUND, "There is no approval \"%s\".", id);
    return offer_get(b->store, &b->arena, *key, *number, b->zone, out, why);
}

static bool may_decide(const struct approver *by, const struct held_offer *o, struct fault *why)
{
    if ((by->can & PERMISSION_BIT(MAY_APPROVE)) == 0)
        return fail(why, NOT_ALLOWED, "Who agrees to %s must be allowed to %s.",
                    approval_words(APPROVE_OFFER), permission_words(MAY_APPROVE));
    if (by->authority == NULL)
        return fail(why, NOT_ALLOWED, "Your role grants nothing in an account: somebody decides "
                                      "it whose role has limits in authority/house.yaml.");
    if (text_equal(o->author, by->name))
        return fail(why, NOT_ALLOWED, "You asked for this yourself: another person decides it.");
    return o->state == OFFER_WAITING_APPROVAL ||
           fail(why, CONFLICT, "This offer does not wait any more: it is %s.",
                offer_state_name(o->state));
}

static const char *done_words(struct arena *a, const struct offer_ruling *ruling)
{
    if (ruling->state == OFFER_ACCEPTED)
        return arena_print(a, "Approved: their offer is accepted, and plan %d pays it.",
                           (int)ruling->plan);
    return "Approved: the offer is open, and they may accept it.";
}

bool approval_offer_answer(struct book *b, const char *id, const struct approver *by,
                           bool agrees, const char *answer, const char **done,
                           struct fault *why)
{
    struct offer_act act = { .author = by->name, .role = by->authority, .reason = answer };
    struct offer_ruling ruling;
    struct casefile_key key;
    struct held_offer o;
    int32_t number;

    if (!offer_find(b, id, by, &key, &number, &o, why) || !may_decide(by, &o, why))
        return false;
    *done = "Declined.";
    if (!agrees)
        return book_offer_end(b, key, number, OFFER_DECLINED, &act, why);
    if (!book_offer_approve(b, key, number, &act, &ruling, why))
        return false;
    *done = done_words(&b->arena, &ruling);
    return true;
}

bool approval_offer_withdraw(struct book *b, const char *id, const struct approver *by,
                             struct fault *why)
{
    struct offer_act act = { .author = by->name, .role = by->authority };
    struct casefile_key key;
    struct held_offer o;
    int32_t number;

    if (!offer_find(b, id, by, &key, &number, &o, why))
        return false;
    if (!text_equal(o.author, by->name))
        return fail(why, NOT_ALLOWED, "Only who asked for it withdraws it; you can decline it.");
    return book_offer_end(b, key, number, OFFER_WITHDRAWN, &act, why);
}
