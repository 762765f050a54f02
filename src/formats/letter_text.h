/*
 * Letter text: the words we send, written once, read as email, as text and on paper.
 *
 * A file of letters/<language>/<name>.md: front matter (YAML between two --- lines: purpose,
 * channels, subject, tone, required wording), then a body: a template (template.h, strict)
 * whose result is paragraphs with a few marks (letters/README.md). Rendering gives a neutral
 * document; letter_print.h turns that into text and HTML, letter_pdf.h into pages.
 *
 * Values can't become marks: an invoice number with a bar in it stays in its column.
 * Required wording is a partial of letters/<language>/wording/; a document without it, word
 * for word, is never returned.
 *
 * The context a letter is rendered with is the contract in letters/README.md. All amounts and
 * dates in it are texts already printed; this module does no arithmetic.
 *
 * Faults    NOT_FOUND no such letter; BAD_FILE or BAD_PACK the file breaks its format;
 *           BAD_VALUE the context lacks something the letter says; NOT_ALLOWED wrong channel.
 */
#ifndef FORMATS_LETTER_TEXT_H
#define FORMATS_LETTER_TEXT_H

#include "domain/contact.h"
#include "formats/template.h"

enum letter_block_kind {
    LETTER_PARAGRAPH, /* one cell                                                         */
    LETTER_HEADING,   /* one cell                                                         */
    LETTER_STATEMENT, /* one cell: wording that law asks for, set apart                   */
    LETTER_LIST,      /* one cell to a row                                                */
    LETTER_TABLE,     /* the first row is the heading, repeated on every page             */
    LETTER_TOTAL,     /* two cells: label, amount; follows a table                        */
    LETTER_ACTION,    /* one cell, the label, and where it leads (url)                    */
    LETTER_CHOICE,    /* one cell to a row: something to tick, or to fill in              */
};

/*
 * Where a block stands on a page that is a form (::: left and so on). A letter that names no
 * region runs down the page; emails show all regions one after the other.
 */
#define LETTER_REGIONS(X)                                                                      \
    X(LETTER_WHOLE, "whole")                                                                   \
    X(LETTER_LEFT, "left")                                                                     \
    X(LETTER_RIGHT, "right")                                                                   \
    X(LETTER_REPLY_LEFT, "reply left") /* below the line at which the page is torn off */      \
    X(LETTER_REPLY_RIGHT, "reply right")                                                       \
    X(LETTER_REVERSE, "reverse") /* the back of the page */
#define X(code, name) code,
enum letter_region { LETTER_REGIONS(X) };
#undef X

/* Text of one weight. "\n" inside is a line break that was asked for. */
struct letter_run {
    const char *text;
    bool strong;
};

struct letter_cell {
    size_t run_count;
    const struct letter_run *runs;
};

struct letter_row {
    size_t cell_count;
    const struct letter_cell *cells;
};

struct letter_block {
    enum letter_block_kind kind;
    enum letter_region region;
    size_t row_count;
    const struct letter_row *rows;
    const bool *right; /* LETTER_TABLE: which columns hold figures; as many as row 0 */
    const bool *inset; /* LETTER_CHOICE: which rows belong to the one before them     */
    const char *url;   /* LETTER_ACTION */
    bool quiet; /* LETTER_ACTION: written [~label](address); never shown as the main one */
};

/* The few words that pages and emails put around a text, in its language. */
struct letter_words {
    const char *page; /* "Page {{page}} of {{pages}}", a template */
    const char *date, *reference;
};

struct letter_lines {
    size_t count;
    const char *const *lines;
};

/* What a reader gets, before it has a shape. Lives in the arena it was rendered in. */
struct letter_document {
    const char *name;     /* "past-due"                                             */
    const char *language; /* the one it is written in, not the one asked for        */
    bool right_to_left;
    const char *country; /* of the sender; chooses the paper; "" when not known    */
    const char *subject;
    const char *today, *reference;
    struct letter_lines sender;    /* name, then address lines: whoever writes       */
    struct letter_lines contact;   /* telephone, email, web: for the head of a page  */
    struct letter_lines recipient; /* name, then address lines                       */
    struct letter_words words;
    size_t block_count;
    const struct letter_block *blocks;
};

struct letter_text;

/*
 * Loads letters/<language>/<name>.md, checked and compiled. "de-AT" falls back to "de", then
 * to "en". Everything lives in the arena, so a worker may keep it and render it many times.
 */
bool letter_text_load(struct arena *a, const char *name, const char *language,
                      struct letter_text **out, struct fault *why);

/* A text that lies anywhere, as if it were a letter of that language. */
bool letter_text_read(struct arena *a, const struct file *file, const char *language,
                      struct letter_text **out, struct fault *why);

const char *letter_text_language(const struct letter_text *text);
const char *letter_text_purpose(const struct letter_text *text); /* "collection", … */
const char *letter_text_tone(const struct letter_text *text);    /* friendly, plain, formal */
bool letter_text_is_for(const struct letter_text *text, enum channel channel);
bool letter_text_is_from_collector(const struct letter_text *text);

/* Whom it is written to; a text that does not say so may go to anybody. */
enum letter_reader { LETTER_TO_ANYBODY, LETTER_TO_PERSON, LETTER_TO_BUSINESS };
enum letter_reader letter_text_reader(const struct letter_text *text);

/* For whoever wants to know what it says (letter_content.h). */
const char *letter_text_path(const struct letter_text *text);
const char *letter_text_name(const struct letter_text *text);
const struct template *letter_text_body(const struct letter_text *text);
const struct template *letter_text_subject(const struct letter_text *text,
                                           enum channel channel);
int letter_text_subject_line(const struct letter_text *text, enum channel channel);
/* Where it is meant to be read, ISO 3166, each with all that lies in it; none: everywhere. */
bool letter_text_is_for_place(const struct letter_text *text, const char *place);
size_t letter_text_says(const struct letter_text *text, const char *const **fields);

/*
 * The document for CHANNEL_EMAIL or CHANNEL_LETTER. The text may ask {{#email}} and
 * {{#letter}}. Nothing in it is blank, and all required wording is there.
 */
bool letter_text_render(struct arena *a, const struct letter_text *text, const json_t *context,
                        enum channel channel, struct letter_document *out, struct fault *why);

#endif
