/* Complaints: taken down by anybody in two fields, with what we did beside them, and answered.
 */
#include "web/page_audit.h"
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/audit_words.h"
#include "flow/complaint.h"

#include <string.h>

enum {
    ROWS_SHOWN = 50,
    LINKS_LOOKED = 300,
    LINKS_SHOWN = 40,
    LINK_DAYS = 30,
    SAID_SHOWN = 160
};

static const struct choice ways[] = { { "phone", "On the telephone", NULL },
                                      { "letter", "By letter", NULL },
                                      { "email", "By email", NULL },
                                      { "portal", "In the portal", NULL },
                                      { "regulator", "Through a regulator", NULL } };

static const struct choice results[] = {
    { "upheld", "They are right", NULL },
    { "partly_upheld", "They are right in part", NULL },
    { "not_upheld", "We did as we should", NULL },
};

static const char *way_words(struct page *p, const char *way)
{
    for (size_t i = 0; way != NULL && i < COUNT(ways); i++) {
        if (text_equal(ways[i].value, way))
            return words_small(p->arena, ways[i].title);
    }
    return way;
}

static const char *result_title(const char *result)
{
    for (size_t i = 0; result != NULL && i < COUNT(results); i++) {
        if (text_equal(results[i].value, result))
            return results[i].title;
    }
    return NULL;
}

static const char *complaint_path(struct page *p, const char *reference, int32_t number)
{
    return arena_print(p->arena, "/accounts/%s/complaint/%d", url_encode(p->arena, reference),
                       (int)number);
}

/* In the middle of a sentence. */
static const char *near(struct page *p, struct day day)
{
    return day.number == p->view->today.number ? "today"
                                               : words_day_near(p->arena, day, p->view->today);
}

/* ---- The clock ----------------------------------------------------------------------------
 */

static const char *days_words(struct page *p, int days)
{
    return arena_print(p->arena, "%d %s", days, days == 1 ? "day" : "days");
}

/* "3 days left", "2 days late" of what is owed by a day. */
static void clock_put(struct page *p, json_t *o, const char *key, struct day by)
{
    int left = by.number - p->view->today.number;
    json_t *clock = put_object(o, key);

    put(clock, "by", words_day_near(p->arena, by, p->view->today));
    put_true(clock, "is_late", left < 0);
    put_true(clock, "is_today", left == 0);
    put(clock, "left",
        left == 0 ? "today"
                  : arena_print(p->arena, "%s %s", days_words(p, left < 0 ? -left : left),
                                left < 0 ? "late" : "left"));
}

/* Clocks run while it is open. */
static void clocks_put(struct page *p, json_t *o, const struct complaint *c)
{
    bool acknowledged = c->acknowledged.number != DAY_NEVER.number;

    put_true(o, "is_open", c->state == COMPLAINT_OPEN);
    put_true(o, "is_acknowledged", acknowledged);
    put(o, "acknowledged",
        acknowledged ? words_day_near(p->arena, c->acknowledged, p->view->today) : NULL);
    clock_put(p, o, "answer_clock", c->answer_by);
    if (!acknowledged)
        clock_put(p, o, "acknowledge_clock", c->acknowledge_by);
    put(o, "age", days_words(p, p->view->today.number - c->received.number));
}

/* ---- The list -----------------------------------------------------------------------------
 */

static const char *said_shortly(struct page *p, const char *words)
{
    size_t end = SAID_SHOWN;

    if (strlen(words) <= SAID_SHOWN)
        return words;
    while (end > 0 && words[end] != ' ')
        end--;
    if (end == 0)
        for (end = SAID_SHOWN; end > 0 && ((unsigned char)words[end] & 0xc0) == 0x80;)
            end--;
    return arena_print(p->arena, "%s …", arena_copy_n(p->arena, words, end));
}

static void row_put(struct page *p, json_t *row, const struct complaint_row *r)
{
    const struct complaint *c = &r->is;

    put(row, "reference", r->reference);
    put(row, "name", r->name);
    put(row, "creditor", r->creditor);
    put(row, "link", complaint_path(p, r->reference, c->number));
    put(row, "words", said_shortly(p, c->words));
    put(row, "via", way_words(p, c->channel));
    put(row, "received", near(p, c->received));
    put(row, "since", near(p, c->state_day));
    put(row, "result", result_title(c->result));
    put(row, "cause", c->cause != NULL ? said_shortly(p, c->cause) : NULL);
    put(row, "changed", c->changed != NULL ? said_shortly(p, c->changed) : NULL);
    clocks_put(p, row, c);
}

/* A place in the list as an address holds it: "day.casefile.number". */
static bool after_read(const char *text, struct complaint_place *out, struct fault *why)
{
    int64_t place[] = { 0, 0, 0 };

    if (text != NULL && !page_place(text, 3, place))
        return fail(why, BAD_VALUE, "\"%s\" is no place in the list.", text);
    *out = (struct complaint_place){ place[0], place[1], place[2] };
    return true;
}

static bool rows_put(struct page *p, enum complaint_state state, struct complaint_place after,
                     struct fault *why)
{
    json_t *list = put_list(p->context, "rows");
    struct complaint_place last;
    struct complaint_row *rows;
    size_t count;
    bool more;

    if (!complaint_rows(p->view->store, p->arena, p->view->clients, p->view->desks, state,
                        after, ROWS_SHOWN, &rows, &count, &last, &more, why))
        return false;
    for (size_t i = 0; i < count; i++)
        row_put(p, list_add(list), &rows[i]);
    put_true(p->context, "any", count > 0);
    put_true(p->context, "later_page", after.day != 0);
    const int64_t place[] = { last.day, last.casefile, last.number };
    if (more)
        put(p->context, "next",
            arena_print(p->arena, "/complaints?state=%s&after=%s", complaint_state_name(state),
                        page_place_print(p->arena, 3, place)));
    return true;
}

static void states_put(struct page *p, enum complaint_state chosen)
{
    static const char *const titles[] = { "Open", "Answered", "Closed" };
    json_t *list = put_list(p->context, "states");

    for (int i = 0; i < COMPLAINT_STATES; i++) {
        json_t *row = list_add(list);
        put(row, "title", titles[i]);
        put(row, "link",
            arena_print(p->arena, "/complaints?state=%s",
                        complaint_state_name((enum complaint_state)i)));
        put_true(row, "is_chosen", chosen == (enum complaint_state)i);
    }
}

static bool page_list(struct page *p, struct fault *why)
{
    const char *typed = page_field(p, "state"), *once = page_form(p, "once");
    enum complaint_state state = COMPLAINT_OPEN;
    struct complaint_place after;

    if (typed != NULL && !complaint_state_parse(typed, &state))
        return fail(why, BAD_VALUE, "A complaint is open, answered or closed.");
    if (!after_read(page_field(p, "after"), &after, why))
        return false;
    put(p->context, "title", "Complaints");
    put(p->context, "once", once != NULL ? once : work_once(p));
    compliance_nav(p, "complaints");
    states_put(p, state);
    put_true(p->context, "shows_open", state == COMPLAINT_OPEN);
    work_value(p, "account", NULL);
    work_value(p, "words", NULL);
    work_choices(p, "via", ways, COUNT(ways), "phone");
    work_box(p, "hold", false);
    return rows_put(p, state, after, why);
}

/* ---- Taken down ---------------------------------------------------------------------------
 */

static bool take(struct work *w, struct fault *why)
{
    struct page *p = w->p;
    struct complaint_input in = { .words = page_form(p, "words"),
                                  .channel = page_form(p, "via"),
                                  .author = work_author(p),
                                  .once = w->once,
                                  .hold = page_form(p, "hold") != NULL };
    enum change change;
    int32_t number;

    if (in.channel != NULL && way_words(p, in.channel) == in.channel)
        return fail(why, BAD_VALUE, "A complaint does not come by \"%s\".", in.channel);
    if (in.hold && !page_may(p, MAY_HOLD))
        return fail(why, NOT_ALLOWED, "Your role places no holds. Leave that box empty.");
    if (!work_day(p, "received", "the day it reached us", w->today, &in.received, why) ||
        !complaint_open(w->book, w->account.key, &in, &number, &change, why))
        return false;
    const char *there = complaint_path(p, w->account.reference, number);
    return work_end_at(w,
                       in.hold ? "Taken down. Nothing asks for money until it is answered."
                               : "Taken down. It is work for the team from now on.",
                       change == CHANGE_NONE ? NULL : arena_print(p->arena, "%s/close", there),
                       there, why);
}

static bool page_form_of_account(struct page *p, struct fault *why)
{
    struct complaint *all;
    struct casefile_view f;
    size_t count;

    if (!work_page(p, "Complaint", &f, why) ||
        !complaints_of(p->view->store, p->arena, f.casefile->key, &all, &count, why))
        return false;
    json_t *list = put_list(p->context, "open_complaints");
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put_int(row, "number", all[i].number);
        put(row, "link", complaint_path(p, f.casefile->reference, all[i].number));
        put(row, "words", said_shortly(p, all[i].words));
        put(row, "state", words_plain(p->arena, complaint_state_name(all[i].state)));
        clocks_put(p, row, &all[i]);
    }
    put_true(p->context, "any_complaints", count > 0);
    work_value(p, "words", NULL);
    work_day_value(p, "received", p->view->today);
    work_choices(p, "via", ways, COUNT(ways), "phone");
    work_box(p, "hold", false);
    work_today(p);
    return true;
}

static bool take_of_account(struct page *p, struct fault *why)
{
    struct work w;

    return work_begin(p, &w, why) && take(&w, why);
}

static bool take_of_list(struct page *p, struct fault *why)
{
    struct work w;

    p->hole = page_form(p, "account");
    if (p->hole == NULL)
        return fail(why, BAD_VALUE, "Say whose complaint it is: a reference, like FH-20418.");
    if (!work_found(work_again(p, &w, why), why))
        return false;
    w.once = page_form(p, "once");
    return take(&w, why);
}

/* ---- One ----------------------------------------------------------------------------------
 */

static bool is_linked(const struct log_row *r)
{
    return r->outcome[0] != '\0' || text_equal(r->kind, "contact");
}

/* What we decided and did in the thirty days before it reached us. */
static bool links_put(struct page *p, const struct complaint *c, struct fault *why)
{
    struct log_request r = {
        .from = day_begins(day_plus(c->received, -LINK_DAYS), p->view->zone),
        .to = day_begins(day_plus(c->received, 1), p->view->zone),
        .view = LOG_RECORDS,
        .account = p->hole,
        .most = LINKS_LOOKED,
    };
    json_t *list = put_list(p->context, "links");
    struct log_page page;
    struct log_words words;

    if (!log_list(p->view, &r, &page, why))
        return false;
    for (size_t i = 0; i < page.count && json_array_size(list) < LINKS_SHOWN; i++) {
        const struct log_row *l = &page.rows[i];
        if (!is_linked(l))
            continue;
        json_t *row = list_add(list);
        log_words_of(p->view, l->kind, l->outcome, l->rule, l->record, &words);
        put(row, "number",
            arena_print(p->arena, "D-%lld.%lld", (long long)l->bucket, (long long)l->seq));
        put(row, "link", decision_link(p, l->bucket, l->seq));
        put(row, "at", words_moment(p->arena, l->at, p->view->zone, p->view->today));
        put(row, "wanted", words.wanted);
        put_outcome(p, row, l->outcome, l->rule);
        put(row, "by", audit_person(p, words.asked_by));
    }
    put_true(p->context, "any_links", json_array_size(list) > 0);
    put(p->context, "link_days", days_words(p, LINK_DAYS));
    put(p->context, "links_from",
        words_day_near(p->arena, day_plus(c->received, -LINK_DAYS), p->view->today));
    return true;
}

static bool one_find(struct page *p, const struct casefile_view *f, struct complaint *out,
                     struct fault *why)
{
    int32_t number;

    return work_number(p, 1, &number, why) &&
           complaint_load(p->view->store, p->arena, f->casefile->key, number, out, why);
}

static void one_put(struct page *p, const struct complaint *c)
{
    bool open = c->state == COMPLAINT_OPEN, may = page_may(p, MAY_ANSWER);

    put(p->context, "complaint_path", complaint_path(p, p->hole, c->number));
    put(p->context, "words", c->words);
    put(p->context, "via", way_words(p, c->channel));
    put(p->context, "received", near(p, c->received));
    put(p->context, "author", c->author);
    put(p->context, "state", words_plain(p->arena, complaint_state_name(c->state)));
    put(p->context, "since", near(p, c->state_day));
    put(p->context, "result", result_title(c->result));
    put(p->context, "cause", c->cause);
    put(p->context, "changed", c->changed);
    put(p->context, "answer", c->answer);
    put_true(p->context, "has_hold", c->hold != 0 && open);
    put_true(p->context, "may_answer_it", open && may);
    put_true(p->context, "may_acknowledge",
             open && may && c->acknowledged.number == DAY_NEVER.number);
    put_true(p->context, "may_note", !open && may);
    put_true(p->context, "may_reopen", !open && may);
    put_true(p->context, "may_not", open && !may);
    clocks_put(p, p->context, c);
    work_choices(p, "result", results, COUNT(results), NULL);
    work_value(p, "text", NULL);
    work_value(p, "cause", c->cause);
    work_value(p, "changed", c->changed);
}

static bool page_one(struct page *p, struct fault *why)
{
    struct casefile_view f;
    struct complaint c;

    if (!work_page(p, "Complaint", &f, why) || !one_find(p, &f, &c, why))
        return false;
    one_put(p, &c);
    return links_put(p, &c, why);
}

/* ---- What becomes of it -------------------------------------------------------------------
 */

static const char *there_of(const struct work *w, int32_t number)
{
    return arena_print(w->p->arena, "%s/complaint/%d", w->here, (int)number);
}

static struct complaint_answer answer_typed(struct page *p)
{
    return (struct complaint_answer){ .result = page_form(p, "result"),
                                      .text = page_form(p, "text"),
                                      .cause = page_form(p, "cause"),
                                      .changed = page_form(p, "changed"),
                                      .author = work_author(p) };
}

static bool acknowledge(struct page *p, struct fault *why)
{
    enum change change;
    struct work w;
    int32_t number;

    return work_number(p, 1, &number, why) && work_again(p, &w, why) &&
           complaint_acknowledge(w.book, w.account.key, number, work_author(p), &change, why) &&
           work_end_at(&w, "Noted: they know that we have it.", NULL, there_of(&w, number),
                       why);
}

static bool note(struct page *p, struct fault *why)
{
    struct complaint_answer known = answer_typed(p);
    enum change change;
    struct work w;
    int32_t number;

    return work_number(p, 1, &number, why) && work_begin(p, &w, why) &&
           complaint_note(w.book, w.account.key, number, &known, &change, why) &&
           work_end_at(&w, "Saved.", NULL, there_of(&w, number), why);
}

static bool answer(struct page *p, struct fault *why)
{
    struct complaint_answer answer = answer_typed(p);
    enum change change;
    struct work w;
    int32_t number;

    if (!work_number(p, 1, &number, why) || !work_begin(p, &w, why))
        return false;
    const char *there = there_of(&w, number);
    if (w.before != 0)
        return work_end_at(&w, "That was answered already.", NULL, there, why);
    return complaint_answer(w.book, w.account.key, number, &answer, &change, why) &&
           book_key_put(w.book, w.account.key, w.once, number, why) &&
           work_end_at(&w, "Answered.", arena_print(p->arena, "%s/reopen", there), there, why);
}

/* Taken down by mistake, or taken back: has no fields, since it undoes. */
static bool end(struct page *p, struct fault *why)
{
    enum change change;
    struct complaint c;
    struct work w;
    int32_t number;

    if (!work_number(p, 1, &number, why) || !work_again(p, &w, why) ||
        !complaint_load(w.book->store, &w.book->arena, w.account.key, number, &c, why) ||
        !complaint_may_close(&c, p->can, work_author(p), why))
        return false;
    const char *there = there_of(&w, number);
    return complaint_close(w.book, w.account.key, number, work_author(p), &change, why) &&
           work_end_at(&w, "Closed without an answer.",
                       page_may(p, MAY_ANSWER) ? arena_print(p->arena, "%s/reopen", there)
                                               : NULL,
                       there, why);
}

static bool again(struct page *p, struct fault *why)
{
    enum change change;
    struct work w;
    int32_t number;

    return work_number(p, 1, &number, why) && work_again(p, &w, why) &&
           complaint_reopen(w.book, w.account.key, number, work_author(p), &change, why) &&
           work_end_at(&w, "Open again. Its days count from when it first reached us.", NULL,
                       there_of(&w, number), why);
}

#define A "/accounts/{}/complaint"

const struct route routes_complaints[] = {
    { "GET", "/complaints", MAY_SEE, "compliance", "complaints", page_list, NULL },
    { "POST", "/complaints", MAY_SEE, "compliance", "complaints", take_of_list, page_list },
    { "GET", A, MAY_SEE, "accounts", "complaint", page_form_of_account, NULL },
    { "POST", A, MAY_SEE, "accounts", "complaint", take_of_account, page_form_of_account },
    { "GET", A "/{}", MAY_SEE, "accounts", "complaint_one", page_one, NULL },
    { "POST", A "/{}/acknowledge", MAY_ANSWER, "accounts", "complaint_one", acknowledge,
      page_one },
    { "POST", A "/{}/note", MAY_ANSWER, "accounts", "complaint_one", note, page_one },
    { "POST", A "/{}/answer", MAY_ANSWER, "accounts", "complaint_one", answer, page_one },
    { "POST", A "/{}/close", MAY_SEE, "accounts", "complaint_one", end, page_one },
    { "POST", A "/{}/reopen", MAY_ANSWER, "accounts", "complaint_one", again, page_one },
    { 0 },
};
