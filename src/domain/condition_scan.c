#include "domain/condition_tree.h"

#include "base/text.h"

#include <string.h>

/* Columns count characters, as editors do. */
static struct place place_of(const struct compiler *c, size_t at)
{
    struct place place = c->place;

    for (size_t i = 0; i < at; i++) {
        if (c->source[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)c->source[i] & 0xc0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

bool compiler_refuse(struct compiler *c, size_t at, const char *where, const char *format, ...)
{
    struct place place = place_of(c, at);
    va_list args;

    va_start(args, format);
    const char *sentence = arena_vprint(c->arena, format, args);
    va_end(args);
    return fault_set(c->why, BAD_PACK, where, "%s:%d:%d: %s", place.file, place.line,
                     place.column, sentence);
}

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

static bool is_word(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' || is_digit(ch);
}

static bool is_quote(char ch)
{
    return ch == '"' || ch == '\'';
}

/* The value of a hexadecimal digit, or 16. */
static unsigned digit_of(char ch)
{
    if (is_digit(ch))
        return (unsigned)(ch - '0');
    if (ch >= 'a' && ch <= 'f')
        return (unsigned)(ch - 'a' + 10);
    if (ch >= 'A' && ch <= 'F')
        return (unsigned)(ch - 'A' + 10);
    return 16;
}

const char *token_word(const struct compiler *c, size_t at)
{
    size_t length = 0;

    while (length < 40 && (is_word(c->source[at + length]) || c->source[at + length] == '.'))
        length++;
    return arena_copy_n(c->arena, c->source + at, length);
}

/* ---- whole numbers ---- */

static bool scan_digits(struct compiler *c, unsigned base)
{
    struct token *token = &c->token;
    size_t first = token->end;
    unsigned digit;

    while ((digit = digit_of(c->source[token->end])) < base) {
        if (__builtin_mul_overflow(token->magnitude, base, &token->magnitude) ||
            __builtin_add_overflow(token->magnitude, digit, &token->magnitude) ||
            token->magnitude > (uint64_t)INT64_MAX + 1)
            return refuse(c, token->at, "this number is larger than 9223372036854775807.");
        token->end++;
    }
    if (token->end == first)
        return refuse(c, token->at, "after \"0x\" come hexadecimal digits.");
    return true;
}

static bool scan_int(struct compiler *c)
{
    struct token *token = &c->token;
    bool hex = c->source[token->at] == '0' && (c->source[token->at + 1] | 0x20) == 'x';

    token->kind = TOKEN_INT;
    token->end = token->at + (hex ? 2 : 0);
    if (!scan_digits(c, hex ? 16 : 10))
        return false;
    const char *rest = c->source + token->end;
    if ((rest[0] == '.' && is_digit(rest[1])) || ((rest[0] | 0x20) == 'e' && !hex))
        return refuse(c, token->at,
                      "numbers are whole here; amounts are written in minor units (cents).");
    if ((rest[0] | 0x20) == 'u' && !is_word(rest[1]))
        return refuse(c, token->at, "there are no unsigned numbers here; leave out the \"u\".");
    if (is_word(rest[0]))
        return refuse(c, token->end, "a number cannot go on with a letter.");
    return true;
}

/* ---- text ---- */

/* How a text literal is written: what closes it, and whether escapes mean anything. */
struct literal {
    char quote;
    bool triple, raw;
    size_t at, end; /* the bytes between the quotes */
};

static bool closes(const struct literal *literal, const char *p)
{
    if (!literal->triple)
        return p[0] == literal->quote;
    return p[0] == literal->quote && p[1] == literal->quote && p[2] == literal->quote;
}

static bool find_end(struct compiler *c, struct literal *literal)
{
    const char *source = c->source;
    size_t at = literal->at;

    while (!closes(literal, source + at)) {
        if (source[at] == '\\' && !literal->raw && source[at + 1] != '\0')
            at++;
        if (source[at] == '\0' || (!literal->triple && source[at] == '\n'))
            return refuse(c, c->token.at, "this text has no closing quote.");
        at++;
    }
    literal->end = at;
    return true;
}

static size_t put_character(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* One escape that names its character by number: how many digits, of which base. */
static bool numbered_escape(struct compiler *c, size_t *at, size_t digits, unsigned base,
                            uint32_t *code)
{
    size_t backslash = *at - (base == 8 ? 1 : 2);
    uint64_t value = 0;

    for (size_t i = 0; i < digits; i++) {
        unsigned digit = digit_of(c->source[*at + i]);
        if (digit >= base)
            return refuse(c, backslash, "this escape needs %zu %s digits.", digits,
                          base == 8 ? "octal" : "hexadecimal");
        value = value * base + digit;
    }
    if (value == 0)
        return refuse(c, backslash, "text cannot hold the character number 0.");
    if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff) || (base == 8 && value > 255))
        return refuse(c, backslash, "this escape is not the number of a character.");
    *at += digits;
    *code = (uint32_t)value;
    return true;
}

/* *at is the byte after the backslash; moves past the escape. */
static bool scan_escape(struct compiler *c, size_t *at, uint32_t *code)
{
    static const char letters[] = "abfnrtv\\?\"'`", meanings[] = "\a\b\f\n\r\t\v\\?\"'`";
    char letter = c->source[(*at)++];
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);

    if (found != NULL) {
        *code = (uint32_t)meanings[found - letters];
        return true;
    }
    if (letter == 'x' || letter == 'X')
        return numbered_escape(c, at, 2, 16, code);
    if (letter == 'u')
        return numbered_escape(c, at, 4, 16, code);
    if (letter == 'U')
        return numbered_escape(c, at, 8, 16, code);
    if (is_digit(letter)) {
        (*at)--;
        return numbered_escape(c, at, 3, 8, code);
    }
    return refuse(c, *at - 2, "this escape is not known; a backslash itself is written \\\\.");
}

static bool scan_text(struct compiler *c, bool raw)
{
    const char *open = c->source + c->token.at + raw;
    bool triple = open[1] == open[0] && open[2] == open[0];
    struct literal literal = { open[0], triple, raw, c->token.at + raw + (triple ? 3 : 1), 0 };

    if (!find_end(c, &literal))
        return false;
    char *text = arena_alloc(c->arena, literal.end - literal.at + 1);
    size_t length = 0, at = literal.at;
    while (at < literal.end) {
        char ch = c->source[at++];
        uint32_t code;
        if (ch != '\\' || raw) {
            text[length++] = ch;
        } else {
            if (!scan_escape(c, &at, &code))
                return false;
            length += put_character(text + length, code);
        }
    }
    c->token.kind = TOKEN_TEXT;
    c->token.text = text;
    c->token.end = literal.end + (triple ? 3 : 1);
    return true;
}

/* ---- words ---- */

/* The longest fact that stands here; facts may have dots in their names. */
static bool find_fact(struct compiler *c)
{
    const char *here = c->source + c->token.at;
    size_t longest = 0;

    for (size_t i = 0; i < c->facts.count; i++) {
        const char *name = c->facts.names[i].name;
        size_t length = strlen(name);
        if (length > longest && strncmp(here, name, length) == 0 && !is_word(here[length])) {
            longest = length;
            c->token.number = i;
        }
    }
    c->token.fact = longest > 0;
    if (longest > 0)
        c->token.end = c->token.at + longest;
    return c->token.fact;
}

static void scan_word(struct compiler *c)
{
    struct token *token = &c->token;

    token->end = token->at;
    while (is_word(c->source[token->end]))
        token->end++;
    token->kind = TOKEN_NAME;
    if (token->end - token->at == 2 && memcmp(c->source + token->at, "in", 2) == 0)
        token->kind = TOKEN_IN;
    else
        find_fact(c);
}

/* ---- signs ---- */

static const struct {
    const char *sign;
    enum token_kind kind;
} signs[] = {
    { "&&", TOKEN_AND },       { "||", TOKEN_OR },      { "==", TOKEN_EQUAL },
    { "!=", TOKEN_UNEQUAL },   { "<=", TOKEN_AT_MOST }, { ">=", TOKEN_AT_LEAST },
    { "<", TOKEN_LESS },       { ">", TOKEN_GREATER },  { "!", TOKEN_NOT },
    { "+", TOKEN_PLUS },       { "-", TOKEN_MINUS },    { "*", TOKEN_STAR },
    { "/", TOKEN_SLASH },      { "%", TOKEN_PERCENT },  { "?", TOKEN_QUESTION },
    { ":", TOKEN_COLON },      { ",", TOKEN_COMMA },    { ".", TOKEN_DOT },
    { "(", TOKEN_OPEN },       { ")", TOKEN_CLOSE },    { "[", TOKEN_OPEN_LIST },
    { "]", TOKEN_CLOSE_LIST },
};

static bool refuse_sign(struct compiler *c)
{
    char sign = c->source[c->token.at];

    if (sign == '=' || sign == '&' || sign == '|')
        return refuse(c, c->token.at, "\"%c\" is not an operator; it is written \"%c%c\".",
                      sign, sign, sign);
    if (sign == '{')
        return refuse(c, c->token.at, "there are no maps or messages here.");
    if (sign < ' ' || sign > '~')
        return refuse(c, c->token.at, "this character means nothing outside of quotes.");
    return refuse(c, c->token.at, "\"%c\" means nothing outside of quotes.", sign);
}

static bool scan_sign(struct compiler *c)
{
    for (size_t i = 0; i < COUNT(signs); i++) {
        if (text_starts(c->source + c->token.at, signs[i].sign)) {
            c->token.kind = signs[i].kind;
            c->token.end = c->token.at + strlen(signs[i].sign);
            return true;
        }
    }
    return refuse_sign(c);
}

/* Blanks, and comments from two slashes to the end of the line. */
static size_t after_blanks(const char *source, size_t at)
{
    for (;;) {
        while (source[at] != '\0' && strchr(" \t\r\n\f", source[at]) != NULL)
            at++;
        if (source[at] != '/' || source[at + 1] != '/')
            return at;
        while (source[at] != '\0' && source[at] != '\n')
            at++;
    }
}

/* r"…" is raw; b"…" is bytes, which are not part of the language. */
static bool is_raw(const char *p)
{
    return (p[0] | 0x20) == 'r' && is_quote(p[1]);
}

static bool is_bytes(const char *p)
{
    bool b = (p[0] | 0x20) == 'b', r = (p[0] | 0x20) == 'r';

    return (b && (is_quote(p[1]) || is_raw(p + 1))) ||
           (r && (p[1] | 0x20) == 'b' && is_quote(p[2]));
}

bool token_next(struct compiler *c)
{
    size_t at = after_blanks(c->source, c->token.end);
    const char *here = c->source + at;

    c->token = (struct token){ .kind = TOKEN_END, .at = at, .end = at };
    if (here[0] == '\0')
        return true;
    if (is_bytes(here))
        return refuse(c, at, "there are no bytes here; leave out the \"b\" before the quote.");
    if (is_quote(here[0]) || is_raw(here))
        return scan_text(c, !is_quote(here[0]));
    if (is_digit(here[0]))
        return scan_int(c);
    if (is_word(here[0])) {
        scan_word(c);
        return true;
    }
    return scan_sign(c);
}
