#include "flow/file_check.h"

#include "base/text.h"
#include "domain/ask.h"
#include "domain/itemization.h"
#include "flow/book_parts.h"
#include "flow/movements.h"
#include "flow/note.h"

const char file_check_source[] = "balance of the client's file";

enum {
    SUMS_MOST = 32,   /* two times, four accounts, by money or not, more or less */
    TRANSIT_DAYS = 10 /* in which money that came here reaches the client's books */
};

struct checking {
    struct store *s;
    struct arena *a;
    const struct casefile *c;
    struct instant now;
    struct day today;
    struct file_check *out;
    struct ledger_books books;
    bool books_known;
    struct fault *why;
};

static void differs(struct checking *k, enum mismatch_kind kind, const struct debt *d,
                    int64_t theirs, int64_t ours, struct day day)
{
    if (k->out->count < MISMATCHES_MOST)
        k->out->all[k->out->count++] =
            (struct file_mismatch){ kind,   d->number, d->reference, d->currency,
                                    theirs, ours,      day };
}

/* An amount of a field; false when there is none that can be read. */
static bool amount_of(struct gate_fields fields, const char *name, enum currency currency,
                      int64_t *out)
{
    const char *text = gate_field_find(fields, name);
    struct money money;
    struct fault unread = { 0 };

    if (text == NULL || !money_parse(text, '.', '\0', currency, &money, &unread))
        return false;
    *out = money.minor;
    return true;
}

/* ---- What a file said is open ----------------------------------------------------------- */

static void balance_check(struct checking *k, const struct debt *d, struct gate_fields fields)
{
    const char *text = gate_field_find(fields, "client_balance_day");
    struct day day = DAY_NONE;
    int64_t theirs, ours;

    if (!amount_of(fields, "client_balance", d->currency, &theirs) ||
        !amount_of(fields, "our_balance", d->currency, &ours))
        return;
    if (text != NULL)
        day_parse(text, &day);
    differs(k, MISMATCH_BALANCE, d, theirs, ours, day);
}

/* ---- The itemization -------------------------------------------------------------------- */

static enum itemized_kind kind_of(const char *account)
{
    return text_equal(account, "principal")  ? MOVED_PRINCIPAL
           : text_equal(account, "interest") ? MOVED_INTEREST
                                             : MOVED_FEES;
}

static bool sums_read(struct checking *k, int32_t debt, struct day date, struct itemized *sums,
                      size_t *count)
{
    struct query q = query_begin(k->s, Q_FILE_ITEMIZED);

    bind_int(&q, date.number);
    bind_key(&q, k->c->key);
    bind_int(&q, debt);
    bind_int(&q, k->today.number);
    while (query_next(&q) && *count < SUMS_MOST)
        sums[(*count)++] = (struct itemized){ .day = day_plus(date, (int32_t)row_int(&q, 0)),
                                              .kind = kind_of(row_text(&q, 1)),
                                              .paid = row_int(&q, 2) != 0,
                                              .minor = row_int(&q, 3) };
    return query_end(&q, k->why);
}

/* Interest that ran by today and is not posted. */
static bool running_read(struct checking *k, int32_t debt, int64_t *out)
{
    *out = 0;
    if (!k->books_known && !books_on(k->s, k->a, k->c->key, k->today, &k->books, k->why))
        return false;
    k->books_known = true;
    for (size_t i = 0; i < k->books.state.slice_count; i++) {
        const struct ledger_slice *slice = &k->books.state.slices[i];
        struct ledger_balance is;
        if (slice->debt != debt)
            continue;
        if (!ledger_slice_balance(&k->books.state, slice, k->today, &is, k->why))
            return false;
        *out += is.open[COMPONENT_INTEREST] - slice_open(slice, COMPONENT_INTEREST);
    }
    return true;
}

/* What the lines of the client, and ours since, come to; the ledger's own first line is theirs.
 */
static int64_t told_now(const struct itemization *ours, struct gate_fields fields,
                        enum currency currency)
{
    int64_t then = 0, interest = 0, fees = 0, payments = 0, credits = 0;

    amount_of(fields, "itemization_amount", currency, &then);
    amount_of(fields, "itemization_interest", currency, &interest);
    amount_of(fields, "itemization_fees", currency, &fees);
    amount_of(fields, "itemization_payments", currency, &payments);
    amount_of(fields, "itemization_credits", currency, &credits);
    return then + interest + ours->interest + fees + ours->fees - payments - ours->payments -
           credits - ours->credits;
}

static bool itemization_check(struct checking *k, const struct debt *d,
                              struct gate_fields fields)
{
    const char *text = gate_field_find(fields, "itemization_date");
    struct itemized sums[SUMS_MOST + 1];
    struct day date = d->invoice_day;
    size_t count = 0;
    int64_t running;

    if (gate_field_find(fields, "itemization_amount") == NULL)
        return true;
    k->out->told++;
    if (text != NULL && !day_parse(text, &date))
        return true;
    if (!sums_read(k, d->number, date, sums, &count) || !running_read(k, d->number, &running))
        return false;
    if (running != 0)
        sums[count++] = (struct itemized){ k->today, MOVED_INTEREST, false, running };
    struct itemization ours = itemization_of(date, count, sums);
    int64_t theirs = told_now(&ours, fields, d->currency);
    if (theirs != ours.now)
        differs(k, MISMATCH_ITEMIZATION, d, theirs, ours.now, date);
    return true;
}

bool file_check_read(struct store *s, struct arena *a, const struct casefile *c,
                     struct instant now, struct day today, struct file_check *out,
                     struct fault *why)
{
    struct checking k = {
        .s = s, .a = a, .c = c, .now = now, .today = today, .out = out, .why = why
    };

    *out = (struct file_check){ 0 };
    for (size_t i = 0; i < c->debt_count; i++) {
        struct gate_fields fields = ask_debt(c, c->debts[i].number, now, a).detail;
        balance_check(&k, &c->debts[i], fields);
        if (!itemization_check(&k, &c->debts[i], fields))
            return false;
    }
    return true;
}

bool file_check_stands(struct book *b, struct casefile_key key, struct fault *why)
{
    struct file_check check;
    struct casefile *c;

    if (!book_settle(b, why) ||
        !casefile_load(b->store, &b->arena, key, book_today(b), &c, why) ||
        !file_check_read(b->store, &b->arena, c, b->now, book_today(b), &check, why))
        return false;
    if (check.count == 0)
        return true;
    fail(why, CONFLICT,
         "Nothing is agreed, and nothing waived, while the client's file and our books "
         "disagree.");
    return fault_hint(why,
                      "say that the amount is being checked, and agree when it is settled");
}

/* ---- For those who write ---------------------------------------------------------------- */

/* The note on this debt, and what it says; number 0: there is none. */
static bool note_find(struct book *b, struct casefile_key key, int32_t debt, int32_t *number,
                      struct gate_fields *fields, struct fault *why)
{
    struct query q = query_begin(b->store, Q_FACT_DETAIL);

    *number = 0;
    *fields = (struct gate_fields){ 0 };
    bind_key(&q, key);
    bind_text(&q, fact_type_name(FACT_DEBT_DETAIL));
    bind_int(&q, debt);
    bind_int(&q, b->now.us);
    bind_text(&q, file_check_source);
    if (query_next(&q)) {
        *number = (int32_t)row_int(&q, 0);
        *fields = gate_fields_parse(&b->arena, row_text(&q, 1));
    }
    return query_end(&q, why);
}

/* Money that came here in the last days may be on its way there. */
static bool is_on_its_way(struct book *b, struct casefile_key key, struct money theirs,
                          struct money ours, bool *out, struct fault *why)
{
    struct query q = query_begin(b->store, Q_FILE_PAID_SINCE);

    bind_key(&q, key);
    bind_int(&q, ours.currency);
    bind_int(&q, day_plus(book_today(b), -TRANSIT_DAYS).number);
    *out = query_next(&q) && theirs.minor - ours.minor <= row_int(&q, 0);
    return query_end(&q, why);
}

bool file_check_differs(struct book *b, struct casefile_key key, int32_t debt,
                        struct money theirs, struct money ours, struct fault *why)
{
    char there[MONEY_TEXT], here[MONEY_TEXT], day[DAY_TEXT];
    struct gate_field fields[] = {
        { "client_balance", money_print(theirs, there) },
        { "our_balance", money_print(ours, here) },
        { "client_balance_day", day_print(book_today(b), day) },
    };
    struct gate_fields old;
    enum change change;
    int32_t number;
    bool travels;

    if (!book_settle(b, why) || !is_on_its_way(b, key, theirs, ours, &travels, why))
        return false;
    if (travels)
        return file_check_agrees(b, key, debt, why);
    if (!note_find(b, key, debt, &number, &old, why))
        return false;
    if (number != 0 && text_equal(gate_field_find(old, "client_balance"), there) &&
        text_equal(gate_field_find(old, "our_balance"), here))
        return true; /* since the day on which it was first said */
    return book_detail_put(b, key, debt, (struct gate_fields){ COUNT(fields), fields },
                           file_check_source, &change, why);
}

bool file_check_agrees(struct book *b, struct casefile_key key, int32_t debt, struct fault *why)
{
    struct gate_fields fields;
    int32_t number;

    if (!note_find(b, key, debt, &number, &fields, why))
        return false;
    return number == 0 || book_fact_end(b, key, number, b->now, why);
}

bool file_check_settle(struct book *b, struct casefile_key key, int32_t debt,
                       const char *reason, const char *author, enum change *change,
                       struct fault *why)
{
    struct gate_fields fields;
    int32_t number, note;

    *change = CHANGE_NONE;
    if (text_is_empty(reason))
        return fail(why, BAD_VALUE, "Say what you checked, and with whom.");
    if (!note_find(b, key, debt, &number, &fields, why))
        return false;
    if (number == 0)
        return true;
    struct note_input in = {
        arena_print(&b->arena, "Balance checked, our figure stands. %s", reason), author, NULL
    };
    return book_fact_end(b, key, number, b->now, why) &&
           book_note_add(b, key, &in, &note, change, why);
}
