/*
 * Validation: how long a debtor may dispute a debt or ask for the original creditor after a US
 * validation notice (12 CFR 1006.34(b)(5)).
 *
 * Receipt may be assumed five days after sending, not counting Saturdays, Sundays and the legal
 * public holidays of 5 USC 6103(a). Days on which such a holiday is observed instead (the
 * Friday before a Saturday, the Monday after a Sunday) are not counted either: that makes the
 * period longer by a day at most, which the regulation allows, and never shorter. The period
 * ends thirty days of the calendar after the assumed receipt.
 */
#ifndef DOMAIN_VALIDATION_H
#define DOMAIN_VALIDATION_H

#include "domain/calendar.h"

/* The purpose of a contact that gives the notice, in letters, rules and history. */
#define VALIDATION_NOTICE "validation_notice"

bool federal_holiday_is(struct day day); /* 5 USC 6103(a), on the date of the holiday itself */
bool federal_day_is_off(struct day day); /* a weekend, a holiday, or the day it is observed  */

struct day validation_received(struct day sent); /* assumed */
struct day validation_end(struct day sent); /* the last day on which a dispute is in time */

#endif
