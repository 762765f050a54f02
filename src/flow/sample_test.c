/* Draws: the same seed gives the same, every record is as likely as any other, and only what
 * was asked for comes out. Reviews: who may, and that the journal tells them. */
#include "flow/user_fixture.h"

#include "flow/policy.h"
#include "flow/prove.h"
#include "flow/review.h"

enum { FILES = 25, CONTACTS = 8, DRAWS = 400, WANTED = 20 };

static struct loaded_policy *policy;
static struct review_sheet *sheet;
static struct arena kept;
static const char *const days[2] = { "2026-11-10", "2026-11-16" };

/* A refusal in which one rule decided and another said no as well. */
static const char refusal[] =
    "{\"standing\":\"blocked\",\"tried\":[{\"channel\":\"email\",\"ruling\":\"deny\","
    "\"rule\":\"%s\"}],\"facts\":\"\",\"verdict\":{\"ruling\":\"deny\",\"findings\":["
    "{\"rule\":\"%s\",\"ruling\":\"deny\"},{\"rule\":\"house/side\",\"ruling\":\"defer\"},"
    "{\"rule\":\"house/asked\",\"ruling\":\"allow\"}]},\"by\":\"cid@firm.example\"}";

static void refuse(struct people *p, struct casefile_key key, const char *rule)
{
    struct fault why = { 0 };
    char record[800];

    snprintf(record, sizeof record, refusal, rule, rule);
    assert_fine(journal_add(p->b.heads, key, p->b.now, "refusal", record, NULL, &why), why);
}

static void contact(struct people *p, struct casefile_key key, int number, const char *note)
{
    struct contact c = { .at = { p->b.now.us - (int64_t)number * 3600 * 1000000 },
                         .channel = number % 2 == 0 ? CHANNEL_CALL : CHANNEL_EMAIL,
                         .direction = DIRECTION_OUT,
                         .outcome = OUTCOME_CONVERSATION,
                         .party = PARTY_DEBTOR };
    struct fault why = { 0 };

    assert_fine(book_contact_add(&p->b, key, &c, note, &why), why);
}

static void fill(struct people *p)
{
    people_begin(p);
    for (int i = 0; i < FILES; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "A-%d", i);
        struct casefile_key key = fixture_debtor(&p->b, reference);
        for (int k = 0; k < CONTACTS; k++)
            contact(p, key, k, i == 7 && k == 0 ? "My Lawyer will write" : "We spoke.");
        refuse(p, key, i % 5 == 0 ? "house/rare" : "house/often");
    }
    people_keep(p);
}

static struct view *look(struct people *p)
{
    struct fault why = { 0 };
    struct view *v = view_open(p->f.url, policy_of(policy), zone_find("UTC"), &why);

    assert_fine(v != NULL, why);
    assert_fine(view_begin(v, (struct instant){ p->b.now.us + 1 }, &why), why);
    return v;
}

static void look_away(struct view *v)
{
    view_end(v);
    view_close(v);
}

static struct sample_request asked(enum sample_of of, uint64_t seed, enum sample_way way)
{
    return (struct sample_request){
        .filter = { .of = of, .from = fixture_day(days[0]), .to = fixture_day(days[1]) },
        .seed = seed,
        .wanted = WANTED,
        .way = way
    };
}

static struct sample_drawn drawn(struct view *v, const struct sample_request *r)
{
    struct fault why = { 0 };
    struct sample_drawn out;

    assert_fine(sample_draw(v, sheet, r, &out, &why), why);
    return out;
}

static bool same(const struct sample_drawn *a, const struct sample_drawn *b)
{
    bool is = a->count == b->count;

    for (size_t i = 0; is && i < a->count; i++)
        is = a->items[i].bucket == b->items[i].bucket && a->items[i].seq == b->items[i].seq;
    return is;
}

/* Each record of the book once; where it is counted. */
struct tally {
    int64_t bucket, seq;
    int count;
};

static void count(struct tally *all, size_t *known, const struct sample_item *item)
{
    size_t i = 0;

    while (i < *known && (all[i].bucket != item->bucket || all[i].seq != item->seq))
        i++;
    if (i == *known)
        all[(*known)++] = (struct tally){ item->bucket, item->seq, 0 };
    all[i].count++;
}

/* 400 draws of 20 out of 200: of a fair one, chi-square with 199 degrees of freedom, smaller by
 * the tenth that a draw without putting back takes off; 99.9% of them lie below 245. */
static void fair(struct view *v, enum sample_way way)
{
    static struct tally all[FILES * CONTACTS];
    double expected = (double)DRAWS * WANTED / (FILES * CONTACTS), square = 0;
    size_t known = 0;

    for (uint64_t seed = 1; seed <= DRAWS; seed++) {
        struct sample_request r = asked(SAMPLE_CONTACTS, seed, way);
        struct sample_drawn out = drawn(v, &r);
        assert_int_equal(out.count, WANTED);
        for (size_t i = 0; i < out.count; i++) {
            for (size_t k = 0; k < i; k++)
                assert_true(out.items[i].bucket != out.items[k].bucket ||
                            out.items[i].seq != out.items[k].seq);
            count(all, &known, &out.items[i]);
        }
    }
    assert_int_equal(known, FILES * CONTACTS);
    for (size_t i = 0; i < known; i++)
        square += (all[i].count - expected) * (all[i].count - expected) / expected;
    if (square > 245 || square < 110)
        fail_msg("chi-square %.1f", square);
}

static void test_every_record_is_as_likely(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sample")
    {
        fill(&p);
        struct view *v = look(&p);
        fair(v, SAMPLE_WHOLE);
        if (kind == 0) /* by places it takes thousands of looks for each */
            for (uint64_t seed = 1; seed <= 3; seed++) {
                struct sample_request r = asked(SAMPLE_CONTACTS, seed, SAMPLE_KEYS);
                struct sample_drawn out = drawn(v, &r), again = drawn(v, &r);
                assert_int_equal(out.count, WANTED);
                assert_false(out.whole);
                assert_true(same(&out, &again));
            }
        look_away(v);
    }
}

/* Fair by places, too: one call for each seed until something comes. */
static void test_places_are_fair(void **state)
{
    static struct tally all[FILES * CONTACTS];
    double square = 0;
    size_t known = 0;
    struct people p;
    int drawn_count = 0;

    (void)state;
    assert_true(people_open(&p, 0, "sample"));
    fill(&p);
    struct view *v = look(&p);
    for (uint64_t seed = 1; seed <= 120; seed++) {
        struct sample_request r = asked(SAMPLE_CONTACTS, seed * 977, SAMPLE_KEYS);
        struct sample_drawn out = drawn(v, &r);
        for (size_t i = 0; i < out.count; i++)
            count(all, &known, &out.items[i]);
        drawn_count += (int)out.count;
    }
    double expected = (double)drawn_count / (FILES * CONTACTS);
    for (size_t i = 0; i < known; i++)
        square += (all[i].count - expected) * (all[i].count - expected) / expected;
    assert_int_equal(known, FILES * CONTACTS);
    if (square > 255 || square < 110)
        fail_msg("chi-square %.1f of %d", square, drawn_count);
    look_away(v);
    people_close(&p);
}

static void test_the_same_again_however_the_book_grew(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sample")
    {
        fill(&p);
        struct fault why = { 0 };
        struct sample_request r = asked(SAMPLE_CONTACTS, 42, SAMPLE_AUTO), other = r;
        struct view *v = look(&p);
        struct sample_drawn first = drawn(v, &r), second = drawn(v, &r);
        assert_true(first.whole && same(&first, &second));
        other.seed = 43;
        second = drawn(v, &other);
        assert_false(same(&first, &second));
        int64_t number;
        people_begin(&p);
        assert_fine(sample_keep(&p.b, &r, &first, p.ann, &number, &why), why);
        people_keep(&p);
        people_later(&p, 60);
        people_begin(&p);
        contact(&p, casefile_key_of("A-3"), 0, "Later.");
        people_keep(&p);
        struct sample kept_draw;
        struct review *items;
        size_t item_count;
        assert_fine(sample_load(p.b.store, &p.a, number, &kept_draw, &why), why);
        assert_fine(review_list(p.b.store, &p.a, number, &items, &item_count, &why), why);
        struct sample_request again = { kept_draw.filter, kept_draw.seed, kept_draw.wanted,
                                        kept_draw.until,  kept_draw.span, SAMPLE_WHOLE };
        view_end(v);
        assert_fine(view_begin(v, p.b.now, &why), why);
        second = drawn(v, &again);
        assert_int_equal(item_count, WANTED);
        assert_int_equal(second.count, WANTED);
        for (size_t i = 0; i < item_count; i++)
            assert_true(items[i].bucket == second.items[i].bucket &&
                        items[i].seq == second.items[i].seq);
        look_away(v);
    }
}

static size_t found(struct view *v, struct sample_request r)
{
    return drawn(v, &r).count;
}

static void test_only_what_was_asked_for(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sample")
    {
        fill(&p);
        struct view *v = look(&p);
        struct sample_request r = asked(SAMPLE_DECISIONS, 5, SAMPLE_AUTO);
        r.wanted = SAMPLE_MOST;
        assert_int_equal(found(v, r), FILES);
        r.filter.rule = "house/rare";
        r.filter.decided = true;
        assert_int_equal(found(v, r), FILES / 5);
        r.filter.rule = "house/side"; /* never decisive, always against it */
        assert_int_equal(found(v, r), 0);
        r.filter.decided = false;
        assert_int_equal(found(v, r), FILES);
        r.filter.rule = "house/asked"; /* it was asked, and allowed */
        assert_int_equal(found(v, r), 0);
        r.filter = asked(SAMPLE_CONTACTS, 5, SAMPLE_AUTO).filter;
        r.filter.channel = "call";
        assert_int_equal(found(v, r), FILES * CONTACTS / 2);
        r.filter.seen_clients = "Nobody";
        assert_int_equal(found(v, r), 0);
        r.filter = asked(SAMPLE_RISKS, 5, SAMPLE_AUTO).filter;
        assert_int_equal(found(v, r), 1); /* the lawyer */
        r.filter = asked(SAMPLE_DECISIONS, 5, SAMPLE_AUTO).filter;
        r.filter.actor = "cid@firm.example";
        assert_int_equal(found(v, r), FILES);
        r.filter.from = r.filter.to = fixture_day("2026-11-11");
        assert_int_equal(found(v, r), 0);
        look_away(v);
    }
}

static size_t findings(struct people *p)
{
    struct fault why = { 0 };
    char *bytes = NULL;
    size_t length, faults = 0, all;
    FILE *out = open_memstream(&bytes, &length);

    assert_fine(prove_book(p->b.store, out, false, &all, &why), why);
    fclose(out);
    /* the refusals of this test have no question: only what is of reviews counts here */
    const char *at = strstr(bytes, "Draws and reviews");
    for (at = strchr(at, '\n'); at != NULL && strncmp(at + 1, "   ", 3) == 0;
         at = strchr(at + 1, '\n'))
        faults++;
    free(bytes);
    return faults;
}

static enum fault_code save(struct people *p, int64_t sample, int64_t item, int64_t user,
                            const char *email, const char *answers, enum change *change)
{
    const struct reviewer by = { user, email };
    const struct review_input in = { sample, item, answers, "Well done" };
    struct fault why = { 0 };

    people_begin(p);
    if (!review_save(&p->b, sheet, &by, &in, change, &why)) {
        book_undo(&p->b);
        return why.code;
    }
    people_keep(p);
    return FAULT_NONE;
}

static void test_who_reviews(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "sample")
    {
        fill(&p);
        struct sample_request r = asked(SAMPLE_DECISIONS, 9, SAMPLE_AUTO);
        struct fault why = { 0 };
        enum change change;
        struct view *v = look(&p);
        struct sample_drawn out = drawn(v, &r);
        int64_t number;
        people_begin(&p);
        assert_fine(sample_keep(&p.b, &r, &out, p.ann, &number, &why), why);
        people_keep(&p);
        assert_int_equal(findings(&p), 0);
        assert_int_equal(save(&p, number, 1, p.cid, "cid@firm.example", "yyyyyyyy", &change),
                         NOT_ALLOWED);
        assert_int_equal(save(&p, number, 1, p.ann, "ann@firm.example", "yyyyyyy", &change),
                         BAD_VALUE);
        assert_int_equal(save(&p, number, 99, p.ann, "ann@firm.example", "yyyyyyyy", &change),
                         NOT_FOUND);
        assert_int_equal(save(&p, number, 1, p.ann, "ann@firm.example", "yyyyyy-n", &change),
                         0);
        assert_int_equal(change, CHANGE_ADDED);
        assert_int_equal(save(&p, number, 1, p.ann, "ann@firm.example", "yyyyyy-n", &change),
                         0);
        assert_int_equal(change, CHANGE_NONE);
        assert_int_equal(save(&p, number, 1, p.bea, "bea@firm.example", "yyyyyyyy", &change),
                         CONFLICT);
        assert_int_equal(save(&p, number, 2, p.bea, "bea@firm.example", "yyyyyyyy", &change),
                         0);
        struct review_results results;
        view_end(v);
        assert_fine(view_begin(v, p.b.now, &why), why);
        assert_fine(review_found(v, sheet, (struct instant){ 0 }, &results, &why), why);
        assert_int_equal(results.reviewed, 2);
        assert_int_equal(results.passed, 1);
        assert_int_equal(results.no[7], 1);
        assert_int_equal(results.none[6], 1);
        assert_int_equal(results.actor_count, 1);
        look_away(v);
        assert_int_equal(findings(&p), 0);
        fixture_execute(&p.f, "UPDATE review SET answers = 'yyyyyyyy' WHERE item_no = 1");
        assert_true(findings(&p) > 0);
    }
}

/* A record of another draw, or one that is missing, is found. */
static void test_the_proof_bites(void **state)
{
    static const char *const faults[] = {
        "UPDATE review SET seq = seq + 1 WHERE item_no = 3",
        "DELETE FROM review WHERE item_no = 20",
        "UPDATE sample SET seed = seed + 1",
        "DELETE FROM sample",
    };
    struct people p;

    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        EACH_DATABASE(p, "sample")
        {
            fill(&p);
            struct sample_request r = asked(SAMPLE_DECISIONS, 9, SAMPLE_AUTO);
            struct fault why = { 0 };
            struct view *v = look(&p);
            struct sample_drawn out = drawn(v, &r);
            int64_t number;
            people_begin(&p);
            assert_fine(sample_keep(&p.b, &r, &out, p.ann, &number, &why), why);
            people_keep(&p);
            look_away(v);
            fixture_execute(&p.f, faults[i]);
            assert_true(findings(&p) > 0);
        }
    }
}

static int load(void **state)
{
    struct fault why = { 0 };

    (void)state;
    policy = policy_load(zone_find("UTC"), fixture_at(fixture_monday), &why);
    assert_fine(policy != NULL, why);
    sheet = review_sheet_load(&kept, &why);
    assert_fine(sheet != NULL, why);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    policy_free(policy);
    arena_free(&kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_record_is_as_likely),
        cmocka_unit_test(test_places_are_fair),
        cmocka_unit_test(test_the_same_again_however_the_book_grew),
        cmocka_unit_test(test_only_what_was_asked_for),
        cmocka_unit_test(test_who_reviews),
        cmocka_unit_test(test_the_proof_bites),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
