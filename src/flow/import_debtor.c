/* The fields of a row, and what they say of the debtor. */
#include "base/text.h"
#include "flow/import_reader.h"
#include "formats/places.h"

#include <ctype.h>
#include <string.h>

/* ---- Texts ------------------------------------------------------------------------------- */

bool read_missing(struct reader *r, enum map_name name)
{
    return problem_set(r->problem, r->a, PROBLEM_MISSING, map_column(r->run->map, name), "",
                       "fill it in", "%s is missing", map_field_name(name));
}

/* Control characters have no place in a name or number; line ends only in addresses. */
static bool is_printable(const char *text, bool lines)
{
    for (; *text != '\0'; text++) {
        if (((unsigned char)*text < 0x20 || *text == 0x7f) && !(lines && *text == '\n'))
            return false;
    }
    return true;
}

static bool text_of_length(struct reader *r, enum map_name name, size_t most, bool lines,
                           const char **out)
{
    const struct map *m = r->run->map;

    if (!map_text(m, name, r->row, r->a, out, r->problem))
        return false;
    if (strlen(*out) > most)
        return problem_set(r->problem, r->a, PROBLEM_LENGTH, map_column(m, name),
                           arena_copy_n(r->a, *out, 60), "shorten it", "longer than %zu bytes",
                           most);
    if (!is_printable(*out, lines)) {
        char *clean = arena_copy(r->a, *out);
        for (char *c = clean; *c != '\0'; c++) {
            if ((unsigned char)*c < 0x20 || *c == 0x7f)
                *c = lines && *c == '\n' ? '\n' : ' ';
        }
        *out = text_trim(r->a, clean);
    }
    return true;
}

bool read_needed(struct reader *r, enum map_name name, size_t most, const char **out)
{
    return text_of_length(r, name, most, false, out) &&
           (**out != '\0' || read_missing(r, name));
}

bool read_perhaps(struct reader *r, enum map_name name, size_t most, bool lines,
                  const char **out)
{
    if (!text_of_length(r, name, most, lines, out))
        return false;
    if (**out == '\0')
        *out = NULL;
    return true;
}

/* A note: the row is taken, this field of it is not. */
static void drop(struct reader *r, enum problem_kind kind, enum map_name name,
                 const char **value, const char *mend, const char *text)
{
    struct problem note;

    problem_set(&note, r->a, kind, map_column(r->run->map, name), *value, mend, "%s", text);
    report_note(r->run, r->row->line, &note);
    *value = NULL;
}

bool read_yes_or_no(struct reader *r, enum map_name name, bool otherwise, bool *out)
{
    static const char *const yes[] = { "true", "yes", "y", "1" };
    static const char *const no[] = { "false", "no", "n", "0" };
    const char *text;

    *out = otherwise;
    if (!map_text(r->run->map, name, r->row, r->a, &text, r->problem))
        return false;
    if (*text == '\0')
        return true;
    for (size_t i = 0; i < COUNT(yes); i++) {
        if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
            *out = strcasecmp(text, yes[i]) == 0;
            return true;
        }
    }
    return problem_set(r->problem, r->a, PROBLEM_VALUE, map_column(r->run->map, name), text,
                       "write yes or no", "\"%s\" is neither yes nor no", text);
}

/* ---- Debtors ----------------------------------------------------------------------------- */

static bool looks_like_email(const char *text)
{
    const char *at = strchr(text, '@');

    return at != NULL && at != text && at[1] != '\0' && strchr(at + 1, '@') == NULL &&
           strpbrk(text, " \t,;<>\"") == NULL && strchr(at + 1, '.') != NULL && at[1] != '.' &&
           !text_ends(text, ".");
}

/* E.164 without guessing: digits after a +, or a national number where the map knows the code.
 */
static const char *phone_of(struct reader *r, const char *text)
{
    const char *code = r->run->map->calling_code;
    char *out = arena_alloc(r->a, strlen(text) + 8);
    size_t n = 0;
    bool plus = text[0] == '+';

    out[n++] = '+';
    for (const char *c = text + plus; *c != '\0'; c++) {
        if (*c >= '0' && *c <= '9')
            out[n++] = *c;
        else if (strchr(" ()-./", *c) == NULL)
            return NULL; /* an extension cannot be reached by a text message */
    }
    if (!plus && code != NULL && strcmp(code, "1") == 0 && n == 12 && out[1] == '1')
        plus = true; /* 1-555-555-0100, written with its code */
    if (!plus && code == NULL)
        return NULL;
    if (!plus) {
        size_t zero = out[1] == '0', size = strlen(code);
        memmove(out + 1 + size, out + 1 + zero, n - 1 - zero);
        memcpy(out + 1, code, size);
        n += size - zero;
        if (strcmp(code, "1") == 0 && n != 12)
            return NULL;
    }
    out[n] = '\0';
    return n >= 9 && n <= 16 && out[1] != '0' ? out : NULL;
}

static bool places_are_known(const char *places)
{
    for (const char *c = places; *c != '\0';) {
        size_t n = strcspn(c, ",");
        bool country = n >= 2 && isupper((unsigned char)c[0]) && isupper((unsigned char)c[1]);
        bool part = n > 3 && n <= 6 && c[2] == '-';
        for (size_t i = 3; i < n; i++)
            part = part && isalnum((unsigned char)c[i]) && !islower((unsigned char)c[i]);
        if (!country || (n != 2 && !part))
            return false;
        c += n + (c[n] == ',');
    }
    return true;
}

static bool zones_are_known(struct arena *a, const char *zones)
{
    for (const char *c = zones; *c != '\0';) {
        size_t n = strcspn(c, ",");
        if (zone_find(arena_copy_n(a, c, n)) == NULL)
            return false;
        c += n + (c[n] == ',');
    }
    return true;
}

/* Tables that cannot be read are told of when the row is written. */
static bool country_is_known(const char *country)
{
    const struct places *p;
    struct fault why;

    return !places_load(&p, &why) || places_country(p, country) != NULL;
}

/* What cannot be used is left away and noted: not knowing closes the gate, never opens it. */
static void check_reachable(struct reader *r, struct debtor_input *d)
{
    if (d->email != NULL && !looks_like_email(d->email))
        drop(r, PROBLEM_EMAIL, MAP_EMAIL, &d->email, "mend it; the row was taken without it",
             "not an email address");
    if (d->phone != NULL) {
        const char *phone = phone_of(r, d->phone);
        if (phone == NULL)
            drop(r, PROBLEM_PHONE, MAP_PHONE, &d->phone,
                 "write it like +1 212 555 0100; the row was taken without it",
                 "not a telephone number in full");
        else
            d->phone = phone;
    }
    if (d->places != NULL && !places_are_known(d->places))
        drop(r, PROBLEM_PLACE, MAP_PLACES, &d->places, "write ISO 3166-2, like US-NY",
             "not a place");
    if (d->country != NULL && !country_is_known(d->country))
        drop(r, PROBLEM_PLACE, MAP_COUNTRY, &d->country, "write ISO 3166, like US, or its name",
             "not a country");
    if (d->zones != NULL && !zones_are_known(r->a, d->zones))
        drop(r, PROBLEM_PLACE, MAP_ZONES, &d->zones, "write an IANA name, like Europe/Berlin",
             "not a time zone");
}

static bool read_role(struct reader *r, enum actor_role *out)
{
    const char *text;

    *out = ACTOR_FIRST_PARTY_CREDITOR;
    if (!map_text(r->run->map, MAP_ROLE, r->row, r->a, &text, r->problem))
        return false;
    return *text == '\0' || actor_role_parse(text, out) ||
           problem_set(r->problem, r->a, PROBLEM_VALUE, map_column(r->run->map, MAP_ROLE), text,
                       "write first_party_creditor, third_party_collector or debt_buyer",
                       "\"%s\" is no role", text);
}

uint64_t row_content(const int *columns, const struct csv_row *row)
{
    uint64_t hash = 0;

    for (; *columns >= 0; columns++)
        hash = seen_hash(hash, (size_t)*columns < row->count ? row->fields[*columns] : "");
    return hash == 0 ? 1 : hash;
}

static bool describe(struct reader *r, struct item *item)
{
    struct debtor_input *d = &item->debtor;
    bool fine = read_perhaps(r, MAP_NAME, NAME_MOST, false, &d->name) &&
                read_perhaps(r, MAP_CREDITOR, NAME_MOST, false, &d->creditor) &&
                read_perhaps(r, MAP_LANGUAGE, 40, false, &d->language) &&
                read_perhaps(r, MAP_PLACES, 200, false, &d->places) &&
                read_perhaps(r, MAP_ZONES, 200, false, &d->zones) &&
                read_perhaps(r, MAP_EMAIL, 320, false, &d->email) &&
                read_perhaps(r, MAP_PHONE, 60, false, &d->phone) &&
                read_perhaps(r, MAP_ADDRESS, TEXT_MOST, true, &d->address) &&
                read_perhaps(r, MAP_POSTCODE, 20, false, &d->postcode) &&
                read_perhaps(r, MAP_COUNTRY, 60, false, &d->country) &&
                read_role(r, &d->role) && read_yes_or_no(r, MAP_BUSINESS, true, &d->business);

    if (!fine)
        return false;
    if (d->name == NULL)
        d->name = d->reference;
    if (r->run->request->creditor != NULL)
        d->creditor = r->run->request->creditor;
    d->source = r->run->map->name;
    check_reachable(r, d);
    return true;
}

bool read_debtor(struct reader *r, struct item *item)
{
    struct import_run *run = r->run;

    if (!read_needed(r, MAP_REFERENCE, REFERENCE_MOST, &item->debtor.reference))
        return false;
    item->key = casefile_key_of(item->debtor.reference);
    item->debtor_hash = seen_hash(0, item->debtor.reference);
    item->debtor_content = row_content(run->debtor_columns, r->row);
    if (run->map->kind == MAP_PAYMENTS)
        return true;
    item->debtor_known =
        run->map->kind != MAP_CONTACTS && seen_find(&run->debtors, item->debtor_hash) != NULL;
    return item->debtor_known || describe(r, item);
}
