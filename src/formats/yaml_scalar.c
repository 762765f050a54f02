#include "formats/yaml_scalar.h"

#include "base/text.h"

#include <string.h>

/* The letter at *at, which moves behind it. The text is valid UTF-8. */
static uint32_t letter_next(const char **at)
{
    const unsigned char *c = (const unsigned char *)*at;
    size_t length = *c < 0x80 ? 1 : *c < 0xe0 ? 2 : *c < 0xf0 ? 3 : 4;
    uint32_t letter = length == 1 ? *c : *c & (0xffu >> (length + 1));

    for (size_t i = 1; i < length; i++)
        letter = letter << 6 | (c[i] & 0x3fu);
    *at += length;
    return letter;
}

/* What a file cannot hold as it is, or what ends a line of it. */
static bool is_escaped(uint32_t letter)
{
    return letter < 0x20 || (letter >= 0x7f && letter <= 0xa0) || letter == 0x2028 ||
           letter == 0x2029 || letter == 0xfeff || letter == 0xfffe || letter == 0xffff;
}

static bool needs_escapes(const char *text)
{
    while (*text != '\0') {
        if (is_escaped(letter_next(&text)))
            return true;
    }
    return false;
}

/* Stricter than YAML asks, so that it holds in a block and between brackets alike. */
static bool is_plain(const char *text)
{
    size_t length = strlen(text);

    return length > 0 && strchr("-&*!|>'\"%@`~= ", text[0]) == NULL &&
           text[length - 1] != ' ' && strpbrk(text, ",:?[]{}#") == NULL;
}

static const char *in_single_quotes(struct arena *a, const char *text)
{
    char *out = arena_alloc(a, 2 * strlen(text) + 3), *to = out;

    *to++ = '\'';
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            *to++ = '\'';
        *to++ = *text;
    }
    *to = '\'';
    return out;
}

static const char *with_escapes(struct arena *a, const char *text)
{
    struct text out = { 0 };

    text_add_char(&out, '"');
    while (*text != '\0') {
        const char *from = text;
        uint32_t letter = letter_next(&text);
        if (is_escaped(letter))
            text_add_print(&out, letter == '\n' ? "\\n" : "\\u%04x", (unsigned)letter);
        else if (letter == '"' || letter == '\\')
            text_add_print(&out, "\\%c", (char)letter);
        else
            text_add_n(&out, from, (size_t)(text - from));
    }
    text_add_char(&out, '"');
    const char *made = arena_copy(a, text_of(&out));
    text_free(&out);
    return made;
}

const char *yaml_scalar(struct arena *a, const char *text)
{
    if (needs_escapes(text))
        return with_escapes(a, text);
    return is_plain(text) ? text : in_single_quotes(a, text);
}
