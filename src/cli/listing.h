/* Listing: rows of the book, as a command prints them. */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include "cli/command.h"
#include "flow/account.h"

/* Rows that pass the filter; *more: there are rows beyond its limit. */
typedef bool listing_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                          struct fault *why);

/* Opens the book, prints the rows, and says when there are more of `many` ("plans"). */
bool listing_print(struct call *call, const char *many, listing_rows *rows, const void *filter,
                   struct fault *why);

#endif
