/* How somebody is reached, and what they wish: all of it on one page, each with its own form. */
#include "web/page_parts.h"
#include "web/work_pages.h"

#include "base/text.h"

#include <string.h>

static const struct choice point_ways[] = { { "email", "Email", NULL },
                                            { "sms", "Number, for calls and texts", NULL },
                                            { "letter", "Where letters go", NULL } };

static const struct choice ways[] = { { "email", "Email", NULL },
                                      { "sms", "Text message", NULL },
                                      { "call", "Call", NULL },
                                      { "letter", "Letter", NULL } };

static const struct choice closed[] = { { "", "Every way", NULL },
                                        { "email", "Email", NULL },
                                        { "sms", "Text messages", NULL },
                                        { "call", "Calls", NULL },
                                        { "letter", "Letters", NULL } };

static const struct choice languages[] = {
    { "en", "English", NULL }, { "es", "Spanish", NULL },    { "de", "German", NULL },
    { "ar", "Arabic", NULL },  { "fr", "French", NULL },     { "pl", "Polish", NULL },
    { "pt", "Portuguese", NULL }, { "tr", "Turkish", NULL }, { "vi", "Vietnamese", NULL },
    { "zh", "Chinese", NULL }, { "other", "Another one", NULL },
};

static const struct choice hours[] = {
    { "bad", "Do not suit them", NULL },
    { "good", "Suit them", NULL },
};

static const struct choice days[] = { { "mon", "Mon", NULL }, { "tue", "Tue", NULL },
                                      { "wed", "Wed", NULL }, { "thu", "Thu", NULL },
                                      { "fri", "Fri", NULL }, { "sat", "Sat", NULL },
                                      { "sun", "Sun", NULL } };

static const struct choice others[] = {
    { "attorney", "An attorney represents them", "Write to the attorney from now on" },
    { "employer_prohibits", "Their employer allows no calls", NULL },
    { "cease", "They wrote that we stop contacting them", NULL },
    { "refusal_to_pay", "They wrote that they will not pay", NULL },
    { "military", "They serve in the military", NULL },
};

/* ---- What is on file ---- */

static void points_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "points");
    const char *typed = page_form(p, "point");
    const struct casefile *c = f->casefile;

    for (size_t i = 0; i < c->point_count; i++) {
        const struct contact_point *point = &c->points[i];
        if (point->party != PARTY_DEBTOR)
            continue;
        json_t *row = list_add(list);
        const char *number = arena_print(p->arena, "%d", (int)point->number);
        bool its = text_equal(typed, number);
        put(row, "number", number);
        put(row, "channel", point->channel == CHANNEL_SMS
                                ? "Number"
                                : words_channel(channel_name(point->channel)));
        put(row, "address",
            point->channel == CHANNEL_LETTER
                ? arena_copy_n(p->arena, point->address, strcspn(point->address, "\n"))
                : address_hint(p, point->channel, point->address));
        put_true(row, "good", point->good);
        put(row, "reason", its ? page_form(p, "reason") : NULL);
        put(row, "since", its ? page_form(p, "since") : NULL);
    }
    put_true(p->context, "any_points", json_array_size(list) > 0);
}

static bool in_force(const struct page *p, const struct fact_row *f)
{
    return f->at.us <= p->view->now.us && f->until.us > p->view->now.us;
}

static bool carries_needs(const struct fact_row *f)
{
    return text_equal(f->type, "preference") && f->channel[0] == '\0';
}

static void facts_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "told_facts");

    for (size_t i = 0; i < f->fact_count; i++) {
        const struct fact_row *fact = &f->facts[i];
        if (!in_force(p, fact) || !details_may_end(fact->type))
            continue;
        json_t *row = list_add(list);
        put_int(row, "number", fact->number);
        put(row, "what", carries_needs(fact) ? "What helps them" : words_fact(p->arena, fact->type));
        put(row, "text", details_fact_words(p, fact));
        put(row, "since", words_day_near(p->arena, wall_at(fact->at, p->view->zone).day,
                                         p->view->today));
        put_true(row, "only_they", text_equal(fact->type, "opt_out"));
    }
    put_true(p->context, "any_told_facts", json_array_size(list) > 0);
}

/* ---- The forms ---- */

/* What was typed stands in the form in which it was typed: the others show what is on file. */
static bool is_sent(const struct page *p, const char *deed)
{
    return text_equal(page_form(p, "do"), deed);
}

static void field_put(struct page *p, json_t *form, const char *deed, const char *name,
                      const char *otherwise)
{
    const char *value = is_sent(p, deed) ? page_form(p, name) : otherwise;

    put(form, name, value != NULL ? value : "");
}

static void choices_put(json_t *form, const char *list_name,
                        const struct choice all[], size_t count, const char *chosen)
{
    json_t *list = put_list(form, list_name);

    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put(row, "value", all[i].value);
        put(row, "title", all[i].title);
        put(row, "note", all[i].note);
        put_true(row, "chosen", text_equal(chosen != NULL ? chosen : "", all[i].value));
    }
}

static const char *typed_of(const struct page *p, const char *deed, const char *name,
                            const char *otherwise)
{
    return is_sent(p, deed) ? page_form(p, name) : otherwise;
}

static void language_put(struct page *p, const struct casefile_view *f)
{
    json_t *form = put_object(p->context, "language_form");
    const char *now = "other";

    for (size_t i = 0; i < COUNT(languages); i++) {
        if (text_equal(languages[i].value, f->party->language))
            now = languages[i].value;
    }
    choices_put(form, "languages", languages, COUNT(languages),
                typed_of(p, "language", "language", now));
    field_put(p, form, "language", "tag", text_equal(now, "other") ? f->party->language : NULL);
}

static const char *preferred(const struct page *p, const struct casefile_view *f)
{
    for (size_t i = 0; i < f->fact_count; i++) {
        if (text_equal(f->facts[i].type, "preference") && f->facts[i].channel[0] != '\0' &&
            in_force(p, &f->facts[i]))
            return f->facts[i].channel;
    }
    return NULL;
}

static void needs_put(struct page *p, const struct casefile_view *f)
{
    static const char *const fields[] = { "needs", "spare", "payday" };
    json_t *form = put_object(p->context, "needs_form");

    for (size_t k = 0; k < COUNT(fields); k++) {
        const char *known = NULL;
        for (size_t i = 0; i < f->fact_count && known == NULL; i++) {
            if (in_force(p, &f->facts[i]) && carries_needs(&f->facts[i]))
                known = fact_detail(p, &f->facts[i], fields[k]);
        }
        field_put(p, form, "needs", fields[k], known);
    }
}

static void place_put(struct page *p, const struct casefile_view *f)
{
    json_t *form = put_object(p->context, "place_form");

    field_put(p, form, "place", "zone", f->party->zone_count == 1 ? f->party->zones_text : NULL);
    field_put(p, form, "place", "place",
              strchr(f->party->places_text, ',') == NULL ? f->party->places_text : NULL);
}

static void hours_put(struct page *p)
{
    json_t *form = put_object(p->context, "hours_form");

    choices_put(form, "kinds", hours, COUNT(hours), typed_of(p, "hours", "suits", "bad"));
    field_put(p, form, "hours", "from", NULL);
    field_put(p, form, "hours", "to", NULL);
    json_t *list = put_list(form, "days");
    for (size_t i = 0; i < COUNT(days); i++) {
        json_t *row = list_add(list);
        put(row, "value", days[i].value);
        put(row, "title", days[i].title);
        put_true(row, "chosen", is_sent(p, "hours") && work_is(p, "days", days[i].value));
    }
}

static void forms_put(struct page *p, const struct casefile_view *f)
{
    json_t *point = put_object(p->context, "point_form"),
           *prefer = put_object(p->context, "prefer_form"),
           *stop = put_object(p->context, "stop_form"),
           *agree = put_object(p->context, "agree_form"),
           *other = put_object(p->context, "other_form");

    choices_put(point, "ways", point_ways, COUNT(point_ways),
                typed_of(p, "point", "channel", "email"));
    field_put(p, point, "point", "address", NULL);
    choices_put(prefer, "ways", ways, COUNT(ways),
                typed_of(p, "prefer", "channel", preferred(p, f)));
    choices_put(stop, "ways", closed, COUNT(closed), typed_of(p, "stop", "channel", "call"));
    field_put(p, stop, "stop", "address", NULL);
    choices_put(agree, "ways", ways, COUNT(ways), typed_of(p, "agree", "channel", "sms"));
    field_put(p, agree, "agree", "address", NULL);
    choices_put(other, "kinds", others, COUNT(others), typed_of(p, "other", "type", NULL));
    field_put(p, other, "other", "value", NULL);
    field_put(p, other, "other", "until", NULL);
    language_put(p, f);
    needs_put(p, f);
    place_put(p, f);
    hours_put(p);
}

bool page_details(struct page *p, struct fault *why)
{
    struct casefile_view f;

    if (!work_page(p, "How they are reached", &f, why))
        return false;
    points_put(p, &f);
    facts_put(p, &f);
    forms_put(p, &f);
    work_today(p);
    return true;
}
