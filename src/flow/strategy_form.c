#include "flow/strategy_form.h"

#include "base/text.h"

#include <string.h>

bool strategy_form_read(struct arena *a, const char *text, struct strategy_outline *out,
                        struct fault *why)
{
    return strategy_outline(a, "text", text, out, why);
}

/* ---- The fields -------------------------------------------------------------------------- */

struct listing {
    struct arena *a;
    struct form_fields out;
    size_t room;
};

static void field_add(struct listing *l, const char *name, const char *value,
                      struct strategy_edit edit)
{
    *arena_push(l->a, l->out.all, l->out.count, l->room) =
        (struct form_field){ name, value, edit };
}

static void part_add(struct listing *l, enum strategy_part part, size_t at, const char *key,
                     const char *value)
{
    bool of_ladder = part == OF_LADDER;
    struct strategy_edit edit = {
        .part = part, .key = key, .ladder = of_ladder ? at : 0, .item = of_ladder ? 0 : at
    };

    field_add(l,
              part == OF_STRATEGY
                  ? key
                  : arena_print(l->a, "%s.%zu.%s", of_ladder ? "ladder" : "segment", at, key),
              value, edit);
}

const char *strategy_form_day(struct arena *a, const struct outline_step *step)
{
    return arena_print(a, "%s %s", step->before ? "before_due" : "after_due", step->days);
}

static void step_add(struct listing *l, size_t ladder, size_t at, const struct outline_step *s)
{
    const struct {
        const char *key, *value;
    } keys[] = { { "id", s->id },
                 { "day", strategy_form_day(l->a, s) },
                 { "when", s->when },
                 { "channels", s->channels },
                 { "template", s->template } };

    for (size_t i = 0; i < COUNT(keys); i++)
        field_add(l, arena_print(l->a, "step.%zu.%zu.%s", ladder, at, keys[i].key),
                  keys[i].value,
                  (struct strategy_edit){
                      .part = OF_STEP, .ladder = ladder, .item = at, .key = keys[i].key });
}

struct form_fields strategy_form_fields(struct arena *a, const struct strategy_outline *outline,
                                        size_t ladder)
{
    struct listing l = { .a = a };

    part_add(&l, OF_STRATEGY, 0, "title", outline->title);
    part_add(&l, OF_STRATEGY, 0, "order", outline->order);
    part_add(&l, OF_STRATEGY, 0, "for", outline->applies);
    for (size_t i = 0; i < outline->segment_count; i++) {
        part_add(&l, OF_SEGMENT, i, "when", outline->segments[i].when);
        part_add(&l, OF_SEGMENT, i, "ladder", outline->segments[i].ladder);
    }
    if (ladder >= outline->ladder_count)
        return l.out;
    const struct outline_ladder *shown = &outline->ladders[ladder];
    part_add(&l, OF_LADDER, ladder, "entry", shown->entry);
    part_add(&l, OF_LADDER, ladder, "stale_after", shown->stale_after);
    part_add(&l, OF_LADDER, ladder, "gap", shown->gap);
    part_add(&l, OF_LADDER, ladder, "end.after", shown->end_after);
    part_add(&l, OF_LADDER, ladder, "end.then", shown->end_then);
    for (size_t i = 0; i < shown->count; i++)
        step_add(&l, ladder, i, &shown->steps[i]);
    return l.out;
}

/* ---- What came back ---------------------------------------------------------------------- */

static bool is_changed(struct arena *a, const struct form_field *field,
                       const struct form_answers *answers, const char **value)
{
    *value = answers->value(answers->context, field->name);
    if (*value == NULL)
        return false;
    *value = outline_line(a, *value);
    return strcmp(*value, outline_line(a, field->value)) != 0;
}

bool strategy_form_differs(struct arena *a, const char *text, size_t ladder,
                           const struct form_answers *answers)
{
    struct strategy_outline outline;
    struct fault none = { 0 };
    const char *value;

    if (!strategy_form_read(a, text, &outline, &none))
        return false;
    struct form_fields fields = strategy_form_fields(a, &outline, ladder);
    for (size_t i = 0; i < fields.count; i++) {
        if (is_changed(a, &fields.all[i], answers, &value))
            return true;
    }
    return false;
}

struct writing {
    struct arena *a;
    const char *text;
    size_t ladder;
    bool days; /* one changed */
    struct fault *why;
};

/* Trees of the text are gone again after each edit. */
static bool edit(struct writing *w, const struct strategy_edit *edit)
{
    struct arena work = { 0 };
    const char *out;
    bool done = strategy_edit(&work, w->text, edit, &out, w->why);

    if (done)
        w->text = arena_copy(w->a, out);
    arena_free(&work);
    return done;
}

/* "before_due 3": a key and what it says; day 0 is on the due date, which is not before it. */
static bool day_set(struct writing *w, struct strategy_edit set, const char *day)
{
    const char *blank = strchrnul(day, ' ');

    set.key = arena_copy_n(w->a, day, (size_t)(blank - day));
    set.value = blank + (*blank == ' ');
    if (strcmp(set.key, "before_due") != 0 || strcmp(set.value, "0") == 0)
        set.key = "after_due";
    w->days = true;
    return edit(w, &set);
}

static bool fields_write(struct writing *w, const struct form_answers *answers)
{
    struct strategy_outline outline;
    const char *value;

    if (answers == NULL)
        return true;
    if (!strategy_form_read(w->a, w->text, &outline, w->why))
        return false;
    struct form_fields fields = strategy_form_fields(w->a, &outline, w->ladder);
    for (size_t i = 0; i < fields.count; i++) {
        struct strategy_edit set = fields.all[i].edit;
        if (!is_changed(w->a, &fields.all[i], answers, &value))
            continue;
        set.value = value;
        if (!(strcmp(set.key, "day") == 0 ? day_set(w, set, value) : edit(w, &set)))
            return false;
    }
    return true;
}

/* ---- Steps as a whole -------------------------------------------------------------------- */

static bool day_of(const struct outline_step *s, int64_t *out)
{
    if (!text_to_int(s->days, out) || *out < 0 || *out > INT32_MAX)
        return false;
    *out = s->before ? -*out : *out;
    return true;
}

static bool ladder_read(struct writing *w, struct outline_ladder *out)
{
    struct strategy_outline outline;

    if (!strategy_form_read(w->a, w->text, &outline, w->why))
        return false;
    if (w->ladder >= outline.ladder_count)
        return fail(w->why, BAD_VALUE, "There is no such ladder in the text any more.");
    *out = outline.ladders[w->ladder];
    return true;
}

/* Into the order of their days, as far as these can be read. */
static bool steps_sort(struct writing *w)
{
    struct outline_ladder ladder;
    int64_t day, before;
    struct strategy_edit move = { .verb = EDIT_MOVE, .ladder = w->ladder };

    if (!ladder_read(w, &ladder))
        return false;
    for (size_t i = 1; i < ladder.count; i++) {
        if (!day_of(&ladder.steps[i], &day))
            return true;
        move.item = i;
        move.to = i;
        while (move.to > 0 && day_of(&ladder.steps[move.to - 1], &before) && before > day)
            move.to--;
        if (move.to < i && (!edit(w, &move) || !ladder_read(w, &ladder)))
            return false;
    }
    return true;
}

static const char *name_free(struct writing *w, const struct outline_ladder *ladder)
{
    for (size_t number = ladder->count + 1;; number++) {
        const char *name = arena_print(w->a, "step_%zu", number);
        bool taken = false;
        for (size_t i = 0; i < ladder->count; i++)
            taken = taken || strcmp(ladder->steps[i].id, name) == 0;
        if (!taken)
            return name;
    }
}

/* Half way to the next step, a week after the last; it says what the one before it says. */
static bool step_new(struct writing *w, const struct outline_ladder *ladder, size_t after)
{
    const struct outline_step *s = &ladder->steps[after];
    struct strategy_edit add = { .verb = EDIT_ADD, .ladder = w->ladder, .item = after };
    int64_t day = 0, next;

    if (day_of(s, &day)) {
        bool between = after + 1 < ladder->count && day_of(&ladder->steps[after + 1], &next);
        day += between ? (next - day > 1 ? (next - day) / 2 : 1) : 7;
    }
    add.step =
        (struct outline_step){ name_free(w, ladder),
                               "",
                               s->template,
                               s->channels,
                               arena_print(w->a, "%lld", (long long)(day < 0 ? -day : day)),
                               day < 0 };
    return edit(w, &add);
}

static bool step_exchange(struct writing *w, const struct outline_ladder *ladder, size_t first)
{
    struct strategy_edit set = { .part = OF_STEP, .ladder = w->ladder, .item = first };
    struct strategy_edit move = {
        .verb = EDIT_MOVE, .ladder = w->ladder, .item = first, .to = first + 1
    };

    if (first + 1 >= ladder->count)
        return fail(w->why, BAD_VALUE, "There is no step to change places with.");
    if (!day_set(w, set, strategy_form_day(w->a, &ladder->steps[first + 1])))
        return false;
    set.item = first + 1;
    return day_set(w, set, strategy_form_day(w->a, &ladder->steps[first])) && edit(w, &move);
}

static bool wish_do(struct writing *w, struct form_order order)
{
    struct strategy_edit gone = { .verb = EDIT_REMOVE,
                                  .ladder = w->ladder,
                                  .item = order.step };
    struct outline_ladder ladder;

    if (order.wish == WISH_NONE)
        return true;
    if (!ladder_read(w, &ladder))
        return false;
    if (order.step >= ladder.count || (order.wish == WISH_EARLIER && order.step == 0))
        return fail(w->why, BAD_VALUE, "There is no such step in the text any more.");
    if (order.wish == WISH_ADD)
        return step_new(w, &ladder, order.step);
    if (order.wish == WISH_REMOVE)
        return edit(w, &gone);
    return step_exchange(w, &ladder, order.step - (order.wish == WISH_EARLIER));
}

bool strategy_form_write(struct arena *a, const char *text, size_t ladder,
                         const struct form_answers *answers, struct form_order order,
                         const char **out, struct fault *why)
{
    struct writing w = { .a = a, .text = text, .ladder = ladder, .why = why };
    bool done = fields_write(&w, answers) && wish_do(&w, order) && (!w.days || steps_sort(&w));

    *out = done ? w.text : text;
    return done;
}
