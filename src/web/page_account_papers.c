/* The papers of an account, and its decisions. */
#include "base/text.h"
#include "web/page_parts.h"

#include <string.h>

/* Bytes that anybody may have sent us: taken away as a file, never shown as a page of ours. */
static const char paper_policy[] = "sandbox; default-src 'none'; base-uri 'none'; "
                                   "form-action 'none'; frame-ancestors 'none'";

static const char *size_words(struct page *p, int64_t bytes)
{
    if (bytes >= 1024 * 1024)
        return arena_print(p->arena, "%.1f MB", (double)bytes / (1024 * 1024));
    return arena_print(p->arena, "%lld KB", (long long)((bytes + 1023) / 1024));
}

/* ---- The list -------------------------------------------------------------------------------
 */

static void message_paper_put(struct page *p, json_t *row, const struct paper *paper)
{
    put(row, "title",
        paper->name[0] != '\0' ? paper->name : words_plain(p->arena, paper->origin));
    put(row, "what", paper->is_pdf ? "Letter" : words_channel(paper->channel));
    put(row, "link",
        arena_print(p->arena, "/outbox/%lld.%lld", (long long)p->bucket,
                    (long long)paper->number));
    if (paper->is_pdf && paper->length > 0)
        put(row, "pdf",
            arena_print(p->arena, "/outbox/%lld.%lld/body", (long long)p->bucket,
                        (long long)paper->number));
    put_standing(p, row, "state", words_state(p->arena, paper->state));
    put_true(row, arena_print(p->arena, "icon_%s", words_channel_icon(paper->channel)), true);
}

static void kept_paper_put(struct page *p, json_t *row, const struct paper *paper)
{
    bool evidence = paper->kind == PAPER_EVIDENCE;
    const char *here = json_string_value(json_object_get(p->context, "link"));
    const char *link = arena_print(p->arena, "%s/paper/%s%lld", here, evidence ? "e" : "s",
                                   (long long)paper->number);

    put(row, "title",
        evidence ? paper->name
                 : arena_print(p->arena, "%s %lld", words_plain(p->arena, paper->name),
                               (long long)paper->number));
    put(row, "what",
        !evidence ? "Given out"
        : text_equal(paper->origin, "account")
            ? "Handed in"
            : arena_print(p->arena, "For %s", paper->origin));
    put(row, "by", evidence && paper->author[0] != '\0' ? paper->author : NULL);
    put(row, "link", link);
    put(row, "note", text_equal(paper->state, "replaced") ? "replaced since" : NULL);
    put_true(row, "icon_file", true);
    put_true(row, "is_file", true);
}

static bool is_for(const struct paper *paper, const char *origin, int32_t number)
{
    size_t length = strlen(origin);
    int64_t of;

    return paper->kind == PAPER_EVIDENCE && text_starts(paper->origin, origin) &&
           paper->origin[length] == ' ' && text_to_int(paper->origin + length + 1, &of) &&
           (number == 0 || of == number);
}

bool evidence_put(struct page *p, const struct casefile_view *f, const char *origin,
                  int32_t number, struct fault *why)
{
    json_t *list = put_list(p->context, "papers");
    struct papers papers;

    if (!view_casefile_papers(p->view, f, &papers, why))
        return false;
    for (size_t i = 0; i < papers.count; i++) {
        const struct paper *paper = &papers.all[i];
        if (!is_for(paper, origin, number))
            continue;
        json_t *row = list_add(list);
        put(row, "name", paper->name);
        put(row, "link", arena_print(p->arena, "/accounts/%s/paper/e%lld",
                                     url_encode(p->arena, p->hole), (long long)paper->number));
        put(row, "when", words_moment(p->arena, paper->at, p->view->zone, p->view->today));
        put(row, "by", paper->author);
    }
    put_true(p->context, "any_papers", json_array_size(list) > 0);
    return true;
}

bool papers_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    static const char *const none[] = { "pdf", "by", "note", "size", "state" };
    json_t *list = put_list(p->context, "papers");
    struct papers papers;

    if (!view_casefile_papers(p->view, f, &papers, why))
        return false;
    for (size_t i = 0; i < papers.count; i++) {
        const struct paper *paper = &papers.all[i];
        json_t *row = list_add(list);
        for (size_t k = 0; k < COUNT(none); k++)
            put(row, none[k], "");
        put(row, "at", words_moment(p->arena, paper->at, p->view->zone, p->view->today));
        put(row, "size", paper->length > 0 ? size_words(p, paper->length) : "not made yet");
        if (paper->kind == PAPER_MESSAGE)
            message_paper_put(p, row, paper);
        else
            kept_paper_put(p, row, paper);
    }
    put_true(p->context, "any_papers", papers.count > 0);
    put_true(p->context, "more_papers", papers.more);
    return true;
}

/* ---- One of them
 * ------------------------------------------------------------------------------ */

/* The name goes into a header: letters, digits, and what else no header minds. */
static const char *safe_name(struct page *p, const char *name)
{
    char *safe = arena_copy(p->arena, name);

    for (char *at = safe; *at != '\0'; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || strchr("-_. ", *at) != NULL;
        *at = plain ? *at : '_';
    }
    return safe[0] == '\0' || safe[0] == '.' ? "paper" : safe;
}

/* "s12" is a statement that was given out, "e7" a paper that was handed in. */
bool page_paper(struct page *p, struct fault *why)
{
    const char *hole = p->holes[1];
    bool statement = hole[0] == 's';
    struct casefile_key key;
    const unsigned char *bytes;
    const char *name;
    int64_t number;
    size_t length;

    if (!view_find(p->view, p->hole, &key, why))
        return false;
    if ((hole[0] != 's' && hole[0] != 'e') || !text_to_int(hole + 1, &number))
        return fail(why, NOT_FOUND, "There is no such paper here.");
    if (!view_paper(p->view, key, statement ? PAPER_STATEMENT : PAPER_EVIDENCE, number, &name,
                    &bytes, &length, why))
        return false;
    struct text body = { 0 };
    text_add_n(&body, (const char *)bytes, length);
    page_file(p, statement ? "application/pdf" : "application/octet-stream",
              statement ? arena_print(p->arena, "%s-%lld.pdf", name, (long long)number)
                        : safe_name(p, name),
              &body);
    p->reply->policy = paper_policy;
    return true;
}

/* ---- Decisions
 * ----------------------------------------------------------------------------------- */

static const char *text_at(const json_t *record, const char *key)
{
    const char *text = json_string_value(json_object_get(record, key));

    return text == NULL ? "" : text;
}

/* The finding that the ruling rests on; of a refusal without a verdict there is none. */
static const json_t *decisive_of(const json_t *record)
{
    const json_t *verdict = json_object_get(record, "verdict"), *finding;
    size_t i;

    json_array_foreach(json_object_get(verdict, "findings"), i, finding)
    {
        if (text_equal(text_at(finding, "ruling"), text_at(verdict, "ruling")) &&
            !text_equal(text_at(finding, "ruling"), "allow"))
            return finding;
    }
    return NULL;
}

static void decision_row_put(struct page *p, json_t *row, const struct decision_row *d)
{
    json_t *record = json_loads(d->record, 0, NULL);
    const json_t *verdict = json_object_get(record, "verdict"), *finding = decisive_of(record);
    bool sent = text_equal(d->kind, "decision");
    size_t asked = json_array_size(json_object_get(verdict, "findings"));
    const char *rule = finding != NULL ? text_at(finding, "rule") : NULL;
    const struct rule *found = rule != NULL ? view_rule(p->view, rule) : NULL;

    put(row, "at", words_moment(p->arena, d->at, p->view->zone, p->view->today));
    put(row, "number",
        arena_print(p->arena, "D-%lld.%lld", (long long)p->bucket, (long long)d->seq));
    put(row, "link",
        arena_print(p->arena, "/d/%lld.%lld", (long long)p->bucket, (long long)d->seq));
    put(row, "wanted",
        arena_print(p->arena, "%s%s%s",
                    text_at(record, "channel")[0] != '\0'
                        ? words_channel(text_at(record, "channel"))
                        : "",
                    text_at(record, "channel")[0] != '\0' ? ", " : "",
                    words_small(p->arena, words_plain(p->arena, text_at(record, "template")))));
    put_true(row, "is_ok", sent);
    put_true(row, "is_later", !sent && text_equal(text_at(verdict, "ruling"), "defer"));
    put_true(row, "is_no", !sent && !text_equal(text_at(verdict, "ruling"), "defer"));
    put(row, "because",
        sent            ? arena_print(p->arena, "All %zu checks passed", asked)
        : found != NULL ? rule_title(found)
                        : words_standing(p->arena, text_at(record, "standing")).meaning);
    put_rule(p, row, rule);
    put(row, "by", text_at(record, "by")[0] != '\0' ? text_at(record, "by") : "Daily run");
    json_decref(record);
}

bool decisions_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    const char *typed = page_field(p, "before");
    json_t *list = put_list(p->context, "decisions");
    int64_t before = INT64_MAX;
    struct decisions decisions;

    if (typed != NULL && !text_to_int(typed, &before))
        return fail(why, BAD_VALUE, "\"%s\" is no place in a list of decisions.", typed);
    if (!view_casefile_decisions(p->view, f, before, &decisions, why))
        return false;
    for (size_t i = 0; i < decisions.count; i++)
        decision_row_put(p, list_add(list), &decisions.all[i]);
    put_true(p->context, "any_decisions", decisions.count > 0);
    put_true(p->context, "is_later_part", typed != NULL);
    if (decisions.more)
        put(p->context, "older",
            tab_link(p, "decisions",
                     arena_print(p->arena, "before=%lld",
                                 (long long)decisions.all[decisions.count - 1].seq)));
    return true;
}
