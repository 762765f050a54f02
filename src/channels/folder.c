#include "channels/folder.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_MOST = 120 };

struct folder {
    struct channel_port port; /* first, so that a port is a folder */
    char *path, *suffix;
    int directory;
};

/* A key that could climb out of the folder, or hide in it, is no key. */
static bool is_file_name(const char *key)
{
    size_t length = strlen(key);

    return length > 0 && length <= KEY_MOST && key[0] != '.' && key[0] != '-' &&
           strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               length;
}

static bool write_whole(int file, const unsigned char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return fsync(file) == 0;
}

static bool busy(const struct folder *folder, int problem, struct fault *why)
{
    return fail(why, PROVIDER_BUSY, "Cannot write into the folder \"%s\": %s.", folder->path,
                strerror(problem));
}

/* The temporary name is the key's own, so what a crash leaves behind is written over. */
static bool folder_send(struct channel_port *self, struct arena *a, const char *key,
                        const char *to, const unsigned char *bytes, size_t length,
                        struct fault *why)
{
    struct folder *folder = (struct folder *)self;

    (void)to;
    if (!is_file_name(key))
        return fail(why, BAD_VALUE, "The key \"%.64s\" cannot be a file name.", key);
    const char *name = arena_print(a, "%s%s", key, folder->suffix);
    const char *unfinished = arena_print(a, ".%s.unfinished", name);
    if (faccessat(folder->directory, name, F_OK, 0) == 0) /* a repeat: it is there already */
        return fsync(folder->directory) == 0 || busy(folder, errno, why);

    int file = openat(folder->directory, unfinished,
                      O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return busy(folder, errno, why);
    bool written = write_whole(file, bytes, length);
    int problem = errno;
    if (close(file) != 0 && written) {
        written = false;
        problem = errno;
    }
    if (written && renameat(folder->directory, unfinished, folder->directory, name) == 0 &&
        fsync(folder->directory) == 0)
        return true;
    problem = written ? errno : problem;
    unlinkat(folder->directory, unfinished, 0);
    return busy(folder, problem, why);
}

static void folder_close(struct channel_port *self)
{
    struct folder *folder = (struct folder *)self;

    close(folder->directory);
    free(folder->path);
    free(folder->suffix);
    free(folder);
}

struct channel_port *folder_open(const char *path, const char *suffix, struct fault *why)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        fail(why, SYSTEM, "Cannot make the folder \"%s\": %s.", path, strerror(errno));
        return NULL;
    }
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        fail(why, SYSTEM, "Cannot open the folder \"%s\": %s.", path, strerror(errno));
        return NULL;
    }
    struct folder *folder = calloc(1, sizeof *folder);
    must(folder != NULL);
    *folder = (struct folder){ .port = { .name = "folder",
                                         .repeats_are_dropped = true,
                                         .send = folder_send,
                                         .close = folder_close },
                               .path = strdup(path),
                               .suffix = strdup(suffix),
                               .directory = directory };
    must(folder->path != NULL && folder->suffix != NULL);
    return &folder->port;
}
