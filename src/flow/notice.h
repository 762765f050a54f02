/*
 * Notice: that a validation notice was given, as a fact of each of its debts: "provided" and
 * "end_date" (days), "method" ("mail" or "email"). The end is the one that the notice prints.
 */
#ifndef FLOW_NOTICE_H
#define FLOW_NOTICE_H

#include "flow/book.h"

struct notice_given {
    struct casefile_key key;
    const char *purpose; /* of the message; of any other than a notice nothing is recorded */
    enum channel channel;
    int32_t party;
    struct debt_set debts;
    struct instant composed_at;
};

/* In the transaction that records the sending. */
bool notice_record(struct book *b, const struct notice_given *given, struct fault *why);

#endif
