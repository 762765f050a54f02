/*
 * Encoding: a file of text, read block by block as UTF-8, whatever it is written in.
 *
 * A mark at the start (BOM) wins over everything. Without one, and without a word from the
 * caller, the whole file is looked through once: it is UTF-8, or it holds no UTF-8 beyond
 * ASCII and is taken as Windows-1252; a mixture is refused, since one of the two readings
 * would turn names into nonsense.
 *
 * Memory: two blocks of 64 KiB, whatever the size of the file.
 * Faults: NOT_FOUND, SYSTEM (cannot be read), BAD_FILE (names the line).
 */
#ifndef FORMATS_ENCODING_H
#define FORMATS_ENCODING_H

#include "base/fault.h"

#include <stdint.h>

enum encoding {
    ENCODING_ANY,
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_WINDOWS_1252
};

bool encoding_parse(const char *name, enum encoding *out); /* "auto", "utf-8", … */

enum { ENCODING_BLOCK = 64 * 1024 };

struct encoded_file {
    const char *path;
    int descriptor;
    enum encoding encoding; /* never ENCODING_ANY once open */
    bool ended, after_cr;
    int64_t line;        /* lines handed out so far, plus one */
    int64_t size, taken; /* bytes of the file, and read of them */
    size_t carried;      /* bytes at the start of raw: a character cut by the block */
    unsigned char raw[ENCODING_BLOCK];
    char utf8[3 * ENCODING_BLOCK];
};

bool encoded_file_open(struct encoded_file *f, const char *path, enum encoding wanted,
                       struct fault *why);
void encoded_file_close(struct encoded_file *f);

/* The next piece, valid UTF-8 without NUL, good until the next call; 0 bytes at the end. */
bool encoded_file_read(struct encoded_file *f, const char **bytes, size_t *length,
                       struct fault *why);

#endif
