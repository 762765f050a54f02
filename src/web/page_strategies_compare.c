/* Strategies: live beside draft, whom the draft would touch, and the way to live. */
#include "web/page_insights.h"
#include "web/page_strategies.h"

#include "base/text.h"
#include "web/strategy_words.h"

#include <string.h>

enum { BAR_LEFT = 12, BAR_PITCH = 32, BAR_WIDE = 12, BAR_TALL = 120 };

/* ---- What changes ------------------------------------------------------------------------ */

/* Of one step, what was and what will be. */
static const char *step_said(struct page *p, const struct ladder_step *step)
{
    return arena_print(p->arena, "%s, %s, text %s%s%s", step_day_words(p->arena, step->day),
                       words_small(p->arena, step_channel_words(p->arena, step)),
                       step->template, step->when_text != NULL ? ", only if " : "",
                       step->when_text != NULL ? condition_words(p->arena, step->when_text)
                                               : "");
}

static void change_put(json_t *list, const char *where, const char *what, const char *was,
                       const char *becomes)
{
    json_t *row = list_add(list);

    put(row, "where", where);
    put(row, "what", what);
    put(row, "was", was != NULL ? was : "");
    put(row, "becomes", becomes != NULL ? becomes : "");
    put(row, "kind", was == NULL ? "Added" : becomes == NULL ? "Removed" : "Changed");
    put_true(row, "is_added", was == NULL);
    put_true(row, "is_removed", becomes == NULL);
}

static const struct ladder_step *step_named(const struct ladder *ladder, const char *id)
{
    for (size_t i = 0; ladder != NULL && i < ladder->step_count; i++) {
        if (strcmp(ladder->steps[i].id, id) == 0)
            return &ladder->steps[i];
    }
    return NULL;
}

static const struct ladder *ladder_named(const struct strategy *s, const char *name)
{
    for (size_t i = 0; s != NULL && i < s->ladder_count; i++) {
        if (strcmp(s->ladders[i].name, name) == 0)
            return &s->ladders[i];
    }
    return NULL;
}

static void compared_put(json_t *list, const char *where, const char *what, const char *was,
                         const char *becomes)
{
    if (!text_equal(was, becomes))
        change_put(list, where, what, was, becomes);
}

static void ladder_changes_put(struct page *p, json_t *list, const char *name,
                               const struct ladder *live, const struct ladder *draft)
{
    const char *where = arena_print(p->arena, "Ladder %s", name);

    compared_put(list, where, "How it is climbed",
                 live != NULL ? ladder_rules_words(p->arena, live) : NULL,
                 draft != NULL ? ladder_rules_words(p->arena, draft) : NULL);
    for (size_t i = 0; live != NULL && i < live->step_count; i++) {
        const struct ladder_step *step = &live->steps[i], *now = step_named(draft, step->id);
        compared_put(list, where, step_name_words(p->arena, step->id), step_said(p, step),
                     now != NULL ? step_said(p, now) : NULL);
    }
    for (size_t i = 0; draft != NULL && i < draft->step_count; i++) {
        const struct ladder_step *step = &draft->steps[i];
        if (step_named(live, step->id) == NULL)
            change_put(list, where, step_name_words(p->arena, step->id), NULL,
                       step_said(p, step));
    }
    compared_put(list, where, "Its end", live != NULL ? ladder_end_words(p->arena, live) : NULL,
                 draft != NULL ? ladder_end_words(p->arena, draft) : NULL);
}

static const char *segment_said(struct page *p, const struct strategy *s, size_t at)
{
    if (s == NULL || at >= s->segment_count)
        return NULL;
    return arena_print(p->arena, "%s: %s, ladder %s", s->segments[at].name,
                       s->segments[at].when_text != NULL
                           ? condition_words(p->arena, s->segments[at].when_text)
                           : "everybody else",
                       s->segments[at].ladder->name);
}

static void head_changes_put(struct page *p, json_t *list, const struct strategy *live,
                             const struct strategy *draft)
{
    compared_put(list, "Strategy", "For whom",
                 live != NULL ? condition_words(p->arena, live->applies_text) : NULL,
                 condition_words(p->arena, draft->applies_text));
    compared_put(list, "Strategy", "Its place among the others",
                 live != NULL ? arena_print(p->arena, "order %d", live->order) : NULL,
                 arena_print(p->arena, "order %d", draft->order));
    compared_put(
        list, "Strategy", "When a promise counts as kept",
        live != NULL
            ? arena_print(p->arena, "from %d%%, up to %d days late",
                          100 - live->promise_tolerance_bp / 100, live->promise_grace_days)
            : NULL,
        arena_print(p->arena, "from %d%%, up to %d days late",
                    100 - draft->promise_tolerance_bp / 100, draft->promise_grace_days));
    for (size_t i = 0; (live != NULL && i < live->segment_count) || i < draft->segment_count;
         i++)
        compared_put(list, "Segments", arena_print(p->arena, "Segment %zu", i + 1),
                     segment_said(p, live, i), segment_said(p, draft, i));
}

static void changes_put(struct page *p, const struct strategy *live,
                        const struct strategy *draft)
{
    json_t *list = put_list(p->context, "changes");

    head_changes_put(p, list, live, draft);
    for (size_t i = 0; live != NULL && i < live->ladder_count; i++)
        ladder_changes_put(p, list, live->ladders[i].name, &live->ladders[i],
                           ladder_named(draft, live->ladders[i].name));
    for (size_t i = 0; i < draft->ladder_count; i++) {
        if (ladder_named(live, draft->ladders[i].name) == NULL)
            ladder_changes_put(p, list, draft->ladders[i].name, NULL, &draft->ladders[i]);
    }
    put_true(p->context, "any_changes", json_array_size(list) > 0);
}

static bool ladders_are_alike(const struct ladder *x, const struct ladder *y)
{
    if (x == NULL || y == NULL || x->step_count != y->step_count ||
        x->end_after_days != y->end_after_days)
        return false;
    for (size_t i = 0; i < x->step_count; i++) {
        const struct ladder_step *a = &x->steps[i], *b = &y->steps[i];
        if (strcmp(a->id, b->id) != 0 || a->day != b->day || a->channels[0] != b->channels[0])
            return false;
    }
    return true;
}

/* Those that differ. */
static void pairs_put(struct page *p, const struct strategy *live, const struct strategy *draft)
{
    json_t *list = put_list(p->context, "pairs");

    for (size_t i = 0; live != NULL && i < live->ladder_count; i++) {
        const struct ladder *now = ladder_named(draft, live->ladders[i].name);
        if (ladders_are_alike(&live->ladders[i], now))
            continue;
        json_t *row = list_add(list);
        put(row, "ladder", live->ladders[i].name);
        ladder_pair_put(p, put_list(row, "lanes"), &live->ladders[i], now);
    }
    for (size_t i = 0; i < draft->ladder_count; i++) {
        if (ladder_named(live, draft->ladders[i].name) != NULL)
            continue;
        json_t *row = list_add(list);
        put(row, "ladder", draft->ladders[i].name);
        ladder_pair_put(p, put_list(row, "lanes"), NULL, &draft->ladders[i]);
    }
    put_true(p->context, "any_pairs", json_array_size(list) > 0);
}

/* ---- Whom it touches --------------------------------------------------------------------- */

static int64_t all_of(const int64_t counts[], int from, int to)
{
    int64_t sum = 0;

    for (int i = from; i < to; i++)
        sum += counts[i];
    return sum;
}

static void figure_put(struct page *p, json_t *list, const char *label, int64_t live,
                       int64_t draft, const char *words)
{
    json_t *row = list_add(list);
    int64_t change = draft - live;

    put(row, "label", label);
    put(row, "live", words_count(p->arena, live));
    put(row, "draft_value", words_count(p->arena, draft));
    put(row, "change",
        change == 0 ? "no change"
                    : arena_print(p->arena, "%s%s", change > 0 ? "+" : "−",
                                  words_count(p->arena, change > 0 ? change : -change)));
    put(row, "figure_words", words);
}

static void figures_put(struct page *p, const struct whatif *w)
{
    json_t *list = put_list(p->context, "figures");
    const struct whatif_side *live = &w->side[0], *draft = &w->side[1];

    figure_put(p, list, "Contacts today", live->today, draft->today,
               "accounts that get a message or a call");
    figure_put(p, list, "Contacts in 14 days", all_of(live->contacts, 0, WHATIF_DAYS + 1),
               all_of(draft->contacts, 0, WHATIF_DAYS + 1),
               "messages and calls, today included");
    figure_put(p, list, "Accounts reached", live->reached, draft->reached,
               "with one or more in these days");
    figure_put(p, list, "Stopped today", live->stopped, draft->stopped,
               "a step is due, and not allowed yet");
    put(p->context, "more", words_count(p->arena, w->more.count));
    put(p->context, "fewer", words_count(p->arena, w->fewer.count));
    put(p->context, "same", words_count(p->arena, w->same));
}

static const char *contacts_words(struct arena *a, int count)
{
    return count == 0 ? "none" : arena_print(a, "%d", count);
}

static void group_put(struct page *p, json_t *groups, const char *title, const char *words,
                      const struct whatif_group *group, bool today)
{
    json_t *row = list_add(groups), *list = put_list(row, "rows");

    put(row, "group", title);
    put(row, "group_words", words);
    put(row, "group_count", words_count(p->arena, group->count));
    put_true(row, "any_rows", group->shown > 0);
    put_true(row, "more_rows", group->count > (int64_t)group->shown);
    for (size_t i = 0; i < group->shown; i++) {
        const struct whatif_example *e = &group->examples[i];
        json_t *one = list_add(list);
        put(one, "reference", e->reference);
        put(one, "name", e->name);
        put(one, "account",
            arena_print(p->arena, "/accounts/%s", url_encode(p->arena, e->reference)));
        put(one, "live",
            !today            ? contacts_words(p->arena, e->live_contacts)
            : e->live != NULL ? words_plain(p->arena, e->live)
                              : "Nothing");
        put(one, "draft_value",
            !today             ? contacts_words(p->arena, e->draft_contacts)
            : e->draft != NULL ? words_plain(p->arena, e->draft)
                               : "Nothing");
    }
}

static void groups_put(struct page *p, const struct whatif *w)
{
    json_t *groups = put_list(p->context, "groups");
    bool today = w->gains.count + w->loses.count + w->other.count > 0;

    put_true(p->context, "any_today", today);
    if (today) {
        group_put(p, groups, "Get a contact today", "and would get none as it is", &w->gains,
                  true);
        group_put(p, groups, "Get none today", "and would get one as it is", &w->loses, true);
        group_put(p, groups, "Get another one today", "another step, or another way", &w->other,
                  true);
    }
    groups = put_list(p->context, "spans");
    group_put(p, groups, "Get more contacts in 14 days", "how many as it is, and how many then",
              &w->more, false);
    group_put(p, groups, "Get fewer contacts in 14 days",
              "how many as it is, and how many then", &w->fewer, false);
}

static void channels_put(struct page *p, const struct whatif *w)
{
    json_t *list = put_list(p->context, "channels");

    for (int i = 0; i < CHANNEL_COUNT; i++) {
        int64_t live = w->side[0].by_channel[i], draft = w->side[1].by_channel[i];
        if (live > 0 || draft > 0)
            figure_put(p, list, words_channel(channel_name((enum channel)i)), live, draft, "");
    }
}

static void stops_put(struct page *p, const struct whatif *w)
{
    json_t *list = put_list(p->context, "stops");

    for (size_t i = 0; i < w->stop_count; i++) {
        const struct whatif_stop *stop = &w->stops[i];
        json_t *row = list_add(list);
        put_rule(p, row, stop->rule);
        const char *link =
            stop->rule != NULL ? arena_print(p->arena, "/rules/%s", url_encode(p->arena, stop->rule))
                               : NULL;
        put(row, "rule_link", link != NULL && page_leads(p, link) ? link : "");
        put(row, "stop",
            stop->rule != NULL ? json_string_value(json_object_get(row, "rule_title"))
                               : words_standing(p->arena, stop->reason).title);
        put(row, "live", words_count(p->arena, stop->count[0]));
        put(row, "draft_value", words_count(p->arena, stop->count[1]));
    }
    put_true(p->context, "any_stops", w->stop_count > 0);
}

/* Contacts day by day, two bars for each. */
static void days_put(struct page *p, const struct whatif *w)
{
    json_t *list = put_list(p->context, "days");
    int64_t most = 1;

    for (int side = 0; side < 2; side++) {
        for (int i = 0; i <= WHATIF_DAYS; i++)
            most = w->side[side].contacts[i] > most ? w->side[side].contacts[i] : most;
    }
    for (int i = 0; i <= WHATIF_DAYS; i++) {
        json_t *day = list_add(list);
        int x = BAR_LEFT + i * BAR_PITCH;
        int live = (int)(w->side[0].contacts[i] * BAR_TALL / most);
        int draft = (int)(w->side[1].contacts[i] * BAR_TALL / most);
        put(day, "day",
            i == 0 ? "today"
                   : words_day_near(p->arena, day_plus(p->view->today, i), p->view->today));
        put(day, "short_day",
            i == 0       ? "today"
            : i % 2 == 0 ? arena_print(p->arena, "+%d", i)
                         : "");
        put(day, "live", words_count(p->arena, w->side[0].contacts[i]));
        put(day, "draft_value", words_count(p->arena, w->side[1].contacts[i]));
        put_int(day, "live_x", x);
        put_int(day, "draft_x", x + BAR_WIDE + 2);
        put_int(day, "text_x", x + BAR_WIDE + 1);
        put_int(day, "live_y", BAR_TALL + 10 - live);
        put_int(day, "live_tall", live);
        put_int(day, "draft_y", BAR_TALL + 10 - draft);
        put_int(day, "draft_tall", draft);
    }
    put(p->context, "most", words_count(p->arena, most));
}

static bool whatif_put(struct page *p, const struct strategy_page *s,
                       const struct strategy *draft, struct fault *why)
{
    const struct strategy *live = strategy_in_force(p, s->name);
    struct whatif_request request = { .store = p->view->store,
                                      .policy = p->view->policy,
                                      .live = live != NULL ? live : s->strategy,
                                      .draft = draft,
                                      .now = p->view->now,
                                      .clients = p->view->clients,
                                      .desks = p->view->desks };
    struct whatif w;

    if (!whatif_run(&request, p->arena, &w, why))
        return false;
    put(p->context, "looked", words_count(p->arena, w.looked));
    put(p->context, "casefiles", words_count(p->arena, w.casefiles));
    put(p->context, "touched", words_count(p->arena, w.touched));
    put_true(p->context, "sampled", w.sampled);
    put_true(p->context, "any_touched", w.touched > 0);
    figures_put(p, &w);
    groups_put(p, &w);
    channels_put(p, &w);
    stops_put(p, &w);
    days_put(p, &w);
    return true;
}

/* ---- The page ---------------------------------------------------------------------------- */

/* Draft, read, compared, asked, agreed, live: where it stands. */
static void path_put(struct page *p, bool has_draft, bool reads, bool waits)
{
    static const char *const titles[] = {
        "Draft", "Checks", "Compare", "Ask", "Agree", "Live"
    };
    size_t now = !has_draft ? 0 : !reads ? 1 : waits ? 4 : 2;
    json_t *list = put_list(p->context, "path");

    for (size_t i = 0; i < COUNT(titles); i++) {
        json_t *row = list_add(list);
        put(row, "place", titles[i]);
        put_true(row, "is_done", i < now);
        put_true(row, "is_here", i == now);
    }
}

/* Why it could not be published as it is; "" when it could. */
static const char *refusal_of(struct page *p, const struct strategy_page *s)
{
    struct publishing in = { .kind = PUBLISHED_STRATEGY,
                             .name = s->name,
                             .text = s->draft.text };
    struct fault bad = { 0 };

    return publication_check(p->view->store, p->arena, &in, &bad)
               ? ""
               : arena_print(p->arena, "%s %s", bad.text, bad.hint);
}

bool page_strategy_compare(struct page *p, struct fault *why)
{
    const struct strategy *draft = NULL;
    struct strategy_page s;
    struct fault bad = { 0 };

    if (!strategy_page_load(p, &s, why) || !strategy_page_put(p, &s, why))
        return false;
    bool changed =
        s.draft.revision > 0 && (s.text == NULL || strcmp(s.text, s.draft.text) != 0);
    put_true(p->context, "at_compare", true);
    put_true(p->context, "is_changed", changed);
    put_int(p->context, "next_version", s.live.version + 1);
    put_int(p->context, "revision", s.draft.revision);
    put_true(p->context, "outdated", changed && !text_equal(s.draft.base, s.live.digest));
    const char *path =
        s.live.path != NULL ? s.live.path : arena_print(p->arena, "strategies/%s.yaml", s.name);
    if (changed && strategy_read(p->arena, path, s.draft.text, &draft, &bad) &&
        strcmp(draft->name, s.name) != 0) {
        draft = NULL;
        fail(&bad, BAD_VALUE, "The draft says another name than %s.", s.name);
    }
    put_true(p->context, "reads", draft != NULL);
    put(p->context, "unread", bad.text[0] != '\0' ? bad.text : "");
    const char *refusal = draft == NULL ? "" : refusal_of(p, &s);
    put(p->context, "refusal", refusal);
    if (page_may(p, MAY_INSIGHT) && !strategy_guards_put(p, s.name, why))
        return false;
    path_put(p, changed, draft != NULL && *refusal == '\0',
             json_is_true(json_object_get(p->context, "is_waiting")));
    if (changed)
        text_changes_put(p, s.text != NULL ? s.text : "", s.draft.text);
    if (draft == NULL)
        return true;
    changes_put(p, s.strategy, draft);
    pairs_put(p, s.strategy, draft);
    return whatif_put(p, &s, draft, why);
}

/* ---- Publishing -------------------------------------------------------------------------- */

/* Somebody read this draft, and typed which version it becomes. */
static bool publish_read(struct page *p, const struct strategy_page *s, struct fault *why)
{
    const char *typed;
    int64_t version, revision;

    if (s->draft.revision == 0)
        return fail(why, CONFLICT, "There is no draft any more.");
    if (!page_need(p, "version", "the number of the new version", &typed, why))
        return false;
    if (!text_to_int(typed, &version) || version != s->live.version + 1)
        return fail(why, BAD_VALUE, "The new version is %d: type that number.",
                    s->live.version + 1);
    if (!text_to_int(page_form_or(p, "revision", "0"), &revision) ||
        revision != s->draft.revision)
        return fail(why, CONFLICT, "The draft was saved again after you opened this page.");
    return true;
}

bool page_strategy_publish(struct page *p, struct fault *why)
{
    struct publishing in = { .kind = PUBLISHED_STRATEGY,
                             .name = p->hole,
                             .reason = page_form(p, "reason"),
                             .by = p->session->user.number };
    struct publish_outcome done;
    struct strategy_page s;

    if (!strategy_page_load(p, &s, why) || !publish_read(p, &s, why))
        return false;
    in.text = s.draft.text;
    in.base = s.draft.base;
    struct book *b = page_book(p, why);
    if (b == NULL || !publish_ask(b, p->hand->roles, &in, NULL, &done, why) ||
        !page_commit(p, why))
        return false;
    if (done.approval != 0) {
        page_say(p, "Asked: somebody who reviews strategies must agree before it is live.");
        page_undo(p,
                  arena_print(p->arena, "/approvals/%lld/withdraw", (long long)done.approval));
        page_go(p, strategy_link(p->arena, p->hole, "/compare"));
        return true;
    }
    page_say(p, arena_print(p->arena,
                            "Version %d is live. Nobody else may review strategies, so "
                            "nobody was asked.",
                            done.version));
    if (done.version > 1)
        page_undo(p, arena_print(p->arena, "%s/%d", strategy_link(p->arena, p->hole, "/back"),
                                 done.version - 1));
    page_go(p, strategy_link(p->arena, p->hole, ""));
    return true;
}

bool page_strategy_back(struct page *p, struct fault *why)
{
    int64_t version;
    int32_t live;

    if (!page_may(p, MAY_CHANGE_STRATEGY) && !page_may(p, MAY_REVIEW))
        return fail(why, NOT_ALLOWED,
                    "Who goes back to a version may change strategies, or "
                    "review them.");
    if (!text_to_int(p->holes[1], &version) || version < 1 || version > INT32_MAX)
        return fail(why, NOT_FOUND, "There is no version \"%s\".", p->holes[1]);
    struct book *b = page_book(p, why);
    if (b == NULL ||
        !publish_back(b, PUBLISHED_STRATEGY, p->hole, (int32_t)version, p->session->user.number,
                      &live, why) ||
        !page_commit(p, why))
        return false;
    page_say(p, arena_print(p->arena, "Version %d is live: it says what version %d said.", live,
                            (int)version));
    page_undo(
        p, arena_print(p->arena, "%s/%d", strategy_link(p->arena, p->hole, "/back"), live - 1));
    page_go(p, strategy_link(p->arena, p->hole, ""));
    return true;
}
