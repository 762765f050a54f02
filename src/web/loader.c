#include "web/loader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct load {
    int64_t file;
    enum intake_way way;
    char by[256];
};

struct loader {
    const char *url;
    bool clock_stands;
    struct instant now;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more;
    volatile sig_atomic_t stop;
    size_t waiting;
    struct load loads[LOADER_WAITING];
    int64_t reading; /* the file; 0: none */
    struct import_progress progress;
};

static struct instant moment(const struct loader *l)
{
    struct timespec now;

    if (l->clock_stands)
        return l->now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){ (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 };
}

static void tell(void *self, const struct import_progress *progress)
{
    struct loader *l = self;

    pthread_mutex_lock(&l->lock);
    l->progress = *progress;
    pthread_mutex_unlock(&l->lock);
}

/* The next one; false when the server ends. */
static bool take(struct loader *l, struct load *out)
{
    pthread_mutex_lock(&l->lock);
    l->reading = 0;
    while (l->waiting == 0 && !l->stop)
        pthread_cond_wait(&l->more, &l->lock);
    bool any = !l->stop;
    if (any) {
        *out = l->loads[0];
        memmove(&l->loads[0], &l->loads[1], --l->waiting * sizeof l->loads[0]);
        l->reading = out->file;
        l->progress = (struct import_progress){ 0 };
    }
    pthread_mutex_unlock(&l->lock);
    return any;
}

static void *work(void *self)
{
    struct loader *l = self;
    struct load load;

    while (take(l, &load)) {
        struct fault why = { 0 };
        intake_run(l->url, moment(l), load.file, load.way, load.by, tell, l, &l->stop, &why);
    }
    return NULL;
}

/* What was under way when the last server ended. */
static bool clean_up(const struct loader *l, struct fault *why)
{
    struct book b;

    if (!book_open(&b, l->url, moment(l), why))
        return false;
    bool done = book_begin(&b, why) &&
                (intake_interrupted(&b, why) ? book_commit(&b, why) : book_undo(&b));
    book_close(&b);
    return done;
}

struct loader *loader_open(const char *url, bool clock_stands, struct instant now,
                           struct fault *why)
{
    struct loader *l = calloc(1, sizeof *l);

    must(l != NULL);
    l->url = url;
    l->clock_stands = clock_stands;
    l->now = now;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->more, NULL);
    if (clean_up(l, why) && pthread_create(&l->thread, NULL, work, l) == 0)
        return l;
    if (why->code == 0)
        fail(why, SYSTEM, "This machine gives no thread to read files with.");
    free(l);
    return NULL;
}

void loader_close(struct loader *l)
{
    pthread_mutex_lock(&l->lock);
    l->stop = 1;
    pthread_cond_signal(&l->more);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    pthread_cond_destroy(&l->more);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

bool loader_add(struct loader *l, int64_t file, enum intake_way way, const char *by,
                struct fault *why)
{
    pthread_mutex_lock(&l->lock);
    bool room = l->waiting < LOADER_WAITING;
    if (room) {
        struct load *load = &l->loads[l->waiting++];
        *load = (struct load){ .file = file, .way = way };
        strncpy(load->by, by, sizeof load->by - 1);
        pthread_cond_signal(&l->more);
    }
    pthread_mutex_unlock(&l->lock);
    return room || fail(why, DB_BUSY, "%d files wait to be read. Try again in a minute.",
                        LOADER_WAITING);
}

bool loader_progress(struct loader *l, int64_t file, struct import_progress *out)
{
    pthread_mutex_lock(&l->lock);
    bool is = l->reading == file;
    *out = l->progress;
    pthread_mutex_unlock(&l->lock);
    return is;
}
