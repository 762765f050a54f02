#include "web/crew.h"

#include "web/clock.h"

#include <pthread.h>
#include <stdlib.h>

struct line {
    struct job *first, *last;
    size_t count;
};

struct hand_thread {
    pthread_t thread;
    struct crew *crew;
    int number;
};

struct crew {
    pthread_mutex_t lock;
    pthread_cond_t more;
    void (*work)(void *self, int thread, struct job *job, bool late);
    void *self;
    bool closing;
    int count, writing, writing_most;
    struct line reads, writes;
    struct hand_thread threads[CREW_MOST];
};

static void line_add(struct line *line, struct job *job)
{
    job->next = NULL;
    if (line->last != NULL)
        line->last->next = job;
    else
        line->first = job;
    line->last = job;
    line->count++;
}

static struct job *line_take(struct line *line)
{
    struct job *job = line->first;

    line->first = job->next;
    if (line->first == NULL)
        line->last = NULL;
    line->count--;
    return job;
}

/* Which comes first, of those that may be done now; NULL: none. */
static struct job *job_next(struct crew *c)
{
    const struct job *read = c->reads.first, *write = c->writes.first;

    if (write != NULL && c->writing == c->writing_most && !c->closing)
        write = NULL;
    if (read == NULL && write == NULL)
        return NULL;
    bool writes = read == NULL || (write != NULL && write->since_ms < read->since_ms);
    return line_take(writes ? &c->writes : &c->reads);
}

static void *crew_run(void *argument)
{
    const struct hand_thread *own = argument;
    struct crew *c = own->crew;
    struct job *job;

    pthread_mutex_lock(&c->lock);
    for (;;) {
        while ((job = job_next(c)) == NULL && !c->closing)
            pthread_cond_wait(&c->more, &c->lock);
        if (job == NULL)
            break;
        bool writes = job->writes; /* the job is gone once it is done */
        bool late = c->closing || clock_ms() - job->since_ms > CREW_WAIT_MS;
        c->writing += writes;
        pthread_mutex_unlock(&c->lock);
        c->work(c->self, own->number, job, late);
        pthread_mutex_lock(&c->lock);
        c->writing -= writes;
        if (writes && c->writes.first != NULL)
            pthread_cond_signal(&c->more);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

struct crew *crew_open(int count,
                       void (*work)(void *self, int thread, struct job *job, bool late),
                       void *self)
{
    struct crew *c = calloc(1, sizeof *c);

    must(c != NULL && count > 0 && count <= CREW_MOST);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->more, NULL);
    c->work = work;
    c->self = self;
    c->count = count;
    c->writing_most = count > 1 ? count / 2 : 1;
    for (int i = 0; i < count; i++) {
        c->threads[i] = (struct hand_thread){ .crew = c, .number = i };
        must(pthread_create(&c->threads[i].thread, NULL, crew_run, &c->threads[i]) == 0);
    }
    return c;
}

bool crew_add(struct crew *c, struct job *job, int64_t now_ms)
{
    pthread_mutex_lock(&c->lock);
    struct line *line = job->writes ? &c->writes : &c->reads;
    size_t most = job->writes ? CREW_WRITES_MOST : CREW_READS_MOST;
    bool fits = line->count < most && !c->closing;
    if (fits) {
        job->since_ms = now_ms;
        line_add(line, job);
        pthread_cond_signal(&c->more);
    }
    pthread_mutex_unlock(&c->lock);
    return fits;
}

size_t crew_waiting(struct crew *c)
{
    pthread_mutex_lock(&c->lock);
    size_t waiting = c->reads.count + c->writes.count;
    pthread_mutex_unlock(&c->lock);
    return waiting;
}

void crew_close(struct crew *c)
{
    pthread_mutex_lock(&c->lock);
    c->closing = true;
    pthread_cond_broadcast(&c->more);
    pthread_mutex_unlock(&c->lock);
    for (int i = 0; i < c->count; i++)
        pthread_join(c->threads[i].thread, NULL);
    pthread_cond_destroy(&c->more);
    pthread_mutex_destroy(&c->lock);
    free(c);
}
