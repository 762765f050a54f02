/* Prove parts: what the checks share. Private to src/flow/prove*.c. */
#ifndef FLOW_PROVE_PARTS_H
#define FLOW_PROVE_PARTS_H

#include "base/arena.h"
#include "domain/calendar.h"
#include "store/store.h"

/* Names are API. The last text names what is counted; it is the key under "checked". */
#define CHECKS(X)                                                                              \
    X(CHECK_ENTRIES, "entry_balance", "Entries add up to nothing", "entries")                  \
    X(CHECK_INSTALMENTS, "instalment_sums", "Instalments say what their postings say",         \
      "instalments")                                                                           \
    X(CHECK_BOOKS, "books_again", "The books come out again from what happened", "books")      \
    X(CHECK_PAYMENTS, "payment_movement", "Payments moved the money that their state says",    \
      "payments")                                                                              \
    X(CHECK_STEPS, "step_decision", "Steps were decided", "steps")                             \
    X(CHECK_FACES, "face_tables", "Packed case files say what their tables say", "faces")      \
    X(CHECK_JOURNAL, "journal_chain", "The journal is one unbroken chain", "records")          \
    X(CHECK_GISTS, "journal_columns", "The decision log says what its records say", "rows")    \
    X(CHECK_VERDICTS, "verdict_again", "Verdicts come out again, byte for byte", "verdicts")   \
    X(CHECK_OUTBOX, "outbox_verdict", "What goes out was allowed", "outbox")                   \
    X(CHECK_MESSAGES, "message_outbox", "Messages kept were sent", "messages")                 \
    X(CHECK_CASEFILES, "casefile_key", "Case files are where their reference says",            \
      "casefiles")                                                                             \
    X(CHECK_DEBTORS, "casefile_debtor", "Case files have a debtor", "debtors")                 \
    X(CHECK_TASKS, "task_again", "Tasks that are open follow from what is known", "tasks")     \
    X(CHECK_COMPLAINTS, "complaint_record", "Complaints stand as their last record says",      \
      "complaints")                                                                            \
    X(CHECK_REVIEWS, "review_record", "Draws and reviews are those of the journal", "reviews") \
    X(CHECK_PUBLICATIONS, "publication_record",                                                \
      "Strategies and texts in force are those of the journal", "publications")                \
    X(CHECK_CURRENCIES, "currency_known", "Currencies are in ISO 4217", "amounts")

#define X(code, name, title, noun) code,
enum check { CHECKS(X) CHECK_COUNT };
#undef X

enum { FINDINGS_LISTED = 1000 };

struct prove_finding {
    enum check check;
    const char *where, *expected, *found;
};

struct replay;

struct proof {
    struct store *store;
    struct fault *why;
    const struct zone *zone; /* of the organisation */
    struct instant last_at;  /* of all records: as late as anything is known */
    int64_t bucket;
    struct arena arena; /* of the bucket at hand */
    struct replay *replay;
    int64_t counts[CHECK_COUNT], faults[CHECK_COUNT];
    struct arena kept; /* of the findings */
    size_t listed;
    struct prove_finding findings[FINDINGS_LISTED];
};

/* A statement with the bucket bound. */
struct query prove_begin(struct proof *p, enum query_name name);

/* Text in the arena of the bucket. */
#define prove_text(p, ...) arena_print(&(p)->arena, __VA_ARGS__)

/* Keeps a finding; expected and found are copied, where is printed behind the bucket. */
void prove_find(struct proof *p, enum check check, const char *expected, const char *found,
                const char *where, ...) PRINTF(5, 6);

/* Each returns false only when the book could not be read. */
bool prove_money(struct proof *p); /* entries, instalments */
bool prove_books(struct proof *p);
bool prove_payments(struct proof *p);
bool prove_steps(struct proof *p);
bool prove_faces(struct proof *p);
bool prove_journal(struct proof *p); /* and verdicts */
bool prove_verdict(struct proof *p, int64_t seq, const char *record, const char *question);
void prove_gist(struct proof *p, struct query *q); /* a row of prove_journal */
bool prove_outbox(struct proof *p);    /* and messages */
bool prove_casefiles(struct proof *p); /* and debtors, currencies */
bool prove_tasks(struct proof *p);
bool prove_complaints(struct proof *p);
bool prove_reviews(struct proof *p); /* and draws */
bool prove_publications(struct proof *p);

#endif
