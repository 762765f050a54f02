#include "flow/replay.h"

#include "flow/rulebook.h"
#include "formats/question.h"

#include <string.h>

/* Rules once read; few of them serve all verdicts of a book. */
struct grounds {
    struct grounds *next;
    const char *words; /* of the record: rulebook and packs */
    const char *digest;
    const char *problem; /* they cannot be had; or NULL */
    struct rulebook rulebook;
    struct gate_packs packs;
};

/* ---- The rules of the day --------------------------------------------------------------- */

static const struct grounds *same_rulebook(const struct replay *r, const char *digest)
{
    for (const struct grounds *g = r->grounds; g != NULL; g = g->next) {
        if (g->problem == NULL && strcmp(g->digest, digest) == 0)
            return g;
    }
    return NULL;
}

/* "house","us.federal" */
static const char **names_split(struct arena *a, const struct judged_words *words,
                                size_t *count)
{
    const char *at = words->packs, *end = at + words->packs_length;
    const char **names = NULL;
    size_t room = 0;

    *count = 0;
    while (at < end && *at == '"') {
        size_t length = strcspn(++at, "\"");
        *arena_push(a, names, *count, room) = arena_copy_n(a, at, length);
        at += length + 1;
        at += at < end && *at == ',';
    }
    return names;
}

static bool rules_read(struct replay *r, const struct judged_words *words, struct grounds *g,
                       struct fault *why)
{
    const struct grounds *known = same_rulebook(r, words->rulebook);
    size_t count;
    const char **names = names_split(&r->kept, words, &count);

    g->digest = arena_copy(&r->kept, words->rulebook);
    if (known != NULL)
        g->rulebook = known->rulebook;
    else if (r->current != NULL && strcmp(r->current->digest, words->rulebook) == 0)
        g->rulebook = *r->current;
    else if (!rulebook_kept(r->store, &r->kept, words->rulebook, &g->rulebook, why))
        return false;
    return rulebook_packs(&g->rulebook, &r->kept, count, names, &g->packs, why);
}

static bool rules_are_at_fault(const struct fault *why)
{
    return why->code == NOT_FOUND || why->code == DB_ROW || why->code == BAD_PACK;
}

/* NULL: the book could not be read. */
static const struct grounds *grounds_of(struct replay *r, const struct judged_words *words,
                                        struct fault *why)
{
    struct fault bad = { 0 };
    struct grounds *g;

    for (g = r->grounds; g != NULL; g = g->next) {
        if (strncmp(g->words, words->grounds, words->grounds_length) == 0 &&
            g->words[words->grounds_length] == '\0')
            return g;
    }
    g = arena_make(&r->kept, struct grounds);
    g->words = arena_copy_n(&r->kept, words->grounds, words->grounds_length);
    if (!rules_read(r, words, g, &bad)) {
        if (!rules_are_at_fault(&bad)) {
            *why = bad;
            return NULL;
        }
        g->problem = arena_copy(&r->kept, bad.text);
    }
    g->next = r->grounds;
    r->grounds = g;
    return g;
}

struct gate_packs replay_choose(struct arena *a, const struct rulebook *book,
                                const struct gate_question *q)
{
    return rulepack_choose(book, a, q->places, q->place_count, q->role,
                           question_is_of_business(q));
}

/* ---- One verdict ------------------------------------------------------------------------ */

static bool trouble(struct replayed *out, const char *problem, const char *expected,
                    const char *found)
{
    out->problem = problem;
    out->expected = expected;
    out->found = found;
    return true;
}

/* The question must be the one whose digest is in the record, and be printed as it was. */
static bool take_question(struct replay *r, const char *question, struct replayed *out)
{
    struct fault bad;
    char hex[DIGEST_HEX];

    if (question == NULL)
        return trouble(out, "its question is missing", "a question", "none");
    digest_print(digest_of(question, strlen(question)), hex);
    if (strcmp(hex, out->words.facts) != 0)
        return trouble(out, "its question was changed", out->words.facts,
                       arena_copy(&r->arena, hex));
    if (!question_parse(&r->arena, question, &out->question, &bad))
        return trouble(out, "its question cannot be read", "a question",
                       arena_copy(&r->arena, bad.text));
    return true;
}

bool replay_prepare(struct replay *r, const char *record, const char *question,
                    struct replayed *out, struct fault *why)
{
    arena_reset(&r->arena);
    out->problem = NULL;
    out->rulebook = NULL;
    if (!judged_find(record, &out->words))
        return trouble(out, "its record does not say what was judged",
                       "the digests of facts and rules", "none");
    const struct grounds *g = grounds_of(r, &out->words, why);
    if (g == NULL)
        return false;
    if (g->problem != NULL)
        return trouble(out, "its rules are not there", "the packs of its day", g->problem);
    out->rulebook = &g->rulebook;
    out->packs = g->packs;
    return take_question(r, question, out);
}

static const char *packs_print(struct arena *a, struct gate_packs packs)
{
    const char *names = "";

    for (size_t i = 0; i < packs.count; i++)
        names = arena_print(a, "%s%s\"%s\"", names, i > 0 ? "," : "",
                            rulepack_name(packs.packs[i]));
    return names;
}

static bool same_packs(struct gate_packs a, struct gate_packs b)
{
    return a.count == b.count &&
           (a.count == 0 || memcmp(a.packs, b.packs, a.count * sizeof(a.packs[0])) == 0);
}

/* Where two verdicts part: a few words from a little before. */
static const char *around(struct arena *a, const char *text, size_t length, size_t place)
{
    enum { BEFORE = 40, WORDS = 120 };
    size_t from = place > BEFORE ? place - BEFORE : 0;
    size_t count = length - from < WORDS ? length - from : WORDS;

    return arena_print(a, "%s%.*s%s", from > 0 ? "…" : "", (int)count, text + from,
                       from + count < length ? "…" : "");
}

static bool compare(struct replay *r, struct replayed *out)
{
    const char *stored = out->words.verdict, *again = out->text;
    size_t length = r->verdict.length, least = out->words.verdict_length, place = 0;

    if (length == least && memcmp(stored, again, length) == 0)
        return true;
    while (place < length && place < least && stored[place] == again[place])
        place++;
    return trouble(out, "another verdict comes out",
                   around(&r->arena, again, length, place),
                   around(&r->arena, stored, out->words.verdict_length, place));
}

bool replay_judge(struct replay *r, const char *record, const char *question,
                  struct replayed *out, struct fault *why)
{
    struct json_writer w = { &r->verdict, false };

    out->text = NULL;
    if (!replay_prepare(r, record, question, out, why))
        return false;
    if (out->problem != NULL)
        return true;
    gate_judge(out->packs, &out->question, &out->verdict);
    text_clear(&r->verdict);
    verdict_write(&w, &out->verdict);
    out->text = text_of(&r->verdict);
    struct gate_packs chosen = replay_choose(&r->arena, out->rulebook, &out->question);
    if (!same_packs(chosen, out->packs))
        return trouble(out, "other packs are chosen", packs_print(&r->arena, chosen),
                       packs_print(&r->arena, out->packs));
    return compare(r, out);
}

/* No record has these words: only its rulebook is found, by its digest. */
void replay_know(struct replay *r, const struct rulebook *book)
{
    struct grounds *g = arena_make(&r->kept, struct grounds);

    *g = (struct grounds){ .next = r->grounds,
                           .words = "",
                           .digest = book->digest,
                           .rulebook = *book };
    r->grounds = g;
}

void replay_free(struct replay *r)
{
    arena_free(&r->kept);
    arena_free(&r->arena);
    text_free(&r->verdict);
}
