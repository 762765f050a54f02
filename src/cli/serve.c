/* serve: the pages, until somebody ends it. */
#include "cli/serving.h"

#include "cli/commands.h"
#include "cli/people.h"

enum { SERVE_LISTEN };

static const struct option serve_options[] = {
    [SERVE_LISTEN] = { OPTION_TEXT, "listen", "ADDR", "where (127.0.0.1:8080)", "Where", false,
                       0, NULL },
    { .kind = OPTION_END },
};

static void tell_ready(void *self, const char *address)
{
    const struct call *call = self;

    fprintf(call->out, "Serving at %s. Ctrl-C stops.\n", address);
    fflush(call->out);
}

bool serve_until_stopped(struct call *call, const char *listen,
                         void (*ready)(void *self, const char *address), void *self,
                         struct fault *why)
{
    struct serving serving = { .url = call->settings.db.value,
                               .settings = &call->settings,
                               .listen = listen,
                               .clock_stands = call->global[GLOBAL_NOW].is,
                               .stop = call_stop_flag(),
                               .ready = ready,
                               .self = self };

    return call_now(call, &serving.now, why) && call->neighbours->serve(&serving, why);
}

static bool run_serve(struct call *call, struct fault *why)
{
    people_tell_nobody(call);
    return serve_until_stopped(call, call_text(call, SERVE_LISTEN), tell_ready, call, why);
}

const struct command command_serve = {
    .name = "serve",
    .section = "Getting going",
    .summary = "Show the book in a browser: accounts, why things happen, the outbox, figures.",
    .examples = { "recoup serve",
                  "recoup serve --listen 127.0.0.1:9000 --db demo-data/recoup.db" },
    .options = serve_options,
    .traits = ACTS,
    .notes = "Who may sign in: recoup user list. The first account: recoup user add.",
    .run = run_serve,
};
