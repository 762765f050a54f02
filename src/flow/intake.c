#include "flow/intake.h"

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "flow/book_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct casefile_key house = { 0, 0 };

/* ---- Files of a moment ------------------------------------------------------------------ */

/* The importer reads files; this one is gone when it is closed. */
struct scratch_file {
    char path[64];
};

static bool scratch_write(struct scratch_file *f, const void *bytes, size_t length,
                          struct fault *why)
{
    snprintf(f->path, sizeof f->path, "/tmp/recoup-intake-XXXXXX");
    int fd = mkstemp(f->path);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "wb");

    if (out != NULL && fwrite(bytes, 1, length, out) == length && fclose(out) == 0)
        return true;
    if (fd >= 0)
        unlink(f->path);
    f->path[0] = '\0';
    return fail(why, SYSTEM, "The file could not be put aside to be read: is the disk full?");
}

static void scratch_end(struct scratch_file *f)
{
    if (f->path[0] != '\0')
        unlink(f->path);
}

static bool bytes_of(struct store *s, struct arena *a, enum query_name name, int64_t number,
                     const char **bytes, size_t *length, struct fault *why)
{
    struct query q = query_begin(s, name);

    *bytes = NULL;
    *length = 0;
    bind_int(&q, number);
    if (query_next(&q)) {
        const void *blob = row_blob(&q, 0, length);
        if (blob != NULL)
            *bytes = arena_copy_n(a, blob, *length);
    }
    if (!query_end(&q, why))
        return false;
    return *bytes != NULL || fail(why, NOT_FOUND, "The file itself was let go.");
}

/* ---- Adding and listing ----------------------------------------------------------------- */

static const char *digest_of_header(struct arena *a, const struct csv_row *header)
{
    struct digest_maker m;

    digest_begin(&m);
    for (size_t i = 0; i < header->count; i++)
        digest_add(&m, header->fields[i], strlen(header->fields[i]));
    return digest_short(a, digest_end(&m), 32);
}

static struct csv *csv_of_bytes(struct scratch_file *f, const void *bytes, size_t length,
                                struct fault *why)
{
    static const struct csv_dialect any = { 0 };

    return scratch_write(f, bytes, length, why) ? csv_open(f->path, &any, why) : NULL;
}

static bool header_of(struct arena *a, const char *name, const void *bytes, size_t length,
                      const char **digest, struct fault *why)
{
    struct scratch_file f = { "" };
    struct csv *csv = csv_of_bytes(&f, bytes, length, why);

    if (csv != NULL) {
        *digest = digest_of_header(a, csv_header(csv));
        csv_close(csv);
    } else if (f.path[0] != '\0') {
        fail(why, BAD_FILE, "\"%s\" is no file of rows.", name);
        fault_hint(why,
                   "save it as CSV: one header row, then one row for each invoice or payment");
    }
    scratch_end(&f);
    return csv != NULL;
}

static bool intake_record(struct book *b, int64_t number, const char *change, const char *name,
                          const char *digest, struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_text_at(&w, "change", change);
    json_int_at(&w, "file", number);
    if (name != NULL)
        json_text_at(&w, "name", name);
    if (digest != NULL)
        json_text_at(&w, "digest", digest);
    return book_record_end(b, &w, house, "intake", why);
}

/* How the last file of these columns was read; NULL: there was none. */
static bool choice_before(struct book *b, const char *header, const char **choice,
                          struct fault *why)
{
    struct query q = query_begin(b->store, Q_INTAKE_CHOICE_BEFORE);

    *choice = NULL;
    bind_text(&q, header);
    if (query_next(&q))
        *choice = row_copy(&q, 0, &b->arena);
    return query_end(&q, why);
}

bool intake_add(struct book *b, const char *name, const char *kind, const char *creditor,
                const void *bytes, size_t length, int64_t staff, int64_t *number,
                struct fault *why)
{
    enum map_kind ignored;
    const char *header, *choice;

    if (!map_kind_parse(kind, &ignored))
        return fail(why, BAD_VALUE,
                    "Say what is in the file: invoices, payments, accounts, contacts.");
    if (length == 0)
        return fail(why, BAD_FILE, "\"%s\" is empty.", name);
    if (length > INTAKE_BYTES)
        return fail(why, BAD_FILE, "\"%s\" is larger than 64 MiB: load it with recoup import.",
                    name);
    if (!header_of(&b->arena, name, bytes, length, &header, why) ||
        !head_open(b->heads, house.bucket, why) || !book_next_number(b, Q_INTAKE_LAST_NUMBER, number, why) ||
        !choice_before(b, header, &choice, why))
        return false;
    char digest[DIGEST_HEX];
    digest_print(digest_of(bytes, length), digest);
    struct query q = query_begin(b->store, Q_INTAKE_ADD);
    bind_int(&q, *number);
    bind_text(&q, name);
    bind_text(&q, kind);
    bind_text(&q, text_is_empty(creditor) ? NULL : creditor);
    bind_int(&q, (int64_t)length);
    bind_text(&q, digest);
    bind_text(&q, header);
    bind_text(&q, choice);
    bind_int(&q, b->now.us);
    bind_int(&q, staff);
    bind_blob(&q, bytes, length);
    return query_run(&q, why) && intake_record(b, *number, "added", name, digest, why);
}

bool intake_load(struct store *s, struct arena *a, int64_t number, struct intake *out,
                 struct fault *why)
{
    struct query q = query_begin(s, Q_INTAKE_FIND);
    bool found;

    bind_int(&q, number);
    found = query_next(&q);
    if (found)
        *out = (struct intake){ .number = number,
                                .name = row_copy(&q, 0, a),
                                .kind = row_copy(&q, 1, a),
                                .creditor = row_copy(&q, 2, a),
                                .length = row_int(&q, 3),
                                .digest = row_copy(&q, 4, a),
                                .header = row_copy(&q, 5, a),
                                .choice = row_copy(&q, 6, a),
                                .map = row_copy(&q, 7, a),
                                .state = row_copy(&q, 8, a),
                                .state_at = { row_int(&q, 9) },
                                .report = row_copy(&q, 10, a),
                                .staff = row_int(&q, 11),
                                .at = { row_int(&q, 12) },
                                .has_rejects = row_int(&q, 13) != 0 };
    if (!query_end(&q, why))
        return false;
    return found || fail(why, NOT_FOUND, "There is no file %lld.", (long long)number);
}

bool intake_list(struct store *s, struct arena *a, int64_t before, size_t most,
                 struct intake **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_INTAKE_LIST);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, before > 0 ? before : INT64_MAX);
    bind_int(&q, (int64_t)most);
    while (query_next(&q)) {
        struct intake *in = arena_push(a, *out, *count, room);
        *in = (struct intake){ .number = row_int(&q, 0),
                               .name = row_copy(&q, 1, a),
                               .kind = row_copy(&q, 2, a),
                               .creditor = row_copy(&q, 3, a),
                               .length = row_int(&q, 4),
                               .state = row_copy(&q, 5, a),
                               .state_at = { row_int(&q, 6) },
                               .staff = row_int(&q, 7),
                               .at = { row_int(&q, 8) } };
    }
    return query_end(&q, why);
}

/* ---- Looking into it -------------------------------------------------------------------- */

static bool rows_look(struct csv *csv, struct arena *a, struct intake_look *out,
                      struct fault *why)
{
    const struct csv_row *row;

    out->header = csv_row_copy(a, csv_header(csv));
    while (out->row_count < INTAKE_ROWS_SHOWN) {
        if (!csv_next(csv, &row, why))
            return false;
        if (row == NULL)
            break;
        if (!row->blank)
            out->rows[out->row_count++] = csv_row_copy(a, row);
    }
    return true;
}

/* Of the maps that come with the program, those whose columns this file has. */
static bool maps_look(struct arena *a, enum map_kind kind, struct intake_look *out,
                      struct fault *why)
{
    static const char folder[] = "maps/", ending[] = ".yaml";
    const char **paths;
    size_t count;

    if (!files_list(a, folder, ending, &paths, &count, why))
        return false;
    for (size_t i = 0; i < count && out->map_count < INTAKE_MAPS; i++) {
        const char *name = paths[i] + strlen(folder);
        struct fault no = { 0 };
        struct map *map;
        if (strchr(name, '/') != NULL || text_equal(name, "template.yaml"))
            continue;
        name = arena_copy_n(a, name, strlen(name) - strlen(ending));
        if (map_load(a, name, &map, &no) && map->kind == kind &&
            map_bind(map, &out->header, &no)) {
            out->map_titles[out->map_count] = map->title;
            out->maps[out->map_count++] = name;
        }
    }
    return true;
}

bool intake_look(struct store *s, struct arena *a, const struct intake *in,
                 struct intake_look *out, struct fault *why)
{
    struct scratch_file f = { "" };
    const char *bytes;
    size_t length;
    enum map_kind kind;

    *out = (struct intake_look){ 0 };
    if (!map_kind_parse(in->kind, &kind) ||
        !bytes_of(s, a, Q_INTAKE_BYTES, in->number, &bytes, &length, why))
        return false;
    struct csv *csv = csv_of_bytes(&f, bytes, length, why);
    bool done = csv != NULL && rows_look(csv, a, out, why);
    if (csv != NULL)
        csv_close(csv);
    scratch_end(&f);
    if (done)
        map_guess(a, kind, &out->header, out->row_count, out->rows, &out->guess);
    return done && maps_look(a, kind, out, why);
}

/* ---- The choice ------------------------------------------------------------------------- */

static const char *text_in(struct arena *a, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text_is_empty(text) ? NULL : arena_copy(a, text);
}

static void draft_read(struct arena *a, const json_t *choice, struct map_draft *draft)
{
    const json_t *fields = json_object_get(choice, "fields");
    const char *decimal = text_in(a, choice, "decimal"),
               *grouping = text_in(a, choice, "grouping");

    draft->dates = text_in(a, choice, "dates");
    draft->decimal = decimal != NULL ? decimal[0] : '.';
    draft->grouping = grouping != NULL ? grouping[0] : '\0';
    draft->calling_code = text_in(a, choice, "calling_code");
    for (int i = 0; i < MAP_FIELD_COUNT; i++) {
        const json_t *field = json_object_get(fields, map_field_name((enum map_name)i));
        draft->fields[i] = (struct map_choice){ .column = text_in(a, field, "column"),
                                                .always = text_in(a, field, "always") };
    }
}

bool intake_choice_read(struct arena *a, const char *choice, struct map_draft *draft,
                        const char **map, struct fault *why)
{
    json_error_t error;
    json_t *root = json_loads(choice, 0, &error);

    if (root == NULL)
        return fail(why, DB_ROW, "How the file is read is not JSON: %s.", error.text);
    *map = text_in(a, root, "map");
    if (*map == NULL)
        draft_read(a, root, draft);
    json_decref(root);
    return true;
}

/* The YAML of a choice; refused by the reader of maps when it cannot be. */
static bool map_of_choice(struct arena *a, enum map_kind kind, const json_t *choice,
                          const char **yaml, struct fault *why)
{
    const char *name = text_in(a, choice, "map");
    struct map_draft draft = { .kind = kind };
    struct map *map;
    struct text out = { 0 };

    if (name != NULL) {
        *yaml = NULL;
        if (strpbrk(name, "/.") != NULL) /* a name, never a path of this machine */
            return fail(why, BAD_VALUE, "There is no map \"%.60s\".", name);
        return map_load(a, name, &map, why);
    }
    draft_read(a, choice, &draft);
    map_draft_print(&draft, "of-the-console", &out);
    *yaml = arena_copy_n(a, text_of(&out), out.length);
    text_free(&out);
    return map_parse(a, "your choice", *yaml, strlen(*yaml), &map, why);
}

static bool conflict_unless(struct book *b, int64_t number, bool waits, struct fault *why)
{
    (void)b;
    if (waits)
        return true;
    return fail(why, CONFLICT,
                "File %lld is being read, or was: nothing of it can be changed now.",
                (long long)number);
}

static bool waits(const struct intake *in)
{
    return text_equal(in->state, "new") || text_equal(in->state, "checked") ||
           text_equal(in->state, "failed");
}

bool intake_choose(struct book *b, int64_t number, const char *kind, const char *creditor,
                   const json_t *choice, struct fault *why)
{
    enum map_kind parsed;
    struct intake in;
    const char *yaml;

    if (!map_kind_parse(kind, &parsed))
        return fail(why, BAD_VALUE,
                    "Say what is in the file: invoices, payments, accounts, contacts.");
    if (!head_open(b->heads, house.bucket, why) ||
        !intake_load(b->store, &b->arena, number, &in, why) ||
        !conflict_unless(b, number, waits(&in), why) ||
        !map_of_choice(&b->arena, parsed, choice, &yaml, why))
        return false;
    char *text = json_dumps(choice, JSON_COMPACT);
    struct query q = query_begin(b->store, Q_INTAKE_CHOOSE);
    bind_text(&q, kind);
    bind_text(&q, text_is_empty(creditor) ? NULL : creditor);
    bind_text(&q, text);
    bind_text(&q, yaml);
    bind_int(&q, number);
    bool done = query_run(&q, why);
    free(text);
    return done;
}

/* ---- Reading it ------------------------------------------------------------------------- */

static bool state_set(struct book *b, int64_t number, const char *state, struct fault *why)
{
    struct query q = query_begin(b->store, Q_INTAKE_BEGIN);

    bind_text(&q, state);
    bind_int(&q, b->now.us);
    bind_int(&q, number);
    return query_run(&q, why);
}

static int64_t count_in(const json_t *report, const char *key)
{
    return json_integer_value(json_object_get(report, key));
}

bool intake_leaves_out_much(const json_t *report)
{
    return import_is_past(count_in(report, "rejected"), count_in(report, "rows"),
                          IMPORT_MAX_PERCENT);
}

static bool leaves_out_much(int64_t rejected, int64_t rows, struct fault *why)
{
    fail(why, TOO_MANY_REJECTS,
         "%lld of %lld rows would be left out, more than one in a hundred: nothing was loaded.",
         (long long)rejected, (long long)rows);
    return fault_hint(why,
                      "mend the file and load it again, or say that they are to be left out");
}

/* As its check says; what was not checked is counted when it is read. */
static bool rejects_are_few(const struct intake *in, struct fault *why)
{
    bool checked = in->report != NULL && text_equal(in->state, "checked");
    json_t *report = checked ? json_loads(in->report, 0, NULL) : NULL;
    bool few = !intake_leaves_out_much(report) ||
               leaves_out_much(count_in(report, "rejected"), count_in(report, "rows"), why);

    json_decref(report);
    return few;
}

bool intake_begin(struct book *b, int64_t number, enum intake_way way, struct fault *why)
{
    struct intake in;

    if (!head_open(b->heads, house.bucket, why) ||
        !intake_load(b->store, &b->arena, number, &in, why) ||
        !conflict_unless(b, number, waits(&in), why))
        return false;
    /* How the last such file was read is a proposal: a check takes it up, or another one. */
    if (in.choice == NULL || (way != INTAKE_CHECK && text_equal(in.state, "new")))
        return fail(why, BAD_VALUE, "Say first which column means what.");
    if (way == INTAKE_LOAD && !rejects_are_few(&in, why))
        return false;
    return state_set(b, number, way == INTAKE_CHECK ? "checking" : "loading", why);
}

bool intake_drop(struct book *b, int64_t number, struct fault *why)
{
    struct intake in;

    if (!head_open(b->heads, house.bucket, why) ||
        !intake_load(b->store, &b->arena, number, &in, why) ||
        !conflict_unless(b, number, waits(&in), why) || !state_set(b, number, "dropped", why))
        return false;
    struct query q = query_begin(b->store, Q_INTAKE_EMPTY);
    bind_int(&q, number);
    return query_run(&q, why) && intake_record(b, number, "dropped", in.name, NULL, why);
}

static const char *report_json(struct arena *a, const struct import_report *report)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    must(out != NULL);
    import_report_print(out, report, true);
    fclose(out);
    const char *kept = arena_copy_n(a, text, length);
    free(text);
    return kept;
}

static const char *fault_json(struct arena *a, const struct fault *why)
{
    struct text out = { 0 };
    struct json_writer w = { &out, false };

    json_open(&w, '{');
    json_text_at(&w, "fault", why->text);
    json_text_at(&w, "hint", why->hint);
    json_close(&w, '}');
    const char *kept = arena_copy_n(a, text_of(&out), out.length);
    text_free(&out);
    return kept;
}

/* What a run left: its state, its report, its rejects. */
struct intake_outcome {
    const char *state, *report, *rejects;
    size_t rejects_length;
};

static bool outcome_write(struct book *b, const struct intake *in,
                          const struct intake_outcome *is, struct fault *why)
{
    bool loaded = text_equal(is->state, "loaded");

    if (!book_begin(b, why) || !head_open(b->heads, house.bucket, why))
        return false;
    struct query q = query_begin(b->store, Q_INTAKE_END);
    bind_text(&q, is->state);
    bind_int(&q, b->now.us);
    bind_text(&q, is->report);
    if (is->rejects != NULL)
        bind_blob(&q, is->rejects, is->rejects_length);
    else
        bind_text(&q, NULL);
    bind_int(&q, in->number);
    if (!query_run(&q, why))
        return book_undo(b);
    if (loaded) {
        q = query_begin(b->store, Q_INTAKE_EMPTY);
        bind_int(&q, in->number);
        if (!query_run(&q, why))
            return book_undo(b);
    }
    if (!text_equal(is->state, "checked") &&
        !intake_record(b, in->number, is->state, in->name, in->digest, why))
        return book_undo(b);
    return book_commit(b, why);
}

/* The map as a file, or by its name. */
static bool map_for(const struct intake *in, struct arena *a, struct scratch_file *f,
                    const char **map, struct fault *why)
{
    struct map_draft ignored = { 0 };

    if (in->map == NULL)
        return intake_choice_read(a, in->choice, &ignored, map, why);
    *map = f->path;
    return scratch_write(f, in->map, strlen(in->map), why);
}

static void run_files(struct book *b, const struct intake *in, struct arena *a,
                      const struct scratch_file *file, const char *map,
                      struct import_request *request, struct intake_outcome *out)
{
    struct import_report *report = arena_make(a, struct import_report);
    struct fault no = { 0 };
    size_t length;

    request->book = b;
    request->path = file->path;
    request->map = map;
    request->kind = in->kind;
    request->creditor = in->creditor;
    request->rejects = arena_print(a, "%s.rejects", file->path);
    if (!import_file(request, report, &no)) {
        if (no.code == TOO_MANY_REJECTS)
            leaves_out_much(report->rejected, report->rows, &no);
        out->state = "failed";
        out->report = fault_json(a, &no);
    } else {
        out->state = request->check ? "checked" : "loaded";
        out->report = report_json(a, report);
    }
    char *rejects;
    if (report->rejects != NULL &&
        text_read_file(report->rejects, INTAKE_BYTES, a, &rejects, &length, &no)) {
        out->rejects = rejects;
        out->rejects_length = length;
    }
    unlink(request->rejects);
    import_report_free(report);
}

bool intake_run(const char *url, struct instant now, int64_t number, enum intake_way way,
                const char *by,
                void (*progress)(void *self, const struct import_progress *progress),
                void *self, const volatile sig_atomic_t *stop, struct fault *why)
{
    struct import_request request = {
        .max_rejects = way == INTAKE_LOAD ? IMPORT_MAX_PERCENT : -1,
        .max_is_percent = true,
        .check = way == INTAKE_CHECK,
        .progress = progress,
        .self = self,
        .stop = stop,
    };
    struct scratch_file file = { "" }, map_file = { "" };
    struct intake_outcome outcome = { 0 };
    struct arena a = { 0 };
    struct book b;
    struct intake in;
    const char *bytes, *map;
    size_t length;

    if (!book_open(&b, url, now, why))
        return false;
    b.by = by;
    bool ready = intake_load(b.store, &a, number, &in, why) &&
                 bytes_of(b.store, &a, Q_INTAKE_BYTES, number, &bytes, &length, why) &&
                 scratch_write(&file, bytes, length, why) &&
                 map_for(&in, &a, &map_file, &map, why);
    if (ready)
        run_files(&b, &in, &a, &file, map, &request, &outcome);
    bool done = ready && outcome_write(&b, &in, &outcome, why);
    scratch_end(&file);
    scratch_end(&map_file);
    book_close(&b);
    arena_free(&a);
    return done;
}

bool intake_interrupted(struct book *b, struct fault *why)
{
    static const char report[] =
        "{\"fault\":\"The program ended while this file was read; nothing "
        "of it was kept.\",\"hint\":\"check it again\"}";
    struct query q = query_begin(b->store, Q_INTAKE_INTERRUPTED);

    bind_int(&q, b->now.us);
    bind_text(&q, report);
    return query_run(&q, why);
}

bool intake_rejects(struct store *s, struct arena *a, int64_t number, const char **bytes,
                    size_t *length, struct fault *why)
{
    return bytes_of(s, a, Q_INTAKE_REJECTS, number, bytes, length, why);
}
