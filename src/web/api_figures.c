/* API: figures, and the accounts behind them; clients. */
#include "web/api.h"

#include "base/text.h"
#include "flow/report.h"
#include "web/page_insights.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- Shapes -------------------------------------------------------------------------------- */

#define ABOUT_FIELDS                                                                           \
    { "client", API_TEXT, API_MAY, "only of this client", NULL },                              \
    { "segment", API_TEXT, API_MAY, "only of this segment; -: of those in none", NULL },       \
    { "strategy", API_TEXT, API_MAY, "only of this strategy; -: of those in none", NULL },     \
    {                                                                                          \
        "currency", API_CODE, API_MAY, "which; without: the one with most debts open", NULL    \
    }
#define SPAN_FIELDS                                                                            \
    { "from", API_DAY, API_MAY, "the first day (30 days ago)", NULL },                         \
    {                                                                                          \
        "to", API_DAY, API_MAY, "the last day (today)", NULL                                   \
    }
static const struct api_field report_query[] = {
    SPAN_FIELDS,
    { "by", API_TEXT, API_MAY, "a dimension: client, segment, …", NULL },
    ABOUT_FIELDS,
    API_END,
};
static const struct api_field report_reply[] = {
    { "report", API_ANY, API_MUST, "as recoup report NAME --json says it", NULL },
    API_END,
};
static const struct api_field rows_query[] = {
    SPAN_FIELDS,
    ABOUT_FIELDS,
    { "first", API_INT, API_MAY, "which part of the figure: an age range, a month, a step, …",
      NULL },
    { "second", API_INT, API_MAY, "and which of that part", NULL },
    { "agent", API_TEXT, API_MAY, "what this one did alone", NULL },
    API_AFTER,
    API_LIMIT,
    API_END,
};
static const struct api_field row_rows[] = {
    { "account", API_TEXT, API_MUST, "its reference", NULL },
    { "name", API_TEXT, API_MUST, "of the person or firm", NULL },
    { "creditor", API_TEXT, API_MUST, "whose debts these are", NULL },
    { "counted", API_INT, API_MUST, "so many things it adds", NULL },
    { "amount", API_AMOUNT, API_OR_NULL, "that it adds", NULL },
    API_END,
};
static const struct api_field rows_reply[] = {
    { "of", API_TEXT, API_OR_NULL, "which of them these are, in words", NULL },
    { "currency", API_CODE, API_OR_NULL, "of the amounts", NULL },
    { "rows", API_ROWS, API_MUST, "in the order of the book", row_rows },
    API_NEXT,
    API_END,
};
static const struct api_field clients_query[] = {
    SPAN_FIELDS,
    { "currency", API_CODE, API_MAY, "which; without: the one with most debts open", NULL },
    API_END,
};
#define CLIENT_FIELDS                                                                          \
    { "client", API_TEXT, API_MUST, "its name", NULL },                                        \
    { "currency", API_CODE, API_OR_NULL, "of the amounts", NULL },                             \
    { "open_accounts", API_INT, API_MUST, "with something open", NULL },                       \
    { "placed", API_AMOUNT, API_OR_NULL, "in the period", NULL },                              \
    { "placed_debts", API_INT, API_MUST, "in the period", NULL },                              \
    { "open", API_AMOUNT, API_OR_NULL, "at its end", NULL },                                   \
    { "late", API_AMOUNT, API_OR_NULL, "of it", NULL },                                        \
    { "collected", API_AMOUNT, API_OR_NULL, "in the period", NULL },                           \
    { "placed_ever", API_AMOUNT, API_OR_NULL, "since the beginning", NULL },                   \
    { "collected_ever", API_AMOUNT, API_OR_NULL, "since the beginning", NULL },                \
    { "paid_debts", API_INT, API_MUST, "in the period", NULL },                                \
    { "disputes", API_INT, API_MUST, "opened in the period", NULL },                           \
    { "complaints", API_INT, API_MUST, "in the period", NULL },                                \
    {                                                                                          \
        "charged", API_AMOUNT, API_OR_NULL, "in the period", NULL                              \
    }
static const struct api_field client_rows[] = { CLIENT_FIELDS, API_END };
static const struct api_field clients_reply[] = {
    { "clients", API_ROWS, API_MUST, "by name", client_rows },
    API_END,
};
static const struct api_field file_rows[] = {
    { "day", API_DAY, API_MUST, "on which something was placed", NULL },
    { "debts", API_INT, API_MUST, "how many", NULL },
    { "amount", API_AMOUNT, API_OR_NULL, "how much", NULL },
    API_END,
};
static const struct api_field client_reply[] = {
    CLIENT_FIELDS,
    { "files", API_ROWS, API_MUST, "the last days on which it placed something", file_rows },
    API_END,
};

/* ---- About what ---------------------------------------------------------------------------- */

static bool span_read(struct api *call, struct day *from, struct day *to, bool *given,
                      struct fault *why)
{
    const char *first = api_query(call, "from"), *last = api_query(call, "to");

    *given = first != NULL || last != NULL;
    *to = call->view->today;
    if (last != NULL && !day_parse(last, to))
        return fail(why, BAD_VALUE, "to has to be a day such as 2026-11-20.");
    *from = day_plus(*to, -29);
    if (first != NULL && !day_parse(first, from))
        return fail(why, BAD_VALUE, "from has to be a day such as 2026-11-20.");
    return from->number <= to->number || fail(why, BAD_VALUE, "from has to come before to.");
}

static bool about_read(struct api *call, struct insight_request *r, struct fault *why)
{
    const char *code = api_query(call, "currency");
    struct day from, to;
    bool given;

    *r = (struct insight_request){ .client = api_query(call, "client"),
                                   .segment = api_query(call, "segment"),
                                   .strategy = api_query(call, "strategy") };
    if (!span_read(call, &from, &to, &given, why))
        return false;
    r->as_of = given ? to : DAY_NONE;
    r->from = given ? from : DAY_NONE;
    r->currency = code == NULL ? CURRENCY_NONE : currency_parse(code);
    return code == NULL || r->currency != CURRENCY_NONE ||
           fail(why, BAD_VALUE, "ISO 4217 has no currency \"%.20s\".", code);
}

static bool frame_begin(struct api *call, struct insight_frame *f, struct fault *why)
{
    struct insight_request r;

    return about_read(call, &r, why) && insight_begin_view(f, call->view, &r, why) &&
           (f->state.kept || fail(why, CONFLICT, "The figures were never counted."));
}

/* ---- Reports ------------------------------------------------------------------------------- */

static bool is_limited(const struct api *call)
{
    return call->view->clients != NULL || call->view->desks != NULL;
}

/* Counted from the rows of the whole book, when nothing narrows it. */
static bool is_scanned(const struct api *call, const char *name)
{
    return report_is_scanned(name) && !is_limited(call) && api_query(call, "by") == NULL &&
           api_query(call, "client") == NULL && api_query(call, "segment") == NULL &&
           api_query(call, "strategy") == NULL && api_query(call, "currency") == NULL;
}

static bool report_print(struct api *call, const char *name, FILE *out, struct fault *why)
{
    struct day from, to;
    bool given;

    if (is_scanned(call, name))
        return span_read(call, &from, &to, &given, why) &&
               report_run(call->view->store, name,
                          (struct report_request){ .now = call->view->now,
                                                   .period_given = given,
                                                   .from = from,
                                                   .to = to,
                                                   .format = FORMAT_JSON },
                          out, why);
    struct insight_report_request r = { .name = name,
                                        .by = api_query(call, "by"),
                                        .now = call->view->now,
                                        .clients = call->view->clients,
                                        .desks = call->view->desks,
                                        .format = FORMAT_JSON };
    return about_read(call, &r.about, why) &&
           insight_report_run(call->site->book, &r, out, why);
}

static bool get_report(struct api *call, struct fault *why)
{
    const char *name = call->holes[0];
    char *text = NULL;
    size_t length = 0;

    if (!report_is_scanned(name) && !insight_report_is(name))
        return fail(why, NOT_FOUND, "There is no report \"%.60s\".", name);
    if (is_limited(call) && !insight_report_is(name))
        return fail(why, NOT_ALLOWED,
                    "The report \"%s\" is counted over all clients and desks, and this token sees "
                    "some of them: other reports are limited to those.",
                    name);
    FILE *out = open_memstream(&text, &length);
    must(out != NULL);
    bool fine = report_print(call, name, out, why);
    fclose(out);
    fine = fine && api_give_text(call, "report", text, length, why);
    free(text);
    return fine;
}

/* ---- The accounts behind a figure ---------------------------------------------------------- */

static bool key_read(const struct api *call, const char *name, int32_t *out, struct fault *why)
{
    const char *text = api_query(call, name);
    int64_t number;

    *out = KEY_ANY;
    if (text == NULL)
        return true;
    if (!text_to_int(text, &number) || number < INT32_MIN || number >= INT32_MAX)
        return fail(why, BAD_VALUE, "%s is a number.", name);
    *out = (int32_t)number;
    return true;
}

static bool cell_read(struct api *call, struct insight_cell *cell, struct fault *why)
{
    return (insight_parse(call->holes[0], &cell->insight) ||
            fail(why, NOT_FOUND, "There are no rows behind a report \"%.60s\".",
                 call->holes[0])) &&
           key_read(call, "first", &cell->first, why) &&
           key_read(call, "second", &cell->second, why);
}

static bool get_rows(struct api *call, struct fault *why)
{
    struct insight_accounts found;
    struct insight_frame f;
    struct insight_cell cell = { .from = DAY_NONE,
                                 .to = DAY_NONE,
                                 .agent = api_query(call, "agent") };
    int64_t limit, place[] = { 0, 0 };

    if (!(call->can & PERMISSION_BIT(MAY_SEE)))
        return fail(why, NOT_ALLOWED, "This token does not see single accounts.");
    if (!cell_read(call, &cell, why) || !api_limit(call, &limit, why) ||
        !api_after_place(call, 2, place, why) || !frame_begin(call, &f, why))
        return false;
    if (!insight_accounts(&f, &cell, (struct casefile_key){ place[0], place[1] }, (size_t)limit,
                          &found, why))
        return false;
    json_t *out = json_object();
    api_put_or_null(out, "of", insight_cell_words(&f, &cell));
    api_put_currency(out, "currency", f.currency);
    json_t *rows = put_list(out, "rows");
    for (size_t i = 0; i < found.count; i++) {
        json_t *row = list_add(rows);
        put(row, "account", found.rows[i].reference);
        put(row, "name", found.rows[i].name);
        put(row, "creditor", found.rows[i].client);
        put_int(row, "counted", found.rows[i].counted);
        api_put_amount(row, "amount", found.rows[i].minor, f.currency);
    }
    const int64_t ended[] = { found.next.bucket, found.next.id };
    api_put_next_place(call, out, found.more, 2, ended);
    api_give(call, 200, out);
    return true;
}

/* ---- Clients ------------------------------------------------------------------------------- */

static void client_put(const struct insight_frame *f, json_t *row, const struct client_row *c)
{
    const struct tally *t = &c->tally;
    int64_t charged = 0;

    for (int k = 0; k < COMPONENT_KINDS; k++)
        charged += t->charged_minor[k];
    put(row, "client", c->name);
    api_put_currency(row, "currency", f->currency);
    put_int(row, "open_accounts", t->files[FILE_OPEN]);
    api_put_amount(row, "placed", t->placed_minor, f->currency);
    put_int(row, "placed_debts", t->placed_debts);
    api_put_amount(row, "open", t->open_minor, f->currency);
    api_put_amount(row, "late", t->late_minor, f->currency);
    api_put_amount(row, "collected", t->cash_minor, f->currency);
    api_put_amount(row, "placed_ever", t->billed_ever_minor, f->currency);
    api_put_amount(row, "collected_ever", t->cash_ever_minor, f->currency);
    put_int(row, "paid_debts", t->paid_debts);
    put_int(row, "disputes", c->disputes);
    put_int(row, "complaints", t->complaints);
    api_put_amount(row, "charged", charged, f->currency);
}

static bool get_clients(struct api *call, struct fault *why)
{
    struct client_row *all;
    struct insight_frame f;
    size_t count;

    if (!frame_begin(call, &f, why) || !insight_clients(&f, &all, &count, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "clients");
    for (size_t i = 0; i < count; i++)
        client_put(&f, list_add(rows), &all[i]);
    api_give(call, 200, out);
    return true;
}

static bool client_give(struct api *call, struct insight_frame *f, const struct client_row *c,
                        struct fault *why)
{
    struct client_file *files;
    size_t count;

    if (!insight_client_files(f, c->name, &files, &count, why))
        return false;
    json_t *out = json_object();
    client_put(f, out, c);
    json_t *rows = put_list(out, "files");
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(rows);
        api_put_day(row, "day", files[i].day);
        put_int(row, "debts", files[i].debts);
        api_put_amount(row, "amount", files[i].minor, f->currency);
    }
    api_give(call, 200, out);
    return true;
}

static bool get_client(struct api *call, struct fault *why)
{
    struct client_row *all;
    struct insight_frame f;
    size_t count;

    if (!frame_begin(call, &f, why) || !insight_clients(&f, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (text_equal(all[i].name, call->holes[0]))
            return client_give(call, &f, &all[i], why);
    }
    return fail(why, NOT_FOUND, "There is no client \"%.80s\".", call->holes[0]);
}

const struct route routes_api_figures[] = {
    API_GIVES("/api/v1/reports/{}", MAY_INSIGHT, "getReport", "The figures of recoup report",
              report_query, report_reply, get_report, "report"),
    API_GIVES("/api/v1/reports/{}/rows", MAY_INSIGHT, "listReportRows",
              "The accounts behind a figure, and what each adds to it", rows_query, rows_reply,
              get_rows, "report"),
    API_GIVES("/api/v1/clients", MAY_INSIGHT, "listClients",
              "What each client placed, and what came of it", clients_query, clients_reply,
              get_clients, NULL),
    API_GIVES("/api/v1/clients/{}", MAY_INSIGHT, "getClient", "One client", clients_query,
              client_reply, get_client, "client"),
    { 0 },
};
