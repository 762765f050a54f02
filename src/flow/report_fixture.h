/* Report fixture: reports of fresh books, as text and as JSON. */
#ifndef FLOW_REPORT_FIXTURE_H
#define FLOW_REPORT_FIXTURE_H

#include "flow/book_fixture.h"
#include "flow/report.h"

#include <jansson.h>

static inline char *report_text(const struct fixture *f, const char *name,
                                struct report_request request)
{
    struct fault why = { 0 };
    struct store *s = store_open(f->url, STORE_READ, &why);
    char *bytes = NULL;
    size_t length;
    FILE *out = open_memstream(&bytes, &length);

    assert_fine(s != NULL, why);
    assert_fine(report_run(s, name, request, out, &why), why);
    store_close(s);
    fclose(out);
    return bytes;
}

static inline json_t *report_json(const struct fixture *f, const char *name,
                                  struct report_request request)
{
    request.format = FORMAT_JSON;
    char *bytes = report_text(f, name, request);
    json_t *found = json_loads(bytes, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(found);
    free(bytes);
    return found;
}

static inline void with_each_database(const char *name,
                                      void (*test)(struct fixture *f, struct book *b))
{
    for (size_t kind = 0; kind < FIXTURES; kind++) {
        struct fixture f;
        struct book b;
        struct fault why = { 0 };
        if (!fixture_begin(&f, kind, name))
            continue;
        assert_fine(book_open(&b, f.url, fixture_at("2012-06-01T12:00:00Z"), &why), why);
        assert_fine(book_begin(&b, &why), why);
        test(&f, &b);
        book_close(&b);
        fixture_end(&f);
    }
}

static inline void done_writing(struct book *b)
{
    struct fault why = { 0 };

    assert_fine(book_commit(b, &why), why);
}

static inline void assert_text(const json_t *row, const char *key, const char *expected)
{
    const char *found = json_string_value(json_object_get(row, key));

    if (found == NULL || strcmp(found, expected) != 0)
        fail_msg("%s: expected %s, found %s", key, expected, found != NULL ? found : "null");
}

static inline void assert_count(const json_t *row, const char *key, json_int_t expected)
{
    assert_true(json_is_integer(json_object_get(row, key)));
    assert_int_equal(json_integer_value(json_object_get(row, key)), expected);
}

#endif
