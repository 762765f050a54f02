#include "formats/rulepack_mutant.h"

#include "base/text.h"
#include "domain/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keys of a rule whose values are words to people, or the cases. */
static const char *const told[] = {
    "id",     "part",          "title",   "shape",  "strength", "confidence",  "cite",
    "reason", "debtor_reason", "wording", "beside", "cases",    "forbid_words"
};

static const char *const ordinals[] = { "first", "second", "third", "fourth" };

enum number_kind {
    NUMBER_WHOLE,
    NUMBER_DECIMAL,
    NUMBER_HOUR,
    NUMBER_DAY_OF_YEAR,
    NUMBER_DATE,
    NUMBER_ORDINAL
};

struct number {
    enum number_kind kind;
    const char *begins;
    size_t length;
};

struct mutating {
    struct arena *a;
    const char *bytes;
    size_t length, rule;
    struct mutant *mutants;
    size_t count, room;
};

/* ---- finding numbers in a line of text ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_of_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* Digits stand for '9', everything else for itself: "9999-99-99". */
static bool looks_like(const char *text, const char *pattern)
{
    for (; *pattern != '\0'; pattern++, text++) {
        if (*pattern == '9' ? !is_digit(*text) : *text != *pattern)
            return false;
    }
    return !is_of_word(*text);
}

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

static struct number number_at(const char *text)
{
    static const struct {
        const char *pattern;
        enum number_kind kind;
    } patterns[] = { { "9999-99-99", NUMBER_DATE },
                     { "99:99", NUMBER_HOUR },
                     { "99-99", NUMBER_DAY_OF_YEAR } };
    size_t whole = digits_at(text), part;

    for (size_t i = 0; i < COUNT(patterns); i++) {
        if (looks_like(text, patterns[i].pattern))
            return (struct number){ patterns[i].kind, text, strlen(patterns[i].pattern) };
    }
    part = text[whole] == '.' ? digits_at(text + whole + 1) : 0;
    if (part > 0)
        return (struct number){ NUMBER_DECIMAL, text, whole + 1 + part };
    return (struct number){ NUMBER_WHOLE, text, whole };
}

/* The next number of `text` at or after `from`, its sign included; false: none is left. */
static bool number_find(const char *text, const char *from, bool ordinal_words,
                        struct number *out)
{
    for (const char *at = from; *at != '\0'; at++) {
        if (at > text && (is_of_word(at[-1]) || at[-1] == '.'))
            continue;
        for (size_t i = 0; ordinal_words && i < COUNT(ordinals); i++) {
            size_t length = strlen(ordinals[i]);
            if (strncmp(at, ordinals[i], length) == 0 && !is_of_word(at[length])) {
                *out = (struct number){ NUMBER_ORDINAL, at, length };
                return true;
            }
        }
        bool has_sign = (*at == '-' || *at == '+') && is_digit(at[1]);
        if (!has_sign && !is_digit(*at))
            continue;
        *out = number_at(at + has_sign);
        if (is_of_word(out->begins[out->length])) {
            at = out->begins + out->length;
            continue;
        }
        out->begins -= has_sign;
        out->length += has_sign;
        return true;
    }
    return false;
}

/* ---- changing them by one ---- */

static const char *date_by(struct arena *a, const char *was, int by)
{
    char text[DAY_TEXT];
    struct day day;

    if (!day_parse(was, &day))
        return NULL;
    return arena_copy(a, day_print(day_plus(day, by), text));
}

static const char *whole_by(struct arena *a, const char *was, int by)
{
    long long value = strtoll(was, NULL, 10) + by;
    int width = was[0] == '0' && was[1] != '\0' ? (int)strlen(was) : 1;

    return was[0] == '+' ? arena_print(a, "%+lld", value)
                         : arena_print(a, "%0*lld", width, value);
}

static const char *decimal_by(struct arena *a, const char *was, int by)
{
    size_t places = strlen(strchr(was, '.') + 1);
    long long scale = 1, value;

    for (size_t i = 0; i < places; i++)
        scale *= 10;
    value = strtoll(was, NULL, 10) * scale + strtoll(strchr(was, '.') + 1, NULL, 10) + by;
    return arena_print(a, "%lld.%0*lld", value / scale, (int)places, llabs(value % scale));
}

static const char *ordinal_by(const char *was, int by)
{
    for (int i = 0; i < (int)COUNT(ordinals); i++) {
        if (strcmp(was, ordinals[i]) == 0 && i + by >= 0 && i + by < (int)COUNT(ordinals))
            return ordinals[i + by];
    }
    return NULL;
}

/* NULL: there is no such neighbour. */
static const char *changed_by(struct arena *a, enum number_kind kind, const char *was, int by)
{
    int minute;

    switch (kind) {
    case NUMBER_DATE:
        return date_by(a, was, by);
    case NUMBER_DAY_OF_YEAR: /* of a year with 365 days */
        was = date_by(a, arena_print(a, "2023-%s", was), by);
        return was == NULL ? NULL : was + strlen("2023-");
    case NUMBER_HOUR:
        minute = atoi(was) * 60 + atoi(was + 3) + by;
        return minute < 0 ? NULL : arena_print(a, "%02d:%02d", minute / 60, minute % 60);
    case NUMBER_DECIMAL:
        return decimal_by(a, was, by);
    case NUMBER_WHOLE:
        return whole_by(a, was, by);
    case NUMBER_ORDINAL:
        return ordinal_by(was, by);
    }
    return NULL;
}

/* ---- walking the pack ---- */

/* The byte at which a place lies; columns count characters, not bytes. */
static const char *place_find(const struct mutating *m, struct place place)
{
    const char *at = m->bytes;

    for (int line = 1; line < place.line; line++)
        at = strchr(at, '\n') + 1;
    for (int column = 1; column < place.column; column++) {
        do
            at++;
        while (((unsigned char)*at & 0xc0) == 0x80);
    }
    return at;
}

static void mutants_add(struct mutating *m, const struct yaml *node, const char *key,
                        struct number number)
{
    const char *was = arena_copy_n(m->a, number.begins, number.length);

    for (int by = -1; by <= 1; by += 2) {
        const char *becomes = changed_by(m->a, number.kind, was, by);
        if (becomes != NULL)
            *arena_push(m->a, m->mutants, m->count, m->room) =
                (struct mutant){ .place = node->place,
                                 .rule = m->rule,
                                 .key = key,
                                 .was = was,
                                 .becomes = becomes,
                                 .at = (size_t)(number.begins - m->bytes) };
    }
}

/* The numbers of the value stand in the file in the same order, behind quotes and folds. */
static void scalar_mutate(struct mutating *m, const struct yaml *node, const char *key)
{
    bool ordinal_words = strcmp(key, "closed") == 0;
    const char *in_file = place_find(m, node->place), *in_text = node->text;
    struct number meant, found;

    while (number_find(node->text, in_text, ordinal_words, &meant)) {
        do {
            must(number_find(m->bytes, in_file, ordinal_words, &found));
            in_file = found.begins + found.length;
        } while (found.length != meant.length ||
                 strncmp(found.begins, meant.begins, meant.length) != 0);
        mutants_add(m, node, key, found);
        in_text = meant.begins + meant.length;
    }
}

static void node_mutate(struct mutating *m, const struct yaml *node, const char *key)
{
    if (node->kind == YAML_TEXT)
        scalar_mutate(m, node, key);
    for (size_t i = 0; i < node->count; i++)
        node_mutate(m, node->items[i], node->kind == YAML_MAP ? node->keys[i] : key);
}

static bool is_told(const char *key)
{
    for (size_t i = 0; i < COUNT(told); i++) {
        if (strcmp(told[i], key) == 0)
            return true;
    }
    return false;
}

bool rulepack_mutants(struct arena *a, const char *file, const char *bytes, size_t length,
                      const struct mutant **out, size_t *count, struct fault *why)
{
    struct mutating m = { .a = a, .length = length };
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);

    if (root == NULL)
        return false;
    m.bytes = arena_copy_n(a, bytes, length);
    const struct yaml *rules = yaml_find(root, "rules");
    for (; rules != NULL && m.rule < rules->count; m.rule++) {
        const struct yaml *rule = rules->items[m.rule];
        for (size_t i = 0; rule->kind == YAML_MAP && i < rule->count; i++) {
            if (!is_told(rule->keys[i]))
                node_mutate(&m, rule->items[i], rule->keys[i]);
        }
    }
    *out = m.mutants;
    *count = m.count;
    return true;
}

const char *rulepack_mutant_print(struct arena *a, const char *bytes, size_t length,
                                  const struct mutant *mutant)
{
    size_t rest = mutant->at + strlen(mutant->was);

    return arena_print(a, "%.*s%s%.*s", (int)mutant->at, bytes, mutant->becomes,
                       (int)(length - rest), bytes + rest);
}
