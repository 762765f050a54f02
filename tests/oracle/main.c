/*
 * recoup-oracle: does the gate agree with a second, naive reading of the law?
 *
 *   recoup-oracle [--people N] [--contacts N] [--seed N] [--most N]
 *
 * Invented people live through a year, one after the other; so many contacts are proposed to
 * each. The gate judges each proposal by the packs of the places, roles and debts; the oracle
 * (oracle.h) judges it by its own reading. They must agree on every rule that the oracle
 * knows, on "not before" to the microsecond, and on the ruling of all rules together.
 *
 * A disagreement is told in one line, with the situation as JSON in the next; after `--most`
 * of them the program stops. A rule that never blocked, or never let anything pass, fails too:
 * then the people do not meet it. The last line is "N passed, N failed", one test for each
 * rule, and one for the verdict as a whole.
 */
#include "ask.h"
#include "base/files.h"
#include "base/text.h"
#include "domain/rule.h"
#include "formats/rulepack.h"
#include "life.h"
#include "oracle.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TALLIES_MOST = 128, VERSIONS_MOST = 256 };

struct tally {
    const char *rule, *part;
    int64_t asked, blocked, deferred, wrong;
};

struct trial {
    struct rulebook book;
    struct arena arena;
    size_t count;
    struct tally tallies[TALLIES_MOST];
    struct tally whole;
    size_t version_count;
    struct { /* the rules of the packs that the oracle knows */
        const struct rule *rule;
        struct tally *tally;
    } versions[VERSIONS_MOST];
    struct tally *of_finding[FINDINGS_MOST]; /* of the verdict in hand; NULL: not known */
    int64_t questions, made, most, seed;
    int64_t others; /* findings of rules that the oracle does not know */
    size_t longest_history;
};

static struct tally *tally_of(struct trial *t, const struct opinion *opinion)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->tallies[i].rule == opinion->rule && t->tallies[i].part == opinion->part)
            return &t->tallies[i];
    }
    for (size_t i = 0; i < t->count; i++) {
        if (text_equal(t->tallies[i].rule, opinion->rule) &&
            text_equal(t->tallies[i].part, opinion->part))
            return &t->tallies[i];
    }
    bug("the oracle speaks of a rule that is not in its list", HERE);
}

static struct tally *tally_of_rule(struct trial *t, const struct rule *rule)
{
    for (size_t i = 0; i < t->version_count; i++) {
        if (t->versions[i].rule == rule)
            return t->versions[i].tally;
    }
    return NULL;
}

static bool versions_find(struct trial *t, struct tally *tally)
{
    size_t before = t->version_count;

    for (size_t i = 0; i < t->book.pack_count; i++) {
        for (size_t k = 0; k < t->book.packs[i]->rule_count; k++) {
            const struct rule *rule = &t->book.packs[i]->rules[k];
            if (!text_equal(rule->id, tally->rule) || !text_equal(rule->part, tally->part))
                continue;
            must(t->version_count < VERSIONS_MOST);
            t->versions[t->version_count].rule = rule;
            t->versions[t->version_count++].tally = tally;
        }
    }
    return t->version_count > before;
}

/* A rule that the oracle knows must be in the packs. */
static bool tallies_fill(struct trial *t)
{
    bool all = true;

    for (const struct rule_name *name = oracle_rules; name->rule != NULL; name++) {
        must(t->count < TALLIES_MOST);
        struct tally *tally = &t->tallies[t->count++];
        *tally = (struct tally){ .rule = name->rule, .part = name->part };
        if (!versions_find(t, tally)) {
            printf("The packs no longer hold the rule %s.\n", name->rule);
            all = false;
        }
    }
    return all;
}

static const char *moment_print(int64_t us, char out[INSTANT_TEXT])
{
    return us == INT64_MAX ? "-" : instant_print((struct instant){ us }, out);
}

static void disagreement(struct trial *t, struct tally *tally, const struct asked *q,
                         struct gate_packs packs, const char *rule,
                         const struct opinion *oracle, const struct finding *gate)
{
    char a[INSTANT_TEXT], b[INSTANT_TEXT];

    tally->wrong++;
    if (tally->wrong > t->most)
        return;
    printf("DISAGREE seed %" PRId64 " person %" PRIu64 " step %d: %s%s%s: oracle %s %s %s, "
           "gate %s %s %s\n",
           t->seed, q->person->number, q->step, rule,
           oracle != NULL && oracle->part != NULL ? ", " : "",
           oracle != NULL && oracle->part != NULL ? oracle->part : "",
           oracle == NULL ? "silent" : ruling_name(oracle->ruling),
           oracle == NULL || oracle->ruling != RULING_DEFER ? "-"
                                                            : moment_print(oracle->until, a),
           oracle == NULL || oracle->unknown == NULL ? "-" : oracle->unknown,
           gate == NULL ? "silent" : ruling_name(gate->ruling),
           gate == NULL || gate->ruling != RULING_DEFER ? "-" : moment_print(gate->until.us, b),
           gate == NULL || gate->unknown == NULL ? "-" : gate->unknown);
    ask_print(q, packs, stdout);
}

static bool agree(const struct opinion *oracle, const struct finding *gate)
{
    return oracle->ruling == gate->ruling &&
           (oracle->ruling != RULING_DEFER || oracle->until == gate->until.us) &&
           text_equal(oracle->unknown, gate->unknown);
}

static bool is_version(const struct rule *rule, int from_year)
{
    if (from_year == FIRST_VERSION)
        return rule->from.number < day_of_date((struct date){ 2020, 1, 1 }).number;
    return from_year == 0 ||
           (rule->from.number != DAY_NONE.number && date_of_day(rule->from).year == from_year);
}

static void opinion_check(struct trial *t, const struct asked *q, struct gate_packs packs,
                          const struct opinion *oracle, const struct verdict *verdict)
{
    struct tally *tally = tally_of(t, oracle);
    const struct finding *found = NULL;

    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (t->of_finding[i] == tally &&
            is_version(verdict->findings[i].rule, oracle->from_year))
            found = &verdict->findings[i];
    }
    tally->asked++;
    tally->blocked += oracle->ruling != RULING_ALLOW;
    tally->deferred += oracle->ruling == RULING_DEFER;
    if (found == NULL || !agree(oracle, found))
        disagreement(t, tally, q, packs, oracle->rule, oracle, found);
}

/* What the gate says and the oracle does not: silence is an answer, too. */
static void findings_check(struct trial *t, const struct asked *q, struct gate_packs packs,
                           const struct opinions *opinions, const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        bool said = false;
        for (size_t k = 0; t->of_finding[i] != NULL && k < opinions->count; k++)
            said = said || (tally_of(t, &opinions->list[k]) == t->of_finding[i] &&
                            is_version(finding->rule, opinions->list[k].from_year));
        if (t->of_finding[i] == NULL)
            t->others++;
        else if (!said)
            disagreement(t, t->of_finding[i], q, packs, finding->rule->id, NULL, finding);
    }
}

/* The strictest of all: the oracle's rules by its own word, the others by the gate's. */
static void whole_check(struct trial *t, const struct asked *q, struct gate_packs packs,
                        const struct opinions *opinions, const struct verdict *verdict)
{
    struct opinion worst = { .ruling = RULING_ALLOW };
    struct finding gate = { .ruling = verdict->ruling, .until = verdict->until };

    for (size_t i = 0; i < opinions->count + verdict->finding_count; i++) {
        struct opinion one;
        if (i < opinions->count) {
            one = opinions->list[i];
        } else {
            const struct finding *f = &verdict->findings[i - opinions->count];
            if (t->of_finding[i - opinions->count] != NULL)
                continue;
            one = (struct opinion){ .ruling = f->ruling, .until = f->until.us };
        }
        if (one.ruling > worst.ruling)
            worst = one;
        else if (one.ruling == RULING_DEFER && worst.ruling == RULING_DEFER &&
                 one.until > worst.until)
            worst.until = one.until;
    }
    worst.part = worst.unknown = NULL;
    t->whole.asked++;
    t->whole.blocked += worst.ruling != RULING_ALLOW;
    t->whole.deferred += worst.ruling == RULING_DEFER;
    if (!agree(&worst, &gate))
        disagreement(t, &t->whole, q, packs, "the verdict", &worst, &gate);
}

static bool question_check(struct trial *t, const struct asked *q)
{
    static struct verdict verdict;
    static struct opinions opinions;
    struct gate_question question;

    arena_reset(&t->arena);
    ask_question(q, &t->arena, &question);
    struct gate_packs packs =
        rulepack_choose(&t->book, &t->arena, question.places, question.place_count,
                        question.role, q->person->business);
    gate_judge(packs, &question, &verdict);
    for (size_t i = 0; i < verdict.finding_count; i++)
        t->of_finding[i] = tally_of_rule(t, verdict.findings[i].rule);
    oracle_judge(q, &opinions);
    for (size_t i = 0; i < opinions.count; i++)
        opinion_check(t, q, packs, &opinions.list[i], &verdict);
    findings_check(t, q, packs, &opinions, &verdict);
    whole_check(t, q, packs, &opinions, &verdict);
    t->questions++;
    if (question.history_count > t->longest_history)
        t->longest_history = question.history_count;
    return verdict.ruling == RULING_ALLOW;
}

static int64_t wrong_answers(const struct trial *t)
{
    int64_t wrong = t->whole.wrong;

    for (size_t i = 0; i < t->count; i++)
        wrong += t->tallies[i].wrong;
    return wrong;
}

static void play(struct trial *t, int64_t people, int64_t contacts)
{
    static struct person person;
    static struct life life;
    struct asked q;

    for (int64_t i = 0; i < people && wrong_answers(t) < 20 * t->most; i++) {
        int64_t share = contacts * (i + 1) / people - contacts * i / people;
        life_begin(&life, &person, (uint64_t)t->seed, (uint64_t)i, (int)share);
        while (life_next(&life, &q))
            life_make(&life, &q, question_check(t, &q));
    }
}

static bool tally_say(const struct tally *tally)
{
    int64_t passed = tally->asked - tally->blocked;
    bool met = tally->blocked > 0 && passed > 0;

    printf("%-36s %-15s asked %8" PRId64 "  passed %8" PRId64 "  deferred %8" PRId64
           "  denied %8" PRId64 "%s%s\n",
           tally->rule, tally->part == NULL ? "" : tally->part, tally->asked, passed,
           tally->deferred, tally->blocked - tally->deferred, met ? "" : "  NEVER BOTH",
           tally->wrong > 0 ? "  DISAGREES" : "");
    return met && tally->wrong == 0;
}

static bool options_read(int argc, char **argv, struct trial *t, int64_t *people,
                         int64_t *contacts)
{
    for (int i = 1; i < argc; i += 2) {
        int64_t *into = text_equal(argv[i], "--people")     ? people
                        : text_equal(argv[i], "--contacts") ? contacts
                        : text_equal(argv[i], "--seed")     ? &t->seed
                        : text_equal(argv[i], "--most")     ? &t->most
                                                            : NULL;
        if (into == NULL || i + 1 == argc || !text_to_int(argv[i + 1], into) || *into < 0) {
            fprintf(stderr, "recoup-oracle: \"%s\" is no option with a number.\n", argv[i]);
            return false;
        }
    }
    if (*people < 1 || *contacts < *people || *contacts > 200 * *people) {
        fprintf(stderr, "recoup-oracle: one person is asked for 1 to 200 contacts.\n");
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct trial t = { .most = 3, .seed = 1 };
    struct arena packs = { 0 };
    struct fault why = { 0 };
    struct timespec begin, end;
    int64_t people = 500, contacts = 50000, passed = 0;

    if (!options_read(argc, argv, &t, &people, &contacts))
        return 2;
    files_override(getenv("RECOUP_FILES"));
    if (!rulepack_load_all(&packs, &t.book, &why)) {
        fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    clock_gettime(CLOCK_MONOTONIC, &begin);
    bool all = tallies_fill(&t);
    play(&t, people, contacts);
    clock_gettime(CLOCK_MONOTONIC, &end);
    t.whole.rule = "the verdict of all rules";
    for (size_t i = 0; i < t.count; i++)
        passed += tally_say(&t.tallies[i]);
    passed += tally_say(&t.whole);
    printf("%" PRId64 " people, %" PRId64 " contacts proposed, histories of up to %zu, "
           "%" PRId64 " findings of other rules, %.1f s\n",
           people, t.questions, t.longest_history, t.others,
           (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9);
    int64_t failed = (int64_t)t.count + 1 - passed + !all;
    printf("oracle: %" PRId64 " passed, %" PRId64 " failed\n", passed, failed);
    arena_free(&t.arena);
    arena_free(&packs);
    return failed > 0;
}
