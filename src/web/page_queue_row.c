/* The work queue: one row, and the person behind it. */
#include "web/page_queue.h"

#include "base/text.h"
#include "flow/user.h"
#include "web/presence.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* ---- People ----------------------------------------------------------------------------- */

bool queue_people_read(struct page *p, struct queue_people *out, struct fault *why)
{
    return user_list(p->view->store, p->arena, &out->all, &out->count, why);
}

const char *queue_person(const struct queue_people *people, int64_t number)
{
    for (size_t i = 0; i < people->count; i++) {
        if (people->all[i].number == number)
            return people->all[i].name;
    }
    return NULL;
}

/* The first letters of the first and the last word. */
const char *queue_initials(struct arena *a, const char *name)
{
    const char *last = strrchr(name, ' ');
    size_t first_length = 1, last_length = 1;

    while (((unsigned char)name[first_length] & 0xC0) == 0x80)
        first_length++;
    if (last == NULL || last[1] == '\0')
        return arena_copy_n(a, name, first_length);
    last++;
    while (((unsigned char)last[last_length] & 0xC0) == 0x80)
        last_length++;
    return arena_print(a, "%.*s%.*s", (int)first_length, name, (int)last_length, last);
}

/* ---- Tokens ----------------------------------------------------------------------------- */

const char *queue_token(struct arena *a, const struct task_item *item)
{
    return arena_print(a, "%lld.%d.%lld.%lld", (long long)item->key.id, (int)item->is.number,
                       (long long)item->is.assigned, (long long)item->is.hidden_until.us);
}

bool queue_token_read(const char *text, struct queue_token *out)
{
    long long id, assigned, hidden;
    int number, end = 0;

    if (sscanf(text, "%lld.%d.%lld.%lld%n", &id, &number, &assigned, &hidden, &end) != 4 ||
        text[end] != '\0' || id < 1 || number < 1)
        return false;
    *out = (struct queue_token){ { id >> 53, id }, number, { assigned, { hidden } } };
    return true;
}

/* ---- When ------------------------------------------------------------------------------- */

const char *queue_distance(struct arena *a, int64_t seconds)
{
    if (seconds < 2 * MINUTE)
        return "1 min";
    if (seconds < HOUR)
        return arena_print(a, "%d min", (int)(seconds / MINUTE));
    if (seconds < DAY)
        return arena_print(a, "%d h", (int)(seconds / HOUR));
    int days = (int)(seconds / DAY);
    return arena_print(a, "%d day%s", days, days == 1 ? "" : "s");
}

static const char *due_day(struct page *p, struct instant due)
{
    int days = wall_at(due, p->view->zone).day.number - p->view->today.number;

    if (days < 0)
        return arena_print(p->arena, "%s late",
                           queue_distance(p->arena, (int64_t)-days * DAY));
    if (days == 0)
        return due.us < p->view->now.us ? "late" : "today";
    if (days == 1)
        return "tomorrow";
    return arena_print(p->arena, "due %s",
                       words_day_near(p->arena, wall_at(due, p->view->zone).day,
                                      p->view->today));
}

static const char *callback_when(struct page *p, struct instant due)
{
    int64_t left = (due.us - p->view->now.us) / 1000000;

    if (left < 0)
        return arena_print(p->arena, "%s late", queue_distance(p->arena, -left));
    if (left < HOUR)
        return arena_print(p->arena, "in %s", queue_distance(p->arena, left));
    return words_moment(p->arena, due, p->view->zone, p->view->today);
}

/* What of its time matters most for a kind: how long they wait, or by when we owe it. */
static const char *when(struct page *p, const struct task_item *i)
{
    int64_t age = (p->view->now.us - i->is.since.us) / 1000000;

    switch (i->is.kind) {
    case TASK_REPLY:
        return arena_print(p->arena, "%s ago", queue_distance(p->arena, age));
    case TASK_CALLBACK:
        return callback_when(p, i->is.due);
    case TASK_PAYMENT:
    case TASK_MISSED:
    case TASK_ADDRESS:
        return queue_distance(p->arena, age);
    case TASK_COMPLAINT:
    case TASK_PROMISE:
    case TASK_DISPUTE:
    case TASK_HARDSHIP:
    case TASK_OFFER:
    case TASK_CALL:
    case TASK_REVIEW:
        return due_day(p, i->is.due);
    case TASK_KIND_COUNT:
        break;
    }
    return "";
}

static bool is_late(const struct page *p, const struct task_item *i)
{
    return i->is.due.us < p->view->now.us;
}

/* ---- One sentence about the person -------------------------------------------------------- */

/* "10:42 am their time"; NULL when theirs is ours, or nobody knows it. */
static const char *their_time(struct page *p, const struct task_face *f, struct instant at)
{
    const struct zone *theirs = f->party->zone_count > 0 ? f->party->zones[0] : NULL;

    if (theirs == NULL ||
        zone_offset_at(theirs, at) == zone_offset_at(p->view->zone, at))
        return NULL;
    return arena_print(p->arena, "%s their time", words_clock(p->arena, at, theirs));
}

static const struct task_mark_of *call_of(const struct task_face *f)
{
    for (size_t i = 0; i < TASK_MARKS; i++) {
        if (f->marks[i].channel == CHANNEL_CALL)
            return &f->marks[i];
    }
    return &f->marks[0];
}

/* "Kept 4 of 5 so far" */
static const char *kept_note(struct page *p, const struct casefile *c)
{
    int kept = 0, judged = 0;

    for (size_t i = 0; i < c->promise_count; i++) {
        enum promise_state state = c->promises[i].state;
        kept += state == PROMISE_KEPT;
        judged += state == PROMISE_KEPT || state == PROMISE_PARTLY_KEPT ||
                  state == PROMISE_BROKEN;
    }
    return judged == 0 ? "Their first promise"
                       : arena_print(p->arena, "Kept %d of %d so far", kept, judged);
}

/* "5:00 pm today", "Mon, Nov 23" */
static const char *by_when(struct page *p, struct instant due)
{
    struct day day = wall_at(due, p->view->zone).day;
    int days = day.number - p->view->today.number;

    if (days == 0 || days == 1)
        return arena_print(p->arena, "%s %s", words_clock(p->arena, due, p->view->zone),
                           days == 0 ? "today" : "tomorrow");
    return days == -1 ? "yesterday" : words_day_near(p->arena, day, p->view->today);
}

static const char *owed_note(struct page *p, const struct task_item *i, const char *what)
{
    return arena_print(p->arena, is_late(p, i) ? "%s was owed %s" : "%s owed by %s", what,
                       by_when(p, i->is.due));
}

/* Inside a sentence: "today, 9:40 am" */
static const char *moment_inside(struct page *p, struct instant at)
{
    const char *text = words_moment(p->arena, at, p->view->zone, p->view->today);
    bool near = text_starts(text, "Today") || text_starts(text, "Tomorrow") ||
                text_starts(text, "Yesterday");

    return near ? words_small(p->arena, text) : text;
}

static const char *call_note(struct page *p, const struct task_face *f)
{
    const struct task_mark_of *call = call_of(f);
    const char *theirs;

    if (call->mark == MARK_ALLOWED) {
        theirs = their_time(p, f, p->view->now);
        return theirs != NULL ? arena_print(p->arena, "It is %s", theirs) : "May be called now";
    }
    if (call->mark != MARK_LATER || call->until.us == INSTANT_NEVER.us)
        return call->reason;
    theirs = their_time(p, f, call->until);
    const char *at = moment_inside(p, call->until);
    return theirs != NULL ? arena_print(p->arena, "Call window opens %s, %s", at, theirs)
                          : arena_print(p->arena, "Call window opens %s", at);
}

static const char *reach_note(struct page *p, const struct task_face *f)
{
    const char *ways = NULL;

    for (size_t i = 0; i < TASK_MARKS; i++) {
        const char *name = words_channel(channel_name(f->marks[i].channel));
        if (f->marks[i].mark != MARK_ABSENT)
            ways = ways == NULL ? name
                                : arena_print(p->arena, "%s, %s", ways,
                                              words_small(p->arena, name));
    }
    return ways == NULL ? "No other way is known"
                        : arena_print(p->arena, "Left: %s", words_small(p->arena, ways));
}

static const char *preference(const struct page *p, const struct casefile *c)
{
    for (size_t i = c->fact_count; i-- > 0;) {
        const struct gate_fact *f = &c->facts[i];
        if (f->type == FACT_PREFERENCE && f->channel_known && f->until.us > p->view->now.us)
            return words_channel(channel_name(f->channel));
    }
    return NULL;
}

static const char *note(struct page *p, const struct task_item *i, const struct task_face *f)
{
    const char *theirs, *likes = preference(p, f->casefile);

    switch (i->is.kind) {
    case TASK_REPLY:
        return owed_note(p, i, "Reply");
    case TASK_CALLBACK:
        theirs = their_time(p, f, i->is.due);
        return theirs != NULL  ? theirs
               : likes != NULL ? arena_print(p->arena, "Likes %s best",
                                             words_small(p->arena, likes))
                               : call_note(p, f);
    case TASK_COMPLAINT:
        return owed_note(p, i, "Answer");
    case TASK_PAYMENT:
    case TASK_MISSED:
    case TASK_PROMISE:
        return kept_note(p, f->casefile);
    case TASK_DISPUTE:
        return owed_note(p, i, "Answer");
    case TASK_HARDSHIP:
        return owed_note(p, i, "Decision");
    case TASK_OFFER:
        return owed_note(p, i, "Answer");
    case TASK_ADDRESS:
        return reach_note(p, f);
    case TASK_CALL:
        return call_note(p, f);
    case TASK_REVIEW:
        return f->decision->reason;
    case TASK_KIND_COUNT:
        break;
    }
    return NULL;
}

/* ---- Marks ------------------------------------------------------------------------------ */

static const char *mark_words(struct page *p, const struct task_mark_of *m)
{
    switch (m->mark) {
    case MARK_ALLOWED:
        return "allowed";
    case MARK_LATER:
        return m->until.us == INSTANT_NEVER.us
                   ? "opens later"
                   : arena_print(p->arena, "opens %s", moment_inside(p, m->until));
    case MARK_BLOCKED:
        return "blocked";
    case MARK_ABSENT:
        return "not there";
    }
    return "";
}

static void marks_put(struct page *p, json_t *row, const struct task_face *f)
{
    static const char *const icons[] = { "message", "mail", "phone", "device", "file" };
    static const char *const names[] = { "Portal", "Email", "Call", "Text", "Letter" };
    json_t *marks = put_list(row, "marks");
    const char *label = NULL;

    for (size_t i = 0; i < TASK_MARKS; i++) {
        const struct task_mark_of *m = &f->marks[i];
        json_t *mark = list_add(marks);
        const char *words =
            arena_print(p->arena, "%s %s", names[i], mark_words(p, m));
        put(mark, "icon", icons[i]);
        put(mark, "title",
            m->reason != NULL && m->mark != MARK_ALLOWED
                ? arena_print(p->arena, "%s: %s", words, m->reason)
                : words);
        put(mark, "tone", m->mark == MARK_ALLOWED ? "y" : m->mark == MARK_LATER ? "w" : "x");
        put_true(mark, "is_shut", m->mark == MARK_BLOCKED || m->mark == MARK_ABSENT);
        label = label == NULL ? words : arena_print(p->arena, "%s, %s", label, words);
    }
    put(row, "marks_label", label);
}

/* ---- The row ---------------------------------------------------------------------------- */

static const char *tone_of(enum task_kind kind)
{
    switch (kind) {
    case TASK_REPLY:
        return "info";
    case TASK_CALLBACK:
    case TASK_MISSED:
    case TASK_PAYMENT:
        return "warn";
    case TASK_COMPLAINT:
        return "stop";
    case TASK_DISPUTE:
    case TASK_HARDSHIP:
        return "hold";
    case TASK_PROMISE:
    case TASK_OFFER:
        return "brand";
    case TASK_ADDRESS:
    case TASK_CALL:
    case TASK_REVIEW:
    case TASK_KIND_COUNT:
        break;
    }
    return "";
}

static void who_put(struct page *p, json_t *row, const struct task_item *i,
                    const struct queue_people *people)
{
    const char *name = queue_person(people, i->is.assigned);
    bool mine = i->is.assigned == p->session->user.number && i->is.assigned != 0;

    if (name == NULL) {
        put_true(row, "who", false);
    } else {
        json_t *who = put_object(row, "who");
        put(who, "who_name", name);
        put(who, "initials", queue_initials(p->arena, name));
        put_true(who, "is_mine", mine);
    }
    presence_row_put(p, row, i->key);
}

static void money_put(struct page *p, json_t *row, const struct task_item *i,
                      const struct task_face *f)
{
    put(row, "amount", i->is.open.currency != CURRENCY_NONE
                           ? words_money(p->arena, i->is.open.minor, i->is.open.currency)
                           : "");
    put(row, "late", f->days_past_due > 0 ? words_past_due(p->arena, f->days_past_due) : "");
}

bool queue_row_put(struct page *p, json_t *row, const struct task_item *item,
                   const struct queue_people *people, struct fault *why)
{
    struct task_face face;
    const char *said;

    if (!task_face(p->view, item, &face, why))
        return false;
    said = note(p, item, &face);
    put(row, "name", item->name);
    put(row, "reference", item->reference);
    put(row, "account",
        arena_print(p->arena, "/accounts/%s", url_encode(p->arena, item->reference)));
    put(row, "token", queue_token(p->arena, item));
    put(row, "id", arena_print(p->arena, "t-%lld-%d", (long long)item->key.id,
                               (int)item->is.number));
    put(row, "tag", task_title(item->is.kind));
    put(row, "kind_tone", tone_of(item->is.kind));
    put(row, "reason", item->is.reason != NULL ? item->is.reason : "");
    put(row, "when", when(p, item));
    put_true(row, "is_late", is_late(p, item));
    put(row, "due", moment_within(p, item->is.due));
    put(row, "note", said != NULL ? said : "");
    put(row, "why", task_order_words(item->is.kind));
    put(row, "client", item->is.creditor);
    put(row, "desk", item->is.desk);
    put_true(row, "business", item->business);
    money_put(p, row, item, &face);
    marks_put(p, row, &face);
    who_put(p, row, item, people);
    return true;
}
