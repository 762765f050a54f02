/* Book: what happened to the money, row by row. */
#include "flow/book_parts.h"

#include "flow/movements.h"

bool book_move(struct book *b, struct open_file *f, struct move_input *m, struct fault *why)
{
    struct book_file *file = b->file;
    struct movement *is = &m->is;
    struct query q = query_begin(b->store, Q_MOVEMENT_ADD);

    is->number = ++f->last_no;
    bind_key(&q, f->key);
    bind_int(&q, is->number);
    bind_text(&q, movement_name(is->kind));
    bind_int(&q, is->day.number);
    bind_int(&q, is->due.number);
    bind_int(&q, is->debt);
    bind_int(&q, is->instalment);
    bind_text(&q, is->component < COMPONENT_COUNT ? component_name(is->component) : NULL);
    bind_int(&q, is->currency);
    bind_int(&q, is->minor);
    bind_text(&q, is->reference);
    bind_text(&q, m->origin);
    bind_text(&q, m->ground);
    bind_text(&q, m->reason);
    bind_text(&q, m->author);
    bind_int(&q, b->now.us);
    struct movement *kept = arena_push(&file->ledger, file->moves, file->move_count, file->move_room);
    *kept = *is;
    kept->reference = arena_copy(&file->ledger, is->reference);
    if (!query_run(&q, why))
        return false;
    return is->kind == MOVEMENT_PAYMENT ? book_file_wake_for(b, f, FOLLOW_OPEN)
                                        : book_file_wake_told(b, f);
}

bool book_move_end(struct book *b, struct open_file *f, int32_t number, struct fault *why)
{
    struct query q = query_begin(b->store, Q_MOVEMENT_END);

    bind_int(&q, b->now.us);
    bind_key(&q, f->key);
    bind_int(&q, number);
    b->file->again = true;
    return query_run(&q, why) && book_file_wake_for(b, f, FOLLOW_OPEN);
}

bool book_moves_from(struct book *b, struct casefile_key key, const char *origin,
                     struct move_input **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(b->store, Q_MOVEMENTS_FROM);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    bind_text(&q, origin);
    while (query_next(&q)) {
        struct move_input *m = arena_push(&b->arena, *out, *count, room);
        if (!movement_read(&q, &b->arena, &m->is, why))
            return false;
        m->origin = origin;
        m->ground = row_copy(&q, 10, &b->arena);
        m->reason = row_copy(&q, 11, &b->arena);
        m->author = row_copy(&q, 12, &b->arena);
    }
    return query_end(&q, why);
}

bool book_moves_end(struct book *b, struct open_file *f, const char *origin, struct fault *why)
{
    struct move_input *moves;
    size_t count;

    if (!book_moves_from(b, f->key, origin, &moves, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!book_move_end(b, f, moves[i].is.number, why))
            return false;
    }
    return true;
}

/* ---- For those who write other movements ---- */

static bool move_record(struct book *b, struct casefile_key key, const struct move_input *in,
                        const char *change, struct fault *why)
{
    struct json_writer w = book_record_begin(b);
    char amount[MONEY_TEXT], day[DAY_TEXT];

    json_text_at(&w, "movement", movement_name(in->is.kind));
    json_int_at(&w, "number", in->is.number);
    json_text_at(&w, "change", change);
    json_text_at(&w, "amount",
                 money_print(money_of(in->is.minor, in->is.currency), amount));
    json_text_at(&w, "currency", currency_code(in->is.currency));
    json_text_at(&w, "day", day_print(in->is.day, day));
    json_int_at(&w, "debt", in->is.debt);
    if (in->is.component < COMPONENT_COUNT)
        json_text_at(&w, "component", component_name(in->is.component));
    if (in->ground != NULL)
        json_text_at(&w, "ground", in->ground);
    if (in->reason != NULL)
        json_text_at(&w, "reason", in->reason);
    if (in->author != NULL)
        json_text_at(&w, "author", in->author);
    return book_record_end(b, &w, key, "movement", why);
}

bool book_move_add(struct book *b, struct casefile_key key, struct move_input *in,
                   struct fault *why)
{
    struct open_file f;

    return book_file_load(b, key, &f, why) && book_move(b, &f, in, why) &&
           move_record(b, key, in, "added", why);
}

/* Is the movement of that number this one? */
static bool is_move(struct book *b, struct casefile_key key, int32_t number,
                    const struct movement *is, bool *same, struct fault *why)
{
    struct query q = query_begin(b->store, Q_MOVEMENT_GET);
    struct movement old;

    bind_key(&q, key);
    bind_int(&q, number);
    *same = query_next(&q);
    if (*same && !movement_read(&q, &b->arena, &old, why))
        return false;
    if (!query_end(&q, why))
        return false;
    *same = *same && old.kind == is->kind && old.debt == is->debt &&
            old.instalment == is->instalment && old.component == is->component &&
            old.currency == is->currency && old.minor == is->minor;
    return true;
}

bool book_move_once(struct book *b, struct casefile_key key, const char *once,
                    struct move_input *in, enum change *change, struct fault *why)
{
    struct open_file f;
    int32_t number;
    bool same;

    *change = CHANGE_NONE;
    if (!book_key_find(b, key, once, &number, why))
        return false;
    if (number != 0) {
        in->is.number = number;
        return is_move(b, key, number, &in->is, &same, why) &&
               (same || book_key_taken(once, why));
    }
    *change = CHANGE_ADDED;
    if (!book_file_load(b, key, &f, why))
        return false;
    if (in->is.reference == NULL)
        in->is.reference = arena_print(&b->arena, "%d", (int)f.last_no + 1);
    return book_move_add(b, key, in, why) && book_key_put(b, key, once, in->is.number, why);
}

bool book_move_undo(struct book *b, struct casefile_key key, int32_t number,
                    enum change *change, struct fault *why)
{
    struct open_file f;
    bool ended = false;

    *change = CHANGE_NONE;
    if (!book_file_load(b, key, &f, why))
        return false;
    struct query q = query_begin(b->store, Q_MOVEMENT_END);
    bind_int(&q, b->now.us);
    bind_key(&q, key);
    bind_int(&q, number);
    ended = query_next(&q);
    if (!query_end(&q, why) || !ended)
        return why->code == FAULT_NONE;
    *change = CHANGE_UPDATED;
    b->file->again = true;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "movement", number);
    json_text_at(&w, "change", "ended");
    return book_record_end(b, &w, key, "movement", why) && book_file_wake(b, &f);
}
