/* Wrap-up: what is said of a call when it is over. Private to src/web/page_wrap_up*.c. */
#ifndef WEB_WRAP_UP_H
#define WEB_WRAP_UP_H

#include "flow/call_end.h"
#include "web/work_pages.h"

enum { PAUSE_DAYS = 30 };

struct wrap_up {
    const char *happened; /* "promise", "plan", …; NULL: nothing was chosen */
    const struct casefile_view *file;
    const struct zone *zone; /* of the person; of the house when nobody knows */
    bool person;
    struct call_end is;
    /* What was done */
    const char *told, *undo;
    int undos;
};

bool wrap_up_with_known(const char *with);
bool wrap_up_happened_known(const char *happened);
/* What the contact counts as, and which number it was; BAD_VALUE when it is not said. */
bool wrap_up_outcome(const struct page *p, struct wrap_up *u, struct fault *why);
/* BAD_VALUE when two things cannot both be true: the page then shows both, with what would
 * settle it. NOT_ALLOWED when the role may not do one of them. */
bool wrap_up_agrees(struct work *w, struct wrap_up *u, struct fault *why);

#endif
