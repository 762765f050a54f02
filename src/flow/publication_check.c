/* Publication: what a text must be before it can be put into force. */
#include "flow/publication_parts.h"

#include "base/files.h"
#include "flow/fence.h"
#include "flow/strategy.h"
#include "flow/text_sample.h"
#include "formats/strategy_file.h"

#include <string.h>

enum { NAME_MOST = 60 };

/* ---- What it replaces -------------------------------------------------------------------- */

static bool name_is_plain(const char *name)
{
    size_t length = strlen(name);

    return length > 0 && length <= NAME_MOST &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* Nothing of this name is in force: the path where it will stand, which nobody else may have.
 */
static bool path_for_new(struct arena *a, const struct publishing *in, struct publication *live,
                         struct fault *why)
{
    struct fault none = { 0 };
    struct file file;

    if (in->kind != PUBLISHED_STRATEGY)
        return fail(why, NOT_FOUND, "There is no text \"%s\".", in->name);
    if (!name_is_plain(in->name))
        return fail(
            why, BAD_VALUE,
            "A new strategy is named in small letters, digits and \"-\"; \"%s\" is not.",
            in->name);
    live->path = arena_print(a, "strategies/%s.yaml", in->name);
    live->digest = "";
    return !files_load(a, live->path, &file, &none) ||
           fail(why, CONFLICT, "The file %s holds a strategy of another name.", live->path);
}

bool publication_compare(struct store *s, struct arena *a, const struct publishing *in,
                         struct publication *live, const char **text, struct fault *why)
{
    *live = (struct publication){ 0 };
    *text = NULL;
    if (!publication_live(s, a, in->kind, in->name, live, text, why)) {
        if (why->code != NOT_FOUND)
            return false;
        *live = (struct publication){ 0 };
        *why = (struct fault){ 0 };
        if (!path_for_new(a, in, live, why))
            return false;
    }
    if (in->base != NULL && !text_equal(in->base, live->digest)) {
        fail(why, CONFLICT, "Another version of %s was published since this one was begun.",
             in->name);
        return fault_hint(why, "look at both, bring the draft up to date, then publish it");
    }
    return *text == NULL || !text_equal(*text, in->text) ||
           fail(why, BAD_VALUE, "Nothing would change: this is what is in force already.");
}

/* ---- Whether it can be used -------------------------------------------------------------- */

struct case_fault {
    struct arena *a;
    const char *first;
};

static void case_failed(void *context, const char *line)
{
    struct case_fault *f = context;

    if (f->first == NULL)
        f->first = arena_copy(f->a, line);
}

static bool cases_hold(struct arena *a, const struct strategy *strategy, struct fault *why)
{
    struct case_fault failed = { .a = a };
    size_t good = 0, bad = 0;

    strategy_try(a, strategy, &good, &bad, case_failed, &failed);
    if (bad == 0)
        return true;
    fail(why, BAD_PACK, "%zu of its %zu cases do not come true: %s", bad, good + bad,
         failed.first != NULL ? failed.first : "");
    return fault_hint(why, "mend the steps, or say in the case what is meant now");
}

bool publication_stands(struct arena *a, const char *path, const char *text, struct fault *why)
{
    const struct strategy *strategy = strategy_parse(a, path, text, strlen(text), why);

    return strategy != NULL && cases_hold(a, strategy, why);
}

static bool strategy_reads(struct arena *a, const struct publishing *in, const char *path,
                           struct fault *why)
{
    struct strategy_findings found;
    const struct strategy *strategy = strategy_parse(a, path, in->text, strlen(in->text), why);

    if (strategy == NULL)
        return false;
    if (strcmp(strategy->name, in->name) != 0)
        return fail(why, BAD_VALUE,
                    "The text says \"strategy: %s\", and would be published as \"%s\".",
                    strategy->name, in->name);
    if (!strategy_examine_text(a, path, in->text, &found, why))
        return false;
    for (size_t i = 0; i < found.count; i++) {
        if (found.all[i].problem)
            return fail(why, BAD_PACK, "Line %d: %s.", found.all[i].line, found.all[i].text);
    }
    return cases_hold(a, strategy, why);
}

static bool text_reads(struct arena *a, const struct publishing *in, struct instant now,
                       struct fault *why)
{
    const char *slash = strchr(in->name, '/');
    const char *language = arena_copy_n(a, in->name, (size_t)(slash - in->name));
    struct template_findings found;
    struct text_shown shown;

    if (!text_check(a, language, slash + 1, in->text, now, &found, why))
        return false;
    if (found.count > 0)
        return fail(why, BAD_PACK, "Line %d: %s (%zu in all).", (int)found.all[0].line,
                    found.all[0].text, found.count);
    return text_show(a, language, slash + 1, in->text, now, &shown, why);
}

bool publication_reads(struct arena *a, const struct publishing *in, const char *path,
                       struct instant now, struct fault *why)
{
    return in->kind == PUBLISHED_STRATEGY ? strategy_reads(a, in, path, why)
                                          : text_reads(a, in, now, why);
}

bool publication_check(struct store *s, struct arena *a, const struct publishing *in,
                       struct fault *why)
{
    struct publication live;
    const char *text;

    return publication_compare(s, a, in, &live, &text, why) &&
           publication_reads(a, in, live.path, (struct instant){ 0 }, why);
}
