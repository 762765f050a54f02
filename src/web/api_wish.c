/* API: what people told us of how they want to be reached, and what else the rules know of them. */
#include "web/api.h"

#include "base/text.h"
#include "domain/gate.h"
#include "domain/holiday.h"
#include "flow/contact_log.h"
#include "flow/point.h"
#include "flow/reach.h"
#include "web/work_pages.h"

#include <string.h>

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field address_body[] = {
    { "channel", API_TEXT, API_MUST, "email, call, sms, letter", NULL },
    { "address", API_TEXT, API_MUST, "mailbox, number, or lines of a letter", NULL },
    API_END,
};
static const struct api_field mark_body[] = {
    API_REASON,
    { "since", API_MOMENT, API_MAY, "when that was seen (now)", NULL },
    API_END,
};
static const struct api_field language_body[] = {
    { "language", API_TEXT, API_MUST, "BCP 47: es, pt-BR", NULL },
    API_END,
};
static const struct api_field location_body[] = {
    { "zone", API_TEXT, API_MAY, "a time zone: America/Denver", NULL },
    { "place", API_TEXT, API_MAY, "ISO 3166: US-CO, DE; without both: it is forgotten", NULL },
    API_END,
};
static const struct api_field fact_body[] = {
    { "type", API_TEXT, API_MUST,
      "inconvenient_time, suitable_time, attorney, employer_prohibits, cease, refusal_to_pay, "
      "military",
      NULL },
    { "days", API_TEXT, API_MAY, "of times: mon tue …; without: every day", NULL },
    { "from", API_TEXT, API_MAY, "of times: 12:30; without: the whole day", NULL },
    { "to", API_TEXT, API_MAY, "of times: 14:00", NULL },
    { "value", API_TEXT, API_MAY, "of an attorney: the name, and how to reach them", NULL },
    { "last", API_DAY, API_MAY, "its last day; without: for good", NULL },
    API_END,
};
static const struct api_field needs_body[] = {
    { "needs", API_TEXT, API_MAY, "large print, an interpreter, …", NULL },
    { "spare", API_TEXT, API_MAY, "what they can spare", NULL },
    { "payday", API_TEXT, API_MAY, "when money comes in", NULL },
    API_END,
};

/* ---- Addresses ----------------------------------------------------------------------------- */

static bool post_address(struct api *call, struct fault *why)
{
    const char *typed = api_text(call, "address"), *address;
    enum channel channel;
    enum change change;
    int32_t number;

    if (typed == NULL)
        return fail(why, BAD_VALUE, "The field \"address\" is empty.");
    if (!api_channel(call, "channel", &channel, why) ||
        !point_typed(call->book, call->account.key, channel, typed, &address, why) ||
        !point_add(call->book, call->account.key, channel, address, "API", &number, &change,
                   why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool mark(struct api *call, bool good, struct fault *why)
{
    struct point_mark in = { .good = good, .reason = api_line(call, "reason") };
    enum change change;

    if (!api_number(call, 1, &in.number, why) || !api_at(call, "since", &in.since, why))
        return false;
    if (in.since.us > call->view->now.us)
        return fail(why, BAD_VALUE, "The field \"since\" lies ahead.");
    if (!point_mark(call->book, call->account.key, &in, &change, why))
        return false;
    api_give_made(call, change, in.number);
    return true;
}

static bool post_bad(struct api *call, struct fault *why)
{
    return mark(call, false, why);
}

static bool post_good(struct api *call, struct fault *why)
{
    return mark(call, true, why);
}

/* ---- Language, place ----------------------------------------------------------------------- */

static bool post_language(struct api *call, struct fault *why)
{
    const char *language = api_text(call, "language");
    enum change change;

    if (!reach_language(call->book, call->account.key, language == NULL ? "" : language,
                        &change, why))
        return false;
    api_give_done(call, change);
    return true;
}

static bool post_location(struct api *call, struct fault *why)
{
    const struct contact_place said = { api_text(call, "zone"), api_text(call, "place"),
                                        "API" };
    enum change change;
    bool known = true;
    int32_t fact;

    if (said.zone != NULL && zone_find(said.zone) == NULL)
        return fail(why, BAD_VALUE, "There is no time zone \"%.60s\".", said.zone);
    if (said.place != NULL && !account_place_known(said.place, &known, why))
        return false;
    if (!known)
        return fail(why, BAD_VALUE, "\"%.60s\" is no place whose time zones are known.",
                    said.place);
    if (!contact_location(call->book, &call->account, &said, &fact, &change, why))
        return false;
    api_give_done(call, change);
    return true;
}

/* ---- Facts --------------------------------------------------------------------------------- */

static bool days_read(struct api *call, uint8_t *out, struct fault *why)
{
    static const char between[] = ", ;";
    const char *typed = api_text(call, "days");
    char *rest;
    int weekday;

    *out = 0;
    if (typed == NULL)
        return true;
    for (char *day = strtok_r(arena_copy(call->arena, typed), between, &rest); day != NULL;
         day = strtok_r(NULL, between, &rest)) {
        if (!weekday_parse(day, &weekday))
            return fail(why, BAD_VALUE, "\"%.40s\" is no day of the week.", day);
        *out |= (uint8_t)(1u << weekday);
    }
    return true;
}

/* "12:30" of the body; *given is false when it is not there. */
static bool clock_read(const struct api *call, const char *name, int32_t *out, bool *given,
                       struct fault *why)
{
    const char *text = api_text(call, name);
    bool shaped = text != NULL && strlen(text) == 5 && text[2] == ':' &&
                  strspn(text, "0123456789:") == 5;
    int hour = shaped ? (text[0] - '0') * 10 + text[1] - '0' : 0;
    int minute = shaped ? (text[3] - '0') * 10 + text[4] - '0' : 0;

    *given = text != NULL;
    *out = hour * 3600 + minute * 60;
    return text == NULL || (shaped && hour < 24 && minute < 60) ||
           fail(why, BAD_VALUE, "The field \"%s\" has to be a time such as 14:30.", name);
}

static bool hours_read(struct api *call, struct gate_fact *fact, struct fault *why)
{
    struct bad_hours *h = &fact->hours;
    bool from, to;

    if (!days_read(call, &h->weekdays, why) || !clock_read(call, "from", &h->from, &from, why) ||
        !clock_read(call, "to", &h->to, &to, why))
        return false;
    if (from != to || (from && h->from >= h->to))
        return fail(why, BAD_VALUE, "\"from\" and \"to\" are given together, in their order.");
    if (!from && (h->weekdays == 0 || fact->type == FACT_CONSENT))
        return fail(why, BAD_VALUE, "Say from when to when, \"from\" and \"to\".");
    return true;
}

/* Hours that suit them are consent to those of their own channels (docs/rule-packs.md). */
static bool type_read(const struct api *call, struct gate_fact *fact, struct fault *why)
{
    static const enum fact_type types[] = { FACT_INCONVENIENT_TIME,   FACT_ATTORNEY,
                                            FACT_EMPLOYER_PROHIBITS,  FACT_CEASE,
                                            FACT_REFUSAL_TO_PAY,      FACT_MILITARY };
    const char *typed = api_text(call, "type");

    fact->type = FACT_TYPE_COUNT;
    for (size_t i = 0; i < COUNT(types); i++) {
        if (text_equal(fact_type_name(types[i]), typed))
            fact->type = types[i];
    }
    if (text_equal(typed, "suitable_time")) {
        fact->type = FACT_CONSENT;
        fact->party = PARTY_DEBTOR;
    }
    return fact->type != FACT_TYPE_COUNT ||
           fail(why, BAD_VALUE, "Nothing of the type \"%.60s\" is noted here.",
                typed == NULL ? "" : typed);
}

static bool fact_read(struct api *call, struct gate_fact *fact, struct fault *why)
{
    static const struct gate_field form = { "form", "letter" };
    struct day last;

    *fact = (struct gate_fact){ .at = call->book->now, .value = api_line(call, "value") };
    if (!type_read(call, fact, why) || !api_day(call, "last", DAY_NEVER, &last, why))
        return false;
    if (last.number < call->view->today.number)
        return fail(why, BAD_VALUE, "The field \"last\" is past already.");
    fact->until = last.number == DAY_NEVER.number
                      ? INSTANT_NEVER
                      : day_begins(day_plus(last, 1), call->view->zone);
    if (fact->type == FACT_ATTORNEY && fact->value == NULL)
        return fail(why, BAD_VALUE, "The field \"value\" says who the attorney is.");
    if (fact->type == FACT_CEASE || fact->type == FACT_REFUSAL_TO_PAY ||
        fact->type == FACT_ATTORNEY)
        fact->detail = (struct gate_fields){ 1, &form };
    return (fact->type != FACT_INCONVENIENT_TIME && fact->type != FACT_CONSENT) ||
           hours_read(call, fact, why);
}

static bool post_fact(struct api *call, struct fault *why)
{
    struct gate_fact fact;
    int32_t number;

    if (!fact_read(call, &fact, why) ||
        !book_fact_add(call->book, call->account.key, &fact, "API", &number, why))
        return false;
    api_give_made(call, CHANGE_ADDED, number);
    return true;
}

static bool post_fact_end(struct api *call, struct fault *why)
{
    struct account_fact fact;
    int32_t number;
    bool found;

    if (!api_number(call, 1, &number, why) ||
        !account_fact(call->book, &call->account, number, call->book->now, &fact, &found, why))
        return false;
    if (!found || !details_may_end(fact_type_name(fact.type)))
        return fail(why, NOT_FOUND, "There is no fact %d in force that could be ended here.",
                    (int)number);
    if (fact.type == FACT_OPT_OUT && !wish_is_fresh(&fact, call->book->now))
        return fail(why, CONFLICT, "Only they can take a stop back: note that they agreed.");
    if (!book_fact_end(call->book, call->account.key, number, call->book->now, why))
        return false;
    api_give_made(call, CHANGE_UPDATED, number);
    return true;
}

/* The new words take the place of the old ones; none: nothing special is known. */
static bool post_needs(struct api *call, struct fault *why)
{
    const struct fact_needs in = { .needs = api_line(call, "needs"),
                                   .spare = api_line(call, "spare"),
                                   .payday = api_line(call, "payday"),
                                   .source = "API" };
    int32_t number;

    if (!contact_needs(call->book, &call->account, &in, &number, why))
        return false;
    api_give_done(call, CHANGE_UPDATED);
    return true;
}

const struct route routes_api_wish[] = {
    API_TAKES(OF_ACCOUNT "/addresses", MAY_WORK, "addAddress", "One more way to reach them",
              address_body, api_made_reply, post_address, "account"),
    API_TAKES(OF_ACCOUNT "/addresses/{}/bad", MAY_WORK, "markAddressBad",
              "It does not lead to them: nothing is sent there any more", mark_body,
              api_made_reply, post_bad, "account", "address"),
    API_TAKES(OF_ACCOUNT "/addresses/{}/good", MAY_WORK, "markAddressGood",
              "It leads to them again", mark_body, api_made_reply, post_good, "account",
              "address"),
    API_TAKES(OF_ACCOUNT "/language", MAY_WORK, "setLanguage", "What they read", language_body,
              api_done_reply, post_language, "account"),
    API_TAKES(OF_ACCOUNT "/location", MAY_WORK, "setLocation",
              "Where they say they are; it decides the hours", location_body, api_done_reply,
              post_location, "account"),
    API_TAKES(OF_ACCOUNT "/needs", MAY_WORK, "setNeeds",
              "What helps them, in place of what was said before", needs_body, api_done_reply,
              post_needs, "account"),
    API_TAKES(OF_ACCOUNT "/facts", MAY_WORK, "addFact",
              "What they told us that the rules want to know", fact_body, api_made_reply,
              post_fact, "account"),
    API_TAKES(OF_ACCOUNT "/facts/{}/end", MAY_WORK, "endFact",
              "It does not hold any more; a stop ends by addConsent", api_nothing,
              api_made_reply, post_fact_end, "account", "fact"),
    { 0 },
};
