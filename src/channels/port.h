/*
 * Port: the one shape in which every channel is used. A channel knows one provider, and
 * neither debts nor the database.
 *
 * send is called with the message's key (from the outbox; the same key again means the same
 * message again), the address, and the finished bytes. True: the provider has taken it. False:
 * the fault's kind says what is known, and drives what the worker does:
 *
 *   PROVIDER_BUSY     nothing happened; the same call may be made again, later
 *   PROVIDER_REFUSED  nothing happened, and the same call never will
 *   PROVIDER_SILENT   it may or may not have acted. Only a port that says
 *                     repeats_are_dropped may be asked again by itself; elsewhere a person,
 *                     or a receipt, settles it
 *
 * Doubt is always PROVIDER_SILENT: a message sent twice is worse than one that waits.
 * A port is used by one thread at a time.
 */
#ifndef CHANNELS_PORT_H
#define CHANNELS_PORT_H

#include "base/arena.h"

struct channel_port {
    const char *name;         /* "email", "folder": for records and faults           */
    bool repeats_are_dropped; /* the same key twice reaches the person once          */
    bool (*send)(struct channel_port *self, struct arena *a, const char *key, const char *to,
                 const unsigned char *bytes, size_t length, struct fault *why);
    void (*close)(struct channel_port *self); /* ends connections; frees the port */
};

#endif
