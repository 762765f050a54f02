#include "flow/search_note.h"

#include "base/text.h"
#include "flow/book_parts.h"
#include "flow/house_key.h"

#include <string.h>

bool search_mark(struct store *s, struct arena *a, const char *typed, char out[SEARCH_MARK],
                 struct fault *why)
{
    char key[DIGEST_HEX], hex[DIGEST_HEX];
    const char *bare = text_bare(a, typed);
    struct digest_maker m;

    if (!house_key_text(s, a, "search", key, why))
        return false;
    digest_begin(&m);
    digest_add(&m, key, strlen(key));
    digest_add(&m, bare, strlen(bare));
    digest_print(digest_end(&m), hex);
    memcpy(out, hex, SEARCH_MARK - 1);
    out[SEARCH_MARK - 1] = '\0';
    return true;
}

bool search_note_add(struct book *b, const struct search_note *note, struct fault *why)
{
    static const struct casefile_key house = { 0, 0 };
    struct json_writer w = book_record_begin(b);

    json_text_at(&w, "kind", search_kind_name(note->kind));
    json_text_at(&w, "mark", note->mark);
    json_int_at(&w, "found", (int64_t)note->found);
    if (note->more)
        json_int_at(&w, "more", 1);
    if (note->asked > 1)
        json_int_at(&w, "asked", note->asked);
    return book_record_end(b, &w, house, "search", why);
}
