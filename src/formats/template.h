/*
 * Template: text with holes, logic-less, in the syntax and meaning of Mustache.
 *
 *   {{name}} {{a.b}} {{.}}       a value, escaped
 *   {{{name}}} {{&name}}         a value as it is
 *   {{#name}} … {{/name}}        once for each item of a list, or once if there is something
 *   {{^name}} … {{/name}}        if there is nothing
 *   {{! remark }}  {{> partial}}  {{=<% %>=}}
 *
 * "Nothing" is: absent, null, false, the empty text, the empty list. A number is something,
 * 0 too. A tag that stands alone on its line (section, partial, remark) leaves no line behind;
 * a partial that stands alone passes its indentation on. No lambdas: a template can't call.
 *
 * Compiled once to a tree in an arena, partials included, then rendered many times, by many
 * threads at once if they like. The tree lives as long as the arena.
 *
 * Strict    for letters and emails, where a blank is a lie: a value that is absent, null, the
 *           empty text, or a list or object stops the rendering. Sections may still ask.
 * Limits    sources of 1 MiB, sections 64 deep, partials 32 deep while rendering, 64 MiB out.
 * Faults    BAD_FILE "file:line: …" when it does not compile; BAD_VALUE "file:line: …" when
 *           a value is missing or a limit is passed while rendering.
 */
#ifndef FORMATS_TEMPLATE_H
#define FORMATS_TEMPLATE_H

#include "base/files.h"
#include "base/text.h"

#include <jansson.h>

struct template;

/* How {{value}} is made safe; {{{value}}} never is. */
enum template_escape {
    TEMPLATE_HTML,   /* & < > " ' become entities; safe in text and in quoted attributes    */
    TEMPLATE_PLAIN,  /* as it is: subjects, text messages                                   */
    TEMPLATE_LETTER, /* marks of letter texts lose their meaning, line ends become blanks   */
};

struct template_options {
    enum template_escape escape;
    bool strict;  /* a missing value or partial is a fault, not a blank */
    bool isolate; /* TEMPLATE_LETTER, for right-to-left languages: each value is set apart
                     (U+2068, U+2069), so that a telephone number keeps its order */

    /*
     * The text of {{> name}}; the bytes must live as long as the arena. False when there is
     * none. May be NULL: then partials are files, partial_folder "/" name partial_suffix.
     */
    bool (*partial)(void *self, struct arena *a, const char *name, struct file *out);
    void *self;
    const char *partial_folder, *partial_suffix; /* "templates", ".html" */
};

/* `file` names it in faults. NULL with *why set when it does not compile. */
struct template *template_compile(struct arena *a, const char *file, const char *bytes,
                                  size_t length, const struct template_options *options,
                                  struct fault *why);

/* The same for a file of base/files.h: "templates/portal/plan.html". */
struct template *template_load(struct arena *a, const char *path,
                               const struct template_options *options, struct fault *why);

/* Appends to *out. When false, *out holds what came before the fault: throw it away. */
bool template_render(const struct template *t, const json_t *context, struct text *out,
                     struct fault *why);

#endif
