#include "flow/statement_parts.h"

#include "base/text.h"
#include "flow/balance_show.h"
#include "formats/letter_pdf.h"
#include "formats/letter_text.h"
#include "store/casefiles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void statement_done(struct statement *statement)
{
    json_decref(statement->content);
    statement->content = NULL;
}

/* ---- Drawing ---------------------------------------------------------------------------- */

static bool load_payment(struct drawing *d)
{
    struct query q = query_begin(d->store, Q_BALANCE_PAYMENTS);
    struct payment_row *p = &d->payment;

    bind_key(&q, d->out->key);
    while (query_next(&q)) {
        if (!text_equal(row_text(&q, 1), d->r->payment))
            continue;
        *p = (struct payment_row){ .number = (int32_t)row_int(&q, 0),
                                   .reference = row_copy(&q, 1, d->a),
                                   .day = { (int32_t)row_int(&q, 2) },
                                   .currency = (enum currency)row_int(&q, 3),
                                   .minor = row_int(&q, 4),
                                   .method = row_copy(&q, 5, d->a),
                                   .debt = (int32_t)row_int(&q, 6),
                                   .state = row_copy(&q, 7, d->a),
                                   .state_day = { (int32_t)row_int(&q, 8) },
                                   .reason = row_copy(&q, 9, d->a) };
    }
    if (!query_end(&q, d->why))
        return false;
    if (p->number != 0)
        return true;
    fail(d->why, NOT_FOUND, "%s has no payment \"%s\".", d->out->account, d->r->payment);
    return fault_hint(d->why, "recoup account show %s", d->out->account);
}

/* From the first thing that happened, where nobody says since when. */
static bool first_day(struct drawing *d, struct day *out)
{
    struct query q = query_begin(d->store, Q_BALANCE_MOVEMENTS);
    struct day today = wall_at(d->r->now, d->r->zone).day;

    *out = today;
    bind_key(&q, d->out->key);
    bind_int(&q, INT64_MAX - 1);
    while (query_next(&q)) {
        if (row_int(&q, 2) < out->number)
            *out = (struct day){ (int32_t)row_int(&q, 2) };
    }
    return query_end(&q, d->why);
}

static bool settle_period(struct drawing *d)
{
    struct statement *out = d->out;
    struct day today = wall_at(d->r->now, d->r->zone).day;
    char day[DAY_TEXT];

    if (d->r->payment != NULL) {
        out->kind = "receipt";
        if (!load_payment(d))
            return false;
        out->from = out->to = d->payment.day;
        out->object = d->payment.number;
        return true;
    }
    out->kind = "statement";
    out->from = d->r->from;
    out->to = d->r->to;
    if (out->from.number == DAY_NONE.number && !first_day(d, &out->from))
        return false;
    if (out->to.number > today.number)
        return fail(d->why, BAD_VALUE, "A statement can't tell of %s, which is not here yet.",
                    day_print(out->to, day));
    return out->from.number <= out->to.number ||
           fail(d->why, BAD_VALUE, "A statement can't end on %s, before it begins.",
                day_print(out->to, day));
}

static bool find_account(struct drawing *d)
{
    struct statement *out = d->out;

    if (!balance_find(d->store, d->r->reference, &out->key, &out->object, d->why))
        return false;
    struct query q = query_begin(d->store, Q_STATEMENT_ADDRESSEE);
    bind_key(&q, out->key);
    if (query_next(&q))
        out->account = row_copy(&q, 0, d->a);
    return query_end(&q, d->why);
}

static void digest_core(struct statement *out, json_t *core)
{
    char *text = json_dumps(core, JSON_COMPACT | JSON_SORT_KEYS);

    must(text != NULL);
    digest_print(digest_of(text, strlen(text)), out->digest);
    free(text);
}

static bool read_balance(struct drawing *d)
{
    struct balance_request request = { .key = d->out->key,
                                       .debt = d->r->payment != NULL ? 0 : d->out->object,
                                       .since = d->out->from,
                                       .day = d->out->to,
                                       .known = INSTANT_NEVER };

    return balance_read(d->store, d->a, &request, &d->balance, d->why);
}

/* Up to the digest; *core is the caller's. */
static bool draw_core(struct drawing *d, json_t **core)
{
    if (!find_account(d) || !settle_period(d) || !read_balance(d))
        return false;
    *core = d->r->payment != NULL ? receipt_core(d) : statement_core(d);
    digest_core(d->out, *core);
    return true;
}

/* Takes the core. */
static bool draw_shown(struct drawing *d, json_t *core)
{
    json_t *shown = statement_shown(d, core);

    if (shown == NULL) {
        json_decref(core);
        return false;
    }
    d->out->content = json_pack("{s:o, s:o}", "core", core, "shown", shown);
    must(d->out->content != NULL);
    return true;
}

bool statement_digest(struct store *s, struct arena *a, const struct statement_request *request,
                      struct statement *out, struct fault *why)
{
    struct drawing d = { .store = s, .a = a, .r = request, .out = out, .why = why };
    json_t *core;

    *out = (struct statement){ .at = request->now };
    if (!draw_core(&d, &core))
        return false;
    json_decref(core);
    return true;
}

bool statement_draw(struct store *s, struct arena *a, const struct statement_request *request,
                    struct statement *out, struct fault *why)
{
    struct drawing d = { .store = s, .a = a, .r = request, .out = out, .why = why };
    json_t *core;

    *out = (struct statement){ .at = request->now };
    return draw_core(&d, &core) && draw_shown(&d, core);
}

/* ---- Keeping ---------------------------------------------------------------------------- */

static bool load_by_number(struct store *s, struct arena *a, struct casefile_key key,
                           int32_t number, struct statement *out, struct fault *why)
{
    struct query q = query_begin(s, Q_STATEMENT_GET);
    json_error_t error;
    size_t length;
    bool found = false;

    bind_key(&q, key);
    bind_int(&q, number);
    if (query_next(&q)) {
        found = true;
        out->key = key;
        out->number = number;
        out->kind = row_copy(&q, 1, a);
        out->from = (struct day){ (int32_t)row_int(&q, 2) };
        out->to = (struct day){ (int32_t)row_int(&q, 3) };
        out->object = (int32_t)row_int(&q, 4);
        out->at = (struct instant){ row_int(&q, 5) };
        out->replaces = (int32_t)row_int(&q, 6);
        out->replaced = (int32_t)row_int(&q, 7);
        snprintf(out->digest, sizeof out->digest, "%s", row_text(&q, 8));
        const void *bytes = row_blob(&q, 9, &length);
        out->content = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
    }
    if (!query_end(&q, why))
        return false;
    if (!found)
        return fail(why, NOT_FOUND, "There is no statement %d of this account.", (int)number);
    return out->content != NULL ||
           fail(why, DB_ROW, "Statement %d of the book is not JSON.", (int)number);
}

bool statement_load(struct store *s, struct arena *a, const char *reference, int32_t number,
                    struct statement *out, struct fault *why)
{
    struct casefile_key key;

    *out = (struct statement){ .account = reference };
    return casefile_find(s, reference, &key, why) &&
           load_by_number(s, a, key, number, out, why);
}

/* The one that stands for this period and object; *same: with this content. */
static bool find_standing(struct drawing *d, int32_t *number, bool *same)
{
    struct query q = query_begin(d->store, Q_STATEMENT_STANDING);
    const struct statement *out = d->out;

    *number = 0;
    *same = false;
    bind_key(&q, out->key);
    bind_text(&q, out->kind);
    bind_int(&q, out->from.number);
    bind_int(&q, out->to.number);
    bind_int(&q, out->object);
    if (query_next(&q)) {
        *number = (int32_t)row_int(&q, 0);
        *same = text_equal(row_text(&q, 1), out->digest);
    }
    return query_end(&q, d->why);
}

static bool keep(struct drawing *d, struct book *b)
{
    struct statement *out = d->out;
    char *bytes = json_dumps(out->content, JSON_COMPACT | JSON_SORT_KEYS);
    struct statement_input in = { .kind = out->kind,
                                  .from = out->from,
                                  .to = out->to,
                                  .object = out->object,
                                  .number = out->number,
                                  .replaces = out->replaces,
                                  .digest = out->digest,
                                  .bytes = bytes };

    must(bytes != NULL);
    in.length = strlen(bytes);
    bool done = book_statement_add(b, out->key, &in, d->why);
    free(bytes);
    return done;
}

/* The core is taken. */
static bool make_new(struct drawing *d, struct book *b, json_t *core, int32_t replaces)
{
    struct statement *out = d->out;

    out->replaces = replaces;
    if (!book_statement_next(b, out->key, &out->number, d->why)) {
        json_decref(core);
        return false;
    }
    return draw_shown(d, core) && keep(d, b);
}

static bool make(struct drawing *d, struct book *b, const char *once, enum change *change)
{
    struct statement *out = d->out;
    int32_t known, standing;
    json_t *core;
    bool same;

    if (!draw_core(d, &core))
        return false;
    if (!book_key_find(b, out->key, once, &known, d->why) ||
        !find_standing(d, &standing, &same)) {
        json_decref(core);
        return false;
    }
    if (known != 0 || same) {
        struct statement asked = *out;
        json_decref(core);
        if (!load_by_number(d->store, d->a, out->key, known != 0 ? known : standing, out, d->why))
            return false;
        return (text_equal(asked.kind, out->kind) && asked.object == out->object &&
                asked.from.number == out->from.number && asked.to.number == out->to.number) ||
               book_key_taken(once, d->why);
    }
    *change = CHANGE_ADDED;
    return make_new(d, b, core, standing) && book_key_put(b, out->key, once, out->number, d->why);
}

bool statement_make(struct book *b, const struct statement_request *request, const char *once,
                    struct statement *out, enum change *change, struct fault *why)
{
    struct drawing d = { .store = b->store, .a = &b->arena, .r = request, .out = out, .why = why };

    *out = (struct statement){ .at = request->now };
    *change = CHANGE_NONE;
    if (make(&d, b, once, change))
        return true;
    statement_done(out);
    return false;
}

/* ---- The page --------------------------------------------------------------------------- */

bool statement_pdf(struct arena *a, const struct statement *statement, unsigned char **bytes,
                   size_t *length, size_t *pages, struct fault *why)
{
    const json_t *shown = json_object_get(statement->content, "shown");
    const char *template = json_string_value(json_object_get(shown, "template"));
    const char *language = json_string_value(json_object_get(shown, "language"));
    struct letter_document document;
    struct letter_text *text;

    if (template == NULL || language == NULL)
        return fail(why, DB_ROW, "This statement does not say how it is to be set.");
    return letter_text_load(a, template, language, &text, why) &&
           letter_text_render(a, text, shown, CHANNEL_LETTER, &document, why) &&
           letter_pdf_make(a, &document, statement->at, bytes, length, pages, why);
}
