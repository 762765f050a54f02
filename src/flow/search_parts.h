/* Search parts: what the files of the search share. Private to src/flow/search*.c. */
#ifndef FLOW_SEARCH_PARTS_H
#define FLOW_SEARCH_PARTS_H

#include "flow/search.h"
#include "store/word.h"

enum {
    CANDIDATES_MOST = 2000, /* looked at one by one, for who sees only some */
    IDS_MOST = 40000,       /* of one word, to be met with those of another */
    NAMES_MOST = 6,         /* words of a name that are looked for */
};

/* One search under way. */
struct seeking {
    struct view *v;
    struct arena *a;
    const char *typed; /* without blanks at its ends */
    size_t most;
    struct search *out;
    size_t room;
    size_t of_group[FOUND_GROUPS];
    struct fault *why;
};

/* One row of the table. */
struct word_row {
    int64_t casefile;
    int32_t object;
    bool exact; /* the word is no longer than what was looked for */
};

/* Words that begin so, or are just this when it is too short to be a beginning; at most `most`,
 * and *more when there are others. */
bool words_find(struct seeking *s, char letter, const char *piece, size_t most,
                struct word_row **out, size_t *count, bool *more);

/* Adds a hit when its group has room and the reader may see it. */
bool hit_add(struct seeking *s, struct search_hit hit);

/* Accounts by name (search_name.c), and by what is open on them (search_amount.c). */
bool search_names(struct seeking *s);
bool search_amounts(struct seeking *s);

static inline struct casefile_key key_of(int64_t casefile)
{
    return (struct casefile_key){ casefile >> 53, casefile };
}

#endif
