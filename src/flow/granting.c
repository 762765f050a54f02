#include "flow/granting.h"

#include "domain/agreement.h"
#include "domain/decide.h"
#include "flow/movements.h"
#include "store/casefiles.h"

static bool add_open(struct store *s, struct casefile_key key, struct debt_set debts,
                     struct granting *g, struct fault *why)
{
    struct ledger_books books;

    if (!books_as_of(s, g->a, key, g->today, INSTANT_NEVER, &books, why))
        return false;
    for (size_t i = 0; i < books.state.slice_count; i++) {
        const struct ledger_slice *slice = &books.state.slices[i];
        struct ledger_balance balance;
        if (slice->currency != g->open.currency || !debts_cover(debts, slice->debt))
            continue;
        if (!ledger_slice_balance(&books.state, slice, g->today, &balance, why))
            return false;
        for (int c = 0; c < COMPONENT_COUNT; c++)
            g->parts.open[c] += balance.open[c];
    }
    g->open.minor = balance_total(&g->parts);
    return true;
}

static bool in_hardship(const struct casefile *c, struct instant now)
{
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct gate_fact *f = &c->facts[i];
        if (f->type == FACT_HOLD && text_equal(f->scope, "hardship") && f->at.us <= now.us &&
            now.us < f->until.us)
            return true;
    }
    return false;
}

static struct value of_text(const char *text)
{
    return (struct value){ .known = text != NULL, .text = text != NULL ? text : "" };
}

static void fill_facts(const struct casefile *c, struct instant now, struct granting *g)
{
    struct value known[STRATEGY_FACT_COUNT], *v = g->facts;

    strategy_values(c, NULL, g->today, known);
    v[AUTHORITY_SEGMENT] = of_text(c->segment);
    v[AUTHORITY_DAYS] = known[FILE_OLDEST_DAYS];
    v[AUTHORITY_OPEN] = (struct value){ .known = true, .number = g->open.minor };
    v[AUTHORITY_CURRENCY] = of_text(currency_code(g->open.currency));
    v[AUTHORITY_KIND] = of_text(c->debt_count > 0 ? c->debts[0].kind : NULL);
    v[AUTHORITY_BUSINESS] = (struct value){ .known = true, .truth = c->business };
    v[AUTHORITY_HARDSHIP] = (struct value){ .known = true, .truth = in_hardship(c, now) };
    v[AUTHORITY_COUNTRY] = known[FILE_COUNTRY];
}

static bool granting_fill(struct store *s, struct arena *a, struct moment at,
                          struct casefile_key key, enum currency currency, struct debt_set debts,
                          struct granting *out, struct fault *why)
{
    struct casefile *c;

    *out = (struct granting){ .open = money_of(0, currency),
                              .today = wall_at(at.now, at.zone).day,
                              .a = a };
    out->rules = authority_load(a, "authority/house.yaml", why);
    if (out->rules == NULL || !add_open(s, key, debts, out, why) ||
        !casefile_load(s, a, key, out->today, &c, why))
        return false;
    fill_facts(c, at.now, out);
    return true;
}

bool granting_read(struct store *s, struct arena *a, struct moment at, struct casefile_key key,
                   enum currency currency, struct debt_set debts, struct granting *out,
                   struct fault *why)
{
    if (!granting_fill(s, a, at, key, currency, debts, out, why))
        return false;
    return out->open.minor > 0 ||
           fail(why, BAD_VALUE, "Nothing is open in %s.", currency_code(currency));
}

bool granting_load(struct book *b, struct casefile_key key, enum currency currency,
                   struct debt_set debts, struct granting *out, struct fault *why)
{
    return book_settle(b, why) &&
           granting_read(b->store, &b->arena, (struct moment){ b->now, b->zone }, key, currency,
                         debts, out, why);
}

bool granting_load_any(struct book *b, struct casefile_key key, enum currency currency,
                       struct granting *out, struct fault *why)
{
    const struct debt_set all = { 0, NULL };

    return book_settle(b, why) &&
           granting_fill(b->store, &b->arena, (struct moment){ b->now, b->zone }, key, currency,
                         all, out, why);
}

bool granting_role(const struct granting *g, const char *name, size_t *role, struct fault *why)
{
    struct text all = { 0 };

    *role = authority_role_find(g->rules, name);
    if (*role < g->rules->role_count)
        return true;
    for (size_t i = 0; i < g->rules->role_count; i++)
        text_add_print(&all, "%s%s", i > 0 ? ", " : "", g->rules->roles[i].name);
    fail(why, NOT_FOUND, "There is no role \"%s\" in %s.", name, g->rules->file);
    fault_hint(why, "%s", text_of(&all));
    text_free(&all);
    return false;
}

size_t granting_limits(const struct granting *g, size_t role,
                       struct plan_limit limits[AUTHORITY_LIMITS])
{
    return authority_limits(g->rules, role, g->facts, g->open, g->today, g->a, limits);
}

bool granting_check(const struct granting *g, size_t role, const struct proposal *proposal,
                    struct authority_answer *answer, struct fault *why)
{
    *answer = authority_check(g->rules, role, g->facts, proposal, g->a);
    if (answer->ruling != AUTHORITY_NOBODY)
        return true;
    fail(why, NOT_ALLOWED, "%s", answer->why);
    return fault_hint(why, "%s", answer->source);
}

void granting_proposal(const struct granting *g, size_t count, const struct day days[],
                       const int64_t minors[], bool down, struct proposal *out)
{
    size_t first = down && count > 1 ? 1 : 0;

    *out = (struct proposal){ .open = g->open };
    if (count == 0)
        return;
    out->plan_months = plan_term_months(days[first], days[count - 1]);
    out->plan_payments = (int64_t)(count - first);
    out->smallest_payment = minors[first];
    for (size_t i = first; i < count; i++)
        out->smallest_payment =
            minors[i] < out->smallest_payment ? minors[i] : out->smallest_payment;
    out->first_payment = down ? minors[0] : 0;
    out->first_within_days = days[0].number - g->today.number;
}

bool granting_none(const char *what, struct fault *why)
{
    return fail(why, NOT_ALLOWED,
                "Your role %s: somebody does it whose role has limits in authority/house.yaml.",
                what);
}

bool granting_covers(const struct authority_answer *answer, struct fault *why)
{
    if (answer->ruling == AUTHORITY_ALLOWED)
        return true;
    fail(why, NOT_ALLOWED, "%s", answer->why);
    return fault_hint(why, "%s", answer->source);
}
