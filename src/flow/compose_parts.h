/* Compose parts: what the files of composing share. Private to src/flow/compose*.c. */
#ifndef FLOW_COMPOSE_PARTS_H
#define FLOW_COMPOSE_PARTS_H

#include "flow/compose.h"
#include "flow/letter_context.h"
#include "flow/movements.h"
#include "formats/letter_content.h"
#include "formats/letter_text.h"

struct composing {
    const struct compose_request *r;
    struct composer *composer;
    struct store *store;
    const struct sender *sender;
    struct arena *a;
    const char *language, *country;
    struct gate_fields says; /* what the text says, whatever the values are */
    json_t *context;
    struct day oldest_due;
    struct {
        enum currency currency;
        int64_t open_minor;
    } totals[8];
    size_t total_count;
    struct ledger_books books; /* as of the day of the letter; arena NULL: not read yet */
    struct text text, html; /* the two parts of an email */
    struct fault *why;
};

/* As the reader writes them. */
const char *compose_day(const struct composing *c, struct day day);
const char *compose_money(const struct composing *c, struct money money);
bool compose_description(struct composing *c, int32_t debt, const char **out);
/* What is open of an instalment on the day of the letter, interest of that day included. */
bool compose_balance(struct composing *c, const struct instalment *item,
                     struct ledger_balance *out);

/*
 * The message is not sent unless it says what the ledger says (compose_check.c): of each line
 * principal, fees and costs are those that are posted, interest is that and what ran since, the
 * currency is that of the ledger; the totals are the sums of the lines, made a second time.
 */
bool compose_check_item(struct composing *c, const struct instalment *item,
                        const struct debt *debt, const struct ledger_balance *balance);
bool compose_check_totals(struct composing *c);
/* What is posted of an instalment by the day of the letter. */
bool compose_posted(struct composing *c, int32_t debt, int32_t instalment,
                    struct ledger_balance *out);

/*
 * What is known of a claim, into the item of its debt: when the contract was made, and what
 * interest and fees are for. BAD_VALUE when the text says it and nobody knows it
 * (compose_claim.c).
 */
bool compose_claim(struct composing *c, const struct debt *debt, int64_t interest, int64_t fees,
                   json_t *item);
/* The terms of the plan or offer of the request, as "agreement" (compose_agreement.c). */
bool compose_agreement(struct composing *c);
/* The debit of the request, as "debit". */
void compose_debit(struct composing *c);

/* Where the client of the letter is; NULL when nobody said. */
const char *compose_client_address(const struct composing *c);
/* BAD_VALUE when the text names the authority that supervises us and no setting does. */
bool compose_authority_is_known(const struct composing *c);

/*
 * The documents of a validation notice, one for each debt told of (compose_notice.c). BAD_VALUE
 * when a fact is missing, or the lines do not add up.
 */
bool compose_notices(struct composing *c, const struct letter_text *text,
                     struct letter_document **documents, size_t *count);

#endif
