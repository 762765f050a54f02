#include "life.h"

#include "base/fault.h"

#include <stdlib.h>
#include <string.h>

#define MINUTE           INT64_C(60000000)
#define HOUR             (60 * MINUTE)
#define A_DAY            (24 * HOUR)
#define PICK(life, list) ((list)[chance_below(&(life)->chance, (int)COUNT(list))])

int64_t year_begins(void)
{
    return day_from_date(2026, 3, 1) * A_DAY;
}

int64_t year_ends(void)
{
    return day_from_date(2027, 3, 1) * A_DAY;
}

/* ---- where people live ---- */

static const struct home {
    const char *place, *zones[3];
} homes[] = {
    { "US-NY-NYC", { "America/New_York" } },
    { "US-NY-NYC", { "America/New_York" } },
    { "US-MA", { "America/New_York" } },
    { "US-MA", { "America/New_York" } },
    { "US-DC", { "America/New_York" } },
    { "US-FL", { "America/New_York", "America/Chicago" } },
    { "US-WV", { "America/New_York" } },
    { "US-WA", { "America/Los_Angeles" } },
    { "US-WA", { "America/Los_Angeles" } },
    { "US-AZ", { "America/Phoenix", "America/Denver" } },
    { "US-AZ", { "America/Phoenix" } },
    { "US-IN", { "America/Indiana/Indianapolis", "America/Chicago", "America/Indiana/Knox" } },
    { "US-TX", { "America/Chicago", "America/Denver" } },
    { "US-HI", { "Pacific/Honolulu" } },
    { "CA-ON", { "America/Toronto" } },
    { "CA-ON", { "America/Toronto", "America/Winnipeg" } },
    { "CA-QC", { "America/Toronto" } },
    { "AU-NSW", { "Australia/Sydney", "Australia/Lord_Howe", "Australia/Broken_Hill" } },
    { "AU-NSW", { "Australia/Sydney" } },
    { "GB-ENG", { "Europe/London" } },
};

static void zone_add(struct person *p, const char *name)
{
    const struct clock *clock = clock_of(name);

    for (size_t i = 0; i < p->zone_count; i++) {
        if (p->clocks[i] == clock)
            return;
    }
    if (p->zone_count < ZONES_MOST)
        p->clocks[p->zone_count++] = clock;
}

/* An address, and now and then a number from somewhere else. */
static void settle(struct life *life)
{
    struct person *p = life->person;

    p->place_count = 0;
    p->zone_count = 0;
    for (int i = 0; i < (chance_is(&life->chance, 25) ? 2 : 1); i++) {
        const struct home *home = &PICK(life, homes);
        if (i > 0 && strcmp(home->place, p->places[0]) == 0)
            break;
        p->places[p->place_count++] = home->place;
        int zones = 1 + chance_below(&life->chance, 3);
        for (int z = 0; z < zones && home->zones[z] != NULL; z++)
            zone_add(p, home->zones[z]);
    }
}

/* ---- numbers and addresses ---- */

struct line {
    const char *address, *kind;
};

static const struct line lines[2][4] = {
    { { "+12125550101", "cell" },
      { "+12125550102", "home_landline" },
      { "+12125550103", "work_landline" },
      { "+12125550104", NULL } },
    { { "+12125550111", "cell" },
      { "+12125550112", "home_landline" },
      { "+12125550113", "work_landline" },
      { "+12125550114", NULL } },
};
static const char *const mailboxes[2][2] = { { "p1@example.com", "p1.second@example.com" },
                                             { "p2@example.com", "p2.second@example.com" } };

static void line_pick(struct life *life, int32_t party, enum channel channel,
                      const char **address, const char **kind)
{
    int who = party == CO_DEBTOR ? 1 : 0, which = chance_below(&life->chance, 10);

    *address = NULL;
    *kind = NULL;
    if (party >= ATTORNEY) {
        *address = channel == CHANNEL_EMAIL ? "office@law.example" : "+12125550190";
        *kind = channel == CHANNEL_EMAIL ? NULL : "work_landline";
    } else if (channel == CHANNEL_EMAIL) {
        *address = mailboxes[who][which < 7 ? 0 : 1];
    } else if (channel == CHANNEL_SMS) {
        *address = lines[who][0].address;
        *kind = "cell";
    } else if (channel == CHANNEL_CALL || channel == CHANNEL_VOICEMAIL) {
        const struct line *line = &lines[who][which < 5   ? 0
                                              : which < 7 ? 1
                                              : which < 9 ? 2
                                                          : 3];
        *address = line->address;
        *kind = line->kind;
    }
    if (chance_is(&life->chance, 2))
        *address = NULL;
}

/* ---- moments ---- */

static const char *const turning_nights[] = { "2026-03-08", "2026-03-29", "2026-04-05",
                                              "2026-10-04", "2026-10-25", "2026-11-01" };

static int64_t random_instant(struct life *life, int64_t from, int64_t to)
{
    return from + (int64_t)(chance_next(&life->chance) % (uint64_t)(to - from));
}

/* On some wall of theirs, and then a second to one side or the other. */
static int64_t edge_instant(struct life *life, int64_t day)
{
    static const int edges[] = { 0,     0,     25200, 27000, 28800, 28800, 32400, 46800,
                                 61200, 64800, 68400, 72000, 75600, 75600, 82800, 3600 };
    static const int64_t sides[] = { 0, 0, -1, 1, -1000000, 1000000 };
    const struct clock *clock =
        life->person->clocks[chance_below(&life->chance, (int)life->person->zone_count)];
    int64_t found[3];
    size_t n = clock_moments(clock, day, PICK(life, edges), found);

    if (n == 0)
        return day * A_DAY;
    return found[chance_below(&life->chance, (int)n)] + PICK(life, sides);
}

static int64_t day_instant(struct life *life, int64_t day)
{
    const struct clock *clock = life->person->clocks[0];
    int64_t begins = clock_day_begins(clock, day);

    return random_instant(life, begins + 8 * HOUR, begins + 21 * HOUR);
}

static int64_t night_instant(struct life *life)
{
    const char *text = PICK(life, turning_nights);
    int64_t day = day_from_date(2026, atoi(text + 5), atoi(text + 8));

    if (chance_is(&life->chance, 40))
        return edge_instant(life, day + chance_below(&life->chance, 3) - 1);
    return random_instant(life, day * A_DAY - 14 * HOUR, day * A_DAY + 34 * HOUR);
}

static int64_t moment_pick(struct life *life)
{
    int kind = chance_below(&life->chance, 100);
    int64_t first = day_from_date(2026, 3, 1);
    int64_t day = first + 1 + chance_below(&life->chance, 362);

    if (kind < 8)
        return night_instant(life);
    if (kind < 70) /* busy weeks */
        day = first + life->bursts[chance_below(&life->chance, BURSTS)] +
              chance_below(&life->chance, 9);
    kind = chance_below(&life->chance, 100);
    if (kind < 70)
        return day_instant(life, day);
    if (kind < 88)
        return edge_instant(life, day);
    return random_instant(life, day * A_DAY, (day + 1) * A_DAY);
}

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const struct agenda *)a)->at, y = ((const struct agenda *)b)->at;

    return (x > y) - (x < y);
}

static void agenda_add(struct life *life, enum happening what, int times)
{
    for (int i = 0; i < times; i++) {
        must(life->count < HAPPENINGS_MOST);
        int64_t at = moment_pick(life);
        at = at < year_begins() ? year_begins() : at >= year_ends() ? year_ends() - 1 : at;
        life->agenda[life->count++] = (struct agenda){ at, what };
    }
}

/* ---- the record ---- */

static void entry_add(struct life *life, struct entry entry)
{
    must(life->person->entry_count < ENTRIES_MOST);
    entry.learned = life->step;
    entry.gone = STEP_NEVER;
    life->person->entries[life->person->entry_count++] = entry;
}

static void fact_add(struct life *life, struct known fact)
{
    must(life->person->fact_count < FACTS_MOST);
    fact.learned = life->step;
    fact.gone = STEP_NEVER;
    life->person->facts[life->person->fact_count++] = fact;
}

static int32_t someone(struct life *life)
{
    return life->person->joint && chance_is(&life->chance, 30) ? CO_DEBTOR : DEBTOR;
}

static unsigned some_debts(struct life *life)
{
    unsigned all = (1u << life->person->debt_count) - 1, some;

    if (chance_is(&life->chance, 60))
        return 1u << life->burst_debt;
    if (chance_is(&life->chance, 20))
        return all;
    some = (unsigned)chance_next(&life->chance) & all;
    return some != 0 && chance_is(&life->chance, 40)
               ? some
               : 1u << chance_below(&life->chance, (int)life->person->debt_count);
}

static int32_t some_debt(struct life *life) /* 0 = all */
{
    return chance_is(&life->chance, 40)
               ? 0
               : 1 + chance_below(&life->chance, (int)life->person->debt_count);
}

static enum outcome outcome_of(struct life *life, enum channel channel)
{
    static const enum outcome calls[] = {
        OUTCOME_NO_ANSWER,    OUTCOME_NO_ANSWER,      OUTCOME_NO_ANSWER,
        OUTCOME_NO_ANSWER,    OUTCOME_VOICEMAIL,      OUTCOME_VOICEMAIL,
        OUTCOME_CONVERSATION, OUTCOME_CONVERSATION,   OUTCOME_LIMITED_CONTENT,
        OUTCOME_BUSY,         OUTCOME_NOT_IN_SERVICE, OUTCOME_WRONG_NUMBER,
        OUTCOME_PLANNED,      OUTCOME_NONE,           OUTCOME_OTHER,
    };
    static const enum outcome messages[] = { OUTCOME_SENT, OUTCOME_SENT,    OUTCOME_DELIVERED,
                                             OUTCOME_NONE, OUTCOME_BOUNCED, OUTCOME_PLANNED };

    return channel == CHANNEL_CALL ? PICK(life, calls) : PICK(life, messages);
}

static enum channel some_channel(struct life *life)
{
    static const enum channel channels[] = {
        CHANNEL_CALL,  CHANNEL_CALL,   CHANNEL_CALL,   CHANNEL_CALL,      CHANNEL_SMS,
        CHANNEL_SMS,   CHANNEL_EMAIL,  CHANNEL_EMAIL,  CHANNEL_VOICEMAIL, CHANNEL_LETTER,
        CHANNEL_EMAIL, CHANNEL_SOCIAL, CHANNEL_PORTAL,
    };

    if (chance_is(&life->chance, 40))
        return (enum channel)life->burst_channel;
    return PICK(life, channels);
}

static const char *some_purpose(struct life *life, enum channel channel)
{
    static const char *const purposes[] = { "collection",
                                            "reminder",
                                            "settlement_offer",
                                            "reply",
                                            "reply",
                                            "reply",
                                            "requested",
                                            "statutory_notice",
                                            "remedy_notice",
                                            "terminate_notice",
                                            "validation_notice",
                                            "opt_out_confirmation" };
    const char *purpose = chance_is(&life->chance, 60) ? NULL : PICK(life, purposes);

    if (purpose != NULL && strcmp(purpose, "opt_out_confirmation") == 0 &&
        channel != CHANNEL_SMS && channel != CHANNEL_EMAIL)
        return NULL;
    return purpose;
}

/* ---- what happens ---- */

/* They call or write to us. */
static void speaks(struct life *life, int64_t at)
{
    static const enum channel ways[] = { CHANNEL_CALL, CHANNEL_CALL, CHANNEL_EMAIL, CHANNEL_SMS,
                                         CHANNEL_PORTAL };
    enum channel channel = PICK(life, ways);
    struct entry e = { .at = at,
                       .channel = channel,
                       .direction = DIRECTION_IN,
                       .outcome = OUTCOME_MESSAGE,
                       .party = someone(life),
                       .debts = some_debts(life) };

    if (channel == CHANNEL_CALL)
        e.outcome =
            chance_is(&life->chance, 60) ? OUTCOME_CONVERSATION : OUTCOME_VOICEMAIL_BY_CONSUMER;
    line_pick(life, e.party, channel, &e.address, &e.number_kind);
    entry_add(life, e);
}

/* The attorney answers, now and then. */
static void answers(struct life *life, int64_t at)
{
    entry_add(life,
              (struct entry){
                  .at = at,
                  .channel = chance_is(&life->chance, 50) ? CHANNEL_LETTER : CHANNEL_EMAIL,
                  .direction = DIRECTION_IN,
                  .outcome = OUTCOME_MESSAGE,
                  .party = chance_is(&life->chance, 80) ? ATTORNEY : SECOND_ATTORNEY,
                  .debts = some_debts(life),
              });
}

/* A contact that nobody asked the gate about: made by hand, or by somebody before us. */
static void dials(struct life *life, int64_t at)
{
    int32_t party = chance_is(&life->chance, 8) ? ATTORNEY : someone(life);
    enum channel channel = party == ATTORNEY ? CHANNEL_LETTER : some_channel(life);
    struct entry e = { .at = at,
                       .channel = channel,
                       .direction = DIRECTION_OUT,
                       .outcome = outcome_of(life, channel),
                       .party = party,
                       .debts = some_debts(life),
                       .purpose = some_purpose(life, channel) };

    line_pick(life, party, channel, &e.address, &e.number_kind);
    entry_add(life, e);
}

static void tells_bad_time(struct life *life, struct known fact)
{
    static const struct bad_hours bad[] = {
        { 0x04, 0, 0 },         { 0x60, 0, 0 },         { 0, 43200, 46800 },
        { 0, 0, 50400 },        { 0, 64800, 86400 },    { 0, 79200, 28800 },
        { 0x1f, 32400, 61200 }, { 0x01, 28800, 43200 }, { 0, 27000, 34200 },
        { 0, 5400, 9000 },
    };

    fact.type = FACT_INCONVENIENT_TIME;
    fact.hours = PICK(life, bad);
    if (chance_is(&life->chance, 3))
        fact.hours = (struct bad_hours){ 0, 0, 0 };
    fact_add(life, fact);
}

static const char *heard_by(struct life *life)
{
    bool creditor = life->person->role == ACTOR_FIRST_PARTY_CREDITOR;

    return chance_is(&life->chance, 80) == creditor ? "creditor" : "collector";
}

static void tells_consent(struct life *life, struct known fact)
{
    static const struct bad_hours nights[] = { { 0, 82800, 3600 },
                                               { 0, 75600, 82800 },
                                               { 0, 21600, 28800 },
                                               { 0, 0, 10800 },
                                               { 0x60, 25200, 32400 } };
    int kind = chance_below(&life->chance, 3);

    fact.type = FACT_CONSENT;
    fact.given_to = heard_by(life);
    fact.channel_known = chance_is(&life->chance, 70);
    fact.channel = chance_is(&life->chance, 80) ? CHANNEL_CALL : CHANNEL_SMS;
    if (kind == 0)
        fact.hours = PICK(life, nights);
    if (kind == 1)
        fact.call_back = day_instant(life, clock_day(life->person->clocks[0], fact.at) +
                                               chance_below(&life->chance, 5));
    fact_add(life, fact);
}

static void tells_opt_out(struct life *life, struct known fact)
{
    static const enum channel ways[] = { CHANNEL_SMS, CHANNEL_SMS, CHANNEL_EMAIL, CHANNEL_EMAIL,
                                         CHANNEL_CALL };
    const char *kind;

    fact.type = FACT_OPT_OUT;
    fact.debt = 0;
    fact.channel_known = true;
    fact.channel = PICK(life, ways);
    fact.scope = chance_is(&life->chance, 70) ? "address" : "medium";
    if (fact.scope[0] == 'a')
        line_pick(life, fact.party, fact.channel, &fact.value, &kind);
    if (fact.value == NULL)
        fact.scope = "medium";
    fact_add(life, fact);
}

static void tells_attorney(struct life *life, struct known fact)
{
    fact.type = FACT_ATTORNEY;
    fact.other = chance_is(&life->chance, 80) ? ATTORNEY : SECOND_ATTORNEY;
    fact_add(life, fact);
    if (chance_is(&life->chance, 70))
        entry_add(life,
                  (struct entry){ .at = fact.at,
                                  .channel = CHANNEL_LETTER,
                                  .direction = DIRECTION_OUT,
                                  .outcome = chance_is(&life->chance, 80) ? OUTCOME_DELIVERED
                                                                          : OUTCOME_BOUNCED,
                                  .party = fact.other,
                                  .debts = some_debts(life) });
}

static void tells_hold(struct life *life, struct known fact)
{
    static const char *const kinds[] = { "breathing_space", "mental_health_crisis", "hardship",
                                         "manual" };

    fact.type = FACT_HOLD;
    fact.scope = PICK(life, kinds);
    fact.party = fact.scope[0] == 'b' && chance_is(&life->chance, 30) ? fact.party : 0;
    fact.until = clock_day_begins(life->person->clocks[0],
                                  clock_day(life->person->clocks[0], fact.at) + 60);
    fact_add(life, fact);
}

static void tells_basis(struct life *life, struct known fact)
{
    fact.type = FACT_SMS_BASIS;
    fact.debt = 0;
    fact.basis = chance_is(&life->chance, 50) ? "consumer_texted" : "direct_consent";
    fact.value = lines[fact.party == CO_DEBTOR][0].address;
    if (chance_is(&life->chance, 40))
        fact.checked_day =
            clock_day(life->person->clocks[0], fact.at) + chance_below(&life->chance, 20) - 10;
    fact_add(life, fact);
}

static void tells_notice(struct life *life, struct known fact)
{
    fact.type = FACT_CA_ON_WRITTEN_NOTICE;
    fact.party = chance_is(&life->chance, 50) ? 0 : fact.party;
    fact_add(life, fact);
}

static void tells_plain(struct life *life, struct known fact)
{
    static const enum fact_type plain[] = {
        FACT_INCONVENIENT_PLACE,       FACT_EMPLOYER_PROHIBITS, FACT_CEASE,
        FACT_REFUSAL_TO_PAY,           FACT_ATTORNEY_CONSENT,   FACT_FIRST_SPOKEN_CONTACT,
        FACT_NYC_COLLECTION_PROCEDURES
    };

    fact.type = PICK(life, plain);
    if (fact.type == FACT_CEASE || fact.type == FACT_REFUSAL_TO_PAY)
        fact.form = chance_is(&life->chance, 70) ? "letter" : "oral";
    if (fact.type == FACT_INCONVENIENT_PLACE)
        fact.place = chance_is(&life->chance, 70) ? "work" : "home";
    if (fact.type == FACT_ATTORNEY_CONSENT)
        fact.other = chance_is(&life->chance, 80) ? ATTORNEY : SECOND_ATTORNEY;
    if (fact.type == FACT_FIRST_SPOKEN_CONTACT) { /* it happened; it does not end */
        fact.debt = 0;
        fact.until = NEVER;
    }
    if (fact.type == FACT_NYC_COLLECTION_PROCEDURES) {
        fact.party = 0;
        fact.debt = 0;
    }
    if (fact.type == FACT_INCONVENIENT_PLACE || fact.type == FACT_EMPLOYER_PROHIBITS)
        fact.debt = 0;
    fact_add(life, fact);
}

/* The notice, and what people do with it. */
static void tells_dispute(struct life *life, struct known fact)
{
    int kind = chance_below(&life->chance, 10);
    int64_t day = clock_day(life->person->clocks[0], fact.at);

    if (kind < 4) {
        fact.type = FACT_VALIDATION;
        fact.until = NEVER;
        fact.provided_day = day;
        if (chance_is(&life->chance, 50))
            fact.printed_day = day + 30 + chance_below(&life->chance, 20);
    } else {
        fact.type = kind < 8 ? FACT_DISPUTE : FACT_ORIGINAL_CREDITOR_REQUEST;
        fact.form = chance_is(&life->chance, 80) ? "letter" : "oral";
        if (chance_is(&life->chance, 50))
            fact.answered_day = day + chance_below(&life->chance, 20);
    }
    fact_add(life, fact);
}

static void tells_bankruptcy(struct life *life, struct known fact)
{
    static const char *const chapters[] = { "7", "13", "13", "12", "11" };

    fact.type = FACT_BANKRUPTCY;
    fact.other = fact.party;
    fact.party = fact.debt = 0;
    fact.until = NEVER;
    fact.chapter = PICK(life, chapters);
    if (chance_is(&life->chance, 70))
        fact.dismissed_day =
            clock_day(life->person->clocks[0], fact.at) + chance_below(&life->chance, 60);
    fact_add(life, fact);
}

static void tells_voices(struct life *life, struct known fact)
{
    fact.type = chance_is(&life->chance, 60) ? FACT_TCPA_REVOCATION : FACT_TCPA_CONSENT;
    fact_add(life, fact);
}

static void tells(struct life *life, int64_t at)
{
    struct known fact = { .at = at, .until = NEVER, .party = someone(life) };

    fact.debt = some_debt(life);
    if (chance_is(&life->chance, 30)) /* only for some time */
        fact.until = at + (3 + chance_below(&life->chance, 50)) * A_DAY;
    switch (chance_below(&life->chance, 14)) {
    case 0:
        tells_bad_time(life, fact);
        break;
    case 1:
    case 2:
    case 3:
        tells_consent(life, fact);
        break;
    case 4:
        tells_opt_out(life, fact);
        break;
    case 5:
        tells_attorney(life, fact);
        break;
    case 6:
        tells_hold(life, fact);
        break;
    case 7:
        tells_basis(life, fact);
        break;
    case 8:
        tells_notice(life, fact);
        break;
    case 9:
    case 10:
        tells_dispute(life, fact);
        break;
    case 11:
        tells_bankruptcy(life, fact);
        break;
    case 12:
        tells_voices(life, fact);
        break;
    default:
        tells_plain(life, fact);
    }
}

/* They change their mind: the fact ends now, and the record says so from now on. */
static void withdraws(struct life *life, int64_t at)
{
    struct person *p = life->person;
    size_t tries = 12;

    while (tries-- > 0 && p->fact_count > 0) {
        struct known *fact = &p->facts[chance_below(&life->chance, (int)p->fact_count)];
        if (fact->gone != STEP_NEVER || fact->at > at || fact->until <= at ||
            fact->type == FACT_CA_ON_WRITTEN_NOTICE || fact->type == FACT_FIRST_SPOKEN_CONTACT)
            continue;
        struct known ended = *fact;
        fact->gone = life->step;
        ended.until = at;
        fact_add(life, ended);
        return;
    }
}

/* History is put right: another outcome, a contact struck out, one entered late. */
static void corrects(struct life *life, int64_t at)
{
    struct person *p = life->person;

    if (chance_is(&life->chance, 30)) {
        dials(life, at - random_instant(life, MINUTE, 12 * A_DAY));
        return;
    }
    for (int tries = 0; tries < 12 && p->entry_count > 0; tries++) {
        int back = chance_below(&life->chance, 20) + 1;
        if (back > (int)p->entry_count)
            continue;
        struct entry *e = &p->entries[p->entry_count - (size_t)back];
        if (e->gone != STEP_NEVER)
            continue;
        struct entry right = *e;
        e->gone = life->step;
        if (chance_is(&life->chance, 25))
            return;
        if (e->direction == DIRECTION_OUT)
            right.outcome = outcome_of(life, e->channel);
        else
            right.debts = some_debts(life);
        entry_add(life, right);
        return;
    }
}

static void happens(struct life *life, const struct agenda *a)
{
    switch (a->what) {
    case SPEAKS:
        speaks(life, a->at);
        break;
    case DIALS:
        dials(life, a->at);
        break;
    case TELLS:
        tells(life, a->at);
        break;
    case WITHDRAWS:
        withdraws(life, a->at);
        break;
    case CORRECTS:
        corrects(life, a->at);
        break;
    case MOVES:
        settle(life);
        break;
    case ANSWERS:
        answers(life, a->at);
        break;
    case ASKS:
        break;
    }
}

/* ---- the year ---- */

static void debts_make(struct life *life)
{
    static const char *const kinds[] = { "credit_card", "student_loan", "student_loan",
                                         "medical" };
    static const char *const creditors[] = { "Northgate Bank", "Harbour Loans" };
    static const char *const accounts[] = { "SL-1", "SL-1", "SL-2", NULL };
    struct person *p = life->person;

    p->debt_count = (size_t)(1 + chance_below(&life->chance, DEBTS_MOST));
    for (size_t i = 0; i < p->debt_count; i++) {
        p->debts[i].kind = p->business ? "invoice" : PICK(life, kinds);
        p->debts[i].creditor = PICK(life, creditors);
        if (strcmp(p->debts[i].kind, "student_loan") == 0)
            p->debts[i].servicer_account = PICK(life, accounts);
    }
}

void life_begin(struct life *life, struct person *person, uint64_t seed, uint64_t number,
                int questions)
{
    static const enum actor_role roles[] = {
        ACTOR_THIRD_PARTY_COLLECTOR, ACTOR_THIRD_PARTY_COLLECTOR,
        ACTOR_THIRD_PARTY_COLLECTOR, ACTOR_DEBT_BUYER,
        ACTOR_FIRST_PARTY_CREDITOR,
    };

    memset(life, 0, sizeof *life);
    memset(person, 0, sizeof *person);
    life->chance.state = seed * UINT64_C(0x2545f4914f6cdd1d) + number * 0x9e3779b9u;
    chance_next(&life->chance);
    life->person = person;
    person->number = number;
    person->role = PICK(life, roles);
    person->pseudonym =
        person->role == ACTOR_FIRST_PARTY_CREDITOR && chance_is(&life->chance, 25);
    person->business = chance_is(&life->chance, 4);
    person->joint = chance_is(&life->chance, 40);
    debts_make(life);
    settle(life);
    for (int32_t party = DEBTOR; party <= CO_DEBTOR; party++) {
        for (int which = 0; which < 2; which++) /* they wrote to us from there once */
            fact_add(life, (struct known){ .type = FACT_EMAIL_BASIS,
                                           .at = year_begins() - 90 * A_DAY,
                                           .until = NEVER,
                                           .party = party,
                                           .value = mailboxes[party - 1][which],
                                           .basis = "consumer_used_address" });
    }
    for (size_t i = 0; i < BURSTS; i++)
        life->bursts[i] = 1 + chance_below(&life->chance, 350);
    /* Thirty calls in a week are a limit only to those who call that often. */
    bool besieged =
        strcmp(person->places[0], "US-WV") == 0 ? chance_is(&life->chance, 60) : false;
    for (size_t i = 1; besieged && i < BURSTS; i++)
        life->bursts[i] = life->bursts[0];
    life->heavy = besieged || chance_is(&life->chance, 12) ? 95 : 25;
    agenda_add(life, ASKS, questions);
    agenda_add(life, DIALS, life->heavy > 90 ? 140 : 20 + chance_below(&life->chance, 40));
    agenda_add(life, SPEAKS, 12);
    agenda_add(life, TELLS, 14 + chance_below(&life->chance, 12));
    agenda_add(life, WITHDRAWS, 6);
    agenda_add(life, CORRECTS, 14);
    agenda_add(life, ANSWERS, 2);
    agenda_add(life, MOVES, chance_is(&life->chance, 35) ? 1 : 0);
    qsort(life->agenda, life->count, sizeof life->agenda[0], by_time);
    for (size_t i = 1; i < life->count; i++) { /* one thing after the other */
        if (life->agenda[i].at <= life->agenda[i - 1].at)
            life->agenda[i].at = life->agenda[i - 1].at + 1;
    }
}

static void ask(struct life *life, int64_t at, struct asked *q)
{
    struct chance *c = &life->chance;

    *q = (struct asked){ .person = life->person, .step = life->step, .at = at };
    q->channel = some_channel(life);
    q->party = chance_is(c, 4) ? ATTORNEY : someone(life);
    q->relation = q->party == DEBTOR      ? "consumer"
                  : q->party == CO_DEBTOR ? "co_debtor"
                                          : "consumer_attorney";
    q->debts = some_debts(life);
    q->purpose = some_purpose(life, q->channel);
    line_pick(life, q->party, q->channel, &q->address, &q->number_kind);
    q->voice = chance_is(c, 20) ? "prerecorded" : "live";
    q->requests_payment = chance_is(c, 15);
    q->only_confirms_opt_out = q->purpose != NULL &&
                               strcmp(q->purpose, "opt_out_confirmation") == 0 &&
                               chance_is(c, 80);
}

bool life_next(struct life *life, struct asked *question)
{
    while (life->next < life->count) {
        const struct agenda *a = &life->agenda[life->next++];
        life->step++;
        if (chance_is(&life->chance, 15)) { /* a new matter comes up */
            life->burst_debt = chance_below(&life->chance, (int)life->person->debt_count);
            life->burst_channel = (int)(chance_is(&life->chance, 65)   ? CHANNEL_CALL
                                        : chance_is(&life->chance, 50) ? CHANNEL_EMAIL
                                                                       : CHANNEL_SMS);
        }
        if (a->what == ASKS) {
            ask(life, a->at, question);
            return true;
        }
        happens(life, a);
    }
    return false;
}

void life_make(struct life *life, const struct asked *q, bool allowed)
{
    if (!chance_is(&life->chance, allowed ? 70 : life->heavy))
        return;
    life->step++;
    entry_add(life, (struct entry){ .at = q->at,
                                    .channel = q->channel,
                                    .direction = DIRECTION_OUT,
                                    .outcome = outcome_of(life, q->channel),
                                    .party = q->party,
                                    .debts = q->debts,
                                    .address = q->address,
                                    .purpose = q->purpose,
                                    .number_kind = q->number_kind });
}
