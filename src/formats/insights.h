/*
 * Insights: the words beside the figures, with targets and limits. Data (folder insights).
 *
 * Refused as a whole (BAD_PACK "file:line:column: …") when one of domain/insight.h is missing,
 * stands twice or is not known, or a number is none.
 */
#ifndef FORMATS_INSIGHTS_H
#define FORMATS_INSIGHTS_H

#include "domain/insight.h"
#include "formats/yaml.h"

enum insight_better { BETTER_UP, BETTER_DOWN, BETTER_NEITHER };

struct insight_words {
    const char *title, *question, *definition, *formula, *trap;
    const char *unit_note; /* "" for none */
    enum insight_better better;
    bool has_target, has_limit;
    int64_t target_tenths, limit_tenths;
};

struct insight_book {
    struct insight_words of[INSIGHT_COUNT];
};

struct insight_book *insights_parse(struct arena *a, const char *file, const char *bytes,
                                    size_t length, struct fault *why);
/* insights/house.yaml */
struct insight_book *insights_load(struct arena *a, struct fault *why);

#endif
