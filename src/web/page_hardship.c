/* Hardship: who cannot pay for now, taken down and decided. */
#include "web/work_pages.h"

#include "base/text.h"
#include "domain/task_of.h"
#include "flow/hold.h"

enum { DECIDE_DAYS = 2, PAUSE_DAYS = 30 };

static const struct choice results[] = {
    { "pause", "Pause", "Nobody asks for money until the last day." },
    { "reduce", "Ask for less",
      "Agree a smaller plan as well; until the last day only that counts." },
    { "close", "Over", "They can pay again: the usual steps go on." },
    { "decline", "No", "Say why, and what else there is." },
};

/* Those in force, as far as who looks may see the account. */
static bool hardships(struct page *p, const struct casefile_view *f, struct standing_hold **out,
                      size_t *count, struct fault *why)
{
    struct book reader;
    struct standing_hold *all;
    size_t held, kept = 0;

    work_reader(p, &reader);
    bool read = holds_of(&reader, f->casefile->key, p->view->now, &all, &held, why);
    *out = arena_array(p->arena, struct standing_hold, held + 1);
    for (size_t i = 0; read && i < held; i++) {
        if (!text_equal(all[i].is.kind, "hardship"))
            continue;
        struct standing_hold *hold = &(*out)[kept++];
        *hold = all[i];
        hold->is.reason =
            all[i].is.reason == NULL ? NULL : arena_copy(p->arena, all[i].is.reason);
        hold->is.author =
            all[i].is.author == NULL ? NULL : arena_copy(p->arena, all[i].is.author);
        hold->is.note = all[i].is.note == NULL ? NULL : arena_copy(p->arena, all[i].is.note);
        hold->is.result =
            all[i].is.result == NULL ? NULL : arena_copy(p->arena, all[i].is.result);
    }
    work_reader_done(&reader);
    *count = kept;
    return read;
}

/* ---- Taken down ---- */

/* One that nobody decided yet, or that stands, is the one that is meant. */
bool page_hardship(struct page *p, struct fault *why)
{
    struct casefile_view f;
    struct standing_hold *all;
    size_t count;

    if (!work_page(p, "They cannot pay now", &f, why) || !hardships(p, &f, &all, &count, why))
        return false;
    if (count > 0 && page_form(p, "reason") == NULL) {
        size_t first = 0;
        for (size_t i = count; i > 0; i--)
            first = all[i - 1].is.result == NULL ? i - 1 : first;
        page_go(p, arena_print(p->arena, "/accounts/%s/hardship/%d",
                               url_encode(p->arena, p->hole), (int)all[first].number));
        return true;
    }
    work_value(p, "reason", NULL);
    work_day_value(p, "until", day_plus(p->view->today, PAUSE_DAYS));
    work_box(p, "freeze", true);
    work_today(p);
    put_true(p->context, "may_take", page_may(p, MAY_HOLD));
    return true;
}

bool hardship_take(struct page *p, struct fault *why)
{
    struct hold hold = { .kind = "hardship",
                         .author = work_author(p),
                         .first = DAY_NONE,
                         .review = DAY_NONE,
                         .freeze = page_form(p, "freeze") != NULL };
    enum change change;
    struct work w;
    int32_t number;

    if (!work_begin(p, &w, why) ||
        !page_need(p, "reason", "what keeps them from paying", &hold.reason, why) ||
        !work_day(p, "until", "the last day", day_plus(w.today, PAUSE_DAYS), &hold.last, why))
        return false;
    if (hold.last.number < w.today.number)
        return fail(why, BAD_VALUE, "The last day of the pause has passed already.");
    return hold_place_once(w.book, w.account.key, w.once, &hold, &number, &change, why) &&
           work_end_at(&w,
                       arena_print(p->arena, "Paused until %s. It waits for a decision.",
                                   words_day_near(p->arena, hold.last, w.today)),
                       NULL, arena_print(p->arena, "%s/hardship/%d", w.here, (int)number), why);
}

/* ---- Decided ---- */

static void said_put(struct page *p, const struct standing_hold *h)
{
    struct arena *a = p->arena;
    struct view *v = p->view;
    struct day by = wall_at(task_due(h->at, DECIDE_DAYS, v->zone), v->zone).day;
    struct day last = h->until.us == INSTANT_NEVER.us
                          ? DAY_NEVER
                          : wall_at((struct instant){ h->until.us - 1 }, v->zone).day;

    put(p->context, "said", h->is.reason);
    put(p->context, "note_before", h->is.note);
    put(p->context, "asked", words_moment(a, h->at, v->zone, v->today));
    put(p->context, "taken_by", h->is.author);
    put(p->context, "until",
        last.number == DAY_NEVER.number ? "no last day" : words_day_near(a, last, v->today));
    put(p->context, "decide_by", words_day_near(a, by, v->today));
    put_true(p->context, "is_decided", h->is.result != NULL);
    put_true(p->context, "is_late", h->is.result == NULL && by.number < v->today.number);
    put(p->context, "result", h->is.result != NULL ? words_plain(a, h->is.result) : NULL);
    if (h->is.review.number != DAY_NONE.number)
        put(p->context, "review", words_day_near(a, h->is.review, v->today));
    put_true(p->context, "freezes", h->is.freeze);
    work_day_value(p, "until", last.number == DAY_NEVER.number ? DAY_NONE : last);
    work_day_value(p, "review", h->is.review);
}

bool page_hardship_one(struct page *p, struct fault *why)
{
    struct casefile_view f;
    struct standing_hold *all;
    int32_t number;
    size_t count, at = 0;

    if (!work_number(p, 1, &number, why) || !work_page(p, "They cannot pay now", &f, why) ||
        !hardships(p, &f, &all, &count, why))
        return false;
    while (at < count && all[at].number != number)
        at++;
    if (at == count) {
        fail(why, NOT_FOUND, "This hardship is over, or was decided anew since.");
        return fault_hint(why, "The account says how it stands.");
    }
    put(p->context, "hardship_path",
        arena_print(p->arena, "/accounts/%s/hardship/%d", url_encode(p->arena, p->hole),
                    (int)number));
    said_put(p, &all[at]);
    work_choices(p, "result", results, COUNT(results), all[at].is.result);
    work_value(p, "note", NULL);
    work_today(p);
    put_true(p->context, "may_decide", page_may(p, MAY_ANSWER));
    return true;
}

bool hardship_answer(struct page *p, struct fault *why)
{
    const char *result = page_form(p, "result");
    struct hardship_decision d = { .note = page_form(p, "note"), .author = work_author(p) };
    enum change change;
    int32_t number, now;
    struct work w;

    if (!work_number(p, 1, &number, why) || !work_begin(p, &w, why))
        return false;
    for (size_t i = 0; i < COUNT(results); i++)
        d.result = text_equal(result, results[i].value) ? results[i].value : d.result;
    if (d.result == NULL)
        return fail(why, BAD_VALUE, "Choose what is decided.");
    if (w.before != 0)
        return work_end_at(&w, "That was decided already.", NULL, w.here, why);
    if (!work_day(p, "until", "the last day", DAY_NONE, &d.last, why) ||
        !work_day(p, "review", "the day to look again", DAY_NONE, &d.review, why) ||
        !hardship_decide(w.book, w.account.key, number, &d, &now, &change, why) ||
        !book_key_put(w.book, w.account.key, w.once, now, why))
        return false;
    return work_end_at(&w,
                       text_equal(d.result, "pause") ? "Decided: the pause goes on."
                       : text_equal(d.result, "reduce")
                           ? "Decided: less is asked for. Agree a plan they can keep."
                       : text_equal(d.result, "close")
                           ? "Decided: it is over. The usual steps go on."
                           : "Decided: no. Tell them why, and what else there is.",
                       NULL, w.here, why);
}
