#include "formats/places_tables.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { CODE_MOST = 12 };

/* ---- Lists ---------------------------------------------------------------------------------
 */

const char *places_zones(const struct places *p, struct arena *a, const char *list)
{
    const char *zones = "";

    while (*list != '\0') {
        size_t length = strcspn(list, ",");
        const char *place = arena_copy_n(a, list, length);
        const struct place_row *row = places_row(&p->countries, place);
        for (char *dash; row == NULL && (dash = strrchr(place, '-')) != NULL;) {
            *dash = '\0'; /* a part that is not listed: what it lies in */
            row = places_row(&p->countries, place);
        }
        if (row != NULL)
            zones = zones_join(a, zones, row->zones);
        list += length + (list[length] == ',');
    }
    return zones;
}

bool places_known(const struct places *p, const char *place)
{
    static const char *const listed[] = { "US", "CA", "AU" };
    char wider[16];
    size_t length = strlen(place);

    while (length > 0 && length < sizeof wider) {
        snprintf(wider, sizeof wider, "%.*s", (int)length, place);
        if (places_row(&p->countries, wider) != NULL)
            break;
        while (length > 0 && wider[--length] != '-')
            continue;
    }
    for (size_t i = 0; length == 2 && i < COUNT(listed); i++) {
        if (strncmp(place, listed[i], 2) == 0)
            return place[2] == '\0';
    }
    return length >= 2 && length < sizeof wider;
}

bool places_of_list(const struct places *p, struct arena *a, const char *list, struct clue *out)
{
    if (list[0] == '\0')
        return false;
    *out = (struct clue){ arena_print(a, "place %s", list), places_zones(p, a, list), list };
    return true;
}

const char *places_country(const struct places *p, const char *text)
{
    const struct place_row *row = places_row(&p->countries, text);

    if (row != NULL && strlen(text) == 2)
        return row->key;
    row = places_named(p, text);
    return row != NULL ? row->key : NULL;
}

/* ---- Codes ---------------------------------------------------------------------------------
 */

/* Letters and digits, capital; "" when there are too many. */
static void code_fold(const char *text, size_t length, char out[CODE_MOST])
{
    size_t n = 0;

    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && !(c >= '0' && c <= '9'))
            continue;
        if (n + 1 == CODE_MOST) {
            n = 0;
            break;
        }
        out[n++] = c >= 'a' ? (char)(c - 'a' + 'A') : c;
    }
    out[n] = '\0';
}

/* True when the code looks like this: 9 a digit, A a letter. */
static bool looks_like(const char *code, const char *form)
{
    size_t i = 0;

    for (; form[i] != '\0' && code[i] != '\0'; i++) {
        bool digit = code[i] >= '0' && code[i] <= '9';
        if (form[i] == '9' ? !digit : digit)
            return false;
    }
    return form[i] == '\0' && code[i] == '\0';
}

static bool is_british(const char *code)
{
    static const char *const forms[] = { "A99AA",   "A999AA", "AA99AA",
                                         "AA999AA", "A9A9AA", "AA9A9AA" };

    for (size_t i = 0; i < COUNT(forms); i++) {
        if (looks_like(code, forms[i]))
            return true;
    }
    return false;
}

static bool fits_country(const char *country, const char *code)
{
    static const char *const british[] = { "GB", "IM", "JE", "GG" };

    for (size_t i = 0; i < COUNT(british); i++) {
        if (strcmp(country, british[i]) == 0)
            return is_british(code);
    }
    if (strcmp(country, "US") == 0)
        return looks_like(code, "99999") || looks_like(code, "999999999");
    if (strcmp(country, "CA") == 0)
        return looks_like(code, "A9A9A9");
    if (strcmp(country, "AU") == 0)
        return looks_like(code, "9999");
    if (strcmp(country, "PT") == 0)
        return looks_like(code, "9999") || looks_like(code, "9999999");
    return looks_like(code, "99999");
}

static const struct place_row *beginning_row(const struct places *p, const char *country,
                                             const char *code, size_t length)
{
    char key[CODE_MOST + 3];

    snprintf(key, sizeof key, "%s %.*s", country, (int)length, code);
    return places_row(&p->postcodes, key);
}

/* The longest beginning of the code that the table has: of a British one its district or area.
 */
static const struct place_row *postcode_row(const struct places *p, const char *country,
                                            const char *code)
{
    const struct place_row *row = NULL;
    size_t length = strlen(code);

    if (is_british(code)) {
        row = beginning_row(p, country, code, length - 3);
        return row != NULL ? row : beginning_row(p, country, code, strcspn(code, "0123456789"));
    }
    do {
        row = beginning_row(p, country, code, length);
    } while (row == NULL && length-- > 0);
    return row;
}

static bool code_find(const struct places *p, struct arena *a, const char *country,
                      const char *code, struct clue *out)
{
    const char *zones = NULL, *places = NULL;

    if (strcmp(country, "US") == 0 && places_zip(p, code, &zones, &places)) {
        out->zones = zones;
        out->places = places;
        return true;
    }
    const struct place_row *row = postcode_row(p, country, code);
    if (row == NULL)
        return false;
    out->places = row->places;
    out->zones = row->zones[0] != '\0' ? row->zones : places_zones(p, a, row->places);
    return true;
}

/* ---- Addresses -----------------------------------------------------------------------------
 */

struct reading {
    const struct places *p;
    struct arena *a;
    const char *country; /* as far as it is known; else NULL */
    const char *part;    /* a nation or island that the address names; else NULL */
    bool named;          /* the address itself names the country */
    const char *lines[8];
    size_t line_count;
};

static void lines_split(struct reading *r, const char *address)
{
    while (*address != '\0') {
        size_t length = strcspn(address, "\n");
        const char *line = text_trim(r->a, arena_copy_n(r->a, address, length));
        address += length + (address[length] == '\n');
        if (*line == '\0')
            continue;
        if (r->line_count == COUNT(r->lines)) { /* the last ones matter */
            memmove(r->lines, r->lines + 1, sizeof r->lines - sizeof r->lines[0]);
            r->line_count--;
        }
        r->lines[r->line_count++] = line;
    }
}

/* "Germany" as the last line, or behind the last comma of it; a nation counts as well. */
static void country_take(struct reading *r)
{
    if (r->line_count == 0)
        return;
    const char *line = r->lines[r->line_count - 1], *comma = strrchr(line, ',');
    const char *word = comma == NULL ? line : text_trim(r->a, comma + 1);
    const struct place_row *row = places_named(r->p, word);
    if (row == NULL)
        return;
    r->named = true;
    r->country = arena_copy_n(r->a, row->key, 2);
    r->part = strlen(row->key) > 2 ? row->key : NULL;
    if (comma == NULL)
        r->line_count--;
    else
        r->lines[r->line_count - 1] = arena_copy_n(r->a, line, (size_t)(comma - line));
}

/* The place of a state by what stands at the end of the text: "Madison, WI", "Perth WA". */
static const struct place_row *state_at_end(struct reading *r, const char *text,
                                            const char *country)
{
    static const char blanks[] = " ,.";
    const char *trimmed = text_trim(r->a, text), *comma = strrchr(trimmed, ',');
    const char *word = strrchr(trimmed, ' ');
    char key[8];

    if (comma != NULL) {
        const struct place_row *row =
            places_part_named(r->p, country, text_trim(r->a, comma + 1));
        if (row != NULL)
            return row;
    }
    word = word == NULL ? trimmed : word + 1;
    word += strspn(word, blanks);
    if (strlen(word) > 3)
        return places_part_named(r->p, country, word);
    snprintf(key, sizeof key, "%s-%s", country, word);
    return places_row(&r->p->countries, key);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == ',';
}

/* The last word of the line, or its last two; what stands before goes to *before. */
static bool code_at_end(struct reading *r, const char *line, int words, char code[CODE_MOST],
                        const char **before)
{
    size_t end = strlen(line), start = end;

    for (int i = 0; i < words; i++) {
        while (start > 0 && is_blank(line[start - 1]))
            start--;
        while (start > 0 && !is_blank(line[start - 1]))
            start--;
    }
    code_fold(line + start, end - start, code);
    *before = arena_copy_n(r->a, line, start);
    return code[0] != '\0';
}

static bool found_in(struct reading *r, const char *country, const char *code, struct clue *out)
{
    if (!fits_country(country, code) || !code_find(r->p, r->a, country, code, out))
        return false;
    out->words =
        arena_print(r->a, "address %.*s", strcmp(country, "US") == 0 ? 5 : CODE_MOST, code);
    return true;
}

/* Of a known country. A code may stand at the end of a line, or before the town. */
static bool code_of_country(struct reading *r, struct clue *out)
{
    size_t tried = r->line_count < 2 ? r->line_count : 2;
    char code[CODE_MOST];
    const char *before;

    for (size_t i = 0; i < tried; i++) {
        const char *line = r->lines[r->line_count - 1 - i];
        bool digits_alone = strcmp(r->country, "US") == 0 || strcmp(r->country, "AU") == 0;
        if (digits_alone && i > 0)
            return false; /* a house number may look like it */
        for (int words = 1; words <= 2; words++) {
            if (code_at_end(r, line, words, code, &before) &&
                found_in(r, r->country, code, out))
                return true;
        }
        for (const char *at = line; !digits_alone && *at != '\0';) {
            size_t length = strcspn(at, " ,");
            code_fold(at, length, code);
            if (found_in(r, r->country, code, out))
                return true;
            at += length;
            at += strspn(at, " ,");
        }
    }
    return false;
}

/* Without a country: a shape that only one has, or a code that lies in the state before it. */
static bool code_anywhere(struct reading *r, struct clue *out)
{
    static const char *const by_shape[] = { "CA", "GB" }, *const by_state[] = { "US", "AU" };
    char code[CODE_MOST];
    const char *before;

    if (r->line_count == 0)
        return false;
    const char *line = r->lines[r->line_count - 1];
    for (size_t i = 0; i < COUNT(by_shape); i++) {
        for (int words = 1; words <= 2; words++) {
            if (code_at_end(r, line, words, code, &before) &&
                found_in(r, by_shape[i], code, out))
                return true;
        }
    }
    for (size_t i = 0; i < COUNT(by_state); i++) {
        if (!code_at_end(r, line, 1, code, &before) || !found_in(r, by_state[i], code, out))
            continue;
        const struct place_row *state = state_at_end(r, before, by_state[i]);
        if (state != NULL && places_touch(out->places, state->key))
            return true;
    }
    return false;
}

/* No code: the state that ends the address, or the country that it names, unless it is known
 * by other means where in that country they are. */
static bool area_of(struct reading *r, const struct home *home, struct clue *out)
{
    const struct place_row *row = NULL;

    if (r->country == NULL)
        return false;
    if (r->line_count > 0 && r->part == NULL)
        row = state_at_end(r, r->lines[r->line_count - 1], r->country);
    const char *place = row != NULL ? row->key : r->part;
    if (place == NULL && r->named &&
        (home->places == NULL || !places_touch(home->places, r->country)))
        place = r->country;
    if (place == NULL)
        return false;
    *out = (struct clue){ arena_print(r->a, "address in %s", place),
                          places_zones(r->p, r->a, place), place };
    return out->zones[0] != '\0';
}

/* The one country in which all of these places lie. */
static const char *country_of(struct arena *a, const char *places)
{
    const char *country = NULL;

    for (const char *at = places; at != NULL && *at != '\0';) {
        if (country != NULL && strncmp(country, at, 2) != 0)
            return NULL;
        country = arena_copy_n(a, at, 2);
        at += strcspn(at, ",");
        at += *at == ',';
    }
    return country;
}

bool places_of_address(const struct places *p, struct arena *a, const struct home *home,
                       struct clue *out)
{
    struct reading r = { .p = p, .a = a };
    char code[CODE_MOST];

    *out = (struct clue){ 0 };
    r.country = home->country == NULL ? NULL : places_country(p, home->country);
    if (r.country == NULL)
        r.country = country_of(a, home->places);
    if (home->address != NULL)
        lines_split(&r, home->address);
    country_take(&r);
    if (home->postcode != NULL && r.country != NULL) {
        code_fold(home->postcode, strlen(home->postcode), code);
        if (found_in(&r, r.country, code, out)) {
            out->words = arena_print(a, "postcode%s", out->words + strlen("address"));
            return true;
        }
    }
    if (home->address == NULL)
        return false;
    if (r.country != NULL ? code_of_country(&r, out) : code_anywhere(&r, out))
        return true;
    return area_of(&r, home, out);
}

/* ---- Numbers -------------------------------------------------------------------------------
 */

bool places_of_number(const struct places *p, struct arena *a, const char *number,
                      enum clue_kind *kind, struct clue *out)
{
    char key[16];
    const struct place_row *row = NULL;

    if (number[0] != '+' || strlen(number) > sizeof key)
        return false;
    snprintf(key, sizeof key, "%s", number + 1);
    size_t length = strlen(key) < 5 ? strlen(key) : 5;
    for (; row == NULL && length > 0; length--) {
        key[length] = '\0';
        row = places_row(&p->numbers, key);
    }
    if (row == NULL || row->zones[0] == '-')
        return false;
    *kind = row->zones[0] == '\0' ? CLUE_COUNTRY : CLUE_NUMBER;
    *out = (struct clue){ arena_print(a, "calling code +%s", key), row->zones, row->places };
    if (*kind == CLUE_COUNTRY)
        out->zones = places_zones(p, a, row->places);
    else
        out->words = key[0] == '1' ? arena_print(a, "area code %s", key + 1)
                                   : arena_print(a, "area code +%.2s %s", key, key + 2);
    return out->zones[0] != '\0';
}
