/* User parts: what the files of users share. Private to src/flow/user*.c. */
#ifndef FLOW_USER_PARTS_H
#define FLOW_USER_PARTS_H

#include "flow/book_parts.h"
#include "flow/user.h"

/* Where changes of users are journalled: bucket 0, in no case file. */
extern const struct casefile_key user_house;

/* The columns of user_by_email and its sisters, from this one on. */
void user_read(struct query *q, int from, struct arena *a, struct user *out);

/* Taken before anything is read that decides: one change of users at a time. */
bool user_lock(struct book *b, struct fault *why);

/* One row must come back; CONFLICT "… changed since you opened it" when none does. */
bool user_changed(struct query *q, const char *who, struct fault *why);

/* "change" and whom it is about; `detail` (may be NULL) under `key`. */
bool user_record(struct book *b, const struct user *user, const char *change, const char *key,
                 const char *detail, struct fault *why);

/* The digest by which a secret stands in the tables. */
char *user_digest(const char *secret, char out[DIGEST_HEX]);

bool user_password_check(const char *password, struct fault *why);

/* Ends what lets somebody in: sessions, links, and, when they go for good, tokens. */
bool user_tokens_end(struct book *b, int64_t number, struct fault *why);

#endif
