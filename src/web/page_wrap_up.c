/*
 * After a call: who it was, what came of it, what happens next. One form, one transaction: the
 * contact as it counts, and each thing that was said as the event that it is.
 *
 * Fields that hold nothing say nothing. What is said twice, and cannot both be true, is told with
 * both; whoever was on the telephone decides which.
 */
#include "web/wrap_up.h"

#include "base/text.h"
#include "flow/book.h"
#include "flow/contact_log.h"
#include "flow/reach.h"

#include <string.h>

/* ---- What was typed ---- */

static bool parties_read(const struct page *p, struct wrap_up *u, struct fault *why)
{
    u->with = page_form(p, "with");
    u->happened = page_form(p, "happened");
    u->inbound = work_is(p, "direction", "in");
    u->note = page_form(p, "note");
    if (u->with == NULL)
        return fail(why, BAD_VALUE, "Say who you spoke with first.");
    if (!wrap_up_with_known(u->with) ||
        (u->happened != NULL && !wrap_up_happened_known(u->happened)))
        return fail(why, BAD_VALUE, "This form is not whole. Open the page again, please.");
    u->person = text_equal(u->with, "person");
    u->wrong = text_equal(u->happened, "wrong");
    u->stop = text_equal(u->happened, "stop");
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
    u->calls_back = true;
    u->call_at = instant_of_wall((struct wall){ day, second }, u->zone);
    return u->call_at.us > p->view->now.us ||
           fail(why, BAD_VALUE, "The call back has to be later than now.");
}

static bool hardship_read(const struct page *p, struct wrap_up *u, struct fault *why)
{
    const char *reason = page_form(p, "hardship");

    if (reason == NULL && text_equal(u->happened, "hardship"))
        return fail(why, BAD_VALUE, "Say in a few words why they cannot pay now.");
    if (reason == NULL)
        return true;
    u->hardship = (struct hold){ .kind = "hardship",
                                 .reason = reason,
                                 .author = work_author(p),
                                 .first = DAY_NONE,
                                 .review = DAY_NONE };
    u->struggles = true;
    return work_day(p, "pause_until", "the last day of the pause",
                    day_plus(p->view->today, PAUSE_DAYS), &u->hardship.last, why) &&
           (u->hardship.last.number >= p->view->today.number ||
            fail(why, BAD_VALUE, "The pause has to end later than today."));
}

static bool dispute_read(const struct page *p, struct wrap_up *u, struct fault *why)
{
    const char *reason = page_form(p, "dispute");

    if (reason == NULL && text_equal(u->happened, "dispute"))
        return fail(why, BAD_VALUE, "Choose what they say is wrong.");
    if (reason == NULL)
        return true;
    u->disputes = true;
    u->dispute = (struct dispute){ .channel = "phone",
                                   .note = page_form(p, "dispute_words"),
                                   .component = COMPONENT_COUNT,
                                   .received = p->view->today,
                                   .answer_by = DAY_NONE,
                                   .author = work_author(p) };
    u->dispute.reason = dispute_reason(reason, &u->dispute.note);
    return true;
}

static bool money_read(struct work *w, struct wrap_up *u, struct fault *why)
{
    enum currency usual;

    u->promise = (struct promise_input){ .channel = "phone", .note = u->note };
    if (!account_currency(w->book, &w->account, 0, &usual, why) ||
        !promise_typed(w->p, usual, &u->promise, why))
        return false;
    bool amount = u->promise.minor != 0, day = u->promise.due.number != DAY_NONE.number;
    u->promises = amount && day;
    if (amount != day || (text_equal(u->happened, "promise") && !u->promises))
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
    if (text_equal(u->happened, "callback") && !u->calls_back)
        return fail(why, BAD_VALUE, "Enter the day and time at which they want to be called.");
    u->identity = ticks_join(p, "identity");
    u->said = ticks_join(p, "said");
    return wrap_up_outcome(p, u, why) && wrap_up_agrees(w, u, why);
}

/* ---- What is done ---- */

static const char *key_of(const struct work *w, const char *what)
{
    return arena_print(w->p->arena, "%s-%s", w->once, what);
}

/* What was done, in the words that the next page says; and how to take it back, when there is one
 * thing to take back. */
static void done(struct wrap_up *u, struct work *w, const char *said, const char *undo)
{
    struct arena *x = w->p->arena;

    u->told = u->told == NULL ? said : arena_print(x, "%s %s", u->told, said);
    u->undo = undo;
    u->undos += undo != NULL;
}

static bool contact_do(struct work *w, struct wrap_up *u, struct fault *why)
{
    const struct talk talk = { .with = u->with,
                               .identity = u->identity,
                               .said = u->said,
                               .script = page_form(w->p, "script") };
    const struct logged_contact in = { .channel = u->left_message ? CHANNEL_VOICEMAIL
                                                                  : CHANNEL_CALL,
                                       .direction = u->inbound ? DIRECTION_IN : DIRECTION_OUT,
                                       .outcome = u->outcome,
                                       .at = w->book->now,
                                       .address = u->address,
                                       .note = u->note,
                                       .talk = &talk,
                                       .callback_at = u->calls_back ? u->call_at
                                                                    : (struct instant){ 0 },
                                       .once = w->once };
    enum change change;
    int32_t number;

    if (!contact_log(w->book, &w->account, &in, &number, &change, why))
        return false;
    done(u, w, "Call logged.", NULL);
    return true;
}

static bool promise_do(struct work *w, struct wrap_up *u, struct fault *why)
{
    enum change change;
    int32_t number;

    if (!u->promises)
        return true;
    if (!promise_check(w, &u->promise, why) ||
        !book_promise_once(w->book, w->account.key, key_of(w, "p"), &u->promise, &number,
                           &change, why))
        return false;
    done(u, w, promise_told(w->p, &u->promise), work_path(w, "promise", number, "withdraw"));
    return true;
}

static bool call_back_do(struct work *w, struct wrap_up *u, struct fault *why)
{
    enum change change;
    int32_t fact;

    if (!u->calls_back)
        return true;
    if (!contact_call_back(w->book, &w->account, u->call_at, "console", &fact, &change, why))
        return false;
    done(u, w,
         arena_print(w->p->arena, "Call back noted for %s, their time.",
                     words_moment(w->p->arena, u->call_at, u->zone,
                                  wall_at(w->book->now, u->zone).day)),
         NULL);
    return true;
}

static bool dispute_do(struct work *w, struct wrap_up *u, struct fault *why)
{
    enum change change;
    int32_t number;

    if (!u->disputes)
        return true;
    if (!account_currency(w->book, &w->account, 0, &u->dispute.currency, why) ||
        !dispute_open(w->book, w->account.key, &u->dispute, key_of(w, "d"), &number, &change,
                      why))
        return false;
    done(u, w, "Dispute taken down: nothing asks for money until it is answered.",
         work_path(w, "dispute", number, "withdraw"));
    return true;
}

static bool hardship_do(struct work *w, struct wrap_up *u, struct fault *why)
{
    enum change change;
    int32_t number;

    if (!u->struggles)
        return true;
    if (!hold_place_once(w->book, w->account.key, key_of(w, "h"), &u->hardship, &number,
                         &change, why))
        return false;
    done(u, w,
         arena_print(w->p->arena, "On hold until %s.",
                     words_day_near(w->p->arena, u->hardship.last, w->today)),
         work_path(w, "hold", number, "lift"));
    return true;
}

static bool wishes_do(struct work *w, struct wrap_up *u, struct fault *why)
{
    const struct contact_wish stop = { .channel = CHANNEL_CALL,
                                       .channel_known = true,
                                       .source = "console" };
    enum change change = CHANGE_NONE;
    int32_t fact;

    if (u->stop) {
        if (!contact_opt_out(w->book, &w->account, &stop, &fact, &change, why))
            return false;
        done(u, w, "No more calls: they asked us to stop.",
             change == CHANGE_NONE ? NULL : work_path(w, "fact", fact, "end"));
    }
    if ((!u->wrong && u->outcome != OUTCOME_NOT_IN_SERVICE) || u->address == NULL)
        return true;
    if (!reach_mark(w->book, w->account.key, CHANNEL_CALL, u->address, false,
                    u->wrong ? "wrong number" : "not in service", &change, why))
        return false;
    done(u, w, "The number is marked bad.", NULL);
    return true;
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
    struct work w;

    if (!work_begin(p, &w, why) || !view_casefile(p->view, p->hole, &f, why))
        return false;
    if (w.before != 0)
        return work_end_at(&w, "This call was logged already.", NULL, w.here, why);
    if (!wrap_up_read(&w, &u, why) || !contact_do(&w, &u, why) || !promise_do(&w, &u, why) ||
        !call_back_do(&w, &u, why) || !dispute_do(&w, &u, why) || !hardship_do(&w, &u, why) ||
        !wishes_do(&w, &u, why))
        return false;
    return work_end_at(&w, u.told, u.undos == 1 ? u.undo : NULL, goes_to(&w, &u), why);
}
