/*
 * Measures: the arithmetic of the reports. docs/measures.md says what each one means.
 *
 * An item is an instalment as of a day; items are added one by one, those of a debt next to
 * each other, so a million of them need no memory. Amounts are whole minor units, kept by
 * currency and never added across. Nothing is rounded but by ratio_print, which says how.
 */
#ifndef DOMAIN_MEASURES_H
#define DOMAIN_MEASURES_H

#include "domain/calendar.h"
#include "domain/money.h"

__extension__ typedef __int128 measure_sum;

/* Names are API: keys in --json, headings in docs/measures.md (a test compares them). */
#define MEASURES(X)                                                                            \
    X(MEASURE_OPEN, "open", "Open")                                                            \
    X(MEASURE_PAST_DUE, "past_due", "Past due")                                                \
    X(MEASURE_COLLECTED, "collected", "Collected")                                             \
    X(MEASURE_RECOVERY_RATE, "recovery_rate", "Recovery rate")                                 \
    X(MEASURE_DSO, "dso", "Days sales outstanding")                                            \
    X(MEASURE_BEST_DSO, "best_possible_dso", "Best possible DSO")                              \
    X(MEASURE_DELINQUENT, "average_days_delinquent", "Average days delinquent")                \
    X(MEASURE_KEPT_COUNT, "promise_kept_rate_by_count", "Promises kept, by count")             \
    X(MEASURE_KEPT_VALUE, "promise_kept_rate_by_value", "Promises kept, by value")             \
    X(MEASURE_RIGHT_PARTY, "right_party_contact_rate", "Right-party contact rate")             \
    X(MEASURE_CONTACT, "contact_rate", "Contact rate")                                         \
    X(MEASURE_DISPUTE, "dispute_rate", "Dispute rate")

#define X(code, name, title) code,
enum measure { MEASURES(X) MEASURE_COUNT };
#undef X

const char *measure_name(enum measure measure);
const char *measure_title(enum measure measure);

/* An instalment as of a day. */
struct dated_item {
    int64_t bucket, casefile_id;
    int32_t debt, number;
    enum currency currency;
    struct day invoice_day, due_day;
    int64_t amount_minor, open_minor;
};

/* Days past due, in ranges; the first holds what is not due, the last has no end. */
enum { AGE_RANGES = 6 };
struct age_range {
    const char *name, *title;
    int from, to; /* both included */
};
extern const struct age_range age_ranges[AGE_RANGES];
int days_past_due(struct day due_day, struct day today); /* 0 on the due day and before */
size_t age_range_of(int days);

/* Months of invoices that can be counted back; what is older counts as the last of them. */
enum { BILLING_MONTHS = 240, CURRENCIES_MOST = 256 };

/* What is open in one currency. */
struct ageing {
    enum currency currency;
    int64_t charged_minor; /* everything ever invoiced              */
    int64_t open_minor, past_due_minor;
    int64_t open_debts;
    int64_t range_minor[AGE_RANGES], range_debts[AGE_RANGES];
    measure_sum past_due_days;            /* past due minor units × their days     */
    int64_t billed_minor[BILLING_MONTHS]; /* by month of the invoice, 0 = this one */
};

struct receivables {
    struct day today;
    size_t count;
    struct ageing by_currency[CURRENCIES_MOST]; /* in the order of their codes */
    struct dated_item last;                     /* the debt being counted                     */
    bool debt_is_open;                          /* it was counted as open                     */
    unsigned ranges_counted;                    /* and in these ranges, by bit                */
};

void receivables_add(struct receivables *r, const struct dated_item *item);

/* The ageing of this currency; made when there is none. */
struct ageing *ageing_of(struct receivables *r, enum currency currency);

/*
 * Days of sales, counted back: whole months of invoices are taken from `open_minor`, newest
 * first, until one month holds more than is left; of that one, the share. This month counts
 * with the days it has had. billed_minor is what the months touched hold together.
 */
struct countback {
    bool known; /* false when nothing was ever invoiced */
    int64_t tenths_of_days, billed_minor;
};
struct countback countback_of(int64_t open_minor, const int64_t billed_minor[BILLING_MONTHS],
                              struct day today);

/* Rounded, half away from nought. */
int64_t rounded_ratio(measure_sum numerator, measure_sum denominator);

/*
 * numerator × scale / denominator with one decimal, half away from nought: "12.5". scale is 100
 * for a percentage. NULL when the denominator is 0: there is nothing to say.
 */
enum { RATIO_TEXT = 64 };
char *ratio_print(measure_sum numerator, measure_sum denominator, int scale,
                  char out[RATIO_TEXT]);

#endif
