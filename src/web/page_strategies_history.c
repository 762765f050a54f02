/* Strategies: drafts that were saved before, dropped, and brought back. */
#include "web/page_strategies.h"

#include "base/text.h"

static bool event_put(struct page *p, json_t *row, const struct draft_event *e,
                      struct fault *why)
{
    struct user user = { 0 };

    if (*e->by != '\0' && !user_by_email(p->view->store, p->arena, e->by, &user, why))
        return false;
    put(row, "at", words_moment(p->arena, e->at, p->view->zone, p->view->today));
    put(row, "by", user.number != 0 ? user.name : *e->by != '\0' ? e->by : "the command line");
    put(row, "change", words_plain(p->arena, e->change));
    put(row, "open",
        arena_print(p->arena, "%s?from=%s", strategy_link(p->arena, p->hole, "/draft"),
                    url_encode(p->arena, e->digest)));
    return true;
}

bool page_strategy_draft_history(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "events");
    struct draft_event *all;
    struct strategy_page s;
    size_t count;

    if (!strategy_page_load(p, &s, why) || !strategy_page_put(p, &s, why) ||
        !draft_history(p->view->store, p->arena, PUBLISHED_STRATEGY, p->hole, &all, &count,
                       why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!event_put(p, list_add(list), &all[i], why))
            return false;
    }
    put_true(p->context, "any_events", count > 0);
    return true;
}

bool page_strategy_draft_drop(struct page *p, struct fault *why)
{
    struct strategy_page s;
    const char *digest;

    if (!strategy_page_load(p, &s, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !draft_drop(b, PUBLISHED_STRATEGY, p->hole, &digest, why))
        return false;
    digest = arena_copy(p->arena, digest);
    if (!page_commit(p, why))
        return false;
    page_say(p, "The draft is gone.");
    page_undo(p, arena_print(p->arena, "%s/%s", strategy_link(p->arena, p->hole, "/draft/back"),
                             digest));
    page_go(p, s.live.version > 0 ? strategy_link(p->arena, p->hole, "") : "/strategies");
    return true;
}

bool page_strategy_draft_restore(struct page *p, struct fault *why)
{
    struct book *b = page_book(p, why);

    if (b == NULL ||
        !draft_restore(b, PUBLISHED_STRATEGY, p->hole, p->holes[1], p->session->user.number,
                       why) ||
        !page_commit(p, why))
        return false;
    page_say(p, "The draft is back.");
    page_go(p, strategy_link(p->arena, p->hole, "/draft"));
    return true;
}
