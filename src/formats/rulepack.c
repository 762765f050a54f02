#include "formats/rulepack.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/text.h"
#include "formats/rulepack_shape.h"
#include "formats/tzif.h"

#include <string.h>

enum { EVERY_CHANNEL = (1 << CHANNEL_COUNT) - 1 };

/* What is gathered while one pack is read. */
struct reading {
    struct arena *a;
    bool skimmed; /* cases were left out */
    struct rule_pack *pack;
    struct rule_case *cases;
    size_t case_count, case_room;
};

static bool actor_bit(const char *word, int *bit)
{
    enum actor_role role;

    *bit = 8; /* BINDS_PSEUDONYM */
    if (strcmp(word, "creditor_pseudonym") == 0)
        return true;
    if (!actor_role_parse(word, &role))
        return false;
    *bit = (int)role;
    return true;
}

static unsigned binds_read(struct yaml_reader *r, bool required)
{
    const struct yaml *node = yaml_find(r->map, "binds");

    if (node == NULL && required)
        rulepack_refuse(r, NULL, "\"binds\" is missing here: whom does it bind?");
    if (node != NULL && text_equal(node->text, "anyone"))
        return BINDS_ANYONE;
    return rulepack_bits(r, "binds", 0, actor_bit);
}

static enum debts_bound debts_read(struct yaml_reader *r)
{
    const char *debts = yaml_text_or(r, "debts", "any");

    if (strcmp(debts, "consumer") == 0)
        return DEBTS_CONSUMER;
    if (strcmp(debts, "business") == 0)
        return DEBTS_BUSINESS;
    if (strcmp(debts, "any") != 0)
        rulepack_refuse(r, yaml_find(r->map, "debts"), "debts: consumer, business or any");
    return DEBTS_ANY;
}

/* One citation or a list of them, joined by "; ". */
static void cite_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    struct yaml_texts cites = yaml_texts(r, a, "cite");
    const char *joined = "";

    for (size_t i = 0; i < cites.count; i++) {
        if (text_is_empty(cites.texts[i]))
            rulepack_refuse(r, yaml_find(r->map, "cite"), "a citation is empty");
        joined = i == 0 ? cites.texts[0] : arena_print(a, "%s; %s", joined, cites.texts[i]);
    }
    if (cites.count == 0)
        rulepack_refuse(r, NULL,
                        "\"cite\" is missing here: a rule without authority is no rule");
    else
        rule->cite_first = cites.texts[0];
    rule->cite = joined;
}

static void dates_read(struct yaml_reader *r, struct rule *rule)
{
    const struct yaml *from = yaml_find(r->map, "from");

    rule->from = DAY_NONE;
    if (from == NULL)
        rulepack_refuse(r, NULL, "\"from\" is missing here: since when is it in force?");
    else if (!text_equal(from->text, "not recorded"))
        rule->from = yaml_day_or(r, "from", DAY_NONE);
    rule->to = yaml_day_or(r, "to", DAY_NEVER);
    if (r->ok && rule->to.number < rule->from.number)
        rulepack_refuse(r, yaml_find(r->map, "to"), "it would end before it begins");
}

static void kinds_read(struct yaml_reader *r, struct rule *rule)
{
    const char *shape = yaml_text(r, "shape"), *strength = yaml_text(r, "strength");

    if (r->ok && !shape_parse(shape, &rule->shape))
        rulepack_refuse(r, yaml_find(r->map, "shape"), "there is no shape \"%s\"", shape);
    if (r->ok && !strength_parse(strength, &rule->strength))
        rulepack_refuse(r, yaml_find(r->map, "strength"), "there is no strength \"%s\"",
                        strength);
    const char *confidence = yaml_text(r, "confidence");
    if (r->ok && !confidence_parse(confidence, &rule->confidence))
        rulepack_refuse(r, yaml_find(r->map, "confidence"), "confidence: high, medium or low");
}

/* A note never blocks, so there is nothing to tell the debtor. */
static void words_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    rule->id = yaml_text(r, "id");
    rule->part = yaml_text_or(r, "part", NULL);
    rule->title = yaml_text(r, "title");
    kinds_read(r, rule);
    rule->reason = yaml_text(r, "reason");
    rule->debtor_reason = rule->shape == SHAPE_NOTE ? yaml_text_or(r, "debtor_reason", NULL)
                                                    : yaml_text(r, "debtor_reason");
    rule->binds = binds_read(r, false);
    rule->debts = debts_read(r);
    rule->channels = rulepack_bits(r, "channels", EVERY_CHANNEL, rulepack_channel_bit);
    rule->relations = rulepack_names(r, a, "relations");
    rule->relations_exempt = rulepack_names(r, a, "exempt");
    rule->permits = rulepack_names(r, a, "permits");
    rule->replies = rulepack_names(r, a, "replies");
    rule->beside = rulepack_names(r, a, "beside");
}

static void applies_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    const struct yaml *node = yaml_find(r->map, "applies");
    const char *text = yaml_text_or(r, "applies", NULL);

    if (!r->ok || text == NULL)
        return;
    rule->applies = condition_compile(a, text, node->place, gate_fact_table(), r->why);
    r->ok = rule->applies != NULL;
}

static void ruling_read(struct yaml_reader *r, struct rule_case *out)
{
    const char *name = yaml_text(r, "ruling");

    out->silent = strcmp(name, "silent") == 0;
    for (int i = RULING_ALLOW; i <= RULING_DENY; i++) {
        if (strcmp(name, ruling_name((enum ruling)i)) == 0) {
            out->ruling = (enum ruling)i;
            return;
        }
    }
    if (r->ok && !out->silent)
        rulepack_refuse(r, yaml_find(r->map, "ruling"), "ruling: allow, defer, deny or silent");
}

static void case_read(struct yaml_reader *r, const struct yaml *node, struct rule_case *out)
{
    struct yaml_reader c = yaml_read(node, r->why);
    const struct yaml *expect = yaml_map(&c, "expect");
    const char *at = yaml_text(&c, "at");

    out->place = node->place;
    out->name = yaml_text(&c, "name");
    out->given = yaml_map(&c, "given");
    yaml_only(&c, "name", "at", "given", "expect", NULL);
    if (c.ok && !instant_parse(at, &out->at))
        rulepack_refuse(&c, yaml_find(node, "at"),
                        "\"at\" must be a moment like 2026-06-10T21:30:00-04:00");
    if (c.ok && expect != NULL) {
        struct yaml_reader e = yaml_read(expect, r->why);
        const char *until = yaml_text_or(&e, "until", NULL);
        ruling_read(&e, out);
        out->unknown = yaml_text_or(&e, "unknown", NULL);
        out->until_given = until != NULL;
        if (e.ok && until != NULL && !instant_parse(until, &out->until))
            rulepack_refuse(&e, yaml_find(expect, "until"), "\"until\" must be a moment");
        if (e.ok && out->silent && expect->count > 1)
            rulepack_refuse(&e, expect, "a rule that is silent says nothing more");
        yaml_only(&e, "ruling", "until", "unknown", NULL);
        c.ok = c.ok && e.ok;
    }
    r->ok = r->ok && c.ok;
}

/* Each rule shows at least once that it lets pass and once that it does not; a note, which
 * never blocks, only the first. That it was silent shows neither. */
static void cases_read(struct yaml_reader *r, struct reading *reading, const struct rule *rule)
{
    if (reading->skimmed && yaml_find(r->map, "cases") != NULL)
        return;
    const struct yaml *list = yaml_list(r, "cases");
    bool passes = false, blocks = rule->shape == SHAPE_NOTE;

    for (size_t i = 0; r->ok && i < list->count; i++) {
        struct rule_case *made =
            arena_push(reading->a, reading->cases, reading->case_count, reading->case_room);
        *made = (struct rule_case){ .rule = rule, .pack = reading->pack };
        case_read(r, list->items[i], made);
        passes = passes || (!made->silent && made->ruling == RULING_ALLOW);
        blocks = blocks || (!made->silent && made->ruling != RULING_ALLOW);
    }
    if (r->ok && (!passes || !blocks))
        rulepack_refuse(r, list,
                        "a rule needs a case that it lets pass, and one that it does not");
}

static bool rule_read(struct reading *reading, const struct yaml *node, struct rule *rule,
                      struct fault *why)
{
    struct yaml_reader r = yaml_read(node, why);

    if (!r.ok)
        return false;
    words_read(&r, reading->a, rule);
    cite_read(&r, reading->a, rule);
    dates_read(&r, rule);
    applies_read(&r, reading->a, rule);
    if (r.ok)
        rulepack_shape_read(&r, reading->a, rule);
    if (r.ok)
        cases_read(&r, reading, rule);
    return r.ok;
}

static bool versions_overlap(const struct rule *a, const struct rule *b)
{
    return strcmp(a->id, b->id) == 0 && text_equal(a->part, b->part) &&
           a->from.number <= b->to.number && b->from.number <= a->to.number;
}

static bool rules_read(struct reading *reading, const struct yaml *list, struct fault *why)
{
    struct rule *rules = arena_array(reading->a, struct rule, list->count + 1);

    reading->pack->rules = rules;
    for (size_t i = 0; i < list->count; i++) {
        if (!rule_read(reading, list->items[i], &rules[i], why))
            return false;
        if (rules[i].binds == 0)
            rules[i].binds = reading->pack->binds;
        if (rules[i].debts == DEBTS_ANY)
            rules[i].debts = reading->pack->debts;
        for (size_t k = 0; k < i; k++) {
            if (versions_overlap(&rules[k], &rules[i]))
                return yaml_fail(list->items[i], why,
                                 "another version of \"%s\" is in force on the same days",
                                 rules[i].id);
        }
        reading->pack->rule_count++;
        reading->pack->has_limitation |= rules[i].shape == SHAPE_LIMITATION;
    }
    return rulepack_overlaps_check(reading->pack, list, why);
}

static bool pack_read(struct reading *reading, const struct yaml *root, struct fault *why)
{
    struct yaml_reader r = yaml_read(root, why);
    struct rule_pack *pack = reading->pack;
    const struct yaml *list;

    if (!r.ok)
        return false;
    pack->name = yaml_text(&r, "pack");
    pack->title = yaml_text(&r, "title");
    pack->within = yaml_text_or(&r, "within", NULL);
    pack->places = rulepack_names(&r, reading->a, "places");
    pack->binds = binds_read(&r, true);
    pack->debts = debts_read(&r);
    pack->purposes = rulepack_names(&r, reading->a, "purposes");
    list = yaml_list(&r, "rules");
    yaml_only(&r, "pack", "title", "within", "places", "binds", "debts", "purposes", "rules",
              NULL);
    if (r.ok && pack->places.count == 0)
        rulepack_refuse(&r, NULL,
                        "\"places\" is missing here: write places: everywhere, or "
                        "codes like US-FL");
    return r.ok && rules_read(reading, list, why);
}

/* The lines of the cases of rules are made empty, so that all others keep their numbers. */
static const char *cases_blank(struct arena *a, const char *bytes, size_t length, size_t *left)
{
    static const char key[] = "    cases:\n";
    char *out = arena_alloc(a, length + 1);
    const char *end = bytes + length;
    bool inside = false;
    size_t n = 0;

    for (const char *line = bytes; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t size = (size_t)((stop == NULL ? end : stop + 1) - line);
        bool begins = size == sizeof key - 1 && memcmp(line, key, size) == 0;
        bool deeper = size > 5 && memcmp(line, "     ", 5) == 0;
        inside = begins || (inside && (deeper || size == 1));
        if (!inside || begins) {
            memcpy(out + n, line, size);
            n += size;
        } else {
            out[n++] = '\n';
        }
        line += size;
    }
    *left = n;
    return out;
}

static bool pack_parse(struct arena *a, const char *file, const char *bytes, size_t length,
                       bool skim, struct rulebook *out, struct fault *why)
{
    struct reading reading = { .a = a,
                               .skimmed = skim,
                               .pack = arena_make(a, struct rule_pack) };
    const struct rule_pack **packs = arena_array(a, const struct rule_pack *, 1);
    char hex[DIGEST_HEX];
    size_t read = length;

    *why = (struct fault){ 0 };
    const char *text = skim ? cases_blank(a, bytes, length, &read) : bytes;
    const struct yaml *root = yaml_parse(a, file, text, read, why);
    if (root == NULL || !pack_read(&reading, root, why))
        return false;
    reading.pack->path = arena_copy(a, file);
    reading.pack->text = arena_copy_n(a, bytes, length);
    reading.pack->digest = arena_copy(a, digest_print(digest_of(bytes, length), hex));
    packs[0] = reading.pack;
    if (!rulebook_of(a, 1, packs, out, why))
        return false;
    out->case_count = reading.case_count;
    out->cases = reading.cases;
    return true;
}

bool rulepack_parse(struct arena *a, const char *file, const char *bytes, size_t length,
                    struct rulebook *out, struct fault *why)
{
    return pack_parse(a, file, bytes, length, false, out, why);
}

/* Two packs may not both speak of one rule: which of them would be right? */
static bool packs_agree(const struct rule_pack *a, const struct rule_pack *b, struct fault *why)
{
    if (strcmp(a->name, b->name) == 0)
        return fail(why, BAD_PACK, "%s:1:1: the pack \"%s\" is already in %s", b->path, b->name,
                    a->path);
    for (size_t i = 0; i < a->rule_count; i++) {
        for (size_t k = 0; k < b->rule_count; k++) {
            if (strcmp(a->rules[i].id, b->rules[k].id) == 0)
                return fail(why, BAD_PACK, "%s:1:1: the rule \"%s\" is already in %s", b->path,
                            b->rules[k].id, a->path);
        }
    }
    return true;
}

static const char *list_print(struct arena *a, size_t count,
                              const struct rule_pack *const packs[])
{
    const char *list = arena_print(a, "tzdata %s\n", zones_version());

    for (size_t i = 0; i < count; i++)
        list = arena_print(a, "%s%s %s %s\n", list, packs[i]->name, packs[i]->digest,
                           packs[i]->path);
    return list;
}

bool rulebook_of(struct arena *a, size_t count, const struct rule_pack *const packs[],
                 struct rulebook *out, struct fault *why)
{
    char hex[DIGEST_HEX];

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (!packs_agree(packs[k], packs[i], why))
                return false;
        }
    }
    *out = (struct rulebook){ .pack_count = count, .packs = packs };
    out->list = list_print(a, count, packs);
    out->digest = arena_copy(a, digest_print(digest_of(out->list, strlen(out->list)), hex));
    return true;
}

static bool load_all(struct arena *a, bool skim, struct rulebook *out, struct fault *why)
{
    const struct rule_pack **packs;
    struct rule_case *cases = NULL;
    size_t count, case_count = 0, case_room = 0;
    const char **paths;

    if (!files_list(a, "rules/", ".yaml", &paths, &count, why))
        return false;
    packs = arena_array(a, const struct rule_pack *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct rulebook one;
        struct file file;
        if (!files_load(a, paths[i], &file, why) ||
            !pack_parse(a, paths[i], (const char *)file.bytes, file.length, skim, &one, why))
            return false;
        packs[i] = one.packs[0];
        for (size_t k = 0; k < one.case_count; k++)
            *arena_push(a, cases, case_count, case_room) = one.cases[k];
    }
    if (!rulebook_of(a, count, packs, out, why))
        return false;
    out->case_count = case_count;
    out->cases = cases;
    return true;
}

bool rulepack_load_all(struct arena *a, struct rulebook *out, struct fault *why)
{
    return load_all(a, false, out, why);
}

bool rulepack_load_rules(struct arena *a, struct rulebook *out, struct fault *why)
{
    return load_all(a, true, out, why);
}

const struct rule_pack *rulepack_find(const struct rulebook *book, const char *name)
{
    for (size_t i = 0; i < book->pack_count; i++) {
        if (strcmp(book->packs[i]->name, name) == 0)
            return book->packs[i];
    }
    return NULL;
}

/* US-NY-NYC lies in US-NY and in US. */
static bool lies_in(const char *place, const char *wider)
{
    size_t length = strlen(wider);

    return strncmp(place, wider, length) == 0 &&
           (place[length] == '\0' || place[length] == '-');
}

static bool holds_everywhere(const struct rule_pack *pack)
{
    return strcmp(pack->places.names[0], "everywhere") == 0;
}

static bool pack_holds_in(const struct rule_pack *pack, const char *const places[],
                          size_t count)
{
    if (count == 0 || holds_everywhere(pack))
        return true;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < pack->places.count; k++) {
            if (lies_in(places[i], pack->places.names[k]))
                return true;
        }
    }
    return false;
}

/* Some rule of the pack may bind more roles, or speak of other debts, than the pack at large.
 */
static bool pack_can_bind(const struct rule_pack *pack, unsigned actor, bool business)
{
    for (size_t i = 0; i < pack->rule_count; i++) {
        const struct rule *rule = &pack->rules[i];
        if ((rule->binds & actor) != 0 &&
            (rule->debts == DEBTS_ANY || (rule->debts == DEBTS_BUSINESS) == business))
            return true;
    }
    return false;
}

struct gate_packs rulepack_choose(const struct rulebook *book, struct arena *a,
                                  const char *const places[], size_t place_count,
                                  enum actor_role role, bool business)
{
    const struct rule_pack **packs = arena_array(a, const struct rule_pack *, book->pack_count);
    unsigned actor = 1u << role;
    size_t count = 0;

    if (role == ACTOR_FIRST_PARTY_CREDITOR)
        actor |= BINDS_PSEUDONYM; /* the gate itself asks which name is used */
    for (size_t i = 0; i < book->pack_count; i++) {
        if (pack_holds_in(book->packs[i], places, place_count) &&
            pack_can_bind(book->packs[i], actor, business))
            packs[count++] = book->packs[i];
    }
    return (struct gate_packs){ count, packs };
}

void rulepack_gather(const struct rulebook *book, const struct rule_pack *pack,
                     const struct rule_pack **packs, size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        if (packs[i] == pack)
            return;
    }
    packs[(*count)++] = pack;
    for (size_t i = 0; i < book->pack_count; i++) {
        if (text_equal(book->packs[i]->within, pack->name))
            rulepack_gather(book, book->packs[i], packs, count);
    }
}

struct gate_packs rulepack_for_purpose(const struct rulebook *book, struct arena *a,
                                       const char *purpose)
{
    const struct rule_pack **packs = arena_array(a, const struct rule_pack *, book->pack_count);
    size_t count = 0;

    for (size_t i = 0; i < book->pack_count; i++) {
        const struct names *purposes = &book->packs[i]->purposes;
        for (size_t k = 0; k < purposes->count; k++) {
            if (strcmp(purposes->names[k], purpose) == 0) {
                packs[count++] = book->packs[i];
                break;
            }
        }
    }
    return (struct gate_packs){ count, packs };
}

struct day rulebook_next_change(const struct rulebook *book, struct day day)
{
    struct day next = DAY_NEVER;

    for (size_t i = 0; i < book->pack_count; i++) {
        for (size_t k = 0; k < book->packs[i]->rule_count; k++) {
            const struct rule *rule = &book->packs[i]->rules[k];
            const int32_t days[] = { rule->from.number, rule->to.number + 1 };
            for (size_t n = 0; n < 2; n++) {
                if (days[n] > day.number && days[n] < next.number)
                    next.number = days[n];
            }
        }
    }
    return next;
}

const char *rulepack_name(const struct rule_pack *pack)
{
    return pack->name;
}

const char *rulepack_title(const struct rule_pack *pack)
{
    return pack->title;
}

const char *rulepack_path(const struct rule_pack *pack)
{
    return pack->path;
}

const char *rulepack_text(const struct rule_pack *pack)
{
    return pack->text;
}

const char *rulepack_digest(const struct rule_pack *pack)
{
    return pack->digest;
}

size_t rulepack_places(const struct rule_pack *pack, const char *const **places)
{
    *places = pack->places.names;
    return pack->places.count;
}

size_t rulepack_rule_count(const struct rule_pack *pack)
{
    return pack->rule_count;
}

const struct rule *rulepack_rule(const struct rule_pack *pack, size_t place)
{
    must(place < pack->rule_count);
    return &pack->rules[place];
}
