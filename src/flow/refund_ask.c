#include "flow/refund_ask.h"

#include "base/digest.h"
#include "base/text.h"
#include "flow/account.h"
#include "flow/granting.h"
#include "flow/spoken.h"
#include "store/casefiles.h"

#include <jansson.h>
#include <string.h>

/* ---- What is wanted ---- */

struct wish {
    json_t *json;           /* owned; texts live as long */
    struct refund_input in; /* day 0: the day on which somebody agrees */
    enum currency currency;
    const char *once, *why, *source;
};

static bool wish_read(const struct approval *asked, struct wish *out, struct fault *why)
{
    json_t *json = json_loads(asked->wish, 0, NULL);
    const char *currency = approval_text(json, "currency"), *day = approval_text(json, "day");

    *out = (struct wish){ .json = json,
                          .in = { .reference = approval_text(json, "payment"),
                                  .minor = json_integer_value(json_object_get(json, "minor")),
                                  .reason = approval_text(json, "reason"),
                                  .author = approval_text(json, "author") },
                          .once = approval_text(json, "once"),
                          .why = approval_text(json, "why"),
                          .source = approval_text(json, "source") };
    if (out->in.reference != NULL && out->in.minor > 0 && currency != NULL &&
        out->why != NULL && out->source != NULL &&
        (day == NULL || day_parse(day, &out->in.day))) {
        out->currency = currency_parse(currency);
        return true;
    }
    json_decref(json);
    return approval_unclear(asked, why);
}

static const char *wish_print(struct book *b, const struct refund_input *in,
                              enum currency currency, const char *once,
                              const struct authority_answer *answer)
{
    bool today = in->day.number == book_today(b).number;
    char day[DAY_TEXT];
    json_t *wish =
        json_pack("{s:s, s:s, s:I, s:s?, s:s?, s:s?, s:s?, s:s, s:s}", "payment", in->reference,
                  "currency", currency_code(currency), "minor", (json_int_t)in->minor, "day",
                  today ? NULL : day_print(in->day, day), "reason", in->reason, "author",
                  in->author, "once", once, "why", answer->why, "source", answer->source);
    return approval_wish(&b->arena, wish);
}

/* ---- Done, or asked for ---- */

static bool granting_of(struct book *b, struct casefile_key key, enum currency currency,
                        const char *role_name, struct granting *g, size_t *role,
                        struct fault *why)
{
    if (role_name == NULL)
        return granting_none("gives no money back", why);
    return granting_load_any(b, key, currency, g, why) &&
           granting_role(g, role_name, role, why);
}

bool refund_alone(struct book *b, struct casefile_key key, enum currency currency,
                  const char *role_name, int64_t *most, struct fault *why)
{
    struct granting g;
    size_t role;

    if (!granting_of(b, key, currency, role_name, &g, &role, why))
        return false;
    *most = authority_for(g.rules, role, g.facts).refund;
    return true;
}

static bool answer_of(struct book *b, struct casefile_key key, struct money money,
                      const char *role_name, struct authority_answer *answer, struct fault *why)
{
    struct proposal proposal = { .refund = money.minor };
    struct granting g;
    size_t role;

    if (!granting_of(b, key, money.currency, role_name, &g, &role, why))
        return false;
    proposal.open = g.open;
    return granting_check(&g, role, &proposal, answer, why);
}

static bool refund_once(struct book *b, struct casefile_key key, const struct refund_input *in,
                        const char *once, int32_t *number, struct fault *why)
{
    return book_payment_refund(b, key, in, number, why) &&
           book_key_put(b, key, once, *number, why);
}

bool refund_put_as(struct book *b, const struct account *account, const struct refund_input *in,
                   const char *once, const struct asker *asker, int32_t *number,
                   enum change *change, struct asking *asking, struct fault *why)
{
    struct authority_answer answer;
    struct account_payment payment;

    *asking = (struct asking){ 0 };
    *change = CHANGE_NONE;
    if (!book_key_find(b, account->key, once, number, why))
        return false;
    if (*number != 0)
        return true;
    if (!approval_asked_before(b, APPROVE_REFUND, account->reference, once, asking, why))
        return false;
    if (asking->approval != 0)
        return true;
    if (!book_payment_refundable(b, account->key, in, why) ||
        !account_payment(b, account, in->reference, &payment, why) ||
        !answer_of(b, account->key, money_of(in->minor, payment.money.currency), asker->role,
                   &answer, why))
        return false;
    *change = CHANGE_ADDED;
    if (answer.ruling != AUTHORITY_APPROVAL)
        return refund_once(b, account->key, in, once, number, why);
    struct approval asked = { .kind = APPROVE_REFUND,
                              .subject = account->reference,
                              .wish = wish_print(b, in, payment.money.currency, once, &answer),
                              .reason = in->reason,
                              .asked_by = asker->user };
    asking->words = answer.why;
    asking->source = answer.source;
    return approval_ask(b, &asked, &asking->approval, why);
}

/* ---- What happens when somebody agrees ---- */

static bool digest_payment(struct store *s, struct casefile_key key, const char *reference,
                           struct digest_maker *m, struct fault *why)
{
    static const int columns[] = { 0, 2, 3, 7 }; /* number, currency, amount, given back */
    struct query q = query_begin(s, Q_PAYMENT_BY_REFERENCE);

    bind_key(&q, key);
    bind_text(&q, reference);
    if (query_next(&q)) {
        const char *state = row_text(&q, 5);
        for (size_t i = 0; i < COUNT(columns); i++)
            digest_add_int(m, row_int(&q, columns[i]));
        digest_add(m, state, strlen(state));
    }
    return query_end(&q, why);
}

/* The payment as it was: what came back, went elsewhere or was given back since is not given
 * again. What else waits is asked for when it is done. */
static bool refund_facts(struct store *s, struct arena *a, const struct approval *asked,
                         const char **out, struct fault *why)
{
    char *text = arena_alloc(a, DIGEST_HEX);
    struct casefile_key key;
    struct digest_maker m;
    struct wish wish;

    if (!wish_read(asked, &wish, why))
        return false;
    digest_begin(&m);
    bool read = casefile_find(s, asked->subject, &key, why) &&
                digest_payment(s, key, wish.in.reference, &m, why);
    *out = digest_print(digest_end(&m), text);
    json_decref(wish.json);
    return read;
}

static const char *money_words(struct arena *a, int64_t minor, enum currency currency)
{
    return spoken_money(a, "en", money_of(minor, currency));
}

static const char *told_of(struct arena *a, const struct wish *w,
                           const struct account_payment *p)
{
    bool then = w->in.day.number == 0;

    return arena_print(
        a,
        "Of payment %s, %s of %s, so much is noted as given back %s. They see it on their next "
        "statement. No money is sent by this.",
        w->in.reference, money_words(a, p->money.minor, p->money.currency),
        spoken_short_day(a, "en", "US", p->day),
        then ? "for the day you agree"
             : arena_print(a, "for %s", spoken_short_day(a, "en", "US", w->in.day)));
}

static bool refund_tell(struct store *s, struct arena *a, const struct roles *roles,
                        const struct approval *asked, struct approval_tale *out,
                        struct fault *why)
{
    struct account_payment payment;
    struct account account;
    struct book reading;
    struct wish wish;

    (void)roles;
    if (!wish_read(asked, &wish, why))
        return false;
    book_reading(&reading, s, NULL, asked->asked_at);
    bool read = account_find(&reading, asked->subject, &account, why) &&
                account_payment(&reading, &account, wish.in.reference, &payment, why);
    if (read)
        *out = (struct approval_tale){
            .what = arena_print(a, "Give back %s of payment %s to %s",
                                money_words(a, wish.in.minor, wish.currency), wish.in.reference,
                                account.name),
            .rule = arena_print(a, "%s (%s)", wish.why, wish.source),
            .told = told_of(a, &wish, &payment),
            .account = asked->subject,
        };
    book_reading_done(&reading);
    json_decref(wish.json);
    return read;
}

static bool covers(struct book *b, struct casefile_key key, const struct wish *wish,
                   const struct approver *by, struct fault *why)
{
    struct authority_answer answer;

    return answer_of(b, key, money_of(wish->in.minor, wish->currency), by->authority, &answer,
                   why) &&
           granting_covers(&answer, why);
}

static bool wish_do(struct book *b, const struct approval *asked, struct wish *wish,
                    const struct approver *by, const char **done, struct fault *why)
{
    struct account account;
    int32_t number;

    if (wish->in.day.number == 0)
        wish->in.day = book_today(b);
    if (!account_find(b, asked->subject, &account, why) ||
        !covers(b, account.key, wish, by, why) ||
        !refund_once(b, account.key, &wish->in, wish->once, &number, why))
        return false;
    *done =
        arena_print(&b->arena, "Approved: %s of payment %s is noted as given back.",
                    money_words(&b->arena, wish->in.minor, wish->currency), wish->in.reference);
    return true;
}

static bool refund_agree(struct book *b, const struct roles *roles,
                         const struct approval *asked, const struct approver *by,
                         const char **done, struct fault *why)
{
    struct wish wish;

    (void)roles;
    if (!wish_read(asked, &wish, why))
        return false;
    bool did = wish_do(b, asked, &wish, by, done, why);
    json_decref(wish.json);
    return did;
}

const struct approval_act approval_act_refund = {
    .kind = APPROVE_REFUND, .facts = refund_facts, .tell = refund_tell, .agree = refund_agree
};
