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
};

const char *report_name(size_t place)
{
    return place < COUNT(reports) ? reports[place].name : NULL;
}

const char *report_title(size_t place)
{
    return place < COUNT(reports) ? reports[place].title : NULL;
}

enum { DAYS_OF_PERIOD = 30 };

/* A period never reaches beyond today: nobody knows yet. */
static bool frame_make(struct store *s, const struct report_request *request,
                       struct report_frame *f, struct fault *why)
{
    *f = (struct report_frame){ .now = request->now, .by_day = request->by_day };
    if (!figures_zone(s, &f->zone, why))
        return false;
    f->today = wall_at(f->now, f->zone).day;
    f->to = f->today;
    f->from = day_plus(f->today, 1 - DAYS_OF_PERIOD);
    if (request->period_given) {
        f->from = request->from;
        f->to = request->to.number < f->today.number ? request->to : f->today;
    }
    if (f->from.number > f->to.number)
        return fail(why, BAD_VALUE, "The period of the report ends before it begins.");
    f->from_at = day_begins(f->from, f->zone);
    f->to_at = day_begins(day_plus(f->to, 1), f->zone);
    if (f->to_at.us > f->now.us)
        f->to_at = (struct instant){ f->now.us + 1 };
    return true;
}

static bool report_fill(struct store *s, size_t place, const struct report_request *request,
                        struct sheet *sheet, struct fault *why)
{
    struct report_frame frame;

    if (!store_read_begin(s, why))
        return false;
    bool done = frame_make(s, request, &frame, why) &&
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
        return fault_hint(why, "recoup report ageing, kpi or activity");
    }
    bool done = report_fill(s, place, &request, &sheet, why);
    if (done)
        sheet_print(&sheet, request.format, request.terminal, out);
    sheet_free(&sheet);
    return done;
}
