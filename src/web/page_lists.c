/* Accounts and messages, a page at a time. */
#include "base/text.h"
#include "web/page_parts.h"
#include "web/page_search.h"

#include <string.h>

enum { ROWS_SHOWN = 50, SEARCH_MOST = 100 };

/* ---- Accounts --------------------------------------------------------------------------- */

static void account_row_put(struct page *p, json_t *row, const struct account_row *a)
{
    struct arena *x = p->arena;

    put(row, "reference", a->reference);
    put(row, "link", arena_print(x, "/accounts/%s", url_encode(x, a->reference)));
    put(row, "name", a->name);
    put(row, "place", words_place(x, a->place));
    put(row, "creditor", a->creditor);
    put_true(row, "business", a->business);
    put_true(row, "placed", a->role != ACTOR_FIRST_PARTY_CREDITOR);
    put_standing(p, row, "standing", words_standing(x, a->standing));
    put(row, "reason", a->reason);
    put_rule(p, row, a->rule);
    if (a->until.us != INSTANT_NEVER.us && text_equal(a->standing, "later"))
        put(row, "opens", words_moment(x, a->until, p->view->zone, p->view->today));
    if (a->currency == CURRENCY_NONE)
        return;
    int days = days_past_due(a->oldest_due, p->view->today);
    put(row, "open", words_money(x, a->open_minor, a->currency));
    put(row, "past_due",
        a->past_due_minor > 0 ? words_money(x, a->past_due_minor, a->currency) : NULL);
    put(row, "late", words_past_due(x, days));
    put_true(row, "is_late", days > 0);
    put_true(row, "more", a->more_currencies > 0);
}

static void standing_links(struct page *p, const struct accounts *list, const char *chosen,
                           const char *search)
{
    json_t *links = put_list(p->context, "standings");
    int64_t all = 0;

    for (size_t i = 0; i < list->standing_count; i++)
        all += list->standings[i].count;
    put(p->context, "all", words_count(p->arena, all));
    put_true(p->context, "all_chosen", chosen == NULL);
    for (size_t i = 0; i < list->standing_count; i++) {
        const struct health_queued *s = &list->standings[i];
        json_t *link = list_add(links);
        put_standing(p, link, "standing", words_standing(p->arena, s->state));
        put(link, "count", words_count(p->arena, s->count));
        put_true(link, "is_chosen", text_equal(chosen, s->state));
        put(link, "link",
            arena_print(p->arena, "/accounts?standing=%s%s%s", url_encode(p->arena, s->state),
                        search != NULL ? "&q=" : "",
                        search != NULL ? url_encode(p->arena, search) : ""));
    }
}

static void next_link(struct page *p, const struct accounts *list, const char *standing,
                      const char *search)
{
    struct arena *x = p->arena;

    if (!list->more)
        return;
    put(p->context, "next",
        arena_print(x, "/accounts?after=%s%s%s%s%s",
                    url_encode(x, list->rows[list->count - 1].reference),
                    standing != NULL ? "&standing=" : "",
                    standing != NULL ? url_encode(x, standing) : "",
                    search != NULL ? "&q=" : "", search != NULL ? url_encode(x, search) : ""));
}

static bool page_accounts(struct page *p, struct fault *why)
{
    const char *search = page_field(p, "q"), *standing = page_field(p, "standing"),
               *after = page_field(p, "after");
    struct accounts list;

    if (search != NULL && strlen(search) > SEARCH_MOST)
        return fail(why, BAD_VALUE, "Please search for something shorter.");
    if (!view_accounts(p->view,
                       (struct accounts_request){ search, standing, after, ROWS_SHOWN }, &list,
                       why))
        return false;
    json_t *rows = put_list(p->context, "rows");
    for (size_t i = 0; i < list.count; i++)
        account_row_put(p, list_add(rows), &list.rows[i]);
    put(p->context, "title", "Accounts");
    put(p->context, "search", search);
    put(p->context, "chosen", standing);
    put_true(p->context, "any", list.count > 0);
    put_true(p->context, "later_page", after != NULL);
    put(p->context, "first",
        arena_print(p->arena, "/accounts?standing=%s&q=%s",
                    standing != NULL ? url_encode(p->arena, standing) : "",
                    search != NULL ? url_encode(p->arena, search) : ""));
    standing_links(p, &list, standing, search);
    next_link(p, &list, standing, search);
    return true;
}

/* ---- Messages --------------------------------------------------------------------------- */

void put_message_row(struct page *p, json_t *row, const struct message_row *m)
{
    struct arena *x = p->arena;
    bool waits = text_equal(m->state, "ready");

    put(row, "link",
        arena_print(x, "/outbox/%lld.%lld", (long long)m->bucket, (long long)m->decision));
    put(row, "number",
        arena_print(x, "%lld.%lld", (long long)m->bucket, (long long)m->decision));
    put(row, "account", arena_print(x, "/accounts/%s", url_encode(x, m->reference)));
    put(row, "reference", m->reference);
    put(row, "name", m->name);
    put(row, "channel", words_channel(m->channel));
    put_true(row, arena_print(x, "icon_%s", words_channel_icon(m->channel)), true);
    put(row, "template", words_plain(x, m->template));
    put(row, "subject", m->subject[0] != '\0' ? m->subject : words_plain(x, m->template));
    put(row, "open", words_money(x, m->open_minor, m->currency));
    put_standing(p, row, "state", words_state(x, m->state));
    put(row, "state_reason",
        m->state_reason[0] != '\0' ? words_plain(x, m->state_reason) : NULL);
    put(row, "when",
        words_moment(x, waits ? m->not_before : m->state_at, p->view->zone, p->view->today));
    put_true(row, "waits", waits);
}

static void state_links(struct page *p, const struct messages *list, const char *chosen)
{
    json_t *links = put_list(p->context, "states");
    int64_t all = 0;

    for (size_t i = 0; i < list->state_count; i++)
        all += list->states[i].count;
    put(p->context, "all", words_count(p->arena, all));
    put_true(p->context, "all_chosen", chosen == NULL);
    for (size_t i = 0; i < list->state_count; i++) {
        const struct health_queued *s = &list->states[i];
        json_t *link = list_add(links);
        put_standing(p, link, "standing", words_state(p->arena, s->state));
        put(link, "count", words_count(p->arena, s->count));
        put_true(link, "is_chosen", text_equal(chosen, s->state));
        put(link, "link",
            arena_print(p->arena, "/outbox?state=%s", url_encode(p->arena, s->state)));
    }
}

/* "moment.bucket.decision" of the last row shown. */
static bool before_read(const char *text, struct messages_request *r)
{
    char copy[80];
    char *parts[3], *at = copy;

    if (text == NULL)
        return true;
    if (strlen(text) >= sizeof copy)
        return false;
    strcpy(copy, text);
    for (int i = 0; i < 3; i++) {
        parts[i] = at;
        at += strcspn(at, ".");
        if (i < 2 && *at != '.')
            return false;
        *at++ = '\0';
    }
    return text_to_int(parts[0], &r->before_at.us) &&
           text_to_int(parts[1], &r->before_bucket) &&
           text_to_int(parts[2], &r->before_decision);
}

static bool page_outbox(struct page *p, struct fault *why)
{
    const char *state = page_field(p, "state"), *before = page_field(p, "before");
    struct messages_request r = { .state = state,
                                  .channel = page_field(p, "channel"),
                                  .most = ROWS_SHOWN };
    struct messages list;

    if (!before_read(before, &r))
        return fail(why, BAD_VALUE, "\"%s\" is no place in the outbox.", before);
    if (!view_messages(p->view, r, &list, why))
        return false;
    json_t *rows = put_list(p->context, "rows");
    for (size_t i = 0; i < list.count; i++)
        put_message_row(p, list_add(rows), &list.rows[i]);
    put(p->context, "title", "Outbox");
    put_true(p->context, "any", list.count > 0);
    state_links(p, &list, state);
    if (list.more) {
        const struct message_row *last = &list.rows[list.count - 1];
        put(p->context, "next",
            arena_print(p->arena, "/outbox?before=%lld.%lld.%lld%s%s",
                        (long long)last->state_at.us, (long long)last->bucket,
                        (long long)last->decision, state != NULL ? "&state=" : "",
                        state != NULL ? url_encode(p->arena, state) : ""));
    }
    return true;
}

const struct route routes_lists[] = {
    { "GET", "/search", MAY_SEE, "search", "search", page_search, NULL },
    { "GET", "/accounts", MAY_SEE, "accounts", "accounts", page_accounts, NULL },
    { "GET", "/outbox", MAY_SEE, "outbox", "outbox", page_outbox, NULL },
    { "GET", "/outbox/{}", MAY_SEE, "outbox", "message", page_message, NULL },
    { "GET", "/outbox/{}/body", MAY_SEE, "outbox", "message", page_message_body, NULL },
    { 0 },
};
