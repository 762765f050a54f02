/* What came with a request: its address, a form, parts, and the headers that list things. The
 * first byte chooses. */
#include "web/address.h"
#include "web/body.h"
#include "web/listen_reply.h"
#include "web/pack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void fields_are_text(const struct ask *ask)
{
    size_t bad;

    must(ask->form_count <= ASK_FIELDS && ask->query_count <= ASK_FIELDS);
    must(ask->upload_count <= ASK_UPLOADS);
    for (size_t i = 0; i < ask->form_count; i++)
        must(text_is_utf8(ask->form[i].name, strlen(ask->form[i].name), &bad) &&
             text_is_utf8(ask->form[i].value, strlen(ask->form[i].value), &bad));
    for (size_t i = 0; i < ask->query_count; i++)
        must(text_is_utf8(ask->query[i].value, strlen(ask->query[i].value), &bad));
}

static void headers_read(struct arena *a, const char *text)
{
    struct proxies proxies = { 0 };
    struct fault why;
    const char *boundary;

    body_kind_of(a, text, &boundary);
    packing_of(text, true);
    must(is_header_text(disposition_of(a, text)) || strlen(text) > 1500);
    const char *location = location_of(a, text);
    must(location[0] == '/' && location[1] != '/' && location[1] != '\\');
    if (proxies_parse(text, &proxies, &why))
        proxies_have(&proxies, "10.0.0.1");
    proxies.count = 1; /* everybody is one: the whole list is walked */
    proxies_client(&proxies, a, "10.0.0.1", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct arena arena = { 0 };
    struct ask ask = { 0 };
    const char *what;

    if (length == 0)
        return 0;
    char *text = malloc(length);
    must(text != NULL);
    memcpy(text, bytes + 1, length - 1);
    text[length - 1] = '\0';
    switch (bytes[0] % 4) {
    case 0:
        target_read(&arena, text, &ask, &what);
        break;
    case 1:
        form_read(&arena, text, length - 1, &ask, &what);
        break;
    case 2:
        parts_read(&arena, text, length - 1, "B", &ask, &what);
        break;
    default:
        headers_read(&arena, text);
        break;
    }
    fields_are_text(&ask);
    arena_free(&arena);
    free(text);
    return 0;
}
