#include "formats/encoding.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {
    [ENCODING_ANY] = "auto",
    [ENCODING_UTF8] = "utf-8",
    [ENCODING_UTF16LE] = "utf-16le",
    [ENCODING_UTF16BE] = "utf-16be",
    [ENCODING_WINDOWS_1252] = "windows-1252",
};

/* Windows-1252 differs from Latin-1 in 0x80 to 0x9f only; 0 is not used there. */
static const uint16_t windows_high[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

bool encoding_parse(const char *name, enum encoding *out)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum encoding)i;
            return true;
        }
    }
    return false;
}

/* Line ends are LF, CR LF and CR; `after_cr` remembers a CR across blocks. */
static int64_t lines_in(const char *bytes, size_t length, bool *after_cr)
{
    int64_t lines = 0;

    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\r' || (bytes[i] == '\n' && !*after_cr))
            lines++;
        *after_cr = bytes[i] == '\r';
    }
    return lines;
}

static bool read_failed(const struct encoded_file *f, struct fault *why)
{
    return fail(why, SYSTEM, "\"%s\" cannot be read: %s.", f->path, strerror(errno));
}

/* Fills raw behind what was carried over; *length is all that is there now. */
static bool read_raw(struct encoded_file *f, size_t *length, struct fault *why)
{
    *length = f->carried;
    while (*length < sizeof f->raw && !f->ended) {
        ssize_t got = read(f->descriptor, f->raw + *length, sizeof f->raw - *length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return read_failed(f, why);
        f->ended = got == 0;
        f->taken += got;
        *length += (size_t)got;
    }
    f->carried = 0;
    return true;
}

static size_t utf8_put(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | (c >> 6));
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | (c >> 12));
        out[1] = (char)(0x80 | ((c >> 6) & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | (c >> 18));
    out[1] = (char)(0x80 | ((c >> 12) & 0x3f));
    out[2] = (char)(0x80 | ((c >> 6) & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* ---- One block, from raw to utf8 --------------------------------------------------------- */

static void carry(struct encoded_file *f, size_t from, size_t length)
{
    f->carried = length - from;
    memmove(f->raw, f->raw + from, f->carried);
}

static bool bad_text(struct encoded_file *f, size_t good, struct fault *why, const char *what)
{
    int64_t line = f->line + lines_in(f->utf8, good, &f->after_cr);

    fail(why, BAD_FILE, "\"%s\", line %lld: %s.", f->path, (long long)line, what);
    return fault_hint(why, "save the file as UTF-8, or say `encoding:` in the map");
}

/* How many bytes the character that begins with this one has. */
static size_t utf8_wants(unsigned char first)
{
    return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool block_utf8(struct encoded_file *f, size_t raw, size_t *length, struct fault *why)
{
    size_t good = raw;

    if (!text_is_utf8((char *)f->raw, raw, &good)) {
        bool cut = !f->ended && raw - good < utf8_wants(f->raw[good]) && f->raw[good] >= 0xc0;
        memcpy(f->utf8, f->raw, good);
        if (!cut && f->raw[good] == 0)
            return bad_text(f, good, why,
                            "a NUL byte, which text never has; perhaps it is UTF-16");
        if (!cut)
            return bad_text(f, good, why, "not UTF-8");
        carry(f, good, raw);
    } else {
        memcpy(f->utf8, f->raw, raw);
    }
    *length = good;
    return true;
}

static bool block_windows(struct encoded_file *f, size_t raw, size_t *length, struct fault *why)
{
    size_t n = 0;

    for (size_t i = 0; i < raw; i++) {
        unsigned char byte = f->raw[i];
        uint32_t c = byte >= 0x80 && byte < 0xa0 ? windows_high[byte - 0x80] : byte;
        if (c == 0)
            return bad_text(f, n, why, "a byte that Windows-1252 does not have");
        n += utf8_put(f->utf8 + n, c);
    }
    *length = n;
    return true;
}

static uint32_t unit_at(const struct encoded_file *f, size_t at)
{
    uint32_t a = f->raw[at], b = f->raw[at + 1];

    return f->encoding == ENCODING_UTF16LE ? a | b << 8 : a << 8 | b;
}

static bool block_utf16(struct encoded_file *f, size_t raw, size_t *length, struct fault *why)
{
    size_t n = 0, at = 0;

    while (at + 1 < raw) {
        uint32_t c = unit_at(f, at);
        size_t size = c >= 0xd800 && c < 0xdc00 ? 4 : 2;
        if (at + size > raw)
            break;
        if (size == 4) {
            uint32_t low = unit_at(f, at + 2);
            c = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00)
                                              : 0;
        }
        if (c == 0 || (c >= 0xdc00 && c < 0xe000))
            return bad_text(f, n, why, "not UTF-16");
        n += utf8_put(f->utf8 + n, c);
        at += size;
    }
    if (at < raw && f->ended)
        return bad_text(f, n, why, "the last character of the file is cut");
    carry(f, at, raw);
    *length = n;
    return true;
}

bool encoded_file_read(struct encoded_file *f, const char **bytes, size_t *length,
                       struct fault *why)
{
    size_t raw;
    bool fine = false;

    *bytes = f->utf8;
    *length = 0;
    if (!read_raw(f, &raw, why))
        return false;
    switch (f->encoding) {
    case ENCODING_ANY:
        bug("an encoding was not settled on opening", HERE);
    case ENCODING_UTF8:
        fine = block_utf8(f, raw, length, why);
        break;
    case ENCODING_UTF16LE:
    case ENCODING_UTF16BE:
        fine = block_utf16(f, raw, length, why);
        break;
    case ENCODING_WINDOWS_1252:
        fine = block_windows(f, raw, length, why);
        break;
    }
    if (fine)
        f->line += lines_in(f->utf8, *length, &f->after_cr);
    return fine;
}

/* ---- Opening ----------------------------------------------------------------------------- */

struct survey {
    int64_t lines, bad_line; /* bad_line 0: all of it is UTF-8 */
    bool beyond_ascii;       /* UTF-8 of more than one byte was seen */
    bool nul, after_cr;
};

/* Steps over UTF-8 and over single bytes that are not, and remembers which it met. */
static size_t survey_block(struct survey *s, const unsigned char *raw, size_t length, bool last)
{
    size_t at = 0;

    while (at < length) {
        size_t wants = utf8_wants(raw[at]), bad = 0;
        if (raw[at] < 0x80) {
            s->nul = s->nul || raw[at] == 0;
            s->lines += lines_in((const char *)raw + at, 1, &s->after_cr);
            at++;
            continue;
        }
        if (at + wants > length && !last)
            break;
        if (wants > 1 && at + wants <= length &&
            text_is_utf8((const char *)raw + at, wants, &bad)) {
            s->beyond_ascii = true;
            at += wants;
            continue;
        }
        if (s->bad_line == 0)
            s->bad_line = s->lines + 1;
        at++;
    }
    return at;
}

static bool settle(struct encoded_file *f, const struct survey *s, struct fault *why)
{
    if (s->nul) {
        fail(why, BAD_FILE, "\"%s\" holds NUL bytes: it is UTF-16 without a mark, or not text.",
             f->path);
        return fault_hint(why,
                          "save the file as UTF-8, or say `encoding: utf-16le` in the map");
    }
    if (s->bad_line != 0 && s->beyond_ascii) {
        fail(why, BAD_FILE, "\"%s\", line %lld: not UTF-8, although other lines are.", f->path,
             (long long)s->bad_line);
        return fault_hint(why, "save the whole file as UTF-8, or say `encoding:` in the map");
    }
    f->encoding = s->bad_line == 0 ? ENCODING_UTF8 : ENCODING_WINDOWS_1252;
    return true;
}

static bool rewind_to(struct encoded_file *f, off_t place, struct fault *why)
{
    f->ended = false;
    f->carried = 0;
    f->taken = place;
    return lseek(f->descriptor, place, SEEK_SET) == place || read_failed(f, why);
}

static bool look_through(struct encoded_file *f, struct fault *why)
{
    struct survey s = { 0 };
    size_t length;

    do {
        if (!read_raw(f, &length, why))
            return false;
        size_t seen = survey_block(&s, f->raw, length, f->ended);
        carry(f, seen, length);
    } while (!f->ended);
    return settle(f, &s, why) && rewind_to(f, 0, why);
}

/* A mark at the start; returns its length. */
static off_t mark_of(struct encoded_file *f, size_t length)
{
    if (length >= 3 && memcmp(f->raw, "\xef\xbb\xbf", 3) == 0) {
        f->encoding = ENCODING_UTF8;
        return 3;
    }
    if (length >= 2 && memcmp(f->raw, "\xff\xfe", 2) == 0) {
        f->encoding = ENCODING_UTF16LE;
        return 2;
    }
    if (length >= 2 && memcmp(f->raw, "\xfe\xff", 2) == 0) {
        f->encoding = ENCODING_UTF16BE;
        return 2;
    }
    return 0;
}

static bool choose(struct encoded_file *f, struct fault *why)
{
    size_t length;

    if (!read_raw(f, &length, why))
        return false;
    if (length == 0) {
        fail(why, BAD_FILE, "\"%s\" is empty.", f->path);
        return fault_hint(why, "export it again; a header row at least must be there");
    }
    off_t mark = mark_of(f, length);
    if (!rewind_to(f, mark, why))
        return false;
    return f->encoding != ENCODING_ANY || look_through(f, why);
}

bool encoded_file_open(struct encoded_file *f, const char *path, enum encoding wanted,
                       struct fault *why)
{
    struct stat seen;

    *f = (struct encoded_file){ .path = path, .encoding = wanted, .line = 1 };
    f->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (f->descriptor < 0 && errno == ENOENT)
        return fail(why, NOT_FOUND, "There is no file \"%s\".", path);
    if (f->descriptor < 0)
        return read_failed(f, why);
    if (fstat(f->descriptor, &seen) != 0 || !S_ISREG(seen.st_mode)) {
        encoded_file_close(f);
        return fail(why, BAD_FILE, "\"%s\" is not an ordinary file.", path);
    }
    f->size = seen.st_size;
    if (choose(f, why))
        return true;
    encoded_file_close(f);
    return false;
}

void encoded_file_close(struct encoded_file *f)
{
    if (f->descriptor >= 0)
        close(f->descriptor);
    f->descriptor = -1;
}
