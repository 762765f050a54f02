/*
 * Deliver: takes messages from the outbox and sends them. Never twice, never lost.
 *
 *   transaction 1   ready -> sending: leased, the gate asked again, the bytes made and kept
 *   no transaction  the channel sends, with the message's key
 *   transaction 2   sending -> sent | ready | unsure | refused
 *
 * Killed between the two, the message is still `sending`; when its lease has run out it is sent
 * again where the channel drops repeats and the gate allows it by then, and is otherwise
 * `unsure`, for a person to settle: a restart never sends anything twice. A worker that
 * overslept its lease cannot settle what another has taken since.
 */
#ifndef FLOW_DELIVER_H
#define FLOW_DELIVER_H

#include "channels/email.h"
#include "domain/calendar.h"

/* Where messages go. A channel without settings is off: its messages wait. */
struct deliver_channels {
    const char *folder;          /* emails and letters are put here, as files, and not sent */
    const char *letter_folder;   /* letters for the print house; unless `folder` is given   */
    struct email_settings email; /* used when its url is set and `folder` is not            */
};

struct deliver_request {
    const char *url;
    struct deliver_channels channels;
    struct instant now;
    bool clock_stands; /* --now was given: time does not pass while we work */
    bool until_idle;   /* stop when nothing is ready; otherwise look again every few seconds */
    const bool *stop;  /* becomes true when the program is asked to end */
};

struct deliver_result {
    int64_t sent, refused, expired, deferred, unsure, failed;
};

bool deliver_run(const struct deliver_request *request, struct deliver_result *result,
                 struct fault *why);

#endif
