/*
 * Contact: one attempt to reach a person, by one means, about some of their debts.
 * The words shared by the gate, the book and the channels.
 */
#ifndef DOMAIN_CONTACT_H
#define DOMAIN_CONTACT_H

#include "domain/calendar.h"

/* Names are API and stored: add at the end, never rename. */
#define CHANNELS(X)                                                                            \
    X(CHANNEL_CALL, "call")                                                                    \
    X(CHANNEL_VOICEMAIL, "voicemail")                                                          \
    X(CHANNEL_SMS, "sms")                                                                      \
    X(CHANNEL_EMAIL, "email")                                                                  \
    X(CHANNEL_LETTER, "letter")                                                                \
    X(CHANNEL_PORTAL, "portal")                                                                \
    X(CHANNEL_POSTCARD, "postcard")                                                            \
    X(CHANNEL_SOCIAL, "social")                                                                \
    X(CHANNEL_CREDIT_REPORT, "credit_report")                                                  \
    X(CHANNEL_COURT_FILING, "court_filing")                                                    \
    X(CHANNEL_PAYMENT_DEBIT, "payment_debit")

/* What came of a contact. "planned" counts like an attempt: it may be under way. */
#define OUTCOMES(X)                                                                            \
    X(OUTCOME_NONE, "none")                                                                    \
    X(OUTCOME_PLANNED, "planned")                                                              \
    X(OUTCOME_SENT, "sent")                                                                    \
    X(OUTCOME_DELIVERED, "delivered")                                                          \
    X(OUTCOME_BOUNCED, "bounced")                                                              \
    X(OUTCOME_NO_ANSWER, "no_answer")                                                          \
    X(OUTCOME_VOICEMAIL, "voicemail")                                                          \
    X(OUTCOME_LIMITED_CONTENT, "limited_content_voicemail")                                    \
    X(OUTCOME_CONVERSATION, "conversation")                                                    \
    X(OUTCOME_BUSY, "busy")                                                                    \
    X(OUTCOME_NOT_IN_SERVICE, "not_in_service")                                                \
    X(OUTCOME_WRONG_NUMBER, "wrong_number")                                                    \
    X(OUTCOME_VOICEMAIL_BY_CONSUMER, "voicemail_left_by_consumer")                             \
    X(OUTCOME_MESSAGE, "message") /* something they wrote to us */                             \
    X(OUTCOME_OTHER, "other")

#define X(code, name) code,
enum channel { CHANNELS(X) CHANNEL_COUNT };
enum outcome { OUTCOMES(X) OUTCOME_COUNT };
#undef X

const char *channel_name(enum channel channel);
bool channel_parse(const char *name, enum channel *out);
const char *outcome_name(enum outcome outcome);
bool outcome_parse(const char *name, enum outcome *out);

enum direction { DIRECTION_OUT, DIRECTION_IN };

/* Numbers of debts inside one case file, ascending. */
struct debt_set {
    size_t count;
    const int32_t *numbers;
};

bool debt_set_has(struct debt_set set, int32_t number);

/* One contact that was made, is planned, or came in. */
struct contact {
    struct instant at;
    enum channel channel;
    enum direction direction;
    enum outcome outcome;
    int32_t party;         /* to whom, or from whom; a party number of the case file */
    struct debt_set debts; /* what it was about                                      */
    int32_t outbox;        /* its number in the outbox; 0 when it did not go through it */
    const char *address;   /* number or mailbox used; NULL when not recorded         */
    const char *purpose;   /* "collection", "requested", …; NULL = collection        */
    const char *number_kind; /* "cell", "home_landline", "work_landline"; NULL = not known */
    struct instant callback_at; /* when they want to be called back; .us 0: not said */
};

#endif
