/*
 * Channel trial: one email to whoever is signed in, by the way that messages go, so that a
 * wrong setting shows before anybody is written to. It is no contact: it goes to a user of the
 * house, at the address they sign in with, and to nobody else.
 */
#ifndef FLOW_CHANNEL_TRIAL_H
#define FLOW_CHANNEL_TRIAL_H

#include "flow/house.h"
#include "flow/settings.h"
#include "flow/user.h"

/* Sends, and says where to. Outside of any session: a mail server may take its time. */
bool channel_trial_email(struct store *s, struct arena *a, const struct settings *settings,
                         int64_t user, struct instant now, const char **words,
                         struct fault *why);
/* Keeps that it went well; journalled in bucket 0. */
bool channel_trial_put(struct book *b, const char *channel, struct fault *why);
/* The last one that went well. */
bool channel_tested(struct store *s, struct arena *a, const char *channel,
                    struct house_mark *out, struct fault *why);

#endif
