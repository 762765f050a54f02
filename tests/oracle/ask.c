#include "ask.h"

#include "base/text.h"
#include "formats/rulepack.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static struct debt_set debts_of(struct arena *a, unsigned bits)
{
    int32_t *numbers = arena_array(a, int32_t, DEBTS_MOST);
    size_t count = 0;

    for (int32_t i = 0; i < DEBTS_MOST; i++) {
        if ((bits & 1u << i) != 0)
            numbers[count++] = i + 1;
    }
    return (struct debt_set){ count, numbers };
}

static int entry_by_time(const void *a, const void *b)
{
    int64_t x = ((const struct contact *)a)->at.us, y = ((const struct contact *)b)->at.us;

    return (x > y) - (x < y);
}

static void history_fill(const struct asked *asked, struct arena *a, struct gate_question *out)
{
    const struct person *p = asked->person;
    struct contact *history = arena_array(a, struct contact, p->entry_count + 1);
    size_t count = 0;

    for (size_t i = 0; i < p->entry_count; i++) {
        const struct entry *e = &p->entries[i];
        if (stands(e->learned, e->gone, asked->step))
            history[count++] = (struct contact){ .at = { e->at },
                                                 .channel = e->channel,
                                                 .direction = e->direction,
                                                 .outcome = e->outcome,
                                                 .party = e->party,
                                                 .debts = debts_of(a, e->debts),
                                                 .address = e->address,
                                                 .purpose = e->purpose,
                                                 .number_kind = e->number_kind };
    }
    qsort(history, count, sizeof history[0], entry_by_time);
    out->history = history;
    out->history_count = count;
    out->history_known = true;
}

static const char *day_text(int64_t day, struct arena *a)
{
    char text[DAY_TEXT];

    return arena_copy(a, day_print((struct day){ (int32_t)day }, text));
}

static struct gate_fields detail_of(const struct known *fact, struct arena *a)
{
    struct gate_field *fields = arena_array(a, struct gate_field, 12);
    char text[INSTANT_TEXT];
    size_t n = 0;

    if (fact->given_to != NULL)
        fields[n++] = (struct gate_field){ "given_to", fact->given_to };
    if (fact->form != NULL)
        fields[n++] = (struct gate_field){ "form", fact->form };
    if (fact->place != NULL)
        fields[n++] = (struct gate_field){ "place", fact->place };
    if (fact->basis != NULL)
        fields[n++] = (struct gate_field){ "basis", fact->basis };
    if (fact->call_back != 0)
        fields[n++] = (struct gate_field){
            "call_back", arena_copy(a, instant_print((struct instant){ fact->call_back }, text))
        };
    if (fact->checked_day != 0)
        fields[n++] = (struct gate_field){ "db_check", day_text(fact->checked_day, a) };
    if (fact->provided_day != 0)
        fields[n++] = (struct gate_field){ "provided", day_text(fact->provided_day, a) };
    if (fact->printed_day != 0)
        fields[n++] = (struct gate_field){ "end_date", day_text(fact->printed_day, a) };
    if (fact->answered_day != 0)
        fields[n++] =
            (struct gate_field){ fact->type == FACT_DISPUTE ? "verification_sent" : "answered",
                                 day_text(fact->answered_day, a) };
    if (fact->chapter != NULL) {
        fields[n++] = (struct gate_field){ "chapter", fact->chapter };
        fields[n++] =
            (struct gate_field){ "status", fact->dismissed_day != 0 ? "dismissed" : "open" };
    }
    if (fact->dismissed_day != 0)
        fields[n++] = (struct gate_field){ "status_at", day_text(fact->dismissed_day, a) };
    return (struct gate_fields){ n, fields };
}

static int fact_by_time(const void *a, const void *b)
{
    int64_t x = ((const struct gate_fact *)a)->at.us, y = ((const struct gate_fact *)b)->at.us;

    return (x > y) - (x < y);
}

static void facts_fill(const struct asked *asked, struct arena *a, struct gate_question *out)
{
    const struct person *p = asked->person;
    struct gate_fact *facts = arena_array(a, struct gate_fact, p->fact_count + 1);
    size_t count = 0;

    for (size_t i = 0; i < p->fact_count; i++) {
        const struct known *f = &p->facts[i];
        if (stands(f->learned, f->gone, asked->step))
            facts[count++] = (struct gate_fact){ .type = f->type,
                                                 .party = f->party,
                                                 .debt = f->debt,
                                                 .other = f->other,
                                                 .at = { f->at },
                                                 .until = { f->until },
                                                 .scope = f->scope,
                                                 .value = f->value,
                                                 .channel_known = f->channel_known,
                                                 .channel = f->channel,
                                                 .hours = f->hours,
                                                 .detail = detail_of(f, a) };
    }
    qsort(facts, count, sizeof facts[0], fact_by_time);
    out->facts = facts;
    out->fact_count = count;
}

static void debts_fill(const struct asked *asked, struct arena *a, struct gate_question *out)
{
    const struct person *p = asked->person;
    struct gate_debt *all = arena_array(a, struct gate_debt, p->debt_count);
    struct gate_debt *some = arena_array(a, struct gate_debt, p->debt_count);
    size_t count = 0;

    for (size_t i = 0; i < p->debt_count; i++) {
        struct gate_field *fields = arena_array(a, struct gate_field, 3);
        size_t n = 0;
        fields[n++] = (struct gate_field){ "due", "2025-06-30" };
        fields[n++] = (struct gate_field){ "creditor", p->debts[i].creditor };
        if (p->debts[i].servicer_account != NULL)
            fields[n++] =
                (struct gate_field){ "servicer_account", p->debts[i].servicer_account };
        all[i] = (struct gate_debt){ .number = (int32_t)i + 1,
                                     .kind = p->debts[i].kind,
                                     .business = p->business,
                                     .detail = { n, fields } };
        if ((asked->debts & 1u << i) != 0)
            some[count++] = all[i];
    }
    out->debts = some;
    out->debt_count = count;
    out->casefile_debts = all;
    out->casefile_debt_count = p->debt_count;
}

static struct gate_fields content_of(const struct asked *asked, struct arena *a)
{
    struct gate_field *fields = arena_array(a, struct gate_field, 6);
    size_t n = 0;

    fields[n++] = (struct gate_field){ "message_type", "whole" };
    fields[n++] = (struct gate_field){ "licence_number", "1234567" };
    fields[n++] = (struct gate_field){ "opt_out_notice", "true" };
    fields[n++] = (struct gate_field){ "debt_collector_statement", "true" };
    if (asked->requests_payment)
        fields[n++] = (struct gate_field){ "requests_payment", "true" };
    if (asked->only_confirms_opt_out)
        fields[n++] = (struct gate_field){ "only_confirms_opt_out", "true" };
    return (struct gate_fields){ n, fields };
}

static struct gate_fields extra_of(const struct asked *asked, struct arena *a)
{
    struct gate_field *fields = arena_array(a, struct gate_field, 4);
    size_t n = 0;

    fields[n++] = (struct gate_field){ "visibility", "private" };
    fields[n++] = (struct gate_field){ "voice", asked->voice };
    if (asked->person->pseudonym) {
        fields[n++] = (struct gate_field){ "actor.name_used", "Recovery Office" };
        fields[n++] = (struct gate_field){ "actor.own_name", "Northgate Bank" };
    }
    return (struct gate_fields){ n, fields };
}

void ask_question(const struct asked *asked, struct arena *a, struct gate_question *out)
{
    const struct person *p = asked->person;
    const struct zone **zones = arena_array(a, const struct zone *, ZONES_MOST);

    for (size_t i = 0; i < p->zone_count; i++)
        zones[i] = zone_find(p->clocks[i]->name);
    *out = (struct gate_question){ .at = { asked->at },
                                   .channel = asked->channel,
                                   .party = asked->party,
                                   .relation = asked->relation,
                                   .address = asked->address,
                                   .purpose = asked->purpose,
                                   .number_kind = asked->number_kind,
                                   .role = p->role,
                                   .places = p->places,
                                   .place_count = p->place_count,
                                   .zones = zones,
                                   .zone_count = p->zone_count,
                                   .content = content_of(asked, a),
                                   .extra = extra_of(asked, a) };
    debts_fill(asked, a, out);
    facts_fill(asked, a, out);
    history_fill(asked, a, out);
}

/* ---- as JSON ---- */

static json_t *json_debts(unsigned bits)
{
    json_t *list = json_array();

    for (int i = 0; i < DEBTS_MOST; i++) {
        if ((bits & 1u << i) != 0)
            json_array_append_new(list, json_sprintf("D%d", i + 1));
    }
    return list;
}

static void set_text(json_t *object, const char *key, const char *value)
{
    if (value != NULL)
        json_object_set_new(object, key, json_string(value));
}

static void set_moment(json_t *object, const char *key, int64_t us)
{
    char text[INSTANT_TEXT];

    set_text(object, key, instant_print((struct instant){ us }, text));
}

static void set_day(json_t *object, const char *key, int64_t day)
{
    char text[DAY_TEXT];

    if (day != 0)
        set_text(object, key, day_print((struct day){ (int32_t)day }, text));
}

static void set_hours(json_t *object, const struct known *f)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    json_t *rule = json_object(), *weekdays = json_array();

    for (int i = 0; i < 7; i++) {
        if ((f->hours.weekdays & 1u << i) != 0)
            json_array_append_new(weekdays, json_string(days[i]));
    }
    json_object_set_new(rule, "weekdays", weekdays);
    json_object_set_new(
        rule, "from", json_sprintf("%02d:%02d", f->hours.from / 3600, f->hours.from / 60 % 60));
    json_object_set_new(rule, "to",
                        json_sprintf("%02d:%02d", f->hours.to / 3600, f->hours.to / 60 % 60));
    json_object_set_new(object, "rule", rule);
}

static json_t *json_fact(const struct known *f)
{
    json_t *out = json_object();

    set_text(out, "type", fact_type_name(f->type));
    set_moment(out, "at", f->at);
    if (f->until != NEVER)
        set_moment(out, "ended", f->until);
    if (f->debt != 0)
        json_object_set_new(out, "debts", json_debts(1u << (f->debt - 1)));
    if (f->other != 0)
        json_object_set_new(out, "person", json_sprintf("P%d", f->other));
    if (f->party != 0)
        json_object_set_new(out, f->other != 0 ? "represents" : "person",
                            json_sprintf("P%d", f->party));
    set_text(out, f->type == FACT_HOLD ? "kind" : "scope", f->scope);
    set_text(out, "value", f->value);
    if (f->channel_known)
        set_text(out, "channel", channel_name(f->channel));
    set_text(out, "given_to", f->given_to);
    set_text(out, "form", f->form);
    set_text(out, "place", f->place);
    set_text(out, "basis", f->basis);
    if (f->call_back != 0)
        set_moment(out, "call_back", f->call_back);
    if (f->type == FACT_INCONVENIENT_TIME)
        set_hours(out, f);
    else if (f->hours.from != f->hours.to)
        json_object_set_new(out, "what",
                            json_sprintf("calls %02d:%02d-%02d:%02d", f->hours.from / 3600,
                                         f->hours.from / 60 % 60, f->hours.to / 3600,
                                         f->hours.to / 60 % 60));
    set_day(out, "db_check", f->checked_day);
    set_day(out, "provided", f->provided_day);
    set_day(out, "end_date", f->printed_day);
    set_day(out, f->type == FACT_DISPUTE ? "verification_sent" : "answered", f->answered_day);
    set_text(out, "chapter", f->chapter);
    set_text(out, "status",
             f->chapter == NULL ? NULL
             : f->dismissed_day ? "dismissed"
                                : "open");
    set_day(out, "status_at", f->dismissed_day);
    return out;
}

static json_t *json_entry(const struct entry *e)
{
    json_t *out = json_object();

    set_moment(out, "at", e->at);
    set_text(out, "channel", channel_name(e->channel));
    set_text(out, "direction", e->direction == DIRECTION_IN ? "in" : "out");
    json_object_set_new(out, e->direction == DIRECTION_IN ? "from" : "to",
                        json_sprintf("P%d", e->party));
    json_object_set_new(out, "debts", json_debts(e->debts));
    set_text(out, "outcome", outcome_name(e->outcome));
    set_text(out, "purpose", e->purpose);
    set_text(out, e->channel == CHANNEL_EMAIL ? "address" : "number", e->address);
    set_text(out, "number_kind", e->number_kind);
    return out;
}

static json_t *json_proposed(const struct asked *asked)
{
    json_t *out = json_object(), *content = json_object();

    set_moment(out, "at", asked->at);
    set_text(out, "channel", channel_name(asked->channel));
    json_object_set_new(out, "to", json_sprintf("P%d", asked->party));
    json_object_set_new(out, "debts", json_debts(asked->debts));
    set_text(out, "purpose", asked->purpose);
    set_text(out, asked->channel == CHANNEL_EMAIL ? "address" : "number", asked->address);
    set_text(out, "number_kind", asked->number_kind);
    set_text(content, "message_type", "whole");
    set_text(content, "licence_number", "1234567");
    json_object_set_new(content, "opt_out_notice", json_true());
    json_object_set_new(content, "debt_collector_statement", json_true());
    json_object_set_new(content, "requests_payment", json_boolean(asked->requests_payment));
    json_object_set_new(content, "only_confirms_opt_out",
                        json_boolean(asked->only_confirms_opt_out));
    json_object_set_new(out, "content", content);
    set_text(out, "visibility", "private");
    set_text(out, "voice", asked->voice);
    return out;
}

static json_t *json_person(const struct asked *asked)
{
    json_t *out = json_object(), *zones = json_array();

    json_object_set_new(out, "id", json_sprintf("P%d", asked->party));
    set_text(out, "relation", asked->relation);
    for (size_t i = 0; i < asked->person->zone_count; i++)
        json_array_append_new(zones, json_string(asked->person->clocks[i]->name));
    json_object_set_new(out, "zones", zones);
    return out;
}

static json_t *json_all_debts(const struct person *p)
{
    json_t *list = json_array();

    for (size_t i = 0; i < p->debt_count; i++) {
        json_t *debt = json_object();
        json_object_set_new(debt, "id", json_sprintf("D%zu", i + 1));
        set_text(debt, "kind", p->debts[i].kind);
        set_text(debt, "due", "2025-06-30");
        set_text(debt, "creditor", p->debts[i].creditor);
        set_text(debt, "servicer_account", p->debts[i].servicer_account);
        json_object_set_new(debt, "b2b", json_boolean(p->business));
        json_array_append_new(list, debt);
    }
    return list;
}

static json_t *json_actor(const struct person *p)
{
    json_t *out = json_object();

    set_text(out, "role", actor_role_name(p->role));
    set_text(out, "name_used", p->pseudonym ? "Recovery Office" : NULL);
    set_text(out, "own_name", p->pseudonym ? "Northgate Bank" : NULL);
    return out;
}

void ask_print(const struct asked *asked, struct gate_packs packs, FILE *out)
{
    const struct person *p = asked->person;
    json_t *root = json_object(), *names = json_array(), *facts = json_array(),
           *history = json_array();

    for (size_t i = 0; i < packs.count; i++)
        json_array_append_new(names, json_string(rulepack_name(packs.packs[i])));
    for (size_t i = 0; i < p->fact_count; i++) {
        if (stands(p->facts[i].learned, p->facts[i].gone, asked->step))
            json_array_append_new(facts, json_fact(&p->facts[i]));
    }
    for (size_t i = 0; i < p->entry_count; i++) {
        if (stands(p->entries[i].learned, p->entries[i].gone, asked->step))
            json_array_append_new(history, json_entry(&p->entries[i]));
    }
    json_object_set_new(root, "packs", names);
    json_object_set_new(root, "actor", json_actor(p));
    json_object_set_new(root, "debts", json_all_debts(p));
    json_object_set_new(root, "person", json_person(asked));
    json_object_set_new(root, "facts", facts);
    json_object_set_new(root, "history", history);
    json_object_set_new(root, "proposed", json_proposed(asked));
    json_dumpf(root, out, JSON_COMPACT | JSON_PRESERVE_ORDER);
    fputc('\n', out);
    json_decref(root);
}
