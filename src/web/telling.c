#include "web/telling.h"

#include "flow/webhook_send.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { PAUSE_SECONDS = 2 };

struct telling {
    const char *url, *ca_file;
    bool clock_stands, stop;
    struct instant now;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ending;
};

static struct instant moment(const struct telling *t)
{
    struct timespec now;

    if (t->clock_stands)
        return t->now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){ (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 };
}

/* A book that cannot be read now is closed, so that the next round begins anew. */
static bool round_done(const struct telling *t, struct webhook_sender **s)
{
    struct webhook_round result = { 0 };
    struct fault why = { 0 };

    if (*s == NULL)
        *s = webhook_sender_open(t->url, t->ca_file, &t->stop, &why);
    if (*s != NULL && webhook_sender_round(*s, moment(t), &result, &why))
        return result.more;
    webhook_sender_close(*s);
    *s = NULL;
    return false;
}

static bool is_over(const struct telling *t)
{
    return __atomic_load_n(&t->stop, __ATOMIC_RELAXED);
}

static void *work(void *self)
{
    struct telling *t = self;
    struct webhook_sender *s = NULL;

    while (!is_over(t)) {
        bool more = round_done(t, &s);
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += PAUSE_SECONDS;
        pthread_mutex_lock(&t->lock);
        while (!more && !is_over(t) &&
               pthread_cond_timedwait(&t->ending, &t->lock, &until) == 0) {
        }
        pthread_mutex_unlock(&t->lock);
    }
    webhook_sender_close(s);
    return NULL;
}

struct telling *telling_open(const char *url, const char *ca_file, bool clock_stands,
                             struct instant now, struct fault *why)
{
    struct telling *t = calloc(1, sizeof *t);

    must(t != NULL);
    t->url = url;
    t->ca_file = ca_file;
    t->clock_stands = clock_stands;
    t->now = now;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->ending, NULL);
    if (pthread_create(&t->thread, NULL, work, t) == 0)
        return t;
    free(t);
    fail(why, SYSTEM, "This machine gives no thread to send webhooks with.");
    return NULL;
}

void telling_close(struct telling *t)
{
    if (t == NULL)
        return;
    pthread_mutex_lock(&t->lock);
    __atomic_store_n(&t->stop, true, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&t->ending);
    pthread_mutex_unlock(&t->lock);
    pthread_join(t->thread, NULL);
    pthread_cond_destroy(&t->ending);
    pthread_mutex_destroy(&t->lock);
    free(t);
}
