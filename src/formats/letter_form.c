/* Letter form: a page with two columns and a part to tear off, and its back. */
#include "formats/letter_setter.h"

/* A form is set small, and smaller when it must: the front is one page. */
static const double scales[] = { 0.9, 0.87, 0.84, 0.8, 0.76 };
static const double form_gap = 6.5, gutter = 22, reply_left_share = 0.36;

bool setter_is_form(const struct letter_document *document)
{
    for (size_t i = 0; i < document->block_count; i++) {
        if (document->blocks[i].region != LETTER_WHOLE)
            return true;
    }
    return false;
}

/* ---- regions ---------------------------------------------------------------------------- */

static const struct letter_block *next_in(const struct letter_document *d, size_t from,
                                          enum letter_region region)
{
    for (size_t i = from; i < d->block_count; i++) {
        if (d->blocks[i].region == region)
            return &d->blocks[i];
    }
    return NULL;
}

static bool put_region(struct setter *s, enum letter_region region, double from, double width)
{
    const struct letter_document *d = s->document;
    bool fine = true;

    s->from = from;
    s->width = width;
    for (size_t i = 0; fine && i < d->block_count; i++) {
        if (d->blocks[i].region == region)
            fine = setter_put_block(s, &d->blocks[i], next_in(d, i + 1, region));
    }
    s->from = s->width = 0;
    return fine;
}

/* Two regions side by side; goes on below the longer one. */
static bool put_pair(struct setter *s, enum letter_region left, enum letter_region right,
                     double left_share)
{
    double whole = setter_width(s) - gutter, left_width = whole * left_share, top = s->y;

    if (!put_region(s, left, 0, left_width))
        return false;
    double below = s->y;
    s->y = top;
    if (!put_region(s, right, left_width + gutter, whole - left_width))
        return false;
    s->y = s->y > below ? s->y : below;
    return true;
}

/* What stands across the page: above the columns, or, once they are set, below them. */
static bool put_across(struct setter *s, bool below)
{
    const struct letter_document *d = s->document;
    bool columns_seen = false;

    for (size_t i = 0; i < d->block_count; i++) {
        columns_seen = columns_seen || d->blocks[i].region != LETTER_WHOLE;
        if (d->blocks[i].region == LETTER_WHOLE && columns_seen == below &&
            !setter_put_block(s, &d->blocks[i], NULL))
            return false;
    }
    return true;
}

static void put_dashes(struct setter *s, double y)
{
    static const double dash = 5, space = 4;
    double end = s->sheet->width - s->sheet->left / 2;

    for (double x = s->sheet->left / 2; x + dash <= end; x += dash + space)
        pages_fill(s->pages, s->page, x, y, dash, 0.6, 0.35);
}

/* ---- the front --------------------------------------------------------------------------- */

static bool put_reply(struct setter *s, double top)
{
    s->y = top + 10;
    return put_pair(s, LETTER_REPLY_LEFT, LETTER_REPLY_RIGHT, reply_left_share);
}

static bool put_front(struct setter *s)
{
    s->page = s->first_page;
    s->y = s->sheet->body_y;
    return put_across(s, false) && put_pair(s, LETTER_LEFT, LETTER_RIGHT, 0.5) &&
           put_across(s, true);
}

/* Sets the front on pages that are thrown away, to see where the tear-off line would be. */
static bool try_front(struct setter *s, double *tear, bool *fits)
{
    struct setter trial = *s;

    trial.pages =
        pages_new(s->a, s->sheet->width, s->sheet->height, s->document->right_to_left);
    bool fine = put_front(&trial);
    double below = trial.y;
    bool on_one_page = trial.page == trial.first_page;
    trial.page = trial.first_page;
    fine = fine && put_reply(&trial, trial.sheet->top);
    *tear = s->sheet->height - s->sheet->bottom - (trial.y - trial.sheet->top);
    *fits = on_one_page && trial.page == trial.first_page && below <= *tear;
    pages_free(trial.pages);
    return fine;
}

static bool put_back(struct setter *s)
{
    if (next_in(s->document, 0, LETTER_REVERSE) == NULL)
        return true;
    s->page = s->first_page + 1;
    s->y = s->sheet->top;
    s->scale = 1;
    return put_region(s, LETTER_REVERSE, 0, 0);
}

bool setter_put_form(struct setter *s)
{
    double tear = 0;
    bool fits = false;

    for (size_t i = 0; i < COUNT(scales) && !fits; i++) {
        s->scale = scales[i];
        s->gap = form_gap * scales[i];
        if (!try_front(s, &tear, &fits))
            return false;
    }
    if (!fits)
        return fail(s->why, BAD_VALUE, "The front of \"%s\" does not fit on one page.",
                    s->document->name);
    if (!put_front(s))
        return false;
    put_dashes(s, tear);
    return put_reply(s, tear) && put_back(s);
}
