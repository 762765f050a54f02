/* Prove: one verdict, given again, and shown. */
#include "flow/prove.h"

#include "flow/replay.h"
#include "formats/tzif.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct decision_row {
    int64_t bucket, seq;
    const char *account, *at, *kind, *record, *question;
};

static bool decision_load(struct store *s, struct arena *a, const char *name,
                          struct decision_row *out, struct fault *why)
{
    int end = 0;
    char at[INSTANT_TEXT];

    if (sscanf(name, "D-%" SCNd64 ".%" SCNd64 "%n", &out->bucket, &out->seq, &end) != 2 ||
        name[end] != '\0')
        return fail(why, BAD_VALUE, "\"%s\" does not name a decision; they look like D-17.42.",
                    name);
    struct query q = query_begin(s, Q_JOURNAL_GET);
    bind_int(&q, out->bucket);
    bind_int(&q, out->seq);
    bool found = query_next(&q);
    if (found) {
        out->account = row_copy(&q, 0, a);
        out->at = arena_copy(a, instant_print((struct instant){ row_int(&q, 1) }, at));
        out->kind = row_copy(&q, 2, a);
        out->record = row_copy(&q, 3, a);
        out->question = row_copy(&q, 4, a);
    }
    if (!query_end(&q, why))
        return false;
    if (!found)
        return fail(why, NOT_FOUND, "There is no decision \"%s\".", name);
    if (!record_has_verdict(out->record))
        return fail(why, NOT_FOUND, "%s is a record of the kind \"%s\" and holds no verdict.",
                    name, out->kind);
    return true;
}

/* ---- For programs ----------------------------------------------------------------------- */

static void raw_at(struct json_writer *w, const char *key, const char *json, size_t length)
{
    json_key(w, key);
    text_add_n(w->out, json, length);
    w->comma = true;
}

static void write_packs(struct json_writer *w, const struct replayed *again)
{
    json_key(w, "rules");
    json_open(w, '[');
    for (size_t i = 0; i < again->packs.count; i++) {
        json_open(w, '{');
        json_text_at(w, "pack", rulepack_name(again->packs.packs[i]));
        json_text_at(w, "digest", rulepack_digest(again->packs.packs[i]));
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* "packs" and "question" together are a line for recoup rules judge. */
static void print_json(const char *name, const struct decision_row *row,
                       const struct replayed *again, FILE *out)
{
    struct text text = { 0 };
    struct json_writer w = { &text, false };

    json_open(&w, '{');
    json_text_at(&w, "decision", name);
    json_text_at(&w, "account", row->account);
    json_text_at(&w, "at", row->at);
    json_text_at(&w, "kind", row->kind);
    json_key(&w, "same");
    json_bool(&w, again->problem == NULL);
    json_text_at(&w, "problem", again->problem);
    if (again->rulebook != NULL) {
        json_text_at(&w, "facts", again->words.facts);
        json_text_at(&w, "rulebook", again->words.rulebook);
        write_packs(&w, again);
        json_key(&w, "packs");
        json_open(&w, '[');
        text_add_n(&text, again->words.packs, again->words.packs_length);
        json_close(&w, ']');
        raw_at(&w, "verdict", again->words.verdict, again->words.verdict_length);
    }
    if (again->text != NULL) {
        raw_at(&w, "again", again->text, strlen(again->text));
        raw_at(&w, "question", row->question, strlen(row->question));
    }
    json_close(&w, '}');
    fprintf(out, "%s\n", text_of(&text));
    text_free(&text);
}

/* ---- For people ------------------------------------------------------------------------- */

static void print_rules(const struct replayed *again, FILE *out)
{
    const char *list = again->rulebook->list;

    fprintf(out, "  Rules    rulebook %.12s…, %.*s (here %s)\n", again->words.rulebook,
            (int)strcspn(list, "\n"), list, zones_version());
    for (size_t i = 0; i < again->packs.count; i++)
        fprintf(out, "           %-16s %s\n", rulepack_name(again->packs.packs[i]),
                rulepack_digest(again->packs.packs[i]));
}

static void print_verdict(const struct verdict *verdict, FILE *out)
{
    char until[INSTANT_TEXT];
    size_t held = 0;

    fprintf(out, "  Verdict  %s", ruling_name(verdict->ruling));
    if (verdict->ruling == RULING_DEFER && verdict->until.us != INSTANT_NEVER.us)
        fprintf(out, " until %s", instant_print(verdict->until, until));
    for (size_t i = 0; i < verdict->finding_count; i++)
        held += verdict->findings[i].ruling == RULING_ALLOW;
    fprintf(out, "; %zu rules were asked, %zu passed it\n", verdict->finding_count, held);
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *f = &verdict->findings[i];
        if (f->ruling != RULING_ALLOW)
            fprintf(out, "           %s: %s · %s%s%s\n", ruling_name(f->ruling),
                    rule_id(f->rule), rule_cite_first(f->rule),
                    f->unknown != NULL ? " · not known: " : "",
                    f->unknown != NULL ? f->unknown : "");
    }
}

static void print_people(const char *name, const struct decision_row *row,
                         const struct replayed *again, FILE *out)
{
    fprintf(out, "%s   %s of %s, %s\n", name, row->kind, row->account, row->at);
    if (again->rulebook != NULL) {
        fprintf(out, "  Facts    %s\n", again->words.facts);
        print_rules(again, out);
    }
    if (again->text != NULL)
        print_verdict(&again->verdict, out);
    if (again->problem == NULL)
        fprintf(out, "The same verdict comes out again, byte for byte.\n");
    else
        fprintf(out, "It is not proven: %s.\n  expected %s\n  found    %s\n", again->problem,
                again->expected, again->found);
}

bool prove_decision(struct store *s, const char *name, FILE *out, bool json, size_t *findings,
                    struct fault *why)
{
    struct replay replay = { .store = s };
    struct arena a = { 0 };
    struct decision_row row;
    struct replayed again = { 0 };
    bool done = false;

    *findings = 0;
    if (store_read_begin(s, why)) {
        done = decision_load(s, &a, name, &row, why) &&
               replay_judge(&replay, row.record, row.question, &again, why);
        store_read_end(s);
    }
    if (done) {
        *findings = again.problem != NULL;
        (json ? print_json : print_people)(name, &row, &again, out);
    }
    replay_free(&replay);
    arena_free(&a);
    return done;
}
