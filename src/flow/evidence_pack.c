#include "flow/evidence_pack.h"

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "flow/book_parts.h"
#include "flow/evidence_parts.h"
#include "flow/user.h"
#include "formats/template.h"
#include "store/casefiles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- Which records ---------------------------------------------------------------------- */

bool pack_numbers_read(struct arena *a, const char *text, struct pack_request *r,
                       struct fault *why)
{
    static const char between[] = ", ;\r\n\t";
    struct log_place *all = arena_array(a, struct log_place, PACK_NUMBERS_MOST);
    char *rest;

    for (char *word = strtok_r(arena_copy(a, text), between, &rest); word != NULL;
         word = strtok_r(NULL, between, &rest)) {
        if (r->number_count == PACK_NUMBERS_MOST)
            return fail(why, BAD_VALUE, "At most %d records at once.", PACK_NUMBERS_MOST);
        struct log_place *place = &all[r->number_count++];
        if (!log_number_parse(word, &place->bucket, &place->seq))
            return fail(why, BAD_VALUE, "\"%.40s\" names no record. They look like D-17.42.",
                        word);
    }
    r->numbers = all;
    return true;
}

/* ---- Files ------------------------------------------------------------------------------ */

void scrap_begin(struct packing *p)
{
    p->outer = p->v->arena;
    p->v->arena = p->scrap;
}

void scrap_end(struct packing *p)
{
    p->scrap = p->v->arena;
    p->v->arena = p->outer;
    arena_reset(&p->scrap);
}

bool pack_file(struct packing *p, const char *path, const void *bytes, size_t length)
{
    char hex[DIGEST_HEX];
    json_t *row = json_object();

    json_object_set_new(row, "path", json_string(path));
    json_object_set_new(row, "bytes", json_integer((json_int_t)length));
    json_object_set_new(row, "sha256", json_string(sha256_print(bytes, length, hex)));
    json_object_set_new(row, "blake2b",
                        json_string(digest_print(digest_of(bytes, length), hex)));
    json_array_append_new(p->files, row);
    p->made->files++;
    p->made->bytes += (int64_t)length;
    return zip_add(p->zip, path, bytes, length, p->why);
}

bool pack_text_file(struct packing *p, const char *path, struct text *text)
{
    bool done = pack_file(p, path, text_of(text), text->length);

    text_free(text);
    return done;
}

/* ---- The manifest, the checker and what to read first -------------------------------------
 */

static json_t *manifest_of(struct packing *p)
{
    json_t *m = json_object();
    char at[INSTANT_TEXT];

    json_object_set_new(m, "format", json_string("recoup evidence pack 1"));
    json_object_set_new(m, "subject", json_string(p->made->subject));
    json_object_set_new(m, "organisation", json_string(p->v->organisation));
    json_object_set_new(m, "made_at", json_string(instant_print(p->v->now, at)));
    json_object_set_new(m, "made_by",
                        p->r->by != NULL
                            ? json_string(redact(&p->redactor, p->a, "name", p->r->by))
                            : json_null());
    json_object_set_new(m, "redacted", json_boolean(p->redactor.on));
    json_object_set_new(m, "records", json_integer(p->made->records));
    json_object_set_new(m, "files", json_incref(p->files));
    return m;
}

static bool manifest_write(struct packing *p)
{
    json_t *manifest = manifest_of(p);
    char *bytes = json_dumps(manifest, JSON_INDENT(1)), sha[DIGEST_HEX];
    size_t length = strlen(bytes);

    digest_print(digest_of(bytes, length), p->made->digest);
    const char *sums = arena_print(p->a, "sha256  %s\nblake2b %s\n",
                                   sha256_print(bytes, length, sha), p->made->digest);
    bool done = zip_add(p->zip, "manifest.json", bytes, length, p->why) &&
                zip_add(p->zip, "manifest.sums", sums, strlen(sums), p->why);
    free(bytes);
    json_decref(manifest);
    return done;
}

static bool checker_write(struct packing *p)
{
    struct file checker;

    return files_load(&p->scrap, "templates/pack/check.py", &checker, p->why) &&
           pack_file(p, "check.py", checker.bytes, checker.length);
}

static bool readme_write(struct packing *p)
{
    const struct template_options plain = { .escape = TEMPLATE_PLAIN };
    struct template *readme =
        template_load(&p->scrap, "templates/pack/README.txt", &plain, p->why);
    struct text out = { 0 };
    json_t *context = manifest_of(p);

    json_object_set_new(context, "of_account", json_boolean(p->key.id != 0));
    bool done = readme != NULL && template_render(readme, context, &out, p->why) &&
                pack_file(p, "README.txt", text_of(&out), out.length);
    text_free(&out);
    json_decref(context);
    return done;
}

/* ---- What of ------------------------------------------------------------------------------
 */

/* What they may not see is as if it were not there. */
static bool account_find_seen(struct packing *p)
{
    struct view *v = p->v;
    struct fault near = { 0 };
    bool seen = false;

    if (!casefile_find(v->store, p->r->account, &p->key, &near)) {
        if (near.code != NOT_FOUND) {
            *p->why = near;
            return false;
        }
    } else {
        struct query q = query_begin(v->store, Q_LOG_CASEFILE);
        bind_key(&q, p->key);
        if (query_next(&q)) {
            p->reference = row_copy(&q, 0, p->a);
            p->name = row_copy(&q, 3, p->a);
            seen = user_sees(v->clients, v->desks, row_text(&q, 1), row_text(&q, 2));
        }
        if (!query_end(&q, p->why))
            return false;
    }
    return seen || fail(p->why, NOT_FOUND, "There is no account \"%s\".", p->r->account);
}

static void period_subject(struct packing *p)
{
    const struct log_request *r = p->r->period;
    char from[DAY_TEXT], to[DAY_TEXT];

    day_print(wall_at(r->from, p->v->zone).day, from);
    day_print(wall_at((struct instant){ r->to.us - 1 }, p->v->zone).day, to);
    p->made->subject = strcmp(from, to) == 0
                           ? arena_print(&p->v->arena, "decisions of %s", from)
                           : arena_print(&p->v->arena, "decisions of %s to %s", from, to);
    p->made->file = arena_print(&p->v->arena, "evidence-%s-%s.zip", from, to);
}

static bool subject_find(struct packing *p)
{
    struct arena *a = &p->v->arena; /* outlives the pack */

    if (p->r->account != NULL) {
        if (!account_find_seen(p))
            return false;
        p->made->subject = arena_print(a, "account %s", p->reference);
        p->made->file = arena_print(a, "evidence-%s.zip", p->reference);
        return true;
    }
    if (p->r->period != NULL) {
        period_subject(p);
        return true;
    }
    must(p->r->number_count > 0);
    const struct log_place *first = &p->r->numbers[0];
    const char *number = pack_number(a, first->bucket, first->seq);
    p->made->subject = p->r->number_count == 1 ? arena_print(a, "record %s", number)
                                               : arena_print(a, "%zu records from %s on",
                                                             p->r->number_count, number);
    p->made->file = arena_print(a, "evidence-%s.zip", number);
    return true;
}

/* ---- Making -------------------------------------------------------------------------------
 */

static bool packing_begin(struct packing *p, struct view *v, const struct pack_request *request,
                          struct pack_made *made, struct fault *why)
{
    *made = (struct pack_made){ 0 };
    *p = (struct packing){ .v = v, .r = request, .made = made, .why = why };
    p->a = &p->kept;
    p->files = json_array();
    return redactor_begin(&p->redactor, v->store, &p->kept, request->redact, why) &&
           subject_find(p) && pack_choose(p);
}

static void packing_end(struct packing *p)
{
    json_decref(p->files);
    arena_free(&p->kept);
    arena_free(&p->scrap);
}

static bool pack_all(struct packing *p)
{
    return pack_records(p) && pack_chains(p) && pack_rules(p) && pack_account(p) &&
           pack_papers(p) && pack_summary(p) && checker_write(p) && readme_write(p) &&
           manifest_write(p);
}

bool evidence_pack_write(struct view *v, const struct pack_request *request,
                         struct pack_sink sink, struct pack_made *out, struct fault *why)
{
    struct packing p;
    bool done = packing_begin(&p, v, request, out, why);

    if (done) {
        p.zip = zip_new(sink.write, sink.self, v->now);
        done = pack_all(&p);
        if (done)
            done = zip_end(p.zip, why);
        else
            zip_free(p.zip);
    }
    packing_end(&p);
    return done;
}

bool evidence_summary(struct view *v, const struct pack_request *request, struct text *pdf,
                      struct pack_made *out, struct fault *why)
{
    struct packing p;
    bool done = packing_begin(&p, v, request, out, why) && pack_records(&p) &&
                summary_part(&p, 0, p.record_count, 1, 1, pdf);

    if (done) {
        digest_print(digest_of(text_of(pdf), pdf->length), out->digest);
        out->bytes = (int64_t)pdf->length;
        out->files = 1;
    }
    packing_end(&p);
    return done;
}

bool evidence_pack_note(struct book *b, const struct pack_request *request,
                        const struct pack_made *made, bool summary_only, struct fault *why)
{
    struct casefile_key key = { 0, 0 };
    struct json_writer w;

    if (request->account != NULL && !casefile_find(b->store, request->account, &key, why))
        return false;
    w = book_record_begin(b);
    json_text_at(&w, "change", summary_only ? "summary made" : "evidence pack made");
    json_text_at(&w, "subject", made->subject);
    json_int_at(&w, "records", made->records);
    json_int_at(&w, "files", made->files);
    json_key(&w, "redacted");
    json_bool(&w, request->redact);
    json_text_at(&w, "digest", made->digest);
    return book_record_end(b, &w, key, "audit", why);
}
