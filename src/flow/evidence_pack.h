/*
 * Evidence pack: what the book holds of an account, of a period or of some decisions, as one
 * zip that an auditor checks without us.
 *
 *   README.txt       what is in it, what it proves and what it cannot
 *   check.py         the checker: Python 3, no library, no network, nothing of this program
 *   manifest.json    every file with its length, SHA-256 and BLAKE2b-256
 *   manifest.sums    the digests of the manifest
 *   summary.pdf      for people, and for paper: every record with its number and hash
 *   records.jsonl    the records as they stand in the journal, each with its question and hash
 *   chain/N.txt      the chain of bucket N, from the first of these records on
 *   rules/…          the rule packs of each day, and the lists of them
 *   account.json     people, debts, facts, contacts, agreements        (of an account)
 *   ledger.json      movements, postings, payments                     (of an account)
 *   messages/…       letters, emails and texts, byte for byte as they were sent
 *   statements/…     as they were given out                            (of an account)
 *   papers/…         what was handed in                                (of an account)
 *
 * Chain: hash(n) = H(hash(n-1), body(n)), store/journal.h. Of these records the body's digest
 * follows from the record; of the records of others that lie between only the digest is in the
 * pack. So the chain can be checked from end to end, and tells nothing of others.
 *
 * Redacted: names, addresses and free text are tokens, the same for the same words wherever
 * they stand, made with the key of this house. A record in which something was replaced keeps
 * the digest of its body: the chain still holds, but that this record says what its digest says
 * cannot be checked any more. Messages, statements and papers are left out; their digests stay.
 *
 * Bounds    RECORDS_MOST records; a period that has more is refused (split it).
 * Memory    one file of the pack at a time.
 * Faults    NOT_FOUND (no such account, no such record, or not for this reader's eyes),
 *           BAD_VALUE (too many, or none), SYSTEM (the archive cannot be written).
 */
#ifndef FLOW_EVIDENCE_PACK_H
#define FLOW_EVIDENCE_PACK_H

#include "flow/audit_log.h"

enum { PACK_RECORDS_MOST = 100000, PACK_NUMBERS_MOST = 1000 };

struct pack_request {
    const char *account;              /* of this account; or NULL */
    const struct log_request *period; /* records that the log shows; or NULL */
    size_t number_count;              /* these records */
    const struct log_place *numbers;  /* .at plays no part */
    size_t most;                      /* records; 0: PACK_RECORDS_MOST */
    bool redact;
    const char *by; /* who made it; NULL: a command */
};

/* "D-17.42, D-3.4": numbers with blanks, commas, semicolons or lines between. BAD_VALUE names
 * the first that is none. */
bool pack_numbers_read(struct arena *a, const char *text, struct pack_request *r,
                       struct fault *why);

struct pack_sink {
    bool (*write)(void *self, const void *bytes, size_t length);
    void *self;
};

struct pack_made {
    const char *subject, *file; /* "account FH-20418", "evidence-FH-20418.zip" */
    int64_t records, files;
    int64_t bytes;           /* of the files, before they were packed */
    char digest[DIGEST_HEX]; /* BLAKE2b-256 of the manifest: names the pack */
};

/* Inside view_begin … view_end. */
bool evidence_pack_write(struct view *v, const struct pack_request *request,
                         struct pack_sink sink, struct pack_made *out, struct fault *why);

/* The summary alone, of the same things: a PDF. */
bool evidence_summary(struct view *v, const struct pack_request *request, struct text *pdf,
                      struct pack_made *out, struct fault *why);

/* That it was made is itself a record: who, what of, how many, and by which name. In the case
 * file when it is of one, else of the house. */
bool evidence_pack_note(struct book *b, const struct pack_request *request,
                        const struct pack_made *made, bool summary_only, struct fault *why);

#endif
