/*
 * Export: the double entries of the book for the general ledger of somebody else.
 *
 * gl      CSV (RFC 4180, UTF-8), a row for each line of an entry: an account with code and
 *         name, and either a debit or a credit, as plain decimals
 * ledger  plain-text accounting, a transaction for each entry, read by Ledger and by hledger;
 *         all accounts and currencies are declared, so their strict checks pass
 *
 * Entries come case file by case file, each in the order in which they were posted. An entry is
 * named by its case file and its number in it: "FH-20418/3". One that takes another back names
 * it. Debits are what is owed, and money that came in.
 *
 * `charged` is split by what was charged (interest, fees, costs) when the entry tells; it stays
 * one account for an entry that charges several at once.
 *
 * In plain-text accounting accounts of a debtor end in the reference of the case file. Letters,
 * digits, single spaces inside and - _ . / + stand as they are; every other byte is written as
 * %XX, so that no reference can be mistaken for another, or for a part of the file.
 *
 * An entry is exported whole or not at all. Memory: an entry on SQLite, a bucket on PostgreSQL.
 */
#ifndef FLOW_EXPORT_H
#define FLOW_EXPORT_H

#include "domain/calendar.h"
#include "store/store.h"

#include <stdio.h>

enum export_format { EXPORT_GL, EXPORT_LEDGER };

struct export_request {
    enum export_format format;
    struct day since, until; /* value days, both included; DAY_NONE, DAY_NEVER: no bound */
    struct instant known;    /* what was posted up to then; INSTANT_NEVER: all           */
    const char *account;     /* reference of one case file or its debt; NULL: every one  */
};

/*
 * Faults: NOT_FOUND (the account), BAD_VALUE (a period that ends before it begins), DB_ROW (an
 * entry that does not add up, or has an account or a currency that this program does not know).
 * What was written before a fault is no export.
 */
bool export_ledger(struct store *s, const struct export_request *request, FILE *out,
                   struct fault *why);

#endif
