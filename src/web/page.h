/*
 * Page: what one page needs to be made, and the small moves of making its context.
 * Private to src/web. Each page_… fills the context of its template from a view.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "web/route.h"
#include "web/words.h"

#include <jansson.h>

struct page {
    const struct site *site;
    struct view *view;
    struct arena *arena; /* of the view */
    const struct ask *ask;
    const char *hole; /* what stood in the hole of the path */
    int64_t bucket;   /* of the case file shown             */
    json_t *context;  /* what the template is given */
    enum page_name name;
    struct reply *reply;
};

/* Fills the context, or the reply itself when it sets its status. False with *why. */
typedef bool page_fill(struct page *p, struct fault *why);

page_fill page_health, page_accounts, page_account, page_statement, page_outbox, page_message,
    page_message_body, page_record, page_healthy;

/* /u/{token}, for the reader of an email; GET asks, POST stops. */
void stop_answer(const struct site *site, const struct view *v, struct instant now,
                 const struct ask *ask, struct reply *reply);

const char *page_field(const struct page *p, const char *name); /* NULL when not given or "" */
bool page_pair(const char *text, int64_t *first, int64_t *second); /* "12.345" */

/* Keys of a JSON object. A NULL text is left out. */
void put(json_t *object, const char *key, const char *text);
void put_int(json_t *object, const char *key, int64_t number);
void put_true(json_t *object, const char *key, bool truth);
json_t *put_list(json_t *object, const char *key);   /* a new, empty list in it   */
json_t *put_object(json_t *object, const char *key); /* a new, empty object in it */
json_t *list_add(json_t *list);                      /* a new object at its end   */

/* {title, meaning, tone, tone_…} of a standing or a state. */
void put_standing(struct page *p, json_t *object, const char *key, struct standing_words words);
void put_message_row(struct page *p, json_t *row, const struct message_row *m);
/* "rule", "cite" and "rule_title" of a rule by its id; empty when there is none, so that a
 * template does not find those of an object around this one. */
void put_rule(struct page *p, json_t *object, const char *rule);
/* Percent-encoded, for use inside an address. */
const char *url_encode(struct arena *a, const char *text);

#endif
