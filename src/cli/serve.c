/* serve: the pages, until somebody ends it. */
#include "cli/serving.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/people.h"

#include <string.h>

enum {
    SERVE_LISTEN,
    SERVE_CERT,
    SERVE_KEY,
    SERVE_PROXY,
    SERVE_PLAIN,
    SERVE_WORKERS,
    SERVE_DRAIN,
    SERVE_READ_ONLY,
    SERVE_LOG,
    SERVE_TOKEN,
};

enum { DRAIN_SECONDS = 20, DRAIN_MOST = 3600, WORKERS_MOST = 64, TOKEN_LEAST = 16 };

static const struct option serve_options[] = {
    [SERVE_LISTEN] = { OPTION_TEXT, "listen", "ADDR", "where (127.0.0.1:8080)", "Where", false,
                       0, NULL },
    [SERVE_CERT] = { OPTION_TEXT, "tls-cert", "FILE",
                     "certificate and those between, PEM; read again when it changes, and at "
                     "SIGHUP",
                     NULL, false, 0, NULL },
    [SERVE_KEY] = { OPTION_TEXT, "tls-key", "FILE", "its private key, PEM, without a password",
                    NULL, false, 0, NULL },
    [SERVE_PROXY] = { OPTION_TEXT, "trusted-proxy", "ADDR,…",
                      "who may say for whom it asks: 10.0.0.1, 10.2.0.0/16", NULL, false, 0,
                      NULL },
    [SERVE_PLAIN] = { OPTION_FLAG, "plain-http", NULL,
                      "without TLS beyond this machine, all the same", NULL, false, 0, NULL },
    [SERVE_WORKERS] = { OPTION_INT, "workers", "N",
                        "pages that are made at the same time (4, or twice the processors)",
                        "How", false, 0, NULL },
    [SERVE_DRAIN] = { OPTION_INT, "drain", "SECONDS",
                      "at the end, for what was asked before (20)", NULL, false, 0, NULL },
    [SERVE_READ_ONLY] = { OPTION_FLAG, "read-only", NULL, "show the book, change nothing", NULL,
                          false, 0, NULL },
    [SERVE_LOG] = { OPTION_TEXT, "log", "KIND",
                    "text, json or off: a line for each request, on the standard error (text)",
                    NULL, false, 0, NULL },
    [SERVE_TOKEN] = { OPTION_TEXT, "metrics-token", "FILE",
                      "who shows what is in it may read /metrics from elsewhere", NULL, false,
                      0, NULL },
    { .kind = OPTION_END },
};

static volatile sig_atomic_t hangups;

static void on_hangup(int signal_number)
{
    (void)signal_number;
    hangups++;
}

static const volatile sig_atomic_t *hangups_watched(void)
{
    struct sigaction again = { .sa_handler = on_hangup, .sa_flags = SA_RESTART };
    struct sigaction nothing = { .sa_handler = SIG_IGN };

    sigemptyset(&again.sa_mask);
    sigaction(SIGHUP, &again, NULL);
    sigaction(SIGPIPE, &nothing, NULL); /* whoever read the log has gone: that is no reason */
    return &hangups;
}

static void tell_ready(void *self, const char *address)
{
    const struct call *call = self;

    fprintf(call->out, "Serving at %s. Ctrl-C stops.\n", address);
    fflush(call->out);
}

bool serve_until_stopped(struct call *call, struct serving wishes, struct fault *why)
{
    wishes.url = call->settings.db.value;
    wishes.settings = &call->settings;
    wishes.clock_stands = call->global[GLOBAL_NOW].is;
    wishes.stop = call_stop_flag();
    wishes.hangups = hangups_watched();
    return call_now(call, &wishes.now, why) && call->neighbours->serve(&wishes, why);
}

/* The secret stands in a file: flags can be seen by everybody on the machine. */
static bool token_read(struct call *call, const char **out, struct fault *why)
{
    const char *path = call_text(call, SERVE_TOKEN);
    char *bytes;
    size_t length;

    *out = NULL;
    if (path == NULL)
        return true;
    if (!text_read_file(path, 4096, call->arena, &bytes, &length, why))
        return false;
    *out = text_trim(call->arena, bytes);
    if (strlen(*out) >= TOKEN_LEAST)
        return true;
    fail(why, BAD_VALUE, "The token in \"%s\" has fewer than %d characters.", path,
         TOKEN_LEAST);
    return fault_hint(why, "openssl rand -hex 24");
}

static bool run_serve(struct call *call, struct fault *why)
{
    struct serving wishes = {
        .listen = call_text(call, SERVE_LISTEN),
        .tls_cert = call_text(call, SERVE_CERT),
        .tls_key = call_text(call, SERVE_KEY),
        .trusted_proxies = call_text(call, SERVE_PROXY),
        .log = call_text(call, SERVE_LOG),
        .plain = call->given[SERVE_PLAIN].is,
        .read_only = call->given[SERVE_READ_ONLY].is,
        .workers = (int)call_int(call, SERVE_WORKERS, 0),
        .drain_seconds = (int)call_int(call, SERVE_DRAIN, DRAIN_SECONDS),
        .ready = tell_ready,
        .self = call,
    };

    if (call_int(call, SERVE_WORKERS, 1) < 1 || call_int(call, SERVE_WORKERS, 1) > WORKERS_MOST)
        return fail(why, BAD_USAGE, "--workers takes a number from 1 to %d.", WORKERS_MOST);
    if (call_int(call, SERVE_DRAIN, DRAIN_SECONDS) > DRAIN_MOST)
        return fail(why, BAD_USAGE, "--drain takes at most %d seconds.", DRAIN_MOST);
    people_tell_nobody(call);
    return token_read(call, &wishes.metrics_token, why) &&
           serve_until_stopped(call, wishes, why);
}

const struct command command_serve = {
    .name = "serve",
    .section = "Getting going",
    .summary = "Serve the console: accounts, work, decisions, figures, in a browser.",
    .examples = { "recoup serve",
                  "recoup serve --listen 0.0.0.0:443 --tls-cert cert.pem --tls-key key.pem" },
    .options = serve_options,
    .traits = ACTS,
    .notes = "Beyond this machine it wants TLS, or a proxy in front that speaks it "
             "(docs/operations.md, docs/security.md).",
    .run = run_serve,
};
