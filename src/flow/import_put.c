/* What was read goes into the book, through the same functions as everything else. */
#include "base/text.h"
#include "flow/dispute.h"
#include "flow/file_check.h"
#include "flow/import_run.h"
#include "flow/terms_bind.h"

#include <stdlib.h>
#include <string.h>

/* ---- Debtors ----------------------------------------------------------------------------- */

static void creditor_remember(struct import_run *run, const char *creditor)
{
    if (creditor == NULL)
        creditor = "us";
    for (size_t i = 0; i < run->creditor_count; i++) {
        if (strcmp(run->creditors[i], creditor) == 0)
            return;
    }
    *arena_push(&run->keep, run->creditors, run->creditor_count, run->creditor_room) =
        arena_copy(&run->keep, creditor);
}

static bool put_debtor(struct import_run *run, struct item *item, enum change *change,
                       struct fault *why)
{
    *change = CHANGE_NONE;
    if (item->debtor_known)
        return true;
    if (!book_debtor_put(run->book, &item->debtor, &item->key, change, why))
        return false;
    creditor_remember(run, item->debtor.creditor);
    run->report->debtors_added += *change == CHANGE_ADDED;
    run->report->debtors_updated += *change == CHANGE_UPDATED;
    return true;
}

/* ---- Debts ------------------------------------------------------------------------------- */

/* Contradictions are found before the first write: a rejected row leaves nothing behind. */
static enum put check_debt(struct import_run *run, struct item *item, struct arena *a,
                           struct problem *problem, struct fault *why)
{
    const char *column = map_column(run->map, MAP_DEBT);
    struct debt_found *found = &item->found;

    if (!book_debt_find(run->book, item->reference, found, why))
        return PUT_FAILED;
    if (found->number != 0 && found->key.id != item->key.id) {
        problem_set(problem, a, PROBLEM_CONFLICT, column, item->reference,
                    "give each invoice its own number", "on file for another debtor than %s",
                    item->debtor.reference);
        return PUT_REJECTED;
    }
    if (found->number != 0 && found->currency != item->currency) {
        problem_set(problem, a, PROBLEM_CONFLICT, map_column(run->map, MAP_CURRENCY),
                    currency_code(item->currency), "give each invoice its own number",
                    "on file in %s", currency_code(found->currency));
        return PUT_REJECTED;
    }
    if (item->instalment.minor < 0 &&
        !run->map->fields[map_has(run->map, MAP_UNIT) ? MAP_UNIT : MAP_AMOUNT]
             .amounts.credit_notes) {
        problem_set(problem, a, PROBLEM_NEGATIVE, column, item->reference,
                    "leave it out, or say `negative: credit_note` in the map",
                    "its lines add up to less than nothing");
        return PUT_REJECTED;
    }
    return PUT_DONE;
}

static bool pay(struct import_run *run, struct casefile_key key, const char *reference,
                int32_t debt, struct day day, enum currency currency, int64_t minor,
                const char *method, enum change *change, struct fault *why)
{
    struct payment_input payment = { reference, debt, day, currency, minor, method, false };
    enum change made = CHANGE_NONE;
    struct fault here = { 0 };
    struct problem note;

    if (minor <= 0)
        return true;
    if (!book_payment_put(run->book, key, &payment, &made, &here)) {
        *why = here;
        if (here.code != CONFLICT)
            return false;
        *why = (struct fault){ 0 }; /* somebody took it back: that stands */
        problem_set(&note, &run->rows[run->turn], PROBLEM_CONFLICT, NULL, reference,
                    "nothing, if it was taken back by hand", "%s", here.text);
        report_note(run, 0, &note);
    }
    run->report->payments += made == CHANGE_ADDED;
    if (made != CHANGE_NONE && *change == CHANGE_NONE)
        *change = CHANGE_UPDATED;
    return true;
}

/* Brings what is open down to the balance of the file. It never goes up again by itself: money
 * that was recorded here may not have reached the other system yet. */
static bool put_balance(struct import_run *run, struct item *item, int32_t debt, bool added,
                        struct arena *a, enum change *change, struct fault *why)
{
    int64_t open = item->instalment.minor;
    struct day day = item->paid_day;
    char text[MONEY_TEXT];

    if (!item->balance_known || item->settled_day.number != DAY_NONE.number)
        return true;
    if (!added && !book_debt_open(run->book, item->key, debt, &open, why))
        return false;
    money_print(money_of(item->balance, item->currency), text);
    if (open < item->balance) {
        struct problem note;
        problem_set(&note, a, PROBLEM_BALANCE, map_column(run->map, MAP_BALANCE),
                    arena_copy(a, text), "nothing, if the payment is only on its way there",
                    "more open in the file than on file; payments recorded here stay");
        report_note(run, item->rows[0].line, &note);
        return file_check_differs(run->book, item->key, debt,
                                  money_of(item->balance, item->currency),
                                  money_of(open, item->currency), why);
    }
    if (!added && !file_check_agrees(run->book, item->key, debt, why))
        return false;
    if (day.number == DAY_NONE.number)
        day = wall_at(run->book->now, run->book->zone).day;
    return pay(run, item->key, arena_print(a, "balance:%s:%s", item->reference, text), debt,
               day, item->currency, open - item->balance, "unknown", change, why);
}

/* "disputed" of a file opens a dispute of the whole debt, and ends it when a later one says so. */
static bool put_dispute(struct import_run *run, struct item *item, int32_t debt,
                        enum change *change, struct fault *why)
{
    struct day today = wall_at(run->book->now, run->book->zone).day;
    struct dispute dispute = { .debt = debt,
                               .component = COMPONENT_COUNT,
                               .currency = item->currency,
                               .reason = "other",
                               .received = today,
                               .answer_by = DAY_NONE,
                               .author = run->map->name };
    struct dispute_answer ended = { .result = DISPUTE_WITHDRAWN,
                                    .day = DAY_NONE,
                                    .proof = DAY_NONE,
                                    .author = run->map->name };
    enum change made;
    int64_t corrected;
    int32_t number;

    if (!item->disputed_known)
        return true;
    if (!dispute_of_debt(run->book, item->key, debt, &number, why))
        return false;
    if ((number != 0) == item->disputed)
        return true;
    if (*change == CHANGE_NONE)
        *change = CHANGE_UPDATED;
    return item->disputed
               ? dispute_open(run->book, item->key, &dispute, NULL, &number, &made, why)
               : dispute_close(run->book, item->key, number, &ended, &corrected, &made, why);
}

/* A later file of the same map takes the place of what this one says. */
static bool put_detail(struct import_run *run, struct item *item, int32_t debt,
                       enum change *change, struct fault *why)
{
    enum change made = CHANGE_NONE;

    if (item->detail.count > 0 &&
        !book_detail_put(run->book, item->key, debt, item->detail, run->map->name, &made, why))
        return false;
    if (*change == CHANGE_NONE && made != CHANGE_NONE)
        *change = CHANGE_UPDATED;
    return true;
}

static bool put_money(struct import_run *run, struct item *item, int32_t debt, bool added,
                      struct arena *a, enum change *change, struct fault *why)
{
    if (item->settled_day.number != DAY_NONE.number &&
        !pay(run, item->key, arena_print(a, "settled:%s", item->reference), debt,
             item->settled_day, item->currency, item->instalment.minor, "unknown", change, why))
        return false;
    return put_balance(run, item, debt, added, a, change, why) &&
           put_dispute(run, item, debt, change, why) &&
           put_detail(run, item, debt, change, why);
}

static bool put_credit_note(struct import_run *run, struct item *item, struct arena *a,
                            enum change *change, struct fault *why)
{
    enum change made = CHANGE_NONE;

    if (!pay(run, item->key, arena_print(a, "credit:%s", item->reference), 0,
             item->debt.invoice_day, item->currency, -item->instalment.minor, "credit_note",
             &made, why))
        return false;
    *change = made == CHANGE_NONE ? CHANGE_NONE : CHANGE_ADDED;
    return true;
}

/* A debt keeps what it was bound to: its parts are due by that, not by what the file has become. */
static bool plan_instalments(struct import_run *run, struct item *item, struct arena *a,
                             struct fault *why)
{
    const struct terms *terms = NULL;

    item->debt.instalments = &item->instalment;
    item->debt.instalment_count = 1;
    if (!item->due_by_terms)
        return true;
    if (item->found.number != 0 &&
        !book_terms_of(run->book, item->key, item->found.number, item->debt.invoice_day, &terms,
                       why))
        return false;
    if (terms == NULL)
        terms = item->terms->terms;
    item->debt.instalment_count =
        terms_instalments(a, terms, item->debt.invoice_day,
                          money_of(item->instalment.minor, item->currency),
                          &item->debt.instalments);
    return true;
}

static bool bind_terms(struct import_run *run, const struct item *item, int32_t debt,
                       struct fault *why)
{
    const struct bind_input in = { .debt = debt,
                                   .currency = item->currency,
                                   .from = item->debt.invoice_day };
    enum change change;

    return item->terms == NULL ||
           book_terms_bind(run->book, item->key, item->terms, &in, &change, why);
}

static bool put_debt(struct import_run *run, struct item *item, struct arena *a,
                     enum change *change, struct fault *why)
{
    enum change debtor;
    int32_t debt = 0;

    if (!put_debtor(run, item, &debtor, why))
        return false;
    if (item->instalment.minor < 0)
        return put_credit_note(run, item, a, change, why);
    item->debt.found = &item->found;
    if (!plan_instalments(run, item, a, why) ||
        !book_debt_put(run->book, item->key, &item->debt, &debt, change, why) ||
        (*change == CHANGE_ADDED && !bind_terms(run, item, debt, why)) ||
        !put_money(run, item, debt, *change == CHANGE_ADDED, a, change, why))
        return false;
    if (*change == CHANGE_NONE && debtor != CHANGE_NONE)
        *change = CHANGE_UPDATED;
    return true;
}

/* ---- Payments ---------------------------------------------------------------------------- */

static enum put unknown_owner(struct import_run *run, const struct item *item, struct arena *a,
                              struct problem *problem)
{
    bool by_debt = item->debt.reference != NULL;
    const char *value = by_debt ? item->debt.reference : item->debtor.reference;

    problem_set(problem, a, PROBLEM_UNKNOWN,
                map_column(run->map, by_debt ? MAP_PAYMENT_DEBT : MAP_REFERENCE),
                value == NULL ? "" : value, "import its invoice first, then this file again",
                by_debt ? "no debt of this reference is on file"
                        : "no debtor of this reference is on file");
    return PUT_REJECTED;
}

static enum put find_owner(struct import_run *run, struct item *item, struct arena *a,
                           struct problem *problem, struct fault *why)
{
    struct debt_found found;
    bool known = false;

    if (item->debt.reference == NULL) {
        if (item->debtor.reference != NULL &&
            !book_debtor_known(run->book, item->key, &known, why))
            return PUT_FAILED;
        return known ? PUT_DONE : unknown_owner(run, item, a, problem);
    }
    if (!book_debt_find(run->book, item->debt.reference, &found, why))
        return PUT_FAILED;
    if (found.number == 0)
        return unknown_owner(run, item, a, problem);
    item->payment.debt = found.number;
    if (item->debtor.reference != NULL && found.key.id != item->key.id) {
        problem_set(problem, a, PROBLEM_CONFLICT, map_column(run->map, MAP_PAYMENT_DEBT),
                    item->debt.reference, "mend the number or the debtor",
                    "on file for another debtor than %s", item->debtor.reference);
        return PUT_REJECTED;
    }
    if (found.currency != item->currency) {
        problem_set(problem, a, PROBLEM_CONFLICT, map_column(run->map, MAP_PAYMENT_CURRENCY),
                    currency_code(item->currency), "mend the currency", "the debt is in %s",
                    currency_code(found.currency));
        return PUT_REJECTED;
    }
    item->key = found.key;
    return PUT_DONE;
}

static enum put put_payment(struct import_run *run, struct item *item, struct arena *a,
                            enum change *change, struct problem *problem, struct fault *why)
{
    struct fault here = { 0 };

    if (book_payment_put(run->book, item->key, &item->payment, change, &here)) {
        run->report->payments += *change == CHANGE_ADDED;
        return PUT_DONE;
    }
    if (here.code != CONFLICT) {
        *why = here;
        return PUT_FAILED;
    }
    problem_set(problem, a, PROBLEM_CONFLICT, map_column(run->map, MAP_PAYMENT),
                item->reference, "give it a reference of its own", "%s", here.text);
    return PUT_REJECTED;
}

enum put item_check(struct import_run *run, struct item *item, struct arena *a,
                    struct problem *problem, struct fault *why)
{
    switch (run->map->kind) {
    case MAP_INVOICES:
    case MAP_ACCOUNTS:
        return check_debt(run, item, a, problem, why);
    case MAP_PAYMENTS:
        return find_owner(run, item, a, problem, why);
    case MAP_CONTACTS:
        return PUT_DONE;
    }
    bug("a kind of map is missing above", HERE);
}

enum put item_put(struct import_run *run, struct item *item, struct arena *a,
                  enum change *change, struct problem *problem, struct fault *why)
{
    *change = CHANGE_NONE;
    switch (run->map->kind) {
    case MAP_INVOICES:
    case MAP_ACCOUNTS:
        return put_debt(run, item, a, change, why) ? PUT_DONE : PUT_FAILED;
    case MAP_PAYMENTS:
        return put_payment(run, item, a, change, problem, why);
    case MAP_CONTACTS:
        return put_debtor(run, item, change, why) ? PUT_DONE : PUT_FAILED;
    }
    bug("a kind of map is missing above", HERE);
}

/* ---- Debts that the file no longer names --------------------------------------------------
 */

struct absent {
    struct casefile_key key;
    int32_t debt;
    const char *reference;
    enum currency currency;
    int64_t open;
};

static bool is_ours(const struct import_run *run, const char *creditor)
{
    for (size_t i = 0; i < run->creditor_count; i++) {
        if (strcmp(run->creditors[i], creditor) == 0)
            return true;
    }
    return false;
}

static bool absent_of_bucket(struct import_run *run, int64_t bucket, struct absent **out,
                             size_t *count, int64_t *open, struct fault *why)
{
    struct query q = query_begin(run->book->store, Q_DEBTS_OPEN);
    struct arena *a = &run->rows[0];
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, bucket);
    while (query_next(&q)) {
        if (!is_ours(run, row_text(&q, 4)))
            continue;
        ++*open;
        if (seen_find(&run->debts, seen_hash(0, row_text(&q, 2))) != NULL)
            continue;
        struct absent *absent = arena_push(a, *out, *count, room);
        *absent = (struct absent){ { bucket, row_int(&q, 0) },
                                   (int32_t)row_int(&q, 1),
                                   row_copy(&q, 2, a),
                                   (enum currency)row_int(&q, 3),
                                   row_int(&q, 5) };
    }
    return query_end(&q, why);
}

static bool settle_bucket(struct import_run *run, int64_t bucket, int64_t *open,
                          struct fault *why)
{
    struct day today = wall_at(run->book->now, run->book->zone).day;
    struct absent *absent;
    enum change change = CHANGE_NONE;
    size_t count;

    arena_reset(&run->rows[0]);
    if (!absent_of_bucket(run, bucket, &absent, &count, open, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *reference = arena_print(&run->rows[0], "settled:%s", absent[i].reference);
        book_step(run->book);
        if (!pay(run, absent[i].key, reference, absent[i].debt, today, absent[i].currency,
                 absent[i].open, "unknown", &change, why))
            return false;
        run->report->settled_missing++;
    }
    return true;
}

bool missing_settle(struct import_run *run, struct fault *why)
{
    int64_t open = 0;

    if (!run->map->missing_settled)
        return true;
    if (run->unread_debt) {
        run->report->remark =
            "Nothing was taken as paid for being absent: some rejected rows do "
            "not tell which debt they are about.";
        return true;
    }
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        if (!settle_bucket(run, bucket, &open, why))
            return false;
    }
    if (run->report->settled_missing * 100 <= open * run->map->missing_most)
        return true;
    fail(why, BAD_FILE,
         "%lld of %lld open debts are absent from \"%s\", more than the %d%% that "
         "the map takes as paid; nothing was kept.",
         (long long)run->report->settled_missing, (long long)open, run->request->path,
         run->map->missing_most);
    return fault_hint(why, "is the file complete? Raise `at_most` under `missing:` if it is");
}
