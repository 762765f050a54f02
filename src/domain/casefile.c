#include "domain/casefile.h"

#include <string.h>

static uint64_t hash_more(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash ^= (unsigned char)*text;
        hash *= 0x100000001b3U;
    }
    return hash;
}

static uint64_t hash_finish(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static const uint64_t hash_start = 0xcbf29ce484222325U;

struct casefile_key casefile_key_of(const char *reference)
{
    uint64_t hash = hash_finish(hash_more(hash_start, reference));
    int64_t id = (int64_t)(hash & INT64_MAX);

    if (id == 0)
        id = 1;
    return (struct casefile_key){ id >> 53, id };
}

int64_t bucket_of_reference(const char *kind, const char *reference)
{
    uint64_t hash = hash_more(hash_more(hash_more(hash_start, kind), ":"), reference);

    return (int64_t)(hash_finish(hash) >> 54);
}

const struct debt *casefile_debt(const struct casefile *c, int32_t number)
{
    size_t low = 0, high = c->debt_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->debts[middle].number == number)
            return &c->debts[middle];
        if (c->debts[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct party *casefile_party(const struct casefile *c, int32_t number)
{
    for (size_t i = 0; i < c->party_count; i++) {
        if (c->parties[i].number == number)
            return &c->parties[i];
    }
    return NULL;
}

/* The first day from this one on that no pause covers. */
static int32_t past_pauses(const struct casefile *c, int32_t debt, int32_t day)
{
    for (size_t i = 0; i < c->pause_count; i++) {
        const struct pause *p = &c->pauses[i];
        if ((p->debt == 0 || p->debt == debt) && p->from.number <= day &&
            day < p->until.number) {
            day = p->until.number;
            i = SIZE_MAX; /* from the first one again: they may overlap */
        }
    }
    return day;
}

/* The first day after this one on which a pause begins. */
static int32_t next_pause(const struct casefile *c, int32_t debt, int32_t day)
{
    int32_t next = DAY_NEVER.number;

    for (size_t i = 0; i < c->pause_count; i++) {
        const struct pause *p = &c->pauses[i];
        if ((p->debt == 0 || p->debt == debt) && p->from.number > day && p->from.number < next)
            next = p->from.number;
    }
    return next;
}

int32_t instalment_days_delinquent(const struct casefile *c, const struct instalment *item,
                                   struct day today)
{
    int32_t day = item->due_day.number + item->grace_days + 1, end = today.number + 1, days = 0;

    while ((day = past_pauses(c, item->debt, day)) < end) {
        int32_t next = next_pause(c, item->debt, day);
        days += (next < end ? next : end) - day;
        day = next;
    }
    return days;
}

void instalment_open(struct instalment *i, int64_t principal)
{
    int64_t open = principal + i->charges_minor - i->disputed_minor;

    i->open_minor = open > 0 ? open : 0;
}

bool instalment_as_of(struct instalment *i, const struct debt *d, struct day today)
{
    bool before = today.number < i->first_change_day.number;
    bool between = !before && today.number < i->last_change_day.number;

    i->next_change_day = before    ? i->first_change_day
                         : between ? i->last_change_day
                                   : DAY_NEVER;
    if (today.number < d->invoice_day.number)
        i->open_minor = 0;
    else
        instalment_open(i, before ? i->amount_minor : i->amount_minor - i->paid_minor);
    return !between;
}

const struct contact_point *casefile_point(const struct casefile *c, int32_t party,
                                           enum channel channel, bool good)
{
    bool spoken = channel == CHANNEL_CALL || channel == CHANNEL_VOICEMAIL;

    for (size_t i = 0; i < c->point_count; i++) {
        const struct contact_point *point = &c->points[i];
        if (point->good == good && point->party == party &&
            (point->channel == channel || (spoken && point->channel == CHANNEL_SMS)))
            return point;
    }
    return NULL;
}

const char *promise_state_name(enum promise_state state)
{
    static const char *const names[] = { "open", "kept", "partly_kept", "broken", "withdrawn" };

    return names[state];
}

static bool name_find(const char *name, size_t count, const char *const names[], int *out)
{
    for (size_t i = 0; name != NULL && i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (int)i;
            return true;
        }
    }
    return false;
}

static const char *const plan_states[] = { "active",    "paused",    "completed",
                                           "defaulted", "cancelled", "replaced" };

const char *plan_state_name(enum plan_state state)
{
    return plan_states[state];
}

bool plan_state_parse(const char *name, enum plan_state *out)
{
    int found;
    bool known = name_find(name, PLAN_STATES, plan_states, &found);

    *out = known ? (enum plan_state)found : PLAN_ACTIVE;
    return known;
}

static const char *const offer_states[] = { "waiting_approval", "open",      "countered",
                                            "accepted",         "declined",  "expired",
                                            "withdrawn",        "fulfilled", "void" };

const char *offer_state_name(enum offer_state state)
{
    return offer_states[state];
}

bool offer_state_parse(const char *name, enum offer_state *out)
{
    int found;
    bool known = name_find(name, OFFER_STATES, offer_states, &found);

    *out = known ? (enum offer_state)found : OFFER_OPEN;
    return known;
}

void casefile_forget_message(struct casefile *c, int32_t outbox)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->contact_count; i++) {
        if (c->contacts[i].outbox != outbox)
            c->contacts[kept++] = c->contacts[i];
    }
    c->contact_count = kept;
}

struct day party_day(const struct party *party, struct instant at, struct day house)
{
    struct day latest = house;

    for (size_t i = 0; i < party->zone_count; i++) {
        struct day day = wall_at(at, party->zones[i]).day;
        latest = day.number > latest.number ? day : latest;
    }
    return latest;
}

struct day party_day_ended(const struct party *party, struct instant at, struct day house)
{
    struct day earliest = house;

    for (size_t i = 0; party != NULL && i < party->zone_count; i++) {
        struct day day = wall_at(at, party->zones[i]).day;
        earliest = day.number < earliest.number ? day : earliest;
    }
    return day_plus(earliest, -1);
}
