/*
 * Search log: writes down who searched, behind the pages: nobody waits for another writer in
 * order to read. Private to src/web. Has a thread and a book of its own.
 *
 * What is asked again while somebody types on is one note: the last of it, the most that was
 * found, and how often. Notes wait at most a few seconds, or until the book can be written;
 * closing writes what is left. When too many wait, searches are refused: what cannot be noted
 * is not shown.
 */
#ifndef WEB_SEARCH_LOG_H
#define WEB_SEARCH_LOG_H

#include "flow/search_note.h"

enum { SEARCH_NOTES_MOST = 5000, SEARCH_TYPING_MS = 3000 };

struct search_log;

struct search_log *search_log_open(const char *url, struct fault *why);
void search_log_close(struct search_log *l);
/* `typing`: more of it may follow. What was typed is forgotten when the note is written.
 * DB_BUSY when too many wait. */
bool search_log_add(struct search_log *l, const struct search_note *note, const char *typed,
                    bool typing, struct fault *why);

#endif
