/*
 * Who asks beforehand hears what the cycle hears: the panel of an account, on the command line
 * and in the browser, asks the gate with the text that would be sent.
 */
#include "flow/explain.h"

#include "flow/book_fixture.h"
#include "flow/demo.h"
#include "flow/policy.h"
#include "flow/view.h"
#include "store/casefiles.h"

enum { CASEFILES = 150 };

struct asking {
    struct fixture f;
    struct instant now;
    struct loaded_policy *policy;
    struct store *store;
    struct view *view;
    struct arena a;
    size_t sent, sent_by_collectors;
};

static void asking_begin(struct asking *t)
{
    struct demo_request demo = { .casefiles = CASEFILES };
    struct fault why = { 0 };
    const struct zone *zone;
    struct book book;

    *t = (struct asking){ .now = fixture_at("2026-11-20T09:40:00-06:00") };
    assert_true(fixture_begin(&t->f, 0, "explain"));
    unlink(t->f.url);
    assert_fine(demo_create(t->f.url, &why), why);
    assert_fine(book_open(&book, t->f.url, t->now, &why), why);
    assert_fine(demo_fill(&book, demo, &why), why);
    book_close(&book);
    assert_fine(view_zone(t->f.url, &zone, &why), why);
    t->policy = policy_load(zone, t->now, &why);
    assert_fine(t->policy != NULL, why);
    t->store = store_open(t->f.url, STORE_READ, &why);
    t->view = view_open(t->f.url, policy_of(t->policy), zone, &why);
    assert_fine(t->store != NULL && t->view != NULL, why);
}

static void asking_end(struct asking *t)
{
    view_close(t->view);
    store_close(t->store);
    policy_free(t->policy);
    arena_free(&t->a);
    fixture_end(&t->f);
}

/* What the panel on the command line says of one channel at a moment. */
static enum ruling panel_says(struct asking *t, const char *account, enum channel channel,
                              struct instant at)
{
    struct explain_request request = { .url = t->f.url,
                                       .target = account,
                                       .now = t->now,
                                       .at = at,
                                       .channel_known = true,
                                       .channel = channel };
    struct contact_panel panel;
    struct fault why = { 0 };

    assert_fine(explain_channels(&request, &t->a, &panel, &why), why);
    return panel.all[0].ruling;
}

/* The page of an account knows only now. */
static enum ruling page_says(struct asking *t, const char *account, enum channel channel)
{
    struct casefile_view page;
    struct fault why = { 0 };

    assert_fine(view_begin(t->view, t->now, &why), why);
    assert_fine(view_casefile(t->view, account, &page, &why), why);
    view_end(t->view);
    for (size_t i = 0; i < CHANNELS_SHOWN; i++) {
        if (page.channels[i].channel == channel)
            return page.channels[i].ruling;
    }
    fail_msg("%s: %s is not shown", account, channel_name(channel));
    return RULING_DENY;
}

static void ask_of(struct asking *t, const char *account, const struct casefile *c,
                   const struct decision *d)
{
    const struct try *chosen = d->chosen;

    if (chosen == NULL)
        return;
    t->sent++;
    t->sent_by_collectors += !c->business && c->role == ACTOR_THIRD_PARTY_COLLECTOR &&
                             chosen->channel != CHANNEL_CALL;
    if (panel_says(t, account, chosen->channel, d->send_at) != RULING_ALLOW)
        fail_msg("%s: the cycle sends %s by %s, the panel says no", account, d->step->template,
                 channel_name(chosen->channel));
    if (d->send_at.us == t->now.us && page_says(t, account, chosen->channel) != RULING_ALLOW)
        fail_msg("%s: the cycle sends %s by %s, the page says no", account, d->step->template,
                 channel_name(chosen->channel));
}

static void ask_of_bucket(struct asking *t, int64_t bucket)
{
    const struct policy *policy = policy_of(t->policy);
    struct arena a = { 0 };
    struct casefiles files;
    struct fault why = { 0 };

    assert_fine(store_read_begin(t->store, &why), why);
    assert_fine(casefiles_load_due(t->store, &a, bucket, INSTANT_NEVER,
                                   wall_at(t->now, policy->zone).day, &files, &why),
                why);
    for (size_t i = 0; i < files.count; i++) {
        struct decision d;
        casefile_decide(policy, &files.all[i], t->now, &a, &d);
        ask_of(t, files.all[i].reference, &files.all[i], &d);
        arena_reset(&t->a);
    }
    store_read_end(t->store);
    arena_free(&a);
}

static void test_the_panels_say_what_the_cycle_does(void **state)
{
    struct asking t;

    (void)state;
    asking_begin(&t);
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++)
        ask_of_bucket(&t, bucket);
    assert_true(t.sent > CASEFILES / 10);
    assert_true(t.sent_by_collectors > 0);
    asking_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_panels_say_what_the_cycle_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
