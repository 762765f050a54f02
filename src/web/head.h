/*
 * Head: the first part of a request, read strictly. Private to src/web; knows no socket.
 *
 * What two programs may read differently (RFC 9112, 11.2) is refused, so that nobody can hide a
 * second request inside the first behind a proxy: two lengths, a length beside a transfer
 * coding, a coding other than chunked, names that are no tokens, control characters, folded
 * lines, lines that end in a bare LF.
 */
#ifndef WEB_HEAD_H
#define WEB_HEAD_H

#include "base/arena.h"

enum { HEADERS_MOST = 64 };

struct header {
    const char *name, *value;
    size_t name_length, value_length;
};

struct request_head {
    const char *method, *target, *version;
    const char *target_end; /* where it ended among the bytes that came */
    size_t count;
    bool too_many;
    struct header headers[HEADERS_MOST];
    /* found by head_refuses: */
    bool chunked;
    int64_t length; /* of the body; -1: not said */
};

enum { TARGET_MOST = 2048 };

/* 0, or the status to refuse it with; *what is one sentence. */
int head_refuses(struct request_head *h, const char **what);
/*
 * The same, for where the lines lie: libmicrohttpd before 1.0 takes folded lines, bare LF, NUL
 * bytes and empty names, and says nothing. It puts one NUL for each byte of a line's end and moves
 * nothing, so each name begins two bytes after the value before it, and four NULs follow the last
 * one, unless one of these was there. Its own records of the headers lie behind them in the same
 * block, so there always are four bytes to look at.
 */
int head_lines_refuse(const struct request_head *h, const char **what);

/* Has this header, in any case of letters; NULL when it was not sent. */
const char *head_value(const struct request_head *h, const char *name);
/* True when the request says that it has a body. */
bool head_has_body(const struct request_head *h);

#endif
