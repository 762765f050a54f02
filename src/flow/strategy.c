#include "flow/strategy.h"

#include "base/files.h"
#include "base/text.h"
#include "flow/fence.h"
#include "formats/strategy_case.h"
#include "formats/strategy_check.h"
#include "formats/strategy_compare.h"
#include "formats/strategy_file.h"

#include <string.h>

enum { LARGEST_STRATEGY = 4 * 1024 * 1024 };

bool strategy_list(struct arena *a, struct strategies *out, struct fault *why)
{
    return strategies_load(a, out, why);
}

/* ---- One file ---------------------------------------------------------------------------- */

struct source {
    const char *path, *bytes;
    size_t length;
};

static bool source_named(struct arena *a, const char *name, struct source *out,
                         struct fault *why)
{
    struct file file;

    out->path = arena_print(a, "strategies/%s.yaml", name);
    if (!files_load(a, out->path, &file, why)) {
        fail(why, NOT_FOUND, "There is no strategy \"%s\".", name);
        return fault_hint(why, "recoup strategy list, or give the path of a file");
    }
    out->bytes = (const char *)file.bytes;
    out->length = file.length;
    return true;
}

static bool source_load(struct arena *a, const char *target, struct source *out,
                        struct fault *why)
{
    char *bytes;

    if (strpbrk(target, "/.") == NULL)
        return source_named(a, target, out, why);
    if (!text_read_file(target, LARGEST_STRATEGY, a, &bytes, &out->length, why))
        return false;
    out->path = target;
    out->bytes = bytes;
    return true;
}

bool strategy_load(struct arena *a, const char *target, const struct strategy **out,
                   struct fault *why)
{
    struct source source;

    if (!source_load(a, target, &source, why))
        return false;
    *out = strategy_parse(a, source.path, source.bytes, source.length, why);
    return *out != NULL;
}

bool strategy_read(struct arena *a, const char *path, const char *text,
                   const struct strategy **out, struct fault *why)
{
    *out = strategy_parse(a, path, text, strlen(text), why);
    return *out != NULL;
}

/* ---- Findings ---------------------------------------------------------------------------- */

struct collecting {
    struct arena *a;
    struct strategy_findings *findings;
    struct strategy_lines *lines;
    size_t room;
};

static void collect_finding(void *context, const struct strategy_remark *remark)
{
    struct collecting *c = context;
    struct strategy_findings *f = c->findings;

    *arena_push(c->a, f->all, f->count, c->room) =
        (struct strategy_finding){ remark->problem, (int32_t)remark->place.line, remark->text };
    f->accepted = f->accepted && remark->place.line != 0;
}

/* What the law forbids to choose people by is a problem of the file, too. */
static bool collect_unfairness(struct collecting *c, const struct source *source,
                               struct fault *why)
{
    struct strategy_findings *f = c->findings;
    struct fault unfair = { 0 }, refused = { 0 };
    struct rulebook book;
    const struct strategy *one =
        strategy_parse(c->a, source->path, source->bytes, source->length, &refused);
    struct strategies all = { 1, &one };

    if (!rulepack_load_rules(c->a, &book, why))
        return false;
    if (one == NULL || fence_check(&book, &all, (struct instant){ 0 }, &unfair))
        return true;
    f->problems++;
    *arena_push(c->a, f->all, f->count, c->room) =
        (struct strategy_finding){ true, 0, arena_copy(c->a, unfair.text) };
    return true;
}

static bool examine(struct arena *a, const struct source *source, struct strategy_findings *out,
                    struct fault *why)
{
    struct collecting c = { .a = a, .findings = out };

    *out = (struct strategy_findings){ .accepted = true };
    struct strategy_remarks total =
        strategy_check(a, source->path, source->bytes, source->length, collect_finding, &c);
    out->problems = total.problems;
    out->warnings = total.warnings;
    return !out->accepted || collect_unfairness(&c, source, why);
}

bool strategy_examine(struct arena *a, const char *target, struct strategy_findings *out,
                      struct fault *why)
{
    struct source source;

    *out = (struct strategy_findings){ .accepted = true };
    return source_load(a, target, &source, why) && examine(a, &source, out, why);
}

bool strategy_examine_text(struct arena *a, const char *path, const char *text,
                           struct strategy_findings *out, struct fault *why)
{
    const struct source source = { path, text, strlen(text) };

    return examine(a, &source, out, why);
}

void strategy_try(struct arena *a, const struct strategy *strategy, size_t *passed,
                  size_t *failed, void (*report)(void *context, const char *line),
                  void *context)
{
    size_t own_passed, own_failed;

    strategy_test(strategy, a, &own_passed, &own_failed, report, context);
    *passed += own_passed;
    *failed += own_failed;
}

/* ---- Differences ------------------------------------------------------------------------- */

static void collect_line(void *context, const struct strategy_change *change)
{
    struct collecting *c = context;

    *arena_push(c->a, c->lines->all, c->lines->count, c->room) =
        (struct strategy_line){ change->mark, change->text };
}

struct strategy_lines strategy_differences(struct arena *a, const struct strategy *old_one,
                                           const struct strategy *new_one)
{
    struct strategy_lines lines = { 0 };
    struct collecting c = { .a = a, .lines = &lines };

    strategy_compare(a, old_one, new_one, collect_line, &c);
    return lines;
}
