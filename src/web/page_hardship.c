/* Hardship: what keeps somebody from paying, in their words; a pause; what helps them. */
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/hold.h"
#include "flow/note.h"
#include "web/wrap_up.h"

static const struct choice situations[] = {
    { "lost_work", "Lost their work", NULL },
    { "less_income", "Less money comes in", NULL },
    { "illness", "Illness", NULL },
    { "bereavement", "Somebody died", NULL },
    { "separation", "A separation", NULL },
    { "care", "They care for somebody", NULL },
    { "disaster", "Fire, flood, crime", NULL },
    { "debts", "Too many debts", NULL },
    { "other", "Something else", NULL },
};

static const struct choice rhythms[] = { { "a month", "a month", NULL },
                                         { "a week", "a week", NULL },
                                         { "every two weeks", "every two weeks", NULL } };

const char *hardship_words(const struct page *p, const char *situation)
{
    for (size_t i = 0; i < COUNT(situations); i++) {
        if (text_equal(situations[i].value, situation))
            return situations[i].title;
    }
    return situation == NULL ? NULL : words_plain(p->arena, situation);
}

/* ---- The page ---- */

/* *number: the one in force; 0: none. */
static void standing_put(struct page *p, const struct casefile_view *f, int32_t *number)
{
    *number = 0;
    for (size_t i = 0; i < f->fact_count; i++) {
        const struct fact_row *fact = &f->facts[i];
        if (!text_equal(fact->type, "hold") || !text_equal(fact->scope, "hardship") ||
            fact->at.us > p->view->now.us || fact->until.us <= p->view->now.us)
            continue;
        json_t *row = put_object(p->context, "standing_hardship");
        *number = fact->number;
        put_int(row, "number", fact->number);
        put(row, "reason", fact->value);
        put(row, "since", words_day_near(p->arena, wall_at(fact->at, p->view->zone).day,
                                         p->view->today));
        return;
    }
}

/* The one in force is the one that is meant, unless there is more to take down. */
bool page_hardship(struct page *p, struct fault *why)
{
    static const char *const texts[] = { "reason", "spare", "needs" };
    struct casefile_view f;
    int32_t standing;

    if (!work_page(p, "They cannot pay now", &f, why))
        return false;
    for (size_t i = 0; i < COUNT(texts); i++)
        work_value(p, texts[i], NULL);
    work_choices(p, "situation", situations, COUNT(situations), NULL);
    work_choices(p, "spare_every", rhythms, COUNT(rhythms), "a month");
    work_day_value(p, "until", day_plus(p->view->today, PAUSE_DAYS));
    work_day_value(p, "review", DAY_NONE);
    work_box(p, "freeze", false);
    work_debts(p, &f, "");
    work_today(p);
    standing_put(p, &f, &standing);
    if (standing != 0 && p->ask->form_count == 0 && page_field(p, "again") == NULL)
        page_go(p, arena_print(p->arena, "/accounts/%s/hardship/%d",
                               url_encode(p->arena, p->hole), (int)standing));
    return true;
}

/* ---- Taken down ---- */

static bool spare_read(struct work *w, enum currency currency, const char **out,
                       struct fault *why)
{
    const char *every = page_form_or(w->p, "spare_every", "a month");
    char figures[MONEY_TEXT];
    struct money money;

    *out = NULL;
    if (!work_money(w->p, "spare", "what they can spare", currency, &money, why))
        return false;
    if (money.minor != 0)
        *out = arena_print(w->p->arena, "%s %s", money_show(money, figures), every);
    return true;
}

static bool hardship_typed(struct work *w, struct hold *hold, struct fault *why)
{
    struct page *p = w->p;
    enum currency currency;

    *hold = (struct hold){ .kind = "hardship",
                           .reason = page_form(p, "reason"),
                           .author = work_author(p),
                           .needs = page_form(p, "needs"),
                           .freeze = page_form(p, "freeze") != NULL,
                           .first = DAY_NONE };
    if (hold->reason == NULL)
        return fail(why, BAD_VALUE, "Say in a few words why they cannot pay now.");
    if (!hardship_situation(p->arena, page_form(p, "situation"), &hold->situation, why) ||
        !work_debt(w, "debt", &hold->debt, &currency, why) ||
        !spare_read(w, currency, &hold->spare, why) ||
        !work_day(p, "until", "the last day of the pause", DAY_NEVER, &hold->last, why) ||
        !work_day(p, "review", "the day on which we look again", DAY_NONE, &hold->review, why))
        return false;
    if (hold->last.number == DAY_NEVER.number)
        return fail(why, BAD_VALUE, "Enter the last day of the pause.");
    if (hold->last.number < w->today.number)
        return fail(why, BAD_VALUE, "The pause has to end later than today.");
    return hold->review.number == DAY_NONE.number || hold->review.number >= w->today.number ||
           fail(why, BAD_VALUE, "%s is past already. Enter the day on which we look again.",
                words_day(p->arena, hold->review));
}

bool hardship_papers(struct work *w, int32_t number, int *kept, struct fault *why)
{
    const char *origin = arena_print(w->p->arena, "hardship %d", (int)number);

    return work_papers(w, origin, kept, why);
}

/* One that is in force only gets a new last day: what they said besides is kept as a note. */
static bool again_note(struct work *w, const struct hold *hold, enum change change,
                       struct fault *why)
{
    struct arena *x = w->p->arena;
    const char *text = arena_print(x, "Told us again that they cannot pay now: %s", hold->reason);
    int32_t number;

    if (change == CHANGE_ADDED || w->before != 0)
        return true;
    if (hold->spare != NULL)
        text = arena_print(x, "%s. They can spare %s", text, hold->spare);
    if (hold->needs != NULL)
        text = arena_print(x, "%s. What helps them: %s", text, hold->needs);
    const struct note_input in = { .text = text, .author = hold->author };
    return book_note_add(w->book, w->account.key, &in, &number, &change, why);
}

bool hardship_take(struct page *p, struct fault *why)
{
    enum change change;
    struct hold hold;
    struct work w;
    int32_t number;
    int kept;

    if (!work_begin(p, &w, why) || !hardship_typed(&w, &hold, why) ||
        !hold_place_once(w.book, w.account.key, w.once, &hold, &number, &change, why) ||
        !again_note(&w, &hold, change, why) ||
        (w.before == 0 && !hardship_papers(&w, number, &kept, why)))
        return false;
    return work_end_at(&w,
                       arena_print(p->arena,
                                   "Paused until %s. It waits for a decision.",
                                   words_day_near(p->arena, hold.last, w.today)),
                       change == CHANGE_ADDED || w.before != 0
                           ? work_path(&w, "hold", number, "lift")
                           : NULL,
                       arena_print(p->arena, "%s/hardship/%d", w.here, (int)number), why);
}
