#include "cli/progress.h"

#include <string.h>
#include <unistd.h>

enum { QUIET_MS = 500, BAR_WIDTH = 24 };

struct progress progress_begin(const struct call *call, const char *label, const char *things)
{
    struct progress p = { .call = call, .label = label, .things = things, .shown = -1 };

    clock_gettime(CLOCK_MONOTONIC, &p.began);
    p.terminal = isatty(STDERR_FILENO);
    return p;
}

static double seconds_since(const struct timespec *began)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - began->tv_sec) + (double)(now.tv_nsec - began->tv_nsec) / 1e9;
}

static void draw_bar(struct progress *p, int64_t done, int64_t all, double seconds)
{
    char bar[3 * BAR_WIDTH + 1] = "";
    int full = (int)(done * BAR_WIDTH / all);
    double rate = (double)done / seconds;

    for (int i = 0; i < BAR_WIDTH; i++)
        strcat(bar, i < full ? (p->call->ascii ? "#" : "█") : (p->call->ascii ? "." : "░"));
    fprintf(stderr, "\r\033[K  %s  %s  %d%%  %lld of %lld %s, %.0f/s, %.0f s left", p->label,
            bar, (int)(done * 100 / all), (long long)done, (long long)all, p->things, rate,
            (double)(all - done) / rate);
    fflush(stderr);
    p->on_line = true;
}

void progress_tell(void *self, int64_t done, int64_t all)
{
    struct progress *p = self;
    double seconds = seconds_since(&p->began);

    if (p->call->quiet || all <= 0 || done <= 0 || seconds * 1000 < QUIET_MS)
        return;
    int64_t part = p->terminal ? done * 100 / all : done * 10 / all;
    if (part == p->shown)
        return;
    p->shown = part;
    if (p->terminal)
        draw_bar(p, done, all, seconds);
    else
        fprintf(stderr, "%s: %lld of %lld %s (%lld%%)\n", p->label, (long long)done,
                (long long)all, p->things, (long long)(done * 100 / all));
}

void progress_end(struct progress *p)
{
    if (p->on_line)
        fputs("\r\033[K", stderr);
    p->on_line = false;
}
