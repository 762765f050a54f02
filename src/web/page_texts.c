/* Letters and emails: what there is, how a reader gets it, and what a change would break. */
#include "web/page_texts.h"

#include "base/text.h"
#include "flow/text_sample.h"

#include <string.h>

enum { PREVIEW_FINDINGS = 30, AGE_MOST = 16 };

static const char *path_of(const struct page *p, const char *language, const char *name)
{
    return arena_print(p->arena, "/templates/%s/%s", language, name);
}

static bool page_templates(struct page *p, struct fault *why)
{
    struct text_row *rows;
    size_t count;
    json_t *languages = put_list(p->context, "languages"), *texts = NULL;
    const char *language = "";

    put(p->context, "title", "Texts");
    if (!text_list(p->arena, &rows, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(language, rows[i].language) != 0) {
            language = rows[i].language;
            json_t *group = list_add(languages);
            put(group, "language", words_language(language));
            put(group, "tag", language);
            texts = put_list(group, "texts");
        }
        json_t *row = list_add(texts);
        put(row, "title", rows[i].title);
        put(row, "name", rows[i].name);
        put(row, "link", path_of(p, rows[i].language, rows[i].name));
        put(row, "purpose", words_plain(p->arena, rows[i].purpose));
        put(row, "tone", words_plain(p->arena, rows[i].tone));
        put_true(row, "by_email", rows[i].by_email);
        put_true(row, "by_letter", rows[i].by_letter);
        put(row, "from", rows[i].from_collector ? "A collector" : "The creditor");
    }
    return true;
}

static void findings_put(struct page *p, const struct template_findings *f)
{
    json_t *list = put_list(p->context, "findings");

    for (size_t i = 0; i < f->count && i < PREVIEW_FINDINGS; i++) {
        const struct template_finding *one = &f->all[i];
        json_t *row = list_add(list);
        put_int(row, "line", one->line);
        put(row, "kind", words_plain(p->arena, one->kind));
        put(row, "what", one->what);
        put(row, "text", one->text);
        put(row, "cite", one->cite);
        put(row, "where",
            arena_print(p->arena, "%s, %s%s%s", one->channel, words_plain(p->arena, one->stage),
                        one->places[0] == '\0' ? "" : ", ", one->places));
    }
    put(p->context, "finding_count", words_count(p->arena, (int64_t)f->count));
    put_true(p->context, "any_finding", f->count > 0);
    put_true(p->context, "one_finding", f->count == 1);
    put(p->context, "asked", words_count(p->arena, (int64_t)f->asked));
}

static void reading_put(struct page *p, const struct text_shown *shown)
{
    json_t *out = put_object(p->context, "reading");

    put_int(out, "words", shown->reading.words);
    put_true(out, "known", shown->reading.grade_tenths > 0 && strcmp(p->holes[0], "en") == 0);
    put_int(out, "age", shown->reading.age);
    put_true(out, "hard", shown->reading.age > AGE_MOST);
    put_int(out, "capitals", shown->reading.capitals);
    put_true(out, "any_capitals", shown->reading.capitals > 0);
}

static bool text_put(struct page *p, const char *source, const char *draft, struct fault *why)
{
    struct text_shown shown;
    struct template_findings findings;
    struct fault no = { 0 };

    put(p->context, "name", p->holes[1]);
    put(p->context, "title", text_title(p->arena, source));
    put(p->context, "language", words_language(p->holes[0]));
    put(p->context, "tag", p->holes[0]);
    put(p->context, "link", path_of(p, p->holes[0], p->holes[1]));
    put(p->context, "source", draft != NULL ? draft : text_in_hand(p, source));
    put_true(p->context, "is_draft", draft != NULL);
    if (!text_show(p->arena, p->holes[0], p->holes[1], draft, p->view->now, &shown, &no)) {
        put(p->context, "unshown", no.text);
    } else {
        put(p->context, "subject", shown.subject);
        put(p->context, "text", shown.text);
        put(p->context, "sample", words_plain(p->arena, shown.sample));
        put_true(p->context, "has_html", shown.html != NULL && draft == NULL);
        put_true(p->context, "has_pdf", shown.pdf != NULL && draft == NULL);
        reading_put(p, &shown);
    }
    const char *checked = draft != NULL ? draft : text_in_hand(p, source);
    if (text_check(p->arena, p->holes[0], p->holes[1], checked, p->view->now, &findings, &no))
        findings_put(p, &findings);
    else
        put(p->context, "unchecked", no.text);
    put_true(p->context, "may_go_live",
             json_object_get(p->context, "unchecked") == NULL && findings.count == 0);
    return text_draft_put(p, source, why);
}

static bool page_template(struct page *p, struct fault *why)
{
    const char *source;

    return text_source(p->arena, p->holes[0], p->holes[1], &source, why) &&
           text_put(p, source, NULL, why);
}

static bool template_try(struct page *p, struct fault *why)
{
    const char *source, *draft = page_form(p, "text");

    if (!text_source(p->arena, p->holes[0], p->holes[1], &source, why))
        return false;
    if (draft == NULL)
        return fail(why, BAD_VALUE, "The text is empty.");
    if (strlen(draft) > TEXT_BYTES)
        return fail(why, BAD_VALUE, "The text is longer than 256 KB.");
    return text_put(p, source, text_in_hand(p, source), why);
}

static bool shown_of(struct page *p, struct text_shown *shown, struct fault *why)
{
    return text_show(p->arena, p->holes[0], p->holes[1], NULL, p->view->now, shown, why);
}

static bool template_html(struct page *p, struct fault *why)
{
    struct text_shown shown;

    if (!shown_of(p, &shown, why))
        return false;
    if (shown.html == NULL)
        return fail(why, NOT_FOUND, "This text is never an email.");
    page_email(p, shown.html);
    return true;
}

static bool template_pdf(struct page *p, struct fault *why)
{
    struct text_shown shown;

    if (!shown_of(p, &shown, why))
        return false;
    if (shown.pdf == NULL)
        return fail(why, NOT_FOUND, "This text is never a letter.");
    page_pdf(p, shown.pdf, shown.pdf_length);
    return true;
}

const struct route routes_texts[] = {
    { "GET", "/templates", MAY_READ_RULES, "admin", "templates", page_templates, NULL },
    { "GET", "/templates/{}/{}", MAY_READ_RULES, "admin", "template", page_template, NULL },
    { "POST", "/templates/{}/{}/try", MAY_CHANGE_TEMPLATE, "admin", "template", template_try,
      page_template },
    { "POST", "/templates/{}/{}/draft", MAY_CHANGE_TEMPLATE, "admin", "template",
      page_text_save, page_template },
    { "POST", "/templates/{}/{}/drop", MAY_CHANGE_TEMPLATE, "admin", "template",
      page_text_drop, page_template },
    { "POST", "/templates/{}/{}/draft/back/{}", MAY_CHANGE_TEMPLATE, "admin", "template",
      page_text_restore, page_template },
    { "POST", "/templates/{}/{}/publish", MAY_CHANGE_TEMPLATE, "admin", "template",
      page_text_publish, page_template },
    { "POST", "/templates/{}/{}/back/{}", MAY_READ_RULES, "admin", "template", page_text_back,
      page_template },
    { "GET", "/templates/{}/{}/email", MAY_READ_RULES, "admin", "fault", template_html, NULL },
    { "GET", "/templates/{}/{}/letter.pdf", MAY_READ_RULES, "admin", "fault", template_pdf,
      NULL },
    { 0 },
};
