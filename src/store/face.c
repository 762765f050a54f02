#include "store/face.h"

#include "store/pack.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { FACE_VERSION = 4 };

/* ---- Whereabouts ------------------------------------------------------------------------- */

struct kept_whereabouts {
    struct kept_whereabouts *next;
    struct whereabouts list;
};

static struct {
    pthread_mutex_t lock;
    struct arena arena;
    struct kept_whereabouts *slots[1024];
} kept = { .lock = PTHREAD_MUTEX_INITIALIZER };

static unsigned slot_of(const char *places, const char *zones)
{
    unsigned hash = 2166136261U;

    for (const char *at = places; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619U;
    for (const char *at = zones; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619U;
    return hash % COUNT(kept.slots);
}

static const char **split(struct arena *a, const char *text, size_t *count)
{
    const char **parts = NULL;
    size_t room = 0;

    *count = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        *arena_push(a, parts, *count, room) = arena_copy_n(a, text, length);
        text += length + (text[length] == ',');
    }
    return parts;
}

static struct kept_whereabouts *keep(const char *places, const char *zones)
{
    struct arena *a = &kept.arena;
    struct kept_whereabouts *k = arena_make(a, struct kept_whereabouts);
    size_t named;
    const char **names = split(a, zones, &named);
    const struct zone **found = arena_array(a, const struct zone *, named + 1);

    k->list.places_text = arena_copy(a, places);
    k->list.zones_text = arena_copy(a, zones);
    k->list.places = split(a, places, &k->list.place_count);
    k->list.zones = found;
    k->list.zone_count = named;
    for (size_t i = 0; i < named; i++) {
        found[i] = zone_find(names[i]);
        if (found[i] == NULL)
            k->list.zone_count = 0;
    }
    return k;
}

const struct whereabouts *whereabouts_of(const char *places, const char *zones)
{
    unsigned slot = slot_of(places, zones);

    pthread_mutex_lock(&kept.lock);
    struct kept_whereabouts *k = kept.slots[slot];
    while (k != NULL && (strcmp(k->list.places_text, places) != 0 ||
                         strcmp(k->list.zones_text, zones) != 0))
        k = k->next;
    if (k == NULL) {
        k = keep(places, zones);
        k->next = kept.slots[slot];
        kept.slots[slot] = k;
    }
    pthread_mutex_unlock(&kept.lock);
    return &k->list;
}

void party_place(struct party *p, const struct whereabouts *w)
{
    p->place_count = w->place_count;
    p->zone_count = w->zone_count;
    p->places = w->places;
    p->zones = w->zones;
    p->places_text = w->places_text;
    p->zones_text = w->zones_text;
}

/* ---- Packing ------------------------------------------------------------------------------ */

static void put_debts(struct text *out, struct debt_set set)
{
    int32_t before = 0;

    pack_int(out, (int64_t)set.count);
    for (size_t i = 0; i < set.count; i++) {
        pack_int(out, set.numbers[i] - before);
        before = set.numbers[i];
    }
}

static void pack_people(const struct casefile *c, struct text *out)
{
    pack_int(out, (int64_t)c->party_count);
    for (size_t i = 0; i < c->party_count; i++) {
        const struct party *p = &c->parties[i];
        pack_int(out, p->number);
        pack_text(out, p->role);
        pack_text(out, p->name);
        pack_text(out, p->language);
        pack_text(out, p->places_text);
        pack_text(out, p->zones_text);
    }
    pack_int(out, (int64_t)c->point_count);
    for (size_t i = 0; i < c->point_count; i++) {
        const struct contact_point *p = &c->points[i];
        pack_int(out, p->number);
        pack_int(out, p->party);
        pack_int(out, p->channel);
        pack_int(out, p->good);
        pack_text(out, p->address);
    }
}

static void pack_debts(const struct casefile *c, struct text *out)
{
    pack_int(out, (int64_t)c->debt_count);
    for (size_t i = 0; i < c->debt_count; i++) {
        const struct debt *d = &c->debts[i];
        pack_int(out, d->number);
        pack_text(out, d->reference);
        pack_text(out, d->kind);
        pack_int(out, d->currency);
        pack_int(out, d->invoice_day.number);
    }
    pack_int(out, (int64_t)c->instalment_count);
    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *s = &c->instalments[i];
        pack_int(out, s->debt);
        pack_int(out, s->number);
        pack_int(out, s->due_day.number);
        pack_int(out, s->amount_minor);
        pack_int(out, s->paid_minor);
        pack_int(out, s->first_change_day.number);
        pack_int(out, s->last_change_day.number);
        pack_int(out, s->last_paid_day.number);
        pack_int(out, s->charges_minor);
        pack_int(out, s->disputed_minor);
        pack_int(out, s->grace_days);
        pack_text(out, s->last_step);
        pack_int(out, s->step_day.number);
    }
}

static void pack_facts(const struct casefile *c, struct text *out)
{
    pack_int(out, (int64_t)c->fact_count);
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct gate_fact *f = &c->facts[i];
        pack_int(out, f->type);
        pack_int(out, f->party);
        pack_int(out, f->debt);
        pack_int(out, f->other);
        pack_int(out, f->at.us);
        pack_int(out, f->until.us);
        pack_text(out, f->scope);
        pack_text(out, f->value);
        pack_int(out, f->channel_known ? (int64_t)f->channel : -1);
        pack_int(out, f->hours.weekdays);
        pack_int(out, f->hours.from);
        pack_int(out, f->hours.to);
        pack_int(out, (int64_t)f->detail.count);
        for (size_t k = 0; k < f->detail.count; k++) {
            pack_text(out, f->detail.fields[k].name);
            pack_text(out, f->detail.fields[k].value);
        }
    }
}

static void pack_contacts(const struct casefile *c, struct text *out)
{
    pack_int(out, (int64_t)c->contact_count);
    for (size_t i = 0; i < c->contact_count; i++) {
        const struct contact *k = &c->contacts[i];
        pack_int(out, k->at.us);
        pack_int(out, k->channel);
        pack_int(out, k->direction);
        pack_int(out, k->outcome == OUTCOME_SENT ? OUTCOME_PLANNED : k->outcome);
        pack_int(out, k->party);
        pack_int(out, k->outbox);
        put_debts(out, k->debts);
        pack_text(out, k->address);
        pack_text(out, k->purpose);
    }
}

static void pack_money(const struct casefile *c, struct text *out)
{
    pack_int(out, (int64_t)c->promise_count);
    for (size_t i = 0; i < c->promise_count; i++) {
        const struct promise *p = &c->promises[i];
        pack_int(out, p->number);
        pack_int(out, p->state);
        pack_int(out, p->currency);
        pack_int(out, p->minor);
        pack_int(out, p->made_day.number);
        pack_int(out, p->due_day.number);
        pack_int(out, p->plan);
        pack_int(out, p->item);
        pack_int(out, p->state_day.number);
        pack_int(out, p->notice);
        pack_int(out, p->debit);
    }
    pack_int(out, (int64_t)c->payment_count);
    for (size_t i = 0; i < c->payment_count; i++) {
        const struct payment *p = &c->payments[i];
        pack_int(out, p->number);
        pack_int(out, p->pending);
        pack_int(out, p->received_day.number);
        pack_int(out, p->currency);
        pack_int(out, p->minor);
    }
    pack_int(out, (int64_t)c->pause_count);
    for (size_t i = 0; i < c->pause_count; i++) {
        pack_int(out, c->pauses[i].debt);
        pack_int(out, c->pauses[i].from.number);
        pack_int(out, c->pauses[i].until.number);
    }
}

static void pack_agreed(const struct casefile *c, struct text *out)
{
    pack_int(out, (int64_t)c->plan_count);
    for (size_t i = 0; i < c->plan_count; i++) {
        const struct payment_plan *p = &c->plans[i];
        pack_int(out, p->number);
        pack_int(out, p->offer);
        pack_int(out, p->state);
        pack_int(out, p->currency);
        pack_int(out, p->total_minor);
        put_debts(out, p->debts);
        pack_int(out, p->made_day.number);
        pack_int(out, p->state_day.number);
        pack_int(out, p->resumes_day.number);
        pack_int(out, p->interest_frozen);
        pack_int(out, p->cure_days);
        pack_int(out, p->notice_days);
        pack_text(out, p->autopay);
    }
    pack_int(out, (int64_t)c->offer_count);
    for (size_t i = 0; i < c->offer_count; i++) {
        const struct pending_offer *o = &c->offers[i];
        pack_int(out, o->number);
        pack_int(out, o->plan);
        pack_int(out, o->state);
        pack_int(out, o->expires_day.number);
        pack_int(out, o->void_on_default);
    }
}

void face_pack(const struct casefile *c, struct day day, struct text *out)
{
    text_clear(out);
    pack_int(out, FACE_VERSION);
    pack_int(out, day.number);
    pack_people(c, out);
    pack_debts(c, out);
    pack_facts(c, out);
    pack_contacts(c, out);
    pack_money(c, out);
    pack_agreed(c, out);
}

/* ---- Unpacking ---------------------------------------------------------------------------- */

static struct debt_set get_debts(struct unpacker *r)
{
    struct debt_set set = { unpack_count(r), NULL };
    int32_t *numbers = arena_array(r->a, int32_t, set.count), before = 0;

    for (size_t i = 0; i < set.count; i++)
        numbers[i] = before += unpack_small(r);
    set.numbers = numbers;
    return set;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void unpack_people(struct unpacker *r, struct casefile *c)
{
    c->party_count = unpack_count(r);
    c->parties = arena_array(r->a, struct party, c->party_count);
    for (size_t i = 0; i < c->party_count; i++) {
        struct party *p = &c->parties[i];
        p->number = unpack_small(r);
        p->role = or_empty(unpack_text(r));
        p->name = or_empty(unpack_text(r));
        p->language = or_empty(unpack_text(r));
        const char *places = or_empty(unpack_text(r)), *zones = or_empty(unpack_text(r));
        party_place(p, whereabouts_of(places, zones));
    }
    c->point_count = unpack_count(r);
    c->points = arena_array(r->a, struct contact_point, c->point_count);
    for (size_t i = 0; i < c->point_count; i++) {
        struct contact_point *p = &c->points[i];
        p->number = unpack_small(r);
        p->party = unpack_small(r);
        p->channel = (enum channel)unpack_int(r);
        p->good = unpack_int(r) != 0;
        p->address = or_empty(unpack_text(r));
    }
}

static void unpack_debts(struct unpacker *r, struct casefile *c)
{
    c->debt_count = unpack_count(r);
    c->debts = arena_array(r->a, struct debt, c->debt_count);
    for (size_t i = 0; i < c->debt_count; i++) {
        struct debt *d = &c->debts[i];
        d->number = unpack_small(r);
        d->reference = or_empty(unpack_text(r));
        d->kind = or_empty(unpack_text(r));
        d->currency = (enum currency)unpack_int(r);
        d->invoice_day = unpack_day(r);
    }
    c->instalment_count = unpack_count(r);
    c->instalments = arena_array(r->a, struct instalment, c->instalment_count);
    for (size_t i = 0; i < c->instalment_count; i++) {
        struct instalment *s = &c->instalments[i];
        s->debt = unpack_small(r);
        s->number = unpack_small(r);
        s->due_day = unpack_day(r);
        s->amount_minor = unpack_int(r);
        s->paid_minor = unpack_int(r);
        s->first_change_day = unpack_day(r);
        s->last_change_day = unpack_day(r);
        s->last_paid_day = unpack_day(r);
        s->charges_minor = unpack_int(r);
        s->disputed_minor = unpack_int(r);
        s->grace_days = unpack_small(r);
        s->last_step = unpack_text(r);
        s->step_day = unpack_day(r);
    }
}

static struct gate_fields unpack_fields(struct unpacker *r)
{
    struct gate_fields fields = { unpack_count(r), NULL };

    if (fields.count == 0)
        return fields;
    struct gate_field *all = arena_array(r->a, struct gate_field, fields.count);
    for (size_t i = 0; i < fields.count; i++) {
        all[i].name = or_empty(unpack_text(r));
        all[i].value = or_empty(unpack_text(r));
    }
    fields.fields = all;
    return fields;
}

static void unpack_facts(struct unpacker *r, struct casefile *c)
{
    c->fact_count = unpack_count(r);
    c->facts = arena_array(r->a, struct gate_fact, c->fact_count);
    for (size_t i = 0; i < c->fact_count; i++) {
        struct gate_fact *f = &c->facts[i];
        f->type = (enum fact_type)unpack_int(r);
        f->party = unpack_small(r);
        f->debt = unpack_small(r);
        f->other = unpack_small(r);
        f->at.us = unpack_int(r);
        f->until.us = unpack_int(r);
        f->scope = unpack_text(r);
        f->value = unpack_text(r);
        int64_t channel = unpack_int(r);
        f->channel_known = channel >= 0;
        f->channel = channel >= 0 ? (enum channel)channel : CHANNEL_CALL;
        f->hours.weekdays = (uint8_t)unpack_int(r);
        f->hours.from = unpack_small(r);
        f->hours.to = unpack_small(r);
        f->detail = unpack_fields(r);
    }
}

static void unpack_contacts(struct unpacker *r, struct casefile *c)
{
    c->contact_count = unpack_count(r);
    c->contacts = arena_array(r->a, struct contact, c->contact_count);
    for (size_t i = 0; i < c->contact_count; i++) {
        struct contact *k = &c->contacts[i];
        k->at.us = unpack_int(r);
        k->channel = (enum channel)unpack_int(r);
        k->direction = (enum direction)unpack_int(r);
        k->outcome = (enum outcome)unpack_int(r);
        k->party = unpack_small(r);
        k->outbox = unpack_small(r);
        k->debts = get_debts(r);
        k->address = unpack_text(r);
        k->purpose = unpack_text(r);
    }
}

static void unpack_money(struct unpacker *r, struct casefile *c)
{
    c->promise_count = unpack_count(r);
    c->promises = arena_array(r->a, struct promise, c->promise_count);
    for (size_t i = 0; i < c->promise_count; i++) {
        struct promise *p = &c->promises[i];
        p->number = unpack_small(r);
        p->state = (enum promise_state)unpack_int(r);
        p->currency = (enum currency)unpack_int(r);
        p->minor = unpack_int(r);
        p->made_day = unpack_day(r);
        p->due_day = unpack_day(r);
        p->plan = unpack_small(r);
        p->item = unpack_small(r);
        p->state_day = unpack_day(r);
        p->notice = unpack_small(r);
        p->debit = unpack_small(r);
    }
    c->payment_count = unpack_count(r);
    c->payments = arena_array(r->a, struct payment, c->payment_count);
    for (size_t i = 0; i < c->payment_count; i++) {
        struct payment *p = &c->payments[i];
        p->number = unpack_small(r);
        p->pending = unpack_int(r) != 0;
        p->received_day = unpack_day(r);
        p->currency = (enum currency)unpack_int(r);
        p->minor = unpack_int(r);
    }
    c->pause_count = unpack_count(r);
    c->pauses = arena_array(r->a, struct pause, c->pause_count);
    for (size_t i = 0; i < c->pause_count; i++) {
        c->pauses[i].debt = unpack_small(r);
        c->pauses[i].from = unpack_day(r);
        c->pauses[i].until = unpack_day(r);
    }
}

static void unpack_agreed(struct unpacker *r, struct casefile *c)
{
    c->plan_count = unpack_count(r);
    c->plans = arena_array(r->a, struct payment_plan, c->plan_count);
    for (size_t i = 0; i < c->plan_count; i++) {
        struct payment_plan *p = &c->plans[i];
        p->number = unpack_small(r);
        p->offer = unpack_small(r);
        p->state = (enum plan_state)unpack_int(r);
        p->currency = (enum currency)unpack_int(r);
        p->total_minor = unpack_int(r);
        p->debts = get_debts(r);
        p->made_day = unpack_day(r);
        p->state_day = unpack_day(r);
        p->resumes_day = unpack_day(r);
        p->interest_frozen = unpack_int(r) != 0;
        p->cure_days = unpack_small(r);
        p->notice_days = unpack_small(r);
        p->autopay = unpack_text(r);
    }
    c->offer_count = unpack_count(r);
    c->offers = arena_array(r->a, struct pending_offer, c->offer_count);
    for (size_t i = 0; i < c->offer_count; i++) {
        struct pending_offer *o = &c->offers[i];
        o->number = unpack_small(r);
        o->plan = unpack_small(r);
        o->state = (enum offer_state)unpack_int(r);
        o->expires_day = unpack_day(r);
        o->void_on_default = unpack_int(r) != 0;
    }
}

bool face_day(const void *bytes, size_t length, struct day *out)
{
    struct unpacker r = { bytes, (const unsigned char *)bytes + length, false, NULL };

    if (length == 0 || unpack_int(&r) != FACE_VERSION)
        return false;
    *out = unpack_day(&r);
    return !r.broken;
}

bool face_unpack(const void *bytes, size_t length, struct day today, struct arena *a,
                 struct casefile *c)
{
    const unsigned char *copy = (const unsigned char *)arena_copy_n(a, bytes, length);
    struct unpacker r = { copy, copy + length, false, a };

    if (unpack_int(&r) != FACE_VERSION || unpack_small(&r) > today.number)
        return false;
    unpack_people(&r, c);
    unpack_debts(&r, c);
    unpack_facts(&r, c);
    unpack_contacts(&r, c);
    unpack_money(&r, c);
    unpack_agreed(&r, c);
    return !r.broken && r.at == r.end;
}
