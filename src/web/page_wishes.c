/* What people told us of how they want to be reached. */
#include "web/work_pages.h"

#include "base/text.h"
#include "domain/gate.h"

/* Only they can take a wish back. What was noted a moment ago by mistake was no wish of theirs. */
enum { FRESH_MINUTES = 5 };

static bool is_wish(enum fact_type type)
{
    return type == FACT_OPT_OUT || type == FACT_CONSENT || type == FACT_PREFERENCE ||
           type == FACT_LOCATION_CONFIRMED || type == FACT_INCONVENIENT_TIME ||
           type == FACT_INCONVENIENT_PLACE || type == FACT_EMPLOYER_PROHIBITS ||
           type == FACT_ATTORNEY || type == FACT_CEASE || type == FACT_REFUSAL_TO_PAY ||
           type == FACT_MILITARY;
}

bool wish_is_fresh(const struct account_fact *fact, struct instant now)
{
    return now.us - fact->at.us <= FRESH_MINUTES * INT64_C(60000000);
}

bool fact_end(struct page *p, struct fault *why)
{
    struct account_fact fact;
    struct work w;
    int32_t number;
    bool found;

    if (!work_number(p, 1, &number, why) || !work_again(p, &w, why) ||
        !account_fact(w.book, &w.account, number, w.book->now, &fact, &found, why))
        return false;
    if (!found || !is_wish(fact.type))
        return fail(why, NOT_FOUND, "There is nothing to take back.");
    if (!wish_is_fresh(&fact, w.book->now))
        return fail(why, CONFLICT,
                    "That was noted more than %d minutes ago. Only they can take it back now.",
                    FRESH_MINUTES);
    if (!book_fact_end(w.book, w.account.key, number, w.book->now, why))
        return false;
    return work_end(&w, "Taken back.", NULL, why);
}
