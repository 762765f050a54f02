#include "web/search_log.h"

#include "base/text.h"
#include "web/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LOOK_MS = 500, PERSON_MOST = 256, TYPED_MOST = SEARCH_TYPED_MOST + 1 };

struct waiting_note {
    struct search_note note;
    char by[PERSON_MOST], typed[TYPED_MOST];
    bool typing;
    int64_t since_ms;
};

struct search_log {
    const char *url;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more;
    bool stop;
    size_t count;
    struct waiting_note notes[SEARCH_NOTES_MOST];
    /* Only for the thread: */
    size_t taken_count;
    struct waiting_note taken[SEARCH_NOTES_MOST];
    bool open;
    struct book book;
};

/* ---- The thread ------------------------------------------------------------------------- */

static bool is_due(const struct search_log *l, const struct waiting_note *n, int64_t now_ms)
{
    return !n->typing || l->stop || now_ms - n->since_ms >= SEARCH_TYPING_MS;
}

/* Takes what is due; what is still being typed stays. */
static void notes_take(struct search_log *l)
{
    int64_t now_ms = clock_ms();
    size_t kept = 0;

    l->taken_count = 0;
    for (size_t i = 0; i < l->count; i++) {
        if (is_due(l, &l->notes[i], now_ms))
            l->taken[l->taken_count++] = l->notes[i];
        else
            l->notes[kept++] = l->notes[i];
    }
    l->count = kept;
}

static bool note_write(struct search_log *l, struct waiting_note *n, struct fault *why)
{
    l->book.now = n->note.at;
    l->book.by = n->by;
    return search_note_add(&l->book, &n->note, why);
}

static bool notes_write(struct search_log *l)
{
    struct fault why = { 0 };

    if (l->taken_count == 0)
        return true;
    if (!l->open)
        l->open = book_open(&l->book, l->url, l->taken[0].note.at, &why);
    if (!l->open || !book_begin(&l->book, &why))
        return false;
    for (size_t i = 0; i < l->taken_count; i++) {
        if (!note_write(l, &l->taken[i], &why))
            return book_undo(&l->book);
    }
    return book_commit(&l->book, &why);
}

/* The book could not be written: they wait again, before those that came meanwhile. */
static void notes_return(struct search_log *l)
{
    size_t back = l->taken_count, room = SEARCH_NOTES_MOST - l->count;

    back = back < room ? back : room;
    memmove(&l->notes[back], &l->notes[0], l->count * sizeof *l->notes);
    memcpy(&l->notes[0], l->taken, back * sizeof *l->notes);
    l->count += back;
}

static void wait_some(struct search_log *l)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&l->more, &l->lock, &until);
}

static void *work(void *self)
{
    struct search_log *l = self;
    bool ends = false;

    while (!ends) {
        pthread_mutex_lock(&l->lock);
        if (l->count == 0 && !l->stop)
            pthread_cond_wait(&l->more, &l->lock);
        else if (!l->stop)
            wait_some(l);
        ends = l->stop;
        notes_take(l);
        pthread_mutex_unlock(&l->lock);
        bool written = notes_write(l);
        pthread_mutex_lock(&l->lock);
        if (!written)
            notes_return(l);
        pthread_mutex_unlock(&l->lock);
    }
    if (l->open)
        book_close(&l->book);
    return NULL;
}

/* ---- For the pages ---------------------------------------------------------------------- */

struct search_log *search_log_open(const char *url, struct fault *why)
{
    struct search_log *l = calloc(1, sizeof *l);

    must(l != NULL);
    l->url = url;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->more, NULL);
    if (pthread_create(&l->thread, NULL, work, l) == 0)
        return l;
    fail(why, SYSTEM, "This machine gives no thread to note searches with.");
    free(l);
    return NULL;
}

void search_log_close(struct search_log *l)
{
    pthread_mutex_lock(&l->lock);
    l->stop = true;
    pthread_cond_signal(&l->more);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    pthread_cond_destroy(&l->more);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

/* The note of the same person that is still being typed; NULL: there is none. */
static struct waiting_note *typed_before(struct search_log *l, const char *by)
{
    for (size_t i = l->count; i-- > 0;) {
        if (l->notes[i].typing && strcmp(l->notes[i].by, by) == 0)
            return &l->notes[i];
    }
    return NULL;
}

/* One is the beginning of the other. */
static bool goes_on(const char *one, const char *other)
{
    return text_starts(one, other) || text_starts(other, one);
}

static bool note_put(struct search_log *l, const struct waiting_note *new)
{
    struct waiting_note *before = typed_before(l, new->by);

    if (before != NULL && !goes_on(before->typed, new->typed)) {
        before->typing = false;
        before = NULL;
    }
    if (before == NULL && l->count == SEARCH_NOTES_MOST)
        return false;
    if (before == NULL) {
        l->notes[l->count] = *new;
        l->notes[l->count++].note.asked = 1;
        return true;
    }
    struct search_note was = before->note;
    *before = *new;
    before->note.asked = was.asked + 1;
    before->note.more = before->note.more || was.more;
    if (before->note.found < was.found)
        before->note.found = was.found;
    return true;
}

bool search_log_add(struct search_log *l, const struct search_note *note, const char *typed,
                    bool typing, struct fault *why)
{
    struct waiting_note new = { .note = *note, .typing = typing, .since_ms = clock_ms() };

    strncpy(new.by, note->by, sizeof new.by - 1);
    strncpy(new.typed, typed, sizeof new.typed - 1);
    pthread_mutex_lock(&l->lock);
    bool room = note_put(l, &new);
    pthread_cond_signal(&l->more);
    pthread_mutex_unlock(&l->lock);
    return room ||
           fail(why, DB_BUSY,
                "Searches cannot be noted just now, because the book is busy. Try again "
                "in a minute.");
}
