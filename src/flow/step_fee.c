#include "flow/step_fee.h"

#include "base/text.h"
#include "flow/charge.h"
#include "flow/movements.h"
#include "flow/terms_bind.h"
#include "store/casefiles.h"

#include <string.h>

struct fee_state {
    struct ledger_books books; /* up to the day */
    int64_t by_steps;          /* charged for other steps of the instalment */
    bool done;                 /* for this one */
};

static const char *reference_of(struct book *b, const struct step_taken *step,
                                const struct late_fee *fee)
{
    return arena_print(&b->arena, "%s %s/%s", fee->name, step->ladder, step->step);
}

static bool load_state(struct book *b, struct casefile_key key, const struct step_taken *step,
                       const char *reference, struct fee_state *out, struct fault *why)
{
    struct movement *moves;
    size_t count;

    *out = (struct fee_state){ 0 };
    if (!movements_known(b->store, &b->arena, key, INSTANT_NEVER, &moves, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct movement *m = &moves[i];
        if (m->kind != MOVEMENT_CHARGE || m->debt != step->debt ||
            m->instalment != step->instalment || strchr(m->reference, '/') == NULL)
            continue;
        out->by_steps += m->minor;
        out->done = out->done || text_equal(m->reference, reference);
    }
    ledger_empty(&out->books, &b->arena);
    return ledger_as_of(&out->books, moves, count, step->day, why);
}

static bool is_frozen(const struct ledger_state *state, const struct step_taken *step)
{
    for (size_t i = 0; i < state->freeze_count; i++) {
        const struct ledger_freeze *f = &state->freezes[i];
        if ((f->debt == 0 || f->debt == step->debt) && f->from.number <= step->day.number &&
            step->day.number < f->until.number)
            return true;
    }
    return false;
}

static int64_t amount_of(const struct late_fee *fee, const struct terms *terms,
                         const struct fee_state *s, const struct ledger_slice *slice)
{
    int64_t minor = late_fee_of(fee, slice->owed[COMPONENT_PRINCIPAL] -
                                         slice->paid[COMPONENT_PRINCIPAL]);
    int64_t left = terms->fees_most_minor - slice->late_fees - s->by_steps;

    return terms->fees_most_minor != 0 && minor > left ? left : minor;
}

static bool add_one(struct book *b, struct casefile_key key, const struct step_taken *step,
                    const struct terms *terms, const struct late_fee *fee, int64_t *sum,
                    struct fault *why)
{
    const char *reference = reference_of(b, step, fee);
    struct fee_state s;

    if (!load_state(b, key, step, reference, &s, why))
        return false;
    const struct ledger_slice *slice =
        ledger_slice_find(&s.books.state, step->debt, step->instalment);
    if (s.done || slice == NULL || is_frozen(&s.books.state, step))
        return true;
    int64_t minor = amount_of(fee, terms, &s, slice);
    if (minor <= 0)
        return true;
    *sum += minor;
    struct move_input m = {
        .is = { .kind = MOVEMENT_CHARGE,
                .day = step->day,
                .due = DAY_NONE,
                .debt = step->debt,
                .instalment = step->instalment,
                .component = COMPONENT_FEES,
                .currency = slice->currency,
                .minor = minor,
                .reference = reference },
        .origin = arena_print(&b->arena, "step %s/%s", step->ladder, step->step),
        .ground = ground_text(&b->arena, fee->ground.clause, fee->ground.law)
    };
    return book_move_add(b, key, &m, why);
}

static bool step_fee_add(struct book *b, struct casefile_key key,
                         const struct step_taken *step, int64_t *minor,
                         struct fault *why)
{
    const struct terms *terms;

    if (!book_terms_of(b, key, step->debt, step->day, &terms, why))
        return false;
    for (size_t i = 0; terms != NULL && i < terms->fee_count; i++) {
        const struct late_fee *fee = &terms->fees[i];
        if (text_equal(fee->step, step->step) &&
            !add_one(b, key, step, terms, fee, minor, why))
            return false;
    }
    return true;
}

static bool read_again(struct book *b, struct casefile *c, struct fault *why)
{
    struct query q = query_begin(b->store, Q_INSTALMENT_CHARGES);

    bind_key(&q, c->key);
    for (size_t i = 0; query_next(&q);) {
        while (i < c->instalment_count &&
               (c->instalments[i].debt < row_int(&q, 0) ||
                (c->instalments[i].debt == row_int(&q, 0) &&
                 c->instalments[i].number < row_int(&q, 1))))
            i++;
        if (i == c->instalment_count || c->instalments[i].debt != row_int(&q, 0) ||
            c->instalments[i].number != row_int(&q, 1))
            continue;
        struct instalment *item = &c->instalments[i];
        item->open_minor += row_int(&q, 2) - item->charges_minor;
        item->charges_minor = row_int(&q, 2);
    }
    return query_end(&q, why);
}

bool step_fees(struct book *b, struct casefile *c, const struct step_taken steps[],
               size_t count, struct fault *why)
{
    int64_t minor = 0;

    for (size_t i = 0; i < count; i++) {
        if (!step_fee_add(b, c->key, &steps[i], &minor, why))
            return false;
    }
    if (minor == 0)
        return true;
    if (!book_settle(b, why))
        return false;
    c->last_no = book_last_number(b);
    c->face_serves = false;
    return read_again(b, c, why) && book_release(b, why);
}
