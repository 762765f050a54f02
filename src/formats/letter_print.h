/*
 * Letter print: a letter document (letter_text.h) as the two parts of an email.
 *
 * Text is wrapped at 72 columns; tables keep their columns when they fit and become labelled
 * lines when they do not. HTML comes from templates/email/letter.html: one column, inline
 * styles, readable without pictures, right to left where the language is.
 */
#ifndef FORMATS_LETTER_PRINT_H
#define FORMATS_LETTER_PRINT_H

#include "formats/letter_text.h"

/* Appends the text/plain part. */
void letter_print_text(const struct letter_document *document, struct text *out);

struct letter_html; /* the page around every email, compiled */
struct letter_html *letter_html_load(struct arena *a, struct fault *why);

/* Appends the text/html part. */
bool letter_print_html(const struct letter_html *html, const struct letter_document *document,
                       struct text *out, struct fault *why);

#endif
