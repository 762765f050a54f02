/*
 * Doctor: whether this installation can do its work, and what to do where it cannot. The same
 * findings, in the same words, for `recoup doctor` and for the page of health. It changes
 * nothing and connects to nobody.
 */
#ifndef FLOW_DOCTOR_H
#define FLOW_DOCTOR_H

#include "flow/deliver.h"
#include "flow/settings.h"

enum doctor_state { DOCTOR_OK, DOCTOR_WARNING, DOCTOR_PROBLEM };

struct doctor_finding {
    enum doctor_state state;
    const char *what, *words, *mend; /* mend may be NULL */
};

struct doctor_findings {
    struct arena *arena;
    size_t count, room;
    struct doctor_finding *all;
    int64_t problems, warnings;
};

/* `book` is how the book is called in words: its path, or its address without a password. */
void doctor_examine(struct doctor_findings *f, struct arena *a, const struct settings *settings,
                    const char *book, struct instant now);
const char *doctor_state_name(enum doctor_state state); /* "ok", "warning", "problem" */

/* How messages leave, by the settings. BAD_VALUE when they contradict themselves. */
bool channels_of_settings(const struct settings *settings, struct deliver_channels *out,
                          struct fault *why);

#endif
