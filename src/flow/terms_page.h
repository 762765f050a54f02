/* Terms page: what terms mean, in plain words, and the terms there are. */
#ifndef FLOW_TERMS_PAGE_H
#define FLOW_TERMS_PAGE_H

#include "domain/calendar.h"
#include "flow/table.h"

/* Every terms file. */
bool terms_sheet_list(struct sheet *out, struct fault *why);

/* Those of this name: due, grace, interest with its rate today, fees, order of allocation, each
 * with its ground. NOT_FOUND names what there is. */
bool terms_sheet_show(const char *name, struct day today, struct sheet *out, struct fault *why);

/* The same of a file on this machine. BAD_PACK says what is wrong with it, and where. */
bool terms_sheet_check(const char *path, struct day today, struct sheet *out,
                       struct fault *why);

#endif
