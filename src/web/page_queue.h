/* Page queue: what the pages of the work queue share. Private to src/web/page_queue*.c. */
#ifndef WEB_PAGE_QUEUE_H
#define WEB_PAGE_QUEUE_H

#include "flow/task_face.h"
#include "web/page.h"

enum { QUEUE_ROWS = 50 };

/* What the address of the queue says. */
struct queue_ask {
    struct task_filter filter;
    const char *kind, *who, *open, *look; /* as typed; NULL: not said */
    const char *shown;                    /* the account beside the list; NULL: none */
    int32_t task;                         /* of that account; 0: its first */
    bool tomorrow;
    size_t skip; /* in the order of closing windows */
};

/* False with *why for what is no filter, no order, nobody. */
bool queue_ask_read(struct page *p, struct queue_ask *out, struct fault *why);
/* The filter of one who reads now: what they may see, and nothing else. */
struct task_filter queue_filter(const struct page *p);
/* The address of this queue with one thing said otherwise; value NULL: not said any more. */
const char *queue_link(struct page *p, const struct queue_ask *ask, const char *name,
                       const char *value);

/* ---- Rows (page_queue_row.c) ---- */

struct queue_people { /* users by number, read once for a page */
    size_t count;
    struct user *all;
};
bool queue_people_read(struct page *p, struct queue_people *out, struct fault *why);
const char *queue_person(const struct queue_people *people, int64_t number); /* or NULL */
const char *queue_initials(struct arena *a, const char *name);

/* A row of the list, and the person behind it. */
bool queue_row_put(struct page *p, json_t *row, const struct task_item *item,
                   const struct queue_people *people, struct fault *why);
/* What names a task in a form, with what was seen of it: "id.number.assigned.hidden". */
const char *queue_token(struct arena *a, const struct task_item *item);

struct queue_token {
    struct casefile_key key;
    int32_t number;
    struct task_seen seen;
};
bool queue_token_read(const char *text, struct queue_token *out);

/* ---- Nothing is there (page_queue_empty.c) ---- */

/* Why, and what comes next: the next window, else the next work. */
bool queue_empty_put(struct page *p, const struct queue_ask *ask, struct fault *why);

/* ---- What takes a deed back: an address that says what was done, and what was before ---- */

struct queue_undo {
    struct arena *a;
    struct text path;
};
/* `what`: 's' put off until `now`, 'a' given to `now`, 'd' ended. */
void queue_undo_begin(struct queue_undo *u, struct arena *a, char what, int64_t now);
void queue_undo_add(struct queue_undo *u, struct casefile_key key, int32_t number, int64_t was);
const char *queue_undo_end(struct queue_undo *u);

/* ---- Deeds (page_queue_act.c), people (page_queue_me.c, page_queue_team.c) ---- */

page_fill page_queue, queue_act, queue_undo, page_me, page_team, team_move, page_keys;

/* "in 18 min", "2 h ago", "3 days": distances in time, in words. */
const char *queue_distance(struct arena *a, int64_t seconds);

#endif
