/* Raw rows of a bucket, case file by case file. */
#include "flow/prove_measures_parts.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct raw_reading {
    struct store *s;
    struct arena *a;
    int64_t bucket;
    const struct zone *house;
    struct raw_file *files;
    size_t count, room;
    struct fault *why;
};

static struct query begin(const struct raw_reading *r, enum query_name name)
{
    struct query q = query_begin(r->s, name);

    bind_int(&q, r->bucket);
    return q;
}

static struct raw_file *file_of(const struct raw_reading *r, int64_t id)
{
    size_t low = 0, high = r->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->files[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->count && r->files[low].id == id ? &r->files[low] : NULL;
}

static const char *text_or_empty(struct query *q, int column, struct arena *a)
{
    return row_text(q, column) == NULL ? "" : row_copy(q, column, a);
}

static const char *person_or_empty(struct query *q, int column, struct arena *a)
{
    const char *who = text_or_empty(q, column, a);

    return strchr(who, '@') != NULL ? who : "";
}

static int32_t day_at(const struct raw_reading *r, int64_t us)
{
    if (us == INT64_MAX)
        return INT32_MAX;
    return wall_at((struct instant){ us }, r->house).day.number;
}

static bool read_files(struct raw_reading *r)
{
    struct query q = begin(r, Q_MEASURES_CASEFILES);

    while (query_next(&q)) {
        struct raw_file *f = arena_push(r->a, r->files, r->count, r->room);
        f->id = row_int(&q, 0);
        f->client = text_or_empty(&q, 1, r->a);
        f->desk = text_or_empty(&q, 2, r->a);
        f->segment = text_or_empty(&q, 3, r->a);
        f->role = text_or_empty(&q, 4, r->a);
        f->standing = text_or_empty(&q, 5, r->a);
        f->rule = text_or_empty(&q, 6, r->a);
        f->strategy = text_or_empty(&q, 7, r->a);
        f->language = f->places = "";
    }
    return query_end(&q, r->why);
}

static bool read_people(struct raw_reading *r)
{
    struct query q = begin(r, Q_MEASURES_PEOPLE);

    while (query_next(&q)) {
        struct raw_file *f = file_of(r, row_int(&q, 0));
        const char *zones = row_text(&q, 1);
        if (f == NULL)
            continue;
        f->language = text_or_empty(&q, 2, r->a);
        f->places = text_or_empty(&q, 3, r->a);
        if (zones != NULL && strchr(zones, ',') == NULL && zones[0] != '\0')
            f->zone = zone_find(zones);
    }
    return query_end(&q, r->why);
}

/* Rows come sorted by case file: those of one lie side by side. */
#define READ_LIST(r, statement, type, list, number, fill)                                      \
    struct query q = begin(r, statement);                                                      \
    struct type *all = NULL;                                                                   \
    size_t count = 0, room = 0;                                                                \
    while (query_next(&q)) {                                                                   \
        struct type *x = arena_push((r)->a, all, count, room);                                 \
        x->id = row_int(&q, 0);                                                                \
        fill                                                                                   \
    }                                                                                          \
    for (size_t i = 0; i < count; i++) {                                                       \
        struct raw_file *f = file_of(r, all[i].id);                                            \
        if (f == NULL)                                                                         \
            continue;                                                                          \
        if (f->number == 0)                                                                    \
            f->list = &all[i];                                                                 \
        f->number++;                                                                           \
    }                                                                                          \
    return query_end(&q, (r)->why)

static bool read_items(struct raw_reading *r)
{
    READ_LIST(r, Q_MEASURES_ITEMS, raw_item, items, item_count, {
        x->debt = (int32_t)row_int(&q, 1);
        x->number = (int32_t)row_int(&q, 2);
        x->due = (int32_t)row_int(&q, 3);
        x->owed = row_int(&q, 4);
        x->currency = (int32_t)row_int(&q, 5);
        x->invoice = (int32_t)row_int(&q, 6);
    });
}

static char account_letter(const char *account)
{
    return text_equal(account, "costs") ? 'k' : account == NULL ? '?' : account[0];
}

static bool read_lines(struct raw_reading *r)
{
    READ_LIST(r, Q_MEASURES_LINES, raw_line, lines, line_count, {
        x->day = (int32_t)row_int(&q, 1);
        x->posted_at = row_int(&q, 2);
        x->account = account_letter(row_text(&q, 3));
        x->debt = (int32_t)row_int(&q, 4);
        x->item = (int32_t)row_int(&q, 5);
        x->currency = (int32_t)row_int(&q, 6);
        x->minor = row_int(&q, 7);
        x->money = row_int(&q, 8) != 0;
    });
}

static int32_t promise_state_number(const char *name)
{
    static const char *const names[] = { "open", "kept", "partly_kept", "broken", "withdrawn" };

    for (int32_t i = 0; i < (int32_t)COUNT(names); i++) {
        if (text_equal(names[i], name))
            return i;
    }
    return -1;
}

static bool read_promises(struct raw_reading *r)
{
    READ_LIST(r, Q_MEASURES_PROMISES, raw_promise, promises, promise_count, {
        x->currency = (int32_t)row_int(&q, 1);
        x->minor = row_int(&q, 2);
        x->made = (int32_t)row_int(&q, 3);
        x->due = (int32_t)row_int(&q, 4);
        x->state = promise_state_number(row_text(&q, 5));
        x->judged = (int32_t)row_int(&q, 6);
        x->plan = row_int(&q, 7) != 0;
        x->author = person_or_empty(&q, 8, r->a);
    });
}

/* Where the contact was, on their clock. */
static int32_t hour_there(const struct zone *zone, int64_t us)
{
    if (zone == NULL)
        return -1;
    int64_t seconds = us / 1000000 + zone_offset_at(zone, (struct instant){ us });
    int64_t day = seconds / 86400;
    /* 1 January 1970 was a Thursday */
    return (int32_t)((day + 3) % 7 * 24 + seconds % 86400 / 3600);
}

static int by_minute(const void *left, const void *right)
{
    const struct raw_contact *a = left, *b = right;

    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    if (a->in != b->in)
        return b->in - a->in;
    if (a->channel != b->channel)
        return a->channel - b->channel;
    if (a->outcome != b->outcome)
        return a->outcome - b->outcome;
    int order = strcmp(a->step, b->step);
    if (order == 0)
        order = b->said - a->said;
    return order != 0 ? order : strcmp(a->author, b->author);
}

static void contact_read(const struct raw_reading *r, struct query *q, struct raw_contact *x)
{
    const struct raw_file *f = file_of(r, x->id);
    enum channel channel = CHANNEL_CALL;
    enum outcome outcome = OUTCOME_NONE;

    x->minute = row_int(q, 1) / 60000000;
    x->day = day_at(r, row_int(q, 1));
    x->hour = hour_there(f == NULL ? NULL : f->zone, row_int(q, 1));
    if (channel_parse(row_text(q, 2), &channel))
        x->channel = channel;
    x->in = row_int(q, 3) != 0;
    if (outcome_parse(row_text(q, 4), &outcome))
        x->outcome = outcome;
    x->step = text_or_empty(q, 5, r->a);
    x->author = person_or_empty(q, 7, r->a);
    x->said = row_text(q, 6) != NULL && !text_equal(row_text(q, 6), "collection");
}

static bool read_contact_rows(struct raw_reading *r)
{
    READ_LIST(r, Q_MEASURES_CONTACTS, raw_contact, contacts, contact_count,
              { contact_read(r, &q, x); });
}

static bool read_contacts(struct raw_reading *r)
{
    if (!read_contact_rows(r))
        return false;
    for (size_t i = 0; i < r->count; i++) {
        if (r->files[i].contact_count > 1)
            qsort(r->files[i].contacts, r->files[i].contact_count, sizeof(struct raw_contact),
                  by_minute);
    }
    return true;
}

static bool read_disputes(struct raw_reading *r)
{
    READ_LIST(r, Q_MEASURES_DISPUTES, raw_dispute, disputes, dispute_count, {
        x->received = (int32_t)row_int(&q, 1);
        x->ended = (int32_t)row_int(&q, 2);
        x->state = text_or_empty(&q, 3, r->a);
        x->reason = text_or_empty(&q, 4, r->a);
        x->number = (int32_t)row_int(&q, 5);
        x->author = "";
    });
}

static bool read_facts(struct raw_reading *r)
{
    READ_LIST(r, Q_MEASURES_FACTS, raw_fact, facts, fact_count, {
        x->type = text_or_empty(&q, 1, r->a);
        x->scope = text_or_empty(&q, 2, r->a);
        x->debt = (int32_t)row_int(&q, 3);
        x->from = day_at(r, row_int(&q, 4));
        x->until = day_at(r, row_int(&q, 5));
        x->detail = text_or_empty(&q, 6, r->a);
        x->number = (int32_t)row_int(&q, 7);
        x->author = "";
    });
}

/* Their records come in the order in which they were written: the last one says who. */
static void record_take(const struct raw_file *f, const char *kind, const char *record,
                        const char *actor)
{
    const char *number = strchr(record, ':');
    int32_t of = number == NULL ? 0 : (int32_t)strtol(number + 1, NULL, 10);

    for (size_t i = 0; text_equal(kind, "fact") && i < f->fact_count; i++) {
        if (f->facts[i].number == of)
            f->facts[i].author = actor;
    }
    for (size_t i = 0; text_equal(kind, "dispute") && i < f->dispute_count; i++) {
        const char *state = strstr(record, "\"state\":\"");
        size_t length = strlen(f->disputes[i].state);
        if (f->disputes[i].number == of && state != NULL &&
            strncmp(state + 9, f->disputes[i].state, length) == 0 && state[9 + length] == '"')
            f->disputes[i].author = actor;
    }
}

static bool read_records(struct raw_reading *r)
{
    struct query q = begin(r, Q_MEASURES_RECORDS);

    while (query_next(&q)) {
        const struct raw_file *f = file_of(r, row_int(&q, 0));
        if (f != NULL)
            record_take(f, row_text(&q, 1), row_text(&q, 2), person_or_empty(&q, 3, r->a));
    }
    return query_end(&q, r->why);
}

static bool read_plans(struct raw_reading *r)
{
    READ_LIST(r, Q_MEASURES_PLANS, raw_plan, plans, plan_count, {
        x->declined = row_int(&q, 2) != 0;
        x->day = x->declined ? day_at(r, row_int(&q, 1)) : (int32_t)row_int(&q, 1);
    });
}

static bool read_complaints(struct raw_reading *r)
{
    READ_LIST(r, Q_MEASURES_COMPLAINTS, raw_complaint, complaints, complaint_count,
              { x->received = (int32_t)row_int(&q, 1); });
}

bool raw_read(struct store *s, struct arena *a, int64_t bucket, const struct zone *house,
              struct raw_file **out, size_t *count, struct fault *why)
{
    struct raw_reading r = { s, a, bucket, house, NULL, 0, 0, why };

    if (!read_files(&r) || !read_people(&r) || !read_items(&r) || !read_lines(&r) ||
        !read_promises(&r) || !read_contacts(&r) || !read_disputes(&r) || !read_facts(&r) ||
        !read_complaints(&r) || !read_records(&r) || !read_plans(&r))
        return false;
    *out = r.files;
    *count = r.count;
    return true;
}
