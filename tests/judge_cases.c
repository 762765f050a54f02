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

static const char *case_judge(struct arena *a, const struct rulebook *book, const json_t *label)
{
    const json_t *names = json_object_get(label, "packs");
    const struct rule_pack **packs =
        arena_array(a, const struct rule_pack *, book->pack_count + 1);
    struct gate_packs active = { 0, packs };
    struct gate_question question;
    static struct verdict verdict;
    struct fault why = { 0 };

    for (size_t i = 0; i < json_array_size(names); i++) {
        const struct rule_pack *pack =
            rulepack_find(book, json_string_value(json_array_get(names, i)));
        if (pack == NULL)
            return "a pack is missing";
        rulepack_gather(book, pack, packs, &active.count);
    }
    if (!judge_question_read(a, label, &question, &why))
        return arena_copy(a, why.text);
    gate_judge(active, &question, &verdict);
    return differs(a, label, &verdict);
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
    while (getline(&line, &room, in) >= 0) {
        json_t *label = json_loads(line, 0, NULL);
        struct tally *tally = tally_of(&book_arena, text(label, "rule"));
        const char *wrong = case_judge(&a, &book, label);
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
    printf("gate cases: %zu of %zu agree\n", right, all);
    arena_free(&a);
    arena_free(&book_arena);
    return own.failed > 0 || right < all;
}
