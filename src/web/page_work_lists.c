/* Promises, plans, offers, payments, disputes and hardship over all accounts. */
#include "web/page_lists.h"

#include "base/text.h"
#include "flow/insight_words.h"

#include <string.h>

static const char *const keys[] = {
    "state", "client", "desk", "what", "who", "from", "to", "q"
};

static const struct filter_option promise_kinds[] = { { "single", "One payment" },
                                                      { "plan", "Of a plan" } };
static const struct filter_option dispute_reasons[] = {
    { "not-mine", "Not theirs" },      { "amount", "Amount" },
    { "paid", "Paid already" },        { "service", "Goods or service" },
    { "identity-theft", "Used name" }, { "other", "Something else" }
};
static const struct filter_option offer_sides[] = { { "debtor", "From them" },
                                                    { "collector", "From us" } };
static const struct filter_option methods[] = {
    { "card", "Card" },   { "transfer", "Transfer" }, { "direct_debit", "Direct debit" },
    { "check", "Check" }, { "cash", "Cash" },
};

/* What differs from list to list. `start`: the states that are shown when none is chosen. */
static const struct shown_list {
    enum list_of list;
    const char *path, *title, *words, *who, *empty, *none, *day, *what_label, *what_all;
    const struct filter_option *whats;
    size_t what_count;
    const char *start;
    bool agreement, authored;
    const char *headings[6]; /* after "Who"; a leading '>' is for figures */
} lists[] = {
    { LIST_PROMISES,
      "/promises",
      "Promises",
      "What people said they will pay, the first due first.",
      "Who",
      "No promises due this week. They are put down on the page of an account.",
      "No promise fits.",
      "Due",
      "Kind",
      "All kinds",
      promise_kinds,
      COUNT(promise_kinds),
      "open",
      true,
      true,
      { "Due", ">Amount", "State", "Promised", "Of" } },
    { LIST_PLANS,
      "/plans",
      "Plans",
      "Payment plans, the latest first.",
      "Who",
      "No plan is running. Plans are agreed on the page of an account.",
      "No plan fits.",
      "Agreed",
      NULL,
      NULL,
      NULL,
      0,
      "active",
      true,
      true,
      { "Plan", ">Total", ">To come", "Next payment", "State" } },
    { LIST_OFFERS,
      "/offers",
      "Offers",
      "Offers to settle, the first to end first.",
      "Who",
      "No offer is open. Offers are made on the page of an account.",
      "No offer fits.",
      "Ends",
      "Side",
      "Both sides",
      offer_sides,
      COUNT(offer_sides),
      "open",
      true,
      true,
      { "Ends", ">Pays", ">Instead of", "Made by", "State" } },
    { LIST_PAYMENTS,
      "/payments",
      "Payments",
      "Money that came, and what became of it, the latest first.",
      "Who",
      "No payments yet. They come with a payments file, or are recorded one by one.",
      "No payment fits.",
      "State since",
      "Method",
      "All methods",
      methods,
      COUNT(methods),
      "all",
      true,
      false,
      { ">Amount", "Method", "Received", "State", "Reference" } },
    { LIST_DISPUTES,
      "/disputes",
      "Disputes",
      "What people say is wrong, the first to be answered first.",
      "Who",
      "No open disputes. They are taken down on the page of an account.",
      "No dispute fits.",
      "Answer by",
      "Reason",
      "All reasons",
      dispute_reasons,
      COUNT(dispute_reasons),
      "open",
      false,
      true,
      { "Answer by", "What is wrong", ">Amount", "Received", "State" } },
    { LIST_HARDSHIP,
      "/hardship",
      "Hardship",
      "Who cannot pay for now. Two business days is our limit to decide.",
      "Who",
      "Nobody waits for a decision. Hardship is taken down on the page of an account.",
      "No arrangement fits.",
      "Asked",
      NULL,
      NULL,
      NULL,
      0,
      "open",
      false,
      false,
      { "Decide by", "What happened", "Paused until", "Look again", "State" } },
};

static const struct shown_list *shown_list(const struct page *p)
{
    for (size_t i = 0; i < COUNT(lists); i++) {
        size_t length = strlen(lists[i].path);
        if (strncmp(p->route->path, lists[i].path, length) == 0 &&
            (p->route->path[length] == '\0' || p->route->path[length] == '.'))
            return &lists[i];
    }
    return &lists[0];
}

/* ---- What is asked for ------------------------------------------------------------------ */

static bool state_read(const char *state, struct list_ask *ask, struct fault *why)
{
    const char *const *names = list_states(ask->list);

    ask->states = 0;
    if (text_equal(state, "all"))
        return true;
    for (int i = 0; i < LIST_STATES && names[i] != NULL; i++) {
        if (text_equal(names[i], state))
            ask->states = (uint32_t)1 << i;
    }
    return ask->states != 0 || fail(why, BAD_VALUE, "There is no state \"%s\" here.", state);
}

/* Days of the address; moments, where the list is by moments. */
static bool range_read(const struct filters *f, struct list_ask *ask, struct fault *why)
{
    bool moments = ask->list == LIST_HARDSHIP;

    if (!filter_day(f, "from", DAY_NONE.number, &ask->from, why) ||
        !filter_day(f, "to", DAY_NEVER.number, &ask->to, why))
        return false;
    if (!moments)
        return true;
    ask->from = ask->from == DAY_NONE.number
                    ? INT64_MIN
                    : day_begins((struct day){ (int32_t)ask->from }, f->p->view->zone).us;
    ask->to = ask->to == DAY_NEVER.number
                  ? INT64_MAX
                  : day_begins((struct day){ (int32_t)ask->to + 1 }, f->p->view->zone).us - 1;
    return true;
}

static bool ask_read(const struct filters *f, const struct shown_list *l, struct list_ask *ask,
                     struct fault *why)
{
    struct view *v = f->p->view;
    const char *state = filters_get(f, "state");

    *ask = (struct list_ask){ .list = l->list,
                              .now = v->now,
                              .client = filters_get(f, "client"),
                              .desk = filters_get(f, "desk"),
                              .what = filters_get(f, "what"),
                              .text = filters_get(f, "q"),
                              .clients = v->clients,
                              .desks = v->desks,
                              .most = LIST_ROWS };
    if (text_equal(filters_get(f, "who"), "me")) {
        ask->author = f->p->session->user.email;
        ask->author_name = f->p->session->user.name;
    }
    return state_read(state != NULL ? state : l->start, ask, why) && range_read(f, ask, why) &&
           filter_after(f, &ask->goes_on, &ask->after, why);
}

/* ---- The strip of days ------------------------------------------------------------------- */

enum { STRIP_DAYS = 10 };

/* What is promised for a day, the largest sum first; other currencies only as a mark. */
static void strip_day_put(struct filters *f, json_t *tile, struct day day,
                          const struct promised_day *all, size_t count)
{
    struct arena *a = f->p->arena;
    const struct promised_day *largest = NULL;
    char iso[DAY_TEXT];
    int64_t promises = 0;
    int currencies = 0;

    for (size_t i = 0; i < count; i++) {
        if (all[i].day.number != day.number)
            continue;
        promises += all[i].count;
        currencies++;
        if (largest == NULL || all[i].minor > largest->minor)
            largest = &all[i];
    }
    day_print(day, iso);
    put(tile, "day",
        day.number == f->p->view->today.number ? "Today"
                                               : words_day_near(a, day, f->p->view->today));
    put(tile, "sum",
        largest == NULL ? "" : words_money_short(a, largest->minor, largest->currency));
    put(tile, "count",
        promises == 0 ? "none"
                      : arena_print(a, "%s promise%s", words_count(a, promises),
                                    promises == 1 ? "" : "s"));
    put_true(tile, "is_none", promises == 0);
    put_true(tile, "more", currencies > 1);
    put_true(tile, "is_chosen",
             text_equal(filters_get(f, "from"), iso) && text_equal(filters_get(f, "to"), iso));
    struct filters one = *f;
    for (size_t i = 0; i < one.count; i++) {
        if (text_equal(one.all[i].name, "from") || text_equal(one.all[i].name, "to"))
            one.all[i].value = iso;
    }
    put(tile, "link", filters_link(&one, "state", NULL));
}

/* ---- The page --------------------------------------------------------------------------- */

static bool chips_put(struct filters *f, const struct shown_list *l, const struct list_ask *ask,
                      struct fault *why)
{
    const char *const *names = list_states(l->list);
    const char *state = filters_get(f, "state");
    int64_t counts[LIST_STATES];
    bool counted = list_is_whole(ask);

    if (counted && !list_count(f->p->view->store, ask, counts, why))
        return false;
    for (int i = 0; i < LIST_STATES && names[i] != NULL; i++) {
        struct standing_words w = list_state_words(f->p, l->list, names[i]);
        filter_chip(f, w.title, w.meaning,
                    !counted ? NULL
                    : counts[i] >= LIST_MANY
                        ? arena_print(f->p->arena, "%s+", words_count(f->p->arena, LIST_MANY))
                        : words_count(f->p->arena, counts[i]),
                    filters_link(f, "state", text_equal(names[i], l->start) ? NULL : names[i]),
                    text_equal(state != NULL ? state : l->start, names[i]));
    }
    filter_chip(f, "All", NULL, NULL,
                filters_link(f, "state", text_equal("all", l->start) ? NULL : "all"),
                text_equal(state != NULL ? state : l->start, "all"));
    return true;
}

static bool selects_put(struct filters *f, const struct shown_list *l,
                        const struct list_ask *ask, struct fault *why)
{
    static const struct filter_option mine[] = { { "me", "Put down by me" } };
    struct list_places places;

    if (!list_places(f->p->view->store, f->p->arena, ask, &places, why))
        return false;
    filter_kept(f, "state");
    filter_field(f, "q", "Name or reference", "search");
    filter_select_names(f, "client", "Client", "All clients", places.clients,
                        places.client_count);
    filter_select_names(f, "desk", "Desk", "All desks", places.desks, places.desk_count);
    if (l->what_count > 0)
        filter_select(f, "what", l->what_label, l->what_all, l->whats, l->what_count);
    if (l->authored)
        filter_choice(f, "who", "Who", "Put down by anybody", mine, COUNT(mine));
    filter_field(f, "from", arena_print(f->p->arena, "%s from", l->day), "date");
    filter_field(f, "to", "to", "date");
    return true;
}

static void headings_put(struct page *p, const struct shown_list *l)
{
    json_t *list = put_list(p->context, "headings");

    for (size_t i = 0; i < COUNT(l->headings) && l->headings[i] != NULL; i++) {
        json_t *h = list_add(list);
        bool figure = l->headings[i][0] == '>';
        put(h, "title", l->headings[i] + figure);
        put_true(h, "is_figure", figure);
    }
}

static void agreements_put(struct page *p, const struct shown_list *l)
{
    json_t *tabs = put_list(p->context, "tabs");

    for (size_t i = 0; i < COUNT(lists); i++) {
        if (!lists[i].agreement || !l->agreement)
            continue;
        json_t *tab = list_add(tabs);
        put(tab, "title", lists[i].title);
        put(tab, "link", lists[i].path);
        put_true(tab, "is_chosen", l == &lists[i]);
    }
    put_true(p->context, "has_tabs", l->agreement);
}

/* Day by day what is promised, from today on; what is overdue before it. */
static bool strip_put(struct filters *f, const struct list_ask *ask, struct fault *why)
{
    struct page *p = f->p;
    struct day today = p->view->today;
    struct list_ask weeks = *ask;
    struct promised_day *all;
    size_t count;
    bool known;

    weeks.from = today.number;
    weeks.to = today.number + STRIP_DAYS - 1;
    if (!list_promised(p->view->store, p->arena, &weeks, &all, &count, &known, why))
        return false;
    json_t *strip = put_list(p->context, "strip");
    put_true(p->context, "has_strip", known);
    for (int i = 0; known && i < STRIP_DAYS; i++)
        strip_day_put(f, list_add(strip), day_plus(today, i), all, count);
    return true;
}

/* The payments file is late: what is said to be missed may have been paid. */
static bool feed_put(struct page *p, struct fault *why)
{
    struct view *v = p->view;
    struct instant at;
    const char *read;
    bool old;

    if (!book_feed_is_old(v->store, p->arena, v->now, &old, why) ||
        !book_setting(v->store, p->arena, "bank_feed_at", &read, why))
        return false;
    if (!old)
        return true;
    json_t *feed = put_object(p->context, "feed_late");
    if (read != NULL && instant_parse(read, &at))
        put(feed, "since", moment_within(p, at));
    return true;
}

/* How long the answer took that was given last, of those owed within a year; -1: none. */
static bool last_answer_days(struct page *p, const struct list_ask *ask, int *days,
                             struct fault *why)
{
    enum { ANSWERED = 1 << 1 | 1 << 2 | 1 << 3, A_YEAR = 366, LOOKED_AT = 200 };
    struct list_ask answered = *ask;
    struct list_page page;
    int64_t last = INT64_MIN;

    *days = -1;
    answered.states = ANSWERED;
    answered.from = p->view->today.number - A_YEAR;
    answered.to = p->view->today.number + A_YEAR;
    answered.most = LOOKED_AT;
    if (!book_list(p->view->store, p->arena, &answered, &page, why))
        return false;
    for (size_t i = 0; i < page.count; i++) {
        const struct list_row *row = &page.rows[i];
        if (row->second_day <= last)
            continue;
        last = row->second_day;
        *days = (int)(row->second_day - row->first_day);
    }
    return true;
}

/* How long decisions took of late, beside the limit that the words of the list name: as the figure
 * of that name says it, of what the reader may see. Nothing where nobody counted. */
static bool pace_put(struct page *p, struct fault *why)
{
    const struct insight_request month = { .as_of = DAY_NONE, .from = DAY_NONE };
    struct insight_frame f;
    struct measured median;
    struct fault none = { 0 };

    if (!insight_begin_view(&f, p->view, &month, &none) || !f.state.kept)
        return true;
    struct insight_part part = insight_part(&f);
    if (!insight_value(&f, &part, INSIGHT_HARDSHIP, &median, why))
        return false;
    json_t *pace = put_object(p->context, "pace");
    put_int(pace, "days", f.days);
    put(pace, "median", median.known ? insight_tenths(p->arena, measured_tenths(&median)) : NULL);
    put(pace, "link", page_leads(p, "/insights/hardship") ? "/insights/hardship" : NULL);
    return true;
}

static bool empty_put(const struct filters *f, const struct shown_list *l,
                      const struct list_ask *ask, struct fault *why)
{
    struct arena *a = f->p->arena;
    const char *words = filters_any(f, NULL) ? l->none : l->empty;
    int days = -1;

    if (l->list == LIST_DISPUTES && words == l->empty &&
        !last_answer_days(f->p, ask, &days, why))
        return false;
    if (days >= 0)
        words = arena_print(a, "%s The last answer took %d day%s.", words, days,
                            days == 1 ? "" : "s");
    put(f->p->context, "empty", words);
    return true;
}

bool page_list(struct page *p, struct fault *why)
{
    const struct shown_list *l = shown_list(p);
    struct filters f = filters_of(p, l->path, keys, COUNT(keys));
    struct list_ask ask;
    struct list_page page;

    if (!ask_read(&f, l, &ask, why) || !book_list(p->view->store, p->arena, &ask, &page, why) ||
        !chips_put(&f, l, &ask, why) || !selects_put(&f, l, &ask, why) ||
        (l->list == LIST_PROMISES && !strip_put(&f, &ask, why)) ||
        (l->list == LIST_HARDSHIP && !pace_put(p, why)))
        return false;
    json_t *rows = put_list(p->context, "rows");
    for (size_t i = 0; i < page.count; i++)
        list_row_put(p, list_add(rows), l->list, &page.rows[i]);
    put(p->context, "title", l->title);
    put(p->context, "words", l->words);
    if (page.count == 0 && !empty_put(&f, l, &ask, why))
        return false;
    put_true(p->context, "any", page.count > 0);
    filter_empty_link(&f, "/accounts", "Look at all accounts");
    headings_put(p, l);
    agreements_put(p, l);
    if (l->agreement && !feed_put(p, why))
        return false;
    filter_pager(&f, page.more, page.short_of, page.after);
    return filters_end(&f, why);
}

bool page_list_file(struct page *p, struct fault *why)
{
    const struct shown_list *l = shown_list(p);
    struct filters f = filters_of(p, l->path, keys, COUNT(keys));
    struct sheet sheet = { 0 };
    struct list_ask ask;
    bool more;

    if (!ask_read(&f, l, &ask, why))
        return false;
    bool made =
        list_sheet(p->view->store, &ask, p->view->zone, LIST_FILE_ROWS, &sheet, &more, why);
    if (made)
        page_sheet(p, &sheet, arena_print(p->arena, "%s.csv", l->path + 1));
    sheet_free(&sheet);
    return made;
}
