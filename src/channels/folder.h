/*
 * Folder: a channel that puts finished messages into a local folder, one file each: letters
 * for a print house that picks them up, emails for tests and for looking.
 *
 * The file is <key><suffix>. It appears whole or not at all: written under a temporary name,
 * flushed to the disk, then renamed. A key that is already there is left as it is, so repeats
 * are dropped, also after a crash. Keys are letters, digits, ".", "_" and "-".
 *
 * Faults    PROVIDER_BUSY the folder can't be written now (nothing happened);
 *           BAD_VALUE a key that is no file name.
 */
#ifndef CHANNELS_FOLDER_H
#define CHANNELS_FOLDER_H

#include "channels/port.h"

/* `suffix` is ".eml" or ".pdf". NULL when the folder is not there and can't be made. */
struct channel_port *folder_open(const char *folder, const char *suffix, struct fault *why);

#endif
