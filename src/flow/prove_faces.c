/* Prove: what the cycle packed beside each case file is what its tables say. */
#include "flow/prove_parts.h"

#include "base/text.h"
#include "store/casefiles.h"
#include "store/face.h"

#include <inttypes.h>
#include <string.h>

struct packed {
    int64_t casefile_id;
    const char *bytes;
    size_t length;
};

/* Faces of the bucket, copied: the tables are read by other statements meanwhile. */
static bool faces_of(struct proof *p, struct packed **out, size_t *count)
{
    struct query q = prove_begin(p, Q_PROVE_FACES);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    while (query_next(&q)) {
        struct packed *f = arena_push(&p->arena, *out, *count, room);
        const void *bytes = row_blob(&q, 1, &f->length);
        f->casefile_id = row_int(&q, 0);
        f->bytes = arena_copy_n(&p->arena, bytes, f->length);
    }
    return query_end(&q, p->why);
}

static bool face_check(struct proof *p, const struct packed *f, struct arena *a,
                       struct text *again)
{
    struct casefile *c;
    struct day day;

    p->counts[CHECK_FACES]++;
    if (!face_day(f->bytes, f->length, &day)) {
        prove_find(p, CHECK_FACES, "a face of this version", "other bytes",
                   "case file %" PRId64, f->casefile_id);
        return true;
    }
    if (!casefile_load(p->store, a, (struct casefile_key){ p->bucket, f->casefile_id }, day, &c,
                       p->why)) {
        if (fault_kind_of(p->why->code) != FAULT_CORRUPT)
            return false;
        prove_find(p, CHECK_FACES, "tables that can be read", p->why->text,
                   "case file %" PRId64, f->casefile_id);
        *p->why = (struct fault){ 0 };
        return true;
    }
    face_pack(c, day, again);
    if (again->length != f->length || memcmp(text_of(again), f->bytes, f->length) != 0)
        prove_find(p, CHECK_FACES, prove_text(p, "%zu bytes packed from the tables", again->length),
                   prove_text(p, "%zu other bytes", f->length), "case file %" PRId64,
                   f->casefile_id);
    return true;
}

bool prove_faces(struct proof *p)
{
    struct packed *faces;
    struct arena a = { 0 };
    struct text again = { 0 };
    size_t count;
    bool done = faces_of(p, &faces, &count);

    for (size_t i = 0; done && i < count; i++) {
        arena_reset(&a);
        done = face_check(p, &faces[i], &a, &again);
    }
    arena_free(&a);
    text_free(&again);
    return done;
}
