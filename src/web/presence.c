#include "web/presence.h"

#include "base/text.h"
#include "web/page_queue.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

enum { NAME_ROOM = 4 * USER_NAME_MOST + 1, SHOWN_MOST = 4 };

struct visit {
    int64_t casefile, user, seen; /* seen: seconds of a clock that only goes on */
    char name[NAME_ROOM];
};

static struct {
    pthread_mutex_t lock;
    size_t count;
    struct visit visits[PRESENCE_MOST];
} here = { .lock = PTHREAD_MUTEX_INITIALIZER };

static int64_t seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec;
}

/* With the lock held: forgets who has gone. */
static void forget(int64_t now)
{
    size_t left = 0;

    for (size_t i = 0; i < here.count; i++) {
        if (now - here.visits[i].seen <= PRESENCE_SECONDS)
            here.visits[left++] = here.visits[i];
    }
    here.count = left;
}

static struct visit *oldest(void)
{
    struct visit *found = &here.visits[0];

    for (size_t i = 1; i < here.count; i++) {
        if (here.visits[i].seen < found->seen)
            found = &here.visits[i];
    }
    return found;
}

static void note(int64_t casefile, int64_t user, const char *name)
{
    pthread_mutex_lock(&here.lock);
    int64_t now = seconds_now();
    struct visit *at = NULL;
    forget(now);
    for (size_t i = 0; i < here.count; i++) {
        if (here.visits[i].casefile == casefile && here.visits[i].user == user)
            at = &here.visits[i];
    }
    if (at == NULL)
        at = here.count < PRESENCE_MOST ? &here.visits[here.count++] : oldest();
    *at = (struct visit){ .casefile = casefile, .user = user, .seen = now };
    strncpy(at->name, name, NAME_ROOM - 1);
    pthread_mutex_unlock(&here.lock);
}

/* Names of the others, copied to the arena. */
static size_t others(struct arena *a, int64_t casefile, int64_t me, const char *names[SHOWN_MOST])
{
    size_t count = 0;

    pthread_mutex_lock(&here.lock);
    int64_t now = seconds_now();
    for (size_t i = 0; i < here.count && count < SHOWN_MOST; i++) {
        const struct visit *v = &here.visits[i];
        if (v->casefile == casefile && v->user != me && now - v->seen <= PRESENCE_SECONDS)
            names[count++] = arena_copy(a, v->name);
    }
    pthread_mutex_unlock(&here.lock);
    return count;
}

static const char *first_name(struct arena *a, const char *name)
{
    return arena_copy_n(a, name, strcspn(name, " "));
}

static void others_put(struct page *p, json_t *object, struct casefile_key key)
{
    const char *names[SHOWN_MOST], *together = NULL;
    size_t count = others(p->arena, key.id, p->session->user.number, names);

    if (count == 0) { /* said, so that nobody looks for it further out */
        put_true(object, "presence", false);
        return;
    }
    json_t *presence = put_object(object, "presence");
    json_t *list = put_list(presence, "others");
    for (size_t i = 0; i < count; i++) {
        json_t *one = list_add(list);
        const char *first = first_name(p->arena, names[i]);
        put(one, "who_name", names[i]);
        put(one, "initials", queue_initials(p->arena, names[i]));
        together = together == NULL
                       ? first
                       : arena_print(p->arena, "%s%s%s", together,
                                     i + 1 == count ? " and " : ", ", first);
    }
    put(presence, "names", together);
    put(presence, "verb", count == 1 ? "is" : "are");
}

void presence_put(struct page *p, struct casefile_key key)
{
    if (p->session->user.number == 0)
        return;
    note(key.id, p->session->user.number, p->session->user.name);
    put_int(p->context, "presence_poll", PRESENCE_POLL);
    if (text_starts(p->route->path, "/accounts/"))
        put(p->context, "presence_link",
            arena_print(p->arena, "/accounts/%s/presence", url_encode(p->arena, p->hole)));
    others_put(p, p->context, key);
}

void presence_row_put(struct page *p, json_t *row, struct casefile_key key)
{
    others_put(p, row, key);
}

bool page_presence(struct page *p, struct fault *why)
{
    struct casefile_key key;

    if (!view_find(p->view, p->hole, &key, why))
        return false;
    put(p->context, "title", "Who is here");
    put(p->context, "account",
        arena_print(p->arena, "/accounts/%s", url_encode(p->arena, p->hole)));
    presence_put(p, key);
    return true;
}
