/*
 * Word: by what pieces of text a case file is found (table word).
 *
 * A word is a piece of text behind one letter that says what it is a piece of:
 *
 *   n  one word of a name, without case and accents (text_bare)
 *   a  the reference of the account, its letters and digits in one piece
 *   A  the same from its end: people read out the last digits of a number
 *   D  the reference of a debt, from its end
 *   M  the reference of a payment, from its end
 *   e  an email address
 *   P  the digits of a telephone number, from the end, so that it is found however much of the
 *      codes of country and area is said
 *
 * The bucket is the hash of the letter and the first three bytes: all words that begin alike lie
 * together, and one range of one bucket has them, on every database. Fewer than three bytes find
 * only the word that is no longer.
 *
 * Words are written in the transaction of what they come from, all at its end and in the order of
 * their key, so that a file of a million rows fills each page once. `recoup prove` makes them
 * again.
 */
#ifndef STORE_WORD_H
#define STORE_WORD_H

#include "domain/casefile.h"
#include "store/store.h"

enum { WORD_LEAST = 3, WORD_MOST = 60, WORDS_OF_TEXT = 24 };

/* What a text is; and what object_no is for each. */
enum word_source {
    WORDS_NAME,    /* the party */
    WORDS_ACCOUNT, /* 0 */
    WORDS_DEBT,    /* the debt */
    WORDS_PAYMENT, /* the payment */
    WORDS_EMAIL,   /* the contact point */
    WORDS_PHONE,   /* the same */
};

/* The words of a text, each once, of at most WORD_MOST bytes behind the letter. */
size_t word_split(struct arena *a, enum word_source source, const char *text,
                  const char *out[WORDS_OF_TEXT]);
int64_t word_bucket(const char *word);

/* As they are kept: letters and digits in one piece, digits alone, letter by letter backwards. */
char *word_whole(struct arena *a, const char *text);
char *word_digits(struct arena *a, const char *text);
char *word_from_end(struct arena *a, const char *whole);

/* ---- Writing -------------------------------------------------------------------------- */

/* What waits for the end of a transaction; bounded: what is too much is written before. */
struct word_writer;
struct word_writer *word_writer_new(struct store *s);
void word_writer_free(struct word_writer *w);
void word_writer_reset(struct word_writer *w);

bool word_add(struct word_writer *w, enum word_source source, const char *text,
              struct casefile_key key, int32_t object, struct fault *why);
/* The text is not there any more. */
bool word_drop(struct word_writer *w, enum word_source source, const char *text,
               struct casefile_key key, int32_t object, struct fault *why);
/* Before the commit, and before words are read in the transaction. */
bool word_flush(struct word_writer *w, struct fault *why);

#endif
