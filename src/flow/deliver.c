#include "flow/deliver_parts.h"

#include "base/json.h"
#include "base/torture.h"
#include "channels/folder.h"
#include "domain/agreement.h"
#include "flow/debit.h"
#include "flow/notice.h"
#include "flow/rulebook.h"
#include "flow/task.h"
#include "store/casefiles.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum {
    SEND_AT_ONCE = 32,
    LEASE_SECONDS = 600,
    RETRY_SECONDS = 300,
    ATTEMPTS_MOST = 6,
    LOOK_AGAIN_SECONDS = 2
};

static struct instant later(struct instant at, int64_t seconds)
{
    return (struct instant){ at.us + seconds * 1000000 };
}

static struct channel_port *port_of(const struct worker *w, enum channel channel)
{
    return channel == CHANNEL_EMAIL ? w->email : w->letter;
}

/* ---- The end of one -------------------------------------------------------------------------- */

/* Every change of state is journalled; the record holds no address and no words, but the digest
 * of the bytes that are about to go. */
static bool journal_judged(struct worker *w, const struct errand *e, const char *state,
                           const char *reason, const struct judged *judged)
{
    struct json_writer j = { &w->book.record, false };
    char digest[DIGEST_HEX];

    text_clear(&w->book.record);
    json_open(&j, '{');
    json_int_at(&j, "outbox", e->outbox);
    json_text_at(&j, "channel", channel_name(e->channel));
    json_text_at(&j, "state", state);
    if (reason != NULL)
        json_text_at(&j, "reason", reason);
    if (judged != NULL && judged->verdict->ruling == RULING_ALLOW && e->bytes != NULL)
        json_text_at(&j, "digest",
                     digest_print(digest_of(e->bytes, e->length), digest)); /* of what goes */
    if (judged != NULL)
        judged_write(&j, judged, &w->question);
    json_close(&j, '}');
    return journal_add_verdict(w->book.heads, e->key, w->book.now, "message",
                               text_of(&w->book.record),
                               judged != NULL ? text_of(&w->question) : NULL, NULL, w->why);
}

static bool journal_state(struct worker *w, const struct errand *e, const char *state,
                          const char *reason)
{
    return journal_judged(w, e, state, reason, NULL);
}

/*
 * A message that will not reach anybody was no contact, and one that was put off is a contact
 * of another moment: the case file is looked at again.
 */
static bool stir(struct worker *w, const struct errand *e, const char *state)
{
    if (text_equal(state, "sent") || text_equal(state, "unsure"))
        return true;
    struct query q = query_begin(w->book.store, Q_CASEFILE_STIR);
    bind_key(&q, e->key);
    if (!query_run(&q, w->why))
        return false;
    return (e->purpose == NULL && e->channel != CHANNEL_CALL && !text_equal(state, "bounced")) ||
           task_follow(&w->book, e->key, w->why);
}

static bool close_judged(struct worker *w, const struct errand *e, const char *state,
                         const char *reason, const struct judged *judged)
{
    struct query q = query_begin(w->book.store, Q_OUTBOX_CLOSE);

    bind_text(&q, state);
    bind_int(&q, w->book.now.us);
    bind_text(&q, reason);
    bind_int(&q, e->not_before.us);
    bind_key(&q, e->key);
    bind_int(&q, e->outbox);
    return query_run(&q, w->why) && journal_judged(w, e, state, reason, judged) &&
           stir(w, e, state);
}

static bool close_errand(struct worker *w, const struct errand *e, const char *state,
                         const char *reason)
{
    return close_judged(w, e, state, reason, NULL);
}

static bool put_off(struct worker *w, struct errand *e, const struct judged *judged)
{
    const char *reason = rule_id(judged->verdict->decisive->rule);
    struct instant until = judged->verdict->until;

    if (until.us >= e->expires_at.us) {
        w->result->expired++;
        return close_judged(w, e, "expired", reason, judged);
    }
    e->not_before = until;
    w->result->deferred++;
    return close_judged(w, e, "ready", reason, judged);
}

/* ---- Before sending ---------------------------------------------------------------------------- */

static bool keep_message(struct worker *w, struct errand *e, const struct look *look)
{
    struct compose_request request = { .casefile = look->casefile,
                                       .party = look->party,
                                       .channel = e->channel,
                                       .address = e->address,
                                       .template = e->template,
                                       .outbox = e->outbox,
                                       .item_count = look->left.item_count,
                                       .items = look->left.items,
                                       .verdict = look->judged.verdict,
                                       .subject = e->subject,
                                       .words = e->words,
                                       .now = w->book.now,
                                       .today = wall_at(w->book.now, w->book.zone).day };
    struct compose_debit debit;
    struct composed made;

    if (look->debit != NULL) {
        debit.plan = debit_plan(look->casefile, look->debit);
        debit.day = debit_day(debit.plan, look->debit, request.today);
        debit.minor = e->open_minor;
        request.debit = &debit;
    }
    if (!compose(w->composer, &w->arena, &request, &made, w->why))
        return false;
    struct query q = query_begin(w->book.store, Q_MESSAGE_ADD);
    bind_key(&q, e->key);
    bind_int(&q, e->outbox);
    bind_text(&q, made.key);
    bind_text(&q, made.subject);
    bind_blob(&q, made.bytes, made.length);
    if (!query_run(&q, w->why))
        return false;
    e->message_key = made.key;
    e->bytes = made.bytes;
    e->length = made.length;
    return true;
}

/* One letter that cannot be made must not stop the others: it is failed, with the reason. */
static bool fail_errand(struct worker *w, const struct errand *e)
{
    struct fault problem = *w->why;

    if (fault_kind_of(problem.code) == FAULT_CORRUPT || problem.code == DB_FAILED ||
        problem.code == DB_BUSY || problem.code == SYSTEM)
        return false;
    *w->why = (struct fault){ 0 };
    w->result->failed++;
    return close_errand(w, e, "failed", problem.text);
}

static bool lease_row(struct worker *w, const struct errand *e)
{
    struct query q = query_begin(w->book.store, Q_OUTBOX_LEASE);

    bind_int(&q, w->book.now.us);
    bind_int(&q, later(w->book.now, LEASE_SECONDS).us);
    bind_int(&q, w->lease);
    bind_key(&q, e->key);
    bind_int(&q, e->outbox);
    return query_run(&q, w->why);
}

/* The message is leased and may go, by this verdict. */
static bool let_go(struct worker *w, struct errand *e, const struct judged *judged)
{
    must(judged->verdict->ruling == RULING_ALLOW);
    e->verdict = judged->verdict;
    return lease_row(w, e) && journal_judged(w, e, "sending", NULL, judged);
}

/* Looks at a ready message once more; it goes when the gate allows it now. */
static bool prepare(struct worker *w, struct errand *e)
{
    struct look look;

    if (!look_again(w, e, &look))
        return false;
    if (look.moot != NULL) {
        w->result->expired++;
        return close_errand(w, e, "expired", look.moot);
    }
    if (look.judged.verdict->ruling == RULING_DEFER)
        return put_off(w, e, &look.judged);
    if (look.judged.verdict->ruling == RULING_DENY) {
        w->result->refused++;
        return close_judged(w, e, "refused", rule_id(look.judged.verdict->decisive->rule),
                            &look.judged);
    }
    if (!keep_message(w, e, &look))
        return fail_errand(w, e);
    return let_go(w, e, &look.judged);
}

/*
 * A message left in `sending` by a worker that is gone. Where the channel drops repeats it is
 * sent again, now or when the hour is right; unless somebody has said stop meanwhile.
 */
static bool recover(struct worker *w, struct errand *e)
{
    static const char ended[] = "the program ended while it was being sent";
    struct look look = { .moot = "" };

    if (!w->alone && e->lease_until.us > w->book.now.us)
        return true; /* somebody is at it */
    if (port_of(w, e->channel)->repeats_are_dropped &&
        (!look_again(w, e, &look) || !message_load(w, e)))
        return false;
    if (look.moot == NULL && look.judged.verdict->ruling == RULING_ALLOW && e->bytes != NULL)
        return let_go(w, e, &look.judged);
    if (look.moot == NULL && look.judged.verdict->ruling == RULING_DEFER &&
        look.judged.verdict->until.us < e->expires_at.us)
        return true; /* a later worker asks again: it may be there already, so it stays as it is */
    w->result->unsure++;
    return close_judged(w, e, "unsure", ended, look.moot == NULL ? &look.judged : NULL);
}

/* ---- After sending ---------------------------------------------------------------------------- */

struct ending {
    const char *state, *reason;
    struct instant not_before;
};

static struct ending ending_of(struct worker *w, const struct errand *e, bool sent,
                               const struct fault *outcome)
{
    struct ending end = { "sent", NULL, e->not_before };

    if (sent) {
        w->result->sent++;
        return end;
    }
    end.reason = arena_copy(&w->arena, outcome->text);
    switch (fault_kind_of(outcome->code)) {
    case FAULT_BUSY:
        if (e->attempts + 1 >= ATTEMPTS_MOST)
            break;
        w->result->deferred++;
        end.state = "ready";
        end.not_before = later(w->book.now, (int64_t)RETRY_SECONDS << e->attempts);
        return end;
    case FAULT_UNSURE:
        w->result->unsure++;
        end.state = "unsure";
        return end;
    case FAULT_INPUT:
    case FAULT_ABSENT:
    case FAULT_DENIED:
    case FAULT_CONFLICT:
    case FAULT_CORRUPT:
    case FAULT_SYSTEM:
        break;
    }
    w->result->failed++;
    end.state = "failed";
    return end;
}

static bool record_notice(struct worker *w, const struct errand *e, const char *state)
{
    struct notice_given given = { e->key,   e->purpose, e->channel,
                                  e->party, e->debts,   e->composed_at };

    return !text_equal(state, "sent") || notice_record(&w->book, &given, w->why);
}

static bool settle(struct worker *w, const struct errand *e, const struct ending *end)
{
    struct query q = query_begin(w->book.store, Q_OUTBOX_SETTLE);

    bind_text(&q, end->state);
    bind_int(&q, w->book.now.us);
    bind_text(&q, end->reason);
    bind_int(&q, end->not_before.us);
    bind_key(&q, e->key);
    bind_int(&q, e->outbox);
    bind_int(&q, w->lease);
    bool held = query_next(&q);
    if (!query_end(&q, w->why))
        return false;
    return !held || (journal_state(w, e, end->state, end->reason) && stir(w, e, end->state) &&
                     record_notice(w, e, end->state));
}

/* ---- One message ------------------------------------------------------------------------------- */

static void tick(struct worker *w)
{
    struct timespec t;

    if (w->request->clock_stands)
        return;
    clock_gettime(CLOCK_REALTIME, &t);
    w->book.now.us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Takes one message; it may go when it has its verdict then. Inside a transaction. */
static bool take(struct worker *w, struct errand *e)
{
    bool found;

    if (!head_open(w->book.heads, e->key.bucket, w->why) || !errand_load(w, e, &found))
        return false;
    if (!found || port_of(w, e->channel) == NULL) /* ended since, or the channel is off */
        return true;
    return e->was_sending ? recover(w, e) : prepare(w, e);
}

/* A batch on its way: between two transactions, nothing but sending. */
struct batch {
    struct errand *all;
    size_t count;
    struct ending endings[SEND_AT_ONCE];
};

static bool take_batch(struct worker *w, struct batch *batch)
{
    if (!book_begin(&w->book, w->why))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        if (!take(w, &batch->all[i]))
            return book_undo(&w->book);
    }
    return book_commit(&w->book, w->why);
}

static void send_batch(struct worker *w, struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct errand *e = &batch->all[i];
        struct fault outcome = { 0 };
        if (e->verdict == NULL)
            continue;
        must(e->verdict->ruling == RULING_ALLOW);
        torture_point("before send");
        struct channel_port *port = port_of(w, e->channel);
        bool sent = port->send(port, &w->arena, e->message_key, e->address, e->bytes, e->length,
                               &outcome);
        torture_point("after send");
        batch->endings[i] = ending_of(w, e, sent, &outcome);
    }
}

static bool settle_batch(struct worker *w, const struct batch *batch)
{
    bool any = false;

    for (size_t i = 0; i < batch->count; i++)
        any = any || batch->all[i].verdict != NULL;
    if (!any)
        return true;
    if (!book_begin(&w->book, w->why))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        const struct errand *e = &batch->all[i];
        if (e->verdict != NULL && (!head_open(w->book.heads, e->key.bucket, w->why) ||
                                   !settle(w, e, &batch->endings[i])))
            return book_undo(&w->book);
    }
    return book_commit(&w->book, w->why);
}

static bool deliver_batch(struct worker *w, struct errand *first, size_t count)
{
    struct batch batch = { .all = first, .count = count };

    arena_reset(&w->arena);
    tick(w);
    if (!take_batch(w, &batch))
        return false;
    send_batch(w, &batch);
    tick(w);
    return settle_batch(w, &batch);
}

/* ---- Rounds ------------------------------------------------------------------------------------ */

static bool expire_overdue(struct worker *w)
{
    struct errand overdue[64];
    size_t count;

    do {
        struct query q = query_begin(w->book.store, Q_OUTBOX_OVERDUE);
        count = 0;
        bind_int(&q, w->book.now.us);
        while (count < COUNT(overdue) && query_next(&q))
            overdue[count++] = (struct errand){ .key = { row_int(&q, 0), row_int(&q, 1) },
                                                .outbox = (int32_t)row_int(&q, 2) };
        if (!query_end(&q, w->why))
            return false;
        if (count == 0)
            return true;
        if (!book_begin(&w->book, w->why))
            return false;
        for (size_t i = 0; i < count; i++) {
            bool found;
            if (!head_open(w->book.heads, overdue[i].key.bucket, w->why) ||
                !errand_load(w, &overdue[i], &found) ||
                (found && !close_errand(w, &overdue[i], "expired", "too late to say")))
                return book_undo(&w->book);
            w->result->expired++;
        }
        if (!book_commit(&w->book, w->why))
            return false;
    } while (true);
}

struct waiting {
    struct errand *all;
    size_t count, room;
};

static bool list_ready(struct worker *w, struct arena *a, int64_t bucket, struct waiting *list)
{
    struct query q = query_begin(w->book.store, Q_OUTBOX_READY);

    bind_int(&q, bucket);
    bind_int(&q, w->book.now.us);
    while (query_next(&q)) {
        struct errand *e = arena_push(a, list->all, list->count, list->room);
        *e = (struct errand){ .key = { bucket, row_int(&q, 0) },
                              .outbox = (int32_t)row_int(&q, 1) };
    }
    return query_end(&q, w->why);
}

static bool ready_buckets(struct worker *w, bool ready[BUCKETS])
{
    struct query q = query_begin(w->book.store, Q_OUTBOX_READY_BUCKETS);

    memset(ready, 0, BUCKETS * sizeof *ready);
    bind_int(&q, w->book.now.us);
    while (query_next(&q))
        ready[row_int(&q, 0) % BUCKETS] = true;
    return query_end(&q, w->why);
}

static bool stopped(const struct worker *w)
{
    return w->request->stop != NULL && *w->request->stop;
}

/*
 * Where every channel drops repeats, many messages may be under way between two transactions;
 * elsewhere one at a time, so that a crash leaves at most one of which nobody knows.
 */
static size_t at_once(const struct worker *w)
{
    bool dropped = (w->email == NULL || w->email->repeats_are_dropped) &&
                   (w->letter == NULL || w->letter->repeats_are_dropped);

    return dropped ? SEND_AT_ONCE : 1;
}

static bool deliver_list(struct worker *w, struct waiting *list, size_t most)
{
    for (size_t i = 0; i < list->count && !stopped(w); i += most) {
        size_t left = list->count - i;
        if (!deliver_batch(w, &list->all[i], left < most ? left : most))
            return false;
    }
    return true;
}

static bool round_once(struct worker *w)
{
    bool ready[BUCKETS];
    struct arena list_arena = { 0 };
    bool fine = expire_overdue(w) && ready_buckets(w, ready);
    struct waiting list = { 0 };
    size_t most = at_once(w);

    for (int64_t bucket = 0; fine && bucket < BUCKETS && !stopped(w); bucket++) {
        if (!ready[bucket])
            continue;
        if (store_is_postgres(w->book.store) || list.count == 0) { /* one bucket at a time */
            arena_reset(&list_arena);
            list = (struct waiting){ 0 };
        }
        fine = list_ready(w, &list_arena, bucket, &list);
        if (!store_is_postgres(w->book.store) && list.count < most && bucket < BUCKETS - 1)
            continue;
        fine = fine && deliver_list(w, &list, most);
        list.count = 0;
    }
    fine = fine && deliver_list(w, &list, most);
    arena_free(&list_arena);
    return fine;
}

/*
 * On SQLite there is one worker to a book; the lock goes with the process, however it ends, so
 * whoever holds it knows that every message in `sending` was left by the dead.
 */
static bool be_alone(struct worker *w, int *lock)
{
    *lock = -1;
    if (store_is_postgres(w->book.store))
        return true;
    const char *path = arena_print(&w->arena, "%s-worker", w->request->url);
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*lock < 0)
        return fail(w->why, SYSTEM, "Cannot use the lock file \"%s\": %s.", path,
                    strerror(errno));
    if (flock(*lock, LOCK_EX | LOCK_NB) != 0) {
        fail(w->why, DB_BUSY, "Another worker is delivering from this book.");
        return fault_hint(w->why, "let it go on, or end it first");
    }
    w->alone = true;
    return true;
}

static bool open_ports(struct worker *w)
{
    const struct deliver_channels *c = &w->request->channels;
    const char *letters = c->folder != NULL ? c->folder : c->letter_folder;

    if (c->folder != NULL)
        w->email = folder_open(c->folder, ".eml", w->why);
    else if (c->email.url != NULL)
        w->email = email_open(&c->email, w->why);
    if (w->email == NULL && (c->folder != NULL || c->email.url != NULL))
        return false;
    if (c->folder == NULL && w->email != NULL && composer_sender(w->composer)->email == NULL) {
        fail(w->why, BAD_VALUE, "The book has no email address of yours, so no email can be sent.");
        return fault_hint(w->why, "recoup setting put email ADDRESS");
    }
    if (letters != NULL)
        w->letter = folder_open(letters, ".pdf", w->why);
    return letters == NULL || w->letter != NULL;
}

static bool work(struct worker *w)
{
    struct timespec pause = { LOOK_AGAIN_SECONDS, 0 };

    do {
        tick(w);
        if (!round_once(w))
            return false;
        if (w->request->until_idle || stopped(w))
            return true;
        nanosleep(&pause, NULL);
    } while (!stopped(w));
    return true;
}

bool deliver_run(const struct deliver_request *request, struct deliver_result *result,
                 struct fault *why)
{
    struct worker w = { .request = request, .result = result, .why = why };
    int lock = -1;
    bool done = false;
    struct timespec t;

    *result = (struct deliver_result){ 0 };
    clock_gettime(CLOCK_MONOTONIC, &t);
    w.lease = ((int64_t)getpid() << 32) ^ (t.tv_nsec & 0x7fffffff);
    if (!book_open(&w.book, request->url, request->now, why))
        return false;
    w.policy = policy_load(w.book.zone, request->now, why);
    w.composer = w.policy != NULL ? composer_open(w.book.store, why) : NULL;
    if (w.composer != NULL && be_alone(&w, &lock) && open_ports(&w) &&
        rulebook_keep(w.book.store, policy_of(w.policy)->rulebook, why))
        done = work(&w);
    if (w.email != NULL)
        w.email->close(w.email);
    if (w.letter != NULL)
        w.letter->close(w.letter);
    composer_close(w.composer);
    policy_free(w.policy);
    book_close(&w.book);
    arena_free(&w.arena);
    text_free(&w.question);
    if (lock >= 0)
        close(lock);
    return done;
}
