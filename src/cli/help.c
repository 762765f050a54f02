#include "cli/help.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/edge.h"

#include "queries.h"

#include <string.h>

enum { FLAG_WIDTH = 24, NAME_WIDTH = 16 };

void help_version(FILE *out)
{
    fprintf(out, "recoup %s, schema %d\n", RECOUP_VERSION, SCHEMA_VERSION);
}

/* ---- Flags ------------------------------------------------------------------------------ */

static const char *flag_text(struct arena *a, const struct option *o)
{
    const char *letter = o->letter == 0 ? "" : arena_print(a, "-%c, ", o->letter);

    return arena_print(a, "%s--%s%s%s", letter, o->name, o->value == NULL ? "" : " ",
                       o->value == NULL ? "" : o->value);
}

static void print_flags(struct arena *a, const struct option *options, FILE *out)
{
    for (size_t i = 0; i < option_count(options); i++) {
        const struct option *o = &options[i];
        if (o->help == NULL)
            continue;
        if (o->group != NULL)
            fprintf(out, "\n%s\n", o->group);
        fprintf(out, "  %-*s  %s%s\n", FLAG_WIDTH, flag_text(a, o), o->help,
                o->needed ? " (needed)" : "");
    }
}

static const char *usage_of(struct arena *a, const struct command *c)
{
    const char *target = "";

    if (c->target != NULL && c->targets_least > 0)
        target = arena_print(a, " %s", c->target);
    else if (c->target != NULL)
        target = arena_print(a, " [%s]", c->target);
    return arena_print(a, "recoup %s%s [flags]", c->name, target);
}

void help_command(struct arena *a, const struct command *c, FILE *out)
{
    fprintf(out, "%s\n\nExamples\n", c->summary);
    for (size_t i = 0; i < COUNT(c->examples); i++)
        fprintf(out, "  %s\n", c->examples[i]);
    fprintf(out, "\nUsage\n  %s\n", usage_of(a, c));
    print_flags(a, c->options, out);
    if (c->notes != NULL)
        fprintf(out, "\n%s\n", c->notes);
    fputs("\nFlags of every command: recoup --help\n", out);
}

/* ---- All commands ----------------------------------------------------------------------- */

static const char *noun_of(struct arena *a, const struct command *c)
{
    return arena_copy_n(a, c->name, strcspn(c->name, " "));
}

/* A noun with several verbs is one line that lists them; a verb that stands alone says what it
 * does. */
static void print_line(struct arena *a, const struct command *c, FILE *out)
{
    const char *noun = noun_of(a, c), *verbs = command_verbs(a, noun);
    bool also_alone = strchr(c->name, ' ') == NULL;

    if (verbs[0] != '\0')
        fprintf(out, "  %-*s%s%s%s\n", NAME_WIDTH, noun, also_alone ? c->target : "",
                also_alone ? ", " : "", verbs);
    else
        fprintf(out, "  %-*s%s\n", NAME_WIDTH, c->name, c->summary);
}

static void print_all(struct arena *a, FILE *out)
{
    const char *section = NULL, *noun = "";

    fputs("recoup collects what is owed: on time, in a decent tone, within the law.\n\n"
          "Examples\n"
          "  recoup demo\n"
          "  recoup import invoices invoices.csv --map sales-ledger --check\n"
          "  recoup run --dry-run\n",
          out);
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (!text_equal(section, commands[i]->section))
            fprintf(out, "\n%s\n", section = commands[i]->section);
        if (!text_equal(noun, noun_of(a, commands[i])))
            print_line(a, commands[i], out);
        noun = noun_of(a, commands[i]);
    }
    fputs("\nFlags of every command, before or after it\n", out);
    print_flags(a, global_options, out);
    fputs("\nMore: recoup COMMAND --help, and recoup help TOPIC with one of\n", out);
    for (const struct topic *t = help_topics; t->name != NULL; t++)
        fprintf(out, "  %-*s%s\n", NAME_WIDTH, t->name, t->summary);
}

void help_noun(struct arena *a, const char *noun, FILE *out)
{
    if (noun == NULL) {
        print_all(a, out);
        return;
    }
    fprintf(out, "recoup %s, with one of these verbs:\n\n", noun);
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (text_equal(noun_of(a, commands[i]), noun))
            fprintf(out, "  %-*s%s\n", FLAG_WIDTH, commands[i]->name, commands[i]->summary);
    }
    fprintf(out, "\nMore: recoup %s VERB --help\n", noun);
}

/* ---- The manual ------------------------------------------------------------------------- */

static void markdown_flags(struct arena *a, const struct option *options, FILE *out)
{
    if (option_count(options) == 0)
        return;
    fputs("| Flag | Meaning |\n|---|---|\n", out);
    for (size_t i = 0; i < option_count(options); i++) {
        if (options[i].help != NULL)
            fprintf(out, "| `%s` | %s%s |\n", flag_text(a, &options[i]), options[i].help,
                    options[i].needed ? " (needed)" : "");
    }
    fputc('\n', out);
}

static void markdown_command(struct arena *a, const struct command *c, FILE *out)
{
    fprintf(out, "### %s\n\n%s\n\n```\n%s\n```\n\n", c->name, c->summary, usage_of(a, c));
    markdown_flags(a, c->options, out);
    if (c->notes != NULL)
        fprintf(out, "%s\n\n", c->notes);
    fprintf(out, "```sh\n%s\n%s\n```\n\n", c->examples[0], c->examples[1]);
}

void help_markdown(struct arena *a, FILE *out)
{
    const char *section = NULL;

    fputs(
        "# Commands\n\nMade by `recoup help --markdown` from the table that the program itself "
        "reads; a test\nsays when it is not current.\n\n## Flags of every command\n\n",
        out);
    markdown_flags(a, global_options, out);
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (!text_equal(section, commands[i]->section))
            fprintf(out, "## %s\n\n", section = commands[i]->section);
        markdown_command(a, commands[i], out);
    }
    fputs("## Exit codes\n\n| Code | Name | When |\n|---|---|---|\n", out);
#define X(code, number, name, meaning)                                                         \
    fprintf(out, "| %d | %s | %s |\n", number, name, meaning);
    EXITS(X)
#undef X
    for (const struct topic *t = help_topics; t->name != NULL; t++) {
        if (!text_equal(t->name, "exit-codes"))
            fprintf(out, "\n## %s\n\n```\n%s```\n", t->name, t->text);
    }
}
