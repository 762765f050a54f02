#include "flow/book_parts.h"
#include "flow/publication.h"
#include "flow/task.h"

#include <stdlib.h>
#include <string.h>

bool book_setting(struct store *s, struct arena *a, const char *key, const char **value,
                  struct fault *why)
{
    struct query q = query_begin(s, Q_META_GET);

    bind_text(&q, key);
    *value = query_next(&q) ? row_copy(&q, 0, a) : NULL;
    return query_end(&q, why);
}

bool book_set(struct store *s, const char *key, const char *value, struct fault *why)
{
    struct query q = query_begin(s, Q_META_SET);

    bind_text(&q, key);
    bind_text(&q, value);
    return query_run(&q, why);
}

bool book_feed_read(struct book *b, struct fault *why)
{
    char at[INSTANT_TEXT];

    return book_set(b->store, "bank_feed_at", instant_print(b->now, at), why);
}

bool book_feed_is_old(struct store *s, struct arena *a, struct instant now, bool *old,
                      struct fault *why)
{
    const char *hours_text, *at_text;
    int64_t hours = 0;
    struct instant at = { INT64_MIN / 2 };

    if (!book_setting(s, a, "bank_feed_hours", &hours_text, why) ||
        !book_setting(s, a, "bank_feed_at", &at_text, why))
        return false;
    text_to_int(hours_text, &hours);
    instant_parse(at_text, &at);
    *old = hours > 0 && now.us - at.us > hours * 3600 * 1000000;
    return true;
}

static bool load_zone(struct book *b, struct fault *why)
{
    const char *name;

    if (!book_setting(b->store, &b->arena, "zone", &name, why))
        return false;
    b->zone = zone_find(name != NULL ? name : "UTC");
    if (b->zone == NULL)
        return fail(why, DB_ROW, "The organisation's time zone \"%s\" is not known here.",
                    name);
    return true;
}

bool book_open(struct book *b, const char *url, struct instant now, struct fault *why)
{
    *b = (struct book){ .now = now };
    b->store = store_open(url, STORE_WRITE, why);
    if (b->store == NULL)
        return false;
    b->file = calloc(1, sizeof *b->file);
    must(b->file != NULL);
    b->heads = heads_new(b->store);
    b->words = word_writer_new(b->store);
    if (load_zone(b, why) && publication_take(b->store, why))
        return true;
    book_close(b);
    return false;
}

bool book_patience(struct book *b, struct patience patience, struct fault *why)
{
    return store_patience(b->store, patience, why);
}

void book_reading(struct book *b, struct store *s, const struct zone *zone, struct instant now)
{
    *b = (struct book){ .store = s, .zone = zone, .now = now };
    b->file = calloc(1, sizeof *b->file);
    must(b->file != NULL);
}

void book_reading_done(struct book *b)
{
    arena_free(&b->file->texts);
    arena_free(&b->file->ledger);
    free(b->file);
    arena_free(&b->arena);
    text_free(&b->record);
    *b = (struct book){ 0 };
}

void book_close(struct book *b)
{
    heads_free(b->heads);
    word_writer_free(b->words);
    store_close(b->store);
    book_reading_done(b);
}

static void file_forget(struct book_file *file)
{
    file->known = file->wake = file->created = file->again = file->time = file->fresh = false;
    file->follow = FOLLOW_NOTHING;
    file->moves = NULL;
    file->move_count = file->move_room = 0;
    arena_reset(&file->ledger);
}

bool book_begin(struct book *b, struct fault *why)
{
    arena_reset(&b->arena);
    heads_reset(b->heads);
    word_writer_reset(b->words);
    file_forget(b->file);
    return store_begin(b->store, why);
}

static bool tasks_follow(struct book *b, struct fault *why)
{
    enum follow follow = b->file->follow;

    b->file->follow = FOLLOW_NOTHING;
    switch (follow) {
    case FOLLOW_NOTHING:
        return true;
    case FOLLOW_OPEN:
        return task_follow_any(b, b->file->is.key, why);
    case FOLLOW_ALL:
        return task_follow(b, b->file->is.key, why);
    }
    return true;
}

/* Writes the row of the case file that was written to last. */
static bool file_flush(struct book *b, struct fault *why)
{
    const struct open_file *f = &b->file->is;

    if (!book_settle(b, why))
        return false;
    if (!b->file->wake)
        return true;
    b->file->wake = false;
    struct query q = query_begin(b->store, Q_CASEFILE_WAKE);
    bind_int(&q, f->last_no);
    bind_int(&q, f->key.bucket);
    bind_int(&q, f->key.id);
    return query_run(&q, why) && tasks_follow(b, why);
}

int32_t book_last_number(const struct book *b)
{
    return b->file->is.last_no;
}

bool book_release(struct book *b, struct fault *why)
{
    bool done = file_flush(b, why);

    file_forget(b->file);
    return done;
}

bool book_commit(struct book *b, struct fault *why)
{
    if (!file_flush(b, why) || !word_flush(b->words, why) || !heads_close(b->heads, why))
        return book_undo(b);
    return store_commit(b->store, why);
}

bool book_undo(struct book *b)
{
    file_forget(b->file);
    heads_reset(b->heads);
    word_writer_reset(b->words);
    return store_undo(b->store);
}

void book_step(struct book *b)
{
    arena_reset(&b->arena);
}

/* ---- Records and the case file in hand ------------------------------------------------- */

struct json_writer book_record_begin(struct book *b)
{
    struct json_writer w = { &b->record, false };

    text_clear(&b->record);
    json_open(&w, '{');
    return w;
}

bool book_record_end(struct book *b, struct json_writer *w, struct casefile_key key,
                     const char *kind, struct fault *why)
{
    if (b->by != NULL)
        json_text_at(w, "by", b->by);
    json_close(w, '}');
    return journal_add(b->heads, key, b->now, kind, text_of(&b->record), NULL, why);
}

/* Remembers the case file; its texts are copied. */
void book_file_keep(struct book *b, const struct open_file *f)
{
    struct book_file *kept = b->file;
    /* by way of the other arena: the texts may be the ones kept so far */
    const char *reference = arena_copy(&b->arena, f->reference);
    const char *creditor = arena_copy(&b->arena, f->creditor);
    const char *role = arena_copy(&b->arena, f->role);

    arena_reset(&kept->texts);
    kept->known = true;
    kept->is = *f;
    kept->is.reference = arena_copy(&kept->texts, reference);
    kept->is.creditor = arena_copy(&kept->texts, creditor);
    kept->is.role = arena_copy(&kept->texts, role);
}

static bool file_read(struct book *b, struct open_file *f, struct fault *why)
{
    struct query q = query_begin(b->store, Q_CASEFILE_FIND);

    bind_int(&q, f->key.bucket);
    bind_int(&q, f->key.id);
    f->found = query_next(&q);
    if (f->found) {
        f->reference = row_text(&q, 0);
        f->creditor = row_text(&q, 1);
        f->role = row_text(&q, 2);
        f->business = row_int(&q, 3) != 0;
        f->last_no = (int32_t)row_int(&q, 4);
    }
    book_file_keep(b, f);
    b->file->created = b->file->fresh = !f->found;
    return query_end(&q, why);
}

bool book_file_open(struct book *b, struct casefile_key key, struct open_file *f,
                    struct fault *why)
{
    if (!b->file->known || b->file->is.key.id != key.id) {
        *f = (struct open_file){ .key = key };
        if (!file_flush(b, why))
            return false;
        b->file->known = false;
        if (!head_open(b->heads, key.bucket, why) || !file_read(b, f, why))
            return false;
    }
    *f = b->file->is;
    return true;
}

bool book_file_load(struct book *b, struct casefile_key key, struct open_file *f,
                    struct fault *why)
{
    if (!book_file_open(b, key, f, why))
        return false;
    return f->found || fail(why, NOT_FOUND, "There is no such case file.");
}

/* The row is written once, when another case file is opened or the session ends. */
bool book_file_wake_for(struct book *b, const struct open_file *f, enum follow follow)
{
    must(b->file->known && b->file->is.key.id == f->key.id);
    b->file->is.last_no = f->last_no;
    b->file->wake = true;
    if (follow == FOLLOW_OPEN && b->file->fresh) /* it has no tasks yet */
        follow = FOLLOW_NOTHING;
    if (follow > b->file->follow)
        b->file->follow = follow;
    return true;
}

bool book_file_wake(struct book *b, const struct open_file *f)
{
    return book_file_wake_for(b, f, FOLLOW_ALL);
}

bool book_file_wake_told(struct book *b, const struct open_file *f)
{
    return book_file_wake_for(b, f, b->file->fresh ? FOLLOW_NOTHING : FOLLOW_ALL);
}

bool book_reference_put(struct book *b, const char *kind, const char *reference,
                        struct casefile_key key, int32_t object, struct fault *why)
{
    struct query q = query_begin(b->store, Q_REFERENCE_PUT);

    bind_int(&q, bucket_of_reference(kind, reference));
    bind_text(&q, kind);
    bind_text(&q, reference);
    bind_int(&q, key.id);
    bind_int(&q, object);
    return query_run(&q, why);
}

bool book_reference_find(struct book *b, const char *kind, const char *reference,
                         struct casefile_key *key, int32_t *object, struct fault *why)
{
    struct query q = query_begin(b->store, Q_REFERENCE_FIND);

    *object = 0;
    bind_int(&q, bucket_of_reference(kind, reference));
    bind_text(&q, kind);
    bind_text(&q, reference);
    if (query_next(&q)) {
        int64_t id = row_int(&q, 0);
        *key = (struct casefile_key){ id >> 53, id };
        *object = (int32_t)row_int(&q, 1);
    }
    return query_end(&q, why);
}

struct day book_today(const struct book *b)
{
    return wall_at(b->now, b->zone).day;
}

bool book_next_number(struct book *b, enum query_name last, int64_t *number, struct fault *why)
{
    struct query q = query_begin(b->store, last);

    *number = query_next(&q) ? row_int(&q, 0) + 1 : 1;
    return query_end(&q, why);
}

const char *book_or(const char *value, const char *otherwise)
{
    return value != NULL && value[0] != '\0' ? value : otherwise;
}
