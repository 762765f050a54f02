/*
 * Payments through all their states, and what is charged and taken off: what is open, what waits,
 * and what was known when. On both databases; every book proves sound at its end.
 */
#include "flow/charge.h"
#include "flow/movements.h"
#include "flow/prove.h"
#include "flow/step_fee.h"
#include "flow/terms_bind.h"

#include "flow/book_fixture.h"
#include "store/casefiles.h"

static const char now_text[] = "2026-03-20T12:00:00Z";
static const struct instalment_input whole = { { 0 }, 10000 };

struct money_book {
    struct fixture fixture;
    struct book book;
    struct account account, other;
    int32_t first, second, dollars; /* EUR 100, EUR 50, USD 80 */
};

static struct day on(const char *text)
{
    return fixture_day(text);
}

static void keep(struct money_book *t)
{
    struct fault why = { 0 };

    assert_fine(book_commit(&t->book, &why), why);
    assert_fine(book_begin(&t->book, &why), why);
}

static int32_t add_debt(struct money_book *t, const struct account *account, const char *reference,
                        enum currency currency, const char *due, int64_t minor)
{
    struct instalment_input part = whole;

    part.due_day = on(due);
    part.minor = minor;
    return fixture_debt(&t->book, account->key, reference, currency, on("2026-01-01"), 1, &part);
}

static bool money_begin(struct money_book *t, size_t kind)
{
    struct fault why = { 0 };

    if (!fixture_begin(&t->fixture, kind, "payment"))
        return false;
    assert_fine(book_open(&t->book, t->fixture.url, fixture_at(now_text), &why), why);
    assert_fine(book_begin(&t->book, &why), why);
    t->account = (struct account){ fixture_debtor(&t->book, "A"), "A", "A" };
    t->other = (struct account){ fixture_debtor(&t->book, "B"), "B", "B" };
    t->first = add_debt(t, &t->account, "INV-1", CURRENCY_EUR, "2026-01-31", 10000);
    t->second = add_debt(t, &t->account, "INV-2", CURRENCY_EUR, "2026-02-28", 5000);
    t->dollars = add_debt(t, &t->account, "USD-1", CURRENCY_USD, "2026-01-15", 8000);
    add_debt(t, &t->other, "INV-9", CURRENCY_EUR, "2026-02-10", 6000);
    keep(t);
    return true;
}

static void money_end(struct money_book *t)
{
    struct fault why = { 0 };
    FILE *out = fopen("/dev/null", "w");
    size_t findings;

    assert_fine(book_commit(&t->book, &why), why);
    assert_fine(prove_book(t->book.store, out, false, &findings, &why), why);
    assert_int_equal(findings, 0);
    fclose(out);
    book_close(&t->book);
    fixture_end(&t->fixture);
}

#define EACH_BOOK(t)                                                                           \
    (void)state;                                                                               \
    for (size_t kind_ = 0; kind_ < FIXTURES; kind_++)                                          \
        for (bool once_ = money_begin(&(t), kind_); once_; once_ = false, money_end(&(t)))

/* What is open of a debt (0: all of the currency) and waits, at the end of today. */
static struct account_balance balance(struct money_book *t, const struct account *account,
                                      int32_t debt, enum currency currency)
{
    struct account_balance found;
    struct fault why = { 0 };

    assert_fine(account_balance(&t->book, account, debt, currency, on("2026-03-20"), &found,
                                &why),
                why);
    return found;
}

static int64_t open_of(struct money_book *t, int32_t debt)
{
    struct account_balance found = balance(
        t, &t->account, debt, debt == t->dollars ? CURRENCY_USD : CURRENCY_EUR);

    return balance_total(&found.open);
}

static int64_t waits(struct money_book *t, const struct account *account, enum currency currency)
{
    return balance(t, account, 0, currency).waiting;
}

static enum change pay(struct money_book *t, const char *reference, int64_t minor,
                       size_t count, const struct payment_part parts[])
{
    const struct payment_input in = { .reference = reference,
                                      .day = on("2026-02-10"),
                                      .currency = CURRENCY_EUR,
                                      .minor = minor,
                                      .method = "transfer" };
    enum change change;
    struct fault why = { 0 };

    assert_fine(book_payment_split(&t->book, t->account.key, &in, parts, count, &change, &why),
                why);
    return change;
}

static enum change back(struct money_book *t, const char *reference, enum payment_end end)
{
    enum change change;
    struct fault why = { 0 };

    assert_fine(book_payment_back(&t->book, t->account.key, reference, end, "test", &change,
                                  &why),
                why);
    return change;
}

static const char *state_of(struct money_book *t, const struct account *account,
                            const char *reference)
{
    struct account_payment payment;
    struct fault why = { 0 };

    assert_fine(account_payment(&t->book, account, reference, &payment, &why), why);
    return payment.found ? payment.state : "none";
}

/* ---- States ----------------------------------------------------------------------------- */

/* X22, X34, X42: a part paid is a part open, of the debt that it was for. */
static void test_part_payment_leaves_the_rest_open(void **state)
{
    struct money_book t;

    EACH_BOOK(t)
    {
        assert_int_equal(pay(&t, "P1", 9999, 0, NULL), CHANGE_ADDED);
        assert_int_equal(open_of(&t, t.first), 1);
        assert_int_equal(open_of(&t, t.second), 5000);
        assert_int_equal(pay(&t, "P1", 9999, 0, NULL), CHANGE_NONE);
        assert_int_equal(open_of(&t, t.dollars), 8000);
    }
}

/* X47: on its way is not paid; when it fails, all is open as before. */
static void test_pending_payment_is_not_paid(void **state)
{
    struct payment_input in = { .reference = "P1", .currency = CURRENCY_EUR, .minor = 10000,
                                .pending = true };
    struct fault why = { 0 };
    enum change change;
    struct money_book t;

    EACH_BOOK(t)
    {
        in.day = on("2026-02-10");
        in.pending = true;
        assert_fine(book_payment_put(&t.book, t.account.key, &in, &change, &why), why);
        assert_int_equal(open_of(&t, t.first), 10000);
        in.pending = false;
        assert_fine(book_payment_put(&t.book, t.account.key, &in, &change, &why), why);
        assert_int_equal(change, CHANGE_UPDATED);
        assert_int_equal(open_of(&t, t.first), 0);
        assert_int_equal(back(&t, "P1", PAYMENT_FAILED), CHANGE_UPDATED);
        assert_int_equal(open_of(&t, t.first), 10000);
        in.day = on("2026-02-20"); /* the second attempt succeeds under the same number */
        assert_fine(book_payment_put(&t.book, t.account.key, &in, &change, &why), why);
        assert_int_equal(change, CHANGE_UPDATED);
        assert_int_equal(open_of(&t, t.first), 0);
    }
}

/* X25, X28: what went back counts nowhere, and the file that brought it does not bring it back. */
static void test_returned_money_stays_returned(void **state)
{
    static const struct {
        enum payment_end end;
        const char *state;
    } ends[] = { { PAYMENT_RETURNED, "returned" },
                 { PAYMENT_CHARGED_BACK, "charged_back" },
                 { PAYMENT_DUPLICATE, "duplicate" },
                 { PAYMENT_FAILED, "failed" } };
    struct money_book t;

    EACH_BOOK(t)
    {
        for (size_t i = 0; i < COUNT(ends); i++) {
            char reference[8];
            snprintf(reference, sizeof reference, "P%zu", i);
            pay(&t, reference, 17000, 0, NULL);
            assert_int_equal(open_of(&t, 0), 0);
            assert_int_equal(waits(&t, &t.account, CURRENCY_EUR), 2000);
            keep(&t);
            assert_int_equal(back(&t, reference, ends[i].end), CHANGE_UPDATED);
            assert_int_equal(open_of(&t, 0), 15000);
            assert_int_equal(waits(&t, &t.account, CURRENCY_EUR), 0);
            assert_int_equal(back(&t, reference, ends[i].end), CHANGE_NONE);
            assert_int_equal(pay(&t, reference, 17000, 0, NULL), CHANGE_NONE);
            assert_string_equal(state_of(&t, &t.account, reference), ends[i].state);
        }
    }
}

/* X34: of several debts each gets what the debtor said, the rest goes by order. */
static void test_debtor_chooses_what_is_paid(void **state)
{
    struct money_book t;

    EACH_BOOK(t)
    {
        struct payment_part parts[] = { { t.second, 3000 }, { t.first, 2000 } };
        pay(&t, "P1", 6000, 2, parts); /* 10 by order: to the first */
        assert_int_equal(open_of(&t, t.first), 7000);
        assert_int_equal(open_of(&t, t.second), 2000);
        assert_int_equal(pay(&t, "P1", 6000, 2, parts), CHANGE_NONE);
        parts[0].minor = 4000; /* it was meant otherwise */
        assert_int_equal(pay(&t, "P1", 6000, 2, parts), CHANGE_UPDATED);
        assert_int_equal(open_of(&t, t.first), 8000);
        assert_int_equal(open_of(&t, t.second), 1000);
        assert_int_equal(back(&t, "P1", PAYMENT_RETURNED), CHANGE_UPDATED);
        assert_int_equal(open_of(&t, 0), 15000);
    }
}

/* X36: euros do not pay dollars, and what waits in one is nothing in the other. */
static void test_currencies_are_never_mixed(void **state)
{
    struct money_book t;

    EACH_BOOK(t)
    {
        pay(&t, "P1", 50000, 0, NULL);
        assert_int_equal(open_of(&t, t.dollars), 8000);
        assert_int_equal(waits(&t, &t.account, CURRENCY_EUR), 35000);
        assert_int_equal(waits(&t, &t.account, CURRENCY_USD), 0);
        struct charge_input in = { .kind = MOVEMENT_APPLY, .component = COMPONENT_COUNT,
                                   .debt = t.dollars, .currency = CURRENCY_USD,
                                   .day = on("2026-03-20") };
        int32_t number;
        enum change change;
        struct fault why = { 0 };
        assert_false(charge_put(&t.book, &t.account, &in, &number, &change, &why));
        assert_int_equal(why.code, CONFLICT);
    }
}

static bool move(struct money_book *t, const struct account *from, const struct account *to,
                 enum change *change, struct fault *why)
{
    *why = (struct fault){ 0 };
    return book_payment_move(&t->book, from->key, "P1", to->key, "test", change, why);
}

static void test_wrong_debtor_is_corrected_on_the_same_day(void **state)
{
    struct money_book t;
    enum change change;
    struct fault why;

    EACH_BOOK(t)
    {
        pay(&t, "P1", 7000, 0, NULL);
        keep(&t);
        assert_fine(move(&t, &t.account, &t.other, &change, &why), why);
        assert_int_equal(change, CHANGE_UPDATED);
        assert_int_equal(open_of(&t, t.first), 10000);
        assert_int_equal(waits(&t, &t.other, CURRENCY_EUR), 1000);
        assert_fine(move(&t, &t.account, &t.other, &change, &why), why);
        assert_int_equal(change, CHANGE_NONE);
        assert_string_equal(state_of(&t, &t.account, "P1"), "moved");
        assert_int_equal(pay(&t, "P1", 7000, 0, NULL), CHANGE_NONE); /* its file again */
        /* and back again: it was right at first */
        assert_fine(move(&t, &t.other, &t.account, &change, &why), why);
        assert_int_equal(open_of(&t, t.first), 3000);
        assert_int_equal(waits(&t, &t.other, CURRENCY_EUR), 0);
        assert_string_equal(state_of(&t, &t.other, "P1"), "moved");
        fixture_payment(&t.book, t.other.key, "P2", 0, CURRENCY_EUR, on("2026-02-11"), 5, false);
        assert_false(book_payment_move(&t.book, t.account.key, "P2", t.other.key, NULL, &change,
                                       &why));
        assert_int_equal(why.code, NOT_FOUND);
    }
}

/* X32: a refund is of the payment that paid, and only of what waits. */
static void test_refund_belongs_to_the_payment_that_paid(void **state)
{
    struct refund_input in = { .reference = "P2", .minor = 2500 };
    struct money_book t;
    int32_t number;

    EACH_BOOK(t)
    {
        struct fault why = { 0 };
        in.day = on("2026-03-20");
        pay(&t, "P1", 2000, 0, NULL);
        back(&t, "P1", PAYMENT_FAILED);
        pay(&t, "P2", 17000, 0, NULL);
        in.minor = 2500;
        assert_false(book_payment_refund(&t.book, t.account.key, &in, &number, &why));
        assert_int_equal(why.code, CONFLICT); /* 20 wait, no more */
        in.minor = 1500;
        why = (struct fault){ 0 };
        assert_fine(book_payment_refund(&t.book, t.account.key, &in, &number, &why), why);
        assert_int_equal(waits(&t, &t.account, CURRENCY_EUR), 500);
        in.reference = "P1";
        in.minor = 100;
        assert_false(book_payment_refund(&t.book, t.account.key, &in, &number, &why));
        assert_int_equal(why.code, CONFLICT); /* it failed: nothing of it is here */
        in.reference = "P2";
        in.day = on("2026-02-01"); /* before it came */
        assert_false(book_payment_refund(&t.book, t.account.key, &in, &number, &why));
        assert_int_equal(open_of(&t, 0), 0);
    }
}

/* ---- Charges ---------------------------------------------------------------------------- */

static bool put(struct money_book *t, struct charge_input in, int32_t *number,
                enum change *change, struct fault *why)
{
    *why = (struct fault){ 0 };
    in.currency = CURRENCY_EUR;
    if (in.day.number == 0)
        in.day = on("2026-03-01");
    return charge_put(&t->book, &t->account, &in, number, change, why);
}

#define ALL .component = COMPONENT_COUNT

static void test_charge_without_ground_is_refused(void **state)
{
    struct money_book t;
    int32_t number, again;
    enum change change;
    struct fault why;

    EACH_BOOK(t)
    {
        struct charge_input fee = { .kind = MOVEMENT_CHARGE, .debt = t.first,
                                    .component = COMPONENT_FEES, .minor = 1500, .once = "k" };
        assert_false(put(&t, fee, &number, &change, &why));
        assert_int_equal(why.code, BAD_USAGE);
        fee.clause = ""; /* no words are no clause */
        assert_false(put(&t, fee, &number, &change, &why));
        fee.law = "BGB § 280";
        assert_fine(put(&t, fee, &number, &change, &why), why);
        assert_fine(put(&t, fee, &again, &change, &why), why);
        assert_int_equal(change, CHANGE_NONE);
        assert_int_equal(number, again);
        assert_int_equal(open_of(&t, t.first), 11500);
        fee.minor = 1600; /* the same key for another thing */
        assert_false(put(&t, fee, &number, &change, &why));
        assert_int_equal(why.code, CONFLICT);
    }
}

/* X37: the principal is paid, and fees are claimed until they are waived. */
static void test_fees_outlive_the_principal(void **state)
{
    struct money_book t;
    int32_t number;
    enum change change;
    struct fault why;

    EACH_BOOK(t)
    {
        struct charge_input in = { .kind = MOVEMENT_CHARGE, .debt = t.first,
                                   .component = COMPONENT_FEES, .minor = 1500, .law = "law" };
        struct payment_part part = { t.first, 10000 };
        assert_fine(put(&t, in, &number, &change, &why), why);
        pay(&t, "P1", 10000, 1, &part);
        assert_int_equal(open_of(&t, t.first), 1500);
        in = (struct charge_input){ .kind = MOVEMENT_WAIVE, .debt = t.first,
                                    .component = COMPONENT_FEES, .minor = 1600 };
        assert_false(put(&t, in, &number, &change, &why)); /* more than is open */
        in.minor = 0;
        assert_fine(put(&t, in, &number, &change, &why), why);
        assert_int_equal(open_of(&t, t.first), 0);
        struct movement was;
        assert_fine(charge_undo(&t.book, &t.account, number, &was, &change, &why), why);
        assert_int_equal(open_of(&t, t.first), 1500);
        assert_fine(charge_undo(&t.book, &t.account, number, &was, &change, &why), why);
        assert_int_equal(change, CHANGE_NONE);
    }
}

/* X17, X43: a credit note clears the balance as money does; what is left of it waits. */
static void test_credit_note_nets_what_is_open(void **state)
{
    struct money_book t;
    int32_t number;
    enum change change;
    struct fault why;

    EACH_BOOK(t)
    {
        struct charge_input in = { .kind = MOVEMENT_CREDIT, ALL, .minor = 16000 };
        struct movement was;
        assert_fine(put(&t, in, &number, &change, &why), why);
        assert_int_equal(open_of(&t, 0), 0);
        assert_int_equal(waits(&t, &t.account, CURRENCY_EUR), 1000);
        struct refund_input refund = { "P1", on("2026-03-20"), 1000, NULL, NULL };
        int32_t refunded;
        pay(&t, "P1", 1, 0, NULL);
        assert_false(book_payment_refund(&t.book, t.account.key, &refund, &refunded, &why));
        assert_fine(charge_undo(&t.book, &t.account, number, &was, &change, &why), why);
        assert_int_equal(open_of(&t, 0), 14999);
    }
}

static void test_write_off_small_and_whole(void **state)
{
    struct money_book t;
    int32_t number;
    enum change change;
    struct fault why;

    EACH_BOOK(t)
    {
        struct charge_input in = { .kind = MOVEMENT_WRITE_OFF, ALL, .debt = t.first };
        assert_fine(book_set(t.book.store, "write_off_below", "USD 90, EUR 5", &why), why);
        assert_false(put(&t, in, &number, &change, &why)); /* 100 is not small */
        assert_int_equal(why.code, BAD_USAGE);
        pay(&t, "P1", 9501, 0, NULL);
        assert_fine(put(&t, in, &number, &change, &why), why);
        assert_int_equal(open_of(&t, t.first), 0);
        assert_int_equal(open_of(&t, t.second), 5000);
        in.debt = t.second;
        in.whole = true;
        assert_fine(put(&t, in, &number, &change, &why), why);
        assert_int_equal(open_of(&t, 0), 0);
        assert_false(put(&t, in, &number, &change, &why)); /* nothing is left */
        assert_int_equal(why.code, CONFLICT);
    }
}

static void test_charged_off_is_still_owed(void **state)
{
    struct money_book t;
    int32_t number;
    enum change change;
    struct fault why;

    EACH_BOOK(t)
    {
        struct charge_input in = { .kind = MOVEMENT_CHARGE_OFF, ALL, .debt = t.first,
                                   .minor = 4000 };
        assert_fine(put(&t, in, &number, &change, &why), why);
        assert_int_equal(open_of(&t, t.first), 10000);
        in.minor = 7000;
        assert_false(put(&t, in, &number, &change, &why)); /* 60 are left to charge off */
        in.minor = 0;
        assert_fine(put(&t, in, &number, &change, &why), why);
        assert_false(put(&t, in, &number, &change, &why));
    }
}

static void test_what_one_debt_does_not_need_pays_the_other(void **state)
{
    struct money_book t;

    EACH_BOOK(t)
    {
        struct payment_part part = { t.second, 8000 };
        pay(&t, "P1", 8000, 1, &part); /* 30 more than that debt */
        assert_int_equal(open_of(&t, t.first), 7000);
        assert_int_equal(waits(&t, &t.account, CURRENCY_EUR), 0);
    }
}

/* ---- Terms, and what was known when ----------------------------------------------------- */

static const struct terms_file *terms_called(struct money_book *t, const char *name)
{
    struct terms_files files;
    struct fault why = { 0 };

    assert_fine(terms_files_all(&t->book.arena, &files, &why), why);
    return terms_find(&files, name);
}

static bool bind(struct money_book *t, int32_t debt, const char *terms, const char *from,
                 enum change *change, struct fault *why)
{
    const struct bind_input in = { .debt = debt,
                                   .currency =
                                       debt == t->dollars ? CURRENCY_USD : CURRENCY_EUR,
                                   .from = from == NULL ? DAY_NONE : on(from) };

    *why = (struct fault){ 0 };
    return book_terms_bind(&t->book, t->account.key, terms_called(t, terms), &in, change, why);
}

static void test_terms_are_bound_from_a_day(void **state)
{
    struct money_book t;
    enum change change;
    struct fault why;

    EACH_BOOK(t)
    {
        assert_false(bind(&t, t.dollars, "trade-de", NULL, &change, &why));
        assert_int_equal(why.code, BAD_VALUE);
        assert_fine(bind(&t, t.first, "trade-de", NULL, &change, &why), why);
        assert_int_equal(change, CHANGE_ADDED);
        struct account_balance found = balance(&t, &t.account, t.first, CURRENCY_EUR);
        assert_int_equal(found.open.open[COMPONENT_FEES], 4000);
        /* 48 days at 10.27 % a year of 100: due on January 31, to March 20 */
        assert_int_equal(found.open.open[COMPONENT_INTEREST], 135);
        assert_fine(bind(&t, t.first, "trade-de", "2026-02-01", &change, &why), why);
        assert_int_equal(change, CHANGE_NONE);
        assert_fine(bind(&t, t.first, "net-30-plain", NULL, &change, &why), why);
        assert_int_equal(open_of(&t, t.first), 10000); /* instead, from the same day */
    }
}

/* X29, X30, X39: dated back, all days since come out anew; what was known then is still known. */
static void test_dated_back_and_what_was_known_then(void **state)
{
    struct money_book t;
    enum change change;
    struct fault why = { 0 };

    EACH_BOOK(t)
    {
        struct instant then = t.book.now;
        struct ledger_books known, now;
        struct account_balance found;
        assert_fine(bind(&t, t.first, "trade-de", NULL, &change, &why), why);
        keep(&t);
        t.book.now.us += INT64_C(3600) * 1000000;
        pay(&t, "P1", 14000, 0, NULL); /* on February 10, learned of on March 20 */
        keep(&t);
        assert_fine(books_as_of(t.book.store, &t.book.arena, t.account.key, on("2026-03-20"),
                                then, &known, &why),
                    why);
        assert_fine(books_as_of(t.book.store, &t.book.arena, t.account.key, on("2026-03-20"),
                                INSTANT_NEVER, &now, &why),
                    why);
        assert_int_equal(ledger_slice_find(&known.state, t.first, 1)->paid[COMPONENT_PRINCIPAL],
                         0);
        /* 40 in fees, 28 cents for ten days, the rest of the principal: 28 cents are left */
        assert_int_equal(ledger_slice_find(&now.state, t.first, 1)->paid[COMPONENT_PRINCIPAL],
                         9972);
        found = balance(&t, &t.account, t.first, CURRENCY_EUR);
        assert_int_equal(balance_total(&found.open), 28);
        then = t.book.now;
        t.book.now.us += INT64_C(3600) * 1000000;
        back(&t, "P1", PAYMENT_RETURNED);
        keep(&t);
        assert_int_equal(open_of(&t, t.first), 14135);
        assert_fine(books_as_of(t.book.store, &t.book.arena, t.account.key, on("2026-03-20"),
                                then, &known, &why),
                    why);
        assert_int_equal(ledger_slice_find(&known.state, t.first, 1)->paid[COMPONENT_PRINCIPAL],
                         9972);
    }
}

/* X35, X45: parts of a debt are due one by one, by its terms, and add up. */
static void test_instalments_by_terms_add_up(void **state)
{
    const struct instalment_input *parts;
    struct money_book t;

    EACH_BOOK(t)
    {
        const struct terms *terms = terms_called(&t, "instalment-loan-us")->terms;
        for (int64_t minor = 1; minor < 400; minor += 13) {
            size_t count = terms_instalments(&t.book.arena, terms, on("2026-01-31"),
                                             money_of(minor, CURRENCY_USD), &parts);
            int64_t sum = 0;
            for (size_t i = 0; i < count; i++) {
                assert_true(parts[i].minor > 0);
                assert_true(i == 0 || parts[i].due_day.number > parts[i - 1].due_day.number);
                sum += parts[i].minor;
            }
            assert_int_equal(sum, minor);
        }
        assert_int_equal(terms_instalments(&t.book.arena, terms, on("2026-01-31"),
                                           money_of(0, CURRENCY_USD), &parts),
                         1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_part_payment_leaves_the_rest_open),
        cmocka_unit_test(test_pending_payment_is_not_paid),
        cmocka_unit_test(test_returned_money_stays_returned),
        cmocka_unit_test(test_debtor_chooses_what_is_paid),
        cmocka_unit_test(test_currencies_are_never_mixed),
        cmocka_unit_test(test_wrong_debtor_is_corrected_on_the_same_day),
        cmocka_unit_test(test_refund_belongs_to_the_payment_that_paid),
        cmocka_unit_test(test_charge_without_ground_is_refused),
        cmocka_unit_test(test_fees_outlive_the_principal),
        cmocka_unit_test(test_credit_note_nets_what_is_open),
        cmocka_unit_test(test_write_off_small_and_whole),
        cmocka_unit_test(test_charged_off_is_still_owed),
        cmocka_unit_test(test_what_one_debt_does_not_need_pays_the_other),
        cmocka_unit_test(test_terms_are_bound_from_a_day),
        cmocka_unit_test(test_dated_back_and_what_was_known_then),
        cmocka_unit_test(test_instalments_by_terms_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
