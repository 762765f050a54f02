#include "flow/insight.h"

#include "base/sort.h"
#include "base/text.h"
#include "domain/rule.h"
#include "flow/insight_parts.h"
#include "flow/user.h"
#include "flow/view.h"
#include "formats/rulepack.h"

#include <string.h>

/* ---- Names ------------------------------------------------------------------------------- */

static bool read_groups(struct insight_frame *f, struct fault *why)
{
    struct query q = query_begin(f->store, Q_FIGURE_GROUPS);
    bool known = true;
    size_t room = 0;

    while (query_next(&q)) {
        struct insight_group *g = arena_push(f->arena, f->groups, f->group_count, room);
        *g = (struct insight_group){ .number = (int32_t)row_int(&q, 0),
                                     .level = (enum figure_level)row_int(&q, 1),
                                     .client = row_copy(&q, 2, f->arena),
                                     .desk = row_copy(&q, 3, f->arena),
                                     .strategy = row_copy(&q, 6, f->arena),
                                     .segment = row_copy(&q, 4, f->arena),
                                     .currency = (enum currency)row_int(&q, 5) };
        known = known && (g->currency == CURRENCY_NONE || currency_is_known(row_int(&q, 5)));
    }
    if (!query_end(&q, why) || known)
        return known;
    fail(why, DB_ROW, "A group of kept figures is damaged: its currency is not known.");
    return fault_hint(why, "recoup prove --measures");
}

static bool read_words(struct insight_frame *f, struct fault *why)
{
    struct query q = query_begin(f->store, Q_FIGURE_WORDS);
    size_t room = 0;

    while (query_next(&q))
        *arena_push(f->arena, f->words, f->word_count, room) = row_copy(&q, 1, f->arena);
    return query_end(&q, why);
}

const char *insight_word(const struct insight_frame *f, int32_t number)
{
    return number >= 1 && (size_t)number <= f->word_count ? f->words[number - 1] : "";
}

/* A client's group; what is of all clients is for those who see them all. */
static bool may_see(const struct insight_frame *f, const struct insight_group *g)
{
    return user_sees(f->clients, f->desks, g->client, g->desk);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char *name_of(const struct insight_group *g, enum group_name name)
{
    return name == NAME_CLIENT ? g->client : name == NAME_SEGMENT ? g->segment : g->strategy;
}

/* Each once, by name. */
static const char **distinct(const struct insight_frame *f, enum group_name name, size_t *count)
{
    const char **names = arena_array(f->arena, const char *, f->group_count + 1);
    size_t all = 0;

    for (size_t i = 0; i < f->group_count; i++) {
        if (f->groups[i].level == LEVEL_SEGMENT && may_see(f, &f->groups[i]))
            names[all++] = name_of(&f->groups[i], name);
    }
    sort_array(names, all, sizeof *names, compare_names);
    *count = 0;
    for (size_t i = 0; i < all; i++) {
        if (names[i][0] != '\0' && (*count == 0 || strcmp(names[*count - 1], names[i]) != 0))
            names[(*count)++] = names[i];
    }
    return names;
}

/* ---- Sets -------------------------------------------------------------------------------- */

bool insight_chosen(const char *wanted, const char *name)
{
    return wanted == NULL || strcmp(text_equal(wanted, NO_NAME) ? "" : wanted, name) == 0;
}

/* The fewest groups that tell apart what is asked for. */
static enum figure_level level_of(const struct insight_frame *f, struct insight_where w)
{
    bool clients = f->clients != NULL || w.client != NULL || f->client != NULL;
    bool strategies = w.segment != NULL || w.strategy != NULL || f->segment != NULL ||
                      f->strategy != NULL;

    if (f->desks != NULL)
        return clients || strategies ? LEVEL_SEGMENT : LEVEL_DESK;
    if (clients)
        return strategies ? LEVEL_SEGMENT : LEVEL_CLIENT;
    return strategies ? LEVEL_STRATEGY : LEVEL_BOOK;
}

struct figure_set insight_set(const struct insight_frame *f, struct insight_where w,
                              enum currency currency)
{
    struct figure_set set = { 0, arena_array(f->arena, int32_t, f->group_count + 1) };
    enum figure_level level = level_of(f, w);

    for (size_t i = 0; i < f->group_count; i++) {
        const struct insight_group *g = &f->groups[i];
        if (g->currency == currency && g->level == level && may_see(f, g) &&
            insight_chosen(w.client, g->client) && insight_chosen(f->client, g->client) &&
            insight_chosen(w.segment, g->segment) && insight_chosen(f->segment, g->segment) &&
            insight_chosen(w.strategy, g->strategy) && insight_chosen(f->strategy, g->strategy))
            set.groups[set.count++] = g->number;
    }
    return set;
}

/* ---- Currencies -------------------------------------------------------------------------- */

struct currency_debts {
    enum currency currency;
    int64_t debts;
};

static int compare_debts(const void *left, const void *right)
{
    const struct currency_debts *a = left, *b = right;

    if (a->debts != b->debts)
        return a->debts > b->debts ? -1 : 1;
    return strcmp(currency_code(a->currency), currency_code(b->currency));
}

static size_t list_currencies(const struct insight_frame *f, struct currency_debts *all)
{
    size_t count = 0;

    for (size_t i = 0; i < f->group_count; i++) {
        size_t k = 0;
        while (k < count && all[k].currency != f->groups[i].currency)
            k++;
        if (k == count && f->groups[i].currency != CURRENCY_NONE &&
            f->groups[i].level == LEVEL_SEGMENT && may_see(f, &f->groups[i]))
            all[count++] = (struct currency_debts){ f->groups[i].currency, 0 };
    }
    return count;
}

/* The one with most debts open first. Of an amount nobody could say which is more. */
static bool order_currencies(struct insight_frame *f, struct fault *why)
{
    struct currency_debts *all =
        arena_array(f->arena, struct currency_debts, f->group_count + 1);
    size_t count = list_currencies(f, all);
    struct tally *t = arena_make(f->arena, struct tally);

    for (size_t i = 0; i < count; i++) {
        struct insight_part part = { insight_set(f, (struct insight_where){ 0 },
                                                 all[i].currency),
                                     { 0, NULL },
                                     f->as_of,
                                     f->as_of };
        if (count > 1 && !insight_tally(f, &part, FIGURE_BIT(FIGURE_OPEN), t, why)) {
            if (why->code != DB_ROW)
                return false;
            *why = (struct fault){ 0 }; /* who reads this figure is told; others can be read */
            t->open_debts = 0;
        }
        all[i].debts = t->open_debts;
    }
    sort_array(all, count, sizeof *all, compare_debts);
    f->currencies = arena_array(f->arena, enum currency, count + 1);
    for (size_t i = 0; i < count; i++)
        f->currencies[f->currency_count++] = all[i].currency;
    return true;
}

static void choose_currency(struct insight_frame *f, enum currency wanted)
{
    f->currency = f->currency_count > 0 ? f->currencies[0] : CURRENCY_USD;
    for (size_t i = 0; i < f->currency_count; i++) {
        if (f->currencies[i] == wanted)
            f->currency = wanted;
    }
}

/* ---- Beginning --------------------------------------------------------------------------- */

static bool choose(size_t count, const char *const names[], const char *what,
                   const char *wanted, const char **out, struct fault *why)
{
    *out = NULL;
    if (text_is_empty(wanted))
        return true;
    if (strcmp(wanted, NO_NAME) == 0 && strcmp(what, "client") != 0) {
        *out = NO_NAME;
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], wanted) == 0) {
            *out = names[i];
            return true;
        }
    }
    return fail(why, NOT_FOUND, "There is no %s \"%s\" here.", what, wanted);
}

static bool choose_days(struct insight_frame *f, const struct insight_request *r,
                        struct fault *why)
{
    bool past = r->as_of.number != DAY_NONE.number && r->as_of.number < f->today.number;

    f->as_of = f->to = past ? r->as_of : f->today;
    f->from = r->from.number != DAY_NONE.number
                  ? r->from
                  : day_plus(f->to, 1 - (r->days > 0 ? r->days : 30));
    if (f->from.number > f->to.number)
        return fail(why, BAD_VALUE, "The period ends before it begins, or begins after today.");
    f->days = f->to.number - f->from.number + 1;
    f->window = -1;
    for (int i = 0; i < WINDOWS; i++) {
        if (window_days[i] == f->days)
            f->window = i;
    }
    return true;
}

bool insight_begin(struct insight_frame *f, const struct insight_request *r, struct fault *why)
{
    if (!choose_days(f, r, why) || !fold_state(f->store, &f->state, why) ||
        !read_groups(f, why) || !read_words(f, why))
        return false;
    f->client_names = distinct(f, NAME_CLIENT, &f->client_count);
    f->segment_names = distinct(f, NAME_SEGMENT, &f->segment_count);
    f->strategy_names = distinct(f, NAME_STRATEGY, &f->strategy_count);
    if (!choose(f->client_count, f->client_names, "client", r->client, &f->client, why) ||
        !choose(f->segment_count, f->segment_names, "segment", r->segment, &f->segment, why) ||
        !choose(f->strategy_count, f->strategy_names, "strategy", r->strategy, &f->strategy,
                why) ||
        !order_currencies(f, why))
        return false;
    choose_currency(f, r->currency);
    f->money = insight_set(f, (struct insight_where){ 0 }, f->currency);
    f->people = insight_set(f, (struct insight_where){ 0 }, CURRENCY_NONE);
    return true;
}

bool insight_begin_view(struct insight_frame *f, struct view *v,
                        const struct insight_request *r, struct fault *why)
{
    *f = (struct insight_frame){ .store = v->store,
                                 .arena = &v->arena,
                                 .clients = v->clients,
                                 .desks = v->desks,
                                 .now = v->now,
                                 .today = v->today,
                                 .view = v };
    return insight_begin(f, r, why);
}

/* ---- Parts ------------------------------------------------------------------------------- */

struct insight_part insight_part(const struct insight_frame *f)
{
    return (struct insight_part){ f->money, f->people, f->from, f->to };
}

struct insight_part insight_part_before(const struct insight_frame *f)
{
    struct insight_part part = insight_part(f);

    part.to = day_plus(f->from, -1);
    part.from = day_plus(f->from, -f->days);
    return part;
}

struct insight_part insight_part_of(const struct insight_frame *f, struct insight_where where)
{
    struct insight_part part = { insight_set(f, where, f->currency),
                                 insight_set(f, where, CURRENCY_NONE), f->from, f->to };

    return part;
}

/* ---- Hours ------------------------------------------------------------------------------- */

static void open_hours(const struct hours_rule *rule, bool closed[HOURS_OF_WEEK])
{
    for (int hour = 0; hour < HOURS_OF_WEEK; hour++) {
        int32_t second = hour % 24 * 3600;
        for (size_t i = 0; i < rule->window_count; i++) {
            const struct day_window *w = &rule->windows[i];
            bool day = (w->weekdays & 1 << hour / 24) != 0;
            if (day && second + 3600 > w->open && second < w->close)
                closed[hour] = false;
        }
    }
}

void insight_closed_hours(const struct view *v, bool closed[HOURS_OF_WEEK])
{
    const struct rulebook *book = v->policy->rulebook;
    bool any = false;

    memset(closed, true, HOURS_OF_WEEK * sizeof *closed);
    for (size_t p = 0; book != NULL && p < book->pack_count; p++) {
        for (size_t i = 0; i < rulepack_rule_count(book->packs[p]); i++) {
            const struct rule *rule = rulepack_rule(book->packs[p], i);
            if (rule->shape != SHAPE_HOURS || (rule->channels & 1u << CHANNEL_CALL) == 0 ||
                !text_starts(rule_id(rule), "house.") || rule->hours.window_count == 0)
                continue;
            open_hours(&rule->hours, closed);
            any = true;
        }
    }
    if (!any)
        memset(closed, false, HOURS_OF_WEEK * sizeof *closed);
}
