#include "base/json.h"

#include <string.h>

static void element(struct json_writer *w)
{
    if (w->comma)
        text_add_char(w->out, ',');
    w->comma = true;
}

void json_open(struct json_writer *w, char bracket)
{
    element(w);
    text_add_char(w->out, bracket);
    w->comma = false;
}

void json_close(struct json_writer *w, char bracket)
{
    text_add_char(w->out, bracket);
    w->comma = true;
}

/* Plain keys and values, which most are, in one piece. */
static bool quoted_plain(struct text *out, const char *value)
{
    size_t length = 0;

    while ((unsigned char)value[length] >= 0x20 && value[length] != '"' &&
           value[length] != '\\')
        length++;
    if (value[length] != '\0')
        return false;
    char *at = text_more(out, length + 2);
    at[0] = '"';
    memcpy(at + 1, value, length);
    at[length + 1] = '"';
    return true;
}

static void quoted(struct text *out, const char *value)
{
    if (quoted_plain(out, value))
        return;
    text_add_char(out, '"');
    while (*value != '\0') {
        size_t plain = 0;
        while ((unsigned char)value[plain] >= 0x20 && value[plain] != '"' &&
               value[plain] != '\\')
            plain++;
        text_add_n(out, value, plain);
        value += plain;
        if (*value == '\0')
            break;
        if (*value == '"' || *value == '\\')
            text_add_print(out, "\\%c", *value);
        else if (*value == '\n')
            text_add(out, "\\n");
        else
            text_add_print(out, "\\u%04x", (unsigned)(unsigned char)*value);
        value++;
    }
    text_add_char(out, '"');
}

void json_key(struct json_writer *w, const char *key)
{
    element(w);
    quoted(w->out, key);
    text_add_char(w->out, ':');
    w->comma = false;
}

void json_text(struct json_writer *w, const char *value)
{
    element(w);
    if (value == NULL)
        text_add(w->out, "null");
    else
        quoted(w->out, value);
}

void json_int(struct json_writer *w, int64_t value)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;

    element(w);
    do {
        *--at = (char)('0' + size % 10);
        size /= 10;
    } while (size > 0);
    if (value < 0)
        *--at = '-';
    text_add_n(w->out, at, (size_t)(digits + sizeof digits - at));
}

void json_bool(struct json_writer *w, bool value)
{
    element(w);
    text_add(w->out, value ? "true" : "false");
}

void json_number(struct json_writer *w, double value)
{
    element(w);
    text_add_print(w->out, "%.6g", value);
}

void json_text_at(struct json_writer *w, const char *key, const char *value)
{
    json_key(w, key);
    json_text(w, value);
}

void json_int_at(struct json_writer *w, const char *key, int64_t value)
{
    json_key(w, key);
    json_int(w, value);
}
