/*
 * Search by amount: "$1,284.56", "1.284,56 EUR". With its currency only, for a number alone is
 * more often something else.
 */
#include "flow/search_parts.h"

#include "base/text.h"
#include "domain/money.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *sign;
    enum currency currencies[4]; /* that it may stand for */
} signs[] = {
    { "$", { CURRENCY_USD, CURRENCY_CAD, CURRENCY_AUD } },
    { "\xc2\xa3", { CURRENCY_GBP } },
    { "\xe2\x82\xac", { CURRENCY_EUR } },
};

/* Cuts a sign or a code off the beginning or the end; none: it is no amount. */
static const char *sign_cut(struct arena *a, const char *typed, enum currency out[4])
{
    size_t length = strlen(typed);

    memset(out, 0, 4 * sizeof *out);
    for (size_t i = 0; i < COUNT(signs); i++) {
        size_t size = strlen(signs[i].sign);
        memcpy(out, signs[i].currencies, 4 * sizeof *out);
        if (text_starts(typed, signs[i].sign))
            return text_trim(a, typed + size);
        if (text_ends(typed, signs[i].sign))
            return text_trim(a, arena_copy_n(a, typed, length - size));
    }
    memset(out, 0, 4 * sizeof *out);
    for (int end = 0; end < 2 && length > 3; end++) {
        char *code = arena_copy_n(a, end ? typed + length - 3 : typed, 3);
        for (char *at = code; *at != '\0'; at++)
            *at = (char)toupper((unsigned char)*at);
        out[0] = currency_parse(code);
        if (out[0] != CURRENCY_NONE)
            return text_trim(a, end ? arena_copy_n(a, typed, length - 3) : typed + 3);
    }
    return NULL;
}

/* The last of "." and "," with less than three digits behind it is the decimal point. */
static bool amount_read(const char *text, enum currency currency, int64_t *minor)
{
    const char *point = strrchr(text, '.'), *comma = strrchr(text, ',');
    bool continental = comma != NULL && (point == NULL || comma > point) && strlen(comma) != 4;
    struct fault why = { 0 };
    struct money amount;

    if (!money_parse(text, continental ? ',' : '.', continental ? '.' : ',', currency, &amount,
                     &why))
        return false;
    *minor = amount.minor;
    return amount.minor > 0;
}

static bool amount_find(struct seeking *s, enum currency currency, int64_t minor)
{
    struct query q = query_begin(s->v->store, Q_SEARCH_AMOUNT);
    struct casefile_key *keys = NULL;
    size_t count = 0, room = 0;

    bind_int(&q, currency);
    bind_int(&q, minor);
    bind_int(&q, (int64_t)s->most + 1);
    while (query_next(&q))
        *arena_push(s->a, keys, count, room) =
            (struct casefile_key){ row_int(&q, 0), row_int(&q, 1) };
    if (!query_end(&q, s->why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!hit_add(s, (struct search_hit){
                            .group = FOUND_ACCOUNT, .key = keys[i], .by = "amount" }))
            return false;
    }
    return true;
}

bool search_amounts(struct seeking *s)
{
    enum currency currencies[4];
    const char *number = sign_cut(s->a, s->typed, currencies);
    int64_t minor;

    if (number == NULL || strpbrk(number, "0123456789") == NULL)
        return true;
    for (int i = 0; i < 4 && currencies[i] != CURRENCY_NONE; i++) {
        if (!amount_read(number, currencies[i], &minor))
            continue;
        s->out->kind = SEARCH_AMOUNT;
        if (!amount_find(s, currencies[i], minor))
            return false;
    }
    return true;
}
