/* A promise: what somebody said they would pay, and by when. */
#include "web/work_pages.h"

static const struct choice ways[] = { { "phone", "By phone", NULL },
                                      { "email", "By email", NULL },
                                      { "letter", "By letter", NULL },
                                      { "portal", "In the portal", NULL } };

bool page_promise(struct page *p, struct fault *why)
{
    struct casefile_view f;

    if (!work_page(p, "Note a promise", &f, why))
        return false;
    work_value(p, "amount", NULL);
    work_value(p, "note", NULL);
    work_day_value(p, "by", DAY_NONE);
    work_choices(p, "via", ways, COUNT(ways), "phone");
    work_today(p);
    return true;
}

/* What a form about a promise says of it; minor 0: nothing was typed. */
bool promise_typed(const struct page *p, enum currency usual, struct promise_input *out,
                   struct fault *why)
{
    struct money money;

    if (!work_money(p, "amount", "the amount they promised", usual, &money, why) ||
        !work_day(p, "by", "the day they named", DAY_NONE, &out->due, why))
        return false;
    out->minor = money.minor;
    out->currency = money.currency;
    return true;
}

/* It cannot be past, and not more than they owe. */
bool promise_check(struct work *w, const struct promise_input *in, struct fault *why)
{
    struct arena *x = w->p->arena;
    int64_t open;

    if (in->due.number < w->today.number)
        return fail(why, BAD_VALUE, "%s is past already. Enter the day that they named.",
                    words_day(x, in->due));
    if (!account_open(w->book, &w->account, in->currency, &open, why))
        return false;
    return in->minor <= open ||
           fail(why, BAD_VALUE, "They owe less than that: %s is open.",
                words_money(x, open, in->currency));
}

const char *promise_told(const struct page *p, const struct promise_input *in)
{
    return arena_print(p->arena, "Promise noted: %s by %s. Reminders wait for it.",
                       words_money(p->arena, in->minor, in->currency),
                       words_day_near(p->arena, in->due, p->view->today));
}

bool promise_add(struct page *p, struct fault *why)
{
    struct promise_input in = { .channel = page_form_or(p, "via", "phone"),
                                .note = page_form(p, "note") };
    enum currency usual;
    enum change change;
    struct work w;
    int32_t number;

    if (!work_begin(p, &w, why) ||
        !account_currency(w.book, &w.account, 0, &usual, why) ||
        !promise_typed(p, usual, &in, why))
        return false;
    if (in.minor == 0)
        return fail(why, BAD_VALUE, "Enter the amount they promised, like 45.00.");
    if (in.due.number == DAY_NONE.number)
        return fail(why, BAD_VALUE, "Enter the day by which they will pay.");
    if ((w.before == 0 && !promise_check(&w, &in, why)) ||
        !book_promise_once(w.book, w.account.key, w.once, &in, &number, &change, why))
        return false;
    return work_end(&w, promise_told(p, &in), work_path(&w, "promise", number, "withdraw"), why);
}

bool promise_withdraw(struct page *p, struct fault *why)
{
    enum change change;
    struct work w;
    int32_t number;

    if (!work_number(p, 1, &number, why) || !work_again(p, &w, why) ||
        !book_promise_end(w.book, w.account.key, number, PROMISE_WITHDRAWN,
                          page_form(p, "reason"), &change, why))
        return false;
    return work_end(&w, change == CHANGE_NONE ? "That promise is not open any more."
                                              : "The promise is withdrawn.",
                    NULL, why);
}
