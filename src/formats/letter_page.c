#include "formats/letter_page.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>

/*
 * Static font files only: a variable font would reach the PDF as outlines that cannot be
 * searched. The first family that has a letter wins; what none has, fontconfig finds.
 */
static const char families[] = "Noto Sans,Noto Sans Arabic,Noto Sans Hebrew,DejaVu Sans,"
                               "Liberation Sans,sans-serif";

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps its tables to the end of the program; they do not grow with letters. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libpango\n";
}
#endif

struct words {
    PangoLayout *layout;
    struct words_style style;
    bool break_later;
    struct words *next;
};

/* Words (some lines of them), or a filled box when `words` is NULL. */
struct placed {
    double x, y, width, height, grey;
    const struct words *words;
    size_t first_line, line_count;
};

struct page {
    struct placed *placed;
    size_t count, room;
};

struct pages {
    struct arena *a;
    double width, height;
    bool right_to_left;
    PangoContext *with_letter, *left_to_right;
    struct words *words; /* all of them, to be freed */
    struct page *pages;
    size_t count, room;
};

static PangoContext *context_new(PangoDirection direction)
{
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    cairo_font_options_t *options = cairo_font_options_create();

    /* Paper has no pixels: nothing is to be moved onto a grid. */
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_base_dir(context, direction);
    return context;
}

struct pages *pages_new(struct arena *a, double width, double height, bool right_to_left)
{
    struct pages *pages = arena_make(a, struct pages);

    *pages = (struct pages){ .a = a,
                             .width = width,
                             .height = height,
                             .right_to_left = right_to_left,
                             .left_to_right = context_new(PANGO_DIRECTION_LTR) };
    pages->with_letter = context_new(right_to_left ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    return pages;
}

void pages_free(struct pages *pages)
{
    for (struct words *words = pages->words; words != NULL; words = words->next)
        g_object_unref(words->layout);
    g_object_unref(pages->with_letter);
    g_object_unref(pages->left_to_right);
}

static void set_font(PangoLayout *layout, const struct words_style *style)
{
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family_static(font, families);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    if (style->strong)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
}

/* An email or web address stays on one line, unless it would not fit on any. */
static void keep_addresses_whole(PangoAttrList *attributes, const char *text)
{
    enum { LONGEST = 48 };

    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, " \n");
        if (length <= LONGEST &&
            (memchr(at, '@', length) != NULL || memmem(at, length, "://", 3) != NULL)) {
            PangoAttribute *whole = pango_attr_allow_breaks_new(FALSE);
            whole->start_index = (guint)(at - text);
            whole->end_index = (guint)((size_t)(at - text) + length);
            pango_attr_list_insert(attributes, whole);
        }
        at += length + (at[length] != '\0');
    }
}

static void set_text(PangoLayout *layout, const struct letter_cell *cell)
{
    PangoAttrList *attributes = pango_attr_list_new();
    struct text whole = { 0 };

    for (size_t i = 0; i < cell->run_count; i++) {
        size_t start = whole.length;
        text_add(&whole, cell->runs[i].text);
        if (!cell->runs[i].strong)
            continue;
        PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);
        bold->start_index = (guint)start;
        bold->end_index = (guint)whole.length;
        pango_attr_list_insert(attributes, bold);
    }
    keep_addresses_whole(attributes, text_of(&whole));
    pango_layout_set_text(layout, text_of(&whole), (int)whole.length);
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    text_free(&whole);
}

/* pango turns left and right around by itself, but only where it guesses the direction. */
static void set_side(PangoLayout *layout, enum words_side side, bool right_to_left)
{
    bool backwards;

    switch (side) {
    case WORDS_START:
        pango_layout_set_auto_dir(layout, FALSE);
        pango_layout_set_alignment(layout,
                                   right_to_left ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
        break;
    case WORDS_FIGURES:
        pango_layout_set_auto_dir(layout, FALSE);
        pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
        break;
    case WORDS_WINDOW:
        backwards = pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL;
        pango_layout_set_alignment(layout, backwards ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
        break;
    }
}

struct words *words_new(struct pages *pages, const struct letter_cell *cell,
                        const struct words_style *style, double width)
{
    struct words *words = arena_make(pages->a, struct words);
    bool plain = style->side != WORDS_START;

    words->style = *style;
    words->layout = pango_layout_new(plain ? pages->left_to_right : pages->with_letter);
    words->next = pages->words;
    pages->words = words;
    set_font(words->layout, style);
    set_text(words->layout, cell);
    set_side(words->layout, style->side, pages->right_to_left);
    pango_layout_set_wrap(words->layout, PANGO_WRAP_WORD_CHAR);
    words_break(words, width);
    return words;
}

struct words *words_of_text(struct pages *pages, const char *text,
                            const struct words_style *style, double width)
{
    struct letter_run run = { text, false };
    struct letter_cell cell = { 1, &run };

    return words_new(pages, &cell, style, width);
}

void words_break(struct words *words, double width)
{
    pango_layout_set_width(words->layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
}

size_t words_line_count(const struct words *words)
{
    return (size_t)pango_layout_get_line_count(words->layout);
}

double words_height(const struct words *words)
{
    return (double)words_line_count(words) * words->style.leading;
}

double words_width(const struct words *words)
{
    PangoRectangle logical;

    pango_layout_get_extents(words->layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

double words_narrowest(struct words *words)
{
    pango_layout_set_wrap(words->layout, PANGO_WRAP_WORD);
    pango_layout_set_width(words->layout, 0);
    double width = words_width(words);
    pango_layout_set_wrap(words->layout, PANGO_WRAP_WORD_CHAR);
    return width;
}

static struct placed *place(struct pages *pages, size_t page)
{
    while (pages->count <= page) {
        struct page *fresh = arena_push(pages->a, pages->pages, pages->count, pages->room);
        *fresh = (struct page){ 0 };
    }
    struct page *at = &pages->pages[page];
    return arena_push(pages->a, at->placed, at->count, at->room);
}

void pages_put(struct pages *pages, size_t page, double x, double y, const struct words *words,
               size_t first_line, size_t line_count)
{
    *place(pages, page) = (struct placed){
        .x = x, .y = y, .words = words, .first_line = first_line, .line_count = line_count
    };
}

void pages_fill(struct pages *pages, size_t page, double x, double y, double width,
                double height, double grey)
{
    *place(pages, page) =
        (struct placed){ .x = x, .y = y, .width = width, .height = height, .grey = grey };
}

size_t pages_count(const struct pages *pages)
{
    return pages->count;
}

static void draw_lines(cairo_t *cairo, const struct placed *placed)
{
    const struct words_style *style = &placed->words->style;
    PangoLayoutIter *at = pango_layout_get_iter(placed->words->layout);
    double baseline = placed->y + (style->leading - style->size) / 2 + style->size * 0.82;
    size_t line = 0, end = placed->first_line + placed->line_count;

    cairo_set_source_rgb(cairo, 0, 0, 0);
    do {
        if (line < placed->first_line)
            continue;
        PangoRectangle logical;
        pango_layout_iter_get_line_extents(at, NULL, &logical);
        cairo_move_to(cairo, placed->x + (double)logical.x / PANGO_SCALE, baseline);
        pango_cairo_show_layout_line(cairo, pango_layout_iter_get_line_readonly(at));
        baseline += style->leading;
    } while (++line < end && pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
}

static void draw_page(cairo_t *cairo, const struct page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct placed *placed = &page->placed[i];
        if (placed->words != NULL) {
            draw_lines(cairo, placed);
            continue;
        }
        cairo_set_source_rgb(cairo, placed->grey, placed->grey, placed->grey);
        cairo_rectangle(cairo, placed->x, placed->y, placed->width, placed->height);
        cairo_fill(cairo);
    }
    cairo_show_page(cairo);
}

static cairo_status_t take_bytes(void *out, const unsigned char *bytes, unsigned length)
{
    text_add_n(out, (const char *)bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

bool pages_write(struct pages *pages, const char *title, const char *author,
                 struct instant made, struct text *out, struct fault *why)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(take_bytes, out, pages->width, pages->height);
    struct instant second = { made.us - made.us % 1000000 };
    char date[INSTANT_TEXT];

    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, author);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   instant_print(second, date));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
    cairo_t *cairo = cairo_create(surface);
    for (size_t i = 0; i < pages->count; i++)
        draw_page(cairo, &pages->pages[i]);
    cairo_status_t drawn = cairo_status(cairo);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_status_t finished = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (drawn != CAIRO_STATUS_SUCCESS || finished != CAIRO_STATUS_SUCCESS)
        return fail(why, SYSTEM, "The PDF could not be made: %s.",
                    cairo_status_to_string(drawn != CAIRO_STATUS_SUCCESS ? drawn : finished));
    return true;
}
