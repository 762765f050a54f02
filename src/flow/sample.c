#include "flow/sample.h"

#include "base/digest.h"
#include "flow/book_parts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = { "decisions", "contacts", "risks" };

bool sample_of_parse(const char *name, enum sample_of *out)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (text_equal(kinds[i], name)) {
            *out = (enum sample_of)i;
            return true;
        }
    }
    return false;
}

const char *sample_of_name(enum sample_of of)
{
    return kinds[of];
}

/* ---- What was asked for, as text ---- */

static void text_put(struct json_writer *w, const char *key, const char *text)
{
    if (!text_is_empty(text))
        json_text_at(w, key, text);
}

static const char *filter_print(struct arena *a, const struct sample_filter *f)
{
    struct text text = { 0 };
    struct json_writer w = { &text, false };
    char day[DAY_TEXT];

    json_open(&w, '{');
    json_text_at(&w, "of", sample_of_name(f->of));
    json_text_at(&w, "from", day_print(f->from, day));
    json_text_at(&w, "to", day_print(f->to, day));
    text_put(&w, "by_channel", f->channel);
    text_put(&w, "client", f->client);
    text_put(&w, "desk", f->desk);
    text_put(&w, "agent", f->actor);
    text_put(&w, "pack", f->pack);
    text_put(&w, "rule", f->rule);
    if (!text_is_empty(f->rule))
        json_text_at(&w, "rule_was", f->decided ? "decisive" : "asked");
    text_put(&w, "seen_clients", f->seen_clients);
    text_put(&w, "seen_desks", f->seen_desks);
    json_close(&w, '}');
    const char *out = arena_copy(a, text_of(&text));
    text_free(&text);
    return out;
}

static const char *text_at(struct arena *a, const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));

    return text != NULL ? arena_copy(a, text) : NULL;
}

static bool filter_parse(struct arena *a, const char *text, struct sample_filter *f)
{
    json_t *o = json_loads(text, 0, NULL);
    const char *from = text_at(a, o, "from"), *to = text_at(a, o, "to");

    *f = (struct sample_filter){ .channel = text_at(a, o, "by_channel"),
                                 .client = text_at(a, o, "client"),
                                 .desk = text_at(a, o, "desk"),
                                 .actor = text_at(a, o, "agent"),
                                 .pack = text_at(a, o, "pack"),
                                 .rule = text_at(a, o, "rule"),
                                 .decided = text_equal(text_at(a, o, "rule_was"), "decisive"),
                                 .seen_clients = text_at(a, o, "seen_clients"),
                                 .seen_desks = text_at(a, o, "seen_desks") };
    bool fine = sample_of_parse(text_at(a, o, "of"), &f->of) && from != NULL && to != NULL &&
                day_parse(from, &f->from) && day_parse(to, &f->to);
    json_decref(o);
    return fine;
}

/* ---- Keeping ---- */

/* One digest for all: bucket and number of each, in their order. */
static const char *items_digest(struct arena *a, const struct sample_drawn *drawn)
{
    struct digest_maker m;
    char hex[DIGEST_HEX];

    digest_begin(&m);
    for (size_t i = 0; i < drawn->count; i++) {
        digest_add_int(&m, drawn->items[i].bucket);
        digest_add_int(&m, drawn->items[i].seq);
    }
    return arena_copy(a, digest_print(digest_end(&m), hex));
}

static bool item_add(struct book *b, int64_t sample, size_t place,
                     const struct sample_item *item, struct fault *why)
{
    struct query q = query_begin(b->store, Q_REVIEW_ADD);

    bind_int(&q, sample);
    bind_int(&q, (int64_t)place + 1);
    bind_int(&q, item->bucket);
    bind_int(&q, item->seq);
    bind_int(&q, item->casefile);
    bind_text(&q, item->actor);
    bind_text(&q, item->rule);
    return query_run(&q, why);
}

static bool record_add(struct book *b, int64_t number, const char *filter,
                       const struct sample_request *r, const struct sample_drawn *drawn,
                       int64_t user, struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_int_at(&w, "sample", number);
    json_text_at(&w, "change", "drawn");
    json_text_at(&w, "filter", filter);
    json_int_at(&w, "seed", (int64_t)r->seed);
    json_int_at(&w, "wanted", (int64_t)r->wanted);
    json_int_at(&w, "until_us", drawn->until.us);
    json_int_at(&w, "span", drawn->span);
    json_int_at(&w, "looked", drawn->looked);
    json_int_at(&w, "drawn", (int64_t)drawn->count);
    json_text_at(&w, "digest", items_digest(&b->arena, drawn));
    json_int_at(&w, "user", user);
    return book_record_end(b, &w, (struct casefile_key){ 0, 0 }, "sample", why);
}

bool sample_keep(struct book *b, const struct sample_request *request,
                 const struct sample_drawn *drawn, int64_t user, int64_t *number,
                 struct fault *why)
{
    const char *filter = filter_print(&b->arena, &request->filter);

    if (!head_open(b->heads, 0, why) || !book_next_number(b, Q_SAMPLE_LAST_NUMBER, number, why))
        return false;
    struct query q = query_begin(b->store, Q_SAMPLE_ADD);
    bind_int(&q, *number);
    bind_text(&q, filter);
    bind_int(&q, (int64_t)request->seed);
    bind_int(&q, (int64_t)request->wanted);
    bind_int(&q, drawn->until.us);
    bind_int(&q, drawn->span);
    bind_int(&q, drawn->looked);
    bind_int(&q, drawn->whole);
    bind_int(&q, user);
    bind_int(&q, b->now.us);
    if (!query_run(&q, why))
        return false;
    for (size_t i = 0; i < drawn->count; i++) {
        if (!item_add(b, *number, i, &drawn->items[i], why))
            return false;
    }
    return record_add(b, *number, filter, request, drawn, user, why);
}

/* ---- Reading ---- */

static bool sample_read(struct query *q, struct arena *a, struct sample *out)
{
    *out = (struct sample){ .number = row_int(q, 0),
                            .seed = (uint64_t)row_int(q, 2),
                            .wanted = (size_t)row_int(q, 3),
                            .until = { row_int(q, 4) },
                            .span = row_int(q, 5),
                            .looked = row_int(q, 6),
                            .whole = row_int(q, 7) != 0,
                            .by = row_int(q, 8),
                            .at = { row_int(q, 9) } };
    return filter_parse(a, row_text(q, 1), &out->filter);
}

static bool is_fine(bool fine, struct fault *why)
{
    return fine || fail(why, DB_ROW, "A draw of the book does not say what was asked for.");
}

bool sample_load(struct store *s, struct arena *a, int64_t number, struct sample *out,
                 struct fault *why)
{
    struct query q = query_begin(s, Q_SAMPLE_GET);
    bool fine = true;

    *out = (struct sample){ 0 };
    bind_int(&q, number);
    if (query_next(&q))
        fine = sample_read(&q, a, out);
    if (!query_end(&q, why) || !is_fine(fine, why))
        return false;
    return out->number != 0 ||
           fail(why, NOT_FOUND, "There is no sample %lld.", (long long)number);
}

bool sample_list(struct store *s, struct arena *a, int64_t before, size_t most,
                 struct sample **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_SAMPLE_LIST);
    size_t room = 0;
    bool fine = true;

    *out = NULL;
    *count = 0;
    bind_int(&q, before != 0 ? before : INT64_MAX);
    bind_int(&q, (int64_t)most);
    while (query_next(&q)) {
        struct sample *one = arena_push(a, *out, *count, room);
        fine = sample_read(&q, a, one) && fine;
        one->size = row_int(&q, 10);
        one->done = row_int(&q, 11);
    }
    return query_end(&q, why) && is_fine(fine, why);
}
