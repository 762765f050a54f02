/*
 * API: what the console does, as JSON, for programs. Private to src/web.
 *
 * Every call is a row of routes_api: method, path, permission, what it takes and what it gives.
 * From these rows the description is made (OpenAPI 3.1, GET /api/v1/openapi.json), and by them
 * what comes in is checked: a field that is missing, unknown or of the wrong type is refused
 * with its name before anything runs. docs/api.md is the guide.
 *
 *   Who       Authorization: Bearer TOKEN, or the session of a browser (writes then need
 *             X-CSRF-Token)
 *   Money     {"amount": "185.00", "currency": "USD"}; never a number
 *   Days      "2026-11-20"; moments with their offset, "2026-11-20T08:00:00-06:00"
 *   Writes    need Idempotency-Key: the same key and body again is answered as the first time,
 * from memory of 30 days; the same key with another body is 409 Lists     {"…": […], "next":
 * CURSOR or null}; ?after=CURSOR&limit=N, at most 200 Errors    {"error": {"code", "message",
 * "hint"}}; codes never change their meaning. What law or the house does not allow is 422
 * rule-blocked with the decision; 403 is a permission
 */
#ifndef WEB_API_H
#define WEB_API_H

#include "flow/account.h"
#include "web/route.h"

#include <jansson.h>

enum api_type {
    API_TEXT,
    API_INT,
    API_BOOL,
    API_AMOUNT, /* "185.00" */
    API_CODE,   /* of a currency, "USD" */
    API_DAY,
    API_MOMENT,
    API_ROWS,   /* a list of objects of `rows` */
    API_OBJECT, /* one object of `rows` */
    API_ANY,    /* an object that another document describes */
};

/* A field of a query, a body or a reply. Ends with a name of NULL. */
struct api_field {
    const char *name;
    enum api_type type;
    enum { API_MAY, API_MUST, API_OR_NULL } needs; /* OR_NULL: always there, maybe null */
    const char *words;
    const struct api_field *rows;
};

struct api;
typedef bool api_answer(struct api *call, struct fault *why);

/* One row of routes_api. Holes of the path are named here, in their order. */
struct api_call {
    const char *name, *words; /* operationId and summary */
    const char *holes[PATH_HOLES];
    const struct api_field *query, *body, *reply;
    api_answer *answer;
};

struct api {
    const struct site *site;
    struct hand *hand;
    struct view *view;
    struct arena *arena;
    const struct ask *ask;
    const struct route *route;
    const char *holes[PATH_HOLES];
    struct user user;
    const struct role *role;
    permissions can;
    const json_t *body; /* checked; NULL when there is none */
    struct reply *reply;
    struct book *book;      /* of a call that writes: begun */
    struct account account; /* of a path with {account} that writes */
};

/* What comes before a call is known, or could be made. */
void api_refuse(int status, const char *what, struct reply *reply);

void api_reply(const struct site *site, struct hand *hand, const struct route *route,
               const char *const holes[PATH_HOLES], const struct session *session,
               const struct ask *ask, struct reply *reply);

/* ---- For calls -------------------------------------------------------------------------- */

const char *api_query(const struct api *call, const char *name); /* NULL when not given */
/* "limit" of the query: 1 to 200, 50 when it is not given. */
bool api_limit(const struct api *call, int64_t *limit, struct fault *why);
const char *api_text(const struct api *call, const char *name); /* of the body; NULL */
int64_t api_int(const struct api *call, const char *name, int64_t otherwise);
bool api_day(const struct api *call, const char *name, struct day otherwise, struct day *out,
             struct fault *why);
/* "amount" and "currency" of the body; without a currency the one of the account. */
bool api_money(struct api *call, struct money *out, struct fault *why);
/* The account of the first hole, when the reader may see it. */
bool api_key(struct api *call, struct casefile_key *key, struct fault *why);

/* The reply: an object, taken over; or a sheet, printed. */
void api_give(struct api *call, int status, json_t *object);
void api_give_sheet(struct api *call, struct sheet *sheet);

/* Calls that write (api_writes.c). */
extern const struct api_call api_add_payment, api_add_promise, api_log_contact, api_place_hold,
    api_open_dispute, api_add_note, api_opt_out;

/* The description of everything, and nothing of the book. */
json_t *api_description(void);

#endif
