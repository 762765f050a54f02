/*
 * Call script: what somebody who rings may say, stage by stage. Data (folder calls, docs/calls.md).
 *
 * A stage that is `limited` comes before it is known who is there: its lines name no amount, no
 * client and no account, and use none of the words that tell a stranger what it is about
 * (12 CFR 1006.6(d)(1), 15 USC 1692b(2), 1692c(b)). The parser holds them to that.
 *
 * What a script says for the gate stands in `says`, and with single lines in `holds`: names of
 * fields of a message, as in letters/content.yaml. Wording that the law of a place wants in the
 * call is not in the script: the gate adds it, and the stage that is marked `disclosures` shows it.
 *
 * Refused as a whole (BAD_PACK "file:line:column: …"), a line with a value that is not known too.
 */
#ifndef FORMATS_CALL_SCRIPT_H
#define FORMATS_CALL_SCRIPT_H

#include "domain/gate.h"
#include "formats/template.h"
#include "formats/yaml.h"

struct call_line {
    const char *when;      /* "Somebody else answers"; NULL: always */
    const char *say, *act; /* one of them: words to be said; what to do */
    const char *holds;     /* a field of the message that it makes true; or NULL */
    const struct template *words; /* of say or act, with its values as holes */
};

struct call_stage {
    const char *name, *title;
    bool limited;     /* before it is known who is there */
    bool identity;    /* the one in which that is found out */
    bool disclosures; /* where wording that the law wants is said */
    size_t line_count;
    const struct call_line *lines;
};

/* What somebody may have to tell; lines that go with it, and what it may lead to. */
struct call_reason {
    const char *name, *title;
    size_t line_count;
    const struct call_line *lines;
    const char *leads_to; /* "plan", "offer", "dispute", "hardship", "promise"; NULL: nothing */
};

struct call_script {
    const char *name, *title, *language, *file;
    bool by_collector, to_business;
    int confirm; /* how many things about them have to be right */
    struct gate_fields says; /* with those of its lines */
    size_t stage_count, reason_count;
    const struct call_stage *stages;
    const struct call_reason *reasons;
};

/* NULL with *why. `language` is that of its folder. */
struct call_script *call_script_parse(struct arena *a, const char *language, const char *file,
                                      const char *bytes, size_t length, struct fault *why);

/* The script for these callers and people, in this language, or in English when it has none. */
struct call_script *call_script_load(struct arena *a, const char *language, bool by_collector,
                                     bool to_business, struct fault *why);

/* The words of a line with these values in its holes: {"me":{"name"},"debtor":{"name"},…}. */
bool call_line_render(const struct call_line *line, const json_t *values, struct arena *a,
                      const char **out, struct fault *why);

#endif
