/* The table of routes, for those who walk it: tests that must not forget a new one. */
#include "base/json.h"
#include "web/route.h"
#include "web/web.h"

static const char *may_name(int may)
{
    switch (may) {
    case MAY_ANYBODY:
        return "anybody";
    case MAY_SIGNED_IN:
        return "signed-in";
    case MAY_FRESH:
        return "fresh";
    default:
        return permission_name((enum permission)may);
    }
}

static const char *takes_name(enum takes takes)
{
    switch (takes) {
    case TAKES_USUAL:
    case TAKES_NOTHING:
        return "nothing";
    case TAKES_FORM:
        return "form";
    case TAKES_JSON:
        return "json";
    case TAKES_UPLOAD:
        return "upload";
    case TAKES_FILE:
        return "json or upload";
    }
    return "nothing";
}

void web_routes(struct text *out)
{
    struct json_writer w = { .out = out };
    const struct route *r;

    json_open(&w, '[');
    for (size_t i = 0; (r = route_at(i)) != NULL; i++) {
        json_open(&w, '{');
        json_text_at(&w, "method", r->method);
        json_text_at(&w, "path", r->path);
        json_text_at(&w, "may", may_name(r->may));
        json_text_at(&w, "takes", takes_name(route_takes(r)));
        json_close(&w, '}');
    }
    json_close(&w, ']');
    text_add_char(out, '\n');
}
