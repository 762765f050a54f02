/* Prove: steps, the journal, the outbox and its messages. */
#include "flow/prove_parts.h"

#include "base/digest.h"
#include "base/text.h"
#include "formats/record.h"

#include <inttypes.h>
#include <string.h>

/* A decision is a record of that kind, of the same case file; NULL when it is one. */
static const char *decision_lack(const char *kind)
{
    if (kind == NULL)
        return "no record of this case file";
    return text_equal(kind, "decision") ? NULL : "a record of another kind";
}

bool prove_steps(struct proof *p)
{
    struct query q = prove_begin(p, Q_PROVE_STEPS);

    while (query_next(&q)) {
        const char *lack = decision_lack(row_text(&q, 4));
        p->counts[CHECK_STEPS]++;
        if (lack == NULL)
            continue;
        prove_find(p, CHECK_STEPS, prove_text(p, "decision %" PRId64, row_int(&q, 3)), lack,
                   "case file %" PRId64 ", debt %" PRId64 ", instalment %" PRId64,
                   row_int(&q, 0), row_int(&q, 1), row_int(&q, 2));
    }
    return query_end(&q, p->why);
}

/* Where the chain stands: what the next record must follow. */
struct chain {
    int64_t seq;
    struct digest hash;
};

static struct digest hash_of(struct query *q, size_t *length, int column)
{
    struct digest d = { { 0 } };
    const void *bytes = row_blob(q, column, length);

    if (*length == DIGEST_BYTES)
        memcpy(d.bytes, bytes, DIGEST_BYTES);
    return d;
}

static struct digest link_of(const struct chain *before, int64_t bucket, struct query *q)
{
    const char *kind = row_text(q, 3), *record = row_text(q, 4);
    struct digest_maker m;

    digest_begin(&m);
    digest_add_int(&m, bucket);
    for (int column = 0; column < 3; column++)
        digest_add_int(&m, row_int(q, column));
    digest_add(&m, kind, strlen(kind));
    digest_add(&m, record, strlen(record));
    struct digest body = digest_end(&m);
    digest_begin(&m);
    digest_add(&m, before->hash.bytes, DIGEST_BYTES);
    digest_add(&m, body.bytes, DIGEST_BYTES);
    return digest_end(&m);
}

/* After a finding the chain goes on from what is stored, so that one fault is found once. */
static bool record_check(struct proof *p, struct chain *chain, struct query *q)
{
    struct digest expected = link_of(chain, p->bucket, q);
    char hex[2][DIGEST_HEX];
    size_t length;
    struct digest stored = hash_of(q, &length, 5);
    int64_t seq = row_int(q, 0);

    p->counts[CHECK_JOURNAL]++;
    if (seq != chain->seq + 1)
        prove_find(p, CHECK_JOURNAL, prove_text(p, "record %" PRId64, chain->seq + 1),
                   prove_text(p, "record %" PRId64, seq), "record %" PRId64, seq);
    if (length != DIGEST_BYTES || memcmp(stored.bytes, expected.bytes, DIGEST_BYTES) != 0)
        prove_find(p, CHECK_JOURNAL, digest_print(expected, hex[0]),
                   digest_print(stored, hex[1]), "record %" PRId64, seq);
    *chain = (struct chain){ seq, stored };
    prove_gist(p, q);
    return prove_verdict(p, seq, row_text(q, 4), row_text(q, 6));
}

static bool head_check(struct proof *p, const struct chain *chain)
{
    struct query q = prove_begin(p, Q_PROVE_HEAD);
    char hex[2][DIGEST_HEX];
    size_t length = 0;

    if (!query_next(&q)) {
        if (!query_end(&q, p->why))
            return false;
        prove_find(p, CHECK_JOURNAL, "a head row", "none", "head");
        return true;
    }
    struct digest hash = hash_of(&q, &length, 1);
    if (row_int(&q, 0) != chain->seq || length != DIGEST_BYTES ||
        memcmp(hash.bytes, chain->hash.bytes, DIGEST_BYTES) != 0)
        prove_find(
            p, CHECK_JOURNAL,
            prove_text(p, "%" PRId64 " %s", chain->seq, digest_print(chain->hash, hex[0])),
            prove_text(p, "%" PRId64 " %s", row_int(&q, 0), digest_print(hash, hex[1])),
            "head");
    return query_end(&q, p->why);
}

bool prove_journal(struct proof *p)
{
    struct chain chain = { 0 };
    int64_t before;

    do {
        struct query q = prove_begin(p, Q_PROVE_JOURNAL);
        before = chain.seq;
        bind_int(&q, before);
        bool fine = true;
        while (fine && query_next(&q))
            fine = record_check(p, &chain, &q);
        if (!query_end(&q, fine ? p->why : NULL) || !fine)
            return false;
    } while (chain.seq > before);
    return head_check(p, &chain);
}

static bool state_is(const char *state, const char *const states[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(state, states[i]))
            return true;
    }
    return false;
}

static void verdict_check(struct proof *p, struct query *q)
{
    const char *lack = decision_lack(row_text(q, 4));
    const char *ruling = NULL;

    if (lack == NULL)
        ruling = record_text(&p->arena, row_text(q, 5), "verdict", "ruling");
    if (lack == NULL && text_equal(ruling, "allow"))
        return;
    if (lack == NULL)
        lack = ruling == NULL ? "a decision without a verdict" : ruling;
    prove_find(p, CHECK_OUTBOX, "a decision that allowed it", lack,
               "case file %" PRId64 ", message %" PRId64 ", decision %" PRId64, row_int(q, 0),
               row_int(q, 1), row_int(q, 3));
}

static void outbox_check(struct proof *p, struct query *q)
{
    static const char *const states[] = { "ready",     "sending", "sent",
                                          "delivered", "bounced", "failed",
                                          "unsure",    "refused", "expired" };

    p->counts[CHECK_OUTBOX]++;
    if (!state_is(row_text(q, 2), states, COUNT(states)))
        prove_find(p, CHECK_OUTBOX, "a known state", row_text(q, 2),
                   "case file %" PRId64 ", message %" PRId64, row_int(q, 0), row_int(q, 1));
    verdict_check(p, q);
}

/* Records are wide here as well, so the rows come in pages. */
static bool outbox_rows_check(struct proof *p)
{
    int64_t casefile_id = 0, number = 0, before;

    do {
        before = p->counts[CHECK_OUTBOX];
        struct query q = prove_begin(p, Q_PROVE_OUTBOX);
        bind_int(&q, casefile_id);
        bind_int(&q, number);
        while (query_next(&q)) {
            casefile_id = row_int(&q, 0);
            number = row_int(&q, 1);
            outbox_check(p, &q);
        }
        if (!query_end(&q, p->why))
            return false;
    } while (p->counts[CHECK_OUTBOX] > before);
    return true;
}

/* A provider that was busy leaves bytes behind a row that is ready again, or ended otherwise:
 * its attempts tell. */
bool prove_outbox(struct proof *p)
{
    static const char *const begun[] = { "sending", "sent", "delivered", "bounced", "unsure" };

    if (!outbox_rows_check(p))
        return false;
    struct query q = prove_begin(p, Q_PROVE_MESSAGES);
    while (query_next(&q)) {
        const char *state = row_text(&q, 2);
        p->counts[CHECK_MESSAGES]++;
        if (!state_is(state, begun, COUNT(begun)) && row_int(&q, 3) == 0)
            prove_find(p, CHECK_MESSAGES, "a message that was begun to be sent",
                       state == NULL ? "no row of the outbox" : state,
                       "case file %" PRId64 ", message %" PRId64, row_int(&q, 0),
                       row_int(&q, 1));
    }
    return query_end(&q, p->why);
}
