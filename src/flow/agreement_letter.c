#include "flow/agreement_letter.h"

#include "flow/compose.h"
#include "flow/offer.h"
#include "store/casefiles.h"

static const char *template_of(const struct casefile *c)
{
    return c->role == ACTOR_FIRST_PARTY_CREDITOR ? "payment-agreement"
                                                 : "payment-agreement-third-party";
}

static bool make(struct book *b, const struct casefile *c, int32_t plan, int32_t offer,
                 struct composed *made, struct fault *why)
{
    const struct contact_point *point = casefile_point(c, PARTY_DEBTOR, CHANNEL_LETTER, true);
    const struct instalment **items =
        arena_array(&b->arena, const struct instalment *, c->instalment_count + 1);
    struct compose_request request = { .casefile = c,
                                       .party = casefile_party(c, PARTY_DEBTOR),
                                       .channel = CHANNEL_LETTER,
                                       .template = template_of(c),
                                       .outbox = offer != 0 ? offer : plan,
                                       .items = items,
                                       .now = b->now,
                                       .today = book_today(b),
                                       .plan = plan,
                                       .offer = offer };

    if (point == NULL || request.party == NULL)
        return fail(why, NOT_FOUND, "No good postal address of %s is known.", c->reference);
    request.address = point->address;
    for (size_t i = 0; i < c->instalment_count; i++) {
        if (c->instalments[i].open_minor > 0)
            items[request.item_count++] = &c->instalments[i];
    }
    struct composer *composer = composer_open(b->store, why);
    if (composer == NULL)
        return false;
    bool done = compose(composer, &b->arena, &request, made, why);
    composer_close(composer);
    return done;
}

bool agreement_letter(struct book *b, struct casefile_key key, int32_t plan, int32_t offer,
                      FILE *out, struct fault *why)
{
    struct held_offer held;
    struct composed made;
    struct casefile *c;

    if (offer != 0) {
        if (!offer_get(b->store, &b->arena, key, offer, b->zone, &held, why))
            return false;
        if (held.state == OFFER_WAITING_APPROVAL)
            return fail(why, NOT_ALLOWED, "Offer %d waits for approval.", (int)offer);
        plan = held.plan;
    }
    if (!casefile_load(b->store, &b->arena, key, book_today(b), &c, why) ||
        !make(b, c, plan, offer, &made, why))
        return false;
    return fwrite(made.bytes, 1, made.length, out) == made.length ||
           fail(why, SYSTEM, "The letter could not be written.");
}
