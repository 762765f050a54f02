#include "web/recent.h"

#include <pthread.h>
#include <string.h>

struct person {
    int64_t user, turn; /* turn: of all notes; the higher, the later */
    size_t count;
    struct casefile_key opened[RECENT_MOST];
};

static struct {
    pthread_mutex_t lock;
    size_t count;
    int64_t turns;
    struct person people[RECENT_USERS];
} kept = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* With the lock held, as below. */
static struct person *person_find(int64_t user)
{
    for (size_t i = 0; i < kept.count; i++) {
        if (kept.people[i].user == user)
            return &kept.people[i];
    }
    return NULL;
}

static struct person *person_make(int64_t user)
{
    struct person *at = &kept.people[0];

    if (kept.count < RECENT_USERS)
        at = &kept.people[kept.count++];
    else {
        for (size_t i = 1; i < kept.count; i++)
            at = kept.people[i].turn < at->turn ? &kept.people[i] : at;
    }
    *at = (struct person){ .user = user };
    return at;
}

/* To the front; what was there before moves back, up to where it stood. */
static void opened_note(struct person *at, struct casefile_key key)
{
    size_t place = 0;

    while (place < at->count && at->opened[place].id != key.id)
        place++;
    if (place == at->count && at->count < RECENT_MOST)
        at->count++;
    if (place == RECENT_MOST)
        place--;
    memmove(&at->opened[1], &at->opened[0], place * sizeof at->opened[0]);
    at->opened[0] = key;
}

void recent_note(const struct page *p, struct casefile_key key)
{
    int64_t user = p->session->user.number;

    if (user == 0)
        return;
    pthread_mutex_lock(&kept.lock);
    struct person *at = person_find(user);
    if (at == NULL)
        at = person_make(user);
    at->turn = ++kept.turns;
    opened_note(at, key);
    pthread_mutex_unlock(&kept.lock);
}

size_t recent_list(const struct page *p, struct casefile_key out[RECENT_MOST])
{
    size_t count = 0;

    pthread_mutex_lock(&kept.lock);
    const struct person *at = person_find(p->session->user.number);
    if (at != NULL) {
        count = at->count;
        memcpy(out, at->opened, count * sizeof out[0]);
    }
    pthread_mutex_unlock(&kept.lock);
    return count;
}
