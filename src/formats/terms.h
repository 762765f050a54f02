/*
 * Terms files: terms/<name>.yaml to struct terms (docs/terms.md is the manual).
 *
 * A file is refused as a whole, with file, line and column (BAD_PACK), when it has an unknown
 * key; when a charge, interest or a discount names neither the clause nor the law that allows
 * it; when shares do not add up; when an amount stands in it without a currency, or with more
 * decimals than the currency has.
 *
 * A debt is bound to the text of its terms, by its digest; what the text says is read again
 * from the text, with the rates that are known then.
 */
#ifndef FORMATS_TERMS_H
#define FORMATS_TERMS_H

#include "base/digest.h"
#include "formats/rates.h"

struct terms_file {
    const char *path;
    const char *text; /* the file, byte by byte */
    size_t length;
    struct digest digest; /* of the text */
    const struct terms *terms;
};

struct terms_files {
    size_t count;
    const struct terms_file *all; /* by path */
};

/* `name` stands in faults: a path, or what else the text comes from. NULL with *why. */
struct terms *terms_read(struct arena *a, const char *name, const char *text, size_t length,
                         const struct rate_book *rates, struct fault *why);

/* Every file under terms/, of the program and of the override folder. */
bool terms_load(struct arena *a, const struct rate_book *rates, struct terms_files *out,
                struct fault *why);

/* By the name that the file gives its terms; NULL when there is none. */
const struct terms_file *terms_find(const struct terms_files *files, const char *name);

#endif
