/*
 * Peers: the connections that are open, and how long each may take. Private to src/web.
 *
 * libmicrohttpd ends a connection on which nothing moves for 15 seconds; whoever sends or takes
 * one byte every 14 would stay for ever. So each phase has an end of its own (peer_is_late).
 * Once a second somebody calls peers_sweep, which shuts down the sockets of the late ones; the
 * thread that owns a connection sees that and cleans up.
 *
 * peers_add and peers_remove take a lock; the phases are written by the one thread that serves
 * the connection, and read by the sweep.
 */
#ifndef WEB_PEERS_H
#define WEB_PEERS_H

#include "base/arena.h"

#include <pthread.h>

enum peer_phase {
    PEER_WAITS,  /* for a request: nothing came yet, or not all of its head */
    PEER_SENDS,  /* the body of a request  */
    PEER_SERVED, /* a page is being made; that is our time, not theirs */
    PEER_TAKES,  /* the reply */
};

/*
 * Seconds. A head has HEAD_SECONDS from the end of the reply before it; a body and a reply have
 * GRACE_SECONDS, and a second more for each SLOWEST bytes. When nine tenths of all connections
 * are taken, those who wait for longer than CROWDED_SECONDS go.
 */
enum {
    PEER_IDLE_SECONDS = 15,
    PEER_HEAD_SECONDS = 30,
    PEER_GRACE_SECONDS = 20,
    PEER_CROWDED_SECONDS = 2,
    PEER_SLOWEST = 4096,
};

struct peer {
    struct peer *next, *before;
    int fd;
    enum peer_phase phase;
    int64_t since_ms; /* the phase began */
    int64_t bytes;    /* that came, or that have to be taken, in this phase */
    void *request;    /* for whoever serves the connection */
};

struct peers {
    pthread_mutex_t lock;
    struct peer *first;
    size_t count, most;
    int64_t ended; /* by the sweep, ever */
};

/* At most so many; fewer where the system allows fewer files. */
void peers_init(struct peers *p, size_t most);
void peers_done(struct peers *p);
struct peer *peers_add(struct peers *p, int fd, int64_t now_ms);
void peers_remove(struct peers *p, struct peer *peer);
/* `peer` may be NULL. */
void peer_enter(struct peer *peer, enum peer_phase phase, int64_t now_ms, int64_t bytes);
void peer_moved(struct peer *peer, int64_t bytes); /* so many more */

bool peer_is_late(enum peer_phase phase, int64_t in_phase_ms, int64_t bytes, bool crowded);
/* Ends those who are late. */
void peers_sweep(struct peers *p, int64_t now_ms);
size_t peers_count(struct peers *p);

#endif
