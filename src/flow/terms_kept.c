#include "flow/terms_kept.h"

#include "base/text.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct kept_terms {
    struct kept_terms *next;
    char digest[DIGEST_HEX];
    const struct terms *terms;
};

/* Read once: few terms stand for all debts, and they never change. */
static struct {
    pthread_mutex_t lock;
    struct arena arena;
    bool rates_loaded;
    struct rate_book rates;
    struct kept_terms *first;
} kept = { .lock = PTHREAD_MUTEX_INITIALIZER };

static const struct terms *find(const char *digest)
{
    for (struct kept_terms *k = kept.first; k != NULL; k = k->next) {
        if (strcmp(k->digest, digest) == 0)
            return k->terms;
    }
    return NULL;
}

static bool load_rates(struct fault *why)
{
    if (!kept.rates_loaded)
        kept.rates_loaded = rate_book_load(&kept.arena, &kept.rates, why);
    return kept.rates_loaded;
}

static bool text_of_digest(struct store *s, const char *digest, const char **text,
                           struct fault *why)
{
    struct query q = query_begin(s, Q_RULE_TEXT_GET);
    char hex[DIGEST_HEX];

    bind_text(&q, digest);
    *text = query_next(&q) ? row_copy(&q, 0, &kept.arena) : NULL;
    if (!query_end(&q, why))
        return false;
    if (*text == NULL)
        return fail(why, NOT_FOUND, "The book keeps no terms with the digest %s.", digest);
    if (strcmp(digest_print(digest_of(*text, strlen(*text)), hex), digest) != 0)
        return fail(why, DB_ROW, "The terms kept as %s are not those: their digest is %s.",
                    digest, hex);
    return true;
}

static bool read_kept(struct store *s, const char *digest, const struct terms **out,
                      struct fault *why)
{
    const char *text;

    if (!load_rates(why) || !text_of_digest(s, digest, &text, why))
        return false;
    const struct terms *terms =
        terms_read(&kept.arena, arena_print(&kept.arena, "terms %.12s", digest), text,
                   strlen(text), &kept.rates, why);
    if (terms == NULL)
        return false;
    struct kept_terms *k = arena_make(&kept.arena, struct kept_terms);
    *k = (struct kept_terms){ .next = kept.first, .terms = terms };
    memcpy(k->digest, digest, DIGEST_HEX);
    kept.first = k;
    *out = terms;
    return true;
}

bool terms_kept(struct store *s, const char *digest, const struct terms **out,
                struct fault *why)
{
    bool done = true;

    if (strlen(digest) != DIGEST_HEX - 1)
        return fail(why, DB_ROW, "\"%s\" is no digest of terms.", digest);
    pthread_mutex_lock(&kept.lock);
    *out = find(digest);
    if (*out == NULL)
        done = read_kept(s, digest, out, why);
    pthread_mutex_unlock(&kept.lock);
    return done;
}

bool terms_file_keep(struct store *s, const struct terms_file *file, char hex[DIGEST_HEX],
                     struct fault *why)
{
    struct query q = query_begin(s, Q_RULE_TEXT_ADD);

    bind_text(&q, digest_print(file->digest, hex));
    bind_text(&q, file->text);
    return query_run(&q, why);
}

bool terms_unknown(const struct terms_files *files, const char *name, struct fault *why)
{
    struct text names = { 0 };

    for (size_t i = 0; i < files->count; i++)
        text_add_print(&names, "%s%s", i > 0 ? ", " : "", files->all[i].terms->name);
    fail(why, NOT_FOUND, "There are no terms \"%s\".", name);
    fault_hint(why, "there are: %s", text_of(&names));
    text_free(&names);
    return false;
}

static bool rates_known(struct fault *why)
{
    pthread_mutex_lock(&kept.lock);
    bool loaded = load_rates(why);
    pthread_mutex_unlock(&kept.lock);
    return loaded;
}

bool terms_files_all(struct arena *a, struct terms_files *out, struct fault *why)
{
    return rates_known(why) && terms_load(a, &kept.rates, out, why);
}

static bool read_whole(const char *path, struct text *out, struct fault *why)
{
    char piece[4096];
    size_t got;
    FILE *in = fopen(path, "rb");

    if (in == NULL)
        return fail(why, NOT_FOUND, "There is no file \"%s\" that can be read.", path);
    while ((got = fread(piece, 1, sizeof piece, in)) > 0)
        text_add_n(out, piece, got);
    bool done = !ferror(in);
    fclose(in);
    return done || fail(why, SYSTEM, "\"%s\" cannot be read to its end.", path);
}

bool terms_file_read(struct arena *a, const char *path, const struct terms **out,
                     struct fault *why)
{
    struct text text = { 0 };

    *out = NULL;
    if (rates_known(why) && read_whole(path, &text, why))
        *out = terms_read(a, path, arena_copy_n(a, text_of(&text), text.length), text.length,
                          &kept.rates, why);
    text_free(&text);
    return *out != NULL;
}

bool terms_keep(struct store *s, struct arena *a, const char *name, const char **digest,
                const struct terms **out, struct fault *why)
{
    struct terms_files files;
    char hex[DIGEST_HEX];

    if (!terms_files_all(a, &files, why))
        return false;
    const struct terms_file *file = terms_find(&files, name);
    if (file == NULL)
        return terms_unknown(&files, name, why);
    if (!terms_file_keep(s, file, hex, why))
        return false;
    *digest = arena_copy(a, hex);
    *out = file->terms;
    return true;
}
