/* Dates and amounts as files write them: exact, or refused with a reason. */
#include "base/text.h"
#include "formats/map.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { YEAR_LEAST = 1900, YEAR_MOST = 2199, DIGITS_MOST = 18 };

/* ---- Problems ---------------------------------------------------------------------------- */

static const struct {
    const char *name, *words;
} problems[] = {
#define X(code, name, words) [code] = { name, words },
    PROBLEMS(X)
#undef X
};

const char *problem_name(enum problem_kind kind)
{
    return problems[kind].name;
}

const char *problem_words(enum problem_kind kind)
{
    return problems[kind].words;
}

bool problem_set(struct problem *p, struct arena *a, enum problem_kind kind, const char *column,
                 const char *value, const char *mend, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *p = (struct problem){ kind, column, value, arena_vprint(a, format, args), mend };
    va_end(args);
    return false;
}

/* ---- Dates ------------------------------------------------------------------------------- */

static size_t run_of(const char *form)
{
    size_t n = 1;

    while (form[n] == form[0])
        n++;
    return n;
}

static bool is_part(char c)
{
    return c == 'd' || c == 'm' || c == 'y';
}

bool date_form_is_sound(const char *form)
{
    int days = 0, months = 0, years = 0;

    for (; *form != '\0'; form++) {
        if (!is_part(*form))
            continue;
        size_t run = run_of(form);
        if ((*form == 'y' && run != 4) || (*form == 'd' && run > 2) ||
            (*form == 'm' && run > 3))
            return false;
        *(*form == 'd' ? &days : *form == 'm' ? &months : &years) += 1;
        form += run - 1;
    }
    return days == 1 && months == 1 && years == 1;
}

static int read_digits(const char **at, size_t least, size_t most)
{
    int value = 0;
    size_t n = 0;

    for (; n < most && **at >= '0' && **at <= '9'; n++)
        value = value * 10 + (*(*at)++ - '0');
    return n < least ? -1 : value;
}

static int read_month_name(const char **at)
{
    static const char *const months[] = { "january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december" };
    size_t length = 0;

    while (isalpha((unsigned char)(*at)[length]))
        length++;
    for (int i = 0; i < 12 && length >= 3; i++) {
        if (strncasecmp(months[i], *at, length) == 0 && length <= strlen(months[i])) {
            *at += length + ((*at)[length] == '.');
            return i + 1;
        }
    }
    return -1;
}

/* A year of two digits could be any century's: never guessed. */
static enum problem_kind read_year(const char **at, struct date *date)
{
    const char *start = *at;

    date->year = read_digits(at, 4, 4);
    if (date->year >= 0)
        return PROBLEM_NONE;
    return *at - start == 2 ? PROBLEM_YEAR : PROBLEM_DATE;
}

static enum problem_kind read_part(const char *form, size_t run, bool joined, const char **at,
                                   struct date *date)
{
    if (*form == 'y')
        return read_year(at, date);
    int value = *form == 'm' && run == 3 ? read_month_name(at)
                                         : read_digits(at, joined ? run : 1, joined ? run : 2);
    *(*form == 'd' ? &date->day : &date->month) = value;
    return value < 0 ? PROBLEM_DATE : PROBLEM_NONE;
}

static bool read_literal(char wanted, const char **at)
{
    if (wanted != ' ')
        return *(*at)++ == wanted;
    const char *start = *at;
    while (**at == ' ')
        (*at)++;
    return *at > start;
}

enum problem_kind date_read(const char *form, const char *text, struct day *out)
{
    struct date date = { 0 };
    bool after_part = false;

    for (; *form != '\0' && *form != '*'; form++) {
        if (!is_part(*form)) {
            if (*text == '\0' || !read_literal(*form, &text))
                return PROBLEM_DATE;
            after_part = false;
            continue;
        }
        size_t run = run_of(form);
        bool joined = after_part || is_part(form[run]);
        enum problem_kind wrong = read_part(form, run, joined, &text, &date);
        if (wrong != PROBLEM_NONE)
            return wrong;
        form += run - 1;
        after_part = true;
    }
    if (*form == '\0' && *text != '\0')
        return PROBLEM_DATE;
    if (date.year < YEAR_LEAST || date.year > YEAR_MOST || !date_is_valid(date))
        return PROBLEM_DATE;
    *out = day_of_date(date);
    return PROBLEM_NONE;
}

/* ---- Amounts ----------------------------------------------------------------------------- */

struct cleaned {
    char *digits; /* with decimal and grouping, nothing around them */
    bool negative;
};

/* Blanks that do not look it, and a minus that is not one, in the plain form. */
static char *plain(struct arena *a, const char *text)
{
    static const char *const odd[][2] = { { "\xc2\xa0", " " },
                                          { "\xe2\x80\xaf", " " },
                                          { "\xe2\x80\x89", " " },
                                          { "\xe2\x88\x92", "-" },
                                          { "\xe2\x80\x99", "'" } };
    char *out = arena_alloc(a, strlen(text) + 1), *to = out;

    while (*text != '\0') {
        size_t i = 0;
        while (i < COUNT(odd) && !text_starts(text, odd[i][0]))
            i++;
        if (i < COUNT(odd)) {
            *to++ = odd[i][1][0];
            text += strlen(odd[i][0]);
        } else {
            *to++ = *text++;
        }
    }
    return out;
}

/* How many bytes at this end are blank, minus or a currency sign; 0 when it is the number. */
static size_t edge(const struct amount_form *form, const char *text, size_t length, bool left,
                   int *minuses)
{
    char c = length == 0 ? '\0' : text[left ? 0 : length - 1];

    if (c == ' ' || c == '\t' || (c == '+' && left))
        return 1;
    if (c == '-') {
        ++*minuses;
        return 1;
    }
    for (size_t i = 0; i < form->sign_count; i++) {
        size_t size = strlen(form->signs[i]);
        if (size > 0 && size <= length &&
            memcmp(left ? text : text + length - size, form->signs[i], size) == 0)
            return size;
    }
    return 0;
}

static struct cleaned clean(const struct amount_form *form, const char *text, struct arena *a,
                            int *minuses)
{
    char *at = plain(a, text);
    size_t length = strlen(at), cut;

    *minuses = 0;
    if (length > 2 && at[0] == '(' && at[length - 1] == ')') {
        ++*minuses;
        at[--length] = '\0';
        at++;
        length--;
    }
    while ((cut = edge(form, at, length, true, minuses)) > 0) {
        at += cut;
        length -= cut;
    }
    while ((cut = edge(form, at, length, false, minuses)) > 0)
        length -= cut;
    at[length] = '\0';
    return (struct cleaned){ at, *minuses == 1 };
}

static bool grouped_soundly(const char *digits, char decimal, char grouping)
{
    size_t run = 0, groups = 0, sizes[DIGITS_MOST] = { 0 };

    if (grouping == '\0' || strchr(digits, grouping) == NULL)
        return true;
    for (; *digits != '\0' && *digits != decimal; digits++) {
        if (*digits != grouping) {
            run++;
            continue;
        }
        if (groups == DIGITS_MOST - 1)
            return false;
        sizes[groups++] = run;
        run = 0;
    }
    /* 1,234,567 and, as in India, 12,34,567 */
    for (size_t i = 0; i < groups; i++) {
        if (sizes[i] < 1 || sizes[i] > 3 || (i > 0 && sizes[i] < 2))
            return false;
    }
    return run == 3 && (*digits == '\0' || strchr(digits, grouping) == NULL);
}

static bool not_an_amount(const struct amount_form *form, const char *text, const char *digits,
                          struct arena *a, struct problem *p)
{
    for (const char *c = digits; *c != '\0'; c++) {
        if (isalpha((unsigned char)*c))
            return problem_set(p, a, PROBLEM_LETTER, NULL, text, "write digits only",
                               "letter %c in a number", *c);
    }
    if (!grouped_soundly(digits, form->decimal, form->grouping))
        return problem_set(p, a, PROBLEM_AMOUNT, NULL, text,
                           "if it is the decimal sign, say so under `amounts:` in the map",
                           "\"%c\" does not group thousands here", form->grouping);
    return problem_set(p, a, PROBLEM_AMOUNT, NULL, text,
                       "compare it with `amounts:` in the map", "not an amount");
}

/* Digits of a number without anything around them; false when it is not one. */
static bool read_number(const struct amount_form *form, const char *text, int64_t *digits,
                        int *decimals)
{
    int count = 0, after = -1;

    *digits = 0;
    for (; *text != '\0'; text++) {
        if (*text == form->decimal && after < 0) {
            after = 0;
            continue;
        }
        if (form->grouping != '\0' && *text == form->grouping && after < 0 && count > 0)
            continue;
        if (*text < '0' || *text > '9' ||
            __builtin_mul_overflow(*digits, (int64_t)10, digits) ||
            __builtin_add_overflow(*digits, (int64_t)(*text - '0'), digits))
            return false;
        count++;
        after += after >= 0;
    }
    *decimals = after < 0 ? 0 : after;
    return count > 0 && *decimals <= DIGITS_MOST;
}

bool decimal_read(const struct amount_form *form, const char *text, struct arena *a,
                  int64_t *digits, int *decimals, struct problem *p)
{
    int minuses;
    struct cleaned c = clean(form, text, a, &minuses);

    if (minuses > 1 || !grouped_soundly(c.digits, form->decimal, form->grouping) ||
        !read_number(form, c.digits, digits, decimals))
        return not_an_amount(form, text, c.digits, a, p);
    if (c.negative)
        *digits = -*digits;
    return true;
}

/* digits × 10^-decimals in minor units: exact, rounded if the map says so, or refused. */
static bool to_minor(const struct amount_form *form, int64_t digits, int decimals,
                     const char *text, enum currency currency, struct arena *a, int64_t *minor,
                     struct problem *p)
{
    int exponent = currency_exponent(currency);

    for (; decimals < exponent; decimals++) {
        if (__builtin_mul_overflow(digits, (int64_t)10, &digits))
            return problem_set(p, a, PROBLEM_AMOUNT, NULL, text, "look at the number",
                               "too large an amount");
    }
    for (; decimals > exponent && digits % 10 == 0; decimals--)
        digits /= 10;
    if (decimals > exponent && !form->round)
        return problem_set(p, a, PROBLEM_DECIMALS, NULL, text,
                           "write the exact amount, or say `round: true` in the map",
                           "%s has %d decimals", currency_code(currency), exponent);
    if (decimals > exponent) {
        int64_t unit = 1;
        for (; decimals > exponent; decimals--)
            unit *= 10;
        int64_t rest = digits % unit;
        digits = digits / unit + (rest >= unit - unit / 2   ? 1
                                  : rest <= unit / 2 - unit ? -1
                                                            : 0);
    }
    *minor = digits;
    return true;
}

bool amount_read(const struct amount_form *form, const char *text, enum currency currency,
                 struct arena *a, int64_t *minor, struct problem *p)
{
    int64_t digits;
    int decimals;

    return decimal_read(form, text, a, &digits, &decimals, p) &&
           to_minor(form, digits, decimals, text, currency, a, minor, p);
}

bool map_product(const struct map *m, const struct csv_row *row, enum currency currency,
                 struct arena *a, int64_t *minor, struct problem *p)
{
    const struct amount_form *form = &m->fields[MAP_UNIT].amounts;
    const char *quantity, *unit;
    int64_t many, each, product;
    int many_decimals, each_decimals;

    if (!map_text(m, MAP_QUANTITY, row, a, &quantity, p) ||
        !map_text(m, MAP_UNIT, row, a, &unit, p))
        return false;
    if (*quantity == '\0' || *unit == '\0')
        return problem_set(p, a, PROBLEM_MISSING,
                           map_column(m, *unit == '\0' ? MAP_UNIT : MAP_QUANTITY), "",
                           "fill it in", "quantity or unit price is missing");
    bool fine =
        decimal_read(&m->fields[MAP_QUANTITY].amounts, quantity, a, &many, &many_decimals, p);
    if (!fine)
        p->column = map_column(m, MAP_QUANTITY);
    else if (!decimal_read(form, unit, a, &each, &each_decimals, p)) {
        fine = false;
        p->column = map_column(m, MAP_UNIT);
    }
    if (!fine)
        return false;
    if (__builtin_mul_overflow(many, each, &product) ||
        many_decimals + each_decimals > DIGITS_MOST)
        return problem_set(p, a, PROBLEM_AMOUNT, map_column(m, MAP_UNIT), unit,
                           "look at both numbers", "quantity times unit price is too large");
    if (to_minor(form, product, many_decimals + each_decimals, unit, currency, a, minor, p))
        return true;
    p->column = map_column(m, MAP_UNIT);
    return false;
}
