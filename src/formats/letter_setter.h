/*
 * Letter setter: a letter being set, block by block, down the pages. Shared by letter_pdf.c
 * (paper, windows, head and foot of a page) and letter_blocks.c (what stands between them).
 */
#ifndef FORMATS_LETTER_SETTER_H
#define FORMATS_LETTER_SETTER_H

#include "formats/letter_page.h"

/* A sheet of paper and where its envelope has windows. Points from the top left corner. */
struct sheet {
    double width, height;
    double left, right; /* margins */
    double top, bottom; /* margins of the pages that follow, and below all text */
    double return_x, return_y, return_width;
    bool return_is_line; /* one small line above the address, or lines of its own */
    double to_x, to_y, to_width, to_height;
    double side_x, side_y; /* date, reference, how to reach the sender */
    double body_y;         /* first page: the subject                  */
    double folds[3];
};

struct setter {
    struct arena *a;
    const struct letter_document *document;
    const struct sheet *sheet;
    struct pages *pages;
    size_t first_page; /* of this document: several may share the pages */
    size_t page;       /* where the next line goes                      */
    double y;
    double from, width; /* the column in hand; a width of 0 is the whole line            */
    double scale;       /* of the letters: 1, or less on a form                          */
    double gap;                /* between paragraphs; the rest follows from it          */
    double last_x, last_width; /* of the last table's last column: totals stand under it */
    struct fault *why;
};

double setter_width(const struct setter *s); /* of a line of text */

/* The left edge of a piece of this width that begins `from` into the line, as it is read. */
double setter_start_x(const struct setter *s, double from, double width);

/* All blocks of the document, from s->page and s->y on. */
bool setter_put_blocks(struct setter *s);

/* One block; `next` is the one that follows in its region, or NULL. */
bool setter_put_block(struct setter *s, const struct letter_block *block,
                      const struct letter_block *next);

/* A document with regions: a form on one page, torn off at the foot, and its back
 * (letter_form.c). BAD_VALUE when the front does not fit on one page. */
bool setter_is_form(const struct letter_document *document);
bool setter_put_form(struct setter *s);

#endif
