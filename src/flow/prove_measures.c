/*
 * Prove: the kept figures are what the rows of the book come to.
 *
 * Every sum is made again, from raw rows, by code that shares nothing with what folds: what
 * stands is found by walking through every day of every case file. Then both are compared, key
 * by key.
 */
#include "flow/prove.h"

#include "base/json.h"
#include "base/text.h"
#include "flow/fold.h"
#include "flow/prove_measures_parts.h"
#include "store/figures.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED_MOST = 1000 };

struct difference {
    const char *where, *expected, *found;
};

struct comparing {
    struct store *store;
    const struct zone *house;
    struct arena bucket, file, kept;
    struct figure_names names; /* numbered here, whatever the book has */
    struct figure_sums expected, found;
    int64_t casefiles, rows, differences;
    size_t listed;
    struct difference list[LISTED_MOST];
    struct fault *why;
};

/* ---- What is expected -------------------------------------------------------------------- */

static void expect(const struct expecting *e, struct figure_key key, int32_t currency,
                   int64_t counted, int64_t minor)
{
    struct track t = { .client = e->file->client,
                       .desk = e->file->desk,
                       .strategy = e->file->strategy,
                       .segment = e->file->segment };

    if (counted == 0 && minor == 0)
        return;
    key.group = figure_group_of(e->names, &t, (enum currency)currency);
    figure_sums_add(e->sums, &key, counted, minor);
}

void expect_month(const struct expecting *e, enum figure figure, int32_t currency,
                  int32_t month, int32_t first, int32_t second, int64_t counted, int64_t minor)
{
    expect(e, (struct figure_key){ figure, GRAIN_MONTH, 0, month, first, second }, currency,
           counted, minor);
}

void expect_day(const struct expecting *e, enum figure figure, int32_t currency, int32_t day,
                int32_t first, int32_t second, int64_t counted, int64_t minor)
{
    struct date date = date_of_day((struct day){ day });

    expect(e, (struct figure_key){ figure, GRAIN_DAY, 0, day, first, second }, currency,
           counted, minor);
    expect_month(e, figure, currency, date.year * 12 + date.month - 1, first, second, counted,
                 minor);
}

int32_t expect_word(const struct expecting *e, const char *word)
{
    return figure_word_of(e->names, word);
}

static bool expect_bucket(struct comparing *c, int64_t bucket)
{
    struct raw_file *files;
    size_t count;

    arena_reset(&c->bucket);
    if (!raw_read(c->store, &c->bucket, bucket, c->house, &files, &count, c->why))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct expecting e = { &c->expected, &c->names, c->house, &files[i], &c->file };
        size_t debts;
        arena_reset(&c->file);
        struct raw_debt *all = expect_standing(&e, &debts);
        expect_happened(&e, all, debts);
        c->casefiles++;
    }
    return true;
}

/* The whole book, each client, each strategy: every sum once more for each of them. */
static void expect_levels(struct comparing *c)
{
    struct figure_sums rolled = { 0 };

    figure_sums_roll_up(&c->expected, &c->names, LEVELS_ROLLED, &rolled);
    figure_sums_add_all(&c->expected, &rolled);
    figure_sums_free(&rolled);
}

/* ---- What is there ----------------------------------------------------------------------- */

static void differ(struct comparing *c, const char *expected, const char *found,
                   const char *where)
{
    c->differences++;
    if (c->listed == LISTED_MOST)
        return;
    c->list[c->listed++] =
        (struct difference){ arena_copy(&c->kept, where), arena_copy(&c->kept, expected),
                             arena_copy(&c->kept, found) };
}

/* Words of the book have numbers of their own. */
static bool read_words(struct comparing *c, int32_t **numbers, size_t *count)
{
    struct query q = query_begin(c->store, Q_FIGURE_WORDS);
    size_t room = 0;

    *numbers = NULL;
    *count = 0;
    while (query_next(&q))
        *arena_push(&c->kept, *numbers, *count, room) =
            figure_word_of(&c->names, row_text(&q, 1));
    return query_end(&q, c->why);
}

static void take_row(struct comparing *c, struct query *q, const int32_t *words, size_t count)
{
    struct figure_group g = { .level = (enum figure_level)row_int(q, 2),
                              .client = row_text(q, 3),
                              .desk = row_text(q, 4),
                              .strategy = row_text(q, 12),
                              .segment = row_text(q, 5),
                              .currency = (enum currency)row_int(q, 6) };
    struct figure_key key = {
        (int32_t)row_int(q, 0), (int32_t)row_int(q, 1), 0,
        (int32_t)row_int(q, 7), (int32_t)row_int(q, 8), (int32_t)row_int(q, 9)
    };

    c->rows++;
    if (g.client == NULL ||
        (figure_has_word((enum figure)key.figure) && (key.first < 1 || (size_t)key.first > count))) {
        differ(c, "a group and words that are there", "a number of none", "a row of figures");
        return;
    }
    key.group = figure_group_number(&c->names, &g);
    if (figure_has_word((enum figure)key.figure))
        key.first = words[key.first - 1];
    figure_sums_add(&c->found, &key, row_int(q, 10), row_int(q, 11));
}

static bool read_kept(struct comparing *c)
{
    int32_t *words;
    size_t count;

    if (!read_words(c, &words, &count))
        return false;
    struct query q = query_begin(c->store, Q_MEASURES_KEPT);
    while (query_next(&q))
        take_row(c, &q, words, count);
    return query_end(&q, c->why);
}

/* ---- Comparing --------------------------------------------------------------------------- */

/* A damaged row may have a number that nobody knows: then it is said. */
static const char *figure_words(struct arena *a, int32_t figure)
{
    return figure >= 0 && figure < FIGURE_COUNT ? figure_name((enum figure)figure)
                                                : arena_print(a, "figure %d", figure);
}

static const char *currency_words(struct arena *a, enum currency currency)
{
    if (currency == CURRENCY_NONE)
        return "-";
    return currency_is_known(currency) ? currency_code(currency)
                                       : arena_print(a, "currency %d", (int)currency);
}

static const char *where_of(struct comparing *c, const struct figure_key *key)
{
    const struct figure_group *g = &c->names.groups[key->group - 1];
    char day[DAY_TEXT];

    if (key->grain == GRAIN_DAY)
        day_print((struct day){ key->period }, day);
    else
        snprintf(day, sizeof day, "%d-%02d", key->period / 12, key->period % 12 + 1);
    return arena_print(
        &c->file, "%s %s %s [%s%s%s%s%s%s%s%s] %d %d", figure_words(&c->file, key->figure), day,
        currency_words(&c->file, g->currency),
        g->level == LEVEL_SEGMENT || g->level == LEVEL_CLIENT ? g->client : "all",
        g->level == LEVEL_CLIENT ? ", all" : "", g->desk[0] != '\0' ? ", " : "", g->desk,
        g->strategy[0] != '\0' ? ", " : "", g->strategy, g->segment[0] != '\0' ? ", " : "",
        g->segment, key->first, key->second);
}

static const char *value_of(struct comparing *c, const struct figure_sum *sum)
{
    if (sum == NULL)
        return "nothing";
    return arena_print(&c->file, "%" PRId64 " (%" PRId64 " minor)", sum->counted, sum->minor);
}

static void compare_one(struct comparing *c, const struct figure_sum *expected,
                        const struct figure_sum *found)
{
    if (expected != NULL && found != NULL && expected->counted == found->counted &&
        expected->minor == found->minor)
        return;
    arena_reset(&c->file);
    differ(c, value_of(c, expected), value_of(c, found),
           where_of(c, expected != NULL ? &expected->key : &found->key));
}

static void compare_all(struct comparing *c)
{
    size_t expected = figure_sums_sort(&c->expected), found = figure_sums_sort(&c->found);
    const struct figure_sum *e = c->expected.slots, *f = c->found.slots;

    for (size_t i = 0, k = 0; i < expected || k < found;) {
        int order = i == expected ? 1
                    : k == found  ? -1
                                  : figure_key_compare(&e[i].key, &f[k].key);
        compare_one(c, order <= 0 ? &e[i] : NULL, order >= 0 ? &f[k] : NULL);
        i += order <= 0;
        k += order >= 0;
    }
}

/* ---- Telling ----------------------------------------------------------------------------- */

static void print_json(const struct comparing *c, FILE *out)
{
    struct text text = { 0 };
    struct json_writer w = { &text, false };

    json_open(&w, '{');
    json_key(&w, "checked");
    json_open(&w, '{');
    json_int_at(&w, "casefiles", c->casefiles);
    json_int_at(&w, "figures", c->rows);
    json_close(&w, '}');
    json_key(&w, "findings");
    json_open(&w, '[');
    for (size_t i = 0; i < c->listed; i++) {
        json_open(&w, '{');
        json_text_at(&w, "check", "figure_again");
        json_text_at(&w, "where", c->list[i].where);
        json_text_at(&w, "expected", c->list[i].expected);
        json_text_at(&w, "found", c->list[i].found);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    if (c->differences > (int64_t)c->listed)
        json_int_at(&w, "unlisted", c->differences - (int64_t)c->listed);
    json_close(&w, '}');
    fprintf(out, "%s\n", text_of(&text));
    text_free(&text);
}

static void print_people(const struct comparing *c, FILE *out)
{
    fprintf(out,
            "%s Figures are what the rows come to  %" PRId64 " figures of %" PRId64
            " case files\n",
            c->differences == 0 ? "ok" : "x ", c->rows, c->casefiles);
    for (size_t i = 0; i < c->listed; i++)
        fprintf(out, "   %s: expected %s, found %s\n", c->list[i].where, c->list[i].expected,
                c->list[i].found);
    if (c->differences > (int64_t)c->listed)
        fprintf(out, "%" PRId64 " more differences are not listed.\n",
                c->differences - (int64_t)c->listed);
    if (c->differences == 0)
        fprintf(out, "The figures are sound.\n");
    else
        fprintf(out, "%" PRId64 " difference%s found.\n", c->differences,
                c->differences == 1 ? " was" : "s were");
}

/* Figures that are behind the book, or were never made, cannot be compared. */
static bool are_there(struct comparing *c)
{
    struct fold_state state;

    if (!fold_state(c->store, &state, c->why))
        return false;
    if (state.kept && !state.behind)
        return true;
    fail(c->why, CONFLICT,
         "The figures are behind the book: something was just written to it.");
    return fault_hint(c->why, "run the same command again");
}

static bool compare_book(struct comparing *c)
{
    if (!figures_zone(c->store, &c->house, c->why) || !are_there(c))
        return false;
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        if (!expect_bucket(c, bucket))
            return false;
    }
    expect_levels(c);
    if (!read_kept(c))
        return false;
    compare_all(c);
    return true;
}

bool prove_measures(struct store *s, FILE *out, bool json, size_t *findings, struct fault *why)
{
    struct comparing *c = calloc(1, sizeof *c);
    bool read = false;

    must(c != NULL);
    c->store = s;
    c->why = why;
    *findings = 0;
    if (store_read_begin(s, why)) {
        read = compare_book(c);
        store_read_end(s);
    }
    if (read) {
        *findings = (size_t)c->differences;
        (json ? print_json : print_people)(c, out);
    }
    figure_names_free(&c->names);
    figure_sums_free(&c->expected);
    figure_sums_free(&c->found);
    arena_free(&c->bucket);
    arena_free(&c->file);
    arena_free(&c->kept);
    free(c);
    return read;
}
