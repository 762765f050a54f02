/*
 * Fault: bad news that somebody outside the function has to act on.
 *
 * A "no" given by law or policy is not a fault; it is a verdict (domain/gate.h).
 * A broken promise inside our own code is not a fault; it is a bug, and must() stops us.
 *
 * A function that can fail returns false and fills *why. The sentence in `text` is fit to
 * be shown to a user: what happened, where, and what to do. Only the edges print faults.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#define PRINTF(text, first) __attribute__((format(printf, text, first)))
#define MUST_USE __attribute__((warn_unused_result))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define HERE_STRING(line) #line
#define HERE_LINE(line) HERE_STRING(line)
#define HERE __FILE__ ":" HERE_LINE(__LINE__)

enum fault_kind {
    FAULT_INPUT,    /* malformed; sending it again unchanged cannot help      */
    FAULT_ABSENT,   /* no such thing here                                     */
    FAULT_DENIED,   /* this user may not do that                              */
    FAULT_CONFLICT, /* changed since it was read, or already there, different */
    FAULT_BUSY,     /* nothing happened; the same call may be made again      */
    FAULT_UNSURE,   /* a provider fell silent: it may or may not have acted   */
    FAULT_CORRUPT,  /* stored data breaks an invariant: wake a human          */
    FAULT_SYSTEM,   /* disk full, no memory, cannot open: the machine says no */
};

/* Every fault this program can raise. Names are API: add at the end, never rename. */
#define FAULTS(X)                                                                              \
    X(FAULT_NONE, FAULT_SYSTEM, "none")                                                        \
    X(BAD_VALUE, FAULT_INPUT, "value.bad")         /* a value that cannot be read            */ \
    X(BAD_USAGE, FAULT_INPUT, "usage")             /* wrong flag, missing argument           */ \
    X(BAD_FILE, FAULT_INPUT, "file.bad")           /* a file that breaks its format          */ \
    X(BAD_PACK, FAULT_INPUT, "pack.bad")           /* rule pack, strategy or map refused     */ \
    X(NOT_FOUND, FAULT_ABSENT, "not-found")                                                    \
    X(NOT_ALLOWED, FAULT_DENIED, "not-permitted")                                              \
    X(CONFLICT, FAULT_CONFLICT, "conflict")                                                    \
    X(DB_BUSY, FAULT_BUSY, "db.busy")                                                          \
    X(DB_ROW, FAULT_CORRUPT, "db.row")             /* a stored row that cannot be            */ \
    X(DB_VERSION, FAULT_CONFLICT, "db.version")    /* made by a newer program                */ \
    X(DB_FAILED, FAULT_SYSTEM, "db.failed")                                                    \
    X(SYSTEM, FAULT_SYSTEM, "system")              /* disk full, unreadable folder, …        */ \
    X(PROVIDER_BUSY, FAULT_BUSY, "provider.busy")     /* it said: not now; nothing happened  */ \
    X(PROVIDER_REFUSED, FAULT_INPUT, "provider.refused") /* it said no, for good             */ \
    X(PROVIDER_SILENT, FAULT_UNSURE, "provider.silent")  /* may or may not have acted        */ \
    X(INTERRUPTED, FAULT_BUSY, "interrupted")                                                  \
    X(TOO_MANY_REJECTS, FAULT_INPUT, "file.rejects") /* the file is rather wrong than a row    */

enum fault_code {
#define X(code, kind, name) code,
    FAULTS(X)
#undef X
};

struct fault {
    enum fault_code code;
    const char *where; /* "store/store.c:41"                        */
    char text[512];    /* one sentence, fit to be shown to a user   */
    char hint[256];    /* what to type or change next; may be empty */
};

enum fault_kind fault_kind_of(enum fault_code code);
const char *fault_name_of(enum fault_code code);

/* Fills *why and returns false, so that a failing function can end in one line. */
#define fail(why, code, ...) fault_set((why), (code), HERE, __VA_ARGS__)
bool fault_set(struct fault *why, enum fault_code code, const char *where, const char *format,
               ...) PRINTF(4, 5);

/* Adds what to do next to a fault just set; returns false. */
bool fault_hint(struct fault *why, const char *format, ...) PRINTF(2, 3);

/* A promise of our own code, checked in every build: stops the program when broken. */
#define must(promise) ((promise) ? (void)0 : bug(#promise, HERE))
_Noreturn void bug(const char *what, const char *where);

#endif
