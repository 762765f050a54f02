#include "domain/money.h"

#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

static const struct {
    char code[4];
    enum currency currency;
    int exponent;
} currencies[] = {
#define X(code, number, exponent) { #code, CURRENCY_##code, exponent },
#include "domain/currencies.def"
#undef X
};

enum { CURRENCY_NUMBERS = 1000 };

/* Place in `currencies` by ISO number, plus one; made on first use, always the same. */
static size_t place_of(enum currency currency)
{
    static uint8_t places[CURRENCY_NUMBERS];

    if (places[CURRENCY_USD] == 0) {
        for (size_t i = 0; i < COUNT(currencies); i++)
            places[currencies[i].currency] = (uint8_t)(i + 1);
    }
    return (unsigned)currency < CURRENCY_NUMBERS ? places[currency] : 0;
}

bool currency_is_known(int64_t number)
{
    return number > 0 && number < CURRENCY_NUMBERS && place_of((enum currency)number) > 0;
}

enum currency currency_parse(const char *code)
{
    for (size_t i = 0; i < COUNT(currencies); i++) {
        if (strcmp(currencies[i].code, code) == 0)
            return currencies[i].currency;
    }
    return CURRENCY_NONE;
}

const char *currency_code(enum currency currency)
{
    size_t place = place_of(currency);

    must(place > 0);
    return currencies[place - 1].code;
}

int currency_exponent(enum currency currency)
{
    size_t place = place_of(currency);

    must(place > 0);
    return currencies[place - 1].exponent;
}

struct money money_of(int64_t minor, enum currency currency)
{
    return (struct money){ minor, currency };
}

int money_compare(struct money a, struct money b)
{
    must(a.currency == b.currency);
    return (a.minor > b.minor) - (a.minor < b.minor);
}

bool money_add(struct money a, struct money b, struct money *out)
{
    int64_t sum;

    must(a.currency == b.currency);
    if (__builtin_add_overflow(a.minor, b.minor, &sum))
        return false;
    *out = (struct money){ sum, a.currency };
    return true;
}

bool money_sub(struct money a, struct money b, struct money *out)
{
    int64_t rest;

    must(a.currency == b.currency);
    if (__builtin_sub_overflow(a.minor, b.minor, &rest))
        return false;
    *out = (struct money){ rest, a.currency };
    return true;
}

/* Each part is the difference of two running totals, so no penny can be lost or made. */
void money_split(struct money whole, size_t count, const uint32_t weights[],
                 struct money parts[])
{
    wide weight_total = 0, weight_so_far = 0;
    int64_t given = 0;

    for (size_t i = 0; i < count; i++)
        weight_total += weights[i];
    must(weight_total > 0);
    for (size_t i = 0; i < count; i++) {
        weight_so_far += weights[i];
        int64_t due = (int64_t)(whole.minor * weight_so_far / weight_total);
        parts[i] = (struct money){ due - given, whole.currency };
        given = due;
    }
    must(given == whole.minor);
}

bool money_parse(const char *text, char decimal, char grouping, enum currency currency,
                 struct money *out, struct fault *why)
{
    const char *at = text;
    int exponent = currency_exponent(currency), decimals = -1, digit_count = 0;
    int64_t minor = 0;
    bool negative = *at == '-';

    if (negative || *at == '+')
        at++;
    for (; *at != '\0'; at++) {
        if (*at == decimal && decimals < 0 && digit_count > 0) {
            decimals = 0;
            continue;
        }
        if (grouping != '\0' && *at == grouping && decimals < 0 && digit_count > 0)
            continue;
        if (*at < '0' || *at > '9')
            return fail(why, BAD_VALUE, "\"%s\" is not an amount: \"%c\" does not belong there",
                        text, *at);
        digit_count++;
        if (decimals >= 0 && ++decimals > exponent) {
            if (*at == '0') /* 12.500 says no more than 12.50 */
                continue;
            return fail(why, BAD_VALUE, "\"%s\" has more decimals than %s, which has %d", text,
                        currency_code(currency), exponent);
        }
        if (__builtin_mul_overflow(minor, (int64_t)10, &minor) ||
            __builtin_add_overflow(minor, (int64_t)(*at - '0'), &minor))
            return fail(why, BAD_VALUE, "\"%s\" is too large an amount", text);
    }
    if (digit_count == 0)
        return fail(why, BAD_VALUE, "\"%s\" is not an amount", text);
    for (int i = decimals < 0 ? 0 : decimals; i < exponent; i++) {
        if (__builtin_mul_overflow(minor, (int64_t)10, &minor))
            return fail(why, BAD_VALUE, "\"%s\" is too large an amount", text);
    }
    *out = (struct money){ negative ? -minor : minor, currency };
    return true;
}

char *money_print(struct money m, char out[MONEY_TEXT])
{
    int exponent = currency_exponent(m.currency);
    uint64_t size = m.minor < 0 ? -(uint64_t)m.minor : (uint64_t)m.minor;
    char digits[MONEY_TEXT], *at = digits + sizeof digits;

    *--at = '\0'; /* from the last digit to the first: amounts are printed too often for printf */
    for (int place = 0; place <= exponent || size > 0; place++) {
        if (place == exponent && exponent > 0)
            *--at = '.';
        *--at = (char)('0' + size % 10);
        size /= 10;
    }
    if (m.minor < 0)
        *--at = '-';
    return memcpy(out, at, (size_t)(digits + sizeof digits - at));
}

char *money_show(struct money m, char out[MONEY_TEXT])
{
    static const struct {
        enum currency currency;
        const char *sign;
    } signs[] = { { CURRENCY_USD, "$" },  { CURRENCY_EUR, "€" },  { CURRENCY_GBP, "£" },
                  { CURRENCY_CAD, "CA$" }, { CURRENCY_AUD, "A$" }, { CURRENCY_JPY, "¥" } };
    char plain[MONEY_TEXT], grouped[MONEY_TEXT];
    const char *sign = NULL, *digits = money_print(m, plain);
    size_t n = 0;

    for (size_t i = 0; i < COUNT(signs); i++) {
        if (signs[i].currency == m.currency)
            sign = signs[i].sign;
    }
    if (*digits == '-')
        digits++;
    size_t whole = strcspn(digits, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            grouped[n++] = ',';
        grouped[n++] = digits[i];
    }
    strcpy(grouped + n, digits + whole);
    if (sign != NULL)
        snprintf(out, MONEY_TEXT, "%s%s%s", m.minor < 0 ? "-" : "", sign, grouped);
    else
        snprintf(out, MONEY_TEXT, "%s%s %s", m.minor < 0 ? "-" : "", grouped,
                 currency_code(m.currency));
    return out;
}
