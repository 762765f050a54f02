/*
 * Oracle: a second reading of the law, written from the facts and not from the gate.
 *
 * It is naive on purpose. Each question walks the whole journal of the person; "not before" is
 * found by trying one moment after the other. It knows the rules of its list, no others.
 */
#ifndef ORACLE_ORACLE_H
#define ORACLE_ORACLE_H

#include "world.h"

struct opinion {
    const char *rule, *part; /* part: NULL for rules in one part */
    int from_year;           /* the year in which the version begins; 0 = any of them */
    enum ruling ruling;
    int64_t until; /* RULING_DEFER */
    const char *unknown;
};

enum { OPINIONS_MOST = 96, FIRST_VERSION = -1 };

struct opinions {
    size_t count;
    struct opinion list[OPINIONS_MOST];
};

void oracle_judge(const struct asked *q, struct opinions *out);

/* Every rule that the oracle knows: `rule` and `part`; ends with a NULL. */
struct rule_name {
    const char *rule, *part;
};
extern const struct rule_name oracle_rules[];

#endif
