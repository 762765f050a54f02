#include "store/word.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- What words a text gives ------------------------------------------------------------ */

/* Behind its letter, at most so many bytes, and no half letter of a script. */
static void word_put(struct arena *a, char letter, const char *text, size_t length,
                     const char *out[WORDS_OF_TEXT], size_t *count)
{
    if (length > WORD_MOST) {
        length = WORD_MOST;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
    }
    if (length == 0 || *count == WORDS_OF_TEXT)
        return;
    char *word = arena_alloc(a, length + 2);
    word[0] = letter;
    memcpy(word + 1, text, length);
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(out[i], word) == 0)
            return;
    }
    out[(*count)++] = word;
}

static void whole_put(struct arena *a, char letter, const char *whole,
                      const char *out[WORDS_OF_TEXT], size_t *count)
{
    word_put(a, letter, whole, strlen(whole), out, count);
}

static void name_put(struct arena *a, const char *text, const char *out[WORDS_OF_TEXT],
                     size_t *count)
{
    for (const char *at = text_bare(a, text); *at != '\0';) {
        size_t length = strcspn(at, " ");
        word_put(a, 'n', at, length, out, count);
        at += length + (at[length] == ' ');
    }
}

char *word_whole(struct arena *a, const char *text)
{
    char *bare = text_bare(a, text), *to = bare;

    for (const char *from = bare; *from != '\0'; from++) {
        if (*from != ' ')
            *to++ = *from;
    }
    *to = '\0';
    return bare;
}

char *word_digits(struct arena *a, const char *text)
{
    char *digits = arena_alloc(a, strlen(text) + 1), *to = digits;

    for (; *text != '\0'; text++) {
        if (*text >= '0' && *text <= '9')
            *to++ = *text;
    }
    return digits;
}

char *word_from_end(struct arena *a, const char *whole)
{
    size_t length = strlen(whole);
    char *out = arena_alloc(a, length + 1), *to = out + length;

    while (*whole != '\0') {
        size_t size = 1;
        while (((unsigned char)whole[size] & 0xc0) == 0x80)
            size++;
        to -= size;
        memcpy(to, whole, size);
        whole += size;
    }
    return out;
}

size_t word_split(struct arena *a, enum word_source source, const char *text,
                  const char *out[WORDS_OF_TEXT])
{
    size_t count = 0;

    switch (source) {
    case WORDS_NAME:
        name_put(a, text, out, &count);
        return count;
    case WORDS_ACCOUNT:
        whole_put(a, 'a', word_whole(a, text), out, &count);
        whole_put(a, 'A', word_from_end(a, word_whole(a, text)), out, &count);
        return count;
    case WORDS_DEBT:
        whole_put(a, 'D', word_from_end(a, word_whole(a, text)), out, &count);
        return count;
    case WORDS_PAYMENT:
        whole_put(a, 'M', word_from_end(a, word_whole(a, text)), out, &count);
        return count;
    case WORDS_EMAIL:
        whole_put(a, 'e', text_fold(a, text), out, &count);
        return count;
    case WORDS_PHONE:
        whole_put(a, 'P', word_from_end(a, word_digits(a, text)), out, &count);
        return count;
    }
    bug("a source of words is missing above", HERE);
}

int64_t word_bucket(const char *word)
{
    char begin[1 + WORD_LEAST + 1] = "";

    for (int i = 0; i < 1 + WORD_LEAST && word[i] != '\0'; i++)
        begin[i] = word[i];
    return bucket_of_reference("word", begin);
}

/* ---- Writing ---------------------------------------------------------------------------- */

enum { ENTRIES_MOST = 1 << 17, AT_ONCE = 8 };

struct entry {
    uint64_t place; /* bucket and first bytes of the word: most of the order */
    int64_t casefile;
    const char *word;
    int32_t object;
    uint32_t turn; /* the later of two about the same says what is */
    bool drops;
};

struct word_writer {
    struct store *store;
    struct arena arena; /* of the words */
    struct entry *entries;
    size_t count;
};

struct word_writer *word_writer_new(struct store *s)
{
    struct word_writer *w = calloc(1, sizeof *w);

    must(w != NULL);
    w->store = s;
    return w;
}

void word_writer_free(struct word_writer *w)
{
    if (w == NULL)
        return;
    arena_free(&w->arena);
    free(w->entries);
    free(w);
}

void word_writer_reset(struct word_writer *w)
{
    arena_reset(&w->arena);
    w->count = 0;
}

static uint64_t place_of(const char *word)
{
    uint64_t place = (uint64_t)word_bucket(word);

    for (int i = 0; i < 6; i++) {
        place = place << 8 | (unsigned char)*word;
        word += *word != '\0';
    }
    return place;
}

static int64_t bucket_of(const struct entry *e)
{
    return (int64_t)(e->place >> 48);
}

static int by_key(const struct entry *x, const struct entry *y)
{
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    int order = strcmp(x->word, y->word);
    if (order != 0)
        return order;
    if (x->casefile != y->casefile)
        return x->casefile < y->casefile ? -1 : 1;
    return (x->object > y->object) - (x->object < y->object);
}

static int by_key_and_turn(const void *left, const void *right)
{
    const struct entry *x = left, *y = right;
    int order = by_key(x, y);

    return order != 0 ? order : (x->turn > y->turn) - (x->turn < y->turn);
}

/* Drops what a later entry says again. */
static void entries_sort(struct word_writer *w)
{
    size_t kept = 0;

    if (w->count == 0)
        return;
    qsort(w->entries, w->count, sizeof *w->entries, by_key_and_turn);
    for (size_t i = 1; i < w->count; i++) {
        kept += by_key(&w->entries[kept], &w->entries[i]) != 0;
        w->entries[kept] = w->entries[i];
    }
    w->count = kept + 1;
}

static void entry_bind(struct query *q, const struct entry *e)
{
    bind_int(q, bucket_of(e));
    bind_text(q, e->word);
    bind_int(q, e->casefile);
    bind_int(q, e->object);
}

/* So many from here on are to be added. */
static size_t additions(const struct word_writer *w, size_t from)
{
    size_t to = from;

    while (to < w->count && to < from + AT_ONCE && !w->entries[to].drops)
        to++;
    return to - from;
}

bool word_flush(struct word_writer *w, struct fault *why)
{
    entries_sort(w);
    for (size_t i = 0; i < w->count;) {
        const struct entry *e = &w->entries[i];
        size_t count = additions(w, i) == AT_ONCE ? AT_ONCE : 1;
        struct query q = query_begin(w->store, e->drops          ? Q_WORD_DROP
                                               : count == AT_ONCE ? Q_WORD_ADD_EIGHT
                                                                  : Q_WORD_ADD);
        for (size_t k = 0; k < count; k++)
            entry_bind(&q, &e[k]);
        if (!query_run(&q, why))
            return false;
        i += count;
    }
    word_writer_reset(w);
    return true;
}

static bool entries_put(struct word_writer *w, enum word_source source, const char *text,
                        struct casefile_key key, int32_t object, bool drops, struct fault *why)
{
    const char *words[WORDS_OF_TEXT];

    if (w->entries == NULL) {
        w->entries = malloc(ENTRIES_MOST * sizeof *w->entries);
        must(w->entries != NULL);
    }
    if (w->count + WORDS_OF_TEXT > ENTRIES_MOST && !word_flush(w, why))
        return false;
    size_t count = word_split(&w->arena, source, text, words);
    for (size_t i = 0; i < count; i++) {
        w->entries[w->count] = (struct entry){
            .place = place_of(words[i]),
            .casefile = key.id,
            .word = words[i],
            .object = object,
            .turn = (uint32_t)w->count,
            .drops = drops,
        };
        w->count++;
    }
    return true;
}

bool word_add(struct word_writer *w, enum word_source source, const char *text,
              struct casefile_key key, int32_t object, struct fault *why)
{
    return entries_put(w, source, text, key, object, false, why);
}

bool word_drop(struct word_writer *w, enum word_source source, const char *text,
               struct casefile_key key, int32_t object, struct fault *why)
{
    return entries_put(w, source, text, key, object, true, why);
}
