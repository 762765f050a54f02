/*
 * Search: from what somebody typed to accounts, debts, payments, decisions and messages.
 *
 * Found is what is found by the words of the book (store/word.h): a reference of an account,
 * its beginning or its end; a reference of a debt or payment, or its end; names, by any of
 * their words or how these begin, several at once; an email address or its beginning; the
 * digits of a telephone number, or its last four and more; and by number a decision
 * ("D-12.345"), a message
 * ("12.345.6", "m6-1", or as an email's Message-ID has it); an amount with its currency finds
 * the accounts on which just that is open. Neither case nor accents nor punctuation matter.
 *
 * Answers are bounded, whatever the size of the book: `more` says that there is more than this,
 * or that so many bear the name that not all of them were looked at. What the reader may not
 * see is as if it were not there.
 */
#ifndef FLOW_SEARCH_H
#define FLOW_SEARCH_H

#include "flow/view.h"

enum { SEARCH_TYPED_MOST = 100, SEARCH_FOUND_MOST = 50 };

/* In the order in which groups are shown. */
enum search_group {
    FOUND_ACCOUNT,
    FOUND_DEBT,
    FOUND_PAYMENT,
    FOUND_DECISION,
    FOUND_MESSAGE,
    FOUND_GROUPS,
};

/* What was typed, as far as anybody but who typed it should know. Names are kept in the
 * journal. */
enum search_kind {
    SEARCH_NAME,      /* "name" */
    SEARCH_REFERENCE, /* "reference" */
    SEARCH_EMAIL,     /* "email" */
    SEARCH_PHONE,     /* "phone" */
    SEARCH_NUMBER,    /* "number": of a decision or message */
    SEARCH_AMOUNT,    /* "amount" */
};
const char *search_kind_name(enum search_kind kind);

struct search_hit {
    enum search_group group;
    bool exact; /* it is what was typed, not only like it */
    struct casefile_key key;
    int32_t object;      /* number of the debt or payment */
    int64_t bucket, seq; /* of a decision, or that of a message */
    const char *what;    /* reference of the debt or payment, kind of the record */
    struct instant at;   /* of a decision */
    const char *by;   /* "email", "phone", …: by which the account was found; NULL: its name
                       * or reference */
    const char *seen; /* that email address or number */
    struct account_row account;
};

struct search {
    enum search_kind kind;
    size_t count;
    struct search_hit *hits; /* by group; within one what is exact first */
    bool more;
    const struct search_hit
        *only; /* the one exact thing: Enter goes there; NULL: none, or several */
};

/* `most` at most of each group. BAD_VALUE when it is too long. */
bool search_find(struct view *v, const char *typed, size_t most, struct search *out,
                 struct fault *why);

#endif
