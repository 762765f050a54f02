/*
 * Routes: every address of the server, as JSON, for tests in other languages:
 *
 *   [{"method": "GET", "path": "/accounts/{}", "may": "accounts"}, …]
 *
 * "may" is a permission, or "anybody", "signed-in", "fresh"; "api" says that it speaks JSON.
 */
#include "base/json.h"
#include "web/route.h"

#include <stdio.h>

static const char *may_name(int may)
{
    return may == MAY_ANYBODY     ? "anybody"
           : may == MAY_SIGNED_IN ? "signed-in"
           : may == MAY_FRESH     ? "fresh"
                                  : permission_name((enum permission)may);
}

int main(void)
{
    struct text out = { 0 };
    struct json_writer w = { &out, false };

    json_open(&w, '[');
    for (size_t i = 0; route_at(i) != NULL; i++) {
        const struct route *r = route_at(i);
        json_open(&w, '{');
        json_text_at(&w, "method", r->method);
        json_text_at(&w, "path", r->path);
        json_text_at(&w, "may", may_name(r->may));
        json_key(&w, "api");
        json_bool(&w, r->call != NULL);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    puts(text_of(&out));
    text_free(&out);
    return 0;
}
