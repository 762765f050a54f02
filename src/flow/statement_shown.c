/* Statement: the part for people, as values of a letter. */
#include "flow/statement_parts.h"

#include "base/text.h"
#include "flow/compose.h"
#include "flow/line_words.h"
#include "flow/spoken.h"
#include "formats/letter_text.h"
#include "store/casefiles.h"

#include <string.h>

struct showing {
    struct drawing *d;
    struct arena *a;
    struct composer *composer;
    const struct sender *sender;
    const char *template, *language, *country;
    const char *creditor, *role, *name, *reader, *address; /* of the case file */
    struct line_words *words;
    json_t *context, *grounds;
};

static const char *day_of(const struct showing *s, struct day day)
{
    return spoken_day(s->a, s->language, s->country, day);
}

/* For a column: it is not broken. */
static const char *short_day_of(const struct showing *s, struct day day)
{
    const char *words = spoken_short_day(s->a, s->language, s->country, day);
    char *made = arena_alloc(s->a, 2 * strlen(words) + 1), *to = made;

    for (const char *at = words; *at != '\0'; at++) {
        if (*at == ' ')
            to = memcpy(to, "\u00a0", 2), to += 2;
        else
            *to++ = *at;
    }
    return made;
}

static const char *money_of_sum(const struct showing *s, int64_t minor, enum currency currency)
{
    return spoken_money(s->a, s->language, money_of(minor, currency));
}

static json_t *list_in(json_t *object, const char *key)
{
    json_t *list = json_array();

    json_object_set_new(object, key, list);
    return list;
}

static json_t *row_in(json_t *list)
{
    json_t *row = json_object();

    json_array_append_new(list, row);
    return row;
}

/* ---- Who -------------------------------------------------------------------------------- */

static bool addressee_load(struct showing *s)
{
    struct query q = query_begin(s->d->store, Q_STATEMENT_ADDRESSEE);

    bind_key(&q, s->d->out->key);
    if (query_next(&q)) {
        s->creditor = row_copy(&q, 1, s->a);
        s->role = row_copy(&q, 2, s->a);
        s->name = row_copy(&q, 3, s->a);
        s->reader = row_copy(&q, 4, s->a);
        s->address = row_copy(&q, 5, s->a);
    }
    return query_end(&q, s->d->why) &&
           (s->name != NULL || fail(s->d->why, DB_ROW, "The account \"%s\" has no debtor.",
                                    s->d->out->account));
}

static void put_parties(struct showing *s)
{
    bool own = text_equal(s->role, actor_role_name(ACTOR_FIRST_PARTY_CREDITOR));
    json_t *creditor, *debtor = json_object();
    const char *address = s->address;

    if (own) {
        creditor = context_sender(s->sender, text_equal(s->creditor, "us") ? s->sender->name
                                                                      : s->creditor);
    } else {
        creditor = json_object();
        context_put(creditor, "name", s->creditor);
        json_object_set_new(s->context, "collector", context_sender(s->sender, s->sender->name));
    }
    json_object_set_new(s->context, "creditor", creditor);
    if (text_is_empty(address)) /* it may be handed over */
        address = arena_print(s->a, "(%s)", s->d->out->account);
    else
        address = context_address(address, s->name);
    context_put(debtor, "name", s->name);
    context_put(debtor, "salutation", s->name);
    context_put(debtor, "language", s->reader);
    json_object_set_new(debtor, "address", context_lines(address));
    json_object_set_new(s->context, "debtor", debtor);
    context_put(s->context, "reference", s->d->out->account);
    context_put(s->context, "today", day_of(s, wall_at(s->d->r->now, s->d->r->zone).day));
}

/* ---- Lines ------------------------------------------------------------------------------ */

/* The number of a ground: the same one has the same number. */
static const char *note_of(struct showing *s, const char *ground)
{
    size_t count = json_array_size(s->grounds), i = 0;

    if (ground == NULL)
        return NULL;
    while (i < count && !text_equal(json_string_value(json_object_get(
                                        json_array_get(s->grounds, i), "ground")),
                                    ground))
        i++;
    const char *number = arena_print(s->a, "%zu", i + 1);
    if (i == count) {
        json_t *row = row_in(s->grounds);
        context_put(row, "note", number);
        context_put(row, "ground", ground);
    }
    return number;
}

/* The core gets the same words. */
static bool put_line(struct showing *s, json_t *lines, json_t *core,
                     const struct balance_line *l, enum currency currency)
{
    const char *what, *ground = line_ground(s->a, l);

    if (!line_words_say(s->words, s->a, &s->d->balance, l, &what, s->d->why))
        return false;
    context_put(core, "what", what);
    context_put(core, "source", ground);
    json_t *row = row_in(lines);
    context_put(row, "day", short_day_of(s, l->day));
    context_put(row, "what", what);
    context_put(row, "note", note_of(s, ground));
    context_put(row, "amount", money_of_sum(s, balance_sum_total(&l->change), currency));
    context_put(row, "balance", money_of_sum(s, l->after, currency));
    return true;
}

static void put_parts(struct showing *s, json_t *object, const struct balance_sum *sum,
                      enum currency currency)
{
    for (int i = 0; i < COMPONENT_COUNT; i++)
        context_put(object, component_name((enum component)i),
                 money_of_sum(s, sum->open[i], currency));
    if (sum->waiting != 0)
        context_put(object, "waiting", money_of_sum(s, sum->waiting, currency));
}

static void put_debts(struct showing *s, json_t *object, enum currency currency)
{
    const struct balance *b = &s->d->balance;
    json_t *list = json_array();

    for (size_t i = 0; i < b->debt_count; i++) {
        const struct balance_debt *d = &b->debts[i];
        if (!d->shown || d->currency != currency)
            continue;
        json_t *row = row_in(list);
        context_put(row, "debt", d->reference);
        context_put(row, "opening", money_of_sum(s, balance_sum_total(&d->opening), currency));
        context_put(row, "change",
                 money_of_sum(s, balance_sum_total(&d->closing) - balance_sum_total(&d->opening),
                              currency));
        context_put(row, "closing", money_of_sum(s, balance_sum_total(&d->closing), currency));
    }
    json_object_set_new(object, "several", json_boolean(json_array_size(list) > 1));
    json_object_set_new(object, "debts", list);
}

/* *at: the place of the next line in the core, which has a row for either end, too. */
static bool put_currency(struct showing *s, json_t *currencies, json_t *core_lines, size_t *at,
                         const struct balance_currency *c)
{
    json_t *object = row_in(currencies), *lines = list_in(object, "lines");

    context_put(object, "currency", currency_code(c->currency));
    context_put(object, "opening_day", short_day_of(s, day_plus(s->d->out->from, -1)));
    context_put(object, "closing_day", day_of(s, s->d->out->to));
    context_put(object, "opening", money_of_sum(s, balance_sum_total(&c->opening), c->currency));
    context_put(object, "closing", money_of_sum(s, balance_sum_total(&c->closing), c->currency));
    put_parts(s, object, &c->closing, c->currency);
    put_debts(s, object, c->currency);
    ++*at;
    for (size_t i = 0; i < c->line_count; i++) {
        if (!put_line(s, lines, json_array_get(core_lines, (*at)++), &c->lines[i], c->currency))
            return false;
    }
    ++*at;
    return true;
}

static bool put_statement(struct showing *s, json_t *core)
{
    json_t *object = json_object(), *currencies = list_in(s->context, "currencies");
    const struct balance_debt *debt = balance_debt_of(&s->d->balance, s->d->out->object);
    size_t at = 0;

    json_object_set_new(s->context, "statement", object);
    context_put(object, "from", day_of(s, s->d->out->from));
    context_put(object, "to", day_of(s, s->d->out->to));
    context_put(object, "debt", debt != NULL ? debt->reference : NULL);
    s->grounds = list_in(s->context, "grounds");
    for (size_t i = 0; i < s->d->balance.currency_count; i++) {
        if (!put_currency(s, currencies, json_object_get(core, "lines"), &at,
                          &s->d->balance.currencies[i]))
            return false;
    }
    json_object_set_new(object, "nothing", json_boolean(json_array_size(currencies) == 0));
    json_object_set_new(object, "has_grounds", json_boolean(json_array_size(s->grounds) > 0));
    return true;
}

/* ---- A receipt -------------------------------------------------------------------------- */

static void put_paid(struct showing *s, json_t *list, const struct balance_line *l,
                     enum currency currency)
{
    const struct balance_debt *debt = balance_debt_of(&s->d->balance, l->debt);
    const struct balance_sum *sum = &l->change;
    json_t *row = row_in(list);

    context_put(row, "debt", debt != NULL ? debt->reference : NULL);
    context_put(row, "principal", money_of_sum(s, -sum->open[COMPONENT_PRINCIPAL], currency));
    context_put(row, "interest", money_of_sum(s, -sum->open[COMPONENT_INTEREST], currency));
    context_put(row, "fees",
             money_of_sum(s, -sum->open[COMPONENT_FEES] - sum->open[COMPONENT_COSTS], currency));
    context_put(row, "amount", money_of_sum(s, -balance_sum_total(sum), currency));
}

static void put_used(struct showing *s, json_t *object)
{
    const struct payment_row *p = &s->d->payment;
    json_t *list = list_in(s->context, "paid");

    for (size_t i = 0; i < s->d->balance.currency_count; i++) {
        const struct balance_currency *c = &s->d->balance.currencies[i];
        if (c->currency != p->currency)
            continue;
        context_put(object, "balance",
                 money_of_sum(s, balance_sum_total(&c->closing), c->currency));
        for (size_t k = 0; k < c->line_count; k++) {
            const struct balance_line *l = &c->lines[k];
            if (!line_of_receipt(s->d, l))
                continue;
            if (l->debt == 0)
                context_put(object, "waiting", money_of_sum(s, -l->change.waiting, c->currency));
            else
                put_paid(s, list, l, c->currency);
        }
    }
    json_object_set_new(object, "any", json_boolean(json_array_size(list) > 0));
}

static void put_receipt(struct showing *s)
{
    const struct payment_row *p = &s->d->payment;
    json_t *object = json_object();

    json_object_set_new(s->context, "receipt", object);
    context_put(object, "payment", p->reference);
    context_put(object, "day", day_of(s, p->day));
    context_put(object, "amount", money_of_sum(s, p->minor, p->currency));
    context_put(object, "method", p->method);
    json_object_set_new(object, arena_print(s->a, "is_%s", p->state), json_true());
    json_object_set_new(object, "is_gone", json_boolean(!text_equal(p->state, "settled") &&
                                                        !text_equal(p->state, "pending")));
    context_put(object, "state_day", day_of(s, p->state_day));
    context_put(object, "reason", p->reason);
    put_used(s, object);
}

/* ---- Both ------------------------------------------------------------------------------- */

static bool put_identity(struct showing *s)
{
    const struct statement *out = s->d->out;
    json_t *object = json_object_get(s->context, out->kind);

    if (out->number != 0)
        context_put(object, "number", arena_print(s->a, "%d", (int)out->number));
    if (out->replaces != 0)
        context_put(object, "replaces", arena_print(s->a, "%d", (int)out->replaces));
    return true;
}

/* The text decides the language; a collector's says that it is one. */
static bool choose_text(struct showing *s)
{
    bool own = text_equal(s->role, actor_role_name(ACTOR_FIRST_PARTY_CREDITOR));
    struct letter_text *text;

    s->template = arena_print(s->a, "%s%s", s->d->out->kind, own ? "" : "-third-party");
    if (!letter_text_load(s->a, s->template,
                          s->d->r->language != NULL ? s->d->r->language : s->reader, &text,
                          s->d->why))
        return false;
    s->language = letter_text_language(text);
    s->words = line_words_load(s->a, s->language, s->country, s->d->why);
    return s->words != NULL;
}

static bool show(struct showing *s, json_t *core)
{
    if (!addressee_load(s) || !choose_text(s))
        return false;
    context_put(s->context, "template", s->template);
    context_put(s->context, "language", s->language);
    put_parties(s);
    if (text_equal(s->d->out->kind, "receipt"))
        put_receipt(s);
    else if (!put_statement(s, core))
        return false;
    return put_identity(s);
}

json_t *statement_shown(struct drawing *d, json_t *core)
{
    struct showing s = { .d = d, .a = d->a, .context = json_object() };

    s.composer = composer_open(d->store, d->why);
    if (s.composer != NULL) {
        s.sender = composer_sender(s.composer);
        s.country = s.sender->country;
        if (show(&s, core)) {
            composer_close(s.composer);
            return s.context;
        }
    }
    composer_close(s.composer);
    json_decref(s.context);
    return NULL;
}
