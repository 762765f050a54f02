#include "web/access_log.h"

#include "base/json.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct access_log {
    pthread_mutex_t lock;
    pthread_cond_t more;
    pthread_t writer;
    enum log_kind kind;
    int fd;
    bool closing;
    struct text waiting;
    int64_t dropped, told; /* lines; of which the log itself spoke */
};

/* ---- Lines ----------------------------------------------------------------------------- */

const char *route_name(const struct reply *reply)
{
    if (reply->route != NULL)
        return reply->route->path;
    return reply->shared ? "static" : "none";
}

const char *method_name(const char *method)
{
    static const char *const known[] = { "GET",   "HEAD",   "POST",   "PUT",
                                         "PATCH", "DELETE", "OPTIONS" };

    for (size_t i = 0; i < COUNT(known); i++) {
        if (strcmp(known[i], method) == 0)
            return known[i];
    }
    return "other";
}

static void text_line(struct instant now, const struct finished *f, struct text *out)
{
    char at[INSTANT_TEXT];

    text_add_print(out, "time=%s id=%s method=%s route=%s status=%d ms=%lld.%03lld bytes=%lld",
                   instant_print(now, at), f->id, method_name(f->method), route_name(f->reply),
                   f->reply->status, (long long)(f->us / 1000), (long long)(f->us % 1000),
                   (long long)f->bytes);
    if (f->reply->user != 0)
        text_add_print(out, " user=%lld", (long long)f->reply->user);
    if (f->reply->status >= 500 && f->reply->fault_where != NULL)
        text_add_print(out, " fault=%s where=%s", fault_name_of(f->reply->fault),
                       f->reply->fault_where);
    text_add_char(out, '\n');
}

static void json_line(struct instant now, const struct finished *f, struct text *out)
{
    struct json_writer w = { .out = out };
    char at[INSTANT_TEXT];

    json_open(&w, '{');
    json_text_at(&w, "time", instant_print(now, at));
    json_text_at(&w, "id", f->id);
    json_text_at(&w, "method", method_name(f->method));
    json_text_at(&w, "route", route_name(f->reply));
    json_int_at(&w, "status", f->reply->status);
    json_key(&w, "ms");
    json_number(&w, (double)f->us / 1000);
    json_int_at(&w, "bytes", f->bytes);
    if (f->reply->user != 0)
        json_int_at(&w, "user", f->reply->user);
    if (f->reply->status >= 500 && f->reply->fault_where != NULL) {
        json_text_at(&w, "fault", fault_name_of(f->reply->fault));
        json_text_at(&w, "where", f->reply->fault_where);
    }
    json_close(&w, '}');
    text_add_char(out, '\n');
}

void access_log_line(enum log_kind kind, struct instant now, const struct finished *done,
                     struct text *out)
{
    switch (kind) {
    case LOG_TEXT:
        text_line(now, done, out);
        return;
    case LOG_JSON:
        json_line(now, done, out);
        return;
    case LOG_OFF:
        return;
    }
}

static void say_line(enum log_kind kind, struct instant now, const char *what, struct text *out)
{
    struct json_writer w = { .out = out };
    char at[INSTANT_TEXT];

    instant_print(now, at);
    if (kind != LOG_JSON) {
        text_add_print(out, "time=%s note=%s\n", at, what);
        return;
    }
    json_open(&w, '{');
    json_text_at(&w, "time", at);
    json_text_at(&w, "note", what);
    json_close(&w, '}');
    text_add_char(out, '\n');
}

/* ---- Writing --------------------------------------------------------------------------- */

static bool is_closing(struct access_log *log)
{
    pthread_mutex_lock(&log->lock);
    bool closing = log->closing;
    pthread_mutex_unlock(&log->lock);
    return closing;
}

/* In pieces that a pipe takes whole, so that the end of the program waits for no reader. */
static void write_all(struct access_log *log, const char *bytes, size_t length)
{
    struct pollfd ready = { .fd = log->fd, .events = POLLOUT };

    while (length > 0) {
        if (poll(&ready, 1, 200) == 0) {
            if (is_closing(log))
                return;
            continue;
        }
        ssize_t written = write(log->fd, bytes, length < PIPE_BUF ? length : PIPE_BUF);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return; /* nobody listens any more */
        bytes += written;
        length -= (size_t)written;
    }
}

static void *log_run(void *self)
{
    struct access_log *log = self;
    struct text taken = { 0 };

    pthread_mutex_lock(&log->lock);
    for (;;) {
        while (log->waiting.length == 0 && !log->closing)
            pthread_cond_wait(&log->more, &log->lock);
        if (log->waiting.length == 0)
            break;
        struct text swap = taken;
        taken = log->waiting;
        log->waiting = swap;
        pthread_mutex_unlock(&log->lock);
        write_all(log, taken.bytes, taken.length);
        text_clear(&taken);
        pthread_mutex_lock(&log->lock);
    }
    pthread_mutex_unlock(&log->lock);
    text_free(&taken);
    return NULL;
}

struct access_log *access_log_open(enum log_kind kind, int fd)
{
    struct access_log *log = calloc(1, sizeof *log);

    must(log != NULL);
    log->kind = kind;
    log->fd = fd;
    pthread_mutex_init(&log->lock, NULL);
    pthread_cond_init(&log->more, NULL);
    must(pthread_create(&log->writer, NULL, log_run, log) == 0);
    return log;
}

/* Under the lock: room for a line, and word of those for which there was none. */
static bool has_room(struct access_log *log, struct instant now)
{
    char what[80];

    if (log->waiting.length > LOG_ROOM) {
        log->dropped++;
        return false;
    }
    if (log->told < log->dropped) {
        snprintf(what, sizeof what, "%lld lines were dropped: nobody read them in time",
                 (long long)(log->dropped - log->told));
        say_line(log->kind, now, what, &log->waiting);
        log->told = log->dropped;
    }
    return true;
}

void access_log_add(struct access_log *log, struct instant now, const struct finished *done)
{
    if (log->kind == LOG_OFF)
        return;
    pthread_mutex_lock(&log->lock);
    bool idle = log->waiting.length == 0;
    if (has_room(log, now))
        access_log_line(log->kind, now, done, &log->waiting);
    if (idle)
        pthread_cond_signal(&log->more);
    pthread_mutex_unlock(&log->lock);
}

void access_log_say(struct access_log *log, struct instant now, const char *what)
{
    pthread_mutex_lock(&log->lock);
    if (has_room(log, now))
        say_line(log->kind, now, what, &log->waiting);
    pthread_cond_signal(&log->more);
    pthread_mutex_unlock(&log->lock);
}

int64_t access_log_dropped(struct access_log *log)
{
    pthread_mutex_lock(&log->lock);
    int64_t dropped = log->dropped;
    pthread_mutex_unlock(&log->lock);
    return dropped;
}

void access_log_close(struct access_log *log)
{
    pthread_mutex_lock(&log->lock);
    log->closing = true;
    pthread_cond_signal(&log->more);
    pthread_mutex_unlock(&log->lock);
    pthread_join(log->writer, NULL);
    text_free(&log->waiting);
    pthread_cond_destroy(&log->more);
    pthread_mutex_destroy(&log->lock);
    free(log);
}
