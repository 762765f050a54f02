#include "base/files.h"

#include "base/text.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LARGEST_FILE = 16 * 1024 * 1024 };

static const char *override_folder;

/* What the book put into force. The lock is held while it is read or exchanged. */
static struct {
    pthread_mutex_t lock;
    struct arena arena;
    size_t count;
    struct file *all;
} in_force = { .lock = PTHREAD_MUTEX_INITIALIZER };

void files_override(const char *folder)
{
    override_folder = folder;
}

static unsigned char *bytes_copy(struct arena *a, const struct file *file)
{
    unsigned char *bytes = arena_alloc(a, file->length + 1);

    memcpy(bytes, file->bytes, file->length);
    bytes[file->length] = '\0';
    return bytes;
}

void files_put_in_force(size_t count, const struct file all[])
{
    pthread_mutex_lock(&in_force.lock);
    arena_free(&in_force.arena);
    in_force.arena = (struct arena){ 0 };
    in_force.count = count;
    in_force.all = arena_array(&in_force.arena, struct file, count + 1);
    for (size_t i = 0; i < count; i++)
        in_force.all[i] = (struct file){ arena_copy(&in_force.arena, all[i].path),
                                         bytes_copy(&in_force.arena, &all[i]), all[i].length };
    pthread_mutex_unlock(&in_force.lock);
}

static bool load_in_force(struct arena *a, const char *path, struct file *out)
{
    bool found = false;

    pthread_mutex_lock(&in_force.lock);
    for (size_t i = 0; i < in_force.count && !found; i++) {
        const struct file *file = &in_force.all[i];
        found = strcmp(file->path, path) == 0;
        if (found)
            *out = (struct file){ path, bytes_copy(a, file), file->length };
    }
    pthread_mutex_unlock(&in_force.lock);
    return found;
}

bool files_load(struct arena *a, const char *path, struct file *out, struct fault *why)
{
    return load_in_force(a, path, out) || files_load_beneath(a, path, out, why);
}

bool files_load_beneath(struct arena *a, const char *path, struct file *out, struct fault *why)
{
    if (override_folder != NULL && strstr(path, "..") == NULL) {
        char *bytes, *full = arena_print(a, "%s/%s", override_folder, path);
        size_t length;
        struct stat seen;
        if (stat(full, &seen) == 0) {
            if (!text_read_file(full, LARGEST_FILE, a, &bytes, &length, why))
                return false;
            *out = (struct file){ path, (const unsigned char *)bytes, length };
            return true;
        }
    }
    for (size_t i = 0; i < files_embedded_count; i++) {
        if (strcmp(files_embedded[i].path, path) == 0) {
            *out = files_embedded[i];
            return true;
        }
    }
    return fail(why, NOT_FOUND, "There is no file \"%s\" in the program or its folder.", path);
}

struct listing {
    struct arena *a;
    const char *prefix, *suffix;
    const char **paths;
    size_t count, room;
};

static void consider(struct listing *list, const char *path)
{
    if (!text_starts(path, list->prefix) || !text_ends(path, list->suffix))
        return;
    *arena_push(list->a, list->paths, list->count, list->room) = arena_copy(list->a, path);
}

/* Walks the override folder; `below` is the path inside it, "" at the top. */
static void walk(struct listing *list, const char *below)
{
    char *folder = arena_print(list->a, "%s/%s", override_folder, below);
    DIR *dir = opendir(folder);
    struct dirent *entry;

    if (dir == NULL)
        return;
    while ((entry = readdir(dir)) != NULL) {
        struct stat seen;
        if (entry->d_name[0] == '.')
            continue;
        char *path = arena_print(list->a, "%s%s%s", below, *below == '\0' ? "" : "/",
                                 entry->d_name);
        if (stat(arena_print(list->a, "%s/%s", override_folder, path), &seen) != 0)
            continue;
        if (S_ISDIR(seen.st_mode))
            walk(list, path);
        else
            consider(list, path);
    }
    closedir(dir);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool files_list(struct arena *a, const char *prefix, const char *suffix, const char ***paths,
                size_t *count, struct fault *why)
{
    struct listing list = { .a = a, .prefix = prefix, .suffix = suffix };
    size_t kept = 0;

    (void)why;
    for (size_t i = 0; i < files_embedded_count; i++)
        consider(&list, files_embedded[i].path);
    if (override_folder != NULL)
        walk(&list, "");
    pthread_mutex_lock(&in_force.lock);
    for (size_t i = 0; i < in_force.count; i++)
        consider(&list, in_force.all[i].path);
    pthread_mutex_unlock(&in_force.lock);
    if (list.count > 0)
        qsort(list.paths, list.count, sizeof *list.paths, by_bytes);
    for (size_t i = 0; i < list.count; i++) {
        if (kept == 0 || strcmp(list.paths[kept - 1], list.paths[i]) != 0)
            list.paths[kept++] = list.paths[i];
    }
    *paths = list.paths;
    *count = kept;
    return true;
}
