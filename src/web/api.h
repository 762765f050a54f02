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
 *             from memory of 30 days; the same key with another body is 409 key-reused
 *   Lists     {"…": […], "next": CURSOR or null}; ?after=CURSOR&limit=N, at most 200
 *   Errors    {"error": {"code", "message", "hint"}}; codes never change their meaning. What law
 *             or the house does not allow is 422 rule-blocked with the decision; 403 is a
 *             permission
 */
#ifndef WEB_API_H
#define WEB_API_H

#include "flow/account.h"
#include "web/route.h"

#include <jansson.h>

/* What an error may be (api_error.c): its code, its status, and what it means. */
enum api_error {
    API_NO_ERROR,
    API_BAD_REQUEST,
    API_NOT_SIGNED_IN,
    API_NOT_PERMITTED,
    API_READ_ONLY,
    API_NOT_FOUND,
    API_NO_METHOD,
    API_CONFLICT,
    API_KEY_REUSED,
    API_TOO_MUCH,
    API_NOT_JSON,
    API_KEY_MISSING,
    API_VALUE_BAD,
    API_FILE_BAD,
    API_FILE_REJECTS,
    API_PACK_BAD,
    API_NOT_ALLOWED,
    API_RULE_BLOCKED,
    API_PROVIDER_REFUSED,
    API_INTERNAL,
    API_PROVIDER_SILENT,
    API_BUSY,
    API_PROVIDER_BUSY,
    API_ERRORS
};
struct api_error_words {
    const char *code;
    int status;
    const char *means;
};
const struct api_error_words *api_error_words(enum api_error error);
enum api_error api_error_of_fault(enum fault_code code);
/* Of what was refused before a call was known. */
enum api_error api_error_of_status(int status);

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
    bool asks; /* a POST that changes nothing: it needs no key */
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
    const struct upload *file; /* "content" of a form; NULL: it is text of the body, if any */
    const char *session;    /* digest of the browser's; NULL: a token asks */
    struct reply *reply;
    char *kept;             /* what the same key is answered again, where that differs from the
                             * reply: secrets are given once and kept nowhere; freed with it */
    struct book *book;      /* of a call that writes: begun */
    struct account account; /* of a path with {account} that writes */
    enum api_error error;   /* instead of what follows from the fault */
    api_answer *after;      /* once what was written is kept; set by the call, or NULL */
    int64_t made;           /* for it: the number of what was made */
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
/* The same in one line: what ends a line is a blank. */
const char *api_line(const struct api *call, const char *name);
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

/* ---- Rows of the tables: path, permission, name, words, …, and the names of the holes or NULL */

#define API_GIVES(path, may, name, words, query, reply, answer, ...)                           \
    {                                                                                          \
        "GET", path, may, "api", "fault", NULL, NULL, TAKES_USUAL,                             \
            &(const struct api_call){ name,  words,  { __VA_ARGS__ }, query,                   \
                                      NULL,  reply,  answer,          false }                  \
    }
#define API_TAKES(path, may, name, words, body, reply, answer, ...)                            \
    {                                                                                          \
        "POST", path, may, "api", "fault", NULL, NULL, TAKES_USUAL,                            \
            &(const struct api_call){ name, words,  { __VA_ARGS__ }, NULL,                     \
                                      body, reply,  answer,          false }                   \
    }
#define API_TAKES_FILE(path, may, name, words, body, reply, answer, ...)                       \
    {                                                                                          \
        "POST", path, may, "api", "fault", NULL, NULL, TAKES_FILE,                             \
            &(const struct api_call){ name, words,  { __VA_ARGS__ }, NULL,                     \
                                      body, reply,  answer,          false }                   \
    }
#define API_ASKS(path, may, name, words, body, reply, answer, ...)                             \
    {                                                                                          \
        "POST", path, may, "api", "fault", NULL, NULL, TAKES_USUAL,                            \
            &(const struct api_call){ name, words,  { __VA_ARGS__ }, NULL,                     \
                                      body, reply,  answer,          true }                    \
    }

/* ---- Said and understood the same way everywhere (api_say.c) ------------------------------ */

extern const struct api_field api_nothing[];     /* a body without fields */
extern const struct api_field api_reason[];      /* {reason} */
extern const struct api_field api_limit_query[]; /* ?limit= */
extern const struct api_field api_page_query[];  /* ?after=&limit= */
extern const struct api_field api_content_reply[]; /* {name, content}: a file */
extern const struct api_field api_done_reply[];  /* {account, change} */
extern const struct api_field api_made_reply[];  /* {account, change, number} */
extern const struct api_field api_asked_reply[]; /* the same, and the approval it waits for */

void api_put_or_null(json_t *object, const char *key, const char *text);
void api_put_amount(json_t *object, const char *key, int64_t minor, enum currency currency);
void api_put_moment(const struct api *call, json_t *object, const char *key, struct instant at);
void api_put_day(json_t *object, const char *key, struct day day);
void api_put_currency(json_t *object, const char *key, enum currency currency);
void api_put_number(json_t *object, const char *key, int64_t number); /* null of 0 */
/* "D-12.345" */
const char *api_record(const struct api *call, int64_t bucket, int64_t seq);
/* The message of the first hole, "12.345", that who asks may see; NOT_FOUND for others. */
bool api_message(struct api *call, struct message_view *m, struct fault *why);

void api_give_done(struct api *call, enum change change);
void api_give_made(struct api *call, enum change change, int32_t number);
struct asking; /* flow/approval.h */
void api_give_asked(struct api *call, enum change change, int32_t number,
                    const struct asking *asking);
/* 201 with a secret in it, which stands nowhere else: the same key again is answered with null in
 * its place. */
void api_give_secret(struct api *call, json_t *object, const char *name, const char *secret);
/* A JSON text of ours, under a name; false when it is none. */
bool api_give_text(struct api *call, const char *key, const char *text, size_t length,
                   struct fault *why);
/* Gives a sheet that was filled, or lets it go. */
bool api_give_if(struct api *call, bool filled, struct sheet *sheet);
/* 422 with the decision of that record: the gate said no, which is kept. */
bool api_blocked(struct api *call, int64_t bucket, int64_t seq, const char *reason,
                 struct fault *why);
/* The object of /d/{record}/json. */
struct audited;
json_t *api_decision(struct arena *a, const struct audited *audited);

/* "after" of the query as a number from 1 on; `start` when it is not given. */
bool api_after(const struct api *call, int64_t start, int64_t *out, struct fault *why);
/* The same of several numbers, "1.2.3" (page_place), which stay as they are when it is not given. */
bool api_after_place(const struct api *call, size_t count, int64_t *numbers, struct fault *why);
/* "next" of a page: null when these were the last. */
void api_put_next(const struct api *call, json_t *object, bool more, int64_t place);
void api_put_next_place(const struct api *call, json_t *object, bool more, size_t count,
                        const int64_t *numbers);

/* A hole that holds a number: from 1 on. */
bool api_number(const struct api *call, int hole, int32_t *out, struct fault *why);
bool api_flag(const struct api *call, const char *name);
/* A moment of the body with its offset; otherwise.us 0 when it is not given. */
bool api_at(const struct api *call, const char *name, struct instant *out, struct fault *why);
bool api_channel(const struct api *call, const char *name, enum channel *out,
                 struct fault *why);
/* An amount that need not be there: 0. */
bool api_amount(struct api *call, const char *name, enum currency currency, int64_t *minor,
                struct fault *why);
/* A debt by its reference (NULL: all), and the one currency; BAD_VALUE when there are several. */
bool api_debt(struct api *call, struct book *b, const struct account *account,
              const char *reference, struct debt_set *debts, enum currency *currency,
              struct fault *why);
/* In whose name something is granted; NOT_ALLOWED when this role grants nothing. */
bool api_role(const struct api *call, const char **role, struct fault *why);
/* NOT_ALLOWED for who sees some clients or desks only. */
bool api_sees_all(const struct api *call, struct fault *why);
/* Base64 of the body, in the arena; or the file that came with it. */
bool api_bytes(struct api *call, const char *name, const void **bytes, size_t *length,
               struct fault *why);

/* A file, as base64. */
void api_give_file(struct api *call, int status, const char *name, const void *bytes,
                   size_t length);
/* The agreement of a plan or an offer (the second hole), as PDF. */
bool api_letter(struct api *call, bool plan, struct fault *why);

#define API_END                                                                                \
    {                                                                                          \
        0                                                                                      \
    }
#define API_LIMIT                                                                              \
    {                                                                                          \
        "limit", API_INT, API_MAY, "at most so many, 1 to 200 (50)", NULL                      \
    }
#define API_AFTER                                                                              \
    {                                                                                          \
        "after", API_TEXT, API_MAY, "next of the page before", NULL                            \
    }
#define API_NEXT                                                                               \
    {                                                                                          \
        "next", API_TEXT, API_OR_NULL, "for after=; null: these were the last", NULL           \
    }
#define API_AGREED                                                                             \
    { "agreed_by", API_TEXT, API_MUST, "phone, letter, email, portal", NULL },                 \
    {                                                                                          \
        "evidence", API_TEXT, API_MUST, "what shows it: a recording, a letter, a message", NULL \
    }
#define API_REASON                                                                             \
    {                                                                                          \
        "reason", API_TEXT, API_MAY, "why, for the journal", NULL                              \
    }
#define OF_ACCOUNT "/api/v1/accounts/{}"

/* What comes in (api_body.c): an object with fields that are known, and of their types; NULL with
 * what is wrong with it. */
json_t *api_body_read(const char *bytes, size_t length, const struct api_field *fields,
                      struct fault *why);
/* The same of a form: its fields as texts, its file as "content". */
json_t *api_body_of_form(const struct ask *ask, const struct api_field *fields,
                         struct fault *why);
const struct api_field *api_field_find(const struct api_field *fields, const char *name);

/* The description of everything, and nothing of the book. */
json_t *api_description(void);

#endif
