/*
 * Letter content: what a letter says, read from the values it names and the parts it uses
 * (letters/content.yaml says which of them say what). Words that somebody typed say nothing to
 * the gate, for nobody can read them by machine; what only words can say, a threat of suit, the
 * front matter declares under `says`.
 *
 * A field is certain when every way through the text holds it, else possible. Required fields
 * count when they are certain, those that rules forbid (`cautious`) when they are possible.
 *
 * Faults    BAD_PACK in content.yaml.
 */
#ifndef FORMATS_LETTER_CONTENT_H
#define FORMATS_LETTER_CONTENT_H

#include "domain/gate.h"
#include "formats/letter_text.h"

/* letters/content.yaml, read once. */
struct letter_saying;
struct letter_saying *letter_saying_load(struct arena *a, struct fault *why);

/* One piece of a letter, in the order in which it is read. */
enum letter_piece_kind { PIECE_TYPED, PIECE_VALUE, PIECE_PART };

struct letter_piece {
    enum letter_piece_kind kind;
    const char *file;
    int line;
    const char *text;  /* typed words; the whole name of a value ("items.open"); of a part */
    const char *group; /* PIECE_VALUE: "ledger", "dates", …; NULL: there is no such value  */
    bool certain;      /* every way through the text comes by here */
    bool in_subject;
};

/* Calls `piece` for each; parts are entered. What the channel does not show is left out. */
void letter_pieces(const struct letter_saying *saying, struct arena *a,
                   const struct letter_text *text, enum channel channel,
                   void (*piece)(void *self, const struct letter_piece *piece), void *self);

struct letter_content {
    struct gate_fields fields; /* "true"; requests_payment also "false"; subject of an email */
    bool shows_disclosures;    /* wording that rules demand would be seen                   */
    bool names_pay_by;
};

void letter_content_read(const struct letter_saying *saying, struct arena *a,
                         const struct letter_text *text, enum channel channel,
                         struct letter_content *out);

/* The value whose name is the nearest to one that there is not; NULL when none is near. */
const char *letter_saying_nearest(const struct letter_saying *saying, const char *name);

/* True when the front matter may declare this field. */
bool letter_saying_declares(const struct letter_saying *saying, const char *field);

#endif
