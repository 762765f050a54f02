/* A hold: a pause with a kind, a reason and an end; placed here, and lifted. */
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/hold.h"

static const struct choice kinds[] = {
    { "review", "We are checking something", "Nothing is asked for while we look" },
    { "complaint", "They complained", "Until the complaint is answered" },
    { "debt_advice", "They have debt advice", "Time to work out an offer" },
    { "breathing_space", "Breathing space", "By law: 60 days, no interest and no fees" },
    { "mental_health_crisis", "Mental health crisis", "By law: no interest and no fees" },
    { "bankruptcy", "Bankruptcy", "The rules are told, too" },
    { "deceased", "They have died", "The rules are told, too" },
    { "identity_theft", "Somebody used their name", "Until it is cleared up" },
    { "minor", "They are a child", NULL },
    { "litigation", "It is in court", NULL },
    { "legal", "With our lawyers", NULL },
    { "manual", "Something else", "Say why" },
};

static const struct choice chapters[] = { { "", "not known", NULL },
                                          { "7", "chapter 7", NULL },
                                          { "11", "chapter 11", NULL },
                                          { "12", "chapter 12", NULL },
                                          { "13", "chapter 13", NULL } };

/* "They complained", whatever page asks. */
const char *hold_title(const struct page *p, const char *kind)
{
    if (text_equal(kind, "hardship"))
        return "They cannot pay now";
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (text_equal(kinds[i].value, kind))
            return kinds[i].title;
    }
    return words_plain(p->arena, kind);
}

/* ---- The page ---- */

static const char *end_words(const struct page *p, struct day last)
{
    return last.number >= DAY_NEVER.number
               ? "until it is lifted"
               : arena_print(p->arena, "until %s",
                             words_day_near(p->arena, last, p->view->today));
}

static bool standing_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    json_t *list = put_list(p->context, "standing_holds");
    struct standing_hold *all;
    struct book b;
    size_t count;

    work_reader(p, &b);
    bool read = holds_of(&b, f->casefile->key, p->view->now, &all, &count, why);
    for (size_t i = 0; read && i < count; i++) {
        json_t *row = list_add(list);
        const char *number = arena_print(p->arena, "%d", (int)all[i].number);
        put(row, "number", number);
        put(row, "what", hold_title(p, all[i].is.kind));
        put(row, "reason", all[i].is.reason == NULL ? NULL : arena_copy(p->arena, all[i].is.reason));
        put(row, "until", end_words(p, all[i].is.last));
        put(row, "since", words_day_near(p->arena, all[i].is.first, p->view->today));
        put_true(row, "is_hardship", text_equal(all[i].is.kind, "hardship"));
        put(row, "why_lift", text_equal(page_form(p, "hold"), number) ? page_form(p, "why_lift") : NULL);
    }
    work_reader_done(&b);
    put_true(p->context, "any_standing_holds", json_array_size(list) > 0);
    return read;
}

bool page_hold(struct page *p, struct fault *why)
{
    struct casefile_view f;

    if (!work_page(p, "Hold everything", &f, why))
        return false;
    work_value(p, "reason", NULL);
    work_day_value(p, "first", DAY_NONE);
    work_day_value(p, "until", DAY_NONE);
    work_box(p, "freeze", false);
    work_choices(p, "kind", kinds, COUNT(kinds), NULL);
    work_choices(p, "chapter", chapters, COUNT(chapters), "");
    work_debts(p, &f, "");
    work_today(p);
    return standing_put(p, &f, why);
}

/* ---- Placed ---- */

static bool hold_typed(struct work *w, struct hold *hold, struct fault *why)
{
    struct page *p = w->p;
    const char *kind = page_form(p, "kind");
    enum currency currency;

    *hold = (struct hold){ .reason = page_form(p, "reason"),
                           .author = work_author(p),
                           .freeze = page_form(p, "freeze") != NULL,
                           .review = DAY_NONE };
    if (kind == NULL)
        return fail(why, BAD_VALUE, "Choose why everything is held.");
    hold->kind = hold_kind(p->arena, kind);
    if (hold->kind == NULL)
        return fail(why, BAD_VALUE, "There is no hold of kind \"%s\".", kind);
    if (text_equal(hold->kind, "bankruptcy"))
        hold->chapter = page_form(p, "chapter");
    if (text_equal(hold->kind, "manual") && hold->reason == NULL)
        return fail(why, BAD_VALUE, "Say why in a few words: whoever comes next asks the same.");
    if (!work_debt(w, "debt", &hold->debt, &currency, why) ||
        !work_day(p, "first", "its first day", DAY_NONE, &hold->first, why) ||
        !work_day(p, "until", "its last day", DAY_NEVER, &hold->last, why))
        return false;
    if (hold->first.number != DAY_NONE.number && hold->first.number < w->today.number)
        return fail(why, BAD_VALUE, "%s is past already: a hold begins today or later.",
                    words_day(p->arena, hold->first));
    return hold->last.number >= w->today.number ||
           fail(why, BAD_VALUE, "%s is past already. Enter its last day.",
                words_day(p->arena, hold->last));
}

static const char *placed_words(const struct work *w, const struct hold *hold,
                                enum change change)
{
    struct arena *x = w->p->arena;
    const char *end = end_words(w->p, hold->last);

    if (text_equal(hold->kind, "breathing_space") && hold->last.number >= DAY_NEVER.number)
        end = "for 60 days";
    if (change == CHANGE_NONE)
        return "It is held already.";
    if (hold->first.number != DAY_NONE.number && hold->first.number > w->today.number)
        return arena_print(x, "From %s on nothing asks for money, %s.",
                           words_day_near(x, hold->first, w->today), end);
    return arena_print(x, "Held %s. Nothing asks for money meanwhile.", end);
}

bool hold_put(struct page *p, struct fault *why)
{
    enum change change;
    struct hold hold;
    struct work w;
    int32_t number;

    if (!work_begin(p, &w, why) || !hold_typed(&w, &hold, why) ||
        !hold_place_once(w.book, w.account.key, w.once, &hold, &number, &change, why))
        return false;
    /* one that was there got a new end: lifting it would take away more than was given */
    return work_end(&w, placed_words(&w, &hold, change),
                    change == CHANGE_ADDED || w.before != 0
                        ? work_path(&w, "hold", number, "lift")
                        : NULL,
                    why);
}

/* ---- Lifted ---- */

/* Of that number; one that begins later is in force when it begins. */
static bool hold_find(struct work *w, int32_t number, struct standing_hold *out, bool *found,
                      struct fault *why)
{
    struct instant at = w->book->now;
    struct standing_hold *all;
    size_t count;

    *found = false;
    if (!hold_at(w->book, w->account.key, number, &at, why) ||
        !holds_of(w->book, w->account.key, at, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].number == number) {
            *out = all[i];
            *found = true;
        }
    }
    return true;
}

/* A button that undoes, or a form with its reason: neither asks for a version. */
bool hold_lift(struct page *p, struct fault *why)
{
    struct standing_hold hold;
    struct work w;
    int32_t number;
    bool found;

    if (!work_number(p, 1, &number, why) || !work_again(p, &w, why) ||
        !hold_find(&w, number, &hold, &found, why))
        return false;
    if (!found)
        return work_end(&w, "That hold is not in force any more.", NULL, why);
    if (!hold_end(w.book, w.account.key, &hold, why) ||
        !hold_lifted(w.book, w.account.key, &hold, page_form(p, "why_lift"), work_author(p), why))
        return false;
    return work_end(&w, "The hold is lifted. What is due is looked at again.", NULL, why);
}
