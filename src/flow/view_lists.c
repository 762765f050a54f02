/* Lists of accounts and messages, a page at a time. */
#include "base/text.h"
#include "flow/user.h"
#include "flow/view_parts.h"
#include "formats/mime_read.h"

#include <string.h>

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* ---- Accounts --------------------------------------------------------------------------- */

bool view_account_row(struct view *v, struct casefile_key key, struct account_row *out,
                      bool *found, struct fault *why)
{
    struct query q = query_begin(v->store, Q_SEARCH_ACCOUNT);

    *out = (struct account_row){ 0 };
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    *found =
        query_next(&q) && user_sees(v->clients, v->desks, row_text(&q, 4), row_text(&q, 10));
    if (*found) {
        *out = (struct account_row){ .reference = view_text(v, &q, 0),
                                     .name = view_text(v, &q, 1),
                                     .place = view_text(v, &q, 2),
                                     .business = row_int(&q, 3) != 0,
                                     .creditor = view_text(v, &q, 4),
                                     .standing = view_text(v, &q, 6),
                                     .reason = view_text(v, &q, 7),
                                     .rule = view_text(v, &q, 8),
                                     .until = view_instant(&q, 9),
                                     .desk = view_text(v, &q, 10),
                                     .segment = view_text(v, &q, 11) };
        actor_role_parse(or_empty(row_text(&q, 5)), &out->role);
    }
    return query_end(&q, why);
}

bool view_account_money(struct view *v, struct casefile_key key, struct account_row *row,
                        struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_ACCOUNT_MONEY);

    bind_int(&q, v->today.number);
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    while (query_next(&q)) {
        if (row->currency != CURRENCY_NONE) {
            row->more_currencies++;
            continue;
        }
        row->currency = (enum currency)row_int(&q, 0);
        row->open_minor = row_int(&q, 1);
        row->past_due_minor = row_int(&q, 2);
        row->oldest_due = view_day(&q, 3);
    }
    return query_end(&q, why);
}

/* ---- Messages --------------------------------------------------------------------------- */

static void message_of_row(struct view *v, struct query *q, struct message_row *row)
{
    *row = (struct message_row){ .bucket = row_int(q, 0),
                                 .casefile_id = row_int(q, 1),
                                 .outbox = row_int(q, 2),
                                 .decision = row_int(q, 3),
                                 .channel = view_text(v, q, 4),
                                 .address = view_text(v, q, 5),
                                 .template = view_text(v, q, 6),
                                 .currency = (enum currency)row_int(q, 7),
                                 .open_minor = row_int(q, 8),
                                 .decided_at = view_instant(q, 9),
                                 .not_before = view_instant(q, 10),
                                 .state = view_text(v, q, 11),
                                 .state_at = view_instant(q, 12),
                                 .state_reason = view_text(v, q, 13),
                                 .step = view_text(v, q, 14),
                                 .reference = view_text(v, q, 15),
                                 .name = view_text(v, q, 16),
                                 .subject = view_text(v, q, 17) };
}

bool view_message(struct view *v, int64_t bucket, int64_t decision, struct message_view *out,
                  struct fault *why)
{
    struct query q = query_begin(v->store, Q_WEB_MESSAGE);
    bool found;

    *out = (struct message_view){ 0 };
    bind_int(&q, bucket);
    bind_int(&q, decision);
    found = query_next(&q);
    if (found) {
        message_of_row(v, &q, &out->row);
        out->expires_at = view_instant(&q, 18);
        out->attempts = row_int(&q, 19);
        out->key = view_text(v, &q, 20);
        const void *bytes = row_blob(&q, 21, &out->length);
        if (bytes != NULL && out->length > 0)
            out->bytes = (const unsigned char *)arena_copy_n(&v->arena, bytes, out->length);
    }
    if (!query_end(&q, why))
        return false;
    if (!found)
        return fail(why, NOT_FOUND, "There is no message %lld.%lld.", (long long)bucket,
                    (long long)decision);
    if (!view_allows(v, (struct casefile_key){ bucket, out->row.casefile_id },
                     arena_print(&v->arena, "message %lld.%lld", (long long)bucket,
                                 (long long)decision), why))
        return false;
    out->is_pdf = out->bytes != NULL && out->length > 4 && memcmp(out->bytes, "%PDF", 4) == 0;
    if (out->bytes != NULL && !out->is_pdf) {
        struct mime_parts parts;
        mime_read(&v->arena, out->bytes, out->length, &parts);
        out->text = parts.text;
        out->html = parts.html;
        out->from = parts.from;
        out->to = parts.to;
    }
    return true;
}

const char *view_email_markup(struct view *v, const unsigned char *bytes, size_t length)
{
    struct mime_parts parts;

    mime_read(&v->arena, bytes, length, &parts);
    return parts.html != NULL ? parts.html : "";
}
