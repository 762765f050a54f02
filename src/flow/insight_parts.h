/* Insight parts: how its files read figures. Private to src/flow/insight*.c. */
#ifndef FLOW_INSIGHT_PARTS_H
#define FLOW_INSIGHT_PARTS_H

#include "flow/insight.h"
#include "store/kept_figures.h"

typedef void take_sum(void *into, const struct figure_sum *row);

/* Kept rows may be damaged: whether all that was added could be counted. */
struct adding {
    bool too_large;
};
void insight_add(struct adding *adding, int64_t *sum, int64_t more);
bool insight_added(const struct adding *adding, struct fault *why); /* DB_ROW when it could not */

/* Rows that were read, until they are freed: each dimension is made of the rows of all groups. */
struct read_rows;
struct read_rows *read_rows_begin(void);
void read_rows_free(struct read_rows *rows);

enum group_name { NAME_CLIENT, NAME_SEGMENT, NAME_STRATEGY };
/* Whether a name is the one that was chosen: NULL: any, NO_NAME: none. */
bool insight_chosen(const char *wanted, const char *name);

/* All sums of a figure between two days, both included: as few rows as there are, months where
 * they are whole. `from` may be before everything (DAY_NONE). */
bool insight_between(const struct insight_frame *f, const struct figure_set *set,
                     enum figure figure, struct day from, struct day to, take_sum *take,
                     void *into, struct fault *why);
/* Day by day, however many. */
bool insight_each_day(const struct insight_frame *f, const struct figure_set *set,
                      enum figure figure, struct day from, struct day to, take_sum *take,
                      void *into, struct fault *why);
/* Of a figure that is kept by month alone, or month by month of any. */
bool insight_each_month(const struct insight_frame *f, const struct figure_set *set,
                        enum figure figure, int32_t from, int32_t to, take_sum *take,
                        void *into, struct fault *why);

/* The last of the months whose debts are followed from placed to paid. */
enum { FUNNEL_MONTHS = 3 };
int32_t insight_funnel_month(struct day to);

/* What one person here did; who: as they sign in, "": the program, or a file. */
struct insight_agent {
    const char *who;
    struct measured now, before;
};
/* False: it is no deed of anybody's here. */
bool insight_agent_figure(enum insight insight, enum figure *figure, bool *of_money);
bool insight_agents(const struct insight_frame *f, enum insight insight,
                    struct insight_agent **out, size_t *count, struct fault *why);

/* The last month that is over at the end of the day. */
int32_t insight_whole_month(struct day day);

#endif
