/* Deliver: what its files share. Private to src/flow/deliver*.c. */
#ifndef FLOW_DELIVER_PARTS_H
#define FLOW_DELIVER_PARTS_H

#include "flow/book.h"
#include "flow/compose.h"
#include "flow/deliver.h"
#include "flow/policy.h"
#include "flow/told.h"
#include "flow/verdict_record.h"
#include "formats/record.h"

struct channel_port;

struct worker {
    const struct deliver_request *request;
    struct deliver_result *result;
    struct book book;
    struct arena arena; /* of the message in hand */
    struct loaded_policy *policy;
    struct composer *composer;
    struct channel_port *email, *letter;
    struct text question; /* scratch for what a verdict answers */
    int64_t lease;      /* names this worker */
    bool alone;         /* no other worker can hold a lease: those left over are of the dead */
    struct fault *why;
};

/* One message, between its lease and its end. */
struct errand {
    struct casefile_key key;
    int32_t outbox;
    int64_t decision;
    enum channel channel;
    int32_t party;
    const char *address, *template, *step;
    const char *subject, *words; /* of who wrote it by themselves; NULL: the text says it all */
    int64_t open_minor; /* as decided */
    size_t told_count; /* what the decision tells of */
    struct record_item *told;
    struct instant not_before, expires_at, lease_until;
    bool was_sending;
    const struct verdict *verdict; /* that it may be sent now; NULL: nobody said so yet */
    const char *purpose;
    struct debt_set debts;
    struct instant composed_at;
    int64_t attempts;
    const char *message_key;
    const unsigned char *bytes;
    size_t length;
};

/* A message in hand, looked at once more. */
struct look {
    struct casefile *casefile;
    const struct party *party;
    struct left left;
    const struct promise *debit; /* that is announced; NULL: none */
    const char *moot; /* why there is nothing to say any more; NULL: the gate was asked */
    struct judged judged;
};

/* The row, *found when it still waits; and what was composed of it before. */
bool errand_load(struct worker *w, struct errand *e, bool *found);
bool message_load(struct worker *w, struct errand *e);
/* Before it is sent: is it still right? With the books of today. */
bool look_again(struct worker *w, struct errand *e, struct look *out);

#endif
