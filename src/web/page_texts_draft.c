/* Letters and emails: drafts of them, and how one goes live. */
#include "web/page_texts.h"

#include "base/text.h"
#include "flow/draft.h"
#include "flow/strategy_publish.h"
#include "web/page_strategies.h"

#include <string.h>

enum { VERSIONS_SHOWN = 10 };

static const char *name_of(const struct page *p)
{
    return arena_print(p->arena, "%s/%s", p->holes[0], p->holes[1]);
}

static const char *link_of(const struct page *p, const char *more)
{
    return arena_print(p->arena, "/templates/%s/%s%s", url_encode(p->arena, p->holes[0]),
                       url_encode(p->arena, p->holes[1]), more);
}

/* ---- What there is ----------------------------------------------------------------------- */

static bool versions_put(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "versions");
    struct publication *all;
    size_t count;

    if (!publication_versions(p->view->store, p->arena, PUBLISHED_TEXT, name_of(p), &all,
                              &count, why))
        return false;
    for (size_t i = 0; i < count && i < VERSIONS_SHOWN; i++) {
        const char *by = strategy_person(p, all[i].published_by, why);
        json_t *row = list_add(list);
        if (by == NULL)
            return false;
        put_int(row, "version", all[i].version);
        put(row, "since", words_moment(p->arena, all[i].at, p->view->zone, p->view->today));
        put(row, "published_by", all[i].version == 1 ? "" : by);
        put(row, "because", all[i].reason != NULL ? all[i].reason : "");
        put_true(row, "now", i == 0);
        put_true(row, "may_back",
                 i > 0 && (page_may(p, MAY_CHANGE_TEMPLATE) || page_may(p, MAY_REVIEW)));
    }
    put_true(p->context, "any_versions", count > 0);
    return true;
}

static bool waiting_put(struct page *p, struct fault *why)
{
    struct approval asked;

    if (!publish_waiting(p->view->store, p->arena, PUBLISHED_TEXT, name_of(p), &asked, why))
        return false;
    const char *by = asked.number == 0 ? "" : strategy_person(p, asked.asked_by, why);
    put_true(p->context, "is_waiting", asked.number != 0);
    put(p->context, "waiting_by", by);
    return by != NULL;
}

bool text_draft_put(struct page *p, const char *source, struct fault *why)
{
    struct draft draft;

    if (!draft_load(p->view->store, p->arena, PUBLISHED_TEXT, name_of(p), &draft, why) ||
        !versions_put(p, why) || !waiting_put(p, why))
        return false;
    put_int(p->context, "revision", draft.revision);
    put_true(p->context, "has_draft", draft.revision > 0);
    put_true(p->context, "any_changes", false);
    if (draft.revision == 0)
        return true;
    const char *by = strategy_person(p, draft.by, why);
    put(p->context, "draft_by", by);
    put(p->context, "draft_at", moment_within(p, draft.at));
    put_true(p->context, "any_changes", text_changes_put(p, source, draft.text));
    return by != NULL;
}

const char *text_in_hand(struct page *p, const char *source)
{
    const char *typed = page_form(p, "text");
    struct fault none = { 0 };
    struct draft draft;

    if (typed != NULL)
        return strategy_typed(p->arena, typed);
    if (!draft_load(p->view->store, p->arena, PUBLISHED_TEXT, name_of(p), &draft, &none))
        return source;
    return draft.revision > 0 ? draft.text : source;
}

/* ---- What is done ------------------------------------------------------------------------ */

bool page_text_save(struct page *p, struct fault *why)
{
    struct drafting in = { .kind = PUBLISHED_TEXT,
                           .name = name_of(p),
                           .by = p->session->user.number };
    struct publication live;
    const char *text, *source;

    if (!page_need(p, "text", "the text", &text, why) ||
        !publication_live(p->view->store, p->arena, PUBLISHED_TEXT, in.name, &live, &source,
                          why))
        return false;
    if (!text_to_int(page_form_or(p, "revision", "0"), &in.revision))
        return fail(why, BAD_VALUE, "The form is not one of ours: load the page again.");
    in.text = strategy_typed(p->arena, text);
    in.base = live.digest; /* its page shows what it changes of what is live now */
    struct book *b = page_book(p, why);
    if (b == NULL || !draft_save(b, &in, why) || !page_commit(p, why))
        return false;
    page_say(p, "Saved as a draft. Readers still get what is live.");
    page_go(p, link_of(p, ""));
    return true;
}

bool page_text_drop(struct page *p, struct fault *why)
{
    struct book *b = page_book(p, why);
    const char *digest;

    if (b == NULL || !draft_drop(b, PUBLISHED_TEXT, name_of(p), &digest, why))
        return false;
    digest = arena_copy(p->arena, digest);
    if (!page_commit(p, why))
        return false;
    page_say(p, "The draft is gone.");
    page_undo(p, arena_print(p->arena, "%s/%s", link_of(p, "/draft/back"), digest));
    page_go(p, link_of(p, ""));
    return true;
}

bool page_text_restore(struct page *p, struct fault *why)
{
    struct book *b = page_book(p, why);

    if (b == NULL ||
        !draft_restore(b, PUBLISHED_TEXT, name_of(p), p->holes[2], p->session->user.number,
                       why) ||
        !page_commit(p, why))
        return false;
    page_say(p, "The draft is back.");
    page_go(p, link_of(p, ""));
    return true;
}

bool page_text_publish(struct page *p, struct fault *why)
{
    struct publishing in = { .kind = PUBLISHED_TEXT,
                             .name = name_of(p),
                             .reason = page_form(p, "reason"),
                             .by = p->session->user.number };
    struct publish_outcome done;
    struct draft draft;
    int64_t revision;

    if (!draft_load(p->view->store, p->arena, PUBLISHED_TEXT, in.name, &draft, why))
        return false;
    if (!text_to_int(page_form_or(p, "revision", "0"), &revision) || draft.revision == 0 ||
        revision != draft.revision)
        return fail(why, CONFLICT,
                    "The draft was saved, published or dropped after you opened "
                    "this page.");
    in.text = draft.text;
    in.base = draft.base;
    struct book *b = page_book(p, why);
    if (b == NULL || !publish_ask(b, p->hand->roles, &in, NULL, &done, why) ||
        !page_commit(p, why))
        return false;
    page_say(p, done.approval != 0
                    ? "Asked: somebody who reviews texts must agree before readers get it."
                    : arena_print(p->arena, "Version %d is live.", done.version));
    if (done.approval != 0)
        page_undo(p,
                  arena_print(p->arena, "/approvals/%lld/withdraw", (long long)done.approval));
    page_go(p, link_of(p, ""));
    return true;
}

bool page_text_back(struct page *p, struct fault *why)
{
    int64_t version;
    int32_t live;

    if (!page_may(p, MAY_CHANGE_TEMPLATE) && !page_may(p, MAY_REVIEW))
        return fail(why, NOT_ALLOWED,
                    "Who goes back to a version may change texts, or review them.");
    if (!text_to_int(p->holes[2], &version) || version < 1 || version > INT32_MAX)
        return fail(why, NOT_FOUND, "There is no version \"%s\".", p->holes[2]);
    struct book *b = page_book(p, why);
    if (b == NULL ||
        !publish_back(b, PUBLISHED_TEXT, name_of(p), (int32_t)version, p->session->user.number,
                      &live, why) ||
        !page_commit(p, why))
        return false;
    page_say(p, arena_print(p->arena, "Version %d is live: it says what version %d said.", live,
                            (int)version));
    page_undo(p, arena_print(p->arena, "%s/%d", link_of(p, "/back"), live - 1));
    page_go(p, link_of(p, ""));
    return true;
}
