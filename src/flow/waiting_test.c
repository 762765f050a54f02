/* What waits on one person: each count is that of its list, and only of what they have a right to. */
#include "flow/user_fixture.h"

#include "flow/house.h"
#include "flow/user_role.h"
#include "flow/waiting.h"
#include "flow/webhook.h"

static struct waiting count(struct people *p, int64_t number, const char *clients)
{
    struct user user = people_get(p, number);
    struct approver by = approver_of(&user, role_find(p->roles, user.role));
    struct task_filter mine = { .now = p->b.now, .zone = p->b.zone, .clients = clients };
    struct waiting out;
    struct fault why = { 0 };

    by.clients = clients;
    assert_fine(waiting_count(p->b.store, &p->a, &by, &mine, &out, &why), why);
    return out;
}

/* Two draws: the first so long ago that it is not among the last any more. */
static const char draws[] =
    "INSERT INTO sample (sample_no, filter, seed, wanted, until_at, span, looked, whole, staff_no, at)"
    " VALUES (1, '{}', 1, 3, 0, 1, 1, 1, 1, 0), (30, '{}', 1, 3, 0, 1, 1, 1, 1, 0);"
    "INSERT INTO review (sample_no, item_no, bucket, seq, casefile_id, actor, rule, state, staff_no, at)"
    " VALUES (1, 1, 0, 1, 0, NULL, NULL, 'waiting', 0, 0),"
    " (30, 1, 0, 1, 0, NULL, NULL, 'waiting', 0, 0),"
    " (30, 2, 0, 1, 0, 'dee@firm.example', NULL, 'waiting', 0, 0),"
    " (30, 3, 0, 1, 0, 'cid@firm.example', NULL, 'done', 1, 0)";

static void test_samples_are_for_who_reviews(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "waiting") {
        people_begin(&p);
        int64_t dee = people_add(&p, "dee@firm.example", "compliance", fixture_password);
        int64_t eve = people_add(&p, "eve@firm.example", "compliance", fixture_password);
        people_keep(&p);
        assert_int_equal(count(&p, eve, NULL).reviews, 0);
        fixture_execute(&p.f, draws);
        assert_int_equal(count(&p, eve, NULL).reviews, 2);
        assert_int_equal(count(&p, dee, NULL).reviews, 1); /* not what they did themselves */
        assert_int_equal(count(&p, eve, "Firm").reviews, 0); /* it is of the whole house */
        assert_int_equal(count(&p, p.cid, NULL).reviews, 0);
    }
}

static void test_what_fails_is_for_administrators(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "waiting") {
        const struct webhook_input in = { .url = "https://127.0.0.1:1/hook", .events = "*" };
        char secret[WEBHOOK_SECRET_TEXT];
        struct fault why = { 0 };
        int64_t number;
        people_begin(&p);
        assert_fine(house_setting_put(&p.b, "webhook_private", "yes", &why), why);
        assert_fine(webhook_add(&p.b, &in, &number, secret, &why), why);
        people_keep(&p);
        assert_int_equal(count(&p, p.ann, NULL).webhooks, 0);
        people_begin(&p);
        assert_fine(webhook_fail(&p.b, number, "Nobody answers.", &why), why);
        people_keep(&p);
        assert_int_equal(count(&p, p.ann, NULL).webhooks, 1);
        assert_int_equal(count(&p, p.cid, NULL).webhooks, 0);
        assert_int_equal(count(&p, p.ann, NULL).messages, 0);
    }
}

static void test_approvals_are_those_they_may_decide(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "waiting") {
        struct role_wish wish = { .by = p.ann, .reason = "Ann is away in May" };
        struct fault why = { 0 };
        int64_t approval, gus;
        people_begin(&p);
        gus = people_add(&p, "gus@firm.example", "administrator", fixture_password);
        assert_fine(user_role_give(&p.b, p.roles, &wish, p.cid, people_get(&p, p.cid).version,
                                   "administrator", &approval, &why), why);
        people_keep(&p);
        assert_int_equal(count(&p, gus, NULL).approvals, 1);
        assert_int_equal(count(&p, p.ann, NULL).approvals, 0); /* she asked for it */
        assert_int_equal(count(&p, p.cid, NULL).approvals, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_are_for_who_reviews),
        cmocka_unit_test(test_what_fails_is_for_administrators),
        cmocka_unit_test(test_approvals_are_those_they_may_decide),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
