#include "formats/call_script.h"

#include "base/files.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

/* ---- What may stand in a line ---- */

/* limited: may be said to whoever answers. */
static const struct {
    const char *name;
    bool limited;
} values[] = {
    { "me.name", true },         { "debtor.name", true },     { "sender.name", true },
    { "sender.phone", true },    { "creditor.name", false },  { "reference", false },
    { "balance", false },        { "past_due", false },       { "oldest_due", false },
    { "items", false },          { "language", true },
};

/* A stranger who hears one of these knows what it is about. Whole words, in any case. */
static const struct {
    const char *language;
    const char *const words[20];
} telling[] = {
    { "en", { "debt", "debts", "owe", "owes", "owed", "balance", "payment", "payments", "pay",
              "overdue", "collect", "collector", "collection", "creditor", "bill", "invoice",
              "account", "amount", NULL } },
    { "de", { "Schuld", "Schulden", "schulden", "Forderung", "offen", "offene", "Betrag", "zahlen",
              "Zahlung", "Rechnung", "Inkasso", "Gläubiger", "fällig", "Mahnung", "Konto", NULL } },
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = text; *at != '\0'; at++) {
        if ((at == text || !is_letter(at[-1])) && strncasecmp(at, word, length) == 0 &&
            !is_letter(at[length]))
            return true;
    }
    return false;
}

/* Holes are values alone: a line that may be missing is a line with a `when`. */
static bool hole_check(const struct yaml *at, const char *name, size_t length, bool limited,
                       struct fault *why)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        if (strlen(values[i].name) != length || strncmp(values[i].name, name, length) != 0)
            continue;
        return values[i].limited || !limited ||
               yaml_fail(at, why,
                         "\"%s\" is not for whoever answers: this stage comes before it is "
                         "known who is there",
                         values[i].name);
    }
    return yaml_fail(at, why, "there is no value \"%.*s\"", (int)length, name);
}

static bool holes_check(const struct yaml *at, const char *text, bool limited,
                        struct fault *why)
{
    for (const char *hole = strstr(text, "{{"); hole != NULL; hole = strstr(hole + 2, "{{")) {
        const char *end = strstr(hole, "}}");
        if (end == NULL)
            return yaml_fail(at, why, "a hole has no end: write {{name}}");
        if (!hole_check(at, hole + 2, (size_t)(end - hole - 2), limited, why))
            return false;
    }
    return true;
}

static bool words_check(const struct yaml *at, const char *language, const char *text,
                        struct fault *why)
{
    for (size_t i = 0; i < COUNT(telling); i++) {
        if (strcmp(telling[i].language, language) != 0)
            continue;
        for (size_t k = 0; telling[i].words[k] != NULL; k++) {
            if (has_word(text, telling[i].words[k]))
                return yaml_fail(at, why,
                                 "\"%s\" tells a stranger what it is about: this stage comes "
                                 "before it is known who is there",
                                 telling[i].words[k]);
        }
    }
    return true;
}

/* ---- Lines ---- */

struct reading {
    struct arena *a;
    struct call_script *script;
    struct gate_field *says;
    size_t room;
    struct fault *why;
};

static void says_add(struct reading *r, const char *field)
{
    struct gate_fields *says = &r->script->says;

    for (size_t i = 0; i < says->count; i++) {
        if (strcmp(says->fields[i].name, field) == 0)
            return;
    }
    *arena_push(r->a, r->says, says->count, r->room) = (struct gate_field){ field, "true" };
    says->fields = r->says;
}

static bool line_read(struct reading *r, const struct yaml *at, bool limited,
                      struct call_line *out)
{
    static const struct template_options plain = { .escape = TEMPLATE_PLAIN, .strict = true };
    struct yaml_reader y = yaml_read(at, r->why);
    const char *say = yaml_text_or(&y, "say", ""), *act = yaml_text_or(&y, "do", "");
    const char *when = yaml_text_or(&y, "when", ""), *holds = yaml_text_or(&y, "holds", "");

    if (!y.ok || !yaml_only(&y, "say", "do", "when", "holds", NULL))
        return false;
    bool spoken = say[0] != '\0';
    if (spoken == (act[0] != '\0'))
        return yaml_fail(at, r->why, "a line is either said (say) or done (do)");
    *out = (struct call_line){ .when = when[0] != '\0' ? when : NULL,
                               .say = spoken ? say : NULL,
                               .act = spoken ? NULL : act,
                               .holds = holds[0] != '\0' ? holds : NULL };
    const char *text = spoken ? say : act;
    if (!holes_check(at, text, limited, r->why) ||
        (limited && spoken && !words_check(at, r->script->language, text, r->why)))
        return false;
    if (out->holds != NULL)
        says_add(r, out->holds);
    out->words = template_compile(r->a, r->script->file, text, strlen(text), &plain, r->why);
    return out->words != NULL;
}

static bool lines_read(struct reading *r, const struct yaml *list, bool limited,
                       const struct call_line **out, size_t *count)
{
    struct call_line *lines = arena_array(r->a, struct call_line, list->count + 1);

    *out = lines;
    *count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!line_read(r, list->items[i], limited, &lines[i]))
            return false;
    }
    return list->count > 0 || yaml_fail(list, r->why, "there is nothing to say here");
}

/* ---- Stages and reasons ---- */

static bool stage_read(struct reading *r, const struct yaml *at, struct call_stage *out)
{
    struct yaml_reader y = yaml_read(at, r->why);

    *out = (struct call_stage){ .name = yaml_text(&y, "stage"),
                                .title = yaml_text(&y, "title"),
                                .limited = yaml_bool_or(&y, "limited", false),
                                .identity = yaml_bool_or(&y, "identity", false),
                                .disclosures = yaml_bool_or(&y, "disclosures", false) };
    const struct yaml *lines = yaml_list(&y, "lines");
    if (!y.ok || !yaml_only(&y, "stage", "title", "limited", "identity", "disclosures", "lines",
                            NULL))
        return false;
    return lines_read(r, lines, out->limited, &out->lines, &out->line_count);
}

/* Who it is is found out once, after what may be said to anybody and before all else. */
static bool stages_check(const struct reading *r, const struct yaml *list)
{
    size_t identities = 0, disclosures = 0;

    for (size_t i = 0; i < r->script->stage_count; i++) {
        const struct call_stage *s = &r->script->stages[i];
        for (size_t k = 0; k < i; k++) {
            if (strcmp(r->script->stages[k].name, s->name) == 0)
                return yaml_fail(list->items[i], r->why, "the stage \"%s\" stands here twice",
                                 s->name);
        }
        if (identities == 0 && !s->limited)
            return yaml_fail(list->items[i], r->why,
                             "until identity is confirmed every stage is limited");
        identities += s->identity;
        disclosures += s->disclosures;
    }
    if (identities != 1)
        return yaml_fail(list, r->why, "one stage finds out who it is: identity: true");
    return disclosures == 1 ||
           yaml_fail(list, r->why, "one stage says what the law wants said: disclosures: true");
}

static bool stages_read(struct reading *r, const struct yaml *list)
{
    struct call_stage *stages = arena_array(r->a, struct call_stage, list->count + 1);

    r->script->stages = stages;
    r->script->stage_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!stage_read(r, list->items[i], &stages[i]))
            return false;
    }
    return stages_check(r, list);
}

static bool leads_somewhere(const char *to)
{
    static const char *const all[] = { "promise", "plan", "offer", "dispute", "hardship" };

    for (size_t i = 0; i < COUNT(all); i++) {
        if (strcmp(all[i], to) == 0)
            return true;
    }
    return to[0] == '\0';
}

static bool reasons_read(struct reading *r, const struct yaml *list)
{
    struct call_reason *reasons = arena_array(r->a, struct call_reason, list->count + 1);

    r->script->reasons = reasons;
    r->script->reason_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        struct yaml_reader y = yaml_read(list->items[i], r->why);
        const char *to = yaml_text_or(&y, "leads_to", "");
        reasons[i] = (struct call_reason){ .name = yaml_text(&y, "reason"),
                                           .title = yaml_text(&y, "title") };
        const struct yaml *lines = yaml_list(&y, "lines");
        if (!y.ok || !yaml_only(&y, "reason", "title", "leads_to", "lines", NULL))
            return false;
        if (!leads_somewhere(to))
            return yaml_fail(list->items[i], r->why,
                             "a reason leads to promise, plan, offer, dispute or hardship, not "
                             "to \"%s\"",
                             to);
        reasons[i].leads_to = to[0] != '\0' ? to : NULL;
        if (!lines_read(r, lines, false, &reasons[i].lines, &reasons[i].line_count))
            return false;
    }
    return true;
}

/* ---- Scripts ---- */

static bool one_of(const struct yaml *root, const char *text, const char *first,
                   const char *second, bool *is_second, struct fault *why)
{
    *is_second = strcmp(text, second) == 0;
    return *is_second || strcmp(text, first) == 0 ||
           yaml_fail(root, why, "it is for %s or %s, not for \"%s\"", first, second, text);
}

struct call_script *call_script_parse(struct arena *a, const char *language, const char *file,
                                      const char *bytes, size_t length, struct fault *why)
{
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);
    struct call_script *s = arena_make(a, struct call_script);
    struct reading r = { .a = a, .script = s, .why = why };

    if (root == NULL)
        return NULL;
    struct yaml_reader y = yaml_read(root, why);
    *s = (struct call_script){ .name = yaml_text(&y, "call"),
                               .title = yaml_text(&y, "title"),
                               .language = language,
                               .file = file,
                               .confirm = (int)yaml_int_or(&y, "confirm", 1, 5, 2) };
    const char *from = yaml_text(&y, "from"), *to = yaml_text(&y, "to");
    struct yaml_texts says = yaml_texts(&y, a, "says");
    const struct yaml *stages = yaml_list(&y, "stages"), *reasons = yaml_list(&y, "reasons");
    if (!y.ok || !yaml_only(&y, "call", "title", "from", "to", "confirm", "says", "stages",
                            "reasons", NULL) ||
        !one_of(root, from, "creditor", "collector", &s->by_collector, why) ||
        !one_of(root, to, "person", "business", &s->to_business, why))
        return NULL;
    for (size_t i = 0; i < says.count; i++)
        says_add(&r, says.texts[i]);
    return stages_read(&r, stages) && reasons_read(&r, reasons) ? s : NULL;
}

struct call_script *call_script_load(struct arena *a, const char *language, bool by_collector,
                                     bool to_business, struct fault *why)
{
    const char *who = to_business ? "business" : "person";
    const char *from = by_collector ? "collector" : "creditor";
    const char *short_language =
        language == NULL ? "en" : arena_copy_n(a, language, strcspn(language, "-"));
    struct fault absent = { 0 };
    struct file file;

    const char *path =
        arena_print(a, "calls/%s/%s-%s.yaml", short_language, who, from);
    if (!files_load(a, path, &file, &absent)) {
        short_language = "en";
        path = arena_print(a, "calls/en/%s-%s.yaml", who, from);
        if (!files_load(a, path, &file, why))
            return NULL;
    }
    return call_script_parse(a, short_language, path, (const char *)file.bytes, file.length,
                             why);
}

bool call_line_render(const struct call_line *line, const json_t *context, struct arena *a,
                      const char **out, struct fault *why)
{
    struct text made = { 0 };
    bool fine = template_render(line->words, context, &made, why);

    *out = text_trim(a, text_of(&made));
    text_free(&made);
    return fine;
}
