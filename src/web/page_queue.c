/* The work queue. */
#include "web/page.h"

static bool page_queue(struct page *p, struct fault *why)
{
    (void)why;
    page_go(p, "/accounts");
    return true;
}

const struct route routes_queue[] = {
    { "GET", "/queue", MAY_WORK, "queue", "fault", page_queue, NULL },
    { 0 },
};
