/*
 * Plan ask: a plan beyond somebody's authority waits until another person whose authority
 * covers it agrees (flow/approval.h, kind "plan"). When money came or went since, or its first
 * payment would be past, the yes is refused and the request stays as it is.
 */
#ifndef FLOW_PLAN_ASK_H
#define FLOW_PLAN_ASK_H

#include "flow/approval.h"
#include "flow/proposing.h"

struct account;

/* What was asked for, by the lowest role above that of the wish which may grant it; *found
 * false: there is none. */
bool plan_beyond(struct book *b, struct casefile_key key, const struct plan_wish *wish,
                 struct proposed *out, bool *found, struct fault *why);

/* Asks for it, with its items and terms; `down`: the first of them comes before the others.
 * What was asked for with this key and waits still is not asked again. NOT_ALLOWED when nobody
 * may grant it. */
bool plan_ask(struct book *b, const struct account *account, const struct plan_input *in,
              bool down, const char *once, const struct asker *asker, struct asking *asking,
              struct fault *why);

#endif
