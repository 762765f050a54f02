#include "formats/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

struct zip {
    struct archive *archive;
    zip_write *write;
    void *self;
    struct instant made;
    bool bad; /* could not be begun */
};

static la_ssize_t pass_on(struct archive *archive, void *self, const void *bytes, size_t length)
{
    const struct zip *zip = self;

    if (zip->write(zip->self, bytes, length))
        return (la_ssize_t)length;
    archive_set_error(archive, 5, "the archive could not be written"); /* EIO */
    return -1;
}

struct zip *zip_new(zip_write *write, void *self, struct instant made)
{
    struct zip *zip = calloc(1, sizeof *zip);

    must(zip != NULL);
    *zip = (struct zip){ archive_write_new(), write, self, made, false };
    must(zip->archive != NULL);
    zip->bad = archive_write_set_format_zip(zip->archive) != ARCHIVE_OK ||
               archive_write_set_bytes_per_block(zip->archive, 0) != ARCHIVE_OK ||
               archive_write_open(zip->archive, zip, NULL, pass_on, NULL) != ARCHIVE_OK;
    return zip;
}

static bool failed(const struct zip *zip, struct fault *why)
{
    const char *words = archive_error_string(zip->archive);

    return fail(why, SYSTEM, "The archive cannot be made: %s.", words != NULL ? words : "?");
}

bool zip_add(struct zip *zip, const char *name, const void *bytes, size_t length,
             struct fault *why)
{
    struct archive_entry *entry = archive_entry_new();

    must(entry != NULL);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)length);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, zip->made.us / 1000000, 0);
    bool done = !zip->bad && archive_write_header(zip->archive, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    done = done && (length == 0 ||
                    archive_write_data(zip->archive, bytes, length) == (la_ssize_t)length);
    return done || failed(zip, why);
}

bool zip_end(struct zip *zip, struct fault *why)
{
    bool done =
        (!zip->bad && archive_write_close(zip->archive) == ARCHIVE_OK) || failed(zip, why);

    zip_free(zip);
    return done;
}

void zip_free(struct zip *zip)
{
    if (zip == NULL)
        return;
    archive_write_free(zip->archive);
    free(zip);
}
