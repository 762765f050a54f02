#include "flow/movements.h"

#include "base/digest.h"

#include "flow/terms_kept.h"
#include "store/books.h"
#include "store/casefiles.h"

static bool kind_of(struct query *q, int column, struct movement *out, struct fault *why)
{
    const char *name = row_text(q, column);

    return movement_parse(name, &out->kind) ||
           fail(why, DB_ROW, "A row of the book holds the unknown movement \"%s\".", name);
}

static bool component_of(struct query *q, int column, struct movement *out, struct fault *why)
{
    const char *name = row_text(q, column);

    out->component = COMPONENT_COUNT;
    return name == NULL || component_parse(name, &out->component) ||
           fail(why, DB_ROW, "A row of the book holds the unknown component \"%s\".", name);
}

bool movement_read(struct query *q, struct arena *a, struct movement *out, struct fault *why)
{
    *out = (struct movement){ .number = (int32_t)row_int(q, 0),
                              .day = { (int32_t)row_int(q, 2) },
                              .due = { (int32_t)row_int(q, 3) },
                              .debt = (int32_t)row_int(q, 4),
                              .instalment = (int32_t)row_int(q, 5),
                              .currency = (enum currency)row_int(q, 7),
                              .minor = row_int(q, 8),
                              .reference = row_copy(q, 9, a) };
    if (kind_of(q, 1, out, why) && component_of(q, 6, out, why))
        return true;
    query_end(q, NULL);
    return false;
}

bool movements_known(struct store *s, struct arena *a, struct casefile_key key,
                     struct instant known, struct movement **out, size_t *count,
                     struct fault *why)
{
    struct query q = query_begin(s, Q_MOVEMENTS_KNOWN);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    if (known.us == INT64_MAX) /* what never ends has that moment as its end */
        known.us--;
    bind_key(&q, key);
    bind_int(&q, known.us);
    while (query_next(&q)) {
        if (!movement_read(&q, a, arena_push(a, *out, *count, room), why))
            return false;
    }
    if (!query_end(&q, why))
        return false;
    for (size_t i = 0; i < *count; i++) {
        struct movement *m = &(*out)[i];
        if (m->kind == MOVEMENT_TERMS && !terms_kept(s, m->reference, &m->terms, why))
            return false;
    }
    return true;
}

bool books_as_of(struct store *s, struct arena *a, struct casefile_key key, struct day day,
                 struct instant known, struct ledger_books *out, struct fault *why)
{
    struct movement *moves;
    size_t count;

    ledger_empty(out, a);
    return movements_known(s, a, key, known, &moves, &count, why) &&
           ledger_as_of(out, moves, count, day, why);
}

/* *serves: the packed books are there, and hold nothing of a later day. */
static bool packed_read(struct store *s, struct arena *a, struct casefile_key key, struct day day,
                        struct ledger_state *out, bool *serves, struct fault *why)
{
    struct query q = query_begin(s, Q_BOOKS_GET);
    struct day settled;
    size_t length;

    *serves = false;
    bind_key(&q, key);
    if (query_next(&q)) {
        const void *bytes = row_blob(&q, 0, &length);
        *serves = bytes != NULL && books_unpack(bytes, length, a, out, &settled) &&
                  settled.number <= day.number && out->frontier.number <= day.number;
    }
    if (!query_end(&q, why))
        return false;
    for (size_t i = 0; *serves && i < out->terms_count; i++) {
        if (!terms_kept(s, out->terms[i].digest, &out->terms[i].terms, why))
            return false;
    }
    return true;
}

bool books_on(struct store *s, struct arena *a, struct casefile_key key, struct day day,
              struct ledger_books *out, struct fault *why)
{
    bool serves;

    ledger_empty(out, a);
    if (!packed_read(s, a, key, day, &out->state, &serves, why))
        return false;
    if (!serves)
        return books_as_of(s, a, key, day, INSTANT_NEVER, out, why);
    ledger_bind(&out->state);
    return ledger_run(out, NULL, 0, day, why);
}

bool movements_digest(struct store *s, struct arena *a, struct casefile_key key,
                      const char **out, struct fault *why)
{
    char *text = arena_alloc(a, DIGEST_HEX);
    struct movement *moves;
    struct digest_maker m;
    size_t count;

    if (!movements_known(s, a, key, INSTANT_NEVER, &moves, &count, why))
        return false;
    digest_begin(&m);
    for (size_t i = 0; i < count; i++) {
        digest_add_int(&m, moves[i].number);
        digest_add_int(&m, moves[i].minor);
    }
    *out = digest_print(digest_end(&m), text);
    return true;
}
