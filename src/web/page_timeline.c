/* What happened to a case file, in sentences. */
#include "web/page_parts.h"

#include "base/text.h"

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
    event_say(row, "coin",
              arena_print(p->arena, "Payment %s: %s", text_at(record, "payment"),
                          words_small(p->arena,
                                      words_plain(p->arena, text_at(record, "state")))),
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
    const char *done = state[0] != '\0' ? words_agreement(state).title : text_at(record, "change");

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

    event_say(row, "file",
              arena_print(p->arena, "%s %lld was given out", receipt ? "Receipt" : "Statement",
                          number),
              arena_print(p->arena, "%s to %s", text_at(record, "from"), text_at(record, "to")));
}

static void say_record(struct page *p, json_t *row, const struct happening *h)
{
    static const struct {
        const char *kind;
        void (*say)(struct page *p, json_t *row, const json_t *record);
    } kinds[] = {
        { "payment", say_payment },
        { "debt", say_debt },
        { "fact", say_fact },
        { "movement", say_movement },
        { "promise", say_promise },
        { "promise_settled", say_settled },
        { "plan", say_plan },
        { "offer", say_offer },
        { "decision", say_decision },
        { "refusal", say_refusal },
        { "statement", say_statement },
    };
    json_t *record = json_loads(h->record, 0, NULL);

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
    event_say(row, "info",
              text_equal(h->what, "debtor") ? text_equal(text_at(record, "change"), "added")
                                                  ? "Case file opened"
                                                  : "Details changed"
                                            : words_plain(p->arena, h->what),
              text_at(record, "source"));
    json_decref(record);
}

static void say_contact(struct page *p, json_t *row, const struct happening *h)
{
    const char *channel = words_channel(h->channel),
               *outcome = words_outcome(p->arena, h->outcome);
    bool call = text_equal(h->channel, "call"), talk = text_equal(h->outcome, "conversation");

    event_say(row, words_channel_icon(h->channel),
              h->incoming && call ? "They rang us"
              : h->incoming       ? arena_print(p->arena, "They wrote: %s", channel)
                                  : arena_print(p->arena, "%s: %s", channel, outcome),
              NULL);
    bool theirs = h->incoming && text_equal(h->outcome, "message"); /* their words, not ours */
    put(row, "note", h->note[0] != '\0' && !theirs ? h->note : NULL);
    put(row, "bubble", h->note[0] != '\0' && theirs ? h->note : NULL);
    put_true(row, "tone_in", h->incoming);
    put_true(row, "tone_ok", !h->incoming && talk);
}

static void say_message(struct page *p, json_t *row, const struct happening *h)
{
    struct standing_words state = words_state(p->arena, h->state);

    event_say(
        row, words_channel_icon(h->channel),
        arena_print(p->arena, "%s %s: %s", words_channel(h->channel),
                    words_small(p->arena, state.title),
                    h->subject[0] != '\0' ? h->subject : words_plain(p->arena, h->template)),
        NULL);
    put(row, "link",
        arena_print(p->arena, "/outbox/%lld.%lld", (long long)p->bucket, (long long)h->seq));
    put(row, "record", "read it");
    put_true(row, "is_plain_link", true);
}

void timeline_put(struct page *p, const struct casefile_view *f)
{
    json_t *days = put_list(p->context, "days"), *events = NULL;
    int32_t last = INT32_MAX;

    p->bucket = f->casefile->key.bucket;
    for (size_t i = 0; i < f->happening_count; i++) {
        const struct happening *h = &f->happenings[i];
        struct day day = wall_at(h->at, p->view->zone).day;
        if (day.number != last) {
            json_t *group = list_add(days);
            put(group, "day", words_day_near(p->arena, day, p->view->today));
            events = put_list(group, "events");
            last = day.number;
        }
        json_t *row = list_add(events);
        put(row, "time", words_clock(p->arena, h->at, p->view->zone));
        switch (h->kind) {
        case HAPPENED_CONTACT:
            say_contact(p, row, h);
            break;
        case HAPPENED_MESSAGE:
            say_message(p, row, h);
            break;
        case HAPPENED_RECORD:
            say_record(p, row, h);
            break;
        }
    }
    put_true(p->context, "any_days", last != INT32_MAX);
}
