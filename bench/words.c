/*
 * words BOOK: letters a second against an empty page by the PDF library; emails composed a
 * second, each for another case file of the book, which is loaded already.
 */
#include "base/files.h"
#include "flow/book.h"
#include "flow/compose.h"
#include "formats/letter_pdf.h"
#include "store/casefiles.h"

#include "timing.h"

#include <cairo-pdf.h>

enum { LETTERS = 40, EMAILS = 200 };

struct trial {
    struct arena a;
    struct letter_document document;
    struct store *store;
    struct composer *composer;
    struct instant now;
    struct day today;
    size_t file_count;
    struct casefile *files;
    size_t bytes;
};

static void stop_at(bool fine, const struct fault *why)
{
    if (fine)
        return;
    fprintf(stderr, "words: %s\n", why->text);
    exit(1);
}

static void run_letters(void *context)
{
    struct trial *t = context;
    struct fault why = { 0 };

    for (int i = 0; i < LETTERS; i++) {
        unsigned char *bytes;
        size_t length;
        arena_reset(&t->a);
        stop_at(letter_pdf_make(&t->a, &t->document, t->now, &bytes, &length, NULL, &why),
                &why);
        t->bytes += length;
    }
}

static cairo_status_t take(void *context, const unsigned char *bytes, unsigned length)
{
    struct trial *t = context;

    (void)bytes;
    t->bytes += length;
    return CAIRO_STATUS_SUCCESS;
}

static void run_pages(void *context)
{
    for (int i = 0; i < LETTERS; i++) {
        cairo_surface_t *page = cairo_pdf_surface_create_for_stream(take, context, 612, 792);
        cairo_t *pen = cairo_create(page);
        cairo_show_page(pen);
        cairo_destroy(pen);
        cairo_surface_destroy(page);
    }
}

static void run_emails(void *context)
{
    struct trial *t = context;
    struct fault why = { 0 };

    for (size_t i = 0; i < t->file_count; i++) {
        const struct casefile *c = &t->files[i];
        arena_reset(&t->a);
        const struct instalment **items =
            arena_array(&t->a, const struct instalment *, c->instalment_count);
        for (size_t k = 0; k < c->instalment_count; k++)
            items[k] = &c->instalments[k];
        struct compose_request request = { .casefile = c,
                                           .party = &c->parties[0],
                                           .channel = CHANNEL_EMAIL,
                                           .address = "p@example.com",
                                           .template = "past-due",
                                           .outbox = 1,
                                           .item_count = c->instalment_count,
                                           .items = items,
                                           .now = t->now,
                                           .today = t->today };
        struct composed made;
        stop_at(compose(t->composer, &t->a, &request, &made, &why), &why);
        t->bytes += made.length;
    }
}

static void load_letter(struct trial *t, struct arena *kept)
{
    struct fault why = { 0 };
    struct letter_text *text;
    struct file file;

    stop_at(files_load(kept, "letters/samples/business.json", &file, &why), &why);
    json_t *sample = json_loads((const char *)file.bytes, 0, NULL);
    stop_at(letter_text_load(kept, "past-due", "en", &text, &why), &why);
    stop_at(letter_text_render(kept, text, sample, CHANNEL_LETTER, &t->document, &why), &why);
}

/* Case files of firms of this book that owe something, from as many buckets as it takes. */
static void load_files(struct trial *t, struct arena *kept)
{
    struct fault why = { 0 };

    t->files = arena_array(kept, struct casefile, EMAILS);
    for (int64_t bucket = 0; bucket < BUCKETS && t->file_count < EMAILS; bucket++) {
        struct casefiles found;
        stop_at(
            casefiles_load_due(t->store, kept, bucket, INSTANT_NEVER, t->today, &found, &why),
            &why);
        for (size_t i = 0; i < found.count && t->file_count < EMAILS; i++) {
            const struct casefile *c = &found.all[i];
            bool owes = false;
            for (size_t d = 0; d < c->instalment_count; d++)
                owes = owes || c->instalments[d].open_minor > 0;
            if (c->business && owes)
                t->files[t->file_count++] = *c;
        }
    }
}

int main(int argc, char **argv)
{
    void (*const runs[])(void *) = { run_letters, run_pages, run_emails };
    struct arena kept = { 0 };
    struct trial t = { 0 };
    struct fault why = { 0 };
    double medians[COUNT(runs)];
    struct book book;

    if (argc != 3 || !instant_parse(argv[2], &t.now)) {
        fputs("usage: words BOOK NOW\n", stderr);
        return 2;
    }
    stop_at(book_open(&book, argv[1], t.now, &why), &why);
    t.store = book.store;
    t.today = wall_at(t.now, book.zone).day;
    t.composer = composer_open(t.store, &why);
    stop_at(t.composer != NULL, &why);
    load_letter(&t, &kept);
    load_files(&t, &kept);
    stop_at(t.file_count > 0, &why);
    measure(COUNT(runs), runs, &t, medians);
    printf("{\"letters_a_second\":%.0f,\"letter_us\":%.0f,\"empty_page_us\":%.0f,"
           "\"emails_a_second\":%.0f,\"email_us\":%.0f}\n",
           LETTERS / medians[0], medians[0] / LETTERS * 1e6, medians[1] / LETTERS * 1e6,
           (double)t.file_count / medians[2], medians[2] / (double)t.file_count * 1e6);
    composer_close(t.composer);
    book_close(&book);
    arena_free(&t.a);
    arena_free(&kept);
    return 0;
}
