/*
 * Search by name: each word typed is how a word of the name begins.
 *
 * One word is a range of the table. Of several, those with at most IDS_MOST case files are met
 * with each other; a word that more bear, or of which too little was typed to be found by, is
 * looked for in the names of those that are left. So ten thousand people of one name cost no
 * more than reading ten thousand numbers.
 */
#include "flow/search_parts.h"

#include "base/sort.h"
#include "base/text.h"

#include <string.h>

struct name_word {
    const char *text;
    bool read, whole; /* its case files were read; and they are all of them */
    size_t count;
    int64_t *ids; /* ascending, each once */
};

static size_t name_split(struct seeking *s, struct name_word words[NAMES_MOST])
{
    size_t count = 0;

    for (const char *at = text_bare(s->a, s->typed); *at != '\0' && count < NAMES_MOST;) {
        size_t length = strcspn(at, " ");
        size_t kept = length > WORD_MOST ? WORD_MOST : length;
        words[count++] = (struct name_word){ .text = arena_copy_n(s->a, at, kept) };
        at += length + (at[length] == ' ');
    }
    return count;
}

static int by_id(const void *left, const void *right)
{
    int64_t x = *(const int64_t *)left, y = *(const int64_t *)right;

    return (x > y) - (x < y);
}

static bool ids_read(struct seeking *s, struct name_word *word)
{
    struct word_row *rows;
    size_t count;
    bool more;

    if (!words_find(s, 'n', word->text, IDS_MOST, &rows, &count, &more))
        return false;
    word->read = true;
    word->whole = !more;
    word->ids = arena_array(s->a, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        word->ids[i] = rows[i].casefile;
    sort_array(word->ids, count, sizeof *word->ids, by_id);
    for (size_t i = 0; i < count; i++) {
        if (word->count == 0 || word->ids[word->count - 1] != word->ids[i])
            word->ids[word->count++] = word->ids[i];
    }
    return true;
}

/* Leaves in `some` what is in `other` as well. */
static void ids_meet(struct name_word *some, const struct name_word *other)
{
    size_t kept = 0, k = 0;

    for (size_t i = 0; i < some->count; i++) {
        while (k < other->count && other->ids[k] < some->ids[i])
            k++;
        if (k < other->count && other->ids[k] == some->ids[i])
            some->ids[kept++] = some->ids[i];
    }
    some->count = kept;
}

/* A word of the name begins like this. */
static bool begins_in(const char *bare, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = bare; *at != '\0'; at += *at == ' ') {
        if (strncmp(at, word, length) == 0)
            return true;
        at += strcspn(at, " ");
    }
    return false;
}

static bool name_bears(struct seeking *s, int64_t id, const struct name_word *words,
                       size_t count, bool *bears)
{
    struct casefile_key key = key_of(id);
    struct query q = query_begin(s->v->store, Q_SEARCH_NAME);

    *bears = false;
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    if (query_next(&q)) {
        const char *bare = text_bare(s->a, row_text(&q, 0));
        *bears = true;
        for (size_t i = 0; i < count; i++)
            *bears = *bears && (words[i].whole || begins_in(bare, words[i].text));
    }
    return query_end(&q, s->why);
}

static bool is_beginning(const struct name_word *word)
{
    return strlen(word->text) >= WORD_LEAST;
}

/* The words by which something can be found are read: all that are long enough, or else those
 * that are there just so. */
static bool words_read(struct seeking *s, struct name_word *words, size_t count)
{
    bool any = false;

    for (size_t i = 0; i < count; i++)
        any = any || is_beginning(&words[i]);
    for (size_t i = 0; i < count; i++) {
        if ((!any || is_beginning(&words[i])) && !ids_read(s, &words[i]))
            return false;
    }
    return true;
}

/* The word with which the search begins: one that was read whole, of these the rarest. */
static struct name_word *rarest(struct name_word *words, size_t count)
{
    struct name_word *best = NULL;

    for (size_t i = 0; i < count; i++) {
        struct name_word *w = &words[i];
        if (w->read && (best == NULL || (w->whole && !best->whole) ||
                        (w->whole == best->whole && w->count < best->count)))
            best = w;
    }
    return best;
}

/* Those that bear the other words as well, until there are enough. */
static bool names_take(struct seeking *s, const struct name_word *from,
                       const struct name_word *words, size_t count, bool look)
{
    size_t i = 0, looked = 0;

    for (; i < from->count && s->of_group[FOUND_ACCOUNT] <= s->most; i++) {
        bool bears = true;
        if (looked++ == CANDIDATES_MOST)
            break;
        if (look && !name_bears(s, from->ids[i], words, count, &bears))
            return false;
        if (bears && !hit_add(s, (struct search_hit){ .group = FOUND_ACCOUNT,
                                                      .key = key_of(from->ids[i]) }))
            return false;
    }
    s->out->more = s->out->more || i < from->count || !from->whole;
    return true;
}

/* One word: those whose name has just it come first. */
static bool one_word(struct seeking *s, const struct name_word *word)
{
    bool limited = s->v->clients != NULL || s->v->desks != NULL, more;
    struct word_row *rows;
    size_t count;

    if (!words_find(s, 'n', word->text, limited ? CANDIDATES_MOST : s->most + 1, &rows, &count,
                    &more))
        return false;
    for (size_t i = 0; i < count && s->of_group[FOUND_ACCOUNT] <= s->most; i++) {
        if (!hit_add(s, (struct search_hit){ .group = FOUND_ACCOUNT,
                                             .key = key_of(rows[i].casefile) }))
            return false;
    }
    s->out->more = s->out->more || more;
    return true;
}

bool search_names(struct seeking *s)
{
    struct name_word words[NAMES_MOST];
    size_t count = name_split(s, words);

    if (count == 0)
        return true;
    if (count == 1)
        return one_word(s, &words[0]);
    if (!words_read(s, words, count))
        return false;
    struct name_word *from = rarest(words, count);
    bool look = false;
    for (size_t i = 0; i < count; i++) {
        if (&words[i] != from && words[i].whole && from->whole)
            ids_meet(from, &words[i]);
        look = look || !words[i].whole;
    }
    for (size_t i = 0; !from->whole && i < count; i++)
        words[i].whole = false; /* nothing was met: each word is looked for in the names */
    return names_take(s, from, words, count, look || !from->whole);
}
