/*
 * Letter PDF: a letter document (letter_text.h) as pages ready to print, fold and post.
 *
 * Paper     US Letter where the sender's country uses it, A4 elsewhere.
 * Window    A4: DIN 5008 form B, field 85 × 45 mm, 20 mm from the left, 45 mm from the top.
 *           Letter: US #10 double window, folded in three; return and recipient address
 *           show, nothing else of the letter does.
 * Form      a letter whose text names regions (letter_text.h): two columns, a part to tear off
 *           at the foot of the first page, the rest on its back.
 * Fonts     static files, embedded as subsets, so that text can be searched and copied.
 * Bytes     the same document gives the same bytes on the same machine; the only date inside
 *           is `made`.
 * Threads   any; each keeps its own fonts, which takes a moment on its first letter.
 *
 * Faults    SYSTEM when the PDF library fails; BAD_VALUE for an address that does not fit
 *           its window, a table row or the front of a form higher than a page, more than 200
 *           pages.
 */
#ifndef FORMATS_LETTER_PDF_H
#define FORMATS_LETTER_PDF_H

#include "formats/letter_text.h"

enum letter_paper { PAPER_A4, PAPER_US_LETTER };

/* "US" → US Letter; "", NULL and unknown codes → A4. */
enum letter_paper letter_paper_of(const char *country);

/* The bytes live in the arena. `page_count` may be NULL. */
bool letter_pdf_make(struct arena *a, const struct letter_document *document,
                     struct instant made, unsigned char **bytes, size_t *length,
                     size_t *page_count, struct fault *why);

/* Several forms of one sender to one recipient, in one file, each on a sheet of its own. A
 * letter that is no form comes alone. */
bool letter_pdf_make_all(struct arena *a, size_t count, const struct letter_document *documents,
                         struct instant made, unsigned char **bytes, size_t *length,
                         size_t *page_count, struct fault *why);

#endif
