#include "web/web.h"

#include "flow/policy.h"
#include "web/listen.h"
#include "web/loader.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { THREADS_MOST = 64 };

/* Hands wait here for the threads that make pages; there is one for each thread. */
struct desk {
    struct site site;
    struct arena arena;
    struct roles *roles;
    struct loaded_policy *policy;
    struct loader *loader;
    bool clock_stands;
    struct instant now;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    size_t count, free_count;
    struct hand hands[THREADS_MOST], *free_hands[THREADS_MOST];
};

static struct hand *hand_borrow(struct desk *d)
{
    pthread_mutex_lock(&d->lock);
    while (d->free_count == 0)
        pthread_cond_wait(&d->freed, &d->lock);
    struct hand *hand = d->free_hands[--d->free_count];
    pthread_mutex_unlock(&d->lock);
    return hand;
}

static void hand_return(struct desk *d, struct hand *hand)
{
    pthread_mutex_lock(&d->lock);
    d->free_hands[d->free_count++] = hand;
    pthread_cond_signal(&d->freed);
    pthread_mutex_unlock(&d->lock);
}

/* The one clock of the server, read once for each request. */
static struct instant moment(const struct desk *d)
{
    struct timespec now;

    if (d->clock_stands)
        return d->now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){ (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 };
}

static void answer(void *self, const struct ask *ask, struct reply *reply)
{
    struct desk *d = self;
    struct hand *hand = hand_borrow(d);

    route_answer(&d->site, hand, moment(d), ask, reply);
    hand_return(d, hand);
}

static bool desk_open(struct desk *d, const struct web_request *r, struct fault *why)
{
    const struct zone *zone;
    int threads = r->threads > 0 ? r->threads : 2;

    d->clock_stands = r->clock_stands;
    d->now = r->now;
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->freed, NULL);
    if (!site_load(&d->site, why) || !view_zone(r->url, &zone, why))
        return false;
    d->site.book = r->url;
    d->site.settings = r->settings;
    d->roles = roles_load(&d->arena, why);
    if (d->roles == NULL)
        return false;
    d->policy = policy_load(zone, moment(d), why);
    if (d->policy != NULL)
        d->loader = loader_open(r->url, r->clock_stands, r->now, why);
    if (d->loader == NULL)
        return false;
    for (int i = 0; i < threads && i < THREADS_MOST; i++) {
        struct hand *hand = &d->hands[i];
        hand->roles = d->roles;
        hand->loader = d->loader;
        hand->view = view_open(r->url, policy_of(d->policy), zone, why);
        if (hand->view == NULL)
            return false;
        d->count++;
        hand_return(d, hand);
    }
    return true;
}

static void desk_close(struct desk *d)
{
    if (d->loader != NULL)
        loader_close(d->loader);
    for (size_t i = 0; i < d->count; i++) {
        if (d->hands[i].writes)
            book_close(&d->hands[i].book);
        view_close(d->hands[i].view);
    }
    policy_free(d->policy);
    site_free(&d->site);
    arena_free(&d->arena);
    pthread_cond_destroy(&d->freed);
    pthread_mutex_destroy(&d->lock);
}

bool web_serve(const struct web_request *request, struct fault *why)
{
    struct desk *d = calloc(1, sizeof *d);
    struct timespec pause = { 0, 100000000 };

    must(d != NULL);
    struct listener *listener = NULL;
    if (desk_open(d, request, why))
        listener = listener_open(request->listen, (int)d->count, answer, d, why);
    if (listener != NULL) {
        if (request->ready != NULL)
            request->ready(request->self, listener_address(listener));
        while (!__atomic_load_n(request->stop, __ATOMIC_RELAXED))
            nanosleep(&pause, NULL);
        listener_close(listener);
    }
    desk_close(d);
    free(d);
    return listener != NULL;
}
