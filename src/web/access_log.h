/*
 * Access log: a line for each request that came to its end, on the standard error. Private to
 * src/web.
 *
 * In it: when, the id of the request (X-Request-Id), the method, the route as it stands in the
 * table, the status, how long it took, how many bytes left, the number of the user; of a status
 * from 500 on the fault and where it arose. Never the path, a query, a name, an address: they
 * may be personal, and a log is kept where a book is not.
 *
 * Lines are written by a thread of their own, so that a full pipe stops no request. What does
 * not fit in LOG_ROOM meanwhile is dropped, and counted.
 */
#ifndef WEB_ACCESS_LOG_H
#define WEB_ACCESS_LOG_H

#include "domain/calendar.h"
#include "web/listen.h"

enum log_kind { LOG_TEXT, LOG_JSON, LOG_OFF };
enum { LOG_ROOM = 1 << 20 };

struct access_log;

struct access_log *access_log_open(enum log_kind kind, int fd);
void access_log_add(struct access_log *log, struct instant now, const struct finished *done);
/* Something that who runs the server should know: a certificate that cannot be read. */
void access_log_say(struct access_log *log, struct instant now, const char *what);
int64_t access_log_dropped(struct access_log *log);
/* Writes what is left. */
void access_log_close(struct access_log *log);

/* One line, with its end. */
void access_log_line(enum log_kind kind, struct instant now, const struct finished *done,
                     struct text *out);
/* What the log and the counters call a route: "/accounts/{}", "static", "none". */
const char *route_name(const struct reply *reply);
/* The same for methods: only known ones by their name. */
const char *method_name(const char *method);

#endif
