#include "flow/judge.h"

#include "base/text.h"
#include "domain/gate_cure.h"
#include "domain/rule.h"
#include "flow/situation.h"
#include "formats/question.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *finding_print(const struct finding *finding, const struct gate_question *q)
{
    json_t *out = json_object();
    char text[INSTANT_TEXT];

    json_object_set_new(out, "rule", json_string(finding->rule->id));
    json_object_set_new(out, "cite", json_string(finding->rule->cite));
    json_object_set_new(out, "strength", json_string(rule_strength(finding->rule)));
    json_object_set_new(out, "ruling", json_string(ruling_name(finding->ruling)));
    json_object_set_new(out, "reason", json_string(finding->reason));
    if (finding->ruling == RULING_DEFER) {
        const char *until = q->zone_count == 1
                                ? instant_print_in(finding->until, q->zones[0], text)
                                : instant_print(finding->until, text);
        json_object_set_new(out, "until", json_string(until));
    }
    if (finding->unknown != NULL)
        json_object_set_new(out, "unknown", json_string(finding->unknown));
    return out;
}

/* Duties go with a contact that is made; one that is not allowed has none. */
static json_t *duties_print(const struct verdict *verdict)
{
    json_t *out = json_array();
    char day[DAY_TEXT];

    for (size_t i = 0; verdict->ruling == RULING_ALLOW && i < verdict->duty_count; i++) {
        const struct duty *duty = &verdict->duties[i];
        json_t *one = json_object();
        json_object_set_new(one, "rule", json_string(duty->rule->id));
        json_object_set_new(one, "cite", json_string(duty->rule->cite));
        json_object_set_new(one, duty->text == NULL ? "notice" : "wording",
                            json_string(duty->what));
        if (duty->text != NULL)
            json_object_set_new(one, "text", json_string(duty->text));
        else
            json_object_set_new(one, "due", json_string(day_print(duty->due, day)));
        json_array_append_new(out, one);
    }
    return out;
}

json_t *judge_verdict_print(const struct verdict *verdict, const struct gate_question *q)
{
    json_t *out = json_object(), *rules = json_array();
    char text[INSTANT_TEXT];

    json_object_set_new(out, "ruling", json_string(ruling_name(verdict->ruling)));
    if (verdict->decisive != NULL) {
        const struct rule *rule = verdict->decisive->rule;
        json_object_set_new(out, "rule", json_string(rule->id));
        json_object_set_new(out, "cite", json_string(rule->cite));
        json_object_set_new(out, "strength", json_string(rule_strength(rule)));
    }
    for (size_t i = 0; i < verdict->finding_count; i++)
        json_array_append_new(rules, finding_print(&verdict->findings[i], q));
    json_object_set_new(out, "rules", rules);
    json_object_set_new(out, "until",
                        verdict->ruling != RULING_DEFER ? json_null()
                        : q->zone_count == 1
                            ? json_string(instant_print_in(verdict->until, q->zones[0], text))
                            : json_string(instant_print(verdict->until, text)));
    json_object_set_new(out, "duties", duties_print(verdict));
    return out;
}

/* ---- why not now --------------------------------------------------------------------------
 */

enum { HORIZON_DAYS = 400 };

static json_t *moment_print(struct instant at)
{
    char text[INSTANT_TEXT];

    return at.us == INSTANT_NEVER.us ? json_null() : json_string(instant_print(at, text));
}

static json_t *cure_json(const struct cure *cure)
{
    json_t *out = json_object();
    char words[CURE_TEXT];

    json_object_set_new(out, "change", json_string(cure_kind_name(cure->kind)));
    json_object_set_new(out, "what",
                        cure->what == NULL ? json_null() : json_string(cure->what));
    json_object_set_new(out, "words", json_string(cure_print(cure, words)));
    json_object_set_new(out, "rule", json_string(rule_id(cure->rule)));
    if (cure->days > 0)
        json_object_set_new(out, "days", json_integer(cure->days));
    return out;
}

static json_t *cures_json(const struct cures *cures)
{
    json_t *out = json_object(), *ways = json_array();

    json_object_set_new(out, "outcome", json_string(cure_outcome_name(cures->outcome)));
    if (cures->barred_by != NULL)
        json_object_set_new(out, "barred_by", json_string(rule_id(cures->barred_by)));
    for (size_t i = 0; i < cures->way_count; i++) {
        const struct cure_way *way = &cures->ways[i];
        json_t *one = json_object(), *changes = json_array();
        json_object_set_new(one, "opens", moment_print(way->opens));
        for (size_t k = 0; k < way->count; k++)
            json_array_append_new(changes, cure_json(way->changes[k]));
        json_object_set_new(one, "changes", changes);
        json_array_append_new(ways, one);
    }
    json_object_set_new(out, "ways", ways);
    return out;
}

/* The first moment, and the smallest change, that would allow the contact. */
static void why_add(struct arena *a, struct gate_packs packs, const struct gate_question *q,
                    const struct verdict *verdict, json_t *answer)
{
    struct cures cures;

    gate_cure(packs, q, verdict, HORIZON_DAYS, a, &cures);
    json_object_set_new(answer, "first_allowed",
                        moment_print(gate_first_allowed(packs, q, HORIZON_DAYS)));
    json_object_set_new(answer, "would_allow", cures_json(&cures));
}

/* ---- lines --------------------------------------------------------------------------------
 */

/*
 * The packs that a situation names, in its order. One that is not here is a law that nobody
 * knows: it is listed in `missing`, and closes the gate.
 */
static bool packs_find(struct arena *a, const json_t *situation, const struct rulebook *book,
                       struct gate_packs *out, json_t *missing, struct fault *why)
{
    const json_t *names = json_object_get(situation, "packs");
    const struct rule_pack **packs =
        arena_array(a, const struct rule_pack *, book->pack_count + 1);

    if (!json_is_array(names))
        return fail(why, BAD_VALUE, "\"packs\" must list the packs that are active");
    *out = (struct gate_packs){ 0, packs };
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (name == NULL)
            return fail(why, BAD_VALUE, "\"packs\" must list the names of packs");
        const struct rule_pack *pack = rulepack_find(book, name);
        if (pack != NULL)
            rulepack_gather(book, pack, packs, &out->count);
        else
            json_array_append_new(missing, json_string(name));
    }
    return true;
}

static bool line_judge(struct arena *a, const char *line, const struct rulebook *book,
                       bool why_not, json_t **answer, struct fault *why)
{
    json_error_t error;
    json_t *situation = json_loads(line, JSON_REJECT_DUPLICATES, &error);
    struct gate_question question;
    struct gate_packs packs;
    struct verdict verdict;

    if (situation == NULL)
        return fail(why, BAD_VALUE, "not JSON: %s (column %d)", error.text, error.column);
    json_t *missing = json_array(), *stored = json_object_get(situation, "question");
    bool read = packs_find(a, situation, book, &packs, missing, why) &&
                (stored != NULL ? question_read(a, stored, &question, why)
                                : judge_question_read(a, situation, &question, why));
    if (read) {
        gate_judge(packs, &question, &verdict);
        *answer = judge_verdict_print(&verdict, &question);
        if (json_array_size(missing) > 0) {
            json_object_set_new(*answer, "ruling", json_string(ruling_name(RULING_DENY)));
            json_object_set_new(*answer, "until", json_null());
            json_object_set(*answer, "unknown_packs", missing);
        } else if (why_not) {
            why_add(a, packs, &question, &verdict, *answer);
        }
        json_t *id = json_object_get(situation, "id");
        json_t *whole = json_object();
        if (id != NULL)
            json_object_set(whole, "id", id);
        json_object_update(whole, *answer);
        json_decref(*answer);
        *answer = whole;
    }
    json_decref(missing);
    json_decref(situation);
    return read;
}

static void answer_write(json_t *answer, FILE *out)
{
    json_dumpf(answer, out, JSON_COMPACT | JSON_PRESERVE_ORDER);
    fputc('\n', out);
    json_decref(answer);
}

static json_t *error_print(size_t line, const struct fault *why)
{
    json_t *out = json_object();

    json_object_set_new(out, "line", json_integer((json_int_t)line));
    json_object_set_new(out, "error", json_string(why->text));
    return out;
}

bool judge_file(const char *path, const struct rulebook *book, bool why_not, FILE *out,
                struct fault *why)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    size_t room = 0, number = 0, bad = 0;
    struct arena a = { 0 };
    char *line = NULL;

    if (in == NULL)
        return fail(why, NOT_FOUND, "Cannot read \"%s\".", path);
    while (getline(&line, &room, in) >= 0) {
        struct fault fault = { 0 };
        json_t *answer = NULL;
        number++;
        if (text_is_empty(line) || line[0] == '\n')
            continue;
        if (!line_judge(&a, line, book, why_not, &answer, &fault)) {
            answer = error_print(number, &fault);
            bad++;
        }
        answer_write(answer, out);
        arena_reset(&a);
    }
    free(line);
    arena_free(&a);
    bool broken = ferror(in) != 0;
    if (in != stdin)
        fclose(in);
    if (broken)
        return fail(why, SYSTEM, "Reading \"%s\" broke off.", path);
    if (bad > 0)
        return fail(why, BAD_FILE, "%s: %zu of %zu lines could not be read; each says why.",
                    path, bad, number);
    return true;
}

/* One rule on its own, so that a case tests what stands above it and nothing else. */
static void case_judge(const struct rule_case *c, const struct gate_question *question,
                       struct verdict *verdict)
{
    struct rule_pack alone = *c->pack;
    const struct rule_pack *packs[] = { &alone };

    alone.rule_count = 1;
    alone.rules = c->rule;
    gate_judge((struct gate_packs){ 1, packs }, question, verdict);
}

static const char *verdict_differs(struct arena *a, const struct rule_case *c,
                                   const struct verdict *verdict)
{
    char until[INSTANT_TEXT];

    if (c->silent)
        return verdict->finding_count == 0 ? NULL : "the rule was asked";
    if (verdict->finding_count == 0)
        return "the rule was not asked";
    const struct finding *finding = &verdict->findings[0];
    if (verdict->ruling != c->ruling)
        return arena_print(a, "it says %s%s%s", ruling_name(verdict->ruling),
                           finding->unknown == NULL ? "" : ", unknown: ",
                           finding->unknown == NULL ? "" : finding->unknown);
    if (c->until_given && verdict->until.us != c->until.us)
        return arena_print(a, "until %s", instant_print(verdict->until, until));
    if (!text_equal(c->unknown, finding->unknown))
        return arena_print(a, "unknown: %s", finding->unknown == NULL ? "-" : finding->unknown);
    return NULL;
}

const char *rules_case_differs(struct arena *a, const struct rule_case *c)
{
    json_t *situation = situation_of_case(c);
    struct gate_question question;
    struct verdict verdict;
    struct fault why = { 0 };
    const char *differs;

    if (judge_question_read(a, situation, &question, &why)) {
        case_judge(c, &question, &verdict);
        differs = verdict_differs(a, c, &verdict);
    } else {
        differs = arena_copy(a, why.text);
    }
    json_decref(situation);
    return differs;
}

struct rules_count rules_test(const struct rulebook *book, FILE *out, bool all)
{
    struct rules_count count = { 0, 0 };
    struct arena a = { 0 };

    for (size_t i = 0; i < book->case_count; i++) {
        const struct rule_case *c = &book->cases[i];
        const char *differs = rules_case_differs(&a, c);
        if (differs == NULL)
            count.passed++;
        else
            count.failed++;
        if (differs != NULL || all)
            fprintf(out, "%s %s:%d: %s: %s%s%s\n", differs == NULL ? "ok  " : "FAIL",
                    c->place.file, c->place.line, c->rule->id, c->name,
                    differs == NULL ? "" : ": ", differs == NULL ? "" : differs);
        arena_reset(&a);
    }
    arena_free(&a);
    return count;
}
