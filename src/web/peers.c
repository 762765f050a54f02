#include "web/peers.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { FILES_KEPT = 256 }; /* for the database, templates, the log */

/* As many files as the system allows; how many connections that makes. */
static size_t allowed(size_t most)
{
    struct rlimit files = { 1024, 1024 };

    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        rlim_t kept = files.rlim_cur;
        files.rlim_cur = files.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &files) != 0)
            files.rlim_cur = kept;
    }
    if (files.rlim_cur >= most + FILES_KEPT)
        return most;
    return files.rlim_cur > 2 * FILES_KEPT ? (size_t)files.rlim_cur - FILES_KEPT : FILES_KEPT;
}

void peers_init(struct peers *p, size_t most)
{
    *p = (struct peers){ .most = allowed(most) };
    pthread_mutex_init(&p->lock, NULL);
}

void peers_done(struct peers *p)
{
    must(p->first == NULL);
    pthread_mutex_destroy(&p->lock);
}

struct peer *peers_add(struct peers *p, int fd, int64_t now_ms)
{
    struct peer *peer = calloc(1, sizeof *peer);

    must(peer != NULL);
    peer->fd = fd;
    peer->since_ms = now_ms;
    pthread_mutex_lock(&p->lock);
    peer->next = p->first;
    if (p->first != NULL)
        p->first->before = peer;
    p->first = peer;
    p->count++;
    pthread_mutex_unlock(&p->lock);
    return peer;
}

void peers_remove(struct peers *p, struct peer *peer)
{
    pthread_mutex_lock(&p->lock);
    if (peer->before != NULL)
        peer->before->next = peer->next;
    else
        p->first = peer->next;
    if (peer->next != NULL)
        peer->next->before = peer->before;
    p->count--;
    pthread_mutex_unlock(&p->lock);
    free(peer);
}

size_t peers_count(struct peers *p)
{
    pthread_mutex_lock(&p->lock);
    size_t count = p->count;
    pthread_mutex_unlock(&p->lock);
    return count;
}

void peer_enter(struct peer *peer, enum peer_phase phase, int64_t now_ms, int64_t bytes)
{
    if (peer == NULL)
        return;
    __atomic_store_n(&peer->since_ms, now_ms, __ATOMIC_RELAXED);
    __atomic_store_n(&peer->bytes, bytes, __ATOMIC_RELAXED);
    __atomic_store_n(&peer->phase, phase, __ATOMIC_RELEASE);
}

void peer_moved(struct peer *peer, int64_t bytes)
{
    if (peer != NULL)
        __atomic_fetch_add(&peer->bytes, bytes, __ATOMIC_RELAXED);
}

bool peer_is_late(enum peer_phase phase, int64_t in_phase_ms, int64_t bytes, bool crowded)
{
    switch (phase) {
    case PEER_WAITS:
        return in_phase_ms > 1000 * (crowded ? PEER_CROWDED_SECONDS : PEER_HEAD_SECONDS);
    case PEER_SERVED:
        return false;
    case PEER_SENDS:
    case PEER_TAKES:
        return in_phase_ms > 1000 * (PEER_GRACE_SECONDS + bytes / PEER_SLOWEST);
    }
    return false;
}

void peers_sweep(struct peers *p, int64_t now_ms)
{
    pthread_mutex_lock(&p->lock);
    bool crowded = p->count * 10 > p->most * 9;
    for (struct peer *at = p->first; at != NULL; at = at->next) {
        enum peer_phase phase = __atomic_load_n(&at->phase, __ATOMIC_ACQUIRE);
        int64_t since = __atomic_load_n(&at->since_ms, __ATOMIC_RELAXED);
        int64_t bytes = __atomic_load_n(&at->bytes, __ATOMIC_RELAXED);
        if (!peer_is_late(phase, now_ms - since, bytes, crowded))
            continue;
        shutdown(at->fd, SHUT_RDWR); /* open still: it is closed after peers_remove */
        __atomic_store_n(&at->since_ms, now_ms, __ATOMIC_RELAXED); /* counted once */
        p->ended++;
    }
    pthread_mutex_unlock(&p->lock);
}
