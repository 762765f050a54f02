/* Evidence: the records of a pack, their chains, and the rules of their days. */
#include "flow/evidence_parts.h"

#include "base/json.h"
#include "base/text.h"
#include "flow/user.h"
#include "flow/verdict_record.h"
#include "flow/view_parts.h"
#include "store/casefiles.h"
#include "store/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN_LINES_MOST = 500000, PAGE_ROWS = 256 };

const char *pack_number(struct arena *a, int64_t bucket, int64_t seq)
{
    return arena_print(a, "D-%" PRId64 ".%" PRId64, bucket, seq);
}

/* ---- Which ------------------------------------------------------------------------------ */

static bool record_add(struct packing *p, int64_t bucket, int64_t seq)
{
    size_t most = p->r->most != 0 ? p->r->most : PACK_RECORDS_MOST;

    if (p->record_count == most)
        return fail(p->why, BAD_VALUE,
                    "That is more than %zu records. Make several packs, for shorter periods.",
                    most);
    *arena_push(p->a, p->records, p->record_count, p->record_room) =
        (struct packed_record){ .bucket = bucket, .seq = seq };
    return true;
}

static bool choose_account(struct packing *p)
{
    int64_t after = 0, rows;
    bool fine = true;

    do {
        struct query q = query_begin(p->v->store, Q_PACK_RECORDS);
        bind_int(&q, p->key.bucket);
        bind_int(&q, p->key.id);
        bind_int(&q, after);
        for (rows = 0; fine && query_next(&q); rows++) {
            after = row_int(&q, 0);
            fine = record_add(p, p->key.bucket, after);
        }
        if (!query_end(&q, fine ? p->why : NULL) || !fine)
            return false;
    } while (rows == PAGE_ROWS);
    return true;
}

/* Page by page, as the log shows them: whoever asks sees here what they see there. */
static bool choose_period(struct packing *p)
{
    struct log_request r = *p->r->period;
    struct log_page page;

    bool fine;

    r.most = LOG_ROWS_MOST;
    do {
        scrap_begin(p);
        fine = log_list(p->v, &r, &page, p->why);
        for (size_t i = 0; fine && i < page.count; i++)
            fine = record_add(p, page.rows[i].bucket, page.rows[i].seq);
        r.before = page.last;
        scrap_end(p);
    } while (fine && (page.more || page.stopped));
    return fine;
}

static int by_place(const void *a, const void *b)
{
    const struct packed_record *x = a, *y = b;

    if (x->bucket != y->bucket)
        return x->bucket < y->bucket ? -1 : 1;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

bool pack_choose(struct packing *p)
{
    bool done = true;
    size_t kept = 0;

    if (p->key.id != 0)
        done = choose_account(p);
    else if (p->r->period != NULL)
        done = choose_period(p);
    for (size_t i = 0; done && i < p->r->number_count; i++)
        done = record_add(p, p->r->numbers[i].bucket, p->r->numbers[i].seq);
    if (done && p->record_count == 0)
        done =
            fail(p->why, BAD_VALUE, "There is no record of that: nothing to make a pack of.");
    if (!done)
        return false;
    qsort(p->records, p->record_count, sizeof *p->records, by_place);
    for (size_t i = 0; i < p->record_count; i++) { /* each once */
        if (kept == 0 || by_place(&p->records[kept - 1], &p->records[i]) != 0)
            p->records[kept++] = p->records[i];
    }
    p->record_count = kept;
    p->made->records = (int64_t)kept;
    return true;
}

/* ---- Records ---------------------------------------------------------------------------- */

static void digest_name_add(struct packing *p, struct digest_names *names, const char *digest)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->all[i], digest) == 0)
            return;
    }
    *arena_push(p->a, names->all, names->count, names->room) = arena_copy(p->a, digest);
}

static void summary_keep(struct packing *p, struct packed_record *kept, const struct audited *a)
{
    struct log_words words;

    log_words_of(p->v, a->kind, a->outcome, a->rule, a->record, &words);
    kept->casefile = a->casefile;
    kept->at = a->at;
    kept->reference = arena_copy(p->a, a->reference);
    kept->kind = arena_copy(p->a, a->kind);
    kept->outcome = log_outcome_title(p->v, a->outcome, a->rule);
    kept->rule = arena_copy(p->a, a->rule);
    kept->wanted =
        p->redactor.on && text_equal(a->kind, "user") ? "User" : arena_copy(p->a, words.wanted);
    kept->because =
        p->redactor.on && a->outcome[0] == '\0' ? "" : arena_copy(p->a, words.because);
    kept->asked_by = words.by_program
                         ? words.asked_by
                         : redact(&p->redactor, p->a, "name", arena_copy(p->a, words.asked_by));
    memcpy(kept->hash, a->hash, sizeof kept->hash);
    memcpy(kept->before, a->before, sizeof kept->before);
}

static void record_write(struct packing *p, const struct audited *a, struct text *out)
{
    struct json_writer w = { out, false };
    char at[INSTANT_TEXT], hex[DIGEST_HEX];
    bool record_changed, question_changed;
    const char *record = redact_json(&p->redactor, &p->v->arena, a->record, &record_changed);
    const char *question =
        redact_json(&p->redactor, &p->v->arena, a->question, &question_changed);
    struct digest body =
        journal_body(a->bucket, a->seq, a->casefile, a->at.us, a->kind, a->record);

    json_open(&w, '{');
    json_text_at(&w, "number", pack_number(&p->v->arena, a->bucket, a->seq));
    json_int_at(&w, "bucket", a->bucket);
    json_int_at(&w, "seq", a->seq);
    json_int_at(&w, "casefile", a->casefile);
    json_int_at(&w, "at_us", a->at.us);
    json_text_at(&w, "at", instant_print(a->at, at));
    json_text_at(&w, "account", a->reference);
    json_text_at(&w, "kind", a->kind);
    json_text_at(&w, "outcome", a->outcome);
    json_text_at(&w, "record", record);
    json_key(&w, "record_redacted");
    json_bool(&w, record_changed);
    if (question != NULL) {
        json_text_at(&w, "question", question);
        json_key(&w, "question_redacted");
        json_bool(&w, question_changed);
    }
    json_text_at(&w, "body", digest_print(body, hex));
    json_text_at(&w, "before", a->before);
    json_text_at(&w, "hash", a->hash);
    json_close(&w, '}');
    text_add_char(out, '\n');
}

static bool record_pack(struct packing *p, struct packed_record *kept, struct text *out)
{
    struct judged_words words;
    struct audited a;

    if (!audit_load(p->v, kept->bucket, kept->seq, &a, p->why))
        return false;
    summary_keep(p, kept, &a);
    if (p->zip != NULL)
        record_write(p, &a, out);
    if (judged_find(a.record, &words))
        digest_name_add(p, &p->rulebooks, words.rulebook);
    return true;
}

bool pack_records(struct packing *p)
{
    struct text out = { 0 };
    bool fine = true;

    for (size_t i = 0; fine && i < p->record_count; i++) {
        scrap_begin(p);
        fine = record_pack(p, &p->records[i], &out);
        scrap_end(p);
    }
    if (fine && p->zip != NULL)
        return pack_text_file(p, "records.jsonl", &out);
    text_free(&out);
    return fine;
}

/* ---- Chains ----------------------------------------------------------------------------- */

static bool head_of(struct packing *p, int64_t bucket, int64_t *seq, char hash[DIGEST_HEX])
{
    struct query q = query_begin(p->v->store, Q_PACK_HEAD);
    struct digest digest = { { 0 } };
    size_t length = 0;

    bind_int(&q, bucket);
    if (query_next(&q)) {
        *seq = row_int(&q, 0);
        const void *bytes = row_blob(&q, 1, &length);
        if (length == sizeof digest.bytes)
            memcpy(digest.bytes, bytes, length);
    }
    digest_print(digest, hash);
    return query_end(&q, p->why);
}

/* The bodies' digests from `after` + 1 to `last`, a line each; `hash` goes on with those past
 * `from`. */
static bool bodies_write(struct packing *p, int64_t bucket, int64_t after, int64_t last,
                         int64_t from, struct digest *hash, struct text *out)
{
    char hex[DIGEST_HEX];
    int64_t rows;

    do {
        struct query q = query_begin(p->v->store, Q_PACK_BODIES);
        bind_int(&q, bucket);
        bind_int(&q, after);
        bind_int(&q, last);
        for (rows = 0; query_next(&q); rows++) {
            after = row_int(&q, 0);
            struct digest body = journal_body(bucket, after, row_int(&q, 1), row_int(&q, 2),
                                              row_text(&q, 3), row_text(&q, 4));
            if (after > from)
                *hash = journal_hash(*hash, body);
            text_add_print(out, "%" PRId64 " %s\n", after, digest_print(body, hex));
        }
        if (!query_end(&q, p->why))
            return false;
    } while (rows == PAGE_ROWS);
    return true;
}

/* *leads: from the last of these records the chain goes on to the end that is named. */
static bool chain_text(struct packing *p, const struct packed_record *from,
                       const struct packed_record *to, int64_t last, const char *end,
                       bool is_head, struct text *out, bool *leads)
{
    struct digest hash = digest_read(to->hash);
    char hex[DIGEST_HEX];

    text_clear(out);
    text_add_print(out, "bucket %" PRId64 "\n", from->bucket);
    text_add_print(out, "before %s\n", from->before);
    text_add_print(out, "first %" PRId64 "\nlast %" PRId64 "\n", from->seq, last);
    text_add_print(out, "end %s\n", end);
    text_add_print(out, "is_head %s\n", is_head ? "yes" : "no");
    bool done = bodies_write(p, from->bucket, from->seq - 1, last, to->seq, &hash, out);
    *leads = strcmp(digest_print(hash, hex), end) == 0;
    return done;
}

/* To the head of the bucket; where the chain is broken after these records, to the last of
 * them: what was written before a break can still be proved. */
static bool chain_write(struct packing *p, size_t first, size_t count, bool to_head)
{
    const struct packed_record *from = &p->records[first], *to = &p->records[first + count - 1];
    struct text out = { 0 };
    char head[DIGEST_HEX];
    int64_t head_seq = 0;
    bool leads;

    if (!head_of(p, from->bucket, &head_seq, head))
        return false;
    bool whole = to_head || to->seq == head_seq;
    bool done = chain_text(p, from, to, whole ? head_seq : to->seq, whole ? head : to->hash,
                           whole, &out, &leads);
    if (done && !leads && to->seq < head_seq)
        done = chain_text(p, from, to, to->seq, to->hash, false, &out, &leads);
    const char *path = arena_print(&p->scrap, "chain/%" PRId64 ".txt", from->bucket);
    done = done && pack_file(p, path, text_of(&out), out.length);
    text_free(&out);
    arena_reset(&p->scrap);
    return done;
}

/* How many lines it would take to go on to the head of every bucket. */
static bool lines_to_heads(struct packing *p, int64_t *lines)
{
    char head[DIGEST_HEX];

    *lines = 0;
    for (size_t i = 0; i < p->record_count; i++) {
        int64_t seq = 0;
        if (i > 0 && p->records[i - 1].bucket == p->records[i].bucket)
            continue;
        if (!head_of(p, p->records[i].bucket, &seq, head))
            return false;
        *lines += seq - p->records[i].seq + 1;
    }
    return true;
}

bool pack_chains(struct packing *p)
{
    int64_t lines;

    if (!lines_to_heads(p, &lines))
        return false;
    for (size_t i = 0, next; i < p->record_count; i = next) {
        for (next = i;
             next < p->record_count && p->records[next].bucket == p->records[i].bucket;)
            next++;
        if (!chain_write(p, i, next - i, lines <= CHAIN_LINES_MOST))
            return false;
    }
    return true;
}

/* ---- Rules ------------------------------------------------------------------------------ */

static bool rule_text(struct packing *p, const char *digest, const char **text)
{
    struct query q = query_begin(p->v->store, Q_RULE_TEXT_GET);

    bind_text(&q, digest);
    *text = query_next(&q) ? row_copy(&q, 0, &p->scrap) : NULL;
    return query_end(&q, p->why);
}

static bool rule_file(struct packing *p, const char *digest, const char **text)
{
    if (!rule_text(p, digest, text))
        return false;
    return *text == NULL || /* what is missing is told by the checker */
           pack_file(p, arena_print(&p->scrap, "rules/%s.txt", digest), *text, strlen(*text));
}

/* The list of a day, "house 41… rules/house.yaml" to a line after its first, and its packs. */
static bool rulebook_files(struct packing *p, const char *digest, struct digest_names *packs)
{
    const char *list;

    if (!rule_file(p, digest, &list))
        return false;
    for (const char *line = list != NULL ? strchr(list, '\n') : NULL;
         line != NULL && line[1] != '\0'; line = strchr(line + 1, '\n')) {
        const char *blank = strchr(line + 1, ' ');
        if (blank != NULL && strlen(blank) >= DIGEST_HEX)
            digest_name_add(p, packs, arena_copy_n(&p->scrap, blank + 1, DIGEST_HEX - 1));
    }
    return true;
}

bool pack_rules(struct packing *p)
{
    struct digest_names packs = { 0 };
    const char *text;

    for (size_t i = 0; i < p->rulebooks.count; i++) {
        if (!rulebook_files(p, p->rulebooks.all[i], &packs))
            return false;
        arena_reset(&p->scrap);
    }
    for (size_t i = 0; i < packs.count; i++) {
        if (!rule_file(p, packs.all[i], &text))
            return false;
        arena_reset(&p->scrap);
    }
    return true;
}
