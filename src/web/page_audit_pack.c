/* Evidence packs: of an account, of a period, of some records. */
#include "web/page_audit.h"

#include "base/text.h"
#include "flow/evidence_pack.h"

#include <string.h>

enum { RECORDS_MOST = 20000, RECENT_SHOWN = 10, RECENT_DAYS = 400 };

static bool text_write(void *self, const void *bytes, size_t length)
{
    text_add_n(self, bytes, length);
    return true;
}

/* ---- What of ------------------------------------------------------------------------------
 */

static bool period_read(struct page *p, struct log_request *log, struct fault *why)
{
    const char *from_text = page_form(p, "from"), *to_text = page_form_or(p, "to", from_text);
    struct day from, to;

    if (!day_parse(from_text, &from) || !day_parse(to_text, &to) || to.number < from.number)
        return fail(why, BAD_VALUE, "Say the first and the last day, like 2026-11-20.");
    *log = (struct log_request){ .from = day_begins(from, p->view->zone),
                                 .to = day_begins(day_plus(to, 1), p->view->zone),
                                 .view = LOG_DECISIONS,
                                 .outcome = page_form(p, "decision"),
                                 .client = page_form(p, "client") };
    return true;
}

static bool request_read(struct page *p, struct pack_request *r, struct log_request *log,
                         struct fault *why)
{
    const char *account = page_form(p, "account"), *from = page_form(p, "from"),
               *records = page_form(p, "records");
    int ways = (account != NULL) + (from != NULL) + (records != NULL);

    *r = (struct pack_request){ .account = account,
                                .most = RECORDS_MOST,
                                .redact = page_form(p, "redact") != NULL,
                                .by = p->session->user.email };
    if (ways != 1)
        return fail(why, BAD_VALUE,
                    "Say what the pack is of: an account, some days, or records.");
    if (records != NULL)
        return pack_numbers_read(p->arena, records, r, why);
    if (from == NULL)
        return true;
    r->period = log;
    return period_read(p, log, why);
}

static bool note(struct page *p, const struct pack_request *r, const struct pack_made *made,
                 bool summary_only, struct fault *why)
{
    struct book *b = page_book(p, why);

    return b != NULL && evidence_pack_note(b, r, made, summary_only, why) &&
           page_commit(p, why);
}

bool pack_make(struct page *p, struct fault *why)
{
    struct text body = { 0 };
    struct pack_sink sink = { text_write, &body };
    struct pack_request r;
    struct log_request log;
    struct pack_made made;
    bool done = request_read(p, &r, &log, why) &&
                evidence_pack_write(p->view, &r, sink, &made, why) &&
                note(p, &r, &made, false, why);

    if (done)
        page_file(p, "application/zip", made.file, &body);
    text_free(&body);
    return done;
}

bool decision_pdf(struct page *p, struct fault *why)
{
    struct log_place place;
    struct text pdf = { 0 };
    struct pack_made made;
    struct pack_request r = { .numbers = &place,
                              .number_count = 1,
                              .by = p->session->user.email };

    if (!log_number_parse(p->hole, &place.bucket, &place.seq))
        return fail(why, NOT_FOUND, "There is no record \"%s\".", p->hole);
    bool done =
        evidence_summary(p->view, &r, &pdf, &made, why) && note(p, &r, &made, true, why);
    if (done)
        page_file(p, "application/pdf",
                  arena_print(p->arena, "D-%lld.%lld.pdf", (long long)place.bucket,
                              (long long)place.seq),
                  &pdf);
    text_free(&pdf);
    return done;
}

/* ---- The page -----------------------------------------------------------------------------
 */

static bool recent_put(struct page *p, struct fault *why)
{
    struct log_request r = { .from = day_begins(day_plus(p->view->today, -RECENT_DAYS),
                                                p->view->zone),
                             .to = INSTANT_NEVER,
                             .view = LOG_PEOPLE,
                             .kind = "audit",
                             .most = RECENT_SHOWN };
    json_t *list = put_list(p->context, "recent");
    struct log_page page;

    if (!log_list(p->view, &r, &page, why))
        return false;
    for (size_t i = 0; i < page.count; i++) {
        json_t *record = json_loads(page.rows[i].record, 0, NULL);
        const char *subject = json_string_value(json_object_get(record, "subject"));
        if (subject != NULL) {
            json_t *row = list_add(list);
            put(row, "subject", arena_copy(p->arena, subject));
            put(row, "what",
                arena_copy(p->arena, json_string_value(json_object_get(record, "change"))));
            put(row, "digest",
                arena_copy(p->arena, json_string_value(json_object_get(record, "digest"))));
            put_true(row, "redacted", json_is_true(json_object_get(record, "redacted")));
            put(row, "at", audit_clock(p, page.rows[i].at, true));
            put(row, "by", audit_person(p, page.rows[i].actor));
            put(row, "link", decision_link(p, page.rows[i].bucket, page.rows[i].seq));
        }
        json_decref(record);
    }
    put_true(p->context, "any_recent", json_array_size(list) > 0);
    return true;
}

bool page_packs(struct page *p, struct fault *why)
{
    char day[DAY_TEXT];

    put(p->context, "title", "Evidence packs");
    compliance_nav(p, "packs");
    put(p->context, "account", page_field(p, "account"));
    put(p->context, "day", day_print(p->view->today, day));
    put(p->context, "month_ago", day_print(day_plus(p->view->today, -30), day));
    return chain_put(p, why) && recent_put(p, why);
}
