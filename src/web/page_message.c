/* One message, exactly as it left or will leave. */
#include "base/text.h"
#include "web/page_lists.h"
#include "web/page_parts.h"

#include <string.h>

/* Who it goes to: in part, as everywhere; the account opens it. */
static const char *address_of(struct page *p, const struct message_row *row)
{
    enum channel channel;

    if (!channel_parse(row->channel, &channel) || channel == CHANNEL_LETTER)
        return row->address;
    return address_hint(p, channel, row->address);
}

bool page_message(struct page *p, struct fault *why)
{
    struct message_view m;
    struct arena *x = p->arena;

    if (!message_asked(p, p->hole, &m, why))
        return false;
    put_message_row(p, p->context, &m.row);
    put(p->context, "title",
        arena_print(x, "%s to %s", words_channel(m.row.channel), m.row.name));
    put(p->context, "heading",
        arena_print(x, "%s to %s", words_channel(m.row.channel), m.row.name));
    put(p->context, "address", address_of(p, &m.row));
    put_true(p->context, "is_unsure", text_equal(m.row.state, "unsure"));
    put_true(p->context, "is_ready", text_equal(m.row.state, "ready"));
    if (!again_put(p, p->context, &m.row, why))
        return false;
    put(p->context, "step", words_plain(x, m.row.step));
    put(p->context, "decided",
        words_moment(x, m.row.decided_at, p->view->zone, p->view->today));
    put(p->context, "not_before",
        words_moment(x, m.row.not_before, p->view->zone, p->view->today));
    put(p->context, "expires", words_moment(x, m.expires_at, p->view->zone, p->view->today));
    put(p->context, "decision",
        arena_print(x, "/d/%lld.%lld", (long long)m.row.bucket, (long long)m.row.decision));
    put(p->context, "key", m.key != NULL && m.key[0] != '\0' ? m.key : NULL);
    put(p->context, "attempts", words_count(x, m.attempts));
    put(p->context, "from", m.from);
    put(p->context, "to", m.to != NULL ? address_hint(p, CHANNEL_EMAIL, m.to) : NULL);
    put(p->context, "text", m.html == NULL ? m.text : NULL);
    put(p->context, "plain", m.html != NULL ? m.text : NULL);
    put_true(p->context, "has_html", m.html != NULL);
    put_true(p->context, "is_pdf", m.is_pdf);
    put_true(p->context, "unmade", m.bytes == NULL);
    put(p->context, "size", words_count(x, (int64_t)m.length));
    return true;
}

bool page_message_body(struct page *p, struct fault *why)
{
    struct message_view m;

    if (!message_asked(p, p->hole, &m, why))
        return false;
    if (!m.is_pdf && m.html == NULL)
        return fail(why, NOT_FOUND, "This message has no page of its own.");
    if (m.is_pdf)
        page_pdf(p, m.bytes, m.length);
    else
        page_email(p, m.html);
    return true;
}
