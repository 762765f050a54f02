/* The tables of docs/interest.md are recomputed, row by row. */
#include "base/text.h"
#include "formats/rates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CELLS_MOST = 10 };

static struct arena a;
static struct rate_book book;
static char *page;

static int load(void **state)
{
    struct fault why;
    size_t length;

    (void)state;
    if (!rate_book_load(&a, &book, &why) ||
        !text_read_file("docs/interest.md", 1 << 20, &a, &page, &length, &why))
        fail_msg("%s", why.text);
    return 0;
}

static int give_back(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

/* The cells of one line of a table; 0 where it is none. */
static size_t cells_of(const char *line, const char *cells[CELLS_MOST])
{
    size_t count = 0;

    if (*line != '|')
        return 0;
    for (const char *end; (end = strpbrk(line + 1, "|\n")) != NULL && *end == '|'; line = end) {
        assert_true(count < CELLS_MOST);
        cells[count++] = text_trim(&a, arena_copy_n(&a, line + 1, (size_t)(end - line - 1)));
    }
    return count;
}

static enum day_count count_of(const char *text)
{
    enum day_count count;

    if (!day_count_parse(text, &count))
        fail_msg("\"%s\" is no day count", text);
    return count;
}

static int64_t run(enum day_count count, struct rates rates, const char *from, const char *to,
                   int64_t base)
{
    struct interest_run out = { 0 };
    struct day start, end;

    assert_true(day_parse(from, &start));
    assert_true(day_parse(to, &end));
    assert_true(interest_add(&out, count, rates, start, start, end, base));
    return out.minor;
}

/* A whole year of it would be `base`. */
static int64_t share_of(const char *const cells[], int64_t base)
{
    static const struct rate_step whole = { { -100000 }, 1000000 };

    return run(count_of(cells[0]), (struct rates){ 1, &whole }, cells[1], cells[2], base);
}

static void same(const char *ours, const char *written, const char *const cells[])
{
    if (!text_equal(ours, written))
        fail_msg("%s from %s: %s is written, and %s comes out", cells[0], cells[1], written,
                 ours);
}

/* A published fraction rounded to our eight decimals; both are decimal texts. */
static const char *to_eight(const char *published)
{
    const char *point = strchr(published, '.');
    char digits[40];

    assert_non_null(point);
    snprintf(digits, sizeof digits, "%.*s%-9.9s", (int)(point - published), published,
             point + 1);
    for (char *c = digits; *c != '\0'; c++)
        *c = *c == ' ' ? '0' : *c;
    int64_t number;
    assert_true(text_to_int(digits, &number));
    number = (number + 5) / 10;
    return arena_print(&a, "%lld.%08lld", (long long)(number / 100000000),
                       (long long)(number % 100000000));
}

static void share_row(const char *const cells[])
{
    int64_t share = share_of(cells, 100000000);

    same(arena_print(&a, "%lld.%08lld", (long long)(share / 100000000),
                     (long long)(share % 100000000)),
         cells[4], cells);
    same(to_eight(cells[3]), cells[4], cells);
}

static void days_row(const char *const cells[])
{
    same(arena_print(&a, "%lld days", (long long)share_of(cells, 360)), cells[4], cells);
    same(cells[3], cells[4], cells);
}

static struct rates rates_of(const char *text)
{
    struct rate_step *step = arena_make(&a, struct rate_step);

    if (text_ends(text, " %")) {
        step->from = (struct day){ -100000 };
        assert_true(percent_parse(arena_copy_n(&a, text, strlen(text) - 2), &step->ppm));
        return (struct rates){ 1, step };
    }
    const struct statutory_rate *rate =
        statutory_rate_find(&book, arena_copy_n(&a, text, 2), text_ends(text, " consumer"));
    assert_non_null(rate);
    return rate->interest.rates;
}

static void sum_row(const char *const cells[])
{
    struct money sum;
    struct fault why;
    char text[MONEY_TEXT];

    assert_true(money_parse(cells[1], '.', '\0', CURRENCY_EUR, &sum, &why));
    int64_t minor = run(count_of(cells[0]), rates_of(cells[2]), cells[3], cells[4], sum.minor);
    same(money_print(money_of(minor, CURRENCY_EUR), text), cells[6], cells);
    if (*cells[5] != '\0')
        same(cells[5], cells[6], cells);
    else
        assert_non_null(strstr(cells[7], "by hand"));
}

/* Runs over the rows under a heading; says how many there were. */
static size_t rows_under(const char *heading, size_t width,
                         void (*row)(const char *const cells[]))
{
    const char *line = strstr(page, heading), *cells[CELLS_MOST];
    size_t found = 0;

    assert_non_null(line);
    while ((line = strchr(line, '\n')) != NULL && strncmp(++line, "## ", 3) != 0) {
        size_t count = cells_of(line, cells);
        if (count == 0 || text_equal(cells[0], "Count") || text_starts(cells[0], "--"))
            continue;
        assert_int_equal(count, width);
        row(cells);
        found++;
    }
    return found;
}

static void published_shares_of_a_year(void **state)
{
    (void)state;
    assert_int_equal(rows_under("## Shares of a year\n", 6, share_row), 18);
}

static void published_days(void **state)
{
    (void)state;
    assert_int_equal(rows_under("## Days\n", 6, days_row), 18);
}

static void published_sums(void **state)
{
    (void)state;
    assert_int_equal(rows_under("## Sums\n", 8, sum_row), 13);
}

/* The page tells of every day count there is. */
static void the_page_has_every_count(void **state)
{
    (void)state;
    for (int i = 0; i < DAY_COUNT_COUNT; i++) {
        if (strstr(page, arena_print(&a, "\n| `%s` |", day_count_name((enum day_count)i))) ==
            NULL)
            fail_msg("%s is missing", day_count_name((enum day_count)i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_shares_of_a_year),
        cmocka_unit_test(published_days),
        cmocka_unit_test(published_sums),
        cmocka_unit_test(the_page_has_every_count),
    };

    return cmocka_run_group_tests(tests, load, give_back);
}
