/*
 * Statement: what an account came to over a period, and receipts of single payments, as they are
 * given out: for people (letters/<language>/statement.md, receipt.md) and for programs.
 *
 * Opening balance, lines and closing balance are those of flow/balance.h, which meet or are
 * refused. The day for which a line counts decides in which statement it stands. So what is
 * dated back later makes an older statement untrue: it is kept as it was given out, the list says
 * so, and making it again gives a new one that names the one it replaces, and the other way
 * round (table statement).
 *
 * What is kept is the content: JSON with a part for programs, the core, whose digest tells
 * whether two are the same, and a part for people, in their language, from which the page is
 * set. The same content again is the same statement.
 *
 * Faults    BAD_VALUE a day that is not over yet, no such payment; NOT_FOUND; DB_ROW sums.
 */
#ifndef FLOW_STATEMENT_H
#define FLOW_STATEMENT_H

#include "base/digest.h"
#include "flow/book.h"
#include "flow/table.h"

#include <jansson.h>

struct statement_request {
    const char *reference; /* of an account, or of one debt        */
    const char *payment;   /* NULL: a statement; else its receipt  */
    struct day from, to;   /* of a statement; from DAY_NONE: from the first thing that happened */
    struct instant now;
    const struct zone *zone;
    const char *language; /* of the part for people; NULL: that of who owes */
};

struct statement {
    struct casefile_key key;
    const char *kind, *account; /* "statement", "receipt" */
    struct day from, to;
    int32_t object;           /* the debt (0: all), or the payment   */
    int32_t number, replaces, replaced; /* 0: not kept; none; none   */
    struct instant at;        /* when it was made                    */
    json_t *content;          /* freed by statement_done             */
    char digest[DIGEST_HEX];  /* of its core                         */
};

/* What it would say now. Reads only; number is 0. */
bool statement_draw(struct store *s, struct arena *a, const struct statement_request *request,
                    struct statement *out, struct fault *why);

/*
 * Makes and keeps it, inside book_begin and book_commit. CHANGE_NONE: one with this content, or
 * for this `once` (may be NULL), was made before, and is it.
 */
bool statement_make(struct book *b, const struct statement_request *request, const char *once,
                    struct statement *out, enum change *change, struct fault *why);

/* One that was kept. */
bool statement_load(struct store *s, struct arena *a, const char *reference, int32_t number,
                    struct statement *out, struct fault *why);
void statement_done(struct statement *statement);

/* The page, as it was first made. */
bool statement_pdf(struct arena *a, const struct statement *statement, unsigned char **bytes,
                   size_t *length, size_t *pages, struct fault *why);
/* The part for programs, as tables. */
bool statement_sheet(const struct statement *statement, struct sheet *out, struct fault *why);

/* All that were given out of an account, and whether each still says what the books say. */
bool statement_list(struct store *s, const char *reference, struct instant now,
                    const struct zone *zone, struct sheet *out, struct fault *why);
/* The same inside a snapshot that is open. */
bool statement_rows(struct store *s, const char *reference, struct instant now,
                    const struct zone *zone, struct sheet *out, struct fault *why);

#endif
