/*
 * Strategy: which steps are taken with whom, and when. Data (folder strategies), read by
 * formats/strategy_file.h; here is what it means.
 *
 * A strategy applies to the case files for which its `for` condition holds; the first that
 * holds, in order of `order`, is the one. Inside it the first segment whose condition holds
 * names the ladder. A ladder is a row of steps by distance from the due date.
 *
 * Which step of an instalment is due on a day:
 *   entry highest        the highest step that was reached and whose condition holds
 *   entry one_at_a_time  the lowest such step that was not done yet
 * Steps at or below the last one done are never taken again. A step that was reached more than
 * `stale_after_days` ago is stale and is skipped; the first step that an instalment takes is
 * never stale, so that an old debt is not left without any word, nor without its introduction.
 *
 * The end of a ladder is reached when no step is due, `end_after_days` have passed since the
 * day of its last step, and as many since the instalment's own last one.
 *
 * Steps of one name in two ladders of a strategy mean the same word to the debtor: an
 * instalment that changes its segment goes on after the step it had.
 */
#ifndef DOMAIN_STRATEGY_H
#define DOMAIN_STRATEGY_H

#include "domain/condition.h"
#include "domain/contact.h"

/* What conditions of strategies may ask. The order is that of strategy_facts. */
#define STRATEGY_FACTS(X)                                                                      \
    X(ITEM_DAYS_PAST_DUE, "days_past_due", VALUE_INT, true,                                    \
      "days since the due date of this instalment; negative before it")                        \
    X(ITEM_DAYS_DELINQUENT, "days_delinquent", VALUE_INT, false,                               \
      "days past due after the grace of the terms, without those of pauses; 0 before")         \
    X(ITEM_OPEN_MINOR, "open_minor", VALUE_INT, false,                                         \
      "what is open of this instalment with its charges, less what is disputed, in minor "    \
      "units")                                                                                 \
    X(ITEM_KIND, "kind", VALUE_TEXT, false, "kind of the debt, such as \"invoice\"")           \
    X(FILE_OLDEST_DAYS, "oldest_days_past_due", VALUE_INT, true,                               \
      "days since the oldest unpaid due date of the case file")                                \
    X(FILE_OPEN_MINOR, "total_open_minor", VALUE_INT, false,                                   \
      "all that is open in the case file, in the currency of its oldest open debt")            \
    X(FILE_PAST_DUE_MINOR, "total_past_due_minor", VALUE_INT, false,                           \
      "all that is past due in the case file, in the same currency")                           \
    X(FILE_OPEN_ITEMS, "open_items", VALUE_INT, false, "how many instalments are open")        \
    X(FILE_PAST_DUE_ITEMS, "past_due_items", VALUE_INT, false,                                 \
      "how many instalments are past due")                                                     \
    X(FILE_CURRENCY, "currency", VALUE_TEXT, false, "ISO 4217 code of the oldest open debt")   \
    X(FILE_BUSINESS, "business", VALUE_BOOL, false, "the debtor is a business")                \
    X(FILE_ROLE, "role", VALUE_TEXT, false,                                                    \
      "first_party_creditor, third_party_collector or debt_buyer")                             \
    X(FILE_CREDITOR, "creditor", VALUE_TEXT, false, "to whom it is owed")                      \
    X(FILE_COUNTRY, "country", VALUE_TEXT, false, "ISO 3166-1 code of the debtor's country")   \
    X(FILE_REGION, "region", VALUE_TEXT, false, "ISO 3166-2 code, such as \"US-WI\"")          \
    X(FILE_LANGUAGE, "language", VALUE_TEXT, false, "BCP 47 tag of the debtor's language")     \
    X(FILE_HAS_EMAIL, "has_email", VALUE_BOOL, false, "a good mailbox is known")               \
    X(FILE_HAS_LETTER, "has_letter", VALUE_BOOL, false, "a good postal address is known")      \
    X(FILE_HAS_PHONE, "has_phone", VALUE_BOOL, false, "a good phone number is known")          \
    X(FILE_BROKEN_PROMISES, "broken_promises", VALUE_INT, false,                               \
      "promises, and instalments of plans, that were broken or only partly kept")              \
    X(FILE_DEFAULTED_PLANS, "defaulted_plans", VALUE_INT, false,                               \
      "payment plans that were not kept")

#define X(code, name, type, moves, meaning) code,
enum strategy_fact { STRATEGY_FACTS(X) STRATEGY_FACT_COUNT };
#undef X

extern const struct fact_table strategy_facts;

/*
 * The values of a moving fact at which conditions may flip, counted from the due date; `daily`
 * when that cannot be said, so that any day may be such a day.
 */
struct turns {
    size_t count;
    const int *days;
    bool daily;
};

enum ladder_entry { ENTRY_HIGHEST, ENTRY_ONE_AT_A_TIME };

struct ladder_step {
    const char *id, *template;
    int day;                     /* days after the due date; negative before it */
    struct condition *when;      /* NULL: always */
    const char *when_text;       /* as written; NULL: always */
    size_t channel_count;
    enum channel channels[6];    /* in order of preference */
    struct place place;
};

struct ladder {
    const char *name;
    struct place place;
    enum ladder_entry entry;
    int stale_after_days;
    int gap_days;                /* at least this many days between two messages of it */
    size_t step_count;
    struct ladder_step *steps;   /* ascending by day */
    const char *end_then;        /* what follows the last step: hand_over, person, write_off, stop */
    int end_after_days;          /* so many days after the last step                  */
    struct turns turns;          /* of the conditions of its steps                    */
};

struct segment {
    const char *name;
    struct place place;
    struct condition *when; /* NULL: always */
    const char *when_text;
    const struct ladder *ladder;
};

struct strategy {
    const char *name, *title, *file;
    const char *digest;     /* of the file's bytes, hex */
    int order;
    struct condition *applies; /* NULL: to all */
    const char *applies_text;
    int promise_tolerance_bp;  /* a promise is kept from (100% - this) of its amount  */
    int promise_grace_days;    /* days after the promised day before it counts        */
    size_t segment_count, ladder_count;
    const struct segment *segments;
    struct ladder *ladders;
    struct turns applies_turns, segment_turns; /* of oldest_days_past_due */
    const struct yaml *cases;  /* for formats/strategy_case.h; may be NULL */
};

struct strategies {
    size_t count;
    const struct strategy *const *all; /* ascending by order, then name */
};

/* Place of the step of this id in the ladder; step_count when it has none. */
size_t ladder_find(const struct ladder *ladder, const char *step_id);

/* Fills in all turns of the strategy, when its conditions are there. */
void strategy_find_turns(struct strategy *s, struct arena *a);

#endif
