#include "flow/text_sample.h"

#include "base/files.h"
#include "base/text.h"
#include "formats/letter_pdf.h"
#include "formats/letter_print.h"

#include <jansson.h>
#include <string.h>

static const char folder[] = "letters/", ending[] = ".md";

/* ---- What there is ------------------------------------------------------------------------
 */

/* "letters/en/past-due.md": language and name; false for parts and wording. */
static bool path_split(struct arena *a, const char *path, const char **language,
                       const char **name)
{
    const char *from = path + strlen(folder), *slash = strchr(from, '/');

    if (slash == NULL || strchr(slash + 1, '/') != NULL || text_ends(path, "README.md"))
        return false;
    *language = arena_copy_n(a, from, (size_t)(slash - from));
    *name = arena_copy_n(a, slash + 1, strlen(slash + 1) - strlen(ending));
    return true;
}

bool text_source(struct arena *a, const char *language, const char *name, const char **source,
                 struct fault *why)
{
    struct file file;

    if (strchr(language, '/') != NULL || strchr(name, '/') != NULL ||
        !files_load(a, arena_print(a, "letters/%s/%s.md", language, name), &file, why))
        return fail(why, NOT_FOUND, "There is no text \"%s\" in \"%s\".", name, language);
    *source = arena_copy_n(a, (const char *)file.bytes, file.length);
    return true;
}

const char *text_title(struct arena *a, const char *source)
{
    const char *at = strstr(source, "\ntitle: ");

    if (at == NULL)
        return "";
    at += strlen("\ntitle: ");
    return arena_copy_n(a, at, strcspn(at, "\r\n"));
}

bool text_list(struct arena *a, struct text_row **out, size_t *count, struct fault *why)
{
    const char **paths;
    size_t path_count, room = 0;

    *out = NULL;
    *count = 0;
    if (!files_list(a, folder, ending, &paths, &path_count, why))
        return false;
    for (size_t i = 0; i < path_count; i++) {
        struct text_row row = { 0 };
        struct letter_text *text;
        const char *source;
        if (!path_split(a, paths[i], &row.language, &row.name))
            continue;
        if (!letter_text_load(a, row.name, row.language, &text, why) ||
            !text_source(a, row.language, row.name, &source, why))
            return false;
        row.title = text_title(a, source);
        row.purpose = letter_text_purpose(text);
        row.tone = letter_text_tone(text);
        row.by_email = letter_text_is_for(text, CHANNEL_EMAIL);
        row.by_letter = letter_text_is_for(text, CHANNEL_LETTER);
        row.from_collector = letter_text_is_from_collector(text);
        *arena_push(a, *out, *count, room) = row;
    }
    return true;
}

/* ---- As a reader gets it ------------------------------------------------------------------
 */

static bool text_read(struct arena *a, const char *language, const char *name,
                      const char *draft, struct letter_text **out, struct fault *why)
{
    struct file file = { .path = arena_print(a, "letters/%s/%s.md", language, name) };

    if (draft == NULL)
        return letter_text_load(a, name, language, out, why);
    file.bytes = (const unsigned char *)draft;
    file.length = strlen(draft);
    return letter_text_read(a, &file, language, out, why);
}

static bool shown_by(struct arena *a, const struct letter_text *text, const json_t *values,
                     struct instant now, struct text_shown *out, struct fault *why)
{
    struct letter_document d;
    struct text plain = { 0 }, html = { 0 };
    bool done = true;

    if (letter_text_is_for(text, CHANNEL_EMAIL)) {
        struct letter_html *page = letter_html_load(a, why);
        done = page != NULL && letter_text_render(a, text, values, CHANNEL_EMAIL, &d, why);
        if (done) {
            letter_print_text(&d, &plain);
            done = letter_print_html(page, &d, &html, why);
            out->subject = d.subject;
            out->text = arena_copy_n(a, text_of(&plain), plain.length);
            out->html = arena_copy_n(a, text_of(&html), html.length);
        }
    }
    if (done && letter_text_is_for(text, CHANNEL_LETTER)) {
        unsigned char *pdf;
        done = letter_text_render(a, text, values, CHANNEL_LETTER, &d, why) &&
               letter_pdf_make(a, &d, now, &pdf, &out->pdf_length, NULL, why);
        if (done) {
            out->pdf = pdf;
            if (out->text == NULL) {
                letter_print_text(&d, &plain);
                out->text = arena_copy_n(a, text_of(&plain), plain.length);
            }
        }
    }
    text_free(&plain);
    text_free(&html);
    return done;
}

static bool is_for_language(const json_t *values, const char *language)
{
    const char *of =
        json_string_value(json_object_get(json_object_get(values, "debtor"), "language"));

    return text_equal(of, language);
}

/* Shows it by one sample, when that has every value, and is (or is not) of the language. */
static bool shown_by_file(struct arena *a, const struct letter_text *text, const char *path,
                          const char *language, bool same, struct instant now,
                          struct text_shown *out, struct fault *why)
{
    struct text_shown shown = { 0 };
    struct fault no = { 0 };
    struct file file;

    if (!files_load(a, path, &file, why))
        return false;
    json_t *values = json_loadb((const char *)file.bytes, file.length, 0, NULL);
    bool done = values != NULL && is_for_language(values, language) == same &&
                shown_by(a, text, values, now, &shown, &no);
    json_decref(values);
    if (!done && no.code != 0 && (why->code == 0 || why->code == NOT_ALLOWED))
        *why = no; /* a sample of another sender says nothing about the text */
    if (!done)
        return false;
    const char *base = path + strlen("letters/samples/");
    *out = shown;
    out->sample = arena_copy_n(a, base, strlen(base) - strlen(".json"));
    out->reading = reading_of(shown.text);
    return true;
}

bool text_show(struct arena *a, const char *language, const char *name, const char *draft,
               struct instant now, struct text_shown *out, struct fault *why)
{
    struct letter_text *text;
    const char **paths;
    size_t count;

    *out = (struct text_shown){ 0 };
    *why = (struct fault){ 0 };
    if (!text_read(a, language, name, draft, &text, why) ||
        !files_list(a, "letters/samples/", ".json", &paths, &count, why))
        return false;
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < count; i++) {
            if (shown_by_file(a, text, paths[i], language, turn == 0, now, out, why))
                return true;
        }
    }
    return false;
}

/* ---- What is wrong with it ----------------------------------------------------------------
 */

bool text_check(struct arena *a, const char *language, const char *name, const char *draft,
                struct instant now, struct template_findings *out, struct fault *why)
{
    struct file file = { .path = arena_print(a, "letters/%s/%s.md", language, name) };
    struct template_check_request request = { .now = now,
                                              .draft = &file,
                                              .draft_language = language };
    const char *source = draft;

    *out = (struct template_findings){ 0 };
    if (strchr(language, '/') != NULL || strchr(name, '/') != NULL || language[0] == '.')
        return fail(why, NOT_FOUND, "There is no text \"%s\" in \"%s\".", name, language);
    if (source == NULL && !text_source(a, language, name, &source, why))
        return false;
    file.bytes = (const unsigned char *)source;
    file.length = strlen(source);
    return template_check(a, &request, out, why);
}
