/* Texts: what their pages share. Private to src/web/page_texts*.c. */
#ifndef WEB_PAGE_TEXTS_H
#define WEB_PAGE_TEXTS_H

#include "web/page.h"

/* The draft of a text, what it changes, its versions, and who is asked to agree, into the
 * context. */
bool text_draft_put(struct page *p, const char *source, struct fault *why);
/* What stands in the form: the text that was typed, of the draft, or what is live. */
const char *text_in_hand(struct page *p, const char *source);

bool page_text_save(struct page *p, struct fault *why);
bool page_text_drop(struct page *p, struct fault *why);
bool page_text_restore(struct page *p, struct fault *why);
bool page_text_publish(struct page *p, struct fault *why);
bool page_text_back(struct page *p, struct fault *why);

#endif
