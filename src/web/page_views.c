/* Saved views of lists: shown above each list, kept, renamed, shared and deleted. */
#include "web/page_lists.h"

#include "base/text.h"
#include "flow/user_view.h"

#include <string.h>

/* Lists that have views. */
static const char *const lists[] = { "/accounts", "/promises", "/plans",
                                     "/offers",   "/payments", "/disputes",
                                     "/hardship", "/outbox",   "/queue" };

/* In forms: "": only me, "*": everybody, or the name of a desk after a dot. */
static const char *desk_read(const struct page *p)
{
    const char *typed = page_form(p, "desk");

    if (typed == NULL)
        typed = page_field(p, "desk");
    if (typed == NULL)
        return NULL;
    return text_equal(typed, "*") ? "" : typed[0] == '.' ? typed + 1 : NULL;
}

static const char *desk_typed(struct arena *a, const char *desk)
{
    return desk == NULL ? "" : desk[0] == '\0' ? "*" : arena_print(a, ".%s", desk);
}

static void share_put(json_t *list, const char *value, const char *title, const char *chosen)
{
    json_t *share = list_add(list);

    put(share, "value", value);
    put(share, "title", title);
    put_true(share, "is_chosen", text_equal(value, chosen));
}

static void shares_put(struct page *p, json_t *list, const char *desk,
                       const struct list_places *places)
{
    const char *chosen = desk_typed(p->arena, desk);

    share_put(list, "", "Only me", chosen);
    share_put(list, "*", "Everybody", chosen);
    for (size_t i = 0; i < places->desk_count; i++)
        share_put(list, desk_typed(p->arena, places->desks[i]), places->desks[i], chosen);
}

bool views_put(struct filters *f, struct fault *why)
{
    struct page *p = f->p;
    const struct list_ask ask = { .clients = p->view->clients, .desks = p->view->desks };
    const char *now = filters_query(f, NULL, NULL);
    struct list_places places;
    struct saved_view *all;
    size_t count;
    bool kept = now[0] == '\0';

    if (!saved_views(p->view->store, p->arena, f->path, p->session->user.number, p->view->desks,
                     &all, &count, why) ||
        !list_places(p->view->store, p->arena, &ask, &places, why))
        return false;
    json_t *views = put_list(p->context, "views");
    for (size_t i = 0; i < count; i++) {
        json_t *view = list_add(views);
        bool mine = all[i].staff == p->session->user.number,
             is_this = text_equal(all[i].query, now);
        put(view, "name", all[i].name);
        put(view, "link", arena_print(p->arena, "%s?%s", f->path, all[i].query));
        put_int(view, "number", all[i].number);
        put_true(view, "is_mine", mine);
        put_true(view, "is_chosen", is_this);
        put(view, "owner", mine ? "" : all[i].owner);
        shares_put(p, put_list(view, "shares"), all[i].desk, &places);
        kept = kept || (mine && is_this);
    }
    put_true(p->context, "may_keep", !kept);
    shares_put(p, put_list(p->context, "new_shares"), NULL, &places);
    return true;
}

/* ---- What is done to them ---- */

static bool list_known(const char *path)
{
    for (size_t i = 0; i < COUNT(lists); i++) {
        if (text_equal(lists[i], path))
            return true;
    }
    return false;
}

/* The query stands in an address later: nothing that could end it. */
static bool query_plain(const char *query)
{
    for (; *query != '\0'; query++) {
        if ((unsigned char)*query <= ' ' || strchr("#\"<>\\", *query) != NULL)
            return false;
    }
    return true;
}

static const char *said(const struct page *p, const char *name)
{
    const char *typed = page_form(p, name);

    return typed != NULL ? typed : page_field(p, name);
}

static void back_to(struct page *p, const char *list, const char *query)
{
    page_go(p, query[0] == '\0' ? list : arena_print(p->arena, "%s?%s", list, query));
}

/* By a form, or by the button that takes a deletion back: that says all in its address. */
bool view_add(struct page *p, struct fault *why)
{
    const char *list = said(p, "list"), *query = said(p, "query"), *name = said(p, "name");
    struct saved_view view = { .staff = p->session->user.number,
                               .list = list,
                               .name = name == NULL ? NULL : text_trim(p->arena, name),
                               .query = query == NULL ? "" : query,
                               .desk = desk_read(p) };
    int64_t number;

    if (list == NULL || !list_known(list) || !query_plain(view.query))
        return fail(why, BAD_VALUE, "These are no filters of a list.");
    struct book *b = page_book(p, why);
    if (b == NULL || !saved_view_add(b, &view, &number, why) || !page_commit(p, why))
        return false;
    page_say(p, arena_print(p->arena, "Saved as \"%s\".", view.name));
    page_undo(p, arena_print(p->arena, "/views/%lld/remove", (long long)number));
    back_to(p, list, view.query);
    return true;
}

static bool view_asked(struct page *p, struct saved_view *out, struct fault *why)
{
    int64_t number;

    return ((text_to_int(p->hole, &number) && number > 0) ||
            fail(why, NOT_FOUND, "There is no view \"%s\".", p->hole)) &&
           saved_view_get(p->view->store, p->arena, p->session->user.number, number, out, why);
}

bool view_rename(struct page *p, struct fault *why)
{
    const char *name = page_form(p, "name");
    struct saved_view view;

    if (!view_asked(p, &view, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL ||
        !saved_view_change(b, view.staff, view.number,
                           name == NULL ? NULL : text_trim(p->arena, name), desk_read(p),
                           why) ||
        !page_commit(p, why))
        return false;
    page_say(p, "The view is changed.");
    back_to(p, view.list, view.query);
    return true;
}

bool view_remove(struct page *p, struct fault *why)
{
    struct arena *a = p->arena;
    struct saved_view view;

    if (!view_asked(p, &view, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !saved_view_remove(b, view.staff, view.number, why) ||
        !page_commit(p, why))
        return false;
    page_say(p, arena_print(a, "\"%s\" is deleted.", view.name));
    page_undo(p,
              arena_print(a, "/views?list=%s&name=%s&desk=%s&query=%s",
                          url_encode(a, view.list), url_encode(a, view.name),
                          url_encode(a, desk_typed(a, view.desk)), url_encode(a, view.query)));
    back_to(p, view.list, view.query);
    return true;
}
