#include "store/face.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { FACE_VERSION = 2 };

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

static void put(struct text *out, int64_t value)
{
    uint64_t zigzag = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    char bytes[10];
    size_t n = 0;

    while (zigzag >= 0x80) {
        bytes[n++] = (char)(zigzag | 0x80);
        zigzag >>= 7;
    }
    bytes[n++] = (char)zigzag;
    text_add_n(out, bytes, n);
}

/* Length plus one, so that 0 says NULL. */
static void put_text(struct text *out, const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;

    put(out, text != NULL ? (int64_t)length + 1 : 0);
    if (text != NULL)
        text_add_n(out, text, length + 1);
}

static void put_debts(struct text *out, struct debt_set set)
{
    int32_t before = 0;

    put(out, (int64_t)set.count);
    for (size_t i = 0; i < set.count; i++) {
        put(out, set.numbers[i] - before);
        before = set.numbers[i];
    }
}

static void pack_people(const struct casefile *c, struct text *out)
{
    put(out, (int64_t)c->party_count);
    for (size_t i = 0; i < c->party_count; i++) {
        const struct party *p = &c->parties[i];
        put(out, p->number);
        put_text(out, p->role);
        put_text(out, p->name);
        put_text(out, p->language);
        put_text(out, p->places_text);
        put_text(out, p->zones_text);
    }
    put(out, (int64_t)c->point_count);
    for (size_t i = 0; i < c->point_count; i++) {
        const struct contact_point *p = &c->points[i];
        put(out, p->number);
        put(out, p->party);
        put(out, p->channel);
        put(out, p->good);
        put_text(out, p->address);
    }
}

static void pack_debts(const struct casefile *c, struct text *out)
{
    put(out, (int64_t)c->debt_count);
    for (size_t i = 0; i < c->debt_count; i++) {
        const struct debt *d = &c->debts[i];
        put(out, d->number);
        put_text(out, d->reference);
        put_text(out, d->kind);
        put(out, d->currency);
        put(out, d->invoice_day.number);
    }
    put(out, (int64_t)c->instalment_count);
    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *s = &c->instalments[i];
        put(out, s->debt);
        put(out, s->number);
        put(out, s->due_day.number);
        put(out, s->amount_minor);
        put(out, s->paid_minor);
        put(out, s->first_paid_day.number);
        put(out, s->last_paid_day.number);
        put_text(out, s->last_step);
        put(out, s->step_day.number);
    }
}

static void pack_facts(const struct casefile *c, struct text *out)
{
    put(out, (int64_t)c->fact_count);
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct gate_fact *f = &c->facts[i];
        put(out, f->type);
        put(out, f->party);
        put(out, f->debt);
        put(out, f->other);
        put(out, f->at.us);
        put(out, f->until.us);
        put_text(out, f->scope);
        put_text(out, f->value);
        put(out, f->channel_known ? (int64_t)f->channel : -1);
        put(out, f->hours.weekdays);
        put(out, f->hours.from);
        put(out, f->hours.to);
        put(out, (int64_t)f->detail.count);
        for (size_t k = 0; k < f->detail.count; k++) {
            put_text(out, f->detail.fields[k].name);
            put_text(out, f->detail.fields[k].value);
        }
    }
}

static void pack_contacts(const struct casefile *c, struct text *out)
{
    put(out, (int64_t)c->contact_count);
    for (size_t i = 0; i < c->contact_count; i++) {
        const struct contact *k = &c->contacts[i];
        put(out, k->at.us);
        put(out, k->channel);
        put(out, k->direction);
        put(out, k->outcome == OUTCOME_SENT ? OUTCOME_PLANNED : k->outcome);
        put(out, k->party);
        put(out, k->outbox);
        put_debts(out, k->debts);
        put_text(out, k->address);
        put_text(out, k->purpose);
    }
}

static void pack_money(const struct casefile *c, struct text *out)
{
    put(out, (int64_t)c->promise_count);
    for (size_t i = 0; i < c->promise_count; i++) {
        const struct promise *p = &c->promises[i];
        put(out, p->number);
        put(out, p->state);
        put(out, p->currency);
        put(out, p->minor);
        put(out, p->made_day.number);
        put(out, p->due_day.number);
    }
    put(out, (int64_t)c->payment_count);
    for (size_t i = 0; i < c->payment_count; i++) {
        const struct payment *p = &c->payments[i];
        put(out, p->number);
        put(out, p->pending);
        put(out, p->received_day.number);
        put(out, p->currency);
        put(out, p->minor);
    }
}

void face_pack(const struct casefile *c, struct day day, struct text *out)
{
    text_clear(out);
    put(out, FACE_VERSION);
    put(out, day.number);
    pack_people(c, out);
    pack_debts(c, out);
    pack_facts(c, out);
    pack_contacts(c, out);
    pack_money(c, out);
}

/* ---- Unpacking ---------------------------------------------------------------------------- */

struct reader {
    const unsigned char *at, *end;
    bool broken;
    struct arena *a;
};

static int64_t get(struct reader *r)
{
    uint64_t value = 0;

    for (int shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        unsigned char byte = *r->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
    }
    r->broken = true;
    return 0;
}

static int32_t get_small(struct reader *r)
{
    return (int32_t)get(r);
}

static struct day get_day(struct reader *r)
{
    return (struct day){ get_small(r) };
}

static const char *get_text(struct reader *r)
{
    int64_t size = get(r); /* with the NUL */

    if (size == 0)
        return NULL;
    if (size < 0 || size > r->end - r->at || r->at[size - 1] != '\0') {
        r->broken = true;
        return "";
    }
    const char *text = (const char *)r->at;
    r->at += size;
    return text;
}

static size_t get_count(struct reader *r)
{
    int64_t count = get(r);

    if (count < 0 || count > r->end - r->at) {
        r->broken = true;
        return 0;
    }
    return (size_t)count;
}

static struct debt_set get_debts(struct reader *r)
{
    struct debt_set set = { get_count(r), NULL };
    int32_t *numbers = arena_array(r->a, int32_t, set.count), before = 0;

    for (size_t i = 0; i < set.count; i++)
        numbers[i] = before += get_small(r);
    set.numbers = numbers;
    return set;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void unpack_people(struct reader *r, struct casefile *c)
{
    c->party_count = get_count(r);
    c->parties = arena_array(r->a, struct party, c->party_count);
    for (size_t i = 0; i < c->party_count; i++) {
        struct party *p = &c->parties[i];
        p->number = get_small(r);
        p->role = or_empty(get_text(r));
        p->name = or_empty(get_text(r));
        p->language = or_empty(get_text(r));
        const char *places = or_empty(get_text(r)), *zones = or_empty(get_text(r));
        party_place(p, whereabouts_of(places, zones));
    }
    c->point_count = get_count(r);
    c->points = arena_array(r->a, struct contact_point, c->point_count);
    for (size_t i = 0; i < c->point_count; i++) {
        struct contact_point *p = &c->points[i];
        p->number = get_small(r);
        p->party = get_small(r);
        p->channel = (enum channel)get(r);
        p->good = get(r) != 0;
        p->address = or_empty(get_text(r));
    }
}

static void unpack_debts(struct reader *r, struct casefile *c)
{
    c->debt_count = get_count(r);
    c->debts = arena_array(r->a, struct debt, c->debt_count);
    for (size_t i = 0; i < c->debt_count; i++) {
        struct debt *d = &c->debts[i];
        d->number = get_small(r);
        d->reference = or_empty(get_text(r));
        d->kind = or_empty(get_text(r));
        d->currency = (enum currency)get(r);
        d->invoice_day = get_day(r);
    }
    c->instalment_count = get_count(r);
    c->instalments = arena_array(r->a, struct instalment, c->instalment_count);
    for (size_t i = 0; i < c->instalment_count; i++) {
        struct instalment *s = &c->instalments[i];
        s->debt = get_small(r);
        s->number = get_small(r);
        s->due_day = get_day(r);
        s->amount_minor = get(r);
        s->paid_minor = get(r);
        s->first_paid_day = get_day(r);
        s->last_paid_day = get_day(r);
        s->last_step = get_text(r);
        s->step_day = get_day(r);
    }
}

static struct gate_fields unpack_fields(struct reader *r)
{
    struct gate_fields fields = { get_count(r), NULL };

    if (fields.count == 0)
        return fields;
    struct gate_field *all = arena_array(r->a, struct gate_field, fields.count);
    for (size_t i = 0; i < fields.count; i++) {
        all[i].name = or_empty(get_text(r));
        all[i].value = or_empty(get_text(r));
    }
    fields.fields = all;
    return fields;
}

static void unpack_facts(struct reader *r, struct casefile *c)
{
    c->fact_count = get_count(r);
    c->facts = arena_array(r->a, struct gate_fact, c->fact_count);
    for (size_t i = 0; i < c->fact_count; i++) {
        struct gate_fact *f = &c->facts[i];
        f->type = (enum fact_type)get(r);
        f->party = get_small(r);
        f->debt = get_small(r);
        f->other = get_small(r);
        f->at.us = get(r);
        f->until.us = get(r);
        f->scope = get_text(r);
        f->value = get_text(r);
        int64_t channel = get(r);
        f->channel_known = channel >= 0;
        f->channel = channel >= 0 ? (enum channel)channel : CHANNEL_CALL;
        f->hours.weekdays = (uint8_t)get(r);
        f->hours.from = get_small(r);
        f->hours.to = get_small(r);
        f->detail = unpack_fields(r);
    }
}

static void unpack_contacts(struct reader *r, struct casefile *c)
{
    c->contact_count = get_count(r);
    c->contacts = arena_array(r->a, struct contact, c->contact_count);
    for (size_t i = 0; i < c->contact_count; i++) {
        struct contact *k = &c->contacts[i];
        k->at.us = get(r);
        k->channel = (enum channel)get(r);
        k->direction = (enum direction)get(r);
        k->outcome = (enum outcome)get(r);
        k->party = get_small(r);
        k->outbox = get_small(r);
        k->debts = get_debts(r);
        k->address = get_text(r);
        k->purpose = get_text(r);
    }
}

static void unpack_money(struct reader *r, struct casefile *c)
{
    c->promise_count = get_count(r);
    c->promises = arena_array(r->a, struct promise, c->promise_count);
    for (size_t i = 0; i < c->promise_count; i++) {
        struct promise *p = &c->promises[i];
        p->number = get_small(r);
        p->state = (enum promise_state)get(r);
        p->currency = (enum currency)get(r);
        p->minor = get(r);
        p->made_day = get_day(r);
        p->due_day = get_day(r);
    }
    c->payment_count = get_count(r);
    c->payments = arena_array(r->a, struct payment, c->payment_count);
    for (size_t i = 0; i < c->payment_count; i++) {
        struct payment *p = &c->payments[i];
        p->number = get_small(r);
        p->pending = get(r) != 0;
        p->received_day = get_day(r);
        p->currency = (enum currency)get(r);
        p->minor = get(r);
    }
}

bool face_day(const void *bytes, size_t length, struct day *out)
{
    struct reader r = { bytes, (const unsigned char *)bytes + length, false, NULL };

    if (length == 0 || get(&r) != FACE_VERSION)
        return false;
    *out = get_day(&r);
    return !r.broken;
}

bool face_unpack(const void *bytes, size_t length, struct day today, struct arena *a,
                 struct casefile *c)
{
    const unsigned char *copy = (const unsigned char *)arena_copy_n(a, bytes, length);
    struct reader r = { copy, copy + length, false, a };

    if (get(&r) != FACE_VERSION || get_small(&r) > today.number)
        return false;
    unpack_people(&r, c);
    unpack_debts(&r, c);
    unpack_facts(&r, c);
    unpack_contacts(&r, c);
    unpack_money(&r, c);
    return !r.broken && r.at == r.end;
}
