#include "flow/user_try.h"

#include "base/digest.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { CLEAN_HOURS = 24 };

static const struct {
    const char *name;
    int free, first_s, most_s, forget_s;
} budgets[] = {
#define X(code, name, free, first, most, forget) { name, free, first, most, forget },
    TRIES(X)
#undef X
};

struct try_row {
    char digest[DIGEST_HEX];
    int64_t tries;
    struct instant at, until;
};

static struct instant after_s(struct instant at, int64_t seconds)
{
    return (struct instant){ at.us + seconds * 1000000 };
}

static int64_t wait_of(enum try_kind kind, int64_t tries)
{
    int64_t wait = budgets[kind].first_s;

    if (tries <= budgets[kind].free)
        return 0;
    for (int64_t n = budgets[kind].free + 1; n < tries && wait < budgets[kind].most_s; n++)
        wait *= 2;
    return wait < budgets[kind].most_s ? wait : budgets[kind].most_s;
}

/* The row, which is held until the session ends. */
static bool row_take(struct book *b, const struct try_key *key, struct try_row *out,
                     struct fault *why)
{
    struct digest_maker m;

    digest_begin(&m);
    digest_add(&m, budgets[key->kind].name, strlen(budgets[key->kind].name));
    digest_add(&m, key->who, strlen(key->who));
    digest_print(digest_end(&m), out->digest);
    struct query q = query_begin(b->store, Q_TRY_ENSURE);
    bind_text(&q, out->digest);
    bind_int(&q, b->now.us);
    if (!query_run(&q, why))
        return false;
    q = query_begin(b->store, Q_TRY_FIND);
    bind_text(&q, out->digest);
    if (query_next(&q)) {
        out->tries = row_int(&q, 0);
        out->at.us = row_int(&q, 1);
        out->until.us = row_int(&q, 2);
    }
    if (!query_end(&q, why))
        return false;
    if (after_s(out->at, budgets[key->kind].forget_s).us <= b->now.us)
        out->tries = 0;
    return true;
}

static bool row_put(struct book *b, const struct try_row *row, struct fault *why)
{
    struct query q = query_begin(b->store, Q_TRY_SET);

    bind_int(&q, row->tries);
    bind_int(&q, row->at.us);
    bind_int(&q, row->until.us);
    bind_text(&q, row->digest);
    return query_run(&q, why);
}

static bool clean(struct book *b, struct fault *why)
{
    struct query q = query_begin(b->store, Q_TRY_CLEAN);

    bind_int(&q, after_s(b->now, -(int64_t)CLEAN_HOURS * 3600).us);
    bind_int(&q, b->now.us);
    return query_run(&q, why);
}

bool try_count(struct book *b, const struct try_key keys[], size_t count, int *wait_s,
               struct fault *why)
{
    struct try_row *rows = arena_array(&b->arena, struct try_row, count);
    int64_t wait_us = 0;

    *wait_s = 0;
    if (!clean(b, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!row_take(b, &keys[i], &rows[i], why))
            return false;
        if (rows[i].until.us - b->now.us > wait_us)
            wait_us = rows[i].until.us - b->now.us;
    }
    if (wait_us > 0) {
        *wait_s = (int)((wait_us + 999999) / 1000000);
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        rows[i].tries++;
        rows[i].at = b->now;
        rows[i].until = after_s(b->now, wait_of(keys[i].kind, rows[i].tries));
        if (!row_put(b, &rows[i], why))
            return false;
    }
    return true;
}

static bool forget(struct book *b, const struct try_row *row, struct fault *why)
{
    struct query q = query_begin(b->store, Q_TRY_FORGET);

    bind_text(&q, row->digest);
    return query_run(&q, why);
}

bool try_good(struct book *b, const struct try_key keys[], size_t count, struct fault *why)
{
    for (size_t i = 0; i < count; i++) {
        struct try_row row;
        if (!row_take(b, &keys[i], &row, why))
            return false;
        row.tries -= row.tries > 0;
        row.until.us = 0;
        if (!(keys[i].kind == TRY_ADDRESS && row.tries > 0 ? row_put(b, &row, why)
                                                           : forget(b, &row, why)))
            return false;
    }
    return true;
}

const char *try_address(struct arena *a, const char *client)
{
    struct in6_addr six;
    char text[INET6_ADDRSTRLEN];

    if (client == NULL || inet_pton(AF_INET6, client, &six) != 1)
        return client == NULL ? "" : client;
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
        inet_ntop(AF_INET, &six.s6_addr[12], text, sizeof text);
    } else {
        memset(&six.s6_addr[8], 0, 8);
        inet_ntop(AF_INET6, &six, text, sizeof text);
    }
    return arena_copy(a, text);
}

const char *try_wait_words(struct arena *a, int wait_s)
{
    if (wait_s < 90)
        return arena_print(a, "%d second%s", wait_s, wait_s == 1 ? "" : "s");
    return arena_print(a, "%d minutes", (wait_s + 59) / 60);
}
