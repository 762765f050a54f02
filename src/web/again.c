#include "web/again.h"

#include "base/digest.h"
#include "base/text.h"
#include "web/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * AGAIN_REPLIES };

struct kept_reply {
    int64_t moment; /* of another one than now: the slot is free */
    struct digest ask;
    struct reply reply; /* without its body */
    const char *body;
    size_t length;
};

struct again {
    pthread_mutex_t lock;
    struct view *view; /* asks for nothing but its version */
    int64_t moment;    /* 1 and on: another one is another version, or another second */
    int64_t version, second;
    struct arena bodies; /* of this moment */
    size_t count;
    struct kept_reply slots[SLOTS];
};

struct again *again_open(const char *url, const struct zone *zone)
{
    struct fault ignored;
    struct again *a = calloc(1, sizeof *a);

    must(a != NULL);
    pthread_mutex_init(&a->lock, NULL);
    a->view = view_open(url, NULL, zone, &ignored);
    if (a->view != NULL && view_patience(a->view, (struct patience){ 0 }, &ignored) &&
        view_version(a->view, &a->version))
        return a;
    again_close(a);
    return NULL;
}

void again_close(struct again *a)
{
    if (a == NULL)
        return;
    view_close(a->view);
    arena_free(&a->bodies);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

/* ---- The moment ------------------------------------------------------------------------- */

/* False: the book does not say whether it has changed. */
static bool moment_look(struct again *a)
{
    int64_t version, second = clock_ms() / 1000;
    bool known = view_version(a->view, &version);

    if (known && a->moment > 0 && version == a->version && second == a->second)
        return true;
    a->moment++;
    a->version = known ? version : 0;
    a->second = second;
    a->count = 0;
    arena_reset(&a->bodies);
    return known;
}

/* ---- What was asked --------------------------------------------------------------------- */

static void add_text(struct digest_maker *m, const char *text)
{
    digest_add_int(m, text != NULL);
    if (text != NULL)
        digest_add(m, text, strlen(text));
}

/* All that a reply to a token hangs on. */
static struct digest digest_of_ask(const struct ask *ask)
{
    struct digest_maker m;

    digest_begin(&m);
    add_text(&m, ask->raw_path);
    add_text(&m, ask->authorization);
    add_text(&m, ask->encodings);
    add_text(&m, ask->fetch_site);
    for (size_t i = 0; i < ask->query_count; i++) {
        add_text(&m, ask->query[i].name);
        add_text(&m, ask->query[i].value);
    }
    return digest_end(&m);
}

static bool can_be_kept(const struct ask *ask, const struct reply *reply)
{
    return reply->route != NULL && reply->route->call != NULL && ask->authorization != NULL &&
           ask->session == NULL && strcmp(ask->method, "GET") == 0;
}

static bool is_taken(const struct again *a, const struct kept_reply *kept)
{
    return kept->moment == a->moment;
}

/* Where it is, or would be. */
static struct kept_reply *slot_of(struct again *a, const struct digest *ask)
{
    uint64_t at;

    memcpy(&at, ask->bytes, sizeof at);
    for (at %= SLOTS; is_taken(a, &a->slots[at]); at = (at + 1) % SLOTS) {
        if (memcmp(a->slots[at].ask.bytes, ask->bytes, DIGEST_BYTES) == 0)
            break;
    }
    return &a->slots[at];
}

/* ---- Giving and keeping ----------------------------------------------------------------- */

static void reply_copy(const struct kept_reply *kept, struct reply *reply)
{
    const struct route *route = reply->route;

    *reply = kept->reply;
    reply->route = route;
    reply->again = true;
    reply->etag = kept->reply.etag != NULL ? reply->tag : NULL;
    text_add_n(&reply->body, kept->body, kept->length);
}

bool again_give(struct again *a, const struct ask *ask, struct reply *reply)
{
    if (a == NULL || !can_be_kept(ask, reply))
        return false;
    struct digest digest = digest_of_ask(ask);
    pthread_mutex_lock(&a->lock);
    bool known = moment_look(a);
    const struct kept_reply *kept = slot_of(a, &digest);
    bool given = known && is_taken(a, kept);
    if (given)
        reply_copy(kept, reply);
    else
        reply->moment = known ? a->moment : 0;
    pthread_mutex_unlock(&a->lock);
    return given;
}

/* A plain one: whatever else a reply can do is meant for one request. */
static bool is_plain(const struct reply *reply)
{
    bool cookies = false;

    for (int i = 0; i < REPLY_COOKIES; i++)
        cookies = cookies || reply->cookies[i] != NULL;
    return reply->status == 200 && !reply->noted && !cookies && reply->asset == NULL &&
           reply->packed == NULL && reply->location == NULL && reply->file == NULL &&
           reply->etag == reply->tag && text_equal(reply->type, "application/json") &&
           reply->body.length <= AGAIN_BODY;
}

void again_keep(struct again *a, const struct ask *ask, const struct reply *reply)
{
    if (a == NULL || reply->moment == 0 || !is_plain(reply))
        return;
    struct digest digest = digest_of_ask(ask);
    pthread_mutex_lock(&a->lock);
    struct kept_reply *kept = slot_of(a, &digest);
    if (reply->moment == a->moment && !is_taken(a, kept) && a->count < AGAIN_REPLIES &&
        a->bodies.used + reply->body.length <= AGAIN_BYTES) {
        *kept = (struct kept_reply){ a->moment, digest, *reply, NULL, reply->body.length };
        kept->reply.body = (struct text){ 0 };
        kept->body = arena_copy_n(&a->bodies, text_of(&reply->body), reply->body.length);
        a->count++;
    }
    pthread_mutex_unlock(&a->lock);
}
