#include "cli/call.h"

#include "base/text.h"
#include "flow/book.h"
#include "flow/typed.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* ---- Zone and moment -------------------------------------------------------------------- */

static bool zone_of_book(const struct call *call, const char **name, struct fault *why)
{
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);

    *name = NULL;
    /* No book, no zone of a book: the command itself will say so if it needs one. */
    if (s == NULL)
        return why->code == NOT_FOUND;
    bool done = book_setting(s, call->arena, "zone", name, why);
    store_close(s);
    return done;
}

bool call_zone(const struct call *call, const struct zone **out, struct fault *why)
{
    const char *name = call->settings.zone.value;

    if (name == NULL && !zone_of_book(call, &name, why))
        return false;
    *out = zone_find(name == NULL ? "UTC" : name);
    if (*out != NULL)
        return true;
    fail(why, BAD_VALUE, "There is no time zone \"%s\" (from %s).", name,
         call->settings.zone.value == NULL ? "the book" : call->settings.zone.source);
    return fault_hint(why, "a name such as America/New_York");
}

static struct instant clock_now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_REALTIME, &at);
    return (struct instant){ (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000 };
}

static bool instant_typed(const struct call *call, const char *flag, const char *text,
                          struct instant *out, struct fault *why)
{
    const struct zone *zone;
    struct day day;

    if (instant_parse(text, out))
        return true;
    if (day_parse(text, &day)) {
        if (!call_zone(call, &zone, why))
            return false;
        *out = instant_of_wall((struct wall){ day, SECONDS_A_DAY / 2 }, zone);
        return true;
    }
    fail(why, BAD_USAGE, "--%s takes a moment with its zone, and \"%s\" is none.", flag, text);
    return fault_hint(why, "--%s 2026-11-20T09:00:00-06:00, or a date alone for its noon",
                      flag);
}

bool call_now(const struct call *call, struct instant *out, struct fault *why)
{
    const struct given *given = &call->global[GLOBAL_NOW];

    if (!given->is || text_equal(given->text, "now")) {
        *out = clock_now();
        return true;
    }
    return instant_typed(call, "now", given->text, out, why);
}

bool call_today(const struct call *call, struct day *out, struct fault *why)
{
    const struct zone *zone;
    struct instant now;

    if (!call_now(call, &now, why) || !call_zone(call, &zone, why))
        return false;
    *out = wall_at(now, zone).day;
    return true;
}

/* ---- Typed values ----------------------------------------------------------------------- */

bool call_day(const struct call *call, size_t place, struct day otherwise, struct day *out,
              struct fault *why)
{
    const struct given *given = &call->given[place];
    const struct zone *zone;
    struct instant now;

    *out = otherwise;
    if (!given->is)
        return true;
    if (!call_now(call, &now, why) || !call_zone(call, &zone, why))
        return false;
    if (typed_day(given->text, wall_at(now, zone).day, out))
        return true;
    fail(why, BAD_USAGE, "--%s takes a day, and \"%s\" is none.",
         call->command->options[place].name, given->text);
    return fault_hint(why, "2026-11-20, today, tomorrow, +7d or next fri");
}

bool call_instant(const struct call *call, size_t place, struct instant otherwise,
                  struct instant *out, struct fault *why)
{
    const struct given *given = &call->given[place];

    *out = otherwise;
    if (!given->is)
        return true;
    if (text_equal(given->text, "now"))
        return call_now(call, out, why);
    return instant_typed(call, call->command->options[place].name, given->text, out, why);
}

bool money_typed(const char *flag, const char *text, enum currency usual, struct money *out,
                 struct fault *why)
{
    const char *number = text;
    struct fault inner;
    char code[4] = "";

    if (strlen(text) > 4 && text[3] == ' ') {
        memcpy(code, text, 3);
        code[3] = '\0';
        usual = currency_parse(code);
        number = text + 4;
    }
    if (usual == CURRENCY_NONE && code[0] == '\0') {
        fail(why, BAD_USAGE, "The account has debts in several currencies.");
        return fault_hint(why, "say which, as in --%s \"USD %s\"", flag, number);
    }
    if (usual == CURRENCY_NONE)
        return fail(why, BAD_USAGE, "There is no currency \"%s\".", code);
    if (!money_parse(number, '.', ',', usual, out, &inner))
        return fail(why, BAD_USAGE, "--%s: %s.", flag, inner.text);
    if (out->minor > 0)
        return true;
    return fail(why, BAD_USAGE, "--%s must be more than nothing.", flag);
}

bool call_money(const struct call *call, size_t place, enum currency usual, struct money *out,
                struct fault *why)
{
    return money_typed(call->command->options[place].name, call->given[place].text, usual, out,
                       why);
}

const char *call_text(const struct call *call, size_t place)
{
    return call->given[place].text;
}

int64_t call_int(const struct call *call, size_t place, int64_t otherwise)
{
    return call->given[place].is ? call->given[place].number : otherwise;
}

/* ---- The conversation ------------------------------------------------------------------- */

void call_tell(const struct call *call, const char *format, ...)
{
    va_list args;

    if (call->quiet)
        return;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
}

bool call_agree(const struct call *call, const char *question, bool *yes, struct fault *why)
{
    char answer[16] = "";

    *yes = call->global[GLOBAL_YES].is;
    if (*yes)
        return true;
    if (call->global[GLOBAL_NO_INPUT].is || !isatty(STDIN_FILENO)) {
        fail(why, BAD_USAGE, "--yes is needed: %s", question);
        return fault_hint(why, "add --yes, or run in a terminal to be asked");
    }
    fprintf(stderr, "%s [y/N] ", question);
    if (fgets(answer, sizeof answer, stdin) != NULL)
        *yes = answer[0] == 'y' || answer[0] == 'Y';
    return true;
}

FILE *rows_begin(const struct call *call, struct rows *rows)
{
    bool rows_only = call->format == FORMAT_CSV || call->format == FORMAT_PLAIN;

    *rows = (struct rows){ .out = call->out };
    if (call->global[GLOBAL_NO_HEADER].is && rows_only)
        rows->out = open_memstream(&rows->bytes, &rows->length);
    must(rows->out != NULL);
    return rows->out;
}

void rows_end(const struct call *call, struct rows *rows)
{
    if (rows->out == call->out)
        return;
    fclose(rows->out);
    const char *second = memchr(rows->bytes, '\n', rows->length);
    if (second != NULL)
        fwrite(second + 1, 1, rows->length - (size_t)(second + 1 - rows->bytes), call->out);
    free(rows->bytes);
}

void call_print_sheet(const struct call *call, const struct sheet *sheet)
{
    struct rows rows;

    sheet_print(sheet, call->format, call->colour, rows_begin(call, &rows));
    rows_end(call, &rows);
}

const char *sign_of(const struct call *call, enum sign sign)
{
    static const struct {
        const char *sign, *ascii, *colour;
    } signs[] = {
        [SIGN_DONE] = { "✓", "ok", "32" },  [SIGN_WRONG] = { "✗", "x", "31" },
        [SIGN_LOOK] = { "!", "!", "33" },   [SIGN_HELD] = { "‖", "=", "35" },
        [SIGN_SKIPPED] = { "·", "-", "2" },
    };
    const char *plain = call->ascii ? signs[sign].ascii : signs[sign].sign;

    if (!call->colour)
        return plain;
    return arena_print(call->arena, "\033[%sm%s\033[0m", signs[sign].colour, plain);
}

/* ---- Shown values ----------------------------------------------------------------------- */

const char *show_day(struct arena *a, struct day day)
{
    struct date date = date_of_day(day);

    if (day.number == DAY_NEVER.number)
        return "never";
    return arena_print(a, "%s, %s %d, %d", weekdays[weekday_of(day)], months[date.month - 1],
                       date.day, date.year);
}

const char *show_instant(struct arena *a, struct instant at, const struct zone *zone)
{
    if (at.us == INSTANT_NEVER.us)
        return "never";
    struct wall wall = wall_at(at, zone);
    return arena_print(a, "%s, %02d:%02d", show_day(a, wall.day), wall.second / 3600,
                       wall.second / 60 % 60);
}

const char *show_count(struct arena *a, int64_t count)
{
    char plain[24], *out = arena_alloc(a, 32);
    size_t length = (size_t)snprintf(plain, sizeof plain, "%" PRId64, count), at = 0;

    for (size_t i = 0; i < length; i++) {
        out[at++] = plain[i];
        if ((length - i - 1) % 3 == 0 && i + 1 < length && plain[i] != '-')
            out[at++] = ',';
    }
    return out;
}

const char *show_money(struct arena *a, struct money money)
{
    char text[MONEY_TEXT];

    return arena_copy(a, money_show(money, text));
}

const char *show_many(struct arena *a, int64_t count, const char *one, const char *many)
{
    return arena_print(a, "%s %s", show_count(a, count), count == 1 ? one : many);
}

void hide_password(char *text)
{
    char *begin = strstr(text, "://");
    size_t length = begin == NULL ? 0 : strcspn(begin + 3, "/\" ");
    char *end = begin == NULL ? NULL : memrchr(begin + 3, '@', length);
    char *colon = end == NULL ? NULL : memchr(begin + 3, ':', (size_t)(end - begin - 3));

    if (colon == NULL || end - colon < 4)
        return;
    memcpy(colon + 1, "***", 3);
    memmove(colon + 4, end, strlen(end) + 1);
}

const char *show_book(const struct call *call)
{
    char *url = arena_copy(call->arena, call->settings.db.value);

    hide_password(url);
    return url;
}

/* ---- Being stopped ---------------------------------------------------------------------- */

static bool stop_wanted;
static volatile sig_atomic_t stop_signal;

static void on_stop(int signal_number)
{
    if (stop_signal != 0)
        _exit(128 + signal_number);
    stop_signal = 1;
    stop_wanted = true;
}

const bool *call_stop_flag(void)
{
    struct sigaction action = { .sa_handler = on_stop };

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &stop_wanted;
}

const volatile sig_atomic_t *call_stop_signal(void)
{
    (void)call_stop_flag();
    return &stop_signal;
}
