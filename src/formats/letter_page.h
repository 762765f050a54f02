/*
 * Letter page: words set in lines, placed on pages, written as PDF. What a page looks like is
 * letter_pdf.c's affair; how glyphs are found, shaped and embedded is pango's and cairo's,
 * which only letter_page.c knows.
 *
 * Units are points (1/72 inch) from the top left corner. Lines stand on an even grid:
 * a style's leading, whatever script they are in.
 */
#ifndef FORMATS_LETTER_PAGE_H
#define FORMATS_LETTER_PAGE_H

#include "formats/letter_text.h"

enum words_side {
    WORDS_START,   /* left, or right where the letter is written right to left    */
    WORDS_FIGURES, /* always right, so that digits stand under digits             */
    WORDS_WINDOW,  /* always left; each line in the direction of its own letters  */
};

struct words_style {
    double size, leading;
    bool strong;
    enum words_side side;
};

struct pages;
struct words; /* a piece of text, broken into lines */

/* `right_to_left` is the direction of the whole letter. Freed by pages_free, words and all. */
struct pages *pages_new(struct arena *a, double width, double height, bool right_to_left);
void pages_free(struct pages *pages);

/* A width below 0 means: do not break. */
struct words *words_new(struct pages *pages, const struct letter_cell *cell,
                        const struct words_style *style, double width);
struct words *words_of_text(struct pages *pages, const char *text,
                            const struct words_style *style, double width);
void words_break(struct words *words, double width); /* breaks again, at another width */
size_t words_line_count(const struct words *words);
double words_height(const struct words *words);
double words_width(const struct words *words); /* of the longest line as broken now   */
double words_narrowest(struct words *words);   /* of the longest word; then break again */

/* Pages are numbered from 0 and come into being when something is put on them. */
void pages_put(struct pages *pages, size_t page, double x, double y, const struct words *words,
               size_t first_line, size_t line_count);
void pages_fill(struct pages *pages, size_t page, double x, double y, double width,
                double height, double grey);
size_t pages_count(const struct pages *pages);

/* Appends the whole PDF. */
bool pages_write(struct pages *pages, const char *title, const char *author,
                 struct instant made, struct text *out, struct fault *why);

#endif
