/* Whether the law lets a dispute end that was not upheld: collection would go on. */
#include "flow/dispute.h"

#include "domain/ask.h"
#include "flow/policy.h"
#include "store/casefiles.h"

#include <stdio.h>
#include <stdlib.h>

struct ending {
    struct book *b;
    const struct casefile *c;
    const struct policy *policy;
    const struct dispute *d;
    struct day proof;
};

static bool is_its_fact(const struct ending *e, const struct gate_fact *fact)
{
    char number[16];

    snprintf(number, sizeof number, "%d", (int)e->d->number);
    return fact->type == FACT_DISPUTE &&
           text_equal(gate_field_find(fact->detail, "dispute"), number);
}

/* The fields of the fact, and that it was answered today and proved then. */
static struct gate_fields answered(const struct ending *e, struct gate_fields detail)
{
    struct arena *a = &e->b->arena;
    struct gate_field *fields = arena_array(a, struct gate_field, detail.count + 2);
    char day[DAY_TEXT];
    size_t count = 0;

    for (size_t i = 0; i < detail.count; i++)
        fields[count++] = detail.fields[i];
    fields[count++] = (struct gate_field){
        "answered", arena_copy(a, day_print(wall_at(e->b->now, e->b->zone).day, day))
    };
    if (e->proof.number != DAY_NONE.number)
        fields[count++] =
            (struct gate_field){ "verification_sent", arena_copy(a, day_print(e->proof, day)) };
    return (struct gate_fields){ count, fields };
}

/* A letter that asks for the debt, with the dispute answered, or without it. */
static struct verdict *judge(const struct ending *e, bool with)
{
    struct arena *a = &e->b->arena;
    const struct casefile *c = e->c;
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    struct gate_debt *debts = arena_array(a, struct gate_debt, c->debt_count + 1);
    struct gate_fact *facts = arena_array(a, struct gate_fact, c->fact_count + 1);
    struct verdict *verdict = arena_make(a, struct verdict);
    struct gate_question q;
    size_t debt_count = 0;

    for (size_t i = 0; i < c->debt_count; i++) {
        if (e->d->debt == 0 || e->d->debt == c->debts[i].number)
            debts[debt_count++] = ask_debt(c, c->debts[i].number, e->b->now, a);
    }
    question_build(c, debtor, CHANNEL_LETTER, NULL, e->b->now, debt_count, debts, &q);
    q.content = (struct gate_fields){ 0 };
    q.facts = facts;
    q.fact_count = 0;
    for (size_t i = 0; i < c->fact_count; i++) {
        struct gate_fact fact = c->facts[i];
        bool its = is_its_fact(e, &fact);
        if (its && !with)
            continue;
        if (its)
            fact.detail = answered(e, fact.detail);
        facts[q.fact_count++] = fact;
    }
    gate_judge(e->policy->packs_for(e->policy, a, c, debtor), &q, verdict);
    return verdict;
}

static bool denies(const struct verdict *v, const struct rule *rule)
{
    for (size_t i = 0; i < v->finding_count; i++) {
        if (v->findings[i].rule == rule && v->findings[i].ruling == RULING_DENY)
            return true;
    }
    return false;
}

/* The law that says no because of it, as it would be answered; not our own rules. */
static const struct finding *stopped_by_law(const struct ending *e)
{
    const struct verdict *with = judge(e, true), *without = judge(e, false);

    for (size_t i = 0; i < with->finding_count; i++) {
        const struct finding *f = &with->findings[i];
        if (f->ruling == RULING_DENY && !text_equal(rule_strength(f->rule), "policy") &&
            !denies(without, f->rule))
            return f;
    }
    return NULL;
}

bool dispute_may_end(struct book *b, struct casefile_key key, int32_t number, struct day proof,
                     struct fault *why)
{
    struct ending e = { .b = b, .proof = proof };
    struct casefile *c;
    struct dispute d;

    if (!dispute_load(b->store, &b->arena, key, number, &d, why) ||
        !casefile_load(b->store, &b->arena, key, book_today(b), &c, why))
        return false;
    if (d.state != DISPUTE_OPEN || casefile_party(c, PARTY_DEBTOR) == NULL)
        return true;
    struct loaded_policy *policy = policy_load(b->zone, b->now, why);
    if (policy == NULL)
        return false;
    e.d = &d;
    e.c = c;
    e.policy = policy_of(policy);
    const struct finding *f = stopped_by_law(&e);
    if (f != NULL) {
        fail(why, NOT_ALLOWED, "Not yet (%s): %s", rule_cite_first(f->rule), f->reason);
        fault_hint(why,
                   "--proof-sent DAY, once verification or a copy of the judgment was sent");
    }
    policy_free(policy);
    return f == NULL;
}
