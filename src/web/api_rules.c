/* API: rules, and what they say of a situation; files that come in. */
#include "web/api.h"

#include "base/text.h"
#include "domain/rule.h"
#include "flow/audit_rules.h"
#include "flow/judge.h"
#include "flow/rulebook.h"
#include "web/loader.h"
#include "web/page.h"

#include <string.h>

enum { JUDGED_PACKS = 40 };

/* ---- Shapes -------------------------------------------------------------------------------- */

#define RULE_FIELDS                                                                            \
    { "rule", API_TEXT, API_MUST, "its id", NULL },                                            \
    { "pack", API_TEXT, API_MUST, "in which it stands", NULL },                                \
    { "title", API_TEXT, API_MUST, "what it is about", NULL },                                 \
    { "citation", API_TEXT, API_OR_NULL, "its source", NULL },                                 \
    { "strength", API_TEXT, API_MUST, "prohibited, presumption, policy, …", NULL },            \
    { "in_force", API_BOOL, API_MUST, "today", NULL },                                         \
    { "from", API_DAY, API_OR_NULL, "its first day", NULL },                                   \
    {                                                                                          \
        "to", API_DAY, API_OR_NULL, "its last day; null: still", NULL                          \
    }
static const struct api_field rule_rows[] = { RULE_FIELDS, API_END };
static const struct api_field rules_query[] = {
    { "pack", API_TEXT, API_MAY, "only of this pack", NULL },
    API_AFTER,
    API_LIMIT,
    API_END,
};
static const struct api_field rules_reply[] = {
    { "rules", API_ROWS, API_MUST, "by pack, as they stand there", rule_rows },
    API_NEXT,
    API_END,
};
static const struct api_field rule_reply[] = {
    RULE_FIELDS,
    { "written", API_TEXT, API_MUST, "as it stands in its pack", NULL },
    { "digest", API_TEXT, API_MUST, "of the pack", NULL },
    API_END,
};
static const struct api_field judge_body[] = {
    { "situation", API_ANY, API_MUST, "as recoup rules judge takes a line", NULL },
    API_END,
};
static const struct api_field judge_reply[] = {
    { "verdict", API_ANY, API_MUST, "as recoup rules judge gives a line", NULL },
    API_END,
};
#define IMPORT_FIELDS                                                                          \
    { "import", API_INT, API_MUST, "its number", NULL },                                       \
    { "name", API_TEXT, API_MUST, "of the file", NULL },                                       \
    { "kind", API_TEXT, API_MUST, "invoices, payments, …", NULL },                             \
    { "creditor", API_TEXT, API_OR_NULL, "whose debts these are", NULL },                      \
    { "state", API_TEXT, API_MUST, "new, checking, checked, loading, loaded, failed, dropped", \
      NULL },                                                                                  \
    { "at", API_MOMENT, API_MUST, "when it came", NULL },                                      \
    { "bytes", API_INT, API_MUST, "its length", NULL },                                        \
    {                                                                                          \
        "rejects", API_BOOL, API_MUST, "rows were not taken", NULL                             \
    }
static const struct api_field import_rows[] = { IMPORT_FIELDS, API_END };
static const struct api_field imports_reply[] = {
    { "imports", API_ROWS, API_MUST, "the latest first", import_rows },
    API_NEXT,
    API_END,
};
static const struct api_field import_reply[] = {
    IMPORT_FIELDS,
    { "report", API_ANY, API_MAY, "what the last check or load found", NULL },
    API_END,
};
static const struct api_field import_body[] = {
    { "name", API_TEXT, API_MUST, "of the file", NULL },
    { "kind", API_TEXT, API_MUST, "invoices, payments, …", NULL },
    { "content", API_TEXT, API_MUST, "its text; or a file of a form, up to 64 MiB", NULL },
    { "creditor", API_TEXT, API_MAY, "whose debts these are", NULL },
    API_END,
};
static const struct api_field check_body[] = {
    { "choice", API_ANY, API_MUST,
      "how it is read: {\"map\": NAME}, or {\"dates\", \"decimal\", \"fields\"} as imports.md says",
      NULL },
    API_END,
};
static const struct api_field load_body[] = {
    { "leave_out", API_BOOL, API_MAY,
      "true: load the others though more than one row in a hundred is left out", NULL },
    API_END,
};
static const struct api_field import_done_reply[] = {
    { "import", API_INT, API_MUST, "its number", NULL },
    { "state", API_TEXT, API_MUST, "of it now", NULL },
    API_END,
};
static const struct api_field rejects_reply[] = {
    { "content", API_TEXT, API_MUST, "CSV: the rows, and why", NULL },
    API_END,
};

/* ---- Rules --------------------------------------------------------------------------------- */

static void rule_put(struct api *call, json_t *row, const struct rule_pack *pack,
                     const struct rule *rule)
{
    put(row, "rule", rule_id(rule));
    put(row, "pack", rulepack_name(pack));
    put(row, "title", rule->title);
    api_put_or_null(row, "citation", rule_cite(rule));
    put(row, "strength", rule_strength(rule));
    put_true(row, "in_force", rule_in_force_on(rule, call->view->today));
    api_put_day(row, "from", rule->from);
    api_put_day(row, "to", rule->to);
}

static bool get_rules(struct api *call, struct fault *why)
{
    const struct rulebook *book = call->view->policy->rulebook;
    const char *only = api_query(call, "pack"), *after = api_query(call, "after");
    int64_t limit, first = 0, place = 0;

    if (!api_limit(call, &limit, why))
        return false;
    if (after != NULL && (!text_to_int(after, &first) || first < 0))
        return fail(why, BAD_VALUE, "after is no place in this list.");
    json_t *out = json_object(), *rows = put_list(out, "rules");
    for (size_t p = 0; p < book->pack_count; p++) {
        for (size_t i = 0; i < rulepack_rule_count(book->packs[p]); i++) {
            if (only != NULL && !text_equal(only, rulepack_name(book->packs[p])))
                continue;
            if (place >= first && place < first + limit)
                rule_put(call, list_add(rows), book->packs[p], rulepack_rule(book->packs[p], i));
            place++;
        }
    }
    api_put_or_null(out, "next",
                    place > first + limit
                        ? arena_print(call->arena, "%lld", (long long)(first + limit))
                        : NULL);
    api_give(call, 200, out);
    return true;
}

static bool get_rule(struct api *call, struct fault *why)
{
    const char *id = call->holes[0];
    const struct rule_pack *pack = rule_pack_of(call->view, id);
    const struct rule *shown = NULL;

    for (size_t i = 0; pack != NULL && i < rulepack_rule_count(pack); i++) {
        const struct rule *rule = rulepack_rule(pack, i);
        if (text_equal(rule_id(rule), id) &&
            (shown == NULL || rule_in_force_on(rule, call->view->today)))
            shown = rule;
    }
    if (shown == NULL)
        return fail(why, NOT_FOUND, "There is no rule \"%.80s\".", id);
    json_t *out = json_object();
    rule_put(call, out, pack, shown);
    put(out, "written", rule_as_written(call->arena, pack, id));
    put(out, "digest", rulepack_digest(pack));
    api_give(call, 200, out);
    return true;
}

static bool packs_read(struct api *call, const json_t *situation, struct gate_packs *out,
                       struct fault *why)
{
    const json_t *list = json_object_get(situation, "packs");
    const char *names[JUDGED_PACKS];
    size_t count = json_array_size(list);

    if (count == 0 || count > JUDGED_PACKS)
        return fail(why, BAD_VALUE, "A situation names 1 to %d \"packs\".", JUDGED_PACKS);
    for (size_t i = 0; i < count; i++) {
        names[i] = json_string_value(json_array_get(list, i));
        if (names[i] == NULL)
            return fail(why, BAD_VALUE, "\"packs\" has to be a list of names.");
    }
    if (rulebook_packs(call->view->policy->rulebook, call->arena, count, names, out, why))
        return true;
    if (why->code != NOT_FOUND)
        return false;
    return fail(why, BAD_VALUE, "There is no such pack among \"packs\".");
}

static bool post_judge(struct api *call, struct fault *why)
{
    const json_t *situation = json_object_get(call->body, "situation");
    struct gate_question question;
    struct gate_packs packs;
    struct verdict *verdict = arena_make(call->arena, struct verdict);

    if (!packs_read(call, situation, &packs, why) ||
        !judge_question_read(call->arena, situation, &question, why))
        return false;
    gate_judge(packs, &question, verdict);
    json_t *out = json_object();
    json_object_set_new(out, "verdict", judge_verdict_print(verdict, &question));
    api_give(call, 200, out);
    return true;
}

/* ---- Files --------------------------------------------------------------------------------- */

static bool import_of(struct api *call, struct intake *in, struct fault *why)
{
    int32_t number;

    return api_sees_all(call, why) && api_number(call, 0, &number, why) &&
           intake_load(call->view->store, call->arena, number, in, why);
}

static void import_put(struct api *call, json_t *row, const struct intake *in)
{
    put_int(row, "import", in->number);
    put(row, "name", in->name);
    put(row, "kind", in->kind);
    api_put_or_null(row, "creditor", in->creditor);
    put(row, "state", in->state);
    api_put_moment(call, row, "at", in->at);
    put_int(row, "bytes", in->length);
    put_true(row, "rejects", in->has_rejects);
}

static bool get_imports(struct api *call, struct fault *why)
{
    const char *after = api_query(call, "after");
    int64_t limit, before = 0;
    struct intake *files;
    size_t count;

    if (!api_sees_all(call, why) || !api_limit(call, &limit, why))
        return false;
    if (after != NULL && (!text_to_int(after, &before) || before < 1))
        return fail(why, BAD_VALUE, "after is no place in this list.");
    if (!intake_list(call->view->store, call->arena, before, (size_t)limit + 1, &files, &count,
                     why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "imports");
    size_t shown = count < (size_t)limit ? count : (size_t)limit;
    for (size_t i = 0; i < shown; i++)
        import_put(call, list_add(rows), &files[i]);
    api_put_or_null(out, "next",
                    count > shown ? arena_print(call->arena, "%lld",
                                                (long long)files[shown - 1].number)
                                  : NULL);
    api_give(call, 200, out);
    return true;
}

static bool get_import(struct api *call, struct fault *why)
{
    struct intake in;

    if (!import_of(call, &in, why))
        return false;
    json_t *out = json_object(), *report = NULL;
    import_put(call, out, &in);
    if (in.report != NULL)
        report = json_loads(in.report, 0, NULL);
    if (report != NULL)
        json_object_set_new(out, "report", report);
    api_give(call, 200, out);
    return true;
}

static bool import_done(struct api *call, int64_t number, const char *state)
{
    json_t *out = json_object();

    put_int(out, "import", number);
    put(out, "state", state);
    api_give(call, 201, out);
    return true;
}

static bool post_import(struct api *call, struct fault *why)
{
    const char *content = api_text(call, "content"), *name = api_line(call, "name");
    const struct upload typed = { .bytes = content,
                                  .length = content == NULL ? 0 : strlen(content) };
    const struct upload *file = call->file != NULL ? call->file : &typed;
    int64_t number;

    if (!api_sees_all(call, why))
        return false;
    if (name == NULL)
        return fail(why, BAD_VALUE, "The field \"name\" is empty.");
    return intake_add(call->book, name, api_text(call, "kind"), api_text(call, "creditor"),
                      file->bytes == NULL ? "" : file->bytes, file->length, call->user.number,
                      &number, why) &&
           import_done(call, number, "new");
}

/* Once it is marked, and that is kept. */
static bool check_begin(struct api *call, struct fault *why)
{
    return loader_add(call->hand->loader, call->made, INTAKE_CHECK, call->user.email, why);
}

static enum intake_way way_of(const struct api *call)
{
    return api_flag(call, "leave_out") ? INTAKE_LOAD_DESPITE : INTAKE_LOAD;
}

static bool load_begin(struct api *call, struct fault *why)
{
    return loader_add(call->hand->loader, call->made, way_of(call), call->user.email, why);
}

static bool post_check(struct api *call, struct fault *why)
{
    struct intake in;

    if (!import_of(call, &in, why))
        return false;
    call->made = in.number;
    call->after = check_begin;
    return intake_choose(call->book, in.number, in.kind, in.creditor,
                         json_object_get(call->body, "choice"), why) && intake_begin(call->book, in.number, INTAKE_CHECK, why) &&
           import_done(call, in.number, "checking");
}

static bool post_load(struct api *call, struct fault *why)
{
    struct intake in;

    if (!import_of(call, &in, why))
        return false;
    call->made = in.number;
    call->after = load_begin;
    return intake_begin(call->book, in.number, way_of(call), why) &&
           import_done(call, in.number, "loading");
}

static bool post_drop(struct api *call, struct fault *why)
{
    struct intake in;

    return import_of(call, &in, why) && intake_drop(call->book, in.number, why) &&
           import_done(call, in.number, "dropped");
}

static bool get_rejects(struct api *call, struct fault *why)
{
    struct intake in;
    const char *bytes;
    size_t length;

    if (!import_of(call, &in, why) ||
        !intake_rejects(call->view->store, call->arena, in.number, &bytes, &length, why))
        return false;
    json_t *out = json_object();
    json_object_set_new(out, "content", json_stringn(bytes, length));
    api_give(call, 200, out);
    return true;
}

#define OF_IMPORT "/api/v1/imports/{}"

const struct route routes_api_rules[] = {
    API_GIVES("/api/v1/rules", MAY_READ_RULES, "listRules", "Every rule of the packs", rules_query,
              rules_reply, get_rules, NULL),
    API_GIVES("/api/v1/rules/{}", MAY_READ_RULES, "getRule", "One rule, as it is written", NULL,
              rule_reply, get_rule, "rule"),
    API_ASKS("/api/v1/judge", MAY_READ_RULES, "judge", "What the rules say of a situation",
             judge_body, judge_reply, post_judge, NULL),
    API_GIVES("/api/v1/imports", MAY_IMPORT, "listImports", "Files that came in", api_page_query,
              imports_reply, get_imports, NULL),
    API_GIVES(OF_IMPORT, MAY_IMPORT, "getImport", "One of them, and what was found", NULL,
              import_reply, get_import, "import"),
    API_TAKES_FILE("/api/v1/imports", MAY_IMPORT, "addImport", "A file comes in; nothing is loaded yet",
              import_body, import_done_reply, post_import, NULL),
    API_TAKES(OF_IMPORT "/check", MAY_IMPORT, "checkImport", "Reads it and keeps nothing of it",
              check_body, import_done_reply, post_check, "import"),
    API_TAKES(OF_IMPORT "/load", MAY_IMPORT, "loadImport", "Reads it and keeps it", load_body,
              import_done_reply, post_load, "import"),
    API_TAKES(OF_IMPORT "/drop", MAY_IMPORT, "dropImport", "It is not wanted", api_nothing,
              import_done_reply, post_drop, "import"),
    API_GIVES(OF_IMPORT "/rejects", MAY_IMPORT, "getRejects", "Rows that were not taken", NULL,
              rejects_reply, get_rejects, "import"),
    { 0 },
};
