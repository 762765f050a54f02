/*
 * Review sheet: what a reviewer asks of a record, and what makes one a risk. Data (folder
 * reviews).
 *
 * Refused as a whole (BAD_PACK "file:line:column: …") when there is no question, there are more
 * than QUESTIONS_MOST, a name stands twice, or a kind of fact is not known.
 */
#ifndef FORMATS_REVIEW_SHEET_H
#define FORMATS_REVIEW_SHEET_H

#include "formats/yaml.h"

enum { QUESTIONS_MOST = 8 };

struct review_question {
    const char *name, *text;
    const char *cite; /* NULL: the house asks it of itself */
};

struct review_sheet {
    const char *title;
    const char *digest; /* of the names and words of the questions: which sheet it was */
    size_t count;
    struct review_question questions[QUESTIONS_MOST];
    struct yaml_texts risk_words, risk_facts;
};

struct review_sheet *review_sheet_parse(struct arena *a, const char *file, const char *bytes,
                                        size_t length, struct fault *why);
/* reviews/house.yaml */
struct review_sheet *review_sheet_load(struct arena *a, struct fault *why);

/* One of the words stands at the beginning of a word of `text`, whatever its case; the word, or
 * NULL. */
const char *review_sheet_word(const struct review_sheet *sheet, const char *text);
bool review_sheet_fact(const struct review_sheet *sheet, const char *type);

#endif
