/*
 * Insight: the portfolio in figures, for pages and reports. Reads kept figures (flow/fold.h
 * makes them) and nothing else, so that a million accounts answer like a thousand.
 *
 * A frame says about what: whose accounts (what the reader may see, a client, a segment), which
 * currency, which days. Currencies are never added; figures about people have none. `as_of` is
 * any day: what has a later date is not seen.
 *
 * Everything lives in the arena of the frame. Amounts are minor units of its currency.
 */
#ifndef FLOW_INSIGHT_H
#define FLOW_INSIGHT_H

#include "domain/insight.h"
#include "flow/fold.h"
#include "flow/table.h"
#include "store/kept_figures.h"

struct view;

struct insight_request {
    /* NULL: all; of segment and strategy "-": those that have none */
    const char *client, *segment, *strategy;
    enum currency currency;       /* CURRENCY_NONE: the one with most debts open */
    int days;         /* of the period that ends with as_of: of window_days; 0: 30 */
    struct day as_of; /* DAY_NONE, or later than today: today */
    struct day from;  /* instead of `days`; DAY_NONE: not said */
};

/* Groups of figures that are added up. */
struct figure_set {
    size_t count;
    int32_t *groups;
};

struct insight_group {
    int32_t number;
    enum figure_level level;
    const char *client, *desk, *strategy, *segment;
    enum currency currency;
};

struct insight_frame {
    struct store *store;
    struct arena *arena;
    const char *clients, *desks; /* what the reader may see; NULL: all */
    struct instant now;
    struct day today, as_of, from, to; /* to is as_of */
    int days, window;                  /* its length, and its place in window_days; -1: none */
    const char *client, *segment, *strategy; /* chosen; NULL: all */
    enum currency currency;
    size_t currency_count, client_count, segment_count, strategy_count;
    enum currency *currencies;                  /* that have debts, most open first */
    /* that the reader may see, by name */
    const char **client_names, **segment_names, **strategy_names;
    size_t group_count, word_count;
    struct insight_group *groups;
    const char **words;
    struct figure_set money, people; /* what was asked for */
    struct fold_state state;
    const struct view *view; /* for titles of rules; NULL: their names serve */
    struct read_rows *read;  /* rows that are read more than once; NULL: none are kept */
};

/* NOT_FOUND when there is no such client, segment or strategy, for this reader. */
bool insight_begin(struct insight_frame *f, const struct insight_request *r, struct fault *why);
/* The frame of a page: what its reader may see, on its day. */
bool insight_begin_view(struct insight_frame *f, struct view *v,
                        const struct insight_request *r, struct fault *why);

/* What a figure is narrowed to; NULL: all. NO_NAME: the accounts of no segment, or strategy:
 * those of which the last decision said that nothing is to be done. */
#define NO_NAME "-"
struct insight_where {
    const char *client, *segment, *strategy;
};
/* The groups of a part of what the frame is about; currency CURRENCY_NONE: those about people.
 */
struct figure_set insight_set(const struct insight_frame *f, struct insight_where where,
                              enum currency currency);
const char *insight_word(const struct insight_frame *f, int32_t number);
int32_t insight_last_month(const struct insight_frame *f); /* that is over at as_of */

/* ---- Tallies ------------------------------------------------------------------------------
 */

/* A part of the book over some days. */
struct insight_part {
    struct figure_set money, people;
    struct day from, to;
};
struct insight_part insight_part(const struct insight_frame *f); /* what was asked for */
struct insight_part
insight_part_before(const struct insight_frame *f); /* as many days before */
struct insight_part insight_part_of(const struct insight_frame *f, struct insight_where where);

/* `figures`: FIGURE_BITs of those that are wanted. */
bool insight_tally(const struct insight_frame *f, const struct insight_part *part,
                   uint32_t figures, struct tally *out, struct fault *why);
/* What insight_measure needs for this one. */
uint32_t insight_figures(enum insight insight);

/* One value of an insight in this part: with those that need more than a tally. */
bool insight_value(const struct insight_frame *f, const struct insight_part *part,
                   enum insight insight, struct measured *out, struct fault *why);

/* The month of placement of which the one figure of liquidation speaks: the newest of which six
 * more are over, and in which something was placed; INT32_MIN: there is none. */
bool insight_liquidation_month(const struct insight_frame *f, int32_t *month,
                               struct fault *why);

/* The same over time: `count` periods, the last one ending with as_of. Weeks, or months when
 * the period is a year. */
enum { TREND_MOST = 24 };
struct insight_trend {
    size_t count;
    bool by_month;
    struct insight_point {
        struct day from, to;
        struct measured value, best; /* best: of DSO the best possible */
    } points[TREND_MOST];
};
bool insight_trend(const struct insight_frame *f, enum insight insight, size_t count,
                   struct insight_trend *out, struct fault *why);

/* ---- Who came when, and what came of it ----------------------------------------------------
 */

enum { COHORT_POINTS = 13, COHORTS_MOST = 25 };

/* Debts placed in one month: what was open then, and of that what came in money, and what was
 * still open, at the end of that month (0) and of those after it. Months that are not over at
 * as_of have no point. */
struct cohort {
    int32_t month;
    int64_t placed_minor, placed_debts;
    size_t points;
    int64_t recovered_minor[COHORT_POINTS], unpaid_minor[COHORT_POINTS];
};
struct cohorts {
    size_t count;
    struct cohort *all; /* the oldest first */
};
bool insight_cohorts(const struct insight_frame *f, struct figure_set money,
                     struct cohorts *out, struct fault *why);
/* The cohorts of a quarter together (month / 3); points only where all its months have one. */
struct cohort cohort_of_quarter(const struct cohorts *c, int32_t quarter);

/* Debts placed in these months, and how far they came by as_of. */
struct funnel {
    int32_t first_month, last_month;
    int64_t debts[FUNNEL_STEPS];
};
bool insight_funnel(const struct insight_frame *f, const struct insight_part *part,
                    struct funnel *out, struct fault *why);

/* ---- Promises ------------------------------------------------------------------------------
 */

enum { PROMISE_WEEKS = 10 };
struct promise_week {
    struct day monday;
    int64_t minor[3], things[3]; /* kept, in part, broken */
};
bool insight_promise_weeks(const struct insight_frame *f, const struct figure_set *money,
                           struct promise_week out[PROMISE_WEEKS], struct fault *why);

/* What was promised for the coming weeks, and what of it is likely: as often kept as in the
 * last 90 days, with the range in which that lies (95 in 100). */
enum { FORECAST_WEEKS = 8, FORECAST_SHOWN = 4 }; /* shown: in the one figure */
struct forecast_week {
    struct day monday;
    int64_t promised_minor[2], things[2]; /* by itself, of a plan */
    int64_t low_minor, likely_minor, high_minor;
};
struct forecast {
    struct measured kept[2]; /* by value, by itself and of a plan */
    struct forecast_week weeks[FORECAST_WEEKS];
    int64_t overdue_minor, overdue; /* promised for before, and not judged yet */
};
bool insight_forecast(const struct insight_frame *f, const struct insight_part *part,
                      struct forecast *out, struct fault *why);

/* ---- Other lists ---------------------------------------------------------------------------
 */

struct step_row {
    const char *step;
    int64_t sent, paid, minor;
};
bool insight_steps(const struct insight_frame *f, struct step_row **out, size_t *count,
                   struct fault *why);

/* How case files stand now, by what holds them; not dated. */
struct stopped_row {
    const char *standing, *rule; /* rule "": no rule */
    int64_t files;
};
bool insight_standings(const struct insight_frame *f, struct stopped_row **out, size_t *count,
                       struct fault *why);

/* Hours of the week in which the house lets nobody be called, anywhere. */
void insight_closed_hours(const struct view *v, bool closed[HOURS_OF_WEEK]);

/* What one client placed, and what came of it; accounts are those with something open. */
struct client_row {
    const char *name;
    struct tally tally; /* of the period, and at its end */
    int64_t disputes;   /* opened */
};
bool insight_clients(const struct insight_frame *f, struct client_row **out, size_t *count,
                     struct fault *why);

/* The last days on which a client placed something, the newest first: how its files come. */
enum { CLIENT_FILES = 12 };
struct client_file {
    struct day day;
    int64_t debts, minor;
    int days_between; /* since the one before; 0: not known */
};
bool insight_client_files(const struct insight_frame *f, const char *client,
                          struct client_file **out, size_t *count, struct fault *why);

/* ---- By what ------------------------------------------------------------------------------
 */

/* One value of a dimension, now and in the period before. `share`: of the change of the whole,
 * in tenths of a percent; only where parts add up to it. */
struct insight_row {
    const char *key, *title; /* key: as a filter or an address has it */
    struct measured now, before;
    bool shared;
    int64_t share_tenths,
        change_tenths; /* change: of the whole, in its unit, because of this */
};
struct insight_breakdown {
    /* "client", "segment", "strategy", "agent", "channel", "hours", "reason", "kind",
     * "language", "state" */
    const char *dimension;
    size_t count;
    struct insight_row *rows; /* the largest contribution first */
};
/* Of each dimension in which the insight makes sense. */
bool insight_breakdowns(const struct insight_frame *f, enum insight insight,
                        struct insight_breakdown **out, size_t *count, struct fault *why);

/* Keys that are not given. */
enum { KEY_ANY = INT32_MAX };

/* ---- The accounts behind a figure ----------------------------------------------------------
 */

/* Which figure; keys may be KEY_ANY. */
struct insight_cell {
    enum insight insight;
    struct day from, to; /* DAY_NONE: those of the figure */
    int32_t first, second; /* what they are is said with insight_rows */
    const char *agent;     /* what this one did; "": the program, or a file; NULL: anybody */
};

struct insight_account {
    struct casefile_key key;
    const char *reference, *name, *client;
    int64_t counted, minor; /* what it adds */
};
struct insight_accounts {
    size_t count;
    struct insight_account *rows;
    bool more;
    struct casefile_key next; /* where to go on */
    int64_t looked_at;
};

/*
 * Case files, in the order of their keys, that add something to a figure:
 *   collected            money received in the period; recovery: ever, up to its end
 *   ageing, dso          open at the end of it; first: age range
 *   liquidation, vintages  debts placed in the period
 *   roll-rates, cure-rate  first: range a month before, second: range or ROLL_…
 *   promises             fell due in the period; first: promise state
 *   cash-forecast        runs, and is due in the weeks of the figure; first: the Monday of one
 *   right-person, contact-hours  calls of the period; first: hour of the week, second 0 or 1
 *   contact-rate         late, and contacted in the period
 *   funnel               first: step
 *   dispute-rate, disputes  opened in the period; first: number of the reason
 *   hardship             decided in the period; first: FIGURE_ASKED, FIGURE_WAITING
 *   contacts-per-resolved  debts paid in full
 *   complaints, opt-outs, time-to-answer, contacts-per-week
 *   promises-taken       made in the period; second: 1 of plans
 *   disputes-answered    answered in the period
 *   approval-gap         plans asked for; first: number of the word, second: enum plan_group
 *   stopped, steps       first: number of the word
 */
/* "Calls on Tue at 10 am": which of them these are; "" for all. */
const char *insight_cell_words(const struct insight_frame *f, const struct insight_cell *cell);
bool insight_accounts(const struct insight_frame *f, const struct insight_cell *cell,
                      struct casefile_key after, size_t most, struct insight_accounts *out,
                      struct fault *why);

/* ---- What changed --------------------------------------------------------------------------
 */

/* A sentence about the period, with where to look: the page of the insight, or the accounts
 * behind it; of a client, segment or strategy alone, when one is named. */
struct insight_change {
    enum insight insight;
    const char *lead, *rest; /* the lead stands out */
    const char *link_words, *client, *segment, *strategy;
    bool accounts;
    int32_t first; /* of the accounts; KEY_ANY: any */
};
bool insight_changes(const struct insight_frame *f, struct insight_change **out, size_t *count,
                     struct fault *why);

#endif
