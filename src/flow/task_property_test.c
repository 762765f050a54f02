/*
 * Tasks are what a naive recount says, after every session of random events, on both databases.
 *
 * The recount knows nothing of the rows: it remembers what it let happen, walks through all of it
 * each time, and says for every account which work must be open. What recoup prove makes again
 * must agree as well.
 *
 * One life again, in detail: build/check/src/flow/task_property_test SEED
 */
#include "flow/hold.h"
#include "flow/prove.h"
#include "flow/task.h"
#include "store/casefiles.h"

#include "flow/book_fixture.h"

enum { LIVES = 24, LIVES_POSTGRES = 3, SESSIONS = 60, FILES = 3, EVENTS_MOST = 400, DEEDS = 16 };
enum { OWED = 100000, PROVE_EVERY = 12 };

static uint64_t only_seed;

/* ---- Chance (SplitMix64) ----------------------------------------------------------------- */

static uint64_t chance;

static int pick(int least, int most)
{
    uint64_t z = chance += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return least + (int)((z ^ (z >> 31)) % (uint64_t)(most - least + 1));
}

/* ---- What is remembered ------------------------------------------------------------------ */

enum happened { TALK, MONEY_IN, MONEY_BACK, PROMISED, BROKEN, HELD };

struct thing {
    enum happened what;
    int32_t number;
    struct instant at;      /* of talk: when it was; else when it became known */
    struct contact contact; /* of talk */
    int64_t minor;
    struct day day;         /* of money: received, or gone back; of promises: made, or broken */
    struct day due;         /* of promises */
    bool over;              /* no more so: failed later, kept, withdrawn, lifted */
    bool stale;             /* was old when it became known */
    const char *kind;       /* of holds */
    char reference[16];     /* of payments */
};

/* What is known of one origin: since when it is a task, and whether somebody closed it. */
struct known_task {
    char origin[24];
    bool open, closed_by_hand;
    struct instant opened_at, closed_at;
    int32_t number; /* of the task, once it was seen */
};

struct file {
    struct casefile_key key;
    char reference[16];
    size_t count, task_count;
    struct thing things[EVENTS_MOST];
    struct known_task tasks[EVENTS_MOST];
    int payments;
};

static struct file files[FILES];

static struct thing *remember(struct file *f, enum happened what, int32_t number,
                              struct instant at)
{
    assert_true(f->count < EVENTS_MOST);
    struct thing *t = &f->things[f->count++];
    *t = (struct thing){ .what = what, .number = number, .at = at };
    return t;
}

static struct known_task *known(struct file *f, const char *what, int32_t number)
{
    char origin[24];

    snprintf(origin, sizeof origin, "%s %d", what, (int)number);
    for (size_t i = 0; i < f->task_count; i++) {
        if (strcmp(f->tasks[i].origin, origin) == 0)
            return &f->tasks[i];
    }
    assert_true(f->task_count < EVENTS_MOST);
    struct known_task *t = &f->tasks[f->task_count++];
    *t = (struct known_task){ .opened_at = { INT64_MIN } };
    strcpy(t->origin, origin);
    return t;
}

/* ---- The naive recount ------------------------------------------------------------------- */

static struct day day_at(const struct book *b, struct instant at)
{
    return wall_at(at, b->zone).day;
}

static bool is_later(const struct thing *a, const struct thing *b)
{
    return a->at.us > b->at.us || (a->at.us == b->at.us && a->number > b->number);
}

static bool is_answer(const struct thing *t)
{
    bool spoke = t->contact.outcome == OUTCOME_CONVERSATION;

    return t->what == TALK &&
           (spoke || (t->contact.direction == DIRECTION_OUT &&
                      (t->contact.outcome == OUTCOME_SENT || t->contact.outcome == OUTCOME_MESSAGE)));
}

static bool is_question(const struct thing *t)
{
    return t->what == TALK && t->contact.direction == DIRECTION_IN &&
           t->contact.outcome == OUTCOME_MESSAGE && t->contact.callback_at.us == 0;
}

static bool is_closed_by_hand(struct file *f, const char *what, const struct thing *t)
{
    const struct known_task *k = known(f, what, t->number);

    return k->closed_by_hand && k->closed_at.us >= t->at.us;
}

static int64_t owed(const struct file *f)
{
    int64_t sum = OWED;

    for (size_t i = 0; i < f->count; i++)
        sum -= f->things[i].what == MONEY_IN && !f->things[i].over ? f->things[i].minor : 0;
    return sum;
}

/* Whoever closes the task of one question has seen all that were there by then. */
static bool is_waved_off(struct file *f, const struct thing *question)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct thing *q = &f->things[i];
        const struct known_task *k = is_question(q) ? known(f, "contact", q->number) : NULL;
        if (k != NULL && k->closed_by_hand && k->closed_at.us >= question->at.us)
            return true;
    }
    return false;
}

static const struct thing *question_that_waits(struct file *f)
{
    const struct thing *found = NULL;

    for (size_t i = 0; i < f->count; i++) {
        const struct thing *q = &f->things[i];
        bool answered = false;
        if (!is_question(q) || is_waved_off(f, q) ||
            (q->stale && known(f, "contact", q->number)->opened_at.us == INT64_MIN))
            continue;
        for (size_t k = 0; k < f->count; k++)
            answered = answered || (is_answer(&f->things[k]) && is_later(&f->things[k], q));
        if (!answered && (found == NULL || is_later(found, q)))
            found = q;
    }
    return found;
}

static const struct thing *wish_that_waits(struct file *f)
{
    const struct thing *last = NULL;

    for (size_t i = 0; i < f->count; i++) {
        const struct thing *t = &f->things[i];
        if (t->what == TALK && t->contact.callback_at.us != 0 &&
            (last == NULL || is_later(t, last)))
            last = t;
    }
    for (size_t i = 0; last != NULL && i < f->count; i++) {
        const struct thing *t = &f->things[i];
        bool called = t->what == TALK && (t->contact.outcome == OUTCOME_CONVERSATION ||
                                          (t->contact.channel == CHANNEL_CALL &&
                                           t->contact.direction == DIRECTION_OUT));
        if (called && is_later(t, last))
            last = NULL;
    }
    return last != NULL && !is_closed_by_hand(f, "contact", last) ? last : NULL;
}

/* Money, a promise, or talk since the work was there. */
static bool is_taken_up(struct file *f, const struct book *b, const char *what,
                        const struct thing *trouble)
{
    const struct known_task *k = known(f, what, trouble->number);
    bool was_task = k->opened_at.us != INT64_MIN && !k->closed_by_hand;
    struct instant since = was_task ? k->opened_at
                                    : day_begins(day_plus(trouble->day, 1), b->zone);

    for (size_t i = 0; i < f->count; i++) {
        const struct thing *t = &f->things[i];
        if (t->what == MONEY_IN && !t->over && t->day.number >= trouble->day.number)
            return true;
        if (t->what == PROMISED && !t->over && t->day.number >= trouble->day.number)
            return true;
        if (is_answer(t) && t->at.us > since.us)
            return true;
    }
    return false;
}

/* The last thing that says whether the number serves. */
static bool number_is_bad(const struct file *f, struct instant *at)
{
    const struct thing *last = NULL;

    for (size_t i = 0; i < f->count; i++) {
        const struct thing *t = &f->things[i];
        bool says = t->what == TALK && t->contact.channel == CHANNEL_CALL &&
                    (t->contact.outcome == OUTCOME_WRONG_NUMBER ||
                     t->contact.outcome == OUTCOME_CONVERSATION ||
                     t->contact.direction == DIRECTION_IN);
        if (says && (last == NULL || is_later(t, last)))
            last = t;
    }
    if (last != NULL)
        *at = last->at;
    return last != NULL && last->contact.outcome == OUTCOME_WRONG_NUMBER;
}

static void expect(struct file *f, const struct book *b, bool wanted[EVENTS_MOST],
                   const char *what, int32_t number)
{
    struct known_task *k = known(f, what, number);

    wanted[k - f->tasks] = true;
    if (!k->open) {
        k->opened_at = b->now;
        k->closed_by_hand = false;
    }
}

static void expect_money(struct file *f, const struct book *b, bool wanted[EVENTS_MOST],
                         const struct thing *t)
{
    const char *what = t->what == MONEY_BACK ? "payment" : "promise";
    bool trouble = t->what == MONEY_BACK || t->what == BROKEN;

    if (trouble && !is_closed_by_hand(f, what, t) && !is_taken_up(f, b, what, t))
        expect(f, b, wanted, what, t->number);
    if (t->what == PROMISED && !t->over && !is_closed_by_hand(f, what, t))
        expect(f, b, wanted, what, t->number);
}

static void recount(struct file *f, const struct book *b, bool wanted[EVENTS_MOST])
{
    const struct thing *question = question_that_waits(f), *wish = wish_that_waits(f);
    struct instant at = { 0 };
    bool owes = owed(f) > 0;

    memset(wanted, 0, EVENTS_MOST * sizeof *wanted);
    if (question != NULL)
        expect(f, b, wanted, "contact", question->number);
    if (wish != NULL)
        expect(f, b, wanted, "contact", wish->number);
    for (size_t i = 0; i < f->count; i++) {
        const struct thing *t = &f->things[i];
        bool complaint = t->what == HELD && strcmp(t->kind, "complaint") == 0;
        if (t->what == HELD && !t->over && (owes || complaint) &&
            !is_closed_by_hand(f, "hold", t))
            expect(f, b, wanted, "hold", t->number);
        if (owes)
            expect_money(f, b, wanted, t);
    }
    if (owes && number_is_bad(f, &at)) {
        const struct known_task *k = known(f, "point", 3);
        bool news = k->opened_at.us == INT64_MIN || k->closed_by_hand;
        bool old = b->now.us - at.us > (TASK_OLD_DAYS + 1) * 86400000000 - 1;
        if (!(k->closed_by_hand && k->closed_at.us >= at.us) && !(news && old))
            expect(f, b, wanted, "point", 3);
    }
    for (size_t i = 0; i < f->task_count; i++)
        f->tasks[i].open = wanted[i];
}

/* ---- What happens ------------------------------------------------------------------------ */

static void talk(struct book *b, struct file *f)
{
    static const struct {
        enum channel channel;
        enum direction direction;
        enum outcome outcome;
    } talks[] = { { CHANNEL_EMAIL, DIRECTION_IN, OUTCOME_MESSAGE },
                  { CHANNEL_EMAIL, DIRECTION_IN, OUTCOME_MESSAGE },
                  { CHANNEL_CALL, DIRECTION_OUT, OUTCOME_CONVERSATION },
                  { CHANNEL_CALL, DIRECTION_OUT, OUTCOME_NO_ANSWER },
                  { CHANNEL_CALL, DIRECTION_OUT, OUTCOME_WRONG_NUMBER },
                  { CHANNEL_CALL, DIRECTION_IN, OUTCOME_CONVERSATION },
                  { CHANNEL_EMAIL, DIRECTION_OUT, OUTCOME_SENT } };
    int which = pick(0, (int)COUNT(talks) - 1);
    int64_t back = pick(0, 9) == 0 ? pick(0, 1) == 0 ? 40 * SECONDS_A_DAY : 3600 : 0;
    struct contact c = { .at = { b->now.us - back * 1000000 },
                         .channel = talks[which].channel,
                         .direction = talks[which].direction,
                         .outcome = talks[which].outcome,
                         .party = PARTY_DEBTOR };
    struct fault why = { 0 };

    if (pick(0, 3) == 0 && back == 0)
        c.callback_at.us = b->now.us + (int64_t)pick(1, 72) * 3600 * 1000000;
    assert_fine(book_contact_add(b, f->key, &c, "said", &why), why);
    struct thing *t = remember(f, TALK, book_last_number(b), c.at);
    t->contact = c;
    t->stale = back > 30 * SECONDS_A_DAY;
}

static void money_in(struct book *b, struct file *f)
{
    struct fault why = { 0 };
    enum change change;
    int32_t number = book_last_number(b);
    struct thing *t;
    char reference[16];

    snprintf(reference, sizeof reference, "P%d", ++f->payments);
    struct payment_input in = { reference, 0, day_at(b, b->now), CURRENCY_USD,
                                pick(0, 5) == 0 ? OWED : pick(1, 40) * 1000, "transfer", false };
    assert_fine(book_payment_put(b, f->key, &in, &change, &why), why);
    (void)number;
    t = remember(f, MONEY_IN, 0, b->now);
    t->minor = in.minor;
    t->day = in.day;
    strcpy(t->reference, reference);
}

static int32_t payment_number(struct book *b, struct file *f, const char *reference)
{
    struct fault why = { 0 };
    struct query q = query_begin(b->store, Q_PAYMENT_BY_REFERENCE);

    bind_key(&q, f->key);
    bind_text(&q, reference);
    assert_true(query_next(&q));
    int32_t number = (int32_t)row_int(&q, 0);
    assert_fine(query_end(&q, &why), why);
    return number;
}

/* One of those that came goes back. */
static void money_back(struct book *b, struct file *f)
{
    struct fault why = { 0 };
    enum change change;

    for (size_t i = f->count; i-- > 0;) {
        struct thing *t = &f->things[i];
        if (t->what != MONEY_IN || t->over)
            continue;
        assert_fine(book_payment_back(b, f->key, t->reference, PAYMENT_RETURNED, "no funds",
                                      &change, &why),
                    why);
        t->over = true;
        struct thing *back =
            remember(f, MONEY_BACK, payment_number(b, f, t->reference), b->now);
        back->day = day_at(b, b->now);
        back->at = day_begins(back->day, b->zone);
        return;
    }
}

static void promise(struct book *b, struct file *f)
{
    struct fault why = { 0 };
    const struct promise_input in = { .minor = 500,
                                      .currency = CURRENCY_USD,
                                      .due = day_plus(day_at(b, b->now), pick(1, 9)) };
    int32_t number;

    assert_fine(book_promise_add(b, f->key, &in, &number, &why), why);
    struct thing *t = remember(f, PROMISED, number, b->now);
    t->day = day_at(b, b->now);
    t->at = day_begins(t->day, b->zone);
    t->due = in.due;
}

static void promise_ends(struct book *b, struct file *f)
{
    static const enum promise_state ends[] = { PROMISE_KEPT, PROMISE_BROKEN, PROMISE_BROKEN,
                                               PROMISE_WITHDRAWN };
    struct fault why = { 0 };
    enum change change;

    for (size_t i = 0; i < f->count; i++) {
        struct thing *t = &f->things[i];
        if (t->what != PROMISED || t->over)
            continue;
        enum promise_state end = ends[pick(0, (int)COUNT(ends) - 1)];
        assert_fine(book_promise_end(b, f->key, t->number, end, NULL, &change, &why), why);
        t->over = true;
        if (end != PROMISE_BROKEN)
            return;
        struct thing *broken = remember(f, BROKEN, t->number, b->now);
        broken->day = day_at(b, b->now);
        broken->at = day_begins(broken->day, b->zone);
        return;
    }
}

static void hold(struct book *b, struct file *f)
{
    static const char *const kinds[] = { "complaint", "hardship", "manual" };
    struct hold in = { .kind = kinds[pick(0, 2)], .first = DAY_NONE, .last = DAY_NEVER,
                       .review = DAY_NONE };
    struct fault why = { 0 };
    enum change change;
    int32_t number;

    if (strcmp(in.kind, "manual") == 0)
        in.review = day_plus(day_at(b, b->now), pick(1, 20));
    assert_fine(hold_place(b, f->key, &in, &number, &change, &why), why);
    if (change == CHANGE_ADDED)
        remember(f, HELD, number, b->now)->kind = in.kind;
}

static void hold_goes(struct book *b, struct file *f)
{
    struct standing_hold *all;
    struct fault why = { 0 };
    size_t count;

    assert_fine(holds_of(b, f->key, b->now, &all, &count, &why), why);
    if (count == 0)
        return;
    assert_fine(hold_end(b, f->key, &all[0], &why), why);
    for (size_t i = 0; i < f->count; i++) {
        if (f->things[i].what == HELD && f->things[i].number == all[0].number)
            f->things[i].over = true;
    }
}

/* Somebody says of an open task that nothing is left to do; or takes that back. */
static void by_hand(struct book *b, struct file *f)
{
    struct fault why = { 0 };
    struct task_row was;

    for (size_t i = 0; i < f->task_count; i++) {
        struct known_task *k = &f->tasks[i];
        if (k->number == 0)
            continue;
        if (k->open) {
            assert_fine(task_end(b, f->key, k->number, NULL, pick(0, 1) ? TASK_DONE : TASK_DROPPED,
                                 NULL, &was, &why),
                        why);
            k->closed_by_hand = true;
            k->closed_at = b->now;
            k->open = false;
            return;
        }
        if (k->closed_by_hand && pick(0, 2) == 0) {
            assert_fine(task_reopen(b, f->key, k->number, &why), why);
            k->closed_by_hand = false;
            k->open = true;
            return;
        }
    }
}

static void put_off(struct book *b, struct file *f)
{
    struct fault why = { 0 };
    struct task_row was;

    for (size_t i = 0; i < f->task_count; i++) {
        if (!f->tasks[i].open || f->tasks[i].number == 0)
            continue;
        assert_fine(task_snooze(b, f->key, f->tasks[i].number, NULL,
                                (struct instant){ b->now.us + 3600000000 }, &was, &why),
                    why);
        return;
    }
}

static void (*const deeds[])(struct book *b, struct file *f) = {
    talk, talk, talk, money_in, money_back, promise, promise_ends, hold, hold_goes
};

/* ---- Comparing --------------------------------------------------------------------------- */

static void compare(struct book *b, struct file *f, const bool wanted[EVENTS_MOST],
                    uint64_t seed, int session)
{
    struct fault why = { 0 };
    struct query q = query_begin(b->store, Q_TASKS_KEPT);
    size_t open = 0, expected = 0;

    for (size_t i = 0; i < f->task_count; i++)
        expected += wanted[i];
    bind_key(&q, f->key);
    while (query_next(&q)) {
        if (strcmp(row_text(&q, 4), "open") != 0)
            continue;
        struct known_task *k = NULL;
        for (size_t i = 0; i < f->task_count; i++) {
            if (strcmp(f->tasks[i].origin, row_text(&q, 2)) == 0)
                k = &f->tasks[i];
        }
        if (k == NULL || !wanted[k - f->tasks])
            fail_msg("seed %llu, session %d, %s: %s of %s is open", (unsigned long long)seed,
                     session, f->reference, row_text(&q, 1), row_text(&q, 2));
        k->number = (int32_t)row_int(&q, 0);
        open++;
    }
    assert_fine(query_end(&q, &why), why);
    for (size_t i = 0; open != expected && i < f->task_count; i++) {
        if (wanted[i])
            print_message("expected: %s\n", f->tasks[i].origin);
    }
    if (open != expected)
        fail_msg("seed %llu, session %d, %s: %zu open, not %zu", (unsigned long long)seed,
                 session, f->reference, open, expected);
}

static void prove(struct book *b, uint64_t seed)
{
    struct fault why = { 0 };
    char *text = NULL;
    size_t length, findings;
    FILE *out = open_memstream(&text, &length);

    assert_fine(prove_book(b->store, out, false, &findings, &why), why);
    fclose(out);
    if (findings != 0)
        fail_msg("seed %llu: %s", (unsigned long long)seed, text);
    free(text);
}

/* ---- A life ------------------------------------------------------------------------------ */

static void files_make(struct book *b)
{
    const struct instalment_input slice = { fixture_day("2026-01-01"), OWED };
    struct fault why = { 0 };
    enum change change;

    memset(files, 0, sizeof files);
    for (int i = 0; i < FILES; i++) {
        struct file *f = &files[i];
        snprintf(f->reference, sizeof f->reference, "F-%d", i);
        struct debtor_input in = { .reference = f->reference, .name = f->reference,
                                   .phone = "+16085550132", .creditor = "House",
                                   .source = "test" };
        assert_fine(book_debtor_put(b, &in, &f->key, &change, &why), why);
        fixture_debt(b, f->key, f->reference, CURRENCY_USD, fixture_day("2025-12-01"), 1, &slice);
    }
}

static void session(struct book *b, uint64_t seed, int number)
{
    struct file *f = &files[pick(0, FILES - 1)];
    bool wanted[EVENTS_MOST];
    struct fault why = { 0 };
    bool hands = pick(0, 4) == 0;

    assert_fine(book_begin(b, &why), why);
    if (hands)
        (pick(0, 2) == 0 ? put_off : by_hand)(b, f);
    for (int i = hands ? 0 : pick(1, 3); i > 0; i--)
        deeds[pick(0, (int)COUNT(deeds) - 1)](b, f);
    assert_fine(book_commit(b, &why), why);
    recount(f, b, wanted);
    compare(b, f, wanted, seed, number);
    if (number % PROVE_EVERY == 0)
        prove(b, seed);
}

static void live(const struct fixture *fixture, uint64_t seed)
{
    struct fault why = { 0 };
    struct book b;

    chance = seed;
    assert_fine(book_open(&b, fixture->url, fixture_at("2026-03-02T15:00:00Z"), &why), why);
    assert_fine(book_begin(&b, &why), why);
    files_make(&b);
    assert_fine(book_commit(&b, &why), why);
    for (int i = 1; i <= SESSIONS; i++) {
        b.now.us += (int64_t)pick(1, 30) * 3600 * 1000000 + 1;
        session(&b, seed, i);
    }
    prove(&b, seed);
    book_close(&b);
}

static void tasks_are_what_a_recount_says(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < FIXTURES; kind++) {
        int lives = only_seed != 0 ? 1 : kind == 0 ? LIVES : LIVES_POSTGRES;
        for (int i = 0; i < lives; i++) {
            struct fixture f;
            if (!fixture_begin(&f, kind, "tasks"))
                break;
            live(&f, only_seed != 0 ? only_seed : (uint64_t)(1000 * kind + (size_t)i + 1));
            fixture_end(&f);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(tasks_are_what_a_recount_says) };

    only_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
