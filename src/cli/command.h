/*
 * Command: what the program can be asked, as one table. The reader of arguments, the help, the
 * manual docs/commands.md and the completion of shells all read the same rows, so that none of
 * them can say what another does not.
 *
 * A command is a noun and a verb ("hold place") or a verb that stands alone ("run"). It has at
 * most one kind of target. What it prints to call->out is the answer; what it tells on the way
 * goes to standard error, through call_tell. It fails by a fault, which the edge (cli/edge.h)
 * turns into an exit code once; a check that worked and found something sets call->exit.
 *
 * Names of commands and flags are API: tests hold them.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "domain/contact.h"
#include "flow/settings.h"
#include "flow/table.h"

#include <signal.h>
#include <stdio.h>

/* Names and meanings are API (docs/commands.md). */
#define EXITS(X)                                                                               \
    X(EXIT_DONE, 0, "done", "it worked, including \"nothing to do\"")                          \
    X(EXIT_FAILED, 1, "failed", "something went wrong that no other code names")               \
    X(EXIT_USAGE, 2, "usage", "wrong flag, missing argument, unreadable value")                \
    X(EXIT_NOT_FOUND, 3, "not-found", "no such account, book, strategy or file")               \
    X(EXIT_NOT_PERMITTED, 4, "not-permitted", "you may not do this")                           \
    X(EXIT_BAD_DATA, 5, "bad-data", "a file breaks its format; the place is named")            \
    X(EXIT_RULE_BLOCKED, 6, "rule-blocked", "the rules said no; nothing was done")             \
    X(EXIT_CONFLICT, 7, "conflict",                                                            \
      "there already, and different; or made by a newer program")                              \
    X(EXIT_FINDINGS, 8, "findings", "the check finished and found something")                  \
    X(EXIT_PARTLY, 9, "partly", "some rows were taken and some were not")                      \
    X(EXIT_TRY_LATER, 10, "try-later", "busy; safe to say again")                              \
    X(EXIT_DECLINED, 11, "declined", "you said no")                                            \
    X(EXIT_INTERRUPTED, 130, "interrupted", "Ctrl-C")

enum exit_code {
#define X(code, number, name, meaning) code = number,
    EXITS(X)
#undef X
};

enum option_kind {
    OPTION_END, /* the last row of every list */
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_INT,     /* zero or more                                                        */
    OPTION_INSTANT, /* read by call_instant: RFC 3339, or a date, or "now"                 */
    OPTION_DAY,     /* read by call_day: a date, "today", "+7d", "next fri"                */
    OPTION_MONEY,   /* read by call_money, once the currency of the account is known       */
    OPTION_CHANNEL,
};

struct option {
    enum option_kind kind;
    const char *name;  /* without the dashes                                   */
    const char *value; /* what the help calls its value: "MONEY"; NULL: a flag */
    const char *help;  /* NULL: not shown                                      */
    const char *group; /* the heading it stands under; NULL: as the row before */
    bool needed;
    char letter;       /* -o; 0: none                                          */
    const char *alias; /* another name for it; NULL: none                      */
};

/* The flags that every command takes, before or after its name. */
#define GLOBALS(X)                                                                             \
    X(GLOBAL_HELP)                                                                             \
    X(GLOBAL_VERSION)                                                                          \
    X(GLOBAL_DB)                                                                               \
    X(GLOBAL_CONFIG)                                                                           \
    X(GLOBAL_NOW)                                                                              \
    X(GLOBAL_TZ)                                                                               \
    X(GLOBAL_FILES)                                                                            \
    X(GLOBAL_JSON)                                                                             \
    X(GLOBAL_CSV) X(GLOBAL_PLAIN) X(GLOBAL_NO_HEADER) X(GLOBAL_OUTPUT) X(GLOBAL_LIMIT)         \
        X(GLOBAL_DRY_RUN) X(GLOBAL_YES) X(GLOBAL_NO_INPUT) X(GLOBAL_CONFIRM) X(GLOBAL_KEY)     \
            X(GLOBAL_QUIET) X(GLOBAL_DEBUG) X(GLOBAL_NO_COLOR) X(GLOBAL_ASCII)
#define X(code) code,
enum global { GLOBALS(X) GLOBAL_COUNT };
#undef X
extern const struct option global_options[]; /* in the order of enum global */

struct given {
    bool is; /* the flag was there */
    const char *text;
    int64_t number;       /* OPTION_INT     */
    enum channel channel; /* OPTION_CHANNEL */
};

enum { OPTIONS_MOST = 24 };

/* What the pages need to know to be served; as in web/web.h. */
struct serving {
    const char *url;    /* of the book */
    const struct settings *settings;
    const char *listen; /* "127.0.0.1:8080"; NULL: that one */
    const char *tls_cert, *tls_key, *trusted_proxies, *metrics_token, *log;
    int workers, drain_seconds;
    bool plain, read_only;
    const volatile sig_atomic_t *hangups;
    bool clock_stands;
    struct instant now;
    const bool *stop; /* becomes true when they should end */
    void (*ready)(void *self, const char *address);
    void *self;
};

/* Edges do not know each other: main introduces them. */
struct neighbours {
    bool (*serve)(const struct serving *serving, struct fault *why);
};

struct command;

/* One run of one command. */
struct call {
    const struct command *command;
    const struct neighbours *neighbours;
    struct arena *arena;
    struct given given[OPTIONS_MOST]; /* by place in command->options */
    struct given global[GLOBAL_COUNT];
    size_t target_count, target_room;
    const char **targets;
    struct settings settings;
    enum table_format format;
    bool terminal; /* the answer goes to one     */
    bool colour, ascii, quiet;
    int64_t limit; /* 0: all                     */
    FILE *out;     /* the answer                 */
    enum exit_code exit;
};

enum command_trait {
    ANSWERS_JSON = 1, /* --json                                              */
    ANSWERS_ROWS = 2, /* --csv and --plain; plain by itself when piped       */
    ACTS = 4,         /* changes something                                   */
    DRY_RUNS = 8,     /* and can show what it would change                   */
    IS_DEFAULT = 16,  /* runs when its noun stands alone                     */
};

struct command {
    const char *name;
    const char *section; /* heading in the list of commands */
    const char *summary; /* one sentence                    */
    const char *examples[2];
    const char *target; /* "ACCOUNT", "FILE"; NULL: none   */
    size_t targets_least, targets_most;
    const struct option *options; /* NULL: none of its own  */
    unsigned traits;
    const char *notes; /* how to undo, which rules apply; may be NULL */
    bool (*run)(struct call *call, struct fault *why);
};

/* Every command, in the order of the help; NULL after the last. */
extern const struct command *const commands[];

/* "hold place"; NULL when there is none. `verb` may be NULL. */
const struct command *command_find(const char *noun, const char *verb);
/* The command that runs when a noun stands alone; NULL when it needs a verb. */
const struct command *command_default(const char *noun);
bool command_has_noun(const char *noun);
/* "place, lift": the verbs of a noun. */
const char *command_verbs(struct arena *a, const char *noun);
size_t option_count(const struct option *options);

#endif
