/*
 * Page: what one page needs to be made, and the small moves of making its context.
 * Private to src/web. Each page_… fills the context of its template from a view.
 *
 * A page that changes something:
 *
 *     struct book *b = page_book(p, why);
 *     if (b == NULL || !book_fact_add(b, …, why) || !page_commit(p, why))
 *         return false;
 *     page_say(p, "Held until Nov 20.");
 *     page_undo(p, "/accounts/FH-1/hold/12/lift");
 *     page_go(p, "/accounts/FH-1");
 *     return true;
 *
 * What it began and did not commit is undone when it returns.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "web/route.h"
#include "web/words.h"

#include <jansson.h>

struct page {
    const struct site *site;
    struct hand *hand;
    struct view *view;
    struct arena *arena; /* of the view */
    const struct ask *ask;
    const struct route *route;
    const char *holes[PATH_HOLES]; /* what stood in the holes of the path */
    const char *hole;              /* the first */
    const struct session *session; /* user.number 0: nobody signed in */
    const struct role *role;       /* NULL: nobody signed in */
    permissions can;
    int64_t bucket;  /* of the case file shown */
    json_t *context; /* what the template is given */
    const char *template; /* which; the route's, unless changed */
    int stays;            /* the status of the page when it is not 200 */
    bool begun;           /* its book has a transaction open */
    const char *said, *undo; /* what the next page says, and where undoing is */
    struct reply *reply;
};

/* ---- What was asked ---- */

const char *page_field(const struct page *p, const char *name); /* of the query; NULL for "" */
const char *page_form(const struct page *p, const char *name);  /* of the form; NULL for "" */
const char *page_form_or(const struct page *p, const char *name, const char *otherwise);
/* The same, required: BAD_VALUE "Say …" when it is missing. */
bool page_need(const struct page *p, const char *name, const char *what, const char **out,
               struct fault *why);
bool page_pair(const char *text, int64_t *first, int64_t *second); /* "12.345" */
/* Where a page of a list ended, as an address holds it: "17.-3.12", so many whole numbers. */
bool page_place(const char *text, size_t count, int64_t *numbers);
const char *page_place_print(struct arena *a, size_t count, const int64_t *numbers);
bool page_may(const struct page *p, enum permission permission);
/* There is a page at this address, and who looks may see it: only then it is linked. */
bool page_leads(const struct page *p, const char *path);

/* ---- What it does ---- */

/* A transaction in the name of who is signed in; NULL with *why. */
struct book *page_book(struct page *p, struct fault *why);
/* The same without a transaction, for what makes its own. */
struct book *page_writer(struct page *p, struct fault *why);
/* Notes that the session is in use; nobody waits for that. */
void page_seen(struct page *p);
bool page_commit(struct page *p, struct fault *why);
/* Undoes what was begun; another may be begun after it. */
void page_abandon(struct page *p);
/* See other (303): inside this site. */
void page_go(struct page *p, const char *path);
/* The next page begins with this sentence, and a button that posts to `path`. */
void page_say(struct page *p, const char *text);
void page_undo(struct page *p, const char *path);
/* A file to take away; the body is handed over. */
void page_file(struct page *p, const char *type, const char *name, struct text *body);
/* What stands in a frame of one of our pages: an email in its own markup, which can neither run
 * code nor fetch anything; a letter. */
void page_email(struct page *p, const char *markup);
void page_pdf(struct page *p, const void *bytes, size_t length);

/* A table as such a file: CSV. True, so that a handler may end in it. */
struct sheet;
bool page_sheet(struct page *p, const struct sheet *sheet, const char *name);

/* ---- Keys of a JSON object. A NULL text is left out. ---- */

void put(json_t *object, const char *key, const char *text);
void put_int(json_t *object, const char *key, int64_t number);
void put_true(json_t *object, const char *key, bool truth);
json_t *put_list(json_t *object, const char *key);   /* a new, empty list in it   */
json_t *put_object(json_t *object, const char *key); /* a new, empty object in it */
json_t *list_add(json_t *list);                      /* a new object at its end   */

/* {title, meaning, tone, tone_…} of a standing or a state. */
void put_standing(struct page *p, json_t *object, const char *key, struct standing_words words);
void put_message_row(struct page *p, json_t *row, const struct message_row *m);
/* Within a sentence: "today, 3:00 pm". */
const char *moment_within(const struct page *p, struct instant at);
/* "rule", "cite" and "rule_title" of a rule by its id; empty when there is none, so that a
 * template does not find those of an object around this one. */
void put_rule(struct page *p, json_t *object, const char *rule);
/* Percent-encoded, for use inside an address. */
const char *url_encode(struct arena *a, const char *text);

/* What waits on us, into "n_queue" and its sisters, for who works the queue. */
void queue_rail_put(struct page *p);
/* What waits on who looks: "bell" {sum, any, one, lines: [{title, link, count}]}. */
void bell_put(struct page *p);

/* /u/{token}, for the reader of an email; GET asks, POST stops. */
page_fill page_stop;

#endif
