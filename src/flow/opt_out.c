#include "flow/opt_out.h"

#include "base/digest.h"
#include "flow/book.h"
#include "store/casefiles.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Token: case file, address hash, signature; 16 hex digits each. */
enum { TOKEN_LENGTH = 48 };

static uint64_t signed_number(const char *secret, const char *what, const char *address,
                              int64_t id)
{
    struct digest_maker m;
    uint64_t number;

    digest_begin(&m);
    digest_add(&m, secret, strlen(secret));
    digest_add(&m, what, strlen(what));
    digest_add(&m, address, strlen(address));
    digest_add_int(&m, id);
    struct digest digest = digest_end(&m);
    memcpy(&number, digest.bytes, sizeof number);
    return number;
}

const char *opt_out_token(struct arena *a, const char *secret, struct casefile_key key,
                          const char *address)
{
    uint64_t hash = signed_number(secret, "address", address, 0);
    char hashed[20];

    snprintf(hashed, sizeof hashed, "%016" PRIx64, hash);
    return arena_print(a, "%016" PRIx64 "%s%016" PRIx64, (uint64_t)key.id, hashed,
                       signed_number(secret, "opt-out", hashed, key.id));
}

struct opened {
    struct casefile_key key;
    char hashed[20];
};

static bool token_read(const char *secret, const char *token, struct opened *out,
                       struct fault *why)
{
    uint64_t id = 0, sign = 0;

    if (secret != NULL && strlen(token) == TOKEN_LENGTH &&
        strspn(token, "0123456789abcdef") == TOKEN_LENGTH &&
        sscanf(token, "%16" SCNx64 "%16s%16" SCNx64, &id, out->hashed, &sign) == 3 &&
        (int64_t)id > 0 && sign == signed_number(secret, "opt-out", out->hashed, (int64_t)id)) {
        out->key = (struct casefile_key){ (int64_t)(id >> 53), (int64_t)id };
        return true;
    }
    return fail(why, NOT_FOUND, "This link is not one of ours; it may have been cut off.");
}

bool opt_out_check(const char *url, const char *token, struct fault *why)
{
    struct store *s = store_open(url, STORE_READ, why);
    struct arena a = { 0 };
    const char *secret;
    struct opened opened;

    if (s == NULL)
        return false;
    bool known = book_setting(s, &a, "secret", &secret, why) &&
                 token_read(secret, token, &opened, why);
    store_close(s);
    arena_free(&a);
    return known;
}

/* The mailbox that the token speaks of; NULL when the case file does not have it any more. */
static const char *address_of(const struct casefile *c, const char *secret, const char *hashed)
{
    for (size_t i = 0; i < c->point_count; i++) {
        char text[20];
        if (c->points[i].channel != CHANNEL_EMAIL)
            continue;
        snprintf(text, sizeof text, "%016" PRIx64,
                 signed_number(secret, "address", c->points[i].address, 0));
        if (strcmp(text, hashed) == 0)
            return c->points[i].address;
    }
    return NULL;
}

static bool is_recorded(const struct casefile *c, const char *address)
{
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct gate_fact *f = &c->facts[i];
        if (f->type == FACT_OPT_OUT && text_equal(f->value, address) &&
            f->until.us == INSTANT_NEVER.us)
            return true;
    }
    return false;
}

static bool record(struct book *b, const char *token, struct fault *why)
{
    struct opened opened;
    struct casefile *c;
    const char *secret;

    if (!book_setting(b->store, &b->arena, "secret", &secret, why) ||
        !token_read(secret, token, &opened, why) ||
        !casefile_load(b->store, &b->arena, opened.key, book_today(b), &c, why))
        return false;
    const char *address = address_of(c, secret, opened.hashed);
    if (address == NULL || is_recorded(c, address))
        return true;
    struct gate_fact fact = { .type = FACT_OPT_OUT,
                              .party = PARTY_DEBTOR,
                              .at = b->now,
                              .until = INSTANT_NEVER,
                              .scope = "address",
                              .value = address,
                              .channel_known = true,
                              .channel = CHANNEL_EMAIL };
    return book_fact_add(b, opened.key, &fact, "link in an email", NULL, why);
}

bool opt_out_apply(const char *url, const char *token, struct instant now, struct fault *why)
{
    struct book b;
    bool done = false;

    if (!book_open(&b, url, now, why))
        return false;
    if (book_begin(&b, why))
        done = record(&b, token, why) ? book_commit(&b, why) : book_undo(&b);
    book_close(&b);
    return done;
}
