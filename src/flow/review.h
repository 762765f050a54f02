/*
 * Review: what somebody found in a record that was drawn (flow/sample.h), by the questions of
 * the house (formats/review_sheet.h).
 *
 * One reviewer answers for a record; only they may change it later. Nobody reviews what they
 * did themselves. What is found feeds coaching, never pay. Each save is journalled, with the
 * digest of the note.
 */
#ifndef FLOW_REVIEW_H
#define FLOW_REVIEW_H

#include "flow/audit_decision.h"
#include "flow/sample.h"
#include "flow/table.h"

enum { REVIEW_NOTE_MOST = 2000, REVIEWS_COUNTED = 20000, REVIEWS_COMPARED_LEAST = 30 };

struct review {
    int64_t item, bucket, seq, casefile;
    const char *actor, *rule; /* NULL: none */
    bool done;
    const char *sheet, *answers, *note; /* of a done one; note may be NULL */
    int64_t by;                         /* number of the user; 0: nobody */
    struct instant at;
};

/* Of one draw, in its order. */
bool review_list(struct store *s, struct arena *a, int64_t sample, struct review **out,
                 size_t *count, struct fault *why);

struct reviewer {
    int64_t number;
    const char *email;
};

/*
 * `answers` has a letter for each question of the sheet: y, n, or - (does not apply); BAD_VALUE
 * names the first that is missing. NOT_ALLOWED for what they did themselves; CONFLICT when
 * somebody else answered. The same again is CHANGE_NONE.
 */
struct review_input {
    int64_t sample, item;
    const char *answers, *note;
};
bool review_save(struct book *b, const struct review_sheet *sheet, const struct reviewer *by,
                 const struct review_input *in, enum change *change, struct fault *why);

/* When somebody last saved a review; us 0: never. */
bool review_last(struct store *s, struct instant *at, struct fault *why);

/* What was put into force since, the newest first: a strategy or a text in a new version. */
struct review_change {
    const char *kind, *name; /* as in flow/publication.h */
    int32_t version;
    int64_t published_by, agreed_by; /* numbers of staff */
    const char *reason;              /* NULL: none was given */
    struct instant at;
};
bool review_changes(struct store *s, struct arena *a, struct instant since, size_t most,
                    struct review_change **out, size_t *count, bool *more, struct fault *why);

/* ---- What was found ---- */

struct review_tally {
    const char *key;          /* a rule, or the email of who did it; "": none, the program */
    int64_t reviewed, passed; /* passed: no question was answered by no */
};

struct review_results {
    int64_t reviewed, passed;
    int64_t older; /* answers to other questions: they are not counted */
    bool at_least; /* there are more than were counted */
    int64_t yes[QUESTIONS_MOST], no[QUESTIONS_MOST], none[QUESTIONS_MOST];
    size_t rule_count, actor_count;
    struct review_tally *rules, *actors; /* most reviewed first */
};

/* Of what was answered since; as far as the reader of the view may see. */
bool review_found(struct view *v, const struct review_sheet *sheet, struct instant from,
                  struct review_results *out, struct fault *why);

/* One row for each question, rule and agent; shares are left out where there is too little. */
void review_results_sheet(const struct review_results *results,
                          const struct review_sheet *sheet, struct sheet *out);

/* What was written down of a contact, beside its record. */
struct reviewed_contact {
    bool found, incoming;
    struct instant at;
    const char *note, *outcome; /* note may be NULL */
};
bool review_contact(struct view *v, const struct audited *audited, struct reviewed_contact *out,
                    struct fault *why);

#endif
