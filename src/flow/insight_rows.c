/*
 * The accounts behind a figure: those whose tracks contribute to it. Case files are looked at
 * in the order of their keys, a bucket at a time, until a page is full or a tenth of a second
 * has passed; the next page goes on from there.
 */
#include "flow/insight_parts.h"

#include "base/text.h"
#include "flow/insight_words.h"
#include "flow/user.h"
#include "store/casefiles.h"
#include "store/tracks.h"

#include <string.h>
#include <time.h>

enum { LOOK_MS = 120 };

/* One figure, and which of its contributions count. */
struct looked_for {
    enum figure figure;
    enum currency currency; /* CURRENCY_NONE: about people */
    bool stands;            /* all of it up to the day, not that of the period */
    bool by_month;
    bool states;           /* `first` is a state of promises, of plans or not */
    int32_t first, second; /* KEY_ANY: any */
    int32_t least, most;   /* between which the first key lies */
};

struct looking {
    const struct insight_frame *f;
    const struct insight_cell *cell;
    struct looked_for what;
    struct arena work;
    const char *word; /* of a first key that is a word; NULL: any */
    int64_t counted, minor;
};

/* ---- Which contributions count -------------------------------------------------------------
 */

static bool in_time(const struct looking *l, const struct contribution *c)
{
    if (l->what.by_month)
        return c->period <= insight_whole_month(l->cell->to);
    if (c->figure == FIGURE_STANDING)
        return true;
    return c->period <= l->cell->to.number &&
           (l->what.stands || c->period >= l->cell->from.number);
}

static bool key_fits(int32_t wanted, int32_t key)
{
    return wanted == KEY_ANY || wanted == key;
}

/* What this one did, and by then: of promises, which were judged. */
static bool agent_fits(const struct looking *l, const struct contribution *c)
{
    if (c->word == NULL || strcmp(c->word, l->cell->agent) != 0)
        return false;
    return c->figure != FIGURE_AGENT_PROMISE ||
           (key_fits(l->cell->first, agent_key_promise(c->second) / 2) &&
            c->period + agent_key_days(c->second) <= l->cell->to.number);
}

static bool first_fits(const struct looking *l, const struct contribution *c)
{
    const struct looked_for *w = &l->what;

    if (l->cell->agent != NULL)
        return agent_fits(l, c);
    if (c->figure == FIGURE_STANDING && l->word == NULL)
        return strchr(c->word, ' ') != NULL; /* because of a rule */
    if (c->word != NULL)
        return l->word == NULL || strcmp(c->word, l->word) == 0;
    if (w->states) /* and it was judged by then */
        return key_fits(w->first, c->first / 2) && c->period + c->second <= l->cell->to.number;
    return key_fits(w->first, c->first) && c->first >= w->least && c->first <= w->most;
}

/* A plan counts by language and by state: only by one of them here. */
static bool second_fits(const struct looking *l, const struct contribution *c)
{
    return key_fits(l->what.second, c->figure == FIGURE_PLAN ? c->second / 2 : c->second);
}

static void take(void *into, const struct contribution *c)
{
    struct looking *l = into;

    if (c->figure != l->what.figure || c->currency != l->what.currency || !in_time(l, c) ||
        !first_fits(l, c) || !second_fits(l, c))
        return;
    l->counted += c->counted;
    l->minor += c->minor;
}

/* ---- From an insight to a figure ------------------------------------------------------------
 */

static struct looked_for money_of_period(enum figure figure, enum currency currency)
{
    return (struct looked_for){ .figure = figure,
                                .currency = currency,
                                .first = KEY_ANY,
                                .second = KEY_ANY,
                                .least = INT32_MIN,
                                .most = INT32_MAX };
}

static struct looked_for people_of_period(enum figure figure)
{
    return money_of_period(figure, CURRENCY_NONE);
}

static struct looked_for open_in(const struct insight_cell *cell, enum currency currency)
{
    struct looked_for w = money_of_period(FIGURE_OPEN, currency);

    w.stands = true;
    w.first = cell->first;
    return w;
}

static struct looked_for files_in(const struct insight_frame *f, enum file_state state)
{
    /* who was contacted in some days is kept for some numbers of days only */
    struct looked_for w = people_of_period(f->window >= 0 ? FIGURE_FILES : FIGURE_COUNT);

    w.stands = true;
    w.first = (int32_t)state + f->window;
    return w;
}

static struct looked_for with_keys(struct looked_for w, const struct insight_cell *cell)
{
    w.first = cell->first;
    w.second = cell->second;
    return w;
}

static struct looked_for of_agent(const struct insight_frame *f,
                                  const struct insight_cell *cell)
{
    enum figure figure = FIGURE_COUNT;
    bool of_money = false;

    if (!insight_agent_figure(cell->insight, &figure, &of_money))
        return people_of_period(FIGURE_COUNT);
    struct looked_for w =
        of_money ? money_of_period(figure, f->currency) : people_of_period(figure);
    if (figure == FIGURE_AGENT_CALL)
        w.second = cell->second == KEY_ANY ? 0 : cell->second;
    return w;
}

static struct looked_for what_of(const struct insight_frame *f, const struct insight_cell *cell)
{
    struct looked_for w;

    if (cell->agent != NULL)
        return of_agent(f, cell);
    switch (cell->insight) {
    case INSIGHT_COLLECTED:
        return money_of_period(FIGURE_CASH, f->currency);
    case INSIGHT_RECOVERY: /* since the beginning */
        w = money_of_period(FIGURE_CASH, f->currency);
        w.stands = true;
        return w;
    case INSIGHT_DSO:
    case INSIGHT_AGEING:
        return open_in(cell, f->currency);
    case INSIGHT_LIQUIDATION:
    case INSIGHT_VINTAGES:
        return money_of_period(FIGURE_PLACED, f->currency);
    case INSIGHT_ROLL_RATES:
    case INSIGHT_CURE_RATE:
        w = with_keys(money_of_period(FIGURE_ROLL, f->currency), cell);
        w.by_month = true;
        w.least = cell->insight == INSIGHT_CURE_RATE; /* of what was late */
        return w;
    case INSIGHT_PROMISES:
        w = with_keys(money_of_period(FIGURE_PROMISE, f->currency), cell);
        w.states = true;
        return w;
    case INSIGHT_PROMISES_TAKEN:
        w = money_of_period(FIGURE_AGENT_TAKEN, f->currency);
        w.second = cell->second;
        return w;
    case INSIGHT_CASH_FORECAST:
        w = with_keys(money_of_period(FIGURE_DUE, f->currency), cell);
        w.stands = true;
        if (cell->first == KEY_ANY) {
            w.least = monday_of(cell->to).number;
            w.most = w.least + 7 * (FORECAST_SHOWN - 1);
        }
        return w;
    case INSIGHT_FUNNEL:
        w = people_of_period(FIGURE_FUNNEL);
        w.stands = true;
        w.second = cell->first == KEY_ANY ? FUNNEL_PLACED : cell->first;
        w.most = insight_funnel_month(cell->to);
        w.least = w.most - FUNNEL_MONTHS + 1;
        return w;
    case INSIGHT_RIGHT_PERSON:
    case INSIGHT_CONTACT_HOURS:
        w = with_keys(people_of_period(FIGURE_HOUR), cell);
        w.second = cell->second == KEY_ANY ? 0 : cell->second;
        return w;
    case INSIGHT_CONTACT_RATE:
        return files_in(f, FILE_WORKED);
    case INSIGHT_DISPUTE_RATE:
        return files_in(f, FILE_OBJECTED);
    case INSIGHT_DISPUTES:
        w = people_of_period(FIGURE_DISPUTE);
        w.second = cell->second == KEY_ANY ? FIGURE_ASKED : cell->second;
        return w;
    case INSIGHT_DISPUTES_ANSWERED:
        return people_of_period(FIGURE_AGENT_DISPUTE);
    case INSIGHT_TIME_TO_ANSWER:
        return with_keys(people_of_period(FIGURE_ANSWER), cell);
    case INSIGHT_STOPPED:
        return people_of_period(FIGURE_STANDING);
    case INSIGHT_COMPLAINTS:
        return people_of_period(FIGURE_COMPLAINT);
    case INSIGHT_OPT_OUTS:
        return with_keys(people_of_period(FIGURE_STOP), cell);
    case INSIGHT_HARDSHIP:
        w = with_keys(people_of_period(FIGURE_HARDSHIP), cell);
        w.stands = cell->first == FIGURE_WAITING;
        w.least = cell->first == KEY_ANY ? 0 : INT32_MIN; /* decided */
        return w;
    case INSIGHT_CONTACTS_PER_WEEK:
        w = people_of_period(FIGURE_WEEK);
        w.least = cell->first == KEY_ANY ? CONTACTS_A_WEEK + 1 : cell->first;
        return w;
    case INSIGHT_CONTACTS_PER_RESOLVED:
        w = money_of_period(FIGURE_SETTLED, f->currency);
        w.first = 0; /* paid */
        return w;
    case INSIGHT_STEPS:
        w = people_of_period(FIGURE_STEP);
        w.second = step_key(STEP_SENT, 0);
        return w;
    case INSIGHT_APPROVAL_GAP:
        w = people_of_period(FIGURE_PLAN);
        w.second = cell->second == KEY_ANY ? PLAN_BY_LANGUAGE : cell->second;
        return w;
    case INSIGHT_COUNT:
        break;
    }
    return people_of_period(FIGURE_COUNT);
}

static bool first_is_word(enum insight insight)
{
    return insight == INSIGHT_DISPUTES || insight == INSIGHT_STOPPED ||
           insight == INSIGHT_STEPS || insight == INSIGHT_APPROVAL_GAP;
}

/* ---- Looking
 * --------------------------------------------------------------------------------- */

static bool may_count(const struct insight_frame *f, const struct track *t)
{
    return user_sees(f->clients, f->desks, t->client, t->desk) &&
           (f->client == NULL || strcmp(f->client, t->client) == 0) &&
           insight_chosen(f->segment, t->segment) && insight_chosen(f->strategy, t->strategy);
}

static void account_add(struct looking *l, struct insight_accounts *out, size_t *room,
                        int64_t bucket, int64_t id, const struct track *t)
{
    *arena_push(l->f->arena, out->rows, out->count, *room) =
        (struct insight_account){ .key = { bucket, id },
                                  .client = arena_copy(l->f->arena, t->client),
                                  .counted = l->counted,
                                  .minor = l->minor };
}

static void look_at(struct looking *l, struct insight_accounts *out, size_t *room,
                    int64_t bucket, int64_t id, const void *bytes, size_t length)
{
    struct track t;
    struct contributing c = { &t, &l->work, FIGURE_BIT(l->what.figure), take, l };

    arena_reset(&l->work);
    out->looked_at++;
    if (!track_unpack(bytes, length, &l->work, &t) || !may_count(l->f, &t))
        return;
    l->counted = l->minor = 0;
    contribute(&c);
    if (l->counted != 0 || l->minor != 0)
        account_add(l, out, room, bucket, id, &t);
}

static int64_t ms_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until one too many is found: then there is another page, which begins before it. */
static bool look_in(struct looking *l, struct casefile_key *after, size_t most,
                    struct insight_accounts *out, size_t *room, struct fault *why)
{
    struct query q = query_begin(l->f->store, Q_TRACK_AFTER);

    bind_int(&q, after->bucket);
    bind_int(&q, after->id);
    while (out->count <= most && query_next(&q)) {
        size_t length;
        int64_t id = row_int(&q, 0);
        const void *bytes = row_blob(&q, 1, &length);
        look_at(l, out, room, after->bucket, id, bytes, length);
        if (out->count <= most)
            after->id = id;
    }
    return query_end(&q, why);
}

static bool name_accounts(const struct insight_frame *f, struct insight_accounts *out,
                          struct fault *why)
{
    for (size_t i = 0; i < out->count; i++) {
        struct insight_account *row = &out->rows[i];
        struct query q = query_begin(f->store, Q_TRACK_NAME);
        bind_key(&q, row->key);
        row->reference = row->name = "";
        if (query_next(&q)) {
            row->reference = row_copy(&q, 0, f->arena);
            row->name = row_text(&q, 1) != NULL ? row_copy(&q, 1, f->arena) : "";
        }
        if (!query_end(&q, why))
            return false;
    }
    return true;
}

/* Liquidation speaks of those placed in one month, long ago. */
static bool days_fill(const struct insight_frame *f, struct insight_cell *cell,
                      struct fault *why)
{
    bool open = cell->from.number == DAY_NONE.number;
    int32_t month;

    if (open && cell->insight == INSIGHT_LIQUIDATION) {
        if (!insight_liquidation_month(f, &month, why))
            return false;
        if (month != INT32_MIN) {
            cell->from = month_first(month);
            cell->to = month_last(month);
            open = false;
        }
    }
    if (open)
        cell->from = f->from;
    if (cell->to.number == DAY_NONE.number || cell->to.number > f->to.number)
        cell->to = f->to;
    return true;
}

bool insight_accounts(const struct insight_frame *f, const struct insight_cell *wanted,
                      struct casefile_key after, size_t most, struct insight_accounts *out,
                      struct fault *why)
{
    struct insight_cell days = *wanted;
    const struct insight_cell *cell = &days;

    *out = (struct insight_accounts){ 0 };
    if (!days_fill(f, &days, why))
        return false;
    struct looking l = { .f = f, .cell = cell, .what = what_of(f, cell) };
    int64_t end = ms_now() + LOOK_MS;
    size_t room = 0;
    bool fine = true;

    if (first_is_word(cell->insight) && cell->first != KEY_ANY)
        l.word = insight_word(f, cell->first);
    bool any = l.what.figure != FIGURE_COUNT;
    while (fine && any && after.bucket < BUCKETS && out->count <= most && ms_now() < end) {
        fine = look_in(&l, &after, most, out, &room, why);
        if (fine && out->count <= most)
            after = (struct casefile_key){ after.bucket + 1, 0 };
    }
    arena_free(&l.work);
    out->more = any && after.bucket < BUCKETS;
    out->next = after;
    if (out->count > most)
        out->count = most;
    return fine && name_accounts(f, out, why);
}

/* ---- In words
 * ---------------------------------------------------------------------------------- */

static const char *range_words(int32_t range)
{
    if (range == ROLL_PAID)
        return "paid";
    if (range == ROLL_GONE)
        return "closed otherwise";
    return range >= 0 && range < AGE_RANGES ? age_ranges[range].title : "any age";
}

static const char *state_words(const struct insight_cell *cell)
{
    static const char *const words[] = { "Open", "Kept", "Kept in part", "Missed",
                                         "Withdrawn" };

    return cell->first >= 0 && cell->first < (int32_t)COUNT(words) ? words[cell->first] : "";
}

static const char *step_words(const struct insight_cell *cell)
{
    static const char *const words[] = { "Placed",
                                         "Contacted",
                                         "Right person",
                                         "Agreed a way to pay",
                                         "Kept the first payment",
                                         "Paid in full",
                                         "Paid without an agreement" };

    return cell->first >= 0 && cell->first < (int32_t)COUNT(words) ? words[cell->first] : "";
}

static const char *hour_words(struct arena *a, int32_t hour)
{
    static const char *const days[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday" };

    if (hour < 0 || hour >= HOURS_OF_WEEK)
        return "Where their zone is not known";
    int clock = hour % 24;
    return arena_print(a, "%s, %d %s", days[hour / 24], clock % 12 == 0 ? 12 : clock % 12,
                       clock < 12 ? "am" : "pm");
}

const char *insight_cell_words(const struct insight_frame *f, const struct insight_cell *cell)
{
    struct arena *a = f->arena;
    char day[DAY_TEXT];

    if (cell->first == KEY_ANY)
        return "";
    if (first_is_word(cell->insight))
        return cell->insight == INSIGHT_DISPUTES
                   ? insight_reason(a, insight_word(f, cell->first))
                   : insight_word(f, cell->first);
    if (cell->insight == INSIGHT_PROMISES)
        return state_words(cell);
    if (cell->insight == INSIGHT_FUNNEL)
        return step_words(cell);
    if (cell->insight == INSIGHT_AGEING || cell->insight == INSIGHT_DSO)
        return range_words(cell->first);
    if (cell->insight == INSIGHT_ROLL_RATES || cell->insight == INSIGHT_CURE_RATE)
        return arena_print(a, "From %s to %s", range_words(cell->first),
                           range_words(cell->second));
    if (cell->insight == INSIGHT_CONTACT_HOURS || cell->insight == INSIGHT_RIGHT_PERSON)
        return hour_words(a, cell->first);
    if (cell->insight == INSIGHT_CASH_FORECAST)
        return arena_print(a, "Week of %s", day_print((struct day){ cell->first }, day));
    return "";
}
