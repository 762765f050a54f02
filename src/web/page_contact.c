/* A contact that happened elsewhere: a letter or a message that came, a visit, a call from another
 * desk. It counts as any other. */
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/contact_log.h"

static const struct choice ways[] = { { "letter", "Letter", NULL },
                                      { "email", "Email", NULL },
                                      { "sms", "Text message", NULL },
                                      { "call", "Call", NULL },
                                      { "voicemail", "Voicemail", NULL },
                                      { "social", "Chat or social media", NULL },
                                      { "visit", "In person", "A conversation, face to face" } };

static const struct choice sides[] = { { "in", "They reached us", NULL },
                                       { "out", "We reached out", NULL } };

static const struct choice outcomes[] = { { "message", "They wrote, or left word", NULL },
                                          { "conversation", "We spoke", NULL },
                                          { "no_answer", "Nobody answered", NULL },
                                          { "voicemail", "We left a message", NULL },
                                          { "busy", "Busy", NULL },
                                          { "wrong_number", "Somebody else was there", NULL },
                                          { "not_in_service", "The number is dead", NULL },
                                          { "sent", "It was sent", NULL },
                                          { "bounced", "It came back", NULL },
                                          { "other", "Something else", NULL } };

static const struct zone *zone_of(const struct page *p, const struct casefile_view *f)
{
    return f->party->zone_count > 0 ? f->party->zones[0] : p->view->zone;
}

bool page_contact(struct page *p, struct fault *why)
{
    static const char *const texts[] = { "address", "note", "time", "call_day", "call_time" };
    struct casefile_view f;

    if (!work_page(p, "Log a contact", &f, why))
        return false;
    for (size_t i = 0; i < COUNT(texts); i++)
        work_value(p, texts[i], NULL);
    work_day_value(p, "day", p->view->today);
    work_choices(p, "channel", ways, COUNT(ways), NULL);
    work_choices(p, "direction", sides, COUNT(sides), "in");
    work_choices(p, "outcome", outcomes, COUNT(outcomes), NULL);
    put(p->context, "their_zone", words_zone(p->arena, zone_of(p, &f)));
    put(p->context, "our_zone", words_zone(p->arena, p->view->zone));
    work_today(p);
    return true;
}

/* ---- Logged ---- */

/* A talk in person is a conversation that no channel carried. */
static bool way_read(struct page *p, struct logged_contact *in, bool *visit, struct fault *why)
{
    const char *channel = page_form(p, "channel"), *outcome = page_form(p, "outcome");

    *visit = text_equal(channel, "visit");
    in->direction = text_equal(page_form(p, "direction"), "out") ? DIRECTION_OUT : DIRECTION_IN;
    in->channel = CHANNEL_CALL;
    if (channel == NULL)
        return fail(why, BAD_VALUE, "Choose how it happened.");
    if (!*visit && !channel_parse(channel, &in->channel))
        return fail(why, BAD_VALUE, "There is no way \"%s\" of contact.", channel);
    if (*visit && outcome == NULL)
        outcome = "conversation";
    if (outcome == NULL)
        return fail(why, BAD_VALUE, "Choose what came of it.");
    return contact_outcome_typed(outcome, &in->outcome) ||
           fail(why, BAD_VALUE, "There is no outcome \"%s\".", outcome);
}

static bool makes_sense(const struct logged_contact *in, struct fault *why)
{
    bool spoken = in->channel == CHANNEL_CALL || in->channel == CHANNEL_VOICEMAIL;
    bool written = in->channel == CHANNEL_LETTER || in->channel == CHANNEL_EMAIL ||
                   in->channel == CHANNEL_SMS;

    if (in->direction == DIRECTION_IN &&
        (in->outcome == OUTCOME_SENT || in->outcome == OUTCOME_BOUNCED ||
         in->outcome == OUTCOME_NO_ANSWER || in->outcome == OUTCOME_BUSY))
        return fail(why, BAD_VALUE, "They reached us, and yet nobody was reached. Choose who "
                                    "reached whom, or what came of it.");
    if (written && (in->outcome == OUTCOME_NO_ANSWER || in->outcome == OUTCOME_BUSY ||
                    in->outcome == OUTCOME_VOICEMAIL || in->outcome == OUTCOME_CONVERSATION ||
                    in->outcome == OUTCOME_NOT_IN_SERVICE))
        return fail(why, BAD_VALUE, "That cannot come of something written. Choose how it happened, "
                                    "or what came of it.");
    return !spoken || in->outcome != OUTCOME_SENT ||
           fail(why, BAD_VALUE, "A call is not sent. Choose what came of it.");
}

static bool call_back_read(struct page *p, const struct zone *zone, struct instant *out,
                           struct fault *why)
{
    struct day day;
    int32_t second;

    if (!work_day(p, "call_day", "the day of the call", DAY_NONE, &day, why))
        return false;
    if (day.number == DAY_NONE.number)
        return page_form(p, "call_time") == NULL ||
               fail(why, BAD_VALUE, "Enter the day on which they want to be called.");
    if (!work_clock(p, "call_time", "the time of the call, as their clock shows it", &second,
                    why))
        return false;
    *out = instant_of_wall((struct wall){ day, second }, zone);
    return out->us > p->view->now.us ||
           fail(why, BAD_VALUE, "The call back has to be later than now.");
}

static bool contact_typed(struct page *p, const struct casefile_view *f,
                          struct logged_contact *in, struct fault *why)
{
    bool visit;

    if (!way_read(p, in, &visit, why) || !makes_sense(in, why) ||
        !work_moment(p, "day", "time", "the contact", p->view->zone, p->view->now, &in->at, why) ||
        !call_back_read(p, zone_of(p, f), &in->callback_at, why))
        return false;
    in->address = page_form(p, "address");
    in->note = page_form(p, "note");
    if (visit && in->note == NULL)
        return fail(why, BAD_VALUE, "Write down what was said: nobody else was there.");
    if (visit)
        in->note = arena_print(p->arena, "In person: %s", in->note);
    return true;
}

bool contact_add(struct page *p, struct fault *why)
{
    struct logged_contact in = { 0 };
    struct casefile_view f;
    enum change change;
    struct work w;
    int32_t number;

    if (!work_begin(p, &w, why) || !view_casefile(p->view, p->hole, &f, why) ||
        !contact_typed(p, &f, &in, why))
        return false;
    in.once = w.once;
    if (!contact_log(w.book, &w.account, &in, &number, &change, why))
        return false;
    return work_end(&w, change == CHANGE_NONE ? "This contact was logged already."
                                              : "Logged. It counts for limits and waits.",
                    NULL, why);
}
