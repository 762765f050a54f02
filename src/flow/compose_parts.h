/* Compose parts: what the files of composing share. Private to src/flow/compose*.c. */
#ifndef FLOW_COMPOSE_PARTS_H
#define FLOW_COMPOSE_PARTS_H

#include "flow/compose.h"
#include "formats/letter_text.h"

struct composing {
    const struct compose_request *r;
    struct composer *composer;
    struct store *store;
    const struct sender *sender;
    struct arena *a;
    const char *language, *country;
    json_t *context;
    struct day oldest_due;
    struct {
        enum currency currency;
        int64_t open_minor;
    } totals[8];
    size_t total_count;
    struct text text, html; /* the two parts of an email */
    struct fault *why;
};

/* As the reader writes them. */
const char *compose_day(const struct composing *c, struct day day);
const char *compose_money(const struct composing *c, struct money money);
/* Nothing is set when there is nothing to say. */
void compose_set(json_t *object, const char *key, const char *value);
bool compose_description(struct composing *c, int32_t debt, const char **out);

/*
 * The documents of a validation notice, one for each debt told of (compose_notice.c). BAD_VALUE
 * when a fact is missing, or the lines do not add up.
 */
bool compose_notices(struct composing *c, const struct letter_text *text,
                     struct letter_document **documents, size_t *count);

#endif
