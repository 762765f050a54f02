#include "cli/listing.h"

#include "cli/call.h"

bool listing_print(struct call *call, const char *many, listing_rows *rows, const void *filter,
                   struct fault *why)
{
    struct sheet sheet = { 0 };
    bool more = false;

    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = rows(s, filter, &sheet, &more, why);
    store_close(s);
    if (done)
        call_print_sheet(call, &sheet);
    if (done && more)
        call_tell(call, "More %s are not shown: --limit N, or --limit 0 for all.\n", many);
    sheet_free(&sheet);
    return done;
}
