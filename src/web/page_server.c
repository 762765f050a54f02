/* What programs ask the server itself: is it well, and how much does it do. */
#include "web/page.h"
#include "web/server.h"

#include "base/secret.h"

#include <string.h>

bool server_takes_changes(const struct server *server, const struct route *route)
{
    return server == NULL || !server->read_only || text_starts(route->path, "/sign-");
}

/* It answers at all, the database too, and the schema is ours. While the server ends, the
 * listener answers in our place. */
static bool page_healthy(struct page *p, struct fault *why)
{
    if (!pulse_beats(p->view, why))
        return false;
    p->reply->status = 200;
    text_add(&p->reply->body, "ok\n");
    return true;
}

/*
 * Asked for by its own address or name: not by a page of somebody else whose name was made to
 * mean this machine.
 */
static bool is_own_host(const char *host)
{
    return host != NULL && (text_starts(host, "127.") || text_starts(host, "[::1]") ||
                            strcmp(host, "localhost") == 0 || text_starts(host, "localhost:"));
}

static bool may_count(const struct page *p, const struct server *server)
{
    static const char bearer[] = "Bearer ";
    const char *given = p->ask->authorization;

    if (p->ask->local && is_own_host(p->ask->host))
        return true;
    if (p->role != NULL && page_may(p, MAY_ADMIN))
        return true;
    return server->metrics_token != NULL && given != NULL && text_starts(given, bearer) &&
           text_same(given + strlen(bearer), server->metrics_token);
}

static bool page_metrics(struct page *p, struct fault *why)
{
    const struct server *server = p->hand->server;
    struct pulse pulse;
    struct metrics_now now = { .pulse = &pulse, .now = p->view->now };

    if (server == NULL)
        return fail(why, NOT_FOUND, "Nobody counts here.");
    if (!may_count(p, server))
        return fail(why, NOT_ALLOWED,
                    "The counters are shown on this machine, to administrators, and with the "
                    "token of --metrics-token.");
    if (!metrics_pulse(server->metrics, p->view, &pulse, why))
        return false;
    now.version = server->version;
    now.log_dropped = access_log_dropped(server->log);
    listener_state(server->listener, &now.listening);
    p->reply->status = 200;
    p->reply->type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_print(server->metrics, &now, &p->reply->body);
    return true;
}

const struct route routes_server[] = {
    { "GET", "/healthz", MAY_ANYBODY, "", "fault", page_healthy, NULL, TAKES_USUAL },
    { "GET", "/metrics", MAY_ANYBODY, "", "fault", page_metrics, NULL, TAKES_USUAL },
    { 0 },
};
