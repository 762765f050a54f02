#include "cli/edge.h"

#include "base/files.h"
#include "base/json.h"
#include "cli/answer.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/help.h"
#include "flow/house_key.h"

#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- Faults become words and codes ------------------------------------------------------ */

enum exit_code exit_code_of(enum fault_code code)
{
    switch (code) {
    case BAD_VALUE:
    case BAD_USAGE:
        return EXIT_USAGE;
    case BAD_FILE:
    case TOO_MANY_REJECTS:
    case BAD_PACK:
        return EXIT_BAD_DATA;
    case NOT_FOUND:
        return EXIT_NOT_FOUND;
    case NOT_ALLOWED:
        return EXIT_NOT_PERMITTED;
    case CONFLICT:
    case DB_VERSION:
        return EXIT_CONFLICT;
    case DB_BUSY:
    case PROVIDER_BUSY:
        return EXIT_TRY_LATER;
    case INTERRUPTED:
        return EXIT_INTERRUPTED;
    case FAULT_NONE:
    case DB_ROW:
    case DB_FAILED:
    case SYSTEM:
    case PROVIDER_REFUSED:
    case PROVIDER_SILENT:
        return EXIT_FAILED;
    }
    return EXIT_FAILED;
}

static const char guess[] = "Did you mean:  ";

/* "There is no …" reads better after "Error: " in lower case; names keep their capitals. */
static void print_sentence(const char *text)
{
    size_t length = strcspn(text, " ");
    bool plain_word = isupper((unsigned char)text[0]) && length < strlen(text);

    for (size_t i = 1; i < length; i++)
        plain_word = plain_word && islower((unsigned char)text[i]);
    fprintf(stderr, "Error: %c%s\n", plain_word ? tolower((unsigned char)text[0]) : text[0],
            text + 1);
}

static void print_fault(const struct fault *why, bool debug)
{
    print_sentence(why->text);
    if (strncmp(why->hint, guess, strlen(guess)) == 0)
        fprintf(stderr, "  %s\n", why->hint);
    else if (why->hint[0] != '\0')
        fprintf(stderr, "  Try: %s\n", why->hint);
    if (debug)
        fprintf(stderr, "  Code: %s, raised at %s\n", fault_name_of(why->code), why->where);
}

static void print_fault_json(const struct fault *why)
{
    struct text out = { 0 };
    struct json_writer w = { &out, false };
    const char *hint = why->hint;

    if (strncmp(hint, guess, strlen(guess)) == 0)
        hint += strlen(guess);
    json_open(&w, '{');
    json_key(&w, "error");
    json_open(&w, '{');
    json_text_at(&w, "code", fault_name_of(why->code));
    json_int_at(&w, "exit", exit_code_of(why->code));
    json_text_at(&w, "message", why->text);
    json_key(&w, "hint");
    json_open(&w, '[');
    if (hint[0] != '\0')
        json_text(&w, hint);
    json_close(&w, ']');
    json_close(&w, '}');
    json_close(&w, '}');
    printf("%s\n", text_of(&out));
    text_free(&out);
}

static int end_with_fault(const struct call *call, bool json, struct fault *why)
{
    hide_password(why->text);
    hide_password(why->hint);
    if (json)
        print_fault_json(why);
    else
        print_fault(why, call->global[GLOBAL_DEBUG].is);
    fflush(stdout);
    return exit_code_of(why->code);
}

/* ---- Before a command ------------------------------------------------------------------- */

/* A closed standard stream would otherwise be given to the first file that is opened: the book.
 */
static void keep_standard_streams(void)
{
    for (int stream = 0; stream <= 2; stream++) {
        if (fcntl(stream, F_GETFD) == -1 && open("/dev/null", O_RDONLY) != stream)
            _exit(EXIT_FAILED);
    }
}

static void on_interrupt(int signal_number)
{
    static const char said[] = "\nInterrupted. What was committed is kept, the rest never was; "
                               "the same command goes on.\n";

    (void)signal_number;
    (void)!write(STDERR_FILENO, said, sizeof said - 1);
    _exit(EXIT_INTERRUPTED);
}

static void settle_signals(void)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct sigaction interrupt = { .sa_handler = on_interrupt };

    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
    sigaction(SIGINT, &interrupt, NULL);
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value != NULL && value[0] != '\0';
}

static bool locale_is_utf8(void)
{
    const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

    for (size_t i = 0; i < COUNT(variables); i++) {
        if (is_set(variables[i]))
            return strcasestr(getenv(variables[i]), "utf") != NULL;
    }
    return false;
}

static enum table_format format_of(const struct call *call)
{
    const char *usual = getenv("RECOUP_FORMAT");
    unsigned traits = call->command->traits;

    if (call->global[GLOBAL_JSON].is)
        return FORMAT_JSON;
    if (call->global[GLOBAL_CSV].is)
        return FORMAT_CSV;
    if (call->global[GLOBAL_PLAIN].is)
        return FORMAT_PLAIN;
    if (text_equal(usual, "json") && (traits & ANSWERS_JSON) != 0)
        return FORMAT_JSON;
    if (text_equal(usual, "plain") && (traits & ANSWERS_ROWS) != 0)
        return FORMAT_PLAIN;
    if (text_equal(usual, "table") || call->terminal || (traits & ANSWERS_ROWS) == 0)
        return FORMAT_PEOPLE;
    return FORMAT_PLAIN;
}

static void settle_manner(struct call *call)
{
    const char *term = getenv("TERM");
    bool file =
        call->global[GLOBAL_OUTPUT].is && !text_equal(call->global[GLOBAL_OUTPUT].text, "-");

    call->terminal = !file && isatty(STDOUT_FILENO);
    call->colour = (call->terminal && !text_equal(term, "dumb")) || is_set("CLICOLOR_FORCE");
    if (call->global[GLOBAL_NO_COLOR].is || is_set("NO_COLOR") || is_set("RECOUP_NO_COLOR"))
        call->colour = false;
    call->ascii = call->global[GLOBAL_ASCII].is || !locale_is_utf8();
    call->quiet = call->global[GLOBAL_QUIET].is;
    call->limit = call->terminal ? 50 : 0;
    if (call->global[GLOBAL_LIMIT].is)
        call->limit = call->global[GLOBAL_LIMIT].number;
    call->format = format_of(call);
}

static bool settle_settings(struct call *call, struct fault *why)
{
    const struct {
        enum global global;
        struct setting *setting;
        const char *source;
    } flags[] = {
        { GLOBAL_DB, &call->settings.db, "flag --db" },
        { GLOBAL_TZ, &call->settings.zone, "flag --tz" },
        { GLOBAL_FILES, &call->settings.files, "flag --files" },
    };

    if (!settings_load(call->arena, call->global[GLOBAL_CONFIG].text, &call->settings, why))
        return false;
    for (size_t i = 0; i < COUNT(flags); i++) {
        const struct given *given = &call->global[flags[i].global];
        if (given->is)
            *flags[i].setting = (struct setting){ given->text, flags[i].source };
    }
    files_override(call->settings.files.value);
    house_key_file(call->settings.key_file.value);
    return true;
}

/* ---- One command ------------------------------------------------------------------------ */

static void tell_time(const struct timespec *began)
{
    struct timespec ended;

    clock_gettime(CLOCK_MONOTONIC, &ended);
    fprintf(stderr, "took %.1f ms\n",
            (double)(ended.tv_sec - began->tv_sec) * 1e3 +
                (double)(ended.tv_nsec - began->tv_nsec) / 1e6);
}

static bool run_command(struct call *call, struct fault *why)
{
    struct answer answer;
    struct timespec began;

    clock_gettime(CLOCK_MONOTONIC, &began);
    if (!settle_settings(call, why))
        return false;
    settle_manner(call);
    if (!answer_open(&answer, call->arena, call->global[GLOBAL_OUTPUT].text, why))
        return false;
    call->out = answer.out;
    bool done = call->command->run(call, why);
    if (done)
        done = answer_close(&answer, why);
    else
        answer_drop(&answer);
    if (call->global[GLOBAL_DEBUG].is)
        tell_time(&began);
    return done;
}

static int answer_or_help(struct call *call, const char *noun, struct fault *why)
{
    struct answer standard;

    if (call->command != NULL && !call->global[GLOBAL_HELP].is &&
        !call->global[GLOBAL_VERSION].is)
        return run_command(call, why) ? (int)call->exit : -1;
    if (call->global[GLOBAL_VERSION].is)
        help_version(stdout);
    else if (call->command != NULL)
        help_command(call->arena, call->command, stdout);
    else
        help_noun(call->arena, noun, stdout);
    return answer_open(&standard, call->arena, NULL, why) && answer_close(&standard, why) ? 0
                                                                                          : -1;
}

/* Also when the words cannot be read: whoever asked for JSON gets the error as JSON. */
static bool wants_json(int count, char *const words[])
{
    for (int i = 1; i < count && strcmp(words[i], "--") != 0; i++) {
        if (strcmp(words[i], "--json") == 0)
            return true;
    }
    return false;
}

int cli_main(int count, char *const words[], const struct neighbours *neighbours)
{
    struct arena arena = { 0 };
    struct call call = { .neighbours = neighbours, .arena = &arena };
    struct fault why = { 0 };
    const char *noun = NULL;
    int code = -1;

    keep_standard_streams();
    settle_signals();
    umask(umask(0) | S_IRWXO); /* what is written speaks of people: not for everybody's eyes */
    if (arguments_read(count, words, &call, &noun, &why))
        code = answer_or_help(&call, noun, &why);
    if (code < 0)
        code =
            end_with_fault(&call, wants_json(count, words) || call.format == FORMAT_JSON, &why);
    arena_free(&arena);
    return code;
}
