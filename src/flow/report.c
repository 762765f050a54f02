#include "flow/report.h"

#include "base/text.h"
#include "flow/report_parts.h"

#include <string.h>

static const struct {
    const char *name, *title;
    bool (*fill)(struct store *s, const struct report_frame *f, struct sheet *sheet,
                 struct fault *why);
} reports[] = {
    { "ageing", "What is open, by days past due", ageing_fill },
    { "kpi", "What came in, and how the work goes", kpi_fill },
    { "dso", "Days sales outstanding, month by month", dso_fill },
    { "activity", "What was done, and what stands still", activity_fill },
};

const char *report_name(size_t place)
{
    return place < COUNT(reports) ? reports[place].name : NULL;
}

const char *report_title(size_t place)
{
    return place < COUNT(reports) ? reports[place].title : NULL;
}

bool report_is_scanned(const char *name)
{
    for (size_t i = 0; i < COUNT(reports); i++) {
        if (text_equal(reports[i].name, name))
            return true;
    }
    return false;
}

enum { DAYS_OF_PERIOD = 30 };

/* A period never reaches beyond today: nobody knows yet. */
static bool period_make(const struct report_request *request, const struct zone *zone,
                        struct figures_period *p, struct fault *why)
{
    *p = (struct figures_period){ .now = request->now };
    p->today = wall_at(p->now, zone).day;
    p->to = p->today;
    p->from = day_plus(p->today, 1 - DAYS_OF_PERIOD);
    if (request->period_given) {
        p->from = request->from;
        p->to = request->to.number < p->today.number ? request->to : p->today;
    }
    if (p->from.number > p->to.number)
        return fail(why, BAD_VALUE,
                    "The period of the report ends before it begins, or begins "
                    "after today.");
    p->from_at = day_begins(p->from, zone);
    p->to_at = day_begins(day_plus(p->to, 1), zone);
    if (p->to_at.us > p->now.us)
        p->to_at = (struct instant){ p->now.us + 1 };
    return true;
}

void period_fields(struct sheet *sheet, const struct figures_period *p)
{
    char day[DAY_TEXT];

    sheet_field(sheet, "as_of", day_print(p->today, day));
    sheet_field(sheet, "from", day_print(p->from, day));
    sheet_field(sheet, "to", day_print(p->to, day));
}

static bool report_fill(struct store *s, size_t place, const struct report_request *request,
                        struct sheet *sheet, struct fault *why)
{
    struct report_frame frame = { .period_given = request->period_given,
                                  .by_day = request->by_day };

    if (!store_read_begin(s, why))
        return false;
    bool done = figures_zone(s, &frame.zone, why) && figures_buckets(s, &frame.buckets, why) &&
                period_make(request, frame.zone, &frame.period, why) &&
                reports[place].fill(s, &frame, sheet, why);
    store_read_end(s);
    return done;
}

bool report_run(struct store *s, const char *name, struct report_request request, FILE *out,
                struct fault *why)
{
    struct sheet sheet = { 0 };
    size_t place = 0;

    while (place < COUNT(reports) && !text_equal(reports[place].name, name))
        place++;
    if (place == COUNT(reports)) {
        fail(why, NOT_FOUND, "There is no report \"%s\".", name);
        return fault_hint(why, "recoup report ageing, kpi, dso or activity");
    }
    bool done = report_fill(s, place, &request, &sheet, why);
    if (done)
        sheet_print(&sheet, request.format, request.terminal, out);
    sheet_free(&sheet);
    return done;
}
