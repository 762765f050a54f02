/* Strategies: a draft as a form. What comes back is written into the text, which is the truth.
 */
#include "web/page_strategies_form.h"

#include "base/text.h"
#include "flow/text_sample.h"
#include "web/strategy_words.h"

#include <string.h>

/* ---- What came back ---------------------------------------------------------------------- */

/* Other than page_form, a field that was emptied is "". */
static const char *sent(const struct page *p, const char *name)
{
    for (size_t i = 0; i < p->ask->form_count; i++) {
        if (strcmp(p->ask->form[i].name, name) == 0)
            return p->ask->form[i].value;
    }
    return NULL;
}

/* One for each choice, in their order. */
static const char *sent_list(const struct page *p, const char *name)
{
    const char *out = NULL;

    for (size_t i = 0; i < p->ask->form_count; i++) {
        const struct field *f = &p->ask->form[i];
        if (strcmp(f->name, name) != 0)
            continue;
        bool more = out != NULL && *out != '\0' && *f->value != '\0';
        out =
            arena_print(p->arena, "%s%s%s", out != NULL ? out : "", more ? ", " : "", f->value);
    }
    return out;
}

static const char *answer(void *context, const char *name)
{
    const struct page *p = context;

    if (text_ends(name, ".channels"))
        return sent_list(p, name);
    if (!text_ends(name, ".day"))
        return sent(p, name);
    const char *side = sent(p, arena_print(p->arena, "%s.side", name));
    const char *days = sent(p, arena_print(p->arena, "%s.days", name));
    return side == NULL || days == NULL
               ? NULL
               : arena_print(p->arena, "%s %s",
                             strcmp(side, "before_due") == 0 ? side : "after_due", days);
}

/* "remove 3": what is asked of which step. */
static struct form_order order_of(const struct page *p)
{
    static const struct {
        const char *word;
        enum form_wish wish;
    } wishes[] = { { "add ", WISH_ADD },
                   { "remove ", WISH_REMOVE },
                   { "earlier ", WISH_EARLIER },
                   { "later ", WISH_LATER } };
    const char *what = page_form_or(p, "do", "");
    int64_t step;

    for (size_t i = 0; i < COUNT(wishes); i++) {
        if (text_starts(what, wishes[i].word) &&
            text_to_int(what + strlen(wishes[i].word), &step) && step >= 0)
            return (struct form_order){ wishes[i].wish, (size_t)step };
    }
    return (struct form_order){ WISH_NONE, 0 };
}

static size_t number_sent(const char *text)
{
    int64_t number;

    return text != NULL && text_to_int(text, &number) && number >= 0 ? (size_t)number : 0;
}

/* The fields first, so that they are in the text even if the wish cannot be granted. */
static bool write_back(struct page *p, struct strategy_editor *e, struct form_order order,
                       const struct form_answers *answers, struct fault *why)
{
    const struct form_order none = { WISH_NONE, 0 };

    e->unwritten = true;
    if (!strategy_form_write(p->arena, e->text, e->ladder, answers, none, &e->text, why))
        return false;
    e->unwritten = false;
    return strategy_form_write(p->arena, e->text, e->ladder, NULL, order, &e->text, why);
}

bool strategy_editor_read(struct page *p, struct strategy_editor *out, struct fault *why)
{
    const struct form_order order = order_of(p);
    const struct form_answers answers = { answer, p };
    const char *text = page_form(p, "text"), *was = page_form(p, "was");
    const char *show = page_form(p, "show");

    *out = (struct strategy_editor){ .ladder = number_sent(page_form(p, "ladder")) };
    if (text == NULL) {
        out->ladder = number_sent(page_field(p, "ladder"));
        return true;
    }
    out->text = strategy_typed(p->arena, text);
    if (was == NULL)
        return true;
    was = strategy_typed(p->arena, was);
    bool typed = strcmp(was, out->text) != 0;
    bool asked =
        order.wish != WISH_NONE || strategy_form_differs(p->arena, was, out->ladder, &answers);
    out->both = typed && asked;
    if (!typed && asked && !write_back(p, out, order, &answers, why))
        return false;
    out->ladder = show != NULL ? number_sent(show) : out->ladder;
    return true;
}

/* ---- Fields ------------------------------------------------------------------------------ */

/* A form of more than ASK_FIELDS is not taken; what is more is left to the text. */
enum { FIELDS_ALWAYS = 20, FIELDS_OF_STEP = 7, SEGMENTS_MOST = 30 };

struct showing {
    struct page *p;
    size_t fields; /* so far */
    const struct strategy_editor *e;
    const struct strategy_outline *o;
    struct text_row *texts;
    size_t text_count;
};

/* What a field says: what was sent, where that could not be written. */
static const char *value_of(struct showing *s, const char *name, const char *value)
{
    const char *typed = s->e->unwritten ? answer(s->p, name) : NULL;

    return typed != NULL ? typed : value;
}

static void option_put(json_t *list, const char *value, const char *label, const char *now)
{
    json_t *row = list_add(list);

    put(row, "value", value);
    put(row, "label", label);
    put_true(row, "is_now", strcmp(value, now) == 0);
}

/* What stands there and is none of the choices is one, too: nothing changes by being shown. */
static void option_else(json_t *list, const char *now)
{
    size_t i;
    const json_t *row;

    json_array_foreach(list, i, row)
    {
        if (json_is_true(json_object_get(row, "is_now")))
            return;
    }
    option_put(list, now, now, now);
}

static void channels_put(struct showing *s, json_t *step, const char *names)
{
    json_t *list = put_list(step, "by");
    bool more = true;

    for (int place = 0; more && place < CHANNEL_COUNT; place++) {
        size_t length = strcspn(names, ",");
        const char *name = text_trim(s->p->arena, arena_copy_n(s->p->arena, names, length));
        json_t *row = list_add(list), *options = put_list(row, "options");
        more = *name != '\0';
        names += length + (names[length] == ',');
        put_true(row, "is_first", place == 0);
        put_int(row, "place", place + 1);
        option_put(options, "", place == 0 ? "choose" : "nothing else", name);
        for (int i = 0; i < CHANNEL_COUNT; i++)
            option_put(options, channel_name((enum channel)i),
                       words_channel(channel_name((enum channel)i)), name);
        option_else(options, name);
    }
}

static void texts_put(struct showing *s, json_t *step, const char *name)
{
    json_t *list = put_list(step, "texts");

    option_put(list, STRATEGY_CALL_TEXT, "What to say on the call", name);
    for (size_t i = 0; i < s->text_count; i++) {
        bool known = strcmp(s->texts[i].name, STRATEGY_CALL_TEXT) == 0;
        for (size_t k = 0; k < i && !known; k++)
            known = strcmp(s->texts[k].name, s->texts[i].name) == 0;
        if (!known)
            option_put(list, s->texts[i].name, words_plain(s->p->arena, s->texts[i].name),
                       name);
    }
    option_else(list, name);
}

static void condition_put(struct page *p, json_t *row, const char *key, const char *text,
                          const char *otherwise)
{
    put(row, key, text);
    put(row, arena_print(p->arena, "%s_words", key),
        *text == '\0' ? otherwise : condition_words(p->arena, text));
}

static void step_put(struct showing *s, json_t *list, const struct outline_ladder *ladder,
                     size_t at)
{
    const struct outline_step *step = &ladder->steps[at];
    struct arena *a = s->p->arena;
    json_t *row = list_add(list);
    const char *prefix = arena_print(a, "step.%zu.%zu", s->e->ladder, at);
    const char *day = strategy_form_day(a, step);

#define FIELD(key, value) value_of(s, arena_print(a, "%s." key, prefix), value)
    day = FIELD("day", day);
    put(row, "prefix", prefix);
    put_int(row, "at", (int64_t)at);
    put_int(row, "number", (int64_t)at + 1);
    put(row, "id", FIELD("id", step->id));
    put(row, "days", strchr(day, ' ') + 1);
    put_true(row, "is_before", text_starts(day, "before_due"));
    condition_put(s->p, row, "when", FIELD("when", step->when), "always");
    channels_put(s, row, FIELD("channels", step->channels));
    texts_put(s, row, FIELD("template", step->template));
#undef FIELD
    strategy_reach_put(s->p, row, s->e->reach, ladder->name, step->id);
    put_true(row, "is_first", at == 0);
    put_true(row, "is_last", at + 1 == ladder->count);
    put_true(row, "is_only", ladder->count == 1);
}

static void more_put(struct showing *s, json_t *form, const char *key, size_t count)
{
    put(form, key, count > 0 ? words_count(s->p->arena, (int64_t)count) : "");
}

static void ladder_names_put(const struct showing *s, json_t *row, const char *name)
{
    json_t *list = put_list(row, "ladder_names");

    for (size_t i = 0; i < s->o->ladder_count; i++)
        option_put(list, s->o->ladders[i].name, s->o->ladders[i].name, name);
    option_else(list, name);
}

static void segments_put(struct showing *s, json_t *form)
{
    json_t *list = put_list(form, "parts");
    struct arena *a = s->p->arena;

    for (size_t i = 0; i < s->o->segment_count && i < SEGMENTS_MOST; i++) {
        const struct outline_segment *segment = &s->o->segments[i];
        const char *prefix = arena_print(a, "segment.%zu", i);
        json_t *row = list_add(list);
        put(row, "prefix", prefix);
        put(row, "segment", segment->name);
        condition_put(s->p, row, "when",
                      value_of(s, arena_print(a, "%s.when", prefix), segment->when),
                      i == 0 ? "everybody" : "everybody else");
        ladder_names_put(s, row,
                         value_of(s, arena_print(a, "%s.ladder", prefix), segment->ladder));
        s->fields += 2;
    }
    more_put(s, form, "more_segments", s->o->segment_count - json_array_size(list));
}

/* As many as one form may send. */
static void steps_put(struct showing *s, json_t *form, const struct outline_ladder *ladder)
{
    json_t *list = put_list(form, "steps");
    size_t shown = 0;

    for (; shown < ladder->count; shown++) {
        s->fields += FIELDS_OF_STEP;
        for (const char *c = ladder->steps[shown].channels; *c != '\0'; c++)
            s->fields += *c == ',';
        if (s->fields > ASK_FIELDS)
            break;
        step_put(s, list, ladder, shown);
    }
    more_put(s, form, "more_steps", ladder->count - shown);
}

/* ---- The ladder shown -------------------------------------------------------------------- */

static void ladder_put(struct showing *s, json_t *form)
{
    static const char *const entries[][2] = { { "highest", "gets the step for their age" },
                                              { "one_at_a_time", "begins at the first step" } };
    static const char *const ends[][2] = { { "person", "a person looks at it" },
                                           { "hand_over", "it is handed over" },
                                           { "write_off", "it is written off" },
                                           { "stop", "nothing more is done" } };
    const struct outline_ladder *ladder = &s->o->ladders[s->e->ladder];
    struct arena *a = s->p->arena;
    json_t *row = put_object(form, "shown"), *list;
    const char *prefix = arena_print(a, "ladder.%zu", s->e->ladder), *now;

#define FIELD(key, value) value_of(s, arena_print(a, "%s." key, prefix), value)
    put(row, "prefix", prefix);
    put(row, "name", ladder->name);
    put(row, "gap", FIELD("gap", ladder->gap));
    put(row, "stale_after", FIELD("stale_after", ladder->stale_after));
    put(row, "end_after", FIELD("end.after", ladder->end_after));
    now = FIELD("entry", ladder->entry);
    list = put_list(row, "entries");
    option_put(list, *now == '\0' ? "" : entries[0][0], entries[0][1], now);
    option_put(list, entries[1][0], entries[1][1], now);
    option_else(list, now);
    now = FIELD("end.then", ladder->end_then);
#undef FIELD
    list = put_list(row, "ends");
    for (size_t i = 0; i < COUNT(ends); i++)
        option_put(list, ends[i][0], ends[i][1], now);
    option_else(list, now);
    steps_put(s, form, ladder);
}

static void tabs_put(struct showing *s, json_t *form)
{
    json_t *list = put_list(form, "tabs");

    for (size_t i = 0; i < s->o->ladder_count; i++) {
        json_t *row = list_add(list);
        put(row, "ladder", s->o->ladders[i].name);
        put_int(row, "at", (int64_t)i);
        put_int(row, "count", (int64_t)s->o->ladders[i].count);
        put_true(row, "is_shown", i == s->e->ladder);
    }
}

static void facts_put(struct page *p)
{
    json_t *list = put_list(p->context, "facts");

    for (size_t i = 0; i < strategy_facts.count; i++) {
        json_t *row = list_add(list);
        put(row, "fact", strategy_facts.names[i].name);
        put(row, "meaning", strategy_facts.names[i].meaning);
    }
}

bool strategy_editor_put(struct page *p, struct strategy_editor *e, struct fault *why)
{
    struct strategy_outline outline;
    struct showing s = { .p = p, .fields = FIELDS_ALWAYS, .e = e, .o = &outline };
    struct fault unread = { 0 };

    put_true(p->context, "both_changed", e->both);
    put_true(p->context, "has_form", false);
    put_int(p->context, "ladder_at", (int64_t)e->ladder);
    if (!strategy_form_read(p->arena, e->text, &outline, &unread) || outline.ladder_count == 0)
        return true;
    if (!text_list(p->arena, &s.texts, &s.text_count, why))
        return false;
    if (e->ladder >= outline.ladder_count)
        e->ladder = 0;
    put_int(p->context, "ladder_at", (int64_t)e->ladder);
    json_t *form = put_object(p->context, "form");
    put_true(p->context, "has_form", true);
    put(form, "form_title", value_of(&s, "title", outline.title));
    put(form, "form_order", value_of(&s, "order", outline.order));
    condition_put(p, form, "applies", value_of(&s, "for", outline.applies), "everybody");
    segments_put(&s, form);
    tabs_put(&s, form);
    ladder_put(&s, form);
    facts_put(p);
    return true;
}
