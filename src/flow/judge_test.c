/*
 * The packs' own cases, and the labelled gate cases of ../shared/law (or RECOUP_SHARED): a case
 * agrees when the ruling is "allow" exactly if the label is, and the named rule is among the
 * findings with a citation that contains the case's. tests/judge_cases.c counts them by rule.
 */
#include "flow/judge.h"
#include "flow/judge_fixture.h"

#include "base/text.h"
#include "domain/rule.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void the_cases_in_the_packs_hold(void **state)
{
    struct rules_count count = rules_test(&book, stdout, false);

    (void)state;
    assert_int_equal(count.failed, 0);
    assert_true(count.passed >= 2 * book.pack_count);
}

/* Rules whose every labelled case must come out right. */
static const char *const settled[] = {
    "us.regf.inconvenient_time",
    "us.regf.prior_consent_time",
    "us.regf.call_frequency",
    "us.regf.call_after_conversation",
    "us.regf.cease",
    "us.regf.attorney",
    "us.regf.media_request",
    "us.regf.workplace",
    "us.regf.inconvenient_place",
    "us.fl.hours",
    "us.ma.call_frequency",
    "us.ma.call_frequency_creditor",
    "us.ma.call_frequency_work",
    "us.dc.call_frequency",
    "us.dc.electronic_consent",
    "us.wv.call_frequency",
    "us.wa.contact_frequency",
    "us.nyc.contact_frequency",
    "ca.on.hours",
    "ca.qc.hours",
    "ca.on.contact_frequency",
    "au.rg96.hours",
    "au.rg96.frequency",
    "gb.conc.contact_times",
    "gb.breathing_space",
    "gb.pap_debt.reply_period",
    "ca.on.notice_wait",
    "us.regf.work_email",
    "us.regf.email_procedure",
    "us.regf.sms_procedure",
    "us.regf.electronic_opt_out_notice",
    "us.regf.third_party",
    "us.regf.location_information",
    "us.regf.postcard",
    "us.regf.social_public",
    "us.regf.subsequent_disclosure",
    "us.regf.limited_content_message",
    "us.fdcpa.false_threat",
    "us.regf.time_barred",
    "us.regf.deceased",
    "us.scra.contact",
};

static bool is_settled(const char *rule)
{
    for (size_t i = 0; i < COUNT(settled); i++) {
        if (strcmp(settled[i], rule) == 0)
            return true;
    }
    return false;
}

static const char *word(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value == NULL ? "" : value;
}

static bool agrees(const json_t *label, const json_t *answer)
{
    const char *expected = word(label, "expect"), *ruling = word(answer, "ruling");
    json_t *finding;
    size_t i;

    if ((strcmp(expected, "allow") == 0) != (strcmp(ruling, "allow") == 0))
        return false;
    json_array_foreach(json_object_get(answer, "rules"), i, finding)
    {
        if (strcmp(word(finding, "rule"), word(label, "rule")) == 0 &&
            strstr(word(finding, "cite"), word(label, "cite")) != NULL)
            return true;
    }
    return false;
}

static void the_labelled_cases_agree(void **state)
{
    const char *shared = getenv("RECOUP_SHARED");
    const char *path = arena_print(&arena, "%s/law/gate-cases/cases.jsonl",
                                   shared == NULL ? "../shared" : shared);
    FILE *labels = fopen(path, "r"), *answers = tmpfile();
    char *label_line = NULL, *answer_line = NULL;
    size_t label_room = 0, answer_room = 0, wrong = 0;
    struct fault why = { 0 };

    (void)state;
    if (labels == NULL) {
        print_message("SKIPPED: there are no gate cases at %s (set RECOUP_SHARED)\n", path);
        fclose(answers);
        skip();
    }
    judge_file(path, &book, false, answers,
               &why); /* packs that are not written yet are faults */
    rewind(answers);
    while (getline(&label_line, &label_room, labels) >= 0) {
        assert_true(getline(&answer_line, &answer_room, answers) >= 0);
        json_t *label = json_loads(label_line, 0, NULL),
               *answer = json_loads(answer_line, 0, NULL);
        assert_true(label != NULL && answer != NULL);
        if (is_settled(word(label, "rule")) && !agrees(label, answer)) {
            print_message("%s: %s", word(label, "id"), answer_line);
            wrong++;
        }
        json_decref(label);
        json_decref(answer);
    }
    free(label_line);
    free(answer_line);
    fclose(labels);
    fclose(answers);
    assert_int_equal(wrong, 0);
}

/* The example of a page is a pack like any other. Returns the page. */
static const char *example_holds(const char *page, size_t cases)
{
    struct rulebook example;
    struct fault why = { 0 };
    char *bytes;
    size_t length;

    if (!text_read_file(page, 1 << 20, &arena, &bytes, &length, &why)) {
        print_message("SKIPPED: run from the top of the tree to check %s\n", page);
        skip();
    }
    char *begins = strstr(bytes, "```yaml\n") + strlen("```yaml\n"),
         *ends = strstr(begins, "```");
    if (!rulepack_parse(&arena, page, begins, (size_t)(ends - begins), &example, &why))
        fail_msg("%s", why.text);
    struct rules_count count = rules_test(&example, stdout, false);
    assert_int_equal(count.failed, 0);
    assert_int_equal(count.passed, cases);
    return bytes;
}

static void the_manual_tells_the_truth(void **state)
{
    const char *page = example_holds("docs/rule-packs.md", 2);

    (void)state;
    for (int i = 0; i < SHAPE_COUNT; i++) /* every shape has its row */
        assert_non_null(
            strstr(page, arena_print(&arena, "| `%s` |", shape_name((enum shape)i))));
}

static void the_readers_page_tells_the_truth(void **state)
{
    (void)state;
    example_holds("docs/rules/how-to-read-a-pack.md", 6);
}

static void the_page_on_new_states_tells_the_truth(void **state)
{
    (void)state;
    example_holds("docs/rules/adding-a-state.md", 9);
}

#define GOOD "\"packs\":[\"us.federal\"]," REST
#define MARS "\"packs\":[\"mars\"]," REST
#define REST                                                                                   \
    "\"actor\":{\"role\":\"debt_buyer\"},\"debts\":[{\"id\":"                                  \
    "\"D1\"}],"                                                                                \
    "\"person\":{\"id\":\"P1\",\"relation\":\"consumer\",\"zones\":[\"America/New_York\"]},"   \
    "\"facts\":[],\"history\":[],\"proposed\":{\"at\":\"2026-06-10T22:00:00-04:00\","          \
    "\"channel\":\"call\",\"to\":\"P1\",\"debts\":[\"D1\"]}"

static const struct {
    const char *line, *says;
} lines[] = {
    { "{\"id\":\"x\"," GOOD "}", "\"until\":\"2026-06-11T08:00:00-04:00\"" },
    { "not json", "\"line\":2,\"error\":\"not JSON" },
    { "{" MARS "}", "\"ruling\":\"deny\",\"rules\":[],\"until\":null,\"duties\":[],"
                    "\"unknown_packs\":[\"mars\"]" }, /* a law nobody knows closes the gate */
    { "{\"packs\":\"us.federal\"}", "\\\"packs\\\" must list" },
    { "{\"packs\":[]}", "\\\"proposed\\\" is missing" },
    { "{\"packs\":[],\"proposed\":{}}", "actor.role" },
    { "{\"packs\":[],\"actor\":{\"role\":\"debt_buyer\"},\"proposed\":{\"at\":\"2026-06-10\"}}",
      "proposed.at must be a moment" },
    { "{" GOOD ",\"id\":7}", "\"id\":7" },
    { "[]", "packs" },
    { "{" GOOD ",\"packs\":[]}", "duplicate" },
};

/* A bad line gets a sentence and its number; the others are judged all the same. */
static void bad_lines_do_not_stop_the_others(void **state)
{
    char path[] = "/tmp/judge_test_XXXXXX";
    FILE *in = fdopen(mkstemp(path), "w"), *out = tmpfile();
    struct fault why = { 0 };
    char *line = NULL;
    size_t room = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++)
        fprintf(in, "%s\n", lines[i].line);
    fclose(in);
    assert_false(judge_file(path, &book, false, out, &why));
    assert_int_equal(why.code, BAD_FILE);
    assert_non_null(strstr(why.text, "7 of 10 lines"));
    rewind(out);
    for (size_t i = 0; i < COUNT(lines); i++) {
        assert_true(getline(&line, &room, out) > 0);
        if (strstr(line, lines[i].says) == NULL)
            fail_msg("line %zu: %s", i + 1, line);
    }
    free(line);
    fclose(out);
    remove(path);
    assert_false(judge_file("/nowhere/at/all", &book, false, stdout, &why));
    assert_int_equal(why.code, NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cases_in_the_packs_hold),
        cmocka_unit_test(the_labelled_cases_agree),
        cmocka_unit_test(the_manual_tells_the_truth),
        cmocka_unit_test(the_readers_page_tells_the_truth),
        cmocka_unit_test(the_page_on_new_states_tells_the_truth),
        cmocka_unit_test(bad_lines_do_not_stop_the_others),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
