/* Prove: complaints stand as their last record says; draws and reviews, too. */
#include "flow/prove_parts.h"

#include "base/digest.h"
#include "base/text.h"
#include "domain/calendar.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

/* ---- What the journal says, by what it is about ---------------------------------------------
 */

struct told {
    int64_t casefile, number, item; /* item 0: a complaint, or a draw */
    json_t *last;
    bool found;
};

struct telling {
    struct told *all;
    size_t count, room;
};

static struct told *told_of(struct telling *t, int64_t casefile, int64_t number, int64_t item)
{
    for (size_t i = t->count; i-- > 0;) {
        if (t->all[i].casefile == casefile && t->all[i].number == number &&
            t->all[i].item == item)
            return &t->all[i];
    }
    return NULL;
}

static int64_t number_at(const json_t *record, const char *key)
{
    return json_integer_value(json_object_get(record, key));
}

/* The last record of each holds. */
static void tell(struct proof *p, struct telling *t, int64_t casefile, const char *text,
                 const char *number_key, const char *item_key)
{
    json_t *record = json_loads(text, 0, NULL);
    int64_t number = number_at(record, number_key), item = number_at(record, item_key);
    struct told *is = told_of(t, casefile, number, item);

    if (is == NULL) {
        is = arena_push(&p->arena, t->all, t->count, t->room);
        *is = (struct told){ .casefile = casefile, .number = number, .item = item };
    }
    json_decref(is->last);
    is->last = record;
}

static void telling_free(struct telling *t)
{
    for (size_t i = 0; i < t->count; i++)
        json_decref(t->all[i].last);
}

/* ---- Comparing ------------------------------------------------------------------------------
 */

struct comparing {
    struct proof *p;
    enum check check;
    const json_t *record;
    const char *where;
};

static void compare(const struct comparing *c, const char *key, const char *found)
{
    const char *said = json_string_value(json_object_get(c->record, key));

    if (!text_equal(said != NULL ? said : "", found != NULL ? found : ""))
        prove_find(c->p, c->check, said != NULL ? said : "none", found != NULL ? found : "none",
                   "%s, %s", c->where, key);
}

static void compare_day(const struct comparing *c, const char *key, int64_t day)
{
    char text[DAY_TEXT];

    compare(c, key,
            day == DAY_NEVER.number ? NULL : day_print((struct day){ (int32_t)day }, text));
}

static void compare_digest(const struct comparing *c, const char *key, const char *text)
{
    char hex[DIGEST_HEX];

    compare(c, key, text == NULL ? NULL : digest_print(digest_of(text, strlen(text)), hex));
}

static void compare_number(const struct comparing *c, const char *key, int64_t found)
{
    int64_t said = number_at(c->record, key);

    if (said != found)
        prove_find(c->p, c->check, prove_text(c->p, "%" PRId64, said),
                   prove_text(c->p, "%" PRId64, found), "%s, %s", c->where, key);
}

/* Of each row there is a record, and of each record a row. */
static bool begin(struct proof *p, enum check check, struct telling *t, int64_t casefile,
                  int64_t number, int64_t item, const char *where, struct comparing *out)
{
    struct told *is = told_of(t, casefile, number, item);

    p->counts[check]++;
    if (is == NULL) {
        prove_find(p, check, "a record", "none", "%s", where);
        return false;
    }
    is->found = true;
    *out = (struct comparing){ p, check, is->last, where };
    return true;
}

static void rest_find(struct proof *p, enum check check, const struct telling *t,
                      const char *what)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct told *is = &t->all[i];
        if (!is->found)
            prove_find(p, check, "a row", "none", "%s %" PRId64 ".%" PRId64, what, is->number,
                       is->item);
    }
}

/* ---- Complaints -----------------------------------------------------------------------------
 */

static void complaint_check(struct proof *p, struct telling *t, struct query *q)
{
    int64_t casefile = row_int(q, 0), number = row_int(q, 1);
    const char *where =
        prove_text(p, "case file %" PRId64 ", complaint %" PRId64, casefile, number);
    struct comparing c;

    if (!begin(p, CHECK_COMPLAINTS, t, casefile, number, 0, where, &c))
        return;
    compare_number(&c, "hold", row_int(q, 2));
    compare(&c, "via", row_text(q, 3));
    compare_digest(&c, "words", row_text(q, 4));
    compare_day(&c, "received", row_int(q, 5));
    compare_day(&c, "acknowledge_by", row_int(q, 6));
    compare_day(&c, "answer_by", row_int(q, 7));
    compare_day(&c, "acknowledged", row_int(q, 8));
    compare(&c, "state", row_text(q, 9));
    compare(&c, "result", row_text(q, 10));
    compare_digest(&c, "cause", row_text(q, 11));
    compare_digest(&c, "changed", row_text(q, 12));
    compare_digest(&c, "answer", row_text(q, 13));
}

bool prove_complaints(struct proof *p)
{
    struct telling t = { 0 };
    struct query q = prove_begin(p, Q_PROVE_COMPLAINT_RECORDS);

    while (query_next(&q))
        tell(p, &t, row_int(&q, 0), row_text(&q, 1), "complaint", "item");
    bool read = query_end(&q, p->why);
    if (read) {
        q = prove_begin(p, Q_PROVE_COMPLAINTS);
        while (query_next(&q))
            complaint_check(p, &t, &q);
        read = query_end(&q, p->why);
    }
    if (read)
        rest_find(p, CHECK_COMPLAINTS, &t, "complaint");
    telling_free(&t);
    return read;
}

/* ---- Draws and reviews: all of them are of bucket 0
 * ------------------------------------------ */

static void sample_check(struct proof *p, struct telling *t, struct query *q)
{
    const char *where = prove_text(p, "sample %" PRId64, row_int(q, 0));
    struct comparing c;

    if (!begin(p, CHECK_REVIEWS, t, 0, row_int(q, 0), 0, where, &c))
        return;
    compare(&c, "filter", row_text(q, 1));
    compare_number(&c, "seed", row_int(q, 2));
    compare_number(&c, "wanted", row_int(q, 3));
    compare_number(&c, "until_us", row_int(q, 4));
    compare_number(&c, "span", row_int(q, 5));
    compare_number(&c, "looked", row_int(q, 6));
    compare_number(&c, "user", row_int(q, 7));
}

struct drawn { /* of the draw at hand */
    int64_t sample, count;
    struct digest_maker made;
};

static void drawn_end(struct proof *p, struct telling *t, struct drawn *d)
{
    struct told *is = told_of(t, 0, d->sample, 0);
    struct comparing c = { p, CHECK_REVIEWS, is != NULL ? is->last : NULL,
                           prove_text(p, "records of sample %" PRId64, d->sample) };
    char hex[DIGEST_HEX];

    if (is == NULL)
        return; /* said of the draw already */
    compare_number(&c, "drawn", d->count);
    compare(&c, "digest", digest_print(digest_end(&d->made), hex));
}

static void review_check(struct proof *p, struct telling *t, struct query *q)
{
    const char *where =
        prove_text(p, "review %" PRId64 ".%" PRId64, row_int(q, 0), row_int(q, 1));
    struct comparing c;

    if (!text_equal(row_text(q, 4), "done")) {
        p->counts[CHECK_REVIEWS]++;
        if (told_of(t, 0, row_int(q, 0), row_int(q, 1)) == NULL)
            return;
    }
    if (!begin(p, CHECK_REVIEWS, t, 0, row_int(q, 0), row_int(q, 1), where, &c))
        return;
    compare(&c, "sheet", row_text(q, 5));
    compare(&c, "answers", row_text(q, 6));
    compare_digest(&c, "digest", row_text(q, 7));
    compare_number(&c, "user", row_int(q, 8));
    compare(&c, "record",
            prove_text(p, "D-%" PRId64 ".%" PRId64, row_int(q, 2), row_int(q, 3)));
}

static bool items_check(struct proof *p, struct telling *t)
{
    struct query q = prove_begin(p, Q_PROVE_REVIEWS);
    struct drawn d = { 0 };

    while (query_next(&q)) {
        if (row_int(&q, 0) != d.sample) {
            if (d.sample != 0)
                drawn_end(p, t, &d);
            d = (struct drawn){ .sample = row_int(&q, 0) };
            digest_begin(&d.made);
        }
        d.count++;
        digest_add_int(&d.made, row_int(&q, 2));
        digest_add_int(&d.made, row_int(&q, 3));
        review_check(p, t, &q);
    }
    if (d.sample != 0)
        drawn_end(p, t, &d);
    return query_end(&q, p->why);
}

bool prove_reviews(struct proof *p)
{
    struct telling t = { 0 };
    bool read = true;

    if (p->bucket != 0)
        return true;
    struct query q = prove_begin(p, Q_PROVE_SAMPLE_RECORDS);
    while (query_next(&q))
        tell(p, &t, 0, row_text(&q, 0), "sample", "item");
    read = query_end(&q, p->why);
    if (read) {
        q = prove_begin(p, Q_PROVE_SAMPLES);
        while (query_next(&q))
            sample_check(p, &t, &q);
        read = query_end(&q, p->why) && items_check(p, &t);
    }
    if (read)
        rest_find(p, CHECK_REVIEWS, &t, "review");
    telling_free(&t);
    return read;
}
