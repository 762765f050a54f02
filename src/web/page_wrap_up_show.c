/* After a call: the page, its choices, and what in an answer cannot be. */
#include "web/wrap_up.h"

#include "base/text.h"
#include "domain/casefile.h"

#include <string.h>

/* ---- Choices ---- */

static const struct choice withs[] = {
    { "person", "The right person", NULL },
    { "somebody_else", "Somebody else", NULL },
    { "nobody", "Nobody answered", NULL },
    { "voicemail", "Voicemail", NULL },
};

static const struct choice happens[] = {
    { "promise", "They will pay on a day", "promise" },
    { "plan", "They want to pay in parts", "plan" },
    { "offer", "They offer an amount", "offer" },
    { "dispute", "Something is wrong", "dispute" },
    { "hardship", "They cannot pay now", "hardship" },
    { "callback", "Call back later", "callback" },
    { "stop", "They asked us to stop calling", "stop" },
    { "wrong", "Wrong number", "wrong" },
    { "talk", "None of these", "talk" },
};

static const struct choice ends[] = {
    { "no_answer", "It rang, nobody answered", NULL },
    { "busy", "Busy", NULL },
    { "not_in_service", "Not in service", NULL },
};

static const struct choice messages[] = {
    { "limited_content_voicemail", "Left the limited message", "Name and a number, nothing else" },
    { "voicemail", "Left another message", NULL },
    { "no_answer", "Left no message", NULL },
};

static const struct choice identities[] = {
    { "birth_date", "Date of birth", NULL },
    { "postcode", "Postcode", NULL },
    { "address", "Street and number", NULL },
    { "account_number", "Last figures of the account", NULL },
    { "reference", "Our reference, from a letter", NULL },
    { "email", "Email address", NULL },
};

static const struct choice wrongs[] = {
    { "", "Choose what it is", NULL },
    { "not-mine", "It is not theirs", NULL },
    { "amount", "The amount is not right", NULL },
    { "paid", "They have paid it", NULL },
    { "service", "Goods or service were not right", NULL },
    { "identity-theft", "Somebody used their name", NULL },
    { "other", "Something else", NULL },
};

static bool known(const struct choice choices[], size_t count, const char *value)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(choices[i].value, value))
            return true;
    }
    return false;
}

bool wrap_up_with_known(const char *with)
{
    return known(withs, COUNT(withs), with);
}

bool wrap_up_happened_known(const char *happened)
{
    return known(happens, COUNT(happens), happened);
}

/* ---- The page ---- */

static const char *number_shown(struct page *p, const char *number)
{
    size_t length = strlen(number);

    return length > 4 ? arena_print(p->arena, "•• %s", number + length - 4) : number;
}

static void numbers_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "numbers");
    const char *typed = work_typed(p, "number", NULL);
    const struct casefile *c = f->casefile;

    for (size_t i = 0; i < c->point_count; i++) {
        const struct contact_point *point = &c->points[i];
        if (point->party != PARTY_DEBTOR ||
            (point->channel != CHANNEL_CALL && point->channel != CHANNEL_SMS))
            continue;
        json_t *row = list_add(list);
        const char *value = arena_print(p->arena, "%d", (int)point->number);
        put(row, "value", value);
        put(row, "title",
            arena_print(p->arena, "%s%s", number_shown(p, point->address),
                        point->good ? "" : ", marked bad"));
        put_true(row, "chosen",
                 typed != NULL ? text_equal(typed, value) : json_array_size(list) == 1);
    }
    put_true(p->context, "any_numbers", json_array_size(list) > 0);
}

static void identities_put(struct page *p)
{
    json_t *list = put_list(p->context, "identities");

    for (size_t i = 0; i < COUNT(identities); i++) {
        json_t *row = list_add(list);
        put(row, "value", identities[i].value);
        put(row, "title", identities[i].title);
        put_true(row, "chosen", work_is(p, "identity", identities[i].value));
    }
}

/* What the call screen ticked comes along unseen. */
static void said_put(struct page *p)
{
    const struct ask *ask = p->ask;
    bool sent = ask->form_count > 0;
    const struct field *fields = sent ? ask->form : ask->query;
    size_t count = sent ? ask->form_count : ask->query_count;
    json_t *list = put_list(p->context, "said");

    for (size_t i = 0; i < count; i++) {
        if (text_equal(fields[i].name, "said"))
            json_array_append_new(list, json_string(fields[i].value));
    }
}

/* What the person will read; holes are filled by the page's script as it is typed. */
static void next_words_put(struct page *p)
{
    static const struct {
        const char *happened, *words;
    } nexts[] = {
        { "promise", "You said you will pay {amount} by {by}. We do not remind you before then." },
        { "plan", "We are writing down the payments that suit you. You get them in writing." },
        { "offer", "We have your offer. You hear from us whether we can say yes, and why." },
        { "dispute", "You told us that something is wrong. We have stopped asking for this money, "
                     "and write to you with what we find." },
        { "hardship", "We have paused this until {pause_until}. Nobody asks you for money before "
                      "then." },
        { "callback", "We call you on {call_day} at {call_time}, your time, as you asked." },
        { "stop", "We do not call you any more. Letters that the law requires still come." },
        { "wrong", "We have taken this number off, and will not call it again." },
        { "talk", "Nothing changes. You can reach us when it suits you." },
    };
    json_t *list = put_list(p->context, "nexts");

    for (size_t i = 0; i < COUNT(nexts); i++) {
        json_t *row = list_add(list);
        put(row, "happened", nexts[i].happened);
        put(row, "words", nexts[i].words);
    }
}

bool page_wrap_up(struct page *p, struct fault *why)
{
    static const char *const texts[] = { "amount",    "by",            "call_day",
                                         "call_time", "dispute_words", "hardship",
                                         "note",      "script" };
    struct casefile_view f;

    if (!work_page(p, "After the call", &f, why))
        return false;
    for (size_t i = 0; i < COUNT(texts); i++)
        work_value(p, texts[i], NULL);
    work_day_value(p, "pause_until", day_plus(p->view->today, PAUSE_DAYS));
    work_choices(p, "with", withs, COUNT(withs), NULL);
    work_choices(p, "happened", happens, COUNT(happens), NULL);
    work_choices(p, "ended", ends, COUNT(ends), "no_answer");
    work_choices(p, "message", messages, COUNT(messages), "limited_content_voicemail");
    work_choices(p, "dispute", wrongs, COUNT(wrongs), "");
    put_true(p->context, "inbound", work_is(p, "direction", "in"));
    numbers_put(p, &f);
    identities_put(p);
    said_put(p);
    next_words_put(p);
    work_today(p);
    const struct zone *zone = f.party->zone_count > 0 ? f.party->zones[0] : NULL;
    put(p->context, "their_zone", zone == NULL ? "our time: theirs is not known"
                                               : words_zone(p->arena, zone));
    return true;
}

/* ---- What it counts as ---- */

/* The number of this place among their addresses. */
static bool number_read(const struct page *p, struct wrap_up *u, struct fault *why)
{
    const struct casefile *c = u->file->casefile;
    const char *typed = page_form(p, "number");
    int64_t place;

    if (typed == NULL)
        return true;
    if (!text_to_int(typed, &place))
        return fail(why, BAD_VALUE, "This form is not whole. Open the page again, please.");
    for (size_t i = 0; i < c->point_count; i++) {
        if (c->points[i].number == place && c->points[i].party == PARTY_DEBTOR)
            u->is.address = c->points[i].address;
    }
    return true;
}

bool wrap_up_outcome(const struct page *p, struct wrap_up *u, struct fault *why)
{
    const char *said = NULL;

    if (!number_read(p, u, why))
        return false;
    if (text_equal(u->is.talk.with, "nobody"))
        said = page_form_or(p, "ended", "no_answer");
    else if (text_equal(u->is.talk.with, "voicemail"))
        said = page_form_or(p, "message", "limited_content_voicemail");
    else
        u->is.outcome = u->person ? OUTCOME_CONVERSATION
                     : u->is.wrong ? OUTCOME_WRONG_NUMBER
                                : OUTCOME_OTHER;
    if (said != NULL && (!(known(ends, COUNT(ends), said) ||
                           known(messages, COUNT(messages), said)) ||
                         !outcome_parse(said, &u->is.outcome)))
        return fail(why, BAD_VALUE, "Say how the call ended.");
    u->is.wished = text_equal(u->happened, "plan") || text_equal(u->happened, "offer");
    if (u->happened == NULL && (u->person || text_equal(u->is.talk.with, "somebody_else")))
        return fail(why, BAD_VALUE, "Say what happened. \"None of these\" is an answer, too.");
    return true;
}

/* ---- What cannot be ---- */

/* Both facts stay on the page; each button keeps one of them. */
static bool contradicts(struct page *p, struct fault *why, const char *sentence,
                        const char *first, const char *first_label, const char *second,
                        const char *second_label)
{
    json_t *object = put_object(p->context, "contradiction");
    json_t *ways = put_list(object, "ways"), *way = list_add(ways);

    put(way, "value", first);
    put(way, "label", first_label);
    way = list_add(ways);
    put(way, "value", second);
    put(way, "label", second_label);
    return fail(why, BAD_VALUE, "%s", sentence);
}

/* Somebody decided which of two holds: the other is left out. */
static void settle(const struct page *p, struct wrap_up *u)
{
    if (work_is(p, "keep", "stop"))
        u->is.calls_back = false;
    if (work_is(p, "keep", "callback"))
        u->is.stop = false;
    if (work_is(p, "keep", "unreached"))
        u->is.promises = u->is.disputes = u->is.struggles = u->is.calls_back = u->is.stop = false;
    if (work_is(p, "keep", "wrong")) {
        u->person = false;
        u->is.talk.with = "somebody_else";
        u->is.outcome = OUTCOME_WRONG_NUMBER;
    }
    if (work_is(p, "keep", "person")) {
        u->person = true;
        u->is.wrong = false;
        u->is.talk.with = "person";
        u->is.outcome = OUTCOME_CONVERSATION;
    }
}

static bool role_may(const struct page *p, const struct wrap_up *u, struct fault *why)
{
    const struct {
        bool wanted;
        enum permission permission;
    } all[] = { { u->is.promises, MAY_AGREE },
                { u->is.disputes, MAY_DISPUTE },
                { u->is.struggles, MAY_HOLD } };

    for (size_t i = 0; i < COUNT(all); i++) {
        if (all[i].wanted && !page_may(p, all[i].permission))
            return fail(why, NOT_ALLOWED, "Your role, %s, may not %s.",
                        words_small(p->arena, p->role->title),
                        permission_words(all[i].permission));
    }
    return true;
}

/* What cannot both be, in words, with the two ways out of it. */
static bool clash_told(struct work *w, const struct wrap_up *u, enum call_clash clash,
                       struct fault *why)
{
    struct page *p = w->p;
    struct arena *x = p->arena;
    const char *name = w->account.name, *it_was = arena_print(x, "It was %s", name);

    switch (clash) {
    case CALL_STOP_AND_CALLBACK:
        return contradicts(
            p, why,
            arena_print(x,
                        "%s asked us to stop calling, and a call back is noted for %s. Both "
                        "cannot hold.",
                        name,
                        words_moment(x, u->is.call_at, u->zone,
                                     wall_at(p->view->now, u->zone).day)),
            "stop", "Record the stop, without the call", "callback", "Keep the call, no stop");
    case CALL_UNREACHED:
        return contradicts(
            p, why,
            arena_print(x, "Nobody was reached, and something that %s said is noted.", name),
            "unreached", "Nobody was reached: leave that out", "person", it_was);
    case CALL_OTHER_SPOKE:
        return contradicts(
            p, why,
            arena_print(x,
                        "You spoke with somebody else, and something is noted that only %s, or "
                        "who may speak for them, can say.",
                        name),
            "unreached", "It was somebody else: leave that out", "person", it_was);
    case CALL_WRONG_PERSON:
        return contradicts(p, why,
                           arena_print(x,
                                       "A wrong number does not lead to %s, and you spoke with "
                                       "them.",
                                       name),
                           "person", "It is the right number", "wrong",
                           "It is a wrong number");
    case CALL_FITS:
        break;
    }
    return true;
}

bool wrap_up_agrees(struct work *w, struct wrap_up *u, struct fault *why)
{
    settle(w->p, u);
    enum call_clash clash = call_clash(&u->is);
    if (clash != CALL_FITS)
        return clash_told(w, u, clash, why);
    if (u->person && call_agreed_anything(&u->is) && u->is.talk.identity == NULL)
        return fail(why, BAD_VALUE,
                    "Say how you confirmed that it was %s: something was agreed.",
                    w->account.name);
    return role_may(w->p, u, why);
}
