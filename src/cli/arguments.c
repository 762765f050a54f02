#include "cli/arguments.h"

#include "base/text.h"

#include <string.h>

struct reading {
    struct call *call;
    char *const *words;
    int count, at;
    bool flags_ended;
    const char *noun;
    bool alone; /* the noun: its list was chosen for it */
    struct fault *why;
};

const char *nearest_name(const char *typed, size_t count, const char *const names[])
{
    const char *nearest = NULL;
    size_t least = strlen(typed) / 3 + 2;

    for (size_t i = 0; i < count; i++) {
        size_t distance = text_distance(typed, names[i]);
        if (distance < least && distance < strlen(names[i])) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

/* ---- Flags ------------------------------------------------------------------------------ */

static const struct option *own_options(const struct reading *r)
{
    return r->call->command == NULL ? NULL : r->call->command->options;
}

static bool is_named(const struct option *o, const char *name, size_t length)
{
    return (strlen(o->name) == length && strncmp(o->name, name, length) == 0) ||
           (o->alias != NULL && strlen(o->alias) == length &&
            strncmp(o->alias, name, length) == 0);
}

/* The row of a flag and where its value goes; those of the command come first. */
static const struct option *find_option(struct reading *r, const char *name, size_t length,
                                        char letter, struct given **given)
{
    const struct option *lists[2] = { own_options(r), global_options };
    struct given *values[2] = { r->call->given, r->call->global };

    for (size_t list = 0; list < 2; list++) {
        for (size_t i = 0; i < option_count(lists[list]); i++) {
            const struct option *o = &lists[list][i];
            if (letter != 0 ? o->letter == letter : is_named(o, name, length)) {
                *given = &values[list][i];
                return o;
            }
        }
    }
    return NULL;
}

static bool fail_unknown_flag(struct reading *r, const char *typed)
{
    const struct option *lists[2] = { own_options(r), global_options };
    const char *names[OPTIONS_MOST + GLOBAL_COUNT], *near = NULL;
    size_t count = 0, length = strcspn(typed, "=");

    for (size_t list = 0; list < 2; list++) {
        for (size_t i = 0; i < option_count(lists[list]); i++) {
            if (lists[list][i].help != NULL)
                names[count++] = lists[list][i].name;
        }
    }
    if (text_starts(typed, "--"))
        near = nearest_name(arena_copy_n(r->call->arena, typed + 2, length - 2), count, names);
    fail(r->why, BAD_USAGE, "\"recoup%s%s\" has no flag %.*s.",
         r->call->command == NULL ? "" : " ",
         r->call->command == NULL ? "" : r->call->command->name, (int)length, typed);
    if (near != NULL)
        return fault_hint(r->why, "Did you mean:  --%s", near);
    return fault_hint(r->why, "recoup%s%s --help", r->call->command == NULL ? "" : " ",
                      r->call->command == NULL ? "" : r->call->command->name);
}

static bool take_value(struct reading *r, const struct option *o, struct given *given,
                       const char *text)
{
    *given = (struct given){ .is = true, .text = text };
    switch (o->kind) {
    case OPTION_INT:
        if (text_to_int(text, &given->number) && given->number >= 0)
            return true;
        return fail(r->why, BAD_USAGE, "--%s takes a whole number, and \"%s\" is none.",
                    o->name, text);
    case OPTION_CHANNEL:
        if (channel_parse(text, &given->channel))
            return true;
        fail(r->why, BAD_USAGE, "--%s takes a channel, and there is none called \"%s\".",
             o->name, text);
        return fault_hint(r->why, "email, sms, call, letter or portal");
    case OPTION_END:
    case OPTION_FLAG:
    case OPTION_TEXT:
    case OPTION_INSTANT:
    case OPTION_DAY:
    case OPTION_MONEY:
        return true;
    }
    return true;
}

static bool fail_value(struct reading *r, const struct option *o)
{
    return fail(r->why, BAD_USAGE, "--%s needs a value: --%s %s.", o->name, o->name, o->value);
}

/* --name, --name=value, --name value. */
static bool read_long_flag(struct reading *r, const char *word)
{
    const char *name = word + 2, *equals = strchr(name, '=');
    size_t length = equals == NULL ? strlen(name) : (size_t)(equals - name);
    struct given *given;
    const struct option *o = find_option(r, name, length, 0, &given);

    if (o == NULL)
        return fail_unknown_flag(r, word);
    if (o->kind == OPTION_FLAG) {
        if (equals != NULL)
            return fail(r->why, BAD_USAGE, "--%s takes no value.", o->name);
        given->is = true;
        return true;
    }
    if (equals != NULL)
        return take_value(r, o, given, equals + 1);
    if (r->at >= r->count || text_starts(r->words[r->at], "--"))
        return fail_value(r, o);
    return take_value(r, o, given, r->words[r->at++]);
}

/* -n, -nq, -o FILE, -oFILE. */
static bool read_short_flags(struct reading *r, const char *word)
{
    for (const char *at = word + 1; *at != '\0'; at++) {
        struct given *given;
        const struct option *o = find_option(r, NULL, 0, *at, &given);
        if (o == NULL)
            return fail_unknown_flag(r, word);
        if (o->kind != OPTION_FLAG) {
            if (at[1] != '\0')
                return take_value(r, o, given, at + 1);
            return r->at < r->count ? take_value(r, o, given, r->words[r->at++])
                                    : fail_value(r, o);
        }
        given->is = true;
    }
    return true;
}

/* ---- The command ------------------------------------------------------------------------ */

static bool fail_unknown_command(struct reading *r, const char *word)
{
    const char *names[128], *near;
    size_t count = 0;

    for (size_t i = 0; commands[i] != NULL && count < COUNT(names); i++) {
        const char *name = commands[i]->name;
        names[count++] = arena_copy_n(r->call->arena, name, strcspn(name, " "));
    }
    near = nearest_name(word, count, names);
    fail(r->why, BAD_USAGE, "There is no command \"%s\".", word);
    if (near != NULL)
        return fault_hint(r->why, "Did you mean:  recoup %s", near);
    return fault_hint(r->why, "recoup --help");
}

static bool fail_unknown_verb(struct reading *r, const char *word)
{
    const char *names[32], *near;
    size_t count = 0, length = strlen(r->noun);

    for (size_t i = 0; commands[i] != NULL && count < COUNT(names); i++) {
        if (strncmp(commands[i]->name, r->noun, length) == 0 &&
            commands[i]->name[length] == ' ')
            names[count++] = commands[i]->name + length + 1;
    }
    near = nearest_name(word, count, names);
    fail(r->why, BAD_USAGE, "\"recoup %s\" has no verb \"%s\".", r->noun, word);
    if (near != NULL)
        return fault_hint(r->why, "Did you mean:  recoup %s %s", r->noun, near);
    return fault_hint(r->why, "recoup %s with one of: %s", r->noun,
                      command_verbs(r->call->arena, r->noun));
}

/* Is this word one of the command's own flags, or does it ask for help? */
static bool is_flag_of(const struct command *c, const char *word)
{
    if (text_equal(word, "-h") || text_equal(word, "--help"))
        return true;
    for (size_t i = 0; text_starts(word, "--") && i < option_count(c->options); i++) {
        if (is_named(&c->options[i], word + 2, strcspn(word + 2, "=")))
            return true;
    }
    return false;
}

/* "promise A-1 --amount 5" is the command called promise; "promise --json" is its list. */
static bool is_for_noun_itself(const struct reading *r, const struct command *itself)
{
    bool is =
        r->call->global[GLOBAL_HELP].is || (r->at < r->count && r->words[r->at][0] != '-');

    for (int i = r->at; i < r->count && !is; i++)
        is = is_flag_of(itself, r->words[i]);
    return is;
}

/* The first word; with the second it names the command. */
static bool read_noun(struct reading *r, const char *word)
{
    struct call *call = r->call;
    const char *next = r->at < r->count ? r->words[r->at] : NULL;

    if (!command_has_noun(word))
        return fail_unknown_command(r, word);
    r->noun = word;
    if (next != NULL && next[0] != '-')
        call->command = command_find(word, next);
    if (call->command != NULL) {
        r->at++;
        return true;
    }
    const struct command *itself = command_find(word, NULL);
    call->command = command_default(word);
    if (itself != NULL && is_for_noun_itself(r, itself))
        call->command = itself;
    r->alone = call->command != itself;
    if (call->command != NULL && call->command->targets_most == 0 && next != NULL &&
        next[0] != '-' && strchr(call->command->name, ' ') != NULL)
        return fail_unknown_verb(r, next);
    if (call->command == NULL && next != NULL && next[0] != '-')
        return fail_unknown_verb(r, next);
    return true;
}

static bool read_target(struct reading *r, const char *word)
{
    struct call *call = r->call;

    if (call->command == NULL) {
        if (r->noun == NULL)
            return read_noun(r, word);
        return fail_unknown_verb(r, word);
    }
    if (call->target_count >= call->command->targets_most) {
        fail(r->why, BAD_USAGE, "\"recoup %s\" has no use for \"%s\".", call->command->name,
             word);
        return fault_hint(r->why, "recoup %s --help", call->command->name);
    }
    *arena_push(call->arena, call->targets, call->target_count, call->target_room) = word;
    return true;
}

static bool read_word(struct reading *r, const char *word)
{
    if (!r->flags_ended && text_equal(word, "--")) {
        r->flags_ended = true;
        return true;
    }
    if (r->flags_ended || word[0] != '-' || word[1] == '\0')
        return read_target(r, word);
    return word[1] == '-' ? read_long_flag(r, word) : read_short_flags(r, word);
}

/* ---- What must be there ----------------------------------------------------------------- */

static bool targets_are_there(struct reading *r)
{
    const struct command *c = r->call->command;

    if (r->call->target_count >= c->targets_least)
        return true;
    fail(r->why, BAD_USAGE, "\"recoup %s\" needs %s.", c->name, c->target);
    return fault_hint(r->why, "%s", c->examples[0]);
}

static bool needed_flags_are_there(struct reading *r)
{
    const struct command *c = r->call->command;

    for (size_t i = 0; i < option_count(c->options); i++) {
        const struct option *o = &c->options[i];
        if (!o->needed || r->call->given[i].is)
            continue;
        fail(r->why, BAD_USAGE, "--%s is needed.", o->name);
        return fault_hint(r->why, "add --%s %s, as in:  %s", o->name, o->value, c->examples[0]);
    }
    return true;
}

static bool formats_are_known(struct reading *r)
{
    const struct given *global = r->call->global;
    const struct command *c = r->call->command;

    if (global[GLOBAL_JSON].is + global[GLOBAL_CSV].is + global[GLOBAL_PLAIN].is > 1)
        return fail(r->why, BAD_USAGE, "--json, --csv and --plain exclude each other.");
    if (global[GLOBAL_JSON].is && (c->traits & ANSWERS_JSON) == 0)
        return fail(r->why, BAD_USAGE, "\"recoup %s\" does not answer in JSON.", c->name);
    if ((global[GLOBAL_CSV].is || global[GLOBAL_PLAIN].is) && (c->traits & ANSWERS_ROWS) == 0)
        return fail(r->why, BAD_USAGE, "\"recoup %s\" does not answer in rows.", c->name);
    /* Never let somebody believe in a dry run that was a real one. */
    if (global[GLOBAL_DRY_RUN].is && (c->traits & (ACTS | DRY_RUNS)) == ACTS)
        return fail(r->why, BAD_USAGE, "\"recoup %s\" has no dry run.", c->name);
    return true;
}

bool arguments_read(int count, char *const words[], struct call *call, const char **noun,
                    struct fault *why)
{
    struct reading r = { .call = call, .words = words, .count = count, .at = 1, .why = why };

    while (r.at < r.count) {
        const char *word = r.words[r.at++];
        if (!text_is_utf8(word, strlen(word), NULL))
            return fail(why, BAD_USAGE, "An argument is not text in UTF-8.");
        if (!read_word(&r, word))
            return false;
    }
    *noun = r.noun;
    if (call->global[GLOBAL_HELP].is && r.alone)
        call->command = NULL; /* help about the noun */
    if (call->global[GLOBAL_HELP].is || call->global[GLOBAL_VERSION].is || r.noun == NULL)
        return true;
    if (call->command == NULL) {
        fail(why, BAD_USAGE, "\"recoup %s\" needs a verb.", r.noun);
        return fault_hint(why, "recoup %s with one of: %s", r.noun,
                          command_verbs(call->arena, r.noun));
    }
    return targets_are_there(&r) && needed_flags_are_there(&r) && formats_are_known(&r);
}
