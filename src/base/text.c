#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

void text_free(struct text *t)
{
    free(t->bytes);
    *t = (struct text){ 0 };
}

void text_clear(struct text *t)
{
    t->length = 0;
    if (t->bytes != NULL)
        t->bytes[0] = '\0';
}

static void text_reserve(struct text *t, size_t more)
{
    if (t->room - t->length > more)
        return;
    size_t room = t->room == 0 ? 64 : t->room;
    while (room - t->length <= more)
        room *= 2;
    t->bytes = realloc(t->bytes, room);
    must(t->bytes != NULL);
    t->room = room;
}

void text_add_n(struct text *t, const char *more, size_t length)
{
    text_reserve(t, length);
    memcpy(t->bytes + t->length, more, length);
    t->length += length;
    t->bytes[t->length] = '\0';
}

char *text_more(struct text *t, size_t length)
{
    text_reserve(t, length);
    char *at = t->bytes + t->length;
    t->length += length;
    t->bytes[t->length] = '\0';
    return at;
}

void text_add(struct text *t, const char *more)
{
    text_add_n(t, more, strlen(more));
}

void text_add_char(struct text *t, char c)
{
    text_reserve(t, 1);
    t->bytes[t->length++] = c;
    t->bytes[t->length] = '\0';
}

void text_add_print(struct text *t, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    must(length >= 0);
    text_reserve(t, (size_t)length);
    vsnprintf(t->bytes + t->length, (size_t)length + 1, format, args);
    va_end(args);
    t->length += (size_t)length;
}

const char *text_of(const struct text *t)
{
    return t->bytes == NULL ? "" : t->bytes;
}

bool text_equal(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a, b) == 0;
}

bool text_starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

bool text_ends(const char *text, const char *with)
{
    size_t length = strlen(text), tail = strlen(with);

    return length >= tail && strcmp(text + length - tail, with) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool text_is_empty(const char *text)
{
    if (text == NULL)
        return true;
    while (is_blank(*text))
        text++;
    return *text == '\0';
}

/* How many bytes the sequence that starts here has; 0 when it is not valid (RFC 3629). */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    size_t size = p[0] < 0x80   ? 1
                  : p[0] < 0xc2 ? 0
                  : p[0] < 0xe0 ? 2
                  : p[0] < 0xf0 ? 3
                  : p[0] < 0xf5 ? 4
                                : 0;

    if (size == 0 || size > left || p[0] == 0)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    }
    if (size == 3 && ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f)))
        return 0;
    if (size == 4 && ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f)))
        return 0;
    return size;
}

bool text_is_utf8(const char *bytes, size_t length, size_t *bad)
{
    size_t at = 0;

    while (at < length) {
        size_t size = utf8_sequence((const unsigned char *)bytes + at, length - at);
        if (size == 0) {
            if (bad != NULL)
                *bad = at;
            return false;
        }
        at += size;
    }
    return true;
}

char *text_trim(struct arena *a, const char *text)
{
    while (is_blank(*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    return arena_copy_n(a, text, length);
}

size_t text_distance(const char *a, const char *b)
{
    size_t rows[65], length = strlen(b);

    if (length > 64 || strlen(a) > 64)
        return 64;
    for (size_t j = 0; j <= length; j++)
        rows[j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t corner = rows[0];
        rows[0] = i + 1;
        for (size_t j = 0; j < length; j++) {
            size_t change = corner + (a[i] != b[j]);
            corner = rows[j + 1];
            size_t edit = rows[j] + 1 < corner + 1 ? rows[j] + 1 : corner + 1;
            rows[j + 1] = change < edit ? change : edit;
        }
    }
    return rows[length];
}

bool text_to_int(const char *text, int64_t *out)
{
    char *end;

    if (text == NULL || text[0] == '\0' || is_blank(text[0]) || text[0] == '+')
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0')
        return false;
    *out = value;
    return true;
}

bool text_read_file(const char *path, size_t most, struct arena *a, char **bytes,
                    size_t *length, struct fault *why)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return fail(why, errno == ENOENT ? NOT_FOUND : SYSTEM, "Cannot read \"%s\": %s.", path,
                    strerror(errno));
    struct text whole = { 0 };
    char piece[65536];
    size_t got;
    bool fits = true;
    while (fits && (got = fread(piece, 1, sizeof piece, file)) > 0) {
        text_add_n(&whole, piece, got);
        fits = whole.length <= most;
    }
    bool broken = ferror(file) != 0;
    int problem = errno;
    fclose(file);
    if (broken || !fits) {
        text_free(&whole);
        return broken ? fail(why, SYSTEM, "Cannot read \"%s\": %s.", path, strerror(problem))
                      : fail(why, BAD_FILE, "\"%s\" is larger than %zu bytes.", path, most);
    }
    *bytes = arena_copy_n(a, text_of(&whole), whole.length);
    *length = whole.length;
    text_free(&whole);
    return true;
}

/* ASCII, which most text is, folds by itself; NULL when there is more in it. */
static char *fold_ascii(struct arena *a, const char *text)
{
    size_t length = 0;

    while (text[length] != '\0' && (unsigned char)text[length] < 0x80)
        length++;
    if (text[length] != '\0')
        return NULL;
    char *copy = arena_copy_n(a, text, length);
    for (char *at = copy; *at != '\0'; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
    return copy;
}

char *text_fold(struct arena *a, const char *text)
{
    utf8proc_uint8_t *folded = NULL;
    char *plain = fold_ascii(a, text);

    if (plain != NULL)
        return plain;
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)text, 0, &folded,
                                           UTF8PROC_NULLTERM | UTF8PROC_STABLE |
                                               UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);

    if (length < 0)
        return arena_copy(a, text);
    char *copy = arena_copy_n(a, (const char *)folded, (size_t)length);
    free(folded);
    return copy;
}

/* Letters that are no base letter with a mark, but are typed as one. */
static const char *letters_of(utf8proc_int32_t letter)
{
    switch (letter) {
    case 0xe6: /* ae */
        return "ae";
    case 0xf0: /* eth */
    case 0x111:
        return "d";
    case 0xf8: /* o with a stroke */
        return "o";
    case 0xfe: /* thorn */
        return "th";
    case 0x131: /* i without a dot */
        return "i";
    case 0x142: /* l with a stroke */
        return "l";
    case 0x153: /* oe */
        return "oe";
    default:
        return NULL;
    }
}

enum letter_sort { LETTER_OF_WORD, LETTER_LEFT_OUT, LETTER_BETWEEN };

static enum letter_sort sort_of(utf8proc_int32_t letter)
{
    if (letter == '\'' || letter == 0x2bc || letter == 0x2018 || letter == 0x2019)
        return LETTER_LEFT_OUT;
    utf8proc_category_t category = utf8proc_category(letter);
    bool word = (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO);
    return word ? LETTER_OF_WORD : LETTER_BETWEEN;
}

/* What was decomposed, without marks: words with one blank between them. */
static char *words_of(struct arena *a, const utf8proc_uint8_t *text, size_t length)
{
    char *out = arena_alloc(a, length * 2 + 1), *at = out;
    utf8proc_int32_t letter;
    utf8proc_ssize_t size;
    bool pause = false;

    for (; *text != '\0' && (size = utf8proc_iterate(text, -1, &letter)) > 0; text += size) {
        enum letter_sort sort = sort_of(letter);
        const char *plain = letters_of(letter);
        if (sort == LETTER_BETWEEN)
            pause = at > out;
        if (sort != LETTER_OF_WORD)
            continue;
        if (pause)
            *at++ = ' ';
        pause = false;
        if (plain != NULL)
            at = stpcpy(at, plain);
        else
            at += utf8proc_encode_char(letter, (utf8proc_uint8_t *)at);
    }
    return out;
}

/* The same for ASCII, which most names are. */
static char *words_of_ascii(struct arena *a, const char *text, size_t length)
{
    char *out = arena_alloc(a, length + 1), *at = out;
    bool pause = false;

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word && c != '\'')
            pause = at > out;
        if (!word)
            continue;
        if (pause)
            *at++ = ' ';
        pause = false;
        *at++ = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return out;
}

char *text_bare(struct arena *a, const char *text)
{
    utf8proc_uint8_t *folded = NULL;
    size_t length = 0;

    while (text[length] != '\0' && (unsigned char)text[length] < 0x80)
        length++;
    if (text[length] == '\0')
        return words_of_ascii(a, text, length);
    utf8proc_ssize_t folded_length = utf8proc_map(
        (const utf8proc_uint8_t *)text, 0, &folded,
        UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
            UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (folded_length < 0)
        return words_of_ascii(a, text, strlen(text));
    char *out = words_of(a, folded, (size_t)folded_length);
    free(folded);
    return out;
}
