#include "flow/template_check.h"

#include "base/text.h"
#include "flow/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct instant moment(void)
{
    struct instant at;

    assert_true(instant_parse("2026-11-21T12:00:00Z", &at));
    return at;
}

/* Every letter that is shipped, for every place of every pack. */
static void shipped_letters_pass(void **state)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct template_check_request r = { .now = moment() };
    struct template_findings found;

    (void)state;
    if (!template_check(&a, &r, &found, &why))
        fail_msg("%s", why.text);
    for (size_t i = 0; i < found.count; i++)
        print_error("%s:%d: %s %s (%s; %s)\n", found.all[i].file, found.all[i].line,
                    found.all[i].rule, found.all[i].what, found.all[i].stage,
                    found.all[i].places);
    assert_int_equal(found.count, 0);
    assert_true(found.templates >= 16);
    assert_true(found.asked > 1000);
    arena_free(&a);
}

static const char creditor[] =
    "---\ntitle: x\npurpose: collection\nfrom: creditor\nto: person\n"
    "channels: [email, letter]\ntone: plain\nsubject: A note\n---\n";
static const char collector[] = "---\ntitle: x\npurpose: collection\nfrom: collector\n"
                                "to: person\nplaces: [US]\nchannels: [email, letter]\n"
                                "tone: plain\nsubject: A note\n---\n";
static const char good[] = "{{> wording/debt-collector-later}}\n\n{{> parts/reach-us}}\n"
                           "{{> parts/stop-emails-third-party}}\n";

static const char plain[] = "\n{{> parts/reach-us}}\n{{> parts/stop-emails}}\n";

/* One fault each: what is found, and where. */
static const struct bad {
    const char *language, *front, *text, *rest;
    const char *rule, *kind, *what;
    int line;
} bad[] = {
    { "en", creditor, "You may be arrested.\n", good, "wording.arrest", "forbidden", "arrest*",
      10 },
    { "en", creditor, "\nWe will garnish your wages.\n", good, "wording.seizure", "forbidden",
      "garnish*", 11 },
    { "en", creditor, "Pay, or we will\ntake legal\naction.\n", good, "wording.suit",
      "forbidden", "legal action", 11 },
    { "en", creditor, "Your credit score will suffer.\n", good, "wording.credit", "forbidden",
      "credit score*", 10 },
    { "en", creditor, "A judgment can follow.\n", good, "wording.old_debt", "forbidden",
      "judgment*", 10 },
    { "en", creditor, "This is your FINAL warning.\n", good, "wording.urgency", "forbidden",
      "final warning", 10 },
    { "en", creditor, "Only a deadbeat does that.\n", good, "wording.shame", "forbidden",
      "deadbeat", 10 },
    { "en", creditor, "We are a law firm.\n", good, "wording.office", "forbidden", "law firm",
      10 },
    { "en", creditor, "You owe us $500.\n", good, "wording.typed_amount", "forbidden", "$500.",
      10 },
    { "en", creditor, "You owe us 500 dollars.\n", good, "wording.typed_amount", "forbidden",
      "dollars.", 10 },
    { "en", creditor, "You owe us ${{amount}}.\n", good, "wording.typed_amount", "forbidden",
      "$", 10 },
    { "en", creditor, "You owe us {{balance}}.\n", good, "wording.unknown_value", "forbidden",
      "{{balance}}", 10 },
    { "en", creditor, "Hello.\n", "", "wording.no_place", "missing", "", 1 },
    { "de", creditor, "Dann geht es vor GERICHT.\n", plain, "wording.suit", "forbidden",
      "gericht", 10 },
    { "de", creditor, "Zahlen Sie 100 Euro.\n", plain, "wording.typed_amount", "forbidden",
      "Euro.", 10 },
    { "ar", creditor, "سنذهب إلى المحكمة.\n", plain, "wording.suit", "forbidden", "المحكمة",
      10 },
    { "en",
      "---\ntitle: x\npurpose: collection\nfrom: collector\nto: person\nplaces: [US]\n"
      "channels: [email]\ntone: plain\nsubject: \"Your debt, {{amount}}\"\n---\n",
      "Hello.\n", good, "wording.subject", "forbidden", "debt*", 9 },
    { "en",
      "---\ntitle: x\npurpose: collection\nfrom: collector\nto: person\nplaces: [US]\n"
      "channels: [email]\ntone: plain\nsubject: \"About {{amount}}\"\n---\n",
      "Hello.\n", good, "wording.subject_amount", "forbidden", "{{amount}}", 9 },
    { "en",
      "---\ntitle: x\npurpose: collection\nfrom: creditor\nto: person\nchannels: [letter]\n"
      "tone: plain\nsubject: s\nsays: [nonsense]\n---\n",
      "Hello.\n", good, "wording.unknown_value", "forbidden", "says: nonsense", 1 },
    { "en", collector, "This is a debt collector, typed by hand.\n",
      "{{> parts/reach-us}}\n{{> parts/stop-emails-third-party}}\n",
      "us.regf.subsequent_disclosure", "missing", "debt_collector_statement", 1 },
    { "en", collector, "{{> wording/debt-collector-later}}\n", "\n{{> parts/reach-us}}\n",
      "us.regf.electronic_opt_out_notice", "missing", "opt_out_notice", 1 },
    { "en", collector, "{{#pay_url}}\n{{> wording/debt-collector-later}}\n{{/pay_url}}\n",
      "\n{{> parts/reach-us}}\n{{> parts/stop-emails-third-party}}\n",
      "us.regf.subsequent_disclosure", "missing", "debt_collector_statement", 1 },
    { "en",
      "---\ntitle: x\npurpose: collection\nfrom: collector\nto: person\nplaces: [US]\n"
      "channels: [letter]\ntone: plain\nsubject: s\nsays: [threatens_suit]\n---\n",
      "We will sue.\n", good, "us.fdcpa.false_threat", "forbidden", "", 1 },
    { "en",
      "---\ntitle: x\npurpose: validation_notice\nfrom: collector\nto: person\nplaces: [US]\n"
      "channels: [letter]\ntone: plain\nsubject: s\n---\n",
      "{{> wording/debt-collector-validation}}\n", good, "us.regf.validation_content",
      "missing", "itemization_date", 1 },
};

/* Finds it, with the right rule and place; what is good about the text is not complained of. */
static bool is_found(const struct template_findings *found, const struct bad *b)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct template_finding *f = &found->all[i];
        if (strcmp(f->rule, b->rule) == 0 && strcmp(f->kind, b->kind) == 0 &&
            (strcmp(f->what, b->what) == 0 || text_starts(b->rule, "us.")) &&
            f->line == b->line && f->cite[0] != '\0' && f->text[0] != '\0')
            return true;
    }
    return false;
}

static const char *write_bad(struct arena *a, const char *folder, const struct bad *b)
{
    const char *path = arena_print(a, "%s/%s/bad.md", folder, b->language);

    assert_int_equal(system(arena_print(a, "mkdir -p %s/%s", folder, b->language)), 0);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%s%s%s", b->front, b->text, b->rest);
    fclose(file);
    return path;
}

static void each_fault_is_found(void **state)
{
    char folder[] = "/tmp/recoup-test-XXXXXX";
    struct arena a = { 0 };

    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct fault why = { 0 };
        const char *path = write_bad(&a, folder, &bad[i]);
        struct template_check_request r = { 1, &path, .now = moment(), .place = "US-OH" };
        struct template_findings found;
        if (!template_check(&a, &r, &found, &why))
            fail_msg("%s: %s", bad[i].rule, why.text);
        if (!is_found(&found, &bad[i])) {
            for (size_t k = 0; k < found.count; k++)
                print_error("  %s:%d %s \"%s\"\n", found.all[k].kind, found.all[k].line,
                            found.all[k].rule, found.all[k].what);
            fail_msg("%zu: %s \"%s\" in line %d is not found", i, bad[i].rule, bad[i].what,
                     bad[i].line);
        }
    }
    assert_int_equal(system(arena_print(&a, "rm -r %s", folder)), 0);
    arena_free(&a);
}

static void what_is_asked_for(void **state)
{
    const char *name = "follow-up", *unknown = "no-such-letter";
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct template_findings found;
    struct template_check_request r = { 1, &name, .now = moment(), .place = "US-OH" };

    (void)state;
    r.stage = "validation"; /* it names a day to pay by: not while the person may dispute */
    assert_true(template_check(&a, &r, &found, &why));
    assert_int_equal(found.count, 1);
    assert_string_equal(found.all[0].rule, "us.regf.overshadowing");
    assert_string_equal(found.all[0].places, "US-OH");
    r.stage = "later";
    r.sender = "Lakeview Debt Recovery";
    assert_true(template_check(&a, &r, &found, &why));
    assert_int_equal(found.count, 2);
    assert_string_equal(found.all[0].rule, "wording.envelope");
    assert_string_equal(found.all[0].channel, "letter");
    r.sender = "Lakeview Partners";
    assert_true(template_check(&a, &r, &found, &why));
    assert_int_equal(found.count, 0);
    r.channel_given = true;
    r.channel = CHANNEL_EMAIL;
    r.role = "debt_buyer";
    assert_true(template_check(&a, &r, &found, &why));
    assert_int_equal(found.asked, 1);
    r.stage = "now";
    assert_false(template_check(&a, &r, &found, &why));
    assert_int_equal(why.code, BAD_USAGE);
    r.stage = NULL;
    r.targets = &unknown;
    assert_false(template_check(&a, &r, &found, &why));
    assert_int_equal(why.code, NOT_FOUND);
    arena_free(&a);
}

/* What the gate is told of a text: by its values and parts, for this channel. */
static void content_is_read(void **state)
{
    static const struct {
        const char *name;
        enum channel channel;
        const char *field, *value;
    } cases[] = {
        { "follow-up", CHANNEL_EMAIL, "debt_collector_statement", "true" },
        { "follow-up", CHANNEL_EMAIL, "opt_out_notice", "true" },
        { "follow-up", CHANNEL_LETTER, "opt_out_notice", NULL },
        { "follow-up", CHANNEL_EMAIL, "mini_miranda", NULL },
        { "follow-up", CHANNEL_EMAIL, "requests_payment", "true" },
        { "follow-up", CHANNEL_EMAIL, "pay_within_days", "10" },
        { "follow-up", CHANNEL_LETTER, "pay_within_days", "14" },
        { "follow-up", CHANNEL_EMAIL, "subject", "Information for …, reference …" },
        { "follow-up", CHANNEL_LETTER, "subject", NULL },
        { "introduction", CHANNEL_LETTER, "mini_miranda", "true" },
        { "introduction", CHANNEL_LETTER, "requests_payment", "false" },
        { "introduction-germany", CHANNEL_LETTER, "client_name", "true" },
        { "introduction-germany", CHANNEL_LETTER, "claim_ground", "true" },
        { "introduction-germany", CHANNEL_LETTER, "contract_date", "true" },
        { "introduction-germany", CHANNEL_LETTER, "interest_calculation", "true" },
        { "introduction-germany", CHANNEL_LETTER, "fee_details", "true" },
        { "introduction-germany", CHANNEL_LETTER, "supervisory_authority", "true" },
        { "introduction", CHANNEL_LETTER, "supervisory_authority", NULL },
        { "past-due", CHANNEL_EMAIL, "opt_out_notice", NULL }, /* only if there is an address */
        { "past-due", CHANNEL_EMAIL, "debt_collector_statement", NULL },
        { "validation-notice", CHANNEL_LETTER, "mini_miranda", "true" },
        { "validation-notice", CHANNEL_LETTER, "itemization.credits", "true" },
        { "validation-notice", CHANNEL_LETTER, "creditor_on_itemization_date", "true" },
        { "validation-notice", CHANNEL_LETTER, "response_prompts", "true" },
        { "validation-notice", CHANNEL_EMAIL, "consumer_name_address", "true" },
        { "validation-notice", CHANNEL_EMAIL, "cfpb_link", "true" },
        { "validation-notice", CHANNEL_EMAIL, "requests_payment", "false" },
    };
    struct fault why = { 0 };
    struct loaded_policy *loaded = policy_load(zone_find("UTC"), moment(), &why);

    (void)state;
    assert_non_null(loaded);
    const struct policy *policy = policy_of(loaded);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct message_content *content =
            policy->content_of(policy, cases[i].name, "en", cases[i].channel);
        assert_non_null(content);
        const char *got = gate_field_find(content->fields, cases[i].field);
        if (!text_equal(got, cases[i].value))
            fail_msg("%s, %s: %s", cases[i].name, cases[i].field,
                     got != NULL ? got : "nothing");
        assert_true(content->takes_wording);
    }
    assert_null(policy->content_of(policy, "letter-of-demand", "en", CHANNEL_EMAIL));
    assert_null(policy->content_of(policy, "no-such-letter", "en", CHANNEL_EMAIL));
    policy_free(loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_letters_pass),
        cmocka_unit_test(each_fault_is_found),
        cmocka_unit_test(what_is_asked_for),
        cmocka_unit_test(content_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
