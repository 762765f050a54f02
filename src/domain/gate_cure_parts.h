/* The inside of gate_cure: candidates, and how each is made true of a question. */
#ifndef DOMAIN_GATE_CURE_PARTS_H
#define DOMAIN_GATE_CURE_PARTS_H

#include "domain/gate_cure.h"
#include "domain/question.h"

enum { CANDIDATES_MOST = 40 };

struct candidates {
    struct arena *a;
    const struct gate_question *question;
    size_t count;
    struct cure all[CANDIDATES_MOST];
};

/* Adds what may lift this finding; what is there already is not added again. */
void candidates_of_finding(struct candidates *c, const struct finding *finding);

/* Makes a change true of the question, whose arrays are copied into the arena before. */
void cure_apply(const struct cure *cure, struct arena *a, struct gate_question *q);

#endif
