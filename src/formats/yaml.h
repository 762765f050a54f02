/*
 * YAML: configuration text as a tree whose every node knows its line and column.
 *
 * All scalars are text: the reader's schema says what they mean, so `NO` is Norway where a
 * country is meant. Anchors, aliases, tags and several documents are refused; so are repeated
 * keys. Depth is at most 64, size at most 4 MiB.
 *
 * The getters below stick their first fault to the reader, so that a loader may read all its
 * fields and ask once at the end. Every mapping's keys are checked with yaml_only.
 */
#ifndef FORMATS_YAML_H
#define FORMATS_YAML_H

#include "base/arena.h"
#include "domain/condition.h" /* struct place */

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

/* Bytes of the text: the first, and the one behind the last. */
struct span {
    size_t from, to;
};

struct yaml {
    enum yaml_kind kind;
    struct place place;
    struct span span;          /* with its quotes or brackets               */
    const char *text;          /* YAML_TEXT                                 */
    bool quoted;               /* the scalar stood in quotes or was a block */
    size_t count;              /* YAML_LIST items, YAML_MAP pairs           */
    const char *const *keys;   /* YAML_MAP                                  */
    const struct place *key_places;
    const struct span *key_spans;
    const struct yaml *const *items; /* values, in the order written        */
};

/* NULL with BAD_PACK "file:line:column: …" when it is not YAML as meant here. */
const struct yaml *yaml_parse(struct arena *a, const char *file, const char *bytes,
                              size_t length, struct fault *why);

/* The value under `key`, or NULL when the mapping does not have it (or is not a mapping). */
const struct yaml *yaml_find(const struct yaml *map, const char *key);

/* Sets *why to BAD_PACK at this node's place; returns false. Keeps an earlier fault. */
bool yaml_fail(const struct yaml *at, struct fault *why, const char *format, ...)
    PRINTF(3, 4);

/* A reader of one mapping; `why` holds the first fault, `ok` says there was none. */
struct yaml_reader {
    const struct yaml *map;
    struct fault *why;
    bool ok;
};

struct yaml_reader yaml_read(const struct yaml *map, struct fault *why);

/* Required unless `otherwise` is given (NULL = required). */
const char *yaml_text(struct yaml_reader *r, const char *key);                 /* required */
const char *yaml_text_or(struct yaml_reader *r, const char *key, const char *otherwise);
int64_t yaml_int(struct yaml_reader *r, const char *key, int64_t least, int64_t most);
int64_t yaml_int_or(struct yaml_reader *r, const char *key, int64_t least, int64_t most,
                    int64_t otherwise);
bool yaml_bool_or(struct yaml_reader *r, const char *key, bool otherwise); /* true, false */
struct day yaml_day_or(struct yaml_reader *r, const char *key, struct day otherwise);
const struct yaml *yaml_list(struct yaml_reader *r, const char *key);    /* required */
const struct yaml *yaml_list_or(struct yaml_reader *r, const char *key); /* NULL if absent */
const struct yaml *yaml_map(struct yaml_reader *r, const char *key);     /* required */
const struct yaml *yaml_map_or(struct yaml_reader *r, const char *key);  /* NULL if absent */

/* A list of texts; a single text counts as a list of one. Absent: empty. */
struct yaml_texts {
    size_t count;
    const char *const *texts;
};
struct yaml_texts yaml_texts(struct yaml_reader *r, struct arena *a, const char *key);

/* Refuses keys that are not named (the list ends with NULL), suggesting the nearest. */
bool yaml_only(struct yaml_reader *r, ...) __attribute__((sentinel));

#endif
