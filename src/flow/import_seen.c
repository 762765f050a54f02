#include "flow/import_run.h"

#include <stdlib.h>

/* FNV-1a with a separator, so that ("ab", "c") and ("a", "bc") differ. */
uint64_t seen_hash(uint64_t before, const char *text)
{
    uint64_t hash = before == 0 ? 0xcbf29ce484222325U : before;

    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
    hash = (hash ^ 0x1f) * 0x100000001b3U;
    return hash == 0 ? 1 : hash;
}

static size_t place_of(uint64_t key, size_t room)
{
    key ^= key >> 32;
    return (size_t)(key * 0x9e3779b97f4a7c15U) & (room - 1);
}

static struct seen_entry *slot(const struct seen *s, uint64_t key)
{
    size_t at = place_of(key, s->room);

    while (s->entries[at].line != 0 && s->entries[at].key != key)
        at = (at + 1) & (s->room - 1);
    return &s->entries[at];
}

struct seen_entry *seen_find(const struct seen *s, uint64_t key)
{
    if (s->room == 0)
        return NULL;
    struct seen_entry *found = slot(s, key);
    return found->line == 0 ? NULL : found;
}

static void grow(struct seen *s)
{
    struct seen old = *s;

    s->room = old.room == 0 ? 1024 : old.room * 2;
    s->entries = calloc(s->room, sizeof *s->entries);
    must(s->entries != NULL);
    for (size_t i = 0; i < old.room; i++) {
        if (old.entries[i].line != 0)
            *slot(s, old.entries[i].key) = old.entries[i];
    }
    free(old.entries);
}

void seen_put(struct seen *s, uint64_t key, uint64_t content, int64_t line)
{
    if ((s->count + 1) * 4 > s->room * 3)
        grow(s);
    struct seen_entry *entry = slot(s, key);
    s->count += entry->line == 0;
    *entry = (struct seen_entry){ key, content, line };
}

void seen_free(struct seen *s)
{
    free(s->entries);
    *s = (struct seen){ 0 };
}
