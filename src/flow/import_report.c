#include "base/json.h"
#include "base/text.h"
#include "flow/import.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 20, NOTES_SHOWN = 5, BAR = 20, CELL = 24 };

/* ---- For people -------------------------------------------------------------------------- */

static char *grouped(int64_t number, char out[32])
{
    char plain[24];
    size_t length = (size_t)snprintf(plain, sizeof plain, "%lld", (long long)number), n = 0;

    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && plain[i - 1] != '-')
            out[n++] = ',';
        out[n++] = plain[i];
    }
    out[n] = '\0';
    return out;
}

static void print_count(FILE *out, const char *words, int64_t count, const char *explained)
{
    char number[32];

    if (count == 0)
        return;
    fprintf(out, "  %-18s %12s%s%s\n", words, grouped(count, number),
            explained[0] == '\0' ? "" : "  ", explained);
}

static void print_totals(FILE *out, const struct import_report *r)
{
    char amount[MONEY_TEXT], number[32];

    for (size_t i = 0; i < r->total_count; i++)
        fprintf(out, "  %-18s %12s  %s\n", currency_code(r->totals[i].currency),
                grouped(r->totals[i].count, number),
                money_show(money_of(r->totals[i].minor, r->totals[i].currency), amount));
}

/* A cell of a table: never more than CELL characters, never half a character. */
static void print_cell(FILE *out, const char *text)
{
    size_t shown = 0, n = 0;

    text = text == NULL || *text == '\0' ? "-" : text;
    while (text[n] != '\0' && shown < CELL) {
        n++;
        while (((unsigned char)text[n] & 0xc0) == 0x80)
            n++;
        shown++;
    }
    fprintf(out, "%.*s%*s", (int)n, text, (int)(CELL - shown) + 2, "");
}

static void print_problems(FILE *out, const struct import_problem *problems, size_t count,
                           size_t most, int64_t all)
{
    char number[32];
    size_t shown = count < most ? count : most;

    if (count == 0)
        return;
    fprintf(out, "\n%-10s", "LINE");
    print_cell(out, "COLUMN");
    print_cell(out, "VALUE");
    fputs("PROBLEM\n", out);
    for (size_t i = 0; i < shown; i++) {
        const struct import_problem *p = &problems[i];
        fprintf(out, "%-10s", grouped(p->line, number));
        print_cell(out, p->column);
        print_cell(out, p->value);
        fprintf(out, "%s; %s\n", p->text, p->mend);
    }
    if (all > (int64_t)shown)
        fprintf(out, "...       %s more\n", grouped(all - (int64_t)shown, number));
}

static void print_kinds(FILE *out, const int64_t counts[PROBLEM_COUNT])
{
    for (int kind = 0; kind < PROBLEM_COUNT; kind++)
        print_count(out, problem_name((enum problem_kind)kind), counts[kind],
                    problem_words((enum problem_kind)kind));
}

static int64_t sum_of(const int64_t counts[PROBLEM_COUNT])
{
    int64_t sum = 0;

    for (int kind = 0; kind < PROBLEM_COUNT; kind++)
        sum += counts[kind];
    return sum;
}

static void print_end(FILE *out, const struct import_report *r)
{
    if (r->remark != NULL)
        fprintf(out, "\n%s\n", r->remark);
    if (r->refused)
        return; /* what is to be done is told with the fault */
    if (r->checked)
        fprintf(out, "\nNothing was changed. To import it:\n  recoup import %s %s --map %s\n",
                map_kind_name(r->kind), r->path, r->map);
    if (r->rejects != NULL)
        fprintf(out,
                "\nRows not taken: %s. Mend them there, then:\n"
                "  recoup import %s %s --map %s\n",
                r->rejects, map_kind_name(r->kind), r->rejects, r->map);
}

static void print_left_out(FILE *out, const struct import_report *r)
{
    char number[32];

    for (size_t i = 0; i < r->left_out_count; i++)
        fprintf(out, "  %-18s %12s  by the map, for their \"%s\"\n", "left out",
                grouped(r->left_out_by[i].count, number), r->left_out_by[i].column);
}

static void print_people(FILE *out, const struct import_report *r)
{
    char number[32], rate[32];

    fprintf(out, "%s: %s rows in %.1f s", r->path, grouped(r->rows, number), r->seconds);
    if (r->seconds > 0 && r->rows > 1000)
        fprintf(out, ", %s/s", grouped((int64_t)((double)r->rows / r->seconds), rate));
    fputs("\n\n", out);
    bool would = r->checked || r->refused;
    print_count(out, would ? "would be added" : "added", r->added, "");
    print_count(out, would ? "would be updated" : "updated", r->updated, "");
    print_count(out, "unchanged", r->unchanged, "on file already, the same");
    print_count(out, "merged", r->merged, "further lines of the same invoice");
    print_left_out(out, r);
    print_count(out, "blank", r->blank, "");
    print_count(out, "rejected", r->rejected, "see below");
    if (r->debtors_added + r->debtors_updated + r->payments + r->settled_missing > 0)
        fputc('\n', out);
    print_count(out, "debtors added", r->debtors_added, "");
    print_count(out, "debtors updated", r->debtors_updated, "");
    print_count(out, "payments added", r->payments, "");
    print_count(out, "of these, absent", r->settled_missing, "no longer in the file: paid");
    if (r->total_count > 0)
        fputc('\n', out);
    print_totals(out, r);
    print_problems(out, r->problems, r->problem_count, SHOWN, r->rejected);
    if (r->rejected > 0)
        fputs("\nRejected, by kind\n", out);
    print_kinds(out, r->rejected_by);
    if (r->note_count > 0)
        fputs("\nTaken, but worth a look\n", out);
    print_kinds(out, r->noted_by);
    print_problems(out, r->notes, r->note_count, NOTES_SHOWN, sum_of(r->noted_by));
    print_end(out, r);
}

/* ---- For programs ------------------------------------------------------------------------ */

static void json_problems(struct json_writer *w, const char *key,
                          const struct import_problem *problems, size_t count)
{
    json_key(w, key);
    json_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(w, '{');
        json_int_at(w, "line", problems[i].line);
        json_text_at(w, "kind", problem_name(problems[i].kind));
        json_text_at(w, "column", problems[i].column);
        json_text_at(w, "value", problems[i].value);
        json_text_at(w, "problem", problems[i].text);
        json_text_at(w, "mend", problems[i].mend);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void json_kinds(struct json_writer *w, const char *key, const int64_t counts[])
{
    json_key(w, key);
    json_open(w, '{');
    for (int kind = 0; kind < PROBLEM_COUNT; kind++) {
        if (counts[kind] > 0)
            json_int_at(w, problem_name((enum problem_kind)kind), counts[kind]);
    }
    json_close(w, '}');
}

static void json_totals(struct json_writer *w, const struct import_report *r)
{
    char amount[MONEY_TEXT];

    json_key(w, "totals");
    json_open(w, '[');
    for (size_t i = 0; i < r->total_count; i++) {
        json_open(w, '{');
        json_text_at(w, "currency", currency_code(r->totals[i].currency));
        json_int_at(w, "count", r->totals[i].count);
        json_text_at(w, "amount",
                     money_print(money_of(r->totals[i].minor, r->totals[i].currency), amount));
        json_int_at(w, "minor", r->totals[i].minor);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void print_json(FILE *out, const struct import_report *r)
{
    struct text text = { 0 };
    struct json_writer w = { &text, false };
    const struct {
        const char *key;
        int64_t value;
    } counts[] = {
        { "rows", r->rows },
        { "added", r->added },
        { "updated", r->updated },
        { "unchanged", r->unchanged },
        { "rejected", r->rejected },
        { "merged", r->merged },
        { "left_out", r->left_out },
        { "blank", r->blank },
        { "debtors_added", r->debtors_added },
        { "debtors_updated", r->debtors_updated },
        { "payments_added", r->payments },
        { "settled_missing", r->settled_missing },
    };

    json_open(&w, '{');
    json_text_at(&w, "file", r->path);
    json_text_at(&w, "map", r->map);
    json_text_at(&w, "kind", map_kind_name(r->kind));
    json_key(&w, "checked");
    json_bool(&w, r->checked);
    for (size_t i = 0; i < COUNT(counts); i++)
        json_int_at(&w, counts[i].key, counts[i].value);
    json_key(&w, "left_out_by");
    json_open(&w, '{');
    for (size_t i = 0; i < r->left_out_count; i++)
        json_int_at(&w, r->left_out_by[i].column, r->left_out_by[i].count);
    json_close(&w, '}');
    json_totals(&w, r);
    json_kinds(&w, "rejected_by_kind", r->rejected_by);
    json_kinds(&w, "noted_by_kind", r->noted_by);
    json_problems(&w, "problems", r->problems, r->problem_count);
    json_problems(&w, "notes", r->notes, r->note_count);
    json_text_at(&w, "remark", r->remark);
    json_text_at(&w, "rejects", r->rejects);
    json_key(&w, "seconds");
    json_number(&w, r->seconds);
    json_close(&w, '}');
    fprintf(out, "%s\n", text_of(&text));
    text_free(&text);
}

void import_report_print(FILE *out, const struct import_report *report, bool json)
{
    if (json)
        print_json(out, report);
    else
        print_people(out, report);
}

/* ---- Progress ---------------------------------------------------------------------------- */

static int percent_of(const struct import_progress *p)
{
    if (p->done || p->bytes_all <= 0)
        return 100;
    return (int)(p->bytes * 100 / p->bytes_all);
}

static void print_bar(FILE *out, const struct import_progress *p, int percent, double rate)
{
    char rows[32], per_second[32];

    fputs("\rReading   ", out);
    for (int i = 0; i < BAR; i++)
        fputs(i < percent * BAR / 100 ? "█" : "░", out);
    fprintf(out, "  %3d%%   %s rows   %s/s", percent, grouped(p->rows, rows),
            grouped((int64_t)rate, per_second));
    if (percent > 0 && !p->done)
        fprintf(out, "   %.0f s left ", p->seconds * (100 - percent) / percent);
    fputs(p->done ? "\033[K\n" : "\033[K", out);
    fflush(out);
}

void import_progress_print(FILE *out, const struct import_progress *p, bool terminal, int *last)
{
    int percent = percent_of(p);
    double rate = p->seconds > 0 ? (double)p->rows / p->seconds : 0;
    char rows[32], per_second[32];

    if (terminal && (p->seconds > 0.5 || *last > 0)) {
        *last = percent + 1;
        print_bar(out, p, percent, rate);
    }
    if (terminal || p->seconds < 2 || percent / 10 == *last / 10)
        return;
    *last = percent;
    fprintf(out, "%d%%  %s rows  %s/s\n", percent, grouped(p->rows, rows),
            grouped((int64_t)rate, per_second));
}
