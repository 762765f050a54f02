/* Programs elsewhere that are told what happens: webhooks, and what was last sent to them. */
#include "base/text.h"
#include "flow/webhook.h"
#include "web/page_admin.h"

#include <string.h>

enum { DELIVERIES_SHOWN = 50 };

/* Whether a name stands in a list of names with blanks or commas between. */
static bool is_named(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length) {
        if ((at == list || strchr(" ,", at[-1]) != NULL) && strchr(" ,", at[length]) != NULL)
            return true;
    }
    return false;
}

/* All boxes that were ticked, and what was typed, as one list; NULL: none. */
static const char *events_asked(struct page *p)
{
    const char *all = NULL;

    for (size_t i = 0; i < p->ask->form_count; i++) {
        const struct field *f = &p->ask->form[i];
        if (text_equal(f->name, "events") && !text_is_empty(f->value))
            all = all == NULL ? f->value : arena_print(p->arena, "%s %s", all, f->value);
    }
    return all;
}

/* One more kind, under its area; those of an area stand side by side. */
static json_t *kind_add(json_t *areas, const struct webhook_event *e)
{
    json_t *last = json_array_get(areas, json_array_size(areas) - 1);

    if (last == NULL || !text_equal(json_string_value(json_object_get(last, "area")), e->area)) {
        last = list_add(areas);
        put(last, "area", e->area);
        put_list(last, "kinds");
    }
    return list_add(json_object_get(last, "kinds"));
}

/* All kinds, to tick; after a fault what was ticked is so still. */
static void kinds_put(struct page *p)
{
    json_t *areas = put_list(p->context, "areas");
    const char *asked = events_asked(p);

    for (size_t i = 0; webhook_event(i) != NULL; i++) {
        const struct webhook_event *e = webhook_event(i);
        json_t *row = kind_add(areas, e);
        put(row, "kind", e->name);
        put(row, "words", e->words);
        put_true(row, "is_chosen", asked != NULL && is_named(asked, e->name));
    }
}

/* What a webhook is told of. */
static void told_put(struct page *p, json_t *row, const char *events)
{
    json_t *areas = put_list(row, "told");

    for (size_t i = 0; webhook_event(i) != NULL; i++) {
        const struct webhook_event *e = webhook_event(i);
        if (is_named(events, e->name))
            put(kind_add(areas, e), "kind", words_plain(p->arena, e->name));
    }
}

static void webhook_row(struct page *p, json_t *list, const struct webhook *w)
{
    bool active = text_equal(w->state, "active"), failing = text_equal(w->state, "failing");
    json_t *row = list_add(list);

    put_int(row, "number", w->number);
    put(row, "url", w->url);
    put_true(row, "tells_all", text_equal(w->events, "*"));
    told_put(p, row, w->events);
    put_true(row, "records", w->records);
    put_true(row, "is_active", active);
    put(row, "why", failing ? w->fault : "");
    put(row, "since", words_moment(p->arena, w->state_at, p->view->zone, p->view->today));
    put_standing(p, row, "state",
                 (struct standing_words){ w->state, active ? "On" : failing ? "Failing" : "Off",
                                          "", active ? "ok" : failing ? "stop" : "" });
}

static const char *delivery_title(const char *state)
{
    return text_equal(state, "sent")      ? "Taken"
           : text_equal(state, "waiting") ? "Waiting"
           : text_equal(state, "held")    ? "Held"
                                          : "Given up";
}

static void delivery_row(struct page *p, json_t *list, const struct webhook_delivery *d)
{
    bool sent = text_equal(d->state, "sent"), waits = text_equal(d->state, "waiting");
    json_t *row = list_add(list);

    put(row, "id", d->id);
    put(row, "event", d->event);
    put(row, "kind", words_plain(p->arena, d->kind));
    put(row, "record_link",
        arena_print(p->arena, "/d/%lld.%lld", (long long)d->bucket, (long long)d->seq));
    put_int(row, "webhook", d->webhook);
    put(row, "tries",
        d->attempt == 1 ? "1 try" : arena_print(p->arena, "%lld tries", (long long)d->attempt));
    put(row, "tried",
        d->tried_at.us == 0
            ? "Not yet"
            : words_moment(p->arena, d->tried_at, p->view->zone, p->view->today));
    put(row, "answer",
        d->status != 0 ? arena_print(p->arena, "%lld in %lld ms", (long long)d->status,
                                     (long long)d->took_ms)
                       : "");
    put(row, "why", d->answer != NULL ? d->answer : "");
    put(row, "next",
        waits && d->attempt > 0
            ? words_moment(p->arena, d->next_at, p->view->zone, p->view->today)
            : "");
    put_standing(p, row, "state",
                 (struct standing_words){ d->state, delivery_title(d->state), "",
                                          sent    ? "ok"
                                          : waits ? (d->attempt > 0 ? "warn" : "")
                                                  : "stop" });
}

static bool page_integrations(struct page *p, struct fault *why)
{
    json_t *hooks = put_list(p->context, "webhooks"), *sent = put_list(p->context, "deliveries");
    struct webhook_delivery *deliveries;
    struct webhook *webhooks;
    size_t count, sent_count;

    put(p->context, "title", "Integrations");
    if (!webhook_list(p->view->store, p->arena, &webhooks, &count, why) ||
        !webhook_deliveries(p->view->store, p->arena, DELIVERIES_SHOWN, &deliveries, &sent_count,
                            why))
        return false;
    for (size_t i = 0; i < count; i++)
        webhook_row(p, hooks, &webhooks[i]);
    for (size_t i = 0; i < sent_count; i++)
        delivery_row(p, sent, &deliveries[i]);
    kinds_put(p);
    put_true(p->context, "any", count > 0);
    put_true(p->context, "any_deliveries", sent_count > 0);
    return true;
}

static bool webhook_new(struct page *p, struct fault *why)
{
    const char *events = events_asked(p);
    struct webhook_input in = { .events = events != NULL ? events : "*",
                                .records = page_form(p, "records") != NULL,
                                .staff = p->session->user.number };
    char secret[WEBHOOK_SECRET_TEXT];
    int64_t number;

    if (!page_need(p, "url", "the address that is told", &in.url, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !webhook_add(b, &in, &number, secret, why) || !page_commit(p, why))
        return false;
    shown_once(p, arena_print(p->arena, "Webhook %lld", (long long)number),
               arena_print(p->arena,
                           "%s is told from now on. By this secret the program there knows that "
                           "it was us.",
                           in.url),
               arena_copy(p->arena, secret), "/admin/integrations");
    return true;
}

static bool done(struct page *p, const char *words, struct fault *why)
{
    if (!page_commit(p, why))
        return false;
    page_say(p, words);
    page_go(p, "/admin/integrations");
    return true;
}

static bool number_of(struct page *p, int64_t *number, struct fault *why)
{
    return text_to_int(p->hole, number) ||
           fail(why, NOT_FOUND, "There is no webhook %s.", p->hole);
}

static bool turn(struct page *p, bool on, struct fault *why)
{
    int64_t number;

    if (!number_of(p, &number, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !webhook_switch(b, number, on, why))
        return false;
    page_undo(p, arena_print(p->arena, "/admin/integrations/%lld/%s", (long long)number,
                             on ? "off" : "on"));
    return done(p, on ? "Switched on: what waited follows." : "Switched off: it is told nothing.",
                why);
}

static bool webhook_on(struct page *p, struct fault *why)
{
    return turn(p, true, why);
}

static bool webhook_off(struct page *p, struct fault *why)
{
    return turn(p, false, why);
}

static bool webhook_remove(struct page *p, struct fault *why)
{
    int64_t number;

    if (!number_of(p, &number, why))
        return false;
    struct book *b = page_book(p, why);
    return b != NULL && webhook_drop(b, number, why) && done(p, "The webhook is removed.", why);
}

static bool delivery_again(struct page *p, struct fault *why)
{
    struct book *b = page_book(p, why);

    return b != NULL && webhook_replay(b, p->hole, why) &&
           done(p, "It is sent again in a moment, with the same id.", why);
}

const struct route routes_integrations[] = {
    { "GET", "/admin/integrations", MAY_ADMIN, "admin", "integrations", page_integrations, NULL },
    { "POST", "/admin/integrations", MAY_ADMIN, "admin", "integrations", webhook_new,
      page_integrations },
    { "POST", "/admin/integrations/{}/on", MAY_ADMIN, "admin", "integrations", webhook_on,
      page_integrations },
    { "POST", "/admin/integrations/{}/off", MAY_ADMIN, "admin", "integrations", webhook_off,
      page_integrations },
    { "POST", "/admin/integrations/{}/remove", MAY_ADMIN, "admin", "integrations",
      webhook_remove, page_integrations },
    { "POST", "/admin/integrations/deliveries/{}/replay", MAY_ADMIN, "admin", "integrations",
      delivery_again, page_integrations },
    { 0 },
};
