/* Rows of lists: what stands in each cell. */
#include "web/page_lists.h"

#include "base/text.h"
#include "domain/task_of.h"
#include "web/work_pages.h"

#include <string.h>

enum { HARDSHIP_DAYS = 2 }; /* working days within which we decide */

/* A row that is made. */
struct making {
    struct page *p;
    json_t *row, *cells;
    const struct list_row *r;
    const char *account; /* the path of its account */
    enum list_of list;
};

static json_t *cell(const struct making *m, const char *text, const char *sub)
{
    json_t *c = list_add(m->cells);

    put(c, "text", text != NULL ? text : "");
    put(c, "sub", sub != NULL ? sub : "");
    put_true(c, "is_late", false);
    put_true(c, "is_figure", false);
    put_true(c, "is_tag", false);
    return c;
}

static void money_cell(const struct making *m, int64_t minor, const char *sub)
{
    json_t *c = cell(m, words_money(m->p->arena, minor, m->r->currency), sub);

    put_true(c, "is_figure", true);
}

static const char *day_words(const struct making *m, int64_t day)
{
    return day <= DAY_NONE.number || day >= DAY_NEVER.number
               ? NULL
               : words_day_near(m->p->arena, (struct day){ (int32_t)day }, m->p->view->today);
}

static int64_t day_at(const struct making *m, int64_t us)
{
    return us >= INSTANT_NEVER.us
               ? DAY_NEVER.number
               : wall_at((struct instant){ us }, m->p->view->zone).day.number;
}

/* `due`: it is not done yet, so that how far away it is counts. */
static void day_cell(const struct making *m, int64_t day, bool due)
{
    bool late = false;
    const char *words = day_words(m, day);
    const char *away =
        due && words != NULL ? days_away(m->p->arena, day, m->p->view->today, &late) : NULL;

    put_true(cell(m, words, away), "is_late", late);
}

struct standing_words list_state_words(struct page *p, enum list_of list, const char *state)
{
    static const struct standing_words all[] = {
        { "pending", "On its way", "Not settled yet.", "info" },
        { "settled", "Settled", "It is here.", "ok" },
        { "failed", "Failed", "It did not come.", "stop" },
        { "returned", "Returned", "It was here and went back.", "stop" },
        { "charged_back", "Charged back", "The card holder's bank took it back.", "stop" },
        { "moved", "Moved", "It was another account's.", "" },
        { "duplicate", "Duplicate", "Recorded twice.", "" },
        { "decided", "Decided", "Somebody decided; it runs until its day.", "ok" },
        { "ended", "Ended", "It is over.", "" },
    };
    struct state_words w = words_agreement(state);

    if (text_equal(state, "open") && (list == LIST_DISPUTES || list == LIST_HARDSHIP))
        return (struct standing_words){ state, "Open", "Waits for our answer.", "hold" };
    for (size_t i = 0; i < COUNT(all); i++) {
        if (text_equal(all[i].name, state))
            return all[i];
    }
    return (struct standing_words){ state, words_plain(p->arena, w.title), "", w.tone };
}

static void state_cell(const struct making *m, int64_t since)
{
    const char *day = text_equal(m->r->state, "open") ? NULL : day_words(m, since);
    json_t *c = cell(m, NULL, day == NULL ? NULL
                                        : arena_print(m->p->arena, "since %s",
                                                      words_within(m->p->arena, day)));

    put_true(c, "is_tag", true);
    put_standing(m->p, c, "tag", list_state_words(m->p, m->list, m->r->state));
}

static void link_to(const struct making *m, const char *what, int64_t number)
{
    put(m->row, "link",
        arena_print(m->p->arena, "%s/%s/%lld", m->account, what, (long long)number));
}

/* "month on 23": "Monthly, on day 23"; dates of a list are counted. */
static const char *rhythm(struct arena *a, const char *schedule)
{
    static const char *const words[][2] = {
        { "month on ", "Monthly, on " }, { "quarter on ", "Quarterly, on " },
        { "month", "Monthly" },          { "quarter", "Quarterly" },
        { "2weeks", "Every two weeks" }, { "4weeks", "Every four weeks" }
    };
    int dates = 1;

    if (schedule == NULL)
        return NULL;
    for (size_t i = 0; i < COUNT(words); i++) {
        const char *rest = schedule + strlen(words[i][0]);
        if (text_starts(schedule, words[i][0]))
            return arena_print(a, "%s%s%s", words[i][1],
                               i < 2 && *rest >= '0' && *rest <= '9' ? "day " : "", rest);
    }
    if (schedule[0] < '0' || schedule[0] > '9' || schedule[4] != '-')
        return arena_print(a, "%c%s",
                           schedule[0] >= 'a' ? schedule[0] - 'a' + 'A' : schedule[0],
                           schedule + 1);
    for (const char *at = schedule; (at = strchr(at, ',')) != NULL; at++)
        dates++;
    return dates == 1 ? "On one day" : arena_print(a, "On %d days", dates);
}

/* ---- Each list -------------------------------------------------------------------------- */

static void promise_row_put(const struct making *m)
{
    const struct list_row *r = m->r;
    struct arena *a = m->p->arena;
    bool plan = r->first_number != 0;

    if (plan)
        link_to(m, "plan", r->first_number);
    day_cell(m, r->sorted, text_equal(r->state, "open"));
    money_cell(m, r->minor, NULL);
    state_cell(m, r->second_day);
    cell(m, day_words(m, r->first_day),
         r->texts[0] != NULL ? words_plain(a, words_channel(r->texts[0])) : NULL);
    cell(m, plan ? arena_print(a, "Plan %lld", (long long)r->first_number) : "One payment",
         plan && r->second_number != 0
             ? arena_print(a, "payment %lld", (long long)r->second_number)
             : NULL);
}

static void plan_row_put(const struct making *m)
{
    const struct list_row *r = m->r;
    struct arena *a = m->p->arena;
    bool runs = text_equal(r->state, "active") || text_equal(r->state, "paused");

    link_to(m, "plan", r->number);
    cell(m, rhythm(a, r->texts[0]),
         arena_print(a, "agreed %s%s", day_words(m, r->sorted),
                     r->first_number != 0 ? ", of an offer" : ""));
    money_cell(m, r->minor, NULL);
    money_cell(m, r->other_minor, NULL);
    day_cell(m, runs ? r->first_day : DAY_NEVER.number, runs);
    state_cell(m, r->second_day);
}

static void offer_row_put(const struct making *m)
{
    const struct list_row *r = m->r;
    struct arena *a = m->p->arena;
    bool open = text_equal(r->state, "open") || text_equal(r->state, "waiting_approval");

    link_to(m, "offer", r->number);
    day_cell(m, r->sorted, open);
    money_cell(m, r->minor,
               r->second_number > 1
                   ? arena_print(a, "in %lld payments", (long long)r->second_number)
                   : NULL);
    money_cell(m, r->other_minor,
               text_equal(r->texts[1], "forgiven") ? "the rest is forgiven" : NULL);
    cell(m, text_equal(r->texts[0], "debtor") ? "Them" : "Us",
         r->texts[2] != NULL ? arena_print(a, "approved by %s", r->texts[2]) : NULL);
    state_cell(m, r->second_day);
}

static void payment_row_put(const struct making *m)
{
    const struct list_row *r = m->r;
    struct arena *a = m->p->arena;

    money_cell(m, r->minor,
               r->other_minor != 0 ? arena_print(a, "%s given back",
                                                 words_money(a, r->other_minor, r->currency))
                                   : NULL);
    cell(m, words_plain(a, r->texts[0]), NULL);
    cell(m, day_words(m, r->first_day), NULL);
    state_cell(m, r->sorted);
    cell(m, r->texts[2], r->texts[1] != NULL ? words_plain(a, r->texts[1]) : NULL);
}

static void dispute_row_put(const struct making *m)
{
    const struct list_row *r = m->r;
    struct arena *a = m->p->arena;
    const char *part = list_dispute_words(a, r);

    link_to(m, "dispute", r->number);
    day_cell(m, r->sorted, text_equal(r->state, "open"));
    cell(m, dispute_said(m->p, r->texts[0]),
         r->texts[2] != NULL ? arena_print(a, "%s of %s", part, r->texts[2]) : part);
    if (r->minor != 0)
        money_cell(
            m, r->minor,
            r->other_minor != 0
                ? arena_print(a, "%s taken off", words_money(a, r->other_minor, r->currency))
                : NULL);
    else
        put_true(cell(m, "All of it", NULL), "is_figure", true);
    cell(m, day_words(m, r->first_day),
         r->texts[1] != NULL ? words_plain(a, words_channel(r->texts[1])) : NULL);
    state_cell(m, r->second_day);
}

static void hardship_row_put(const struct making *m)
{
    const struct list_row *r = m->r;
    struct arena *a = m->p->arena;
    const char *review = list_hardship_field(a, r, "review"),
               *result = list_hardship_field(a, r, "result");
    struct day day;

    if (!text_equal(r->state, "ended"))
        link_to(m, "hardship", r->number);
    const char *asked = arena_print(a, "asked %s", day_words(m, day_at(m, r->sorted)));
    if (text_equal(r->state, "open"))
        day_cell(
            m,
            day_at(m,
                   task_due((struct instant){ r->sorted }, HARDSHIP_DAYS, m->p->view->zone).us),
            true);
    else
        cell(m, NULL, NULL);
    cell(m, r->texts[0] != NULL ? words_plain(a, r->texts[0]) : "Not said",
         r->texts[2] != NULL ? arena_print(a, "%s, for %s alone", asked, r->texts[2]) : asked);
    day_cell(m, day_at(m, r->other_minor - 1), !text_equal(r->state, "ended"));
    day_cell(m, review != NULL && day_parse(review, &day) ? day.number : DAY_NEVER.number,
             !text_equal(r->state, "ended"));
    state_cell(m, DAY_NEVER.number);
    if (result != NULL)
        put(json_array_get(m->cells, json_array_size(m->cells) - 1), "sub",
            words_plain(a, result));
}

void list_row_put(struct page *p, json_t *row, enum list_of list, const struct list_row *r)
{
    static void (*const puts[LIST_COUNT])(const struct making *) = {
        [LIST_PROMISES] = promise_row_put,  [LIST_DISPUTES] = dispute_row_put,
        [LIST_HARDSHIP] = hardship_row_put, [LIST_PLANS] = plan_row_put,
        [LIST_OFFERS] = offer_row_put,      [LIST_PAYMENTS] = payment_row_put,
    };
    struct arena *a = p->arena;
    const char *account = arena_print(a, "/accounts/%s", url_encode(a, r->reference));
    struct making m = { p, row, put_list(row, "cells"), r, account, list };

    put(row, "name", r->name);
    put(row, "reference", r->reference);
    put(row, "account", account);
    put(row, "link", arena_print(a, "%s?tab=money", account));
    put(row, "client", r->client);
    put(row, "desk", r->desk != NULL ? r->desk : "");
    if (puts[list] != NULL)
        puts[list](&m);
}
