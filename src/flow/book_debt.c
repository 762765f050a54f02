/* Book: what is owed, and how it changes. */
#include "flow/book_parts.h"

/* The books make the row of the instalment. */
static bool instalment_place(struct book *b, struct open_file *f, int32_t debt, int32_t number,
                             const struct debt_input *in, const struct instalment_input *i,
                             struct fault *why)
{
    struct move_input m = { .is = { .kind = MOVEMENT_PLACED,
                                    .day = in->invoice_day,
                                    .due = i->due_day,
                                    .debt = debt,
                                    .instalment = number,
                                    .component = COMPONENT_COUNT,
                                    .currency = in->currency,
                                    .minor = i->minor,
                                    .reference = "" } };

    return book_move(b, f, &m, why);
}

static bool debt_record(struct book *b, struct casefile_key key, const struct debt_input *in,
                        bool added, struct fault *why)
{
    struct json_writer w = book_record_begin(b);
    int64_t total = 0;
    char amount[MONEY_TEXT];

    for (size_t i = 0; i < in->instalment_count; i++)
        total += in->instalments[i].minor;
    json_text_at(&w, "debt", in->reference);
    json_text_at(&w, "change", added ? "added" : "updated");
    json_text_at(&w, "amount", money_print(money_of(total, in->currency), amount));
    json_text_at(&w, "currency", currency_code(in->currency));
    return book_record_end(b, &w, key, "debt", why);
}

static bool debt_add(struct book *b, struct open_file *f, const struct debt_input *in,
                     int32_t *debt, struct fault *why)
{
    *debt = ++f->last_no;
    struct query q = query_begin(b->store, Q_DEBT_ADD);
    bind_key(&q, f->key);
    bind_int(&q, *debt);
    bind_text(&q, in->reference);
    bind_text(&q, in->kind);
    bind_text(&q, in->description);
    bind_int(&q, in->currency);
    bind_int(&q, in->invoice_day.number);
    bind_text(&q, in->terms);
    if (!query_run(&q, why))
        return false;
    for (size_t i = 0; i < in->instalment_count; i++) {
        if (!instalment_place(b, f, *debt, (int32_t)i + 1, in, &in->instalments[i], why))
            return false;
    }
    return book_reference_put(b, "debt", in->reference, f->key, *debt, why) &&
           word_add(b->words, WORDS_DEBT, in->reference, f->key, *debt, why) &&
           debt_record(b, f->key, in, true, why) && book_file_wake_told(b, f);
}

static bool debt_words(struct book *b, const struct open_file *f, const struct debt_input *in,
                       int32_t debt, bool *changed, struct fault *why)
{
    struct query q = query_begin(b->store, Q_DEBT_GET);
    enum currency currency = CURRENCY_NONE;
    bool same = false;

    bind_key(&q, f->key);
    bind_int(&q, debt);
    if (query_next(&q)) {
        currency = (enum currency)row_int(&q, 3);
        same = text_equal(row_text(&q, 1), in->kind) &&
               (in->description == NULL || text_equal(row_text(&q, 2), in->description)) &&
               row_int(&q, 4) == in->invoice_day.number &&
               (in->terms == NULL || text_equal(row_text(&q, 5), in->terms));
    }
    if (!query_end(&q, why))
        return false;
    if (currency != in->currency)
        return fail(why, CONFLICT, "Debt \"%s\" is on file in another currency than %s.",
                    in->reference, currency_code(in->currency));
    if (same)
        return true;
    *changed = true;
    q = query_begin(b->store, Q_DEBT_CHANGE);
    bind_text(&q, in->kind);
    bind_text(&q, in->description);
    bind_int(&q, in->invoice_day.number);
    bind_text(&q, in->terms);
    bind_key(&q, f->key);
    bind_int(&q, debt);
    return query_run(&q, why);
}

/* What was agreed to be owed of one instalment, and since when. */
struct placed {
    int32_t number; /* of the movement */
    struct day day, due;
    int64_t minor;
};

static bool load_placed(struct book *b, const struct open_file *f, int32_t debt,
                        struct placed **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(b->store, Q_INSTALMENTS_PLACED);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, f->key);
    bind_int(&q, debt);
    while (query_next(&q)) {
        *arena_push(&b->arena, *out, *count, room) =
            (struct placed){ .number = (int32_t)row_int(&q, 1),
                             .day = { (int32_t)row_int(&q, 2) },
                             .due = { (int32_t)row_int(&q, 3) },
                             .minor = row_int(&q, 4) };
    }
    return query_end(&q, why);
}

/* A correction says what it should have been from the invoice on: as known now, it always was. */
static bool instalment_change(struct book *b, struct open_file *f, const struct debt_input *in,
                              int32_t debt, int32_t number, const struct placed *from,
                              const struct instalment_input *to, bool *changed,
                              struct fault *why)
{
    if (from->day.number == in->invoice_day.number && from->due.number == to->due_day.number &&
        from->minor == to->minor)
        return true;
    *changed = true;
    return book_move_end(b, f, from->number, why) &&
           instalment_place(b, f, debt, number, in, to, why);
}

static bool debt_update(struct book *b, struct open_file *f, const struct debt_input *in,
                        int32_t debt, bool *changed, struct fault *why)
{
    struct placed *placed;
    size_t count;

    if (!debt_words(b, f, in, debt, changed, why) ||
        !load_placed(b, f, debt, &placed, &count, why))
        return false;
    for (size_t i = 0; i < in->instalment_count; i++) {
        const struct instalment_input *to = &in->instalments[i];
        int32_t number = (int32_t)i + 1;
        if (i < count) {
            if (!instalment_change(b, f, in, debt, number, &placed[i], to, changed, why))
                return false;
        } else {
            *changed = true;
            if (!instalment_place(b, f, debt, number, in, to, why))
                return false;
        }
    }
    for (size_t i = in->instalment_count; i < count; i++) {
        struct instalment_input nothing = { placed[i].due, 0 };
        if (!instalment_change(b, f, in, debt, (int32_t)i + 1, &placed[i], &nothing, changed,
                               why))
            return false;
    }
    return !*changed || (debt_record(b, f->key, in, false, why) && book_file_wake_told(b, f));
}

/* Whose the debt is; its currency is not asked for. */
static bool debt_owner(struct book *b, const char *reference, struct debt_found *out,
                       struct fault *why)
{
    *out = (struct debt_found){ .currency = CURRENCY_NONE };
    return book_reference_find(b, "debt", reference, &out->key, &out->number, why);
}

bool book_debt_find(struct book *b, const char *reference, struct debt_found *out,
                    struct fault *why)
{
    if (!debt_owner(b, reference, out, why))
        return false;
    if (out->number == 0)
        return true;
    struct query q = query_begin(b->store, Q_DEBT_GET);
    bind_key(&q, out->key);
    bind_int(&q, out->number);
    if (query_next(&q))
        out->currency = (enum currency)row_int(&q, 3);
    return query_end(&q, why);
}

bool book_debt_put(struct book *b, struct casefile_key key, const struct debt_input *in,
                   int32_t *debt, enum change *change, struct fault *why)
{
    struct open_file f;
    struct debt_found found;
    bool changed = false;

    must(in->instalment_count > 0);
    *change = CHANGE_NONE;
    if (in->found != NULL)
        found = *in->found;
    else if (!debt_owner(b, in->reference, &found, why))
        return false;
    *debt = found.number;
    if (!book_file_load(b, key, &f, why))
        return false;
    if (found.number == 0) {
        *change = CHANGE_ADDED;
        return debt_add(b, &f, in, debt, why);
    }
    if (found.key.id != key.id) {
        fail(why, CONFLICT, "Debt \"%s\" is on file for another debtor.", in->reference);
        return fault_hint(why, "give each debt its own reference");
    }
    if (!debt_update(b, &f, in, *debt, &changed, why))
        return false;
    *change = changed ? CHANGE_UPDATED : CHANGE_NONE;
    return true;
}
