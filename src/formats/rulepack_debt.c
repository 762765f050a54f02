/* Parameters of the shapes about debts and notices. */
#include "domain/limitation.h"
#include "domain/question.h"
#include "formats/rulepack_shape.h"

#include "base/text.h"

#include <string.h>

/* One number for every kind of contract, or one for each of some kinds. */
static void years_read(struct yaml_reader *r, struct limitation_rule *out)
{
    const struct yaml *node = yaml_find(r->map, "years");
    enum contract contract;

    if (node != NULL && node->kind == YAML_TEXT) {
        int32_t years = (int32_t)yaml_int(r, "years", 1, 100);
        for (int i = 0; i < CONTRACT_COUNT; i++)
            out->years[i] = years;
        return;
    }
    const struct yaml *map = yaml_map(r, "years");
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        struct yaml_reader y = yaml_read(map, r->why);
        if (!contract_parse(map->keys[i], &contract))
            rulepack_refuse(
                r, map->items[i],
                "\"%s\" is no kind of contract; there are written, oral, note, open "
                "and consumer_credit",
                map->keys[i]);
        else
            out->years[contract] = (int32_t)yaml_int(&y, map->keys[i], 1, 100);
        r->ok = r->ok && y.ok;
    }
    if (r->ok && map->count == 0)
        rulepack_refuse(r, map, "\"years\" is empty: how long is the period?");
}

static void revived_read(struct yaml_reader *r, struct limitation_rule *out)
{
    const struct yaml *map = yaml_map_or(r, "revived_by");

    if (map == NULL)
        return;
    struct yaml_reader v = yaml_read(map, r->why);
    const char *payment = yaml_text_or(&v, "payment", "before_expiry");
    const char *writing = yaml_text_or(&v, "writing", "before_expiry");
    if (v.ok &&
        (!revival_parse(payment, &out->payment) || !revival_parse(writing, &out->writing)))
        rulepack_refuse(&v, map, "a period is revived before_expiry, ever or never");
    yaml_only(&v, "payment", "writing", NULL);
    r->ok = r->ok && v.ok;
}

void rulepack_limitation(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    struct limitation_rule *out = &rule->limitation;
    const char *ends = yaml_text_or(r, "ends", "same day");
    const char *blocks = yaml_text(r, "blocks");
    const char *unknown = yaml_text_or(r, "unknown", "closes");

    years_read(r, out);
    revived_read(r, out);
    out->runs_from = yaml_text_or(r, "runs_from", "due");
    out->year_end = strcmp(ends, "end of year") == 0;
    out->demands = strcmp(blocks, "demand") == 0;
    out->unless_contacted = yaml_bool_or(r, "unless_contacted", false);
    out->unknown_passes = strcmp(unknown, "passes") == 0;
    out->law = rulepack_names(r, a, "law");
    if (r->ok && !out->year_end && strcmp(ends, "same day") != 0)
        rulepack_refuse(r, yaml_find(r->map, "ends"), "ends: same day, or end of year");
    if (r->ok && !out->demands && strcmp(blocks, "suit") != 0)
        rulepack_refuse(r, yaml_find(r->map, "blocks"), "blocks: suit, or demand");
    if (r->ok && !out->unknown_passes && strcmp(unknown, "closes") != 0)
        rulepack_refuse(r, yaml_find(r->map, "unknown"), "unknown: closes, or passes");
    yaml_only(r, RULE_KEYS, "years", "runs_from", "ends", "revived_by", "blocks",
              "unless_contacted", "unknown", "law", NULL);
}

void rulepack_dispute(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    struct dispute_rule *out = &rule->dispute;
    const char *within = yaml_text(r, "within");

    out->fact = rulepack_fact(r, "fact", FACT_DISPUTE, FACT_ORIGINAL_CREDITOR_REQUEST);
    out->any_time = strcmp(within, "any_time") == 0;
    out->written = yaml_bool_or(r, "written", false);
    out->answered_by = rulepack_names(r, a, "answered_by");
    if (r->ok && !out->any_time && strcmp(within, "validation_period") != 0)
        rulepack_refuse(r, yaml_find(r->map, "within"),
                        "within: validation_period or any_time");
    if (r->ok && out->answered_by.count == 0)
        rulepack_refuse(r, NULL, "\"answered_by\" is missing here: what ends the stop?");
    yaml_only(r, RULE_KEYS, "fact", "within", "written", "answered_by", NULL);
}

void rulepack_notice(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    struct notice_rule *out = &rule->notice;
    const char *fact = yaml_text(r, "fact"), *after = yaml_text(r, "after");

    (void)a;
    out->notice = yaml_text(r, "notice");
    out->days = (int32_t)yaml_int(r, "days", 0, 366);
    if (r->ok && !fact_type_parse(fact, &out->fact))
        rulepack_refuse(r, yaml_find(r->map, "fact"), "there is no fact \"%s\"", fact);
    if (r->ok && strcmp(after, "first_communication") != 0)
        rulepack_refuse(r, yaml_find(r->map, "after"), "after: first_communication");
    yaml_only(r, RULE_KEYS, "notice", "fact", "after", "days", NULL);
}

void rulepack_validation_end(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    (void)a;
    rule->validation_end = yaml_text(r, "field");
    yaml_only(r, RULE_KEYS, "field", NULL);
}

void rulepack_contact_first(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    (void)a;
    rule->contact_first_days = (int32_t)yaml_int(r, "days", 1, 366);
    yaml_only(r, RULE_KEYS, "days", NULL);
}

void rulepack_lead_time(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    (void)a;
    rule->lead_time.field = yaml_text(r, "field");
    rule->lead_time.days = (int32_t)yaml_int(r, "days", 1, 3660);
    yaml_only(r, RULE_KEYS, "field", "days", NULL);
}

void rulepack_revocation(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    struct revocation_rule *out = &rule->revocation;

    (void)a;
    out->fact = rulepack_fact(r, "fact", FACT_TCPA_REVOCATION, FACT_TCPA_REVOCATION);
    out->of = rulepack_fact(r, "of", FACT_TCPA_CONSENT, FACT_CONSENT);
    out->honour_days = (int32_t)yaml_int(r, "honour_days", 0, 366);
    out->any_debt = yaml_bool_or(r, "any_debt", false);
    yaml_only(r, RULE_KEYS, "fact", "of", "honour_days", "any_debt", NULL);
}

static bool hundredths(const char *text, int64_t *out)
{
    struct gate_field field = { "number", text };

    return field_hundredths((struct gate_fields){ 1, &field }, "number", out);
}

/* "40" or "8.25", in hundredths. */
static int64_t hundredths_read(struct yaml_reader *r, const char *key)
{
    const char *text = yaml_text(r, key);
    int64_t value = 0;

    if (r->ok && !hundredths(text, &value))
        rulepack_refuse(r, yaml_find(r->map, key), "\"%s\" must be a number like 40 or 8.25",
                        key);
    return value;
}

void rulepack_bankruptcy(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    static const char *const words[] = { "debtor", "co_debtor", "discharged" };
    struct bankruptcy_rule *out = &rule->bankruptcy;
    const char *protects = yaml_text(r, "protects");
    struct yaml_texts chapters = yaml_texts(r, a, "chapters");
    bool known = false;

    for (int i = 0; i < 3; i++) {
        if (strcmp(protects, words[i]) == 0) {
            out->protects = (enum bankruptcy_effect)i;
            known = true;
        }
    }
    if (r->ok && !known)
        rulepack_refuse(r, yaml_find(r->map, "protects"),
                        "protects: debtor, co_debtor or discharged");
    for (size_t i = 0; r->ok && i < chapters.count; i++) {
        int64_t chapter;
        if (i == COUNT(out->chapters) || !hundredths(chapters.texts[i], &chapter)) {
            rulepack_refuse(r, yaml_find(r->map, "chapters"), "chapters: at most %zu numbers",
                            COUNT(out->chapters));
            return;
        }
        out->chapters[out->chapter_count++] = (int32_t)(chapter / 100);
    }
    yaml_only(r, RULE_KEYS, "protects", "chapters", NULL);
}

void rulepack_rate_cap(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    (void)a;
    rule->rate_cap_hundredths = (int32_t)hundredths_read(r, "max_pct");
    yaml_only(r, RULE_KEYS, "max_pct", NULL);
}

void rulepack_fixed_sum(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    struct fixed_sum_rule *out = &rule->fixed_sum;
    const struct yaml *tiers = yaml_list(r, "tiers");

    out->field = yaml_text(r, "field");
    out->by = rulepack_names(r, a, "by");
    for (size_t i = 0; r->ok && i < tiers->count; i++) {
        struct yaml_reader t = yaml_read(tiers->items[i], r->why);
        bool last = i + 1 == tiers->count;
        if (i == COUNT(out->tiers)) {
            rulepack_refuse(r, tiers, "at most %zu tiers", COUNT(out->tiers));
            return;
        }
        out->tiers[i].below = last ? INT64_MAX : hundredths_read(&t, "below");
        out->tiers[i].sum = hundredths_read(&t, "sum");
        yaml_only(&t, last ? "sum" : "below", "sum", NULL);
        r->ok = r->ok && t.ok;
        out->tier_count++;
    }
    if (r->ok && (out->tier_count == 0 || (out->tier_count > 1 && out->by.count == 0)))
        rulepack_refuse(r, NULL, "\"tiers\" need sums, and \"by\" the amount they go by");
    yaml_only(r, RULE_KEYS, "field", "by", "tiers", NULL);
}
