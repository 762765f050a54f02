/* What happened to a case file, in sentences. */
#include "web/page_parts.h"
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/deed.h"

#include <string.h>

static const char *text_at(const json_t *record, const char *key)
{
    const char *text = json_string_value(json_object_get(record, key));

    return text == NULL ? "" : text;
}

/* "1234.56" and "USD" as people read it. */
static const char *amount_at(struct page *p, const json_t *record)
{
    enum currency currency = currency_parse(text_at(record, "currency"));
    struct money money;
    struct fault why;

    if (currency == CURRENCY_NONE ||
        !money_parse(text_at(record, "amount"), '.', '\0', currency, &money, &why))
        return text_at(record, "amount");
    return words_money(p->arena, money.minor, currency);
}

static const char *day_at(struct page *p, const json_t *record, const char *key)
{
    struct day day;

    return day_parse(text_at(record, key), &day) ? words_day(p->arena, day)
                                                 : text_at(record, key);
}

/* One event: an icon, a headline, and something smaller after it. */
static void event_say(json_t *row, const char *icon, const char *title, const char *detail)
{
    char key[32] = "icon_";

    strncat(key, icon, sizeof key - sizeof "icon_");
    put_true(row, key, true);
    put(row, "headline", title);
    put(row, "detail", detail != NULL && detail[0] != '\0' ? detail : NULL);
}

static void say_payment_back(struct page *p, json_t *row, const json_t *record)
{
    event_say(
        row, "coin",
        arena_print(p->arena, "Payment %s: %s", text_at(record, "payment"),
                    words_small(p->arena, words_plain(p->arena, text_at(record, "state")))),
        text_at(record, "reason"));
    put_true(row, "tone_warn", true);
}

static void say_payment(struct page *p, json_t *row, const json_t *record)
{
    if (text_equal(text_at(record, "change"), "taken_back")) {
        say_payment_back(p, row, record);
        return;
    }
    bool pending = text_equal(text_at(record, "state"), "pending");

    event_say(row, "coin",
              arena_print(p->arena, "%s %s", amount_at(p, record),
                          pending ? "is on its way" : "came in"),
              arena_print(p->arena, "Value day %s, %s", day_at(p, record, "day"),
                          text_at(record, "payment")));
    put_true(row, "tone_ok", true);
}

static void say_debt(struct page *p, json_t *row, const json_t *record)
{
    bool added = text_equal(text_at(record, "change"), "added");

    event_say(row, "file",
              arena_print(p->arena, "%s %s", text_at(record, "debt"),
                          added ? "was put on file" : "was changed"),
              amount_at(p, record));
}

static void say_fact(struct page *p, json_t *row, const json_t *record)
{
    const char *channel = text_at(record, "channel"), *scope = text_at(record, "scope");

    event_say(row, "flag", words_fact(p->arena, text_at(record, "type")),
              channel[0] != '\0' ? words_channel(channel) : words_plain(p->arena, scope));
    put_true(row, "tone_in", true);
}

/* What happened to the money beside payments: the words stand around its amount. */
static void say_movement(struct page *p, json_t *row, const json_t *record)
{
    static const struct {
        const char *kind, *before, *after;
        bool amount;
    } words[] = {
        { "charge", "", " charged", true },
        { "credit", "Credit note of ", "", true },
        { "waive", "", " waived", true },
        { "apply", "", " used of what waited", true },
        { "refund", "", " paid back", true },
        { "settle", "", " forgiven by the settlement", true },
        { "write_off", "", " written off", true },
        { "charge_off", "", " booked as a loss, still owed", true },
        { "freeze", "No interest and late fees for a time", "", false },
        { "terms", "Terms agreed", "", false },
        { "dispute", "A part is contested", "", false },
    };
    const char *kind = text_at(record, "movement"), *title = NULL;

    for (size_t i = 0; i < COUNT(words); i++) {
        if (text_equal(words[i].kind, kind))
            title = arena_print(p->arena, "%s%s%s", words[i].before,
                                words[i].amount ? amount_at(p, record) : "", words[i].after);
    }
    if (title == NULL)
        title = text_equal(text_at(record, "change"), "ended")
                    ? "Something about the money was taken back"
                    : words_plain(p->arena, kind);
    bool charged = text_equal(kind, "charge") && text_at(record, "reason")[0] == '\0';
    event_say(row, "coin", title, text_at(record, charged ? "ground" : "reason"));
}

static void say_promise(struct page *p, json_t *row, const json_t *record)
{
    bool of_plan = json_object_get(record, "plan") != NULL;

    event_say(row, "handshake",
              arena_print(p->arena, of_plan ? "Plan: %s to be paid" : "Promised %s",
                          amount_at(p, record)),
              arena_print(p->arena, "By %s", day_at(p, record, "due")));
    put_true(row, "tone_in", true);
}

static void say_agreement(struct page *p, json_t *row, const json_t *record, const char *what)
{
    const char *state = text_at(record, "state");
    const char *done =
        text_equal(state, "open") || text_equal(text_at(record, "change"), "added") ? "made"
        : state[0] != '\0' ? words_agreement(state).title
                           : text_at(record, "change");

    event_say(row, "handshake",
              arena_print(p->arena, "%s %lld: %s", words_plain(p->arena, what),
                          (long long)json_integer_value(json_object_get(record, what)),
                          words_small(p->arena, words_plain(p->arena, done))),
              text_at(record, "reason"));
}

static void say_plan(struct page *p, json_t *row, const json_t *record)
{
    say_agreement(p, row, record, "plan");
}

static void say_offer(struct page *p, json_t *row, const json_t *record)
{
    say_agreement(p, row, record, "offer");
}

static void say_settled(struct page *p, json_t *row, const json_t *record)
{
    const char *state = text_at(record, "state");

    event_say(row, "handshake",
              arena_print(p->arena, "Promise %s",
                          words_small(p->arena, words_plain(p->arena, state))),
              NULL);
    put_true(row, text_equal(state, "kept") ? "tone_ok" : "tone_warn", true);
}

static const json_t *decisive_of(const json_t *record)
{
    const json_t *verdict = json_object_get(record, "verdict"), *finding;
    const char *ruling = text_at(verdict, "ruling");
    size_t i;

    json_array_foreach(json_object_get(verdict, "findings"), i, finding)
    {
        if (text_equal(text_at(finding, "ruling"), ruling))
            return finding;
    }
    return NULL;
}

static void say_decision(struct page *p, json_t *row, const json_t *record)
{
    event_say(
        row, "bolt",
        arena_print(p->arena, "Decided: %s by %s",
                    words_small(p->arena, words_plain(p->arena, text_at(record, "template"))),
                    words_small(p->arena, words_channel(text_at(record, "channel")))),
        words_plain(p->arena, text_at(record, "ladder")));
}

static void say_refusal(struct page *p, json_t *row, const json_t *record)
{
    const json_t *finding = decisive_of(record);
    struct standing_words words = words_standing(p->arena, text_at(record, "standing"));

    event_say(row, "ban",
              arena_print(p->arena, "%s not sent",
                          words_plain(p->arena, text_at(record, "template"))),
              finding == NULL ? words.meaning : NULL);
    put_true(row, "tone_stop", true);
    if (finding != NULL) {
        put_rule(p, row, text_at(finding, "rule"));
        const struct rule *rule = view_rule(p->view, text_at(finding, "rule"));
        put(row, "detail", rule != NULL ? rule_title(rule) : NULL);
    }
}

static void say_statement(struct page *p, json_t *row, const json_t *record)
{
    bool receipt = text_equal(text_at(record, "kind"), "receipt");
    long long number = json_integer_value(json_object_get(record, "statement"));

    event_say(
        row, "file",
        arena_print(p->arena, "%s %lld was given out", receipt ? "Receipt" : "Statement",
                    number),
        arena_print(p->arena, "%s to %s", text_at(record, "from"), text_at(record, "to")));
}

static void say_dispute(struct page *p, json_t *row, const json_t *record)
{
    const char *state = text_at(record, "state");
    bool open = text_equal(state, "open");

    event_say(row, "flag",
              open ? arena_print(p->arena, "They dispute %s",
                                 text_equal(text_at(record, "part"), "all")
                                     ? "it"
                                     : text_at(record, "part"))
                   : arena_print(p->arena, "Dispute %s",
                                 words_small(p->arena, words_plain(p->arena, state))),
              open ? words_plain(p->arena, text_at(record, "reason")) : NULL);
    put_true(row, "tone_in", open);
}

static void say_evidence(struct page *p, json_t *row, const json_t *record)
{
    event_say(row, "file", arena_print(p->arena, "Paper kept: %s", text_at(record, "name")),
              NULL);
}

static const char *plain_words(struct page *p, const struct happening *h, const json_t *record)
{
    struct deed deed;

    if (text_equal(h->what, "debtor") && text_equal(text_at(record, "change"), "added"))
        return "Case file opened";
    deed_read(p->arena, h->what, h->record, &deed);
    return deed.happened;
}

static void say_record(struct page *p, json_t *row, const struct happening *h)
{
    static const struct {
        const char *kind;
        void (*say)(struct page *p, json_t *row, const json_t *record);
    } kinds[] = {
        { "payment", say_payment },     { "debt", say_debt },
        { "fact", say_fact },           { "movement", say_movement },
        { "promise", say_promise },     { "promise_settled", say_settled },
        { "plan", say_plan },           { "offer", say_offer },
        { "decision", say_decision },   { "refusal", say_refusal },
        { "statement", say_statement }, { "dispute", say_dispute },
        { "evidence", say_evidence },
    };
    json_t *record = json_loads(h->record, 0, NULL);

    put(row, "by", h->by);
    put(row, "record",
        arena_print(p->arena, "D-%lld.%lld", (long long)p->bucket, (long long)h->seq));
    put(row, "link",
        arena_print(p->arena, "/d/%lld.%lld", (long long)p->bucket, (long long)h->seq));
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (text_equal(kinds[i].kind, h->what)) {
            kinds[i].say(p, row, record);
            json_decref(record);
            return;
        }
    }
    event_say(row, "info", plain_words(p, h, record), text_at(record, "source"));
    json_decref(record);
}

/* Who it was with, and whether we know that it was them, as it was written down. */
static const char *talk_words(struct page *p, const struct happening *h)
{
    struct arena *x = p->arena;
    json_t *talk = h->record != NULL ? json_loads(h->record, 0, NULL) : NULL;
    const char *with = text_at(talk, "with"), *identity = text_at(talk, "identity");
    const char *said = identity[0] != '\0'                          ? "Identity confirmed"
                       : text_equal(with, "somebody_else")          ? "Somebody else"
                       : talk != NULL && text_equal(with, "person") ? "Identity not confirmed"
                                                                    : NULL;
    const char *words = said != NULL && h->by != NULL ? arena_print(x, "%s · %s", said, h->by)
                        : said != NULL                ? said
                                                      : h->by;

    json_decref(talk);
    return words;
}

enum { NOTE_SHORT = 220 };

/* Their words in a bubble of their own; ours below. Long ones are folded, and open in place. */
static void words_put(json_t *row, const char *text, bool theirs)
{
    bool is_long = text != NULL && strlen(text) > NOTE_SHORT;

    put(row, theirs ? "bubble" : is_long ? "long" : "note", text);
}

static void say_contact(struct page *p, json_t *row, const struct happening *h)
{
    const char *channel = words_channel(h->channel),
               *outcome = words_outcome(p->arena, h->outcome);
    bool call = text_equal(h->channel, "call") || text_equal(h->channel, "voicemail");
    bool talk = text_equal(h->outcome, "conversation");
    bool theirs = h->incoming && text_equal(h->outcome, "message"); /* their words, not ours */

    event_say(row, words_channel_icon(h->channel),
              h->incoming && talk   ? "They rang, and we spoke"
              : h->incoming && call ? "They rang us"
              : h->incoming
                  ? arena_print(p->arena, "They wrote: %s", words_small(p->arena, channel))
              : talk ? "Spoke with them"
                     : arena_print(p->arena, "%s: %s", channel, outcome),
              talk_words(p, h));
    if (h->text != NULL && h->text[0] != '\0')
        words_put(row, h->text, theirs);
    put_true(row, "tone_in", h->incoming);
    put_true(row, "tone_ok", !h->incoming && talk);
}

static void say_message(struct page *p, json_t *row, const struct happening *h)
{
    struct standing_words state = words_state(p->arena, h->state);
    const char *link =
        arena_print(p->arena, "/outbox/%lld.%lld", (long long)p->bucket, (long long)h->seq);
    bool refused = text_equal(h->state, "refused");

    event_say(
        row, words_channel_icon(h->channel),
        arena_print(p->arena, "%s %s: “%s”", words_channel(h->channel),
                    words_small(p->arena, state.title),
                    h->subject[0] != '\0' ? h->subject : words_plain(p->arena, h->template)),
        NULL);
    put_true(row, "tone_stop", refused || text_equal(h->state, "bounced"));
    put_true(row, "waits", text_equal(h->state, "ready") || text_equal(h->state, "sending"));
    put(row, "message", h->text);
    put(row, "more_link", link);
    put(row, "more", text_equal(h->channel, "letter") ? "Open the letter" : "As it was sent");
    put(row, "record",
        arena_print(p->arena, "D-%lld.%lld", (long long)p->bucket, (long long)h->seq));
    put(row, "link",
        arena_print(p->arena, "/d/%lld.%lld", (long long)p->bucket, (long long)h->seq));
}

static void say_note(struct page *p, json_t *row, const struct happening *h)
{
    bool ended = h->ended_at.us != INSTANT_NEVER.us;

    event_say(row, "pen", ended ? "Note, taken back" : "Note", h->by);
    words_put(row, h->text, false);
    put_true(row, "is_ended", ended);
    if (ended)
        put(row, "detail",
            arena_print(p->arena, "%s%staken back %s", h->by != NULL ? h->by : "",
                        h->by != NULL ? " · " : "",
                        words_moment(p->arena, h->ended_at, p->view->zone, p->view->today)));
    else if (page_may(p, MAY_WORK))
        put(row, "withdraw",
            arena_print(p->arena, "%s/note/%d/withdraw",
                        json_string_value(json_object_get(p->context, "link")),
                        (int)h->number));
}

/* ---- Days -------------------------------------------------------------------------------- */

/* The group of a day: those of one day stand together, whatever order their clocks had. */
static json_t *group_of(struct page *p, json_t *days, struct day day, bool goes_on)
{
    char text[DAY_TEXT];
    const char *iso = arena_copy(p->arena, day_print(day, text));
    json_t *group;
    size_t i;

    json_array_foreach(days, i, group)
    {
        if (text_equal(json_string_value(json_object_get(group, "iso")), iso))
            return json_object_get(group, "events");
    }
    group = list_add(days);
    put(group, "iso", iso);
    put(group, "day",
        day.number == p->view->today.number
            ? arena_print(p->arena, "Today, %s", words_day(p->arena, day))
            : words_day_near(p->arena, day, p->view->today));
    put_true(group, "goes_on", goes_on && json_array_size(days) == 1);
    return put_list(group, "events");
}

static void event_put(struct page *p, json_t *row, const struct happening *h)
{
    static const char *const none[] = { "detail", "note", "long", "bubble",   "message",
                                        "record", "more", "cite", "withdraw", "by" };

    for (size_t i = 0; i < COUNT(none); i++)
        put(row, none[i], ""); /* what is absent is looked up above */
    put(row, "time", words_clock(p->arena, h->at, p->view->zone));
    switch (h->kind) {
    case HAPPENED_CONTACT:
        say_contact(p, row, h);
        break;
    case HAPPENED_MESSAGE:
        say_message(p, row, h);
        break;
    case HAPPENED_NOTE:
        say_note(p, row, h);
        break;
    case HAPPENED_RECORD:
        say_record(p, row, h);
        break;
    }
}

static const struct {
    const char *name, *title;
    enum story_filter filter;
} filters[] = {
    { NULL, "All", STORY_ALL },
    { "contact", "Contact", STORY_CONTACT },
    { "money", "Money", STORY_MONEY },
    { "decisions", "Decisions", STORY_DECISIONS },
};

static size_t filter_asked(struct page *p)
{
    const char *name = page_field(p, "show");

    for (size_t i = 1; name != NULL && i < COUNT(filters); i++) {
        if (text_equal(filters[i].name, name))
            return i;
    }
    return 0;
}

static void filters_put(struct page *p, size_t shown)
{
    json_t *list = put_list(p->context, "filters");

    for (size_t i = 0; i < COUNT(filters); i++) {
        json_t *row = list_add(list);
        put(row, "title", filters[i].title);
        put(row, "link",
            tab_link(p, "timeline",
                     filters[i].name != NULL ? arena_print(p->arena, "show=%s", filters[i].name)
                                             : NULL));
        put_true(row, "is_shown", i == shown);
    }
}

/* An instalment that a plan was made with: the plan stands beside it. */
static bool is_of_plan(const struct happening *h)
{
    return h->kind == HAPPENED_RECORD && text_equal(h->what, "promise") &&
           strstr(h->record, "\"plan\":") != NULL;
}

bool timeline_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    size_t shown = filter_asked(p);
    const char *before = page_field(p, "before");
    json_t *days = put_list(p->context, "days");
    struct story story;

    if (!view_casefile_story(p->view, f, filters[shown].filter, before, &story, why))
        return false;
    filters_put(p, shown);
    for (size_t i = 0; i < story.count; i++) {
        const struct happening *h = &story.all[i];
        if (filters[shown].filter == STORY_ALL && is_of_plan(h))
            continue;
        event_put(
            p,
            list_add(group_of(p, days, wall_at(h->at, p->view->zone).day, story.day_goes_on)),
            h);
    }
    put_true(p->context, "any_days", story.count > 0);
    put_true(p->context, "is_new_account", story.count == 0 && before == NULL && shown == 0);
    put_true(p->context, "is_later_part", before != NULL);
    if (before == NULL && page_may(p, MAY_WORK) && !write_put(p, f, why))
        return false;
    if (story.before != NULL)
        put(p->context, "older",
            tab_link(p, "timeline",
                     arena_print(p->arena, "before=%s%s%s", story.before,
                                 filters[shown].name != NULL ? "&show=" : "",
                                 filters[shown].name != NULL ? filters[shown].name : "")));
    return true;
}
