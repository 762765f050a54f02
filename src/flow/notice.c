#include "flow/notice.h"

#include "domain/validation.h"
#include "store/casefiles.h"

static bool record_debt(struct book *b, const struct notice_given *given, int32_t debt,
                        struct day provided, struct day end, struct fault *why)
{
    char provided_text[DAY_TEXT], end_text[DAY_TEXT];
    const struct gate_field fields[] = {
        { "provided", day_print(provided, provided_text) },
        { "end_date", day_print(end, end_text) },
        { "method", given->channel == CHANNEL_EMAIL ? "email" : "mail" },
    };
    struct gate_fact fact = { .type = FACT_VALIDATION,
                              .party = given->party,
                              .debt = debt,
                              .at = b->now,
                              .until = INSTANT_NEVER,
                              .detail = { COUNT(fields), fields } };

    return book_fact_add(b, given->key, &fact, "sent", NULL, why);
}

bool notice_record(struct book *b, const struct notice_given *given, struct fault *why)
{
    struct day house = wall_at(given->composed_at, b->zone).day;
    struct casefile *c;

    if (!text_equal(given->purpose, VALIDATION_NOTICE))
        return true;
    if (!casefile_load(b->store, &b->arena, given->key, house, &c, why))
        return false;
    const struct party *party = casefile_party(c, given->party);
    struct day provided = party != NULL ? party_day(party, given->composed_at, house) : house;
    for (size_t i = 0; i < given->debts.count; i++) {
        if (!record_debt(b, given, given->debts.numbers[i], provided, validation_end(provided),
                         why))
            return false;
    }
    return true;
}
