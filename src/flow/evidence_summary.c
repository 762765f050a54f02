/* Evidence: the summary, for people and for paper. */
#include "flow/evidence_parts.h"

#include "base/text.h"
#include "formats/evidence_sheet.h"
#include "formats/rulepack.h"

#include <inttypes.h>
#include <string.h>

enum { PART_RECORDS = 1500, PAIRS_MOST = 12, RULES_MOST = 200 };

static const char *when_of(struct packing *p, struct instant at)
{
    char text[INSTANT_TEXT];
    char *copy = arena_copy(&p->scrap, instant_print_in(at, p->v->zone, text));

    if (strlen(copy) > 10 && copy[10] == 'T')
        copy[10] = ' ';
    return copy;
}

static void record_line(struct packing *p, const struct packed_record *r,
                        struct sheet_record *out)
{
    *out = (struct sheet_record){
        .number = pack_number(&p->scrap, r->bucket, r->seq),
        .when = when_of(p, r->at),
        .about = r->reference[0] != '\0' ? r->reference : "the house",
        .wanted = r->wanted,
        .decision = r->outcome[0] != '\0' ? r->outcome : "-",
        .because = r->rule[0] != '\0' ? arena_print(&p->scrap, "%s (%s)", r->because, r->rule)
                                      : r->because,
        .hash = r->hash,
    };
}

/* The packs of the last rulebook that is at hand; the rest stands in rules/. */
static size_t rules_of(struct packing *p, struct sheet_pair *out)
{
    size_t count = 0;

    for (size_t i = 0; i < p->rulebooks.count && count < RULES_MOST; i++)
        out[count++] = (struct sheet_pair){ arena_print(&p->scrap, "rulebook %zu of %zu", i + 1,
                                                        p->rulebooks.count),
                                            p->rulebooks.all[i] };
    return count;
}

static void pair_add(struct sheet_pair *pairs, size_t *count, const char *label,
                     const char *value)
{
    if (!text_is_empty(value) && *count < PAIRS_MOST)
        pairs[(*count)++] = (struct sheet_pair){ label, value };
}

static size_t pairs_of(struct packing *p, size_t first, size_t count, size_t parts,
                       struct sheet_pair *pairs)
{
    struct arena *a = &p->scrap;
    size_t pair = 0;

    pair_add(pairs, &pair, "About", p->made->subject);
    if (p->key.id != 0)
        pair_add(pairs, &pair, "Name", redact(&p->redactor, a, "name", p->name));
    pair_add(pairs, &pair, "Made", when_of(p, p->v->now));
    pair_add(pairs, &pair, "Made by",
             p->r->by != NULL ? redact(&p->redactor, a, "name", p->r->by) : "a command");
    pair_add(pairs, &pair, "Records",
             parts > 1 ? arena_print(a, "%zu of %zu: the %zuth to the %zuth", count,
                                     p->record_count, first + 1, first + count)
                       : arena_print(a, "%zu", count));
    pair_add(pairs, &pair, "Times",
             "as in the zone of the organisation, with their distance to UTC");
    pair_add(pairs, &pair, "Redacted",
             p->redactor.on ? "yes: names, addresses and free text are tokens" : "no");
    return pair;
}

bool summary_part(struct packing *p, size_t first, size_t count, size_t part, size_t parts,
                  struct text *pdf)
{
    static const char *const notes[] = {
        "Each record stands with the hash that the journal keeps of it (BLAKE2b-256). A hash "
        "is "
        "made of the record and of the hash before it, so none can be changed, left out or put "
        "in without every later one changing. README.txt says how to check this, and check.py "
        "does it.",
    };
    struct sheet_record *records = arena_array(&p->scrap, struct sheet_record, count + 1);
    struct sheet_pair pairs[PAIRS_MOST];
    struct sheet_pair *rules = arena_array(&p->scrap, struct sheet_pair, RULES_MOST);
    const char *country, *title;
    size_t pages;

    for (size_t i = 0; i < count; i++)
        record_line(p, &p->records[first + i], &records[i]);
    if (!book_setting(p->v->store, &p->scrap, "country", &country, p->why))
        return false;
    title = parts > 1 ? arena_print(&p->scrap, "Evidence: %s, part %zu of %zu",
                                    p->made->subject, part, parts)
                      : arena_print(&p->scrap, "Evidence: %s", p->made->subject);
    struct evidence_sheet sheet = { .title = title,
                                    .under = p->v->organisation,
                                    .foot = title,
                                    .pairs = pairs,
                                    .pair_count = pairs_of(p, first, count, parts, pairs),
                                    .notes = notes,
                                    .note_count = COUNT(notes),
                                    .records = records,
                                    .record_count = count,
                                    .rules = rules,
                                    .rule_count = part == parts ? rules_of(p, rules) : 0 };
    return evidence_sheet_make(&p->scrap, &sheet, letter_paper_of(country), p->v->now, pdf,
                               &pages, p->why);
}

bool pack_summary(struct packing *p)
{
    size_t parts = (p->record_count + PART_RECORDS - 1) / PART_RECORDS;

    for (size_t part = 0; part < parts; part++) {
        size_t first = part * PART_RECORDS, left = p->record_count - first;
        struct text pdf = { 0 };
        if (!summary_part(p, first, left < PART_RECORDS ? left : PART_RECORDS, part + 1, parts,
                          &pdf)) {
            text_free(&pdf);
            return false;
        }
        const char *path =
            parts == 1 ? "summary.pdf" : arena_print(p->a, "summary-%03zu.pdf", part + 1);
        if (!pack_text_file(p, path, &pdf))
            return false;
        arena_reset(&p->scrap);
    }
    return true;
}
