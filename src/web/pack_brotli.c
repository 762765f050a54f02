/* The only file that includes brotli. */
#include "web/pack.h"

#include <brotli/encode.h>
#include <stdlib.h>

enum { QUALITY = 7 };

void brotli(const void *bytes, size_t length, struct text *out)
{
    size_t room = BrotliEncoderMaxCompressedSize(length), packed = room;

    *out = (struct text){ .bytes = malloc(room + 1), .room = room + 1 };
    must(out->bytes != NULL && room > 0);
    must(BrotliEncoderCompress(QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
                               length, bytes, &packed, (uint8_t *)out->bytes) == BROTLI_TRUE);
    out->length = packed;
    out->bytes[packed] = '\0';
}
