#include "flow/demo.h"

#include "base/json.h"
#include "flow/demo_telling.h"
#include "flow/dispute.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_AT_ONCE = 500 };

/* The case files in the order of their keys: the database then writes page after page. */
struct seat {
    struct casefile_key key;
    int64_t index;
};

bool demo_kind_parse(const char *name, enum demo_kind *out)
{
    static const char *const names[] = { "mixed", "business", "consumer" };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (text_equal(name, names[i])) {
            *out = (enum demo_kind)i;
            return true;
        }
    }
    return false;
}

static bool settings_put(struct store *s, struct fault *why)
{
    static const char *const settings[][2] = {
        { "name", "Fairhaven Receivables" },
        { "address", "14 Larkspur Lane\nMadison, WI 53703" },
        { "country", "US" },
        { "email", "accounts@fairhaven.example" },
        { "phone", "(608) 555-0100" },
        { "licence_number", "10000-99" },
        { "supervisory_authority",
          "Aufsichtsamt für Inkassodienste, Lerchenspornweg 3, 10117 Berlin, "
          "post@aufsicht.example" },
        { "base_url", "http://127.0.0.1:8080" },
        { "zone", "America/Chicago" },
        { "write_off_below", "USD 5" },
        { "demo", "1" },
    };

    for (size_t i = 0; i < COUNT(settings); i++) {
        if (!book_set(s, settings[i][0], settings[i][1], why))
            return false;
    }
    return true;
}

bool demo_create(const char *url, struct fault *why)
{
    if (!store_create(url, why))
        return false;
    struct store *s = store_open(url, STORE_WRITE, why);
    if (s == NULL)
        return false;
    bool done = store_begin(s, why);
    if (done)
        done = settings_put(s, why) ? store_commit(s, why) : store_undo(s);
    store_close(s);
    return done;
}

/* ---- From the story to the book --------------------------------------------------------- */

static bool tell_debt(struct telling *t, const struct event *e, struct fault *why)
{
    enum change change;

    if (!book_debt_put(t->book, t->key, &e->input, &t->debts[e->debt], &change, why))
        return false;
    t->known[t->known_count++] = t->debts[e->debt];
    return e->bound == NULL || tell_terms(t, e, why);
}

static bool tell_payment(struct telling *t, struct event *e, struct fault *why)
{
    enum change change;

    e->payment.debt = e->debt < 0 ? 0 : t->debts[e->debt];
    return book_payment_put(t->book, t->key, &e->payment, &change, why);
}

static bool tell_contact(struct telling *t, struct event *e, struct fault *why)
{
    e->contact.debts = (struct debt_set){ t->known_count, t->known };
    t->book->by = e->contact.direction == DIRECTION_OUT ? story_collector(t->story) : NULL;
    bool done = book_contact_add(t->book, t->key, &e->contact, e->note, why);
    t->book->by = NULL;
    return done;
}

static bool tell_dispute(struct telling *t, const struct event *e, struct fault *why)
{
    const struct dispute dispute = { .debt = e->fact.debt,
                                     .component = COMPONENT_COUNT,
                                     .currency = t->story->who.currency,
                                     .minor = e->contested,
                                     .reason = e->contested > 0 ? "amount" : "other",
                                     .channel = "letter",
                                     .received = wall_at(e->at, t->book->zone).day,
                                     .answer_by = DAY_NONE,
                                     .author = "case notes" };
    enum change change;
    int32_t number;

    return dispute_open(t->book, t->key, &dispute, NULL, &number, &change, why);
}

static bool tell_fact(struct telling *t, struct event *e, struct fault *why)
{
    e->fact.debt = e->debt < 0 ? 0 : t->debts[e->debt];
    if (e->fact.type == FACT_DISPUTE)
        return tell_dispute(t, e, why);
    return book_fact_add(t->book, t->key, &e->fact, "case notes", NULL, why);
}

static bool tell_promise(struct telling *t, const struct event *e, struct fault *why)
{
    const struct promise_input in = { .minor = e->minor,
                                      .currency = t->story->who.currency,
                                      .due = e->due };

    t->book->by = story_collector(t->story);
    bool done = book_promise_add(t->book, t->key, &in, &t->promises[e->promise], why);
    t->book->by = NULL;
    return done;
}

/* As flow/cycle.c settles it, on the day on which it would have. */
static bool tell_promise_end(struct telling *t, const struct event *e, struct fault *why)
{
    struct query q = query_begin(t->book->store, Q_PROMISE_SETTLE);

    bind_text(&q, e->state);
    bind_int(&q, e->due.number);
    bind_int(&q, t->key.bucket);
    bind_int(&q, t->key.id);
    bind_int(&q, t->promises[e->promise]);
    if (!query_run(&q, why))
        return false;
    text_clear(&t->book->record);
    struct json_writer w = { &t->book->record, false };
    json_open(&w, '{');
    json_int_at(&w, "promise", t->promises[e->promise]);
    json_text_at(&w, "state", e->state);
    json_close(&w, '}');
    return journal_add(t->book->heads, t->key, t->book->now, "promise_settled",
                       text_of(&t->book->record), NULL, why);
}

static bool tell_event(struct telling *t, struct event *e, struct fault *why)
{
    t->book->now = e->at;
    switch (e->kind) {
    case EVENT_DEBT:
        return tell_debt(t, e, why);
    case EVENT_PAYMENT:
        return tell_payment(t, e, why);
    case EVENT_CONTACT:
        return tell_contact(t, e, why);
    case EVENT_FACT:
        return tell_fact(t, e, why);
    case EVENT_PROMISE:
        return tell_promise(t, e, why);
    case EVENT_PROMISE_END:
        return tell_promise_end(t, e, why);
    case EVENT_PLAN:
    case EVENT_PLAN_PAID:
    case EVENT_OFFER:
    case EVENT_RETURN:
    case EVENT_REFUND:
    case EVENT_WRITE_OFF:
        return tell_deal(t, e, why);
    }
    bug("an event of a story is missing above", HERE);
}

static bool tell_story(struct book *b, struct story *s, const struct terms_files *terms,
                       struct fault *why)
{
    struct telling t = { .book = b, .story = s, .terms = terms };
    enum change change;

    story_tell(s);
    b->now = (struct instant){ s->events[0].at.us - 1000000 };
    bool told = book_debtor_put(b, &s->who.debtor, &t.key, &change, why);
    for (int i = 0; told && i < s->event_count; i++)
        told = tell_event(&t, &s->events[i], why);
    b->now = s->now;
    return told && book_release(b, why);
}

/* ---- The whole book --------------------------------------------------------------------- */

/* Each case file has dice of its own: the seed and its number, well shaken. */
static struct dice dice_of(const struct demo_request *r, int64_t index)
{
    struct dice d = { r->seed * 0x9e3779b97f4a7c15u + (uint64_t)index };

    d.state = dice_roll(&d);
    return d;
}

static int by_key(const void *a, const void *b)
{
    const struct seat *x = a, *y = b;

    if (x->key.bucket != y->key.bucket)
        return x->key.bucket < y->key.bucket ? -1 : 1;
    return (x->key.id > y->key.id) - (x->key.id < y->key.id);
}

static struct seat *places_make(const struct demo_request *r, struct arena *a)
{
    struct seat *places = malloc((size_t)r->casefiles * sizeof *places);
    struct persona who;

    must(places != NULL);
    for (int64_t i = 0; i < r->casefiles; i++) {
        struct dice d = dice_of(r, i);
        persona_make(&who, &d, a, i, r->kind);
        places[i] = (struct seat){ casefile_key_of(who.debtor.reference), i };
        if (i % FILES_AT_ONCE == 0)
            arena_reset(a);
    }
    qsort(places, (size_t)r->casefiles, sizeof *places, by_key);
    return places;
}

static bool fill_batch(struct book *b, const struct demo_request *r, struct story *s,
                       const struct seat *places, int64_t count, const struct terms_files *terms,
                       struct fault *why)
{
    if (!book_begin(b, why))
        return false;
    for (int64_t i = 0; i < count; i++) {
        struct dice d = dice_of(r, places[i].index);
        arena_reset(s->arena);
        s->dice = &d;
        persona_make(&s->who, &d, s->arena, places[i].index, r->kind);
        if (!tell_story(b, s, terms, why))
            return book_undo(b);
        book_step(b);
    }
    return book_commit(b, why);
}

static bool fill_all(struct book *b, const struct demo_request *r, struct arena *a,
                     const struct seat *places, struct fault *why)
{
    struct story *s = arena_make(a, struct story);
    struct arena told = { 0 };
    struct terms_files terms;
    bool done = terms_files_all(a, &terms, why);

    *s = (struct story){ .arena = &told, .now = b->now, .zone = b->zone, .months = r->months };
    s->today = book_today(b);
    for (int64_t i = 0; done && i < r->casefiles; i += FILES_AT_ONCE) {
        int64_t left = r->casefiles - i, count = left < FILES_AT_ONCE ? left : FILES_AT_ONCE;
        done = fill_batch(b, r, s, places + i, count, &terms, why);
        if (done && r->progress != NULL)
            r->progress(r->self, i + count, r->casefiles);
    }
    arena_free(&told);
    return done;
}

bool demo_fill(struct book *b, struct demo_request r, struct fault *why)
{
    struct arena a = { 0 };

    r.casefiles = r.casefiles > 0 ? r.casefiles : 5000;
    r.seed = r.seed != 0 ? r.seed : 42;
    r.months = r.months > 0 ? r.months : 24;
    struct seat *places = places_make(&r, &a);
    bool done = book_begin(b, why) &&
                (demo_users(b, why) ? book_commit(b, why) : book_undo(b)) &&
                fill_all(b, &r, &a, places, why) && book_begin(b, why) &&
                (demo_assign(b, why) ? book_commit(b, why) : book_undo(b));
    free(places);
    arena_free(&a);
    return done;
}
