#include "flow/book_dispute.h"

#include "flow/book_parts.h"

bool book_number(struct book *b, struct casefile_key key, int32_t *number, struct fault *why)
{
    struct open_file f;

    if (!book_file_load(b, key, &f, why))
        return false;
    *number = ++f.last_no;
    return book_file_wake(b, &f);
}

static const char *component_text(enum component component)
{
    return component < COMPONENT_COUNT ? component_name(component) : NULL;
}

static void record_begin(struct json_writer *w, const struct dispute *d, const char *author)
{
    json_int_at(w, "dispute", d->number);
    json_text_at(w, "state", dispute_state_name(d->state));
    json_int_at(w, "debt", d->debt);
    if (author != NULL)
        json_text_at(w, "author", author);
}

bool book_dispute_add(struct book *b, struct casefile_key key, const struct dispute *d,
                      struct fault *why)
{
    struct query q = query_begin(b->store, Q_DISPUTE_ADD);
    char day[DAY_TEXT];

    bind_key(&q, key);
    bind_int(&q, d->number);
    bind_int(&q, d->fact);
    bind_int(&q, d->debt);
    bind_int(&q, d->instalment);
    bind_text(&q, component_text(d->component));
    bind_text(&q, d->line);
    bind_int(&q, d->currency);
    bind_int(&q, d->minor);
    bind_text(&q, d->reason);
    bind_text(&q, d->channel);
    bind_text(&q, d->note);
    bind_int(&q, d->received.number);
    bind_int(&q, d->answer_by.number);
    bind_int(&q, DAY_NONE.number);
    bind_text(&q, d->author);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = book_record_begin(b);
    record_begin(&w, d, d->author);
    json_text_at(&w, "part", dispute_words(&b->arena, d));
    json_text_at(&w, "reason", d->reason);
    json_text_at(&w, "received", day_print(d->received, day));
    json_text_at(&w, "answer_by", day_print(d->answer_by, day));
    return book_record_end(b, &w, key, "dispute", why);
}

bool book_dispute_put(struct book *b, struct casefile_key key, const struct dispute *d,
                      const char *author, struct fault *why)
{
    struct query q = query_begin(b->store, Q_DISPUTE_CHANGE);
    char amount[MONEY_TEXT], day[DAY_TEXT];

    bind_int(&q, d->fact);
    bind_text(&q, dispute_state_name(d->state));
    bind_int(&q, d->state_day.number);
    bind_text(&q, d->answer);
    bind_int(&q, d->proof.number);
    bind_int(&q, d->corrected);
    bind_key(&q, key);
    bind_int(&q, d->number);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = book_record_begin(b);
    record_begin(&w, d, author);
    if (d->state != DISPUTE_OPEN) {
        json_text_at(&w, "corrected", money_print(money_of(d->corrected, d->currency), amount));
        json_text_at(&w, "currency", currency_code(d->currency));
    }
    if (d->proof.number != DAY_NONE.number)
        json_text_at(&w, "proof_sent", day_print(d->proof, day));
    if (d->answer != NULL)
        json_text_at(&w, "answer", d->answer);
    return book_record_end(b, &w, key, "dispute", why);
}

bool book_evidence_add(struct book *b, struct casefile_key key, const char *origin,
                       const char *name, const char *digest, const void *bytes, size_t length,
                       const char *author, struct fault *why)
{
    int32_t number;

    if (!book_number(b, key, &number, why))
        return false;
    struct query q = query_begin(b->store, Q_EVIDENCE_ADD);
    bind_key(&q, key);
    bind_int(&q, number);
    bind_text(&q, origin);
    bind_text(&q, name);
    bind_text(&q, digest);
    bind_blob(&q, bytes, length);
    bind_text(&q, author);
    bind_int(&q, b->now.us);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "evidence", number);
    json_text_at(&w, "for", origin);
    json_text_at(&w, "name", name);
    json_text_at(&w, "digest", digest);
    if (author != NULL)
        json_text_at(&w, "author", author);
    return book_record_end(b, &w, key, "evidence", why);
}

/* ---- Movements of one origin ---- */

bool book_origin_end(struct book *b, struct casefile_key key, const char *origin,
                     struct fault *why)
{
    struct open_file f;

    return book_file_load(b, key, &f, why) && book_moves_end(b, &f, origin, why);
}

bool book_interval_end(struct book *b, struct casefile_key key, const char *origin,
                       enum movement_kind kind, struct day day, struct fault *why)
{
    struct move_input *moves;
    enum change change;
    size_t count;

    if (!book_moves_from(b, key, origin, &moves, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct move_input again = moves[i];
        if (again.is.kind != kind || again.is.due.number <= day.number)
            continue;
        if (!book_move_undo(b, key, again.is.number, &change, why))
            return false;
        again.is.due = day;
        if (again.is.day.number < day.number && !book_move_add(b, key, &again, why))
            return false;
    }
    return true;
}
