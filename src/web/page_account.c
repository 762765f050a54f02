/* One case file: what is owed, what may be done, and why. */
#include "web/page_parts.h"

#include "base/text.h"
#include "domain/location.h"

#include <string.h>

/* ---- Who -------------------------------------------------------------------------------- */

static const char *role_words(enum actor_role role)
{
    switch (role) {
    case ACTOR_FIRST_PARTY_CREDITOR:
        return "Our own";
    case ACTOR_THIRD_PARTY_COLLECTOR:
        return "For a client";
    case ACTOR_DEBT_BUYER:
        return "Bought";
    }
    return "";
}

/* The line of the letter's address that names the town: what a person says when asked where. */
static const char *town_of(struct page *p, const struct casefile *c)
{
    for (size_t i = 0; i < c->point_count; i++) {
        if (c->points[i].channel != CHANNEL_LETTER)
            continue;
        const char *line = c->points[i].address;
        for (int k = 0; k < 2 && line != NULL; k++) {
            line = strchr(line, '\n');
            line = line == NULL ? NULL : line + 1;
        }
        if (line != NULL)
            return arena_copy_n(p->arena, line, strcspn(line, "\n"));
    }
    return NULL;
}

static const char *places_join(struct page *p, const struct party *party)
{
    const char *joined = "";

    for (size_t i = 0; i < party->place_count; i++)
        joined = arena_print(p->arena, "%s%s%s", joined, i > 0 ? "," : "", party->places[i]);
    return joined;
}

static void who_put(struct page *p, const struct casefile_view *f)
{
    const struct casefile *c = f->casefile;
    json_t *clocks = put_list(p->context, "clocks");

    put(p->context, "title", c->reference);
    put(p->context, "name", f->party->name);
    put(p->context, "language", words_language(f->party->language));
    put(p->context, "reference", c->reference);
    put(p->context, "creditor", c->creditor);
    put(p->context, "role", role_words(c->role));
    put(p->context, "kind", c->business ? "Business" : "Consumer");
    put(p->context, "place", words_place(p->arena, places_join(p, f->party)));
    put(p->context, "town", town_of(p, c));
    put(p->context, "segment", c->segment);
    for (size_t i = 0; i < f->party->zone_count; i++) {
        json_t *clock = list_add(clocks);
        put(clock, "time", words_clock(p->arena, p->view->now, f->party->zones[i]));
        put(clock, "zone", words_zone(p->arena, f->party->zones[i]));
        put_true(clock, "is_more", i > 0);
    }
    if (f->party->zone_count > 0)
        put(p->context, "zones_from",
            location_words(p->arena, f->party->clues_text, f->party->zones_text));
    put_true(p->context, "zones_unknown", f->party->zone_count == 0);
    put_true(p->context, "zones_several", f->party->zone_count > 1);
    put(p->context, "time_here", words_clock(p->arena, p->view->now, p->view->zone));
}

/* ---- Money ------------------------------------------------------------------------------ */

static void sum_line(struct page *p, json_t *lines, const char *label, int64_t minor,
                     enum currency currency, const char *note)
{
    json_t *line = list_add(lines);

    put(line, "label", label);
    put(line, "amount", words_money(p->arena, minor, currency));
    put(line, "note", note);
}

/* What is owed today is what is posted, but for interest and fees that fell since. */
static bool adds_up(const struct components *c)
{
    int64_t posted = c->posted_rest + c->posted_interest + c->posted_fees;

    return c->principal + c->costs + c->unapplied == c->posted_rest &&
           c->interest >= c->posted_interest && c->fees >= c->posted_fees &&
           posted == -c->placed - c->adjusted - c->charged - c->forgone - c->paid;
}

static void component_put(struct page *p, json_t *object, const struct components *c)
{
    int64_t fell = c->interest - c->posted_interest + c->fees - c->posted_fees;
    json_t *lines = put_list(object, "lines"), *origin = put_list(object, "origin");
    int64_t total = c->principal + c->interest + c->fees + c->costs + c->unapplied;

    sum_line(p, lines, "Principal", c->principal, c->currency, NULL);
    sum_line(p, lines, "Interest", c->interest, c->currency,
             c->interest > c->posted_interest
                 ? arena_print(
                       p->arena, "of it %s since it was posted last",
                       words_money(p->arena, c->interest - c->posted_interest, c->currency))
                 : NULL);
    sum_line(p, lines, "Fees", c->fees, c->currency, NULL);
    sum_line(p, lines, "Costs", c->costs, c->currency, NULL);
    sum_line(p, lines, "Unapplied", c->unapplied, c->currency,
             c->unapplied < 0 ? "theirs, waits to be used or sent back" : NULL);
    put(object, "total", words_money(p->arena, total, c->currency));
    sum_line(p, origin, "Invoiced or placed", -c->placed, c->currency, NULL);
    if (c->adjusted != 0)
        sum_line(p, origin, "Corrected since", -c->adjusted, c->currency, NULL);
    if (fell - c->charged != 0)
        sum_line(p, origin, "Interest, fees and costs", fell - c->charged, c->currency, NULL);
    if (c->forgone != 0)
        sum_line(p, origin, "Let go: discount, waived, written off", -c->forgone, c->currency,
                 NULL);
    sum_line(p, origin, "Paid", -c->paid, c->currency, NULL);
    put_true(object, "adds_up", adds_up(c));
}

static void balance_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "components");
    int64_t past_due = 0;
    int oldest = 0, open_items = 0;

    for (size_t i = 0; i < f->component_count; i++) {
        const struct components *c = &f->components[i];
        component_put(p, list_add(list), c);
        put_true(json_array_get(list, i), "is_more", i > 0);
        put_true(json_array_get(list, i), "several", f->component_count > 1);
        put(json_array_get(list, i), "currency", currency_code(c->currency));
    }
    enum currency main = f->component_count > 0 ? f->components[0].currency : CURRENCY_USD;
    for (size_t i = 0; i < f->debt_count; i++) {
        const struct debt_row *d = &f->debts[i];
        int days = days_past_due(d->due_day, p->view->today);
        if (d->open_minor <= 0)
            continue;
        open_items++;
        oldest = days > oldest ? days : oldest;
        past_due += days > 0 && d->currency == main ? d->open_minor : 0;
    }
    put(p->context, "balance",
        f->component_count > 0
            ? json_string_value(json_object_get(json_array_get(list, 0), "total"))
            : "–");
    put(p->context, "past_due", words_money(p->arena, past_due, main));
    put(p->context, "oldest",
        oldest > 0 ? arena_print(p->arena, "%d days", oldest) : "Not late");
    put(p->context, "open_items", words_count(p->arena, open_items));
}

static void debt_put(struct page *p, json_t *row, const struct debt_row *d)
{
    struct arena *x = p->arena;
    int days = days_past_due(d->due_day, p->view->today);

    put(row, "reference", d->reference);
    put(row, "instalment", d->instalment > 1 ? arena_print(x, "part %d", d->instalment) : NULL);
    put(row, "description",
        d->description[0] != '\0' ? d->description : words_plain(x, d->kind));
    put(row, "terms", d->terms);
    put(row, "invoiced", words_day(x, d->invoice_day));
    put(row, "due", words_day(x, d->due_day));
    put(row, "amount", words_money(x, d->amount_minor, d->currency));
    put(row, "last_step", d->last_step[0] != '\0' ? words_plain(x, d->last_step) : NULL);
    if (d->open_minor <= 0) {
        put_true(row, "is_paid", true);
        put(row, "open", words_money(x, 0, d->currency));
        int late = d->paid_day.number - d->due_day.number;
        put(row, "late",
            d->paid_day.number == DAY_NEVER.number ? "settled"
            : late > 0                             ? arena_print(x, "paid, %d days late", late)
                                                   : "paid on time");
        return;
    }
    put(row, "open", words_money(x, d->open_minor, d->currency));
    put_true(row, "is_part", d->open_minor < d->amount_minor);
    put_true(row, "is_late", days > 0);
    put_true(row, "is_long", days > 60);
    put(row, "late",
        days > 0 ? words_past_due(x, days)
                 : arena_print(x, "due in %d days", d->due_day.number - p->view->today.number));
}

/* Open ones first, the oldest at the top; then what was paid, the newest first. */
static void debts_put(struct page *p, const struct casefile_view *f)
{
    json_t *open = put_list(p->context, "open_debts"),
           *paid = put_list(p->context, "paid_debts");

    for (size_t i = f->debt_count; i-- > 0;) {
        if (f->debts[i].open_minor > 0)
            debt_put(p, list_add(open), &f->debts[i]);
    }
    for (size_t i = 0; i < f->debt_count; i++) {
        if (f->debts[i].open_minor <= 0)
            debt_put(p, list_add(paid), &f->debts[i]);
    }
    put_true(p->context, "any_open", json_array_size(open) > 0);
    put_true(p->context, "any_paid", json_array_size(paid) > 0);
    put_int(p->context, "paid_count", (json_int_t)json_array_size(paid));
}

/* ---- The next step ---------------------------------------------------------------------- */

static void tries_put(struct page *p, json_t *object, const struct decision *d)
{
    json_t *list = put_list(object, "tries");

    for (size_t i = 0; i < d->try_count; i++) {
        const struct try *t = &d->tries[i];
        json_t *row = list_add(list);
        put(row, "channel", words_channel(channel_name(t->channel)));
        if (t->point == NULL) {
            put(row, "reason", "No good address is known.");
            put_ruling(row, "no_address");
            put_rule(p, row, NULL);
            continue;
        }
        put_ruling(row, ruling_name(t->ruling));
        put(row, "reason",
            t->ruling == RULING_ALLOW ? "Every rule that applies is satisfied."
            : t->decisive != NULL     ? t->decisive->reason
                                      : "The gate refused.");
        bool told = t->ruling != RULING_ALLOW && t->decisive != NULL;
        put_rule(p, row, told ? rule_id(t->decisive->rule) : NULL);
    }
    put_true(object, "any_tries", d->try_count > 0);
}

static const char *step_headline(struct page *p, const struct decision *d)
{
    struct arena *x = p->arena;
    struct instant now = p->view->now;

    if (d->chosen != NULL && d->step != NULL)
        return arena_print(
            x, "%s by %s%s", words_plain(x, d->step->template),
            words_small(x, words_channel(channel_name(d->chosen->channel))),
            d->send_at.us > now.us
                ? arena_print(x, ", %s",
                              words_moment(x, d->send_at, p->view->zone, p->view->today))
                : ", now");
    if (d->step_due && d->step != NULL)
        return arena_print(x, "%s is due, and waits", words_plain(x, d->step->template));
    if (d->standing == STANDING_WAITING)
        return "Nothing to do today";
    return words_standing(x, standing_name(d->standing)).title;
}

static void step_put(struct page *p, const struct casefile_view *f)
{
    const struct decision *d = f->decision;
    json_t *step = put_object(p->context, "step");
    struct arena *x = p->arena;

    put(step, "headline", step_headline(p, d));
    put(step, "reason",
        d->chosen != NULL   ? "The step is due, and the gate allows it."
        : d->reason != NULL ? d->reason
                            : words_standing(x, standing_name(d->standing)).meaning);
    put_standing(p, step, "standing", words_standing(x, standing_name(d->standing)));
    put_rule(p, step, d->rule != NULL ? rule_id(d->rule) : NULL);
    if (d->strategy != NULL)
        put(step, "strategy",
            d->strategy->title != NULL ? d->strategy->title : d->strategy->name);
    if (d->segment != NULL) {
        put(step, "segment", words_plain(x, d->segment->name));
        put(step, "ladder", words_plain(x, d->segment->ladder->name));
    }
    if (d->standing == STANDING_LATER && d->standing_until.us != INSTANT_NEVER.us)
        put(step, "opens", words_moment(x, d->standing_until, p->view->zone, p->view->today));
    if (d->wake_at.us != INSTANT_NEVER.us && d->wake_at.us > p->view->now.us)
        put(step, "wake", words_moment(x, d->wake_at, p->view->zone, p->view->today));
    put_true(step, "never_wakes", d->wake_at.us == INSTANT_NEVER.us);
    put_true(step, "acts", d->chosen != NULL);
    tries_put(p, step, d);
}

/* ---- May we? ---------------------------------------------------------------------------- */

/* Enough of an address to know it by, not enough to read it over a shoulder. */
static const char *address_hint(struct page *p, enum channel channel, const char *address)
{
    const char *at = strchr(address, '@');
    size_t length = strlen(address);

    if (channel == CHANNEL_EMAIL && at != NULL)
        return arena_print(p->arena, "%c•••%s", address[0], at);
    if (channel == CHANNEL_LETTER)
        return "";
    return length > 4 ? arena_print(p->arena, "•• %s", address + length - 4) : address;
}

static void channel_put(struct page *p, json_t *row, const struct channel_view *ch)
{
    struct arena *x = p->arena;
    bool opens = ch->until.us != INSTANT_NEVER.us && ch->until.us > p->view->now.us;

    put(row, "title", words_channel(channel_name(ch->channel)));
    put_true(row, arena_print(x, "icon_%s", words_channel_icon(channel_name(ch->channel))),
             true);
    if (ch->address == NULL) {
        put_true(row, "is_absent", true);
        put(row, "reason",
            ch->address_is_bad ? "The address on file came back." : "None on file.");
        return;
    }
    put(row, "address", address_hint(p, ch->channel, ch->address));
    put_true(row, "is_ok", ch->ruling == RULING_ALLOW);
    put_true(row, "is_later", ch->ruling != RULING_ALLOW && opens);
    put_true(row, "is_no", ch->ruling != RULING_ALLOW && !opens);
    if (ch->ruling == RULING_ALLOW)
        return;
    put(row, "reason", ch->reason != NULL ? ch->reason : "The gate refused.");
    put(row, "unknown", ch->unknown != NULL ? words_plain(x, ch->unknown) : NULL);
    put(row, "would_allow", ch->would_allow);
    put_rule(p, row, ch->rule);
    if (opens)
        put(row, "opens", words_moment(x, ch->until, p->view->zone, p->view->today));
}

static void channels_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "channels");

    for (size_t i = 0; i < CHANNELS_SHOWN; i++)
        channel_put(p, list_add(list), &f->channels[i]);
    put_int(p->context, "calls_in_7_days", f->calls_in_7_days);
    put_int(p->context, "contacts_in_7_days", f->contacts_in_7_days);
}

/* ---- Promises and facts ----------------------------------------------------------------- */

static void promises_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "promises");

    for (size_t i = 0; i < f->promise_count; i++) {
        const struct promise_row *r = &f->promises[i];
        json_t *row = list_add(list);
        put(row, "amount", words_money(p->arena, r->minor, r->currency));
        put(row, "due", words_day_near(p->arena, r->due_day, p->view->today));
        put(row, "made", words_day(p->arena, r->made_day));
        put(row, "state", words_plain(p->arena, r->state));
        put_true(row, "is_kept", text_equal(r->state, "kept"));
        put_true(row, "is_open", text_equal(r->state, "open"));
        put_true(row, "is_part", text_equal(r->state, "partly_kept"));
        put_true(row, "is_broken", text_equal(r->state, "broken"));
    }
    put_true(p->context, "any_promises", f->promise_count > 0);
}

static const char *fact_says(struct page *p, const struct fact_row *f)
{
    struct arena *x = p->arena;
    const char *says = f->channel[0] != '\0' ? words_channel(f->channel) : "";

    if (f->from != 0 || f->to != 0)
        says = arena_print(x, "%s%s%d:%02d to %d:%02d", says, says[0] != '\0' ? ", " : "",
                           f->from / 3600, f->from / 60 % 60, f->to / 3600, f->to / 60 % 60);
    if (f->scope[0] != '\0' && !text_equal(f->scope, "medium"))
        says = arena_print(x, "%s%s%s", says, says[0] != '\0' ? ", " : "",
                           words_small(x, words_plain(x, f->scope)));
    struct day day;
    const char *value = f->value;
    if (day_parse(value, &day))
        value = arena_print(x, "until %s", words_day(x, day));
    else if (strchr(value, '@') != NULL || value[0] == '+')
        value = ""; /* an address: the panel of channels shows enough of it */
    if (value[0] != '\0')
        says = arena_print(x, "%s%s%s", says, says[0] != '\0' ? ", " : "", value);
    return says;
}

static void facts_put(struct page *p, const struct casefile_view *f)
{
    json_t *now = put_list(p->context, "facts"), *past = put_list(p->context, "past_facts");

    for (size_t i = 0; i < f->fact_count; i++) {
        const struct fact_row *fact = &f->facts[i];
        bool ended = fact->until.us <= p->view->now.us;
        json_t *row = list_add(ended ? past : now);
        put(row, "title", words_fact(p->arena, fact->type));
        put(row, "says", fact_says(p, fact));
        put(row, "since", words_day(p->arena, wall_at(fact->at, p->view->zone).day));
        if (fact->until.us != INSTANT_NEVER.us)
            put(row, "until", words_day(p->arena, wall_at(fact->until, p->view->zone).day));
        put(row, "source", fact->source);
    }
    put_true(p->context, "any_facts", json_array_size(now) > 0);
    put_true(p->context, "any_past_facts", json_array_size(past) > 0);
}

/* A fact that changes everything stands above the page. */
static void banner_put(struct page *p, const struct casefile_view *f)
{
    static const char *const grave[] = { "deceased", "bankruptcy", "attorney", "cease",
                                         "military", "hold",       "dispute" };

    for (size_t g = 0; g < COUNT(grave); g++) {
        for (size_t i = 0; i < f->fact_count; i++) {
            const struct fact_row *fact = &f->facts[i];
            if (!text_equal(fact->type, grave[g]) || fact->until.us <= p->view->now.us)
                continue;
            json_t *banner = put_object(p->context, "banner");
            put(banner, "title", words_fact(p->arena, fact->type));
            put(banner, "says", fact_says(p, fact));
            put(banner, "since", words_day(p->arena, wall_at(fact->at, p->view->zone).day));
            if (fact->until.us != INSTANT_NEVER.us)
                put(banner, "until",
                    words_day(p->arena, wall_at(fact->until, p->view->zone).day));
            return;
        }
    }
}

static bool page_account(struct page *p, struct fault *why)
{
    struct casefile_view f;

    if (!view_casefile(p->view, p->hole, &f, why))
        return false;
    who_put(p, &f);
    balance_put(p, &f);
    debts_put(p, &f);
    if (!charges_put(p, &f, why))
        return false;
    step_put(p, &f);
    channels_put(p, &f);
    promises_put(p, &f);
    agreements_put(p, &f);
    facts_put(p, &f);
    banner_put(p, &f);
    timeline_put(p, &f);
    return true;
}

const struct route routes_account[] = {
    { "GET", "/accounts/{}", MAY_SEE, "accounts", "account", page_account, NULL },
    { "GET", "/accounts/{}/statement", MAY_SEE, "accounts", "statement", page_statement, NULL },
    { 0 },
};
