#include "cli/edge.h"
#include "web/web.h"

/* The edges do not include each other; here they are introduced. */
static bool serve(const struct serving *serving, struct fault *why)
{
    struct web_request request = { .url = serving->url,
                                   .settings = serving->settings,
                                   .listen = serving->listen,
                                   .version = RECOUP_VERSION,
                                   .tls_cert = serving->tls_cert,
                                   .tls_key = serving->tls_key,
                                   .trusted_proxies = serving->trusted_proxies,
                                   .metrics_token = serving->metrics_token,
                                   .log = serving->log,
                                   .workers = serving->workers,
                                   .drain_seconds = serving->drain_seconds,
                                   .plain = serving->plain,
                                   .read_only = serving->read_only,
                                   .hangups = serving->hangups,
                                   .clock_stands = serving->clock_stands,
                                   .now = serving->now,
                                   .stop = serving->stop,
                                   .ready = serving->ready,
                                   .self = serving->self };

    return web_serve(&request, why);
}

int main(int count, char *words[])
{
    struct neighbours neighbours = { .serve = serve };

    return cli_main(count, words, &neighbours);
}
