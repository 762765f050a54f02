#include "flow/audit_rules.h"

#include "base/files.h"
#include "base/text.h"
#include "domain/rule.h"
#include "flow/judge.h"
#include "flow/user.h"
#include "flow/view_parts.h"
#include "store/casefiles.h"

#include <string.h>

enum { LOOK_AHEAD_DAYS = 400, DAY_US_MILLIONS = 86400 };

bool rule_in_force_on(const struct rule *rule, struct day day)
{
    return (rule->from.number == DAY_NONE.number || rule->from.number <= day.number) &&
           day.number <= rule->to.number;
}

int64_t rules_in_force(const struct rule_pack *pack, struct day day)
{
    int64_t count = 0;

    for (size_t i = 0; i < rulepack_rule_count(pack); i++)
        count += rule_in_force_on(rulepack_rule(pack, i), day);
    return count;
}

const struct rule_pack *rule_pack_of(const struct view *v, const char *id)
{
    const struct rulebook *book = v->policy->rulebook;

    for (size_t i = 0; i < book->pack_count; i++) {
        for (size_t k = 0; k < rulepack_rule_count(book->packs[i]); k++) {
            if (strcmp(rule_id(rulepack_rule(book->packs[i], k)), id) == 0)
                return book->packs[i];
        }
    }
    return NULL;
}

/* ---- As it is written ------------------------------------------------------------------- */

/* "  - id: house.hold" */
static bool begins_rule(const char *line, const char **id, size_t *length)
{
    const char *at = line + strspn(line, " ");

    if (strncmp(at, "- id:", 5) != 0)
        return false;
    at += 5 + strspn(at + 5, " \"");
    *id = at;
    *length = strcspn(at, " \"\r\n#");
    return true;
}

static bool is_case_line(const char *line, size_t indent)
{
    size_t blanks = strspn(line, " ");

    return blanks > indent || line[blanks] == '\n' || line[blanks] == '\r';
}

/* Lines of the rule up to the next one; those below "cases:" are shown by running them. */
static const char *rule_lines(const char *line, struct text *out)
{
    size_t cases = 0, length;
    bool in_cases = false;
    const char *id;

    for (bool first = true; *line != '\0'; first = false) {
        const char *end = strchr(line, '\n');
        size_t whole = end != NULL ? (size_t)(end - line) + 1 : strlen(line);
        if (!first && begins_rule(line, &id, &length))
            break;
        if (in_cases && !is_case_line(line, cases))
            in_cases = false;
        if (strncmp(line + strspn(line, " "), "cases:", 6) == 0) {
            in_cases = true;
            cases = strspn(line, " ");
        }
        if (!in_cases)
            text_add_n(out, line, whole);
        line += whole;
    }
    return line;
}

const char *rule_as_written(struct arena *a, const struct rule_pack *pack, const char *id)
{
    const char *line = rulepack_text(pack), *found, *copy;
    struct text out = { 0 };
    size_t length;

    while (*line != '\0') {
        if (begins_rule(line, &found, &length) && strlen(id) == length &&
            strncmp(found, id, length) == 0) {
            line = rule_lines(line, &out);
            continue;
        }
        const char *end = strchr(line, '\n');
        line = end != NULL ? end + 1 : line + strlen(line);
    }
    copy = text_trim(a, text_of(&out));
    text_free(&out);
    return copy;
}

/* ---- Its cases -------------------------------------------------------------------------- */

static const char *expectation(struct arena *a, const struct rule_case *c)
{
    char until[INSTANT_TEXT];

    if (c->silent)
        return "silent";
    if (c->until_given)
        return arena_print(a, "%s until %s", ruling_name(c->ruling),
                           instant_print(c->until, until));
    return c->unknown != NULL ? arena_print(a, "%s, not known: %s", ruling_name(c->ruling),
                                            c->unknown)
                              : ruling_name(c->ruling);
}

bool rule_runs(struct arena *a, const struct rule_pack *pack, const char *id,
               struct rule_run **out, size_t *count, struct fault *why)
{
    const char *text = rulepack_text(pack);
    struct rulebook book;
    size_t room = 0;

    *out = NULL;
    *count = 0;
    if (!rulepack_parse(a, rulepack_path(pack), text, strlen(text), &book, why))
        return false;
    for (size_t i = 0; i < book.case_count; i++) {
        const struct rule_case *c = &book.cases[i];
        if (id != NULL && strcmp(rule_id(c->rule), id) != 0)
            continue;
        *arena_push(a, *out, *count, room) = (struct rule_run){
            .name = c->name,
            .expected = expectation(a, c),
            .found = rules_case_differs(a, c),
            .line = c->place.line,
        };
    }
    return true;
}

bool rule_fired(struct view *v, const char *id, int days, struct rule_fired *out,
                struct fault *why)
{
    struct query q = query_begin(v->store, Q_LOG_RULE_FIRED);

    *out = (struct rule_fired){ 0 };
    bind_text(&q, id);
    bind_int(&q, v->now.us - (int64_t)days * DAY_US_MILLIONS * 1000000);
    bind_int(&q, FIRED_COUNTED);
    if (query_next(&q))
        out->count = row_int(&q, 0);
    out->at_least = out->count == FIRED_COUNTED;
    return query_end(&q, why);
}

/* ---- Trying it -------------------------------------------------------------------------- */

static bool trial_find(struct view *v, const char *account, struct casefile_key *key,
                       struct rule_trial *out, struct fault *why)
{
    struct fault near = { 0 };
    bool seen = false;

    if (casefile_find(v->store, account, key, &near)) {
        struct query q = query_begin(v->store, Q_LOG_CASEFILE);
        bind_key(&q, *key);
        if (query_next(&q)) {
            out->reference = view_text(v, &q, 0);
            out->name = view_text(v, &q, 3);
            seen = user_sees(v->clients, v->desks, row_text(&q, 1), row_text(&q, 2));
        }
        if (!query_end(&q, why))
            return false;
    } else if (near.code != NOT_FOUND) {
        *why = near;
        return false;
    }
    return seen || fail(why, NOT_FOUND, "There is no account \"%s\".", account);
}

static void channel_try(struct view *v, const struct casefile *c, const struct decision *d,
                        struct instant at, struct tried_channel *out)
{
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    const struct contact_point *point =
        casefile_point(c, PARTY_DEBTOR, out->channel, true);
    struct gate_question question;

    out->opens = INSTANT_NEVER;
    if (point == NULL || debtor == NULL)
        return;
    out->address = point->address;
    struct gate_packs packs = v->policy->packs_for(v->policy, &v->arena, c, debtor);
    decision_ask(v->policy, c, d, out->channel, point->address, at, &v->arena, &question);
    gate_judge(packs, &question, &out->verdict);
    out->opens = gate_first_allowed(packs, &question, LOOK_AHEAD_DAYS);
    gate_cure(packs, &question, &out->verdict, LOOK_AHEAD_DAYS, &v->arena, &out->cures);
}

bool rules_try(struct view *v, const char *account, struct instant at, struct rule_trial *out,
               struct fault *why)
{
    static const enum channel shown[TRIED_CHANNELS] = { CHANNEL_EMAIL, CHANNEL_SMS, CHANNEL_CALL,
                                                        CHANNEL_LETTER };
    struct casefile_key key;
    struct casefile *c;
    struct decision d;

    *out = (struct rule_trial){ .zone = v->zone };
    if (!trial_find(v, account, &key, out, why) ||
        !casefile_load(v->store, &v->arena, key, v->today, &c, why))
        return false;
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    if (debtor != NULL && debtor->zone_count > 0)
        out->zone = debtor->zones[0];
    casefile_decide(v->policy, c, v->now, &v->arena, &d);
    for (int i = 0; i < TRIED_CHANNELS; i++) {
        out->channels[i].channel = shown[i];
        channel_try(v, c, &d, at, &out->channels[i]);
    }
    return true;
}
