/*
 * Call: what the commands share: the moment, the zone, values as people type them, and the
 * words around an answer.
 *
 * Typed days     flow/typed.h
 * Typed moments  RFC 3339 with its zone; a date alone is its noon; "now"
 * Typed money    185, 185.00, "USD 185.00"; more decimals than the currency has is refused
 */
#ifndef CLI_CALL_H
#define CLI_CALL_H

#include "cli/command.h"
#include "domain/calendar.h"
#include "domain/money.h"

#include <signal.h>

/* The zone of typed and shown dates: --tz, the setting, the book's, UTC. */
bool call_zone(const struct call *call, const struct zone **out, struct fault *why);

/* The moment of this call: --now, or the clock. */
bool call_now(const struct call *call, struct instant *out, struct fault *why);

/* The day of it in call_zone. */
bool call_today(const struct call *call, struct day *out, struct fault *why);

/* Values of the command's own flags, by place. `otherwise` is for a flag that is absent. */
bool call_instant(const struct call *call, size_t place, struct instant otherwise,
                  struct instant *out, struct fault *why);
bool call_day(const struct call *call, size_t place, struct day otherwise, struct day *out,
              struct fault *why);
bool call_money(const struct call *call, size_t place, enum currency usual, struct money *out,
                struct fault *why);
/* NULL when the flag is absent. */
const char *call_text(const struct call *call, size_t place);
int64_t call_int(const struct call *call, size_t place, int64_t otherwise);

/* "USD 185.00", or "185" in the usual currency; more than 0. `flag` names it in faults. */
bool money_typed(const char *flag, const char *text, enum currency usual, struct money *out,
                 struct fault *why);

/* The conversation, on standard error; nothing with --quiet. */
void call_tell(const struct call *call, const char *format, ...) PRINTF(2, 3);

/* Asks on the terminal; yes with --yes. Without a terminal: BAD_USAGE, naming --yes. */
bool call_agree(const struct call *call, const char *question, bool *yes, struct fault *why);

/* Prints the rows of a list as asked: without the first line when --no-header says so. */
void call_print_sheet(const struct call *call, const struct sheet *sheet);
/* For those who print rows themselves: what rows_begin returns is written to, then rows_end. */
struct rows {
    FILE *out;
    char *bytes;
    size_t length;
};
FILE *rows_begin(const struct call *call, struct rows *rows);
void rows_end(const struct call *call, struct rows *rows);

enum sign { SIGN_DONE, SIGN_WRONG, SIGN_LOOK, SIGN_HELD, SIGN_SKIPPED };
const char *sign_of(const struct call *call, enum sign sign);

/* "Fri, Nov 20, 2026" and "1,234". */
const char *show_day(struct arena *a, struct day day);
const char *show_instant(struct arena *a, struct instant at, const struct zone *zone);
const char *show_count(struct arena *a, int64_t count);
const char *show_money(struct arena *a, struct money money);
/* "1 account", "2 accounts". */
const char *show_many(struct arena *a, int64_t count, const char *one, const char *many);

/* A connection string holds a password now and then, which is for nobody's log. */
void hide_password(char *text);
/* The book of this call, without its password. */
const char *show_book(const struct call *call);

/*
 * Become true at Ctrl-C or SIGTERM, once a command has asked to be told; without that, Ctrl-C
 * ends the program where it stands. A second one always does.
 */
const bool *call_stop_flag(void);
const volatile sig_atomic_t *call_stop_signal(void);

#endif
