/* Evidence parts: what the files of the evidence pack share. Private to src/flow/evidence_*.c.
 */
#ifndef FLOW_EVIDENCE_PARTS_H
#define FLOW_EVIDENCE_PARTS_H

#include "flow/audit_decision.h"
#include "flow/audit_words.h"
#include "flow/evidence_pack.h"
#include "flow/evidence_redact.h"
#include "formats/zip.h"

#include <jansson.h>

struct digest_names { /* of texts, each once */
    size_t count, room;
    const char **all;
};

/* A record of the pack: what the summary prints of it. */
struct packed_record {
    int64_t bucket, seq, casefile;
    struct instant at;
    const char *reference, *kind, *outcome, *rule, *wanted, *because, *asked_by;
    char hash[DIGEST_HEX], before[DIGEST_HEX];
};

struct packing {
    struct view *v;
    const struct pack_request *r;
    struct redactor redactor;
    struct arena *a;         /* lives as long as the pack is made */
    struct arena kept;       /* that one */
    struct arena scrap;      /* of the file or record at hand */
    struct arena outer;      /* the view's own, while it works in scrap */
    struct casefile_key key; /* of the account; id 0: there is none */
    const char *reference, *name;
    struct zip *zip; /* NULL: only the summary is wanted */
    json_t *files;   /* of the manifest */
    struct pack_made *made;
    size_t record_count, record_room;
    struct packed_record *records; /* by bucket, then number */
    struct digest_names rulebooks;
    struct fault *why;
};

/* A file of the pack; bytes are not needed afterwards. */
bool pack_file(struct packing *p, const char *path, const void *bytes, size_t length);
bool pack_text_file(struct packing *p, const char *path, struct text *text); /* and frees it */

/* What the view reads in between is forgotten at the end of it, with all of scrap. */
void scrap_begin(struct packing *p);
void scrap_end(struct packing *p);

/* Which records there are, in p->records (evidence_records.c). */
bool pack_choose(struct packing *p);
/* records.jsonl, with what the summary needs of each. */
bool pack_records(struct packing *p);
bool pack_chains(struct packing *p); /* chain/N.txt */
bool pack_rules(struct packing *p);  /* rules/… */

bool pack_account(struct packing *p); /* account.json, ledger.json */
bool pack_papers(struct packing *p);  /* messages, statements, papers */

/* summary.pdf, or several when there are many records (evidence_summary.c). */
bool pack_summary(struct packing *p);
bool summary_part(struct packing *p, size_t first, size_t count, size_t part, size_t parts,
                  struct text *pdf);

const char *pack_number(struct arena *a, int64_t bucket, int64_t seq); /* "D-17.42" */

#endif
