/*
 * Letter marks: the few marks of a letter's text (letters/README.md), read into blocks.
 *
 *   a blank line ends a paragraph        | a | b |  a row; the first is the heading, the
 *   a line ending in \ breaks there                 second (| --- | ---: |) says which
 *   ## heading      - item                          columns hold figures
 *   > statement     **strong**           = label | amount   a total
 *   [ ] something to tick                [label](url)       an action, on its own line
 *   ::: left         what follows stands there (enum letter_region)
 *
 * A backslash takes the meaning from the character after it; values are written so.
 * Faults: BAD_FILE names the file: a table without heading, a row with other columns.
 */
#ifndef FORMATS_LETTER_MARKS_H
#define FORMATS_LETTER_MARKS_H

#include "formats/letter_text.h"

bool letter_marks_read(struct arena *a, const char *file, const char *text,
                       const struct letter_block **blocks, size_t *count, struct fault *why);

#endif
