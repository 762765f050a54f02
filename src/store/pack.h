/*
 * Pack: numbers and texts in few bytes, for columns that are derived and read as a whole.
 * Numbers are zigzag varints (7 bits to a byte, least first), texts have their length and a NUL.
 * Reading never fails in between: what is broken stays so, and is asked for at the end.
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "base/text.h"
#include "domain/calendar.h"

void pack_int(struct text *out, int64_t value);
void pack_text(struct text *out, const char *text); /* may be NULL */

struct unpacker {
    const unsigned char *at, *end;
    bool broken;
    struct arena *a;
};

int64_t unpack_int(struct unpacker *r);
int32_t unpack_small(struct unpacker *r);
struct day unpack_day(struct unpacker *r);
const char *unpack_text(struct unpacker *r); /* points into the bytes; may be NULL */
/* Of things that take a byte each at least. */
size_t unpack_count(struct unpacker *r);

#endif
