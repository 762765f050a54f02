/*
 * Compose: the words of one message, from what the book says at the moment of sending.
 *
 * Every amount and date is taken from the case file as loaded for today and checked against
 * the sum; nothing is carried over from the decision. The same facts give the same bytes.
 */
#ifndef FLOW_COMPOSE_H
#define FLOW_COMPOSE_H

#include "domain/casefile.h"
#include "store/store.h"

/* Who writes, for the head of a letter and the From of an email; settings of the book. */
struct sender {
    const char *name;     /* legal name: organisation */
    const char *address;  /* lines separated by \n */
    const char *country;  /* ISO 3166-1 */
    const char *email, *phone;
    const char *authority; /* that supervises it: supervisory_authority */
    const char *base_url; /* of the pages that debtors may open; NULL: no links are given */
    const char *secret;   /* signs opt-out links */
};

/* Keeps the texts and the page of emails that were compiled once. Used by one thread. */
struct composer;
struct composer *composer_open(struct store *s, struct fault *why);
void composer_close(struct composer *composer);
const struct sender *composer_sender(const struct composer *composer);

struct composed {
    const char *key;     /* names the message towards every provider, for ever */
    const char *subject;
    unsigned char *bytes;
    size_t length;
};

/* A debit that is announced. */
struct compose_debit {
    const struct payment_plan *plan;
    struct day day;
    int64_t minor;
};

struct compose_request {
    const struct casefile *casefile; /* as of today */
    const struct party *party;
    enum channel channel;            /* email or letter */
    const char *address;
    const char *template;
    int32_t outbox;
    size_t item_count;               /* what is told; all of it still open */
    const struct instalment *const *items;
    const struct verdict *verdict;   /* that let it through: its wording goes in; or NULL */
    struct instant now;
    struct day today;
    int32_t plan, offer;             /* of which an agreement speaks; 0: of none */
    const struct compose_debit *debit; /* NULL: none is announced */
    const char *subject, *words;       /* of who writes by themselves; NULL: the text says it all */
};

/* Days that a reader is given to pay: an email arrives at once, a letter does not. */
int compose_pay_days(enum channel channel);

bool compose(struct composer *composer, struct arena *a, const struct compose_request *request,
             struct composed *out, struct fault *why);

#endif
