/*
 * Words: how pages say amounts, days, places, and the names that the book keeps.
 *
 * English, as a person reads it; everything comes from the arena or lives for ever. A name that
 * is not known here is shown as it is stored, with blanks for underscores.
 */
#ifndef WEB_WORDS_H
#define WEB_WORDS_H

#include "base/arena.h"
#include "domain/contact.h"
#include "domain/money.h"

const char *words_money(struct arena *a, int64_t minor, enum currency currency);
const char *words_money_short(struct arena *a, int64_t minor,
                              enum currency currency);                   /* $1.42m */
const char *words_count(struct arena *a, int64_t count);                 /* 1,204 */
const char *words_percent(struct arena *a, int64_t part, int64_t whole); /* "31.8", or NULL */
const char *words_percent_whole(struct arena *a, int64_t part, int64_t whole); /* "32" */

const char *words_day(struct arena *a, struct day day); /* Nov 20, 2026 */
const char *words_day_near(struct arena *a, struct day day, struct day today); /* Fri, Nov 20 */
const char *words_month(int month);                                            /* Nov */
const char *words_clock(struct arena *a, struct instant at, const struct zone *zone);
/* "Today, 9:40 am", "Fri, Nov 20, 9:40 am" */
const char *words_moment(struct arena *a, struct instant at, const struct zone *zone,
                         struct day today);
/* The same within a sentence: "today, 9:40 am". */
const char *words_within(struct arena *a, const char *when);
const char *words_zone(struct arena *a, const struct zone *zone); /* New York */
const char *words_past_due(struct arena *a, int days);            /* 34 days late */

const char *words_plain(struct arena *a, const char *name);   /* first letter large, blanks */
const char *words_small(struct arena *a, const char *text);   /* first letter small */
const char *words_place(struct arena *a, const char *places); /* US-WI: "Wisconsin, US" */
const char *words_place_bare(struct arena *a, const char *places); /* "Wisconsin"; NULL: not known */
const char *words_language(const char *tag);                  /* de: "German" */
const char *words_language_known(size_t i); /* the i-th tag that has a name; NULL: no more */
const char *words_channel(const char *channel);               /* email: "Email" */
const char *words_channel_icon(const char *channel);          /* mail, file, phone, message */
const char *words_outcome(struct arena *a, const char *outcome);
const char *words_fact(struct arena *a, const char *type);
/* What nobody knows, within a sentence: "how this mailbox came to us". */
const char *words_unknown(struct arena *a, const char *name);

/* States of plans, their instalments, offers and disputes: what a page says, and the tone of its
 * tag ("ok", "info", "warn" or ""). */
struct state_words {
    const char *title, *tone;
};
struct state_words words_agreement(const char *state);
struct state_words words_payment(const char *state);

/* What a standing means, and which of the five tones it has: ok, warn, stop, info, hold, "". */
struct standing_words {
    const char *name, *title, *meaning, *tone;
};
struct standing_words words_standing(struct arena *a, const char *standing);
struct standing_words words_state(struct arena *a, const char *state); /* of a message */

#endif
