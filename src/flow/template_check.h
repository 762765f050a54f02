/*
 * Template check: letters held against the rule packs and the list of words, without a book.
 * Each text is asked about for every channel, writer, place and stage that it may be sent for;
 * what is missing or forbidden is found here, before the gate refuses a message over it.
 */
#ifndef FLOW_TEMPLATE_CHECK_H
#define FLOW_TEMPLATE_CHECK_H

#include "domain/gate.h"

struct template_check_request {
    size_t target_count;
    const char *const *targets; /* paths, or names of letters; none: all of them */
    const struct file *draft;   /* this text instead, which stands in no file; or NULL */
    const char *draft_language;
    struct instant now; /* by the law of this moment */
    bool channel_given;
    enum channel channel;
    const char *role, *place, *stage; /* NULL: all that can be */
    const char *sender; /* what the window of an envelope shows; NULL: not looked at */
};

struct template_finding {
    const char *file;
    int line;
    const char *template, *language;
    const char *kind; /* "missing" or "forbidden" */
    const char *rule, *cite;
    const char *what; /* the field, word or value; may be "" */
    const char *text; /* one sentence             */
    const char *channel, *role, *stage;
    const char *places; /* with commas; "" for what holds everywhere */
};

struct template_findings {
    size_t templates, asked; /* asked: how many messages were judged */
    size_t count, room;
    struct template_finding *all; /* in the order of the files */
};

bool template_check(struct arena *a, const struct template_check_request *request,
                    struct template_findings *out, struct fault *why);

#endif
