/*
 * Letter wording: what must not stand in a letter, whatever the rules of a place say: threats,
 * false urgency, words about courts and credit on an old debt, words of debt where others see
 * them, amounts that somebody typed. The lists are letters/wording.yaml.
 *
 * Faults    BAD_PACK in wording.yaml.
 */
#ifndef FORMATS_LETTER_WORDING_H
#define FORMATS_LETTER_WORDING_H

#include "formats/letter_content.h"

/* When in the life of a debt a text is sent. Names are API. */
#define LETTER_STAGES(X)                                                                       \
    X(STAGE_INITIAL, "initial")       /* the first communication                            */ \
    X(STAGE_LATER, "later")           /* the validation period is over                      */ \
    X(STAGE_VALIDATION, "validation") /* it runs                                            */ \
    X(STAGE_TIME_BARRED, "time_barred") /* the debt is too old to be sued for               */
#define X(code, name) code,
enum letter_stage { LETTER_STAGES(X) LETTER_STAGE_COUNT };
#undef X
const char *letter_stage_name(enum letter_stage stage);
bool letter_stage_parse(const char *name, enum letter_stage *out);

/* The stages for which a text is meant: the first word, or what follows; a text that threatens
 * suit is not meant for debts that are too old for one. Bits 1u << STAGE_… */
unsigned letter_stages_of(const struct letter_text *text);

struct letter_wording;
struct letter_wording *letter_wording_load(struct arena *a, struct fault *why);

struct wording_finding {
    const char *id, *cite, *reason;
    const char *file;
    int line;
    const char *what; /* the word, value or amount that was found; "" for a lack */
};

/* `sender` is the name that the window of an envelope shows; NULL: not known. */
void letter_wording_check(const struct letter_wording *wording,
                          const struct letter_saying *saying, struct arena *a,
                          const struct letter_text *text, enum channel channel,
                          enum letter_stage stage, const char *sender,
                          void (*found)(void *self, const struct wording_finding *finding),
                          void *self);

#endif
