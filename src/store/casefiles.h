/*
 * Case files: from rows to values, a bucket at a time or one alone.
 *
 * One statement per table, in the same order, merged in step: no statement per case file, and
 * memory is bounded by the case files of one bucket that are to be looked at.
 */
#ifndef STORE_CASEFILES_H
#define STORE_CASEFILES_H

#include "domain/casefile.h"
#include "store/store.h"

struct casefiles {
    size_t count;
    struct casefile *all;
};

/*
 * Case files of the bucket whose wake moment is at or before `wake`, as of `today`, in the
 * order of their numbers. INSTANT_NEVER takes all.
 */
bool casefiles_load_due(struct store *s, struct arena *a, int64_t bucket, struct instant wake,
                        struct day today, struct casefiles *out, struct fault *why);

/* One case file; NOT_FOUND when there is none of this key. */
bool casefile_load(struct store *s, struct arena *a, struct casefile_key key, struct day today,
                   struct casefile **out, struct fault *why);

/* The case file or debt with this reference, as people type it; NOT_FOUND names near ones. */
bool casefile_find(struct store *s, const char *reference, struct casefile_key *out,
                   struct fault *why);

/* Buckets that hold a case file to be woken at or before `now`: an unlocked hint. */
bool buckets_due(struct store *s, struct instant now, bool due[BUCKETS], struct fault *why);

/* "name=value" lines and back; a field whose name or value would break a line is left out. */
struct gate_fields gate_fields_parse(struct arena *a, const char *text);
const char *gate_fields_print(struct arena *a, struct gate_fields fields); /* NULL: none */

/* Both columns of the key, in the order in which every table has them. */
void bind_key(struct query *q, struct casefile_key key);

/* Brings the contacts into the order that struct casefile promises, after one was added. */
void contacts_sort(struct casefile *c);

/* "1,2,5" and back. */
struct debt_set debt_set_parse(struct arena *a, const char *text);
const char *debt_set_print(struct arena *a, struct debt_set set);

#endif
