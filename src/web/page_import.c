/* Files that are loaded over the console: put in, mapped, checked, loaded. */
#include "web/page.h"

#include "base/files.h"
#include "base/text.h"
#include "flow/intake.h"
#include "web/loader.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_SHOWN = 50, PROBLEMS_SHOWN = 20 };

static const struct {
    const char *kind, *title;
} kinds[] = { { "invoices", "Invoices" },
              { "accounts", "Accounts placed for collection" },
              { "payments", "Payments" },
              { "contacts", "Names and addresses" } };

static const struct {
    const char *state, *title, *tone;
} states[] = { { "new", "To be mapped", "info" }, { "checking", "Being checked", "info" },
               { "checked", "Checked", "warn" },  { "loading", "Being loaded", "info" },
               { "loaded", "Loaded", "ok" },      { "failed", "Not taken", "stop" },
               { "dropped", "Dropped", "" } };

/* Values that are chosen, not typed, when they are the same for every row. */
static const struct {
    enum map_name field;
    const char *value, *title;
} fixed[] = { { MAP_ROLE, "first_party_creditor", "We collect our own debts" },
              { MAP_ROLE, "third_party_collector", "We collect for the client" },
              { MAP_ROLE, "debt_buyer", "We bought the debts" },
              { MAP_BUSINESS, "true", "Yes, a firm" },
              { MAP_BUSINESS, "false", "No, a person" },
              { MAP_PENDING, "true", "Yes, on its way" },
              { MAP_PENDING, "false", "No" },
              { MAP_DISPUTED, "true", "Yes" },
              { MAP_DISPUTED, "false", "No" } };

/* Files hold many clients' debts: who may see only some of them loads none. */
static bool may_load(const struct page *p, struct fault *why)
{
    if (p->view->clients == NULL && p->view->desks == NULL)
        return true;
    return fail(why, NOT_ALLOWED, "Files are loaded by somebody who sees all clients.");
}

static bool number_of(const struct page *p, int64_t *number, struct fault *why)
{
    if (text_to_int(p->hole, number) && *number > 0)
        return true;
    return fail(why, NOT_FOUND, "There is no file \"%s\".", p->hole);
}

static const char *path_of(const struct page *p, int64_t number)
{
    return arena_print(p->arena, "/admin/imports/%lld", (long long)number);
}

static const char *size_words(struct arena *a, int64_t bytes)
{
    if (bytes < 1024)
        return arena_print(a, "%lld bytes", (long long)bytes);
    if (bytes < 1024 * 1024)
        return arena_print(a, "%.1f KB", (double)bytes / 1024);
    return arena_print(a, "%.1f MB", (double)bytes / (1024 * 1024));
}

static void kinds_put(json_t *object, const char *chosen)
{
    json_t *list = put_list(object, "kinds");

    for (size_t i = 0; i < COUNT(kinds); i++) {
        json_t *row = list_add(list);
        put(row, "kind", kinds[i].kind);
        put(row, "title", kinds[i].title);
        put_true(row, "chosen", chosen != NULL && strcmp(chosen, kinds[i].kind) == 0);
    }
}

/* {title, tone flags} as the partial `tag` wants it. */
static void state_put(struct page *p, json_t *object, const char *state)
{
    for (size_t i = 0; i < COUNT(states); i++) {
        if (strcmp(states[i].state, state) == 0)
            put_standing(p, object, "state",
                         (struct standing_words){ state, states[i].title, "", states[i].tone });
    }
}

static bool who_put(struct page *p, json_t *row, int64_t staff, struct fault *why)
{
    struct user user;

    if (!user_by_number(p->view->store, p->arena, staff, &user, why))
        return false;
    put(row, "by", user.number != 0 ? user.name : "Somebody");
    return true;
}

static bool file_put(struct page *p, json_t *row, const struct intake *in, struct fault *why)
{
    put(row, "file", in->name);
    put(row, "link", path_of(p, in->number));
    put_int(row, "number", in->number);
    put(row, "creditor", in->creditor != NULL ? in->creditor : "");
    put(row, "size", size_words(p->arena, in->length));
    put(row, "at", words_moment(p->arena, in->at, p->view->zone, p->view->today));
    put(row, "loaded_at", moment_within(p, in->at));
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strcmp(kinds[i].kind, in->kind) == 0)
            put(row, "kind_title", kinds[i].title);
    }
    state_put(p, row, in->state);
    return who_put(p, row, in->staff, why);
}

static bool page_imports(struct page *p, struct fault *why)
{
    struct intake *files;
    size_t count;
    int64_t before = 0;
    const char *from = page_field(p, "before");

    put(p->context, "title", "Imports");
    if (!may_load(p, why))
        return false;
    if (from != NULL && !text_to_int(from, &before))
        return fail(why, BAD_VALUE, "\"%s\" is no number of a file.", from);
    if (!intake_list(p->view->store, p->arena, before, FILES_SHOWN + 1, &files, &count, why))
        return false;
    kinds_put(p->context, page_form_or(p, "kind", "invoices"));
    json_t *rows = put_list(p->context, "files");
    for (size_t i = 0; i < count && i < FILES_SHOWN; i++) {
        if (!file_put(p, list_add(rows), &files[i], why))
            return false;
    }
    put_true(p->context, "any", count > 0);
    if (count > FILES_SHOWN)
        put(p->context, "next",
            arena_print(p->arena, "/admin/imports?before=%lld",
                        (long long)files[FILES_SHOWN - 1].number));
    return true;
}

static bool import_add(struct page *p, struct fault *why)
{
    const struct upload *file = NULL;
    const char *kind;
    int64_t number;

    if (!may_load(p, why) || !page_need(p, "kind", "what is in the file", &kind, why))
        return false;
    for (size_t i = 0; i < p->ask->upload_count; i++) {
        if (strcmp(p->ask->uploads[i].name, "file") == 0 && p->ask->uploads[i].file[0] != '\0')
            file = &p->ask->uploads[i];
    }
    if (file == NULL)
        return fail(why, BAD_VALUE, "Choose a file.");
    struct book *b = page_book(p, why);
    if (b == NULL ||
        !intake_add(b, file->file, kind, page_form(p, "creditor"), file->bytes, file->length,
                    p->session->user.number, &number, why) ||
        !page_commit(p, why))
        return false;
    page_go(p, path_of(p, number));
    return true;
}

/* ---- Which column means what ------------------------------------------------------------ */

static void columns_put(json_t *row, const struct csv_row *header, const char *chosen)
{
    json_t *list = put_list(row, "columns");

    for (size_t i = 0; i < header->count; i++) {
        if (header->fields[i][0] == '\0')
            continue;
        json_t *column = list_add(list);
        put(column, "column", header->fields[i]);
        put_true(column, "chosen", chosen != NULL && strcmp(chosen, header->fields[i]) == 0);
    }
}

/* "options": what may be chosen for every row; none where it is typed. */
static void fixed_put(json_t *row, enum map_name field, const char *always)
{
    json_t *list = put_list(row, "options");
    bool any = false;

    for (size_t i = 0; i < COUNT(fixed); i++) {
        if (fixed[i].field != field)
            continue;
        json_t *option = list_add(list);
        put(option, "value", fixed[i].value);
        put(option, "title", fixed[i].title);
        put_true(option, "chosen", always != NULL && strcmp(always, fixed[i].value) == 0);
        any = true;
    }
    put_true(row, "is_fixed", any);
}

static const char *title_of(struct arena *a, enum map_name field)
{
    static const struct {
        enum map_name field;
        const char *title;
    } titles[] = { { MAP_REFERENCE, "Their number with us" },
                   { MAP_CREDITOR, "Client" },
                   { MAP_ROLE, "Whose debts these are" },
                   { MAP_BUSINESS, "Is it a firm?" },
                   { MAP_PLACES, "State or region (US-NY)" },
                   { MAP_ZONES, "Time zone" },
                   { MAP_DEBT, "Invoice or account number" },
                   { MAP_KIND, "Kind of debt" },
                   { MAP_TERMS, "Clause of the contract" },
                   { MAP_INVOICE_DAY, "Date of the invoice" },
                   { MAP_DUE_DAY, "Due date" },
                   { MAP_BALANCE, "What is open" },
                   { MAP_PAYMENT, "Number of the payment" },
                   { MAP_PAYMENT_DEBT, "Invoice or account it pays" },
                   { MAP_PAYMENT_DAY, "Date of the payment" },
                   { MAP_PENDING, "Still on its way?" },
                   { MAP_DISPUTED, "Disputed?" } };

    for (size_t i = 0; i < COUNT(titles); i++) {
        if (titles[i].field == field)
            return titles[i].title;
    }
    return words_plain(a, strchr(map_field_name(field), '.') + 1);
}

static void field_put(struct page *p, json_t *row, enum map_name field, bool needed,
                      const struct intake_look *look, const struct map_choice *choice)
{
    put(row, "name", map_field_name(field));
    put(row, "title", title_of(p->arena, field));
    put_true(row, "needed", needed);
    put(row, "always", choice->always != NULL ? choice->always : "");
    fixed_put(row, field, choice->always);
    columns_put(row, &look->header, choice->column);
}

/* One group of fields: those that are needed or filled, and the rest, which few files have. */
static void group_put(struct page *p, const char *title, enum map_name first,
                      enum map_name last, const struct intake_look *look,
                      const struct map_draft *draft)
{
    json_t *group = list_add(json_object_get(p->context, "groups"));
    json_t *fields = put_list(group, "fields"), *more = put_list(group, "more");

    put(group, "title", title);
    for (int i = (int)first; i <= (int)last; i++) {
        const struct map_choice *choice = &draft->fields[i];
        bool needed;
        if (!map_field_fits(draft->kind, (enum map_name)i, &needed))
            continue;
        bool shown = needed || choice->column != NULL || choice->always != NULL;
        field_put(p, list_add(shown ? fields : more), (enum map_name)i, needed, look, choice);
    }
    put_true(group, "any_more", json_array_size(more) > 0);
    if (json_array_size(fields) + json_array_size(more) == 0)
        json_array_remove(json_object_get(p->context, "groups"),
                          json_array_size(json_object_get(p->context, "groups")) - 1);
}

static void fields_put(struct page *p, const struct intake_look *look,
                       const struct map_draft *draft)
{
    put_list(p->context, "groups");
    group_put(p, "Who it is about", MAP_REFERENCE, MAP_COUNTRY, look, draft);
    group_put(p, "What is owed", MAP_DEBT, MAP_ITEMIZATION_CREDITS, look, draft);
    group_put(p, "What was paid", MAP_PAYMENT, MAP_PENDING, look, draft);
}

static void sample_put(struct page *p, const struct intake_look *look)
{
    json_t *sample = put_object(p->context, "sample"), *columns = put_list(sample, "header");
    json_t *rows = put_list(sample, "rows");

    for (size_t i = 0; i < look->header.count; i++)
        json_array_append_new(columns, json_string(look->header.fields[i]));
    for (size_t r = 0; r < look->row_count; r++) {
        json_t *cells = put_list(list_add(rows), "cells");
        for (size_t i = 0; i < look->header.count; i++)
            json_array_append_new(
                cells, json_string(i < look->rows[r].count ? look->rows[r].fields[i] : ""));
    }
}

static void options_put(json_t *object, const char *key, const char *const values[],
                        size_t count, const char *chosen)
{
    json_t *list = put_list(object, key);

    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put(row, "value", values[i]);
        put_true(row, "chosen", chosen != NULL && strcmp(chosen, values[i]) == 0);
    }
}

static void forms_put(struct page *p, const struct map_draft *draft)
{
    static const char *const decimals[] = { ".", "," };
    const char decimal[2] = { draft->decimal, '\0' }, grouping[2] = { draft->grouping, '\0' };
    size_t count = 0;

    while (map_date_forms[count] != NULL)
        count++;
    options_put(p->context, "date_forms", map_date_forms, count, draft->dates);
    put_true(p->context, "dates_unsure", draft->dates_unsure);
    options_put(p->context, "decimals", decimals, COUNT(decimals), decimal);
    put(p->context, "grouping", grouping);
    put(p->context, "calling_code", draft->calling_code != NULL ? draft->calling_code : "");
}

static bool mapping_put(struct page *p, const struct intake *in, struct fault *why)
{
    struct intake_look look;
    const char *map = NULL;

    if (!intake_look(p->view->store, p->arena, in, &look, why))
        return false;
    struct map_draft draft = look.guess;
    if (in->choice != NULL && !intake_choice_read(p->arena, in->choice, &draft, &map, why))
        return false;
    json_t *maps = put_list(p->context, "maps");
    for (size_t i = 0; i < look.map_count; i++) {
        json_t *row = list_add(maps);
        put(row, "map", look.maps[i]);
        put(row, "title", look.map_titles[i]);
        put_true(row, "chosen", map != NULL && strcmp(map, look.maps[i]) == 0);
    }
    put_true(p->context, "any_map", look.map_count > 0);
    put_true(p->context, "own_chosen", map == NULL);
    put_true(p->context, "remembered", in->choice != NULL);
    kinds_put(p->context, in->kind);
    fields_put(p, &look, &draft);
    forms_put(p, &draft);
    sample_put(p, &look);
    return true;
}

/* ---- What a check or a load found -------------------------------------------------------- */

static void count_put(struct page *p, json_t *object, const json_t *report, const char *key)
{
    int64_t count = json_integer_value(json_object_get(report, key));

    put(object, key, words_count(p->arena, count));
    put_true(object, arena_print(p->arena, "any_%s", key), count > 0);
}

static void problems_put(json_t *object, const json_t *report, const char *key)
{
    json_t *list = put_list(object, key), *found = json_object_get(report, key);

    for (size_t i = 0; i < json_array_size(found) && i < PROBLEMS_SHOWN; i++)
        json_array_append(list, json_array_get(found, i));
    put_true(object, key[0] == 'p' ? "any_problem" : "any_note", json_array_size(found) > 0);
}

static void totals_put(struct page *p, json_t *out, const json_t *totals)
{
    json_t *list = put_list(out, "totals");

    for (size_t i = 0; i < json_array_size(totals); i++) {
        const json_t *total = json_array_get(totals, i);
        const char *code = json_string_value(json_object_get(total, "currency"));
        json_t *row = list_add(list);
        put(row, "currency", code);
        put(row, "amount",
            words_money(p->arena, json_integer_value(json_object_get(total, "minor")),
                        currency_parse(code)));
    }
}

static void report_put(struct page *p, const struct intake *in)
{
    static const char *const counts[] = { "rows",          "added",    "updated",
                                          "unchanged",     "merged",   "left_out",
                                          "blank",         "rejected", "debtors_added",
                                          "payments_added" };
    json_t *report = in->report == NULL ? NULL : json_loads(in->report, 0, NULL);
    json_t *out = put_object(p->context, "report");

    if (report == NULL)
        return;
    const char *fault = json_string_value(json_object_get(report, "fault"));
    if (fault != NULL) {
        json_t *failed = put_object(p->context, "failed");
        put(failed, "text", fault);
        put(failed, "hint", json_string_value(json_object_get(report, "hint")));
    } else {
        put_true(p->context, "reported", true);
        for (size_t i = 0; i < COUNT(counts); i++)
            count_put(p, out, report, counts[i]);
        int64_t taken = json_integer_value(json_object_get(report, "added")) +
                        json_integer_value(json_object_get(report, "updated"));
        put(out, "taken", words_count(p->arena, taken));
        put_true(out, "any_taken", taken > 0);
        put_true(out, "too_much", intake_leaves_out_much(report));
        put_true(out, "one_rejected",
                 json_integer_value(json_object_get(report, "rejected")) == 1);
        totals_put(p, out, json_object_get(report, "totals"));
        problems_put(out, report, "problems");
        problems_put(out, report, "notes");
    }
    json_decref(report);
}

static void progress_put(struct page *p, const struct intake *in)
{
    struct import_progress at;
    bool is = loader_progress(p->hand->loader, in->number, &at);
    json_t *out = put_object(p->context, "progress");

    put(out, "rows", words_count(p->arena, is ? at.rows : 0));
    put_int(out, "percent", is && at.bytes_all > 0 ? at.bytes * 100 / at.bytes_all : 0);
    put(out, "rate",
        is && at.seconds > 0.2 ? words_count(p->arena, (int64_t)((double)at.rows / at.seconds))
                               : NULL);
    put_true(p->context, "waits", true);
}

static bool page_import(struct page *p, struct fault *why)
{
    struct intake in;
    int64_t number;

    if (!may_load(p, why) || !number_of(p, &number, why) ||
        !intake_load(p->view->store, p->arena, number, &in, why) ||
        !file_put(p, p->context, &in, why))
        return false;
    bool busy = text_equal(in.state, "checking") || text_equal(in.state, "loading");
    bool open = text_equal(in.state, "new") || text_equal(in.state, "checked") ||
                text_equal(in.state, "failed");
    put(p->context, "title", in.name);
    put_true(p->context, "open", open);
    put_true(p->context, "checked", text_equal(in.state, "checked"));
    put_true(p->context, "loaded", text_equal(in.state, "loaded"));
    put_true(p->context, "has_rejects", in.has_rejects);
    put_true(p->context, "unmapped", in.choice == NULL || !text_equal(in.state, "checked"));
    report_put(p, &in);
    if (busy)
        progress_put(p, &in);
    return !open || mapping_put(p, &in, why);
}

/* ---- What is pressed ----------------------------------------------------------------------
 */

/* The choice that the form makes. */
static json_t *choice_of(struct page *p, const char *kind)
{
    json_t *choice = json_object();
    const char *map = page_form(p, "map");
    enum map_kind parsed = MAP_INVOICES;

    if (map != NULL && strcmp(map, "own") != 0) {
        put(choice, "map", map);
        return choice;
    }
    map_kind_parse(kind, &parsed);
    put(choice, "dates", page_form(p, "dates"));
    put(choice, "decimal", page_form(p, "decimal"));
    put(choice, "grouping", page_form(p, "grouping"));
    put(choice, "calling_code", page_form(p, "calling_code"));
    json_t *fields = put_object(choice, "fields");
    for (int i = 0; i < MAP_FIELD_COUNT; i++) {
        const char *name = map_field_name((enum map_name)i);
        const char *column = page_form(p, arena_print(p->arena, "column.%s", name));
        const char *always = page_form(p, arena_print(p->arena, "always.%s", name));
        bool needed;
        if (!map_field_fits(parsed, (enum map_name)i, &needed) || (!column && !always))
            continue;
        json_t *field = put_object(fields, name);
        put(field, "column", column);
        if (column == NULL)
            put(field, "always", always);
    }
    return choice;
}

static bool begin(struct page *p, int64_t number, enum intake_way way, struct fault *why)
{
    struct book *b = page_book(p, why);

    if (b == NULL || !intake_begin(b, number, way, why) || !page_commit(p, why))
        return false;
    if (!loader_add(p->hand->loader, number, way, p->session->user.email, why))
        return false;
    page_go(p, path_of(p, number));
    return true;
}

static bool import_check(struct page *p, struct fault *why)
{
    const char *kind;
    int64_t number;

    if (!may_load(p, why) || !number_of(p, &number, why) ||
        !page_need(p, "kind", "what is in the file", &kind, why))
        return false;
    json_t *choice = choice_of(p, kind);
    struct book *b = page_book(p, why);
    bool kept = b != NULL &&
                intake_choose(b, number, kind, page_form(p, "creditor"), choice, why) &&
                page_commit(p, why);
    json_decref(choice);
    return kept && begin(p, number, INTAKE_CHECK, why);
}

static bool import_load(struct page *p, struct fault *why)
{
    enum intake_way way = page_form(p, "leave_out") != NULL ? INTAKE_LOAD_DESPITE : INTAKE_LOAD;
    int64_t number;

    return may_load(p, why) && number_of(p, &number, why) && begin(p, number, way, why);
}

static bool import_drop(struct page *p, struct fault *why)
{
    int64_t number;

    if (!may_load(p, why) || !number_of(p, &number, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !intake_drop(b, number, why) || !page_commit(p, why))
        return false;
    page_say(p, "The file was dropped. Nothing of it was loaded.");
    page_go(p, "/admin/imports");
    return true;
}

static bool import_rejects(struct page *p, struct fault *why)
{
    int64_t number;
    const char *bytes;
    size_t length;
    struct text body = { 0 };

    if (!may_load(p, why) || !number_of(p, &number, why) ||
        !intake_rejects(p->view->store, p->arena, number, &bytes, &length, why))
        return false;
    text_add_n(&body, bytes, length);
    page_file(p, "text/csv; charset=utf-8",
              arena_print(p->arena, "rejects-%lld.csv", (long long)number), &body);
    return true;
}

static bool import_map(struct page *p, struct fault *why)
{
    struct intake in;
    int64_t number;
    struct text body = { 0 };

    if (!may_load(p, why) || !number_of(p, &number, why) ||
        !intake_load(p->view->store, p->arena, number, &in, why))
        return false;
    if (in.map == NULL)
        return fail(why, NOT_FOUND,
                    "This file is read by a map of the program, or by none yet.");
    text_add(&body, in.map);
    page_file(p, "application/yaml", arena_print(p->arena, "map-%lld.yaml", (long long)number),
              &body);
    return true;
}

/* A file that is taken whole as it stands: to look at, and to try the way with. */
static bool import_sample(struct page *p, struct fault *why)
{
    struct text body = { 0 };
    struct file sample;

    if (!files_load(p->arena, "maps/samples/invoices.csv", &sample, why))
        return false;
    text_add_n(&body, (const char *)sample.bytes, sample.length);
    page_file(p, "text/csv; charset=utf-8", "sample-invoices.csv", &body);
    return true;
}

const struct route routes_import[] = {
    { "GET", "/admin/imports", MAY_IMPORT, "admin", "imports", page_imports, NULL },
    { "GET", "/admin/imports/sample.csv", MAY_IMPORT, "admin", "imports", import_sample, NULL },
    { "POST", "/admin/imports", MAY_IMPORT, "admin", "imports", import_add, page_imports,
      TAKES_UPLOAD },
    { "GET", "/admin/imports/{}", MAY_IMPORT, "admin", "import", page_import, NULL },
    { "POST", "/admin/imports/{}/check", MAY_IMPORT, "admin", "import", import_check,
      page_import },
    { "POST", "/admin/imports/{}/load", MAY_IMPORT, "admin", "import", import_load,
      page_import },
    { "POST", "/admin/imports/{}/drop", MAY_IMPORT, "admin", "import", import_drop,
      page_import },
    { "GET", "/admin/imports/{}/rejects.csv", MAY_IMPORT, "admin", "import", import_rejects,
      NULL },
    { "GET", "/admin/imports/{}/map.yaml", MAY_IMPORT, "admin", "import", import_map, NULL },
    { 0 },
};
