#include "cli/edge.h"
#include "web/web.h"

/* The edges do not include each other; here they are introduced. */
static bool serve(const struct serving *serving, struct fault *why)
{
    struct web_request request = { .url = serving->url,
                                   .settings = serving->settings,
                                   .listen = serving->listen,
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
