/*
 * Lists: what the pages of all lists share: filters that stand in the address, a bar of chips,
 * selects, saved views, and links to the next rows. Private to src/web.
 *
 *     struct filters f = filters_of(p, "/promises", keys, COUNT(keys));
 *     filters_link(&f, "state", "kept")    "/promises?client=Acme&state=kept"
 */
#ifndef WEB_PAGE_LISTS_H
#define WEB_PAGE_LISTS_H

#include "flow/book_list.h"
#include "web/page.h"

enum { LIST_ROWS = 50, LIST_FILE_ROWS = 20000, FILTERS_MOST = 16 };

/* What the address says besides the place where the page begins. */
struct filters {
    struct page *p;
    const char *path; /* of the list: "/promises" */
    size_t count;
    struct {
        const char *name, *value; /* value NULL: not said */
    } all[FILTERS_MOST];
};

/* Of these keys only, in their order. */
struct filters filters_of(struct page *p, const char *path, const char *const names[],
                          size_t count);
const char *filters_get(const struct filters *f, const char *name);
/* "a=b&c=d", in the order of the keys, with one of them changed (value NULL: left out); name
 * NULL: as they are. */
const char *filters_query(const struct filters *f, const char *name, const char *value);
/* The path with it. `tail` of the path: "/csv", or "". */
const char *filters_link(const struct filters *f, const char *name, const char *value);
const char *filters_file(const struct filters *f);
/* Any but `but` is said. */
bool filters_any(const struct filters *f, const char *but);

/* {{#selects}}: name, label, options. Nothing for fewer than two choices, unless one is chosen.
 */
struct filter_option {
    const char *value, *title;
};
void filter_select(struct filters *f, const char *name, const char *label, const char *all,
                   const struct filter_option options[], size_t count);
/* The same, for one choice, too. */
void filter_choice(struct filters *f, const char *name, const char *label, const char *all,
                   const struct filter_option options[], size_t count);
void filter_select_names(struct filters *f, const char *name, const char *label,
                         const char *all, const char *const names[], size_t count);
/* A field of the form: text, or a day. */
void filter_field(struct filters *f, const char *name, const char *label, const char *type);
/* Fields of the form that are chosen elsewhere on the page. */
void filter_kept(struct filters *f, const char *name);
/* A chip; `count` NULL: not counted. */
void filter_chip(struct filters *f, const char *title, const char *meaning, const char *count,
                 const char *link, bool chosen);
/* When nothing is there though nothing was asked for: where to go. */
void filter_empty_link(const struct filters *f, const char *link, const char *words);
/* What all lists end with: the way to the file, whether something is filtered, views. */
bool filters_end(struct filters *f, struct fault *why);
/* A day of the address; DAY_NONE-like `otherwise` when it is not said. */
bool filter_day(const struct filters *f, const char *name, int64_t otherwise, int64_t *out,
                struct fault *why);
/* "key.casefile.number" of the last row shown. */
bool filter_after(const struct filters *f, bool *goes_on, struct list_mark *out,
                  struct fault *why);
void filter_pager(struct filters *f, bool more, bool short_of, struct list_mark after);

/* "in 3 days", "today", "4 days late"; *late. */
const char *days_away(struct arena *a, int64_t day, struct day today, bool *late);

/* One row: who it is about, and its cells. */
void list_row_put(struct page *p, json_t *row, enum list_of list, const struct list_row *r);
struct standing_words list_state_words(struct page *p, enum list_of list, const char *state);

page_fill page_list, page_list_file;         /* page_work_lists.c */
page_fill page_accounts, page_accounts_file; /* page_accounts.c */
/* The message of an address, "12.345", that who reads may see; NOT_FOUND for others. */
bool message_asked(struct page *p, const char *name, struct message_view *m, struct fault *why);

page_fill page_outbox, page_outbox_file;     /* page_outbox.c */
page_fill message_settle, message_stop;
page_fill page_outbox_again, message_again, messages_again; /* page_outbox_again.c */
/* May it be sent again: "may_again", "was_again". */
bool again_put(struct page *p, json_t *row, const struct message_row *m, struct fault *why);
page_fill view_add, view_rename, view_remove; /* page_views.c */
bool views_put(struct filters *f, struct fault *why);

#endif
