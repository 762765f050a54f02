/* The cases that stand beside the rules of an authority file, run. */
#include "formats/authority.h"

#include <string.h>

enum { CASE_MONTHS = 1200, CASE_DAYS = 36500 };

static const int64_t minor_most = 1000000000000000;

struct trial {
    const struct authority_book *book;
    struct arena *a;
    struct fault why; /* of the case in hand */
    size_t role;
    struct value facts[AUTHORITY_FACT_COUNT];
    struct proposal proposal;
};

/* ---- Given: what is not given is ordinary -------------------------------------------------
 */

static void fact_text(struct trial *t, struct yaml_reader *r, enum authority_fact fact,
                      const char *otherwise)
{
    const char *text = yaml_text_or(r, authority_facts.names[fact].name, otherwise);

    t->facts[fact] = (struct value){ .known = text[0] != '\0', .text = text };
}

static void fact_int(struct trial *t, struct yaml_reader *r, enum authority_fact fact,
                     int64_t otherwise)
{
    const char *name = authority_facts.names[fact].name;
    bool known = strcmp(yaml_text_or(r, name, ""), "unknown") != 0;

    t->facts[fact].known = known;
    if (known)
        t->facts[fact].number = yaml_int_or(r, name, -minor_most, minor_most, otherwise);
}

static void fact_bool(struct trial *t, struct yaml_reader *r, enum authority_fact fact)
{
    const char *name = authority_facts.names[fact].name;
    bool known = strcmp(yaml_text_or(r, name, ""), "unknown") != 0;

    t->facts[fact].known = known;
    if (known)
        t->facts[fact].truth = yaml_bool_or(r, name, false);
}

static bool read_given(struct trial *t, const struct yaml *given)
{
    struct yaml_reader r = yaml_read(given, &t->why);

    yaml_only(&r, "role", "segment", "days_past_due", "open_minor", "currency", "kind",
              "business", "hardship", "country", NULL);
    const char *role = yaml_text(&r, "role");
    fact_text(t, &r, AUTHORITY_SEGMENT, "usual");
    fact_int(t, &r, AUTHORITY_DAYS, 90);
    fact_int(t, &r, AUTHORITY_OPEN, 100000);
    fact_text(t, &r, AUTHORITY_CURRENCY, "USD");
    fact_text(t, &r, AUTHORITY_KIND, "invoice");
    fact_bool(t, &r, AUTHORITY_BUSINESS);
    fact_bool(t, &r, AUTHORITY_HARDSHIP);
    fact_text(t, &r, AUTHORITY_COUNTRY, "US");
    if (!r.ok)
        return false;
    t->role = authority_role_find(t->book, role);
    if (t->role == t->book->role_count)
        return yaml_fail(yaml_find(given, "role"), &t->why, "there is no role \"%s\" here",
                         role);
    enum currency currency = currency_parse(t->facts[AUTHORITY_CURRENCY].text);
    if (currency == CURRENCY_NONE)
        return yaml_fail(yaml_find(given, "currency"), &t->why, "no such currency");
    t->proposal.open = money_of(t->facts[AUTHORITY_OPEN].number, currency);
    return true;
}

static int64_t amount(struct trial *t, struct yaml_reader *r, const char *key)
{
    const char *text = yaml_text_or(r, key, NULL);
    struct money money = { 0 };
    struct fault bad;

    if (text == NULL || !r->ok)
        return 0;
    if (!money_parse(text, '.', '\0', t->proposal.open.currency, &money, &bad))
        r->ok = yaml_fail(yaml_find(r->map, key), r->why, "%s", bad.text);
    return money.minor;
}

static bool read_proposal(struct trial *t, const struct yaml *node)
{
    struct yaml_reader r = yaml_read(node, &t->why);
    struct proposal *p = &t->proposal;

    yaml_only(&r, "plan_months", "plan_payments", "smallest_payment", "first_payment",
              "first_within_days", "discount", "settlement_days", "offer_days",
              "waive_interest", "waive_fees", "write_off", "refund", NULL);
    if (r.ok && node->count == 0)
        return yaml_fail(node, &t->why, "nothing is proposed here");
    p->plan_months = (int)yaml_int_or(&r, "plan_months", 0, CASE_MONTHS, 0);
    p->plan_payments = yaml_int_or(&r, "plan_payments", 1, CASE_DAYS, p->plan_months);
    p->smallest_payment = amount(t, &r, "smallest_payment");
    p->first_payment = amount(t, &r, "first_payment");
    p->first_within_days = (int)yaml_int_or(&r, "first_within_days", 0, CASE_DAYS, 0);
    p->discount_minor = amount(t, &r, "discount");
    p->settlement_days = (int)yaml_int_or(&r, "settlement_days", 0, CASE_DAYS, 0);
    p->offer_days = (int)yaml_int_or(&r, "offer_days", 0, CASE_DAYS, 0);
    p->waive_interest = amount(t, &r, "waive_interest");
    p->waive_fees = amount(t, &r, "waive_fees");
    p->write_off = amount(t, &r, "write_off");
    p->refund = amount(t, &r, "refund");
    return r.ok;
}

/* ---- Expected -----------------------------------------------------------------------------
 */

static void expect(struct yaml_reader *r, const char *key, const char *got, const char *why)
{
    const char *wanted = yaml_text_or(r, key, NULL);

    if (r->ok && wanted != NULL && strcmp(wanted, got) != 0)
        r->ok = yaml_fail(yaml_find(r->map, key), r->why, "expected %s %s, got %s (%s)", key,
                          wanted, got, why);
}

static bool check_expected(struct trial *t, const struct yaml *node)
{
    static const char *const rulings[] = { [AUTHORITY_ALLOWED] = "allowed",
                                           [AUTHORITY_APPROVAL] = "approval",
                                           [AUTHORITY_NOBODY] = "nobody" };
    struct yaml_reader r = yaml_read(node, &t->why);
    struct authority_answer answer =
        authority_check(t->book, t->role, t->facts, &t->proposal, t->a);

    yaml_only(&r, "answer", "by", "because", NULL);
    yaml_text(&r, "answer");
    const char *because = yaml_text_or(&r, "because", NULL);
    expect(&r, "answer", rulings[answer.ruling], answer.why);
    expect(&r, "by", answer.role != NULL ? answer.role : "none", answer.why);
    if (r.ok && because != NULL && strstr(answer.why, because) == NULL)
        r.ok =
            yaml_fail(yaml_find(node, "because"), &t->why, "it is because \"%s\"", answer.why);
    return r.ok;
}

static bool run_case(struct trial *t, const struct yaml *node, const char **name)
{
    struct yaml_reader r = yaml_read(node, &t->why);

    yaml_only(&r, "name", "given", "propose", "expect", NULL);
    *name = yaml_text(&r, "name");
    const struct yaml *given = yaml_map(&r, "given"), *propose = yaml_map(&r, "propose"),
                      *expected = yaml_map(&r, "expect");
    return r.ok && read_given(t, given) && read_proposal(t, propose) &&
           check_expected(t, expected);
}

void authority_test(const struct authority_book *book, struct arena *a, size_t *passed,
                    size_t *failed, void (*report)(void *context, const char *line),
                    void *context)
{
    *passed = *failed = 0;
    for (size_t i = 0; book->cases != NULL && i < book->cases->count; i++) {
        struct trial t = { .book = book, .a = a };
        const char *name = "";
        if (run_case(&t, book->cases->items[i], &name)) {
            ++*passed;
            continue;
        }
        ++*failed;
        if (report != NULL)
            report(context, arena_print(a, "%s   [%s]", t.why.text, name));
    }
}
