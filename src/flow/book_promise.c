/* Book: what was promised, and what is done once for a key. */
#include "flow/book_parts.h"
#include "flow/file_check.h"

bool book_promise_add(struct book *b, struct casefile_key key, const struct promise_input *in,
                      int32_t *number, struct fault *why)
{
    struct open_file f;
    char amount[MONEY_TEXT], day[DAY_TEXT];

    if (!book_file_load(b, key, &f, why))
        return false;
    *number = ++f.last_no;
    struct query q = query_begin(b->store, Q_PROMISE_ADD);
    bind_key(&q, key);
    bind_int(&q, *number);
    bind_int(&q, in->plan);
    bind_int(&q, in->item);
    bind_int(&q, in->currency);
    bind_int(&q, in->minor);
    bind_int(&q, book_today(b).number);
    bind_int(&q, in->due.number);
    bind_text(&q, in->channel);
    bind_text(&q, in->note);
    bind_text(&q, b->by);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "promise", *number);
    if (in->plan != 0)
        json_int_at(&w, "plan", in->plan);
    json_text_at(&w, "amount", money_print(money_of(in->minor, in->currency), amount));
    json_text_at(&w, "currency", currency_code(in->currency));
    json_text_at(&w, "due", day_print(in->due, day));
    if (in->channel != NULL)
        json_text_at(&w, "channel", in->channel);
    return book_record_end(b, &w, key, "promise", why) && book_file_wake(b, &f);
}

bool book_promise_end(struct book *b, struct casefile_key key, int32_t number,
                      enum promise_state state, const char *reason, enum change *change,
                      struct fault *why)
{
    struct open_file f;
    bool open = false;

    *change = CHANGE_NONE;
    if (!book_file_load(b, key, &f, why))
        return false;
    struct query q = query_begin(b->store, Q_PROMISE_END);
    bind_text(&q, promise_state_name(state));
    bind_int(&q, book_today(b).number);
    bind_key(&q, key);
    bind_int(&q, number);
    open = query_next(&q);
    if (!query_end(&q, why) || !open)
        return why->code == FAULT_NONE;
    *change = CHANGE_UPDATED;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "promise", number);
    json_text_at(&w, "state", promise_state_name(state));
    if (reason != NULL)
        json_text_at(&w, "reason", reason);
    return book_record_end(b, &w, key, "promise_settled", why) && book_file_wake(b, &f);
}

/* Is this the promise of that number? */
static bool promise_is(struct book *b, struct casefile_key key, int32_t number,
                       const struct promise_input *in, bool *is, struct fault *why)
{
    struct query q = query_begin(b->store, Q_PROMISE_GET);

    bind_key(&q, key);
    bind_int(&q, number);
    *is = query_next(&q) && row_int(&q, 0) == (int64_t)in->currency &&
          row_int(&q, 1) == in->minor && row_int(&q, 2) == in->due.number;
    return query_end(&q, why);
}

bool book_promise_once(struct book *b, struct casefile_key key, const char *once,
                       const struct promise_input *in, int32_t *number, enum change *change,
                       struct fault *why)
{
    bool same = false;

    *change = CHANGE_NONE;
    if (!book_key_find(b, key, once, number, why))
        return false;
    if (*number != 0)
        return promise_is(b, key, *number, in, &same, why) &&
               (same || book_key_taken(once, why));
    *change = CHANGE_ADDED;
    return file_check_stands(b, key, why) && book_promise_add(b, key, in, number, why) &&
           book_key_put(b, key, once, *number, why);
}

/* ---- Keys ---- */

bool book_key_taken(const char *once, struct fault *why)
{
    fail(why, CONFLICT, "The key \"%s\" was used before, for something else.", once);
    return fault_hint(why, "give each its own --key");
}

bool book_key_find(struct book *b, struct casefile_key key, const char *once, int32_t *number,
                   struct fault *why)
{
    struct casefile_key owner = { 0 };
    struct open_file f;

    *number = 0;
    if (once == NULL)
        return true;
    /* Opened first: who says the same at the same time waits here. */
    return book_file_load(b, key, &f, why) &&
           book_reference_find(b, "key", once, &owner, number, why) &&
           (*number == 0 || owner.id == key.id || book_key_taken(once, why));
}

bool book_key_put(struct book *b, struct casefile_key key, const char *once, int32_t number,
                  struct fault *why)
{
    struct casefile_key owner = { 0 };
    int32_t found;

    if (once == NULL)
        return true;
    /* Another case file, which nobody waits for here, may have been faster. */
    return book_reference_put(b, "key", once, key, number, why) &&
           book_reference_find(b, "key", once, &owner, &found, why) &&
           ((owner.id == key.id && found == number) || book_key_taken(once, why));
}
