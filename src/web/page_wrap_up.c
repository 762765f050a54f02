/*
 * After a call: who it was, what came of it, what happens next. One form, one transaction: the
 * contact as it counts, and each thing that was said as the event that it is.
 *
 * Fields that hold nothing say nothing. What is said twice, and cannot both be true, is told with
 * both; whoever was on the telephone decides which.
 */
#include "web/wrap_up.h"

#include "base/text.h"

#include <string.h>

/* ---- What was typed ---- */

static bool parties_read(const struct page *p, struct wrap_up *u, struct fault *why)
{
    u->is.talk.with = page_form(p, "with");
    u->happened = page_form(p, "happened");
    u->is.incoming = work_is(p, "direction", "in");
    u->is.note = page_form(p, "note");
    u->is.talk.script = page_form(p, "script");
    if (u->is.talk.with == NULL)
        return fail(why, BAD_VALUE, "Say who you spoke with first.");
    if (!wrap_up_with_known(u->is.talk.with) ||
        (u->happened != NULL && !wrap_up_happened_known(u->happened)))
        return fail(why, BAD_VALUE, "This form is not whole. Open the page again, please.");
    u->person = text_equal(u->is.talk.with, "person");
    u->is.wrong = text_equal(u->happened, "wrong");
    u->is.stop = text_equal(u->happened, "stop");
    return true;
}

/* What identity was confirmed by, "birth_date, postcode"; NULL: nothing was ticked. */
static const char *ticks_join(const struct page *p, const char *name)
{
    const char *joined = NULL;

    for (size_t i = 0; i < p->ask->form_count; i++) {
        const struct field *f = &p->ask->form[i];
        if (!text_equal(f->name, name) || text_is_empty(f->value) ||
            strspn(f->value, "abcdefghijklmnopqrstuvwxyz_") != strlen(f->value))
            continue;
        joined = joined == NULL ? f->value
                                : arena_print(p->arena, "%s, %s", joined, f->value);
    }
    return joined;
}

static bool call_back_read(const struct page *p, struct wrap_up *u, struct fault *why)
{
    struct day day;
    int32_t second;

    if (!work_day(p, "call_day", "the day of the call", DAY_NONE, &day, why))
        return false;
    if (day.number == DAY_NONE.number) {
        if (page_form(p, "call_time") != NULL)
            return fail(why, BAD_VALUE, "Enter the day on which they want to be called.");
        return true;
    }
    if (!work_clock(p, "call_time", "the time of the call, as their clock shows it", &second,
                    why))
        return false;
    u->is.calls_back = true;
    u->is.call_at = instant_of_wall((struct wall){ day, second }, u->zone);
    return u->is.call_at.us > p->view->now.us ||
           fail(why, BAD_VALUE, "The call back has to be later than now.");
}

static bool hardship_read(const struct page *p, struct wrap_up *u, struct fault *why)
{
    const char *reason = page_form(p, "hardship");

    if (reason == NULL && text_equal(u->happened, "hardship"))
        return fail(why, BAD_VALUE, "Say in a few words why they cannot pay now.");
    if (reason == NULL)
        return true;
    u->is.hardship = (struct hold){ .kind = "hardship",
                                 .reason = reason,
                                 .author = work_author(p),
                                 .first = DAY_NONE,
                                 .review = DAY_NONE };
    u->is.struggles = true;
    return work_day(p, "pause_until", "the last day of the pause",
                    day_plus(p->view->today, PAUSE_DAYS), &u->is.hardship.last, why) &&
           (u->is.hardship.last.number >= p->view->today.number ||
            fail(why, BAD_VALUE, "The pause has to end later than today."));
}

static bool dispute_read(const struct page *p, struct wrap_up *u, struct fault *why)
{
    const char *reason = page_form(p, "dispute");

    if (reason == NULL && text_equal(u->happened, "dispute"))
        return fail(why, BAD_VALUE, "Choose what they say is wrong.");
    if (reason == NULL)
        return true;
    u->is.disputes = true;
    u->is.dispute = (struct dispute){ .channel = "phone",
                                   .note = page_form(p, "dispute_words"),
                                   .component = COMPONENT_COUNT,
                                   .received = p->view->today,
                                   .answer_by = DAY_NONE,
                                   .author = work_author(p) };
    u->is.dispute.reason = dispute_reason(reason, &u->is.dispute.note);
    return true;
}

static bool money_read(struct work *w, struct wrap_up *u, struct fault *why)
{
    enum currency usual;

    u->is.promise = (struct promise_input){ .channel = "phone", .note = u->is.note };
    if (!account_currency(w->book, &w->account, 0, &usual, why) ||
        !promise_typed(w->p, usual, &u->is.promise, why))
        return false;
    bool amount = u->is.promise.minor != 0, day = u->is.promise.due.number != DAY_NONE.number;
    u->is.promises = amount && day;
    if (amount != day || (text_equal(u->happened, "promise") && !u->is.promises))
        return fail(why, BAD_VALUE,
                    amount ? "Enter the day by which they will pay."
                           : "Enter the amount they promised, like 45.00.");
    return true;
}

static bool wrap_up_read(struct work *w, struct wrap_up *u, struct fault *why)
{
    struct page *p = w->p;

    u->zone = u->file->party->zone_count > 0 ? u->file->party->zones[0] : p->view->zone;
    if (!parties_read(p, u, why) || !money_read(w, u, why) || !call_back_read(p, u, why) ||
        !hardship_read(p, u, why) || !dispute_read(p, u, why))
        return false;
    if (text_equal(u->happened, "callback") && !u->is.calls_back)
        return fail(why, BAD_VALUE, "Enter the day and time at which they want to be called.");
    u->is.talk.identity = ticks_join(p, "identity");
    u->is.talk.said = ticks_join(p, "said");
    return wrap_up_outcome(p, u, why) && wrap_up_agrees(w, u, why);
}

/* ---- What is done ---- */

/* What was done, in the words that the next page says; and how to take it back, when there is one
 * thing to take back. */
static void done(struct wrap_up *u, struct work *w, const char *said, const char *undo)
{
    struct arena *x = w->p->arena;

    u->told = u->told == NULL ? said : arena_print(x, "%s %s", u->told, said);
    u->undo = undo;
    u->undos += undo != NULL;
}

static void told_agreed(struct wrap_up *u, struct work *w, const struct call_ended *made)
{
    struct arena *x = w->p->arena;

    if (u->is.promises)
        done(u, w, promise_told(w->p, &u->is.promise),
             work_path(w, "promise", made->promise, "withdraw"));
    if (u->is.calls_back)
        done(u, w,
             arena_print(x, "Call back noted for %s, their time.",
                         words_moment(x, u->is.call_at, u->zone,
                                      wall_at(w->book->now, u->zone).day)),
             NULL);
    if (u->is.disputes)
        done(u, w, "Dispute taken down: nothing asks for money until it is answered.",
             work_path(w, "dispute", made->dispute, "withdraw"));
    if (u->is.struggles)
        done(u, w,
             arena_print(x, "On hold until %s.",
                         words_day_near(x, u->is.hardship.last, w->today)),
             work_path(w, "hold", made->hold, "lift"));
}

static void told(struct wrap_up *u, struct work *w, const struct call_ended *made)
{
    done(u, w, "Call logged.", NULL);
    told_agreed(u, w, made);
    if (u->is.stop)
        done(u, w, "No more calls: they asked us to stop.",
             made->stop == 0 ? NULL : work_path(w, "fact", made->stop, "end"));
    if (made->marked_bad)
        done(u, w, "The number is marked bad.", NULL);
}

/* Where the collector goes on: to what they said they would do, else to the next in the queue. */
static const char *goes_to(const struct work *w, const struct wrap_up *u)
{
    struct arena *x = w->p->arena;

    if (text_equal(u->happened, "plan"))
        return arena_print(x, "%s/plan", w->here);
    if (text_equal(u->happened, "offer"))
        return arena_print(x, "%s/offer", w->here);
    return work_is(w->p, "go", "next") ? "/queue" : w->here;
}

bool wrap_up(struct page *p, struct fault *why)
{
    struct casefile_view f;
    struct wrap_up u = { .file = &f };
    struct call_ended made;
    struct work w;

    if (!work_begin(p, &w, why) || !view_casefile(p->view, p->hole, &f, why))
        return false;
    if (w.before != 0)
        return work_end_at(&w, "This call was logged already.", NULL, w.here, why);
    u.is.source = "console";
    u.is.once = w.once;
    if (!wrap_up_read(&w, &u, why) ||
        (u.is.promises && !promise_check(&w, &u.is.promise, why)) ||
        !call_end(w.book, &w.account, &u.is, &made, why))
        return false;
    told(&u, &w, &made);
    return work_end_at(&w, u.told, u.undos == 1 ? u.undo : NULL, goes_to(&w, &u), why);
}
