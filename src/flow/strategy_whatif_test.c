/* What a draft would change: who is looked at, what is counted, and that a sample is a part. */
#include "flow/strategy_whatif.h"

#include "base/files.h"
#include "base/text.h"
#include "flow/book.h"
#include "flow/demo.h"
#include "formats/strategy_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CASEFILES = 400 };

static char url[] = "/tmp/recoup-whatif-XXXXXX";
static struct arena keep;
static const char *b2b; /* the text of strategies/b2b-invoices.yaml */
static struct loaded_policy *policy;
static struct store *store;

static const struct strategy *parsed(const char *text)
{
    struct fault why = { 0 };
    struct strategy *s = strategy_parse(&keep, "s.yaml", text, strlen(text), &why);

    if (s == NULL)
        fail_msg("%s", why.text);
    return s;
}

static const char *replaced(const char *text, const char *piece, const char *instead)
{
    const char *at = strstr(text, piece);

    assert_non_null(at);
    return arena_print(&keep, "%.*s%s%s", (int)(at - text), text, instead, at + strlen(piece));
}

static struct whatif looked(const char *draft, const struct whatif_request *how)
{
    struct whatif_request r = *how;
    struct fault why = { 0 };
    struct whatif out;

    r.store = store;
    r.policy = policy_of(policy);
    r.live = parsed(b2b);
    r.draft = draft != NULL ? parsed(draft) : NULL;
    assert_true(instant_parse("2026-11-23T10:10:00-06:00", &r.now));
    assert_true(store_read_begin(store, &why));
    if (!whatif_run(&r, &keep, &out, &why))
        fail_msg("%s", why.text);
    store_read_end(store);
    return out;
}

static int64_t contacts(const struct whatif_side *side)
{
    int64_t sum = 0;

    for (int i = 0; i <= WHATIF_DAYS; i++)
        sum += side->contacts[i];
    return sum;
}

static void check_sums(const struct whatif *w)
{
    assert_int_equal(w->side[1].today - w->side[0].today, w->gains.count - w->loses.count);
    assert_int_equal(w->more.count + w->fewer.count + w->same, w->touched);
    for (int side = 0; side < 2; side++) {
        int64_t by_channel = 0;
        for (int i = 0; i < CHANNEL_COUNT; i++)
            by_channel += w->side[side].by_channel[i];
        assert_int_equal(by_channel, contacts(&w->side[side]));
        assert_int_equal(w->side[side].contacts[0], w->side[side].today);
        assert_true(w->side[side].reached >= w->side[side].today);
        assert_true(w->side[side].reached <= w->touched);
    }
}

static void the_same_strategy_changes_nothing(void **state)
{
    struct whatif w = looked(b2b, &(struct whatif_request){ 0 });

    (void)state;
    assert_int_equal(w.casefiles, CASEFILES);
    assert_int_equal(w.looked, CASEFILES);
    assert_false(w.sampled);
    assert_true(w.touched > 50 && contacts(&w.side[0]) > 20);
    assert_memory_equal(&w.side[0], &w.side[1], sizeof w.side[0]);
    assert_int_equal(w.gains.count + w.loses.count + w.other.count, 0);
    assert_int_equal(w.more.count + w.fewer.count, 0);
    check_sums(&w);
}

static void a_step_that_comes_later_is_seen(void **state)
{
    struct whatif w = looked(replaced(b2b, "{id: past_due, after_due: 7, channels: [email, letter]",
                                      "{id: past_due, after_due: 9, channels: [letter]"),
                             &(struct whatif_request){ 0 });

    (void)state;
    check_sums(&w);
    assert_true(memcmp(&w.side[0], &w.side[1], sizeof w.side[0]) != 0);
    for (size_t i = 0; i < w.gains.shown; i++) {
        assert_null(w.gains.examples[i].live);
        assert_non_null(w.gains.examples[i].draft);
    }
    for (size_t i = 0; i < w.fewer.shown; i++)
        assert_true(w.fewer.examples[i].draft_contacts < w.fewer.examples[i].live_contacts);
}

static void nobody_in_it_is_nobody_reached(void **state)
{
    struct whatif w = looked(replaced(b2b, "for: business", "for: open_items > 100000 && business"),
                             &(struct whatif_request){ 0 });

    (void)state;
    check_sums(&w);
    assert_int_equal(contacts(&w.side[1]), 0);
    assert_int_equal(w.side[0].today, w.loses.count);
}

static void a_sample_is_a_part(void **state)
{
    struct whatif all = looked(b2b, &(struct whatif_request){ 0 });
    struct whatif w = looked(b2b, &(struct whatif_request){ .most = 100 });

    (void)state;
    assert_true(w.sampled);
    assert_int_equal(w.casefiles, CASEFILES);
    assert_true(w.looked > 40 && w.looked < 200);
    assert_true(contacts(&w.side[0]) < contacts(&all.side[0]));
    check_sums(&w);
}

static void who_sees_nothing_counts_nothing(void **state)
{
    struct whatif w = looked(b2b, &(struct whatif_request){ .clients = "Nobody, Inc." });

    (void)state;
    assert_int_equal(w.looked, 0);
    assert_int_equal(w.touched, 0);
}

static void reached_steps_are_those_of_the_strategy(void **state)
{
    struct whatif_request r = { .store = store, .policy = policy_of(policy) };
    struct strategy_reach reach;
    struct fault why = { 0 };
    int64_t coming = 0;

    (void)state;
    r.live = parsed(b2b);
    assert_true(instant_parse("2026-11-23T10:10:00-06:00", &r.now));
    assert_true(store_read_begin(store, &why));
    assert_true(strategy_reach(&r, &keep, &reach, &why));
    store_read_end(store);
    assert_int_equal(reach.count, 3 + 6 + 7);
    for (size_t i = 0; i < reach.count; i++)
        coming += reach.all[i].coming;
    assert_int_equal(coming, looked(b2b, &(struct whatif_request){ 0 }).side[0].today);
}

static struct strategy_reach reached(const char *draft, const struct whatif_request *how)
{
    struct whatif_request r = *how;
    struct strategy_reach reach;
    struct fault why = { 0 };

    r.store = store;
    r.policy = policy_of(policy);
    r.live = parsed(b2b);
    r.draft = parsed(draft);
    assert_true(instant_parse("2026-11-23T10:10:00-06:00", &r.now));
    assert_true(store_read_begin(store, &why));
    assert_true(strategy_draft_reach(&r, &keep, &reach, &why));
    store_read_end(store);
    return reach;
}

/* Each step of a draft has as many as the comparison says in all, ten of them by name. */
static void steps_of_a_draft_add_up(void **state)
{
    static const struct whatif_request how[] = { { .most = 0 },
                                                 { .most = 100 },
                                                 { .clients = "Nobody, Inc." } };
    const char *draft = replaced(b2b, "{id: past_due, after_due: 7, channels: [email, letter]",
                                 "{id: early, after_due: 5, channels: [letter]");
    int64_t all = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(how); i++) {
        struct whatif w = looked(draft, &how[i]);
        struct strategy_reach reach = reached(draft, &how[i]);
        int64_t coming = 0, stopped = 0;
        assert_int_equal(reach.count, 3 + 6 + 7);
        assert_true(reach.sampled == w.sampled);
        for (size_t k = 0; k < reach.count; k++) {
            int64_t of_step = reach.all[k].taken + reach.all[k].coming;
            coming += reach.all[k].coming;
            stopped += reach.all[k].stopped;
            assert_int_equal(reach.all[k].shown,
                             of_step < WHATIF_EXAMPLES ? of_step : WHATIF_EXAMPLES);
        }
        assert_int_equal(coming, w.side[1].today);
        assert_int_equal(stopped, w.side[1].stopped);
        all = i == 0 ? coming : all;
        assert_true(i == 0 ? coming > 5 : coming < all);
    }
}

static int begin(void **state)
{
    struct demo_request r = { .casefiles = CASEFILES, .seed = 7, .months = 6 };
    struct fault why = { 0 };
    struct instant now;
    struct file file;
    struct book b;
    const struct zone *zone;
    int fd = mkstemp(url);

    (void)state;
    if (fd < 0 || close(fd) != 0 || unlink(url) != 0)
        return -1;
    assert_true(instant_parse("2026-11-20T09:40:00-06:00", &now));
    assert_true(files_load(&keep, "strategies/b2b-invoices.yaml", &file, &why));
    b2b = (const char *)file.bytes;
    if (!demo_create(url, &why) || !book_open(&b, url, now, &why) || !demo_fill(&b, r, &why)) {
        print_error("%s\n", why.text);
        return -1;
    }
    zone = b.zone;
    book_close(&b);
    policy = policy_load(zone, now, &why);
    store = store_open(url, STORE_READ, &why);
    return policy == NULL || store == NULL;
}

static int end(void **state)
{
    static const char *const suffixes[] = { "", "-wal", "-shm" };

    (void)state;
    store_close(store);
    policy_free(policy);
    for (size_t i = 0; i < COUNT(suffixes); i++)
        unlink(arena_print(&keep, "%s%s", url, suffixes[i]));
    arena_free(&keep);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_strategy_changes_nothing),
        cmocka_unit_test(a_step_that_comes_later_is_seen),
        cmocka_unit_test(nobody_in_it_is_nobody_reached),
        cmocka_unit_test(a_sample_is_a_part),
        cmocka_unit_test(who_sees_nothing_counts_nothing),
        cmocka_unit_test(reached_steps_are_those_of_the_strategy),
        cmocka_unit_test(steps_of_a_draft_add_up),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
