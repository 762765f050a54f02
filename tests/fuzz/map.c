/*
 * Any bytes as a map. What loads is bound to a header and fills rows: no crash, every problem
 * has its words, and every refusal names a place.
 */
#include "formats/map.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>

static const char *const header[] = { "no", "who", "day", "sum", "cur", "sum" };
static const char *const rows[][6] = {
    { "1", " Ann Lee ", "2026-02-28", "1,234.50", "USD", "7" },
    { "", "", "", "", "", "" },
    { "-", "\xf0\x9f\x90\xb1", "31/12/99", "(9.99-)", "$", "99999999999999999999" },
};

static void fill_all(const struct map *m, const struct csv_row *row, struct arena *a)
{
    for (int name = 0; name < MAP_FIELD_COUNT; name++) {
        struct problem p = { 0 };
        const char *text = NULL;
        struct day day;
        int64_t minor;
        bool known;
        if (!map_text(m, (enum map_name)name, row, a, &text, &p))
            must(p.kind != PROBLEM_NONE && p.text != NULL && p.mend != NULL);
        else
            must(text != NULL);
        if (m->fields[name].part_count == 0)
            continue;
        if (!map_day(m, (enum map_name)name, row, a, &day, &p))
            must(p.kind != PROBLEM_NONE && p.column != NULL);
        if (!map_amount(m, (enum map_name)name, row, CURRENCY_USD, a, &minor, &known, &p))
            must(p.kind != PROBLEM_NONE && p.column != NULL);
    }
    struct problem p = { 0 };
    int64_t minor;
    if (!map_product(m, row, CURRENCY_JPY, a, &minor, &p))
        must(p.kind != PROBLEM_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct csv_row head = { 1, 6, header, false };
    struct map *m;

    if (!map_parse(&a, "fuzz", (const char *)bytes, length, &m, &why)) {
        must(why.code == BAD_PACK && strncmp(why.text, "fuzz:", 5) == 0);
    } else if (!map_bind(m, &head, &why)) {
        must(why.code == BAD_PACK && strncmp(why.text, "fuzz:", 5) == 0);
    } else {
        for (size_t i = 0; i < COUNT(rows); i++) {
            struct csv_row row = { 2, i == 2 ? 3 : 6, rows[i], false };
            map_left_out(m, &row);
            fill_all(m, &row, &a);
        }
    }
    arena_free(&a);
    return 0;
}
