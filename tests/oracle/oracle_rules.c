/*
 * The rules themselves, with the numbers that the law gives; nothing here is read from rules/.
 *
 * Sources: 12 CFR 1006 for the federal ones, the acts of the states, and the guidelines abroad,
 * as each rule's citation says. Where a text leaves a choice, the comment says what was chosen.
 */
#include "people.h"

#include "base/fault.h"

#include <string.h>

enum {
    HALF_PAST_7 = 27000,
    H7 = 25200,
    H8 = 28800,
    H9 = 32400,
    H13 = 46800,
    H17 = 61200,
    H18 = 64800,
    H19 = 68400,
    H20 = 72000,
    H21 = 75600
};
enum { ALL_WEEK = 0x7f, WORKDAYS = 0x1f, WEEKEND = 0x60, NOT_SUNDAY = 0x3f, SUNDAY = 0x40 };
enum {
    TEXTS = ON(CHANNEL_SMS),
    MAILS = ON(CHANNEL_EMAIL),
    SOCIAL = ON(CHANNEL_SOCIAL),
    LETTERS = ON(CHANNEL_LETTER),
    PORTAL = ON(CHANNEL_PORTAL),
    POSTCARDS = ON(CHANNEL_POSTCARD)
};
enum {
    UNCONNECTED = OF(OUTCOME_BUSY) | OF(OUTCOME_NOT_IN_SERVICE) | OF(OUTCOME_WRONG_NUMBER),
    UNDELIVERED = UNCONNECTED | OF(OUTCOME_BOUNCED)
};

static const struct opinion passes = { .ruling = RULING_ALLOW };

/* ---- where and whom ---- */

/* The place, or one that lies in it: the laws of New York State hold in the city. */
static bool lives_in(const struct asked *q, const char *place)
{
    size_t length = strlen(place);

    for (size_t i = 0; i < q->person->place_count; i++) {
        const char *at = q->person->places[i];
        if (strncmp(at, place, length) == 0 && (at[length] == '\0' || at[length] == '-'))
            return true;
    }
    return false;
}

static bool is_collector(const struct asked *q)
{
    return q->person->role != ACTOR_FIRST_PARTY_CREDITOR || q->person->pseudonym;
}

static bool is_creditor(const struct asked *q)
{
    return q->person->role == ACTOR_FIRST_PARTY_CREDITOR;
}

/* Some date that the person's wall may show now lies in these days. */
static bool in_force(const struct asked *q, int64_t from, int64_t to)
{
    for (size_t z = 0; z < q->person->zone_count; z++) {
        int64_t day = clock_day(q->person->clocks[z], q->at);
        if (day >= from && day <= to)
            return true;
    }
    return false;
}

static void say(struct opinions *out, const char *rule, struct opinion opinion)
{
    must(out->count < OPINIONS_MOST);
    opinion.rule = rule;
    out->list[out->count++] = opinion;
}

static bool purpose_is(const struct asked *q, const char *const purposes[])
{
    for (size_t i = 0; purposes[i] != NULL; i++) {
        if (same(q->purpose, purposes[i]))
            return true;
    }
    return false;
}

/* An answer to something that nobody has answered yet, whatever way it came. */
static bool is_reply(const struct asked *q)
{
    return same(q->purpose, "reply") && waiting(q, EVERY_CHANNEL, INT64_MIN, NULL) != NULL;
}

static struct opinion unless_reply(const struct asked *q, struct opinion opinion)
{
    return is_reply(q) ? passes : opinion;
}

/* ---- United States ---- */

static void federal_hours(const struct asked *q, struct opinions *out)
{
    static const struct hours eight_to_nine = {
        .channels = PHONE | TEXTS | MAILS | PORTAL | SOCIAL,
        .openings = { { ALL_WEEK, H8, H21 } },
        .stated = true,
        .consented = true,
        .replies = true,
    };
    struct opinion opinion;
    bool confirms = same(q->purpose, "opt_out_confirmation") && !q->requests_payment;

    say(out, "us.regf.inconvenient_time",
        is_attorney(q) || confirms ? passes : hours_opinion(q, &eight_to_nine));
    if ((eight_to_nine.channels & ON(q->channel)) == 0)
        say(out, "us.regf.prior_consent_time", passes);
    else if (consented_hours_opinion(q, &opinion))
        say(out, "us.regf.prior_consent_time", opinion);
}

static void federal_counts(const struct asked *q, struct opinions *out)
{
    static const struct cap seven = { .channels = PHONE,
                                      .limits = { { ATTEMPTS, A_PERSON | A_DEBT, 7, 7 } },
                                      .left_out = UNCONNECTED,
                                      .consent = true,
                                      .loans_are_one = true };
    bool free = is_attorney(q) || (PHONE & ON(q->channel)) == 0;

    say(out, "us.regf.call_frequency", free ? passes : cap_opinion(q, &seven));
    say(out, "us.regf.call_after_conversation", free ? passes : talk_opinion(q));
}

static void federal_people(const struct asked *q, struct opinions *out)
{
    static const char *const notices[] = { "statutory_notice", NULL };
    static const char *const last_notices[] = { "terminate_notice", "may_invoke_remedy_notice",
                                                "remedy_notice", "statutory_notice", NULL };

    say(out, "us.regf.media_request", opt_out_opinion(q));
    say(out, "us.regf.inconvenient_place", place_opinion(q, FACT_INCONVENIENT_PLACE));
    say(out, "us.regf.workplace", place_opinion(q, FACT_EMPLOYER_PROHIBITS));
    say(out, "us.regf.attorney",
        is_attorney(q) || (purpose_is(q, notices) && !q->requests_payment)
            ? passes
            : unless_reply(q, attorney_opinion(q)));
    say(out, "us.regf.cease",
        is_attorney(q) || (purpose_is(q, last_notices) && !q->requests_payment) ? passes
        : !q->requests_payment ? unless_reply(q, cease_opinion(q))
                               : cease_opinion(q)); /* a demand is no answer */
    say(out, "us.regf.sms_procedure",
        q->channel != CHANNEL_SMS || is_attorney(q) ||
                (same(q->purpose, "opt_out_confirmation") && !q->requests_payment)
            ? passes
            : sms_opinion(q));
}

/* Purposes pass when they ask for no money; an answer that asks for some is a demand. */
static struct opinion unless_lawful(const struct asked *q, const char *const purposes[],
                                    struct opinion opinion)
{
    bool lawful = purpose_is(q, purposes) || is_reply(q);

    return lawful && !q->requests_payment ? passes : opinion;
}

static void federal_disputes(const struct asked *q, struct opinions *out)
{
    static const char *const answers[] = { "validation_notice", "statutory_notice",
                                           "opt_out_confirmation", NULL };

    say(out, "us.regf.dispute_cease",
        unless_lawful(q, answers, dispute_opinion(q, FACT_DISPUTE)));
    say(out, "us.regf.original_creditor_cease",
        unless_lawful(q, answers, dispute_opinion(q, FACT_ORIGINAL_CREDITOR_REQUEST)));
}

/* They bind everybody, for every kind of debt; the co-debtor's stay is for consumer debts. */
static void bankruptcy_and_voices(const struct asked *q, struct opinions *out)
{
    static const char *const notices[] = { "statutory_notice", "opt_out_confirmation", NULL };
    int64_t revoke_all = day_from_date(2027, 1, 31); /* until then the limb is waived */

    say(out, "us.bankruptcy.automatic_stay",
        is_attorney(q) ? passes : unless_lawful(q, notices, stay_opinion(q, false)));
    if (!q->person->business && !is_attorney(q))
        say(out, "us.bankruptcy.codebtor_stay",
            unless_lawful(q, notices, stay_opinion(q, true)));
    for (int limb = 0; limb < 2; limb++) {
        struct opinion opinion = revocation_opinion(q, limb == 1);
        opinion.from_year = limb == 0 ? 2025 : 2027;
        if (same(q->voice, "prerecorded") && (PHONE & ON(q->channel)) != 0 &&
            in_force(q, limb == 0 ? INT64_MIN : revoke_all,
                     limb == 0 ? revoke_all - 1 : INT64_MAX))
            say(out, "us.tcpa.revocation", opinion);
    }
}

static void massachusetts(const struct asked *q, struct opinions *out)
{
    static const struct hours waking = {
        .channels = PHONE | TEXTS,
        .openings = { { ALL_WEEK, H8, H21 } },
        .stated = true,
        .consented = true,
        .replies = true,
    };
    static const struct cap home = { .channels = PHONE | TEXTS,
                                     .limits = { { ATTEMPTS, A_DEBT, 7, 2 } },
                                     .left_out = UNCONNECTED,
                                     .purposes = { "reply", "requested" },
                                     .kinds = NOT_WORK };
    static const struct cap elsewhere = { .channels = PHONE | TEXTS,
                                          .limits = { { ATTEMPTS, A_DEBT, 30, 2 } },
                                          .left_out = UNCONNECTED,
                                          .purposes = { "reply", "requested" },
                                          .kinds = WORK };
    struct opinion seven = unless_reply(q, cap_opinion(q, &home));
    struct opinion thirty = unless_reply(q, cap_opinion(q, &elsewhere));

    say(out, "us.ma.hours", hours_opinion(q, &waking));
    if (is_collector(q)) {
        say(out, "us.ma.call_frequency", seven);
        say(out, "us.ma.call_frequency_work", thirty);
    }
    if (is_creditor(q)) {
        seven.part = "home or mobile";
        thirty.part = "elsewhere";
        say(out, "us.ma.call_frequency_creditor", seven);
        say(out, "us.ma.call_frequency_creditor", thirty);
    }
}

static void washington(const struct asked *q, struct opinions *out)
{
    static const struct hours home = { .channels = PHONE | TEXTS,
                                       .openings = { { ALL_WEEK, HALF_PAST_7, H21 } } };
    /* With the debtor, and about the debt with debtor or spouse: both are counted. */
    static const struct cap week = {
        .channels = PHONE | TEXTS | MAILS | LETTERS | POSTCARDS | SOCIAL,
        .limits = { { ATTEMPTS, A_PERSON, 7, 3 }, { ATTEMPTS, A_DEBT, 7, 3 } },
        .left_out = UNDELIVERED,
        .purposes = { "reply", "requested" }
    };
    static const struct cap work = { .channels = PHONE,
                                     .limits = { { ATTEMPTS, A_PERSON, 7, 1 } },
                                     .left_out = UNCONNECTED,
                                     .purposes = { "reply", "requested" },
                                     .kinds = SURELY_WORK };
    static const struct cap wireless = { .channels = PHONE | TEXTS,
                                         .limits = { { ATTEMPTS, A_NUMBER, 1, 2 } },
                                         .purposes = { "reply", "requested" },
                                         .kinds = CELL };

    say(out, "us.wa.hours", hours_opinion(q, &home));
    say(out, "us.wa.contact_frequency",
        is_attorney(q) ? passes : unless_reply(q, cap_opinion(q, &week)));
    say(out, "us.wa.work_frequency", unless_reply(q, cap_opinion(q, &work)));
    say(out, "us.wa.wireless_frequency", cap_opinion(q, &wireless));
}

static void west_virginia(const struct asked *q, struct opinions *out)
{
    static const struct hours usual = { .channels = PHONE,
                                        .openings = { { ALL_WEEK, H8, H21 } },
                                        .stated = true,
                                        .consented = true };
    static const struct cap week = { .channels = PHONE,
                                     .limits = { { ATTEMPTS, A_PERSON, 7, 30 },
                                                 { CONVERSATIONS, A_PERSON, 7, 10 } },
                                     .left_out = OF(OUTCOME_WRONG_NUMBER) };

    say(out, "us.wv.hours", hours_opinion(q, &usual));
    say(out, "us.wv.call_frequency", cap_opinion(q, &week));
}

static void columbia(const struct asked *q, struct opinions *out)
{
    static const struct cap calls = { .channels = PHONE,
                                      .limits = { { ATTEMPTS, A_DEBT, 7, 4 } },
                                      .left_out =
                                          OF(OUTCOME_WRONG_NUMBER) | OF(OUTCOME_NOT_IN_SERVICE),
                                      .purposes = { "requested" } };
    static const struct cap messages = { .channels = TEXTS | MAILS | SOCIAL,
                                         .limits = { { ATTEMPTS, A_DEBT, 7, 5 } },
                                         .purposes = { "requested", "opt_out_confirmation" } };

    say(out, "us.dc.call_frequency", unless_reply(q, cap_opinion(q, &calls)));
    say(out, "us.dc.electronic_frequency", unless_reply(q, cap_opinion(q, &messages)));
}

static void florida(const struct asked *q, struct opinions *out)
{
    static const struct hours night = { .channels = PHONE | TEXTS | SOCIAL,
                                        .openings = { { ALL_WEEK, H8, H21 } },
                                        .consented = true };
    struct opinion opinion = hours_opinion(q, &night);

    opinion.from_year = 2025;
    say(out, "us.fl.hours", opinion);
    say(out, "us.fl.attorney", is_attorney(q) ? passes : unless_reply(q, attorney_opinion(q)));
}

/* From when on nobody knows of collection procedures any more; a fact may have a last day. */
static int64_t procedures_end(const struct asked *q)
{
    int64_t last = INT64_MIN;

    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type == FACT_NYC_COLLECTION_PROCEDURES && holds(q, fact, q->at) &&
            fact->until > last)
            last = fact->until;
    }
    return last;
}

/* When the date has come on every wall. */
static int64_t comes_everywhere(const struct asked *q, int64_t day)
{
    int64_t last = INT64_MIN;

    for (size_t z = 0; z < q->person->zone_count; z++) {
        int64_t begins = clock_day_begins(q->person->clocks[z], day);
        last = begins > last ? begins : last;
    }
    return last;
}

/* A creditor is bound once its collection procedures have begun, and while they last. */
static void new_york_city(const struct asked *q, struct opinions *out)
{
    static const struct cap old = { .channels = PHONE | TEXTS | MAILS | SOCIAL,
                                    .limits = { { ATTEMPTS, A_PERSON, 7, 2 } },
                                    .left_out = UNDELIVERED,
                                    .purposes = { "reply", "requested", "statutory_notice" } };
    static const struct cap new = { .channels = PHONE | TEXTS | MAILS | SOCIAL,
                                    .limits = { { ATTEMPTS, A_DEBT, 7, 3 } },
                                    .left_out = UNDELIVERED,
                                    .purposes = { "reply", "requested", "statutory_notice" } };
    const struct cap *const versions[] = { &old, &new };
    int64_t first = day_from_date(2027, 1, 1);

    /* By law it lets other channels pass. The record does not list that: a rule with a
     * condition is not asked about channels that it does not limit. */
    if ((old.channels & ON(q->channel)) == 0 ||
        (is_creditor(q) && fact_now(q, FACT_NYC_COLLECTION_PROCEDURES) == NULL))
        return;
    for (size_t i = 0; i < 2; i++) {
        if (!in_force(q, i == 0 ? INT64_MIN : first, i == 0 ? first - 1 : INT64_MAX))
            continue;
        struct opinion opinion =
            is_attorney(q) ? passes : unless_reply(q, cap_opinion(q, versions[i]));
        opinion.from_year = i == 0 ? FIRST_VERSION : 2027;
        if (i == 0 && opinion.until > comes_everywhere(q, first))
            opinion.until = comes_everywhere(q, first); /* the rule itself ends */
        if (is_creditor(q) && opinion.until > procedures_end(q))
            opinion.until = procedures_end(q);
        say(out, "us.nyc.contact_frequency", opinion);
    }
}

/* ---- abroad: the holidays of 2026 and of early 2027, as the calendars print them ---- */

static bool is_listed(int64_t day, const int dates[][3], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (day == day_from_date(dates[i][0], dates[i][1], dates[i][2]))
            return true;
    }
    return false;
}
#define LISTED(day, dates) is_listed((day), (dates), sizeof(dates) / sizeof((dates)[0]))

static bool ontario_holiday(int64_t day)
{
    static const int dates[][3] = {
        { 2026, 1, 1 },  { 2026, 2, 16 },  { 2026, 4, 3 },   { 2026, 5, 18 },  { 2026, 7, 1 },
        { 2026, 9, 7 },  { 2026, 10, 12 }, { 2026, 12, 25 }, { 2026, 12, 26 }, { 2027, 1, 1 },
        { 2027, 2, 15 }, { 2027, 3, 26 },  { 2027, 5, 24 },
    };
    return LISTED(day, dates);
}

static bool quebec_holiday(int64_t day)
{
    static const int dates[][3] = {
        { 2026, 1, 1 },  { 2026, 4, 3 },  { 2026, 4, 6 },   { 2026, 5, 18 },  { 2026, 6, 24 },
        { 2026, 7, 1 },  { 2026, 9, 7 },  { 2026, 10, 12 }, { 2026, 12, 25 }, { 2027, 1, 1 },
        { 2027, 3, 26 }, { 2027, 3, 29 }, { 2027, 5, 24 },
    };
    return LISTED(day, dates);
}

static bool australian_holiday(int64_t day)
{
    static const int dates[][3] = {
        { 2026, 1, 1 },  { 2026, 1, 26 },  { 2026, 4, 3 },   { 2026, 4, 6 },
        { 2026, 4, 25 }, { 2026, 12, 25 }, { 2026, 12, 26 }, { 2027, 1, 1 },
        { 2027, 1, 26 }, { 2027, 3, 26 },  { 2027, 3, 29 },  { 2027, 4, 25 },
    };
    return LISTED(day, dates);
}

static bool english_holiday(int64_t day)
{
    static const int dates[][3] = {
        { 2026, 1, 1 },  { 2026, 4, 3 },   { 2026, 4, 6 },   { 2026, 5, 4 },   { 2026, 5, 25 },
        { 2026, 8, 31 }, { 2026, 12, 25 }, { 2026, 12, 26 }, { 2026, 12, 28 }, { 2027, 1, 1 },
        { 2027, 3, 26 }, { 2027, 3, 29 },  { 2027, 5, 3 },   { 2027, 5, 31 },
    };
    return LISTED(day, dates);
}

static void ontario(const struct asked *q, struct opinions *out)
{
    static const struct hours hours = {
        .channels = PHONE | TEXTS,
        .openings = { { NOT_SUNDAY, H7, H21 }, { SUNDAY, H13, H17 } },
        .closed = ontario_holiday,
        .replies = true,
    };
    static const struct cap cap = { .channels = PHONE | TEXTS | MAILS | SOCIAL,
                                    .limits = { { CONTACTS, A_PERSON | A_CREDITOR, 7, 3 } },
                                    .purposes = { "reply", "requested" },
                                    .from_first_talk = true };

    say(out, "ca.on.hours", hours_opinion(q, &hours));
    say(out, "ca.on.contact_frequency", unless_reply(q, cap_opinion(q, &cap)));
    say(out, "ca.on.notice_wait",
        (cap.channels & ON(q->channel)) == 0 ? passes : notice_opinion(q));
}

static void quebec(const struct asked *q, struct opinions *out)
{
    static const struct hours hours = {
        .channels = PHONE | TEXTS,
        .openings = { { NOT_SUNDAY, H8, H20 } },
        .closed = quebec_holiday,
        .replies = true,
    };

    say(out, "ca.qc.hours", hours_opinion(q, &hours));
}

static void australia(const struct asked *q, struct opinions *out)
{
    static const struct hours hours = {
        .channels = PHONE | TEXTS,
        .openings = { { WORKDAYS, HALF_PAST_7, H21 }, { WEEKEND, H9, H21 } },
        .closed = australian_holiday,
        .stated = true,
        .consented = true,
        .replies = true,
    };
    static const struct cap cap = { .channels = PHONE | TEXTS | MAILS | LETTERS | SOCIAL,
                                    .limits = { { CONTACTS, A_DEBT, 7, 3 },
                                                { CONTACTS, A_DEBT, 31, 10 } },
                                    .purposes = { "reply", "requested" } };

    say(out, "au.rg96.hours", hours_opinion(q, &hours));
    say(out, "au.rg96.frequency", unless_reply(q, cap_opinion(q, &cap)));
}

/* The rules that CONC 7 gives no numbers for take the house's reading of "reasonable". */
static void england(const struct asked *q, struct opinions *out)
{
    static const struct hours hours = {
        .channels = PHONE | TEXTS | MAILS | SOCIAL,
        .openings = { { WORKDAYS, H8, H21 }, { WEEKEND, H9, H18 } },
        .closed = english_holiday,
        .stated = true,
        .consented = true,
        .replies = true,
    };
    static const char *const moratorium[] = { "statutory_notice", "moratorium_notice", NULL };
    bool confirms = same(q->purpose, "opt_out_confirmation") && !q->requests_payment;
    unsigned all = PHONE | TEXTS | MAILS | LETTERS | POSTCARDS | SOCIAL;
    bool lawful = !q->requests_payment && (purpose_is(q, moratorium) || is_reply(q));

    say(out, "gb.conc.contact_times", confirms ? passes : hours_opinion(q, &hours));
    say(out, "gb.breathing_space",
        lawful || (all & ON(q->channel)) == 0
            ? passes
            : hold_opinion(q, "breathing_space", "mental_health_crisis", true));
}

/* ---- the house ---- */

static void house(const struct asked *q, struct opinions *out)
{
    static const struct hours office = {
        .channels = PHONE | TEXTS | MAILS,
        .openings = { { WORKDAYS, H7, H19 } },
        .stated = true,
        .replies = true,
    };
    static const struct hours consumers = {
        .channels = PHONE | TEXTS,
        .openings = { { ALL_WEEK, H8, H21 } },
        .stated = true,
        .consented = true,
        .replies = true,
    };
    static const struct cap cap = {
        .channels = PHONE | TEXTS | MAILS | LETTERS | SOCIAL,
        .limits = { { ATTEMPTS, A_PERSON, 7, 3 } },
        .left_out = UNDELIVERED,
        .purposes = { "reply", "requested", "statutory_notice", "opt_out_confirmation",
                      "hold_notice", "payment_confirmation", "validation_notice" },
    };
    bool confirms = same(q->purpose, "opt_out_confirmation") && !q->requests_payment;

    say(out, "house.opt_out", opt_out_opinion(q));
    say(out, "house.contact_cap", unless_reply(q, cap_opinion(q, &cap)));
    if (q->person->business)
        say(out, "house.business_hours", hours_opinion(q, &office));
    else
        say(out, "house.consumer_hours", confirms ? passes : hours_opinion(q, &consumers));
}

/* ---- all of them ---- */

const struct rule_name oracle_rules[] = {
    { "us.regf.inconvenient_time", NULL },
    { "us.regf.prior_consent_time", NULL },
    { "us.regf.call_frequency", NULL },
    { "us.regf.call_after_conversation", NULL },
    { "us.regf.media_request", NULL },
    { "us.regf.inconvenient_place", NULL },
    { "us.regf.workplace", NULL },
    { "us.regf.attorney", NULL },
    { "us.regf.cease", NULL },
    { "us.regf.sms_procedure", NULL },
    { "us.regf.dispute_cease", NULL },
    { "us.regf.original_creditor_cease", NULL },
    { "us.bankruptcy.automatic_stay", NULL },
    { "us.bankruptcy.codebtor_stay", NULL },
    { "us.tcpa.revocation", NULL },
    { "us.ma.hours", NULL },
    { "us.ma.call_frequency", NULL },
    { "us.ma.call_frequency_work", NULL },
    { "us.ma.call_frequency_creditor", "home or mobile" },
    { "us.ma.call_frequency_creditor", "elsewhere" },
    { "us.wa.hours", NULL },
    { "us.wa.contact_frequency", NULL },
    { "us.wa.work_frequency", NULL },
    { "us.wa.wireless_frequency", NULL },
    { "us.wv.hours", NULL },
    { "us.wv.call_frequency", NULL },
    { "us.dc.call_frequency", NULL },
    { "us.dc.electronic_frequency", NULL },
    { "us.fl.hours", NULL },
    { "us.fl.attorney", NULL },
    { "us.nyc.contact_frequency", NULL },
    { "ca.on.hours", NULL },
    { "ca.on.contact_frequency", NULL },
    { "ca.on.notice_wait", NULL },
    { "ca.qc.hours", NULL },
    { "au.rg96.hours", NULL },
    { "au.rg96.frequency", NULL },
    { "gb.conc.contact_times", NULL },
    { "gb.breathing_space", NULL },
    { "house.opt_out", NULL },
    { "house.contact_cap", NULL },
    { "house.business_hours", NULL },
    { "house.consumer_hours", NULL },
    { NULL, NULL },
};

void oracle_judge(const struct asked *q, struct opinions *out)
{
    out->count = 0;
    house(q, out);
    if (lives_in(q, "US"))
        bankruptcy_and_voices(q, out);
    if (q->person->business)
        return;
    if (lives_in(q, "US") && is_collector(q)) {
        federal_hours(q, out);
        federal_counts(q, out);
        federal_people(q, out);
        federal_disputes(q, out);
    }
    if (lives_in(q, "US-MA"))
        massachusetts(q, out);
    if (lives_in(q, "US-WA") && is_collector(q))
        washington(q, out);
    if (lives_in(q, "US-WV"))
        west_virginia(q, out);
    if (lives_in(q, "US-DC"))
        columbia(q, out);
    if (lives_in(q, "US-FL"))
        florida(q, out);
    if (lives_in(q, "US-NY-NYC"))
        new_york_city(q, out);
    if (lives_in(q, "CA-ON") && is_collector(q))
        ontario(q, out);
    if (lives_in(q, "CA-QC") && is_collector(q))
        quebec(q, out);
    if (lives_in(q, "AU"))
        australia(q, out);
    if (lives_in(q, "GB-ENG"))
        england(q, out);
}
