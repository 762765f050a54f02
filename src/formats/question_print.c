#include "formats/question.h"

#include "base/json.h"

#include <string.h>

/* Years that RFC 3339 and instant_parse know; other moments are numbers of microseconds. */
static const int64_t FIRST_US = -11676096000000000, LAST_US = 253402300799999999;

static void moment_at(struct json_writer *w, const char *key, struct instant at)
{
    char text[INSTANT_TEXT];

    if (at.us < FIRST_US || at.us > LAST_US)
        json_int_at(w, key, at.us);
    else
        json_text_at(w, key, instant_print(at, text));
}

static void text_if(struct json_writer *w, const char *key, const char *value)
{
    if (value != NULL)
        json_text_at(w, key, value);
}

static void int_if(struct json_writer *w, const char *key, int64_t value)
{
    if (value != 0)
        json_int_at(w, key, value);
}

static void flag_if(struct json_writer *w, const char *key, bool value, bool usual)
{
    if (value == usual)
        return;
    json_key(w, key);
    json_bool(w, value);
}

static bool is_first(struct gate_fields fields, size_t place)
{
    for (size_t i = 0; i < place; i++) {
        if (text_equal(fields.fields[i].name, fields.fields[place].name))
            return false;
    }
    return true;
}

/* Of two fields of one name the first is the one that is found: later ones say nothing. */
static void fields_if(struct json_writer *w, const char *key, struct gate_fields fields)
{
    if (fields.count == 0)
        return;
    json_key(w, key);
    json_open(w, '{');
    for (size_t i = 0; i < fields.count; i++) {
        const struct gate_field *field = &fields.fields[i];
        if (is_first(fields, i))
            json_text_at(w, field->name, field->value);
    }
    json_close(w, '}');
}

static void write_where(struct json_writer *w, const struct gate_question *q)
{
    if (q->place_count > 0) {
        json_key(w, "places");
        json_open(w, '[');
        for (size_t i = 0; i < q->place_count; i++)
            json_text(w, q->places[i]);
        json_close(w, ']');
    }
    if (q->zone_count > 0) {
        json_key(w, "zones");
        json_open(w, '[');
        for (size_t i = 0; i < q->zone_count; i++)
            json_text(w, zone_name(q->zones[i]));
        json_close(w, ']');
    }
}

static void write_debts(struct json_writer *w, const char *key, size_t count,
                        const struct gate_debt debts[])
{
    json_key(w, key);
    json_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(w, '{');
        json_int_at(w, "number", debts[i].number);
        text_if(w, "kind", debts[i].kind);
        flag_if(w, "business", debts[i].business, false);
        fields_if(w, "detail", debts[i].detail);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_hours(struct json_writer *w, struct bad_hours hours)
{
    if (hours.weekdays == 0 && hours.from == 0 && hours.to == 0)
        return;
    json_key(w, "hours");
    json_open(w, '{');
    int_if(w, "weekdays", hours.weekdays);
    json_int_at(w, "from", hours.from);
    json_int_at(w, "to", hours.to);
    json_close(w, '}');
}

static void write_fact(struct json_writer *w, const struct gate_fact *fact)
{
    json_open(w, '{');
    json_text_at(w, "type", fact_type_name(fact->type));
    moment_at(w, "at", fact->at);
    if (fact->until.us != INSTANT_NEVER.us)
        moment_at(w, "until", fact->until);
    int_if(w, "party", fact->party);
    int_if(w, "debt", fact->debt);
    int_if(w, "other", fact->other);
    text_if(w, "scope", fact->scope);
    text_if(w, "value", fact->value);
    if (fact->channel_known)
        json_text_at(w, "channel", channel_name(fact->channel));
    write_hours(w, fact->hours);
    fields_if(w, "detail", fact->detail);
    json_close(w, '}');
}

static bool has_debts_of(const struct contact *contact, const struct gate_question *q)
{
    if (contact->debts.count != q->debt_count)
        return false;
    for (size_t i = 0; i < q->debt_count; i++) {
        if (contact->debts.numbers[i] != q->debts[i].number)
            return false;
    }
    return true;
}

static void write_contact(struct json_writer *w, const struct contact *contact,
                          const struct gate_question *q)
{
    json_open(w, '{');
    moment_at(w, "at", contact->at);
    json_text_at(w, "channel", channel_name(contact->channel));
    json_text_at(w, "outcome", outcome_name(contact->outcome));
    flag_if(w, "in", contact->direction == DIRECTION_IN, false);
    if (contact->party != q->party)
        json_int_at(w, "party", contact->party);
    if (!has_debts_of(contact, q)) {
        json_key(w, "debts");
        json_open(w, '[');
        for (size_t i = 0; i < contact->debts.count; i++)
            json_int(w, contact->debts.numbers[i]);
        json_close(w, ']');
    }
    if (!text_equal(contact->address, q->address))
        json_text_at(w, "address", contact->address);
    text_if(w, "purpose", contact->purpose);
    text_if(w, "number_kind", contact->number_kind);
    json_close(w, '}');
}

static bool same_fields(struct gate_fields a, struct gate_fields b)
{
    if (a.count != b.count)
        return false;
    for (size_t i = 0; i < a.count; i++) {
        if (!text_equal(a.fields[i].name, b.fields[i].name) ||
            !text_equal(a.fields[i].value, b.fields[i].value))
            return false;
    }
    return true;
}

static bool asks_of_all_debts(const struct gate_question *q)
{
    if (q->casefile_debt_count != q->debt_count)
        return false;
    for (size_t i = 0; i < q->debt_count; i++) {
        const struct gate_debt *a = &q->debts[i], *b = &q->casefile_debts[i];
        if (a->number != b->number || a->business != b->business ||
            !text_equal(a->kind, b->kind) || !same_fields(a->detail, b->detail))
            return false;
    }
    return true;
}

static void write_facts(struct json_writer *w, const struct gate_question *q)
{
    if (q->fact_count > 0) {
        json_key(w, "facts");
        json_open(w, '[');
        for (size_t i = 0; i < q->fact_count; i++)
            write_fact(w, &q->facts[i]);
        json_close(w, ']');
    }
    if (q->history_count > 0) {
        json_key(w, "history");
        json_open(w, '[');
        for (size_t i = 0; i < q->history_count; i++)
            write_contact(w, &q->history[i], q);
        json_close(w, ']');
    }
    flag_if(w, "history_known", q->history_known, true);
    flag_if(w, "composes", q->composes, false);
}

void question_print(const struct gate_question *q, struct text *out)
{
    struct json_writer w = { out, false };

    json_open(&w, '{');
    moment_at(&w, "at", q->at);
    json_text_at(&w, "channel", channel_name(q->channel));
    json_text_at(&w, "role", actor_role_name(q->role));
    json_int_at(&w, "party", q->party);
    text_if(&w, "relation", q->relation);
    text_if(&w, "address", q->address);
    text_if(&w, "purpose", q->purpose);
    text_if(&w, "number_kind", q->number_kind);
    write_where(&w, q);
    fields_if(&w, "content", q->content);
    fields_if(&w, "extra", q->extra);
    write_debts(&w, "debts", q->debt_count, q->debts);
    flag_if(&w, "business", q->debt_count == 0 && q->business, false);
    if (!asks_of_all_debts(q))
        write_debts(&w, "casefile_debts", q->casefile_debt_count, q->casefile_debts);
    write_facts(&w, q);
    json_close(&w, '}');
}
