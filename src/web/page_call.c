/*
 * The call screen: may it be made now, the number, what to say. A number is shown when somebody
 * says that they call, by a verdict of that moment; who may not be called has none here.
 */
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/calling.h"
#include "flow/spoken.h"

#include <string.h>

/* ---- Whether ---- */

static const struct zone *zone_of(const struct page *p, const struct casefile_view *f)
{
    return f->party->zone_count > 0 ? f->party->zones[0] : p->view->zone;
}

static void blocked_put(struct page *p, const struct casefile_view *f,
                        const struct spoken *spoken)
{
    struct channel_view ch = spoken->stands;

    if (ch.address == NULL)
        ch.reason = ch.address_is_bad ? "The number on file does not lead to them any more."
                                      : "There is no number on file.";
    work_blocked(p, &ch, ch.until);
    json_t *card = json_object_get(p->context, "blocked");
    if (ch.until.us != INSTANT_NEVER.us && f->party->zone_count > 0)
        put(card, "opens_theirs", words_clock(p->arena, ch.until, zone_of(p, f)));
    if (spoken->decision != 0) {
        put(card, "record", arena_print(p->arena, "D-%lld.%lld", (long long)p->bucket,
                                        (long long)spoken->decision));
        put(card, "link", arena_print(p->arena, "/d/%lld.%lld", (long long)p->bucket,
                                      (long long)spoken->decision));
        p->stays = 422; /* somebody tried; to look at the page is no attempt */
    }
}

/* Other ways to reach them, for who may not be rung. */
static void others_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "others");

    for (size_t i = 0; i < f->channel_count; i++) {
        const struct channel_view *ch = &f->channels[i];
        if (ch->channel == CHANNEL_CALL)
            continue;
        json_t *row = list_add(list);
        put(row, "channel", words_channel(channel_name(ch->channel)));
        bool allowed = ch->address != NULL && ch->ruling == RULING_ALLOW;
        put_true(row, "allowed", allowed);
        put(row, "reason",
            ch->address == NULL ? "No address is on file." : allowed ? NULL : ch->reason);
        if (allowed && ch->channel == CHANNEL_EMAIL)
            put(row, "link", arena_print(p->arena, "/accounts/%s/reply",
                                         url_encode(p->arena, p->hole)));
    }
}

/* ---- The words ---- */

static bool is_ticked(const struct page *p, const char *name, const char *value)
{
    return value != NULL && work_is(p, name, value);
}

static void words_put(struct page *p, json_t *object, const struct call_part *part)
{
    json_t *list = put_list(object, "lines");

    for (size_t i = 0; i < part->count; i++) {
        const struct call_words *w = &part->words[i];
        json_t *row = list_add(list);
        put(row, "when", w->when);
        put(row, "text", w->text);
        put_true(row, "act", w->act);
        put(row, "holds", w->holds);
        put_true(row, "ticked", is_ticked(p, "said", w->holds));
        put_rule(p, row, w->rule);
    }
}

static void stages_put(struct page *p, const struct calling *c)
{
    json_t *before = put_list(p->context, "before"), *after = put_list(p->context, "after");
    bool known = false;

    for (size_t i = 0; i < c->stage_count; i++) {
        const struct call_part *stage = &c->stages[i];
        json_t *row = list_add(known ? after : before);
        put_int(row, "step", (json_int_t)i + 1);
        put(row, "name", stage->name);
        put(row, "title", stage->title);
        put_true(row, "identity", stage->identity);
        put_true(row, "disclosures", stage->disclosures);
        put_true(row, "matter", strcmp(stage->name, "matter") == 0);
        words_put(p, row, stage);
        known = known || stage->identity;
    }
}

static const char *lead_words(const char *to)
{
    static const char *const words[][2] = { { "promise", "They name a day" },
                                            { "plan", "Pay in parts" },
                                            { "offer", "They offer an amount" },
                                            { "dispute", "Something is wrong" },
                                            { "hardship", "A pause" } };

    for (size_t i = 0; i < COUNT(words); i++) {
        if (text_equal(words[i][0], to))
            return words[i][1];
    }
    return to;
}

static void reasons_put(struct page *p, const struct calling *c)
{
    json_t *list = put_list(p->context, "reasons");
    const char *chosen = work_typed(p, "reason", NULL);

    for (size_t i = 0; i < c->reason_count; i++) {
        const struct call_part *reason = &c->reasons[i];
        json_t *row = list_add(list);
        put(row, "value", reason->name);
        put(row, "title", reason->title);
        put_true(row, "chosen", text_equal(chosen, reason->name));
        if (reason->leads_to != NULL) {
            put(row, "leads_to", reason->leads_to);
            put(row, "lead", lead_words(reason->leads_to));
        }
        words_put(p, row, reason);
    }
}

static void checks_put(struct page *p, const struct calling *c)
{
    json_t *list = put_list(p->context, "checks");
    int ticked = 0;

    for (size_t i = 0; i < c->check_count; i++) {
        const struct call_check *check = &c->checks[i];
        json_t *row = list_add(list);
        put(row, "value", check->name);
        put(row, "title", check->title);
        put(row, "known", check->known);
        put_true(row, "ticked", is_ticked(p, "identity", check->name));
        ticked += is_ticked(p, "identity", check->name);
    }
    put_int(p->context, "confirm", c->confirm);
    put_true(p->context, "confirmed", ticked >= c->confirm);
}

/* ---- The page ---- */

static const char *masked(struct page *p, const char *number)
{
    size_t length = strlen(number);

    return length > 4 ? arena_print(p->arena, "•• %s", number + length - 4) : "••";
}

static void number_put(struct page *p, const struct casefile_view *f, const struct calling *c)
{
    const struct zone *zone = zone_of(p, f);
    const char *number = c->spoken.stands.address;

    put(p->context, "their_clock", words_clock(p->arena, p->view->now, zone));
    put(p->context, "their_place", words_zone(p->arena, zone));
    put_true(p->context, "zone_known", f->party->zone_count > 0);
    if (c->under_way != 0) {
        put(p->context, "number", number);
        put_int(p->context, "under_way", c->under_way);
    } else {
        put(p->context, "masked", masked(p, number));
    }
    for (size_t i = 0; i < f->casefile->point_count; i++) {
        if (text_equal(f->casefile->points[i].address, number))
            put_int(p->context, "point", f->casefile->points[i].number);
    }
}

static bool call_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    const struct caller caller = { p->session->user.name, p->session->user.email };
    struct calling c;

    if (!calling_look(p->view, f, caller, &c, why))
        return false;
    bool may = c.spoken.stands.address != NULL &&
               (c.spoken.stands.ruling == RULING_ALLOW || c.under_way != 0);
    others_put(p, f);
    put_true(p->context, "may_call", may);
    if (!may) {
        if (json_object_get(p->context, "blocked") == NULL)
            blocked_put(p, f, &c.spoken);
        return true;
    }
    put(p->context, "script", c.script);
    put(p->context, "script_title", c.title);
    put_true(p->context, "other_language",
             strncmp(c.language, f->party->language, strlen(c.language)) != 0);
    number_put(p, f, &c);
    stages_put(p, &c);
    reasons_put(p, &c);
    checks_put(p, &c);
    return true;
}

bool page_call(struct page *p, struct fault *why)
{
    struct casefile_view f;

    if (!work_page(p, "Call", &f, why))
        return false;
    put(p->context, "title", arena_print(p->arena, "Call %s", f.party->name));
    return call_put(p, &f, why);
}

/* The gate is asked once more, with the number at hand; what it says stands in the journal. */
bool call_begin(struct page *p, struct fault *why)
{
    struct casefile_view f;
    struct spoken spoken;
    struct work w;

    if (!work_begin(p, &w, why))
        return false;
    const char *screen = arena_print(p->arena, "%s/call", w.here);
    if (w.before != 0)
        return work_end_at(&w, "You began this call already.", NULL, screen, why);
    if (!calling_begin(w.book, p->view->policy, &w.account, &spoken, why))
        return false;
    if (spoken.number != 0)
        return book_key_put(w.book, w.account.key, w.once, spoken.number, why) &&
               page_commit(p, why) && (page_go(p, screen), true);
    if (!page_commit(p, why) || !work_page(p, "Call", &f, why))
        return false;
    blocked_put(p, &f, &spoken);
    return call_put(p, &f, why);
}

bool call_drop(struct page *p, struct fault *why)
{
    struct work w;
    int32_t number;

    return work_number(p, 1, &number, why) && work_again(p, &w, why) &&
           calling_drop(w.book, &w.account, number, why) &&
           work_end(&w, "No call was made, and none is counted.", NULL, why);
}
