/* What waits for a second person: with the reason, what the person will be told, and yes or no. */
#include "flow/approval.h"

#include "base/text.h"
#include "web/page.h"

#include <ctype.h>

enum { SETTLED_SHOWN = 15 };

static const char *link_of(struct page *p, const struct approval_item *item)
{
    if (item->tale.account != NULL)
        return arena_print(p->arena, "/accounts/%s", url_encode(p->arena, item->tale.account));
    if (item->tale.link != NULL)
        return item->tale.link;
    if (item->tale.user != 0 && page_may(p, MAY_ADMIN_USERS))
        return arena_print(p->arena, "/admin/users/%lld", (long long)item->tale.user);
    return NULL;
}

/* Rules speak in half sentences: here they begin one. */
static const char *sentence(struct arena *a, const char *text)
{
    char *out = arena_copy(a, text);

    out[0] = (char)toupper((unsigned char)out[0]);
    return out;
}

static void item_put(struct page *p, json_t *list, const struct approval_item *item)
{
    const char *typed = page_form(p, "id");
    json_t *row = list_add(list);

    put(row, "id", item->id);
    put(row, "what", item->tale.what);
    put(row, "kind", words_plain(p->arena, approval_words(item->kind)));
    put(row, "rule", sentence(p->arena, item->tale.rule));
    put(row, "told", item->tale.told);
    put(row, "reason", item->reason != NULL ? item->reason : "");
    put(row, "asked_by", item->asked_name);
    put(row, "asked",
        moment_within(p, item->asked_at));
    put(row, "subject", item->subject);
    put(row, "link", link_of(p, item) != NULL ? link_of(p, item) : "");
    put(row, "answer",
        typed != NULL && text_equal(typed, item->id) ? page_form_or(p, "answer", "") : "");
    put_true(row, "mine", item->mine);
    put_true(row, "may", item->may && !item->mine);
    put_true(row, "is_offer", item->kind == APPROVE_OFFER);
    put_true(row, "was_refused", text_equal(p->hole, item->id));
}

static bool settled_put(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "settled");
    struct approval *all;
    size_t count;

    if (!approval_settled(p->view->store, p->arena, SETTLED_SHOWN, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct user by;
        if (!page_may(p, approval_permission(all[i].kind)) ||
            p->view->clients != NULL || p->view->desks != NULL)
            continue;
        if (!user_by_number(p->view->store, p->arena, all[i].decided_by, &by, why))
            return false;
        json_t *row = list_add(list);
        put(row, "kind", words_plain(p->arena, approval_words(all[i].kind)));
        put(row, "subject", all[i].subject);
        put(row, "state", words_plain(p->arena, approval_state_name(all[i].state)));
        put(row, "answer", all[i].answer != NULL ? all[i].answer : "");
        put(row, "by", by.number != 0 ? by.name : "");
        put(row, "at", words_moment(p->arena, all[i].decided_at, p->view->zone, p->view->today));
    }
    put_true(p->context, "any_settled", json_array_size(list) > 0);
    return true;
}

static bool page_approvals(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "items");
    struct approver by = approver_of(&p->session->user, p->role);
    struct approval_item *items;
    size_t count, waiting = 0;

    if (!approval_items(p->view->store, p->arena, p->hand->roles, p->view->zone, p->view->now, &by,
                        &items, &count, why))
        return false;
    put(p->context, "title", "Approvals");
    for (size_t i = 0; i < count; i++) {
        item_put(p, list, &items[i]);
        waiting += items[i].may && !items[i].mine;
    }
    put_true(p->context, "any", count > 0);
    put(p->context, "waiting", words_count(p->arena, (int64_t)waiting));
    put_true(p->context, "one", waiting == 1);
    put_true(p->context, "none", waiting == 0);
    return settled_put(p, why);
}

static bool decided(struct page *p, const char *words, struct fault *why)
{
    if (!page_commit(p, why))
        return false;
    page_say(p, arena_copy(p->arena, words));
    page_go(p, "/approvals");
    return true;
}

static bool answer(struct page *p, bool agrees, struct fault *why)
{
    struct approver by = approver_of(&p->session->user, p->role);
    const char *done;
    struct book *b = page_book(p, why);

    return b != NULL &&
           approval_answer(b, p->hand->roles, p->hole, &by, agrees, page_form(p, "answer"), &done,
                           why) &&
           decided(p, done, why);
}

static bool approve(struct page *p, struct fault *why)
{
    return answer(p, true, why);
}

static bool decline(struct page *p, struct fault *why)
{
    return answer(p, false, why);
}

static bool withdraw(struct page *p, struct fault *why)
{
    struct approver by = approver_of(&p->session->user, p->role);
    struct book *b = page_book(p, why);

    return b != NULL && approval_take_back(b, p->hole, &by, why) &&
           decided(p, "Withdrawn: nobody needs to decide it any more.", why);
}

const struct route routes_approvals[] = {
    { "GET", "/approvals", MAY_SIGNED_IN, "approvals", "approvals", page_approvals, NULL },
    { "POST", "/approvals/{}/approve", MAY_SIGNED_IN, "approvals", "approvals", approve,
      page_approvals },
    { "POST", "/approvals/{}/decline", MAY_SIGNED_IN, "approvals", "approvals", decline,
      page_approvals },
    { "POST", "/approvals/{}/withdraw", MAY_SIGNED_IN, "approvals", "approvals", withdraw,
      page_approvals },
    { 0 },
};
