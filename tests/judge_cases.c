/*
 * Judges the gate cases of ../shared/law (or RECOUP_SHARED) and compares them with their
 * labels.
 *
 *   judge_cases [-v]    one line per rule id; with -v also each case that differs, and why
 *
 * A case agrees when the ruling is "allow" exactly if the label is, and the named rule is among
 * the findings with a citation that contains the case's. Not there: skipped, and said so.
 */
#include "base/text.h"
#include "domain/rule.h"
#include "flow/judge.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct tally {
    const char *id;
    size_t right, all;
};
static struct tally tallies[200];
static size_t tally_count;

static struct tally *tally_of(struct arena *a, const char *id)
{
    for (size_t i = 0; i < tally_count; i++) {
        if (strcmp(tallies[i].id, id) == 0)
            return &tallies[i];
    }
    must(tally_count < COUNT(tallies));
    tallies[tally_count] = (struct tally){ .id = arena_copy(a, id) };
    return &tallies[tally_count++];
}

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value == NULL ? "" : value;
}

/* NULL when the verdict agrees with the label. */
static const char *differs(struct arena *a, const json_t *label, const struct verdict *verdict)
{
    bool allowed = verdict->ruling == RULING_ALLOW;
    const char *rule = text(label, "rule"), *cite = text(label, "cite");
    const char *found = "rule is not among the findings";

    if (allowed != (strcmp(text(label, "expect"), "allow") == 0)) {
        const struct finding *why = verdict->decisive;
        return arena_print(a, "we say %s because of %s%s%s", ruling_name(verdict->ruling),
                           why == NULL ? "nothing" : rule_id(why->rule),
                           why == NULL || why->unknown == NULL ? "" : ", unknown: ",
                           why == NULL || why->unknown == NULL ? "" : why->unknown);
    }
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (strcmp(rule_id(finding->rule), rule) != 0)
            continue;
        if (strstr(rule_cite(finding->rule), cite) == NULL)
            found = "citation differs";
        else if ((finding->ruling == RULING_ALLOW) == allowed)
            return NULL;
        else
            found = "the rule is there, but not the one that decides";
    }
    return found;
}

static const char *case_judge(struct arena *a, const struct rulebook *book, const json_t *label,
                              double *ns)
{
    const json_t *names = json_object_get(label, "packs");
    const struct rule_pack *packs[32];
    struct gate_packs active = { json_array_size(names), packs };
    struct gate_question question;
    static struct verdict verdict;
    struct fault why = { 0 };
    struct timespec begin, end;
    enum { ROUNDS = 200 };

    for (size_t i = 0; i < active.count; i++) {
        packs[i] = rulepack_find(book, json_string_value(json_array_get(names, i)));
        if (packs[i] == NULL)
            return "a pack is missing";
    }
    if (!judge_question_read(a, label, &question, &why))
        return arena_copy(a, why.text);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int i = 0; i < ROUNDS; i++)
        gate_judge(active, &question, &verdict);
    clock_gettime(CLOCK_MONOTONIC, &end);
    *ns = ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) /
          ROUNDS;
    return differs(a, label, &verdict);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    const char *shared = getenv("RECOUP_SHARED");
    struct arena book_arena = { 0 }, a = { 0 };
    struct rulebook book;
    struct fault why = { 0 };
    char *line = NULL;
    size_t room = 0, right = 0, all = 0;
    bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    static double times[10000];

    if (!rulepack_load_all(&book_arena, &book, &why)) {
        fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    struct rules_count own = rules_test(&book, stdout, false);
    printf("cases inside the packs: %zu right, %zu wrong\n", own.passed, own.failed);
    const char *path = arena_print(&book_arena, "%s/law/gate-cases/cases.jsonl",
                                   shared == NULL ? "../shared" : shared);
    FILE *in = fopen(path, "r");
    if (in == NULL) {
        printf("SKIPPED: there are no gate cases at %s (set RECOUP_SHARED)\n", path);
        arena_free(&book_arena);
        return own.failed > 0;
    }
    while (getline(&line, &room, in) >= 0 && all < COUNT(times)) {
        json_t *label = json_loads(line, 0, NULL);
        struct tally *tally = tally_of(&book_arena, text(label, "rule"));
        const char *wrong = case_judge(&a, &book, label, &times[all]);
        all++;
        tally->all++;
        tally->right += wrong == NULL;
        right += wrong == NULL;
        if (wrong != NULL && verbose)
            printf("%-10s %-5s %-36s %s\n", text(label, "id"), text(label, "expect"),
                   text(label, "rule"), wrong);
        json_decref(label);
        arena_reset(&a);
    }
    fclose(in);
    free(line);
    for (size_t i = 0; i < tally_count; i++)
        printf("%3zu of %3zu  %s\n", tallies[i].right, tallies[i].all, tallies[i].id);
    qsort(times, all, sizeof times[0], by_size);
    printf(
        "gate cases: %zu of %zu agree; a verdict takes %.0f ns (median), %.0f ns (slowest)\n",
        right, all, times[all / 2], times[all - 1]);
    arena_free(&a);
    arena_free(&book_arena);
    return own.failed > 0;
}
