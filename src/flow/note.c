#include "flow/note.h"

#include "base/digest.h"
#include "flow/book_parts.h"

#include <string.h>

static bool text_check(const char *text, struct fault *why)
{
    if (text_is_empty(text))
        return fail(why, BAD_VALUE, "Write the note first.");
    if (strlen(text) > NOTE_MOST)
        return fail(why, BAD_VALUE, "A note has at most %d characters. This one has %zu.",
                    NOTE_MOST, strlen(text));
    return true;
}

static bool note_write(struct book *b, struct open_file *f, const struct note_input *in,
                       const char *text, struct fault *why)
{
    struct query q = query_begin(b->store, Q_NOTE_ADD);
    char hex[DIGEST_HEX];

    bind_key(&q, f->key);
    bind_int(&q, ++f->last_no);
    bind_text(&q, text);
    bind_text(&q, in->author);
    bind_int(&q, b->now.us);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "note", f->last_no);
    json_text_at(&w, "change", "added");
    json_text_at(&w, "digest", digest_print(digest_of(text, strlen(text)), hex));
    return book_record_end(b, &w, f->key, "note", why) && book_file_wake(b, f);
}

bool book_note_add(struct book *b, struct casefile_key key, const struct note_input *in,
                   int32_t *number, enum change *change, struct fault *why)
{
    struct open_file f;

    *change = CHANGE_NONE;
    if (!text_check(in->text, why) || !book_key_find(b, key, in->once, number, why))
        return false;
    if (*number != 0)
        return true;
    if (!book_file_load(b, key, &f, why) ||
        !note_write(b, &f, in, text_trim(&b->arena, in->text), why))
        return false;
    *number = f.last_no;
    *change = CHANGE_ADDED;
    return book_key_put(b, key, in->once, *number, why);
}

bool book_note_withdraw(struct book *b, struct casefile_key key, int32_t number,
                        enum change *change, struct fault *why)
{
    struct open_file f;

    *change = CHANGE_NONE;
    if (!book_file_load(b, key, &f, why))
        return false;
    struct query q = query_begin(b->store, Q_NOTE_GET);
    bind_key(&q, key);
    bind_int(&q, number);
    bool found = query_next(&q), stands = found && row_int(&q, 2) == INSTANT_NEVER.us;
    if (!query_end(&q, why))
        return false;
    if (!found)
        return fail(why, NOT_FOUND, "There is no note %d here.", (int)number);
    if (!stands)
        return true;
    q = query_begin(b->store, Q_NOTE_END);
    bind_int(&q, b->now.us);
    bind_key(&q, key);
    bind_int(&q, number);
    *change = CHANGE_UPDATED;
    if (!query_run(&q, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_int_at(&w, "note", number);
    json_text_at(&w, "change", "withdrawn");
    return book_record_end(b, &w, key, "note", why);
}
