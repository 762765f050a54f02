/* Ledger: what time alone does to an instalment. */
#include "domain/ledger_parts.h"

static struct day later(struct day a, struct day b)
{
    return a.number > b.number ? a : b;
}

static struct day sooner(struct day a, struct day b)
{
    return a.number < b.number ? a : b;
}

/* An instalment that was placed after its due day is late from the day of placing on. */
static struct day late_from(const struct ledger_slice *slice)
{
    return later(slice->due_day, slice->placed_day);
}

/* ---- Interest ---- */

/*
 * A day that is late costs when it has ended, so that paying on the day after the due day costs
 * one day; from the invoice on, the first day is free and the last one counts. Either way the
 * days are those between the two dates.
 */
static int offset_of(const struct ledger_slice *slice)
{
    return slice->terms->interest.start == INTEREST_FROM_DUE ? 1 : 0;
}

static struct day start_of(const struct ledger_slice *slice)
{
    return slice->terms->interest.start == INTEREST_FROM_DUE ? day_plus(late_from(slice), 1)
                                                             : slice->placed_day;
}

/* The first day at whose end there is interest. What has begun to run goes on, whatever grace
 * later terms give. */
static struct day first_end(const struct ledger_slice *slice)
{
    if (slice->terms->interest.start == INTEREST_FROM_DUE)
        return day_plus(late_from(slice), slice->terms->grace_days + 1);
    return day_plus(slice->placed_day, 1);
}

/* The end of the freeze that this day lies in, or the beginning of the next one. */
static bool is_frozen(const struct ledger_state *state, int32_t debt, struct day day,
                      struct day *until)
{
    *until = DAY_NEVER;
    for (size_t i = 0; i < state->freeze_count; i++) {
        const struct ledger_freeze *f = &state->freezes[i];
        if (f->debt != 0 && f->debt != debt)
            continue;
        if (f->from.number <= day.number && day.number < f->until.number) {
            *until = f->until;
            return true;
        }
        if (f->from.number > day.number)
            *until = sooner(*until, f->from);
    }
    return false;
}

static struct rates rates_of(const struct ledger_slice *slice, struct rate_step *fixed)
{
    const struct interest_terms *terms = &slice->terms->interest;

    if (!terms->fixed_at_start)
        return terms->rates;
    *fixed = (struct rate_step){ slice->run_start, rate_on(terms->rates, slice->run_start) };
    return (struct rates){ 1, fixed };
}

static int64_t base_of(const struct ledger_slice *slice)
{
    int64_t interest = slice_open(slice, COMPONENT_INTEREST);
    int64_t bears = slice->compounded < interest ? slice->compounded : interest;

    return slice_open(slice, COMPONENT_PRINCIPAL) + (bears > 0 ? bears : 0);
}

static bool run_piece(struct ledger_slice *slice, struct day from, struct day to,
                      struct fault *why)
{
    struct rate_step fixed;

    if (interest_add(&slice->run, slice->terms->interest.day_count, rates_of(slice, &fixed),
                     slice->run_start, from, to, base_of(slice)))
        return true;
    return fail(why, BAD_VALUE, "The interest of this debt is too large an amount.");
}

/* Runs until this day begins, as days of interest are counted (offset_of). */
static bool run_until(struct ledger_books *books, struct ledger_slice *slice, struct day to,
                      struct fault *why)
{
    struct day until;

    if (!slice->terms->interest.runs)
        return true;
    if (slice->run_start.number == DAY_NONE.number) {
        if (to.number - offset_of(slice) < first_end(slice).number)
            return true;
        slice->run_start = start_of(slice);
        slice->run_to = later(slice->run_start, slice->terms_from);
    }
    while (slice->run_to.number < to.number) {
        bool frozen = is_frozen(&books->state, slice->debt, slice->run_to, &until);
        struct day end = sooner(to, until);
        if (!frozen && base_of(slice) > 0 && !run_piece(slice, slice->run_to, end, why))
            return false;
        slice->run_to = end;
    }
    return true;
}

bool slice_run(struct ledger_books *books, struct ledger_slice *slice, struct day day,
               struct fault *why)
{
    return run_until(books, slice, day_plus(day, offset_of(slice)), why);
}

/*
 * The day before is the last that is counted by the old terms, be it that it is charged at its
 * own end or, from the invoice on, one day later. What they compounded stays so; their days of
 * compounding and of late fees are over, and those of the new terms that lie before never were.
 */
bool slice_bind(struct ledger_books *books, struct ledger_slice *slice,
                const struct terms *terms, struct day day, struct fault *why)
{
    if (!run_until(books, slice, day, why))
        return false;
    if (slice->run_start.number != DAY_NONE.number)
        slice->run_to = later(slice->run_to, day);
    slice->fees_to = later(slice->fees_to, day_plus(day, -1));
    slice->compound_to = later(slice->compound_to, day_plus(day, -1));
    slice->terms = terms;
    slice->terms_from = day;
    slice->changed = true;
    return true;
}

bool slice_post_interest(struct ledger_books *books, struct ledger_slice *slice, struct day day,
                         struct fault *why)
{
    if (!slice_run(books, slice, day, why))
        return false;
    int64_t minor = slice->run.minor - slice->run_posted;
    if (minor == 0)
        return true;
    struct entry_work e = entry_open(books, slice_cause(books, "interest", slice, day), 0, day,
                                     slice->currency, why);
    slice->run_posted = slice->run.minor;
    slice->changed = true;
    return owed_add(slice, COMPONENT_INTEREST, minor, why) &&
           entry_put(&e, "interest", slice->debt, slice->instalment, minor) &&
           entry_put(&e, "charged", slice->debt, slice->instalment, -minor) && entry_close(&e);
}

static struct day months_later(struct day day, int months)
{
    struct date d = date_of_day(day);
    int month = d.month - 1 + months, day_of_month = d.day;

    d = (struct date){ d.year + month / 12, month % 12 + 1, day_of_month };
    while (!date_is_valid(d))
        d.day--;
    return day_of_date(d);
}

static int compound_months(const struct ledger_slice *slice)
{
    switch (slice->terms->interest.compounding) {
    case COMPOUND_MONTHLY:
        return 1;
    case COMPOUND_QUARTERLY:
        return 3;
    case COMPOUND_YEARLY:
        return 12;
    case COMPOUND_NEVER:
        break;
    }
    return 0;
}

/* The first day of compounding that is not done: as many months after the beginning. */
static struct day compound_day(const struct ledger_slice *slice)
{
    int step = compound_months(slice), offset = offset_of(slice);
    struct day start =
        slice->run_start.number != DAY_NONE.number ? slice->run_start : start_of(slice);

    if (step == 0)
        return DAY_NEVER;
    int days =
        slice->compound_to.number < start.number ? 0 : slice->compound_to.number - start.number;
    for (int months = days / 31 / step * step + step;; months += step) {
        struct day day = day_plus(months_later(start, months), -offset);
        if (day.number > slice->compound_to.number)
            return day;
    }
}

void slice_compound(struct ledger_slice *slice, struct day day)
{
    if (!slice->terms->interest.runs || compound_day(slice).number > day.number)
        return;
    slice->compounded = slice_open(slice, COMPONENT_INTEREST);
    slice->compound_to = day;
    slice->changed = true;
}

static struct day month_end(struct day day)
{
    struct date d = date_of_day(day);

    return day_plus(months_later(day_plus(day, 1 - d.day), 1), -1);
}

/* Interest compounds, and is posted, only while something bears it. */
struct day slice_post_day(const struct ledger_slice *slice)
{
    struct day best = DAY_NEVER, from;

    if (slice->run.minor != slice->run_posted) /* of terms that hold no more */
        best = month_end(slice->terms_from);
    if (!slice->terms->interest.runs || base_of(slice) <= 0)
        return best;
    if (slice->run_start.number == DAY_NONE.number)
        from = later(first_end(slice), day_plus(slice->terms_from, 1 - offset_of(slice)));
    else
        from = day_plus(slice->run_to, 1 - offset_of(slice));
    return sooner(best, sooner(month_end(from), compound_day(slice)));
}

/* ---- Late fees ---- */

static struct day fee_day(const struct ledger_slice *slice, const struct late_fee *fee)
{
    int64_t first =
        (int64_t)late_from(slice).number + slice->terms->grace_days + 1 + fee->after_days;
    int64_t times = 0;

    if (fee->step != NULL)
        return DAY_NEVER;
    if (slice->fees_to.number >= first) {
        if (fee->every_days == 0)
            return DAY_NEVER;
        times = (slice->fees_to.number - first) / fee->every_days + 1;
    }
    if (fee->most_times != 0 && times >= fee->most_times)
        return DAY_NEVER;
    first += times * fee->every_days;
    return first < DAY_NEVER.number ? (struct day){ (int32_t)first } : DAY_NEVER;
}

struct day slice_fee_day(const struct ledger_slice *slice)
{
    struct day best = DAY_NEVER;

    if (slice_open(slice, COMPONENT_PRINCIPAL) <= 0)
        return best;
    for (size_t i = 0; i < slice->terms->fee_count; i++)
        best = sooner(best, fee_day(slice, &slice->terms->fees[i]));
    return best;
}

static bool charge_fee(struct ledger_books *books, struct ledger_slice *slice,
                       const struct late_fee *fee, struct day day, struct fault *why)
{
    int64_t minor = late_fee_of(fee, slice_open(slice, COMPONENT_PRINCIPAL));
    int64_t most = slice->terms->fees_most_minor;

    if (most != 0 && minor > most - slice->late_fees)
        minor = most - slice->late_fees;
    if (minor <= 0)
        return true;
    struct entry_work e = entry_open(books, slice_cause(books, fee->name, slice, day), 0, day,
                                     slice->currency, why);
    slice->changed = true;
    return sum_add(&slice->late_fees, minor, why) &&
           owed_add(slice, COMPONENT_FEES, minor, why) &&
           entry_put(&e, "fees", slice->debt, slice->instalment, minor) &&
           entry_put(&e, "charged", slice->debt, slice->instalment, -minor) && entry_close(&e);
}

bool slice_late_fees(struct ledger_books *books, struct ledger_slice *slice, struct day day,
                     struct fault *why)
{
    struct day until;
    bool frozen = is_frozen(&books->state, slice->debt, day, &until);

    for (size_t i = 0; i < slice->terms->fee_count; i++) {
        const struct late_fee *fee = &slice->terms->fees[i];
        if (fee_day(slice, fee).number == day.number && !frozen &&
            !charge_fee(books, slice, fee, day, why))
            return false;
    }
    slice->fees_to = day;
    return true;
}

bool slice_touch(struct ledger_books *books, struct ledger_slice *slice, struct day day,
                 struct fault *why)
{
    slice->fees_to = later(slice->fees_to, day);
    slice->compound_to = later(slice->compound_to, day_plus(day, -1));
    return slice_post_interest(books, slice, day, why);
}
