/*
 * Sample: records of the journal, drawn by chance for somebody to review.
 *
 * A draw is made of what it asks for, a seed, the moment to which records count and the longest
 * journal of a bucket then; these are kept, and give the same records again from the same book,
 * however it grew since. Every record that is asked for is as likely as any other:
 *
 *   whole   when an index shows at most SAMPLE_READ candidates in the period, all of them are
 *           read there (never the wide records), and those are taken whose digests with the
 * seed come first; keys    otherwise places are drawn, a bucket and a number in it, and those
 * that do not fit are thrown back: an empty place, another period, another channel. A draw
 * costs what it looks at, at most SAMPLE_LOOKED places, not what there is; one that found too
 * few by then says so.
 *
 * What needs the case file or the record itself (client, desk, rules that were asked, words of
 * notes) is looked at in the order of chance until enough is found.
 *
 * Records of the house itself are never drawn. Draws and reviews are journalled in bucket 0.
 */
#ifndef FLOW_SAMPLE_H
#define FLOW_SAMPLE_H

#include "flow/view.h"
#include "formats/review_sheet.h"

enum { SAMPLE_MOST = 200, SAMPLE_READ = 50000, SAMPLE_LOOKED = 50000, SAMPLE_OPENED = 5000 };

/*
 * Decisions: what was allowed, moved, blocked or held. Contacts: calls made, and what came in.
 * Risks: contacts whose notes hold words of the sheet, disputes and complaints, facts of its
 * kinds.
 */
enum sample_of { SAMPLE_DECISIONS, SAMPLE_CONTACTS, SAMPLE_RISKS };
bool sample_of_parse(const char *name, enum sample_of *out);

struct sample_filter { /* NULL or "": any */
    enum sample_of of;
    struct day from, to; /* both included */
    const char *channel, *client, *desk, *actor, *pack;
    const char *rule;
    bool decided; /* the rule was the one that stopped it; false: it said no, or not yet */
    const char *seen_clients, *seen_desks; /* what who draws may see; NULL: all */
};

/* Auto: whole when there are few enough candidates, else keys. A draw that is made again goes
 * the way that it went. */
enum sample_way { SAMPLE_AUTO, SAMPLE_WHOLE, SAMPLE_KEYS };

struct sample_request {
    struct sample_filter filter;
    uint64_t seed; /* below 2^53 */
    size_t wanted; /* at most SAMPLE_MOST */
    /* Of a draw that is made again; until.us 0: it is new. */
    struct instant until;
    int64_t span;
    enum sample_way way;
};

struct sample_item {
    int64_t bucket, seq, casefile;
    const char *actor, *rule; /* NULL: none */
};

struct sample_drawn {
    size_t count;
    struct sample_item *items; /* in the order in which they were drawn */
    int64_t span, looked;
    struct instant until;
    bool whole; /* all candidates were read */
    bool tired; /* it stopped looking: there may be more */
};

/* Changes nothing. BAD_VALUE for a period that is none. The items live in the arena of the
 * view. */
bool sample_draw(struct view *v, const struct review_sheet *sheet,
                 const struct sample_request *request, struct sample_drawn *out,
                 struct fault *why);

/* ---- Kept ---- */

struct sample {
    int64_t number, looked, span;
    struct sample_filter filter;
    uint64_t seed;
    size_t wanted;
    struct instant until, at;
    bool whole;
    int64_t by;         /* number of the user */
    int64_t size, done; /* of sample_list alone */
};

/* In a session; by whom. */
bool sample_keep(struct book *b, const struct sample_request *request,
                 const struct sample_drawn *drawn, int64_t user, int64_t *number,
                 struct fault *why);
bool sample_load(struct store *s, struct arena *a, int64_t number, struct sample *out,
                 struct fault *why);
/* The latest first, those before a number (0: all). */
bool sample_list(struct store *s, struct arena *a, int64_t before, size_t most,
                 struct sample **out, size_t *count, struct fault *why);

#endif
