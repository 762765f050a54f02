/*
 * gate: verdicts a second on one core, against an empty function that is handed the same facts;
 * and what loading every rule pack takes.
 *
 * The questions are those of a consumer in New York whose debt is collected for another: US
 * federal and state rules, on call, email and letter, at changing hours, with a dozen contacts
 * in the history and the usual facts.
 */
#include "flow/policy.h"
#include "formats/rulepack.h"

#include "timing.h"

enum { QUESTIONS = 4096 };

struct trial {
    struct gate_packs packs;
    struct gate_question questions[QUESTIONS];
    int64_t allowed;
};

static void empty_judge(struct gate_packs packs, const struct gate_question *question,
                        struct verdict *verdict)
{
    (void)packs;
    (void)question;
    verdict->ruling = RULING_ALLOW;
}

/* Called through a pointer, so that neither is folded away. */
static void judge_all(struct trial *t,
                      void (*volatile judge)(struct gate_packs, const struct gate_question *,
                                             struct verdict *))
{
    static struct verdict verdict;

    for (size_t i = 0; i < QUESTIONS; i++) {
        judge(t->packs, &t->questions[i], &verdict);
        t->allowed += verdict.ruling == RULING_ALLOW;
    }
}

static void run_gate(void *context)
{
    judge_all(context, gate_judge);
}

static void run_empty(void *context)
{
    judge_all(context, empty_judge);
}

static void run_load(void *context)
{
    struct arena a = { 0 };
    struct rulebook book;
    struct fault why = { 0 };

    (void)context;
    must(rulepack_load_rules(&a, &book, &why));
    arena_free(&a);
}

static struct instant hours_from(struct instant at, int64_t hours)
{
    return (struct instant){ at.us + hours * 3600 * 1000000 };
}

static void fill(struct trial *t)
{
    static const int32_t debt_1 = 1;
    static const enum channel channels[] = { CHANNEL_CALL, CHANNEL_EMAIL, CHANNEL_LETTER };
    static const struct gate_debt debt = { .number = 1, .kind = "credit_card" };
    static const char *const places[] = { "US-NY" };
    static const struct zone *zones[1];
    static struct contact history[12];
    static struct gate_fact facts[3];
    struct instant now;

    must(instant_parse("2026-11-18T09:40:00-05:00", &now));
    zones[0] = zone_find("America/New_York");
    for (size_t i = 0; i < COUNT(history); i++)
        history[i] =
            (struct contact){ .at = hours_from(now, -40 * (int64_t)(COUNT(history) - i)),
                              .channel = channels[i % COUNT(channels)],
                              .outcome = i % 5 == 0 ? OUTCOME_CONVERSATION : OUTCOME_NO_ANSWER,
                              .party = 1,
                              .debts = { 1, &debt_1 } };
    facts[0] = (struct gate_fact){ .type = FACT_VALIDATION,
                                   .at = hours_from(now, -2000),
                                   .until = INSTANT_NEVER };
    facts[1] = (struct gate_fact){ .type = FACT_EMAIL_BASIS,
                                   .at = hours_from(now, -2000),
                                   .until = INSTANT_NEVER,
                                   .value = "p@example.com" };
    facts[2] = (struct gate_fact){ .type = FACT_CONSENT,
                                   .at = hours_from(now, -1900),
                                   .until = INSTANT_NEVER };
    for (size_t i = 0; i < QUESTIONS; i++)
        t->questions[i] = (struct gate_question){ .at = hours_from(now, (int64_t)i % 96),
                                                  .channel = channels[i % COUNT(channels)],
                                                  .party = 1,
                                                  .relation = "consumer",
                                                  .address = "p@example.com",
                                                  .role = ACTOR_THIRD_PARTY_COLLECTOR,
                                                  .places = places,
                                                  .place_count = 1,
                                                  .zones = zones,
                                                  .zone_count = 1,
                                                  .debts = &debt,
                                                  .debt_count = 1,
                                                  .casefile_debts = &debt,
                                                  .casefile_debt_count = 1,
                                                  .facts = facts,
                                                  .fact_count = COUNT(facts),
                                                  .history = history,
                                                  .history_count = COUNT(history),
                                                  .history_known = true };
}

int main(void)
{
    static struct trial t;
    static const char *const places[] = { "US-NY" };
    void (*const runs[])(void *) = { run_gate, run_empty, run_load };
    struct arena a = { 0 };
    struct rulebook book;
    struct fault why = { 0 };
    double medians[COUNT(runs)];
    size_t rules = 0;

    if (!rulepack_load_all(&a, &book, &why)) {
        fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    for (size_t i = 0; i < book.pack_count; i++)
        rules += rulepack_rule_count(book.packs[i]);
    fill(&t);
    t.packs = rulepack_choose(&book, &a, places, 1, ACTOR_THIRD_PARTY_COLLECTOR, false);
    measure(COUNT(runs), runs, &t, medians);
    printf("{\"verdict_ns\":%.1f,\"empty_ns\":%.2f,\"verdicts_a_second\":%.0f,"
           "\"packs\":%zu,\"rules\":%zu,\"packs_asked\":%zu,\"load_ms\":%.2f}\n",
           medians[0] / QUESTIONS * 1e9, medians[1] / QUESTIONS * 1e9, QUESTIONS / medians[0],
           book.pack_count, rules, t.packs.count, medians[2] * 1e3);
    arena_free(&a);
    return 0;
}
