#include "store/kept_figures.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- Hashing ----------------------------------------------------------------------------- */

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
    return (hash ^ 0xff) * 0x100000001b3U; /* so that "a","b" is not "ab","" */
}

static const uint64_t hash_start = 0xcbf29ce484222325U;

/* ---- Names ------------------------------------------------------------------------------- */

static uint64_t hash_group(const struct figure_group *g)
{
    uint64_t hash = hash_text(hash_text(hash_start, g->client), g->desk);

    hash = hash_text(hash_text(hash, g->strategy), g->segment);

    return mix(hash + (uint64_t)g->currency * 4 + (uint64_t)g->level);
}

static uint64_t hash_word(const char *word)
{
    return mix(~hash_text(hash_start, word));
}

static bool same_group(const struct figure_group *a, const struct figure_group *b)
{
    return a->currency == b->currency && a->level == b->level &&
           strcmp(a->client, b->client) == 0 && strcmp(a->desk, b->desk) == 0 &&
           strcmp(a->strategy, b->strategy) == 0 && strcmp(a->segment, b->segment) == 0;
}

static void slot_put(struct figure_names *n, uint64_t hash, int32_t what)
{
    size_t at = hash & (n->slot_count - 1);

    while (n->slots[at] != 0)
        at = (at + 1) & (n->slot_count - 1);
    n->slots[at] = what;
    n->slots_used++;
}

static void slots_grow(struct figure_names *n)
{
    if (n->slots_used * 2 < n->slot_count)
        return;
    n->slot_count = n->slot_count == 0 ? 256 : n->slot_count * 2;
    free(n->slots);
    n->slots = calloc(n->slot_count, sizeof *n->slots);
    must(n->slots != NULL);
    n->slots_used = 0;
    for (size_t i = 0; i < n->group_count; i++)
        slot_put(n, hash_group(&n->groups[i]), (int32_t)i + 1);
    for (size_t i = 0; i < n->word_count; i++)
        slot_put(n, hash_word(n->words[i]), -(int32_t)i - 1);
}

static int32_t group_add(struct figure_names *n, const struct figure_group *g)
{
    struct figure_group *kept = arena_push(&n->arena, n->groups, n->group_count, n->group_room);

    *kept = (struct figure_group){ .number = (int32_t)n->group_count,
                                   .level = g->level,
                                   .client = arena_copy(&n->arena, g->client),
                                   .desk = arena_copy(&n->arena, g->desk),
                                   .strategy = arena_copy(&n->arena, g->strategy),
                                   .segment = arena_copy(&n->arena, g->segment),
                                   .currency = g->currency };
    slot_put(n, hash_group(kept), kept->number);
    return kept->number;
}

int32_t figure_group_number(struct figure_names *n, const struct figure_group *g)
{
    slots_grow(n);
    for (size_t at = hash_group(g) & (n->slot_count - 1); n->slots[at] != 0;
         at = (at + 1) & (n->slot_count - 1)) {
        if (n->slots[at] > 0 && same_group(&n->groups[n->slots[at] - 1], g))
            return n->slots[at];
    }
    return group_add(n, g);
}

int32_t figure_group_of(struct figure_names *names, const struct track *t,
                        enum currency currency)
{
    struct figure_group g = { 0,           LEVEL_SEGMENT, t->client, t->desk,
                              t->strategy, t->segment,    currency };

    return figure_group_number(names, &g);
}

struct figure_group figure_group_at(const struct figure_group *g, enum figure_level level)
{
    bool all = level == LEVEL_SEGMENT, client = all || level == LEVEL_CLIENT;
    bool desk = all || level == LEVEL_DESK, strategy = all || level == LEVEL_STRATEGY;

    return (struct figure_group){ .level = level,
                                  .client = client ? g->client : "",
                                  .desk = desk ? g->desk : "",
                                  .strategy = strategy ? g->strategy : "",
                                  .segment = strategy ? g->segment : "",
                                  .currency = g->currency };
}

int32_t figure_word_of(struct figure_names *n, const char *word)
{
    slots_grow(n);
    for (size_t at = hash_word(word) & (n->slot_count - 1); n->slots[at] != 0;
         at = (at + 1) & (n->slot_count - 1)) {
        if (n->slots[at] < 0 && strcmp(n->words[-n->slots[at] - 1], word) == 0)
            return -n->slots[at];
    }
    *arena_push(&n->arena, n->words, n->word_count, n->word_room) = arena_copy(&n->arena, word);
    slot_put(n, hash_word(word), -(int32_t)n->word_count);
    return (int32_t)n->word_count;
}

static void names_clear(struct figure_names *names)
{
    struct arena arena = names->arena;

    free(names->slots);
    arena_reset(&arena);
    *names = (struct figure_names){ .arena = arena };
}

void figure_names_free(struct figure_names *names)
{
    free(names->slots);
    arena_free(&names->arena);
    *names = (struct figure_names){ 0 };
}

static bool bad_number(struct fault *why)
{
    return fail(why, DB_ROW, "The names of figures are not numbered from 1 on.");
}

static bool groups_load(struct store *s, struct figure_names *n, struct fault *why)
{
    struct query q = query_begin(s, Q_FIGURE_GROUPS);
    bool fine = true;

    while (fine && query_next(&q)) {
        struct figure_group g = { 0,
                                  (enum figure_level)row_int(&q, 1),
                                  row_text(&q, 2),
                                  row_text(&q, 3),
                                  row_text(&q, 6),
                                  row_text(&q, 4),
                                  (enum currency)row_int(&q, 5) };
        int64_t number = row_int(&q, 0);
        slots_grow(n);
        fine = group_add(n, &g) == number;
    }
    n->known_groups = n->group_count;
    return query_end(&q, why) && (fine || bad_number(why));
}

static bool words_load(struct store *s, struct figure_names *n, struct fault *why)
{
    struct query q = query_begin(s, Q_FIGURE_WORDS);
    bool fine = true;

    while (fine && query_next(&q))
        fine = figure_word_of(n, row_text(&q, 1)) == row_int(&q, 0);
    n->known_words = n->word_count;
    return query_end(&q, why) && (fine || bad_number(why));
}

bool figure_names_load(struct store *s, struct figure_names *names, struct fault *why)
{
    names_clear(names);
    return groups_load(s, names, why) && words_load(s, names, why);
}

static bool group_write(struct store *s, const struct figure_group *g, struct fault *why)
{
    struct query q = query_begin(s, Q_FIGURE_GROUP_ADD);

    bind_int(&q, g->number);
    bind_int(&q, g->level);
    bind_text(&q, g->client);
    bind_text(&q, g->desk);
    bind_text(&q, g->segment);
    bind_int(&q, g->currency);
    bind_text(&q, g->strategy);
    return query_run(&q, why);
}

bool figure_names_save(struct store *s, struct figure_names *names, struct fault *why)
{
    for (size_t i = names->known_groups; i < names->group_count; i++) {
        if (!group_write(s, &names->groups[i], why))
            return false;
    }
    for (size_t i = names->known_words; i < names->word_count; i++) {
        struct query q = query_begin(s, Q_FIGURE_WORD_ADD);
        bind_int(&q, (int64_t)i + 1);
        bind_text(&q, names->words[i]);
        if (!query_run(&q, why))
            return false;
    }
    names->known_groups = names->group_count;
    names->known_words = names->word_count;
    return true;
}

/* ---- Sums ----------------------------------------------------------------------------------
 */

static uint64_t hash_key(const struct figure_key *k)
{
    uint64_t a = (uint64_t)(uint32_t)k->period << 32 | (uint32_t)k->group;
    uint64_t b = (uint64_t)(uint32_t)k->first << 32 | (uint32_t)k->second;

    return mix(mix(a + (uint64_t)(k->figure * 2 + k->grain)) ^ b);
}

static bool same_key(const struct figure_key *a, const struct figure_key *b)
{
    return a->figure == b->figure && a->grain == b->grain && a->period == b->period &&
           a->group == b->group && a->first == b->first && a->second == b->second;
}

static struct figure_sum *slot_of(const struct figure_sums *sums, const struct figure_key *key)
{
    size_t at = hash_key(key) & (sums->room - 1);

    while (sums->slots[at].key.figure >= 0 && !same_key(&sums->slots[at].key, key))
        at = (at + 1) & (sums->room - 1);
    return &sums->slots[at];
}

static void slots_make(struct figure_sums *sums, size_t room)
{
    sums->room = room;
    sums->slots = malloc(room * sizeof *sums->slots);
    must(sums->slots != NULL);
    for (size_t i = 0; i < room; i++)
        sums->slots[i].key.figure = -1;
}

static void sums_grow(struct figure_sums *sums)
{
    struct figure_sums old = *sums;

    if (sums->count * 3 < sums->room * 2)
        return;
    slots_make(sums, old.room == 0 ? 4096 : old.room * 2);
    for (size_t i = 0; i < old.room; i++) {
        if (old.slots[i].key.figure >= 0)
            *slot_of(sums, &old.slots[i].key) = old.slots[i];
    }
    free(old.slots);
}

static void add(int64_t *sum, int64_t more)
{
    bool fits = !__builtin_add_overflow(*sum, more, sum);

    must(fits);
}

void figure_sums_add(struct figure_sums *sums, const struct figure_key *key, int64_t counted,
                     int64_t minor)
{
    sums_grow(sums);
    struct figure_sum *slot = slot_of(sums, key);

    if (slot->key.figure < 0) {
        *slot = (struct figure_sum){ .key = *key };
        sums->count++;
    }
    add(&slot->counted, counted);
    add(&slot->minor, minor);
}

/* Where contributions go while one track is added. */
struct adding {
    struct figure_sums *sums;
    struct figure_names *names;
    const struct track *track;
    int sign;
    size_t known; /* groups of this track found so far */
    struct {
        enum currency currency;
        int32_t group;
    } groups[8];
};

static int32_t group_of(struct adding *a, enum currency currency)
{
    for (size_t i = 0; i < a->known; i++) {
        if (a->groups[i].currency == currency)
            return a->groups[i].group;
    }
    int32_t group = figure_group_of(a->names, a->track, currency);
    if (a->known < COUNT(a->groups)) {
        a->groups[a->known].currency = currency;
        a->groups[a->known++].group = group;
    }
    return group;
}

static void take(void *into, const struct contribution *c)
{
    struct adding *a = into;
    struct figure_key key = { c->figure, GRAIN_DAY, group_of(a, c->currency),
                              c->period, c->first,  c->second };
    bool daily = figure_is_daily(c->figure);

    if (c->word != NULL)
        key.first = figure_word_of(a->names, c->word);
    if (daily) {
        figure_sums_add(a->sums, &key, c->counted * a->sign, c->minor * a->sign);
        key.period = month_of_day((struct day){ c->period });
    }
    key.grain = GRAIN_MONTH;
    figure_sums_add(a->sums, &key, c->counted * a->sign, c->minor * a->sign);
}

void figure_sums_track(struct figure_sums *sums, struct figure_names *names,
                       const struct track *t, struct arena *arena, int sign)
{
    struct adding a = { .sums = sums, .names = names, .track = t, .sign = sign };
    struct contributing c = { t, arena, FIGURES_ALL, take, &a };

    arena_reset(arena);
    contribute(&c);
}

void figure_sums_free(struct figure_sums *sums)
{
    free(sums->slots);
    *sums = (struct figure_sums){ 0 };
}

void figure_sums_add_all(struct figure_sums *sums, const struct figure_sums *more)
{
    for (size_t i = 0; i < more->room; i++) {
        const struct figure_sum *sum = &more->slots[i];
        if (sum->key.figure >= 0)
            figure_sums_add(sums, &sum->key, sum->counted, sum->minor);
    }
}

/* The group of this level that each group belongs to, by number - 1; the caller frees it. */
static int32_t *groups_at(struct figure_names *names, enum figure_level level)
{
    size_t count = names->group_count;
    int32_t *at = malloc((count + 1) * sizeof *at);

    must(at != NULL);
    for (size_t i = 0; i < count; i++) {
        struct figure_group g = figure_group_at(&names->groups[i], level);
        at[i] = names->groups[i].level == LEVEL_SEGMENT ? figure_group_number(names, &g) : 0;
    }
    return at;
}

static void roll_up_to(const struct figure_sums *sums, struct figure_names *names,
                       enum figure_level level, struct figure_sums *into)
{
    int32_t *at = groups_at(names, level);

    for (size_t i = 0; i < sums->room; i++) {
        struct figure_sum sum = sums->slots[i];
        if (sum.key.figure < 0 || at[sum.key.group - 1] == 0)
            continue;
        sum.key.group = at[sum.key.group - 1];
        figure_sums_add(into, &sum.key, sum.counted, sum.minor);
    }
    free(at);
}

void figure_sums_roll_up(const struct figure_sums *sums, struct figure_names *names,
                         unsigned levels, struct figure_sums *into)
{
    for (int level = 0; level < LEVEL_COUNT; level++) {
        if ((levels & LEVEL_BIT(level)) != 0)
            roll_up_to(sums, names, (enum figure_level)level, into);
    }
}

void figure_sums_keep(struct figure_sums *sums, figure_sum_test *keeps, const void *with)
{
    size_t count = 0;
    struct figure_sum *kept = malloc((sums->count + 1) * sizeof *kept);

    must(kept != NULL);
    for (size_t i = 0; i < sums->room; i++) {
        struct figure_sum *slot = &sums->slots[i];
        if (slot->key.figure >= 0 && keeps(with, &slot->key))
            kept[count++] = *slot;
        slot->key.figure = -1;
    }
    for (size_t i = 0; i < count; i++)
        *slot_of(sums, &kept[i].key) = kept[i];
    sums->count = count;
    free(kept);
}

static int compare_int(int32_t a, int32_t b)
{
    return (a > b) - (a < b);
}

int figure_key_compare(const struct figure_key *a, const struct figure_key *b)
{
    int order = compare_int(a->figure, b->figure);

    if (order == 0)
        order = compare_int(a->grain, b->grain);
    if (order == 0)
        order = compare_int(a->group, b->group);
    if (order == 0)
        order = compare_int(a->period, b->period);
    if (order == 0)
        order = compare_int(a->first, b->first);
    return order != 0 ? order : compare_int(a->second, b->second);
}

static int compare_sums(const void *left, const void *right)
{
    const struct figure_sum *a = left, *b = right;

    return figure_key_compare(&a->key, &b->key);
}

size_t figure_sums_sort(struct figure_sums *sums)
{
    size_t kept = 0;

    for (size_t i = 0; i < sums->room; i++) {
        const struct figure_sum *s = &sums->slots[i];
        if (s->key.figure >= 0 && (s->counted != 0 || s->minor != 0))
            sums->slots[kept++] = *s;
    }
    if (kept > 0)
        qsort(sums->slots, kept, sizeof *sums->slots, compare_sums);
    sums->count = kept;
    return kept;
}

static struct query bind_sum(struct store *s, enum query_name name,
                             const struct figure_sum *sum)
{
    struct query q = query_begin(s, name);

    bind_int(&q, sum->key.figure);
    bind_int(&q, sum->key.grain);
    bind_int(&q, sum->key.group);
    bind_int(&q, sum->key.period);
    bind_int(&q, sum->key.first);
    bind_int(&q, sum->key.second);
    return q;
}

static bool sum_apply(struct store *s, const struct figure_sum *sum, struct fault *why)
{
    struct query q = bind_sum(s, Q_FIGURE_ADD, sum);
    bool nothing = false;

    bind_int(&q, sum->counted);
    bind_int(&q, sum->minor);
    if (query_next(&q))
        nothing = row_int(&q, 0) == 0 && row_int(&q, 1) == 0;
    if (!query_end(&q, why) || !nothing)
        return why->code == FAULT_NONE;
    q = bind_sum(s, Q_FIGURE_DROP, sum);
    return query_run(&q, why);
}

bool figure_sums_apply(struct store *s, struct figure_sums *sums, struct fault *why)
{
    size_t count = figure_sums_sort(sums), from = 0;
    bool done = figure_sums_write(s, sums, false, &from, count, why);

    figure_sums_free(sums);
    return done;
}

static bool sum_insert(struct store *s, const struct figure_sum *sum, struct fault *why)
{
    struct query q = bind_sum(s, Q_FIGURE_NEW, sum);

    bind_int(&q, sum->counted);
    bind_int(&q, sum->minor);
    return query_run(&q, why);
}

bool figure_sums_write(struct store *s, const struct figure_sums *sums, bool fresh, size_t *from,
                       size_t most, struct fault *why)
{
    size_t end = sums->count - *from < most ? sums->count : *from + most;

    *why = (struct fault){ 0 };
    for (; *from < end; (*from)++) {
        if (!(fresh ? sum_insert : sum_apply)(s, &sums->slots[*from], why))
            return false;
    }
    return true;
}

/* ---- Reading -------------------------------------------------------------------------------
 */

bool figure_rows(struct store *s, enum figure figure, enum figure_grain grain, int32_t group,
                 int32_t from, int32_t to,
                 void (*take_row)(void *into, const struct figure_sum *row), void *into,
                 struct fault *why)
{
    struct query q = query_begin(s, Q_FIGURE_ROWS);
    struct figure_sum row = { .key = { .figure = figure, .grain = grain, .group = group } };

    bind_int(&q, figure);
    bind_int(&q, grain);
    bind_int(&q, group);
    bind_int(&q, from);
    bind_int(&q, to);
    while (query_next(&q)) {
        row.key.period = (int32_t)row_int(&q, 0);
        row.key.first = (int32_t)row_int(&q, 1);
        row.key.second = (int32_t)row_int(&q, 2);
        row.counted = row_int(&q, 3);
        row.minor = row_int(&q, 4);
        take_row(into, &row);
    }
    return query_end(&q, why);
}
