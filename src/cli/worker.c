/* worker: the delivery of what the cycle queued. */
#include "base/json.h"
#include "cli/commands.h"
#include "cli/working.h"

enum { WORKER_UNTIL_IDLE };

static const struct option worker_options[] = {
    [WORKER_UNTIL_IDLE] = { OPTION_FLAG, "until-idle", NULL, "stop when nothing is ready",
                            "How long", false, 0, NULL },
    { .kind = OPTION_END },
};

static void print_delivered_json(const struct call *call, const struct deliver_result *result)
{
    struct text out = { 0 };
    struct json_writer w = { &out, false };

    json_open(&w, '{');
    json_int_at(&w, "sent", result->sent);
    json_int_at(&w, "refused", result->refused);
    json_int_at(&w, "expired", result->expired);
    json_int_at(&w, "deferred", result->deferred);
    json_int_at(&w, "unsure", result->unsure);
    json_int_at(&w, "failed", result->failed);
    json_close(&w, '}');
    fprintf(call->out, "%s\n", text_of(&out));
    text_free(&out);
}

static void print_delivered(const struct call *call, const struct deliver_result *result)
{
    const struct {
        enum sign sign;
        int64_t count;
        const char *words;
    } lines[] = {
        { SIGN_DONE, result->sent, "sent" },
        { SIGN_LOOK, result->deferred, "put off: not allowed, or the provider was busy" },
        { SIGN_WRONG, result->refused, "refused by the provider" },
        { SIGN_WRONG, result->failed, "could not be made" },
        { SIGN_SKIPPED, result->expired, "expired: no longer true when their turn came" },
        { SIGN_LOOK, result->unsure,
          "unsure: a person must settle them (recoup outbox list "
          "--state unsure)" },
    };

    for (size_t i = 0; i < COUNT(lines); i++) {
        if (lines[i].count > 0 || i == 0)
            fprintf(call->out, "  %s %s %s\n", sign_of(call, lines[i].sign),
                    show_count(call->arena, lines[i].count), lines[i].words);
    }
}

bool deliver_for_call(const struct call *call, struct deliver_request *request,
                      struct deliver_result *result, struct fault *why)
{
    *result = (struct deliver_result){ 0 };
    request->url = call->settings.db.value;
    request->clock_stands = call->global[GLOBAL_NOW].is;
    request->stop = call_stop_flag();
    return call_now(call, &request->now, why) && deliver_run(request, result, why);
}

static bool run_worker(struct call *call, struct fault *why)
{
    struct deliver_request request = { .until_idle = call->given[WORKER_UNTIL_IDLE].is };
    struct deliver_result result;

    if (!channels_of_settings(&call->settings, &request.channels, why))
        return false;
    if (request.channels.folder == NULL && request.channels.letter_folder == NULL &&
        request.channels.email.url == NULL)
        call_tell(call, "No channel is set up; messages wait. See: recoup help config\n");
    if (!request.until_idle)
        call_tell(call, "Delivering. Ctrl-C finishes the message in hand and stops.\n");
    if (!deliver_for_call(call, &request, &result, why))
        return false;
    if (call->format == FORMAT_JSON)
        print_delivered_json(call, &result);
    else if (!call->quiet)
        print_delivered(call, &result);
    return true;
}

const struct command command_worker = {
    .name = "worker",
    .section = "Getting going",
    .summary = "Deliver what is queued: each message is judged again, then sent once.",
    .examples = { "recoup worker", "recoup worker --until-idle --json" },
    .options = worker_options,
    .traits = ANSWERS_JSON | ACTS,
    .notes = "Channels are set up in recoup.yaml: recoup help config.",
    .run = run_worker,
};
