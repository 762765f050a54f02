/*
 * A sound book is found sound; every fault planted into it is found, by the check it is for.
 *
 * On SQLite, and on PostgreSQL when RECOUP_TEST_PG holds the URL of an empty database.
 */
#include "flow/prove.h"
#include "flow/rulebook.h"
#include "flow/verdict_record.h"
#include "store/casefiles.h"
#include "store/face.h"

#include "flow/book_fixture.h"

#include <jansson.h>

/* ---- A small book with everything in it ---- */

static void run_query(struct query *q)
{
    struct fault why = { 0 };

    assert_fine(query_run(q, &why), why);
}

static struct arena rules_arena;
static struct rulebook rules;

/* A letter to a firm about its invoice, judged; a hold denies it. */
static int64_t decision_told(struct book *b, struct casefile_key key, bool on_hold)
{
    static const char *const places[] = { "IT-25" };
    const struct zone *zones[] = { zone_find("Europe/Rome") };
    const struct gate_debt debts[] = { { .number = 1, .kind = "invoice", .business = true } };
    const struct gate_fact hold = { .type = FACT_HOLD,
                                    .at = { b->now.us - 1 },
                                    .until = INSTANT_NEVER,
                                    .scope = "manual" };
    struct gate_question q = { .at = b->now,
                               .channel = CHANNEL_LETTER,
                               .party = 1,
                               .relation = "consumer",
                               .places = places,
                               .place_count = 1,
                               .zones = zones,
                               .zone_count = 1,
                               .debts = debts,
                               .debt_count = 1,
                               .casefile_debts = debts,
                               .casefile_debt_count = 1,
                               .facts = &hold,
                               .fact_count = on_hold,
                               .history_known = true };
    struct gate_packs packs = rulepack_choose(&rules, &b->arena, places, 1, q.role, true);
    struct text record = { 0 }, question = { 0 };
    struct json_writer w = { &record, false };
    struct verdict verdict;
    struct fault why = { 0 };
    int64_t seq;

    gate_judge(packs, &q, &verdict);
    assert_int_equal(verdict.ruling, on_hold ? RULING_DENY : RULING_ALLOW);
    json_open(&w, '{');
    json_text_at(&w, "standing", "queued");
    judged_write(&w, &(struct judged){ &q, packs, &rules, &verdict }, &question);
    json_close(&w, '}');
    assert_fine(journal_add_verdict(b->heads, key, b->now, "decision", text_of(&record),
                                    text_of(&question), &seq, &why),
                why);
    text_free(&record);
    text_free(&question);
    return seq;
}

static void step_told(struct book *b, struct casefile_key key, int32_t debt, const char *step,
                      const char *day, int64_t decision)
{
    struct query q = query_begin(b->store, Q_STEP_ADD);

    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    bind_int(&q, debt);
    bind_int(&q, 1);
    bind_text(&q, "gentle");
    bind_text(&q, step);
    bind_int(&q, fixture_day(day).number);
    bind_int(&q, decision);
    run_query(&q);
}

/* Message 100, sent with one attempt, and its bytes. */
static const char outbox_sql[] =
    "INSERT INTO outbox (bucket, casefile_id, outbox_no, decision_seq, channel, party_no, "
    "address, template, step, debts, currency, open_minor, decided_at, not_before, expires_at, "
    "state, state_at, attempts, lease_until, lease) SELECT bucket, casefile_id, 100, %lld, "
    "'email', 1, 'a@example.com', 't', 's2', '4', 840, 1, 0, 0, 0, 'sent', 0, 1, 0, 0 "
    "FROM casefile WHERE reference = 'A'";

static void message_told(struct book *b, struct casefile_key key, int64_t decision)
{
    struct fault why = { 0 };
    char sql[700];

    snprintf(sql, sizeof sql, outbox_sql, (long long)decision);
    assert_fine(b->store->driver->settle(b->store), b->store->why);
    assert_fine(b->store->driver->execute(b->store, sql, &why), why);
    struct query q = query_begin(b->store, Q_MESSAGE_ADD);
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    bind_int(&q, 100);
    bind_text(&q, "key");
    bind_text(&q, "subject");
    bind_blob(&q, "bytes", 5);
    run_query(&q);
}

static void tell_book(struct book *b)
{
    const struct instalment_input slices[] = { { fixture_day("2012-02-01"), 10000 },
                                               { fixture_day("2012-03-01"), 5000 } };
    struct casefile_key key = fixture_debtor(b, "A");
    int32_t debt =
        fixture_debt(b, key, "A1", CURRENCY_USD, fixture_day("2012-01-10"), 2, slices);
    struct gate_fact fact = { .type = FACT_HOLD,
                              .at = b->now,
                              .until = INSTANT_NEVER,
                              .scope = "complaint" };
    struct fault why = { 0 };

    fixture_payment(b, key, "P1", debt, CURRENCY_USD, fixture_day("2012-02-10"), 4000, false);
    fixture_payment(b, key, "P1", debt, CURRENCY_USD, fixture_day("2012-02-11"), 4100, false);
    fixture_payment(b, key, "P2", debt, CURRENCY_USD, fixture_day("2012-02-20"), 7000, false);
    fixture_payment(b, key, "P3", 0, CURRENCY_USD, fixture_day("2012-03-20"), 70000, false);
    fixture_payment(b, key, "P4", 0, CURRENCY_USD, fixture_day("2012-03-21"), 100, true);
    const struct promise_input promised = { .minor = 100,
                                            .currency = CURRENCY_USD,
                                            .due = b->now.us == 0 ? DAY_NONE
                                                                  : fixture_day("2012-07-01") };
    int32_t promise;
    assert_fine(book_promise_add(b, key, &promised, &promise, &why), why);
    step_told(b, key, debt, "s1", "2012-02-05", decision_told(b, key, false));
    int64_t decision = decision_told(b, key, false);
    step_told(b, key, debt, "s2", "2012-02-15", decision);
    decision_told(b, key, true);
    assert_fine(journal_add(b->heads, key, b->now, "decision", "{\"standing\":\"clear\"}", NULL,
                            &why),
                why);
    message_told(b, key, decision);
    assert_fine(book_fact_add(b, key, &fact, "test", NULL, &why), why);
}

/* What a cycle would have packed when one instalment was still open. */
static void face_told(struct book *b)
{
    struct casefile_key key = casefile_key_of("A");
    struct day day = fixture_day("2012-02-18");
    struct text face = { 0 };
    struct fault why = { 0 };
    struct casefile *c;

    assert_fine(casefile_load(b->store, &b->arena, key, day, &c, &why), why);
    face_pack(c, day, &face);
    struct query q = query_begin(b->store, Q_CASEFILE_SETTLE);
    bind_int(&q, 0);
    bind_int(&q, c->last_no);
    bind_text(&q, "waiting");
    for (int i = 0; i < 3; i++)
        bind_text(&q, NULL);
    bind_int(&q, 0);
    for (int i = 0; i < 2; i++)
        bind_text(&q, NULL);
    bind_blob(&q, text_of(&face), face.length);
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    run_query(&q);
    text_free(&face);
}

static void book_told(struct fixture *f)
{
    struct fault why = { 0 };
    struct book b;

    assert_fine(book_open(&b, f->url, fixture_at("2012-06-01T12:00:00Z"), &why), why);
    assert_fine(rulebook_keep(b.store, &rules, &why), why);
    assert_fine(book_begin(&b, &why), why);
    tell_book(&b);
    assert_fine(book_commit(&b, &why), why); /* which empties the faces of what it changed */
    assert_fine(book_begin(&b, &why), why);
    face_told(&b);
    assert_fine(book_commit(&b, &why), why);
    book_close(&b);
}

static char *proof_text(const struct fixture *f, bool json, size_t *findings)
{
    struct fault why = { 0 };
    struct store *s = store_open(f->url, STORE_READ, &why);
    char *bytes = NULL;
    size_t length;
    FILE *out = open_memstream(&bytes, &length);

    assert_fine(s != NULL, why);
    assert_fine(prove_book(s, out, json, findings, &why), why);
    store_close(s);
    fclose(out);
    return bytes;
}

/* ---- Sound ---- */

static void sound_book_is_sound(void **state)
{
    static const char expected[] =
        "{\"checked\":{\"entries\":5,\"instalments\":2,\"books\":1,\"payments\":4,\"steps\":2,"
        "\"faces\":1,\"records\":13,\"rows\":13,\"verdicts\":3,\"outbox\":1,\"messages\":1,\"casefiles\":1,"
        "\"debtors\":1,\"tasks\":1,\"complaints\":0,\"reviews\":0,\"publications\":0,"
        "\"amounts\":";
    size_t findings;

    (void)state;
    for (size_t kind = 0; kind < FIXTURES; kind++) {
        struct fixture f;
        if (!fixture_begin(&f, kind, "prove_test"))
            continue;
        book_told(&f);
        char *text = proof_text(&f, true, &findings);
        if (findings != 0 || strncmp(text, expected, sizeof expected - 1) != 0)
            fail_msg("%s", text);
        free(text);
        text = proof_text(&f, false, &findings);
        assert_non_null(strstr(text, "The book is sound.\n"));
        free(text);
        fixture_end(&f);
    }
}

/* ---- Faults ---- */

/* `count` 0: at least one. Findings of other checks may follow from the same fault. */
static const struct {
    const char *check, *sql;
    int count;
} faults[] = {
    { "entry_balance", "UPDATE posting SET minor = minor + 1 WHERE account = 'cash'", 3 },
    { "entry_balance", "UPDATE posting SET currency = 978 WHERE account = 'unapplied'", 2 },
    { "entry_balance", "DELETE FROM posting WHERE account = 'placed' AND minor = -5000", 1 },
    { "instalment_sums", "UPDATE instalment SET paid_minor = paid_minor - 1", 2 },
    { "instalment_sums", "UPDATE instalment SET amount_minor = amount_minor + 1", 2 },
    { "instalment_sums", "UPDATE instalment SET charges_minor = 1 WHERE instalment_no = 1", 1 },
    { "instalment_sums",
      "UPDATE posting SET instalment_no = 9 WHERE account = 'principal' "
      "AND minor = 5000",
      2 },
    { "instalment_sums", "DELETE FROM posting WHERE cause LIKE 'payment % P2'", 0 },
    { "books_again", "DELETE FROM posting WHERE cause LIKE 'payment % P2'", 1 },
    { "books_again",
      "UPDATE posting SET value_day = value_day + 1 WHERE cause LIKE 'payment % P2'", 1 },
    { "books_again", "UPDATE posting SET account = 'waived' WHERE account = 'cash'", 1 },
    { "books_again",
      "UPDATE instalment SET first_change_day = first_change_day - 1 "
      "WHERE instalment_no = 1",
      1 },
    { "books_again",
      "UPDATE instalment SET last_change_day = 99999999 "
      "WHERE instalment_no = 2",
      1 },
    { "books_again", "UPDATE instalment SET last_paid_day = 5 WHERE instalment_no = 2", 1 },
    { "books_again", "UPDATE casefile SET books = x'00'", 1 },
    { "books_again", "UPDATE casefile SET books = NULL", 1 },
    { "books_again", "UPDATE movement SET minor = 7001 WHERE reference = 'P2'", 0 },
    { "books_again", "UPDATE movement SET value_day = value_day + 1 WHERE reference = 'P2'", 0 },
    { "books_again", "UPDATE movement SET kind = 'gift' WHERE reference = 'P2'", 1 },
    { "payment_movement", "DELETE FROM movement WHERE reference = 'P2'", 1 },
    { "payment_movement", "UPDATE movement SET ended_at = 5 WHERE reference = 'P2'", 1 },
    { "payment_movement", "UPDATE payment SET minor = minor + 1", 3 },
    { "payment_movement", "UPDATE payment SET currency = 978 WHERE reference = 'P2'", 1 },
    { "payment_movement", "UPDATE payment SET state = 'pending' WHERE reference = 'P3'", 1 },
    { "payment_movement", "UPDATE payment SET state = 'settled' WHERE reference = 'P4'", 1 },
    { "step_decision", "UPDATE step SET decision_seq = 1 WHERE step = 's1'", 1 },
    { "step_decision", "UPDATE step SET decision_seq = 999", 2 },
    { "step_decision", "UPDATE journal SET casefile_id = 5 WHERE kind = 'decision'", 2 },
    { "face_tables", "UPDATE instalment SET due_day = due_day + 1", 1 },
    { "face_tables", "UPDATE casefile SET face = x'00'", 1 },
    { "face_tables", "UPDATE fact SET until_at = 5", 1 },
    { "face_tables", "DELETE FROM step WHERE step = 's2'", 1 },
    { "face_tables", "UPDATE outbox SET not_before = 7", 1 },
    { "face_tables", "UPDATE promise SET state = 'kept'", 1 },
    { "journal_chain", "UPDATE journal SET record = '{}' WHERE seq = 2", 1 },
    { "journal_chain", "UPDATE journal SET at = at + 1 WHERE seq = 2", 1 },
    { "journal_chain", "UPDATE journal SET kind = 'fact' WHERE seq = 2", 1 },
    { "journal_chain", "UPDATE journal SET casefile_id = 5 WHERE seq = 2", 1 },
    { "journal_chain", "DELETE FROM journal WHERE seq = 2", 2 },
    { "journal_chain", "DELETE FROM journal WHERE seq = 13", 1 },
    { "journal_chain", "UPDATE journal SET seq = 14 WHERE seq = 13", 0 },
    { "journal_chain", "UPDATE bucket_head SET seq = 12 WHERE seq = 13", 1 },
    { "journal_chain", "UPDATE bucket_head SET seq = 1 WHERE seq = 0", 1023 },
    { "journal_chain",
      "UPDATE bucket_head SET hash = (SELECT hash FROM journal WHERE seq = 1) "
      "WHERE seq = 13",
      1 },
    { "journal_chain",
      "UPDATE journal SET hash = (SELECT hash FROM bucket_head WHERE seq = 13) "
      "WHERE seq = 3",
      2 },
    { "journal_chain", "DELETE FROM bucket_head WHERE seq = 13", 1 },
    { "verdict_again", "UPDATE journal SET question = NULL", 3 },
    { "verdict_again", "UPDATE journal SET question = question || ' '", 3 },
    { "verdict_again", "UPDATE journal SET question = replace(question, 'IT-25', 'IT-24')", 3 },
    { "verdict_again", "UPDATE journal SET question = '{}' WHERE kind = 'payment'", 0 },
    { "verdict_again",
      "UPDATE journal SET record = replace(record, '\"ruling\":\"deny\"', "
      "'\"ruling\":\"allow\"')",
      1 },
    { "verdict_again",
      "UPDATE journal SET record = replace(record, '\"packs\":[', '\"packs\":[\"us.fl\",')", 3 },
    { "verdict_again",
      "UPDATE journal SET record = replace(record, '\"rulebook\":\"', '\"rulebook\":\"x')", 3 },
    { "verdict_again",
      "UPDATE rule_text SET text = replace(text, 'house.hold', 'house.bold')", 3 },
    { "verdict_again", "DELETE FROM rule_text WHERE text LIKE 'tzdata %'", 3 },
    { "verdict_again", "DELETE FROM rule_text WHERE text LIKE '%pack: house%'", 3 },
    { "outbox_verdict", "UPDATE outbox SET decision_seq = 1", 1 },
    { "outbox_verdict",
      "UPDATE outbox SET decision_seq = (SELECT seq FROM journal "
      "WHERE record LIKE '%deny%')",
      1 },
    { "outbox_verdict",
      "UPDATE outbox SET decision_seq = (SELECT seq FROM journal "
      "WHERE record LIKE '%clear%')",
      1 },
    { "outbox_verdict", "UPDATE journal SET record = 'no json' WHERE record LIKE '%allow%'",
      1 },
    { "outbox_verdict", "UPDATE outbox SET state = 'gone'", 1 },
    { "message_outbox", "UPDATE outbox SET state = 'ready', attempts = 0", 1 },
    { "message_outbox", "UPDATE outbox SET state = 'refused', attempts = 0", 1 },
    { "message_outbox", "DELETE FROM outbox", 1 },
    { "casefile_key", "UPDATE casefile SET reference = 'B'", 1 },
    { "casefile_debtor", "DELETE FROM party", 1 },
    { "casefile_debtor", "UPDATE party SET party_no = 2", 1 },
    { "task_again", "UPDATE task SET state = 'settled'", 1 },
    { "task_again", "UPDATE task SET due_at = due_at + 1", 1 },
    { "task_again", "UPDATE task SET reason = 'something else'", 1 },
    { "task_again", "UPDATE task SET origin = 'hold 99'", 2 },
    { "task_again", "UPDATE task SET creditor = 'somebody else'", 1 },
    { "task_again", "UPDATE task SET kind = 'gone'", 1 },
    { "task_again", "UPDATE fact SET scope = 'manual'", 1 },
    { "task_again", "DELETE FROM fact", 1 },
    { "currency_known", "UPDATE promise SET currency = 1", 1 },
    { "currency_known", "UPDATE debt SET currency = 0", 1 },
    { "currency_known", "UPDATE outbox SET currency = -840", 1 },
    { "currency_known", "UPDATE payment SET currency = 999999", 1 },
    { "currency_known", "UPDATE posting SET currency = 2", 1 },
};

static int found_by(const json_t *proof, const char *check)
{
    json_t *finding;
    size_t i;
    int count = 0;

    json_array_foreach(json_object_get(proof, "findings"), i, finding)
    {
        const char *name = json_string_value(json_object_get(finding, "check"));
        assert_non_null(json_string_value(json_object_get(finding, "where")));
        assert_non_null(json_string_value(json_object_get(finding, "expected")));
        assert_non_null(json_string_value(json_object_get(finding, "found")));
        count += strcmp(name, check) == 0;
    }
    return count + (int)json_integer_value(json_object_get(proof, "unlisted"));
}

/* A book is slow to make: on SQLite each fault gets a copy of one file. */
static bool book_copied(struct fixture *f, size_t kind, const struct fixture *sound)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    char *bytes;
    size_t length;

    if (kind != 0) {
        if (!fixture_begin(f, kind, "prove_test"))
            return false;
        book_told(f);
        return true;
    }
    *f = (struct fixture){ 0 };
    snprintf(f->url, sizeof f->url, "%.400s-copy", sound->url);
    assert_fine(text_read_file(sound->url, 1 << 26, &a, &bytes, &length, &why), why);
    FILE *copy = fopen(f->url, "wb");
    assert_non_null(copy);
    assert_int_equal(fwrite(bytes, 1, length, copy), length);
    assert_int_equal(fclose(copy), 0);
    arena_free(&a);
    return true;
}

static void plant(size_t place, size_t kind, const struct fixture *sound)
{
    struct fixture f;
    size_t findings;

    if (!book_copied(&f, kind, sound))
        return;
    fixture_execute(&f, faults[place].sql);
    char *text = proof_text(&f, true, &findings);
    json_t *proof = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(proof);
    int found = found_by(proof, faults[place].check);
    if (found == 0 || (faults[place].count != 0 && found != faults[place].count))
        fail_msg("%s\n%d found of %d\n%s", faults[place].sql, found, faults[place].count, text);
    json_decref(proof);
    free(text);
    text = proof_text(&f, false, &findings);
    assert_non_null(strstr(text, " found.\n"));
    assert_null(strstr(text, "sound"));
    free(text);
    fixture_end(&f);
}

/* PostgreSQL sees one fault of each check: its statements are the same, its books slow to make.
 */
static void planted_faults_are_found(void **state)
{
    struct fixture sound;

    (void)state;
    fixture_begin(&sound, 0, "prove_test_sound");
    book_told(&sound);
    for (size_t place = 0; place < COUNT(faults); place++) {
        plant(place, 0, &sound);
        if (place == 0 || strcmp(faults[place].check, faults[place - 1].check) != 0)
            plant(place, 1, &sound);
    }
    fixture_end(&sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_book_is_sound),
        cmocka_unit_test(planted_faults_are_found),
    };

    struct rulebook all;
    struct fault why;

    assert_fine(rulepack_load_all(&rules_arena, &all, &why), why);
    const struct rule_pack *house[] = { rulepack_find(&all, "house") }; /* quick to read */
    assert_fine(rulebook_of(&rules_arena, 1, house, &rules, &why), why);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&rules_arena);
    return failed;
}
