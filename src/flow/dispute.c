#include "flow/dispute.h"

#include "base/digest.h"
#include "flow/book_dispute.h"
#include "flow/movements.h"
#include "store/casefiles.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWER_DAYS = 30 }; /* when the setting dispute_answer_days does not say */

#define X(code, name) name,
static const char *const state_names[] = { DISPUTE_STATES(X) };
#undef X

const char *dispute_state_name(enum dispute_state state)
{
    return state_names[state];
}

static bool state_parse(const char *name, enum dispute_state *out)
{
    for (int i = 0; i < DISPUTE_STATE_COUNT; i++) {
        if (text_equal(state_names[i], name)) {
            *out = (enum dispute_state)i;
            return true;
        }
    }
    return false;
}

const char *dispute_reason(const char *typed, const char **note)
{
    static const char *const reasons[] = { "not-mine", "amount",         "paid",
                                           "service",  "identity-theft", "other" };

    for (size_t i = 0; i < COUNT(reasons); i++) {
        if (text_equal(typed, reasons[i]))
            return reasons[i];
    }
    *note = typed;
    return "other";
}

bool dispute_is_part(const struct dispute *d)
{
    return d->instalment != 0 || d->component < COMPONENT_COUNT || d->minor != 0;
}

const char *dispute_words(struct arena *a, const struct dispute *d)
{
    const char *words = d->line;
    char shown[MONEY_TEXT];

    if (d->minor != 0) {
        money_show(money_of(d->minor, d->currency), shown);
        words = words == NULL ? arena_copy(a, shown) : arena_print(a, "%s, %s", words, shown);
    }
    if (d->component < COMPONENT_COUNT) {
        const char *name = component_name(d->component);
        words = words == NULL ? name : arena_print(a, "%s of %s", words, name);
    }
    if (d->instalment != 0)
        words = arena_print(a, "%s%sinstalment %d", words == NULL ? "" : words,
                            words == NULL ? "" : " of ", (int)d->instalment);
    return words == NULL ? "all" : words;
}

/* ---- Rows ---- */

static bool dispute_of_row(struct query *q, struct arena *a, struct dispute *d)
{
    const char *component = row_text(q, 4);

    *d = (struct dispute){ .number = (int32_t)row_int(q, 0),
                           .fact = (int32_t)row_int(q, 1),
                           .debt = (int32_t)row_int(q, 2),
                           .instalment = (int32_t)row_int(q, 3),
                           .component = COMPONENT_COUNT,
                           .line = row_copy(q, 5, a),
                           .currency = (enum currency)row_int(q, 6),
                           .minor = row_int(q, 7),
                           .reason = row_copy(q, 8, a),
                           .channel = row_copy(q, 9, a),
                           .note = row_copy(q, 10, a),
                           .received = { (int32_t)row_int(q, 11) },
                           .answer_by = { (int32_t)row_int(q, 12) },
                           .state_day = { (int32_t)row_int(q, 14) },
                           .answer = row_copy(q, 15, a),
                           .corrected = row_int(q, 16),
                           .author = row_copy(q, 17, a),
                           .proof = { (int32_t)row_int(q, 18) } };
    return state_parse(row_text(q, 13), &d->state) &&
           (component == NULL || component_parse(component, &d->component));
}

bool disputes_of(struct store *s, struct arena *a, struct casefile_key key,
                 struct dispute **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_DISPUTES_OF);
    size_t room = 0;
    bool fine = true;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    while (query_next(&q))
        fine = dispute_of_row(&q, a, arena_push(a, *out, *count, room)) && fine;
    return query_end(&q, why) &&
           (fine || fail(why, DB_ROW, "A dispute of the book has an unknown state or part."));
}

bool dispute_load(struct store *s, struct arena *a, struct casefile_key key, int32_t number,
                  struct dispute *out, struct fault *why)
{
    struct dispute *all;
    size_t count;

    if (!disputes_of(s, a, key, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].number == number) {
            *out = all[i];
            return true;
        }
    }
    fail(why, NOT_FOUND, "There is no dispute %d here.", (int)number);
    return fault_hint(why, "recoup dispute list shows those that are open");
}

static bool same_thing(const struct dispute *a, const struct dispute *b)
{
    return a->debt == b->debt && a->instalment == b->instalment &&
           a->component == b->component && a->minor == b->minor && text_equal(a->line, b->line);
}

/* The open one of the same thing; 0: none. */
static bool find_open(struct book *b, struct casefile_key key, const struct dispute *like,
                      int32_t *number, struct fault *why)
{
    struct dispute *all;
    size_t count;

    *number = 0;
    if (!disputes_of(b->store, &b->arena, key, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].state == DISPUTE_OPEN && same_thing(&all[i], like))
            *number = all[i].number;
    }
    return true;
}

bool dispute_of_debt(struct book *b, struct casefile_key key, int32_t debt, int32_t *number,
                     struct fault *why)
{
    const struct dispute whole = { .debt = debt, .component = COMPONENT_COUNT };

    return find_open(b, key, &whole, number, why);
}

/* ---- Opening ---- */

static const char *origin_of(struct book *b, int32_t number)
{
    return arena_print(&b->arena, "dispute %d", (int)number);
}

static bool answer_day(struct book *b, struct dispute *d, struct fault *why)
{
    const char *text;
    int64_t days = ANSWER_DAYS;

    if (d->answer_by.number != DAY_NONE.number)
        return true;
    if (!book_setting(b->store, &b->arena, "dispute_answer_days", &text, why))
        return false;
    text_to_int(text, &days);
    d->answer_by = day_plus(d->received, (int)days);
    return true;
}

/* As the gate knows it: since the moment it came, when it came today. */
static bool fact_add(struct book *b, struct casefile_key key, struct dispute *d,
                     struct fault *why)
{
    struct gate_field fields[3];
    struct gate_fact fact = { .type = FACT_DISPUTE,
                              .debt = d->debt,
                              .at = d->received.number == book_today(b).number
                                        ? b->now
                                        : day_begins(d->received, b->zone),
                              .until = INSTANT_NEVER,
                              .value = d->note != NULL ? d->note : d->reason,
                              .detail = { 0, fields } };

    fields[fact.detail.count++] =
        (struct gate_field){ "dispute", arena_print(&b->arena, "%d", (int)d->number) };
    if (d->channel != NULL)
        fields[fact.detail.count++] = (struct gate_field){ "form", d->channel };
    if (dispute_is_part(d))
        fields[fact.detail.count++] =
            (struct gate_field){ "portion", dispute_words(&b->arena, d) };
    return book_fact_add(b, key, &fact, "dispute", &d->fact, why);
}

/* What the books know of it, from a day until another. */
static bool contest(struct book *b, struct casefile_key key, const struct dispute *d,
                    struct day until, struct fault *why)
{
    struct move_input in = { .is = { .kind = MOVEMENT_DISPUTE,
                                     .day = d->received,
                                     .due = until,
                                     .debt = d->debt,
                                     .instalment = d->instalment,
                                     .component = d->component,
                                     .currency = d->currency,
                                     .minor = d->minor,
                                     .reference = origin_of(b, d->number) },
                             .origin = origin_of(b, d->number),
                             .reason = d->reason,
                             .author = d->author };

    return book_move_add(b, key, &in, why);
}

static bool books_now(struct book *b, struct casefile_key key, struct day day,
                      struct ledger_books *books, struct fault *why)
{
    return book_settle(b, why) &&
           books_as_of(b->store, &b->arena, key, day, INSTANT_NEVER, books, why);
}

/* All that was ever asked for of that part, whether it was paid or not. */
static int64_t charged(const struct ledger_state *state, const struct dispute *d)
{
    int64_t sum = 0;

    for (size_t i = 0; i < state->slice_count; i++) {
        const struct ledger_slice *slice = &state->slices[i];
        if (slice->debt != d->debt || (d->instalment != 0 && slice->instalment != d->instalment))
            continue;
        for (int c = 0; c < COMPONENT_COUNT; c++) {
            if (d->component == COMPONENT_COUNT || d->component == (enum component)c)
                sum += slice->owed[c];
        }
    }
    return sum;
}

static bool is_there(struct book *b, struct casefile_key key, const struct dispute *in,
                     struct fault *why)
{
    struct ledger_books books;
    char text[MONEY_TEXT];

    if (in->instalment == 0 && in->minor == 0)
        return true;
    if (!books_now(b, key, book_today(b), &books, why))
        return false;
    if (in->instalment != 0 &&
        ledger_slice_find(&books.state, in->debt, in->instalment) == NULL)
        return fail(why, NOT_FOUND, "The debt has no instalment %d.", (int)in->instalment);
    int64_t all = charged(&books.state, in);
    return in->minor <= all ||
           fail(why, BAD_VALUE, "That is more than was ever asked for: it is %s.",
                money_print(money_of(all, in->currency), text));
}

static bool may_open(struct book *b, struct casefile_key key, const struct dispute *in,
                     struct fault *why)
{
    if ((dispute_is_part(in) || in->line != NULL) && in->debt == 0)
        return fail(why, BAD_VALUE, "A part that is disputed is one of a certain debt.");
    if (in->minor < 0 || (in->line != NULL && in->minor == 0))
        return fail(why, BAD_VALUE, "A disputed line or amount is more than nothing.");
    if (in->line != NULL && strpbrk(in->line, "\r\n") != NULL)
        return fail(why, BAD_VALUE, "A disputed line is one line of text.");
    if (in->received.number > book_today(b).number)
        return fail(why, BAD_VALUE,
                    "A dispute cannot have come on a day that is not here yet.");
    if (in->currency == CURRENCY_NONE) {
        fail(why, BAD_VALUE,
             "The debts are in several currencies; each is a dispute of its own.");
        return fault_hint(why, "--debt");
    }
    return is_there(b, key, in, why);
}

bool dispute_open(struct book *b, struct casefile_key key, const struct dispute *in,
                  const char *once, int32_t *number, enum change *change, struct fault *why)
{
    struct dispute d = *in;

    *change = CHANGE_NONE;
    if (!book_key_find(b, key, once, number, why))
        return false;
    if (*number != 0)
        return true;
    if (!may_open(b, key, in, why) || !find_open(b, key, in, number, why))
        return false;
    if (*number != 0)
        return book_key_put(b, key, once, *number, why);
    if (!answer_day(b, &d, why) || !book_number(b, key, &d.number, why) ||
        !fact_add(b, key, &d, why) || !contest(b, key, &d, DAY_NEVER, why) ||
        !book_dispute_add(b, key, &d, why))
        return false;
    *number = d.number;
    *change = CHANGE_ADDED;
    return book_key_put(b, key, once, d.number, why);
}

/* ---- The correction ---- */

struct correcting {
    struct book *b;
    struct casefile_key key;
    const struct dispute *d;
    const struct dispute_answer *answer;
    int64_t done;
    struct fault *why;
};

static bool credit(struct correcting *c, struct movement is, const char *suffix)
{
    struct arena *a = &c->b->arena;
    const char *origin = origin_of(c->b, c->d->number);
    struct move_input in = { .is = is,
                             .origin = origin,
                             .reason = arena_print(a, "dispute %s: %s", c->d->reason,
                                                   dispute_state_name(c->answer->result)),
                             .author = c->answer->author };

    in.is.kind = MOVEMENT_CREDIT;
    in.is.due = DAY_NONE;
    in.is.reference = arena_print(a, "%s%s", origin, suffix);
    c->done += is.minor;
    return book_move_add(c->b, c->key, &in, c->why);
}

static bool is_contested(const struct dispute *d, const struct ledger_slice *slice)
{
    return (d->debt == 0 || d->debt == slice->debt) &&
           (d->instalment == 0 || d->instalment == slice->instalment);
}

/* All that is open on a day, of each instalment. */
static bool credit_open(struct correcting *c, struct day day, const char *suffix)
{
    const struct dispute *d = c->d;
    struct ledger_books books;

    if (!books_now(c->b, c->key, day, &books, c->why))
        return false;
    for (size_t i = 0; i < books.state.slice_count; i++) {
        const struct ledger_slice *slice = &books.state.slices[i];
        struct ledger_balance balance;
        if (!is_contested(d, slice))
            continue;
        if (!ledger_slice_balance(&books.state, slice, day, &balance, c->why))
            return false;
        int64_t open = d->component < COMPONENT_COUNT ? balance.open[d->component]
                                                      : balance_total(&balance);
        struct movement is = { .day = day,
                               .debt = slice->debt,
                               .instalment = slice->instalment,
                               .component = d->component,
                               .currency = slice->currency,
                               .minor = open };
        if (open > 0 && !credit(c, is, suffix))
            return false;
    }
    return true;
}

/* A wrong amount of an invoice is principal, whatever the order of allocation. */
static bool credit_amount(struct correcting *c, struct day day, int64_t minor)
{
    const struct dispute *d = c->d;
    struct movement is = { .day = day,
                           .debt = d->debt,
                           .instalment = d->instalment,
                           .component = d->component < COMPONENT_COUNT ? d->component
                                                                       : COMPONENT_PRINCIPAL,
                           .currency = d->currency,
                           .minor = minor };

    return credit(c, is, "");
}

/* No day before there was something to correct. */
static bool first_day(struct correcting *c, struct day *day)
{
    struct day today = book_today(c->b), first = DAY_NEVER;
    struct ledger_books books;

    if (!books_now(c->b, c->key, today, &books, c->why))
        return false;
    for (size_t i = 0; i < books.state.slice_count; i++) {
        const struct ledger_slice *slice = &books.state.slices[i];
        if (is_contested(c->d, slice) && slice->placed_day.number < first.number)
            first = slice->placed_day;
    }
    if (first.number <= today.number && day->number < first.number)
        *day = first;
    return true;
}

static bool correct(struct correcting *c, struct day day)
{
    const struct dispute_answer *answer = c->answer;
    int64_t minor = answer->minor != 0 ? answer->minor : c->d->minor;
    struct day today = book_today(c->b);

    if (answer->result != DISPUTE_UPHELD && answer->result != DISPUTE_PARTLY_UPHELD)
        return true;
    if (minor != 0)
        return credit_amount(c, day, minor);
    return credit_open(c, day, "") &&
           (day.number == today.number || credit_open(c, today, " rest"));
}

/* Money that waited because of it, or does now, goes to what is open: only the net is asked. */
static bool apply_waiting(struct correcting *c)
{
    const char *origin = origin_of(c->b, c->d->number);
    struct move_input in = { .is = { .kind = MOVEMENT_APPLY,
                                     .day = book_today(c->b),
                                     .component = COMPONENT_COUNT,
                                     .currency = c->d->currency,
                                     .reference = origin },
                             .origin = origin,
                             .author = c->answer->author };
    struct ledger_books books;
    int64_t open = 0;

    if (!books_now(c->b, c->key, in.is.day, &books, c->why))
        return false;
    in.is.minor = ledger_waiting(&books.state, in.is.currency);
    for (size_t i = 0; i < books.state.slice_count; i++) {
        struct ledger_balance balance;
        if (!ledger_slice_balance(&books.state, &books.state.slices[i], in.is.day, &balance,
                                  c->why))
            return false;
        if (books.state.slices[i].currency == in.is.currency)
            open += balance_total(&balance);
    }
    return in.is.minor <= 0 || open <= 0 || book_move_add(c->b, c->key, &in, c->why);
}

/* ---- Answering ---- */

static bool may_answer(struct book *b, const struct dispute *d,
                       const struct dispute_answer *answer, struct fault *why)
{
    if (answer->result == DISPUTE_PARTLY_UPHELD && answer->minor <= 0) {
        fail(why, BAD_VALUE, "What is upheld in part needs the amount that is taken off.");
        return fault_hint(why, "--amount");
    }
    if (answer->minor != 0 && d->debt == 0)
        return fail(why, BAD_VALUE,
                    "An amount is taken off a certain debt; this is about all.");
    if (answer->minor < 0 || answer->day.number > book_today(b).number)
        return fail(why, BAD_VALUE,
                    "A correction is more than nothing, and not of a later day.");
    return true;
}

static bool close_open(struct correcting *c, struct dispute *d, struct fault *why)
{
    const struct dispute_answer *answer = c->answer;
    struct day today = book_today(c->b), day = answer->day, until = today;

    if (day.number == DAY_NONE.number)
        day = today;
    if (!first_day(c, &day))
        return false;
    /* From that day on nothing of it was owed, and so nothing was contested. */
    if (answer->result == DISPUTE_UPHELD && day.number < until.number)
        until = day;
    if (!book_interval_end(c->b, c->key, origin_of(c->b, d->number), MOVEMENT_DISPUTE, until,
                           why) ||
        !correct(c, day) || !apply_waiting(c) ||
        !book_fact_end(c->b, c->key, d->fact, c->b->now, why))
        return false;
    d->state = answer->result;
    d->state_day = today;
    d->answer = answer->text;
    d->proof = answer->proof;
    d->corrected = c->done;
    return book_dispute_put(c->b, c->key, d, answer->author, why);
}

bool dispute_close(struct book *b, struct casefile_key key, int32_t number,
                   const struct dispute_answer *answer, int64_t *corrected, enum change *change,
                   struct fault *why)
{
    struct dispute d, now;

    *change = CHANGE_NONE;
    if (!dispute_load(b->store, &b->arena, key, number, &d, why) ||
        !may_answer(b, &d, answer, why))
        return false;
    *corrected = d.corrected;
    if (d.state == answer->result && (answer->minor == 0 || answer->minor == d.corrected))
        return true;
    if (d.state != DISPUTE_OPEN) {
        fail(why, CONFLICT, "Dispute %d was answered before: %s.", (int)number,
             dispute_state_name(d.state));
        return fault_hint(why, "recoup dispute reopen takes that back");
    }
    now = d;
    struct correcting c = { b, key, &d, answer, 0, why };
    if (!close_open(&c, &now, why))
        return false;
    *corrected = c.done;
    *change = CHANGE_UPDATED;
    return true;
}

bool dispute_reopen(struct book *b, struct casefile_key key, int32_t number, const char *author,
                    enum change *change, struct fault *why)
{
    struct dispute d;

    *change = CHANGE_NONE;
    if (!dispute_load(b->store, &b->arena, key, number, &d, why))
        return false;
    if (d.state == DISPUTE_OPEN)
        return true;
    d.state = DISPUTE_OPEN;
    d.state_day = book_today(b);
    d.answer = NULL;
    d.proof = DAY_NONE;
    d.corrected = 0;
    *change = CHANGE_UPDATED;
    return book_origin_end(b, key, origin_of(b, number), why) && fact_add(b, key, &d, why) &&
           contest(b, key, &d, DAY_NEVER, why) && book_dispute_put(b, key, &d, author, why);
}

/* ---- Papers ---- */

static bool have_paper(struct book *b, struct casefile_key key, const char *origin,
                       const char *digest, bool *have, struct fault *why)
{
    struct query q = query_begin(b->store, Q_EVIDENCE_OF);

    *have = false;
    bind_key(&q, key);
    bind_text(&q, origin);
    while (query_next(&q))
        *have = *have || text_equal(row_text(&q, 2), digest);
    return query_end(&q, why);
}

bool dispute_evidence(struct book *b, struct casefile_key key, int32_t number, const char *name,
                      const void *bytes, size_t length, const char *author, const char **digest,
                      enum change *change, struct fault *why)
{
    char hex[DIGEST_HEX];
    struct dispute d;
    bool have;

    *change = CHANGE_NONE;
    *digest = arena_copy(&b->arena, digest_print(digest_of(bytes, length), hex));
    if (!dispute_load(b->store, &b->arena, key, number, &d, why) ||
        !have_paper(b, key, origin_of(b, number), *digest, &have, why))
        return false;
    if (have)
        return true;
    *change = CHANGE_ADDED;
    return book_evidence_add(b, key, origin_of(b, number), name, *digest, bytes, length, author,
                             why);
}
