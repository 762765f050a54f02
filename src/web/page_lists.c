/* Rows of messages, and the addresses of all lists. */
#include "web/page_lists.h"
#include "base/text.h"
#include "web/page_parts.h"
#include "web/page_search.h"

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

#define LIST_ROUTES(path, section)                                                             \
    { "GET", path, MAY_SEE, section, "work_list", page_list, NULL },                           \
    {                                                                                          \
        "GET", path ".csv", MAY_EXPORT, section, "work_list", page_list_file, NULL             \
    }

const struct route routes_lists[] = {
    LIST_ROUTES("/promises", "promises"),
    LIST_ROUTES("/plans", "promises"),
    LIST_ROUTES("/offers", "promises"),
    LIST_ROUTES("/payments", "promises"),
    LIST_ROUTES("/disputes", "disputes"),
    LIST_ROUTES("/hardship", "hardship"),
    { "POST", "/views", MAY_SEE, "accounts", "fault", view_add, NULL },
    { "POST", "/views/{}", MAY_SEE, "accounts", "fault", view_rename, NULL },
    { "POST", "/views/{}/remove", MAY_SEE, "accounts", "fault", view_remove, NULL },
    { "GET", "/search", MAY_SEE, "search", "search", page_search, NULL },
    { "GET", "/accounts", MAY_SEE, "accounts", "accounts", page_accounts, NULL },
    { "GET", "/accounts.csv", MAY_EXPORT, "accounts", "accounts", page_accounts_file, NULL },
    { "GET", "/outbox", MAY_SEE, "outbox", "outbox", page_outbox, NULL },
    { "GET", "/outbox.csv", MAY_EXPORT, "outbox", "outbox", page_outbox_file, NULL },
    { "GET", "/outbox/again", MAY_WORK, "outbox", "outbox_again", page_outbox_again, NULL },
    { "POST", "/outbox/again", MAY_WORK, "outbox", "outbox_again", messages_again,
      page_outbox_again },
    { "POST", "/outbox/{}/again", MAY_WORK, "outbox", "message", message_again, page_message },
    { "POST", "/outbox/{}/settle", MAY_SETTLE, "outbox", "message", message_settle,
      page_message },
    { "POST", "/outbox/{}/stop", MAY_WORK, "outbox", "message", message_stop, page_message },
    { "GET", "/outbox/{}", MAY_SEE, "outbox", "message", page_message, NULL },
    { "GET", "/outbox/{}/body", MAY_SEE, "outbox", "message", page_message_body, NULL },
    { 0 },
};
