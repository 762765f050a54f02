/*
 * Tracks: from the rows of case files to what figures count of them (domain/track.h), and to
 * bytes and back. The bytes lie beside a case file (table track): what was counted last, so
 * that the next time only the difference has to be.
 *
 * Loading a whole bucket reads each table once, in step. Texts and arrays live in the arena.
 */
#ifndef STORE_TRACKS_H
#define STORE_TRACKS_H

#include "base/text.h"
#include "domain/track.h"
#include "store/store.h"

struct tracked {
    int64_t casefile_id;
    struct track is;
};

struct tracks {
    size_t count;
    struct tracked *all; /* ascending by casefile_id */
};

/* One case file (none when there is none), or with 0 all of the bucket. `house` says what day
 * it is. Faults: DB_ROW. */
bool tracks_load(struct store *s, struct arena *a, int64_t bucket, int64_t casefile_id,
                 const struct zone *house, struct tracks *out, struct fault *why);

/* Clears `out` first. Two tracks are the same when their bytes are. */
void track_pack(const struct track *t, struct text *out);
/* False for bytes of another version; track_unpack_part: the client, desk, strategy and segment
 * alone. */
bool track_unpack_part(const void *bytes, size_t length, struct arena *a, struct track *out);
bool track_unpack(const void *bytes, size_t length, struct arena *a, struct track *out);

#endif
