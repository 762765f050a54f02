#include "flow/terms_bind.h"

#include "base/text.h"
#include "flow/movements.h"
#include "store/casefiles.h"

static bool invoice_day_of(struct book *b, struct casefile_key key, int32_t debt,
                           struct day *out, struct fault *why)
{
    struct query q = query_begin(b->store, Q_DEBT_GET);
    bool found;

    bind_key(&q, key);
    bind_int(&q, debt);
    found = query_next(&q);
    if (found)
        *out = (struct day){ (int32_t)row_int(&q, 4) };
    if (!query_end(&q, why))
        return false;
    return found || fail(why, NOT_FOUND, "There is no debt %d.", (int)debt);
}

/* Of the debt, in the order of their days. */
static bool load_bound(struct book *b, struct casefile_key key, int32_t debt,
                       struct movement **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(b->store, Q_MOVEMENTS_TERMS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    bind_int(&q, debt);
    while (query_next(&q)) {
        if (!movement_read(&q, &b->arena, arena_push(&b->arena, *out, *count, room), why))
            return false;
    }
    return query_end(&q, why);
}

static bool check_currency(const struct terms *terms, enum currency currency, struct fault *why)
{
    return terms->currency == CURRENCY_NONE || terms->currency == currency ||
           fail(why, BAD_VALUE, "The terms %s are in %s, and the debt is in %s.", terms->name,
                currency_code(terms->currency), currency_code(currency));
}

/* Says whether these hold from that day on already; ends what begins on it. */
static bool make_way(struct book *b, struct casefile_key key, const struct bind_input *in,
                     struct day from, const char *digest, bool *same, struct fault *why)
{
    struct movement *bound, *held = NULL;
    enum change change;
    size_t count;

    *same = false;
    if (!load_bound(b, key, in->debt, &bound, &count, why))
        return false;
    for (size_t i = 0; i < count && bound[i].day.number <= from.number; i++)
        held = &bound[i];
    if (held == NULL)
        return true;
    *same = text_equal(held->reference, digest);
    return *same || held->day.number != from.number ||
           book_move_undo(b, key, held->number, &change, why);
}

bool book_terms_bind(struct book *b, struct casefile_key key, const struct terms_file *terms,
                     const struct bind_input *in, enum change *change, struct fault *why)
{
    struct day from = in->from;
    char digest[DIGEST_HEX];
    bool same;

    *change = CHANGE_NONE;
    if (!check_currency(terms->terms, in->currency, why) ||
        (from.number == DAY_NONE.number && !invoice_day_of(b, key, in->debt, &from, why)) ||
        !terms_file_keep(b->store, terms, digest, why) ||
        !make_way(b, key, in, from, digest, &same, why))
        return false;
    if (same)
        return true;
    struct move_input m = { .is = { .kind = MOVEMENT_TERMS,
                                    .day = from,
                                    .due = DAY_NONE,
                                    .debt = in->debt,
                                    .component = COMPONENT_COUNT,
                                    .currency = in->currency,
                                    .reference = arena_copy(&b->arena, digest) },
                            .ground = arena_copy(&b->arena, digest),
                            .reason = in->reason,
                            .author = in->author };
    *change = CHANGE_ADDED;
    return book_move_add(b, key, &m, why);
}

bool book_terms_of(struct book *b, struct casefile_key key, int32_t debt, struct day day,
                   const struct terms **out, struct fault *why)
{
    struct movement *bound;
    size_t count;

    *out = NULL;
    if (!load_bound(b, key, debt, &bound, &count, why))
        return false;
    while (count > 0 && bound[count - 1].day.number > day.number)
        count--;
    return count == 0 || terms_kept(b->store, bound[count - 1].reference, out, why);
}

size_t terms_instalments(struct arena *a, const struct terms *terms, struct day invoice_day,
                         struct money whole, const struct instalment_input **out)
{
    struct instalment_input *all = arena_array(a, struct instalment_input, terms->due_count);
    struct money *parts = arena_array(a, struct money, terms->due_count);
    uint32_t *shares = arena_array(a, uint32_t, terms->due_count);
    size_t count = 0;

    for (size_t i = 0; i < terms->due_count; i++)
        shares[i] = (uint32_t)terms->due[i].share;
    money_split(whole, terms->due_count, shares, parts);
    for (size_t i = 0; i < terms->due_count; i++) {
        if (parts[i].minor != 0 || (count == 0 && i + 1 == terms->due_count))
            all[count++] = (struct instalment_input){
                due_day_of(&terms->due[i].rule, invoice_day), parts[i].minor
            };
    }
    *out = all;
    return count;
}
