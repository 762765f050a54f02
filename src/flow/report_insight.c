/* Reports of kept figures: what pages under Insights show, for a terminal or a program. */
#include "flow/insight_sheet.h"
#include "flow/report.h"

#include "base/text.h"
#include "store/figures.h"

/* What waits to be counted is counted first. A book that may only be read is told as it stands.
 */
static bool count_first(const char *url, struct instant now, struct fault *why)
{
    return fold_now(url, now, why) || why->code == SYSTEM || why->code == NOT_ALLOWED;
}

static bool frame_begin(struct insight_frame *f, struct store *s, struct arena *a,
                        const struct insight_report_request *r, struct fault *why)
{
    const struct zone *zone;

    if (!figures_zone(s, &zone, why))
        return false;
    *f = (struct insight_frame){
        .store = s, .arena = a, .now = r->now, .today = wall_at(r->now, zone).day,
        .clients = r->clients, .desks = r->desks
    };
    if (!insight_begin(f, &r->about, why))
        return false;
    if (f->state.kept)
        return true;
    return fail(why, CONFLICT,
                "The figures of this book were never counted, and it cannot be "
                "written to.");
}

static bool fill(const struct insight_report_request *r, const struct insight_frame *f,
                 const struct insight_book *words, struct sheet *sheet, struct fault *why)
{
    enum insight insight;

    if (text_equal(r->name, "client"))
        return insight_clients_sheet(f, sheet, why);
    if (text_equal(r->name, "summary"))
        return insight_summary_sheet(f, words, sheet, why);
    return insight_parse(r->name, &insight) &&
           insight_sheet(f, words, insight, r->by, sheet, why);
}

static bool print(const struct insight_report_request *r, struct store *s,
                  const struct insight_book *words, struct arena *a, FILE *out,
                  struct fault *why)
{
    struct insight_frame frame;
    struct sheet sheet = { 0 };

    if (!store_read_begin(s, why))
        return false;
    bool done = frame_begin(&frame, s, a, r, why) && fill(r, &frame, words, &sheet, why);
    store_read_end(s);
    if (done)
        sheet_print(&sheet, r->format, r->terminal, out);
    sheet_free(&sheet);
    return done;
}

bool insight_report_is(const char *name)
{
    enum insight insight;

    return text_equal(name, "client") || text_equal(name, "summary") ||
           insight_parse(name, &insight);
}

bool insight_report_run(const char *url, const struct insight_report_request *r, FILE *out,
                        struct fault *why)
{
    struct arena a = { 0 };
    const struct insight_book *words = insights_load(&a, why);
    enum insight insight;
    bool done = words != NULL;

    if (done && r->definition && insight_parse(r->name, &insight)) {
        insight_definition(&words->of[insight], r->name, out);
        arena_free(&a);
        return true;
    }
    struct store *s =
        done && count_first(url, r->now, why) ? store_open(url, STORE_READ, why) : NULL;
    done = s != NULL && print(r, s, words, &a, out, why);
    store_close(s);
    arena_free(&a);
    return done;
}

const char *insight_report_title(struct arena *a, const char *name)
{
    struct fault why;
    const struct insight_book *words = insights_load(a, &why);
    enum insight insight;

    if (text_equal(name, "client"))
        return "What did each client place, and what came of it?";
    if (text_equal(name, "summary"))
        return "Every figure that is one number, with target and limit";
    return words != NULL && insight_parse(name, &insight) ? words->of[insight].question : "";
}
