/*
 * Counted in slices, a book comes to the same sums as counted at once, for any room that there
 * is: no sum is in two slices, no track is counted twice or left out, and what is held at one
 * moment does not grow with the number of parts.
 *
 * One book again: build/check/src/store/figure_slices_test SEED
 */
#include "store/figure_slices.h"

#include "flow/book_fixture.h"

enum { BOOKS = 20, TRACKS_MOST = 150, THINGS_MOST = 12, PARTS_MOST = 4096 };

static uint64_t only_seed;

struct dice {
    uint64_t state;
};

static int roll(struct dice *d, int least, int most)
{
    uint64_t z = d->state += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    z ^= z >> 31;
    return least + (int)(z % (uint64_t)(most - least + 1));
}

/* ---- A book -------------------------------------------------------------------------------
 */

struct made_book {
    struct arena arena;
    size_t count;
    struct track *tracks;
};

static const char *name(struct made_book *b, struct dice *d, const char *what, int most)
{
    int number = roll(d, 0, most);

    return number == 0 ? "" : arena_print(&b->arena, "%s %d", what, number);
}

static struct day some_day(struct dice *d, int days)
{
    return (struct day){ 20000 + roll(d, 0, days) };
}

static void things_make(struct made_book *b, struct dice *d, struct track *t, int days)
{
    t->cash_count = (size_t)roll(d, 0, THINGS_MOST);
    t->cash = arena_array(&b->arena, struct track_money, t->cash_count + 1);
    for (size_t i = 0; i < t->cash_count; i++)
        t->cash[i] = (struct track_money){ some_day(d, days),
                                           roll(d, 0, 3) == 0 ? CURRENCY_EUR : CURRENCY_USD, 0,
                                           roll(d, -5000, 90000) };
    t->complaint_count = (size_t)roll(d, 0, 2);
    t->complaints = arena_array(&b->arena, struct day, t->complaint_count + 1);
    for (size_t i = 0; i < t->complaint_count; i++)
        t->complaints[i] = some_day(d, days);
    t->dispute_count = (size_t)roll(d, 0, 2);
    t->disputes = arena_array(&b->arena, struct track_dispute, t->dispute_count + 1);
    for (size_t i = 0; i < t->dispute_count; i++)
        t->disputes[i] = (struct track_dispute){ .received_day = some_day(d, days),
                                                 .state_day = some_day(d, days),
                                                 .open = roll(d, 0, 1) == 0,
                                                 .reason = name(b, d, "reason", 5) };
}

/* Few parts or many, few days or many; now and then one part has nearly everything. */
static void book_make(struct made_book *b, struct dice *d)
{
    int clients = roll(d, 0, 6), segments = roll(d, 0, 6), days = roll(d, 1, 400);
    bool lopsided = roll(d, 0, 3) == 0;

    *b = (struct made_book){ .count = (size_t)roll(d, 0, TRACKS_MOST) };
    b->tracks = arena_array(&b->arena, struct track, b->count + 1);
    for (size_t i = 0; i < b->count; i++) {
        bool one = lopsided && roll(d, 0, 9) != 0;
        struct track *t = &b->tracks[i];
        *t = (struct track){ .client = one ? "One" : name(b, d, "client", clients),
                             .desk = one ? "" : name(b, d, "desk", 1),
                             .strategy = one ? "" : name(b, d, "strategy", 2),
                             .segment = one ? "" : name(b, d, "segment", segments),
                             .standing = name(b, d, "standing", 3) };
        things_make(b, d, t, days);
    }
}

/* ---- Counted at once ----------------------------------------------------------------------
 */

struct counted {
    struct figure_names names;
    struct figure_sums sums;
};

static void count_at_once(const struct made_book *b, struct counted *out)
{
    struct figure_sums rolled = { 0 };
    struct arena work = { 0 };

    *out = (struct counted){ 0 };
    for (size_t i = 0; i < b->count; i++)
        figure_sums_track(&out->sums, &out->names, &b->tracks[i], &work, 1);
    figure_sums_roll_up(&out->sums, &out->names, LEVELS_ROLLED, &rolled);
    figure_sums_add_all(&out->sums, &rolled);
    figure_sums_free(&rolled);
    arena_free(&work);
}

static void counted_free(struct counted *c)
{
    figure_names_free(&c->names);
    figure_sums_free(&c->sums);
}

/* ---- Counted in slices --------------------------------------------------------------------
 */

/* In the names of another: groups and words have numbers of their own in each. */
static struct figure_key key_in(struct figure_names *other, const struct figure_names *names,
                                struct figure_key key)
{
    key.group = figure_group_number(other, &names->groups[key.group - 1]);
    if (figure_has_word((enum figure)key.figure))
        key.first = figure_word_of(other, names->words[key.first - 1]);
    return key;
}

/* What a slice has is taken off: a sum that stands in two is taken off twice. */
static void take_off(struct counted *all, const struct figure_names *names,
                     const struct figure_sums *sums, size_t *rows)
{
    for (size_t i = 0; i < sums->room; i++) {
        const struct figure_sum *s = &sums->slots[i];
        if (s->key.figure < 0)
            continue;
        struct figure_key key = key_in(&all->names, names, s->key);
        figure_sums_add(&all->sums, &key, -s->counted, -s->minor);
        ++*rows;
    }
}

struct sliced {
    size_t slices, rows, of_clients, held_most, whole, largest_part, largest_track;
};

/* The most sums that one part has alone, and one track: these are held in any case. */
static void measure_parts(const struct made_book *b, struct counted *all, struct sliced *out)
{
    size_t of_part[PARTS_MOST] = { 0 };
    struct arena work = { 0 };

    for (size_t i = 0; i < all->sums.room; i++) {
        const struct figure_sum *s = &all->sums.slots[i];
        if (s->key.figure < 0)
            continue;
        struct figure_group group = all->names.groups[s->key.group - 1];
        struct figure_group people = group;
        people.currency = CURRENCY_NONE;
        size_t part = (size_t)figure_group_number(&all->names, &people);
        assert_true(part < PARTS_MOST);
        if (group.level == LEVEL_SEGMENT && ++of_part[part] > out->largest_part)
            out->largest_part = of_part[part];
        out->of_clients += group.level == LEVEL_CLIENT;
    }
    for (size_t i = 0; i < b->count; i++) {
        struct figure_sums track = { 0 };
        figure_sums_track(&track, &all->names, &b->tracks[i], &work, 1);
        out->largest_track =
            track.count > out->largest_track ? track.count : out->largest_track;
        figure_sums_free(&track);
    }
    arena_free(&work);
}

static void count_in_slices(const struct made_book *b, size_t most, struct counted *all,
                            struct sliced *out)
{
    struct figure_names names = { 0 };
    struct figure_slices s;
    struct arena work = { 0 };
    size_t differences = 0; /* a sum of a client may be written in several of them */

    figure_slices_begin(&s, &names, most);
    while (figure_slice_next(&s)) {
        out->slices++;
        for (size_t i = 0; i < b->count; i++) {
            if (figure_slice_has(&s, &b->tracks[i]))
                figure_slice_add(&s, &b->tracks[i], &work);
        }
        figure_slice_end(&s);
        take_off(all, &names, &s.sums, &out->rows);
        if (figure_slice_flush(&s)) {
            take_off(all, &names, &s.clients, &differences);
            figure_sums_free(&s.clients);
        }
    }
    assert_int_equal(s.clients.count, 0);
    out->whole = s.whole.count;
    take_off(all, &names, &s.whole, &out->rows);
    out->held_most = s.held_most;
    figure_slices_free(&s);
    figure_names_free(&names);
    arena_free(&work);
}

/* ---- They are equal -----------------------------------------------------------------------
 */

static void slices_are_equal(uint64_t seed, size_t most, size_t *slices)
{
    struct dice d = { seed * 7919 };
    struct sliced sliced = { 0 };
    struct made_book book;
    struct counted all;

    book_make(&book, &d);
    count_at_once(&book, &all);
    size_t rows = all.sums.count;
    measure_parts(&book, &all, &sliced);
    count_in_slices(&book, most, &all, &sliced);
    if (figure_sums_sort(&all.sums) != 0)
        fail_msg("seed %llu, %zu at most: %zu sums differ", (unsigned long long)seed, most,
                 all.sums.count);
    if (sliced.rows + sliced.of_clients != rows)
        fail_msg("seed %llu: %zu rows and %zu of clients instead of %zu", (unsigned long long)seed,
                 sliced.rows, sliced.of_clients, rows);
    /* a slice holds `most`, or one part if that has more, and a track beyond it; clients hold
     * `most`, and then what a slice came to, which is not more than its sums */
    size_t room = most > sliced.largest_part ? most : sliced.largest_part;
    if (sliced.held_most > 3 * (room + sliced.largest_track) + sliced.whole)
        fail_msg("seed %llu: %zu sums were held, of 3 × (%zu + %zu) + %zu", (unsigned long long)seed,
                 sliced.held_most, room, sliced.largest_track, sliced.whole);
    *slices += sliced.slices;
    counted_free(&all);
    arena_free(&book.arena);
}

static void test_equal(void **state)
{
    static const size_t rooms[] = { 1, 10, 100, 1000, 1000000 };
    size_t slices[COUNT(rooms)] = { 0 };
    uint64_t first = only_seed != 0 ? only_seed : 1;
    uint64_t last = only_seed != 0 ? only_seed : BOOKS;

    (void)state;
    for (uint64_t seed = first; seed <= last; seed++) {
        for (size_t i = 0; i < COUNT(rooms); i++)
            slices_are_equal(seed, rooms[i], &slices[i]);
    }
    if (only_seed != 0)
        return;
    assert_int_equal(slices[COUNT(rooms) - 1], BOOKS); /* with room for all of it: one */
    assert_true(slices[1] > slices[3] && slices[3] > 2 * BOOKS);
}

/* ---- It does not grow ---------------------------------------------------------------------
 */

/* Ten times as many parts, each with the same days. */
static struct sliced with_parts(size_t parts, size_t most)
{
    struct made_book book = { .count = parts };
    struct sliced sliced = { 0 };
    struct counted all;

    book.tracks = arena_array(&book.arena, struct track, parts);
    for (size_t i = 0; i < parts; i++) {
        struct dice same = { 1 };
        book.tracks[i] = (struct track){ .client = arena_print(&book.arena, "client %zu", i),
                                         .desk = "",
                                         .strategy = "",
                                         .segment = "",
                                         .standing = "waits" };
        things_make(&book, &same, &book.tracks[i], 30);
    }
    count_at_once(&book, &all);
    count_in_slices(&book, most, &all, &sliced);
    assert_int_equal(figure_sums_sort(&all.sums), 0);
    counted_free(&all);
    arena_free(&book.arena);
    return sliced;
}

static void test_flat(void **state)
{
    struct sliced few = with_parts(100, 500), many = with_parts(1000, 500);

    (void)state;
    assert_true(many.rows > 9 * few.rows);
    assert_int_equal(many.whole, few.whole);
    /* a hundred parts do not fit, and a thousand need no more */
    assert_true(few.held_most > 500);
    assert_true(many.held_most < 3 * (500 + 50) + many.whole);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_flat),
    };

    only_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
