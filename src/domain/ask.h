/*
 * Ask: the question that a contact with a party of a case file puts to the gate.
 *
 * Pure. Who asks adds what only the message knows (its content, a purpose of its own).
 */
#ifndef DOMAIN_ASK_H
#define DOMAIN_ASK_H

#include "domain/casefile.h"

/*
 * A debt as the gate sees it at a moment. Its fields are, in this order: those of its facts
 * `debt_detail` (the newest first; docs/rule-packs.md lists the names), then "id" (its
 * reference), "creditor", "due" (the earliest due day that is open), "last_payment" (the last
 * day on which something of what is open was paid) and "cfpb_product" (by the kind of the
 * debt), as far as they are known.
 */
struct gate_debt ask_debt(const struct casefile *c, int32_t debt, struct instant at,
                          struct arena *a);

/* "initial" when a collector has communicated nothing about these debts before; else NULL. */
const char *ask_purpose(const struct casefile *c, const struct gate_question *question);

/*
 * Its purpose is that of ask_purpose. Calls are made by people; a message is taken for one that
 * says what every message of ours says, until question_hold tells what it holds.
 */
void question_build(const struct casefile *c, const struct party *party, enum channel channel,
                    const char *address, struct instant at, size_t debt_count,
                    const struct gate_debt *debts, struct gate_question *out);

/* What a message will hold, read from its text. */
struct message_content {
    const char *purpose;       /* as the text declares it                                 */
    struct gate_fields fields; /* docs/rule-packs.md lists the names                      */
    bool takes_wording;        /* wording that rules demand is put in when it is composed */
};

/*
 * The question of a message whose text is known, as it would be composed at question->at, a day
 * that is `today` for the house. To be said again whenever question->at has changed. NULL:
 * there is no such text, and nothing is known of what it would hold.
 */
void question_hold(struct gate_question *question, const struct message_content *content,
                   const struct party *party, struct day today, struct arena *a);

#endif
