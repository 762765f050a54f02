#include "flow/contact_log.h"

#include "base/text.h"
#include "flow/book_parts.h"

#include <string.h>

/* ---- What happened ------------------------------------------------------------------------- */

bool contact_outcome_typed(const char *typed, enum outcome *out)
{
    char name[64];

    if (strlen(typed) >= sizeof name)
        return false;
    strcpy(name, typed);
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '-' ? '_' : *at;
    return outcome_parse(name, out) && *out != OUTCOME_NONE && *out != OUTCOME_PLANNED;
}

/* Who it was, and what was said: for whoever has to show it later. */
static bool talk_record(struct book *b, struct casefile_key key, int32_t contact,
                        const struct talk *talk, struct fault *why)
{
    if (talk == NULL)
        return true;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "contact", contact);
    json_text_at(&w, "with", talk->with);
    if (talk->identity != NULL)
        json_text_at(&w, "identity", talk->identity);
    if (talk->said != NULL)
        json_text_at(&w, "said", talk->said);
    if (talk->script != NULL)
        json_text_at(&w, "script", talk->script);
    return book_record_end(b, &w, key, "talk", why);
}

static bool contact_write(struct book *b, const struct account *account,
                          const struct logged_contact *in, int32_t *number, struct fault *why)
{
    struct contact contact = { .at = in->at,
                               .channel = in->channel,
                               .direction = in->direction,
                               .outcome = in->outcome,
                               .party = PARTY_DEBTOR,
                               .address = in->address,
                               .purpose = in->purpose,
                               .callback_at = in->callback_at };

    if (contact.purpose == NULL &&
        !account_purpose(b, account, &contact, &contact.purpose, why))
        return false;
    if (!book_contact_add(b, account->key, &contact, in->note, why))
        return false;
    *number = book_last_number(b);
    return talk_record(b, account->key, *number, in->talk, why);
}

bool contact_log(struct book *b, const struct account *account, const struct logged_contact *in,
                 int32_t *number, enum change *change, struct fault *why)
{
    *change = CHANGE_NONE;
    if (in->at.us > b->now.us)
        return fail(why, BAD_VALUE, "A contact cannot be logged before it has happened.");
    if (!book_key_find(b, account->key, in->once, number, why))
        return false;
    if (*number != 0)
        return true;
    *change = CHANGE_ADDED;
    return contact_write(b, account, in, number, why) &&
           book_key_put(b, account->key, in->once, *number, why);
}

/* ---- Wishes ---------------------------------------------------------------------------------- */

static bool same_wish(const struct account_fact *known, const struct gate_fact *fact)
{
    return text_equal(known->scope, fact->scope) && text_equal(known->value, fact->value) &&
           text_equal(known->channel, fact->channel_known ? channel_name(fact->channel) : NULL);
}

/* Adds the fact unless the same is in force already. */
static bool wish_add(struct book *b, const struct account *account, struct gate_fact *fact,
                     const char *source, int32_t *number, enum change *change,
                     struct fault *why)
{
    struct account_fact *facts;
    size_t count;

    fact->at = b->now;
    fact->until = INSTANT_NEVER;
    *change = CHANGE_NONE;
    if (!account_facts(b, account, fact->type, b->now, &facts, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        *number = facts[i].number;
        if (same_wish(&facts[i], fact))
            return true;
    }
    *change = CHANGE_ADDED;
    return book_fact_add(b, account->key, fact, source, number, why);
}

bool contact_opt_out(struct book *b, const struct account *account,
                     const struct contact_wish *wish, int32_t *fact, enum change *change,
                     struct fault *why)
{
    struct gate_fact out = { .type = FACT_OPT_OUT,
                             .scope = wish->address != NULL ? "address" : "medium",
                             .value = wish->address,
                             .channel_known = wish->channel_known,
                             .channel = wish->channel };

    return wish_add(b, account, &out, wish->source, fact, change, why);
}

/* A later yes takes back an earlier no to the same channel and address. */
static bool opt_outs_end(struct book *b, const struct account *account,
                         const struct contact_wish *wish, struct fault *why)
{
    struct account_fact *facts;
    size_t count;

    if (!account_facts(b, account, FACT_OPT_OUT, b->now, &facts, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool same =
            text_equal(facts[i].channel, channel_name(wish->channel)) &&
            (facts[i].value == NULL || text_equal(facts[i].value, wish->address));
        if (same && !book_fact_end(b, account->key, facts[i].number, b->now, why))
            return false;
    }
    return true;
}

bool contact_consent(struct book *b, const struct account *account,
                     const struct contact_wish *wish, int32_t *fact, enum change *change,
                     struct fault *why)
{
    struct gate_fact yes = { .type = FACT_CONSENT,
                             .value = wish->address,
                             .channel_known = true,
                             .channel = wish->channel };

    return opt_outs_end(b, account, wish, why) &&
           wish_add(b, account, &yes, wish->source, fact, change, why) &&
           account_agreed(b, account, wish->channel, wish->address, why);
}

bool contact_prefer(struct book *b, const struct account *account,
                    const struct contact_wish *wish, int32_t *fact, enum change *change,
                    struct fault *why)
{
    struct gate_fact like = { .type = FACT_PREFERENCE,
                              .channel_known = true,
                              .channel = wish->channel };
    struct account_fact *facts;
    size_t count;

    if (!account_facts(b, account, FACT_PREFERENCE, b->now, &facts, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (facts[i].channel != NULL &&
            !text_equal(facts[i].channel, channel_name(wish->channel)) &&
            !book_fact_end(b, account->key, facts[i].number, b->now, why))
            return false;
    }
    return wish_add(b, account, &like, wish->source, fact, change, why);
}

/* ---- Where they are, and what helps them --------------------------------------------------- */

/* One location at a time: the new one ends the old. */
static bool locations_end(struct book *b, const struct account *account, const char *value,
                          int32_t *same, bool *ended, struct fault *why)
{
    struct account_fact *facts;
    size_t count;

    *same = 0;
    *ended = false;
    if (!account_facts(b, account, FACT_LOCATION_CONFIRMED, b->now, &facts, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (value != NULL && text_equal(facts[i].value, value)) {
            *same = facts[i].number;
            continue;
        }
        *ended = true;
        if (!book_fact_end(b, account->key, facts[i].number, b->now, why))
            return false;
    }
    return true;
}

bool contact_location(struct book *b, const struct account *account,
                      const struct contact_place *said, int32_t *fact, enum change *change,
                      struct fault *why)
{
    const char *zone = said->zone, *place = said->place;
    const char *value = zone == NULL    ? place
                        : place == NULL ? zone
                                        : arena_print(&b->arena, "%s, %s", zone, place);
    struct gate_field fields[2];
    size_t count = 0;
    bool ended;

    *change = CHANGE_NONE;
    if (!locations_end(b, account, value, fact, &ended, why))
        return false;
    if (ended)
        *change = CHANGE_UPDATED;
    if (value == NULL || *fact != 0)
        return true;
    *change = CHANGE_ADDED;
    if (zone != NULL)
        fields[count++] = (struct gate_field){ "zone", zone };
    if (place != NULL)
        fields[count++] = (struct gate_field){ "place", place };
    const struct gate_fact in = { .type = FACT_LOCATION_CONFIRMED,
                                  .party = PARTY_DEBTOR,
                                  .at = b->now,
                                  .until = INSTANT_NEVER,
                                  .value = value,
                                  .detail = { count, fields } };
    return book_fact_add(b, account->key, &in, said->source, fact, why);
}

/* ---- A call that they asked for ---------------------------------------------------------------- */

/* Those that name another moment end. */
static bool call_backs_end(struct book *b, const struct account *account, const char *moment,
                           int32_t *same, struct fault *why)
{
    struct query q = query_begin(b->store, Q_CALL_BACKS);
    int32_t *others = NULL;
    size_t count = 0, room = 0;

    *same = 0;
    bind_key(&q, account->key);
    bind_int(&q, b->now.us);
    while (query_next(&q)) {
        struct gate_fields detail = gate_fields_parse(&b->arena, row_text(&q, 1));
        const char *appointed = gate_field_find(detail, "call_back");
        if (appointed == NULL)
            continue;
        if (text_equal(appointed, moment))
            *same = (int32_t)row_int(&q, 0);
        else
            *arena_push(&b->arena, others, count, room) = (int32_t)row_int(&q, 0);
    }
    if (!query_end(&q, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!book_fact_end(b, account->key, others[i], b->now, why))
            return false;
    }
    return true;
}

static bool needs_end(struct book *b, const struct account *account, struct fault *why)
{
    struct account_fact *facts;
    size_t count;

    if (!account_facts(b, account, FACT_PREFERENCE, b->now, &facts, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (facts[i].channel == NULL &&
            !book_fact_end(b, account->key, facts[i].number, b->now, why))
            return false;
    }
    return true;
}

bool contact_needs(struct book *b, const struct account *account, const struct fact_needs *in,
                   int32_t *fact, struct fault *why)
{
    const struct gate_field said[] = { { "needs", in->needs },
                                       { "spare", in->spare },
                                       { "payday", in->payday } };
    struct gate_field fields[COUNT(said)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(said); i++) {
        if (said[i].value != NULL)
            fields[count++] = said[i];
    }
    const struct gate_fact added = { .type = FACT_PREFERENCE,
                                     .party = PARTY_DEBTOR,
                                     .at = b->now,
                                     .until = INSTANT_NEVER,
                                     .detail = { count, fields } };
    *fact = 0;
    return needs_end(b, account, why) &&
           (count == 0 || book_fact_add(b, account->key, &added, in->source, fact, why));
}

bool contact_call_back(struct book *b, const struct account *account, struct instant at,
                       const char *source, int32_t *fact, enum change *change,
                       struct fault *why)
{
    const char *moment = arena_copy(&b->arena, instant_print(at, arena_alloc(&b->arena,
                                                                              INSTANT_TEXT)));
    struct open_file f;

    *change = CHANGE_NONE;
    if (at.us <= b->now.us)
        return fail(why, BAD_VALUE, "The call that they ask for has to be later than now.");
    if (!book_file_load(b, account->key, &f, why) ||
        !call_backs_end(b, account, moment, fact, why))
        return false;
    if (*fact != 0)
        return true;
    bool own = text_equal(f.role, actor_role_name(ACTOR_FIRST_PARTY_CREDITOR));
    const struct gate_field fields[] = { { "given_to", own ? "creditor" : "collector" },
                                         { "call_back", moment } };
    struct gate_fact consent = {
        .type = FACT_CONSENT,
        .party = PARTY_DEBTOR,
        .at = b->now,
        .until = day_begins(day_plus(wall_at(at, b->zone).day, 2), b->zone),
        .channel_known = true,
        .channel = CHANNEL_CALL,
        .detail = { COUNT(fields), fields },
    };
    *change = CHANGE_ADDED;
    return book_fact_add(b, account->key, &consent, source, fact, why);
}
