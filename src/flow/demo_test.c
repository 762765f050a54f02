/* The invented book is the same for the same seed, and its books balance. */
#include "flow/demo.h"
#include "flow/prove.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/recoup-demo-XXXXXX";

static char *path_of(const char *name)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/%s.db", folder, name);
    return path;
}

static void fill(const char *name, struct demo_request r)
{
    struct fault why = { 0 };
    struct book b;
    struct instant now;

    assert_true(instant_parse("2026-11-20T09:40:00-06:00", &now));
    unlink(path_of(name));
    if (!demo_create(path_of(name), &why) || !book_open(&b, path_of(name), now, &why) ||
        !demo_fill(&b, r, &why))
        fail_msg("%s", why.text);
    book_close(&b);
}

/* The heads of all chains, in one digest. */
static struct digest heads_of(const char *name)
{
    struct fault why = { 0 };
    struct store *s = store_open(path_of(name), STORE_READ, &why);
    struct digest_maker m;

    assert_non_null(s);
    digest_begin(&m);
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        struct query q = query_begin(s, Q_BUCKET_HEAD_LOCK);
        size_t length;
        bind_int(&q, bucket);
        assert_true(query_next(&q));
        digest_add_int(&m, row_int(&q, 0));
        const void *hash = row_blob(&q, 1, &length);
        digest_add(&m, hash, length);
        assert_true(query_end(&q, &why));
    }
    store_close(s);
    return digest_end(&m);
}

static int64_t number_of(const char *name, enum query_name query)
{
    struct fault why = { 0 };
    struct store *s = store_open(path_of(name), STORE_READ, &why);

    assert_non_null(s);
    struct query q = query_begin(s, query);
    assert_true(query_next(&q));
    int64_t number = row_int(&q, 0);
    assert_true(query_end(&q, &why));
    store_close(s);
    return number;
}

static void test_same_seed_same_book(void **state)
{
    struct demo_request r = { .casefiles = 700, .seed = 7 }, other = r;

    (void)state;
    fill("a", r);
    fill("b", r);
    other.seed = 8;
    fill("c", other);
    struct digest a = heads_of("a"), b = heads_of("b"), c = heads_of("c");
    assert_memory_equal(&a, &b, sizeof a);
    assert_memory_not_equal(&a, &c, sizeof a);
}

static void test_the_books_balance(void **state)
{
    (void)state;
    fill("a", (struct demo_request){ .casefiles = 700 });
    assert_int_equal(number_of("a", Q_CASEFILE_COUNT), 700);
    assert_int_equal(number_of("a", Q_DEMO_UNBALANCED), 0);
    assert_int_equal(number_of("a", Q_DEMO_ASTRAY), 0);
    assert_int_equal(number_of("a", Q_DEMO_FORGOTTEN), 0); /* 20774: three days before now */
}

/* The whole book stands up to the program that trusts nothing. */
static void test_the_book_is_proved(void **state)
{
    struct fault why = { 0 };
    size_t findings = 1;
    FILE *nowhere = fopen("/dev/null", "w");

    (void)state;
    fill("a", (struct demo_request){ .casefiles = 700 });
    struct store *s = store_open(path_of("a"), STORE_READ, &why);
    assert_non_null(s);
    assert_non_null(nowhere);
    assert_true(prove_book(s, nowhere, true, &findings, &why));
    assert_int_equal(findings, 0);
    store_close(s);
    fclose(nowhere);
}

static void test_kinds_are_kept(void **state)
{
    enum demo_kind kind;

    (void)state;
    assert_true(demo_kind_parse("business", &kind));
    assert_false(demo_kind_parse("Business", &kind));
    fill("a", (struct demo_request){ .casefiles = 200, .kind = kind, .months = 6 });
    assert_int_equal(number_of("a", Q_DEMO_CONSUMERS), 0);
}

static bool told;

static void tell(void *self, int64_t done, int64_t all)
{
    (void)self;
    told = done == all;
}

static void test_progress_comes_to_its_end(void **state)
{
    (void)state;
    fill("a", (struct demo_request){ .casefiles = 501, .progress = tell });
    assert_true(told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_book),
        cmocka_unit_test(test_the_books_balance),
        cmocka_unit_test(test_the_book_is_proved),
        cmocka_unit_test(test_kinds_are_kept),
        cmocka_unit_test(test_progress_comes_to_its_end),
    };

    if (mkdtemp(folder) == NULL)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path_of("a"));
    unlink(path_of("b"));
    unlink(path_of("c"));
    rmdir(folder);
    return failed;
}
