#include "store/pack.h"

#include <string.h>

void pack_int(struct text *out, int64_t value)
{
    uint64_t zigzag = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    char bytes[10];
    size_t n = 0;

    while (zigzag >= 0x80) {
        bytes[n++] = (char)(zigzag | 0x80);
        zigzag >>= 7;
    }
    bytes[n++] = (char)zigzag;
    text_add_n(out, bytes, n);
}

/* Length plus one, so that 0 says NULL. */
void pack_text(struct text *out, const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;

    pack_int(out, text != NULL ? (int64_t)length + 1 : 0);
    if (text != NULL)
        text_add_n(out, text, length + 1);
}


int64_t unpack_int(struct unpacker *r)
{
    uint64_t value = 0;

    for (int shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        unsigned char byte = *r->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
    }
    r->broken = true;
    return 0;
}

int32_t unpack_small(struct unpacker *r)
{
    return (int32_t)unpack_int(r);
}

struct day unpack_day(struct unpacker *r)
{
    return (struct day){ unpack_small(r) };
}

const char *unpack_text(struct unpacker *r)
{
    int64_t size = unpack_int(r); /* with the NUL */

    if (size == 0)
        return NULL;
    if (size < 0 || size > r->end - r->at || r->at[size - 1] != '\0') {
        r->broken = true;
        return "";
    }
    const char *text = (const char *)r->at;
    r->at += size;
    return text;
}

size_t unpack_count(struct unpacker *r)
{
    int64_t count = unpack_int(r);

    if (count < 0 || count > r->end - r->at) {
        r->broken = true;
        return 0;
    }
    return (size_t)count;
}
