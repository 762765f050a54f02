#include "flow/line_words.h"

#include "base/text.h"
#include "flow/spoken.h"
#include "formats/template.h"

#include <string.h>

struct line_words {
    const char *language, *country;
    struct template *template;
};

struct line_words *line_words_load(struct arena *a, const char *language, const char *country,
                                   struct fault *why)
{
    static const struct template_options options = { .escape = TEMPLATE_PLAIN, .strict = true };
    struct line_words *words = arena_make(a, struct line_words);
    const char *base = arena_copy_n(a, language, strcspn(language, "-"));
    const char *path = arena_print(a, "letters/%s/parts/line.md", base);
    struct file file;
    struct fault absent = { 0 };

    if (!files_load(a, path, &file, &absent)) {
        base = "en";
        path = "letters/en/parts/line.md";
    }
    *words = (struct line_words){ base, country, template_load(a, path, &options, why) };
    return words->template != NULL ? words : NULL;
}

/* ---- Values ----------------------------------------------------------------------------- */

static void put(json_t *object, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0')
        json_object_set_new(object, key, json_string(value));
}

static void put_true(json_t *object, const char *key, bool truth)
{
    json_object_set_new(object, key, json_boolean(truth));
}

/* Sections by what is said, so that each language has words of its own for the usual ones. */
static void put_said(struct arena *a, json_t *v, const char *said)
{
    static const char *const usual[] = { "check",    "card",     "cash",
                                         "transfer", "late_fee", "compensation" };
    bool known = false;

    if (said == NULL)
        return;
    for (size_t i = 0; i < COUNT(usual); i++) {
        put_true(v, arena_print(a, "says_%s", usual[i]), text_equal(said, usual[i]));
        known |= text_equal(said, usual[i]);
    }
    put_true(v, "says_other", !known);
}

static const char *plain(struct arena *a, const char *name)
{
    char *made = name == NULL ? NULL : arena_copy(a, name);

    for (char *at = made; at != NULL && *at != '\0'; at++)
        *at = *at == '_' ? ' ' : *at;
    return made;
}

static void put_day(const struct line_words *w, struct arena *a, json_t *v, const char *key,
                    struct day day)
{
    if (day.number != DAY_NONE.number)
        put(v, key, spoken_short_day(a, w->language, w->country, day));
}

static void put_interest(const struct line_words *w, struct arena *a, json_t *v,
                         const struct balance_line *l)
{
    put_true(v, "one_day", l->from.number == l->day.number);
    put_day(w, a, v, "from", l->from);
    put_day(w, a, v, "to", l->day);
    if (l->rate_ppm == 0 && l->last_ppm == 0)
        return;
    put(v, "rate", spoken_percent(a, w->language, l->rate_ppm));
    if (l->last_ppm != l->rate_ppm)
        put(v, "last_rate", spoken_percent(a, w->language, l->last_ppm));
}

/* How many parts a debt has decides whether one of them is named. */
static bool has_parts(const struct balance *b, int32_t debt)
{
    size_t count = 0;

    for (size_t i = 0; i < b->part_count; i++)
        count += b->parts[i].debt == debt;
    return count > 1;
}

static json_t *values_of(const struct line_words *w, struct arena *a, const struct balance *b,
                         const struct balance_line *l)
{
    const struct balance_debt *debt = balance_debt_of(b, l->debt);
    json_t *v = json_object();

    put_true(v, line_name(l->kind), true);
    put_true(v, "waits", l->debt == 0 && l->back_state == NULL);
    put(v, "debt", debt != NULL ? debt->reference : NULL);
    if (l->instalment > 0 && has_parts(b, l->debt))
        put(v, "instalment", arena_print(a, "%d", (int)l->instalment));
    put_day(w, a, v, "due", l->due);
    put(v, "reference", l->reference);
    put(v, "method", plain(a, l->method));
    put(v, "reason", l->reason);
    put(v, "part", plain(a, l->component));
    if (l->component != NULL)
        put_true(v, arena_print(a, "is_%s", l->component), true);
    put_said(a, v, l->kind == LINE_PAYMENT ? l->method : l->component);
    put_day(w, a, v, "back_day", l->back_day);
    if (l->kind == LINE_BACK) {
        put_true(v, l->back_state, true);
        put_true(v, "other_way", !text_equal(l->back_state, "returned") &&
                                     !text_equal(l->back_state, "charged_back"));
    }
    if (l->kind == LINE_INTEREST || l->kind == LINE_RUNNING)
        put_interest(w, a, v, l);
    return v;
}

/* The sections stand on lines of their own; what is said is one line. */
static const char *one_line(struct arena *a, const char *text)
{
    char *made = text_trim(a, text);

    for (char *at = made; *at != '\0'; at++)
        *at = *at == '\n' ? ' ' : *at;
    return made;
}

bool line_words_say(const struct line_words *words, struct arena *a, const struct balance *b,
                    const struct balance_line *line, const char **out, struct fault *why)
{
    json_t *values = values_of(words, a, b, line);
    struct text made = { 0 };
    bool fine = template_render(words->template, values, &made, why);

    *out = one_line(a, text_of(&made));
    text_free(&made);
    json_decref(values);
    return fine;
}

const char *line_ground(struct arena *a, const struct balance_line *line)
{
    bool clause = !text_is_empty(line->clause), law = !text_is_empty(line->law);

    if (clause && law)
        return arena_print(a, "“%s”, %s", line->clause, line->law);
    if (clause)
        return line->kind == LINE_CHARGE ? line->clause : arena_print(a, "“%s”", line->clause);
    return law ? line->law : NULL;
}
