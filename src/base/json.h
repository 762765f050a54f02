/*
 * JSON, written: records of the journal and answers of commands, as RFC 8259 bytes whose order
 * is the order of the calls. Reading JSON is jansson's work (formats), never ours.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/text.h"

struct json_writer {
    struct text *out;
    bool comma; /* an element stands before the next one */
};

void json_open(struct json_writer *w, char bracket);  /* '{' or '[' */
void json_close(struct json_writer *w, char bracket); /* '}' or ']' */
void json_key(struct json_writer *w, const char *key);
void json_text(struct json_writer *w, const char *value); /* NULL writes null */
void json_int(struct json_writer *w, int64_t value);
void json_bool(struct json_writer *w, bool value);
void json_number(struct json_writer *w, double value); /* seconds and the like; never money */

/* "key":value in one call. */
void json_text_at(struct json_writer *w, const char *key, const char *value);
void json_int_at(struct json_writer *w, const char *key, int64_t value);

#endif
