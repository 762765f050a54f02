#include "flow/cycle_parts.h"

#include "base/json.h"
#include "flow/decision_apply.h"
#include "flow/decision_record.h"
#include "flow/fold.h"
#include "flow/movements.h"
#include "flow/outbox.h"
#include "flow/publication.h"
#include "flow/rulebook.h"
#include "flow/step_fee.h"
#include "flow/task.h"
#include "store/casefiles.h"
#include "store/face.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MESSAGE_DAYS = 14, CALL_DAYS = 7, BUCKETS_AT_ONCE_SQLITE = 64, GAP_NS = 2500000 };
static const double BATCH_SECONDS = 0.25;

static struct instant days_later(struct instant at, int days)
{
    return (struct instant){ at.us + (int64_t)days * SECONDS_A_DAY * 1000000 };
}

/* ---- Accrue: interest and late fees up to today -------------------------------------------- */

/* Books that change by themselves are brought up to today before anything is decided by them. */
static bool accrue(struct run *r, int64_t bucket, struct instant wake)
{
    struct query q = query_begin(r->book.store, Q_BOOKS_DUE);
    int64_t *ids = NULL;
    size_t count = 0, room = 0;

    bind_int(&q, bucket);
    bind_int(&q, wake.us);
    bind_int(&q, r->today.number);
    while (query_next(&q))
        *arena_push(r->arena, ids, count, room) = row_int(&q, 0);
    if (!query_end(&q, r->why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!book_settle_to_now(&r->book, (struct casefile_key){ bucket, ids[i] }, r->why))
            return false;
        book_step(&r->book);
    }
    r->result->accrued += (int64_t)count;
    return count == 0 || book_release(&r->book, r->why);
}

/* ---- Record ------------------------------------------------------------------------------- */

static bool record_decision(struct run *r, const struct casefile *c, const struct decision *d,
                            const char *kind, int64_t *seq)
{
    text_clear(&r->book.record);
    bool judged = decision_record(d, r->policy->rulebook, &r->book.record, &r->question);
    return journal_add_verdict(r->book.heads, c->key, r->request->now, kind,
                               text_of(&r->book.record), judged ? text_of(&r->question) : NULL,
                               seq, r->why);
}

static bool record_step(struct run *r, const struct casefile *c, const struct decision *d,
                        const struct decided_item *item, int64_t seq)
{
    struct query q = query_begin(r->book.store, Q_STEP_ADD);

    bind_key(&q, c->key);
    bind_int(&q, item->instalment->debt);
    bind_int(&q, item->instalment->number);
    bind_text(&q, d->segment->ladder->name);
    bind_text(&q, item->step->id);
    bind_int(&q, r->today.number);
    bind_int(&q, seq);
    return query_run(&q, r->why);
}

/* Fees of the steps are on the account before the message is written: it says what is owed. */
static bool charge_steps(struct run *r, struct casefile *c, const struct decision *d)
{
    struct step_taken *steps = arena_array(r->arena, struct step_taken, d->item_count);
    size_t count = 0;

    for (size_t i = 0; i < d->item_count; i++) {
        const struct instalment *item = d->items[i].instalment;
        if (d->items[i].step != NULL)
            steps[count++] =
                (struct step_taken){ item->debt, item->number, d->segment->ladder->name,
                                     d->items[i].step->id, r->today };
    }
    return step_fees(&r->book, c, steps, count, r->why);
}

/* What the message will ask for: with the interest that has run by then. */
static bool message_total(struct run *r, const struct casefile *c, const struct decision *d,
                          struct money *total)
{
    bool runs = c->books_day.number < DAY_NEVER.number;
    struct day day = wall_at(d->send_at, r->book.zone).day;
    struct ledger_books books;

    if (runs && !books_as_of(r->book.store, r->arena, c->key, day, INSTANT_NEVER, &books, r->why))
        return false;
    *total = money_of(0, casefile_debt(c, d->items[0].instalment->debt)->currency);
    for (size_t i = 0; i < d->item_count; i++) {
        const struct instalment *item = d->items[i].instalment;
        if (casefile_debt(c, item->debt)->currency != total->currency)
            continue;
        total->minor += item->open_minor;
        const struct ledger_slice *slice =
            runs ? ledger_slice_find(&books.state, item->debt, item->number) : NULL;
        struct ledger_balance balance;
        if (slice == NULL)
            continue;
        if (!ledger_slice_balance(&books.state, slice, day, &balance, r->why))
            return false;
        total->minor += balance_total(&balance) - item->disputed_minor - item->open_minor;
    }
    return true;
}

static bool has_planned_message(const struct casefile *c)
{
    for (size_t i = 0; i < c->contact_count; i++) {
        if (c->contacts[i].outcome == OUTCOME_PLANNED)
            return true;
    }
    return false;
}

static bool journal_overtaken(struct run *r, const struct casefile *c, int32_t outbox)
{
    struct json_writer w = { &r->book.record, false };

    text_clear(&r->book.record);
    json_open(&w, '{');
    json_int_at(&w, "outbox", outbox);
    json_text_at(&w, "state", "expired");
    json_text_at(&w, "reason", "overtaken");
    json_close(&w, '}');
    return journal_add(r->book.heads, c->key, r->request->now, "message",
                       text_of(&r->book.record), NULL, r->why);
}

/* Messages that were overtaken are no contacts any more. */
static bool overtake(struct run *r, struct casefile *c)
{
    int32_t *overtaken = NULL;
    size_t count = 0, room = 0;

    if (!has_planned_message(c))
        return true;
    struct query q = query_begin(r->book.store, Q_OUTBOX_OVERTAKE);
    bind_int(&q, r->request->now.us);
    bind_key(&q, c->key);
    while (query_next(&q))
        *arena_push(r->arena, overtaken, count, room) = (int32_t)row_int(&q, 0);
    if (!query_end(&q, r->why))
        return false;
    for (size_t i = 0; i < count; i++) {
        casefile_forget_message(c, overtaken[i]);
        if (!journal_overtaken(r, c, overtaken[i]))
            return false;
    }
    return true;
}

static bool queue_message(struct run *r, struct casefile *c, const struct decision *d,
                          int64_t seq)
{
    const struct judged judged = { d->question, d->packs, r->policy->rulebook, d->verdict };
    int days = d->chosen->channel == CHANNEL_CALL ? CALL_DAYS : MESSAGE_DAYS;
    struct outbox_message message = {
        .key = c->key,
        .decision = seq,
        .channel = d->chosen->channel,
        .party = d->chosen->point->party,
        .address = d->chosen->point->address,
        .template = d->step->template,
        .step = d->step->id,
        .purpose = d->question->purpose,
        .debts = debt_set_print(r->arena, decision_debts(d, r->arena)),
        .decided_at = r->request->now,
        .not_before = d->send_at,
        .expires_at = days_later(d->send_at, days),
    };

    if (!message_total(r, c, d, &message.open) || !overtake(r, c))
        return false;
    message.number = ++c->last_no;
    r->work_begins = r->work_begins || message.channel == CHANNEL_CALL;
    return outbox_add(r->book.store, &message, &judged, r->why);
}

static bool record_action(struct run *r, struct casefile *c, const struct decision *d)
{
    int64_t seq;

    if (!record_decision(r, c, d, "decision", &seq))
        return false;
    for (size_t i = 0; i < d->item_count; i++) {
        if (d->items[i].step != NULL && !record_step(r, c, d, &d->items[i], seq))
            return false;
    }
    return charge_steps(r, c, d) && queue_message(r, c, d, seq);
}

/* What the row of the case file says after this decision. */
struct settled {
    const char *standing, *reason, *rule, *step, *strategy, *segment;
    struct instant until, wake_at;
};

static bool is_refusal(enum standing standing)
{
    return standing == STANDING_LATER || standing == STANDING_BLOCKED ||
           standing == STANDING_UNREACHABLE;
}

/* A debit that is not made is told where nothing weightier is. */
static struct settled settled_of(const struct run *r, const struct decision *d)
{
    struct settled s = { .standing = standing_name(d->standing),
                         .reason = d->reason,
                         .rule = d->rule != NULL ? rule_id(d->rule) : NULL,
                         .step = d->step != NULL ? d->step->id : NULL,
                         .strategy = d->strategy != NULL ? d->strategy->name : NULL,
                         .segment = d->segment != NULL ? d->segment->name : NULL,
                         .until = d->standing_until,
                         .wake_at = d->wake_at };

    if (r->debit.reason != NULL && !is_refusal(d->standing)) {
        s.reason = r->debit.reason;
        s.rule = r->debit.rule;
    }
    if (r->debit.until.us < s.wake_at.us)
        s.wake_at = r->debit.until;
    return s;
}

static bool same_refusal(const struct casefile *c, const struct settled *s)
{
    return text_equal(c->standing, s->standing) && text_equal(c->standing_rule, s->rule) &&
           text_equal(c->standing_step, s->step);
}

/* Figures count by segment and standing, and no record tells of either. */
static bool tell_figures(struct run *r, const struct casefile *c, const struct settled *s)
{
    if (text_equal(c->standing, s->standing) && text_equal(c->standing_rule, s->rule) &&
        text_equal(c->segment, s->segment))
        return true;
    return fold_due(r->book.store, c->key, r->why);
}

static bool write_settled(struct run *r, const struct casefile *c, const struct settled *s)
{
    if (!tell_figures(r, c, s))
        return false;
    struct query q = query_begin(r->book.store, Q_CASEFILE_SETTLE);

    bind_int(&q, s->wake_at.us);
    bind_int(&q, c->last_no);
    bind_text(&q, s->standing);
    bind_text(&q, s->reason);
    bind_text(&q, s->rule);
    bind_text(&q, s->step);
    bind_int(&q, s->until.us);
    bind_text(&q, s->strategy);
    bind_text(&q, s->segment);
    face_pack(c, r->today, &r->face);
    bind_blob(&q, text_of(&r->face), r->face.length);
    bind_key(&q, c->key);
    return query_run(&q, r->why);
}

static bool record(struct run *r, struct casefile *c, const struct decision *d)
{
    struct settled s;
    int32_t last_no = c->last_no;

    if (d->chosen != NULL) {
        if (!record_action(r, c, d))
            return false;
        struct decision after; /* the same moment again: what the case file waits for now */
        decision_apply(c, d, r->today, r->arena);
        casefile_decide(r->policy, c, r->request->now, r->arena, &after);
        must(after.chosen == NULL); /* a ladder keeps at least a day between two messages */
        s = settled_of(r, &after);
    } else {
        s = settled_of(r, d);
    }
    if (is_refusal(d->standing) && !same_refusal(c, &s) &&
        !record_decision(r, c, d, "refusal", NULL))
        return false;
    if (d->end_reached && !record_decision(r, c, d, "ladder_end", NULL))
        return false;
    if (c->face_serves && last_no == c->last_no && same_refusal(c, &s) &&
        c->wake_at.us == s.wake_at.us &&
        text_equal(c->standing_reason, s.reason) && text_equal(c->segment, s.segment) &&
        text_equal(c->strategy, s.strategy) &&
        c->standing_until.us == s.until.us)
        return true; /* nothing changed: a run a thousand times writes what one run does */
    return write_settled(r, c, &s);
}

/* ---- Buckets ------------------------------------------------------------------------------ */

static void count(struct cycle_result *result, const struct run *r, const struct decision *d)
{
    result->casefiles++;
    result->standings[d->standing]++;
    result->due += d->step_due;
    result->ladders_ended += d->end_reached;
    if (d->chosen != NULL) {
        result->allowed++;
        result->queued_ahead += d->send_at.us > r->request->now.us;
    }
    result->deferred += d->standing == STANDING_LATER;
    result->denied += d->standing == STANDING_BLOCKED || d->standing == STANDING_UNREACHABLE;
    result->actions = result->allowed + result->deferred + result->denied;
}

static bool a_hold_ended(const struct run *r, const struct casefile *c)
{
    for (size_t i = 0; i < c->fact_count; i++) {
        if (c->facts[i].type == FACT_HOLD && c->facts[i].until.us <= r->request->now.us)
            return true;
    }
    return false;
}

/* What a person has to do about it now. */
static bool follow(struct run *r, const struct casefile *c)
{
    if (r->work_begins)
        return task_follow(&r->book, c->key, r->why);
    return !(r->work_ends || a_hold_ended(r, c)) ||
           task_follow_any(&r->book, c->key, r->why);
}

static bool run_casefile(struct run *r, struct casefile *c)
{
    struct decision d;

    r->work_begins = r->work_ends = false;
    if (!settle_agreements(r, &c) || !run_debits(r, &c))
        return false;
    casefile_decide(r->policy, c, r->request->now, r->arena, &d);
    count(r->result, r, &d);
    return r->request->dry_run || (record(r, c, &d) && follow(r, c));
}

static bool run_bucket(struct run *r, int64_t bucket)
{
    struct instant wake = r->full ? INSTANT_NEVER : r->request->now;
    struct casefiles files;

    arena_reset(r->arena);
    if (!r->request->dry_run && (!head_open(r->book.heads, bucket, r->why) ||
                                 !accrue(r, bucket, wake)))
        return false;
    if (!casefiles_load_due(r->book.store, r->arena, bucket, wake, r->today, &files, r->why))
        return false;
    for (size_t i = 0; i < files.count; i++) {
        if (!run_casefile(r, &files.all[i]))
            return false;
    }
    return true;
}

static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/*
 * As many buckets from *next on as one transaction may hold. On SQLite nobody else can write
 * meanwhile: when nobody said how many, it ends in time for a payment that waits.
 */
static bool run_batch(struct run *r, const bool due[BUCKETS], int64_t *next)
{
    int left = r->request->buckets_at_once;
    bool timed = left <= 0;
    double end = seconds_now() + BATCH_SECONDS;

    if (left <= 0)
        left = store_is_postgres(r->book.store) ? 1 : BUCKETS_AT_ONCE_SQLITE;
    if (r->request->dry_run ? !store_read_begin(r->book.store, r->why)
                            : !book_begin(&r->book, r->why))
        return false;
    for (; *next < BUCKETS && left > 0 && (!timed || seconds_now() < end); (*next)++) {
        if (!due[*next])
            continue;
        left--;
        if (!run_bucket(r, *next))
            return book_undo(&r->book);
    }
    if (r->request->dry_run) {
        store_read_end(r->book.store);
        return true;
    }
    return book_commit(&r->book, r->why);
}

static bool run_all(struct run *r)
{
    const struct timespec gap = { .tv_nsec = GAP_NS }; /* others get their turn */
    bool due[BUCKETS];
    int64_t next = 0;

    if (!buckets_due(r->book.store, r->full ? INSTANT_NEVER : r->request->now, due, r->why))
        return false;
    for (;;) {
        while (next < BUCKETS && !due[next])
            next++;
        if (next == BUCKETS)
            return true;
        if (!run_batch(r, due, &next))
            return false;
        if (!store_is_postgres(r->book.store) && !r->request->dry_run)
            nanosleep(&gap, NULL);
        if (r->request->progress != NULL)
            r->request->progress(r->request->context, next, BUCKETS);
    }
}

/* Every case file was looked at with what was published. */
static bool follow_publication(struct run *r, int64_t published)
{
    if (!book_begin(&r->book, r->why))
        return false;
    return publication_followed(&r->book, published, r->why)
               ? book_commit(&r->book, r->why)
               : book_undo(&r->book);
}

bool cycle_run(const struct cycle_request *request, struct cycle_result *result,
               struct fault *why)
{
    struct arena arena = { 0 };
    struct run r = { .request = request, .result = result, .arena = &arena, .why = why };
    double began = seconds_now();
    int64_t published = 0;
    bool done = false;

    *result = (struct cycle_result){ 0 };
    if (!book_open(&r.book, request->url, request->now, why))
        return false;
    r.today = wall_at(request->now, r.book.zone).day;
    struct loaded_policy *own =
        request->policy == NULL ? policy_load(r.book.zone, request->now, why) : NULL;
    struct loaded_policy *loaded = own != NULL ? own : request->policy;
    bool old;
    if (loaded != NULL &&
        book_feed_is_old(r.book.store, &r.book.arena, request->now, &old, why)) {
        policy_feed_is_old(loaded, old);
        r.policy = policy_of(loaded);
        done = (request->dry_run || rulebook_keep(r.book.store, r.policy->rulebook, why)) &&
               publication_pending(r.book.store, &r.book.arena, &published, why);
        r.full = request->full || published != 0;
        done = done && run_all(&r) &&
               (published == 0 || request->dry_run || follow_publication(&r, published));
    }
    policy_free(own);
    book_close(&r.book);
    arena_free(&arena);
    text_free(&r.face);
    text_free(&r.question);
    result->seconds = seconds_now() - began;
    return done;
}

/* ---- The answer --------------------------------------------------------------------------- */

/* What held a due step, or an open debt, back: not an action, and not simply waiting. */
static bool is_suppressed(enum standing standing)
{
    return standing == STANDING_PROMISED || standing == STANDING_PENDING ||
           standing == STANDING_DISPUTED || standing == STANDING_HELD ||
           standing == STANDING_SPACED || standing == STANDING_FEED ||
           standing == STANDING_ENDED ||
           standing == STANDING_UNPLANNED;
}

void cycle_print_json(const struct cycle_result *result, FILE *out)
{
    struct text text = { 0 };
    struct json_writer w = { &text, false };

    json_open(&w, '{');
    json_int_at(&w, "casefiles", result->casefiles);
    json_int_at(&w, "due", result->due);
    json_int_at(&w, "actions", result->actions);
    json_int_at(&w, "allowed", result->allowed);
    json_int_at(&w, "deferred", result->deferred);
    json_int_at(&w, "denied", result->denied);
    json_key(&w, "suppressed");
    json_open(&w, '{');
    for (int i = 0; i < STANDING_COUNT; i++) {
        if (is_suppressed((enum standing)i) && result->standings[i] > 0)
            json_int_at(&w, standing_name((enum standing)i), result->standings[i]);
    }
    json_close(&w, '}');
    json_int_at(&w, "queued_ahead", result->queued_ahead);
    json_int_at(&w, "books_accrued", result->accrued);
    json_int_at(&w, "promises_settled", result->promises_settled);
    json_int_at(&w, "ladders_ended", result->ladders_ended);
    json_key(&w, "seconds");
    json_number(&w, result->seconds);
    json_close(&w, '}');
    fprintf(out, "%s\n", text_of(&text));
    text_free(&text);
}
