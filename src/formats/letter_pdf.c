#include "formats/letter_pdf.h"

#include "formats/letter_setter.h"

#include <stdio.h>
#include <string.h>

#define MM(millimetres) ((millimetres)*72.0 / 25.4)
#define INCH(inches)    ((inches)*72.0)

/* DIN 5008 form B: the field is 20 mm from the left, text stands 5 mm inside it. */
static const struct sheet a4 = {
    .width = MM(210),
    .height = MM(297),
    .left = MM(25),
    .right = MM(20),
    .top = MM(27),
    .bottom = MM(21),
    .return_x = MM(25),
    .return_y = MM(56),
    .return_width = MM(80),
    .return_is_line = true,
    .to_x = MM(25),
    .to_y = MM(62.7),
    .to_width = MM(80),
    .to_height = MM(27.3),
    .side_x = MM(125),
    .side_y = MM(50),
    .body_y = MM(99),
    .folds = { MM(105), MM(148.5), MM(210) },
};

/* #10 double window, folded in three: windows seen at 0.3 to 1.1 and 2.1 to 3.1 inches. */
static const struct sheet us_letter = {
    .width = INCH(8.5),
    .height = INCH(11),
    .left = INCH(0.875),
    .right = INCH(0.875),
    .top = INCH(1),
    .bottom = INCH(0.8),
    .return_x = INCH(0.875),
    .return_y = INCH(0.45),
    .return_width = INCH(2.9),
    .to_x = INCH(0.875),
    .to_y = INCH(2.13),
    .to_width = INCH(3.4),
    .to_height = INCH(0.94),
    .side_x = INCH(5.1),
    .side_y = INCH(0.45),
    .body_y = INCH(3.82),
    .folds = { INCH(11 / 3.0), INCH(22 / 3.0) },
};

/* A form has no subject, and goes closer to the edges. */
static struct sheet form_of(struct sheet sheet)
{
    bool is_a4 = sheet.return_is_line;

    sheet.left = sheet.right = is_a4 ? MM(20) : INCH(0.875);
    sheet.bottom = is_a4 ? MM(17) : INCH(0.65);
    sheet.body_y = is_a4 ? MM(96) : INCH(3.4);
    return sheet;
}

static const struct words_style subject_style = { 12, 17, true, WORDS_START };
static const struct words_style small_style = { 8.5, 12, false, WORDS_START };
static const struct words_style tiny_style = { 7, 9, false, WORDS_WINDOW };

/* Space between paragraphs; the smaller is tried when it saves a nearly empty last page. */
static const double usual_gap = 8, tight_gap = 6;

enum letter_paper letter_paper_of(const char *country)
{
    static const char *const letter_countries[] = { "US", "CA", "MX", "PH", "CL", "CO",
                                                    "CR", "GT", "PA", "DO", "PR", "VE" };

    for (size_t i = 0; country != NULL && i < COUNT(letter_countries); i++) {
        if (strcmp(country, letter_countries[i]) == 0)
            return PAPER_US_LETTER;
    }
    return PAPER_A4;
}

/* ---- the first page's head ------------------------------------------------------------- */

static double put_line(struct setter *s, const char *text, const struct words_style *style,
                       double x, double y, double width)
{
    struct words *words = words_of_text(s->pages, text, style, width);

    pages_put(s->pages, s->first_page, x, y, words, 0, words_line_count(words));
    return y + words_height(words);
}

static void put_sender(struct setter *s)
{
    const struct letter_lines *sender = &s->document->sender;
    const struct sheet *sheet = s->sheet;
    struct words_style name = { 14, 18, true, WORDS_START };
    struct words_style plain = { 9, 11.5, false, WORDS_WINDOW }, strong = plain;

    if (sheet->return_is_line) {
        struct text line = { 0 };
        for (size_t i = 0; i < sender->count; i++)
            text_add_print(&line, "%s%s", i == 0 ? "" : " · ", sender->lines[i]);
        put_line(s, sender->lines[0], &name, setter_start_x(s, 0, MM(110)), MM(20), MM(110));
        double below = put_line(s, text_of(&line), &tiny_style, sheet->return_x,
                                sheet->return_y, sheet->return_width);
        pages_fill(s->pages, s->first_page, sheet->return_x, below + 0.5, sheet->return_width, 0.3, 0.4);
        text_free(&line);
        return;
    }
    double y = sheet->return_y;
    strong.strong = true;
    for (size_t i = 0; i < sender->count; i++)
        y = put_line(s, sender->lines[i], i == 0 ? &strong : &plain, sheet->return_x, y,
                     sheet->return_width);
}

/* A long address is set smaller until it fits its window; it is never cut. */
static bool put_recipient(struct setter *s)
{
    static const double sizes[] = { 10.5, 10, 9, 8 };
    const struct letter_lines *to = &s->document->recipient;
    const struct sheet *sheet = s->sheet;

    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct words_style style = { sizes[i], sizes[i] * 1.25, false, WORDS_WINDOW };
        struct words **lines = arena_array(s->a, struct words *, to->count);
        double height = 0, y = sheet->to_y;
        for (size_t j = 0; j < to->count; j++) {
            lines[j] = words_of_text(s->pages, to->lines[j], &style, sheet->to_width);
            height += words_height(lines[j]);
        }
        if (height > sheet->to_height)
            continue;
        for (size_t j = 0; j < to->count; j++) {
            pages_put(s->pages, s->first_page, sheet->to_x, y, lines[j], 0, words_line_count(lines[j]));
            y += words_height(lines[j]);
        }
        return true;
    }
    return fail(s->why, BAD_VALUE, "The address of %s does not fit the envelope's window.",
                to->lines[0]);
}

static double put_labelled(struct setter *s, const char *label, const char *value, double y)
{
    struct words_style plain = small_style;
    struct letter_run runs[] = { { arena_print(s->a, "%s: ", label), false }, { value, true } };
    struct letter_cell cell = { 2, runs };
    double width = s->sheet->width - s->sheet->right - s->sheet->side_x;

    struct words *words = words_new(s->pages, &cell, &plain, width);
    pages_put(s->pages, s->first_page, s->sheet->side_x, y, words, 0, words_line_count(words));
    return y + words_height(words);
}

/* Date and reference, then how to reach the sender. */
static void put_side(struct setter *s)
{
    const struct letter_document *d = s->document;
    double width = s->sheet->width - s->sheet->right - s->sheet->side_x;
    struct words_style style = small_style;
    double y = put_labelled(s, d->words.date, d->today, s->sheet->side_y);

    y = put_labelled(s, d->words.reference, d->reference, y) + 8;
    for (size_t i = s->sheet->return_is_line ? 0 : d->sender.count; i < d->sender.count; i++)
        y = put_line(s, d->sender.lines[i], &style, s->sheet->side_x, y, width);
    y += s->sheet->return_is_line ? 4 : 0;
    for (size_t i = 0; i < d->contact.count; i++)
        y = put_line(s, d->contact.lines[i], &style, s->sheet->side_x, y, width);
}

static void put_folds(struct setter *s)
{
    for (size_t i = 0; i < COUNT(s->sheet->folds); i++) {
        if (s->sheet->folds[i] > 0)
            pages_fill(s->pages, s->first_page, MM(4), s->sheet->folds[i], MM(3.5), 0.3, 0.5);
    }
}

static bool put_head(struct setter *s)
{
    put_sender(s);
    put_side(s);
    put_folds(s);
    s->page = s->first_page;
    s->y = s->sheet->body_y;
    return put_recipient(s);
}

static void put_subject(struct setter *s)
{
    struct words *subject =
        words_of_text(s->pages, s->document->subject, &subject_style, setter_width(s));

    pages_put(s->pages, s->page, s->sheet->left, s->y, subject, 0, words_line_count(subject));
    s->y += words_height(subject) + s->gap + 3;
}

/* ---- the whole --------------------------------------------------------------------------- */

/* "Page 2 of 3", by the template of the letter's language. */
static bool put_page_number(struct setter *s, const struct template *words, size_t page,
                            const struct words_style *style)
{
    json_t *numbers = json_object();
    struct text made = { 0 };

    size_t first = s->first_page;
    json_object_set_new(numbers, "page", json_integer((json_int_t)(page - first + 1)));
    json_object_set_new(numbers, "pages",
                        json_integer((json_int_t)(pages_count(s->pages) - first)));
    bool fine = template_render(words, numbers, &made, s->why);
    json_decref(numbers);
    struct words *line = words_of_text(s->pages, text_of(&made), style, setter_width(s));
    text_free(&made);
    pages_put(s->pages, page, s->sheet->left, s->sheet->height - s->sheet->bottom + MM(6), line,
              0, 1);
    return fine;
}

/* Every page says which it is; from the second on also whose letter it belongs to. */
static bool put_feet(struct setter *s)
{
    const struct letter_document *d = s->document;
    struct template_options options = { .escape = TEMPLATE_PLAIN, .strict = true };
    struct template *words = template_compile(s->a, "words.yaml", d->words.page,
                                              strlen(d->words.page), &options, s->why);
    struct words_style number = small_style, running = small_style;

    if (words == NULL)
        return false;
    number.side = d->right_to_left ? WORDS_WINDOW : WORDS_FIGURES;
    for (size_t i = s->first_page; i < pages_count(s->pages); i++) {
        if (!put_page_number(s, words, i, &number))
            return false;
        if (i == s->first_page)
            continue;
        const char *line = arena_print(s->a, "%s · %s: %s · %s", d->sender.lines[0],
                                       d->words.reference, d->reference, d->today);
        struct words *head = words_of_text(s->pages, line, &running, setter_width(s));
        pages_put(s->pages, i, s->sheet->left, s->sheet->top - 30, head, 0, 1);
    }
    return true;
}

static bool put_letter(struct setter *s)
{
    const struct letter_document *d = s->document;

    if (d->sender.count == 0 || d->recipient.count == 0)
        return fail(s->why, BAD_VALUE, "A letter needs a sender and a recipient.");
    if (!put_head(s))
        return false;
    if (setter_is_form(d))
        return setter_put_form(s) && put_feet(s);
    put_subject(s);
    return setter_put_blocks(s) && put_feet(s);
}

static bool last_page_is_short(const struct setter *s)
{
    return s->page > 0 && s->y < s->sheet->top + 150;
}

static struct pages *pages_for(const struct setter *s)
{
    return pages_new(s->a, s->sheet->width, s->sheet->height, s->document->right_to_left);
}

static bool put_with_gap(struct setter *s, double gap)
{
    s->gap = gap;
    s->pages = pages_for(s);
    return put_letter(s);
}

/* Set twice at most: a sheet of paper less, for every debtor, is worth the second time. */
static bool put_best(struct setter *s)
{
    if (!put_with_gap(s, usual_gap))
        return false;
    if (!last_page_is_short(s))
        return true;
    struct setter first = *s;
    if (put_with_gap(s, tight_gap) && s->page < first.page) {
        pages_free(first.pages);
        return true;
    }
    pages_free(s->pages);
    *s = first;
    return true;
}

/* Each on a sheet of its own, also when both sides are printed. */
static bool put_forms(struct setter *s, size_t count, const struct letter_document *documents)
{
    s->pages = pages_for(s);
    for (size_t i = 0; i < count; i++) {
        s->document = &documents[i];
        s->first_page = pages_count(s->pages);
        if (s->first_page % 2 == 1) {
            pages_fill(s->pages, s->first_page, 0, 0, 0, 0, 1);
            s->first_page++;
        }
        if (!put_letter(s))
            return false;
    }
    return true;
}

bool letter_pdf_make_all(struct arena *a, size_t count, const struct letter_document *documents,
                         struct instant made, unsigned char **bytes, size_t *length,
                         size_t *page_count, struct fault *why)
{
    bool is_a4 = letter_paper_of(documents[0].country) == PAPER_A4;
    bool is_form = setter_is_form(&documents[0]);
    struct sheet sheet = is_a4 ? a4 : us_letter;
    struct setter s = {
        .a = a, .document = &documents[0], .sheet = &sheet, .scale = 1, .why = why
    };
    struct text out = { 0 };

    if (is_form)
        sheet = form_of(sheet);
    must(is_form || count == 1);
    bool fine = (is_form ? put_forms(&s, count, documents) : put_best(&s)) &&
                pages_write(s.pages, documents[0].subject, documents[0].sender.lines[0], made,
                            &out, why);
    if (fine) {
        *bytes = (unsigned char *)arena_copy_n(a, text_of(&out), out.length);
        *length = out.length;
        if (page_count != NULL)
            *page_count = pages_count(s.pages);
    }
    pages_free(s.pages);
    text_free(&out);
    return fine;
}

bool letter_pdf_make(struct arena *a, const struct letter_document *document,
                     struct instant made, unsigned char **bytes, size_t *length,
                     size_t *page_count, struct fault *why)
{
    return letter_pdf_make_all(a, 1, document, made, bytes, length, page_count, why);
}
