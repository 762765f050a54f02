/* Rows that were not taken, as they stood, with reasons: to be mended and imported again. */
#include "base/text.h"
#include "flow/import_run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const own_columns[] = { "recoup_line", "recoup_column", "recoup_problem" };

static bool refused(const struct rejects *r, struct fault *why)
{
    fail(why, SYSTEM, "The rejected rows cannot be written to \"%s\": %s; nothing was kept.",
         r->path, strerror(errno));
    return fault_hint(why, "name another file with --rejects");
}

static bool is_input(const struct import_run *run)
{
    struct stat input, output;

    return stat(run->request->path, &input) == 0 && stat(run->rejects.path, &output) == 0 &&
           input.st_dev == output.st_dev && input.st_ino == output.st_ino;
}

/* The same map must read the file again: the header stands where the map looks for it. */
static void write_header(struct import_run *run)
{
    const struct csv_row *header = csv_header(run->csv);
    const char **fields = arena_array(&run->keep, const char *, header->count + 3);
    struct rejects *r = &run->rejects;
    enum encoding encoding = run->map->dialect.encoding;
    size_t n = header->count;

    if (encoding != ENCODING_ANY && encoding != ENCODING_UTF8)
        fputs("\xef\xbb\xbf", r->out);
    for (int64_t line = 1; line < run->map->dialect.header_row; line++)
        fputs("recoup: rows that were not taken\n", r->out);
    memcpy(fields, header->fields, n * sizeof *fields);
    while (n > 0 && strcmp(fields[n - 1], own_columns[2]) == 0)
        n -= n >= 3 ? 3 : n; /* the file is such a file itself */
    memcpy(fields + n, own_columns, sizeof own_columns);
    csv_write_row(r->out, r->delimiter, n + 3, fields);
}

static bool rejects_open(struct import_run *run, struct fault *why)
{
    struct rejects *r = &run->rejects;

    r->path = run->request->rejects != NULL
                  ? arena_copy(&run->keep, run->request->rejects)
                  : arena_print(&run->keep, "%s.rejects.csv", run->request->path);
    if (is_input(run))
        return fail(why, BAD_USAGE, "--rejects names the input file itself.");
    r->part = arena_print(&run->keep, "%s.part", r->path);
    r->delimiter = csv_delimiter(run->csv);
    int descriptor = open(r->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    r->out = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (r->out == NULL)
        return refused(r, why);
    write_header(run);
    return true;
}

bool rejects_row(struct import_run *run, const struct raw_row *row,
                 const struct problem *problem, struct fault *why)
{
    struct rejects *r = &run->rejects;
    size_t width = run->map->header_count, count = row->count < width ? row->count : width;
    struct arena *a = &run->rows[run->turn];
    const char *const *header = csv_header(run->csv)->fields;

    if (r->out == NULL && !rejects_open(run, why))
        return false;
    if (width >= 3 && strcmp(header[width - 1], own_columns[2]) == 0)
        width -= 3;
    /* A row with too many fields keeps them: its own columns come after all of them. */
    if (row->count > run->map->header_count)
        count = width = row->count;
    const char **fields = arena_array(a, const char *, width + 3);
    for (size_t i = 0; i < width; i++)
        fields[i] = i < count ? row->fields[i] : "";
    fields[width] = arena_print(a, "%lld", (long long)row->line);
    fields[width + 1] = problem->column == NULL ? "" : problem->column;
    fields[width + 2] = arena_print(a, "%s; %s", problem->text, problem->mend);
    csv_write_row(r->out, r->delimiter, width + 3, fields);
    return !ferror(r->out) || refused(r, why);
}

bool rejects_keep(struct rejects *r, struct fault *why)
{
    if (r->out == NULL)
        return true;
    bool fine = fflush(r->out) == 0 && fsync(fileno(r->out)) == 0;
    fine = fclose(r->out) == 0 && fine;
    r->out = NULL;
    if (fine && rename(r->part, r->path) == 0) {
        r->part = NULL;
        return true;
    }
    return refused(r, why);
}

void rejects_drop(struct rejects *r)
{
    if (r->out != NULL)
        fclose(r->out);
    if (r->part != NULL)
        unlink(r->part);
}
