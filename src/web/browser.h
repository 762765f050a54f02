/* Browser: what a User-Agent says, in few words. */
#ifndef WEB_BROWSER_H
#define WEB_BROWSER_H

#include "base/arena.h"

/* "Firefox on Linux"; "A browser" when it says nothing that is known here. */
const char *words_browser(struct arena *a, const char *agent);

#endif
