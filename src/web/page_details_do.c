/* What somebody told us of how they want to be reached, written down: each as its command does. */
#include "web/work_pages.h"

#include "base/text.h"
#include "domain/holiday.h"
#include "flow/contact_log.h"
#include "flow/point.h"
#include "flow/reach.h"
#include "web/page_parts.h"

#include <string.h>

/* What came of it: what is said, and the fact that a button takes back; 0: none. */
struct noted {
    const char *said, *undo;
    int32_t number; /* what stands for the key of the form */
};

static void fact_noted(const struct work *w, const char *said, enum change change, int32_t fact,
                       struct noted *out)
{
    *out = (struct noted){ .said = change == CHANGE_NONE ? "That was known already." : said,
                           .undo = change == CHANGE_ADDED ? work_path(w, "fact", fact, "end")
                                                          : NULL,
                           .number = fact };
}

/* ---- Which facts ---- */

bool details_may_end(const char *type)
{
    static const char *const types[] = { "opt_out",           "consent",
                                         "preference",        "location_confirmed",
                                         "inconvenient_time", "inconvenient_place",
                                         "employer_prohibits", "attorney",
                                         "cease",             "refusal_to_pay",
                                         "military" };

    for (size_t i = 0; i < COUNT(types); i++) {
        if (text_equal(types[i], type))
            return true;
    }
    return false;
}

/* "12:30 to 14:00, Mon, Tue" */
static const char *hours_words(struct page *p, const struct fact_row *f)
{
    static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    struct arena *x = p->arena;
    const char *text = NULL;

    if (f->from != 0 || f->to != 0)
        text = arena_print(x, "%d:%02d to %d:%02d", f->from / 3600, f->from / 60 % 60,
                           f->to / 3600, f->to / 60 % 60);
    for (int i = 0; i < 7; i++) {
        if ((f->weekdays >> i & 1) != 0)
            text = text == NULL ? names[i] : arena_print(x, "%s, %s", text, names[i]);
    }
    return text;
}

const char *details_fact_words(struct page *p, const struct fact_row *f)
{
    struct arena *x = p->arena;
    const char *way = f->channel[0] != '\0' ? words_channel(f->channel) : NULL;
    const char *hours = hours_words(p, f), *needs = fact_detail(p, f, "needs");
    enum channel channel;

    if (needs != NULL)
        return needs;
    if (hours != NULL)
        return hours;
    if (f->value[0] != '\0' && channel_parse(f->channel, &channel))
        return arena_print(x, "%s, %s", way, address_hint(p, channel, f->value));
    if (f->value[0] != '\0')
        return f->value;
    return way != NULL ? way : text_equal(f->type, "opt_out") ? "Every way" : NULL;
}

/* ---- Addresses ---- */

static bool channel_read(const struct page *p, enum channel *out, struct fault *why)
{
    const char *name = page_form(p, "channel");

    if (name == NULL)
        return fail(why, BAD_VALUE, "Choose the way.");
    return channel_parse(name, out) || fail(why, BAD_VALUE, "There is no way \"%s\".", name);
}

static bool point_do(struct work *w, struct noted *out, struct fault *why)
{
    enum channel channel;
    enum change change;
    const char *address;
    int32_t number;

    if (!channel_read(w->p, &channel, why) ||
        !point_typed(w->book, w->account.key, channel, page_form(w->p, "address"), &address,
                     why) ||
        !point_add(w->book, w->account.key, channel, address, "console", &number, &change, why))
        return false;
    *out = (struct noted){ .said = change == CHANGE_NONE      ? "That address is on file already."
                                   : change == CHANGE_UPDATED ? "The address leads to them again."
                                                              : "The address is on file.",
                           .undo = change == CHANGE_NONE
                                       ? NULL
                                       : work_path(w, "details/point", number, "bad"),
                           .number = number };
    return true;
}

/* An address of a wish as it is kept; NULL of an empty field. */
static bool wish_address(struct work *w, enum channel channel, const char **out,
                         struct fault *why)
{
    const char *typed = page_form(w->p, "address");

    *out = NULL;
    return typed == NULL || channel == CHANNEL_LETTER ||
           point_typed(w->book, w->account.key, channel, typed, out, why);
}

/* ---- Wishes ---- */

static bool stop_do(struct work *w, struct noted *out, struct fault *why)
{
    struct contact_wish wish = { .source = "console" };
    enum change change;
    int32_t fact;

    wish.channel_known = page_form(w->p, "channel") != NULL;
    if (wish.channel_known && (!channel_read(w->p, &wish.channel, why) ||
                               !wish_address(w, wish.channel, &wish.address, why)))
        return false;
    if (!wish.channel_known && page_form(w->p, "address") != NULL)
        return fail(why, BAD_VALUE, "Choose the way of that address.");
    if (!contact_opt_out(w->book, &w->account, &wish, &fact, &change, why))
        return false;
    fact_noted(w, "Noted. They are not reached this way any more.", change, fact, out);
    return true;
}

static bool agree_do(struct work *w, struct noted *out, struct fault *why)
{
    struct contact_wish wish = { .channel_known = true, .source = "console" };
    enum change change;
    int32_t fact;

    if (!channel_read(w->p, &wish.channel, why) ||
        !wish_address(w, wish.channel, &wish.address, why) ||
        !contact_consent(w->book, &w->account, &wish, &fact, &change, why))
        return false;
    fact_noted(w, "Noted. They agreed to be reached this way.", change, fact, out);
    return true;
}

static bool prefer_do(struct work *w, struct noted *out, struct fault *why)
{
    struct contact_wish wish = { .channel_known = true, .source = "console" };
    enum change change;
    int32_t fact;

    if (!channel_read(w->p, &wish.channel, why) ||
        !contact_prefer(w->book, &w->account, &wish, &fact, &change, why))
        return false;
    fact_noted(w, "Noted. It comes first where there is a choice.", change, fact, out);
    return true;
}

static bool language_do(struct work *w, struct noted *out, struct fault *why)
{
    const char *tag = page_form(w->p, "language");
    struct casefile_view f;
    enum change change;

    if (text_equal(tag, "other") || tag == NULL)
        tag = page_form(w->p, "tag");
    if (tag == NULL)
        return fail(why, BAD_VALUE, "Enter the language, like es or pt-BR.");
    if (!view_casefile(w->p->view, w->p->hole, &f, why) ||
        !reach_language(w->book, w->account.key, tag, &change, why))
        return false;
    *out = (struct noted){ .said = change == CHANGE_NONE
                                       ? "That is their language already."
                                       : arena_print(w->p->arena, "Their language is %s from now on.",
                                                     words_language(tag)),
                           .undo = change == CHANGE_NONE
                                       ? NULL
                                       : arena_print(w->p->arena, "%s/details/language/%s",
                                                     w->here, f.party->language),
                           .number = 1 };
    return true;
}

/* The button behind it: the one they had before. */
bool details_language_back(struct page *p, struct fault *why)
{
    const char *tag = p->holes[1];
    enum change change;
    struct work w;

    return work_again(p, &w, why) &&
           work_found(reach_language(w.book, w.account.key, tag, &change, why), why) &&
           work_end_at(&w,
                       arena_print(p->arena, "Their language is %s again.", words_language(tag)),
                       NULL, arena_print(p->arena, "%s/details", w.here), why);
}

/* ---- Where and when ---- */

static bool place_do(struct work *w, struct noted *out, struct fault *why)
{
    bool forget = page_form(w->p, "forget") != NULL, known = true;
    struct contact_place said = { forget ? NULL : page_form(w->p, "zone"),
                                  forget ? NULL : page_form(w->p, "place"), "console" };
    enum change change;
    int32_t fact;

    if (!forget && said.zone == NULL && said.place == NULL)
        return fail(why, BAD_VALUE, "Enter where they are: a time zone, or a state or country.");
    if (said.zone != NULL && zone_find(said.zone) == NULL)
        return fail(why, BAD_VALUE, "There is no time zone \"%s\". Enter it like America/Denver.",
                    said.zone);
    if (said.place != NULL && !account_place_known(said.place, &known, why))
        return false;
    if (!known)
        return fail(why, BAD_VALUE,
                    "\"%s\" is no place whose time zones are known. Enter it like US-CO or DE.",
                    said.place);
    if (!contact_location(w->book, &w->account, &said, &fact, &change, why))
        return false;
    fact_noted(w, forget ? "Forgotten. Address and numbers tell again." : "Noted where they are.",
               change, fact, out);
    out->number = fact != 0 ? fact : 1;
    return true;
}

static bool days_read(const struct page *p, uint8_t *out, struct fault *why)
{
    int weekday;

    *out = 0;
    for (size_t i = 0; i < p->ask->form_count; i++) {
        const struct field *f = &p->ask->form[i];
        if (!text_equal(f->name, "days") || text_is_empty(f->value))
            continue;
        if (!weekday_parse(f->value, &weekday))
            return fail(why, BAD_VALUE, "\"%s\" is no day of the week.", f->value);
        *out |= (uint8_t)(1u << weekday);
    }
    return true;
}

static bool hours_read(struct page *p, struct bad_hours *out, struct fault *why)
{
    bool from = page_form(p, "from") != NULL, to = page_form(p, "to") != NULL;

    if (!days_read(p, &out->weekdays, why))
        return false;
    if (from != to)
        return fail(why, BAD_VALUE, "Enter from when and until when.");
    if (from && (!work_clock(p, "from", "the hour", &out->from, why) ||
                 !work_clock(p, "to", "the hour", &out->to, why)))
        return false;
    if (!from && out->weekdays == 0)
        return fail(why, BAD_VALUE, "Choose days, or enter hours, or both.");
    return !from || out->from < out->to ||
           fail(why, BAD_VALUE, "The hours end before they begin.");
}

/* Hours that suit them are consent to those of their own channels (docs/rule-packs.md). */
static bool hours_do(struct work *w, struct noted *out, struct fault *why)
{
    bool good = text_equal(page_form(w->p, "suits"), "good");
    struct gate_fact fact = { .type = good ? FACT_CONSENT : FACT_INCONVENIENT_TIME,
                              .party = good ? PARTY_DEBTOR : 0,
                              .at = w->book->now,
                              .until = INSTANT_NEVER };
    int32_t number;

    if (!hours_read(w->p, &fact.hours, why))
        return false;
    if (good && fact.hours.from == 0 && fact.hours.to == 0)
        return fail(why, BAD_VALUE, "Enter from when until when it suits them.");
    if (!book_fact_add(w->book, w->account.key, &fact, "console", &number, why))
        return false;
    fact_noted(w, good ? "Noted when it suits them." : "Noted. They are not reached then.",
               CHANGE_ADDED, number, out);
    return true;
}

/* ---- What helps them, and the rest ---- */

static const char *line_of(struct page *p, const char *name)
{
    const char *typed = page_form(p, name);
    char *copy = typed == NULL ? NULL : text_trim(p->arena, typed);

    for (char *at = copy; at != NULL && *at != '\0'; at++)
        *at = *at == '\n' || *at == '\r' ? ' ' : *at;
    return copy;
}

static bool needs_do(struct work *w, struct noted *out, struct fault *why)
{
    const struct fact_needs in = { .needs = line_of(w->p, "needs"),
                                   .spare = line_of(w->p, "spare"),
                                   .payday = line_of(w->p, "payday"),
                                   .source = "console" };
    int32_t number;

    if (!contact_needs(w->book, &w->account, &in, &number, why))
        return false;
    fact_noted(w, number != 0 ? "Noted what helps them." : "Taken away: nothing special is known.",
               number != 0 ? CHANGE_ADDED : CHANGE_UPDATED, number, out);
    out->number = number != 0 ? number : 1;
    return true;
}

static bool other_do(struct work *w, struct noted *out, struct fault *why)
{
    static const enum fact_type allowed[] = { FACT_ATTORNEY, FACT_EMPLOYER_PROHIBITS, FACT_CEASE,
                                              FACT_REFUSAL_TO_PAY, FACT_MILITARY };
    const struct gate_field form = { "form", "letter" };
    const char *typed = page_form(w->p, "type");
    struct gate_fact fact = { .type = FACT_TYPE_COUNT, .at = w->book->now };
    struct day last;
    int32_t number;

    for (size_t i = 0; typed != NULL && i < COUNT(allowed); i++) {
        if (text_equal(fact_type_name(allowed[i]), typed))
            fact.type = allowed[i];
    }
    if (fact.type == FACT_TYPE_COUNT)
        return fail(why, BAD_VALUE, "Choose what they told us.");
    if (!work_day(w->p, "until", "its last day", DAY_NEVER, &last, why))
        return false;
    if (last.number < w->today.number)
        return fail(why, BAD_VALUE, "%s is past already. Enter its last day.",
                    words_day(w->p->arena, last));
    fact.until = last.number == DAY_NEVER.number ? INSTANT_NEVER
                                                 : day_begins(day_plus(last, 1), w->book->zone);
    fact.value = line_of(w->p, "value");
    if (fact.type == FACT_ATTORNEY && fact.value == NULL)
        return fail(why, BAD_VALUE, "Enter the attorney: a name, and how to reach them.");
    if (fact.type == FACT_CEASE || fact.type == FACT_REFUSAL_TO_PAY || fact.type == FACT_ATTORNEY)
        fact.detail = (struct gate_fields){ 1, &form };
    if (!book_fact_add(w->book, w->account.key, &fact, "console", &number, why))
        return false;
    fact_noted(w, "Noted. The rules know of it from now on.", CHANGE_ADDED, number, out);
    return true;
}

/* ---- The forms ---- */

static const struct {
    const char *name;
    bool (*act)(struct work *w, struct noted *out, struct fault *why);
} deeds[] = {
    { "point", point_do }, { "language", language_do }, { "place", place_do },
    { "prefer", prefer_do }, { "hours", hours_do },     { "stop", stop_do },
    { "agree", agree_do }, { "needs", needs_do },       { "other", other_do },
};

bool details_note(struct page *p, struct fault *why)
{
    const char *deed = page_form(p, "do");
    struct noted noted = { 0 };
    struct work w;

    if (!work_begin(p, &w, why))
        return false;
    const char *here = arena_print(p->arena, "%s/details", w.here);
    if (w.before != 0)
        return work_end_at(&w, "That was noted already.", NULL, here, why);
    for (size_t i = 0; deed != NULL && i < COUNT(deeds); i++) {
        if (text_equal(deeds[i].name, deed))
            return deeds[i].act(&w, &noted, why) &&
                   book_key_put(w.book, w.account.key, w.once, noted.number, why) &&
                   work_end_at(&w, noted.said, noted.undo, here, why);
    }
    return fail(why, BAD_VALUE, "This form is not whole. Open the page again, please.");
}

/* ---- An address that does not lead to them, or does again ---- */

static bool point_state(struct page *p, bool good, struct fault *why)
{
    struct point_mark mark = { .good = good, .reason = line_of(p, "reason") };
    enum change change;
    struct work w;

    if (!work_number(p, 1, &mark.number, why) || !work_again(p, &w, why) ||
        !work_moment(p, "since", "since_time", "when that was seen", p->view->zone, mark.since,
                     &mark.since, why) ||
        !point_mark(w.book, w.account.key, &mark, &change, why))
        return false;
    const char *said = good ? "It leads to them again."
                            : "Marked bad. Nothing is sent there any more; it stays on file.";
    return work_end_at(&w, change == CHANGE_NONE ? "That was known already." : said,
                       change == CHANGE_NONE
                           ? NULL
                           : work_path(&w, "details/point", mark.number, good ? "bad" : "good"),
                       arena_print(p->arena, "%s/details", w.here), why);
}

bool details_point_bad(struct page *p, struct fault *why)
{
    return point_state(p, false, why);
}

bool details_point_good(struct page *p, struct fault *why)
{
    return point_state(p, true, why);
}

/* ---- It no longer holds ---- */

/* They say so themselves; a stop only ends when they agree again. */
bool details_fact_end(struct page *p, struct fault *why)
{
    struct account_fact fact;
    struct work w;
    int32_t number;
    bool found;

    if (!work_number(p, 1, &number, why) || !work_again(p, &w, why) ||
        !account_fact(w.book, &w.account, number, w.book->now, &fact, &found, why))
        return false;
    const char *here = arena_print(p->arena, "%s/details", w.here);
    if (!found)
        return work_end_at(&w, "That is not in force any more.", NULL, here, why);
    if (fact.type == FACT_OPT_OUT)
        return fail(why, CONFLICT, "Only they can take a stop back: note that they agreed again.");
    if (!details_may_end(fact_type_name(fact.type)))
        return fail(why, NOT_FOUND, "There is nothing of that kind to end here.");
    const char *undo = arena_print(p->arena, "%s/%lld",
                                   work_path(&w, "details/fact", number, "again"),
                                   (long long)fact.until.us);
    return book_fact_end(w.book, w.account.key, number, w.book->now, why) &&
           work_end_at(&w, "It does not hold any more. The history keeps it.", undo, here, why);
}

/* The button behind it. */
bool details_fact_again(struct page *p, struct fault *why)
{
    struct instant until;
    struct work w;
    int32_t number, now;

    if (!work_number(p, 1, &number, why) || !text_to_int(p->holes[2], &until.us))
        return fail(why, NOT_FOUND, "There is nothing of that number.");
    return work_again(p, &w, why) &&
           book_fact_again(w.book, w.account.key, number, until, &now, why) &&
           work_end_at(&w, "It holds again. The history keeps both.", NULL,
                       arena_print(p->arena, "%s/details", w.here), why);
}
