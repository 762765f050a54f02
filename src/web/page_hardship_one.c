/* One hardship: what they told us, what they sent, and what is decided of it. */
#include "web/work_pages.h"

#include "base/text.h"
#include "domain/task_of.h"
#include "flow/hold.h"
#include "web/page_parts.h"

#include <string.h>

enum { DECIDE_DAYS = 2 };

static const struct choice results[] = {
    { "pause", "Pause", "Nothing is asked for until the last day" },
    { "reduce", "Ask for less", "They pay what they can; note a plan or a promise for it" },
    { "close", "It is over", "They can pay again: things go on as they were" },
    { "decline", "No pause", "Say why: they are told" },
};

/* ---- The page ---- */

static const struct fact_row *hardship_of(const struct casefile_view *f, int32_t number)
{
    for (size_t i = 0; i < f->fact_count; i++) {
        if (f->facts[i].number == number && text_equal(f->facts[i].type, "hold") &&
            text_equal(f->facts[i].scope, "hardship"))
            return &f->facts[i];
    }
    return NULL;
}

static bool stands(const struct page *p, const struct fact_row *fact)
{
    return fact->at.us <= p->view->now.us && fact->until.us > p->view->now.us;
}

/* The one that goes on instead of this one; 0: none. */
static int32_t later_of(const struct page *p, const struct casefile_view *f, int32_t number)
{
    int32_t later = 0;

    for (size_t i = 0; i < f->fact_count; i++) {
        const struct fact_row *fact = &f->facts[i];
        if (text_equal(fact->type, "hold") && text_equal(fact->scope, "hardship") &&
            fact->number > number && fact->number > later && stands(p, fact))
            later = fact->number;
    }
    return later;
}

static const char *day_words(struct page *p, const struct fact_row *fact, const char *name)
{
    const char *text = fact_detail(p, fact, name);
    struct day day;

    return text != NULL && day_parse(text, &day)
               ? words_day_near(p->arena, day, p->view->today)
               : NULL;
}

static const char *result_words(const struct page *p, const char *result)
{
    for (size_t i = 0; i < COUNT(results); i++) {
        if (text_equal(results[i].value, result))
            return results[i].title;
    }
    return result == NULL ? NULL : words_plain(p->arena, result);
}

static void told_put(struct page *p, const struct fact_row *fact)
{
    struct day first = wall_at(fact->at, p->view->zone).day;

    put(p->context, "reason", fact->value);
    put(p->context, "situation", hardship_words(p, fact_detail(p, fact, "situation")));
    put(p->context, "spare", fact_detail(p, fact, "spare"));
    put(p->context, "needs", fact_detail(p, fact, "needs"));
    put(p->context, "by", fact_detail(p, fact, "by"));
    put(p->context, "review", day_words(p, fact, "review"));
    put(p->context, "result", result_words(p, fact_detail(p, fact, "result")));
    put(p->context, "note", fact_detail(p, fact, "note"));
    put(p->context, "since", words_day_near(p->arena, first, p->view->today));
    put_true(p->context, "frozen", text_equal(fact_detail(p, fact, "freeze"), "true"));
    if (fact->until.us == INSTANT_NEVER.us)
        return;
    struct day last = wall_at((struct instant){ fact->until.us - 1 }, p->view->zone).day;
    put(p->context, "until", words_day_near(p->arena, last, p->view->today));
}

/* How long it waits for a decision: two business days are our limit. */
static void waits_put(struct page *p, const struct fact_row *fact)
{
    const struct view *v = p->view;
    struct day by = wall_at(task_due(fact->at, DECIDE_DAYS, v->zone), v->zone).day;

    if (!stands(p, fact) || fact_detail(p, fact, "result") != NULL)
        return;
    put(p->context, "state", "Waits for our decision");
    put(p->context, "decide_by", words_day_near(p->arena, by, v->today));
    put_true(p->context, "is_late", by.number < v->today.number);
}

static void decision_put(struct page *p, const struct fact_row *fact)
{
    const char *review = fact_detail(p, fact, "review");
    struct day last = DAY_NONE;

    if (fact->until.us != INSTANT_NEVER.us)
        last = wall_at((struct instant){ fact->until.us - 1 }, p->view->zone).day;
    work_choices(p, "result", results, COUNT(results), NULL);
    work_value(p, "note", NULL);
    work_value(p, "review", review);
    work_day_value(p, "until", last);
    work_today(p);
}

bool page_hardship_one(struct page *p, struct fault *why)
{
    struct casefile_view f;
    int32_t number;

    if (!work_number(p, 1, &number, why) || !work_page(p, "Hardship", &f, why))
        return false;
    const struct fact_row *fact = hardship_of(&f, number);
    if (fact == NULL)
        return fail(why, NOT_FOUND, "This account has no hardship %d.", (int)number);
    bool open = stands(p, fact);
    put(p->context, "hardship_path", arena_print(p->arena, "/accounts/%s/hardship/%d",
                                                 url_encode(p->arena, p->hole), (int)number));
    put_int(p->context, "number", number);
    told_put(p, fact);
    decision_put(p, fact);
    put_true(p->context, "is_open", open);
    put(p->context, "state", open ? "In force" : "Over");
    put(p->context, "tone", open ? "hold" : "");
    waits_put(p, fact);
    put_true(p->context, "may_decide_it", open && page_may(p, MAY_ANSWER));
    put_true(p->context, "may_not_decide", open && !page_may(p, MAY_ANSWER));
    put_true(p->context, "may_take", open && page_may(p, MAY_HOLD));
    int32_t later = open ? 0 : later_of(p, &f, number);
    if (later != 0)
        put_int(p->context, "later", later);
    return evidence_put(p, &f, "hardship", 0, why);
}

/* ---- Decided ---- */

static bool decision_typed(struct page *p, struct hardship_decision *d, struct fault *why)
{
    const char *result = page_form(p, "result");

    *d = (struct hardship_decision){ .note = page_form(p, "note"), .author = work_author(p) };
    for (size_t i = 0; i < COUNT(results); i++) {
        if (text_equal(results[i].value, result))
            d->result = results[i].value;
    }
    if (d->result == NULL)
        return fail(why, BAD_VALUE, "Choose what is decided.");
    if (text_equal(d->result, "decline") && d->note == NULL)
        return fail(why, BAD_VALUE, "Say why not: they are told.");
    d->last = d->review = DAY_NONE;
    if (text_equal(d->result, "close") || text_equal(d->result, "decline"))
        return true;
    if (!work_day(p, "until", "the last day", DAY_NONE, &d->last, why) ||
        !work_day(p, "review", "the day on which we look again", DAY_NONE, &d->review, why))
        return false;
    if (d->last.number != DAY_NONE.number && d->last.number < p->view->today.number)
        return fail(why, BAD_VALUE, "%s is past already. Enter its last day.",
                    words_day(p->arena, d->last));
    return d->review.number == DAY_NONE.number || d->review.number >= p->view->today.number ||
           fail(why, BAD_VALUE, "%s is past already. Enter the day on which we look again.",
                words_day(p->arena, d->review));
}

static const char *decided_words(const char *result)
{
    if (text_equal(result, "pause"))
        return "Decided: the pause goes on.";
    if (text_equal(result, "reduce"))
        return "Decided: we ask for less. Note what they pay as a plan or a promise.";
    return text_equal(result, "close") ? "It is over. Things go on as they were."
                                       : "Declined. Tell them why, and what would help instead.";
}

bool hardship_answer(struct page *p, struct fault *why)
{
    struct hardship_decision decision;
    enum change change;
    struct work w;
    int32_t number, now;

    if (!work_number(p, 1, &number, why) || !work_begin(p, &w, why))
        return false;
    if (w.before != 0)
        return work_end_at(&w, "That was decided already.", NULL,
                           arena_print(p->arena, "%s/hardship/%d", w.here, (int)w.before), why);
    if (!decision_typed(p, &decision, why) ||
        !work_found(hardship_decide(w.book, w.account.key, number, &decision, &now, &change, why),
                    why) ||
        !book_key_put(w.book, w.account.key, w.once, now, why))
        return false;
    return work_end_at(&w, decided_words(decision.result), NULL,
                       arena_print(p->arena, "%s/hardship/%d", w.here, (int)now), why);
}

bool hardship_paper_add(struct page *p, struct fault *why)
{
    struct work w;
    int32_t number;
    int kept;

    if (!work_number(p, 1, &number, why) || !work_begin(p, &w, why))
        return false;
    const char *here = arena_print(p->arena, "%s/hardship/%d", w.here, (int)number);
    if (w.before != 0)
        return work_end_at(&w, "It was kept already.", NULL, here, why);
    if (!hardship_papers(&w, number, &kept, why) ||
        !book_key_put(w.book, w.account.key, w.once, number, why))
        return false;
    if (kept == 0)
        return fail(why, BAD_VALUE, "Choose a file first.");
    return work_end_at(&w, arena_print(p->arena, "%d kept, byte for byte.", kept), NULL, here,
                       why);
}
