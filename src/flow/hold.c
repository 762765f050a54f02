#include "flow/hold.h"

#include "base/json.h"
#include "flow/account_cells.h"
#include "flow/book_dispute.h"
#include "store/casefiles.h"

#include <stdlib.h>
#include <string.h>

/* The last eight are those that rule packs read beside these. */
static const char *const kinds[] = { "hardship",
                                     "complaint",
                                     "bankruptcy",
                                     "deceased",
                                     "breathing_space",
                                     "identity_theft",
                                     "minor",
                                     "litigation",
                                     "legal",
                                     "review",
                                     "manual",
                                     "mental_health_crisis",
                                     "mental_capacity",
                                     "debt_advice",
                                     "data_restriction",
                                     "written_only",
                                     "coerced_debt",
                                     "statute_barred",
                                     "statutory_moratorium",
                                     "debt_arrangement_scheme" };

const char hold_kinds_text[] = "hardship, complaint, bankruptcy, deceased, breathing-space, "
                               "identity-theft, minor, litigation, review or manual";

const char *hold_kind(struct arena *a, const char *typed)
{
    char *kind = arena_copy(a, typed);

    for (char *at = kind; *at != '\0'; at++) {
        if (*at == '-' || *at == ' ')
            *at = '_';
    }
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (text_equal(kinds[i], kind))
            return kinds[i];
    }
    return NULL;
}

/* ---- Reading ---- */

static struct day day_of(struct gate_fields detail, const char *name)
{
    const char *text = gate_field_find(detail, name);
    struct day day;

    return text != NULL && day_parse(text, &day) ? day : DAY_NONE;
}

static struct day last_day_of(struct instant until, const struct zone *zone)
{
    return until.us == INSTANT_NEVER.us ? DAY_NEVER
                                        : wall_at((struct instant){ until.us - 1 }, zone).day;
}

static void hold_of_row(struct query *q, struct book *b, struct standing_hold *out)
{
    struct gate_fields detail = gate_fields_parse(&b->arena, row_text(q, 6));
    const char *with = gate_field_find(detail, "with");
    int64_t number = 0;

    text_to_int(with, &number);
    *out = (struct standing_hold){ .number = (int32_t)row_int(q, 0),
                                   .debt = (int32_t)row_int(q, 1),
                                   .with = (int32_t)number,
                                   .at = { row_int(q, 2) },
                                   .until = { row_int(q, 3) } };
    out->is = (struct hold){ .kind = row_copy(q, 4, &b->arena),
                             .debt = out->debt,
                             .reason = row_copy(q, 5, &b->arena),
                             .author = gate_field_find(detail, "by"),
                             .first = wall_at(out->at, b->zone).day,
                             .last = last_day_of(out->until, b->zone),
                             .freeze = text_equal(gate_field_find(detail, "freeze"), "true"),
                             .review = day_of(detail, "review"),
                             .result = gate_field_find(detail, "result"),
                             .note = gate_field_find(detail, "note"),
                             .situation = gate_field_find(detail, "situation"),
                             .spare = gate_field_find(detail, "spare"),
                             .needs = gate_field_find(detail, "needs") };
}

bool holds_of(struct book *b, struct casefile_key key, struct instant at,
              struct standing_hold **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(b->store, Q_HOLDS_OF);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    while (query_next(&q)) {
        struct standing_hold hold;
        hold_of_row(&q, b, &hold);
        if (hold.at.us <= at.us && at.us < hold.until.us)
            *arena_push(&b->arena, *out, *count, room) = hold;
    }
    return query_end(&q, why);
}

bool hold_at(struct book *b, struct casefile_key key, int32_t number, struct instant *at,
             struct fault *why)
{
    struct query q = query_begin(b->store, Q_HOLDS_OF);

    bind_key(&q, key);
    while (query_next(&q)) {
        struct standing_hold hold;
        hold_of_row(&q, b, &hold);
        if (hold.number == number && hold.at.us > at->us)
            *at = hold.at;
    }
    return query_end(&q, why);
}

/* ---- What comes with it ---- */

static const char *origin_of(struct book *b, int32_t number)
{
    return arena_print(&b->arena, "hold %d", (int)number);
}

static struct instant end_of(const struct book *b, struct day last)
{
    return last.number >= DAY_NEVER.number ? INSTANT_NEVER
                                           : day_begins(day_plus(last, 1), b->zone);
}

static struct day day_after(struct day last)
{
    return last.number >= DAY_NEVER.number ? DAY_NEVER : day_plus(last, 1);
}

/* The first currency of the debts: a freeze holds for all of them. CURRENCY_NONE: no debt. */
static bool any_currency(struct book *b, struct casefile_key key, enum currency *out,
                         struct fault *why)
{
    struct query q = query_begin(b->store, Q_DEBT_LIST);

    *out = CURRENCY_NONE;
    bind_key(&q, key);
    while (query_next(&q)) {
        if (*out == CURRENCY_NONE)
            *out = (enum currency)row_int(&q, 4);
    }
    return query_end(&q, why);
}

static bool freeze_put(struct book *b, struct casefile_key key, const struct hold *in,
                       int32_t number, struct fault *why)
{
    struct move_input m = { .is = { .kind = MOVEMENT_FREEZE,
                                    .day = in->first,
                                    .due = day_after(in->last),
                                    .debt = in->debt,
                                    .component = COMPONENT_COUNT,
                                    .reference = origin_of(b, number) },
                            .origin = origin_of(b, number),
                            .reason = in->reason,
                            .author = in->author };

    if (!in->freeze)
        return true;
    return any_currency(b, key, &m.is.currency, why) &&
           (m.is.currency == CURRENCY_NONE || book_move_add(b, key, &m, why));
}

/* The fact that the rules ask for. *with: 0, when there is one already, or none is asked for.
 */
static bool companion_add(struct book *b, struct casefile_key key, const struct hold *in,
                          struct instant at, int32_t *with, struct fault *why)
{
    struct gate_field chapter = { "chapter", in->chapter };
    struct gate_fact fact = { .at = at,
                              .until = INSTANT_NEVER,
                              .value = in->reason,
                              .detail = { in->chapter != NULL, &chapter } };
    int32_t there;

    *with = 0;
    if (text_equal(in->kind, "bankruptcy"))
        fact.type = FACT_BANKRUPTCY;
    else if (text_equal(in->kind, "deceased"))
        fact.type = FACT_DECEASED;
    else
        return true;
    if (!book_fact_find(b, key, fact.type, 0, &there, why))
        return false;
    return there != 0 || book_fact_add(b, key, &fact, "hold", with, why);
}

/* ---- Placing and lifting ---- */

struct field_list {
    size_t count;
    struct gate_field all[12];
};

/* A field is one line. */
static const char *one_line(struct book *b, const char *value)
{
    char *copy = value == NULL ? NULL : arena_copy(&b->arena, value);

    for (char *at = copy; at != NULL && *at != '\0'; at++)
        *at = *at == '\n' || *at == '\r' ? ' ' : *at;
    return copy;
}

static void field_put(struct field_list *f, const char *name, const char *value)
{
    if (value != NULL)
        f->all[f->count++] = (struct gate_field){ name, value };
}

static struct field_list fields_of(struct book *b, const struct hold *in, int32_t with)
{
    struct field_list f = { 0 };
    char day[DAY_TEXT];

    field_put(&f, "by", in->author);
    field_put(&f, "freeze", in->freeze ? "true" : NULL);
    field_put(&f, "with", with == 0 ? NULL : arena_print(&b->arena, "%d", (int)with));
    field_put(&f, "review",
              in->review.number == DAY_NONE.number
                  ? NULL
                  : arena_copy(&b->arena, day_print(in->review, day)));
    field_put(&f, "result", in->result);
    field_put(&f, "note", one_line(b, in->note));
    field_put(&f, "situation", one_line(b, in->situation));
    field_put(&f, "spare", one_line(b, in->spare));
    field_put(&f, "needs", one_line(b, in->needs));
    return f;
}

static bool place_new(struct book *b, struct casefile_key key, const struct hold *in,
                      int32_t with, int32_t *number, struct fault *why)
{
    struct day today = book_today(b);
    struct instant at =
        in->first.number == today.number ? b->now : day_begins(in->first, b->zone);

    if (with == 0 && !companion_add(b, key, in, at, &with, why))
        return false;
    struct field_list fields = fields_of(b, in, with);
    struct gate_fact fact = { .type = FACT_HOLD,
                              .debt = in->debt,
                              .at = at,
                              .until = end_of(b, in->last),
                              .scope = in->kind,
                              .value = in->reason,
                              .detail = { fields.count, fields.all } };
    return book_fact_add(b, key, &fact, "command line", number, why) &&
           freeze_put(b, key, in, *number, why);
}

static bool place_longer(struct book *b, struct casefile_key key, const struct hold *in,
                         const struct standing_hold *old, struct fault *why)
{
    struct hold longer = *in;

    longer.first = old->is.first;
    return book_fact_end(b, key, old->number, end_of(b, in->last), why) &&
           book_origin_end(b, key, origin_of(b, old->number), why) &&
           freeze_put(b, key, &longer, old->number, why);
}

static struct hold completed(const struct book *b, const struct hold *in)
{
    struct hold hold = *in;
    bool breathes = text_equal(in->kind, "breathing_space");

    if (hold.first.number == DAY_NONE.number)
        hold.first = book_today(b);
    if (breathes && hold.last.number == DAY_NEVER.number)
        hold.last = day_plus(hold.first, BREATHING_DAYS - 1);
    hold.freeze = hold.freeze || breathes || text_equal(in->kind, "mental_health_crisis");
    return hold;
}

bool hold_place(struct book *b, struct casefile_key key, const struct hold *in, int32_t *number,
                enum change *change, struct fault *why)
{
    struct hold hold = completed(b, in);
    struct standing_hold *all;
    size_t count;

    *change = CHANGE_NONE;
    if (hold.last.number < hold.first.number)
        return fail(why, BAD_VALUE, "The hold would end before it begins.");
    if (!holds_of(b, key, b->now, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct standing_hold *old = &all[i];
        if (!text_equal(old->is.kind, hold.kind) || old->debt != hold.debt)
            continue;
        *number = old->number;
        hold.freeze = hold.freeze || old->is.freeze;
        if (old->until.us == end_of(b, hold.last).us && hold.freeze == old->is.freeze)
            return true;
        *change = CHANGE_UPDATED;
        return place_longer(b, key, &hold, old, why);
    }
    *change = CHANGE_ADDED;
    return place_new(b, key, &hold, 0, number, why);
}

/* The fact of that number is a hold of this kind and debt. */
static bool hold_is(struct book *b, struct casefile_key key, int32_t number,
                    const struct hold *in, bool *is, struct fault *why)
{
    struct query q = query_begin(b->store, Q_HOLDS_OF);

    *is = false;
    bind_key(&q, key);
    while (query_next(&q)) {
        struct standing_hold hold;
        hold_of_row(&q, b, &hold);
        *is = *is || (hold.number == number && hold.debt == in->debt &&
                      text_equal(hold.is.kind, in->kind));
    }
    return query_end(&q, why);
}

bool hold_place_once(struct book *b, struct casefile_key key, const char *once,
                     const struct hold *in, int32_t *number, enum change *change,
                     struct fault *why)
{
    bool same;

    *change = CHANGE_NONE;
    if (!book_key_find(b, key, once, number, why))
        return false;
    if (*number != 0)
        return hold_is(b, key, *number, in, &same, why) && (same || book_key_taken(once, why));
    return hold_place(b, key, in, number, change, why) &&
           book_key_put(b, key, once, *number, why);
}

bool hold_lifted(struct book *b, struct casefile_key key, const struct standing_hold *hold,
                 const char *reason, const char *author, struct fault *why)
{
    struct json_writer w = { &b->record, false };

    if (reason == NULL && author == NULL)
        return true;
    text_clear(&b->record);
    json_open(&w, '{');
    json_int_at(&w, "hold", hold->number);
    json_text_at(&w, "kind", hold->is.kind);
    if (reason != NULL)
        json_text_at(&w, "reason", reason);
    if (author != NULL)
        json_text_at(&w, "author", author);
    json_close(&w, '}');
    return journal_add(b->heads, key, b->now, "hold_lifted", text_of(&b->record), NULL, why);
}

bool hold_end(struct book *b, struct casefile_key key, const struct standing_hold *hold,
              struct fault *why)
{
    return book_fact_end(b, key, hold->number, b->now, why) &&
           (hold->with == 0 || book_fact_end(b, key, hold->with, b->now, why)) &&
           book_interval_end(b, key, origin_of(b, hold->number), MOVEMENT_FREEZE,
                             book_today(b), why);
}

/* ---- Hardship ---- */

bool hardship_situation(struct arena *a, const char *typed, const char **out, struct fault *why)
{
    static const char *const situations[] = { "lost_work",  "less_income", "illness",
                                              "bereavement", "separation", "care",
                                              "disaster",   "debts",       "other" };
    char *name = typed == NULL ? NULL : arena_copy(a, typed);

    *out = NULL;
    if (name == NULL)
        return true;
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '-' || *at == ' ' ? '_' : *at;
    for (size_t i = 0; i < COUNT(situations); i++) {
        if (text_equal(situations[i], name))
            *out = situations[i];
    }
    if (*out != NULL)
        return true;
    fail(why, BAD_VALUE, "There is no situation \"%s\".", typed);
    return fault_hint(why, "lost-work, less-income, illness, bereavement, separation, care, "
                           "disaster, debts or other");
}

static bool find_hardship(struct book *b, struct casefile_key key, int32_t number,
                          struct standing_hold *out, struct fault *why)
{
    struct standing_hold *all;
    size_t count;

    if (!holds_of(b, key, b->now, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].number == number && text_equal(all[i].is.kind, "hardship")) {
            *out = all[i];
            return true;
        }
    }
    fail(why, NOT_FOUND, "There is no hardship arrangement %d in force here.", (int)number);
    return fault_hint(why, "recoup hardship list shows them");
}

/* It ended, and this is why: a fact that is never in force. */
static bool note_end(struct book *b, struct casefile_key key, const struct hold *hold,
                     int32_t *number, struct fault *why)
{
    struct field_list fields = fields_of(b, hold, 0);
    struct gate_fact fact = { .type = FACT_HOLD,
                              .debt = hold->debt,
                              .at = b->now,
                              .until = b->now,
                              .scope = hold->kind,
                              .value = hold->reason,
                              .detail = { fields.count, fields.all } };

    return book_fact_add(b, key, &fact, "command line", number, why);
}

bool hardship_decide(struct book *b, struct casefile_key key, int32_t number,
                     const struct hardship_decision *decision, int32_t *now,
                     enum change *change, struct fault *why)
{
    bool goes_on =
        text_equal(decision->result, "pause") || text_equal(decision->result, "reduce");
    struct standing_hold old;

    *change = CHANGE_NONE;
    *now = number;
    if (!find_hardship(b, key, number, &old, why))
        return false;
    struct hold hold = old.is;
    hold.result = decision->result;
    hold.note = decision->note;
    hold.author = decision->author;
    hold.review = decision->review;
    if (decision->last.number != DAY_NONE.number)
        hold.last = decision->last;
    if (goes_on && text_equal(old.is.result, hold.result) &&
        text_equal(old.is.note, hold.note) && old.is.last.number == hold.last.number &&
        old.is.review.number == hold.review.number)
        return true;
    *change = CHANGE_UPDATED;
    hold.first = book_today(b);
    if (goes_on && hold.last.number < hold.first.number)
        return fail(why, BAD_VALUE, "The arrangement would end before it begins.");
    return hold_end(b, key, &old, why) && (goes_on ? place_new(b, key, &hold, 0, now, why)
                                                   : note_end(b, key, &hold, now, why));
}

/* ---- To be looked at ---- */

static const struct table_column hardship_columns[] = {
    { "account", "Account", CELL_TEXT }, { "name", "Name", CELL_TEXT },
    { "hardship", "No", CELL_COUNT },    { "debt", "Debt", CELL_TEXT },
    { "reason", "Reason", CELL_TEXT },   { "since", "Since", CELL_TEXT },
    { "until", "Until", CELL_TEXT },     { "review", "Review", CELL_TEXT },
    { "result", "Decided", CELL_TEXT },  { "note", "Note", CELL_TEXT },
    { "by", "By", CELL_TEXT },
};

/* The day by which somebody has to look at it: the review, or else the last day. */
static struct day due_day(struct query *q, const struct hardship_filter *filter,
                          struct gate_fields detail)
{
    struct day review = day_of(detail, "review");

    return review.number != DAY_NONE.number
               ? review
               : last_day_of((struct instant){ row_int(q, 6) }, filter->zone);
}

static void hardship_row(struct query *q, struct gate_fields detail, const struct zone *zone,
                         struct table *t)
{
    table_text(t, row_text(q, 0));
    table_text(t, row_text(q, 1));
    table_count(t, row_int(q, 2));
    table_text(t, row_text(q, 3));
    table_text(t, row_text(q, 4));
    table_text(t, instant_text(t->arena, row_int(q, 5), zone));
    table_text(t, instant_text(t->arena, row_int(q, 6), zone));
    table_text(t, gate_field_find(detail, "review"));
    table_text(t, gate_field_find(detail, "result"));
    table_text(t, gate_field_find(detail, "note"));
    table_text(t, gate_field_find(detail, "by"));
}

bool hardship_list(struct store *s, const struct hardship_filter *filter, struct sheet *out,
                   bool *more, struct fault *why)
{
    int64_t most = filter->limit == 0 ? no_limit : filter->limit, count = 0;

    out->heading = "Hardship arrangements, the first to end first";
    struct table *t = sheet_table(out, "hardship", "No hardship arrangements.",
                                  COUNT(hardship_columns), hardship_columns);
    struct query q = query_begin(s, Q_HARDSHIP_LIST);
    bind_int(&q, filter->now.us);
    while (query_next(&q)) {
        struct gate_fields detail = gate_fields_parse(t->arena, row_text(&q, 7));
        if (due_day(&q, filter, detail).number > filter->due.number)
            continue;
        if (++count <= most)
            hardship_row(&q, detail, filter->zone, t);
    }
    *more = count > most;
    return query_end(&q, why);
}
