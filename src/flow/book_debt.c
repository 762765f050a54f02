/* Book: what is owed, and how it changes. */
#include "flow/book_parts.h"

static bool instalment_add(struct book *b, struct open_file *f, int32_t debt, int32_t number,
                           const struct debt_input *in, struct fault *why)
{
    const struct instalment_input *i = &in->instalments[number - 1];
    struct query q = query_begin(b->store, Q_INSTALMENT_ADD);

    bind_key(&q, f->key);
    bind_int(&q, debt);
    bind_int(&q, number);
    bind_int(&q, i->due_day.number);
    bind_int(&q, i->minor);
    if (!query_run(&q, why))
        return false;
    struct entry e = { b, f->key, ++f->last_no, 0, in->invoice_day, in->currency, 0 };
    return entry_line(&e, "principal", debt, number, i->minor, why) &&
           entry_line(&e, "placed", debt, number, -i->minor, why);
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
        if (!instalment_add(b, f, *debt, (int32_t)i + 1, in, why))
            return false;
    }
    return book_reference_put(b, "debt", in->reference, f->key, *debt, why) &&
           debt_record(b, f->key, in, true, why) && book_file_wake(b, f);
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

/* Brings one instalment to its new amount and date. Money beyond the amount waits as unapplied.
 */
static bool slice_adjust(struct book *b, struct open_file *f, struct slice *s,
                         const struct instalment_input *to, enum currency currency,
                         struct fault *why)
{
    struct day today = wall_at(b->now, b->zone).day;
    int64_t more = to->minor - s->amount, over = s->paid - to->minor;

    s->due = to->due_day;
    s->amount = to->minor;
    if (more != 0) {
        struct entry e = { b, f->key, ++f->last_no, 0, today, currency, 0 };
        if (!entry_line(&e, "principal", s->debt, s->number, more, why) ||
            !entry_line(&e, "adjustment", s->debt, s->number, -more, why))
            return false;
    }
    if (over > 0) {
        struct entry e = { b, f->key, ++f->last_no, 0, today, currency, 0 };
        if (!entry_line(&e, "principal", s->debt, s->number, over, why) ||
            !entry_line(&e, "unapplied", 0, 0, -over, why))
            return false;
        s->paid -= over;
        if (!slice_days(b, f->key, s, why))
            return false;
    }
    return slice_write(b, f->key, s, why);
}

static bool debt_update(struct book *b, struct open_file *f, const struct debt_input *in,
                        int32_t debt, bool *changed, struct fault *why)
{
    struct slice *slices;
    size_t count;

    if (!debt_words(b, f, in, debt, changed, why) ||
        !slices_of_debt(b, f->key, debt, &slices, &count, why))
        return false;
    for (size_t i = 0; i < in->instalment_count; i++) {
        const struct instalment_input *to = &in->instalments[i];
        if (i >= count) {
            *changed = true;
            if (!instalment_add(b, f, debt, (int32_t)i + 1, in, why))
                return false;
        } else if (slices[i].due.number != to->due_day.number ||
                   slices[i].amount != to->minor) {
            *changed = true;
            if (!slice_adjust(b, f, &slices[i], to, in->currency, why))
                return false;
        }
    }
    for (size_t i = in->instalment_count; i < count; i++) {
        struct instalment_input nothing = { slices[i].due, 0 };
        if (slices[i].amount == 0)
            continue;
        *changed = true;
        if (!slice_adjust(b, f, &slices[i], &nothing, in->currency, why))
            return false;
    }
    return !*changed || (debt_record(b, f->key, in, false, why) && book_file_wake(b, f));
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

bool book_debt_open(struct book *b, struct casefile_key key, int32_t debt, int64_t *minor,
                    struct fault *why)
{
    struct slice *slices;
    size_t count;

    *minor = 0;
    if (!slices_of_debt(b, key, debt, &slices, &count, why))
        return false;
    for (size_t i = 0; i < count; i++)
        *minor += slices[i].amount - slices[i].paid;
    return true;
}
