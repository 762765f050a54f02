/*
 * Itemization: how an amount came about since a day (12 CFR 1006.34(c)(2)): what was owed on
 * the itemization date, what was added and taken off since, what is owed now.
 */
#ifndef DOMAIN_ITEMIZATION_H
#define DOMAIN_ITEMIZATION_H

#include "domain/calendar.h"

enum itemized_kind { MOVED_PRINCIPAL, MOVED_INTEREST, MOVED_FEES };

/* One line of the ledger on an account of the debt. */
struct itemized {
    struct day day;
    enum itemized_kind kind;
    bool paid; /* by money that came, or went back; else charged, corrected or waived */
    int64_t minor;
};

struct itemization {
    int64_t then;              /* owed on the date                */
    int64_t interest, fees;    /* charged since                   */
    int64_t payments, credits; /* taken off since, as plain sums  */
    int64_t now;
};

/*
 * From the ledger alone. A correction upwards belongs to what was owed then, since nothing was
 * charged; so does a payment of before the date that went back after it.
 */
struct itemization itemization_of(struct day date, size_t count, const struct itemized all[]);

/* What a debtor may be told: the lines lead from the one amount to the other, and none is
 * below zero. */
bool itemization_adds_up(const struct itemization *i);

#endif
