/* Book: facts, contacts and promises. */
#include "flow/book_parts.h"

/* Of facts only holds are work for people. */
static enum follow follow_of(const char *type)
{
    return text_equal(type, fact_type_name(FACT_HOLD)) ? FOLLOW_ALL : FOLLOW_NOTHING;
}

bool book_fact_add(struct book *b, struct casefile_key key, const struct gate_fact *fact,
                   const char *source, int32_t *number, struct fault *why)
{
    struct open_file f;

    if (!book_file_load(b, key, &f, why))
        return false;
    int32_t fact_no = ++f.last_no;
    struct query q = query_begin(b->store, Q_FACT_ADD);
    bind_key(&q, key);
    bind_int(&q, fact_no);
    bind_text(&q, fact_type_name(fact->type));
    bind_int(&q, fact->party);
    bind_int(&q, fact->debt);
    bind_int(&q, fact->other);
    bind_int(&q, fact->at.us);
    bind_int(&q, fact->until.us);
    bind_text(&q, fact->scope);
    bind_text(&q, fact->value);
    bind_text(&q, fact->channel_known ? channel_name(fact->channel) : NULL);
    bind_int(&q, fact->hours.weekdays);
    bind_int(&q, fact->hours.from);
    bind_int(&q, fact->hours.to);
    bind_text(&q, gate_fields_print(&b->arena, fact->detail));
    bind_text(&q, book_or(source, "unknown"));
    if (!query_run(&q, why))
        return false;
    if (number != NULL)
        *number = fact_no;
    if (fact->type == FACT_LOCATION_CONFIRMED && !location_confirm(b, key, fact, why))
        return false;

    struct json_writer w = book_record_begin(b);
    char at[INSTANT_TEXT];
    json_int_at(&w, "fact", fact_no);
    json_text_at(&w, "type", fact_type_name(fact->type));
    json_text_at(&w, "since", instant_print(fact->at, at));
    json_text_at(&w, "until", instant_print(fact->until, at));
    if (fact->scope != NULL)
        json_text_at(&w, "scope", fact->scope);
    if (fact->channel_known)
        json_text_at(&w, "channel", channel_name(fact->channel));
    if (fact->debt != 0)
        json_int_at(&w, "debt", fact->debt);
    json_text_at(&w, "source", source);
    return book_record_end(b, &w, key, "fact", why) &&
           book_file_wake_for(b, &f, follow_of(fact_type_name(fact->type)));
}

bool book_fact_find(struct book *b, struct casefile_key key, enum fact_type type, int32_t debt,
                    int32_t *number, struct fault *why)
{
    struct query q = query_begin(b->store, Q_FACT_OPEN);

    bind_key(&q, key);
    bind_text(&q, fact_type_name(type));
    bind_int(&q, debt);
    bind_int(&q, b->now.us);
    *number = query_next(&q) ? (int32_t)row_int(&q, 0) : 0;
    return query_end(&q, why);
}

bool book_fact_end(struct book *b, struct casefile_key key, int32_t number,
                   struct instant until, struct fault *why)
{
    struct open_file f;
    char at[INSTANT_TEXT];

    if (!book_file_load(b, key, &f, why))
        return false;
    struct query q = query_begin(b->store, Q_FACT_END);
    bind_int(&q, until.us);
    bind_key(&q, key);
    bind_int(&q, number);
    bool found = query_next(&q);
    enum follow follow = follow_of(found ? row_text(&q, 0) : NULL);
    bool located =
        found && text_equal(row_text(&q, 0), fact_type_name(FACT_LOCATION_CONFIRMED));
    if (!query_end(&q, why) || (located && !location_forget(b, key, why)))
        return false;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "fact", number);
    json_text_at(&w, "ended", instant_print(until, at));
    return book_record_end(b, &w, key, "fact_ended", why) && book_file_wake_for(b, &f, follow);
}

/* The fact as it stands on file, from now on. */
static bool fact_read(struct book *b, struct casefile_key key, int32_t number,
                      struct gate_fact *out, const char **source, struct fault *why)
{
    struct query q = query_begin(b->store, Q_FACT_GET);

    bind_key(&q, key);
    bind_int(&q, number);
    bool found = query_next(&q), known = true;
    if (found) {
        *out = (struct gate_fact){ .party = (int32_t)row_int(&q, 1),
                                   .debt = (int32_t)row_int(&q, 2),
                                   .other = (int32_t)row_int(&q, 3),
                                   .at = b->now,
                                   .until = { row_int(&q, 4) },
                                   .scope = row_copy(&q, 5, &b->arena),
                                   .value = row_copy(&q, 6, &b->arena),
                                   .channel_known = row_text(&q, 7) != NULL,
                                   .hours = { (uint8_t)row_int(&q, 8), (int32_t)row_int(&q, 9),
                                              (int32_t)row_int(&q, 10) },
                                   .detail = gate_fields_parse(&b->arena, row_text(&q, 11)) };
        *source = row_copy(&q, 12, &b->arena);
        known = fact_type_parse(row_text(&q, 0), &out->type) &&
                (!out->channel_known || channel_parse(row_text(&q, 7), &out->channel));
    }
    if (!query_end(&q, why))
        return false;
    if (!found)
        return fail(why, NOT_FOUND, "There is nothing of number %d on file.", (int)number);
    return known || fail(why, DB_ROW, "A fact of an unknown kind is on file.");
}

bool book_fact_again(struct book *b, struct casefile_key key, int32_t number,
                     struct instant until, int32_t *now, struct fault *why)
{
    const char *source = NULL;
    struct gate_fact fact;

    if (!fact_read(b, key, number, &fact, &source, why))
        return false;
    if (fact.until.us > b->now.us)
        return fail(why, CONFLICT, "It still holds.");
    if (until.us <= b->now.us)
        return fail(why, CONFLICT, "It would be over by now.");
    fact.until = until;
    return book_fact_add(b, key, &fact, source, now, why);
}

bool book_detail_put(struct book *b, struct casefile_key key, int32_t debt,
                     struct gate_fields detail, const char *source, enum change *change,
                     struct fault *why)
{
    struct gate_fact fact = { .type = FACT_DEBT_DETAIL,
                              .debt = debt,
                              .at = b->now,
                              .until = INSTANT_NEVER,
                              .detail = detail };
    struct query q = query_begin(b->store, Q_FACT_DETAIL);
    int32_t old = 0;
    bool same = false;

    bind_key(&q, key);
    bind_text(&q, fact_type_name(fact.type));
    bind_int(&q, debt);
    bind_int(&q, b->now.us);
    bind_text(&q, source);
    if (query_next(&q)) {
        old = (int32_t)row_int(&q, 0);
        same = text_equal(row_text(&q, 1), gate_fields_print(&b->arena, detail));
    }
    *change = CHANGE_NONE;
    if (!query_end(&q, why))
        return false;
    if (same)
        return true;
    *change = old != 0 ? CHANGE_UPDATED : CHANGE_ADDED;
    return (old == 0 || book_fact_end(b, key, old, b->now, why)) &&
           book_fact_add(b, key, &fact, source, NULL, why);
}

static bool is_call_out(const struct contact *c)
{
    return c->direction == DIRECTION_OUT && c->outbox == 0 &&
           (c->channel == CHANNEL_CALL || c->channel == CHANNEL_VOICEMAIL);
}

/* A call that was planned is made by the one that is logged. */
static bool calls_end(struct book *b, struct casefile_key key, struct fault *why)
{
    struct query q = query_begin(b->store, Q_OUTBOX_CALLED);
    int32_t *made = NULL;
    size_t count = 0, room = 0;

    bind_int(&q, b->now.us);
    bind_key(&q, key);
    while (query_next(&q))
        *arena_push(&b->arena, made, count, room) = (int32_t)row_int(&q, 0);
    if (!query_end(&q, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct json_writer w = book_record_begin(b);
        json_int_at(&w, "outbox", made[i]);
        json_text_at(&w, "state", "expired");
        json_text_at(&w, "reason", "called");
        if (!book_record_end(b, &w, key, "message", why))
            return false;
    }
    return true;
}

bool book_contact_add(struct book *b, struct casefile_key key, const struct contact *contact,
                      const char *note, struct fault *why)
{
    struct open_file f;
    char at[INSTANT_TEXT];

    if (!book_file_load(b, key, &f, why))
        return false;
    struct query q = query_begin(b->store, Q_CONTACT_ADD);
    bind_key(&q, key);
    bind_int(&q, ++f.last_no);
    bind_int(&q, contact->at.us);
    bind_text(&q, channel_name(contact->channel));
    bind_int(&q, contact->direction == DIRECTION_IN);
    bind_text(&q, outcome_name(contact->outcome));
    bind_int(&q, contact->party);
    bind_text(&q, debt_set_print(&b->arena, contact->debts));
    bind_text(&q, contact->address);
    bind_text(&q, contact->purpose);
    bind_text(&q, note);
    bind_int(&q, contact->callback_at.us);
    bind_text(&q, b->by);
    if (!query_run(&q, why) || (is_call_out(contact) && !calls_end(b, key, why)))
        return false;
    struct json_writer w = book_record_begin(b);
    json_text_at(&w, "channel", channel_name(contact->channel));
    json_text_at(&w, "direction", contact->direction == DIRECTION_IN ? "in" : "out");
    json_text_at(&w, "outcome", outcome_name(contact->outcome));
    json_text_at(&w, "at", instant_print(contact->at, at));
    if (contact->callback_at.us != 0)
        json_text_at(&w, "callback_at", instant_print(contact->callback_at, at));
    return book_record_end(b, &w, key, "contact", why) && book_file_wake(b, &f);
}
