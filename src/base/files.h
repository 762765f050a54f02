/*
 * Files: the data that travels inside the program (rules, strategies, authority, letters,
 * templates, maps, static), and the folder that may override it.
 *
 * A file asked for is looked up among those that the book put into force, then in the override
 * folder (RECOUP_FILES or --files), then among the embedded ones. Paths are relative with forward
 * slashes: "rules/us/federal.yaml".
 */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include "base/arena.h"

struct file {
    const char *path;
    const unsigned char *bytes; /* a NUL follows the last byte */
    size_t length;
};

extern const struct file files_embedded[];
extern const size_t files_embedded_count;

/* NULL: embedded files only. Call once, before any look-up. */
void files_override(const char *folder);

/* These stand over folder and program, instead of those given before. Copied; threads may read
 * meanwhile. */
void files_put_in_force(size_t count, const struct file all[]);

/* The file's bytes; NOT_FOUND when neither the folder nor the program has it. */
bool files_load(struct arena *a, const char *path, struct file *out, struct fault *why);

/* The same of folder and program alone: what stands beneath one that was put into force. */
bool files_load_beneath(struct arena *a, const char *path, struct file *out, struct fault *why);

/*
 * Every file whose path starts with `prefix` and ends with `suffix`, of all of them
 * together, in byte order of their paths, each path once. Paths only; load them one by one.
 */
bool files_list(struct arena *a, const char *prefix, const char *suffix, const char ***paths,
                size_t *count, struct fault *why);

#endif
