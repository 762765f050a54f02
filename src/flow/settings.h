/*
 * Settings: where the book is and how messages leave, as files and the environment say it.
 *
 * Who wins, key by key: a flag (the edge sets it afterwards), the environment, ./recoup.yaml,
 * the user's file ($XDG_CONFIG_HOME/recoup/recoup.yaml), /etc/recoup/recoup.yaml, the built-in
 * value. A file named by --config or RECOUP_CONFIG stands instead of the three.
 *
 *   db: recoup.db                  # or postgres://…
 *   zone: America/New_York         # of the dates that people type and read
 *   key_file: house.key            # mixed into the key of the house (flow/house_key.h)
 *   channels:
 *     email: { smtp: "smtps://mail.example.com:465", user: recoup, password_file: mail.secret,
 *              return_to: "bounces@example.com", tls: required }
 *     letter: { folder: letters-out }
 *   webhooks: { ca_file: ca.pem }  # an authority of one's own, for those who are told
 *
 * channels may have `folder` alone: messages of every channel are then kept there as files and
 * nothing is sent. A key that is not known is refused with its line (BAD_PACK). Relative paths
 * start at the file's folder. No secret stands in a setting: password_file names a file.
 */
#ifndef FLOW_SETTINGS_H
#define FLOW_SETTINGS_H

#include "base/arena.h"

/* X(member, key, environment or NULL, kind): kind P is a path, D a database, T plain text. */
#define SETTINGS(X)                                                                            \
    X(db, "db", "RECOUP_DB", 'D')                                                              \
    X(zone, "zone", "RECOUP_TZ", 'T')                                                          \
    X(files, "files", "RECOUP_FILES", 'P')                                                     \
    X(key_file, "key_file", "RECOUP_KEY_FILE", 'P')                                            \
    X(email_smtp, "channels.email.smtp", NULL, 'T')                                            \
    X(email_user, "channels.email.user", NULL, 'T')                                            \
    X(email_password_file, "channels.email.password_file", NULL, 'P')                          \
    X(email_return_to, "channels.email.return_to", NULL, 'T')                                  \
    X(email_hello, "channels.email.hello", NULL, 'T')                                          \
    X(email_ca_file, "channels.email.ca_file", NULL, 'P')                                      \
    X(email_tls, "channels.email.tls", NULL, 'T')                                              \
    X(folder, "channels.folder", NULL, 'P')                                                    \
    X(letter_folder, "channels.letter.folder", NULL, 'P')                                      \
    X(webhook_ca_file, "webhooks.ca_file", NULL, 'P')

/* A value, and who said so: "flag --db", "RECOUP_DB", "./recoup.yaml", "built in". */
struct setting {
    const char *value; /* NULL: nobody said */
    const char *source;
};

struct settings {
#define X(member, key, variable, kind) struct setting member;
    SETTINGS(X)
#undef X
};

/*
 * `config` names the only file to read; NULL looks in the usual places, where it is no fault
 * when there is none. Everything lives in the arena. Faults: NOT_FOUND, BAD_PACK, BAD_VALUE.
 */
bool settings_load(struct arena *a, const char *config, struct settings *out,
                   struct fault *why);

/* The settings in the order of the list, for showing; false after the last. */
bool settings_list(const struct settings *settings, size_t place, const char **key,
                   struct setting *out);

#endif
