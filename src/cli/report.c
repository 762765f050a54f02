/* report and prove: figures, and the check of the whole book. */
#include "flow/report.h"

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/period.h"
#include "flow/fold.h"
#include "flow/prove.h"

#include <string.h>

enum {
    REPORT_PERIOD,
    REPORT_FROM,
    REPORT_TO,
    REPORT_BY_DAY,
    REPORT_BY,
    REPORT_CLIENT,
    REPORT_SEGMENT,
    REPORT_STRATEGY,
    REPORT_CURRENCY,
    REPORT_DEFINITION
};

static const struct option report_options[] = {
    [REPORT_PERIOD] = { OPTION_TEXT, "period", "SPAN",
                        "30d, 2026-10, 2026-01..2026-06 or 2026-01-15..2026-02-14 (30d)",
                        "Which days", false, 0, NULL },
    [REPORT_FROM] = { OPTION_DAY, "from", "DAY", "first day", NULL, false, 0, NULL },
    [REPORT_TO] = { OPTION_DAY, "to", "DAY", "last day (today)", NULL, false, 0, NULL },
    [REPORT_BY_DAY] = { OPTION_FLAG, "by-day", NULL, "activity: a row for each day", NULL,
                        false, 0, NULL },
    [REPORT_BY] = { OPTION_TEXT, "by", "WHAT",
                    "client, segment, strategy, agent, channel, hours, reason, kind, language, "
                    "state",
                    "What", false, 0, NULL },
    [REPORT_CLIENT] = { OPTION_TEXT, "client", "NAME", "of one client (all)", NULL, false, 0,
                        NULL },
    [REPORT_SEGMENT] = { OPTION_TEXT, "segment", "NAME", "of one segment (all)", NULL, false, 0,
                         NULL },
    [REPORT_STRATEGY] = { OPTION_TEXT, "strategy", "NAME", "of one strategy (all)", NULL, false,
                          0, NULL },
    [REPORT_CURRENCY] = { OPTION_TEXT, "currency", "CODE", "(the one with most debts)", NULL,
                          false, 0, NULL },
    [REPORT_DEFINITION] = { OPTION_FLAG, "definition", NULL, "how it is counted, and stop",
                            NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

/* ---- Periods ---------------------------------------------------------------------------- */

static bool take_period(const struct call *call, struct report_request *request,
                        struct fault *why)
{
    const char *text = call_text(call, REPORT_PERIOD);
    const struct zone *zone;

    request->period_given =
        text != NULL || call->given[REPORT_FROM].is || call->given[REPORT_TO].is;
    if (!request->period_given)
        return true;
    if (!call_zone(call, &zone, why))
        return false;
    struct day today = wall_at(request->now, zone).day;
    if (text != NULL && !period_typed(call->arena, text, today, &request->from, &request->to)) {
        fail(why, BAD_USAGE, "--period takes a span of days, and \"%s\" is none.", text);
        return fault_hint(why, "30d, 2026-10, 2026-01..2026-06");
    }
    if (text == NULL)
        request->to = today;
    if (!call_day(call, REPORT_TO, request->to, &request->to, why))
        return false;
    if (text == NULL)
        request->from = day_plus(request->to, -29);
    return call_day(call, REPORT_FROM, request->from, &request->from, why);
}

/* ---- report ----------------------------------------------------------------------------- */

static void list_row(struct table *t, const char *name, const char *title)
{
    table_text(t, name);
    table_text(t, title);
}

static void list_reports(const struct call *call)
{
    static const struct table_column columns[] = { { "report", "Report", CELL_TEXT },
                                                   { "title", "What it shows", CELL_TEXT } };
    struct sheet sheet = { .heading = "Reports" };
    struct table *t = sheet_table(&sheet, "reports", "No reports.", COUNT(columns), columns);

    for (size_t i = 0; report_name(i) != NULL; i++)
        list_row(t, report_name(i), report_title(i));
    for (int i = 0; i < INSIGHT_COUNT; i++) {
        const char *name = insight_name((enum insight)i);
        if (!report_is_scanned(name))
            list_row(t, name, insight_report_title(call->arena, name));
    }
    list_row(t, "client", insight_report_title(call->arena, "client"));
    list_row(t, "summary", insight_report_title(call->arena, "summary"));
    call_print_sheet(call, &sheet);
    sheet_free(&sheet);
}

static bool fail_no_report(const char *typed, struct fault *why)
{
    const char *names[17 + INSIGHT_COUNT], *near;
    size_t count = 0;

    for (; report_name(count) != NULL && count < 15; count++)
        names[count] = report_name(count);
    names[count++] = "client";
    names[count++] = "summary";
    for (int i = 0; i < INSIGHT_COUNT; i++)
        names[count++] = insight_name((enum insight)i);
    near = nearest_name(typed, count, names);
    fail(why, NOT_FOUND, "There is no report \"%s\".", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  recoup report %s", near);
    return fault_hint(why, "recoup report list");
}

static bool print_report(struct call *call, const char *name, struct report_request request,
                         struct fault *why)
{
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    struct rows rows;

    if (s == NULL)
        return false;
    bool done = report_run(s, name, request, rows_begin(call, &rows), why);
    rows_end(call, &rows);
    store_close(s);
    return done;
}

static bool take_currency(const struct call *call, enum currency *out, struct fault *why)
{
    const char *code = call_text(call, REPORT_CURRENCY);

    *out = code == NULL ? CURRENCY_NONE : currency_parse(code);
    return code == NULL || *out != CURRENCY_NONE ||
           fail(why, BAD_USAGE, "ISO 4217 has no currency \"%s\".", code);
}

static bool print_insight(struct call *call, const char *name, struct report_request about,
                          struct fault *why)
{
    struct insight_report_request r = { .name = name,
                                        .by = call_text(call, REPORT_BY),
                                        .now = about.now,
                                        .about = { .client = call_text(call, REPORT_CLIENT),
                                                   .segment = call_text(call, REPORT_SEGMENT),
                                                   .strategy = call_text(call, REPORT_STRATEGY),
                                                   .as_of = DAY_NONE,
                                                   .from = DAY_NONE },
                                        .definition = call->given[REPORT_DEFINITION].is,
                                        .format = call->format,
                                        .terminal = call->colour };
    struct rows rows;

    if (about.period_given) {
        r.about.from = about.from;
        r.about.as_of = about.to;
    }
    if (!take_currency(call, &r.about.currency, why))
        return false;
    bool done = insight_report_run(call->settings.db.value, &r, rows_begin(call, &rows), why);
    rows_end(call, &rows);
    return done;
}

/* Words that people use for some of them. */
static const char *usual_name(const char *typed)
{
    static const char *const others[][2] = { { "aging", "ageing" },
                                             { "right-party", "right-person" } };

    for (size_t i = 0; i < COUNT(others); i++) {
        if (text_equal(others[i][0], typed))
            return others[i][1];
    }
    return typed;
}

/* Without anything that only kept figures know, ageing and dso are counted from the rows. */
static bool is_scanned(const struct call *call, const char *name)
{
    return report_is_scanned(name) && !call->given[REPORT_BY].is &&
           !call->given[REPORT_CLIENT].is && !call->given[REPORT_SEGMENT].is &&
           !call->given[REPORT_CURRENCY].is && !call->given[REPORT_DEFINITION].is;
}

static bool run_report(struct call *call, struct fault *why)
{
    struct report_request request = { .format = call->format,
                                      .terminal = call->colour,
                                      .by_day = call->given[REPORT_BY_DAY].is };
    const char *name = call->target_count == 0 ? "list" : usual_name(call->targets[0]);

    if (text_equal(name, "list")) {
        list_reports(call);
        return true;
    }
    bool scanned = is_scanned(call, name);
    if (!scanned && !insight_report_is(name))
        return fail_no_report(name, why);
    if (!call_now(call, &request.now, why) || !take_period(call, &request, why))
        return false;
    return scanned ? print_report(call, name, request, why)
                   : print_insight(call, name, request, why);
}

const struct command command_report = {
    .name = "report",
    .section = "Looking",
    .summary = "Print figures; without a name, list the reports.",
    .examples = { "recoup report ageing --csv -o ageing.csv",
                  "recoup report promises --by client --json" },
    .target = "NAME",
    .targets_most = 1,
    .options = report_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .notes = "Each figure is defined in docs/measures.md.",
    .run = run_report,
};

/* ---- prove ------------------------------------------------------------------------------ */

enum { PROVE_MEASURES };

static const struct option prove_options[] = {
    [PROVE_MEASURES] = { OPTION_FLAG, "measures", NULL,
                         "add up the kept figures again, instead of the books", "What", false,
                         0, NULL },
    { .kind = OPTION_END },
};

/* Figures are compared as of now: what waits to be counted is counted first. */
static bool count_first(const struct call *call, struct fault *why)
{
    struct instant now;

    return call_now(call, &now, why) && fold_now(call->settings.db.value, now, why);
}

static bool prove_what(struct call *call, struct store *s, size_t *findings, struct fault *why)
{
    bool json = call->format == FORMAT_JSON;

    if (call->given[PROVE_MEASURES].is)
        return prove_measures(s, call->out, json, findings, why);
    return call->target_count == 0
               ? prove_book(s, call->out, json, findings, why)
               : prove_decision(s, call->targets[0], call->out, json, findings, why);
}

static bool run_prove(struct call *call, struct fault *why)
{
    size_t findings = 0;

    if (call->given[PROVE_MEASURES].is && !count_first(call, why))
        return false;
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = prove_what(call, s, &findings, why);
    store_close(s);
    if (findings > 0)
        call->exit = EXIT_FINDINGS;
    return done;
}

const struct command command_prove = {
    .name = "prove",
    .section = "Looking",
    .summary =
        "Recompute balances, decisions and chains from raw rows, and report differences.",
    .examples = { "recoup prove --json -o proof.json", "recoup prove --measures" },
    .target = "DECISION",
    .targets_most = 1,
    .options = prove_options,
    .traits = ANSWERS_JSON,
    .notes =
        "With a decision: judges it again, from the facts and by the rules that were stored\n"
        "with it. Exit code 8 when something was found. It changes nothing.",
    .run = run_prove,
};
