#include "flow/rules_mutate.h"

#include "flow/judge.h"
#include "formats/rulepack_mutant.h"

#include <string.h>

static bool pack_is_sound(struct arena *a, const char *file, const char *bytes, size_t length,
                          struct fault *why)
{
    struct rulebook book;

    if (!rulepack_parse(a, file, bytes, length, &book, why))
        return false;
    for (size_t i = 0; i < book.case_count; i++) {
        const char *differs = rules_case_differs(a, &book.cases[i]);
        if (differs != NULL)
            return fail(why, BAD_PACK, "%s:%d:1: the pack fails its own case \"%s\": %s", file,
                        book.cases[i].place.line, book.cases[i].name, differs);
    }
    return true;
}

static bool mutant_is_noticed(struct arena *a, const char *file, const char *text, size_t rule)
{
    struct rulebook book;
    struct fault why;

    if (!rulepack_parse(a, file, text, strlen(text), &book, &why))
        return true;
    for (size_t i = 0; i < book.case_count; i++) {
        if (book.cases[i].rule == rulepack_rule(book.packs[0], rule) &&
            rules_case_differs(a, &book.cases[i]) != NULL)
            return true;
    }
    return false;
}

bool rules_mutate(const char *file, const char *bytes, size_t length, FILE *out,
                  struct mutation_count *count, struct fault *why)
{
    struct arena kept = { 0 }, a = { 0 };
    const struct mutant *mutants;
    size_t mutant_count = 0;
    struct rulebook book;

    bool read = pack_is_sound(&a, file, bytes, length, why) &&
                rulepack_mutants(&kept, file, bytes, length, &mutants, &mutant_count, why) &&
                rulepack_parse(&kept, file, bytes, length, &book, why);
    for (size_t i = 0; read && i < mutant_count; i++) {
        const struct mutant *m = &mutants[i];
        arena_reset(&a);
        const char *text = rulepack_mutant_print(&a, bytes, length, m);
        bool noticed = mutant_is_noticed(&a, file, text, m->rule);
        count->changed++;
        count->noticed += noticed;
        if (!noticed)
            fprintf(out, "%s:%d: %s: no case notices %s %s instead of %s\n", file,
                    m->place.line, rule_id(rulepack_rule(book.packs[0], m->rule)), m->key,
                    m->becomes, m->was);
    }
    arena_free(&kept);
    arena_free(&a);
    return read;
}
