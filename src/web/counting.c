#include "web/counting.h"

#include "flow/fold.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { PAUSE_SECONDS = 3, AT_ONCE_MS = 2000 };

struct counting {
    const char *url;
    bool clock_stands, stop;
    struct instant now;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wanted, counted;
    uint64_t asked, done; /* calls of counting_wait; up to which one everything was counted */
};

static struct timespec later(int ms)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

static struct instant moment(const struct counting *c)
{
    struct timespec now;

    if (c->clock_stands)
        return c->now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){ (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 };
}

/* A round: what waits, for some seconds at most. A book that cannot be folded now is closed, so
 * that the next round begins anew. */
static bool round_done(const struct counting *c, struct fold **f)
{
    struct fold_result result = { 0 };
    struct fault why = { 0 };

    if (*f == NULL)
        *f = fold_open(c->url, &why);
    if (*f != NULL && fold_run(*f, moment(c), AT_ONCE_MS, &result, &why))
        return result.done;
    fold_close(*f);
    *f = NULL;
    return false;
}

static void pause_or_wanted(struct counting *c, bool more)
{
    struct timespec until = later(PAUSE_SECONDS * 1000);

    while (!more && !c->stop && c->asked == c->done &&
           pthread_cond_timedwait(&c->wanted, &c->lock, &until) == 0) {
    }
}

static void *work(void *self)
{
    struct counting *c = self;
    struct fold *f = NULL;

    pthread_mutex_lock(&c->lock);
    while (!c->stop) {
        uint64_t asked = c->asked;
        pthread_mutex_unlock(&c->lock);
        bool done = round_done(c, &f), more = f != NULL && !done;
        pthread_mutex_lock(&c->lock);
        if (done || f == NULL)
            c->done = asked; /* who waits reads what there is */
        pthread_cond_broadcast(&c->counted);
        pause_or_wanted(c, more);
    }
    pthread_mutex_unlock(&c->lock);
    fold_close(f);
    return NULL;
}

struct counting *counting_open(const char *url, bool clock_stands, struct instant now,
                               struct fault *why)
{
    struct counting *c = calloc(1, sizeof *c);

    must(c != NULL);
    c->url = url;
    c->clock_stands = clock_stands;
    c->now = now;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->wanted, NULL);
    pthread_cond_init(&c->counted, NULL);
    if (pthread_create(&c->thread, NULL, work, c) == 0)
        return c;
    free(c);
    fail(why, SYSTEM, "This machine gives no thread to count figures with.");
    return NULL;
}

void counting_close(struct counting *c)
{
    if (c == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    c->stop = true;
    pthread_cond_broadcast(&c->wanted);
    pthread_cond_broadcast(&c->counted);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    pthread_cond_destroy(&c->counted);
    pthread_cond_destroy(&c->wanted);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void counting_wait(struct counting *c, int ms)
{
    struct timespec until = later(ms);

    if (c == NULL)
        return;
    pthread_mutex_lock(&c->lock);
    uint64_t mine = ++c->asked;
    pthread_cond_signal(&c->wanted);
    while (!c->stop && c->done < mine &&
           pthread_cond_timedwait(&c->counted, &c->lock, &until) == 0) {
    }
    pthread_mutex_unlock(&c->lock);
}
