/* Strategies: a draft, as text that anybody can edit, with what is wrong about it. */
#include "web/page_strategies_form.h"

#include "base/text.h"

#include <string.h>

/* Case files that are decided for the numbers beside the steps, while somebody edits. */
enum { COUNTED_MOST = 5000 };

#define BOTH_CHANGED                                                                           \
    "Saved. The form and the text were both changed; the text counts, and the form shows it."

/* ---- What is wrong ----------------------------------------------------------------------- */

static const char *line_of(struct arena *a, const char *text, int64_t line)
{
    for (int64_t i = 1; i < line && *text != '\0'; i++) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return arena_copy_n(a, text, strcspn(text, "\n"));
}

/* "strategies/x.yaml:12:30: what": the place apart from what is said of it. */
static const char *place_split(struct arena *a, const char *fault, int64_t *line,
                               int64_t *column)
{
    const char *at = strstr(fault, ".yaml:");
    const char *colon, *second;

    *line = *column = 0;
    if (at == NULL)
        return fault;
    at += strlen(".yaml:");
    colon = strchr(at, ':');
    second = colon == NULL ? NULL : strchr(colon + 1, ':');
    if (second == NULL || !text_to_int(arena_copy_n(a, at, (size_t)(colon - at)), line) ||
        !text_to_int(arena_copy_n(a, colon + 1, (size_t)(second - colon - 1)), column))
        return fault;
    return second + 1 + strspn(second + 1, " ");
}

/* Blanks up to the column, counted in letters as the line is shown, and a mark under it. */
static const char *caret(struct arena *a, const char *line, int64_t column)
{
    const char *out = "";

    for (int64_t i = 1; i < column && line[i - 1] != '\0'; i++) {
        if (((unsigned char)line[i - 1] & 0xc0) != 0x80)
            out = arena_print(a, "%s%c", out, line[i - 1] == '\t' ? '\t' : ' ');
    }
    return arena_print(a, "%s^", out);
}

static void problem_put(struct page *p, json_t *list, const char *text, bool problem,
                        int64_t line, int64_t column, const char *what)
{
    json_t *row = list_add(list);
    const char *shown = line > 0 ? line_of(p->arena, text, line) : "";

    put_true(row, "is_problem", problem);
    put(row, "line", line > 0 ? arena_print(p->arena, "%lld", (long long)line) : "");
    put(row, "shown", shown);
    put(row, "caret", column > 0 ? caret(p->arena, shown, column) : "");
    put(row, "what", what);
}

struct case_list {
    struct page *p;
    json_t *list;
    const char *text;
};

static void case_put(void *context, const char *line)
{
    struct case_list *c = context;

    problem_put(c->p, c->list, c->text, true, 0, 0, arena_copy(c->p->arena, line));
}

/* Everything that would keep it from being published, and what its author probably did not
 * mean. */
static bool problems_put(struct page *p, const char *path, const char *text,
                         const struct strategy **strategy, struct fault *why)
{
    struct case_list cases = { p, put_list(p->context, "problems"), text };
    struct strategy_findings found;
    struct fault bad = { 0 };
    size_t good = 0, failed = 0;
    int64_t line, column;

    *strategy = NULL;
    if (!strategy_read(p->arena, path, text, strategy, &bad)) {
        const char *what = place_split(p->arena, bad.text, &line, &column);
        problem_put(p, cases.list, text, true, line, column, what);
    } else {
        if (!strategy_examine_text(p->arena, path, text, &found, why))
            return false;
        for (size_t i = 0; i < found.count; i++)
            problem_put(p, cases.list, text, found.all[i].problem, found.all[i].line, 0,
                        found.all[i].text);
        if (strcmp((*strategy)->name, p->hole) != 0)
            problem_put(p, cases.list, text, true, 0, 0,
                        arena_print(p->arena,
                                    "It says \"strategy: %s\" and is the draft of %s.",
                                    (*strategy)->name, p->hole));
        strategy_try(p->arena, *strategy, &good, &failed, case_put, &cases);
    }
    put_true(p->context, "any_problems", json_array_size(cases.list) > 0);
    put(p->context, "cases", words_count(p->arena, (int64_t)(good + failed)));
    put(p->context, "cases_good", words_count(p->arena, (int64_t)good));
    put_true(p->context, "reads", *strategy != NULL);
    return true;
}

/* ---- The page ---------------------------------------------------------------------------- */

static bool revision_read(const struct page *p, int64_t *out, struct fault *why)
{
    return text_to_int(page_form_or(p, "revision", "0"), out) ||
           fail(why, BAD_VALUE, "The form is not one of ours: load the page again.");
}

/* Somebody else saved since this form was loaded. What was only tried keeps the revision from
 * which it began, so that saving it still tells; what was refused shows the newer text beside.
 */
static void revision_put(struct page *p, const struct strategy_page *s, const char *typed)
{
    bool tried = text_ends(p->route->path, "/try");
    struct fault none = { 0 };
    int64_t seen = 0;
    bool overtaken = typed != NULL && revision_read(p, &seen, &none) &&
                     seen != s->draft.revision && s->draft.revision > 0 &&
                     strcmp(s->draft.text, typed) != 0;

    put_int(p->context, "revision", tried ? seen : s->draft.revision);
    put(p->context, "theirs", overtaken ? s->draft.text : NULL);
}

/* Who would reach each step today, were it live. */
static bool reach_read(struct page *p, const struct strategy *draft, struct strategy_reach *out,
                       struct fault *why)
{
    const struct whatif_request request = { .store = p->view->store,
                                            .policy = p->view->policy,
                                            .live = strategy_in_force(p, p->hole),
                                            .draft = draft,
                                            .now = p->view->now,
                                            .most = COUNTED_MOST,
                                            .clients = p->view->clients,
                                            .desks = p->view->desks };

    if (!strategy_draft_reach(&request, p->arena, out, why))
        return false;
    put_true(p->context, "with_reach", true);
    put_true(p->context, "sampled", out->sampled);
    return true;
}

static bool ladders_put(struct page *p, struct strategy_editor *e,
                        const struct strategy *strategy, struct fault *why)
{
    bool counts = strcmp(page_form_or(p, "do", ""), "count") == 0;
    struct strategy_reach *reach = arena_make(p->arena, struct strategy_reach);

    put_true(p->context, "may_count", strategy != NULL && !counts);
    put_list(p->context, "ladders");
    if (strategy == NULL)
        return true;
    if (counts && !reach_read(p, strategy, reach, why))
        return false;
    e->reach = counts ? reach : NULL;
    strategy_ladders_put(p, p->context, strategy, e->reach);
    return true;
}

static bool editor_show(struct page *p, struct strategy_editor *e, struct fault *why)
{
    const struct strategy *strategy;
    struct strategy_page s;
    const char *path, *kept;

    if (!strategy_page_load(p, &s, why) || !strategy_page_put(p, &s, why))
        return false;
    revision_put(p, &s, e->text);
    kept = s.draft.revision > 0 ? s.draft.text : s.text;
    if (e->text == NULL)
        e->text = kept;
    path =
        s.live.path != NULL ? s.live.path : arena_print(p->arena, "strategies/%s.yaml", s.name);
    put(p->context, "text", e->text);
    put(p->context, "text_mark", publication_digest(p->arena, e->text));
    put_true(p->context, "at_draft", true);
    put_true(p->context, "unsaved", kept == NULL || strcmp(e->text, kept) != 0);
    put_true(p->context, "outdated",
             s.draft.revision > 0 && !text_equal(s.draft.base, s.live.digest));
    return problems_put(p, path, e->text, &strategy, why) && ladders_put(p, e, strategy, why) &&
           strategy_editor_put(p, e, why);
}

/* What was live, or saved before: it is in hand, and not saved. */
static bool earlier_read(struct page *p, struct strategy_editor *e, struct fault *why)
{
    const char *from = page_field(p, "from");
    struct publication live;

    if (from == NULL || e->text != NULL)
        return true;
    if (strcmp(from, "live") == 0)
        return publication_live(p->view->store, p->arena, PUBLISHED_STRATEGY, p->hole, &live,
                                &e->text, why);
    return draft_text(p->view->store, p->arena, PUBLISHED_STRATEGY, p->hole, from, &e->text,
                      why);
}

/* Also after something could not be done: then with what was typed. */
bool page_strategy_draft(struct page *p, struct fault *why)
{
    struct strategy_editor e;
    struct fault said = { 0 };

    strategy_editor_read(p, &e, &said);
    return earlier_read(p, &e, why) && editor_show(p, &e, why);
}

bool page_strategy_draft_try(struct page *p, struct fault *why)
{
    struct strategy_editor e;
    const char *text;

    return page_need(p, "text", "the text of the strategy", &text, why) &&
           strategy_editor_read(p, &e, why) && editor_show(p, &e, why);
}

/* ---- Saving ------------------------------------------------------------------------------ */

bool page_strategy_draft_save(struct page *p, struct fault *why)
{
    struct drafting in = { .kind = PUBLISHED_STRATEGY,
                           .name = p->hole,
                           .by = p->session->user.number };
    struct strategy_editor e;
    struct strategy_page s;
    const char *text;

    if (!page_need(p, "text", "the text of the strategy", &text, why) ||
        !revision_read(p, &in.revision, why) || !strategy_editor_read(p, &e, why) ||
        !strategy_page_load(p, &s, why))
        return false;
    in.text = e.text;
    if (s.live.version == 0)
        in.base = "";
    else if (page_form(p, "rebase") != NULL || s.draft.revision == 0)
        in.base = s.live.digest;
    struct book *b = page_book(p, why);
    if (b == NULL || !draft_save(b, &in, why) || !page_commit(p, why))
        return false;
    bool compare = page_form(p, "then") != NULL;
    if (!compare || e.both)
        page_say(p, e.both ? BOTH_CHANGED : "Saved as a draft. Nothing follows it yet.");
    page_go(p, strategy_link(p->arena, p->hole,
                             compare ? "/compare"
                             : e.ladder == 0
                                 ? "/draft"
                                 : arena_print(p->arena, "/draft?ladder=%zu", e.ladder)));
    return true;
}

/* ---- A new one, from one that is there --------------------------------------------------- */

/* The text with another name in its line "strategy: …". */
static const char *renamed(struct arena *a, const char *text, const char *name)
{
    const char *at = text_starts(text, "strategy:") ? text : strstr(text, "\nstrategy:");

    if (at == NULL)
        return text;
    at += *at == '\n';
    return arena_print(a, "%.*sstrategy: %s%s", (int)(at - text), text, name,
                       at + strcspn(at, "\n"));
}

bool strategy_new_text(struct view *v, const char *name, const char *from, const char **text,
                       struct fault *why)
{
    struct publication is, taken;
    struct fault none = { 0 };
    const char *source, *ignored;

    if (!publication_live(v->store, &v->arena, PUBLISHED_STRATEGY, from, &is, &source, why))
        return false;
    if (publication_live(v->store, &v->arena, PUBLISHED_STRATEGY, name, &taken, &ignored,
                         &none))
        return fail(why, BAD_VALUE, "There is a strategy \"%s\" already.", name);
    if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name) ||
        strlen(name) > 60)
        return fail(
            why, BAD_VALUE,
            "A new strategy is named in small letters, digits and \"-\"; \"%.80s\" is not.",
            name);
    *text = renamed(&v->arena, source, name);
    return true;
}

bool page_strategy_copy(struct page *p, struct fault *why)
{
    struct drafting in = { .kind = PUBLISHED_STRATEGY,
                           .base = "",
                           .by = p->session->user.number };
    const char *of;

    if (!page_need(p, "name", "the name of the new strategy", &in.name, why) ||
        !page_need(p, "from", "which strategy it begins from", &of, why) ||
        !strategy_new_text(p->view, in.name, of, &in.text, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !draft_save(b, &in, why) || !page_commit(p, why))
        return false;
    page_say(p, "A draft of the new strategy. Say for whom it is, then compare.");
    page_go(p, strategy_link(p->arena, in.name, "/draft"));
    return true;
}
