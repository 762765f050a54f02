/*
 * Audit log: every decision, and who changed what, newest first, a page at a time.
 *
 * Rows come from the narrow index of the journal (table journal, index journal_log), so a page
 * costs what it shows and not what there is: measured on 30 million records (docs/benchmarks.md).
 * What no index serves (a channel, a client, a kind, what a limited reader may see) is sifted
 * here, row by row, over at most LOG_LOOKED rows; a page that is not full by then says how far
 * it looked, and the next one goes on from there.
 *
 * The order is time, then bucket and number of the record; a place in it is a record, so that
 * what was cited is found again however many came since. Records of the house itself (users,
 * exports, approvals that concern no account) are shown only to readers without limits.
 */
#ifndef FLOW_AUDIT_LOG_H
#define FLOW_AUDIT_LOG_H

#include "flow/view.h"

enum { LOG_ROWS_MOST = 500, LOG_LOOKED = 20000, LOG_COUNTED = 400000, LOG_COUNTED_LIMITED = 20000 };

/* What is shown. "decisions": whatever was decided; "people": what somebody who was signed in
 * did; "records": all. */
enum log_view { LOG_DECISIONS, LOG_PEOPLE, LOG_RECORDS };

struct log_place {
    struct instant at;
    int64_t bucket, seq;
};

/* NULL or "": any. */
struct log_request {
    struct instant from, to; /* from <= at < to */
    enum log_view view;
    const char *outcome; /* allowed, moved, blocked, held */
    const char *channel, *rule, *pack, *kind, *actor, *client, *account;
    struct log_place before; /* .seq 0: from the newest */
    size_t most;
};

struct log_row {
    struct instant at;
    int64_t bucket, seq, casefile;
    const char *kind, *outcome, *channel, *rule, *actor; /* "" for none */
    const char *reference, *name, *creditor; /* "" for what concerns no account */
    const char *record;                      /* JSON */
};

struct log_page {
    size_t count;
    struct log_row *rows;
    bool more;             /* older ones match */
    bool stopped;          /* it stopped looking: there may be more beyond `last` */
    struct log_place last; /* from where the next page goes on */
};

/* Faults: NOT_FOUND (account). */
bool log_list(struct view *v, const struct log_request *request, struct log_page *out,
              struct fault *why);

/* How a period went: by what was decided, and of what was stopped or put off by which rule. */
struct log_reason {
    const char *rule; /* "": none: no good address */
    int64_t moved, blocked, held;
};
struct log_totals {
    int64_t allowed, moved, blocked, held;
    bool at_least; /* it stopped counting */
    size_t reason_count;
    struct log_reason *reasons; /* most first */
};
/* Of the request only the period, the client and who looks count. */
bool log_count(struct view *v, const struct log_request *request, struct log_totals *out,
               struct fault *why);

/* What is held rather than blocked: the rule asks for something in the case file to end. */
bool log_rule_holds(const struct view *v, const char *rule);

/* "D-17.42", "d-17.42", "17.42". */
bool log_number_parse(const char *text, int64_t *bucket, int64_t *seq);

#endif
