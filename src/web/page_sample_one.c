/* One record of a draw: as it was, beside the questions. */
#include "web/page_samples.h"

#include "base/text.h"

#include <string.h>

/* ---- The record ----------------------------------------------------------------------------
 */

static bool message_put(struct page *p, const struct audited *a, struct fault *why)
{
    struct message_view m;

    if (a->message_state == NULL)
        return true;
    if (!view_message(p->view, a->bucket, a->seq, &m, why))
        return false;
    json_t *o = put_object(p->context, "sent");
    put(o, "number",
        arena_print(p->arena, "%lld.%lld", (long long)a->bucket, (long long)a->seq));
    put(o, "subject", m.row.subject);
    put_true(o, "is_page", m.html != NULL || m.is_pdf);
    put(o, "text", m.html == NULL && !m.is_pdf ? m.text : NULL);
    put_true(o, "unmade", m.bytes == NULL);
    return true;
}

static bool contact_put(struct page *p, const struct audited *a, struct fault *why)
{
    struct reviewed_contact c;

    if (!review_contact(p->view, a, &c, why))
        return false;
    if (!c.found)
        return true;
    json_t *o = put_object(p->context, "contact");
    put(o, "way", c.incoming ? "It came in" : "We called or wrote");
    put(o, "outcome", work_sentence(p, words_outcome(p->arena, c.outcome)));
    put(o, "at", words_moment(p->arena, c.at, p->view->zone, p->view->today));
    put(o, "note", c.note);
    return true;
}

/* ---- The questions -------------------------------------------------------------------------
 */

static void choice_put(json_t *list, const char *name, char value, const char *title,
                       const char *key, char chosen)
{
    const char text[2] = { value, '\0' };
    json_t *row = list_add(list);

    put(row, "name", name);
    put(row, "value", text);
    put(row, "title", title);
    put(row, "key", key);
    put_true(row, "chosen", chosen == value);
}

/* What was typed, else what was answered before by the same questions. */
static char answer_of(struct page *p, const struct review *r, const struct review_sheet *sheet,
                      size_t place, const char *name)
{
    const char *typed = page_form(p, name);

    if (typed != NULL)
        return typed[0];
    if (r->done && text_equal(r->sheet, sheet->digest) && strlen(r->answers) > place)
        return r->answers[place];
    return '\0';
}

static void questions_put(struct page *p, const struct review *r,
                          const struct review_sheet *sheet)
{
    json_t *list = put_list(p->context, "questions");

    for (size_t i = 0; i < sheet->count; i++) {
        const char *name = arena_print(p->arena, "q%zu", i + 1);
        char chosen = answer_of(p, r, sheet, i, name);
        json_t *row = list_add(list), *choices;
        put_int(row, "number", (json_int_t)i + 1);
        put(row, "text", sheet->questions[i].text);
        put(row, "cite", sheet->questions[i].cite);
        put(row, "answered",
            chosen == 'y'   ? "Yes"
            : chosen == 'n' ? "No"
            : chosen == '-' ? "Does not apply"
                            : "–");
        put_true(row, "is_wrong", chosen == 'n');
        choices = put_list(row, "choices");
        choice_put(choices, name, 'y', "Yes", "Y", chosen);
        choice_put(choices, name, 'n', "No", "N", chosen);
        choice_put(choices, name, '-', "Does not apply", "X", chosen);
    }
}

static bool reviewer_put(struct page *p, const struct review *r, struct fault *why)
{
    struct user user;

    if (!r->done)
        return true;
    if (!user_by_number(p->view->store, p->arena, r->by, &user, why))
        return false;
    json_t *o = put_object(p->context, "reviewed");
    put(o, "by", user.number != 0 ? user.name : "Somebody who is gone");
    put(o, "at", words_moment(p->arena, r->at, p->view->zone, p->view->today));
    put(o, "note", r->note);
    return true;
}

static bool form_put(struct page *p, const struct review *r, struct fault *why)
{
    const struct review_sheet *sheet = review_sheet_load(p->arena, why);
    bool own = text_equal(r->actor, p->session->user.email);
    bool theirs = r->done && r->by != p->session->user.number;

    if (sheet == NULL)
        return false;
    questions_put(p, r, sheet);
    put(p->context, "sheet_title", sheet->title);
    put_true(p->context, "is_own", own);
    put_true(p->context, "may_answer_it", page_may(p, MAY_REVIEW) && !own && !theirs);
    put_true(p->context, "is_read", theirs);
    put_true(p->context, "was_mine", r->done && !theirs);
    put(p->context, "note",
        page_form(p, "q1") != NULL || p->ask->form_count > 0 ? page_form(p, "note") : r->note);
    return reviewer_put(p, r, why);
}

/* ---- The page ------------------------------------------------------------------------------
 */

static const struct review *item_of(const struct page *p, const struct review all[],
                                    size_t count)
{
    int64_t item;

    if (!text_to_int(p->holes[1], &item))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (all[i].item == item)
            return &all[i];
    }
    return NULL;
}

static const char *item_path(struct page *p, int64_t sample, int64_t item)
{
    return arena_print(p->arena, "/compliance/samples/%lld/%lld", (long long)sample,
                       (long long)item);
}

bool page_sample_one(struct page *p, struct fault *why)
{
    struct review *items;
    struct sample s;
    struct audited a;
    size_t count;

    if (!sample_of_page(p, &s, &items, &count, why))
        return false;
    const struct review *r = item_of(p, items, count);
    if (r == NULL)
        return fail(why, NOT_FOUND, "Sample %s has no record \"%s\".", p->holes[0],
                    p->holes[1]);
    if (!audit_load(p->view, r->bucket, r->seq, &a, why) || !decision_put(p, &a, why) ||
        !message_put(p, &a, why) || !contact_put(p, &a, why) || !form_put(p, r, why))
        return false;
    size_t place = (size_t)(r - items);
    put(p->context, "title",
        arena_print(p->arena, "Sample %lld, record %lld", (long long)s.number,
                    (long long)r->item));
    compliance_nav(p, "samples");
    put(p->context, "sample_link",
        arena_print(p->arena, "/compliance/samples/%lld", (long long)s.number));
    put(p->context, "sample_number", arena_print(p->arena, "%lld", (long long)s.number));
    put(p->context, "here", item_path(p, s.number, r->item));
    put_int(p->context, "item", r->item);
    put(p->context, "count", words_count(p->arena, (int64_t)count));
    put(p->context, "next",
        place + 1 < count ? item_path(p, s.number, items[place + 1].item) : NULL);
    put(p->context, "previous",
        place > 0 ? item_path(p, s.number, items[place - 1].item) : NULL);
    return true;
}

/* ---- Answered ------------------------------------------------------------------------------
 */

static const char *answers_typed(struct page *p, const struct review_sheet *sheet)
{
    char *out = arena_alloc(p->arena, sheet->count + 1);

    for (size_t i = 0; i < sheet->count; i++) {
        const char *typed = page_form(p, arena_print(p->arena, "q%zu", i + 1));
        out[i] = typed != NULL && strlen(typed) == 1 ? typed[0] : '?';
    }
    out[sheet->count] = '\0';
    return out;
}

/* The next that waits for this reviewer, from here on and then from the beginning. */
static const char *next_of(struct page *p, const struct sample *s, const struct review items[],
                           size_t count, const struct review *now)
{
    size_t place = (size_t)(now - items);

    for (size_t i = 1; i < count; i++) {
        const struct review *r = &items[(place + i) % count];
        if (!r->done && !text_equal(r->actor, p->session->user.email))
            return item_path(p, s->number, r->item);
    }
    return arena_print(p->arena, "/compliance/samples/%lld", (long long)s->number);
}

bool sample_answer(struct page *p, struct fault *why)
{
    const struct review_sheet *sheet = review_sheet_load(p->arena, why);
    const struct reviewer by = { p->session->user.number, p->session->user.email };
    struct review_input in;
    struct review *items;
    struct sample s;
    struct audited a;
    enum change change;
    size_t count;

    if (sheet == NULL || !sample_of_page(p, &s, &items, &count, why))
        return false;
    const struct review *r = item_of(p, items, count);
    if (r == NULL)
        return fail(why, NOT_FOUND, "Sample %s has no record \"%s\".", p->holes[0],
                    p->holes[1]);
    if (!audit_load(p->view, r->bucket, r->seq, &a, why))
        return false;
    in = (struct review_input){ s.number, r->item, answers_typed(p, sheet),
                                page_form(p, "note") };
    struct book *b = page_book(p, why);
    if (b == NULL || !review_save(b, sheet, &by, &in, &change, why) || !page_commit(p, why))
        return false;
    const char *next = next_of(p, &s, items, count, r);
    page_say(p, change == CHANGE_NONE ? "It stood so already." : "Saved.");
    page_go(p, next);
    return true;
}
