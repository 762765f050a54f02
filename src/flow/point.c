#include "flow/point.h"

#include "flow/book_parts.h"

bool point_opened(struct book *b, struct casefile_key key, int32_t number, struct fault *why)
{
    struct query q = query_begin(b->store, Q_FILE_POINT);
    const char *channel = NULL;

    bind_key(&q, key);
    bind_int(&q, number);
    if (query_next(&q))
        channel = row_copy(&q, 0, &b->arena);
    if (!query_end(&q, why))
        return false;
    if (channel == NULL)
        return fail(why, NOT_FOUND, "There is no address %d here.", (int)number);
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "point", number);
    json_text_at(&w, "channel", channel);
    return book_record_end(b, &w, key, "opened", why);
}
