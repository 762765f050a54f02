#include "web/metrics.h"

#include "base/text.h"
#include "web/clock.h"

#include <dirent.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { PULSE_KEPT_MS = 60000, STATE_LENGTH = 32 };

static const int statuses[] = { 200, 303, 304, 400, 401, 403, 404, 405, 409, 413,
                                414, 415, 422, 429, 431, 499, 500, 501, 503, 0 };
enum { STATUS_COUNT = COUNT(statuses) }; /* 0: any other */

static const int64_t bounds_us[] = { 1000,   2500,   5000,   10000,   25000,   50000,
                                     100000, 250000, 500000, 1000000, 2500000, 10000000 };
enum { BOUND_COUNT = COUNT(bounds_us) };

/* One route and one method. */
struct counted {
    const struct route *route;
    const char *method, *name; /* of a slot without a route: "static", "none" */
    int64_t status[STATUS_COUNT];
    int64_t within[BOUND_COUNT + 1];
    int64_t us, bytes;
};

struct metrics {
    size_t count;
    struct counted *slots; /* in the order of their routes' addresses; then static, none */
    int64_t again;         /* replies that were given once more */
    int64_t started;       /* seconds since 1970 */
    pthread_mutex_t lock;
    struct pulse pulse;
    char states[PULSE_STATES][STATE_LENGTH];
    int64_t pulse_ms; /* when it was read; 0: never */
};

/* ---- Counting -------------------------------------------------------------------------- */

static int by_route(const void *a, const void *b)
{
    const struct counted *left = a, *right = b;
    uintptr_t l = (uintptr_t)left->route, r = (uintptr_t)right->route;

    return l < r ? -1 : l > r;
}

struct metrics *metrics_new(void)
{
    struct metrics *m = calloc(1, sizeof *m);
    size_t routes = 0;

    must(m != NULL);
    while (route_at(routes) != NULL)
        routes++;
    m->count = routes + 2;
    m->slots = calloc(m->count, sizeof *m->slots);
    must(m->slots != NULL);
    for (size_t i = 0; i < routes; i++) {
        m->slots[i].route = route_at(i);
        m->slots[i].method = route_at(i)->method;
        m->slots[i].name = route_at(i)->path;
    }
    qsort(m->slots, routes, sizeof *m->slots, by_route);
    m->slots[routes].method = m->slots[routes + 1].method = "any";
    m->slots[routes].name = "static";
    m->slots[routes + 1].name = "none";
    m->started = (int64_t)time(NULL);
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

void metrics_free(struct metrics *m)
{
    if (m == NULL)
        return;
    pthread_mutex_destroy(&m->lock);
    free(m->slots);
    free(m);
}

static struct counted *slot_of(struct metrics *m, const struct reply *reply)
{
    struct counted wanted = { .route = reply->route };

    if (reply->route == NULL)
        return &m->slots[m->count - (reply->shared ? 2 : 1)];
    return bsearch(&wanted, m->slots, m->count - 2, sizeof *m->slots, by_route);
}

static void add(int64_t *counter, int64_t more)
{
    __atomic_fetch_add(counter, more, __ATOMIC_RELAXED);
}

static int64_t read_of(const int64_t *counter)
{
    return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

void metrics_count(struct metrics *m, const struct finished *done)
{
    struct counted *slot = slot_of(m, done->reply);
    size_t status = 0, bound = 0;

    must(slot != NULL);
    while (statuses[status] != 0 && statuses[status] != done->reply->status)
        status++;
    while (bound < BOUND_COUNT && done->us > bounds_us[bound])
        bound++;
    add(&slot->status[status], 1);
    add(&slot->within[bound], 1);
    add(&slot->us, done->us);
    add(&slot->bytes, done->bytes);
    add(&m->again, done->reply->again);
}

/* ---- The book -------------------------------------------------------------------------- */

/* The texts of a pulse live in the arena of a view; these live as long as the counters. */
static void pulse_keep(struct metrics *m, const struct pulse *pulse)
{
    m->pulse = *pulse;
    for (size_t i = 0; i < pulse->state_count; i++) {
        snprintf(m->states[i], STATE_LENGTH, "%s", pulse->outbox[i].state);
        m->pulse.outbox[i].state = m->states[i];
    }
    m->pulse_ms = clock_ms();
}

bool metrics_pulse(struct metrics *m, struct view *v, struct pulse *out, struct fault *why)
{
    bool fine = true;

    pthread_mutex_lock(&m->lock); /* so that it is read once, however many ask */
    if (m->pulse_ms == 0 || clock_ms() - m->pulse_ms > PULSE_KEPT_MS) {
        struct pulse fresh;
        fine = pulse_read(v, &fresh, why);
        if (fine)
            pulse_keep(m, &fresh);
    }
    *out = m->pulse;
    for (size_t i = 0; i < out->state_count; i++)
        out->outbox[i].state = arena_copy(&v->arena, out->outbox[i].state);
    pthread_mutex_unlock(&m->lock);
    return fine;
}

/* ---- Printing -------------------------------------------------------------------------- */

static void head(struct text *out, const char *name, const char *type, const char *help)
{
    text_add_print(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void one(struct text *out, const char *name, const char *type, const char *help,
                int64_t value)
{
    head(out, name, type, help);
    text_add_print(out, "%s %" PRId64 "\n", name, value);
}

static void seconds_add(struct text *out, int64_t us)
{
    text_add_print(out, "%" PRId64 ".%06" PRId64, us / 1000000, us % 1000000);
}

static int64_t slot_total(const struct counted *slot)
{
    int64_t total = 0;

    for (size_t i = 0; i <= BOUND_COUNT; i++)
        total += read_of(&slot->within[i]);
    return total;
}

static void requests_print(const struct metrics *m, struct text *out)
{
    head(out, "recoup_http_requests_total", "counter", "Requests by route and status.");
    for (size_t i = 0; i < m->count; i++) {
        const struct counted *slot = &m->slots[i];
        for (size_t s = 0; s < STATUS_COUNT; s++) {
            int64_t count = read_of(&slot->status[s]);
            if (count == 0)
                continue;
            text_add_print(out,
                           "recoup_http_requests_total{method=\"%s\",route=\"%s\",status=\"",
                           slot->method, slot->name);
            if (statuses[s] == 0)
                text_add_print(out, "other\"} %" PRId64 "\n", count);
            else
                text_add_print(out, "%d\"} %" PRId64 "\n", statuses[s], count);
        }
    }
}

/* A histogram that was cut in two by a request in between would not add up: the count is the
 * sum of what is printed. */
static void duration_print(const struct counted *slot, struct text *out)
{
    static const char name[] = "recoup_http_request_duration_seconds";
    int64_t sum = 0;

    for (size_t b = 0; b <= BOUND_COUNT; b++) {
        sum += read_of(&slot->within[b]);
        text_add_print(out, "%s_bucket{method=\"%s\",route=\"%s\",le=\"", name, slot->method,
                       slot->name);
        if (b < BOUND_COUNT)
            text_add_print(out, "%g", (double)bounds_us[b] / 1e6);
        else
            text_add(out, "+Inf");
        text_add_print(out, "\"} %" PRId64 "\n", sum);
    }
    text_add_print(out, "%s_sum{method=\"%s\",route=\"%s\"} ", name, slot->method, slot->name);
    seconds_add(out, read_of(&slot->us));
    text_add_print(out, "\n%s_count{method=\"%s\",route=\"%s\"} %" PRId64 "\n", name,
                   slot->method, slot->name, sum);
}

static void durations_print(const struct metrics *m, struct text *out)
{
    int64_t bytes = 0;

    head(out, "recoup_http_request_duration_seconds", "histogram",
         "From the last byte of a request to its reply, waiting included.");
    for (size_t i = 0; i < m->count; i++) {
        bytes += read_of(&m->slots[i].bytes);
        if (slot_total(&m->slots[i]) > 0)
            duration_print(&m->slots[i], out);
    }
    one(out, "recoup_http_sent_bytes_total", "counter", "Bytes of bodies that were sent.",
        bytes);
    one(out, "recoup_http_replies_again_total", "counter",
        "Replies of the API that were given once more, nothing having changed.",
        read_of(&m->again));
}

static void listening_print(const struct listening *l, struct text *out)
{
    one(out, "recoup_http_connections", "gauge", "Open connections.", (int64_t)l->connections);
    one(out, "recoup_http_connections_most", "gauge", "Connections that may be open.",
        (int64_t)l->connections_most);
    one(out, "recoup_http_slow_connections_total", "counter",
        "Connections that were ended because they were too slow.", l->ended);
    one(out, "recoup_http_in_flight", "gauge", "Requests being read, answered or sent.",
        (int64_t)l->in_flight);
    one(out, "recoup_http_queue", "gauge", "Requests that wait for a worker.",
        (int64_t)l->waiting);
    one(out, "recoup_http_body_bytes", "gauge", "Memory of the bodies in flight.",
        l->body_bytes);
    if (l->certificate_expires != 0)
        one(out, "recoup_tls_certificate_expires_timestamp_seconds", "gauge",
            "The certificate is good until then.", l->certificate_expires);
}

static void pulse_print(const struct pulse *p, struct text *out)
{
    one(out, "recoup_sessions", "gauge", "People who are signed in.", p->sessions);
    one(out, "recoup_tasks_waiting", "gauge", "Tasks that wait for a person.", p->tasks);
    head(out, "recoup_outbox_messages", "gauge", "Messages by state.");
    for (size_t i = 0; i < p->state_count; i++)
        text_add_print(out, "recoup_outbox_messages{state=\"%s\"} %" PRId64 "\n",
                       p->outbox[i].state, p->outbox[i].count);
    one(out, "recoup_last_cycle_timestamp_seconds", "gauge",
        "The last cycle that queued something.", p->cycle_at.us / 1000000);
}

static int64_t resident_bytes(void)
{
    long long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file == NULL)
        return 0;
    if (fscanf(file, "%lld %lld", &pages, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident * sysconf(_SC_PAGESIZE);
}

static int64_t open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int64_t count = -3; /* ".", "..", and the folder itself */

    if (folder == NULL)
        return 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static void process_print(const struct metrics *m, struct text *out)
{
    struct rusage used = { 0 };
    struct rlimit files = { 0 };

    getrusage(RUSAGE_SELF, &used);
    getrlimit(RLIMIT_NOFILE, &files);
    head(out, "process_cpu_seconds_total", "counter", "Processor time of the program.");
    text_add(out, "process_cpu_seconds_total ");
    seconds_add(out, (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
                         used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    text_add_char(out, '\n');
    one(out, "process_resident_memory_bytes", "gauge", "Memory of the program.",
        resident_bytes());
    one(out, "process_open_fds", "gauge", "Open files and sockets.", open_files());
    one(out, "process_max_fds", "gauge", "Files and sockets that may be open.",
        (int64_t)files.rlim_cur);
    one(out, "process_start_time_seconds", "gauge", "When the program was started.",
        m->started);
}

void metrics_print(struct metrics *m, const struct metrics_now *now, struct text *out)
{
    head(out, "recoup_build_info", "gauge", "Which program this is.");
    text_add_print(out, "recoup_build_info{version=\"%s\",schema=\"%d\"} 1\n", now->version,
                   SCHEMA_VERSION);
    requests_print(m, out);
    durations_print(m, out);
    listening_print(&now->listening, out);
    pulse_print(now->pulse, out);
    one(out, "recoup_log_dropped_lines_total", "counter",
        "Lines of the access log that nobody read in time.", now->log_dropped);
    process_print(m, out);
}
