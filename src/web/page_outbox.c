/* The outbox: every message, and what a person may do about one. */
#include "web/page_lists.h"

#include "base/text.h"
#include "flow/outbox.h"
#include "web/page_parts.h"

#include <string.h>

static const char *const keys[] = { "state",   "stuck", "client", "desk",
                                    "channel", "from",  "to",     "q" };

/* By hand somebody has to look at these. */
static const char *const stuck[] = { "unsure", "failed", "bounced" };

static uint32_t state_bit(const char *state)
{
    const char *const *names = list_states(LIST_MESSAGES);

    for (int i = 0; i < LIST_STATES && names[i] != NULL; i++) {
        if (text_equal(names[i], state))
            return (uint32_t)1 << i;
    }
    return 0;
}

static bool ask_read(const struct filters *f, struct list_ask *ask, struct fault *why)
{
    struct view *v = f->p->view;
    const char *state = filters_get(f, "state");

    *ask = (struct list_ask){ .list = LIST_MESSAGES,
                              .now = v->now,
                              .client = filters_get(f, "client"),
                              .desk = filters_get(f, "desk"),
                              .what = filters_get(f, "channel"),
                              .text = filters_get(f, "q"),
                              .clients = v->clients,
                              .desks = v->desks,
                              .most = LIST_ROWS };
    for (size_t i = 0; state == NULL && filters_get(f, "stuck") != NULL && i < COUNT(stuck);
         i++)
        ask->states |= state_bit(stuck[i]);
    if (state != NULL && (ask->states = state_bit(state)) == 0)
        return fail(why, BAD_VALUE, "There is no state \"%s\" here.", state);
    if (!filter_day(f, "from", DAY_NONE.number, &ask->from, why) ||
        !filter_day(f, "to", DAY_NEVER.number, &ask->to, why))
        return false;
    ask->from = ask->from == DAY_NONE.number
                    ? 0
                    : day_begins((struct day){ (int32_t)ask->from }, v->zone).us;
    ask->to = ask->to == DAY_NEVER.number
                  ? INT64_MAX
                  : day_begins((struct day){ (int32_t)ask->to + 1 }, v->zone).us - 1;
    return filter_after(f, &ask->goes_on, &ask->after, why);
}

static bool chips_put(struct filters *f, const struct list_ask *ask, struct fault *why)
{
    const char *const *names = list_states(LIST_MESSAGES);
    const char *state = filters_get(f, "state");
    bool counted = list_is_whole(ask), all_stuck = filters_get(f, "stuck") != NULL;
    struct filters plain = *f;
    int64_t counts[LIST_STATES];

    for (size_t i = 0; i < plain.count; i++) {
        if (text_equal(plain.all[i].name, "stuck"))
            plain.all[i].value = NULL;
    }
    if (counted && !list_count(f->p->view->store, ask, counts, why))
        return false;
    filter_chip(&plain, "All", NULL, NULL, filters_link(&plain, "state", NULL),
                state == NULL && !all_stuck);
    for (size_t i = 0; i < plain.count; i++) {
        if (text_equal(plain.all[i].name, "state"))
            plain.all[i].value = NULL;
    }
    filter_chip(&plain, "Stuck", "Failed, came back, or nobody knows: a person must look.",
                NULL, filters_link(&plain, "stuck", "yes"), state == NULL && all_stuck);
    for (int i = 0; i < LIST_STATES && names[i] != NULL; i++) {
        struct standing_words w = words_state(f->p->arena, names[i]);
        filter_chip(&plain, w.title, w.meaning,
                    !counted ? NULL
                    : counts[i] >= LIST_MANY
                        ? arena_print(f->p->arena, "%s+", words_count(f->p->arena, LIST_MANY))
                        : words_count(f->p->arena, counts[i]),
                    filters_link(&plain, "state", names[i]), text_equal(state, names[i]));
    }
    return true;
}

static bool selects_put(struct filters *f, const struct list_ask *ask, struct fault *why)
{
    static const struct filter_option channels[] = { { "email", "Email" },
                                                     { "letter", "Letter" },
                                                     { "sms", "Text message" },
                                                     { "call", "Call" } };
    struct list_places places;

    if (!list_places(f->p->view->store, f->p->arena, ask, &places, why))
        return false;
    filter_kept(f, "state");
    filter_kept(f, "stuck");
    filter_field(f, "q", "Name or reference", "search");
    filter_select_names(f, "client", "Client", "All clients", places.clients,
                        places.client_count);
    filter_select_names(f, "desk", "Desk", "All desks", places.desks, places.desk_count);
    filter_select(f, "channel", "Channel", "All channels", channels, COUNT(channels));
    filter_field(f, "from", "State since", "date");
    filter_field(f, "to", "to", "date");
    return true;
}

bool page_outbox(struct page *p, struct fault *why)
{
    struct filters f = filters_of(p, "/outbox", keys, COUNT(keys));
    struct list_ask ask;
    struct list_page page;

    if (!ask_read(&f, &ask, why) || !book_list(p->view->store, p->arena, &ask, &page, why) ||
        !chips_put(&f, &ask, why) || !selects_put(&f, &ask, why))
        return false;
    json_t *rows = put_list(p->context, "rows");
    for (size_t i = 0; i < page.count; i++) {
        struct message_row message = list_message(&page.rows[i]);
        json_t *row = list_add(rows);
        put_message_row(p, row, &message);
        put_true(row, "is_unsure", text_equal(message.state, "unsure"));
        if (!again_put(p, row, &message, why))
            return false;
    }
    put(p->context, "title", "Outbox");
    put_true(p->context, "any", page.count > 0);
    put(p->context, "empty",
        filters_any(&f, NULL) ? "No message fits."
                              : "No messages yet. The outbox fills when a cycle runs.");
    filter_pager(&f, page.more, page.short_of, page.after);
    return filters_end(&f, why);
}

bool page_outbox_file(struct page *p, struct fault *why)
{
    struct filters f = filters_of(p, "/outbox", keys, COUNT(keys));
    struct sheet sheet = { 0 };
    struct list_ask ask;
    bool more;

    if (!ask_read(&f, &ask, why))
        return false;
    bool made =
        list_sheet(p->view->store, &ask, p->view->zone, LIST_FILE_ROWS, &sheet, &more, why);
    if (made)
        page_sheet(p, &sheet, "outbox.csv");
    sheet_free(&sheet);
    return made;
}

/* ---- What a person does about one -------------------------------------------------------- */

bool message_asked(struct page *p, const char *name, struct message_view *m, struct fault *why)
{
    int64_t bucket, decision;

    if (!page_pair(name, &bucket, &decision))
        return fail(why, NOT_FOUND, "A message has an address like /outbox/12.345.");
    return view_message(p->view, bucket, decision, m, why);
}

/* Nobody knows whether it went out; whoever looked says so. */
bool message_settle(struct page *p, struct fault *why)
{
    const char *known = page_form(p, "known");
    bool sent = text_equal(known, "sent");
    struct message_view m;

    if (!message_asked(p, p->hole, &m, why))
        return false;
    if (!sent && !text_equal(known, "not_sent"))
        return fail(why, BAD_VALUE, "Say whether it was sent.");
    struct book *b = page_book(p, why);
    if (b == NULL ||
        !outbox_settle_in(b,
                          arena_print(p->arena, "%lld.%lld.%lld", (long long)m.row.bucket,
                                      (long long)m.row.casefile_id, (long long)m.row.outbox),
                          sent, why) ||
        !page_commit(p, why))
        return false;
    page_say(
        p,
        sent ? "Settled: it was sent."
             : "Settled: it was not sent. The next worker asks the rules again and sends it.");
    if (!sent && page_may(p, MAY_WORK))
        page_undo(p, arena_print(p->arena, "/outbox/%s/stop", p->hole));
    page_go(p, arena_print(p->arena, "/outbox/%s", p->hole));
    return true;
}

/* It waits to be sent, and is not to be. */
bool message_stop(struct page *p, struct fault *why)
{
    struct message_view m;

    if (!message_asked(p, p->hole, &m, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL ||
        !outbox_stop(b, (struct casefile_key){ m.row.bucket, m.row.casefile_id },
                     (int32_t)m.row.outbox, "stopped by a person", why) ||
        !page_commit(p, why))
        return false;
    page_say(p, "Stopped: it is not sent.");
    page_go(p, arena_print(p->arena, "/outbox/%s", p->hole));
    return true;
}
