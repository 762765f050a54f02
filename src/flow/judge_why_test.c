/*
 * Why not now, on every case of every pack, judged by its whole pack: what is reported works,
 * and nothing smaller does. The changes are made again here, one by one, and judged again.
 */
#include "base/text.h"
#include "domain/gate_cure_parts.h"
#include "flow/judge.h"
#include "flow/judge_fixture.h"
#include "flow/situation.h"

#include <stdlib.h>
#include <string.h>

enum { HORIZON = 60 };

/* One case, its verdict and what would change it. */
struct asked {
    struct arena *a;
    const struct rule_case *c;
    struct gate_packs packs;
    struct gate_question question;
    struct verdict verdict;
    struct candidates candidates;
    struct cures cures;
};

static enum ruling ruling_with(struct asked *x, size_t count,
                               const struct cure *const changes[])
{
    static struct verdict verdict;
    struct gate_question q = x->question;
    int32_t days = 0;

    for (size_t i = 0; i < count; i++) {
        cure_apply(changes[i], x->a, &q);
        days = changes[i]->days > days ? changes[i]->days : days;
    }
    if (days > 0)
        q.at = day_later_everywhere(&q, q.at, days + 1);
    gate_judge(x->packs, &q, &verdict);
    return verdict.ruling;
}

/* A contact that is blocked is cured by allow or defer, one that waits by allow alone. */
static bool works(struct asked *x, size_t count, const struct cure *const changes[])
{
    enum ruling ruling = ruling_with(x, count, changes);

    for (size_t i = 0; i < count; i++) {
        if (changes[i]->days > 0 && x->verdict.ruling == RULING_DEFER)
            return false;
    }
    return x->verdict.ruling == RULING_DENY ? ruling != RULING_DENY : ruling == RULING_ALLOW;
}

static void refuse(const struct asked *x, const char *what)
{
    fail_msg("%s:%d: %s: %s", x->c->place.file, x->c->place.line, x->c->name, what);
}

/* The changes that there are to choose from, gathered anew. */
static void candidates_gather(struct asked *x)
{
    enum ruling least = x->verdict.ruling == RULING_DENY ? RULING_DENY : RULING_DEFER;

    x->candidates = (struct candidates){ .a = x->a, .question = &x->question };
    for (size_t i = 0; i < x->verdict.finding_count; i++) {
        if (x->verdict.findings[i].ruling >= least)
            candidates_of_finding(&x->candidates, &x->verdict.findings[i]);
    }
}

static void check_singles_fail(struct asked *x)
{
    for (size_t i = 0; i < x->candidates.count; i++) {
        const struct cure *one[] = { &x->candidates.all[i] };
        if (works(x, 1, one))
            refuse(x, "a single change works");
    }
}

static void check_pairs_fail(struct asked *x)
{
    for (size_t i = 0; i < x->candidates.count; i++) {
        for (size_t k = i + 1; k < x->candidates.count; k++) {
            const struct cure *two[] = { &x->candidates.all[i], &x->candidates.all[k] };
            if (works(x, 2, two))
                refuse(x, "a pair of changes works");
        }
    }
}

static void check_ways(struct asked *x)
{
    for (size_t i = 0; i < x->cures.way_count; i++) {
        const struct cure_way *way = &x->cures.ways[i];
        if (!works(x, way->count, way->changes))
            refuse(x, "what is reported does not work");
        if (way->opens.us < x->question.at.us)
            refuse(x, "it opens before it is asked");
        if (way->count != x->cures.ways[0].count)
            refuse(x, "ways of different sizes");
    }
}

/* Case by case; `counts` is by outcome. */
static void check_case(struct asked *x, size_t counts[CURES_TOO_MANY + 1])
{
    struct cures again;

    gate_judge(x->packs, &x->question, &x->verdict);
    gate_cure(x->packs, &x->question, &x->verdict, HORIZON, x->a, &x->cures);
    gate_cure(x->packs, &x->question, &x->verdict, HORIZON, x->a, &again);
    counts[x->cures.outcome]++;
    candidates_gather(x);
    check_ways(x);
    if (x->cures.judged > CURE_JUDGEMENTS_MOST || again.judged != x->cures.judged ||
        !text_equal(cures_words(x->a, &again), cures_words(x->a, &x->cures)))
        refuse(x, "asked again, it is another answer");
    if ((x->verdict.ruling == RULING_ALLOW) != (x->cures.outcome == CURES_NOT_NEEDED))
        refuse(x, "a cure for what is allowed");
    if ((x->cures.outcome == CURES_NONE) != (x->cures.barred_by != NULL))
        refuse(x, "nothing bars it, or what bars it is not named");
    size_t size = x->cures.way_count > 0 ? x->cures.ways[0].count : CURE_CHANGES_MOST;
    if (size > 1)
        check_singles_fail(x);
    if (size > 2)
        check_pairs_fail(x);
}

static void what_is_reported_works_and_is_the_smallest(void **state)
{
    size_t counts[CURES_TOO_MANY + 1] = { 0 };
    static struct asked x;
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < book.case_count; i++) {
        const struct rule_pack *packs[] = { book.cases[i].pack };
        struct fault why;
        json_t *situation = situation_of_case(&book.cases[i]);
        x.a = &a;
        x.c = &book.cases[i];
        x.packs = (struct gate_packs){ 1, packs };
        if (!judge_question_read(&a, situation, &x.question, &why))
            refuse(&x, why.text);
        check_case(&x, counts);
        json_decref(situation);
        arena_reset(&a);
    }
    arena_free(&a);
    for (int i = 0; i <= CURES_TOO_MANY; i++) {
        print_message("%s: %zu\n", cure_outcome_name((enum cure_outcome)i), counts[i]);
        assert_true(counts[i] > 0);
    }
    assert_true(counts[CURES_FOUND] > counts[CURES_NONE]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_reported_works_and_is_the_smallest),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
