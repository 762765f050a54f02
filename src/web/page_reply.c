/* What somebody writes to a person: in their own words or by a text of the person's ladder, by
 * email or letter; on a page of its own, and at the foot of the timeline. The gate is asked before it
 * goes; what it holds back stays on the page, with its reason, and nothing that was typed is lost. */
#include "web/page_parts.h"
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/compose.h"
#include "flow/outbox.h"
#include "flow/speak.h"

#include <string.h>

#define OWN_WORDS "own"

static const struct {
    enum channel channel;
    const char *value;
} ways[] = { { CHANNEL_EMAIL, "email" }, { CHANNEL_LETTER, "letter" } };

/* A collector's name says what it is about: their emails have a subject of the house. */
static bool is_own(const struct casefile_view *f)
{
    return f->casefile->role == ACTOR_FIRST_PARTY_CREDITOR;
}

/* Browsers end lines with two characters. */
static const char *lines_of(const struct page *p, const char *name)
{
    const char *typed = page_form(p, name);
    char *copy = typed == NULL ? NULL : arena_alloc(p->arena, strlen(typed) + 1), *to = copy;

    for (const char *at = typed; at != NULL && *at != '\0'; at++) {
        if (*at != '\r')
            *to++ = *at;
    }
    if (to != NULL)
        *to = '\0';
    return copy;
}

/* ---- Texts that are ready: those of the ladder that the person is on ---- */

static const struct ladder *ladder_of(const struct casefile_view *f)
{
    const struct segment *segment = f->decision->segment;

    return segment == NULL ? NULL : segment->ladder;
}

/* That was chosen; NULL: one's own words. */
static const char *text_typed(const struct page *p)
{
    const char *typed = work_typed(p, "text", NULL);

    return text_equal(typed, OWN_WORDS) ? NULL : typed;
}

static void text_put(struct page *p, json_t *list, const char *value, const char *title)
{
    const char *typed = text_typed(p);
    json_t *row = list_add(list);

    put(row, "value", value);
    put(row, "title", title);
    put_true(row, "chosen", text_equal(value, typed != NULL ? typed : OWN_WORDS));
}

static void texts_put(struct page *p, const struct casefile_view *f)
{
    const struct ladder *ladder = ladder_of(f);
    json_t *list = put_list(p->context, "texts");

    text_put(p, list, OWN_WORDS, "My own words");
    for (size_t i = 0; ladder != NULL && i < ladder->step_count; i++) {
        const struct ladder_step *step = &ladder->steps[i];
        size_t first = 0;
        while (!text_equal(ladder->steps[first].template, step->template))
            first++;
        if (first == i &&
            (ladder_says(ladder, step->template, CHANNEL_EMAIL) ||
             ladder_says(ladder, step->template, CHANNEL_LETTER)))
            text_put(p, list, step->template, words_plain(p->arena, step->template));
    }
    put_true(p->context, "any_texts", json_array_size(list) > 1);
}

static struct speech speech_of(const struct page *p, const struct casefile_view *f,
                               enum channel channel)
{
    const char *text = text_typed(p);

    if (text != NULL)
        return speech_text(channel, text);
    return speech_reply(f->casefile->role, f->party->language, channel,
                        page_form(p, "subject"), lines_of(p, "words"));
}

/* ---- The page ---- */

static const char *when_words(const struct page *p, const struct spoken *spoken)
{
    int64_t wait = spoken->at.us - p->view->now.us;

    return wait <= (int64_t)SPEAK_HELD_SECONDS * 1000000
               ? "Goes after a minute, in which you can stop it."
               : arena_print(p->arena, "Goes %s: that is when it is allowed.",
                             moment_within(p, spoken->at));
}

static void notices_put(json_t *row, const struct verdict *verdict)
{
    json_t *list = put_list(row, "notices");

    for (size_t i = 0; verdict != NULL && i < verdict->duty_count; i++) {
        const struct duty *duty = &verdict->duties[i];
        if (duty->text == NULL)
            continue;
        json_t *notice = list_add(list);
        put(notice, "text", rule_title(duty->rule));
        put(notice, "cite", rule_cite_first(duty->rule));
    }
    put_true(row, "any_notices", json_array_size(list) > 0);
}

static void way_put(struct page *p, const struct casefile_view *f, json_t *row,
                    const struct spoken *spoken)
{
    const struct channel_view *ch = &spoken->stands;
    bool allowed = ch->address != NULL && ch->ruling == RULING_ALLOW;

    put(row, "title", words_channel(channel_name(ch->channel)));
    put_true(row, "allowed", allowed);
    put_true(row, "counts", spoken->counts);
    if (ch->address == NULL) {
        put(row, "reason", ch->address_is_bad ? "The address on file came back."
                                              : "No address is on file.");
        return;
    }
    put(row, "address", ch->channel == CHANNEL_LETTER
                            ? f->party->name
                            : address_hint(p, ch->channel, ch->address));
    notices_put(row, spoken->verdict);
    if (allowed) {
        put(row, "when", when_words(p, spoken));
        return;
    }
    put(row, "reason", ch->reason != NULL ? ch->reason : "The rules do not allow it now.");
    put_rule(p, row, ch->rule);
    if (ch->until.us != INSTANT_NEVER.us)
        put(row, "opens",
            moment_within(p, ch->until));
}

/* What is asked about before anything is typed. */
static struct speech way_speech(const struct page *p, const struct casefile_view *f,
                                enum channel channel)
{
    struct speech speech = speech_of(p, f, channel);

    if (speech.asks)
        speech = (struct speech){ .channel = channel, .template = "reply", .step = "reply",
                                  .held_seconds = SPEAK_HELD_SECONDS, .waits = true };
    return speech;
}

/* Both ways, and how each stands; the first that is allowed is chosen. */
static bool ways_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    json_t *list = put_list(p->context, "ways");
    const char *typed = work_typed(p, "channel", NULL);
    bool chosen = false;

    for (size_t i = 0; i < COUNT(ways); i++) {
        struct speech speech = way_speech(p, f, ways[i].channel);
        struct spoken spoken;
        if (!speak_ask(p->view->store, p->arena, p->view->policy, p->view->zone,
                       f->casefile->key, p->view->now, &speech, &spoken, why))
            return false;
        json_t *row = list_add(list);
        put(row, "value", ways[i].value);
        way_put(p, f, row, &spoken);
        bool allowed = json_is_true(json_object_get(row, "allowed"));
        bool its = typed != NULL ? text_equal(typed, ways[i].value) : allowed && !chosen;
        put_true(row, "chosen", its);
        chosen = chosen || its;
    }
    return true;
}

/* What they wrote last, so that nobody has to remember it. */
static bool theirs_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    struct story story;

    if (!view_casefile_story(p->view, f, STORY_CONTACT, NULL, &story, why))
        return false;
    for (size_t i = 0; i < story.count; i++) {
        const struct happening *h = &story.all[i];
        if (h->kind != HAPPENED_CONTACT || !h->incoming || h->text == NULL)
            continue;
        json_t *row = put_object(p->context, "theirs");
        put(row, "text", h->text);
        put(row, "when", words_moment(p->arena, h->at, p->view->zone, p->view->today));
        put(row, "way", words_channel(h->channel));
        return true;
    }
    return true;
}

static bool reply_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    work_value(p, "words", NULL);
    work_value(p, "subject", NULL);
    put_true(p->context, "own", is_own(f));
    put(p->context, "who", who_of(p, f));
    texts_put(p, f);
    return ways_put(p, f, why);
}

/* A note is the third way, and the first that is offered: nothing goes out by mistake. */
bool write_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    const char *once = page_form(p, "once"), *typed = work_typed(p, "channel", NULL);
    bool note = typed == NULL || text_equal(typed, "note");

    put(p->context, "once", once != NULL ? once : work_once(p));
    if (!reply_put(p, f, why))
        return false;
    put_true(p->context, "is_note", note);
    json_t *list = json_object_get(p->context, "ways"), *row;
    size_t i;
    json_array_foreach(list, i, row) {
        if (note)
            put_true(row, "chosen", false);
    }
    return true;
}

static bool reply_page(struct page *p, struct fault *why)
{
    struct casefile_view f;

    if (!work_page(p, "Write to them", &f, why))
        return false;
    put(p->context, "title", arena_print(p->arena, "Write to %s", who_of(p, &f)));
    return theirs_put(p, &f, why) && reply_put(p, &f, why);
}

bool page_reply(struct page *p, struct fault *why)
{
    return reply_page(p, why);
}

/* ---- Sent on its way ---- */

/* A ready text says it all. */
static bool text_fits(const struct page *p, const struct casefile_view *f,
                      enum channel channel, struct fault *why)
{
    const struct speech speech = speech_text(channel, text_typed(p));
    const char *words = page_form(p, "words");

    return speech_text_check(&speech, ladder_of(f), why) &&
           (words == NULL || text_trim(p->arena, words)[0] == '\0' ||
            fail(why, BAD_VALUE,
                 "\"%s\" says it all. Take your words out, or choose to send them instead.",
                 words_plain(p->arena, speech.template)));
}
static bool reply_typed(const struct page *p, const struct casefile_view *f,
                        enum channel *channel, struct fault *why)
{
    const char *typed = page_form(p, "channel");

    *channel = CHANNEL_COUNT;
    for (size_t i = 0; typed != NULL && i < COUNT(ways); i++) {
        if (text_equal(ways[i].value, typed))
            *channel = ways[i].channel;
    }
    if (*channel == CHANNEL_COUNT)
        return fail(why, BAD_VALUE, "Choose how it goes.");
    return text_typed(p) == NULL || text_fits(p, f, *channel, why);
}

static void refused_put(struct page *p, const struct spoken *spoken)
{
    struct channel_view ch = spoken->stands;

    if (ch.address == NULL)
        ch.reason = ch.address_is_bad ? "The address on file does not lead to them any more."
                                      : "There is no address on file.";
    work_blocked(p, &ch, ch.until);
    json_t *card = json_object_get(p->context, "blocked");
    if (spoken->decision != 0) {
        const char *record = arena_print(p->arena, "%lld.%lld", (long long)p->bucket,
                                         (long long)spoken->decision);
        put(card, "record", arena_print(p->arena, "D-%s", record));
        put(card, "link", arena_print(p->arena, "/d/%s", record));
    }
    p->stays = 422;
}

static bool sent(struct work *w, const struct spoken *spoken, struct fault *why)
{
    struct arena *x = w->p->arena;
    int64_t wait = spoken->at.us - w->p->view->now.us;
    const char *said =
        wait <= (int64_t)SPEAK_HELD_SECONDS * 1000000
            ? "On its way in a minute."
            : arena_print(x, "It goes %s, when it is allowed.",
                          moment_within(w->p, spoken->at));

    return book_key_put(w->book, w->account.key, w->once, spoken->number, why) &&
           work_end(w, said, work_path(w, "reply", spoken->number, "stop"), why);
}

/* Decides; what is held back is shown on this page. */
static bool send_it(struct page *p, page_fill *page, struct fault *why)
{
    struct casefile_view f;
    struct spoken spoken;
    enum channel channel;
    struct work w;

    if (!work_begin(p, &w, why))
        return false;
    if (w.before != 0)
        return work_end(&w, "That was sent on its way already.", NULL, why);
    if (!view_casefile(p->view, p->hole, &f, why) || !reply_typed(p, &f, &channel, why))
        return false;
    const struct speech speech = speech_of(p, &f, channel);
    if ((text_typed(p) == NULL && !speech_reply_check(&speech, why)) ||
        !speak(w.book, p->view->policy, w.account.key, &speech, &spoken, why))
        return false;
    if (spoken.number != 0)
        return sent(&w, &spoken, why);
    if (!page_commit(p, why) || !page(p, why))
        return false;
    refused_put(p, &spoken);
    return true;
}

bool reply_send(struct page *p, struct fault *why)
{
    return send_it(p, reply_page, why);
}

bool write_send(struct page *p, struct fault *why)
{
    bool note = page_form(p, "do") != NULL || text_equal(page_form(p, "channel"), "note");

    return note ? note_add(p, why)
                : send_it(p, account_page, why);
}

/* As it would be read; nothing is kept of it. */
bool write_show(struct page *p, struct fault *why)
{
    struct casefile_view f;
    struct composed made;
    enum channel channel;

    if (!view_casefile(p->view, p->hole, &f, why) || !reply_typed(p, &f, &channel, why))
        return false;
    const struct speech speech = speech_of(p, &f, channel);
    if (!work_found(speak_show(p->view->store, p->arena, p->view->policy, p->view->zone,
                               f.casefile->key, p->view->now, &speech, &made, why),
                    why))
        return false;
    if (channel == CHANNEL_LETTER)
        page_pdf(p, made.bytes, made.length);
    else
        page_email(p, view_email_markup(p->view, made.bytes, made.length));
    return true;
}

bool reply_stop(struct page *p, struct fault *why)
{
    struct work w;
    int32_t number;

    return work_number(p, 1, &number, why) && work_again(p, &w, why) &&
           outbox_stop(w.book, w.account.key, number, "stopped by who wrote it", why) &&
           work_end(&w, "Stopped: it is not sent.", NULL, why);
}
