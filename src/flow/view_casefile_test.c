/* What pages read of one case file: all of it, once, however it is paged; and only by whom it
 * may be. */
#include "flow/view.h"

#include "base/digest.h"
#include "flow/book_dispute.h"
#include "flow/book_fixture.h"
#include "flow/note.h"
#include "flow/point.h"

static struct fixture fixture;
static struct loaded_policy *policy;
static const char now_text[] = "2026-11-20T16:00:00Z";

enum { CONTACTS = 150, NOTES = 90, PAYMENTS = 70 };

static struct casefile_key fill(void)
{
    struct debtor_input who = { .reference = "A-1",
                                .creditor = "Bluebird",
                                .name = "Maya Stone",
                                .places = "US-WI",
                                .zones = "America/Chicago",
                                .email = "maya@example.com",
                                .phone = "+16085550132",
                                .role = ACTOR_THIRD_PARTY_COLLECTOR,
                                .source = "test" };
    struct instalment_input whole = { fixture_day("2026-05-01"), 100000 };
    struct fault why = { 0 };
    struct casefile_key key;
    enum change change;
    char hex[DIGEST_HEX];
    struct book b;

    assert_fine(book_open(&b, fixture.url, fixture_at(now_text), &why), why);
    assert_fine(book_begin(&b, &why), why);
    assert_fine(book_debtor_put(&b, &who, &key, &change, &why), why);
    int32_t debt =
        fixture_debt(&b, key, "BW-1", CURRENCY_USD, fixture_day("2026-04-01"), 1, &whole);
    for (int i = 0; i < PAYMENTS; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "P-%d", i);
        fixture_payment(&b, key, reference, debt, CURRENCY_USD,
                        day_plus(fixture_day("2026-06-01"), i), 100, false);
    }
    for (int i = 0; i < CONTACTS; i++) { /* two at a time, at one moment */
        struct contact c = { .at = { b.now.us - (int64_t)(i / 2) * 7200 * 1000000 },
                             .channel = CHANNEL_EMAIL,
                             .direction = i % 2 == 0 ? DIRECTION_IN : DIRECTION_OUT,
                             .outcome = OUTCOME_MESSAGE,
                             .party = PARTY_DEBTOR };
        assert_fine(book_contact_add(&b, key, &c, "words", &why), why);
    }
    for (int i = 0; i < NOTES; i++) {
        struct note_input in = { "noted", "Priya Nair", NULL };
        int32_t number;
        assert_fine(book_note_add(&b, key, &in, &number, &change, &why), why);
    }
    assert_fine(
        book_evidence_add(&b, key, "account", "bill.pdf",
                          digest_print(digest_of("%PDF-", 5), hex), "%PDF-", 5, "Priya Nair",
                          &why),
        why);
    fixture_debtor(&b, "B-2");
    assert_fine(book_commit(&b, &why), why);
    book_close(&b);
    return key;
}

static struct view *look(void)
{
    struct fault why = { 0 };

    policy = policy_load(zone_find("UTC"), fixture_at(now_text), &why);
    assert_fine(policy != NULL, why);
    struct view *v = view_open(fixture.url, policy_of(policy), zone_find("UTC"), &why);
    assert_fine(v != NULL, why);
    assert_fine(view_begin(v, fixture_at(now_text), &why), why);
    return v;
}

static void look_away(struct view *v)
{
    view_end(v);
    view_close(v);
    policy_free(policy);
}

/* Every thing that happened, once, in falling order, over all pages. */
static void walk(struct view *v, const struct casefile_view *f, enum story_filter filter,
                 size_t wanted)
{
    const char *before = NULL;
    int64_t last = INT64_MAX;
    struct fault why = { 0 };
    size_t seen = 0, pages = 0;
    static char known[4][4096];

    memset(known, 0, sizeof known);
    do {
        struct story story;
        assert_fine(view_casefile_story(v, f, filter, before, &story, &why), why);
        assert_true(story.count <= 60 && (story.count > 0 || story.before == NULL));
        for (size_t i = 0; i < story.count; i++) {
            const struct happening *h = &story.all[i];
            size_t number = h->kind == HAPPENED_RECORD ? (size_t)h->seq : (size_t)h->number;
            assert_true(h->at.us <= last);
            assert_true(number < sizeof known[0] && !known[h->kind][number]);
            known[h->kind][number] = 1;
            last = h->at.us;
        }
        seen += story.count;
        before = story.before;
    } while (before != NULL && ++pages < 100);
    assert_int_equal(seen, wanted);
}

static void the_story_is_whole(struct view *v)
{
    struct casefile_view f;
    struct story story;
    struct fault why = { 0 };

    assert_fine(view_casefile(v, "A-1", &f, &why), why);
    walk(v, &f, STORY_CONTACT, CONTACTS + NOTES);
    walk(v, &f, STORY_MONEY, PAYMENTS + 1);
    /* the debtor, the debt, the payments, the paper */
    walk(v, &f, STORY_ALL, CONTACTS + NOTES + PAYMENTS + 3);
    static const char *const bad[] = { "x", "1", "1.2.3.4.5.6", "1.2.3.4.5.6.7.8",
                                       "1.2.3.4.5.6.x" };
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(view_casefile_story(v, &f, STORY_ALL, bad[i], &story, &why));
        assert_int_equal(why.code, BAD_VALUE);
    }
}

static void what_it_says(struct view *v)
{
    struct casefile_view f;
    struct casefile_money money;
    struct papers papers;
    struct decisions decisions;
    struct balance lines;
    struct fault why = { 0 };
    bool whole;

    assert_fine(view_casefile(v, "BW-1", &f, &why), why); /* by the reference of its debt */
    assert_string_equal(f.casefile->reference, "A-1");
    assert_int_equal(f.owed.sums[0].total, 100000 - PAYMENTS * 100);
    assert_int_equal(f.channel_count, 4);
    assert_int_equal(f.check.count, 0);
    for (size_t i = 0; i < f.channel_count; i++) {
        const struct channel_view *ch = &f.channels[i];
        assert_int_equal(ch->address == NULL, ch->channel == CHANNEL_LETTER);
        assert_int_equal(ch->reason == NULL, ch->address == NULL || ch->ruling == RULING_ALLOW);
    }
    assert_true(f.limit_count > 0);
    assert_fine(view_casefile_money(v, &f, &money, &why), why);
    assert_true(money.more_payments);
    assert_fine(view_casefile_lines(v, &f, &lines, &whole, &why), why);
    assert_true(whole);
    assert_fine(view_casefile_papers(v, &f, &papers, &why), why);
    assert_int_equal(papers.count, 1);
    assert_int_equal(papers.all[0].length, 5);
    assert_fine(view_casefile_decisions(v, &f, INT64_MAX, &decisions, &why), why);
    assert_int_equal(decisions.count, 0);
}

static void papers_are_of_their_account(struct view *v, struct casefile_key key)
{
    const unsigned char *bytes;
    const char *name;
    size_t length;
    struct casefile_view f;
    struct papers papers;
    struct fault why = { 0 };

    assert_fine(view_casefile(v, "A-1", &f, &why), why);
    assert_fine(view_casefile_papers(v, &f, &papers, &why), why);
    assert_fine(
        view_paper(v, key, PAPER_EVIDENCE, papers.all[0].number, &name, &bytes, &length, &why),
        why);
    assert_string_equal(name, "bill.pdf");
    assert_int_equal(length, 5);
    assert_memory_equal(bytes, "%PDF-", 5);
    assert_false(view_paper(v, casefile_key_of("B-2"), PAPER_EVIDENCE, papers.all[0].number,
                            &name, &bytes, &length, &why));
    assert_int_equal(why.code, NOT_FOUND);
    assert_false(view_paper(v, key, PAPER_STATEMENT, papers.all[0].number, &name, &bytes,
                            &length, &why));
}

static void limits_hide(struct view *v, struct casefile_key key)
{
    struct casefile_key found;
    struct casefile_view f;
    struct fault why = { 0 };

    v->clients = "Bluebird\nOther";
    assert_fine(view_find(v, "A-1", &found, &why), why);
    v->desks = "north";
    assert_false(view_find(v, "A-1", &found, &why));
    assert_int_equal(why.code, NOT_FOUND);
    v->desks = NULL;
    v->clients = "Other";
    assert_false(view_casefile(v, "A-1", &f, &why));
    assert_int_equal(why.code, NOT_FOUND);
    assert_string_equal(why.text, "There is no account \"A-1\".");
    assert_false(view_allows(v, key, "letter", &why));
    v->clients = NULL;
}

static void beside(struct view *v, struct casefile_key key)
{
    const char *next, *previous;
    struct fault why = { 0 };

    assert_fine(view_beside(v, key, true, &next, &why), why);
    assert_fine(view_beside(v, key, false, &previous, &why), why);
    assert_true((strcmp(next, "B-2") == 0) != (strcmp(previous, "B-2") == 0));
    v->clients = "Bluebird";
    assert_fine(view_beside(v, key, true, &next, &why), why);
    assert_string_equal(next, "A-1");
    v->clients = NULL;
}

static void reads_on_both_databases(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < FIXTURES; kind++) {
        if (!fixture_begin(&fixture, kind, "view_casefile"))
            continue;
        struct casefile_key key = fill();
        struct view *v = look();
        what_it_says(v);
        the_story_is_whole(v);
        papers_are_of_their_account(v, key);
        limits_hide(v, key);
        beside(v, key);
        look_away(v);
        fixture_end(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(reads_on_both_databases) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
