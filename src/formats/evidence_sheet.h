/*
 * Evidence sheet: records of the journal on paper: a title block, a table in which every record
 * has its number and its whole hash, and numbered pages. Set with formats/letter_page.h, so
 * that its words can be searched and copied; the checker of evidence packs reads the numbers
 * and hashes back.
 */
#ifndef FORMATS_EVIDENCE_SHEET_H
#define FORMATS_EVIDENCE_SHEET_H

#include "formats/letter_pdf.h"

struct sheet_pair {
    const char *label, *value;
};

struct sheet_record {
    const char *number, *when, *about, *wanted, *decision, *because, *hash;
};

struct evidence_sheet {
    const char *title, *under; /* "Evidence: account FH-20418", "Fairhaven Receivables" */
    const char *foot;          /* of every page, before "page 2 of 9" */
    size_t pair_count, note_count, record_count, rule_count;
    const struct sheet_pair *pairs;
    const char *const *notes; /* paragraphs below the title block */
    const struct sheet_record *records;
    const struct sheet_pair *rules; /* packs with their digests, after the records */
};

bool evidence_sheet_make(struct arena *a, const struct evidence_sheet *sheet,
                         enum letter_paper paper, struct instant made, struct text *pdf,
                         size_t *page_count, struct fault *why);

#endif
