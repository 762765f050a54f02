/*
 * Commands of the search box: "queue" goes there, "hold FH-20418" opens the form of that
 * account. Only what the reader may do, and what this server has a page for.
 */
#include "base/text.h"
#include "flow/view.h"
#include "web/page_search.h"

#include <string.h>

static const struct destination {
    const char *words, *title, *path;
    int may;
} places[] = {
    { "queue work list", "Queue", "/queue", MAY_WORK },
    { "accounts list", "Accounts", "/accounts", MAY_SEE },
    { "promises promise", "Promises", "/promises", MAY_SEE },
    { "disputes dispute", "Disputes", "/disputes", MAY_SEE },
    { "hardship", "Hardship", "/hardship", MAY_SEE },
    { "offers offer settlement", "Offers", "/offers", MAY_SEE },
    { "plans plan", "Plans", "/plans", MAY_SEE },
    { "payments payment failed returned", "Payments", "/payments", MAY_SEE },
    { "outbox messages sent", "Outbox", "/outbox", MAY_SEE },
    { "stuck messages failed bounced", "Messages that are stuck", "/outbox?stuck=yes",
      MAY_SEE },
    { "insights figures", "Insights", "/insights", MAY_INSIGHT },
    { "strategies strategy", "Strategies", "/strategies", MAY_READ_RULES },
    { "rules law", "Rules", "/rules", MAY_READ_RULES },
    { "templates letters texts", "Letters and texts", "/templates", MAY_READ_RULES },
    { "compliance log decisions", "Decision log", "/compliance/log", MAY_AUDIT },
    { "complaints complaint", "Complaints", "/complaints", MAY_SEE },
    { "samples reviews review", "Samples", "/compliance/samples", MAY_AUDIT },
    { "approvals waiting", "Approvals", "/approvals", MAY_SIGNED_IN },
    { "imports load files", "Imports", "/admin/imports", MAY_IMPORT },
    { "users people team", "Users", "/admin/users", MAY_ADMIN_USERS },
    { "settings organization setup", "Settings", "/admin/settings", MAY_ADMIN },
    { "health checks", "Health", "/admin/health", MAY_ADMIN },
    { "security password sign in", "Sign-in and security", "/me/security", MAY_SIGNED_IN },
};

/* What is done to an account, and the end of its address there. */
static const struct deed {
    const char *words, *title, *path;
    int may;
} deeds[] = {
    { "call", "Call", "call", MAY_WORK },
    { "wrap up", "Wrap up a call with", "wrap-up", MAY_WORK },
    { "promise", "Note a promise of", "promise", MAY_AGREE },
    { "plan", "Make a plan with", "plan", MAY_AGREE },
    { "offer", "Make an offer to", "offer", MAY_AGREE },
    { "hold", "Place a hold for", "hold", MAY_HOLD },
    { "hardship", "Take down hardship of", "hardship", MAY_HOLD },
    { "new dispute", "Take down a dispute of", "dispute", MAY_DISPUTE },
    { "dispute", "Take down a dispute of", "dispute", MAY_DISPUTE },
    { "complaint", "Take down a complaint of", "complaint", MAY_SEE },
    { "statement", "Statement of", "statement", MAY_SEE },
};

static bool may(const struct page *p, int permission)
{
    return permission < 0 || page_may(p, (enum permission)permission);
}

/* Every word typed is the beginning of one of these. */
static bool words_fit(const char *words, const char *typed)
{
    while (*typed != '\0') {
        size_t length = strcspn(typed, " ");
        const char *at = words;
        while (at != NULL && strncmp(at, typed, length) != 0) {
            at = strchr(at, ' ');
            at += at != NULL;
        }
        if (at == NULL)
            return false;
        typed += length;
        typed += *typed == ' ';
    }
    return true;
}

static bool has_page(struct page *p, const char *path)
{
    const char *plain = arena_copy_n(p->arena, path, strcspn(path, "?"));
    struct ask ask = { .method = "GET", .path = plain, .raw_path = plain };
    enum takes takes;

    return route_of(p->arena, &ask, &takes) != NULL;
}

static void command_put(json_t *list, const char *title, const char *link)
{
    json_t *row = list_add(list);

    put(row, "title", title);
    put(row, "link", link);
}

/* What stands behind the words of the deed; NULL: another thing was typed. */
static const char *rest_of(const char *typed, const char *words)
{
    size_t length = strlen(words);

    return strncmp(typed, words, length) == 0 && typed[length] == ' ' ? typed + length + 1
                                                                      : NULL;
}

static size_t deeds_put(struct page *p, json_t *list, const char *typed)
{
    const char *small = text_fold(p->arena, text_trim(p->arena, typed));
    struct casefile_key key;
    struct fault why = { 0 };
    size_t count = 0;

    for (size_t i = 0; i < COUNT(deeds); i++) {
        const char *rest = rest_of(small, deeds[i].words);
        if (rest == NULL || !may(p, deeds[i].may))
            continue;
        const char *reference = text_trim(p->arena, typed) + (rest - small);
        if (!view_find(p->view, reference, &key, &why))
            continue;
        const char *link = arena_print(p->arena, "/accounts/%s/%s",
                                       url_encode(p->arena, reference), deeds[i].path);
        if (!has_page(p, link))
            continue;
        command_put(list, arena_print(p->arena, "%s %s", deeds[i].title, reference), link);
        count++;
    }
    return count;
}

size_t commands_put(struct page *p, const char *typed)
{
    json_t *list = put_list(p->context, "commands");
    const char *bare = text_bare(p->arena, typed);
    size_t count = deeds_put(p, list, typed);

    for (size_t i = 0; strlen(bare) >= 2 && i < COUNT(places); i++) {
        if (!may(p, places[i].may) || !words_fit(places[i].words, bare) ||
            !has_page(p, places[i].path))
            continue;
        command_put(list, places[i].title, places[i].path);
        count++;
    }
    put_true(p->context, "any_command", count > 0);
    return count;
}
