/* People: what persons told us and what follows. Private to oracle*.c. */
#ifndef ORACLE_PEOPLE_H
#define ORACLE_PEOPLE_H

#include "reading.h"

struct opinion opt_out_opinion(const struct asked *q);
struct opinion attorney_opinion(const struct asked *q);
struct opinion cease_opinion(const struct asked *q);
struct opinion place_opinion(const struct asked *q, enum fact_type type);
/* A hold of one of these kinds (no kind: any); `everybody`: whoever of the debtors has it. */
struct opinion hold_opinion(const struct asked *q, const char *kind, const char *other,
                            bool everybody);
/* FACT_DISPUTE or FACT_ORIGINAL_CREDITOR_REQUEST. */
struct opinion dispute_opinion(const struct asked *q, enum fact_type type);
struct opinion stay_opinion(const struct asked *q, bool of_co_debtor);
struct opinion revocation_opinion(const struct asked *q, bool any_debt);
struct opinion sms_opinion(const struct asked *q);
struct opinion talk_opinion(const struct asked *q);
struct opinion notice_opinion(const struct asked *q);

#endif
