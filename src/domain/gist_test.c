#include "domain/gist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define JUDGED(verdict) "\"facts\":\"f\",\"rulebook\":\"r\",\"packs\":[],\"verdict\":" verdict

static const struct {
    const char *kind, *record, *outcome, *channel, *rule, *actor;
} cases[] = {
    /* what the cycle decided */
    { "decision",
      "{\"standing\":\"queued\",\"channel\":\"email\",\"send_at\":\"2026-11-20T16:00:00Z\","
      "\"tried\":[{\"channel\":\"letter\",\"ruling\":\"deny\",\"rule\":\"x.y\"}]," JUDGED(
          "{\"ruling\":\"allow\",\"findings\":[]}") "}",
      "allowed", "email", "", "" },
    { "decision",
      "{\"standing\":\"queued\",\"channel\":\"call\",\"send_at\":\"2026-11-20T16:00:"
      "01Z\"," JUDGED("{\"ruling\":\"allow\",\"findings\":[]}") "}",
      "moved", "call", "", "" },
    { "refusal",
      "{\"standing\":\"blocked\",\"tried\":[{\"channel\":\"email\",\"ruling\":\"deny\","
      "\"rule\":"
      "\"a.b\"},{\"channel\":\"letter\",\"ruling\":\"deny\",\"rule\":\"a.c\"}]," JUDGED(
          "{\"ruling\":\"deny\",\"findings\":[{\"rule\":\"a.z\",\"ruling\":\"deny\"}]}") "}",
      "blocked", "letter", "a.c", "" },
    { "refusal",
      "{\"standing\":\"later\",\"tried\":[{\"channel\":\"call\",\"ruling\":\"defer\",\"rule\":"
      "\"h.hours\",\"until\":\"2026-11-20T18:00:00Z\"}]," JUDGED(
          "{\"ruling\":\"defer\",\"until\":\"2026-11-20T18:00:00Z\",\"findings\":[]}") "}",
      "moved", "call", "h.hours", "" },
    { "refusal",
      "{\"standing\":\"unreachable\",\"tried\":[{\"channel\":\"letter\",\"ruling\":\"no_"
      "address\"}]}",
      "blocked", "letter", "", "" },
    /* a message on its way: only a new answer counts */
    { "message",
      "{\"outbox\":3,\"channel\":\"email\",\"state\":\"sending\"," JUDGED(
          "{\"ruling\":\"allow\",\"findings\":[]}") "}",
      "", "email", "", "" },
    { "message",
      "{\"outbox\":3,\"channel\":\"email\",\"state\":\"refused\",\"reason\":\"house."
      "hold\"," JUDGED(
          "{\"ruling\":\"deny\",\"findings\":[{\"rule\":\"a\",\"ruling\":\"deny\"}]}") "}",
      "blocked", "email", "house.hold", "" },
    { "message",
      "{\"outbox\":3,\"channel\":\"sms\",\"state\":\"expired\",\"reason\":\"house."
      "hours\"," JUDGED("{\"ruling\":\"defer\",\"findings\":[]}") "}",
      "blocked", "sms", "house.hours", "" },
    { "message", "{\"outbox\":3,\"channel\":\"sms\",\"state\":\"sent\"}", "", "sms", "", "" },
    /* another judged thing: the weightiest finding, as the gate weighs them */
    { "debit_refused",
      "{\"plan\":1," JUDGED(
          "{\"ruling\":\"deny\",\"findings\":[{\"rule\":\"a\",\"ruling\":\"allow\"},"
          "{\"rule\":\"b\",\"ruling\":\"deny\",\"unknown\":\"zones\"},"
          "{\"rule\":\"c\",\"ruling\":\"deny\"},{\"rule\":\"d\",\"ruling\":\"defer\"}]}") "}",
      "blocked", "", "c", "" },
    { "debit_refused",
      "{\"plan\":1," JUDGED(
          "{\"ruling\":\"defer\",\"findings\":["
          "{\"rule\":\"b\",\"ruling\":\"defer\",\"until\":\"2026-11-21T08:00:00Z\"},"
          "{\"rule\":\"c\",\"ruling\":\"defer\",\"until\":\"2026-11-22T08:00:00Z\"}]}") "}",
      "moved", "", "c", "" },
    /* people */
    { "offer", "{\"offer\":7,\"state\":\"waiting_approval\",\"by\":\"omar@fairhaven.example\"}",
      "held", "", "", "omar@fairhaven.example" },
    { "contact",
      "{\"channel\":\"call\",\"note\":\"said "
      "\\\"by\\\":\\\"me\\\"\",\"by\":\"priya@fairhaven.example\"}",
      "", "call", "", "priya@fairhaven.example" },
    { "debtor", "{\"reference\":\"C-1\"}", "", "", "", "" },
    { "fact", "{\"detail\":{\"by\":\"x\"}}", "", "", "", "" },
};

static void what_a_record_says(void **state)
{
    struct instant at;

    (void)state;
    assert_true(instant_parse("2026-11-20T16:00:00Z", &at));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct gist g;
        gist_read(cases[i].kind, at, cases[i].record, &g);
        assert_string_equal(g.outcome, cases[i].outcome);
        assert_string_equal(g.channel, cases[i].channel);
        assert_string_equal(g.rule, cases[i].rule);
        assert_string_equal(g.actor, cases[i].actor);
    }
}

static void what_does_not_fit_is_left_out(void **state)
{
    char record[600];
    struct gist g;

    (void)state;
    memset(record, 'a', sizeof record);
    memcpy(record, "{\"channel\":\"", 12);
    memcpy(record + sizeof record - 3, "\"}", 3);
    gist_read("contact", (struct instant){ 0 }, record, &g);
    assert_string_equal(g.channel, "");
    gist_read("contact", (struct instant){ 0 }, "{\"channel\":\"ca", &g);
    assert_string_equal(g.channel, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_record_says),
        cmocka_unit_test(what_does_not_fit_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
