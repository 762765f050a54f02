/*
 * Text sample: the letters and emails of the house, looked at with invented values
 * (letters/samples) as a reader would get them, and what checks say of them. No book is needed.
 */
#ifndef FLOW_TEXT_SAMPLE_H
#define FLOW_TEXT_SAMPLE_H

#include "flow/template_check.h"
#include "formats/reading.h"

enum { TEXT_BYTES = 256 * 1024 };

struct text_row {
    const char *language, *name, *title, *purpose, *tone;
    bool by_email, by_letter, from_collector;
};
bool text_list(struct arena *a, struct text_row **out, size_t *count, struct fault *why);

/* A text as it is kept. NOT_FOUND when there is none. */
bool text_source(struct arena *a, const char *language, const char *name, const char **source,
                 struct fault *why);
/* What its front matter says that it is called: "title: Past due"; "" when it says nothing. */
const char *text_title(struct arena *a, const char *source);

struct text_shown {
    const char *subject, *text, *html; /* of the email; NULL where it is none */
    const unsigned char *pdf;          /* of the letter; NULL likewise */
    size_t pdf_length;
    const char *sample; /* whose values they are: "person", "business", … */
    struct reading reading;
};
/*
 * `draft`: instead of what is kept; NULL: that. The first sample that has every value the text
 * asks for is taken; BAD_VALUE says what no sample has.
 */
bool text_show(struct arena *a, const char *language, const char *name, const char *draft,
               struct instant now, struct text_shown *out, struct fault *why);

/* What rules and the list of words say of it. */
bool text_check(struct arena *a, const char *language, const char *name, const char *draft,
                struct instant now, struct template_findings *out, struct fault *why);

#endif
