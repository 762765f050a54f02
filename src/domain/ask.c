#include "domain/ask.h"

#include "base/text.h"
#include "domain/question.h"
#include "domain/validation.h"

#include <string.h>

static const struct gate_field parts_out = { "excludes_disputed_portion", "true" };

/* The last of them only where a part is disputed. */
static const struct gate_field usual_fields[] = { { "opt_out_notice", "true" },
                                                  { "debt_collector_statement", "true" },
                                                  { "mini_miranda", "true" },
                                                  { "excludes_disputed_portion", "true" } };

static const struct gate_field spoken_fields[] = { { "voice", "live" } };

/* What the instalments of a debt that are open say of it. */
struct open_days {
    struct day due, paid;
};

/* When the last payment is of a later day, only the postings know the one before it: then none
 * is known, which makes the debt older, not younger. */
static struct day paid_until(const struct instalment *item, struct day today)
{
    return item->last_paid_day.number <= today.number ? item->last_paid_day : DAY_NONE;
}

static struct open_days open_days_of(const struct casefile *c, int32_t debt, struct day today)
{
    struct open_days days = { DAY_NEVER, DAY_NONE };

    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        if (item->debt != debt || item->open_minor <= 0)
            continue;
        struct day paid = paid_until(item, today);
        if (item->due_day.number < days.due.number)
            days.due = item->due_day;
        if (paid.number > days.paid.number)
            days.paid = paid;
    }
    return days;
}

static void field_put(struct gate_fields *fields, const char *name, const char *value)
{
    if (value != NULL)
        ((struct gate_field *)fields->fields)[fields->count++] =
            (struct gate_field){ name, value };
}

static const char *day_text(struct day day, struct arena *a)
{
    if (day.number == DAY_NEVER.number || day.number == DAY_NONE.number)
        return NULL;
    return day_print(day, arena_alloc(a, DAY_TEXT));
}

/* Services and bills are none; what is not known is taken for one, which asks for more. */
static bool is_financial_product(const char *kind)
{
    static const char *const others[] = { "medical", "utility", "telecom",
                                          "rent",    "gym",     "invoice" };

    for (size_t i = 0; i < COUNT(others); i++) {
        if (text_equal(kind, others[i]))
            return false;
    }
    return true;
}

static bool details(const struct gate_fact *fact, int32_t debt, struct instant at)
{
    return fact->type == FACT_DEBT_DETAIL && fact_is_in_force(fact, at) &&
           (fact->debt == 0 || fact->debt == debt);
}

struct gate_debt ask_debt(const struct casefile *c, int32_t number, struct instant at,
                          struct arena *a)
{
    const struct debt *debt = casefile_debt(c, number);
    struct day today = { (int32_t)(at.us / ((int64_t)SECONDS_A_DAY * 1000000)) };
    struct open_days days = open_days_of(c, number, today);
    struct gate_debt out = { .number = number,
                             .kind = debt == NULL ? NULL : debt->kind,
                             .business = c->business };
    size_t room = 5;

    for (size_t i = 0; i < c->fact_count; i++)
        room += details(&c->facts[i], number, at) ? c->facts[i].detail.count : 0;
    out.detail.fields = arena_array(a, struct gate_field, room);
    for (size_t i = c->fact_count; i-- > 0;) {
        const struct gate_fact *fact = &c->facts[i];
        for (size_t k = 0; details(fact, number, at) && k < fact->detail.count; k++)
            field_put(&out.detail, fact->detail.fields[k].name, fact->detail.fields[k].value);
    }
    field_put(&out.detail, "id", debt == NULL ? NULL : debt->reference);
    field_put(&out.detail, "creditor", c->creditor);
    field_put(&out.detail, "due", day_text(days.due, a));
    field_put(&out.detail, "last_payment", day_text(days.paid, a));
    field_put(&out.detail, "cfpb_product", is_financial_product(out.kind) ? "true" : "false");
    return out;
}

const char *ask_purpose(const struct casefile *c, const struct gate_question *question)
{
    bool begins =
        c->role != ACTOR_FIRST_PARTY_CREDITOR && question_communicated(question, false) == NULL;

    return begins ? "initial" : NULL;
}

/* What we ask for never holds what is disputed of it; a report to a bureau says for itself. */
static bool leaves_parts_out(const struct gate_question *q)
{
    for (size_t i = 0; i < q->fact_count; i++) {
        if (fact_is_of_part(&q->facts[i]) && fact_is_in_force(&q->facts[i], q->at))
            return q->channel != CHANNEL_CREDIT_REPORT;
    }
    return false;
}

static struct gate_fields with_parts_out(struct gate_fields fields, struct arena *a)
{
    struct gate_field *all = arena_array(a, struct gate_field, fields.count + 1);

    for (size_t i = 0; i < fields.count; i++)
        all[i] = fields.fields[i];
    all[fields.count] = parts_out;
    return (struct gate_fields){ fields.count + 1, all };
}

void question_build(const struct casefile *c, const struct party *party, enum channel channel,
                    const char *address, struct instant at, size_t debt_count,
                    const struct gate_debt *debts, struct gate_question *out)
{
    *out = (struct gate_question){
        .at = at,
        .channel = channel,
        .party = party->number,
        .relation = strcmp(party->role, "debtor") == 0 ? "consumer" : party->role,
        .address = address,
        .role = c->role,
        .places = party->places,
        .place_count = party->place_count,
        .zones = party->zones,
        .zone_count = party->zone_count,
        .debts = debts,
        .debt_count = debt_count,
        .business = c->business,
        .casefile_debts = debts,
        .casefile_debt_count = debt_count,
        .facts = c->facts,
        .fact_count = c->fact_count,
        .history = c->contacts,
        .history_count = c->contact_count,
        .history_known = true,
    };
    bool leaves = leaves_parts_out(out);
    if (channel == CHANNEL_EMAIL || channel == CHANNEL_SMS || channel == CHANNEL_LETTER)
        out->content = (struct gate_fields){ COUNT(usual_fields) - !leaves, usual_fields };
    else if (leaves)
        out->content = (struct gate_fields){ 1, &parts_out };
    if ((1u << channel & TELEPHONE) != 0)
        out->extra = (struct gate_fields){ COUNT(spoken_fields), spoken_fields };
    out->purpose = ask_purpose(c, out);
}

static const char end_field[] = "validation_end_date";

/* The end of the validation period is that of a notice composed on this day. */
static struct gate_fields with_end(const struct gate_question *q, const struct party *party,
                                   struct day today, struct arena *a)
{
    struct gate_field *fields = arena_array(a, struct gate_field, q->content.count);
    struct day end = validation_end(party_day(party, q->at, today));

    for (size_t i = 0; i < q->content.count; i++) {
        fields[i] = q->content.fields[i];
        if (strcmp(fields[i].name, end_field) == 0)
            fields[i].value = day_print(end, arena_alloc(a, DAY_TEXT));
    }
    return (struct gate_fields){ q->content.count, fields };
}

void question_hold(struct gate_question *question, const struct message_content *content,
                   const struct party *party, struct day today, struct arena *a)
{
    question->content = content != NULL ? content->fields : (struct gate_fields){ 0 };
    question->composes = content != NULL && content->takes_wording;
    if (content == NULL)
        return;
    if (question->purpose == NULL || text_equal(content->purpose, VALIDATION_NOTICE))
        question->purpose = content->purpose;
    if (gate_field_find(content->fields, end_field) != NULL)
        question->content = with_end(question, party, today, a);
    if (leaves_parts_out(question))
        question->content = with_parts_out(question->content, a);
}
