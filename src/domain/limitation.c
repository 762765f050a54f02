#include "domain/limitation.h"

#include "base/text.h"
#include "domain/question.h"

#include <string.h>

#define X(code, name) name,
static const char *const contract_names[] = { CONTRACTS(X) };
static const char *const revival_names[] = { REVIVALS(X) };
#undef X

bool contract_parse(const char *name, enum contract *out)
{
    for (int i = 0; i < CONTRACT_COUNT; i++) {
        if (text_equal(name, contract_names[i])) {
            *out = (enum contract)i;
            return true;
        }
    }
    return false;
}

bool revival_parse(const char *name, enum revival *out)
{
    for (int i = 0; i < REVIVAL_COUNT; i++) {
        if (text_equal(name, revival_names[i])) {
            *out = (enum revival)i;
            return true;
        }
    }
    return false;
}

/* What such debts usually rest on; the shortest period serves for all others. */
static bool contract_of_kind(const char *kind, enum contract *out)
{
    static const struct {
        const char *kind;
        enum contract contract;
    } usual[] = {
        { "credit_card", CONTRACT_OPEN },      { "store_card", CONTRACT_OPEN },
        { "line_of_credit", CONTRACT_OPEN },   { "overdraft", CONTRACT_OPEN },
        { "personal_loan", CONTRACT_WRITTEN }, { "auto_loan", CONTRACT_WRITTEN },
        { "student_loan", CONTRACT_WRITTEN },  { "mortgage", CONTRACT_WRITTEN },
    };

    for (size_t i = 0; i < COUNT(usual); i++) {
        if (text_equal(kind, usual[i].kind)) {
            *out = usual[i].contract;
            return true;
        }
    }
    return false;
}

static int32_t shortest(const struct limitation_rule *law)
{
    int32_t years = 0;

    for (int i = 0; i < CONTRACT_COUNT; i++) {
        if (law->years[i] > 0 && (years == 0 || law->years[i] < years))
            years = law->years[i];
    }
    return years;
}

/* 0: the law does not say, as far as the pack knows. */
static int32_t years_of(const struct limitation_rule *law, const struct gate_debt *debt)
{
    enum contract contract;

    if (contract_parse(gate_field_find(debt->detail, "contract"), &contract))
        return law->years[contract];
    if (!contract_of_kind(debt->kind, &contract))
        return shortest(law);
    if (law->years[CONTRACT_CONSUMER_CREDIT] > 0 && !debt->business)
        return law->years[CONTRACT_CONSUMER_CREDIT];
    return law->years[contract];
}

/* The anniversary, a day early where the year has no 29 February. */
static struct day anniversary(struct day from, int32_t years)
{
    struct date date = date_of_day(from);

    date.year += years;
    if (!date_is_valid(date))
        date.day--;
    return day_of_date(date);
}

static struct day last_day(const struct limitation_rule *law, struct day from, int32_t years)
{
    struct day day = anniversary(from, years);

    if (!law->year_end)
        return day;
    return day_of_date((struct date){ date_of_day(day).year, 12, 31 });
}

static void begin_anew(enum revival revival, struct day event, int32_t years, struct day *last)
{
    bool revives = revival == REVIVES_EVER ||
                   (revival == REVIVES_BEFORE_EXPIRY && event.number <= last->number);
    struct day anew = anniversary(event, years);

    if (revives && anew.number > last->number)
        *last = anew;
}

/* The last day of the period that began on this one, or anew since. */
static struct day renewed(const struct limitation_rule *law, const struct gate_debt *debt,
                          struct day from, int32_t years)
{
    struct day paid = DAY_NONE, written = DAY_NONE;
    struct day last = last_day(law, from, years);
    bool has_paid = field_day(debt->detail, "last_payment", &paid);
    bool has_written = field_day(debt->detail, "acknowledged", &written);
    if (has_written && (!has_paid || written.number <= paid.number))
        begin_anew(law->writing, written, years, &last);
    if (has_paid)
        begin_anew(law->payment, paid, years, &last);
    if (has_written && has_paid && written.number > paid.number)
        begin_anew(law->writing, written, years, &last);
    return last;
}

enum limitation limitation_of(const struct limitation_rule *law, const struct gate_debt *debt,
                              struct day today)
{
    const char *said = gate_field_find(debt->detail, "sol_expired");
    int32_t years = years_of(law, debt);
    struct day from;

    if (text_equal(said, "true") || text_equal(said, "false"))
        return said[0] == 't' ? LIMITATION_OVER : LIMITATION_RUNS;
    if (!field_day(debt->detail, law->runs_from, &from))
        return LIMITATION_NO_DUE_DAY;
    if (years == 0)
        return LIMITATION_NO_CONTRACT;
    struct day last = renewed(law, debt, from, years);
    return today.number <= last.number ? LIMITATION_RUNS : LIMITATION_OVER;
}

struct day limitation_last_day(const struct limitation_rule *law, const struct gate_debt *debt)
{
    int32_t years = years_of(law, debt);
    struct day from;

    if (text_equal(gate_field_find(debt->detail, "sol_expired"), "false") ||
        !field_day(debt->detail, law->runs_from, &from) || years == 0)
        return DAY_NEVER;
    return renewed(law, debt, from, years);
}

bool limitation_governs(const struct limitation_rule *law, const struct gate_debt *debt)
{
    const char *governing = gate_field_find(debt->detail, "governing_law");

    return law->law.count == 0 || governing == NULL || names_have(law->law, governing);
}

static bool binds_debt(const struct rule *rule, const struct gate_debt *debt)
{
    return rule->shape == SHAPE_LIMITATION &&
           (rule->debts == DEBTS_ANY || (rule->debts == DEBTS_BUSINESS) == debt->business) &&
           limitation_governs(&rule->limitation, debt);
}

struct day gate_limitation_day(struct gate_packs packs, const struct gate_debt *debt,
                               struct day today)
{
    struct day first = DAY_NEVER;

    for (size_t i = 0; i < packs.count; i++) {
        const struct rule_pack *pack = packs.packs[i];
        for (size_t k = 0; pack->has_limitation && k < pack->rule_count; k++) {
            const struct rule *rule = &pack->rules[k];
            if (!binds_debt(rule, debt) || rule->from.number > today.number ||
                rule->to.number < today.number)
                continue;
            struct day last = limitation_last_day(&rule->limitation, debt);
            first = last.number < first.number ? last : first;
        }
    }
    return first;
}

struct value limitation_has_expired(const struct judging *j, const struct gate_debt *debt)
{
    struct value answer = { .known = false };

    for (size_t i = 0; i < j->packs.count; i++) {
        const struct rule_pack *pack = j->packs.packs[i];
        for (size_t k = 0; pack->has_limitation && k < pack->rule_count; k++) {
            const struct rule *rule = &pack->rules[k];
            if (!binds_debt(rule, debt) || rule->from.number > j->last_day.number ||
                rule->to.number < j->first_day.number)
                continue;
            enum limitation stands = limitation_of(&rule->limitation, debt, j->last_day);
            if (stands == LIMITATION_OVER)
                return (struct value){ .known = true, .truth = true };
            answer.known = answer.known || stands == LIMITATION_RUNS;
        }
    }
    return answer;
}
