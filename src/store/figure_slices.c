#include "store/figure_slices.h"

#include <stdlib.h>

void figure_slices_begin(struct figure_slices *s, struct figure_names *names, size_t most)
{
    *s = (struct figure_slices){ .names = names, .most = most };
}

void figure_slices_free(struct figure_slices *s)
{
    figure_sums_free(&s->sums);
    figure_sums_free(&s->clients);
    figure_sums_free(&s->whole);
}

/* The parts that are met first have most case files: later ones are smaller, so a slice may
 * begin with twice as many. */
bool figure_slice_next(struct figure_slices *s)
{
    int32_t parts = s->end - s->first;

    if (s->begun && s->end > s->last)
        return false;
    s->first = s->begun ? s->end : 1;
    s->end = s->begun && parts < INT32_MAX / 4 ? s->first + 2 * parts : INT32_MAX;
    s->begun = true;
    figure_sums_free(&s->sums);
    return true;
}

bool figure_slice_has(struct figure_slices *s, const struct track *t)
{
    int32_t part = figure_group_of(s->names, t, CURRENCY_NONE);

    if (part > s->last)
        s->last = part;
    return part >= s->first && part < s->end;
}

/* ---- Shedding -----------------------------------------------------------------------------
 */

struct parts {
    int32_t *of_group; /* the part that each group belongs to, by number - 1 */
    int32_t end;
};

static int32_t *parts_of_groups(struct figure_names *names)
{
    size_t count = names->group_count;
    int32_t *parts = malloc((count + 1) * sizeof *parts);

    must(parts != NULL);
    for (size_t i = 0; i < count; i++) {
        struct figure_group people = names->groups[i];
        people.currency = CURRENCY_NONE;
        parts[i] = people.level == LEVEL_SEGMENT ? figure_group_number(names, &people) : 0;
    }
    return parts;
}

static bool stays(const void *with, const struct figure_key *key)
{
    const struct parts *parts = with;

    return parts->of_group[key->group - 1] < parts->end;
}

/* The first part with which there are too many sums; the first of the slice is not looked at.
 */
static int32_t too_many_from(const struct figure_slices *s, const int32_t *of_group)
{
    size_t enough = s->most / 4 * 3, sums = 0, *of_part;
    int32_t part = s->first;

    of_part = calloc((size_t)s->last + 1, sizeof *of_part);
    must(of_part != NULL);
    for (size_t i = 0; i < s->sums.room; i++) {
        if (s->sums.slots[i].key.figure >= 0)
            of_part[of_group[s->sums.slots[i].key.group - 1]]++;
    }
    for (; part <= s->last; part++) {
        sums += of_part[part];
        if (sums > enough && part > s->first)
            break;
    }
    free(of_part);
    return part;
}

static void shed(struct figure_slices *s)
{
    struct parts parts = { parts_of_groups(s->names), 0 };

    s->end = parts.end = too_many_from(s, parts.of_group);
    figure_sums_keep(&s->sums, stays, &parts);
    free(parts.of_group);
}

/* ---- Adding -------------------------------------------------------------------------------
 */

void figure_slice_add(struct figure_slices *s, const struct track *t, struct arena *arena)
{
    figure_sums_track(&s->sums, s->names, t, arena, 1);
    size_t held = s->sums.count + s->clients.count + s->whole.count;

    if (held > s->held_most)
        s->held_most = held;
    if (s->sums.count > s->most && s->end - s->first > 1)
        shed(s);
}

void figure_slice_end(struct figure_slices *s)
{
    figure_sums_roll_up(&s->sums, s->names, LEVELS_ROLLED & ~LEVEL_BIT(LEVEL_CLIENT), &s->whole);
    figure_sums_roll_up(&s->sums, s->names, LEVEL_BIT(LEVEL_CLIENT), &s->clients);
    size_t held = s->sums.count + s->clients.count + s->whole.count;
    if (held > s->held_most)
        s->held_most = held;
}

bool figure_slice_flush(const struct figure_slices *s)
{
    return s->clients.count > s->most || s->end > s->last;
}
