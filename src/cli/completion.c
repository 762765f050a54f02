/* help and completion: commands about the commands. */
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/help.h"

#include <string.h>

enum { HELP_MARKDOWN, HELP_ROUTES };

static const struct option help_options[] = {
    [HELP_MARKDOWN] = { OPTION_FLAG, "markdown", NULL, NULL, NULL, false, 0, NULL },
    [HELP_ROUTES] = { OPTION_FLAG, "routes", NULL, NULL, NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static bool fail_no_topic(const char *typed, struct fault *why)
{
    const char *names[16];
    size_t count = 0;

    for (const struct topic *t = help_topics; t->name != NULL; t++)
        names[count++] = t->name;
    const char *near = nearest_name(typed, count, names);
    fail(why, NOT_FOUND, "There is no command and no topic \"%s\".", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  recoup help %s", near);
    return fault_hint(why, "recoup --help");
}

static bool run_help(struct call *call, struct fault *why)
{
    const char *noun = call->target_count > 0 ? call->targets[0] : NULL;
    const char *verb = call->target_count > 1 ? call->targets[1] : NULL;

    if (call->given[HELP_MARKDOWN].is) {
        help_markdown(call->arena, call->out);
        return true;
    }
    if (call->given[HELP_ROUTES].is) {
        struct text routes = { 0 };
        call->neighbours->routes(&routes);
        fputs(text_of(&routes), call->out);
        text_free(&routes);
        return true;
    }
    for (const struct topic *t = help_topics; noun != NULL && t->name != NULL; t++) {
        if (text_equal(t->name, noun)) {
            fputs(t->text, call->out);
            return true;
        }
    }
    const struct command *c = noun == NULL ? NULL : command_find(noun, verb);
    if (c != NULL)
        help_command(call->arena, c, call->out);
    else if (noun == NULL || (command_has_noun(noun) && verb == NULL))
        help_noun(call->arena, noun, call->out);
    else
        return fail_no_topic(verb != NULL ? verb : noun, why);
    return true;
}

const struct command command_help = {
    .name = "help",
    .section = "Keeping it well",
    .summary = "Explain a command or a topic.",
    .examples = { "recoup help hold place", "recoup help exit-codes" },
    .target = "COMMAND|TOPIC",
    .targets_most = 2,
    .options = help_options,
    .run = run_help,
};

/* ---- Completion ------------------------------------------------------------------------- */

static void print_words(const struct call *call, const char *of)
{
    const char *before = "";

    for (size_t i = 0; commands[i] != NULL; i++) {
        size_t length = strcspn(commands[i]->name, " ");
        const char *noun = arena_copy_n(call->arena, commands[i]->name, length);
        if (of == NULL && !text_equal(noun, before))
            fprintf(call->out, "%s ", noun);
        if (of != NULL && text_equal(noun, of) && commands[i]->name[length] == ' ')
            fprintf(call->out, "%s ", commands[i]->name + length + 1);
        before = noun;
    }
}

static void print_flag_words(const struct call *call, const struct option *options)
{
    for (size_t i = 0; i < option_count(options); i++) {
        if (options[i].help != NULL)
            fprintf(call->out, "--%s ", options[i].name);
    }
}

/* One case per command, so that a shell needs no run of the program to complete a word. */
static void print_cases(const struct call *call)
{
    const char *before = "";

    fputs("  case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n", call->out);
    for (size_t i = 0; commands[i] != NULL; i++) {
        fprintf(call->out, "    '%s'*) own='", commands[i]->name);
        print_flag_words(call, commands[i]->options);
        fputs("' ;;\n", call->out);
    }
    fputs("  esac\n  case \"$COMP_CWORD ${COMP_WORDS[1]}\" in\n    '1 '*) words='", call->out);
    print_words(call, NULL);
    fputs("' ;;\n", call->out);
    for (size_t i = 0; commands[i] != NULL; i++) {
        size_t length = strcspn(commands[i]->name, " ");
        const char *noun = arena_copy_n(call->arena, commands[i]->name, length);
        if (commands[i]->name[length] == ' ' && !text_equal(noun, before)) {
            fprintf(call->out, "    '2 %s') words='", noun);
            print_words(call, noun);
            fputs("' ;;\n", call->out);
        }
        before = noun;
    }
    fputs("  esac\n", call->out);
}

static bool run_completion(struct call *call, struct fault *why)
{
    if (!text_equal(call->targets[0], "bash")) {
        fail(why, BAD_USAGE, "There is no completion for \"%s\".", call->targets[0]);
        return fault_hint(why, "recoup completion bash");
    }
    fputs("# recoup in bash:  recoup completion bash > ~/.local/share/bash-completion/"
          "completions/recoup\n"
          "_recoup() {\n"
          "  local word=\"${COMP_WORDS[COMP_CWORD]}\" own='' words=''\n",
          call->out);
    print_cases(call);
    fputs("  if [[ $word == -* ]]; then\n    words=\"$own", call->out);
    print_flag_words(call, global_options);
    fputs("\"\n  fi\n"
          "  if [[ -n $words ]]; then\n"
          "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
          "  else\n"
          "    mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
          "  fi\n"
          "}\n"
          "complete -F _recoup recoup\n",
          call->out);
    return true;
}

const struct command command_completion = {
    .name = "completion",
    .section = "Keeping it well",
    .summary = "Print what a shell needs to complete commands and flags.",
    .examples = { "recoup completion bash > ~/.local/share/bash-completion/completions/recoup",
                  "source <(recoup completion bash)" },
    .target = "bash",
    .targets_least = 1,
    .targets_most = 1,
    .run = run_completion,
};
