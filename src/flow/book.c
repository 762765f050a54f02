#include "flow/book.h"

#include "base/json.h"
#include "store/casefiles.h"

#include <stdlib.h>
#include <string.h>

enum { POINT_EMAIL = 1, POINT_LETTER, POINT_PHONE };

/* ---- Sessions -------------------------------------------------------------------------- */

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
        return fail(why, DB_ROW, "The organisation's time zone \"%s\" is not known here.", name);
    return true;
}

/* The row of a case file while it is being written to. */
struct open_file {
    struct casefile_key key;
    bool found;
    const char *reference, *creditor, *role;
    bool business;
    int32_t last_no;
};

/* The one that was opened last, with its texts; `wake`: its row is to be written. */
struct book_file {
    bool known, wake;
    struct open_file is;
    struct arena texts;
};

bool book_open(struct book *b, const char *url, struct instant now, struct fault *why)
{
    *b = (struct book){ .now = now };
    b->store = store_open(url, STORE_WRITE, why);
    if (b->store == NULL)
        return false;
    b->file = calloc(1, sizeof *b->file);
    must(b->file != NULL);
    b->heads = heads_new(b->store);
    if (load_zone(b, why))
        return true;
    book_close(b);
    return false;
}

void book_close(struct book *b)
{
    heads_free(b->heads);
    store_close(b->store);
    arena_free(&b->file->texts);
    free(b->file);
    arena_free(&b->arena);
    text_free(&b->record);
    *b = (struct book){ 0 };
}

bool book_begin(struct book *b, struct fault *why)
{
    arena_reset(&b->arena);
    heads_reset(b->heads);
    b->file->known = b->file->wake = false;
    return store_begin(b->store, why);
}

/* Writes the row of the case file that was written to last. */
static bool file_flush(struct book *b, struct fault *why)
{
    const struct open_file *f = &b->file->is;

    if (!b->file->wake)
        return true;
    b->file->wake = false;
    struct query q = query_begin(b->store, Q_CASEFILE_WAKE);
    bind_int(&q, f->last_no);
    bind_int(&q, f->key.bucket);
    bind_int(&q, f->key.id);
    return query_run(&q, why);
}

bool book_commit(struct book *b, struct fault *why)
{
    if (!file_flush(b, why) || !heads_close(b->heads, why))
        return book_undo(b);
    return store_commit(b->store, why);
}

bool book_undo(struct book *b)
{
    b->file->known = b->file->wake = false;
    heads_reset(b->heads);
    return store_undo(b->store);
}

void book_step(struct book *b)
{
    arena_reset(&b->arena);
}

/* ---- Records ---------------------------------------------------------------------------- */

static struct json_writer record_begin(struct book *b)
{
    struct json_writer w = { &b->record, false };

    text_clear(&b->record);
    json_open(&w, '{');
    return w;
}

static bool record_end(struct book *b, struct json_writer *w, struct casefile_key key,
                       const char *kind, struct fault *why)
{
    json_close(w, '}');
    return journal_add(b->heads, key, b->now, kind, text_of(&b->record), NULL, why);
}

/* Remembers the case file; its texts are copied. */
static void file_keep(struct book *b, const struct open_file *f)
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
    file_keep(b, f);
    return query_end(&q, why);
}

static bool file_open(struct book *b, struct casefile_key key, struct open_file *f,
                      struct fault *why)
{
    if (!b->file->known || b->file->is.key.id != key.id) {
        *f = (struct open_file){ .key = key };
        b->file->known = false;
        if (!file_flush(b, why) || !head_open(b->heads, key.bucket, why) ||
            !file_read(b, f, why))
            return false;
    }
    *f = b->file->is;
    return true;
}

static bool file_load(struct book *b, struct casefile_key key, struct open_file *f,
                      struct fault *why)
{
    if (!file_open(b, key, f, why))
        return false;
    return f->found || fail(why, NOT_FOUND, "There is no such case file.");
}

/* The row is written once, when another case file is opened or the session ends. */
static bool file_wake(struct book *b, const struct open_file *f)
{
    must(b->file->known && b->file->is.key.id == f->key.id);
    b->file->is.last_no = f->last_no;
    b->file->wake = true;
    return true;
}

static void bind_key(struct query *q, struct casefile_key key)
{
    bind_int(q, key.bucket);
    bind_int(q, key.id);
}

static bool reference_put(struct book *b, const char *kind, const char *reference,
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

/* What the reference stands for; *object is 0 when it is not known. */
static bool reference_find(struct book *b, const char *kind, const char *reference,
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

/* ---- Debtors ---------------------------------------------------------------------------- */

static const char *or_else(const char *value, const char *otherwise)
{
    return value != NULL && value[0] != '\0' ? value : otherwise;
}

static bool party_add(struct book *b, struct casefile_key key, const struct debtor_input *in,
                      struct fault *why)
{
    struct query q = query_begin(b->store, Q_PARTY_PUT);

    bind_key(&q, key);
    bind_int(&q, PARTY_DEBTOR);
    bind_text(&q, "debtor");
    bind_text(&q, in->name);
    bind_text(&q, or_else(in->language, "en"));
    bind_text(&q, or_else(in->places, ""));
    bind_text(&q, or_else(in->zones, ""));
    return query_run(&q, why);
}

static bool party_merge(struct book *b, struct casefile_key key, const struct debtor_input *in,
                        bool *changed, struct fault *why)
{
    struct query q = query_begin(b->store, Q_PARTY_GET);
    const char *now[4] = { "", "", "", "" };

    bind_key(&q, key);
    bind_int(&q, PARTY_DEBTOR);
    if (query_next(&q)) {
        for (int i = 0; i < 4; i++)
            now[i] = row_copy(&q, i, &b->arena);
    }
    if (!query_end(&q, why))
        return false;

    q = query_begin(b->store, Q_PARTY_MERGE);
    bind_text(&q, or_else(in->name, now[0]));
    bind_text(&q, or_else(in->language, now[1]));
    bind_text(&q, or_else(in->places, now[2]));
    bind_text(&q, or_else(in->zones, now[3]));
    bind_key(&q, key);
    bind_int(&q, PARTY_DEBTOR);
    if (query_next(&q))
        *changed = true;
    return query_end(&q, why);
}

static bool point_merge(struct book *b, struct casefile_key key, int number, enum channel channel,
                        const char *address, const char *source, bool *changed,
                        struct fault *why)
{
    if (address == NULL || address[0] == '\0')
        return true;
    struct query q = query_begin(b->store, Q_POINT_MERGE);
    bind_key(&q, key);
    bind_int(&q, number);
    bind_int(&q, PARTY_DEBTOR);
    bind_text(&q, channel_name(channel));
    bind_text(&q, address);
    bind_text(&q, or_else(source, "unknown"));
    if (query_next(&q))
        *changed = true;
    return query_end(&q, why);
}

/* Of a debtor that is new there is nothing to merge with. */
static bool point_add(struct book *b, struct casefile_key key, int number, enum channel channel,
                      const char *address, const char *source, struct fault *why)
{
    if (address == NULL || address[0] == '\0')
        return true;
    struct query q = query_begin(b->store, Q_POINT_PUT);
    bind_key(&q, key);
    bind_int(&q, number);
    bind_int(&q, PARTY_DEBTOR);
    bind_text(&q, channel_name(channel));
    bind_text(&q, address);
    bind_text(&q, "good");
    bind_text(&q, or_else(source, "unknown"));
    return query_run(&q, why);
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
    return point_merge(b, key, POINT_EMAIL, CHANNEL_EMAIL, in->email, in->source, changed, why) &&
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
    bind_text(&q, or_else(in->creditor, "us"));
    bind_text(&q, actor_role_name(in->role));
    bind_int(&q, in->business);
    bind_int(&q, b->now.us);
    bind_int(&q, POINT_PHONE);
    if (!query_run(&q, why))
        return false;
    struct open_file added = { key, true, in->reference, or_else(in->creditor, "us"),
                               actor_role_name(in->role), in->business, POINT_PHONE };
    file_keep(b, &added);
    return party_add(b, key, in, why) && points_add(b, key, in, why);
}

static bool casefile_merge(struct book *b, const struct open_file *f,
                           const struct debtor_input *in, bool *changed, struct fault *why)
{
    const char *creditor = or_else(in->creditor, f->creditor);

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
    struct open_file changed_to = { f->key, true, in->reference, creditor,
                                    actor_role_name(in->role), in->business, f->last_no };
    file_keep(b, &changed_to);
    return party_merge(b, changed_to.key, in, changed, why);
}

static bool debtor_record(struct book *b, struct casefile_key key, const struct debtor_input *in,
                          bool added, struct fault *why)
{
    struct json_writer w = record_begin(b);

    json_text_at(&w, "reference", in->reference);
    json_text_at(&w, "change", added ? "added" : "updated");
    json_text_at(&w, "source", in->source);
    return record_end(b, &w, key, "debtor", why);
}

bool book_debtor_put(struct book *b, const struct debtor_input *in, struct casefile_key *key,
                     enum change *change, struct fault *why)
{
    struct open_file f;
    bool changed = false;

    *key = casefile_key_of(in->reference);
    *change = CHANGE_NONE;
    if (!file_open(b, *key, &f, why))
        return false;
    if (f.found && !text_equal(f.reference, in->reference))
        return fail(why, CONFLICT, "The references \"%s\" and \"%s\" fall on the same case file; "
                    "rename one.", f.reference, in->reference);
    if (f.found ? !casefile_merge(b, &f, in, &changed, why) : !casefile_add(b, *key, in, why))
        return false;
    if (f.found && !points_merge(b, *key, in, &changed, why))
        return false;
    if (f.found && !changed)
        return true;
    *change = f.found ? CHANGE_UPDATED : CHANGE_ADDED;
    f.last_no = f.found ? f.last_no : POINT_PHONE;
    return debtor_record(b, *key, in, !f.found, why) && file_wake(b, &f);
}

bool book_debtor_known(struct book *b, struct casefile_key key, bool *known, struct fault *why)
{
    struct open_file f;

    if (!file_open(b, key, &f, why))
        return false;
    *known = f.found;
    return true;
}

/* ---- Ledger ----------------------------------------------------------------------------- */

/* One entry under way: its lines must add up to nothing before it is closed. */
struct entry {
    struct book *b;
    struct casefile_key key;
    int32_t number, lines;
    struct day day;
    enum currency currency;
    int64_t sum;
};

static bool entry_line(struct entry *e, const char *account, int32_t debt, int32_t instalment,
                       int64_t minor, struct fault *why)
{
    if (minor == 0)
        return true;
    if (__builtin_add_overflow(e->sum, minor, &e->sum))
        return fail(why, BAD_VALUE, "The amount is too large.");
    struct query q = query_begin(e->b->store, Q_POSTING_ADD);
    bind_key(&q, e->key);
    bind_int(&q, e->number);
    bind_int(&q, ++e->lines);
    bind_int(&q, e->day.number);
    bind_text(&q, account);
    bind_int(&q, debt);
    bind_int(&q, instalment);
    bind_int(&q, e->currency);
    bind_int(&q, minor);
    return query_run(&q, why);
}

struct slice {
    int32_t debt, number;
    struct day due;
    int64_t amount, paid;
    struct day first, last;
};

static bool slice_write(struct book *b, struct casefile_key key, const struct slice *s,
                        struct fault *why)
{
    struct query q = query_begin(b->store, Q_INSTALMENT_MONEY);

    bind_int(&q, s->due.number);
    bind_int(&q, s->amount);
    bind_int(&q, s->paid);
    bind_int(&q, s->first.number);
    bind_int(&q, s->last.number);
    bind_key(&q, key);
    bind_int(&q, s->debt);
    bind_int(&q, s->number);
    return query_run(&q, why);
}

/* After money was taken back, only the postings know the first and the last day. */
static bool slice_days(struct book *b, struct casefile_key key, struct slice *s,
                       struct fault *why)
{
    struct query q = query_begin(b->store, Q_INSTALMENT_PAID_DAYS);

    s->first = s->last = DAY_NEVER;
    bind_key(&q, key);
    bind_int(&q, s->debt);
    bind_int(&q, s->number);
    while (query_next(&q)) {
        if (row_int(&q, 1) == 0)
            continue;
        s->last = (struct day){ (int32_t)row_int(&q, 0) };
        if (s->first.number == DAY_NEVER.number)
            s->first = s->last;
    }
    return query_end(&q, why);
}

/* ---- Debts ------------------------------------------------------------------------------ */

static bool instalments_of(struct book *b, struct casefile_key key, int32_t debt,
                           struct slice **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(b->store, Q_INSTALMENTS_OF_DEBT);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    bind_int(&q, debt);
    while (query_next(&q)) {
        struct slice *s = arena_push(&b->arena, *out, *count, room);
        *s = (struct slice){ .debt = debt,
                             .number = (int32_t)row_int(&q, 0),
                             .due = { (int32_t)row_int(&q, 1) },
                             .amount = row_int(&q, 2),
                             .paid = row_int(&q, 3),
                             .first = { (int32_t)row_int(&q, 4) },
                             .last = { (int32_t)row_int(&q, 5) } };
    }
    return query_end(&q, why);
}

static bool instalment_add(struct book *b, struct open_file *f, int32_t debt, int32_t number,
                           const struct debt_input *in, struct fault *why)
{
    const struct instalment_input *i = &in->instalments[number - 1];
    struct query q = query_begin(b->store, Q_INSTALMENT_ADD);

    bind_key(&q, f->key);
    bind_int(&q, debt);
    bind_int(&q, number);
    bind_int(&q, i->due_day.number);
    bind_int(&q, i->minor);
    if (!query_run(&q, why))
        return false;
    struct entry e = { b, f->key, ++f->last_no, 0, in->invoice_day, in->currency, 0 };
    return entry_line(&e, "principal", debt, number, i->minor, why) &&
           entry_line(&e, "placed", debt, number, -i->minor, why);
}

static bool debt_record(struct book *b, struct casefile_key key, const struct debt_input *in,
                        bool added, struct fault *why)
{
    struct json_writer w = record_begin(b);
    int64_t total = 0;
    char amount[MONEY_TEXT];

    for (size_t i = 0; i < in->instalment_count; i++)
        total += in->instalments[i].minor;
    json_text_at(&w, "debt", in->reference);
    json_text_at(&w, "change", added ? "added" : "updated");
    json_text_at(&w, "amount", money_print(money_of(total, in->currency), amount));
    json_text_at(&w, "currency", currency_code(in->currency));
    return record_end(b, &w, key, "debt", why);
}

static bool debt_add(struct book *b, struct open_file *f, const struct debt_input *in,
                     int32_t *debt, struct fault *why)
{
    *debt = ++f->last_no;
    struct query q = query_begin(b->store, Q_DEBT_ADD);
    bind_key(&q, f->key);
    bind_int(&q, *debt);
    bind_text(&q, in->reference);
    bind_text(&q, in->kind);
    bind_text(&q, in->description);
    bind_int(&q, in->currency);
    bind_int(&q, in->invoice_day.number);
    bind_text(&q, in->terms);
    if (!query_run(&q, why))
        return false;
    for (size_t i = 0; i < in->instalment_count; i++) {
        if (!instalment_add(b, f, *debt, (int32_t)i + 1, in, why))
            return false;
    }
    return reference_put(b, "debt", in->reference, f->key, *debt, why) &&
           debt_record(b, f->key, in, true, why) && file_wake(b, f);
}

static bool debt_words(struct book *b, const struct open_file *f, const struct debt_input *in,
                       int32_t debt, bool *changed, struct fault *why)
{
    struct query q = query_begin(b->store, Q_DEBT_GET);
    enum currency currency = CURRENCY_NONE;
    bool same = false;

    bind_key(&q, f->key);
    bind_int(&q, debt);
    if (query_next(&q)) {
        currency = (enum currency)row_int(&q, 3);
        same = text_equal(row_text(&q, 1), in->kind) &&
               (in->description == NULL || text_equal(row_text(&q, 2), in->description)) &&
               row_int(&q, 4) == in->invoice_day.number &&
               (in->terms == NULL || text_equal(row_text(&q, 5), in->terms));
    }
    if (!query_end(&q, why))
        return false;
    if (currency != in->currency)
        return fail(why, CONFLICT, "Debt \"%s\" is on file in another currency than %s.",
                    in->reference, currency_code(in->currency));
    if (same)
        return true;
    *changed = true;
    q = query_begin(b->store, Q_DEBT_CHANGE);
    bind_text(&q, in->kind);
    bind_text(&q, in->description);
    bind_int(&q, in->invoice_day.number);
    bind_text(&q, in->terms);
    bind_key(&q, f->key);
    bind_int(&q, debt);
    return query_run(&q, why);
}

/* Brings one instalment to its new amount and date. Money beyond the amount waits as unapplied. */
static bool slice_adjust(struct book *b, struct open_file *f, struct slice *s,
                         const struct instalment_input *to, enum currency currency,
                         struct fault *why)
{
    struct day today = wall_at(b->now, b->zone).day;
    int64_t more = to->minor - s->amount, over = s->paid - to->minor;

    s->due = to->due_day;
    s->amount = to->minor;
    if (more != 0) {
        struct entry e = { b, f->key, ++f->last_no, 0, today, currency, 0 };
        if (!entry_line(&e, "principal", s->debt, s->number, more, why) ||
            !entry_line(&e, "adjustment", s->debt, s->number, -more, why))
            return false;
    }
    if (over > 0) {
        struct entry e = { b, f->key, ++f->last_no, 0, today, currency, 0 };
        if (!entry_line(&e, "principal", s->debt, s->number, over, why) ||
            !entry_line(&e, "unapplied", 0, 0, -over, why))
            return false;
        s->paid -= over;
        if (!slice_days(b, f->key, s, why))
            return false;
    }
    return slice_write(b, f->key, s, why);
}

static bool debt_update(struct book *b, struct open_file *f, const struct debt_input *in,
                        int32_t debt, bool *changed, struct fault *why)
{
    struct slice *slices;
    size_t count;

    if (!debt_words(b, f, in, debt, changed, why) ||
        !instalments_of(b, f->key, debt, &slices, &count, why))
        return false;
    for (size_t i = 0; i < in->instalment_count; i++) {
        const struct instalment_input *to = &in->instalments[i];
        if (i >= count) {
            *changed = true;
            if (!instalment_add(b, f, debt, (int32_t)i + 1, in, why))
                return false;
        } else if (slices[i].due.number != to->due_day.number || slices[i].amount != to->minor) {
            *changed = true;
            if (!slice_adjust(b, f, &slices[i], to, in->currency, why))
                return false;
        }
    }
    for (size_t i = in->instalment_count; i < count; i++) {
        struct instalment_input nothing = { slices[i].due, 0 };
        if (slices[i].amount == 0)
            continue;
        *changed = true;
        if (!slice_adjust(b, f, &slices[i], &nothing, in->currency, why))
            return false;
    }
    return !*changed || (debt_record(b, f->key, in, false, why) && file_wake(b, f));
}

/* Whose the debt is; its currency is not asked for. */
static bool debt_owner(struct book *b, const char *reference, struct debt_found *out,
                       struct fault *why)
{
    *out = (struct debt_found){ .currency = CURRENCY_NONE };
    return reference_find(b, "debt", reference, &out->key, &out->number, why);
}

bool book_debt_find(struct book *b, const char *reference, struct debt_found *out,
                    struct fault *why)
{
    if (!debt_owner(b, reference, out, why))
        return false;
    if (out->number == 0)
        return true;
    struct query q = query_begin(b->store, Q_DEBT_GET);
    bind_key(&q, out->key);
    bind_int(&q, out->number);
    if (query_next(&q))
        out->currency = (enum currency)row_int(&q, 3);
    return query_end(&q, why);
}

bool book_debt_put(struct book *b, struct casefile_key key, const struct debt_input *in,
                   int32_t *debt, enum change *change, struct fault *why)
{
    struct open_file f;
    struct debt_found found;
    bool changed = false;

    must(in->instalment_count > 0);
    *change = CHANGE_NONE;
    if (in->found != NULL)
        found = *in->found;
    else if (!debt_owner(b, in->reference, &found, why))
        return false;
    *debt = found.number;
    if (!file_load(b, key, &f, why))
        return false;
    if (found.number == 0) {
        *change = CHANGE_ADDED;
        return debt_add(b, &f, in, debt, why);
    }
    if (found.key.id != key.id) {
        fail(why, CONFLICT, "Debt \"%s\" is on file for another debtor.", in->reference);
        return fault_hint(why, "give each debt its own reference");
    }
    if (!debt_update(b, &f, in, *debt, &changed, why))
        return false;
    *change = changed ? CHANGE_UPDATED : CHANGE_NONE;
    return true;
}

bool book_debt_open(struct book *b, struct casefile_key key, int32_t debt, int64_t *minor,
                    struct fault *why)
{
    struct slice *slices;
    size_t count;

    *minor = 0;
    if (!instalments_of(b, key, debt, &slices, &count, why))
        return false;
    for (size_t i = 0; i < count; i++)
        *minor += slices[i].amount - slices[i].paid;
    return true;
}

/* ---- Payments --------------------------------------------------------------------------- */

static bool payable(struct book *b, struct casefile_key key, const struct payment_input *in,
                    struct slice **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(b->store, Q_INSTALMENTS_PAYABLE);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    bind_int(&q, in->currency);
    bind_int(&q, in->debt);
    while (query_next(&q)) {
        struct slice *s = arena_push(&b->arena, *out, *count, room);
        *s = (struct slice){ .debt = (int32_t)row_int(&q, 0),
                             .number = (int32_t)row_int(&q, 1),
                             .due = { (int32_t)row_int(&q, 2) },
                             .amount = row_int(&q, 3),
                             .paid = row_int(&q, 4),
                             .first = { (int32_t)row_int(&q, 5) },
                             .last = { (int32_t)row_int(&q, 6) } };
    }
    return query_end(&q, why);
}

static bool pay_slices(struct entry *e, const struct payment_input *in, int64_t *left,
                       struct fault *why)
{
    struct slice *slices;
    size_t count;

    if (!payable(e->b, e->key, in, &slices, &count, why))
        return false;
    for (size_t i = 0; i < count && *left > 0; i++) {
        struct slice *s = &slices[i];
        int64_t part = s->amount - s->paid < *left ? s->amount - s->paid : *left;
        *left -= part;
        s->paid += part;
        if (s->first.number > in->day.number)
            s->first = in->day;
        if (s->last.number < in->day.number || s->last.number == DAY_NEVER.number)
            s->last = in->day;
        if (!entry_line(e, "principal", s->debt, s->number, -part, why) ||
            !slice_write(e->b, e->key, s, why))
            return false;
    }
    return true;
}

struct charge {
    const char *account;
    int32_t debt;
    int64_t open;
};

static bool pay_charges(struct entry *e, const struct payment_input *in, int64_t *left,
                        struct fault *why)
{
    struct query q = query_begin(e->b->store, Q_CHARGES_OPEN);
    struct charge *charges = NULL;
    size_t count = 0, room = 0;

    bind_key(&q, e->key);
    bind_int(&q, in->currency);
    bind_int(&q, in->debt);
    while (query_next(&q)) {
        struct charge *c = arena_push(&e->b->arena, charges, count, room);
        *c = (struct charge){ row_copy(&q, 0, &e->b->arena), (int32_t)row_int(&q, 1),
                              row_int(&q, 2) };
    }
    if (!query_end(&q, why))
        return false;
    for (size_t i = 0; i < count && *left > 0; i++) {
        int64_t part = charges[i].open < *left ? charges[i].open : *left;
        *left -= part;
        if (!entry_line(e, charges[i].account, charges[i].debt, 0, -part, why))
            return false;
    }
    return true;
}

static bool allocate(struct book *b, struct open_file *f, const struct payment_input *in,
                     int32_t *entry, struct fault *why)
{
    struct entry e = { b, f->key, ++f->last_no, 0, in->day, in->currency, 0 };
    int64_t left = in->minor;

    *entry = e.number;
    if (!entry_line(&e, "cash", 0, 0, in->minor, why) || !pay_slices(&e, in, &left, why))
        return false;
    if (left > 0 && !pay_charges(&e, in, &left, why))
        return false;
    if (!entry_line(&e, "unapplied", 0, 0, -left, why))
        return false;
    must(e.sum == 0);
    return true;
}

struct line {
    const char *account;
    struct day day;
    int32_t debt, instalment;
    enum currency currency;
    int64_t minor;
};

static bool lines_of_entry(struct book *b, struct casefile_key key, int32_t entry,
                           struct line **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(b->store, Q_ENTRY_LINES);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    bind_int(&q, entry);
    while (query_next(&q)) {
        struct line *l = arena_push(&b->arena, *out, *count, room);
        *l = (struct line){ row_copy(&q, 2, &b->arena), { (int32_t)row_int(&q, 1) },
                            (int32_t)row_int(&q, 3),    (int32_t)row_int(&q, 4),
                            (enum currency)row_int(&q, 5), row_int(&q, 6) };
    }
    return query_end(&q, why);
}

static bool slice_give_back(struct book *b, struct casefile_key key, const struct line *l,
                            struct fault *why)
{
    struct slice *slices;
    size_t count;

    if (!instalments_of(b, key, l->debt, &slices, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (slices[i].number != l->instalment)
            continue;
        slices[i].paid += l->minor;
        return slice_days(b, key, &slices[i], why) && slice_write(b, key, &slices[i], why);
    }
    return true;
}

/* Takes an allocation back: the same lines with the other sign, on the same day. */
static bool take_back(struct book *b, struct open_file *f, int32_t entry, struct fault *why)
{
    struct line *lines;
    size_t count;

    if (!lines_of_entry(b, f->key, entry, &lines, &count, why) || count == 0)
        return count == 0 && why->code == FAULT_NONE;
    struct entry e = { b, f->key, ++f->last_no, 0, lines[0].day, lines[0].currency, 0 };
    for (size_t i = 0; i < count; i++) {
        const struct line *l = &lines[i];
        if (!entry_line(&e, l->account, l->debt, l->instalment, -l->minor, why))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (text_equal(lines[i].account, "principal") &&
            !slice_give_back(b, f->key, &lines[i], why))
            return false;
    }
    return true;
}

static bool payment_record(struct book *b, struct casefile_key key,
                           const struct payment_input *in, const char *change,
                           struct fault *why)
{
    struct json_writer w = record_begin(b);
    char amount[MONEY_TEXT], day[DAY_TEXT];

    json_text_at(&w, "payment", in->reference);
    json_text_at(&w, "change", change);
    json_text_at(&w, "amount", money_print(money_of(in->minor, in->currency), amount));
    json_text_at(&w, "currency", currency_code(in->currency));
    json_text_at(&w, "day", day_print(in->day, day));
    json_text_at(&w, "state", in->pending ? "pending" : "settled");
    return record_end(b, &w, key, "payment", why);
}

static bool payment_add(struct book *b, struct open_file *f, const struct payment_input *in,
                        struct fault *why)
{
    int32_t number = ++f->last_no, entry = 0;

    if (!in->pending && !allocate(b, f, in, &entry, why))
        return false;
    struct query q = query_begin(b->store, Q_PAYMENT_ADD);
    bind_key(&q, f->key);
    bind_int(&q, number);
    bind_text(&q, in->reference);
    bind_int(&q, in->day.number);
    bind_int(&q, in->currency);
    bind_int(&q, in->minor);
    bind_text(&q, or_else(in->method, "unknown"));
    bind_text(&q, in->pending ? "pending" : "settled");
    bind_int(&q, entry);
    return query_run(&q, why) && payment_record(b, f->key, in, "added", why) &&
           file_wake(b, f);
}

static bool payment_change(struct book *b, struct open_file *f, const struct payment_input *in,
                           int32_t number, int32_t old_entry, struct fault *why)
{
    int32_t entry = 0;

    *why = (struct fault){ 0 };
    if (old_entry != 0 && !take_back(b, f, old_entry, why))
        return false;
    if (!in->pending && !allocate(b, f, in, &entry, why))
        return false;
    struct query q = query_begin(b->store, Q_PAYMENT_CHANGE);
    bind_int(&q, in->day.number);
    bind_int(&q, in->minor);
    bind_text(&q, in->pending ? "pending" : "settled");
    bind_int(&q, entry);
    bind_key(&q, f->key);
    bind_int(&q, number);
    return query_run(&q, why) && payment_record(b, f->key, in, "updated", why) &&
           file_wake(b, f);
}

bool book_payment_put(struct book *b, struct casefile_key key, const struct payment_input *in,
                      enum change *change, struct fault *why)
{
    struct open_file f;
    int32_t number = 0, entry = 0;
    bool same = false, same_currency = true;

    must(in->minor > 0);
    *change = CHANGE_NONE;
    if (!file_load(b, key, &f, why))
        return false;
    struct query q = query_begin(b->store, Q_PAYMENT_BY_REFERENCE);
    bind_key(&q, key);
    bind_text(&q, in->reference);
    if (query_next(&q)) {
        number = (int32_t)row_int(&q, 0);
        entry = (int32_t)row_int(&q, 6);
        same_currency = row_int(&q, 2) == (int64_t)in->currency;
        same = row_int(&q, 1) == in->day.number && row_int(&q, 3) == in->minor &&
               text_equal(row_text(&q, 5), in->pending ? "pending" : "settled");
    }
    if (!query_end(&q, why))
        return false;
    if (!same_currency)
        return fail(why, CONFLICT, "Payment \"%s\" is on file in another currency.",
                    in->reference);
    if (same)
        return true;
    *change = number == 0 ? CHANGE_ADDED : CHANGE_UPDATED;
    return number == 0 ? payment_add(b, &f, in, why)
                       : payment_change(b, &f, in, number, entry, why);
}

/* ---- Facts, contacts, promises ----------------------------------------------------------- */

bool book_fact_add(struct book *b, struct casefile_key key, const struct gate_fact *fact,
                   const char *source, int32_t *number, struct fault *why)
{
    struct open_file f;

    if (!file_load(b, key, &f, why))
        return false;
    int32_t fact_no = ++f.last_no;
    struct query q = query_begin(b->store, Q_FACT_ADD);
    bind_key(&q, key);
    bind_int(&q, fact_no);
    bind_text(&q, fact_type_name(fact->type));
    bind_int(&q, fact->party);
    bind_int(&q, fact->debt);
    bind_int(&q, fact->at.us);
    bind_int(&q, fact->until.us);
    bind_text(&q, fact->scope);
    bind_text(&q, fact->value);
    bind_text(&q, fact->channel_known ? channel_name(fact->channel) : NULL);
    bind_int(&q, fact->hours.weekdays);
    bind_int(&q, fact->hours.from);
    bind_int(&q, fact->hours.to);
    bind_text(&q, or_else(source, "unknown"));
    if (!query_run(&q, why))
        return false;
    if (number != NULL)
        *number = fact_no;

    struct json_writer w = record_begin(b);
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
    return record_end(b, &w, key, "fact", why) && file_wake(b, &f);
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

bool book_fact_end(struct book *b, struct casefile_key key, int32_t number, struct instant until,
                   struct fault *why)
{
    struct open_file f;
    char at[INSTANT_TEXT];

    if (!file_load(b, key, &f, why))
        return false;
    struct query q = query_begin(b->store, Q_FACT_END);
    bind_int(&q, until.us);
    bind_key(&q, key);
    bind_int(&q, number);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = record_begin(b);
    json_int_at(&w, "fact", number);
    json_text_at(&w, "ended", instant_print(until, at));
    return record_end(b, &w, key, "fact_ended", why) && file_wake(b, &f);
}

bool book_contact_add(struct book *b, struct casefile_key key, const struct contact *contact,
                      const char *note, struct fault *why)
{
    struct open_file f;
    char at[INSTANT_TEXT];

    if (!file_load(b, key, &f, why))
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
    if (!query_run(&q, why))
        return false;
    struct json_writer w = record_begin(b);
    json_text_at(&w, "channel", channel_name(contact->channel));
    json_text_at(&w, "direction", contact->direction == DIRECTION_IN ? "in" : "out");
    json_text_at(&w, "outcome", outcome_name(contact->outcome));
    json_text_at(&w, "at", instant_print(contact->at, at));
    return record_end(b, &w, key, "contact", why) && file_wake(b, &f);
}

bool book_promise_add(struct book *b, struct casefile_key key, int64_t minor,
                      enum currency currency, struct day due, struct fault *why)
{
    struct open_file f;
    char amount[MONEY_TEXT], day[DAY_TEXT];

    if (!file_load(b, key, &f, why))
        return false;
    struct query q = query_begin(b->store, Q_PROMISE_ADD);
    bind_key(&q, key);
    bind_int(&q, ++f.last_no);
    bind_int(&q, currency);
    bind_int(&q, minor);
    bind_int(&q, wall_at(b->now, b->zone).day.number);
    bind_int(&q, due.number);
    if (!query_run(&q, why))
        return false;
    struct json_writer w = record_begin(b);
    json_int_at(&w, "promise", f.last_no);
    json_text_at(&w, "amount", money_print(money_of(minor, currency), amount));
    json_text_at(&w, "currency", currency_code(currency));
    json_text_at(&w, "by", day_print(due, day));
    return record_end(b, &w, key, "promise", why) && file_wake(b, &f);
}

/* Is this the promise of that number? */
static bool promise_is(struct book *b, struct casefile_key key, int32_t number, int64_t minor,
                       enum currency currency, struct day due, bool *is, struct fault *why)
{
    struct query q = query_begin(b->store, Q_PROMISE_GET);

    bind_key(&q, key);
    bind_int(&q, number);
    *is = query_next(&q) && row_int(&q, 0) == currency && row_int(&q, 1) == minor &&
          row_int(&q, 2) == due.number;
    return query_end(&q, why);
}

static bool fail_key_taken(const char *once, struct fault *why)
{
    fail(why, CONFLICT, "The key \"%s\" was used before, for something else.", once);
    return fault_hint(why, "give each its own --key");
}

bool book_promise_once(struct book *b, struct casefile_key key, const char *once, int64_t minor,
                       enum currency currency, struct day due, enum change *change,
                       struct fault *why)
{
    struct casefile_key owner = { 0 };
    struct open_file f;
    int32_t number, added;
    bool same = false;

    *change = CHANGE_NONE;
    /* Opened first: who says the same at the same time waits here. */
    if (!file_load(b, key, &f, why) || !reference_find(b, "key", once, &owner, &number, why))
        return false;
    if (number != 0) {
        if (owner.id == key.id &&
            !promise_is(b, key, number, minor, currency, due, &same, why))
            return false;
        return same || fail_key_taken(once, why);
    }
    if (!book_promise_add(b, key, minor, currency, due, why))
        return false;
    *change = CHANGE_ADDED;
    added = b->file->is.last_no;
    /* Another case file, which nobody waits for here, may have been faster. */
    return reference_put(b, "key", once, key, added, why) &&
           reference_find(b, "key", once, &owner, &number, why) &&
           ((owner.id == key.id && number == added) || fail_key_taken(once, why));
}
