/*
 * Any bytes as a terms file: it is read, or refused with its place. What is read keeps what the
 * rest of the program relies on. The same bytes are tried as a series of rates.
 */
#include "formats/terms.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

static void check_ground(const struct ground *ground)
{
    must(ground->clause != NULL || ground->law != NULL);
}

static void check_fee(const struct late_fee *fee)
{
    check_ground(&fee->ground);
    must((fee->share > 0) != (fee->tier_count > 0));
    for (size_t i = 1; i < fee->tier_count; i++)
        must(fee->tiers[i].from_minor > fee->tiers[i - 1].from_minor);
    must(late_fee_of(fee, 0) == 0 && late_fee_of(fee, INT64_MAX) >= 0);
}

static void check_terms(const struct terms *terms)
{
    struct interest_run run = { 0 };
    struct day start = { 20000 };
    int64_t shares = 0;
    unsigned parts = 0;

    for (size_t i = 0; i < terms->due_count; i++) {
        must(due_day_of(&terms->due[i].rule, start).number >= start.number);
        shares += terms->due[i].share;
    }
    must(shares == SHARE_WHOLE);
    for (int i = 0; i < COMPONENT_COUNT; i++)
        parts |= 1U << terms->allocation.order[i];
    must(parts == (1U << COMPONENT_COUNT) - 1);
    for (size_t i = 0; i < terms->fee_count; i++)
        check_fee(&terms->fees[i]);
    if (terms->discount.share > 0)
        check_ground(&terms->discount.ground);
    if (terms->interest.runs) {
        check_ground(&terms->interest.ground);
        must(interest_add(&run, terms->interest.day_count, terms->interest.rates, start, start,
                          day_plus(start, 1000), 1000000));
        must(run.minor >= 0);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    static struct arena kept;
    static struct rate_book book;
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct rate_series series = { 0 };
    const char *text = (const char *)bytes;

    if (book.series_count == 0)
        must(rate_book_load(&kept, &book, &why));
    const struct terms *terms = terms_read(&a, "fuzz", text, length, &book, &why);
    if (terms == NULL)
        must(why.code == BAD_PACK && strncmp(why.text, "fuzz:", 5) == 0);
    else
        check_terms(terms);
    why = (struct fault){ 0 };
    if (rate_series_read(&a, "fuzz", text, length, &series, &why))
        must(series.rates.count > 0);
    else
        must(why.code == BAD_PACK && strncmp(why.text, "fuzz:", 5) == 0);
    arena_free(&a);
    return 0;
}
