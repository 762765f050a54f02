/* Strategies: which there are, what each does, and who comes to each step today. */
#include "web/page_strategies.h"

#include "base/files.h"
#include "base/line_diff.h"
#include "base/text.h"
#include "web/strategy_words.h"

#include <string.h>

enum { LINES_AROUND = 3 };

/* ---- What does not run as it should ------------------------------------------------------ */

static json_t *trouble_add(struct page *p)
{
    json_t *list = json_object_get(p->context, "troubles");

    put_true(p->context, "any_trouble", true);
    return list_add(list != NULL ? list : put_list(p->context, "troubles"));
}

static void passed_put(struct page *p, const struct publication_passed_over *one)
{
    json_t *row = trouble_add(p);

    put(row, "trouble",
        arena_print(p->arena, "Version %d of %s does not pass its tests", one->version,
                    one->name));
    put(row, "because", one->because);
    put(row, "runs",
        one->runs > 0
            ? arena_print(p->arena, "Version %d runs instead, the last that passes.", one->runs)
            : "It runs as its file says, for no version of it passes.");
    put(row, "trouble_link", strategy_link(p->arena, one->name, ""));
}

struct failed_case {
    struct arena *a;
    const char *first;
};

static void case_failed(void *context, const char *line)
{
    struct failed_case *f = context;

    if (f->first == NULL)
        f->first = arena_copy(f->a, line);
}

/* One that no version stands over: its file is what runs, whatever its cases say. */
static void file_tried(struct page *p, const struct strategy *s)
{
    struct failed_case failed = { .a = p->arena };
    size_t good = 0, bad = 0;

    strategy_try(p->arena, s, &good, &bad, case_failed, &failed);
    if (bad == 0)
        return;
    json_t *row = trouble_add(p);
    put(row, "trouble", arena_print(p->arena, "%s does not pass its tests", s->name));
    put(row, "because",
        arena_print(p->arena, "%zu of %zu do not come true: %s", bad, good + bad,
                    failed.first));
    put(row, "runs", "It runs as the file says: mend the steps, or what the test expects.");
    put(row, "trouble_link", strategy_link(p->arena, s->name, ""));
}

static void unread_put(struct page *p, const char *because)
{
    json_t *row = trouble_add(p);

    put(row, "trouble", "A file of strategies cannot be read");
    put(row, "because", because);
    put(row, "runs",
        "This server goes on with what it read before. Nothing is decided anew until "
        "the file is mended: recoup strategy test names the place.");
}

/* What is in the files now, or, where one of them cannot be read, what was when they could. */
static void strategies_now(struct page *p, struct strategies *all)
{
    struct publication_passed_over *passed;
    struct fault why = { 0 };
    size_t count;

    publication_passed_over(p->arena, &passed, &count);
    for (size_t i = 0; i < count; i++)
        passed_put(p, &passed[i]);
    if (strategy_list(p->arena, all, &why)) {
        for (size_t i = 0; i < all->count; i++)
            file_tried(p, all->all[i]);
        return;
    }
    *all = p->view->policy->strategies;
    unread_put(p, why.text);
}

/* ---- What pages share -------------------------------------------------------------------- */

const char *strategy_link(struct arena *a, const char *name, const char *more)
{
    return arena_print(a, "/strategies/%s%s", url_encode(a, name), more);
}

const char *strategy_person(struct page *p, int64_t number, struct fault *why)
{
    struct user user;

    if (number == 0)
        return "the command line";
    if (!user_by_number(p->view->store, p->arena, number, &user, why))
        return NULL;
    return user.number != 0 ? user.name : "somebody";
}

bool text_changes_put(struct page *p, const char *was, const char *becomes)
{
    struct line_changes c = line_diff(p->arena, was, becomes, LINES_AROUND);
    json_t *list = put_list(p->context, "file_lines");

    for (size_t i = 0; i < c.count; i++) {
        const struct line_change *one = &c.all[i];
        json_t *row = list_add(list);
        put_true(row, "is_gap", one->mark == '.');
        put_true(row, "is_added", one->mark == '+');
        put_true(row, "is_removed", one->mark == '-');
        put(row, "old_line",
            one->old_line > 0 ? arena_print(p->arena, "%d", one->old_line) : "");
        put(row, "new_line",
            one->new_line > 0 ? arena_print(p->arena, "%d", one->new_line) : "");
        put(row, "line_text", one->text);
    }
    put(p->context, "lines_added", words_count(p->arena, (int64_t)c.added));
    put(p->context, "lines_removed", words_count(p->arena, (int64_t)c.removed));
    return c.count > 0;
}

const char *strategy_typed(struct arena *a, const char *text)
{
    char *bare = arena_copy(a, text), *to = bare;

    for (const char *c = text; *c != '\0'; c++) { /* forms send CR LF */
        if (*c != '\r')
            *to++ = *c;
    }
    *to = '\0';
    return bare;
}

/* Where the last version is passed over, the page shows the one that runs. */
static bool running_text(struct page *p, struct strategy_page *s, struct fault *why)
{
    struct publication_passed_over *all;
    struct publication was;
    struct file file;
    size_t count;

    publication_passed_over(p->arena, &all, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].name, s->name) != 0)
            continue;
        passed_put(p, &all[i]);
        if (all[i].runs > 0)
            return publication_text(p->view->store, p->arena, PUBLISHED_STRATEGY, s->name,
                                    all[i].runs, &was, &s->text, why);
        if (!files_load(p->arena, s->live.path, &file, why))
            return false;
        s->text = arena_copy_n(p->arena, (const char *)file.bytes, file.length);
    }
    return true;
}

/* A file of strategies cannot be read: this server goes on with what it has. */
static bool unread_text(struct page *p, struct strategy_page *s, const struct fault *unread,
                        struct fault *why)
{
    struct file file;

    s->strategy = strategy_in_force(p, s->name);
    s->live = (struct publication){ .version = 1, .path = s->strategy->file, .digest = "" };
    unread_put(p, unread->text);
    if (!files_load(p->arena, s->live.path, &file, why))
        return false;
    s->text = arena_copy_n(p->arena, (const char *)file.bytes, file.length);
    return true;
}

bool strategy_page_load(struct page *p, struct strategy_page *out, struct fault *why)
{
    struct fault none = { 0 };

    *out = (struct strategy_page){ .name = p->hole };
    if (!draft_load(p->view->store, p->arena, PUBLISHED_STRATEGY, p->hole, &out->draft, why))
        return false;
    if (!publication_live(p->view->store, p->arena, PUBLISHED_STRATEGY, p->hole, &out->live,
                          &out->text, &none)) {
        if (none.code == BAD_PACK && strategy_in_force(p, p->hole) != NULL)
            return unread_text(p, out, &none, why);
        out->live = (struct publication){ .digest = "" };
        out->text = NULL;
        *why = none;
        return none.code == NOT_FOUND && out->draft.revision > 0;
    }
    return running_text(p, out, why) &&
           strategy_read(p->arena, out->live.path, out->text, &out->strategy, why);
}

static bool version_put(struct page *p, json_t *row, const struct publication *v,
                        struct fault *why)
{
    const char *by = strategy_person(p, v->published_by, why);
    const char *agreed = v->agreed_by == 0 ? "" : strategy_person(p, v->agreed_by, why);

    if (by == NULL || agreed == NULL)
        return false;
    put_int(row, "version", v->version);
    put(row, "since",
        v->at.us == 0 ? "" : words_moment(p->arena, v->at, p->view->zone, p->view->today));
    put(row, "published_by", v->version == 1 ? "" : by);
    put(row, "agreed_by", agreed);
    put(row, "because", v->reason != NULL ? v->reason : "");
    put(row, "file", v->path != NULL ? v->path : "");
    put_true(row, "is_first", v->version == 1);
    return true;
}

static bool draft_put(struct page *p, const struct strategy_page *s, struct fault *why)
{
    const char *by = s->draft.revision == 0 ? "" : strategy_person(p, s->draft.by, why);
    json_t *draft = put_object(p->context, "draft");

    if (by == NULL)
        return false;
    put_int(draft, "revision", s->draft.revision);
    put(draft, "draft_by", by);
    put(draft, "draft_at", s->draft.revision == 0 ? "" : moment_within(p, s->draft.at));
    put_int(draft, "draft_version", s->live.version + 1);
    put_true(p->context, "has_draft", s->draft.revision > 0);
    return true;
}

static bool waiting_put(struct page *p, const struct strategy_page *s, struct fault *why)
{
    struct approval asked;

    if (!publish_waiting(p->view->store, p->arena, PUBLISHED_STRATEGY, s->name, &asked, why))
        return false;
    put_true(p->context, "is_waiting", asked.number != 0);
    if (asked.number == 0)
        return true;
    const char *by = strategy_person(p, asked.asked_by, why);
    put(p->context, "waiting_by", by);
    put(p->context, "waiting_since", moment_within(p, asked.asked_at));
    put_int(p->context, "waiting_number", asked.number);
    return by != NULL;
}

bool strategy_page_put(struct page *p, const struct strategy_page *s, struct fault *why)
{
    put(p->context, "name", s->name);
    put(p->context, "title", s->strategy != NULL ? s->strategy->title : s->name);
    put(p->context, "link", strategy_link(p->arena, s->name, ""));
    put(p->context, "is_live", s->live.version > 0 ? "yes" : NULL);
    return version_put(p, put_object(p->context, "live"), &s->live, why) &&
           draft_put(p, s, why) && waiting_put(p, s, why);
}

/* ---- The list ---------------------------------------------------------------------------- */

struct strategy_count {
    const char *name;
    int64_t follow, due;
};

struct counts {
    size_t count, room;
    struct strategy_count *all;
    int64_t unplanned;
};

static void count_add(struct page *p, struct counts *c, const char *name, int64_t follow,
                      int64_t due)
{
    struct strategy_count *found = NULL;

    if (name == NULL) {
        c->unplanned += follow;
        return;
    }
    for (size_t i = 0; i < c->count && found == NULL; i++)
        found = strcmp(c->all[i].name, name) == 0 ? &c->all[i] : NULL;
    if (found == NULL) {
        found = arena_push(p->arena, c->all, c->count, c->room);
        *found = (struct strategy_count){ arena_copy(p->arena, name), 0, 0 };
    }
    found->follow += follow;
    found->due += due;
}

/* How many follow each, and how many of them the cycle looks at until the end of today. */
static bool counts_read(struct page *p, struct counts *out, struct fault *why)
{
    struct strategy_tally *all;
    size_t count;

    *out = (struct counts){ 0 };
    if (!strategy_tallies(p->view->store, p->arena, p->view->clients, p->view->desks,
                          day_begins(day_plus(p->view->today, 1), p->view->zone), &all, &count,
                          why))
        return false;
    for (size_t i = 0; i < count; i++)
        count_add(p, out, all[i].strategy, all[i].follow, all[i].due);
    return true;
}

static bool row_put(struct page *p, json_t *list, const struct strategy *s,
                    const struct counts *counts, struct fault *why)
{
    struct publication live;
    struct draft draft;
    const char *text;
    json_t *row = list_add(list);
    const char *from = page_form_or(p, "from", json_array_size(list) == 1 ? s->name : "");

    if (!publication_live(p->view->store, p->arena, PUBLISHED_STRATEGY, s->name, &live, &text,
                          why)) {
        if (why->code != BAD_PACK)
            return false;
        live = (struct publication){ .version = 1, .path = s->file }; /* told above the list */
    }
    if (!draft_load(p->view->store, p->arena, PUBLISHED_STRATEGY, s->name, &draft, why))
        return false;
    put(row, "name", s->name);
    put(row, "title", s->title);
    put(row, "link", strategy_link(p->arena, s->name, ""));
    put(row, "for", condition_words(p->arena, s->applies_text));
    put_int(row, "segments", (int64_t)s->segment_count);
    put(row, "summary", strategy_words(p->arena, s));
    put_true(row, "is_from", text_equal(from, s->name));
    put_true(row, "has_draft", draft.revision > 0);
    put(row, "follow", "0");
    put(row, "due", "0");
    for (size_t i = 0; i < counts->count; i++) {
        if (strcmp(counts->all[i].name, s->name) == 0) {
            put(row, "follow", words_count(p->arena, counts->all[i].follow));
            put(row, "due", words_count(p->arena, counts->all[i].due));
        }
    }
    return version_put(p, row, &live, why);
}

/* Drafts of names that nothing has yet. */
static bool new_drafts_put(struct page *p, const struct strategies *all, struct fault *why)
{
    json_t *list = put_list(p->context, "news");
    struct draft_name *drafts;
    size_t count;

    if (!draft_list(p->view->store, p->arena, PUBLISHED_STRATEGY, &drafts, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (size_t k = 0; k < all->count; k++)
            known = known || strcmp(all->all[k]->name, drafts[i].name) == 0;
        if (known)
            continue;
        const char *by = strategy_person(p, drafts[i].by, why);
        json_t *row = list_add(list);
        if (by == NULL)
            return false;
        put(row, "name", drafts[i].name);
        put(row, "link", strategy_link(p->arena, drafts[i].name, "/draft"));
        put(row, "draft_by", by);
        put(row, "draft_at", moment_within(p, drafts[i].at));
    }
    put_true(p->context, "any_news", json_array_size(list) > 0);
    return true;
}

static bool page_strategies(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "strategies");
    struct strategies all;
    struct counts counts;

    put(p->context, "title", "Strategies");
    strategies_now(p, &all);
    if (!counts_read(p, &counts, why))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        if (!row_put(p, list, all.all[i], &counts, why))
            return false;
    }
    put_true(p->context, "any", all.count > 0);
    put(p->context, "unplanned", words_count(p->arena, counts.unplanned));
    put_true(p->context, "any_unplanned", counts.unplanned > 0);
    return new_drafts_put(p, &all, why);
}

/* ---- One --------------------------------------------------------------------------------- */

static void segments_put(struct page *p, const struct strategy *s,
                         const struct strategy_reach *reach)
{
    json_t *list = put_list(p->context, "segments");

    for (size_t i = 0; i < s->segment_count; i++) {
        const struct segment *segment = &s->segments[i];
        int64_t follow = 0;
        for (size_t k = 0; k < reach->tally_count; k++)
            follow += text_equal(reach->tallies[k].segment, segment->name)
                          ? reach->tallies[k].count
                          : 0;
        json_t *row = list_add(list);
        put(row, "segment", segment->name);
        put(row, "when",
            segment->when_text != NULL ? condition_words(p->arena, segment->when_text)
            : s->segment_count == 1    ? "everybody"
                                       : "everybody else");
        put(row, "when_code", segment->when_text != NULL ? segment->when_text : "");
        put(row, "ladder", segment->ladder->name);
        put(row, "follow", words_count(p->arena, follow));
        put(row, "figures",
            page_may(p, MAY_INSIGHT) && follow > 0
                ? arena_print(p->arena, "/insights?segment=%s",
                              url_encode(p->arena, segment->name))
                : "");
    }
}

static bool versions_put(struct page *p, const struct strategy_page *s, struct fault *why)
{
    json_t *list = put_list(p->context, "versions");
    struct publication *all;
    size_t count;

    if (!publication_versions(p->view->store, p->arena, PUBLISHED_STRATEGY, s->name, &all,
                              &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        if (!version_put(p, row, &all[i], why))
            return false;
        put(row, "version_link",
            arena_print(p->arena, "%s/%d", strategy_link(p->arena, s->name, "/versions"),
                        all[i].version));
        put_true(row, "now", i == 0);
    }
    put_true(p->context, "any_versions", count > 0);
    return true;
}

const struct strategy *strategy_in_force(const struct page *p, const char *name)
{
    const struct strategies *all = &p->view->policy->strategies;

    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->all[i]->name, name) == 0)
            return all->all[i];
    }
    return NULL;
}

static bool page_strategy(struct page *p, struct fault *why)
{
    struct whatif_request request = { .store = p->view->store,
                                      .policy = p->view->policy,
                                      .now = p->view->now,
                                      .clients = p->view->clients,
                                      .desks = p->view->desks };
    struct strategy_reach reach;
    struct strategy_page s;

    if (!strategy_page_load(p, &s, why) || !strategy_page_put(p, &s, why))
        return false;
    if (s.strategy == NULL) { /* only a draft */
        page_go(p, strategy_link(p->arena, s.name, "/draft"));
        return true;
    }
    request.live = strategy_in_force(p, s.name);
    if (request.live == NULL)
        request.live = s.strategy;
    if (!strategy_reach(&request, p->arena, &reach, why) || !versions_put(p, &s, why))
        return false;
    segments_put(p, s.strategy, &reach);
    put(p->context, "for", condition_words(p->arena, s.strategy->applies_text));
    put(p->context, "for_code",
        s.strategy->applies_text != NULL ? s.strategy->applies_text : "");
    put_int(p->context, "order", s.strategy->order);
    put_int(p->context, "kept_from", 100 - s.strategy->promise_tolerance_bp / 100);
    put_int(p->context, "kept_days", s.strategy->promise_grace_days);
    put(p->context, "follow", words_count(p->arena, reach.casefiles));
    put_true(p->context, "sampled", reach.sampled);
    put(p->context, "looked", words_count(p->arena, reach.looked));
    put(p->context, "text", s.text);
    put_true(p->context, "at_live", true);
    put_true(p->context, "with_reach", true);
    strategy_ladders_put(p, p->context, s.strategy, &reach);
    return true;
}

static bool page_version(struct page *p, struct fault *why)
{
    struct strategy_page s;
    struct publication v;
    const char *text;
    int64_t version;

    if (!strategy_page_load(p, &s, why) || !strategy_page_put(p, &s, why))
        return false;
    if (!text_to_int(p->holes[1], &version) || version < 1 || version > INT32_MAX)
        return fail(why, NOT_FOUND, "There is no version \"%s\".", p->holes[1]);
    if (!publication_text(p->view->store, p->arena, PUBLISHED_STRATEGY, s.name,
                          (int32_t)version, &v, &text, why) ||
        !version_put(p, put_object(p->context, "shown"), &v, why))
        return false;
    put(p->context, "text", text);
    put_true(p->context, "is_now", v.version == s.live.version);
    put_true(p->context, "may_back",
             v.version != s.live.version &&
                 (page_may(p, MAY_CHANGE_STRATEGY) || page_may(p, MAY_REVIEW)));
    return true;
}

const struct route routes_strategies[] = {
    { "GET", "/strategies", MAY_READ_RULES, "strategy", "strategies", page_strategies, NULL },
    { "POST", "/strategies", MAY_CHANGE_STRATEGY, "strategy", "strategies", page_strategy_copy,
      page_strategies },
    { "GET", "/strategies/{}", MAY_READ_RULES, "strategy", "strategy", page_strategy, NULL },
    { "GET", "/strategies/{}/versions/{}", MAY_READ_RULES, "strategy", "strategy_version",
      page_version, NULL },
    { "GET", "/strategies/{}/draft", MAY_CHANGE_STRATEGY, "strategy", "strategy_draft",
      page_strategy_draft, NULL },
    { "POST", "/strategies/{}/draft", MAY_CHANGE_STRATEGY, "strategy", "strategy_draft",
      page_strategy_draft_save, page_strategy_draft },
    { "POST", "/strategies/{}/draft/try", MAY_CHANGE_STRATEGY, "strategy", "strategy_draft",
      page_strategy_draft_try, page_strategy_draft },
    { "GET", "/strategies/{}/draft/history", MAY_CHANGE_STRATEGY, "strategy",
      "strategy_history", page_strategy_draft_history, NULL },
    { "POST", "/strategies/{}/draft/drop", MAY_CHANGE_STRATEGY, "strategy", "strategy_draft",
      page_strategy_draft_drop, page_strategy_draft },
    { "POST", "/strategies/{}/draft/back/{}", MAY_CHANGE_STRATEGY, "strategy", "strategy_draft",
      page_strategy_draft_restore, page_strategy_draft },
    { "GET", "/strategies/{}/compare", MAY_READ_RULES, "strategy", "strategy_compare",
      page_strategy_compare, NULL },
    { "POST", "/strategies/{}/publish", MAY_CHANGE_STRATEGY, "strategy", "strategy_compare",
      page_strategy_publish, page_strategy_compare },
    { "POST", "/strategies/{}/back/{}", MAY_READ_RULES, "strategy", "strategy",
      page_strategy_back, page_strategy },
    { 0 },
};
