/* Statement parts: what the files of the statement share. Private to src/flow/statement*.c. */
#ifndef FLOW_STATEMENT_PARTS_H
#define FLOW_STATEMENT_PARTS_H

#include "flow/balance.h"
#include "flow/letter_context.h"
#include "flow/statement.h"

struct payment_row {
    int32_t number, debt;
    const char *reference, *method, *state, *reason;
    struct day day, state_day;
    enum currency currency;
    int64_t minor;
};

struct drawing {
    struct store *store;
    struct arena *a;
    const struct statement_request *r;
    struct statement *out;
    struct balance balance;
    struct payment_row payment; /* of a receipt */
    struct fault *why;
};

/* {"kind": …, "lines": …}: without a word of any language (statement_core.c). */
json_t *statement_core(struct drawing *d);
json_t *receipt_core(struct drawing *d);
bool line_of_receipt(const struct drawing *d, const struct balance_line *line);

/* The values of letters/README.md, for statement.md and receipt.md; and "what" and "source" of
 * the lines of the core in the language of the reader (statement_shown.c). NULL after a fault. */
json_t *statement_shown(struct drawing *d, json_t *core);

/* Its digest alone, without content. */
bool statement_digest(struct store *s, struct arena *a, const struct statement_request *request,
                      struct statement *out, struct fault *why);

void json_put_money(json_t *object, const char *key, int64_t minor, enum currency currency);

#endif
