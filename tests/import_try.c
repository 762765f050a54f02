/* For trying imports by hand: import_try BOOK KIND FILE MAP [check] [json] [now=TIME] */
#include "base/text.h"
#include "flow/import.h"
#include "store/store.h"

#include <string.h>
#include <unistd.h>

static int progress_last;

static void show(void *self, const struct import_progress *progress)
{
    (void)self;
    import_progress_print(stderr, progress, isatty(STDERR_FILENO), &progress_last);
}

static int complain(const struct fault *why)
{
    fprintf(stderr, "Error: %s\n", why->text);
    if (why->hint[0] != '\0')
        fprintf(stderr, "  Try: %s\n", why->hint);
    return 1;
}

int main(int count, char **words)
{
    struct fault why = { 0 };
    struct book book;
    static struct import_report report;
    struct instant now = { 0 };
    bool json = false;
    struct import_request request = { .book = &book, .max_rejects = -1, .progress = show };

    if (count < 5)
        return 2;
    instant_parse("2014-06-01T12:00:00Z", &now);
    request.kind = words[2];
    request.path = words[3];
    request.map = words[4];
    request.rejects = "/tmp/rejects.csv";
    for (int i = 5; i < count; i++) {
        json = json || strcmp(words[i], "json") == 0;
        request.check = request.check || strcmp(words[i], "check") == 0;
        if (text_starts(words[i], "now="))
            instant_parse(words[i] + 4, &now);
    }
    if (access(words[1], F_OK) != 0 && !text_starts(words[1], "postgres") &&
        !store_create(words[1], &why))
        return complain(&why);
    if (!book_open(&book, words[1], now, &why))
        return complain(&why);
    bool done = import_file(&request, &report, &why);
    import_report_print(stdout, &report, json);
    int code = done ? import_exit_code(&report) : complain(&why);
    import_report_free(&report);
    book_close(&book);
    return code;
}
