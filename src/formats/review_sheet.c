#include "formats/review_sheet.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/text.h"
#include "domain/gate.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool question_read(const struct yaml *at, struct review_question *out, struct fault *why)
{
    struct yaml_reader r = yaml_read(at, why);

    *out = (struct review_question){ .name = yaml_text(&r, "name"),
                                     .text = yaml_text(&r, "text"),
                                     .cite = yaml_text_or(&r, "cite", "") };
    if (out->cite != NULL && out->cite[0] == '\0')
        out->cite = NULL;
    return r.ok && yaml_only(&r, "name", "text", "cite", NULL);
}

static bool questions_read(const struct yaml *list, struct review_sheet *out, struct fault *why)
{
    if (list->count == 0 || list->count > QUESTIONS_MOST)
        return yaml_fail(list, why, "a sheet has one to %d questions, not %zu", QUESTIONS_MOST,
                         list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct review_question *q = &out->questions[i];
        if (!question_read(list->items[i], q, why))
            return false;
        for (size_t k = 0; k < i; k++) {
            if (text_equal(out->questions[k].name, q->name))
                return yaml_fail(list->items[i], why, "the question \"%s\" stands here twice",
                                 q->name);
        }
        out->count++;
    }
    return true;
}

static bool risk_read(struct arena *a, const struct yaml *at, struct review_sheet *out,
                      struct fault *why)
{
    struct yaml_reader r = yaml_read(at, why);
    enum fact_type type;

    out->risk_words = yaml_texts(&r, a, "words");
    out->risk_facts = yaml_texts(&r, a, "facts");
    if (!r.ok || !yaml_only(&r, "words", "facts", NULL))
        return false;
    for (size_t i = 0; i < out->risk_facts.count; i++) {
        if (!fact_type_parse(out->risk_facts.texts[i], &type))
            return yaml_fail(at, why, "there is no fact of type \"%s\"",
                             out->risk_facts.texts[i]);
    }
    return true;
}

static const char *digest_of_questions(struct arena *a, const struct review_sheet *sheet)
{
    struct digest_maker m;

    digest_begin(&m);
    for (size_t i = 0; i < sheet->count; i++) {
        const struct review_question *q = &sheet->questions[i];
        digest_add(&m, q->name, strlen(q->name));
        digest_add(&m, q->text, strlen(q->text));
    }
    return digest_short(a, digest_end(&m), 16);
}

struct review_sheet *review_sheet_parse(struct arena *a, const char *file, const char *bytes,
                                        size_t length, struct fault *why)
{
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);
    struct review_sheet *out = arena_make(a, struct review_sheet);

    if (root == NULL)
        return NULL;
    struct yaml_reader r = yaml_read(root, why);
    *out = (struct review_sheet){ .title = yaml_text(&r, "title") };
    yaml_text(&r, "reviews");
    const struct yaml *list = yaml_list(&r, "questions"), *risk = yaml_map(&r, "risk");
    if (!r.ok || !yaml_only(&r, "reviews", "title", "questions", "risk", NULL) ||
        !questions_read(list, out, why) || !risk_read(a, risk, out, why))
        return NULL;
    out->digest = digest_of_questions(a, out);
    return out;
}

struct review_sheet *review_sheet_load(struct arena *a, struct fault *why)
{
    static const char path[] = "reviews/house.yaml";
    struct file file;

    if (!files_load(a, path, &file, why))
        return NULL;
    return review_sheet_parse(a, path, (const char *)file.bytes, file.length, why);
}

const char *review_sheet_word(const struct review_sheet *sheet, const char *text)
{
    bool begins = true;

    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        for (size_t i = 0; begins && i < sheet->risk_words.count; i++) {
            const char *word = sheet->risk_words.texts[i];
            if (strncasecmp(at, word, strlen(word)) == 0)
                return word;
        }
        begins = !isalnum((unsigned char)*at);
    }
    return NULL;
}

bool review_sheet_fact(const struct review_sheet *sheet, const char *type)
{
    for (size_t i = 0; i < sheet->risk_facts.count; i++) {
        if (text_equal(sheet->risk_facts.texts[i], type))
            return true;
    }
    return false;
}
