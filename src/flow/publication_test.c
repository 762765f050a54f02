/* Strategies and texts in force, version by version; drafts; and who must agree. */
#include "flow/user_fixture.h"

#include "base/files.h"
#include "flow/approval.h"
#include "flow/draft.h"
#include "flow/fold.h"
#include "flow/prove.h"
#include "flow/strategy_publish.h"
#include "store/kept_figures.h"

static const char name[] = "b2b-invoices";

static const char *file_text(struct people *p, const char *path)
{
    struct fault why = { 0 };
    struct file file;

    assert_fine(files_load(&p->a, path, &file, &why), why);
    return arena_copy_n(&p->a, (const char *)file.bytes, file.length);
}

static const char *live_text(struct people *p)
{
    return file_text(p, "strategies/b2b-invoices.yaml");
}

/* Another text that does the same, but for the title. */
static const char *titled(struct people *p, const char *title)
{
    const char *text = live_text(p), *at = strstr(text, "\ntitle:") + 1;

    return arena_print(&p->a, "%.*stitle: %s%s", (int)(at - text), text, title,
                       at + strcspn(at, "\n"));
}

static enum fault_code publish(struct people *p, int64_t by, const char *text, const char *base,
                               struct publish_outcome *out)
{
    struct publishing in = { .name = name, .text = text, .base = base, .by = by };
    struct fault why = { 0 };

    people_begin(p);
    if (!publish_ask(&p->b, p->roles, &in, NULL, out, &why)) {
        book_undo(&p->b);
        return why.code;
    }
    people_keep(p);
    assert_fine(publication_take(p->b.store, &why), why);
    return FAULT_NONE;
}

static struct publication live_of(struct people *p)
{
    struct publication live;
    struct fault why = { 0 };
    const char *text;

    assert_fine(
        publication_live(p->b.store, &p->a, PUBLISHED_STRATEGY, name, &live, &text, &why), why);
    return live;
}

static enum fault_code answer(struct people *p, int64_t by, bool agrees)
{
    struct fault why;

    if (people_answer(p, "1", by, agrees, "so be it", &why) != FAULT_NONE)
        return why.code;
    assert_fine(publication_take(p->b.store, &why), why);
    return FAULT_NONE;
}

/* ---- Versions ---------------------------------------------------------------------------- */

static void test_a_publication_stands_over_the_file(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "publication")
    {
        struct publish_outcome out;
        struct fault why = { 0 };
        struct publication *all;
        struct file beneath;
        size_t count;
        const char *first = live_text(&p), *second = titled(&p, "Bills");
        assert_int_equal(live_of(&p).version, 1);
        assert_int_equal(publish(&p, p.bea, second, NULL, &out), FAULT_NONE);
        assert_int_equal(out.approval, 0); /* nobody may review */
        assert_int_equal(out.version, 2);
        assert_string_equal(live_text(&p), second);
        assert_fine(files_load_beneath(&p.a, "strategies/b2b-invoices.yaml", &beneath, &why),
                    why);
        assert_string_equal((const char *)beneath.bytes, first);
        assert_fine(
            publication_versions(p.b.store, &p.a, PUBLISHED_STRATEGY, name, &all, &count, &why),
            why);
        assert_int_equal(count, 2);
        assert_int_equal(all[0].version, 2);
        assert_int_equal(all[0].published_by, p.bea);
        assert_string_equal(all[1].reason, "as it stood in strategies/b2b-invoices.yaml");
        assert_int_equal(people_records(&p, "publication", "\"version\":2"), 1);

        assert_int_equal(publish(&p, p.bea, second, NULL, &out), BAD_VALUE); /* nothing new */
        assert_int_equal(publish(&p, p.bea, titled(&p, "Third"), "no such digest", &out),
                         CONFLICT);
        assert_int_equal(live_of(&p).version, 2);

        int32_t version;
        people_begin(&p);
        assert_fine(publish_back(&p.b, PUBLISHED_STRATEGY, name, 1, p.bea, &version, &why),
                    why);
        people_keep(&p);
        assert_fine(publication_take(p.b.store, &why), why);
        assert_int_equal(version, 3);
        assert_string_equal(live_text(&p), first);
    }
}

static void test_what_could_not_be_used_is_refused(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "publication")
    {
        struct publish_outcome out;
        const char *text = live_text(&p), *seventh = "after_due: 7,";
        const char *at = strstr(strstr(text, seventh) + 1, seventh);
        assert_int_equal(publish(&p, p.bea, "strategy: [", NULL, &out), BAD_PACK);
        assert_int_equal(publish(&p, p.bea, "strategy: other\n", NULL, &out), BAD_PACK);
        /* on another day a case of the file does not come true any more */
        assert_int_equal(publish(&p, p.bea,
                                 arena_print(&p.a, "%.*safter_due: 8,%s", (int)(at - text),
                                             text, at + strlen(seventh)),
                                 NULL, &out),
                         BAD_PACK);
        assert_int_equal(publish(&p, p.bea, titled(&p, "x\norder: -1"), NULL, &out), BAD_PACK);
        assert_int_equal(live_of(&p).version, 1);
    }
}

static void test_the_cycle_knows_what_it_has_to_follow(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "publication")
    {
        struct publish_outcome out;
        struct fault why = { 0 };
        int64_t pending;
        assert_fine(publication_pending(p.b.store, &p.a, &pending, &why), why);
        assert_int_equal(pending, 0);
        assert_int_equal(publish(&p, p.bea, titled(&p, "Bills"), NULL, &out), FAULT_NONE);
        assert_fine(publication_pending(p.b.store, &p.a, &pending, &why), why);
        assert_int_equal(pending, 2);
        people_begin(&p);
        assert_fine(publication_followed(&p.b, pending, &why), why);
        people_keep(&p);
        assert_fine(publication_pending(p.b.store, &p.a, &pending, &why), why);
        assert_int_equal(pending, 0);
    }
}

/* ---- A second person --------------------------------------------------------------------- */

static void test_somebody_who_reviews_must_agree(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "publication")
    {
        struct publish_outcome out;
        const char *before = live_text(&p), *wanted = titled(&p, "Bills");
        people_begin(&p);
        int64_t dan = people_add(&p, "dan@firm.example", "compliance", fixture_password);
        people_keep(&p);
        assert_int_equal(publish(&p, p.bea, wanted, NULL, &out), FAULT_NONE);
        assert_int_equal(out.approval, 1);
        assert_string_equal(live_text(&p), before);
        assert_int_equal(publish(&p, p.bea, wanted, NULL, &out),
                         CONFLICT); /* it waits already */
        assert_int_equal(answer(&p, p.bea, true), NOT_ALLOWED);
        assert_int_equal(answer(&p, p.ann, true), NOT_ALLOWED); /* may not review */
        assert_int_equal(answer(&p, dan, true), FAULT_NONE);
        assert_string_equal(live_text(&p), wanted);
        assert_int_equal(live_of(&p).published_by, p.bea);
        assert_int_equal(live_of(&p).agreed_by, dan);
    }
}

static void test_nobody_agrees_to_what_was_overtaken(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "publication")
    {
        struct publishing other = { .name = name, .text = titled(&p, "Other") };
        struct publish_outcome out;
        struct fault why = { 0 };
        people_begin(&p);
        int64_t dan = people_add(&p, "dan@firm.example", "compliance", fixture_password);
        people_keep(&p);
        assert_int_equal(publish(&p, p.bea, titled(&p, "Bills"), NULL, &out), FAULT_NONE);
        people_begin(&p);
        assert_fine(publish_ask(&p.b, p.roles, &other, "the line is down", &out, &why), why);
        people_keep(&p);
        assert_int_equal(out.approval, 0);
        assert_int_equal(answer(&p, dan, true), CONFLICT);
        assert_int_equal(answer(&p, dan, false), FAULT_NONE);
        assert_int_equal(live_of(&p).version, 2);
    }
}

/* ---- Limits on how people are treated ---------------------------------------------------- */

/* So many contacts and complaints last week, over the accounts of a strategy. */
static void treated(struct people *p, const char *strategy, int64_t contacts,
                    int64_t complaints)
{
    const struct figure_group group = { .level = LEVEL_SEGMENT,
                                        .client = "",
                                        .desk = "",
                                        .strategy = strategy,
                                        .segment = "normal",
                                        .currency = CURRENCY_NONE };
    int32_t day = fixture_day("2026-11-10").number;
    struct figure_names names = { 0 };
    struct figure_sums sums = { 0 }, rolled = { 0 };
    struct fault why = { 0 };

    assert_fine(fold_now(p->f.url, p->b.now, &why), why);
    people_begin(p);
    assert_fine(figure_names_load(p->b.store, &names, &why), why);
    int32_t number = figure_group_number(&names, &group);
    const struct figure_key tried = { FIGURE_CONTACT, GRAIN_DAY, number, day, 0, 0 };
    const struct figure_key complained = { FIGURE_COMPLAINT, GRAIN_DAY, number, day, 0, 0 };
    figure_sums_add(&sums, &tried, contacts, 0);
    figure_sums_add(&sums, &complained, complaints, 0);
    figure_sums_roll_up(&sums, &names, LEVELS_ROLLED, &rolled);
    assert_fine(figure_names_save(p->b.store, &names, &why), why);
    assert_fine(figure_sums_apply(p->b.store, &sums, &why), why);
    assert_fine(figure_sums_apply(p->b.store, &rolled, &why), why);
    people_keep(p);
    figure_names_free(&names);
}

/* It is asked, and nothing of it is kept. */
static struct fault asked(struct people *p, const struct publishing *in, const char *override)
{
    struct publish_outcome out;
    struct fault why = { 0 };

    people_begin(p);
    if (publish_ask(&p->b, p->roles, in, override, &out, &why))
        why = (struct fault){ 0 };
    book_undo(&p->b);
    return why;
}

static void test_a_limit_on_treatment_needs_a_reason(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "publication")
    {
        struct publishing in = { .name = name, .text = titled(&p, "Bills"), .by = p.bea };
        struct publish_outcome out;
        struct fault why = { 0 };
        struct publication *all;
        size_t count;
        int32_t back;
        treated(&p, "other", 100, 50);
        assert_int_equal(asked(&p, &in, NULL).code, FAULT_NONE); /* not those of this one */
        treated(&p, name, 29, 5);
        assert_int_equal(asked(&p, &in, NULL).code, FAULT_NONE); /* too few to say */
        treated(&p, name, 71, 0);
        why = asked(&p, &in, NULL);
        assert_int_equal(why.code, BAD_VALUE);
        assert_non_null(
            strstr(why.text, "Complaints per 10,000 contacts: 500.0, the limit is 5.0"));
        assert_non_null(strstr(why.hint, "--reason"));
        in.reason = "  ";
        assert_int_equal(asked(&p, &in, NULL).code, BAD_VALUE);
        assert_int_equal(asked(&p, &in, "the line is down").code, FAULT_NONE);
        in.reason = "fewer letters";
        people_begin(&p);
        assert_fine(publish_ask(&p.b, p.roles, &in, NULL, &out, &why), why);
        people_keep(&p);
        assert_int_equal(people_records(&p, "publication", "\"reason\":\"fewer letters\""), 1);
        assert_fine(
            publication_versions(p.b.store, &p.a, PUBLISHED_STRATEGY, name, &all, &count, &why),
            why);
        assert_string_equal(all[0].reason, "fewer letters");
        people_begin(&p); /* it was agreed to before */
        assert_fine(publish_back(&p.b, PUBLISHED_STRATEGY, name, 1, p.bea, &back, &why), why);
        book_undo(&p.b);
        assert_fine(publication_take(p.b.store, &why), why);
    }
}

/* A text is held against the strategies that send it. */
static void test_a_text_of_such_a_strategy_does_too(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "publication")
    {
        struct publishing sent = { .kind = PUBLISHED_TEXT, .name = "en/past-due", .by = p.bea },
                          by_hand = { .kind = PUBLISHED_TEXT,
                                      .name = "en/receipt",
                                      .by = p.bea };
        sent.text = arena_print(&p.a, "%s ", file_text(&p, "letters/en/past-due.md"));
        by_hand.text = arena_print(&p.a, "%s ", file_text(&p, "letters/en/receipt.md"));
        assert_int_equal(asked(&p, &sent, NULL).code, FAULT_NONE);
        treated(&p, name, 100, 5);
        assert_int_equal(asked(&p, &sent, NULL).code, BAD_VALUE);
        assert_int_equal(asked(&p, &by_hand, NULL).code, FAULT_NONE);
        sent.reason = "it is kinder";
        assert_int_equal(asked(&p, &sent, NULL).code, FAULT_NONE);
    }
}

/* ---- Drafts ------------------------------------------------------------------------------ */

static enum fault_code save(struct people *p, int64_t by, const char *text, int64_t revision)
{
    struct drafting in = { .name = name, .text = text, .revision = revision, .by = by };
    struct fault why = { 0 };

    people_begin(p);
    if (!draft_save(&p->b, &in, &why)) {
        book_undo(&p->b);
        return why.code;
    }
    people_keep(p);
    return FAULT_NONE;
}

static struct draft draft_of(struct people *p)
{
    struct fault why = { 0 };
    struct draft draft;

    assert_fine(draft_load(p->b.store, &p->a, PUBLISHED_STRATEGY, name, &draft, &why), why);
    return draft;
}

/* Every text that was saved is there, the newest first, and no other is. */
static void history_is(struct people *p)
{
    static const char *const changes[] = { "saved", "dropped", "saved", "saved" };
    struct fault why = { 0 };
    struct draft_event *all;
    const char *text;
    size_t count;

    assert_fine(draft_history(p->b.store, &p->a, PUBLISHED_STRATEGY, name, &all, &count, &why),
                why);
    assert_int_equal(count, COUNT(changes));
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(all[i].change, changes[i]);
        assert_fine(
            draft_text(p->b.store, &p->a, PUBLISHED_STRATEGY, name, all[i].digest, &text, &why),
            why);
        assert_string_equal(text, i < 3 ? "hers" : "not even yaml: [");
    }
    assert_fine(
        draft_history(p->b.store, &p->a, PUBLISHED_STRATEGY, "another", &all, &count, &why),
        why);
    assert_int_equal(count, 0);
    assert_false(draft_text(p->b.store, &p->a, PUBLISHED_STRATEGY, name, live_of(p).digest,
                            &text, &why));
    assert_int_equal(why.code, NOT_FOUND);
}

static void test_two_people_do_not_overwrite_each_other(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "draft")
    {
        struct fault why = { 0 };
        const char *digest;
        assert_int_equal(save(&p, p.bea, "not even yaml: [", 0), FAULT_NONE);
        assert_string_equal(draft_of(&p).base, live_of(&p).digest);
        assert_int_equal(save(&p, p.ann, "hers", 0), CONFLICT);
        assert_string_equal(draft_of(&p).text, "not even yaml: [");
        assert_int_equal(save(&p, p.ann, "hers", 1), FAULT_NONE);
        assert_int_equal(draft_of(&p).revision, 2);
        assert_int_equal(draft_of(&p).by, p.ann);
        assert_int_equal(save(&p, p.bea, " ", 2), BAD_VALUE);

        people_begin(&p);
        assert_fine(draft_drop(&p.b, PUBLISHED_STRATEGY, name, &digest, &why), why);
        digest = arena_copy(&p.a, digest);
        people_keep(&p);
        assert_int_equal(draft_of(&p).revision, 0);
        people_begin(&p);
        assert_fine(draft_restore(&p.b, PUBLISHED_STRATEGY, name, digest, p.ann, &why), why);
        people_keep(&p);
        assert_string_equal(draft_of(&p).text, "hers");
        history_is(&p);
    }
}

static void test_a_draft_ends_when_it_is_published(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "draft")
    {
        struct publish_outcome out;
        const char *wanted = titled(&p, "Bills");
        assert_int_equal(save(&p, p.bea, wanted, 0), FAULT_NONE);
        assert_int_equal(publish(&p, p.bea, wanted, draft_of(&p).base, &out), FAULT_NONE);
        assert_int_equal(draft_of(&p).revision, 0);
        /* and one that went on meanwhile stays */
        assert_int_equal(save(&p, p.bea, "later", 0), FAULT_NONE);
        assert_int_equal(publish(&p, p.bea, titled(&p, "Again"), NULL, &out), FAULT_NONE);
        assert_string_equal(draft_of(&p).text, "later");
    }
}

/* ---- Proof ------------------------------------------------------------------------------- */

static size_t findings(struct people *p)
{
    struct fault why = { 0 };
    char *bytes = NULL;
    size_t length, count;
    FILE *out = open_memstream(&bytes, &length);

    assert_fine(prove_book(p->b.store, out, true, &count, &why), why);
    fclose(out);
    if (count > 0)
        assert_non_null(strstr(bytes, "publication_record"));
    free(bytes);
    return count;
}

/* What stands in the book without its record, or with other words, is told. */
static void test_the_journal_tells_what_is_in_force(void **state)
{
    static const struct {
        const char *edit, *back;
    } edits[] = {
        { "UPDATE publication SET digest = 'x' || digest WHERE version = 2",
          "UPDATE publication SET digest = substr(digest, 2) WHERE version = 2" },
        { "UPDATE publication SET digest = 'x' || digest WHERE version = 1",
          "UPDATE publication SET digest = substr(digest, 2) WHERE version = 1" },
        { "UPDATE publication SET version = 9 WHERE version = 3",
          "UPDATE publication SET version = 3 WHERE version = 9" },
        { "UPDATE publication SET agreed_no = agreed_no + 1 WHERE version = 2",
          "UPDATE publication SET agreed_no = agreed_no - 1 WHERE version = 2" },
        { "UPDATE publication SET path = 'x' || path WHERE version = 3",
          "UPDATE publication SET path = substr(path, 2) WHERE version = 3" },
        { "UPDATE rule_text SET text = replace(text, 'title: Bills', 'title: Pills')",
          "UPDATE rule_text SET text = replace(text, 'title: Pills', 'title: Bills')" },
    };
    struct people p;

    (void)state;
    EACH_DATABASE(p, "publication")
    {
        struct publish_outcome out;
        assert_int_equal(publish(&p, p.bea, titled(&p, "Bills"), NULL, &out), FAULT_NONE);
        assert_int_equal(publish(&p, p.bea, titled(&p, "Third"), NULL, &out), FAULT_NONE);
        assert_int_equal(out.version, 3);
        assert_int_equal(findings(&p), 0);
        for (size_t i = 0; i < COUNT(edits); i++) {
            fixture_execute(&p.f, edits[i].edit);
            assert_true(findings(&p) > 0);
            fixture_execute(&p.f, edits[i].back);
            assert_int_equal(findings(&p), 0);
        }
        fixture_execute(&p.f, "DELETE FROM publication WHERE version = 3");
        assert_int_equal(findings(&p), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_publication_stands_over_the_file),
        cmocka_unit_test(test_what_could_not_be_used_is_refused),
        cmocka_unit_test(test_the_cycle_knows_what_it_has_to_follow),
        cmocka_unit_test(test_somebody_who_reviews_must_agree),
        cmocka_unit_test(test_nobody_agrees_to_what_was_overtaken),
        cmocka_unit_test(test_a_limit_on_treatment_needs_a_reason),
        cmocka_unit_test(test_a_text_of_such_a_strategy_does_too),
        cmocka_unit_test(test_two_people_do_not_overwrite_each_other),
        cmocka_unit_test(test_a_draft_ends_when_it_is_published),
        cmocka_unit_test(test_the_journal_tells_what_is_in_force),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
