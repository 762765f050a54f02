#include "flow/account.h"

#include "domain/ask.h"
#include "domain/location.h"
#include "flow/user.h"
#include "formats/places.h"
#include "store/casefiles.h"

#include <string.h>

static struct query begin_of(struct store *s, enum query_name name, struct casefile_key key)
{
    struct query q = query_begin(s, name);

    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    return q;
}

bool account_find(struct book *b, const char *reference, struct account *out, struct fault *why)
{
    if (!casefile_find(b->store, reference, &out->key, why))
        return false;
    struct query q = begin_of(b->store, Q_ACCOUNT_FACE, out->key);
    if (query_next(&q)) {
        out->reference = row_copy(&q, 0, &b->arena);
        out->name = row_copy(&q, 1, &b->arena);
    }
    return query_end(&q, why);
}

bool account_is_seen(struct store *s, struct casefile_key key, const char *clients,
                     const char *desks, bool *seen, struct fault *why)
{
    struct query q = begin_of(s, Q_FILE_OWNER, key);

    *seen = query_next(&q) && user_sees(clients, desks, row_text(&q, 0), row_text(&q, 1));
    return query_end(&q, why);
}

bool account_debt(struct book *b, const struct account *account, const char *reference,
                  int32_t *debt, struct fault *why)
{
    *debt = 0;
    if (reference == NULL)
        return true;
    struct query q = begin_of(b->store, Q_DEBT_LIST, account->key);
    while (*debt == 0 && query_next(&q)) {
        if (text_equal(row_text(&q, 1), reference))
            *debt = (int32_t)row_int(&q, 0);
    }
    if (!query_end(&q, why))
        return false;
    if (*debt != 0)
        return true;
    fail(why, NOT_FOUND, "Account %s has no debt \"%s\".", account->reference, reference);
    return fault_hint(why, "recoup account show %s", account->reference);
}

static bool currency_of_organisation(struct book *b, enum currency *out, struct fault *why)
{
    const char *code;

    if (!book_setting(b->store, &b->arena, "currency", &code, why))
        return false;
    *out = code == NULL ? CURRENCY_USD : currency_parse(code);
    return true;
}

bool account_debt_reference(struct book *b, const struct account *account, int32_t debt,
                            const char **reference, struct fault *why)
{
    struct query q = query_begin(b->store, Q_DEBT_GET);

    bind_key(&q, account->key);
    bind_int(&q, debt);
    *reference = query_next(&q) ? row_copy(&q, 0, &b->arena) : NULL;
    return query_end(&q, why);
}

bool account_currency(struct book *b, const struct account *account, int32_t debt,
                      enum currency *out, struct fault *why)
{
    bool one = true, any = false;

    struct query q = begin_of(b->store, Q_DEBT_LIST, account->key);
    while (query_next(&q)) {
        enum currency currency = (enum currency)row_int(&q, 4);
        if (debt != 0 && row_int(&q, 0) != debt)
            continue;
        one = one && (!any || *out == currency);
        any = true;
        *out = currency;
    }
    if (!query_end(&q, why))
        return false;
    if (!one)
        *out = CURRENCY_NONE;
    return any || currency_of_organisation(b, out, why);
}

/* False when the type of the row is not known here. */
static bool fact_of_row(struct book *b, struct query *q, struct account_fact *out)
{
    *out = (struct account_fact){ .number = (int32_t)row_int(q, 0),
                                  .debt = (int32_t)row_int(q, 2),
                                  .at = { row_int(q, 3) },
                                  .until = { row_int(q, 4) },
                                  .scope = row_copy(q, 5, &b->arena),
                                  .value = row_copy(q, 6, &b->arena),
                                  .channel = row_copy(q, 7, &b->arena),
                                  .debt_reference = row_copy(q, 8, &b->arena) };
    return fact_type_parse(row_text(q, 1), &out->type);
}

bool account_facts(struct book *b, const struct account *account, enum fact_type type,
                   struct instant at, struct account_fact **out, size_t *count,
                   struct fault *why)
{
    size_t room = 0;
    struct query q = begin_of(b->store, Q_ACCOUNT_FACTS, account->key);

    *out = NULL;
    *count = 0;
    while (query_next(&q)) {
        struct account_fact fact;
        if (fact_of_row(b, &q, &fact) && fact.type == type && fact.at.us <= at.us &&
            at.us < fact.until.us)
            *arena_push(&b->arena, *out, *count, room) = fact;
    }
    return query_end(&q, why);
}

bool account_fact(struct book *b, const struct account *account, int32_t number,
                  struct instant at, struct account_fact *out, bool *found, struct fault *why)
{
    struct query q = begin_of(b->store, Q_ACCOUNT_FACTS, account->key);

    *found = false;
    while (query_next(&q)) {
        struct account_fact fact;
        if (row_int(&q, 0) != number || !fact_of_row(b, &q, &fact) || fact.at.us > at.us ||
            at.us >= fact.until.us)
            continue;
        *out = fact;
        *found = true;
    }
    return query_end(&q, why);
}

bool account_payment(struct book *b, const struct account *account, const char *reference,
                     struct account_payment *out, struct fault *why)
{
    struct query q = begin_of(b->store, Q_PAYMENT_BY_REFERENCE, account->key);

    *out = (struct account_payment){ 0 };
    bind_text(&q, reference);
    if (query_next(&q)) {
        out->found = true;
        out->day = (struct day){ (int32_t)row_int(&q, 1) };
        out->money = money_of(row_int(&q, 3), (enum currency)row_int(&q, 2));
        out->state = row_copy(&q, 5, &b->arena);
        out->pending = text_equal(out->state, "pending");
        out->number = (int32_t)row_int(&q, 0);
    }
    return query_end(&q, why);
}

bool account_agreed(struct book *b, const struct account *account, enum channel channel,
                    const char *address, struct fault *why)
{
    static const struct gate_field direct = { "basis", "direct_consent" };
    struct casefile *c;

    if (channel != CHANNEL_EMAIL && channel != CHANNEL_SMS)
        return true;
    if (!casefile_load(b->store, &b->arena, account->key, book_today(b), &c, why))
        return false;
    for (size_t i = 0; i < c->point_count; i++) {
        const struct contact_point *point = &c->points[i];
        struct gate_fact fact = { .type = channel == CHANNEL_EMAIL ? FACT_EMAIL_BASIS
                                                                   : FACT_SMS_BASIS,
                                  .party = point->party,
                                  .at = b->now,
                                  .until = INSTANT_NEVER,
                                  .value = point->address,
                                  .detail = { 1, &direct } };
        if (point->channel == channel &&
            (address == NULL || text_equal(address, point->address)) &&
            !book_fact_add(b, account->key, &fact, "command line", NULL, why))
            return false;
    }
    return true;
}

bool account_zones(struct book *b, const struct account *account, const char **words,
                   struct fault *why)
{
    struct casefile *c;

    if (!casefile_load(b->store, &b->arena, account->key, book_today(b), &c, why))
        return false;
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    *words = debtor == NULL ? ""
                            : location_words(&b->arena, debtor->clues_text, debtor->zones_text);
    return true;
}

bool account_place_known(const char *place, bool *known, struct fault *why)
{
    const struct places *p;

    if (!places_load(&p, why))
        return false;
    *known = places_known(p, place);
    return true;
}

bool account_purpose(struct book *b, const struct account *account,
                     const struct contact *contact, const char **purpose, struct fault *why)
{
    struct day today = book_today(b);
    struct gate_question question;
    struct casefile *c;

    *purpose = NULL;
    if (!casefile_load(b->store, &b->arena, account->key, today, &c, why))
        return false;
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    if (debtor == NULL)
        return true;
    question_build(c, debtor, contact->channel, contact->address, contact->at, 0, NULL,
                   &question);
    *purpose = question.purpose;
    return true;
}
