#include "formats/evidence_sheet.h"

#include "formats/letter_page.h"

static const double margin = 46, foot_height = 30, gap = 8, row_gap = 5, grey_line = 0.72;

static const struct words_style title_style = { 17, 22, true, WORDS_START },
                                under_style = { 9, 13, false, WORDS_START },
                                head_style = { 7.5, 11, true, WORDS_START },
                                body_style = { 8, 11, false, WORDS_START },
                                strong_style = { 8, 11, true, WORDS_START },
                                hash_style = { 6.5, 9, false, WORDS_START },
                                foot_style = { 7.5, 11, false, WORDS_START },
                                foot_end_style = { 7.5, 11, false, WORDS_FIGURES };

struct setting {
    struct pages *pages;
    double width, height, y;
    size_t page;
};

static double inner(const struct setting *s)
{
    return s->width - 2 * margin;
}

static void next_page(struct setting *s)
{
    s->page++;
    s->y = margin;
}

/* Goes to the next page when there is no room for this much. */
static void want(struct setting *s, double height)
{
    if (s->y + height > s->height - margin - foot_height)
        next_page(s);
}

static double put_at(struct setting *s, double x, double y, double width,
                     const struct words_style *style, const char *text)
{
    struct words *words = words_of_text(s->pages, text, style, width);

    pages_put(s->pages, s->page, margin + x, y, words, 0, words_line_count(words));
    return words_height(words);
}

static double height_of(struct setting *s, double width, const struct words_style *style,
                        const char *text)
{
    return words_height(words_of_text(s->pages, text, style, width));
}

static void rule_across(struct setting *s)
{
    pages_fill(s->pages, s->page, margin, s->y, inner(s), 0.6, grey_line);
}

static void put_title(struct setting *s, const struct evidence_sheet *sheet)
{
    s->y += put_at(s, 0, s->y, inner(s), &title_style, sheet->title) + 2;
    s->y += put_at(s, 0, s->y, inner(s), &under_style, sheet->under) + gap;
    rule_across(s);
    s->y += gap;
    for (size_t i = 0; i < sheet->pair_count; i++) {
        const struct sheet_pair *pair = &sheet->pairs[i];
        double right = inner(s) - 120;
        double height = height_of(s, right, &body_style, pair->value);
        want(s, height);
        put_at(s, 0, s->y, 112, &head_style, pair->label);
        put_at(s, 120, s->y, right, &body_style, pair->value);
        s->y += height + 2;
    }
    for (size_t i = 0; i < sheet->note_count; i++) {
        s->y += gap / 2;
        want(s, height_of(s, inner(s), &body_style, sheet->notes[i]));
        s->y += put_at(s, 0, s->y, inner(s), &body_style, sheet->notes[i]);
    }
    s->y += gap;
}

/* ---- The records ------------------------------------------------------------------------ */

/* Places and widths of: number, when, about, wanted, decision, because. */
static const double places[] = { 0, 0.135, 0.335, 0.455, 0.665, 0.765 };
static const double widths[] = { 0.13, 0.195, 0.115, 0.205, 0.095, 0.235 };
enum { COLUMNS = 6 };

static void put_heads(struct setting *s)
{
    static const char *const heads[COLUMNS] = { "Record",    "When",     "Account",
                                                "Wanted to", "Decision", "Because" };

    rule_across(s);
    s->y += 3;
    for (int i = 0; i < COLUMNS; i++)
        put_at(s, places[i] * inner(s), s->y, widths[i] * inner(s), &head_style, heads[i]);
    s->y += head_style.leading + 2;
    rule_across(s);
    s->y += row_gap;
}

static void put_record(struct setting *s, const struct sheet_record *r)
{
    const char *const cells[COLUMNS] = { r->number, r->when,     r->about,
                                         r->wanted, r->decision, r->because };
    double height = 0;

    for (int i = 0; i < COLUMNS; i++) {
        double cell = height_of(s, widths[i] * inner(s), &body_style, cells[i]);
        height = cell > height ? cell : height;
    }
    size_t before = s->page;
    want(s, height + hash_style.leading + row_gap);
    if (s->page != before)
        put_heads(s);
    for (int i = 0; i < COLUMNS; i++)
        put_at(s, places[i] * inner(s), s->y, widths[i] * inner(s),
               i == 0 ? &strong_style : &body_style, cells[i]);
    s->y += height;
    put_at(s, places[1] * inner(s), s->y, -1, &hash_style, r->hash);
    s->y += hash_style.leading + 1;
    pages_fill(s->pages, s->page, margin, s->y, inner(s), 0.3, 0.85);
    s->y += row_gap;
}

static void put_rules(struct setting *s, const struct evidence_sheet *sheet)
{
    if (sheet->rule_count == 0)
        return;
    s->y += gap;
    want(s, 3 * body_style.leading);
    s->y +=
        put_at(s, 0, s->y, inner(s), &strong_style, "Rule packs by which these were judged") +
        3;
    for (size_t i = 0; i < sheet->rule_count; i++) {
        want(s, body_style.leading);
        put_at(s, 0, s->y, 180, &body_style, sheet->rules[i].label);
        put_at(s, 185, s->y + 1.5, -1, &hash_style, sheet->rules[i].value);
        s->y += body_style.leading;
    }
}

static void put_feet(struct setting *s, struct arena *a, const struct evidence_sheet *sheet)
{
    size_t count = pages_count(s->pages);

    for (size_t i = 0; i < count; i++) {
        double y = s->height - margin - 10;
        s->page = i;
        pages_fill(s->pages, i, margin, y - 6, inner(s), 0.6, grey_line);
        put_at(s, 0, y, inner(s) - 90, &foot_style, sheet->foot);
        put_at(s, inner(s) - 90, y, 90, &foot_end_style,
               arena_print(a, "page %zu of %zu", i + 1, count));
    }
}

bool evidence_sheet_make(struct arena *a, const struct evidence_sheet *sheet,
                         enum letter_paper paper, struct instant made, struct text *pdf,
                         size_t *page_count, struct fault *why)
{
    bool letter = paper == PAPER_US_LETTER;
    struct setting s = { .width = letter ? 612 : 595.28,
                         .height = letter ? 792 : 841.89,
                         .y = margin };

    s.pages = pages_new(a, s.width, s.height, false);
    put_title(&s, sheet);
    put_heads(&s);
    for (size_t i = 0; i < sheet->record_count; i++)
        put_record(&s, &sheet->records[i]);
    put_rules(&s, sheet);
    put_feet(&s, a, sheet);
    *page_count = pages_count(s.pages);
    bool done = pages_write(s.pages, sheet->title, sheet->under, made, pdf, why);
    pages_free(s.pages);
    return done;
}
