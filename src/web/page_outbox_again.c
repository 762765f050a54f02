/* What did not arrive is sent again: one message from its page, or those of one cause at once.
 */
#include "web/page_lists.h"

#include "base/text.h"
#include "flow/outbox_again.h"
#include "web/page_parts.h"

#include <string.h>

enum { AGAIN_MOST = 50, CAUSES_MOST = 20 };

/* Why they did not arrive, and who; those that were sent again are left out. */
struct cause {
    const char *state, *reason;
    size_t count;
    json_t *rows;
};

static const char *when_of(const struct page *p, const struct spoken *spoken)
{
    int64_t wait = spoken->at.us - p->view->now.us;

    return wait <= (int64_t)SPEAK_HELD_SECONDS * 1000000 ? "in a minute"
                                                         : moment_within(p, spoken->at);
}

static const char *held_of(const struct page *p, const struct spoken *spoken)
{
    struct instant until = spoken->stands.until;

    return outbox_held(p->arena, spoken,
                       until.us == INSTANT_NEVER.us ? "" : moment_within(p, until));
}

/* ---- One ---- */

bool again_put(struct page *p, json_t *row, const struct message_row *m, struct fault *why)
{
    struct casefile_key key = { m->bucket, m->casefile_id };
    int32_t later = 0;

    if (outbox_may_again(m->state) &&
        !outbox_again_of(p->view->store, key, (int32_t)m->outbox, &later, why))
        return false;
    put_true(row, "may_again",
             outbox_may_again(m->state) && later == 0 && !text_equal(m->channel, "call") &&
                 page_may(p, MAY_WORK));
    put_true(row, "was_again", later != 0);
    return true;
}

/* In a transaction of its own: what the gate said of it stands in the journal, whatever it was.
 */
static bool again_do(struct page *p, const struct message_view *m, struct spoken *out,
                     struct fault *why)
{
    struct book *b = page_book(p, why);

    return b != NULL &&
           outbox_again(b, p->view->policy,
                        (struct casefile_key){ m->row.bucket, m->row.casefile_id },
                        (int32_t)m->row.outbox, out, why) &&
           page_commit(p, why);
}

static const char *refused(const struct page *p, const struct spoken *spoken)
{
    return arena_print(p->arena, "It is not sent again. %s", held_of(p, spoken));
}

bool message_again(struct page *p, struct fault *why)
{
    struct message_view m;
    struct spoken spoken;

    if (!message_asked(p, p->hole, &m, why) || !again_do(p, &m, &spoken, why))
        return false;
    if (spoken.number == 0)
        return fail(why, CONFLICT, "%s", refused(p, &spoken));
    const char *to = arena_print(p->arena, "/outbox/%lld.%lld", (long long)m.row.bucket,
                                 (long long)spoken.decision);
    page_say(p, arena_print(p->arena, "A new message takes its place and goes %s.",
                            when_of(p, &spoken)));
    page_undo(p, arena_print(p->arena, "%s/stop", to));
    page_go(p, to);
    return true;
}

/* ---- Those of a cause ---- */

static struct cause *cause_of(struct cause all[CAUSES_MOST], size_t *count,
                              const struct message_row *m)
{
    for (size_t i = 0; i < *count; i++) {
        if (text_equal(all[i].state, m->state) && text_equal(all[i].reason, m->state_reason))
            return &all[i];
    }
    if (*count == CAUSES_MOST)
        return NULL;
    all[*count] = (struct cause){ m->state, m->state_reason, 0, NULL };
    return &all[(*count)++];
}

static void cause_begin(struct page *p, struct cause *cause, json_t *list)
{
    struct standing_words state = words_state(p->arena, cause->state);
    json_t *object = list_add(list);

    put(object, "cause",
        cause->reason[0] != '\0' ? words_plain(p->arena, cause->reason) : state.meaning);
    put_standing(p, object, "state", state);
    cause->rows = put_list(object, "rows");
}

static bool causes_put(struct page *p, struct fault *why)
{
    const struct list_ask who = { .now = p->view->now,
                                  .clients = p->view->clients,
                                  .desks = p->view->desks };
    json_t *list = put_list(p->context, "causes");
    struct cause causes[CAUSES_MOST];
    struct list_page found;
    size_t count = 0;

    if (!outbox_failed(p->view->store, p->arena, &who, &found, why))
        return false;
    for (size_t i = 0; i < found.count; i++) {
        struct message_row m = list_message(&found.rows[i]);
        json_t *row = json_object();
        bool fine = again_put(p, row, &m, why);
        struct cause *cause = fine && json_is_true(json_object_get(row, "may_again"))
                                  ? cause_of(causes, &count, &m)
                                  : NULL;
        if (cause != NULL && cause->rows == NULL)
            cause_begin(p, cause, list);
        if (cause != NULL && cause->count++ < AGAIN_MOST) {
            put_message_row(p, row, &m);
            json_array_append(cause->rows, row);
        }
        json_decref(row);
        if (!fine)
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        json_t *object = json_array_get(list, i);
        put(object, "count", words_count(p->arena, (int64_t)causes[i].count));
        put_true(object, "one", causes[i].count == 1);
        if (causes[i].count > AGAIN_MOST)
            put(object, "first", words_count(p->arena, AGAIN_MOST));
    }
    put_true(p->context, "any", count > 0);
    return true;
}

bool page_outbox_again(struct page *p, struct fault *why)
{
    put(p->context, "title", "Send again");
    return causes_put(p, why);
}

struct tally {
    size_t sent, held, moot;
    const char *first_held, *first_moot;
};

/* One that cannot go does not keep the others; what is broken does. */
static bool tally_one(struct page *p, const char *name, struct tally *t, struct fault *why)
{
    struct message_view m;
    struct spoken spoken;
    struct fault fault = { 0 };

    if (message_asked(p, name, &m, &fault) && again_do(p, &m, &spoken, &fault)) {
        t->sent += spoken.number != 0;
        t->held += spoken.number == 0;
        if (spoken.number == 0 && t->first_held == NULL)
            t->first_held = held_of(p, &spoken);
        return true;
    }
    enum fault_kind kind = fault_kind_of(fault.code);
    if (kind != FAULT_CONFLICT && kind != FAULT_ABSENT) {
        *why = fault;
        return false;
    }
    page_abandon(p);
    t->moot++;
    if (t->first_moot == NULL)
        t->first_moot = arena_copy(p->arena, fault.text);
    return true;
}

static const char *tally_words(struct page *p, const struct tally *t)
{
    struct arena *x = p->arena;
    const char *held = t->held == 0
                           ? ""
                           : arena_print(x, " %s held back by the rules: %s",
                                         words_count(x, (int64_t)t->held), t->first_held);
    const char *moot = t->moot == 0
                           ? ""
                           : arena_print(x, " %s not sent again: %s",
                                         words_count(x, (int64_t)t->moot), t->first_moot);

    return arena_print(x, "%s on %s way.%s%s", words_count(x, (int64_t)t->sent),
                       t->sent == 1 ? "its" : "their", held, moot);
}

bool messages_again(struct page *p, struct fault *why)
{
    struct tally t = { 0 };
    size_t chosen = 0;

    for (size_t i = 0; i < p->ask->form_count; i++) {
        const struct field *f = &p->ask->form[i];
        if (!text_equal(f->name, "message") || text_is_empty(f->value))
            continue;
        if (chosen++ == AGAIN_MOST)
            return fail(why, BAD_VALUE, "Choose at most %d at once.", AGAIN_MOST);
        if (!tally_one(p, f->value, &t, why))
            return false;
    }
    if (chosen == 0)
        return fail(why, BAD_VALUE, "Choose at least one message.");
    page_say(p, tally_words(p, &t));
    page_go(p, "/outbox/again");
    return true;
}
