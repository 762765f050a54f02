/* Strategies: what their pages share. Private to src/web/page_strategies*.c. */
#ifndef WEB_PAGE_STRATEGIES_H
#define WEB_PAGE_STRATEGIES_H

#include "flow/draft.h"
#include "flow/strategy.h"
#include "flow/strategy_publish.h"
#include "flow/strategy_tally.h"
#include "flow/strategy_whatif.h"
#include "web/page.h"

/* What there is of one name. */
struct strategy_page {
    const char *name;
    struct publication live; /* version 0: it is not live yet */
    const char *text;        /* of what is live; NULL likewise */
    const struct strategy *strategy;
    struct draft draft;
};
/* NOT_FOUND when nothing has the name of the first hole. */
bool strategy_page_load(struct page *p, struct strategy_page *out, struct fault *why);
/* What the policy in force has by this name: decisions point into it. NULL: nothing. */
const struct strategy *strategy_in_force(const struct page *p, const char *name);
/* Its name, versions and where its pages are, into the context. */
bool strategy_page_put(struct page *p, const struct strategy_page *s, struct fault *why);

/* Its ladders, each with its axis and steps. `reach` may be NULL: nothing was counted. */
void strategy_ladders_put(struct page *p, json_t *into, const struct strategy *s,
                          const struct strategy_reach *reach);
/* Who comes to one step of it: "counted", "today", "examples" … */
void strategy_reach_put(struct page *p, json_t *row, const struct strategy_reach *reach,
                        const char *ladder, const char *step);
/* Two ladders on one axis; either may be NULL. */
void ladder_pair_put(struct page *p, json_t *lanes, const struct ladder *live,
                     const struct ladder *draft);

const char *strategy_link(struct arena *a, const char *name, const char *more);
/* The name of a user; "the command line" for 0. */
const char *strategy_person(struct page *p, int64_t number, struct fault *why);
/* The text of a new one, begun from one that is live. BAD_VALUE for a name that is taken, or none. */
bool strategy_new_text(struct view *v, const char *name, const char *from, const char **text,
                       struct fault *why);
/* The lines that differ, with some around them: "file_lines". False when none does. */
bool text_changes_put(struct page *p, const char *was, const char *becomes);
/* A text as a form sent it, with the line ends of files. */
const char *strategy_typed(struct arena *a, const char *text);

/* page_strategies_draft.c and page_strategies_compare.c */
bool page_strategy_draft(struct page *p, struct fault *why);
bool page_strategy_draft_try(struct page *p, struct fault *why);
bool page_strategy_draft_save(struct page *p, struct fault *why);
bool page_strategy_draft_history(struct page *p, struct fault *why);
bool page_strategy_draft_drop(struct page *p, struct fault *why);
bool page_strategy_draft_restore(struct page *p, struct fault *why);
bool page_strategy_copy(struct page *p, struct fault *why);
bool page_strategy_compare(struct page *p, struct fault *why);
bool page_strategy_publish(struct page *p, struct fault *why);
bool page_strategy_back(struct page *p, struct fault *why);

#endif
