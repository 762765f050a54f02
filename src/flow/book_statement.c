/* Book: statements and receipts that were given out. */
#include "flow/book_parts.h"

static bool statement_replace(struct book *b, struct casefile_key key,
                              const struct statement_input *in, struct fault *why)
{
    if (in->replaces == 0)
        return true;
    struct query q = query_begin(b->store, Q_STATEMENT_REPLACE);
    bind_int(&q, in->number);
    bind_key(&q, key);
    bind_int(&q, in->replaces);
    return query_run(&q, why);
}

static bool statement_record(struct book *b, struct casefile_key key,
                             const struct statement_input *in, struct fault *why)
{
    struct json_writer w = book_record_begin(b);
    char day[DAY_TEXT];

    json_int_at(&w, "statement", in->number);
    json_text_at(&w, "kind", in->kind);
    json_text_at(&w, "from", day_print(in->from, day));
    json_text_at(&w, "to", day_print(in->to, day));
    if (in->object != 0)
        json_int_at(&w, "object", in->object);
    if (in->replaces != 0)
        json_int_at(&w, "replaces", in->replaces);
    json_text_at(&w, "digest", in->digest);
    return book_record_end(b, &w, key, "statement", why);
}

bool book_statement_next(struct book *b, struct casefile_key key, int32_t *number,
                         struct fault *why)
{
    struct open_file f;

    if (!book_file_load(b, key, &f, why))
        return false;
    *number = f.last_no + 1;
    return true;
}

bool book_statement_add(struct book *b, struct casefile_key key,
                        const struct statement_input *in, struct fault *why)
{
    struct open_file f;

    if (!book_file_load(b, key, &f, why))
        return false;
    must(in->number == f.last_no + 1);
    f.last_no = in->number;
    struct query q = query_begin(b->store, Q_STATEMENT_ADD);
    bind_key(&q, key);
    bind_int(&q, in->number);
    bind_text(&q, in->kind);
    bind_int(&q, in->from.number);
    bind_int(&q, in->to.number);
    bind_int(&q, in->object);
    bind_int(&q, b->now.us);
    bind_int(&q, in->replaces);
    bind_text(&q, in->digest);
    bind_blob(&q, in->bytes, in->length);
    return query_run(&q, why) && statement_replace(b, key, in, why) &&
           statement_record(b, key, in, why) && book_file_wake_for(b, &f, FOLLOW_NOTHING);
}
