/*
 * The store keeps one contract on both databases: what goes in comes out, what fails leaves
 * nothing, and what is no book of ours is refused with a sentence and left as it is.
 */
#include "store/store.h"

#include "flow/book_fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define EACH_DATABASE(f)                                                                       \
    for (size_t kind_ = 0; kind_ < FIXTURES; kind_++)                                          \
        for (bool once_ = fixture_begin(&(f), kind_, "store"); once_;                          \
             once_ = false, fixture_end(&(f)))

static struct store *opened(const struct fixture *f)
{
    struct fault why = { 0 };
    struct store *s = store_open(f->url, STORE_WRITE, &why);

    assert_fine(s != NULL, why);
    return s;
}

static void begin(struct store *s)
{
    struct fault why = { 0 };

    assert_fine(store_begin(s, &why), why);
}

static void commit(struct store *s)
{
    struct fault why = { 0 };

    assert_fine(store_commit(s, &why), why);
}

static bool meta_set(struct store *s, const char *key, const char *value)
{
    struct query q = query_begin(s, Q_META_SET);
    struct fault why = { 0 };

    bind_text(&q, key);
    bind_text(&q, value);
    return query_run(&q, &why);
}

/* In memory of its own; NULL when there is none. */
static char *meta_get(struct store *s, const char *key)
{
    struct query q = query_begin(s, Q_META_GET);
    struct fault why = { 0 };
    char *value = NULL;

    bind_text(&q, key);
    if (query_next(&q))
        value = strdup(row_text(&q, 0));
    assert_fine(query_end(&q, &why), why);
    return value;
}

static void assert_meta(struct store *s, const char *key, const char *expected)
{
    char *found = meta_get(s, key);

    if (expected == NULL)
        assert_null(found);
    else
        assert_string_equal(found, expected);
    free(found);
}

/* ---- Values -------------------------------------------------------------------------------
 */

static void test_statements(void **state)
{
    struct fixture f;
    struct fault why = { 0 };

    (void)state;
    EACH_DATABASE(f)
    {
        struct store *s = opened(&f);
        assert_fine(store_prepare_all(s, &why), why);
        store_close(s);
    }
}

static void test_text(void **state)
{
    static const char *const texts[] = {
        "",
        "plain",
        "it's \"quoted\"; DROP TABLE meta; --",
        "a\tb\nc\r\n\\x41\\",
        "%s %n",
        "Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x93\xac",
        "NULL",
        " blanks at both ends ",
    };
    struct fixture f;

    (void)state;
    EACH_DATABASE(f)
    {
        struct store *s = opened(&f);
        char *longest = calloc(1, 200001);
        memset(longest, 'x', 200000);
        for (size_t i = 0; i < COUNT(texts); i++) {
            assert_true(meta_set(s, "text", texts[i]));
            assert_meta(s, "text", texts[i]);
        }
        assert_true(meta_set(s, "text", longest));
        assert_meta(s, "text", longest);
        free(longest);
        store_close(s);
    }
}

static void test_bigints(void **state)
{
    static const int64_t values[] = { INT64_MIN,        INT64_MIN + 1,          -1,       0, 1,
                                      INT64_C(1) << 53, (INT64_C(1) << 53) + 1, INT64_MAX };
    struct fixture f;
    struct fault why = { 0 };

    (void)state;
    EACH_DATABASE(f)
    {
        struct store *s = opened(&f);
        for (size_t i = 0; i < COUNT(values); i++) {
            struct query q = query_begin(s, Q_REFERENCE_PUT);
            bind_int(&q, (int64_t)i);
            bind_text(&q, "debt");
            bind_text(&q, "r");
            bind_int(&q, values[i]);
            bind_int(&q, values[COUNT(values) - 1 - i]);
            assert_fine(query_run(&q, &why), why);
            q = query_begin(s, Q_REFERENCE_FIND);
            bind_int(&q, (int64_t)i);
            bind_text(&q, "debt");
            bind_text(&q, "r");
            assert_true(query_next(&q));
            assert_true(row_int(&q, 0) == values[i]);
            assert_true(row_int(&q, 1) == values[COUNT(values) - 1 - i]);
            assert_false(query_next(&q));
            assert_fine(query_end(&q, &why), why);
        }
        store_close(s);
    }
}

static void blob_put(struct store *s, int64_t number, const void *bytes, size_t length)
{
    struct query q = query_begin(s, Q_MESSAGE_ADD);
    struct fault why = { 0 };

    bind_int(&q, 1);
    bind_int(&q, 1);
    bind_int(&q, number);
    bind_text(&q, "key");
    bind_text(&q, "subject");
    bind_blob(&q, bytes, length);
    assert_fine(query_run(&q, &why), why);
}

static void assert_blob(struct store *s, int64_t number, const void *bytes, size_t length)
{
    struct query q = query_begin(s, Q_MESSAGE_GET);
    struct fault why = { 0 };
    size_t found;

    bind_int(&q, 1);
    bind_int(&q, 1);
    bind_int(&q, number);
    assert_true(query_next(&q));
    const void *read = row_blob(&q, 2, &found);
    assert_int_equal(found, length);
    if (length > 0)
        assert_memory_equal(read, bytes, length);
    assert_fine(query_end(&q, &why), why);
}

static void test_blobs(void **state)
{
    struct fixture f;
    size_t length = 1000000;
    unsigned char *bytes = malloc(length);

    (void)state;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (unsigned char)(i * 7 + i / 256);
    EACH_DATABASE(f)
    {
        struct store *s = opened(&f);
        blob_put(s, 1, bytes, 0);
        blob_put(s, 2, bytes, 256);
        begin(s);
        blob_put(s, 3, bytes, length);
        commit(s);
        assert_blob(s, 1, bytes, 0);
        assert_blob(s, 2, bytes, 256);
        assert_blob(s, 3, bytes, length);
        store_close(s);
    }
    free(bytes);
}

static bool debt_add(struct store *s, const char *reference, struct fault *why)
{
    struct query q = query_begin(s, Q_DEBT_ADD);
    int64_t id = casefile_key_of("A").id, bucket = casefile_key_of("A").bucket;

    bind_int(&q, bucket);
    bind_int(&q, id);
    bind_int(&q, 5);
    bind_text(&q, reference);
    bind_text(&q, "invoice");
    bind_text(&q, NULL);
    bind_int(&q, CURRENCY_USD);
    bind_int(&q, 1);
    bind_text(&q, NULL);
    return query_run(&q, why);
}

static void casefile_put(struct store *s)
{
    struct query q = query_begin(s, Q_CASEFILE_ADD);
    struct casefile_key key = casefile_key_of("A");
    struct fault why = { 0 };

    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    bind_text(&q, "A");
    bind_text(&q, "us");
    bind_text(&q, "debt_buyer");
    bind_int(&q, 0);
    bind_int(&q, 0);
    bind_int(&q, 3);
    bind_text(&q, "");
    assert_fine(query_run(&q, &why), why);
}

static void test_nulls(void **state)
{
    struct fixture f;
    struct fault why = { 0 };

    (void)state;
    EACH_DATABASE(f)
    {
        struct store *s = opened(&f);
        casefile_put(s);
        assert_fine(debt_add(s, "R", &why), why);
        struct query q = query_begin(s, Q_DEBT_GET);
        bind_int(&q, casefile_key_of("A").bucket);
        bind_int(&q, casefile_key_of("A").id);
        bind_int(&q, 5);
        assert_true(query_next(&q));
        assert_string_equal(row_text(&q, 0), "R");
        assert_null(row_text(&q, 2));
        assert_null(row_text(&q, 5));
        assert_int_equal(row_int(&q, 5), 0);
        assert_fine(query_end(&q, &why), why);
        store_close(s);
    }
}

/* ---- Transactions ---------------------------------------------------------------------------
 */

static void test_transactions(void **state)
{
    struct fixture f;

    (void)state;
    EACH_DATABASE(f)
    {
        struct store *s = opened(&f), *reader = opened(&f);
        begin(s);
        assert_true(meta_set(s, "kept", "1"));
        assert_meta(s, "kept", "1");
        assert_meta(reader, "kept", NULL); /* not before it is committed, and without waiting */
        commit(s);
        assert_meta(reader, "kept", "1");
        begin(s);
        assert_true(meta_set(s, "kept", "2"));
        assert_true(meta_set(s, "more", "2"));
        assert_false(store_undo(s));
        assert_meta(s, "kept", "1");
        assert_meta(s, "more", NULL);
        begin(s);
        assert_true(meta_set(s, "more", "3"));
        store_close(s); /* closing undoes */
        assert_meta(reader, "more", NULL);
        store_close(reader);
    }
}

static void test_snapshot(void **state)
{
    struct fixture f;
    struct fault why = { 0 };

    (void)state;
    EACH_DATABASE(f)
    {
        struct store *s = opened(&f), *reader = opened(&f);
        assert_fine(store_read_begin(reader, &why), why);
        assert_meta(reader, "late", NULL);
        assert_true(meta_set(s, "late", "1"));
        assert_meta(reader, "late", NULL);
        store_read_end(reader);
        assert_meta(reader, "late", "1");
        store_close(s);
        store_close(reader);
    }
}

/* A debt without its case file: whether it is refused at once or at the end, nothing is kept.
 */
static void test_error_inside(void **state)
{
    struct fixture f;

    (void)state;
    EACH_DATABASE(f)
    {
        struct store *s = opened(&f);
        struct fault why = { 0 };
        begin(s);
        assert_true(meta_set(s, "before", "1"));
        bool fine = debt_add(s, "R", &why);
        fine = fine && meta_set(s, "after", "1");
        if (fine)
            assert_false(store_commit(s, &why));
        else
            store_undo(s);
        if (fine)
            assert_true(why.code != FAULT_NONE && why.text[0] != '\0');
        assert_meta(s, "before", NULL);
        assert_meta(s, "after", NULL);
        begin(s); /* and the store goes on */
        assert_true(meta_set(s, "then", "1"));
        commit(s);
        assert_meta(s, "then", "1");
        store_close(s);
    }
}

static void write_something(struct store *s, const char *value)
{
    begin(s);
    assert_true(meta_set(s, "version", value));
    commit(s);
}

/* Moves with what others committed, and with nothing else. */
static void test_version(void **state)
{
    struct fixture f;

    (void)state;
    EACH_DATABASE(f)
    {
        struct store *one = opened(&f), *other = opened(&f);
        int64_t before, after;
        bool told = store_version(one, &before);
        assert_int_equal(told, !store_is_postgres(one));
        if (told) {
            assert_true(store_version(one, &after) && after == before);
            begin(other);
            assert_true(meta_set(other, "version", "1"));
            assert_true(store_version(one, &after) && after == before);
            store_undo(other);
            assert_true(store_version(one, &after) && after == before);
            write_something(other, "2");
            assert_true(store_version(one, &after) && after != before);
            write_something(one, "3"); /* its own is no news to it */
            assert_true(store_version(one, &before) && before == after);
            write_something(other, "4");
            assert_true(store_version(one, &after) && after != before);
        }
        store_close(one);
        store_close(other);
    }
}

static void test_busy(void **state)
{
    struct fixture f;

    (void)state;
    EACH_DATABASE(f)
    {
        struct store *one = opened(&f), *other = opened(&f);
        struct heads *ours = heads_new(one), *theirs = heads_new(other);
        struct fault why = { 0 };
        assert_fine(other->driver->execute(other,
                                           store_is_postgres(other)
                                               ? "SET lock_timeout = '50ms'"
                                               : "PRAGMA busy_timeout = 50",
                                           &why),
                    why);
        begin(one);
        assert_fine(head_open(ours, 7, &why), why);
        bool begun = store_begin(other, &why);
        assert_true(!begun || !head_open(theirs, 7, &why));
        assert_int_equal(why.code, DB_BUSY);
        assert_int_equal(fault_kind_of(why.code), FAULT_BUSY);
        if (begun)
            store_undo(other);
        store_undo(one);
        begin(other); /* the same again, now that nobody else writes */
        heads_reset(theirs);
        assert_fine(head_open(theirs, 7, &why), why);
        commit(other);
        heads_free(ours);
        heads_free(theirs);
        store_close(one);
        store_close(other);
    }
}

/* ---- What is no book of ours
 * ------------------------------------------------------------------- */

static void assert_refused(const char *url, enum fault_code code, const char *words)
{
    struct fault why = { 0 };
    struct store *s = store_open(url, STORE_WRITE, &why);

    assert_null(s);
    assert_int_equal(why.code, code);
    if (strstr(why.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", why.text, words);
    assert_null(strchr(why.text, '\n'));
}

static void test_newer(void **state)
{
    struct fixture f;

    (void)state;
    EACH_DATABASE(f)
    {
        fixture_execute(&f, "UPDATE meta SET value = '99' WHERE key = 'schema_version'");
        assert_refused(f.url, DB_VERSION, "newer recoup");
    }
}

static void test_older(void **state)
{
    struct fixture f;

    (void)state;
    EACH_DATABASE(f)
    {
        fixture_execute(&f, "UPDATE meta SET value = '1' WHERE key = 'schema_version'");
        assert_refused(f.url, DB_VERSION, "older recoup");
    }
}

static void test_other_numbers(void **state)
{
    struct fixture f;

    (void)state;
    EACH_DATABASE(f)
    {
        fixture_execute(&f, "UPDATE meta SET value = '512' WHERE key = 'buckets'");
        assert_refused(f.url, DB_ROW, "not a book");
    }
    EACH_DATABASE(f)
    {
        fixture_execute(&f, "UPDATE meta SET value = 'many' WHERE key = 'buckets'");
        assert_refused(f.url, DB_ROW, "not a number");
    }
}

static void test_missing(void **state)
{
    struct fixture f;

    (void)state;
    EACH_DATABASE(f)
    {
        struct fault why = { 0 };
        assert_false(store_create(f.url, &why));
        assert_int_equal(why.code, CONFLICT);
        if (f.schema[0] == '\0')
            continue;
        fixture_execute(&f, "ALTER TABLE meta RENAME TO another");
        assert_refused(f.url, NOT_FOUND, "no book");
    }
    assert_refused("/dev/null/nowhere.db", NOT_FOUND, "no book");
    assert_refused("postgres://127.0.0.1:1/none", DB_BUSY, "Cannot connect");
}

static size_t bytes_of(const char *path, char **out)
{
    struct stat info;
    int file = open(path, O_RDONLY);

    assert_true(file >= 0 && fstat(file, &info) == 0);
    *out = malloc((size_t)info.st_size + 1);
    assert_int_equal(read(file, *out, (size_t)info.st_size), info.st_size);
    close(file);
    return (size_t)info.st_size;
}

/* Neither opened nor made into a book, and not a byte of it is changed. */
static void assert_left_alone(const char *path, enum fault_code code, const char *words)
{
    struct fault why = { 0 };
    char *before, *after;
    size_t length = bytes_of(path, &before);

    assert_refused(path, code, words);
    assert_false(store_create(path, &why));
    assert_true(why.text[0] != '\0' && strchr(why.text, '\n') == NULL);
    assert_int_equal(bytes_of(path, &after), length);
    assert_memory_equal(before, after, length);
    free(before);
    free(after);
}

static void test_other_files(void **state)
{
    struct fixture f;
    sqlite3 *db;

    (void)state;
    fixture_begin(&f, 0, "other");
    fixture_end(&f);
    FILE *file = fopen(f.url, "w");
    for (int i = 0; i < 5000; i++)
        fputs("This is a letter to somebody.\n", file);
    fclose(file);
    assert_left_alone(f.url, DB_ROW, "not a sound database");
    unlink(f.url);

    assert_int_equal(sqlite3_open(f.url, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE recipe (name TEXT)", NULL, NULL, NULL), 0);
    sqlite3_close(db);
    assert_left_alone(f.url, NOT_FOUND, "no book");
    fixture_end(&f);
}

/* ---- Read-only
 * ---------------------------------------------------------------------------------- */

/* What somebody may not write who is not root: in a process of its own. */
static void as_nobody(const char *url, bool create)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct fault why = { 0 };
        if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(9);
        if (create)
            _exit(store_create(url, &why) || why.code != SYSTEM ||
                  strchr(why.text, '\n') != NULL);
        struct store *s = store_open(url, STORE_WRITE, &why);
        bool wrote = s != NULL && store_begin(s, &why);
        if (wrote || why.code != SYSTEM || why.text[0] == '\0' ||
            strchr(why.text, '\n') != NULL)
            fprintf(stderr, "read-only: %d \"%s\"\n", why.code, why.text);
        _exit(wrote || why.code != SYSTEM || why.text[0] == '\0' ||
              strchr(why.text, '\n') != NULL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_read_only(void **state)
{
    const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    char folder[64], url[96];
    struct fault why = { 0 };

    (void)state;
    snprintf(folder, sizeof folder, "%s/recoup-store-XXXXXX", parent);
    assert_non_null(mkdtemp(folder));
    snprintf(url, sizeof url, "%s/book.db", folder);
    assert_fine(store_create(url, &why), why);
    assert_int_equal(chmod(url, 0444), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    as_nobody(url, false);
    char fresh[112];
    snprintf(fresh, sizeof fresh, "%s/fresh.db", folder);
    as_nobody(fresh, true);
    assert_int_equal(chmod(folder, 0700), 0);
    unlink(url);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statements),    cmocka_unit_test(test_text),
        cmocka_unit_test(test_bigints),       cmocka_unit_test(test_blobs),
        cmocka_unit_test(test_nulls),         cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_snapshot),      cmocka_unit_test(test_error_inside),
        cmocka_unit_test(test_version),
        cmocka_unit_test(test_busy),          cmocka_unit_test(test_newer),
        cmocka_unit_test(test_older),
        cmocka_unit_test(test_other_numbers), cmocka_unit_test(test_missing),
        cmocka_unit_test(test_other_files),   cmocka_unit_test(test_read_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
