/*
 * Receipt: what a command that changed something says of it: a line or two for people, fields
 * for programs, what comes next and how to undo.
 */
#ifndef CLI_RECEIPT_H
#define CLI_RECEIPT_H

#include "base/json.h"
#include "cli/call.h"

struct receipt {
    struct call *call;
    struct text json;
    struct json_writer writer;
};

void receipt_begin(struct receipt *r, struct call *call, const char *done);
/* For people only. */
void receipt_line(struct receipt *r, const char *format, ...) PRINTF(2, 3);
/* For programs only. */
void receipt_field(struct receipt *r, const char *key, const char *value);
void receipt_count(struct receipt *r, const char *key, int64_t value);
void receipt_money(struct receipt *r, const char *key, struct money money);
void receipt_day(struct receipt *r, const char *key, struct day day);
/* A command to type, for both. */
void receipt_next(struct receipt *r, const char *command);
void receipt_undo(struct receipt *r, const char *command);
void receipt_end(struct receipt *r);

#endif
