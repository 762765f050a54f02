/*
 * Speak: what a person decides to say to somebody by themselves: a call, a reply in their own
 * words, an agreement on paper. The same way as all that goes out (flow/outbox.h): the gate is
 * asked with what it will hold, its verdict stands in the journal whatever it says, and what is
 * allowed waits in the outbox, where it can be stopped.
 *
 * A planned call of the ladder does not count against the one that is made; it is ended by it.
 */
#ifndef FLOW_SPEAK_H
#define FLOW_SPEAK_H

#include "flow/account.h"
#include "flow/view.h"

/* A person may stop a message so long after it was sent on its way. */
enum { SPEAK_HELD_SECONDS = 60 };

struct speech {
    enum channel channel;
    const char *template; /* "call-script", "reply", "payment-agreement" */
    const char *step;     /* "call", "reply", "plan 17" */
    const struct message_content *content; /* what it holds; NULL: as its template says */
    const char *subject, *words;           /* of who writes; NULL: the template says it all */
    bool asks;        /* for all that is open, as a text of the ladder does */
    const char *told; /* the same for the instalments of this record of a decision alone */
    int32_t again;    /* the message that it says again; 0: none */
    int held_seconds;
    bool waits; /* when it may go only later, within a day, it waits for that moment */
};

/* An answer in one's own words, by email or letter; a creditor's may have a subject of its own.
 * BAD_VALUE for what cannot be one. */
enum { SPEECH_WORDS_MOST = 8000, SPEECH_SUBJECT_MOST = 150 };
struct speech speech_reply(enum actor_role role, const char *language, enum channel channel,
                           const char *subject, const char *words);
bool speech_reply_check(const struct speech *speech, struct fault *why);
/* A ready text, sent by hand: one of the ladder that the person is on (NULL: they are on none), by
 * a way by which a step of it goes. BAD_VALUE for others. */
struct speech speech_text(enum channel channel, const char *template);
bool speech_text_check(const struct speech *speech, const struct ladder *ladder,
                       struct fault *why);
bool ladder_says(const struct ladder *ladder, const char *template, enum channel channel);

/* How the gate ruled. */
struct spoken {
    struct channel_view stands; /* address NULL: none is good */
    struct instant at;          /* for which it was asked, or from which it goes */
    struct day day;             /* of the house, then */
    const struct verdict *verdict; /* with the wording that it wants; NULL without an address */
    bool counts;      /* one more of what a rule counts: the weekly limit, the wait after a talk */
    int32_t number;   /* of the message; 0: it does not go */
    int64_t decision; /* of the journal; 0: nobody decided */
};

/* Asks, and changes nothing. Texts in the arena. */
bool speak_ask(struct store *s, struct arena *a, const struct policy *policy,
               const struct zone *zone, struct casefile_key key, struct instant now,
               const struct speech *speech, struct spoken *out, struct fault *why);

/*
 * Decides, in a session. A refusal is no fault: number stays 0, and is to be committed, so that it
 * stands in the journal.
 */
bool speak(struct book *b, const struct policy *policy, struct casefile_key key,
           const struct speech *speech, struct spoken *out, struct fault *why);

/* The words as they would go now, kept nowhere: an email or a letter. NOT_FOUND without an address. */
struct composed;
bool speak_show(struct store *s, struct arena *a, const struct policy *policy,
                const struct zone *zone, struct casefile_key key, struct instant now,
                const struct speech *speech, struct composed *out, struct fault *why);

#endif
