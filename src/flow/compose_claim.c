/* Compose: what a first letter tells of a claim where the law asks for it (RDG 13a). */
#include "flow/compose_parts.h"

#include "base/text.h"
#include "domain/ask.h"

#include <string.h>

static bool text_says(const struct composing *c, const char *field)
{
    return gate_field_find(c->says, field) != NULL;
}

static bool fail_unknown(const struct composing *c, const struct debt *debt, const char *what,
                         const char *field)
{
    fail(c->why, BAD_VALUE, "The first letter about debt %s needs %s, which is not known.",
         debt->reference, what);
    return fault_hint(c->why, "import the debt again with its %s: docs/maps.md", field);
}

static bool read_day(const struct composing *c, const struct debt *debt,
                     struct gate_fields detail, const char *field, const char **out)
{
    const char *text = gate_field_find(detail, field);
    struct day day;

    *out = NULL;
    if (text == NULL)
        return true;
    if (!day_parse(text, &day))
        return fail(c->why, BAD_VALUE, "Debt %s has the %s \"%s\", which is none.",
                    debt->reference, field, text);
    *out = compose_day(c, day);
    return true;
}

/* "9.12" becomes "9.12%", in German "9,12 %". */
static const char *percent(const struct composing *c, const char *rate)
{
    if (rate == NULL)
        return NULL;
    char *number = arena_copy_n(c->a, rate, strspn(rate, "0123456789.,"));
    if (!text_starts(c->language, "de"))
        return arena_print(c->a, "%s%%", number);
    for (char *at = number; *at != '\0'; at++)
        *at = *at == '.' ? ',' : *at;
    return arena_print(c->a, "%s %%", number);
}

static bool put_contract(struct composing *c, const struct debt *debt,
                         struct gate_fields detail, json_t *item)
{
    const char *day;

    if (!read_day(c, debt, detail, "contract_date", &day))
        return false;
    context_put(item, "contract_date", day);
    if (day == NULL && text_says(c, "contract_date"))
        return fail_unknown(c, debt, "the date of its contract", "contract_date");
    return json_object_get(item, "description") != NULL || !text_says(c, "claim_ground") ||
           fail_unknown(c, debt, "what the contract is about", "description");
}

static bool put_interest(struct composing *c, const struct debt *debt,
                         struct gate_fields detail, json_t *item)
{
    const char *rate = gate_field_find(detail, "interest_rate"), *from;

    if (!read_day(c, debt, detail, "interest_from", &from))
        return false;
    if (rate != NULL && strspn(rate, "0123456789") == 0)
        return fail(c->why, BAD_VALUE, "Debt %s has the interest_rate \"%s\", which is none.",
                    debt->reference, rate);
    if (rate != NULL && from != NULL) {
        context_put(item, "interest_rate", percent(c, rate));
        context_put(item, "interest_from", from);
        return true;
    }
    if (!text_says(c, "interest_calculation"))
        return true;
    return rate == NULL ? fail_unknown(c, debt, "the rate of its interest", "interest_rate")
                        : fail_unknown(c, debt, "the day since which it bears interest",
                                       "interest_from");
}

static bool put_fees(struct composing *c, const struct debt *debt, struct gate_fields detail,
                     json_t *item)
{
    const char *ground = gate_field_find(detail, "fee_ground");

    context_put(item, "fee_ground", ground);
    return ground != NULL || !text_says(c, "fee_details") ||
           fail_unknown(c, debt, "what its fees are for", "fee_ground");
}

bool compose_claim(struct composing *c, const struct debt *debt, int64_t interest, int64_t fees,
                   json_t *item)
{
    struct gate_fields detail = ask_debt(c->r->casefile, debt->number, c->r->now, c->a).detail;

    return put_contract(c, debt, detail, item) &&
           (interest == 0 || put_interest(c, debt, detail, item)) &&
           (fees == 0 || put_fees(c, debt, detail, item));
}

const char *compose_client_address(const struct composing *c)
{
    const char *address = NULL;

    for (size_t i = 0; i < c->r->item_count && address == NULL; i++) {
        struct gate_debt debt = ask_debt(c->r->casefile, c->r->items[i]->debt, c->r->now, c->a);
        address = gate_field_find(debt.detail, "creditor_address");
    }
    return address;
}

bool compose_authority_is_known(const struct composing *c)
{
    if (c->sender->authority != NULL || !text_says(c, "supervisory_authority"))
        return true;
    fail(c->why, BAD_VALUE,
         "A first letter to Germany names the authority that supervises you: put the setting "
         "supervisory_authority.");
    return fault_hint(c->why,
                      "recoup setting put supervisory_authority \"NAME, ADDRESS, MAILBOX\"");
}
