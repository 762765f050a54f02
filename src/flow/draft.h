/*
 * Draft: what somebody is changing of a strategy or a text, kept in the book until it is
 * published or dropped. One for each; whoever saves says which revision they began from, so
 * that two people do not overwrite each other. Nothing follows a draft.
 */
#ifndef FLOW_DRAFT_H
#define FLOW_DRAFT_H

#include "flow/publication.h"

enum { DRAFT_BYTES = 256 * 1024 };

struct draft {
    int64_t revision; /* 0: there is none */
    const char *base; /* digest of what it began from; "": nothing had the name */
    const char *text;
    int64_t by;
    struct instant at;
};

bool draft_load(struct store *s, struct arena *a, enum publication_kind kind, const char *name,
                struct draft *out, struct fault *why);

struct draft_name {
    const char *name;
    int64_t revision, by;
    struct instant at;
};
bool draft_list(struct store *s, struct arena *a, enum publication_kind kind,
                struct draft_name **out, size_t *count, struct fault *why);

/* What was saved of one name, or dropped, the newest first: as far back as the last
 * DRAFTS_WINDOW records of the house, of which there are few a day. */
enum { DRAFTS_MOST = 100, DRAFTS_WINDOW = 20000 };
struct draft_event {
    struct instant at;
    const char *change; /* "saved", "dropped" */
    const char *digest; /* of the text */
    const char *by;     /* who was signed in; "" for the command line */
};
bool draft_history(struct store *s, struct arena *a, enum publication_kind kind,
                   const char *name, struct draft_event **out, size_t *count,
                   struct fault *why);
/* A text that was saved as a draft of this name. NOT_FOUND when none of its history has it. */
bool draft_text(struct store *s, struct arena *a, enum publication_kind kind, const char *name,
                const char *digest, const char **text, struct fault *why);

struct drafting {
    enum publication_kind kind;
    const char *name, *text;
    const char *base; /* NULL: of the draft that is there, or what is in force */
    int64_t revision; /* that was seen; 0: there was none */
    int64_t by;
};
/* The text is kept by its digest. CONFLICT when somebody else saved it meanwhile. Whether it
 * can be read is not asked: half a sentence may be kept, too. */
bool draft_save(struct book *b, const struct drafting *in, struct fault *why);
/* NOT_FOUND when there is none. Its text is kept by its digest. */
bool draft_drop(struct book *b, enum publication_kind kind, const char *name,
                const char **digest, struct fault *why);
/* A text that was dropped comes back, unless there is a draft again. */
bool draft_restore(struct book *b, enum publication_kind kind, const char *name,
                   const char *digest, int64_t by, struct fault *why);

#endif
