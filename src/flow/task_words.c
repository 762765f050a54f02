/* Task: what there is to do, in one line. */
#include "flow/task.h"

#include "flow/spoken.h"

#include <string.h>

enum { REASON_MOST = 120 };

const char *task_origin(struct arena *a, const struct task_wanted *w)
{
    return arena_print(a, "%s %d", w->what, (int)w->number);
}

static const char *money_of_task(struct arena *a, struct money money)
{
    return spoken_money(a, "en", money);
}

static const char *day_of_task(struct arena *a, struct day day)
{
    return spoken_short_day(a, "en", "US", day);
}

/* On one line, and no longer than a row can show. */
static const char *said_shortly(struct arena *a, const char *said)
{
    char *text = text_trim(a, said);
    size_t length = strlen(text);

    for (char *at = text; *at != '\0'; at++) {
        if (*at == '\n' || *at == '\r' || *at == '\t')
            *at = ' ';
    }
    if (length <= REASON_MOST)
        return text;
    length = REASON_MOST;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    text[length] = '\0';
    char *blank = strrchr(text, ' ');
    if (blank != NULL && blank > text + REASON_MOST / 2)
        *blank = '\0';
    return arena_print(a, "%s…", text);
}

/* "early_call": "Early call" */
static const char *name_in_words(struct arena *a, const char *name)
{
    char *text = arena_copy(a, name);

    for (char *at = text; *at != '\0'; at++) {
        if (*at == '_' || *at == '-')
            *at = ' ';
    }
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
    return text;
}

static const char *reply_words(struct arena *a, const struct task_wanted *w)
{
    static const char *const by[CHANNEL_COUNT] = {
        [CHANNEL_CALL] = "Left a message on the phone",
        [CHANNEL_VOICEMAIL] = "Left a message on the phone",
        [CHANNEL_SMS] = "Sent a text",
        [CHANNEL_EMAIL] = "Sent an email",
        [CHANNEL_LETTER] = "Sent a letter",
        [CHANNEL_PORTAL] = "Wrote in the portal",
    };
    const char *text = w->said != NULL        ? said_shortly(a, w->said)
                       : by[w->channel] != NULL ? by[w->channel]
                                                : "Wrote to us";

    return w->count > 1 ? arena_print(a, "%d messages: %s", w->count, text) : text;
}

static const char *payment_words(struct arena *a, const struct task_wanted *w)
{
    const char *what = text_equal(w->state, "returned")       ? "went back to the bank"
                       : text_equal(w->state, "charged_back") ? "was charged back"
                                                              : "did not go through";

    return w->said != NULL
               ? arena_print(a, "%s %s: %s", money_of_task(a, w->money), what,
                             said_shortly(a, w->said))
               : arena_print(a, "%s %s", money_of_task(a, w->money), what);
}

static const char *missed_words(struct arena *a, const struct task_wanted *w)
{
    if (text_equal(w->state, "defaulted"))
        return arena_print(a, "The plan ended: %s due %s did not arrive",
                           money_of_task(a, w->money), day_of_task(a, w->day));
    return arena_print(a, "%s %s %s did not arrive", money_of_task(a, w->money),
                       w->plan ? "of the plan, due" : "promised for", day_of_task(a, w->day));
}

static const char *dispute_words(struct arena *a, const struct task_wanted *w)
{
    static const char *const reasons[][2] = {
        { "not-mine", "Says it is not theirs" },
        { "amount", "Says the amount is wrong" },
        { "paid", "Says it was paid" },
        { "service", "Says something was wrong with what they got" },
        { "identity-theft", "Says somebody used their name" },
    };

    if (w->said != NULL)
        return said_shortly(a, w->said);
    for (size_t i = 0; i < COUNT(reasons); i++) {
        if (text_equal(reasons[i][0], w->state))
            return reasons[i][1];
    }
    return w->money.minor > 0 && w->money.currency != CURRENCY_NONE
               ? arena_print(a, "Says %s of it is wrong", money_of_task(a, w->money))
               : "Says something is wrong";
}

static const char *offer_words(struct arena *a, const struct task_wanted *w)
{
    const char *of = arena_print(a, "%s of %s", money_of_task(a, w->money),
                                 money_of_task(a, w->whole));

    return text_equal(w->state, "waiting_approval")
               ? arena_print(a, "Waits for approval: %s", of)
               : arena_print(a, "Offers %s", of);
}

static const char *address_words(const struct task_wanted *w)
{
    bool phone = w->channel == CHANNEL_CALL || w->channel == CHANNEL_SMS ||
                 w->channel == CHANNEL_VOICEMAIL;

    if (text_equal(w->state, "wrong_number"))
        return "Somebody else answers at the phone number";
    if (text_equal(w->state, "not_in_service"))
        return "The phone number is not in service";
    if (w->channel == CHANNEL_EMAIL)
        return "Email bounced";
    if (w->channel == CHANNEL_LETTER)
        return "Letter came back";
    return phone ? "The phone number does not work" : "The address does not work";
}

static const char *hold_words(struct arena *a, const struct task_wanted *w, const char *bare)
{
    return w->said != NULL ? said_shortly(a, w->said) : bare;
}

const char *task_reason(struct arena *a, const struct task_wanted *w)
{
    switch (w->kind) {
    case TASK_REPLY:
        return reply_words(a, w);
    case TASK_CALLBACK:
        return w->said != NULL ? said_shortly(a, w->said) : "Asked us to call";
    case TASK_COMPLAINT:
        return hold_words(a, w, "Complained about us");
    case TASK_PAYMENT:
        return payment_words(a, w);
    case TASK_MISSED:
        return missed_words(a, w);
    case TASK_PROMISE:
        return arena_print(a, "%s promised for %s", money_of_task(a, w->money),
                           day_of_task(a, w->day));
    case TASK_DISPUTE:
        return dispute_words(a, w);
    case TASK_HARDSHIP:
        return hold_words(a, w, "Cannot pay for now");
    case TASK_OFFER:
        return offer_words(a, w);
    case TASK_ADDRESS:
        return address_words(w);
    case TASK_CALL:
        return arena_print(a, "%s planned by the strategy",
                           w->step != NULL ? name_in_words(a, w->step) : "Call");
    case TASK_REVIEW:
        return arena_print(a, "%s hold: look again", name_in_words(a, w->state));
    case TASK_KIND_COUNT:
        break;
    }
    bug("a kind of task has no words", HERE);
}
