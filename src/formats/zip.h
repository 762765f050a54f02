/*
 * Zip: files put into one archive (APPNOTE 6.3), written as they come, so that an archive of
 * any size takes little memory. Names are ASCII, with slashes; times are the one that is given,
 * so that the same files give the same bytes.
 *
 * The only file that writes archives with libarchive is zip.c.
 */
#ifndef FORMATS_ZIP_H
#define FORMATS_ZIP_H

#include "domain/calendar.h"

/* Where the bytes go; false stops the archive. */
typedef bool zip_write(void *self, const void *bytes, size_t length);

struct zip;

struct zip *zip_new(zip_write *write, void *self, struct instant made);
bool zip_add(struct zip *zip, const char *name, const void *bytes, size_t length,
             struct fault *why);
/* Writes the list at its end. Frees it in any case. */
bool zip_end(struct zip *zip, struct fault *why);
void zip_free(struct zip *zip); /* an archive that is given up; NULL is fine */

#endif
