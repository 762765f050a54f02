/* template: letters, held against the rules and the list of words. */
#include "flow/template_check.h"

#include "base/json.h"
#include "cli/call.h"
#include "cli/commands.h"

enum { CHECK_CHANNEL, CHECK_ROLE, CHECK_PLACE, CHECK_STAGE, CHECK_SENDER };

static const struct option check_options[] = {
    [CHECK_CHANNEL] = { OPTION_CHANNEL, "channel", "CHANNEL", "only as email, or as letter",
                        "What is looked at", false, 0, NULL },
    [CHECK_ROLE] = { OPTION_TEXT, "role", "ROLE",
                     "only sent by first_party_creditor, debt_buyer, …", NULL, false, 0, NULL },
    [CHECK_PLACE] = { OPTION_TEXT, "place", "PLACE",
                      "only to readers there, such as US-CA (every place of the packs)",
                      NULL, false, 0, NULL },
    [CHECK_STAGE] = { OPTION_TEXT, "stage", "STAGE",
                      "initial, later, validation or time_barred (as meant)",
                      NULL, false, 0, NULL },
    [CHECK_SENDER] = { OPTION_TEXT, "sender", "NAME",
                       "look also at this name, which envelopes show", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static void print_findings(const struct call *call, const struct template_findings *f)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct template_finding *one = &f->all[i];
        fprintf(call->out, "%s:%d: %s %s%s%s\n", one->file, one->line,
                sign_of(call, SIGN_WRONG), one->kind, *one->what == '\0' ? "" : ": ",
                one->what);
        fprintf(call->out, "    %s\n", one->text);
        fprintf(call->out, "    %s, %s\n", one->rule, one->cite);
        fprintf(call->out, "    %s; %s; %s%s%s\n", one->channel, one->role, one->stage,
                *one->places == '\0' ? "" : "; ", one->places);
    }
}

static void print_json(const struct call *call, const struct template_findings *f)
{
    struct text out = { 0 };
    struct json_writer w = { &out, false };

    json_open(&w, '{');
    json_int_at(&w, "templates", (int64_t)f->templates);
    json_int_at(&w, "messages", (int64_t)f->asked);
    json_key(&w, "findings");
    json_open(&w, '[');
    for (size_t i = 0; i < f->count; i++) {
        const struct template_finding *one = &f->all[i];
        json_open(&w, '{');
        json_text_at(&w, "file", one->file);
        json_int_at(&w, "line", one->line);
        json_text_at(&w, "template", one->template);
        json_text_at(&w, "language", one->language);
        json_text_at(&w, "kind", one->kind);
        json_text_at(&w, "what", one->what);
        json_text_at(&w, "text", one->text);
        json_text_at(&w, "rule", one->rule);
        json_text_at(&w, "citation", one->cite);
        json_text_at(&w, "channel", one->channel);
        json_text_at(&w, "role", one->role);
        json_text_at(&w, "stage", one->stage);
        json_text_at(&w, "places", one->places);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    fprintf(call->out, "%s\n", text_of(&out));
    text_free(&out);
}

static bool run_template_check(struct call *call, struct fault *why)
{
    struct template_check_request request = {
        .target_count = call->target_count,
        .targets = call->targets,
        .channel_given = call->given[CHECK_CHANNEL].is,
        .channel = call->given[CHECK_CHANNEL].channel,
        .role = call_text(call, CHECK_ROLE),
        .place = call_text(call, CHECK_PLACE),
        .stage = call_text(call, CHECK_STAGE),
        .sender = call_text(call, CHECK_SENDER),
    };
    struct template_findings findings;

    if (!call_now(call, &request.now, why) ||
        !template_check(call->arena, &request, &findings, why))
        return false;
    if (call->format == FORMAT_JSON)
        print_json(call, &findings);
    else
        print_findings(call, &findings);
    call_tell(
        call, "%s, %s, %s\n",
        show_many(call->arena, (int64_t)findings.templates, "template", "templates"),
        show_many(call->arena, (int64_t)findings.asked, "message judged", "messages judged"),
        show_many(call->arena, (int64_t)findings.count, "finding", "findings"));
    if (findings.count > 0)
        call->exit = EXIT_FINDINGS;
    return true;
}

const struct command command_template_check = {
    .name = "template check",
    .section = "Strategy and rules",
    .summary = "Read letters: what must be said, what must not, and where amounts come from.",
    .examples = { "recoup template check",
                  "recoup template check letters/en/past-due.md --place US-CA --stage later" },
    .target = "FILE...",
    .targets_most = 1000,
    .options = check_options,
    .traits = ANSWERS_JSON | IS_DEFAULT,
    .notes =
        "FILE is a file, or the name of a letter; without one, every letter that is loaded.\n"
        "Each is judged for every channel, role and place that it may be sent for, by the law\n"
        "of --now. Exit code 8 when something is missing or forbidden.",
    .run = run_template_check,
};
