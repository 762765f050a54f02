/*
 * Files: the data that travels inside the program (rules, strategies, authority, letters,
 * templates, maps, static), and the folder that may override it.
 *
 * A file asked for is looked up in the override folder first (RECOUP_FILES or --files), then
 * among the embedded ones. Paths are relative with forward slashes: "rules/us/federal.yaml".
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

/* The file's bytes; NOT_FOUND when neither the folder nor the program has it. */
bool files_load(struct arena *a, const char *path, struct file *out, struct fault *why);

/*
 * Every file whose path starts with `prefix` and ends with `suffix`, of folder and program
 * together, in byte order of their paths, each path once. Paths only; load them one by one.
 */
bool files_list(struct arena *a, const char *prefix, const char *suffix, const char ***paths,
                size_t *count, struct fault *why);

#endif
