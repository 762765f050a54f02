/*
 * Page version: forms about a case file carry the version that they were made from, so that
 * nobody writes over what they have not seen (flow/file_version.h). Private to src/web.
 *
 *     GET    page_version_put(p, key, why)           and in the form
 *            <input type="hidden" name="version" value="{{file_version}}">
 *     POST   b = page_book(p, why); page_version_check(p, b, key, why) before anything is
 * written
 *
 * When somebody else changed the case file since, the check fails with CONFLICT; the page of
 * `again` is shown (409) and begins with {{> changed}}: what changed, and what was typed, to be
 * sent as it is, edited in the form below, or dropped. Nothing was written.
 */
#ifndef WEB_PAGE_VERSION_H
#define WEB_PAGE_VERSION_H

#include "web/page.h"

/* "file_version" of the context ("version" is that of the program). */
bool page_version_put(struct page *p, struct casefile_key key, struct fault *why);
/* BAD_VALUE when the form has no version. */
bool page_version_check(struct page *p, struct book *b, struct casefile_key key,
                        struct fault *why);

#endif
