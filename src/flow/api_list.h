/*
 * API list: accounts, and the promises, plans, offers, disputes and payments of all of them, a
 * page at a time, by account and number: a walk from page to page meets each of them once,
 * whatever is added or changes meanwhile. Of each page no more than API_LOOK rows are looked at,
 * whatever the size of the book; so what the reader may not see, or did not ask for, may leave a
 * page short. Notes of one account.
 */
#ifndef FLOW_API_LIST_H
#define FLOW_API_LIST_H

#include "flow/view.h"

enum { API_LOOK = 2000 };

enum api_list_kind { API_LIST_PROMISES, API_LIST_PLANS, API_LIST_OFFERS, API_LIST_DISPUTES, API_LIST_PAYMENTS };

struct api_list_row {
    struct casefile_key key;
    int32_t number;
    const char *account, *name, *state;
    const char *what, *of; /* schedule, side, reason, method; debt, payment; may be NULL */
    enum currency currency; /* CURRENCY_NONE: no amount */
    int64_t minor;
    struct day first, last; /* made and due, of a plan its state, of an offer first and expires,
                             * received and answer by, received and state */
};

struct api_list_request {
    enum api_list_kind kind;
    const char *state; /* NULL: every one */
    struct casefile_key after;
    int32_t after_number; /* 0: from the start */
    size_t most;
};

/* *more: there are further ones after *last, which is of the last row that was looked at. */
bool api_list(struct view *v, const struct api_list_request *r, struct api_list_row **out,
              size_t *count, struct api_list_row *last, bool *more, struct fault *why);

/* Accounts: `text` is a piece of the name or reference, in any letters. NULL: all. */
struct api_accounts_request {
    const char *standing, *text;
    struct casefile_key after; /* id 0: from the start */
    size_t most;
};
struct api_accounts {
    size_t count;
    struct account_row *rows;
    bool more;
    struct casefile_key last; /* where the next page begins */
};
bool api_accounts(struct view *v, const struct api_accounts_request *r,
                  struct api_accounts *out, struct fault *why);

struct api_note {
    int32_t number;
    const char *text, *author; /* author may be NULL */
    struct instant at, ended_at; /* ended_at INSTANT_NEVER: it stands */
};
bool api_notes(struct view *v, struct casefile_key key, int64_t before, size_t most,
               struct api_note **out, size_t *count, struct fault *why);

#endif
