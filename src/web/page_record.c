/* One record of the journal: what, when, why, and its place in the chain. */
#include "web/page_parts.h"

#include "base/text.h"

#include <string.h>

static const char *text_at(const json_t *record, const char *key)
{
    return json_string_value(json_object_get(record, key));
}

void put_ruling(json_t *object, const char *ruling)
{
    put_true(object, "is_ok", text_equal(ruling, "allow"));
    put_true(object, "is_later", text_equal(ruling, "defer"));
    put_true(object, "is_no", text_equal(ruling, "deny") || text_equal(ruling, "no_address"));
}

static const char *moment_at(struct page *p, const json_t *record, const char *key)
{
    struct instant at;
    const char *text = text_at(record, key);

    if (text == NULL || !instant_parse(text, &at))
        return NULL;
    return words_moment(p->arena, at, p->view->zone, p->view->today);
}

static void tries_put(struct page *p, const json_t *record)
{
    json_t *list = put_list(p->context, "tried");
    const json_t *tried;
    size_t i;

    json_array_foreach(json_object_get(record, "tried"), i, tried)
    {
        json_t *row = list_add(list);
        put(row, "channel", words_channel(text_at(tried, "channel")));
        put_ruling(row, text_at(tried, "ruling"));
        put(row, "until", moment_at(p, tried, "until"));
        if (text_equal(text_at(tried, "ruling"), "no_address"))
            put(row, "rule_title", "No good address is known");
        put_rule(p, row, text_at(tried, "rule"));
    }
    put_true(p->context, "any_tried", json_array_size(list) > 0);
}

/* What spoke against it first, then what was asked and satisfied. */
static void findings_put(struct page *p, const json_t *record)
{
    const json_t *verdict = json_object_get(record, "verdict"), *finding;
    json_t *against = put_list(p->context, "against"),
           *fine = put_list(p->context, "satisfied");
    size_t i;

    json_array_foreach(json_object_get(verdict, "findings"), i, finding)
    {
        const char *ruling = text_at(finding, "ruling");
        json_t *row = list_add(text_equal(ruling, "allow") ? fine : against);
        put_ruling(row, ruling);
        put(row, "cite", text_at(finding, "cite"));
        put_rule(p, row, text_at(finding, "rule"));
        put(row, "until", moment_at(p, finding, "until"));
        const char *unknown = text_at(finding, "unknown");
        put(row, "unknown", unknown != NULL ? words_plain(p->arena, unknown) : NULL);
    }
    put_true(p->context, "any_against", json_array_size(against) > 0);
    put_true(p->context, "any_satisfied", json_array_size(fine) > 0);
    put_int(p->context, "satisfied_count", (json_int_t)json_array_size(fine));
    put_true(p->context, "has_verdict", verdict != NULL);
    const char *ruling = text_at(verdict, "ruling");
    put_ruling(p->context, ruling);
}

static const char *headline_of(struct page *p, const struct record_view *r,
                               const json_t *record)
{
    const char *template = text_at(record, "template"), *channel = text_at(record, "channel");
    struct arena *x = p->arena;

    if (text_equal(r->kind, "decision") && template != NULL && channel != NULL)
        return arena_print(x, "May we send “%s” by %s?", words_plain(x, template),
                           words_small(x, words_channel(channel)));
    if (text_equal(r->kind, "refusal") && template != NULL)
        return arena_print(x, "May we send “%s” now?", words_plain(x, template));
    return words_plain(x, r->kind);
}

static void fields_put(struct page *p, const json_t *record)
{
    static const char *const skipped[] = { "verdict", "tried", "items" };
    json_t *list = put_list(p->context, "fields");
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)record, key, value)
    {
        bool skip = false;
        for (size_t i = 0; i < COUNT(skipped); i++)
            skip = skip || strcmp(skipped[i], key) == 0;
        if (skip || json_is_object(value) || json_is_array(value))
            continue;
        json_t *row = list_add(list);
        put(row, "label", words_plain(p->arena, key));
        if (json_is_integer(value))
            put(row, "value", words_count(p->arena, json_integer_value(value)));
        else
            put(row, "value", json_string_value(value));
    }
}

static void head_put(struct page *p, const struct record_view *r, const json_t *record)
{
    struct arena *x = p->arena;
    const char *number = arena_print(x, "D-%lld.%lld", (long long)r->bucket, (long long)r->seq);

    put(p->context, "title", arena_print(x, "Record %s", number));
    put(p->context, "number", number);
    put(p->context, "headline", headline_of(p, r, record));
    put(p->context, "kind", words_plain(x, r->kind));
    put(p->context, "at",
        arena_print(x, "%s, %s", words_day(x, wall_at(r->at, p->view->zone).day),
                    words_clock(x, r->at, p->view->zone)));
    put(p->context, "name", r->name);
    put(p->context, "reference", r->reference);
    put(p->context, "account", arena_print(x, "/accounts/%s", url_encode(x, r->reference)));
}

static void chain_put(struct page *p, const struct record_view *r)
{
    put(p->context, "hash", r->hash.hex);
    put(p->context, "before", r->before.hex);
    put_true(p->context, "chain_holds", r->chain_holds);
    put_true(p->context, "is_first", r->seq == 1);
}

static void outcome_put(struct page *p, const struct record_view *r)
{
    if (!r->has_message)
        return;
    json_t *message = put_object(p->context, "message");
    put(message, "link",
        arena_print(p->arena, "/outbox/%lld.%lld", (long long)r->bucket, (long long)r->seq));
    put_standing(p, message, "state", words_state(p->arena, r->message_state));
    put(message, "channel", words_channel(r->message_channel));
}

bool page_record(struct page *p, struct fault *why)
{
    int64_t bucket, seq;
    struct record_view r;
    const char *number = text_starts(p->hole, "D-") ? p->hole + 2 : p->hole;

    if (!page_pair(number, &bucket, &seq))
        return fail(why, NOT_FOUND, "A record has an address like /d/12.345.");
    if (!view_record(p->view, bucket, seq, &r, why))
        return false;
    json_t *record = json_loads(r.record, 0, NULL);
    head_put(p, &r, record);
    chain_put(p, &r);
    outcome_put(p, &r);
    fields_put(p, record);
    tries_put(p, record);
    findings_put(p, record);
    put(p->context, "raw", r.record);
    json_decref(record);
    return true;
}
