#include "flow/rulebook.h"

#include "base/digest.h"
#include "base/text.h"

#include <string.h>

/* ---- Keeping ---------------------------------------------------------------------------- */

/* NULL: there is none. */
static bool text_find(struct store *s, struct arena *a, const char *digest, const char **text,
                      struct fault *why)
{
    struct query q = query_begin(s, Q_RULE_TEXT_GET);

    bind_text(&q, digest);
    *text = query_next(&q) ? row_copy(&q, 0, a) : NULL;
    return query_end(&q, why);
}

static bool text_put(struct store *s, const char *digest, const char *text, struct fault *why)
{
    struct query q = query_begin(s, Q_RULE_TEXT_ADD);

    bind_text(&q, digest);
    bind_text(&q, text);
    return query_run(&q, why);
}

/* The list last: whoever finds it finds its packs. */
static bool put_all(struct store *s, const struct rulebook *book, struct fault *why)
{
    for (size_t i = 0; i < book->pack_count; i++) {
        const struct rule_pack *pack = book->packs[i];
        if (!text_put(s, rulepack_digest(pack), rulepack_text(pack), why))
            return false;
    }
    return text_put(s, book->digest, book->list, why);
}

static bool is_kept(struct store *s, const struct rulebook *book, bool *kept, struct fault *why)
{
    struct arena a = { 0 };
    const char *there;
    bool found = text_find(s, &a, book->digest, &there, why);

    *kept = found && there != NULL;
    arena_free(&a);
    return found;
}

bool rulebook_keep_here(struct store *s, const struct rulebook *book, struct fault *why)
{
    bool kept;

    return is_kept(s, book, &kept, why) && (kept || put_all(s, book, why));
}

bool rulebook_keep(struct store *s, const struct rulebook *book, struct fault *why)
{
    bool kept;

    if (!is_kept(s, book, &kept, why) || kept)
        return kept;
    if (!store_begin(s, why))
        return false;
    return put_all(s, book, why) ? store_commit(s, why) : store_undo(s);
}

/* ---- Reading ---------------------------------------------------------------------------- */

static bool text_load(struct store *s, struct arena *a, const char *digest, const char **text,
                      struct fault *why)
{
    char hex[DIGEST_HEX];

    if (!text_find(s, a, digest, text, why))
        return false;
    if (*text == NULL)
        return fail(why, NOT_FOUND, "The book keeps no rules with the digest %s.", digest);
    if (strcmp(digest_print(digest_of(*text, strlen(*text)), hex), digest) != 0)
        return fail(why, DB_ROW, "The rules kept as %s are not those: their digest is %s.",
                    digest, hex);
    return true;
}

/* "house 41… rules/house.yaml" */
static bool pack_load(struct store *s, struct arena *a, const char *line,
                      const struct rule_pack **out, struct fault *why)
{
    const char *digest = strchr(line, ' '), *path = digest ? strchr(digest + 1, ' ') : NULL;
    struct rulebook one;
    struct fault bad;
    const char *text;

    if (path == NULL)
        return fail(why, DB_ROW, "A list of rule packs holds \"%s\".", line);
    digest = arena_copy_n(a, digest + 1, (size_t)(path - digest - 1));
    if (!text_load(s, a, digest, &text, why))
        return false;
    if (!rulepack_parse(a, path + 1, text, strlen(text), &one, &bad))
        return fail(why, DB_ROW, "A pack that is kept cannot be read any more: %s", bad.text);
    *out = one.packs[0];
    return true;
}

bool rulebook_kept(struct store *s, struct arena *a, const char *digest, struct rulebook *out,
                   struct fault *why)
{
    const struct rule_pack **packs = NULL;
    size_t count = 0, room = 0;
    const char *list;

    if (!text_load(s, a, digest, &list, why))
        return false;
    const char *at = list + strcspn(list, "\n"); /* after the version of the zones */
    while (*at == '\n' && at[1] != '\0') {
        size_t length = strcspn(++at, "\n");
        const char *line = arena_copy_n(a, at, length);
        if (!pack_load(s, a, line, arena_push(a, packs, count, room), why))
            return false;
        at += length;
    }
    if (!rulebook_of(a, count, packs, out, why))
        return false;
    out->list = list;
    out->digest = arena_copy(a, digest);
    return true;
}

bool rulebook_packs(const struct rulebook *book, struct arena *a, size_t count,
                    const char *const names[], struct gate_packs *out, struct fault *why)
{
    const struct rule_pack **packs = arena_array(a, const struct rule_pack *, count);

    for (size_t i = 0; i < count; i++) {
        packs[i] = rulepack_find(book, names[i]);
        if (packs[i] == NULL)
            return fail(why, NOT_FOUND, "The rules of its day have no pack \"%s\".", names[i]);
    }
    *out = (struct gate_packs){ count, packs };
    return true;
}

static const char *names_with(struct arena *a, const char *names, const struct rule_pack *pack)
{
    return arena_print(a, "%s%s%s", names, *names != '\0' ? ", " : "", rulepack_name(pack));
}

bool rulebook_changed(struct arena *a, const struct rulebook *loaded, const char **names,
                      struct fault *why)
{
    struct rulebook now;

    *names = "";
    if (!rulepack_load_rules(a, &now, why))
        return false;
    if (strcmp(now.digest, loaded->digest) == 0)
        return true;
    for (size_t i = 0; i < now.pack_count; i++) {
        const struct rule_pack *was = rulepack_find(loaded, rulepack_name(now.packs[i]));
        if (was == NULL || strcmp(rulepack_digest(was), rulepack_digest(now.packs[i])) != 0)
            *names = names_with(a, *names, now.packs[i]);
    }
    for (size_t i = 0; i < loaded->pack_count; i++) {
        if (rulepack_find(&now, rulepack_name(loaded->packs[i])) == NULL)
            *names = names_with(a, *names, loaded->packs[i]);
    }
    return true;
}
