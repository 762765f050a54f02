/* Search: /search?q=…, for people who press Enter and, a few lines of it, while they type. */
#include "web/page_search.h"
#include "base/text.h"
#include "flow/search_note.h"
#include "web/recent.h"
#include "web/search_log.h"

#include <string.h>

enum { TYPING_MOST = 6 };

/* ---- Noting ----------------------------------------------------------------------------- */

/* Nobody waits for the book; a server that only shows it does not note. */
bool search_noted(const struct hand *hand, const char *by, const char *typed,
                  const struct search *found, bool typing, struct fault *why)
{
    struct view *v = hand->view;
    struct search_note n = { .at = v->now,
                             .by = by,
                             .kind = found->kind,
                             .found = found->count,
                             .more = found->more };

    if (hand->searches == NULL)
        return true;
    return search_mark(v->store, &v->arena, typed, n.mark, why) &&
           search_log_add(hand->searches, &n, text_bare(&v->arena, typed), typing, why);
}

/* ---- What was found --------------------------------------------------------------------- */

static const char *link_of(struct page *p, const struct search_hit *h)
{
    switch (h->group) {
    case FOUND_ACCOUNT:
    case FOUND_DEBT:
    case FOUND_PAYMENT:
        return arena_print(p->arena, "/accounts/%s",
                           url_encode(p->arena, h->account.reference));
    case FOUND_DECISION:
        return arena_print(p->arena, "/d/%lld.%lld", (long long)h->bucket, (long long)h->seq);
    case FOUND_MESSAGE:
        return arena_print(p->arena, "/outbox/%lld.%lld", (long long)h->bucket,
                           (long long)h->seq);
    case FOUND_GROUPS:
        break;
    }
    bug("a group of the search is missing above", HERE);
}

/* The line under its title: by what it was found, and what it is of. */
static const char *under_of(struct page *p, const struct search_hit *h)
{
    struct arena *a = p->arena;

    switch (h->group) {
    case FOUND_ACCOUNT:
        return h->seen;
    case FOUND_DEBT:
    case FOUND_PAYMENT:
        return arena_print(a, "%s %s", h->group == FOUND_DEBT ? "Debt" : "Payment", h->what);
    case FOUND_DECISION:
        return arena_print(a, "D-%lld.%lld · %s · %s", (long long)h->bucket, (long long)h->seq,
                           words_plain(a, h->what),
                           words_moment(a, h->at, p->view->zone, p->view->today));
    case FOUND_MESSAGE:
        return arena_print(a, "%s · %s", words_channel(h->what),
                           words_moment(a, h->at, p->view->zone, p->view->today));
    case FOUND_GROUPS:
        break;
    }
    bug("a group of the search is missing above", HERE);
}

static void hit_put(struct page *p, json_t *row, const struct search_hit *h)
{
    const struct account_row *account = &h->account;

    put(row, "link", link_of(p, h));
    put(row, "name", account->name);
    put(row, "reference", account->reference);
    put(row, "place", words_place(p->arena, account->place));
    put(row, "creditor", account->creditor);
    put_true(row, "placed", account->role != ACTOR_FIRST_PARTY_CREDITOR);
    put(row, "under", under_of(p, h));
    put_standing(p, row, "standing", words_standing(p->arena, account->standing));
    if (account->currency != CURRENCY_NONE)
        put(row, "open", words_money(p->arena, account->open_minor, account->currency));
}

static void groups_put(struct page *p, const struct search *found)
{
    static const char *const titles[] = { "Accounts", "Debts", "Payments",
                                          "Decisions and records", "Messages" };
    json_t *groups = put_list(p->context, "groups"), *hits = NULL;

    for (size_t i = 0; i < found->count; i++) {
        if (i == 0 || found->hits[i].group != found->hits[i - 1].group) {
            json_t *group = list_add(groups);
            put(group, "title", titles[found->hits[i].group]);
            hits = put_list(group, "hits");
        }
        hit_put(p, list_add(hits), &found->hits[i]);
    }
}

/* The accounts that were opened lately, as far as they may still be seen. */
static bool recent_put(struct page *p, struct fault *why)
{
    struct casefile_key keys[RECENT_MOST];
    size_t count = recent_list(p, keys);
    json_t *hits = NULL;

    for (size_t i = 0; i < count; i++) {
        struct search_hit hit = { .group = FOUND_ACCOUNT, .key = keys[i] };
        bool found;
        if (!view_account_row(p->view, keys[i], &hit.account, &found, why))
            return false;
        if (!found)
            continue;
        if (!view_account_money(p->view, keys[i], &hit.account, why))
            return false;
        if (hits == NULL) {
            json_t *group = list_add(put_list(p->context, "groups"));
            put(group, "title", "Opened lately");
            hits = put_list(group, "hits");
        }
        hit_put(p, list_add(hits), &hit);
    }
    put_true(p->context, "any_recent", hits != NULL);
    return true;
}

bool page_search(struct page *p, struct fault *why)
{
    const char *typed = page_field(p, "q");
    struct search found = { 0 };

    put(p->context, "title", "Search");
    put(p->context, "search", typed);
    if (typed == NULL)
        return recent_put(p, why);
    if (!search_find(p->view, typed, p->ask->partial ? TYPING_MOST : SEARCH_FOUND_MOST, &found,
                     why) ||
        !search_noted(p->hand, p->session->user.email, typed, &found, p->ask->partial, why))
        return false;
    if (found.only != NULL && !p->ask->partial) {
        page_go(p, link_of(p, found.only));
        return true;
    }
    groups_put(p, &found);
    size_t commands = commands_put(p, typed);
    put_true(p->context, "any", found.count + commands > 0);
    put_true(p->context, "more", found.more);
    put_true(p->context, "typing", p->ask->partial);
    put(p->context, "all", arena_print(p->arena, "/search?q=%s", url_encode(p->arena, typed)));
    return found.count + commands > 0 || recent_put(p, why);
}
