/*
 * Report: figures over the whole book, as of any moment. docs/measures.md defines each.
 *
 * ageing    what is open, by how long it is past due
 * kpi       what came in, and how the work goes, over a period
 * dso       days sales outstanding at the end of each month of a period
 * activity  what was done: messages, contacts, journal records, payments, standings
 *
 * `now` says which day it is in the zone of the organisation; what has a later value day is
 * not seen. A report reads one snapshot, a bucket at a time, and writes nothing.
 */
#ifndef FLOW_REPORT_H
#define FLOW_REPORT_H

#include "flow/insight.h"
#include "store/figures.h"

struct report_request {
    struct instant now;
    bool period_given; /* false: the 30 days up to and including today; dso: 12 months */
    struct day from, to;
    bool by_day; /* activity: a row for each day, not for the whole period */
    enum table_format format;
    bool terminal; /* `out` is one, and may be coloured */
};

/* "ageing", "kpi", "dso", "activity"; NULL after the last. */
const char *report_name(size_t place);
const char *report_title(size_t place);
bool report_is_scanned(const char *name); /* one of these: counted from the rows of the book */

/* Faults: NOT_FOUND (no report of that name), BAD_VALUE (a period that ends before it begins,
 * or has more months than dso takes).
 */
bool report_run(struct store *s, const char *name, struct report_request request, FILE *out,
                struct fault *why);

/*
 * Reports of kept figures: "client", and every insight of domain/insight.h by its name. They
 * say what the pages say, and count what waits to be counted before they do.
 */
struct insight_report_request {
    const char *name, *by; /* by: a dimension; NULL: the picture */
    struct instant now;
    struct insight_request about;
    const char *clients, *desks; /* what the reader may see (flow/user.h); NULL: all */
    bool definition; /* how it is counted, and nothing else */
    enum table_format format;
    bool terminal;
};
bool insight_report_is(const char *name);
const char *insight_report_title(struct arena *a, const char *name);
bool insight_report_run(const char *url, const struct insight_report_request *r, FILE *out,
                        struct fault *why);

#endif
