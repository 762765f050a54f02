#include "formats/tzif.h"

#include "base/text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_ZONE = 256 * 1024, HEADER = 44, MOST_CHANGES = 20000, MOST_ZONES = 1024 };

struct header {
    size_t is_utc, is_standard, leaps, times, types, letters;
};

static int64_t big_endian(const unsigned char *bytes, int count)
{
    uint64_t value = bytes[0] >= 0x80 ? UINT64_MAX : 0;

    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

static bool header_read(const unsigned char *at, size_t left, struct header *out)
{
    size_t *counts[] = { &out->is_utc, &out->is_standard, &out->leaps,
                         &out->times,  &out->types,       &out->letters };

    if (left < HEADER || memcmp(at, "TZif", 4) != 0 || at[4] < '2')
        return false;
    for (size_t i = 0; i < COUNT(counts); i++) {
        int64_t count = big_endian(at + 20 + i * 4, 4);
        if (count < 0 || count > MOST_CHANGES)
            return false;
        *counts[i] = (size_t)count;
    }
    return out->types > 0;
}

static size_t body_size(const struct header *h, size_t time_size)
{
    return h->times * (time_size + 1) + h->types * 6 + h->letters + h->leaps * (time_size + 4) +
           h->is_standard + h->is_utc;
}

static bool segments_read(const unsigned char *at, const struct header *h, struct zone *zone)
{
    const unsigned char *kinds = at + h->times * 8, *types = kinds + h->times;

    zone->segments[0] = (struct segment){ INT64_MIN, (int32_t)big_endian(types, 4) };
    zone->count = 1;
    for (size_t i = 0; i < h->times; i++) {
        if (kinds[i] >= h->types)
            return false;
        struct segment next = { big_endian(at + i * 8, 8),
                                (int32_t)big_endian(types + kinds[i] * 6, 4) };
        struct segment *last = &zone->segments[zone->count - 1];
        bool sane = next.offset > -26 * 3600 && next.offset < 26 * 3600;
        if (!sane || (zone->count > 1 && next.starts <= last->starts))
            return false;
        if (next.offset != last->offset)
            zone->segments[zone->count++] = next;
    }
    return true;
}

bool tzif_parse(struct arena *a, const unsigned char *bytes, size_t length, struct zone *zone)
{
    struct header old, h;

    if (!header_read(bytes, length, &old))
        return false;
    size_t skip = HEADER + body_size(&old, 4);
    if (length < skip || !header_read(bytes + skip, length - skip, &h) || h.leaps != 0)
        return false;
    const unsigned char *body = bytes + skip + HEADER;
    size_t left = length - skip - HEADER, size = body_size(&h, 8);
    if (left < size)
        return false;
    zone->segments = arena_array(a, struct segment, h.times + 1 + ZONE_FOOTER_SEGMENTS);
    if (!segments_read(body, &h, zone))
        return false;
    const char *footer = (const char *)body + size;
    left -= size;
    if (left < 2 || footer[0] != '\n' || footer[left - 1] != '\n')
        return false;
    char *rule = arena_copy_n(a, footer + 1, left - 2);
    zone->repeats_from = INT64_MAX;
    return rule[0] == '\0' || zone_continue(zone, rule);
}

/* Zones once found, for ever; readers need no lock because slots are only ever added. */
static struct {
    pthread_mutex_t lock;
    struct arena arena;
    struct zone *zones[MOST_ZONES];
    size_t count;
} kept = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool name_is_safe(const char *name)
{
    size_t length = strlen(name);

    if (length == 0 || length >= ZONE_NAME_MOST || name[0] == '/' || strstr(name, "..") != NULL)
        return false;
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
           length;
}

static const struct zone *kept_find(const char *name)
{
    size_t count = __atomic_load_n(&kept.count, __ATOMIC_ACQUIRE);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(kept.zones[i]->name, name) == 0)
            return kept.zones[i];
    }
    return NULL;
}

enum { PATH_MOST = 512 };

static void path_print(char path[PATH_MOST], const char *name)
{
    const char *folder = getenv("TZDIR");

    snprintf(path, PATH_MOST, "%s/%s",
             folder != NULL && folder[0] == '/' ? folder : "/usr/share/zoneinfo", name);
}

static struct zone *zone_read(const char *name)
{
    struct arena scratch = { 0 };
    struct fault why = { 0 };
    char path[PATH_MOST], *bytes;
    size_t length;
    struct zone *zone = NULL;

    path_print(path, name);
    if (text_read_file(path, LARGEST_ZONE, &scratch, &bytes, &length, &why)) {
        zone = arena_make(&kept.arena, struct zone);
        strcpy(zone->name, name);
        if (!tzif_parse(&kept.arena, (const unsigned char *)bytes, length, zone))
            zone = NULL;
    }
    arena_free(&scratch);
    return zone;
}

const struct zone *zone_find(const char *name)
{
    const struct zone *found;

    if (name == NULL || !name_is_safe(name))
        return NULL;
    found = kept_find(name);
    if (found != NULL)
        return found;
    pthread_mutex_lock(&kept.lock);
    found = kept_find(name);
    if (found == NULL && kept.count < MOST_ZONES) {
        struct zone *zone = zone_read(name);
        if (zone != NULL) {
            kept.zones[kept.count] = zone;
            __atomic_store_n(&kept.count, kept.count + 1, __ATOMIC_RELEASE);
        }
        found = zone;
    }
    pthread_mutex_unlock(&kept.lock);
    return found;
}

static char version[32] = "unknown";

/* The sources of the zones lie beside them, and begin with "# version 2025b". */
static void version_read(void)
{
    char path[PATH_MOST];

    path_print(path, "tzdata.zi");
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return;
    if (fscanf(file, "# version %31[0-9a-zA-Z]", version) != 1)
        strcpy(version, "unknown");
    fclose(file);
}

const char *zones_version(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, version_read);
    return version;
}
