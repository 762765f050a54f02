/* Planning: the plan builder, its check page and what it agrees. Private to src/web/page_plan*.c. */
#ifndef WEB_PLANNING_H
#define WEB_PLANNING_H

#include "flow/granting.h"
#include "flow/proposing.h"
#include "web/work_pages.h"

/* One plan that may be chosen. */
struct plan_option {
    const char *id;         /* "1" to "8"; "over": beyond what they can spare; "ask" */
    const struct plan *plan;
    const struct proposed *of;
    int64_t place;          /* in the list of `of`; 0: what was asked for */
    bool over;              /* more than they can spare */
    const char *approver;   /* role that has to approve it; NULL: none */
    const char *approver_words; /* "a team lead" */
};

enum { PLAN_OPTIONS_MOST = PLANS_MOST + 2 };

struct planning {
    struct page *p;
    struct book *book; /* that reads, or writes */
    struct casefile_key key;
    struct plan_wish wish;
    bool asked; /* an amount, a number of months or a rhythm was asked for */
    struct granting granting;
    size_t role; /* of the rules */
    struct proposed made, without_means, with_approval;
    size_t count;
    struct plan_option options[PLAN_OPTIONS_MOST];
};

/* Reads the wish from the fields or the address, and what may be agreed by it. */
bool planning_read(struct page *p, struct book *b, const struct account *account,
                   struct planning *out, struct fault *why);
/* The one of the field `plan`, else the first; NULL: there is none. */
const struct plan_option *planning_chosen(const struct planning *plans);
/* "6 × $185.00, then $174.56" */
const char *planning_words(struct arena *a, const struct plan *plan);
/* The fields of the wish as they stand; unseen, along with another form; and the choices. */
void planning_fields(struct page *p, const struct casefile_view *f);
void planning_hidden(struct page *p);
void planning_put(struct planning *plans);
void planning_rows(struct page *p, json_t *object, const struct plan *plan,
                   enum currency currency);
/* The same wish as the address of a page, with this plan chosen (NULL: none). */
const char *planning_query(const struct planning *plans, const char *plan);

#endif
