/* One row for each client: what they placed, what came of it, what their records caused. */
#include "flow/insight_parts.h"
#include "flow/insight_sheet_parts.h"

#include "base/sort.h"

bool insight_clients(const struct insight_frame *f, struct client_row **out, size_t *count,
                     struct fault *why)
{
    const uint32_t figures =
        FIGURE_BIT(FIGURE_OPEN) | FIGURE_BIT(FIGURE_CASH) | FIGURE_BIT(FIGURE_BILLED) |
        FIGURE_BIT(FIGURE_PLACED) | FIGURE_BIT(FIGURE_SETTLED) | FIGURE_BIT(FIGURE_CHARGED) |
        FIGURE_BIT(FIGURE_DISPUTE) | FIGURE_BIT(FIGURE_FILES) | FIGURE_BIT(FIGURE_COMPLAINT);

    *out = arena_array(f->arena, struct client_row, f->client_count + 1);
    *count = 0;
    for (size_t i = 0; i < f->client_count; i++) {
        struct client_row *row = &(*out)[*count];
        struct insight_part part =
            insight_part_of(f, (struct insight_where){ .client = f->client_names[i] });
        if (part.people.count == 0)
            continue;
        row->name = f->client_names[i];
        if (!insight_tally(f, &part, figures, &row->tally, why))
            return false;
        for (size_t k = 0; k < row->tally.dispute_count; k++)
            row->disputes += row->tally.disputes[k].opened;
        (*count)++;
    }
    return true;
}

/* ---- Their files ---- */

enum { FILES_LOOK_BACK = 400 };

struct filling_files {
    const struct insight_frame *f;
    struct client_file *all;
    size_t count, room;
};

static void take_placed(void *into, const struct figure_sum *row)
{
    struct filling_files *files = into;
    size_t k = 0;

    while (k < files->count && files->all[k].day.number != row->key.period)
        k++;
    if (k == files->count)
        *arena_push(files->f->arena, files->all, files->count, files->room) =
            (struct client_file){ .day = { row->key.period } };
    files->all[k].debts += row->counted;
    files->all[k].minor += row->minor;
}

static int compare_files(const void *left, const void *right)
{
    const struct client_file *a = left, *b = right;

    return (a->day.number < b->day.number) - (a->day.number > b->day.number);
}

bool insight_client_files(const struct insight_frame *f, const char *client,
                          struct client_file **out, size_t *count, struct fault *why)
{
    struct filling_files files = { .f = f };
    struct figure_set money =
        insight_set(f, (struct insight_where){ .client = client }, f->currency);

    if (!insight_each_day(f, &money, FIGURE_PLACED, day_plus(f->to, -FILES_LOOK_BACK), f->to,
                          take_placed, &files, why))
        return false;
    sort_array(files.all, files.count, sizeof *files.all, compare_files);
    for (size_t k = 0; k + 1 < files.count; k++)
        files.all[k].days_between = files.all[k].day.number - files.all[k + 1].day.number;
    *out = files.all;
    *count = files.count < CLIENT_FILES ? files.count : CLIENT_FILES;
    return true;
}

/* ---- As a table ---- */

static const struct table_column columns[] = {
    { "client", "CLIENT", CELL_TEXT },
    { "accounts", "ACCOUNTS", CELL_COUNT },
    { "placed_debts", "PLACED", CELL_COUNT },
    { "placed", "AMOUNT", CELL_MONEY },
    { "open", "OPEN", CELL_MONEY },
    { "past_due", "PAST DUE", CELL_MONEY },
    { "collected", "COLLECTED", CELL_MONEY },
    { "recovery_rate", "RECOVERY %", CELL_DECIMAL },
    { "paid_debts", "PAID", CELL_COUNT },
    { "disputes", "DISPUTES", CELL_COUNT },
    { "complaints", "COMPLAINTS", CELL_COUNT },
    { "charged", "CHARGED", CELL_MONEY },
};

static int64_t charged(const struct tally *t)
{
    int64_t minor = 0;

    for (int i = 0; i < COMPONENT_KINDS; i++)
        minor += t->charged_minor[i];
    return minor;
}

bool insight_clients_sheet(const struct insight_frame *f, struct sheet *out, struct fault *why)
{
    struct client_row *rows;
    char from[DAY_TEXT], to[DAY_TEXT];
    size_t count;

    if (!insight_clients(f, &rows, &count, why))
        return false;
    out->heading = arena_print(&out->arena, "Clients, %s to %s, %s", day_print(f->from, from),
                               day_print(f->to, to), currency_code(f->currency));
    sheet_field(out, "as_of", to);
    sheet_field(out, "from", from);
    sheet_field(out, "to", to);
    sheet_field(out, "currency", currency_code(f->currency));
    struct table *t =
        sheet_table(out, "clients", "There are no clients.", COUNT(columns), columns);
    for (size_t i = 0; i < count; i++) {
        const struct tally *x = &rows[i].tally;
        table_text(t, rows[i].name);
        table_count(t, x->files[FILE_OPEN]);
        table_count(t, x->placed_debts);
        cell_money(t, f, x->placed_minor);
        cell_money(t, f, x->open_minor);
        cell_money(t, f, x->late_minor);
        cell_money(t, f, x->cash_minor);
        cell_percent(t, x->cash_ever_minor, x->billed_ever_minor, x->billed_ever_debts);
        table_count(t, x->paid_debts);
        table_count(t, rows[i].disputes);
        table_count(t, x->complaints);
        cell_money(t, f, charged(x));
    }
    return true;
}
