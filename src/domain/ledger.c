#include "domain/ledger_parts.h"

#include "base/sort.h"

#define X(code, name) name,
static const char *const movement_names[] = { MOVEMENTS(X) };
#undef X

const char *movement_name(enum movement_kind kind)
{
    return movement_names[kind];
}

bool movement_parse(const char *name, enum movement_kind *out)
{
    for (int i = 0; i < MOVEMENT_COUNT; i++) {
        if (strcmp(movement_names[i], name) == 0) {
            *out = (enum movement_kind)i;
            return true;
        }
    }
    return false;
}

void ledger_empty(struct ledger_books *books, struct arena *arena)
{
    *books = (struct ledger_books){ .arena = arena,
                                    .state.frontier = DAY_NONE,
                                    .quiet_to = DAY_NONE };
}

/* ---- Entries ---- */

bool sum_add(int64_t *sum, int64_t minor, struct fault *why)
{
    if (__builtin_add_overflow(*sum, minor, sum))
        return fail(why, BAD_VALUE, "The amounts of this case file are too large to be added.");
    return true;
}

struct entry_work entry_open(struct ledger_books *books, const char *cause, int32_t movement,
                             struct day day, enum currency currency, struct fault *why)
{
    return (struct entry_work){
        books,
        { .cause = cause, .movement = movement, .day = day, .currency = currency },
        0,
        why
    };
}

bool entry_put(struct entry_work *e, const char *account, int32_t debt, int32_t instalment,
               int64_t minor)
{
    struct ledger_entry *entry = &e->entry;

    if (minor == 0)
        return true;
    *arena_push(e->books->arena, entry->lines, entry->line_count, e->room) =
        (struct ledger_line){ account, debt, instalment, minor };
    return true;
}

bool entry_close(struct entry_work *e)
{
    int64_t sum = 0;

    for (size_t i = 0; i < e->entry.line_count; i++) {
        if (!sum_add(&sum, e->entry.lines[i].minor, e->why))
            return false;
    }
    must(sum == 0);
    if (e->entry.line_count > 0)
        *arena_push(e->books->arena, e->books->entries, e->books->entry_count,
                    e->books->entry_room) = e->entry;
    return true;
}

/* ---- Slices ---- */

int64_t slice_open(const struct ledger_slice *slice, enum component component)
{
    return slice->owed[component] - slice->paid[component];
}

int64_t slice_charges(const struct ledger_slice *slice)
{
    return slice_open(slice, COMPONENT_INTEREST) + slice_open(slice, COMPONENT_FEES) +
           slice_open(slice, COMPONENT_COSTS);
}

bool owed_add(struct ledger_slice *slice, enum component component, int64_t minor,
              struct fault *why)
{
    int64_t owed = slice->owed[component];

    if (!sum_add(&owed, minor, why))
        return false;
    if (owed > OWED_MOST || owed < -OWED_MOST)
        return fail(why, BAD_VALUE, "The amounts of this case file are too large to be added.");
    slice->owed[component] = owed;
    return true;
}

const char *slice_cause(struct ledger_books *books, const char *what,
                        const struct ledger_slice *slice, struct day day)
{
    char text[DAY_TEXT];

    return arena_print(books->arena, "%s %d.%d %s", what, (int)slice->debt,
                       (int)slice->instalment, day_print(day, text));
}

size_t ledger_slice_at(const struct ledger_state *state, int32_t debt, int32_t instalment)
{
    size_t low = 0, high = state->slice_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct ledger_slice *slice = &state->slices[middle];
        if (slice->debt < debt || (slice->debt == debt && slice->instalment < instalment))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct ledger_slice *ledger_slice_find(const struct ledger_state *state, int32_t debt,
                                       int32_t instalment)
{
    size_t at = ledger_slice_at(state, debt, instalment);

    if (at == state->slice_count || state->slices[at].debt != debt ||
        state->slices[at].instalment != instalment)
        return NULL;
    return &state->slices[at];
}

int64_t balance_total(const struct ledger_balance *balance)
{
    int64_t total = 0;

    for (int i = 0; i < COMPONENT_COUNT; i++)
        total += balance->open[i];
    return total;
}

bool ledger_slice_balance(const struct ledger_state *state, const struct ledger_slice *slice,
                          struct day day, struct ledger_balance *out, struct fault *why)
{
    struct ledger_slice copy = *slice;
    struct ledger_books books = { .state = *state };

    if (!slice_run(&books, &copy, day, why) ||
        !owed_add(&copy, COMPONENT_INTEREST, copy.run.minor - copy.run_posted, why))
        return false;
    for (int i = 0; i < COMPONENT_COUNT; i++)
        out->open[i] = slice_open(&copy, (enum component)i);
    return true;
}

int64_t ledger_waiting(const struct ledger_state *state, enum currency currency)
{
    for (size_t i = 0; i < state->wait_count; i++) {
        if (state->waits[i].currency == currency)
            return state->waits[i].minor;
    }
    return 0;
}

/* ---- Through time ---- */

static struct day sooner(struct day a, struct day b)
{
    return a.number < b.number ? a : b;
}

static void next_of(const struct ledger_slice *slice, struct day *fee, struct day *post)
{
    *fee = sooner(*fee, slice_fee_day(slice));
    *post = sooner(*post, slice_post_day(slice));
}

struct day ledger_next_day(const struct ledger_state *state, struct day today)
{
    struct day fee = DAY_NEVER, post = DAY_NEVER;

    for (size_t i = 0; i < state->slice_count; i++)
        next_of(&state->slices[i], &fee, &post);
    if (post.number != DAY_NEVER.number)
        post = day_plus(post, 1); /* posted when the day is over */
    fee = sooner(fee, post);
    return fee.number > today.number ? fee : day_plus(today, 1);
}

/* The next day on which time alone does something; `fees` tells at which end of it. */
static struct day next_by_itself(const struct ledger_books *books, bool *fees)
{
    struct day fee = DAY_NEVER, post = DAY_NEVER;

    for (size_t i = 0; i < books->live_count; i++)
        next_of(&books->state.slices[books->live[i]], &fee, &post);
    *fees = fee.number <= post.number;
    return *fees ? fee : post;
}

static bool slice_day(struct ledger_books *books, struct ledger_slice *slice, struct day day,
                      bool fees, struct fault *why)
{
    if (fees)
        return slice_fee_day(slice).number != day.number ||
               slice_late_fees(books, slice, day, why);
    if (slice_post_day(slice).number != day.number)
        return true;
    if (!slice_post_interest(books, slice, day, why))
        return false;
    slice_compound(slice, day);
    return true;
}

/* A movement of this day could have changed what is done: nothing of this day can be added. */
static bool one_day(struct ledger_books *books, struct day day, bool fees, struct fault *why)
{
    struct ledger_state *state = &books->state;

    for (size_t i = 0; i < books->live_count; i++) {
        if (!slice_day(books, &state->slices[books->live[i]], day, fees, why))
            return false;
    }
    if (state->frontier.number < day.number)
        state->frontier = day;
    /* Fees come first in a day, but for terms and freezes. */
    state->last = (struct movement){ .number = INT32_MAX,
                                     .kind = MOVEMENT_FREEZE,
                                     .day = day,
                                     .debt = INT32_MAX,
                                     .reference = fees ? "\xff" : NULL };
    return true;
}

/* What time does in the days before this one and, with `fees`, at the beginning of it. */
static bool time_to(struct ledger_books *books, struct day day, bool with_fees,
                    struct fault *why)
{
    while (books->quiet_to.number <= day.number) {
        bool fees;
        struct day next = next_by_itself(books, &fees);
        books->quiet_to = next;
        if (next.number > day.number || (next.number == day.number && !(fees && with_fees)))
            return true;
        if (!one_day(books, next, fees, why))
            return false;
    }
    return true;
}

static int compare_movements(const void *left, const void *right)
{
    const struct movement *a = left, *b = right;
    int order;

    if (a->day.number != b->day.number)
        return a->day.number < b->day.number ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    order = strcmp(a->reference, b->reference);
    if (order == 0)
        order = (a->debt > b->debt) - (a->debt < b->debt);
    if (order == 0)
        order = (a->instalment > b->instalment) - (a->instalment < b->instalment);
    if (order == 0)
        order = (a->component > b->component) - (a->component < b->component);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static int compare_placed(const void *left, const void *right)
{
    const struct movement *a = *(const struct movement *const *)left;
    const struct movement *b = *(const struct movement *const *)right;

    if (a->debt != b->debt)
        return a->debt < b->debt ? -1 : 1;
    return (a->day.number > b->day.number) - (a->day.number < b->day.number);
}

/* The first day of the debt, or of one instalment, among these; DAY_NEVER when it is not. */
static struct day first_placed(struct movement *const *placed, size_t count,
                               const struct movement *m)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (placed[middle]->debt < m->debt)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && placed[low]->debt == m->debt; low++) {
        if (m->instalment == 0 || placed[low]->instalment == m->instalment)
            return placed[low]->day;
    }
    return DAY_NEVER;
}

static bool is_placed(const struct ledger_state *state, const struct movement *m)
{
    size_t at = ledger_slice_at(state, m->debt, m->instalment);

    return at < state->slice_count && state->slices[at].debt == m->debt &&
           (m->instalment == 0 || state->slices[at].instalment == m->instalment);
}

/* A charge or correction that is dated before its debt counts from the day of the debt. */
static void not_before_debt(struct ledger_books *books, struct movement *movements,
                            size_t count)
{
    struct movement **placed = arena_array(books->arena, struct movement *, count);
    size_t placed_count = 0;

    for (size_t i = 0; i < count; i++) {
        if (movements[i].kind == MOVEMENT_PLACED)
            placed[placed_count++] = &movements[i];
    }
    if (placed_count == 0)
        return;
    sort_array(placed, placed_count, sizeof(struct movement *), compare_placed);
    for (size_t i = 0; i < count; i++) {
        struct movement *m = &movements[i];
        if ((m->kind != MOVEMENT_ADJUST && m->kind != MOVEMENT_CHARGE) || m->debt == 0 ||
            is_placed(&books->state, m))
            continue;
        struct day day = first_placed(placed, placed_count, m);
        if (day.number != DAY_NEVER.number && day.number > m->day.number)
            m->day = day;
    }
}

/* Terms and freezes hold for the late fees of their day. */
static bool comes_before_fees(const struct movement *m)
{
    return m->kind == MOVEMENT_TERMS || m->kind == MOVEMENT_FREEZE;
}

bool ledger_fits(const struct ledger_state *state, const struct movement *m)
{
    if (m->day.number != state->frontier.number)
        return m->day.number > state->frontier.number;
    return state->last.reference != NULL && state->last.day.number == m->day.number &&
           compare_movements(&state->last, m) < 0;
}

bool ledger_run(struct ledger_books *books, struct movement *movements, size_t count,
                struct day today, struct fault *why)
{
    struct ledger_state *state = &books->state;

    live_find(books);
    not_before_debt(books, movements, count);
    sort_array(movements, count, sizeof *movements, compare_movements);
    must(count == 0 || ledger_fits(state, &movements[0]));
    for (size_t i = 0; i < count; i++) {
        const struct movement *m = &movements[i];
        if (!time_to(books, m->day, !comes_before_fees(m), why) ||
            !movement_apply(books, m, why))
            return false;
        if (state->frontier.number < m->day.number)
            state->frontier = m->day;
        state->last = *m;
    }
    return time_to(books, today, true, why);
}

bool ledger_as_of(struct ledger_books *books, struct movement *movements, size_t count,
                  struct day day, struct fault *why)
{
    size_t kept = 0;

    not_before_debt(books, movements, count);
    for (size_t i = 0; i < count; i++) {
        if (movements[i].day.number > day.number)
            continue;
        struct movement swap = movements[kept];
        movements[kept++] = movements[i];
        movements[i] = swap;
    }
    return ledger_run(books, movements, kept, day, why);
}
