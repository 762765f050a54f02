/* Book: who owes, and how to reach them. */
#include "flow/book_parts.h"

enum { POINT_EMAIL = 1, POINT_LETTER, POINT_PHONE };

static bool party_add(struct book *b, struct casefile_key key, const struct debtor_input *in,
                      struct fault *why)
{
    struct location location;

    if (!location_infer(b, in, "", &location, why))
        return false;
    struct query q = query_begin(b->store, Q_PARTY_PUT);
    bind_key(&q, key);
    bind_int(&q, PARTY_DEBTOR);
    bind_text(&q, "debtor");
    bind_text(&q, in->name);
    bind_text(&q, book_or(in->language, "en"));
    bind_text(&q, location.places);
    bind_text(&q, location.zones);
    bind_text(&q, location.clues);
    return query_run(&q, why) &&
           word_add(b->words, WORDS_NAME, in->name, key, PARTY_DEBTOR, why);
}

bool party_read(struct book *b, struct casefile_key key, struct party_row *out,
                struct fault *why)
{
    struct query q = query_begin(b->store, Q_PARTY_GET);

    *out = (struct party_row){ "", "", { "", "", "" } };
    bind_key(&q, key);
    bind_int(&q, PARTY_DEBTOR);
    if (query_next(&q)) {
        out->name = row_copy(&q, 0, &b->arena);
        out->language = row_copy(&q, 1, &b->arena);
        out->location =
            (struct location){ row_copy(&q, 2, &b->arena), row_copy(&q, 3, &b->arena),
                               row_copy(&q, 4, &b->arena) };
    }
    return query_end(&q, why);
}

bool party_write(struct book *b, struct casefile_key key, const struct party_row *row,
                 bool *changed, struct fault *why)
{
    struct query q = query_begin(b->store, Q_PARTY_MERGE);

    bind_text(&q, row->name);
    bind_text(&q, row->language);
    bind_text(&q, row->location.places);
    bind_text(&q, row->location.zones);
    bind_text(&q, row->location.clues);
    bind_key(&q, key);
    bind_int(&q, PARTY_DEBTOR);
    if (query_next(&q))
        *changed = true;
    return query_end(&q, why);
}

static bool party_merge(struct book *b, struct casefile_key key, const struct debtor_input *in,
                        bool *changed, struct fault *why)
{
    struct party_row row;

    if (!party_read(b, key, &row, why) ||
        !location_infer(b, in, row.location.clues, &row.location, why))
        return false;
    const char *before = row.name;
    row.name = book_or(in->name, row.name);
    row.language = book_or(in->language, row.language);
    if (!party_write(b, key, &row, changed, why))
        return false;
    return text_equal(before, row.name) ||
           (word_drop(b->words, WORDS_NAME, before, key, PARTY_DEBTOR, why) &&
            word_add(b->words, WORDS_NAME, row.name, key, PARTY_DEBTOR, why));
}

/* A letter's address gives no words. */
static bool point_words(struct book *b, struct casefile_key key, int number,
                        enum channel channel, const char *before, const char *address,
                        struct fault *why)
{
    enum word_source source = channel == CHANNEL_EMAIL ? WORDS_EMAIL : WORDS_PHONE;

    if (channel == CHANNEL_LETTER)
        return true;
    return (before == NULL || word_drop(b->words, source, before, key, number, why)) &&
           word_add(b->words, source, address, key, number, why);
}

static bool point_read(struct book *b, struct casefile_key key, int number,
                       const char **address, struct fault *why)
{
    struct query q = query_begin(b->store, Q_POINT_GET);

    bind_key(&q, key);
    bind_int(&q, number);
    *address = query_next(&q) ? row_copy(&q, 0, &b->arena) : NULL;
    return query_end(&q, why);
}

static bool point_put(struct book *b, struct casefile_key key, int number,
                      enum channel channel, const char *before, const char *address,
                      const char *source, struct fault *why)
{
    struct query q = query_begin(b->store, Q_POINT_PUT);

    bind_key(&q, key);
    bind_int(&q, number);
    bind_int(&q, PARTY_DEBTOR);
    bind_text(&q, channel_name(channel));
    bind_text(&q, address);
    bind_text(&q, "good");
    bind_text(&q, book_or(source, "unknown"));
    return query_run(&q, why) && point_words(b, key, number, channel, before, address, why);
}

/* What is known already stays as it is, good or bad. */
static bool point_merge(struct book *b, struct casefile_key key, int number,
                        enum channel channel, const char *address, const char *source,
                        bool *changed, struct fault *why)
{
    const char *before;

    if (text_is_empty(address))
        return true;
    if (!point_read(b, key, number, &before, why))
        return false;
    if (before != NULL && text_equal(before, address))
        return true;
    *changed = true;
    return point_put(b, key, number, channel, before, address, source, why);
}

/* Of a debtor that is new there is nothing to merge with. */
static bool point_add(struct book *b, struct casefile_key key, int number, enum channel channel,
                      const char *address, const char *source, struct fault *why)
{
    return text_is_empty(address) ||
           point_put(b, key, number, channel, NULL, address, source, why);
}

static bool points_add(struct book *b, struct casefile_key key, const struct debtor_input *in,
                       struct fault *why)
{
    return point_add(b, key, POINT_EMAIL, CHANNEL_EMAIL, in->email, in->source, why) &&
           point_add(b, key, POINT_LETTER, CHANNEL_LETTER, in->address, in->source, why) &&
           point_add(b, key, POINT_PHONE, CHANNEL_SMS, in->phone, in->source, why);
}

static bool points_merge(struct book *b, struct casefile_key key, const struct debtor_input *in,
                         bool *changed, struct fault *why)
{
    return point_merge(b, key, POINT_EMAIL, CHANNEL_EMAIL, in->email, in->source, changed,
                       why) &&
           point_merge(b, key, POINT_LETTER, CHANNEL_LETTER, in->address, in->source, changed,
                       why) &&
           point_merge(b, key, POINT_PHONE, CHANNEL_SMS, in->phone, in->source, changed, why);
}

static bool casefile_add(struct book *b, struct casefile_key key, const struct debtor_input *in,
                         struct fault *why)
{
    struct query q = query_begin(b->store, Q_CASEFILE_ADD);

    bind_key(&q, key);
    bind_text(&q, in->reference);
    bind_text(&q, book_or(in->creditor, "us"));
    bind_text(&q, actor_role_name(in->role));
    bind_int(&q, in->business);
    bind_int(&q, b->now.us);
    bind_int(&q, POINT_PHONE);
    if (!query_run(&q, why))
        return false;
    struct open_file added = { key,
                               true,
                               in->reference,
                               book_or(in->creditor, "us"),
                               actor_role_name(in->role),
                               in->business,
                               POINT_PHONE };
    book_file_keep(b, &added);
    return word_add(b->words, WORDS_ACCOUNT, in->reference, key, 0, why) &&
           party_add(b, key, in, why) && points_add(b, key, in, why);
}

static bool casefile_merge(struct book *b, const struct open_file *f,
                           const struct debtor_input *in, bool *changed, struct fault *why)
{
    const char *creditor = book_or(in->creditor, f->creditor);

    if (text_equal(creditor, f->creditor) && text_equal(actor_role_name(in->role), f->role) &&
        in->business == f->business)
        return party_merge(b, f->key, in, changed, why);
    *changed = true;
    struct query q = query_begin(b->store, Q_CASEFILE_TERMS);
    bind_text(&q, creditor);
    bind_text(&q, actor_role_name(in->role));
    bind_int(&q, in->business);
    bind_key(&q, f->key);
    if (!query_run(&q, why))
        return false;
    struct open_file changed_to = {
        f->key,       true,      in->reference, creditor, actor_role_name(in->role),
        in->business, f->last_no
    };
    book_file_keep(b, &changed_to);
    return party_merge(b, changed_to.key, in, changed, why);
}

static bool debtor_record(struct book *b, struct casefile_key key,
                          const struct debtor_input *in, bool added, struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_text_at(&w, "reference", in->reference);
    json_text_at(&w, "change", added ? "added" : "updated");
    json_text_at(&w, "source", in->source);
    return book_record_end(b, &w, key, "debtor", why);
}

bool book_debtor_put(struct book *b, const struct debtor_input *in, struct casefile_key *key,
                     enum change *change, struct fault *why)
{
    struct open_file f;
    bool changed = false;

    *key = casefile_key_of(in->reference);
    *change = CHANGE_NONE;
    if (!book_file_open(b, *key, &f, why))
        return false;
    if (f.found && !text_equal(f.reference, in->reference))
        return fail(why, CONFLICT,
                    "The references \"%s\" and \"%s\" fall on the same case file; "
                    "rename one.",
                    f.reference, in->reference);
    if (f.found ? !casefile_merge(b, &f, in, &changed, why) : !casefile_add(b, *key, in, why))
        return false;
    if (f.found && !points_merge(b, *key, in, &changed, why))
        return false;
    if (f.found && !changed)
        return true;
    *change = f.found ? CHANGE_UPDATED : CHANGE_ADDED;
    f.last_no = f.found ? f.last_no : POINT_PHONE;
    return debtor_record(b, *key, in, !f.found, why) && book_file_wake_told(b, &f);
}

bool book_debtor_known(struct book *b, struct casefile_key key, bool *known, struct fault *why)
{
    struct open_file f;

    if (!book_file_open(b, key, &f, why))
        return false;
    *known = f.found;
    return true;
}
