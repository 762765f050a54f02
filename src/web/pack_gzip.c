/* The only file that includes zlib. */
#include "web/pack.h"

#include <stdlib.h>
#include <zlib.h>

struct gzipper {
    z_stream stream;
};

enum { GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8 }; /* 16: with the header of a gzip file */

struct gzipper *gzipper_new(int level)
{
    struct gzipper *g = calloc(1, sizeof *g);

    must(g != NULL);
    must(deflateInit2(&g->stream, level, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                      Z_DEFAULT_STRATEGY) == Z_OK);
    return g;
}

void gzipper_free(struct gzipper *g)
{
    if (g == NULL)
        return;
    deflateEnd(&g->stream);
    free(g);
}

void gzip(struct gzipper *g, const void *bytes, size_t length, struct text *out)
{
    must(deflateReset(&g->stream) == Z_OK);
    size_t most = deflateBound(&g->stream, length);
    *out = (struct text){ .bytes = malloc(most + 1), .room = most + 1 };
    must(out->bytes != NULL && length <= UINT32_MAX && most <= UINT32_MAX);
    g->stream.next_in = (unsigned char *)(uintptr_t)bytes;
    g->stream.avail_in = (unsigned)length;
    g->stream.next_out = (unsigned char *)out->bytes;
    g->stream.avail_out = (unsigned)most;
    must(deflate(&g->stream, Z_FINISH) == Z_STREAM_END);
    out->length = most - g->stream.avail_out;
    out->bytes[out->length] = '\0';
}
