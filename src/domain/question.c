#include "domain/question.h"

#include "base/text.h"
#include "domain/validation.h"

#include <string.h>

bool names_have(struct names names, const char *name)
{
    if (names.marks != 0 && (names.marks & name_mark(name)) == 0)
        return false;
    for (size_t i = 0; i < names.count; i++) {
        if (strcmp(names.names[i], name) == 0)
            return true;
    }
    return false;
}

bool field_holds(struct gate_fields fields, const char *name)
{
    const char *value = gate_field_find(fields, name);

    return value != NULL && value[0] != '\0' && strcmp(value, "false") != 0;
}

bool field_day(struct gate_fields fields, const char *name, struct day *out)
{
    char text[DAY_TEXT];
    const char *value = gate_field_find(fields, name);

    if (value == NULL || strlen(value) < 10)
        return false;
    memcpy(text, value, 10); /* the date of a date, or of a moment */
    text[10] = '\0';
    return day_parse(text, out);
}

bool field_hundredths(struct gate_fields fields, const char *name, int64_t *out)
{
    const char *at = gate_field_find(fields, name);
    int64_t whole = 0, part = 0;
    int digits = 0, places = 0;

    if (at == NULL)
        return false;
    for (; *at >= '0' && *at <= '9' && digits < 15; at++, digits++)
        whole = whole * 10 + (*at - '0');
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++, places++)
            part = places < 2 ? part * 10 + (*at - '0') : part;
    }
    if (digits == 0 || *at != '\0')
        return false;
    *out = whole * 100 + (places == 1 ? part * 10 : part);
    return true;
}

bool fact_is_written(const struct gate_fact *fact)
{
    const char *form = gate_field_find(fact->detail, "form");
    const char *accepts = gate_field_find(fact->detail, "collector_accepts_email");

    if (text_equal(gate_field_find(fact->detail, "written"), "false") ||
        text_equal(form, "oral") || text_equal(form, "call") || text_equal(form, "phone"))
        return false;
    return !text_equal(form, "email") || !text_equal(accepts, "false");
}

bool question_leaves_out(const struct gate_question *q, const struct gate_fact *fact)
{
    return fact_is_of_part(fact) && field_holds(q->content, "excludes_disputed_portion");
}

const char *question_purpose(const struct gate_question *q)
{
    return q->purpose == NULL ? "collection" : q->purpose;
}

uint32_t channel_medium(enum channel channel)
{
    uint32_t bit = 1u << channel;

    return (bit & TELEPHONE) != 0 ? (uint32_t)TELEPHONE : bit;
}

bool fact_is_in_force(const struct gate_fact *fact, struct instant at)
{
    return fact->at.us <= at.us && at.us < fact->until.us;
}

struct instant question_fact_turn(const struct gate_question *q)
{
    struct instant next = INSTANT_NEVER;

    for (size_t i = 0; i < q->fact_count; i++) {
        const int64_t both[] = { q->facts[i].at.us, q->facts[i].until.us };
        for (size_t k = 0; k < 2; k++) {
            if (both[k] > q->at.us && both[k] < next.us)
                next.us = both[k];
        }
    }
    return next;
}

static bool has_debt(const struct gate_question *q, int32_t number)
{
    for (size_t i = 0; i < q->debt_count; i++) {
        if (q->debts[i].number == number)
            return true;
    }
    return q->debt_count == 0; /* about nobody knows which: it may be this one */
}

bool fact_concerns(const struct gate_fact *fact, const struct gate_question *q)
{
    return (fact->party == 0 || fact->party == q->party) &&
           (fact->debt == 0 || has_debt(q, fact->debt));
}

bool fact_concerns_debts(const struct gate_fact *fact, const struct gate_question *q)
{
    struct gate_fact anybody = *fact;

    if (fact->debt != 0)
        anybody.party = 0;
    return fact_concerns(&anybody, q);
}

const struct contact *question_unanswered(const struct gate_question *q, uint32_t channels,
                                          struct instant after)
{
    for (size_t i = q->history_count; i-- > 0;) {
        const struct contact *c = &q->history[i];
        if (c->party != q->party || (1u << c->channel & channels) == 0 || c->at.us > q->at.us)
            continue;
        if (c->direction == DIRECTION_OUT || c->outcome == OUTCOME_CONVERSATION ||
            c->at.us < after.us)
            return NULL; /* a talk is answered as it goes */
        return c;
    }
    return NULL;
}

bool question_answers(const struct rule *rule, const struct gate_question *q)
{
    return rule->replies.count > 0 && names_have(rule->replies, question_purpose(q)) &&
           question_unanswered(q, UINT32_MAX, (struct instant){ INT64_MIN }) != NULL;
}

bool question_answers_plainly(const struct rule *rule, const struct gate_question *q)
{
    return question_answers(rule, q) &&
           !text_equal(gate_field_find(q->content, "requests_payment"), "true");
}

static const int64_t DAY_US = (int64_t)SECONDS_A_DAY * 1000000;
static const int64_t HOUR_US = (int64_t)3600 * 1000000;

struct instant day_later_everywhere(const struct gate_question *q, struct instant at, int days)
{
    struct instant last = { INT64_MIN };

    if (q->zone_count == 0)
        return (struct instant){ at.us + days * DAY_US + HOUR_US };
    for (size_t i = 0; i < q->zone_count; i++) {
        struct day day = day_plus(wall_at(at, q->zones[i]).day, days);
        struct instant begins = day_begins(day, q->zones[i]);
        if (begins.us > last.us)
            last = begins;
    }
    return last;
}

struct instant day_later_somewhere(const struct gate_question *q, struct instant at, int days)
{
    struct instant first = INSTANT_NEVER;

    if (q->zone_count == 0) /* the first of the days may be over at once */
        return (struct instant){ at.us + (days - 1) * DAY_US - HOUR_US };
    for (size_t i = 0; i < q->zone_count; i++) {
        struct day day = day_plus(wall_at(at, q->zones[i]).day, days);
        struct instant begins = day_begins(day, q->zones[i]);
        if (begins.us < first.us)
            first = begins;
    }
    return first;
}

struct instant days_began(const struct gate_question *q, int days)
{
    struct instant first = { INT64_MAX };

    if (q->zone_count == 0) /* what lies exactly so far back has been waited for: it is out */
        return (struct instant){ q->at.us - days * DAY_US - HOUR_US + 1 };
    for (size_t i = 0; i < q->zone_count; i++) {
        struct day day = day_plus(wall_at(q->at, q->zones[i]).day, 1 - days);
        struct instant begins = day_begins(day, q->zones[i]);
        if (begins.us < first.us)
            first = begins;
    }
    return first;
}

struct days question_days(const struct gate_question *q, struct instant at)
{
    struct day utc = { (int32_t)(at.us / DAY_US - (at.us % DAY_US < 0)) };
    struct days days = { utc, utc };

    if (q->zone_count == 0) /* somewhere it is still yesterday, or already tomorrow */
        return (struct days){ day_plus(utc, -1), day_plus(utc, 1) };
    for (size_t i = 0; i < q->zone_count; i++) {
        struct day day = wall_at(at, q->zones[i]).day;
        if (i == 0 || day.number < days.first.number)
            days.first = day;
        if (i == 0 || day.number > days.last.number)
            days.last = day;
    }
    return days;
}

bool contact_communicates(const struct contact *c)
{
    static const uint32_t went_out = 1u << OUTCOME_NONE | 1u << OUTCOME_PLANNED |
                                     1u << OUTCOME_SENT | 1u << OUTCOME_DELIVERED;
    bool out = c->direction == DIRECTION_OUT, spoken = (1u << c->channel & TELEPHONE) != 0;

    if (c->outcome == OUTCOME_CONVERSATION)
        return true;
    return out && (spoken ? c->outcome == OUTCOME_VOICEMAIL : went_out >> c->outcome & 1u);
}

static bool concerns_any_debt(const struct contact *c, const struct gate_question *q)
{
    for (size_t i = 0; i < q->debt_count; i++) {
        if (contact_concerns(c, q, &q->debts[i], (struct alike){ 0 }))
            return true;
    }
    return q->debt_count == 0;
}

const struct contact *question_communicated(const struct gate_question *q, bool initial)
{
    for (size_t i = 0; i < q->history_count && q->history[i].at.us <= q->at.us; i++) {
        const struct contact *c = &q->history[i];
        if (c->party == q->party && contact_communicates(c) && concerns_any_debt(c, q) &&
            (!initial || text_equal(c->purpose, "initial")))
            return c;
    }
    return NULL;
}

const struct gate_fact *question_validation(const struct gate_question *q, int32_t debt)
{
    for (size_t i = q->fact_count; i-- > 0;) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type == FACT_VALIDATION && fact_is_in_force(fact, q->at) &&
            (fact->party == 0 || fact->party == q->party) &&
            (fact->debt == 0 || debt == 0 || fact->debt == debt))
            return fact;
    }
    return NULL;
}

struct day validation_last_day(const struct gate_question *q, const struct gate_fact *notice)
{
    struct day given, printed, last;

    if (!field_day(notice->detail, "provided", &given))
        given = question_days(q, notice->at).last;
    last = validation_end(given);
    if (field_day(notice->detail, "end_date", &printed) && printed.number > last.number)
        last = printed;
    return last;
}

bool validation_is_over(const struct gate_question *q, const struct gate_fact *notice,
                        struct day day)
{
    enum { NEVER_SHORTER = 36, NEVER_LONGER = 60 }; /* whatever the weekdays and holidays */
    int32_t given = (int32_t)(notice->at.us / DAY_US);

    if (day.number < given + NEVER_SHORTER)
        return false;
    if (day.number > given + NEVER_LONGER &&
        gate_field_find(notice->detail, "end_date") == NULL &&
        gate_field_find(notice->detail, "provided") == NULL)
        return true;
    return day.number > validation_last_day(q, notice).number;
}

bool question_requests_payment(const struct gate_question *q)
{
    static const char *const demands[] = { "collection",       "initial",        "demand",
                                           "reminder",         "follow_up",      "claim",
                                           "settlement_offer", "letter_of_claim" };
    const char *said = gate_field_find(q->content, "requests_payment");

    if (said != NULL)
        return strcmp(said, "true") == 0;
    for (size_t i = 0; i < COUNT(demands); i++) {
        if (strcmp(question_purpose(q), demands[i]) == 0)
            return true;
    }
    return q->channel == CHANNEL_PAYMENT_DEBIT;
}

bool question_carries_validation(const struct gate_question *q)
{
    return strcmp(question_purpose(q), "validation_notice") == 0 ||
           field_holds(q->content, "validation_end_date");
}

static const struct gate_debt *debt_numbered(const struct gate_question *q, int32_t number)
{
    for (size_t i = 0; i < q->casefile_debt_count; i++) {
        if (q->casefile_debts[i].number == number)
            return &q->casefile_debts[i];
    }
    for (size_t i = 0; i < q->debt_count; i++) {
        if (q->debts[i].number == number)
            return &q->debts[i];
    }
    return NULL;
}

static bool debts_are_alike(const struct gate_debt *a, const struct gate_debt *b,
                            struct alike alike)
{
    if (a == NULL || alike.field == NULL ||
        (alike.kind != NULL &&
         (!text_equal(a->kind, alike.kind) || !text_equal(b->kind, alike.kind))))
        return false;
    const char *value = gate_field_find(a->detail, alike.field);
    return value != NULL && text_equal(value, gate_field_find(b->detail, alike.field));
}

bool contact_concerns(const struct contact *contact, const struct gate_question *q,
                      const struct gate_debt *debt, struct alike alike)
{
    if (contact->debts.count == 0 || debt_set_has(contact->debts, debt->number))
        return true;
    for (size_t i = 0; alike.field != NULL && i < contact->debts.count; i++) {
        const struct gate_debt *other = debt_numbered(q, contact->debts.numbers[i]);
        if (debts_are_alike(other, debt, alike))
            return true;
    }
    return false;
}

bool consent_names_channel(const struct gate_fact *fact, enum channel channel)
{
    const char *list = gate_field_find(fact->detail, "channels");
    const char *name = channel == CHANNEL_VOICEMAIL ? "call" : channel_name(channel);

    if (fact->channel_known)
        return (channel_medium(fact->channel) & 1u << channel) != 0;
    if (list == NULL)
        return true;
    size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length) {
        bool begins = at == list || at[-1] == ',';
        if (begins && (at[length] == '\0' || at[length] == ','))
            return true;
    }
    return false;
}

/* Consent given to the creditor does not reach the collector, nor the other way round. */
static bool consent_reaches(const struct gate_fact *fact, const struct gate_question *q,
                            struct instant at)
{
    const char *to = gate_field_find(fact->detail, "given_to");
    const char *wanted = q->role == ACTOR_FIRST_PARTY_CREDITOR ? "creditor" : "collector";

    if (fact->type != FACT_CONSENT || !fact_is_in_force(fact, at) ||
        (fact->party != 0 && fact->party != q->party))
        return false;
    return to != NULL && strcmp(to, wanted) == 0 && consent_names_channel(fact, q->channel);
}

bool consent_is_direct(const struct gate_fact *fact, const struct gate_question *q,
                       struct instant at)
{
    if (fact->debt != 0 && q->debt_count != 1)
        return false; /* about several debts, agreed for one */
    return fact_concerns(fact, q) && consent_reaches(fact, q, at);
}

bool consent_is_for_hours(const struct gate_fact *fact)
{
    return fact->hours.from != 0 || fact->hours.to != 0 || fact->hours.weekdays != 0;
}

bool consent_covers_appointment(const struct gate_fact *fact, struct instant at, int minutes)
{
    const char *text = gate_field_find(fact->detail, "call_back");
    struct instant agreed;

    if (text == NULL || !instant_parse(text, &agreed))
        return false;
    int64_t apart = at.us > agreed.us ? at.us - agreed.us : agreed.us - at.us;
    return apart <= (int64_t)minutes * 60 * 1000000;
}

/* Consent given in a talk dates from that talk, though the fact may only name its day. */
static struct instant consent_given(const struct gate_fact *fact, const struct gate_question *q)
{
    const char *during = gate_field_find(fact->detail, "during");
    struct instant given = fact->at;

    if (during == NULL || strstr(during, "conversation") == NULL)
        return given;
    for (size_t i = 0; i < q->history_count; i++) {
        const struct contact *c = &q->history[i];
        if (c->outcome == OUTCOME_CONVERSATION && c->party == q->party &&
            c->at.us >= fact->at.us && c->at.us < fact->at.us + DAY_US)
            given = c->at;
    }
    return given;
}

static bool has_talked_between(const struct gate_question *q, const struct gate_debt *debt,
                               struct alike alike, struct instant from, struct instant to)
{
    for (size_t i = q->history_count; i-- > 0;) {
        const struct contact *c = &q->history[i];
        if (c->at.us <= from.us)
            return false;
        if (c->at.us < to.us && c->outcome == OUTCOME_CONVERSATION && c->party == q->party &&
            (debt == NULL || contact_concerns(c, q, debt, alike)))
            return true;
    }
    return false;
}

/* Consent to one more contact about the debt, given to whoever asks. */
static bool consent_is_to_contact(const struct gate_fact *fact, const struct gate_question *q,
                                  const struct gate_debt *debt, struct alike alike,
                                  struct instant at)
{
    if (fact->type != FACT_CONSENT || consent_is_for_hours(fact))
        return false;
    if (debt == NULL)
        return consent_is_direct(fact, q, at);
    return consent_reaches(fact, q, at) &&
           (fact->debt == 0 || fact->debt == debt->number ||
            debts_are_alike(debt_numbered(q, fact->debt), debt, alike));
}

bool consent_covers_contact(const struct consent_rule *rule, const struct gate_question *q,
                            const struct gate_debt *debt, struct alike alike,
                            struct instant at)
{
    for (size_t i = 0; rule->days > 0 && i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (!consent_is_to_contact(fact, q, debt, alike, at))
            continue;
        if (gate_field_find(fact->detail, "call_back") != NULL &&
            !consent_covers_appointment(fact, at, rule->call_back_minutes))
            continue;
        struct instant given = consent_given(fact, q);
        if (at.us < given.us || at.us >= day_later_somewhere(q, given, rule->days).us)
            continue;
        if (!rule->ends_on_conversation || !has_talked_between(q, debt, alike, given, at))
            return true;
    }
    return false;
}

bool hours_hold(struct bad_hours hours, struct wall wall)
{
    unsigned weekdays = hours.weekdays == 0 ? 0x7fu : hours.weekdays;
    int weekday = weekday_of(wall.day);
    bool today = weekdays >> weekday & 1u, yesterday = weekdays >> ((weekday + 6) % 7) & 1u;

    if (hours.from == 0 && hours.to == 0)
        return today;
    if (hours.from < hours.to)
        return today && wall.second >= hours.from && wall.second < hours.to;
    return (today && wall.second >= hours.from) || (yesterday && wall.second < hours.to);
}

/* A creditor that is not recorded may be the same one. */
bool contact_concerns_creditor(const struct contact *contact, const struct gate_question *q,
                               const struct gate_debt *debt)
{
    const char *creditor = gate_field_find(debt->detail, "creditor");

    if (creditor == NULL || contact_concerns(contact, q, debt, (struct alike){ 0 }))
        return true;
    for (size_t i = 0; i < contact->debts.count; i++) {
        const struct gate_debt *other = debt_numbered(q, contact->debts.numbers[i]);
        const char *theirs = other == NULL ? NULL : gate_field_find(other->detail, "creditor");
        if (theirs == NULL || strcmp(theirs, creditor) == 0)
            return true;
    }
    return false;
}
