/*
 * Verdict record: what the journal keeps of a verdict, as JSON, and of the question beside it.
 *
 *   "facts":"9f…","rulebook":"41…","packs":["house",…],
 *   "verdict":{"ruling","until","findings":[{"rule","ruling","cite","until","unknown"}…],
 *              "duties":[{"rule","wording"} or {"rule","notice","due"}…]}
 *
 * facts is the digest of the question as formats/question.h prints it, which is stored in its
 * own column; duties are those of a contact that is allowed, and are left out when there are
 * none (the wording itself stands in the pack). rulebook names the list of packs of that day (flow/rulebook.h), packs those of
 * them that were asked. The same question and packs give the same bytes, for ever: recoup prove
 * judges again and compares.
 */
#ifndef FLOW_VERDICT_RECORD_H
#define FLOW_VERDICT_RECORD_H

#include "base/digest.h"
#include "base/json.h"
#include "formats/rulepack.h"

struct judged {
    const struct gate_question *question;
    struct gate_packs packs;
    const struct rulebook *rulebook; /* that the packs are of */
    const struct verdict *verdict;
};

/* Adds the four fields; *question is cleared and holds what the digest is of. */
void judged_write(struct json_writer *w, const struct judged *judged, struct text *question);

/* The verdict alone: {"ruling",…}. */
void verdict_write(struct json_writer *w, const struct verdict *verdict);

/* The four fields of a record, as they stand in its bytes. */
struct judged_words {
    char facts[DIGEST_HEX], rulebook[DIGEST_HEX];
    const char *grounds;   /* rulebook and packs: equal bytes, equal rules */
    size_t grounds_length;
    const char *packs;     /* "house","us.federal"                         */
    size_t packs_length;
    const char *verdict;
    size_t verdict_length;
};

/* False: the record holds no verdict, or none that judged_write wrote. */
bool judged_find(const char *record, struct judged_words *out);
bool record_has_verdict(const char *record);

#endif
